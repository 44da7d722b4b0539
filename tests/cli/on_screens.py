"""Runs command lines on the terminal that is its standard output; for test_widths.py.

Reads them from standard input, as JSON: a folder and words each. After each stands its status.
"""

import json
import os
import sys

from dealcalc.cli import run

for folder, words in json.load(sys.stdin):
    os.chdir(folder)
    status = run(words)
    print(f"\x1e{status}\x1f", end="", flush=True)

"""What a terminal does with an answer: colour, and a pager for what is taller than the screen."""

import os
import shlex
import shutil
import subprocess
import sys
from typing import TextIO

from dealcalc.cli.streams import is_terminal

PAGER = "less -FRX"
"""Where the user has none: it ends where all fits, passes colour on, and clears nothing."""


def in_color(asked: str, stream: TextIO | None = None) -> bool:
    """Whether a stream, by default standard output, gets colour.

    `--color`, then NO_COLOR and FORCE_COLOR as their sites define them, then the stream's terminal.
    """
    if asked != "auto":
        return asked == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    stream = stream or sys.stdout
    return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"


def paged(text: str) -> bool:
    """Show a text in a pager, where somebody can scroll and it is taller than the screen.

    False if it is still to be printed. Leaving the pager before the end is no failure.
    """
    if not _can_scroll() or text.count("\n") < shutil.get_terminal_size().lines:
        return False
    command = os.environ.get("DEALCALC_PAGER", os.environ.get("PAGER", PAGER))
    try:
        words = shlex.split(command)
    except ValueError:
        return False
    if not words or words == ["cat"] or shutil.which(words[0]) is None:
        return False
    pager = subprocess.Popen(words, stdin=subprocess.PIPE)
    try:
        pager.communicate(text.encode(sys.stdout.encoding, "backslashreplace"))
    except KeyboardInterrupt:  # which is the pager's, as in a search
        pager.wait()
    return True


def _can_scroll() -> bool:
    stdin = sys.stdin is not None and sys.stdin.isatty()
    return is_terminal() and stdin and os.environ.get("TERM") != "dumb" and not os.environ.get("CI")

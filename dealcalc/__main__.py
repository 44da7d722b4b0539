"""`python -m dealcalc`."""

from dealcalc.cli import main

main()

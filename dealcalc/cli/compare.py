"""`dealcalc compare`."""

from dealcalc.cli.options import DEAL, PERIOD, SET, Option, Settings
from dealcalc.cli.output import answers
from dealcalc.reports import sides
from dealcalc.reports.compare import CompareReport
from dealcalc.reports.report import Report

FILES = Option(
    metavar="FILE...",
    required=True,
    repeats=True,
    help="Scenario files, like deal.yaml, or - for standard input; deal.yaml:no-discount is a "
    "file with one of its cases (write `-- -:CASE` for a case of standard input).",
)
CASES = Option(
    ("--case",),
    "NAME",
    repeats=True,
    panel=DEAL,
    help="A case to set beside each file, like no-discount; default, for one file: all its "
    "cases. Repeatable.",
)


@answers(
    options=(FILES, CASES, SET, PERIOD),
    about="""
    Cases, or files, side by side by year.

    The others are compared with the first. One file alone is compared with all its cases.
    A case that a --set does not fit has the reason in place of its figures.
    Revenue is shown by year, or by --period; CSV has the totals, or with --period the periods.
    """,
    examples=(
        "dealcalc compare deal.yaml",
        "dealcalc compare deal.yaml --case no-discount --case buyer-leaves",
        "dealcalc compare deal.yaml:no-discount other.yaml -f csv --period year",
    ),
)
def compare(files: list[str], case: list[str], set: Settings, period: str | None) -> Report:
    """The deals that are named, side by side."""
    return CompareReport(sides.read(files, case, set), period)

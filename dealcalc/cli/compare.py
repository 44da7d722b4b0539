"""`dealcalc compare`."""

from typing import Annotated

import typer

from dealcalc.cli import output
from dealcalc.cli.options import DEAL, Color, Form, Outputs, Period, Settings, Unit
from dealcalc.reports import compare as answers
from dealcalc.reports import sides

Files = Annotated[
    list[str],
    typer.Argument(
        metavar="FILE...",
        help="Scenario files, like deal.yaml, or - for standard input; deal.yaml:no-discount is a "
        "file with one of its cases (-:CASE is read as a file after --).",
        show_default=False,
    ),
]
Cases = Annotated[
    list[str],
    typer.Option(
        "--case",
        metavar="NAME",
        help="A case to set beside each file, like no-discount; default, for one file: all its "
        "cases. Repeatable.",
        show_default=False,
        rich_help_panel=DEAL,
    ),
]


def compare(
    files: Files,
    cases: Cases = [],  # noqa: B006 - Typer copies it
    settings: Settings = [],  # noqa: B006
    period: Period = None,
    form: Form = None,
    outputs: Outputs = [],  # noqa: B006
    unit: Unit = "auto",
    color: Color = "auto",
) -> None:
    """Cases, or files, side by side by year.

    The first is what the others are measured by. One file alone is compared with all its cases.
    Revenue is summed by year, and CSV has the totals; with --period, both have its rows.

    Examples:

      dealcalc compare deal.yaml

      dealcalc compare deal.yaml --case no-discount --case anthropic-leaves

      dealcalc compare deal.yaml:no-discount other.yaml -f csv --period year
    """
    report = answers.answer(sides.read(files, cases, settings), period)
    output.answer(report, form, outputs, unit, color)

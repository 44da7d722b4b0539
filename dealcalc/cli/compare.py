"""`dealcalc compare`."""

from typing import Annotated, Literal

import typer

from dealcalc.answers import compare as answers
from dealcalc.answers import sides
from dealcalc.cli import output
from dealcalc.cli.options import Color, Form, Outputs, Settings, Unit

Files = Annotated[
    list[str],
    typer.Argument(
        metavar="FILE...",
        help="Scenario files, or - for standard input; FILE:CASE is a file with one of its cases "
        "(-:CASE is read as a file after --).",
        show_default=False,
    ),
]
Cases = Annotated[
    list[str],
    typer.Option(
        "--case",
        metavar="NAME",
        help="A case to set beside each file; default, for one file: all its cases. Repeatable.",
        show_default=False,
    ),
]
Period = Annotated[
    Literal["month", "quarter", "year"] | None,
    typer.Option(
        "--period",
        help="Compare revenue by this; CSV then has these rows. Default: year, and CSV of totals.",
        show_default=False,
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

    Examples:

      dealcalc compare deal.yaml

      dealcalc compare deal.yaml --case no-discount --case anthropic-leaves

      dealcalc compare deal.yaml:no-discount other.yaml -f csv --period year
    """
    report = answers.answer(sides.read(files, cases, settings), period)
    output.answer(report, form, outputs, unit, color)

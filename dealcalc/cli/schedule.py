"""`dealcalc schedule`."""

from typing import Annotated, Literal

import typer

from dealcalc.answers import schedule as answers
from dealcalc.cli import output
from dealcalc.cli.options import Case, Color, File, Form, Outputs, Settings, Unit
from dealcalc.scenario import load

Period = Annotated[
    Literal["month", "quarter", "year"] | None,
    typer.Option(
        "--period",
        help="What a row is; default: months, with a row for each year.",
        show_default=False,
    ),
]
YearEnd = Annotated[
    int,
    typer.Option(
        "--fiscal-year-end",
        metavar="MM",
        min=1,
        max=12,
        help="The month that ends a year; 12 is the calendar year.",
    ),
]


def schedule(
    file: File,
    case: Case = None,
    settings: Settings = [],  # noqa: B006 - Typer copies it
    period: Period = None,
    year_end: YearEnd = 12,
    form: Form = None,
    outputs: Outputs = [],  # noqa: B006
    unit: Unit = "auto",
    color: Color = "auto",
) -> None:
    """Revenue by month and year.

    Examples:

      dealcalc schedule deal.yaml

      dealcalc schedule deal.yaml --set charges.compute.ramp.0.discount=30%

      dealcalc schedule deal.yaml --case anthropic-leaves --period year -f csv
    """
    report = answers.answer(load(file, case, settings), period, year_end)
    output.answer(report, form, outputs, unit, color)

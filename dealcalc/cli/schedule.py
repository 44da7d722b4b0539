"""`dealcalc schedule`."""

from typing import Annotated, Literal

import typer

from dealcalc.cli import output
from dealcalc.cli.options import (
    Case,
    Color,
    File,
    Form,
    Outputs,
    Period,
    Settings,
    Unit,
    YearEnd,
)
from dealcalc.loading.scenario import load, read_root
from dealcalc.reports import schedule as answers

Basis = Annotated[
    Literal["earned", "billed", "cash"],
    typer.Option(
        "--basis",
        help="When money counts: as it is earned, by invoice date, or by payment date, like "
        "--basis cash.",
    ),
]


def schedule(
    file: File,
    case: Case = None,
    settings: Settings = [],  # noqa: B006 - Typer copies it
    period: Period = None,
    year_end: YearEnd = 12,
    basis: Basis = "earned",
    form: Form = None,
    outputs: Outputs = [],  # noqa: B006
    unit: Unit = "auto",
    color: Color = "auto",
) -> None:
    """Revenue by month and year.

    There is a row for each month and each year; with --period, for each of these alone. A site file
    gives all its contracts together.

    Examples:

      dealcalc schedule deal.yaml

      dealcalc schedule deal.yaml --set charges.compute.ramp.0.discount=30%

      dealcalc schedule deal.yaml --case anthropic-leaves --period year -f csv

      dealcalc schedule deal.yaml --basis cash --period year
    """
    opened = read_root(file)
    if "provider" in opened[0].value:
        from dealcalc.book.site_files import load_site
        from dealcalc.reports import site_schedule

        house = load_site(file, settings, [case] if case else [], opened)
        report = site_schedule.answer(house, period, year_end, basis)
    else:
        report = answers.answer(load(file, case, settings, opened), period, year_end, basis)
    output.answer(report, form, outputs, unit, color)

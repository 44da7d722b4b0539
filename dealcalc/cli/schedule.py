"""`dealcalc schedule`."""

from typing import Annotated, Literal

import typer

from dealcalc.answers import schedule as answers
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
from dealcalc.problems import refuse
from dealcalc.report import Report
from dealcalc.scenario import is_site, load

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
    if is_site(file):
        report = _of_site(file, case, settings, period, year_end, basis)
    else:
        report = answers.answer(load(file, case, settings), period, year_end, basis)
    output.answer(report, form, outputs, unit, color)


def _of_site(
    file: str, case: str | None, settings: list[str], period: str | None, year_end: int, basis: str
) -> Report:
    """The schedule of all contracts of a site file."""
    if basis != "earned":
        message = f"--basis {basis} is answered for one contract at a time"
        raise refuse("command-line", message, "name one of the contracts that the file lists")
    from dealcalc.answers import site_schedule
    from dealcalc.sites import load_site

    house = load_site(file, settings, [case] if case else [])
    return site_schedule.answer(house, period, year_end)

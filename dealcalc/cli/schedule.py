"""`dealcalc schedule`."""

from typing import TYPE_CHECKING, Annotated, Literal

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
from dealcalc.forms.model import Model
from dealcalc.loading.scenario import Scenario, load, read_root
from dealcalc.reports.report import Report
from dealcalc.reports.schedule import ScheduleReport

if TYPE_CHECKING:
    from dealcalc.book.sites import House

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

        house = load_site(file, settings, [case] if case else [], opened)
        report = _of_sites(house, period, year_end, basis)
        output.answer(report, form, outputs, unit, color)
    else:
        scenario = load(file, case, settings, opened)
        report = _of_deal(scenario, period, year_end, basis)
        model = Model(scenario, year_end=year_end)
        output.answer(report, form, outputs, unit, color, model)


def _of_deal(scenario: Scenario, period: str | None, year_end: int, basis: str) -> Report:
    if basis == "earned":
        return ScheduleReport(scenario, period, year_end)
    from dealcalc.reports.cash_schedule import BasisReport

    return BasisReport(scenario, period, year_end, basis)


def _of_sites(house: "House", period: str | None, year_end: int, basis: str) -> Report:
    from dealcalc.reports.site_schedule import SiteBasisReport, SiteScheduleReport

    if basis == "earned":
        return SiteScheduleReport(house, period, year_end)
    return SiteBasisReport(house, period, year_end, basis)

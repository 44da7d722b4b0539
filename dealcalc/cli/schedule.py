"""`dealcalc schedule`."""

from typing import TYPE_CHECKING

from dealcalc.cli import asked
from dealcalc.cli.options import (
    CASE,
    FISCAL_YEAR_END,
    GROUP,
    PERIOD,
    SET,
    SUBJECT,
    TOP,
    Option,
    Settings,
)
from dealcalc.cli.output import Answered, answers
from dealcalc.figures.subject import load
from dealcalc.forms.model import Model
from dealcalc.loading.scenario import Scenario
from dealcalc.reports.report import Report
from dealcalc.reports.schedule import ScheduleReport

if TYPE_CHECKING:
    from dealcalc.book.sites import House

BASIS = Option(
    ("--basis",),
    choices=("earned", "billed", "cash"),
    default="earned",
    help="When money counts: as it is earned, by invoice date, or by payment date, like "
    "--basis cash.",
)


@answers(
    options=(SUBJECT, CASE, SET, PERIOD, FISCAL_YEAR_END, BASIS, TOP, GROUP),
    about="""
    Revenue by month and year.

    There is a row for each month and each year; with --period, for each such period only. Several
    files, a folder or a book are added up, by year and by contract; so are the contracts of a site
    file.
    """,
    examples=(
        "dealcalc schedule deal.yaml",
        "dealcalc schedule deal.yaml --set charges.compute.ramp.0.discount=30%",
        "dealcalc schedule deal.yaml --case buyer-leaves --period year -f csv",
        "dealcalc schedule deal.yaml --basis cash --period year",
        "dealcalc schedule deals --group buyer",
    ),
)
def schedule(
    files: list[str],
    case: str | None,
    set: Settings,
    period: str | None,
    fiscal_year_end: int | None,
    basis: str,
    top: int,
    group: str | None,
) -> Answered:
    """The schedule of a deal, or of all contracts of a book or a site file."""
    opened = asked.opened_alone(files)
    if opened is None or "book" in opened[0].value:
        from dealcalc.reports.book_schedule import BookScheduleReport

        book = asked.book(files, case, set, fiscal_year_end=fiscal_year_end, opened=opened)
        return BookScheduleReport(book, period, basis, top, group)
    if "provider" in opened[0].value:
        from dealcalc.book.site_files import load_site

        house = load_site(files[0], set, [case] if case else [], opened)
        return _of_sites(house, period, fiscal_year_end or 12, basis)
    scenario = load(files[0], case, set, opened)
    year_end = fiscal_year_end or scenario.deal.year_end
    return _of_deal(scenario, period, year_end, basis), Model(scenario, year_end=year_end)


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

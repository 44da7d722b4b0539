"""`dealcalc schedule`: revenue by month and by year."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple

from dealcalc.answers import notice
from dealcalc.core import Book, Ended, Line, Schedule
from dealcalc.dates import DAY
from dealcalc.report import (
    Column,
    Figure,
    Note,
    Report,
    Row,
    Table,
    View,
    charges_view,
    facts,
    notes,
    right_text,
    shown,
    title,
)
from dealcalc.scenario import Scenario

PERIODS = ("month", "quarter", "year")


class Month(NamedTuple):
    """One month of a schedule: its first day, days with service, revenue, revenue so far."""

    first: date
    days: int
    revenue: Decimal
    cumulative: Decimal
    lines: list[Line]

    @property
    def name(self) -> str:
        return f"{self.first:%Y-%m}"


def months_of(schedule: Schedule) -> tuple[Month, ...]:
    """Every month from the first line to the last, those without service too."""
    months, cumulative = [], Decimal(0).scaleb(-schedule.deal.places)
    for first, lines in schedule.by_month():
        revenue = sum((line.amount for line in lines), Decimal(0).scaleb(-schedule.deal.places))
        cumulative += revenue
        months.append(Month(first, _days(lines), revenue, cumulative, lines))
    return tuple(months)


def _days(lines: list[Line]) -> int:
    """Days on which some charge is in service; a price `once` and a fee are no service."""
    days: set[int] = set()
    for line in lines:
        if line.per != "once":
            days.update(range(line.start.toordinal(), line.through.toordinal() + 1))
    return len(days)


class Calendar(NamedTuple):
    """How months are grouped: years that end with a month (12: calendar years), and their quarters."""

    year_end: int = 12

    def year(self, month: Month) -> int:
        """The year in which the fiscal year ends."""
        return month.first.year + (month.first.month > self.year_end)

    def quarter(self, month: Month) -> str:
        """`2027-Q1`, or `FY2027-Q1` of a fiscal year."""
        fiscal = "" if self.year_end == 12 else "FY"
        return f"{fiscal}{self.year(month)}-Q{(month.first.month - self.year_end - 1) % 12 // 3 + 1}"

    def name(self, year: int) -> str:
        """What a year is called: `Year 2027`, or `FY 2027`."""
        return f"Year {year}" if self.year_end == 12 else f"FY {year}"


def answer(scenario: Scenario, period: str | None = None, year_end: int = 12) -> Report:
    """The schedule of a deal; with a case that gives notice, through the last day of service."""
    book = Book(scenario.deal)
    ended = notice.ended(scenario, book)
    fee = int(ended.fee.scaleb(scenario.deal.places)) if ended else 0
    schedule = book.schedule(ended.last_day if ended else None, fee)
    calendar, months = Calendar(year_end), months_of(schedule)
    tables = [_lines(schedule), *(_grouped(name, months, calendar) for name in ("month", "year"))]
    if period == "quarter":
        tables.insert(2, _grouped("quarter", months, calendar))
    return Report(
        command="schedule",
        facts=facts(scenario) | ({"fiscal_year_end": year_end} if year_end != 12 else {}),
        tables=tuple(tables),
        csv=f"{period}s" if period else "lines",
        title=title(scenario),
        currency=scenario.deal.currency,
        figures=tuple(_figures(scenario, book, schedule, months, ended)),
        views=(_view(months, calendar, period), charges_view(scenario, _by_charge(schedule))),
        notes=(*notes(scenario, book), *_year_note(year_end)),
        after={
            "total": schedule.total,
            "warnings": [warning.message for warning in scenario.warnings],
        },
    )


def _year_note(year_end: int) -> Iterator[Note]:
    if year_end != 12:
        yield Note(
            f"Fiscal years end with month {year_end:02}, and are named for the year they end in."
        )


# --- tables for programs ---------------------------------------------------------------------------


def _lines(schedule: Schedule) -> Table:
    columns = ("charge", "start", "through", "days", "rate", "amount", "per")
    rows = (
        (line.charge, line.start, line.through, line.days, line.rate, line.amount, line.per)
        for line in schedule.lines
    )
    return Table("lines", columns, tuple(rows))


def _grouped(period: str, months: tuple[Month, ...], calendar: Calendar) -> Table:
    """Months, quarters or years as rows; only months have their days."""
    if period == "month":
        rows = tuple((month.name, month.days, month.revenue, month.cumulative) for month in months)
        return Table("months", ("month", "days", "revenue", "cumulative"), rows)
    key = calendar.quarter if period == "quarter" else calendar.year
    groups = [(name, list(group)) for name, group in groupby(months, key)]
    rows = tuple(
        (name, sum(month.revenue for month in group), group[-1].cumulative)
        for name, group in groups
    )
    return Table(f"{period}s", (period, "revenue", "cumulative"), rows)


# --- what people see -------------------------------------------------------------------------------


def _figures(
    scenario: Scenario,
    book: Book,
    schedule: Schedule,
    months: tuple[Month, ...],
    ended: Ended | None,
) -> Iterator[Figure]:
    deal = scenario.deal
    served = sum(1 for month in months if month.days)
    first = min(deal.dates(charge)[0] for charge in deal.charges.values())
    yield Figure(
        "Total",
        schedule.total,
        f"{deal.buyer} to {deal.seller}, {first} to {schedule.last_day}, {served} months",
    )
    if ended:
        yield Figure(
            "Forgone",
            ended.forgone,
            f"notice on {ended.notice} by {ended.by}; the last day of service is {ended.last_day}",
        )
        return
    signing = min(deal.signed, first) - DAY
    firm = book.backlog(signing)
    share = Fraction(firm.firm) / Fraction(firm.headline) if firm.headline else Fraction(1)
    yield Figure(
        "Firm", firm.firm, f"{shown('share', share)} of it, as of {signing}: {right_text(deal)}"
    )


def _by_charge(schedule: Schedule) -> dict[str, Decimal]:
    zero = Decimal(0).scaleb(-schedule.deal.places)
    return {
        name: sum((line.amount for line in schedule.lines if line.charge == name), zero)
        for name in schedule.deal.charges
    }


def _view(months: tuple[Month, ...], calendar: Calendar, period: str | None) -> View:
    columns = (
        Column((period or "month").capitalize()),
        Column("Days", "count"),
        Column("Revenue", "money"),
        Column("Cumulative", "money"),
        Column("", "bar"),
    )
    rows = list(_rows(months, calendar, period))
    highest = max(
        (revenue for name, _, revenue, _, kind in rows if kind == "plain"), default=Decimal(0)
    )
    drawn = [
        Row(
            (name, days, revenue, so_far, _bar(revenue, highest) if kind == "plain" else None), kind
        )
        for name, days, revenue, so_far, kind in rows
    ]
    total = (sum(month.days for month in months), sum(month.revenue for month in months))
    return View("", columns, (*drawn, Row(("Total", *total, None, None), "total")))


def _bar(revenue: Decimal, highest: Decimal) -> Fraction:
    return max(Fraction(0), Fraction(revenue) / Fraction(highest)) if highest else Fraction(0)


def _rows(
    months: tuple[Month, ...], calendar: Calendar, period: str | None
) -> Iterator[tuple[str, int, Decimal, Decimal, str]]:
    """Name, days, revenue, revenue so far, and kind of each row; months have their year below them."""
    if period == "quarter":
        yield from (_row(name, group, "plain") for name, group in groupby(months, calendar.quarter))
        return
    for year, group in groupby(months, calendar.year):
        of = list(group)
        if period != "year":
            yield from (_row(month.name, [month], "plain") for month in of)
        if period != "month":
            yield _row(calendar.name(year), of, "plain" if period else "subtotal")


def _row(name: str, months: Iterable[Month], kind: str) -> tuple[str, int, Decimal, Decimal, str]:
    of = list(months)
    return (
        name,
        sum(month.days for month in of),
        sum((month.revenue for month in of), Decimal(0)),
        of[-1].cumulative,
        kind,
    )

"""Months, quarters and years of a schedule: the rows of tables and views, and how they are grouped.

Revenue, invoices and payments are three things: a period has what is earned in it, and beside it
what moves in it, where that is asked for.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from dealcalc.core import Schedule
from dealcalc.earned import Line, money
from dealcalc.reports.report import (
    Chart,
    Field,
    Note,
    Row,
    Table,
    View,
    bar_of,
    chart_of,
    fields,
    only,
)
from dealcalc.terms.dates import month_end, month_number
from dealcalc.terms.deal import Deal

MOST_ROWS = 24
"""Rows of a picture over time."""


class Period(NamedTuple):
    """A month or several: its name, first day, days with service, revenue, and revenue so far.

    `moved` is what is invoiced or paid in it, by the basis that was asked for. `firm` is the part
    of the revenue that is firm at signing, where that is asked for.
    """

    name: int | str
    first: date
    days: int
    revenue: Decimal
    cumulative: Decimal
    moved: Decimal = Decimal(0)
    cumulative_moved: Decimal = Decimal(0)
    firm: Decimal = Decimal(0)


def thinned(rows: Sequence[Any], day: str, which: int, most: int = MOST_ROWS) -> Sequence[Any]:
    """All rows; of too many, the first (0) or last (-1) of each month, quarter, year or decade."""
    few = rows
    for months in (1, 3, 12, 120):
        if len(few) > most:
            stretches: dict[int, list[Any]] = {}
            for row in rows:
                stretches.setdefault(month_number(getattr(row, day)) // months, []).append(row)
            few = [stretch[which] for stretch in stretches.values()]
    return few


def nothing(deal: Deal) -> Decimal:
    """No money, in the currency's minor unit."""
    return money(0, deal.places)


def months_of(
    schedule: Schedule, firm: Callable[[Line], Decimal] | None = None
) -> tuple[Period, ...]:
    """Every month from the first line to the last, those without service too.

    `firm` says what of a line is firm at signing.
    """
    months, cumulative = [], nothing(schedule.deal)
    for first, lines in schedule.by_month():
        revenue = sum((line.amount for line in lines), nothing(schedule.deal))
        cumulative += revenue
        month = Period(f"{first:%Y-%m}", first, _days(lines), revenue, cumulative)
        if firm:
            month = month._replace(firm=sum(map(firm, lines), nothing(schedule.deal)))
        months.append(month)
    return tuple(months)


def _days(lines: list[Line]) -> int:
    """Days on which some charge is in service; a price `once` and a fee are no service."""
    days: set[int] = set()
    for line in lines:
        if line.per != "once":
            days.update(range(line.start.toordinal(), line.through.toordinal() + 1))
    return len(days)


# --- how months are grouped -----------------------------------------------------------------------


class Calendar(NamedTuple):
    """How months are grouped: years that end with a month (12: calendar years), and quarters."""

    year_end: int = 12

    def year(self, day: date) -> int:
        """The year in which the fiscal year of a day ends."""
        return day.year + (day.month > self.year_end)

    def last_day(self, year: int) -> date:
        """The last day of a year."""
        return month_end(date(year, self.year_end, 1))

    def year_of(self, month: Period) -> int:
        """The year that a month lies in."""
        return self.year(month.first)

    def quarter(self, month: Period) -> str:
        """`2027-Q1`, or `FY2027-Q1` of a fiscal year."""
        fiscal = "" if self.year_end == 12 else "FY"
        number = (month.first.month - self.year_end - 1) % 12 // 3 + 1
        return f"{fiscal}{self.year_of(month)}-Q{number}"

    def year_name(self, year: int) -> str:
        """What a year is called: `Year 2027`, or `FY 2027`."""
        return f"Year {year}" if self.year_end == 12 else f"FY {year}"

    def notes(self) -> Iterator[Note]:
        """Which years these are, if they are not those of the calendar."""
        if self.year_end != 12:
            yield Note(
                f"Fiscal years end with month {self.year_end:02}, and are named for the year they "
                "end in."
            )


def by_period(months: Sequence[Period], period: str, calendar: Calendar) -> Iterator[Period]:
    """The months themselves, or the quarters or years that they make."""
    if period == "month":
        yield from months
        return
    key: Callable[[Period], int | str] = (
        calendar.quarter if period == "quarter" else calendar.year_of
    )
    for name, group in groupby(months, key):
        yield _together(name, [*group])


def _together(name: int | str, months: Sequence[Period]) -> Period:
    first, last = months[0], months[-1]
    return Period(
        name,
        first.first,
        sum(month.days for month in months),
        last.cumulative - first.cumulative + first.revenue,
        last.cumulative,
        last.cumulative_moved - first.cumulative_moved + first.moved,
        last.cumulative_moved,
        sum((month.firm for month in months[1:]), first.firm),
    )


def rows(months: Sequence[Period], calendar: Calendar, period: str | None) -> Iterator[Row]:
    """The rows of a period for people; without one, months with their year below them."""
    if period in ("month", "quarter"):
        yield from map(Row, by_period(months, period, calendar))
        return
    for year, group in groupby(months, calendar.year_of):
        in_year = [*group]
        if period is None:
            yield from map(Row, in_year)
        whole = _together(calendar.year_name(year), in_year)
        yield Row(whole, "plain" if period else "subtotal")


# --- as they are written and shown ----------------------------------------------------------------


def period_fields(period: str, basis: str | None = None) -> tuple[Field, ...]:
    """The fields of a period: the last two are what moves on a basis, if one is asked for."""
    name = Field(period, period.capitalize(), value=attrgetter("name"))
    earned = (name, *fields("days count", "revenue money", "cumulative money"))
    if basis is None:
        return earned
    so_far, moved = f"{basis.capitalize()} so far", attrgetter("cumulative_moved")
    return (
        *earned,
        Field(basis, basis.capitalize(), "money", attrgetter("moved")),
        Field(f"cumulative_{basis}", so_far, "money", moved),
    )


class Timeline(NamedTuple):
    """The months of a schedule, how they are grouped for people, and what they pay in all.

    On a basis, `billed` or `cash`, what moves in them stands beside what is earned. Programs get
    what of it is firm at signing too, where the months say that.
    """

    months: tuple[Period, ...]
    total: Decimal
    calendar: Calendar
    period: str | None = None
    basis: str | None = None
    says_firm: bool = False

    def facts(self) -> dict[str, Any]:
        """What was asked otherwise than usual."""
        year_end = self.calendar.year_end
        fiscal = {"fiscal_year_end": year_end} if year_end != 12 else {}
        return fiscal | ({"basis": self.basis} if self.basis else {})

    def tables(self) -> Iterator[Table]:
        """Months, perhaps quarters, and years for programs; only months have their days."""
        quarters = ("quarter",) if self.period == "quarter" else ()
        for each in ("month", *quarters, "year"):
            given = period_fields(each, self.basis)
            if self.says_firm:
                given += fields("firm money")
            if each != "month":
                given = tuple(field for field in given if field.name != "days")
            yield Table(f"{each}s", given, tuple(by_period(self.months, each, self.calendar)))

    def view(self, title: str = "") -> View:
        """Revenue by period and so far; or, on a basis, what moves beside it and so far."""
        name, basis = self.period or "month", self.basis
        drawn = "moved" if basis else "revenue"
        shown = ["days", "revenue", "cumulative"]
        if basis:
            shown = ["revenue", basis, f"cumulative_{basis}"]
        listed = list(rows(self.months, self.calendar, self.period))
        plain = (getattr(row.record, drawn) for row in listed if row.kind == "plain")
        columns = (
            *only(period_fields(name, basis), name, *shown),
            bar_of(drawn, max(plain, default=0))._replace(name=basis or drawn),
        )
        whole = {
            name: "Total",
            "days": sum(month.days for month in self.months),
            "revenue": self.total,
            basis: sum((month.moved for month in self.months), self.total * 0),
        }
        return View(title, columns, (*listed, Row(whole, "total")))

    def chart(self, currency: str) -> Chart:
        """What is earned, or moves, in each month."""
        title = (self.basis or "revenue").capitalize()
        series = only(period_fields("month", self.basis), self.basis or "revenue")
        return month_chart(title, currency, self.months, series)


def month_chart(title: str, currency: str, months: Iterable[Any], series: Sequence[Field]) -> Chart:
    """Amounts of each month, one upon the other; a month has a `name` and a `first` day."""
    return chart_of(f"{title} by month", "columns", currency, series, months, "first", "name")

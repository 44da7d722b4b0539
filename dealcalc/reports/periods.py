"""Months, quarters and years of a schedule, as rows for programs and for people."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Any, NamedTuple

from dealcalc.core import Line, Schedule, money
from dealcalc.reports.report import Chart, Point, Table
from dealcalc.terms.deal import Deal


class Month(NamedTuple):
    """One month of a schedule: its first day, days with service, revenue, revenue so far."""

    first: date
    days: int
    revenue: Decimal
    cumulative: Decimal
    lines: list[Line]

    @property
    def name(self) -> str:
        """`2027-01`."""
        return f"{self.first:%Y-%m}"


def nothing(deal: Deal) -> Decimal:
    """No money, in the currency's minor unit."""
    return money(0, deal.places)


def months_of(schedule: Schedule) -> tuple[Month, ...]:
    """Every month from the first line to the last, those without service too."""
    months, cumulative = [], nothing(schedule.deal)
    for first, lines in schedule.by_month():
        revenue = sum((line.amount for line in lines), nothing(schedule.deal))
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
    """How months are grouped: years that end with a month (12: calendar years), and quarters."""

    year_end: int = 12

    def year(self, month: Month) -> int:
        """The year in which the fiscal year ends."""
        return month.first.year + (month.first.month > self.year_end)

    def quarter(self, month: Month) -> str:
        """`2027-Q1`, or `FY2027-Q1` of a fiscal year."""
        fiscal = "" if self.year_end == 12 else "FY"
        return (
            f"{fiscal}{self.year(month)}-Q{(month.first.month - self.year_end - 1) % 12 // 3 + 1}"
        )

    def name(self, year: int) -> str:
        """What a year is called: `Year 2027`, or `FY 2027`."""
        return f"Year {year}" if self.year_end == 12 else f"FY {year}"


def grouped_table(period: str, months: tuple[Month, ...], calendar: Calendar) -> Table:
    """Months, quarters or years for programs; only months have their days."""
    if period == "month":
        listed = ((month.name, month.days, month.revenue, month.cumulative) for month in months)
        return Table("months", ("month", "days", "revenue", "cumulative"), tuple(listed))
    key = calendar.quarter if period == "quarter" else calendar.year
    groups = (_period(name, group, "plain") for name, group in groupby(months, key))
    cells = ((group.name, group.revenue, group.cumulative) for group in groups)
    return Table(f"{period}s", (period, "revenue", "cumulative"), tuple(cells))


class Period(NamedTuple):
    """A row of months: its name, days with service, revenue, revenue so far, and kind of row."""

    name: Any
    days: int
    revenue: Decimal
    cumulative: Decimal
    kind: str


def rows(months: tuple[Month, ...], calendar: Calendar, period: str | None) -> Iterator[Period]:
    """The rows of a period for people; without one, months with their year below them."""
    if period == "quarter":
        groups = groupby(months, calendar.quarter)
        yield from (_period(name, group, "plain") for name, group in groups)
        return
    for year, group in groupby(months, calendar.year):
        of = list(group)
        if period != "year":
            yield from (_period(month.name, [month], "plain") for month in of)
        if period != "month":
            yield _period(calendar.name(year), of, "plain" if period else "subtotal")


def _period(name: Any, months: Iterable[Month], kind: str) -> Period:
    of = list(months)
    revenue = of[-1].cumulative - of[0].cumulative + of[0].revenue
    return Period(name, sum(month.days for month in of), revenue, of[-1].cumulative, kind)


def chart(title: str, currency: str, **series: Iterable[Month]) -> Chart:
    """The revenue of the same months in each of the series, by month."""
    stacks = zip(*series.values(), strict=True)
    points = (
        Point(stack[0].name, stack[0].first, tuple(month.revenue for month in stack))
        for stack in stacks
    )
    names = tuple(name.capitalize() for name in series)
    return Chart(f"{title} by month", "columns", currency, names, tuple(points))


def bar(amount: Decimal | int, highest: Decimal | int) -> Fraction:
    """An amount as a share of the highest, from 0 to 1; nothing of an amount below zero."""
    return Fraction(max(amount, 0)) / Fraction(highest) if highest > 0 else Fraction(0)

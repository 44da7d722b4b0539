"""`dealcalc schedule` of a book: what its contracts pay together, by month and by year."""

from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from dealcalc.book.contracts import Book, Together
from dealcalc.core import Schedule
from dealcalc.figures.cash import Cash
from dealcalc.reports.book_report import COUNTED, FEW, BookReport
from dealcalc.reports.cash_schedule import on_basis
from dealcalc.reports.measured import booked
from dealcalc.reports.periods import Calendar, Timeline, by_period, months_of, period_fields
from dealcalc.reports.report import Chart, Field, Figure, Note, Table, View, within


class InPeriod(NamedTuple):
    """What the contracts of a currency pay in a period."""

    currency: str
    record: Any


class BookScheduleReport(BookReport):
    """The schedules of all contracts in one, a timeline for each currency.

    On a basis, `billed` or `cash`, what moves stands beside what is earned.
    """

    command = "schedule"

    def __init__(
        self,
        book: Book,
        period: str | None = None,
        basis: str = "earned",
        top: int = FEW,
        group: str | None = None,
        day: date | None = None,
    ) -> None:
        super().__init__(book, day, top, group)
        self.period, self.basis, self.calendar = period, basis, Calendar(book.year_end)
        self.csv = f"{period}s" if period else "contracts"

    @cached_property
    def timelines(self) -> dict[str, Timeline]:
        """The months of each currency."""
        return {currency: self._timeline(part) for currency, part in self.parts.items()}

    def _timeline(self, part: Together) -> Timeline:
        lines = [line for each in part.results for line in each.schedule.lines]
        lines.sort(key=lambda line: (line.start.year, line.start.month))
        # They are in one currency, so any of the deals rounds them.
        whole = Schedule(part.results[0].deal, part.last_day, tuple(lines))
        earned = Timeline(months_of(whole), whole.total, self.calendar, self.period)
        if self.basis == "earned":
            return earned
        paid = [each.cash for each in part.results]
        bills = tuple(bill for cash in paid for bill in cash.invoices)
        ahead = tuple(prepaid for cash in paid for prepaid in cash.prepaid)
        return on_basis(earned, Cash(bills, ahead), self.basis)

    def _facts(self) -> dict[str, Any]:
        timeline = next(iter(self.timelines.values()))
        totals = {name: booked(part.agreed, part.total) for name, part in self.parts.items()}
        return super()._facts() | timeline.facts() | {"total": totals}

    def _tables(self) -> Iterator[Table]:
        quarters = ("quarter",) if self.period == "quarter" else ()
        basis = None if self.basis == "earned" else self.basis
        for each in ("month", *quarters, "year"):
            name, *others = period_fields(each, basis)
            others = [field for field in others if field.name != "days"]
            rows = [
                InPeriod(currency, period)
                for currency, timeline in self.timelines.items()
                for period in by_period(timeline.months, each, self.calendar)
            ]
            given = (*within("record", [name]), Field("currency"), *within("record", others))
            yield Table(f"{each}s", given, rows)
        yield Table("contracts", COUNTED, self.by_contract())

    def _figures(self) -> Iterator[Figure]:
        yield from self.firm_figures()

    def _views(self) -> Iterator[View]:
        for currency, timeline in self.timelines.items():
            shown = timeline if self.period else timeline._replace(period="year")
            yield shown.view(title=self._headed(currency))
        yield from self.contract_views()

    def _notes(self) -> Iterator[Note]:
        yield from self.calendar.notes()
        yield from self.reasons()
        yield from super()._notes()

    def _charts(self) -> Iterator[Chart]:
        for currency, timeline in self.timelines.items():
            yield timeline.chart(currency)

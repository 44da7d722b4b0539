"""`dealcalc schedule` of a site file: what its contracts pay together, by month and by year."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from operator import attrgetter
from typing import Any, NamedTuple

from dealcalc.book.sites import House
from dealcalc.core import Schedule
from dealcalc.figures.cash import Cash, cash
from dealcalc.reports import early_end, portfolio
from dealcalc.reports.cash_schedule import OnBasis, billing_notes, cash_tables, on_basis
from dealcalc.reports.periods import Calendar, Timeline, months_of
from dealcalc.reports.portfolio import Portfolio
from dealcalc.reports.report import Chart, Field, Figure, Note, Table, View, within
from dealcalc.reports.schedule import LINES
from dealcalc.reports.site_report import SiteReport, with_contracts


class OfContract(NamedTuple):
    """A row of a table of one contract, in a table of all."""

    contract: str
    record: Any


class SiteScheduleReport(SiteReport):
    """The schedules of all contracts in one; raises Refused where there is none."""

    command = "schedule"

    def __init__(self, house: House, period: str | None = None, year_end: int = 12) -> None:
        super().__init__(with_contracts(house))
        self.period, self.calendar = period, Calendar(year_end)
        self.csv = f"{period}s" if period else "lines"
        self.schedules = {
            contract.name: early_end.schedule_after(contract.priced, contract.ended)
            for contract in house.contracts
        }
        self.whole = _together(house, self.schedules.values())

    @cached_property
    def timeline(self) -> Timeline:
        """All schedules by month."""
        return Timeline(months_of(self.whole), self.whole.total, self.calendar, self.period)

    @cached_property
    def held(self) -> Portfolio:
        """Where the contracts stand."""
        return portfolio.portfolio(self.house)

    def _facts(self) -> dict[str, Any]:
        return super()._facts() | self.timeline.facts()

    def _tables(self) -> Iterator[Table]:
        lines = [Table("lines", LINES, schedule.lines) for schedule in self.schedules.values()]
        yield _by_contract(self.schedules, lines)
        yield from self.timeline.tables()
        yield portfolio.table(self.held)

    def _figures(self) -> Iterator[Figure]:
        yield from portfolio.figures(self.held)

    def _views(self) -> Iterator[View]:
        yield self.timeline.view()
        yield from portfolio.views(self.held)

    def _notes(self) -> Iterator[Note]:
        yield from self.calendar.notes()
        yield from portfolio.reasons(self.held)
        yield from super()._notes()

    def _after(self) -> dict[str, Any]:
        contracts = {"total": self.whole.total, "portfolio": portfolio.facts(self.held)}
        return contracts | super()._after()

    def _charts(self) -> Iterator[Chart]:
        yield self.timeline.chart(self.currency)


class SiteBasisReport(OnBasis, SiteScheduleReport):
    """The same, with all invoices or payments beside what is earned."""

    def __init__(self, house: House, period: str | None, year_end: int, basis: str) -> None:
        super().__init__(house, period, year_end)
        self._take_basis(basis, period)
        self.paid = {
            contract.name: cash(
                contract.priced,
                self.schedules[contract.name],
                contract.ended.notice if contract.ended else None,
            )
            for contract in house.contracts
        }

    @cached_property
    def cash(self) -> Cash:
        """All invoices and prepayments by date; a charge has its contract's name before it."""
        bills = [bill for name, cash in self.paid.items() for bill in _named(name, cash.invoices)]
        ahead = [paid for name, cash in self.paid.items() for paid in _named(name, cash.prepaid)]
        bills.sort(key=attrgetter("dated"))
        ahead.sort(key=attrgetter("settled"))
        return Cash(tuple(bills), tuple(ahead))

    @cached_property
    def timeline(self) -> Timeline:
        """The same, with what moves in the months."""
        return on_basis(super().timeline, self.cash, self.basis)

    def _tables(self) -> Iterator[Table]:
        lines, *others = super()._tables()
        yield lines
        for tables in zip(*map(cash_tables, self.paid.values()), strict=True):
            yield _by_contract(self.paid, tables)
        yield from others

    def _notes(self) -> Iterator[Note]:
        """How the contracts are invoiced and paid; what is so of several is said once."""
        names: dict[Note, list[str]] = {}
        for contract in self.house.contracts:
            for note in billing_notes(contract.scenario.deal, self.basis):
                names.setdefault(note, []).append(contract.name)
        for note, whose in names.items():
            yield note._replace(text=f"{', '.join(whose)}: {note.text}")
        yield from super()._notes()


def _named(contract: str, rows: Iterable[Any]) -> Iterator[Any]:
    return (row._replace(charge=f"{contract}: {row.charge}") for row in rows)


def _together(house: House, schedules: Iterable[Schedule]) -> Schedule:
    """All lines by month; they are in one currency, so any of the deals rounds them."""
    each = [*schedules]
    lines = [line for schedule in each for line in schedule.lines]
    lines.sort(key=lambda line: (line.start.year, line.start.month))
    last_day = max(schedule.last_day for schedule in each)
    return Schedule(house.contracts[0].scenario.deal, last_day, tuple(lines))


def _by_contract(names: Iterable[str], tables: Sequence[Table]) -> Table:
    """The same table of each contract, in one."""
    rows = (
        OfContract(name, row)
        for name, table in zip(names, tables, strict=True)
        for row in table.rows
    )
    given = (Field("contract"), *within("record", tables[0].fields))
    return Table(tables[0].name, given, tuple(rows))

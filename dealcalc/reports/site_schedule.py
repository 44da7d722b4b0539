"""`dealcalc schedule` of a site file: what its contracts pay together, by month and by year."""

from collections.abc import Iterable, Iterator, Mapping
from operator import attrgetter
from typing import Any

from dealcalc.book.sites import House
from dealcalc.core import Schedule
from dealcalc.figures.cash import Cash, cash
from dealcalc.loading.problems import refuse
from dealcalc.reports import notice, portfolio
from dealcalc.reports.cash import billing_notes, cash_tables, on_basis
from dealcalc.reports.houses import facts, notes_of_contracts, title
from dealcalc.reports.periods import Calendar, chart, grouped_table, months_of
from dealcalc.reports.report import Note, Report, Table
from dealcalc.reports.schedule import period_view, year_note


def answer(
    house: House, period: str | None = None, year_end: int = 12, basis: str = "earned"
) -> Report:
    """The schedules of all contracts in one; raises Refused where there is none.

    On the basis `billed` or `cash` the same money stands by the dates of all their invoices or
    payments.
    """
    if not house.contracts:
        file = house.root.source.name
        raise refuse("unknown-name", "the file names no contract", "add one to `sold`", file)
    schedules = {one.name: notice.schedule(one.priced, one.ended) for one in house.contracts}
    whole = _together(house, schedules)
    calendar, months = Calendar(year_end), months_of(whole)
    held = portfolio.portfolio(house)
    periods = ("month", "quarter", "year") if period == "quarter" else ("month", "year")
    report = Report(
        command="schedule",
        facts=facts(house) | ({"fiscal_year_end": year_end} if year_end != 12 else {}),
        tables=(
            _lines(schedules),
            *(grouped_table(name, months, calendar) for name in periods),
        ),
        csv=f"{period}s" if period else "lines",
        title=title(house),
        currency=house.provider.currency,
        figures=tuple(portfolio.figures(held)),
        views=(period_view(whole, months, calendar, period), *portfolio.views(held)),
        notes=(*year_note(year_end), *notes_of_contracts(house)),
        after={
            "total": whole.total,
            "portfolio": portfolio.facts(held),
            "warnings": [warning.message for warning in house.warnings],
        },
        charts=lambda: (chart("Revenue", house.provider.currency, revenue=months),),
    )
    if basis != "earned":
        paid = {one.name: cash(one.priced, schedules[one.name]) for one in house.contracts}
        moved = on_basis(report, _paid(paid), whole, months, calendar, period, basis)
        billed = _billed(house, basis)
        report = _by_contract(moved, paid)._replace(notes=(*billed, *report.notes))
    return report._replace(tables=(*report.tables, portfolio.table(held)))


def _paid(paid: Mapping[str, Cash]) -> Cash:
    """All invoices and prepayments by date; a charge has the name of its contract before it."""
    bills = [one for name, cash in paid.items() for one in _named(name, cash.invoices)]
    ahead = [one for name, cash in paid.items() for one in _named(name, cash.prepaid)]
    bills.sort(key=attrgetter("dated"))
    ahead.sort(key=attrgetter("settled"))
    return Cash(tuple(bills), tuple(ahead))


def _named(contract: str, of: Iterable[Any]) -> Iterator[Any]:
    return (one._replace(charge=f"{contract}: {one.charge}") for one in of)


def _billed(house: House, basis: str) -> Iterator[Note]:
    """How the contracts are invoiced and paid; what is so of several is said once."""
    names: dict[Note, list[str]] = {}
    for one in house.contracts:
        for note in billing_notes(one.scenario.deal, basis):
            names.setdefault(note, []).append(one.name)
    for note, of in names.items():
        yield note._replace(text=f"{', '.join(of)}: {note.text}")


def _by_contract(report: Report, paid: Mapping[str, Cash]) -> Report:
    """The report with the tables of invoices, prepayments and payments contract by contract."""
    each = [cash_tables(cash) for cash in paid.values()]
    moves = {
        tables[0].name: Table(
            tables[0].name,
            ("contract", *tables[0].columns),
            tuple((name, *row) for name, of in zip(paid, tables, strict=True) for row in of.rows),
        )
        for tables in zip(*each, strict=True)
    }
    return report._replace(tables=tuple(moves.get(one.name, one) for one in report.tables))


def _together(house: House, schedules: dict[str, Schedule]) -> Schedule:
    """All lines by month; they are in one currency, so any of the deals rounds them."""
    lines = [line for schedule in schedules.values() for line in schedule.lines]
    lines.sort(key=lambda line: (line.start.year, line.start.month))
    last_day = max(schedule.last_day for schedule in schedules.values())
    return Schedule(house.contracts[0].scenario.deal, last_day, tuple(lines))


def _lines(schedules: dict[str, Schedule]) -> Table:
    names = ("contract", "charge", "start", "through", "days", "rate", "amount", "per")
    return Table("lines", names, tuple(_cells(schedules)))


def _cells(schedules: dict[str, Schedule]) -> Iterator[tuple[object, ...]]:
    for name, schedule in schedules.items():
        for line in schedule.lines:
            days = (line.start, line.through, line.days)
            yield name, line.charge, *days, line.rate, line.amount, line.per

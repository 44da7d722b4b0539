"""`dealcalc schedule` of a site file: what its contracts pay together, by month and by year."""

from collections.abc import Iterator

from dealcalc.answers import notice, portfolio
from dealcalc.answers.houses import facts, notes_of_contracts, title
from dealcalc.answers.periods import Calendar, chart, grouped_table, months_of
from dealcalc.answers.schedule import period_view, year_note
from dealcalc.core import Schedule
from dealcalc.house import House
from dealcalc.problems import refuse
from dealcalc.report import Report, Table


def answer(house: House, period: str | None = None, year_end: int = 12) -> Report:
    """The schedules of all contracts in one; raises Refused where there is none."""
    if not house.contracts:
        file = house.root.source.name
        raise refuse("unknown-name", "the file names no contract", "add one to `sold`", file)
    schedules = {one.name: notice.schedule(one.book, one.ended) for one in house.contracts}
    whole = _together(house, schedules)
    calendar, months = Calendar(year_end), months_of(whole)
    held = portfolio.portfolio(house)
    periods = ("month", "quarter", "year") if period == "quarter" else ("month", "year")
    return Report(
        command="schedule",
        facts=facts(house) | ({"fiscal_year_end": year_end} if year_end != 12 else {}),
        tables=(
            _lines(schedules),
            *(grouped_table(name, months, calendar) for name in periods),
            portfolio.table(held),
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
        charts=(chart("Revenue", house.provider.currency, revenue=months),),
    )


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

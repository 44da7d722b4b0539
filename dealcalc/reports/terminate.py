"""`dealcalc terminate`: what ending early costs, by when notice must be given, and every notice."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any

from dealcalc.core import Ended, Priced, money
from dealcalc.loading.problems import Refused, refuse
from dealcalc.loading.scenario import Scenario
from dealcalc.reports import notice
from dealcalc.reports.deals import charges_view, doubts, facts, notes, title
from dealcalc.reports.periods import Month, bar, chart, months_of, nothing
from dealcalc.reports.report import (
    Chart,
    Column,
    Figure,
    Note,
    Point,
    Report,
    Row,
    Table,
    View,
    grouped,
    shown,
)
from dealcalc.terms.dates import DAY, add_months, month_number
from dealcalc.terms.deal import PARTIES, Deal
from dealcalc.terms.values import Share, Span

COLUMNS = ("notice", "by", "last_day", "earned", "fee", "total", "forgone", "kept")
"""What is said of every early end, in this order."""

SCALARS = (*COLUMNS[:-1], "full_term", "kept")

_cells = attrgetter(*COLUMNS)

Cells = Sequence[tuple[Any, ...]]

DAYS = {"week": 7 * DAY, "day": DAY}
MOST_BARS = 24
"""Rows of the picture of a sweep."""


# --- one early end --------------------------------------------------------------------------------


def answer(scenario: Scenario, day: date | None = None, by: str | None = None) -> Report:
    """A deal after notice on a day by a party, or the case's notice. Raises Refused."""
    priced = Priced(scenario.deal)
    ended = notice.ended(scenario, priced, day, by)
    if ended is None:
        raise refuse("command-line", *_nothing_asked(scenario))
    return _answer(scenario, priced, ended, {}, _figures(scenario.deal, priced, ended))


def _nothing_asked(scenario: Scenario) -> tuple[str, str]:
    who = f"the case {scenario.case} gives no notice" if scenario.case else "no notice is given"
    return f"{who}, and nothing is asked", "add --notice DATE, --last-day DATE or --every month"


def by_when(scenario: Scenario, last_day: date, by: str | None = None) -> Report:
    """By when notice must be given for service to end on a day, or before it where none ends on it.

    Raises Refused where no notice ends service that early.
    """
    priced, who = Priced(scenario.deal), notice.party(scenario, by)
    latest = priced.latest_notice(last_day, who)
    if latest is None:
        raise _too_early(scenario, priced, last_day, who)
    ended = priced.terminate(latest, who)
    later = priced.terminate(latest + DAY, who) if latest < priced.last else None
    missed = later if ended.last_day != last_day else None
    more = {
        "asked_last_day": last_day,
        "next_notice": missed and missed.notice,
        "next_last_day": missed and missed.last_day,
    }
    remark = _by_when(priced, ended, last_day, missed)
    figures = Figure("Notice by", f"{latest}", remark), *_figures(scenario.deal, priced, ended)
    return _answer(scenario, priced, ended, more, figures)


def _by_when(priced: Priced, ended: Ended, asked: date, missed: Ended | None) -> str:
    if asked >= priced.last:
        longer = f", and none makes it last to {asked}" if asked > priced.last else ""
        return f"none is needed: the term ends on {priced.last}{longer}"
    if not missed:
        return f"the latest day of notice for service to end on {asked}"
    party = next((party for party in PARTIES if _ends_on(priced, asked, party)), None)
    exact = f"to end on {asked}, --by {party}" if party else f"no notice ends on {asked}"
    ends = f"this one ends on {ended.last_day}, one on {missed.notice} ends on {missed.last_day}"
    return f"{exact}; {ends}"


def _ends_on(priced: Priced, last_day: date, party: str) -> bool:
    """Whether a party alone can end service on just that day."""
    latest = priced.latest_notice(last_day, party)
    return latest is not None and priced.terminate(latest, party).last_day == last_day


def _too_early(scenario: Scenario, priced: Priced, last_day: date, by: str | None) -> Refused:
    """The refusal of a last day before every one that notice could bring about."""
    notice.window(scenario, priced, by)
    first = min(priced.exits(priced.deal.signed, by), key=lambda exit: exit.last_day)
    right = priced.deal.right(first.by)
    index = priced.deal.termination.index(right) if right else 0
    clause = "lock_out" if first.notice > priced.deal.signed else "notice"
    message = f"no notice ends service on or before {last_day}"
    help = f"the earliest last day is {first.last_day}, by notice on {first.notice}"
    return notice.at(scenario, f"termination.{index}.{clause}", message, help)


def _answer(
    scenario: Scenario,
    priced: Priced,
    ended: Ended,
    more: dict[str, Any],
    figures: Sequence[Figure],
) -> Report:
    deal = scenario.deal
    months, full = months_of(notice.schedule(priced, ended)), months_of(priced.schedule())
    years = _years(months, full, ended)
    earned = {
        name: money(charge.booked(ended.last_day), deal.places)
        for name, charge in priced.charges.items()
    }
    return Report(
        command="terminate",
        facts=facts(scenario) | {name: getattr(ended, name) for name in SCALARS} | more,
        tables=(_months(months), years),
        csv=Table("rows", COLUMNS, (_cells(ended),)),
        title=title(scenario),
        currency=deal.currency,
        figures=tuple(figures),
        views=(_years_view(years, ended), charges_view(scenario, earned, ended)),
        notes=(*_remarks(priced, ended), notice.convention(deal), *notes(scenario, priced)),
        after=_after(scenario),
        charts=lambda: (_chart(deal, months, full),),
        scenario=scenario,
    )


def _chart(deal: Deal, months: Sequence[Month], full: Sequence[Month]) -> Chart:
    """What is still paid by month, and upon it what is no longer earned."""
    left, agreed = ({month.first: month for month in of} for of in (months, full))
    none, still, forgone = nothing(deal), [], []
    for first in sorted({*left, *agreed}):
        month = left.get(first) or agreed[first]._replace(revenue=none)
        due = agreed[first].revenue if first in agreed else none
        still.append(month)
        forgone.append(month._replace(revenue=max(due - month.revenue, none)))
    return chart("Revenue", deal.currency, revenue=still, forgone=forgone)


def _after(scenario: Scenario) -> dict[str, Any]:
    return {
        "natural_end": scenario.deal.term.last,
        **doubts(scenario),
    }


def _months(months: Sequence[Month]) -> Table:
    """The months as `schedule` has them, through the last day, the fee in the last one."""
    rows = ((month.name, month.days, month.revenue, month.cumulative) for month in months)
    return Table("months", ("month", "days", "revenue", "cumulative"), tuple(rows))


def _years(months: Sequence[Month], full: Sequence[Month], ended: Ended) -> Table:
    """Every year of the full term beside what is left of it; the fee is in the last day's year."""
    zero, rows = ended.full_term * 0, []
    known = {month.first.year for month in (*months, *full)}
    for year in range(min(known), max(known) + 1):
        left, agreed = (
            sum((month.revenue for month in of if month.first.year == year), zero)
            for of in (months, full)
        )
        rows.append((year, left, agreed, left - agreed))
    return Table("years", ("year", "revenue", "full_term", "change"), tuple(rows))


def _figures(deal: Deal, priced: Priced, ended: Ended) -> tuple[Figure, ...]:
    nothing = " changes nothing: the term ends then" if ended.last_day == priced.last else ""
    full = f"of the full term, {grouped(ended.full_term)} {deal.currency}"
    return (
        Figure(
            "Last day",
            f"{ended.last_day}",
            f"notice on {ended.notice} by {_who(deal, ended.by)}{nothing}",
        ),
        Figure("Earned", ended.earned, f"{shown('share', ended.kept)} {full}"),
        Figure("Fee", ended.fee, _fee(deal, ended)),
        Figure("Total", ended.total, f"{deal.buyer} to {deal.seller}"),
        Figure("Forgone", ended.forgone, f"{shown('share', 1 - ended.kept)} {full}"),
    )


def _who(deal: Deal, by: str) -> str:
    return "either party" if by == "either" else f"the {by}, {getattr(deal, by)}"


def _fee(deal: Deal, ended: Ended) -> str:
    """Who pays the fee, and what was agreed; or why there is none."""
    right = deal.right("buyer" if ended.by == "either" else ended.by)
    fee = right.fee if right else None
    if fee is None:
        return "none in the terms"
    if not ended.fee:
        return "none falls due"
    payer, payee = ("buyer", "seller") if ended.fee > 0 else ("seller", "buyer")
    agreed = {Share: f": {fee} of what is forgone", Span: f": {fee} of the rates of the last day"}
    return f"{getattr(deal, payer)} pays {getattr(deal, payee)}{agreed.get(type(fee), '')}"


def _years_view(years: Table, ended: Ended) -> View:
    columns = (
        Column("Year"),
        Column("Revenue", "money"),
        Column("Full term", "money"),
        Column("Change", "money"),
        Column("", "bar"),
    )
    highest = max(max(row[1:3]) for row in years.rows)
    rows = [
        Row((f"{year}", left, agreed, change, bar(left, highest)))
        for year, left, agreed, change in years.rows
    ]
    total = ("Total", ended.total, ended.full_term, ended.total - ended.full_term, None)
    return View("", columns, (*rows, Row(total, "total")))


def _remarks(priced: Priced, ended: Ended) -> Iterator[Note]:
    if ended.last_day == priced.last:
        yield Note(
            f"Notice on {ended.notice} changes nothing: it ends service no earlier than "
            f"{priced.last}, on which the term ends by itself."
        )
    if ended.fee:
        yield Note(f"The fee is in the revenue of {ended.last_day.year} and in the total.")
    for exit in priced.exits(ended.notice):
        if exit.notice == ended.notice and ended.by not in (exit.by, "either"):
            yield Note(
                f"The {exit.by} may give notice on that day too: its last day is {exit.last_day}, "
                f"see --by {exit.by}."
            )
    if ended.by == "either" and ended.fee:
        yield Note("Either party may leave then; the fee is the one the buyer would pay.")


# --- all of them ----------------------------------------------------------------------------------


def sweep(scenario: Scenario, every: str, by: str | None = None) -> Report:
    """A deal ended on each day of notice, from the first permitted to the last that shortens it.

    The days are a month, a week or a day apart, counted from the first. Raises Refused where notice
    may never be given.
    """
    priced, who = Priced(scenario.deal), notice.party(scenario, by)
    first, last = notice.window(scenario, priced, who)
    rows = tuple(_cells(priced.terminate(day, who)) for day in steps(first, last, every))
    return Report(
        command="terminations",
        facts=facts(scenario)
        | {"every": every, "party": who, "first_notice": first, "last_notice": last}
        | {"full_term": money(priced.full, priced.deal.places)},
        tables=(Table("rows", COLUMNS, rows),),
        csv="rows",
        title=title(scenario),
        currency=scenario.deal.currency,
        figures=tuple(_ends_of(priced, who, first, last)),
        views=(*([_picture(rows)] if rows else []), _table(rows)),
        notes=(*_choices(who, rows), notice.convention(priced.deal), *notes(scenario, priced)),
        after=_after(scenario),
        charts=lambda: (_kept_chart(priced.deal, rows),),
    )


def steps(first: date, last: date | None, every: str) -> Iterator[date]:
    """Days from the first to the last, both included; months count from the first, unchained."""
    step, day = 0, first
    while last and day <= last:
        yield day
        step += 1
        day = add_months(first, step) if every == "month" else first + step * DAYS[every]


def _ends_of(priced: Priced, by: str | None, first: date, last: date | None) -> Iterator[Figure]:
    """The first notice and the last, and what there is to lose."""
    deal = priced.deal
    for name, day in (("First notice", first), ("Last notice", last)):
        if day is None:
            yield Figure(name, "none", f"no notice ends service before {priced.last}")
            continue
        ended = priced.terminate(day, by)
        kept = f"{grouped(ended.earned)} {deal.currency} earned, {shown('share', ended.kept)}"
        yield Figure(name, f"{day}", f"{_who(deal, ended.by)}; last day {ended.last_day}, {kept}")
    full = money(priced.full, deal.places)
    yield Figure("Full term", full, f"{deal.buyer} to {deal.seller}, until {priced.last}")


def _picture(rows: Cells) -> View:
    """What is kept, in few bars: by notice, or the first of each month, quarter, year, decade."""
    few = rows
    for months in (1, 3, 12, 120):
        if len(few) > MOST_BARS:
            few = _firsts(rows, months)
    columns = (Column("Notice"), Column("Last day"), Column("Kept", "share"), Column("", "bar"))
    return View("", columns, tuple(Row((row[0], row[2], row[-1], row[-1])) for row in few))


def _kept_chart(deal: Deal, rows: Cells) -> Chart:
    """What is earned and what is forgone, by the day of notice."""
    earned, forgone = COLUMNS.index("earned"), COLUMNS.index("forgone")
    points = (Point(row[0].isoformat(), row[0], (row[earned], row[forgone])) for row in rows)
    title = "What is earned and forgone, by day of notice"
    return Chart(title, "bands", deal.currency, ("Earned", "Forgone"), tuple(points))


def _firsts(rows: Cells, months: int) -> Cells:
    """The first row of each calendar stretch of so many months."""
    stretches = groupby(rows, lambda row: month_number(row[0]) // months)
    return tuple(next(stretch) for _, stretch in stretches)


def _table(rows: Cells) -> View:
    """Every row, with `By` where it varies, and the fee and the total where there is a fee."""
    by = ("by",) if len({row[1] for row in rows}) > 1 else ()
    amounts = ("fee", "total") if any(row[4] for row in rows) else ("earned", "forgone")
    names = ("notice", *by, "last_day", *amounts, "kept")
    kinds = {"kept": "share"} | dict.fromkeys(amounts, "money")
    columns = (Column(_heading(name), kinds.get(name, "text")) for name in names)
    cells = itemgetter(*map(COLUMNS.index, names))
    return View("", tuple(columns), tuple(Row(cells(row)) for row in rows))


def _heading(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _choices(by: str | None, rows: Cells) -> Iterator[Note]:
    """What was chosen where two parties may leave and nobody was named."""
    if by is None and len({row[1] for row in rows}) > 1:
        yield Note("Each row is the notice of the party whose last day is the earlier.")
    if any(row[1] == "either" and row[4] for row in rows):
        yield Note("Where either party may leave, the fee is the one the buyer would pay.")

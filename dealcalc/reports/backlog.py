"""`dealcalc backlog`: what is earned, firm and cancellable over time."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from operator import attrgetter

from dealcalc.core import Backlog, Ended, Priced
from dealcalc.loading.scenario import Scenario
from dealcalc.reports import notice
from dealcalc.reports.deals import doubts, facts, notes, right_text, title, who
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
from dealcalc.terms.dates import DAY, month_ends, month_number
from dealcalc.terms.deal import Deal
from dealcalc.terms.rights import signing

COLUMNS = (
    "as_of",
    "earned",
    "firm",
    "cancellable",
    "headline",
    "earliest_exit",
    "by",
    "fee",
)
"""What is said of each day, in this order."""

AMOUNTS = ("earned", "firm", "cancellable", "headline", "fee")
BANDS = "earned, firm, cancellable"
MOST_BANDS = 24
"""Rows of the picture."""

FIRM = Note(
    "Firm is what is still paid if notice is given that day, or on the first later day on which "
    "it may be, by the party whose leaving yields less; cancellable is the rest of the headline. "
    "These are not accounting figures: remaining performance obligations follow their own rules."
)
"""What the words mean, said under every answer that has them."""


def answer(
    scenario: Scenario,
    as_of: date | None = None,
    every: str | None = None,
    by: str | None = None,
) -> Report:
    """Where a deal stands on a day, or over its term: by default from signing, at each month's end.

    `by` counts one party's right alone. From the day on which a case gives notice the last day is
    fixed, and all that is still paid is firm. Raises Refused.
    """
    priced = Priced(scenario.deal)
    party = notice.party(scenario, by or "either")
    ended = notice.ended(scenario, priced)
    first = as_of or signing(priced.deal)
    alone = as_of and not every
    on = [first] if alone else days(first, _last(priced, ended), every)
    rows = [priced.backlog(day, party, ended) for day in on]
    when = f"on {as_of}" if as_of else "at signing"
    firm = shown("share", share(rows[0].firm, rows[0].headline))
    return Report(
        command="backlog",
        facts=facts(scenario)
        | {"party": party, "notice": ended and ended.notice, "last_day": _last(priced, ended)},
        tables=(Table("rows", COLUMNS, tuple(map(attrgetter(*COLUMNS), rows))),),
        csv="rows",
        title=f"Firm {when}: {firm} of the headline · {title(scenario)}",
        currency=scenario.deal.currency,
        figures=tuple(_figures(scenario.deal, rows[0], when, party)),
        views=(_picture(rows), _table(rows)),
        notes=(
            FIRM,
            *_notes(scenario.deal, rows, ended),
            notice.convention(scenario.deal),
            *notes(scenario, priced),
        ),
        after=doubts(scenario),
        charts=lambda: (chart(scenario.deal.currency, ((row.as_of, _parts(row)) for row in rows)),),
    )


def share(part: Decimal, whole: Decimal) -> Fraction:
    """A part as a share of the whole; all of it where there is nothing."""
    return Fraction(part) / Fraction(whole) if whole else Fraction(1)


def _last(priced: Priced, ended: Ended | None) -> date:
    return ended.last_day if ended else priced.last


def days(first: date, last: date, every: str | None) -> Iterator[date]:
    """The days of the rows: the first, then one each month's end, week or day, then the last."""
    yield first
    if every in (None, "month"):
        yield from month_ends(first + DAY, last)
        return
    step = timedelta(7 if every == "week" else 1)
    day = first + step
    while day < last:
        yield day
        day += step
    if first < last:
        yield last


# --- the report's parts ---------------------------------------------------------------------------


def _figures(deal: Deal, row: Backlog, when: str, party: str | None) -> Iterator[Figure]:
    """The first row, since it is what was asked for: a day, or signing."""
    first = f", {row.as_of}" if when == "at signing" else ""
    yield Figure("Firm", row.firm, f"{when}{first}: {_who(deal, party)}; {_exit_text(row)}")
    if row.earned:
        yield Figure("Earned", row.earned, f"through {row.as_of}")
    yield Figure("Cancellable", row.cancellable, "the rest")
    yield Figure("Headline", row.headline, "earned + firm + cancellable, on every day")


def _who(deal: Deal, party: str | None) -> str:
    if party is None:
        return right_text(deal)
    alone = f"the {party}'s right alone is counted"
    return alone if deal.right(party) else f"the {party} has no right to leave"


def _exit_text(row: Backlog) -> str:
    if row.as_of >= row.earliest_exit:
        return f"service ended on {row.earliest_exit}"
    if row.by is None:
        return f"so all is firm, through {row.earliest_exit}"
    return f"the earliest exit is {row.earliest_exit}, by {who(row.by)}"


def _notes(deal: Deal, rows: Sequence[Backlog], ended: Ended | None) -> Iterator[Note]:
    if ended:
        yield _notice_note(deal, ended)
    if any(row.fee > 0 for row in rows):
        yield Note("The buyer's fee is inside firm; nobody pays more to leave than to stay.")
    if any(row.fee < 0 for row in rows):
        yield Note("A fee below zero is paid by the seller: it stands apart, and is not in firm.")


def _notice_note(deal: Deal, ended: Ended) -> Note:
    given = f"Notice is given on {ended.notice} by {who(ended.by)}"
    if ended.last_day == deal.term.last:
        return Note(f"{given}: it changes nothing, the term ends on {ended.last_day} as agreed.")
    return Note(
        f"{given}. Before it, firm and cancellable are by the terms as agreed. From that day on "
        f"the last day is {ended.last_day}, all that is still paid is firm, and the headline is "
        f"without the {grouped(ended.forgone)} {deal.currency} forgone."
    )


def _picture(rows: Sequence[Backlog]) -> View:
    """The bands over time, in few rows: the first, then all or the last of each month or longer."""
    few = rows
    for months in (1, 3, 12, 120):
        if len(few) > MOST_BANDS:
            lasts = {month_number(row.as_of) // months: row for row in rows[1:]}
            few = (rows[0], *lasts.values())
    columns = (Column("As of"), Column("Firm", "share"), Column(BANDS, "bands"))
    return View("", columns, tuple(Row(_shares(row)) for row in few))


def _shares(row: Backlog) -> tuple[date, Fraction, tuple[Fraction, ...]]:
    amounts = (row.earned, row.firm, row.cancellable) if row.headline else ()
    firm = share(row.firm, row.headline)
    return row.as_of, firm, tuple(share(amount, row.headline) for amount in amounts)


_parts = attrgetter("earned", "firm", "cancellable")


def chart(currency: str, parts: Iterable[tuple[date, tuple[Decimal, ...]]]) -> Chart:
    """The three parts of the headline over time."""
    points = (Point(day.isoformat(), day, amounts) for day, amounts in parts)
    series = tuple(name.capitalize() for name in BANDS.split(", "))
    return Chart("Backlog over time", "bands", currency, series, tuple(points))


def _table(rows: Sequence[Backlog]) -> View:
    """Every row, with headline and party where they vary, and the fee where there is one."""
    headline = ("headline",) if len({row.headline for row in rows}) > 1 else ()
    by = ("by",) if len({row.by for row in rows}) > 1 else ()
    fee = ("fee",) if any(row.fee for row in rows) else ()
    names = ("as_of", "earned", "firm", "cancellable", *headline, "earliest_exit", *by, *fee)
    columns = (
        Column(name.replace("_", " ").capitalize(), "money" if name in AMOUNTS else "text")
        for name in names
    )
    cells = attrgetter(*names)
    return View("", tuple(columns), tuple(Row(cells(row)) for row in rows))

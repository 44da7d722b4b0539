"""The core against the day-by-day oracle: random deals, every figure, every refusal.

RANDOM_DEALS=100000 in the environment compares more of them.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest
from effort import how_many
from oracle import Charge, NoticeRefusedError, Oracle, Standing, by_year
from random_deals import as_yaml, random_deal

from dealcalc.core import Backlog, Priced, Schedule
from dealcalc.figures.subject import load
from dealcalc.terms.dates import DAY
from dealcalc.terms.rights import NotPermitted, first_notice, last_day

DEALS = how_many(300, 2000)
PER_TEST = 100
ASKED = (None, "buyer", "seller")

Answer = tuple[str, Any, Any]


@pytest.mark.parametrize("first", range(0, DEALS, PER_TEST))
def test_core_agrees_with_the_oracle(first: int, tmp_path: Path) -> None:
    file = tmp_path / "deal.yaml"
    for seed in range(first, min(first + PER_TEST, DEALS)):
        deal = random_deal(Random(seed))
        file.write_text(as_yaml(deal), encoding="utf-8")
        book, oracle = Priced(load(str(file)).deal), Oracle(deal)
        for question, core, slow in answers(book, oracle, Random(seed)):
            assert core == slow, f"seed {seed}: {question}"


def answers(book: Priced, oracle: Oracle, rng: Random) -> Iterator[Answer]:
    """What is asked, what the core says, and what the oracle says."""
    within = (oracle.through - oracle.start).days + 30
    days = {oracle.start + rng.randint(-30, within) * DAY for _ in range(4)}
    edges = {oracle.start, oracle.signed, oracle.through}
    edges |= {first for party in ASKED if (first := oracle.first_notice(party))}
    edges |= {day for day, _ in oracle.takings} | {oracle.term_end}
    days |= {day + step * DAY for day in edges for step in (-1, 0, 1)}
    some = rng.sample(sorted(days), min(5, len(days)))  # fewer in a deal of a day
    yield from of_schedule(book, oracle, None)
    for day in some:
        yield from of_day(book, oracle, day)
        for by in ASKED:
            yield from of_notice(book, oracle, day, by)
    yield from of_schedule(book, oracle, some[0])


def of_day(book: Priced, oracle: Oracle, day: date) -> Iterator[Answer]:
    yield f"earned on {day}", money(book, book.earned(day)), oracle.earned(day)
    for name, charge in book.charges.items():
        yield f"E({day}) of {name}", charge.exact(day), oracle.earned_exact(day, name)
    rates = sum(charge.month_rate(day) for charge in oracle.charges.values())
    yield f"monthly rates on {day}", book.monthly(day), rates


def of_schedule(book: Priced, oracle: Oracle, last: date | None) -> Iterator[Answer]:
    schedule, end = book.schedule(last), min(last or oracle.through, oracle.through)
    yield f"total until {last}", schedule.total, oracle.total(last)
    yield f"months until {last}", months(schedule), without_nothing(oracle.months(last))
    yield f"years until {last}", by_year(months(schedule)), without_nothing(oracle.years(last))
    for name, slow in oracle.charges.items():
        lines = [line for line in schedule.lines if line.charge == name]
        days = [line.start + n * DAY for line in lines for n in range(line.days)]
        yield f"days of {name}", days, days_of(slow.start, min(slow.through, end))
        for line in lines:
            what = f"{name} from {line.start} to {line.through}"
            yield what, line.amount, oracle.between(line.start, line.through, name)
            for day in (line.start, line.through):
                yield f"rate of {what} on {day}", (line.rate, line.per), rate_of(slow, day)


def rate_of(charge: Charge, day: date) -> tuple[Fraction | None, str]:
    rate = charge.rates.get(day)
    if rate is None:
        return None, "once"
    return rate.amount, "day" if rate.daily else "month"


def of_notice(book: Priced, oracle: Oracle, day: date, by: str | None) -> Iterator[Answer]:
    yield f"notice on {day} by {by}", ended(book, day, by), slowly_ended(oracle, day, by)
    yield f"backlog on {day} by {by}", *standings(book.backlog(day, by), oracle.standing(day, by))
    yield f"opening of {day} by {by}", *standings(book.opening(day, by), oracle.opening(day, by))
    yield f"signing by {by}", *standings(book.at_signing(by), oracle.at_signing(by))
    for index, right in enumerate(book.deal.rights):
        first = first_notice(book.deal, right, day)
        yield f"first notice by {index} from {day}", first, oracle.first_notice(None, day, index)
        ends = last_day(book.deal, right, day)
        yield f"last day after notice on {day} by {index}", ends, oracle.last_day(index, day)
        slow = slowly_ended(oracle, day, by, index)
        yield f"notice on {day} by {by} by {index}", ended(book, day, by, index), slow
    if (oracle.through - oracle.signed).days < 100:  # the oracle tries every day there is
        latest = book.latest_notice(day, by)
        yield f"latest notice by {by} for {day}", latest, oracle.latest_notice(day, by)


def ended(book: Priced, notice: date, by: str | None, right: int | None = None) -> object:
    """An early end and its months, or the first day on which notice may be given."""
    try:
        end = book.terminate(notice, by, right)
    except NotPermitted as refused:
        return refused.first
    months_ = months(book.agreed_on(notice).schedule_after([end.exit]))
    figures = (end.by, end.last_day, end.earned, end.fee, end.total, end.forgone, end.full_term)
    return *figures, end.earned_share, months_


def slowly_ended(oracle: Oracle, notice: date, by: str | None, right: int | None = None) -> object:
    try:
        end = oracle.terminate(notice, by, right)
    except NoticeRefusedError as refused:
        return refused.first
    figures = (end.by, end.last_day, end.earned, end.fee, end.total, end.forgone, end.full_term)
    share = 1 if end.earned_share is None else end.earned_share  # nothing of nothing is all of it
    return *figures, share, without_nothing(end.months)


def standings(core: Backlog, slow: Standing) -> tuple[object, object]:
    names = slow.__dataclass_fields__
    return [getattr(core, name) for name in names], [getattr(slow, name) for name in names]


def months(schedule: Schedule) -> dict[str, Decimal]:
    sums = {
        f"{month:%Y-%m}": sum(line.amount for line in lines) for month, lines in schedule.by_month()
    }
    return without_nothing(sums)


def without_nothing(sums: dict[Any, Decimal]) -> dict[Any, Decimal]:
    """Without months of nothing: the oracle also names those before and after all charges."""
    return {key: amount for key, amount in sums.items() if amount}


def days_of(first: date, last: date) -> list[date]:
    return [first + n * DAY for n in range((last - first).days + 1)]


def money(book: Priced, minor: int) -> Decimal:
    return Decimal(minor).scaleb(-book.deal.places)

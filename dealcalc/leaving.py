"""Leaving: what each exit costs, and which rights to use so that the least is still paid.

Amounts are whole minor units, and are asked of whoever knows what is earned (`Amounts`); dates come
from the rights.

Of several rights that are used, a charge ends by the one that ends it first, and counts for the fee
of that one alone. So one use after the other can be decided: from a day on, while some charges
still run, the least is that of one more use, for those of them that it ends, and then the least of
what still runs after its last day; or of nothing more. What is searched stays small. Rights that
share no charge are decided apart. The charges that still run are one of few sets. Of a right whose
cost never falls only the first last day counts, of others each that it can bring about; and where
all rights end the same charges no second one is ever used, so that one pass over the days serves
every day that is asked about.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache, cached_property
from itertools import accumulate
from typing import NamedTuple, Protocol

from dealcalc.terms.dates import DAY, month_clock
from dealcalc.terms.deal import Deal, Right
from dealcalc.terms.fees import FeeAmount, FeeMonths, FeeShare
from dealcalc.terms.rights import (
    candidates,
    first_notice,
    last_day,
    last_days,
    notice_for,
    parties,
)
from dealcalc.terms.values import Span, half_up

Names = frozenset[str]


class Amounts(Protocol):
    """What is earned by a deal's charges, all of them or some."""

    deal: Deal

    def earned(self, day: date, names: Collection[str] | None = None) -> int:
        """What charges have earned through a day, in minor units."""
        ...

    def monthly(self, day: date, names: Collection[str] | None = None) -> Fraction:
        """The monthly rates of the charges in service on a day."""
        ...

    def starts(self, names: Collection[str]) -> date:
        """The first day of service of any of them."""
        ...

    def never_falls(self, names: Collection[str], *, rates: bool) -> bool:
        """Whether no more days earn less; or, of the rates, whether a month never costs less."""
        ...


# --- one exit -------------------------------------------------------------------------------------


class Exit(NamedTuple):
    """A way out: the notice, who gives it by which right, the last day, and of which charges.

    `earned` is what all charges earn if it alone is used; the fee is plus if the buyer pays it.
    """

    notice: date
    by: str
    right: int
    last_day: date
    ends: tuple[str, ...]
    earned: int
    fee: int


def last_day_of_each(exits: Iterable[Exit]) -> dict[str, date]:
    """The charges that exits end, each with its last day: that of the first to end it."""
    ends: dict[str, date] = {}
    for exit in exits:
        for name in exit.ends:
            ends[name] = min(exit.last_day, ends.get(name, exit.last_day))
    return ends


@dataclass(frozen=True)
class EarlyEnd:
    """An early end by a right in numbers, for its fee: of some of the charges that it ends."""

    amounts: Amounts
    right: Right
    last_day: date
    ended: Collection[str]

    def forgone(self) -> Fraction:
        """What is no longer earned."""
        deal, earned = self.amounts.deal, self.amounts.earned
        minor = earned(deal.last, self.ended) - earned(self.last_day, self.ended)
        return Fraction(minor, 10**deal.places)

    def monthly(self) -> Fraction:
        """The monthly rates of the charges in service on the last day."""
        return self.amounts.monthly(self.last_day, self.ended)

    def left(self, over: Span) -> Fraction:
        """The share that is left of what falls evenly from the first day that the right can end."""
        deal = self.amounts.deal
        start = self.amounts.starts(deal.ended_by(self.right))
        clock, before, ends = (
            month_clock(deal.proration, start),
            start - DAY,
            over.after(start) - DAY,
        )
        whole = clock(ends) - clock(before)
        day = max(before, min(self.last_day, ends))
        return Fraction(clock(ends) - clock(day), whole) if whole else Fraction(int(day < ends))


class Exits:
    """The exits of a deal, and the least that is still paid."""

    def __init__(self, amounts: Amounts) -> None:
        self.amounts, self.deal = amounts, amounts.deal
        self.opens = [
            (right, first_notice(self.deal, right, self.deal.signed)) for right in self.deal.rights
        ]

    def exits(self, day: date, by: str | None = None, right: int | None = None) -> Iterator[Exit]:
        """Each party's exits by notice on a day, or on the first later day on which it may.

        By the rights that end the whole deal, or by the one with an index.
        """
        for index in candidates(self.deal, by, right):
            notice = self.notice(index, day)
            end = notice and last_day(self.deal, self.deal.rights[index], notice)
            for party in self.deal.rights[index].parties():
                if notice and end and party in parties(by):
                    yield self.exit(index, party, notice, end)

    def notice(self, index: int, day: date) -> date | None:
        """The first day from a day on, on which a right may be used; None if it no longer may."""
        right, opens = self.opens[index]
        if opens is None or day <= opens:
            return opens
        return first_notice(self.deal, right, day)

    def exit(self, index: int, party: str, notice: date, last_day: date) -> Exit:
        """The exit by a right alone."""
        ends, earned = self.deal.ended_by(self.deal.rights[index]), self.amounts.earned
        stays = [name for name in self.deal.charges if name not in ends]
        fee = self.fee(index, last_day, ends)
        total = earned(last_day, ends) + (earned(self.deal.last, stays) if stays else 0)
        return Exit(notice, party, index, last_day, ends, total, fee if party == "buyer" else -fee)

    def fee(self, index: int, last_day: date, ended: Collection[str]) -> int:
        """What leaving by a right costs, for those of its charges that it is the first to end.

        Nothing where nothing is forgone.
        """
        right, earned = self.deal.rights[index], self.amounts.earned
        fee = right.fee_on(last_day)
        if fee is None or earned(last_day, ended) == earned(self.deal.last, ended):
            return 0
        amount = fee.amount(EarlyEnd(self.amounts, right, last_day, ended))
        return half_up(amount, self.deal.places)

    # --- the least ------------------------------------------------------------------------------

    @cached_property
    def ways(self) -> tuple["Way", ...]:
        """Every right in the hands of each party that has it."""
        return tuple(
            Way(self, index, party, frozenset(self.deal.ended_by(right)))
            for index, right in enumerate(self.deal.rights)
            for party in right.parties()
            if self.deal.ended_by(right)
        )

    def least(
        self, day: date, served: date, by: str | None, charges: Collection[str]
    ) -> tuple[int, tuple[Exit, ...]]:
        """The least that charges come to by notice on a day or later, and the exits of that.

        What is earned through the day `served` is not undone. Nobody pays more to leave than to
        stay: where every way out costs as much as staying, the exit is the first of them.
        """
        cost, running, plans = 0, frozenset(charges), []
        open_ways = [(way, way.floor(day)) for way in self.ways if way.by in parties(by)]
        for group in _sharing([(way, floor) for way, floor in open_ways if floor], running):
            names = running & frozenset().union(*(way.ends for way, _ in group))
            ways_out = list(_plans(group, names, served))
            if not ways_out:  # what may still be used would end nothing that is not served
                continue
            stay = self.amounts.earned(self.deal.last, names)
            plan = _first(ways_out, stay)
            cost, running = cost + min(plan.cost, stay), running - names
            plans.append((plan.rank(stay), plan, plan.cost < stay))
        plans.sort(key=lambda each: each[0])
        taken = [plan for _, plan, saves in plans if saves] or [plan for _, plan, _ in plans[:1]]
        uses = sorted((use for plan in taken for use in plan.uses), key=Use.order)
        exits = tuple(self._used(use, day) for use in uses)
        return cost + self.amounts.earned(self.deal.last, running), exits

    def _used(self, use: "Use", day: date) -> Exit:
        """A use as an exit, with the first notice from a day on that leads to it."""
        index, right = use.way.index, self.deal.rights[use.way.index]
        notice = self.notice(index, day)
        assert notice  # since the way is open
        if last_day(self.deal, right, notice) != use.last_day:
            missed = max((on for on in right.on if on < use.last_day), default=None)
            sooner = missed + DAY if missed else use.last_day
            notice = max(notice, notice_for(self.deal, right, sooner))
        ends = tuple(name for name in self.deal.charges if name in use.ended)
        fee = self.fee(index, use.last_day, ends)
        exit = self.exit(index, use.way.by, notice, use.last_day)
        return exit._replace(by=use.by, ends=ends, fee=fee if use.way.by == "buyer" else -fee)


@dataclass(frozen=True, eq=False)
class Way:
    """A right in the hands of one party."""

    exits: Exits
    index: int
    by: str
    ends: Names

    @property
    def right(self) -> Right:
        """The right."""
        return self.exits.deal.rights[self.index]

    def floor(self, day: date) -> date | None:
        """The earliest last day of notice on a day or later."""
        notice = self.exits.notice(self.index, day)
        return last_day(self.exits.deal, self.right, notice) if notice else None

    def cost(self, ended: Names, last_day: date, served: date = date.min) -> int:
        """What charges come to that end by it on a day, with the buyer's fee."""
        earned = self.exits.amounts.earned(max(last_day, served), ended)
        fee = self.exits.fee(self.index, last_day, ended) if self.by == "buyer" else 0
        return earned + fee

    @cached_property
    def is_steady(self) -> bool:
        """Whether a later last day never costs less, whichever of its charges it ends."""
        fees = self.right.fee if self.by == "buyer" else ()
        amounts = self.exits.amounts
        if not amounts.never_falls(self.ends, rates=False) or len(fees) > 1:
            return False
        fee = fees[0].kind if fees and not fees[0].through else None
        if isinstance(fee, FeeMonths):
            return amounts.never_falls(self.ends, rates=True)
        return not fees or isinstance(fee, FeeAmount | FeeShare)

    @cached_property
    def days(self) -> list[date]:
        """All last days that it can bring about, in order."""
        return last_days(self.exits.deal, self.right)

    @cached_property
    def bests(self) -> list["Plan"]:
        """For each of its last days the least if it ends all its charges on that day or later."""
        return _least_from(
            [Plan(self.cost(self.ends, day), (Use(self, day, self.ends),)) for day in self.days]
        )


class Use(NamedTuple):
    """A way that is taken, with the last day, for the charges that it is the first to end."""

    way: Way
    last_day: date
    ended: Names
    tied: bool = False

    @property
    def by(self) -> str:
        """Who leaves; `either` where the other party could do it as well."""
        return "either" if self.tied else self.way.by

    @property
    def fee(self) -> int:
        """What it costs who leaves."""
        return self.way.exits.fee(self.way.index, self.last_day, self.ended)

    def order(self) -> tuple[date, str, int]:
        """By the last day."""
        return self.last_day, self.way.by, self.way.index


class Plan(NamedTuple):
    """Uses in the order of their last days, and what charges come to with them; none: all stay."""

    cost: int
    uses: tuple[Use, ...] = ()

    def rank(self, most: int | None = None) -> tuple[int, date, str, int]:
        """The least first; of two that cost the same the earlier one, then the buyer's.

        What costs more than `most` costs no more than that.
        """
        cost = self.cost if most is None else min(self.cost, most)
        return (cost, *self.uses[0].order()) if self.uses else (cost, date.max, "", 0)


def _first(plans: Iterable[Plan], most: int) -> Plan:
    """The plan of the lowest rank; where one of the other party ties, it is either's."""
    first, *others = sorted(plans, key=lambda plan: (*plan.rank(most)[:3], plan.uses[0].fee))
    use = first.uses[0]
    tied = any(
        plan.rank(most)[:2] == first.rank(most)[:2] and plan.uses[0].way.by != use.way.by
        for plan in others
    )
    return first._replace(uses=(use._replace(tied=tied), *first.uses[1:]))


def _plans(group: Sequence[tuple[Way, date]], names: Names, served: date) -> Iterator[Plan]:
    """The plans for charges that share ways, each open from an earliest last day on."""
    if {way.ends for way, _ in group} != {names}:
        plans = Plans([way for way, _ in group], [max(floor, served) for _, floor in group])
        yield from plans.all(names)
        return
    for way, floor in group:
        yield Plan(way.cost(names, floor, served), (Use(way, floor, names),))
        if not way.is_steady and (at := bisect_left(way.days, max(floor, served))) < len(way.days):
            yield way.bests[at]


class Plans:
    """The least that charges come to which share ways that do not all end the same of them."""

    def __init__(self, ways: Sequence[Way], floors: Sequence[date]) -> None:
        self._ways = [*zip(ways, floors, strict=True)]
        self._bests: dict[tuple[Way, Names], list[Plan]] = {}
        self._least = cache(self._least_of)

    def all(self, running: Names, since: date = date.min) -> Iterator[Plan]:
        """The least if one way or another is used first, with a last day from a day on."""
        for way, floor in self._ways:
            days = way.days
            at = bisect_left(days, max(since, floor))
            if way.ends & running and at < len(days):
                later = self._from_each(way, running)[at] if not way.is_steady else None
                yield later or self._after(way, days[at], running)

    def _least_of(self, running: Names, since: date) -> Plan:
        """The least that charges come to which run until a day at least."""
        way, _ = self._ways[0]
        amounts = way.exits.amounts
        stay = Plan(amounts.earned(amounts.deal.last, running))
        return min([stay, *self.all(running, since)], key=Plan.rank)

    def _after(self, way: Way, day: date, running: Names) -> Plan:
        """The least if a way ends what it ends on a day, before all others."""
        ended = way.ends & running
        rest = self._least(running - ended, day) if running - ended else Plan(0)
        return Plan(way.cost(ended, day) + rest.cost, (Use(way, day, ended), *rest.uses))

    def _from_each(self, way: Way, running: Names) -> list[Plan]:
        """For each last day of a way the least if it is used first, on that day or later."""
        if (way, running) not in self._bests:
            plans = [self._after(way, day, running) for day in way.days]
            self._bests[way, running] = _least_from(plans)
        return self._bests[way, running]


def _least_from(plans: Sequence[Plan]) -> list[Plan]:
    """For each of some plans in the order of their days, the least of it and all later ones."""
    best = accumulate(reversed(plans), lambda *two: min(two, key=Plan.rank))
    return [*best][::-1]


def _sharing(ways: Iterable[tuple[Way, date]], running: Names) -> list[list[tuple[Way, date]]]:
    """Ways in groups that share no charge still running: each group can be decided by itself."""
    groups: list[list[tuple[Way, date]]] = []
    for way in ways:
        ends = way[0].ends & running
        joined = [group for group in groups if any(ends & one.ends for one, _ in group)]
        if ends:
            groups = [group for group in groups if group not in joined]
            groups.append([*(one for group in joined for one in group), way])
    return groups

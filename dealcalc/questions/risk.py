"""A deal that may end by notice with a chance each month: every way it may run, and how likely.

Exact over the finite set of notice dates; nothing is sampled. There is one chance a calendar month,
on the first day of it on which notice would shorten the deal. A hazard of nobody in particular is
one chance in all, whoever gives notice; those of the parties are independent, and the earlier last
day counts.

A chance is a weight among all weights, both whole numbers: over two centuries they have tens of
thousands of digits, and to bring each fraction of them into its lowest terms would take minutes.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import accumulate
from math import lcm, prod
from typing import NamedTuple

from dealcalc.core import Ended, Priced
from dealcalc.earned import money
from dealcalc.figures.claims import Statement
from dealcalc.figures.result import Result
from dealcalc.loading.problems import refuse
from dealcalc.terms.dates import month_ends
from dealcalc.terms.deal import PARTIES
from dealcalc.terms.misread import Misread
from dealcalc.terms.numbers import read_chance
from dealcalc.terms.rights import candidates, first_notice, last_day

_HAZARD = re.compile(
    r"(?:(?P<party>\w+) )?(?P<chance>[^ %]+ ?%) (?:per|a) month(?: in (?P<year>[0-9]{4}))?"
)
NEVER = Fraction(0)
DECIMALS = 60
"""Decimals of a chance or a mean that is told, the rest of them cut off."""


class Hazard(NamedTuple):
    """The chance of notice in a month: of one party, or (None) in all; in one year, or any."""

    chance: Fraction
    party: str | None = None
    year: int | None = None


def cut(part: Fraction | int, whole: int) -> Fraction:
    """A part of a whole, to sixty decimals, the rest cut off; the whole is above zero.

    Rounded half-up to fewer decimals it gives what the exact ratio would give.
    """
    digits = abs(part.numerator) * 10**DECIMALS // (part.denominator * whole)
    return Fraction(digits if part >= 0 else -digits, 10**DECIMALS)


class Outcome(NamedTuple):
    """One way a deal may run: who ends it by which notice (None: nobody), and how likely it is.

    It is so in `weight` of `certain` cases.
    """

    notice: date | None
    by: str | None
    result: Result
    weight: int
    certain: int

    @property
    def chance(self) -> Fraction:
        """How likely it is, to sixty decimals."""
        return cut(self.weight, self.certain)

    @property
    def total(self) -> Fraction:
        """What is paid in all."""
        return self.result.total

    @property
    def last_day(self) -> date:
        """The last day of service."""
        return self.result.last_day


# --- hazards --------------------------------------------------------------------------------------


def hazards(texts: Sequence[str], by: str | None = None) -> list[Hazard]:
    """`2% per month`, `buyer 1% per month`, `3% per month in 2028`; `by` is who is meant by none.

    Raises Refused for what cannot be read, or cannot be added up.
    """
    found = [_hazard(text, by) for text in texts]
    known = [(one.party, one.year) for one in found]
    if len(set(known)) < len(known):
        help = "give one for each party and year"
        raise refuse("command-line", "two hazards cover the same months", help, argument="hazard")
    if len({one.party is None for one in found}) > 1:
        message = "a hazard of one party and one of any party cannot be combined"
        raise refuse(
            "command-line", message, "name a party in each of them, or in none", argument="hazard"
        )
    return found


def _hazard(text: str, by: str | None) -> Hazard:
    match = _HAZARD.fullmatch(" ".join(text.split())) if len(text) <= 80 else None
    if not match or match["party"] not in (None, *PARTIES):
        help = "write it like 2% per month, buyer 1% per month, or 3% per month in 2028"
        raise refuse("command-line", f"`{text[:40]}` is not a hazard", help, argument="hazard")
    if by and match["party"] not in (None, by):
        message = f"{text[:40]} is not a hazard of the {by}, whose notice alone is asked about"
        raise refuse("command-line", message, "remove --by", argument="hazard")
    try:
        chance = read_chance(match["chance"])
    except Misread as misread:
        raise refuse("percent", misread.message, misread.help, argument="hazard") from None
    return Hazard(chance, match["party"] or by, int(match["year"]) if match["year"] else None)


def chance(hazards: Sequence[Hazard], party: str | None, day: date) -> Fraction:
    """The chance in the month of a day: what is said of its year, else of any."""
    mine = [one for one in hazards if one.party == party]
    of_year = [one.chance for one in mine if one.year == day.year]
    return [NEVER, *(one.chance for one in mine if one.year is None), *of_year][-1]


# --- outcomes -------------------------------------------------------------------------------------


def outcomes(priced: Priced, stays: Ended | None, hazards: Sequence[Hazard]) -> list[Outcome]:
    """Every way a deal may run, the smallest total first; the chances add up to one.

    `stays` is how it runs if nobody gives notice: after that of a case, or (None) to its full term.
    Raises Refused where a party with a hazard has no right to leave.
    """
    parties = sorted({one.party for one in hazards}, key=str)
    for party in parties:
        _expect_right(priced, party)
    leaving = [_exits(priced, party, stays, hazards) for party in parties]
    certain = prod(one.certain for one in leaving)
    notice, by = (stays.notice, stays.by) if stays else (None, None)
    lasts = prod(one.staying() for one in leaving)
    runs = Outcome(notice, by, Result(priced.deal, stays, priced), lasts, certain)
    found = [one for one in (*_earliest(leaving), runs) if one.weight]
    return sorted(found, key=lambda one: (one.total, one.last_day))


def _expect_right(priced: Priced, party: str | None) -> None:
    if not candidates(priced.deal, party):
        who = f"the {party} has no" if party else "nobody has a"
        message = f"{who} right to end this deal early"
        raise refuse(
            "notice", message, "the file says who has, in `termination`", argument="hazard"
        )


class Leaving(NamedTuple):
    """A party's exits, one a month, as if there were no other party; `certain` is all weights."""

    exits: list[Outcome]
    certain: int

    def staying(self) -> int:
        """The weight of giving no notice at all."""
        return self.certain - sum(one.weight for one in self.exits)


def _exits(
    priced: Priced, party: str | None, stays: Ended | None, hazards: Sequence[Hazard]
) -> Leaving:
    """A party's exits, with the chance that it gives notice just then.

    Nobody pays more to leave than to stay: an exit that costs the buyer more is not taken.
    """
    days = list(first_days(priced, party, stays.last_day if stays else priced.last))
    staying_costs = stays.total if stays else money(priced.full, priced.deal.places)
    ends = [priced.terminate(day, party) for day in days]
    ends = [end for end in ends if end.fee <= 0 or end.total <= staying_costs]
    chances = [chance(hazards, party, end.notice) for end in ends]
    # Each month takes its share of what is left, so a whole number with a unit for each will do.
    unit = lcm(*(one.denominator for one in chances))
    certain = staying = unit ** len(ends)
    exits = []
    for ended, share in zip(ends, chances, strict=True):
        weight = staying // share.denominator * share.numerator
        staying -= weight
        exits.append(
            Outcome(ended.notice, ended.by, Result(priced.deal, ended, priced), weight, certain)
        )
    return Leaving(exits, certain)


def first_days(priced: Priced, party: str | None, last: date) -> Iterator[date]:
    """In each calendar month the first day on which notice would end service before a last day."""
    deal = priced.deal
    rights = [deal.rights[index] for index in candidates(deal, party)]
    for end in month_ends(deal.signed.replace(day=1), last):
        days = [(first_notice(deal, right, end.replace(day=1)), right) for right in rights]
        shorten = [
            day
            for day, right in days
            if day and day <= end and (last_day(deal, right, day) or last) < last
        ]
        if shorten:
            yield min(shorten)


def _earliest(leaving: Sequence[Leaving]) -> Iterator[Outcome]:
    """Of two independent exits the earlier; on one last day either leaves, the fee the buyer's."""
    if len(leaving) == 1:
        yield from leaving[0].exits
        return
    buyer, seller = leaving
    certain = buyer.certain * seller.certain
    for mine, others in ((buyer, seller), (seller, buyer)):
        days = [one.last_day for one in others.exits]
        # Through each of the other's exits, in order: the weight of its not having left by then.
        gone = accumulate((one.weight for one in others.exits), initial=0)
        later = [others.certain - weight for weight in gone]
        for one in mine.exits:
            stays, earlier = (
                later[bisect_right(days, one.last_day)],
                later[bisect_left(days, one.last_day)],
            )
            yield one._replace(weight=one.weight * stays, certain=certain)
            if mine is buyer and earlier != stays:
                weight = one.weight * (earlier - stays)
                yield one._replace(by="either", weight=weight, certain=certain)


# --- what follows from them -----------------------------------------------------------------------


class Distribution:
    """Outcomes, smallest total first, and the chances of what is made of them."""

    def __init__(self, outcomes: Sequence[Outcome]) -> None:
        self.outcomes, self.certain = outcomes, outcomes[0].certain
        self._reached = list(accumulate(one.weight for one in outcomes))
        by_day = sorted(outcomes, key=lambda one: one.last_day)
        self._days = [one.last_day for one in by_day]
        self._gone = list(accumulate((one.weight for one in by_day), initial=0))

    def expected(self) -> Fraction:
        """The mean of the totals, exact."""
        return sum((one.total * one.weight for one in self.outcomes), NEVER) / self.certain

    def quantile(self, share: Fraction) -> Fraction:
        """The smallest total that is, with at least this chance, not exceeded."""
        return self.outcomes[bisect_left(self._reached, share * self.certain)].total

    def probability(self, claim: Statement) -> Fraction:
        """The chance that a claim comes true; raises Misread where the deal has no such figure."""
        true = (one.weight for one in self.outcomes if claim.holds(claim.measure(one.result)))
        return cut(sum(true), self.certain)

    def serves(self, day: date) -> Fraction:
        """The chance that service lasts through a day."""
        gone = self._gone[bisect_left(self._days, day)]
        return cut(self.certain - gone, self.certain)

    def between(self, low: Fraction, high: Fraction) -> Fraction:
        """The chance of a total from `low` on and below `high`."""
        weights = (one.weight for one in self.outcomes if low <= one.total < high)
        return cut(sum(weights), self.certain)

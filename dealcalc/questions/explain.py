"""Where an amount comes from: stretches of a charge at one rate, and what the rate is made of."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from dealcalc.core import EarlyEnd, Ended, Priced, money
from dealcalc.figures.factors import Factor, factors, weight
from dealcalc.terms.dates import DAY
from dealcalc.terms.deal import Deal, PriceStretch
from dealcalc.terms.values import half_up_decimal


class Part(NamedTuple):
    """A stretch of one charge at one rate, both days included: `exact` = `rate` x `weight`.

    The rate is the product of the factors, per "month" or "day"; weight counts those. `amount` is
    booked: the difference of what is earned by its ends, each rounded: so parts add up. A price
    `once` and a fee have no rate. `paths` are the terms that it rests on besides its factors.
    """

    charge: str
    start: date
    through: date
    rate: Fraction | None
    per: str
    weight: Fraction
    exact: Fraction
    amount: Decimal
    factors: tuple[Factor, ...]
    paths: tuple[str, ...]


def parts(priced: Priced, start: date, through: date, charge: str | None = None) -> Iterator[Part]:
    """What a charge, or each, earns from one day through another, both included."""
    for name in priced.charges:
        if charge in (None, name):
            yield from _of_charge(priced, name, start, through)


def _of_charge(priced: Priced, name: str, first: date, last: date) -> Iterator[Part]:
    earned, deal = priced.charges[name], priced.deal
    for stretch in deal.charges[name].stretches(earned.start, earned.through):
        start, end = max(first, stretch.start), min(last, stretch.through)
        if start > end:
            continue
        stage = earned.stage(start)
        assert stage  # start is a day of service
        made_of = tuple(factors(priced, name, stretch))
        exact = earned.exact(end) - earned.exact(start - DAY)
        amount = money(earned.booked(end) - earned.booked(start - DAY), earned.places)
        rate, run = None if stage.per == "once" else stage.rate, weight(stage, start, end)
        paths = tuple(_paths(deal, name, stage.per, stretch))
        yield Part(name, start, end, rate, stage.per, run, exact, amount, made_of, paths)


def _paths(deal: Deal, name: str, per: str, stretch: PriceStretch) -> Iterator[str]:
    """The terms that say when a charge is in service, when its step runs, and how days count."""
    charge, at = deal.charges[name], f"charges.{name}"
    if stretch.step:
        yield f"{at}.ramp.{stretch.step_index}.{stretch.step.end}"
    if charge.capacity and isinstance(charge.capacity[0], str):
        yield f"charges.{charge.capacity[0]}.capacity"
    yield from deal.date_paths(name)
    if per == "month":
        yield "conventions.proration"


# --- leaving --------------------------------------------------------------------------------------


def fee(priced: Priced, ended: Ended, paths: tuple[str, ...]) -> Part:
    """The fee of leaving, on the last day: plus if the buyer pays it, minus if the seller does."""
    deal, day = priced.deal, ended.last_day
    party = "buyer" if ended.fee > 0 else "seller"
    right = deal.right(party)
    assert right  # who pays a fee has a right to leave
    at = f"termination.{deal.rights.index(right)}"
    assert right.fee  # and that costs something
    size = right.fee.amount(EarlyEnd(priced, day))
    factor = Factor(right.fee.explained(_EndInWords(priced, ended)), f"{at}.fee", scale=size)
    exact = size if party == "buyer" else -size
    paths = (f"{at}.notice", *paths)
    return Part("fee", day, day, None, "once", Fraction(1), exact, ended.fee, (factor,), paths)


@dataclass(frozen=True)
class _EndInWords:
    """An early end in words, for what its fee is made of."""

    priced: Priced
    ended: Ended

    def forgone(self) -> str:
        return f"{self.ended.forgone:,f}"

    def monthly(self) -> str:
        monthly = self.priced.monthly(self.ended.last_day)
        return f"{half_up_decimal(monthly, 6).normalize():,f}"

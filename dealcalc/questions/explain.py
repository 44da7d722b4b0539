"""Where an amount comes from: stretches of a charge at one rate, and what the rate is made of."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from dealcalc.core import TICKS, EarlyEnd, Ended, Priced, Stage, money
from dealcalc.terms.dates import DAY
from dealcalc.terms.deal import Charge, Deal, Step
from dealcalc.terms.values import Price, convert, decimal_text, half_up, percent_text

YEARLY = {"quarter": 3, "year": 12}


class Factor(NamedTuple):
    """A number that a rate is a product of: in words, its value, and the path of its term."""

    text: str
    value: Fraction
    path: str = ""


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
    earned, charge = priced.charges[name], priced.deal.charges[name]
    start, last = max(first, earned.start), min(last, earned.through)
    for end in _ends(charge, earned.starts, earned.start, last):
        if end < start:
            continue
        stage = earned.stage(start)
        assert stage  # start is a day of service
        factors = tuple(_factors(priced, name, start))
        exact = earned.exact(end) - earned.exact(start - DAY)
        amount = money(earned.booked(end) - earned.booked(start - DAY), earned.places)
        rate, weight = (None, Fraction(1)) if stage.per == "once" else _rate(stage, start, end)
        paths = tuple(_paths(priced.deal, name, stage.per, start, earned.start))
        yield Part(name, start, end, rate, stage.per, weight, exact, amount, factors, paths)
        start = end + DAY


def _ends(charge: Charge, starts: list[date], start: date, last: date) -> Iterator[date]:
    """The last days of stretches in which nothing changes that the rate is made of."""
    changes = {
        *starts,
        *(day for begins, ends, _ in charge.steps(start) for day in (begins, ends + DAY)),
        *charge.increases(start, last),
    }
    yield from (day - DAY for day in sorted(changes) if start < day <= last)
    yield last


def _rate(stage: Stage, start: date, end: date) -> tuple[Fraction, Fraction]:
    """A stage's rate, and how many months or days of it a stretch counts."""
    ticks = stage.clock(end) - stage.clock(start - DAY)
    return stage.rate, Fraction(ticks, TICKS if stage.per == "month" else 1)


# --- what a rate is made of -----------------------------------------------------------------------


def _factors(priced: Priced, name: str, day: date) -> Iterator[Factor]:
    """The factors of a charge's rate on a day of service."""
    deal, charge, at = priced.deal, priced.deal.charges[name], f"charges.{name}"
    start = priced.charges[name].start
    index, step = _step(charge, day, start)
    own = step.price if step else None
    price = own or charge.price
    path = f"{at}.ramp.{index}.price" if own else f"{at}.price"
    yield Factor(f"{price}", price.amount, path)
    yield from _period(deal, charge, price, at)
    if price.per == "total":
        whole = priced.charges[name]
        _, weight = _rate(whole.stages[0], whole.start, whole.through)
        yield Factor(f"/ {decimal_text(weight)} month{'s' * (weight != 1)}", 1 / weight)
    if own:
        return
    power = len([*charge.increases(start, day)])
    if charge.escalator and power:
        growth = (1 + charge.escalator.rate) ** power
        sign, rate = ("-" if charge.escalator.rate < 0 else "+"), abs(charge.escalator.rate)
        yield Factor(f"x (1 {sign} {percent_text(rate)})^{power}", growth, f"{at}.escalator")
    if step:
        discount = step.discount or Fraction(0)
        text = f"x (1 - {percent_text(discount)})"
        yield Factor(text, 1 - discount, f"{at}.ramp.{index}.discount")


def _period(deal: Deal, charge: Charge, price: Price, at: str) -> Iterator[Factor]:
    """From a price for a unit and a period to a month's, or a day's, for all of the capacity."""
    if price.unit:
        for part in deal.capacity(charge):
            if (size := convert(part, price.unit)) is not None:
                same = f"{decimal_text(size)} {price.unit}"
                said = same if str(part) == same else f"{same} ({part})"
                yield Factor(f"x {said}", size, f"{at}.capacity")
    if price.per in YEARLY:
        yield Factor(f"/ {YEARLY[price.per]}", Fraction(1, YEARLY[price.per]))
    if price.per == "hour":
        yield Factor("x 24 hours", Fraction(24))
        if charge.load is not None:
            yield Factor(f"x {percent_text(charge.load)} load", charge.load, f"{at}.load")


def _step(charge: Charge, day: date, start: date) -> tuple[int, Step | None]:
    """The ramp step of a day, and its index."""
    for index, (begins, ends, step) in enumerate(charge.steps(start)):
        if begins <= day <= ends:
            return index, step
    return 0, None


def _paths(deal: Deal, name: str, per: str, day: date, start: date) -> Iterator[str]:
    """The terms that say when a charge is in service, when its step runs, and how days count."""
    charge, at = deal.charges[name], f"charges.{name}"
    index, step = _step(charge, day, start)
    if step:
        yield f"{at}.ramp.{index}.{'months' if step.months else 'through'}"
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
    at = f"termination.{deal.termination.index(right)}"
    assert right.fee  # and that costs something
    size = right.fee.amount(EarlyEnd(priced, day, round(ended.forgone.scaleb(deal.places))))
    factors = (Factor(right.fee.explained(_Said(priced, ended)), size, f"{at}.fee"),)
    exact = size if party == "buyer" else -size
    return Part(
        "fee",
        day,
        day,
        None,
        "once",
        Fraction(1),
        exact,
        ended.fee,
        factors,
        (f"{at}.notice", *paths),
    )


@dataclass(frozen=True)
class _Said:
    """An early end in words, for what its fee is made of."""

    priced: Priced
    ended: Ended

    def forgone(self) -> str:
        return f"{self.ended.forgone:,f}"

    def monthly(self) -> str:
        monthly = self.priced.monthly(self.ended.last_day)
        return f"{Decimal(half_up(monthly, 6)).scaleb(-6).normalize():,f}"

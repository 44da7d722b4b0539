"""What a charge has earned through any day: E(day), the one definition that everything rests on.

E(day) is the exact sum, over the days of service up to and including that day, of rate(day) x
weight(day). What is booked between two days is the difference of the two E's, each rounded half-up
to the currency's minor unit: so any split of a schedule adds up to the whole, to the cent. Each
charge is rounded by itself.

E is never added up day by day: it is piecewise linear in a clock. The clock of monthly prices
counts months, a part of a month by its weight; the clock of daily and hourly prices counts days.
While the rate stays the same, E(day) = base + slope x clock(day).

Amounts inside are whole minor units (cents); results are Decimals of the currency.
"""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from math import lcm
from typing import NamedTuple

from dealcalc.terms.charges import Charge
from dealcalc.terms.dates import DAY, TICKS, Clock, month_clock, month_ends
from dealcalc.terms.deal import Deal
from dealcalc.terms.values import Price, half_up_ratio

ExactRate = tuple[Fraction, str]
"""An exact rate for the whole capacity: per "month", or per "day" of 24 hours."""


class Line(NamedTuple):
    """A stretch of one charge at one rate within one month; both days are included.

    `rate` is exact and monthly, or daily where `per` is "day"; a price `once` and a fee have none.
    """

    charge: str
    start: date
    through: date
    rate: Fraction | None
    per: str
    amount: Decimal

    @property
    def days(self) -> int:
        """Calendar days from `start` to `through`, both included."""
        return (self.through - self.start).days + 1


def money(minor: int, places: int) -> Decimal:
    """Whole minor units as an amount of the currency, exact whatever its size."""
    return Decimal(f"{minor}E-{places}")


class Stage(NamedTuple):
    """From `start` on, until the next stage, one rate: E(day) = (base + slope x clock(day)) / over.

    Base and slope are whole numbers: E is asked for many days, and Fractions take ten times longer.
    """

    start: date
    rate: Fraction
    per: str
    base: int
    slope: int
    over: int
    clock: Clock

    def ratio(self, day: date) -> tuple[int, int]:
        """E(day), exact, as numerator and denominator; good from the day before `start` on."""
        return self.base + self.slope * self.clock(day), self.over


def monthly_rate(price: Price, charge: Charge, deal: Deal) -> ExactRate:
    """A recurring price as an exact rate, before ramp and escalator; hours and days stay daily.

    It is below zero where the seller pays.
    """
    amount = price.amount * charge.sign
    if price.unit:
        amount *= deal.capacity_in(charge, price.unit)
    if price.is_hourly and charge.load is not None:
        amount *= charge.load
    return amount / price.period.length, price.period.clock


def spread_over(deal: Deal, charge: Charge) -> Fraction:
    """The months that an `in total` price is spread over, each times what its stretch multiplies.

    So ramp and escalator give the sum its shape, and it still adds up to the amount.
    """
    start, through = deal.own_dates(charge)
    months = month_clock(deal.proration, start)
    weights = (
        (months(stretch.through) - months(stretch.start - DAY)) * stretch.multiple
        for stretch in charge.stretches(start, through)
    )
    return sum(weights, Fraction(0)) / TICKS


class Earned:
    """E of one charge of a deal: what it has earned through any day."""

    def __init__(self, deal: Deal, charge: Charge) -> None:
        self.start, self.through = deal.dates(charge)
        self.places = deal.places
        self.stages = tuple(_stages(deal, charge, self.start, self.through))
        self.starts = [stage.start for stage in self.stages]

    def exact(self, day: date) -> Fraction:
        """E(day), the day included, in units of the currency; 0 before the service begins."""
        day = min(day, self.through)
        return Fraction(*self._stage(day).ratio(day)) if day >= self.start else Fraction(0)

    def booked(self, day: date) -> int:
        """E(day) rounded half-up, in minor units: the only rounding of what is earned."""
        day = min(day, self.through)
        return half_up_ratio(*self._stage(day).ratio(day), self.places) if day >= self.start else 0

    @property
    def never_falls(self) -> bool:
        """Whether no more days earn less."""
        return all(
            (stage.base if stage.per == "once" else stage.slope) >= 0 for stage in self.stages
        )

    def stage(self, day: date) -> Stage | None:
        """The stage that a day of service lies in; None out of service."""
        return self._stage(day) if self.start <= day <= self.through else None

    def _stage(self, day: date) -> Stage:
        return self.stages[bisect_right(self.starts, day) - 1]

    def lines(self, name: str, last_day: date) -> Iterator[Line]:
        """The lines through a last day: cut at the ends of months and where the rate changes."""
        before = 0
        ends = [*(start - DAY for start in self.starts[1:]), self.through]
        for stage, through in zip(self.stages, ends, strict=True):
            start, rate = stage.start, None if stage.per == "once" else stage.rate
            for end in month_ends(start, min(through, last_day)):
                booked = self.booked(end)
                amount = money(booked - before, self.places)
                yield Line(name, start, end, rate, stage.per, amount)
                start, before = end + DAY, booked


def _stages(deal: Deal, charge: Charge, start: date, through: date) -> Iterator[Stage]:
    """The stages of a charge in order; equal rates that follow one another are one stage."""
    price = charge.price
    if price.per == "once":
        amount, over = (price.amount * charge.sign).as_integer_ratio()
        yield Stage(start, Fraction(0), "once", amount, 0, over, date.toordinal)
        return
    months = month_clock(deal.proration, start)
    rates = _rates(deal, charge, start, through)
    earned, over, stage = 0, 1, None
    for (rate, per), days in groupby(rates, lambda changed: changed[1]):
        day = next(days)[0]
        if stage:
            earned, over = stage.ratio(day - DAY)
        clock, ticks = (months, TICKS) if per == "month" else (date.toordinal, 1)
        both = lcm(over, rate.denominator * ticks)
        slope = rate.numerator * (both // (rate.denominator * ticks))
        base = earned * (both // over) - slope * clock(day - DAY)
        stage = Stage(day, rate, per, base, slope, both, clock)
        yield stage


def _rates(
    deal: Deal, charge: Charge, start: date, through: date
) -> Iterator[tuple[date, ExactRate]]:
    """The days on which the rate may change, each with the rate from then on."""
    if charge.price.recurs:
        own = monthly_rate(charge.price, charge, deal)
    else:
        amount = charge.price.amount * charge.sign
        own = amount / spread_over(deal, charge), "month"
    for stretch in charge.stretches(start, through):
        price = charge.price_in(stretch)
        listed, per = own if price is charge.price else monthly_rate(price, charge, deal)
        flat = stretch.step and stretch.step.price
        yield stretch.start, (listed if flat else listed * stretch.multiple, per)

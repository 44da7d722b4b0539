"""What capacity is paid by the unit: one price for all charges."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from dealcalc.core import Priced
from dealcalc.earned import Earned, monthly_rate
from dealcalc.terms.dates import DAY, TICKS
from dealcalc.terms.values import PERIODS, PricePeriod

DAYS_PER_YEAR = 365
"""Of the periods of unit prices: so a year has 8,760 hours."""


def listed_rate(priced: Priced, name: str) -> Fraction:
    """The exact monthly rate of a charge before ramp and escalator; 0 for a price `once`.

    An `in total` price counts at its even rate; a daily or hourly one at 365 days a year.
    """
    charge = priced.deal.charges[name]
    if not charge.price.recurs:
        return _even_rate(priced.charges[name])
    rate, per = monthly_rate(charge.price, charge, priced.deal)
    return _by_month(rate, per)


def _even_rate(earned: Earned) -> Fraction:
    """What is earned by the month if every month earned the same."""
    clock = earned.stages[0].clock
    months = Fraction(clock(earned.through) - clock(earned.start - DAY), TICKS)
    return earned.exact(earned.through) / months


class UnitDays(NamedTuple):
    """Monthly rates times the days of service that they are paid for, and the unit-days sold."""

    paid: Fraction
    sold: Fraction

    def price(self, period: PricePeriod) -> Fraction | None:
        """The price of one unit for a period (a year has 8,760 hours); None where none is sold."""
        return self.paid * period.months(DAYS_PER_YEAR) / self.sold if self.sold else None


def unit_price(priced: Priced, unit: str, period: str) -> Fraction | None:
    """What recurring charges pay for one unit of capacity, before ramp and escalator.

    Per unit and month, year or hour; None where nothing is sold in that unit. What the seller pays
    for the same capacity is taken off.
    """
    return listed_days(priced, unit).price(PERIODS[period])


def listed_days(priced: Priced, unit: str) -> UnitDays:
    """What is paid for a unit before ramp and escalator, over the full term."""

    def listed(name: str, through: date) -> Fraction:
        return listed_rate(priced, name) * _days([(priced.charges[name].start, through)])

    return _unit_days(priced, unit, listed, priced.last)


def average_days(priced: Priced, unit: str, last: date) -> UnitDays:
    """The same after ramp and escalator, of all service through a last day."""

    def charged(name: str, through: date) -> Fraction:
        stages = [stage for stage in priced.charges[name].stages if stage.start <= through]
        ends = [*(stage.start - DAY for stage in stages[1:]), through]
        rates = (
            _by_month(stage.rate, stage.per) * _days([(stage.start, end)])
            for stage, end in zip(stages, ends, strict=True)
        )
        return sum(rates, Fraction(0))

    return _unit_days(priced, unit, charged, last)


def _by_month(rate: Fraction, per: str) -> Fraction:
    return rate * DAYS_PER_YEAR / 12 if per == "day" else rate


def _unit_days(
    priced: Priced, unit: str, paid: Callable[[str, date], Fraction], last: date
) -> UnitDays:
    """What all charges together are paid for a unit.

    Tranches of unequal size and length count by both, as contract value over MW-years does. The
    same capacity priced twice is sold once: a charge that names another's adds to the price, and to
    the days where it goes on alone.
    """
    amount = Fraction(0)
    services: dict[str, list[tuple[date, date]]] = defaultdict(list)
    sizes: dict[str, Fraction] = {}
    for name, charge in priced.deal.charges.items():
        size = Fraction(0) if charge.on else priced.deal.capacity_in(charge, unit)
        start, through = priced.charges[name].start, min(priced.charges[name].through, last)
        if not size or through < start:
            continue
        amount += paid(name, through)
        owner = charge.capacity[0] if isinstance(charge.capacity[0], str) else name
        sizes[owner] = size
        services[owner].append((start, through))
    sold = sum((size * _days(services[owner]) for owner, size in sizes.items()), Fraction(0))
    return UnitDays(amount, sold)


def _days(stretches: Iterable[tuple[date, date]]) -> int:
    """Days that lie in some stretch, first and last days included."""
    days, counted = 0, date.min
    for start, through in sorted(stretches):
        if through > counted:
            days += (through - max(start, counted + DAY)).days + 1
            counted = through
    return days

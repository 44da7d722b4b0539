"""What capacity is paid by the unit: one price for all charges."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from fractions import Fraction

from dealcalc.core import Earned, Priced, monthly_rate
from dealcalc.terms.dates import DAY, TICKS
from dealcalc.terms.values import PERIODS

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


def unit_price(priced: Priced, unit: str, period: str) -> Fraction | None:
    """What recurring charges pay for one unit of capacity, before ramp and escalator.

    Per unit and month, year or hour (a year has 8,760); None where nothing is sold in that unit.
    What the seller pays for the same capacity is taken off.
    """

    def listed(name: str, through: date) -> Fraction:
        return listed_rate(priced, name) * _days([(priced.charges[name].start, through)])

    return _mean_price(priced, unit, period, listed, priced.last)


def average_price(priced: Priced, unit: str, period: str, last: date) -> Fraction | None:
    """The same after ramp and escalator, of all service through a last day, by its days."""

    def charged(name: str, through: date) -> Fraction:
        stages = [stage for stage in priced.charges[name].stages if stage.start <= through]
        ends = [*(stage.start - DAY for stage in stages[1:]), through]
        rates = (
            _by_month(stage.rate, stage.per) * _days([(stage.start, end)])
            for stage, end in zip(stages, ends, strict=True)
        )
        return sum(rates, Fraction(0))

    return _mean_price(priced, unit, period, charged, last)


def _by_month(rate: Fraction, per: str) -> Fraction:
    return rate * DAYS_PER_YEAR / 12 if per == "day" else rate


def _mean_price(
    priced: Priced,
    unit: str,
    period: str,
    paid: Callable[[str, date], Fraction],
    last: date,
) -> Fraction | None:
    """Monthly rates times days of service, over the unit-days sold; None where none are.

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
    sold = sum(size * _days(services[owner]) for owner, size in sizes.items())
    return amount * PERIODS[period].months(DAYS_PER_YEAR) / sold if sold else None


def _days(stretches: Iterable[tuple[date, date]]) -> int:
    """Days that lie in some stretch, first and last days included."""
    days, counted = 0, date.min
    for start, through in sorted(stretches):
        if through > counted:
            days += (through - max(start, counted + DAY)).days + 1
            counted = through
    return days

"""What capacity is paid by the unit: one price for all charges."""

from collections import defaultdict
from collections.abc import Iterable
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
    return rate * DAYS_PER_YEAR / 12 if per == "day" else rate


def _even_rate(earned: Earned) -> Fraction:
    """What is earned by the month if every month earned the same."""
    clock = earned.stages[0].clock
    months = Fraction(clock(earned.through) - clock(earned.start - DAY), TICKS)
    return earned.exact(earned.through) / months


def unit_price(priced: Priced, unit: str, period: str) -> Fraction | None:
    """What recurring charges pay for one unit of capacity, before ramp and escalator.

    Per unit and month, year or hour (a year has 8,760); None where nothing is sold in that unit.
    What the seller pays for the same capacity is taken off.
    Tranches of unequal size and length count by both, as contract value over MW-years does: what
    is paid for all days of service, over the unit-days sold. The same capacity priced twice is
    sold once: a charge that names another's adds to the price, and to the days where it goes on
    alone.
    """
    sold_by = [
        (name, charge, size)
        for name, charge in priced.deal.charges.items()
        if not charge.on and (size := priced.deal.capacity_in(charge, unit))
    ]
    if not sold_by:
        return None
    months = PERIODS[period].months(DAYS_PER_YEAR)
    if len(sold_by) == 1:  # its days, on which it is both sold and paid, cancel out
        ((name, _, size),) = sold_by
        return listed_rate(priced, name) * months / size
    paid = Fraction(0)
    services: dict[str, list[tuple[date, date]]] = defaultdict(list)
    sizes: dict[str, Fraction] = {}
    for name, charge, size in sold_by:
        start, through = priced.charges[name].start, priced.charges[name].through
        paid += listed_rate(priced, name) * _days([(start, through)])
        owner = charge.capacity[0] if isinstance(charge.capacity[0], str) else name
        sizes[owner] = size
        services[owner].append((start, through))
    sold = sum(size * _days(services[owner]) for owner, size in sizes.items())
    return paid * months / sold


def _days(stretches: Iterable[tuple[date, date]]) -> int:
    """Days that lie in some stretch, first and last days included."""
    days, counted = 0, date.min
    for start, through in sorted(stretches):
        if through > counted:
            days += (through - max(start, counted + DAY)).days + 1
            counted = through
    return days

"""What capacity is paid by the unit: one price for all charges, beside what others pay.

A price that is far from those of comparable contracts is legal and doubtful: a warning.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from dealcalc.core import Priced, monthly_rate
from dealcalc.terms.dates import DAY
from dealcalc.terms.deal import Charge, Deal
from dealcalc.terms.rules import Fault
from dealcalc.terms.values import PERIODS, convert, decimal_text, half_up

DAYS_PER_YEAR = 365
"""Of the periods of unit prices: so a year has 8,760 hours."""


def listed_rate(priced: Priced, name: str) -> Fraction:
    """The exact monthly rate of a charge before ramp and escalator; 0 for a price `once`.

    An `in total` price counts at its even rate; a daily or hourly one at 365 days a year.
    """
    charge = priced.deal.charges[name]
    if not charge.price.recurs:
        return priced.charges[name].stages[0].rate
    rate, per = monthly_rate(charge.price, charge, priced.deal)
    return rate * DAYS_PER_YEAR / 12 if per == "day" else rate


def unit_price(priced: Priced, unit: str, period: str) -> Fraction | None:
    """What recurring charges pay for one unit of capacity, before ramp and escalator.

    Per unit and month, year or hour (a year has 8,760); None where nothing is sold in that unit.
    Tranches of unequal size and length count by both, as contract value over MW-years does: what
    is paid for all days of service, over the unit-days sold. The same capacity priced twice is
    sold once: a charge that names another's adds to the price, and to the days where it goes on
    alone.
    """
    sold_by = [
        (name, charge, size)
        for name, charge in priced.deal.charges.items()
        if not charge.on and (size := _capacity(priced.deal, charge, unit))
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


def _capacity(deal: Deal, charge: Charge, unit: str) -> Fraction:
    amounts = (convert(part, unit) for part in deal.capacity(charge))
    return next((amount for amount in amounts if amount is not None), Fraction(0))


def _days(stretches: Iterable[tuple[date, date]]) -> int:
    """Days that lie in some stretch, first and last days included."""
    days, counted = 0, date.min
    for start, through in sorted(stretches):
        if through > counted:
            days += (through - max(start, counted + DAY)).days + 1
            counted = through
    return days


class Comparable(NamedTuple):
    """What contracts pay for a unit, lowest and highest, in USD; who reports it."""

    unit: str
    period: str
    lowest: int
    highest: int
    source: str


COMPARABLES = (
    Comparable(
        "MW",
        "year",
        1_500_000,
        11_600_000,
        "colocation without GPUs to Nebius-Microsoft, as reported",
    ),
    Comparable(
        "GPU", "month", 3_846, 8_364, "Anthropic-xAI at its widest to Google-SpaceX, as reported"
    ),
)
FAR = 2
"""A warning is due beyond the highest comparable price times this, or the lowest over this."""
MOST = 10**21
"""Totals beyond this are no contract's, and sums of them would not be exact."""


def doubts(priced: Priced | Deal) -> Iterator[Fault]:
    """What only shows once a deal is priced: too large a total (an error), doubtful unit prices.

    Comparable contracts are known in USD only.
    """
    priced = priced if isinstance(priced, Priced) else Priced(priced)
    deal = priced.deal
    if priced.full > MOST * 10**deal.places:
        help = "is there a zero too many, or a wrong unit?"
        yield Fault(("charges",), "amount", "the deal pays more than 1e21 in all", help)
    elif deal.currency == "USD":
        for known in COMPARABLES:
            price = unit_price(priced, known.unit, known.period)
            if price and not Fraction(known.lowest, FAR) <= price <= known.highest * FAR:
                yield _far(deal, known, price)


def _far(deal: Deal, known: Comparable, price: Fraction) -> Fault:
    name = next(
        name
        for name, charge in deal.charges.items()
        if not charge.on and _capacity(deal, charge, known.unit)
    )
    amount = f"{half_up(price, 0):,}" if price >= 1 else "less than 1"
    said = f"{amount} USD per {known.unit}-{known.period} is {_compared(known, price)}"
    message = f"{said} that comparable contracts pay"
    range_ = f"{known.lowest:,} to {known.highest:,} USD ({known.source})"
    help = f"they pay {range_}; check price and capacity"
    return Fault(("charges", name, "price"), "unit-price", message, help, "warning")


def _compared(known: Comparable, price: Fraction) -> str:
    if price > known.highest:
        return f"{_tenths(price / known.highest)} times the most"
    share = price / known.lowest
    few = share < Fraction(1, 20)
    return f"{'less than a twentieth' if few else _tenths(share)} of the least"


def _tenths(ratio: Fraction) -> str:
    return decimal_text(Fraction(half_up(ratio, 1), 10))

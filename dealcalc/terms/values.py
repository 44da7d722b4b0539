"""Values that terms are made of: prices, spans, quantities and shares; and how they are written.

Numbers are exact (`Fraction`). There is one rounding, half away from zero, and it is here.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from dealcalc.terms.dates import add_months

SUFFIXES = {
    "k": 3, "thousand": 3,
    "m": 6, "mm": 6, "mn": 6, "million": 6,
    "b": 9, "bn": 9, "billion": 9,
    "tn": 12, "trillion": 12,
}  # fmt: skip

WATTS = {"W": 1, "kW": 10**3, "MW": 10**6, "GW": 10**9}
"""Units of power, in watts: these convert into one another, nothing else does."""

COUNTED_UNITS = (
    *("GPU", "TPU", "CPU", "accelerator", "core", "node", "server"),
    *("rack", "cabinet", "pod", "TB", "PB"),
)
"""Things that capacity can be counted in, beside power. A new price unit is added here."""

CAPACITY_UNITS = (*WATTS, *COUNTED_UNITS)


class PricePeriod(NamedTuple):
    """What a price is paid for again and again: so many calendar months, or so many days.

    `length` counts those of its `clock`, "month" or "day" (of 24 hours). It stands alone, `per
    week`, or behind a unit, `per GPU-hour`, or both. `adverbs` and `abbreviations` are other ways
    to write it that are read.
    """

    length: Fraction
    clock: str
    alone: bool
    by_unit: bool
    adverbs: tuple[str, ...]
    abbreviations: tuple[str, ...] = ()

    def months(self, days_a_year: int) -> Fraction:
        """How many months it is, if a year has so many days."""
        return self.length if self.clock == "month" else self.length * 12 / days_a_year


PERIODS = {
    "month": PricePeriod(Fraction(1), "month", True, True, ("monthly",), ("mo",)),
    "quarter": PricePeriod(Fraction(3), "month", True, False, ("quarterly",)),
    "year": PricePeriod(Fraction(12), "month", True, True, ("yearly", "annually"), ("yr", "annum")),
    "week": PricePeriod(Fraction(7), "day", True, False, ("weekly",)),
    "day": PricePeriod(Fraction(1), "day", True, False, ("daily",)),
    "hour": PricePeriod(Fraction(1, 24), "day", False, True, ("hourly",), ("hr",)),
}
"""Every period, by its name. A new one is added here; its plural ends in `s`."""
PERIODS_ALONE = tuple(name for name, period in PERIODS.items() if period.alone)
UNIT_PERIODS = tuple(name for name, period in PERIODS.items() if period.by_unit)


# --- numbers --------------------------------------------------------------------------------------


def half_up(value: Fraction, places: int) -> int:
    """`value` in units of 10^-places, a half away from zero: the one rounding there is."""
    return half_up_ratio(value.numerator, value.denominator, places)


def half_up_ratio(numerator: int, denominator: int, places: int) -> int:
    """`half_up` of a ratio that need not be in its lowest terms; the denominator is positive."""
    rounded: int = (2 * abs(numerator) * 10**places + denominator) // (2 * denominator)
    return rounded if numerator >= 0 else -rounded


def half_up_decimal(value: Fraction, places: int) -> Decimal:
    """`value` rounded half-up, with so many digits after the point, exact whatever its size."""
    return Decimal(f"{half_up(value, places)}E-{places}")


def fine(value: Fraction, places: int, most: int = 6) -> Decimal:
    """`value` with so many digits after the point; half-up with more where those are not exact."""
    is_exact = (value * 10**places).denominator == 1
    return half_up_decimal(value, places if is_exact else most)


def decimal_text(number: Fraction) -> str:
    """The shortest exact decimal, or the fraction where no decimal is exact."""
    twos = fives = 0
    rest = number.denominator
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return f"{number.numerator}/{number.denominator}"
    places = max(twos, fives)
    digits = f"{abs(number.numerator) * 10**places // number.denominator:0{places + 1}}"
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"-{text}" if number < 0 else text


def amount_text(amount: Fraction) -> str:
    """An amount as people write it, exactly: `1.25bn`, `600m`, `12k`, `155`, `1234567`."""
    for suffix in ("tn", "bn", "m", "k"):
        scaled = amount / 10 ** SUFFIXES[suffix]
        if scaled >= 1:
            short = (scaled * 1000).denominator == 1
            return decimal_text(scaled) + suffix if short else decimal_text(amount)
    return decimal_text(amount)


def percent_text(share: Fraction) -> str:
    """`50%`, exactly."""
    return f"{decimal_text(share * 100)}%"


# --- kinds of values ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Price:
    """An amount, and what it is paid for.

    `per` is the name of a period, or `total` (over the charge's term) or `once`. With a `unit` the
    amount is for one unit of the charge's capacity.
    """

    amount: Fraction
    per: str
    unit: str | None = None

    @property
    def recurs(self) -> bool:
        """Whether it is paid again and again, unlike `in total` and `once`."""
        return self.per in PERIODS

    @property
    def period(self) -> PricePeriod:
        """The period of a price that recurs."""
        return PERIODS[self.per]

    @property
    def is_hourly(self) -> bool:
        """Whether it is paid for hours, of which a load may be a share."""
        return self.per == "hour"

    def __str__(self) -> str:
        amount = amount_text(self.amount)
        if not self.recurs:
            return f"{amount} once" if self.per == "once" else f"{amount} in total"
        if self.unit in WATTS and self.per == "hour":
            return f"{amount} per {self.unit}h"
        return f"{amount} per {self.unit}-{self.per}" if self.unit else f"{amount} per {self.per}"


@dataclass(frozen=True)
class Span:
    """A length of time in calendar days or in calendar months."""

    count: int
    unit: str

    def __str__(self) -> str:
        return f"{self.count} {self.unit if self.count != 1 else self.unit[:-1]}"

    def after(self, day: date) -> date:
        """The day so much later than `day`, which is not counted; a month's end holds it back."""
        months = self.unit == "months"
        return add_months(day, self.count) if months else day + timedelta(self.count)

    def before(self, day: date) -> date:
        """The latest day after which it is over by `day`."""
        # Counting back lands too early where the month before lacks a day, never too late.
        latest = Span(-self.count, self.unit).after(day)
        while self.after(latest + timedelta(1)) <= day:
            latest += timedelta(1)
        return latest


@dataclass(frozen=True)
class Quantity:
    """So much capacity: a number of one unit."""

    number: Fraction
    unit: str

    def __str__(self) -> str:
        return f"{decimal_text(self.number)} {self.unit}"


def convert(quantity: Quantity, unit: str) -> Fraction | None:
    """How many of `unit` a quantity is, or None where they measure different things."""
    if quantity.unit == unit:
        return quantity.number
    if quantity.unit in WATTS and unit in WATTS:
        return quantity.number * WATTS[quantity.unit] / WATTS[unit]
    return None

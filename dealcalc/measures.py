"""Named figures of a result, and claims about them.

A result is a deal, as agreed or ended by notice. Its figures have names, `total`, `year 2027`, `firm
on 2026-05-01`, that claims, sweeps and comparisons share: one table, `FIGURES`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any, NamedTuple

from dealcalc.core import Book, Ended, money, monthly_rate
from dealcalc.dates import DAY, add_months, month_end, month_number
from dealcalc.deal import Claim, Deal, Fault
from dealcalc.words import (
    UNIT_PERIODS,
    UNITS,
    Misread,
    convert,
    decimal_text,
    did_you_mean,
    half_up,
    read_amount,
    read_day,
    read_first_day,
    read_percent,
)

HOURS_PER_YEAR = 8760
DAYS_PER_YEAR = 365


class Result:
    """A deal's figures, as agreed or after notice; `fee` and last day are those of the exit."""

    def __init__(self, deal: Deal, ended: Ended | None = None, book: Book | None = None) -> None:
        self.deal, self.ended = deal, ended
        self.book = book or Book(deal)
        self.last_day = ended.last_day if ended else deal.term.last

    def between(self, start: date, through: date) -> Fraction:
        """Revenue from `start` to `through`, both included, with the fee if it falls due in it."""
        through = min(through, self.last_day)
        booked = max(0, self.book.earned(through) - self.book.earned(start - DAY)) if start <= through else 0
        fee = self.ended.fee if self.ended and start <= self.last_day <= through else 0
        return Fraction(money(booked, self.deal.places)) + Fraction(fee)

    def months(self) -> int:
        """Calendar months with service; a price `once` and a fee are no service."""
        return len(self.months_of_service())

    def months_of_service(self) -> set[int]:
        """The numbers of the months in which some charge is in service."""
        months: set[int] = set()
        for charge in self.deal.charges.values():
            start, through = self.deal.dates(charge)
            if not charge.on and start <= self.last_day:
                months.update(range(month_number(start), month_number(min(through, self.last_day)) + 1))
        return months

    def firm(self, day: date) -> Fraction:
        """What is firm at the end of a day, by the terms as agreed."""
        return Fraction(self.book.backlog(day).firm)

    def total(self) -> Fraction:
        """What is earned, and the fee: plus if the buyer pays it, minus if the seller does."""
        return Fraction(self.ended.total if self.ended else money(self.book.full, self.deal.places))


# --- the table of figures --------------------------------------------------------------------------


class Figure(NamedTuple):
    """A named figure: how its name begins, what follows the name, what kind of value it has.

    `argument` reads what follows: `year 2027`, `firm on 2026-05-01`; None where nothing does.
    """

    name: str
    kind: str
    value: Callable[[Result, Any], Any]
    argument: Callable[[str], Any] | None = None
    example: str = ""


def _year(text: str) -> int:
    return read_first_day(f"{text}-01").year


def _of_ended(name: str) -> Callable[[Result, Any], Any]:
    def value(result: Result, _: Any) -> Fraction:
        ended = result.ended
        return Fraction(getattr(ended, name)) if ended else {"earned": result.total(), "kept": Fraction(1)}.get(name, Fraction(0))

    return value


def _run_rate(result: Result, day: date) -> Fraction:
    return 12 * result.book.monthly(day) if day <= result.last_day else Fraction(0)


def _next_year(result: Result, day: date) -> Fraction:
    book = result.book
    return Fraction(money(book.earned(add_months(day, 12)) - book.earned(day), result.deal.places))


def _unit(text: str) -> tuple[str, str]:
    unit, _, period = text.rpartition("-")
    if unit not in UNITS or period not in UNIT_PERIODS:
        raise Misread(f"per {text} is not known", did_you_mean(text, ("MW-month", "MW-year", "GPU-month", "GPU-hour")), code="claim")
    return unit, period


FIGURES = (
    Figure("total", "money", lambda result, _: result.total()),
    Figure("months", "count", lambda result, _: result.months()),
    Figure("year", "money", lambda result, year: result.between(date(year, 1, 1), date(year, 12, 31)), _year, "year 2027"),
    Figure("month", "money", lambda result, day: result.between(day, month_end(day)), read_first_day, "month 2026-05"),
    Figure("firm on", "money", lambda result, day: result.firm(day), read_day, "firm on 2026-05-01"),
    Figure("earned on", "money", lambda result, day: result.between(date.min + DAY, day), read_day, "earned on 2026-12-31"),
    Figure("earned", "money", _of_ended("earned")),
    Figure("fee", "money", _of_ended("fee")),
    Figure("forgone", "money", _of_ended("forgone")),
    Figure("kept", "share", _of_ended("kept")),
    Figure("last day", "date", lambda result, _: result.last_day),
    Figure("run rate on", "money", _run_rate, read_day, "run rate on 2027-01-01"),
    Figure("next 12 months on", "money", _next_year, read_day, "next 12 months on 2026-12-31"),
    Figure("price per", "money", lambda result, per: unit_price(result.book, *per), _unit, "price per MW-year"),
)
"""Every figure with a name. Its kind says how its value is read and shown."""

_READERS: dict[str, Callable[[str], Any]] = {
    "money": read_amount,
    "count": lambda text: read_amount(text),
    "share": read_percent,
    "date": read_day,
}


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure with its argument: `year 2027`. Called with a result, it gives the value there."""

    text: str
    figure: Figure
    argument: Any

    def __call__(self, result: Result) -> Any:
        return self.figure.value(result, self.argument)


@cache
def measure(text: str) -> Measure:
    """The figure that a text names; raises Misread."""
    for figure in sorted(FIGURES, key=lambda figure: -len(figure.name)):
        rest = text.removeprefix(figure.name)
        if figure.argument is None and text == figure.name:
            return Measure(text, figure, None)
        if figure.argument and rest != text and rest.startswith(" "):
            return Measure(text, figure, figure.argument(rest.strip()))
    names = [figure.example or figure.name for figure in FIGURES]
    raise Misread(f"`{text[:40]}` is no figure that is known", did_you_mean(text[:40], names), code="claim")


# --- claims ----------------------------------------------------------------------------------------

_CLAIM = r"(?P<figure>[^<>=~!]+?)\s*(?P<relation>>=|<=|>|<|=|~)\s*(?P<value>[^<>=~!]+?)(?:\s+within\s+(?P<within>\S+))?"


@dataclass(frozen=True, slots=True)
class Statement:
    """A claim that was read: figure, relation and value; `~` holds within a share or an amount."""

    measure: Measure
    relation: str
    value: Any
    within: Fraction | None = None

    def holds(self, found: Any) -> bool:
        """Whether the claim is true of a value; comparison is exact."""
        if self.within is not None:
            return bool(abs(found - self.value) <= self.within)
        return bool(
            {
                ">": found > self.value,
                ">=": found >= self.value,
                "<": found < self.value,
                "<=": found <= self.value,
                "=": found == self.value,
            }[self.relation]
        )


@cache
def statement(text: str) -> Statement:
    """The claim that a text makes; raises Misread."""
    match = re.fullmatch(_CLAIM, text.strip())
    if not match:
        raise Misread("this is not a claim", "write it like total > 40bn, or total ~ 45bn within 1%", code="claim")
    subject = measure(" ".join(match["figure"].split()))
    value = _READERS[subject.figure.kind](match["value"])
    if (match["relation"] == "~") != bool(match["within"]):
        raise Misread("`~` and `within` go together", "write it like total ~ 45bn within 1%", code="claim")
    within = _tolerance(match["within"], subject.figure.kind, value) if match["within"] else None
    return Statement(subject, match["relation"], value, within)


def _tolerance(text: str, kind: str, value: Any) -> Any:
    if kind == "date":
        raise Misread("a date is claimed with =, <, > or their like", "leave `within` out", code="claim")
    tolerance = read_percent(text) * value if text.endswith("%") and kind != "share" else _READERS[kind](text)
    if not 0 < tolerance < value:
        raise Misread("a tolerance is more than nothing and less than the value itself", "write it like 1%", code="claim")
    return tolerance


def claims(deal: Deal) -> Iterator[tuple[tuple[str | int, ...], Claim]]:
    """Every claim of a deal, those of its cases too, with its path."""
    for index, claim in enumerate(deal.claims):
        yield ("claims", index, "claim"), claim
    for name, case in deal.cases.items():
        for index, claim in enumerate(case.claims):
            yield ("cases", name, "claims", index, "claim"), claim


def faults_of_claims(deal: Deal) -> Iterator[Fault]:
    """Claims that cannot be read."""
    for path, claim in claims(deal):
        try:
            statement(claim.claim)
        except Misread as misread:
            yield Fault(path, "claim", misread.message, misread.help)


# --- unit prices -----------------------------------------------------------------------------------


def listed_rate(book: Book, name: str) -> Fraction:
    """The exact monthly rate of a charge before ramp and escalator; 0 for a price `once`.

    An `in total` price counts at its even rate; a daily or hourly one at 365 days a year.
    """
    charge = book.deal.charges[name]
    if not charge.price.recurs:
        return book.charges[name].stages[0].rate
    rate, per = monthly_rate(charge.price, charge, book.deal)
    return rate * DAYS_PER_YEAR / 12 if per == "day" else rate


def unit_price(book: Book, unit: str, period: str) -> Fraction | None:
    """What recurring charges pay for one unit of capacity, before ramp and escalator; None without capacity.

    Charges that name another's capacity add to the price and not to the capacity: the same capacity
    priced twice is sold once. A year has 8,760 hours.
    """
    price = capacity = Fraction(0)
    for name, charge in book.deal.charges.items():
        units = [count for part in book.deal.capacity(charge) if (count := convert(part, unit)) is not None]
        if units and not charge.on:
            price += listed_rate(book, name)
            capacity += 0 if isinstance(charge.capacity[0], str) else units[0]
    times = {"month": Fraction(1), "year": Fraction(12), "hour": Fraction(12, HOURS_PER_YEAR)}[period]
    return price * times / capacity if capacity else None


class Comparable(NamedTuple):
    """What contracts pay for a unit, lowest and highest, in USD; who reports it."""

    unit: str
    period: str
    lowest: int
    highest: int
    source: str


COMPARABLES = (
    Comparable("MW", "year", 1_500_000, 11_600_000, "colocation without GPUs to Nebius-Microsoft, as reported"),
    Comparable("GPU", "month", 3_846, 8_364, "Anthropic-xAI by its widest scope to Google-SpaceX, as reported"),
)
FAR = 2
"""A unit price is worth a warning beyond the highest comparable times this, or the lowest over this."""


def doubts(deal: Deal) -> Iterator[Fault]:
    """Legal but doubtful: unit prices far from what comparable contracts pay (known in USD only)."""
    if deal.currency != "USD":
        return
    book = Book(deal)
    for known in COMPARABLES:
        price = unit_price(book, known.unit, known.period)
        if price and not Fraction(known.lowest, FAR) <= price <= known.highest * FAR:
            yield _far(deal, known, price)


def _far(deal: Deal, known: Comparable, price: Fraction) -> Fault:
    if price > known.highest:
        how = f"{_times(price / known.highest)} times the most"
    else:
        how = f"{_times(price / known.lowest)} of the least"
    name = next(name for name, charge in deal.charges.items() if charge.capacity)
    message = f"{_rounded(price)} USD per {known.unit}-{known.period} is {how} that comparable contracts pay"
    help = f"they pay {known.lowest:,} to {known.highest:,} USD ({known.source}); check price and capacity"
    return Fault(("charges", name, "price"), "unit-price", message, help, "warning")


def _times(ratio: Fraction) -> str:
    return decimal_text(Fraction(half_up(ratio, 1), 10))


def _rounded(price: Fraction) -> str:
    return f"{half_up(price, 0):,}"

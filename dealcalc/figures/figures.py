"""The figures that a deal is asked for by name: `total`, `year 2027`, `firm on 2026-05-01`.

Claims, sweeps, comparisons and questions share one table of them, `FIGURES`.
"""

import re
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from dealcalc.figures.result import Agreed, Days, Figures
from dealcalc.terms.currencies import CURRENCIES
from dealcalc.terms.dates import DAY, add_months, month_end, quarter_days, year_days
from dealcalc.terms.misread import Misread, closest
from dealcalc.terms.money import read_price
from dealcalc.terms.numbers import read_rate
from dealcalc.terms.times import read_day, read_first_day, read_last_day


class NamedFigure(NamedTuple):
    """A named figure: how its name begins, what kind of value it has, and the value in a result.

    Kinds: money, count, share (0% to 100%), ratio (a share that may be more), days and date.
    `argument` reads what follows the name: `year 2027`, `firm on 2026-05-01`; None where nothing
    does. `days` are those that it is about, first and last included; None where it is about all of
    them. A `signed` figure may be below zero, by a fee that the seller pays. It `rests` on what is
    earned, on where the deal stands, on options, dates, a rate, the price of a unit or cash.
    """

    name: str
    kind: str
    value: Callable[[Figures, Any], Any]
    argument: Callable[[str], Any] | None = None
    example: str = ""
    days: Callable[[Agreed, Any], Days] | None = None
    signed: bool = False
    rests: str = "earned"

    @property
    def examples(self) -> tuple[str, ...]:
        """Ways to write it, with an argument where it has one."""
        more = (f"{self.name} at signing",) if self.rests == "moment" else ()
        return self.example or self.name, *more


# --- what follows a name ------------------------------------------------------------------------


class NamedPeriod(NamedTuple):
    """Some days, by the figure that is their revenue: `quarter 2026-Q3`."""

    figure: NamedFigure
    argument: Any

    def days(self, deal: Agreed) -> Days:
        """First and last day, both included."""
        assert self.figure.days  # as every period has
        return self.figure.days(deal, self.argument)


def _year(text: str) -> int:
    if not re.fullmatch(r"[0-9]{4}", text):
        raise Misread(f"{text[:40]} is not a year", "write it like `year 2027`", code="claim")
    return read_first_day(f"{text}-01").year


def _quarter(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(?:FY)?([0-9]{4})-Q([1-4])", text)
    if not match:
        way = "write it like `quarter 2026-Q3`"
        raise Misread(f"{text[:40]} is not a quarter", way, code="claim")
    return _year(match[1]), int(match[2])


def _month(text: str) -> date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}", text):
        raise Misread(f"{text[:40]} is not a month", "write it like `month 2026-05`", code="claim")
    return read_first_day(text)


def _stretch(text: str) -> Days:
    first, to, last = text.partition(" to ")
    if not to:
        way = "write it like `from 2026-07-01 to 2027-06-30`"
        raise Misread(f"from {text[:40]} does not say to when", way, code="claim")
    start, through = read_first_day(first), read_last_day(last)
    if through < start:
        raise Misread(f"{last} is before {first}", "write the earlier day first", code="claim")
    return start, through


def _period(text: str) -> NamedPeriod:
    figure, argument = _parsed(text) or (None, None)
    if figure not in PERIODS_OF_TIME:
        examples = ", ".join(period.example for period in PERIODS_OF_TIME)
        raise Misread(f"`{text[:40]}` is not a period", f"it is one of: {examples}", code="claim")
    return NamedPeriod(figure, argument)


def _moment(text: str) -> date | None:
    """`on 2026-05-01`, the close of a day; None for `at signing`."""
    if text == "at signing":
        return None
    if not text.startswith("on "):
        way = "write `on 2026-05-01` or `at signing` behind the figure"
        raise Misread(f"`{text[:40]}` is not a moment", way, code="claim")
    return read_day(text.removeprefix("on "))


def _unit(text: str) -> tuple[str, str]:
    price = read_price(f"1 per {text}")
    if price.unit is None:
        message = f"per {text} names no unit of capacity"
        raise Misread(message, "write it like `price per MW-year`", code="claim")
    return price.unit, price.per


def _discount(text: str) -> tuple[Fraction, date | None]:
    """`9%`, or `9% on 2027-01-01`."""
    rate, on, day = text.partition(" on ")
    return read_rate(rate), read_day(day) if on else None


# --- the table ----------------------------------------------------------------------------------


def _since(deal: Agreed, moment: date | None) -> Days:
    """What a moment looks ahead to."""
    return moment or deal.signed - DAY, date.max


def _year_after(_: Agreed, day: date) -> Days:
    return day + DAY, add_months(day + DAY, 12) - DAY


def _revenue(
    name: str, argument: Callable[[str], Any], example: str, days: Callable[[Agreed, Any], Days]
) -> NamedFigure:
    """What is earned in a period, with a fee that falls due in it."""

    def value(result: Figures, argument: Any) -> Fraction:
        return result.between(*days(result.agreed, argument))

    return NamedFigure(name, "money", value, argument, f"{name} {example}", days, signed=True)


def _standing(name: str, kind: str, value: Callable[[Figures, date | None], Any]) -> NamedFigure:
    """Something about where a deal stands at a moment."""
    return NamedFigure(name, kind, value, _moment, f"{name} on 2026-12-31", _since, rests="moment")


def _optional(name: str, party: str) -> tuple[NamedFigure, NamedFigure]:
    """What a party's options would add: once all is taken that ever is, and on a day."""

    def on(result: Figures, day: date | None) -> Fraction:
        return result.optional(day, party)

    days = f"{name} on", "money", on, read_day, f"{name} on 2026-05-01", _since
    return NamedFigure(name, "money", on, rests="options"), NamedFigure(*days, rests="options")


PERIODS_OF_TIME = (
    _revenue("year", _year, "2027", lambda _, year: year_days(year)),
    _revenue(
        "quarter", _quarter, "2026-Q3", lambda _, quarter: quarter_days(quarter[0], quarter[1])
    ),
    _revenue("month", _month, "2026-05", lambda _, first: (first, month_end(first))),
    _revenue("fiscal year", _year, "2027", lambda deal, year: year_days(year, deal.year_end)),
    _revenue(
        *("fiscal quarter", _quarter, "2027-Q1"),
        lambda deal, quarter: quarter_days(quarter[0], quarter[1], deal.year_end),
    ),
    _revenue("from", _stretch, "2026-07-01 to 2027-06-30", lambda _, days: days),
)
"""The figures that are the revenue of a period; so are the periods of other figures written."""

FIGURES = (
    NamedFigure("total", "money", lambda result, _: result.total, signed=True),
    *PERIODS_OF_TIME,
    NamedFigure(
        *("billed in", "money", lambda result, period: result.billed(period.days(result.agreed))),
        *(_period, "billed in quarter 2026-Q3"),
        signed=True, rests="cash",
    ),
    NamedFigure(
        *("cash in", "money", lambda result, period: result.paid(period.days(result.agreed))),
        *(_period, "cash in year 2027"),
        signed=True, rests="cash",
    ),
    NamedFigure("highest month", "money", lambda result, _: result.highest_month(), signed=True),
    NamedFigure("months", "count", lambda result, _: result.months(), rests="dates"),
    _standing("firm", "money", lambda result, day: result.firm(day)),
    _standing("firm share", "share", Figures.firm_share),
    _standing("cancellable", "money", lambda result, day: result.cancellable(day)),
    _standing("not begun", "money", lambda result, day: result.not_begun(day)),
    _standing("cover", "ratio", Figures.cover),
    _standing("largest buyer share", "share", Figures.largest_buyer_share),
    _standing("largest firm buyer share", "share", Figures.largest_firm_buyer_share),
    _standing("first exit", "date", Figures.first_exit),
    _standing("remaining term", "days", Figures.remaining_term),
    _standing("firm remaining term", "days", Figures.firm_remaining_term),
    NamedFigure("up to", "money", lambda result, _: result.up_to(), rests="options"),
    *_optional("optional", "buyer"),
    *_optional("callable", "seller"),
    NamedFigure(
        *("earned on", "money", lambda result, day: result.earned_on(day)),
        *(read_day, "earned on 2026-12-31"),
        days=lambda _, day: (date.min, day),
    ),
    NamedFigure("earned", "money", lambda result, _: result.earned),
    NamedFigure("contract value", "money", lambda result, _: result.contract_value),
    NamedFigure("fee", "money", lambda result, _: result.fee, signed=True),
    NamedFigure("forgone", "money", lambda result, _: result.forgone),
    NamedFigure("earned share", "share", lambda result, _: result.earned_share),
    NamedFigure("last day", "date", lambda result, _: result.last_day, rests="dates"),
    NamedFigure(
        *("run rate on", "money", lambda result, day: result.run_rate(day)),
        *(read_day, "run rate on 2027-01-01", lambda _, day: (day, day)),
        rests="rate",
    ),
    NamedFigure(
        *("next 12 months on", "money", lambda result, day: result.next_year(day), read_day),
        *("next 12 months on 2027-01-01", _year_after),
    ),
    NamedFigure(
        *("price per", "money", Figures.unit_price, _unit, "price per MW-year"),
        rests="unit price",
    ),
    NamedFigure(
        *("average price per", "money", Figures.average_price, _unit),
        *("average price per MW-year", None, False, "unit price"),
    ),
    NamedFigure(
        *("present value at", "money", lambda result, asked: result.present_value(*asked)),
        *(_discount, "present value at 9%"),
        signed=True,
    ),
)  # fmt: skip
"""Every figure with a name. Its kind says how its value is read and shown."""

_BY_NAME = {figure.name: figure for figure in FIGURES}


class Subject(Protocol):
    """What has figures: a deal, or several in one currency or in more."""

    def of_currency(self, currency: str) -> Figures:
        """The figures in a currency, in the only one where none is named; raises Misread."""


class Measure(NamedTuple):
    """A figure with its argument: `year 2027`. Called with a subject, it gives the value there.

    It may name the `currency`, as it must where the subject has several: `total USD`. Calling it
    raises Misread where there is no such figure: a price per MW without any MW.
    """

    text: str
    figure: NamedFigure
    argument: Any
    currency: str = ""

    def __call__(self, subject: Subject) -> Any:
        """The value, exact; raises Misread."""
        return self.figure.value(subject.of_currency(self.currency), self.argument)

    def days(self, deal: Agreed) -> Days | None:
        """The days that it is about, first and last included; None where that is all of them."""
        return self.figure.days(deal, self.argument) if self.figure.days else None

    def is_before(self, signed: date) -> bool:
        """Whether it is about where a deal stands on a day before it is signed."""
        moment = self.argument if self.figure.rests == "moment" else None
        return moment is not None and moment < signed


RENAMED = {"kept": "earned share"}
"""Names that figures had before."""


def _parsed(text: str) -> tuple[NamedFigure, Any] | None:
    """The figure that a text begins with, the longest that is one, and what follows it."""
    name, rest = text, ""
    while name:
        figure = _BY_NAME.get(name)
        if figure and bool(rest) == bool(figure.argument):
            return figure, figure.argument(rest) if figure.argument else None
        name, _, word = name.rpartition(" ")
        rest = f"{word} {rest}".rstrip()
    return None


@lru_cache(4096)
def measure(text: str) -> Measure:
    """The figure that a text names; raises Misread."""
    text = " ".join(text.split())
    name, _, currency = text.rpartition(" ")
    name, currency = (name, currency) if currency in CURRENCIES else (text, "")
    if known := _parsed(re.sub("^(billed|cash) from ", r"\1 in from ", name)):
        return Measure(text, *known, currency)
    if text in RENAMED:
        message = f"`{text}` is now called `{RENAMED[text]}`"
        raise Misread(message, f"write `{RENAMED[text]}`", code="claim")
    raise Misread(f"unknown figure `{text[:40]}`", _meant(text), code="claim")


def _meant(text: str) -> str:
    """The figure that a text is likely meant to be, and every one there is."""
    if figure := _BY_NAME.get(text):
        return f"write `{'` or `'.join(figure.examples)}`"
    names = [figure.examples[0] for figure in FIGURES]
    meant = closest(text[:40], names)
    return (f"did you mean `{meant}`? " if meant else "") + f"The figures are: {', '.join(names)}"

"""The words of a scenario: one scalar's text to its value.

Every word of the format has one reader here. A reader takes the text as it stands in the file and
gives a frozen value, or raises `Misread` with what is wrong and how to write it. How values are
written as texts again is with the values.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

from dealcalc.terms import shapes
from dealcalc.terms.currencies import CURRENCIES
from dealcalc.terms.dates import FIRST_YEAR, LAST_YEAR, days_in_month
from dealcalc.terms.fees import Fee, FeeAmount, FeeMonths, FeeShare
from dealcalc.terms.misread import Misread, closest, did_you_mean
from dealcalc.terms.numbers import (
    MAX_AMOUNT,
    MAX_MONTHS,
    read_amount,
    read_count,
    read_number,
    read_percent,
    read_rate,
    without_currency,
)
from dealcalc.terms.values import (
    CAPACITY_UNITS,
    PERIODS,
    PERIODS_ALONE,
    UNIT_PERIODS,
    WATTS,
    Price,
    Quantity,
    Span,
)

MAX_SPAN = 10_000
_PRICES = "`1.25bn per month`, `2.10 per GPU-hour`, `2.4bn in total` or `40m once`"


@dataclass(frozen=True)
class Word:
    """One kind of scalar: its name, an example, its reader, and what its texts look like.

    `choices` are its answers where few will do; `largest` is the bound of a bare number.
    """

    name: str
    example: str
    read: Callable[[str], Any]
    shape: str = ""
    choices: tuple[str, ...] = ()
    largest: int | None = None


def one_of(name: str, *known: str) -> Word:
    """The word for a choice among a few plain words."""

    def read(text: str) -> str:
        if text not in known:
            way = did_you_mean(text, known)
            raise Misread(f"{text[:40]} is not one of the answers here", way, code="choice")
        return text

    return Word(name, known[0], read, choices=known)


# --- time -----------------------------------------------------------------------------------------

_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_MONTH = "[0-9]{4}-[0-9]{2}"
_ALMOST = r"([0-9]{4})[-/.]?([0-9]{1,2})(?:[-/.]?([0-9]{1,2}))?(?:[T ].*)?"


@lru_cache(4096)
def read_day(text: str) -> date:
    """A calendar day, `2026-05-01`."""
    if not re.fullmatch(_DAY, text):
        raise _not_a_date(text, "`2026-05-01`", month_will_do=False)
    year, month, day = int(text[:4]), int(text[5:7]), int(text[8:])
    last = _days_of_month(year, month)
    if not 1 <= day <= last:
        end, n = ("last", last) if day else ("first", 1)
        way = f"the {end} day of that month is {text[:8]}{n:02}"
        raise Misread(f"{text[:7]} has no day {day}", way, code="date")
    return date(year, month, day)


@lru_cache(4096)
def read_first_day(text: str) -> date:
    """A day, or a month: its first day."""
    return _day_or_month(text, last=False)


@lru_cache(4096)
def read_last_day(text: str) -> date:
    """A day, or a month: its last day, which is included."""
    return _day_or_month(text, last=True)


def _day_or_month(text: str, last: bool) -> date:
    if re.fullmatch(_DAY, text):
        return read_day(text)
    if not re.fullmatch(_MONTH, text):
        raise _not_a_date(text, "`2026-05-01` or `2026-05`", month_will_do=True)
    year, month = int(text[:4]), int(text[5:])
    days = _days_of_month(year, month)
    return date(year, month, days if last else 1)


def _days_of_month(year: int, month: int) -> int:
    """How many days a month has, if it is one that is read."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        way = f"years run from {FIRST_YEAR} to {LAST_YEAR}"
        raise Misread(f"the year {year:04} is not read", way, code="date")
    if not 1 <= month <= 12:
        raise Misread(f"there is no month {month:02}", "months run from 01 to 12", code="date")
    return days_in_month(year, month)


def _not_a_date(text: str, examples: str, month_will_do: bool) -> Misread:
    way = _date_mended(text, month_will_do) or f"write it like {examples}"
    return Misread(f"{text[:40]} is not a date that is read", way, code="date")


def _date_mended(text: str, month_will_do: bool) -> str:
    """How to write a date that only looks different, or an empty text."""
    if not (parts := re.fullmatch(_ALMOST, text)):
        return ""
    year, month, day = (int(part) if part else 0 for part in parts.groups())
    try:
        days = _days_of_month(year, month)
    except Misread:
        return ""
    if not day:
        known = f"{year:04}-{month:02}"
        return f"write `{known}`" if month_will_do else f"write a day of it, like `{known}-01`"
    return f"write `{year:04}-{month:02}-{day:02}`" if day <= days else ""


@lru_cache(4096)
def read_span(text: str) -> Span:
    """`90 days` or `3 months`: calendar days or calendar months, from 0 to 10,000."""
    match = re.fullmatch(r"(0|[1-9][0-9]{0,8}) ?([A-Za-z]*)", text)
    if not match:
        way = "write it like `90 days` or `3 months`"
        raise Misread(f"{text[:40]} is not a length of time", way, code="span")
    count, unit = int(match[1]), match[2].lower()
    if count > MAX_SPAN:
        raise Misread(f"{text[:40]} is longer than is read", f"the most is {MAX_SPAN}", code="span")
    if unit in ("day", "days", "month", "months"):
        return Span(count, unit.rstrip("s") + "s")
    raise Misread(f"{text[:40]} is not a length of time", _span_help(count, unit), code="span")


def _span_help(count: int, unit: str) -> str:
    period = PERIODS.get(unit.rstrip("s"))
    if period and period.length > 1:
        return f"write `{count * period.length} {period.clock}s`"
    meant = {"d": "days", "m": "months"}.get(unit[:1])
    return f"write `{count} {meant}`" if meant else f"write `{count} days` or `{count} months`"


def read_months(text: str) -> Span:
    """`12 months`: calendar months only."""
    span = read_span(text)
    if span.unit != "months" or not span.count:
        way = "write it like `12 months`"
        raise Misread(f"{text} is not a number of months", way, code="span")
    return span


def read_lock_out(text: str) -> Span | date:
    """A length of time, or the date until which something is barred."""
    return read_day(text) if re.match(r"[0-9]{4}[-/.]", text) else read_span(text)


# --- capacity and price ---------------------------------------------------------------------------


def read_unit(text: str) -> str:
    """A unit of capacity, spelled as in the table of units."""
    if text not in CAPACITY_UNITS:
        way = did_you_mean(text, CAPACITY_UNITS)
        raise Misread(f"{text[:40]} is no unit of capacity", way, code="unit")
    return text


@lru_cache(4096)
def read_quantity(text: str) -> Quantity:
    """`300 MW` or `220000 GPU`: a number of one unit."""
    match = re.fullmatch(r"([^A-Za-z]*?) ?([A-Za-z]+)", text) if len(text) <= 80 else None
    examples = "`300 MW` or `220000 GPU`"
    if not match:
        way = f"write it like {examples}"
        raise Misread(f"{text[:40]} is not a capacity", way, code="capacity")
    unit = read_unit(match[2])
    return Quantity(read_number(match[1], "capacity", examples, f" {unit}"), unit)


def read_capacity(text: str) -> Quantity | str:
    """A quantity, or the name of the charge whose capacity it is."""
    return read_name(text) if text[:1].isalpha() else read_quantity(text)


@lru_cache(4096)
def read_price(text: str) -> Price:
    """`1.25bn per month`, `2.10 per GPU-hour`, `2.4bn in total`, `40m once`."""
    price = _price(text.split()) if len(text) <= 200 else None
    if price is None:
        raise _not_a_price(text)
    return price


def _price(words: list[str]) -> Price | None:
    """The price that some words say; None where they have not the form of one."""
    per: str
    unit: str | None = None
    if words[-2:] == ["in", "total"]:
        per, words = "total", [*words[:-2], "in total"]
    elif words[-1:] == ["once"]:
        per = "once"
    elif words[-2:-1] == ["per"] and words.count("per") == 1:
        (per, unit), words = _per(words[-1]), [*words[:-2], f"per {words[-1]}"]
    else:
        return None
    return Price(read_amount(" ".join(words[:-1]), _PRICES, f" {words[-1]}"), per, unit)


def _per(text: str) -> tuple[str, str | None]:
    """`month` to (month, none); `GPU-hour` to (hour, GPU); `MWh` is MW-hour."""
    if text in PERIODS_ALONE:
        return text, None
    unit, dash, period = text.rpartition("-")
    if not dash and text.endswith("h") and text[:-1] in WATTS:
        unit, dash, period = text[:-1], "-", "hour"
    if not dash or period not in UNIT_PERIODS or unit not in CAPACITY_UNITS:
        raise Misread(f"per {text[:40]} is not read", _per_help(text), code="price")
    return period, unit


def _per_help(text: str) -> str:
    by_unit = (f"{unit}-{period}" for unit in CAPACITY_UNITS for period in UNIT_PERIODS)
    way = closest(text, [*PERIODS_ALONE, *by_unit, "kWh", "MWh", "GWh"])
    if way:
        return f"did you mean `per {way}`?"
    *names, last = PERIODS_ALONE
    return f"it is per {', '.join(names)} or {last}, or per unit: MW-month, GPU-hour, MWh"


def _not_a_price(text: str) -> Misread:
    if way := _price_mended(text[:200]):
        return Misread(f"{text[:40]} is not a price", f"write `{way}`", code="price")
    try:
        read_amount(text)
    except Misread:
        return Misread(f"{text[:40]} is not a price", f"write it like {_PRICES}", code="price")
    way = f"write `{text} per month`, `{text} in total`, `{text} once` or the like"
    return Misread("the price does not say what it is paid for", way, code="price")


def _price_mended(text: str) -> str:
    """A price said in other words, `$5m/month`, `5 per MW per month`, in those that are read."""
    text = re.sub(r" */ *| an? ", " per ", " ".join(text.split()))
    text = re.sub(r"per ([A-Za-z]+)[ -](?:per )?([a-z]+)$", r"per \1-\2", text)
    amount, per, period = text.partition(" per ")
    mended = without_currency(amount) + per + period
    try:
        return mended if _price(mended.split()) is not None else ""
    except Misread:
        return ""


_DAY_OR_LONGER = tuple(name for name, period in PERIODS.items() if period.length >= 1)


def read_fee(text: str) -> Fee:
    """`500m`; `3 months` of the price; `25% of remaining`."""
    share, of, what = text.partition("%")
    if of:
        part = FeeShare(read_percent(f"{share}%", behind=" of remaining"))
        if what.split() != ["of", "remaining"]:
            way = f"write `{share}% of remaining`"
            raise Misread("a share is a share of what remains", way, code="fee")
        return part
    match = re.fullmatch(rf"[0-9]+ ?({'|'.join(_DAY_OR_LONGER)})s?", text.lower())
    if match and match[1] == "day":
        way = "write it like `3 months`, `500m` or `25% of remaining`"
        raise Misread("a fee is not counted in days", way, code="fee")
    return FeeMonths(Fraction(read_months(text).count)) if match else FeeAmount(read_amount(text))


# --- names and plain words ------------------------------------------------------------------------


_CONTROLS = r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]"


def read_free_text(text: str) -> str:
    """Free text, of one or more lines, not empty."""
    bad = None if text.isprintable() else re.search(_CONTROLS, text)
    if bad:
        message = f"a text has no control character in it, and here is U+{ord(bad[0]):04X}"
        raise Misread(message, "take it out", code="text")
    return text


@lru_cache(4096)
def read_name(text: str) -> str:
    """The name of a charge or a case: it becomes a part of a path, so it has no `.`, `:` or `=`."""
    if re.search(r"[.:=]", text):
        way = f"write `{re.sub('[.:=]+', '-', text)[:80].strip()}`"
        raise Misread("a name has no `.`, `:` or `=` in it", way, code="name")
    if not text or text != text.strip() or not text.isprintable() or len(text) > 80:
        message = "a name has 1 to 80 plain characters, and no space at its ends"
        raise Misread(message, "write it like `phase-2`", code="name")
    return text


def read_currency(text: str) -> str:
    """An ISO 4217 code; its minor unit decides the rounding."""
    if text not in CURRENCIES:
        raise Misread(f"{text[:40]} is no ISO 4217 currency", _currency_help(text), code="currency")
    return text


def _currency_help(text: str) -> str:
    code = text.upper() if text.upper() in CURRENCIES else closest(text[:10], sorted(CURRENCIES))
    return f"did you mean `{code}`?" if code else "write the three letters of the code, like `USD`"


AMOUNT = Word("amount", "1.25bn", read_amount, shapes.SUM, largest=MAX_AMOUNT)
PERCENT = Word("percentage from 0% to 100%", "50%", read_percent, shapes.PART)
RATE = Word("rate of change", "3%", read_rate, shapes.CHANGE)
COUNT = Word("number of months", "37", read_count, shapes.MONTHS_ALONE, largest=MAX_MONTHS)
DATE = Word("day", "2026-05-01", read_day, shapes.CALENDAR_DAY)
FIRST_DAY = Word("day, or month for its first day", "2026-05", read_first_day, shapes.DAY_OR_MONTH)
LAST_DAY = Word("day, or month for its last day", "2029-05", read_last_day, shapes.DAY_OR_MONTH)
SPAN = Word("calendar days or months", "90 days", read_span, shapes.LENGTH)
SPAN_OF_MONTHS = Word("calendar months", "12 months", read_months, shapes.LENGTH_IN_MONTHS)
LOCK_OUT = Word(
    "calendar days or months, or a day",
    "3 months",
    read_lock_out,
    f"{shapes.CALENDAR_DAY}|{shapes.LENGTH}",
)
CAPACITY = Word(
    "capacity, or the charge whose capacity it is",
    "300 MW",
    read_capacity,
    f"{shapes.SIZE}|{shapes.NO_SIZE}{shapes.PART_OF_PATH}",
)
PRICE = Word("price", "1.25bn per month", read_price, shapes.SUM_FOR)
FEE = Word(
    "fee",
    "25% of remaining",
    read_fee,
    rf"{shapes.PART}\s*of\s+remaining|{shapes.LENGTH_IN_MONTHS}|{shapes.SUM}",
    largest=MAX_AMOUNT,
)
TEXT = Word("text", "some text", read_free_text, shapes.PLAIN)
NAME = Word("name", "compute", read_name, shapes.PART_OF_PATH)
CURRENCY = Word("currency", "USD", read_currency, choices=tuple(sorted(CURRENCIES)))
PARTY = one_of("party", "either", "buyer", "seller")

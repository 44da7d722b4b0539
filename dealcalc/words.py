"""The words of a scenario: one scalar's text to its value, and back.

Every word of the format has one reader here. A reader takes the text as it stands in the file and
gives a frozen value, or raises `Misread` with what is wrong and how to write it. Numbers are exact
(`Fraction`), ASCII, finite and bounded before any number is made of them.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache, partial
from typing import Any, NoReturn

from dealcalc.dates import FIRST_YEAR, LAST_YEAR, days_in_month

MAX_AMOUNT = 10**18
MAX_TEXT = 2_000

SUFFIXES = {
    "k": 3, "thousand": 3,
    "m": 6, "mm": 6, "mn": 6, "million": 6,
    "b": 9, "bn": 9, "billion": 9,
    "tn": 12, "trillion": 12,
}  # fmt: skip

WATTS = {"W": 1, "kW": 10**3, "MW": 10**6, "GW": 10**9}
"""Units of power, in watts: these convert into one another, nothing else does."""

COUNTED = ("GPU", "TPU", "CPU", "accelerator", "core", "node", "server", "rack", "cabinet", "pod", "TB", "PB")
"""Things that capacity can be counted in, beside power. A new price unit is added here."""

UNITS = (*WATTS, *COUNTED)
PERIODS = ("month", "quarter", "year", "day")
UNIT_PERIODS = ("month", "year", "hour")

# ISO 4217, the list of active codes, by the digits of their minor unit (two, unless named below).
CURRENCIES = frozenset(
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD"
    " CAD CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP"
    " GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR"
    " KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN"
    " MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD"
    " SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX"
    " USD USN UYI UYU UYW UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG".split()
)
_MINOR_UNITS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
MINOR_UNITS = {code: digits for digits, codes in _MINOR_UNITS.items() for code in codes.split()}


class Misread(ValueError):
    """A text that is not the word it stands for: what is wrong, the way out, and a stable code."""

    def __init__(self, message: str, help: str = "", *, code: str) -> None:
        super().__init__(message)
        self.message, self.help, self.code = message, help, code


@dataclass(frozen=True)
class Word:
    """One kind of scalar: its name, what it looks like, its reader, and its shape as a pattern."""

    name: str
    example: str
    read: Callable[[str], Any]
    pattern: str = ""


@dataclass(frozen=True)
class Price:
    """An amount, and what it is paid for.

    `per` is month, quarter, year, day or hour, or `total` (over the charge's term) or `once`. With a
    `unit` the amount is for one unit of the charge's capacity.
    """

    amount: Fraction
    per: str
    unit: str | None = None

    @property
    def recurs(self) -> bool:
        return self.per not in ("total", "once")

    def __str__(self) -> str:
        amount = amount_text(self.amount)
        if not self.recurs:
            return f"{amount} once" if self.per == "once" else f"{amount} in total"
        return f"{amount} per {self.unit}-{self.per}" if self.unit else f"{amount} per {self.per}"


@dataclass(frozen=True)
class Span:
    """A length of time in calendar days or in calendar months."""

    count: int
    unit: str

    def __str__(self) -> str:
        return f"{self.count} {self.unit if self.count != 1 else self.unit[:-1]}"


@dataclass(frozen=True)
class Quantity:
    """So much capacity: a number of one unit."""

    number: Fraction
    unit: str

    def __str__(self) -> str:
        return f"{decimal_text(self.number)} {self.unit}"


@dataclass(frozen=True)
class Share:
    """A part of something, as an exact fraction of one."""

    part: Fraction

    def __str__(self) -> str:
        return percent_text(self.part)


def closest(text: str, known: Iterable[str]) -> str:
    """The known name that `text` is most likely meant to be, or an empty text."""
    from difflib import get_close_matches

    by_case = {name.casefold(): name for name in known}
    found = get_close_matches(text.casefold(), list(by_case), n=1, cutoff=0.6)
    return by_case[found[0]] if found else ""


def did_you_mean(text: str, known: Iterable[str]) -> str:
    """The way out for a mistyped name: the closest known one, else all of them."""
    known = list(known)
    match = closest(text, known)
    return f"did you mean `{match}`?" if match else f"it is one of: {', '.join(known)}"


# --- numbers ---------------------------------------------------------------------------------------

_NUMBER = r"(?:0|[1-9][0-9]{0,2}(?:_[0-9]{3})+|[1-9][0-9]{0,18})(?:\.[0-9]{1,12})?"
_AMOUNT = rf"({_NUMBER})(?:[eE]\+?([0-9]{{1,2}}))?(?: ?([A-Za-z]+))?"


def _bad_number(text: str, code: str, example: str) -> NoReturn:
    """Say why `text` is no number; every kind of number goes wrong in the same ways."""
    if not text.isascii():
        raise Misread("only plain digits are read, 0 to 9", f"write it like {example}", code=code)
    if text.startswith("-"):
        raise Misread("it may not be negative", f"write it like {example}", code=code)
    if re.fullmatch(r"[0-9.]+(,[0-9]+)+.*", text):
        raise Misread("commas are not read in numbers", "write 1250000, 1_250_000 or 1.25m", code=code)
    if re.match(r"[$]|[A-Z]{3} ?[0-9]", text) or text.endswith("$"):
        raise Misread("no currency sign stands in an amount", "the currency is said once, in `currency:`", code=code)
    if re.match(r"0[0-9_]", text):
        raise Misread("a number has no leading zeros", f"write it like {example}", code=code)
    if "_" in text:
        raise Misread(
            "underscores group the digits of a whole number by three", f"write it like {example}", code=code
        )
    raise Misread("this is not a number", f"write it like {example}", code=code)


def _number(text: str, code: str, example: str) -> Fraction:
    if len(text) > 40 or not re.fullmatch(_NUMBER, text) or ("_" in text and "." in text):
        _bad_number(text, code, example)
    return Fraction(text.replace("_", ""))


@lru_cache(4096)
def read_amount(text: str) -> Fraction:
    """`1.25bn`, `1_250_000_000`, `1.25e9`, `12k` in units of the currency; never negative."""
    match = re.fullmatch(_AMOUNT, text) if len(text) <= 60 else None
    if not match or ("_" in text and "." in text):
        _bad_number(text, "amount", "1.25bn, 600m or 1_250_000")
    number, exponent, suffix = match.groups()
    power = int(exponent or 0)
    if suffix:
        if suffix.lower() not in SUFFIXES:
            raise Misread(f"{suffix} is no multiple that is read", did_you_mean(suffix, SUFFIXES), code="amount")
        if exponent:
            raise Misread("an exponent and a multiple say it twice", "write 1.25e9 or 1.25bn", code="amount")
        power = SUFFIXES[suffix.lower()]
    amount = Fraction(number.replace("_", "")) * 10**power
    if amount > MAX_AMOUNT:
        raise Misread("this is more than amounts may be, 1e18", "are there too many zeros?", code="amount")
    return amount


@lru_cache(4096)
def read_percent(text: str, least: int = 0, most: int = 100) -> Fraction:
    """`50%` as a fraction of one; by default from 0% to 100%."""
    body, sign, rest = text.partition("%")
    if not sign or rest:
        raise Misread("this is not a percentage", "write it like 50% or 12.5%", code="percent")
    minus = body.startswith("-") and least < 0
    value = _number(body.rstrip(" ").removeprefix("-" if minus else ""), "percent", "50% or 12.5%")
    value = -value if minus else value
    if not least <= value <= most:
        raise Misread(f"{text} is outside {least}% to {most}%", "", code="percent")
    return value / 100


@lru_cache(4096)
def read_rate(text: str) -> Fraction:
    """The rate of an escalator: `3%`; a price that falls has a minus. Four decimals at most.

    The bound on decimals keeps the exact powers of (1 + rate) at a size that is quick to compute.
    """
    rate = read_percent(text, -99, 100)
    if (rate * 10**6).denominator != 1:
        raise Misread(f"{text} has more than four decimals", "round it to 0.0001%", code="percent")
    return rate


def read_count(text: str) -> int:
    """A number of months: a whole number from 1 to 2760 (the years that are read hold no more)."""
    if re.fullmatch(r"[1-9][0-9]{0,3}", text) and int(text) <= 12 * (LAST_YEAR - FIRST_YEAR + 1):
        return int(text)
    raise Misread(f"{text[:40]} is not a whole number from 1 to 2760", "write it like 37", code="count")


# --- time ------------------------------------------------------------------------------------------


def _not_a_date(text: str, example: str) -> NoReturn:
    parts = re.fullmatch(r"([0-9]{4})[-/.]([0-9]{1,2})(?:[-/.]([0-9]{1,2}))?", text)
    way = f"write it like {example}"
    if parts and text.isascii():
        year, month, day = (int(part) if part else 1 for part in parts.groups())
        if 1 <= month <= 12 and FIRST_YEAR <= year <= LAST_YEAR and 1 <= day <= days_in_month(year, month):
            way = f"write {year:04}-{month:02}" + (f"-{day:02}" if parts[3] else "")
    raise Misread(f"{text[:40]} is not a date that is read", way, code="date")


def _year_month(year: int, month: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Misread(f"the year {year:04} is not read", f"years run from {FIRST_YEAR} to {LAST_YEAR}", code="date")
    if not 1 <= month <= 12:
        raise Misread(f"there is no month {month:02}", "months run from 01 to 12", code="date")


@lru_cache(4096)
def read_day(text: str) -> date:
    """A calendar day, `2026-05-01`."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) or not text.isascii():
        _not_a_date(text, "2026-05-01")
    year, month, day = int(text[:4]), int(text[5:7]), int(text[8:])
    _year_month(year, month)
    last = days_in_month(year, month)
    if not 1 <= day <= last:
        way = f"the last day of that month is {text[:8]}{last}" if day else f"the first day is {text[:8]}01"
        raise Misread(f"{text[:7]} has no day {day}", way, code="date")
    return date(year, month, day)


def _day_or_month(text: str, last: bool) -> date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}", text) or not text.isascii():
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return read_day(text)
        _not_a_date(text, "2026-05-01 or 2026-05")
    year, month = int(text[:4]), int(text[5:])
    _year_month(year, month)
    return date(year, month, days_in_month(year, month) if last else 1)


read_first_day = lru_cache(4096)(partial(_day_or_month, last=False))
read_first_day.__doc__ = "A day, or a month: its first day."
read_last_day = lru_cache(4096)(partial(_day_or_month, last=True))
read_last_day.__doc__ = "A day, or a month: its last day, which is included."


@lru_cache(4096)
def read_span(text: str) -> Span:
    """`90 days` or `3 months`: calendar days or calendar months, from 0 to 10,000."""
    match = re.fullmatch(r"(0|[1-9][0-9]{0,4}) ?([A-Za-z]+)", text)
    if not match or int(match[1]) > 10_000:
        raise Misread(f"{text[:40]} is not a length of time", "write it like 90 days or 3 months", code="span")
    count, unit = int(match[1]), match[2].lower()
    if unit in ("day", "days", "month", "months"):
        return Span(count, unit.rstrip("s") + "s")
    for other, times, plain in (("week", 7, "days"), ("quarter", 3, "months"), ("year", 12, "months")):
        if unit.rstrip("s") == other:
            raise Misread(f"{other}s are not read", f"write {count * times} {plain}", code="span")
    raise Misread(f"{match[2]} is no length of time", did_you_mean(unit, ("days", "months")), code="span")


def read_months(text: str) -> Span:
    """`12 months`: calendar months only."""
    span = read_span(text)
    if span.unit != "months" or not span.count:
        raise Misread(f"{text[:40]} is not a number of months", "write it like 12 months", code="span")
    return span


def read_lock_out(text: str) -> Span | date:
    """A length of time, or the date until which something is barred."""
    return read_day(text) if re.match(r"[0-9]{4}-", text) else read_span(text)


# --- capacity and price ----------------------------------------------------------------------------


def read_unit(text: str) -> str:
    """A unit of capacity, spelled as in the table of units."""
    if text not in UNITS:
        raise Misread(f"{text[:40]} is no unit of capacity", did_you_mean(text[:40], UNITS), code="unit")
    return text


@lru_cache(4096)
def read_quantity(text: str) -> Quantity:
    """`300 MW` or `220000 GPU`: a number of one unit."""
    match = re.fullmatch(r"([^A-Za-z]*?) ?([A-Za-z]+)", text) if len(text) <= 80 else None
    if not match:
        raise Misread(f"{text[:40]} is not a capacity", "write it like 300 MW or 220000 GPU", code="capacity")
    return Quantity(_number(match[1], "capacity", "300 MW or 220000 GPU"), read_unit(match[2]))


def read_capacity(text: str) -> Quantity | str:
    """A quantity, or the name of the charge whose capacity it is."""
    return read_name(text) if text[:1].isalpha() else read_quantity(text)


def convert(quantity: Quantity, unit: str) -> Fraction | None:
    """How many of `unit` a quantity is, or None where they measure different things."""
    if quantity.unit == unit:
        return quantity.number
    if quantity.unit in WATTS and unit in WATTS:
        return quantity.number * WATTS[quantity.unit] / WATTS[unit]
    return None


def _per(text: str) -> tuple[str, str | None]:
    """`month` to (month, none); `GPU-hour` to (hour, GPU); `MWh` is MW-hour."""
    if text in PERIODS:
        return text, None
    unit, dash, period = text.rpartition("-")
    if not dash and text.endswith("h") and text[:-1] in WATTS:
        unit, dash, period = text[:-1], "-", "hour"
    if not dash or period not in UNIT_PERIODS or unit not in UNITS:
        known = [*PERIODS, *(f"{unit}-{period}" for unit in UNITS for period in UNIT_PERIODS), "kWh", "MWh", "GWh"]
        way = closest(text, known)
        help = f"did you mean `per {way}`?" if way else "write per month, quarter, year, day, MW-month, GPU-hour, ..."
        raise Misread(f"per {text[:40]} is not read", help, code="price")
    return period, unit


@lru_cache(4096)
def read_price(text: str) -> Price:
    """`1.25bn per month`, `2.10 per GPU-hour`, `2.4bn in total`, `40m once`."""
    words = text.split() if len(text) <= 200 else []
    if words[-2:] == ["in", "total"]:
        return Price(read_amount(" ".join(words[:-2])), "total")
    if words[-1:] == ["once"]:
        return Price(read_amount(" ".join(words[:-1])), "once")
    if len(words) < 3 or words[-2] != "per":
        _not_a_price(text)
    amount = read_amount(" ".join(words[:-2]))
    return Price(amount, *_per(words[-1]))


def _not_a_price(text: str) -> NoReturn:
    amount, slash, per = text[:200].partition("/")
    if slash:
        raise Misread(f"{text[:40]} is not a price", f"write {amount.strip()} per {per.strip()}", code="price")
    try:
        read_amount(text)
    except Misread:
        help = "write it like 1.25bn per month, 2.10 per GPU-hour, 40m once or 2.4bn in total"
        raise Misread(f"{text[:40]} is not a price", help, code="price") from None
    raise Misread(
        "the price does not say what it is paid for", f"write {text} per month, or in total, or once", code="price"
    )


def read_fee(text: str) -> Fraction | Span | Share:
    """`500m`; `3 months` of the price; `25% of remaining`."""
    share, of, what = text.partition("%")
    if of:
        if what.split() != ["of", "remaining"]:
            raise Misread("a share is a share of what remains", f"write {share}% of remaining", code="fee")
        return Share(read_percent(f"{share}%"))
    if re.fullmatch(r"[0-9]+ ?[A-Za-z]*months?", text):
        return read_months(text)
    if re.fullmatch(r"[0-9]+ ?days?", text):
        raise Misread("a fee is not counted in days", "write it like 3 months, 500m or 25% of remaining", code="fee")
    return read_amount(text)


# --- names and plain words -------------------------------------------------------------------------


def read_text(text: str) -> str:
    """Free text, not empty."""
    if len(text) > MAX_TEXT:
        raise Misread(f"a text holds at most {MAX_TEXT} characters", "say it in fewer words", code="text")
    return text


def read_name(text: str) -> str:
    """The name of a charge or a case: it becomes a part of a path, so it has no `.`, `:` or `=`."""
    if re.search(r"[.:=]", text) or text != text.strip() or not text.isprintable() or len(text) > 80:
        raise Misread("a name has no `.`, `:` or `=` in it, and at most 80 characters", "use a hyphen", code="name")
    return text


def read_currency(text: str) -> str:
    """An ISO 4217 code; its minor unit decides the rounding."""
    if text not in CURRENCIES:
        raise Misread(f"{text[:40]} is no ISO 4217 currency", _currency_help(text), code="currency")
    return text


def _currency_help(text: str) -> str:
    code = text.upper() if text.upper() in CURRENCIES else closest(text[:10], sorted(CURRENCIES))
    return f"did you mean `{code}`?" if code else "write the three letters of the code, like USD"


def one_of(name: str, *known: str) -> Word:
    """The word for a choice among a few plain words."""

    def read(text: str) -> str:
        if text not in known:
            raise Misread(f"{text[:40]} is not one of the answers here", did_you_mean(text[:40], known), code="choice")
        return text

    return Word(name, known[0], read, "|".join(known))


def half_up(value: Fraction, places: int) -> int:
    """`value` in units of 10^-places, a half away from zero: the one rounding there is."""
    numerator, denominator = abs(value.numerator) * 10**places, value.denominator
    rounded = (2 * numerator + denominator) // (2 * denominator)
    return rounded if value >= 0 else -rounded


# --- values back to text ---------------------------------------------------------------------------


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
    """The shortest way to write an amount: `1.25bn`, `600m`, `12k`, `155`."""
    for suffix in ("tn", "bn", "m", "k"):
        scaled = amount / 10 ** SUFFIXES[suffix]
        if scaled >= 1 and (text := decimal_text(scaled)).find("/") < 0 and len(text.partition(".")[2]) <= 3:
            return text + suffix
    return decimal_text(amount)


def percent_text(share: Fraction) -> str:
    """`50%`, exactly."""
    return f"{decimal_text(share * 100)}%"


AMOUNT = Word("amount", "1.25bn", read_amount)
PERCENT = Word("percentage from 0% to 100%", "50%", read_percent)
RATE = Word("rate of change", "3%", read_rate)
COUNT = Word("number of months", "37", read_count)
DAY = Word("day", "2026-05-01", read_day)
FIRST_DAY = Word("day, or month for its first day", "2026-05", read_first_day)
LAST_DAY = Word("day, or month for its last day", "2029-05", read_last_day)
SPAN = Word("calendar days or months", "90 days", read_span)
SPAN_OF_MONTHS = Word("calendar months", "12 months", read_months)
LOCK_OUT = Word("calendar days or months, or a day", "3 months", read_lock_out)
QUANTITY = Word("quantity of capacity", "300 MW", read_quantity)
CAPACITY = Word("capacity, or the charge whose capacity it is", "300 MW", read_capacity)
PRICE = Word("price", "1.25bn per month", read_price)
FEE = Word("fee", "25% of remaining", read_fee)
TEXT = Word("text", "xAI", read_text)
NAME = Word("name", "compute", read_name)
CURRENCY = Word("currency", "USD", read_currency)
PARTY = one_of("party", "either", "buyer", "seller")

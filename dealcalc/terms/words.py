"""The words of a scenario: one scalar's text to its value, and back.

Every word of the format has one reader here. A reader takes the text as it stands in the file and
gives a frozen value, or raises `Misread` with what is wrong and how to write it. Numbers are exact
(`Fraction`), ASCII, finite and bounded before any number is made of them.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate
from typing import Any

from dealcalc.terms.dates import FIRST_YEAR, LAST_YEAR, add_months, days_in_month

MAX_POWER = 18
MAX_AMOUNT = 10**MAX_POWER
MAX_DIGITS = 40
MAX_SPAN = 10_000
MAX_MONTHS = 12 * (LAST_YEAR - FIRST_YEAR + 1)

SUFFIXES = {
    "k": 3, "thousand": 3,
    "m": 6, "mm": 6, "mn": 6, "million": 6,
    "b": 9, "bn": 9, "billion": 9,
    "tn": 12, "trillion": 12,
}  # fmt: skip

WATTS = {"W": 1, "kW": 10**3, "MW": 10**6, "GW": 10**9}
"""Units of power, in watts: these convert into one another, nothing else does."""

COUNTED = (
    *("GPU", "TPU", "CPU", "accelerator", "core", "node", "server"),
    *("rack", "cabinet", "pod", "TB", "PB"),
)
"""Things that capacity can be counted in, beside power. A new price unit is added here."""

UNITS = (*WATTS, *COUNTED)
PERIODS = ("month", "quarter", "year", "day")
UNIT_PERIODS = ("month", "year", "hour")

# ISO 4217, the list of active codes, by the digits of their minor unit (two, unless named below).
_CODES = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN"
    " BZD CAD CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR"
    " FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY"
    " KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU"
    " MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON"
    " RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP"
    " TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER"
    " ZAR ZMW ZWG"
)
_MINOR_UNITS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
CURRENCIES = frozenset(_CODES.split())
MINOR_UNITS = {code: digits for digits, codes in _MINOR_UNITS.items() for code in codes.split()}


class Misread(ValueError):
    """A text that is not the word it stands for: what is wrong, the way out, and a stable code.

    A way out that can be written down as it is stands between backticks.
    """

    def __init__(self, message: str, help: str = "", *, code: str) -> None:
        super().__init__(message)
        self.message, self.help, self.code = message, help, code


@dataclass(frozen=True)
class Word:
    """One kind of scalar: its name, what it looks like, its reader, and its answers if few do."""

    name: str
    example: str
    read: Callable[[str], Any]
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Price:
    """An amount, and what it is paid for.

    `per` is month, quarter, year, day or hour, or `total` (over the charge's term) or `once`. With
    a `unit` the amount is for one unit of the charge's capacity.
    """

    amount: Fraction
    per: str
    unit: str | None = None

    @property
    def recurs(self) -> bool:
        """Whether it is paid again and again, unlike `in total` and `once`."""
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

    def after(self, day: date) -> date:
        """The day so much later than `day`, which is not counted; a month's end holds it back."""
        months = self.unit == "months"
        return add_months(day, self.count) if months else day + timedelta(self.count)


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
    found = get_close_matches(text[:40].casefold(), list(by_case), n=1)
    return by_case[found[0]] if found else ""


def did_you_mean(text: str, known: Iterable[str]) -> str:
    """The way out for a mistyped name: the closest known one, else the first dozen of them."""
    names = list(known)
    if match := closest(text, _first(names, 2_000)):
        return f"did you mean `{match}`?"
    listed = ", ".join(name[:40] for name in names[:12])
    return f"it is one of: {listed}{', ...' if len(names) > 12 else ''}"


def _first(names: list[str], room: int) -> Iterator[str]:
    """As many names as have room: comparing takes long, and names come from strangers too."""
    for name, length in zip(names, accumulate(map(len, names)), strict=True):
        if length > room:
            return
        yield name


# --- numbers --------------------------------------------------------------------------------------

NUMBER = r"(?:0|[1-9][0-9]{0,2}(?:_[0-9]{3})+(?!\.)|[1-9][0-9]*)(?:\.[0-9]+)?"
_AMOUNT = rf"({NUMBER})(?:[eE]\+?([0-9]{{1,9}}))?(?: ?([A-Za-z]+))?"
_PRICES = "`1.25bn per month`, `2.10 per GPU-hour`, `2.4bn in total` or `40m once`"
_SIGN = r"[A-Z]{0,2}[$€£¥₩₹₽₺₪฿₫]"


def _number(text: str, code: str, examples: str, unit: str = "", power: int = 0) -> Fraction:
    """A number before its unit, times a power of ten; `examples`, `unit` are for the way out."""
    if len(text) > MAX_DIGITS or not re.fullmatch(NUMBER, text):
        raise _bad_number(text, code, examples, unit)
    whole, _, decimals = text.replace("_", "").partition(".")
    digits, power = int(whole + decimals), power - len(decimals)
    # Fraction reads texts, too, and takes as long for one as all the rest here.
    number = Fraction(digits * 10 ** max(power, 0), 10 ** max(-power, 0))
    if number > MAX_AMOUNT:
        raise _too_much(code)
    return number


def _too_much(code: str) -> Misread:
    return Misread(f"it is more than 1e{MAX_POWER}", "are there too many zeros?", code=code)


def _bad_number(text: str, code: str, examples: str, unit: str = "") -> Misread:
    """Why `text` is no number: every kind of number goes wrong in the same ways."""
    if len(text) > MAX_DIGITS:
        return Misread(f"a number has at most {MAX_DIGITS} characters", "round it", code=code)
    message, mended = _mended(text)
    way = f"write it like {examples}"
    if re.fullmatch(_AMOUNT, mended):
        way = f"write `{mended}{unit}`"
        if text.count(",") == 1 and "." not in mended:
            way += f", or `{text.replace(',', '.')}{unit}` if the comma is a decimal one"
    return Misread(message, way, code=code)


def _mended(text: str) -> tuple[str, str]:
    """What is wrong with a number, and the text without that fault."""
    if not text:
        return "there is no number here", ""
    if text.startswith("-"):
        return "it may not be negative", ""
    if (bare := _without_currency(text)) != text:
        return "no currency stands in an amount: it is said once, in `currency:`", bare
    if re.match(r"[0-9]{1,3}([, ][0-9]{3})+(?![0-9])", text):
        return "a number has no commas or spaces in it", re.sub(r"[, ](?=[0-9]{3})", "", text)
    if re.match(r"[0-9]+,[0-9]", text):
        return "a number has no comma in it", text.replace(",", ".")
    if re.match(r"0[0-9_]", text):
        return "a number has no leading zeros", text.lstrip("0_")
    if "_" in text:
        grouped = "underscores group the digits of a whole number by three"
        return grouped, text.replace("_", "")
    if not text.isascii():
        return "only the digits 0 to 9 are read", ""
    return f"{text} is not a number", ""


def _without_currency(text: str) -> str:
    """The text without a sign or code of a currency before or after the number."""
    for pattern in (rf"^(?:{_SIGN}|([A-Z]{{3}})) ?(?=[0-9])", rf" ?(?:{_SIGN}|\b([A-Z]{{3}}))$"):
        found = re.search(pattern, text)
        if found and (found[1] is None or found[1] in CURRENCIES):
            text = text[: found.start()] + text[found.end() :]
    return text


@lru_cache(4096)
def read_amount(text: str) -> Fraction:
    """`1.25bn`, `1_250_000_000`, `1.25e9`, `12k` in units of the currency; never negative."""
    return _amount(text, "`1.25bn`, `600m` or `1_250_000`")


def _amount(text: str, examples: str, behind: str = "") -> Fraction:
    """An amount, and for the way out what stands behind it."""
    match = re.fullmatch(_AMOUNT, text) if len(text) <= MAX_DIGITS + 20 else None
    if not match or match[3] in CURRENCIES:
        raise _bad_number(text, "amount", examples, behind)
    number, exponent, suffix = match.groups()
    if suffix and exponent:
        way = "write it like `1.25e9` or `1.25bn`"
        raise Misread("an exponent and a multiple say it twice", way, code="amount")
    power = _power(suffix) if suffix else int(exponent or 0)
    # Judged before it is used: 10 to the power of 999999999 takes more memory than there is.
    if power > MAX_POWER:
        raise _too_much("amount")
    return _number(number, "amount", examples, behind, power)


def _power(suffix: str) -> int:
    """The power of ten of a multiple: 9 for `bn`."""
    if suffix.lower() not in SUFFIXES:
        # Any two letters are close to some multiple.
        way = did_you_mean(suffix if len(suffix) > 2 else "", SUFFIXES)
        raise Misread(f"{suffix} is no multiple that is read", way, code="amount")
    return SUFFIXES[suffix.lower()]


@lru_cache(4096)
def read_percent(text: str, least: int = 0, most: int = 100, behind: str = "") -> Fraction:
    """`50%` as a fraction of one; by default from 0% to 100%.

    What stands `behind` it in the file is for the way out.
    """
    body, sign, rest = text.partition("%")
    if not sign or rest:
        raise Misread(f"{text[:40]} is not a percentage", _percent_help(text), code="percent")
    minus = body.startswith("-") and least < 0
    digits = body.rstrip(" ").removeprefix("-" if minus else "")
    examples = f"`50%{behind}` or `12.5%{behind}`"
    value = _number(digits, "percent", examples, f"%{behind}") * (-1 if minus else 1)
    if not least <= value <= most:
        end, bound = ("most", most) if value > most else ("least", least)
        message = f"{text[:40]} is outside {least}% to {most}%"
        raise Misread(message, f"the {end} is `{bound}%{behind}`", code="percent")
    return value / 100


def _percent_help(text: str) -> str:
    number = re.fullmatch(NUMBER, text) if len(text) <= MAX_DIGITS else None
    if not number or Fraction(text) > 100:
        return "write it like `50%` or `12.5%`"
    if "." in text and Fraction(text) < 1:
        return f"write `{percent_text(Fraction(text))}` or `{text}%`, whichever is meant"
    return f"write `{text}%`"


@lru_cache(4096)
def read_rate(text: str) -> Fraction:
    """The rate of an escalator: `3%`; a price that falls has a minus. Four decimals at most."""
    return _of_four_decimals(text, read_percent(text, -99, 100))


def read_chance(text: str) -> Fraction:
    """A chance that comes again and again: `2%`. Four decimals at most."""
    return _of_four_decimals(text, read_percent(text))


def _of_four_decimals(text: str, share: Fraction) -> Fraction:
    """The share itself: the bound keeps its exact powers at a size that is quick to compute."""
    if (share * 10**6).denominator != 1:
        rounded = percent_text(Fraction(half_up(share, 6), 10**6))
        message = f"{text[:40]} has more than four decimals"
        raise Misread(message, f"write `{rounded}`", code="percent")
    return share


def read_count(text: str) -> int:
    """A number of months: a whole number from 1 to 2760 (the years that are read hold no more)."""
    if re.fullmatch(r"[1-9][0-9]{0,3}", text) and int(text) <= MAX_MONTHS:
        return int(text)
    months = re.fullmatch(r"([1-9][0-9]?) ?months?", text)
    way = f"write `{months[1]}`" if months else "write it like `37`"
    raise Misread(f"{text[:40]} is not a whole number from 1 to {MAX_MONTHS}", way, code="count")


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
    others = {"week": (7, "days"), "quarter": (3, "months"), "year": (12, "months")}
    if other := others.get(unit.rstrip("s")):
        return f"write `{count * other[0]} {other[1]}`"
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
    if text not in UNITS:
        way = did_you_mean(text, UNITS)
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
    return Quantity(_number(match[1], "capacity", examples, f" {unit}"), unit)


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
    return Price(_amount(" ".join(words[:-1]), _PRICES, f" {words[-1]}"), per, unit)


def _per(text: str) -> tuple[str, str | None]:
    """`month` to (month, none); `GPU-hour` to (hour, GPU); `MWh` is MW-hour."""
    if text in PERIODS:
        return text, None
    unit, dash, period = text.rpartition("-")
    if not dash and text.endswith("h") and text[:-1] in WATTS:
        unit, dash, period = text[:-1], "-", "hour"
    if not dash or period not in UNIT_PERIODS or unit not in UNITS:
        raise Misread(f"per {text[:40]} is not read", _per_help(text), code="price")
    return period, unit


def _per_help(text: str) -> str:
    by_unit = (f"{unit}-{period}" for unit in UNITS for period in UNIT_PERIODS)
    way = closest(text, [*PERIODS, *by_unit, "kWh", "MWh", "GWh"])
    if way:
        return f"did you mean `per {way}`?"
    return "it is per month, quarter, year or day, or per unit: MW-month, GPU-hour, MWh"


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
    mended = _without_currency(amount) + per + period
    try:
        return mended if _price(mended.split()) is not None else ""
    except Misread:
        return ""


def read_fee(text: str) -> Fraction | Span | Share:
    """`500m`; `3 months` of the price; `25% of remaining`."""
    share, of, what = text.partition("%")
    if of:
        part = Share(read_percent(f"{share}%", behind=" of remaining"))
        if what.split() != ["of", "remaining"]:
            way = f"write `{share}% of remaining`"
            raise Misread("a share is a share of what remains", way, code="fee")
        return part
    match = re.fullmatch(r"([0-9]+) ?(days?|weeks?|months?|quarters?|years?)", text.lower())
    if match and match[2].startswith("day"):
        way = "write it like `3 months`, `500m` or `25% of remaining`"
        raise Misread("a fee is not counted in days", way, code="fee")
    return read_months(text) if match else read_amount(text)


# --- names and plain words ------------------------------------------------------------------------


_CONTROLS = r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]"


def read_text(text: str) -> str:
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


def one_of(name: str, *known: str) -> Word:
    """The word for a choice among a few plain words."""

    def read(text: str) -> str:
        if text not in known:
            way = did_you_mean(text, known)
            raise Misread(f"{text[:40]} is not one of the answers here", way, code="choice")
        return text

    return Word(name, known[0], read, known)


# --- values back to text --------------------------------------------------------------------------


def half_up(value: Fraction, places: int) -> int:
    """`value` in units of 10^-places, a half away from zero: the one rounding there is."""
    return half_up_ratio(value.numerator, value.denominator, places)


def half_up_ratio(numerator: int, denominator: int, places: int) -> int:
    """`half_up` of a ratio that need not be in its lowest terms; the denominator is positive."""
    rounded: int = (2 * abs(numerator) * 10**places + denominator) // (2 * denominator)
    return rounded if numerator >= 0 else -rounded


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
CAPACITY = Word("capacity, or the charge whose capacity it is", "300 MW", read_capacity)
PRICE = Word("price", "1.25bn per month", read_price)
FEE = Word("fee", "25% of remaining", read_fee)
TEXT = Word("text", "some text", read_text)
NAME = Word("name", "compute", read_name)
CURRENCY = Word("currency", "USD", read_currency, tuple(sorted(CURRENCIES)))
PARTY = one_of("party", "either", "buyer", "seller")

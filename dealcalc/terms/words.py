"""The words of a scenario: one scalar's text to its value.

Every word of the format has one reader here. A reader takes the text as it stands in the file and
gives a frozen value, or raises `Misread` with what is wrong and how to write it. How values are
written as texts again is with the values.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from dealcalc.terms import shapes
from dealcalc.terms.currencies import CURRENCIES, codes_of
from dealcalc.terms.misread import Misread, closest, did_you_mean
from dealcalc.terms.money import in_currency, read_fee, read_price, read_quantity
from dealcalc.terms.numbers import MAX_AMOUNT, MAX_MONTHS, read_amount, read_percent, read_rate
from dealcalc.terms.times import (
    MAX_TIMES,
    MAX_YEARS,
    read_count,
    read_day,
    read_every,
    read_first_day,
    read_given,
    read_index,
    read_last_day,
    read_lock_out,
    read_month_number,
    read_span,
    read_times,
    read_years,
)
from dealcalc.terms.values import Price, Quantity, amount_text


@dataclass(frozen=True)
class Word:
    """One kind of scalar: its name, an example, its reader, and what its texts look like.

    `choices` are its answers where few will do; `largest` is the bound of a bare number. `write`
    gives the text of a value that people write in many ways. Only where a word `is_money` may its
    text name the currency, which is taken away before it is read.
    """

    name: str
    example: str
    read: Callable[[str], Any]
    shape: str = ""
    choices: tuple[str, ...] = ()
    largest: int | None = None
    write: Callable[[Any], str] | None = None
    is_money: bool = False

    def rewritten(self, text: str, currency: str) -> str:
        """A text of the word as its value is written, `10m per month` for `$10m/month`."""
        bare = self.bare(text, currency)
        return self.write(self.read(bare)) if self.write else bare

    def bare(self, text: str, currency: str | None) -> str:
        """A text of the word without the currency that it may name; raises Misread for another."""
        return in_currency(text, currency) if self.is_money else text


def one_of(name: str, *known: str, synonyms: Mapping[str, str] = MappingProxyType({})) -> Word:
    """The word for a choice among a few plain words; a synonym of one is no answer, but a hint."""

    def read(text: str) -> str:
        if text not in known:
            way = did_you_mean(synonyms.get(text.lower(), text), known)
            raise Misread(f"invalid value `{text[:40]}`", way, code="choice")
        return text

    return Word(name, known[0], read, choices=known)


# --- names and plain words ------------------------------------------------------------------------


_CONTROLS = r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]"


def read_free_text(text: str) -> str:
    """Free text, of one or more lines, not empty."""
    bad = None if text.isprintable() else re.search(_CONTROLS, text)
    if bad:
        message = f"a text cannot contain control characters; this one has U+{ord(bad[0]):04X}"
        raise Misread(message, "remove it", code="text")
    return text


AT_MARKET = "at market"
"""The price of what is renewed at a price that nobody can know yet: it is never priced."""


def read_renewal_price(text: str) -> Price | str:
    """A price, or `at market`."""
    if text == AT_MARKET:
        return text
    if re.search(r"market|prevailing|\bfmv\b", text, re.IGNORECASE):
        raise Misread(f"invalid price `{text[:40]}`", f"write `{AT_MARKET}`", code="price")
    return read_price(text)


def read_capacity(text: str) -> Quantity | str:
    """A quantity, or the name of the charge whose capacity it is."""
    return read_name(text) if text[:1].isalpha() else read_quantity(text)


@lru_cache(4096)
def read_name(text: str) -> str:
    """The name of a charge or a case: it becomes a part of a path, so it has no `.`, `:` or `=`."""
    if re.search(r"[.:=]", text):
        way = f"write `{re.sub('[.:=]+', '-', text)[:80].strip()}`"
        raise Misread("a name cannot contain `.`, `:` or `=`", way, code="name")
    if not text or text != text.strip() or not text.isprintable() or len(text) > 80:
        message = "a name has 1 to 80 plain characters, and no space at its ends"
        raise Misread(message, "write it like `phase-2`", code="name")
    return text


def read_currency(text: str) -> str:
    """An ISO 4217 code; its minor unit decides the rounding."""
    if text not in CURRENCIES:
        way = _currency_help(text)
        raise Misread(f"unknown currency `{text[:40]}`", way, code="currency")
    return text


def _currency_help(text: str) -> str:
    known = [*codes_of(text.upper()[:3]), closest(text[:10], sorted(CURRENCIES))]
    return f"did you mean `{known[0]}`?" if known[0] else "write its ISO 4217 code, like `USD`"


_PARTIES = {
    **dict.fromkeys(("tenant", "lessee", "customer", "client", "licensee", "offtaker"), "buyer"),
    **dict.fromkeys(("landlord", "lessor", "provider", "supplier", "vendor", "licensor"), "seller"),
    **dict.fromkeys(("both", "any", "anyone", "each", "mutual"), "either"),
}

AMOUNT = Word(
    *("amount", "1.25bn", read_amount, shapes.SUM),
    largest=MAX_AMOUNT,
    write=amount_text,
    is_money=True,
)
PERCENT = Word("percentage from 0% to 100%", "50%", read_percent, shapes.PART)
RATE = Word("rate of change", "3%", read_rate, shapes.CHANGE)
COUNT = Word("number of months", "37", read_count, shapes.MONTHS_ALONE, largest=MAX_MONTHS)
MONTH = Word("month from 1 to 12", "6", read_month_number, shapes.MONTH_ALONE, largest=12)
INDEX = Word("number counted from 0", "1", read_index, shapes.INDEX)
YEARS = Word("number of years", "15", read_years, shapes.YEARS_ALONE, largest=MAX_YEARS)
TIMES = Word("number of times", "3", read_times, shapes.TIMES_ALONE, largest=MAX_TIMES)
DATE = Word("day", "2026-05-01", read_day, shapes.CALENDAR_DAY)
GIVEN = Word("day", "2027-03-15", read_given, shapes.CALENDAR_DAY)
FIRST_DAY = Word("day, or month for its first day", "2026-05", read_first_day, shapes.DAY_OR_MONTH)
LAST_DAY = Word("day, or month for its last day", "2029-05", read_last_day, shapes.DAY_OR_MONTH)
SPAN = Word("calendar days or months", "90 days", read_span, shapes.LENGTH, write=str)
EVERY = Word("calendar months", "12 months", read_every, shapes.HOW_OFTEN, write=str)
LOCK_OUT = Word(
    "calendar days or months, or a day",
    "3 months",
    read_lock_out,
    f"{shapes.CALENDAR_DAY}|{shapes.LENGTH}",
    write=str,
)
CAPACITY = Word(
    "capacity, or the charge whose capacity it is",
    "300 MW",
    read_capacity,
    f"{shapes.SIZE}|{shapes.NO_SIZE}{shapes.PART_OF_PATH}",
)
PRICE = Word("price", "1.25bn per month", read_price, shapes.SUM_FOR, write=str, is_money=True)
RENEWAL_PRICE = Word(
    "price, or `at market`",
    "150 per kW-month",
    read_renewal_price,
    f"{shapes.SUM_FOR}|{AT_MARKET}",
    write=str,
    is_money=True,
)
FEE = Word(
    "fee",
    "25% of remaining",
    read_fee,
    rf"{shapes.PART}\s*of\s+remaining|{shapes.LENGTH_IN_MONTHS}|{shapes.SUM}",
    largest=MAX_AMOUNT,
    write=str,
    is_money=True,
)
TEXT = Word("text", "some text", read_free_text, shapes.PLAIN)
NAME = Word("name", "compute", read_name, shapes.PART_OF_PATH)
CURRENCY = Word("currency", "USD", read_currency, choices=tuple(sorted(CURRENCIES)))
TRUTH = one_of("expectation", "true", "false")
PAYER = one_of("payer", "buyer", "seller", synonyms=_PARTIES)
HOLDER = one_of("party", "buyer", "seller", synonyms=_PARTIES)
PARTY = one_of("party", "either", "buyer", "seller", synonyms=_PARTIES)

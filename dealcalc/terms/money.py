"""What is sold and what is paid for it: capacities, prices and fees, from one scalar's text.

An amount may name the currency, `USD 10m` or `$10m/month`, if it is the one of its file.
"""

import re
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from itertools import product

from dealcalc.terms.currencies import MARK, SIGNS, codes_of
from dealcalc.terms.fees import Fee, FeeAmount, FeeMonths, FeeShare
from dealcalc.terms.misread import Misread, closest, did_you_mean
from dealcalc.terms.numbers import read_amount, read_number, read_percent
from dealcalc.terms.times import SPANS, any_of, read_months
from dealcalc.terms.values import (
    CAPACITY_UNITS,
    PERIODS,
    PERIODS_ALONE,
    SUFFIXES,
    UNIT_PERIODS,
    WATTS,
    Price,
    Quantity,
    decimal_text,
)

# --- the currency beside an amount ----------------------------------------------------------------

_MAY_NAME_ONE = re.compile(f"[A-Z]{{3}}|[{''.join(SIGNS)}]")
_NUMBER = r"[0-9][0-9_.,]*(?:[eE]\+?[0-9]+)?"
_MULTIPLE = rf"(?:\s*(?i:{any_of(SUFFIXES)}))?\s*|\s*[A-Za-z]+\s+"
_BEFORE = rf"({MARK})\s*(?=[0-9])"
_BEHIND = rf"({_NUMBER}(?:{_MULTIPLE}))({MARK})(?=[\s/]|$)"


def in_currency(text: str, currency: str | None) -> str:
    """A text that begins with an amount, without the currency before or behind the amount.

    Raises Misread where that is not the one of the file; None stands for one that is not known.
    """
    if not _MAY_NAME_ONE.search(text):
        return text
    if (before := re.match(_BEFORE, text)) and _is_currency(before[1], currency):
        text = text[before.end() :]
    if (behind := re.match(_BEHIND, text)) and _is_currency(behind[2], currency):
        text = behind[1].rstrip() + text[behind.end() :]
    return text


def _is_currency(mark: str, currency: str | None) -> bool:
    codes = codes_of(mark)
    if codes and currency and currency not in codes:
        message = f"the currency of this file is {currency}, and this is in `{mark}`"
        way = "convert the amount: all amounts of a file are in its currency"
        raise Misread(message, way, code="currency")
    return bool(codes)


# --- capacity -------------------------------------------------------------------------------------

_CAPACITIES = "`300 MW` or `220000 GPU`"
_MODEL = r"[A-Z]{1,2}[0-9]{2,3}[A-Z]{0,2}(?: ?GPU)?s?"
"""The name of an accelerator, which is a `GPU` here: `H100`, `GB200`, `L40S`."""
_LIKE_A_UNIT = rf"{_MODEL}|(?i:kilo|mega|giga)watts?|({any_of(CAPACITY_UNITS)})s?"
_PREFIXES = {"kilo": "k", "mega": "M", "giga": "G"}


def _unit_meant(text: str) -> str:
    """The unit that a word is likely meant to be, or an empty text."""
    if re.fullmatch(_MODEL, text):
        return "GPU"
    if watts := re.fullmatch("(kilo|mega|giga)watts?", text.lower()):
        return f"{_PREFIXES[watts[1]]}W"
    return closest(text.removesuffix("s"), CAPACITY_UNITS)


@lru_cache(4096)
def read_quantity(text: str) -> Quantity:
    """`300 MW` or `220000 GPU`: a number of one unit."""
    match = re.fullmatch(r"([^A-Za-z]*?) ?([A-Za-z]+)", text) if len(text) <= 80 else None
    if not match or match[2] not in CAPACITY_UNITS or match[1].endswith("-"):
        raise _not_a_quantity(text)
    return Quantity(read_number(match[1], "capacity", _CAPACITIES, f" {match[2]}"), match[2])


def _not_a_quantity(text: str) -> Misread:
    """Why a text is no quantity, and the whole quantity that is likely meant."""
    match = re.fullmatch(r"([0-9][0-9_., ]*(?:[km](?= ))?)[ -]*([A-Za-z][A-Za-z0-9]*)", text[:80])
    if not match or not (match[2].isalpha() or _unit_meant(match[2])):
        way = f"write it like {_CAPACITIES}"
        return Misread(f"invalid capacity `{text[:40]}`", way, code="capacity")
    number, word = match.groups()
    unit = word if word in CAPACITY_UNITS else _unit_meant(word)
    if not unit:
        return Misread(
            f"unknown unit `{word[:40]}`", did_you_mean(word, CAPACITY_UNITS), code="unit"
        )
    try:
        amount = read_amount(number.strip(), _CAPACITIES, f" {unit}")
    except Misread as misread:
        return Misread(misread.message, misread.help, code="capacity")
    way = f"did you mean `{decimal_text(amount)} {unit}`?"
    if word == unit:
        return Misread(f"invalid capacity `{text[:40]}`", way, code="capacity")
    return Misread(f"unknown unit `{word[:40]}`", way, code="unit")


# --- prices ---------------------------------------------------------------------------------------

_PRICES = "`1.25bn per month`, `2.10 per GPU-hour`, `2.4bn in total` or `40m once`"
_LINKS = ("per", "a", "an", "each", "every")
_BY_HOUR = ("GPU", "TPU", "CPU", "accelerator", "core")
"""Units that people price by the hour rather than by the month."""


def _tails() -> str:
    link = rf"(?:\s*/\s*|\s+(?:{any_of(_LINKS)})\s+)"
    alone, behind = _nouns(PERIODS_ALONE), _nouns(UNIT_PERIODS)
    adverbs, adverbs_behind = _adverbs(PERIODS_ALONE), _adverbs(UNIT_PERIODS)
    unit = any_of(CAPACITY_UNITS)
    return "|".join(
        [
            r"\s+in\s+total|\s+once",
            rf"{link}(?:{alone})|\s+(?:{adverbs})",
            rf"{link}(?:{unit})(?:(?:-|{link}|\s+)(?:{behind})|\s+(?:{adverbs_behind}))",
            rf"(?:{link}(?:{behind})|\s+(?:{adverbs_behind})){link}(?:{unit})",
            rf"{link}(?:{any_of(WATTS)})h",
        ]
    )


def _nouns(names: tuple[str, ...]) -> str:
    return any_of([*names, *(word for name in names for word in PERIODS[name].abbreviations)])


def _adverbs(names: tuple[str, ...]) -> str:
    return any_of(word for name in names for word in PERIODS[name].adverbs)


PRICE_TAILS = _tails()
"""A pattern for what may stand behind the amount of a price; JavaScript reads it alike.

`per month`, `a month`, `/month`, `monthly`; by unit `per kW-month`, `/kW/month`, `a month per kW`.
"""
_BY_WORD: Mapping[str, str] = {
    word: name
    for name, period in PERIODS.items()
    for word in (name, *period.adverbs, *period.abbreviations)
}


@lru_cache(4096)
def read_price(text: str) -> Price:
    """`1.25bn per month`, `2.10 per GPU-hour`, `2.4bn in total`, `40m once`."""
    if len(text) > 200:
        raise _not_a_price(text)
    words = text.split()
    # Most are written so; Python makes something of the pattern only where a file needs it.
    if len(words) <= 4 and "/" not in text and " ".join(words[-2:]) in _AS_WRITTEN:
        amount, paid_for = " ".join(words[:-2]), _AS_WRITTEN[" ".join(words[-2:])]
    elif match := re.fullmatch(rf"(.*?)({PRICE_TAILS})", f" {' '.join(words)}"):
        amount, paid_for = match[1].strip(), _paid_for(match[2])
    else:
        raise _not_a_price(text)
    return Price(read_amount(amount, _PRICES, _tail_text(*paid_for)), *paid_for)


def _tail_text(per: str, unit: str | None) -> str:
    """What stands behind the amount of a price, as it is written."""
    return str(Price(Fraction(0), per, unit))[1:]


_AS_WRITTEN: Mapping[str, tuple[str, str | None]] = {
    _tail_text(per, unit).strip(): (per, unit)
    for per, unit in [
        *((per, None) for per in ("total", *PERIODS_ALONE)),
        *product(UNIT_PERIODS, CAPACITY_UNITS),
    ]
}


def _paid_for(tail: str) -> tuple[str, str | None]:
    """What the words behind an amount say: ` a month per kW` to (month, kW)."""
    words = [word for word in re.split(r"[\s/-]+", tail) if word and word not in _LINKS]
    if words[-1] in ("total", "once"):
        return words[-1], None
    if words[0][:-1] in WATTS and words[0][-1] == "h":
        return "hour", words[0][:-1]
    unit = next((word for word in words if word in CAPACITY_UNITS), None)
    return next(_BY_WORD[word] for word in words if word in _BY_WORD), unit


def _not_a_price(text: str) -> Misread:
    """Why a text is no price, and the whole price that is likely meant."""
    match = re.fullmatch(r"(.*?)(?: ?/ ?| (?:per|an?) )(.+)", " ".join(text[:200].split()))
    if not match:
        return _paid_for_nothing(text)
    amount, what = match.groups()
    unit, period = _per_meant(what)
    way = f"{unit}-{period}" if unit else period
    if not way:
        *names, last = PERIODS_ALONE
        help = f"write per {', '.join(names)} or {last}; by unit per MW-month, GPU-hour or MWh"
        return Misread(f"unknown price unit `per {what[:40]}`", help, code="price")
    try:
        read_amount(amount, _PRICES, f" per {way}")
    except Misread as misread:
        return misread  # its way out mends both
    if what in CAPACITY_UNITS:
        other = f"{amount} per {unit}-{'month' if period == 'hour' else 'year'}"
        help = f"write `{amount} per {way}` or `{other}`"
        return Misread(f"a price per {what} needs a period", help, code="price")
    help = f"did you mean `{amount} per {way}`?"
    return Misread(f"unknown price unit `per {what[:40]}`", help, code="price")


def _paid_for_nothing(text: str) -> Misread:
    """Why a text that names nothing that is paid for is no price."""
    try:
        read_amount(text)
    except Misread:
        return Misread(f"invalid price `{text[:40]}`", f"write it like {_PRICES}", code="price")
    way = f"write `{text} per month`, `{text} in total` or the like"
    return Misread("the price does not say what it is paid for", way, code="price")


def _per_meant(text: str) -> tuple[str, str]:
    """The unit and the period that a price is likely meant to be paid for, each perhaps empty."""
    first, *rest = re.split(r"[-/ ]", text[:40], maxsplit=1)
    unit = _unit_meant(first) if re.fullmatch(_LIKE_A_UNIT, first) else ""
    if unit and not rest:
        return unit, "hour" if unit in _BY_HOUR else "month"
    if unit:
        return unit, closest(rest[0].removeprefix("per "), UNIT_PERIODS) or "month"
    by_unit = (f"{unit}-{period}" for unit in CAPACITY_UNITS for period in UNIT_PERIODS)
    unit, _, period = closest(text, [*PERIODS_ALONE, *by_unit]).rpartition("-")
    return unit, period


# --- fees -----------------------------------------------------------------------------------------

_NOT_MONTHS = tuple(name for name, period in SPANS.items() if period.clock == "day")


def read_fee(text: str) -> Fee:
    """`500m`; `3 months` or `1 year` of the price; `25% of remaining`."""
    share, percent, what = text.partition("%")
    if percent:
        part = read_percent(f"{share}%", behind=" of remaining")
        if what.split() != ["of", "remaining"]:
            message = "a percentage fee is a share of what remains"
            raise Misread(message, f"write `{share.strip()}% of remaining`", code="fee")
        return FeeShare(part)
    if not re.search(rf"(?<![a-z])({any_of(SPANS)})s?\b", text.lower()):
        return FeeAmount(read_amount(text))
    if re.search(rf"(?<![a-z])({any_of(_NOT_MONTHS)})s?\b", text.lower()):
        way = "write it like `3 months`, `500m` or `25% of remaining`"
        raise Misread("a fee is not counted in days or weeks", way, code="fee")
    return FeeMonths(Fraction(read_months(text).count))

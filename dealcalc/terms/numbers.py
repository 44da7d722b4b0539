"""Numbers as people write them: amounts, percentages and counts, and what is wrong with others.

Numbers are exact (`Fraction`), ASCII, finite and bounded before any number is made of them.
"""

import re
from fractions import Fraction
from functools import lru_cache

from dealcalc.terms.currencies import CURRENCIES
from dealcalc.terms.dates import FIRST_YEAR, LAST_YEAR
from dealcalc.terms.misread import Misread, closest, did_you_mean
from dealcalc.terms.values import SUFFIXES, half_up, percent_text

MAX_POWER = 18
MAX_AMOUNT = 10**MAX_POWER
MAX_DIGITS = 40
MAX_MONTHS = 12 * (LAST_YEAR - FIRST_YEAR + 1)

NUMBER = r"(?:0|[1-9][0-9]{0,2}(?:_[0-9]{3})+(?!\.)|[1-9][0-9]*)(?:\.[0-9]+)?"
_AMOUNT = rf"({NUMBER})(?:[eE]\+?([0-9]{{1,9}}))?(?: ?([A-Za-z]+))?"
_SIGN = r"[A-Z]{0,2}[$€£¥₩₹₽₺₪฿₫]"


def read_number(text: str, code: str, examples: str, unit: str = "", power: int = 0) -> Fraction:
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
    if (bare := without_currency(text)) != text:
        return "no currency belongs here: all amounts are in that of the file", bare
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
    return f"invalid number `{text}`", ""


def without_currency(text: str) -> str:
    """The text without a sign or code of a currency before or after the number."""
    for pattern in (rf"^(?:{_SIGN}|([A-Z]{{3}})) ?(?=[0-9])", rf" ?(?:{_SIGN}|\b([A-Z]{{3}}))$"):
        found = re.search(pattern, text)
        if found and (found[1] is None or found[1] in CURRENCIES):
            text = text[: found.start()] + text[found.end() :]
    return text


_AMOUNTS = "`1.25bn`, `600m` or `1_250_000`"


@lru_cache(4096)
def read_amount(text: str, examples: str = _AMOUNTS, behind: str = "") -> Fraction:
    """`1.25bn`, `1_250_000_000`, `1.25e9`, `12k` in units of the currency; never negative.

    The `examples`, and what stands `behind` it in the file, are for the way out.
    """
    match = re.fullmatch(_AMOUNT, text) if len(text) <= MAX_DIGITS + 20 else None
    if not match or match[3] in CURRENCIES:
        raise _bad_number(text, "amount", examples, behind)
    number, exponent, suffix = match.groups()
    if suffix and exponent:
        way = "write it like `1.25e9` or `1.25bn`"
        raise Misread("an exponent and a multiple say it twice", way, code="amount")
    if suffix and suffix.lower() not in SUFFIXES:
        raise _unknown_multiple(number, suffix, behind)
    power = SUFFIXES[suffix.lower()] if suffix else int(exponent or 0)
    # Judged before it is used: 10 to the power of 999999999 takes more memory than there is.
    if power > MAX_POWER:
        raise _too_much("amount")
    return read_number(number, "amount", examples, behind, power)


def _unknown_multiple(number: str, suffix: str, behind: str) -> Misread:
    # Any two letters are close to some multiple.
    meant = closest(suffix, SUFFIXES) if len(suffix) > 2 else ""
    gap = " " if len(meant) > 2 else ""
    way = f"did you mean `{number}{gap}{meant}{behind}`?" if meant else did_you_mean("", SUFFIXES)
    return Misread(f"unknown multiple `{suffix}`", way, code="amount")


@lru_cache(4096)
def read_percent(text: str, least: int = 0, most: int = 100, behind: str = "") -> Fraction:
    """`50%` as a fraction of one; by default from 0% to 100%.

    What stands `behind` it in the file is for the way out.
    """
    body, sign, rest = text.partition("%")
    if not sign or rest:
        raise Misread(f"invalid percentage `{text[:40]}`", _percent_help(text), code="percent")
    minus = body.startswith("-") and least < 0
    digits = body.rstrip(" ").removeprefix("-" if minus else "")
    examples = f"`50%{behind}` or `12.5%{behind}`"
    value = read_number(digits, "percent", examples, f"%{behind}") * (-1 if minus else 1)
    if not least <= value <= most:
        end, bound = ("most", most) if value > most else ("least", least)
        message = f"{text[:40]} is outside {least}% to {most}%"
        raise Misread(message, f"the {end} is `{bound}%{behind}`", code="percent")
    return value / 100


def _percent_help(text: str) -> str:
    if meant := re.match(rf"({NUMBER}) ?(?:%|per ?cent|pc\b|pct\b)", text[:MAX_DIGITS]):
        return f"write `{meant[1]}%`"
    number = re.fullmatch(NUMBER, text) if len(text) <= MAX_DIGITS else None
    if not number or Fraction(text) > 100:
        return "write it like `50%` or `12.5%`"
    if "." in text and Fraction(text) < 1:
        return f"write `{percent_text(Fraction(text))}` or `{text}%`, whichever is meant"
    return f"write `{text}%`"


@lru_cache(4096)
def read_rate(text: str) -> Fraction:
    """The rate of an escalator: `3%`; a price that falls has a minus. Four decimals at most."""
    rate, sign, often = text.partition("%")
    if sign and often and not re.fullmatch(_A_YEAR, often.strip()):
        way = f"say how often beside it: rate: {rate[:MAX_DIGITS]}%, and every: 6 months"
        raise Misread(f"invalid rate `{text[:40]}`", way, code="percent")
    return _of_four_decimals(text, read_percent(text, -99, 100))


_A_YEAR = r"(?:per|a|each|every) (?:year|annum)|yearly|annually|annual|p\.?a\.?|"


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

"""The values that a term may have: numbers with words around them, days and months, in order."""

import re
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from dealcalc.loading.problems import refuse
from dealcalc.loading.scenario import Scenario
from dealcalc.questions.varied import DAY_OF_NOTICE
from dealcalc.terms.dates import DAY, add_months, month_number
from dealcalc.terms.misread import Misread
from dealcalc.terms.money import in_currency
from dealcalc.terms.numbers import read_amount
from dealcalc.terms.times import read_day, read_first_day, read_span
from dealcalc.terms.values import SUFFIXES, amount_text, decimal_text
from dealcalc.terms.words import DATE, Word

MOST_POINTS = 100_000
DIGITS = 6
"""Values that differ only in later digits are one to whoever reads them."""
A_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
A_MONTH = re.compile("[0-9]{4}-[0-9]{2}")
_NUMBER = re.compile(r"(-?)([0-9][0-9_.]*(?:[eE]\+?[0-9]+)?)( ?[A-Za-z]+)?(.*)")
_SPANS = {" day": " days", " month": " months"}


class Number(NamedTuple):
    """A value that begins with a number: 30 of `30%`, 1100000000 of `1.1bn per month`."""

    number: Fraction
    tail: str
    short: bool

    def at(self, number: Fraction) -> str:
        """The text of another number of this kind, as it would be written: `1.2bn per month`."""
        if number < 0:
            return f"-{self.at(-number)}"
        tail = self.tail[:-1] if number == 1 and self.tail in _SPANS.values() else self.tail
        return (amount_text(number) if self.short else decimal_text(number)) + tail


def number(text: str) -> Number:
    """The number that a value begins with, and the words behind it; raises Misread."""
    match = _NUMBER.fullmatch(text.strip()) if len(text) <= 200 else None
    if not match:
        raise _misread(f"{text[:40]} does not begin with a number", "write it like 30% or 1.1bn")
    sign, digits, word, rest = match.groups(default="")
    short = word.strip().lower() in SUFFIXES
    amount = read_amount(digits + word.strip() if short else digits)
    tail = rest if short else word + rest
    return Number(-amount if sign else amount, _SPANS.get(tail, tail), short)


def same(one: str | None, other: str) -> bool:
    """Whether two texts say the same value, like `1.25bn per month` and `1_250m per month`."""
    if one is None or one == other:
        return one == other
    try:
        return number(one)[:2] == number(other)[:2]
    except Misread:
        return False


def _misread(message: str, help: str) -> Misread:
    return Misread(message, help, code="command-line")


def _alike(texts: list[str]) -> list[Number]:
    """Numbers of one kind: the words may stand behind one of them only; raises Misread."""
    numbers = [number(text) for text in texts]
    tails = list(dict.fromkeys(one.tail for one in numbers if one.tail.strip()))
    if len(tails) > 1:
        message = f"these values are not of one kind: {', '.join(tail.strip() for tail in tails)}"
        raise _misread(message, "write the unit once, after the last value")
    # A price without words behind it is read as an amount, and `bn` may be left out of a step.
    short = any(one.short for one in numbers)
    return [Number(one.number, tails[0] if tails else "", short) for one in numbers]


# --- values to try --------------------------------------------------------------------------------


class Vary(NamedTuple):
    """A term, by its path, and the values that it is to have, as texts.

    Where `notice` is varied, a month is its first day.
    """

    path: str
    values: tuple[str, ...]


def vary(text: str) -> Vary:
    """`PATH=FROM:TO:STEP`, both ends included, or `PATH=A,B,C`; raises Refused."""
    path, _, values = (part.strip() for part in text.partition("="))
    try:
        if not path or not values:
            raise _misread("this is not PATH=FROM:TO:STEP", "or write PATH=A,B,C")
        found = tuple(_values(values))
        if path == DAY_OF_NOTICE:
            found = tuple(first_of(value) for value in found)
    except Misread as misread:
        message = f"{text[:80]}: {misread.message}"
        raise refuse("command-line", message, misread.help, argument="vary") from None
    return Vary(path, found)


def worded(scenario: Scenario, term: Vary) -> Vary:
    """A term whose values are as the file would say them: `1bn` of a price is `1bn per month`.

    Words that are left out are those of the value that stands there. Raises Refused at a value that
    cannot be read: what is read and does not fit the deal is seen where it is asked.
    """
    try:
        word = DATE if term.path == DAY_OF_NOTICE else scenario.word(term.path)
    except Misread:
        return term
    if word is None:
        return term
    here = words_at(scenario, term.path)
    values = tuple(completed(value, here) for value in term.values)
    for value in values:
        if misread := _unread(word, value, scenario.deal.currency):
            message = f"{term.path}={value}: {misread.message}"
            raise refuse("command-line", message, misread.help, argument="vary")
    return term._replace(values=values)


def words_at(scenario: Scenario, path: str) -> str | None:
    """A value with the words that stand behind each number at a path; None where they differ."""
    texts = scenario.texts(path)
    try:
        tails = {number(text).tail for text in texts}
    except Misread:
        return scenario.text(path)
    return texts[0] if len(tails) == 1 else None


def completed(value: str, here: str | None) -> str:
    """A bare number with the words that stand behind the number of another value."""
    try:
        said, there = number(value), number(here or "")
    except Misread:
        return value
    return said._replace(tail=there.tail).at(said.number) if not said.tail else value


def _unread(word: Word, value: str, currency: str) -> Misread | None:
    """Why a value cannot be read; None where it can."""
    try:
        if value != "none":
            word.read(in_currency(value, currency) if word.is_money else value)
    except Misread as misread:
        return misread
    return None


def first_of(text: str) -> str:
    """A month as its first day; raises Misread for one that there is not. Else the text itself."""
    return read_first_day(text).isoformat() if A_MONTH.fullmatch(text) else text


def _values(text: str) -> Iterator[str]:
    ends = [part.strip() for part in text.split(":")]
    if len(ends) == 3 and not re.search(r"[\[{]", text):
        yield from _steps(*ends)
        return
    # A comma inside brackets belongs to the value.
    for value in re.split(r",(?![^\[{]*[\]}])", text):
        if not value.strip():
            raise _misread("a value is missing", "write PATH=A,B,C, without a comma at the end")
        yield value.strip()


def _steps(first: str, last: str, step: str) -> Iterator[str]:
    """The values from one to another, both included: days, months or numbers."""
    if A_DAY.fullmatch(first) or A_MONTH.fullmatch(first):
        yield from _days(first, last, step)
        return
    start, end, by = _alike([first, last, step])
    count = _count(start.number, end.number, by.number)
    yield from (start.at(start.number + k * by.number) for k in range(count + 1))


def _count(start: Fraction, end: Fraction, step: Fraction) -> int:
    """How many steps lead from one number to another, or nearly."""
    if step <= 0 or end < start:
        message = "a sweep runs upwards, in steps above 0"
        help = "write the lower value first" if end < start else "write a step like 5%, or 1 month"
        raise _misread(message, help)
    if (end - start) / step >= MOST_POINTS:
        raise _misread(f"more than {MOST_POINTS:,} values", "take a larger step")
    return int((end - start) / step)


def _days(first: str, last: str, step: str) -> Iterator[str]:
    """Days or months from one to another, counted from the first, so that 31 January stays one."""
    start, end, span = read_first_day(first), read_first_day(last), read_span(step)
    if len(first) != len(last) or (len(first) == 7 and span.unit != "months"):
        help = "write 2026-05:2027-05:1 month, or days at both ends"
        raise _misread("a sweep of months runs from month to month", help)
    _count(Fraction(start.toordinal()), Fraction(end.toordinal()), Fraction(span.count))
    k, day = 0, start
    while day <= end:
        yield day.isoformat()[: len(first)]
        k += span.count
        day = add_months(start, k) if span.unit == "months" else start + k * DAY


# --- values to search -----------------------------------------------------------------------------


class Scale(NamedTuple):
    """Values in order, as whole numbers 0 to `steps`: steps of a number, days, or months.

    `whole` says that nothing lies between two of them, as nothing does between two days.
    """

    first: Number | date
    steps: int
    step: Fraction = Fraction(1)
    whole: bool = True
    months: bool = False

    def text(self, k: int) -> str:
        """The value at a place of the scale, as it stands in a file."""
        if isinstance(self.first, Number):
            return self.first.at(self.first.number + k * self.step)
        if self.months:
            return add_months(self.first, k).isoformat()[:7]
        return (self.first + k * DAY).isoformat()

    def shortest(self, first: int, last: int) -> int:
        """The place from `first` to `last` whose number has the fewest digits, or the lower."""
        if not isinstance(self.first, Number) or self.whole:
            return first
        before = int(self.first.number / self.step)
        low, high = before + first, before + last
        power: int = 10 ** len(str(max(abs(low), abs(high))))
        while -(-low // power) * power > high:
            power //= 10
        return -(-low // power) * power - before

    def multiples(self, first: int, last: int, of: Fraction) -> tuple[int, int] | None:
        """The first and last places from `first` to `last` whose numbers are multiples of another.

        None where there is none; as they are where days or whole values stand on the scale.
        """
        if not isinstance(self.first, Number) or self.whole:
            return first, last
        low, high = (self.first.number + k * self.step for k in (first, last))
        ends = -(-low // of) * of, high // of * of
        if ends[0] > ends[1]:
            return None
        start, end = (int((number - self.first.number) / self.step) for number in ends)
        return start, end

    def told_apart(self, first: int, last: int) -> bool:
        """Whether several values from `first` to `last` differ in their first six digits."""
        if not isinstance(self.first, Number) or self.whole:
            return first < last
        most = max(abs(self.first.number + k * self.step) for k in (first, last))
        digits = len(str(int(most / self.step)))
        ends = self.multiples(first, last, self.step * 10 ** max(0, digits - DIGITS))
        return ends is not None and ends[0] < ends[1]

    def place(self, text: str) -> int | None:
        """The place of a value, or the nearest before it; None where it is not on the scale."""
        try:
            k = self._place(text)
        except (Misread, TypeError):
            return None
        return k if 0 <= k <= self.steps else None

    def _place(self, text: str) -> int:
        if isinstance(self.first, Number):
            return int((number(text).number - self.first.number) // self.step)
        day = read_first_day(text)
        if self.months:
            return month_number(day) - month_number(self.first)
        return (day - self.first).days


def scale(first: str, last: str, decimals: int) -> Scale:
    """The values from one to another: days, months, whole numbers, or numbers of so many decimals.

    Raises Misread.
    """
    if A_DAY.fullmatch(first):
        start = read_day(first)
        return _upwards(Scale(start, (read_day(last) - start).days))
    if A_MONTH.fullmatch(first):
        start, end = read_first_day(first), read_first_day(last)
        return _upwards(Scale(start, month_number(end) - month_number(start), months=True))
    low, high = _alike([first, last])
    whole = low.tail in ("", " days", " months") and not low.short
    step = Fraction(1) if whole else Fraction(1, 10**decimals)
    return _upwards(Scale(low, int((high.number - low.number) / step), step, whole))


def _upwards(found: Scale) -> Scale:
    if found.steps < 1:
        raise _misread("nothing lies between these values", "write the lower value first")
    return found

"""Days, months and lengths of time: one scalar's text to its value, or what is wrong with it."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from functools import lru_cache

from dealcalc.terms.dates import FIRST_YEAR, LAST_YEAR, days_in_month
from dealcalc.terms.misread import Misread
from dealcalc.terms.numbers import MAX_MONTHS
from dealcalc.terms.values import PERIODS, Span

MAX_SPAN = 10_000
MAX_YEARS = MAX_MONTHS // 12
MAX_TIMES = 20

# --- days and months ------------------------------------------------------------------------------

_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_MONTH = "[0-9]{4}-[0-9]{2}"


@lru_cache(4096)
def read_day(text: str) -> date:
    """A calendar day, `2026-05-01`."""
    if not re.fullmatch(_DAY, text):
        raise _not_a_date(text, month_will_do=False, last=False)
    year, month, day = int(text[:4]), int(text[5:7]), int(text[8:])
    last = _days_of_month(year, month)
    if not 1 <= day <= last:
        end, n = ("last", last) if day else ("first", 1)
        way = f"write `{text[:8]}{n:02}`, the {end} day of that month"
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
        raise _not_a_date(text, month_will_do=True, last=last)
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


_NAMES = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_NAMED = rf"({'|'.join(_NAMES)})[a-z]*"
_YEAR, _ONE_OR_TWO = "([0-9]{4})", "([0-9]{1,2})"
_LOOKALIKES = [
    (rf"{_YEAR}[-/.]?{_ONE_OR_TWO}(?:[-/.]?{_ONE_OR_TWO})?(?:[t ].*)?", "ymd"),
    (rf"{_ONE_OR_TWO}(?:st|nd|rd|th)?[ -](?:of )?{_NAMED}[ -]{_YEAR}", "dmy"),
    (rf"{_NAMED} {_ONE_OR_TWO}(?:st|nd|rd|th)?,? {_YEAR}", "mdy"),
    (rf"{_NAMED},?[ -]{_YEAR}", "my"),
    (rf"{_YEAR}[ -]{_NAMED}", "ym"),
    (rf"{_ONE_OR_TWO}[/.-]{_YEAR}", "my"),
    (rf"{_ONE_OR_TWO}[/.-]{_ONE_OR_TWO}[/.-]{_YEAR}", "dmy"),
    (rf"{_ONE_OR_TWO}[/.-]{_ONE_OR_TWO}[/.-]{_YEAR}", "mdy"),
    (rf"q([1-4])[ -]?{_YEAR}", "qy"),
    (rf"{_YEAR}[ -]?q([1-4])", "yq"),
    (_YEAR, "y"),
]
"""Other ways to write a date, and what their parts say: year, quarter, month and day."""


def _not_a_date(text: str, month_will_do: bool, last: bool) -> Misread:
    ways = list(dict.fromkeys(_dates_meant(text.lower(), month_will_do, last)))
    way = f"write `{'` or `'.join(ways)}`"
    if not ways:
        way = "write it like `2026-05-01`" + (" or `2026-05`" if month_will_do else "")
    return Misread(f"invalid date `{text[:40]}`", way, code="date")


def _dates_meant(text: str, month_will_do: bool, last: bool) -> Iterator[str]:
    """How to write a date that only looks different: every way in which it can be read."""
    for pattern, parts in _LOOKALIKES:
        match = re.fullmatch(pattern, text)
        if not match:
            continue
        said = {part: value for part, value in zip(parts, match.groups(), strict=True) if value}
        numbers = {k: _NAMES.index(v) + 1 if v in _NAMES else int(v) for k, v in said.items()}
        quarter = numbers.get("q", 4 if last else 1)
        month = numbers.get("m", 3 * quarter if last else 3 * quarter - 2)
        try:
            days = _days_of_month(numbers["y"], month)
        except Misread:
            continue
        day = numbers.get("d", 0)
        if not day and month_will_do:
            yield f"{numbers['y']:04}-{month:02}"
        elif day <= days:
            yield f"{numbers['y']:04}-{month:02}-{day or 1:02}"


# --- lengths of time ------------------------------------------------------------------------------

SPANS = {name: period for name, period in PERIODS.items() if period.length >= 1}
"""The periods that a length of time is counted in."""
_COUNTS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "eighteen": 18, "twenty": 20,
    "twenty-four": 24, "thirty": 30, "sixty": 60, "ninety": 90,
}  # fmt: skip


def any_of(texts: Iterable[str]) -> str:
    """A pattern for one of some texts, the longest first."""
    return "|".join(re.escape(text) for text in sorted(texts, key=len, reverse=True))


_RATHER_DAYS = 25
"""From here on a bare number is rather one of days than one of months."""


@lru_cache(4096)
def read_span(text: str) -> Span:
    """`90 days`, `3 months`, `2 weeks`, `7 years`: calendar days or months, from 0 to 10,000."""
    match = re.fullmatch(r"(0|[1-9][0-9]{0,8}) ?([A-Za-z]+)", text)
    name = match[2].lower().removesuffix("s") if match else ""
    if not match or name not in SPANS:
        raise _not_a_span(text, "`90 days` or `3 months`")
    return _span(int(match[1]), name)


def read_given(text: str) -> date:
    """The day on which notice was given; a length is that of a notice, which stands elsewhere."""
    try:
        read_span(text)
    except Misread:
        return read_day(text)
    message = f"`{text[:40]}` is not a day: here stands when notice was given"
    raise Misread(message, "for the length of a notice, use `termination.notice`", code="date")


def _span(count: int, name: str) -> Span:
    period = SPANS[name]
    span = Span(int(count * period.length), f"{period.clock}s")
    if span.count > MAX_SPAN:
        way = f"the most is `{MAX_SPAN} {span.unit}`"
        raise Misread(f"{count} {name}s is longer than is read", way, code="span")
    return span


def _not_a_span(text: str, examples: str, months_only: bool = False) -> Misread:
    way = f"write it like {examples}"
    if known := _span_meant(text.lower(), months_only):
        way = f"write `{known}`"
    elif re.fullmatch("[1-9][0-9]{0,3}", text):
        days_first = int(text) >= _RATHER_DAYS
        both = (f"`{text} days`", f"`{text} months`")[:: 1 if days_first else -1]
        way = f"write `{text} months`" if months_only else f"write {both[0]} or {both[1]}"
    return Misread(f"invalid length of time `{text[:40]}`", way, code="span")


def _span_meant(text: str, months_only: bool) -> Span | None:
    """The length of time in a phrase, `ninety (90) days`, `12-month`, `1.5 years`, if one is."""
    number = rf"(?<![0-9a-z.,-])([1-9][0-9]{{0,3}}(?:\.[0-9])?|{any_of(_COUNTS)}|an?)(?![0-9])"
    unit = rf"({any_of(SPANS)}|mos?\b|yrs?\b|[dwmy]\b)"
    match = re.search(rf"{number}\)?[- ]*(?:calendar )?{unit}", text[:80])
    if not match:
        return None
    names = (name for name in SPANS if name.startswith(match[2][:1]))
    name = match[2] if match[2] in SPANS else next(names)
    count = Fraction(_COUNTS.get(match[1], 1) if match[1].isalpha() else match[1])
    length = count * SPANS[name].length
    if length.denominator != 1 or length > MAX_SPAN:
        return None
    span = Span(int(length), f"{SPANS[name].clock}s")
    return None if months_only and span.unit != "months" else span


def read_months(text: str) -> Span:
    """`12 months`, `1 year`: calendar months only."""
    try:
        span = read_span(text)
    except Misread:
        raise _not_a_span(text, "`12 months`", months_only=True) from None
    if span.unit != "months" or not span.count:
        way = "write it like `12 months`"
        raise Misread(f"`{text}` is not a number of months", way, code="span")
    return span


EVERY = {
    word: Span(int(period.length), "months")
    for name, period in SPANS.items()
    if period.clock == "month"
    for word in (name, *period.adverbs)
}
"""How often something may come, in a word: `year`, `yearly`."""


def read_every(text: str) -> Span:
    """How often: `12 months`, `1 year`, `year`, `yearly`."""
    return EVERY.get(text) or read_months(text)


def read_lock_out(text: str) -> Span | date:
    """A length of time, or the date until which something is barred."""
    return read_day(text) if re.match(r"[0-9]{4}[-/.]", text) else read_span(text)


def read_count(text: str) -> int:
    """A number of months: a whole number from 1 to 2760 (the years that are read hold no more)."""
    if re.fullmatch(r"[1-9][0-9]{0,3}", text) and int(text) <= MAX_MONTHS:
        return int(text)
    span = _span_meant(text.lower(), months_only=True)
    way = f"write `{span.count}`" if span else "write it like `37`"
    raise Misread(f"`{text[:40]}` is not a whole number from 1 to {MAX_MONTHS}", way, code="count")


def read_times(text: str) -> int:
    """How often something may be done: a whole number from 1 to 20."""
    if re.fullmatch(r"[1-9][0-9]?", text) and int(text) <= MAX_TIMES:
        return int(text)
    message = f"`{text[:40]}` is not a whole number from 1 to {MAX_TIMES}"
    word = text.lower().removesuffix(" times").removesuffix("x")
    number = {"once": 1, "twice": 2, **_COUNTS}.get(word, int(word) if word.isdecimal() else 0)
    way = f"write `{number}`" if 1 <= number <= MAX_TIMES else "write it like `3`"
    raise Misread(message, way, code="count")


def read_month_number(text: str) -> int:
    """A month of the year, by its number: `6` for June."""
    if re.fullmatch(r"[1-9]|1[0-2]", text):
        return int(text)
    name = text[:3].lower()
    way = f"write `{_NAMES.index(name) + 1}`" if name in _NAMES else "write it like `6`, for June"
    raise Misread(f"`{text[:40]}` is not a month from 1 to 12", way, code="count")


def read_index(text: str) -> int:
    """The place of an entry in a list, counted from 0 as in a path."""
    if re.fullmatch(r"0|[1-9][0-9]?", text):
        return int(text)
    way = "entries are counted from 0, as in a path: write it like `1`"
    raise Misread(f"`{text[:40]}` is not the number of an entry", way, code="count")


def read_years(text: str) -> int:
    """A number of years: a whole number from 1 to 230."""
    if re.fullmatch(r"[1-9][0-9]{0,2}", text) and int(text) <= MAX_YEARS:
        return int(text)
    span = _span_meant(text.lower(), months_only=True)
    way = "write it like `15`; what is no whole number of years is said in months"
    if span and span.count % 12 == 0:
        way = f"write `{span.count // 12}`"
    raise Misread(f"`{text[:40]}` is not a whole number from 1 to {MAX_YEARS}", way, code="count")

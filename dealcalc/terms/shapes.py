"""What the texts of words look like: patterns in what Python's and JavaScript's have in common.

Editors judge a text by them, through the schema. Only bounds on sums, on digits and on the
characters of names are left to the readers.
"""

from dealcalc.terms.currencies import MARK
from dealcalc.terms.money import PRICE_TAILS
from dealcalc.terms.numbers import MAX_MONTHS, NUMBER
from dealcalc.terms.times import EVERY, MAX_SPAN, MAX_TIMES, MAX_YEARS, SPANS
from dealcalc.terms.values import CAPACITY_UNITS, COUNTED_UNITS, SUFFIXES, WATTS


def _any_case(*texts: str) -> str:
    return "|".join("".join(f"[{char.upper()}{char}]" for char in text) for text in texts)


# --- amounts --------------------------------------------------------------------------------------

_EXPONENT, _MULTIPLE = r"[eE]\+?[0-9]{1,9}", _any_case(*SUFFIXES)
_FOUR = r"(?:\.[0-9]{1,4}0*)?"
_UNIT = "|".join(CAPACITY_UNITS)
_MARK = rf"(?!{'|'.join(COUNTED_UNITS)}){MARK}"

SUM = rf"(?:{_MARK}\s*)?{NUMBER}(?:{_EXPONENT}| ?(?:{_MULTIPLE}))?(?:\s*{_MARK})?"
_SPACED_SUM = SUM.replace(" ?", r"\s*")
SUM_FOR = f"{_SPACED_SUM}(?:{PRICE_TAILS})"
PART = r"(?:100(?:\.0+)?|[1-9]?[0-9](?:\.[0-9]+)?) *%"
CHANGE = rf"(?:100(?:\.0+)?|-99(?:\.0+)?|99{_FOUR}|-?(?:9[0-8]|[1-8]?[0-9]){_FOUR}) *%"
SIZE = rf"{NUMBER} ?(?:{_UNIT})"
SIZE_IN_WATTS = rf"{NUMBER} ?(?:{'|'.join(WATTS)})"

# --- time -----------------------------------------------------------------------------------------

_YEAR = "(?:19[7-9]|20[0-9]|21[0-9])[0-9]"
_LEAP_YEAR = "(?:19(?:7[26]|8[048]|9[26])|2000|2[01](?:0[48]|[2468][048]|[13579][26]))"
_OF_31, _OF_30 = "(?:0[1-9]|[12][0-9]|3[01])", "(?:0[1-9]|[12][0-9]|30)"
_OF_28 = "(?:0[1-9]|1[0-9]|2[0-8])"
_DAYS = f"(?:(?:0[13578]|1[02])-{_OF_31}|(?:0[469]|11)-{_OF_30}|02-{_OF_28})"

CALENDAR_DAY = f"(?:{_YEAR}-{_DAYS}|{_LEAP_YEAR}-02-29)"
DAY_OR_MONTH = f"{CALENDAR_DAY}|{_YEAR}-(?:0[1-9]|1[0-2])"


def _up_to(most: int) -> str:
    """The whole numbers from 1 to `most`: 2760 as `[1-9][0-9]{0,2}|[1-1][0-9]{3}|...`."""
    digits = str(most)
    below = (
        f"{digits[:k]}[{int(k == 0)}-{int(digit) - 1}][0-9]{{{len(digits) - k - 1}}}"
        for k, digit in enumerate(digits)
        if int(digit) > int(k == 0)
    )
    return f"(?:{'|'.join([f'[1-9][0-9]{{0,{len(digits) - 2}}}', *below, digits])})"


def _lengths(clock: str) -> str:
    return "|".join(
        rf"{_up_to(int(MAX_SPAN / period.length))} ?(?:{_any_case(f'{name}s', name)})"
        for name, period in SPANS.items()
        if period.clock == clock
    )


LENGTH_IN_MONTHS = _lengths("month")
_NOTHING = f"0 ?(?:{_any_case(*(f'{name}s' for name in SPANS), *SPANS)})"
LENGTH = f"{_lengths('day')}|{LENGTH_IN_MONTHS}|{_NOTHING}"
HOW_OFTEN = f"{LENGTH_IN_MONTHS}|{'|'.join(EVERY)}"
MONTH_ALONE = _up_to(12)
INDEX = "0|[1-9][0-9]?"
MONTHS_ALONE, YEARS_ALONE = _up_to(MAX_MONTHS), _up_to(MAX_YEARS)
TIMES_ALONE = _up_to(MAX_TIMES)

# --- names and plain words ------------------------------------------------------------------------

PLAIN = r"(?=\s*\S)[^\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]+"
PART_OF_PATH = r"[^.:=\s](?:[^.:=\x00-\x1f]{0,78}[^.:=\s])?"
NO_SIZE = r"(?![\x00-@\[-`{-\x7f])"
"""In front of a name that could stand for a size: it begins with a letter."""
_END = r"(?:[/\\]|\s*$)"
FILE_BESIDE = (
    r"(?=\S)(?!-\s*$)(?![/\\])(?![^/\\]*:)"
    rf"(?![\s\S]*[/\\]{_END})(?!(?:[\s\S]*[/\\])?\.\.{_END})"
) + PLAIN

"""The calendar: the one place that counts days and months.

Days are plain `datetime.date` values, ends included. Months are added always from the anchor and
never from one result to the next: 31 January plus one, two, three months is 28 February, 31 March,
30 April. What the end of a month becomes, pendulum decides.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from math import lcm

DAY = timedelta(days=1)
FIRST_YEAR, LAST_YEAR = 1970, 2199


def days_in_month(year: int, month: int) -> int:
    """Days in a month of the Gregorian calendar: 28 to 31."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def month_number(day: date) -> int:
    """Months since January of the year 0, so that months can be counted and compared."""
    return 12 * day.year + day.month - 1


def month_end(day: date) -> date:
    """The last day of the month that `day` lies in."""
    return day.replace(day=days_in_month(day.year, day.month))


@lru_cache(4096)
def add_months(day: date, months: int) -> date:
    """`day` that many calendar months later (earlier if negative), held back to the month's end.

    One month after 31 January is 28 February, or 29 in a leap year. Beyond 9999: `date.max`.
    """
    year, month = divmod(month_number(day) + months, 12)
    if year > 9999:
        return date.max
    if day.day <= 28:
        return date(year, month + 1, day.day)
    # Only the end of a month is a question, and pendulum takes longer to import than to answer it.
    import pendulum

    moved = pendulum.Date(day.year, day.month, day.day).add(months=months)
    return date(moved.year, moved.month, moved.day)


@lru_cache(4096)
def after_months(start: date, months: int) -> date:
    """The last day of a stretch of months from `start`: the day before `start` + months."""
    return add_months(start, months) - DAY


def month_ends(start: date, through: date) -> Iterator[date]:
    """The last day of each month that `start` to `through` touches, `through` itself for the last.

    So the yields cut a stretch of days, both ends included, at the ends of its months.
    """
    end = month_end(start)
    while end < through:
        yield end
        end = month_end(end + DAY)
    if start <= through:
        yield through


def months_touched(start: date, through: date) -> int:
    """How many calendar months a stretch of days touches, both ends included."""
    return max(0, month_number(through) - month_number(start) + 1)


def year_days(year: int, year_end: int = 12) -> tuple[date, date]:
    """First and last day of the year that ends with a month; it is named for where it ends."""
    first = add_months(date(year, 1, 1), year_end - 12)
    return first, after_months(first, 12)


def quarter_days(year: int, quarter: int, year_end: int = 12) -> tuple[date, date]:
    """First and last day of a quarter, 1 to 4, of such a year."""
    first = add_months(year_days(year, year_end)[0], 3 * (quarter - 1))
    return first, after_months(first, 3)


# --- the clock of monthly prices ------------------------------------------------------------------

Clock = Callable[[date], int]
TICKS = lcm(28, 29, 30, 31)
"""Ticks of the monthly clock in a month: one day of any month is a whole number of them."""


def month_clock(proration: str, start: date) -> Clock:
    """Counts the ticks of months for monthly prices of a service that begins on `start`.

    A whole month always counts 1. A part counts by the proration: `actual` days over the days of
    that month; `30/360` a thirtieth for days 1 to 30, none for the 31st, and the last day of
    February takes what is left of the 30; `whole-month` the whole month on its first day of
    service, so that twelve months from the 15th count thirteen.
    """
    if proration == "whole-month":
        return lambda day: TICKS * (month_number(day) + 1 if day >= start else month_number(start))
    return _thirtieths if proration == "30/360" else _actual_days


def _actual_days(day: date) -> int:
    return TICKS * month_number(day) + TICKS // days_in_month(day.year, day.month) * day.day


def _thirtieths(day: date) -> int:
    over = day.day >= min(30, days_in_month(day.year, day.month))
    return TICKS * month_number(day) + TICKS // 30 * (30 if over else day.day)

"""The calendar: months are counted from the anchor, and held back to the ends of months."""

from __future__ import annotations

import calendar
import subprocess
import sys
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealcalc.terms.dates import DAY, add_months, days_in_month, month_end, month_ends, month_number

days = st.dates(date(1970, 1, 1), date(2199, 12, 31))


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("year", "month", "length"),
    [
        *((2026, month, 31) for month in (1, 3, 5, 7, 8, 10, 12)),
        *((2026, month, 30) for month in (4, 6, 9, 11)),
        *((2026, 2, 28), (2028, 2, 29), (2000, 2, 29), (2100, 2, 28)),
    ],
)
def test_months_have_their_days(year: int, month: int, length: int) -> None:
    assert days_in_month(year, month) == length
    assert month_end(date(year, month, 1)) == date(year, month, length)
    assert month_end(date(year, month, length)) == date(year, month, length)


ANNIVERSARIES = {
    # From the last day of January: never the day after the end of a month, never chained.
    "2026-01-31": ["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30"],
    "2028-01-31": ["2028-02-29", "2028-03-31", "2028-04-30", "2028-05-31", "2028-06-30"],
    "2026-01-30": ["2026-02-28", "2026-03-30", "2026-04-30", "2026-05-30", "2026-06-30"],
    "2026-01-29": ["2026-02-28", "2026-03-29", "2026-04-29", "2026-05-29", "2026-06-29"],
    "2028-01-29": ["2028-02-29", "2028-03-29", "2028-04-29", "2028-05-29", "2028-06-29"],
    "2026-11-30": ["2026-12-30", "2027-01-30", "2027-02-28", "2027-03-30", "2027-04-30"],
    "2026-05-15": ["2026-06-15", "2026-07-15", "2026-08-15", "2026-09-15", "2026-10-15"],
    "2026-12-01": ["2027-01-01", "2027-02-01", "2027-03-01", "2027-04-01", "2027-05-01"],
}


@pytest.mark.parametrize("anchor", ANNIVERSARIES)
def test_months_later(anchor: str) -> None:
    later = [add_months(day(anchor), months).isoformat() for months in range(1, 6)]
    assert later == ANNIVERSARIES[anchor]


@pytest.mark.parametrize(
    ("anchor", "months", "moved"),
    [
        ("2028-02-29", 12, "2029-02-28"),
        ("2028-02-29", 24, "2030-02-28"),
        ("2028-02-29", 48, "2032-02-29"),  # the day itself again, since nothing is chained
        ("2096-02-29", 48, "2100-02-28"),  # 2100 is no leap year
        ("2026-05-01", 37, "2029-06-01"),
        ("2026-05-31", 0, "2026-05-31"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2028-03-31", -1, "2028-02-29"),
        ("2026-01-15", -1, "2025-12-15"),
        ("2026-01-31", -3, "2025-10-31"),
        ("2199-12-31", 10_000, "3033-04-30"),  # 833 years and 4 months
        ("1970-01-01", -10_000, "1136-09-01"),
        ("9999-10-31", 1, "9999-11-30"),  # in the last year of the calendar
    ],
)
def test_months_later_or_earlier(anchor: str, months: int, moved: str) -> None:
    assert add_months(day(anchor), months) == day(moved)


def test_beyond_the_calendar_is_its_last_day() -> None:
    assert add_months(date(9999, 12, 31), 0) == date(9999, 12, 31)
    assert add_months(date(9999, 12, 1), 1) == date.max
    assert add_months(date(2199, 1, 31), 10**9) == date.max


@given(days, st.integers(-600, 600))
def test_adding_months_holds_back_to_the_end_of_a_month(anchor: date, months: int) -> None:
    moved = add_months(anchor, months)
    assert month_number(moved) == month_number(anchor) + months
    assert moved.day == min(anchor.day, calendar.monthrange(moved.year, moved.month)[1])


@given(days, st.integers(0, 40))
def test_month_ends_cut_a_stretch_of_days(start: date, length: int) -> None:
    through = start + 37 * length * DAY
    ends = list(month_ends(start, through))
    starts = [start, *(end + DAY for end in ends[:-1])]
    assert ends[-1] == through
    # Every piece lies in one month, and all but the first begin it.
    assert all(
        start.replace(day=1) == end.replace(day=1) for start, end in zip(starts, ends, strict=True)
    )
    assert all(start.day == 1 for start in starts[1:])


def test_month_ends_of_one_day_and_of_none() -> None:
    assert list(month_ends(day("2026-05-15"), day("2026-05-15"))) == [day("2026-05-15")]
    assert list(month_ends(day("2026-05-31"), day("2026-05-31"))) == [day("2026-05-31")]
    assert list(month_ends(day("2026-05-15"), day("2026-05-14"))) == []


@given(days)
def test_the_first_of_a_month_needs_no_calendar_library(anchor: date) -> None:
    # 28 days are in every month: pendulum is asked about the others, and agrees on these.
    import pendulum

    early = anchor.replace(day=min(anchor.day, 28))
    moved = pendulum.Date(early.year, early.month, early.day).add(months=37)
    assert add_months(early, 37) == date(moved.year, moved.month, moved.day)


def test_pendulum_still_reads_texts_after_months_were_added() -> None:
    program = """
from datetime import date
from dealcalc.terms.dates import add_months
assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
import pendulum
assert pendulum.parse("2026-05-01").day == 1
assert pendulum.parse("1 May 2026", strict=False).month == 5
"""
    subprocess.run([sys.executable, "-c", program], check=True)

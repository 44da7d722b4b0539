"""Ranges beside assumptions: what is one, and where it is shown."""

from __future__ import annotations

import pytest
from reading import Write, refused

from dealcalc.figures.subject import load

DEAL = """\
deal: Northgate
seller: Example Halls
buyer: Example Lab
currency: EUR
term: {start: 2026-01, months: 24}
charges:
  halls:
    price: 10m per month
    capacity: 20 MW
    ramp: [{months: 2, discount: 50%}]
termination: {by: either, notice: 30 days, lock_out: 3 months, fee: 3 months}
assumptions:
"""
RANGES = {
    "charges.halls.ramp.0.discount": ("0%", "100%"),
    "charges.halls.price": ("9m per month", "11.5m EUR a month"),
    "charges.halls.capacity": ("900 kW", "1 MW"),
    "charges.halls.capacity.0": ("900 kW", "1 MW"),
    "charges.halls.escalator.rate": ("-2%", "3%"),
    "term.start": ("2025-12-15", "2026-02"),
    "term.months": ("12", "36"),
    "termination.notice": ("30 days", "90 days"),
    "termination.0.lock_out": ("2026-02-01", "2026-12-31"),
    "termination.fee": ("1 month", "3 months"),
}


def assumed(path: str, low: str, high: str) -> str:
    return f"{DEAL}  {path}: {{why: not disclosed, range: [{low}, {high}]}}\n"


@pytest.mark.parametrize("path", RANGES)
def test_a_range_is_two_values_of_its_term(path: str, file: Write) -> None:
    low, high = RANGES[path]
    there = load(file(assumed(path, low, high)))
    assert there.ranges() == {path: (low, high)}
    assert there.assumed() == {path: f"not disclosed (from {low} to {high})"}
    found = refused(file(assumed(path, high, low)))
    assert [one.partition("`, ")[0].partition(": ")[2] for one in found] == [
        "the first value of a range is below the second, and both are of one kind"
    ]


NO_RANGES = {
    "one value": ("charges.halls.ramp.0.discount", "[50%]", "a range is two values"),
    "no list": ("charges.halls.ramp.0.discount", "50%", "expected a list"),
    "three": ("term.months", "[1, 2, 3]", "a range is two values"),
    "the same": ("term.months", "[24, 24]", "the first value of a range is below the second"),
    "two units": ("termination.notice", "[30 days, 3 months]", "both are of one kind"),
    "two periods": ("charges.halls.price", "[1m per month, 9m per year]", "both are of one kind"),
    "two kinds": ("termination.fee", "[3 months, 50m]", "both are of one kind"),
    "no power": ("charges.halls.capacity", "[20 MW, 30 GPU]", "both are of one kind"),
    "words": ("conventions.proration", "[30/360, actual]", "below the second"),
    "unread": ("charges.halls.ramp.0.discount", "[0%, 140%]", "140% is outside 0% to 100%"),
    "both unread": ("term.months", "[x, 2026-01-01]", "not a whole number"),
    "another currency": ("charges.halls.price", "[$1m a month, 2m a month]", "is in `$`"),
    "no single value": ("charges.halls", "[1, 2]", "is not a single value"),
    "a list": ("termination", "[1, 2]", "is not a single value"),
}


@pytest.mark.parametrize("name", NO_RANGES)
def test_what_is_no_range(name: str, file: Write) -> None:
    path, text, message = NO_RANGES[name]
    found = refused(file(f"{DEAL}  {path}: {{why: not disclosed, range: {text}}}\n"))
    assert message in found[0]


def test_a_range_of_no_term_is_told_at_the_path(file: Write) -> None:
    there = load(file(assumed("charges.halls.lode", "1%", "2%")))
    assert ["is not the path of a term" in problem.message for problem in there.warnings] == [True]


def test_what_is_set_has_no_range_any_more(file: Write) -> None:
    name = file(assumed("charges.halls.ramp.0.discount", "0%", "100%"))
    assert load(name, settings=["charges.halls.ramp.0.discount=20%"]).ranges() == {}

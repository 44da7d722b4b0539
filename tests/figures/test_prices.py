"""What capacity is paid by the unit."""

from __future__ import annotations

from fractions import Fraction

import pytest
from small_deals import Node, book, simple

from dealcalc.figures.prices import unit_price


def sold(capacity: str, price: str, start: str, through: str) -> Node:
    return {"price": price, "capacity": capacity, "start": start, "through": through}


def charges(**named: Node) -> Node:
    term = {"start": "2025-01", "through": "2032-12"}
    return {"currency": "USD", "term": term, "charges": named}


UNIT_PRICES = {
    "ramp-and-escalator-aside": (
        charges(
            a=sold("10 MW", "1m per MW-month", "2026-01", "2026-12")
            | {"ramp": [{"months": "2", "discount": "50%"}]}
            | {"escalator": {"rate": "3%", "every": "6 months"}}
        ),
        Fraction(1_000_000),
    ),
    # 2.425bn / 60 / 50 MW
    "in-total": (
        charges(a={"price": "2.425bn in total", "capacity": "50 MW", "months": "60"}),
        Fraction(2_425_000_000, 3000),
    ),
    "quarterly": (
        charges(a={"price": "30m per quarter", "capacity": "10 MW"}),
        Fraction(1_000_000),
    ),
    # 365 x 10 / 12 months / 10 MW
    "daily": (charges(a={"price": "10 per day", "capacity": "10 MW"}), Fraction(365, 12)),
    # 8,760 hours x 50% x 24 / 12: half of them are paid for
    "hourly-at-half-load": (
        charges(a={"price": "24 per MWh", "capacity": "10 MW", "load": "50%"}),
        Fraction(8760),
    ),
    "tranches-of-one-price": (
        charges(
            a=sold("10 MW", "1m per MW-month", "2026-01", "2026-12"),
            b=sold("90 MW", "1m per MW-month", "2027-06", "2031-05"),
        ),
        Fraction(1_000_000),
    ),
    # (10 x 1m + 30 x 2m) / 40, for as long
    "tranches-of-unequal-size": (
        charges(
            a=sold("10 MW", "1m per MW-month", "2026-01", "2026-12"),
            b=sold("30 MW", "2m per MW-month", "2026-01", "2026-12"),
        ),
        Fraction(1_750_000),
    ),
    # 1,461 days at 1m and 365 at 2m, of the same size
    "tranches-of-unequal-length": (
        charges(
            a=sold("10 MW", "1m per MW-month", "2025-01", "2028-12"),
            b=sold("10 MW", "2m per MW-month", "2029-01", "2029-12"),
        ),
        Fraction((1461 + 2 * 365) * 1_000_000, 1826),
    ),
    # a quarter of the price is paid back; what a seller pays for nothing that is sold is not
    "paid-back": (
        charges(
            a=sold("10 MW", "1m per MW-month", "2026-01", "2026-12"),
            b=sold("a", "250k per MW-month", "2026-01", "2026-12") | {"paid_by": "seller"},
            c={"price": "5m per month", "paid_by": "seller"},
        ),
        Fraction(750_000),
    ),
    # power on top of the same 10 MW
    "capacity-priced-twice": (
        charges(
            a=sold("10 MW", "1m per MW-month", "2026-01", "2026-12"),
            b=sold("a", "2m per MW-month", "2026-01", "2026-12"),
        ),
        Fraction(3_000_000),
    ),
    # for 365 of 730 days
    "capacity-priced-twice-for-half-the-time": (
        charges(
            a=sold("10 MW", "1m per MW-month", "2026-01", "2027-12"),
            b=sold("a", "2m per MW-month", "2026-07-01", "2027-06-30"),
        ),
        Fraction(2_000_000),
    ),
    # another price for the same 10 MW, from the day after: 365 days of each
    "a-renewal": (
        charges(
            a=sold("10 MW", "1m per MW-month", "2026-01", "2026-12"),
            b=sold("a", "2m per MW-month", "2027-01", "2027-12"),
        ),
        Fraction(1_500_000),
    ),
    # 365 days of each, of which 184 are the same: 546 days of the capacity
    "capacity-priced-twice-and-on": (
        charges(
            a=sold("10 MW", "1m per MW-month", "2026-01", "2026-12"),
            b=sold("a", "2m per MW-month", "2026-07-01", "2027-06-30"),
        ),
        Fraction(365 * 3_000_000, 546),
    ),
    "once-is-no-price-per-unit": (
        charges(
            a=sold("10 MW", "1m per MW-month", "2026-01", "2026-12"),
            b={"price": "9bn once", "on": "2026-01-01", "capacity": "10 MW"},
        ),
        Fraction(1_000_000),
    ),
    "other-charges-aside": (
        charges(
            a=sold("10 MW", "1m per MW-month", "2026-01", "2026-12"),
            b={"price": "9bn per month"},
            c={"price": "9bn per month", "capacity": "10 GPU"},
        ),
        Fraction(1_000_000),
    ),
    "nothing-sold": (charges(a={"price": "1 per month"}), None),
    "nothing-sold-in-MW": (charges(a={"price": "1 per month", "capacity": "10 GPU"}), None),
    "no-MW": (charges(a={"price": "1 per month", "capacity": "0 MW"}), None),
}


@pytest.mark.parametrize(("node", "price"), UNIT_PRICES.values(), ids=UNIT_PRICES)
def test_unit_price_per_month(node: Node, price: Fraction | None) -> None:
    assert unit_price(book(node), "MW", "month") == price


@pytest.mark.parametrize(("period", "price"), [("month", 730), ("year", 8_760), ("hour", 1)])
def test_a_year_has_8760_hours(period: str, price: int) -> None:
    # 730 x 12 = 8,760
    deal = simple({"price": "730 per GPU-month", "capacity": "3 GPU"}, "2026-01", "2026-12")
    assert unit_price(book(deal), "GPU", period) == price

"""Amounts as people read them: one unit a line, and no comparison that rounding belies."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dealcalc.reports.units import UNITS, in_unit, money_text


def said(amounts: list[str], claimed: list[str], asked: str | None = None) -> str:
    parts = [money_text(Decimal(amount), "USD", map(Decimal, claimed)) for amount in amounts]
    return in_unit(" and ".join(parts), UNITS[asked] if asked else None)


@pytest.mark.parametrize(
    ("amounts", "claimed", "asked", "text"),
    [
        (["45000000000"], [], None, "45.00bn USD"),
        (["45000000000", "541666666.67"], [], None, "45,000.00m USD and 541.67m USD"),
        # 39.996 and 40.004 are both 40.00 with two decimals.
        (["39996000000", "40004000000"], [], None, "39.996bn USD and 40.004bn USD"),
        (["4e10", "40000000000.01"], [], None, "40,000,000,000 USD and 40,000,000,000.01 USD"),
        (["40000000000"], ["40000000000"], None, "40.00bn USD"),
        (["39999000000"], ["39999000000"], None, "39.999bn USD"),
        # 39.994bn is not 39.995bn, though both are 39.99 or 40.00.
        (["39994000000"], ["39995000000"], None, "39.994bn USD"),
        (["39994000000"], ["40000000000"], None, "39.99bn USD"),
        (["40000000000.01"], ["40000000000"], None, "40,000,000,000.01 USD"),
        (["40000000000.01"], ["40000000000"], "bn", "40.00000000001bn USD"),
        (["40000000000.01"], ["40000000000"], "m", "40,000.00000001m USD"),
        (["0"], ["40000000000"], None, "0 USD"),
    ],
)  # fmt: skip
def test_amounts_that_differ_look_different(
    amounts: list[str], claimed: list[str], asked: str | None, text: str
) -> None:
    assert said(amounts, claimed, asked) == text

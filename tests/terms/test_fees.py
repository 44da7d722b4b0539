"""What each kind of fee says of itself."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

import pytest

from dealcalc.terms.fees import Fee, FeeAmount, FeeFalling, FeeMonths, FeeShare
from dealcalc.terms.values import Span


class Halfway(NamedTuple):
    """An early end after which 1,200 is not earned, and 100 a month was."""

    def forgone(self) -> Fraction:
        return Fraction(1_200)

    def monthly(self) -> Fraction:
        return Fraction(100)

    def left(self, over: Span) -> Fraction:
        return Fraction(9, over.count)


class InWords(NamedTuple):
    def forgone(self) -> str:
        return "1,200.00"

    def monthly(self) -> str:
        return "100"

    def left(self, _: Span) -> str:
        return "75%"


FEES = {
    "amount": (FeeAmount(Fraction(500)), 500, "500", "500", ""),
    "months": (  # 3 x 100
        FeeMonths(Fraction(3)),
        300,
        "3 months",
        "3 months x 100, the monthly rates of the last day",
        "3 months of the rates of the last day",
    ),
    "share": (  # 1,200 / 4
        FeeShare(Fraction(1, 4)),
        300,
        "25% of remaining",
        "25% of the 1,200.00 forgone",
        "25% of what is forgone",
    ),
    "falling": (  # 400 x 9 / 12
        FeeFalling(Fraction(400), Span(12, "months")),
        300,
        "400 falling over 12 months",
        "400 x 75%, what is left of it on the last day",
        "what is left of 400 falling over 12 months",
    ),
}


@pytest.mark.parametrize(("fee", "amount", "text", "made_of", "agreed"), FEES.values(), ids=FEES)
def test_a_fee(fee: Fee, amount: int, text: str, made_of: str, agreed: str) -> None:
    assert fee.amount(Halfway()) == amount
    assert (f"{fee}", fee.explained(InWords()), fee.agreed) == (text, made_of, agreed)


def test_every_kind_is_tried() -> None:
    assert {type(fee) for fee, *_ in FEES.values()} == {*Fee.__subclasses__()}

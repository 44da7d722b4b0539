"""Every mistake in rights to leave: where it is, what it is, and the way out."""

from __future__ import annotations

from typing import Any

import pytest
from small_deals import Node, scenario

from dealcalc.loading.problems import Refused

DEAL: Node = {
    "currency": "USD",
    "term": {"start": "2026-01", "through": "2027-12"},
    "charges": {"a": {"price": "10 per month"}, "b": {"price": "5 per month"}},
}

MISTAKES: dict[str, tuple[Any, str, str]] = {
    "a sum without a time": (
        {"fee": {"amount": "30m"}},
        "`amount` without `over`",
        "add `over: 120 months`; or write `fee: 30m` for a fee that does not fall",
    ),
    "a time without a sum": (
        {"fee": {"fee": "3 months", "over": "12 months"}},
        "`over` is for an `amount` that falls",
        "write `amount: 30m` beside it, or remove `over`",
    ),
    "a sum that falls over no time": (
        {"fee": {"amount": "30m", "over": "0 months"}},
        "a sum cannot fall over no time",
        "write a longer one, like `120 months`",
    ),
    "a fee and a sum": (
        {"fee": {"fee": "3 months", "amount": "30m", "over": "12 months"}},
        "`fee` and `amount` cannot be used together",
        "remove `fee` or `amount`",
    ),
    "break days out of order": (
        {"on": ["2027-06", "2026-12"]},
        "2026-12-31 does not come after 2027-06-30",
        "write the break days in order of date, each once",
    ),
    "a charge twice": ({"ends": ["a", "a"]}, "`a` stands here twice", "remove one of them"),
    "a charge that is not there": (
        {"ends": ["a", "bb"]},
        "no charge is called `bb`",
        "did you mean `b`?",
    ),
    "steps beside break days": (
        {"on": ["2026-12"], "fee": [{"through": "2026-12", "fee": "1m"}]},
        "`through` does not apply beside break days",
        "write a list of fees, one for each break day",
    ),
    "too few fees": (
        {"on": ["2026-06", "2026-12", "2027-06"], "fee": ["2m", "1m"]},
        "there are 2 fees for 3 break days",
        "write one fee for all, or one for each",
    ),
    "steps without an end": (
        {"fee": ["3 months", "2 months"]},
        "this step of the fee has no end",
        "add `through: 2028-12` to it; only the last step may do without",
    ),
    "the last step first": (
        {"fee": [{"fee": "1m"}, {"through": "2026-12", "fee": "2m"}]},
        "this step of the fee has no end",
        "put the step without `through` last",
    ),
    "steps out of order": (
        {"fee": [{"through": "2027-06", "fee": "2m"}, {"through": "2026-12", "fee": "1m"}]},
        "the step ends on 2026-12-31, not after 2027-06-30",
        "put the steps in order of date",
    ),
    "a break day outside the term": (
        {"on": ["2028-06"]},
        "2028-06-30 is outside the term, which runs from 2026-01-01 to 2027-12-31",
        "write a day of the term, or remove it",
    ),
}


@pytest.mark.parametrize(("right", "message", "help"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_has_a_way_out(right: Node, message: str, help: str) -> None:
    with pytest.raises(Refused) as refused:
        scenario(DEAL | {"termination": {"by": "buyer", "notice": "1 month", **right}})
    assert [(one.message, one.help) for one in refused.value.problems] == [(message, help)]


def test_there_are_at_most_twelve_rights() -> None:
    rights = [{"by": "buyer", "notice": f"{days} days"} for days in range(1, 14)]
    scenario(DEAL | {"termination": rights[:12]})
    with pytest.raises(Refused, match="there are 13 rights to leave; at most 12 are read"):
        scenario(DEAL | {"termination": rights})


def test_a_right_stands_there_once() -> None:
    right = {"by": "buyer", "notice": "1 month"}
    with pytest.raises(Refused, match=r"this right stands in `termination\.0` already"):
        scenario(DEAL | {"termination": [right, right]})


@pytest.mark.parametrize("right", [{"right": "3"}, {"right": "0"}])
def test_the_right_of_notice_is_there(right: Node) -> None:
    given = {"notice": "2026-05-15", **right}
    deal = DEAL | {"termination": {"by": "buyer", "notice": "1 month"}} | given
    if right["right"] == "0":
        assert scenario(deal).what_if.right == 0
    else:
        with pytest.raises(Refused):
            scenario(deal)


def test_steps_in_order_are_read() -> None:
    days = "2026-06", "2026-12", "2027-06"
    fee = [{"through": through, "fee": "1m"} for through in days]
    scenario(DEAL | {"termination": {"by": "buyer", "notice": "1 month", "fee": fee}})

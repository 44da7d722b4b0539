"""Several rights to leave: by hand, and what holds of any."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracle import Oracle
from random_deals import deals, short_deal
from small_deals import Node, book, day, money

from dealcalc.core import Priced
from dealcalc.terms.dates import DAY
from dealcalc.terms.rights import NotPermitted

TWO: Node = {
    "currency": "USD",
    "term": {"start": "2026-01", "months": "24"},
    "charges": {"a": {"price": "10m per month"}, "b": {"price": "10m per month"}},
}
"""Two charges of 10m a month for two years: 480m in all."""


def leaving(*rights: Node) -> Priced:
    return book(TWO | {"termination": [*rights]})


FIRM: dict[str, tuple[list[Node], str, str, str]] = {
    # a ends on 31 January: 10m. b ends on 2 March: 20m and 2/31 of 10m.
    "parts of two parties combine": (
        [
            {"by": "buyer", "notice": "30 days", "ends": ["a"]},
            {"by": "seller", "notice": "60 days", "ends": ["b"]},
        ],
        *("30645161.29", "2026-01-31", "0"),
    ),
    # Of a, whose right is free, no fee counts: 2 months of b alone, on the same last day.
    "a fee counts what no other right ends as early": (
        [
            {"by": "buyer", "notice": "30 days", "ends": ["a"]},
            {"by": "buyer", "notice": "30 days", "fee": "2 months"},
        ],
        *("40000000", "2026-01-31", "20000000"),
    ),
    # 240m through 2026 and a fee of 200m; or 360m through June 2027 and 60m.
    "a fee for each break day": (
        [
            {
                "by": "buyer",
                "notice": "3 months",
                "on": ["2026-12", "2027-06"],
                "fee": ["200m", "60m"],
            }
        ],
        *("420000000", "2027-06-30", "60000000"),
    ),
    # On 31 December 2026 240m and 300m; a day later 240m, twice 10m / 31 rounded up, and 1m.
    "a fee that steps down": (
        [
            {
                "by": "buyer",
                "notice": "1 month",
                "fee": [{"through": "2026-12", "fee": "300m"}, {"fee": "1m"}],
            }
        ],
        *("241645161.30", "2027-01-01", "1000000"),
    ),
    # By 1 February 2026 twice 10m + 10m / 28 is earned, rounded up; of 240m that fall by 10m a
    # month 229,642,857.14 are left. Each month more earns 20m.
    "a sum that falls more slowly than the deal earns": (
        [{"by": "buyer", "notice": "1 month", "fee": {"amount": "240m", "over": "24 months"}}],
        *("250357142.86", "2026-02-01", "229642857.14"),
    ),
}


@pytest.mark.parametrize(("rights", "firm", "last_day", "fee"), FIRM.values(), ids=FIRM)
def test_firm_at_signing(rights: list[Node], firm: str, last_day: str, fee: str) -> None:
    stands = leaving(*rights).at_signing()
    assert stands.firm == money(firm)
    assert (f"{stands.earliest_exit}", stands.fee) == (last_day, money(fee))
    assert stands.earned + stands.firm + stands.cancellable == stands.contract_value


def test_what_is_left_of_a_sum() -> None:
    # 24m over 24 months: 1m a month. By the end of June 2027 18 months are gone, 6m are left.
    right = {"by": "buyer", "notice": "1 month", "fee": {"amount": "24m", "over": "24 months"}}
    ended = leaving(right).terminate(day("2027-05-30"))
    assert (f"{ended.last_day}", ended.fee) == ("2027-06-30", money("6000000"))


def test_one_right_ends_its_charges_and_the_others_go_on() -> None:
    # a earns 60m through June 2026, b 240m: 180m are forgone; the fee is 3 x 10m.
    priced = leaving({"by": "buyer", "notice": "1 month", "ends": ["a"], "fee": "3 months"})
    ended = priced.terminate(day("2026-05-30"), right=0)
    assert (f"{ended.last_day}", ended.earned, ended.fee, ended.forgone) == (
        *("2026-06-30", money("300000000")),
        *(money("30000000"), money("180000000")),
    )
    schedule = priced.schedule_after([ended.exit])
    assert (f"{schedule.last_day}", schedule.total) == ("2027-12-31", money("330000000"))
    with pytest.raises(NotPermitted, match="nobody may end the whole deal, only a"):
        priced.terminate(day("2026-05-30"))
    with pytest.raises(NotPermitted, match="right 0 is not the seller's"):
        priced.terminate(day("2026-05-30"), "seller", 0)
    # What notice has not ended stays as it was agreed, and nobody may end it.
    stands = priced.backlog(day("2026-06-30"), ended=ended)
    assert (stands.earned, stands.firm) == (money("120000000"), money("210000000"))
    assert (stands.contract_value, stands.cancellable) == (money("330000000"), money("0"))


def test_notice_on_the_last_day_that_would_end_the_day_before() -> None:
    # Where the day of notice counts, no days of notice end with the day before: all is served then.
    parts = [
        {"by": "buyer", "notice": "0 days", "ends": ["a"]},
        {"by": "buyer", "notice": "0 days", "fee": "1m"},
    ]
    counted = {"termination": parts, "conventions": {"notice_day": "included"}}
    stands = book(TWO | counted).backlog(day("2027-12-31"))
    assert (stands.earned, stands.firm, stands.cancellable) == (
        *(money("480000000"), money("0")),
        money("0"),
    )


def test_notice_that_is_too_late_for_every_break_day() -> None:
    priced = leaving({"by": "either", "notice": "6 months", "on": ["2026-12"]})
    assert f"{priced.latest_notice(day('2027-12-31'))}" == "2026-06-30"
    assert f"{priced.terminate(day('2026-01-01')).last_day}" == "2026-12-31"
    with pytest.raises(NotPermitted, match="too late for the last break day, 2026-12-31"):
        priced.terminate(day("2026-07-01"))


# --- any rights -----------------------------------------------------------------------------------

shorts = st.randoms(use_true_random=False).map(short_deal)


@pytest.mark.parametrize("seed", range(25))
def test_firm_is_the_least_over_every_set_of_rights_and_every_day(seed: int) -> None:
    node = short_deal(Random(seed))
    priced, oracle = book(node), Oracle(node)
    for as_of in {oracle.signed, oracle.start, oracle.start + 10 * DAY, oracle.through - 3 * DAY}:
        for by in (None, "buyer"):
            found, slow = priced.backlog(as_of, by), oracle.standing(as_of, by)
            assert (found.firm, found.cancellable) == (slow.firm, slow.cancellable), (as_of, by)
            found, slow = priced.opening(as_of, by), oracle.opening(as_of, by)
            assert (found.firm, found.cancellable) == (slow.firm, slow.cancellable), (as_of, by)


@given(shorts, st.randoms(use_true_random=False), st.integers(0, 30))
def test_the_order_of_rights_does_not_matter(deal: Node, rng: Random, days: int) -> None:
    turned = deal | {"termination": rng.sample(deal["termination"], len(deal["termination"]))}
    as_of = book(deal).deal.signed + days * DAY
    one, other = (book(node).backlog(as_of) for node in (deal, turned))
    assert (one.firm, one.earliest_exit, one.fee) == (other.firm, other.earliest_exit, other.fee)


@given(shorts, st.integers(0, 30))
def test_a_right_more_never_raises_what_is_firm(deal: Node, days: int) -> None:
    fewer: Any = deal["termination"][:-1] or "none"
    as_of = book(deal).deal.signed + days * DAY
    assert book(deal).backlog(as_of).firm <= book(deal | {"termination": fewer}).backlog(as_of).firm


@given(deals().filter(lambda deal: "termination" in deal and "options" not in deal))
def test_a_right_over_all_charges_is_one_that_names_none(deal: Node) -> None:
    said = deal["termination"]
    rights = [said] if isinstance(said, dict) else said
    named = [right | {"ends": list(deal["charges"])} for right in rights]
    one, other = book(deal), book(deal | {"termination": named})
    assert one.at_signing() == other.at_signing()
    assert list(one.exits(one.deal.signed)) == list(other.exits(one.deal.signed))

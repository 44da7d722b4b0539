"""The oracle, proven by figures worked by hand, never by the program it judges."""

from __future__ import annotations

import copy
from datetime import date
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from oracle import NoticeRefusedError, Oracle
from random_deals import as_yaml, deals, random_deal

Node = dict[str, Any]

NIL = Decimal(0)

MODEL: Node = {
    "term": {"start": "2026-05", "through": "2029-05"},
    "currency": "USD",
    "charges": {
        "compute": {
            "price": "1.25bn per month",
            "capacity": "300 MW",
            "ramp": [{"months": "2", "discount": "50%"}],
        }
    },
    "termination": {"by": "either", "notice": "90 days"},
}


def model(**right: str) -> Oracle:
    deal = copy.deepcopy(MODEL)
    deal["termination"] |= right
    return Oracle(deal)


def simple(charge: str | Node, start: str, through: str, **more: Any) -> Oracle:
    """One charge over a term; a text is its price."""
    charges = {"only": {"price": charge} if isinstance(charge, str) else charge}
    term = {"start": start, "through": through}
    return Oracle({"term": term, "currency": "USD", "charges": charges} | more)


def day(text: str) -> date:
    return date.fromisoformat(text)


def money(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def monies(*texts: str) -> list[Decimal]:
    return [money(text) for text in texts]


# ---- the model deal ----


def test_model_total_and_years() -> None:
    # 2 x 0.625 + 35 x 1.25 = 45bn; 2026 is 2 x 0.625 + 6 x 1.25 = 8.75bn, 2029 five months.
    deal = model()
    assert deal.total() == money("45,000,000,000.00")
    assert deal.years() == {
        2026: money("8,750,000,000.00"),
        2027: money("15,000,000,000.00"),
        2028: money("15,000,000,000.00"),
        2029: money("6,250,000,000.00"),
    }
    assert len(deal.months()) == 37
    assert deal.months()["2026-06"] == money("625,000,000.00")
    assert deal.months()["2026-07"] == money("1,250,000,000.00")


def test_model_notice() -> None:
    # 15 March + 90 days: 16 left in March, 30, 31 make 77; 13 June. 13/30 x 1.25bn is
    # 541,666,666.67. Earned: 8.75bn + 5 x 1.25bn + that.
    for party in ("buyer", "seller", None):
        end = model().terminate(day("2027-03-15"), party)
        assert end.by == (party or "either")
        assert end.last_day == day("2027-06-13")
        assert end.months["2027-06"] == money("541,666,666.67")
        assert end.earned == end.total == money("15,541,666,666.67")
        assert end.forgone == money("29,458,333,333.33")
        assert end.years == {2026: money("8.75e9"), 2027: money("6,791,666,666.67")}
        assert end.fee == 0
        assert end.kept == Fraction(1554166666667, 4500000000000)


def test_model_notice_on_the_first_day() -> None:
    # 1 May + 90 days = 30 July: 2 x 625m + 30/31 x 1.25bn = 2,459,677,419.354...
    end = model().terminate(day("2026-05-01"))
    assert end.last_day == day("2026-07-30")
    assert end.earned == money("2,459,677,419.35")


def test_over_forty_billion() -> None:
    # After January 2029 four months are left, 4 x 1.25 = 5bn: exactly 40bn. 1 February adds 1/28.
    deal = model()
    assert deal.total(day("2029-01-31")) == money("40,000,000,000.00")
    assert deal.total(day("2029-02-01")) == money("40,044,642,857.14")
    assert deal.latest_notice(day("2029-02-01")) == day("2028-11-03")
    assert deal.terminate(day("2028-11-02")).total == money("40,000,000,000.00")


def test_two_free_months() -> None:
    free = copy.deepcopy(MODEL)
    free["charges"]["compute"]["ramp"][0]["discount"] = "100%"
    assert Oracle(free).total() == money("43,750,000,000.00")


def test_model_standing() -> None:
    # 625m / 31 = 20,161,290.3225...
    deal = model()
    before, first = deal.standing(day("2026-04-30")), deal.standing(day("2026-05-01"))
    assert (before.earned, before.firm) == (NIL, money("2,459,677,419.35"))
    assert before.cancellable == money("42,540,322,580.65")
    assert first.earned == money("20,161,290.32")
    assert first.firm == money("2,439,516,129.03")
    assert first.earliest_exit == before.earliest_exit == day("2026-07-30")
    assert first.by == before.by == "either"
    assert first.headline == money("45e9")


def test_model_with_a_fee_of_three_months() -> None:
    # 15,541,666,666.67 + 3 x 1.25bn
    deal = model(fee="3 months")
    end = deal.terminate(day("2027-03-15"), "buyer")
    assert (end.fee, end.total) == (money("3.75e9"), money("19,291,666,666.67"))
    assert end.months["2027-06"] == money("4,291,666,666.67")
    assert end.years[2027] == money("10,541,666,666.67")
    assert (end.earned, end.forgone) == (money("15,541,666,666.67"), money("29,458,333,333.33"))
    seller = deal.terminate(day("2027-03-15"), "seller")
    assert (seller.fee, seller.total) == (money("-3.75e9"), money("11,791,666,666.67"))
    nobody_in_particular = deal.terminate(day("2027-03-15"))
    assert (nobody_in_particular.by, nobody_in_particular.fee) == ("either", money("3.75e9"))


def test_firm_with_a_fee() -> None:
    # Earned by 15 March 2027: 8.75bn + 2.5bn + 15/31 x 1.25bn. The buyer's exit adds the fee.
    deal = model(fee="3 months")
    buyer = deal.standing(day("2027-03-15"), "buyer")
    assert (buyer.earned, buyer.firm) == (money("11,854,838,709.68"), money("7,436,827,956.99"))
    assert (buyer.by, buyer.fee) == ("buyer", money("3.75e9"))
    # The seller's leaving brings nothing beyond the notice, so it yields less; its fee is apart.
    any_party = deal.standing(day("2027-03-15"))
    assert (any_party.by, any_party.firm) == ("seller", money("3,686,827,956.99"))
    assert any_party.fee == money("-3.75e9")


def test_firm_never_exceeds_what_remains() -> None:
    # 30 November 2028 + 90 days = 28 February 2029: the three months left are just the fee. A day
    # earlier 1/28 of a month more is left than the fee.
    deal = model(fee="3 months")
    assert deal.standing(day("2028-11-30"), "buyer").cancellable == 0
    assert deal.standing(day("2028-11-29"), "buyer").cancellable == money("44,642,857.14")
    assert deal.standing(day("2028-12-31"), "buyer").cancellable == 0
    assert deal.standing(day("2028-11-30")).cancellable == money("3,750,000,000.00")


@pytest.mark.parametrize(
    ("right", "first_exit", "firm"),
    [
        # From 3 August: + 90 days = 1 November. 1.25bn + 4 x 1.25bn + 1/30 x 1.25bn
        ({"lock_out": "2026-08-03"}, "2026-11-01", "6,291,666,666.67"),
        # 1.25bn + 1.25bn + 3/31 x 1.25bn
        (
            {"lock_out": "2026-08-03", "lock_out_bars": "ending"},
            "2026-08-03",
            "2,620,967,741.94",
        ),
        # From 30 October: 28 January 2027. 1.25bn + 6 x 1.25bn + 28/31 x 1.25bn
        ({"lock_out": "2026-10-30"}, "2027-01-28", "9,879,032,258.06"),
    ],
    ids=["notice-barred", "ending-barred", "half-a-year"],
)
def test_readings_of_the_later_filings(right: dict[str, str], first_exit: str, firm: str) -> None:
    standing = model(**right).standing(day("2026-04-30"))
    assert standing.earliest_exit == day(first_exit)
    assert standing.firm == money(firm)


# ---- the similar contracts ----


def test_google() -> None:
    # 33 x 920m. Notice on 1 January 2027 ends on 1 April: 6 x 920m + 1/30 x 920m.
    deal = simple(
        "920m per month",
        "2026-10",
        "2029-06",
        termination={"by": "either", "notice": "90 days", "lock_out": "2027-01-01"},
    )
    assert deal.total() == money("30,360,000,000.00")
    assert deal.first_notice() == day("2027-01-01")
    end = deal.terminate(day("2027-01-01"))
    assert (end.last_day, end.total) == (day("2027-04-01"), money("5,550,666,666.67"))
    assert simple("736m per month", "2026-10", "2029-06").total() == money("24.288e9")


def test_reflection() -> None:
    # 42 x 150m. 1 October + 90 days = 30 December: 5 x 150m + 30/31 x 150m = 895,161,290.32.
    right = {"by": "either", "notice": "90 days", "lock_out": "3 months"}
    deal = simple("150m per month", "2026-07", "2029-12", termination=right)
    assert deal.total() == money("6,300,000,000.00")
    assert deal.first_notice() == day("2026-10-01")
    end = deal.terminate(day("2026-10-01"))
    assert (end.last_day, end.total) == (day("2026-12-30"), money("895,161,290.32"))
    in_months = right | {"notice": "3 months"}
    deal = simple("150m per month", "2026-07", "2029-12", termination=in_months)
    assert deal.terminate(day("2026-10-01")).last_day == day("2027-01-01")


def test_iren() -> None:
    # 2.425bn / 60 a month and phase: 2026 has 9 + 6 + 3 such months, a full year 4 x 12, 2031 has
    # 3 + 6 + 9 + 12 = 30.
    starts = ["2026-04", "2026-07", "2026-10", "2027-01"]
    charges = {
        f"phase {at}": {"price": "2.425bn in total", "start": start, "months": "60"}
        for at, start in enumerate(starts, 1)
    }
    term = {"start": "2026-04", "through": "2031-12"}
    deal = Oracle({"term": term, "currency": "USD", "charges": charges})
    assert deal.total() == money("9.7e9")
    assert deal.years() == {
        2026: money("727.5e6"),
        **dict.fromkeys([2027, 2028, 2029, 2030], money("1.94e9")),
        2031: money("1,212.5e6"),
    }


# ---- prices ----

SOLD = ["300 MW", "10 GPU"]


@pytest.mark.parametrize(
    ("charge", "april"),
    [
        ("100 per month", "100"),
        ("100 per quarter", "33.33"),
        ("100 per year", "8.33"),
        ("100 per day", "3000"),
        # 155 x 300,000 kW
        ({"price": "155 per kW-month", "capacity": SOLD}, "46,500,000"),
        # 1.2m x 300 MW / 12
        ({"price": "1.2m per MW-year", "capacity": "0.3 GW"}, "30,000,000"),
        # 2.10 x 10 x 24 x 30
        ({"price": "2.10 per GPU-hour", "capacity": SOLD}, "15,120"),
        # 55 x 0.5 MW x 24 x 30 x 85%
        ({"price": "55 per MWh", "capacity": "500 kW", "load": "85%"}, "16,830"),
        # spread over April and May of equal weight, though not of equal length
        ("100 in total", "50"),
        ({"price": "1_000 once", "on": "2026-04-30"}, "1000"),
        ({"price": "1.25e3 once", "on": "2026-05-01"}, "0"),
    ],
    ids=str,
)
def test_a_month_of_each_price(charge: str | Node, april: str) -> None:
    assert simple(charge, "2026-04", "2026-05").months()["2026-04"] == money(april)


def test_capacity_of_another_charge() -> None:
    # 1 x 300 MW, and 2 x 10 GPU of the same
    charges = {
        "extra": {"price": "2 per GPU-month", "capacity": "site"},
        "site": {"price": "1 per MW-month", "capacity": SOLD},
    }
    term = {"start": "2026-04", "months": "1"}
    deal = Oracle({"term": term, "currency": "USD", "charges": charges})
    assert (deal.earned(day("2026-04-30"), "site"), deal.total()) == (money("300"), money("320"))


def test_each_charge_is_rounded_by_itself() -> None:
    # 33.33 + 33.33, though 2 x 100 / 3 is 66.67
    charges = {name: {"price": "100 per quarter"} for name in ("a", "b")}
    term = {"start": "2026-04", "months": "1"}
    assert Oracle({"term": term, "currency": "USD", "charges": charges}).total() == money("66.66")


@pytest.mark.parametrize(
    ("currency", "months"),
    [
        ("USD", ["33.33", "33.34", "33.33"]),  # 33.333, 66.667, 100
        ("JPY", ["33", "34", "33"]),
        ("KWD", ["33.333", "33.334", "33.333"]),
    ],
)
def test_months_are_differences_of_rounded_sums(currency: str, months: list[str]) -> None:
    deal = simple("100 in total", "2026-04", "2026-06", currency=currency)
    assert list(deal.months().values()) == monies(*months)


def test_a_half_is_rounded_up() -> None:
    # half a cent by the end of April
    months = simple("0.01 in total", "2026-04", "2026-05").months()
    assert list(months.values()) == monies("0.01", "0.00")


# ---- weights ----


@pytest.mark.parametrize(
    ("proration", "months"),
    [
        # 17 of 31 days; 14 of 31
        ("actual", ["170.00", "310.00", "140.00"]),
        # 16 of 30, the 31st weighing nothing; 14 of 30
        ("30/360", ["165.33", "310.00", "144.67"]),
        ("whole-month", ["310.00", "310.00", "310.00"]),
    ],
)
def test_stubs_at_both_ends(proration: str, months: list[str]) -> None:
    conventions = {"proration": proration}
    deal = simple("310 per month", "2026-01-15", "2026-03-14", conventions=conventions)
    assert list(deal.months().values()) == monies(*months)


def test_february_takes_what_is_left_of_thirty_days() -> None:
    # 28 February 2026 weighs 3/30; in 2028 the 28th weighs 1/30 and the 29th 2/30
    conventions = {"proration": "30/360"}
    for only, amount in [("2026-02-28", 30), ("2028-02-28", 10), ("2028-02-29", 20)]:
        assert simple("300 per month", only, only, conventions=conventions).total() == amount
    thirty_first = simple("300 per month", "2026-01-31", "2026-01-31", conventions=conventions)
    assert thirty_first.total() == 0


def test_twelve_months_from_the_middle_bill_thirteen() -> None:
    conventions = {"proration": "whole-month"}
    deal = simple("100 per month", "2026-05-15", "2027-05-14", conventions=conventions)
    assert deal.total() == 1300


def test_daily_prices_need_no_weight() -> None:
    for proration in ("actual", "30/360", "whole-month"):
        conventions = {"proration": proration}
        assert (
            simple("7 per day", "2026-01-30", "2026-02-01", conventions=conventions).total() == 21
        )


# ---- ramps and escalators ----


def test_steps_count_from_the_start_and_never_chain() -> None:
    # One month from 31 January ends on 27 February, two end on 30 March.
    ramp = [{"months": "1", "discount": "100%"}, {"months": "1", "price": "10 per day"}]
    deal = simple({"price": "1 per day", "ramp": ramp}, "2026-01-31", "2026-04-30")
    assert deal.total(day("2026-02-27")) == 0
    assert deal.total(day("2026-02-28")) == 10
    # 28 February to 30 March are 31 days
    assert deal.total(day("2026-03-30")) == 310
    assert deal.total(day("2026-03-31")) == 311


def test_a_dated_step_moves_the_count() -> None:
    # free through 10 March; a month from 11 March at half price ends on 10 April
    ramp = [{"through": "2026-03-10", "discount": "100%"}, {"months": "1", "discount": "50%"}]
    deal = simple({"price": "2 per day", "ramp": ramp}, "2026-01-31", "2026-04-30")
    assert deal.total(day("2026-03-10")) == 0
    assert deal.total(day("2026-04-10")) == 31
    assert deal.total(day("2026-04-11")) == 33


def test_a_ramp_that_outlasts_its_charge_is_cut() -> None:
    ramp = [{"months": "12", "discount": "25%"}]
    assert simple({"price": "100 per month", "ramp": ramp}, "2026-01", "2026-02").total() == 150


def test_a_step_price_per_unit() -> None:
    # 3 x 10 GPU, then 100; load scales the hourly step of an hourly charge: 24 x 10 x 50% a day
    ramp = [{"months": "1", "price": "3 per GPU-month"}]
    charge: Node = {"price": "100 per month", "capacity": "10 GPU", "ramp": ramp}
    assert list(simple(charge, "2026-04", "2026-05").months().values()) == monies("30", "100")
    ramp = [{"months": "1", "price": "1 per GPU-hour"}]
    charge = {"price": "2 per GPU-hour", "capacity": "10 GPU", "load": "50%", "ramp": ramp}
    assert list(simple(charge, "2026-04", "2026-05").months().values()) == monies("3600", "7440")


def test_escalator_is_exact() -> None:
    # 12 x (100 + 103 + 106.09)
    charge = {"price": "100 per month", "escalator": {"rate": "3%", "every": "12 months"}}
    deal = simple(charge, "2026-01", "2028-12")
    assert list(deal.years().values()) == monies("1200", "1236", "1273.08")


def test_first_increase_on_a_date() -> None:
    # 6 x 100; 12 x 103; 12 x 106.09; 6 x 109.2727 = 655.6362
    escalator = {"rate": "3%", "every": "12 months", "first": "2026-07-01"}
    deal = simple({"price": "100 per month", "escalator": escalator}, "2026-01", "2028-12")
    assert deal.earned_exact(day("2028-12-31")) == Fraction("3764.7162")
    assert deal.total() == money("3764.72")


def test_a_discount_is_of_the_escalated_price_and_a_step_price_replaces_it() -> None:
    # 100 x 1.1 x 50% = 55 in May; 7 in June; 100 x 1.1^3 = 133.10 in July
    ramp = [
        {"months": "1", "discount": "0%"},
        {"months": "1", "discount": "50%"},
        {"months": "1", "price": "7 per month"},
    ]
    escalator = {"rate": "10%", "every": "1 month"}
    charge = {"price": "100 per month", "ramp": ramp, "escalator": escalator}
    months = simple(charge, "2026-04", "2026-07").months()
    assert list(months.values()) == monies("100", "55", "7", "133.10")


def test_anniversaries_are_those_of_the_charge() -> None:
    # from 31 January by months: 28 February, 31 March. 28 days at 1, 31 at 2, then 4.
    charge = {
        "price": "1 per day",
        "start": "2026-01-31",
        "escalator": {"rate": "100%", "every": "1 month"},
    }
    deal = simple(charge, "2026-01", "2026-04")
    assert deal.total(day("2026-02-27")) == 28
    assert deal.total(day("2026-03-30")) == 28 + 62
    assert deal.total(day("2026-03-31")) == 28 + 62 + 4


# ---- an early end ----


def test_an_early_end_moves_nothing_agreed() -> None:
    # 1,200 over twelve months: 600 by June. What falls due later is forgone.
    term = {"start": "2026-01", "through": "2026-12"}
    charges = {
        "work": {"price": "1200 in total"},
        "bonus": {"price": "500 once", "on": "2026-07-01"},
    }
    right = {"by": "buyer", "notice": "30 days"}
    deal = Oracle({"term": term, "currency": "USD", "charges": charges, "termination": right})
    end = deal.terminate(day("2026-05-31"))
    assert (end.by, end.last_day) == ("buyer", day("2026-06-30"))
    assert (end.earned, end.forgone) == (money("600"), money("1100"))
    assert end.kept == Fraction(6, 17)


NOTICES = [
    ("2027-01-31", "1 month", "2027-02-28"),
    ("2028-01-31", "1 month", "2028-02-29"),
    ("2027-11-30", "3 months", "2028-02-29"),
    ("2028-02-29", "12 months", "2029-02-28"),
    ("2027-12-31", "2 months", "2028-02-29"),
    ("2028-02-28", "1 day", "2028-02-29"),
    ("2026-10-01", "90 days", "2026-12-30"),
    ("2029-05-01", "90 days", "2029-05-31"),
    ("2029-05-31", "1 day", "2029-05-31"),
]


@pytest.mark.parametrize(("notice", "span", "last"), NOTICES)
def test_last_days(notice: str, span: str, last: str) -> None:
    assert model(notice=span).terminate(day(notice)).last_day == day(last)


def test_the_day_of_notice_may_count() -> None:
    # every last day one earlier; at the end of the term, only where it was not cut
    included = Oracle(MODEL | {"conventions": {"notice_day": "included"}})
    assert included.terminate(day("2027-03-15")).last_day == day("2027-06-12")
    assert included.terminate(day("2029-05-01")).last_day == day("2029-05-31")
    in_months = copy.deepcopy(MODEL) | {"conventions": {"notice_day": "included"}}
    in_months["termination"]["notice"] = "1 month"
    assert Oracle(in_months).terminate(day("2027-01-31")).last_day == day("2027-02-27")


def test_an_end_on_the_last_day_changes_nothing() -> None:
    end = model(fee="500m").terminate(day("2029-05-01"), "buyer")
    assert (end.fee, end.forgone, end.total) == (NIL, NIL, money("45e9"))
    assert end.kept == 1
    assert end.months == model().months()


# ---- who may leave, and when ----


@pytest.mark.parametrize(
    ("right", "signed", "first"),
    [
        ({}, None, "2026-05-01"),
        ({}, "2026-05-03", "2026-05-03"),
        ({}, "2026-01-15", "2026-01-15"),
        ({"lock_out": "3 months"}, "2026-05-03", "2026-08-03"),
        ({"lock_out": "10 days"}, "2026-05-03", "2026-05-13"),
        ({"lock_out": "2026-12-24"}, "2026-05-03", "2026-12-24"),
        # 90 days before 1 September is 3 June; 90 days before 3 August lies before signing on 8 May
        ({"lock_out": "2026-09-01", "lock_out_bars": "ending"}, None, "2026-06-03"),
        ({"lock_out": "2026-08-03", "lock_out_bars": "ending"}, "2026-05-08", "2026-05-08"),
    ],
)
def test_first_notice(right: dict[str, str], signed: str | None, first: str) -> None:
    deal = copy.deepcopy(MODEL)
    deal["termination"] |= right
    deal["term"] |= {"signed": signed} if signed else {}
    oracle = Oracle(deal)
    assert oracle.first_notice() == day(first)
    assert oracle.leaving(day(first)).notice == day(first)
    with pytest.raises(NoticeRefusedError) as refused:
        oracle.leaving(date.fromordinal(day(first).toordinal() - 1))
    assert refused.value.first == day(first)


def test_notice_is_refused_after_the_term_and_without_a_right() -> None:
    with pytest.raises(NoticeRefusedError):
        model().leaving(day("2029-06-01"))
    with pytest.raises(NoticeRefusedError) as refused:
        model(by="buyer").leaving(day("2027-01-01"), "seller")
    assert refused.value.first is None


def test_a_lock_out_beyond_the_term_leaves_nobody_free() -> None:
    deal = model(lock_out="2029-06-01")
    assert deal.first_notice() is None
    standing = deal.standing(day("2026-04-30"))
    assert (standing.firm, standing.cancellable) == (money("45e9"), NIL)
    assert (standing.earliest_exit, standing.by) == (day("2029-05-31"), None)


def two_rights(buyer: Node, seller: Node) -> Oracle:
    rights = [{"by": "buyer", "notice": "90 days"} | buyer, {"by": "seller"} | seller]
    return Oracle(MODEL | {"termination": rights})


def test_the_party_whose_last_day_is_earlier_leaves() -> None:
    deal = two_rights({}, {"notice": "3 months", "fee": "1bn"})
    # 90 days from 15 March end on 13 June, three months on 15 June; from 1 February 2027 on 2 May
    # and on 1 May
    assert deal.terminate(day("2027-03-15")).by == "buyer"
    seller = deal.terminate(day("2027-02-01"))
    assert (seller.by, seller.last_day) == ("seller", day("2027-05-01"))
    assert (seller.fee, seller.total - seller.earned) == (money("-1e9"), money("-1e9"))


def test_a_tie_is_either_with_the_fee_of_the_buyer() -> None:
    # 28 November 2026 + 90 days is 26 February 2027
    deal = two_rights({"fee": "2bn"}, {"notice": "90 days", "fee": "1bn"})
    end = deal.terminate(day("2026-11-28"))
    assert (end.by, end.last_day, end.fee) == ("either", day("2027-02-26"), money("2e9"))


def test_a_party_still_locked_out_does_not_count() -> None:
    deal = two_rights({"lock_out": "2028-01-01"}, {"notice": "180 days"})
    end = deal.terminate(day("2027-03-15"))
    # 16 March to 31 August are 169 days; 11 September
    assert (end.by, end.last_day) == ("seller", day("2027-09-11"))
    assert deal.first_notice() == day("2026-05-01")
    assert deal.first_notice("buyer") == day("2028-01-01")


def test_firm_is_the_least_that_any_party_can_make_it() -> None:
    # The buyer may leave sooner, but pays all that remains for it; the seller leaves for nothing
    # on 30 June 2027: 8.75bn + 6 x 1.25bn = 16.25bn firm at the start.
    deal = two_rights({"fee": "100% of remaining"}, {"notice": "30 days", "lock_out": "2027-05-31"})
    standing = deal.standing(day("2026-04-30"))
    assert (standing.by, standing.firm) == ("seller", money("16.25e9"))
    assert standing.earliest_exit == day("2027-06-30")
    # alone, the buyer pays as much by leaving as by staying
    alone = deal.standing(day("2026-04-30"), "buyer")
    assert (alone.firm, alone.cancellable) == (money("45e9"), NIL)
    assert (alone.earliest_exit, alone.fee) == (day("2026-07-30"), money("42,540,322,580.65"))


def test_equal_yields_take_the_earlier_exit() -> None:
    # All is paid on 1 May 2026: whoever leaves, nothing more is earned. 30 days end before 90.
    deal = two_rights({}, {"notice": "30 days"})
    paid = Oracle(
        MODEL
        | {
            "charges": {"all": {"price": "1bn once", "on": "2026-05-01"}},
            "termination": list({id(r): r for r in deal.rights.values()}.values()),
        }
    )
    standing = paid.standing(day("2026-05-31"))
    assert (standing.firm, standing.by) == (NIL, "seller")
    assert standing.earliest_exit == day("2026-06-30")


def test_one_party_alone_without_a_right() -> None:
    standing = model(by="buyer").standing(day("2026-04-30"), "seller")
    assert (standing.firm, standing.by) == (money("45e9"), None)


def test_after_the_term_nothing_is_left() -> None:
    standing = model().standing(day("2029-06-01"))
    assert (standing.earned, standing.firm, standing.cancellable) == (money("45e9"), NIL, NIL)
    assert (standing.earliest_exit, standing.by) == (day("2029-05-31"), None)


def test_leaving_before_the_start_earns_nothing() -> None:
    # signed on 1 January: 90 days end on 1 April, a month before service. The fee of an amount is
    # owed, that of months is nothing, for no charge is in service then.
    deal = copy.deepcopy(MODEL)
    deal["term"]["signed"] = "2026-01-01"
    for fee, owed in [("500m", "500e6"), ("3 months", "0")]:
        deal["termination"]["fee"] = fee
        end = Oracle(deal).terminate(day("2026-01-01"), "buyer")
        assert (end.last_day, end.earned, end.fee) == (day("2026-04-01"), NIL, money(owed))
        assert end.months == ({"2026-04": money(owed)} if end.fee else {})
    standing = Oracle(deal).standing(day("2025-12-31"))
    assert (standing.by, standing.firm) == ("either", NIL)


# ---- fees ----


@pytest.mark.parametrize(
    ("charge", "fee", "owed"),
    [
        # notice on 1 May 2026 ends on 31 May; seven months are left of 2026
        ("100 per month", "80", "80"),
        ("100 per month", "3 months", "300"),
        ("100 per quarter", "3 months", "100"),
        ("100 per month", "25% of remaining", "175"),
        # 31 days in May
        ("2 per day", "1 month", "62"),
        # 10 GPU x 24 x 31 x 50%
        ({"price": "1 per GPU-hour", "capacity": "10 GPU", "load": "50%"}, "1 month", "3720"),
        # the rate of that day: half of 100
        (
            {"price": "100 per month", "ramp": [{"months": "5", "discount": "50%"}]},
            "2 months",
            "100",
        ),
        # twelve months of 100
        ("1200 in total", "2 months", "200"),
        # not in service any more, or not yet
        ({"price": "100 per month", "through": "2026-05-30"}, "1 month", "0"),
        ({"price": "100 per month", "start": "2026-06"}, "1 month", "0"),
        ({"price": "100 once", "on": "2026-12-31"}, "1 month", "0"),
        # nothing forgone, no fee
        ({"price": "100 per month", "through": "2026-05"}, "80", "0"),
    ],
)
def test_fees(charge: str | Node, fee: str, owed: str) -> None:
    right = {"by": "buyer", "notice": "30 days", "fee": fee}
    deal = simple(charge, "2026-01", "2026-12", termination=right)
    assert deal.terminate(day("2026-05-01")).fee == money(owed)


def test_a_share_of_what_remains() -> None:
    # 25% of 29,458,333,333.33
    end = model(fee="25% of remaining").terminate(day("2027-03-15"), "buyer")
    assert end.fee == money("7,364,583,333.33")


# ---- random deals ----


def test_a_file_says_what_the_deal_says() -> None:
    for seed in range(300):
        deal = random_deal(Random(seed))
        assert yaml.BaseLoader(as_yaml(deal)).get_single_data() == deal


def test_a_file_names_its_parties() -> None:
    text = as_yaml(MODEL)
    assert text.startswith("deal: Northgate\nseller: xAI\nbuyer: Anthropic\n")
    assert "      - months: 2\n        discount: 50%\n" in text


def test_the_same_seed_gives_the_same_deal() -> None:
    assert random_deal(Random(7)) == random_deal(Random(7))


@settings(max_examples=50, deadline=None)
@given(deals())
def test_the_oracle_answers_every_deal(deal: Node) -> None:
    oracle = Oracle(deal)
    assert sum(oracle.months().values()) == oracle.total()
    assert sum(oracle.years().values()) == oracle.total()
    for as_of in (oracle.start, oracle.signed, oracle.through):
        for by in (None, "buyer", "seller"):
            standing = oracle.standing(as_of, by)
            assert standing.firm >= 0
            assert standing.cancellable >= 0

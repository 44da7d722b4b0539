"""What the core alone says: lines, stages, reasons; what deals pay stands in test_worked.py."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from small_deals import (
    MODEL,
    Node,
    book,
    day,
    growing,
    in_whole_months,
    model,
    money,
    ramped,
    scenario,
    signed_on_3_may,
    simple,
    two_rights,
)

from dealcalc.earned import money as booked
from dealcalc.loading.problems import Refused
from dealcalc.terms.rights import NotPermitted

NIL = Decimal(0)


def by_month(node: Node, last: str | None = None) -> dict[str, Decimal]:
    schedule = book(node).schedule(day(last) if last else None)
    return {
        f"{month:%Y-%m}": sum((line.amount for line in lines), NIL)
        for month, lines in schedule.by_month()
    }


def by_year(node: Node, last: str | None = None) -> dict[int, Decimal]:
    years: dict[int, Decimal] = {}
    for month, amount in by_month(node, last).items():
        years[int(month[:4])] = years.get(int(month[:4]), NIL) + amount
    return years


def amounts(*texts: str) -> list[Decimal]:
    return [money(text) for text in texts]


def test_lines_of_the_model_deal() -> None:
    # one line a month; half of 1.25bn until June
    june, july = book(MODEL).schedule().lines[1:3]
    assert (june.charge, june.start, june.through) == (
        "compute",
        day("2026-06-01"),
        day("2026-06-30"),
    )
    assert (june.days, june.rate, june.per) == (30, Fraction(625_000_000), "month")
    assert (july.days, july.rate, july.per) == (31, Fraction(1_250_000_000), "month")
    assert (june.amount, july.amount) == (money("625,000,000.00"), money("1,250,000,000.00"))


def test_the_fee_is_a_line_on_the_last_day() -> None:
    # 541,666,666.67 + 3.75bn in June 2027
    schedule = book(MODEL).schedule(day("2027-06-13"), 375_000_000_000)
    line = schedule.lines[-1]
    assert (line.charge, line.start, line.through) == ("fee", day("2027-06-13"), day("2027-06-13"))
    assert (line.rate, line.per, line.amount) == (None, "once", money("3,750,000,000.00"))
    assert schedule.total == money("19,291,666,666.67")


def test_a_whole_month_is_earned_on_its_first_day_of_service() -> None:
    # January on the 15th, where service begins; February and March on their first
    stubs = book(in_whole_months(simple("310 per month", "2026-01-15", "2026-03-14"))).charges[
        "only"
    ]
    days = ("2026-01-14", "2026-01-15", "2026-01-31", "2026-02-01", "2026-02-28", "2026-03-01")
    assert [stubs.exact(day(text)) for text in days] == [0, 310, 310, 620, 620, 930]


def test_a_price_once_falls_due_on_its_day() -> None:
    # in the month of its day, and not before it
    charges = {
        "setup": {"price": "1_000 once", "on": "2026-04-30"},
        "later": {"price": "5 once", "on": "2026-07-01"},
    }
    deal = {
        "currency": "USD",
        "term": {"start": "2026-04", "through": "2026-12"},
        "charges": charges,
    }
    april, may, *_, july = by_month(deal).items()
    assert april == ("2026-04", money("1000"))
    assert book(deal).monthly(day("2026-04-30")) == 0  # which recurs
    assert may == ("2026-05", NIL)
    assert july == ("2026-07", money("5"))
    setup = book(deal).charges["setup"]
    assert (setup.exact(day("2026-04-29")), setup.exact(day("2026-04-30"))) == (0, 1000)
    line = book(deal).schedule().lines[0]
    assert (line.days, line.rate, line.per) == (1, None, "once")


def test_charges_stand_by_month_and_then_as_in_the_file() -> None:
    # the rate of b changes on 16 April, so it has two lines there: 15/30 x 100 and 200
    charges = {
        "b": growing("100 per month", "100%", "12 months", first="2026-04-16"),
        "a": {"price": "10 per month"},
    }
    deal = {
        "currency": "USD",
        "term": {"start": "2026-04", "through": "2026-05"},
        "charges": charges,
    }
    lines = [(line.charge, str(line.start), line.amount) for line in book(deal).schedule().lines]
    assert lines == [
        ("b", "2026-04-01", money("50")),
        ("b", "2026-04-16", money("100")),
        ("a", "2026-04-01", money("10")),
        ("b", "2026-05-01", money("200")),
        ("a", "2026-05-01", money("10")),
    ]


def test_amounts_are_exact_whatever_their_size() -> None:
    assert str(booked(10**40 + 1, 2)) == "1" + "0" * 37 + "0.01"
    assert str(booked(-5, 0)) == "-5"


def steps(*words: str) -> Node:
    return ramped("1 per day", *words)


def yearly(start: str, through: str, **more: str) -> Node:
    return simple(growing("1 per day", "10%", "12 months", **more), start, through)


def monthly(start: str, through: str, **more: str) -> Node:
    return simple(growing("1 per day", "10%", "1 month", **more), start, through)


CHANGES = {
    "from-31-january": (
        monthly("2026-01-31", "2026-05-30"),
        ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"],
    ),
    "from-30-january-of-a-leap-year": (
        monthly("2028-01-30", "2028-04-29"),
        ["2028-01-30", "2028-02-29", "2028-03-30"],
    ),
    "from-29-february": (
        yearly("2028-02-29", "2032-12-31"),
        ["2028-02-29", "2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"],
    ),
    "on-the-last-day": (yearly("2026-01-01", "2027-01-01"), ["2026-01-01", "2027-01-01"]),
    "first-on-a-31st": (
        monthly("2026-01", "2026-10", first="2026-08-31"),
        ["2026-01-01", "2026-08-31", "2026-09-30", "2026-10-31"],
    ),
    "first-on-the-first-day": (
        yearly("2026-01-01", "2027-12-31", first="2026-01-01"),
        ["2026-01-01", "2027-01-01"],
    ),
    "from-the-charge's-own-start": (
        simple(
            growing("1 per day", "10%", "12 months") | {"start": "2026-06-15", "months": "24"},
            "2026-01",
            "2028-12",
        ),
        ["2026-06-15", "2027-06-15"],
    ),
    # one month from 31 January ends on 27 February, two end on 30 March, three on 29 April
    "ramp-from-31-january": (
        simple(
            steps("1 months at 10% off", "1 months at 20% off", "1 months at 30% off"),
            "2026-01-31",
            "2026-12-31",
        ),
        ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"],
    ),
    "ramp-from-29-february": (
        simple(steps("12 months at 10% off"), "2028-02-29", "2030-12-31"),
        ["2028-02-29", "2029-02-28"],
    ),
    # after a dated step months are counted from the day after it
    "ramp-of-dated-steps": (
        simple(
            steps("2026-03-10 at 10% off", "1 months at 20% off", "2026-06 at 30% off"),
            "2026-01-31",
            "2026-12-31",
        ),
        ["2026-01-31", "2026-03-11", "2026-04-11", "2026-07-01"],
    ),
    "equal-rates-are-one": (
        simple(steps("1 months at 0% off", "1 months at 1 per day"), "2026-01", "2026-12"),
        ["2026-01-01"],
    ),
    # 1 a month and 1 a day are not the same rate
    "equal-numbers-are-not": (
        simple(steps("1 months at 1 per month"), "2026-01", "2026-12"),
        ["2026-01-01", "2026-02-01"],
    ),
}


@pytest.mark.parametrize(("node", "days"), CHANGES.values(), ids=CHANGES)
def test_the_rate_changes_on(node: Node, days: list[str]) -> None:
    assert [str(stage.start) for stage in book(node).charges["only"].stages] == days


def test_a_stage_is_asked_for_by_a_day_of_service() -> None:
    # half of 1.25bn through June
    compute = book(MODEL).charges["compute"]
    assert compute.stage(day("2026-04-30")) is None
    assert compute.stage(day("2029-06-01")) is None
    days = ("2026-05-01", "2026-06-30", "2026-07-01", "2029-05-31")
    stages = [compute.stage(day(text)) for text in days]
    half, full = 625_000_000, 1_250_000_000
    assert [stage and stage.rate for stage in stages] == [half, half, full, full]


def test_a_last_day_before_the_start_earns_nothing() -> None:
    deal = book(MODEL)
    schedule = deal.schedule(day("2026-04-30"))
    assert (schedule.lines, schedule.total, list(schedule.by_month())) == ((), NIL, [])
    assert deal.earned(day("2026-04-30")) == 0


def test_a_last_day_after_the_term_changes_nothing() -> None:
    schedule = book(MODEL).schedule(day("2030-01-01"))
    assert (schedule.total, schedule.last_day) == (money("45e9"), day("2029-05-31"))


LOCKED = two_rights({"lock_out": "2028-01-01"}, {"notice": "90 days", "lock_out": "2027-01-01"})
REFUSED = {
    "before-signing": (
        signed_on_3_may({}),
        ("2026-05-02", None),
        ("comes before 2026-05-03, from when on it may be given", "2026-05-03", "term.signed"),
    ),
    "before-the-start": (
        MODEL,
        ("2026-04-30", "seller"),
        ("comes before 2026-05-01, from when on it may be given", "2026-05-01", "term.signed"),
    ),
    "before-signing-and-locked": (
        LOCKED,
        ("2026-04-30", None),
        ("is barred by the lock-out", "2027-01-01", "termination.1.lock_out"),
    ),
    "locked": (
        LOCKED,
        ("2026-12-31", None),
        ("is barred by the lock-out", "2027-01-01", "termination.1.lock_out"),
    ),
    "the-buyer-locked": (
        LOCKED,
        ("2027-06-01", "buyer"),
        ("is barred by the lock-out", "2028-01-01", "termination.0.lock_out"),
    ),
    "after-the-term": (
        MODEL,
        ("2029-06-01", None),
        ("comes after the term, which ends on 2029-05-31", "2026-05-01", "term"),
    ),
}


@pytest.mark.parametrize(("node", "asked", "said"), REFUSED.values(), ids=REFUSED)
def test_notice_is_refused(node: Node, asked: tuple[str, str], said: tuple[str, str, str]) -> None:
    with pytest.raises(NotPermitted) as refused:
        book(node).terminate(day(asked[0]), asked[1])
    why, first, path = said
    assert str(refused.value) == refused.value.message == f"notice on {asked[0]} {why}"
    assert (refused.value.first, refused.value.path) == (day(first), path)


def test_a_lock_out_that_outlasts_the_term_bars_its_last_day_too() -> None:
    deal = book(model(lock_out="2030-01-01"))
    for notice, why in (
        ("2029-05-31", "is barred by the lock-out"),
        ("2029-06-01", "comes after the term, which ends on 2029-05-31"),
    ):
        with pytest.raises(NotPermitted, match=f"^notice on {notice} {why}$") as refused:
            deal.terminate(day(notice))
        assert (refused.value.first, refused.value.help) == (None, "")


@pytest.mark.parametrize(
    ("node", "by", "message"),
    [
        (simple("1 per day", "2026-01", "2029-12"), None, "nobody has a right"),
        (simple("1 per day", "2026-01", "2029-12"), "either", "nobody has a right"),
        (model(by="buyer"), "seller", "the seller has no right"),
    ],
)
def test_nobody_leaves_without_a_right(node: Node, by: str | None, message: str) -> None:
    with pytest.raises(NotPermitted, match=f"^{message} to end this deal early$") as refused:
        book(node).terminate(day("2027-01-01"), by)
    assert (refused.value.first, refused.value.path) == (None, "termination")


@pytest.mark.parametrize(
    ("by", "fee", "contract_value", "left"),
    [
        # 15,541,666,666.67 through 13 June, and the buyer's fee, which is never earned
        ("buyer", "3.75e9", "19,291,666,666.67", "3.75e9"),
        ("seller", "-3.75e9", "15,541,666,666.67", "0"),
    ],
)
def test_from_the_day_of_notice_on_nothing_is_cancellable(
    by: str, fee: str, contract_value: str, left: str
) -> None:
    deal = book(model(fee="3 months"))
    ended = deal.terminate(day("2027-03-15"), by)
    before, given, over = (
        deal.backlog(day(text), ended=ended) for text in ("2027-03-14", "2027-03-15", "2027-06-14")
    )
    assert (before.contract_value, before.cancellable > 0) == (money("45e9"), True)
    # 8.75bn + 2 x 1.25bn + 15/31 x 1.25bn by 15 March
    assert (given.earned, given.contract_value) == (
        money("11,854,838,709.68"),
        money(contract_value),
    )
    assert (given.firm, given.cancellable) == (money(contract_value) - given.earned, NIL)
    assert (given.earliest_exit, given.by, given.fee) == (day("2027-06-13"), by, money(fee))
    assert (over.earned, over.firm) == (money("15,541,666,666.67"), money(left))
    assert (over.as_of, over.cancellable) == (day("2027-06-14"), NIL)


def test_a_step_behind_one_that_outlasts_its_charge_is_still_ordered() -> None:
    """The first step alone covers the charge, so the second ends before it begins."""
    ramp = [{"months": "120", "discount": "50%"}, {"through": "2027-01", "discount": "10%"}]
    term = {"start": "2026-01", "months": "37"}
    charges = {"c": {"price": "100 per month", "ramp": ramp}}
    with pytest.raises(Refused) as refused:
        scenario({"currency": "USD", "term": term, "charges": charges})
    assert [problem.code for problem in refused.value.problems] == ["reversed-dates"]


def test_all_of_nothing_is_kept() -> None:
    right = {"by": "either", "notice": "30 days", "fee": "1bn"}
    end = book(simple("0 per month", "2026-01", "2026-12", termination=right)).terminate(
        day("2026-01-01")
    )
    assert (end.earned_share, end.fee, end.total) == (1, NIL, NIL)

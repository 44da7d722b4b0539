"""What deals pay, by figures worked by hand: the core and the oracle each find them.

The oracle walks the days and shares no code with the core; here neither is judged by the other.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from oracle import DAY, NoticeRefusedError, Oracle, by_year, first_day
from small_deals import (
    MODEL,
    Node,
    book,
    day,
    growing,
    in_30_360,
    in_whole_months,
    model,
    money,
    ramped,
    signed_on_3_may,
    simple,
    two_rights,
)

from dealcalc.core import Backlog, Ended
from dealcalc.terms.rights import NotPermitted, first_notice

NIL = Decimal(0)
NOT_PERMITTED = NotPermitted, NoticeRefusedError


class Core:
    """The core, asked in the words of the oracle."""

    def __init__(self, node: Node) -> None:
        self.priced = book(node)
        self.through = self.priced.last

    def earned_exact(self, day: date) -> Fraction:
        return sum((charge.exact(day) for charge in self.priced.charges.values()), Fraction(0))

    def total(self, last: date | None = None) -> Decimal:
        return self.priced.schedule(last).total

    def months(self, last: date | None = None) -> dict[str, Decimal]:
        months = self.priced.schedule(last).by_month()
        return {
            f"{month:%Y-%m}": sum((one.amount for one in lines), NIL) for month, lines in months
        }

    def years(self, last: date | None = None) -> dict[int, Decimal]:
        return by_year(self.months(last))

    def terminate(self, notice: date, by: str | None = None) -> Ended:
        return self.priced.terminate(notice, by)

    def first_notice(self, party: str | None = None, after: date = date.min) -> date | None:
        deal = self.priced.deal
        rights = [
            right for right in deal.termination if party in (None, right.by) or right.by == "either"
        ]
        found = [first_notice(deal, right, after) for right in rights]
        return min((one for one in found if one), default=None)

    def latest_notice(self, last: date, by: str | None = None) -> date | None:
        return self.priced.latest_notice(last, by)

    def standing(self, as_of: date, by: str | None = None) -> Backlog:
        return self.priced.backlog(as_of, by)

    def opening(self, day: date, by: str | None = None) -> Backlog:
        return self.priced.opening(day, by)

    def at_signing(self, by: str | None = None) -> Backlog:
        return self.priced.at_signing(by)


Ask = Callable[[Node], Core | Oracle]


@pytest.fixture(params=[Core, Oracle], ids=["core", "oracle"])
def priced(request: pytest.FixtureRequest) -> Ask:
    subject: Ask = request.param
    return subject


def amounts(*texts: str) -> list[Decimal]:
    return [money(text) for text in texts]


# --- the model deal -----------------------------------------------------------------------------


def test_model_deal(priced: Ask) -> None:
    # 2 x 0.625bn + 35 x 1.25bn; 2026 is 2 x 0.625 + 6 x 1.25, 2029 is 5 x 1.25
    assert str(priced(MODEL).total()) == "45000000000.00"
    assert priced(MODEL).years() == {
        2026: money("8,750,000,000.00"),
        2027: money("15,000,000,000.00"),
        2028: money("15,000,000,000.00"),
        2029: money("6,250,000,000.00"),
    }
    assert len(priced(MODEL).months()) == 37
    assert priced(MODEL).through == day("2029-05-31")


@pytest.mark.parametrize("by", [None, "buyer", "seller"])
def test_notice_to_the_model_deal(priced: Ask, by: str | None) -> None:
    # 15 March + 90 days: 16 left in March, 30, 31 make 77; 13 June. June is 13/30 x 1.25bn.
    # Earned is 8.75bn + 5 x 1.25bn + that.
    end = priced(MODEL).terminate(day("2027-03-15"), by)
    assert (end.notice, end.by) == (day("2027-03-15"), by or "either")
    assert end.last_day == day("2027-06-13")
    assert priced(MODEL).months(day("2027-06-13"))["2027-06"] == money("541,666,666.67")
    assert priced(MODEL).years(day("2027-06-13")) == {
        2026: money("8.75e9"),
        2027: money("6,791,666,666.67"),
    }
    assert (end.earned, end.forgone) == (money("15,541,666,666.67"), money("29,458,333,333.33"))
    assert (end.fee, end.total, end.full_term) == (NIL, end.earned, money("45e9"))
    assert end.earned_share == Fraction(1554166666667, 4500000000000)


def test_notice_on_the_first_day(priced: Ask) -> None:
    # 1 May + 90 days = 30 July: 2 x 625m + 30/31 x 1.25bn = 2,459,677,419.354...
    end = priced(MODEL).terminate(day("2026-05-01"))
    assert (end.last_day, end.earned) == (day("2026-07-30"), money("2,459,677,419.35"))


def test_over_forty_billion(priced: Ask) -> None:
    # After January 2029 four months are left, 4 x 1.25bn: exactly 40bn. 1 February adds 1/28.
    deal = priced(MODEL)
    assert deal.total(day("2029-01-31")) == money("40,000,000,000.00")
    assert deal.total(day("2029-02-01")) == money("40,044,642,857.14")
    assert deal.terminate(day("2028-11-03")).last_day == day("2029-02-01")
    assert deal.terminate(day("2028-11-02")).total == money("40,000,000,000.00")


def test_two_free_months(priced: Ask) -> None:
    # 35 x 1.25bn
    free = simple(ramped("1.25bn per month", "2 months at 100% off"), "2026-05", "2029-05")
    assert priced(free).total() == money("43,750,000,000.00")


def test_what_is_firm_of_the_model_deal(priced: Ask) -> None:
    # A day of May is 625m / 31 = 20,161,290.3225...; 45bn - 2,459,677,419.35 is left
    before, first = priced(MODEL).at_signing(), priced(MODEL).standing(day("2026-05-01"))
    assert (before.earned, before.firm) == (NIL, money("2,459,677,419.35"))
    assert before.cancellable == money("42,540,322,580.65")
    assert (first.earned, first.firm) == (money("20,161,290.32"), money("2,439,516,129.03"))
    assert first.earliest_exit == before.earliest_exit == day("2026-07-30")
    assert (first.by, first.contract_value, first.fee) == ("either", money("45e9"), NIL)
    assert before.as_of == first.as_of == day("2026-05-01")
    assert (before.moment, first.moment) == ("signing", "close")


def test_model_deal_with_a_fee_of_three_months(priced: Ask) -> None:
    # 15,541,666,666.67 + 3 x 1.25bn; the seller pays as much, so the total is less by it
    deal = priced(model(fee="3 months"))
    buyer, seller = (deal.terminate(day("2027-03-15"), by) for by in ("buyer", "seller"))
    assert (buyer.fee, buyer.total) == (money("3.75e9"), money("19,291,666,666.67"))
    assert (buyer.earned, buyer.forgone) == (money("15,541,666,666.67"), money("29,458,333,333.33"))
    assert (seller.fee, seller.total) == (money("-3.75e9"), money("11,791,666,666.67"))
    nobody_in_particular = deal.terminate(day("2027-03-15"))
    assert (nobody_in_particular.by, nobody_in_particular.fee) == ("either", money("3.75e9"))


def test_firm_with_a_fee(priced: Ask) -> None:
    # Earned by 15 March 2027: 8.75bn + 2 x 1.25bn + 15/31 x 1.25bn. The buyer's exit yields
    # 15,541,666,666.67 + 3.75bn less that; the seller's brings no fee, so it yields less.
    deal = priced(model(fee="3 months"))
    buyer = deal.standing(day("2027-03-15"), "buyer")
    assert (buyer.earned, buyer.firm) == (money("11,854,838,709.68"), money("7,436,827,956.99"))
    assert (buyer.by, buyer.fee) == ("buyer", money("3.75e9"))
    any_party = deal.standing(day("2027-03-15"))
    assert (any_party.by, any_party.firm) == ("seller", money("3,686,827,956.99"))
    assert any_party.fee == money("-3.75e9")


def test_nobody_pays_more_to_leave_than_to_stay(priced: Ask) -> None:
    # 30 November 2028 + 90 days = 28 February 2029: the three months left are just the fee. A
    # day earlier 1/28 of a month more is left than the fee. In December the fee is more than
    # what is left: 5 - 3 - 31 days of March.
    deal = priced(model(fee="3 months"))
    assert deal.standing(day("2028-11-29"), "buyer").cancellable == money("44,642,857.14")
    assert deal.standing(day("2028-11-30"), "buyer").cancellable == NIL
    last = deal.standing(day("2028-12-31"), "buyer")
    assert (last.cancellable, last.firm) == (NIL, money("6,250,000,000.00"))
    assert deal.standing(day("2028-11-30")).cancellable == money("3,750,000,000.00")


READINGS = {
    # From 3 August + 90 days = 1 November: 1.25bn + 4 x 1.25bn + 1/30 x 1.25bn
    "notice-barred": ({"lock_out": "2026-08-03"}, "2026-11-01", "6,291,666,666.67"),
    # 1.25bn + 1.25bn + 3/31 x 1.25bn
    "ending-barred": (
        {"lock_out": "2026-08-03", "lock_out_bars": "ending"},
        "2026-08-03",
        "2,620,967,741.94",
    ),
    # From 30 October: 28 January 2027. 1.25bn + 6 x 1.25bn + 28/31 x 1.25bn
    "half-a-year": ({"lock_out": "2026-10-30"}, "2027-01-28", "9,879,032,258.06"),
}


@pytest.mark.parametrize(("right", "exit", "firm"), READINGS.values(), ids=READINGS)
def test_readings_of_the_later_filings(
    priced: Ask, right: dict[str, str], exit: str, firm: str
) -> None:
    standing = priced(model(**right)).at_signing()
    assert (standing.earliest_exit, standing.firm) == (day(exit), money(firm))


SIGNED_ON_3_MAY = {
    # 45bn is 40,322,580.65 for 1 and 2 May, 2 x 625m / 31, and the rest. The other 29 days of May
    # are 584,677,419.35; June is 625m; July, and each month after it, 1.25bn.
    # 3 May + 90 days = 1 August: 584,677,419.35 + 625m + 1.25bn + 1.25bn / 31
    "prospectus": ({}, "2026-08-01", "2,500,000,000.00"),
    # 3 August + 90 days = 1 November: 584,677,419.35 + 625m + 4 x 1.25bn + 1.25bn / 30
    "notice-barred": ({"lock_out": "2026-08-03"}, "2026-11-01", "6,251,344,086.02"),
    # until 3 August: 584,677,419.35 + 625m + 1.25bn + 3 x 1.25bn / 31
    "ending-barred": (
        {"lock_out": "2026-08-03", "lock_out_bars": "ending"},
        "2026-08-03",
        "2,580,645,161.29",
    ),
    # 30 October + 90 days = 28 January 2027: 584,677,419.35 + 625m + 6 x 1.25bn + 28/31 x 1.25bn
    "half-a-year": ({"lock_out": "2026-10-30"}, "2027-01-28", "9,838,709,677.41"),
}


@pytest.mark.parametrize(("right", "exit", "firm"), SIGNED_ON_3_MAY.values(), ids=SIGNED_ON_3_MAY)
def test_signed_two_days_after_the_start(
    priced: Ask, right: dict[str, str], exit: str, firm: str
) -> None:
    deal = priced(signed_on_3_may(right))
    signing = deal.at_signing()
    assert (signing.as_of, signing.moment) == (day("2026-05-03"), "signing")
    assert (signing.earned, signing.firm) == (money("40,322,580.65"), money(firm))
    assert signing.earliest_exit == day(exit)
    # what is earned by a day is E, but before the signing there is nothing of a contract
    before = deal.standing(day("2026-05-02"))
    amounts = before.earned, before.firm, before.cancellable, before.contract_value
    assert (*amounts, before.not_begun, before.fee) == (NIL,) * 6
    assert (before.earliest_exit, before.by) == (None, None)
    assert deal.opening(day("2026-05-02")).earliest_exit is None


def test_signed_before_the_start(priced: Ask) -> None:
    # notice on 5 June 2025 would end service before it starts: nothing is firm, all may be lost
    term = {"start": "2026-05", "through": "2029-05", "signed": "2025-06-05"}
    signing = priced(MODEL | {"term": term}).at_signing()
    assert (signing.as_of, signing.earned, signing.firm) == (day("2025-06-05"), NIL, NIL)
    assert signing.cancellable == money("45e9")


def test_firm_for_services_not_yet_begun(priced: Ask) -> None:
    # 100 a month from January and 50 a month from April, to December, three months' notice. At
    # the close of 31 January notice ends service on 30 April: 3 x 100 + 1 x 50 are firm.
    charges = {
        "first": {"price": "100 per month"},
        "second": {"price": "50 per month", "start": "2026-04"},
    }
    node = simple("1 per month", "2026-01", "2026-12", charges=charges)
    deal = priced(node | {"termination": {"by": "buyer", "notice": "3 months"}})
    january = deal.standing(day("2026-01-31"))
    assert (january.firm, january.not_begun) == (money("350"), money("50"))
    # 31 March: on 30 June 3 x 150 will have been earned; the second begins on the next day
    assert deal.standing(day("2026-03-31")).not_begun == money("150")
    # at the opening of 1 April notice comes no sooner, and ends on 1 July: 50 / 31 more
    assert deal.opening(day("2026-04-01")).not_begun == money("151.61")
    assert deal.standing(day("2026-04-01")).not_begun == NIL
    # nobody may leave: at signing 12 x 100 and 9 x 50, a day later 9 x 50
    assert priced(node).at_signing().not_begun == money("1650")
    assert priced(node).standing(day("2026-01-01")).not_begun == money("450")


# --- the similar contracts ----------------------------------------------------------------------


def test_google(priced: Ask) -> None:
    # 33 x 920m; notice on 1 January 2027 ends on 1 April: 6 x 920m + 1/30 x 920m
    right = {"by": "either", "notice": "90 days", "lock_out": "2027-01-01"}
    deal = simple("920m per month", "2026-10", "2029-06", termination=right)
    assert priced(deal).total() == money("30,360,000,000.00")
    end = priced(deal).terminate(day("2027-01-01"))
    assert (end.last_day, end.total) == (day("2027-04-01"), money("5,550,666,666.67"))
    # 88,000 GPUs of 110,000: 33 x 736m
    fewer = simple("736m per month", "2026-10", "2029-06")
    assert priced(fewer).total() == money("24,288,000,000.00")


def test_reflection(priced: Ask) -> None:
    # 42 x 150m. 1 October + 90 days = 30 December: 5 x 150m + 30/31 x 150m. Three calendar
    # months end on 1 January: 6 x 150m + 1/31 x 150m.
    right = {"by": "either", "notice": "90 days", "lock_out": "3 months"}
    deal = simple("150m per month", "2026-07", "2029-12", termination=right)
    assert priced(deal).total() == money("6,300,000,000.00")
    end = priced(deal).terminate(day("2026-10-01"))
    assert (end.last_day, end.total) == (day("2026-12-30"), money("895,161,290.32"))
    in_months = deal | {"termination": right | {"notice": "3 months"}}
    end = priced(in_months).terminate(day("2026-10-01"))
    assert (end.last_day, end.total) == (day("2027-01-01"), money("904,838,709.68"))


def test_iren(priced: Ask) -> None:
    # 2.425bn / 60 a month and phase: 2026 has 9 + 6 + 3 such months, a full year 4 x 12, and
    # 2031 3 + 6 + 9 + 12
    charges = {
        f"horizon-{number}": {"price": "2.425bn in total", "start": start, "months": "60"}
        for number, start in enumerate(["2026-04", "2026-07", "2026-10", "2027-01"], 1)
    }
    term = {"start": "2026-04", "through": "2031-12"}
    deal = {"currency": "USD", "term": term, "charges": charges}
    assert priced(deal).total() == money("9,700,000,000.00")
    assert priced(deal).years() == {
        2026: money("727.5e6"),
        **dict.fromkeys((2027, 2028, 2029, 2030), money("1.94e9")),
        2031: money("1,212.5e6"),
    }


SHAPED = simple(growing("9.8bn in total", "3%", "12 months"), "2027-08", "2042-07")


def test_a_sum_with_an_escalator(priced: Ask) -> None:
    # (1.03^15 - 1) / 0.03 = 18.598913887446 years of the first rate, 223.186966649356 months:
    # 9.8bn / that = 43,909,374.0442 a month; five of them in 2027 219,546,870.22; in 2028 seven
    # more, and five times 1.03 x 43,909,374.0442: 533,498,894.64
    assert priced(SHAPED).total() == money("9,800,000,000")
    assert priced(SHAPED).months()["2027-08"] == money("43,909,374.04")
    assert priced(SHAPED).years()[2027] == money("219,546,870.22")
    assert priced(SHAPED).years()[2028] == money("533,498,894.64")


def test_an_early_end_keeps_the_shape_of_the_full_term(priced: Ask) -> None:
    # as above, 2027 alone, of a deal that ends then: no increase has come, and the rate is that of
    # fifteen years
    leavable = SHAPED | {"termination": {"by": "buyer", "notice": "30 days"}}
    ended = priced(leavable).terminate(day("2027-12-01"))
    assert (ended.last_day, ended.earned) == (day("2027-12-31"), money("219,546,870.22"))


REBATE = {"price": "350 once", "on": "2026-03-10", "paid_by": "seller"}
NET: Node = {
    "currency": "USD",
    "term": {"start": "2026-01", "through": "2026-12"},
    "charges": {"hall": {"price": "100 per month"}, "rebate": REBATE},
    "termination": {"by": "buyer", "notice": "30 days", "fee": "50% of remaining"},
}
"""A buyer that pays 100 a month, and a seller that pays 350 once."""


def test_what_the_seller_pays_is_a_minus(priced: Ask) -> None:
    # 12 x 100 - 350; in March 100 - 350
    assert priced(NET).total() == money("850")
    assert [*priced(NET).months().values()][:4] == amounts("100", "100", "-250", "100")
    # 15 January + 30 days: (1 + 14/28) x 100 = 150; half of the 700 that are forgone
    ended = priced(NET).terminate(day("2026-01-15"))
    assert (ended.earned, ended.forgone, ended.fee) == (*amounts("150", "700", "350"),)


def test_firm_once_the_seller_has_paid(priced: Ask) -> None:
    # 31 March + 30 days is 30 April: of the 900 that remain 100, and half of the other 800
    stands = priced(NET).standing(day("2026-03-31"))
    assert (stands.earned, stands.contract_value) == (*amounts("-50", "850"),)
    assert (stands.firm, stands.cancellable) == (*amounts("500", "400"),)


def test_firm_is_never_more_than_what_remains(priced: Ask) -> None:
    # Of January to March the seller pays 250 back on the last day: of 50 in all, 100 are earned, so
    # -50 remain. Who leaves on 2 March still pays 106.45 from February on: nobody need do that.
    late = {"rebate": REBATE | {"price": "250 once", "on": "2026-03-31"}}
    deal = NET | {"charges": NET["charges"] | late, "term": {"start": "2026-01", "months": "3"}}
    stands = priced(deal | {"termination": {"by": "buyer", "notice": "30 days"}}).standing(
        day("2026-01-31")
    )
    assert (stands.firm, stands.cancellable) == (*amounts("-50", "0"),)


def test_a_negative_half_is_rounded_away_from_zero(priced: Ask) -> None:
    # -0.005 by the end of April, as 0.005 is 0.01
    paid = april_and_may({"price": "0.01 in total", "paid_by": "seller"})
    assert [*priced(paid).months().values()] == amounts("-0.01", "0.00")


NET_FEES = {
    # 3 x (100 - 30); 3 x (30 - 100) is no fee, and neither is a share of less than nothing
    "months": ("100", "30", "3 months", "210"),
    "less-than-nothing": ("30", "100", "3 months", "0"),
    "share-of-less-than-nothing": ("30", "100", "25% of remaining", "0"),
    # of the 8 months forgone 8 x 70
    "share": ("100", "30", "25% of remaining", "140"),
    "amount": ("30", "100", "5", "5"),
}


@pytest.mark.parametrize(("paid", "paid_back", "fee", "owed"), NET_FEES.values(), ids=NET_FEES)
def test_fees_count_what_is_paid_net(
    priced: Ask, paid: str, paid_back: str, fee: str, owed: str
) -> None:
    charges = {
        "hall": {"price": f"{paid} per month"},
        "power": {"price": f"{paid_back} per month", "paid_by": "seller"},
    }
    right = {"by": "buyer", "notice": "1 month", "fee": fee}
    deal = NET | {"charges": charges, "termination": right}
    assert priced(deal).terminate(day("2026-03-30")).last_day == day("2026-04-30")
    assert priced(deal).terminate(day("2026-03-30")).fee == money(owed)


def april(charge: str | Node) -> Node:
    return simple(charge, "2026-04", "2026-04")


def april_and_may(charge: str | Node, **more: str) -> Node:
    return simple(charge, "2026-04", "2026-05", **more)


def spring(charge: str | Node, **more: str) -> Node:
    return simple(charge, "2026-04", "2026-06", **more)


STUBS = simple("310 per month", "2026-01-15", "2026-03-14")
HALVES = simple("600 in total", "2026-01-16", "2026-03-15")
DAILY = simple("7 per day", "2026-01-30", "2026-02-01")
YEAR = {
    "currency": "USD",
    "term": {"start": "2026-05-15", "months": "12"},
    "charges": {"only": {"price": "100 per month"}},
}
SOLD = ["300 MW", "10 GPU"]
PER_GPU_HOUR = {"price": "2.10 per GPU-hour", "capacity": SOLD}
GPUS_IN_A_RAMP = ramped("100 per month", "1 months at 3 per GPU-month", capacity=SOLD)
HOURS_IN_A_RAMP = ramped("100 per month", "1 months at 1 per GPU-hour", capacity=SOLD, load="50%")
DAYS_IN_A_RAMP = ramped("300 per month", "2026-04 at 0% off", "2026-05 at 3 per day")
RAMP_AND_ESCALATOR = growing("100 per month", "10%", "1 month") | ramped(
    "100 per month", "1 months at 0% off", "1 months at 50% off", "1 months at 7 per month"
)
DOUBLING = growing("60 per month", "100%", "1 month")

PAID = {
    # 310 / 31; 310 / 30
    "one-day-of-31": (simple("310 per month", "2026-01-15", "2026-01-15"), ["10.00"]),
    "one-day-of-30": (simple("310 per month", "2026-04-30", "2026-04-30"), ["10.33"]),
    # 30 days of April, 61 of both: 60 x 30 / 7 = 257.142..., 60 x 61 / 7 = 522.857...
    "weeks": (april_and_may("60 per week"), ["257.14", "265.72"]),
    # 17 of 31 days; 14 of 31
    "stubs-actual": (STUBS, ["170.00", "310.00", "140.00"]),
    # 16 of 30, the 31st weighing nothing; 14 of 30: 165.33..., 475.33..., 620
    "stubs-30/360": (in_30_360(STUBS), ["165.33", "310.00", "144.67"]),
    "stubs-whole-month": (in_whole_months(STUBS), ["310.00", "310.00", "310.00"]),
    # 20 of 29 days; 20 thirtieths, and one more for the 30th that February lacks
    "leap-year": (simple("290 per month", "2028-02-10", "2028-02-29"), ["200.00"]),
    "leap-30/360": (in_30_360(simple("300 per month", "2028-02-10", "2028-02-29")), ["210.00"]),
    # 28 February takes the 29th's and the 30th's; a 31st has none
    "28-february": (in_30_360(simple("300 per month", "2026-02-28", "2026-02-28")), ["30.00"]),
    "31-january": (in_30_360(simple("300 per month", "2026-01-31", "2026-01-31")), ["0.00"]),
    # in a leap year the 28th has one, the 29th two
    "28-february-of-a-leap-year": (
        in_30_360(simple("300 per month", "2028-02-28", "2028-02-29")),
        ["30.00"],
    ),
    "29-february": (in_30_360(simple("300 per month", "2028-02-29", "2028-02-29")), ["20.00"]),
    # only the 30th closes April
    "29-april": (in_30_360(simple("300 per month", "2026-04-01", "2026-04-29")), ["290.00"]),
    "thirteen-bills": (in_whole_months(YEAR), ["100.00"] * 13),
    "quarterly": (april("100 per quarter"), ["33.33"]),
    "yearly": (april("100 per year"), ["8.33"]),
    # two days of January, one of February; the proration does not matter
    "daily": (DAILY, ["14.00", "7.00"]),
    "daily-april": (april("100 per day"), ["3000"]),
    "daily-30/360": (in_30_360(DAILY), ["14.00", "7.00"]),
    "daily-whole-month": (in_whole_months(DAILY), ["14.00", "7.00"]),
    # 155 x 300,000 kW
    "kW-month": (april({"price": "155 per kW-month", "capacity": "0.3 GW"}), ["46,500,000"]),
    # 1.2m x 0.5 MW / 12
    "MW-year": (april({"price": "1.2m per MW-year", "capacity": "500 kW"}), ["50,000"]),
    # 2.10 x 10 x 24 x 30; 70% of it
    "GPU-hour": (april(PER_GPU_HOUR), ["15,120.00"]),
    "load": (april(PER_GPU_HOUR | {"load": "70%"}), ["10,584.00"]),
    "no-load": (april(PER_GPU_HOUR | {"load": "0%"}), ["0.00"]),
    # 55 x 0.5 MW x 24 x 30 x 85%
    "MWh": (april({"price": "55 per MWh", "capacity": "500 kW", "load": "85%"}), ["16,830"]),
    "once": (april({"price": "1_000 once", "on": "2026-04-30"}), ["1000"]),
    "free": (april_and_may("0 per month"), ["0.00", "0.00"]),
    # April and May weigh the same, though not the same days
    "in-total": (april_and_may("100 in total"), ["50", "50"]),
    # 16/31 + 1 + 15/31 = 2 months of 300: 154.838..., 454.838..., 600
    "in-total-actual": (HALVES, ["154.84", "300.00", "145.16"]),
    "in-total-30/360": (in_30_360(HALVES), ["150", "300", "150"]),
    "in-total-whole-month": (in_whole_months(HALVES), ["200", "200", "200"]),
    # 900 x 1 / 2.5 and x 0.5 / 2.5: half a month, then two whole ones
    "in-total-ramp": (spring(ramped("900 in total", "1 months at 50% off")), ["180", "360", "360"]),
    # 331 x 1, 1.1 and 1.21 of 3.31
    "in-total-escalator": (
        spring(growing("331 in total", "10%", "1 month")),
        ["100", "110", "121"],
    ),
    # of 310, April is free; May's first ten days weigh 10/31, and from the 11th on days count
    # double: 310 x (10/31) / (10/31 + 2 x 21/31 + 2) = 27.1929..., with the rest of May
    # 141.4035..., 310
    "in-total-ramp-and-escalator": (
        spring(
            growing("310 in total", "100%", "12 months", first="2026-05-11")
            | {"ramp": [{"months": "1", "discount": "100%"}]}
        ),
        ["0", "141.40", "168.60"],
    ),
    # whole months weigh by the rate of their first day: 1, 1, 0.5, 0.5 of 600 / 3
    "in-total-ramp-whole-month": (
        in_whole_months(
            simple(
                ramped("600 in total", "1 months at 0% off", "2 months at 50% off"),
                "2026-01-16",
                "2026-04-15",
            )
        ),
        ["200", "200", "100", "100"],
    ),
    # 33.333..., 66.666..., 100 in each currency's minor unit
    "USD": (spring("100 in total"), ["33.33", "33.34", "33.33"]),
    "JPY": (spring("100 in total", currency="JPY"), ["33", "34", "33"]),
    "KWD": (spring("100 in total", currency="KWD"), ["33.333", "33.334", "33.333"]),
    # half a cent by the end of April
    "half-up": (april_and_may("0.01 in total"), ["0.01", "0.00"]),
    # 100 x 50%; then 7 through May
    "ramp": (
        spring(ramped("100 per month", "1 months at 50% off", "2026-05 at 7 per month")),
        ["50", "7", "100"],
    ),
    "ramp-outlasts": (april_and_may(ramped("100 per month", "9 months at 25% off")), ["75", "75"]),
    # 3 x 31
    "days-in-a-ramp": (spring(DAYS_IN_A_RAMP), ["300", "93", "300"]),
    # 3 x 10 GPU; 10 GPU x 24 x 30 x 50%
    "units-in-a-ramp": (april_and_may(GPUS_IN_A_RAMP), ["30", "100"]),
    "hours-in-a-ramp": (april_and_may(HOURS_IN_A_RAMP), ["3600", "100"]),
    # 1 and then 2 x 10 GPU x 24 x 50%, 30 and 31 days
    "hours-in-a-ramp-of-hours": (
        april_and_may(HOURS_IN_A_RAMP | {"price": "2 per GPU-hour"}),
        ["3600", "7440"],
    ),
    # one month from 31 January ends on 27 February, two end on 30 March: 0, then 10 a day, then 1
    "steps-never-chain": (
        simple(
            ramped("1 per day", "1 months at 100% off", "1 months at 10 per day"),
            "2026-01-31",
            "2026-04-30",
        ),
        ["0", "10", "301", "30"],
    ),
    # free through 10 March; a month from 11 March at half price ends on 10 April
    "a-dated-step-moves-the-count": (
        simple(
            ramped("2 per day", "2026-03-10 at 100% off", "1 months at 50% off"),
            "2026-01-31",
            "2026-04-30",
        ),
        ["0", "0", "21", "50"],
    ),
    # from 31 January by months: 2 a day from 28 February, 4 from 31 March, 8 from 30 April
    "anniversaries-are-the-charge's": (
        simple(
            growing("1 per day", "100%", "1 month") | {"start": "2026-01-31"},
            "2026-01",
            "2026-04",
        ),
        ["1", "29", "64", "124"],
    ),
    # 100, 100 x 110%, 100 x 110% x 110%
    "escalator": (spring(growing("100 per month", "10%", "1 month")), ["100", "110", "121"]),
    "falling": (spring(growing("100 per month", "-10%", "1 month")), ["100", "90", "81"]),
    "increase-at-once": (
        april_and_may(growing("100 per month", "10%", "1 month", first="2026-04-01")),
        ["110", "121"],
    ),
    # half of 60, half of 120
    "increase-in-mid-month": (
        april(growing("60 per month", "100%", "1 month", first="2026-04-16")),
        ["90"],
    ),
    # 29/30 x 100 x 50% and, on the ramp's last day, 1/30 x 200 x 50%; then 200
    "increase-on-the-last-day-of-a-ramp": (
        april_and_may(
            growing("100 per month", "100%", "12 months", first="2026-04-30")
            | ramped("100 per month", "2026-04-30 at 50% off")
        ),
        ["51.67", "200"],
    ),
    # a whole month is paid at its first day's rate, which doubles on 15 February and 15 March
    "increase-whole-month": (
        in_whole_months(simple(DOUBLING, "2026-01-15", "2026-04-14")),
        ["60", "60", "120", "240"],
    ),
    # the discount is off the escalated price, a step's price replaces it: 100, 110 x 50%, 7, 133.10
    "ramp-and-escalator": (
        simple(RAMP_AND_ESCALATOR, "2026-04", "2026-07"),
        ["100", "55", "7", "133.10"],
    ),
}


@pytest.mark.parametrize(("node", "months"), PAID.values(), ids=PAID)
def test_months(priced: Ask, node: Node, months: list[str]) -> None:
    assert list(priced(node).months().values()) == amounts(*months)


def test_capacity_of_another_charge(priced: Ask) -> None:
    # 1 x 300 MW, and 2 x 10 GPU of the same
    charges = {
        "extra": {"price": "2 per GPU-month", "capacity": "site"},
        "site": {"price": "1 per MW-month", "capacity": SOLD},
    }
    deal = {"currency": "USD", "term": {"start": "2026-04", "months": "1"}, "charges": charges}
    assert priced(deal).total() == money("320")


def test_each_charge_is_rounded_by_itself(priced: Ask) -> None:
    # 33.33 + 33.33, though 2 x 100 / 3 is 66.67
    charges = {name: {"price": "100 per quarter"} for name in ("a", "b")}
    deal = {"currency": "USD", "term": {"start": "2026-04", "months": "1"}, "charges": charges}
    assert priced(deal).total() == money("66.66")


def test_powers_are_exact(priced: Ask) -> None:
    # 6 x 100 + 12 x 103 + 12 x 106.09 + 6 x 109.2727
    escalator = growing("100 per month", "3%", "12 months", first="2026-07-01")
    deal = priced(simple(escalator, "2026-01", "2028-12"))
    assert deal.earned_exact(day("2028-12-31")) == Fraction("3764.7162")
    assert deal.total() == money("3764.72")


# --- terms, and the days they mean --------------------------------------------------------------

LAST_DAYS_OF_TERMS = {
    "31-january": ("2026-01-31", "1", "2026-02-27"),
    "31-january-of-a-leap-year": ("2028-01-31", "1", "2028-02-28"),
    "31-january-never-chained": ("2026-01-31", "2", "2026-03-30"),
    "30-january": ("2026-01-30", "1", "2026-02-27"),
    "29-february": ("2028-02-29", "12", "2029-02-27"),
    "29-february-to-leap-year": ("2028-02-29", "48", "2032-02-28"),
    "mid-month": ("2026-05-15", "12", "2027-05-14"),
    "a-month-is-its-first-day": ("2026-05", "37", "2029-05-31"),
}


@pytest.mark.parametrize(
    ("start", "months", "last"), LAST_DAYS_OF_TERMS.values(), ids=LAST_DAYS_OF_TERMS
)
def test_a_term_in_months(priced: Ask, start: str, months: str, last: str) -> None:
    charges = {"only": {"price": "1 per day"}}
    term = {"start": start, "months": months}
    deal = priced({"currency": "USD", "term": term, "charges": charges})
    assert (deal.through, deal.total()) == (day(last), (day(last) - first_day(start)).days + 1)


# --- an early end -------------------------------------------------------------------------------


def test_an_early_end_moves_nothing_agreed(priced: Ask) -> None:
    # 1,200 over twelve months: 600 by June. What falls due later is forgone.
    deal = {
        "currency": "USD",
        "term": {"start": "2026-01", "through": "2026-12"},
        "charges": {
            "work": {"price": "1200 in total"},
            "bonus": {"price": "500 once", "on": "2026-07-01"},
        },
        "termination": {"by": "buyer", "notice": "30 days"},
    }
    end = priced(deal).terminate(day("2026-05-31"))
    assert (end.by, end.last_day) == ("buyer", day("2026-06-30"))
    assert (end.earned, end.forgone) == (money("600"), money("1100"))
    assert end.earned_share == Fraction(6, 17)


def test_anniversaries_stay_those_of_the_full_term(priced: Ask) -> None:
    # a month at 100, one at 200, 15/30 of one at 400
    deal = simple(growing("100 per month", "100%", "1 month"), "2026-04", "2026-12")
    assert list(priced(deal).months(day("2026-06-15")).values()) == amounts("100", "200", "200")


# --- notice, and last days ----------------------------------------------------------------------

NOTICES = {
    # 16 left in March, 30, 31 and 13
    "90-days": ("2027-03-15", "90 days", "2027-06-13", "2027-06-12"),
    "90-days-over-the-year": ("2026-10-01", "90 days", "2026-12-30", "2026-12-29"),
    "90-days-over-a-leap-day": ("2027-12-01", "90 days", "2028-02-29", "2028-02-28"),
    "90-days-over-no-leap-day": ("2026-12-01", "90 days", "2027-03-01", "2027-02-28"),
    "one-day-to-a-leap-day": ("2028-02-28", "1 day", "2028-02-29", "2028-02-28"),
    "no-notice-at-all": ("2027-03-15", "0 days", "2027-03-15", "2027-03-14"),
    "three-months": ("2026-10-01", "3 months", "2027-01-01", "2026-12-31"),
    "one-month-from-the-31st": ("2027-01-31", "1 month", "2027-02-28", "2027-02-27"),
    "one-month-to-a-leap-day": ("2028-01-31", "1 month", "2028-02-29", "2028-02-28"),
    "one-month-from-a-leap-day": ("2028-02-29", "1 month", "2028-03-29", "2028-03-28"),
    "two-months-from-the-31st": ("2027-12-31", "2 months", "2028-02-29", "2028-02-28"),
    "three-months-from-the-30th": ("2027-11-30", "3 months", "2028-02-29", "2028-02-28"),
    "a-year-from-a-leap-day": ("2028-02-29", "12 months", "2029-02-28", "2029-02-27"),
    "the-day-before-the-last": ("2029-05-30", "1 day", "2029-05-31", "2029-05-30"),
    # never after the term; cut, a day that counts takes nothing away
    "over-the-end": ("2029-05-01", "90 days", "2029-05-31", "2029-05-31"),
    "on-the-last-day": ("2029-05-31", "1 month", "2029-05-31", "2029-05-31"),
    "longer-than-any-calendar": ("2027-01-01", "10000 months", "2029-05-31", "2029-05-31"),
}


@pytest.mark.parametrize(("notice", "span", "excluded", "included"), NOTICES.values(), ids=NOTICES)
def test_last_day_after_notice(
    priced: Ask, notice: str, span: str, excluded: str, included: str
) -> None:
    for notice_day, last in (("excluded", excluded), ("included", included)):
        node = model(notice=span) | {"conventions": {"notice_day": notice_day}}
        assert priced(node).terminate(day(notice)).last_day == day(last)


def test_an_end_on_the_last_day_changes_nothing(priced: Ask) -> None:
    end = priced(model(fee="500m")).terminate(day("2029-05-01"), "buyer")
    assert (end.last_day, end.fee, end.forgone) == (day("2029-05-31"), NIL, NIL)
    assert (end.total, end.earned_share) == (money("45e9"), 1)


FIRST_NOTICES = {
    # right; the first day on which notice may be given, signed on 3 May
    "at-once": ({}, "2026-05-03"),
    "months": ({"lock_out": "3 months"}, "2026-08-03"),
    "days": ({"lock_out": "10 days"}, "2026-05-13"),
    "no-days": ({"lock_out": "0 days"}, "2026-05-03"),
    "date": ({"lock_out": "2026-12-24"}, "2026-12-24"),
    "date-before-signing": ({"lock_out": "2026-01-01"}, "2026-05-03"),
    "date-on-the-last-day": ({"lock_out": "2029-05-31"}, "2029-05-31"),
    "said-to-bar-notice": ({"lock_out": "2026-12-24", "lock_out_bars": "notice"}, "2026-12-24"),
    # 3 June + 90 days = 1 September
    "ending": ({"lock_out": "2026-09-01", "lock_out_bars": "ending"}, "2026-06-03"),
    "ending-before-signing": ({"lock_out": "2026-05-20", "lock_out_bars": "ending"}, "2026-05-03"),
    # 2 March + 90 days = 31 May, the last day of all
    "ending-on-the-last-day": (
        {"lock_out": "2029-05-31", "lock_out_bars": "ending"},
        "2029-03-02",
    ),
    # 28 February + 1 month = 28 March, too early; 1 March + 1 month = 1 April
    "ending-on-a-31st": (
        {"notice": "1 month", "lock_out": "2027-03-31", "lock_out_bars": "ending"},
        "2027-03-01",
    ),
    # 30 and 31 January + 1 month are held back to 28 February as well; the 28th is the first
    "ending-on-28-february": (
        {"notice": "1 month", "lock_out": "2027-02-28", "lock_out_bars": "ending"},
        "2027-01-28",
    ),
    "ending-in-months": (
        {"notice": "3 months", "lock_out": "6 months", "lock_out_bars": "ending"},
        "2026-08-03",
    ),
}


@pytest.mark.parametrize(("right", "first"), FIRST_NOTICES.values(), ids=FIRST_NOTICES)
def test_first_notice(priced: Ask, right: dict[str, str], first: str) -> None:
    deal = priced(signed_on_3_may(right))
    assert deal.first_notice() == deal.first_notice("buyer", day(first)) == day(first)
    assert deal.terminate(day(first)).notice == day(first)
    with pytest.raises(NOT_PERMITTED) as refused:
        deal.terminate(day(first) - DAY)
    assert refused.value.first == day(first)
    # later any day will do, until the term is over
    assert deal.first_notice(None, day("2029-05-31")) == day("2029-05-31")
    assert deal.first_notice(None, day("2029-06-01")) is None


def test_first_notice_where_the_day_of_notice_counts(priced: Ask) -> None:
    # 4 June as the first of 90 days makes 1 September the last
    right = {"lock_out": "2026-09-01", "lock_out_bars": "ending"}
    deal = priced(signed_on_3_may(right, notice_day="included"))
    assert deal.first_notice() == day("2026-06-04")


LATEST = {
    # right, last day of service; the latest notice that ends by then
    "90-days": ({}, "2029-02-01", "2028-11-03"),
    # 30 days of March, 30 of April, 30 of May
    "the-last-that-shortens": ({}, "2029-05-30", "2029-03-01"),
    "the-natural-end": ({}, "2029-05-31", "2029-05-31"),
    "after-the-term": ({}, "2031-01-01", "2029-05-31"),
    "the-first-exit": ({}, "2026-07-30", "2026-05-01"),
    "before-the-first-exit": ({}, "2026-07-29", None),
    # all of 28 to 31 January + 1 month are 28 February
    "held-back": ({"notice": "1 month"}, "2027-02-28", "2027-01-31"),
    "not-held-back": ({"notice": "1 month"}, "2027-02-27", "2027-01-27"),
    # 28 February + 1 month = 28 March, 1 March + 1 month = 1 April: nothing ends on the 30th
    "no-such-end": ({"notice": "1 month"}, "2027-03-30", "2027-02-28"),
    "in-the-lock-out": ({"lock_out": "2028-11-04"}, "2029-02-01", None),
    "at-the-end-of-the-lock-out": ({"lock_out": "2028-11-03"}, "2029-02-01", "2028-11-03"),
}


@pytest.mark.parametrize(("right", "last", "notice"), LATEST.values(), ids=LATEST)
def test_latest_notice(priced: Ask, right: dict[str, str], last: str, notice: str | None) -> None:
    deal = priced(model(**right))
    expected = day(notice) if notice else None
    assert deal.latest_notice(day(last)) == expected
    assert deal.latest_notice(day(last), "seller") == expected


def test_latest_notice_of_anyone_and_of_one(priced: Ask) -> None:
    # 31 January + 30 days = 2 March; 2 December + 90 days = 2 March
    deal = priced(two_rights({}, {"notice": "30 days"}))
    assert deal.latest_notice(day("2027-03-02")) == day("2027-01-31")
    assert deal.latest_notice(day("2027-03-02"), "buyer") == day("2026-12-02")
    assert priced(model(by="buyer")).latest_notice(day("2027-03-02"), "seller") is None


@pytest.mark.parametrize("bars", ["notice", "ending"])
@pytest.mark.parametrize("lock_out", ["2029-06-01", "2199-12-31", "10000 months", "10000 days"])
def test_a_lock_out_beyond_the_term_leaves_nobody_free(
    priced: Ask, lock_out: str, bars: str
) -> None:
    # every last day lies in the term, so before the end of such a lock-out
    deal = priced(model(lock_out=lock_out, lock_out_bars=bars))
    assert deal.first_notice() is None
    standing = deal.at_signing()
    assert (standing.firm, standing.cancellable) == (money("45e9"), NIL)
    assert (standing.earliest_exit, standing.by) == (day("2029-05-31"), None)
    for notice in ("2029-05-01", "2029-05-31"):
        with pytest.raises(NOT_PERMITTED) as refused:
            deal.terminate(day(notice))
        assert refused.value.first is None


# --- who leaves ---------------------------------------------------------------------------------


def test_the_party_whose_last_day_is_earlier_leaves(priced: Ask) -> None:
    # 90 days from 15 March end on 13 June, three months on 15 June; from 1 February on 2 May and
    # on 1 May
    deal = priced(two_rights({}, {"notice": "3 months", "fee": "1bn"}))
    assert deal.terminate(day("2027-03-15")).by == "buyer"
    seller = deal.terminate(day("2027-02-01"))
    assert (seller.by, seller.last_day) == ("seller", day("2027-05-01"))
    assert (seller.fee, seller.total - seller.earned) == (money("-1e9"), money("-1e9"))


@pytest.mark.parametrize("order", [1, -1], ids=["buyer-first", "seller-first"])
def test_a_tie_is_either_with_the_fee_of_the_buyer(priced: Ask, order: int) -> None:
    # 28 November 2026 + 90 days is 26 February 2027, whoever is named first
    node = two_rights({"fee": "2bn"}, {"notice": "90 days", "fee": "1bn"})
    end = priced(node | {"termination": node["termination"][::order]}).terminate(day("2026-11-28"))
    assert (end.by, end.last_day, end.fee) == ("either", day("2027-02-26"), money("2e9"))


def test_a_party_still_locked_out_does_not_count(priced: Ask) -> None:
    # 16 March to 31 August are 169 days; 11 September
    deal = priced(two_rights({"lock_out": "2028-01-01"}, {"notice": "180 days"}))
    end = deal.terminate(day("2027-03-15"))
    assert (end.by, end.last_day) == ("seller", day("2027-09-11"))


def test_a_party_that_may_never_leave_does_not_hold_the_other(priced: Ask) -> None:
    # 15 March 2027 + 30 days = 14 April
    deal = priced(two_rights({"lock_out": "2029-06-01"}, {"notice": "30 days"}))
    end = deal.terminate(day("2027-03-15"))
    assert (end.by, end.last_day) == ("seller", day("2027-04-14"))


def test_a_total_may_be_less_than_nothing(priced: Ask) -> None:
    # 30 July 2026: 2,459,677,419.35 earned, 3bn paid back
    end = priced(model(fee="3bn")).terminate(day("2026-05-01"), "seller")
    assert end.total == money("-540,322,580.65")


# --- fees ---------------------------------------------------------------------------------------

FEES = {
    # notice on 1 May 2026 ends on 31 May; seven months are left of 2026
    "amount": ("100 per month", "80", "80"),
    "months": ("100 per month", "3 months", "300"),
    "months-of-a-third": ("100 per quarter", "1 month", "33.33"),
    # rates are added up before they are rounded
    "three-months-of-a-third": ("100 per quarter", "3 months", "100"),
    "share": ("100 per month", "25% of remaining", "175"),
    # 31 days in May
    "daily": ("2 per day", "1 month", "62"),
    # 10 GPU x 24 x 31 x 50%
    "hourly": (
        {"price": "1 per GPU-hour", "capacity": "10 GPU", "load": "50%"},
        "1 month",
        "3720",
    ),
    # the rate of that day: half of 100
    "in-a-ramp": (ramped("100 per month", "5 months at 50% off"), "2 months", "100"),
    # twelve months of 100
    "in-total": ("1200 in total", "2 months", "200"),
    # not in service any more, or not yet
    "over-already": ({"price": "100 per month", "through": "2026-05-30"}, "1 month", "0"),
    "not-yet": ({"price": "100 per month", "start": "2026-06"}, "1 month", "0"),
    "once": ({"price": "100 once", "on": "2026-12-31"}, "1 month", "0"),
    # nothing forgone, no fee
    "nothing-forgone": ({"price": "100 per month", "through": "2026-05"}, "80", "0"),
}


@pytest.mark.parametrize(("charge", "fee", "owed"), FEES.values(), ids=FEES)
def test_fees(priced: Ask, charge: str | Node, fee: str, owed: str) -> None:
    right = {"by": "buyer", "notice": "30 days", "fee": fee}
    deal = simple(charge, "2026-01", "2026-12", termination=right)
    assert priced(deal).terminate(day("2026-05-01")).fee == money(owed)


def test_a_share_of_what_remains(priced: Ask) -> None:
    # 25% of 29,458,333,333.33, the rounded one
    end = priced(model(fee="25% of remaining")).terminate(day("2027-03-15"), "buyer")
    assert end.fee == money("7,364,583,333.33")


def test_leaving_before_the_start(priced: Ask) -> None:
    # signed on 1 January: 90 days end on 1 April, a month before service. A fixed fee is owed;
    # one in months is nothing, for no charge is in service then.
    signed = {"term": MODEL["term"] | {"signed": "2026-01-01"}}
    for fee, owed in (("500m", "500e6"), ("3 months", "0")):
        deal = priced(model(fee=fee) | signed)
        end = deal.terminate(day("2026-01-01"), "buyer")
        assert (end.last_day, end.earned, end.fee) == (day("2026-04-01"), NIL, money(owed))
    standing = deal.at_signing()
    assert (standing.by, standing.firm, standing.earliest_exit) == (
        "either",
        NIL,
        day("2026-04-01"),
    )


# --- what is firm -------------------------------------------------------------------------------


def test_firm_is_the_least_that_any_party_can_make_it(priced: Ask) -> None:
    # The buyer may leave sooner, but pays all that remains for it; the seller leaves for nothing
    # on 30 June 2027: 8.75bn + 6 x 1.25bn
    deal = priced(
        two_rights({"fee": "100% of remaining"}, {"notice": "30 days", "lock_out": "2027-05-31"})
    )
    standing = deal.at_signing()
    assert (standing.by, standing.firm) == ("seller", money("16.25e9"))
    assert standing.earliest_exit == day("2027-06-30")
    # alone, the buyer pays as much by leaving as by staying
    alone = deal.at_signing("buyer")
    assert (alone.firm, alone.cancellable) == (money("45e9"), NIL)
    assert (alone.earliest_exit, alone.fee) == (day("2026-07-30"), money("42,540,322,580.65"))


def test_equal_yields_take_the_earlier_exit(priced: Ask) -> None:
    # All is paid on 1 May 2026: whoever leaves, nothing more is earned. 30 days end before 90.
    node = two_rights({}, {"notice": "30 days"})
    charges = {"all": {"price": "1bn once", "on": "2026-05-01"}}
    standing = priced(node | {"charges": charges}).standing(day("2026-05-31"))
    assert (standing.firm, standing.by) == (NIL, "seller")
    assert standing.earliest_exit == day("2026-06-30")


def test_one_party_alone_without_a_right(priced: Ask) -> None:
    standing = priced(model(by="buyer")).at_signing("seller")
    assert (standing.firm, standing.by, standing.fee) == (money("45e9"), None, NIL)
    assert standing.earliest_exit == day("2029-05-31")


def test_the_last_days_of_a_deal(priced: Ask) -> None:
    # an exit on the last day still has a name; after it nobody has anything to leave
    deal = priced(model(fee="500m"))
    last, over = deal.standing(day("2029-05-31")), deal.standing(day("2029-06-01"))
    assert (last.earned, last.firm, last.cancellable) == (money("45e9"), NIL, NIL)
    assert (last.earliest_exit, last.by, last.fee) == (day("2029-05-31"), "either", NIL)
    assert (over.earned, over.firm, over.cancellable) == (money("45e9"), NIL, NIL)
    assert (over.earliest_exit, over.by) == (day("2029-05-31"), None)


def test_an_exit_on_the_day_before_leaves_nothing_firm(priced: Ask) -> None:
    # no days of notice, and the day of notice counts: service ends before the day is over
    node = model(notice="0 days") | {"conventions": {"notice_day": "included"}}
    standing = priced(node).standing(day("2026-05-02"))
    # two days of 625m / 31
    assert (standing.earned, standing.firm) == (money("40,322,580.65"), NIL)
    assert standing.earliest_exit == day("2026-05-01")


# --- options ------------------------------------------------------------------------------------

RIVER_BEND: Node = {
    "currency": "USD",
    "term": {"start": "2027-06", "through": "2042-11", "signed": "2025-12-17"},
    "charges": {
        hall: {
            "price": "128 per kW-month",
            "capacity": size,
            "start": start,
            "years": "15",
            "escalator": "3%",
        }
        for hall, size, start in (
            ("hall-1", "85 MW", "2027-06"),
            ("hall-2", "80 MW", "2027-09"),
            ("hall-3", "80 MW", "2027-12"),
        )
    },
    "options": {
        "renewals": {"extends": ["hall-1", "hall-2", "hall-3"], "months": "60", "times": "3"}
    },
}
"""Three halls, 15 years each, and three renewals of five."""


def taking(node: Node, option: str, times: int) -> Node:
    options = node["options"]
    return node | {"options": options | {option: options[option] | {"take": f"{times}"}}}


@pytest.mark.parametrize(
    ("times", "total"),
    [
        # 245,000 kW x 128 x 12 = 376,320,000 a year at first; 3% more each year, summed over n
        # years, is (1.03^n - 1) / 0.03 of it: 18.5989..., 26.8703..., 36.4592..., 47.5754...
        (0, "6,999,143,273.85"),
        (1, "10,111,859,327.70"),
        (2, "13,720,350,349.58"),
        (3, "17,903,580,438.60"),
    ],
)
def test_renewals_of_river_bend(priced: Ask, times: int, total: str) -> None:
    deal = priced(taking(RIVER_BEND, "renewals", times) if times else RIVER_BEND)
    signed = deal.at_signing()
    assert signed.contract_value == signed.firm == deal.total() == money(total)
    assert signed.contract_value + signed.optional == money("17,903,580,438.60")
    assert (signed.callable, deal.through.year) == (NIL, 2042 + 5 * times)


def test_river_bend_renewed_once_as_time_passes(priced: Ask) -> None:
    # On 2043-06-30 hall 1 is in its 17th year, 13 months renewed, halls 2 and 3 in their 16th. The
    # renewal may be taken until the earliest end that it moves, 2042-05-31, the next 60 months on.
    once = priced(taking(RIVER_BEND, "renewals", 1))
    row = once.standing(day("2043-06-30"))
    assert [row.earned, row.firm] == amounts("7,491,221,673.70", "2,620,637,654.00")
    assert (row.optional, row.cancellable) == (money("7,791,721,110.90"), NIL)
    assert once.standing(day("2047-05-31")).optional == money("7,791,721,110.90")
    assert once.standing(day("2047-06-01")).optional == NIL
    never = priced(RIVER_BEND)
    assert never.standing(day("2042-05-31")).optional == money("10,904,437,164.75")
    assert never.standing(day("2042-06-01")).optional == NIL


def renewable(charge: str | Node, through: str = "2026-12", **option: str) -> Node:
    """A charge through 2026, which may be renewed for six months, twice."""
    renewals = {"months": "6", "times": "2"} | option
    return simple(charge, "2026-01", through, options={"renewals": renewals})


def test_a_renewal_is_agreed_from_the_day_on_which_it_is_taken(priced: Ask) -> None:
    # 12 x 10; 6 x 10 more from 1 May; 60 are left to take until 30 June 2027, the end by then.
    deal = priced(renewable("10 per month", taken="2026-05-01"))
    rows = [deal.standing(day(each)) for each in ("2026-04-30", "2026-05-01", "2027-06-30")]
    assert [row.contract_value for row in rows] == amounts("120", "180", "180")
    assert [row.earned for row in rows] == amounts("40", "40.32", "180")  # and 10 / 31
    assert [row.optional for row in rows] == amounts("120", "60", "60")
    assert deal.total() == money("180")
    assert [deal.standing(day("2025-12-31")).optional, rows[0].firm] == amounts("0", "80")


def test_notice_of_a_renewal_is_counted_from_the_end_that_it_moves(priced: Ask) -> None:
    # A month's notice by 31 December ends on that day if given on 30 November: 30 November plus a
    # month is 30 December. If the day of notice counts, 1 December does too.
    deal = renewable("10 per month", notice="1 month")
    assert priced(deal).standing(day("2026-11-30")).optional == money("120")
    assert priced(deal).standing(day("2026-12-01")).optional == NIL
    counted = deal | {"conventions": {"notice_day": "included"}}
    assert priced(counted).standing(day("2026-12-01")).optional == money("120")
    assert priced(counted).standing(day("2026-12-02")).optional == NIL
    until = renewable("10 per month", notice="1 month", until="2026-08")
    assert priced(until).standing(day("2026-08-31")).optional == money("120")
    assert priced(until).standing(day("2026-09-01")).optional == NIL


def test_the_price_of_a_renewal_is_that_of_its_first_day(priced: Ask) -> None:
    # 6 x 100 + 6 x 110; then 200 from January, 10% more from July: 6 x 200 + 6 x 220. Without a
    # price it runs on: 6 x 121 + 6 x 133.1.
    rent = growing("100 per month", "10%", "6 months")
    twice = priced(taking(renewable(rent, price="200 per month"), "renewals", 2))
    assert twice.years() == {2026: money("1,260"), 2027: money("2,520")}
    runs_on = priced(taking(renewable(rent), "renewals", 2))
    assert runs_on.years() == {2026: money("1,260"), 2027: money("1,524.6")}


def test_a_sum_with_an_escalator_runs_on_at_its_last_rate(priced: Ask) -> None:
    # 100 and 110 a month make 1,260; then 6 x 121
    rent = growing("1,260 in total".replace(",", ""), "10%", "6 months")
    once = priced(taking(renewable(rent, extends="only"), "renewals", 1))
    assert once.years() == {2026: money("1,260"), 2027: money("726")}


def test_what_is_added_begins_when_it_is_taken(priced: Ask) -> None:
    # Through December at 30 a month: taken on 15 June it begins on the 16th, 15 days of 30, and six
    # months. At signing all twelve may be had, at the close of 31 May seven, and none at the end.
    adds = {"more": {"price": "30 per month"}}
    more = {"adds": adds, "by": "seller"}
    deal = simple("10 per month", "2026-01", "2026-12", options={"more": more})
    rows = [priced(deal).standing(day(each)) for each in ("2026-05-31", "2026-12-30", "2026-12-31")]
    assert [row.callable for row in rows] == amounts("210", "0.97", "0")  # 30 / 31 for one day
    assert (priced(deal).at_signing().callable, rows[0].optional) == (money("360"), NIL)
    taken = simple(
        "10 per month",
        "2026-01",
        "2026-12",
        options={"more": more | {"taken": "2026-06-15"}},
    )
    assert priced(taken).total() == money("315")  # 120 + 15 + 180
    assert priced(taken).standing(day("2026-06-14")).contract_value == money("120")


def test_what_is_added_may_outlast_the_term_and_be_left(priced: Ask) -> None:
    # 12 x 10, and from July 2026 12 x 5 until June 2027. Notice on 31 March, before it is taken,
    # ends on 30 April and forgoes 80; on 30 April it ends on 30 May, and forgoes 70.32 and 60 more.
    adds = {"annex": {"price": "5 per month", "start": "2026-07", "months": "12"}}
    deal = simple(
        "10 per month",
        "2026-01",
        "2026-12",
        options={"annex": {"adds": adds, "taken": "2026-04-15"}},
        termination={"by": "either", "notice": "30 days"},
    )
    assert (priced(deal).total(), priced(deal).through) == (money("180"), day("2027-06-30"))
    before, after = (priced(deal).terminate(day(each)) for each in ("2026-03-31", "2026-04-30"))
    assert (before.last_day, before.forgone, before.full_term) == (
        day("2026-04-30"),
        *amounts("80", "120"),
    )
    assert (after.last_day, after.forgone) == (day("2026-05-30"), money("130.32"))
    rows = [priced(deal).standing(day(each)) for each in ("2026-03-31", "2026-04-15")]
    assert [row.firm for row in rows] == amounts(
        "10", "9.84"
    )  # April; half of it, and 15/31 of May

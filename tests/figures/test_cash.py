"""When money moves, and what it is worth: figures worked by hand, and a clerk who walks the days.

RANDOM_DEALS=100000 in the environment compares more random deals.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest
from effort import how_many
from oracle import (
    DAY,
    Oracle,
    every_day,
    first_day,
    month_end,
    percent,
    plus,
    round_half_up,
)
from oracle import amount as read_amount
from random_deals import a_day, a_discount, an_amount, as_yaml, random_deal
from shipped import SCENARIOS
from small_deals import MODEL, PREPAID, book, day, money, prepaid, simple

from dealcalc.core import Priced, Schedule
from dealcalc.figures.cash import Cash, cash, discounted, earned, invoices, present_value
from dealcalc.figures.subject import load
from dealcalc.terms.deal import Billing
from dealcalc.terms.values import Span

Node = dict[str, Any]

DEALS = how_many(100, 400)
PER_TEST = 50
IREN = SCENARIOS / "iren-microsoft.yaml"
BASES = ("billed", "cash")
PERIODS = ("months", "quarters", "years")


def paid(node: Node, last_day: str | None = None, fee: int = 0) -> Cash:
    priced = book(node)
    return cash(priced, priced.schedule(day(last_day) if last_day else None, fee))


def moves(found: Cash) -> list[tuple[str, str, str, str]]:
    return [(f"{one.day}", one.charge, one.what, f"{one.amount}") for one in found.payments()]


def credits(found: Cash, charge: str = "only") -> list[str]:
    return [f"{one.credited}" for one in found.invoices if one.charge == charge]


def by_year(flows: list[tuple[date, Decimal]]) -> dict[int, Decimal]:
    years: dict[int, Decimal] = {}
    for when, amount in flows:
        years[when.year] = years.get(when.year, Decimal(0)) + amount
    return years


# ---- IREN – Microsoft ----


def test_iren_cash_by_year() -> None:
    # Four phases of 2,425m over 60 months, from April, July, October 2026 and January 2027; 485m of
    # each is paid the day before, all four in 2026, and credited over its months 25 to 60. So by
    # the end of a year so many thirty-sixths of 485m are credited, half-up to the cent:
    #
    #           phase 1              phase 2              phase 3              phase 4
    #   2028    9  121,250,000.00    6   80,833,333.33    3   40,416,666.67    0            0.00
    #   2029   21  282,916,666.67   18  242,500,000.00   15  202,083,333.33   12  161,666,666.67
    #   2030   33  444,583,333.33   30  404,166,666.67   27  363,750,000.00   24  323,333,333.33
    #   2031   36  485,000,000.00   36  485,000,000.00   36  485,000,000.00   36  485,000,000.00
    #
    # together 242,500,000.00; 889,166,666.67; 1,535,833,333.33; 1,940,000,000.00: within the years
    # 242,500,000.00, 646,666,666.67, 646,666,666.66 and 404,166,666.67. Cash is what is earned,
    # 727.5m, 4 x 1,940m, 1,212.5m, with 1,940m more in 2026 and less those credits.
    priced = Priced(load(str(IREN)).deal)
    found = cash(priced, priced.schedule())
    assert by_year([(one.day, one.amount) for one in found.payments()]) == {
        2026: money("2,667,500,000.00"),
        2027: money("1,940,000,000.00"),
        2028: money("1,697,500,000.00"),
        2029: money("1,293,333,333.33"),
        2030: money("1,293,333,333.34"),
        2031: money("808,333,333.33"),
    }
    assert [one.amount for one in found.prepaid] == [money("485,000,000.00")] * 4
    assert by_year(earned(priced.schedule()))[2029] == money("1,940,000,000.00")


# ---- invoices ----


def billed(charge: str | Node, *ends: str, last: str | None = None, **billing: Any) -> list[str]:
    """Charge, date, day of payment and amount of each invoice."""
    priced = book(simple(charge, *ends))
    schedule = priced.schedule(day(last) if last else None)
    return [f"{one.dated} {one.due} {one.amount}" for one in invoices(schedule, Billing(**billing))]


def test_invoices_in_arrears_are_dated_the_last_day_of_service() -> None:
    # 17 of January's 31 days, all of February, 10 of March's 31 at 310 a month
    assert billed("310 per month", "2026-01-15", "2026-03-10") == [
        "2026-01-31 2026-01-31 170.00",
        "2026-02-28 2026-02-28 310.00",
        "2026-03-10 2026-03-10 100.00",
    ]


def test_invoices_in_advance_are_dated_the_first_day_of_service() -> None:
    # paid a month later, held back to the month's end
    later = {"when": "advance", "due": Span(1, "months")}
    assert billed("310 per month", "2026-01-31", "2026-03-31", last="2026-03-10", **later) == [
        "2026-01-31 2026-02-28 10.00",
        "2026-02-01 2026-03-01 310.00",
        "2026-03-01 2026-04-01 100.00",
    ]


def test_a_month_of_two_rates_is_one_invoice() -> None:
    # half of January at 62 a month less half: 15 days x 1, then 16 x 2
    ramp = [{"through": "2026-01-15", "discount": "50%"}]
    charge = {"price": "62 per month", "ramp": ramp}
    assert billed(charge, "2026-01", "2026-01", due=Span(30, "days")) == [
        "2026-01-31 2026-03-02 47.00"
    ]


def test_a_free_month_has_no_invoice() -> None:
    charge = {"price": "62 per month", "ramp": [{"months": "1", "discount": "100%"}]}
    assert billed(charge, "2026-01", "2026-02") == ["2026-02-28 2026-02-28 62.00"]


def test_once_and_a_fee_are_invoiced_on_their_own_day() -> None:
    node = simple("31 per month", "2026-01", "2026-12", billing={"in": "advance"})
    node["charges"]["setup"] = {"price": "70 once", "on": "2026-01-20"}
    assert moves(paid(node, "2026-01-25", fee=12_34)) == [
        ("2026-01-01", "only", "invoice", "25.00"),
        ("2026-01-20", "setup", "invoice", "70.00"),
        ("2026-01-25", "fee", "invoice", "12.34"),
    ]


# ---- prepayments ----


def test_odd_cents_fall_where_the_running_total_rounds() -> None:
    # half of 200 in three parts: through 33.33, 66.67 and 100.00
    charge = {"price": "50 per month", "prepayment": prepaid("50%", "2025-12-31", 2, 3)}
    found = paid(simple(charge, "2026-01", "2026-04"))
    assert credits(found) == ["0.00", "33.33", "33.34", "33.33"]
    assert moves(found) == [
        ("2025-12-31", "only", "prepayment", "100.00"),
        ("2026-01-31", "only", "invoice", "50.00"),
        ("2026-02-28", "only", "invoice", "16.67"),
        ("2026-03-31", "only", "invoice", "16.66"),
        ("2026-04-30", "only", "invoice", "16.67"),
    ]


def test_parts_are_whole_where_the_currency_has_no_cents() -> None:
    # 100 yen in eight parts of 12.5: through 13, 25, 38, 50, 63, 75, 88, 100
    charge = {"price": "25 per month", "prepayment": prepaid("50%", "2026-01-01", 1, 8)}
    found = paid(simple(charge, "2026-01", "2026-08") | {"currency": "JPY"})
    assert credits(found) == ["13", "12", "13", "12", "13", "12", "13", "12"]


def test_the_share_is_rounded_once() -> None:
    # three days at 0.335 are 1.005, and half of that 0.5025; of the 1.01 booked it would be 0.51
    charge = {"price": "0.335 per day", "prepayment": prepaid("50%", "2026-01-01", 1, 1)}
    found = paid(simple(charge, "2026-01-01", "2026-01-03"))
    assert [one.amount for one in found.prepaid] == [money("0.50")]


def test_months_are_calendar_months_of_the_charges_own_service() -> None:
    # in service from 15 February: its second calendar month is March
    charge = {"price": "28 per month", "start": "2026-02-15"}
    charge["prepayment"] = prepaid("25%", "2026-02-01", 2, 1)
    found = paid(simple(charge, "2026-01", "2026-04"))
    assert [one.amount for one in found.prepaid] == [money("17.50")]  # of 14 + 28 + 28
    assert credits(found) == ["0.00", "17.50", "0.00"]


def test_no_credit_is_larger_than_its_invoice_and_the_rest_moves_on() -> None:
    # 80% of 90 + 10 + 10 + 90 is 160, in two parts of 80: 80, 10 of the next 80, then 10, then 60
    ramp = [
        {"months": "1", "discount": "0%"},
        {"months": "2", "price": "10 per month"},
    ]
    charge = {"price": "90 per month", "ramp": ramp}
    charge["prepayment"] = prepaid("80%", "2025-12-31", 1, 2)
    found = paid(simple(charge, "2026-01", "2026-04"))
    assert credits(found) == ["80.00", "10.00", "10.00", "60.00"]
    assert moves(found)[1:] == [
        ("2026-01-31", "only", "invoice", "10.00"),
        ("2026-04-30", "only", "invoice", "30.00"),
    ]


def test_nothing_is_credited_before_it_is_paid() -> None:
    # 30 from each of the first four months, but paid on 1 March: January's and February's move on
    charge = {"price": "100 per month", "prepayment": prepaid("30%", "2026-03-01", 1, 4)}
    found = paid(simple(charge, "2026-01", "2026-04"))
    assert credits(found) == ["0.00", "0.00", "90.00", "30.00"]


def test_a_credit_begins_with_the_invoice_of_the_day_it_is_paid() -> None:
    charge = {"price": "100 per month", "prepayment": prepaid("25%", "2026-03-01", 1, 1)}
    node = simple(charge, "2026-02", "2026-05", billing={"in": "advance"})
    assert credits(paid(node)) == ["0.00", "100.00", "0.00", "0.00"]


CAPPED = {"amount": "300m", "on": "2024-12-31", "credited": {"most": "50%"}}


def test_an_amount_is_credited_up_to_a_share_of_the_invoices() -> None:
    # 3.5bn / 12 = 291,666,666.666... a year; half of it 145,833,333.33 is credited in 2025 and in
    # 2026, in 2027 what is left of 300m, 8,333,333.33
    charge = {"price": "3.5bn in total", "prepayment": CAPPED}
    found = paid(simple(charge, "2025-01", "2036-12"))
    assert by_year([(one.day, one.amount) for one in found.payments()]) == {
        2024: money("300,000,000.00"),
        2025: money("145,833,333.33"),
        2026: money("145,833,333.33"),
        2027: money("283,333,333.34"),
        **dict.fromkeys((2028, 2030, 2031, 2033, 2034, 2036), money("291,666,666.67")),
        **dict.fromkeys((2029, 2032, 2035), money("291,666,666.66")),
    }
    assert [(one.credited, one.refunded) for one in found.prepaid] == [(money("300e6"), 0)]


def test_a_share_of_invoices_is_rounded_on_their_sum() -> None:
    # a third of 0.05, 0.10, 0.15 is 0.0167, 0.0333, 0.05; the last invoice has 0.03 left
    charge = {"price": "0.05 per month"}
    charge["prepayment"] = {"amount": "9", "on": "2026-01-01", "credited": {"most": "33.4%"}}
    found = paid(simple(charge, "2026-01", "2026-03"))
    assert credits(found) == ["0.02", "0.01", "0.02"]
    (ahead,) = found.prepaid
    assert (ahead.credited, ahead.set_off) == (money("0.05"), money("0.03"))
    assert ahead.refunded == money("8.92")


def test_invoices_before_it_is_paid_make_no_room() -> None:
    # paid on 1 March: half of March's and of April's hundred
    charge = {"price": "100 per month"}
    charge["prepayment"] = {"amount": "500", "on": "2026-03-01", "credited": {"most": "50%"}}
    assert credits(paid(simple(charge, "2026-01", "2026-04"))) == ["0.00", "0.00", "50.00", "50.00"]


def test_what_is_uncredited_at_an_early_end_is_refunded() -> None:
    # ends on 10 February: half of 100 and of 35.71; 15 days later January's is paid, but due are
    # the 17.86 of February only, which are set off
    charge = {"price": "100 per month"}
    charge["prepayment"] = {"amount": "500", "on": "2026-01-01", "credited": {"most": "50%"}}
    (ahead,) = paid(
        simple(charge, "2026-01", "2026-12", billing={"due": "5 days"}), "2026-02-10"
    ).prepaid
    # 135.71 / 2 = 67.855: 67.86 are credited, and February's invoice has 17.85 left
    assert (ahead.credited, ahead.set_off) == (money("67.86"), money("17.85"))
    assert ahead.refunded == money("414.29")


# ---- an early end ----


def test_an_early_end_sets_off_what_is_unpaid_and_refunds_the_rest() -> None:
    # Half of 24 x 100 is prepaid, 1,200, to be credited by 100 a month from March. Service ends on
    # 10 May: a earns 10/31 of 100 = 32.26 in May, b 9.68, and the buyer owes a fee of 390.03.
    # Credited: March 100, April 100, May 32.26 of 100; left are 967.74. Unpaid on 10 May are b of
    # April (due 30 May), 30.01, b of May, 9.68, and the fee: 429.72 set off, 538.02 refunded. The
    # invoices of 31 March were due on 30 April.
    found = paid(PREPAID, "2026-05-10", fee=390_03)
    (a,) = found.prepaid
    assert (a.amount, a.credited) == (money("1,200.00"), money("232.26"))
    assert (a.settled, a.set_off, a.refunded) == (
        day("2026-05-10"),
        money("429.72"),
        money("538.02"),
    )
    assert moves(found) == [
        ("2025-12-31", "a", "prepayment", "1200.00"),
        ("2026-03-02", "a", "invoice", "100.00"),
        ("2026-03-30", "a", "invoice", "100.00"),
        ("2026-03-30", "b", "invoice", "30.01"),
        ("2026-04-14", "c", "invoice", "70.00"),
        ("2026-04-30", "b", "invoice", "30.01"),
        ("2026-05-10", "a", "refund", "-538.02"),
    ]


def test_the_earliest_invoices_are_set_off_first() -> None:
    # The same, prepaid 3% of 2,400 = 72, of which March took 6, April 6 and May 6: 54 are left for
    # 94.00 of a in April, then 26.26 of a in May; a's comes before b's of the same day.
    charges = {**PREPAID["charges"], "a": dict(PREPAID["charges"]["a"])}
    charges["a"]["prepayment"] = prepaid("3%", "2025-12-31", 3, 12)
    found = paid(PREPAID | {"charges": charges}, "2026-05-10")
    set_off = [(one.charge, f"{one.dated}", f"{one.set_off}") for one in found.invoices]
    assert [one for one in set_off if one[2] != "0.00"] == [("a", "2026-04-30", "54.00")]
    assert found.prepaid[0].refunded == 0
    assert ("2026-05-30", "a", "invoice", "40.00") in moves(found)


@pytest.mark.parametrize(
    ("last_day", "credited", "set_off", "refunded"),
    [
        # 29 of April's 30 days: a 96.67, b 29.01. March's b, 30.01, is due on the day after.
        ("2026-04-29", "196.67", "59.02", "944.31"),
        # March's b is due on the last day itself, and b of April is invoiced on it: 2 x 30.01
        ("2026-04-30", "200.00", "60.02", "939.98"),
        # March's b was paid the day before; b of April, and 1/31 of 30.01 = 0.97. a earns 3.23.
        ("2026-05-01", "203.23", "30.98", "965.79"),
    ],
)
def test_an_invoice_due_on_the_last_day_is_unpaid_still(
    last_day: str, credited: str, set_off: str, refunded: str
) -> None:
    (a,) = paid(PREPAID, last_day).prepaid
    assert [f"{part}" for part in (a.credited, a.set_off, a.refunded)] == [
        credited,
        set_off,
        refunded,
    ]


def test_a_sellers_fee_is_not_set_off() -> None:
    # Of 1,200 nothing is credited by the end of February. Unpaid are 100, due on 2 March, and 100
    # and 30.01, due with the fee on 30 March.
    found = paid(PREPAID, "2026-02-28", fee=-50_00)
    assert moves(found) == [
        ("2025-12-31", "a", "prepayment", "1200.00"),
        ("2026-02-28", "a", "refund", "-969.99"),
        ("2026-03-30", "fee", "invoice", "-50.00"),
    ]


def test_a_prepayment_due_after_the_last_day_is_never_paid() -> None:
    assert moves(paid(PREPAID, "2025-12-30")) == []
    assert moves(paid(PREPAID, "2025-12-31")) == [
        ("2025-12-31", "a", "prepayment", "1200.00"),
        ("2025-12-31", "a", "refund", "-1200.00"),
    ]


def test_no_prepayment_after_notice_for_a_charge_that_never_begins() -> None:
    # Notice of 3 February ends service on 2 March; the second charge would begin in April, and is
    # prepaid on 22 February. Without notice it is paid, and was so before notice was given.
    second = {"price": "100 per month", "start": "2026-04"}
    second["prepayment"] = prepaid("50%", "2026-02-22", 1, 3)
    charges = {"first": {"price": "10 per month"}, "second": second}
    priced = book(simple("1 per month", "2026-01", "2026-12", charges=charges))
    schedule = priced.schedule(day("2026-03-02"))
    assert cash(priced, schedule, day("2026-02-03")).prepaid == ()
    assert len(cash(priced, schedule, day("2026-02-22")).prepaid) == 1


def test_a_charge_that_ends_before_the_deal_is_settled_on_its_own_last_day() -> None:
    # 150 prepaid, a third of it credited in March, the last month. 100 are left for the 50 and the
    # 10 that are due that day; b goes on and is not touched later.
    a = {"price": "100 per month", "through": "2026-03"}
    a["prepayment"] = prepaid("50%", "2026-01-01", 3, 3)
    node = simple(a, "2026-01", "2026-05")
    node["charges"]["b"] = {"price": "10 per month"}
    found = paid(node)
    assert [(f"{one.settled}", one.set_off, one.refunded) for one in found.prepaid] == [
        ("2026-03-31", money("60.00"), money("40.00"))
    ]
    assert moves(found)[-3:] == [
        ("2026-03-31", "only", "refund", "-40.00"),
        ("2026-04-30", "b", "invoice", "10.00"),
        ("2026-05-31", "b", "invoice", "10.00"),
    ]


def test_prepayments_of_one_last_day_are_set_off_in_the_order_of_the_file() -> None:
    # 10% of 1,200 is 120 for each, credited from month 13 on, and so never. Unpaid on 31 January
    # are 100 and 100: 120 of the first, 80 of the second; 40 are refunded.
    charge = {"price": "100 per month", "prepayment": prepaid("10%", "2026-01-01", 13, 1)}
    node = simple(charge, "2026-01", "2026-12")
    node["charges"]["other"] = charge
    found = paid(node, "2026-01-31")
    assert [(one.charge, one.set_off, one.refunded) for one in found.prepaid] == [
        ("only", money("120.00"), money("0.00")),
        ("other", money("80.00"), money("40.00")),
    ]


def test_an_earlier_last_day_is_settled_first_whatever_the_order_of_the_file() -> None:
    # Nothing is ever credited. On 31 January the other's 100 take the 10 and 90 of its own 100; on
    # 28 February 55, half of 10 + 100, take the 10 that are left and 45 of February's.
    charge = {"price": "100 per month", "ramp": [{"months": "1", "discount": "90%"}]}
    charge["prepayment"] = prepaid("50%", "2026-01-01", 13, 1)
    node = simple(charge, "2026-01", "2026-02", billing={"due": "60 days"})
    other = {"price": "100 per month", "through": "2026-01"}
    node["charges"]["other"] = other | {"prepayment": prepaid("100%", "2026-01-01", 13, 1)}
    found = paid(node)
    assert [(one.charge, one.set_off, one.refunded) for one in found.prepaid] == [
        ("other", money("100.00"), money("0.00")),
        ("only", money("55.00"), money("0.00")),
    ]
    assert [f"{one.set_off}" for one in found.invoices] == ["10.00", "100.00", "45.00"]


# ---- the slow check ----


def cash_terms(rng: Random, node: Node) -> Node:
    """The deal with billing, or none, and prepayments at sensible and at silly times."""
    oracle = Oracle(node)
    charges = {}
    for name, charge in node["charges"].items():
        charges[name] = dict(charge)
        if "once" in charge["price"] or "paid_by" in charge or rng.random() < 0.3:
            continue
        slow = oracle.charges[name]
        on = rng.choice(
            [
                slow.start - rng.randint(0, 90) * DAY,
                slow.start,
                a_day(rng, slow.start, slow.through + 20 * DAY),
            ]
        )
        months, begin = rng.choice([1, 3, 12, 36, 7]), rng.choice([1, 1, 2, 5, 13, 25])
        terms = prepaid(a_discount(rng), on.isoformat(), begin, months)
        if rng.random() < 0.3:
            terms["amount"] = an_amount(rng)
            del terms["share"]
        if rng.random() < 0.4:
            terms["credited"] = {"most": a_discount(rng)}
        charges[name]["prepayment"] = terms
    billing = {"in": rng.choice(["advance", "arrears"])}
    due = rng.choice(["0 days", "1 day", "10 days", "30 days", "45 days", "1 month", "2 months"])
    some = rng.choice([{}, {"billing": billing}, {"billing": {**billing, "due": due}}])
    return node | {"charges": charges} | some


Moves = Counter[tuple[date, str, str]]


class Ledger:
    """A deal's cash, walked day by day by a clerk who knows only what happened so far."""

    def __init__(self, node: Node, last: date, fee: int) -> None:
        self.oracle = Oracle(node)
        self.node, self.last, self.fee = node, min(last, self.oracle.through), fee
        self.billing = {"in": "arrears", "due": "0 days"} | node.get("billing", {})
        self.moves: Moves = Counter()
        self.purse: dict[str, int] = {}
        self.sent: Counter[str] = Counter()  # since the prepayment was made
        self.unpaid: list[dict[str, Any]] = []
        self.set_off = 0
        first = min([self.oracle.start, self.last, *map(self.prepaid_on, self.prepayments())])
        for today in every_day(first, plus(self.last, "100 days")):
            self.prepay(today)
            self.invoice(today)
            self.settle(today)
            self.collect(today)

    def prepayments(self) -> list[str]:
        return [name for name, one in self.node["charges"].items() if "prepayment" in one]

    def prepaid_on(self, name: str) -> date:
        return first_day(self.node["charges"][name]["prepayment"]["on"])

    def end(self, name: str) -> date:
        return min(self.oracle.charges[name].through, self.last)

    def whole(self, name: str) -> int:
        """The prepayment, in minor units."""
        terms = self.node["charges"][name]["prepayment"]
        if "amount" in terms:
            return round_half_up(read_amount(terms["amount"]) * 10**self.oracle.decimals)
        charge = self.oracle.charges[name]
        earned_in_all = charge.earned_through(charge.base_end)
        share = percent(terms["share"])
        return round_half_up(share * earned_in_all * 10**self.oracle.decimals)

    def prepay(self, today: date) -> None:
        for name in self.prepayments():
            if today == self.prepaid_on(name) and today <= self.end(name):
                self.purse[name] = self.whole(name)
                self.moves[today, name, "prepayment"] += self.whole(name)

    def invoice(self, today: date) -> None:
        for name, charge in self.oracle.charges.items():
            first = max(charge.start, today.replace(day=1))
            through = min(self.end(name), month_end(today))
            if first <= through and today == (
                first if self.billing["in"] == "advance" else through
            ):
                earned = self.oracle.between(first, through, name)
                self.write(name, today, int(earned.scaleb(self.oracle.decimals)))
        if today == self.last:
            self.write("fee", today, self.fee)

    def write(self, name: str, today: date, sent: int) -> None:
        credit = 0
        if name in self.purse:
            self.sent[name] += sent
            credit = min(sent, self.ripe(name, today))
            self.purse[name] -= credit
        due = plus(today, self.billing["due"])
        self.unpaid.append({"charge": name, "due": due, "left": sent - credit})

    def ripe(self, name: str, today: date) -> int:
        """What should have been credited by this month, less what was."""
        terms = self.node["charges"][name]["prepayment"]["credited"]
        start, whole, ripe = self.oracle.charges[name].start, self.whole(name), 0
        if "most" in terms:
            ripe = min(whole, round_half_up(percent(terms["most"]) * self.sent[name]))
            return ripe - (whole - self.purse[name])
        months_of_service = (today.year - start.year) * 12 + today.month - start.month + 1
        for part in range(1, int(terms["months"]) + 1):
            if part + int(terms["from_month"]) - 1 <= months_of_service:
                ripe = round_half_up(Fraction(whole * part, int(terms["months"])))
        return ripe - (whole - self.purse[name])

    def settle(self, today: date) -> None:
        for name in self.oracle.charges:
            if today != self.end(name) or not self.purse.get(name):
                continue
            for invoice in self.unpaid:
                part = max(0, min(self.purse[name], invoice["left"]))
                invoice["left"] -= part
                self.purse[name] -= part
                self.set_off += part
            self.moves[today, name, "refund"] -= self.purse[name]

    def collect(self, today: date) -> None:
        for invoice in [one for one in self.unpaid if one["due"] == today]:
            self.moves[today, invoice["charge"], "invoice"] += invoice["left"]
            self.unpaid.remove(invoice)


def asked(seed: int) -> tuple[Node, date | None, int]:
    """A random deal, a last day or none, and a fee."""
    rng = Random(seed)
    node = cash_terms(rng, random_deal(rng))
    node.pop("options", None)  # the clerk knows the charges of the file alone
    oracle = Oracle(node)
    if rng.random() < 0.3:
        return node, None, 0
    last = a_day(rng, oracle.start - 40 * DAY, oracle.through)
    return node, last, rng.choice([0, rng.randint(1, 10**8), -rng.randint(1, 10**8)])


def worked(node: Node, last: date | None, fee: int, file: Path) -> tuple[Priced, Schedule, Cash]:
    file.write_text(as_yaml(node), encoding="utf-8")
    priced = Priced(load(str(file)).deal)
    schedule = priced.schedule(last, fee)
    return priced, schedule, cash(priced, schedule)


@pytest.mark.parametrize("first", range(0, DEALS, PER_TEST))
def test_cash_agrees_with_a_clerk_who_walks_the_days(first: int, tmp_path: Path) -> None:
    for seed in range(first, min(first + PER_TEST, DEALS)):
        node, last, fee = asked(seed)
        priced, _, found = worked(node, last, fee, tmp_path / "deal.yaml")
        ledger = Ledger(node, last or priced.last, fee)
        fast: Moves = Counter()
        for one in found.payments():
            fast[one.day, one.charge, one.what] += int(one.amount.scaleb(priced.deal.places))
        assert +fast == +ledger.moves, f"seed {seed}"
        assert -fast == -ledger.moves, f"seed {seed}"
        set_off = sum(one.set_off for one in found.prepaid)
        assert set_off == Decimal(ledger.set_off).scaleb(-priced.deal.places), f"seed {seed}"


@pytest.mark.parametrize("first", range(0, DEALS, PER_TEST))
def test_cash_adds_up_to_what_is_earned_and_the_fee(first: int, tmp_path: Path) -> None:
    for seed in range(first, min(first + PER_TEST, DEALS)):
        node, last, fee = asked(seed)
        _, schedule, found = worked(node, last, fee, tmp_path / "deal.yaml")
        payments = found.payments()
        assert sum(one.amount for one in payments) == schedule.total, f"seed {seed}"
        assert sum(one.amount for one in found.invoices) == schedule.total, f"seed {seed}"
        assert sum(amount for _, amount in earned(schedule)) == schedule.total, f"seed {seed}"
        for one in found.prepaid:
            assert one.amount == one.credited + one.set_off + one.refunded, f"seed {seed}"
        for invoice in found.invoices:
            assert invoice.payable >= min(invoice.amount, 0), f"seed {seed}"
        assert all(one.day <= other.day for one, other in pairwise(payments)), f"seed {seed}"


def test_the_random_deals_reach_every_end() -> None:
    # so that the two tests above cannot pass by never meeting what they are about
    met: Counter[str] = Counter()
    for seed in range(100):
        node, last, fee = asked(seed)
        priced = book(node)
        found = cash(priced, priced.schedule(last, fee))
        met["set off"] += any(one.set_off for one in found.prepaid)
        met["refunded"] += any(one.refunded for one in found.prepaid)
        met["credited"] += any(one.credited for one in found.prepaid)
        met["never paid"] += len(found.prepaid) < str(node).count("'prepayment'")
        met["in advance"] += (
            priced.deal.billing is not None and priced.deal.billing.when == "advance"
        )
    assert min(met[name] for name in ("set off", "refunded", "credited", "in advance")) >= 15
    assert met["never paid"] >= 5


# ---- present value ----


def worth(rate: str, on: str, *flows: tuple[str, str]) -> str:
    given = [(day(when), money(amount)) for when, amount in flows]
    return f"{present_value(given, percent(rate), day(on), 2)}"


@pytest.mark.parametrize(
    ("rate", "on", "flows", "expected"),
    [
        # 365 days: 109 / 1.09; 2 x 365 days: 121 / 1.1^2; 2028 has 366 days
        ("9%", "2026-01-01", [("2027-01-01", "109.00")], "100.00"),
        ("10%", "2026-01-01", [("2028-01-01", "121.00")], "100.00"),
        ("10%", "2028-01-01", [("2028-12-31", "110.00")], "100.00"),
        # earlier money is worth more; money of the day is worth itself
        ("10%", "2027-01-01", [("2026-01-01", "100.00")], "110.00"),
        ("10%", "2026-01-01", [("2026-01-01", "12.34")], "12.34"),
        # a plain sum, and a rate below nothing: 50 / 0.5
        ("0%", "2026-01-01", [("2026-05-31", "0.01"), ("2199-12-31", "0.02")], "0.03"),
        ("-50%", "2026-01-01", [("2027-01-01", "50.00")], "100.00"),
        # a fifth of a year, 73 days: 1.1^5 = 1.61051
        ("61.051%", "2026-01-01", [("2026-03-15", "110.00")], "100.00"),
        # nothing at all
        ("9%", "2026-01-01", [], "0.00"),
        # 3 / 1.2 = 2.5 cents, and 1 + 1 + 1 over 1.2, whose parts no decimal holds
        ("20%", "2026-01-01", [("2027-01-01", "0.03")], "0.03"),
        ("20%", "2026-01-01", [("2027-01-01", "0.01")] * 3, "0.03"),
        ("20%", "2026-01-01", [("2027-01-01", "-0.03")], "-0.03"),
        # 148.832% is 1.2^5: 3 / 1.2 again, by an irrational power of decimals
        ("148.832%", "2026-01-01", [("2026-03-15", "0.03")], "0.03"),
        # one cent less is below the half
        ("20%", "2026-01-01", [("2027-01-01", "0.02")], "0.02"),
        # rounded once, not for each: 4 x 0.4166... = 1.67 cents
        ("140%", "2026-01-01", [("2027-01-01", "0.01")] * 4, "0.02"),
    ],
)
def test_present_value(rate: str, on: str, flows: list[tuple[str, str]], expected: str) -> None:
    assert worth(rate, on, *flows) == expected


def test_present_value_is_of_the_currencys_minor_unit() -> None:
    # 1,000 / 1.09 = 917.43 yen
    assert present_value(
        [(day("2027-01-01"), Decimal(1000))], percent("9%"), day("2026-01-01"), 0
    ) == Decimal(917)


def rounds_to(minor: int, amount: int, growth: Fraction, days: int) -> bool:
    """Whether amount x growth^(-days / 365) is `minor` half-up; exact, by 365th powers of all."""
    power = growth**days
    low, high = Fraction(2 * minor - 1, 2), Fraction(2 * minor + 1, 2)
    return max(low, 0) ** 365 * power <= amount**365 < high**365 * power


def test_present_values_are_exact_to_the_cent() -> None:
    rng = Random(5)
    for _ in range(60):
        growth = 1 + Fraction(rng.choice([-500, 1, 25, 900, 1234, 9999]), 10_000)
        days, amount = rng.randint(-1500, 4000), rng.randint(1, 10 ** rng.randint(1, 13))
        when = day("2026-05-01") + days * DAY
        flow = (when, Decimal(amount).scaleb(-2))
        found = present_value([flow], growth - 1, day("2026-05-01"), 2)
        assert rounds_to(int(found.scaleb(2)), amount, growth, days), (growth, days, amount)
    assert not rounds_to(101, 109, Fraction(109, 100), 365)


def test_a_schedules_present_value_is_exact_to_the_cent() -> None:
    # Each month's worth is held to its true value, within 10^-12, by exact 365th powers; then only
    # their sum can be wrong, and the sum is rounded once.
    flows = earned(book(MODEL).schedule())
    on, growth, sure = day("2026-05-01"), Fraction(109, 100), Fraction(1, 10**12)
    values = [Fraction(round(one * 10**15), 10**15) for one in discounted(flows, growth - 1, on)]
    for (when, amount), value in zip(flows, values, strict=True):
        power, exact = growth ** (when - on).days, Fraction(amount) ** 365
        assert (value - sure) ** 365 * power < exact < (value + sure) ** 365 * power
    assert len(flows) == 37
    cents = sum(values) * 100
    assert abs(cents - round(cents)) < Fraction(49, 100)
    assert present_value(flows, growth - 1, on, 2) == Decimal(round(cents)).scaleb(-2)


def test_far_money_and_steep_rates_keep_every_cent() -> None:
    # at -99% a cent in forty years is worth 0.01 x 100^40; what came forty years ago, nothing
    years, on = 40 * 365 * DAY, day("2026-01-01")
    flows = [(on + years, money("0.01")), (on, money("0.01")), (on - years, money("123.45"))]
    found = present_value(flows, percent("99%") * -1, on, 2)
    assert f"{found}" == f"1{'0' * 78}.01"
    large = money(f"1{'0' * 60}.01")
    assert present_value([(on, large)], percent("9%"), on, 2) == large


def test_what_is_earned_stands_on_its_months_last_day_of_service() -> None:
    node = simple("310 per month", "2026-01-15", "2026-03-10", billing={"in": "advance"})
    node["charges"]["setup"] = {"price": "70 once", "on": "2026-02-03"}
    priced = book(node)
    assert [(f"{when}", f"{amount}") for when, amount in earned(priced.schedule(None, 5_00))] == [
        ("2026-01-31", "170.00"),
        ("2026-02-28", "310.00"),
        ("2026-02-03", "70.00"),
        ("2026-03-10", "100.00"),
        ("2026-03-10", "5.00"),
    ]


def test_paid_at_once_in_arrears_cash_is_worth_what_is_earned() -> None:
    priced = book(MODEL)
    schedule = priced.schedule()
    flows = [(one.day, one.amount) for one in cash(priced, schedule).payments()]
    assert flows == earned(schedule)

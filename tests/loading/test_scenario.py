"""Reading scenarios: every term, and every problem once, at its place."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from reading import BARE, CHARGE, MODEL, Write, places, plain, refused, said, with_lines
from shipped import SCENARIOS
from small_deals import day

from dealcalc.figures.subject import load, load_each
from dealcalc.figures.warnings import warnings
from dealcalc.loading.problems import Refused
from dealcalc.terms.charges import Charge, Credit, Escalator, Prepayment, Step
from dealcalc.terms.deal import Billing, Case, Claim, Conventions, FeeTerm, Right, Term
from dealcalc.terms.fees import FeeMonths, FeeShare
from dealcalc.terms.values import Price, Quantity, Span

MADE_UP = SCENARIOS / "made-up-every-term.yaml"


# --- every term ----------------------------------------------------------------------------------


def test_the_model(model: str, file: Write) -> None:
    scenario = load(file(model))
    deal = scenario.deal
    assert (deal.name, deal.seller, deal.buyer) == ("Anthropic–xAI, Colossus 1", "xAI", "Anthropic")
    assert deal.term == Term(start=day("2026-05-01"), through=day("2029-05-31"))
    assert deal.charges == {
        "compute": Charge(
            price=Price(Fraction(1_250_000_000), "month"),
            capacity=(Quantity(Fraction(300), "MW"),),
            ramp=(Step(months=2, discount=Fraction(1, 2)),),
        )
    }
    assert deal.termination == (Right(by="either", notice=Span(90, "days")),)
    assert (scenario.case, scenario.overrides, scenario.changed) == (None, {}, frozenset())
    assert scenario.what_if == Case()


def test_every_term() -> None:
    deal = load(str(MADE_UP)).deal
    assert (deal.currency, deal.places, deal.proration) == ("EUR", 2, "30/360")
    assert deal.term == Term(start=day("2027-01-01"), months=36, signed=day("2026-10-01"))
    assert (deal.term.last, deal.signed) == (day("2029-12-31"), day("2026-10-01"))
    charges = deal.charges
    assert charges["halls"] == Charge(
        price=Price(Fraction(130), "month", "kW"),
        capacity=(Quantity(Fraction(12), "MW"),),
        ramp=(
            Step(through=day("2027-03-31"), discount=Fraction(2, 5)),
            Step(months=3, price=Price(Fraction(110), "month", "kW")),
        ),
        escalator=Escalator(
            rate=Fraction(3, 100), every=Span(12, "months"), first=day("2028-07-01")
        ),
    )
    assert charges["power"].capacity == ("halls",)
    assert deal.capacity(charges["power"]) == (Quantity(Fraction(12), "MW"),)
    assert charges["power"].load == Fraction(4, 5)
    assert charges["gpus"].capacity == (
        Quantity(Fraction(3), "MW"),
        Quantity(Fraction(2000), "GPU"),
    )
    assert charges["gpus"].prepayment == Prepayment(
        share=Fraction(1, 5),
        on=day("2027-03-31"),
        credited=Credit(from_month=7, months=12),
    )
    prices = {name: str(charge.price) for name, charge in charges.items()}
    assert prices == {
        "halls": "130 per kW-month",
        "power": "55 per MWh",
        "gpus": "2.1 per GPU-hour",
        "storage": "1.2m per MW-year",
        "network": "90k per quarter",
        "support": "600k per year",
        "guards": "2.5k per day",
        "management": "40k per month",
        "fit-out": "4.5m in total",
        "connection": "750k once",
    }
    service = {name: deal.dates(charge) for name, charge in charges.items()}
    whole = day("2027-01-01"), day("2029-12-31")
    assert service == {
        **dict.fromkeys(prices, whole),
        "gpus": (day("2027-04-15"), day("2029-04-14")),
        "storage": (day("2028-01-16"), day("2029-12-31")),
        "network": (day("2027-01-01"), day("2029-06-30")),
        "fit-out": (day("2027-01-01"), day("2028-06-30")),
        "connection": (day("2027-01-10"), day("2027-01-10")),
    }
    buyer, seller = deal.termination
    assert buyer == Right(
        by="buyer",
        notice=Span(6, "months"),
        lock_out=Span(12, "months"),
        fee=(FeeTerm(fee=FeeMonths(Fraction(3))),),
    )
    assert seller == Right(
        by="seller",
        notice=Span(180, "days"),
        lock_out=day("2028-10-01"),
        lock_out_bars="ending",
        fee=(FeeTerm(fee=FeeShare(Fraction(1, 4))),),
    )
    assert deal.billing == Billing(when="advance", due=Span(30, "days"))
    assert deal.conventions == Conventions(proration="30/360", notice_day="included")
    assert deal.claims[2] == Claim(claim="months = 36", source="made up")
    assert deal.cases["buyer-leaves"].notice == day("2028-04-01")
    assert deal.cases["buyer-leaves"].by == "buyer"
    assert deal.sources["termination"] == "made up"
    assert "charges.gpus.load" in deal.assumptions


def test_shipped_scenarios_and_their_cases_are_read(shipped: Path) -> None:
    base, *cases = load_each(str(shipped))
    assert (base.case, base.root is base.file) == (None, True)
    assert [scenario.case for scenario in cases] == list(base.deal.cases)
    for scenario in (base, *cases):
        alone = load(str(shipped), scenario.case)
        assert replace(alone.deal, cases={}) == replace(scenario.deal, cases={})


READ: dict[str, tuple[str, Callable[[Any], Any], Any]] = {
    # what: a text beside the model, what of the deal, its value
    "a day may stand for a term's end": (
        with_lines(MODEL, through="through: 2029-05-30"),
        lambda deal: deal.term.last,
        day("2029-05-30"),
    ),
    "months end on the day before": (
        with_lines(
            MODEL, start="start: 2027-01-31", through="months: 1", ramp="load: none"
        ).replace("      - months: 2\n        discount: 50%\n", ""),
        lambda deal: deal.term.last,
        day("2027-02-27"),
    ),
    "one capacity needs no list": (
        MODEL,
        lambda deal: deal.charges["compute"].capacity,
        (Quantity(Fraction(300), "MW"),),
    ),
    "one right needs no list": (MODEL, lambda deal: len(deal.termination), 1),
    "a right is either party's": (
        with_lines(MODEL, by="fee: 5m"),
        lambda deal: (deal.termination[0].by, deal.termination[0].parties()),
        ("either", ("buyer", "seller")),
    ),
    "none takes a clause away": (
        MODEL.split("termination:")[0] + "termination: none\nbilling: none\n",
        lambda deal: (deal.termination, deal.billing),
        ((), None),
    ),
    "no clause is no promise that nobody may leave": (
        MODEL.split("termination:")[0],
        lambda deal: (deal.termination, deal.rights),
        (None, ()),
    ),
    "none takes a charge away": (
        MODEL + "charges_: none\n".replace("charges_", "claims"),
        lambda deal: deal.claims,
        (),
    ),
    "words that YAML 1.1 would turn are names": (
        with_lines(MODEL, compute="no:"),
        lambda deal: list(deal.charges),
        ["no"],
    ),
    "numbers and times are texts": (
        with_lines(MODEL, deal="deal: 12:30", seller="seller: 010", buyer="buyer: 1e9"),
        lambda deal: (deal.name, deal.seller, deal.buyer),
        ("12:30", "010", "1e9"),
    ),
    "yes, ~ and null are texts": (
        with_lines(MODEL, deal="deal: yes", seller="seller: ~", buyer="buyer: null"),
        lambda deal: (deal.name, deal.seller, deal.buyer),
        ("yes", "~", "null"),
    ),
    "quotes change nothing": (
        with_lines(MODEL, price="'price': \"1.25bn per month\"", start="start: '2026-05'"),
        lambda deal: (str(deal.charges["compute"].price), deal.term.start),
        ("1.25bn per month", day("2026-05-01")),
    ),
    "a value may run over lines": (
        with_lines(MODEL, price="price: 1.25bn\n  per\n  month"),
        lambda deal: str(deal.charges["compute"].price),
        "1.25bn per month",
    ),
    "a block of text loses its last line end": (
        with_lines(MODEL, seller="seller: |\n  xAI\n  of Memphis", price="price: >\n  5 per day\n"),
        lambda deal: (deal.seller, str(deal.charges["compute"].price)),
        ("xAI\nof Memphis", "5 per day"),
    ),
    "brackets do as well as lines": (
        "{deal: x, seller: a, buyer: b, currency: JPY, term: {start: 2026-05, months: 2},"
        " charges: {a b: {price: 5 per day}, c: {price: 6 once, on: 2026-05-09}}}",
        lambda deal: (list(deal.charges), deal.places, deal.dates(deal.charges["c"])),
        (["a b", "c"], 0, (day("2026-05-09"), day("2026-05-09"))),
    ),
    "a document may begin and end": (
        f"%YAML 1.1\n---\n{MODEL}...\n",
        lambda deal: deal.buyer,
        "Anthropic",
    ),
    "notice counts from the start without a signing": (
        MODEL,
        lambda deal: deal.signed,
        day("2026-05-01"),
    ),
    "actual days without a convention": (
        MODEL,
        lambda deal: (deal.proration, deal.conventions.proration),
        ("actual", None),
    ),
    "nobody has a right that is not written": (
        with_lines(MODEL, by="by: seller"),
        lambda deal: (deal.has_right("buyer"), deal.has_right("seller")),
        (False, True),
    ),
    "three decimals of dinar": (
        with_lines(MODEL, currency="currency: KWD"),
        lambda deal: deal.places,
        3,
    ),
}


@pytest.mark.parametrize("what", READ)
def test_reads(what: str, file: Write) -> None:
    text, ask, value = READ[what]
    assert ask(load(file(text)).deal) == value


def test_line_ends_of_windows_and_a_byte_order_mark(model: str, file: Write) -> None:
    plain = load(file(model)).deal
    assert load(file(b"\xef\xbb\xbf" + model.replace("\n", "\r\n").encode())).deal == plain
    broken = with_lines(model, buyer="buyer:").replace("\n", "\r\n")
    assert refused(file(broken)) == ["3 `buyer` empty: `buyer` has no value"]


def test_a_file_from_standard_input(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    with os.fdopen(reader, encoding="ascii") as stdin:
        os.write(writer, model.encode())
        os.close(writer)
        monkeypatch.setattr(sys, "stdin", stdin)
        assert load("-").deal.buyer == "Anthropic"


# --- one mistake, one message --------------------------------------------------------------------

MISTAKES: dict[str, tuple[str, list[str]]] = {
    "a typo in a key that must be there": (
        BARE + "charges: {halls: {pirce: 5 per day}}\n",
        ["6 `pirce` unknown-key: unknown key `pirce`"],
    ),
    "a typo in a key that a rule asks for": (
        BARE.replace("through", "trough") + CHARGE % "5 per day",
        ["5 `trough` unknown-key: unknown key `trough`"],
    ),
    "a typo beside what was meant": (
        BARE + "charges: {halls: {price: 5 per day, prise: 6 per day}}\n",
        ["6 `prise` unknown-key: unknown key `prise`"],
    ),
    "a key that is like no other": (
        BARE + CHARGE % "5 per day" + "zzz: 1\n",
        ["7 `zzz` unknown-key: unknown key `zzz`"],
    ),
    "two keys that must be there are two mistakes": (
        "deal: x\nbuyer: b\nterm: {start: 2026-05, through: 2029-05}\n" + CHARGE % "5 per day",
        [
            "1 `deal` missing-key: missing `seller`",
            "1 `deal` missing-key: missing `currency`",
        ],
    ),
    "nothing but a name": (
        "deal: x\n",
        [
            f"1 `deal` missing-key: missing `{key}`"
            for key, title in (
                ("seller", "who sells the capacity"),
                ("buyer", "who pays for it"),
                ("currency", "ISO 4217"),
                ("term", "from when to when the deal runs"),
                ("charges", "what is paid, by name; a tranche is a charge"),
            )
        ],
    ),
    "empty values": (
        "deal: x\nseller:\nbuyer: ''\ncurrency: '  '\nterm: {}\ncharges: []\nclaims: ''\n"
        "termination: []\nsources: {}\nconventions: {}\ncases: {a: }\n",
        [
            "2 `seller` empty: `seller` has no value",
            "3 `buyer` empty: `buyer` has no value",
            "4 `currency` empty: `currency` has no value",
            "5 `term` missing-key: missing `start`",
            "5 `term` missing-key: the term has no end",
            "6 `charges` empty: `charges` has no value",
            "7 `claims` empty: `claims` has no value",
            "8 `termination` empty: `termination` has no value",
            "9 `sources` empty: `sources` has no value",
            "10 `conventions` empty: `conventions` has no value",
            "11 `a` empty: `a` has no value",
        ],
    ),
    "an entry of a list without a value": (
        BARE
        + "charges: {halls: {price: 5 per day, capacity: [300 MW, ]}}\nclaims: [{claim: ''}]\n",
        ["7 `claim` empty: `claim` has no value"],
    ),
    "an empty entry": (
        BARE + CHARGE % "5 per day" + "termination:\n  -\n",
        ["8 `` empty: this entry has no value"],
    ),
    "one value where there should be more": (
        BARE + "charges: {halls: 5 per day}\n",
        ["6 `5 per day` shape: expected a mapping, found a single value"],
    ),
    "a list where there should be keys": (
        BARE.replace("{start: 2026-05, through: 2029-05}", "[2026-05]") + CHARGE % "5 per day",
        ["5 `term` shape: expected a mapping, found a list"],
    ),
    "names that are not there": (
        BARE + "charges: [5 per day]\ncases: no\n",
        [
            "6 `charges` shape: expected a mapping, `name: value`",
            "7 `no` shape: expected a mapping, `name: value`",
        ],
    ),
    "a list where one value belongs": (
        BARE + "charges: {halls: {price: [5 per day]}}\n",
        ["6 `price` shape: expected a single value (price), found a list"],
    ),
    "a mapping where one value belongs": (
        BARE.replace("deal: x", "deal: {x: y}") + CHARGE % "5 per day",
        ["1 `deal` shape: expected a single value (text), found a mapping"],
    ),
    "a list that must be one": (
        BARE + "charges: {halls: {price: 5 per day, ramp: {months: 2, discount: 50%}}}\n",
        ["6 `ramp` shape: expected a list"],
    ),
    "an end twice": (
        BARE.replace("2029-05}", "2029-05, months: 36}") + CHARGE % "5 per day",
        ["5 `36` conflict: `through` and `months` cannot be used together"],
    ),
    "no end": (
        BARE.replace(", through: 2029-05", "") + CHARGE % "5 per day",
        ["5 `term` missing-key: the term has no end"],
    ),
    "an end before the start, and a charge of its own": (
        BARE.replace("2029-05", "2025-05")
        + "charges: {a: {price: 5 per day, through: 2027-05},"
        + " b: {price: 5 once, on: 2030-01-01}}\n",
        ["5 `2025-05` reversed-dates: the end, 2025-05-31, is before the start, 2026-05-01"],
    ),
    "an end after the calendar": (
        BARE.replace("through: 2029-05", "months: 2760") + CHARGE % "5 per day",
        ["5 `2760` count: 2760 months from 2026-05-01 run to 2256-04-30"],
    ),
    "signed after the end": (
        BARE.replace("term: {", "term: {signed: 2029-06-01, ") + CHARGE % "5 per day",
        ["5 `2029-06-01` reversed-dates: signed on 2029-06-01, after the term ends on 2029-05-31"],
    ),
    "a step without anything": (
        BARE + "charges: {halls: {price: 5 per day, ramp: [{months: none}]}}\n",
        [
            "6 `{` missing-key: the step does not say what is paid",
            "6 `none` missing-key: the step has no length",
        ],
    ),
    "a step with everything": (
        BARE
        + "charges: {halls: {price: 5 per day, ramp:"
        + " [{months: 2, through: 2026-07, discount: 5%, price: 4 per day}]}}\n",
        [
            "6 `2026-07` conflict: `months` and `through` cannot be used together",
            "6 `4 per day` conflict: `discount` and `price` cannot be used together",
        ],
    ),
    "a step with a sum": (
        BARE + "charges: {halls: {price: 5 per day, ramp: [{months: 2, price: 4 once}]}}\n",
        ["6 `4 once` not-here: a ramp step takes a price per month, year, day or unit"],
    ),
    "steps in the wrong order": (
        BARE
        + "charges: {halls: {price: 5 per day, ramp:"
        + " [{through: 2026-07, discount: 5%}, {through: 2026-06, discount: 4%}]}}\n",
        ["6 `2026-06` reversed-dates: the step ends on 2026-06-30, before it begins on 2026-08-01"],
    ),
    "once, without a day": (
        BARE + CHARGE % "5 once",
        ["6 `halls` missing-key: a price `once` needs the day on which it is due"],
    ),
    "once, on a day outside the term": (
        BARE + CHARGE % "5 once, on: 2030-01-01",
        [
            "6 `2030-01-01` outside-term: 2030-01-01 is outside the term,"
            " which runs from 2026-05-01 to 2029-05-31"
        ],
    ),
    "a day without once": (
        BARE + CHARGE % "5 per day, on: 2027-01-01",
        ["6 `2027-01-01` not-here: `on` is only for a price `once`"],
    ),
    "once takes nothing else": (
        BARE
        + CHARGE
        % "5 once, on: 2027-01-01, start: 2027-01, months: 3, load: 5%,"
        " ramp: [{months: 1, discount: 5%}], prepayment:"
        " {share: 5%, on: 2027-01-01, credited: {from_month: 1, months: 2}}".replace(
            "%", "%%"
        ).replace("%%", "%"),
        [
            "6 `2027-01` not-here: `start` does not apply to a price `once`",
            "6 `3` not-here: `months` does not apply to a price `once`",
            "6 `5%` not-here: `load` does not apply to a price `once`",
            "6 `ramp` not-here: `ramp` does not apply to a price `once`",
            "6 `prepayment` not-here: `prepayment` does not apply to a price `once`",
        ],
    ),
    "in total takes no load, and discounts only": (
        BARE + "charges: {halls: {price: 5 in total, load: 5%,"
        " ramp: [{months: 9, discount: 5%}, {months: 1, price: 5 per day}], escalator: 1%}}\n",
        [
            "6 `5%` not-here: `load` does not apply to a price `in total`",
            "6 `5 per day` not-here: a ramp step of a price `in total` has no price of its own",
        ],
    ),
    "what a seller does not pay": (
        BARE + "charges: {a: {price: 5 per day, capacity: [1 MW, 2 GPU], paid_by: seller,"
        " prepayment: {share: 5%, on: 2027-01-01, credited: {from_month: 1, months: 2}}}}\n",
        [
            "6 `1 MW` not-here: a charge that the seller pays sells no capacity",
            "6 `prepayment` not-here: `prepayment` does not apply to a charge that the seller pays",
        ],
    ),
    "a prepayment of two sizes, credited in two ways": (
        BARE + "charges: {a: {price: 5 per day, prepayment: {share: 5%, amount: 7, on: 2027-01-01,"
        " credited: {from_month: 1, months: 2, most: 5%}}}}\n",
        [
            "6 `7` conflict: `share` and `amount` cannot be used together",
            "6 `5%` conflict: `months` and `most` cannot be used together",
        ],
    ),
    "a prepayment credited from a month on, and by a share": (
        BARE + "charges: {a: {price: 5 per day, prepayment: {share: 5%, on: 2027-01-01,"
        " credited: {from_month: 1, most: 5%}}}}\n",
        ["6 `5%` conflict: `from_month` and `most` cannot be used together"],
    ),
    "a prepayment of no size, credited in no way": (
        BARE
        + "charges: {a: {price: 5 per day, prepayment: {on: 2027-01-01, credited: {months: 1}},"
        " start: 2026-06}, b: {price: 5 per day, prepayment:"
        " {share: 1%, on: 2027-01-01, credited: {from_month: 2}}}}\n",
        [
            "6 `prepayment` missing-key: the prepayment does not say how much is paid",
            "6 `credited` missing-key: in which month of service crediting begins is not said",
            "6 `credited` missing-key: how the prepayment is credited is not said",
        ],
    ),
    "nobody who pays": (
        BARE + "charges: {a: {price: 5 per day, paid_by: landlord}}\n",
        ["6 `landlord` choice: invalid value `landlord`"],
    ),
    "load without hours": (
        BARE + "charges: {halls: {price: 5 per day, load: 85%}}\n",
        ["6 `85%` not-here: `load` applies to hourly prices only"],
    ),
    "reversed days of a charge": (
        BARE + CHARGE % "5 per day, start: 2028-05, through: 2027-05",
        ["6 `2027-05` reversed-dates: the end, 2027-05-31, is before the start, 2028-05-01"],
    ),
    "a charge before the term": (
        BARE + CHARGE % "5 per day, start: 2026-04",
        [
            "6 `2026-04` outside-term: 2026-04-01 is outside the term,"
            " which runs from 2026-05-01 to 2029-05-31"
        ],
    ),
    "a charge after the term": (
        BARE + CHARGE % "5 per day, start: 2027-01, months: 2000",
        [
            "6 `2000` outside-term: 2193-08-31 is outside the term,"
            " which runs from 2026-05-01 to 2029-05-31"
        ],
    ),
    "a first change before the charge": (
        BARE + "charges: {halls: {price: 5 per day,"
        " escalator: {rate: 1%, every: 1 month, first: 2026-04-30}}}\n",
        [
            "6 `2026-04-30` reversed-dates: the first change is on 2026-04-30,"
            " before the charge starts on 2026-05-01"
        ],
    ),
    "a price per unit and no capacity, two prices of it": (
        BARE + "charges: {halls: {price: 5 per kW-month,"
        " ramp: [{months: 1, price: 4 per kW-month}]}}\n",
        ["6 `5 per kW-month` no-capacity: the price is per kW, but there is no capacity"],
    ),
    "a price per another unit": (
        BARE + "charges: {halls: {price: 5 per GPU-hour, capacity: [300 MW, 7 rack]}}\n",
        [
            "6 `5 per GPU-hour` no-capacity: the price is per GPU, "
            "but the capacity is in MW and rack"
        ],
    ),
    "the same thing twice in a capacity": (
        BARE + "charges: {halls: {price: 5 per kW-month, capacity: [300 MW, 20 kW]}}\n",
        ["6 `20 kW` conflict: 20 kW and 300 MW: a list gives one capacity in several units"],
    ),
    "a name beside a capacity": (
        BARE + "charges: {a: {price: 5 per day, capacity: 3 MW},"
        " halls: {price: 5 per day, capacity: [300 GPU, a]}}\n",
        ["6 `a` conflict: the name of a charge cannot be combined with other capacities"],
    ),
    "the capacity of a charge that is not there": (
        BARE + "charges: {halls: {price: 5 per kW-month, capacity: hall}}\n",
        ["6 `hall` unknown-name: no other charge is called `hall`"],
    ),
    "the capacity of itself": (
        BARE + "charges: {halls: {price: 5 per kW-month, capacity: halls}}\n",
        ["6 `halls` unknown-name: no other charge is called `halls`"],
    ),
    "the capacity of a charge without one": (
        BARE + "charges: {a: {price: 5 per day}, halls: {price: 5 per kW-month, capacity: a}}\n",
        ["6 `a` no-capacity: the charge `a` has no capacity of its own"],
    ),
    "the capacity of a charge that misses its own": (
        BARE + "charges: {a: {price: 5 per MWh}, halls: {price: 5 per kW-month, capacity: a},"
        " b: {price: 5 per day, capacity: c}, d: {price: 5 per MWh, capacity: b}}\n",
        [
            "6 `5 per MWh` no-capacity: the price is per MW, but there is no capacity",
            "6 `c` unknown-name: no other charge is called `c`",
        ],
    ),
    "the capacity of a charge whose own is unread": (
        BARE + "charges: {a: {price: 5 per MWh, capacity: 3 mw},"
        " halls: {price: 5 per kW-month, capacity: a}}\n",
        ["6 `3 mw` unit: unknown unit `mw`"],
    ),
    "a charge called fee": (
        BARE + "charges: {fee: {price: 5 per day}}\n",
        ["6 `fee` name: no charge can be called `fee`: that is the line of the termination fee"],
    ),
    "names that cannot be in a path": (
        BARE + "charges: {a.b: {price: 5 per day}}\ncases: {'x=y': {by: buyer}}\n",
        [
            "6 `a.b` name: a name cannot contain `.`, `:` or `=`",
            "7 `'x=y'` name: a name cannot contain `.`, `:` or `=`",
        ],
    ),
    "every charge taken away": (
        BARE + "charges: {a: none, b: none}\n",
        ["6 `charges` empty: a deal needs at least one charge"],
    ),
    "a right that stands there twice": (
        BARE
        + CHARGE % "5 per day"
        + "termination: [{by: buyer, notice: 1 day}, {by: buyer, notice: 1 day}]\n",
        [
            "7 `{` same-right-twice: this right stands in `termination.0` already",
        ],
    ),
    "what no lock-out bars": (
        BARE + CHARGE % "5 per day" + "termination: {notice: 1 day, lock_out_bars: ending}\n",
        ["7 `ending` not-here: `lock_out_bars` without a `lock_out`"],
    ),
    "nothing to weigh": (
        BARE
        + CHARGE % "5 in total, start: 2026-05-31, through: 2026-05-31"
        + "conventions: {proration: 30/360}\n",
        [
            "6 `5 in total` no-weight: 2026-05-31, its only day, does not count under 30/360,"
            " so no price is spread over it"
        ],
    ),
    "nothing that a ramp leaves": (
        BARE
        + "charges: {halls: {price: 5 in total, ramp: [{through: 2029-05, discount: 100%}]}}\n",
        [
            "6 `ramp` no-weight: the ramp takes 100% off every day that counts,"
            " so no price is spread over any"
        ],
    ),
    "a ramp that leaves a day which counts for nothing": (
        BARE + "charges: {halls: {price: 5 in total, start: 2026-05-01, through: 2026-05-31,"
        " ramp: [{through: 2026-05-30, discount: 100%}]}}\n" + "conventions: {proration: 30/360}\n",
        [
            "6 `ramp` no-weight: the ramp takes 100% off every day that counts,"
            " so no price is spread over any"
        ],
    ),
    "too many months to price": (
        BARE.replace("2026-05", "1970-01").replace("2029-05", "2199-12")
        + "charges:\n"
        + "".join(f"  c{n}: {{price: 5 per day}}\n" for n in range(19)),
        # 19 x 230 years x 12
        ["6 `charges` limit: the charges run for 52,440 months; at most 50,000 are priced"],
    ),
    "too many changes of price": (
        BARE.replace("2029-05", "2051-05")
        + "charges:\n"
        + "".join(
            f"  c{n}: {{price: 5 per day, escalator: {{rate: 1%, every: 1 month}}}}\n"
            for n in range(2)
        ),
        # 301 months each
        ["8 `1 month` too-many-steps: the prices change more than 600 times in all"],
    ),
    "too many charges": (
        BARE + "charges:\n" + "".join(f"  c{n}: {{price: 5 per day}}\n" for n in range(201)),
        ["6 `charges` limit: there are 201 entries; at most 200 are read"],
    ),
    "too many claims": (
        BARE + CHARGE % "5 per day" + "claims:\n" + "  - claim: total > 1\n" * 201,
        ["7 `claims` limit: there are 201 entries; at most 200 are read"],
    ),
    "claims of the file and of cases": (
        BARE
        + CHARGE % "5 per day"
        + "claims: [{claim: totl > 5}, {source: me}, {claim: total > 5}, {claim: months > x}]\n"
        + "cases: {a: {by: buyer, claims: [{claim: total}]}}\n",
        [
            "7 `totl > 5` claim: unknown figure `totl`",
            "7 `{` missing-key: missing `claim`",
            "7 `months > x` claim: `x` is not a whole number from 1 to 2760",
            "8 `total` claim: this is not a claim",
        ],
    ),
    "faults of fields and across fields, sorted by place": (
        BARE.replace("EUR", "eur")
        + "charges: {halls: {load: 140%, price: 5 per kW-month},"
        + " b: {price: 5/dy, through: 2030-01}}\n"
        + "termination: {by: nobody, notice: 90}\n",
        [
            "4 `eur` currency: unknown currency `eur`",
            "6 `140%` percent: 140% is outside 0% to 100%",
            "6 `5 per kW-month` no-capacity: the price is per kW, but there is no capacity",
            "6 `5/dy` price: unknown price unit `per dy`",
            "6 `2030-01` outside-term: 2030-01-31 is outside the term,"
            " which runs from 2026-05-01 to 2029-05-31",
            "7 `nobody` choice: invalid value `nobody`",
            "7 `90` span: invalid length of time `90`",
        ],
    ),
}


@pytest.mark.parametrize("what", MISTAKES)
def test_mistakes(what: str, file: Write) -> None:
    text, said = MISTAKES[what]
    assert refused(file(text)) == said


TERMS = {
    key: value
    for key, value in plain(MADE_UP.read_text("utf-8")).items()
    if key not in ("claims", "cases")
}


@pytest.mark.parametrize("path", places(TERMS), ids=lambda path: ".".join(map(str, path)))
@pytest.mark.parametrize("wrong", ["", "zz top", ["zz top"]], ids=["empty", "text", "list"])
def test_whatever_is_wrong_is_said_once(path: tuple[Any, ...], wrong: Any, file: Write) -> None:
    deal = deepcopy(TERMS)
    owner: Any = deal
    for part in path[:-1]:
        owner = owner[part]
    owner[path[-1]] = wrong
    try:
        problems = warnings(load(file(yaml.dump(deal, sort_keys=False))))
    except Refused as found:
        problems = tuple(found.problems)
    free = path[0] in ("deal", "seller", "buyer") or (
        path[0] in ("sources", "assumptions") and path[1:] and "range" not in path
    )
    assert len(problems) == (0 if free and wrong == "zz top" else 1)


def test_a_mapping_without_a_key_in_front_is_underlined_to_its_first(file: Write) -> None:
    text = BARE + CHARGE % "5 per day" + "termination:\n  - fee: 5m\n"
    assert refused(file(text)) == ["8 `fee` missing-key: missing `notice`"]


@pytest.mark.parametrize(
    ("value", "under"),
    [
        ("5 per dy", "5 per dy"),
        ("'5 per dy'", "'5 per dy'"),
        ('"5 per dy"  # why', '"5 per dy"'),
        ("5\n      per\n      dy", "5"),
        ("5 per    \n      dy", "5 per"),
        (">\n      5 per\n      dy\n", ">"),
    ],
)
def test_the_caret_stands_under_the_value(value: str, under: str, file: Write) -> None:
    text = BARE + f"charges:\n  halls:\n    price: {value}\n"
    (problem,) = refused(file(text))
    assert problem.startswith(f"8 `{under}` price: unknown price unit `per dy`")


def test_columns_are_counted_in_characters(file: Write) -> None:
    text = BARE + "charges: {日本–é: {price: 5 per dy}}\n"
    assert refused(file(text)) == ["6 `5 per dy` price: unknown price unit `per dy`"]


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        # Six months, January to June: the last credit is in the sixth, or the day is the last.
        ("on: 2025-12-31, credited: {from_month: 3, months: 4}", []),
        ("on: 2026-06-30, credited: {from_month: 6, months: 1}", []),
        (
            "on: 2026-01-01, credited: {from_month: 3, months: 5}",
            ["months: the prepayment is credited"],
        ),
        ("on: 2026-01-01, credited: {from_month: 7, months: 1}", ["from_month: the prepayment is"]),
        ("on: 2026-07-01, credited: {from_month: 9, months: 9}", ["on: the prepayment is due"]),
        # 20% of 6m is credited by as much of the invoices, but not by a share just below
        ("on: 2026-01-01, credited: {most: 20%}", []),
        ("on: 2026-01-01, credited: {most: 19.9%}", ["share: more is prepaid than is credited"]),
    ],
)
def test_a_prepayment_that_outlasts_its_charge_is_doubtful(
    terms: str, said: list[str], file: Write
) -> None:
    text = (
        "deal: d\nseller: s\nbuyer: b\ncurrency: EUR\n"
        "term: {start: 2026-01, through: 2026-12}\n"
        "charges:\n  a:\n    price: 1m per month\n    months: 6\n"
        f"    prepayment: {{share: 20%, {terms}}}\n"
    )
    doubts = [one for one in warnings(load(file(text))) if one.code == "prepayment-outlasts"]
    found = [f"{one.quote[: one.column - 1].split(',')[-1]}{one.message}" for one in doubts]
    assert len(found) == len(said)
    assert all(one in text for one, text in zip(said, found, strict=True))


def test_a_party_called_by_its_name_is_called_by_its_part(file: Write) -> None:
    text = MODEL.replace("by: either", "by: XAI") + (
        "cases:\n  a: {notice: 2027-01-01, by: Anthropic}\n  b: {notice: 2027-01-01, by: Google}\n"
    )
    with pytest.raises(Refused) as caught:
        load(file(text))
    ways = [(one.line, one.code, one.help) for one in caught.value.problems]
    assert ways == [
        (19, "choice", "write `seller`"),
        (22, "choice", "write `buyer`"),
        (23, "choice", "it is one of: either, buyer, seller"),
    ]
    with pytest.raises(Refused) as caught:
        load(file(MODEL), None, ["termination.by=Anthropic"])
    assert [one.help for one in caught.value.problems] == ["write `buyer`"]


@pytest.mark.parametrize(
    ("seller", "buyer"), [("xAI", "xAI"), ("X AI", "x  ai"), ("Straße AG", "STRASSE AG")]
)
def test_nobody_sells_to_oneself(seller: str, buyer: str, file: Write) -> None:
    text = MODEL.replace("seller: xAI", f"seller: {seller}")
    assert load(file(text)).deal.seller == seller
    text = text.replace("buyer: Anthropic", f"buyer: {buyer}")
    (said,) = refused(file(text))
    assert said.startswith(f"3 `{buyer}` ambiguous-party: {buyer} is both the buyer and the seller")


DOUBTFUL = {
    "charges.compute.prise": "unknown term `prise`",
    "charges.compue.price": "there is no `compue` here",
    "charges.compute.price.x": "this is a single value, so it has no `x`",
    "charges.compute.ramp.1": "the list has no entry 1",
    "charges.compute.ramp.x": "this is a list, and `x` is not one of its entries",
    "volume": "unknown term `volume`",
}
CERTAIN = (
    *("term", "term.signed", "charges.compute", "charges.compute.load", "claims"),
    *("charges.compute.ramp.0.price", "charges.compute.capacity.0", "termination.fee"),
    *("termination.0.fee", "conventions.proration", "billing", "billing.due"),
)


@pytest.mark.parametrize("key", ["sources", "assumptions"])
def test_paths_of_sources_that_name_nothing_are_doubtful(key: str, file: Write) -> None:
    paths = "".join(f"  {path}: x\n" for path in (*DOUBTFUL, *CERTAIN))
    scenario = load(file(f"{MODEL}{key}:\n{paths}".replace("USD", "EUR")))
    assert [said(problem) for problem in scenario.warnings] == [
        f"{line} `{path}` unknown-name: {path} is not the path of a term: {why}"
        for line, (path, why) in enumerate(DOUBTFUL.items(), 22)
    ]


def test_paths_of_sources_are_not_doubted_where_the_file_is_at_fault(file: Write) -> None:
    text = BARE + "charges: oops\nsources: {charges.compute.price: x, term.start.x: y}\n"
    assert refused(file(text)) == [
        "6 `oops` shape: expected a mapping, `name: value`",
        "7 `term.start.x` unknown-name: term.start.x is not the path of a term:"
        " this is a single value, so it has no `x`",
    ]


def test_paths_of_sources_are_not_doubted_where_what_they_name_is_missing(file: Write) -> None:
    assert refused(file(BARE + "sources: {charges.compute.price: x}\n")) == [
        "1 `deal` missing-key: missing `charges`"
    ]


def test_sources_are_about_the_file_whatever_a_what_if_takes_away(file: Write) -> None:
    text = f"{MODEL}sources: {{charges.compute.ramp.0.months: x}}\n".replace("USD", "EUR")
    assert load(file(text), None, ["charges.compute.ramp=none"]).warnings == ()

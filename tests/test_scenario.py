"""Reading scenarios: every term, every problem once, at its place, and no stranger's will."""

from __future__ import annotations

import errno
import os
import socket
import sys
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
import yaml
from conftest import MODEL, SCENARIOS
from hypothesis import given
from hypothesis import strategies as st

from dealcalc.loading.problems import CODES, Problem, Refused, full, report
from dealcalc.loading.reader import Reader
from dealcalc.loading.scenario import Variations, load, load_each, read_root, unreplaced
from dealcalc.terms import words
from dealcalc.terms.deal import (
    Billing,
    Case,
    Charge,
    Claim,
    Conventions,
    Credit,
    Escalator,
    Prepayment,
    Right,
    Step,
    Term,
    key,
)
from dealcalc.terms.words import Price, Quantity, Share, Span

Write = Callable[[str | bytes], str]
posix = pytest.mark.skipif(os.name != "posix", reason="speaks of POSIX files")
MADE_UP = SCENARIOS / "made-up-every-term.yaml"


def day(text: str) -> date:
    return date.fromisoformat(text)


def refused(name: str, case: str | None = None, *settings: str) -> list[str]:
    """What is wrong with a file: line, what the caret stands under, code and message of each."""
    with pytest.raises(Refused) as caught:
        load(name, case, settings)
    return [said(problem) for problem in caught.value.problems]


def said(problem: Problem) -> str:
    start = problem.column - 1
    under = problem.quote[start : start + problem.length]
    return f"{problem.line} `{under}` {problem.code}: {problem.message}"


def with_lines(text: str, **changes: str) -> str:
    """The model with some of its lines changed: `price="price: 5 per day"`."""
    lines = text.splitlines()
    for word, line in changes.items():
        at = next(
            index for index, old in enumerate(lines) if old.lstrip("- ").startswith(f"{word}:")
        )
        indent = lines[at][: lines[at].index(word)]
        lines[at] = "\n".join(indent + part for part in line.splitlines())
    return "\n".join(lines) + "\n"


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
        "power": "55 per MW-hour",
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
        by="buyer", notice=Span(6, "months"), lock_out=Span(12, "months"), fee=Span(3, "months")
    )
    assert seller == Right(
        by="seller",
        notice=Span(180, "days"),
        lock_out=day("2028-10-01"),
        lock_out_bars="ending",
        fee=Share(Fraction(1, 4)),
    )
    assert (deal.right("buyer"), deal.right("seller")) == (buyer, seller)
    assert deal.billing == Billing(when="advance", due=Span(30, "days"))
    assert deal.conventions == Conventions(proration="30/360", notice_day="included")
    assert deal.claims[2] == Claim(claim="months = 36", source="made up")
    assert deal.cases["buyer-leaves"].notice == day("2028-04-01")
    assert deal.cases["buyer-leaves"].by == "buyer"
    assert deal.sources["termination"] == "made up"
    assert "charges.gpus.load" in deal.assumptions


def test_shipped_scenarios_and_their_cases_are_read(shipped: Path) -> None:
    base, *cases = load_each(str(shipped))[0]
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
        lambda deal: (deal.right("buyer"), deal.right("seller") is not None),
        (None, True),
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

CHARGE = "charges: {halls: {price: %s}}\n"
BARE = "deal: x\nseller: a\nbuyer: b\ncurrency: EUR\nterm: {start: 2026-05, through: 2029-05}\n"
MISTAKES: dict[str, tuple[str, list[str]]] = {
    "a typo in a key that must be there": (
        BARE + "charges: {halls: {pirce: 5 per day}}\n",
        ["6 `pirce` unknown-key: there is no key `pirce` here"],
    ),
    "a typo in a key that a rule asks for": (
        BARE.replace("through", "trough") + CHARGE % "5 per day",
        ["5 `trough` unknown-key: there is no key `trough` here"],
    ),
    "a typo beside what was meant": (
        BARE + "charges: {halls: {price: 5 per day, prise: 6 per day}}\n",
        ["6 `prise` unknown-key: there is no key `prise` here"],
    ),
    "a key that is like no other": (
        BARE + CHARGE % "5 per day" + "zzz: 1\n",
        ["7 `zzz` unknown-key: there is no key `zzz` here"],
    ),
    "two keys that must be there are two mistakes": (
        "deal: x\nbuyer: b\nterm: {start: 2026-05, through: 2029-05}\n" + CHARGE % "5 per day",
        [
            "1 `deal` missing-key: `seller` is missing here: who sells the capacity",
            "1 `deal` missing-key: `currency` is missing here:"
            " ISO 4217 code; its minor unit decides the rounding",
        ],
    ),
    "nothing but a name": (
        "deal: x\n",
        [
            f"1 `deal` missing-key: `{key}` is missing here: {title}"
            for key, title in (
                ("seller", "who sells the capacity"),
                ("buyer", "who pays for it"),
                ("currency", "ISO 4217 code; its minor unit decides the rounding"),
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
            "5 `term` missing-key: `start` is missing here: first day of the term;"
            " a month is its first day",
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
        ["6 `5 per day` shape: a single value stands where a mapping belongs"],
    ),
    "a list where there should be keys": (
        BARE.replace("{start: 2026-05, through: 2029-05}", "[2026-05]") + CHARGE % "5 per day",
        ["5 `term` shape: a list stands where a mapping belongs"],
    ),
    "names that are not there": (
        BARE + "charges: [5 per day]\ncases: no\n",
        [
            "6 `charges` shape: a mapping belongs here, `name: value`",
            "7 `no` shape: a mapping belongs here, `name: value`",
        ],
    ),
    "a list where one value belongs": (
        BARE + "charges: {halls: {price: [5 per day]}}\n",
        ["6 `price` shape: a list stands where one value belongs: price"],
    ),
    "a mapping where one value belongs": (
        BARE.replace("deal: x", "deal: {x: y}") + CHARGE % "5 per day",
        ["1 `deal` shape: a mapping stands where one value belongs: text"],
    ),
    "a list that must be one": (
        BARE + "charges: {halls: {price: 5 per day, ramp: {months: 2, discount: 50%}}}\n",
        ["6 `ramp` shape: a list belongs here"],
    ),
    "an end twice": (
        BARE.replace("2029-05}", "2029-05, months: 36}") + CHARGE % "5 per day",
        ["5 `36` conflict: `through` and `months` both stand here"],
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
        ["5 `2760` count: 2760 months from 2026-05-01 end on 2256-04-30"],
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
            "6 `2026-07` conflict: `months` and `through` both stand here",
            "6 `4 per day` conflict: `discount` and `price` both stand here",
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
        ["6 `halls` missing-key: a price `once` needs the day it falls due"],
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
        ["6 `2027-01-01` not-here: `on` stands with a price `once` only"],
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
            "6 `2027-01` not-here: a price `once` takes no `start`",
            "6 `3` not-here: a price `once` takes no `months`",
            "6 `5%` not-here: a price `once` takes no `load`",
            "6 `ramp` not-here: a price `once` takes no `ramp`",
            "6 `prepayment` not-here: a price `once` takes no `prepayment`",
        ],
    ),
    "in total takes no ramp, escalator or load": (
        BARE + "charges: {halls: {price: 5 in total, load: 5%,"
        " ramp: [{months: 99, discount: 5%}], escalator: {rate: 1%, every: 1 month}}}\n",
        [
            "6 `5%` not-here: a price `in total` takes no `load`",
            "6 `ramp` not-here: a price `in total` takes no `ramp`",
            "6 `escalator` not-here: a price `in total` takes no `escalator`",
        ],
    ),
    "load without hours": (
        BARE + "charges: {halls: {price: 5 per day, load: 85%}}\n",
        ["6 `85%` not-here: `load` scales hourly prices; none is here"],
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
        ["6 `5 per kW-month` no-capacity: a price per kW, but there is no capacity"],
    ),
    "a price per another unit": (
        BARE + "charges: {halls: {price: 5 per GPU-hour, capacity: [300 MW, 7 rack]}}\n",
        ["6 `5 per GPU-hour` no-capacity: a price per GPU, but the capacity is in MW and rack"],
    ),
    "the same thing twice in a capacity": (
        BARE + "charges: {halls: {price: 5 per kW-month, capacity: [300 MW, 20 kW]}}\n",
        ["6 `20 kW` conflict: 20 kW stands beside 300 MW: a list says one thing in several units"],
    ),
    "a name beside a capacity": (
        BARE + "charges: {a: {price: 5 per day, capacity: 3 MW},"
        " halls: {price: 5 per day, capacity: [300 GPU, a]}}\n",
        ["6 `a` conflict: a charge's name stands alone"],
    ),
    "the capacity of a charge that is not there": (
        BARE + "charges: {halls: {price: 5 per kW-month, capacity: hall}}\n",
        ["6 `hall` unknown-name: there is no other charge called hall"],
    ),
    "the capacity of itself": (
        BARE + "charges: {halls: {price: 5 per kW-month, capacity: halls}}\n",
        ["6 `halls` unknown-name: there is no other charge called halls"],
    ),
    "the capacity of a charge without one": (
        BARE + "charges: {a: {price: 5 per day}, halls: {price: 5 per kW-month, capacity: a}}\n",
        ["6 `a` no-capacity: the charge a has no capacity of its own"],
    ),
    "the capacity of a charge that misses its own": (
        BARE + "charges: {a: {price: 5 per MWh}, halls: {price: 5 per kW-month, capacity: a},"
        " b: {price: 5 per day, capacity: c}, d: {price: 5 per MWh, capacity: b}}\n",
        [
            "6 `5 per MWh` no-capacity: a price per MW, but there is no capacity",
            "6 `c` unknown-name: there is no other charge called c",
        ],
    ),
    "the capacity of a charge whose own is unread": (
        BARE + "charges: {a: {price: 5 per MWh, capacity: 3 mw},"
        " halls: {price: 5 per kW-month, capacity: a}}\n",
        ["6 `3 mw` unit: mw is no unit of capacity"],
    ),
    "a charge called fee": (
        BARE + "charges: {fee: {price: 5 per day}}\n",
        ["6 `fee` name: `fee` is the line of a termination fee, so no charge may be called so"],
    ),
    "names that cannot be in a path": (
        BARE + "charges: {a.b: {price: 5 per day}}\ncases: {'x=y': {by: buyer}}\n",
        [
            "6 `a.b` name: a name has no `.`, `:` or `=` in it",
            "7 `'x=y'` name: a name has no `.`, `:` or `=` in it",
        ],
    ),
    "every charge taken away": (
        BARE + "charges: {a: none, b: none}\n",
        ["6 `charges` empty: a deal has at least one charge"],
    ),
    "a party with two rights": (
        BARE
        + CHARGE % "5 per day"
        + "termination: [{by: buyer, notice: 1 day}, {notice: 2 days}]\n",
        [
            "7 `{` same-party-twice: the buyer has a right already, in `termination.0`",
        ],
    ),
    "what no lock-out bars": (
        BARE + CHARGE % "5 per day" + "termination: {notice: 1 day, lock_out_bars: ending}\n",
        ["7 `ending` not-here: there is no lock-out here"],
    ),
    "nothing to weigh": (
        BARE
        + CHARGE % "5 in total, start: 2026-05-31, through: 2026-05-31"
        + "conventions: {proration: 30/360}\n",
        [
            "6 `5 in total` no-weight: 2026-05-31 weighs nothing under 30/360,"
            " so nothing can be spread over it"
        ],
    ),
    "too many months to price": (
        BARE.replace("2026-05", "1970-01").replace("2029-05", "2199-12")
        + "charges:\n"
        + "".join(f"  c{n}: {{price: 5 per day}}\n" for n in range(19)),
        # 19 x 230 years x 12
        ["6 `charges` limit: the charges run for 52,440 months in all; 50,000 are priced"],
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
        ["6 `charges` limit: 201 entries stand here; at most 200 are read"],
    ),
    "too many claims": (
        BARE + CHARGE % "5 per day" + "claims:\n" + "  - claim: total > 1\n" * 201,
        ["7 `claims` limit: 201 entries stand here; at most 200 are read"],
    ),
    "claims of the file and of cases": (
        BARE
        + CHARGE % "5 per day"
        + "claims: [{claim: totl > 5}, {source: me}, {claim: total > 5}, {claim: months > x}]\n"
        + "cases: {a: {by: buyer, claims: [{claim: total}]}}\n",
        [
            "7 `totl > 5` claim: `totl` is no figure that is known",
            "7 `{` missing-key: `claim` is missing here:"
            " a statement about the result: total > 40bn",
            "7 `months > x` claim: x is not a whole number from 1 to 2760",
            "8 `total` claim: this is not a claim",
        ],
    ),
    "faults of fields and across fields, sorted by place": (
        BARE.replace("EUR", "eur")
        + "charges: {halls: {load: 140%, price: 5 per kW-month},"
        + " b: {price: 5/day, through: 2030-01}}\n"
        + "termination: {by: nobody, notice: 90}\n",
        [
            "4 `eur` currency: eur is no ISO 4217 currency",
            "6 `140%` percent: 140% is outside 0% to 100%",
            "6 `5 per kW-month` no-capacity: a price per kW, but there is no capacity",
            "6 `5/day` price: 5/day is not a price",
            "6 `2030-01` outside-term: 2030-01-31 is outside the term,"
            " which runs from 2026-05-01 to 2029-05-31",
            "7 `nobody` choice: nobody is not one of the answers here",
            "7 `90` span: 90 is not a length of time",
        ],
    ),
}


@pytest.mark.parametrize("what", MISTAKES)
def test_mistakes(what: str, file: Write) -> None:
    text, said = MISTAKES[what]
    assert refused(file(text)) == said


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of everything in nested mappings and lists, the whole excepted."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    below = pairs if isinstance(value, dict | list) else ()
    return [one for key, part in below for one in ((*path, key), *places(part, (*path, key)))]


def plain(text: str) -> dict[str, Any]:
    """A scenario as nested mappings, lists and texts."""
    values: dict[str, Any] = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: TID251
    return values


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
        problems = load(file(yaml.dump(deal, sort_keys=False))).warnings
    except Refused as found:
        problems = tuple(found.problems)
    free = path[0] in ("deal", "seller", "buyer") or (
        path[0] in ("sources", "assumptions") and path[1:]
    )
    assert len(problems) == (0 if free and wrong == "zz top" else 1)


def test_a_mapping_without_a_key_in_front_is_underlined_to_its_first(file: Write) -> None:
    text = BARE + CHARGE % "5 per day" + "termination:\n  - fee: 5m\n"
    assert refused(file(text)) == [
        "8 `fee` missing-key: `notice` is missing here:"
        " from notice to the last day of service, which is paid"
    ]


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
    assert problem.startswith(f"8 `{under}` price: per dy is not read")


def test_columns_are_counted_in_characters(file: Write) -> None:
    text = BARE + "charges: {日本–é: {price: 5 per dy}}\n"
    assert refused(file(text)) == ["6 `5 per dy` price: per dy is not read"]


# --- what-ifs ------------------------------------------------------------------------------------

LAID: dict[str, tuple[tuple[str, ...], Callable[[Any], Any], Any]] = {
    # what: settings on the model, what of the deal, its value
    "a term that is there": (
        ("charges.compute.price=1bn per month",),
        lambda deal: str(deal.charges["compute"].price),
        "1bn per month",
    ),
    "in their order": (
        ("charges.compute.price=1bn per month", "charges.compute.price=2bn per month"),
        lambda deal: str(deal.charges["compute"].price),
        "2bn per month",
    ),
    "a term that the file lacks": (
        ("termination.fee=500m",),
        lambda deal: deal.termination[0].fee,
        Fraction(500_000_000),
    ),
    "a term of a mapping that the file lacks": (
        ("conventions.proration=30/360", "conventions.notice_day=included"),
        lambda deal: deal.conventions,
        Conventions(proration="30/360", notice_day="included"),
    ),
    "a whole mapping": (
        ("billing={in: advance, due: 30 days}",),
        lambda deal: deal.billing,
        Billing(when="advance", due=Span(30, "days")),
    ),
    "the one right by its index": (
        ("termination.0.fee=500m",),
        lambda deal: deal.termination[0].fee,
        Fraction(500_000_000),
    ),
    "a second right": (
        ("termination.by=buyer", "termination.1={by: seller, notice: 1 month}"),
        lambda deal: [(right.by, right.notice) for right in deal.termination],
        [("buyer", Span(90, "days")), ("seller", Span(1, "months"))],
    ),
    "a step more": (
        ("charges.compute.ramp.1={months: 1, discount: 20%}",),
        lambda deal: [step.months for step in deal.charges["compute"].ramp],
        [2, 1],
    ),
    "a step more, term by term": (
        ("charges.compute.ramp.1.discount=20%", "charges.compute.ramp.1.months=1"),
        lambda deal: [step.months for step in deal.charges["compute"].ramp],
        [2, 1],
    ),
    "an entry of one capacity": (
        ("charges.compute.capacity.0=200 MW", "charges.compute.capacity.1=7 rack"),
        lambda deal: deal.charges["compute"].capacity,
        (Quantity(Fraction(200), "MW"), Quantity(Fraction(7), "rack")),
    ),
    "no step": (
        ("charges.compute.ramp.0=none",),
        lambda deal: deal.charges["compute"].ramp,
        (),
    ),
    "no ramp": (
        ("charges.compute.ramp=none",),
        lambda deal: deal.charges["compute"].ramp,
        (),
    ),
    "nobody may leave": (("termination=none",), lambda deal: deal.termination, ()),
    "nothing where nothing is": (
        ("termination.fee=none", "conventions.proration=none", "billing=none"),
        lambda deal: (deal.termination[0].fee, deal.conventions, deal.billing),
        (None, Conventions(), None),
    ),
    "there and away again": (
        ("conventions.proration=30/360", "conventions.proration=none"),
        lambda deal: deal.conventions,
        Conventions(),
    ),
    "a new charge as a whole": (
        ("charges.power for 2={price: 5 per day}",),
        lambda deal: {name: str(charge.price) for name, charge in deal.charges.items()},
        {"compute": "1.25bn per month", "power for 2": "5 per day"},
    ),
    "another charge in place of the only one": (
        ("charges.power={price: 5 per day}", "charges.compute=none"),
        lambda deal: list(deal.charges),
        ["power"],
    ),
    "a clause on the place of none": (
        ("termination=none", "termination.notice=30 days"),
        lambda deal: deal.termination,
        (Right(notice=Span(30, "days")),),
    ),
    "equals signs and quotes in a value": (
        ("seller='a = b'",),
        lambda deal: deal.seller,
        "a = b",
    ),
    "spaces around a path": (
        (" seller = b ",),
        lambda deal: deal.seller,
        "b",
    ),
}


@pytest.mark.parametrize("what", LAID)
def test_settings(what: str, model: str, file: Write) -> None:
    settings, ask, value = LAID[what]
    assert ask(load(file(model), None, settings).deal) == value


UNLAID: dict[str, tuple[tuple[str, ...], list[str]]] = {
    # what: settings on the model, what is wrong with them
    "a typo never adds a charge": (
        ("charges.compue.price=5 per day",),
        ["1 `charges.compue.price` unknown-name: there is no `compue` here"],
    ),
    "a typo takes no charge away": (
        ("charges.compue=none",),
        ["1 `charges.compue` unknown-name: there is no `compue` here"],
    ),
    "a typo in a term": (
        ("charges.compute.prise=5 per day",),
        ["1 `charges.compute.prise` unknown-name: there is no term `prise` here"],
    ),
    "no such term": (
        ("volume=5",),
        ["1 `volume` unknown-name: there is no term `volume` here"],
    ),
    "beyond a value": (
        ("charges.compute.price.amount=5",),
        [
            "1 `charges.compute.price.amount` unknown-name:"
            " nothing stands below this, so no `amount`"
        ],
    ),
    "beyond the end of a list": (
        ("charges.compute.ramp.2={months: 1, discount: 5%}",),
        ["1 `charges.compute.ramp.2` unknown-name: the list has no entry 2"],
    ),
    "none beyond the end of a list": (
        ("charges.compute.ramp.1=none",),
        ["1 `charges.compute.ramp.1` unknown-name: the list has no entry 1"],
    ),
    "half an entry": (
        ("charges.compute.ramp.1.discount=5%",),
        ["1 `charges.compute.ramp.1.discount` missing-key: the step has no length"],
    ),
    "a list asked for a term": (
        ("charges.compute.ramp.discount=5%",),
        [
            "1 `charges.compute.ramp.discount` unknown-name:"
            " a list stands here, and `discount` is no entry of it"
        ],
    ),
    "no number of an entry": (
        ("charges.compute.ramp.-1=none", "charges.compute.ramp.٣.months=1"),
        [
            "1 `charges.compute.ramp.-1` unknown-name:"
            " a list stands here, and `-1` is no entry of it",
            "1 `charges.compute.ramp.٣.months` unknown-name:"
            " a list stands here, and `٣` is no entry of it",
        ],
    ),
    "what must be there": (
        ("charges.compute.price=none", "seller=none"),
        [
            "1 `deal` missing-key: `seller` is missing here: who sells the capacity",
            "11 `compute` missing-key: `price` is missing here: what is paid, and for what",
        ],
    ),
    "every charge": (
        ("charges.compute=none",),
        ["10 `charges` empty: `charges` has no value"],
    ),
    "a charge that says nothing": (
        ("charges.compute={}",),
        ["1 `charges.compute` missing-key: `price` is missing here: what is paid, and for what"],
    ),
    "what is no term": (
        ("cases.a.notice=2027-01-01", "claims.0.claim=total > 5", "sources.seller=me"),
        [
            "1 `cases.a.notice` not-here: `cases` is no term of the deal",
            "1 `claims.0.claim` not-here: `claims` is no term of the deal",
            "1 `sources.seller` not-here: `sources` is no term of the deal",
        ],
    ),
    "not a setting": (
        ("charges.compute.price", "=5", " =5"),
        [
            "1 ` ` command-line: this is not PATH=VALUE",
            "1 `=` command-line: this is not PATH=VALUE",
            "1 `charges.compute.price` command-line: this is not PATH=VALUE",
        ],
    ),
    "a value that cannot be read": (
        ("term.through=2028-02-30",),
        ["1 `2028-02-30` date: 2028-02 has no day 30"],
    ),
    "no value": (
        ("term.through=", "term.start= # none"),
        [
            "1 `term.start` empty: `start` has no value",
            "1 `term.through` empty: `through` has no value",
        ],
    ),
    "a value that is not YAML": (
        ("seller='x", "buyer=&a x"),
        [
            "1 `&a x` unsupported-yaml: a YAML anchor is not read",
            "1 `'` yaml: this is not YAML: found unexpected end of stream",
        ],
    ),
    "control characters and halves of characters": (
        ("seller=a\x1bb", "buyer=\udc80"),
        [
            "1 `\x1b` command-line: a control character is here",
            "1 `\udc80` command-line: a control character is here",
        ],
    ),
    "terms that do not go together": (
        ("term.through=2026-04", "charges.compute.start=2027-01"),
        ["1 `2026-04` reversed-dates: the end, 2026-04-30, is before the start, 2026-05-01"],
    ),
    "one wrong thing below another": (
        ("conventions=oops", "conventions.proration=actual"),
        ["1 `oops` shape: a single value stands where a mapping belongs"],
    ),
}


@pytest.mark.parametrize("what", UNLAID)
def test_settings_that_are_refused(what: str, model: str, file: Write) -> None:
    settings, said = UNLAID[what]
    assert sorted(refused(file(model), None, *settings)) == said


def test_a_mistyped_path_says_what_is_near(model: str, file: Write) -> None:
    with pytest.raises(Refused) as caught:
        load(file(model), None, ["charges.compue.price=5 per day"])
    assert full(caught.value.problems[0]) == (
        "error: there is no `compue` here [unknown-name]\n"
        " --> --set:1:1\n"
        "  |\n"
        "1 | charges.compue.price=5 per day\n"
        "  | ^^^^^^^^^^^^^^^^^^^^\n"
        "  = help: did you mean `compute`?"
    )


CASES = (
    MODEL
    + """
claims:
  - claim: total = 45bn
cases:
  leaves:
    notice: 2027-03-15
    by: buyer
  cheap:
    set:
      charges.compute.price: 1bn per month
      charges.compute.ramp.0.discount: 0%
assumptions:
  charges.compute.ramp: nobody knows
  charges.compute.ramp.0.discount: nobody knows
  term.start: nobody knows
sources:
  charges.compute.price: the press
"""
)


def test_a_case_then_settings(file: Write) -> None:
    name = file(CASES)
    cheap = load(name, "cheap", ["charges.compute.price=2bn per month"])
    (charge,) = cheap.deal.charges.values()
    assert (str(charge.price), charge.ramp[0].discount) == ("2bn per month", 0)
    assert cheap.overrides == {"charges.compute.price": "2bn per month"}
    assert cheap.changed == {"charges.compute.price", "charges.compute.ramp.0.discount"}
    # What is assumed of the ramp as a whole still is.
    assert list(cheap.assumed()) == ["charges.compute.ramp", "term.start"]
    assert list(load(name, None, ["charges.compute.ramp=none"]).assumed()) == ["term.start"]
    assert len(load(name).assumed()) == 3


@pytest.mark.parametrize(
    ("changed", "assumed", "stays"),
    [
        ("termination.notice", "termination.0.notice", False),
        ("termination.0.notice", "termination.notice", False),
        ("termination.0", "termination.notice", False),
        ("termination", "termination.0.notice", False),
        ("termination.0.fee", "termination.notice", True),
        ("termination.0.notice", "termination", True),
        ("termination.1.notice", "termination.0.notice", True),
        ("termination.1.notice", "termination.notice", True),
        # The first of several capacities is not all of them, nor the second.
        ("charges.a.capacity.0", "charges.a.capacity", True),
        ("charges.a.capacity.0", "charges.a.capacity.1", True),
        ("charges.a.ramp.0.discount", "charges.a.ramp.0.discount", False),
        ("charges.a.ramp.0.discount", "charges.b.ramp.0.discount", True),
        ("charges.a", "charges.ab.price", True),
    ],
)
def test_an_assumption_goes_with_what_it_is_about(changed: str, assumed: str, stays: bool) -> None:
    assert bool(unreplaced({assumed: "not disclosed"}, [changed])) is stays


def test_an_override_of_a_right_clears_what_was_assumed_of_it(file: Write) -> None:
    name = file(MODEL + "assumptions: {termination.notice: not disclosed}\n")
    assert list(load(name).assumed()) == ["termination.notice"]
    assert load(name, None, ["termination.0.notice=60 days"]).assumed() == {}


def test_a_case_that_sets_nothing(file: Write) -> None:
    leaves = load(file(CASES), "leaves")
    assert (leaves.what_if.notice, leaves.what_if.by) == (day("2027-03-15"), "buyer")
    assert leaves.deal.charges == load(file(CASES)).deal.charges
    assert leaves.changed == frozenset()


def test_a_scenario_varied(file: Write) -> None:
    cheap = load(file(CASES), "cheap", ["term.through=2030-05"])
    there = cheap.varied({"charges.compute.price": "3bn per month", "termination.fee": "5m"})
    assert str(there.deal.charges["compute"].price) == "3bn per month"
    assert there.deal.charges["compute"].ramp[0].discount == 0
    assert list(there.overrides) == ["term.through", "charges.compute.price", "termination.fee"]
    assert (there.case, there.deal.term.last) == ("cheap", day("2030-05-31"))
    other = there.in_case("leaves")
    assert (other.case, other.deal.charges["compute"].ramp[0].discount) == (
        "leaves",
        Fraction(1, 2),
    )
    assert other.overrides == there.overrides
    with pytest.raises(Refused, match="2030-02 has no day 31"):
        cheap.varied({"term.through": "2030-02-31"})


def test_a_scenario_varied_again_and_again(file: Write) -> None:
    cheap = load(file(CASES), "cheap", ["term.through=2030-05"])
    variations = Variations(cheap, ["termination.fee"])
    fees = [variations.deal({"termination.fee": fee}) for fee in ("5m", "6m", "none")]
    assert [deal.termination[0].fee for deal in fees] == [5_000_000, 6_000_000, None]
    assert {str(deal.charges["compute"].price) for deal in fees} == {"1bn per month"}
    assert {deal.term.last for deal in fees} == {day("2030-05-31")}
    plain = variations.deal({}, cases=[])
    assert str(plain.charges["compute"].price) == "1.25bn per month"
    with pytest.raises(Refused, match=r"error: x is not a number .*\n --> --vary:1:17\n"):
        variations.deal({"termination.fee": "x"})
    with pytest.raises(Refused, match=r"error: there is no term `fees` here .*\n --> --vary:1:1\n"):
        Variations(cheap, ["termination.fees"])


def test_a_scenario_is_varied_just_as_if_it_were_loaded_so(shipped: Path) -> None:
    name = str(shipped)
    variations = Variations(load(name))
    for start in ("2026-01", "2026-12-15", "1970-01"):
        try:
            deal = load(name, None, [f"term.signed={start}"]).deal
        except Refused:
            with pytest.raises(Refused):
                variations.deal({"term.signed": start})
        else:
            assert replace(variations.deal({"term.signed": start}), cases={}) == replace(
                deal, cases={}
            )


def test_each_case_of_a_broken_file_is_refused(file: Write) -> None:
    with pytest.raises(Refused, match="there is no key `zzz` here"):
        load_each(file(CASES + "zzz: 1\n"))


def test_nodes_of_a_scenario(file: Write) -> None:
    scenario = load(file(CASES), "cheap", ["termination.fee=5m"])
    price = scenario.node("charges.compute.price")
    assert (price.text(), price.line, price.source.name) == ("1bn per month", 30, file(CASES))
    assert scenario.node("charges.compute.load.x").line == 12  # the nearest that is there
    fee = scenario.find("termination.fee")
    assert fee
    assert (fee.text(), fee.line, fee.column, fee.source.name) == ("5m", 1, 17, "--set")
    assert scenario.find("billing.due") is None
    ramp = scenario.find("charges.compute.ramp")
    assert ramp
    assert ramp.text() == "[{months: 2, discount: 0%}]"


def test_mistakes_of_cases_are_said_at_their_place(file: Write) -> None:
    text = MODEL.replace("300 MW\n", "300 MW\n    through: 2028-05\n") + (
        "cases:\n"
        "  a: {set: {charges.compute.price: 5 per dy, charges.compue.load: 5%}}\n"
        "  b: {set: {term.through: 2026-05}}\n"
        "  c: {set: {term.through: 2026-04, cases.a.by: buyer, charges.compute.ramp: }}\n"
        "  d: {set: {charges.compute.ramp.0.months: 99}, by: me}\n"
    )
    assert refused(file(text)) == [
        # Only with b laid on, and then at the charge that lies outside the term.
        "14 `2028-05` outside-term: in the case b: 2028-05-31 is outside the term,"
        " which runs from 2026-05-01 to 2026-05-31",
        "23 `5 per dy` price: in the case a: per dy is not read",
        "23 `charges.compue.load` unknown-name: in the case a: there is no `compue` here",
        "25 `2026-04` reversed-dates: in the case c: the end, 2026-04-30,"
        " is before the start, 2026-05-01",
        "25 `cases.a.by` not-here: in the case c: `cases` is no term of the deal",
        "25 `charges.compute.ramp` empty: in the case c: `ramp` has no value",
        "26 `me` choice: me is not one of the answers here",
    ]


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        # Six months, January to June: the last credit is in the sixth, or the day is the last.
        ("on: 2025-12-31, credited: {from_month: 3, months: 4}", []),
        ("on: 2026-06-30, credited: {from_month: 6, months: 1}", []),
        ("on: 2026-01-01, credited: {from_month: 3, months: 5}", ["months: it is credited until"]),
        ("on: 2026-01-01, credited: {from_month: 7, months: 1}", ["from_month: it is credited"]),
        ("on: 2026-07-01, credited: {from_month: 9, months: 9}", ["on: it is due on 2026-07-01"]),
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
    warnings = [one for one in load(file(text)).warnings if one.code == "prepayment-outlasts"]
    found = [f"{one.quote[: one.column - 1].split(',')[-1]}{one.message}" for one in warnings]
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
    assert said.startswith(f"3 `{buyer}` ambiguous-party: {buyer} is the buyer and the seller")


def test_a_mistake_of_the_file_is_not_said_again_for_its_cases(file: Write) -> None:
    text = CASES.replace("90 days", "90").replace("  compute:\n", "  compute:\n    load: 5%\n")
    assert refused(file(text)) == [
        "12 `5%` not-here: `load` scales hourly prices; none is here",
        "21 `90` span: 90 is not a length of time",
    ]


def test_warnings_of_a_case_are_its_own(file: Write) -> None:
    text = MODEL + "cases: {long: {set: {charges.compute.ramp.0.months: 48}}}\n"
    assert "ramp-outlasts" not in {problem.code for problem in load(file(text)).warnings}
    assert "ramp-outlasts" in {problem.code for problem in load(file(text), "long").warnings}


@pytest.mark.parametrize(
    ("text", "case", "help"),
    [
        (CASES, "cheep", "did you mean `cheap`?"),
        (CASES, "x", "it is one of: leaves, cheap"),
        (MODEL, "cheap", "the file has no cases"),
    ],
)
def test_a_case_that_is_not_there(text: str, case: str, help: str, file: Write) -> None:
    with pytest.raises(Refused) as caught:
        load(file(text), case)
    (problem,) = caught.value.problems
    assert (problem.code, problem.file, problem.help) == ("unknown-name", "--case", help)


def test_no_case_is_missed_where_the_cases_are_unread(file: Write) -> None:
    assert refused(file(MODEL + "cases: no\n"), "cheap") == [
        "21 `no` shape: a mapping belongs here, `name: value`"
    ]


def test_mistakes_of_file_and_settings_are_said_together(file: Write) -> None:
    text = with_lines(MODEL, currency="currency: Euro")
    assert refused(file(text), "x", "foo", "term.start=1") == [
        f"0 `` unknown-name: there is no case `x` in {file(text)}",
        "1 `foo` command-line: this is not PATH=VALUE",
        "4 `Euro` currency: Euro is no ISO 4217 currency",
    ]


def test_a_total_beyond_all_money_is_refused_with_and_without_a_what_if(file: Write) -> None:
    # 37 months of 1e18 for each of 300 MW: 1.1e22
    text = with_lines(MODEL, price="price: 1e18 per MW-month")
    said = ["10 `charges` amount: the deal pays more than 1e21 in all"]
    assert refused(file(text)) == said
    assert refused(file(MODEL), None, "charges.compute.price=1e18 per MW-month") == said


DOUBTFUL = {
    "charges.compute.prise": "there is no term `prise` here",
    "charges.compue.price": "there is no `compue` here",
    "charges.compute.price.x": "nothing stands below this, so no `x`",
    "charges.compute.ramp.1": "the list has no entry 1",
    "charges.compute.ramp.x": "a list stands here, and `x` is no entry of it",
    "volume": "there is no term `volume` here",
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
        f"{line} `{path}` unknown-name: the path {path} names no term: {why}"
        for line, (path, why) in enumerate(DOUBTFUL.items(), 22)
    ]


def test_paths_of_sources_are_not_doubted_where_the_file_is_at_fault(file: Write) -> None:
    text = BARE + "charges: oops\nsources: {charges.compute.price: x, term.start.x: y}\n"
    assert refused(file(text)) == [
        "6 `oops` shape: a mapping belongs here, `name: value`",
        "7 `term.start.x` unknown-name: the path term.start.x names no term:"
        " nothing stands below this, so no `x`",
    ]


def test_paths_of_sources_are_not_doubted_where_what_they_name_is_missing(file: Write) -> None:
    assert refused(file(BARE + "sources: {charges.compute.price: x}\n")) == [
        "1 `deal` missing-key: `charges` is missing here:"
        " what is paid, by name; a tranche is a charge"
    ]


def test_sources_are_about_the_file_whatever_a_what_if_takes_away(file: Write) -> None:
    text = f"{MODEL}sources: {{charges.compute.ramp.0.months: x}}\n".replace("USD", "EUR")
    assert load(file(text), None, ["charges.compute.ramp=none"]).warnings == ()


@dataclass(frozen=True, slots=True)
class Mistaken:
    """A type whose rule has a bug: it asks for a field that no one has."""

    name: str = key(words.TEXT, "a name")

    def faults(self) -> Any:
        yield iter([self.nme])  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Short:
    """A type with a short form."""

    short: ClassVar[str] = "file"
    file: str = key(words.NAME, "a name")
    size: int = key(words.COUNT, "a number", 1)


@pytest.mark.parametrize(
    ("text", "value"),
    [("x", Short("x")), ("{file: x, size: 2}", Short("x", 2))],
)
def test_a_single_value_may_stand_for_a_mapping(text: str, value: Short, file: Write) -> None:
    root, problems = read_root(file(f"deal: {text}\n"))
    assert (Reader(problems).read(Short, root.value["deal"]), problems) == (value, [])


def test_a_single_value_is_read_as_the_key_it_stands_for(file: Write) -> None:
    root, problems = read_root(file("deal: a.b\n"))
    Reader(problems).read(Short, root.value["deal"])
    assert [said(problem) for problem in problems] == [
        "1 `a.b` name: a name has no `.`, `:` or `=` in it"
    ]


def test_a_bug_in_a_rule_is_no_problem_of_the_file(file: Write) -> None:
    root, problems = read_root(file("deal: x\nname: y\n"))
    with pytest.raises(AttributeError, match="nme"):
        Reader(problems).read(Mistaken, root)


# --- what YAML can do and a scenario cannot ------------------------------------------------------

UNSUPPORTED = {
    "an anchor": ("seller: &a xAI", ["2 `&a xAI` unsupported-yaml: a YAML anchor is not read"]),
    "an alias": ("seller: *a", ["2 `*a` unsupported-yaml: a YAML alias is not read"]),
    "a tag": ("seller: !!str xAI", ["2 `!!str xAI` unsupported-yaml: a YAML tag is not read"]),
    "a tag of Python": (
        "seller: !!python/object/apply:os.system ['true']",
        ["2 `!!python/object/apply:os.system [` unsupported-yaml: a YAML tag is not read"],
    ),
    "a merge key": (
        "<<: {seller: xAI}\nseller: xAI",
        ["2 `<<` unsupported-yaml: a YAML merge key is not read"],
    ),
    "a key that is a list": (
        "? [seller]\n: xAI\nseller: xAI",
        ["2 `[` shape: a key is a single word"],
    ),
    "an alias for a key": (
        "*a : xAI\nseller: xAI",
        ["2 `*a` unsupported-yaml: a YAML alias is not read"],
    ),
    "a key twice": (
        "seller: xAI\nseller: xBI",
        ["3 `seller` duplicate-key: `seller` stands here twice"],
    ),
    "a control character in an escape": (
        'seller: "x\\x07AI"',
        ['2 `"x\\x07AI"` text: a text has no control character in it, and here is U+0007'],
    ),
    "a mapping in a line": (
        "seller: x: y",
        ["2 `:` yaml: this is not YAML: mapping values are not allowed in this context"],
    ),
    "a tab": (
        "seller: xAI\n\tbuyer: y",
        ["3 `\t` yaml: this is not YAML: found a tab character that violates indentation"],
    ),
    "a character that begins nothing": (
        "seller: @xAI",
        ["2 `@` yaml: this is not YAML: found character that cannot start any token"],
    ),
    "a quote that is not closed": (
        "seller: 'xAI",
        ["2 `'` yaml: this is not YAML: found unexpected end of stream"],
    ),
    "a bracket that is not closed": (
        "seller: [xAI",
        ["2 `[` yaml: this is not YAML: did not find expected ',' or ']'"],
    ),
    "a crooked indentation": (
        "seller: xAI\n terms: y",
        ["3 `:` yaml: this is not YAML: mapping values are not allowed in this context"],
    ),
    "an escape that is none": (
        'seller: "\\q"',
        ["2 `\\` yaml: this is not YAML: found unknown escape character"],
    ),
}


@pytest.mark.parametrize("what", UNSUPPORTED)
def test_what_yaml_can_do(what: str, file: Write) -> None:
    line, said = UNSUPPORTED[what]
    assert refused(file(with_lines(MODEL, seller=line))) == said


def test_a_second_document(file: Write) -> None:
    assert refused(file(f"{MODEL}---\n{MODEL}")) == [
        "21 `---` unsupported-yaml: a second document begins here"
    ]


def test_problems_of_yaml_come_with_the_others(file: Write) -> None:
    text = with_lines(MODEL, seller="seller: &a xAI\nseller: x", currency="currency: Euro")
    assert refused(file(text)) == [
        "2 `&a xAI` unsupported-yaml: a YAML anchor is not read",
        "3 `seller` duplicate-key: `seller` stands here twice",
        "5 `Euro` currency: Euro is no ISO 4217 currency",
    ]


def test_what_was_found_before_the_yaml_broke_is_said_too(file: Write) -> None:
    text = with_lines(MODEL, seller="seller: &a xAI", currency="currency: 'Euro")
    assert refused(file(text)) == [
        "2 `&a xAI` unsupported-yaml: a YAML anchor is not read",
        "4 `'` yaml: this is not YAML: found unexpected end of stream",
    ]


# --- files of strangers --------------------------------------------------------------------------

SECRET = "hunter2"
LEAKS = {
    "a table of users": f"root:x:0:0:{SECRET}:/root:/bin/bash\ndaemon:x:1:1:{SECRET}:/:/sbin\n",
    "a key": f"-----BEGIN KEY-----\n{SECRET}\n-----END KEY-----\n",
    "another mapping": f"user: x\npassword: {SECRET}\n{SECRET}: 1\n",
    "a mapping twice": f"{SECRET}: 1\n{SECRET}: 2\n",
    "a mapping twice that breaks": f"{SECRET}: 1\n{SECRET}: 2\nx: '{SECRET}",
    "a mapping with tags": f"{SECRET}: !!str {SECRET}\n",
    "a broken mapping": f"password: {SECRET}: x\n",
    "a long text": f"{SECRET} " * 400,
    "a deep text": f"{SECRET}: " + "[" * 20,
    "a list": f"- {SECRET}\n- deal: {SECRET}\n",
    "a mapping that names a deal below": f"x: {{deal: {SECRET}, {SECRET}: '{SECRET}'}}\n",
    "text that only looks like one": f"deal:{SECRET}\nprovider:{SECRET}\n",
    "a settings file": f"[provider]\ndeal = {SECRET}\n",
}


@pytest.mark.parametrize("what", LEAKS)
def test_nothing_is_quoted_from_what_is_no_scenario(what: str, file: Write) -> None:
    with pytest.raises(Refused) as caught:
        load(file(LEAKS[what]))
    assert SECRET not in report(caught.value.problems)
    assert SECRET not in repr(caught.value.problems)


@posix
def test_a_link_to_a_file_of_passwords_tells_nothing(tmp_path: Path) -> None:
    link = tmp_path / "deal.yaml"
    link.symlink_to("/etc/passwd")
    with pytest.raises(Refused) as caught:
        load(str(link))
    said = report(caught.value.problems).replace(str(link), "")
    for word in Path("/etc/passwd").read_text("utf-8").replace(":", " ").split():
        assert len(word) < 4 or word not in said


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "this is not a scenario: it is not a mapping with `deal`"),
        (b"# deal: x\n", "this is not a scenario: it is not a mapping with `deal`"),
        (b"- deal: x\n", "this is not a scenario: it is not a mapping with `deal`"),
        (b"deal\n", "this is not a scenario: it is not a mapping with `deal`"),
        (b"provider: x\nsites: {}\n", "this is a site file, not a deal"),
        (b"deal: x\n\xff", "line 2 is not UTF-8 text"),
        ("deal: x".encode("utf-16"), "line 1 is not UTF-8 text"),
        ("deal: x".encode("utf-16-le"), "line 1 has a control character, U+0000"),
        (b"deal: x\n\nseller: \x00", "line 3 has a control character, U+0000"),
        (b"deal: x\rseller: y", "line 1 has a control character, U+000D"),
        (b"deal: \x1b[31m", "line 1 has a control character, U+001B"),
        ("deal: x\n\x85".encode(), "line 2 has a control character, U+0085"),
        ("deal: \u2028x".encode(), "line 1 has a control character, U+2028"),
        ("\ufeff\ufeffdeal: x".encode(), "line 1 has a control character, U+FEFF"),
        (b"#" * ((1 << 20) + 1), "the file is larger than 1 MiB"),
    ],
)
def test_files_that_are_not_read(content: bytes, message: str, file: Write) -> None:
    with pytest.raises(Refused) as caught:
        load(file(content))
    (problem,) = caught.value.problems
    assert problem.message == message
    assert problem.help


def test_a_file_of_a_mebibyte_is_read(model: str, file: Write) -> None:
    text = model.encode()
    assert load(file(text + b"#" * ((1 << 20) - len(text)))).deal.buyer == "Anthropic"


def why_not(name: str) -> str:
    """Why a file is not read, whatever is in it."""
    with pytest.raises(Refused) as caught:
        load(name)
    (problem,) = caught.value.problems
    assert (problem.code, problem.file) == ("unreadable", name)
    return problem.message


def test_names_that_are_no_file(tmp_path: Path) -> None:
    missing = "it cannot be opened: no such file or directory"
    assert why_not(str(tmp_path / "missing.yaml")) == missing
    assert why_not("") == missing
    assert why_not("a\x00b") == "it cannot be opened: this is no file name"


@posix
def test_names_that_are_no_regular_file(tmp_path: Path) -> None:
    fifo, plug = tmp_path / "fifo", tmp_path / "plug"
    os.mkfifo(fifo)
    assert why_not(str(fifo)) == "this is not a regular file"  # and nobody waits for a writer
    assert why_not("/dev/null") == "this is not a regular file"
    assert why_not("/dev/zero") == "this is not a regular file"
    assert why_not(str(tmp_path)) == "it cannot be opened: is a directory"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(plug))
        assert why_not(str(plug)).startswith("it cannot be opened: ")


@posix
@pytest.mark.skipif(os.name == "posix" and os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(model: str, file: Write) -> None:
    name = file(model)
    Path(name).chmod(0)
    assert why_not(name) == "it cannot be opened: permission denied"


def test_standard_input_that_is_closed_or_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(Refused, match="this is not a scenario"):
        load("-")

    def read(_: int) -> bytes:
        raise OSError(errno.EIO, "Input/output error")

    broken = SimpleNamespace(buffer=SimpleNamespace(read=read))
    monkeypatch.setattr(sys, "stdin", broken)
    assert why_not("-") == "it cannot be opened: input/output error"


@posix
def test_a_pipe_that_does_not_wait_is_never_read_as_half_a_deal(
    model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, rest = model[: model.index("termination")], model[model.index("termination") :]
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    with os.fdopen(reading, "rb") as stdin, os.fdopen(writing, "wb") as pipe:
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=stdin))
        assert why_not("-") == "it cannot be opened: nothing can be read from it yet"
        pipe.write(start.encode())  # what has come so far is a deal of its own
        pipe.flush()
        assert why_not("-") == "it cannot be opened: nothing can be read from it yet"
        pipe.write(start.encode() + rest.encode())
        pipe.close()
        assert load("-").deal.termination


def test_a_file_that_comes_in_pieces_is_read_whole(
    model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pieces = iter([model[:100].encode(), model[100:].encode(), b""])
    stdin = SimpleNamespace(buffer=SimpleNamespace(read=lambda _: next(pieces)))
    monkeypatch.setattr(sys, "stdin", stdin)
    assert load("-").deal.termination


def test_standard_input_without_an_end_is_not_read_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    endless = SimpleNamespace(buffer=SimpleNamespace(read=lambda size: b"#" * size))
    monkeypatch.setattr(sys, "stdin", endless)
    with pytest.raises(Refused, match="larger than 1 MiB"):
        load("-")


DEEP = "deal: x\nclaims: "
HOSTILE: dict[str, tuple[str, str]] = {
    # what: the file, what is said of it
    "deep lists": (DEEP + "[" * 500_000, "2 `[` limit: this is deeper than 16 levels"),
    "deep mappings": (DEEP + "{a: " * 100_000, "2 `a` limit: this is deeper than 16 levels"),
    "deep blocks": (
        "deal: x\n" + "- " * 30_000,
        "2 `-` yaml: this is not YAML: did not find expected key",
    ),
    "many values": (
        DEEP + "[" + "1," * 20_000 + "]",
        "2 `1` limit: the file has more than 20,000 values",
    ),
    "a long text": (
        f"deal: {'x' * 2_001}",
        f"1 `{'x' * 2_001}` limit: a text has at most 2,000 characters",
    ),
    "a long key": (
        f"deal: x\n? {'x' * 500_000}\n: 1",
        f"2 `{'x' * 500_000}` limit: a text has at most 2,000 characters",
    ),
    "many keys twice": (
        "deal: x\n" + "deal: y\n" * 9_000,
        "102 `deal` limit: there are more than 100 problems; nothing is read from here on",
    ),
    "many anchors": (
        "deal: x\n" + "".join(f"k{n}: &a{n} x\n" for n in range(5_000)),
        "102 `&a100 x` limit: there are more than 100 problems; nothing is read from here on",
    ),
    "many unknown keys": (
        BARE + CHARGE % "5 per day" + "".join(f"key{n}: x\n" for n in range(9_000)),
        "107 `key100` limit: there are more than 100 problems; nothing is read from here on",
    ),
    "many doubtful paths": (
        BARE
        + CHARGE % "5 per day"
        + "sources:\n"
        + "".join(f"  charges.hall{n}.price: x\n" for n in range(9_000)),
        "108 `charges.hall100.price` limit: there are more than 100 problems;"
        " nothing is read from here on",
    ),
    "many names alike": (
        BARE
        + "charges:\n"
        + "".join(f"  {n:079}x: {{price: 5 per MWh, capacity: {n:079}y}}\n" for n in range(200)),
        "107 `{}y` limit: there are more than 100 problems; nothing is read from here on".format(
            f"{100:079}"
        ),
    ),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_files_end_soon(what: str, file: Write) -> None:
    text, said = HOSTILE[what]
    assert said in refused(file(text))


def test_merge_keys_are_never_followed(file: Write) -> None:
    # Lists of lists of lists: a loader that follows them has 9 to the 40 entries.
    lists = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 41))
    with pytest.raises(Refused) as caught:
        load(file(f"deal: x\na0: &a0 [1]\n{lists}b: {{<<: *a40}}\n"))
    assert {problem.code for problem in caught.value.problems} == {"unsupported-yaml", "limit"}


def test_the_parser_written_in_python_will_do(model: str, file: Write, monkeypatch: Any) -> None:
    monkeypatch.delattr(yaml, "CSafeLoader")
    assert load(file(model)).deal.buyer == "Anthropic"
    assert refused(file(with_lines(model, seller="seller: &a 'xAI"))) == [
        "2 `'` yaml: this is not YAML: found unexpected end of stream"
    ]
    assert refused(file(with_lines(model, seller='seller: "\\Uffffffff"'))) == [
        "1 `d` yaml: this is not YAML: it cannot be read"
    ]


# --- whatever the file ---------------------------------------------------------------------------

NASTY = [
    *("", "none", "0", "1", "-1", "37", "2760", "2026-05", "2028-02-29", "2199-12", "9999-12-31"),
    *("1e999999", "NaN", "9" * 50, "0%", "50%", "100%", "-99%", "100.5%", "1bn per month"),
    *("5 per day", "2 per MW-hour", "2 per GPU-month", "5 in total", "5 once", "3 months"),
    *("90 days", "10000 months", "300 MW", "halls", "compute", "power", "fee", "a.b", "no"),
    *("12:30", "~", "<<", "*a", "&a x", "!!str x", "\t", '"', "'", "{", "[", "- a", "a: b"),
    *("25% of remaining", "buyer", "either", "ending", "30/360", "whole-month", "total > 40bn"),
    *("\x00", "\u202e", "\u2028", "é", "日本", "x" * 2_001, "\n", "\r", "#", ":", "::error::"),
]
KEYS = [
    *("deal", "provider", "seller", "buyer", "currency", "term", "start", "through", "months"),
    *("signed", "charges", "price", "on", "capacity", "load", "ramp", "escalator", "prepayment"),
    *("rate", "every", "first", "discount", "share", "credited", "from_month", "termination"),
    *("by", "notice", "lock_out", "lock_out_bars", "fee", "conventions", "proration", "billing"),
    *("in", "due", "claims", "claim", "source", "cases", "set", "sources", "assumptions", "x"),
]
texts = st.sampled_from(NASTY) | st.text(max_size=8)
values = st.recursive(
    texts,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(KEYS) | texts, inner, max_size=4)
    ),
    max_leaves=12,
)
paths = st.lists(st.sampled_from([*KEYS, *NASTY, "compute", "halls", "0", "1", "٣"]), max_size=5)
settings = st.lists(st.builds("{}={}".format, paths.map(".".join), texts), max_size=2)
SHIPPED = [path.read_text("utf-8") for path in sorted(SCENARIOS.glob("*.yaml"))]


@st.composite
def edited(draw: st.DrawFn) -> bytes:
    """A shipped scenario with some of its text replaced."""
    text = draw(st.sampled_from(SHIPPED))
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(texts) + text[at + draw(st.sampled_from([0, 0, 1, 5, 40])) :]
    return text.encode("utf-8", "surrogatepass")


@st.composite
def altered(draw: st.DrawFn) -> bytes:
    """A shipped scenario with some of its values replaced, taken away or added."""
    deal = plain(draw(st.sampled_from(SHIPPED)))
    for _ in range(draw(st.integers(1, 4))):
        path = draw(st.sampled_from(places(deal)))
        owner: Any = deal
        for part in path[:-1]:
            owner = owner[part]
        if isinstance(owner, dict) and draw(st.booleans()):
            del owner[path[-1]]
            owner[draw(st.sampled_from(KEYS))] = draw(values)
        else:
            owner[path[-1]] = draw(values)
    return as_yaml(deal)


def as_yaml(value: Any) -> bytes:
    return yaml.dump(value, sort_keys=False, allow_unicode=True).encode("utf-8", "surrogatepass")


made = st.dictionaries(st.sampled_from(KEYS), values).map(
    lambda some: as_yaml({"deal": "x"} | some)
)


@given(content=st.one_of(edited(), altered(), made, st.binary(max_size=200)), laid=settings)
def test_any_file_is_read_or_refused(content: bytes, laid: list[str], file: Write) -> None:
    name = file(content)
    try:
        problems = load(name, None, laid).warnings
    except Refused as caught:
        problems = tuple(caught.problems)
        assert problems
    assert [problem.place for problem in problems] == sorted(one.place for one in problems)
    for problem in problems:
        assert problem.code in CODES
        assert problem.message
        assert problem.help
    assert all(line.isprintable() for line in report(problems).splitlines())

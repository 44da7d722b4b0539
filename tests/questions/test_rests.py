"""The terms that a figure rests on: a claim of it is true if they are as assumed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest
from effort import some
from random_deals import random_deal
from shipped import SCENARIOS
from silent_deals import other_answers, silenced
from small_deals import scenario

from dealcalc.core import Priced
from dealcalc.figures.figures import Measure, measure
from dealcalc.figures.result import Result
from dealcalc.figures.subject import load
from dealcalc.loading.changes import overlap
from dealcalc.loading.problems import Refused
from dealcalc.loading.scenario import Scenario
from dealcalc.questions.rests import assumed_inputs, inputs
from dealcalc.terms.deal import Deal
from dealcalc.terms.misread import Misread

DEAL = """\
deal: Northgate
seller: Example Halls
buyer: Example Lab
currency: EUR
term: {start: 2026-01, months: 24}
charges:
  halls:
    price: 10m per month
    capacity: [20 MW, 1000 GPU]
    ramp: [{months: 2, discount: 50%}]
  power:
    price: 50 per MWh
    capacity: halls
    start: 2027-01
  works: {price: 12m in total, start: 2026-07, months: 12}
termination: {by: either, notice: 30 days, lock_out: 3 months}
"""
ALL = [
    "term.start",
    "term.months",
    "term.signed",
    "charges.halls.price",
    "charges.halls.capacity",
    "charges.halls.ramp.0.months",
    "charges.halls.ramp.0.discount",
    "charges.halls.escalator",
    "charges.power.price",
    "charges.power.load",
    "charges.power.start",
    "charges.works.price",
    "charges.works.start",
    "charges.works.months",
    "termination.notice",
    "termination.lock_out",
    "termination.fee",
    "conventions.proration",
]
LEAVES = ["termination.notice", "termination.lock_out", "termination.fee", "conventions.proration"]
RAMP = ["charges.halls.ramp.0.months", "charges.halls.ramp.0.discount"]

FIGURES = {
    # Of works, 12m in total, the days move nothing as long as all of them are within.
    "total": [
        *("term.start", "term.months", "charges.halls.price", "charges.halls.capacity", *RAMP),
        *("charges.halls.escalator", "charges.power.price", "charges.power.load"),
        *("charges.power.start", "charges.works.price"),
    ],
    # The ramp is over, power has not begun; works has six months of its twelve in the year.
    "month 2026-04": ["charges.halls.price", "charges.halls.escalator"],
    "month 2026-09": [
        *("charges.halls.price", "charges.halls.escalator", "charges.works.price"),
        *("charges.works.start", "charges.works.months", "conventions.proration"),
    ],
    # Notice on 1 April at the earliest: service until 1 May. The ramp counts from the start.
    "firm on 2026-01-31": [
        *("term.start", "term.signed", "charges.halls.price", *RAMP),
        *("charges.halls.escalator", *LEAVES),
    ],
    # Power is sold by the same MW, in the second year only: so days count.
    "price per MW-year": [
        *("term.start", "term.months", "charges.halls.price", "charges.halls.capacity"),
        *("charges.power.price", "charges.power.load", "charges.power.start"),
    ],
    "last day": [
        *("term.start", "term.months", "charges.power.start"),
        *("charges.works.start", "charges.works.months"),
    ],
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_rests_on_terms(tmp_path: Path, name: str) -> None:
    file = tmp_path / "deal.yaml"
    file.write_text(DEAL)
    result = Result(load(str(file)).deal)
    assert [*assumed_inputs(ALL, measure(name), result)] == [
        path for path in ALL if path in FIGURES[name]
    ]


def test_a_part_of_a_sum_rests_on_its_whole_shape(tmp_path: Path) -> None:
    shape = "ramp: [{months: 2, discount: 50%}], escalator: {rate: 3%, every: 4 months}"
    text = DEAL.partition("  halls:")[0] + f"  works: {{price: 12m in total, {shape}}}\n"
    file = tmp_path / "deal.yaml"
    file.write_text(text)
    terms = ["price", "ramp.0.months", "ramp.0.discount", "escalator.rate", "escalator.every"]
    paths = [*(f"charges.works.{term}" for term in terms), "term.start", "term.months"]
    result = Result(load(str(file)).deal)
    # a month before the first increase, and after the ramp
    assert [*assumed_inputs(paths, measure("month 2026-04"), result)] == paths
    assert [*assumed_inputs(paths, measure("total"), result)] == ["charges.works.price"]


def test_a_length_counts_from_the_start_of_the_term(tmp_path: Path) -> None:
    # The one charge begins later, and ends with the term: 24 months from January 2026.
    text = DEAL.partition("  halls:")[0] + "  later: {price: 1m per month, start: 2027-01}\n"
    file = tmp_path / "deal.yaml"
    file.write_text(text)
    ends = ["term.start", "term.months", "charges.later.start"]
    found = assumed_inputs(ends, measure("total"), Result(load(str(file)).deal))
    assert [*found] == ends


NUDGES = {
    "anthropic-xai-colossus-1.yaml": {
        "term.start": "2026-06",
        "term.through": "2029-04",
        "term.signed": "2026-05-20",
        "charges.compute.price": "1.3bn per month",
        "charges.compute.capacity": "[310 MW, 230000 GPU]",
        "charges.compute.ramp.0.months": "3",
        "charges.compute.ramp.0.discount": "40%",
        "charges.compute.escalator": "3%",
        "termination.by": "buyer",
        "termination.notice": "60 days",
        "termination.fee": "1m",
        "termination.lock_out": "2026-09-01",
        "conventions.proration": "30/360",
        "conventions.notice_day": "included",
        "billing": "{in: advance}",
    },
    "iren-microsoft.yaml": {
        "term.start": "2026-03",
        "charges.horizon-1.price": "2bn in total",
        "charges.horizon-2.capacity": "60 MW",
        "charges.horizon-3.start": "2026-11",
        "charges.horizon-3.months": "59",
        "charges.horizon-4": "none",
        "charges.horizon-1.prepayment.share": "10%",
        "termination": "{by: buyer, notice: 90 days}",
        "conventions.proration": "30/360",
    },
    "made-up-every-term.yaml": {
        "charges.gpus.load": "70%",
        "charges.gpus.price": "3 per GPU-hour",
        "termination.0.notice": "1 month",
        "termination.0.fee": "none",
        "termination.1.fee": "1m",
        "conventions.notice_day": "included",
        "conventions.proration": "actual",
    },
}
MEASURES = [
    *("total", "months", "year 2026", "year 2027", "year 2029", "month 2026-06", "month 2028-02"),
    *("earned on 2027-03-10", "firm on 2026-08-15", "firm on 2027-06-30", "last day", "fee"),
    *("earned", "forgone", "earned share", "run rate on 2027-02-10", "price per MW-year"),
    *("next 12 months on 2026-12-31", "price per GPU-month", "average price per MW-year"),
    *("quarter 2026-Q4", "fiscal year 2027", "from 2026-06-10 to 2028-02-10", "contract value"),
    *("billed in quarter 2027-Q1", "cash in year 2027", "highest month", "present value at 9%"),
    *("firm share on 2027-03-10", "cancellable on 2027-03-10", "not begun on 2026-06-30"),
    *("cover on 2027-03-10", "first exit on 2027-03-10", "remaining term on 2027-03-10"),
    *("firm remaining term on 2027-03-10", "firm at signing", "cover at signing"),
]


def value(scenario: Scenario, name: str) -> object:
    case = scenario.what_if
    priced = Priced(scenario.deal)
    ended = priced.terminate(case.notice, case.by) if case.notice else None
    try:
        return measure(name)(Result(scenario.deal, ended, priced))
    except Misread:
        return None


@pytest.mark.parametrize(
    ("file", "case"),
    [
        ("anthropic-xai-colossus-1.yaml", None),
        ("anthropic-xai-colossus-1.yaml", "anthropic-leaves"),
        ("iren-microsoft.yaml", None),
        ("made-up-every-term.yaml", None),
        ("made-up-every-term.yaml", "buyer-leaves"),
    ],
)
def test_what_a_figure_does_not_rest_on_does_not_move_it(file: str, case: str | None) -> None:
    path = str(SCENARIOS / file)
    before = load(path, case)
    priced = Priced(before.deal)
    what_if = before.what_if
    ended = priced.terminate(what_if.notice, what_if.by) if what_if.notice else None
    moved = 0
    for term, text in NUDGES[file].items():
        try:
            after = load(path, case, [f"{term}={text}"])
        except Refused:
            continue
        for name in MEASURES:
            if value(after, name) != value(before, name):
                terms = set(inputs(measure(name), Result(before.deal, ended, priced)))
                assert any(overlap(term, other) for other in terms), (term, name)
                moved += 1
    assert moved > 10  # the nudges do nudge


# --- what a file leaves to defaults ---------------------------------------------------------------


def some_figures(rng: Random, told: Scenario) -> Iterator[Measure]:
    deal = told.deal
    day = deal.term.start + timedelta(rng.randrange((deal.last - deal.term.start).days + 1))
    names = [
        *("total", "firm at signing", "last day", "months", f"year {day:%Y}"),
        *(f"month {day:%Y-%m}", f"earned on {day}", f"run rate on {day}"),
    ]
    yield from map(measure, names + [f"firm on {day}"] * (day >= deal.signed))


def differs(one: Any, other: Any, deal: Deal) -> bool:
    """Whether two values differ by more than the rounding of each charge at both ends."""
    if isinstance(one, Fraction) and isinstance(other, Fraction):
        return abs(one - other) > Fraction(2 * len(deal.charges), 10**deal.places)
    return bool(one != other)


def test_what_a_figure_does_not_rest_on_may_be_silent() -> None:
    """Another answer than a default moves no figure that does not rest on it."""
    moved = 0
    for seed in some(40, range(300)):
        rng = Random(seed)
        node = silenced(random_deal(rng))
        before = scenario(node)
        result = Result(before.deal)
        named = {each: [*inputs(each, result)] for each in some_figures(rng, before)}
        for path, answer in other_answers(before):
            try:
                after = scenario(node, settings=[f"{path}={answer}"])
            except Refused:
                continue
            for each, paths in named.items():
                if differs(each(Result(after.deal)), each(result), before.deal):
                    rests = any(overlap(path, other) for other in paths)
                    assert rests, f"seed {seed}: {path}={answer} moves {each.text}"
                    moved += 1
    assert moved > 100  # the answers do move figures

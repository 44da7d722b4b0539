"""Defaults that a file takes without saying so: each is listed where it moves money or a date."""

from __future__ import annotations

from random import Random

import pytest
from effort import some
from random_deals import random_deal
from silent_deals import other_answers, silenced
from small_deals import Node, model, scenario, simple

from dealcalc.core import Priced
from dealcalc.figures.assumptions import assumptions, open_defaults
from dealcalc.loading.problems import Refused
from dealcalc.loading.scenario import Scenario
from dealcalc.terms.dates import month_ends

WHOLE = simple("100 per month", "2026-01", "2026-12", billing={"in": "advance", "due": "30 days"})
SIGNED = {"term": {"start": "2026-01", "through": "2026-12", "signed": "2026-01-01"}}
NONE = WHOLE | SIGNED | {"termination": "none"}
RIGHT = {"by": "buyer", "notice": "3 months"}
BY_THE_HOUR = {"price": "2 per GPU-hour", "capacity": "8 GPU"}
GROWING = {"price": "100 per month", "escalator": "3%"}
STEP = {"price": "10 per month", "through": "2026-02-10"}
HOURLY = {"price": "2 per GPU-hour", "months": "2"}
HALF = {"price": "100 per month", "through": "2026-06-15"}

DEFAULTS: dict[str, tuple[Node, list[str], list[str]]] = {
    # what moves earned amounts or last days, and what moves but dates of cash or of signing
    "all is said": (NONE, [], []),
    "who may leave": (WHOLE | SIGNED, ["termination"], []),
    "signing, where nobody may leave": (WHOLE | {"termination": "none"}, [], ["term.signed"]),
    "signing, from which notice may be given": (
        WHOLE | {"termination": RIGHT},
        ["term.signed", "conventions.notice_day"],
        ["conventions.proration"],
    ),
    "a right": (
        NONE | {"termination": {"notice": "3 months", "lock_out": "6 months"}},
        ["termination.by", "termination.lock_out_bars", "conventions.notice_day"],
        ["conventions.proration"],
    ),
    "one of two rights": (
        NONE | {"termination": [RIGHT, RIGHT | {"by": "seller", "lock_out": "6 months"}]},
        ["termination.1.lock_out_bars", "conventions.notice_day"],
        ["conventions.proration"],
    ),
    "hours": (NONE | {"charges": {"only": BY_THE_HOUR}}, ["charges.only.load"], []),
    "hours in a step": (
        NONE | {"charges": {"only": BY_THE_HOUR | {"price": "9 per month", "ramp": [HOURLY]}}},
        ["charges.only.load"],
        [],
    ),
    "hours that are said": (NONE | {"charges": {"only": BY_THE_HOUR | {"load": "90%"}}}, [], []),
    "the pace of an escalator": (
        NONE | {"charges": {"only": GROWING}},
        ["charges.only.escalator.every"],
        [],
    ),
    "half a month": (NONE | {"charges": {"only": HALF}}, ["conventions.proration"], []),
    "a month's price in a step of a daily one": (
        NONE | {"charges": {"only": {"price": "1 per day", "ramp": [STEP]}}},
        ["conventions.proration"],
        [],
    ),
    "half a day's price": (
        NONE | {"charges": {"only": HALF | {"price": "100 per day"}}},
        [],
        [],
    ),
    "billing": ({**NONE, "billing": "none"}, [], ["billing"]),
    "a part of billing": (NONE | {"billing": {"in": "advance"}}, [], ["billing.due"]),
    "the other part of billing": (NONE | {"billing": {"due": "30 days"}}, [], ["billing.in"]),
    "what the file assumes itself": (
        WHOLE | {"assumptions": {"termination": "as drafts say", "term": "as drafts say"}},
        [],
        [],
    ),
}


@pytest.mark.parametrize("name", DEFAULTS)
def test_what_moves_the_deal_and_is_not_said_is_listed(name: str) -> None:
    node, moving, others = DEFAULTS[name]
    defaults = open_defaults(scenario(node))
    assert [default.path for default in defaults if default.moves] == moving
    assert [default.path for default in defaults if not default.moves] == others


def test_what_the_file_assumes_comes_first() -> None:
    node = model() | {"assumptions": {"termination.fee": "not disclosed; none"}}
    listed = assumptions(scenario(node | SIGNED))
    assert [*listed] == [
        *("termination.fee", "conventions.proration", "conventions.notice_day", "billing"),
    ]


# --- any deal -------------------------------------------------------------------------------------


def pays_and_ends(told: Scenario) -> object:
    """What a deal pays if nobody leaves, and when whoever leaves would be out."""
    priced = Priced(told.deal)
    days = [told.deal.term.start, *month_ends(told.deal.term.start, priced.last)]
    exits = [[(way.by, way.last_day) for way in priced.exits(day)] for day in days]
    return priced.schedule().lines, exits


def kind_of_default(path: str) -> str:
    return ".".join(part for part in path.split(".")[:1] + path.split(".")[-1:])


def test_what_is_not_listed_moves_no_deal() -> None:
    """A default moves what is earned, or a last day, only where it is listed as one that may.

    And of each kind that is listed so, one does move a deal somewhere in the run.
    """
    listed, moved = set[str](), set[str]()
    for seed in some(70, range(300)):
        node = silenced(random_deal(Random(seed)))
        before = scenario(node)
        moving = {default.path for default in open_defaults(before) if default.moves}
        listed |= set(map(kind_of_default, moving))
        for path, answer in other_answers(before):
            try:
                after = scenario(node, settings=[f"{path}={answer}"])
            except Refused:
                continue
            if pays_and_ends(after) != pays_and_ends(before):
                assert path in moving, f"seed {seed}: {path}={answer} moves the deal"
                moved.add(kind_of_default(path))
    assert listed == moved

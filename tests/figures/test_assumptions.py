"""Defaults that a file takes without saying so: each is listed where it moves money or a date."""

from __future__ import annotations

import pytest
from small_deals import Node, model, scenario, simple

from dealcalc.figures.assumptions import assumptions, open_defaults

WHOLE = simple("100 per month", "2026-01", "2026-12", billing={"in": "advance", "due": "30 days"})
SIGNED = {"term": {"start": "2026-01", "through": "2026-12", "signed": "2026-01-01"}}
NONE = WHOLE | SIGNED | {"termination": "none"}
RIGHT = {"by": "buyer", "notice": "3 months"}
BY_THE_HOUR = {"price": "2 per GPU-hour", "capacity": "8 GPU"}
GROWING = {"price": "100 per month", "escalator": "3%"}
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
    "hours that are said": (NONE | {"charges": {"only": BY_THE_HOUR | {"load": "90%"}}}, [], []),
    "the pace of an escalator": (
        NONE | {"charges": {"only": GROWING}},
        ["charges.only.escalator.every"],
        [],
    ),
    "half a month": (NONE | {"charges": {"only": HALF}}, ["conventions.proration"], []),
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

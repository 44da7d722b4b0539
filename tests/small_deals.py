"""Deals in the few words that a test needs, read as any file is read."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from random_deals import as_yaml

from dealcalc.core import Priced
from dealcalc.figures.subject import load
from dealcalc.loading.scenario import Scenario

Node = dict[str, Any]

MODEL: Node = {
    "currency": "USD",
    "term": {"start": "2026-05", "through": "2029-05"},
    "charges": {
        "compute": {
            "price": "1.25bn per month",
            "capacity": "300 MW",
            "ramp": [{"months": "2", "discount": "50%"}],
        }
    },
    "termination": {"by": "either", "notice": "90 days"},
}


def prepaid(share: str, on: str, from_month: int, months: int) -> Node:
    credited = {"from_month": f"{from_month}", "months": f"{months}"}
    return {"share": share, "on": on, "credited": credited}


PREPAID: Node = {
    "currency": "USD",
    "term": {"start": "2026-01", "months": "24"},
    "charges": {
        "a": {"price": "100 per month", "prepayment": prepaid("50%", "2025-12-31", 3, 12)},
        "b": {"price": "30.01 per month", "start": "2026-02"},
        "c": {"price": "70 once", "on": "2026-03-15"},
    },
    "billing": {"due": "30 days"},
}
"""Two charges by the month, one of them half prepaid, and one paid once."""


def scenario(node: Node, case: str | None = None, settings: Iterable[str] = ()) -> Scenario:
    """A scenario file of these terms, read."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "deal.yaml")
        file.write_text(as_yaml(node), encoding="utf-8")
        return load(str(file), case, settings)


def book(node: Node) -> Priced:
    return Priced(scenario(node).deal)


def simple(charge: str | Node, start: str, through: str, **more: Any) -> Node:
    """One charge, `only`, over a term; a text is its price."""
    charges = {"only": {"price": charge} if isinstance(charge, str) else charge}
    term = {"start": start, "through": through}
    return {"currency": "USD", "term": term, "charges": charges} | more


def model(**right: str) -> Node:
    """The model deal, with more terms in its right to leave."""
    return MODEL | {"termination": MODEL["termination"] | right}


def in_30_360(node: Node) -> Node:
    return node | {"conventions": {"proration": "30/360"}}


def in_whole_months(node: Node) -> Node:
    return node | {"conventions": {"proration": "whole-month"}}


def ramped(price: str, *steps: str, **more: Any) -> Node:
    """A charge with ramp steps, each in words: `1 months at 50% off`, `2026-03 at 7 per day`."""
    return {"price": price, "ramp": [ramp_step(step) for step in steps]} | more


def ramp_step(words: str) -> Node:
    length, paid = words.split(" at ")
    step = {"months": length.split()[0]} if length.endswith("months") else {"through": length}
    discount = paid.removesuffix(" off")
    return step | ({"discount": discount} if discount != paid else {"price": paid})


def growing(price: str, rate: str, every: str, **more: str) -> Node:
    return {"price": price, "escalator": {"rate": rate, "every": every} | more}


def signed_on_3_may(right: dict[str, str], **conventions: str) -> Node:
    node = model(**right) | {"conventions": conventions} if conventions else model(**right)
    return node | {"term": MODEL["term"] | {"signed": "2026-05-03"}}


def two_rights(buyer: Node, seller: Node) -> Node:
    rights = [{"by": "buyer", "notice": "90 days"} | buyer, {"by": "seller"} | seller]
    return MODEL | {"termination": rights}


def day(text: str) -> date:
    return date.fromisoformat(text)


def money(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))

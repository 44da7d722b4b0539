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
from dealcalc.loading.scenario import Scenario, load

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


def day(text: str) -> date:
    return date.fromisoformat(text)


def money(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))

"""Deals that leave to defaults whatever they can, and the answers that they might have given."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from dealcalc.loading.scenario import Scenario

Node = dict[str, Any]


def silenced(node: Node) -> Node:
    """A deal that leaves to defaults whatever it can."""
    silent = {key: value for key, value in node.items() if key != "conventions"}
    if "signed" in node["term"]:  # without which options may lapse too early
        silent.pop("options", None)
    if added := silent.get("options", {}).get("expansion"):
        added = added | {"adds": silent_charges(added["adds"])}
        silent["options"] = silent["options"] | {"expansion": added}
    return silent | {
        "charges": silent_charges(node["charges"]),
        "term": {key: value for key, value in node["term"].items() if key != "signed"},
        **({"termination": silent_rights(node["termination"])} if "termination" in node else {}),
    }


def silent_charges(said: Node) -> Node:
    charges = {name: dict(charge) for name, charge in said.items()}
    for charge in charges.values():
        charge.pop("load", None)
        if isinstance(charge.get("escalator"), dict):
            charge["escalator"] = {"rate": charge["escalator"]["rate"]}
    return charges


def silent_rights(rights: Any) -> Any:
    if isinstance(rights, list):
        return [silent_rights(right) for right in rights]
    if isinstance(rights, dict):
        said = [key for key in rights if key != "lock_out_bars" and rights[key] != "either"]
        return {key: rights[key] for key in said}
    return rights


def other_answers(told: Scenario) -> Iterator[tuple[str, str]]:
    """Each term that a file may leave out, with an answer that is not the default."""
    deal = told.deal
    yield "term.signed", f"{deal.term.start + timedelta(10)}"
    yield from (("conventions.proration", answer) for answer in ("30/360", "whole-month"))
    yield "conventions.notice_day", "included"
    if deal.termination is None:
        yield "termination", "{by: either, notice: 30 days}"
    for index, right in enumerate(deal.rights):
        several = isinstance(told.find("termination").value, list)  # type: ignore[union-attr]
        path = f"termination.{index}" if several else "termination"
        if right.lock_out is not None:
            yield f"{path}.lock_out_bars", "ending"
        if right.by == "either":
            yield f"{path}.by", "buyer"
    for name, charge in deal.charges.items():
        prices = charge.price, *(step.price for step in charge.ramp if step.price)
        if any(price.is_hourly for price in prices):
            yield f"{deal.path_of(name)}.load", "50%"
        if charge.escalator:
            yield f"{deal.path_of(name)}.escalator.every", "6 months"

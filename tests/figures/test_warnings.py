"""What is legal and still looks wrong, once a deal is priced; and that every command says it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import TESTS
from small_deals import Node, book, simple

from dealcalc.cli import run
from dealcalc.core import Priced
from dealcalc.figures import subject
from dealcalc.figures.subject import load
from dealcalc.figures.warnings import doubts_about, warnings


def charges(**named: Node) -> Node:
    term = {"start": "2025-01", "through": "2032-12"}
    return {"currency": "USD", "term": term, "charges": named}


# --- unit prices --------------------------------------------------------------------------------


def said(price: str, capacity: str = "1 MW", currency: str = "USD") -> list[str]:
    """The doubts about a unit price, from `is` to `comparable`."""
    deal = simple({"price": price, "capacity": capacity}, "2026-01", "2026-12", currency=currency)
    messages = [fault.message for fault in doubts_about(book(deal))]
    return [message.removesuffix(" that comparable contracts pay") for message in messages]


DOUBTS = {
    # 50 / 11.6
    "50m per MW-year": ["50,000,000 USD per MW-year is 4.3 times the most"],
    "23_200_001 per MW-year": ["23,200,001 USD per MW-year is 2 times the most"],
    "23.2m per MW-year": [],
    "9.7m per MW-year": [],
    "750k per MW-year": [],
    # 0.4 x 1.5m; 0.06 x 1.5m
    "600k per MW-year": ["600,000 USD per MW-year is 0.4 of the least"],
    "90k per MW-year": ["90,000 USD per MW-year is 0.1 of the least"],
    "75k per MW-year": ["75,000 USD per MW-year is 0.1 of the least"],
    "74_999 per MW-year": ["74,999 USD per MW-year is less than a twentieth of the least"],
    "0.25 per MW-year": ["less than 1 USD per MW-year is less than a twentieth of the least"],
    "0 per MW-year": [],
}


@pytest.mark.parametrize(("price", "messages"), DOUBTS.items(), ids=DOUBTS)
def test_unit_prices_far_from_any_other(price: str, messages: list[str]) -> None:
    assert said(price) == messages


def test_other_currencies_are_not_compared() -> None:
    assert said("50m per MW-year", currency="EUR") == []


def test_a_doubt_stands_at_the_price_of_what_is_sold() -> None:
    # 100,000 a GPU-month is 11.96 times 8,364; what is paid once for GPUs is no price of theirs
    deal = charges(
        setup={"price": "1m once", "on": "2026-01-01", "capacity": "10 GPU"},
        office={"price": "1m per month"},
        gpus={"price": "100k per GPU-month", "capacity": "10 GPU"},
    )
    (fault,) = doubts_about(book(deal))
    assert (fault.path, fault.code, fault.severity) == (
        ("charges", "gpus", "price"),
        "unit-price",
        "warning",
    )
    assert fault.message.startswith("100,000 USD per GPU-month is 12 times the most")
    assert fault.help.startswith("they pay 3,846 USD to 8,364 USD (")


# --- every command ------------------------------------------------------------------------------


SAY_WARNINGS = {
    "schedule": ("schedule", "{}"),
    "backlog": ("backlog", "{}"),
    "value": ("value", "{}", "--rate", "9%"),
    "ambiguity": ("ambiguity", "{}"),
    "explain": ("explain", "{}", "total"),
    "sweep": ("sweep", "{}", "--vary", "notice=2026-05-01"),
    "solve": ("solve", "{}", "total > 1", "--vary", "term.through"),
}


@pytest.mark.parametrize("words", SAY_WARNINGS.values(), ids=SAY_WARNINGS)
@pytest.mark.parametrize("code", ["lock-out-outlasts", "notice-outlasts", "unit-price"])
def test_every_command_gives_the_warnings_of_a_file(
    code: str, words: tuple[str, ...], capfd: pytest.CaptureFixture[str]
) -> None:
    file = str(TESTS / "broken" / f"{code}.yaml")
    run([*(word.format(file) for word in words), "-f", "json"])
    out, err = capfd.readouterr()
    expected = [problem.message for problem in warnings(load(file))]
    assert json.loads(out)["warnings"] == expected != [], err


def test_a_deal_is_priced_when_it_is_asked_for_and_once(
    monkeypatch: pytest.MonkeyPatch, shipped: Path
) -> None:
    made = []

    class Counted(Priced):
        def __init__(self, deal) -> None:
            made.append(deal)
            super().__init__(deal)

    monkeypatch.setattr(subject, "Priced", Counted)
    scenario = load(str(shipped))
    assert made == []
    warnings(scenario)
    assert subject.priced_deal(scenario) is subject.priced_deal(scenario)
    assert made == [scenario.deal]

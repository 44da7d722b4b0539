"""What people write: read as what they mean, or refused with a way out that works as it stands."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from shipped import TESTS

from dealcalc.core import Priced
from dealcalc.figures.subject import load
from dealcalc.loading.problems import Problem, Refused
from dealcalc.loading.scenario import Scenario
from dealcalc.terms.words import CAPACITY, RATE

DEAL = """\
deal: Northgate
seller: Example Halls
buyer: Example Lab
currency: USD
term: {start: 2026-05, years: 7}
charges:
  compute:
    price: 12m per month
    capacity: [80 MW, 40000 GPU]
    ramp: [{months: 2, discount: 50%}]
    escalator: {rate: 3%, every: 6 months}
  fit-out: {price: 5m once, on: 2026-06-01}
termination: {by: buyer, notice: 90 days, lock_out: 6 months}
"""
PHRASINGS: dict[str, dict[str, Any]] = yaml.load(  # noqa: TID251 - every scalar is a text
    (TESTS / "phrasings.yaml").read_text("utf-8"), yaml.BaseLoader
)
ROWS = [(path, text) for path, rows in PHRASINGS.items() for text in rows]


@pytest.fixture(scope="module")
def deal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("phrasings") / "deal.yaml"
    file.write_text(DEAL, encoding="utf-8")
    return file


def said(deal: Path, path: str, text: str) -> Scenario:
    """The deal in which a term is what somebody wrote; without what may not stand beside it."""
    beside = {"charges.compute.price": "charges.compute.ramp"} if text.endswith("total") else {}
    gone = [f"{other}=none" for here, other in beside.items() if here == path]
    gone += ["charges.compute.escalator=none"] if gone else []
    return load(str(deal), None, [*gone, f"{path}={text}"])


def refusal(deal: Path, path: str, text: str) -> Problem:
    """The first problem of what somebody wrote."""
    with pytest.raises(Refused) as caught:
        said(deal, path, text)
    return next(iter(caught.value.problems))


def test_there_are_many() -> None:
    assert len(ROWS) >= 150


@pytest.mark.parametrize(("path", "text"), ROWS, ids=lambda part: str(part))
def test_it_is_read_or_refused_with_a_way_out(deal: Path, path: str, text: str) -> None:
    expected = PHRASINGS[path][text]
    if isinstance(expected, str):
        scenario, written = said(deal, path, text), said(deal, path, expected)
        assert (scenario.text(path), scenario.deal) == (expected, written.deal)
        return
    problem = refusal(deal, path, text)
    ways = re.findall("`([^`]+)`", problem.help)
    if "says" in expected:
        assert expected["says"] in f"{problem.message}; {problem.help}"
    else:
        assert ways[0] == expected["write"]
    for way in ways:
        if "like" in problem.help:  # an example of what can be read, wherever it fits
            assert takes(deal, path, way)
        else:
            scenario = said(deal, path, way)
            assert Priced(scenario.deal).schedule().total < 10 * 10**9


def takes(deal: Path, path: str, text: str) -> bool:
    scenario = load(str(deal))
    word = scenario.word(path) or {"charges.compute.capacity": CAPACITY}.get(path, RATE)
    return word.read(text) is not None

"""What people write: read as what they mean, or refused with a way out that works as it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from shipped import TESTS

from dealcalc.checks.check import checked
from dealcalc.cli import run
from dealcalc.core import Priced
from dealcalc.figures.claims import statement
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
    prepayment: {amount: 30m, on: 2026-04-30, credited: {most: 50%}}
  fit-out: {price: 5m once, on: 2026-06-01}
termination: {by: buyer, notice: 90 days, lock_out: 6 months}
options:
  renewals: {extends: compute, by: buyer, years: 5, times: 3, notice: 6 months, price: at market}
cases:
  lab-leaves: {notice: 2028-03-15}
  no-discount: {set: {charges.compute.ramp.0.discount: 0%}}
"""
PHRASINGS: dict[str, dict[str, Any]] = yaml.load(  # noqa: TID251 - every scalar is a text
    (TESTS / "phrasings.yaml").read_text("utf-8"), yaml.BaseLoader
)
LINES = PHRASINGS.pop("command lines")
CLAIMS = PHRASINGS.pop("claims")
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
        assert scenario.text(path) == expected
        assert replace(scenario.deal, cases={}) == replace(written.deal, cases={})
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


@pytest.mark.parametrize("text", CLAIMS)
def test_a_claim_is_read_or_refused_with_a_way_out(tmp_path: Path, text: str) -> None:
    file, expected = tmp_path / "deal.yaml", CLAIMS[text]
    file.write_text(f"{DEAL}claims: [{{claim: '{text}'}}]\n", encoding="utf-8")
    problems = [problem for problem in checked(str(file)).problems if problem.code != "unit-price"]
    if isinstance(expected, str):
        assert problems == []
        assert statement(text, "USD") == statement(expected)
    elif "write" in expected:
        assert expected["write"] in problems[0].help
    else:
        assert expected["says"] in f"{problems[0].message}; {problems[0].help}"


def arguments(line: str) -> list[str]:
    """The words of a line; one that begins no option belongs to the value before it."""
    words: list[str] = []
    for word in line.split(" "):
        open_value = len(words) > 2 and words[-2].startswith("-") and not word.startswith("-")
        words = [*words[:-1], f"{words[-1]} {word}"] if open_value else [*words, word]
    return words


def followed(words: list[str], way: str) -> Iterator[list[str]]:
    """The words with one of them, or a part of it, replaced by what a way out says to write."""
    if way.startswith("dealcalc "):
        yield way.split(" ")[1:]
    for place, word in enumerate(words):
        path, equals, value = word.partition("=")
        keys = path.split(".")
        paths = [way, *(".".join([*keys[:k], way, *keys[k + 1 :]]) for k in range(len(keys)))]
        for changed in (way, f"{path}={way}", *(f"{other}{equals}{value}" for other in paths)):
            yield [*words[:place], changed, *words[place + 1 :]]
        yield [*words[:place], *way.split(" "), *words[place + 1 :]]


@pytest.mark.parametrize("line", LINES)
def test_a_command_line_is_refused_with_one_that_works(
    deal: Path, line: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(deal.parent)
    words, expected = arguments(line), LINES[line]
    assert run(words) == 2
    out, err = capfd.readouterr()
    assert out == ""
    if isinstance(expected, dict):
        assert expected["says"] in err
        return
    way = re.search("`([^`]+)`", err.partition("= help: ")[2])
    assert way, err
    assert arguments(expected) in followed(words, way[1]), err
    assert run(arguments(expected)) == 0
    assert "no value is possible" not in capfd.readouterr().out

"""Books as they are asked for: which contracts they have, and what is laid on them."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from random_deals import as_yaml
from shipped import SCENARIOS
from small_deals import MODEL

from dealcalc.book.book_files import load_book
from dealcalc.book.contracts import Book
from dealcalc.checks.check import checked
from dealcalc.cli import run
from dealcalc.loading.problems import Refused
from dealcalc.loading.scenario import read_root

TEXT = as_yaml(MODEL | {"claims": [{"claim": "total > 1bn"}]})


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One deal twice in two folders, once more beside them, and a file that is none of ours."""
    for name in ("a/hall.yaml", "b/hall.yaml", "north.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    (tmp_path / "compose.yaml").write_text("services: {web: {image: nginx}}\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def book(text: str, **asked: Any) -> Book:
    Path("book.yaml").write_text(text, encoding="utf-8")
    return load_book(["book.yaml"], opened=read_root("book.yaml"), **asked)


def problem(load: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        load()
    return " | ".join(f"{one.message}; {one.help}" for one in refused.value.problems)


@pytest.mark.usefixtures("folder")
def test_a_folder_is_its_deals_and_those_below_it() -> None:
    names = [member.name for member in load_book(["."]).members]
    assert names == ["a/hall", "b/hall", "north"]
    assert [member.name for member in load_book(["a", "north.yaml"]).members] == ["hall", "north"]


@pytest.mark.usefixtures("folder")
def test_a_real_path_counts_once_and_two_cases_of_it_are_an_error() -> None:
    Path("south.yaml").symlink_to("north.yaml")
    assert len(load_book(["north.yaml", "south.yaml", "north.yaml"]).members) == 1
    text = as_yaml(MODEL | {"cases": {"left": {"notice": "2027-03-15"}}})
    Path("north.yaml").write_text(text, encoding="utf-8")
    twice = "book: B\ncontracts: [north.yaml, {contract: north.yaml, case: left}]\n"
    assert "counted twice: as it is and case left" in problem(lambda: book(twice))
    left = book("book: B\ncontracts: {contract: north.yaml, case: left}\n")
    # 2 x 0.625bn, 11 x 1.25bn, 13/30 of one: through 13 June 2027
    assert left.of_currency("").total == Decimal("15541666666.67")


@pytest.mark.usefixtures("folder")
def test_contracts_are_asked_by_name() -> None:
    text = "book: B\ncontracts: [a, b, north.yaml]\n"
    half = ["a/hall:charges.compute.ramp=none"]
    # 45bn each; without its ramp 37 x 1.25bn = 46.25bn; and 15.54bn after notice
    asked = book(text, settings=half, notices=["north:2027-03-15"])
    totals = {member.name: member.result.total for member in asked.members}
    assert totals == {
        "a/hall": 46_250_000_000,
        "b/hall": 45_000_000_000,
        "north": Decimal("15541666666.67"),
    }
    assert asked.overrides == {"a/hall:charges.compute.ramp": "none"}


@pytest.mark.usefixtures("folder")
def test_cases_of_a_book_lay_terms_and_notice_on_its_contracts() -> None:
    text = """
book: B
contracts: [a/hall.yaml, north.yaml]
claims:
  - {claim: total = 90bn, source: arithmetic}
  - {claim: total = 91bn, expect: false}
cases:
  left:
    notice: {north: 2027-03-15}
    claims: [{claim: "total < 61bn"}]
  dearer:
    set: {"hall:charges.compute.price": 2bn per month}
    claims: [{claim: total > 200bn}]
"""
    assert book(text).of_currency("").total == 90_000_000_000
    # 45bn + 15.54bn; 2 x 1bn + 35 x 2bn + 45bn
    assert book(text, case="left").of_currency("").total == Decimal("60541666666.67")
    assert book(text, case="dearer").of_currency("").total == 117_000_000_000
    found = checked("book.yaml", tested=True)
    assert (found.status, found.claims) == (1, 4)
    (false,) = (one.problem for one in found.tested if one.problem)
    assert "in the case dearer, total is 117,000,000,000.00 USD" in false.message
    assert [one.is_true for one in found.tested] == [True, False, True, False]
    Path("book.yaml").write_text(text.replace("91bn", "90bn").replace("200bn", "1bn"))
    found = checked("book.yaml")
    assert [problem.code for problem in found.problems] == ["false-claim"]
    assert "though it is expected to be false" in found.problems[0].message


REFUSED = {
    "book: B\n": "missing `contracts`",
    "book: B\ncontracts: []\n": "`contracts` has no value",
    "book: B\ncontracts: [none.yaml]\n": "there is no file none.yaml",
    "book: B\ncontracts: [../x.yaml]\n": "leads out of the folder",
    "book: B\ncontracts: [book.yaml]\n": "this is a book, not a deal",
    "book: B\ncontracts: [{contract: north.yaml, case: x}]\n": "there is no case `x`",
    "book: B\ncontracts: [north.yaml]\nclaims: [{claim: totl > 1bn}]\n": "unknown figure `totl`",
}


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(("text", "message"), REFUSED.items(), ids=REFUSED.values())
def test_a_book_that_is_wrong_says_so(text: str, message: str) -> None:
    assert message in problem(lambda: book(text))


@pytest.mark.usefixtures("folder")
def test_what_is_asked_of_no_contract_is_refused() -> None:
    text = "book: B\ncontracts: [a, north.yaml]\n"
    assert "which contract?" in problem(lambda: book(text, notices=["2027-03-15"]))
    assert "no contract nort" in problem(lambda: book(text, settings=["nort:term.start=2026-01"]))
    assert "no case `x` in the book" in problem(lambda: book(text, case="x"))
    assert "2036-01-01" in problem(lambda: book(text, notices=["north:2036-01-01"]))
    assert "invalid date" in problem(lambda: book(text, notices=["north:soon"]))
    Path("empty").mkdir()
    assert "no contract here" in problem(lambda: load_book(["empty"]))
    Path("north.yaml").write_text("deal: x\n", encoding="utf-8")
    assert "cannot be counted" in problem(lambda: book(text))


# --- commands -------------------------------------------------------------------------------------


def test_sixty_contracts_fit_a_screen(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for index in range(60):
        price = {"compute": {"price": f"{index + 1}m per month"}}
        deal = MODEL | {"charges": price, "buyer": f"Buyer {index % 3}"}
        (tmp_path / f"deal-{index:02}.yaml").write_text(as_yaml(deal), encoding="utf-8")
    for command in ("schedule", "backlog"):
        assert run([command, str(tmp_path)]) == 0
        out = capfd.readouterr().out
        assert "and 48 more" in out
        assert out.count("deal-") < 20
        assert len(out.splitlines()) < 50
        assert run([command, str(tmp_path), "--top", "0"]) == 0
        assert "more" not in capfd.readouterr().out.partition("assumed")[0]
        assert run([command, str(tmp_path), "--group", "buyer"]) == 0
        out = capfd.readouterr().out
        assert [name for name in ("Buyer 0", "Buyer 1", "Buyer 2") if name in out]
    # 37 months of 1m + 2m + ... + 60m
    assert run(["ask", str(tmp_path), "total", "-f", "plain"]) == 0
    assert capfd.readouterr().out == f"{37 * 1830}000000.00\n"


def test_backlog_of_a_book_in_json(capfd: pytest.CaptureFixture[str]) -> None:
    spacex = str(SCENARIOS / "spacex-book.yaml")
    assert run(["backlog", spacex, "--as-of", "2026-09-30", "-f", "json"]) == 0
    node = json.loads(capfd.readouterr().out, parse_float=Decimal)
    assert node["format"] == "dealcalc/backlog/2"
    assert [row["name"] for row in node["contracts"]] == [
        *("anthropic-xai-colossus-1", "google-spacex", "reflection-spacex"),
    ]
    (together,) = node["together"].values()
    assert together["firm"] == Decimal("9665182795.70")
    assert together["cover"] == Decimal("0.347169")
    assert [band["contract_value"] for band in together["bands"]] == [
        *(Decimal("27840000000.00"), Decimal("27840000000.00"), Decimal("20530000000.00")),
    ]
    assert [band["through"] for band in together["bands"]] == ["2027-09-30", "2028-09-30", None]
    assert together["largest_buyer"]["firm_name"] == "Google"


def test_what_makes_no_sense_of_a_book_says_so(capfd: pytest.CaptureFixture[str]) -> None:
    spacex = str(SCENARIOS / "spacex-book.yaml")
    asked = {
        ("terminate", spacex): "this is a book, not a deal",
        ("sweep", spacex, "--vary", "term.start=2026-01,2026-02"): "this is a book, not a deal",
        ("backlog", spacex, "--every", "month"): "--every asks about one contract",
        ("backlog", spacex, "--bands", "24m,12m"): "put them in order",
        ("backlog", spacex, "--bands", "a year"): "write it like `12m,24m`",
        ("ask", spacex): "QUESTION is missing",
        ("ask", spacex, spacex): "nothing is asked",
    }
    for words, message in asked.items():
        assert run([*words]) == 2
        assert message in capfd.readouterr().err, words
    assert run(["compare", spacex, "-f", "csv"]) == 0
    assert capfd.readouterr().out.count("spacex") >= 2

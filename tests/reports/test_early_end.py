"""Notice that has been given, at the top of a file: what every answer starts from.

100 a month in 2026, 60 days' notice: given on 15 May the last day is 14 July, 6 14/31 months.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from commands import Command
from random_deals import as_yaml
from reading import refused
from small_deals import Node, simple

import dealcalc
from dealcalc.book.site_files import load_site
from dealcalc.checks.check import checked

Ask = Callable[..., Any]

ENDED = Decimal("645.16")  # 6 x 100 + 14/31 x 100
AGREED = Decimal("1200.00")
DEAL: Node = simple("100 per month", "2026-01", "2026-12") | {
    "termination": {"by": "buyer", "notice": "60 days"},
    "notice": "2026-05-15",
    "by": "buyer",
}
CASES: Node = {
    "cases": {
        "in-force": {"notice": "none"},
        "in-force-by-a-path": {"set": {"notice": "none"}},
        # 60 days from 15 August are 14 October: 9 x 100 + 14/31 x 100
        "later": {"notice": "2026-08-15"},
        "dearer": {"set": {"charges.only.price": "310 per month"}},
    },
}


@pytest.fixture
def deal(file: Ask) -> str:
    name: str = file(as_yaml(DEAL | CASES))
    return name


@pytest.mark.parametrize(
    ("case", "total", "last_day"),
    [
        (None, ENDED, "2026-07-14"),
        ("in-force", AGREED, "2026-12-31"),
        ("in-force-by-a-path", AGREED, "2026-12-31"),
        ("later", Decimal("945.16"), "2026-10-14"),
        ("dearer", Decimal("2000.00"), "2026-07-14"),  # 310 x 6 14/31
    ],
)
def test_a_case_replaces_the_notice_of_the_file_or_keeps_it(
    deal: str, case: str | None, total: Decimal, last_day: str
) -> None:
    schedule = dealcalc.schedule(dealcalc.load(deal, case))
    assert (schedule.total, schedule.last_day) == (total, date.fromisoformat(last_day))


def test_a_setting_takes_it_away(deal: str) -> None:
    there = dealcalc.load(deal, set={"notice": "none"})
    assert dealcalc.schedule(there).total == AGREED
    assert dealcalc.terminate(dealcalc.load(deal)).total == ENDED


ANSWERS = {
    "schedule": ((), {"total": ENDED}),
    "terminate": ((), {"total": ENDED, "last_day": "2026-07-14"}),
    "backlog": (("--as-of", "2026-06-30"), {"notice": "2026-05-15", "last_day": "2026-07-14"}),
    "value": (("--rate", "0%"), {"present_value": ENDED}),
    "risk": (("--hazard", "0% per month"), {"expected": ENDED}),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_every_command_starts_from_it(capsysbinary: Any, deal: str, name: str) -> None:
    options, facts = ANSWERS[name]
    told = Command(name, capsysbinary).asked(deal, *options)
    assert {key: told[key] for key in facts} == facts


ROWS: dict[str, tuple[tuple[str, ...], str]] = {
    "sweep": (("--vary", "charges.only.price=100 per month"), "100 per month,645.16,"),
    "compare": ((), "645.16"),
    "ambiguity": ((), "645.16"),
    "backlog": (("--as-of", "2026-06-30"), ",600.00,45.16,0.00,645.16,"),
    "terminate": (("--notice", "2026-08-15"), "945.16"),
}


@pytest.mark.parametrize("name", ROWS)
def test_so_do_their_rows(capsysbinary: Any, deal: str, name: str) -> None:
    options, row = ROWS[name]
    assert row in Command(name, capsysbinary).output(deal, *options, "-f", "csv")


def test_what_is_asked_of_it(capsysbinary: Any, deal: str) -> None:
    asked = "total", "last day", "forgone", "firm on 2026-06-30"
    said = Command("ask", capsysbinary).output(deal, *asked, "-f", "plain").split()
    assert said == ["645.16", "2026-07-14", "554.84", "45.16"]  # 1,200 - 645.16; 14/31 of July


def test_claims_are_about_the_deal_as_it_is_ended(file: Ask) -> None:
    claims = [{"claim": "total = 645.16"}, {"claim": "last day = 2026-07-14"}]
    found = checked(file(as_yaml(DEAL | {"deal": "D", "claims": claims})))
    assert (found.status, found.claims, found.problems) == (0, 2, ())


def test_explain_names_it(capsysbinary: Any, deal: str) -> None:
    told = json.loads(Command("explain", capsysbinary).output(deal, "total", "-f", "json"))
    assert {"notice", "by"} <= {each["path"] for each in told["inputs"]}


def test_risk_says_whose_notice_is_certain(capsysbinary: Any, deal: str) -> None:
    asked = "--hazard", "2% per month"
    risk = Command("risk", capsysbinary)
    assert "Notice on 2026-05-15 is taken as certain" in " ".join(risk.output(deal, *asked).split())
    of_case = " ".join(risk.output(deal, "--case", "later", *asked).split())
    assert "The notice of the case later on 2026-08-15 is taken as certain" in of_case


def test_solve_names_the_line_to_write(capsysbinary: Any, deal: str) -> None:
    told = Command("solve", capsysbinary).asked(deal, "total > 700", "--vary", "notice")
    # 60 days from 2 June are 1 August: 700 + 100/31; from 1 June they are 31 July, just 700
    assert told["answer"] == "2026-06-02"
    assert told["line"]["text"] == "notice: 2026-06-02"


def test_a_case_without_notice_may_name_another_party(file: Ask) -> None:
    seller = {"by": "seller", "notice": "90 days"}
    buyer = {"by": "buyer", "notice": "60 days"}
    cases = {"seller": {"by": "seller"}, "second": {"right": "1", "by": "either"}}
    name = file(as_yaml(DEAL | {"termination": [buyer, seller], "cases": cases}))
    days = [dealcalc.schedule(dealcalc.load(name, case)).last_day for case in (None, *cases)]
    # 60 days from 15 May, and 90 of the seller's
    assert days == [date(2026, 7, 14), date(2026, 8, 13), date(2026, 8, 13)]


def test_a_site_has_its_capacity_back(tmp_path: Path) -> None:
    sold = simple({"price": "100 per MW-month", "capacity": "10 MW"}, "2026-01", "2026-12")
    node = DEAL | {key: sold[key] for key in ("charges", "term")}
    (tmp_path / "leaves.yaml").write_text(as_yaml(node), "utf-8")
    site = tmp_path / "sites.yaml"
    site.write_text(
        "provider: Example Halls\ncurrency: USD\nsites:\n  hall:\n"
        "    capacity: [{from: 2026-01, capacity: 10 MW}]\n"
        "    sold: [{contract: leaves.yaml}]\n",
        "utf-8",
    )
    house = load_site(str(site))
    (contract,) = house.contracts
    assert contract.ended
    assert contract.ended.last_day == date(2026, 7, 14)


# --- what may not be ------------------------------------------------------------------------------


def test_notice_that_may_not_be_given_is_refused(capsysbinary: Any, file: Ask) -> None:
    text = as_yaml(DEAL | {"notice": "2027-03-15"})
    line = text.splitlines().index("notice: 2027-03-15") + 1
    err = Command("schedule", capsysbinary).refusal(file(text))
    assert "notice on 2027-03-15 comes after the term, which ends on 2026-12-31" in err
    assert f"the file gives it on line {line}" in " ".join(err.split())
    (problem,) = checked(file(text)).problems
    assert (problem.code, problem.line) == ("notice", line)


def test_a_right_that_is_not_there(file: Ask) -> None:
    (problem,) = refused(file(as_yaml(DEAL | {"right": "1"})))
    assert problem.endswith("`1` unknown-name: there is no right 1")


def test_a_length_is_no_day(file: Ask) -> None:
    (problem,) = refused(file(as_yaml(DEAL | {"notice": "60 days"})))
    assert "`60 days` is not a day: here stands when notice was given" in problem

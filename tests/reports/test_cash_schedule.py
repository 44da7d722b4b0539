"""`dealcalc schedule --basis`: what is billed and paid, for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import small_deals
from random_deals import as_yaml
from shipped import SCENARIOS
from small_deals import PREPAID, money

from dealcalc import cli

Node = dict[str, Any]

IREN = SCENARIOS / "iren-microsoft.yaml"
BASES = ("billed", "cash")
PERIODS = ("months", "quarters", "years")


Said = Callable[..., tuple[int, str, str]]

EARLY_END = PREPAID | {
    "termination": {"by": "either", "notice": "1 month", "fee": "3 months"},
    "cases": {"early": {"notice": "2026-04-10", "by": "buyer"}},
}


@pytest.fixture
def said(capsysbinary: pytest.CaptureFixture[bytes]) -> Said:
    """Exit status, standard output and standard error of `dealcalc schedule`."""

    def run(*words: str) -> tuple[int, str, str]:
        status = cli.run(["schedule", *words])
        out, err = capsysbinary.readouterr()
        return status, out.decode(), err.decode()

    return run


@pytest.fixture
def early(file: Callable[[str], str]) -> str:
    return file(as_yaml(EARLY_END))


def answered(said: Said, *words: str) -> Node:
    status, out, err = said(*words, "-f", "json")
    assert (status, err) == (0, "")
    return json.loads(out, parse_float=Decimal)


def test_earned_is_the_default_and_says_nothing_of_cash(said: Said, shipped: Path) -> None:
    for form in ("table", "csv", "json", "md"):
        plain = said(f"{shipped}", "-f", form)
        assert plain == said(f"{shipped}", "-f", form, "--basis", "earned")
    found = answered(said, f"{shipped}")
    assert not found.keys() & {"basis", "invoices", "payments", "prepayments"}
    assert list(found["months"][0]) == ["month", "days", "revenue", "cumulative", "firm"]


@pytest.mark.parametrize("basis", BASES)
def test_another_basis_adds_to_the_schedule_and_changes_nothing(
    said: Said, shipped: Path, basis: str
) -> None:
    old = answered(said, f"{shipped}", "--period", "quarter")
    new = answered(said, f"{shipped}", "--period", "quarter", "--basis", basis)
    assert new["basis"] == basis
    assert all(new[name] == old[name] for name in old if name not in PERIODS)
    for period in PERIODS:
        now = {row[period[:-1]]: row for row in new[period]}
        assert all(row.items() <= now[row[period[:-1]]].items() for row in old[period])
        assert sum(row["revenue"] for row in new[period]) == new["total"]
        assert sum(row[basis] for row in new[period]) == new["total"]
        assert new[period][-1][f"cumulative_{basis}"] == new["total"]
        assert new[period][-1]["cumulative"] == new["total"]


def test_an_early_end_on_the_command_line(said: Said, early: str) -> None:
    # the figures of test_an_early_end_sets_off_what_is_unpaid_and_refunds_the_rest: three months of
    # 100 + 30.01 are the fee of 390.03
    found = answered(said, early, "--case", "early", "--basis", "cash")
    cash_of = {row["month"]: row["cash"] for row in found["months"]}
    assert cash_of == {
        "2025-12": money("1200.00"),
        "2026-01": money("0.00"),
        "2026-02": money("0.00"),
        "2026-03": money("230.01"),  # 100 of January, 130.01 of February
        "2026-04": money("100.01"),  # the 70 once, and b of March
        "2026-05": money("-538.02"),
    }
    assert found["prepayments"] == [
        {
            "charge": "a",
            "on": "2025-12-31",
            "amount": money("1200.00"),
            "credited": money("232.26"),
            "settled": "2026-05-10",
            "set_off": money("429.72"),
            "refunded": money("538.02"),
        }
    ]
    assert [(row["year"], row["revenue"], row["cash"]) for row in found["years"]] == [
        (2025, money("0.00"), money("1200.00")),
        (2026, money("992.00"), money("-208.00")),
    ]


def test_the_table_says_the_basis_and_what_was_set_off_and_refunded(said: Said, early: str) -> None:
    _, out, _ = said(early, "--case", "early", "--basis", "cash")
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert "cash, by payment date" in lines[0]
    assert "Prepaid 1,200.00 USD 232.26 USD of it credited against invoices" in lines
    assert "Set off 429.72 USD uncredited on 2026-05-10, against invoices unpaid then" in lines
    assert "Refunded 538.02 USD on 2026-05-10, since no unpaid invoice was left" in lines
    assert "a paid 2025-12-31 1,200.00" in lines
    assert "credited 2026-03 to 2026-05 232.26" in lines


def test_billed_is_in_full_and_by_the_date_of_the_invoice(said: Said, early: str) -> None:
    status, out, _ = said(early, "--case", "early", "--basis", "billed", "-f", "csv")
    assert status == 0
    assert out.splitlines()[0] == "charge,invoiced,due,amount,credited,set_off,payable"
    assert out.splitlines()[-2] == "b,2026-05-10,2026-06-09,9.68,0.00,9.68,0.00"
    _, out, _ = said(early, "--basis", "billed", "--set", "billing.in=advance", "-v")
    assert "billed, by invoice date" in out.splitlines()[0]
    assert "in advance, on the month's first day of service; an invoice is paid 30 days later" in (
        " ".join(out.split())
    )
    assert "Prepaid" not in out


def test_nothing_earned_nothing_paid(said: Said, file: Callable[[str], str]) -> None:
    node = small_deals.simple(
        "100 per month", "2026-06", "2026-12", termination={"notice": "1 month"}
    )
    node["term"]["signed"] = "2026-01-01"
    node["cases"] = {"early": {"notice": "2026-01-10"}}
    found = answered(said, file(as_yaml(node)), "--case", "early", "--basis", "cash")
    assert (found["months"], found["payments"], found["total"]) == ([], [], 0)
    status, out, _ = said(file(as_yaml(node)), "--case", "early", "--basis", "cash")
    assert status == 0
    assert "Total 0.00 0.00" in " ".join(out.split())


def test_an_unknown_basis_is_refused(said: Said) -> None:
    status, out, err = said(f"{IREN}", "--basis", "accrual")
    assert (status, out) == (2, "")
    assert "accrual" in err


@pytest.mark.parametrize("form", ["table", "json"])
def test_cash_output(said: Said, early: str, pinned: Callable[..., None], form: str) -> None:
    ending = {"table": "txt"}.get(form, form)
    status, out, _ = said(early, "--case", "early", "--basis", "cash", "-f", form)
    assert status == 0
    pinned(f"contracts/schedule-cash-early.{ending}", out)


def test_iren_cash_output(said: Said, pinned: Callable[..., None]) -> None:
    status, out, _ = said(f"{IREN}", "--basis", "cash", "--period", "year", "-f", "table")
    assert status == 0
    pinned("contracts/schedule-cash-iren-years.txt", out)

"""`dealcalc schedule`: the answer about a deal, besides its months."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from commands import ANTHROPIC, Ask, Command
from hypothesis import given
from hypothesis import strategies as st
from random_deals import as_yaml, deals
from small_deals import MODEL, Node, money, ramped, scenario, simple

from dealcalc.reports.report import Table
from dealcalc.reports.schedule import ScheduleReport


@pytest.fixture
def schedule(capsysbinary: pytest.CaptureFixture[bytes]) -> Command:
    return Command("schedule", capsysbinary)


def test_a_setting_that_does_not_fit_a_reading(schedule: Command, file: Ask) -> None:
    # A fee is a term of a right to leave, and by this reading there is none.
    locked_in = {"source": "the buyer", "set": {"termination": "none"}}
    name = file(as_yaml(MODEL | {"cases": {"locked-in": locked_in}}))
    out = schedule.output(name, "--set", "termination.fee=5m")
    assert "not possible by the reading locked-in: " in " ".join(out.split())
    assert "45.00bn USD" in out


def test_the_readings_are_one_figure(schedule: Command) -> None:
    # 2.5bn by the file, 2,580,645,161.29, 6,251,344,086.02 and 9,838,709,677.41 by its cases
    text = " ".join(schedule.output(ANTHROPIC).split())
    names = "as the file says, ending-after-three-months, after-three-months, 180-day-lease"
    assert f"Firm 2.50bn USD to 9.84bn USD, over 4 readings, low to high: {names} " in text
    assert text.count("Firm ") == 2


def test_readings_that_agree_are_one_amount(schedule: Command, file: Ask) -> None:
    # 90 days from 1 May end on 30 July: June's and 30/31 of July's, and May's, at half price:
    # 625m + 625m + 30/31 x 1.25bn = 2,459,677,419.35
    same = {"source": "the seller", "set": {"termination.notice": "90 days"}}
    text = " ".join(schedule.output(file(as_yaml(MODEL | {"cases": {"same": same}}))).split())
    assert "Firm 2.46bn USD by each of 2 readings: as the file says, same " in text


# --- firm at signing in the rows ------------------------------------------------------------------

FEE = simple("100 per month", "2026-01", "2026-12") | {
    "term": {"start": "2026-01", "through": "2026-12", "signed": "2026-01-11"},
    "termination": {"by": "buyer", "notice": "60 days", "fee": "50"},
}
"""January has earned 10/31 x 100 = 32.26 before it is signed; 11 January + 60 days is 12 March."""


def firm_rows(table: list[Any]) -> list[Decimal]:
    return [row["firm"] for row in table]


def test_firm_is_in_each_row(schedule: Command, file: Ask) -> None:
    # 100 - 32.26 = 67.74, 100, 12/31 x 100 = 38.71 (E is 238.71), and nothing from then on
    found = schedule.asked(file(as_yaml(FEE)), "--period", "quarter")
    parts = [money("67.74"), money("100"), money("38.71")]
    assert firm_rows(found["months"]) == firm_rows(found["lines"]) == [*parts, *[money("0")] * 9]
    assert firm_rows(found["quarters"]) == [money("206.45"), 0, 0, 0]
    assert firm_rows(found["years"]) == [money("206.45")]
    assert found["at_signing"]["firm"] == money("256.45")  # and the fee of 50


def test_firm_is_a_column_of_csv(schedule: Command, file: Ask) -> None:
    name = file(as_yaml(FEE))
    by_year = schedule.output(name, "--period", "year", "-f", "csv")
    assert by_year.splitlines() == ["year,revenue,cumulative,firm", "2026,1200.00,1200.00,206.45"]
    lines = schedule.output(name, "-f", "csv").splitlines()
    assert lines[0].endswith(",per,firm")
    assert lines[3] == "only,2026-03-01,2026-03-31,31,100,100.00,month,38.71"


def test_firm_ends_with_the_notice_of_a_case(schedule: Command, file: Ask) -> None:
    # 1 February + 60 days is 2 April; the fee of the notice is a line that is no part of it
    leaves = {"notice": "2026-02-01", "by": "buyer"}
    name = file(as_yaml(FEE | {"cases": {"leaves": leaves}}))
    found = schedule.asked(name, "--case", "leaves")
    assert firm_rows(found["months"]) == [money("67.74"), money("100"), money("38.71"), 0]
    assert (found["lines"][-1]["charge"], found["lines"][-1]["firm"]) == ("fee", 0)


@given(deals(), st.sampled_from(("month", "quarter", "year")))
def test_firm_rows_and_the_fee_are_what_is_firm_at_signing(deal: Node, period: str) -> None:
    report = ScheduleReport(scenario(deal), period)
    signed = report.signed
    for table in (each for each in report.tables if each.name != "options"):
        amount = "amount" if table.name == "lines" else "revenue"
        rows = [row_by_name(table, cells) for cells in table.cells()]
        assert sum(row["firm"] for row in rows) + signed.firm_fee == signed.firm, table.name
        if all(charge.paid_by == "buyer" for charge in report.deal.charges.values()):
            assert all(0 <= row["firm"] <= row[amount] for row in rows), table.name
            assert signed.firm_fee >= 0
    assert signed.firm_fee <= max(signed.fee, 0)


def row_by_name(table: Table, cells: tuple[Any, ...]) -> dict[str, Any]:
    return dict(zip((field.name for field in table.fields), cells, strict=True))


def test_the_range_of_an_assumption_is_shown(schedule: Command, file: Ask) -> None:
    node = simple(ramped("10m per month", "2 months at 50% off"), "2026-01", "2027-12")
    why = {"why": "not disclosed", "range": ["0%", "100%"]}
    path = "charges.only.ramp.0.discount"
    name = file(as_yaml(node | {"assumptions": {path: why}}))
    found = schedule.asked(name)
    assert found["ranges"] == {path: ["0%", "100%"]}
    assert found["assumptions"][path] == "not disclosed (from 0% to 100%)"
    for form in (("-v",), ("-f", "md"), ("-f", "html")):
        assert "not disclosed (from 0% to 100%)" in schedule.output(name, *form)
    # 2 x 5m and 22 x 10m: nothing is priced by it yet
    assert found["total"] == money("230,000,000.00")
    assert "ranges" not in schedule.asked(file(as_yaml(node)))


# --- at signing -----------------------------------------------------------------------------------


def test_firm_at_signing_is_in_json(schedule: Command) -> None:
    # 2.5bn of 44,959,677,419.35 by the file; the least and the most by a sourced reading of it
    assert schedule.asked(ANTHROPIC)["at_signing"] == {
        "as_of": "2026-05-03",
        "firm": Decimal("2500000000.00"),
        "share": Decimal("0.055605"),
        "earliest_exit": "2026-08-01",
        "by": "either",
        "fee": 0,
        "reason": "either party may leave from 2026-05-03 on 90 days' notice; "
        "first exit 2026-08-01",
        "low": Decimal("2500000000.00"),
        "high": Decimal("9838709677.41"),
    }


def test_firm_of_a_file_that_is_silent_has_a_condition(schedule: Command, file: Ask) -> None:
    text = Path(ANTHROPIC).read_text(encoding="utf-8")
    silent = text[: text.index("termination:")] + text[text.index("claims:") : text.index("cases:")]
    assert "at signing, 2026-05-03: 100.0% if nobody may leave*; the file" in schedule.output(
        file(silent)
    )
    assert "termination" in schedule.asked(file(silent))["assumptions"]
    said = file(silent + "termination: none\n")
    assert "at signing, 2026-05-03: 100.0%; nobody may leave early" in schedule.output(said)
    assert "termination" not in schedule.asked(said)["assumptions"]

"""`dealcalc schedule`: the answer about a deal, besides its months."""

from decimal import Decimal
from pathlib import Path

import pytest
from commands import ANTHROPIC, Ask, Command
from random_deals import as_yaml
from small_deals import MODEL


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


def test_firm_at_signing_is_in_json(schedule: Command) -> None:
    # 2.5bn of 44,959,677,419.35 by the file; the least and the most by a sourced reading of it
    assert schedule.asked(ANTHROPIC)["at_signing"] == {
        "as_of": "2026-05-03",
        "firm": Decimal("2500000000.00"),
        "share": Decimal("0.055605"),
        "earliest_exit": "2026-08-01",
        "by": "either",
        "fee": 0,
        "low": Decimal("2500000000.00"),
        "high": Decimal("9838709677.41"),
    }


def test_firm_of_a_file_that_is_silent_has_a_condition(schedule: Command, file: Ask) -> None:
    text = Path(ANTHROPIC).read_text(encoding="utf-8")
    silent = text[: text.index("termination:")] + text[text.index("claims:") : text.index("cases:")]
    assert "100.0% firm if nobody may leave* at signing" in schedule.output(file(silent))
    assert "termination" in schedule.asked(file(silent))["assumptions"]
    said = file(silent + "termination: none\n")
    assert "100.0% firm at signing" in schedule.output(said)
    assert "termination" not in schedule.asked(said)["assumptions"]

"""`dealcalc schedule`: the answer about a deal, besides its months."""

import pytest
from commands import Ask, Command
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

"""What answers say of options: beside the totals, and never in them."""

import json
from pathlib import Path

import pytest
from shipped import SCENARIOS

from dealcalc.cli import run

RIVER_BEND = str(SCENARIOS / "hut8-fluidstack-river-bend.yaml")
NEBIUS = str(SCENARIOS / "nebius-meta-2026.yaml")
CORE_SCIENTIFIC = str(SCENARIOS / "core-scientific-coreweave.yaml")


def said(capfd: pytest.CaptureFixture[str], *words: str) -> str:
    assert run([*words]) == 0
    out, err = capfd.readouterr()
    assert err == ""
    return " ".join(out.split())


def test_a_schedule_says_what_the_buyer_may_still_take(capfd: pytest.CaptureFixture[str]) -> None:
    out = said(capfd, "schedule", RIVER_BEND, "--period", "year")
    assert "Total 7.00bn USD" in out
    assert (
        "Optional 10.90bn USD if the buyer takes renewals, 3 x 60 months, by 2042-05-31; up to "
        "17.90bn USD in all"
    ) in out
    assert "Callable" not in out


def test_and_what_the_seller_may_call(capfd: pytest.CaptureFixture[str]) -> None:
    out = said(capfd, "backlog", NEBIUS, "--as-of", "2027-06-30")
    called = "Callable 15.00bn USD if the seller takes unsold by 2031-12-30; up to 27.00bn USD"
    assert called in out
    assert "Optional" not in out
    assert "Callable" not in said(capfd, "backlog", NEBIUS, "--take", "unsold")


def test_programs_read_the_same(capfd: pytest.CaptureFixture[str]) -> None:
    answer = json.loads(said(capfd, "schedule", RIVER_BEND, "--take", "renewals", "-f", "json"))
    assert (answer["total"], answer["up_to"]) == (10111859327.70, 17903580438.60)
    assert (answer["optional"], answer["callable"]) == (7791721110.90, 0)
    more = {"option": "renewals", "by": "buyer", "times": 2, "months": 60}
    assert answer["options"] == [more | {"until": "2047-05-31", "priced": True}]


def test_what_has_no_price_is_named_and_adds_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    out = said(capfd, "schedule", CORE_SCIENTIFIC)
    note = "Not priced, since it is at market: renewals, 2 x 60 months, by 2036-12-31, by the buyer"
    assert note in out
    assert "Optional" not in out
    asked = "--take", "renewals", "--set", "options.renewals.price=145 per kW-month"
    # 200,000 kW x 145 x 60 are 1.74bn more
    assert "Total 5.24bn USD" in said(capfd, "schedule", CORE_SCIENTIFIC, *asked)


def test_nothing_is_left_to_take_once_notice_has_ended_the_deal(
    capfd: pytest.CaptureFixture[str],
) -> None:
    leaves = "--set", "termination={by: buyer, notice: 90 days}"
    answer = json.loads(
        said(capfd, "backlog", RIVER_BEND, *leaves, "--as-of", "2030-01-01", "-f", "json")
    )
    assert answer["rows"][0]["optional"] == 10904437164.75
    assert answer["rows"][0]["firm"] < 200e6


@pytest.mark.parametrize("asked", [("value", "--rate", "9%"), ("risk", "--hazard", "1% per month")])
def test_what_is_not_taken_is_said_to_stand_apart(
    asked: tuple[str, ...], capfd: pytest.CaptureFixture[str]
) -> None:
    command, *words = asked
    words += ["--set", "termination={by: buyer, notice: 90 days}"]
    out = said(capfd, command, RIVER_BEND, *words)
    assert "Options count here only once they are taken; still open: 10.90bn USD optional." in out
    assert "Options count" not in said(capfd, command, RIVER_BEND, *words, "--take", "renewals=3")


BEACON_POINT = """\
deal: Beacon Point
seller: Hut 8
buyer: not named
currency: USD
term: {start: 2027-08, years: 15}
charges:
  rent: {price: 9.8bn in total, escalator: 1%}
termination: none
options:
  renewals: {extends: rent, years: 5, times: 3}
"""


def test_an_escalator_that_nobody_has_disclosed_is_found(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """ "About $9.8 billion" over 15 years, "about $25.1 billion" with three renewals of five."""
    # 30 years of rent are 1 + g^15 times 15 years of it: g = (25.1 / 9.8 - 1)^(1/15) = 1.030143...
    file = tmp_path / "beacon-point.yaml"
    file.write_text(BEACON_POINT, "utf-8")
    rate = "charges.rent.escalator.rate"
    out = said(capfd, "solve", str(file), "up to > 25.1bn", "--vary", rate)
    assert f"Answer 3.0144% the first {rate} for which up to > 25.1bn" in out

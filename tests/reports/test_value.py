"""`dealcalc value`: present values worked by hand, and what the command line says of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from random_deals import as_yaml
from shipped import SCENARIOS

from dealcalc import cli

Node = dict[str, Any]
Said = Callable[..., tuple[int, str, str]]
Answered = Callable[..., Node]

MODEL = str(SCENARIOS / "anthropic-xai-colossus-1.yaml")
IREN = str(SCENARIOS / "iren-microsoft.yaml")
MADE_UP = str(SCENARIOS / "made-up-every-term.yaml")

# 365 days from the start to the first sum, 730 to the second: at 9% a hundred each, for
# 109 / 1.09 = 118.81 / 1.09^2 = 100.
TWO_SUMS: Node = {
    "currency": "USD",
    "term": {"start": "2026-01", "through": "2028-12"},
    "charges": {
        "first": {"price": "109 once", "on": "2027-01-01"},
        "second": {"price": "118.81 once", "on": "2028-01-01"},
    },
}


def money(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


@pytest.fixture
def said(capsysbinary: pytest.CaptureFixture[bytes]) -> Said:
    """Exit status, standard output and standard error of `dealcalc value`."""

    def run(*words: str) -> tuple[int, str, str]:
        status = cli.run(["value", *words])
        out, err = capsysbinary.readouterr()
        return status, out.decode(), err.decode()

    return run


@pytest.fixture
def answered(said: Said) -> Answered:
    """The JSON of `dealcalc value`, amounts as decimals."""

    def ask(*words: str) -> Node:
        status, out, err = said(*words, "-f", "json")
        assert (status, err) == (0, "")
        return json.loads(out, parse_float=Decimal)

    return ask


@pytest.fixture
def two_sums(file: Callable[[str], str]) -> Callable[..., str]:
    """A file of the two sums, with more terms."""
    return lambda **more: file(as_yaml(TWO_SUMS | more))


# ---- by hand ----


def test_two_sums(answered: Answered, two_sums: Callable[..., str]) -> None:
    found = answered(two_sums(), "--rate", "9%")
    assert (found["rate"], found["on"], found["basis"]) == (money("0.09"), "2026-01-01", "earned")
    assert (found["present_value"], found["total"]) == (money("200.00"), money("227.81"))
    assert found["years"] == [
        {"year": 2027, "amount": money("109.00"), "present_value": money("100.00")},
        {"year": 2028, "amount": money("118.81"), "present_value": money("100.00")},
    ]
    assert found["flows"][1] == {
        "date": "2028-01-01",
        "amount": money("118.81"),
        "present_value": money("100.00"),
    }


def test_on_another_day(answered: Answered, two_sums: Callable[..., str]) -> None:
    # on 2028-01-01 the first sum is a year old, and no part of what remains
    found = answered(two_sums(), "--rate", "9%", "--on", "2028-01-01")
    assert (found["on"], found["present_value"]) == ("2028-01-01", money("118.81"))
    assert found["total"] == money("118.81")


@pytest.mark.parametrize("basis", ["earned", "cash"])
def test_what_remains(answered: Answered, basis: str) -> None:
    # By 20 November 2026 1.25bn + (4 + 20/30) x 1.25bn are earned, 7,083,333,333.33; the rest of
    # November stands on its last day. In cash November's invoice is paid then, and all of it.
    found = answered(MODEL, "--rate", "0%", "--on", "2026-11-21", "--basis", basis)
    total = {"earned": money("37,916,666,666.67"), "cash": money("38.75e9")}[basis]
    assert found["total"] == found["present_value"] == total
    assert found["flows"][0]["date"] == "2026-11-30"
    # Notice on that day ends service on 19 February: 10/30, December, January, 19/28 of 1.25bn.
    assert (found["firm_as_of"], found["firm"]) == ("2026-11-21", money("3,764,880,952.38"))


def test_nothing_is_firm_before_the_signing(answered: Answered) -> None:
    found = answered(MODEL, "--rate", "9%", "--on", "2026-05-02")
    assert (found["firm"], found["firm_present_value"], found["earliest_exit"]) == (0, 0, None)


@pytest.mark.parametrize(
    ("fee", "firm", "worth"),
    [
        # notice on the first day ends on 2027-01-01, the day of the first sum
        ("0", "109.00", "100.00"),
        # 10.90 more for leaving, on that day: 119.90 / 1.09
        ("10.90", "119.90", "110.00"),
        # nobody pays more to leave than to stay: 118.81 and not 500, but a year earlier, 109
        ("500", "227.81", "209.00"),
    ],
)
def test_what_is_firm_at_signing(
    answered: Answered, two_sums: Callable[..., str], fee: str, firm: str, worth: str
) -> None:
    right = {"by": "buyer", "notice": "365 days", "fee": fee}
    found = answered(two_sums(termination=right), "--rate", "9%")
    assert (found["firm_as_of"], found["earliest_exit"]) == ("2026-01-01", "2027-01-01")
    assert (found["firm"], found["firm_present_value"]) == (money(firm), money(worth))
    assert found["present_value"] == money("200.00")


def test_without_a_right_to_leave_all_is_firm(
    answered: Answered, two_sums: Callable[..., str]
) -> None:
    found = answered(two_sums(), "--rate", "9%")
    assert (found["firm"], found["firm_present_value"]) == (money("227.81"), money("200.00"))
    assert found["earliest_exit"] == "2028-12-31"


def test_a_case_with_notice(answered: Answered, said: Said, two_sums: Callable[..., str]) -> None:
    # the seller's fee of 21.80 on 2027-01-01 is worth 20, and is no firm money
    right = {"by": "seller", "notice": "365 days", "fee": "21.80"}
    cases = {"leaves": {"notice": "2026-01-01", "by": "seller"}}
    file = two_sums(termination=right, cases=cases)
    found = answered(file, "--rate", "9%", "--case", "leaves")
    assert (found["total"], found["present_value"]) == (money("87.20"), money("80.00"))
    assert (found["firm"], found["firm_present_value"]) == (money("109.00"), money("100.00"))
    _, out, _ = said(file, "--rate", "9%", "--case", "leaves")
    assert "notice on 2026-01-01 by seller, last day 2027-01-01" in " ".join(out.split())


def test_cash_stands_on_its_day(answered: Answered, two_sums: Callable[..., str]) -> None:
    # a year to pay: on 2028-01-01 and, 2028 being a leap year, 366 days later
    file = two_sums(billing={"due": "365 days"})
    found = answered(file, "--rate", "9%", "--basis", "cash", "--on", "2027-01-01")
    assert [(row["date"], row["present_value"]) for row in found["flows"]] == [
        ("2028-01-01", money("100.00")),
        ("2028-12-31", money("100.00")),
    ]


def test_money_of_one_day_is_one_flow_and_a_year_without_money_stands_empty(
    answered: Answered, two_sums: Callable[..., str]
) -> None:
    charges = {
        "a": {"price": "1.10 once", "on": "2026-01-01"},
        "b": {"price": "2.20 once", "on": "2026-01-01"},
        "c": {"price": "5 once", "on": "2028-01-01"},
    }
    found = answered(two_sums(charges=charges), "--rate", "0%")
    assert [(row["date"], row["amount"]) for row in found["flows"]] == [
        ("2026-01-01", money("3.30")),
        ("2028-01-01", money("5.00")),
    ]
    assert [row["amount"] for row in found["years"]] == [money("3.30"), 0, money("5.00")]


def test_rounded_once(answered: Answered, two_sums: Callable[..., str]) -> None:
    charges = {
        "a": {"price": "0.01 once", "on": "2027-01-01"},
        "b": {"price": "0.01 once", "on": "2027-01-02"},
    }
    file = two_sums(charges=charges)
    # 0.01 / 4 after two years, and a little less a day later: not half a cent
    found = answered(file, "--rate", "100%", "--on", "2025-01-01")
    assert found["present_value"] == money("0.00")
    # valued a day later, a little more than 0.01 / 4 and 0.01 / 4: more than half a cent
    found = answered(file, "--rate", "100%", "--on", "2025-01-02")
    assert [row["present_value"] for row in found["flows"]] == [0, money("0.01")]
    assert found["present_value"] == money("0.01")


def test_nothing_earned_is_worth_nothing(
    answered: Answered, said: Said, two_sums: Callable[..., str]
) -> None:
    right = {"by": "either", "notice": "1 day"}
    file = two_sums(termination=right, cases={"at-once": {"notice": "2026-01-01"}})
    found = answered(file, "--rate", "9%", "--case", "at-once")
    assert (found["present_value"], found["years"], found["flows"]) == (0, [], [])
    status, out, _ = said(file, "--rate", "9%", "--case", "at-once")
    assert status == 0
    assert "Undiscounted 0.00 USD notice on 2026-01-01" in " ".join(out.split())


# ---- the shipped scenarios ----


@pytest.mark.parametrize("basis", ["earned", "cash"])
@pytest.mark.parametrize("rate", ["9%", "0%", "-3.5%"])
def test_days_and_years_add_up(answered: Answered, shipped: Path, rate: str, basis: str) -> None:
    found = answered(f"{shipped}", "--rate", rate, "--basis", basis)
    for table in ("years", "flows"):
        assert sum(row["present_value"] for row in found[table]) == found["present_value"]
        assert sum(row["amount"] for row in found[table]) == found["total"]
    below = found["present_value"] < found["total"]
    assert below == (rate == "9%")
    if rate == "0%":
        assert found["present_value"] == found["total"]
        # In cash, what was earned before the signing is paid with the rest of its month.
        assert basis == "cash" or found["firm_present_value"] == found["firm"]


def test_the_model_deal(answered: Answered) -> None:
    # 37 months; test_cash.py holds each of them to its exact value
    found = answered(MODEL, "--rate", "9%")
    assert (found["total"], len(found["flows"])) == (money("45e9"), 37)
    assert found["firm"] == money("2.5e9")


def test_prepaid_cash_is_worth_more_than_what_is_earned(answered: Answered) -> None:
    on = ("--on", "2026-01-01")
    cash = answered(IREN, "--rate", "9%", "--basis", "cash", *on)["present_value"]
    assert cash > answered(IREN, "--rate", "9%", *on)["present_value"]


# ---- what the command line takes ----


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "--rate"),
        (["--rate", "9"], "write `9%`"),
        (["--rate", "-100%"], "outside -99% to 100%"),
        (["--rate", "9%", "--on", "2026-02-30"], "2026-02 has no day 30"),
        (["--rate", "9%", "--on", ""], "--on"),
        (["--rate", "9%", "--basis", "billed"], "billed"),
        (["--rate", "9%", "--case", "nobody-leaves"], "there is no case `nobody-leaves`"),
        (["--rate", "9%", "--set", "term.start=soon"], "soon"),
    ],
)
def test_what_cannot_be_valued_is_refused(said: Said, words: list[str], message: str) -> None:
    status, out, err = said(MODEL, *words)
    assert (status, out) == (2, "")
    assert message in err


def test_settings_and_files(said: Said, two_sums: Callable[..., str], tmp_path: Path) -> None:
    target = tmp_path / "value.csv"
    double = "charges.first.price=218 once"
    status, out, err = said(two_sums(), "--rate", "9%", "--set", double, "-o", f"{target}")
    assert (status, out) == (0, "")
    assert "value.csv" in err
    assert target.read_text() == (
        "year,amount,present_value\n2027,218.00,200.00\n2028,118.81,100.00\n"
    )


def test_the_screen_says_rate_day_and_convention(said: Said) -> None:
    status, out, err = said(
        MADE_UP, "--rate", "6.5%", "--basis", "cash", "--on", "2026-12-01", "-v"
    )
    assert (status, err) == (0, "")
    text = " ".join(out.split())
    assert "present value of cash, by payment date" in text
    assert "on 2026-12-01, at 6.5% a year" in text
    assert "amount x (1 + 6.5%)^(-days / 365), with the calendar days from 2026-12-01" in text
    assert (
        "in advance, on the month's first day of service; an invoice is paid 30 days later" in text
    )


@pytest.mark.parametrize("form", ["table", "json"])
def test_output(said: Said, pinned: Callable[..., None], form: str) -> None:
    ending = {"table": "txt"}.get(form, form)
    status, out, _ = said(MODEL, "--rate", "9%", "-f", form)
    assert status == 0
    pinned(f"contracts/value-model.{ending}", out)
    status, out, _ = said(
        MADE_UP, "--rate", "6.5%", "--basis", "cash", "--case", "buyer-leaves", "-f", form
    )
    assert status == 0
    pinned(f"contracts/value-cash-buyer-leaves.{ending}", out)

"""Why money is firm: the whole reason, in every answer that says how much is firm."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from commands import ANTHROPIC, Command
from northgate import northgate, written_to
from random_deals import as_yaml
from small_deals import scenario, simple

from dealcalc.core import Priced
from dealcalc.reports.reasons import exact_reason, exit_text, firm_share

Ask = Callable[..., Any]
Node = dict[str, Any]

LEASE = simple(
    "10m per month",
    "2027-01",
    "2036-12",
    termination={
        "by": "buyer",
        "notice": "12 months",
        "lock_out": "84 months",
        "fee": "40% of remaining",
    },
)
"""Ten years at 10m a month. Notice from 2034-01-01 on ends service on 2035-01-01.

Earned by then: 96 x 10m + 10m / 31 = 960,322,580.65. Forgone: 239,677,419.35, of which the fee is
40%, 95,870,967.74. Firm: both, 1,056,193,548.39.
"""
WHY = (
    "the buyer may leave from 2034-01-01 (lock-out of 84 months) on 12 months' notice, paying 40% "
    "of what is forgone ({fee} USD of the firm money); first exit 2035-01-01"
)
SAID, EXACT = WHY.format(fee="95.87m"), WHY.format(fee="95,870,967.74")


@pytest.fixture
def lease(tmp_path: Path) -> str:
    file = tmp_path / "lease.yaml"
    file.write_text(as_yaml(LEASE), encoding="utf-8")
    return str(file)


@pytest.fixture
def sites(tmp_path: Path) -> str:
    sold = [{"contract": "lease.yaml", "capacity": "50 MW"}]
    node = northgate(sold=sold, own_use=None, own_value=None)
    return written_to(tmp_path, node, {"lease.yaml": LEASE})


@pytest.fixture
def answer(capsysbinary: pytest.CaptureFixture[bytes]) -> Ask:
    """What a command prints, in one line."""

    def run(name: str, *arguments: str) -> str:
        status, out, err = Command(name, capsysbinary).said(*arguments)
        assert (status, err) == (0, "")
        return " ".join(out.split())

    return run


@pytest.mark.parametrize(
    "words",
    [
        ("schedule",),
        ("backlog",),
        ("compare",),
        ("ambiguity",),
        ("value", "--rate", "9%"),
    ],
    ids=lambda words: words[0],
)
def test_every_answer_about_firm_money_has_the_whole_reason(
    answer: Ask, lease: str, words: tuple[str, ...]
) -> None:
    assert SAID in answer(words[0], lease, *words[1:])


@pytest.mark.parametrize("command", ["schedule", "backlog", "capacity"])
def test_so_has_every_answer_about_sites(answer: Ask, sites: str, command: str) -> None:
    assert f"lease: {SAID}." in answer(command, sites)


def test_programs_have_it_to_the_cent(answer: Ask, lease: str, sites: str) -> None:
    def asked(*words: str) -> Node:
        return dict(json.loads(answer(*words, "-f", "json"), parse_float=Decimal))

    signed = asked("schedule", lease)["at_signing"]
    assert (signed["firm"], signed["reason"]) == (Decimal("1056193548.39"), EXACT)
    assert [side["firm_reason"] for side in asked("compare", lease)["columns"]] == [EXACT]
    for command in ("schedule", "capacity"):
        assert [row["firm_reason"] for row in asked(command, sites)["contracts"]] == [EXACT]


def test_sides_that_share_a_reason_have_it_once(answer: Ask) -> None:
    out = answer("compare", ANTHROPIC)
    may = "either party may leave from"
    assert (
        "anthropic-xai-colossus-1, nearly-45bn, ten-q-second-quarter and 5 more: "
        f"{may} 2026-05-03 on 90 days' notice; first exit 2026-08-01." in out
    )
    assert (
        f"after-three-months: {may} 2026-08-03 (lock-out until 2026-08-03) on 90 days' notice; "
        "first exit 2026-11-01." in out
    )


@pytest.mark.parametrize(
    ("notice", "words"),
    [
        ("1 month", "on 1 month's notice"),
        ("2 months", "on 2 months' notice"),
        ("1 days", "on 1 day's notice"),
        ("90 days", "on 90 days' notice"),
    ],
)
def test_notice_in_words(notice: str, words: str) -> None:
    deal = scenario(LEASE, settings=[f"termination.notice={notice}"]).deal
    assert f" {words}, paying" in exact_reason(deal, Priced(deal).at_signing())


# --- no share of nothing --------------------------------------------------------------------------

SIGNED = LEASE | {"term": LEASE["term"] | {"signed": "2026-06-05"}}
UNSIGNED = "not signed until 2026-06-05"


def test_there_is_no_share_before_it_is_signed() -> None:
    deal = scenario(SIGNED).deal
    stands = Priced(deal).backlog(date(2026, 6, 4))
    assert stands.firm_share is None
    assert firm_share(deal, stands) == ""
    assert exact_reason(deal, stands) == exit_text(deal, stands) == UNSIGNED


@pytest.mark.parametrize(
    ("node", "day", "why"),
    [
        (SIGNED, "2026-06-04", UNSIGNED),
        # silent, too, it is not agreed that nobody may leave
        (SIGNED | {"termination": None}, "2026-06-04", UNSIGNED),
        (LEASE, "2036-12-31", "service ended on 2036-12-31"),
        (simple("0 per month", "2027-01", "2036-12"), "2028-12-31", "nothing is still to come"),
    ],
    ids=["unsigned", "unsigned and silent", "over", "for nothing"],
)
@pytest.mark.parametrize("form", ["table", "md", "html"])
def test_backlog_gives_the_reason_in_place_of_a_share(
    answer: Ask, file: Ask, node: Node, day: str, why: str, form: str
) -> None:
    node = {key: value for key, value in node.items() if value is not None}
    out = answer("backlog", file(as_yaml(node)), "--as-of", day, "-f", form)
    assert f"Firm on {day}: {why}" in out
    if form != "html":  # a page has shares of its own, as widths
        assert "%" not in out


def test_sites_give_no_share_of_nothing(answer: Ask, tmp_path: Path) -> None:
    sold = [{"contract": "lease.yaml", "capacity": "50 MW"}]
    node = northgate(sold=sold, own_use=None, own_value=None)
    sites = written_to(tmp_path, node, {"lease.yaml": SIGNED})
    out = answer("backlog", sites, "--as-of", "2026-06-04")
    assert f"Firm 0.00 USD on 2026-06-04; lease: {UNSIGNED}" in out
    out = answer("backlog", sites, "--as-of", "2036-12-31")
    assert "Firm 0.00 USD on 2036-12-31 " in out


def test_firm_of_silent_contracts_has_a_condition(answer: Ask, tmp_path: Path) -> None:
    silent = {key: value for key, value in LEASE.items() if key != "termination"}
    sold = [{"contract": "lease.yaml", "capacity": "50 MW"}]
    node = northgate(sold=sold, own_use=None, own_value=None)
    out = answer("schedule", written_to(tmp_path, node, {"lease.yaml": silent}))
    assert "100.0% of what is to come if nobody may leave lease*, at the last signing" in out
    assert "2036-12-31 nobody*" in out


def test_a_claim_about_a_day_before_the_signing_says_so(
    capsysbinary: pytest.CaptureFixture[bytes], file: Ask
) -> None:
    claims = [{"claim": "firm on 2026-06-04 > 1m", "source": "a memo"}]
    name = file(as_yaml(SIGNED | {"claims": claims}))
    status, out, _ = Command("check", capsysbinary).said(name)
    assert status == 1
    help = "the contract is not signed until 2026-06-05; the source of the claim: a memo"
    assert f"= help: {help}" in out


def test_a_claim_of_a_share_of_nothing_is_refused(
    capsysbinary: pytest.CaptureFixture[bytes], file: Ask
) -> None:
    claims = [{"claim": "firm share at signing < 50%"}]
    name = file(as_yaml(simple("0 per month", "2027-01", "2036-12", claims=claims)))
    status, out, _ = Command("check", capsysbinary).said(name)
    assert status == 2
    assert "nothing is still to come at signing, so no share of it is firm" in out

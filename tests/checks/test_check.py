"""`dealcalc check`: files, claims, sources, and every form in which it answers."""

import gc
import io
import json
import os
import re
import signal
import subprocess
import sys
import tracemalloc
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from shipped import SCENARIOS, TESTS

from dealcalc.checks.check import check, checked
from dealcalc.checks.verdicts import FORM_BY_ENDING, FORMS
from dealcalc.cli import run
from dealcalc.loading.problems import CODES, Problem

CONTRACTS = TESTS / "contracts" / "check"
PROGRAM = [sys.executable, "-m", "dealcalc"]
posix = pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")

# 6 months x 10m = 60m; 10m x 12 / 20 MW = 6m per MW-year.
DEAL = """\
deal: Northgate
seller: Example Halls
buyer: Example Lab
currency: EUR
term:
  start: 2026-01
  months: 6
charges:
  halls:
    price: 10m per month
    capacity: 20 MW
termination:
  by: either
  notice: 30 days
"""


@pytest.fixture(autouse=True)
def outside_of_a_ci(monkeypatch):
    for name in ("GITHUB_ACTIONS", "GITHUB_WORKSPACE", "DEALCALC_DEBUG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder, which is the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(capfd, *words):
    """Exit status, standard output and standard error of `dealcalc check`."""
    status = run(["check", *words])
    out, err = capfd.readouterr()
    return status, out, err


def claiming(*claims: str) -> str:
    return DEAL + "claims:\n" + "".join(f"  - claim: {claim}\n" for claim in claims)


def test_two_doubts_at_one_place_are_both_said(folder):
    # 1bn a month are 40m per MW-month (480m a year), and 100,000 a GPU-month; both are far off.
    text = DEAL.replace("EUR", "USD").replace("20 MW", "[25 MW, 10000 GPU]")
    text = text.replace("10m per month", "1bn per month")
    (folder / "a.yaml").write_text(text + "cases:\n  leaves: {notice: 2026-02-01}\n")
    file = checked("a.yaml")
    assert [problem.code for problem in file.problems] == ["unit-price"] * 2
    said = [problem.message.partition(" is ")[0] for problem in file.problems]
    assert said == ["480,000,000 USD per MW-year", "100,000 USD per GPU-month"]


def test_a_total_below_zero_can_be_claimed(folder):
    # Notice on 1 January ends on the 31st: 10m are earned, and the seller pays 15m to leave.
    case = "cases:\n  leaves:\n    notice: 2026-01-01\n    by: seller\n    claims:\n"
    claims = ("total = -5m", "total ~ -5.1m within 2%", "month 2026-01 <= -5m", "total < -5m")
    said = "".join(f"      - claim: {claim}\n" for claim in claims)
    (folder / "a.yaml").write_text(DEAL + "  fee: 15m\n" + case + said)
    file = checked("a.yaml")
    assert (file.status, file.claims) == (1, 4)
    (false,) = file.problems
    message = "total is -5,000,000.00 EUR: exactly -5m, and not less"
    assert (false.line, false.message) == (24, f"in the case leaves, {message}")


# The term runs from 2026-01-01 to 2026-06-30, signed on 2025-12-15.
SIGNED = "  start: 2026-01\n", "  start: 2026-01\n  signed: 2025-12-15\n"
OUTSIDE = (
    *("year 2027 = 0", "year 2024 < 5m", "month 2025-11 <= 1", "month 2026-07 < 1"),
    *("firm on 2026-07-01 < 1bn", "earned on 2025-12-14 = 0", "run rate on 2026-07-01 = 0"),
    "firm on 2025-12-14 < 1bn",
    *("next 12 months on 2026-06-30 = 0", "next 12 months on 2024-12-14 = 0"),
)
INSIDE = (
    # What is firm on the day of signing may be anything; what is earned in all stays so; a fee
    # may be paid before the service begins.
    *("firm on 2025-12-15 < 1bn", "earned on 2050-01-01 = 60m", "month 2025-12 = 0"),
    "firm at signing < 1bn",
    *("year 2025 = 0", "month 2026-06 = 10m", "firm on 2026-06-30 = 0"),
    *("run rate on 2026-06-30 = 120m", "next 12 months on 2026-06-29 < 1m"),
    *("next 12 months on 2024-12-31 = 0", "last day < 2050-01-01"),
)


def test_claims_outside_the_term_that_cannot_fail_are_refused(folder):
    (folder / "a.yaml").write_text(claiming(*OUTSIDE, *INSIDE).replace(*SIGNED))
    file = checked("a.yaml")
    assert (file.status, file.claims) == (2, len(INSIDE))
    assert {problem.code for problem in file.problems} == {"outside-term"}
    first = file.problems[0]
    assert [problem.line - first.line for problem in file.problems] == [*range(len(OUTSIDE))]
    message = "year 2027 is outside the term, which runs from 2026-01-01 to 2026-06-30"
    assert first.message == f"{message}, so this claim cannot fail"


def test_claims_outside_the_term_that_cannot_hold_are_false(folder):
    (folder / "a.yaml").write_text(claiming("year 2024 > 5m", "firm on 2050-01-01 = 1bn"))
    file = checked("a.yaml")
    assert (file.status, file.claims) == (1, 2)
    assert [problem.code for problem in file.problems] == ["false-claim"] * 2


def test_claims_of_a_case_are_about_its_term(folder):
    longer = (
        "cases:\n  longer:\n    set: {term.months: 18}\n    claims:\n"
        "      - claim: year 2027 = 60m\n      - claim: year 2028 = 0\n"
    )
    (folder / "a.yaml").write_text(DEAL + longer)
    file = checked("a.yaml")
    (outside,) = file.problems
    assert (file.status, file.claims, outside.code) == (2, 1, "outside-term")
    assert outside.message.startswith("in the case longer: year 2028 is outside the term")


# --- files ----------------------------------------------------------------------------------------


def test_it_reads_every_scenario_below_a_folder_and_sorts_them(folder):
    for name in ("b.yaml", "a.yml", "sub/c.yaml", "sub/deeper/d.yml", "sub.yaml"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(DEAL)
    for name in ("readme.md", "data.json", ".hidden.yaml", ".git/config.yaml", "sub/.x/y.yaml"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("no scenario")
    found = ["a.yml", "b.yaml", "sub.yaml", "sub/c.yaml", "sub/deeper/d.yml"]
    assert [file.file for file in check(["."])] == found
    # Named twice, a file is checked once, and in its place.
    again = check(["sub", "./sub/c.yaml", "b.yaml", "sub/../b.yaml"])
    assert [file.file for file in again] == ["b.yaml", "sub/c.yaml", "sub/deeper/d.yml"]


def test_a_file_that_is_named_is_read_whatever_its_name(folder):
    for name in ("deal.txt", ".deal"):
        (folder / name).write_text(DEAL)
    assert [file.status for file in check(["deal.txt", ".deal"])] == [0, 0]


def test_links_to_folders_are_not_followed_below_a_folder(folder):
    (folder / "deals").mkdir()
    (folder / "deals" / "a.yaml").write_text(DEAL)
    (folder / "deals" / "round").symlink_to(folder / "deals")
    (folder / "elsewhere").symlink_to(folder / "deals")
    assert [file.file for file in check(["deals"])] == ["deals/a.yaml"]
    # Whoever names a link means what it leads to.
    assert [file.file for file in check(["elsewhere"])] == ["elsewhere/a.yaml"]


def test_what_cannot_be_read_is_a_problem_among_the_others(folder, capfd):
    (folder / "a.yaml").write_text(DEAL)
    os.mkfifo("pipe.yaml")
    Path("dangling.yaml").symlink_to("nowhere.yaml")
    status, out, err = said(capfd, ".", "no-such-file.yaml", "-f", "concise")
    assert (status, err) == (2, "")
    assert [line.partition(":")[0] for line in out.splitlines()[:-1]] == [
        "dangling.yaml",
        "no-such-file.yaml",
        "pipe.yaml",
    ]
    assert all(line.endswith("[unreadable]") for line in out.splitlines()[:-1])
    assert out.splitlines()[-1] == "4 files, no claims: 3 files broken"


def test_a_folder_that_cannot_be_listed_is_a_problem(folder, monkeypatch):
    (folder / "a.yaml").write_text(DEAL)

    def scandir(path):
        if os.path.basename(path) == "shut":
            raise PermissionError(13, "Permission denied", path)
        return os_scandir(path)

    os_scandir = os.scandir
    (folder / "shut").mkdir()
    monkeypatch.setattr(os, "scandir", scandir)
    good, shut = check(["."])
    assert (good.file, good.status) == ("a.yaml", 0)
    assert (shut.file, shut.status) == ("shut", 2)
    assert shut.problems == (
        Problem("unreadable", "cannot be opened: permission denied", "", "shut"),
    )


@posix
def test_a_link_named_like_a_file_is_not_followed_into_a_folder(folder):
    (folder / "a.yaml").write_text(DEAL)
    (folder / "folder.yaml").mkdir()
    (folder / "up.yaml").symlink_to(folder)
    (folder / "round.yaml").symlink_to("round.yaml")
    found = [(file.file, file.status) for file in check(["."])]
    assert found == [("a.yaml", 0), ("round.yaml", 2)]


@pytest.fixture
def deep(folder, monkeypatch):
    """2,100 folders in one another, with a deal in the 1,500th and in the last; and one above."""
    (folder / "a.yaml").write_text(DEAL)
    for level in range(1, 2_101):
        os.mkdir("d")
        monkeypatch.chdir("d")
        if level in (1_500, 2_100):
            Path("deep.yaml").write_text(DEAL)
    monkeypatch.chdir(folder)
    yield folder
    for _ in range(2_100):
        monkeypatch.chdir("d")
    for _ in range(2_100):  # which pytest itself could not take away
        Path("deep.yaml").unlink(missing_ok=True)
        monkeypatch.chdir("..")
        os.rmdir("d")


@posix
@pytest.mark.usefixtures("deep")
def test_a_deep_folder_is_read_as_far_as_a_path_can_go():
    files = list(check(["."]))
    assert [file.status for file in files if file.file.endswith(".yaml")] == [0, 0]
    (far,) = (file for file in files if not file.file.endswith(".yaml"))
    assert far.problems[0].message == "cannot be opened: file name too long"


@pytest.mark.parametrize("words", [[], ["."], ["--strict"]])
def test_nothing_to_check_is_trouble_and_not_success(folder, capfd, words):
    (folder / ".hidden.yaml").write_text(DEAL)
    status, out, err = said(capfd, *words)
    assert (status, out) == (2, "")
    assert "[command-line]" in err


def test_standard_input_is_a_file_too(monkeypatch, capfd):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(claiming("months = 7").encode())))
    status, out, _ = said(capfd, "-", "-f", "concise")
    assert status == 1
    assert out.startswith("-:16:12: error: months is 6: 1 (14.29%) less than 7 [false-claim]\n")


def test_a_site_file_is_checked(file):
    site = "provider: xAI\ncurrency: USD\nthrough: 2027-12\n"
    levels = "sites: {A: {capacity: {from: 2027-01, capacity: 9 MW}, own_use: %s}}\n"
    assert checked(file(site + levels % "9 MW"))[1:] == ((), 0, 0, (), 0, False)
    found = checked(file(site + levels % "10 MW"))
    assert (found.status, [one.code for one in found.problems]) == (2, ["oversold"])


def test_a_broken_site_file_is_broken(file):
    assert checked(file("provider: *x\n")).status == 2


def test_terms_of_a_site_need_sources_too(file):
    site = "provider: xAI\ncurrency: USD\nthrough: 2027-12\n"
    site += "sites: {A: {capacity: {from: 2027-01, capacity: 9 MW}}}\n"
    site += "sources: {provider: the S-1, currency: TODO, sites: the S-1}\n"
    assert checked(file(site)).status == 0
    found = checked(file(site), strict=True)
    problems = [(one.line, one.code, one.severity) for one in found.problems]
    assert problems == [
        (2, "no-source", "error"),
        (3, "no-source", "error"),
        (5, "no-reason", "error"),
    ]
    assert found.status == 1


def test_a_broken_contract_is_said_once_and_with_the_site_where_nothing_else_would(folder):
    (folder / "deal.yaml").write_text(DEAL.replace("EUR", "EURO"))
    site = "provider: xAI\ncurrency: EUR\nsites: {A: {capacity: 30 MW, sold: deal.yaml}}\n"
    (folder / "site.yaml").write_text(site)
    deal, both = check(["."])
    assert [(one.file, one.code) for one in deal.problems] == [("deal.yaml", "currency")]
    assert [(one.file, one.code) for one in both.problems] == [("site.yaml", "contract")]
    (alone,) = check(["site.yaml"])
    assert {one.file for one in alone.problems} == {"site.yaml", "deal.yaml"}
    assert (deal.status, both.status, alone.status) == (2, 2, 2)


# --- the same with the shipped scenarios ----------------------------------------------------------


def test_a_claim_that_rests_on_an_assumption_says_so(folder, capfd):
    claims = claiming("price per MW-year = 6m", "total = 60m", "month 2026-02 = 10m")
    (folder / "a.yaml").write_text(
        claims + "assumptions: {charges.halls.capacity: nobody says, term.start: nor this}\n"
    )
    status, out, _ = said(capfd, "-v", "a.yaml")
    assert (status, out.splitlines()) == (
        0,
        [
            "a.yaml:16:12: true, if charges.halls.capacity is as assumed*: "
            "price per MW-year = 6m [6,000,000.00 EUR]",
            "a.yaml:17:12: true, if term.start is as assumed*: total = 60m [60,000,000.00 EUR]",
            "a.yaml:18:12: true: month 2026-02 = 10m [10,000,000.00 EUR]",
            "",
            "1 file, 3 claims: all true (2 rest on assumptions*)",
        ],
    )
    _, out, _ = said(capfd, "a.yaml", "-f", "concise")
    assert out == "1 file, 3 claims: all true (2 rest on assumptions*)\n"
    _, out, _ = said(capfd, "-v", "a.yaml", "-f", "json")
    held = [claim["assumed"] for claim in json.loads(out)["held"]]
    assert held == [["charges.halls.capacity"], ["term.start"], []]


def test_shipped_claims_say_what_they_rest_on(capfd):
    file = str(SCENARIOS / "anthropic-xai-colossus-1.yaml")
    status, out, _ = said(capfd, "-v", file, "-f", "json")
    assert status == 0
    rests = {
        claim["claim"]: claim["assumed"]
        for claim in json.loads(out)["held"]
        if claim["case"] is None
    }
    # 300 MW and 220,000 GPUs are those of Colossus 1; whether the fee buys them alone is assumed.
    assert rests["price per MW-year = 50m"] == ["charges.compute.capacity"]
    assert rests["price per GPU-month ~ 5682 within 0.01%"] == ["charges.compute.capacity"]
    assert rests["year 2027 = 15bn"] == []
    assert {"termination.fee", "charges.compute.ramp.0.discount"} < {
        *rests["firm at signing = 2.5bn"]
    }


def test_shipped_scenarios_are_true_and_sourced(capfd):
    status, out, err = said(capfd, "--strict", str(SCENARIOS))
    assert (status, err) == (0, "")
    # 31 claims of the model deal, 16 of Google's, 11 of IREN's, 31 made up, 16 of Reflection's,
    # 8 of Core Scientific's, 11 of River Bend's, 8 of Nebius's; 10 of SpaceX's book, 2 of
    # Anthropic's, which lists 3 more files.
    summary = "14 files, 144 claims: all true (126 rest on assumptions*), 2 warnings"
    assert out.splitlines()[-1] == summary
    assert out.count("\n  --> ") == 1
    assert "times the most that comparable contracts pay [unit-price]" in out


# --- claims ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claim", "message"),
    [
        # 60m - 100m = -40m, 40% of 100m.
        ("total > 100m", "total is 60,000,000.00 EUR: 40,000,000.00 (40.00%) less than 100m"),
        # 10m over 50m is a fifth of it.
        ("total <= 50m", "total is 60,000,000.00 EUR: 10,000,000.00 (20.00%) more than 50m"),
        ("total > 60m", "total is 60,000,000.00 EUR: exactly 60m, and not more"),
        ("total<60m", "total is 60,000,000.00 EUR: exactly 60m, and not less"),
        # A cent of 60m is 0.0000000167%.
        (
            "total = 60000000.01",
            "total is 60,000,000.00 EUR: 0.01 (less than 0.01%) less than 60000000.01",
        ),
        # 5m of 65m is a thirteenth: 7.692%.
        (
            "total ~ 65m  within 1%",
            "total is 60,000,000.00 EUR: 5,000,000.00 (7.69%) less than 65m, not within 1%",
        ),
        ("months = 7", "months is 6: 1 (14.29%) less than 7"),
        ("year 2027 > 1m", "year 2027 is 0.00 EUR: 1,000,000.00 (100.00%) less than 1m"),
        ("fee > 1m", "fee is 0.00 EUR: 1,000,000.00 (100.00%) less than 1m"),
        ("earned = 0", "earned is 60,000,000.00 EUR: 60,000,000.00 more than 0"),
        ("last day = 2026-06-29", "last day is 2026-06-30: 1 day after 2026-06-29"),
        ("last day > 2026-07-31", "last day is 2026-06-30: 31 days before 2026-07-31"),
        ("last day < 2026-06-30", "last day is 2026-06-30: exactly 2026-06-30, and not less"),
        ("earned share < 90%", "earned share is 100.00%: 10.00% (11.11%) more than 90%"),
        # 10m / 20 MW x 12 = 6m; per hour 6m / 8760 = 684.931507 (rounded to six decimals).
        (
            "price per MW-hour < 600",
            "price per MW-hour is 684.931507 EUR: 84.931507 (14.16%) more than 600",
        ),
    ],
)
def test_a_false_claim_says_the_value_and_how_far_it_is_off(file, claim, message):
    found = checked(file(claiming("months = 6", claim)))
    assert (found.status, found.claims) == (1, 2)
    (problem,) = found.problems
    assert (problem.code, problem.severity, problem.help) == ("false-claim", "error", "")
    assert problem.message == message
    # The caret stands under the claim.
    assert (problem.line, problem.column, problem.length) == (17, 12, len(claim))


def test_a_false_claim_names_its_source_and_its_case(file):
    cases = """\
cases:
  dearer:
    set: {charges.halls.price: 11m per month}
    claims:
      - claim: total = 60m
        source: the press
"""
    (problem,) = checked(file(DEAL + cases)).problems
    expected = "in the case dearer, total is 66,000,000.00 EUR: 6,000,000.00 (10.00%) more than 60m"
    assert problem.message == expected
    assert (problem.line, problem.help) == (19, "the source of the claim: the press")


def test_each_claim_is_about_its_own_case_and_the_file_is_about_none(file):
    cases = """\
claims:
  - claim: total = 60m
cases:
  leaves:
    notice: 2026-02-01
    by: buyer
    claims:
      - claim: last day = 2026-03-03
      - claim: total ~ 20.97m within 0.1%
  halved:
    set: {charges.halls.price: 5m per month}
    claims:
      - claim: total = 30m
  both:
    set: {termination.notice: 1 month, charges.halls.price: 5m per month}
    notice: 2026-02-01
    claims:
      - claim: last day = 2026-03-01
"""
    # 1 February + 30 days is 3 March: 20m + 3/31 x 10m = 20,967,741.94.
    found = checked(file(DEAL + cases))
    assert (found.status, found.problems, found.claims) == (0, (), 5)


def test_cases_are_priced_though_they_claim_nothing(file):
    found = checked(file(DEAL + "cases:\n  early:\n    notice: 2025-12-31\n"))
    (problem,) = found.problems
    assert (found.status, problem.code, problem.line) == (2, "notice", 17)
    assert problem.message.startswith("in the case early: ")
    assert "2026-01-01" in problem.help


def test_a_claim_about_what_the_deal_has_not_is_broken_and_hides_no_other(file):
    text = claiming("price per GPU-month < 9k", "months = 7")
    found = checked(file(text))
    assert [(one.line, one.code) for one in found.problems] == [
        (16, "no-capacity"),
        (17, "false-claim"),
    ]
    assert (found.status, found.claims) == (2, 1)


def test_all_problems_of_all_files_come_in_one_run_sorted_by_place(capfd, monkeypatch):
    monkeypatch.chdir(CONTRACTS)
    status, out, err = said(capfd, "deals", "-f", "concise")
    assert (status, err) == (2, "")
    places = [re.match(r"(.*?):(\d+):(\d+): ", line) for line in out.splitlines()[:-1]]
    found = [(place[1], int(place[2]), int(place[3])) for place in places]
    assert found == sorted(found)
    assert {place[0] for place in found} == {
        "deals/broken.yaml",
        "deals/doubtful.yml",
        "deals/false.yaml",
    }


def test_the_worst_file_is_the_status(folder, capfd):
    (folder / "true.yaml").write_text(claiming("months = 6"))
    assert said(capfd, ".")[:2] == (0, "1 file, 1 claim: all true\n")
    (folder / "false.yaml").write_text(claiming("months = 7"))
    assert said(capfd, ".")[0] == 1
    (folder / "broken.yaml").write_text("deal: x\n")
    assert said(capfd, ".")[0] == 2
    assert said(capfd, "true.yaml", "false.yaml")[0] == 1


# --- doubts ---------------------------------------------------------------------------------------


def doubts(text: str, file) -> list[tuple[int, str]]:
    found = checked(file(text))
    assert found.status == 0, "a warning never changes the status"
    assert {problem.severity for problem in found.problems} <= {"warning"}
    return [(problem.line, problem.code) for problem in found.problems]


def test_nothing_is_doubtful_about_a_plain_deal(file):
    assert doubts(DEAL, file) == []


@pytest.mark.parametrize(
    ("notice", "line"),
    [
        # From 1 January: the term ends on 30 June, 180 days later.
        ("179 days", None),
        ("180 days", 14),
        ("5 months", None),
        ("6 months", 14),
    ],
)
def test_notice_as_long_as_the_term_is_doubtful(file, notice, line):
    expected = [(line, "notice-outlasts")] if line else []
    assert doubts(DEAL.replace("30 days", notice), file) == expected


@pytest.mark.parametrize(
    ("lock_out", "doubtful"),
    [("2026-06-30", "notice-outlasts"), ("2026-07-01", "lock-out-outlasts"), ("2026-05-01", None)],
)
def test_a_lock_out_that_outlasts_the_term_is_doubtful(file, lock_out, doubtful):
    found = doubts(f"{DEAL}  lock_out: {lock_out}\n", file)
    assert [code for _, code in found] == ([doubtful] if doubtful else [])


@pytest.mark.parametrize("key", ["sources", "assumptions"])
@pytest.mark.parametrize("text", ["TODO", '"?"', "n/a", "tbd.", "--", "None", "(assumed)", "???"])
def test_a_reason_that_says_nothing_is_doubtful(file, key, text):
    assert doubts(f"{DEAL}{key}:\n  term: {text}\n", file) == [(16, "no-reason")]


@pytest.mark.parametrize("text", ["the S-1", "assumed from it", "none is disclosed", "made up"])
def test_a_reason_that_says_something_is_not(file, text):
    assert doubts(f"{DEAL}assumptions:\n  term: {text}\n", file) == []


def test_a_ramp_that_outlasts_its_charge_in_a_case_is_doubtful(file):
    ramp = "    ramp: [{months: 6, discount: 10%}]\n"
    text = DEAL.replace("    capacity:", f"{ramp}    capacity:", 1)
    assert ramp in text
    assert doubts(text, file) == []
    found = doubts(f"{text}cases:\n  shorter: {{set: {{term.months: 5}}}}\n", file)
    assert found == [(11, "ramp-outlasts")]


def test_a_doubt_is_said_once_though_cases_share_it(file):
    text = DEAL.replace("EUR", "USD").replace("10m per", "900m per")
    cases = "cases:\n  longer: {set: {term.months: 7}}\n"
    cases += "  cheaper: {set: {charges.halls.price: 90m per month}}\n"
    # 900m / 20 MW is doubtful, and so is 90m / 20 MW, where the case says it.
    assert doubts(text + cases, file) == [(10, "unit-price"), (17, "unit-price")]


# --- sources --------------------------------------------------------------------------------------

SOURCED = (
    DEAL
    + """\
sources:
  seller: the contract
  buyer: the contract
  currency: the contract
  term.start: the contract
  charges.halls: the contract
  termination.0.notice: the contract
assumptions:
  term.months: the end is not disclosed
  termination.by: not disclosed
  termination.fee: not disclosed; none is assumed
  charges.halls.escalator.rate: not disclosed; none is assumed
  term.signed: not disclosed; the start of the term is assumed
  conventions.notice_day: not disclosed; that it does not count is assumed
"""
)


def unsourced(text: str, file) -> list[tuple[int, str, str]]:
    found = checked(file(text), strict=True)
    assert found.status == (1 if found.problems else 0)
    named = (re.findall("`(.*)`", one.message) for one in found.problems)
    return [
        (one.line, one.code, "".join(names))
        for one, names in zip(found.problems, named, strict=True)
    ]


def test_strict_wants_every_term_in_sources_or_assumptions(file):
    assert unsourced(SOURCED, file) == []
    assert checked(file(DEAL)).status == 0


@pytest.mark.parametrize(
    ("taken", "missing"),
    [
        ("  seller: the contract\n", (2, "no-source", "seller")),
        ("  term.start: the contract\n", (6, "no-source", "term.start")),
        ("  term.months: the end is not disclosed\n", (7, "no-source", "term.months")),
        ("  charges.halls: the contract\n", (8, "no-source", "charges")),
        ("  termination.0.notice: the contract\n", (14, "no-source", "termination.notice")),
        ("  termination.by: not disclosed\n", (13, "no-source", "termination.by")),
    ],
)
def test_a_term_without_one_is_named(file, taken, missing):
    assert taken in SOURCED
    assert unsourced(SOURCED.replace(taken, ""), file) == [missing]


def test_what_is_missing_is_named_at_the_highest_place(file):
    # One of the two charges has a source: the other is named, and not its two terms.
    second = "  power:\n    price: 55 per MWh\n    capacity: halls\n"
    text = SOURCED.replace("termination:\n", f"{second}termination:\n", 1)
    assert unsourced(text, file) == [(12, "no-source", "charges.power")]
    priced = text.replace("  charges.halls: ", "  charges.power.price: x\n  charges.halls: ")
    # Every hour is paid for, as nobody said: that is wanted too once the charge is in part sourced.
    assert unsourced(priced, file) == [
        (12, "no-source", "charges.power.load"),
        (14, "no-source", "charges.power.capacity"),
    ]


def test_lists_are_covered_whole_or_entry_by_entry(file):
    text = SOURCED.replace("20 MW", "[20 MW, 9 GPU]").replace(
        "  charges.halls: the contract\n",
        "  charges.halls.price: the contract\n  charges.halls.capacity.1: the contract\n",
    )
    assert unsourced(text, file) == [(11, "no-source", "charges.halls.capacity.0")]
    whole = text.replace("capacity.1:", "capacity:")
    assert unsourced(whole, file) == []


START_SIGNED = "  term.signed: not disclosed; the start of the term is assumed\n"
NOTICE_DAY = "  conventions.notice_day: not disclosed; that it does not count is assumed\n"
LOCKED = "  notice: 30 days\n  lock_out: 2 months\n"
LOCK_OUT = "  termination.lock_out: the contract\n"
NOT_LEFT = "termination:\n  by: either\n  notice: 30 days\n"
OF_LEAVING = re.compile(r"  termination\..*\n")


@pytest.mark.parametrize(
    ("old", "new", "missing"),
    [
        (START_SIGNED, "", [(5, "no-source", "term.signed")]),
        # There is no `conventions` in the file: the place is that of the deal.
        (NOTICE_DAY, "", [(1, "no-source", "conventions.notice_day")]),
        (NOTICE_DAY, "  conventions: nothing is disclosed\n", []),
    ],
)
def test_strict_wants_defaults_that_move_the_deal_too(file, old, new, missing):
    assert old in SOURCED
    assert unsourced(SOURCED.replace(old, new), file) == missing


def test_a_source_of_what_stands_above_covers_a_default(file):
    unsigned = SOURCED.replace(START_SIGNED, "")
    above = unsigned.replace("  term.start: the contract\n", "  term: the contract\n")
    assert unsourced(above, file) == []


def test_strict_wants_to_know_who_may_leave(file):
    silent = OF_LEAVING.sub("", SOURCED.replace(NOT_LEFT, ""))
    assert unsourced(silent, file) == [(1, "no-source", "termination")]
    assert unsourced(silent + "  termination: drafts say that nobody may leave\n", file) == []
    found = checked(file(silent), strict=True).problems[0]
    assert found.message == (
        "`termination`: the file does not say who may leave; that nobody may is assumed"
    )
    assert found.help == (
        "say it in the file, or list `termination` in `assumptions` if it is not disclosed"
    )
    assert checked(file(silent)).problems == ()


@pytest.mark.parametrize(
    ("more", "missing"),
    [
        ("", [(12, "no-source", "termination.lock_out_bars")]),
        ("  termination.lock_out_bars: not disclosed; notice is assumed\n", []),
        # What stands alone may be written as the first of a list.
        ("  termination.0.lock_out_bars: not disclosed; notice is assumed\n", []),
    ],
)
def test_strict_wants_to_know_what_a_lock_out_bars(file, more, missing):
    locked = SOURCED.replace("  notice: 30 days\n", LOCKED)
    there = locked.replace("sources:\n", f"sources:\n{LOCK_OUT}")
    assert unsourced(there + more, file) == missing


def test_names_claims_and_cases_need_no_source(file):
    more = "claims:\n  - claim: months = 6\ncases:\n  early: {notice: 2026-02-01}\n"
    assert unsourced(SOURCED + more, file) == []


def test_strict_makes_errors_of_paths_that_name_nothing_and_of_empty_reasons(file):
    wrong = SOURCED.replace("charges.halls: the contract", "charges.hall: the contract")
    found = checked(file(wrong), strict=True)
    assert [(one.line, one.code, one.severity) for one in found.problems] == [
        (8, "no-source", "error"),
        (20, "unknown-name", "error"),
    ]
    assert found.status == 1
    assert checked(file(wrong)).status == 0
    vague = SOURCED.replace("  seller: the contract", "  seller: TODO")
    found = checked(file(vague), strict=True)
    assert [(one.line, one.code) for one in found.problems] == [(2, "no-source"), (16, "no-reason")]


def test_a_broken_file_is_only_broken_when_it_is_strict(file):
    found = checked(file(DEAL.replace("EUR", "EURO")), strict=True)
    assert ([one.code for one in found.problems], found.status) == (["currency"], 2)


# --- forms ----------------------------------------------------------------------------------------

PINNED = {
    "full": "full.txt",
    "concise": "concise.txt",
    "github": "github.txt",
    "json": "check.json",
    "junit": "junit.xml",
    "sarif": "check.sarif",
}


def test_every_form_is_pinned():
    assert PINNED.keys() == FORMS.keys()


@pytest.mark.parametrize("form", PINNED)
def test_the_form_is_what_is_pinned(form, capfdbinary, monkeypatch, pinned):
    monkeypatch.chdir(CONTRACTS)
    assert run(["check", "deals", "-f", form]) == 2
    out, err = capfdbinary.readouterr()
    assert err == b""
    pinned(CONTRACTS / PINNED[form], out)


@pytest.mark.parametrize("form", ["full", "concise", "github", "json"])
def test_verbose_shows_claims_that_hold_with_their_values(form, capfdbinary, monkeypatch, pinned):
    monkeypatch.chdir(CONTRACTS)
    assert run(["check", "deals/true.yaml", "deals/false.yaml", "-v", "-f", form]) == 2
    out, _ = capfdbinary.readouterr()
    pinned(CONTRACTS / f"verbose-{PINNED[form]}", out)


def test_json_has_the_counts_and_the_problems(monkeypatch, capfd):
    monkeypatch.chdir(CONTRACTS)
    answer = json.loads(said(capfd, "deals", "-f", "json")[1])
    assert list(answer) == ["format", "files", "skipped", "claims", "problems"]
    assert (answer["format"], answer["files"], answer["claims"]) == ("dealcalc/check/1", 4, 5)
    assert len(answer["problems"]) == 8
    assert answer["problems"][0] == {
        "file": "deals/broken.yaml",
        "line": 7,
        "column": 12,
        "code": "date",
        "severity": "error",
        "message": "2026-06 has no day 31",
        "help": "write `2026-06-30`, the last day of that month",
    }
    assert json.loads(said(capfd, "deals/true.yaml", "-f", "json")[1])["problems"] == []


def test_junit_has_a_suite_for_a_file_and_a_case_for_a_claim(monkeypatch, capfd):
    monkeypatch.chdir(CONTRACTS)
    root = ET.fromstring(said(capfd, "deals", "-f", "junit")[1].encode())
    counts = {
        suite.get("name"): [suite.get(name) for name in ("tests", "errors", "failures")]
        for suite in root
    }
    # Terms and claims: a broken file claims nothing; leaves-early breaks the third.
    assert counts == {
        "deals/broken.yaml": ["1", "1", "0"],
        "deals/doubtful.yml": ["1", "0", "0"],
        "deals/false.yaml": ["4", "1", "2"],
        "deals/true.yaml": ["3", "0", "0"],
    }
    for suite in root:
        assert len(suite) == int(suite.get("tests"))
        assert len(suite.findall("testcase/failure")) == int(suite.get("failures"))
        assert len(suite.findall("testcase/error")) == int(suite.get("errors"))
    names = [case.get("name") for case in root[2]]
    assert names == ["terms", "total > 100m", "months = 6", "leaves: last day = 2026-03-01"]


def test_junit_counts_missing_sources_as_a_failure(file, capfd):
    root = ET.fromstring(said(capfd, file(DEAL), "--strict", "-f", "junit")[1].encode())
    assert [root[0].get(name) for name in ("tests", "errors", "failures")] == ["1", "0", "1"]


def test_sarif_places_every_result_and_explains_every_rule(monkeypatch, capfd):
    monkeypatch.chdir(CONTRACTS)
    log = json.loads(said(capfd, "deals", "-f", "sarif")[1])
    assert log["version"] == "2.1.0"
    (one,) = log["runs"]
    assert [rule["id"] for rule in one["tool"]["driver"]["rules"]] == list(CODES)
    assert one["columnKind"] == "unicodeCodePoints"
    assert len(one["results"]) == 8
    for result in one["results"]:
        assert result["ruleId"] in CODES
        assert result["level"] in ("error", "warning")
        assert result["message"]["text"]
        (place,) = result["locations"]
        region = place["physicalLocation"]["region"]
        assert 1 <= region["startColumn"] < region["endColumn"]
    first = one["results"][0]["locations"][0]["physicalLocation"]
    assert first == {
        "artifactLocation": {"uri": "deals/broken.yaml"},
        "region": {"startLine": 7, "startColumn": 12, "endColumn": 22},
    }


@pytest.mark.parametrize(
    ("name", "uri"),
    [("a b#c?.yaml", "a%20b%23c%3F.yaml"), ("50%.yaml", "50%25.yaml"), ("é.yaml", "%C3%A9.yaml")],
)
def test_sarif_names_files_as_uris(folder, capfd, name, uri):
    (folder / name).write_text("deal: x")
    result = json.loads(said(capfd, name, "-f", "sarif")[1])["runs"][0]["results"][0]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri
    whole = json.loads(said(capfd, str(folder / name), "-f", "sarif")[1])["runs"][0]["results"][0]
    place = whole["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert place == f"file://{folder}/{uri}"


def test_a_text_is_no_placeholder_and_no_link_in_sarif(file, capfd):
    text = claiming("months = 7") + '    source: "{0} and [a link](http://x)"\n'
    log = json.loads(said(capfd, file(text), "-f", "sarif")[1])
    message = log["runs"][0]["results"][0]["message"]["text"]
    assert message.endswith("(help: the source of the claim: {{0}} and [a link] (http://x))")


# --- GitHub Actions -------------------------------------------------------------------------------


def broken(errors: int) -> str:
    return DEAL + "".join(f"key-{number}: x\n" for number in range(errors))


def test_under_github_actions_annotations_are_the_form(file, capfd, monkeypatch):
    name = file(broken(1))
    assert said(capfd, name)[1].startswith("error: ")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert said(capfd, name)[1].startswith(f"::error file={name},line=15,col=1,endColumn=6,title=")
    assert said(capfd, name, "-f", "full")[1].startswith("error: ")


def test_beyond_what_github_annotates_problems_are_plain_lines_and_are_counted(folder, capfd):
    for number in range(3):
        (folder / f"{number}.yaml").write_text(broken(5))
    doubtful = "sources:\n" + "".join(f"  term.{number}: TODO\n" for number in range(6))
    (folder / "9.yaml").write_text(DEAL + doubtful)
    _, out, _ = said(capfd, ".", "-f", "github")
    lines = out.splitlines()
    assert sum(line.startswith("::error ") for line in lines) == 10
    assert sum(line.startswith("::warning ") for line in lines) == 10
    # 15 errors less 10; six paths that name nothing and six reasons that say nothing, less 10.
    plain = [line for line in lines if not line.startswith("::")]
    assert [line.partition(":")[0] for line in plain[:-2]] == ["2.yaml"] * 5 + ["9.yaml"] * 2
    assert plain[-2] == "7 not annotated: GitHub keeps 10 errors and 10 warnings of a step"
    assert plain[-1] == "4 files, no claims: 3 files broken, 12 warnings"


def test_paths_are_those_of_the_repository(folder, capfd, monkeypatch):
    (folder / "sub").mkdir()
    (folder / "sub" / "a.yaml").write_text(broken(1))
    monkeypatch.chdir(folder / "sub")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(folder))
    assert said(capfd, "a.yaml", "-f", "github")[1].startswith("::error file=sub/a.yaml,line=15,")


def test_properties_and_messages_of_a_command_are_escaped(folder, capfd):
    name = "a,b:c%\nd.yaml"
    (folder / name).write_text(
        claiming("earned share < 50%").replace("Northgate", '"50% ::error::x"')
    )
    _, out, _ = said(capfd, name, "-f", "github")
    command, summary = out.splitlines()
    # A new line in a name is shown as an escape, so there is one command and no more.
    assert command.startswith("::error file=a%2Cb%3Ac%25\\nd.yaml,line=16,col=12,")
    assert "earned share is 100.00%25: 50.00%25 (100.00%25) more than 50%25" in command
    assert summary == "1 file, 1 claim: 1 false"


# --- somebody's text is data ----------------------------------------------------------------------

HOSTILE = '[bold]x[/] \u202e ::error::a ##[error]b ##vso[c] & <f> "q" ]]> %0A'


@pytest.mark.parametrize("form", FORMS)
def test_no_form_lets_a_text_act(form, folder, capfd):
    name = "::error::\x1b[31m ##[error] \u202e&<.yaml"
    text = json.dumps(HOSTILE)
    (folder / name).write_text(
        DEAL
        + f"claims:\n  - claim: months = 7\n    source: {text}\n  - claim: months = 6\n"
        + f"sources:\n  {text}: TODO\ncases:\n  {json.dumps('##[error] & <')}:\n"
        + "    notice: 2020-01-01\n",
        encoding="utf-8",
    )
    status, out, err = said(capfd, ".", "-v", "-f", form)
    assert (status, err) == (2, "")
    for bad in ("\x1b", "\u202e", "##[", "##vso[", "\r"):
        assert bad not in out
    for line in out.splitlines():
        own = re.match(r"::(error|warning) ", line) if form == "github" else None
        assert not line.lstrip().startswith("::") or own
    if form in ("json", "sarif"):
        assert HOSTILE in json.dumps(json.loads(out), ensure_ascii=False).replace('\\"', '"')
    if form == "junit":
        ET.fromstring(out.encode())


def test_json_says_names_and_texts_exactly(folder, capfd):
    name = "::error::\udcff.yaml"
    (folder / name).write_text(claiming("months = 7"))
    (problem,) = json.loads(said(capfd, ".", "-f", "json")[1])["problems"]
    assert problem["file"] == name


@pytest.mark.parametrize("form", FORMS)
def test_a_file_that_is_no_scenario_is_not_quoted(form, folder, capfd):
    (folder / "passwd.yaml").write_text("root:x:0:0:secret\n")
    status, out, _ = said(capfd, ".", "-f", form)
    assert status == 2
    assert "secret" not in out


# --- where it writes ------------------------------------------------------------------------------


def test_files_are_written_beside_the_screen(folder, capfd):
    (folder / "a.yaml").write_text(claiming("months = 7"))
    words = ["a.yaml", "-f", "concise"]
    for ending in FORM_BY_ENDING:
        words += ["-o", f"out{ending}"]
    status, out, err = said(capfd, *words, "-o", "github:notes", "-o", "sarif:log.json")
    assert status == 1
    assert out == said(capfd, "a.yaml", "-f", "concise")[1]
    written = [*(f"out{ending}" for ending in FORM_BY_ENDING), "notes", "log.json"]
    assert err == "".join(f"wrote {name}\n" for name in written)
    forms = [*FORM_BY_ENDING.values(), "github", "sarif"]
    for name, form in zip(written, forms, strict=True):
        assert Path(name).read_text(encoding="utf-8") == said(capfd, "a.yaml", "-f", form)[1]


@pytest.mark.parametrize("name", ["out", "out.csv", "xml:out", "json:", "full"])
def test_a_file_whose_form_nobody_knows_is_refused_before_anything_is_read(folder, capfd, name):
    status, out, err = said(capfd, "no-such-file.yaml", "-o", name)
    assert (status, out) == (2, "")
    assert "does not end in a known form [command-line]" in err
    assert os.listdir(folder) == []


def test_a_missing_folder_for_a_file_is_trouble_and_the_screen_says_what_it_can(folder, capfd):
    (folder / "a.yaml").write_text(DEAL)
    status, out, err = said(capfd, "a.yaml", "-o", "nowhere/out.json")
    assert (status, out) == (2, "1 file, no claims: all valid\n")
    assert "[unwritable]" in err
    assert os.listdir(folder) == ["a.yaml"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["."], "json:a.yaml has the name of a scenario"),
        (["."], "json:new.YML has the name of a scenario"),
        (["deal.txt"], "deal.txt is already read or written by this command"),
        (
            ["a.yaml", "-o", "log.json"],
            "sarif:sub/../log.json is already read or written by this command",
        ),
    ],
)
def test_no_file_takes_the_place_of_another(folder, capfd, words, message):
    (folder / "sub").mkdir()
    for name in ("a.yaml", "deal.txt"):
        (folder / name).write_text(DEAL)
    name = message.partition(" ")[0]
    status, out, err = said(capfd, *words, "-o", name)
    assert (status, out) == (2, "")
    assert f"{message.rpartition(':')[2]} [command-line]" in err
    assert sorted(os.listdir(folder)) == ["a.yaml", "deal.txt", "sub"]
    assert (folder / "a.yaml").read_text() == (folder / "deal.txt").read_text() == DEAL


def test_a_device_may_be_written_twice(folder, capfd):
    (folder / "a.yaml").write_text(DEAL)
    status, _, err = said(capfd, "a.yaml", "-o", "json:/dev/null", "-o", "sarif:/dev/null")
    assert (status, err) == (0, "wrote /dev/null\nwrote /dev/null\n")


@posix
def test_ctrl_c_while_many_files_are_checked_is_130_and_writes_no_report(folder):
    for number in range(300):
        (folder / f"{number:03}.yaml").write_text(broken(20))
    env = os.environ | {"PYTHONPATH": str(TESTS.parent)}
    words = [*PROGRAM, "check", ".", "-f", "concise", "-o", "report.json"]
    # Its screen is a pipe that nobody empties, so that it is still at work when it is interrupted.
    process = subprocess.Popen(
        words, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    process.stdout.read(1)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (130, b"")
    assert not [name for name in os.listdir(folder) if not name.endswith(".yaml")]


@posix
@pytest.mark.parametrize(
    ("how", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, -signal.SIGTERM)]
)
def test_what_is_ended_has_written_whole_lines_and_leaves_no_process(folder, how, status):
    for number in range(300):
        (folder / f"{number:03}.yaml").write_text(broken(20))
    words = [*PROGRAM, "check", ".", "-f", "concise"]
    process = subprocess.Popen(
        words,
        env=os.environ | {"PYTHONPATH": str(TESTS.parent)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        bufsize=0,
    )
    # 6,000 lines are more than a pipe takes, so that it is still at work when it is ended.
    first = process.stdout.read(1)
    os.killpg(process.pid, how)
    rest, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (status, b"")
    lines = (first + rest).decode().splitlines(keepends=True)
    whole = re.compile(r"\d{3}\.yaml:\d+:1: error: unknown key `key-\d+` .*\[unknown-key\]\n")
    assert 0 < len(lines) < 6_000
    assert not [line for line in lines if not whole.fullmatch(line)]
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


def test_a_file_that_vanishes_meanwhile_is_a_problem_of_its_own(folder):
    for name in ("a.yaml", "b.yaml", "c.yaml"):
        (folder / name).write_text(DEAL)
    files = check(["."])
    assert next(files).status == 0
    (folder / "b.yaml").unlink()
    gone, left = files
    assert [one.code for one in gone.problems] == ["unreadable"]
    assert left.status == 0


def test_all_is_well_in_one_line_on_standard_output(folder, capfd):
    (folder / "a.yaml").write_text(DEAL)
    assert said(capfd, ".") == (0, "1 file, no claims: all valid\n", "")


def test_a_closed_pipe_is_silent(folder):
    for number in range(200):
        (folder / f"{number}.yaml").write_text(broken(20))
    env = os.environ | {"PYTHONPATH": str(TESTS.parent)}
    shell = f"{sys.executable} -m dealcalc check . | head -n 1; exit ${{PIPESTATUS[0]}}"
    words = ["bash", "-c", shell]
    result = subprocess.run(words, capture_output=True, text=True, env=env, check=False)
    assert (result.returncode, result.stderr) == (141, "")
    assert result.stdout.startswith("error: unknown key `key-0`")


# --- pages of codes -------------------------------------------------------------------------------


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_page(code, capfd):
    status, out, err = said(capfd, "--explain", code)
    assert (status, err) == (0, "")
    assert out.startswith(f"{code}: {CODES[code]}\n")
    for ending in ("yaml", "txt"):
        example = TESTS / "broken" / f"{code}.{ending}"
        if example.exists():
            lines = example.read_text(encoding="utf-8").splitlines()
            assert all(f"    {line}".rstrip() in out for line in lines)


def test_all_pages_come_in_the_order_of_their_codes(capfd):
    _, out, _ = said(capfd, "--explain", "all")
    starts = [out.index(f"{code}: {CODES[code]}\n") for code in CODES]
    assert starts == sorted(starts)


def test_an_unknown_code_is_refused(capfd):
    status, out, err = said(capfd, "--explain", "flase-claim")
    assert (status, out) == (2, "")
    assert "did you mean `false-claim`?" in err


# --- many files -----------------------------------------------------------------------------------


def test_a_file_more_costs_no_memory(folder):
    """Files are read one by one, and with the collector off nothing of them is left behind."""
    for number in range(150):
        (folder / f"{number:03}.yaml").write_text(
            claiming("months = 7", "total = 60m") + "cases:\n  a: {set: {term.months: 3}}\n"
            if number % 2
            else broken(3)
        )
    gc.collect()
    gc.disable()
    try:
        used = []
        tracemalloc.start()
        for number, _ in enumerate(check(["."]), 1):
            if number in (50, 150):
                used.append(tracemalloc.get_traced_memory()[0])
        left = gc.collect()
    finally:
        tracemalloc.stop()
        gc.enable()
    # 100 files more; one of them alone takes some 100 kB while it is read.
    assert used[1] - used[0] < 100_000
    assert left < 100

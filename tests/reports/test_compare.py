"""`dealcalc compare`: cases, or files, or both, side by side."""

import csv
import io
import json
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from commands import ANTHROPIC, EVERY_TERM, GOOGLE, Ask
from effort import some
from random_deals import as_yaml, random_deal
from shipped import SCENARIOS
from small_deals import day, money

from dealcalc.core import Priced
from dealcalc.figures.subject import load
from dealcalc.forms import tables
from dealcalc.reports import sides
from dealcalc.reports.compare import CompareReport
from dealcalc.reports.sides import Wanted

Node = dict[str, Any]
Pinned = Callable[[str, str], None]


# 100 a month for two years, so that every change can be worked in the head.
HALL = """\
deal: Northgate
seller: Example Halls
buyer: Example Lab
currency: USD
term: {start: 2026-01, months: 24}
charges:
  rack:
    price: 100 per month
termination:
  by: either
  notice: 1 month
cases:
  dearer:
    set: {charges.rack.price: 125 per month}
    source: the second draft
  shorter:
    set: {term.months: 18}
  leaves:
    notice: 2026-10-31
    by: buyer
"""
SIGNING = "4.3%; either party may leave from 2026-01-01 on 1 month's notice; first exit 2026-02-01"


@pytest.fixture
def deal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Writes a file into a folder of its own, which is the current one, and gives its name."""
    monkeypatch.chdir(tmp_path)

    def write(text: str = HALL, name: str = "hall.yaml") -> str:
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")
        return name

    return write


def refusal(said: Ask, *arguments: str) -> str:
    """What is said where nothing is answered."""
    status, out, err = said(*arguments)
    assert (status, out) == (2, "")
    return err


def names(found: Node) -> list[str]:
    return [column["name"] for column in found["columns"]]


# --- the model deal -----------------------------------------------------------------------------


def test_model_readings(asked: Ask) -> None:
    """The file as it is and all its cases, with what each pays and what is firm at signing."""
    found = {column["name"]: column for column in asked(ANTHROPIC)["columns"]}
    assert {name: (one["total"], one["firm"]) for name, one in found.items()} == {
        # 2 x 0.625bn + 35 x 1.25bn; from 3 May to 1 August 2026: (29/31 + 1) x 0.625bn + (1 + 1/31)
        # x 1.25bn
        "anthropic-xai-colossus-1": (money("45e9"), money("2,500,000,000.00")),
        # until 1 November: 1.25bn x (4 + 1/30) more; until 3 August: x (1 + 3/31);
        # until 28 January 2027: x (6 + 28/31)
        "after-three-months": (money("45e9"), money("6,251,344,086.02")),
        "ending-after-three-months": (money("45e9"), money("2,580,645,161.29")),
        "180-day-lease": (money("45e9"), money("9,838,709,677.41")),
        # each 10% of (1 + 29/31) months is 241,935,483.87; 761.865m for each; nothing off; all off
        "nearly-45bn": (money("44.75e9"), money("2,258,064,516.13")),
        "ten-q-second-quarter": (money("45,273,730,000.00"), money("2,764,900,000.00")),
        "no-discount": (money("46.25e9"), money("3,709,677,419.36")),
        "two-free-months": (money("43.75e9"), money("1,290,322,580.65")),
        # nine tenths of it all
        "up-to": (money("40.5e9"), money("2,250,000,000.00")),
        "both-sites": (money("45e9"), money("2,500,000,000.00")),
        # 8.75bn + (5 + 13/30) x 1.25bn; at signing nobody has left
        "anthropic-leaves": (money("15,541,666,666.67"), money("2,500,000,000.00")),
    }
    leaves = found["anthropic-leaves"]
    assert (leaves["change"], leaves["last_day"]) == (money("-29,458,333,333.33"), "2027-06-13")
    assert leaves["change_share"] == Decimal("-0.65463")  # 29,458,333,333.33 / 45bn
    assert found["180-day-lease"]["earliest_exit"] == "2027-01-28"


def test_model_years(asked: Ask) -> None:
    rows = asked(ANTHROPIC, "--case", "anthropic-leaves")["years"]
    assert [tuple(row.values()) for row in rows] == [
        (2026, "anthropic-xai-colossus-1", money("8.75e9"), 0, 0),
        (2026, "anthropic-leaves", money("8.75e9"), 0, 0),
        (2027, "anthropic-xai-colossus-1", money("15e9"), 0, 0),
        # 6,791,666,666.67 is (5 + 13/30) x 1.25bn; 8,208,333,333.33 / 15bn is 0.547222
        (
            2027,
            "anthropic-leaves",
            money("6,791,666,666.67"),
            money("-8,208,333,333.33"),
            Decimal("-0.547222"),
        ),
        (2028, "anthropic-xai-colossus-1", money("15e9"), 0, 0),
        (2028, "anthropic-leaves", 0, money("-15e9"), -1),
        (2029, "anthropic-xai-colossus-1", money("6.25e9"), 0, 0),
        (2029, "anthropic-leaves", 0, money("-6.25e9"), -1),
    ]


# --- what stands side by side -------------------------------------------------------------------


def test_one_file_has_all_its_cases(asked: Ask, deal: Ask) -> None:
    found = asked(deal())
    assert names(found) == ["hall", "dearer", "shorter", "leaves"]
    # 24 x 100; 24 x 125; 18 x 100; through 30 November 2026, 11 x 100
    assert [one["total"] for one in found["columns"]] == [2400, 3000, 1800, 1100]
    assert [one["change_share"] for one in found["columns"]] == [
        0,
        Decimal("0.25"),
        Decimal("-0.25"),
        Decimal("-0.541667"),
    ]
    assert [one["last_day"] for one in found["columns"]] == [
        "2027-12-31",
        "2027-12-31",
        "2027-06-30",
        "2026-11-30",
    ]


def test_cases_that_are_named_stand_beside_the_file(asked: Ask, deal: Ask) -> None:
    assert names(asked(deal(), "--case", "leaves")) == ["hall", "leaves"]
    both = asked("hall.yaml", "--case", "leaves", "--case", "dearer", "--case", "leaves")
    assert names(both) == ["hall", "leaves", "dearer"]


def test_file_and_case_in_one_word(asked: Ask, deal: Ask) -> None:
    found = asked(deal() + ":dearer", "hall.yaml:shorter")
    assert names(found) == ["dearer", "shorter"]
    assert [one["change"] for one in found["columns"]] == [0, -1200]
    assert names(asked("hall.yaml:dearer", "hall.yaml")) == ["dearer", "hall"]
    assert names(asked("hall.yaml:dearer", "--case", "leaves")) == ["dearer", "leaves"]


def test_files_and_cases_together(asked: Ask, deal: Ask) -> None:
    deal()
    deal(HALL.replace("100", "80"), "other.yaml")
    assert names(asked("hall.yaml", "other.yaml")) == ["hall", "other"]
    found = asked("hall.yaml", "other.yaml", "--case", "dearer")
    assert names(found) == ["hall", "hall:dearer", "other", "other:dearer"]
    assert [one["total"] for one in found["columns"]] == [2400, 3000, 1920, 3000]
    assert names(asked("hall.yaml:leaves", "other.yaml")) == ["hall:leaves", "other"]


def test_names_are_as_short_as_they_differ(asked: Ask, deal: Ask) -> None:
    deal()
    deal(name="old/hall.yaml")
    assert names(asked("hall.yaml", "old/hall.yaml")) == ["hall.yaml", "old/hall.yaml"]
    deal(HALL.replace("  dearer:", "  hall:"))
    assert names(asked("hall.yaml", "--case", "hall")) == ["hall.yaml", "hall"]
    deal(HALL.replace("  dearer:", "  hall:"), "hall")
    assert names(asked("hall:hall", "hall")) == ["hall:hall", "hall"]


def test_a_file_without_cases_stands_alone(asked: Ask, said: Ask, deal: Ask) -> None:
    alone = deal(HALL.partition("cases:")[0])
    found = asked(alone)
    assert (names(found), found["terms"]) == (["hall"], [])
    assert said(alone)[0] == 0


def test_the_same_twice_is_one(asked: Ask, deal: Ask) -> None:
    assert names(asked(deal(), "hall.yaml", "hall.yaml:leaves", "hall.yaml:leaves")) == [
        "hall",
        "leaves",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("deal.yaml", ("deal.yaml", None)),
        ("deal.yaml:no-discount", ("deal.yaml", "no-discount")),
        ("-", ("-", None)),
        ("-:no-discount", ("-", "no-discount")),
        ("there:is.yaml", ("there:is.yaml", None)),
        (r"C:\deals\hall.yaml", (r"C:\deals\hall.yaml", None)),
        (r"C:\deals\hall.yaml:leaves", (r"C:\deals\hall.yaml", "leaves")),
        (":leaves", (":leaves", None)),
        ("deal.yaml:", ("deal.yaml:", None)),
    ],
)
def test_how_a_word_is_read(text: str, expected: Wanted) -> None:
    assert Wanted.read(text) == expected


def test_a_file_with_a_colon_is_a_file(asked: Ask, deal: Ask) -> None:
    if sys.platform == "win32":
        pytest.skip("a name has no colon there")
    assert names(asked(deal(name="hall:new"), "hall:new:leaves")) == ["hall:new", "leaves"]


def test_standard_input_is_read_once(asked: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stream:
        buffer = io.BytesIO(HALL.encode())

    monkeypatch.setattr(sys, "stdin", Stream())
    assert names(asked("-", "--case", "leaves")) == ["stdin", "leaves"]


def test_standard_input_and_its_case(said: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stream:
        buffer = io.BytesIO(HALL.encode())

    monkeypatch.setattr(sys, "stdin", Stream())
    status, out, err = said("-f", "json", "--", "-", "-:leaves")
    assert (status, err) == (0, "")
    assert names(json.loads(out)) == ["stdin", "leaves"]


def test_set_is_laid_on_all(asked: Ask, deal: Ask) -> None:
    # 24 x 110; the case's own price is laid over too; 18 x 110; 11 x 110
    found = asked(deal(), "--set", "charges.rack.price=110 per month")
    assert [one["total"] for one in found["columns"]] == [2640, 2640, 1980, 1210]
    assert found["overrides"] == {"charges.rack.price": "110 per month"}


def test_the_last_setting_of_a_path_counts(asked: Ask, deal: Ask) -> None:
    prices = [f"--set=charges.rack.price={price} per month" for price in (7, 9)]
    assert asked(deal(), *prices)["columns"][0]["total"] == 24 * 9


# --- by year, quarter and month -----------------------------------------------------------------


def test_different_lengths_are_filled_with_nothing(asked: Ask, deal: Ask) -> None:
    rows = asked(deal(), "--case", "shorter", "--period", "quarter")["quarters"]
    assert [row["quarter"] for row in rows[::2]] == [
        f"{year}-Q{quarter}" for year in (2026, 2027) for quarter in (1, 2, 3, 4)
    ]
    shorter = [row["revenue"] for row in rows if row["name"] == "shorter"]
    assert shorter == [300, 300, 300, 300, 300, 300, 0, 0]


def test_months_and_csv(said: Ask, deal: Ask) -> None:
    _, out, _ = said(deal(), "--case", "leaves", "--period", "month", "-f", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert len(rows) == 48
    assert rows[21] == {
        "month": "2026-11",
        "name": "leaves",
        "revenue": "100.00",
        "change": "0.00",
        "change_share": "0",
    }
    assert rows[23]["month"] == "2026-12"
    assert (rows[23]["revenue"], rows[23]["change"]) == ("0.00", "-100.00")


def test_csv_has_a_row_for_each_deal(said: Ask, deal: Ask) -> None:
    _, out, _ = said(deal(), "-f", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [(row["name"], row["total"], row["firm"]) for row in rows] == [
        # Notice on 1 January ends service on 1 February: 100 + 100/28.
        ("hall", "2400.00", "103.57"),
        ("dearer", "3000.00", "129.46"),
        ("shorter", "1800.00", "103.57"),
        ("leaves", "1100.00", "103.57"),
    ]
    assert rows[1]["source"] == "the second draft"


def test_there_is_no_share_of_nothing(asked: Ask, deal: Ask) -> None:
    found = asked(deal(), "--case", "dearer", "--set", "term.months=24")
    assert found["columns"][1]["change_share"] == Decimal("0.25")
    free = deal(HALL.replace("100 per", "0 per"))
    found = asked(free, "--case", "dearer")
    assert (found["columns"][1]["change"], found["columns"][1]["change_share"]) == (3000, None)
    assert found["columns"][0]["firm_share"] is None


# --- the terms that differ ----------------------------------------------------------------------


def stated(found: Node, name: str) -> dict[str, tuple[Any, ...]]:
    return {
        row["path"]: (row["text"], row["line"], row["file"])
        for row in found["terms"]
        if row["name"] == name
    }


def test_terms_that_differ_and_where_they_stand(asked: Ask, deal: Ask) -> None:
    found = asked(deal())
    assert stated(found, "hall") == {
        "term.months": ("24", 5, "hall.yaml"),
        "charges.rack.price": ("100 per month", 8, "hall.yaml"),
        "notice": (None, None, None),
        "by": (None, None, None),
    }
    assert list(stated(found, "dearer").items()) == [
        ("term.months", ("24", 5, "hall.yaml")),
        ("charges.rack.price", ("125 per month", 14, "hall.yaml")),
        ("notice", (None, None, None)),
        ("by", (None, None, None)),
    ]
    assert stated(found, "shorter")["term.months"] == ("18", 17, "hall.yaml")
    assert stated(found, "leaves")["notice"] == ("2026-10-31", 19, "hall.yaml")
    assert stated(found, "leaves")["by"] == ("buyer", 20, "hall.yaml")


def test_terms_of_two_files(asked: Ask, deal: Ask) -> None:
    deal()
    deal(
        HALL.replace("seller: Example Halls", "seller: Others").replace(
            "  by: either\n  notice: 1 month",
            "  - {by: buyer, notice: 1 month}\n  - {by: seller, notice: 6 months, fee: 5k}",
        ),
        "other.yaml",
    )
    found = asked("hall.yaml", "other.yaml")
    assert stated(found, "other") == {
        "seller": ("Others", 2, "other.yaml"),
        # The month's notice of the first right is that of the other file's only one.
        "termination.0.by": ("buyer", 10, "other.yaml"),
        "termination.1.by": ("seller", 11, "other.yaml"),
        "termination.1.notice": ("6 months", 11, "other.yaml"),
        "termination.1.fee": ("5k", 11, "other.yaml"),
    }
    assert stated(found, "hall")["termination.0.by"] == ("either", 10, "hall.yaml")


def test_what_means_the_same_is_no_difference(asked: Ask, deal: Ask) -> None:
    deal()
    same = HALL.replace("100 per month", "0.1k per month").replace("2026-01,", "2026-01-01,")
    deal(same.replace("  by: either\n", ""), "other.yaml")  # either is what is meant then
    assert asked("hall.yaml", "other.yaml")["terms"] == []


def test_a_case_is_the_same_as_its_terms_written_into_the_file(asked: Ask, deal: Ask) -> None:
    deal()
    deal(HALL.replace("100 per month", "125 per month"), "written.yaml")
    found = asked("hall.yaml:dearer", "written.yaml")
    assert found["terms"] == []
    assert {row["change"] for row in found["years"]} == {0}


def test_a_setting_says_where_it_stands(asked: Ask, deal: Ask) -> None:
    """It is the same on all sides, so only what it replaces in a list of terms is seen."""
    deal()
    deal(HALL.replace("100 per", "90 per"), "other.yaml")
    price = ("--set", "charges.rack.price=1 per day")
    assert asked("hall.yaml", "other.yaml", *price)["terms"] == []


def test_assumed_terms_are_marked(said: Ask, deal: Ask) -> None:
    deal(HALL + "assumptions: {charges.rack.price: nobody has said}\n")
    _, out, _ = said("hall.yaml", "--case", "dearer", "-v")
    assert "100 per month*" in out
    assert "125 per month " in out
    assert "* assumed  charges.rack.price: nobody has said" in out


def test_an_index_that_may_be_left_out_hides_no_assumption(said: Ask, deal: Ask) -> None:
    sooner = "  sooner:\n    set: {termination.0.notice: 10 days}\n"
    deal(HALL + sooner + "assumptions: {termination.0.notice: nobody has said}\n")
    _, out, _ = said("hall.yaml", "--case", "sooner")
    assert "1 month*" in out
    assert "10 days " in out


# --- any deal -----------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", some(10, range(30)))
def test_a_side_is_what_schedule_and_terminate_say(seed: int, tmp_path: Path) -> None:
    rng = Random(seed)
    file, exits = tmp_path / "deal.yaml", []
    while not exits:
        node = random_deal(rng)
        file.write_text(as_yaml(node), encoding="utf-8")
        book = Priced(load(str(file)).deal)
        exits = list(book.exits(book.deal.signed))
    exit = exits[0]
    leaves = {"notice": exit.notice.isoformat(), "by": exit.by}
    file.write_text(as_yaml(node | {"cases": {"leaves": leaves}}), encoding="utf-8")

    report = CompareReport(sides.read([str(file)], [], []))
    whole, left = (side.total for side in report.sides)
    ended = book.terminate(exit.notice, exit.by)
    assert (whole, left) == (book.schedule().total, ended.total)
    years = report.table("years").rows
    for name, total in (("deal", whole), ("leaves", left)):
        assert sum(year.revenue for year in years if year.name == name) == total
    assert sum(year.change for year in years if year.name == "leaves") == left - whole


# --- what is shown ------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["json", "txt"])
def test_pinned(said: Ask, pinned: Pinned, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(SCENARIOS.parent)
    given = () if form == "txt" else ("-f", form)
    status, out, err = said("scenarios/anthropic-xai-colossus-1.yaml", *given)
    assert (status, err) == (0, "")
    pinned(f"contracts/compare.{form}", out)


def test_pinned_files(said: Ask, pinned: Pinned, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(SCENARIOS)
    asked = ("anthropic-xai-colossus-1.yaml:anthropic-leaves", "google-spacex.yaml")
    status, out, err = said(*asked)
    assert (status, err) == (0, "")
    pinned("contracts/compare-files.txt", out)


def lines_of(out: str, heading: str) -> list[list[str]]:
    """The cells of the view whose first heading is this, heading first."""
    lines = out.splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith(f"{heading}  "))
    view = lines[start : lines.index("", start)]
    rows = [line for line in view if not line.startswith("─")]
    return [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in rows]


def test_two_sides_stand_like_any_number(said: Ask, deal: Ask) -> None:
    _, out, _ = said(deal(), "--case", "leaves")
    assert lines_of(out, "Revenue") == [
        ["Revenue", "2026, USD", "2027, USD"],
        ["hall", "1,200.00", "1,200.00"],
        ["leaves", "1,100.00", "0.00"],
    ]
    assert lines_of(out, "In all")[2] == ["leaves", "1,100.00", "-1,300.00", "-54.2%", "2026-11-30"]


@pytest.mark.parametrize("count", [1, 2, 5, 100])
@pytest.mark.parametrize("period", ["year", "quarter"])
def test_one_layout_for_any_number(deal: Ask, count: int, period: str) -> None:
    """Every deal is a row, the one that leads first, and every period a column."""
    cases = (f"  k{n}: {{set: {{charges.rack.price: {n} per month}}}}\n" for n in range(1, count))
    text = HALL.partition("cases:")[0] + ("cases:\n" + "".join(cases) if count > 1 else "")
    report = CompareReport(sides.read([deal(text)], [], []), period)
    headings = [[field.heading for field in view.fields][:2] for view in report.views]
    assert headings[:3] == [
        ["In all", "Total"],
        ["At signing", "Firm"],
        ["Revenue", "2026" if period == "year" else "2026-Q1"],
    ]
    for view in report.views[:3]:
        names = [line.cells[0] for line in view.lines]
        assert names == ["hall", *(f"k{n}" for n in range(1, count))]
    # 24 x 100; notice on 1 January ends service on 1 February.
    total, firm = report.figures[:2]
    assert (total.name, total.value) == ("Total", 2400)
    assert (firm.name, firm.value) == ("Firm at signing", Decimal("103.57"))
    assert firm.remark == f"hall: {SIGNING}"


def test_more_sides_have_a_row_each(said: Ask, deal: Ask) -> None:
    _, out, _ = said(deal())
    assert lines_of(out, "Revenue") == [
        ["Revenue", "2026, USD", "2027, USD"],
        ["hall", "1,200.00", "1,200.00"],
        ["dearer", "1,500.00", "1,500.00"],
        ["shorter", "1,200.00", "600.00"],
        ["leaves", "1,100.00", "0.00"],
    ]
    assert lines_of(out, "Change") == [
        ["Change", "2026, USD", "2027, USD"],
        ["dearer", "300.00", "300.00"],
        ["shorter", "0.00", "-600.00"],
        ["leaves", "-100.00", "-1,200.00"],
    ]


def test_many_periods_are_many_columns(said: Ask, deal: Ask) -> None:
    _, out, _ = said(deal(), "--period", "quarter")
    view = lines_of(out, "Revenue")
    assert view[0][:3] == ["Revenue", "2026-Q1, USD", "2026-Q2, USD"]
    assert view[4][:5] == ["leaves", "300.00", "300.00", "300.00", "200.00"]
    assert len(view) == 1 + 4


def test_that_nobody_may_leave_is_said_or_assumed(said: Ask, deal: Ask) -> None:
    silent = HALL.partition("termination:")[0] + "cases: {locked: {set: {termination: none}}}\n"
    out = said(deal(silent))[1]
    assert "Firm at signing  2,400.00 USD  hall: 100.0% if nobody may leave*; the file" in out
    exits = {row[0]: row[-1] for row in lines_of(out, "At signing")}
    assert exits["hall"] == "2027-12-31 nobody*"
    assert exits["locked"] == "2027-12-31 nobody"


def test_periods_in_which_nothing_changes_are_left_out(said: Ask, deal: Ask) -> None:
    _, out, _ = said(deal(), "--case", "shorter", "--period", "quarter")
    assert lines_of(out, "Change") == [
        ["Change", "2027-Q3, USD", "2027-Q4, USD"],
        ["shorter", "-300.00", "-300.00"],
    ]


def test_a_term_heads_those_that_have_it(said: Ask, deal: Ask) -> None:
    _, out, _ = said(deal())
    view = lines_of(out, "Term, and its value in")
    assert view[4:7] == [
        ["charges.rack.price"],
        ["hall", "100 per month", "line 8"],
        ["dearer", "125 per month", "line 14"],
    ]


def test_where_nothing_changes_no_change_is_shown(said: Ask, deal: Ask) -> None:
    same = HALL.partition("cases:")[0] + "cases: {a: {source: one}, b: {source: other}}\n"
    _, out, _ = said(deal(same))
    assert not any(line.startswith("Change  ") for line in out.splitlines())
    assert "Total            2,400.00 USD  hall, through 2027-12-31" in out
    assert "Lowest" not in out
    assert "Term, " not in out


def test_the_answer_first(said: Ask, deal: Ask) -> None:
    out = said(deal())[1].splitlines()
    assert out[0].startswith("Northgate · 4 side by side")
    figures = " ".join(" ".join(out[2 : out.index("", 2)]).split())
    assert figures == (
        "Total 2,400.00 USD hall, through 2027-12-31 "
        f"Firm at signing 103.57 USD hall: {SIGNING} "
        "Lowest total 1,100.00 USD leaves "
        "Highest total 3,000.00 USD dearer "
        "Lowest firm at signing 103.57 USD hall, shorter, leaves "
        "Highest firm at signing 129.46 USD dearer"
    )


def test_what_each_side_assumes_is_said_once(said: Ask) -> None:
    _, out, _ = said(ANTHROPIC, GOOGLE, "-v")
    text = " ".join(out.split())
    assert text.count("not said in the file, assumed") == 2  # notice, and parts of a month
    assert "* assumed anthropic-xai-colossus-1: term.through: the S-1 says" in text
    assert "google-spacex: Unit prices before ramp" in text


@pytest.mark.parametrize("columns", [80, 100, 160])
@pytest.mark.parametrize("file", [ANTHROPIC, EVERY_TERM])
def test_no_number_is_cut(file: str, columns: int) -> None:
    drawn = tables.draw(CompareReport(sides.read([file], [], [])), columns, None, color=False)
    assert all(len(line) <= columns for line in drawn.splitlines())
    assert "…" not in drawn


def test_names_are_safe_to_show(said: Ask, deal: Ask) -> None:
    name = "a\x1b[31mb.yaml"
    try:
        deal(name=name)
    except (OSError, ValueError):
        pytest.skip("no file can be called so here")
    for form in ("table", "md", "csv"):
        assert "\x1b" not in said(name, "-f", form)[1]


# --- what is refused ----------------------------------------------------------------------------


def test_two_currencies(said: Ask) -> None:
    err = refusal(said, ANTHROPIC, EVERY_TERM)
    assert "made-up-every-term is in EUR, anthropic-xai-colossus-1 in USD" in err
    assert "currency: EUR" in err
    assert "made-up-every-term.yaml:6:11" in err


def test_two_currencies_may_be_made_one(asked: Ask) -> None:
    found = asked(ANTHROPIC, EVERY_TERM, "--set", "currency=USD")
    assert found["currency"] == "USD"


def test_all_problems_of_all_files_are_shown(said: Ask, deal: Ask) -> None:
    deal(HALL.replace("100 per month", "100 per moon"), "one.yaml")
    deal(HALL.replace("2026-01,", "2026-13,"), "two.yaml")
    deal(HALL.replace("2026-10-31", "2025-10-31"), "three.yaml")
    words = ("one.yaml", "two.yaml", "three.yaml", "four.yaml", "one.yaml:leaves")
    err = refusal(said, *words, "three.yaml:nobody-leaves", "--case", "leaves", "--set", "x")
    assert err.count("error:") == 6
    assert "one.yaml:8:" in err
    assert "two.yaml:5:" in err
    assert "notice on 2025-10-31" in err
    assert "four.yaml" in err
    assert "there is no case `nobody-leaves` in three.yaml" in err
    assert "this is not PATH=VALUE" in err


def test_a_setting_that_does_not_fit_the_first_is_refused(said: Ask, deal: Ask) -> None:
    deal()
    deal(HALL.replace("rack", "cage"), "other.yaml")
    err = refusal(said, "other.yaml", "hall.yaml", "--set", "charges.rack.price=1 per day")
    assert "error: in other: there is no `rack` here" in err
    err = refusal(said, "hall.yaml", "other.yaml", "--set", "charges.rock.price=1 per day")
    assert err.count("error:") == 2  # the way out is not the same


# --- one that cannot stand there does not refuse the rest -----------------------------------------


def test_a_setting_that_does_not_fit_a_case(asked: Ask) -> None:
    # 2 x 70% and 35 months of 1.25bn; the case which prices the two months takes no discount.
    found = asked(ANTHROPIC, "--set", "charges.compute.ramp.0.discount=30%")
    columns = {column["name"]: column for column in found["columns"]}
    assert [*columns] == names(asked(ANTHROPIC))
    assert columns["anthropic-xai-colossus-1"]["total"] == money("45.5e9")
    assert columns["anthropic-xai-colossus-1"]["reason"] is None
    out = columns["ten-q-second-quarter"]
    assert out["reason"].startswith("`discount` and `price` cannot be used together")
    assert (out["case"], out["total"], out["firm"]) == ("ten-q-second-quarter", None, None)
    assert "ten-q-second-quarter" not in {row["name"] for row in found["years"]}


def test_notice_that_a_setting_forbids(said: Ask, asked: Ask, deal: Ask) -> None:
    arguments = deal(), "--set", "termination=none"
    assert [column["total"] for column in asked(*arguments)["columns"]] == [2400, 3000, 1800, None]
    status, out, err = said(*arguments)
    assert (status, err) == (0, "")
    (row,) = [line for line in out.splitlines() if line.startswith("leaves ")]
    assert row.split(None, 1)[1].startswith("the buyer has no right to end this deal early")
    _, out, _ = said(*arguments, "-f", "csv")
    last = list(csv.DictReader(io.StringIO(out)))[-1]
    assert (last["name"], last["total"]) == ("leaves", "")
    assert last["reason"].startswith("the buyer has no right")


def test_a_setting_that_fits_one_file_only(asked: Ask, deal: Ask) -> None:
    deal()
    deal(HALL.replace("rack", "cage"), "other.yaml")
    found = asked("hall.yaml", "other.yaml", "--set", "charges.rack.price=110 per month")
    # 24 x 110
    assert [column["total"] for column in found["columns"]] == [2640, None]
    assert found["columns"][1]["reason"].startswith("there is no `rack` here")


def test_a_site_file_with_mistakes(said: Ask, deal: Ask) -> None:
    assert "missing `sites`" in refusal(said, deal("provider: xAI\n", "site.yaml"))


def test_nothing_to_compare(said: Ask) -> None:
    status, out, err = said()
    assert (status, out) == (2, "")
    assert "FILE" in err


def test_more_months_than_can_be_compared_soon_are_refused(said: Ask, deal: Ask) -> None:
    # 9 charges of 200 years are 21,600 months; 12 of them more than 250,000, 11 of them not.
    long = HALL.partition("cases:")[0].replace("months: 24", "months: 2400")
    charges = "".join(f"  hall-{n}:\n    price: 1 per month\n" for n in range(8))
    long = long.replace("termination:", f"{charges}termination:").replace("2026-01", "1980-01")
    cases = "".join(f"  k{n}: {{set: {{charges.rack.price: {n} per month}}}}\n" for n in range(11))
    status, out, err = said(deal(f"{long}cases:\n{cases}"))
    assert (status, out) == (2, "")
    assert "run for more than 250,000 months in all [limit]" in err
    assert said("hall.yaml", "--case", "k1")[0] == 0


def test_signing_is_before_notice_and_service(asked: Ask, deal: Ask) -> None:
    # Signed on 15 January: notice then ends on 15 February, 17/31 x 100 + 15/28 x 100 from then.
    found = asked(deal(HALL.replace("months: 24}", "months: 24, signed: 2026-01-15}")))
    assert found["columns"][0]["firm"] == money("108.41")
    assert found["columns"][0]["earliest_exit"] == day("2026-02-15").isoformat()

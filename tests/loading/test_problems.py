"""Problems: every code has a broken file and a pinned message, and no text of a stranger acts."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shipped import ROOT, TESTS

from dealcalc.book.site_files import load_site
from dealcalc.checks.check import checked
from dealcalc.cli import run
from dealcalc.figures.subject import load
from dealcalc.figures.warnings import warnings
from dealcalc.loading.problems import (
    CODES,
    FILLERS,
    MOST_SHOWN,
    Problem,
    Refused,
    concise,
    full,
    refuse,
    report,
    safe,
    width,
)
from dealcalc.loading.scenario import is_site

BROKEN = sorted(path.stem for path in (TESTS / "broken").glob("*.yaml"))

LATE = "charges.late.start=2026-01-01:2028-12-01"
ASKED = {
    "command-line": ("schedule", "deal.yaml", "--set", "term.through"),
    # What starts in 2026 or 2028 earns less in 2027 than what starts in between.
    "not-monotonic": ("solve", "deal.yaml", "year 2027 = 6m", "--vary", LATE),
    "unreadable": ("schedule", "no-such-file.yaml"),
    "unwritable": ("schedule", "deal.yaml", "-o", "no-such-folder/deal.csv"),
}
"""Codes that no file alone can have, and command lines that have them."""

DEAL = """
deal: Example
seller: Example Halls
buyer: Example Lab
currency: EUR
term: {start: 2026-01, through: 2030-12}
charges:
  late: {price: 1m per month, start: 2026-01, months: 12}
termination: {by: either, notice: 90 days}
"""

JUDGED = {"false-claim", "no-reason", "no-source", "notice"}
"""Codes that only `check` gives; every command gives the others."""


def problems_of(name: str, code: str) -> tuple[Problem, ...]:
    if code in JUDGED:
        return checked(name, strict=code == "no-source").problems
    try:
        return load_site(name).warnings if is_site(name) else warnings(load(name))
    except Refused as refused:
        return tuple(refused.problems)


@pytest.mark.parametrize("name", BROKEN)
def test_broken_files_have_their_message(
    name: str, pinned: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    problems = problems_of(f"tests/broken/{name}.yaml", name)
    pinned(f"broken/{name}.txt", report(problems) + "\n")
    if name != "seven":
        assert {problem.code for problem in problems} == {name}


@pytest.mark.parametrize("code", ASKED)
def test_command_lines_have_their_message(
    code: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("deal.yaml").write_text(DEAL, "utf-8")
    status = run(ASKED[code])
    out, err = capfd.readouterr()
    assert (status, out) == (2, "")
    assert f" [{code}]\n" in err


def test_every_code_has_a_broken_file_or_a_command_line() -> None:
    assert sorted([*BROKEN, *ASKED]) == sorted([*CODES, "seven"])


def test_seven_mistakes_are_seven_problems() -> None:
    problems = problems_of(str(TESTS / "broken" / "seven.yaml"), "seven")
    # The comments in the file number its mistakes.
    marked = [f"# {number}" in problem.quote for number, problem in enumerate(problems, 1)]
    assert marked == [True] * 7


def test_the_codes_are_those_in_use() -> None:
    assert CODES.keys() == {code for path in MODULES for code in codes_of(path)}


MODULES = sorted((ROOT / "dealcalc").rglob("*.py"))
POSITIONS = {"Fault": 1, "Problem": 0, "problem": 0, "refuse": 0, "note": 1}
"""Where a code stands among the arguments of what makes a problem, if it is not `code=`."""


def codes_of(path: Path) -> set[str]:
    """The codes that a module writes down."""
    nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
    given: list[ast.expr] = []
    for call in (node for node in nodes if isinstance(node, ast.Call)):
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        given += [keyword.value for keyword in call.keywords if keyword.arg == "code"]
        given += call.args[POSITIONS[name] :][:1] if name in POSITIONS else []
    # A code may have a name of its own: AT_FAULT = "shape".
    named = {
        node.targets[0].id: node.value
        for node in nodes
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    values = (named.get(node.id, node) if isinstance(node, ast.Name) else node for node in given)
    return {node.value for node in values if isinstance(node, ast.Constant)}


def test_codes_are_sorted_and_say_what_they_mean() -> None:
    assert list(CODES) == sorted(CODES)
    assert all(text.endswith(".") and "\n" not in text for text in CODES.values())


# --- printed forms -------------------------------------------------------------------------------

DATE = Problem(
    "date",
    "2028-02 has no day 30",
    "the last day of that month is 2028-02-29",
    "deals/northgate.yaml",
    16,
    13,
    10,
    "  earliest: 2028-02-30",
)


def test_full() -> None:
    assert full(DATE) == (
        "error: 2028-02 has no day 30 [date]\n"
        "  --> deals/northgate.yaml:16:13\n"
        "   |\n"
        "16 |   earliest: 2028-02-30\n"
        "   |             ^^^^^^^^^^\n"
        "   = help: the last day of that month is 2028-02-29"
    )


def test_concise() -> None:
    assert concise(DATE) == "deals/northgate.yaml:16:13: error: 2028-02 has no day 30 [date]"
    assert concise(Problem("date", "no")) == "error: no [date]"
    assert concise(Problem("date", "no", file="x.yaml")) == "x.yaml: error: no [date]"
    assert concise(Problem("date", "hm", severity="warning")) == "warning: hm [date]"


def test_without_a_place_there_is_no_line() -> None:
    assert full(Problem("unreadable", "no", "mend it", "x.yaml")) == (
        "error: no [unreadable]\n --> x.yaml\n  = help: mend it"
    )
    assert full(Problem("command-line", "no")) == "error: no [command-line]"


def test_the_caret_stands_under_wide_and_escaped_characters() -> None:
    # Two wide characters fill four columns, the tab is shown as two characters.
    problem = Problem("date", "no", "", "x", 1, 4, 2, "日本\tab")
    assert full(problem).splitlines()[-2:] == ["1 | 日本\\tab", "  |       ^^"]
    wide = Problem("date", "no", "", "x", 1, 1, 2, "日本ab")
    assert full(wide).splitlines()[-1] == "  | ^^^^"


def test_a_caret_beyond_the_line_stands_behind_it() -> None:
    assert full(Problem("yaml", "no", "", "x", 1, 4, 1, "abc")).splitlines()[-1] == "  |    ^"


def test_a_long_line_is_quoted_around_the_caret() -> None:
    quote = "a" * 300 + "XYZ" + "b" * 300
    line, caret = full(Problem("date", "no", "", "x", 1, 301, 3, quote)).splitlines()[-2:]
    # 50 characters before the fault, and 100 in all.
    assert line == "1 | " + "a" * 50 + "XYZ" + "b" * 47
    assert caret == "  | " + " " * 50 + "^^^"
    whole = full(Problem("date", "no", "", "x", 1, 301, 303, quote)).splitlines()[-1]
    assert whole == "  | " + " " * 50 + "^" * 50


def test_problems_of_a_refusal_are_sorted_by_place() -> None:
    places = [("b", 1, 1), ("a", 10, 1), ("a", 9, 5), ("a", 9, 2), ("", 0, 0)]
    refused = Refused(Problem("date", "no", "", *place) for place in places)
    assert [problem.place for problem in refused.problems] == sorted(places)
    assert str(refused).splitlines()[:2] == ["error: no [date]", ""]


def test_a_refusal_without_a_place() -> None:
    (problem,) = refuse("command-line", "no", "mend it", "--by").problems
    assert problem == Problem("command-line", "no", "mend it", "--by")


@pytest.mark.parametrize(
    ("count", "last"),
    [
        (MOST_SHOWN, "error: no 19 [date]"),
        (MOST_SHOWN + 1, "... and 1 more problem"),
        (MOST_SHOWN + 9, "... and 9 more problems"),
    ],
)
def test_after_twenty_problems_comes_a_count(count: int, last: str) -> None:
    problems = [Problem("date", f"no {number}") for number in range(count)]
    assert report(problems).split("\n\n")[-1] == last


def test_no_problems_are_no_text() -> None:
    assert report([]) == ""


# --- texts of strangers --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain – ünïcode 日本", "plain – ünïcode 日本"),
        ("a\nb\tc\rd", r"a\nb\tc\rd"),
        ("\x1b[31mred\x07", r"\x1b[31mred\x07"),
        ("left\u202eright\u2066", r"left\u202eright\u2066"),
        ("\u200b\ufeff\u2028", r"\u200b\ufeff\u2028"),
        ("\u3164\u115f한\u1160\uffa0", r"\u3164\u115f한\u1160\uffa0"),
        ("half \ud800", r"half \ud800"),
        ("\U000e0001", r"\U000e0001"),
        ("::error::no", r":\x3aerror:\x3ano"),
        (":::", r":\x3a:"),
        ("##[error]no", r"#\x23[error]no"),
        ("##vso[task]", r"#\x23vso[task]"),
        ("## a heading", "## a heading"),
        ("[red]markup[/]", "[red]markup[/]"),
    ],
)
def test_safe(text: str, shown: str) -> None:
    assert safe(text) == shown


def test_nothing_of_a_problem_acts_on_a_terminal_or_a_runner() -> None:
    bad = "\x1b[2J\u202e::error::\n##[error]"
    said = full(Problem("date", bad, bad, bad, 1, 1, 99, bad)) + concise(Problem("date", bad))
    assert all(line.isprintable() for line in said.splitlines())
    assert "::" not in said
    assert "##[" not in said


def test_a_file_name_and_a_line_number_make_no_command() -> None:
    assert "::" not in concise(Problem("date", "no", "", "x:", 1, 1))
    assert "::" not in full(Problem("date", "no", "", "x:", 1, 1))


@given(st.text())
def test_any_text_is_safe_to_show(text: str) -> None:
    shown = safe(text)
    assert shown.isprintable()
    assert "::" not in shown
    assert "##[" not in shown
    assert not set(shown) & set(FILLERS)
    plain = text.isprintable() and not set(text) & set(FILLERS)
    if plain and "::" not in text and "##" not in text:
        assert shown == text


@pytest.mark.parametrize(
    ("text", "columns"),
    [("", 0), ("abc", 3), ("日本", 4), ("Überlast", 8), ("U\u0308ber", 4), ("ｗｉｄｅ", 8)],
)
def test_width(text: str, columns: int) -> None:
    assert width(text) == columns

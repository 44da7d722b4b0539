"""What a terminal gets: colour for what matters, a pager for what is taller than the screen."""

import io
import re
from collections.abc import Callable

import pytest
from commands import ANSWERS, ANTHROPIC
from shipped import ROOT, SCENARIOS

from dealcalc import cli
from dealcalc.cli import output, screen

SEVEN = str(ROOT / "tests" / "broken" / "seven.yaml")


@pytest.mark.parametrize(
    "words",
    [
        ["schedule", "--help"],
        ["--help"],
        ["schedule", "none.yaml"],
        ["check", ANTHROPIC, "-v"],
        ["check", SEVEN, "-f", "concise"],
    ],
)
def test_colour_is_all_that_it_adds(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    cli.run(words)
    plain = "".join(capfd.readouterr())
    monkeypatch.setenv("FORCE_COLOR", "1")
    cli.run(words)
    painted = "".join(capfd.readouterr())
    assert "\x1b[" in painted
    assert re.sub(r"\x1b\[[\d;]*m", "", painted) == plain


@pytest.mark.parametrize(
    ("words", "changed", "colored"),
    [
        ([], {}, False),  # it is no terminal
        ([], {"FORCE_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
        (["--color", "never"], {"FORCE_COLOR": "1"}, False),
        (["--color", "always", "-f", "concise"], {}, True),
        (["--color", "always", "-f", "github"], {}, False),
        (["--color", "always", "-f", "json"], {}, False),
        (["--color", "always", "-f", "sarif"], {}, False),
    ],
)
def test_a_verdict_has_colour_as_tables_have(
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    changed: dict[str, str],
    colored: bool,
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in changed.items():
        monkeypatch.setenv(name, value)
    assert cli.run(["check", ANTHROPIC, "-v", *words]) == 0
    painted, _ = capfd.readouterr()
    assert ("\x1b[" in painted) is colored


def test_error_code_place_and_help_have_a_colour() -> None:
    text = "error: odd [date]\n --> deal.yaml:5:1\n  = help: write it"
    assert screen.painted_problems(text) == (
        "\x1b[1;31merror\x1b[0m\x1b[1m: odd\x1b[0m\x1b[1;31m [date]\x1b[0m\n"
        " --> \x1b[36mdeal.yaml:5:1\x1b[0m\n  = \x1b[36mhelp:\x1b[0m write it"
    )


@pytest.mark.parametrize(
    ("piece", "painted"),
    [
        (
            "a.yaml:5:1: error: odd [date]\n",
            "\x1b[36ma.yaml:5:1\x1b[0m: \x1b[1;31merror\x1b[0m\x1b[1m: odd\x1b[0m"
            "\x1b[1;31m [date]\x1b[0m\n",
        ),
        (
            "a.yaml:7:3: true in the case x: total = 1 [1]\n",
            "\x1b[36ma.yaml:7:3\x1b[0m: \x1b[1;32mtrue\x1b[0m in the case x: total = 1 [1]\n",
        ),
        (  # a message that was broken to the screen keeps its colour, up to the place
            "error: too\n    much [date]\n     --> a.yaml:1000:1\n\n",
            "\x1b[1;31merror\x1b[0m\x1b[1m: too\n    much\x1b[0m\x1b[1;31m [date]\x1b[0m\n"
            "     --> \x1b[36ma.yaml:1000:1\x1b[0m\n\n",
        ),
        (
            "a.yaml:5:1: error:\n    odd [date]\n",
            "\x1b[36ma.yaml:5:1\x1b[0m: \x1b[1;31merror\x1b[0m\x1b[1m:\n    odd\x1b[0m"
            "\x1b[1;31m [date]\x1b[0m\n",
        ),
        (
            "warning: much [unit-price]\n --> a.yaml:5:1\n\n",
            "\x1b[1;33mwarning\x1b[0m\x1b[1m: much\x1b[0m\x1b[1;33m [unit-price]\x1b[0m\n"
            " --> \x1b[36ma.yaml:5:1\x1b[0m\n\n",
        ),
        (
            "1 file, 2 claims: all true, 1 warning\n",
            "1 file, 2 claims: \x1b[1;32mall true\x1b[0m, \x1b[1;33m1 warning\x1b[0m\n",
        ),
        (
            "2 files, no claims: 1 file broken\n",
            "2 files, no claims: \x1b[1;31m1 file broken\x1b[0m\n",
        ),
        ("2 files, 12 claims: 1 false\n", "2 files, 12 claims: \x1b[1;31m1 false\x1b[0m\n"),
    ],
)
def test_a_verdict_is_green_where_true_and_red_where_false(piece: str, painted: str) -> None:
    assert screen.painted_verdict(piece) == painted


@pytest.mark.parametrize(
    ("pager", "lines", "paged"),
    [("less", 10, False), ("less", 60, True), ("", 60, False), ("no-such-pager", 60, False)],
)
def test_only_what_is_taller_than_the_screen_is_paged(
    monkeypatch: pytest.MonkeyPatch, pager: str, lines: int, paged: bool
) -> None:
    monkeypatch.setattr(screen, "_can_scroll", lambda: True)
    monkeypatch.setenv("LINES", "40")
    monkeypatch.setenv("DEALCALC_PAGER", "true" if pager == "less" else pager)
    assert screen.paged("x\n" * lines) is paged


def test_nothing_is_paged_for_a_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdin", terminal)
    monkeypatch.setattr(screen, "is_terminal", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("CI", "1")
    monkeypatch.setenv("DEALCALC_PAGER", "true")
    assert not screen.paged("x\n" * 1000)
    monkeypatch.delenv("CI")
    assert screen.paged("x\n" * 1000)


# --- the answer at a glance -----------------------------------------------------------------------

FIRST = {
    "schedule": "Total  45.00bn USD",
    "years": "Total  45.00bn USD",
    "every-term": "Total          133.51m EUR",
    "cash": "Total    9.70bn USD",
    "site": "Revenue  81.66bn USD",
    "backlog": "Firm             2.50bn USD",
    # 16/31 of March, April, May, and 13/30 of June: 645.16m + 2.5bn + 541.67m
    "backlog-day": "Firm             3.69bn USD",
    "compare": "Total                    45.00bn USD",
    "capacity": "Cash yield on cost  98.5% a year",
    "site-notices": "Cash yield on cost     98.5% a year",
    "notice": "Last day   2027-06-13",
    "last-day": "Notice by   2027-11-02",
    "notices": "First notice   2026-05-03",
    "sweep": "Total    45.00bn USD",
    "grid": "Lowest   35.00bn USD",
    "solve": "Answer  2028-11-03",
    "ambiguity": "Total",
    "explain": "2027-06  1.25bn USD",
    "risk": "Expected  32.93bn USD",
    "value": "Present value  39.23bn USD",
}
"""How the answer of a command begins, of those in ANSWERS."""
A_SCREEN = 34
"""Lines of a screen that is 80 columns wide, with room for the command and the prompt."""


@pytest.fixture
def on_80_columns(
    capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], list[str]]:
    def shown(name: str) -> list[str]:
        monkeypatch.setattr(output, "columns", lambda _: 80)
        monkeypatch.chdir(SCENARIOS)
        assert cli.run([*ANSWERS[name]]) == 0
        return capfdbinary.readouterr().out.decode().splitlines()

    return shown


@pytest.mark.parametrize("name", FIRST)
def test_the_answer_stands_in_the_first_ten_lines(
    on_80_columns: Callable[[str], list[str]], name: str
) -> None:
    lines = on_80_columns(name)
    assert any(line.startswith(FIRST[name]) for line in lines[:10]), "\n".join(lines[:10])
    assert not [line for line in lines if re.search(r"\d\.\d\dk\b|\b[A-Z]{3} k\b", line)]


@pytest.mark.parametrize("name", ["notice", "last-day", "value", "sweep", "solve", "years"])
def test_the_whole_answer_stays_on_a_screen(
    on_80_columns: Callable[[str], list[str]], name: str
) -> None:
    lines = on_80_columns(name)
    assert len(lines) <= A_SCREEN
    assert [line for line in lines if "assumed: start, through, capacity" in line]

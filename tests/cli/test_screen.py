"""What a terminal gets: colour for what matters, a pager for what is taller than the screen."""

import io
import re

import pytest

from dealcalc import cli
from dealcalc.cli import screen


@pytest.mark.parametrize("words", [["schedule", "--help"], ["--help"], ["schedule", "none.yaml"]])
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


def test_error_code_place_and_help_have_a_colour() -> None:
    text = "error: odd [date]\n --> deal.yaml:5:1\n  = help: write it"
    assert screen.painted_problems(text) == (
        "\x1b[1;31merror\x1b[0m\x1b[1m: odd\x1b[0m\x1b[1;31m [date]\x1b[0m\n"
        " --> \x1b[36mdeal.yaml:5:1\x1b[0m\n  = \x1b[36mhelp:\x1b[0m write it"
    )


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

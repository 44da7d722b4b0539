"""No line is longer than the screen, and no number is cut: every answer, at every usual width."""

import re
from contextlib import chdir

import pytest
from commands import ANSWERS
from effort import some
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from shipped import SCENARIOS

from dealcalc.cli import output, run
from dealcalc.forms.layout import wrapped

WIDTHS = (60, 80, 100, 160)


@pytest.mark.parametrize("verbose", [(), ("-v",)], ids=["short", "verbose"])
@pytest.mark.parametrize("name", some(14, ANSWERS))
def test_every_answer_fits_every_screen_with_all_its_numbers(
    name: str,
    verbose: tuple[str, ...],
    capfdbinary: pytest.CaptureFixture[bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def drawn(columns: int) -> str:
        monkeypatch.setattr(output, "columns", lambda _: columns)
        with chdir(SCENARIOS):
            assert run([*ANSWERS[name], *verbose, "--color", "never"]) == 0
        return capfdbinary.readouterr().out.decode()

    texts = {columns: drawn(columns) for columns in WIDTHS}
    for columns, text in texts.items():
        assert max(map(cell_len, text.splitlines())) <= columns
        assert "…" not in text
        # Whatever stands in blocks repeats its first column; nothing is missing or halved.
        assert numbers(text) >= numbers(texts[160]), columns


def numbers(text: str) -> set[str]:
    """Every amount with two decimals, share and date in a text."""
    return set(re.findall(r"-?\d[\d,]*\.\d\d(?!\d)|\d+\.\d%|\d{4}-\d\d-\d\d", text))


@given(
    st.lists(st.from_regex(r"[a-z0-9.,%-]{1,30}", fullmatch=True), min_size=1), st.integers(30, 100)
)
def test_text_is_broken_between_words_only(words: list[str], width: int) -> None:
    lines = wrapped(" ".join(words), width)
    assert [word for line in lines for word in line.split(" ")] == words
    assert max(map(len, lines)) <= width

"""Pictures of a terminal: well-formed, each figure in its column, every text only text."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from decimal import Decimal
from fractions import Fraction

import pytest
from commands import ANSWERS, HOSTILE, MODEL
from effort import some
from made_reports import MadeReport, column, tuple_view
from rich.cells import cell_len

from dealcalc.forms.svg import as_svg
from dealcalc.forms.tables import draw
from dealcalc.reports.report import Figure, Note, Report, Row
from dealcalc.reports.units import UNITS

SVG = "{http://www.w3.org/2000/svg}"


def drawn(picture: str) -> str:
    """The lines of a picture, each text at the column where it stands; none may meet another."""
    root = ElementTree.fromstring(picture)
    lines: dict[int, str] = {}
    for text in root.iter(f"{SVG}text"):
        left, base = int(text.get("x", "")) - 24, int(text.get("y", "")) - 24 - 18
        row, column = base // 25, left // 12
        assert (row * 25, column * 12) == (base, left)
        assert int(text.get("textLength", "")) == cell_len(text.text or "") * 12
        so_far = lines.get(row, "")
        assert cell_len(so_far) <= column
        lines[row] = so_far + " " * (column - cell_len(so_far)) + (text.text or "")
    return "\n".join(lines.get(row, "") for row in range(max(lines) + 1))


def report(title: str = "Northgate", *texts: str) -> Report:
    rows = tuple(Row((text, Decimal("1234.50"), Fraction(1, 2))) for text in texts)
    view = tuple_view("", (column("Name"), column("Cost", "money"), column("", "bar")), rows)
    figures = tuple(Figure(text, Decimal("1.00"), text) for text in texts)
    notes = tuple(Note(text, "warning") for text in texts)
    return MadeReport("schedule", {}, (), "", title, "USD", figures, (view,), notes)


@pytest.mark.parametrize("name", some(9, ANSWERS))
def test_a_picture_is_the_table(answered, name: str) -> None:
    table = answered(ANSWERS[name], "table").rstrip()
    assert drawn(answered(ANSWERS[name], "svg")) == table


@pytest.mark.parametrize("name", some(9, ANSWERS))
def test_a_picture_holds_all_that_is_drawn_and_fetches_nothing(
    answered,
    name: str,
) -> None:
    picture = answered(ANSWERS[name], "svg")
    root = ElementTree.fromstring(picture)
    width, height = int(root.get("width", "")), int(root.get("height", ""))
    assert root.get("viewBox") == f"0 0 {width} {height}"
    for text in root.iter(f"{SVG}text"):
        assert int(text.get("x", "")) + int(text.get("textLength", "")) <= width - 24
        assert int(text.get("y", "")) <= height - 24
    assert {one.tag.removeprefix(SVG) for one in root.iter()} == {
        *("svg", "title", "style", "rect", "text")
    }
    assert not re.search(r"url\(|@import|@font-face|href|https?://(?!www\.w3\.org)", picture)


@pytest.mark.parametrize("text", [*HOSTILE, "北門計算センター", "a\u202eb\x1b[31mc", ":smile: *"])
def test_text_stays_text_and_in_its_columns(text: str) -> None:
    given = report(text, text)
    assert drawn(as_svg(given, None)) == draw(given, None, None, color=False).rstrip()
    assert "\x1b" not in as_svg(given, None)
    assert "\u202e" not in as_svg(given, None)


def test_its_name_is_the_title_of_the_deal(answered) -> None:
    root = ElementTree.fromstring(answered(("schedule", MODEL), "svg"))
    title = root.find(f"{SVG}title")
    assert title is not None
    assert title.text == "Anthropic–xAI, Colossus 1"
    assert (root.get("role"), root.get("aria-labelledby")) == ("img", title.get("id"))


def test_colours_are_those_of_the_terminal() -> None:
    picture = as_svg(report("Northgate", "a"), None)
    assert '<text class="bold" x="24" y="42"' in picture  # the title
    assert re.search('<text class="color6" [^>]*>━+</text>', picture)
    assert re.search('<text class="color1 bold" [^>]*>!</text>', picture)


def test_no_colour_of_the_shell_changes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    before = as_svg(report("Northgate", "a"), None)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("COLUMNS", "20")
    assert as_svg(report("Northgate", "a"), None) == before


def test_money_is_in_the_unit_asked_for() -> None:
    assert "Cost, USD k" in drawn(as_svg(report("Northgate", "a"), UNITS["k"]))
    assert "1.23" in drawn(as_svg(report("Northgate", "a"), UNITS["k"]))


def test_pinned(answered, pinned) -> None:
    pinned("contracts/schedule-model.svg", answered(("schedule", MODEL), "svg"))

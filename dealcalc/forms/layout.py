"""How wide the columns of a table are, and where text breaks: never inside a number or a word.

Where a table is too wide for the screen its pictures go first, then text wraps, then headings do,
and then columns stand in blocks below each other, each block behind the first column.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rich.cells import cell_len

from dealcalc.loading.problems import safe
from dealcalc.reports.report import PICTURES, Field, Report, View, readable
from dealcalc.reports.units import Unit

MOST, LEAST_PICTURE = {"bar": 24, "bands": 60}, 6
"""Columns of a picture: the most of each kind, and the fewest worth drawing."""
PROSE = 72
"""Where running text in a cell wraps, however wide the screen is."""
WRAPS = ("text", "prose")
"""The kinds of columns whose cells may wrap."""
LEAST = {"prose": 20, "text": 13}
"""What each of them keeps on a narrow screen: a few words, or a date and a word."""
FIRST = {"prose": 2, "text": 0}
"""Running text wraps first, then the headings of figures, then names."""
BETWEEN = 3

BANDS = "━█─"
"""What the bands of a picture are drawn with."""

Widths = dict[int, int]
"""The widths of columns by their indices."""


class Texts(NamedTuple):
    """A view as it is read: its heading and cells as texts, column by column."""

    view: View
    headings: tuple[str, ...]
    columns: tuple[tuple[str, ...], ...]
    """The cells of each column; none of a picture."""

    def kind(self, index: int) -> str:
        """The kind of a column."""
        return self.view.fields[index].kind


def texts_of(view: View, report: Report, unit: Unit) -> Texts:
    """The texts of a view, its money in a unit."""
    texts = tuple(
        ()
        if field.kind in PICTURES
        else tuple(safe(readable(field.kind, row.cells[index], unit)) for row in view.lines)
        for index, field in enumerate(view.fields)
    )
    return Texts(view, tuple(_heading(field, report, unit) for field in view.fields), texts)


def _heading(field: Field, report: Report, unit: Unit) -> str:
    if field.kind == "bands":
        names = zip(BANDS, field.heading.split(", "), strict=False)
        return "  ".join(f"{char} {name}" for char, name in names)
    # A currency and its power of ten are one word.
    heading, comma, money = report.heading(field, unit).rpartition(", ")
    joined = safe(money).replace(" ", "\xa0") if field.kind == "money" else safe(money)
    return safe(heading) + comma + joined


# --- columns --------------------------------------------------------------------------------------


def blocks(shown: Texts, room: int | None) -> list[Widths]:
    """The columns of each block with their widths; one block, with pictures, where all fits."""
    wide = _wide(shown)
    if room is None:
        room = _across(wide.values()) + BETWEEN + max(MOST.values())
    floors = {index: min(width, _floor(shown, index, room)) for index, width in wide.items()}
    return [
        _fitted(shown, wide, floors, chosen, room) for chosen in _chosen(list(wide), floors, room)
    ]


def _wide(shown: Texts) -> Widths:
    """Every column but pictures, as wide as its widest cell; running text wraps."""
    widths = {}
    for index, texts in enumerate(shown.columns):
        kind, cells = shown.kind(index), _widest(texts)
        if kind not in PICTURES:
            cells = min(cells, PROSE) if kind == "prose" else cells
            widths[index] = max(cells, cell_len(shown.headings[index]))
    return widths


def _floor(shown: Texts, index: int, room: int) -> int:
    """The narrowest that a column may be: its figures whole, its words too while two fit."""
    kind, texts, half = shown.kind(index), shown.columns[index], max((room - BETWEEN) // 2, 1)
    heading = min(_longest_word((shown.headings[index],)), half)
    if kind not in WRAPS:
        return max(heading, _widest(texts))
    return max(min(LEAST[kind], half), heading, min(_longest_word(texts), half))


def _widest(texts: Iterable[str]) -> int:
    return max(map(cell_len, texts), default=0)


def _longest_word(texts: Iterable[str]) -> int:
    return max((cell_len(word) for text in texts for word in text.split(" ")), default=0)


def _chosen(indices: list[int], floors: Widths, room: int) -> Iterator[list[int]]:
    """The columns of each block: as many as fit, behind the first."""
    first, *others = indices or [0]
    block = [first]
    for index in others:
        if len(block) > 1 and _across(floors[i] for i in (*block, index)) > room:
            yield block
            block = [first]
        block.append(index)
    yield block


def _fitted(shown: Texts, wide: Widths, floors: Widths, chosen: Sequence[int], room: int) -> Widths:
    """The columns of a block in a room: pictures where all fits beside them, else text wraps."""
    widths = {index: wide[index] for index in chosen if index in wide}
    left = room - _across(widths.values()) - BETWEEN
    while _across(widths.values()) > room:
        slack = {i: width - floors[i] for i, width in widths.items() if width > floors[i]}
        if not slack:
            break
        widths[max(slack, key=lambda i: (FIRST.get(shown.kind(i), 1), slack[i]))] -= 1
    widths = {index: _filled(shown, index, width) for index, width in widths.items()}
    if len(chosen) < len(wide):
        return widths
    return dict(sorted((widths | _pictures(shown, left)).items()))


def _pictures(shown: Texts, left: int) -> Widths:
    """The pictures that what is left has room for."""
    return {
        index: min(left, MOST[field.kind])
        for index, field in enumerate(shown.view.fields)
        if field.kind in PICTURES and left >= max(LEAST_PICTURE, cell_len(shown.headings[index]))
    }


def _filled(shown: Texts, index: int, width: int) -> int:
    """What the lines of a column fill of its width, once they are wrapped."""
    texts, heading = shown.columns[index], wrapped(shown.headings[index], width)
    if shown.kind(index) in WRAPS:
        texts = tuple(line for text in texts for line in in_terms(text, width))
    return _widest((*heading, *texts))


def _across(widths: Iterable[int]) -> int:
    widths = list(widths)
    return sum(widths) + BETWEEN * (len(widths) - 1)


# --- text -----------------------------------------------------------------------------------------


def in_terms(text: str, width: int) -> list[str]:
    """Text in lines, broken after a `;` where it can be, so that a term stays on one line."""
    if cell_len(text) <= width:
        return [text]
    first, *others = re.findall(r".+?(?:; |$)", text)
    lines = [first]
    for term in others:
        if cell_len((lines[-1] + term).rstrip()) <= width:
            lines[-1] += term
        else:
            lines.append(term)
    return [part for line in lines for part in wrapped(line.rstrip(), width)]


def wrapped(text: str, width: int) -> list[str]:
    """Text in lines, broken at spaces; a path or a name longer than a line after a `-` or `.`."""
    indent = text[: len(text) - len(text.lstrip(" "))]
    lines: list[str] = []
    line = indent
    for word in filter(None, text.split(" ")):
        *parts, last = _broken(word, max(width - len(indent), 1))
        if line.strip() and cell_len(f"{line} {parts[0] if parts else last}") > width:
            lines, line = [*lines, line], indent
        for part in parts:
            lines, line = [*lines, f"{line} {part}" if line.strip() else line + part], indent
        line = f"{line} {last}" if line.strip() else line + last
    return [*lines, line]


def _broken(word: str, width: int) -> list[str]:
    """A word, in parts if it is longer than a line; only what has no mark is broken anywhere."""
    parts = []
    while cell_len(word) > width:
        most = next(i for i in range(len(word), 0, -1) if i == 1 or cell_len(word[:i]) <= width)
        end = max(word.rfind(mark, 0, most) for mark in "-./:=,") + 1 or most
        parts.append(word[:end])
        word = word[end:]
    return [*parts, word]

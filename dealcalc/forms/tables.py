"""A report on a screen, drawn by Rich. No number is ever cut.

Without a terminal a table has its natural width. On a terminal that is too narrow the bars go
first, then running text wraps, then names, then money is shown in a larger unit, and that is said.
"""

import io
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from typing import NamedTuple

from rich.box import SIMPLE
from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from dealcalc.loading.problems import safe
from dealcalc.reports.report import (
    PICTURES,
    UNITS,
    WHOLE,
    DrawnRow,
    Field,
    Figure,
    Note,
    Report,
    Shade,
    Unit,
    View,
    readable,
)
from dealcalc.terms.values import half_up

MOST, LEAST_BAR = {"bar": 24, "bands": 60}, 6
"""Columns of a picture: the most of each kind, and the fewest worth drawing."""
NOTE, PROSE = 100, 72
"""Where a note wraps, and where running text in a cell does, however wide the screen is."""
LEAST = {"prose": 20, "text": 14}
"""The kinds of columns that may wrap, and what each keeps on a narrow screen: a date and a word."""
FIRST = {"prose": 2, "text": 0}
"""Running text wraps first, then the headings of figures, then names."""
BETWEEN = 3

BANDS = (("━", "cyan"), ("█", "green"), ("─", "dim"))
"""What each band is drawn with, so that they differ without colour too."""
SHADES = ("blue", "bright_blue", "cyan", "bright_cyan", "bright_green")
"""The colours of a grid, from its smallest values to its largest."""
BOLD = {"plain": "", "head": "bold", "subtotal": "bold", "total": "bold"}
MARKS = {
    "note": ("", ""),
    "assumed": ("* assumed  ", "yellow"),
    "warning": ("! warning  ", "bold red"),
}
"""What stands in front of a note, and its colour: yellow is assumed, red is doubtful."""


class Drawing(NamedTuple):
    """A report drawn: its text, the unit of its money, and the fewest columns it fits in."""

    text: str
    unit: Unit
    least: int


def draw(report: Report, room: int | None, unit: Unit | None, color: bool) -> Drawing:
    """The report for so many columns (None: any), in a unit (None: the most exact that fits)."""
    unit = unit or _fitting(report, room)
    least = _least(report, unit)
    columns = max(room, least) if room is not None else _natural(report, unit)
    console = _console(columns, color=color)
    console.print(Group(*_parts(report, unit, columns)))
    text = console.file.getvalue()  # type: ignore[attr-defined]
    return Drawing("\n".join(line.rstrip() for line in text.split("\n")), unit, least)


def _console(columns: int, *, color: bool) -> Console:
    return Console(
        file=io.StringIO(),
        width=columns,
        height=1,  # without one, Rich takes a dumb terminal for 80 columns whatever its width
        color_system="standard" if color else None,
        force_terminal=color,
        no_color=not color,
        legacy_windows=False,
        markup=False,
        emoji=False,
        highlight=False,
    )


def _parts(report: Report, unit: Unit, columns: int) -> Iterator[RenderableType]:
    title = " · ".join(part for part in (safe(report.title), report.money(unit)) if part)
    yield Text(title, style="bold")
    yield ""
    yield _figures(report, unit, columns)
    for view in report.views:
        yield ""
        if view.title:
            yield Text(safe(view.title), style="bold")
        yield _table(view, report, unit, columns)
    yield ""
    for note in report.said():
        yield _note(note, min(columns, NOTE))


# --- the answer first, and what is said below -----------------------------------------------------


def _figures(report: Report, unit: Unit, columns: int) -> Table:
    """Name, value and remark of each figure; only the first of a name is bold, others reread it."""
    before = _before_remarks(report, unit)
    grid = Table.grid(padding=(0, 2))
    grid.add_column()
    grid.add_column(justify="right")
    said = set()
    for figure in report.figures:
        remark = "\n".join(_wrapped(safe(figure.remark), columns - before))
        name, value = safe(figure.name), _value(figure, report, unit)
        style = "" if name in said else "bold"
        said.add(name)
        grid.add_row(Text(name, style), Text(value, style), Text(remark))
    return grid


def _before_remarks(report: Report, unit: Unit) -> int:
    """The columns that the names and values of the figures fill."""
    names = (cell_len(safe(figure.name)) for figure in report.figures)
    values = (cell_len(_value(figure, report, unit)) for figure in report.figures)
    return max(names, default=0) + max(values, default=0) + 4


def _value(figure: Figure, report: Report, unit: Unit) -> str:
    if isinstance(figure.value, Decimal):
        return f"{readable('money', figure.value, unit)} {report.money(unit)}"
    return safe(str(figure.value))


def _note(note: Note, columns: int) -> RenderableType:
    """A note, wrapped, with its mark in front and nothing below the mark."""
    mark, style = MARKS[note.kind]
    lines = _wrapped(safe(note.text), columns - len(mark))
    return Group(
        *(
            Text.assemble((mark if i == 0 else " " * len(mark), style), line)
            for i, line in enumerate(lines)
        )
    )


def _wrapped(text: str, columns: int) -> list[str]:
    """Text in lines, broken between words; only a word longer than a line is broken itself."""
    if cell_len(text) <= columns:
        return [text]
    columns = max(columns, LEAST["text"])
    words = "".join(_broken(word, columns) for word in re.split(r"(\s+)", text))
    lines = Text(words).wrap(_console(columns, color=False), columns)
    return [line.plain.rstrip() for line in lines]


def _broken(word: str, columns: int) -> str:
    """A word, in lines if it is longer than one: a path or a name is broken after a `-` or `.`."""
    lines = []
    while cell_len(word) > columns:
        at = max(word.rfind(mark, 0, columns) for mark in "-./:") + 1 or columns
        lines.append(word[:at])
        word = word[at:]
    return "\n".join([*lines, word])


# --- a view ---------------------------------------------------------------------------------------


def _table(view: View, report: Report, unit: Unit, columns: int) -> Table:
    """A view with its last row of totals below a rule, and a gap below each row of subtotals."""
    widths = _widths(view, report, unit, columns)
    rows = list(view.lines)
    total = rows.pop() if rows and rows[-1].kind == "total" else None
    table = Table(box=SIMPLE, show_edge=False, pad_edge=False, border_style="dim")
    table.show_footer = total is not None
    for i, width in widths.items():
        column = view.fields[i]
        table.add_column(
            _marked(_in_lines(column, _heading(column, report, unit), width), "bold"),
            _text(total, i, column, unit, width) if total else "",
            justify="left" if column.kind in (*LEAST, *PICTURES) else "right",
            width=width,
            no_wrap=True,  # it is wrapped already
        )
    for row in rows:
        cells = (_text(row, i, view.fields[i], unit, width) for i, width in widths.items())
        table.add_row(*cells, end_section=row.kind == "subtotal")
    return table


def _text(row: DrawnRow, index: int, column: Field, unit: Unit, width: int) -> Text:
    value = row.cells[index]
    if column.kind in PICTURES:
        return _bands(value, width) if column.kind == "bands" else _bar(value, width)
    text = _cell(column, value, unit)
    if isinstance(value, Shade):
        step = min(int(value.size * len(SHADES)), len(SHADES) - 1)
        return Text(text, f"{SHADES[step]} bold" if value.is_base else SHADES[step])
    lines = _terms(text, width) if column.kind in LEAST else [text]
    return _marked("\n".join(lines), BOLD[row.kind])


def _marked(text: str, style: str) -> Text:
    """Text with the `*` of what is assumed in the colour of the notes that say so."""
    marked = Text(text, style)
    marked.highlight_words(["*"], MARKS["assumed"][1])
    return marked


def _cell(column: Field, value: object, unit: Unit) -> str:
    return safe(readable(column.kind, value, unit))


def _terms(text: str, width: int) -> list[str]:
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
    return [part for line in lines for part in _wrapped(line.rstrip(), width)]


def _bar(value: object, columns: int) -> Text:
    """A share of the largest as a bar, to half a column."""
    halves = half_up(value * columns * 2, 0) if isinstance(value, Fraction) else 0
    return Text("━" * (halves // 2) + "╸" * (halves % 2), "cyan")


def _bands(value: object, columns: int) -> Text:
    """Shares of one whole, one after the other; together they fill no more than their sum does."""
    text, filled, so_far = Text(), 0, Fraction(0)
    for share, (char, style) in zip(value if isinstance(value, tuple) else (), BANDS, strict=False):
        so_far += share
        end = half_up(so_far * columns, 0)
        text.append(char * (end - filled), style)
        filled = end
    return text


def _heading(column: Field, report: Report, unit: Unit) -> str:
    if column.kind == "bands":
        names = zip(BANDS, column.heading.split(", "), strict=False)
        return "  ".join(f"{char} {name}" for (char, _), name in names)
    heading = safe(column.heading)
    return f"{heading}, {report.money(unit)}" if column.kind == "money" else heading


def _in_lines(column: Field, heading: str, width: int) -> str:
    """A heading above its unit, where both do not fit beside each other; a grid's word by word."""
    if cell_len(heading) <= width:
        return heading
    return heading.replace(" ", "\n") if column.kind == "shade" else heading.replace(", ", ",\n", 1)


# --- what fits ------------------------------------------------------------------------------------


def _fitting(report: Report, room: int | None) -> Unit:
    """The most exact unit in which a report fits; where none helps, money stays exact."""
    largest = max(map(abs, _amounts(report)), default=Decimal(0))
    for unit in UNITS.values():
        if room is None or _least(report, unit) <= room:
            # In a unit larger than every amount there would be nothing left to read.
            return unit if largest >= 10**unit.power else WHOLE
    return WHOLE


def _amounts(report: Report) -> Iterator[Decimal]:
    yield from (f.value for f in report.figures if isinstance(f.value, Decimal))
    for view in report.views:
        for i, column in enumerate(view.fields):
            if column.kind == "money":
                yield from (row.cells[i] for row in view.lines if row.cells[i] is not None)
            elif column.kind == "shade":
                shades = (row.cells[i].value for row in view.lines if row.cells[i])
                yield from (value for value in shades if isinstance(value, Decimal))


def _least(report: Report, unit: Unit) -> int:
    """The fewest columns in which no figure is cut: without bars, text wrapped."""
    views = (_across(_narrow(view, report, unit).values()) for view in report.views)
    return max([_before_remarks(report, unit) + LEAST["prose"], *views])


def _natural(report: Report, unit: Unit) -> int:
    """The columns a report fills with bars, and nothing wrapped but running text."""
    views = (_across(_wide(view, report, unit).values()) for view in report.views)
    remarks = max((cell_len(safe(figure.remark)) for figure in report.figures), default=0)
    return max(
        NOTE,
        _before_remarks(report, unit) + remarks,
        *(width + BETWEEN + max(MOST.values()) for width in views),
    )


def _across(widths: Iterable[int]) -> int:
    widths = list(widths)
    return sum(widths) + BETWEEN * (len(widths) - 1)


def _wide(view: View, report: Report, unit: Unit) -> dict[int, int]:
    """Every column but the bars, by its index, as wide as its widest cell; running text wraps."""
    return {
        i: max(
            cell_len(_heading(column, report, unit)),
            max((_cell_width(column, row.cells[i], unit) for row in view.lines), default=0),
        )
        for i, column in enumerate(view.fields)
        if column.kind not in PICTURES
    }


def _cell_width(column: Field, value: object, unit: Unit) -> int:
    width = cell_len(_cell(column, value, unit))
    return min(width, PROSE) if column.kind == "prose" else width


def _narrow(view: View, report: Report, unit: Unit) -> dict[int, int]:
    """The same, with text wrapped as far as it may be, and a heading above its unit."""
    wide = _wide(view, report, unit)
    return {i: min(width, _floor(view, i, report, unit)) for i, width in wide.items()}


def _floor(view: View, index: int, report: Report, unit: Unit) -> int:
    column = view.fields[index]
    if column.kind in LEAST:
        return max(LEAST[column.kind], cell_len(safe(column.heading)))
    cells = (_cell_width(column, row.cells[index], unit) for row in view.lines)
    lines = _in_lines(column, _heading(column, report, unit), 0).split("\n")
    return max([*map(cell_len, lines), *cells])


def _widths(view: View, report: Report, unit: Unit, columns: int) -> dict[int, int]:
    """The width of each column that is drawn: pictures where there is room, else text wraps."""
    widths, floors = _wide(view, report, unit), _narrow(view, report, unit)
    room = columns - _across(widths.values()) - BETWEEN
    while _across(widths.values()) > columns:
        slack = {i: widths[i] - floors[i] for i in widths if widths[i] > floors[i]}
        widths[max(slack, key=lambda i: (FIRST.get(view.fields[i].kind, 1), slack[i]))] -= 1
    wrapped = {
        i: _lines_width(view, i, width)
        for i, width in widths.items()
        if view.fields[i].kind in LEAST
    }
    pictures = {
        i: min(room, MOST[column.kind])
        for i, column in enumerate(view.fields)
        if column.kind in PICTURES
        and room >= max(LEAST_BAR, cell_len(_heading(column, report, unit)))
    }
    return dict(sorted((widths | wrapped | pictures).items()))


def _lines_width(view: View, index: int, width: int) -> int:
    """What the lines of a text column fill of its width, once they are wrapped."""
    column = view.fields[index]
    cells = (_terms(_cell(column, row.cells[index], WHOLE), width) for row in view.lines)
    return max(cell_len(line) for line in (safe(column.heading), *chain.from_iterable(cells)))

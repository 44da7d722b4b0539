"""A report on a screen, drawn by Rich. No number is ever cut.

Without a terminal a table has its natural width. On a terminal that is too narrow the bars go first,
then money is shown in a larger unit, and that is said.
"""

import io
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from dealcalc.problems import safe, width
from dealcalc.report import UNITS, Column, Note, Report, Row, Unit, View, shown
from dealcalc.words import half_up

MOST_BAR, LEAST_BAR = 24, 6
PROSE, LEAST_PROSE = 100, 24
"""Columns of running text: where it wraps, and the least a cell of it needs."""
BETWEEN = 3

STYLES = {"plain": "", "subtotal": "bold", "total": "bold"}
MARKS = {
    "note": ("", ""),
    "assumed": ("* assumed  ", "yellow"),
    "warning": ("! warning  ", "bold red"),
}
"""What stands in front of a note of each kind, and its colour: yellow is assumed, red is doubtful."""


class Drawing(NamedTuple):
    """A report drawn: its text, the unit of its money, and whether it is wider than the room."""

    text: str
    unit: Unit
    too_wide: bool


def draw(report: Report, room: int | None, unit: Unit | None, color: bool) -> Drawing:
    """The report for so many columns (None: any number), in a unit (None: the most exact that fits)."""
    tried = unit or UNITS["1"]
    needed = 0
    for tried in [unit] if unit else UNITS.values():
        needed = max((_least(view, report, tried) for view in report.views), default=0)
        if room is None or needed <= room:
            break
    columns = max(room or 0, needed, 1)
    if room is None:
        columns = max(PROSE, *(_natural(view, report, tried) for view in report.views))
    console = _console(columns, color=color)
    console.print(Group(*_parts(report, tried, columns)))
    text = console.file.getvalue()  # type: ignore[attr-defined]
    lines = "\n".join(line.rstrip() for line in text.split("\n"))
    return Drawing(lines, tried, room is not None and needed > room)


def _console(columns: int, *, color: bool) -> Console:
    return Console(
        file=io.StringIO(),
        width=columns,
        color_system="standard" if color else None,
        force_terminal=color,
        no_color=not color,
        legacy_windows=False,
        markup=False,
        emoji=False,
        highlight=False,
    )


def _parts(report: Report, unit: Unit, columns: int) -> Iterator[RenderableType]:
    yield Text(safe(report.title), style="bold")
    yield ""
    yield _figures(report, unit)
    for view in report.views:
        yield ""
        yield _table(view, report, unit, columns)
    yield ""
    for note in report.notes:
        yield _note(note, min(columns, PROSE))


def _figures(report: Report, unit: Unit) -> Table:
    """The answer first: name, value, remark."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(justify="right", no_wrap=True)
    grid.add_column(overflow="fold")
    for figure in report.figures:
        is_money = isinstance(figure.value, Decimal)
        value = (
            f"{shown('money', figure.value, unit)} {_money(report, unit)}"
            if is_money
            else str(figure.value)
        )
        grid.add_row(Text(figure.name), Text(safe(value), style="bold"), Text(safe(figure.remark)))
    return grid


def _note(note: Note, columns: int) -> RenderableType:
    """A note, wrapped, with its mark in front and nothing below the mark."""
    mark, style = MARKS[note.kind]
    text = Text(safe(note.text)).wrap(_console(columns, color=False), columns - len(mark))
    lines = [
        Text(mark if i == 0 else " " * len(mark), style=style).append(
            line.plain.rstrip(), style="none"
        )
        for i, line in enumerate(text)
    ]
    return Group(*lines)


# --- a view ----------------------------------------------------------------------------------------


def _table(view: View, report: Report, unit: Unit, columns: int) -> Table:
    bar = min(MOST_BAR, columns - _least(view, report, unit) - BETWEEN)
    shown_columns = [
        (i, column)
        for i, column in enumerate(view.columns)
        if column.kind != "bar" or bar >= LEAST_BAR
    ]
    table = Table(
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        header_style="bold",
        title_justify="left",
    )
    for i, column in shown_columns:
        prose = column.kind == "prose"
        table.add_column(
            _heading(column, report, unit),
            justify="left" if column.kind in ("text", "prose", "bar") else "right",
            no_wrap=not prose,
            overflow="fold",
            min_width=LEAST_PROSE if prose else _widest(view, i, report, unit),
        )
    for row in view.rows:
        table.add_row(*(_text(row, i, column, unit, bar) for i, column in shown_columns))
    return table


def _text(row: Row, index: int, column: Column, unit: Unit, bar: int) -> Text:
    if column.kind == "bar":
        return Text(_bar(row.cells[index], bar), style=STYLES[row.kind] or "cyan")
    return Text(safe(shown(column.kind, row.cells[index], unit)), style=STYLES[row.kind])


def _bar(value: object, columns: int) -> str:
    """A share of the largest as a bar, to an eighth of a column."""
    if not isinstance(value, Fraction):
        return ""
    eighths = half_up(value * columns * 8, 0)
    return "█" * (eighths // 8) + " ▏▎▍▌▋▊▉"[eighths % 8].strip()


def _money(report: Report, unit: Unit) -> str:
    return f"{report.currency} {unit.name}" if unit.power else report.currency


def _heading(column: Column, report: Report, unit: Unit) -> str:
    return f"{column.heading}, {_money(report, unit)}" if column.kind == "money" else column.heading


def _widest(view: View, index: int, report: Report, unit: Unit) -> int:
    """The widest cell of a column, its heading included."""
    column = view.columns[index]
    cells = (width(safe(shown(column.kind, row.cells[index], unit))) for row in view.rows)
    return max([width(_heading(column, report, unit)), *cells])


def _least(view: View, report: Report, unit: Unit) -> int:
    """The fewest columns a view fits in without its bars, running text wrapped."""
    return _wide(view, report, unit, LEAST_PROSE)


def _natural(view: View, report: Report, unit: Unit) -> int:
    """The columns a view fills with bars and nothing wrapped."""
    bar = MOST_BAR + BETWEEN if any(column.kind == "bar" for column in view.columns) else 0
    return _wide(view, report, unit, None) + bar


def _wide(view: View, report: Report, unit: Unit, prose: int | None) -> int:
    widths = [
        prose if prose and column.kind == "prose" else _widest(view, i, report, unit)
        for i, column in enumerate(view.columns)
        if column.kind != "bar"
    ]
    return sum(widths) + BETWEEN * (len(widths) - 1)

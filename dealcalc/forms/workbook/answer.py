"""The sheets of a report: its figures and views as values, and its notes."""

from decimal import Decimal
from typing import Any

from dealcalc.forms.workbook.sheets import AMOUNTS, WIDEST, CellChart, File, Sheet
from dealcalc.reports.report import Chart, DrawnRow, Figure, Note, Report, Shade, View
from dealcalc.reports.units import WHOLE, in_unit

KINDS = {"bar": "share", "shade": "after"}
TYPES = {"columns": "column", "bands": "area", "bars": "bar"}
"""What a spreadsheet calls the kinds of charts."""
LEAST = 9
"""Columns that a long remark runs over, also beside a narrow table."""


def write(file: File, report: Report, written: str = "") -> None:
    """A sheet for each view, the figures above the first; `written` says what the values are."""
    for index, view in enumerate(report.views or (View("", (), ()),)):
        first = index == 0
        name = "Answer" if first else view.title or view.fields[0].heading
        sheet = file.sheet(name)
        row = _head(sheet, report, written) if first else 0
        _view(sheet, view, row, report.currency)
        if first:
            _long(sheet, report, written, max(LEAST, len(view.fields)) - 1)
        sheet.closed()


def charts(file: File, report: Report) -> None:
    """A sheet for each chart of the report: its values, and what they look like."""
    for chart in report.charts:
        if chart.is_drawn:
            _chart(file.sheet(chart.title), chart)


def _chart(sheet: Sheet, chart: Chart) -> None:
    title = chart.title if chart.unit == "%" else f"{chart.title}, {chart.unit}"
    sheet.put(0, 0, title, "text", "title")
    sheet.headings(2, (("", "text"), *((name, "right") for name in chart.series)))
    kind = "share" if chart.unit == "%" else "money"
    for row, point in enumerate(chart.points, start=3):
        kinds = (
            "text",
            *(
                kind if kind == "share" or isinstance(value, Decimal) else "rate"
                for value in point.values
            ),
        )
        sheet.row(row, (point.name, *point.values), kinds, "plain")
    width, rows = len(chart.series), (3, 2 + len(chart.points))
    axis = "0%" if kind == "share" else AMOUNTS
    series = tuple(range(1, width + 1))
    drawing = CellChart(title, TYPES[chart.kind], sheet.name, rows, 0, series, axis=axis)
    sheet.frozen(3, 1)
    sheet.closed()
    sheet.draw(2, width + 2, drawing)


def notes(file: File, report: Report) -> None:
    """Conventions, warnings and assumptions, each in a row; nothing where there are none."""
    if not report.notes:
        return
    sheet = file.sheet("Notes")
    sheet.fixed(0, 10)
    sheet.fixed(1, 110)
    sheet.put(0, 0, "Notes", "text", "title")
    for row, note in enumerate(report.notes, start=2):
        look = "warning" if note.kind == "warning" else "remark"
        sheet.put(row, 0, _kind(note), "text", look)
        sheet.put(row, 1, note.said(WHOLE), "prose", look)
    sheet.closed()


def _kind(note: Note) -> str:
    return "" if note.kind in ("note", "detail") else note.kind


def _head(sheet: Sheet, report: Report, written: str) -> int:
    """Title and figures; the row below them."""
    row = 3 if written else 2
    for figure in report.figures:
        sheet.put(row, 0, figure.name, "text", "figure")
        sheet.put(row, 1, figure.value, _figure_kind(figure), "figure")
        row += 1
    return row + 1


def _figure_kind(figure: Figure) -> str:
    return "money" if isinstance(figure.value, Decimal) else "right"


def _long(sheet: Sheet, report: Report, written: str, last: int) -> None:
    """What runs over several columns, once their widths are known."""
    money = f" · {report.currency}" if report.currency else ""
    sheet.wide(0, f"{report.title}{money}", "title", last=last)
    row = 2
    if written:
        sheet.wide(1, written, "remark", last=last)
        row = 3
    for index, figure in enumerate(report.figures):
        sheet.wide(row + index, figure.texts("", WHOLE)[1], "aside", first=2, last=last)


def _view(sheet: Sheet, view: View, top: int, currency: str) -> None:
    """The table of a view, with its title above; pictures of bands are left out."""
    shown = [(at, column) for at, column in enumerate(view.fields) if column.kind != "bands"]
    if not shown:
        return
    if view.title:
        sheet.put(top, 0, view.title, "text", "head")
        top += 1
    heads = (
        (
            f"{of.heading}, {currency}" if of.kind == "money" else of.heading,
            _cell_kind(of.kind, column),
        )
        for column, (_, of) in enumerate(shown)
    )
    sheet.headings(top, heads)
    for index, row in enumerate(view.lines, start=top + 1):
        for column, (at, of) in enumerate(shown):
            _cell(sheet, index, column, row, row.cells[at], of.kind)
    first, last = top + 1, top + len(view.lines)
    for column, (at, of) in enumerate(shown):
        if of.kind == "bar" and view.lines:
            sheet.bars(first, last, column)
        elif of.kind == "prose":
            lengths = (len(row.cells[at] or "") for row in view.lines)
            sheet.fixed(column, min(WIDEST, max((len(of.heading), *lengths))))
    shades = [column for column, (_, of) in enumerate(shown) if of.kind == "shade"]
    if shades and view.lines:
        sheet.shades(first, last, shades[0], shades[-1])
    sheet.frozen(top + 1, 1)


def _cell(sheet: Sheet, row: int, column: int, of: DrawnRow, value: Any, kind: str) -> None:
    look = of.kind
    if isinstance(value, Shade):
        kind, look = value.kind, "head" if value.is_base else of.kind
        value = value.value
    if hasattr(value, "toordinal"):
        kind = "date"
    elif isinstance(value, str) and kind not in ("text", "prose"):
        kind = "right"
    elif isinstance(value, str):
        value = in_unit(value, WHOLE)
    elif isinstance(value, int) and kind == "text":
        value = str(value)  # a year is a name
    sheet.put(row, column, value, _cell_kind(kind, column), look)


def _cell_kind(kind: str, column: int) -> str:
    """The kind of a cell; a text stands apart from the number before it."""
    return "after" if kind == "text" and column else KINDS.get(kind, kind)

"""An Excel file, its sheets and its looks: what every sheet of a workbook is written with.

The only module that knows XlsxWriter. Text is written as text, whatever it looks like; a formula is
always written with its value. The same calls give the same bytes.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Context, Decimal
from fractions import Fraction
from io import BytesIO
from typing import Any, NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from dealcalc.loading.problems import safe

MOST_TEXT = 32_767
"""Characters in a cell; Excel refuses a file that has more."""
WIDEST = 60
"""Characters in a column; what is longer wraps."""

LINE_HEIGHT = 15
TITLE = 15
"""Tenths of a character that one of a title is wide."""
CHART_WIDTH = 440
"""Pixels."""

INK, BLUE, GREY, PALE, LINE = "#1F2933", "#0000FF", "#6B7280", "#EEF2F7", "#9AA5B1"
LOOKS: dict[str, dict[str, Any]] = {
    "plain": {},
    "title": {"bold": True, "font_size": 14, "text_wrap": True, "valign": "top"},
    "figure": {"bold": True, "valign": "vcenter"},
    "heading": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom", "bg_color": PALE},
    "section": {"bold": True, "bg_color": PALE},
    "head": {"bold": True},
    "first": {"top": 4},
    "subtotal": {"bold": True, "top": 4},
    "total": {"bold": True, "top": 1, "bottom": 6},
    "input": {"font_color": BLUE, "bg_color": "#FFF9DB", "border": 1, "border_color": LINE},
    "work": {"font_color": GREY},
    "aside": {"font_color": GREY, "text_wrap": True, "valign": "vcenter", "indent": 1},
    "remark": {"font_color": GREY, "text_wrap": True},
    "warning": {"font_color": "#B42318", "text_wrap": True},
}
"""Blue on yellow is to be changed, black is computed, grey leads from the one to the other."""
PARTS = "#5D7F9E", "#0B6B4A", "#CFD8E0"
"""The colours of what stands upon each other in a chart: earned, firm, cancellable."""
AMOUNTS = '[>=1000000000]#,##0.0,,,"bn";[>=1000000]#,##0.0,,"m";#,##0'
"""Round amounts along an axis, as short as they can be."""
LEFT = ("text", "prose", "after", "month", "year")
"""Kinds of value that stand on the left."""


class Formula(NamedTuple):
    """A formula, and the value that it has as it is written."""

    text: str
    value: Any


class CellChart(NamedTuple):
    """A chart of cells: its title, what XlsxWriter calls its type, and where its values stand.

    Rows are the first and the last, both included; `across` is the column of what stands along the
    chart, in a number format, and the heads of the `series` stand above their first row.
    """

    title: str
    type: str
    sheet: str
    rows: tuple[int, int]
    across: int
    series: tuple[int, ...]
    format: str = ""
    axis: str = AMOUNTS


class _Worksheet(Worksheet):  # type: ignore[misc]
    """A sheet whose formulas are written as they are.

    XlsxWriter asks each formula 29 times whether it calls a function that Excel 2007 did not have.
    None of ours does; a version without this private method asks as before.
    """

    def _prepare_formula(self, formula: str, *_: Any, **__: Any) -> str:
        return formula.removeprefix("=")


class File:
    """A workbook in the making."""

    def __init__(self, places: int) -> None:
        self._bytes = BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._workbook = Workbook(self._bytes, options)
        # A workbook that says when it was made differs each time.
        self._workbook.set_properties(
            {"created": datetime(2000, 1, 1, tzinfo=UTC), "author": "dealcalc"}
        )
        cents = f".{'0' * places}" if places else ""
        self.numbers = {
            "money": f"#,##0{cents};-#,##0{cents}",
            "exact": "#,##0.00##",
            "rate": "#,##0.00####",
            "count": "#,##0",
            "share": "0.0%",
            "percent": "0.0#####%",
            "date": "yyyy-mm-dd",
            "month": "yyyy-mm",
            "whole": "0",
            "year": "0",
        }
        self.places = places
        self._names: set[str] = set()
        self._taken: set[str] = set()
        self._formats: dict[tuple[str, str], Any] = {}

    def chart(self, drawing: CellChart) -> Any:
        """A chart of cells, its series upon each other."""
        chart = self._workbook.add_chart({"type": drawing.type, "subtype": "stacked"})
        first, last = drawing.rows
        colours = PARTS[-len(drawing.series) :] if len(drawing.series) > 1 else PARTS[1:]
        for column, colour in zip(drawing.series, colours, strict=False):
            chart.add_series(
                {
                    "name": [drawing.sheet, first - 1, column],
                    "categories": [drawing.sheet, first, drawing.across, last, drawing.across],
                    "values": [drawing.sheet, first, column, last, column],
                    "fill": {"color": colour},
                    "gap": 40,
                }
            )
        font = {"name": "Calibri", "size": 9, "color": GREY}
        line = {"color": LINE}
        chart.set_title({"name": drawing.title, "name_font": {"size": 11, "color": INK}})
        along = {"num_font": font, "line": line, "num_format": drawing.format or "General"}
        values = {"num_font": font, "num_format": drawing.axis, "line": {"none": True}}
        values["major_gridlines"] = {"visible": True, "line": {"color": PALE}}
        if drawing.type == "bar":  # whose names stand on the left, the first one on top
            chart.set_x_axis(values)
            chart.set_y_axis({**along, "reverse": True})
        else:
            chart.set_x_axis(along)
            chart.set_y_axis(values)
        legend = {"position": "bottom", "font": font} if len(drawing.series) > 1 else {"none": True}
        chart.set_legend(legend)
        return chart

    def sheet(self, name: str) -> "Sheet":
        """A new sheet; its name is cleaned, and made another one where it is taken."""
        # A name may not hold these, nor end in an apostrophe, nor have more than 31 characters.
        plain = re.sub(r"[\[\]:*?/\\']", " ", safe(name))
        clean = " ".join(plain.split())[:31].strip() or "Sheet"
        number = 1
        while clean.casefold() in {*self._taken, "history"}:
            number += 1
            clean = f"{clean[:27].split(' (')[0]} ({number})"
        self._taken.add(clean.casefold())
        return Sheet(self, self._workbook.add_worksheet(clean, _Worksheet), clean)

    def format(self, kind: str, look: str) -> Any:
        """How a cell of a kind looks."""
        if (kind, look) not in self._formats:
            given = {"font_name": "Calibri", "font_color": INK, "valign": "top"} | LOOKS[look]
            if number := self.numbers.get(kind):
                side = "left" if kind in LEFT else "right"
                given |= {"num_format": number, "align": side}
            elif kind == "right":
                given |= {"align": "right"}
            elif kind == "after":
                given |= {"align": "left", "indent": 1}
            elif kind == "prose":
                given |= {"text_wrap": True, "align": "left", "indent": 1}
            self._formats[kind, look] = self._workbook.add_format(given)
        return self._formats[kind, look]

    def define(self, name: str, where: str) -> None:
        """A name for cells; Excel does not tell A from a, and takes no name twice."""
        assert name.casefold() not in self._names, name
        self._names.add(name.casefold())
        self._workbook.define_name(name, f"={where}")

    def bytes(self) -> bytes:
        """The finished file."""
        self._workbook.close()
        return self._bytes.getvalue()


class Sheet:
    """A sheet, which grows as wide as what is put into it; rows and columns count from 0."""

    def __init__(self, file: File, sheet: Any, name: str) -> None:
        self.file, self._sheet, self.name = file, sheet, name
        self._widths: dict[int, int] = {}
        self._folded: set[int] = set()
        self._folded_rows: set[int] = set()
        self._prose: dict[int, dict[int, int]] = {}
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left="0.4", right="0.4", top="0.5", bottom="0.6")
        sheet.set_footer("&L&A&R&P / &N")

    def put(
        self, row: int, column: int, value: Any, kind: str = "text", look: str = "plain"
    ) -> None:
        """A value, or a formula with its value; None and "" are empty cells."""
        shown = value.value if isinstance(value, Formula) else value
        if not isinstance(shown, str) or kind in ("date", "month"):
            self._widen(column, self._length(shown, kind))
        elif kind != "prose" and look not in ("title", "remark", "aside", "warning", "section"):
            self._widen(column, max(map(len, shown.split("\n"))) if look != "heading" else 9)
        if kind == "prose" and shown:
            self._prose.setdefault(row, {})[column] = len(shown)
        form = self.file.format(kind, look)
        if isinstance(value, Formula):
            self._sheet.write_formula(row, column, value.text, form, _cell_value(shown))
        elif value in (None, ""):
            self._sheet.write_blank(row, column, None, form)
        elif isinstance(value, str):
            self._sheet.write_string(row, column, safe(value)[:MOST_TEXT], form)
        elif isinstance(value, date):
            self._sheet.write_datetime(row, column, value, form)
        else:
            self._sheet.write_number(row, column, _cell_value(value), form)

    def row(
        self, row: int, values: Iterable[Any], kinds: Sequence[str], look: str, first: int = 0
    ) -> None:
        """Cells of one look, side by side, from a column on."""
        for column, (value, kind) in enumerate(zip(values, kinds, strict=True), start=first):
            self.put(row, column, value, kind, look)

    def headings(self, row: int, headings: Iterable[tuple[str, str]]) -> None:
        """The head of a table: texts and their kinds; numbers have theirs on the right."""
        for column, (text, kind) in enumerate(headings):
            self.put(row, column, text, kind if kind in LEFT else "right", "heading")

    def wide(self, row: int, text: str, look: str, first: int = 0, last: int = 7) -> None:
        """A text over several columns, as high as it needs; they are wide enough for it later."""
        self._sheet.merge_range(row, first, row, last, "", self.file.format("text", look))
        self._sheet.write_string(row, first, safe(text)[:MOST_TEXT], self.file.format("text", look))
        width = sum(self._widths.get(column, 9) for column in range(first, last + 1))
        length = len(text) * TITLE // 10 if look == "title" else len(text)
        lines = 1 + length // max(20, width - 4)
        self._sheet.set_row(row, min(400, (20 if look == "title" else LINE_HEIGHT) * lines))

    def name_cell(self, row: int, column: int, name: str) -> None:
        """A name for one cell."""
        self.file.define(name, f"{self._quoted()}!{xl_rowcol_to_cell(row, column, True, True)}")

    def name_rows(self, first: int, last: int, column: int, name: str) -> None:
        """A name for a stretch of one column, both rows included."""
        self.name_cells(first, column, last, column, name)

    def name_cells(self, top: int, left: int, bottom: int, right: int, name: str) -> None:
        """A name for a block of cells, the last row and column included."""
        self.file.define(name, f"{self._quoted()}!{xl_range_abs(top, left, bottom, right)}")

    def _quoted(self) -> str:
        return f"'{self.name}'"

    def bars(self, first: int, last: int, column: int) -> None:
        """Numbers from 0 to 1, drawn as bars alone."""
        self._sheet.conditional_format(
            *(first, column, last, column),
            {
                "type": "data_bar", "bar_only": True, "bar_solid": True, "bar_color": "#5B8DB8",
                "min_type": "num", "max_type": "num", "min_value": 0, "max_value": 1,
            },
        )  # fmt: skip
        self._sheet.set_column(column, column, 24)

    def shades(self, first: int, last: int, left: int, right: int) -> None:
        """Numbers coloured by their size."""
        scale = {"type": "2_color_scale", "min_color": "#FFFFFF", "max_color": "#8FB8DE"}
        self._sheet.conditional_format(first, left, last, right, scale)

    def red_unless(self, row: int, column: int, text: str) -> None:
        """A cell that is red where it does not say a text."""
        bad = self.file.format("text", "warning")
        rule = {"type": "cell", "criteria": "!=", "value": f'"{text}"', "format": bad}
        self._sheet.conditional_format(row, column, row, column, rule)

    def choice(self, row: int, column: int, answers: Sequence[str]) -> None:
        """An input that is one of a few texts."""
        self._sheet.data_validation(
            row, column, row, column, {"validate": "list", "source": [*answers]}
        )

    def bounded(self, row: int, column: int, kind: str, low: Any, high: Any) -> None:
        """An input that is a date, an integer or a decimal between two, both included."""
        rule = {"validate": kind, "criteria": "between", "minimum": low, "maximum": high}
        self._sheet.data_validation(row, column, row, column, rule)

    def frozen(self, row: int, column: int) -> None:
        """What stands above and left of a cell stays, on the screen and on each printed page."""
        self._sheet.freeze_panes(row, column)
        self._sheet.repeat_rows(row - 1)

    def printed(self, last_row: int, last_column: int) -> None:
        """What is printed: from the first cell to this one."""
        self._sheet.print_area(0, 0, last_row, last_column)

    def fixed(self, column: int, width: int) -> None:
        """A column of a width that does not follow from its values."""
        self._widths[column] = width

    def folded(self, first: int, last: int) -> None:
        """Columns that only lead to others, both ends included: folded away until asked for."""
        self._folded.update(range(first, last + 1))

    def folded_rows(self, first: int, last: int) -> None:
        """Rows that only lead to others, both ends included: folded away until asked for."""
        self._folded_rows.update(range(first, last + 1))

    def draw(self, row: int, column: int, drawing: CellChart, *, right: int = 0) -> None:
        """A chart with its upper left corner in a cell, or so many pixels right of it."""
        chart = self.file.chart(drawing)
        chart.set_size({"width": CHART_WIDTH, "height": 280})
        self._sheet.insert_chart(row, column, chart, {"x_offset": right, "object_position": 3})

    def closed(self) -> None:
        """The widths, once all is put in; rows as high as prose needs; and what is folded away."""
        for row, lengths in self._prose.items():
            widths = ((length, self._widths.get(column, 9)) for column, length in lengths.items())
            lines = max(1 + length // max(1, width - 6) for length, width in widths)
            if lines > 1:
                self._sheet.set_row(row, min(400, LINE_HEIGHT * lines))
        for column, width in self._widths.items():
            options = {"level": 1, "hidden": True} if column in self._folded else {}
            self._sheet.set_column(column, column, width + 2, None, options)
        for row in self._folded_rows:
            self._sheet.set_row(row, None, None, {"level": 1, "hidden": True})
        if self._folded_rows:
            self._sheet.set_row(max(self._folded_rows) + 1, None, None, {"collapsed": True})
        if self._folded:
            after = max(self._folded) + 1
            self._sheet.set_column(after, after, None, None, {"collapsed": True})

    def _length(self, value: Any, kind: str) -> int:
        if value is None:
            return 0
        if kind in ("date", "month") or isinstance(value, date):
            return 10
        decimals = {"money": self.file.places, "exact": 4, "rate": 6, "share": 1, "percent": 1}
        return len(f"{_cell_value(value):,.{decimals.get(kind, 0)}f}")

    def _widen(self, column: int, length: int) -> None:
        self._widths[column] = max(self._widths.get(column, 6), min(length, WIDEST))


def _cell_value(value: Any) -> Any:
    """A value as a cell holds it: Excel counts days, and numbers have 16 digits."""
    if isinstance(value, Fraction):
        return Context(prec=16).divide(Decimal(value.numerator), Decimal(value.denominator))
    if isinstance(value, date):
        return value.toordinal() - date(1899, 12, 30).toordinal()
    return safe(value) if isinstance(value, str) else value

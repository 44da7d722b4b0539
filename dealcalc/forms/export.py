"""A report as CSV, JSON or Markdown: one writer for each form, for every command."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from operator import add
from types import NoneType
from typing import Any

from dealcalc.loading.problems import safe
from dealcalc.reports.report import PICTURES, Figure, Report, Table, View, readable, six
from dealcalc.reports.units import Unit

MOST_OPEN = 24
"""Rows of a table that Markdown shows at once; a longer one opens with a click."""

Writers = dict[type, Callable[[Any], str]]


def as_csv(report: Report) -> str:
    """The report's main table, tidy: a header, a row per line, exact numbers without marks."""
    table = report.csv_table()
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_csv_cell(field.name) for field in table.fields)
    writer.writerows(map(_csv_cell, cells) for cells in table.cells())
    return out.getvalue()


def as_plain(report: Report) -> str:
    """The values of the main table alone, one a line, as CSV has them."""
    table = report.csv_table()
    values = next(field for field in table.fields if field.name == "value")
    return "".join(f"{_csv_cell(values.getter(row))}\n" for row in table.rows)


def _csv_cell(value: Any) -> str:
    return _written(CSV, value)


def _csv_text(text: str) -> str:
    """A text; a spreadsheet would take one that begins like a formula for one; ＝ is a wide =."""
    return f"'{safe(text)}" if re.match(r"\s*[=+@＝＋＠－-]", text) else safe(text)


def as_json(report: Report) -> str:
    """One object: the facts, then the tables as lists of objects, one row a line; exact numbers."""
    head = {"format": f"dealcalc/{report.command}/{report.version}", **report.facts}
    parts = [f"{_json_text(name)}: {_json(value)}" for name, value in head.items()]
    parts += map(_json_table, report.tables)
    parts += [f"{_json_text(name)}: {_json(value)}" for name, value in report.after.items()]
    return "{\n  " + ",\n  ".join(parts) + "\n}\n"


def _json_table(table: Table) -> str:
    if not table.rows:
        return f"{_json_text(table.name)}: []"
    keys = [f"{_json_text(field.name)}: " for field in table.fields]
    rows = ("{" + ", ".join(map(add, keys, map(_json, cells))) + "}" for cells in table.cells())
    return f"{_json_text(table.name)}: [\n    " + ",\n    ".join(rows) + "\n  ]"


def _json(value: Any) -> str:
    """JSON of a value; the standard encoder would turn an exact decimal into a float."""
    return _written(JSON, value)


def _json_mapping(items: Mapping[Any, Any]) -> str:
    inside = (f"{_json_text(str(key))}: {_json(item)}" for key, item in items.items())
    return "{" + ", ".join(inside) + "}"


def _json_list(items: Iterable[Any]) -> str:
    return "[" + ", ".join(map(_json, items)) + "]"


@lru_cache(maxsize=4096)
def _json_text(text: str) -> str:
    r"""A text in quotes; what a terminal or a CI runner would obey is written as \uXXXX."""
    quoted = json.dumps(text, ensure_ascii=False)
    if not text.isprintable():
        quoted = "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in quoted)
    return quoted.replace("::", r":\u003a").replace("##", r"#\u0023")


NUMBERS: Writers = {
    Decimal: "{:f}".format,
    Fraction: lambda value: f"{six(value):f}",
    int: str,
}
CSV: Writers = NUMBERS | {
    str: _csv_text,
    date: str,
    bool: lambda value: "true" if value else "false",
    NoneType: lambda _: "",
}
JSON: Writers = NUMBERS | {
    str: _json_text,
    date: '"{}"'.format,
    bool: lambda value: "true" if value else "false",
    NoneType: lambda _: "null",
    Mapping: _json_mapping,
    tuple: _json_list,
    list: _json_list,
}
"""How values are written, by their types."""


def _written(writers: Writers, value: Any) -> str:
    """A value by its own type, or by that of which it is a kind."""
    write = writers.get(type(value))
    if write is None:
        write = next(write for kind, write in writers.items() if isinstance(value, kind))
    return write(value)


def as_markdown(report: Report, asked: Unit | None) -> str:
    """Headings, tables and lists, fit for a pull request comment; money readable, or as asked."""
    title = " · ".join(part for part in (_md(report.title), report.currency) if part)
    blocks = [
        f"## {title}",
        "\n".join(_md_figure(figure, report.currency, asked) for figure in report.figures),
        *(_md_table(view, report, view.unit(asked)) for view in report.views),
        "\n".join(f"- {_md_note(note.kind)}{_md(note.said(asked))}" for note in report.said()),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _md_figure(figure: Figure, currency: str, asked: Unit | None) -> str:
    value, remark = map(_md, figure.texts(currency, asked))
    return f"- **{_md(figure.name)} {value}**" + (f" ({remark})" if remark else "")


def _md_note(kind: str) -> str:
    return "" if kind in ("note", "detail") else f"**{kind.capitalize()}:** "


def _md_table(view: View, report: Report, unit: Unit) -> str:
    columns = [
        (index, column) for index, column in enumerate(view.fields) if column.kind not in PICTURES
    ]
    headings = (report.heading(column, unit) for _, column in columns)
    lines = [
        _md_row(map(_md, headings)),
        _md_row("---" if column.kind in ("text", "prose") else "---:" for _, column in columns),
    ]
    for row in view.lines:
        cells = (_md(readable(column.kind, row.cells[index], unit)) for index, column in columns)
        bold = row.kind != "plain"
        lines.append(_md_row(f"**{cell}**" if bold and cell else cell for cell in cells))
    title = report.view_title(view, unit)
    return (f"### {_md(title)}\n\n" if title else "") + _md_folded(
        "\n".join(lines), len(view.lines)
    )


def _md_folded(table: str, rows: int) -> str:
    """A long table behind a line to click on, so that a comment stays one that is read."""
    if rows <= MOST_OPEN:
        return table
    return f"<details><summary>{rows} rows</summary>\n\n{table}\n\n</details>"


def _md_row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _md(text: str) -> str:
    """Text that Markdown shows as it is, indented too; @ and # notify nobody.

    Something without a width stands behind these.
    """
    escaped = re.sub(r"([\\`*_\[\]<>|#~&$])", r"\\\1", safe(text))
    escaped = re.sub("([@#])", r"\1&#8203;", escaped)
    return "&nbsp;" * (len(escaped) - len(escaped.lstrip(" "))) + escaped.lstrip(" ")

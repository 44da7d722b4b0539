"""A report as CSV, JSON or Markdown: one writer for each form, for every command."""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from dealcalc.loading.problems import safe
from dealcalc.reports.report import PICTURES, Figure, Report, Unit, View, shown, six

MOST_OPEN = 24
"""Rows of a table that Markdown shows at once; a longer one opens with a click."""


def as_csv(report: Report) -> str:
    """The report's main table, tidy: a header, a row per line, exact numbers without marks."""
    table = report.csv_table()
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(map(_csv_cell, table.columns))
    writer.writerows([_csv_cell(value) for value in row] for row in table.rows)
    return out.getvalue()


def _csv_cell(value: Any) -> str:
    if isinstance(value, str):
        # A spreadsheet would take a text that begins like a formula for one; ＝ is a wide =.
        return f"'{safe(value)}" if re.match(r"\s*[=+@＝＋＠－-]", value) else safe(value)
    return "" if value is None else _number_or_date(value)


def _number_or_date(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return f"{six(value):f}" if isinstance(value, Fraction) else str(value)


def as_json(report: Report) -> str:
    """One object: the facts, then the tables as lists of objects, one row a line; exact numbers."""
    head = {"format": f"dealcalc/{report.command}/1", **report.facts}
    parts = [f"{_json(name)}: {_json(value)}" for name, value in head.items()]
    for table in report.tables:
        rows = (_json(dict(zip(table.columns, row, strict=True))) for row in table.rows)
        parts.append(
            f"{_json(table.name)}: [\n    " + ",\n    ".join(rows) + "\n  ]"
            if table.rows
            else f"{_json(table.name)}: []"
        )
    parts += [f"{_json(name)}: {_json(value)}" for name, value in report.after.items()]
    return "{\n  " + ",\n  ".join(parts) + "\n}\n"


def _json(value: Any) -> str:
    """JSON of a value; the standard encoder would turn an exact decimal into a float."""
    if isinstance(value, Mapping):
        return (
            "{"
            + ", ".join(f"{_json(str(key))}: {_json(item)}" for key, item in value.items())
            + "}"
        )
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_json, value)) + "]"
    if isinstance(value, Decimal | Fraction):
        return _number_or_date(value)
    if isinstance(value, str):
        return _json_text(value)
    return json.dumps(value.isoformat() if isinstance(value, date) else value)


def _json_text(text: str) -> str:
    r"""A text in quotes; what a terminal or a CI runner would obey is written as \uXXXX."""
    quoted = json.dumps(text, ensure_ascii=False)
    if not text.isprintable():
        quoted = "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in quoted)
    return quoted.replace("::", r":\u003a").replace("##", r"#\u0023")


def as_markdown(report: Report, unit: Unit) -> str:
    """Headings, tables and lists, fit for a pull request comment."""
    money = report.money(unit)
    title = " · ".join(part for part in (_md(report.title), money) if part)
    blocks = [
        f"## {title}",
        "\n".join(_md_figure(figure, money, unit) for figure in report.figures),
        *(_md_table(view, money, unit) for view in report.views),
        "\n".join(f"- {_md_note(note.kind)}{_md(note.text)}" for note in report.said()),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _md_figure(figure: Figure, money: str, unit: Unit) -> str:
    is_money = isinstance(figure.value, Decimal)
    value = f"{shown('money', figure.value, unit)} {money}" if is_money else str(figure.value)
    remark = f" ({_md(figure.remark)})" if figure.remark else ""
    return f"- **{_md(figure.name)} {_md(value)}**{remark}"


def _md_note(kind: str) -> str:
    return "" if kind == "note" else f"**{kind.capitalize()}:** "


def _md_table(view: View, money: str, unit: Unit) -> str:
    columns = [
        (index, column) for index, column in enumerate(view.columns) if column.kind not in PICTURES
    ]
    headings = (
        f"{column.heading}, {money}" if column.kind == "money" else column.heading
        for _, column in columns
    )
    lines = [
        _md_row(map(_md, headings)),
        _md_row("---" if column.kind in ("text", "prose") else "---:" for _, column in columns),
    ]
    for row in view.rows:
        cells = (_md(shown(column.kind, row.cells[index], unit)) for index, column in columns)
        bold = row.kind != "plain"
        lines.append(_md_row(f"**{cell}**" if bold and cell else cell for cell in cells))
    title = f"### {_md(view.title)}\n\n" if view.title else ""
    return title + _md_folded("\n".join(lines), len(view.rows))


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

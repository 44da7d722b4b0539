"""A report as one web page: it runs no script, fetches nothing, and can be printed.

Every text of a report goes through `escaped`, and the page forbids the browser whatever it does not
need. How it looks is in `web.css`, its drawings are in `charts`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from importlib.resources import files
from typing import Any

from dealcalc.forms import charts
from dealcalc.loading.problems import escaped, width
from dealcalc.reports.report import (
    PICTURES,
    DrawnRow,
    Field,
    Figure,
    Report,
    Shade,
    View,
    readable,
)
from dealcalc.reports.units import Unit, grouped
from dealcalc.terms.values import half_up_decimal

SECTIONS = {
    "warning": "Warnings",
    "note": "Notes",
    "assumed": "Assumptions",
    "source": "Sources",
}
"""What is said below the tables, by the kind of note, in this order."""

COUNTED = {"warning": "warning", "assumed": "assumption"}
"""What is counted at the top, so that nobody reads the figures without it."""

LONG = 48
"""Characters of a cell beyond which it may wrap: names and dates stay on one line."""

SHORT = 12
"""Rows of a table that is not broken when it is printed."""

UPRIGHT, LANDSCAPE, EDGES = 180, 290, 28
"""Millimetres: what fits across an upright sheet, how wide a turned one is, and its two edges."""

PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<main>
{blocks}
</main>
</body>
</html>
"""


def as_html(report: Report, asked: Unit | None) -> str:
    """The whole page; money in the asked unit or readable, exact where a mouse rests on it."""
    title = " · ".join(escaped(part) for part in (report.title, report.currency) if part)
    command = report.command.capitalize()
    blocks = (
        f'<header>\n<p class="asked">{command}</p>\n<h1>{title}</h1>\n{_counted(report)}</header>',
        "\n".join(
            ("<dl>", *(_figure(figure, report, asked) for figure in report.figures), "</dl>")
        ),
        *(charts.chart(chart) for chart in report.charts if chart.is_drawn),
        *(_table(_undrawn(view, report), report, view.unit(asked)) for view in report.views),
        *_sections(report, asked),
    )
    style = (files("dealcalc.forms") / "web.css").read_text("utf-8") + _sheet(report, asked)
    return PAGE.format(title=f"{title} · {command}", style=style, blocks="\n".join(blocks))


# --- the answer first, and what is said below -----------------------------------------------------


def _counted(report: Report) -> str:
    """How many doubts and assumptions there are, with the way to them."""
    links = []
    for kind, name in COUNTED.items():
        if count := sum(note.kind == kind for note in report.notes):
            links.append(f'<a href="#{kind}">{count} {name}{"s" if count > 1 else ""}</a>')
    return f'<p class="counted">{" · ".join(links)}</p>\n' if links else ""


def _figure(figure: Figure, report: Report, asked: Unit | None) -> str:
    text, remark = figure.texts("", asked)
    value = escaped(text)
    if isinstance(figure.value, Decimal):
        number = _amount(figure.value, text.rstrip())
        value = f'{number} <span class="unit">{escaped(report.currency)}</span>'
    if report.is_assumed(figure):
        value += '<a class="star" href="#assumed" title="rests on assumptions">*</a>'
    name = escaped(figure.name)
    return f'<div><dt>{name}</dt>\n<dd class="value">{value}</dd>\n<dd>{_prose(remark)}</dd></div>'


def _amount(amount: Decimal, text: str) -> str:
    """An amount as it is shown; what is rounded says all of it where a mouse rests on it.

    To the cent, it is short too, for screens on which it would fill a column.
    """
    whole, short = grouped(amount), charts.short(amount)
    if text != whole:
        return f'<span title="{whole}">{text}</span>'
    if text == short:
        return text
    return f'<span class="full">{text}</span><span class="short">{short}</span>'


def _sections(report: Report, asked: Unit | None) -> Iterator[str]:
    for kind, heading in SECTIONS.items():
        kinds = ("note", "detail") if kind == "note" else (kind,)
        notes = [_note(note.said(asked), kind) for note in report.notes if note.kind in kinds]
        if notes:
            items = "\n".join(f"<li>{note}</li>" for note in notes)
            yield f'<section id="{kind}">\n<h2>{heading}</h2>\n<ul>\n{items}\n</ul>\n</section>'


def _note(text: str, kind: str) -> str:
    """A note; what is assumed or sourced begins with the path of a term."""
    path, colon, said = text.partition(": ")
    if colon and kind in ("assumed", "source"):
        return f"<b>{escaped(path)}:</b> {_prose(said)}"
    return _prose(text)


def _prose(text: str) -> str:
    """A text in which names of terms stand between backticks."""
    return re.sub("`([^`]*)`", r"<code>\1</code>", escaped(text))


# --- tables ---------------------------------------------------------------------------------------


def _undrawn(view: View, report: Report) -> View:
    """A view without the pictures that would only repeat a chart above it."""
    drawn = {name for chart in report.charts if chart.is_drawn for name in chart.draws}
    kept = (field for field in view.fields if field.kind not in PICTURES or field.name not in drawn)
    return replace(view, fields=tuple(kept))


def _table(view: View, report: Report, unit: Unit) -> str:
    """A view; one without a title is named, for who cannot see it, by what its columns are."""
    stretches = any(column.kind in (*PICTURES, "prose") for column in view.fields)
    headings = ", ".join(column.heading for column in view.fields if column.heading)
    title, money = report.view_title(view, unit), escaped(report.money(unit))
    return "\n".join(
        (
            f'<div class="scroll{" whole" if len(view.lines) <= SHORT else ""}" tabindex="0">',
            f'<table class="{"wide" if stretches else "narrow"}">',
            f'<caption class="{"title" if title else "unseen"}">'
            f"{escaped(title or headings)}</caption>",
            f"<thead>\n<tr>{''.join(_heading(one, money) for one in view.fields)}</tr>\n</thead>",
            "<tbody>",
            *(_row(row, view.fields, unit) for row in view.lines),
            "</tbody>\n</table>\n</div>",
        )
    )


def _heading(column: Field, money: str) -> str:
    if not column.heading:
        return f'<td class="{column.kind}"></td>'
    heading = escaped(column.heading)
    if column.kind == "bands":
        heading = charts.legend(column.heading.split(", "))
    elif column.kind == "money":
        heading += f' <span class="unit">{money}</span>'
    return f'<th scope="col" class="{column.kind}">{heading}</th>'


def _row(row: DrawnRow, columns: Sequence[Field], unit: Unit) -> str:
    """A row; its first cell names it, if anything is in it."""
    cells = list(zip(row.cells, columns, strict=True))
    first = "th" if readable(columns[0].kind, row.cells[0], unit) else "td"
    named = _cell(*cells[0], unit, first)
    return f'<tr class="{row.kind}">{named}{"".join(_cell(*cell, unit) for cell in cells[1:])}</tr>'


def _cell(value: Any, column: Field, unit: Unit, tag: str = "td") -> str:
    kind, style, inside = column.kind, "", ""
    if column.kind in PICTURES:
        inside = "" if value is None else charts.bar(value if column.kind == "bands" else (value,))
    else:
        text = readable(column.kind, value, unit)
        inside = escaped(text).replace("*", '<span class="star">*</span>')
        amount = value.value if isinstance(value, Shade) else value
        if isinstance(amount, Decimal):
            inside = inside.replace(digits := unit.digits(amount), _amount(amount, digits))
        if column.kind == "text" and len(text) > LONG:
            kind = "text long"
        if isinstance(value, Shade):
            kind = "shade base" if value.is_base else "shade"
            style = f' style="--size: {_hundredth(value.size)}"'
    scope = ' scope="row"' if tag == "th" else ""
    return f'<{tag}{scope} class="{kind}"{style}>{inside}</{tag}>'


def _hundredth(share: Fraction) -> Decimal:
    return half_up_decimal(share, 2)


# --- paper ---------------------------------------------------------------------------------------


def _sheet(report: Report, asked: Unit | None) -> str:
    """The sheet on which no table is cut in print; nothing where the widest fits on any."""
    widths = [
        sum(_millimetres(view, index, view.unit(asked)) for index in range(len(view.fields)))
        for view in report.views
    ]
    widest = max(widths, default=0)
    if widest <= UPRIGHT:
        return ""
    across = widest + EDGES
    size = "landscape" if across <= LANDSCAPE else f"{across}mm {across * 7 // 10}mm"
    return f"@page {{ size: {size}; }}\n"


def _millimetres(view: View, index: int, unit: Unit) -> int:
    """How wide a column is in print, at the most."""
    column = view.fields[index]
    if column.kind in PICTURES:
        return 25
    texts = (readable(column.kind, row.cells[index], unit) for row in view.lines)
    cells = max(map(width, texts), default=0)
    wraps = column.kind == "prose" or (column.kind == "text" and cells > LONG)
    heading = width(column.heading) + (4 if column.kind == "money" else 0)
    return 2 * max(heading, min(cells, LONG // 3) if wraps else cells) + 5

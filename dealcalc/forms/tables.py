"""A report on a screen, drawn by Rich: the answer first, then its tables, then what to know of it.

No line is longer than the screen, and no number is ever cut; without a screen, tables have their
natural width. How a table is laid out is in `layout`.
"""

import io
from collections.abc import Iterator
from fractions import Fraction

from rich.box import SIMPLE
from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from dealcalc.forms import layout
from dealcalc.forms.layout import Texts, Widths, wrapped
from dealcalc.loading.problems import safe
from dealcalc.reports.report import PICTURES, DrawnRow, Note, Report, Shade
from dealcalc.reports.units import Unit
from dealcalc.terms.values import half_up

PAGE = 100
"""Where text wraps, however wide the screen is."""
REMARK = 20
"""The fewest columns of a remark that stands beside its figure."""

BANDS = dict(zip(layout.BANDS, ("cyan", "green", "dim"), strict=True))
"""What each band is drawn with, so that they differ without colour too."""
SHADES = ("blue", "bright_blue", "cyan", "bright_cyan", "bright_green")
"""The colours of a grid, from its smallest values to its largest."""
BOLD = {"plain": "", "head": "bold", "subtotal": "bold", "total": "bold"}
STYLES = {"assumed": "yellow", "warning": "bold red"}
"""The colours of notes: yellow is assumed, red is doubtful."""
MARKS = {"assumed": "* assumed  ", "warning": "! warning  "}
"""What stands in front of a note that is said whole."""


def draw(
    report: Report, room: int | None, asked: Unit | None, *, color: bool, verbose: bool = False
) -> str:
    """The report for so many columns (None: any), in the asked unit, or in readable ones.

    Verbose, every note is said whole; else warnings have a line each, and what is assumed is named.
    """
    page = PAGE if room is None else min(room, PAGE)
    console = _console(color=color)
    notes = _whole_notes(report, asked, page) if verbose else _short_notes(report, asked, page)
    title = " · ".join(part for part in (safe(report.title), report.currency) if part)
    head: list[RenderableType] = [_title(title, page), "", *_figures(report, asked, page)]
    parts: list[RenderableType] = [*head, *_views(report, asked, room), "", *notes]
    console.print(Group(*parts))
    text = console.file.getvalue()  # type: ignore[attr-defined]
    lines = [line.rstrip() for line in text.split("\n")]
    return "\n".join(lines).rstrip("\n") + "\n"


def _console(*, color: bool) -> Console:
    return Console(
        file=io.StringIO(),
        width=100_000,  # all is wrapped already
        height=1,  # without one, Rich takes a dumb terminal for 80 columns whatever its width
        color_system="standard" if color else None,
        force_terminal=color,
        no_color=not color,
        legacy_windows=False,
        markup=False,
        emoji=False,
        highlight=False,
    )


def _title(text: str, width: int) -> Text:
    return Text("\n".join(wrapped(text, width)), style="bold")


# --- the answer first -----------------------------------------------------------------------------


def _figures(report: Report, asked: Unit | None, page: int) -> Iterator[Text]:
    """Name, value and remark of each figure; only the first of a name is bold, others reread it."""
    texts = [
        tuple(map(safe, (figure.name, *figure.texts(report.currency, asked))))
        for figure in report.figures
    ]
    names, values = (max((cell_len(text[i]) for text in texts), default=0) for i in (0, 1))
    seen: set[str] = set()
    for name, value, remark in texts:
        style = "" if name in seen else "bold"
        seen.add(name)
        gap = " " * (names + 2 + values - cell_len(name) - cell_len(value))
        head = Text.assemble((name, style), gap, (value, style))
        if page - head.cell_len - 2 >= REMARK:
            lines = wrapped(remark, page - head.cell_len - 2)
            below = "\n" + " " * (head.cell_len + 2)
            yield head.append("  " + below.join(lines))
        else:
            head = Text("\n".join(wrapped(f"{name}  {value}", page)), style)
            yield head.append("".join(f"\n    {line}" for line in wrapped(remark, page - 4)))


# --- tables ---------------------------------------------------------------------------------------


def _views(report: Report, asked: Unit | None, room: int | None) -> Iterator[RenderableType]:
    for view in report.views:
        unit = view.unit(asked)
        shown = layout.texts_of(view, report, unit)
        yield ""
        if title := safe(report.view_title(view, unit)):
            yield _title(title, room or PAGE)
        for index, widths in enumerate(layout.blocks(shown, room)):
            if index:
                yield ""
            yield _table(shown, widths)


def _table(shown: Texts, widths: Widths) -> Table:
    """A block of columns, its last row of totals below a rule, a gap below rows of subtotals."""
    rows = list(enumerate(shown.view.lines))
    total = rows.pop() if rows and rows[-1][1].kind == "total" else None
    table = Table(box=SIMPLE, show_edge=False, pad_edge=False, border_style="dim")
    table.show_footer = total is not None
    for column, width in widths.items():
        kind = shown.kind(column)
        heading = "\n".join(wrapped(shown.headings[column], width))
        table.add_column(
            _marked(
                heading.replace("\xa0", " ") if kind != "bands" else shown.headings[column], "bold"
            ),
            _text(shown, total[0], total[1], column, width) if total else "",
            justify="left" if kind in (*layout.WRAPS, *PICTURES) else "right",
            width=width,
            no_wrap=True,  # it is wrapped already
        )
    for index, row in rows:
        texts = (_text(shown, index, row, column, width) for column, width in widths.items())
        table.add_row(*texts, end_section=row.kind == "subtotal")
    return table


def _text(shown: Texts, index: int, row: DrawnRow, column: int, width: int) -> Text:
    value, kind = row.cells[column], shown.kind(column)
    if kind in PICTURES:
        return _bands(value, width) if kind == "bands" else _bar(value, width)
    text = shown.columns[column][index]
    if isinstance(value, Shade):
        step = min(int(value.size * len(SHADES)), len(SHADES) - 1)
        return Text(text, f"{SHADES[step]} bold" if value.is_base else SHADES[step])
    if text in ("true", "false"):
        return Text(text, "green" if text == "true" else "bold red")
    lines = layout.in_terms(text, width) if kind in layout.WRAPS else [text]
    return _marked("\n".join(lines), BOLD[row.kind])


def _marked(text: str, style: str) -> Text:
    """Text with the `*` of what is assumed in the colour of the notes that say so."""
    marked = Text(text, style)
    marked.highlight_words(["*"], STYLES["assumed"])
    return marked


def _bar(value: object, columns: int) -> Text:
    """A share of the largest as a bar, to half a column."""
    halves = half_up(value * columns * 2, 0) if isinstance(value, Fraction) else 0
    return Text("━" * (halves // 2) + "╸" * (halves % 2), "cyan")


def _bands(value: object, columns: int) -> Text:
    """Shares of one whole, one after the other; together they fill no more than their sum does."""
    text, filled, so_far = Text(), 0, Fraction(0)
    shares = value if isinstance(value, tuple) else ()
    for share, (char, style) in zip(shares, BANDS.items(), strict=False):
        so_far += share
        end = half_up(so_far * columns, 0)
        text.append(char * (end - filled), style)
        filled = end
    return text


# --- what is said below ---------------------------------------------------------------------------


def _short_notes(report: Report, asked: Unit | None, page: int) -> Iterator[Text]:
    """What is special to this answer, then its warnings, then a sentence that names the assumed."""
    notes = report.said()
    for note in notes:
        if note.kind == "note":
            yield _note("", "", note.said(asked), page)
    for note in notes:
        if note.kind == "warning":
            yield _note("! ", STYLES["warning"], note.in_short(asked), page)
    if assumed := list(dict.fromkeys(note.short for note in notes if _is_assumed(note))):
        names = ", ".join(assumed)
        yield _note("* ", STYLES["assumed"], f"{len(assumed)} assumed: {names}; -v says why", page)
    elif any(note.kind == "detail" for note in notes):
        yield Text("-v says how this is counted", "dim")


def _is_assumed(note: Note) -> bool:
    return bool(note.short) and note.kind != "warning"


def _whole_notes(report: Report, asked: Unit | None, page: int) -> Iterator[Text]:
    """Every note, with its mark in front."""
    for note in report.said():
        yield _note(MARKS.get(note.kind, ""), STYLES.get(note.kind, ""), note.said(asked), page)


def _note(mark: str, style: str, text: str, page: int) -> Text:
    """A note, wrapped, with nothing below its mark."""
    lines = wrapped(safe(text), page - len(mark))
    return Text(f"\n{' ' * len(mark)}").join(
        [Text.assemble((mark, style), lines[0]), *map(Text, lines[1:])]
    )

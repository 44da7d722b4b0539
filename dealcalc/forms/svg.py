"""A report as a picture of a terminal: what `tables` draws, in colour, as one SVG file.

Each stretch of text stands at its own column and is as wide as its columns in any font, so that
figures stay below each other and bars do not tear. Nothing is fetched, least of all a font.
"""

import re
from collections.abc import Iterator
from html import escape

from rich.ansi import AnsiDecoder
from rich.cells import cell_len
from rich.console import Console
from rich.segment import Segment
from rich.style import Style

from dealcalc.forms.tables import draw
from dealcalc.loading.problems import escaped
from dealcalc.reports.report import Report
from dealcalc.reports.units import Unit

COLUMN, LINE, BASE, MARGIN = 12, 25, 18, 24
"""Pixels: at a size of 20 a character is so wide in nearly every font for terminals."""

STYLE = """\
text { font: 20px ui-monospace, "SF Mono", Menlo, "DejaVu Sans Mono", "Liberation Mono", \
"Cascadia Mono", Consolas, monospace; fill: #1f2328 }
rect { fill: #ffffff; stroke: #d1d9e0 }
.bold { font-weight: bold } .dim { fill: #818b98 }
.color1 { fill: #c5222f } .color2 { fill: #1a7f37 } .color3 { fill: #8f5f00 }
.color4 { fill: #0550ae } .color6 { fill: #0b7285 } .color10 { fill: #116329 }
.color12 { fill: #0969da } .color14 { fill: #0c7c8c }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 }
rect { fill: #0d1117; stroke: #30363d }
.dim { fill: #7d8590 }
.color1 { fill: #ff7b72 } .color2 { fill: #3fb950 } .color3 { fill: #e3b341 }
.color4 { fill: #58a6ff } .color6 { fill: #39c5cf } .color10 { fill: #56d364 }
.color12 { fill: #79c0ff } .color14 { fill: #56d4dd }
}"""
"""The terminal's colours by their numbers, on white and on black."""


PICTURE = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" \
height="{height}" role="img" aria-labelledby="title">
<title id="title">{title}</title>
<style>
{style}
</style>
<rect width="100%" height="100%" rx="10"/>
{texts}
</svg>
"""


def as_svg(report: Report, asked: Unit | None, *, verbose: bool = False) -> str:
    """The table in its natural width, in the asked unit, or in readable ones."""
    text = draw(report, None, asked, color=True, verbose=verbose)
    lines = [list(line.render(Console())) for line in AnsiDecoder().decode(text.rstrip())]
    columns = max(sum(segment.cell_length for segment in line) for line in lines)
    texts = (text for row, line in enumerate(lines) for text in _texts(line, row))
    return PICTURE.format(
        width=columns * COLUMN + 2 * MARGIN,
        height=len(lines) * LINE + 2 * MARGIN,
        title=escaped(report.title),
        style=STYLE,
        texts="\n".join(texts),
    )


def _texts(line: list[Segment], row: int) -> Iterator[str]:
    """The words of a line; where more than one space is between them, each at its own column."""
    column, base = 0, MARGIN + row * LINE + BASE
    for text, style, _ in line:
        for words in re.finditer(r"\S+(?: \S+)*", text):
            left = MARGIN + (column + cell_len(text[: words.start()])) * COLUMN
            yield (
                f'<text{_classes(style)} x="{left}" y="{base}" '
                f'textLength="{cell_len(words[0]) * COLUMN}" lengthAdjust="spacingAndGlyphs">'
                f"{escape(words[0])}</text>"
            )
        column += cell_len(text)


def _classes(style: Style | None) -> str:
    """The classes of a text, if it has any: what it is drawn with on a terminal."""
    classes = []
    if style and style.color and style.color.number is not None:
        classes.append(f"color{style.color.number}")
    if style and style.bold:
        classes.append("bold")
    if style and style.dim:
        classes.append("dim")
    return f' class="{" ".join(classes)}"' if classes else ""

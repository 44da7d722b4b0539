"""The drawings of a web page: columns and bands over time, bars by name or in tables, legends.

A drawing is a thousand high and a thousand wide and is stretched to the room there is, on a screen,
a phone or a sheet of paper; so words stand beside it and not in it.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import count, groupby
from typing import Any, NamedTuple

from dealcalc.loading.problems import escaped
from dealcalc.reports.report import Chart, ChartPoint, readable, six
from dealcalc.reports.units import grouped, line_unit
from dealcalc.terms.values import amount_text, decimal_text, half_up, percent_text

MOST_STEPS, MOST_DAYS = 5, 8
"""The most steps of an axis, and the most days that are named below a chart."""

NOTHING, WHOLE = Fraction(0), Fraction(1)


class Axis(NamedTuple):
    """The lowest and the highest value of a chart, nought at or between them, and its lines."""

    low: Fraction
    high: Fraction
    lines: tuple[Fraction, ...]

    def height(self, value: Fraction) -> Fraction:
        """How far up a value is, 0 to 1."""
        return (value - self.low) / (self.high - self.low)


def axis(low: Fraction, high: Fraction) -> Axis:
    """The axis from a lowest to a highest value, and nought, with a few lines at round values."""
    low, high = min(low, NOTHING), max(high, NOTHING)
    if low == high:
        high = WHOLE
    steps = (digit * Fraction(10) ** power for power in count(-6) for digit in (1, 2, 5))
    step = next(step for step in steps if (high - low) / step <= MOST_STEPS)
    return Axis(low, high, tuple(n * step for n in range(-(-low // step), high // step + 1)))


# --- a chart --------------------------------------------------------------------------------------


def chart(of: Chart) -> str:
    """A chart with its legend, and the words that stand beside it."""
    several = legend(of.series) if len(of.series) > 1 else ""
    head = f"<h2>{escaped(_title(of))}</h2>{several}"
    drawn = _by_name(of) if of.kind == "bars" else _by_scale(of)
    return f"<figure>\n<figcaption>{head}</figcaption>\n{drawn}\n</figure>"


def _title(of: Chart) -> str:
    return of.title if of.unit == "%" else f"{of.title}, {of.unit}"


def _by_scale(of: Chart) -> str:
    """A drawing with its axis and its days; for who cannot see it, in words."""
    ends = [_ends(point) for point in of.points]
    by = axis(min(low for low, _ in ends), max(high for _, high in ends))
    grid = "".join(f"M0 {_y(by, line)}H1000" for line in by.lines)
    parts = _columns(of, by) if of.kind == "columns" else _bands(of, by)
    drawn = "\n".join(
        (
            f'<path class="grid" d="{grid}"/>',
            *parts,
            f'<path class="nought" d="M0 {_y(by, NOTHING)}H1000"/>',
        )
    )
    up = "".join(
        f'<span style="bottom: {_percent(by.height(line))}">{_short(line, of)}</span>'
        for line in by.lines
    )
    along = "".join(
        f'<span style="left: {_percent(at)}">{escaped(name)}</span>' for name, at in _days(of)
    )
    return f"""\
<div class="chart">
<div class="up" aria-hidden="true">{up}</div>
{_drawing(f'role="img" aria-label="{escaped(_in_words(of, _title(of)))}"', drawn)}
<div class="along" aria-hidden="true">{along}</div>
</div>"""


def _by_name(of: Chart) -> str:
    """A line for each name, with its bar and what it stands for."""
    ends = [_ends(point) for point in of.points]
    by = axis(min(low for low, _ in ends), max(high for _, high in ends))
    rows = (
        f'<div class="named"><span class="name">{escaped(point.name)}</span>'
        f"{_hidden(''.join(_bar(of, by, point)))}"
        f'<span class="amount">{_together(of, point)}</span></div>'
        for point in of.points
    )
    return "\n".join(rows)


def _bar(of: Chart, by: Axis, point: ChartPoint) -> Iterator[str]:
    for series, low, high in _stacked(point):
        left, right = by.height(low), by.height(high)
        name = f"{of.series[series]}: {_said(point.values[series], of)}"
        yield _rectangle(_part(series, len(of.series)), left, right - left, name=name)


def _together(of: Chart, point: ChartPoint) -> str:
    """What a bar stands for: the whole; and of two parts the share of the first."""
    whole: Any = sum(point.values[1:], point.values[0])
    is_money = of.unit != "%" and isinstance(whole, Decimal)
    text = escaped(f"{short(whole)} {of.unit}" if is_money else _said(whole, of))
    if len(point.values) != 2 or not whole:
        return text
    part = readable("share", Fraction(point.values[0]) / Fraction(whole))
    return f"{text}, {part} {escaped(of.series[0].lower())}"


def _stacked(point: ChartPoint) -> Iterator[tuple[int, Fraction, Fraction]]:
    """From where to where each series goes: from nought up, and what is below it down."""
    up = down = NOTHING
    for series, value in enumerate(point.values):
        start = up if value >= 0 else down
        end = start + Fraction(value)
        up, down = (end, down) if value >= 0 else (up, end)
        yield series, min(start, end), max(start, end)


def _ends(point: ChartPoint) -> tuple[Fraction, Fraction]:
    """The lower and the upper end of what stands upon each other at a point."""
    low = sum((Fraction(value) for value in point.values if value < 0), NOTHING)
    return low, sum((Fraction(value) for value in point.values if value > 0), NOTHING)


def _in_words(of: Chart, title: str) -> str:
    first, last = of.points[0], of.points[-1]
    top = max(of.points, key=lambda point: _ends(point)[1])
    parts = f": {', '.join(of.series).lower()}" if len(of.series) > 1 else ""
    most: Any = sum((value for value in top.values if value > 0), top.values[0] * 0)
    said = f"at most {_said(most, of)}, {top.name}"
    return f"{title}{parts}; {first.name} to {last.name}; {said}"


def _columns(of: Chart, by: Axis) -> Iterator[str]:
    """A column for each point."""
    step = Fraction(1, len(of.points))
    for index, point in enumerate(of.points):
        for series, low, high in _stacked(point):
            bottom, top = by.height(low), by.height(high)
            said = _said(point.values[series], of)
            name = f"{point.name}, {of.series[series].lower()}: {said}"
            across = index * step + step / 12, step * 5 / 6
            part = _part(series, len(of.series))
            yield _rectangle(part, *across, 1 - top, top - bottom, name)


def _bands(of: Chart, by: Axis) -> Iterator[str]:
    """An area for each series, from day to day, upon those before it."""
    across = [_x(_way(of, point)) for point in of.points]
    below = [NOTHING] * len(of.points)
    for series, name in enumerate(of.series):
        values = (Fraction(point.values[series]) for point in of.points)
        above = [under + value for under, value in zip(below, values, strict=True)]
        upper, lower = (
            [f"{x} {_y(by, value)}" for x, value in zip(across, line, strict=True)]
            for line in (above, below)
        )
        part, outline = _part(series, len(of.series)), "L".join((*upper, *reversed(lower)))
        yield f'<path class="{part}" d="M{outline}Z"><title>{escaped(name)}</title></path>'
        below = above


def _way(of: Chart, point: ChartPoint) -> Fraction:
    """How far the day of a point is on the way from the first to the last, 0 to 1."""
    first, day, last = of.points[0].day, point.day, of.points[-1].day
    assert first
    assert day
    assert last  # bands are over time
    return Fraction((day - first).days, (last - first).days)


def _days(of: Chart) -> list[tuple[str, Fraction]]:
    """What is named below a chart, and how far along: a few points, else where a year begins."""
    size = len(of.points)
    if of.kind == "columns":
        at = [Fraction(2 * index + 1, 2 * size) for index in range(size)]
    else:
        at = [_way(of, point) for point in of.points]
    days = [point.day for point in of.points if point.day]
    if size <= MOST_DAYS or len(days) < size:
        named = [(point.name, along) for point, along in zip(of.points, at, strict=True)]
        return named[:: -(-size // MOST_DAYS)]
    years = groupby(range(size), lambda index: days[index].year)
    firsts = [(f"{year}", at[next(indices)]) for year, indices in years]
    firsts = firsts[:: -(-len(firsts) // MOST_DAYS)]
    if len(firsts) > 1 and firsts[1][1] - firsts[0][1] < Fraction(1, 2 * MOST_DAYS):
        del firsts[0]  # too little of the first year is there for its name
    return firsts


def _said(value: Decimal | Fraction, of: Chart) -> str:
    """A value as people read it, all its digits."""
    if of.unit == "%":
        return readable("share", value)
    amount = value if isinstance(value, Decimal) else six(Fraction(value))
    return f"{grouped(amount)} {of.unit}"


def short(amount: Decimal) -> str:
    """An amount as it is easily read, `45.00bn` or `541.67m`; below ten millions to the cent."""
    unit = line_unit([amount])
    return f"{unit.digits(amount)}{unit.name}"


def _short(value: Fraction, of: Chart) -> str:
    """A round value as short as it can be."""
    if of.unit == "%":
        return percent_text(value)
    return f"-{amount_text(-value)}" if value < 0 else amount_text(value)


# --- in tables, and beside charts -----------------------------------------------------------------


def bar(shares: Sequence[Fraction]) -> str:
    """Shares of one whole, one after the other; or one, of the largest."""
    left, drawn = NOTHING, []
    for index, share in enumerate(shares):
        drawn.append(_rectangle(_part(index, len(shares)), left, share))
        left += share
    return _hidden("".join(drawn))


def legend(names: Sequence[str]) -> str:
    """The names of parts, each with its colour."""
    keys = (
        f'<span class="key">{_hidden(_rectangle(_part(index, len(names))))}{escaped(name)}</span>'
        for index, name in enumerate(names)
    )
    return f'<span class="legend">{"".join(keys)}</span>'


# --- what drawings are made of --------------------------------------------------------------------


def _part(index: int, count: int) -> str:
    """The class of a part, which colours it; the last of several is what is not had."""
    return "part" if count == 1 else "rest" if index == count - 1 else f"part{index}"


def _drawing(attributes: str, drawn: str) -> str:
    return f'<svg viewBox="0 0 1000 1000" preserveAspectRatio="none" {attributes}>{drawn}</svg>'


def _hidden(drawn: str) -> str:
    """A drawing that only repeats what is said beside it."""
    return _drawing('aria-hidden="true"', drawn)


def _rectangle(
    part: str,
    left: Fraction = NOTHING,
    width: Fraction = WHOLE,
    top: Fraction = NOTHING,
    height: Fraction = WHOLE,
    name: str = "",
) -> str:
    """A rectangle in the colour of a part, by shares of its drawing; a pointer shows its name."""
    place = f'x="{_x(left)}" width="{_x(width)}" y="{_x(top)}" height="{_x(height)}"'
    inside = f"<title>{escaped(name)}</title>" if name else ""
    return f'<rect class="{part}" {place}>{inside}</rect>'


def _x(share: Fraction) -> str:
    """A share of a drawing, to a hundredth of a thousandth."""
    return _hundredths(share * 1000)


def _y(by: Axis, value: Fraction) -> str:
    """Where a value is; a drawing counts from its top."""
    return _x(1 - by.height(value))


def _percent(share: Fraction) -> str:
    return f"{_hundredths(share * 100)}%"


def _hundredths(number: Fraction) -> str:
    return decimal_text(Fraction(half_up(number, 2), 100))

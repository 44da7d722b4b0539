"""`dealcalc sweep`: one or two terms varied, and what a figure is at each value."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from dealcalc.core import Priced
from dealcalc.figures.figures import Measure
from dealcalc.loading.scenario import Scenario
from dealcalc.questions.sweep import Point
from dealcalc.questions.values import Vary, same
from dealcalc.questions.varied import NOTICE
from dealcalc.reports.deal_report import doubts, facts, notes, title
from dealcalc.reports.measured import column_kind, held, part_of, said
from dealcalc.reports.positional import FinishedReport, column, tuple_table, tuple_view
from dealcalc.reports.report import Figure, Note, Report, Row, Shade, Table, View

MOST_ACROSS = 24
"""Values of a second term that a grid is drawn with; beyond, the points are a list."""


class Sweep(NamedTuple):
    """What was varied and measured, and every point."""

    scenario: Scenario
    terms: Sequence[Vary]
    measures: Sequence[Measure]
    points: Sequence[Point]

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of the terms."""
        return tuple(term.path for term in self.terms)

    def base(self) -> tuple[str, ...] | None:
        """The values of the point at which the deal stands; None where no point is that."""
        stands = [self._stands(path) for path in self.paths]
        for point in self.points:
            if all(map(same, stands, point.values)):
                return point.values
        return None

    def _stands(self, path: str) -> str | None:
        notice = self.scenario.what_if.notice
        if path == NOTICE:
            return notice.isoformat() if notice else None
        return self.scenario.text(path)

    def held(self, point: Point) -> list[Any]:
        """The figures of a point as a report holds them."""
        pairs = zip(self.measures, point.figures, strict=True)
        return [held(self.scenario.deal, measure, value) for measure, value in pairs]

    def at(self, values: Sequence[str]) -> str:
        """The values of a point in words."""
        return ", ".join(
            f"{path} = {value}" for path, value in zip(self.paths, values, strict=True)
        )


def answer(
    scenario: Scenario, terms: Sequence[Vary], measures: Sequence[Measure], points: Iterable[Point]
) -> Report:
    """A row for each point; a grid where two terms are varied and one figure is asked for."""
    sweep = Sweep(scenario, terms, measures, tuple(points))
    grid = len(terms) == 2 and len(measures) == 1 and len(terms[1].values) <= MOST_ACROSS
    return FinishedReport(
        command="sweep",
        facts=facts(scenario) | {"measures": [measure.text for measure in measures]},
        tables=(_table(sweep),),
        csv="rows",
        title=title(scenario),
        currency=scenario.deal.currency,
        figures=tuple(_extremes(sweep)),
        views=(_grid(sweep) if grid else _list(sweep),),
        notes=(*_notes(sweep, grid), *notes(scenario, Priced(scenario.deal))),
        after=doubts(scenario),
    )


def _table(sweep: Sweep) -> Table:
    columns = (*sweep.paths, *(measure.text for measure in sweep.measures), "reason")
    rows = ((*one.values, *sweep.held(one), one.reason or None) for one in sweep.points)
    return tuple_table("rows", columns, tuple(rows))


def _extremes(sweep: Sweep) -> Iterator[Figure]:
    """The points of the lowest and highest first figure."""
    measure = sweep.measures[0]
    possible = [point for point in sweep.points if point.figures[0] is not None]
    if not possible:
        yield Figure(measure.text.capitalize(), "none", "no value is possible")
        return
    for name, extreme in (("Lowest", min), ("Highest", max)):
        point = extreme(possible, key=lambda point: point.figures[0])
        value = held(sweep.scenario.deal, measure, point.figures[0])
        text = (
            value if column_kind(measure) == "money" else said(sweep.scenario.deal, measure, value)
        )
        yield Figure(name, text, f"{measure.text} at {sweep.at(point.values)}")


def _list(sweep: Sweep) -> View:
    """A row for each point, with a bar for its first figure, and the reason where there is none."""
    first = [point.figures[0] for point in sweep.points if point.figures[0] is not None]
    highest = max(first, default=None) if column_kind(sweep.measures[0]) != "text" else None
    columns = [
        *map(column, sweep.paths),
        *(column(measure.text, column_kind(measure)) for measure in sweep.measures),
        *([column("", "bar")] if highest else []),
        *([column("Not possible", "prose")] if any(one.reason for one in sweep.points) else []),
    ]
    base, rows = sweep.base(), []
    for point in sweep.points:
        cells: list[Any] = [*point.values, *sweep.held(point)]
        cells += [part_of(point.figures[0], 0, highest)] if highest else []
        cells = [*cells, point.reason][: len(columns)]
        if point.values == base:
            cells[0] = f"> {cells[0]}"
        rows.append(Row(tuple(cells)))
    return tuple_view("", tuple(columns), tuple(rows))


def _grid(sweep: Sweep) -> View:
    """The first term downwards, the second across."""
    down, across = sweep.terms
    figures = [point.figures[0] for point in sweep.points if point.figures[0] is not None]
    low, high = min(figures, default=0), max(figures, default=0)
    base, found = sweep.base(), {point.values: point for point in sweep.points}

    def shade(point: Point) -> Shade | None:
        size = part_of(point.figures[0], low, high) or Fraction(0)
        value = sweep.held(point)[0]
        return None if value is None else Shade(value, size, point.values == base)

    columns = (column(""), *(column(value, "shade") for value in across.values))
    rows = (
        Row((first, *(shade(found[first, second]) for second in across.values)))
        for first in down.values
    )
    heading = f"{sweep.measures[0].text}: {down.path} down, {across.path} across"
    return tuple_view(heading, columns, tuple(rows))


def _notes(sweep: Sweep, grid: bool) -> Iterator[Note]:
    if base := sweep.base():
        yield Note(f"> marks the deal as it stands: {sweep.at(base)}.")
    reasons = [point.reason for point in sweep.points if point.reason]
    if reasons:
        yield Note(f"{len(reasons)} of {len(sweep.points)} points are not possible.", "warning")
    for reason in list(dict.fromkeys(reasons))[:5] if grid else ():
        yield Note(f"not possible: {reason}", "warning")

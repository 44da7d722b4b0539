"""`dealcalc sweep`: one or two terms varied, and what a figure is at each value."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

from dealcalc.figures.figures import Measure
from dealcalc.loading.scenario import Scenario
from dealcalc.questions.sweep import Point
from dealcalc.questions.values import Vary, same
from dealcalc.questions.varied import DAY_OF_NOTICE
from dealcalc.reports.deal_report import DealReport
from dealcalc.reports.measured import chart_unit, column_kind, held, in_words, part_of
from dealcalc.reports.report import (
    Chart,
    Field,
    Figure,
    Note,
    Shade,
    Table,
    View,
    chart_of,
    view,
)

MOST_ACROSS = 24
"""Values of a second term that a grid is drawn with; beyond, the points are a list."""
MOST_REASONS = 5
"""Reasons that are listed under a grid, which has no room for them."""


class SweepReport(DealReport):
    """A row for each point; a grid where two terms are varied and one figure is asked for."""

    command = "sweep"

    def __init__(
        self,
        scenario: Scenario,
        terms: Sequence[Vary],
        measures: Sequence[Measure],
        points: Iterable[Point],
    ) -> None:
        super().__init__(scenario)
        self.terms, self.measures, self.points = terms, measures, tuple(points)
        self.is_grid = (
            len(terms) == 2 and len(measures) == 1 and len(terms[1].values) <= MOST_ACROSS
        )

    @property
    def fields(self) -> tuple[Field, ...]:
        """The varied terms, what is measured, and why it is not possible."""
        return (
            *(self._term(index) for index in range(len(self.terms))),
            *(self._measured(index) for index in range(len(self.measures))),
            Field("reason", "Not possible", "prose", lambda point: point.reason or None),
        )

    def _term(self, index: int) -> Field:
        path = self.terms[index].path
        return Field(path, path, value=lambda point: point.values[index])

    def _measured(self, index: int) -> Field:
        measure = self.measures[index]
        return Field(
            measure.text,
            measure.text,
            column_kind(measure),
            lambda point: held(self.deal, measure, point.figures[index]),
        )

    @cached_property
    def possible(self) -> list[Point]:
        """The points that have figures."""
        return [point for point in self.points if point.figures[0] is not None]

    @cached_property
    def _extent(self) -> tuple[Any, Any]:
        """The lowest and the highest first figure; 0 where there is none."""
        figures = [point.figures[0] for point in self.possible]
        return min(figures, default=0), max(figures, default=0)

    @cached_property
    def base(self) -> tuple[str, ...] | None:
        """The values of the point at which the deal stands; None where no point is that."""
        stands = [self._stands(term.path) for term in self.terms]
        for point in self.points:
            if all(map(same, stands, point.values)):
                return point.values
        return None

    def _stands(self, path: str) -> str | None:
        notice = self.scenario.what_if.notice
        if path == DAY_OF_NOTICE:
            return notice.isoformat() if notice else None
        return self.scenario.text(path)

    def _at(self, values: Sequence[str]) -> str:
        """The values of a point in words."""
        pairs = zip(self.terms, values, strict=True)
        return ", ".join(f"{term.path} = {value}" for term, value in pairs)

    def _facts(self) -> dict[str, Any]:
        return super()._facts() | {"measures": [measure.text for measure in self.measures]}

    def _tables(self) -> Iterator[Table]:
        yield Table("rows", self.fields, self.points)

    def _figures(self) -> Iterator[Figure]:
        """The deal as it stands, then the points of the lowest and highest first figure."""
        measure = self.measures[0]
        if not self.possible:
            yield Figure(measure.text.capitalize(), "none", "no value is possible")
            return
        if stands := next((point for point in self.possible if point.values == self.base), None):
            remark = f"as the deal stands, at {self._at(stands.values)}"
            yield Figure(measure.text.capitalize(), self._value(stands), remark)
        for name, extreme in (("Lowest", min), ("Highest", max)):
            point = extreme(self.possible, key=lambda point: point.figures[0])
            remark = f"{measure.text} at {self._at(point.values)}"
            yield Figure(name, self._value(point), remark)

    def _value(self, point: Point) -> Any:
        """The first figure of a point: money as it is, all else in words."""
        measure = self.measures[0]
        value = held(self.deal, measure, point.figures[0])
        return value if column_kind(measure) == "money" else in_words(self.deal, measure, value)

    def _charts(self) -> Iterator[Chart]:
        """The first figure at each point; a grid is a picture by itself."""
        measure = self.measures[0]
        if (unit := chart_unit(self.deal, measure)) and not self.is_grid:
            title = f"{measure.text.capitalize()} by {', '.join(term.path for term in self.terms)}"
            series = self._measured(0)._replace(name="bar")
            yield chart_of(title, "columns", unit, [series], self.possible, name=_called)

    def _views(self) -> Iterator[View]:
        yield self._grid() if self.is_grid else self._list()

    def _list(self) -> View:
        """A row for each point, a bar for its first figure, and the reason where there is none."""
        first, *columns, reason = self.fields
        columns = [first._replace(value=self._marked), *columns]
        if column_kind(self.measures[0]) != "text" and self._extent[1]:
            columns.append(Field("bar", "", "bar", self._bar))
        if any(point.reason for point in self.points):
            columns.append(reason)
        return view(columns, self.points)

    def _bar(self, point: Point) -> Fraction | None:
        return part_of(point.figures[0], 0, self._extent[1])

    def _marked(self, point: Point) -> str:
        """The first value, with a mark where the deal stands."""
        return f"> {point.values[0]}" if point.values == self.base else point.values[0]

    def _grid(self) -> View:
        """The first term downwards, the second across."""
        down, across = self.terms
        shades = {point.values: self._shade(point) for point in self.points}
        columns = (Field(""), *(Field(value, value, "shade") for value in across.values))
        rows = (
            {"": first, **{second: shades[first, second] for second in across.values}}
            for first in down.values
        )
        title = f"{self.measures[0].text}: {down.path} down, {across.path} across"
        return view(columns, rows, title=title)

    def _shade(self, point: Point) -> Shade | None:
        value = point.figures[0]
        if value is None:
            return None
        size = part_of(value, *self._extent) or Fraction(0)
        return Shade(held(self.deal, self.measures[0], value), size, point.values == self.base)

    def _notes(self) -> Iterator[Note]:
        if self.base:
            yield Note(f"> marks the deal as it stands: {self._at(self.base)}.")
        reasons = [point.reason for point in self.points if point.reason]
        if reasons:
            yield Note(f"{len(reasons)} of {len(self.points)} points are not possible.", "warning")
        for reason in list(dict.fromkeys(reasons))[:MOST_REASONS] if self.is_grid else ():
            yield Note(f"not possible: {reason}", "warning")
        yield from super()._notes()


def _called(point: Point) -> str:
    return ", ".join(point.values)

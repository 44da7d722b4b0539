"""`dealcalc solve`: which value of a term makes a claim true."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from dealcalc.loading.changes import is_pattern
from dealcalc.questions.solve import SAMPLES, End, Search, Solution
from dealcalc.questions.varied import DAY_OF_NOTICE
from dealcalc.reports.deal_report import DealReport
from dealcalc.reports.measured import against, chart_unit, claimed, column_kind, held
from dealcalc.reports.placement import line
from dealcalc.reports.report import Chart, Field, Figure, Note, Table, View, chart_of, fields, view


class SolveReport(DealReport):
    """The value, or that every or none will do; the figures around it; the line for the file."""

    command = "solve"

    def __init__(self, search: Search, claim: str, solution: Solution) -> None:
        super().__init__(search.deal.scenario)
        self.search, self.claim, self.solution = search, claim, solution

    @property
    def answer(self) -> str | None:
        """The value, if there is one."""
        return self.solution.answer and self.solution.answer.value

    @cached_property
    def line(self) -> Mapping[str, Any]:
        """The line that makes the value the deal's own; empty without one."""
        has_place = self.answer and not is_pattern(self.search.path)
        return _line(self.search, self.answer) if self.answer and has_place else {}

    @cached_property
    def ends(self) -> list[End]:
        """What was searched and what was found, in the order of the values."""
        return _ends(self.solution)

    def _solution(self) -> dict[str, Any]:
        found = self.solution
        return {
            "vary": self.search.path,
            "claim": self.claim,
            "verdict": found.verdict,
            "answer": self.answer,
            "until": found.until and found.until.value,
            "from": found.low.value,
            "to": found.high.value,
            "since": found.since and found.since.value,
        }

    @property
    def fields(self) -> tuple[Field, ...]:
        """A value, the figure there, and whether the claim holds."""
        measure = self.search.claim.measure
        return (
            Field("value", self.search.path),
            Field(
                "figure",
                measure.text,
                column_kind(measure),
                lambda end: held(self.deal, measure, end.figure),
            ),
            Field("holds", "Claim", value=self._holds),
        )

    def _holds(self, end: End) -> bool:
        return self.search.claim.holds(end.figure)

    def _facts(self) -> dict[str, Any]:
        return super()._facts() | self._solution() | {"line": self.line or None}

    def _tables(self) -> Iterator[Table]:
        yield Table("points", self.fields, self.ends)

    def csv_table(self) -> Table:
        """The solution in one row."""
        solution = self._solution()
        return Table("solution", fields(*solution), (solution,))

    def _figures(self) -> Iterator[Figure]:
        says = _says(self.search, self.claim, self.solution)
        yield Figure("Answer", self.answer or self.solution.verdict, says)

    def _views(self) -> Iterator[View]:
        """The figure at each of these values, `>` before the answer."""
        value, figure, holds = self.fields
        value = value._replace(value=lambda end: f"{'> ' * (end.value == self.answer)}{end.value}")
        holds = holds._replace(value=lambda end: "true" if self._holds(end) else "false")
        claim = self.search.claim
        if column_kind(claim.measure) == "share":
            figure = figure._replace(kind="text", value=lambda end: _figure(self.search, end))
        shown = view((value, figure, holds), self.ends)
        yield replace(shown, claimed=claimed(self.deal, claim))

    def _charts(self) -> Iterator[Chart]:
        """The figure at each of these values."""
        _, figure, _ = self.fields
        if unit := chart_unit(self.deal, self.search.claim.measure):
            title = f"{figure.heading.capitalize()} by {self.search.path}"
            yield chart_of(title, "bars", unit, [figure], self.ends, name="value")

    def _notes(self) -> Iterator[Note]:
        values, path = self.search.values, self.search.path
        first, last = values.text(0), values.text(values.steps)
        seen = "there" if self.search.looks_at_all else f"at the {SAMPLES} values looked at"
        yield Note(f"Searched: {path} from {first} to {last}; it only rises or falls {seen}.")
        if self.line:
            where, text = self.line["where"], self.line["text"]
            yield Note(f"To put it into the file, write {where}: {text}")
        elif self.answer:
            yield Note(f"To have it in any answer, add --set '{path}={self.answer}'")
        yield from super()._notes()


def _ends(found: Solution) -> list[End]:
    """What was searched and what was found, in the order of the values."""
    middle = [one for one in (found.since, found.answer, found.until, *found.beside) if one]
    if found.verdict == "first":
        middle = [*found.beside, *(one for one in (found.answer, found.until) if one)]
    return list(dict.fromkeys([found.low, *middle, found.high]))


# --- in words -------------------------------------------------------------------------------------


def _says(search: Search, claim: str, found: Solution) -> str:
    """The verdict in a sentence."""
    path, measure = search.path, search.claim.measure
    if found.answer is None:
        return _without_answer(search, claim, found)
    figure = _figure(search, found.answer)
    if found.verdict == "exact":
        stretch = ""
        if found.since and found.until:
            stretch = f"; it is so from {found.since.value} until {found.until.value}"
        return f"with this {path}, {measure.text} is {figure}{stretch}"
    which, way = ("first", "on") if found.verdict == "first" else ("last", "down")
    until = f" until {found.until.value}" if found.until else f" and {way}"
    holds = f"the {which} {path} for which {claim}"
    if found.verdict == "first":
        holds += f": it holds from there{until}" if found.until else ""
    beside = "".join(f"; {one.value} gives {_figure(search, one)}" for one in found.beside)
    return f"{holds}, here {figure}{beside}"


def _without_answer(search: Search, claim: str, found: Solution) -> str:
    """Why there is no one value, with the figure that is nearest to being one."""
    least, most = sorted((found.low, found.high), key=lambda end: end.figure)
    if found.verdict == "always":
        edge = most if search.claim.relation in ("<", "<=") else least
        return (
            f"every {search.path} makes it true that {claim}: "
            f"{edge.value} still gives {_figure(search, edge)}"
        )
    if found.beside:
        near = " and ".join(f"{one.value} gives {_figure(search, one)}" for one in found.beside)
        return f"no {search.path} makes it true that {claim}: {near}, with nothing between"
    edge = _nearest(search, least, most)
    return (
        f"no {search.path} makes it true that {claim}: "
        f"even {edge.value} gives {_figure(search, edge)}"
    )


def _nearest(search: Search, least: End, most: End) -> End:
    """The end of the values that comes nearest to a claim that holds for none."""
    return most if most.figure <= search.claim.value else least


def _figure(search: Search, end: End) -> str:
    """The figure there, so exact that the sentence is true."""
    return against(search.deal.scenario.deal, search.claim, end.figure)


# --- the line for the file ------------------------------------------------------------------------


def _line(search: Search, value: str) -> Mapping[str, Any]:
    """The line that makes a value the deal's own; a day of notice may belong to a case."""
    scenario, path = search.deal.scenario, search.path
    if path == DAY_OF_NOTICE:
        path, value = _of_case(search, value)
    made = line(scenario, path, value)
    return {"text": made.text, "where": made.where(), "file": made.file, "line": made.line}


def _of_case(search: Search, day: str) -> tuple[str, str]:
    """The path and the value of a notice: that of the case asked for, or of one that is new."""
    scenario, by = search.deal.scenario, search.deal.by
    case = scenario.what_if
    if case.notice and (by or "either") == (case.by or "either"):
        return scenario.notice_path(), day
    return "cases.NAME", f"{{notice: {day}, by: {by}}}" if by else f"{{notice: {day}}}"

"""`dealcalc solve`: which value of a term makes a claim true."""

from collections.abc import Iterator, Mapping
from typing import Any

from dealcalc.core import Priced
from dealcalc.questions.solve import SAMPLES, End, Search, Solution
from dealcalc.questions.varied import NOTICE
from dealcalc.reports.deal_report import doubts, facts, notes, title
from dealcalc.reports.measured import column_kind, held, said
from dealcalc.reports.placement import line
from dealcalc.reports.positional import FinishedReport, column, tuple_table, tuple_view
from dealcalc.reports.report import Figure, Note, Report, Row, Table, View


def answer(search: Search, claim: str, found: Solution) -> Report:
    """The value, or that every or none will do; the figures around it; the line for the file."""
    scenario, path = search.deal.scenario, search.path
    value = found.answer.value if found.answer else None
    asked = {"vary": path, "claim": claim, "verdict": found.verdict, "answer": value}
    until = found.until.value if found.until else None
    since = found.since.value if found.since else None
    more = asked | {"until": until, "from": found.low.value, "to": found.high.value, "since": since}
    put = _line(search, value) if value else {}
    return FinishedReport(
        command="solve",
        facts=facts(scenario) | more | {"line": put or None},
        tables=(_points(search, found),),
        csv=tuple_table("solution", tuple(more), (tuple(more.values()),)),
        title=title(scenario),
        currency=scenario.deal.currency,
        figures=(Figure("Answer", value or found.verdict, _says(search, claim, found)),),
        views=(_view(search, found),),
        notes=(*_notes(search, put), *notes(scenario, Priced(scenario.deal))),
        after=doubts(scenario),
    )


def _says(search: Search, claim: str, found: Solution) -> str:
    """The verdict in a sentence."""
    path, measure = search.path, search.claim.measure
    if found.answer is None:
        return _without_answer(search, claim, found)
    figure = said(search.deal.scenario.deal, measure, found.answer.figure)
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
    return said(search.deal.scenario.deal, search.claim.measure, end.figure)


# --- the figures around it ------------------------------------------------------------------------


def _ends(found: Solution) -> list[End]:
    """What was searched and what was found, in the order of the values."""
    middle = [one for one in (found.since, found.answer, found.until, *found.beside) if one]
    if found.verdict == "first":
        middle = [*found.beside, *(one for one in (found.answer, found.until) if one)]
    return list(dict.fromkeys([found.low, *middle, found.high]))


def _points(search: Search, found: Solution) -> Table:
    measure, deal = search.claim.measure, search.deal.scenario.deal
    rows = (
        (end.value, held(deal, measure, end.figure), _holds(search, end)) for end in _ends(found)
    )
    return tuple_table("points", ("value", "figure", "holds"), tuple(rows))


def _holds(search: Search, end: End) -> bool:
    return search.claim.holds(end.figure)


def _view(search: Search, found: Solution) -> View:
    """The figure at each of these values, `>` before the answer."""
    measure = search.claim.measure
    columns = (column(search.path), column(measure.text, column_kind(measure)), column("Claim"))
    answer = found.answer and found.answer.value
    rows = (
        Row((f"{'> ' if value == answer else ''}{value}", figure, "true" if holds else "false"))
        for value, figure, holds in _points(search, found).rows
    )
    return tuple_view("", columns, tuple(rows))


# --- the line for the file ------------------------------------------------------------------------


def _line(search: Search, value: str) -> Mapping[str, Any]:
    """The line that makes a value the deal's own; a day of notice belongs to a case."""
    scenario, path = search.deal.scenario, search.path
    if path == NOTICE:
        path, value = _of_case(search, value)
    made = line(scenario, path, value)
    return {"text": made.text, "where": made.where(), "file": made.file, "line": made.line}


def _of_case(search: Search, day: str) -> tuple[str, str]:
    """The path and the value of a notice: that of the case asked for, or of one that is new."""
    scenario, by = search.deal.scenario, search.deal.by
    case = scenario.what_if
    if case.notice and (by or "either") == (case.by or "either"):
        return f"cases.{scenario.case}.notice", day
    return "cases.NAME", f"{{notice: {day}, by: {by}}}" if by else f"{{notice: {day}}}"


def _notes(search: Search, put: Mapping[str, Any]) -> Iterator[Note]:
    first, last = search.values.text(0), search.values.text(search.values.steps)
    seen = "there" if search.looks_at_all else f"at the {SAMPLES} values looked at"
    yield Note(f"Searched: {search.path} from {first} to {last}; it only rises or falls {seen}.")
    if put:
        yield Note(f"To put it into the file, write {put['where']}: {put['text']}")

"""`dealcalc ambiguity`: what the contract leaves open, in money."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from dealcalc.core import Priced
from dealcalc.loading.scenario import Scenario
from dealcalc.questions.ambiguity import (
    Ambiguity,
    Option,
    Question,
    Reading,
    span,
)
from dealcalc.reports.deal_report import doubts, facts, notes, title
from dealcalc.reports.measured import booked
from dealcalc.reports.placement import line
from dealcalc.reports.positional import FinishedReport, column, tuple_table, tuple_view
from dealcalc.reports.report import Figure, Note, Report, Row, Table, View, grouped
from dealcalc.terms.deal import Deal
from dealcalc.terms.rights import signing

READING = ("total", "firm", "earliest_exit")
UNSAID = {
    "proration": "what a part of a month weighs",
    "notice_day": "whether the day of notice counts",
    "lock_out_bars": "what the lock-out bars",
}
"""The questions that are about a convention, by the key that settles them."""


def answer(scenario: Scenario, found: Ambiguity) -> Report:
    """The range over every reading, then each open question with what its answers are worth."""
    deal = scenario.deal
    known = [one for one in found.readings if not one.reason]
    ranges: dict[str, Any] = {
        name: dict(
            zip(("low", "high"), _span(deal, [getattr(one, name) for one in known]), strict=True)
        )
        for name in ("total", "firm")
    }
    exits = sorted(one.earliest_exit for one in known if one.earliest_exit)
    ranges["earliest_exit"] = {"low": exits[0], "high": exits[-1]}
    return FinishedReport(
        command="ambiguity",
        facts=facts(scenario) | {"as_of": signing(deal), "readings": len(known)} | ranges,
        tables=(_questions(scenario, found),),
        csv=_answers(scenario, found),
        title=title(scenario),
        currency=deal.currency,
        figures=tuple(_figures(scenario, found, ranges)),
        views=(_view(scenario, found),) if found.questions else (),
        notes=(*_notes(scenario, found), *notes(scenario, Priced(deal))),
        after=doubts(scenario),
    )


def _span(deal: Deal, amounts: Sequence[Fraction | None]) -> tuple[Decimal, Decimal]:
    low, high = span(amounts)
    return booked(deal, low), booked(deal, high)


# --- for programs ---------------------------------------------------------------------------------


def _asked(scenario: Scenario, question: Question) -> str:
    """What a question is about, in words, with the terms that settle it."""
    key = question.paths[0].rpartition(".")[2]
    says = f"{UNSAID[key]}: " if question.options[0].terms else "which reading of "
    return says + ", ".join(_written(scenario, path) for path in question.paths)


def _written(scenario: Scenario, path: str) -> str:
    """A path as it would be written: a right that stands without a list needs no index."""
    right = scenario.file.value.get("termination")
    alone = right is not None and not isinstance(right.value, list)
    return path.replace("termination.0.", "termination.", 1) if alone else path


def _held(deal: Deal, one: Reading) -> tuple[Any, ...]:
    """Total, firm and earliest exit; all None where the reading is not possible."""
    total, firm = (
        None if one.total is None else booked(deal, value or Fraction(0))
        for value in (one.total, one.firm)
    )
    return total, firm, one.earliest_exit


def _questions(scenario: Scenario, found: Ambiguity) -> Table:
    rows = []
    for question in found.questions:
        answers = [
            {"answer": option.answer, **dict(zip(READING, _held(scenario.deal, one), strict=True))}
            | {"case": option.case, "settle": _settled(scenario, option)}
            | {"reason": one.reason or None}
            for option, one in zip(question.options, question.readings, strict=True)
        ]
        rows.append((_asked(scenario, question), booked(scenario.deal, question.worth), answers))
    return tuple_table("questions", ("question", "worth", "answers"), tuple(rows))


def _answers(scenario: Scenario, found: Ambiguity) -> Table:
    """A row for each answer to each question."""
    columns = ("question", "worth", "answer", *READING, "case", "settle", "reason")
    rows = tuple(
        (question, worth, *one.values())
        for question, worth, answers in _questions(scenario, found).rows
        for one in answers
    )
    return tuple_table("answers", columns, rows)


def _settled(scenario: Scenario, option: Option) -> str | None:
    """The words to put into the file for an answer; None where the file need not change."""
    if option.terms:
        terms = dict(option.terms)
    else:
        case = scenario.deal.cases[option.case] if option.case else None
        terms = {path: node.text() for path, node in case.set.items()} if case else {}
    lines = (line(scenario, _written(scenario, path), text) for path, text in terms.items())
    return "; ".join(f"{one.where()}: {one.text}" for one in lines) or None


# --- for people -----------------------------------------------------------------------------------


def _figures(scenario: Scenario, found: Ambiguity, ranges: dict[str, Any]) -> Iterator[Figure]:
    """The ranges; one amount where nothing is open."""
    count = sum(1 for one in found.readings if not one.reason)
    over = (
        f"over {count} readings"
        if found.whole
        else f"over {count} readings, one question at a time"
    )
    for name, when in (("total", ""), ("firm", f" at the end of {signing(scenario.deal)}")):
        low, high = ranges[name]["low"], ranges[name]["high"]
        more = f"to {grouped(high)} {scenario.deal.currency}, {over}"
        to = f"in each of {count} readings" if low == high else more
        yield Figure(name.capitalize(), low, (to if count > 1 else "one reading") + when)
    low, high = ranges["earliest_exit"]["low"], ranges["earliest_exit"]["high"]
    yield Figure("Earliest exit", f"{low}", f"to {high}" if low != high else "in each")


def _view(scenario: Scenario, found: Ambiguity) -> View:
    columns = (
        column("Question, and its answers", "prose"),
        column("Total", "money"),
        column("Firm at signing", "money"),
        column("Earliest exit"),
        column("Worth", "money"),
    )
    rows = []
    for question in found.questions:
        worth = booked(scenario.deal, question.worth)
        rows.append(Row((_asked(scenario, question), None, None, "", worth), "head"))
        for option, one in zip(question.options, question.readings, strict=True):
            total, firm, leaves = _held(scenario.deal, one)
            said = f"  {option.answer}"
            said += f", as {option.case} reads it" if option.terms and option.case else ""
            said += f" (not possible: {one.reason})" if one.reason else ""
            rows.append(Row((said, total, firm, f"{leaves or ''}", None)))
    return tuple_view("", columns, tuple(rows))


def _notes(scenario: Scenario, found: Ambiguity) -> Iterator[Note]:
    if not found.questions:
        yield Note("The file settles everything that could be read in more than one way.")
        return
    yield Note(
        "Worth is how far the answers lie apart, in total or in firm money, whichever is more; "
        "firm at signing, before anybody has given notice."
    )
    if scenario.case:
        yield Note(f"The case {scenario.case} is taken as the reading; without --case all are run.")
    if impossible := sum(1 for one in found.readings if one.reason):
        left_out = "combination of them is" if impossible == 1 else "combinations of them are"
        yield Note(f"{impossible} {left_out} not possible, and left out of the range.", "warning")
    if not found.whole:
        yield Note(
            "The readings are too many to combine: each question is asked by itself.", "warning"
        )
    for question in found.questions:
        yield from _ways_out(scenario, question)


def _ways_out(scenario: Scenario, question: Question) -> Iterator[Note]:
    """What to write into the file to settle a question: one answer of a convention shows how."""
    options = question.options[:1] if question.options[0].terms else question.options[1:]
    for option in options:
        others = " or ".join(other.answer for other in question.options[1:])
        instead = f", or {others}" if option.terms else ""
        yield Note(f"To settle it as {option.answer}, write {_settled(scenario, option)}{instead}")

"""`dealcalc ambiguity`: what the contract leaves open, in money."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from operator import attrgetter
from typing import Any, NamedTuple

from dealcalc.loading.scenario import Scenario
from dealcalc.questions.ambiguity import Ambiguity, Answer, Question, Reading, span
from dealcalc.reports.deal_report import DealReport
from dealcalc.reports.measured import booked
from dealcalc.reports.placement import Placement, line
from dealcalc.reports.reasons import firm_text
from dealcalc.reports.report import (
    Chart,
    Field,
    Figure,
    Note,
    Row,
    Table,
    View,
    chart_of,
    fields,
    objects,
    only,
)
from dealcalc.reports.units import money_text

UNSAID = {
    "termination": "who may leave",
    "proration": "how a part of a month counts",
    "notice_day": "whether the day of notice counts",
    "lock_out_bars": "what the lock-out bars",
}
"""The questions about what nobody has said, by the key that settles them."""


class AnswerRow(NamedTuple):
    """An answer to a question, what the deal is by it, and how the file would say it."""

    question: str
    spread: Decimal
    answer: Answer
    total: Decimal | None
    firm: Decimal | None
    earliest_exit: date | None
    settle: str | None
    reason: str | None

    @property
    def text(self) -> str:
        """The answer as it stands below its question."""
        reads = self.answer.terms and self.answer.case
        reading = f", as {self.answer.case} reads it" if reads else ""
        why = f" (not possible: {self.reason})" if self.reason else ""
        return f"  {self.answer.text}{reading}{why}"


class AnsweredQuestion(NamedTuple):
    """A question in words, how far apart its answers lie, and they themselves."""

    question: str
    spread: Decimal
    answers: list[AnswerRow]


ANSWERS = (
    Field("answer", value=attrgetter("answer.text")),
    *fields("total", "firm", "earliest_exit"),
    Field("case", value=attrgetter("answer.case")),
    *fields("settle", "reason"),
)
ASKED = fields("question", "spread")
SHOWN = (
    Field("text", "Question, and its answers", "prose"),
    *fields("total money"),
    Field("firm", "Firm at signing", "money"),
    Field("earliest_exit", "Earliest exit", value=lambda row: f"{row.earliest_exit or ''}"),
    Field("spread", "Spread", "money", lambda _: None),
)


class AmbiguityReport(DealReport):
    """The range over every reading, then each open question with how far apart its answers lie."""

    command = "ambiguity"
    version = 2

    def __init__(self, scenario: Scenario, ambiguity: Ambiguity) -> None:
        super().__init__(scenario)
        self.ambiguity = ambiguity
        self.known = [reading for reading in ambiguity.readings if not reading.reason]

    @cached_property
    def ranges(self) -> dict[str, tuple[Any, Any]]:
        """The lowest and the highest of each figure, over all readings that are possible."""
        exits = [reading.earliest_exit for reading in self.known if reading.earliest_exit]
        return {
            "total": self._span([reading.total for reading in self.known]),
            "firm": self._span([reading.firm for reading in self.known]),
            "earliest_exit": (min(exits), max(exits)),
        }

    def _span(self, amounts: Sequence[Fraction | None]) -> tuple[Decimal, Decimal]:
        low, high = span(amounts)
        return booked(self.deal, low), booked(self.deal, high)

    @cached_property
    def questions(self) -> list[AnsweredQuestion]:
        """Each question with its answers."""
        return [_answered(self.scenario, question) for question in self.ambiguity.questions]

    def _facts(self) -> dict[str, Any]:
        ranges = {name: {"low": low, "high": high} for name, (low, high) in self.ranges.items()}
        counted = {"as_of": self.deal.signed, "readings": len(self.known)}
        return super()._facts() | counted | ranges

    def _tables(self) -> Iterator[Table]:
        answers = Field("answers", value=lambda answered: objects(ANSWERS, answered.answers))
        yield Table("questions", (*ASKED, answers), self.questions)

    def csv_table(self) -> Table:
        """A row for each answer to each question."""
        answers = [answer for answered in self.questions for answer in answered.answers]
        return Table("answers", (*ASKED, *ANSWERS), answers)

    def _figures(self) -> Iterator[Figure]:
        """The ranges; one amount where nothing is open."""
        count = len(self.known)
        over = f"over {count} readings"
        if not self.ambiguity.whole:
            over += ", one question at a time"
        for name, when in (("total", ""), ("firm", f" at signing, {self.deal.signed}")):
            low, high = self.ranges[name]
            more = f"to {money_text(high, self.currency)}, {over}"
            remark = f"in each of {count} readings" if low == high else more
            yield Figure(name.capitalize(), low, (remark if count > 1 else "one reading") + when)
        signed = self.priced.at_signing()
        written = self.scenario.case or "as the file says"
        yield Figure("Firm", signed.firm, f"{written}: {firm_text(self.deal, signed)}")
        low, high = self.ranges["earliest_exit"]
        yield Figure("Earliest exit", f"{low}", f"to {high}" if low != high else "in each")

    def _views(self) -> Iterator[View]:
        if self.questions:
            rows = (
                row
                for answered in self.questions
                for row in (_head(answered), *map(Row, answered.answers))
            )
            yield View("", SHOWN, tuple(rows))

    def _charts(self) -> Iterator[Chart]:
        """How far the answers to each question lie apart."""
        spread = only(ASKED, "spread")
        title = "Spread of the answers"
        yield chart_of(title, "bars", self.currency, spread, self.questions, name="question")

    def _notes(self) -> Iterator[Note]:
        yield from self._remarks()
        yield from super()._notes()

    def _remarks(self) -> Iterator[Note]:
        if not self.ambiguity.questions:
            yield Note("The file settles everything that could be read in more than one way.")
            return
        yield Note(
            "Spread is how far the answers lie apart, in total or in firm money, whichever is "
            "more; firm at signing, before anybody has given notice.",
            "detail",
        )
        if case := self.scenario.case:
            yield Note(
                f"The case {case} is the chosen reading; without --case all readings are tried."
            )
        if impossible := len(self.ambiguity.readings) - len(self.known):
            them = "combination is" if impossible == 1 else "combinations are"
            yield Note(f"{impossible} {them} not possible, and left out of the range.", "warning")
        if not self.ambiguity.whole:
            yield Note(
                "There are too many readings to combine: each question is asked by itself.",
                "warning",
            )
        for question in self.ambiguity.questions:
            yield from _ways_out(self.scenario, question)


# --- questions and answers in words ---------------------------------------------------------------


def _answered(scenario: Scenario, question: Question) -> AnsweredQuestion:
    """A question, with the terms that settle it, and what the deal is by each answer."""
    key = question.paths[0].rpartition(".")[2]
    says = f"{UNSAID[key]}: " if question.answers[0].terms else "which reading of "
    text = says + ", ".join(_written(scenario, path) for path in question.paths)
    spread, answers = booked(scenario.deal, question.spread), []
    for answer, reading in zip(question.answers, question.readings, strict=True):
        settle, reason = _settled(scenario, answer), reading.reason or None
        held = *_amounts(scenario, reading), reading.earliest_exit
        answers.append(AnswerRow(text, spread, answer, *held, settle, reason))
    return AnsweredQuestion(text, spread, answers)


def _head(answered: AnsweredQuestion) -> Row:
    """A question above its answers, with how far apart they lie."""
    return Row({"text": answered.question, "earliest_exit": "", "spread": answered.spread}, "head")


def _amounts(scenario: Scenario, reading: Reading) -> tuple[Decimal | None, Decimal | None]:
    """Total and firm; None where the reading is not possible."""
    if reading.total is None:
        return None, None
    firm = reading.firm or Fraction(0)
    return booked(scenario.deal, reading.total), booked(scenario.deal, firm)


def _written(scenario: Scenario, path: str) -> str:
    """A path as it would be written: a right that stands without a list needs no index."""
    right = scenario.file.value.get("termination")
    alone = right is not None and not isinstance(right.value, list)
    return path.replace("termination.0.", "termination.", 1) if alone else path


def _lines(scenario: Scenario, answer: Answer) -> list[Placement]:
    """The lines to put into the file for an answer; none where it need not change."""
    if answer.terms:
        terms = dict(answer.terms)
    else:
        case = scenario.deal.cases[answer.case] if answer.case else None
        terms = {path: node.text() for path, node in case.terms.items()} if case else {}
    return [line(scenario, _written(scenario, path), text) for path, text in terms.items()]


def _settled(scenario: Scenario, answer: Answer) -> str | None:
    """The same in one text, for programs."""
    return "; ".join(f"{one.where()}: {one.text}" for one in _lines(scenario, answer)) or None


def _ways_out(scenario: Scenario, question: Question) -> Iterator[Note]:
    """What to write into the file to settle a question: for words, one note with each of them."""
    lines = {answer.text: _lines(scenario, answer) for answer in question.answers}
    if question.answers[0].terms:
        (answer, (first,)), *others = lines.items()
        instead = "".join(f"; as {other}, `{there.text}`" for other, (there,) in others)
        yield Note(f"To settle it as {answer}, write `{first.text}` {first.where()}{instead}")
        return
    for answer, places in lines.items():
        together: dict[str, list[str]] = {}
        for one in places:
            together.setdefault(one.where(), []).append(f"`{one.text}`")
        written = "; ".join(f"{' and '.join(texts)} {at}" for at, texts in together.items())
        if written:
            yield Note(f"To settle it as {answer}, write {written}")

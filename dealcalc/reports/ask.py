"""`dealcalc ask`: figures of a subject, and whether claims about it are true."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from dealcalc.book.contracts import Book
from dealcalc.checks.misses import off
from dealcalc.figures.figures import Subject
from dealcalc.figures.result import Result
from dealcalc.loading.scenario import Scenario
from dealcalc.questions.ask import Reply, answers_to
from dealcalc.questions.rests import assumed_inputs
from dealcalc.reports import early_end
from dealcalc.reports.book_report import BookReport
from dealcalc.reports.deal_report import DealReport
from dealcalc.reports.measured import against, held, in_words
from dealcalc.reports.report import Field, Figure, Note, Report, Table

UNITS = {"share": "share", "ratio": "share", "days": "days", "count": "months", "date": "date"}
"""What a value that is no money counts, by the kind of its figure."""


ROWS = (
    Field("figure", value=lambda reply: reply.measure.text),
    Field("value", value=lambda reply: held(reply.agreed, reply.measure, reply.value)),
    Field("unit", value=lambda reply: UNITS.get(reply.measure.figure.kind, reply.agreed.currency)),
    Field("claim", value=lambda reply: reply.stated and reply.question),
    Field("holds"),
)
"""An answer: money as booked, shares of 1, days and dates as they are."""


class AskedReport(Report):
    """A row for each question; put before the report of a deal, or of a book."""

    command = "ask"
    subject: Subject
    questions: Sequence[str]

    @cached_property
    def replies(self) -> list[Reply]:
        """What each question comes to."""
        return answers_to(self.questions, self.subject)

    @property
    def holds(self) -> bool:
        """Whether no claim that is asked about is false."""
        return all(reply.holds is not False for reply in self.replies)

    def _tables(self) -> Iterable[Table]:
        yield Table("rows", ROWS, self.replies)

    def _figures(self) -> Iterator[Figure]:
        for reply in self.replies:
            yield Figure(reply.question, self._said(reply), self._verdict(reply))

    def _said(self, reply: Reply) -> str:
        agreed = reply.agreed
        if reply.stated:
            return against(agreed, reply.stated, reply.value)
        return in_words(agreed, reply.measure, reply.value)

    def _verdict(self, reply: Reply) -> str:
        if reply.stated is None:
            return ""
        agreed = reply.agreed
        missed = off(reply.stated, reply.question, reply.value, agreed)
        return "true" if reply.holds else f"false: {missed}"


class AskReport(AskedReport, DealReport):
    """The answers of a deal, as agreed or after notice; raises Refused."""

    def __init__(
        self,
        scenario: Scenario,
        questions: Sequence[str],
        notice: date | None = None,
        by: str | None = None,
    ) -> None:
        super().__init__(scenario)
        self.ended = early_end.asked_end(scenario, self.priced, notice, by)
        self.result = Result(self.deal, self.ended, self.priced)
        self.subject = self.result
        self.questions = questions
        if self.ended:
            given = f"notice on {self.ended.notice} by {self.ended.by}"
            self.title = f"{self.title} · {given}"

    def is_assumed(self, figure: Figure) -> bool:
        """Whether an assumed term moves the figure that was asked for."""
        asked = next(reply for reply in self.replies if reply.question == figure.name)
        return bool(assumed_inputs(self.scenario.assumed(), asked.measure, self.result))

    def _facts(self) -> dict[str, Any]:
        return super()._facts() | {"notice": self.ended and self.ended.notice}

    def _notes(self) -> Iterator[Note]:
        if self.ended:
            yield early_end.counting_note(self.deal)
        yield from super()._notes()


class BookAskReport(AskedReport, BookReport):
    """The answers of all contracts of a book together; raises Refused."""

    def __init__(self, book: Book, questions: Sequence[str]) -> None:
        super().__init__(book)
        self.subject, self.questions = book, questions

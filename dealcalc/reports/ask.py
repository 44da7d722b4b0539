"""`dealcalc ask`: figures of a subject, and whether claims about it are true."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from dealcalc.checks.misses import off
from dealcalc.figures.result import Agreed, Figures, Result
from dealcalc.loading.scenario import Scenario
from dealcalc.questions.ask import Reply, answers_to
from dealcalc.questions.rests import assumed_inputs
from dealcalc.reports import early_end
from dealcalc.reports.deal_report import DealReport
from dealcalc.reports.measured import against, held, in_words
from dealcalc.reports.report import Field, Figure, Note, Report, Table

UNITS = {"share": "share", "ratio": "share", "days": "days", "count": "months", "date": "date"}
"""What a value that is no money counts, by the kind of its figure."""


def row_fields(agreed: Agreed) -> tuple[Field, ...]:
    """The fields of an answer: money as booked, shares of 1, days and dates as they are."""
    return (
        Field("figure", value=lambda answer: answer.measure.text),
        Field("value", value=lambda answer: held(agreed, answer.measure, answer.value)),
        Field("unit", value=lambda answer: unit_of(answer, agreed)),
        Field("claim", value=lambda answer: answer.stated and answer.question),
        Field("holds"),
    )


def unit_of(answer: Reply, agreed: Agreed) -> str:
    """What the value of an answer counts: a currency, or what `UNITS` has."""
    return UNITS.get(answer.measure.figure.kind, agreed.currency)


class AskedReport(Report):
    """A row for each question; put before the report of a deal, or of a book."""

    command = "ask"
    subject: Figures
    questions: Sequence[str]

    @cached_property
    def replies(self) -> list[Reply]:
        """What each question comes to."""
        return answers_to(self.questions, self.subject)

    @property
    def holds(self) -> bool:
        """Whether no claim that is asked about is false."""
        return all(answer.holds is not False for answer in self.replies)

    def _tables(self) -> Iterable[Table]:
        yield Table("rows", row_fields(self.subject.agreed), self.replies)

    def _figures(self) -> Iterator[Figure]:
        for answer in self.replies:
            yield Figure(answer.question, self._said(answer), self._verdict(answer))

    def _said(self, answer: Reply) -> str:
        agreed = self.subject.agreed
        if answer.stated:
            return against(agreed, answer.stated, answer.value)
        return in_words(agreed, answer.measure, answer.value)

    def _verdict(self, answer: Reply) -> str:
        if answer.stated is None:
            return ""
        agreed = self.subject.agreed
        missed = off(answer.stated, answer.question, answer.value, agreed)
        return "true" if answer.holds else f"false: {missed}"


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
        asked = next(answer for answer in self.replies if answer.question == figure.name)
        return bool(assumed_inputs(self.scenario.assumed(), asked.measure, self.result))

    def _facts(self) -> dict[str, Any]:
        return super()._facts() | {"notice": self.ended and self.ended.notice}

    def _notes(self) -> Iterator[Note]:
        if self.ended:
            yield early_end.counting_note(self.deal)
        yield from super()._notes()

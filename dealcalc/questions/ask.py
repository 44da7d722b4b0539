"""Figures and claims, asked of a subject one by one."""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from dealcalc.figures.claims import Statement, statement
from dealcalc.figures.figures import Measure, Subject, measure
from dealcalc.figures.result import Agreed
from dealcalc.loading.problems import Problem, Refused, refuse
from dealcalc.terms.misread import Misread


class Reply(NamedTuple):
    """What a figure comes to, exact; and whether what is claimed of it is true, if that is asked.

    The `question` is the figure or the claim as it was asked, on one line.
    """

    question: str
    measure: Measure
    value: Any
    agreed: Agreed
    stated: Statement | None = None

    @property
    def holds(self) -> bool | None:
        """Whether the claim is true; None where only a figure is asked for."""
        return self.stated.holds(self.value) if self.stated else None


def answers_to(questions: Iterable[str], subject: Subject) -> list[Reply]:
    """The answer to each question, `total` or `total > 40bn`; raises Refused for all it cannot."""
    answers, problems = list[Reply](), list[Problem]()
    for question in questions:
        try:
            answers.append(_answer(question, subject))
        except Misread as misread:
            message = f"{question[:80]}: {misread.message}"
            refused = refuse(misread.code, message, misread.help, argument="questions")
            problems += refused.problems
    if problems:
        raise Refused(problems)
    return answers


def _answer(question: str, subject: Subject) -> Reply:
    text = " ".join(question.split())
    if not re.search("[<>=~]", text):
        figure = measure(text)
        return Reply(text, figure, figure(subject), subject.of_currency(figure.currency).agreed)
    agreed = subject.of_currency(statement(text).measure.currency).agreed
    stated = statement(text, agreed.currency)
    return Reply(text, stated.measure, stated.measure(subject), agreed, stated)

"""What a contract leaves open, in money: what nobody has said, and rival readings."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any, NamedTuple

from dealcalc.loading.changes import leads_to, overlap
from dealcalc.loading.nodes import Node
from dealcalc.loading.scenario import Scenario
from dealcalc.questions.varied import NotPossible, Varied
from dealcalc.terms.deal import LOCK_OUT_BARS, NOTICE_DAY, PRORATION, Conventions, Deal

AS_FILED = "as the file says"

WHO_MAY_LEAVE = ("none", "{by: either, notice: 90 days}")
"""The answers that are tried where a file does not say who may leave: nobody, and an example."""

MOST = 2_000
"""So many combinations of answers are run; beyond, each question is asked by itself."""


class Answer(NamedTuple):
    """An answer that a question may have: a word for a term, or a case that reads it so.

    A case that says just such a word stands beside it, and is no reading of its own.
    """

    text: str
    terms: Mapping[str, str]
    case: str | None = None


class Reading(NamedTuple):
    """What a deal is by one reading: its total, and at signing what is firm and the earliest exit.

    Where a reading is not possible, nothing but the reason is known. `deal` has all its terms
    written out, so that the same reading is equal by whatever answers it is reached.
    """

    total: Fraction | None = None
    firm: Fraction | None = None
    earliest_exit: date | None = None
    reason: str = ""
    deal: Deal | None = None


class Question(NamedTuple):
    """Something that the file leaves open, and what the deal is by each answer to it alone.

    `paths` are the terms that it is about.
    """

    paths: tuple[str, ...]
    answers: tuple[Answer, ...]
    readings: tuple[Reading, ...]

    @property
    def spread(self) -> Fraction:
        """How far apart the answers are, in total or in firm money, whichever is more."""
        known = [one for one in self.readings if not one.reason]
        spans = [span([one.total for one in known]), span([one.firm for one in known])]
        return max((high - low for low, high in spans), default=Fraction(0))

    @property
    def days(self) -> timedelta:
        """How far apart the earliest exits are."""
        exits = [one.earliest_exit for one in self.readings if one.earliest_exit]
        return max(exits) - min(exits) if exits else timedelta(0)


def span(values: Sequence[Fraction | None]) -> tuple[Fraction, Fraction]:
    """The lowest and the highest of some amounts; nothing where there are none."""
    known = [value for value in values if value is not None]
    return (min(known), max(known)) if known else (Fraction(0), Fraction(0))


# --- what is open ---------------------------------------------------------------------------------


def unsaid(deal: Deal) -> dict[str, tuple[str, ...]]:
    """The terms that a deal does not say and that mean something there, by path.

    Of the answers to each, that which is taken while nobody says comes first.
    """
    found: dict[str, tuple[str, ...]] = {}
    if deal.termination is None:
        found["termination"] = WHO_MAY_LEAVE
    if not deal.conventions.proration:
        found["conventions.proration"] = PRORATION.choices
    if deal.rights and not deal.conventions.notice_day:
        found["conventions.notice_day"] = NOTICE_DAY.choices
    for index, right in enumerate(deal.rights):
        if right.lock_out is not None and not right.lock_out_bars:
            found[f"termination.{index}.lock_out_bars"] = LOCK_OUT_BARS.choices
    return found


def sourced(scenario: Scenario) -> dict[tuple[str, ...], list[str]]:
    """The cases by which somebody reads the contract, in groups that are about the same terms.

    Those have a source and give no notice. A case that was asked for is the reading that was
    chosen, and what a setting says is settled: neither is open. Nor is a case that only says what
    is an answer to a question anyway.
    """
    groups: list[tuple[list[str], list[str]]] = []
    for name, case in scenario.deal.cases.items() if not scenario.case else ():
        reads = case.source and not case.notice
        if not reads or all(_is_settled(scenario, *each) for each in case.terms.items()):
            continue
        touched = [group for group in groups if _touches(group[0], case.terms)]
        groups = [group for group in groups if group not in touched]
        paths = [path for group in touched for path in group[0]] + list(case.terms)
        groups.append((paths, [*(one for group in touched for one in group[1]), name]))
    return {tuple(_topmost(paths)): names for paths, names in groups}


def _is_settled(scenario: Scenario, path: str, node: Node) -> bool:
    """Whether a setting says a term of a case, or it is an answer to what the deal leaves open."""
    answers = (words for open_, words in unsaid(scenario.deal).items() if _is_same(open_, path))
    replaced = any(leads_to(override, path) for override in scenario.overrides)
    return replaced or node.text() in next(answers, ())


def _is_same(path: str, other: str) -> bool:
    return leads_to(path, other) and leads_to(other, path)


def said(scenario: Scenario, path: str, word: str) -> str | None:
    """The case with a source that says just an answer to what nobody has said, if one does."""
    for name, case in scenario.deal.cases.items():
        for at, node in case.terms.items() if case.source and not case.notice else ():
            if _is_same(at, path) and node.text() == word:
                return name
    return None


def _topmost(paths: Sequence[str]) -> list[str]:
    """Paths, each once, without those that stand below another of them."""
    top: list[str] = []
    for path in paths:
        if not any(leads_to(one, path) for one in top):
            top = [*(one for one in top if not leads_to(path, one)), path]
    return top


def _touches(some: Iterable[str], others: Collection[str]) -> bool:
    """Whether one of some paths is one of the others, or stands above or below it."""
    return any(overlap(one, other) for one in some for other in others)


# --- the readings -----------------------------------------------------------------------------


class Ambiguity(NamedTuple):
    """Every open question, worth most first; and every reading there is, with how many were run.

    `whole` says that readings are all combinations of answers, and not each question by itself.
    """

    questions: tuple[Question, ...]
    readings: tuple[Reading, ...]
    whole: bool


def ambiguity(deal: Varied) -> Ambiguity:
    """What a deal leaves open, and the range over all of its readings."""
    scenario = deal.scenario
    groups = sourced(scenario)
    asked = [
        *((paths, _rival(names)) for paths, names in groups.items()),
        *(
            ((path,), _words(scenario, path, words))
            for path, words in unsaid(scenario.deal).items()
        ),
    ]
    questions = [
        Question(paths, answers, tuple(reading(deal, [answer]) for answer in answers))
        for paths, answers in asked
    ]
    questions.sort(key=lambda question: (-question.spread, -question.days))
    rivals = [_rival(names) for names in groups.values()]
    # A right may be read to have a lock-out, and that to bar one thing or the other.
    most = prod(len(answers) for answers in rivals) * len(PRORATION.choices) * 2 * 2 * 2
    whole = most <= MOST
    readings = (
        (one for chosen in product(*rivals) for one in in_full(deal, chosen))
        if whole
        else (one for question in questions for one in question.readings)
    )
    return Ambiguity(tuple(questions), tuple(distinct(readings)), whole)


def distinct(readings: Iterable[Reading]) -> Iterator[Reading]:
    """Each reading once; every one that is not possible."""
    met: dict[tuple[Any, ...], list[Reading]] = {}  # a deal has no hash, its figures have
    for one in readings:
        alike = met.setdefault(one[:-1], [])
        if one.reason or one not in alike:
            alike.append(one)
            yield one


def _rival(names: Sequence[str]) -> tuple[Answer, ...]:
    return (Answer(AS_FILED, {}), *(Answer(name, {}, name) for name in names))


def _words(scenario: Scenario, path: str, words: Sequence[str]) -> tuple[Answer, ...]:
    return tuple(Answer(word, {path: word}, said(scenario, path, word)) for word in words)


def in_full(deal: Varied, chosen: Sequence[Answer]) -> Iterator[Reading]:
    """The readings by some answers and every answer to what these leave open."""
    try:
        there = deal.result(_terms(chosen), _cases(deal, chosen)).deal
    except NotPossible as reason:
        yield Reading(reason=str(reason))
        return
    open_ = [_words(deal.scenario, path, words) for path, words in unsaid(there).items()]
    for words in product(*open_) if open_ else ():
        # That somebody may leave opens whether the day of notice counts.
        yield from in_full(deal, [*chosen, *words])
    if not open_:
        yield reading(deal, chosen)


def _cases(deal: Varied, answers: Sequence[Answer]) -> list[str]:
    asked = [deal.scenario.case] if deal.scenario.case else []
    return [*asked, *(answer.case for answer in answers if answer.case and not answer.terms)]


def _terms(answers: Iterable[Answer]) -> dict[str, str]:
    return {path: word for answer in answers for path, word in answer.terms.items()}


def reading(deal: Varied, answers: Sequence[Answer]) -> Reading:
    """A deal by some answers; firm and the earliest exit as nobody has given notice yet."""
    try:
        result = deal.result(_terms(answers), _cases(deal, answers))
    except NotPossible as reason:
        return Reading(reason=str(reason))
    at = result.priced.at_signing()
    said = _written_out(result.deal)
    return Reading(result.total, Fraction(at.firm), at.earliest_exit, deal=said)


def _written_out(deal: Deal) -> Deal:
    """A deal that says what is taken while nobody says."""
    words = {path: answers[0] for path, answers in unsaid(deal).items()}
    rights = (
        replace(right, lock_out_bars=words.get(f"termination.{index}.lock_out_bars"))
        if not right.lock_out_bars
        else right
        for index, right in enumerate(deal.rights)
    )
    conventions = Conventions(
        proration=deal.proration, notice_day=deal.conventions.notice_day or NOTICE_DAY.choices[0]
    )
    return replace(deal, termination=tuple(rights), conventions=conventions)

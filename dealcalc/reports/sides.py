"""Deals that stand side by side: which were asked for, read and priced, in one currency."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple

from dealcalc.book.book_files import contracts_of
from dealcalc.figures.subject import load, priced_deal
from dealcalc.loading.changes import Setting, settings_of
from dealcalc.loading.nodes import Source
from dealcalc.loading.problems import Problem, Refused, refuse
from dealcalc.loading.scenario import Scenario, no_case
from dealcalc.reports import early_end
from dealcalc.reports.options import open_options
from dealcalc.reports.periods import Calendar, by_period, months_of
from dealcalc.reports.report import listed
from dealcalc.terms.dates import months_touched
from dealcalc.terms.deal import Deal

MOST_MONTHS = 250_000
"""So many months of charges are compared: some seconds, and more than people set side by side."""


class Side:
    """One of the deals that stand side by side, priced, with the notice that its case gives.

    `signed` is where it stands at signing; `optional` and `callable` are what options would add.
    Raises Refused where the notice may not be given.
    """

    def __init__(self, name: str, scenario: Scenario) -> None:
        self.name, self.scenario, self.deal = name, scenario, scenario.deal
        self.priced = priced_deal(scenario)
        ended = early_end.asked_end(scenario, self.priced)
        schedule = early_end.schedule_after(self.priced, ended)
        self.last_day, self.total = schedule.last_day, schedule.total
        # Not the schedule: the lines of a hundred take more memory than there may be.
        self.months = months_of(schedule)
        self.signed = self.priced.at_signing()
        more = open_options(self.priced, ended)
        self.optional, self.callable = more.optional, more.callable

    @property
    def up_to(self) -> Decimal:
        """The total, and all that options would add to it."""
        return self.total + self.optional + self.callable

    def revenue(self, period: str) -> dict[int | str, Decimal]:
        """Revenue by year, quarter or month, from the first line to the last, the fee included."""
        periods = by_period(self.months, period, Calendar())
        return {each.name: each.revenue for each in periods}


class Wanted(NamedTuple):
    """A deal to compare: a file, and one of its cases or the file as it is."""

    file: str
    case: str | None

    @classmethod
    def read(cls, text: str) -> "Wanted":
        """`FILE`, or `FILE:CASE`: the name of a case has no `:` and no `.` in it."""
        file, _, case = text.rpartition(":")
        if not file or not case or "." in case or os.path.exists(text):
            return cls(text, None)
        return cls(file, case)


class LeftOut(NamedTuple):
    """A deal that cannot stand beside the others, and why; `file` is its file without any case."""

    name: str
    file: Scenario
    case: str | None
    problems: tuple[Problem, ...]

    @property
    def reason(self) -> str:
        """What is wrong, and what to do, as one line."""
        texts = (one.message + (f"; {one.help}" if one.help else "") for one in self.problems)
        return "; ".join(dict.fromkeys(texts))


def read(
    files: Sequence[str], cases: Sequence[str], settings: Sequence[str | Source]
) -> list[Side | LeftOut]:
    """The deals to compare: each file as it is and with the cases named, and each `FILE:CASE`.

    A site file, a book or a folder stands for its contracts, each with the case said there. One
    file alone is compared with all of its cases. The first is priced; a setting that does not fit
    another, or notice that may not be given there, leaves that one out. Raises Refused with the
    problems of files, names and settings, and of the first; and where currencies differ.
    """
    problems: list[Problem] = []
    files = [each for name in files for each in contracts_of(name)]
    wanted = list(dict.fromkeys(map(Wanted.read, files)))
    files_read = _read(dict.fromkeys(one.file for one in wanted), problems)
    laid = _last_of_each(settings_of(settings, problems))
    if len(wanted) == 1 and not wanted[0].case and not cases:
        cases = [case for deal in files_read.values() for case in deal.deal.cases]
    asked = list(dict.fromkeys(one for one in _each(wanted, cases) if one.file in files_read))
    named = [one for one in asked if _is_there(one, files_read[one.file], problems)]
    columns = _columns(named, files_read, laid)
    if problems or isinstance(columns[0], LeftOut):
        raise Refused([*problems, *_of_all(columns, laid)])
    _one_currency([side for side in columns if isinstance(side, Side)])
    return columns


def _read(files: Iterable[str], problems: list[Problem]) -> dict[str, Scenario]:
    """The files that can be read; what is wrong with the others is noted."""
    read = {}
    for file in files:
        try:
            read[file] = load(file)
        except Refused as refused:
            problems += refused.problems
    return read


def _last_of_each(settings: Iterable[Setting]) -> list[Setting]:
    """Of settings for one path the last counts, in its own place among the others."""
    last: dict[Any, Setting] = {}
    for setting in settings:
        last.pop(setting.path.value, None)
        last[setting.path.value] = setting
    return [*last.values()]


def _each(wanted: Iterable[Wanted], cases: Sequence[str]) -> Iterator[Wanted]:
    for one in wanted:
        yield one
        yield from (Wanted(one.file, case) for case in cases)


def _is_there(wanted: Wanted, file: Scenario, problems: list[Problem]) -> bool:
    """Whether a file has the case that is wanted; if not, that is noted."""
    if wanted.case is None or wanted.case in file.deal.cases:
        return True
    problems.append(no_case(wanted.case, wanted.file, file.deal.cases))
    return False


def _columns(
    asked: Sequence[Wanted], read: Mapping[str, Scenario], settings: Sequence[Setting]
) -> list[Side | LeftOut]:
    """What is asked for, priced, or left out; raises Refused where that would take too long."""
    what_ifs = [
        _what_if(name, read[one.file], one.case, settings)
        for name, one in zip(_names(asked), asked, strict=True)
    ]
    months = (_months(each[1].deal) for each in what_ifs if not isinstance(each, LeftOut))
    if sum(months) > MOST_MONTHS:
        message = f"the charges compared run for more than {MOST_MONTHS:,} months in all"
        raise refuse("limit", message, "compare less at once, like one case with `--case`")
    return [each if isinstance(each, LeftOut) else _side(*each) for each in what_ifs]


def _what_if(
    name: str, file: Scenario, case: str | None, settings: Sequence[Setting]
) -> tuple[str, Scenario] | LeftOut:
    """A file with a case and settings laid on it, if they fit."""
    try:
        there = file.in_case(case) if case else file
        return name, there.varied(settings) if settings else there
    except Refused as refused:
        return LeftOut(name, file, case, tuple(refused.problems))


def _side(name: str, scenario: Scenario) -> Side | LeftOut:
    try:
        return Side(name, scenario)
    except Refused as refused:
        return LeftOut(name, scenario, scenario.case, tuple(refused.problems))


def _of_all(columns: Sequence[Side | LeftOut], settings: Iterable[Setting]) -> Iterator[Problem]:
    """The problems of all that is left out, each once; of a setting it is said whose they are."""
    whose: dict[Problem, list[str]] = {}
    for column in columns:
        for problem in column.problems if isinstance(column, LeftOut) else ():
            whose.setdefault(problem, []).append(column.name)
    names_of_settings = {setting.path.source.name for setting in settings}
    for problem, names in whose.items():
        some = problem.file in names_of_settings and len(names) < len(columns)
        message = f"in {listed(names)}: {problem.message}" if some else problem.message
        yield replace(problem, message=message)


def _months(deal: Deal) -> int:
    """Months of all charges: the lines of a schedule, or nearly so."""
    dates = map(deal.dates, deal.charges.values())
    return sum(months_touched(start, through) for start, through in dates)


def _one_currency(sides: Sequence[Side]) -> None:
    """Raises Refused at the first currency that is another than that of the first side."""
    base = sides[0]
    for side in sides:
        if side.deal.currency != base.deal.currency:
            message = (
                f"{side.name} is in {side.deal.currency}, {base.name} in {base.deal.currency}: "
                "what is in two currencies cannot be compared"
            )
            at = side.scenario.node("currency").anchor()
            raise Refused([at.problem("conflict", message, "compare deals in one currency")])


def _names(asked: Sequence[Wanted]) -> list[str]:
    """What the sides are called: as short as they stay different."""
    files = {one.file for one in asked}
    stems = {
        file: "stdin" if file == "-" else os.path.splitext(os.path.basename(file))[0]
        for file in files
    }
    for short in (stems, {file: file for file in files}):
        names = [
            (one.case if len(files) == 1 else f"{short[one.file]}:{one.case}")
            if one.case
            else short[one.file]
            for one in asked
        ]
        if len(set(names)) == len(names):
            return names
    return [f"{one.file}:{one.case}" if one.case else one.file for one in asked]

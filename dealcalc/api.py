"""What `import dealcalc` gives to scripts and notebooks: the commands' answers, as exact values.

Every question is asked of a scenario, as `load` gives it, and answered as the command of the same
name answers it, with the notice of its case or of its file. Amounts are Decimals of the deal's
currency to its minor unit, never floats; first and last days are included. Where a day is asked
for, a `date` will do (a `datetime` too: its day counts), or text like "2027-03-15".
"""

import os
from collections.abc import Mapping
from dataclasses import InitVar, dataclass, field, fields, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar, NamedTuple

from dealcalc import core
from dealcalc.core import Priced
from dealcalc.earned import Line
from dealcalc.figures import subject
from dealcalc.figures.warnings import warnings
from dealcalc.leaving import Exit
from dealcalc.loading import scenario
from dealcalc.loading.problems import Problem, Refused, refuse, safe
from dealcalc.loading.scenario import Scenario
from dealcalc.reports import early_end
from dealcalc.reports.ask import AskReport
from dealcalc.reports.backlog import BacklogReport
from dealcalc.reports.periods import Calendar, by_period, months_of
from dealcalc.reports.report import Report
from dealcalc.reports.schedule import ScheduleReport
from dealcalc.reports.terminate import EarlyEndReport
from dealcalc.reports.units import grouped
from dealcalc.terms.deal import Deal
from dealcalc.terms.rights import NotPermitted

__all__ = [
    "Backlog",
    "Deal",
    "Ended",
    "FigureValue",
    "Line",
    "Month",
    "NotPermitted",
    "Problem",
    "Refused",
    "Scenario",
    "Schedule",
    "Year",
    "ask",
    "backlog",
    "load",
    "loads",
    "schedule",
    "terminate",
]


class FigureValue(NamedTuple):
    """What a figure comes to, and for a claim about it whether that holds; else both are None.

    Money is a Decimal, half-up to the currency's minor unit; a share is an exact Fraction of 1, a
    term an exact Fraction of days, months are an int and days dates. `unit` says which.
    """

    figure: str
    value: Decimal | Fraction | int | date
    unit: str
    claim: str | None
    holds: bool | None


class Month(NamedTuple):
    """A month: its first day, its days with service, its revenue, and the revenue so far."""

    month: date
    days: int
    revenue: Decimal
    cumulative: Decimal


class Year(NamedTuple):
    """A calendar year, its revenue, and the revenue so far."""

    year: int
    revenue: Decimal
    cumulative: Decimal


@dataclass(frozen=True, repr=False)
class Schedule(core.Schedule):
    """What a deal pays through a last day: its `lines`, and their sums by month and year.

    A fee is a line on the last day: plus if the buyer pays it, minus if the seller does.
    """

    scenario: Scenario = field(compare=False)

    @property
    def months(self) -> tuple[Month, ...]:
        """Every month from the first line's to the last's, those without service too."""
        return tuple(
            Month(month.first, month.days, month.revenue, month.cumulative)
            for month in months_of(self)
        )

    @property
    def years(self) -> tuple[Year, ...]:
        """The calendar years of the months."""
        years = by_period(months_of(self), "year", Calendar())
        return tuple(Year(year.first.year, year.revenue, year.cumulative) for year in years)

    @property
    def at_signing(self) -> "Backlog":
        """Where the deal stands at signing: what is firm then, and why."""
        return backlog(self.scenario)

    def __repr__(self) -> str:
        total = f"{grouped(self.total)} {self.deal.currency}"
        return safe(f"<Schedule of {self.scenario}: {total} through {self.last_day}>")

    def _repr_markdown_(self) -> str:
        return _markdown(ScheduleReport(self.scenario))


@dataclass(frozen=True, repr=False)
class Ended(core.Ended):
    """A deal after notice: who gave it, its last day of service, and the money both ways.

    A fee is plus if the buyer pays it, minus if the seller does; total = earned + fee, and earned +
    forgone = full_term.
    """

    scenario: InitVar[Scenario]
    _scenario: ClassVar[Scenario]  # no field, so no column of a table: a notebook shows its answer

    def __post_init__(self, out: Exit, scenario: Scenario) -> None:
        super().__post_init__(out)
        object.__setattr__(self, "_scenario", scenario)

    def __repr__(self) -> str:
        amounts = _amounts(self._scenario, self, "earned", "fee", "forgone", "full_term")
        return f"<Ended on {self.last_day}, notice on {self.notice} by {self.by}: {amounts}>"

    def _repr_markdown_(self) -> str:
        return _markdown(EarlyEndReport(self._scenario, self.notice, self.by))


@dataclass(frozen=True, repr=False)
class Backlog(core.Backlog):
    """Where a deal stands at signing, or at the close of a day.

    earned + firm + cancellable = contract_value. `firm_share` is firm / (firm + cancellable), None
    where nothing is still to come. `earliest_exit` is the last day of the exit that makes the rest
    cancellable, included (None: not signed yet), `by` the party that takes it (None: nobody may
    leave any more), `notice` the day of its notice, and `fee` its fee: plus if the buyer pays it,
    minus if the seller does. Only the buyer's fee is part of firm, `firm_fee` of it.
    """

    scenario: InitVar[Scenario]
    party: InitVar[str | None]
    _scenario: ClassVar[Scenario]
    _party: ClassVar[str | None]

    def __post_init__(self, ways: tuple[Exit, ...], scenario: Scenario, party: str | None) -> None:
        super().__post_init__(ways)
        object.__setattr__(self, "_scenario", scenario)
        object.__setattr__(self, "_party", party)

    def __repr__(self) -> str:
        amounts = _amounts(self._scenario, self, "earned", "firm", "cancellable", "contract_value")
        return f"<Backlog as of {self.as_of}: {amounts}>"

    def _repr_markdown_(self) -> str:
        as_of = self.moment if self.moment == "signing" else self.as_of
        return _markdown(BacklogReport(self._scenario, as_of, by=self._party))


def _amounts(scenario: Scenario, answer: Ended | Backlog, *names: str) -> str:
    """Amounts with their names: `earned 12.00, fee 0.00 USD`."""
    amounts = ", ".join(f"{name} {grouped(getattr(answer, name))}" for name in names)
    return f"{amounts} {scenario.deal.currency}"


def _markdown(report: Report) -> str:
    from dealcalc.forms.export import as_markdown

    return as_markdown(report, None)


# --- questions -----------------------------------------------------------------------------------


def load(
    file: str | os.PathLike[str],
    case: str | None = None,
    set: Mapping[str, object] | None = None,
    take: Mapping[str, int] | None = None,
) -> Scenario:
    """The deal of a scenario file, with one of its cases and then other terms laid on it.

    `set` maps paths to values as they would be written in the file, like
    {"charges.compute.ramp.0.discount": "30%"}, as `--set` does; `none` takes a term away, and
    `termination: none` says that nobody may leave. `take` says how often options are taken at
    signing, like {"renewals": 2}. The file `-` is standard input. Warnings are in the scenario's
    `warnings`. Raises Refused with every problem of the file, of all its cases, and of `case`,
    `set` and `take`.
    """
    return _with_warnings(subject.load(os.fspath(file), case, _settings(set, take)))


def loads(text: str, case: str | None = None, set: Mapping[str, object] | None = None) -> Scenario:
    """The deal of the text of a scenario file, otherwise like `load`; problems name it `<text>`."""
    if not isinstance(text, str):
        raise TypeError(f"expected the text of a scenario, not {type(text).__name__}")
    opened = scenario.read_root("<text>", text)
    return _with_warnings(subject.load("<text>", case, _settings(set), opened))


def _with_warnings(scenario: Scenario) -> Scenario:
    return replace(scenario, warnings=warnings(scenario))


def _settings(
    terms: Mapping[str, object] | None, take: Mapping[str, int] | None = None
) -> list[str]:
    if not isinstance(terms, Mapping | None):
        raise TypeError(
            f"`set` maps paths to values: expected a mapping, not {type(terms).__name__}"
        )
    taken = {f"options.{name}.take": times for name, times in (take or {}).items()}
    return [f"{path}={_text(value)}" for path, value in {**(terms or {}), **taken}.items()]


def _text(value: object) -> str:
    """A value as it would stand in a file; None takes a term away."""
    if isinstance(value, datetime):
        value = value.date()
    return "none" if value is None else str(value)


def _figures(answer: Any) -> dict[str, Any]:
    """The fields of an answer of the core, by name."""
    return {one.name: getattr(answer, one.name) for one in fields(answer)}


def schedule(scenario: Scenario) -> Schedule:
    """What a deal pays, by charge and month, as it is earned.

    Through its term; after the notice of a case, through the last day of service, with any fee.
    Raises Refused where the case's notice may not be given.
    """
    priced = _priced(scenario)
    found = early_end.schedule_after(priced, early_end.asked_end(scenario, priced))
    return Schedule(found.deal, found.last_day, found.lines, scenario)


def terminate(scenario: Scenario, notice: date | str | None = None, by: str | None = None) -> Ended:
    """What a deal pays if notice is given on a day, by default on that of its case.

    `by` is "buyer", "seller" or a party's name; by default the case's party, else the one whose
    last day is earlier: on a tie that is "either", and a fee is the buyer's.

    Raises Refused where there is no notice, or it may not be given; then its `__cause__` is a
    NotPermitted, whose `first` is the first day on which it may be.
    """
    priced = _priced(scenario)
    day = None if notice is None else _day("notice", notice)
    found = early_end.asked_end(scenario, priced, day, by)
    if found is None:
        help = "name its day, like 2027-03-15, or load a case that gives it"
        raise refuse("notice", "no notice is given that could end this deal", help)
    return Ended(**_figures(found), out=found.exit, scenario=scenario)


def backlog(scenario: Scenario, as_of: date | str | None = None, by: str | None = None) -> Backlog:
    """What is earned, firm and cancellable at the close of a day, by default at signing.

    `by` counts only the right of one party: "buyer", "seller" or a party's name. From the day on
    which a case gives notice nothing is cancellable. Raises Refused.
    """
    priced = _priced(scenario)
    party = early_end.asked_party(scenario, "either" if by is None else by)
    ended = early_end.asked_end(scenario, priced)
    if as_of is None or as_of == "signing":
        stands = priced.at_signing(party)
    else:
        stands = priced.backlog(_day("as_of", as_of), party, ended)
    return Backlog(**_figures(stands), ways=stands.exits, scenario=scenario, party=party)


def ask(
    scenario: Scenario,
    *questions: str,
    notice: date | str | None = None,
    by: str | None = None,
) -> tuple[FigureValue, ...]:
    """What figures come to, like "quarter 2026-Q3", and whether claims hold, like "total > 40bn".

    `notice` and `by` are those of `terminate`. Raises Refused with every question that has no
    answer.
    """
    _priced(scenario)
    day = None if notice is None else _day("notice", notice)
    report = AskReport(scenario, questions, day, by)
    return tuple(FigureValue(*cells) for cells in report.table("rows").cells())


def _priced(scenario: Scenario) -> Priced:
    if not isinstance(scenario, Scenario):
        raise TypeError(f"expected a scenario from dealcalc.load, not {type(scenario).__name__}")
    return subject.priced_deal(scenario)


def _day(argument: str, day: date | str) -> date:
    """A day given as a date or as text, under the rules of the command line."""
    if not isinstance(day, date | str):
        raise TypeError(f"expected a date, or text like '2027-03-15', not {type(day).__name__}")
    return early_end.asked_day(argument, day if isinstance(day, str) else day.isoformat()[:10])

"""`dealcalc explain`: where a figure of the schedule comes from, down to the line of YAML."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

from dealcalc.core import Ended, Priced
from dealcalc.earned import money
from dealcalc.figures.figures import PERIODS_OF_TIME, measure
from dealcalc.loading.problems import Refused, refuse
from dealcalc.loading.scenario import Scenario
from dealcalc.questions.explain import Part, at_most, exit_paths, fee, parts
from dealcalc.reports import early_end
from dealcalc.reports.deal_report import DealReport
from dealcalc.reports.report import (
    Chart,
    Field,
    Figure,
    Note,
    Table,
    View,
    chart_of,
    fields,
    objects,
    only,
    readable,
    view,
)
from dealcalc.terms.dates import DAY, month_end, quarter_days, year_days
from dealcalc.terms.deal import GIVING, Deal
from dealcalc.terms.misread import Misread, closest
from dealcalc.terms.times import read_day, read_first_day
from dealcalc.terms.values import decimal_text


class Asked(NamedTuple):
    """What is to be explained: a stretch of days, both included, of one charge or of all (None)."""

    name: str
    start: date
    through: date
    charge: str | None = None


class Input(NamedTuple):
    """A term that a figure rests on: its path, its text, and where it stands."""

    path: str
    text: str
    file: str
    line: int

    @property
    def place(self) -> str:
        """The file and the line."""
        return f"{self.file}:{self.line}"


# --- what is asked --------------------------------------------------------------------------------


def asked(deal: Deal, text: str, first: date, year_end: int = 12) -> Asked:
    """A figure of the schedule by its name: `[CHARGE] [through] PERIOD`; raises Refused.

    A period is `total`, a year `2027`, a quarter `2027-Q1`, a month `2027-01` or a day. `through`
    one is what has come together by its end, from the first day on. Years, and their quarters, end
    with a month.
    """
    text = " ".join(text.split())
    charge = _charge(deal, text, year_end)
    period = text.removeprefix(charge).strip() if charge else text
    so_far = period.startswith("through ")
    period = period.removeprefix("through ") or "total"
    stretch = _period(period, (first, deal.last), year_end) or _named_period(deal, period)
    if stretch is None or not text:
        charges = ", ".join(deal.charges)
        meant = closest(text, ["total", *deal.charges])
        help = f"ask for total, 2027, 2027-Q1, 2027-01, through 2027-01, or a charge: {charges}"
        help = f"did you mean `{meant}`?" if meant else help
        raise refuse("command-line", f"`{text[:80]}` is no figure of the schedule", help, "FIGURE")
    start = first if so_far else stretch[0]
    return Asked(text, start, stretch[1], charge)


def _charge(deal: Deal, text: str, year_end: int) -> str | None:
    """The charge that a text begins with, the longest of them; a period alone is none."""
    if _period(text.removeprefix("through "), (deal.first, deal.last), year_end):
        return None
    named = [name for name in (*deal.charges, "fee") if f"{text} ".startswith(f"{name} ")]
    return max(named, key=len, default=None)


def _period(text: str, whole: tuple[date, date], year_end: int) -> tuple[date, date] | None:
    """The first and last day of a period, `total` the whole; None where it is none."""
    if text == "total":
        return whole
    try:
        if match := re.fullmatch(r"(?:FY)?([0-9]{4})(?:-Q([1-4]))?", text):
            year = read_first_day(f"{match[1]}-01").year
            quarter = match[2] and quarter_days(year, int(match[2]), year_end)
            return quarter or year_days(year, year_end)
        if len(text) == 10:
            return read_day(text), read_day(text)
        return read_first_day(text), month_end(read_first_day(text))
    except Misread:
        return None


def _named_period(deal: Deal, text: str) -> tuple[date, date] | None:
    """The days of a figure that is the revenue of a period, `quarter 2026-Q3`; None of another."""
    try:
        named = measure(text)
    except Misread:
        return None
    return named.days(deal) if named.figure in PERIODS_OF_TIME else None


# --- the answer -----------------------------------------------------------------------------------

PARTS = (
    *fields("charge", "start", "through", "rate", "per"),
    Field("weight", value=lambda part: f"{part.weight}"),
    Field("exact", value=lambda part: f"{part.exact}"),
    Field("amount"),
    Field("how", value=lambda part: how(part)),
)
"""Everything about a part but its inputs; exact numbers as fractions, in text."""

INPUTS = Field("path", "Input"), Field("text", "Text", "prose"), *fields("file", "line")
SHOWN = (
    Field("charge", "Charge"),
    Field("days", "Days", "prose", lambda part: _days(part)),
    Field("how", "How it is made", "prose", lambda part: _arithmetic(part)),
    Field("amount", "Booked", "money"),
)


MOST_BARS = 12
"""Parts of which each has a bar with its name."""


class ExplainReport(DealReport):
    """Every part of a figure of the schedule, its arithmetic and its inputs; raises Refused."""

    command = "explain"
    csv = "parts"

    def __init__(self, scenario: Scenario, text: str, year_end: int = 12) -> None:
        super().__init__(scenario)
        self.year_end = year_end
        ended = early_end.asked_end(scenario, self.priced)
        explained = _explained(scenario, self.priced, ended, text, year_end)
        self.asked, self.parts, paths = explained
        self.exit_inputs = _inputs(scenario, paths)
        self.amount = sum((part.amount for part in self.parts), money(0, self.deal.places))
        self.no_days = self.asked.through < self.asked.start

    @cached_property
    def inputs(self) -> dict[Part, list[Input]]:
        """The terms that each part rests on."""
        return {part: _inputs(self.scenario, part.inputs) for part in self.parts}

    def _facts(self) -> dict[str, Any]:
        return super()._facts() | {
            "asked": self.asked.name,
            "start": None if self.no_days else self.asked.start,
            "through": None if self.no_days else self.asked.through,
            "amount": self.amount,
        }

    def _tables(self) -> Iterator[Table]:
        inputs = Field("inputs", value=lambda part: objects(INPUTS, self.inputs[part]))
        yield Table("parts", (*PARTS, inputs), self.parts)
        yield Table("inputs", INPUTS, self.exit_inputs)

    def csv_table(self) -> Table:
        """A row for each part, its inputs by their places."""
        places = Field(
            "inputs", value=lambda part: " ".join(term.place for term in self.inputs[part])
        )
        return Table("parts", (*PARTS, places), self.parts)

    def _figures(self) -> Iterator[Figure]:
        remark = f"{self.asked.start} to {self.asked.through}, the sum of the parts below"
        if self.no_days and self.asked.name == "firm":
            remark = f"whoever leaves at once ends service on {self.asked.through}"
        elif self.no_days:
            remark = f"notice ends nothing before the term ends, on {self.asked.through}"
        name = self.asked.name
        yield Figure(name[:1].upper() + name[1:], self.amount, remark)

    @property
    def is_rounded(self) -> bool:
        """Whether a part differs from its exact amount."""
        return any(part.exact != Fraction(part.amount) for part in self.parts)

    def _views(self) -> Iterator[View]:
        """A row for each part; then each input once, and what sets the last day."""
        if not self.no_days:
            yield view(SHOWN, self.parts, {"charge": "Total", "amount": self.amount})
        inputs = dict.fromkeys(term for part in self.parts for term in self.inputs[part])
        for heading, terms in (("Input", inputs), ("Last day is set by", self.exit_inputs)):
            if terms:
                path = Field("path", heading)
                yield view((path, *only(INPUTS, "text"), self._where()), terms)

    def _where(self) -> Field:
        """The line of a term; what it stands in, unless that is the file."""
        file = self.scenario.file.source.name
        return Field(
            "where",
            "Where",
            "text",
            lambda term: f"line {term.line}" if term.file == file else term.file,
        )

    def _charts(self) -> Iterator[Chart]:
        """What each part brings; of many, over time."""
        kind = "bars" if len(self.parts) <= MOST_BARS else "columns"
        booked = only(SHOWN, "amount")
        title = f"Parts of {self.asked.name}"
        yield chart_of(title, kind, self.currency, booked, self.parts, "start", name=_called)

    def _notes(self) -> Iterator[Note]:
        if not self.no_days:
            yield from self._remarks()
        yield from super()._notes()

    def _remarks(self) -> Iterator[Note]:
        unit = f"{decimal_text(Fraction(1, 10**self.deal.places))} {self.currency}"
        if self.is_rounded:
            yield Note(
                "An amount after the last = is exact, to six decimals. Booked is the difference of "
                "what is earned by the last day and by the day before the first, each rounded "
                f"half-up to {unit}: so parts add up, and one may be a unit off its exact amount.",
                "detail",
            )
        else:
            yield Note("Each amount is exactly rate x weight: nothing is rounded.", "detail")
        if self.year_end != 12:
            month = f"{self.year_end:02}"
            yield Note(f"Years end with month {month}, and are named for the year they end in.")


# --- what is explained ----------------------------------------------------------------------------


Explained = tuple[Asked, list[Part], tuple[str, ...]]
"""What is asked, with the days that it really has; its parts; and what sets its last day."""


def _explained(
    scenario: Scenario, priced: Priced, ended: Ended | None, text: str, year_end: int
) -> Explained:
    """What a text asks for; raises Refused."""
    if ended:  # what is taken after the notice counts for nothing
        priced = priced.agreed_on(ended.notice)
    exits = (ended.exit,) if ended else ()
    last = priced.schedule_after(exits).last_day if ended else priced.last
    if text == "forgone":
        if not ended:
            help = "choose a case that gives notice"
            raise refuse("command-line", "nothing is forgone: nobody gives notice", help, "FIGURE")
        what = Asked(text, ended.last_day + DAY, priced.last)
        forgone = list(parts(priced, what.start, what.through, {*ended.exit.ends}))
        return what, forgone, _notice_paths(scenario, ended)
    if text == "firm":
        return _firm(scenario, priced)
    first = min(scenario.deal.first, last)  # service may end before it has begun
    what = asked(scenario.deal, text, first, year_end)
    start, through = max(what.start, first), min(what.through, last)
    if start > last or what.through < start:
        raise _outside(scenario, what, last)
    leaves = ended is not None and start <= ended.last_day <= through
    charges = None if what.charge is None else {what.charge}
    found = list(parts(priced, start, through, charges, exits=exits))
    if ended and ended.fee and what.charge in (None, "fee") and leaves:
        found.append(fee(priced, ended.exit))
    paths = _notice_paths(scenario, ended) if ended and leaves else ()
    return what._replace(start=start, through=through), found, paths


def _outside(scenario: Scenario, what: Asked, last: date) -> Refused:
    message = f"the schedule has no {what.name[:80]}"
    help = f"it runs from {scenario.deal.first} to {last}"
    return refuse("command-line", message, help, "FIGURE")


def _notice_paths(scenario: Scenario, ended: Ended) -> tuple[str, ...]:
    """The terms that set the last day after notice."""
    by = early_end.asked_party(scenario, None)
    keys = GIVING if scenario.what_if.right is not None else GIVING[:2]
    return *map(scenario.notice_path, keys), *exit_paths(scenario.deal, ended.exit, by)


def _firm(scenario: Scenario, priced: Priced) -> Explained:
    """What is firm at signing: what is earned to the earliest exit, with the buyer's fee."""
    at = priced.at_signing()
    assert at.earliest_exit  # for it is signed
    priced = priced.agreed_on(at.as_of)
    what = Asked("firm", at.as_of, priced.schedule_after(at.exits).last_day)
    found = list(parts(priced, what.start, what.through, exits=at.exits))
    for exit in at.exits:
        if exit.fee > 0:
            most = at.firm - sum((part.amount for part in found), Decimal(0))
            found.append(at_most(fee(priced, exit), most, priced))
    if at.firm < sum((part.amount for part in found), Decimal(0)):
        # Where the seller pays more by staying, firm is what remains: nobody leaves.
        what = what._replace(through=priced.last)
        found = list(parts(priced, what.start, what.through))
    options = scenario.deal.options.items()
    taken = (f"options.{name}.taken" for name, option in options if option.taken)
    return what, found, (*exit_paths(scenario.deal), *taken)


# --- a part in words ------------------------------------------------------------------------------


def _inputs(scenario: Scenario, paths: Iterable[str]) -> list[Input]:
    """Terms with their lines; what nobody has said is not there."""
    nodes = ((path, scenario.find(path)) for path in paths)
    return [Input(path, node.text(), node.source.name, node.line) for path, node in nodes if node]


def how(part: Part) -> str:
    """What the rate of a part is made of, in words."""
    return " ".join(factor.text for factor in part.factors)


def _days(part: Part) -> str:
    return f"{part.start}" if part.start == part.through else f"{part.start} to {part.through}"


def _called(part: Part) -> str:
    return f"{part.charge}, {_days(part)}"


def _arithmetic(part: Part) -> str:
    """From the factors of a rate, by the months or days that it counts, to what is not booked."""
    exact = f" = {readable('rate', part.exact)}" if part.exact != Fraction(part.amount) else ""
    if part.rate is None:
        return f"{how(part)}{exact}"
    rate = f" = {readable('rate', part.rate)} a {part.per}" if len(part.factors) > 1 else ""
    length = f"{decimal_text(part.weight)} {part.per}{'' if part.weight == 1 else 's'}"
    return f"{how(part)}{rate}, x {length}{exact}"

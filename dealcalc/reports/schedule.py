"""`dealcalc schedule`: revenue by month and by year."""

from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from dealcalc.core import Backlog
from dealcalc.earned import Line, money
from dealcalc.figures.subject import priced_deal
from dealcalc.loading.problems import Refused
from dealcalc.loading.scenario import Scenario
from dealcalc.reports import early_end
from dealcalc.reports.deal_report import DealReport, charges_view
from dealcalc.reports.options import OpenOptions, open_options
from dealcalc.reports.periods import Calendar, Timeline, months_of, nothing
from dealcalc.reports.reasons import exact_reason, firm_text
from dealcalc.reports.report import (
    Chart,
    Field,
    Figure,
    Note,
    Table,
    View,
    chart_of,
    fields,
    listed,
    within,
)
from dealcalc.reports.units import money_text
from dealcalc.terms.dates import DAY
from dealcalc.terms.values import Span


class SignedReading(NamedTuple):
    """A reading of who may leave, and when; where the deal stands at signing by it."""

    name: str
    stands: Backlog


STANDS = within("stands", fields("firm", "cancellable"))
LINES = fields("charge", "start", "through", "days", "rate", "amount", "per")


class ScheduleReport(DealReport):
    """The schedule of a deal; with a case that gives notice, through the last day of service.

    Raises Refused where that notice may not be given.
    """

    command = "schedule"

    def __init__(self, scenario: Scenario, period: str | None = None, year_end: int = 12) -> None:
        super().__init__(scenario)
        self.period, self.calendar = period, Calendar(year_end)
        self.csv = f"{period}s" if period else "lines"
        self.ended = early_end.asked_end(scenario, self.priced)
        self.schedule = early_end.schedule_after(self.priced, self.ended)

    @cached_property
    def optional(self) -> OpenOptions:
        """What may still be taken."""
        return open_options(self.priced, self.ended)

    @cached_property
    def timeline(self) -> Timeline:
        """The schedule by month."""
        months = months_of(self.schedule, self._firm_part)
        total = self.schedule.total
        return Timeline(months, total, self.calendar, self.period, says_firm=True)

    def _firm_part(self, line: Line) -> Decimal:
        """What of a line is firm at signing: earned from then through the earliest exit.

        All lines together, and the buyer's fee as far as it is firm, are what is firm at signing. A
        fee in the schedule is that of a notice, and no part of this.
        """
        agreed, exit = self.priced.agreed_on(self.deal.signed), self.signed.earliest_exit
        charge = agreed.charges.get(line.charge)
        first = max(line.start, self.deal.signed)
        through = min(line.through, exit) if exit else line.through
        if charge is None or first > through:
            return nothing(self.deal)
        return money(charge.booked(through) - charge.booked(first - DAY), self.deal.places)

    def _facts(self) -> dict[str, Any]:
        optional = self.optional.facts(self.schedule.total)
        return (
            super()._facts() | {"at_signing": self._at_signing()} | optional | self.timeline.facts()
        )

    def _at_signing(self) -> dict[str, Any]:
        """What is firm at signing; the lowest and the highest by any sourced reading."""
        amounts = [reading.stands.firm for reading in self.readings]
        names = "as_of", "firm", "firm_share", "earliest_exit", "by", "fee"
        said = {name.removeprefix("firm_"): getattr(self.signed, name) for name in names}
        why = exact_reason(self.deal, self.signed)
        return said | {"reason": why, "low": min(amounts), "high": max(amounts)}

    def _tables(self) -> Iterator[Table]:
        firm = Field("firm", "Firm", "money", self._firm_part)
        yield Table("lines", (*LINES, firm), self.schedule.lines)
        yield from self.timeline.tables()
        yield from self.optional.tables()

    def _after(self) -> dict[str, Any]:
        return {"total": self.schedule.total, **super()._after()}

    def _views(self) -> Iterator[View]:
        yield self.timeline.view()
        yield self._charges()

    def _charges(self) -> View:
        earned = dict.fromkeys(self.schedule.deal.charges, nothing(self.deal))
        for line in self.schedule.lines:
            if line.charge in earned:
                earned[line.charge] += line.amount
        return charges_view(self.scenario, earned, self.ended)

    def _notes(self) -> Iterator[Note]:
        yield from self.optional.notes()
        yield from super()._notes()
        yield from self.calendar.notes()

    def _charts(self) -> Iterator[Chart]:
        if not self.ended:
            title = "Contract value, and what of it is firm at signing"
            yield chart_of(title, "bars", self.currency, STANDS, self.readings, name="name")
        yield self.timeline.chart(self.currency)

    # --- the answer first -------------------------------------------------------------------------

    def _figures(self) -> Iterator[Figure]:
        parties = f"{self.deal.buyer} to {self.deal.seller}"
        yield Figure("Total", self.schedule.total, f"{parties}, {self._service()}")
        if self.ended:
            given = f"notice on {self.ended.notice} by {self.ended.by}"
            ends = self.ended.exit.ends
            what = "service" if len(ends) == len(self.deal.charges) else listed(ends)
            remark = f"{given}; {what} ends on {self.ended.last_day}"
            yield Figure("Forgone", self.ended.forgone, remark)
        else:
            yield from self._firm()
            yield from self.optional.figures(self.schedule.total, self.currency)

    def _service(self) -> str:
        """From when to when there is service, and how many months that is."""
        served = sum(1 for month in self.timeline.months if month.days)
        if not served:
            return "no service at all"
        first = min(self.deal.dates(charge)[0] for charge in self.deal.charges.values())
        last = self.schedule.last_day
        whole = first.day == 1 and (last + DAY).day == 1
        length = f"{Span(served, 'months')}" if whole else f"in {served} calendar months"
        return f"{first} to {last}, {length}"

    def _firm(self) -> Iterator[Figure]:
        """What is firm at signing, and by each other sourced reading of who may leave, and when."""
        firm = firm_text(self.deal, self.signed)
        yield Figure("Firm", self.signed.firm, f"at signing, {self.signed.as_of}: {firm}")
        if len(self.readings) > 1:
            yield self._range()
        for name, stands in self._by_case.items():
            if isinstance(stands, str):
                yield Figure("Firm", "none", f"not possible by the reading {name}: {stands}")

    def _range(self) -> Figure:
        """From the least to the most that is firm at signing by any reading, and their names."""
        ordered = sorted(self.readings, key=lambda reading: reading.stands.firm)
        low, high = (ordered[end].stands.firm for end in (0, -1))
        names = ", ".join(reading.name for reading in ordered)
        if low == high:
            return Figure("Firm", low, f"by each of {len(ordered)} readings: {names}")
        to = f"to {money_text(high, self.currency)}, over {len(ordered)} readings, low to high"
        return Figure("Firm", low, f"{to}: {names}")

    @cached_property
    def signed(self) -> Backlog:
        """Where the deal stands at signing."""
        return self.priced.at_signing()

    @cached_property
    def readings(self) -> list[SignedReading]:
        """The file's own reading of who may leave, and when, and each other one with a source."""
        by_name = {"as the file says": self.signed} | self._by_case
        return [
            SignedReading(name, stands)
            for name, stands in by_name.items()
            if isinstance(stands, Backlog)
        ]

    @cached_property
    def _by_case(self) -> dict[str, Backlog | str]:
        """Where the deal stands at signing by each sourced case about leaving.

        Where a setting does not fit it, the reason.
        """
        return {
            name: self._stands_in(name)
            for name, case in self.deal.cases.items()
            if case.source and case.terms and not case.notice
            if all(map(_is_about_leaving, case.terms))
        }

    def _stands_in(self, case: str) -> Backlog | str:
        try:
            return priced_deal(self.scenario.in_case(case)).at_signing()
        except Refused as refused:
            return refused.problems[0].message


def _is_about_leaving(path: str) -> bool:
    return path.split(".")[0] == "termination" or path == "term.signed"

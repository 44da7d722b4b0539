"""`dealcalc schedule`: revenue by month and by year."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, NamedTuple

from dealcalc.core import Backlog
from dealcalc.figures.subject import priced_deal
from dealcalc.loading.problems import Refused
from dealcalc.loading.scenario import Scenario
from dealcalc.reports import early_end
from dealcalc.reports.deal_report import DealReport, charges_view
from dealcalc.reports.periods import Calendar, Timeline, months_of, nothing
from dealcalc.reports.reasons import SILENT, reason
from dealcalc.reports.report import (
    Chart,
    Figure,
    Note,
    Table,
    View,
    chart_of,
    fields,
    readable,
    within,
)
from dealcalc.terms.dates import DAY
from dealcalc.terms.values import Span


class SignedReading(NamedTuple):
    """A sourced reading of who may leave, and when; where the deal stands at signing by it.

    None where a setting does not fit it, for the reason.
    """

    name: str
    stands: Backlog | None
    reason: str = ""

    def figure(self) -> Figure:
        """What is firm by it, or why nothing is."""
        if self.stands is None:
            return Figure("Firm", "none", f"not possible by the reading {self.name}: {self.reason}")
        return Figure("Firm", self.stands.firm, f"{_of_it(self.stands)} by the reading {self.name}")


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
    def timeline(self) -> Timeline:
        """The schedule by month."""
        return Timeline(months_of(self.schedule), self.schedule.total, self.calendar, self.period)

    def _facts(self) -> dict[str, Any]:
        return super()._facts() | {"at_signing": self._at_signing()} | self.timeline.facts()

    def _at_signing(self) -> dict[str, Any]:
        """What is firm at signing; the lowest and the highest by any sourced reading."""
        known = [self.signed, *(each.stands for each in self.readings if each.stands)]
        amounts = [stands.firm for stands in known]
        names = "as_of", "firm", "firm_share", "earliest_exit", "by", "fee"
        said = {name.removeprefix("firm_"): getattr(self.signed, name) for name in names}
        return said | {"low": min(amounts), "high": max(amounts)}

    def _tables(self) -> Iterator[Table]:
        yield Table("lines", LINES, self.schedule.lines)
        yield from self.timeline.tables()

    def _after(self) -> dict[str, Any]:
        return {"total": self.schedule.total, **super()._after()}

    def _views(self) -> Iterator[View]:
        yield self.timeline.view()
        yield self._charges()

    def _charges(self) -> View:
        earned = dict.fromkeys(self.deal.charges, nothing(self.deal))
        for line in self.schedule.lines:
            if line.charge in earned:
                earned[line.charge] += line.amount
        return charges_view(self.scenario, earned, self.ended)

    def _notes(self) -> Iterator[Note]:
        yield from super()._notes()
        yield from self.calendar.notes()

    def _charts(self) -> Iterator[Chart]:
        if not self.ended:
            title = "Contract value, and what of it is firm at signing"
            own = SignedReading("as the file says", self.signed)
            known = [own, *(reading for reading in self.readings if reading.stands)]
            yield chart_of(title, "bars", self.currency, STANDS, known, name="name")
        yield self.timeline.chart(self.currency)

    # --- the answer first -------------------------------------------------------------------------

    def _figures(self) -> Iterator[Figure]:
        parties = f"{self.deal.buyer} to {self.deal.seller}"
        yield Figure("Total", self.schedule.total, f"{parties}, {self._service()}")
        if self.ended:
            given = f"notice on {self.ended.notice} by {self.ended.by}"
            remark = f"{given}; service ends on {self.ended.last_day}"
            yield Figure("Forgone", self.ended.forgone, remark)
        else:
            yield from self._firm()

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
        silent = f" {SILENT}" if self.deal.termination is None else ""
        firm = f"{_of_it(self.signed)} firm{silent} at signing, {self.signed.as_of}"
        yield Figure("Firm", self.signed.firm, f"{firm}: {reason(self.deal, self.signed)}")
        for reading in self.readings:
            yield reading.figure()

    @cached_property
    def signed(self) -> Backlog:
        """Where the deal stands at signing."""
        return self.priced.at_signing()

    @cached_property
    def readings(self) -> list[SignedReading]:
        """Each other sourced reading of who may leave, and when."""
        readings = []
        for name, case in self.deal.cases.items():
            about_leaving = case.set and all(map(_is_about_leaving, case.set))
            if case.source and not case.notice and about_leaving:
                readings.append(self._reading(name))
        return readings

    def _reading(self, name: str) -> SignedReading:
        try:
            stands = priced_deal(self.scenario.in_case(name)).at_signing()
        except Refused as refused:
            return SignedReading(name, None, refused.problems[0].message)
        return SignedReading(name, stands)


def _of_it(stands: Backlog) -> str:
    """What of all that is to come is firm."""
    return readable("share", stands.firm_share)


def _is_about_leaving(path: str) -> bool:
    return path.split(".")[0] == "termination" or path == "term.signed"

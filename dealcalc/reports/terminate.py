"""`dealcalc terminate`: what ending early costs, by when notice must be given, and every notice."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cached_property
from operator import attrgetter
from typing import Any, NamedTuple

from dealcalc.core import Ended, Priced
from dealcalc.earned import money
from dealcalc.leaving import last_day_of_each
from dealcalc.loading.problems import Refused, refuse
from dealcalc.loading.scenario import Scenario
from dealcalc.reports import early_end
from dealcalc.reports.deal_report import DealReport, charges_view
from dealcalc.reports.periods import (
    Calendar,
    Period,
    by_period,
    month_chart,
    months_of,
    nothing,
    period_fields,
)
from dealcalc.reports.report import (
    Chart,
    Field,
    Figure,
    Note,
    Table,
    View,
    bar_of,
    fields,
    listed,
    readable,
    view,
)
from dealcalc.reports.units import money_text
from dealcalc.terms.dates import DAY
from dealcalc.terms.deal import PARTIES, Deal
from dealcalc.terms.rights import NotPermitted

ENDS = (
    *fields("notice", "by", "last_day", "earned money", "fee money", "total money"),
    *fields("forgone money", "earned_share share"),
)
"""What is said of every early end."""

RIGHT = (
    Field("right", "Right", value=attrgetter("exit.right")),
    Field("ends", "Ends", value=lambda end: ", ".join(end.exit.ends)),
)
"""By which right, counted from 0, and which charges it ends."""

SCALARS = (
    "notice",
    "by",
    "last_day",
    "earned",
    "fee",
    "total",
    "forgone",
    "full_term",
    "earned_share",
)
"""What JSON says of one, before its tables."""

DAYS = {"week": 7 * DAY, "day": DAY}


class TerminationReport(DealReport):
    """What every answer about an early end says: what there is without one, and how it counts."""

    def _after(self) -> dict[str, Any]:
        return {"natural_end": self.deal.last, **super()._after()}

    def _notes(self) -> Iterator[Note]:
        yield early_end.counting_note(self.deal)
        yield from super()._notes()

    def _full_term(self) -> Figure:
        until = f"{self.deal.buyer} to {self.deal.seller}, until {self.priced.last}"
        return Figure("Full term", money(self.priced.full, self.deal.places), until)


# --- one early end --------------------------------------------------------------------------------


class YearOfTerm(NamedTuple):
    """A year of the full term beside what is left of it."""

    year: int
    revenue: Decimal
    full_term: Decimal

    @property
    def change(self) -> Decimal:
        """What is left less what was agreed."""
        return self.revenue - self.full_term


class MonthOfTerm(NamedTuple):
    """A month with what is still paid in it, and what is no longer earned."""

    name: str
    first: date
    revenue: Decimal
    forgone: Decimal


YEARS = fields("year", "revenue money", "full_term money", "change money")
LEFT = fields("revenue money", "forgone money")


class EarlyEndReport(TerminationReport):
    """A deal after notice on a day by a party, or the case's notice. Raises Refused."""

    command = "terminate"
    version = 2

    def __init__(
        self,
        scenario: Scenario,
        day: date | None = None,
        by: str | None = None,
        right: int | None = None,
    ) -> None:
        super().__init__(scenario)
        ended = early_end.asked_end(scenario, self.priced, day, by, right)
        if ended is None:
            case = scenario.case
            who = f"the case {case} gives no notice" if case else "no notice is given"
            help = "add --notice DATE, --last-day DATE or --every month"
            raise refuse("command-line", f"{who}, and nothing is asked", help)
        self.ended = ended

    @cached_property
    def terms(self) -> Priced:
        """The deal as it is agreed on the day of notice."""
        return self.priced.agreed_on(self.ended.notice)

    @cached_property
    def _left_by_month(self) -> tuple[Period, ...]:
        """The months through the last day, the fee in the last one."""
        return months_of(early_end.schedule_after(self.priced, self.ended))

    @cached_property
    def _agreed_by_month(self) -> tuple[Period, ...]:
        return months_of(self.terms.schedule())

    @cached_property
    def _years(self) -> list[YearOfTerm]:
        """Every year of the full term; the fee is in the last day's year."""
        zero, calendar = self.ended.full_term * 0, Calendar()
        left, agreed = (
            {year.name: year.revenue for year in by_period(months, "year", calendar)}
            for months in (self._left_by_month, self._agreed_by_month)
        )
        years = [year for year in (*left, *agreed) if isinstance(year, int)]
        return [
            YearOfTerm(year, left.get(year, zero), agreed.get(year, zero))
            for year in range(min(years), max(years) + 1)
        ]

    def _facts(self) -> dict[str, Any]:
        return super()._facts() | {name: getattr(self.ended, name) for name in SCALARS}

    def _tables(self) -> Iterator[Table]:
        yield Table("months", period_fields("month"), self._left_by_month)
        yield Table("years", YEARS, self._years)

    def csv_table(self) -> Table:
        """The end in one row."""
        return Table("rows", ENDS, (self.ended,))

    def _views(self) -> Iterator[View]:
        highest = max(max(year.revenue, year.full_term) for year in self._years)
        total = {"year": "Total", "revenue": self.ended.total, "full_term": self.ended.full_term}
        total |= {"change": self.ended.total - self.ended.full_term}
        yield view((*YEARS, bar_of("revenue", highest)), self._years, total)
        ends = last_day_of_each([self.ended.exit])
        earned = {
            name: money(charge.booked(ends.get(name, self.terms.last)), self.deal.places)
            for name, charge in self.terms.charges.items()
        }
        yield charges_view(self.scenario, earned, self.ended)

    def _notes(self) -> Iterator[Note]:
        yield from _remarks(self.terms, self.ended)
        yield from super()._notes()

    def _charts(self) -> Iterator[Chart]:
        """What is still paid by month, and upon it what is no longer earned."""
        left = {month.first: month for month in self._left_by_month}
        agreed = {month.first: month for month in self._agreed_by_month}
        none, months = nothing(self.deal), []
        for first in sorted({*left, *agreed}):
            paid = left[first].revenue if first in left else none
            due = agreed[first].revenue if first in agreed else none
            months.append(MonthOfTerm(f"{first:%Y-%m}", first, paid, max(due - paid, none)))
        yield month_chart("Revenue", self.currency, months, LEFT)

    def _figures(self) -> Iterator[Figure]:
        deal, ended = self.deal, self.ended
        nothing = (
            " changes nothing: the term ends then" if ended.last_day == self.terms.last else ""
        )
        full = f"of the full term, {money_text(ended.full_term, deal.currency)}"
        only = only_text(deal, ended)
        given = f"notice on {ended.notice} by {party_text(deal, ended.by)}{only}{nothing}"
        yield Figure("Last day", f"{ended.last_day}", given)
        yield Figure("Earned", ended.earned, f"{readable('share', ended.earned_share)} {full}")
        yield Figure("Fee", ended.fee, _fee(deal, ended))
        yield Figure("Total", ended.total, f"{deal.buyer} to {deal.seller}")
        yield Figure(
            "Forgone", ended.forgone, f"{readable('share', 1 - ended.earned_share)} {full}"
        )


def party_text(deal: Deal, by: str) -> str:
    """Who leaves, by role and name."""
    return "either party" if by == "either" else f"the {by}, {getattr(deal, by)}"


def only_text(deal: Deal, ended: Ended) -> str:
    """Which charges end, where that are not all of them."""
    ends = ended.exit.ends
    return "" if len(ends) == len(deal.charges) else f"; it ends {listed(ends)} only"


def _fee(deal: Deal, ended: Ended) -> str:
    """Who pays the fee, and what was agreed; or why there is none."""
    fee = deal.rights[ended.exit.right].fee_on(ended.last_day)
    if fee is None:
        return "none in the terms"
    if not ended.fee:
        return "none falls due"
    payer, payee = ("buyer", "seller") if ended.fee > 0 else ("seller", "buyer")
    agreed = f": {fee.agreed}" if fee.agreed else ""
    return f"{getattr(deal, payer)} pays {getattr(deal, payee)}{agreed}"


def _remarks(priced: Priced, ended: Ended) -> Iterator[Note]:
    if ended.last_day == priced.last:
        yield Note(
            f"Notice on {ended.notice} changes nothing: it ends service no earlier than "
            f"{priced.last}, on which the term ends by itself."
        )
    if ended.fee:
        yield Note(f"The fee is in the revenue of {ended.last_day.year} and in the total.")
    if ended.fee > ended.forgone:
        forgone = money_text(ended.forgone, priced.deal.currency)
        yield Note(
            f"The fee is more than the {forgone} forgone: leaving then costs the buyer more than "
            "staying. This is what the contract says; firm and risk assume that nobody does so."
        )
    for exit in priced.exits(ended.notice):
        if exit.notice == ended.notice and ended.by not in (exit.by, "either"):
            yield Note(
                f"The {exit.by} may give notice on that day too: its last day is {exit.last_day}."
            )
    if ended.by == "either" and ended.fee:
        yield Note("Either party may leave then; the fee is the one the buyer would pay.")


# --- by when notice must be given -----------------------------------------------------------------


class LatestNoticeReport(EarlyEndReport):
    """By when notice must be given for service to end on a day, or before it where none ends on it.

    Raises Refused where no notice ends service that early.
    """

    def __init__(
        self,
        scenario: Scenario,
        last_day: date,
        by: str | None = None,
        right: int | None = None,
    ) -> None:
        DealReport.__init__(self, scenario)
        priced, party = self.priced, early_end.asked_party(scenario, by)
        right = early_end.asked_right(scenario, right)
        latest = priced.latest_notice(last_day, party, right)
        if latest is None:
            raise _too_early(scenario, priced, last_day, party, right)
        self.asked, self.ended = last_day, priced.terminate(latest, party, right)
        try:
            later = priced.terminate(latest + DAY, party, right)
        except NotPermitted:  # the latest was the last of all
            later = None
        self.missed = later if self.ended.last_day != last_day else None

    def _facts(self) -> dict[str, Any]:
        return super()._facts() | {
            "asked_last_day": self.asked,
            "next_notice": self.missed and self.missed.notice,
            "next_last_day": self.missed and self.missed.last_day,
        }

    def _figures(self) -> Iterator[Figure]:
        remark = _by_when(self.priced, self.ended, self.asked, self.missed)
        yield Figure("Notice by", f"{self.ended.notice}", remark)
        yield from super()._figures()


def _by_when(priced: Priced, ended: Ended, asked: date, missed: Ended | None) -> str:
    if asked >= priced.last:
        longer = f", and none makes it last to {asked}" if asked > priced.last else ""
        return f"none is needed: the term ends on {priced.last}{longer}"
    if not missed:
        return f"the latest day of notice for service to end on {asked}"
    party = next((party for party in PARTIES if _ends_on(priced, asked, party)), None)
    exact = f"to end on {asked}, --by {party}" if party else f"no notice ends on {asked}"
    ends = f"this one ends on {ended.last_day}, one on {missed.notice} ends on {missed.last_day}"
    return f"{exact}; {ends}"


def _ends_on(priced: Priced, last_day: date, party: str) -> bool:
    """Whether a party alone can end service on just that day."""
    latest = priced.latest_notice(last_day, party)
    return latest is not None and priced.terminate(latest, party).last_day == last_day


def _too_early(
    scenario: Scenario, priced: Priced, last_day: date, by: str | None, right: int | None
) -> Refused:
    """The refusal of a last day before every one that notice could bring about."""
    early_end.window(scenario, priced, by, right)
    first = min(priced.exits(priced.deal.signed, by, right), key=lambda exit: exit.last_day)
    clause = "lock_out" if first.notice > priced.deal.signed else "notice"
    message = f"no notice ends service on or before {last_day}"
    help = f"the earliest last day is {first.last_day}, by notice on {first.notice}"
    return early_end.refused_at(scenario, f"termination.{first.right}.{clause}", message, help)

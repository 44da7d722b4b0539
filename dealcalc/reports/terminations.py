"""`dealcalc terminate` on more than one notice: the first by each right, or every day of it."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from functools import cached_property
from typing import Any

from dealcalc.core import Ended, Priced
from dealcalc.earned import money
from dealcalc.loading.scenario import Scenario
from dealcalc.reports import early_end
from dealcalc.reports.periods import (
    thinned,
)
from dealcalc.reports.report import (
    Chart,
    Figure,
    Note,
    Table,
    View,
    bar_of,
    chart_of,
    only,
    readable,
    view,
)
from dealcalc.reports.terminate import (
    DAYS,
    ENDS,
    RIGHT,
    TerminationReport,
    only_text,
    party_text,
)
from dealcalc.reports.units import money_text
from dealcalc.terms.dates import add_months
from dealcalc.terms.rights import NotPermitted, candidates

# --- the first of each party ----------------------------------------------------------------------


class FirstExitsReport(TerminationReport):
    """What notice does on the first day on which each right may be used; or those of one party.

    Who is out first comes first; nobody is there who may never leave. Raises Refused where the
    party that is asked for may not.
    """

    command = "exits"

    def __init__(self, scenario: Scenario, by: str | None = None, right: int | None = None) -> None:
        super().__init__(scenario)
        party, priced = early_end.asked_party(scenario, by), self.priced
        right = early_end.asked_right(scenario, right)
        if right is not None or (party and not self.deal.has_right(party)):
            early_end.window(scenario, priced, party, right)
        rights = range(len(self.deal.rights)) if right is None else [right]
        ends = (
            priced.terminate(exit.notice, exit.by, index)
            for index in rights
            for exit in priced.exits(priced.deal.signed, party, index)
        )
        self.ends = sorted(ends, key=lambda end: (end.last_day, end.exit.right))

    def _tables(self) -> Iterator[Table]:
        yield Table("rows", (*ENDS, *RIGHT), self.ends)

    def _figures(self) -> Iterator[Figure]:
        for end in self.ends:
            given = f"by {party_text(self.deal, end.by)}; last day {end.last_day}"
            only = only_text(self.deal, end)
            yield Figure("First notice", f"{end.notice}", f"{given}{only}")
        if not self.ends:
            yield Figure("First notice", "none", "the file lets nobody leave early")
        yield self._full_term()

    def _views(self) -> Iterator[View]:
        if self.ends:
            costs = ("fee", "total") if any(end.fee for end in self.ends) else ()
            names = "notice", "by", "last_day", "earned", *costs, "forgone", "earned_share"
            several = len({end.exit.right for end in self.ends}) > 1
            yield view((*only(ENDS, *names), *(RIGHT if several else ())), self.ends)


# --- all of them ----------------------------------------------------------------------------------


class EarlyEndsReport(TerminationReport):
    """A deal ended on each day of notice, from the first permitted to the last that shortens it.

    The days are a month, a week or a day apart, counted from the first. Raises Refused where notice
    may never be given.
    """

    command = "terminations"
    version = 2

    def __init__(
        self, scenario: Scenario, every: str, by: str | None = None, right: int | None = None
    ) -> None:
        super().__init__(scenario)
        self.every, self.party = every, early_end.asked_party(scenario, by)
        self.right = early_end.asked_right(scenario, right)
        window = early_end.window(scenario, self.priced, self.party, self.right)
        self.first, self.last = window

    @cached_property
    def ends(self) -> list[Ended]:
        """The deal after each notice; of break days after the latest notice for each of them."""
        found = []
        for day in self._break_notices() or notice_days(self.first, self.last, self.every):
            with suppress(NotPermitted):  # between the windows of two rights
                found.append(self.priced.terminate(day, self.party, self.right))
        return found

    def _break_notices(self) -> list[date]:
        """The latest notice for each break day; none where there are other rights to use."""
        rights = [self.deal.rights[i] for i in candidates(self.deal, self.party, self.right)]
        if not all(right.on for right in rights):
            return []
        days = sorted({day for right in rights for day in right.on})
        latest = (self.priced.latest_notice(day, self.party, self.right) for day in days)
        return [day for day in dict.fromkeys(latest) if day]

    def _facts(self) -> dict[str, Any]:
        return super()._facts() | {
            "every": self.every,
            "party": self.party,
            "first_notice": self.first,
            "last_notice": self.last,
            "full_term": money(self.priced.full, self.deal.places),
        }

    def _tables(self) -> Iterator[Table]:
        yield Table("rows", ENDS, self.ends)

    def _figures(self) -> Iterator[Figure]:
        ends = self.first, self.last
        yield from _ends_of(self.priced, self.party, self.right, *ends)
        yield self._full_term()

    def _views(self) -> Iterator[View]:
        if self.ends:
            yield view(
                (*only(ENDS, "notice", "last_day", "earned_share"), bar_of("earned_share")),
                thinned(self.ends, "notice", 0),
            )
        yield view(only(ENDS, *self._names()), self.ends)

    def _names(self) -> Iterator[str]:
        """`By` where it varies, and the fee and the total where there is a fee."""
        yield "notice"
        if len({end.by for end in self.ends}) > 1:
            yield "by"
        yield "last_day"
        yield from ("fee", "total") if any(end.fee for end in self.ends) else ("earned", "forgone")
        yield "earned_share"

    def _notes(self) -> Iterator[Note]:
        if self.party is None and len({end.by for end in self.ends}) > 1:
            yield Note(
                "Each row is the notice of the party whose last day is the earlier.", "detail"
            )
        if any(end.by == "either" and end.fee for end in self.ends):
            yield Note("Where either party may leave, the fee is the one the buyer would pay.")
        yield from super()._notes()

    def _charts(self) -> Iterator[Chart]:
        title = "What is earned and forgone, by day of notice"
        series = only(ENDS, "earned", "forgone")
        yield chart_of(title, "bands", self.currency, series, self.ends, "notice")


def notice_days(first: date, last: date | None, every: str) -> Iterator[date]:
    """Days from the first to the last, both included; months count from the first, unchained."""
    step, day = 0, first
    while last and day <= last:
        yield day
        step += 1
        day = add_months(first, step) if every == "month" else first + step * DAYS[every]


def _ends_of(
    priced: Priced, by: str | None, right: int | None, first: date, last: date | None
) -> Iterator[Figure]:
    """The first notice and the last, and what there is to lose."""
    deal = priced.deal
    for name, day in (("First notice", first), ("Last notice", last)):
        if day is None:
            yield Figure(name, "none", f"no notice ends service before {priced.last}")
            continue
        ended = priced.terminate(day, by, right)
        share = readable("share", ended.earned_share)
        earned = f"{money_text(ended.earned, deal.currency)} earned, {share}"
        yield Figure(
            name, f"{day}", f"{party_text(deal, ended.by)}; last day {ended.last_day}, {earned}"
        )

"""`dealcalc backlog`: what is earned, firm and cancellable over time."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from operator import attrgetter
from typing import Any

from dealcalc.core import Backlog, Ended
from dealcalc.loading.scenario import Scenario
from dealcalc.reports import early_end
from dealcalc.reports.deal_report import DealReport
from dealcalc.reports.measured import share
from dealcalc.reports.options import open_options
from dealcalc.reports.periods import MOST_ROWS, thinned
from dealcalc.reports.reasons import firm_share, firm_text, reason, who
from dealcalc.reports.report import (
    Chart,
    Field,
    Figure,
    Note,
    Table,
    View,
    chart_of,
    fields,
    only,
    view,
)
from dealcalc.reports.units import money_text
from dealcalc.terms.dates import DAY, month_ends
from dealcalc.terms.deal import Deal

STANDINGS = (
    *fields("as_of", "moment"),
    *fields("earned money", "firm money", "cancellable money", "contract_value money"),
    *fields("optional money", "callable money", "not_begun money"),
    *fields("earliest_exit", "by", "fee money"),
)
"""What is said of each moment."""

PARTS = only(STANDINGS, "earned", "firm", "cancellable")
"""The three parts of the contract value."""

MORE = "optional", "callable"
"""What options would add: no part of the contract value."""

FIRM = Note(
    "Firm money is non-cancellable: it is still paid if notice is given that day, or on the first "
    "later day on which it may be given, by the party whose leaving costs the seller more. "
    "Cancellable is the rest of the contract value. These are not accounting figures: remaining "
    "performance obligations follow their own rules.",
    "detail",
)
"""What the words mean, said under every answer that has them."""


class BacklogReport(DealReport):
    """Where a deal stands at the close of a day, or over its term from signing, month by month.

    `as_of` is a day, or "signing": the opening of the day on which it is signed.
    `by` counts one party's right alone. From the day on which a case gives notice the last day is
    fixed, and all that is still paid is firm. Raises Refused.
    """

    command = "backlog"
    version = 2

    def __init__(
        self,
        scenario: Scenario,
        as_of: date | str | None = None,
        every: str | None = None,
        by: str | None = None,
    ) -> None:
        super().__init__(scenario)
        self.party = early_end.asked_party(scenario, by or "either")
        self.ended = early_end.asked_end(scenario, self.priced)
        self.last_day = self.ended.last_day if self.ended else self.priced.last
        self.every, self.rows = every, [*self._stands(as_of, every)]
        first = self.rows[0]
        firm = firm_share(self.deal, first) or reason(self.deal, first)
        self.title = f"Firm {when(first)}: {firm} · {self.title}"

    def _stands(self, as_of: date | str | None, every: str | None) -> Iterator[Backlog]:
        """The moment that is asked for, then the closes of later days where more is asked for."""
        if isinstance(as_of, date):
            before = as_of
            yield self.priced.backlog(as_of, self.party, self.ended)
        else:
            before = self.deal.signed - DAY
            yield self.priced.at_signing(self.party)
        if every or as_of is None:
            for day in days(before, self.last_day, every):
                yield self.priced.backlog(day, self.party, self.ended)

    def _facts(self) -> dict[str, Any]:
        notice = self.ended and self.ended.notice
        more = {"party": self.party, "notice": notice, "last_day": self.last_day}
        return super()._facts() | more

    def _tables(self) -> Iterator[Table]:
        yield Table("rows", STANDINGS, self.rows)

    def _figures(self) -> Iterator[Figure]:
        """The first row, since it is what was asked for: a day, or signing."""
        row = self.rows[0]
        firm = firm_text(self.deal, row, self.party)
        yield Figure("Firm", row.firm, f"{when(row)}: {firm}")
        if not row.is_signed:
            return
        if row.earned:
            through = row.as_of if row.moment == "close" else row.as_of - DAY
            yield Figure("Earned", row.earned, f"through {through}")
        yield Figure("Cancellable", row.cancellable, "the rest")
        yield Figure(
            "Contract value", row.contract_value, "earned + firm + cancellable, on every day"
        )

        if row.optional or row.callable:
            more = open_options(self.priced, day=row.as_of)
            yield from more.figures(row.contract_value, self.currency)

    def _views(self) -> Iterator[View]:
        firm = Field("firm", "Firm", "share", attrgetter("firm_share"))
        few = [self.rows[0], *thinned(self.rows[1:], "as_of", -1, MOST_ROWS - 1)]
        yield view((AS_OF, firm, BANDS), few)
        yield view((AS_OF, *self._shown()), self.rows if self.every else few)

    def _shown(self) -> Iterator[Field]:
        for field in only(STANDINGS, *self._names()):
            yield field._replace(value=self._exit) if field.name == "earliest_exit" else field

    def _exit(self, row: Backlog) -> str:
        return f"{row.earliest_exit or reason(self.deal, row)}"

    def _names(self) -> Iterator[str]:
        """Contract value and party where they vary, and the fee where there is one."""
        yield from ("earned", "firm", "cancellable")
        if any(0 < row.not_begun < row.firm for row in self.rows):
            yield "not_begun"
        yield from (name for name in MORE if any(getattr(row, name) for row in self.rows))
        if len({row.contract_value for row in self.rows}) > 1:
            yield "contract_value"
        yield "earliest_exit"
        if len({row.by for row in self.rows}) > 1:
            yield "by"
        if any(row.fee for row in self.rows):
            yield "fee"

    def _notes(self) -> Iterator[Note]:
        yield FIRM
        if self.party:
            alone = f"Only the {self.party}'s right is counted."
            yield Note(
                alone
                if self.deal.has_right(self.party)
                else f"The {self.party} has no right to leave."
            )
        if self.ended:
            yield _notice_note(self.deal, self.ended)
        if any(row.fee > 0 for row in self.rows):
            yield Note("The buyer's fee is part of firm; nobody pays more to leave than to stay.")
        if any(row.fee < 0 for row in self.rows):
            yield Note("A fee below zero is paid by the seller, and is not part of firm.")
        yield early_end.counting_note(self.deal)
        yield from super()._notes()

    def _charts(self) -> Iterator[Chart]:
        yield backlog_chart(self.currency, self.rows)


def days(first: date, last: date, every: str | None) -> Iterator[date]:
    """The days of the later rows: after the first each month's end, week or day, then the last."""
    if every in (None, "month"):
        yield from month_ends(first + DAY, last)
        return
    step = timedelta(7 if every == "week" else 1)
    day = first + step
    while day < last:
        yield day
        day += step
    if first < last:
        yield last


# --- in words -------------------------------------------------------------------------------------


def when(row: Any) -> str:
    """The moment of a row, in words."""
    return f"at signing, {row.as_of}" if row.moment == "signing" else f"on {row.as_of}"


AS_OF = Field(
    "as_of", "As of", value=lambda row: "at signing" if row.moment == "signing" else f"{row.as_of}"
)
"""The moment of a row, in a table for people."""


def _notice_note(deal: Deal, ended: Ended) -> Note:
    given = f"Notice is given on {ended.notice} by {who(ended.by)}"
    if ended.last_day == deal.last:
        return Note(f"{given}: it changes nothing, the term ends on {ended.last_day} as agreed.")
    return Note(
        f"{given}. Until then, firm and cancellable follow the terms as agreed. From that day on "
        f"the last day is {ended.last_day}, all that is still paid is firm, and the contract value "
        f"no longer has the {money_text(ended.forgone, deal.currency)} forgone."
    )


# --- in pictures ----------------------------------------------------------------------------------


def _bands(row: Any) -> tuple[Fraction, ...]:
    """The three parts as shares of the contract value; none of nothing."""
    if not row.contract_value:
        return ()
    return tuple(share(part.getter(row), row.contract_value) for part in PARTS)


BANDS = Field("bands", "earned, firm, cancellable", "bands", _bands)
"""The parts of one contract value, or of several together."""


def backlog_chart(currency: str, rows: Sequence[Any]) -> Chart:
    """The three parts of the contract value: over time, or on the one day."""
    title, kind = ("Backlog over time", "bands") if len(rows) > 1 else ("Contract value", "bars")
    chart = chart_of(title, kind, currency, PARTS, rows, "as_of")
    return chart._replace(draws=("bands",))

"""`dealcalc backlog`: what is earned, firm and cancellable over time."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from dealcalc.core import Backlog, Ended
from dealcalc.loading.scenario import Scenario
from dealcalc.reports import early_end
from dealcalc.reports.deal_report import DealReport, right_text, who
from dealcalc.reports.measured import share
from dealcalc.reports.report import (
    Chart,
    Field,
    Figure,
    Note,
    Table,
    View,
    chart_of,
    fields,
    grouped,
    only,
    readable,
    view,
)
from dealcalc.terms.dates import DAY, month_ends, month_number
from dealcalc.terms.deal import Deal
from dealcalc.terms.rights import signing

STANDINGS = (
    *fields("as_of", "earned money", "firm money", "cancellable money", "contract_value money"),
    *fields("earliest_exit", "by", "fee money"),
)
"""What is said of each day."""

PARTS = only(STANDINGS, "earned", "firm", "cancellable")
"""The three parts of the contract value."""

BANDS = "earned, firm, cancellable"
MOST_BANDS = 24
"""Rows of the picture."""

FIRM = Note(
    "Firm is what is still paid if notice is given that day, or on the first later day on which "
    "it may be, by the party whose leaving yields less; cancellable is the rest of the contract "
    "value. These are not accounting figures: remaining performance obligations follow their own "
    "rules."
)
"""What the words mean, said under every answer that has them."""


class BacklogReport(DealReport):
    """Where a deal stands on a day, or over its term: by default from signing, at each month's end.

    `by` counts one party's right alone. From the day on which a case gives notice the last day is
    fixed, and all that is still paid is firm. Raises Refused.
    """

    command = "backlog"
    version = 2

    def __init__(
        self,
        scenario: Scenario,
        as_of: date | None = None,
        every: str | None = None,
        by: str | None = None,
    ) -> None:
        super().__init__(scenario)
        self.party = early_end.asked_party(scenario, by or "either")
        self.ended = early_end.asked_end(scenario, self.priced)
        self.last_day = self.ended.last_day if self.ended else self.priced.last
        self.as_of, self.when = as_of, f"on {as_of}" if as_of else "at signing"
        first = as_of or signing(self.deal)
        alone = as_of and not every
        on = [first] if alone else days(first, self.last_day, every)
        self.rows = [self.priced.backlog(day, self.party, self.ended) for day in on]
        firm = readable("share", share(self.rows[0].firm, self.rows[0].contract_value))
        self.title = f"Firm {self.when}: {firm} of the contract value · {self.title}"

    def _facts(self) -> dict[str, Any]:
        notice = self.ended and self.ended.notice
        more = {"party": self.party, "notice": notice, "last_day": self.last_day}
        return super()._facts() | more

    def _tables(self) -> Iterator[Table]:
        yield Table("rows", STANDINGS, self.rows)

    def _figures(self) -> Iterator[Figure]:
        """The first row, since it is what was asked for: a day, or signing."""
        row = self.rows[0]
        when = self.when if self.as_of else f"{self.when}, {row.as_of}"
        remark = f"{when}: {_who(self.deal, self.party)}; {_exit_text(row)}"
        yield Figure("Firm", row.firm, remark)
        if row.earned:
            yield Figure("Earned", row.earned, f"through {row.as_of}")
        yield Figure("Cancellable", row.cancellable, "the rest")
        yield Figure(
            "Contract value", row.contract_value, "earned + firm + cancellable, on every day"
        )

    def _views(self) -> Iterator[View]:
        firm = Field("firm", "Firm", "share", lambda row: share(row.firm, row.contract_value))
        bands = Field("bands", BANDS, "bands", _bands)
        yield view((*only(STANDINGS, "as_of"), firm, bands), _few(self.rows))
        yield view(only(STANDINGS, *self._names()), self.rows)

    def _names(self) -> Iterator[str]:
        """Contract value and party where they vary, and the fee where there is one."""
        yield from ("as_of", "earned", "firm", "cancellable")
        if len({row.contract_value for row in self.rows}) > 1:
            yield "contract_value"
        yield "earliest_exit"
        if len({row.by for row in self.rows}) > 1:
            yield "by"
        if any(row.fee for row in self.rows):
            yield "fee"

    def _notes(self) -> Iterator[Note]:
        yield FIRM
        if self.ended:
            yield _notice_note(self.deal, self.ended)
        if any(row.fee > 0 for row in self.rows):
            yield Note("The buyer's fee is inside firm; nobody pays more to leave than to stay.")
        if any(row.fee < 0 for row in self.rows):
            yield Note(
                "A fee below zero is paid by the seller: it stands apart, and is not in firm."
            )
        yield early_end.counting_note(self.deal)
        yield from super()._notes()

    def _charts(self) -> Iterator[Chart]:
        yield backlog_chart(self.currency, self.rows)


def days(first: date, last: date, every: str | None) -> Iterator[date]:
    """The days of the rows: the first, then one each month's end, week or day, then the last."""
    yield first
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


def _who(deal: Deal, party: str | None) -> str:
    if party is None:
        return right_text(deal)
    alone = f"the {party}'s right alone is counted"
    return alone if deal.right(party) else f"the {party} has no right to leave"


def _exit_text(row: Backlog) -> str:
    if row.as_of >= row.earliest_exit:
        return f"service ended on {row.earliest_exit}"
    if row.by is None:
        return f"so all is firm, through {row.earliest_exit}"
    return f"the earliest exit is {row.earliest_exit}, by {who(row.by)}"


def _notice_note(deal: Deal, ended: Ended) -> Note:
    given = f"Notice is given on {ended.notice} by {who(ended.by)}"
    if ended.last_day == deal.term.last:
        return Note(f"{given}: it changes nothing, the term ends on {ended.last_day} as agreed.")
    return Note(
        f"{given}. Before it, firm and cancellable are by the terms as agreed. From that day on "
        f"the last day is {ended.last_day}, all that is still paid is firm, and the contract value "
        f"is without the {grouped(ended.forgone)} {deal.currency} forgone."
    )


# --- in pictures ----------------------------------------------------------------------------------


def backlog_chart(currency: str, rows: Sequence[Any]) -> Chart:
    """The three parts of the contract value: over time, or on the one day."""
    title, kind = ("Backlog over time", "bands") if len(rows) > 1 else ("Contract value", "bars")
    chart = chart_of(title, kind, currency, PARTS, rows, "as_of")
    return chart._replace(draws=("bands",))


def _few(rows: Sequence[Backlog]) -> Sequence[Backlog]:
    """All rows; of too many, the first, then the last of each month or longer stretch."""
    few = rows
    for months in (1, 3, 12, 120):
        if len(few) > MOST_BANDS:
            lasts = {month_number(row.as_of) // months: row for row in rows[1:]}
            few = (rows[0], *lasts.values())
    return few


def _bands(row: Backlog) -> tuple[Fraction, ...]:
    """The three parts as shares of the contract value; none of nothing."""
    if not row.contract_value:
        return ()
    return tuple(share(part.getter(row), row.contract_value) for part in PARTS)

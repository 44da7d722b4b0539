"""`dealcalc value`: the present value of what is earned, or of what is paid."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import accumulate, pairwise
from operator import attrgetter
from typing import Any, NamedTuple

from dealcalc.core import Schedule
from dealcalc.earned import money
from dealcalc.figures.cash import (
    Flow,
    cash,
    discounted,
    earned,
    present_value,
    remaining,
    rounded,
)
from dealcalc.loading.problems import refuse
from dealcalc.loading.scenario import Scenario
from dealcalc.reports import early_end
from dealcalc.reports.cash_schedule import billing_notes
from dealcalc.reports.deal_report import DealReport
from dealcalc.reports.options import apart_note
from dealcalc.reports.reasons import reason
from dealcalc.reports.report import (
    Chart,
    Field,
    Figure,
    Note,
    Table,
    View,
    bar_of,
    chart_of,
    readable,
    view,
)
from dealcalc.reports.units import money_text
from dealcalc.terms.misread import Misread
from dealcalc.terms.numbers import read_rate
from dealcalc.terms.values import percent_text

BASES = {
    "earned": "present value of what is earned",
    "cash": "present value of cash, by payment date",
}
STANDS = {
    "earned": "What a charge earns in a month is dated its last day of service in that month.",
    "cash": "Cash is dated the day on which it is paid.",
}


class Worth(NamedTuple):
    """Money of a day, of a year or in all, and its present value."""

    when: date | int | str
    amount: Decimal
    present_value: Decimal


DRAWN = (
    Field("present_value", "Present value"),
    Field("discount", "Discount", value=lambda year: max(year.amount - year.present_value, 0)),
)
"""The parts of a year's money; what was before the day is worth more than it was."""


def yearly(text: str) -> Fraction:
    """The rate of `--rate`: from -99% to 100% a year; 0% is a plain sum. Raises Refused."""
    try:
        return read_rate(text)
    except Misread as misread:
        raise refuse(misread.code, misread.message, misread.help, argument="rate") from None


class ValueReport(DealReport):
    """What remains of a deal on a day, and what it is worth then, with what is firm of it.

    Without a day all of it counts, on the term's start, and what is firm at signing. With a case
    that gives notice, what it is worth through the last day of service. Raises Refused.
    """

    command = "value"
    csv = "years"

    def __init__(
        self, scenario: Scenario, rate: Fraction, on: date | None = None, basis: str = "earned"
    ) -> None:
        super().__init__(scenario)
        self.title = f"{self.title} · {BASES[basis]}"
        self.rate, self.on, self.basis = rate, on or self.deal.term.start, basis
        self.ended = early_end.asked_end(scenario, self.priced)
        self.since = on
        self.stands = self.priced.opening(on, None, self.ended) if on else self.priced.at_signing()

    @cached_property
    def days(self) -> list[Worth]:
        """Every day on which money counts."""
        schedule = early_end.schedule_after(self.priced, self.ended)
        flows = self._flows(schedule, self.ended.notice if self.ended else None, self.since)
        return _days(flows, self.rate, self.on, self.deal.places)

    @cached_property
    def years(self) -> list[Worth]:
        """Every calendar year from that of the first day to that of the last."""
        return _years(self.days, self.deal.places)

    @cached_property
    def whole(self) -> Worth:
        """All of it."""
        return _together("Total", self.days, self.deal.places)

    @cached_property
    def firm(self) -> Decimal:
        """The present value of what is firm."""
        stands = self.stands
        if not stands.is_signed:
            return money(0, self.deal.places)
        left = int(stands.firm_fee.scaleb(self.deal.places))
        exits = []
        for exit in stands.exits:  # of the fees only what is in the firm money
            fee = min(left, max(0, exit.fee))
            exits.append(exit._replace(fee=fee))
            left -= fee
        schedule = self.priced.agreed_on(stands.as_of).schedule_after(exits)
        flows = self._flows(schedule, stands.notice, stands.as_of)
        return present_value(flows, self.rate, self.on, self.deal.places)

    def _flows(self, schedule: Schedule, notice: date | None, since: date | None) -> list[Flow]:
        """The money of a schedule, or what of it is earned, or paid, on a day or later."""
        if self.basis == "earned":
            return earned(remaining(self.priced, schedule, since) if since else schedule)
        payments = cash(self.priced, schedule, notice).payments()
        return [(paid.day, paid.amount) for paid in payments if not since or paid.day >= since]

    def _facts(self) -> dict[str, Any]:
        return super()._facts() | {"rate": self.rate, "on": self.on, "basis": self.basis}

    def _tables(self) -> Iterator[Table]:
        """By year, and by date as a spreadsheet's XNPV takes it."""
        for name, when, rows in (("years", "year", self.years), ("flows", "date", self.days)):
            yield Table(name, (_when(when), Field("amount"), Field("present_value")), rows)

    def _after(self) -> dict[str, Any]:
        return {
            "present_value": self.whole.present_value,
            "total": self.whole.amount,
            "firm_as_of": self.stands.as_of,
            "firm": self.stands.firm,
            "firm_present_value": self.firm,
            "earliest_exit": self.stands.earliest_exit,
            **super()._after(),
        }

    def _figures(self) -> Iterator[Figure]:
        worth, total = self.whole.present_value, self.whole.amount
        what = "what remains" if self.since else "the sum"
        part = (
            f", {readable('share', Fraction(worth) / Fraction(total))} of {what}" if total else ""
        )
        remark = f"on {self.on}, at {percent_text(self.rate)} a year{part}"
        yield Figure("Present value", worth, remark)
        yield Figure("Undiscounted", total, "; ".join(self._moves()))
        stands = self.stands
        when = "at signing" if stands.moment == "signing" else "at the opening of the day"
        firm = f"{money_text(stands.firm, self.currency)}, firm {when}, {stands.as_of}"
        yield Figure("Firm", self.firm, f"present value of {firm}: {reason(self.deal, stands)}")

    def _moves(self) -> Iterator[str]:
        """When money is earned or paid, and the notice."""
        if self.days:
            moved = {"earned": "earned", "cash": "paid"}[self.basis]
            yield f"{moved} from {self.days[0].when} to {self.days[-1].when}"
        if ended := self.ended:
            yield f"notice on {ended.notice} by {ended.by}, last day {ended.last_day}"

    def _views(self) -> Iterator[View]:
        columns = (
            _when("year"),
            Field("amount", "Revenue" if self.basis == "earned" else "Cash", "money"),
            Field("present_value", "Present value", "money"),
            bar_of("present_value", max((year.present_value for year in self.years), default=0)),
        )
        total = {"year": "Total", "amount": self.whole.amount}
        yield view(columns, self.years, total | {"present_value": self.whole.present_value})

    def _charts(self) -> Iterator[Chart]:
        """What money of each year is worth, and what discounting takes off."""
        title = "Present value by year"
        yield chart_of(title, "columns", self.currency, DRAWN, self.years, name="when")

    def _notes(self) -> Iterator[Note]:
        yield from apart_note(self.priced, self.ended, self.currency)
        before = "for earlier money the days are negative"
        if self.since:
            before = "what is earned or paid before that day is not counted"
        yield Note(
            f"Present value: amount x (1 + {percent_text(self.rate)})^(-days / 365), with the "
            f"calendar days from {self.on}; {before}. "
            f"{STANDS[self.basis]}",
            "detail",
        )
        if self.basis == "cash":
            yield from billing_notes(self.deal, self.basis)
        yield from super()._notes()


# --- what is valued -------------------------------------------------------------------------------


def _days(flows: list[Flow], rate: Fraction, on: date, places: int) -> list[Worth]:
    """Every day on which money counts; present values are differences of the rounded running one.

    So they add up to the whole, which is rounded once.
    """
    amounts: dict[date, Decimal] = {}
    for day, amount in sorted(flows):
        amounts[day] = amounts.get(day, money(0, places)) + amount
    so_far = accumulate(discounted([*amounts.items()], rate, on))
    through = [0, *(rounded(worth, places) for worth in so_far)]
    return [
        Worth(day, amount, money(after - before, places))
        for (day, amount), (before, after) in zip(amounts.items(), pairwise(through), strict=True)
    ]


def _years(days: Sequence[Worth], places: int) -> list[Worth]:
    by_year: dict[int, list[Worth]] = {}
    for worth in days:
        assert isinstance(worth.when, date)
        by_year.setdefault(worth.when.year, []).append(worth)
    years = range(min(by_year, default=0), max(by_year, default=-1) + 1)
    return [_together(year, by_year.get(year, []), places) for year in years]


def _together(when: int | str, days: Iterable[Worth], places: int) -> Worth:
    amount = present = money(0, places)
    for worth in days:
        amount, present = amount + worth.amount, present + worth.present_value
    return Worth(when, amount, present)


def _when(name: str) -> Field:
    return Field(name, name.capitalize(), value=attrgetter("when"))

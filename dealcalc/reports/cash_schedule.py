"""`dealcalc schedule --basis billed|cash`: when what is earned is invoiced, and when it is paid."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from operator import attrgetter
from typing import Any, NamedTuple

from dealcalc.figures.cash import Cash, Flow, Prepaid, cash
from dealcalc.loading.scenario import Scenario
from dealcalc.reports.periods import (
    Period,
    month_chart,
    nothing,
    period_fields,
    period_tables,
    period_view,
)
from dealcalc.reports.report import (
    Chart,
    Field,
    Figure,
    Note,
    Table,
    View,
    fields,
    grouped,
    only,
    view,
)
from dealcalc.reports.schedule import LINES, ScheduleReport
from dealcalc.terms.dates import month_ends
from dealcalc.terms.deal import Billing, Deal

BASES = {"billed": "billed, by invoice date", "cash": "cash, by payment date"}
ROWS = {"billed": "invoices", "cash": "payments"}
"""The table of what moves on a basis, each by itself."""

INVOICES = (
    Field("charge"),
    Field("invoiced", value=attrgetter("dated")),
    *fields("due", "amount", "credited", "set_off", "payable"),
)
PREPAYMENTS = fields("charge", "on", "amount", "credited", "settled", "set_off", "refunded")
PAYMENTS = (Field("date", value=attrgetter("day")), *fields("charge", "what", "amount"))


class BasisReport(ScheduleReport):
    """The schedule of a deal, with what is invoiced or paid beside what is earned."""

    def __init__(self, scenario: Scenario, period: str | None, year_end: int, basis: str) -> None:
        super().__init__(scenario, period, year_end)
        self.basis = basis
        self.csv = f"{period}s" if period else ROWS[basis]

    @property
    def title(self) -> str:
        """The deal, and the basis."""
        return f"{super().title} · {BASES[self.basis]}"

    @cached_property
    def cash(self) -> Cash:
        """Every invoice and prepayment."""
        return cash(self.priced, self.schedule)

    @cached_property
    def moving(self) -> tuple[Period, ...]:
        """The months in which money is earned or moves."""
        return moving(self.months, self.cash, self.basis, nothing(self.deal))

    def _facts(self) -> dict[str, Any]:
        return super()._facts() | {"basis": self.basis}

    def _tables(self) -> Iterator[Table]:
        yield Table("lines", LINES, self.schedule.lines)
        yield from cash_tables(self.cash)
        yield from period_tables(self.moving, self.calendar, self.period, self.basis)

    def _figures(self) -> Iterator[Figure]:
        yield from super()._figures()
        if self.basis == "cash":
            yield from settlements(self.cash.prepaid)

    def _views(self) -> Iterator[View]:
        total = self.schedule.total
        yield period_view(self.moving, total, self.calendar, self.period, self.basis)
        yield from prepaid_views(self.cash, self.basis)
        yield self._charges()

    def _notes(self) -> Iterator[Note]:
        yield from billing_notes(self.deal, self.basis)
        yield from super()._notes()

    def _charts(self) -> Iterator[Chart]:
        yield basis_chart(self.basis, self.currency, self.moving)


# --- what moves -----------------------------------------------------------------------------------


def moving(months: Sequence[Period], cash: Cash, basis: str, zero: Decimal) -> tuple[Period, ...]:
    """The months with what moves in them, from the first in which money is earned or moves."""
    earned, amounts = {month.first: month for month in months}, dict[date, Decimal]()
    for day, amount in _flows(cash, basis):
        first = day.replace(day=1)
        amounts[first] = amounts.get(first, zero) + amount
    firsts, cumulative, so_far, found = {**earned, **amounts}, zero, zero, []
    for end in month_ends(min(firsts), max(firsts)) if firsts else ():
        first = end.replace(day=1)
        month = earned.get(first, Period(f"{first:%Y-%m}", first, 0, zero, cumulative))
        cumulative, moved = month.cumulative, amounts.get(first, zero)
        so_far += moved
        found.append(month._replace(moved=moved, cumulative_moved=so_far))
    return tuple(found)


def _flows(cash: Cash, basis: str) -> Iterable[Flow]:
    if basis == "billed":
        return ((invoice.dated, invoice.amount) for invoice in cash.invoices)
    return ((payment.day, payment.amount) for payment in cash.payments())


def basis_chart(basis: str, currency: str, months: Iterable[Period]) -> Chart:
    """What moves in each month."""
    moved = only(period_fields("month", basis), basis)
    return month_chart(basis.capitalize(), currency, months, moved)


def cash_tables(cash: Cash) -> Iterator[Table]:
    """Every invoice, prepayment and payment."""
    yield Table("invoices", INVOICES, cash.invoices)
    yield Table("prepayments", PREPAYMENTS, cash.prepaid)
    yield Table("payments", PAYMENTS, tuple(cash.payments()))


# --- prepayments ----------------------------------------------------------------------------------


class PrepaidRow(NamedTuple):
    """Something that happened to a prepayment; its charge is named once."""

    charge: str
    what: str
    when: str
    amount: Decimal


def prepaid_views(cash: Cash, basis: str) -> Iterator[View]:
    """What became of each prepayment, a row for each thing that happened to it."""
    if basis == "cash" and cash.prepaid:
        columns = (
            Field("charge", "Prepayment"),
            Field("what"),
            Field("when", "When"),
            Field("amount", "Amount", "money"),
        )
        rows = (row for paid in cash.prepaid for row in _happened(cash, paid))
        yield view(columns, (row for row in rows if row.amount or row.what == "paid"))


def _happened(cash: Cash, paid: Prepaid) -> Iterator[PrepaidRow]:
    yield PrepaidRow(paid.charge, "paid", f"{paid.on}", paid.amount)
    yield PrepaidRow("", "credited", _credited_when(cash, paid.charge), paid.credited)
    yield PrepaidRow("", "set off", f"{paid.settled}", paid.set_off)
    yield PrepaidRow("", "refunded", f"{paid.settled}", paid.refunded)


def _credited_when(cash: Cash, charge: str) -> str:
    """The months from the first invoice with a credit to the last."""
    credited = (bill for bill in cash.invoices if bill.charge == charge and bill.credited)
    days = [bill.dated for bill in credited]
    return f"{min(days):%Y-%m} to {max(days):%Y-%m}" if days else ""


def settlements(prepaid: Sequence[Prepaid]) -> Iterator[Figure]:
    """What is prepaid, and what of it was left on a last day."""
    amount, credited, set_off, refunded = (
        sum(map(attrgetter(name), prepaid), Decimal(0))
        for name in ("amount", "credited", "set_off", "refunded")
    )
    days = " and ".join(
        sorted({f"{paid.settled}" for paid in prepaid if paid.set_off or paid.refunded})
    )
    if amount:
        yield Figure("Prepaid", amount, f"{grouped(credited)} of it credited against invoices")
    if set_off:
        yield Figure("Set off", set_off, f"uncredited on {days}, against invoices unpaid then")
    if refunded:
        yield Figure("Refunded", refunded, f"on {days}, what no invoice was left to take")


def billing_notes(deal: Deal, basis: str) -> Iterator[Note]:
    """How a deal is invoiced and paid, and what becomes of prepayments."""
    billing = deal.billing or Billing()
    when = "first" if billing.when == "advance" else "last"
    due = f"{billing.due} later" if billing.due.count else "the same day"
    said = "as the file says" if deal.billing else "not said in the file, assumed"
    yield Note(
        f"Billing: each charge is invoiced by calendar month, in {billing.when}, on the month's "
        f"{when} day of service; an invoice is paid {due} ({said})."
    )
    if basis == "billed":
        yield Note("Invoices are shown in full, before anything is credited or set off.")
    elif any(charge.prepayment for charge in deal.charges.values()):
        yield Note(
            "A prepayment is credited in equal parts, never beyond an invoice; the rest moves on. "
            "What is uncredited on the charge's last day is set off against invoices that are "
            "unpaid then, the earliest first, and what is left is refunded that day."
        )

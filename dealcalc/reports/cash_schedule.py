"""`dealcalc schedule --basis billed|cash`: when what is earned is invoiced, and when it is paid."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from operator import attrgetter
from typing import Any

from dealcalc.figures.cash import Cash, Flow, Prepaid, cash
from dealcalc.loading.scenario import Scenario
from dealcalc.reports.periods import Period, Timeline
from dealcalc.reports.report import (
    Field,
    Figure,
    Note,
    Report,
    Table,
    View,
    fields,
    view,
)
from dealcalc.reports.schedule import ScheduleReport
from dealcalc.reports.units import money_text
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


class OnBasis(Report):
    """What a schedule shows beside what is earned; put before that of a deal, or of sites."""

    basis: str

    def _take_basis(self, basis: str, period: str | None) -> None:
        self.basis, self.title = basis, f"{self.title} · {BASES[basis]}"
        self.csv = f"{period}s" if period else ROWS[basis]

    @cached_property
    def cash(self) -> Cash:
        """Every invoice and prepayment."""
        raise NotImplementedError

    def _figures(self) -> Iterator[Figure]:
        yield from super()._figures()
        if self.basis == "cash":
            yield from settlements(self.cash.prepaid, self.currency)

    def _views(self) -> Iterator[View]:
        periods, *others = super()._views()
        yield periods
        yield from prepaid_views(self.cash, self.basis)
        yield from others


class BasisReport(OnBasis, ScheduleReport):
    """The schedule of a deal, with what is invoiced or paid beside what is earned."""

    def __init__(self, scenario: Scenario, period: str | None, year_end: int, basis: str) -> None:
        super().__init__(scenario, period, year_end)
        self._take_basis(basis, period)

    @cached_property
    def cash(self) -> Cash:
        """Every invoice and prepayment."""
        return cash(self.priced, self.schedule, self.ended.notice if self.ended else None)

    @cached_property
    def timeline(self) -> Timeline:
        """The same, with what moves in the months."""
        return on_basis(super().timeline, self.cash, self.basis)

    def _tables(self) -> Iterator[Table]:
        lines, *periods = super()._tables()
        yield lines
        yield from cash_tables(self.cash)
        yield from periods

    def _notes(self) -> Iterator[Note]:
        yield from billing_notes(self.deal, self.basis)
        yield from super()._notes()


# --- what moves -----------------------------------------------------------------------------------


def on_basis(earned: Timeline, cash: Cash, basis: str) -> Timeline:
    """The months with what moves in them, from the first in which money is earned or moves."""
    zero, amounts = earned.total * 0, dict[date, Decimal]()
    for day, amount in _flows(cash, basis):
        first = day.replace(day=1)
        amounts[first] = amounts.get(first, zero) + amount
    known = {month.first: month for month in earned.months}
    firsts, months, cumulative, so_far = {**known, **amounts}, list[Period](), zero, zero
    for end in month_ends(min(firsts), max(firsts)) if firsts else ():
        first = end.replace(day=1)
        month = known.get(first, Period(f"{first:%Y-%m}", first, 0, zero, cumulative, firm=zero))
        cumulative, moved = month.cumulative, amounts.get(first, zero)
        so_far += moved
        months.append(month._replace(moved=moved, cumulative_moved=so_far))
    return earned._replace(months=tuple(months), basis=basis)


def _flows(cash: Cash, basis: str) -> Iterable[Flow]:
    if basis == "billed":
        return ((invoice.dated, invoice.amount) for invoice in cash.invoices)
    return ((payment.day, payment.amount) for payment in cash.payments())


def cash_tables(cash: Cash) -> Iterator[Table]:
    """Every invoice, prepayment and payment."""
    yield Table("invoices", INVOICES, cash.invoices)
    yield Table("prepayments", PREPAYMENTS, cash.prepaid)
    yield Table("payments", PAYMENTS, tuple(cash.payments()))


# --- prepayments ----------------------------------------------------------------------------------


def prepaid_views(cash: Cash, basis: str) -> Iterator[View]:
    """What became of each prepayment, a row for each thing that happened to it."""
    if basis == "cash" and cash.prepaid:
        columns = Field("charge", "Prepayment"), Field("what"), *fields("when", "amount money")
        rows = (row for paid in cash.prepaid for row in _happened(cash, paid))
        yield view(columns, (row for row in rows if row["amount"] or row["what"] == "paid"))


def _happened(cash: Cash, paid: Prepaid) -> Iterator[dict[str, Any]]:
    yield {"charge": paid.charge, "what": "paid", "when": f"{paid.on}", "amount": paid.amount}
    when = _credited_when(cash, paid.charge)
    yield {"what": "credited", "when": when, "amount": paid.credited}
    yield {"what": "set off", "when": f"{paid.settled}", "amount": paid.set_off}
    yield {"what": "refunded", "when": f"{paid.settled}", "amount": paid.refunded}


def _credited_when(cash: Cash, charge: str) -> str:
    """The months from the first invoice with a credit to the last."""
    credited = (bill for bill in cash.invoices if bill.charge == charge and bill.credited)
    days = [bill.dated for bill in credited]
    return f"{min(days):%Y-%m} to {max(days):%Y-%m}" if days else ""


def settlements(prepaid: Sequence[Prepaid], currency: str) -> Iterator[Figure]:
    """What is prepaid, and what of it was left on a last day."""
    amount, credited, set_off, refunded = (
        sum(map(attrgetter(name), prepaid), Decimal(0))
        for name in ("amount", "credited", "set_off", "refunded")
    )
    days = " and ".join(
        sorted({f"{paid.settled}" for paid in prepaid if paid.set_off or paid.refunded})
    )
    if amount:
        said = money_text(credited, currency)
        yield Figure("Prepaid", amount, f"{said} of it credited against invoices")
    if set_off:
        yield Figure("Set off", set_off, f"uncredited on {days}, against invoices unpaid then")
    if refunded:
        yield Figure("Refunded", refunded, f"on {days}, since no unpaid invoice was left")


def billing_notes(deal: Deal, basis: str) -> Iterator[Note]:
    """How a deal is invoiced and paid, and what becomes of prepayments."""
    billing = deal.billing or Billing()
    when = "first" if billing.when == "advance" else "last"
    due = f"{billing.due} later" if billing.due.count else "the same day"
    said = "as the file says" if deal.billing else "not said in the file, assumed"
    yield Note(
        f"Billing: each charge is invoiced by calendar month, in {billing.when}, on the month's "
        f"{when} day of service; an invoice is paid {due} ({said}).",
        "detail",
    )
    if basis == "billed":
        yield Note("Invoices are shown in full, before anything is credited or set off.")
    elif any(charge.prepayment for charge in deal.charges.values()):
        yield Note(
            "A prepayment is credited in equal parts, or up to a share of the invoices, but never "
            "beyond an invoice; the rest moves on. What is uncredited on the charge's last day is "
            "set off against invoices that are unpaid then, the earliest first, and what is left "
            "is refunded that day.",
            "detail",
        )

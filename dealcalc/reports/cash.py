"""`dealcalc schedule --basis billed|cash`: when what is earned is invoiced, and when it is paid."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from dealcalc.core import Schedule
from dealcalc.figures.cash import Cash
from dealcalc.reports.periods import Calendar, Month, bar, chart, grouped_table, nothing, rows
from dealcalc.reports.report import Column, Figure, Note, Report, Row, Table, View, grouped
from dealcalc.terms.dates import month_ends
from dealcalc.terms.deal import Billing, Deal

BASES = {"billed": "billed, by invoice date", "cash": "cash, by payment date"}

Both = tuple[tuple[Month, ...], tuple[Month, ...]]
"""The months of a schedule, and the same ones with what moves in them in place of revenue."""


def on_basis(
    earned: Report,
    cash: Cash,
    schedule: Schedule,
    months: tuple[Month, ...],
    calendar: Calendar,
    period: str | None,
    basis: str,
) -> Report:
    """The report of what is earned, with what is billed or paid beside it."""
    if basis == "billed":
        flows = [(invoice.dated, invoice.amount) for invoice in cash.invoices]
    else:
        flows = [(payment.day, payment.amount) for payment in cash.payments()]
    zero = nothing(schedule.deal)
    both = _beside(months, flows, zero)
    periods = [table.name.removesuffix("s") for table in earned.tables[1:]]
    tables = (_columns_beside(name, both, calendar, basis) for name in periods)
    prepaid = [_prepaid_view(cash)] if basis == "cash" and cash.prepaid else []
    return earned._replace(
        facts={**earned.facts, "basis": basis},
        tables=(earned.tables[0], *cash_tables(cash), *tables),
        csv=f"{period}s" if period else {"billed": "invoices", "cash": "payments"}[basis],
        title=f"{earned.title} · {BASES[basis]}",
        figures=(*earned.figures, *(_settlements(cash) if basis == "cash" else ())),
        views=(_view_beside(both, zero, calendar, period, basis), *prepaid, *earned.views[1:]),
        notes=(*billing_notes(schedule.deal, basis), *earned.notes),
        charts=lambda: (chart(basis.capitalize(), earned.currency, **{basis: both[1]}),),
    )


def _beside(months: tuple[Month, ...], flows: list[tuple[date, Decimal]], zero: Decimal) -> Both:
    """Both, from the first month in which money is earned or moves to the last."""
    known, moved = {month.first: month for month in months}, dict[date, Decimal]()
    for day, amount in flows:
        moved[day.replace(day=1)] = moved.get(day.replace(day=1), zero) + amount
    firsts = {**known, **moved}
    earned, moving, revenue, so_far = [], [], zero, zero
    for end in month_ends(min(firsts), max(firsts)) if firsts else ():
        first = end.replace(day=1)
        month = known.get(first, Month(first, 0, zero, revenue, []))
        revenue, so_far = month.cumulative, so_far + moved.get(first, zero)
        earned.append(month)
        moving.append(month._replace(revenue=moved.get(first, zero), cumulative=so_far))
    return tuple(earned), tuple(moving)


def _columns_beside(period: str, both: Both, calendar: Calendar, basis: str) -> Table:
    """Periods as rows, with the columns of what is earned and then those of what moves."""
    earned, moving = (grouped_table(period, months, calendar) for months in both)
    both_rows = (old + new[-2:] for old, new in zip(earned.rows, moving.rows, strict=True))
    return Table(earned.name, (*earned.columns, basis, f"cumulative_{basis}"), tuple(both_rows))


def cash_tables(cash: Cash) -> tuple[Table, ...]:
    """Every invoice, prepayment and payment, in the order of the fields of their types."""
    return (
        Table(
            "invoices",
            ("charge", "invoiced", "due", "amount", "credited", "set_off", "payable"),
            tuple((*invoice, invoice.payable) for invoice in cash.invoices),
        ),
        Table(
            "prepayments",
            ("charge", "on", "amount", "credited", "settled", "set_off", "refunded"),
            cash.prepaid,
        ),
        Table("payments", ("date", "charge", "what", "amount"), tuple(cash.payments())),
    )


def _view_beside(
    both: Both, zero: Decimal, calendar: Calendar, period: str | None, basis: str
) -> View:
    columns = (
        Column((period or "month").capitalize()),
        Column("Revenue", "money"),
        Column(basis.capitalize(), "money"),
        Column(f"{basis.capitalize()} so far", "money"),
        Column("", "bar"),
    )
    earned, moving = (list(rows(months, calendar, period)) for months in both)
    highest = max((row.revenue for row in moving if row.kind == "plain"), default=zero)
    drawn = []
    for row, moved in zip(earned, moving, strict=True):
        length = bar(moved.revenue, highest) if moved.kind == "plain" else None
        cells = (row.name, row.revenue, moved.revenue, moved.cumulative, length)
        drawn.append(Row(cells, moved.kind))
    totals = (months[-1].cumulative if months else zero for months in both)
    return View("", columns, (*drawn, Row(("Total", *totals, None, None), "total")))


def _prepaid_view(cash: Cash) -> View:
    """What became of each prepayment, a row for each thing that happened to it."""
    columns = (Column("Prepayment"), Column(""), Column("When"), Column("Amount", "money"))
    rows = (
        Row((paid.charge if what == "paid" else "", what, when, amount))
        for paid in cash.prepaid
        for what, when, amount in (
            ("paid", f"{paid.on}", paid.amount),
            ("credited", _credited_when(cash, paid.charge), paid.credited),
            ("set off", f"{paid.settled}", paid.set_off),
            ("refunded", f"{paid.settled}", paid.refunded),
        )
        if amount or what == "paid"
    )
    return View("", columns, tuple(rows))


def _credited_when(cash: Cash, charge: str) -> str:
    """The months from the first invoice with a credit to the last."""
    days = [one.dated for one in cash.invoices if one.charge == charge and one.credited]
    return f"{min(days):%Y-%m} to {max(days):%Y-%m}" if days else ""


def _settlements(cash: Cash) -> Iterator[Figure]:
    """What is prepaid, and what of it was left on a last day."""
    sums = {
        name: sum((getattr(paid, name) for paid in cash.prepaid), Decimal(0))
        for name in ("amount", "credited", "set_off", "refunded")
    }
    days = {f"{paid.settled}" for paid in cash.prepaid if paid.set_off or paid.refunded}
    on = " and ".join(sorted(days))
    if sums["amount"]:
        credited = grouped(sums["credited"])
        yield Figure("Prepaid", sums["amount"], f"{credited} of it credited against invoices")
    if sums["set_off"]:
        remark = f"uncredited on {on}, against invoices unpaid then"
        yield Figure("Set off", sums["set_off"], remark)
    if sums["refunded"]:
        yield Figure("Refunded", sums["refunded"], f"on {on}, what no invoice was left to take")


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

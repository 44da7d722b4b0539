"""When the money of a deal moves, and what money of one day is worth on another.

Revenue, invoices and cash are three things. An invoice asks for what one charge earns in one
calendar month, and is dated that charge's last day of service in it; in advance, its first. What
falls due `once`, and a fee, are invoiced on their own day. An invoice is paid `due` later.

A prepayment is an amount, or a share of what its charge earns over its full term, without renewals,
rounded once, and paid on its day. It is credited against the charge's own invoices in equal parts,
one for each calendar month from the n-th of its service; or what is left of it, at most a share of
the invoices dated since it was paid. Credits are differences of the rounded running total, so they
add up to the prepayment, and the odd cents fall evenly. No credit is larger than its invoice, and
none is given before the prepayment is paid: what has no room moves on to later invoices.

What is uncredited on a charge's last day of service, early or agreed, is settled that day: first
set off against the deal's invoices that are unpaid then, the earliest first, and what is left is
refunded. An invoice that falls due on that very day is unpaid still. A prepayment whose day comes
later is never paid; nor is one that falls due after notice for a charge that never begins. So the
cash of a deal always adds up to what it earns, and its fee.

A plus goes to the seller, a minus back to the buyer.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from itertools import chain, groupby
from operator import attrgetter
from typing import NamedTuple

from dealcalc.core import Priced, Schedule
from dealcalc.earned import Line, money
from dealcalc.terms.charges import Credit
from dealcalc.terms.dates import DAY, month_number
from dealcalc.terms.deal import Billing
from dealcalc.terms.values import half_up

DAYS_OF_YEAR = 365
GUARD_DIGITS = 50
SURE_DIGITS = 20

Flow = tuple[date, Decimal]
"""Money on a day."""


class Invoice(NamedTuple):
    """What a charge asks for a month, and what of it is not paid in money.

    `credited` is taken from the charge's own prepayment, `set_off` from what is left of any
    prepayment on its last day. A seller's fee is an invoice below zero.
    """

    charge: str
    dated: date
    due: date
    amount: Decimal
    credited: Decimal
    set_off: Decimal

    @property
    def payable(self) -> Decimal:
        """What is paid on the day it is due."""
        return self.amount - self.credited - self.set_off


class Prepaid(NamedTuple):
    """A prepayment and what became of it: amount = credited + set_off + refunded.

    `settled` is the charge's last day of service, on which the last two happen.
    """

    charge: str
    on: date
    amount: Decimal
    credited: Decimal
    settled: date
    set_off: Decimal
    refunded: Decimal


class Payment(NamedTuple):
    """Money that moves: `what` is prepayment, invoice or refund."""

    day: date
    charge: str
    what: str
    amount: Decimal


class Cash(NamedTuple):
    """How a schedule is invoiced and paid: invoices by date, prepayments by their last day."""

    invoices: tuple[Invoice, ...]
    prepaid: tuple[Prepaid, ...]

    def payments(self) -> list[Payment]:
        """Every payment, by day; what credits leave nothing of is not paid."""
        paid, sent = self.prepaid, self.invoices
        payments = [
            *(Payment(ahead.on, ahead.charge, "prepayment", ahead.amount) for ahead in paid),
            *(Payment(invoice.due, invoice.charge, "invoice", invoice.payable) for invoice in sent),
            *(Payment(ahead.settled, ahead.charge, "refund", -ahead.refunded) for ahead in paid),
        ]
        return sorted((payment for payment in payments if payment.amount), key=attrgetter("day"))


# --- when money moves ---------------------------------------------------------------------------


def invoices(schedule: Schedule, billing: Billing) -> Iterator[Invoice]:
    """The invoices of a schedule, by month and then by charge; a month that is free has none."""
    nothing = money(0, schedule.deal.places)
    for (charge, _), group in groupby(schedule.lines, _charge_and_month):
        lines = list(group)
        amount = sum((line.amount for line in lines), nothing)
        dated = lines[0].start if billing.when == "advance" else lines[-1].through
        if amount:
            yield Invoice(charge, dated, billing.due.after(dated), amount, nothing, nothing)


def _charge_and_month(line: Line) -> tuple[str, int]:
    return line.charge, month_number(line.start)


def cash(priced: Priced, schedule: Schedule, notice: date | None = None) -> Cash:
    """How a schedule of a priced deal is paid; without `billing`: in arrears, due at once.

    `notice` is the day on which notice was given that ends it, if so.
    """
    charges = schedule.deal.charges  # of which options may add more later
    billed: dict[str, list[Invoice]] = {name: [] for name in (*charges, "fee")}
    for invoice in invoices(schedule, schedule.deal.billing or Billing()):
        billed[invoice.charge].append(invoice)
    prepaid = []
    for name in charges:
        if paid := _prepaid(priced, schedule, name, notice):
            billed[name] = list(_credited(priced, paid, billed[name]))
            credited = sum((invoice.credited for invoice in billed[name]), paid.credited)
            prepaid.append(paid._replace(credited=credited))
    by_date = sorted(chain.from_iterable(billed.values()), key=attrgetter("dated"))
    prepaid = [_settled(paid, by_date) for paid in sorted(prepaid, key=attrgetter("settled"))]
    return Cash(tuple(by_date), tuple(prepaid))


def _prepaid(priced: Priced, schedule: Schedule, name: str, notice: date | None) -> Prepaid | None:
    """What is prepaid for a charge; None where nothing is, or service ends before its day.

    Once notice is given nobody pays ahead for a charge that will not begin.
    """
    charge, earned = schedule.deal.charges[name], priced.charges[name]
    ends = {line.charge: line.through for line in schedule.lines}
    agreed = min(schedule.deal.dates(charge)[1], schedule.last_day)
    terms, settled = charge.prepayment, min(ends.get(name, agreed), agreed)
    if terms is None or terms.on > settled:
        return None
    if notice and notice < terms.on and name not in ends:
        return None
    places = schedule.deal.places
    full = earned.exact(schedule.deal.own_dates(charge)[1])
    amount = _booked(terms.paid(full), places)
    nothing = money(0, places)
    return Prepaid(name, terms.on, amount, nothing, settled, nothing, nothing)


def _credited(priced: Priced, paid: Prepaid, billed: Iterable[Invoice]) -> Iterator[Invoice]:
    """A charge's invoices with the credits from its prepayment."""
    terms = priced.deal.charges[paid.charge].prepayment
    assert terms is not None
    before = month_number(priced.charges[paid.charge].start) - 1
    credited = sent = paid.credited
    for invoice in billed:
        if invoice.dated < paid.on:
            yield invoice
            continue
        sent += invoice.amount
        ripe = _ripe(paid.amount, terms.credited, month_number(invoice.dated) - before, sent)
        credit = min(invoice.amount, _booked(ripe, priced.deal.places) - credited)
        credited += credit
        yield invoice._replace(credited=credit)


def _ripe(amount: Decimal, terms: Credit, month: int, sent: Decimal) -> Fraction:
    """How much of a prepayment is to be credited by a month of service, or of what was sent."""
    if terms.most is not None:
        return min(Fraction(amount), terms.most * Fraction(sent))
    assert terms.from_month  # by the rules, as is the next
    assert terms.months
    months = min(max(month - terms.from_month + 1, 0), terms.months)
    return Fraction(amount) * months / terms.months


def _booked(amount: Fraction, places: int) -> Decimal:
    return money(half_up(amount, places), places)


def _settled(paid: Prepaid, billed: list[Invoice]) -> Prepaid:
    """A prepayment with its end; what is set off is marked on the invoices, which are by date."""
    rest = left = paid.amount - paid.credited
    for index, invoice in enumerate(billed):
        if left and invoice.dated <= paid.settled <= invoice.due and invoice.payable > 0:
            part = min(left, invoice.payable)
            billed[index] = invoice._replace(set_off=invoice.set_off + part)
            left -= part
    return paid._replace(set_off=rest - left, refunded=left)


def remaining(priced: Priced, schedule: Schedule, day: date) -> Schedule:
    """What of a schedule is earned from a day on, itself included; a line that holds it is cut."""
    before, places = day - DAY, schedule.deal.places
    lines = []
    for line in schedule.lines:
        if line.start < day <= line.through:
            charge = priced.charges[line.charge]
            left = money(charge.booked(line.through) - charge.booked(before), places)
            line = line._replace(start=day, amount=left)
        if line.start >= day:
            lines.append(line)
    return replace(schedule, lines=tuple(lines))


# --- what it is worth ---------------------------------------------------------------------------


def earned(schedule: Schedule) -> list[Flow]:
    """What is earned, on the last day of service of its month; `once` and a fee on their day."""
    return [(invoice.dated, invoice.amount) for invoice in invoices(schedule, Billing())]


def discounted(flows: Sequence[Flow], rate: Fraction, on: date) -> list[Fraction]:
    """What each flow is worth on a day: amount x (1 + rate)^(-days / 365), not rounded to money.

    `rate` is a year's, above -1; days count from `on`, and below zero for earlier money. Such a
    power is irrational: it is computed in decimals, to fifty digits behind those of the largest
    amount, and so the same everywhere. The convention is that of XNPV: actual/365, no leap days.
    """
    days = [(day - on).days for day, _ in flows]
    with localcontext(Context(GUARD_DIGITS)) as context:
        growth = 1 + Decimal(rate.numerator) / rate.denominator
        longest = abs(growth.log10()) * max(map(abs, days), default=0) / DAYS_OF_YEAR
        largest = max((amount.adjusted() for _, amount in flows), default=0)
        context.prec += int(longest) + largest
        daily = growth ** (1 / Decimal(DAYS_OF_YEAR))
        amounts = (amount for _, amount in flows)
        return [Fraction(x * daily**-n) for x, n in zip(amounts, days, strict=True)]


def rounded(worth: Fraction, places: int) -> int:
    """A present value half-up to the minor unit, in minor units.

    What computes to within 10^-20 of half a minor unit is taken for that half: only a rational
    power, like that of a whole year, comes so near, and its last digits may have been cut.
    """
    sure = half_up(worth, places + SURE_DIGITS)
    return half_up(Fraction(sure, 10**SURE_DIGITS), 0)


def present_value(flows: Sequence[Flow], rate: Fraction, on: date, places: int) -> Decimal:
    """What flows together are worth on a day, rounded once, to the currency's minor unit."""
    return money(rounded(sum(discounted(flows, rate, on), Fraction(0)), places), places)

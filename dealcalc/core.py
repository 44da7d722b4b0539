"""What a deal pays: schedule, terminate, backlog. Pure: no files, no clock, no text.

One definition carries everything. What a charge has earned through a day is E(day): the exact sum,
over its days of service up to and including that day, of rate(day) x weight(day). What is booked
between two days is the difference of the two E's, each rounded half-up to the currency's minor unit.
Lines, months, years, totals, an early end, firm and forgone money are all such differences, so any
split of a schedule adds up to the whole, to the cent. Each charge is rounded by itself, then summed.

E is never added up day by day: it is piecewise linear in a clock. The clock of monthly prices counts
months, a part of a month by its weight; the clock of daily and hourly prices counts days. While the
rate stays the same, E(day) = base + rate x clock(day).

An early end cuts service short and moves nothing that was agreed: ramps, anniversaries and the spread
of an `in total` price stay those of the full term. So E never changes, only the last day does.

Amounts inside are whole minor units (cents); results are Decimals of the currency.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import groupby

from dealcalc.dates import DAY, add_months, days_in_month, month_ends, month_number
from dealcalc.deal import PARTIES, Charge, Deal, Right
from dealcalc.words import Price, Share, Span, convert, half_up

Clock = Callable[[date], Fraction | int]


class NotPermitted(Exception):
    """Notice that may not be given: why, the first day on which it may be (if any), and the clause."""

    def __init__(self, message: str, first: date | None, path: str) -> None:
        super().__init__(message)
        self.message, self.first, self.path = message, first, path


@dataclass(frozen=True, slots=True)
class Line:
    """A stretch of one charge at one rate within one month; both days are included.

    `rate` is exact and monthly, or daily where `per` is "day"; a price `once` and a fee have none.
    """

    charge: str
    start: date
    through: date
    rate: Fraction | None
    per: str
    amount: Decimal

    @property
    def days(self) -> int:
        return (self.through - self.start).days + 1


@dataclass(frozen=True)
class Schedule:
    """What a deal pays through a last day, in lines by date and then by charge."""

    deal: Deal
    last_day: date
    lines: tuple[Line, ...]

    @cached_property
    def total(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal(0).scaleb(-self.deal.places))

    def by_month(self) -> Iterator[tuple[date, list[Line]]]:
        """Every month from the first line to the last (the month's first day), with its lines."""
        lines = {month: list(group) for month, group in groupby(self.lines, lambda line: line.start.replace(day=1))}
        if lines:
            for end in month_ends(min(lines), max(lines)):
                yield end.replace(day=1), lines.get(end.replace(day=1), [])


@dataclass(frozen=True, slots=True)
class Ended:
    """A deal after notice: who gave it, its last day of service, and the money both ways.

    `fee` is plus if the buyer pays it, minus if the seller does; `total` = `earned` + `fee`.
    """

    notice: date
    by: str
    last_day: date
    earned: Decimal
    fee: Decimal
    forgone: Decimal
    full_term: Decimal

    @property
    def total(self) -> Decimal:
        return self.earned + self.fee

    @property
    def kept(self) -> Fraction:
        """The share of the full term that is earned; 1 where the full term pays nothing."""
        return Fraction(self.earned) / Fraction(self.full_term) if self.full_term else Fraction(1)


@dataclass(frozen=True, slots=True)
class Backlog:
    """Where a deal stands at the end of a day: earned + firm + cancellable = headline.

    `earliest_exit` is the last day of the exit that makes the rest cancellable, `by` who takes it
    (None: nobody can leave), `fee` what that exit costs; only a plus, the buyer's, is inside `firm`.
    """

    as_of: date
    earned: Decimal
    firm: Decimal
    cancellable: Decimal
    headline: Decimal
    earliest_exit: date
    by: str | None
    fee: Decimal


# --- E, the one definition -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stage:
    """From `start` on, until the next stage: E(day) = base + rate x clock(day)."""

    start: date
    rate: Fraction
    per: str
    base: Fraction
    clock: Clock


def monthly_rate(price: Price, charge: Charge, deal: Deal) -> tuple[Fraction, str]:
    """A recurring price as an exact rate for the whole capacity: per month, or per day (24 hours)."""
    amount = price.amount
    if price.unit:
        amounts = (convert(part, price.unit) for part in deal.capacity(charge))
        amount *= next(amount for amount in amounts if amount is not None)
    if price.per == "hour":
        return amount * 24 * (1 if charge.load is None else charge.load), "day"
    return amount / {"month": 1, "quarter": 3, "year": 12, "day": 1}[price.per], "day" if price.per == "day" else "month"


def month_clock(proration: str, start: date) -> Clock:
    """Counts months for monthly prices of a service that begins on `start`.

    A whole month always counts 1. A part counts by the proration: `actual` days over the days of that
    month; `30/360` a thirtieth for days 1 to 30, none for the 31st, and the last day of February takes
    what is left of the 30; `whole-month` the whole month on its first day of service.
    """
    if proration == "whole-month":
        return lambda day: month_number(day) + 1 if day >= start else month_number(start)
    if proration == "30/360":
        return lambda day: month_number(day) + _of_thirty(day)
    return lambda day: month_number(day) + Fraction(day.day, days_in_month(day.year, day.month))


def _of_thirty(day: date) -> Fraction | int:
    return 1 if day.day >= min(30, days_in_month(day.year, day.month)) else Fraction(day.day, 30)


class Earned:
    """E of one charge of a deal: what it has earned through any day."""

    def __init__(self, deal: Deal, charge: Charge) -> None:
        self.start, self.through = deal.dates(charge)
        self.places = deal.places
        self.stages = tuple(_stages(deal, charge, self.start, self.through))
        self.starts = [stage.start for stage in self.stages]

    def exact(self, day: date) -> Fraction:
        """E(day), the day included, exact, in units of the currency; 0 before the service begins."""
        day = min(day, self.through)
        if day < self.start:
            return Fraction(0)
        stage = self.stages[bisect_right(self.starts, day) - 1]
        return stage.base + stage.rate * stage.clock(day)

    def booked(self, day: date) -> int:
        """E(day) rounded half-up, in minor units: the only rounding of what is earned."""
        return half_up(self.exact(day), self.places)

    def rate(self, day: date) -> Stage | None:
        """The stage that a day of service lies in."""
        return self.stages[bisect_right(self.starts, day) - 1] if self.start <= day <= self.through else None

    def lines(self, name: str, last_day: date) -> Iterator[Line]:
        """The charge's lines through a last day: cut at the ends of months and where the rate changes."""
        before = 0
        for stage, after in zip(self.stages, (*self.stages[1:], None), strict=True):
            ends = min(after.start - DAY if after else self.through, last_day)
            start = stage.start
            for end in month_ends(start, ends):
                booked = self.booked(end)
                rate = None if stage.per == "once" else stage.rate
                yield Line(name, start, end, rate, stage.per, money(booked - before, self.places))
                start, before = end + DAY, booked


def _stages(deal: Deal, charge: Charge, start: date, through: date) -> Iterator[Stage]:
    months = month_clock(deal.proration, start)
    if charge.price.per == "once":
        yield Stage(start, Fraction(0), "once", charge.price.amount, lambda _: 0)
    elif charge.price.per == "total":
        rate = charge.price.amount / (Fraction(months(through)) - months(start - DAY))
        yield Stage(start, rate, "month", -rate * months(start - DAY), months)
    else:
        before, earned, last = None, Fraction(0), None
        for day, rate, per in _rates(deal, charge, start, through):
            if last and (rate, per) == (last.rate, last.per):
                continue
            clock = months if per == "month" else date.toordinal
            before = day - DAY
            earned = last.base + last.rate * last.clock(before) if last else earned
            last = Stage(day, rate, per, earned - rate * clock(before), clock)
            yield last


def _rates(deal: Deal, charge: Charge, start: date, through: date) -> Iterator[tuple[date, Fraction, str]]:
    """The days on which a charge's rate may change, with the rate from then on."""
    steps = list(charge.steps(start))
    increases = list(_increases(charge, start, through))
    days = {start, *increases, *(begins for begins, _, _ in steps), *(ends + DAY for _, ends, _ in steps)}
    listed, per = monthly_rate(charge.price, charge, deal)
    growth = 1 + charge.escalator.rate if charge.escalator else Fraction(1)
    for day in sorted(day for day in days if start <= day <= through):
        step = next((step for begins, ends, step in steps if begins <= day <= ends), None)
        if step and step.price:
            yield day, *monthly_rate(step.price, charge, deal)
        else:
            rate = listed * growth ** bisect_right(increases, day)
            yield day, rate * (1 - step.discount) if step and step.discount else rate, per


def _increases(charge: Charge, start: date, through: date) -> Iterator[date]:
    k = 1
    while charge.escalator and (day := charge.escalator.increase(k, start)) <= through:
        yield day
        k += 1


def money(minor: int, places: int) -> Decimal:
    """Whole minor units as an amount of the currency."""
    return Decimal(minor).scaleb(-places)


# --- a deal, priced once ---------------------------------------------------------------------------


class Book:
    """A deal with the E of each of its charges: priced once, asked for any day."""

    def __init__(self, deal: Deal) -> None:
        self.deal = deal
        self.charges = {name: Earned(deal, charge) for name, charge in deal.charges.items()}
        self.last = deal.term.last
        self.full = self.earned(self.last)

    def earned(self, day: date) -> int:
        """What all charges have earned through a day, in minor units, each rounded by itself."""
        return sum(charge.booked(day) for charge in self.charges.values())

    def schedule(self, last_day: date | None = None, fee: int = 0) -> Schedule:
        """The lines of a deal that ends on `last_day` (default: the full term), and a fee on that day."""
        end = self.last if last_day is None else min(last_day, self.last)
        lines = [line for name, charge in self.charges.items() for line in charge.lines(name, end)]
        if fee:
            lines.append(Line("fee", end, end, None, "once", money(fee, self.deal.places)))
        order = {name: index for index, name in enumerate([*self.charges, "fee"])}
        lines.sort(key=lambda line: (line.start.year, line.start.month, order[line.charge], line.start))
        return Schedule(self.deal, end, tuple(lines))

    def monthly(self, day: date) -> Fraction:
        """The monthly rates, exact, of the charges in service on a day (daily ones by that month's days)."""
        days = days_in_month(day.year, day.month)
        stages = (charge.rate(day) for charge in self.charges.values())
        return sum((stage.rate * (days if stage.per == "day" else 1) for stage in stages if stage), Fraction(0))

    def fee(self, right: Right, last_day: date) -> int:
        """What leaving by a right costs, in minor units; nothing where nothing is forgone."""
        forgone = self.full - self.earned(last_day)
        if right.fee is None or forgone <= 0:
            return 0
        if isinstance(right.fee, Share):
            return half_up(right.fee.part * forgone, 0)
        amount = right.fee.count * self.monthly(last_day) if isinstance(right.fee, Span) else right.fee
        return half_up(amount, self.deal.places)

    # --- notice ------------------------------------------------------------------------------------

    def exits(self, notice: date, by: str | None = None) -> Iterator[tuple[str, date, int]]:
        """Party, last day and signed fee of each exit by notice on a day on which it may be given."""
        for party in PARTIES if by in (None, "either") else (by,):
            right = self.deal.right(party)
            if right and notice == first_notice(self.deal, right, notice):
                end = last_day(self.deal, right, notice)
                yield party, end, self.fee(right, end) * (1 if party == "buyer" else -1)

    def terminate(self, notice: date, by: str | None = None) -> Ended:
        """The deal after notice by a party; without one, by the party whose last day is earlier.

        On a tie that is `either`, and a fee is the buyer's. Raises NotPermitted.
        """
        exits = list(self.exits(notice, by))
        if not exits:
            raise _not_permitted(self.deal, notice, by)
        party, end, fee = min(exits, key=lambda one: one[1])
        if len(exits) == 2 and exits[0][1] == exits[1][1]:
            party = "either"
        earned = self.earned(end)
        amounts = (earned, fee, self.full - earned, self.full)
        return Ended(notice, party, end, *(money(amount, self.deal.places) for amount in amounts))

    def backlog(self, as_of: date, by: str | None = None) -> Backlog:
        """Earned, firm and cancellable at the end of a day.

        Each party with a right gives notice on that day, or on the first later one on which it may.
        The party whose leaving yields less counts; on a tie the earlier, then `either`.
        """
        earned = self.earned(as_of)
        rest = self.full - earned
        exits = sorted(self._leaving(as_of, earned, rest, by), key=lambda one: one[:2])
        firm, end, party, fee = exits[0] if exits else (rest, self.last, None, 0)
        if len(exits) == 2 and exits[0][:2] == exits[1][:2]:
            party = "either"
        amounts = (money(amount, self.deal.places) for amount in (earned, firm, rest - firm, self.full))
        return Backlog(as_of, *amounts, end, party, money(fee, self.deal.places))

    def _leaving(self, as_of: date, earned: int, rest: int, by: str | None) -> Iterator[tuple[int, date, str, int]]:
        """What each party's leaving would still yield, its last day, the party and the signed fee."""
        for party in PARTIES if by in (None, "either") else (by,):
            right = self.deal.right(party)
            notice = first_notice(self.deal, right, as_of) if right else None
            if notice is None:
                continue
            for _, end, fee in self.exits(notice, party):
                service = max(0, self.earned(end) - earned)
                yield min(rest, service + max(0, fee)), end, party, fee


def last_day(deal: Deal, right: Right, notice: date) -> date:
    """The last day of service, which is paid, after notice on a day; never after the term.

    The day of notice is not counted, so `90 days` ends on the 90th day after it; where the convention
    counts it, every last day is one earlier. Months are calendar months, held back to a month's end.
    """
    return min(_ends(deal, right, notice), deal.term.last)


def _ends(deal: Deal, right: Right, notice: date) -> date:
    end = _later(notice, right.notice)
    return end - DAY if deal.conventions.notice_day == "included" else end


def _later(day: date, span: Span) -> date:
    return add_months(day, span.count) if span.unit == "months" else day + span.count * DAY


def first_notice(deal: Deal, right: Right, day: date) -> date | None:
    """The first day from `day` on, itself included, on which a right may be used; None if never."""
    first = max(day, deal.signed, _lock_out(deal, right) or deal.signed)
    return first if first <= deal.term.last else None


def _lock_out(deal: Deal, right: Right) -> date | None:
    """The first day on which a lock-out lets notice be given."""
    if right.lock_out is None:
        return None
    until = _later(deal.signed, right.lock_out) if isinstance(right.lock_out, Span) else right.lock_out
    if right.lock_out_bars != "ending":
        return until
    # Notice that would end earlier is refused, not stretched: look for the first that ends in time.
    back = Span(-right.notice.count, right.notice.unit)
    first = _later(until, back)
    while _ends(deal, right, first) < until:
        first += DAY
    while _ends(deal, right, first - DAY) >= until:
        first -= DAY
    return first


def _not_permitted(deal: Deal, notice: date, by: str | None) -> NotPermitted:
    """Why notice on that day is not permitted, and from when on it is."""
    parties = PARTIES if by in (None, "either") else (by,)
    rights = [right for party in parties if (right := deal.right(party))]
    who = "nobody" if by in (None, "either") else f"the {by}"
    if not rights:
        others = [party for party in PARTIES if deal.right(party)]
        only = f"; only the {others[0]} has" if others else ""
        return NotPermitted(f"{who} has a right to end this deal{only}" if who == "nobody" else f"{who} has no right to end this deal{only}", None, "termination")
    firsts = [first for right in rights if (first := first_notice(deal, right, notice))]
    first = min(firsts, default=None)
    if notice > deal.term.last:
        return NotPermitted(f"the term ends on {deal.term.last}, before notice on {notice}", None, "term")
    message = f"notice on {notice} is not permitted"
    if notice < deal.signed:
        return NotPermitted(f"{message}: it may be given from {deal.signed} on", first, "term")
    return NotPermitted(f"{message}: it is inside the lock-out", first, "termination")


# --- the same, for one question --------------------------------------------------------------------


def schedule(deal: Deal, last_day: date | None = None) -> Schedule:
    """What a deal pays by charge and month, through its term or an earlier last day of service."""
    return Book(deal).schedule(last_day)


def terminate(deal: Deal, notice: date, by: str | None = None) -> Ended:
    """What a deal pays if notice is given on a day; raises NotPermitted."""
    return Book(deal).terminate(notice, by)


def backlog(deal: Deal, as_of: date, by: str | None = None) -> Backlog:
    """What is earned, firm and cancellable at the end of a day."""
    return Book(deal).backlog(as_of, by)

"""What is known of a deal, or of several together: what their figures are taken from."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Protocol

from dealcalc.core import Backlog, Ended, Priced, Schedule
from dealcalc.earned import Earned
from dealcalc.figures.cash import Cash, Flow, cash, earned, present_value, remaining
from dealcalc.figures.prices import UnitDays, average_days, listed_days
from dealcalc.leaving import Exit, last_day_of_each
from dealcalc.terms.dates import DAY, add_months, month_end, month_ends, month_number
from dealcalc.terms.deal import PARTIES, Deal
from dealcalc.terms.misread import Misread
from dealcalc.terms.values import PERIODS

Days = tuple[date, date]
"""First and last day of some days, both included."""

Remaining = list[tuple[int, Fraction]]
"""Days until the end of each service, and what it still earns."""


LastDay = tuple[Earned, date]
"""A charge, and its last day of service."""


class Agreed(Protocol):
    """What is asked about: a deal, or several in one currency."""

    @property
    def currency(self) -> str:
        """What its amounts are in."""

    @property
    def places(self) -> int:
        """Digits of the currency's minor unit."""

    @property
    def signed(self) -> date:
        """The first day on which there is a contract."""

    @property
    def year_end(self) -> int:
        """The month that ends a fiscal year."""


class Figures:
    """The figures of a subject by what is known of it: of a deal, or of several together.

    Amounts are exact, in units of the currency; a `day` that may be None is signing then. Where
    there is no such figure, asking for it raises Misread.
    """

    agreed: Agreed
    first_day: date
    last_day: date
    earned: Fraction
    contract_value: Fraction
    fee: Fraction

    def of_currency(self, currency: str) -> "Figures":
        """Itself; raises Misread where another currency is named than its own."""
        if currency not in ("", self.agreed.currency):
            message = f"the amounts are in {self.agreed.currency}, not in {currency}"
            raise Misread(message, f"remove `{currency}`", code="currency")
        return self

    # --- what is known ------------------------------------------------------------------------

    def earned_on(self, day: date) -> Fraction:
        """What is earned by the end of a day, or of the last day of service."""
        raise NotImplementedError

    def between(self, start: date, through: date) -> Fraction:
        """Revenue from `start` to `through`, both included, with the fee if it falls due in it."""
        raise NotImplementedError

    def months_served(self) -> set[int]:
        """The numbers of calendar months with service; a price `once` and a fee are no service."""
        raise NotImplementedError

    def run_rate(self, day: date) -> Fraction:
        """Twelve times the monthly rates of the charges in service on a day."""
        raise NotImplementedError

    def next_year(self, day: date) -> Fraction:
        """What is earned in the twelve months from the day after `day`, by the terms as agreed."""
        raise NotImplementedError

    def coming(self, day: date | None) -> Fraction:
        """The same of what is signed then."""
        raise NotImplementedError

    def billed(self, days: Days) -> Fraction:
        """What is invoiced on some days, before anything is credited or set off."""
        raise NotImplementedError

    def paid(self, days: Days) -> Fraction:
        """What is paid on some days, less what is paid back."""
        raise NotImplementedError

    def present_value(self, rate: Fraction, on: date | None) -> Fraction:
        """What remains on a day at a rate a year; without one, all of it on the first day."""
        raise NotImplementedError

    def unit_days(self, unit: str, *, average: bool) -> UnitDays:
        """What is paid for a unit, as listed or on average, and for how many days of it."""
        raise NotImplementedError

    def standings(self, day: date | None) -> Sequence[Backlog]:
        """Where each contract stands at the close of a day: as agreed, until notice is given.

        None is signing, before anybody has given notice.
        """
        raise NotImplementedError

    def remaining_days(self, day: date | None) -> Remaining:
        """Each service that is agreed then."""
        raise NotImplementedError

    def firm_days(self, day: date | None) -> Remaining:
        """The same of what is firm: to the first exit, on which a fee falls due."""
        raise NotImplementedError

    def optional(self, day: date | None, party: str = "buyer") -> Fraction:
        """What a party's options would add if all were taken in full, as it stands on a day.

        Without a day, once all is taken that ever is.
        """
        raise NotImplementedError

    @property
    def buyers(self) -> Sequence[str]:
        """Whose each standing is."""
        raise NotImplementedError

    # --- what follows -------------------------------------------------------------------------

    def firm(self, day: date | None) -> Fraction:
        """What is firm then."""
        return Fraction(sum(stands.firm for stands in self.standings(day)))

    def cancellable(self, day: date | None) -> Fraction:
        """What is cancellable then."""
        return Fraction(sum(stands.cancellable for stands in self.standings(day)))

    def not_begun(self, day: date | None) -> Fraction:
        """What of firm is earned by services that have not begun then."""
        return Fraction(sum(stands.not_begun for stands in self.standings(day)))

    @property
    def forgone(self) -> Fraction:
        """What the full term would have earned beyond what is earned."""
        return self.contract_value - self.earned

    @property
    def earned_share(self) -> Fraction:
        """The share of the full term that is earned; 1 where the full term pays nothing."""
        return self.earned / self.contract_value if self.contract_value else Fraction(1)

    @property
    def total(self) -> Fraction:
        """What is paid in all, with the fee."""
        return self.earned + self.fee

    def months(self) -> int:
        """How many calendar months have service."""
        return len(self.months_served())

    def highest_month(self) -> Fraction:
        """The most that a calendar month earns, with the fee if it falls due in it."""
        ends = month_ends(min(self.first_day, self.last_day), self.last_day)
        return max(self.between(end.replace(day=1), month_end(end)) for end in ends)

    def unit_price(self, per: tuple[str, str]) -> Fraction:
        """What is paid for a unit and a period, before ramp and escalator."""
        return self._price(*per, average=False)

    def average_price(self, per: tuple[str, str]) -> Fraction:
        """What is paid on average, after ramp and escalator, through the last day of service."""
        return self._price(*per, average=True)

    def _price(self, unit: str, period: str, *, average: bool) -> Fraction:
        price = self.unit_days(unit, average=average).price(PERIODS[period])
        if price is None:
            message = f"no recurring charge has a capacity in {unit}"
            raise Misread(message, f"add one, like `capacity: 300 {unit}`", code="no-capacity")
        return price

    def firm_share(self, day: date | None) -> Fraction:
        """The share of what is still to come then that is firm."""
        firm = self.firm(day)
        rest = firm + self.cancellable(day)
        if not rest:
            message = f"nothing is still to come {_when(day)}, so no share of it is firm"
            raise Misread(message, "ask about another day, or for an amount", code="claim")
        return firm / rest

    def largest_buyer(self, day: date | None) -> tuple[str, Fraction] | None:
        """Who has most of what is still to come then, and its share; None where nothing is."""
        return self._largest([stands.firm + stands.cancellable for stands in self.standings(day)])

    def largest_firm_buyer(self, day: date | None) -> tuple[str, Fraction] | None:
        """The same of what is firm."""
        return self._largest([stands.firm for stands in self.standings(day)])

    def _largest(self, amounts: Sequence[Decimal]) -> tuple[str, Fraction] | None:
        by_buyer: dict[str, Fraction] = {}
        for buyer, amount in zip(self.buyers, amounts, strict=True):
            by_buyer[buyer] = by_buyer.get(buyer, Fraction(0)) + Fraction(amount)
        name, most = max(by_buyer.items(), key=lambda item: item[1])
        whole = sum(by_buyer.values(), Fraction(0))
        return (name, most / whole) if whole else None

    def largest_buyer_share(self, day: date | None) -> Fraction:
        """The share of what is still to come that one buyer pays at most."""
        return _share(self.largest_buyer(day), day)

    def largest_firm_buyer_share(self, day: date | None) -> Fraction:
        """The same of what is firm."""
        return _share(self.largest_firm_buyer(day), day)

    def cover(self, day: date | None) -> Fraction:
        """Firm over what the next twelve months earn, by the terms as agreed."""
        coming = self.coming(day)
        if not coming:
            message = f"nothing is to come in the 12 months {_when(day)}, so firm covers none of it"
            raise Misread(message, "ask about another day", code="claim")
        return self.firm(day) / coming

    def first_exit(self, day: date | None) -> date:
        """The last day of service if whoever may leave does so; the agreed one if nobody may."""
        exits = (stands.earliest_exit for stands in self.standings(day))
        exit = min((exit for exit in exits if exit), default=None)
        if exit is None:
            signed = self.agreed.signed
            message = f"nobody can leave {_when(day)}: nothing is signed until {signed}"
            raise Misread(message, "ask about a later day", code="claim")
        return exit

    def remaining_term(self, day: date | None) -> Fraction:
        """Days from then to the last of each service, weighted by what each still earns."""
        return _mean(self.remaining_days(day), day)

    def firm_remaining_term(self, day: date | None) -> Fraction:
        """The same of what is firm."""
        return _mean(self.firm_days(day), day)

    def up_to(self) -> Fraction:
        """What is paid in all, and what the options of both parties would add to it."""
        return self.total + sum(self.optional(None, party) for party in PARTIES)


class Result(Figures):
    """A deal's figures, as agreed or after notice; `fee` and last day are those of the exit.

    `earned`, `forgone` and `earned_share` know no fee; `total` does: plus if the buyer pays it,
    minus if the seller does.
    """

    def __init__(
        self, deal: Deal, ended: Ended | None = None, priced: Priced | None = None
    ) -> None:
        whole = priced or Priced(deal)
        self.priced = whole.agreed_on(ended.notice) if ended else whole
        self.deal, self.ended = self.priced.deal, ended
        self.agreed = self.deal
        self.first_day = min(charge.start for charge in self.priced.charges.values())
        self.last_day = ended.last_day if ended else self.priced.last
        self._exits = (ended.exit,) if ended else ()
        self._ends = last_day_of_each(self._exits)
        self.contract_value = self._amount(self.priced.full)
        self.fee = Fraction(ended.fee) if ended else Fraction(0)

    def _amount(self, minor: int) -> Fraction:
        return Fraction(minor, 10**self.deal.places)

    # Each figure is computed when it is asked for: a claim asks for one of them.

    @cached_property
    def earned(self) -> Fraction:  # type: ignore[override]
        """What is earned in all."""
        return self.earned_on(self.priced.last)

    def earned_on(self, day: date) -> Fraction:
        """Of each charge through a day, none after the last."""
        return self._amount(self.priced.earned_after(self._exits, day))

    def between(self, start: date, through: date) -> Fraction:
        """The difference of what is earned by both ends."""
        due = start <= self.last_day <= through
        return self.earned_on(through) - self.earned_on(start - DAY) + (self.fee if due else 0)

    def months_served(self) -> set[int]:
        """Those of each charge that is no price `once`."""
        months: set[int] = set()
        for name, charge in self.priced.charges.items():
            through = min(charge.through, self._ends.get(name, charge.through))
            if charge.start <= through and not self.deal.charges[name].on:
                months.update(range(month_number(charge.start), month_number(through) + 1))
        return months

    def run_rate(self, day: date) -> Fraction:
        """Nothing after the last day."""
        serves = [name for name in self.deal.charges if day <= self._ends.get(name, day)]
        return 12 * self.priced.monthly(day, serves)

    def next_year(self, day: date) -> Fraction:
        """As agreed, whether or not notice is given."""
        through = add_months(day + DAY, 12) - DAY
        return self._amount(self.priced.earned(through) - self.priced.earned(day))

    def coming(self, day: date | None) -> Fraction:
        """Nothing before there is a contract."""
        return self.coming_from(self._close(day), day or self.deal.signed)

    def coming_from(self, since: date, as_of: date) -> Fraction:
        """What the twelve months from the close of a day earn, as it is agreed on another."""
        if as_of < self.deal.signed:
            return Fraction(0)
        terms, through = self.priced.agreed_on(as_of), add_months(since + DAY, 12) - DAY
        return self._amount(terms.earned(through) - terms.earned(since))

    def _close(self, day: date | None) -> date:
        """The day at whose close that is: signing is the close of the day before."""
        return day or self.deal.signed - DAY

    # --- what is invoiced and paid, and worth -------------------------------------------------

    @cached_property
    def schedule(self) -> Schedule:
        """What it pays in lines, a fee among them."""
        return self.priced.schedule_after(self._exits)

    @cached_property
    def cash(self) -> Cash:
        """How it is invoiced and paid."""
        return cash(self.priced, self.schedule, self.ended.notice if self.ended else None)

    def billed(self, days: Days) -> Fraction:
        """All invoices that are dated then."""
        return _in(days, ((invoice.dated, invoice.amount) for invoice in self.cash.invoices))

    def paid(self, days: Days) -> Fraction:
        """All payments and refunds of those days."""
        return _in(days, ((payment.day, payment.amount) for payment in self.cash.payments()))

    def present_value(self, rate: Fraction, on: date | None) -> Fraction:
        """As of that day, or of the start of the term."""
        return self.worth(rate, on, on or self.deal.term.start)

    def worth(self, rate: Fraction, since: date | None, on: date) -> Fraction:
        """What is earned on a day or later (None: all of it), as it is worth on another day."""
        left = remaining(self.priced, self.schedule, since) if since else self.schedule
        return Fraction(present_value(earned(left), rate, on, self.deal.places))

    def unit_days(self, unit: str, *, average: bool) -> UnitDays:
        """Of all charges that have a capacity in the unit."""
        if average:
            return average_days(self.priced, unit, self.last_day)
        return listed_days(self.priced, unit)

    # --- where it stands ----------------------------------------------------------------------

    def standings(self, day: date | None) -> Sequence[Backlog]:
        """Where it stands alone."""
        return [self.priced.backlog(day, ended=self.ended) if day else self.priced.at_signing()]

    @property
    def buyers(self) -> Sequence[str]:
        """The one there is."""
        return [self.deal.buyer]

    def remaining_days(self, day: date | None) -> Remaining:
        """Of each charge, through the term or the end that notice has set."""
        return self.remaining(self._close(day), day or self.deal.signed)

    def remaining(self, since: date, as_of: date, exits: Iterable[Exit] = ()) -> Remaining:
        """From the close of a day, as it is agreed `as_of` another, if some exits are used."""
        if as_of < self.deal.signed:
            return []
        return [
            (
                max(0, (last - since).days),
                self._amount(charge.booked(last) - charge.booked(min(since, last))),
            )
            for charge, last in self._lasts(since, as_of, exits)
        ]

    def _lasts(self, since: date, as_of: date, exits: Iterable[Exit]) -> Iterator[LastDay]:
        """Each charge that is agreed then, and its last day: also after notice, and exits."""
        given = self._given(since)
        terms = self.priced if given else self.priced.agreed_on(as_of)
        ended, ends = last_day_of_each(given), last_day_of_each((*given, *exits))
        for name, charge in terms.charges.items():
            last = min(charge.through, ends.get(name, charge.through))
            yield charge, last if name in ended else max(last, min(since, charge.through))

    def _given(self, since: date) -> tuple[Exit, ...]:
        """The exit of which notice has been given by the close of a day."""
        return self._exits if self.ended and since >= self.ended.notice else ()

    def firm_days(self, day: date | None) -> Remaining:
        """Of each charge through its exit, and the fee on the day of the first."""
        (stands,) = self.standings(day)
        return self.firm_remaining(self._close(day), stands)

    def firm_remaining(self, since: date, stands: Backlog) -> Remaining:
        """The same of a moment whose standing is known."""
        if stands.earliest_exit is None:
            return []
        fee = max(0, (stands.earliest_exit - since).days), Fraction(stands.firm_fee)
        return [*self.remaining(since, stands.as_of, stands.exits), fee]

    def to_come(self, first: date, through: date, stands: Backlog) -> tuple[Fraction, Fraction]:
        """What of the contract value, and of firm, comes after one day and through another."""
        if stands.earliest_exit is None:
            return Fraction(0), Fraction(0)
        since = stands.as_of if stands.moment == "close" else stands.as_of - DAY
        given = sum(max(0, exit.fee) for exit in self._given(since))
        fees = (self._amount(given), ()), (Fraction(stands.firm_fee), stands.exits)
        falls_due = first < max(stands.earliest_exit, since + DAY) <= through

        def comes(fee: Fraction, exits: Iterable[Exit]) -> Fraction:
            earned = sum(
                charge.booked(min(through, last)) - charge.booked(min(first, last))
                for charge, last in self._lasts(since, stands.as_of, exits)
            )
            return self._amount(earned) + (fee if falls_due else 0)

        value, firm = (comes(*each) for each in fees)
        return value, firm

    def optional(self, day: date | None, party: str = "buyer") -> Fraction:
        """Nothing before there is a contract, or once notice has ended it."""
        is_over = self.ended and (day is None or day >= self.ended.notice)
        if is_over or (day and day < self.deal.signed):
            return Fraction(0)
        return self._amount(self.priced.optional(day or self.priced.ladder.settled, party))


def _in(days: Days, flows: Iterable[Flow]) -> Fraction:
    """What of some money moves on some days."""
    first, last = days
    return sum((Fraction(amount) for day, amount in flows if first <= day <= last), Fraction(0))


def _when(day: date | None) -> str:
    return f"on {day}" if day else "at signing"


def weighted_days(parts: Remaining) -> Fraction | None:
    """The mean of days, weighted by the amount of each; None where that is nothing in all."""
    whole = sum((amount for _, amount in parts), Fraction(0))
    return sum((days * amount for days, amount in parts), Fraction(0)) / whole if whole else None


def _share(largest: tuple[str, Fraction] | None, day: date | None) -> Fraction:
    if largest is None:
        raise Misread(f"nothing remains {_when(day)}", "ask about an earlier day", code="claim")
    return largest[1]


def _mean(parts: Remaining, day: date | None) -> Fraction:
    mean = weighted_days(parts)
    if mean is None:
        raise Misread(f"nothing remains {_when(day)}", "ask about an earlier day", code="claim")
    return mean

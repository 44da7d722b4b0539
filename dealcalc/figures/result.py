"""What is known of a deal, as agreed or ended by notice: what its figures are taken from."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from functools import cached_property

from dealcalc.core import Backlog, Ended, Priced, Schedule
from dealcalc.figures.cash import Cash, Flow, cash, earned, present_value, remaining
from dealcalc.figures.prices import average_price, unit_price
from dealcalc.terms.dates import DAY, add_months, month_end, month_ends, month_number
from dealcalc.terms.deal import PARTIES, Deal
from dealcalc.terms.misread import Misread

Days = tuple[date, date]
"""First and last day of some days, both included."""


class Result:
    """A deal's figures, as agreed or after notice; `fee` and last day are those of the exit.

    Amounts are exact, in units of the currency. `earned`, `forgone` and `earned_share` know no
    fee; `total` does: plus if the buyer pays it, minus if the seller does. Where a deal has no
    such figure, asking for it raises Misread.
    """

    def __init__(
        self, deal: Deal, ended: Ended | None = None, priced: Priced | None = None
    ) -> None:
        whole = priced or Priced(deal)
        self.priced = whole.agreed_on(ended.notice) if ended else whole
        self.deal, self.ended = self.priced.deal, ended
        self.last_day = ended.last_day if ended else self.priced.last

    # Each figure is computed when it is asked for: a claim asks for one of them.

    # --- what is earned -----------------------------------------------------------------------

    @cached_property
    def earned(self) -> Fraction:
        """What is earned in all."""
        return self.earned_on(self.last_day)

    @property
    def contract_value(self) -> Fraction:
        """What the full term earns."""
        return self._amount(self.priced.full)

    @property
    def forgone(self) -> Fraction:
        """What the full term would have earned beyond what is earned."""
        return self.contract_value - self.earned

    @property
    def fee(self) -> Fraction:
        """The fee of the exit: plus if the buyer pays it, minus if the seller does."""
        return Fraction(self.ended.fee) if self.ended else Fraction(0)

    @property
    def earned_share(self) -> Fraction:
        """The share of the full term that is earned; 1 where the full term pays nothing."""
        return self.ended.earned_share if self.ended else Fraction(1)

    @property
    def total(self) -> Fraction:
        """What is paid in all, with the fee."""
        return self.earned + self.fee if self.ended else self.earned

    def _amount(self, minor: int) -> Fraction:
        return Fraction(minor, 10**self.deal.places)

    def earned_on(self, day: date) -> Fraction:
        """What is earned by the end of a day, or of the last day of service."""
        return self._amount(self.priced.earned(min(day, self.last_day)))

    def between(self, start: date, through: date) -> Fraction:
        """Revenue from `start` to `through`, both included, with the fee if it falls due in it."""
        due = start <= self.last_day <= through
        return self.earned_on(through) - self.earned_on(start - DAY) + (self.fee if due else 0)

    def highest_month(self) -> Fraction:
        """The most that a calendar month earns, with the fee if it falls due in it."""
        starts = [charge.start for charge in self.priced.charges.values()]
        ends = month_ends(min([*starts, self.last_day]), self.last_day)
        return max(self.between(end.replace(day=1), month_end(end)) for end in ends)

    def months(self) -> int:
        """Calendar months with service; a price `once` and a fee are no service."""
        months: set[int] = set()
        for name, charge in self.priced.charges.items():
            through = min(charge.through, self.last_day)
            if charge.start <= through and not self.deal.charges[name].on:
                months.update(range(month_number(charge.start), month_number(through) + 1))
        return len(months)

    def run_rate(self, day: date) -> Fraction:
        """Twelve times the monthly rates of the charges in service on a day."""
        return 12 * self.priced.monthly(day) if day <= self.last_day else Fraction(0)

    def next_year(self, day: date) -> Fraction:
        """What is earned in the twelve months from the day after `day`, by the terms as agreed."""
        through = add_months(day + DAY, 12) - DAY
        return self._amount(self.priced.earned(through) - self.priced.earned(day))

    # --- what is invoiced and paid, and worth -------------------------------------------------

    @cached_property
    def schedule(self) -> Schedule:
        """What it pays in lines, a fee among them."""
        fee = int(self.ended.fee.scaleb(self.deal.places)) if self.ended else 0
        return self.priced.schedule(self.last_day, fee)

    @cached_property
    def cash(self) -> Cash:
        """How it is invoiced and paid."""
        return cash(self.priced, self.schedule, self.ended.notice if self.ended else None)

    def billed(self, days: Days) -> Fraction:
        """What is invoiced on some days, before anything is credited or set off."""
        return _in(days, ((invoice.dated, invoice.amount) for invoice in self.cash.invoices))

    def paid(self, days: Days) -> Fraction:
        """What is paid on some days, less what is paid back."""
        return _in(days, ((payment.day, payment.amount) for payment in self.cash.payments()))

    def present_value(self, rate: Fraction, on: date | None) -> Fraction:
        """What remains on a day at a rate a year; without one, all of it on the term's start."""
        left = remaining(self.priced, self.schedule, on) if on else self.schedule
        day = on or self.deal.term.start
        return Fraction(present_value(earned(left), rate, day, self.deal.places))

    # --- prices of a unit ---------------------------------------------------------------------

    def unit_price(self, per: tuple[str, str]) -> Fraction:
        """What is paid for a unit and a period, before ramp and escalator."""
        return self._price(unit_price(self.priced, *per), per[0])

    def average_price(self, per: tuple[str, str]) -> Fraction:
        """What is paid on average, after ramp and escalator, through the last day of service."""
        return self._price(average_price(self.priced, *per, self.last_day), per[0])

    def _price(self, price: Fraction | None, unit: str) -> Fraction:
        if price is None:
            message = f"no recurring charge has a capacity in {unit}"
            raise Misread(message, f"add one, like `capacity: 300 {unit}`", code="no-capacity")
        return price

    # --- where it stands ----------------------------------------------------------------------

    def stands(self, day: date | None) -> Backlog:
        """Where it stands at the close of a day: by the terms as agreed, until notice is given.

        None is signing, before anybody has given notice.
        """
        return self.priced.backlog(day, ended=self.ended) if day else self.priced.at_signing()

    def firm(self, day: date | None) -> Fraction:
        """What is firm then."""
        return Fraction(self.stands(day).firm)

    def cancellable(self, day: date | None) -> Fraction:
        """What is cancellable then."""
        return Fraction(self.stands(day).cancellable)

    def not_begun(self, day: date | None) -> Fraction:
        """What of firm is earned by services that have not begun then."""
        return Fraction(self.stands(day).not_begun)

    def firm_share(self, day: date | None) -> Fraction:
        """The share of what is still to come then that is firm."""
        share = self.stands(day).firm_share
        if share is None:
            message = f"nothing is still to come {_when(day)}, so no share of it is firm"
            raise Misread(message, "ask about another day, or for an amount", code="claim")
        return share

    def optional(self, day: date | None, party: str = "buyer") -> Fraction:
        """What a party's options would add if all were taken in full, as the deal stands on a day.

        Without a day, once all is taken that ever is. Nothing before there is a contract, or once
        notice has ended it.
        """
        is_over = self.ended and (day is None or day >= self.ended.notice)
        if is_over or (day and day < self.deal.signed):
            return Fraction(0)
        return self._amount(self.priced.optional(day or self.priced.ladder.settled, party))

    def up_to(self) -> Fraction:
        """The contract value, and what the options of both parties would add to it."""
        more = sum(self.optional(None, party) for party in PARTIES)
        return self.total + more

    def cover(self, day: date | None) -> Fraction:
        """Firm over what the next twelve months earn, by the terms as agreed."""
        signed = self.deal.signed
        coming = self.next_year(day or signed - DAY) if not day or day >= signed else Fraction(0)
        if not coming:
            message = f"nothing is to come in the 12 months {_when(day)}, so firm covers none of it"
            raise Misread(message, "ask about another day", code="claim")
        return self.firm(day) / coming

    def first_exit(self, day: date | None) -> date:
        """The last day of service if whoever may leave does so; the agreed one if nobody may."""
        exit = self.stands(day).earliest_exit
        if exit is None:
            message = f"nobody can leave {_when(day)}: it is not signed until {self.deal.signed}"
            raise Misread(message, "ask about a later day", code="claim")
        return exit

    def remaining_term(self, day: date | None) -> Fraction:
        """Days from then to the last of each service, weighted by what each still earns."""
        last = (
            self.last_day if self.ended and day and day >= self.ended.notice else self.priced.last
        )
        return _weighted(self.remaining_days(day, last), day)

    def firm_remaining_term(self, day: date | None) -> Fraction:
        """The same of what is firm: to the first exit, on which a fee falls due."""
        return _weighted(self.firm_remaining_days(day), day)

    def remaining_days(self, day: date | None, last: date) -> list[tuple[int, Fraction]]:
        """Days from then to the last of each service through a day, and what it earns in them."""
        since = day or self.deal.signed - DAY
        if since < self.deal.signed - DAY:
            return []
        return [
            (
                (min(charge.through, last) - since).days,
                self._amount(charge.booked(last) - charge.booked(min(since, last))),
            )
            for charge in self.priced.charges.values()
        ]

    def firm_remaining_days(self, day: date | None) -> list[tuple[int, Fraction]]:
        """The same of what is firm."""
        stands = self.stands(day)
        if stands.earliest_exit is None:
            return []
        since = day or self.deal.signed - DAY
        fee = (stands.earliest_exit - since).days, Fraction(stands.firm_fee)
        return [*self.remaining_days(day, stands.earliest_exit), fee]


def _in(days: Days, flows: Iterable[Flow]) -> Fraction:
    """What of some money moves on some days."""
    first, last = days
    return sum((Fraction(amount) for day, amount in flows if first <= day <= last), Fraction(0))


def _when(day: date | None) -> str:
    return f"on {day}" if day else "at signing"


def weighted_days(parts: Iterable[tuple[int, Fraction]]) -> Fraction | None:
    """The mean of days, weighted by an amount for each; None where that is nothing in all."""
    parts = list(parts)
    whole = sum((amount for _, amount in parts), Fraction(0))
    return sum((days * amount for days, amount in parts), Fraction(0)) / whole if whole else None


def _weighted(parts: Iterable[tuple[int, Fraction]], day: date | None) -> Fraction:
    mean = weighted_days(parts)
    if mean is None:
        raise Misread(f"nothing remains {_when(day)}", "ask about an earlier day", code="claim")
    return mean

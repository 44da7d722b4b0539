"""Rights to more: what is taken, laid into a deal; what may still be taken, and until when.

What is taken moves the ends of charges, or adds charges, and nothing else: stages and anniversaries
run on. It is agreed from the day on which it is taken. Dates alone, no money.
"""

from bisect import bisect_right
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from operator import itemgetter

from dealcalc.terms.charges import Charge, Renewal
from dealcalc.terms.dates import DAY, after_months
from dealcalc.terms.deal import Deal, DealOption
from dealcalc.terms.fields import Entries

# --- what is taken --------------------------------------------------------------------------------


def agreed(deal: Deal) -> Deal:
    """A deal as its file says it, with every option laid into its charges that is ever taken."""
    for day, name in takings(deal):
        deal = with_taken(deal, name, day)
    return deal


def takings(deal: Deal) -> list[tuple[date, str]]:
    """The days on which options are taken, in order, each with its option; ties as in the file."""
    days = (
        (day, name) for name, option in deal.options.items() for day in option.days(deal.signed)
    )
    return sorted(days, key=itemgetter(0))


def agreed_on(deal: Deal, day: date) -> Deal:
    """What of a deal is agreed on a day: without the options that are taken later."""
    charges = {
        name: replace(charge, renewals=before) if before != charge.renewals else charge
        for name, charge in deal.charges.items()
        if charge.agreed <= day
        for before in [tuple(renewal for renewal in charge.renewals if renewal.agreed <= day)]
    }
    return _with_charges(deal, charges)


def agreed_at_signing(deal: Deal) -> Deal:
    """The same deal, as if all that is taken had been taken at signing."""
    charges = {
        name: replace(
            charge,
            agreed=deal.signed,
            renewals=tuple(renewal._replace(agreed=deal.signed) for renewal in charge.renewals),
        )
        for name, charge in deal.charges.items()
    }
    options = {
        name: replace(option, taken=(), take=len(option.days(deal.signed)))
        for name, option in deal.options.items()
    }
    return replace(deal, charges=Entries(charges), options=Entries(options))


def with_taken(deal: Deal, name: str, day: date) -> Deal:
    """A deal with one of its options taken on a day, once."""
    option = deal.options[name]
    if option.adds:
        added = {key: _added(deal, charge, name, day) for key, charge in option.adds.items()}
        return _with_charges(deal, {**deal.charges, **added})
    renewed = {key: _renewed(deal, key, name, day) for key in extended(deal, option)}
    return _with_charges(deal, {**deal.charges, **renewed})


def extended(deal: Deal, option: DealOption) -> tuple[str, ...]:
    """The charges that an option renews, by name: none if it adds some."""
    if option.adds:
        return ()
    recurring = (
        name for name, charge in deal.charges.items() if charge.price.recurs and not charge.added_by
    )
    return option.extends or tuple(recurring)


def _with_charges(deal: Deal, charges: Mapping[str, Charge]) -> Deal:
    last = max([deal.term.last, *(deal.dates(charge)[1] for charge in charges.values())])
    return replace(deal, charges=Entries(charges), longest=last)


def _added(deal: Deal, charge: Charge, option: str, day: date) -> Charge:
    """A charge that an option adds: from its own start, or else as soon as it may begin."""
    start = charge.start or (None if charge.on else begins(deal, day))
    return replace(charge, start=start, added_by=option, agreed=day)


def begins(deal: Deal, day: date) -> date:
    """The first day of service of what is taken on a day and has no start of its own.

    At signing that may be the very day, later it is the day after; never before the term.
    """
    return max(deal.term.start, day if day == deal.signed else day + DAY)


def _renewed(deal: Deal, name: str, by: str, day: date) -> Charge:
    """A charge that goes on for one more renewal; only the first by an option has its price."""
    charge, option = deal.charges[name], deal.options[by]
    before = charge.renewals[-1] if charge.renewals else None
    price = option.price if before is None or before.option != by else None
    assert not isinstance(price, str)  # by the rules
    months = option.length + (before.months if before else 0)
    first, last = deal.dates(charge)[1] + DAY, moved_end(deal, charge, months)
    return replace(
        charge, renewals=(*charge.renewals, Renewal(by, day, first, last, price, months))
    )


def moved_end(deal: Deal, charge: Charge, months: int) -> date:
    """The last day of a charge whose own end is so many months later.

    They are added to the months that it has, or that the term has; else to the day after its end.
    """
    start, through = deal.own_dates(charge)
    if charge.length:
        return after_months(start, charge.length + months)
    if not charge.through and deal.term.length:
        return after_months(deal.term.start, deal.term.length + months)
    return after_months(through + DAY, months)


# --- what may be taken ----------------------------------------------------------------------------


def lapse(deal: Deal, option: DealOption) -> date:
    """The last day on which an option may be taken, once more, of a deal as it stands."""
    last = last_taking(deal, option)
    return min(last, option.until) if option.until else last


def last_taking(deal: Deal, option: DealOption) -> date:
    """The same without `until`: before what it adds begins, or in time for what it renews."""
    if option.adds:
        return min(_before_service(deal, charge) for charge in option.adds.values())
    end = min(deal.dates(deal.charges[name])[1] for name in extended(deal, option))
    if option.notice is None:
        return end
    notice = option.notice.before(end)
    return notice + DAY if deal.conventions.notice_day == "included" else notice


def _before_service(deal: Deal, charge: Charge) -> date:
    """The last day on which a charge may be added: it must serve yet, and a sum weigh something."""
    if start := charge.start or charge.on:
        return start - DAY
    if charge.length:
        return deal.term.last
    end = charge.through or deal.term.last
    weightless = charge.price.per == "total" and deal.proration == "30/360" and end.day == 31
    return end - (2 * DAY if weightless else DAY)


class Ladder:
    """What of a deal is agreed on each day, and what may still be taken then.

    That is the same from one taking to the next, and is worked out once.
    """

    def __init__(self, deal: Deal) -> None:
        self.deal = deal
        options = deal.options.values()
        self.days = sorted(day for option in options for day in option.days(deal.signed))
        self._agreed = {len(self.days): deal}
        self._lapses: dict[tuple[int, str], date] = {}

    @property
    def settled(self) -> date:
        """The first day on which all is taken that ever is; the signing where nothing is."""
        return max([self.deal.signed, *self.days])

    def agreed_on(self, day: date) -> Deal:
        """What of the deal is agreed on a day."""
        count = bisect_right(self.days, day)
        if count not in self._agreed:
            self._agreed[count] = agreed_on(self.deal, day)
        return self._agreed[count]

    def left(self, day: date) -> Iterator[tuple[str, int]]:
        """The options that may be taken on a day, and how often each."""
        for name, option in self.deal.options.items():
            times = option.times - sum(taken <= day for taken in option.days(self.deal.signed))
            if times and day <= self.lapse(day, name):
                yield name, times

    def _left_to(self, party: str, day: date) -> Iterator[tuple[str, int]]:
        """Those of a party that have a price."""
        for name, times in self.left(day):
            if self.deal.options[name].by == party and self.deal.options[name].is_priced:
                yield name, times

    def lapse(self, day: date, name: str) -> date:
        """Until when an option may be taken, once more, as the deal stands on a day."""
        key = bisect_right(self.days, day), name
        if key not in self._lapses:
            self._lapses[key] = lapse(self.agreed_on(day), self.deal.options[name])
        return self._lapses[key]

    def state(self, day: date, by: str) -> Hashable:
        """What is the same on all days on which the same may be taken, with the same effect."""
        left = tuple(self._left_to(by, day))
        adds = [charge for name, _ in left for charge in self.deal.options[name].adds.values()]
        moves = any(not (charge.start or charge.on) for charge in adds)
        return bisect_right(self.days, day), left, begins(self.deal, day) if moves else None

    def in_full(self, day: date, by: str) -> Deal:
        """The deal as agreed on a day, with all that a party may then take, in the file's order."""
        deal = self.agreed_on(day)
        for name, times in self._left_to(by, day):
            for _ in range(times):
                deal = with_taken(deal, name, day)
        return deal

"""What a deal pays: schedule, terminate, backlog. Pure: no files, no clock, no text.

Lines, months, years, totals, an early end, firm and forgone money are all differences of what each
charge has earned by two days, E(day) of `earned`, each rounded by itself and then summed.

An early end cuts service short and moves nothing that was agreed: ramps, anniversaries and the
shape of an `in total` price stay those of the full term. So E never changes, only the last day
does.

Amounts inside are whole minor units (cents); results are Decimals of the currency.
"""

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import InitVar, dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import groupby, pairwise
from typing import ClassVar
from weakref import proxy

from dealcalc.earned import Earned, Line, money
from dealcalc.leaving import Exit, Exits, last_day_of_each
from dealcalc.terms.dates import DAY, days_in_month, month_ends
from dealcalc.terms.deal import Deal
from dealcalc.terms.options import Ladder
from dealcalc.terms.rights import candidates, latest_notice, refusal


@dataclass(frozen=True)
class Schedule:
    """What a deal pays through a last day, in lines by month, then by charge, then by date."""

    deal: Deal
    last_day: date
    lines: tuple[Line, ...]

    @cached_property
    def total(self) -> Decimal:
        """All lines together, a fee included."""
        return sum((line.amount for line in self.lines), money(0, self.deal.places))

    def by_month(self) -> Iterator[tuple[date, list[Line]]]:
        """The first day of every month from the first line's to the last's, and its lines."""
        months = {
            month: list(lines)
            for month, lines in groupby(self.lines, lambda line: line.start.replace(day=1))
        }
        if months:
            for end in month_ends(min(months), max(months)):
                month = end.replace(day=1)
                yield month, months.get(month, [])


@dataclass(frozen=True)
class Ended:
    """A deal after notice: who gave it, its last day of service, and the money both ways.

    `fee` is plus if the buyer pays it, minus if the seller does; `total` = `earned` + `fee`. Where
    the right, that of the `exit`, ends some charges only, the others go on after the last day.
    """

    notice: date
    by: str
    last_day: date
    earned: Decimal
    fee: Decimal
    forgone: Decimal
    full_term: Decimal
    out: InitVar[Exit]
    _out: ClassVar[Exit]  # no field: a table of ends has columns of figures alone

    def __post_init__(self, out: Exit) -> None:
        object.__setattr__(self, "_out", out)

    @property
    def exit(self) -> Exit:
        """The way out: by which right, and of which charges."""
        return self._out

    @property
    def total(self) -> Decimal:
        """What is paid in all: below zero if the seller's fee is more than what is earned."""
        return self.earned + self.fee

    @property
    def earned_share(self) -> Fraction:
        """The share of the full term that is earned; 1 where the full term pays nothing."""
        return Fraction(self.earned) / Fraction(self.full_term) if self.full_term else Fraction(1)


@dataclass(frozen=True)
class Backlog:
    """Where a deal stands at a moment of a day: earned + firm + cancellable = contract value.

    `moment` is the `close` of the day, its `opening`, or `signing`, the opening of the day signed.
    `not_begun` is the part of firm that charges earn whose service is still to start. What the
    buyer's options would add is `optional`, what the seller's would is `callable`: no part of it.

    `exits` make the rest cancellable. `earliest_exit` is the last day of the first of them, `by`
    who takes it (None: nobody may leave any more), `notice` its day. `fee` is what all of them
    cost, signed; only the buyer's is inside `firm`, as much of it as `firm_fee` says: that is below
    0 where the seller would pay more by staying, since firm is never more than what remains. Firm
    is below 0 where the seller still pays more than it gets. Before the deal is signed nothing is
    agreed: all amounts are 0, and there is no exit.
    """

    as_of: date
    moment: str
    earned: Decimal
    firm: Decimal
    cancellable: Decimal
    contract_value: Decimal
    optional: Decimal
    callable: Decimal
    not_begun: Decimal
    earliest_exit: date | None
    by: str | None
    fee: Decimal
    firm_fee: Decimal
    notice: date | None
    ways: InitVar[tuple[Exit, ...]]
    _ways: ClassVar[tuple[Exit, ...]]

    def __post_init__(self, ways: tuple[Exit, ...]) -> None:
        object.__setattr__(self, "_ways", ways)

    @property
    def exits(self) -> tuple[Exit, ...]:
        """The ways out that make the rest cancellable, in the order of their last days."""
        return self._ways

    @property
    def is_signed(self) -> bool:
        """Whether the contract exists at that moment."""
        return self.earliest_exit is not None

    @property
    def firm_share(self) -> Fraction | None:
        """The share of what is still to come that is firm; None where nothing is to come."""
        rest = self.firm + self.cancellable
        return Fraction(self.firm) / Fraction(rest) if rest else None


# --- a deal, priced once ------------------------------------------------------------------------


class Priced:
    """A deal with the E of each of its charges: priced once, asked for any day."""

    def __init__(self, deal: Deal, ladder: Ladder | None = None) -> None:
        self.deal, self.ladder = deal, ladder or Ladder(deal)
        self.charges = {name: Earned(deal, charge) for name, charge in deal.charges.items()}
        self.last = deal.last
        self.full = self.earned(self.last)
        self.leaving = Exits(proxy(self))  # no circle: a deal that is done with is gone at once
        self._terms: dict[int, Priced] = {}
        self._optional: dict[Hashable, int] = {}

    def agreed_on(self, day: date) -> "Priced":
        """The deal as it is agreed on a day: without the options that are taken later."""
        deal = self.ladder.agreed_on(day)
        if deal is self.deal:
            return self
        if id(deal) not in self._terms:
            self._terms[id(deal)] = Priced(deal, self.ladder)
        return self._terms[id(deal)]

    def optional(self, day: date, party: str) -> int:
        """What a party's options would add, in minor units, if all were taken on a day, in full."""
        state = self.ladder.state(day, party)
        if state not in self._optional:
            deal, full = self.ladder.agreed_on(day), self.ladder.in_full(day, party)
            self._optional[state] = _full(full, deal) - _full(deal, full)
        return self._optional[state]

    def earned(self, day: date, names: Collection[str] | None = None) -> int:
        """What charges have earned through a day, in minor units, each rounded by itself."""
        if names is None:
            return sum(charge.booked(day) for charge in self.charges.values())
        return sum(self.charges[name].booked(day) for name in names)

    def earned_after(self, exits: Iterable[Exit], day: date) -> int:
        """What all charges have earned through a day if they end with some exits."""
        ends = last_day_of_each(exits)
        return sum(
            charge.booked(min(day, ends.get(name, day))) for name, charge in self.charges.items()
        )

    def monthly(self, day: date, names: Collection[str] | None = None) -> Fraction:
        """The monthly rates, exact, of the charges in service on a day.

        Daily and hourly prices count times the days of that month, a price `once` counts nothing.
        """
        days = days_in_month(day.year, day.month)
        stages = (
            self.charges[name].stage(day) for name in (self.charges if names is None else names)
        )
        rates = (stage.rate * (days if stage.per == "day" else 1) for stage in stages if stage)
        return sum(rates, Fraction(0))

    def starts(self, names: Collection[str]) -> date:
        """The first day of service of any of some charges."""
        return min(self.charges[name].start for name in names)

    def never_falls(self, names: Collection[str], *, rates: bool) -> bool:
        """Whether no more days earn less; or, of the rates, whether a month never costs less."""
        charges = [self.charges[name] for name in names]
        if not rates:
            return all(charge.never_falls for charge in charges)
        by_month = all(stage.per == "month" for charge in charges for stage in charge.stages)
        return by_month and all(
            charge.through == self.last
            and all(a.rate <= b.rate for a, b in pairwise(charge.stages))
            for charge in charges
        )

    def schedule(self, last_day: date | None = None, fee: int = 0) -> Schedule:
        """The lines of a deal that ends on a day, by default with its term; a fee on that day."""
        end = self.last if last_day is None else min(last_day, self.last)
        return self._schedule(dict.fromkeys(self.charges, end), [(end, fee)])

    def schedule_after(self, exits: Iterable[Exit]) -> Schedule:
        """The lines of a deal of which exits end some charges or all, each with its fee."""
        ends = last_day_of_each(exits := [*exits])
        lasts = {name: min(ends.get(name, self.last), self.last) for name in self.charges}
        return self._schedule(lasts, [(exit.last_day, exit.fee) for exit in exits])

    def _schedule(self, lasts: Mapping[str, date], fees: Iterable[tuple[date, int]]) -> Schedule:
        lines = [
            line for name, end in lasts.items() for line in self.charges[name].lines(name, end)
        ]
        for day, fee in fees:
            if fee:
                lines.append(Line("fee", day, day, None, "once", self._money(fee)))
        order = {name: index for index, name in enumerate([*self.charges, "fee"])}
        lines.sort(key=lambda line: (line.start.replace(day=1), order[line.charge], line.start))
        return Schedule(self.deal, max(lasts.values()), tuple(lines))

    def exits(self, day: date, by: str | None = None, right: int | None = None) -> Iterator[Exit]:
        """Each party's exits by notice on a day, or on the first later day on which it may.

        By the rights that end the whole deal, or by the one with an index.
        """
        return self.leaving.exits(day, by, right)

    def terminate(self, notice: date, by: str | None = None, right: int | None = None) -> Ended:
        """The deal after notice by a party; without one, by the party whose last day is earlier.

        By a right that ends the whole deal, or by the one with an index. On a tie that is `either`,
        and a fee is the buyer's. What options are taken later counts for nothing. Raises
        NotPermitted.
        """
        terms = self.agreed_on(notice)
        if terms is not self:
            return terms.terminate(notice, by, right)
        exits = [exit for exit in self.exits(notice, by, right) if exit.notice == notice]
        if not exits:
            raise refusal(self.deal, notice, by, right)
        exit = _first(exits)
        amounts = map(self._money, (exit.earned, exit.fee, self.full - exit.earned, self.full))
        earned, fee, forgone, full = amounts
        return Ended(notice, exit.by, exit.last_day, earned, fee, forgone, full, exit)

    def latest_notice(
        self, day: date, by: str | None = None, right: int | None = None
    ) -> date | None:
        """The latest notice that ends service on or before a day, by anyone or by one party alone.

        None if none does. Every later notice ends after that day.
        """
        rights = (self.deal.rights[index] for index in candidates(self.deal, by, right))
        latest = (latest_notice(self.deal, right, day) for right in rights)
        return max((notice for notice in latest if notice), default=None)

    def backlog(self, as_of: date, by: str | None = None, ended: Ended | None = None) -> Backlog:
        """Earned, firm and cancellable at the close of a day.

        Firm is the least that is still paid by notice on that day or later, by whatever rights
        there are, or by those of one party. On a tie the earlier exit counts, then `either`. Nobody
        pays more to leave than to stay.

        Notice that is given is in `ended`. From its day on what it ends is not cancellable any
        more: it earns what it does through the last day, and the fee if the buyer pays it. A fee is
        never earned, so it stays firm.
        """
        if as_of < self.deal.signed:
            return self._unsigned(as_of, "close")
        return self._agreed(
            as_of, "close", as_of, by, ended if ended and as_of >= ended.notice else None
        )

    def opening(self, day: date, by: str | None = None, ended: Ended | None = None) -> Backlog:
        """The same at the opening of a day: earned by the day before, with notice from it on."""
        if day < self.deal.signed:
            return self._unsigned(day, "opening")
        moment = "signing" if day == self.deal.signed else "opening"
        return self._agreed(
            day, moment, day - DAY, by, ended if ended and day > ended.notice else None
        )

    def at_signing(self, by: str | None = None) -> Backlog:
        """Where the deal stands at the opening of the first day on which the contract exists."""
        return self.opening(self.deal.signed, by)

    def _unsigned(self, as_of: date, moment: str) -> Backlog:
        """Before the contract exists nothing is agreed."""
        nil = self._money(0)
        return Backlog(as_of, moment, *(nil,) * 7, None, None, nil, nil, None, ())

    def _agreed(
        self, as_of: date, moment: str, through: date, by: str | None, ended: Ended | None
    ) -> Backlog:
        """By the terms as agreed, and notice from `as_of` on; or after notice that was given."""
        terms = self.agreed_on(ended.notice if ended else as_of)
        if terms is not self:
            return terms._agreed(as_of, moment, through, by, ended)
        given = (ended.exit,) if ended else ()
        gone = ended.exit.ends if ended else ()
        running = [name for name in self.charges if name not in gone]
        least, exits = self.leaving.least(as_of, through, by, running)
        earned = self.earned_after(given, through)
        fixed = self.earned_after(given, self.last) - self.earned(self.last, running)
        fixed += max(0, ended.exit.fee) if ended else 0
        full, firm = self.earned(self.last, running) + fixed, least + fixed - earned
        ends = last_day_of_each((*given, *exits))
        lasts = {name: max(ends.get(name, self.last), through) for name in running} | {
            name: ends[name] for name in gone
        }
        kept = {name: self.charges[name].booked(day) for name, day in lasts.items()}
        later = [name for name, charge in self.charges.items() if charge.start > through]
        first = next(iter(exits or given), None)
        return Backlog(
            as_of,
            moment,
            earned=self._money(earned),
            firm=self._money(firm),
            cancellable=self._money(full - earned - firm),
            contract_value=self._money(full),
            optional=self._money(0 if ended else self.optional(as_of, "buyer")),
            callable=self._money(0 if ended else self.optional(as_of, "seller")),
            not_begun=self._money(sum(kept[name] for name in later)),
            earliest_exit=first.last_day if first else self.last,
            by=first.by if first else None,
            fee=self._money(sum(exit.fee for exit in (*given, *exits))),
            firm_fee=self._money(firm + earned - sum(kept.values())),
            notice=first.notice if first else None,
            ways=exits or given,
        )

    def _money(self, minor: int) -> Decimal:
        return money(minor, self.deal.places)


def _full(deal: Deal, other: Deal) -> int:
    """What the charges of a deal earn in all that are not the very same in another."""
    there = other.charges
    changed = (charge for name, charge in deal.charges.items() if charge is not there.get(name))
    return sum(earned.booked(earned.through) for earned in (Earned(deal, one) for one in changed))


def _first(exits: list[Exit]) -> Exit:
    """The exit with the earliest last day; where both parties tie the buyer's, then `either`'s."""
    first, *others = sorted(exits, key=lambda exit: (exit.last_day, exit.by, abs(exit.fee)))
    tied = any((other.last_day == first.last_day) & (other.by != first.by) for other in others)
    return first._replace(by="either") if tied else first

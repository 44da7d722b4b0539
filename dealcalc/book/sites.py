"""The seller's sites on every day: what is used, sold and idle, and by which contracts.

What is sold is the capacity of the contracts' charges, tranches included, on their days of service:
a charge that names another's capacity, or is paid `once`, sells nothing more. Capacities are in MW,
days are included at both ends.
"""

import os
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from itertools import accumulate, groupby, pairwise
from typing import NamedTuple

from dealcalc.core import Ended, Priced
from dealcalc.leaving import Exit, last_day_of_each
from dealcalc.loading.changes import unreplaced
from dealcalc.loading.nodes import Node
from dealcalc.loading.problems import Problem
from dealcalc.loading.scenario import Scenario
from dealcalc.terms.charges import Charge
from dealcalc.terms.dates import DAY, month_ends, months_touched
from dealcalc.terms.faults import Fault, Rules
from dealcalc.terms.fields import EMPTY, Path
from dealcalc.terms.provider import Level, Provider
from dealcalc.terms.values import Quantity, convert, decimal_text

MOST_MONTHS = 30_000
"""So many months of sites are shown: a hundred sites over 25 years, which takes some seconds."""

ALWAYS = date.min
"""The day of a level that has held from before any day that is asked for."""


class Stretch(NamedTuple):
    """So many MW from a day through another, both included."""

    start: date
    through: date
    capacity: Fraction


class Steps(NamedTuple):
    """MW over time: each level holds from its day on until the next; none before the first."""

    days: tuple[date, ...]
    levels: tuple[Fraction, ...]

    def on(self, day: date) -> Fraction:
        """The level on a day."""
        index = bisect_right(self.days, day)
        return self.levels[index - 1] if index else Fraction(0)

    def megawatt_days(self, start: date, through: date) -> Fraction:
        """MW times days from `start` to `through`, both included."""
        cuts = [start, *(day for day in self.days if start < day <= through), through + DAY]
        return sum((self.on(day) * (end - day).days for day, end in pairwise(cuts)), Fraction(0))


def steps_of(levels: Iterable[Level]) -> Steps:
    """The steps that dated levels make."""
    levels = list(levels)
    days = tuple(level.start or ALWAYS for level in levels)
    return Steps(days, tuple(level.capacity for level in levels))


def steps_together(stretches: Iterable[Stretch]) -> Steps:
    """The steps that stretches make, added up where they overlap."""
    stretches = list(stretches)
    changes = [(one.start, one.capacity) for one in stretches]
    changes += [(one.through + DAY, -one.capacity) for one in stretches]
    by_day = groupby(sorted(changes), lambda change: change[0])
    added = [(day, sum((by for _, by in group), Fraction(0))) for day, group in by_day]
    return Steps(tuple(day for day, _ in added), tuple(accumulate(by for _, by in added)))


class Contract(NamedTuple):
    """A contract sold from a site, as it was asked for; `ended`: by the notice that was given."""

    at: Path
    site: str
    path: str
    scenario: Scenario
    priced: Priced
    assumed: Fraction | None = None
    ended: Ended | None = None

    @property
    def name(self) -> str:
        """The path without its ending: what the contract is called on the command line."""
        return os.path.splitext(self.path)[0]

    def is_called(self, name: str) -> bool:
        """Whether a name on the command line is that of this contract."""
        return name in (self.path, self.name, os.path.basename(self.name))

    @property
    def last_day(self) -> date:
        """The last day of service, included: that of the term, or that after notice."""
        if not self._exits:
            return self.priced.last
        ends = last_day_of_each(self._exits)
        return max(ends.get(name, one.through) for name, one in self.priced.charges.items())

    @property
    def _exits(self) -> tuple[Exit, ...]:
        return (self.ended.exit,) if self.ended else ()

    @property
    def agreed(self) -> tuple[Stretch, ...]:
        """What is sold over the full term."""
        return self._stretches(())

    def _stretches(self, exits: Iterable[Exit]) -> tuple[Stretch, ...]:
        """What is sold, charge by charge, if some of them end with exits."""
        deal, ends = self.scenario.deal, last_day_of_each(exits)
        services = [
            (start, min(through, ends.get(name, through)), charge)
            for name, charge in deal.charges.items()
            for start, through in [deal.dates(charge)]
            if not charge.on and start <= ends.get(name, through)
        ]
        if self.assumed is None:
            return tuple(Stretch(start, end, _power(charge)) for start, end, charge in services)
        served = steps_together(Stretch(start, end, Fraction(1)) for start, end, _ in services)
        spans = zip(pairwise(served.days), served.levels, strict=False)
        return tuple(Stretch(day, end - DAY, self.assumed) for (day, end), level in spans if level)

    def sold(self) -> Iterator[Stretch]:
        """What is sold, through the last day of service."""
        yield from self._stretches(self._exits)

    @property
    def peak(self) -> Fraction:
        """The most that is sold on any day of the full term."""
        return max(steps_together(self.agreed).levels, default=Fraction(0))

    def on(self, day: date) -> Fraction:
        """What is sold on a day."""
        return steps_together(self.sold()).on(day)

    @property
    def freed(self) -> tuple[date, Fraction]:
        """The first day on which nothing is sold though it was agreed, and what is free then."""
        service = min((one.start for one in self.agreed), default=self.last_day)
        day = max(self.last_day + DAY, service)
        return day, steps_together(self.agreed).on(day)

    def earned(self, day: date) -> int:
        """What it brings through a day, in minor units: what is earned, a fee on the last day."""
        fee = int(self.ended.fee.scaleb(self.scenario.deal.places)) if self.ended else 0
        terms = self.priced.agreed_on(self.ended.notice) if self.ended else self.priced
        due = self.ended is not None and day >= self.ended.last_day
        return terms.earned_after(self._exits, day) + (fee if due else 0)


def _power(charge: Charge) -> Fraction:
    """The MW that a charge states itself; none where it names another's, or counts others."""
    stated = (convert(part, "MW") for part in charge.capacity if isinstance(part, Quantity))
    return next((power for power in stated if power is not None), Fraction(0))


class Short(NamedTuple):
    """The first day on which more is used and sold at a site than there is, and by how many MW."""

    site: str
    day: date
    by: Fraction


class House(NamedTuple):
    """A provider with its contracts as asked for; in a what-if, `file` is as the file says."""

    provider: Provider
    contracts: tuple[Contract, ...]
    root: Node
    overrides: Mapping[str, str] = EMPTY
    warnings: tuple[Problem, ...] = ()
    file: "House | None" = None

    @property
    def first(self) -> date:
        """The first day named: of a level, of capital, of a contract's term."""
        return min(self._days_named())

    @property
    def last(self) -> date:
        """The last agreed day of any contract, or the later one that the file asks for."""
        return max([contract.priced.last for contract in self.contracts] + self._through())

    def _through(self) -> list[date]:
        return [self.provider.through] if self.provider.through else []

    def _days_named(self) -> Iterator[date]:
        for site in self.provider.sites.values():
            for levels in (site.capacity, site.own_use, site.invested_capital):
                yield from (one.start for one in levels if one.start)
        for contract in self.contracts:
            yield contract.scenario.deal.first

    @property
    def months_shown(self) -> int:
        """How many calendar months lie between the first day named and the last."""
        return months_touched(self.first, self.last)

    def months(self) -> list[tuple[date, date]]:
        """First and last day of each month from the first day named to the last."""
        ends = list(month_ends(self.first, self.last))
        return list(zip([self.first, *(end + DAY for end in ends)], ends, strict=False))

    def with_contract(self, contract: Contract) -> "House":
        """The house with a contract in place of the one of its path."""
        contracts = (contract if one.path == contract.path else one for one in self.contracts)
        return self._replace(contracts=tuple(contracts))

    def at(self, site: str) -> Iterator[Contract]:
        """The contracts that a site serves."""
        return (contract for contract in self.contracts if contract.site == site)

    def levels(self, name: str) -> tuple[Steps, Steps, Steps]:
        """Nameplate, own use and sold of a site, over time."""
        site = self.provider.sites[name]
        sold = [stretch for contract in self.at(name) for stretch in contract.sold()]
        return steps_of(site.capacity), steps_of(site.own_use), steps_together(sold)

    def short(self) -> Iterator[Short]:
        """Each site that is short of capacity, and from when on."""
        for name in self.provider.sites:
            nameplate, own_use, sold = self.levels(name)
            days = {*nameplate.days, *own_use.days, *sold.days}
            for day in sorted({max(day, self.first) for day in days}):
                by = own_use.on(day) + sold.on(day) - nameplate.on(day)
                if by > 0:
                    yield Short(name, day, by)
                    break

    def assumed(self) -> dict[str, str]:
        """What the site file assumes, by path, without what the overrides have replaced."""
        return unreplaced(self.provider.assumptions, self.overrides)

    def sourced(self) -> dict[str, str]:
        """Where terms of the site file come from, without what the overrides have replaced."""
        return unreplaced(self.provider.sources, self.overrides)

    # --- faults -----------------------------------------------------------------------------------

    def faults(self) -> Rules:
        """What holds of the file and its contracts together."""
        for contract in self.contracts:
            yield self._one_currency(contract)
            yield self._capacity_said_once(contract)
        yield self._days_to_show()

    def _one_currency(self, contract: Contract) -> Iterator[Fault]:
        theirs, ours = contract.scenario.deal.currency, self.provider.currency
        if theirs != ours:
            message = f"this contract is in {theirs}, the file in {ours}: they cannot be added up"
            yield Fault(contract.at, "conflict", message, "write a site file for each currency")

    def _capacity_said_once(self, contract: Contract) -> Iterator[Fault]:
        stated = sum(map(_power, contract.scenario.deal.charges.values()))
        if stated and contract.assumed is not None:
            message = (
                f"the contract states its capacity, {decimal_text(Fraction(stated))} MW in all"
            )
            yield Fault((*contract.at, "capacity"), "conflict", message, "remove `capacity`")
        elif not stated and contract.assumed is None:
            message = "the contract states no capacity in MW"
            help = f"write {{contract: {contract.path}, capacity: 150 MW}}, and say it is assumed"
            yield Fault(contract.at, "no-capacity", message, help)

    def _days_to_show(self) -> Iterator[Fault]:
        ends = [contract.priced.last for contract in self.contracts]
        if not ends and not self.provider.through:
            message = "without contracts, the file needs a last day"
            yield Fault(("through",), "missing-key", message, "add `through: 2029-12`")
        elif not any(True for _ in self._days_named()):
            message = "nothing says when the sites begin"
            yield Fault(("sites",), "missing-key", message, "add `from: 2026-01` to a capacity")
        elif self.provider.through and self.provider.through < max([*ends, self.first]):
            message = f"{self.provider.through} is before {max([*ends, self.first])}"
            help = "contracts are shown to their last agreed day; `through` may come later"
            yield Fault(("through",), "reversed-dates", message, help)
        elif (months := len(self.provider.sites) * self.months_shown) > MOST_MONTHS:
            message = f"the sites run for {months:,} months in all; {MOST_MONTHS:,} are shown"
            yield Fault(("sites",), "limit", message, "move some of them to another file")

    def oversold(self) -> Iterator[Fault]:
        """More used and sold than there is, at what begins on the first short day."""
        for short in self.short():
            there = self.levels(short.site)[0].on(short.day)
            message = (
                f"from {short.day}, {decimal_text(there + short.by)} MW are used or sold, but"
                f" there are only {decimal_text(there)} MW: {decimal_text(short.by)} MW too many"
            )
            help = "use or sell less from that day on, or let a contract end before it"
            yield Fault(next(self._causes(short)), "oversold", message, help)

    def _causes(self, short: Short) -> Iterator[Path]:
        """Where the file says what begins on the first short day."""
        for contract in self.at(short.site):
            if any(one.start == short.day for one in contract.agreed):
                yield contract.at
        site = self.provider.sites[short.site]
        for name in ("own_use", "capacity"):
            for index, level in enumerate(getattr(site, name)):
                if (level.start or self.first) == short.day:
                    yield "sites", short.site, name, index

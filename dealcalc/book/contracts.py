"""Several contracts as one subject: each as it was asked for, and their figures together.

Sums are per currency: amounts of two are never added.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from dealcalc.core import Backlog, Ended, Priced
from dealcalc.figures.prices import UnitDays
from dealcalc.figures.result import Days, Figures, Remaining, Result, weighted_days
from dealcalc.loading.problems import Problem
from dealcalc.loading.scenario import Scenario
from dealcalc.terms.book import BookCase, BookTerms
from dealcalc.terms.currencies import CURRENCIES
from dealcalc.terms.dates import DAY, add_months
from dealcalc.terms.deal import Deal
from dealcalc.terms.fields import EMPTY
from dealcalc.terms.misread import Misread


@dataclass(frozen=True)
class Member:
    """A contract of a book, as it was asked for; `ended`: by the notice that was given."""

    name: str
    scenario: Scenario
    priced: Priced
    ended: Ended | None = None

    @property
    def deal(self) -> Deal:
        """The deal of the contract."""
        return self.scenario.deal

    @property
    def path(self) -> str:
        """The file that it stands in."""
        return self.scenario.file.source.name

    def is_called(self, name: str) -> bool:
        """Whether a name on the command line is that of this contract."""
        return name in (self.name, self.path)

    @cached_property
    def result(self) -> Result:
        """Its figures."""
        return Result(self.deal, self.ended, self.priced)


class InCurrency(NamedTuple):
    """What several contracts have in common."""

    currency: str
    signed: date
    year_end: int

    @property
    def places(self) -> int:
        """Digits of the currency's minor unit."""
        return CURRENCIES[self.currency]


class Together(Figures):
    """Contracts in one currency: sums of their figures. At signing is when the last is signed.

    Then, as on any day, a contract that is not signed yet adds nothing to where they stand.
    """

    def __init__(self, members: Sequence[Member], currency: str, year_end: int) -> None:
        self.members = members
        self.results = [member.result for member in members]
        self.agreed = InCurrency(currency, max(each.deal.signed for each in self.results), year_end)
        self.first_day = min(each.first_day for each in self.results)
        self.last_day = max(each.last_day for each in self.results)

    @cached_property
    def earned(self) -> Fraction:  # type: ignore[override]
        """What is earned in all."""
        return sum((each.earned for each in self.results), Fraction(0))

    @cached_property
    def contract_value(self) -> Fraction:  # type: ignore[override]
        """What the full terms earn."""
        return sum((each.contract_value for each in self.results), Fraction(0))

    @property
    def fee(self) -> Fraction:  # type: ignore[override]
        """The fees of all exits."""
        return sum((each.fee for each in self.results), Fraction(0))

    def earned_on(self, day: date) -> Fraction:
        """Of all contracts."""
        return sum((each.earned_on(day) for each in self.results), Fraction(0))

    def between(self, start: date, through: date) -> Fraction:
        """Of all contracts."""
        return sum((each.between(start, through) for each in self.results), Fraction(0))

    def months_served(self) -> set[int]:
        """Those in which any contract has service."""
        return set[int]().union(*(each.months_served() for each in self.results))

    def run_rate(self, day: date) -> Fraction:
        """Of all contracts."""
        return sum((each.run_rate(day) for each in self.results), Fraction(0))

    def next_year(self, day: date) -> Fraction:
        """Of all contracts."""
        return sum((each.next_year(day) for each in self.results), Fraction(0))

    def coming(self, day: date | None) -> Fraction:
        """Of the contracts that are signed."""
        return sum((each.coming_from(*self._moment(day)) for each in self.results), Fraction(0))

    def billed(self, days: Days) -> Fraction:
        """Of all contracts."""
        return sum((each.billed(days) for each in self.results), Fraction(0))

    def paid(self, days: Days) -> Fraction:
        """Of all contracts."""
        return sum((each.paid(days) for each in self.results), Fraction(0))

    def present_value(self, rate: Fraction, on: date | None) -> Fraction:
        """As of that day, or of the first start of a term; each contract is rounded by itself."""
        day = on or min(each.deal.term.start for each in self.results)
        return sum((each.worth(rate, on, day) for each in self.results), Fraction(0))

    def unit_days(self, unit: str, *, average: bool) -> UnitDays:
        """Of all contracts that have a capacity in the unit."""
        each = [one.unit_days(unit, average=average) for one in self.results]
        paid, sold = (sum(column, Fraction(0)) for column in zip(*each, strict=True))
        return UnitDays(paid, sold)

    # --- where they stand ---------------------------------------------------------------------

    def close(self, day: date | None) -> date:
        """The day at whose close that is: signing is the close of the day before."""
        return day or self.agreed.signed - DAY

    def _moment(self, day: date | None) -> tuple[date, date]:
        """The day at whose close that is, and the one on which it is asked what is agreed."""
        return self.close(day), day or self.agreed.signed

    def standings(self, day: date | None) -> Sequence[Backlog]:
        """Where each contract stands."""
        if day:
            return [stands for each in self.results for stands in each.standings(day)]
        moment = self.agreed.signed
        return [each.priced.opening(moment, ended=each.ended) for each in self.results]

    def remaining_days(self, day: date | None) -> Remaining:
        """Of all contracts."""
        return [part for each in self.results for part in each.remaining(*self._moment(day))]

    def firm_days(self, day: date | None) -> Remaining:
        """Of all contracts."""
        since, pairs = self.close(day), zip(self.results, self.standings(day), strict=True)
        return [part for each, stands in pairs for part in each.firm_remaining(since, stands)]

    def optional(self, day: date | None, party: str = "buyer") -> Fraction:
        """Of all contracts."""
        return sum((each.optional(day, party) for each in self.results), Fraction(0))

    @property
    def buyers(self) -> Sequence[str]:
        """The buyer of each contract."""
        return [member.deal.buyer for member in self.members]


@dataclass(frozen=True)
class Book:
    """Several contracts asked as one; `terms` and `case` are those of a book file, if one says it.

    `overrides` are the settings of the command line, by path, as they were typed.
    """

    name: str
    members: tuple[Member, ...]
    year_end: int = 12
    terms: BookTerms | None = None
    case: str | None = None
    overrides: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    warnings: tuple[Problem, ...] = ()

    @cached_property
    def by_currency(self) -> Mapping[str, Together]:
        """The contracts of each currency together, in the order of the contracts."""
        currencies = dict.fromkeys(member.deal.currency for member in self.members)
        return {
            currency: Together(
                [member for member in self.members if member.deal.currency == currency],
                currency,
                self.year_end,
            )
            for currency in currencies
        }

    def of_currency(self, currency: str) -> Together:
        """Those of one currency; of the only one where none is named. Raises Misread."""
        known = self.by_currency
        if currency in known:
            return known[currency]
        if not currency and len(known) == 1:
            return next(iter(known.values()))
        names = ", ".join(known)
        if currency:
            message = f"no contract is in {currency}"
            raise Misread(message, f"the currencies are: {names}", code="currency")
        way = f"name one behind the figure, like `total {next(iter(known))}`"
        raise Misread(f"the contracts are in {names}", way, code="currency")

    @property
    def what_if(self) -> BookCase:
        """The case that was asked for; an empty one without."""
        return self.terms.cases[self.case] if self.terms and self.case else BookCase()

    @property
    def signed(self) -> date:
        """The day on which the last contract is signed."""
        return max(member.deal.signed for member in self.members)


class Band(NamedTuple):
    """What of the contract value and of firm comes through a day (None: at any later time)."""

    through: date | None
    contract_value: Fraction
    firm: Fraction


def bands(together: Together, day: date | None, months: Sequence[int]) -> list[Band]:
    """What comes within so many months, in the months from those to the next, and later."""
    since, standings = together.close(day), together.standings(day)
    ends = [add_months(since + DAY, count) - DAY for count in months]
    found, first = [], since
    for end in (*ends, None):
        parts = [
            each.to_come(first, end or date.max, stands)
            for each, stands in zip(together.results, standings, strict=True)
        ]
        value, firm = (sum(column, Fraction(0)) for column in zip(*parts, strict=True))
        found.append(Band(end, value, firm))
        first = end or first
    return found


def remaining_terms(together: Together, day: date | None) -> tuple[Fraction | None, ...]:
    """Days that remain of the contract value, and of firm; None where nothing does."""
    parts = together.remaining_days(day), together.firm_days(day)
    return tuple(map(weighted_days, parts))

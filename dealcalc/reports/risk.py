"""`dealcalc risk`: what a deal is worth if notice may come with a chance each month."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import cycle, groupby
from operator import attrgetter
from typing import Any, NamedTuple

from dealcalc.core import Ended
from dealcalc.figures.claims import statement
from dealcalc.loading.problems import Refused
from dealcalc.loading.scenario import Scenario
from dealcalc.questions.risk import Distribution, Outcome, cut
from dealcalc.reports.deal_report import DealReport
from dealcalc.reports.measured import booked
from dealcalc.reports.options import apart_note
from dealcalc.reports.report import (
    Chart,
    Field,
    Figure,
    Note,
    Table,
    View,
    bar_of,
    chart_of,
    fields,
    only,
    readable,
    view,
)
from dealcalc.reports.units import money_text
from dealcalc.terms.dates import month_ends
from dealcalc.terms.misread import Misread
from dealcalc.terms.values import amount_text

QUANTILES = {
    "p5": (Fraction(5, 100), "one time in twenty it is this or less"),
    "p50": (Fraction(50, 100), "half the time it is this or less"),
    "p95": (Fraction(95, 100), "nineteen times in twenty it is this or less"),
}
MOST_BARS = 12
"""Stretches of totals in the picture of the distribution."""


# --- the rows -------------------------------------------------------------------------------------


class ClaimRow(NamedTuple):
    """A claim, and the chance that it comes true."""

    claim: str
    probability: Fraction


class StretchRow(NamedTuple):
    """Totals from one amount to below another, and the chance of one among them."""

    low: Decimal
    high: Decimal
    chance: Fraction


class MonthRow(NamedTuple):
    """Last days in a month: the mean total, their chance, and that service lasts so long."""

    month: str
    total: Decimal
    chance: Fraction
    lasts: Fraction


CLAIMS = (Field("claim", "Claim"), Field("probability", "Comes true", "share"))
STRETCHES = (
    Field("low", "Total from", "money"),
    Field("high", "to below", "money"),
    Field("chance", "Chance", "share"),
)
MONTHS = (
    Field("month", "Last day in"),
    Field("total", "Total, mean", "money"),
    Field("chance", "Chance", "share"),
    Field("lasts", "Lasts so long", "share"),
    bar_of("lasts"),
)

# --- the report -----------------------------------------------------------------------------------


class RiskReport(DealReport):
    """The mean, the quantiles, the chance of each claim, and the survival of the deal by month.

    Raises Refused at a claim that cannot be read.
    """

    command = "risk"
    csv = "outcomes"

    def __init__(
        self,
        scenario: Scenario,
        hazards: Sequence[str],
        stays: Ended | None,
        distribution: Distribution,
    ) -> None:
        super().__init__(scenario)
        self.hazards, self.stays, self.distribution = hazards, stays, distribution
        self.claims = [*_claims(scenario, distribution)]

    @cached_property
    def expected(self) -> Decimal:
        """The mean total."""
        return booked(self.deal, self.distribution.expected())

    def _quantile(self, part: Fraction) -> Decimal:
        return booked(self.deal, self.distribution.quantile(part))

    @property
    def longest(self) -> date:
        """The last of all last days."""
        return max(outcome.last_day for outcome in self.distribution.outcomes)

    def _facts(self) -> dict[str, Any]:
        quantiles = {name: self._quantile(part) for name, (part, _) in QUANTILES.items()}
        mean = {"hazard": list(self.hazards), "expected": self.expected}
        return super()._facts() | mean | quantiles

    def _tables(self) -> Iterator[Table]:
        yield Table("claims", CLAIMS, self.claims)
        survival = (
            Field("month", value="{:%Y-%m}".format),
            Field("day", value=lambda end: end),
            Field("probability", value=self.distribution.serves),
        )
        ends = month_ends(self.deal.first, self.longest)
        yield Table("survival", survival, tuple(ends))
        yield self.csv_table()

    def csv_table(self) -> Table:
        """Every way the deal may run, by its last day."""
        columns = (
            *fields("notice", "by", "last_day"),
            Field("total", value=lambda outcome: booked(self.deal, outcome.total)),
            Field("probability", value=attrgetter("chance")),
        )
        return Table("outcomes", columns, sorted(self.distribution.outcomes, key=_order))

    def _figures(self) -> Iterator[Figure]:
        lasts = readable("share", self.distribution.serves(self.longest))
        given = f"with notice at {', '.join(self.hazards)}"
        rests = f"{lasts} that service lasts through {self.longest}"
        yield Figure("Expected", self.expected, f"{given}; {rests}")
        for name, (part, says) in QUANTILES.items():
            yield Figure(name.upper(), self._quantile(part), says)

    def _views(self) -> Iterator[View]:
        most = max(stretch.chance for stretch in self.stretches)
        yield view((*STRETCHES, bar_of("chance", most)), self.stretches)
        if self.claims:
            yield view((*CLAIMS, bar_of("probability")), self.claims)
        total = {"month": "Expected", "total": self.expected, "chance": Fraction(1)}
        yield view(MONTHS, self._months(), total)

    def _charts(self) -> Iterator[Chart]:
        """How likely each stretch of totals is."""
        title = f"Chance of a total from this amount on, {self.currency}"
        chance = only(STRETCHES, "chance")
        yield chart_of(title, "columns", "%", chance, self.stretches, name=_from)

    @cached_property
    def stretches(self) -> list[StretchRow]:
        """The chance of each stretch of totals, in a dozen of them or fewer."""
        return [*self._stretches()]

    def _stretches(self) -> Iterator[StretchRow]:
        totals = [outcome.total for outcome in self.distribution.outcomes]
        width = _width(max(totals) - min(totals), Fraction(1, 10**self.deal.places))
        low = min(totals) // width * width
        while low <= max(totals):
            chance = self.distribution.between(low, low + width)
            yield StretchRow(booked(self.deal, low), booked(self.deal, low + width), chance)
            low += width

    def _months(self) -> Iterator[MonthRow]:
        """By month of the last day."""
        certain = left = self.distribution.certain
        for month, group in groupby(sorted(self.distribution.outcomes, key=_month), _month):
            outcomes = [*group]
            weight = sum(outcome.weight for outcome in outcomes)
            paid = sum((outcome.total * outcome.weight for outcome in outcomes), Fraction(0))
            mean = booked(self.deal, cut(paid, weight))
            yield MonthRow(month, mean, cut(weight, certain), cut(left, certain))
            left -= weight

    def _notes(self) -> Iterator[Note]:
        yield from apart_note(self.priced, None, self.currency)
        yield Note(
            "There is one chance each calendar month, on the first day on which notice would "
            "shorten the deal. The figures are exact: nothing is sampled.",
            "detail",
        )
        if self.stays:
            money = money_text(self.stays.total, self.currency)
            of_case, stays = "." in self.scenario.notice_path(), self.stays
            whose = f"The notice of the case {self.scenario.case}" if of_case else "Notice"
            yield Note(
                f"{whose} on {stays.notice} is taken as certain: if nobody "
                f"leaves earlier, service ends on {stays.last_day} with {money}."
            )
        yield from super()._notes()


def _claims(scenario: Scenario, distribution: Distribution) -> Iterator[ClaimRow]:
    """The chance that each claim of the case, or of the file, comes true; raises Refused."""
    path = ["cases", scenario.case, "claims"] if scenario.case else ["claims"]
    claims = scenario.what_if.claims if scenario.case else scenario.deal.claims
    for index, claim in enumerate(claims):
        try:
            stated = statement(claim.claim, scenario.deal.currency)
            yield ClaimRow(claim.claim, distribution.probability(stated))
        except Misread as misread:
            node = scenario.root.nearest([*path, index, "claim"])[0].anchor()
            raise Refused([node.problem("claim", misread.message, misread.help)]) from None


def _width(spread: Fraction, least: Fraction) -> Fraction:
    """The least of 1, 2, 5, 10, 20, ... that cuts a spread into few enough stretches."""
    width, factors = least, cycle((Fraction(2), Fraction(5, 2), Fraction(2)))
    while spread >= width * (MOST_BARS - 1):
        width *= next(factors)
    return width


def _from(stretch: StretchRow) -> str:
    low = Fraction(stretch.low)
    return f"-{amount_text(-low)}" if low < 0 else amount_text(low)


def _order(outcome: Outcome) -> tuple[date, date]:
    return outcome.last_day, outcome.notice or outcome.last_day


def _month(outcome: Outcome) -> str:
    return f"{outcome.last_day:%Y-%m}"

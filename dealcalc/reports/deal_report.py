"""What every report about one deal says: whose it is, its charges, its conventions, its doubts."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from operator import attrgetter
from typing import Any

from dealcalc.core import Ended, Priced
from dealcalc.figures.assumptions import assumptions
from dealcalc.figures.figures import measure
from dealcalc.figures.prices import unit_price
from dealcalc.figures.result import Result
from dealcalc.figures.subject import priced_deal
from dealcalc.figures.warnings import warnings
from dealcalc.loading.changes import overlap
from dealcalc.loading.scenario import Scenario
from dealcalc.questions.rests import assumed_inputs
from dealcalc.reports.named import assumed_notes, warning_note
from dealcalc.reports.report import Field, Figure, Note, Report, View, fields, view
from dealcalc.reports.units import grouped
from dealcalc.terms.charges import Prepayment, Step
from dealcalc.terms.deal import Deal
from dealcalc.terms.values import Span, amount_text, decimal_text, half_up_decimal, percent_text


class DealReport(Report):
    """A report about one deal: whose it is, its conventions, its doubts, and what it rests on."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario, self.deal, self.priced = scenario, scenario.deal, priced_deal(scenario)
        self.title, self.currency = str(scenario), scenario.deal.currency

    def _facts(self) -> dict[str, Any]:
        """Who, what, and what was laid over the file: the head of every answer about one deal."""
        return {
            "deal": self.deal.name,
            "seller": self.deal.seller,
            "buyer": self.deal.buyer,
            "currency": self.deal.currency,
            "case": self.scenario.case,
            "overrides": dict(self.scenario.overrides),
        }

    def _after(self) -> dict[str, Any]:
        return doubts(self.scenario)

    def _notes(self) -> Iterator[Note]:
        yield from notes_of_deal(self.scenario, self.priced)

    def is_assumed(self, figure: Figure) -> bool:
        """Whether an assumed term would move the figure."""
        return rests_on_assumed(self.scenario, self.priced, figure)


MEASURED = {"Firm": "firm at signing", "Firm at signing": "firm at signing", "Last day": "last day"}
"""What claims call a figure; any other amount moves with whatever moves the total."""


def rests_on_assumed(scenario: Scenario, priced: Priced, figure: Figure) -> bool:
    """Whether a term that the file assumes would move a figure of the deal."""
    amount = "total" if isinstance(figure.value, Decimal) else ""
    text = MEASURED.get(figure.name, amount)
    result = Result(scenario.deal, None, priced)
    return bool(text and assumed_inputs(scenario.assumed(), measure(text), result))


# --- its charges ----------------------------------------------------------------------------------


def charges_view(
    scenario: Scenario, earned: Mapping[str, Decimal], ended: Ended | None = None
) -> View:
    """What each charge is: its service, its terms in words (`*`: assumed), and what it earns.

    After an early end, its service until then, and the fee.
    """
    deal, assumed = scenario.deal, scenario.assumed()
    terms = Field("terms", "Terms, * assumed" if assumed else "Terms", "prose")
    columns = (*fields("charge", "service"), terms, *fields("revenue money"))
    rows = []
    for name in earned:
        is_assumed = not assumed.keys().isdisjoint(deal.date_paths(name))
        service = _service(deal, name, ended) + ("*" if is_assumed else "")
        words = "; ".join(_terms(deal, name, assumed))
        rows.append({"charge": name, "service": service, "terms": words, "revenue": earned[name]})
    if ended and ended.fee:
        fee = {"charge": "fee", "terms": "paid by who leaves", "revenue": ended.fee}
        rows.append(fee | {"service": f"{ended.last_day}"})
    return view(columns, rows)


def _service(deal: Deal, name: str, ended: Ended | None) -> str:
    """The days of service of a charge, of which an early end leaves some, or none."""
    start, through = deal.dates(deal.charges[name])
    if ended and name in ended.exit.ends:
        through = min(through, ended.last_day)
    if through < start:
        return "none"
    return f"{start}" if deal.charges[name].on else f"{start} to {through}"


def _terms(deal: Deal, name: str, assumed: Mapping[str, str]) -> Iterator[str]:
    """The terms of a charge in words; `*` where one, or a part of it, is assumed."""
    charge = deal.charges[name]

    def said(text: object, *keys: object, path: str = deal.path_of(name)) -> str:
        path = ".".join(map(str, (path, *keys)))
        return f"{text}*" if any(overlap(one, path) for one in assumed) else str(text)

    yield said(charge.price, "price")
    if charge.paid_by == "seller":
        yield said("paid by the seller", "paid_by")
    for index, part in enumerate(charge.capacity):
        yield said(part if not isinstance(part, str) else f"capacity of {part}", "capacity", index)
    if charge.load is not None:
        yield said(f"load {percent_text(charge.load)}", "load")
    for index, step in enumerate(charge.ramp):
        yield said(_step(step), "ramp", index)
    if charge.escalator:
        rate = percent_text(charge.escalator.rate)
        yield said(f"{rate} every {charge.escalator.every}", "escalator")
    for option, group in groupby(charge.renewals, attrgetter("option")):
        first, *others = group
        months = Span(deal.options[option].length, "months")
        price = f" at {first.price}" if first.price else ""
        yield said(f"{len(others) + 1} x {months} renewed{price}", path=f"options.{option}")
    if charge.prepayment:
        yield said(_prepaid(charge.prepayment), "prepayment")


def _prepaid(terms: Prepayment) -> str:
    """20% prepaid on 2026-04-30; 300m prepaid on 2024-12-31, at most 50% of invoices credited."""
    share = None if terms.share is None else percent_text(terms.share)
    paid = f"{share or amount_text(terms.amount or Fraction(0))} prepaid on {terms.on}"
    most = terms.credited.most
    return paid if most is None else f"{paid}, at most {percent_text(most)} of invoices credited"


def _step(step: Step) -> str:
    length = f"{Span(step.length, 'months')}" if step.length else f"through {step.through}"
    off = percent_text(step.discount or Fraction(0))
    return f"ramp {length} at " + (f"{step.price}" if step.price else f"{off} off")


# --- what is said below ---------------------------------------------------------------------------


def notes_of_deal(scenario: Scenario, priced: Priced) -> Iterator[Note]:
    """Unit prices, conventions, doubts, assumptions, sources: what would otherwise be silent."""
    yield from _unit_prices(priced)
    yield from _conventions(scenario.deal)
    for warning in warnings(scenario):
        yield warning_note(warning, scenario.deal.currency)
    yield from assumed_notes(assumptions(scenario))
    for path, text in scenario.sourced().items():
        yield Note(f"{path}: {text}", "source")


def _unit_prices(priced: Priced) -> Iterator[Note]:
    prices = []
    for unit, periods in (("MW", ("month", "year")), ("GPU", ("month", "hour"))):
        for period in periods:
            price = unit_price(priced, unit, period)
            if price:
                prices.append(f"{grouped(half_up_decimal(price, 2))} per {unit}-{period}")
    if prices:
        yield Note(
            f"Unit prices before ramp and escalator, {priced.deal.currency}: "
            + ", ".join(prices)
            + ".",
            "detail",
        )


def _conventions(deal: Deal) -> Iterator[Note]:
    said = "as the file says" if deal.conventions.proration else "not said in the file, assumed"
    cents = decimal_text(Fraction(1, 10**deal.places))
    yield Note(
        f"Conventions: last days are included; a part of a month counts "
        f"{_PRORATIONS[deal.proration]} ({said}); each charge is rounded half-up to {cents} "
        f"{deal.currency}.",
        "detail",
    )


_PRORATIONS = {
    "actual": "by its actual days",
    "30/360": "by 30/360",
    "whole-month": "as a whole one from its first day of service",
}


def doubts(scenario: Scenario) -> dict[str, Any]:
    """What programs are told last: warnings, and what is assumed of which term."""
    return {
        "warnings": [warning.message for warning in warnings(scenario)],
        "assumptions": assumptions(scenario),
    } | ({"ranges": ranges} if (ranges := scenario.ranges()) else {})

"""Measured values as reports hold and say them."""

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from dealcalc.earned import money
from dealcalc.figures.claims import Statement
from dealcalc.figures.figures import Measure
from dealcalc.figures.result import Agreed
from dealcalc.reports.report import readable
from dealcalc.reports.units import money_text
from dealcalc.terms.values import fine, half_up

if TYPE_CHECKING:
    from dealcalc.terms.provider import Provider

KINDS = {
    "money": "money",
    "count": "count",
    "share": "share",
    "ratio": "share",
    "days": "rate",
    "date": "text",
}


def column_kind(measure: Measure) -> str:
    """The kind of a column of this figure."""
    return KINDS[measure.figure.kind]


def booked(of: "Agreed | Provider", amount: Fraction) -> Decimal:
    """An amount half-up to the minor unit of a deal's, or a provider's, currency."""
    return money(half_up(amount, of.places), of.places)


def held(deal: Agreed, measure: Measure, value: Any) -> Any:
    """A measured value as a report holds it: money as booked, the rest, and None, as it is."""
    is_money = value is not None and measure.figure.kind == "money"
    return booked(deal, Fraction(value)) if is_money else value


def chart_unit(deal: Agreed, measure: Measure) -> str | None:
    """What a chart of this figure counts in; None where there is nothing to draw, as of days."""
    units = {
        "money": deal.currency,
        "share": "%",
        "ratio": "%",
        "days": "days",
        "count": measure.text,
    }
    return units.get(measure.figure.kind)


def in_words(deal: Agreed, measure: Measure, value: Any) -> str:
    """A measured value in a sentence."""
    if measure.figure.kind == "money":
        return money_text(held(deal, measure, value), deal.currency)
    text = readable(column_kind(measure), value)
    return f"{text} days" if measure.figure.kind == "days" else text


def against(deal: Agreed, claim: Statement, value: Any) -> str:
    """A measured value in a sentence with a claim, so exact that it bears the claim out."""
    kind = claim.measure.figure.kind
    if kind == "money":
        return money_text(fine(value, deal.places), deal.currency, claimed(deal, claim))
    return (
        f"{fine(value * 100, 1)}%"
        if kind in ("share", "ratio")
        else in_words(deal, claim.measure, value)
    )


def claimed(deal: Agreed, claim: Statement) -> tuple[Decimal, ...]:
    """The amounts that a claim compares with, if it is about money."""
    if claim.measure.figure.kind != "money":
        return ()
    return tuple(fine(edge, deal.places) for edge in claim.edges)


def share(part: Decimal, whole: Decimal) -> Fraction:
    """A part as a share of the whole; all of it where there is nothing."""
    return Fraction(part) / Fraction(whole) if whole else Fraction(1)


def part_of(value: Any, low: Any, high: Any) -> Fraction | None:
    """How far a value is on the way from a low to a high, 0 to 1; None where there is none."""
    if value is None or low == high:
        return None
    way = (value - low) / (high - low)  # of dates, a ratio of spans
    return min(Fraction(1), max(Fraction(0), Fraction(way)))

"""By how much a value misses what is claimed of it, in words that are exact."""

from datetime import timedelta
from fractions import Fraction
from typing import Any

from dealcalc.earned import money
from dealcalc.figures.claims import Statement
from dealcalc.figures.figures import Measure
from dealcalc.figures.result import Agreed
from dealcalc.terms.values import fine


def off(stated: Statement, claim: str, value: Any, agreed: Agreed) -> str:
    """By how much a value misses what is claimed; the percentage is of that."""
    _, _, text = " ".join(claim.split()).partition(stated.relation)
    claimed, within, tolerance = text.strip().partition(" within ")
    miss = value - stated.value
    if not miss:
        return f"exactly {claimed}, and not {'more' if '>' in stated.relation else 'less'}"
    if isinstance(miss, timedelta):
        days = f"{abs(miss.days):,} day{'s' if abs(miss.days) > 1 else ''}"
        return f"{days} {'after' if miss.days > 0 else 'before'} {claimed}"
    distance = to_the_cent(stated.measure, abs(miss), agreed).removesuffix(agreed.currency).rstrip()
    share = abs(Fraction(miss) / stated.value * 100) if stated.value else None
    percent = "" if share is None else f" ({_decimal(share, 2, 2)}%)"
    beyond = f", not{within}{tolerance}" if within else ""
    return f"{distance}{percent} {'more' if miss > 0 else 'less'} than {claimed}{beyond}"


def to_the_cent(measure: Measure, value: Any, agreed: Agreed) -> str:
    """A value for people: money to the cent, and to six decimals where cents are not exact."""
    kind = measure.figure.kind
    if kind == "money":
        return f"{_decimal(value, agreed.places)} {agreed.currency}"
    if kind == "days":
        return f"{_decimal(value, 1)} days"
    return f"{_decimal(value * 100, 2)}%" if kind in ("share", "ratio") else f"{value}"


def _decimal(value: Fraction, places: int, most: int = 6) -> str:
    """A number with so many decimals, or half-up with more where those are not exact."""
    rounded = fine(value, places, most)
    return f"{rounded:,f}" if rounded or not value else f"less than {money(1, most)}"

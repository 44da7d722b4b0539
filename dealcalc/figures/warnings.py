"""What is legal and still looks wrong: every warning that needs a price, or a day that is computed.

Whoever reads a file shows them, so that no command is silent about what another one says.
"""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from dealcalc.core import Priced
from dealcalc.earned import Earned
from dealcalc.figures.prices import unit_price
from dealcalc.figures.subject import MOST_KEPT, priced_deal
from dealcalc.loading.problems import Problem
from dealcalc.loading.reader import placed
from dealcalc.loading.scenario import Scenario
from dealcalc.terms.charges import Charge, Prepayment
from dealcalc.terms.dates import months_touched
from dealcalc.terms.deal import Deal, Right
from dealcalc.terms.faults import Fault
from dealcalc.terms.fields import Path
from dealcalc.terms.rights import last_day
from dealcalc.terms.values import decimal_text, half_up


def warnings(scenario: Scenario) -> tuple[Problem, ...]:
    """What is doubtful about a scenario, each once, by their places: all that is known of it.

    Raises Refused where the deal pays more than any.
    """
    doubts = (placed(fault, scenario.root) for fault in doubts_about(priced_deal(scenario)))
    problems = dict.fromkeys([*scenario.warnings, *doubts])
    return tuple(sorted(problems, key=lambda problem: problem.place))


@lru_cache(MOST_KEPT)
def doubts_about(priced: Priced) -> tuple[Fault, ...]:
    """What only shows in dates and prices: unit prices far off, and terms that come to nothing."""
    deal = priced.deal
    doubts: list[Fault] = []
    for name, charge in deal.charges.items():
        path = tuple(deal.path_of(name).split("."))
        doubts += _cut_ramp(path, charge, *deal.dates(charge))
        if charge.prepayment:
            doubts += _late_prepayment(path, charge.prepayment, priced.charges[name])
    return (*doubts, *_far_prices(priced), *_useless_rights(priced))


# --- charges ------------------------------------------------------------------------------------


def _cut_ramp(path: Path, charge: Charge, start: date, through: date) -> Iterator[Fault]:
    """The first step of a ramp that runs on after the charge has ended."""
    for index, (_, ends, step) in enumerate(charge.steps(start)):
        if ends > through:
            message = f"the ramp runs to {ends}, but the charge only to {through}"
            help = "shorten the ramp, or extend the charge; the rest has no effect"
            key = "through" if step.through else "months"
            yield Fault((*path, "ramp", index, key), "ramp-outlasts", message, help, "warning")
            return


def _late_prepayment(path: Path, terms: Prepayment, earned: Earned) -> Iterator[Fault]:
    """A prepayment that is paid, or of which some is credited, after the charge has ended."""
    if doubt := _uncredited(terms, earned):
        keys, message, help = doubt
        yield Fault((*path, "prepayment", *keys), "prepayment-outlasts", message, help, "warning")


def _uncredited(terms: Prepayment, earned: Earned) -> tuple[tuple[str, ...], str, str] | None:
    """What of a prepayment outlasts its charge: the keys that say so, in words, and the way out."""
    ends, credited = f"the charge ends on {earned.through}", terms.credited
    left = "what is left when the charge ends is set off or refunded"
    if terms.on > earned.through:
        message = f"the prepayment is due on {terms.on}, but {ends}, so it is never paid"
        return ("on",), message, "choose a day before the charge ends"
    whole = earned.exact(earned.through)
    if terms.paid(whole) > whole * (1 if credited.most is None else credited.most):
        message = "more is prepaid than is credited until the charge ends"
        key = "share" if terms.amount is None else "amount"
        return (key,), message, f"prepay less, or credit more; {left}"
    months = months_touched(earned.start, earned.through)
    first = credited.from_month or 1
    last = first + (credited.months or 1) - 1
    if last <= months:
        return None
    message = f"the prepayment is credited until month {last}, but {ends}, in month {months}"
    key = "from_month" if first > months else "months"
    return ("credited", key), message, f"credit it earlier; {left}"


# --- rights -------------------------------------------------------------------------------------


def _useless_rights(priced: Priced) -> Iterator[Fault]:
    """Rights that nobody can use, or that end nothing early."""
    for index, (right, first) in enumerate(priced.leaving.opens):
        path = "termination", index
        if first is None:
            message = f"the lock-out lasts until the term ends, on {priced.last}"
            help = "this right can never be used: remove it, or shorten the lock-out"
            key = "lock_out"
            if right.on:
                message = f"no notice is in time for {right.on[-1]}, the last break day"
                help = "this right can never be used: remove it, or write a later day"
                key = "on" if right.lock_out is None else key
            yield Fault((*path, key), "lock-out-outlasts", message, help, "warning")
        elif last_day(priced.deal, right, first) == _last_of(priced, right):
            message = f"notice on {first}, the first day for it, does not end the deal early"
            help = "this right has no effect: remove it, or shorten the notice"
            yield Fault((*path, "notice"), "notice-outlasts", message, help, "warning")


def _last_of(priced: Priced, right: Right) -> date:
    """The last day on which any charge serves that a right ends."""
    names = priced.deal.ended_by(right)
    return max((priced.charges[name].through for name in names), default=priced.last)


# --- unit prices --------------------------------------------------------------------------------


class Comparable(NamedTuple):
    """What contracts pay for a unit, lowest and highest, in USD; who reports it."""

    unit: str
    period: str
    lowest: int
    highest: int
    source: str


COMPARABLES = (
    Comparable(
        "MW",
        "year",
        1_500_000,
        11_600_000,
        "colocation without GPUs to Nebius-Microsoft, as reported",
    ),
    Comparable(
        "GPU", "month", 3_846, 8_364, "Anthropic-xAI at its widest to Google-SpaceX, as reported"
    ),
)
FAR = 2
"""A warning is due beyond the highest comparable price times this, or the lowest over this."""


def _far_prices(priced: Priced) -> Iterator[Fault]:
    """Unit prices far from those of comparable contracts, which are known in USD only."""
    if priced.deal.currency != "USD":
        return
    for comparable in COMPARABLES:
        price = unit_price(priced, comparable.unit, comparable.period)
        least, most = Fraction(comparable.lowest, FAR), comparable.highest * FAR
        if price and price > 0 and not least <= price <= most:
            yield _far(priced.deal, comparable, price)


def _far(deal: Deal, known: Comparable, price: Fraction) -> Fault:
    name = next(
        name
        for name, charge in deal.charges.items()
        if not charge.on and deal.capacity_in(charge, known.unit)
    )
    amount = f"{half_up(price, 0):,}" if price >= 1 else "less than 1"
    compared = f"{amount} USD per {known.unit}-{known.period} is {_compared(known, price)}"
    message = f"{compared} that comparable contracts pay"
    range_ = f"{known.lowest:,} USD to {known.highest:,} USD ({known.source})"
    help = f"they pay {range_}; check price and capacity"
    path = (*deal.path_of(name).split("."), "price")
    return Fault(path, "unit-price", message, help, "warning")


def _compared(known: Comparable, price: Fraction) -> str:
    if price > known.highest:
        return f"{_tenths(price / known.highest)} times the most"
    share = price / known.lowest
    few = share < Fraction(1, 20)
    return f"{'less than a twentieth' if few else _tenths(share)} of the least"


def _tenths(ratio: Fraction) -> str:
    return decimal_text(Fraction(half_up(ratio, 1), 10))

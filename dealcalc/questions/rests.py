"""Which terms a figure rests on, by path: so a claim can say of what it is true."""

from collections.abc import Iterable, Iterator
from datetime import date

from dealcalc.core import Priced
from dealcalc.figures.factors import factors
from dealcalc.figures.figures import Measure
from dealcalc.figures.result import Result
from dealcalc.loading.changes import overlap
from dealcalc.loading.walk import fields_of
from dealcalc.terms.charges import Charge, PriceStretch
from dealcalc.terms.dates import DAY
from dealcalc.terms.deal import GIVING, Deal
from dealcalc.terms.values import convert

NOTICE_DAY, PRORATION = "conventions.notice_day", "conventions.proration"


def assumed_inputs(assumed: Iterable[str], measure: Measure, result: Result) -> tuple[str, ...]:
    """Those of the paths that are assumed on which a figure rests."""
    paths = set(inputs(measure, result)) if assumed else ()
    return tuple(path for path in assumed if any(overlap(path, other) for other in paths))


def inputs(measure: Measure, result: Result) -> Iterator[str]:
    """The paths of the terms that move a figure, among them clauses that the file could have."""
    figure, deal = measure.figure, result.deal
    first, last = measure.days(deal) or (date.min, date.max)
    leaves = result.ended is not None and first <= result.last_day <= last
    if figure.rests == "moment":
        yield from _standing(measure, result, first)
    elif figure.rests == "options":
        yield from ("options", NOTICE_DAY, "term.signed", *_all_days(deal))
    elif figure.rests == "unit price":
        yield from _unit_price(deal, measure.argument[0])
    elif figure.rests in ("earned", "rate"):
        whole = figure.kind == "share" or figure.name in ("forgone", "contract value")
        through = last if whole else min(last, result.last_day)
        paths = _earned(result.priced, first, through)
        yield from _run_rate(result.priced, paths) if figure.rests == "rate" else paths
    if figure.rests == "cash":
        yield from (*_all_days(deal), "billing", *(LEAVING if result.ended else ()))
    if figure.name in BY_DAY:
        yield from _all_days(deal)
    if figure.rests == "dates" and (figure.kind == "count" or not leaves):
        yield from (path for name in deal.charges for path in deal.date_paths(name))
    if leaves and figure.rests != "moment":
        keys = ("by", "notice", "fee") if figure.signed else ("by", "notice")
        yield from (f"termination.{i}.{key}" for i in range(len(deal.rights)) for key in keys)
        yield from (*GIVING, NOTICE_DAY)


LEAVING = "termination", *GIVING, NOTICE_DAY
BY_DAY = ("present value at", "highest month", "average price per")
"""Figures of all money, that move where it only moves to other days."""
FIRM = ("firm", "not begun")
"""Where a deal stands by what it earns through an exit, and by nothing after that."""


def _all_days(deal: Deal) -> Iterator[str]:
    """Every term that says when money is earned, and what it would be made of then."""
    yield from ("term", PRORATION)
    for path in (f"charges.{name}" for name in deal.charges):
        yield from (f"{path}.{key}" for key in fields_of(Charge))


def _standing(measure: Measure, result: Result, day: date) -> Iterator[str]:
    """What moves where a deal stands: its exit, and, but for firm, what is earned until its end."""
    yield from _firm(result, day)
    if measure.figure.name not in FIRM:
        yield from _all_days(result.deal)


def _unit_price(deal: Deal, unit: str) -> Iterator[str]:
    """Prices and capacities; and days, where those of several charges are weighed."""
    sold = {
        name: charge
        for name, charge in deal.charges.items()
        if not charge.on and deal.capacity_in(charge, unit)
    }
    for name, charge in sold.items():
        yield from (f"{deal.path_of(name)}.{key}" for key in ("price", "load", "paid_by"))
        seller = charge.capacity[0] if isinstance(charge.capacity[0], str) else name
        for index, part in enumerate(deal.capacity(charge)):
            if convert(part, unit) is not None:
                yield f"{deal.path_of(seller)}.capacity.{index}"
        if len(sold) > 1 or charge.price.per == "total":
            yield from deal.date_paths(name)


def _firm(result: Result, day: date) -> Iterator[str]:
    """Who may leave, since when there is a contract, and what is earned until the first exit."""
    deal = result.deal
    yield from ("termination", NOTICE_DAY, "term.signed", *GIVING)
    if deal.rights:
        yield PRORATION
    stands = result.priced.at_signing()
    if day >= deal.signed:
        stands = result.priced.backlog(day, ended=result.ended)
    assert stands.earliest_exit  # for it is signed
    yield from _earned(result.priced, day + DAY, stands.earliest_exit)
    if stands.fee:  # it may be a share of what is forgone, and is never more than that
        yield from _earned(result.priced, stands.earliest_exit + DAY, result.priced.last)


def _earned(priced: Priced, first: date, last: date) -> Iterator[str]:
    """What moves the amount that is earned from one day through another, both included."""
    deal = priced.deal
    for name, charge in deal.charges.items():
        start, through = deal.dates(charge)
        if through < first or last < start:
            continue
        yield f"{deal.path_of(name)}.paid_by"
        if charge.price.per == "total":
            yield f"{deal.path_of(name)}.price"
            if start < first or last < through or charge.renewals:
                yield from _shape(priced, name, charge)
            continue
        yield from _silent(deal.path_of(name), charge)
        stretches = charge.stretches(start, through)
        asked = [each for each in stretches if first <= each.through and each.start <= last]
        yield from _rates(priced, name, asked)
        for stretch in asked:
            yield from _days(deal, name, stretch, (first, last))
        if first <= start:
            yield _start(deal, name)
        if through <= last:
            yield from _end(deal, name)


def _run_rate(priced: Priced, earned: Iterator[str]) -> Iterator[str]:
    """What moves the rate of a day: that of a whole month, or a sum's by the days it is over."""
    yield from (path for path in earned if path != PRORATION)
    for name, charge in priced.deal.charges.items():
        if charge.price.per == "total":
            yield from _shape(priced, name, charge)


def _shape(priced: Priced, name: str, charge: Charge) -> Iterator[str]:
    """What moves a part of a sum: all the days that it is spread over, and what each weighs."""
    days = priced.deal.dates(charge)
    yield from (
        *priced.deal.date_paths(name),
        *_silent(priced.deal.path_of(name), charge),
        PRORATION,
    )
    stretches = [*charge.stretches(*days)]
    yield from _rates(priced, name, stretches)
    for stretch in stretches:
        yield from _days(priced.deal, name, stretch, days)


def _silent(path: str, charge: Charge) -> Iterator[str]:
    """Clauses that would change what a charge pays, and are not there or leave something open."""
    if not charge.ramp:
        yield f"{path}.ramp"
    yield f"{path}.escalator{'.every' if charge.escalator else ''}"
    if charge.load is None:
        yield f"{path}.load"


def _rates(priced: Priced, name: str, stretches: Iterable[PriceStretch]) -> Iterator[str]:
    """The numbers that rates are made of: the same ones after one increase and after many."""
    alike = {(each.step_index, each.renewal, each.increases > 0): each for each in stretches}
    for stretch in alike.values():
        yield from (each.number.path for each in factors(priced, name, stretch) if each.number)
        if stretch.increases:
            keys = "escalator.every", "escalator.first"
            yield from (f"{priced.deal.path_of(name)}.{key}" for key in keys)
            yield _start(priced.deal, name)


def _days(deal: Deal, name: str, stretch: PriceStretch, asked: tuple[date, date]) -> Iterator[str]:
    """What sets the last day of a ramp step, and how a part of a month counts."""
    charge, (first, last), step = deal.charges[name], asked, stretch.step
    if step and stretch.through <= last:
        yield f"{deal.path_of(name)}.ramp.{stretch.step_index}.{step.end}"
        if not step.through:
            yield _start(deal, name)
    price = charge.price_in(stretch)
    ends = max(first, stretch.start).day, (min(last, stretch.through) + DAY).day
    if price.recurs and price.period.clock == "month" and ends != (1, 1):
        yield PRORATION


def _start(deal: Deal, name: str) -> str:
    return next(deal.date_paths(name))


def _end(deal: Deal, name: str) -> Iterator[str]:
    """What sets the last day of a charge, and the first where that counts from it."""
    start, *ends = deal.date_paths(name)
    yield from ends
    if not all(end.endswith(".through") for end in ends):
        yield start

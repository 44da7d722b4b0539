"""Where an amount comes from: stretches of a charge at one rate, and what the rate is made of."""

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from dealcalc.core import Priced
from dealcalc.earned import money
from dealcalc.figures.factors import Factor, factors, weight
from dealcalc.leaving import EarlyEnd, Exit, last_day_of_each
from dealcalc.terms.charges import PriceStretch
from dealcalc.terms.dates import DAY
from dealcalc.terms.deal import Deal, Right
from dealcalc.terms.rights import candidates
from dealcalc.terms.values import Span, half_up_decimal, percent_text


class Part(NamedTuple):
    """A stretch of one charge at one rate, both days included: `exact` = `rate` x `weight`.

    The rate is the product of the factors, per "month" or "day"; weight counts those. `amount` is
    booked: the difference of what is earned by its ends, each rounded: so parts add up. A price
    `once` and a fee have no rate. `paths` are the terms that it rests on besides its factors.
    """

    charge: str
    start: date
    through: date
    rate: Fraction | None
    per: str
    weight: Fraction
    exact: Fraction
    amount: Decimal
    factors: tuple[Factor, ...]
    paths: tuple[str, ...]

    @property
    def inputs(self) -> tuple[str, ...]:
        """The paths of all terms that it rests on, each once."""
        paths = (factor.path for factor in self.factors if factor.path)
        return tuple(dict.fromkeys([*paths, *self.paths]))


def parts(
    priced: Priced,
    start: date,
    through: date,
    charges: Set[str] | None = None,
    *,
    exits: Iterable[Exit] = (),
) -> Iterator[Part]:
    """What all charges, or some, earn from one day through another, both included.

    Service ends with `exits`, so that what was agreed to end later may be agreed to end on any
    later day.
    """
    ends = last_day_of_each(exits)
    for name in priced.charges:
        if charges is None or name in charges:
            last = min(through, ends.get(name, through))
            yield from _of_charge(priced, name, start, last, cut=last == ends.get(name))


def _of_charge(priced: Priced, name: str, first: date, last: date, *, cut: bool) -> Iterator[Part]:
    earned, deal = priced.charges[name], priced.deal
    index: int | None = None
    for stretch in deal.charges[name].stretches(earned.start, earned.through):
        start, end = max(first, stretch.start), min(last, stretch.through)
        if start > end:
            continue
        stage = earned.stage(start)
        assert stage  # start is a day of service
        made_of = tuple(factors(priced, name, stretch))
        exact = earned.exact(end) - earned.exact(start - DAY)
        amount = money(earned.booked(end) - earned.booked(start - DAY), earned.places)
        rate, run = None if stage.per == "once" else stage.rate, weight(stage, start, end)
        ends = not cut or earned.through <= last
        paths = (
            *_step_paths(deal, name, index, stretch),
            *_paths(deal, name, stage.per, stretch, ends=ends),
        )
        index = stretch.step_index
        yield Part(name, start, end, rate, stage.per, run, exact, amount, made_of, paths)


def _step_paths(deal: Deal, name: str, before: int | None, stretch: PriceStretch) -> Iterator[str]:
    """The terms that say from when to when the step of a stretch runs.

    Steps follow one another, so that each before it counts: those since the last one that ends on
    a day, or since the one that a part before this has named.
    """
    ramp = deal.charges[name].ramp
    if before is None:
        before = max(
            (i for i, step in enumerate(ramp[: stretch.step_index]) if step.through), default=0
        )
    for index, step in enumerate(ramp[before : stretch.step_index + 1], before):
        yield f"{deal.path_of(name)}.ramp.{index}.{step.end}"


def _paths(deal: Deal, name: str, per: str, stretch: PriceStretch, *, ends: bool) -> Iterator[str]:
    """The terms that say when a charge is in service, when its price changes, and how days count.

    Without `ends`, the last day of its service is left out: only what is spread over it needs it.
    """
    charge, at = deal.charges[name], deal.path_of(name)
    yield f"{at}.paid_by"
    if charge.capacity and isinstance(charge.capacity[0], str):
        yield f"{deal.path_of(charge.capacity[0])}.capacity"
    if charge.escalator and not (stretch.step and stretch.step.price):
        yield f"{at}.escalator"
    if charge.price.per == "total":
        for index, step in enumerate(charge.ramp):
            yield from (f"{at}.ramp.{index}.{key}" for key in ("discount", step.end))
    first, *last = deal.date_paths(name)
    yield first
    if ends or charge.price.per == "total":
        yield from last
    if per == "month":
        yield "conventions.proration"


# --- leaving --------------------------------------------------------------------------------------


def exit_paths(deal: Deal, exit: Exit | None = None, by: str | None = None) -> Iterator[str]:
    """The terms that set the last days of the exits that make money firm, or of one given notice.

    Where notice is given on a day, when it may be given at all does not move the last day, but
    where two rights might be meant, it may say who leaves.
    """
    meant = [*range(len(deal.rights))]
    if exit:
        whole = deal.ends_all(deal.rights[exit.right])
        meant = candidates(deal, by) if whole else [exit.right]
    rights = {index: deal.rights[index] for index in meant}
    given, opens = exit is not None, exit is None or len(rights) > 1
    for index, right in rights.items():
        at = f"termination.{index}"
        yield from (f"{at}.notice", f"{at}.by")
        yield from (f"{at}.{key}" for key in ("ends", "on") if getattr(right, key))
        if not given and (len(rights) > 1 or len(right.fee) > 1 or not right.fee):
            yield from (f"{at}.{right.fee_path(k)}" for k in range(len(right.fee)))
        if opens and right.lock_out is not None:
            yield from (f"{at}.lock_out", f"{at}.lock_out_bars")
    if not given or (opens and any(isinstance(each.lock_out, Span) for each in rights.values())):
        yield "term.signed" if deal.term.signed else "term.start"
    yield "conventions.notice_day" if rights else "termination"


def fee(priced: Priced, exit: Exit) -> Part:
    """The fee of leaving, on the last day: plus if the buyer pays it, minus if the seller does."""
    deal, day = priced.deal, exit.last_day
    right, at = deal.rights[exit.right], f"termination.{exit.right}"
    index = right.fee_index(day)
    assert index is not None  # since it costs something
    terms, path = right.fee[index].kind, right.fee_path(index)
    end = EarlyEnd(priced, right, day, exit.ends)
    size = terms.amount(end)
    factor = Factor(terms.explained(_EndInWords(end)), f"{at}.{path}", scale=size)
    exact, amount = size if exit.fee > 0 else -size, money(exit.fee, deal.places)
    steps = ("on",) * (len(right.on) > 1) + tuple(
        f"fee.{k}.through" for k, fee in enumerate(right.fee[: index + 1]) if fee.through
    )
    paths = (
        *(f"{at}.{key}" for key in ("by", *steps)),
        *(f"{at}.{path.removesuffix('amount')}over" for _ in [0] if right.fee[index].over),
        *(terms.multiple(_EndInPaths(priced, right, exit)) or ()),
    )
    return Part("fee", day, day, None, "once", Fraction(1), exact, amount, (factor,), paths)


def at_most(left: Part, most: Decimal, priced: Priced) -> Part:
    """A fee, or what would be forgone if that is less: nobody pays more to leave than to stay."""
    if left.amount <= most:
        return left
    forgone = (
        path for part in parts(priced, left.through + DAY, priced.last) for path in part.inputs
    )
    paths = tuple(dict.fromkeys([*left.paths, *forgone]))
    return left._replace(exact=Fraction(most), amount=most, paths=paths)


@dataclass(frozen=True)
class _EndInWords:
    """An early end in words, for what its fee is made of."""

    end: EarlyEnd

    def forgone(self) -> str:
        places = self.end.amounts.deal.places
        return f"{half_up_decimal(self.end.forgone(), places):,f}"

    def monthly(self) -> str:
        return f"{half_up_decimal(self.end.monthly(), 6).normalize():,f}"

    def left(self, over: Span) -> str:
        return percent_text(self.end.left(over))


@dataclass(frozen=True)
class _EndInPaths:
    """An early end in terms, for what its fee rests on."""

    priced: Priced
    right: Right
    exit: Exit

    def forgone(self) -> tuple[str, ...]:
        return self._paths(self.exit.last_day + DAY, self.priced.last)

    def monthly(self) -> tuple[str, ...]:
        return self._paths(self.exit.last_day, self.exit.last_day)

    def left(self, _: Span) -> tuple[str, ...]:
        deal = self.priced.deal
        ends = deal.ended_by(self.right)
        return (
            *(path for name in ends for path in [*deal.date_paths(name)][:1]),
            "conventions.proration",
        )

    def _paths(self, start: date, through: date) -> tuple[str, ...]:
        found = parts(self.priced, start, through, {*self.exit.ends})
        return tuple(dict.fromkeys(path for part in found for path in part.inputs))

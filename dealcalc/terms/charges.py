"""A charge of a contract: its price, and what changes it from day to day."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import accumulate, repeat
from operator import mul
from typing import ClassVar, NamedTuple

from dealcalc.terms import words
from dealcalc.terms.dates import DAY, add_months
from dealcalc.terms.fields import Many, Path, key
from dealcalc.terms.values import Price, Quantity, Span

ENDS = ("through", "months", "years")
"""The keys that say an end, of which one stands in a file."""

MOST_RAMP_STEPS = 240


class Lasting:
    """What ends on a day that is said, `through`, or after so many calendar months or years."""

    __slots__ = ()
    through: date | None
    months: int | None
    years: int | None

    @property
    def length(self) -> int | None:
        """How many calendar months it lasts, if the file says how long and not until when."""
        return 12 * self.years if self.years else self.months

    @property
    def end(self) -> str | None:
        """The key that says when it ends; None where none does."""
        return next((key for key in ENDS if getattr(self, key) is not None), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Step(Lasting):
    """A stretch of a ramp: the price is lower, or another one, for some months or through a day."""

    months: int | None = key(words.COUNT, "how many months the step runs", None)
    years: int | None = key(words.YEARS, "how many years, in place of `months`", None)
    through: date | None = key(words.LAST_DAY, "last day of the step, in place of `months`", None)
    discount: Fraction | None = key(words.PERCENT, "off the price of the day", None)
    price: Price | None = key(words.PRICE, "in place of price and escalator", None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Escalator:
    """Price x (1 + rate)^k in the k-th later stretch, counted from the charge's own start.

    Alone, `3%` is that every 12 months.
    """

    short: ClassVar[str] = "rate"
    rate: Fraction = key(words.RATE, "by how much the price changes each time")
    every: Span = key(words.EVERY, "how often, in calendar months; default: 12", Span(12, "months"))
    first: date | None = key(
        words.DATE, "first day of change; default: `every` after the start", None
    )

    def increases(self, start: date, through: date) -> Iterator[date]:
        """The days of change through a day, for a charge that starts on `start`."""
        every = self.every.count
        first, months = (self.first, 0) if self.first else (start, every)
        while (day := add_months(first, months)) <= through:
            yield day
            months += every


@dataclass(frozen=True, kw_only=True, slots=True)
class Credit:
    """How a prepayment is credited against invoices: in equal parts, or by a share of each."""

    from_month: int | None = key(
        words.COUNT, "calendar month of service in which it begins, from 1", None
    )
    months: int | None = key(
        words.COUNT, "over how many months it is credited in equal parts", None
    )
    most: Fraction | None = key(
        words.PERCENT, "of invoices, in place of both: so much is credited until all is", None
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Prepayment:
    """Money paid ahead and credited against later invoices; it moves cash, never revenue."""

    share: Fraction | None = key(words.PERCENT, "of what the charge earns over its full term", None)
    amount: Fraction | None = key(words.AMOUNT, "what is paid, in place of a share", None)
    on: date = key(words.DATE, "the day it is paid")
    credited: Credit = key(Credit, "how it is credited against invoices")

    def paid(self, earned: Fraction) -> Fraction:
        """What is prepaid for a charge that earns so much over its full term."""
        if self.amount is not None:
            return self.amount
        return (self.share or 0) * earned


class Renewal(NamedTuple):
    """Days by which a charge goes on, both ends included: by which option, agreed on which day.

    A `price` is that of its first day, from which the escalator counts anew; None: it runs on. All
    renewals up to it have so many `months`.
    """

    option: str
    agreed: date
    start: date
    through: date
    price: Price | None
    months: int


class PriceStretch(NamedTuple):
    """Days of a service, both ends included, on which nothing changes that the price is made of.

    So many `increases` of the escalator lie behind, by which the price is multiplied by `growth`.
    `step` is that of the ramp with the index `step_index`, or None where no step runs. The price is
    the charge's own, or that of a `renewal`.
    """

    start: date
    through: date
    increases: int
    growth: Fraction
    step_index: int
    step: Step | None
    renewal: Renewal | None

    @property
    def multiple(self) -> Fraction:
        """What the price is multiplied by: the growth, less the discount of the step."""
        discount = self.step.discount if self.step else None
        return self.growth * (1 - discount) if discount else self.growth


@dataclass(frozen=True, kw_only=True, slots=True)
class Charge(Lasting):
    """One priced stream of a deal. A tranche is a charge with its own dates."""

    price: Price = key(words.PRICE, "what is paid, and for what")
    on: date | None = key(words.DATE, "the day a price `once` falls due", None)
    start: date | None = key(words.FIRST_DAY, "first day of service; default: the term's", None)
    through: date | None = key(words.LAST_DAY, "last day of service; default: the term's", None)
    months: int | None = key(words.COUNT, "length in calendar months, in place of `through`", None)
    years: int | None = key(words.YEARS, "length in years, in place of `through`", None)
    capacity: tuple[Quantity | str, ...] = key(
        Many(words.CAPACITY, or_one=True), "what is sold; or the charge that sells it", ()
    )
    load: Fraction | None = key(words.PERCENT, "share of the hours that is paid for", None)
    ramp: tuple[Step, ...] = key(
        Many(Step, most=MOST_RAMP_STEPS), "other prices, step by step from the start", ()
    )
    escalator: Escalator | None = key(Escalator, "how the price changes over the years", None)
    prepayment: Prepayment | None = key(Prepayment, "money paid ahead and credited later", None)
    paid_by: str = key(words.PAYER, "who pays it; what the seller pays is a minus", "buyer")
    # What is laid into it by options that are taken, and stands in no file:
    renewals: tuple[Renewal, ...] = ()
    added_by: str | None = None
    agreed: date = date.min

    @property
    def sign(self) -> int:
        """1 of what the buyer pays; -1 of what the seller does, which is so much less revenue."""
        return -1 if self.paid_by == "seller" else 1

    def prices(self) -> Iterator[tuple[Path, Price]]:
        """Every price of the charge, the ramp's too, with its path."""
        yield ("price",), self.price
        for index, step in enumerate(self.ramp):
            if step.price:
                yield ("ramp", index, "price"), step.price

    def price_in(self, stretch: PriceStretch) -> Price:
        """The price that holds in a stretch: a step's, a renewal's, or the charge's own."""
        step, renewal = stretch.step, stretch.renewal
        return (step and step.price) or (renewal and renewal.price) or self.price

    def stretches(self, start: date, through: date) -> Iterator[PriceStretch]:
        """Days of a service, in order, each with the ramp step and the increases that hold on it.

        They cut the service, from `start` to `through`, wherever a step begins or ends, the
        escalator changes the price, or a renewal begins. From the first one with a price on there
        are no steps.
        """
        priced = [renewal for renewal in self.renewals if renewal.price]
        starts = [start, *(renewal.start for renewal in priced)]
        ends = [*(day - DAY for day in starts[1:]), through]
        for renewal, first, last in zip([None, *priced], starts, ends, strict=True):
            if first <= through:
                yield from self._stretches(renewal, first, min(last, through))

    def _stretches(
        self, renewal: Renewal | None, start: date, through: date
    ) -> Iterator[PriceStretch]:
        """Days on which the charge's own price holds, or that of a renewal, from its first day."""
        steps, increases, growth = [], list[date](), [Fraction(1)]
        escalator = self.escalator
        if renewal is None:
            steps = list(self.steps(start))
        elif escalator:
            escalator = replace(escalator, first=None)
        if escalator:
            increases = list(escalator.increases(start, through))
            rates = repeat(1 + escalator.rate, len(increases))
            growth = list(accumulate(rates, mul, initial=Fraction(1)))
        later = {*(ends + DAY for _, ends, _ in steps), *(each.start for each in self.renewals)}
        starts = sorted({start, *increases, *later})
        starts = [day for day in starts if start <= day <= through]
        ends = [*(day - DAY for day in starts[1:]), through]
        step_ends = [ends for _, ends, _ in steps]
        for first, last in zip(starts, ends, strict=True):
            index = bisect_left(step_ends, first)
            step = self.ramp[index] if index < len(steps) else None
            power = bisect_right(increases, first)
            yield PriceStretch(first, last, power, growth[power], index, step, renewal)

    def steps(self, start: date) -> Iterator[tuple[date, date, Step]]:
        """First day, last day and terms of each ramp step, for a charge that starts on `start`.

        Steps count their months from the charge's start, or from the day after a step's `through`.
        """
        anchor, months, begins = start, 0, start
        for step in self.ramp:
            if step.through:
                anchor, months, ends = step.through + DAY, 0, step.through
            else:
                months += step.length or 0
                ends = add_months(anchor, months) - DAY
            yield begins, ends, step
            begins = ends + DAY

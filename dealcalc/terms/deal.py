"""What a contract says, in frozen types: the only definition of the scenario format."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import accumulate, repeat
from operator import mul
from typing import Any, ClassVar, NamedTuple

from dealcalc.terms import words
from dealcalc.terms.currencies import CURRENCIES
from dealcalc.terms.dates import DAY, add_months, after_months
from dealcalc.terms.fees import Fee
from dealcalc.terms.fields import EMPTY, Many, Named, Path, Raw, key
from dealcalc.terms.values import Price, Quantity, Span, convert

PARTIES = ("buyer", "seller")

PRORATION = words.one_of("proration", "actual", "30/360", "whole-month")
NOTICE_DAY = words.one_of("notice day", "excluded", "included")
LOCK_OUT_BARS = words.one_of("what a lock-out bars", "notice", "ending")
"""Words for what contracts leave open; the first answer is taken where nobody says."""

ENDS = ("through", "months", "years")
"""The keys that say an end, of which one stands in a file."""

MOST_CHARGES = 200
MOST_RAMP_STEPS = 240
MOST_CASES = 100


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
class Term(Lasting):
    """From when to when a deal runs, both days included."""

    start: date = key(words.FIRST_DAY, "first day of the term; a month is its first day")
    through: date | None = key(words.LAST_DAY, "last day, included; a month is its last day", None)
    months: int | None = key(words.COUNT, "length in calendar months, in place of `through`", None)
    years: int | None = key(words.YEARS, "length in years, in place of `through`", None)
    signed: date | None = key(
        words.DATE, "first day on which the contract exists; default: start", None
    )

    @property
    def last(self) -> date:
        """The last day of the term, included."""
        return self.through or after_months(self.start, self.length or 0)


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


class PriceStretch(NamedTuple):
    """Days of a service, both ends included, on which nothing changes that the price is made of.

    So many `increases` of the escalator lie behind, by which the price is multiplied by `growth`.
    `step` is that of the ramp with the index `step_index`, or None where no step runs.
    """

    start: date
    through: date
    increases: int
    growth: Fraction
    step_index: int
    step: Step | None

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

    def stretches(self, start: date, through: date) -> Iterator[PriceStretch]:
        """Days of a service, in order, each with the ramp step and the increases that hold on it.

        They cut the service, from `start` to `through`, wherever a step begins or ends, or the
        escalator changes the price.
        """
        steps, increases, growth = list(self.steps(start)), list[date](), [Fraction(1)]
        if self.escalator:
            increases = list(self.escalator.increases(start, through))
            rates = repeat(1 + self.escalator.rate, len(increases))
            growth = list(accumulate(rates, mul, initial=Fraction(1)))
        starts = sorted({start, *increases, *(ends + DAY for _, ends, _ in steps)})
        starts = [day for day in starts if start <= day <= through]
        ends = [*(day - DAY for day in starts[1:]), through]
        step_ends = [ends for _, ends, _ in steps]
        for first, last in zip(starts, ends, strict=True):
            index = bisect_left(step_ends, first)
            step = self.ramp[index] if index < len(steps) else None
            power = bisect_right(increases, first)
            yield PriceStretch(first, last, power, growth[power], index, step)

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


@dataclass(frozen=True, kw_only=True, slots=True)
class Right:
    """The right of one party, or of either, to end the deal early by notice."""

    by: str = key(words.PARTY, "who may give notice: buyer, seller or either", "either")
    notice: Span = key(words.SPAN, "from notice to the last day of service, which is paid")
    lock_out: Span | date | None = key(
        words.LOCK_OUT, "how long nothing may be done, from `signed`, or until when", None
    )
    lock_out_bars: str | None = key(
        LOCK_OUT_BARS,
        "giving notice, or the last day of service; default: notice",
        None,
    )
    fee: Fee | None = key(words.FEE, "paid by who leaves", None)

    def parties(self) -> tuple[str, ...]:
        """The parties that have this right."""
        return PARTIES if self.by == "either" else (self.by,)


@dataclass(frozen=True, kw_only=True, slots=True)
class Conventions:
    """How days are counted. What is None is not said in the file, and printed as an assumption."""

    proration: str | None = key(
        PRORATION,
        "what a part of a month weighs; default: actual",
        None,
    )
    notice_day: str | None = key(
        NOTICE_DAY,
        "whether the day of notice counts; default: excluded",
        None,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Billing:
    """When invoices are dated and paid."""

    when: str = key(
        words.one_of("billing", "arrears", "advance"),
        "when invoices are dated",
        "arrears",
        name="in",
    )
    due: Span = key(words.SPAN, "from the invoice to the payment", Span(0, "days"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """A statement about a result, which can be true or false, and who makes it."""

    claim: str = key(words.TEXT, "a statement about the result: total > 40bn")
    source: str | None = key(words.TEXT, "who says so", None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """A named what-if: terms laid over the file's, or notice given."""

    set: Mapping[str, Any] = key(
        Named(Raw, words.TEXT), "paths and the values laid over the file's", EMPTY
    )
    notice: date | None = key(words.DATE, "the day notice is given", None)
    by: str | None = key(words.PARTY, "who gives notice", None)
    source: str | None = key(words.TEXT, "who reads the contract like this", None)
    claims: tuple[Claim, ...] = key(Many(Claim), "statements about this case", ())


@dataclass(frozen=True, kw_only=True, slots=True)
class Assumption:
    """What nobody has disclosed, and what was put in its place. Alone, a text is why.

    The `bounds`, if there are any, are the least and the most that the term may be, as texts.
    """

    short: ClassVar[str] = "why"
    why: str = key(words.TEXT, "what is not disclosed, and what was put in its place")
    bounds: tuple[str, ...] = key(
        Many(words.TEXT), "the least and the most that the term may be", (), name="range"
    )

    def __str__(self) -> str:
        return f"{self.why} (from {' to '.join(self.bounds)})" if self.bounds else self.why


@dataclass(frozen=True, kw_only=True, slots=True)
class Deal:
    """A capacity contract, as a scenario file says it."""

    name: str = key(words.TEXT, "what the deal is called", name="deal")
    seller: str = key(words.TEXT, "who sells the capacity")
    buyer: str = key(words.TEXT, "who pays for it")
    currency: str = key(words.CURRENCY, "ISO 4217")
    term: Term = key(Term, "from when to when the deal runs")
    charges: Mapping[str, Charge] = key(
        Named(Charge, most=MOST_CHARGES), "what is paid, by name; a tranche is a charge"
    )
    termination: tuple[Right, ...] | None = key(
        Many(Right, or_one=True), "who may leave early, and how; none: nobody", None, none=()
    )
    conventions: Conventions = key(Conventions, "how days are counted", Conventions())
    billing: Billing | None = key(Billing, "when invoices are dated and paid", None)
    claims: tuple[Claim, ...] = key(Many(Claim), "statements about the file without a case", ())
    cases: Mapping[str, Case] = key(Named(Case, most=MOST_CASES), "named what-ifs", EMPTY)
    sources: Mapping[str, str] = key(
        Named(words.TEXT, words.TEXT), "where a term comes from, by its path", EMPTY
    )
    assumptions: Mapping[str, Assumption] = key(
        Named(Assumption, words.TEXT),
        "what nobody has disclosed, and what was put in its place",
        EMPTY,
    )

    @property
    def rights(self) -> tuple[Right, ...]:
        """Who may leave, and how; none where nobody may, also where the file does not say."""
        return self.termination or ()

    @property
    def places(self) -> int:
        """Digits of the currency's minor unit, to which booked amounts are rounded."""
        return CURRENCIES[self.currency]

    @property
    def proration(self) -> str:
        """What a part of a month weighs; `actual` where the file does not say."""
        return self.conventions.proration or "actual"

    @property
    def signed(self) -> date:
        """The first day on which the contract exists; the term's start where nobody says."""
        return self.term.signed or self.term.start

    @property
    def last(self) -> date:
        """The last day of all that is agreed, included."""
        return self.term.last

    def dates(self, charge: Charge) -> tuple[date, date]:
        """First and last day of a charge's service, both included; a price `once` has one day."""
        if charge.on:
            return charge.on, charge.on
        start = charge.start or self.term.start
        if charge.through:
            return start, charge.through
        return start, after_months(start, charge.length) if charge.length else self.term.last

    def date_paths(self, name: str) -> Iterator[str]:
        """The paths of the terms that say a charge's first day of service, then its last."""
        charge, at = self.charges[name], f"charges.{name}"
        if charge.on:
            yield f"{at}.on"
            return
        yield f"{at}.start" if charge.start else "term.start"
        yield f"{at}.{charge.end}" if charge.end else f"term.{self.term.end}"
        if charge.start and not charge.end and self.term.length:
            yield "term.start"  # from which the length of the term counts

    def capacity(self, charge: Charge) -> tuple[Quantity, ...]:
        """What a charge sells: its own capacity, or that of the charge it names."""
        if charge.capacity and isinstance(charge.capacity[0], str):
            charge = self.charges[charge.capacity[0]]
        return tuple(part for part in charge.capacity if isinstance(part, Quantity))

    def capacity_in(self, charge: Charge, unit: str) -> Fraction:
        """What a charge sells in a unit; 0 where it sells nothing that converts into it."""
        amounts = (convert(part, unit) for part in self.capacity(charge))
        return next((amount for amount in amounts if amount is not None), Fraction(0))

    def right(self, party: str) -> Right | None:
        """The right of a buyer or a seller to leave, if it has one."""
        return next((right for right in self.rights if party in right.parties()), None)

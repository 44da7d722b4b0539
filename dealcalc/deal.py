"""What a contract says: frozen types, and the faults across their fields.

These types are the only definition of the scenario format. A field made by `key` says its word (or
type), and what it means; the reader and the schema are derived from that. Dates are compared here,
nothing is priced.

A `faults` method yields rules, each an iterator of faults. A rule that asks for a field that could
not be read ends there: one mistake, one message.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import Any, NamedTuple

from dealcalc import words
from dealcalc.dates import DAY, LAST_YEAR, add_months
from dealcalc.words import Price, Quantity, Share, Span, Word, did_you_mean

Path = tuple[str | int, ...]
PARTIES = ("buyer", "seller")
NOTHING: Mapping[str, Any] = MappingProxyType({})
MOST_INCREASES = 600
"""Exact powers beyond this many increases would be slow to compute, and no contract has them."""


class Fault(NamedTuple):
    """A rule that does not hold: where (a path below the value at hand), what, and the way out."""

    path: Path
    code: str
    message: str
    help: str = ""
    severity: str = "error"


Rules = Iterator[Iterable[Fault]]


@dataclass(frozen=True, slots=True)
class Many:
    """A list of one kind of thing; with `or_one`, a single one may stand without a list."""

    kind: Any
    or_one: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """A mapping whose keys are names, or paths, chosen by whoever writes the file."""

    kind: Any
    key: Word = words.NAME


class Raw:
    """A value that is kept as it stands in the file, to be laid over other values."""


def key(kind: Any, title: str, default: Any = MISSING, *, name: str = "") -> Any:
    """A field of the format: its word or type, and its meaning in a line for editors and docs."""
    about = {"kind": kind, "title": title, "key": name}
    if default is NOTHING:
        return field(default_factory=lambda: NOTHING, metadata=about)
    return field(default=default, metadata=about)


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    start: date = key(words.FIRST_DAY, "first day of the term; a month is its first day")
    through: date | None = key(words.LAST_DAY, "last day, included; a month is its last day", None)
    months: int | None = key(words.COUNT, "length in calendar months, in place of `through`", None)
    signed: date | None = key(words.DAY, "from when notice may be given; default: start", None)

    @property
    def last(self) -> date:
        """The last day of the term, included."""
        return self.through or _after_months(self.start, self.months or 0)

    def faults(self) -> Rules:
        yield one_of_two(self, "through", "months", "an end", needed=True)
        yield self._in_order()
        yield self._signed_in_time()

    def _in_order(self) -> Iterator[Fault]:
        yield from _ends_in_time(self.start, self.months)
        yield from _ordered(self.start, self.last, "through")

    def _signed_in_time(self) -> Iterator[Fault]:
        if self.signed and self.signed > self.last:
            message = f"signed on {self.signed}, after the term ends on {self.last}"
            yield Fault(("signed",), "reversed-dates", message, "the signing day lies before the end of the term")


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A stretch of a ramp: the price is lower, or another one, for some months or through a day."""

    months: int | None = key(words.COUNT, "how many months the step runs", None)
    through: date | None = key(words.LAST_DAY, "the last day of the step, in place of `months`", None)
    discount: Fraction | None = key(words.PERCENT, "off the price of the day", None)
    price: Price | None = key(words.PRICE, "in place of price and escalator", None)

    def faults(self) -> Rules:
        yield one_of_two(self, "months", "through", "a length", needed=True)
        yield one_of_two(self, "discount", "price", "what is paid", needed=True)
        yield self._recurs()

    def _recurs(self) -> Iterator[Fault]:
        if self.price and not self.price.recurs:
            message = "a ramp step takes a price per month, year, day or unit"
            yield Fault(("price",), "not-here", message, "write it like 600m per month")


@dataclass(frozen=True, kw_only=True, slots=True)
class Escalator:
    """Price x (1 + rate)^k in the k-th later stretch, counted from the charge's own start."""

    rate: Fraction = key(words.RATE, "by how much the price changes each time")
    every: Span = key(words.SPAN_OF_MONTHS, "how often, in calendar months")
    first: date | None = key(words.DAY, "the day of the first change; default: `every` after the start", None)

    def increase(self, k: int, start: date) -> date:
        """The day of the k-th change, k from 1, for a charge that starts on `start`."""
        if self.first:
            return add_months(self.first, (k - 1) * self.every.count)
        return add_months(start, k * self.every.count)


@dataclass(frozen=True, kw_only=True, slots=True)
class Credit:
    from_month: int = key(words.COUNT, "the calendar month of service in which crediting begins, from 1")
    months: int = key(words.COUNT, "over how many months it is credited in equal parts")


@dataclass(frozen=True, kw_only=True, slots=True)
class Prepayment:
    """Money paid ahead and credited against later invoices; it moves cash, never revenue."""

    share: Fraction = key(words.PERCENT, "of what the charge earns over its full term")
    on: date = key(words.DAY, "the day it is paid")
    credited: Credit = key(Credit, "when it is credited against invoices")


@dataclass(frozen=True, kw_only=True, slots=True)
class Charge:
    """One priced stream of a deal. A tranche is a charge with its own dates."""

    price: Price = key(words.PRICE, "what is paid, and for what")
    on: date | None = key(words.DAY, "the day a price `once` falls due", None)
    start: date | None = key(words.FIRST_DAY, "first day of service; default: the term's", None)
    through: date | None = key(words.LAST_DAY, "last day of service, included; default: the term's", None)
    months: int | None = key(words.COUNT, "length in calendar months, in place of `through`", None)
    capacity: tuple[Quantity | str, ...] = key(
        Many(words.CAPACITY, or_one=True), "what is sold, in one unit or several; or the charge that sells it", ()
    )
    load: Fraction | None = key(words.PERCENT, "share of the hours that is paid for; hourly prices only", None)
    ramp: tuple[Step, ...] = key(Many(Step), "steps of another price, one after the other from the start", ())
    escalator: Escalator | None = key(Escalator, "how the price changes over the years", None)
    prepayment: Prepayment | None = key(Prepayment, "money paid ahead and credited later", None)

    def faults(self) -> Rules:
        yield one_of_two(self, "through", "months", "an end")
        yield self._day_for_once()
        yield self._nothing_beside_a_sum()
        yield self._load_has_hours()
        yield self._units_once()

    def _day_for_once(self) -> Iterator[Fault]:
        if self.price.per != "once" and self.on:
            yield Fault(("on",), "not-here", "`on` stands with a price `once` only", "give the charge a `start`")
        elif self.price.per == "once" and not self.on:
            yield Fault((), "missing-key", "a price `once` needs the day it falls due", "add `on: 2026-05-01`")

    def _nothing_beside_a_sum(self) -> Iterator[Fault]:
        if self.price.recurs:
            return
        barred = ["ramp", "escalator", "load"]
        if self.price.per == "once":
            barred += ["start", "through", "months", "prepayment"]
        form = "once" if self.price.per == "once" else "in total"
        for name in barred:
            if getattr(self, name) not in (None, ()):
                yield Fault((name,), "not-here", f"a price `{form}` takes no {name}", f"take `{name}` away")

    def _load_has_hours(self) -> Iterator[Fault]:
        prices = [self.price, *(step.price for step in self.ramp if step.price)]
        if self.load is not None and self.price.recurs and all(price.per != "hour" for price in prices):
            help = "take `load` away, or write a price like 2.10 per GPU-hour"
            yield Fault(("load",), "not-here", "`load` scales hourly prices, and there is none", help)

    def _units_once(self) -> Iterator[Fault]:
        seen: dict[str, str] = {}
        for index, part in enumerate(self.capacity):
            if isinstance(part, str):
                if len(self.capacity) > 1:
                    help = "name the charge alone: `capacity: compute`"
                    yield Fault(("capacity", index), "conflict", "a charge's name stands alone", help)
                continue
            measure = "power" if part.unit in words.WATTS else part.unit
            if measure in seen:
                help = "several units of a list describe the same thing; a tranche is a charge of its own"
                message = f"{part} says again what {seen[measure]} says"
                yield Fault(("capacity", index), "conflict", message, help)
            seen[measure] = str(part)

    def prices(self) -> Iterator[tuple[Path, Price]]:
        """Every price of the charge, the ramp's too, with its path."""
        yield ("price",), self.price
        for index, step in enumerate(self.ramp):
            if step.price:
                yield ("ramp", index, "price"), step.price

    def steps(self, start: date) -> Iterator[tuple[date, date, Step]]:
        """First day, last day and terms of each ramp step, for a charge that starts on `start`.

        Steps count their months from the charge's start, or from the day after a step's `through`.
        """
        anchor, months, begins = start, 0, start
        for step in self.ramp:
            if step.through:
                anchor, months, ends = step.through + DAY, 0, step.through
            else:
                months += step.months or 0
                ends = add_months(anchor, months) - DAY
            yield begins, ends, step
            begins = ends + DAY


@dataclass(frozen=True, kw_only=True, slots=True)
class Right:
    """The right of one party, or of either, to end the deal early by notice."""

    by: str = key(words.PARTY, "who may give notice: buyer, seller or either", "either")
    notice: Span = key(words.SPAN, "from notice to the last day of service, which is paid")
    lock_out: Span | date | None = key(words.LOCK_OUT, "how long nothing may be done, from `signed`, or until when", None)
    lock_out_bars: str | None = key(
        words.one_of("what a lock-out bars", "notice", "ending"), "giving notice, or the last day of service", None
    )
    fee: Fraction | Span | Share | None = key(words.FEE, "paid by who leaves", None)

    def faults(self) -> Rules:
        yield self._bars_something()

    def _bars_something(self) -> Iterator[Fault]:
        if self.lock_out_bars and self.lock_out is None:
            help = "add `lock_out: 3 months`, or take this away"
            yield Fault(("lock_out_bars",), "not-here", "there is no lock-out here", help)

    def parties(self) -> tuple[str, ...]:
        return PARTIES if self.by == "either" else (self.by,)


@dataclass(frozen=True, kw_only=True, slots=True)
class Conventions:
    """How days are counted. What is None is not said in the file, and printed as an assumption."""

    proration: str | None = key(
        words.one_of("proration", "actual", "30/360", "whole-month"), "what a part of a month weighs", None
    )
    notice_day: str | None = key(
        words.one_of("notice day", "excluded", "included"), "whether the day of notice counts", None
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Billing:
    when: str = key(words.one_of("billing", "arrears", "advance"), "when invoices are dated", "arrears", name="in")
    due: Span = key(words.SPAN, "from the invoice to the payment", Span(0, "days"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    claim: str = key(words.TEXT, "a statement about the result: total > 40bn")
    source: str | None = key(words.TEXT, "who says so", None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """A named what-if: terms laid over the file's, or notice given."""

    set: Mapping[str, Any] = key(Named(Raw, words.TEXT), "paths and the values laid over the file's", NOTHING)
    notice: date | None = key(words.DAY, "the day notice is given", None)
    by: str | None = key(words.PARTY, "who gives notice", None)
    source: str | None = key(words.TEXT, "who reads the contract like this", None)
    claims: tuple[Claim, ...] = key(Many(Claim), "statements about this case", ())


@dataclass(frozen=True, kw_only=True, slots=True)
class Deal:
    """A capacity contract, as a scenario file says it."""

    name: str = key(words.TEXT, "what the deal is called", name="deal")
    seller: str = key(words.TEXT, "who sells the capacity")
    buyer: str = key(words.TEXT, "who pays for it")
    currency: str = key(words.CURRENCY, "ISO 4217 code; its minor unit decides the rounding")
    term: Term = key(Term, "from when to when the deal runs")
    charges: Mapping[str, Charge] = key(Named(Charge), "what is paid, by name; a tranche is a charge")
    termination: tuple[Right, ...] = key(Many(Right, or_one=True), "who may leave early, and how", ())
    conventions: Conventions = key(Conventions, "how days are counted", Conventions())
    billing: Billing | None = key(Billing, "when invoices are dated and paid", None)
    claims: tuple[Claim, ...] = key(Many(Claim), "statements about the file without a case", ())
    cases: Mapping[str, Case] = key(Named(Case), "named what-ifs", NOTHING)
    sources: Mapping[str, str] = key(Named(words.TEXT, words.TEXT), "where a term comes from, by its path", NOTHING)
    assumptions: Mapping[str, str] = key(
        Named(words.TEXT, words.TEXT), "what nobody has disclosed, and what was put in its place", NOTHING
    )

    @property
    def places(self) -> int:
        """Digits of the currency's minor unit, to which booked amounts are rounded."""
        return words.MINOR_UNITS.get(self.currency, 2)

    @property
    def proration(self) -> str:
        return self.conventions.proration or "actual"

    @property
    def signed(self) -> date:
        """The first day on which notice may be given, before any lock-out."""
        return self.term.signed or self.term.start

    def dates(self, charge: Charge) -> tuple[date, date]:
        """First and last day of a charge's service, both included; a price `once` has one day."""
        if charge.on:
            return charge.on, charge.on
        start = charge.start or self.term.start
        if charge.through:
            return start, charge.through
        return start, _after_months(start, charge.months) if charge.months else self.term.last

    def capacity(self, charge: Charge) -> tuple[Quantity, ...]:
        """What a charge sells: its own capacity, or that of the charge it names."""
        if charge.capacity and isinstance(charge.capacity[0], str):
            charge = self.charges[charge.capacity[0]]
        return tuple(part for part in charge.capacity if isinstance(part, Quantity))

    def right(self, party: str) -> Right | None:
        """The right of a buyer or a seller to leave, if it has one."""
        return next((right for right in self.termination if party in right.parties()), None)

    # --- faults ------------------------------------------------------------------------------------

    def faults(self) -> Rules:
        yield self._one_right_each()
        yield self._charges_there()
        for name, charge in self.charges.items():
            at = ("charges", name)
            yield _below(at, self._name_is_free(name))
            yield _below(at, self._capacity_named(name, charge))
            yield _below(at, self._capacity_priced(charge))
            yield _below(at, self._inside_the_term(charge))
            yield _below(at, self._ramp_in_order(charge))
            yield _below(at, self._escalator_bounded(charge))
            yield _below(at, self._days_that_weigh(charge))

    def _charges_there(self) -> Iterator[Fault]:
        if not self.charges:
            yield Fault(("charges",), "empty", "a deal has at least one charge", "add one, with its price")

    def _name_is_free(self, name: str) -> Iterator[Fault]:
        if name == "fee":
            message = "`fee` is the line of a termination fee, so no charge may be called so"
            yield Fault((), "name", message, "call it setup-fee, or what it is for")

    def _capacity_named(self, name: str, charge: Charge) -> Iterator[Fault]:
        for index, part in enumerate(charge.capacity):
            if not isinstance(part, str):
                continue
            others = [other for other in self.charges if other != name]
            if part not in others:
                help = did_you_mean(part, others) if others else "write it like 300 MW"
                yield Fault(("capacity", index), "unknown-name", f"there is no other charge called {part}", help)
            elif not self.charges[part].capacity or isinstance(self.charges[part].capacity[0], str):
                message = f"the charge {part} has no capacity of its own"
                yield Fault(("capacity", index), "no-capacity", message, "write the capacity here")

    def _capacity_priced(self, charge: Charge) -> Iterator[Fault]:
        referred = charge.capacity and isinstance(charge.capacity[0], str)
        if referred and charge.capacity[0] not in self.charges:
            return
        capacity = self.capacity(charge)
        for path, price in charge.prices():
            if price.unit and not any(words.convert(part, price.unit) is not None for part in capacity):
                there = f"the capacity is in {' and '.join(part.unit for part in capacity)}"
                message = f"a price per {price.unit}, but " + (there if capacity else "there is no capacity")
                yield Fault(path, "no-capacity", message, f"add the capacity in {price.unit}, like `300 {price.unit}`")

    def _inside_the_term(self, charge: Charge) -> Iterator[Fault]:
        start, through = self.dates(charge)
        yield from _ends_in_time(start, charge.months)
        begins, ends = self.term.start, self.term.last
        first, last = ("on", "on") if charge.on else ("start", "through" if charge.through else "months")
        for key, day in ((first, start), (last, through)):
            if begins <= ends and not begins <= day <= ends:
                message = f"{day} is outside the term, which runs from {begins} to {ends}"
                yield Fault((key,), "outside-term", message, "widen the term, or move the charge inside it")
                return
        yield from _ordered(start, through, "through" if charge.through else "start")

    def _ramp_in_order(self, charge: Charge) -> Iterator[Fault]:
        start, through = self.dates(charge)
        for index, (begins, ends, step) in enumerate(charge.steps(start)):
            at = ("ramp", index)
            if ends < begins:
                message = f"the step ends on {ends}, before it begins on {begins}"
                yield Fault((*at, "through"), "reversed-dates", message, "steps follow one another")
                return
            if ends > through and start <= through:
                key = "through" if step.through else "months"
                message = f"the ramp runs to {ends}, the charge only to {through}"
                yield Fault((*at, key), "ramp-outlasts", message, "the rest of the ramp is not used", "warning")
                return

    def _escalator_bounded(self, charge: Charge) -> Iterator[Fault]:
        if not charge.escalator:
            return
        start, through = self.dates(charge)
        if charge.escalator.first and charge.escalator.first < start:
            message = f"the first change is on {charge.escalator.first}, before the charge starts on {start}"
            yield Fault(("escalator", "first"), "reversed-dates", message, "write the price of the first day as the price")
        increases = (through.year - start.year + 1) * 12 // charge.escalator.every.count
        if increases > MOST_INCREASES:
            message = f"the price would change {increases} times; {MOST_INCREASES} are computed exactly"
            yield Fault(("escalator", "every"), "too-many-steps", message, "let it change less often")

    def _days_that_weigh(self, charge: Charge) -> Iterator[Fault]:
        start, through = self.dates(charge)
        if charge.price.per == "total" and self.proration == "30/360" and start == through and start.day == 31:
            message = f"{start} weighs nothing under 30/360, so nothing can be spread over it"
            yield Fault(("price",), "no-weight", message, "use a price `once`, or another proration")

    def _one_right_each(self) -> Iterator[Fault]:
        seen: dict[str, int] = {}
        for index, right in enumerate(self.termination):
            for party in right.parties():
                if party in seen:
                    message = f"the {party} has a right already, in entry {seen[party]}"
                    yield Fault(("termination", index), "same-party-twice", message, "say each party's right once")
                    break
                seen[party] = index


def one_of_two(value: Any, one: str, other: str, what: str, *, needed: bool = False) -> Iterator[Fault]:
    """The rule that not both of two fields are there, and that one is, where it is needed."""
    both = getattr(value, one) is not None, getattr(value, other) is not None
    if all(both):
        yield Fault((other,), "conflict", f"`{one}` and `{other}` both say {what}", f"take `{one}` or `{other}` away")
    elif needed and not any(both):
        yield Fault((), "missing-key", f"{what} is missing", f"add `{one}` or `{other}`")


def _ordered(start: date, through: date, key: str) -> Iterator[Fault]:
    if through < start:
        message = f"the end, {through}, is before the start, {start}"
        yield Fault((key,), "reversed-dates", message, "swap them, or mend the year")


def _ends_in_time(start: date, months: int | None) -> Iterator[Fault]:
    if months and start.year * 12 + start.month - 1 + months > LAST_YEAR * 12 + 12:
        message = f"{months} months from {start} end after {LAST_YEAR}"
        yield Fault(("months",), "count", message, f"years run to {LAST_YEAR}")


def _after_months(start: date, months: int) -> date:
    """The last day of a stretch of months from `start`: the day before `start` + months."""
    return add_months(start, months) - DAY


def _below(path: Path, faults: Iterable[Fault]) -> Iterator[Fault]:
    """Faults of a part, with their paths counted from the whole."""
    for fault in faults:
        yield fault._replace(path=path + fault.path)

"""What a contract says: frozen types, and the faults across their fields.

These types are the only definition of the scenario format. A field made by `key` says its word (or
type), and what it means; the reader and the schema are derived from that. Dates are compared here,
nothing is priced.

A `faults` method yields rules, each an iterator of faults. A rule that asks for a field that could
not be read, or that another rule found at fault, ends there: one mistake, one message. A fault
about something that is missing names the key to add.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field
from datetime import date
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from dealcalc.terms import words
from dealcalc.terms.dates import DAY, LAST_YEAR, add_months, month_number
from dealcalc.terms.words import Price, Quantity, Share, Span, Word, did_you_mean

Path = tuple[str | int, ...]
PARTIES = ("buyer", "seller")
NOTHING: Mapping[str, Any] = MappingProxyType({})

PRORATION = words.one_of("proration", "actual", "30/360", "whole-month")
NOTICE_DAY = words.one_of("notice day", "excluded", "included")
LOCK_OUT_BARS = words.one_of("what a lock-out bars", "notice", "ending")
"""Words for what contracts leave open; the first answer is taken where nobody says."""

# What is computed exactly, line by line, in well under a second; no contract comes near it.
MOST_CHARGES = 200
MOST_STEPS = 240
MOST_CASES = 100
MOST_CLAIMS = 200
MOST_MONTHS = 50_000
MOST_INCREASES = 600


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
    most: int = MOST_CLAIMS


@dataclass(frozen=True, slots=True)
class Named:
    """A mapping whose keys are names, or paths, chosen by whoever writes the file."""

    kind: Any
    key: Word = words.NAME
    most: int | None = None


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
    """From when to when a deal runs, both days included."""

    start: date = key(words.FIRST_DAY, "first day of the term; a month is its first day")
    through: date | None = key(words.LAST_DAY, "last day, included; a month is its last day", None)
    months: int | None = key(words.COUNT, "length in calendar months, in place of `through`", None)
    signed: date | None = key(words.DAY, "from when notice may be given; default: start", None)

    @property
    def last(self) -> date:
        """The last day of the term, included."""
        return self.through or _after_months(self.start, self.months or 0)

    def faults(self) -> Rules:
        """One end, after the start and after the signing."""
        yield one_of_two(self, "through", "months", "the term has no end", "`through: 2029-05`")
        yield self._in_order()
        yield self._signed_in_time()

    def _in_order(self) -> Iterator[Fault]:
        yield from _ordered(self.start, self.last)
        if self.last.year > LAST_YEAR:
            message = f"{Span(self.months or 0, 'months')} from {self.start} end on {self.last}"
            yield Fault(("months",), "count", message, f"years run to {LAST_YEAR}")

    def _signed_in_time(self) -> Iterator[Fault]:
        if self.signed and self.signed > self.last:
            message = f"signed on {self.signed}, after the term ends on {self.last}"
            help = "write the day of signing, or take `signed` away: the start counts then"
            yield Fault(("signed",), "reversed-dates", message, help)


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A stretch of a ramp: the price is lower, or another one, for some months or through a day."""

    months: int | None = key(words.COUNT, "how many months the step runs", None)
    through: date | None = key(words.LAST_DAY, "last day of the step, in place of `months`", None)
    discount: Fraction | None = key(words.PERCENT, "off the price of the day", None)
    price: Price | None = key(words.PRICE, "in place of price and escalator", None)

    def faults(self) -> Rules:
        """One length, and one thing that is paid."""
        yield one_of_two(self, "months", "through", "the step has no length", "`months: 2`")
        paid = "the step does not say what is paid"
        yield one_of_two(self, "discount", "price", paid, "`discount: 50%`")
        yield self._recurs()

    def _recurs(self) -> Iterator[Fault]:
        if self.price and not self.price.recurs:
            message = "a ramp step takes a price per month, year, day or unit"
            yield Fault(("price",), "not-here", message, "write it like `600m per month`")


@dataclass(frozen=True, kw_only=True, slots=True)
class Escalator:
    """Price x (1 + rate)^k in the k-th later stretch, counted from the charge's own start."""

    rate: Fraction = key(words.RATE, "by how much the price changes each time")
    every: Span = key(words.SPAN_OF_MONTHS, "how often, in calendar months")
    first: date | None = key(
        words.DAY, "first day of change; default: `every` after the start", None
    )

    def increase(self, k: int, start: date) -> date:
        """The day of the k-th change, k from 1, for a charge that starts on `start`."""
        if self.first:
            return add_months(self.first, (k - 1) * self.every.count)
        return add_months(start, k * self.every.count)


@dataclass(frozen=True, kw_only=True, slots=True)
class Credit:
    """When a prepayment is credited against invoices."""

    from_month: int = key(words.COUNT, "calendar month of service in which it begins, from 1")
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
    through: date | None = key(words.LAST_DAY, "last day of service; default: the term's", None)
    months: int | None = key(words.COUNT, "length in calendar months, in place of `through`", None)
    capacity: tuple[Quantity | str, ...] = key(
        Many(words.CAPACITY, or_one=True), "what is sold; or the charge that sells it", ()
    )
    load: Fraction | None = key(words.PERCENT, "share of the hours that is paid for", None)
    ramp: tuple[Step, ...] = key(
        Many(Step, most=MOST_STEPS), "other prices, step by step from the start", ()
    )
    escalator: Escalator | None = key(Escalator, "how the price changes over the years", None)
    prepayment: Prepayment | None = key(Prepayment, "money paid ahead and credited later", None)

    def faults(self) -> Rules:
        """One end, and only terms that mean something beside the price."""
        yield one_of_two(self, "through", "months")
        yield self._day_for_once()
        yield self._nothing_beside_a_sum()
        yield self._load_has_hours()
        yield self._units_once()

    def _day_for_once(self) -> Iterator[Fault]:
        if self.price.per != "once" and self.on:
            help = "write `once` into the price, or `start` in place of `on`"
            yield Fault(("on",), "not-here", "`on` stands with a price `once` only", help)
        elif self.price.per == "once" and not self.on:
            message = "a price `once` needs the day it falls due"
            yield Fault(("on",), "missing-key", message, "add `on: 2026-05-01`")

    def _nothing_beside_a_sum(self) -> Iterator[Fault]:
        if self.price.recurs:
            return
        barred = ["ramp", "escalator", "load"]
        if self.price.per == "once":
            barred += ["start", "through", "months", "prepayment"]
        form = "once" if self.price.per == "once" else "in total"
        for name in barred:
            if getattr(self, name) not in (None, ()):
                message = f"a price `{form}` takes no `{name}`"
                yield Fault((name,), "not-here", message, f"take `{name}` away")

    def _load_has_hours(self) -> Iterator[Fault]:
        if self.load is None or not self.price.recurs:
            return
        if all(price.per != "hour" for _, price in self.prices()):
            help = "take `load` away, or write a price like `2.10 per GPU-hour`"
            yield Fault(("load",), "not-here", "`load` scales hourly prices; none is here", help)

    def _units_once(self) -> Iterator[Fault]:
        seen: dict[str, Quantity] = {}
        for index, part in enumerate(self.capacity):
            at = ("capacity", index)
            if isinstance(part, str):
                if len(self.capacity) > 1:
                    help = f"write `capacity: {part}`"
                    yield Fault(at, "conflict", "a charge's name stands alone", help)
                continue
            measure = "power" if part.unit in words.WATTS else part.unit
            if measure in seen:
                message = (
                    f"{part} stands beside {seen[measure]}: a list says one thing in several units"
                )
                help = "add them up, or make a charge of each"
                yield Fault(at, "conflict", message, help)
            seen[measure] = part

    def prices(self) -> Iterator[tuple[Path, Price]]:
        """Every price of the charge, the ramp's too, with its path."""
        yield ("price",), self.price
        for index, step in enumerate(self.ramp):
            if step.price:
                yield ("ramp", index, "price"), step.price

    def increases(self, start: date, through: date) -> Iterator[date]:
        """The days, up to `through`, on which the escalator changes the price; from `start` on."""
        k = 1
        while self.escalator and (day := self.escalator.increase(k, start)) <= through:
            yield day
            k += 1

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
    lock_out: Span | date | None = key(
        words.LOCK_OUT, "how long nothing may be done, from `signed`, or until when", None
    )
    lock_out_bars: str | None = key(
        LOCK_OUT_BARS,
        "giving notice, or the last day of service; default: notice",
        None,
    )
    fee: Fraction | Span | Share | None = key(words.FEE, "paid by who leaves", None)

    def faults(self) -> Rules:
        """Nothing is said of a lock-out that is not there."""
        yield self._bars_something()

    def _bars_something(self) -> Iterator[Fault]:
        if self.lock_out_bars and self.lock_out is None:
            help = "add `lock_out: 3 months`, or take `lock_out_bars` away"
            yield Fault(("lock_out_bars",), "not-here", "there is no lock-out here", help)

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
        Named(Raw, words.TEXT), "paths and the values laid over the file's", NOTHING
    )
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
    charges: Mapping[str, Charge] = key(
        Named(Charge, most=MOST_CHARGES), "what is paid, by name; a tranche is a charge"
    )
    termination: tuple[Right, ...] = key(
        Many(Right, or_one=True), "who may leave early, and how", ()
    )
    conventions: Conventions = key(Conventions, "how days are counted", Conventions())
    billing: Billing | None = key(Billing, "when invoices are dated and paid", None)
    claims: tuple[Claim, ...] = key(Many(Claim), "statements about the file without a case", ())
    cases: Mapping[str, Case] = key(Named(Case, most=MOST_CASES), "named what-ifs", NOTHING)
    sources: Mapping[str, str] = key(
        Named(words.TEXT, words.TEXT), "where a term comes from, by its path", NOTHING
    )
    assumptions: Mapping[str, str] = key(
        Named(words.TEXT, words.TEXT),
        "what nobody has disclosed, and what was put in its place",
        NOTHING,
    )

    @property
    def places(self) -> int:
        """Digits of the currency's minor unit, to which booked amounts are rounded."""
        return words.MINOR_UNITS.get(self.currency, 2)

    @property
    def proration(self) -> str:
        """What a part of a month weighs; `actual` where the file does not say."""
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

    def date_paths(self, name: str) -> Iterator[str]:
        """The paths of the terms that say a charge's first and last day of service."""
        charge, at = self.charges[name], f"charges.{name}"
        if charge.on:
            yield f"{at}.on"
            return
        yield f"{at}.start" if charge.start else "term.start"
        if charge.through or charge.months:
            yield f"{at}.through" if charge.through else f"{at}.months"
        else:
            yield "term.through" if self.term.through else "term.months"

    def capacity(self, charge: Charge) -> tuple[Quantity, ...]:
        """What a charge sells: its own capacity, or that of the charge it names."""
        if charge.capacity and isinstance(charge.capacity[0], str):
            charge = self.charges[charge.capacity[0]]
        return tuple(part for part in charge.capacity if isinstance(part, Quantity))

    def right(self, party: str) -> Right | None:
        """The right of a buyer or a seller to leave, if it has one."""
        return next((right for right in self.termination if party in right.parties()), None)

    # --- faults ----------------------------------------------------------------------------------

    def faults(self) -> Rules:
        """Two parties, a right for each; charges inside the term, with the capacity they price."""
        yield self._two_parties()
        yield self._one_right_each()
        yield self._charges_there()
        for name, charge in self.charges.items():
            at = ("charges", name)
            yield _below(at, self._name_is_free(name))
            yield _below(at, self._capacity_named(name, charge))
            yield _below(at, self._capacity_priced(charge))
            yield _below(at, self._inside_the_term(charge))
            yield _below(at, self._ramp_in_order(charge))
            yield _below(at, self._first_change_in_time(charge))
            yield _below(at, self._prepaid_in_time(charge))
            yield _below(at, self._days_that_weigh(charge))
        yield self._months_to_price()
        yield self._increases_to_compute()

    def _two_parties(self) -> Iterator[Fault]:
        if folded(self.buyer) == folded(self.seller):
            message = f"{self.buyer[:40]} is the buyer and the seller: nobody sells to oneself"
            help = "write who buys; one group's companies have names of their own"
            yield Fault(("buyer",), "ambiguous-party", message, help)

    def _one_right_each(self) -> Iterator[Fault]:
        seen: dict[str, int] = {}
        for index, right in enumerate(self.termination):
            for party in right.parties():
                if party in seen:
                    message = f"the {party} has a right already, in `termination.{seen[party]}`"
                    help = "give each party one right: `by: buyer`, `by: seller` or `by: either`"
                    yield Fault(("termination", index, "by"), "same-party-twice", message, help)
                    break
                seen[party] = index

    def _charges_there(self) -> Iterator[Fault]:
        if not self.charges:
            help = "keep one, with its price"
            yield Fault(("charges",), "empty", "a deal has at least one charge", help)

    def _name_is_free(self, name: str) -> Iterator[Fault]:
        if name == "fee":
            message = "`fee` is the line of a termination fee, so no charge may be called so"
            yield Fault((), "name", message, "call it `setup-fee`, or what it is for")

    def _capacity_named(self, name: str, charge: Charge) -> Iterator[Fault]:
        for index, part in enumerate(charge.capacity):
            at = ("capacity", index)
            if isinstance(part, str) and (part == name or part not in self.charges):
                others = [other for other in self.charges if other != name]
                help = did_you_mean(part, others) if others else "write it like `300 MW`"
                yield Fault(at, "unknown-name", f"there is no other charge called {part}", help)
            elif isinstance(part, str) and not (self._sold_by(part) or self._lacks_capacity(part)):
                message = f"the charge {part} has no capacity of its own"
                yield Fault(at, "no-capacity", message, "write the capacity here, like `300 MW`")

    def _capacity_priced(self, charge: Charge) -> Iterator[Fault]:
        first = charge.capacity[0] if charge.capacity else None
        if isinstance(first, str) and not self._sold_by(first):
            return  # which the rule above says
        capacity = self.capacity(charge)
        for path, price in charge.prices():
            if price.unit and all(words.convert(part, price.unit) is None for part in capacity):
                units = " and ".join(part.unit for part in capacity)
                there = f"the capacity is in {units}" if capacity else "there is no capacity"
                help = f"add the capacity in {price.unit}, like `300 {price.unit}`"
                yield Fault(path, "no-capacity", f"a price per {price.unit}, but {there}", help)
                return

    def _lacks_capacity(self, name: str) -> bool:
        """Whether a charge that sells nothing is at fault for that itself."""
        charge = self.charges[name]
        if charge.capacity:
            return charge.capacity[0] not in self.charges
        return any(price.unit for _, price in charge.prices())

    def _sold_by(self, name: str) -> tuple[Quantity, ...]:
        """The capacity that a charge says itself."""
        parts = self.charges[name].capacity if name in self.charges else ()
        return tuple(part for part in parts if isinstance(part, Quantity))

    def _inside_the_term(self, charge: Charge) -> Iterator[Fault]:
        start, through = self.dates(charge)
        begins, ends = self.term.start, self.term.last
        last = "through" if charge.through else "months"
        for name, day in (("start", start), (last, through)):
            if not begins <= day <= ends:
                at = ("on" if charge.on else name,)
                message = f"{day} is outside the term, which runs from {begins} to {ends}"
                help = "widen the term, or move the charge inside it"
                yield Fault(at, "outside-term", message, help)
                return
        yield from _ordered(start, through)

    def _in_service(self, charge: Charge) -> bool:
        """Whether a charge has days of service inside the term, as the rule above demands."""
        start, through = self.dates(charge)
        return self.term.start <= start <= through <= self.term.last

    def _ramp_in_order(self, charge: Charge) -> Iterator[Fault]:
        start, through = self.dates(charge)
        outlasts = False
        for index, (begins, ends, step) in enumerate(charge.steps(start)):
            at = ("ramp", index, "through" if step.through else "months")
            if ends < begins:
                message = f"the step ends on {ends}, before it begins on {begins}"
                help = "write the steps in the order of their dates"
                yield Fault(at, "reversed-dates", message, help)
                return
            if ends > through and not outlasts and self._in_service(charge):
                outlasts = True
                message = f"the ramp runs to {ends}, the charge only to {through}"
                help = "shorten it, or let the charge run longer; the rest is not used"
                yield Fault(at, "ramp-outlasts", message, help, "warning")

    def _first_change_in_time(self, charge: Charge) -> Iterator[Fault]:
        start, _ = self.dates(charge)
        first = charge.escalator.first if charge.escalator else None
        if first and first < start and self._in_service(charge):
            message = f"the first change is on {first}, before the charge starts on {start}"
            help = "write the price as it is on the first day, and the first change after that"
            yield Fault(("escalator", "first"), "reversed-dates", message, help)

    def _prepaid_in_time(self, charge: Charge) -> Iterator[Fault]:
        terms, (start, through) = charge.prepayment, self.dates(charge)
        if terms is None or not self._in_service(charge):
            return
        ends = f"the charge ends on {through}"
        months, credited = _months(start, through), terms.credited
        last = credited.from_month + credited.months - 1
        if terms.on > through:
            message = f"it is due on {terms.on}, but {ends}, so it is never paid"
            help = "write a day on which the charge still runs, or one before"
            yield Fault(("prepayment", "on"), "prepayment-outlasts", message, help, "warning")
        elif last > months:
            message = f"it is credited until month {last}, but {ends}, in month {months}"
            help = "credit it earlier; what is left on that day is set off or refunded"
            key = "from_month" if credited.from_month > months else "months"
            at = ("prepayment", "credited", key)
            yield Fault(at, "prepayment-outlasts", message, help, "warning")

    def _days_that_weigh(self, charge: Charge) -> Iterator[Fault]:
        start, through = self.dates(charge)
        a_31st = start == through and start.day == 31
        if charge.price.per == "total" and self.proration == "30/360" and a_31st:
            message = f"{start} weighs nothing under 30/360, so nothing can be spread over it"
            yield Fault(
                ("price",), "no-weight", message, "use a price `once`, or another proration"
            )

    def _months_to_price(self) -> Iterator[Fault]:
        months = sum(_months(*self.dates(charge)) for charge in self.charges.values())
        if months > MOST_MONTHS:
            message = f"the charges run for {months:,} months in all; {MOST_MONTHS:,} are priced"
            yield Fault(("charges",), "limit", message, "put some of them into another file")

    def _increases_to_compute(self) -> Iterator[Fault]:
        increases = 0
        for name, charge in self.charges.items():
            if charge.escalator:
                increases += _months(*self.dates(charge)) // charge.escalator.every.count
            if increases > MOST_INCREASES:
                at = ("charges", name, "escalator", "every")
                message = f"the prices change more than {MOST_INCREASES} times in all"
                yield Fault(at, "too-many-steps", message, "let them change less often")
                return


def folded(name: str) -> str:
    """A name without what does not tell one party from another: case, and runs of spaces."""
    return " ".join(name.split()).casefold()


def one_of_two(
    value: Any, one: str, other: str, missing: str = "", example: str = ""
) -> Iterator[Fault]:
    """The rule that not both of two fields are there; and, with a message for that, not neither."""
    both = getattr(value, one) is not None, getattr(value, other) is not None
    if all(both):
        message = f"`{one}` and `{other}` both stand here"
        yield Fault((other,), "conflict", message, f"take `{one}` or `{other}` away")
    elif missing and not any(both):
        yield Fault((one,), "missing-key", missing, f"add {example}, or `{other}`")


def _ordered(start: date, through: date) -> Iterator[Fault]:
    if through < start:
        message = f"the end, {through}, is before the start, {start}"
        yield Fault(("through",), "reversed-dates", message, "swap them, or mend the year")


@lru_cache(4096)
def _after_months(start: date, months: int) -> date:
    """The last day of a stretch of months from `start`: the day before `start` + months."""
    return add_months(start, months) - DAY


def _months(start: date, through: date) -> int:
    """How many calendar months a stretch of days touches."""
    return max(0, month_number(through) - month_number(start) + 1)


def _below(path: Path, faults: Iterable[Fault]) -> Iterator[Fault]:
    """Faults of a part, with their paths counted from the whole."""
    for fault in faults:
        yield fault._replace(path=path + fault.path)

"""What a contract says, in frozen types: the only definition of the scenario format."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import repeat
from typing import Any, ClassVar

from dealcalc.terms import words
from dealcalc.terms.charges import Charge, Lasting
from dealcalc.terms.currencies import CURRENCIES
from dealcalc.terms.dates import after_months
from dealcalc.terms.fees import Fee, FeeFalling
from dealcalc.terms.fields import EMPTY, Many, Named, Raw, key
from dealcalc.terms.values import Price, Quantity, Span, convert

PARTIES = ("buyer", "seller")

PRORATION = words.one_of("proration", "actual", "30/360", "whole-month")
NOTICE_DAY = words.one_of("notice day", "excluded", "included")
LOCK_OUT_BARS = words.one_of("what a lock-out bars", "notice", "ending")
"""Words for what contracts leave open; the first answer is taken where nobody says."""

MOST_CHARGES = 200
MOST_CASES = 100
MOST_OPTIONS = 20


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
class FeeTerm:
    """What a right costs who leaves by it: a fee, or what is left of a sum that falls evenly.

    Alone, `3 months` is that fee, whatever the last day is.
    """

    short: ClassVar[str] = "fee"
    fee: Fee | None = key(words.FEE, "what is paid", None)
    amount: Fraction | None = key(words.AMOUNT, "a sum, of which what is left is paid", None)
    over: Span | None = key(words.SPAN, "how long the sum takes to fall to nothing", None)
    through: date | None = key(words.LAST_DAY, "the latest last day that costs so much", None)

    @property
    def kind(self) -> Fee:
        """The fee, whichever way it is written."""
        if self.amount is not None and self.over:
            return FeeFalling(self.amount, self.over)
        assert self.fee  # by the rules
        return self.fee

    @property
    def is_short(self) -> bool:
        """Whether its fee is all that it says."""
        return self.fee is not None and not self.through

    @property
    def key(self) -> str:
        """The key that its number stands at."""
        return "fee" if self.fee else "amount"


@dataclass(frozen=True, kw_only=True, slots=True)
class Right:
    """The right of one party, or of either, to end charges early by notice."""

    by: str = key(words.PARTY, "who may give notice: buyer, seller or either", "either")
    notice: Span = key(words.SPAN, "from notice to the last day of service, which is paid")
    ends: tuple[str, ...] = key(
        Many(words.NAME, or_one=True), "the charges that it ends; default: all", ()
    )
    on: tuple[date, ...] = key(
        Many(words.LAST_DAY, or_one=True), "break days: the only last days there are", ()
    )
    lock_out: Span | date | None = key(
        words.LOCK_OUT, "how long nothing may be done, from `signed`, or until when", None
    )
    lock_out_bars: str | None = key(
        LOCK_OUT_BARS,
        "giving notice, or the last day of service; default: notice",
        None,
    )
    fee: tuple[FeeTerm, ...] = key(
        Many(FeeTerm, or_one=True),
        "paid by who leaves; a list: for each break day, or by last day",
        (),
    )

    def parties(self) -> tuple[str, ...]:
        """The parties that have this right."""
        return PARTIES if self.by == "either" else (self.by,)

    def fee_index(self, last_day: date) -> int | None:
        """Which of its fees a last day costs: that of the break day, or of the step it lies in."""
        if len(self.fee) == len(self.on) > 1:
            return self.on.index(last_day) if last_day in self.on else None
        steps = (i for i, fee in enumerate(self.fee) if last_day <= (fee.through or last_day))
        return next(steps, None)

    def fee_on(self, last_day: date) -> Fee | None:
        """What leaving costs with a last day; None for nothing."""
        index = self.fee_index(last_day)
        return None if index is None else self.fee[index].kind

    def fee_path(self, index: int) -> str:
        """Where the number of one of its fees stands, below the right."""
        alone = len(self.fee) == 1 and not self.fee[0].through
        upper = "fee" if alone else f"fee.{index}"
        return upper if self.fee[index].is_short else f"{upper}.{self.fee[index].key}"


@dataclass(frozen=True, kw_only=True, slots=True)
class DealOption:
    """A right to more: to renew charges, once or again and again, or to add others."""

    extends: tuple[str, ...] = key(
        Many(words.NAME, or_one=True),
        "the charges that it renews; default: every one whose price recurs",
        (),
    )
    adds: Mapping[str, Charge] = key(
        Named(Charge, most=MOST_CHARGES), "the charges that it adds, by name", EMPTY
    )
    by: str = key(words.HOLDER, "who may take it; default: buyer", "buyer")
    months: int | None = key(words.COUNT, "length of a renewal in calendar months", None)
    years: int | None = key(words.YEARS, "length of a renewal in years", None)
    times: int = key(words.TIMES, "how many renewals, one after the other; default: 1", 1)
    notice: Span | None = key(
        words.SPAN, "before the earliest end that it extends; default: none, by that end", None
    )
    price: Price | str | None = key(
        words.RENEWAL_PRICE,
        "of each renewed charge; default: price and escalator run on",
        None,
    )
    until: date | None = key(words.LAST_DAY, "the last day on which it may be taken", None)
    taken: tuple[date, ...] = key(
        Many(words.DATE, or_one=True), "the day on which it was taken, one for each renewal", ()
    )
    take: int = key(words.TIMES, "how often a what-if takes it, at signing or after `taken`", 0)

    @property
    def length(self) -> int:
        """How many calendar months a renewal lasts; 0 where the option adds charges."""
        return 12 * self.years if self.years else self.months or 0

    @property
    def is_priced(self) -> bool:
        """Whether what it brings has a price; `at market` it has none that is known."""
        return self.price != words.AT_MARKET

    def days(self, signed: date) -> tuple[date, ...]:
        """The days on which it is taken, in order, of a deal that is signed on a day."""
        return (*self.taken, *repeat(max((signed, *self.taken)), self.take))


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
    expect: str = key(words.TRUTH, "whether it is true; false: it is known to be wrong", "true")
    source: str | None = key(words.TEXT, "who says so", None)

    @property
    def is_true(self) -> bool:
        """Whether it is expected to be true."""
        return self.expect == "true"


NO_NOTICE = date.min
"""The notice of a case by which nobody has given any, whatever the file says."""
GIVING = "notice", "by", "right"
"""The keys of notice that is given, in a case and at the top of a file."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """A named what-if: terms laid over the file's, or notice given."""

    set: Mapping[str, Any] = key(
        Named(Raw, words.TEXT), "paths and the values laid over the file's", EMPTY
    )
    take: Mapping[str, Any] = key(Named(Raw), "options, and how often each is taken", EMPTY)
    notice: date | None = key(
        words.DATE, "the day notice is given; none: nobody gives it", None, none=NO_NOTICE
    )
    by: str | None = key(words.PARTY, "who gives notice", None)
    right: int | None = key(
        words.INDEX, "by which right, from 0; default: one that ends the whole deal", None
    )
    source: str | None = key(words.TEXT, "who reads the contract like this", None)
    claims: tuple[Claim, ...] = key(Many(Claim), "statements about this case", ())

    @property
    def terms(self) -> dict[str, Any]:
        """The paths and values that it lays over the file's, those of options it takes too."""
        return {**self.set, **{f"options.{name}.take": node for name, node in self.take.items()}}


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
    notice: date | None = key(words.GIVEN, "the day on which notice was given", None)
    by: str | None = key(words.PARTY, "who gave notice", None)
    right: int | None = key(
        words.INDEX, "by which right, from 0; default: one that ends the whole deal", None
    )
    options: Mapping[str, DealOption] = key(
        Named(DealOption, most=MOST_OPTIONS), "rights to more: renewals, and charges to add", EMPTY
    )
    conventions: Conventions = key(Conventions, "how days are counted", Conventions())
    billing: Billing | None = key(Billing, "when invoices are dated and paid", None)
    fiscal_year_end: int | None = key(
        words.MONTH, "the month that ends a fiscal year, 1 to 12; default: 12", None
    )
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
    longest: date | None = None  # the last day, if options that are taken lead beyond the term

    @property
    def rights(self) -> tuple[Right, ...]:
        """Who may leave, and how; none where nobody may, also where the file does not say."""
        return self.termination or ()

    def what_if(self, name: str | None) -> Case:
        """A case, or (None) none, with the notice that is given in it: its own, or the file's.

        A notice goes with its party and its right; a case without one may say another party, or
        another right, for that of the file.
        """
        case = self.cases[name] if name else Case()
        if case.notice == NO_NOTICE:
            return replace(case, notice=None)
        if case.notice or not self.notice:
            return case
        by, right = case.by or self.by, self.right if case.right is None else case.right
        return replace(case, notice=self.notice, by=by, right=right)

    @property
    def places(self) -> int:
        """Digits of the currency's minor unit, to which booked amounts are rounded."""
        return CURRENCIES[self.currency]

    @property
    def year_end(self) -> int:
        """The month that ends a fiscal year; December where the file does not say."""
        return self.fiscal_year_end or 12

    @property
    def proration(self) -> str:
        """What a part of a month weighs; `actual` where the file does not say."""
        return self.conventions.proration or "actual"

    @property
    def signed(self) -> date:
        """The first day on which the contract exists; the term's start where nobody says."""
        return self.term.signed or self.term.start

    @property
    def first(self) -> date:
        """The first day of all that is agreed: the term's, or that of what an option adds."""
        added = (charge for charge in self.charges.values() if charge.added_by)
        return min([self.term.start, *(self.dates(charge)[0] for charge in added)])

    @property
    def last(self) -> date:
        """The last day of all that is agreed, included."""
        return self.longest or self.term.last

    def dates(self, charge: Charge) -> tuple[date, date]:
        """First and last day of a charge's service, both included; a price `once` has one day."""
        start, through = self.own_dates(charge)
        return start, charge.renewals[-1].through if charge.renewals else through

    def own_dates(self, charge: Charge) -> tuple[date, date]:
        """The same without renewals."""
        if charge.on:
            return charge.on, charge.on
        start = charge.start or self.term.start
        if charge.through:
            return start, charge.through
        return start, after_months(start, charge.length) if charge.length else self.term.last

    def date_paths(self, name: str) -> Iterator[str]:
        """The paths of the terms that say a charge's first day of service, then its last."""
        charge, at = self.charges[name], self.path_of(name)
        if charge.on:
            yield f"{at}.on"
            return
        yield self._start_path(name, charge)
        yield f"{at}.{charge.end}" if charge.end else f"term.{self.term.end}"
        if charge.start and not charge.end and self.term.length:
            yield "term.start"  # from which the length of the term counts
        for option in dict.fromkeys(renewal.option for renewal in charge.renewals):
            yield from (f"options.{option}.{key}" for key in ("months", "years", "taken", "take"))

    def _start_path(self, name: str, charge: Charge) -> str:
        """The path of what says when a charge starts: it, the term, or when an option is taken."""
        option = self.options[charge.added_by] if charge.added_by else None
        if option is None or option.adds[name].start:
            return f"{self.path_of(name)}.start" if charge.start else "term.start"
        key = "taken" if option.taken else "take"
        return (
            "term.start" if charge.start == self.term.start else f"options.{charge.added_by}.{key}"
        )

    def path_of(self, name: str) -> str:
        """The path of a charge: `charges.compute`, or `options.hall-4.adds.hall-4`."""
        option = self.charges[name].added_by
        return f"options.{option}.adds.{name}" if option else f"charges.{name}"

    def capacity(self, charge: Charge) -> tuple[Quantity, ...]:
        """What a charge sells: its own capacity, or that of the charge it names."""
        if charge.capacity and isinstance(charge.capacity[0], str):
            charge = self.charges[charge.capacity[0]]
        return tuple(part for part in charge.capacity if isinstance(part, Quantity))

    def capacity_in(self, charge: Charge, unit: str) -> Fraction:
        """What a charge sells in a unit; 0 where it sells nothing that converts into it."""
        amounts = (convert(part, unit) for part in self.capacity(charge))
        return next((amount for amount in amounts if amount is not None), Fraction(0))

    def ended_by(self, right: Right) -> tuple[str, ...]:
        """The names of the charges that a right ends: all, or those it names that are there."""
        if not right.ends:
            return tuple(self.charges)
        return tuple(name for name in self.charges if name in right.ends)

    def ends_all(self, right: Right) -> bool:
        """Whether a right ends the whole deal."""
        return len(self.ended_by(right)) == len(self.charges)

    def has_right(self, party: str) -> bool:
        """Whether a buyer or a seller may leave, the whole deal or some of its charges."""
        return any(party in right.parties() for right in self.rights)

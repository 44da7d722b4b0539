"""Named figures of a result, and claims about them.

A result is a deal, as agreed or ended by notice. Its figures have names, `total`, `year 2027`,
`firm on 2026-05-01`, that claims, sweeps and comparisons share: one table, `FIGURES`.
"""

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from dealcalc.core import Ended, Priced
from dealcalc.figures.prices import unit_price
from dealcalc.terms.dates import DAY, add_months, month_end, month_number
from dealcalc.terms.deal import PARTIES, Claim, Deal
from dealcalc.terms.faults import Fault
from dealcalc.terms.misread import Misread, did_you_mean
from dealcalc.terms.money import in_currency, read_price
from dealcalc.terms.numbers import read_amount, read_percent
from dealcalc.terms.times import read_count, read_day, read_first_day


class Result:
    """A deal's figures, as agreed or after notice; `fee` and last day are those of the exit.

    Amounts are exact, in units of the currency. `earned`, `forgone` and `earned_share` know no
    fee; `total` does: plus if the buyer pays it, minus if the seller does.
    """

    def __init__(
        self, deal: Deal, ended: Ended | None = None, priced: Priced | None = None
    ) -> None:
        whole = priced or Priced(deal)
        self.priced = whole.agreed_on(ended.notice) if ended else whole
        self.deal, self.ended = self.priced.deal, ended
        self.last_day = ended.last_day if ended else self.priced.last

    # Each figure is computed when it is asked for: a claim asks for one of them.

    @cached_property
    def earned(self) -> Fraction:
        """What is earned in all."""
        return self.earned_on(self.last_day)

    @property
    def forgone(self) -> Fraction:
        """What the full term would have earned beyond that."""
        return self._amount(self.priced.full) - self.earned

    @property
    def fee(self) -> Fraction:
        """The fee of the exit: plus if the buyer pays it, minus if the seller does."""
        return Fraction(self.ended.fee) if self.ended else Fraction(0)

    @property
    def earned_share(self) -> Fraction:
        """The share of the full term that is earned; 1 where the full term pays nothing."""
        return self.ended.earned_share if self.ended else Fraction(1)

    @property
    def total(self) -> Fraction:
        """What is paid in all, with the fee."""
        return self.earned + self.fee if self.ended else self.earned

    def _amount(self, minor: int) -> Fraction:
        return Fraction(minor, 10**self.deal.places)

    def earned_on(self, day: date) -> Fraction:
        """What is earned by the end of a day, or of the last day of service."""
        return self._amount(self.priced.earned(min(day, self.last_day)))

    def year(self, year: int) -> Fraction:
        """Revenue of a calendar year."""
        return self.between(date(year, 1, 1), date(year, 12, 31))

    def month(self, first: date) -> Fraction:
        """Revenue of a calendar month, from its first day on."""
        return self.between(first, month_end(first))

    def between(self, start: date, through: date) -> Fraction:
        """Revenue from `start` to `through`, both included, with the fee if it falls due in it."""
        due = start <= self.last_day <= through
        return self.earned_on(through) - self.earned_on(start - DAY) + (self.fee if due else 0)

    def months(self) -> int:
        """Calendar months with service; a price `once` and a fee are no service."""
        months: set[int] = set()
        for name, charge in self.priced.charges.items():
            through = min(charge.through, self.last_day)
            if charge.start <= through and not self.deal.charges[name].on:
                months.update(range(month_number(charge.start), month_number(through) + 1))
        return len(months)

    def firm(self, day: date) -> Fraction:
        """What is firm at the close of a day: by the terms as agreed, until notice is given."""
        return Fraction(self.priced.backlog(day, ended=self.ended).firm)

    def firm_at_signing(self) -> Fraction:
        """What is firm at signing, before anybody has given notice."""
        return Fraction(self.priced.at_signing().firm)

    def firm_share_at_signing(self) -> Fraction:
        """The share of what is still to come then that is firm; raises Misread where nothing is."""
        share = self.priced.at_signing().firm_share
        if share is None:
            message = "nothing is still to come at signing, so no share of it is firm"
            raise Misread(message, "ask for firm at signing", code="claim")
        return share

    def optional(self, day: date | None, party: str = "buyer") -> Fraction:
        """What a party's options would add if all were taken in full, as the deal stands on a day.

        Without a day, once all is taken that ever is. Nothing before there is a contract, or once
        notice has ended it.
        """
        is_over = self.ended and (day is None or day >= self.ended.notice)
        if is_over or (day and day < self.deal.signed):
            return Fraction(0)
        return self._amount(self.priced.optional(day or self.priced.ladder.settled, party))

    def up_to(self) -> Fraction:
        """The contract value, and what the options of both parties would add to it."""
        more = sum(self.optional(None, party) for party in PARTIES)
        return self.total + more

    def run_rate(self, day: date) -> Fraction:
        """Twelve times the monthly rates of the charges in service on a day."""
        return 12 * self.priced.monthly(day) if day <= self.last_day else Fraction(0)

    def next_year(self, day: date) -> Fraction:
        """What is earned in the twelve months from the day after `day`, by the terms as agreed."""
        through = add_months(day + DAY, 12) - DAY
        return self._amount(self.priced.earned(through) - self.priced.earned(day))

    def unit_price(self, per: tuple[str, str]) -> Fraction:
        """What is paid for a unit and a period; raises Misread where nothing is sold in it."""
        price = unit_price(self.priced, *per)
        if price is None:
            message = f"no recurring charge has a capacity in {per[0]}"
            raise Misread(message, f"add one, like `capacity: 300 {per[0]}`", code="no-capacity")
        return price


# --- the table of figures -----------------------------------------------------------------------


Days = tuple[date, date]
"""First and last day of a stretch, both included."""


class NamedFigure(NamedTuple):
    """A named figure: how its name begins, what kind of value it has, and the value in a result.

    `argument` reads what follows the name: `year 2027`, `firm on 2026-05-01`; None where nothing
    does. `days` are those that it is about, first and last included; None where it is about all of
    them. A `signed` figure may be below zero, by a fee that the seller pays.
    """

    name: str
    kind: str
    value: Callable[[Result, Any], Any]
    argument: Callable[[str], Any] | None = None
    example: str = ""
    days: Callable[[Any], Days] | None = None
    signed: bool = False


def _year(text: str) -> int:
    if not re.fullmatch(r"[0-9]{4}", text):
        raise Misread(f"{text[:40]} is not a year", "write it like year 2027", code="claim")
    return read_first_day(f"{text}-01").year


def _month(text: str) -> date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}", text):
        raise Misread(f"{text[:40]} is not a month", "write it like month 2026-05", code="claim")
    return read_first_day(text)


def _unit(text: str) -> tuple[str, str]:
    price = read_price(f"1 per {text}")
    if price.unit is None:
        message = f"per {text} names no unit of capacity"
        raise Misread(message, "write it like price per MW-year", code="claim")
    return price.unit, price.per


def _of_year(year: int) -> Days:
    return date(year, 1, 1), date(year, 12, 31)


def _of_month(first: date) -> Days:
    return first, month_end(first)


def _from(day: date) -> Days:
    return day, date.max


def _until(day: date) -> Days:
    return date.min, day


def _on(day: date) -> Days:
    return day, day


def _year_after(day: date) -> Days:
    return day + DAY, add_months(day + DAY, 12) - DAY


FIGURES = (
    NamedFigure("total", "money", lambda result, _: result.total, signed=True),
    NamedFigure("months", "count", lambda result, _: result.months()),
    NamedFigure("year", "money", Result.year, _year, "year 2027", _of_year, signed=True),
    NamedFigure("month", "money", Result.month, _month, "month 2026-05", _of_month, signed=True),
    NamedFigure("firm on", "money", Result.firm, read_day, "firm on 2026-05-01", _from),
    NamedFigure("firm at signing", "money", lambda result, _: result.firm_at_signing()),
    NamedFigure("firm share at signing", "share", lambda result, _: result.firm_share_at_signing()),
    NamedFigure("up to", "money", lambda result, _: result.up_to()),
    NamedFigure("optional", "money", lambda result, _: result.optional(None)),
    NamedFigure("optional on", "money", Result.optional, read_day, "optional on 2026-05-01", _from),
    NamedFigure("callable", "money", lambda result, _: result.optional(None, "seller")),
    NamedFigure(
        *("callable on", "money", lambda result, day: result.optional(day, "seller"), read_day),
        *("callable on 2026-05-01", _from),
    ),
    NamedFigure("earned on", "money", Result.earned_on, read_day, "earned on 2026-12-31", _until),
    NamedFigure("earned", "money", lambda result, _: result.earned),
    NamedFigure("fee", "money", lambda result, _: result.fee, signed=True),
    NamedFigure("forgone", "money", lambda result, _: result.forgone),
    NamedFigure("earned share", "share", lambda result, _: result.earned_share),
    NamedFigure("last day", "date", lambda result, _: result.last_day),
    NamedFigure("run rate on", "money", Result.run_rate, read_day, "run rate on 2027-01-01", _on),
    NamedFigure(
        *("next 12 months on", "money", Result.next_year, read_day),
        *("next 12 months on 2027-01-01", _year_after),
    ),
    NamedFigure("price per", "money", Result.unit_price, _unit, "price per MW-year"),
)
"""Every figure with a name. Its kind says how its value is read and shown."""

_BY_NAME = {figure.name: figure for figure in FIGURES}


class Measure(NamedTuple):
    """A figure with its argument: `year 2027`. Called with a result, it gives the value there.

    That raises Misread where the deal has no such figure: a price per MW without any MW.
    """

    text: str
    figure: NamedFigure
    argument: Any

    def __call__(self, result: Result) -> Any:
        """The value, exact; raises Misread."""
        return self.figure.value(result, self.argument)


RENAMED = {"kept": "earned share"}
"""Names that figures had before."""


@lru_cache(4096)
def measure(text: str) -> Measure:
    """The figure that a text names; raises Misread."""
    text = " ".join(text.split())
    figure = _BY_NAME.get(text)
    if figure and not figure.argument:
        return Measure(text, figure, None)
    name, _, argument = text.rpartition(" ")
    figure = _BY_NAME.get(name)
    if figure and figure.argument:
        return Measure(text, figure, figure.argument(argument))
    names = [figure.example or figure.name for figure in FIGURES]
    if text in RENAMED:
        message = f"`{text}` is now called `{RENAMED[text]}`"
        raise Misread(message, f"write `{RENAMED[text]}`", code="claim")
    message = f"unknown figure `{text[:40]}`"
    raise Misread(message, did_you_mean(text[:40], names), code="claim")


# --- claims -------------------------------------------------------------------------------------

RELATIONS: dict[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
}
_CLAIM = re.compile(
    rf"(?P<figure>[^<>=~!]+?) ?(?P<relation>{'|'.join(RELATIONS)}|~) ?(?P<value>[^<>=~!]+?)"
    r"(?: within (?P<within>[^<>=~!]+))?"
)
_READERS: dict[str, Callable[[str, str | None], Any]] = {
    "money": lambda text, currency: read_amount(in_currency(text, currency)),
    "count": lambda text, _: 0 if text == "0" else read_count(text),
    "share": lambda text, _: read_percent(text),
    "date": lambda text, _: read_day(text),
}


class Statement(NamedTuple):
    """A claim that was read: figure, relation and value; `~` holds within an amount, included."""

    measure: Measure
    relation: str
    value: Any
    within: Fraction | None = None

    def holds(self, value: Any) -> bool:
        """Whether the claim is true of a value; comparison is exact."""
        if self.within is not None:
            return bool(abs(value - self.value) <= self.within)
        return RELATIONS[self.relation](value, self.value)

    @property
    def edges(self) -> tuple[Any, ...]:
        """The values at which it turns from true to false."""
        if self.within is None:
            return (self.value,)
        return self.value - self.within, self.value + self.within


def out_of_term(claim: Statement, deal: Deal) -> Fault | None:
    """The fault of a claim that cannot fail, for it is only about days outside the term; or None.

    Nothing is earned or firm there. A fee may be paid from the signing on.
    """
    figure, argument = claim.measure.figure, claim.measure.argument
    if not (figure.days and claim.holds(Fraction(0))):
        return None
    (start, through), term = figure.days(argument), deal.term
    if claim.measure.figure.name == "firm on" and start < deal.signed:
        message = (
            f"nothing is firm before it is signed, on {deal.signed}, so this claim cannot fail"
        )
        return Fault((), "outside-term", message, "claim something about a later day")
    if through >= min(deal.signed, term.start) and start <= deal.last:
        return None
    message = (
        f"{claim.measure.text} is outside the term, which runs from {term.start} to {deal.last}, "
        "so this claim cannot fail"
    )
    return Fault(
        (), "outside-term", message, "claim something within the term, or remove the claim"
    )


@lru_cache(4096)
def statement(text: str, currency: str | None = None) -> Statement:
    """The claim that a text makes; raises Misread, also for a claim that cannot fail.

    Its amounts may name the currency, if that is the one of the deal; None: it is not known.
    """
    # Runs of spaces, which strangers may make long, would cost the pattern cubic time.
    match = _CLAIM.fullmatch(" ".join(text.split()))
    if not match:
        help = "write it like total > 40bn, or total ~ 45bn within 1%"
        raise Misread("this is not a claim", help, code="claim")
    subject, relation = measure(match["figure"]), match["relation"]
    value = _value(subject.figure, match["value"], currency)
    if (relation == "~") != bool(match["within"]):
        help = "write it like total ~ 45bn within 1%"
        raise Misread("`~` needs a tolerance, and only `~` has one", help, code="claim")
    if _cannot_fail(subject.figure, relation, value):
        help = "claim something that could be false, like total > 40bn"
        raise Misread("this claim cannot fail, so it says nothing", help, code="claim")
    if not match["within"]:
        return Statement(subject, relation, value)
    within = _tolerance(match["within"], subject.figure.kind, value, currency)
    return Statement(subject, relation, value, within)


def _readable(claim: Claim) -> Iterator[Fault]:
    """The rule that a claim says something which can be true or false."""
    try:
        statement(claim.claim)
    except Misread as misread:
        yield Fault(("claim",), "claim", misread.message, misread.help)


CLAIM_RULES: Mapping[type, Callable[[Any], Iterator[Fault]]] = {Claim: _readable}
"""What can be said of the texts that loading keeps as they are."""


def _value(figure: NamedFigure, text: str, currency: str | None) -> Any:
    minus = figure.kind == "money" and text.startswith("-")
    value = _READERS[figure.kind](text[1:] if minus else text, currency)
    return -value if minus else value


def _cannot_fail(figure: NamedFigure, relation: str, value: Any) -> bool:
    """Whether the claim says nothing; of money all can fail, as the seller may pay more."""
    if figure.kind in ("money", "date"):
        return False
    whole = figure.kind == "share" and (relation, value) == ("<=", 1)
    return whole or (relation, value) == (">=", 0)


def _tolerance(text: str, kind: str, value: Any, currency: str | None) -> Any:
    """How far off a value may be: an amount, or a share of the value; of a share, points."""
    if kind == "date":
        message = "a date is compared by =, <, >, <= or >="
        raise Misread(message, "remove `within`", code="claim")
    relative = text.endswith("%") and kind != "share"
    within = read_percent(text) * abs(value) if relative else _READERS[kind](text, currency)
    if not 0 < within < abs(value):
        message = "a tolerance must be above 0 and below the value itself"
        raise Misread(message, "write it like 1%", code="claim")
    return within

"""Claims about figures: statements that can be true or false, like `total > 40bn`."""

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

from dealcalc.figures.figures import Measure, NamedFigure, measure
from dealcalc.terms.deal import Claim, Deal
from dealcalc.terms.faults import Fault
from dealcalc.terms.misread import Misread
from dealcalc.terms.money import in_currency
from dealcalc.terms.numbers import read_amount, read_number, read_percent
from dealcalc.terms.times import read_count, read_day

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
_MOST_RATIO = 100_000
"""Percent, which a ratio is never read beyond."""


def _days(text: str) -> Fraction:
    number = re.sub(r" ?days?$", "", text)
    return read_number(number, "count", "`900 days`", " days")


_READERS: dict[str, Callable[[str, str | None], Any]] = {
    "money": lambda text, currency: read_amount(in_currency(text, currency)),
    "count": lambda text, _: 0 if text == "0" else read_count(text),
    "share": lambda text, _: read_percent(text),
    "ratio": lambda text, _: read_percent(text, 0, _MOST_RATIO),
    "days": lambda text, _: _days(text),
    "date": lambda text, _: read_day(text),
}
"""How the value of each kind of figure is read."""


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
    days = claim.measure.days(deal)
    if not days or claim.measure.figure.kind != "money" or not claim.holds(Fraction(0)):
        return None
    start, through = days
    if claim.measure.is_before(deal.signed):
        message = (
            f"nothing is firm before it is signed, on {deal.signed}, so this claim cannot fail"
        )
        return Fault((), "outside-term", message, "claim something about a later day")
    if through >= min(deal.signed, deal.first) and start <= deal.last:
        return None
    message = (
        f"{claim.measure.text} is outside the term, which runs from {deal.first} to {deal.last}, "
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
    if figure.kind not in ("count", "share"):
        return False
    whole = figure.kind == "share" and (relation, value) == ("<=", 1)
    return whole or (relation, value) == (">=", 0)


def _tolerance(text: str, kind: str, value: Any, currency: str | None) -> Any:
    """How far off a value may be: an amount, or a share of the value; of a share, points."""
    if kind == "date":
        message = "a date is compared by =, <, >, <= or >="
        raise Misread(message, "remove `within`", code="claim")
    if kind in ("share", "ratio"):
        within = _points(text)
    elif text.endswith("%"):
        within = read_percent(text) * abs(value)
    else:
        within = _READERS[kind](text, currency)
    if not 0 < within < abs(value):
        message = "a tolerance must be above 0 and below the value itself"
        way = "1 point" if kind in ("share", "ratio") else "1%"
        raise Misread(message, f"write it like {way}", code="claim")
    return within


def _points(text: str) -> Fraction:
    """`1 point`, `2.5 points`: of a percentage, a percentage could be either."""
    number = re.sub(r" ?(?:%|(?:percentage )?points?)$", "", text)
    points = read_percent(f"{number}%")
    if not text.endswith(("point", "points")):
        way = f"write `within {number} point{'' if number == '1' else 's'}`"
        raise Misread("a percentage is compared within points", way, code="claim")
    return points

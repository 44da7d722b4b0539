"""Which value of a term makes a claim true: by bisection, on exact figures."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

from dealcalc.figures.claims import Statement
from dealcalc.loading.changes import is_pattern
from dealcalc.loading.problems import Refused, refuse
from dealcalc.loading.scenario import Scenario
from dealcalc.questions.values import (
    A_DAY,
    A_MONTH,
    Scale,
    completed,
    first_of,
    number,
    same,
    scale,
    words_at,
)
from dealcalc.questions.varied import DAY_OF_NOTICE, NotPossible, Varied
from dealcalc.terms.dates import FIRST_YEAR, LAST_YEAR
from dealcalc.terms.deal import Deal
from dealcalc.terms.misread import Misread
from dealcalc.terms.rights import candidates, first_notice, latest_notice
from dealcalc.terms.times import read_last_day
from dealcalc.terms.words import RATE

DECIMALS = {"=": 18}
"""An equality may hold on a very short stretch, and is answered by the shortest number in it."""
USUAL_DECIMALS = 6
RATE_DECIMALS = 4
EVERY = 10_000
"""Scales of up to so many whole values are looked at one by one; days of notice always are."""
SAMPLES = 65
MANY = 1000


class End(NamedTuple):
    """A value, as it stands in a file, and the figure there."""

    value: str
    figure: Any


@dataclass(frozen=True, kw_only=True)
class Solution:
    """Which value makes a claim true, and between which values that is known.

    Verdicts: exact, the shortest value that makes two things equal, or the file's own where that is
    as short; first or last, the lowest or highest for which the claim holds; always or never, every
    value does, or none. `until` is the other end of the stretch in which it holds, and `since` its
    beginning where that is not the answer; a stretch that rounding alone makes is none. `beside`
    are the values next to the answer, or to where an answer would be, for which it does not hold.
    """

    verdict: str
    answer: End | None = None
    since: End | None = None
    until: End | None = None
    beside: tuple[End, ...] = ()
    low: End
    high: End


# --- between which values -------------------------------------------------------------------------


def searched(deal: Varied, path: str, bounds: str, claim: Statement) -> Scale:
    """The values of a term to search: between bounds `FROM:TO`, or all that its kind allows.

    Without bounds, values that the deal cannot have are left out at either end. Raises Refused.
    """
    scenario = deal.scenario
    decimals = DECIMALS.get(claim.relation, USUAL_DECIMALS)
    if path != DAY_OF_NOTICE and scenario.word(path) is RATE:
        decimals = RATE_DECIMALS
    try:
        if bounds:
            first, _, last = (part.strip() for part in bounds.partition(":"))
            if path == DAY_OF_NOTICE and A_MONTH.fullmatch(last):
                first, last = first_of(first), read_last_day(last).isoformat()
            return scale(first, completed(last, words_at(scenario, path)), decimals)
        if path == DAY_OF_NOTICE:
            return scale(*_days_of_notice(scenario.deal, deal.by), decimals)
        values = scale(*_usual(scenario, path), decimals)
        return _possible(Search(deal, path, values, claim))
    except Misread as misread:
        help = f"{misread.help}; or say --vary {path}=FROM:TO"
        raise refuse("command-line", f"{path}: {misread.message}", help, argument="vary") from None


def _days_of_notice(deal: Deal, by: str | None) -> tuple[str, str]:
    """The first day on which notice may be given, and the last."""
    rights = [deal.rights[index] for index in candidates(deal, by)]
    firsts = [day for right in rights if (day := first_notice(deal, right, deal.signed))]
    if not firsts:
        who = f"the {by}" if by else "nobody"
        message = f"{who} may {'not ' if by else ''}give notice, so there is no day to look for"
        raise refuse("notice", message, "the file says who may, in `termination`", argument="vary")
    lasts = [day for right in rights if (day := latest_notice(deal, right, deal.last))]
    return min(firsts).isoformat(), max(lasts).isoformat()


def _usual(scenario: Scenario, path: str) -> tuple[str, str]:
    """Between which values a term is looked for if nobody says: by the value that it has."""
    text = scenario.text(path)
    if text is None and is_pattern(path):
        message = "these terms have different values, so the values to search are not known"
        raise Misread(message, "give them one value with --set", code="command-line")
    if text is None:
        message = "this term is not in the file, so its possible values are not known"
        raise Misread(message, "add it with --set", code="command-line")
    if A_DAY.fullmatch(text) or A_MONTH.fullmatch(text):
        return f"{FIRST_YEAR}-01-01"[: len(text)], f"{LAST_YEAR}-12-31"[: len(text)]
    value = number(text)
    if text.endswith("%"):
        return "0%", "100%"
    return value.at(value.number * 0), value.at(max(value.number, value.number**0) * MANY)


def _possible(search: "Search") -> Scale:
    """A scale without the values at its ends that the deal cannot have, around the one it has."""
    values = search.values
    here = values.place(search.deal.scenario.text(search.path) or "")
    if here is None or not search.has(here):
        return values
    first = _first(search.has, 0, here)
    last = _first(lambda k: not search.has(k), here, values.steps) - 1
    decimals = len(str(values.step.denominator)) - 1
    return scale(values.text(first), values.text(last), decimals)


# --- the search -----------------------------------------------------------------------------------


@dataclass
class Search:
    """A claim along a scale of values of a term; figures are worked out once."""

    deal: Varied
    path: str
    values: Scale
    claim: Statement
    known: dict[int, Any] = field(default_factory=dict)

    def figure(self, k: int) -> Any:
        """The figure at a place; raises Refused where the deal cannot have the value, or none."""
        if k not in self.known:
            self.known[k] = self._figure(self.values.text(k))
        return self.known[k]

    def _figure(self, text: str) -> Any:
        try:
            return self.claim.measure(self.deal.result({self.path: text}))
        except NotPossible as reason:
            help = f"say between which values it is: --vary {self.path}=FROM:TO"
            message = f"{self.path} = {text} is not possible: {reason}"
            raise refuse("command-line", message, help, argument="vary") from None
        except Misread as misread:
            raise refuse(misread.code, misread.message, misread.help) from None

    def own(self) -> int | None:
        """The place of the value that the deal has; None where that is not on the scale."""
        scenario, text = self.deal.scenario, self.deal.scenario.text(self.path)
        if self.path == DAY_OF_NOTICE and (notice := scenario.what_if.notice):
            text = notice.isoformat()
        here = self.values.place(text or "")
        return here if here is not None and same(text, self.values.text(here)) else None

    def has(self, k: int) -> bool:
        """Whether there is a figure at a place."""
        try:
            self.figure(k)
        except Refused:
            return False
        return True

    def end(self, k: int) -> End:
        """A place as its value and figure."""
        return End(self.values.text(k), self.figure(k))

    @property
    def looks_at_all(self) -> bool:
        """Whether every value of the scale is looked at, and not only some of them."""
        return self.path == DAY_OF_NOTICE or (self.values.whole and self.values.steps <= EVERY)

    def rises(self) -> bool:
        """Whether the figure rises along the scale, or stays; raises Refused where it does both.

        On a scale of too many values that is seen of some of them only.
        """
        for bound in (0, self.values.steps):
            self.figure(bound)  # one that is not possible is told before any between them
        count = self.values.steps
        some = {count * i // (SAMPLES - 1) for i in range(SAMPLES)}
        places = range(count + 1) if self.looks_at_all else some
        here = self.values.place(self.deal.scenario.text(self.path) or "")
        return self.rises_over(sorted({*places, *([] if here is None else [here])}))

    def rises_over(self, places: Iterable[int]) -> bool:
        """The same over some of its places."""
        ends = [self.end(k) for k in places]
        up = next((b for a, b in pairwise(ends) if a.figure < b.figure), None)
        down = next((b for a, b in pairwise(ends) if a.figure > b.figure), None)
        if up and down:
            raise self._not_monotonic(ends, rises=ends.index(up) < ends.index(down))
        return not down

    def _not_monotonic(self, ends: list[End], *, rises: bool) -> Refused:
        turn = next(
            a for a, b in pairwise(ends) if (a.figure > b.figure if rises else a.figure < b.figure)
        )
        ways = ("rises", "falls") if rises else ("falls", "rises")
        message = (
            f"{self.claim.measure.text} {ways[0]} until {self.path} = {turn.value} and {ways[1]} "
            "beyond, so one answer would not say when the claim holds"
        )
        help = f"search one side of it: --vary {self.path}={ends[0].value}:{turn.value}"
        return refuse("not-monotonic", message, help, argument="vary")


def solve(search: Search) -> Solution:
    """Which value makes the claim true; raises Refused where the figure does not only rise or fall.

    A figure that only rises, or only falls, keeps a claim true on one stretch of values, and
    bisection finds both ends of it.
    """
    count = search.values.steps
    before, beyond = (_too_small, _too_large) if search.rises() else (_too_large, _too_small)
    first = _first(lambda k: not before(search.claim, search.figure(k)), 0, count)
    last = _first(lambda k: beyond(search.claim, search.figure(k)), 0, count) - 1
    search.rises_over(sorted(search.known))  # what bisection came by must not turn either
    low, high = search.end(0), search.end(count)
    around = tuple(search.end(k) for k in (first - 1, last + 1) if 0 <= k <= count)
    if first > last:
        # Of values that step over the claim, the two on either side of it.
        jump = tuple(search.end(k) for k in (last, first)) if last >= 0 and first <= count else ()
        return Solution(verdict="never", beside=jump, low=low, high=high)
    if (first, last) == (0, count):
        return Solution(verdict="always", low=low, high=high)
    if search.claim.relation == "=":
        return _equal(search, first, last, low, high)
    ends = search.end(first), search.end(last)
    if first == 0:
        return Solution(verdict="last", answer=ends[1], beside=around, low=low, high=high)
    until = ends[1] if last < count else None
    return Solution(
        verdict="first", answer=ends[0], until=until, beside=around[:1], low=low, high=high
    )


def _equal(search: Search, first: int, last: int, low: End, high: End) -> Solution:
    """What makes two things equal: one value, and the stretch around it if others do too."""
    values = search.values
    place, own = values.shortest(first, last), search.own()
    if own is not None and first <= own <= last:
        place = min(own, place, key=lambda k: len(values.text(k)))
    found = Solution(verdict="exact", answer=search.end(place), low=low, high=high)
    if not values.told_apart(first, last):
        return found
    ends = values.multiples(first, last, Fraction(1, 10**USUAL_DECIMALS)) or (first, last)
    return replace(found, since=search.end(ends[0]), until=search.end(ends[1]))


def _too_small(claim: Statement, found: Any) -> bool:
    """Whether a claim would need a larger figure than the one found."""
    if claim.within is not None:
        return bool(found < claim.value - claim.within)
    return claim.relation in (">", ">=", "=") and not claim.holds(found) and found <= claim.value


def _too_large(claim: Statement, found: Any) -> bool:
    """Whether a claim would need a smaller figure than the one found."""
    if claim.within is not None:
        return bool(found > claim.value + claim.within)
    return claim.relation in ("<", "<=", "=") and not claim.holds(found) and found >= claim.value


def _first(holds: Callable[[int], bool], low: int, last: int) -> int:
    """The first place up to the last for which a test that stays true holds; one more if none."""
    high = last + 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low

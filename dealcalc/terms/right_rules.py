"""The faults of rights to leave: their fees, break days and charges."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from dealcalc.terms.deal import Deal, FeeTerm, Right
from dealcalc.terms.faults import Fault, Rules, only_one
from dealcalc.terms.fields import Path
from dealcalc.terms.misread import did_you_mean

MOST_RIGHTS = 12
"""Of a deal: what is firm is the least over all sets of them."""

# --- a right alone --------------------------------------------------------------------------------


def about_fee(term: FeeTerm) -> Rules:
    """One fee; or a sum, and how long it falls."""
    yield only_one(term, ("fee", "amount"), "the fee does not say what is paid", "`fee: 3 months`")
    yield _falls_over_time(term)


def _falls_over_time(term: FeeTerm) -> Iterator[Fault]:
    if term.amount is not None and term.over is None:
        help = "add `over: 120 months`; or write `fee: 30m` for a fee that does not fall"
        yield Fault(("amount",), "missing-key", "`amount` without `over`", help)
    elif term.over and term.amount is None:
        help = "write `amount: 30m` beside it, or remove `over`"
        yield Fault(("over",), "not-here", "`over` is for an `amount` that falls", help)
    elif term.over and not term.over.count:
        help = "write a longer one, like `120 months`"
        yield Fault(("over",), "span", "a sum cannot fall over no time", help)


def about_right(right: Right) -> Rules:
    """Break days and fees in order; nothing is said of a lock-out that is not there."""
    yield _bars_something(right)
    yield _in_order_of_date(("on",), right.on, "break days")
    yield _each_once(right)
    yield _a_fee_for_each(right)


def _bars_something(right: Right) -> Iterator[Fault]:
    if right.lock_out_bars and right.lock_out is None:
        help = "add `lock_out: 3 months`, or remove `lock_out_bars`"
        yield Fault(("lock_out_bars",), "not-here", "`lock_out_bars` without a `lock_out`", help)


def _in_order_of_date(at: Path, days: Sequence[date], what: str) -> Iterator[Fault]:
    for index, (before, day) in enumerate(pairwise(days), start=1):
        if day <= before:
            message = f"{day} does not come after {before}"
            help = f"write the {what} in order of date, each once"
            yield Fault((*at, index), "reversed-dates", message, help)
            return


def _each_once(right: Right) -> Iterator[Fault]:
    for index, name in enumerate(right.ends):
        if name in right.ends[:index]:
            message = f"`{name}` stands here twice"
            yield Fault(("ends", index), "duplicate-key", message, "remove one of them")


def _a_fee_for_each(right: Right) -> Iterator[Fault]:
    fees, dated = right.fee, [fee.through for fee in right.fee if fee.through]
    if right.on and dated:
        help = "write a list of fees, one for each break day"
        yield Fault(("fee",), "not-here", "`through` does not apply beside break days", help)
    elif right.on and len(fees) > 1 and len(fees) != len(right.on):
        message = f"there are {len(fees)} fees for {len(right.on)} break days"
        yield Fault(("fee",), "conflict", message, "write one fee for all, or one for each")
    elif not right.on and len(dated) < len(fees) - 1:
        index = next(i for i, fee in enumerate(fees) if not fee.through)
        help = "add `through: 2028-12` to it; only the last step may do without"
        yield Fault(("fee", index), "missing-key", "this step of the fee has no end", help)
    elif not right.on and dated and not all(fee.through for fee in fees[:-1]):
        index = next(i for i, fee in enumerate(fees) if not fee.through)
        help = "put the step without `through` last"
        yield Fault(("fee", index), "missing-key", "this step of the fee has no end", help)
    else:
        for index, (before, day) in enumerate(pairwise(dated), start=1):
            if day <= before:
                message = f"the step ends on {day}, not after {before}"
                help = "put the steps in order of date"
                yield Fault(("fee", index, "through"), "reversed-dates", message, help)
                return


# --- the rights of a deal -------------------------------------------------------------------------


def about_rights(deal: Deal) -> Rules:
    """Not too many, each once, over charges and on break days that there are."""
    yield _rights_in_place(deal)
    yield _rights_end_charges(deal)
    yield _breaks_inside(deal)
    yield _right_there(deal)


def _rights_in_place(deal: Deal) -> Iterator[Fault]:
    rights = deal.termination or ()
    if len(rights) > MOST_RIGHTS:
        message = f"there are {len(rights)} rights to leave; at most {MOST_RIGHTS} are read"
        yield Fault(("termination",), "limit", message, "leave out those that nobody will use")
        return
    for index, right in enumerate(rights):
        if right in rights[:index]:
            message = f"this right stands in `termination.{rights.index(right)}` already"
            yield Fault(("termination", index), "same-right-twice", message, "remove one of them")


def _rights_end_charges(deal: Deal) -> Iterator[Fault]:
    names = [*deal.charges, *(name for option in deal.options.values() for name in option.adds)]
    for index, right in enumerate(deal.termination or ()):
        for k, name in enumerate(right.ends):
            if name not in names:
                at = ("termination", index, "ends", k)
                message = f"no charge is called `{name}`"
                yield Fault(at, "unknown-name", message, did_you_mean(name, names))


def _right_there(deal: Deal) -> Iterator[Fault]:
    """The right by which notice was given; where there are none at all, that is said of notice."""
    count = len(deal.rights)
    if deal.notice and 0 < count <= (deal.right or 0):
        help = f"rights are counted from 0, and there are {count}"
        yield Fault(("right",), "unknown-name", f"there is no right {deal.right}", help)


def _breaks_inside(deal: Deal) -> Iterator[Fault]:
    for index, right in enumerate(deal.termination or ()):
        for k, day in enumerate(right.on):
            first = min(deal.term.start, deal.signed)
            if not first <= day <= deal.last:
                at = ("termination", index, "on", k)
                message = f"{day} is outside the term, which runs from {first} to {deal.last}"
                yield Fault(at, "outside-term", message, "write a day of the term, or remove it")

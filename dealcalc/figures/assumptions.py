"""What a deal rests on that nobody has said: the file's assumptions, and the defaults it takes.

A default is listed where it moves money or a date of this very deal. A clause that is not there is
no default, since a contract without an escalator has none; but who may leave is asked of every
contract, so that silence about it is no promise.
"""

from collections.abc import Iterator
from typing import NamedTuple

from dealcalc.loading.changes import leads_to
from dealcalc.loading.scenario import Scenario
from dealcalc.terms.charges import Charge
from dealcalc.terms.dates import DAY
from dealcalc.terms.deal import Deal


class Default(NamedTuple):
    """A term that the file leaves open: its path, and what is assumed in words.

    It `moves` the deal if it may change an earned amount or a last day; else it moves only when
    cash is paid, or when the deal is said to be signed.
    """

    path: str
    text: str
    moves: bool = True


def assumptions(scenario: Scenario) -> dict[str, str]:
    """All that is assumed, by path: what the file says is, then every default that it takes."""
    taken = {default.path: default.text for default in open_defaults(scenario)}
    return scenario.assumed() | taken


def open_defaults(scenario: Scenario) -> list[Default]:
    """The defaults that the deal takes and that no assumption of the file is about."""
    assumed = scenario.deal.assumptions
    defaults = [*_of_leaving(scenario), *_of_charges(scenario), *_of_options(scenario)]
    defaults += _of_days(scenario)
    return [
        default
        for default in (*defaults, *_of_billing(scenario))
        if not any(leads_to(path, default.path) for path in assumed)
    ]


def _of_leaving(scenario: Scenario) -> Iterator[Default]:
    deal = scenario.deal
    if not deal.term.signed:
        text = f"not said; signing on {deal.signed}, the start of the term, is assumed"
        yield Default("term.signed", text, moves=bool(deal.rights))
    if deal.termination is None:
        yield Default(
            "termination", "the file does not say who may leave; that nobody may is assumed"
        )
    for index, right in enumerate(deal.rights):
        path = f"termination.{index}"
        if not scenario.find(_written(scenario, f"{path}.by")):
            yield Default(
                _written(scenario, f"{path}.by"), "not said; that either party may leave is assumed"
            )
        if right.lock_out is not None and not right.lock_out_bars:
            text = "not said; that the lock-out bars giving notice, and not only an end, is assumed"
            yield Default(_written(scenario, f"{path}.lock_out_bars"), text)


def _written(scenario: Scenario, path: str) -> str:
    """A path as the file would write it: a right that stands without a list has no number."""
    node = scenario.find("termination")
    is_list = node is not None and isinstance(node.value, list)
    return path if is_list else path.replace("termination.0.", "termination.")


def _of_charges(scenario: Scenario) -> Iterator[Default]:
    for name, charge in scenario.deal.charges.items():
        path = scenario.deal.path_of(name)
        prices = charge.price, *(step.price for step in charge.ramp if step.price)
        if charge.load is None and any(price.is_hourly for price in prices):
            yield Default(f"{path}.load", "not said; that every hour is paid for is assumed")
        if charge.escalator and not scenario.find(f"{path}.escalator.every"):
            yield Default(f"{path}.escalator.every", "not said; 12 months are assumed")


def _of_options(scenario: Scenario) -> Iterator[Default]:
    for name, option in scenario.deal.options.items():
        if option.length and not option.notice:
            text = "not said; that it may be taken until the end that it extends is assumed"
            yield Default(f"options.{name}.notice", text, moves=False)
        if option.adds and not option.until:
            text = "not said; that it may be taken until what it adds would begin, or the term ends"
            yield Default(f"options.{name}.until", f"{text}, is assumed", moves=False)


def _of_days(scenario: Scenario) -> Iterator[Default]:
    deal = scenario.deal
    said = deal.conventions
    if not said.proration and (deal.rights or _has_part_months(deal)):
        text = "not said; a part of a month is assumed to count by its actual days"
        yield Default("conventions.proration", text, moves=_has_part_months(deal))
    if not said.notice_day and deal.rights:
        text = "not said; the day on which notice is given is assumed not to count"
        yield Default("conventions.notice_day", text)


def _has_part_months(deal: Deal) -> bool:
    """Whether a price by the month is earned for a part of one, if nobody leaves."""
    return any(_is_partial(deal, charge) for charge in deal.charges.values())


def _is_partial(deal: Deal, charge: Charge) -> bool:
    for stretch in charge.stretches(*deal.dates(charge)):
        price = charge.price_in(stretch)
        is_whole = stretch.start.day == (stretch.through + DAY).day == 1
        by_month = price.per == "total" or (price.recurs and price.period.clock == "month")
        if by_month and not is_whole:
            return True
    return False


def _of_billing(scenario: Scenario) -> Iterator[Default]:
    billing = scenario.deal.billing
    if billing is None:
        text = "not said; each month is assumed to be invoiced at its end and paid on that day"
        yield Default("billing", text, moves=False)
        return
    if not scenario.find("billing.in"):
        text = "not said; invoices are assumed to be dated the last day of each month"
        yield Default("billing.in", text, moves=False)
    if not scenario.find("billing.due"):
        text = "not said; invoices are assumed to be paid on their day"
        yield Default("billing.due", text, moves=False)

"""What figures are asked of: a scenario that was read, and its deal, priced once."""

from collections.abc import Iterable
from functools import lru_cache

from dealcalc.core import Priced
from dealcalc.figures.claims import CLAIM_RULES
from dealcalc.loading.nodes import Source
from dealcalc.loading.problems import Refused
from dealcalc.loading.reader import placed
from dealcalc.loading.scenario import Opened, Scenario, read_scenario, read_scenarios
from dealcalc.terms.deal import Deal
from dealcalc.terms.faults import Fault

LARGEST_TOTAL = 10**21
"""Totals beyond this are no contract's, and sums of them would not be exact."""

MOST_KEPT = 16
"""Deals whose prices are kept: those of one answer, of a few cases."""


def load(
    name: str,
    case: str | None = None,
    settings: Iterable[str | Source] = (),
    opened: Opened | None = None,
) -> Scenario:
    """A scenario as `read_scenario` gives it, whose claims can be read; raises Refused."""
    return read_scenario(name, case, settings, opened, CLAIM_RULES)


def load_each(name: str) -> list[Scenario]:
    """Scenarios as `read_scenarios` gives them, whose claims can be read; raises Refused."""
    return read_scenarios(name, CLAIM_RULES)


def priced_deal(scenario: Scenario) -> Priced:
    """The deal of a scenario, priced; raises Refused where it pays more than any deal."""
    book = _priced(_Identity(scenario.deal))
    if is_too_large(book):
        help = "check for a zero too many, or a wrong unit"
        fault = Fault(("charges",), "amount", "the deal pays more than 1e21 in all", help)
        raise Refused([*scenario.warnings, placed(fault, scenario.root)])
    return book


def is_too_large(priced: Priced) -> bool:
    """Whether a deal pays more than is computed exactly."""
    amounts = (abs(charge.booked(charge.through)) for charge in priced.charges.values())
    return bool(sum(amounts) > LARGEST_TOTAL * 10**priced.deal.places)


class _Identity:
    """A deal as a key: no other is the same, and comparing all their terms would take long."""

    def __init__(self, deal: Deal) -> None:
        self.deal = deal

    def __hash__(self) -> int:
        return id(self.deal)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Identity) and self.deal is other.deal


@lru_cache(MOST_KEPT)
def _priced(key: _Identity) -> Priced:
    return Priced(key.deal)

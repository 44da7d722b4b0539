"""The terms of scenarios side by side, and where each of them stands."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from dealcalc.loading.changes import NOT_TERMS
from dealcalc.loading.scenario import Scenario
from dealcalc.loading.walk import Kind, alone_in, branches, fields_of, is_term, values_of
from dealcalc.terms.deal import GIVING, Deal
from dealcalc.terms.fields import Many


class Stated(NamedTuple):
    """A term as a deal has it: its value, and its text, line and file where it is written."""

    value: Any
    text: str | None
    line: int | None
    file: str | None


NOT_SAID = Stated(None, None, None, None)
Terms = dict[str, list[Stated]]
"""Terms by path, as each of several scenarios has them."""


def differing(scenarios: Sequence[Scenario]) -> Terms:
    """The terms that are not the same in all scenarios, in the order of the format.

    Terms are the same where they mean the same, however they are written.
    """
    alone = all(len(there.deal.rights) < 2 for there in scenarios)
    terms = [dict(_stated(there, alone=alone)) for there in scenarios]
    order = [*(key for key in fields_of(Deal) if key not in GIVING), *GIVING]
    found = {}
    for path in sorted(set().union(*terms), key=lambda path: (order.index(_top(path)), path)):
        each = [of.get(path, NOT_SAID) for of in terms]
        if any(stated.value != each[0].value for stated in each):
            found[path] = each
    return found


def _top(path: str) -> str:
    return path.partition(".")[0]


def _stated(scenario: Scenario, *, alone: bool) -> Iterator[tuple[str, Stated]]:
    """The terms of a scenario by their paths, and the notice that is given.

    A right that stands alone needs no index in its path.
    """
    for key, of in fields_of(Deal).items():
        if key not in (*NOT_TERMS, *GIVING, "deal"):
            for path, value in _leaves(of.kind, _said_of(scenario.deal, of.name), key):
                short = path.replace("termination.0.", "termination.") if alone else path
                yield short, _said(scenario, path, value)
    for key in GIVING:
        if value := getattr(scenario.what_if, key):
            yield key, _said(scenario, scenario.notice_path(key), value)


def _said_of(deal: Deal, name: str) -> Any:
    """A field of a deal; what options have added to its charges stands in the options."""
    if name != "charges":
        return getattr(deal, name)
    return {name: charge for name, charge in deal.charges.items() if not charge.added_by}


def _said(scenario: Scenario, path: str, value: Any) -> Stated:
    node = scenario.find(path)
    if node is None:
        return Stated(value, str(value), None, None)
    return Stated(value, scenario.text(path), node.line, node.source.name)


def _leaves(kind: Kind, value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """The terms of a part of the format, by path, without what is not there."""
    if value in (None, ()):
        return
    if is_term(kind):
        yield path, value
        return
    if isinstance(kind, Many) and len(value) == 1 and (alone := alone_in(kind.kind, value[0])):
        yield path, alone
        return
    for step in branches(kind, values_of(kind, value)):
        yield from _leaves(step.kind, step.value, f"{path}.{step.part}")

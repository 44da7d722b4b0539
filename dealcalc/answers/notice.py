"""The notice that was asked for, on the command line or by a case, and what is said if it may not be given."""

from datetime import date

from dealcalc.core import Book, Ended, NotPermitted
from dealcalc.deal import PARTIES
from dealcalc.problems import Problem, Refused, refuse
from dealcalc.scenario import Scenario
from dealcalc.words import did_you_mean


def party(scenario: Scenario, by: str | None) -> str | None:
    """`buyer`, `seller` or the name of either as buyer or seller; None and `either` are nobody in particular."""
    names = {scenario.deal.buyer: "buyer", scenario.deal.seller: "seller"}
    if by is None or by == "either":
        return None
    if by not in (*PARTIES, *names):
        raise refuse(
            "choice", f"{by} is no party to this deal", did_you_mean(by, (*PARTIES, *names)), "--by"
        )
    return names.get(by, by)


def ended(
    scenario: Scenario, book: Book, notice: date | None = None, by: str | None = None
) -> Ended | None:
    """The deal after notice; `notice` and `by` of the command line replace the case's.

    None where neither the command line nor the case gives notice. Raises Refused, with the clause
    that forbids it and the first day on which notice may be given.
    """
    case = scenario.what_if
    day = notice or case.notice
    if day is None:
        return None
    try:
        return book.terminate(day, party(scenario, by or case.by))
    except NotPermitted as error:
        path = None if notice else f"cases.{scenario.case}.notice"
        raise Refused([_problem(scenario, error, day, path)]) from None


def _problem(scenario: Scenario, error: NotPermitted, day: date, path: str | None) -> Problem:
    first = f"the first day on which it may be given is {error.first}" if error.first else ""
    clause = scenario.node(error.path)
    place = f"{clause.source.name}:{clause.line}" if clause.source.name else ""
    help = "; ".join(part for part in (first, f"the clause is at {place}") if part)
    if path:
        return scenario.node(path).problem("notice", error.message, help)
    return Problem("notice", error.message, help, "--notice", 1, 1, len(f"{day}"), f"{day}")

"""The notice that was asked for, on the command line or by a case; and why it may not be given."""

from collections.abc import Iterator
from datetime import date

from dealcalc.core import Ended, Priced, Schedule
from dealcalc.loading.problems import Refused, refuse
from dealcalc.loading.scenario import Scenario
from dealcalc.reports.report import Note
from dealcalc.terms.dates import DAY
from dealcalc.terms.deal import PARTIES, Deal
from dealcalc.terms.misread import Misread, did_you_mean
from dealcalc.terms.rights import NotPermitted, candidates
from dealcalc.terms.times import read_day, read_index

SIGNING = "signing"
"""The word for the opening of the first day on which a contract exists."""


def asked_day(argument: str, text: str) -> date:
    """The day that is given as an argument; raises Refused."""
    try:
        return read_day(text)
    except Misread as misread:
        raise refuse(misread.code, misread.message, misread.help, argument=argument) from None


def asked_index(argument: str, text: str) -> int:
    """The number of an entry, counted from 0, that is given as an argument; raises Refused."""
    try:
        return read_index(text)
    except Misread as misread:
        raise refuse(misread.code, misread.message, misread.help, argument=argument) from None


def asked_moment(argument: str, text: str | None) -> date | str | None:
    """The day that is given as an argument, at its close, or "signing"; raises Refused."""
    return text if text in (None, SIGNING) else asked_day(argument, text)


def asked_party(scenario: Scenario, by: str | None) -> str | None:
    """Who gives notice by `--by`, else by the case: `buyer` or `seller`, given so or by name.

    None is nobody in particular: the party whose last day is earlier. Raises Refused.
    """
    if by is None:
        by = scenario.what_if.by or "either"
    if by in (*PARTIES, "either"):
        return by if by in PARTIES else None
    names = {getattr(scenario.deal, role): role for role in PARTIES}
    if by not in names:
        help = did_you_mean(by, (*PARTIES, *names))
        raise refuse("choice", f"`{by}` is no party to this deal", help, argument="by")
    return names[by]


def asked_end(
    scenario: Scenario,
    priced: Priced,
    notice: date | None = None,
    by: str | None = None,
    right: int | None = None,
) -> Ended | None:
    """The deal after notice; `notice`, `by` and `right`, where given, replace the case's.

    None where neither the command line nor the case gives notice. Raises Refused.
    """
    day = notice or scenario.what_if.notice
    party, right = asked_party(scenario, by), asked_right(scenario, right)
    return given(scenario, priced, day, party, right) if day else None


def asked_right(scenario: Scenario, right: int | None) -> int | None:
    """The right that is meant by its index, else that of the case; raises Refused."""
    if right is None:
        return scenario.what_if.right
    count = len(scenario.deal.rights)
    if right >= count:
        help = f"rights are counted from 0, and there are {count}" if count else "there are none"
        raise refuse("choice", f"there is no right {right}", help, argument="right")
    return right


def schedule_after(priced: Priced, ended: Ended | None) -> Schedule:
    """What a deal pays as agreed, or as it is ended, with the fee on its last day."""
    if ended is None:
        return priced.schedule()
    return priced.agreed_on(ended.notice).schedule_after([ended.exit])


def given(
    scenario: Scenario, priced: Priced, notice: date, by: str | None, right: int | None = None
) -> Ended:
    """The deal after notice by a party, or by the one whose last day is earlier.

    Raises Refused, at the clause that forbids it, with the first day on which notice may be given.
    """
    try:
        return priced.terminate(notice, by, right)
    except NotPermitted as error:
        raise _refused(scenario, priced, error, notice, by) from error


def window(
    scenario: Scenario, priced: Priced, by: str | None, right: int | None = None
) -> tuple[date, date | None]:
    """The first day on which notice may be given, and the last on which it shortens the term.

    The second is None where no notice shortens it. Raises Refused where none may ever be given.
    """
    first = _first(priced, by, right) or priced.deal.signed
    given(scenario, priced, first, by, right)
    return first, priced.latest_notice(priced.last - DAY, by, right)


def _first(priced: Priced, by: str | None, right: int | None = None) -> date | None:
    exits = priced.exits(priced.deal.signed, by, right)
    return min((exit.notice for exit in exits), default=None)


def counting_note(deal: Deal) -> Note:
    """How notice is counted, and whether the file says so."""
    said = deal.conventions.notice_day
    counted = "the first day of its notice" if said == "included" else "not counted"
    known = "as the file says" if said else "not said in the file, assumed"
    return Note(
        f"The day on which notice is given is {counted} ({known}); the last day is paid.", "detail"
    )


# --- refusals -------------------------------------------------------------------------------------


def refused_at(scenario: Scenario, path: str, message: str, help: str) -> Refused:
    """A refusal of notice, with the line of the clause at a path and a caret under it."""
    return Refused([scenario.node(path).anchor().problem("notice", message, help)])


def _refused(
    scenario: Scenario, priced: Priced, error: NotPermitted, notice: date, by: str | None
) -> Refused:
    help = "; ".join(_way_out(scenario, priced, error, notice, by))
    term = scenario.deal.term
    if not scenario.deal.rights:
        return refuse("notice", error.message, help, scenario.root.source.name)
    clause = {
        "term": f"term.{term.end}",
        "term.signed": "term.signed" if term.signed else "term.start",
        "termination": "termination.0.by",
    }.get(error.path, error.path)
    return refused_at(scenario, clause, error.message, help)


def _way_out(
    scenario: Scenario, priced: Priced, error: NotPermitted, notice: date, by: str | None
) -> Iterator[str]:
    """When notice may be given instead, by whom, and which case gave this one."""
    able = [party for party in PARTIES if candidates(scenario.deal, party)]
    first, last = _first(priced, by), priced.latest_notice(priced.last - DAY, by)
    if not able:
        parts = [i for i, right in enumerate(scenario.deal.rights) if right.ends]
        way = f"name the right to use, by its index: {', '.join(map(str, parts))}"
        yield way if parts else "the deal has no `termination`"
    elif by and by not in able:
        first = _first(priced, able[0])
        yield f"the {able[0]} has" + (f", from {first} on" if first else "")
    elif first is None:
        yield "the lock-out outlasts the term"
    else:
        shortens = (
            f"; the last that shortens the term is {last}" if notice > priced.last and last else ""
        )
        yield f"{error.help}{shortens}"
    if notice == scenario.what_if.notice:
        path = scenario.notice_path()
        node = scenario.node(path)
        if node.source is scenario.file.source:
            who = f"the case {scenario.case}" if "." in path else "the file"
            yield f"{who} gives it on line {node.line}"

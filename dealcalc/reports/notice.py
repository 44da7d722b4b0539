"""The notice that was asked for, on the command line or by a case; and why it may not be given."""

from collections.abc import Iterator
from datetime import date

from dealcalc.core import Book, Ended, NotPermitted, Schedule
from dealcalc.loading.problems import Refused, refuse
from dealcalc.loading.scenario import Scenario
from dealcalc.reports.report import Note
from dealcalc.terms.dates import DAY
from dealcalc.terms.deal import PARTIES, Deal
from dealcalc.terms.words import Misread, did_you_mean, read_day


def day(option: str, text: str) -> date:
    """The day that an option of the command line names; raises Refused."""
    try:
        return read_day(text)
    except Misread as misread:
        raise refuse(misread.code, misread.message, misread.help, option) from None


def party(scenario: Scenario, by: str | None) -> str | None:
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
        raise refuse("choice", f"`{by}` is no party to this deal", help, "--by")
    return names[by]


def ended(
    scenario: Scenario, book: Book, notice: date | None = None, by: str | None = None
) -> Ended | None:
    """The deal after notice; `notice` and `by` of the command line replace the case's.

    None where neither the command line nor the case gives notice. Raises Refused.
    """
    day = notice or scenario.what_if.notice
    return given(scenario, book, day, party(scenario, by)) if day else None


def schedule(book: Book, ended: Ended | None) -> Schedule:
    """What a deal pays as agreed, or as it is ended, with the fee on its last day."""
    if ended is None:
        return book.schedule()
    return book.schedule(ended.last_day, int(ended.fee.scaleb(book.deal.places)))


def given(scenario: Scenario, book: Book, notice: date, by: str | None) -> Ended:
    """The deal after notice by a party, or by the one whose last day is earlier.

    Raises Refused, at the clause that forbids it, with the first day on which notice may be given.
    """
    try:
        return book.terminate(notice, by)
    except NotPermitted as error:
        raise _refused(scenario, book, error, notice, by) from error


def window(scenario: Scenario, book: Book, by: str | None) -> tuple[date, date | None]:
    """The first day on which notice may be given, and the last on which it shortens the term.

    The second is None where no notice shortens it. Raises Refused where none may ever be given.
    """
    first = _first(book, by) or book.deal.signed
    given(scenario, book, first, by)
    return first, book.latest_notice(book.last - DAY, by)


def _first(book: Book, by: str | None) -> date | None:
    return min((exit.notice for exit in book.exits(book.deal.signed, by)), default=None)


def convention(deal: Deal) -> Note:
    """How notice is counted, and whether the file says so."""
    said = deal.conventions.notice_day
    counted = "the first day of its notice" if said == "included" else "not counted"
    known = "as the file says" if said else "not said in the file, assumed"
    return Note(f"The day on which notice is given is {counted} ({known}); the last day is paid.")


# --- refusals -------------------------------------------------------------------------------------


def at(scenario: Scenario, path: str, message: str, help: str) -> Refused:
    """A refusal of notice, with the line of the clause at a path and a caret under it."""
    return Refused([scenario.node(path).anchor().problem("notice", message, help)])


def _refused(
    scenario: Scenario, book: Book, error: NotPermitted, notice: date, by: str | None
) -> Refused:
    help = "; ".join(_way_out(scenario, book, notice, by))
    term = scenario.deal.term
    if not scenario.deal.termination:
        return refuse("notice", error.message, help, scenario.root.source.name)
    clause = {
        "term": "term.through" if term.through else "term.months",
        "term.signed": "term.signed" if term.signed else "term.start",
        "termination": "termination.0.by",
    }.get(error.path, error.path)
    return at(scenario, clause, error.message, help)


def _way_out(scenario: Scenario, book: Book, notice: date, by: str | None) -> Iterator[str]:
    """When notice may be given instead, by whom, and which case gave this one."""
    able = [party for party in PARTIES if scenario.deal.right(party)]
    first, last = _first(book, by), book.latest_notice(book.last - DAY, by)
    if not able:
        yield "the deal has no `termination`"
    elif by and by not in able:
        first = _first(book, able[0])
        yield f"the {able[0]} has" + (f", from {first} on" if first else "")
    elif first is None:
        yield "the lock-out outlasts the term"
    else:
        shortens = (
            f"; the last that shortens the term is {last}" if notice > book.last and last else ""
        )
        yield f"the first day on which it may be given is {first}{shortens}"
    if notice == scenario.what_if.notice:
        line = scenario.node(f"cases.{scenario.case}.notice").line
        yield f"the case {scenario.case} gives it on line {line}"

"""What is wrong, where, and the way out: uniform values, and every printed form of them.

A problem is data: it is gathered, sorted by place, and printed by `full` (the source line and a
caret) or `concise` (one line). `safe` is the one function that makes somebody's text fit to show.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

MOST_SHOWN = 20
QUOTED = 100
MOST_NARROW = 40
"""Columns of a screen below which nothing is made to fit."""
FILLERS = "\u115f\u1160\u3164\uffa0"
"""Letters of Hangul that nobody sees, though Unicode has them among what is printed."""

CODES = {
    "ambiguous-party": "A party whose name is that of the buyer and of the seller.",
    "amount": "An amount of money that cannot be read, or is too large to be one.",
    "capacity": "A capacity that cannot be read.",
    "choice": "A word that is not one of the answers a term takes.",
    "claim": "A claim that cannot be read: it is a figure, a relation and a value.",
    "command-line": "A command line that cannot be carried out.",
    "conflict": "Two terms that cannot stand together.",
    "contract": "A contract named in a site file that cannot be added to it.",
    "count": "A number of months that is not a whole number from 1 to 2760.",
    "currency": "A currency that is not in ISO 4217.",
    "date": "A date that does not exist, or is not written like 2026-05-01.",
    "duplicate-key": "The same key twice in one mapping: YAML would silently keep one.",
    "empty": "A key without a value.",
    "false-claim": "A claim that is not true of the deal.",
    "fee": "A fee that cannot be read.",
    "limit": "A file that is too large, or has too much of something in it.",
    "lock-out-outlasts": "A lock-out that bars notice for the whole term.",
    "missing-key": "A key that the format requires is not there.",
    "name": "A name that cannot be part of a path.",
    "no-capacity": "A price per unit without a capacity in that unit.",
    "no-reason": "An assumption or a source that says nothing.",
    "no-source": "A term without a source or an assumption, where every term must have one.",
    "no-weight": "A price in total over days that all count for nothing.",
    "not-a-scenario": "A file that is not a mapping with `deal`, `provider` or `book`.",
    "not-here": "A term that has no meaning with this price, or in this place.",
    "not-monotonic": "A figure that rises and falls over the values, so that no one value answers.",
    "notice": "Notice that may not be given on that day, or by that party.",
    "notice-outlasts": "Notice that is longer than the term.",
    "option": "An option that cannot be taken: too often, too early, too late, or without a price.",
    "outside-term": "A charge, a date or a claim about days outside the term of the deal.",
    "oversold": "More used and sold at a site than there is.",
    "percent": "A percentage that cannot be read, or is out of bounds.",
    "prepayment-outlasts": "A prepayment that is paid, or credited, after its charge has ended.",
    "price": "A price that cannot be read.",
    "ramp-outlasts": "A ramp that runs longer than its charge; its end is cut.",
    "range": "A range that is not two values of its term, the lower one first.",
    "reversed-dates": "An end before its start.",
    "same-right-twice": "A right to leave that stands there twice.",
    "shape": "A mapping, a list or a single value where another of these belongs.",
    "span": "A length of time that cannot be read.",
    "text": "A text with a control character in it.",
    "too-many-steps": "Escalators that compound more often than is computed exactly.",
    "unit": "A unit of capacity that is not known.",
    "unit-price": "A price per unit far from what comparable contracts pay.",
    "unknown-key": "A key that the format does not have.",
    "unknown-name": "The name of a charge, a case or a term that is not in the file.",
    "unreadable": "A file that cannot be opened, or is no UTF-8 text.",
    "unsupported-yaml": "Anchors, aliases, merge keys, tags or several documents.",
    "unwritable": "A file that cannot be written.",
    "yaml": "Text that is not YAML.",
}
"""Every code a problem can have. Codes are stable: none is renamed or used for something else."""


class Argument(str):
    """What a problem is about if it is in no file: the parameter of a question, as Python calls it.

    The command line shows the option in its place.
    """

    __slots__ = ()


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong; line and column count from 1, a line of 0 is no place in a text.

    `file` is the name of a file, or an Argument.
    """

    code: str
    message: str
    help: str = ""
    file: str = ""
    line: int = 0
    column: int = 0
    length: int = 1
    quote: str = ""
    severity: str = "error"

    @property
    def place(self) -> tuple[str, int, int]:
        """Where it is, so that problems can be sorted by it."""
        return self.file, self.line, self.column


def errors(problems: Iterable[Problem]) -> bool:
    """Whether one of the problems is more than a warning."""
    return any(problem.severity == "error" for problem in problems)


class Refused(Exception):
    """Input that was not taken, with all the problems it has, in the order of their places."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems, key=lambda problem: problem.place)
        super().__init__(self.problems)

    def __str__(self) -> str:
        """What the command line would print."""
        return report(self.problems)


def refuse(
    code: str, message: str, help: str = "", file: str = "", *, argument: str = ""
) -> Refused:
    """A refusal for one problem that has no place in a text: about a file, or about an argument."""
    return Refused([Problem(code, message, help, Argument(argument) if argument else file)])


def reason_of(error: OSError) -> str:
    """What the system says is wrong, as it stands behind our own words."""
    return (error.strerror or str(error)).lower()


def safe(text: str) -> str:
    """Somebody's text, fit to show on one line of a terminal or a CI log.

    Control, format, bidi and invisible characters are shown as escapes; log commands, `::error::`
    and `##[error]`, are broken up, so that no runner obeys them.
    """
    if not (text.isascii() and text.isprintable()):
        text = "".join(char if _is_seen(char) else _escape(char) for char in text)
    if "::" in text or "##" in text:
        text = re.sub(r"##(?=\w*\[)", r"#\\x23", text.replace("::", r":\x3a"))
    return text


def escaped(text: str) -> str:
    """Somebody's text, fit to stand in HTML or SVG, between tags and inside quotes."""
    from html import escape

    return escape(safe(text))


def _is_seen(char: str) -> bool:
    return char.isprintable() and char not in FILLERS


def _escape(char: str) -> str:
    return char.encode("unicode_escape").decode()


def width(text: str) -> int:
    """How many columns of a terminal `text` fills; wide East Asian characters fill two."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    shown = (char for char in text if not combining(char))
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in shown)


def fitted(head: str, text: str, room: int | None, indent: int = 4) -> str:
    """A text behind its head, between words broken to so many columns of a screen, if it is on one.

    A head is never broken: it may be a place, which terminals and editors open as a whole.
    """
    if room is None:
        return head + text
    from textwrap import wrap

    below = " " * indent
    lines = wrap(
        *(text, max(room, MOST_NARROW)),
        initial_indent=head,
        subsequent_indent=below,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(lines)


def concise(problem: Problem, room: int | None = None) -> str:
    """One line, but on a screen: `file:16:13: error: 2028-02 has no day 30 [date]`."""
    where = f"{problem.file}:{problem.line}:{problem.column}" if problem.line else problem.file
    what = f"{problem.severity}: {problem.message} [{problem.code}]"
    return fitted(safe(f"{where}: ") if where else "", safe(what), room)


def full(problem: Problem, room: int | None = None) -> str:
    """The message, the place, the source line with a caret under the fault, and the way out.

    On a screen of so many columns, text is broken between words, and the source line cut.
    """
    message = f"{safe(problem.message)} [{problem.code}]"
    lines = [fitted(f"{problem.severity}: ", message, room)]
    margin = " " * len(str(problem.line))
    if problem.line:
        lines.append(f"{margin}--> {safe(f'{problem.file}:{problem.line}:{problem.column}')}")
    elif problem.file:
        lines.append(f"{margin}--> {safe(problem.file)}")
    if problem.quote:
        left = None if room is None else max(room, MOST_NARROW) - len(margin) - 3
        quote, caret = _caret(problem, QUOTED if left is None else min(QUOTED, left))
        lines += [f"{margin} |", f"{problem.line} | {quote}", f"{margin} | {caret}"]
    if problem.help:
        head = f"{margin} = help: "
        lines.append(fitted(head, safe(problem.help), room, len(head)))
    return "\n".join(lines)


def _caret(problem: Problem, room: int) -> tuple[str, str]:
    """The part of the line around the fault, at most so long, and the carets under it."""
    start = max(0, min(problem.column - 1 - room // 2, len(problem.quote) - room))
    window = problem.quote[start : start + room]
    at = problem.column - 1 - start
    before, fault = safe(window[:at]), safe(window[at : at + problem.length])
    return safe(window).rstrip(), " " * width(before) + "^" * max(1, width(fault))


def report(problems: Iterable[Problem], room: int | None = None) -> str:
    """Problems in full, the first twenty of them, then how many more there are."""
    problems = list(problems)
    shown = [full(problem, room) for problem in problems[:MOST_SHOWN]]
    more = len(problems) - len(shown)
    if more:
        shown.append(f"... and {more} more problem{'s' if more > 1 else ''}")
    return "\n\n".join(shown)

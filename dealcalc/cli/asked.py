"""Words of the command line that are no paths: figures, claims, and whose notice is varied."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from dealcalc.figures.claims import Statement, statement
from dealcalc.figures.figures import Measure, measure
from dealcalc.loading.nodes import Source
from dealcalc.loading.problems import refuse
from dealcalc.loading.scenario import Opened, Scenario, read_root
from dealcalc.questions.varied import DAY_OF_NOTICE
from dealcalc.reports import early_end
from dealcalc.terms.misread import Misread

if TYPE_CHECKING:
    from dealcalc.book.contracts import Book


def measures(texts: Sequence[str]) -> list[Measure]:
    """The figures that are asked for, each once; raises Refused."""
    try:
        return list(dict.fromkeys(measure(text) for text in texts))
    except Misread as misread:
        raise refuse("claim", misread.message, misread.help, argument="measure") from None


def in_fiscal_years(scenario: Scenario, year_end: int | None) -> Scenario:
    """A scenario with fiscal years that end with a month; None: as its file says."""
    if year_end is None:
        return scenario
    return replace(scenario, deal=replace(scenario.deal, fiscal_year_end=year_end))


def claim(text: str, currency: str) -> Statement:
    """A claim of the command line about a deal in a currency; raises Refused."""
    try:
        return statement(text, currency)
    except Misread as misread:
        raise refuse(
            "claim", f"{text[:80]}: {misread.message}", misread.help, argument="claim"
        ) from None


def party(scenario: Scenario, by: str | None, paths: Sequence[str]) -> str | None:
    """Who gives the notice that is varied, or the case's; raises Refused where there is none."""
    if by and DAY_OF_NOTICE not in paths and not scenario.what_if.notice:
        help = f"vary `{DAY_OF_NOTICE}`, or choose a case that gives notice"
        raise refuse("command-line", "nobody gives notice in this deal", help, argument="by")
    return early_end.asked_party(scenario, by)


# --- books ----------------------------------------------------------------------------------------


def opened_alone(files: Sequence[str]) -> Opened | None:
    """The root of the only file that is named; None where several are, or a folder.

    Raises Refused where it cannot be read, and for words that are no file.
    """
    strange = [name for name in files[1:] if not _is_subject(name)]
    if strange:
        message = f"unexpected argument: {' '.join(strange)}"
        raise refuse("command-line", message, "put quotes around a value with spaces in it")
    alone = len(files) == 1 and not os.path.isdir(files[0])
    return read_root(files[0]) if alone else None


def _is_subject(name: str) -> bool:
    """Whether a word may be meant for a file: one with such a name, or one that is there."""
    return name.endswith((".yaml", ".yml")) or os.path.exists(name)


def book(
    files: Sequence[str],
    case: str | None,
    settings: Sequence[Source],
    notices: Sequence[str] = (),
    by: str | None = None,
    fiscal_year_end: int | None = None,
    opened: Opened | None = None,
) -> "Book":
    """What is named, asked as one; raises Refused."""
    from dealcalc.book.book_files import load_book

    there = load_book(files, case, settings, notices, by, opened)
    return replace(there, year_end=fiscal_year_end) if fiscal_year_end else there


def only_of_deals(asked: Mapping[str, object]) -> None:
    """Refuse options that make no sense where several contracts are asked as one."""
    for option, value in asked.items():
        if value is not None:
            message = f"{option} asks about one contract, and several are asked as one"
            raise refuse("command-line", message, "name one file", argument=option.strip("-"))

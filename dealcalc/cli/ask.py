"""`dealcalc ask`."""

import os
from itertools import takewhile

from dealcalc.cli import asked
from dealcalc.cli.options import BY, CASE, FISCAL_YEAR_END, SET, Option, Settings
from dealcalc.cli.output import answers
from dealcalc.figures.subject import load
from dealcalc.loading.problems import refuse
from dealcalc.loading.scenario import kind_of
from dealcalc.reports import early_end
from dealcalc.reports.ask import AskReport, BookAskReport
from dealcalc.reports.report import Report

FILE = Option(
    metavar="FILE",
    required=True,
    help="A scenario file, like deal.yaml, or - for standard input; several files, a folder or a "
    "book file are asked as one.",
)
NOTICES = Option(
    ("--notice",),
    "[CONTRACT:]DATE",
    repeats=True,
    help="The day on which notice is given, like 2027-03-15; of a contract of several, "
    "CONTRACT:2027-03-15. Repeatable.",
    synonyms=("--on", "--date", "--day"),
)
QUESTION = Option(
    metavar="QUESTION...",
    required=True,
    repeats=True,
    help="Figures, like 'quarter 2026-Q3' or 'firm on 2026-12-31', and claims, like "
    "'total > 40bn'.",
)


@answers(
    options=(FILE, QUESTION, NOTICES, BY, CASE, SET, FISCAL_YEAR_END),
    forms=("plain",),
    about="""
    Any figure, and whether a claim is true.

    Each question is a figure, which is answered by its value, or a claim about one. If a claim is
    false, the exit status is 1. -f plain writes values only, exact, one a line, for scripts. An
    unknown figure is answered by all there are.
    """,
    examples=(
        "dealcalc ask deal.yaml total 'quarter 2026-Q3' 'firm share at signing'",
        "dealcalc ask deal.yaml 'total > 2bn' 'cash in year 2027' --case buyer-leaves",
        "dealcalc ask deal.yaml 'fiscal year 2027' --fiscal-year-end 6",
        "dealcalc ask deal.yaml total -f plain",
        "dealcalc ask deals 'total > 1bn' 'cover on 2026-12-31'",
    ),
)
def ask(
    file: str,
    questions: list[str],
    notice: list[str],
    by: str | None,
    case: str | None,
    set: Settings,
    fiscal_year_end: int | None,
) -> Report:
    """What each figure is, and whether each claim is true."""
    files = [file, *takewhile(_is_file, questions)]
    questions = questions[len(files) - 1 :]
    if not questions:
        message, help = "nothing is asked", "name a figure behind the files, like total"
        raise refuse("command-line", message, help, argument="questions")
    opened = asked.opened_alone(files)
    if opened is None or kind_of(opened[0]) == "book":
        book = asked.book(files, case, set, notice, by, fiscal_year_end, opened)
        return BookAskReport(book, questions)
    scenario = asked.in_fiscal_years(load(file, case, set, opened), fiscal_year_end)
    days = [early_end.asked_day("notice", day) for day in notice]
    if len(days) > 1:
        message = f"notice is given on {len(days)} days"
        raise refuse("command-line", message, "name one", argument="notice")
    return AskReport(scenario, questions, next(iter(days), None), by)


def _is_file(word: str) -> bool:
    """Whether a word behind the first file is another one, and no question."""
    return word.endswith((".yaml", ".yml")) or os.path.isdir(word)

"""`dealcalc ask`."""

from dealcalc.cli import asked
from dealcalc.cli.options import BY, CASE, FILE, FISCAL_YEAR_END, NOTICE, SET, Option, Settings
from dealcalc.cli.output import answers
from dealcalc.figures.subject import load
from dealcalc.reports import early_end
from dealcalc.reports.ask import AskReport
from dealcalc.reports.report import Report

QUESTION = Option(
    metavar="QUESTION...",
    required=True,
    repeats=True,
    help="Figures, like 'quarter 2026-Q3' or 'firm on 2026-12-31', and claims, like "
    "'total > 40bn'.",
)


@answers(
    options=(FILE, QUESTION, NOTICE, BY, CASE, SET, FISCAL_YEAR_END),
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
    ),
)
def ask(
    file: str,
    questions: list[str],
    notice: str | None,
    by: str | None,
    case: str | None,
    set: Settings,
    fiscal_year_end: int | None,
) -> Report:
    """What each figure is, and whether each claim is true."""
    scenario = asked.in_fiscal_years(load(file, case, set), fiscal_year_end)
    day = None if notice is None else early_end.asked_day("notice", notice)
    return AskReport(scenario, questions, day, by)

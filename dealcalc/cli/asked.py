"""Words of the command line that are no paths: figures, claims, and whose notice is varied."""

from collections.abc import Sequence
from dataclasses import replace

from dealcalc.figures.claims import Statement, statement
from dealcalc.figures.figures import Measure, measure
from dealcalc.loading.problems import refuse
from dealcalc.loading.scenario import Scenario
from dealcalc.questions.varied import DAY_OF_NOTICE
from dealcalc.reports import early_end
from dealcalc.terms.misread import Misread


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

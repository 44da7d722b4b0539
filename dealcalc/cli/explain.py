"""`dealcalc explain`."""

from dealcalc.cli import asked
from dealcalc.cli.options import CASE, FILE, FISCAL_YEAR_END, SET, Option, Settings
from dealcalc.cli.output import answers
from dealcalc.figures.subject import load
from dealcalc.reports.explain import ExplainReport
from dealcalc.reports.report import Report

FIGURE = Option(
    metavar="FIGURE",
    required=True,
    help="What is explained: total, 2027, 2027-Q1, 2027-06 or 2027-06-13; 'through 2027-06', "
    "for the sum up to then; a charge, or one with any of these, like 'compute "
    "2027-06'; the revenue of a period as in a claim, like 'from 2026-07 to 2027-06'; firm; "
    "forgone.",
)


@answers(
    options=(FILE, FIGURE, CASE, SET, FISCAL_YEAR_END),
    about="""
    Where a figure of the schedule comes from, down to the line of YAML.
    """,
    examples=(
        "dealcalc explain deal.yaml 2027-06 --case buyer-leaves",
        "dealcalc explain deal.yaml total --set charges.compute.ramp.0.discount=30%",
        "dealcalc explain deal.yaml 'through 2027' -f json",
        "dealcalc explain deal.yaml 'compute 2027-Q1' --fiscal-year-end 6",
    ),
)
def explain(
    file: str, figure: str, case: str | None, set: Settings, fiscal_year_end: int | None
) -> Report:
    """What a figure is made of."""
    scenario = asked.in_fiscal_years(load(file, case, set), fiscal_year_end)
    return ExplainReport(scenario, figure, scenario.deal.year_end)

"""`dealcalc solve`."""

from dealcalc.cli import asked
from dealcalc.cli.options import BY, CASE, FILE, SET, Option, Settings
from dealcalc.cli.output import answers
from dealcalc.figures.subject import load
from dealcalc.questions.solve import Search, searched
from dealcalc.questions.solve import solve as solved
from dealcalc.questions.varied import Varied
from dealcalc.reports.report import Report
from dealcalc.reports.solve import SolveReport

CLAIM = Option(metavar="CLAIM", required=True, help="What is to be true, like 'total = 9.2bn'.")
VARY = Option(
    ("--vary",),
    "PATH[=FROM:TO]",
    required=True,
    help="The term to look for, and between which values, like termination.notice='30 "
    "days:1000 days'; `notice` is the day of notice, and a * any name: 'charges.*.price'.",
)


@answers(
    options=(FILE, CLAIM, VARY, BY, CASE, SET),
    about="""
    Which value of a term makes a claim true.

    The figure of the claim must only rise, or only fall, between the values. The exit status is 0
    even if no value makes the claim true.
    """,
    examples=(
        "dealcalc solve deal.yaml 'total = 9.2bn'\n--vary charges.compute.ramp.0.discount",
        "dealcalc solve deal.yaml 'total > 5bn' --vary notice --by buyer",
        "dealcalc solve deal.yaml 'total > 10bn'\n--vary charges.compute.price=200m:300m",
        "dealcalc solve deal.yaml 'firm on 2026-12-31 >= 1bn'\n--vary termination.notice -f json",
    ),
)
def solve(
    file: str, claim: str, vary: str, by: str | None, case: str | None, set: Settings
) -> Report:
    """The value, or the values, between which the claim turns."""
    path, _, bounds = (part.strip() for part in vary.partition("="))
    scenario = load(file, case, set)
    statement = asked.claim(claim, scenario.deal.currency)
    deal = Varied(scenario, [path], asked.party(scenario, by, [path]))
    search = Search(deal, path, searched(deal, path, bounds, statement), statement)
    return SolveReport(search, " ".join(claim.split()), solved(search))

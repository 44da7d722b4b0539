"""`dealcalc risk`."""

from dealcalc.cli.options import BY, CASE, FILE, SET, Option, Settings
from dealcalc.cli.output import answers
from dealcalc.figures.subject import load, priced_deal
from dealcalc.questions.risk import Distribution, hazards, outcomes
from dealcalc.reports import early_end
from dealcalc.reports.report import Report
from dealcalc.reports.risk import RiskReport

HAZARD = Option(
    ("--hazard",),
    "CHANCE",
    required=True,
    repeats=True,
    help="The chance of notice each month, like '2% per month'; 'buyer 1% per month' is of one "
    "party, '3% per month in 2028' in one year. Repeatable.",
)


@answers(
    options=(FILE, HAZARD, BY, CASE, SET),
    about="""
    What the deal is worth if there is a chance of notice each month.

    Notice that a case gives is certain, but someone may leave earlier. With --by, the hazards are
    those of that party, and nobody else leaves.
    """,
    examples=(
        "dealcalc risk deal.yaml --hazard '2% per month'",
        "dealcalc risk deal.yaml --hazard '1% per month'\n"
        "--hazard '4% per month in 2028' --by buyer",
        "dealcalc risk deal.yaml --hazard 'buyer 1% per month'\n"
        "--hazard 'seller 2% per month' -f json",
    ),
)
def risk(file: str, hazard: list[str], by: str | None, case: str | None, set: Settings) -> Report:
    """What the deal pays, by chance."""
    scenario = load(file, case, set)
    party = early_end.asked_party(scenario, by) if by else None
    priced, chances = priced_deal(scenario), hazards(hazard, party)
    stays = early_end.asked_end(scenario, priced)
    found = Distribution(outcomes(priced, stays, chances))
    return RiskReport(scenario, hazard, stays, found)

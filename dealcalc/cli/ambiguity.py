"""`dealcalc ambiguity`."""

from dealcalc.cli.options import CASE, FILE, SET, Settings
from dealcalc.cli.output import answers
from dealcalc.figures.subject import load, priced_deal
from dealcalc.questions.ambiguity import ambiguity as asked
from dealcalc.questions.varied import Varied
from dealcalc.reports import early_end
from dealcalc.reports.ambiguity import AmbiguityReport
from dealcalc.reports.report import Report


@answers(
    options=(FILE, CASE, SET),
    about="""
    What the contract leaves open, in money.

    Each convention that the file leaves open is tried with each of its answers. So is each case
    that has a source and gives no notice: it is a rival reading of the contract. --case chooses
    one reading, and --set settles a term.
    """,
    examples=(
        "dealcalc ambiguity deal.yaml",
        "dealcalc ambiguity deal.yaml --set conventions.proration=actual -f json",
        "dealcalc ambiguity deal.yaml --case buyer-leaves",
    ),
)
def ambiguity(file: str, case: str | None, set: Settings) -> Report:
    """What each open reading would pay."""
    scenario = load(file, case, set)
    # It says why, where the case may not give its notice.
    early_end.asked_end(scenario, priced_deal(scenario))
    found = asked(Varied(scenario, by=early_end.asked_party(scenario, None)))
    return AmbiguityReport(scenario, found)

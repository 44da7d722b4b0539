"""`dealcalc sweep`."""

from math import prod

from dealcalc.cli import asked
from dealcalc.cli.options import BY, CASE, FILE, SET, Option, Settings
from dealcalc.cli.output import answers
from dealcalc.cli.progress import watched
from dealcalc.figures.subject import load
from dealcalc.loading.problems import refuse
from dealcalc.questions.sweep import sweep as swept
from dealcalc.questions.values import MOST_POINTS, worded
from dealcalc.questions.values import vary as read
from dealcalc.questions.varied import Varied
from dealcalc.reports.report import Report
from dealcalc.reports.sweep import SweepReport

VARY = Option(
    ("--vary",),
    "PATH=FROM:TO:STEP",
    required=True,
    repeats=True,
    help="A term and its values, from the first to the last that steps reach, like "
    "charges.compute.ramp.0.discount=0%:100%:10%, or PATH=A,B,C; `notice` is the day of "
    "notice, and a * any name: 'charges.*.price=200m:300m:10m'. Twice for two terms.",
)
MEASURE = Option(
    ("--measure",),
    "FIGURE",
    repeats=True,
    default=("total",),
    help="A figure at each value, as in a claim, like total, 'year 2027' or 'firm on "
    "2026-12-31'. Repeatable.",
    synonyms=("--figure", "--metric"),
)


@answers(
    options=(FILE, VARY, MEASURE, BY, CASE, SET),
    about="""
    One or two terms varied, and what a figure is at each value.

    A value that the deal cannot have is a row with the reason; one that cannot be read is an error.
    A case that gives notice keeps it, unless `notice` is varied.
    """,
    examples=(
        "dealcalc sweep deal.yaml --vary charges.compute.ramp.0.discount=0%:100%:10%",
        "dealcalc sweep deal.yaml\n"
        "--vary charges.compute.price=200m:300m:10m\n"
        "--vary charges.compute.ramp.0.months=1:12:1",
        "dealcalc sweep deal.yaml --vary 'charges.*.price=200m:300m:10m'",
        "dealcalc sweep deal.yaml --vary notice='2026-05-01:2029-05-01:1 month'\n"
        "--measure 'earned share'",
        "dealcalc sweep deal.yaml --vary termination.notice='30 days,6 months'\n"
        "--measure total --measure 'firm on 2026-12-31' -f csv",
    ),
)
def sweep(
    file: str, vary: list[str], measure: list[str], by: str | None, case: str | None, set: Settings
) -> Report:
    """The figures at each value of the terms."""
    if len(vary) > 2:
        message = f"{len(vary)} terms are varied; it is one or two"
        raise refuse("command-line", message, "leave a --vary out", argument="vary")
    terms = [read(text) for text in vary]
    count = prod(len(term.values) for term in terms)
    if count > MOST_POINTS:
        message = f"{count:,} points are more than {MOST_POINTS:,}"
        raise refuse("command-line", message, "take larger steps", argument="vary")
    scenario, figures = load(file, case, set), asked.measures(measure)
    terms = [worded(scenario, term) for term in terms]
    paths = [term.path for term in terms]
    deal = Varied(scenario, paths, asked.party(scenario, by, paths))
    points = watched(swept(deal, terms, figures), count)
    return SweepReport(scenario, terms, figures, points)

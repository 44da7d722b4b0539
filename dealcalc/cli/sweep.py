"""`dealcalc sweep`."""

from math import prod
from typing import Annotated

import typer

from dealcalc.cli import asked, output
from dealcalc.cli.options import By, Case, Color, File, Form, Outputs, Settings, Unit
from dealcalc.cli.progress import watched
from dealcalc.loading.problems import refuse
from dealcalc.loading.scenario import load
from dealcalc.questions.sweep import sweep as swept
from dealcalc.questions.values import MOST_POINTS
from dealcalc.questions.values import vary as read
from dealcalc.questions.varied import Varied
from dealcalc.reports import sweep as answers

Terms = Annotated[
    list[str],
    typer.Option(
        "--vary",
        metavar="PATH=FROM:TO:STEP",
        help="A term and its values, from the first to the last that steps reach, like "
        "charges.compute.ramp.0.discount=0%:100%:10%, or PATH=A,B,C; `notice` is the day of "
        "notice. Twice for two terms.",
        show_default=False,
    ),
]
Figures = Annotated[
    list[str],
    typer.Option(
        "--measure",
        metavar="FIGURE",
        help="A figure at each value, as in a claim, like total, 'year 2027' or 'firm on "
        "2026-12-31'. Repeatable.",
    ),
]


def sweep(
    file: File,
    vary: Terms,
    measure: Figures = ["total"],  # noqa: B006 - Typer copies it
    by: By = None,
    case: Case = None,
    settings: Settings = [],  # noqa: B006
    form: Form = None,
    outputs: Outputs = [],  # noqa: B006
    unit: Unit = "auto",
    color: Color = "auto",
) -> None:
    """One or two terms varied, and what a figure is at each value.

    A value that the deal cannot have is a row with the reason. A case that gives notice keeps it,
    unless `notice` is varied.

    Examples:
      dealcalc sweep deal.yaml --vary charges.compute.ramp.0.discount=0%:100%:10%

      dealcalc sweep deal.yaml
      --vary charges.compute.price='1bn:2bn:50m per month'
      --vary charges.compute.ramp.0.months=1:12:1

      dealcalc sweep deal.yaml --vary notice='2026-05-01:2029-05-01:1 month'
      --measure kept

      dealcalc sweep deal.yaml --vary termination.notice='30 days,6 months'
      --measure total --measure 'firm on 2026-12-31' -f csv
    """
    if len(vary) > 2:
        message = f"{len(vary)} terms are varied; it is one or two"
        raise refuse("command-line", message, "leave a --vary out", argument="vary")
    terms = [read(text) for text in vary]
    count = prod(len(term.values) for term in terms)
    if count > MOST_POINTS:
        message = f"{count:,} points are more than {MOST_POINTS:,}"
        raise refuse("command-line", message, "take larger steps", argument="vary")
    scenario, figures = load(file, case, settings), asked.measures(measure)
    paths = [term.path for term in terms]
    deal = Varied(scenario, paths, asked.party(scenario, by, paths))
    points = watched(swept(deal, terms, figures), count)
    output.answer(answers.answer(scenario, terms, figures, points), form, outputs, unit, color)

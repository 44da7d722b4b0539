"""`dealcalc solve`."""

from typing import Annotated

import typer

from dealcalc.cli import asked, output
from dealcalc.cli.options import By, Case, Color, File, Form, Outputs, Settings, Unit
from dealcalc.loading.scenario import load
from dealcalc.questions.solve import Search, searched
from dealcalc.questions.solve import solve as solved
from dealcalc.questions.varied import Varied
from dealcalc.reports import solve as answers

Claim = Annotated[
    str,
    typer.Argument(
        metavar="CLAIM", help="What is to be true, like 'total = 45bn'.", show_default=False
    ),
]
Term = Annotated[
    str,
    typer.Option(
        "--vary",
        metavar="PATH[=FROM:TO]",
        help="The term to look for, and between which values, like termination.notice='30 "
        "days:1000 days'; `notice` is the day of notice.",
        show_default=False,
    ),
]


def solve(
    file: File,
    claim: Claim,
    vary: Term,
    by: By = None,
    case: Case = None,
    settings: Settings = [],  # noqa: B006 - Typer copies it
    form: Form = None,
    outputs: Outputs = [],  # noqa: B006
    unit: Unit = "auto",
    color: Color = "auto",
) -> None:
    """Which value of a term makes a claim true.

    The figure of the claim must only rise, or only fall, between the values. Every answer is fine:
    that no value makes it true is one too.

    Examples:
      dealcalc solve deal.yaml 'total = 45bn' --vary charges.compute.ramp.0.discount

      dealcalc solve deal.yaml 'total > 40bn' --vary notice --by buyer

      dealcalc solve deal.yaml 'total > 50bn'
      --vary charges.compute.price='1bn:2bn per month'

      dealcalc solve deal.yaml 'firm on 2026-12-31 >= 5bn'
      --vary termination.notice -f json
    """
    path, _, bounds = (part.strip() for part in vary.partition("="))
    scenario, statement = load(file, case, settings), asked.claim(claim)
    deal = Varied(scenario, [path], asked.party(scenario, by, [path]))
    search = Search(deal, path, searched(deal, path, bounds, statement), statement)
    report = answers.answer(search, " ".join(claim.split()), solved(search))
    output.answer(report, form, outputs, unit, color)

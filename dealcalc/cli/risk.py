"""`dealcalc risk`."""

from typing import Annotated

import typer

from dealcalc.cli import output
from dealcalc.cli.options import By, Case, Color, File, Form, Outputs, Settings, Unit
from dealcalc.core import Priced
from dealcalc.loading.scenario import load
from dealcalc.questions.risk import Distribution, hazards, outcomes
from dealcalc.reports import early_end
from dealcalc.reports import risk as answers

Hazards = Annotated[
    list[str],
    typer.Option(
        "--hazard",
        metavar="CHANCE",
        help="The chance of notice each month, like '2% per month'; 'buyer 1% per month' is of one "
        "party, '3% per month in 2028' in one year. Repeatable.",
        show_default=False,
    ),
]


def risk(
    file: File,
    hazard: Hazards,
    by: By = None,
    case: Case = None,
    settings: Settings = [],  # noqa: B006 - Typer copies it
    form: Form = None,
    outputs: Outputs = [],  # noqa: B006
    unit: Unit = "auto",
    color: Color = "auto",
) -> None:
    """What the deal is worth if notice may come with a chance each month.

    The notice of a case is taken as certain: somebody may leave earlier. With --by, the hazards are
    that party's, and nobody else leaves.

    Examples:
      dealcalc risk deal.yaml --hazard '2% per month'

      dealcalc risk deal.yaml --hazard '1% per month'
      --hazard '4% per month in 2028' --by buyer

      dealcalc risk deal.yaml --hazard 'buyer 1% per month'
      --hazard 'seller 2% per month' -f json
    """
    scenario = load(file, case, settings)
    party = early_end.party(scenario, by) if by else None
    priced, chances = Priced(scenario.deal), hazards(hazard, party)
    stays = early_end.ended(scenario, priced)
    found = Distribution(outcomes(priced, stays, chances))
    output.answer(answers.answer(scenario, hazard, stays, found), form, outputs, unit, color)

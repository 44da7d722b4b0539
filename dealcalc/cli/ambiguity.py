"""`dealcalc ambiguity`."""

from dealcalc.cli import output
from dealcalc.cli.options import Case, Color, File, Form, Outputs, Settings, Unit
from dealcalc.core import Priced
from dealcalc.loading.scenario import load
from dealcalc.questions.ambiguity import ambiguity as asked
from dealcalc.questions.varied import Varied
from dealcalc.reports import ambiguity as answers
from dealcalc.reports import early_end


def ambiguity(
    file: File,
    case: Case = None,
    settings: Settings = [],  # noqa: B006 - Typer copies it
    form: Form = None,
    outputs: Outputs = [],  # noqa: B006
    unit: Unit = "auto",
    color: Color = "auto",
) -> None:
    """What the contract leaves open, in money.

    Every convention that the file does not settle is run with each of its answers, and so is every
    case with a source and without notice: a rival reading of the contract. A case that is asked for
    is the reading that was chosen, and what --set says is settled.

    Examples:
      dealcalc ambiguity deal.yaml

      dealcalc ambiguity deal.yaml --set conventions.proration=actual -f json

      dealcalc ambiguity deal.yaml --case anthropic-leaves
    """
    scenario = load(file, case, settings)
    early_end.ended(
        scenario, Priced(scenario.deal)
    )  # which says why, where the case may not give it
    found = asked(Varied(scenario, by=early_end.party(scenario, None)))
    output.answer(answers.answer(scenario, found), form, outputs, unit, color)

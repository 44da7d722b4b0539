"""`dealcalc explain`."""

from typing import Annotated

import typer

from dealcalc.cli import output
from dealcalc.cli.options import Case, Color, File, Form, Outputs, Settings, Unit, YearEnd
from dealcalc.loading.scenario import load
from dealcalc.reports import explain as answers

Asked = Annotated[
    str,
    typer.Argument(
        metavar="FIGURE",
        help="What is explained: total, 2027, 2027-Q1, 2027-06 or 2027-06-13; 'through 2027-06', "
        "for what has come together by then; a charge, or one with any of these, like 'compute "
        "2027-06'; firm; forgone.",
        show_default=False,
    ),
]


def explain(
    file: File,
    figure: Asked,
    case: Case = None,
    settings: Settings = [],  # noqa: B006 - Typer copies it
    year_end: YearEnd = 12,
    form: Form = None,
    outputs: Outputs = [],  # noqa: B006
    unit: Unit = "auto",
    color: Color = "auto",
) -> None:
    """Where a figure of the schedule comes from, down to the line of YAML.

    Examples:
      dealcalc explain deal.yaml 2027-06 --case anthropic-leaves

      dealcalc explain deal.yaml total --set charges.compute.ramp.0.discount=30%

      dealcalc explain deal.yaml 'through 2027' -f json

      dealcalc explain deal.yaml 'compute 2027-Q1' --fiscal-year-end 6
    """
    report = answers.answer(load(file, case, settings), figure, year_end)
    output.answer(report, form, outputs, unit, color)

"""`dealcalc value`."""

from typing import Annotated, Literal

import typer

from dealcalc.cli import output
from dealcalc.cli.options import Case, Color, File, Form, Outputs, Settings, Unit
from dealcalc.loading.scenario import load
from dealcalc.reports import early_end
from dealcalc.reports import value as answers

Rate = Annotated[
    str,
    typer.Option(
        "--rate",
        metavar="PERCENT",
        help="The yearly rate to discount at, like 9%, from -99% to 100%; 0% is a plain sum.",
        show_default=False,
    ),
]
On = Annotated[
    str | None,
    typer.Option(
        "--on",
        metavar="DATE",
        help="The day on which it is worth that, like 2026-01-01; default: the term's start.",
        show_default=False,
    ),
]
Basis = Annotated[
    Literal["earned", "cash"],
    typer.Option(
        "--basis", help="What is discounted: what is earned, or what is paid, like --basis cash."
    ),
]


def value(
    file: File,
    rate: Rate,
    on: On = None,
    basis: Basis = "earned",
    case: Case = None,
    settings: Settings = [],  # noqa: B006 - Typer copies it
    form: Form = None,
    outputs: Outputs = [],  # noqa: B006
    unit: Unit = "auto",
    color: Color = "auto",
) -> None:
    """Present value of what is earned or paid, and of what of it is firm.

    Examples:

      dealcalc value deal.yaml --rate 9%

      dealcalc value deal.yaml --rate 9% --basis cash --on 2026-01-01

      dealcalc value deal.yaml --rate 12.5% --case anthropic-leaves -f json
    """
    yearly = answers.yearly(rate)
    day = None if on is None else early_end.day("on", on)
    report = answers.answer(load(file, case, settings), yearly, day, basis)
    output.answer(report, form, outputs, unit, color)

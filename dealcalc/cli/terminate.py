"""`dealcalc terminate`."""

from typing import Annotated

import typer

from dealcalc.cli import output
from dealcalc.cli.options import By, Case, Color, Every, File, Form, Outputs, Settings, Unit
from dealcalc.forms.model import Model
from dealcalc.loading.problems import refuse
from dealcalc.loading.scenario import load
from dealcalc.reports import early_end
from dealcalc.reports.terminate import EarlyEndReport, EarlyEndsReport, LatestNoticeReport

Notice = Annotated[
    str | None,
    typer.Option(
        "--notice",
        metavar="DATE",
        help="The day on which notice is given, like 2027-03-15; replaces the case's.",
        show_default=False,
    ),
]
LastDay = Annotated[
    str | None,
    typer.Option(
        "--last-day",
        metavar="DATE",
        help="By when must notice be given, for service to end on or before this day, like "
        "2027-06-30?",
        show_default=False,
    ),
]


def terminate(
    file: File,
    notice: Notice = None,
    by: By = None,
    last_day: LastDay = None,
    every: Every = None,
    case: Case = None,
    settings: Settings = [],  # noqa: B006 - Typer copies it
    form: Form = None,
    outputs: Outputs = [],  # noqa: B006
    unit: Unit = "auto",
    color: Color = "auto",
) -> None:
    """What ending early costs: on one notice, for a last day, or on every day of notice.

    With --every, all days are asked on which notice would shorten the term, in steps from the first
    of them. Without --by, notice is that of whoever is out first.

    Examples:

      dealcalc terminate deal.yaml --notice 2027-03-15 --by buyer

      dealcalc terminate deal.yaml --last-day 2027-06-30

      dealcalc terminate deal.yaml --every month -f csv

      dealcalc terminate deal.yaml --every day
      --set 'termination.fee=3 months' -o days.csv
    """
    asked = {"--notice": notice, "--last-day": last_day, "--every": every}
    one_question([option for option, value in asked.items() if value is not None])
    scenario = load(file, case, settings)
    if every:
        output.answer(EarlyEndsReport(scenario, every, by), form, outputs, unit, color)
        return
    if last_day is not None:
        day = early_end.day("last_day", last_day)
        report: EarlyEndReport = LatestNoticeReport(scenario, day, by)
    else:
        given = None if notice is None else early_end.day("notice", notice)
        report = EarlyEndReport(scenario, given, by)
    model = Model(scenario, report.ended.notice, early_end.party(scenario, by))
    output.answer(report, form, outputs, unit, color, model)


def one_question(asked: list[str]) -> None:
    """Refuse two of the options that each ask something else."""
    if len(asked) > 1:
        message = f"{' and '.join(asked)} ask different things"
        raise refuse("command-line", message, "ask with one of them at a time")

"""`dealcalc capacity`."""

from typing import Annotated

import typer

from dealcalc.book.site_files import load_site
from dealcalc.cli import output
from dealcalc.cli.options import (
    DEAL,
    AsOf,
    By,
    Color,
    Every,
    Form,
    Outputs,
    Period,
    Settings,
    Unit,
)
from dealcalc.loading.problems import refuse
from dealcalc.reports import early_end
from dealcalc.reports.site_report import with_notices

SiteFile = Annotated[
    str,
    typer.Argument(
        metavar="FILE",
        help="A site file, like site.yaml, or - for standard input.",
        show_default=False,
    ),
]
Cases = Annotated[
    list[str],
    typer.Option(
        "--case",
        metavar="CONTRACT:NAME",
        help="Lay a case of a contract over it, like google-spacex:google-leaves; NAME alone where "
        "there is one contract. Repeatable.",
        show_default=False,
        rich_help_panel=DEAL,
    ),
]
Notices = Annotated[
    list[str],
    typer.Option(
        "--notice",
        metavar="CONTRACT:DATE",
        help="The day on which notice is given, like google-spacex:2027-01-01; DATE alone where "
        "there is one contract. Repeatable.",
        show_default=False,
    ),
]


def capacity(
    file: SiteFile,
    cases: Cases = [],  # noqa: B006 - Typer copies it
    notices: Notices = [],  # noqa: B006
    by: By = None,
    every: Every = None,
    settings: Settings = [],  # noqa: B006
    period: Period = None,
    as_of: AsOf = None,
    form: Form = None,
    outputs: Outputs = [],  # noqa: B006
    unit: Unit = "auto",
    color: Color = "auto",
) -> None:
    """The seller's sites: own use, sold and idle capacity, and the return on what was invested.

    There is a row for each month and each year. With --every, each notice that would end a contract
    early is asked instead, and what it does. Without --by, notice is that of whoever is out first;
    without --as-of, contracts stand as before the first is signed. --set changes the site file, and
    --set CONTRACT:PATH=VALUE a contract's terms.

    Examples:

      dealcalc capacity site.yaml --period year

      dealcalc capacity site.yaml --notice anthropic:2027-03-15 --by buyer

      dealcalc capacity site.yaml --set 'sites.A.own_use=90 MW'

      dealcalc capacity site.yaml --every month -f csv
    """
    house = load_site(file, settings, cases)
    if every:
        if period or as_of:
            option = "--period" if period else "--as-of"
            message = f"--every lists notices, and {option} asks something else"
            raise refuse("command-line", message, "ask with one of them at a time")
        from dealcalc.reports import site_notices

        house = with_notices(house, notices, by if notices else None)
        report = site_notices.answer(house, every, by)
    else:
        from dealcalc.reports import capacity as answers

        day = None if as_of is None else early_end.day("as_of", as_of)
        report = answers.answer(with_notices(house, notices, by), period, day)
    output.answer(report, form, outputs, unit, color)

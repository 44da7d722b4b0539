"""`dealcalc capacity`."""

from typing import Annotated, Literal

import typer

from dealcalc.answers import notice as notices_of
from dealcalc.answers.houses import with_notices
from dealcalc.cli import output
from dealcalc.cli.options import Color, Form, Outputs, Settings, Unit
from dealcalc.problems import refuse
from dealcalc.sites import load_site

SiteFile = Annotated[
    str,
    typer.Argument(
        metavar="FILE", help="A site file, or - for standard input.", show_default=False
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
By = Annotated[
    str | None,
    typer.Option(
        "--by",
        metavar="PARTY",
        help="Who gives notice: buyer, seller or a name; default: whoever is out first.",
        show_default=False,
    ),
]
Every = Annotated[
    Literal["month", "week", "day"] | None,
    typer.Option(
        "--every",
        help="All notices that would end a contract early, in steps, and what each does.",
        show_default=False,
    ),
]
Period = Annotated[
    Literal["month", "quarter", "year"] | None,
    typer.Option(
        "--period",
        help="What a row is; default: months, with a row for each year.",
        show_default=False,
    ),
]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DATE",
        help="When contracts are firm or cancellable, like 2026-12-31; default: before the first "
        "is signed.",
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

    `--set` changes the site file; `--set CONTRACT:PATH=VALUE` a contract's terms.

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
        from dealcalc.answers import site_notices

        house = with_notices(house, notices, by if notices else None)
        report = site_notices.answer(house, every, by)
    else:
        from dealcalc.answers import capacity as answers

        day = None if as_of is None else notices_of.day("--as-of", as_of)
        report = answers.answer(with_notices(house, notices, by), period, day)
    output.answer(report, form, outputs, unit, color)

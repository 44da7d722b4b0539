"""The options that commands share: one annotation each, so a word means the same everywhere.

What stands in no panel is what a command is asked.
"""

from typing import Annotated, Literal

import typer

DEAL, OUTPUT = "The deal", "The output"

File = Annotated[
    str,
    typer.Argument(
        metavar="FILE",
        help="A scenario file, like deal.yaml, or - for standard input.",
        show_default=False,
    ),
]

# --- what is asked --------------------------------------------------------------------------------

Period = Annotated[
    Literal["month", "quarter", "year"] | None,
    typer.Option(
        "--period", help="By what revenue is summed, like --period year.", show_default=False
    ),
]
YearEnd = Annotated[
    int,
    typer.Option(
        "--fiscal-year-end",
        metavar="MM",
        min=1,
        max=12,
        help="The month that ends a year, like 6 for June; 12 is the calendar year.",
    ),
]
Every = Annotated[
    Literal["month", "week", "day"] | None,
    typer.Option(
        "--every", help="A row for each of these steps, like --every week.", show_default=False
    ),
]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DATE",
        help="What is firm at the end of this day, like 2026-12-31.",
        show_default=False,
    ),
]
By = Annotated[
    str | None,
    typer.Option(
        "--by",
        metavar="PARTY",
        help="Whose notice counts: buyer, seller, or a party by name, like Anthropic.",
        show_default=False,
    ),
]

# --- the deal -------------------------------------------------------------------------------------

Case = Annotated[
    str | None,
    typer.Option(
        "--case",
        metavar="NAME",
        help="Lay a case of the file over the deal, like --case anthropic-leaves.",
        show_default=False,
        rich_help_panel=DEAL,
    ),
]
Settings = Annotated[
    list[str],
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        help="Another value for a term, as it would stand in the file, like "
        "charges.compute.capacity='200 MW', or termination=none to take it away. Repeatable.",
        show_default=False,
        rich_help_panel=DEAL,
    ),
]

# --- the output -----------------------------------------------------------------------------------

Form = Annotated[
    Literal["table", "csv", "json", "md", "html", "svg", "xlsx"] | None,
    typer.Option(
        "--format",
        "-f",
        help="The form of the answer, like -f csv; default: table.",
        show_default=False,
        rich_help_panel=OUTPUT,
    ),
]
Outputs = Annotated[
    list[str],
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Write to a file, like deal.csv, in the form of its ending (.csv, .json, .md, .txt, "
        ".html, .svg, .xlsx), and not to the screen. Repeatable.",
        show_default=False,
        rich_help_panel=OUTPUT,
    ),
]
Unit = Annotated[
    Literal["auto", "1", "k", "m", "bn"],
    typer.Option(
        "--unit",
        help="The unit of money in tables, like --unit m for millions; auto: exact, where there is "
        "room.",
        rich_help_panel=OUTPUT,
    ),
]
Color = Annotated[
    Literal["auto", "always", "never"],
    typer.Option(
        "--color",
        help="Colour in tables, like --color never; auto: on a terminal that shows it.",
        rich_help_panel=OUTPUT,
    ),
]

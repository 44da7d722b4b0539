"""The options that commands share: one annotation each, so a word means the same everywhere."""

from typing import Annotated, Literal

import typer

File = Annotated[
    str,
    typer.Argument(
        metavar="FILE",
        help="A scenario file, like deal.yaml, or - for standard input.",
        show_default=False,
    ),
]
Case = Annotated[
    str | None,
    typer.Option(
        "--case",
        metavar="NAME",
        help="Lay a case of the file over the deal, like anthropic-leaves.",
        show_default=False,
    ),
]
Settings = Annotated[
    list[str],
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        help="Another value for a term, as it would stand in the file, like "
        "charges.compute.capacity='200 MW' or termination=none. Repeatable.",
        show_default=False,
    ),
]
Form = Annotated[
    Literal["table", "csv", "json", "md", "xlsx"] | None,
    typer.Option(
        "--format", "-f", help="The form of the answer; default: table.", show_default=False
    ),
]
Outputs = Annotated[
    list[str],
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Write to a file, like deal.csv, in the form of its ending (.csv, .json, .md, .txt, "
        ".xlsx), and not to the screen. Repeatable.",
        show_default=False,
    ),
]
Unit = Annotated[
    Literal["auto", "1", "k", "m", "bn"],
    typer.Option("--unit", help="The unit of money in tables; auto: exact, where there is room."),
]
Color = Annotated[
    Literal["auto", "always", "never"],
    typer.Option("--color", help="Colour in tables; auto: on a terminal that shows it."),
]

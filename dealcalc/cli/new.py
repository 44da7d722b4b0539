"""`dealcalc new`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from dealcalc.cli import output
from dealcalc.cli.streams import tell, write
from dealcalc.loading.problems import refuse, safe

STARTER = Path(__file__).parent.parent / "starter.yaml"
"""The format, explained in a file of its own kind: every term, most of them commented out."""

File = Annotated[
    str,
    typer.Argument(
        metavar="FILE",
        help="The file to write, like deal.yaml, or - for standard output.",
        show_default=False,
    ),
]


def new(file: File) -> None:
    """A commented starter file, with every term there is.

    It is a valid scenario: change it, and take the mark from the terms that your contract has. A
    file that is there already is not written over.

    Examples:

      dealcalc new deals/northgate.yaml

      dealcalc new -
    """
    starter = STARTER.read_text(encoding="utf-8")
    if file == "-":
        write(starter.encode())
        return
    if os.path.lexists(file):
        raise refuse("unwritable", "it is there already", "name a file that is not", file)
    output.write_file(file, starter.encode())
    tell(f"wrote {safe(file)}")

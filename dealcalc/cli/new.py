"""`dealcalc new`."""

import os
from pathlib import Path

from dealcalc.cli.commands import command
from dealcalc.cli.files import write_file
from dealcalc.cli.options import Option
from dealcalc.cli.streams import tell, write_bytes
from dealcalc.loading.problems import refuse, safe

STARTER = Path(__file__).parent.parent / "starter.yaml"
"""The format, explained in a file of its own kind: every term, most of them commented out."""

FILE = Option(
    metavar="FILE",
    required=True,
    help="The file to write, like deal.yaml, or - for standard output.",
)


@command(
    options=(FILE,),
    about="""
    A commented starter file, with every term there is.

    It is a valid scenario: change it, and uncomment the terms that your contract has. An existing
    file is not overwritten.
    """,
    examples=("dealcalc new deals/northgate.yaml", "dealcalc new -"),
)
def new(file: str) -> None:
    """Write the starter file."""
    starter = STARTER.read_text(encoding="utf-8")
    if file == "-":
        write_bytes(starter.encode())
        return
    if os.path.lexists(file):
        raise refuse("unwritable", "the file already exists", "give another name", file)
    write_file(file, starter.encode())
    tell(f"wrote {safe(file)}")

"""`dealcalc schema`."""

from dealcalc.cli.commands import command
from dealcalc.cli.files import write_file
from dealcalc.cli.options import SHOWN, Option
from dealcalc.cli.streams import tell, write_bytes
from dealcalc.loading import schema as schemas
from dealcalc.loading.problems import safe

OUTPUT = Option(
    ("--output", "-o"),
    "FILE",
    panel=SHOWN,
    help="Write to a file, like scenario.schema.json beside the scenarios.",
)


@command(
    options=(OUTPUT,),
    about="""
    A JSON Schema of scenario files, for editors.

    With it, an editor completes keys, explains them, and underlines what has no place in a
    scenario. A line at the top of the scenario tells the editor where the schema is:

      # yaml-language-server: $schema=scenario.schema.json
    """,
    examples=("dealcalc schema", "dealcalc schema -o deals/scenario.schema.json"),
)
def schema(output: str | None) -> None:
    """Write the schema."""
    if output is None:
        write_bytes(schemas.text().encode())
    else:
        write_file(output, schemas.text().encode())
        tell(f"wrote {safe(output)}")

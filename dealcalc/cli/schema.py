"""`dealcalc schema`."""

from typing import Annotated

import typer

from dealcalc.cli import output
from dealcalc.cli.options import OUTPUT
from dealcalc.cli.streams import tell, write
from dealcalc.loading import schema as schemas
from dealcalc.loading.problems import safe

Output = Annotated[
    str | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Write to a file, like scenario.schema.json beside the scenarios.",
        show_default=False,
        rich_help_panel=OUTPUT,
    ),
]


def schema(file: Output = None) -> None:
    """A JSON Schema of scenario files, for editors.

    With it, an editor completes keys, explains them, and underlines what has no place in a
    scenario. A line at the top of the scenario tells the editor where the schema is:

      # yaml-language-server: $schema=scenario.schema.json

    Examples:

      dealcalc schema

      dealcalc schema -o deals/scenario.schema.json
    """
    if file is None:
        write(schemas.text().encode())
    else:
        output.write_file(file, schemas.text().encode())
        tell(f"wrote {safe(file)}")

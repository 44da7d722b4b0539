"""How fast dealcalc is, beside a floor measured in the same run; the table of the README.

    python tests/benchmarks/speed.py [--update]

Runs every benchmark and prints one table; `--update` writes it into the README, with the machine
that it was measured on.
"""

import platform
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

README = Path(__file__).parents[2] / "README.md"
TABLE = re.compile(r"(?<=<!-- speed -->\n).*(?=<!-- /speed -->)", re.DOTALL)


class Row(NamedTuple):
    """What was timed, in seconds, beside a floor; the ratio of the two, and what it may be."""

    what: str
    seconds: float
    floor: str
    floor_seconds: float
    ratio: float
    budget: str


def table(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table; a time is the median of its rounds, and so is a ratio."""
    lines = [
        "| what | ms | beside | ms | ratio | budget |",
        "| --- | --: | --- | --: | --: | --- |",
    ]
    for row in rows:
        lines.append(
            f"| {row.what} | {1000 * row.seconds:,.0f} | {row.floor} | "
            f"{1000 * row.floor_seconds:,.0f} | {row.ratio:.1f} | {row.budget} |"
        )
    return "\n".join(lines) + "\n"


def main() -> None:
    """Print the table of all benchmarks, and write it into the README if that is asked for."""
    import check
    import startup
    import terminations

    measured = table(
        [row for one in (startup, terminations, check) for row in one.measured(one.ROUNDS)]
    )
    print(measured)
    if "--update" in sys.argv[1:]:
        machine = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
        text = README.read_text("utf-8")
        assert TABLE.search(text)
        README.write_text(TABLE.sub(lambda _: f"On {machine}:\n\n{measured}", text), "utf-8")


if __name__ == "__main__":
    main()

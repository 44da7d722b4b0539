"""The line that would put a value into a file, and where it goes."""

from typing import NamedTuple

from dealcalc.loading.scenario import Scenario


class Placement(NamedTuple):
    """A line of YAML; it stands at a line of a file, or goes below the path that stands there."""

    text: str
    file: str
    line: int
    below: str | None

    def where(self) -> str:
        """The place in words."""
        place = f"{self.file}:{self.line}"
        if self.below == "":
            return f"at the top level of {self.file}"
        return f"below {self.below}, {place}" if self.below else f"at {place}"


def line(scenario: Scenario, path: str, value: str) -> Placement:
    """The line that makes a value a term of the file: one that is there, or a new one."""
    parts = path.split(".")
    there = next(i for i in range(len(parts), -1, -1) if scenario.file.nearest(parts[:i])[1])
    node, _ = scenario.file.nearest(parts[:there])
    if there == len(parts):
        return Placement(_nested(parts[-1:], value), node.source.name, node.line, None)
    at = node.key or node
    below = ".".join(parts[:there])
    return Placement(_nested(parts[there:], value), node.source.name, at.line, below)


def _nested(parts: list[str], value: str) -> str:
    """`a: {b: value}`; the entry of a list is `- value`."""
    for part in reversed(parts[1:]):
        value = f"{{{part}: {value}}}"
    return f"- {value}" if parts[0].isdecimal() else f"{parts[0]}: {value}"

"""What is wrong with a value, and the rules that are alike in many places."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from dealcalc.terms.fields import Path


class Fault(NamedTuple):
    """A rule that does not hold: where (a path below the value at hand), what, and the way out."""

    path: Path
    code: str
    message: str
    help: str = ""
    severity: str = "error"


Rules = Iterator[Iterable[Fault]]


def only_one(
    value: Any, keys: tuple[str, ...], missing: str = "", example: str = ""
) -> Iterator[Fault]:
    """The rule that one of some fields is there; none, too, unless there is a message for that."""
    there = [key for key in keys if getattr(value, key) is not None]
    if len(there) > 1:
        first, second = there[:2]
        message = f"`{first}` and `{second}` cannot be used together"
        yield Fault((second,), "conflict", message, f"remove `{first}` or `{second}`")
    elif missing and not there:
        others = ", or ".join(f"`{key}`" for key in keys[1:])
        yield Fault((keys[0],), "missing-key", missing, f"add {example}, or {others}")


def ordered(start: date, through: date) -> Iterator[Fault]:
    """The rule that an end is not before its start."""
    if through < start:
        message = f"the end, {through}, is before the start, {start}"
        yield Fault(("through",), "reversed-dates", message, "swap them, or correct the year")


def below(path: Path, faults: Iterable[Fault]) -> Iterator[Fault]:
    """Faults of a part, with their paths counted from the whole."""
    for fault in faults:
        yield fault._replace(path=path + fault.path)

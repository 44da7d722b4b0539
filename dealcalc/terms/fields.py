"""What the fields of a format say: their kinds, from a word to a mapping, and what they mean.

A field made by `key` says its word (or type), and what it means; the reader, the schema and the
starter's tests are derived from that.
"""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, field
from typing import Any, TypeVar

from dealcalc.terms import words
from dealcalc.terms.words import Word

Path = tuple[str | int, ...]
"""Keys and indices from a value down to a part of it."""
Value = TypeVar("Value")


class Entries(Mapping[str, Value]):
    """A mapping that never changes. Unlike Python's own, it can be pickled and copied."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Value]) -> None:
        self._values = dict(values)

    def __getitem__(self, name: str) -> Value:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return repr(self._values)


EMPTY: Mapping[str, Any] = Entries({})
MOST_ENTRIES = 200
"""Of a list that says no other limit."""


@dataclass(frozen=True, slots=True)
class Many:
    """A list of one kind of thing; with `or_one`, a single one may stand without a list."""

    kind: Any
    or_one: bool = False
    most: int = MOST_ENTRIES


@dataclass(frozen=True, slots=True)
class Named:
    """A mapping whose keys are names, or paths, chosen by whoever writes the file."""

    kind: Any
    key: Word = words.NAME
    most: int | None = None


class Raw:
    """A value that is kept as it stands in the file, to be laid over other values."""


def key(
    kind: Any, title: str, default: Any = MISSING, *, name: str = "", none: Any = MISSING
) -> Any:
    """A field of the format: its word or type, and its meaning in a line for editors and docs.

    `none` in a file is as if the key were left out, unless it says a value of its own.
    """
    about = {"kind": kind, "title": title, "key": name, "none": none}
    if default is EMPTY:
        return field(default_factory=lambda: EMPTY, metadata=about)
    return field(default=default, metadata=about)

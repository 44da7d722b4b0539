"""What the fields of a format say: their kinds, from a word to a mapping, and what they mean.

A field made by `key` says its word (or type), and what it means; the reader, the schema and the
starter's tests are derived from that.
"""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field
from types import MappingProxyType
from typing import Any

from dealcalc.terms import words
from dealcalc.terms.words import Word

Path = tuple[str | int, ...]
"""Keys and indices from a value down to a part of it."""
NOTHING: Mapping[str, Any] = MappingProxyType({})
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


def key(kind: Any, title: str, default: Any = MISSING, *, name: str = "") -> Any:
    """A field of the format: its word or type, and its meaning in a line for editors and docs."""
    about = {"kind": kind, "title": title, "key": name}
    if default is NOTHING:
        return field(default_factory=lambda: NOTHING, metadata=about)
    return field(default=default, metadata=about)

"""The walk over the format: what may stand where, as the types of `terms` say it.

A kind is a word, a list (`Many`), a mapping with names of its own (`Named`), a value that is kept
as it stands (`Raw`), or a type with fields. Whatever goes through a file, reads a path or lists the
terms goes from a kind to what is below it by `entries_of` and `steps`.
"""

from collections.abc import Iterator
from dataclasses import MISSING, fields
from functools import cache
from typing import Any, NamedTuple

from dealcalc.loading.nodes import Node
from dealcalc.terms.fields import Many, Named, Raw
from dealcalc.terms.words import Word

Kind = Word | Many | Named | type
"""What may stand somewhere; `Raw`, or a type with fields, is a type."""


class FormatField(NamedTuple):
    """A field of a type of the format; its default is MISSING where it must be there.

    `none` is the value that the word none says; MISSING where it only takes the key away.
    """

    name: str
    kind: Kind
    title: str
    default: Any
    none: Any

    @property
    def required(self) -> bool:
        """Whether its key must be there."""
        return self.default is MISSING

    def example(self, key: str) -> str:
        """The line that adds it to a file."""
        return f"{key}: {self.kind.example}" if isinstance(self.kind, Word) else f"{key}:"


@cache
def fields_of(type_: type) -> dict[str, FormatField]:
    """The fields of a type of the format by their keys in the file, which has no others."""
    return {
        field.metadata["key"] or field.name: FormatField(
            field.name,
            field.metadata["kind"],
            field.metadata["title"],
            field.default if field.default_factory is MISSING else field.default_factory(),
            field.metadata["none"],
        )
        for field in fields(type_)
        if field.metadata
    }


@cache
def required(type_: type) -> tuple[str, ...]:
    """The keys that a mapping of this type must have."""
    return tuple(key for key, field in fields_of(type_).items() if field.required)


def short_key(kind: Kind) -> str | None:
    """The key whose value alone may stand for a mapping of a type; None where none may."""
    short: str | None = getattr(kind, "short", None)
    return short


def alone_in(type_: type, value: Any) -> Any:
    """What may stand for a value of a type since it says nothing else; None where nothing may."""
    short = short_key(type_)
    fields = fields_of(type_).items() if short else ()
    others = any(getattr(value, at.name) != at.default for key, at in fields if key != short)
    return getattr(value, fields_of(type_)[short].name) if short and not others else None


def has_fields(kind: Kind) -> bool:
    """Whether it is a type, so that a mapping with the keys of its fields stands there."""
    return isinstance(kind, type) and kind is not Raw


def is_term(kind: Kind) -> bool:
    """Whether a path ends here: at a word, or at a list of words."""
    return isinstance(kind.kind if isinstance(kind, Many) else kind, Word)


def may_stand_alone(kind: Kind) -> bool:
    """Whether a single value may stand for a list of what has keys: one, by its short key."""
    if not isinstance(kind, Many) or not kind.or_one:
        return False
    short = short_key(kind.kind)
    return short is not None and short not in required(kind.kind)


class Branch(NamedTuple):
    """A part of a path: the kind of what stands there, what does (None: nothing), its meaning."""

    part: str
    kind: Kind
    value: Any
    title: str = ""


def branches(kind: Kind, entries: Any) -> Iterator[Branch]:
    """What stands below a value, entry by entry; of a type each of its fields, in their order."""
    if isinstance(kind, Many):
        yield from (Branch(str(index), kind.kind, entry) for index, entry in enumerate(entries))
    elif isinstance(kind, Named):
        yield from (Branch(name, kind.kind, entry) for name, entry in entries.items())
    elif isinstance(kind, type) and kind is not Raw:
        for key, field in fields_of(kind).items():
            yield Branch(key, field.kind, entries.get(key), field.title)


def entries_of(kind: Kind, node: Node | None) -> Any:
    """What stands below a node: nodes in a list, or by their keys; None where neither belongs.

    A list may be written as its only entry, and a type with a short key as the value of that.
    """
    value = node.value if node else None
    if isinstance(kind, Many):
        return value if isinstance(value, list) else [node] if node else []
    short = short_key(kind)
    if short and value and isinstance(value, str):
        return {short: node}
    return value if isinstance(value, dict) else None if node else {}


def values_of(kind: Kind, value: Any) -> Any:
    """The same of a value that was read: of a type the fields by their keys."""
    if isinstance(kind, type):
        return {key: getattr(value, field.name) for key, field in fields_of(kind).items()}
    return value

"""Values of the format that could be read in part only, for the rules about the rest of them.

A file with several mistakes is told of all of them at once, and of each once. So a rule is put to
a value also where some of its fields are unread, or at fault by another rule: the rule ends at the
first of them that it asks for, since what it would say is not known.
"""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from dealcalc.loading.walk import fields_of
from dealcalc.terms.fields import Named


class Missing(Exception):
    """A field was asked for that could not be read, or that a rule has found at fault."""


class Partial:
    """What is known of a value: it answers like one of its type, or raises Missing.

    It is no value of that type, so that nothing takes it for a whole one; where there is one, there
    is an error among the problems. Methods and properties of the type work on what is known.
    """

    def __init__(self, type_: type, values: Mapping[str, Any], unread: Iterable[str]) -> None:
        terms = fields_of(type_).values()
        unsaid = {field.name: field.default for field in fields(type_) if not field.metadata}
        defaults = {field.name: field.default for field in terms if not field.required}
        self.type, self._known = type_, {**unsaid, **defaults, **values}
        self._missing = set(unread)

    def __getattr__(self, name: str) -> Any:
        """A field that is known; else a method or property of the type, bound to what is known."""
        if name in self._missing:
            raise Missing(name)
        if name in self._known:
            return self._known[name]
        return getattr(self.type, name).__get__(self, self.type)

    @property
    def is_whole(self) -> bool:
        """Whether no field is missing."""
        return not self._missing

    def forget(self, key: str) -> None:
        """Take the field of a key away, which ends the other rules that ask for it.

        A mapping with names stays: those rules speak of its other entries.
        """
        field = fields_of(self.type)[key]
        if not isinstance(field.kind, Named):
            self._missing.add(field.name)


def known(value: Any, name: str, otherwise: Any) -> Any:
    """A field of a value that was read, perhaps in part; `otherwise` where it is missing."""
    try:
        return getattr(value, name)
    except Missing:
        return otherwise

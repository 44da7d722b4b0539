"""Nodes to typed values, or every problem with its place.

A small generic walk over the frozen types of a format: their fields say which word or type stands
behind a key, their rules what may not stand together.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, fields
from functools import cache
from itertools import chain
from types import MappingProxyType
from typing import Any, NamedTuple

from dealcalc.loading.nodes import MAX_PROBLEMS, Node, too_many_problems
from dealcalc.loading.problems import Problem, Refused
from dealcalc.terms.fields import Many, Named, Path, Raw
from dealcalc.terms.misread import Misread, closest, did_you_mean
from dealcalc.terms.rules import Fault, faults
from dealcalc.terms.words import Word

Rule = Callable[[Any], Iterable[Fault]]
UNREAD: Any = object()
"""Stands for a value that could not be read; the problem is noted already."""


class Field(NamedTuple):
    """A field of a type of the format."""

    name: str
    kind: Any
    title: str
    required: bool

    def example(self, key: str) -> str:
        """The line that adds it to a file."""
        return f"{key}: {self.kind.example}" if isinstance(self.kind, Word) else f"{key}:"


@cache
def fields_of(type_: type) -> dict[str, Field]:
    """The fields of a type of the format by their keys in the file."""
    return {
        field.metadata["key"] or field.name: Field(
            field.name,
            field.metadata["kind"],
            field.metadata["title"],
            field.default is MISSING and field.default_factory is MISSING,
        )
        for field in fields(type_)
    }


@cache
def required(type_: type) -> tuple[str, ...]:
    """The keys that a mapping of this type must have."""
    return tuple(key for key, field in fields_of(type_).items() if field.required)


def entries_of(type_: type, node: Node) -> Any:
    """The value of a node where a mapping of this type stands.

    A type with a `short` key has a short form: a single value stands for that key's.
    """
    short: str | None = getattr(type_, "short", None)
    return {short: node} if short and isinstance(node.value, str) and node.value else node.value


class Reader:
    """Reads nodes into typed values and gathers every problem on the way.

    A value with parts that are unread or at fault is built without them, so that the rules that do
    not ask for them are still checked; where there is one, there is an error. A mapping is read
    once, however often it is asked for: what-ifs share most of their nodes. `rules` has a rule more
    for some types; what `before` has read without problems is not read again. Raises Refused after
    too many problems.
    """

    def __init__(
        self,
        problems: list[Problem],
        rules: Mapping[type, Rule] | None = None,
        before: "Reader | None" = None,
    ) -> None:
        self.problems, self._rules = problems, rules or {}
        self._unread: dict[int, tuple[Any, set[str]]] = {}
        self._done: dict[tuple[int, int], tuple[Node, Any]] = dict(before._done) if before else {}

    def note(
        self, node: Node, code: str, message: str, help: str = "", severity: str = "error"
    ) -> Any:
        """Keep a problem; its value is UNREAD."""
        if len(self.problems) >= MAX_PROBLEMS:
            raise Refused([*self.problems, too_many_problems(node).problem()])
        self.problems.append(node.problem(code, message, help, severity))
        return UNREAD

    def read(self, kind: Any, node: Node) -> Any:
        """The value of a node as a word, a type, or a list or mapping of one of them."""
        if isinstance(kind, Word):
            return self._word(kind, node)
        if kind is Raw:
            return UNREAD if node.value is None else node
        at = id(node), id(kind)
        done = self._done.get(at)
        if done is None:
            # The node is kept too, and with it its id.
            done = self._done[at] = node, self._composed(kind, node)
        return done[1]

    def _composed(self, kind: Any, node: Node) -> Any:
        if isinstance(kind, Many):
            return self._many(kind, node)
        if isinstance(kind, Named):
            return self._named(kind, node)
        return self._structure(kind, node)

    def _word(self, word: Word, node: Node) -> Any:
        if not node.value:
            return self._empty(node)
        if not isinstance(node.value, str):
            what = "a mapping" if isinstance(node.value, dict) else "a list"
            message = f"{what} stands where one value belongs: {word.name}"
            return self.note(node.anchor(), "shape", message, f"write it like `{word.example}`")
        text = node.value.strip()
        try:
            return word.read(text) if text else self._empty(node)
        except Misread as misread:
            return self.note(node, misread.code, misread.message, misread.help)

    def _empty(self, node: Node) -> Any:
        """A value that is not there; None has its problem already."""
        if node.value is None:
            return UNREAD
        at = node.key or node
        name = f"`{at.value[:40]}`" if node.key else "this entry"
        return self.note(at, "empty", f"{name} has no value", "write one, or take this away")

    def _many(self, kind: Many, node: Node) -> Any:
        if not node.value:
            return self._empty(node)
        if not isinstance(node.value, list):
            if kind.or_one:
                one = self.read(kind.kind, node)
                return one if one is UNREAD else (one,)
            help = "put `- ` in front of each entry"
            return self.note(node.anchor(), "shape", "a list belongs here", help)
        if len(node.value) > kind.most:
            return self._too_long(node, kind.most)
        values = [self.read(kind.kind, entry) for entry in node.value]
        return UNREAD if any(value is UNREAD for value in values) else tuple(values)

    def _named(self, kind: Named, node: Node) -> Any:
        if not node.value:
            return self._empty(node)
        if not isinstance(node.value, dict):
            message = "a mapping belongs here, `name: value`"
            return self.note(node.anchor(), "shape", message, "give each entry a name")
        if kind.most and len(node.value) > kind.most:
            return self._too_long(node, kind.most)
        removable = isinstance(kind.kind, type) and kind.kind is not Raw
        values = {}
        for name, entry in node.value.items():
            if removable and entry.value == "none":
                continue
            self._name(kind.key, name, entry.key or entry)
            value = self.read(kind.kind, entry)
            if value is not UNREAD:
                values[name] = value
        return MappingProxyType(values)

    def _name(self, word: Word, name: str, node: Node) -> None:
        try:
            word.read(name)
        except Misread as misread:
            self.note(node, misread.code, misread.message, misread.help)

    def _too_long(self, node: Node, most: int) -> Any:
        message = f"{len(node.value)} entries stand here; at most {most} are read"
        return self.note(node.key or node, "limit", message, "split the file")

    # --- types ---------------------------------------------------------------------------------

    def _structure(self, type_: type, node: Node) -> Any:
        values: dict[str, Any] = {}
        known = fields_of(type_)
        entries = entries_of(type_, node)
        if isinstance(entries, dict) and (entries or required(type_)):
            unread = self._entries(known, entries, values)
            self._missing(type_, entries, node, unread)
        else:
            self._no_mapping(node, known)
            unread = {field.name for field in known.values()}
        value = self._built(type_, values, unread)
        self._check(value, node)
        return value

    def _entries(
        self, known: Mapping[str, Field], entries: Mapping[str, Node], values: dict[str, Any]
    ) -> set[str]:
        """Reads the entries of a mapping into `values`; the names of those that are not there."""
        unread = set()
        for key, entry in entries.items():
            field = known.get(key)
            if field is None:
                if meant := known.get(self._unknown(key, entry, known)):
                    unread.add(meant.name)
            elif field.required or entry.value != "none":
                value = self.read(field.kind, entry)
                if value is UNREAD:
                    unread.add(field.name)
                else:
                    values[field.name] = value
        return unread and unread - values.keys()

    def _missing(
        self, type_: type, entries: Mapping[str, Node], node: Node, unread: set[str]
    ) -> None:
        """Note the keys that must be there and are not, unless they are mistyped."""
        for key in required(type_):
            if key in entries:
                continue
            field = fields_of(type_)[key]
            if field.name not in unread:
                message = f"`{key}` is missing here: {field.title}"
                help = f"add `{field.example(key)}`"
                self.note(node.key or node, "missing-key", message, help)
                unread.add(field.name)

    def _unknown(self, key: str, entry: Node, known: Mapping[str, Field]) -> str:
        """Note a key that the format does not have; the key that is probably meant."""
        message = f"there is no key `{key[:40]}` here"
        self.note(entry.key or entry, "unknown-key", message, did_you_mean(key, known))
        return closest(key, known)

    def _no_mapping(self, node: Node, known: Mapping[str, Field]) -> None:
        if not node.value:
            self._empty(node)
            return
        what = "a list" if isinstance(node.value, list) else "a single value"
        first = next((key for key, field in known.items() if field.required), next(iter(known)))
        help = f"write keys below it, like `{first}:`"
        if isinstance(node.value, str):
            help = f"write keys below it, like `{first}: {node.value.strip()[:40]}`"
        self.note(node.anchor(), "shape", f"{what} stands where a mapping belongs", help)

    def _built(self, type_: type, values: dict[str, Any], unread: set[str]) -> Any:
        if not unread:
            return type_(**values)
        value: Any = object.__new__(type_)
        for field in fields(type_):
            if field.name not in unread:
                default = (
                    field.default if field.default_factory is MISSING else field.default_factory()
                )
                object.__setattr__(value, field.name, values.get(field.name, default))
        self._unread[id(value)] = value, unread
        return value

    # --- rules ---------------------------------------------------------------------------------

    def _check(self, value: Any, node: Node) -> None:
        if more := self._rules.get(type(value)):
            self.rule(more(value), node, value)
        if _faultless(value):
            return
        try:
            for rule in faults(value):
                self.rule(rule, node, value)
        except AttributeError as error:
            self._expect_unread(error)

    def rule(self, rule: Iterable[Fault], node: Node, value: Any) -> None:
        """Keep the faults that a rule about the value of a node yields, as far as it comes."""
        at_fault = []
        try:
            for fault in rule:
                self.note(node.at(fault.path), *fault[1:])
                if fault.severity == "error":
                    at_fault.append(fault.path)
        except AttributeError as error:
            self._expect_unread(error)
        for path in at_fault:
            self._forget(value, path)

    def _forget(self, value: Any, path: Path) -> None:
        """Take away the field that a fault is about, which ends the other rules that ask for it."""
        field = fields_of(value.__class__)[str(path[0])]
        _, unread = self._unread.setdefault(id(value), (value, set()))
        if field.name not in unread and not isinstance(field.kind, Named):
            object.__delattr__(value, field.name)
            unread.add(field.name)

    def _expect_unread(self, error: AttributeError) -> None:
        """Let a rule end at a field that is not there; any other such error is a bug."""
        _, unread = self._unread.get(id(error.obj), (None, set()))
        if error.name not in unread:
            raise error


def _faultless(value: Any) -> bool:
    """Whether no rule has anything to say: most values are through at once, not rule by rule."""
    try:
        return next(chain.from_iterable(faults(value)), None) is None
    except AttributeError:
        return False  # a field is unread, and other rules may not ask for it


def placed(fault: Fault, root: Node) -> Problem:
    """A fault as a problem of the file that it is a fault of."""
    return root.at(fault.path).problem(*fault[1:])

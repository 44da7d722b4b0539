"""Nodes to typed values, or every problem with its place.

A small generic walk over the frozen types of a format: their fields say which word or type stands
behind a key, their rules what may not stand together.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING
from itertools import chain
from types import MappingProxyType
from typing import Any

from dealcalc.loading.nodes import MAX_PROBLEMS, Node, too_many_problems
from dealcalc.loading.partial import Missing, Partial
from dealcalc.loading.problems import Problem, Refused
from dealcalc.loading.walk import FormatField, Kind, entries_of, fields_of, has_fields, required
from dealcalc.terms.currencies import CURRENCIES
from dealcalc.terms.faults import Fault
from dealcalc.terms.fields import Entries, Many, Named, Raw
from dealcalc.terms.misread import Misread, closest, did_you_mean
from dealcalc.terms.rules import faults
from dealcalc.terms.words import Word

Rule = Callable[[Any], Iterable[Fault]]
MoreRules = Mapping[type, Rule]
"""A rule more for some types of the format: what a later room can say of their values."""
NO_RULES: MoreRules = MappingProxyType({})

UNREAD: Any = object()
"""Stands for a value of which nothing could be read; the problem is noted already."""

Done = dict[tuple[int, int, str | None], tuple[Node, Any]]
"""Values that were read, by the identities of node and kind, and the currency of the file.

Nodes that are alike may stand at different places. The node is kept too, and with it its id.
"""


class Reader:
    """Reads nodes into typed values and gathers every problem on the way.

    A value with fields that are unread or at fault is a `Partial`, and then there is an error among
    the problems. A mapping is read once, however often it is asked for: what-ifs share most of
    their nodes. `rules` has a rule more for some types; what `before` has read without problems is
    not read again. Raises Refused after too many problems.
    """

    def __init__(
        self,
        problems: list[Problem],
        rules: MoreRules = NO_RULES,
        before: "Reader | None" = None,
    ) -> None:
        self.problems, self._rules = problems, rules
        self._currency: str | None = None
        self._done: Done = dict(before._done) if before else {}

    def note(
        self, node: Node, code: str, message: str, help: str = "", severity: str = "error"
    ) -> Any:
        """Keep a problem; its value is UNREAD."""
        if len(self.problems) >= MAX_PROBLEMS:
            raise Refused([*self.problems, too_many_problems(node).problem()])
        self.problems.append(node.problem(code, message, help, severity))
        return UNREAD

    def read(self, kind: Kind, node: Node) -> Any:
        """The value of a node as a word, a type, or a list or mapping of one of them."""
        if isinstance(kind, Word):
            return self._word(kind, node)
        if kind is Raw:
            return UNREAD if node.value is None else node
        key = id(node), id(kind), self._currency
        if key not in self._done:
            self._done[key] = node, self._composed(kind, node)
        return self._done[key][1]

    def _composed(self, kind: Many | Named | type, node: Node) -> Any:
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
            message = f"expected a single value ({word.name}), found {what}"
            return self.note(node.anchor(), "shape", message, f"write it like `{word.example}`")
        text = node.value.strip()
        try:
            text = word.bare(text, self._currency)
            return word.read(text) if text else self._empty(node)
        except Misread as misread:
            return self.note(node, misread.code, misread.message, misread.help)

    def _empty(self, node: Node) -> Any:
        """A value that is not there; None has its problem already."""
        if node.value is None:
            return UNREAD
        place = node.key or node
        name = f"`{place.value[:40]}`" if node.key else "this entry"
        return self.note(place, "empty", f"{name} has no value", "write one, or remove the key")

    def _many(self, kind: Many, node: Node) -> Any:
        if not node.value:
            return self._empty(node)
        if not isinstance(node.value, list):
            if kind.or_one:
                value = self.read(kind.kind, node)
                return value if value is UNREAD else (value,)
            help = "put `- ` in front of each entry"
            return self.note(node.anchor(), "shape", "expected a list", help)
        if len(node.value) > kind.most:
            return self._too_long(node, kind.most)
        values = [self.read(kind.kind, entry) for entry in node.value]
        return UNREAD if any(value is UNREAD for value in values) else tuple(values)

    def _named(self, kind: Named, node: Node) -> Any:
        if not node.value:
            return self._empty(node)
        if not isinstance(node.value, dict):
            message = "expected a mapping, `name: value`"
            return self.note(node.anchor(), "shape", message, "give each entry a name")
        if kind.most and len(node.value) > kind.most:
            return self._too_long(node, kind.most)
        removable = has_fields(kind.kind)
        values = {}
        for name, entry in node.value.items():
            if removable and entry.value == "none":
                continue
            self._name(kind.key, name, entry.key or entry)
            value = self.read(kind.kind, entry)
            if value is not UNREAD:
                values[name] = value
        return Entries(values)

    def _name(self, word: Word, name: str, node: Node) -> None:
        try:
            word.read(name)
        except Misread as misread:
            self.note(node, misread.code, misread.message, misread.help)

    def _too_long(self, node: Node, most: int) -> Any:
        message = f"there are {len(node.value)} entries; at most {most} are read"
        return self.note(node.key or node, "limit", message, "split the file")

    # --- types ---------------------------------------------------------------------------------

    def _structure(self, type_: type, node: Node) -> Any:
        values: dict[str, Any] = {}
        known = fields_of(type_)
        entries = entries_of(type_, node)
        if entries is not None and (entries or required(type_)):
            if "currency" in known:
                self._currency = _currency(entries.get("currency"))
            unread = self._entries(known, entries, values)
            self._missing(type_, entries, node, unread)
        else:
            self._no_mapping(node, known)
            unread = {field.name for field in known.values()}
        whole = None if unread else type_(**values)
        if whole is not None and self._is_faultless(whole):
            return whole
        value = Partial(type_, values, unread)
        self._check(value, node)
        return whole if value.is_whole else value

    def _entries(
        self, known: Mapping[str, FormatField], entries: Mapping[str, Node], values: dict[str, Any]
    ) -> set[str]:
        """Reads the entries of a mapping into `values`; the names of those that are not there."""
        unread = set()
        for key, entry in entries.items():
            field = known.get(key)
            if field is None:
                if meant := known.get(self._unknown(key, entry, known)):
                    unread.add(meant.name)
            elif entry.value == "none" and field.none is not MISSING:
                values[field.name] = field.none
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
                message = f"missing `{key}`"
                help = f"add `{field.example(key)}` ({field.title})"
                self.note(node.key or node, "missing-key", message, help)
                unread.add(field.name)

    def _unknown(self, key: str, entry: Node, known: Mapping[str, FormatField]) -> str:
        """Note a key that the format does not have; the key that is probably meant."""
        message = f"unknown key `{key[:40]}`"
        self.note(entry.key or entry, "unknown-key", message, did_you_mean(key, known))
        return closest(key, known)

    def _no_mapping(self, node: Node, known: Mapping[str, FormatField]) -> None:
        if not node.value:
            self._empty(node)
            return
        what = "a list" if isinstance(node.value, list) else "a single value"
        first = next((key for key, field in known.items() if field.required), next(iter(known)))
        help = f"write keys below it, like `{first}:`"
        if isinstance(node.value, str):
            help = f"write keys below it, like `{first}: {node.value.strip()[:40]}`"
        self.note(node.anchor(), "shape", f"expected a mapping, found {what}", help)

    # --- rules ---------------------------------------------------------------------------------

    def _rules_about(self, type_: type, value: Any) -> Iterator[Iterable[Fault]]:
        if more := self._rules.get(type_):
            yield more(value)
        # By the type, since a Partial is a value of none.
        yield from faults.dispatch(type_)(value)

    def _is_faultless(self, whole: Any) -> bool:
        """Whether no rule has anything to say: most values are through at once, not one by one."""
        rules = self._rules_about(type(whole), whole)
        try:
            return next(chain.from_iterable(rules), None) is None
        except Missing:  # a part of a part is unread, and other rules may not ask for it
            return False

    def _check(self, value: Partial, node: Node) -> None:
        """Keep the faults that the rules about the value of a node yield, as far as they come."""
        try:
            for rule in self._rules_about(value.type, value):
                self._check_by(rule, value, node)
        except Missing:  # by what chooses among the rules: none of the others can be put
            pass

    def _check_by(self, rule: Iterable[Fault], value: Partial, node: Node) -> None:
        at_fault = []
        try:
            for fault in rule:
                self.note(node.at(fault.path), *fault[1:])
                at_fault.append(str(fault.path[0]))
        except Missing:
            pass
        for key in at_fault:  # and not before the rule is through
            value.forget(key)


def _currency(node: Node | None) -> str | None:
    """The currency of a file, if it says one that there is."""
    text = node.value.strip() if node and isinstance(node.value, str) else ""
    return text if text in CURRENCIES else None


def placed(fault: Fault, root: Node) -> Problem:
    """A fault as a problem of the file that it is a fault of."""
    return root.at(fault.path).problem(*fault[1:])

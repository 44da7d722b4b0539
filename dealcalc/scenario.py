"""Scenario files: YAML text to typed values, or every problem with its place.

The YAML parser gives events; this module, not YAML 1.1, decides what a scalar means, so every value
keeps its text, line and column. Files come from strangers: limits are set on the events, before
anything is built. `--set` and cases are laid on the nodes, which are then read like any file.
"""

import os
import re
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

from dealcalc import measures
from dealcalc.deal import Case, Deal, Fault, Many, Named, Path, Raw
from dealcalc.problems import Problem, Refused, refuse
from dealcalc.words import MAX_TEXT, Misread, Word, did_you_mean

MAX_BYTES = 1 << 20
MAX_DEPTH = 16
MAX_NODES = 20_000
UNREAD: Any = object()
"""Stands for a value that could not be read; the problem is noted already."""


@dataclass(slots=True)
class Source:
    """Where nodes come from. Lines are quoted only from what is known to be a scenario."""

    name: str
    lines: list[str]
    quotable: bool = False


class Node:
    """A value of a YAML text with its place; lines and columns count from 1.

    `value` is a text, a dict of nodes, a list of nodes, or None where a problem is noted already.
    """

    __slots__ = ("column", "key", "length", "line", "source", "value")

    def __init__(self, value: Any, source: Source, line: int, column: int, length: int = 1) -> None:
        self.value, self.source = value, source
        self.line, self.column, self.length = line, column, length
        self.key: Node | None = None

    def with_value(self, value: Any) -> "Node":
        copy = Node(value, self.source, self.line, self.column, self.length)
        copy.key = self.key
        return copy

    def anchor(self) -> "Node":
        """What a caret points at: the value if it is a text, else the key in front of it."""
        return self if isinstance(self.value, str) or self.key is None else self.key

    def problem(self, code: str, message: str, help: str = "", severity: str = "error") -> Problem:
        lines = self.source.lines
        quote = lines[self.line - 1] if self.source.quotable and self.line <= len(lines) else ""
        return Problem(
            code, message, help, self.source.name, self.line, self.column, self.length, quote, severity
        )


class Setting(NamedTuple):
    """A value to lay over another: its path as it was written, with its place, and the value."""

    path: Node
    value: Node


@dataclass(frozen=True, kw_only=True, slots=True)
class Scenario:
    """A deal as it was asked for: the file, the case laid on it, and then the overrides."""

    deal: Deal
    case: str | None
    overrides: Mapping[str, str]
    changed: frozenset[str]
    warnings: tuple[Problem, ...]
    root: Node

    @property
    def what_if(self) -> Case:
        """The case that was asked for; an empty one without `--case`."""
        return self.deal.cases[self.case] if self.case else Case()

    def node(self, path: str) -> Node:
        """The node at a path, or the nearest one above it that is there."""
        return _nearest(self.root, tuple(path.split(".")))[0]

    def assumed(self) -> dict[str, str]:
        """What the file assumes, by path, without what a case or `--set` has replaced."""
        return {
            path: text
            for path, text in self.deal.assumptions.items()
            if not any(_covers(path, other) or _covers(other, path) for other in self.changed)
        }


def _covers(path: str, other: str) -> bool:
    return path == other or other.startswith(f"{path}.")


# --- files -----------------------------------------------------------------------------------------


def read_text(name: str) -> str:
    """The text of a file, or of standard input for `-`; raises Refused."""
    if name == "-":
        return _decoded(sys.stdin.buffer.read(MAX_BYTES + 1), name)
    try:
        # Without O_NONBLOCK the opening of a FIFO would wait for a writer that may never come.
        descriptor = os.open(name, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with open(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise refuse("unreadable", "this is not a regular file", _not_regular(name), name)
            return _decoded(file.read(MAX_BYTES + 1), name)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "this is no file name"
        raise refuse("unreadable", f"it cannot be opened: {reason.lower()}", "", name) from None


def _not_regular(name: str) -> str:
    return "name the files in it" if os.path.isdir(name) else "write `... | dealcalc schedule -` for a pipe"


def _decoded(data: bytes, name: str) -> str:
    if len(data) > MAX_BYTES:
        raise refuse("limit", "the file is larger than 1 MiB", "a scenario holds one deal", name)
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise refuse("unreadable", f"line {line} is not UTF-8 text", "save the file as UTF-8", name) from None
    if bad := re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]", text):
        line = text.count("\n", 0, bad.start()) + 1
        message = f"line {line} has a control character, U+{ord(bad[0]):04X}"
        raise refuse("unreadable", message, "take it out", name)
    return text


# --- YAML events to nodes --------------------------------------------------------------------------


class _Limit(Exception):
    """A limit on untrusted input is passed: nothing more is read."""

    def __init__(self, node: Node, message: str) -> None:
        self.node, self.message = node, message


class _Builder:
    """Nodes from the events of one YAML document, with limits and without YAML's surprises."""

    def __init__(self, text: str, source: Source) -> None:
        import yaml

        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        self.events = loader(text)
        self.next = self.events.get_event
        self.source, self.problems, self.count = source, [], 0  # type: ignore[var-annotated]
        self.kinds = yaml

    def document(self) -> Node | None:
        self.next()
        if isinstance(self.next(), self.kinds.StreamEndEvent):
            return None
        root = self.node(self.next(), 1)
        self.next()
        after = self.next()
        if not isinstance(after, self.kinds.StreamEndEvent):
            self.note(self.place(after), "unsupported-yaml", "a second document begins here", "one file, one deal")
        return root

    def place(self, event: Any, value: Any = None) -> Node:
        start, end = event.start_mark, event.end_mark
        length = end.column - start.column if end.line == start.line else len(self.line(start.line)) - start.column
        return Node(value, self.source, start.line + 1, start.column + 1, length if length > 0 else 1)

    def line(self, index: int) -> str:
        return self.source.lines[index] if index < len(self.source.lines) else ""

    def note(self, node: Node, code: str, message: str, help: str = "") -> None:
        self.problems.append(node.problem(code, message, help))

    def node(self, event: Any, depth: int) -> Node:
        node = self.place(event)
        self.count += 1
        if self.count > MAX_NODES or depth > MAX_DEPTH:
            raise _Limit(node, f"more than {MAX_NODES:,} values" if depth <= MAX_DEPTH else f"deeper than {MAX_DEPTH} levels")
        kind = type(event)
        if kind is self.kinds.ScalarEvent:
            if len(event.value) > MAX_TEXT:
                raise _Limit(node, f"a text of more than {MAX_TEXT:,} characters")
            node.value = event.value
        elif kind is self.kinds.MappingStartEvent:
            node.value = self.mapping(depth)
        elif kind is self.kinds.SequenceStartEvent:
            node.value = list(self.items(depth))
        if event.anchor is not None or getattr(event, "tag", None) is not None:
            what = "alias" if kind is self.kinds.AliasEvent else "anchor" if event.anchor is not None else "tag"
            self.note(node, "unsupported-yaml", f"a YAML {what} is not read", "write the value itself")
            node.value = None
        return node

    def items(self, depth: int) -> Iterator[Node]:
        while not isinstance(event := self.next(), self.kinds.SequenceEndEvent):
            yield self.node(event, depth + 1)

    def mapping(self, depth: int) -> dict[str, Node]:
        entries: dict[str, Node] = {}
        while not isinstance(event := self.next(), self.kinds.MappingEndEvent):
            key = self.node(event, depth + 1)
            value = self.node(self.next(), depth + 1)
            value.key = key
            if not isinstance(key.value, str):
                if key.value is not None:
                    self.note(key, "shape", "a key is a single word", "write it like `price:`")
            elif key.value == "<<":
                self.note(key, "unsupported-yaml", "a YAML merge key is not read", "write the values themselves")
            elif key.value in entries:
                first = entries[key.value].key
                help = f"it stands on line {first.line} already; take one away" if first else ""
                self.note(key, "duplicate-key", f"`{key.value}` stands here twice", help)
            else:
                entries[key.value] = value
        return entries


def parse(text: str, source: Source) -> tuple[Node | None, list[Problem]]:
    """The root node of a YAML text (none, where it is broken), and what is wrong with the YAML."""
    from yaml import YAMLError

    source.lines = text.split("\n")
    builder = None
    try:
        builder = _Builder(text, source)
        return builder.document(), builder.problems
    except _Limit as limit:
        message, help = f"this is {limit.message}", "no scenario needs that many"
        return None, [limit.node.problem("limit", message, help)]
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        at = Node(None, source, mark.line + 1, mark.column + 1) if mark else Node(None, source, 1, 1)
        what = getattr(error, "problem", None) or "it cannot be read"
        found = [*(builder.problems if builder else []), at.problem("yaml", f"this is not YAML: {what}", _yaml_help(what))]
        return None, found


def _yaml_help(what: str) -> str:
    if "\\t" in what:
        return "indent with spaces, not with tabs"
    if "mapping values" in what:
        return "put quotes around a text that has `: ` in it"
    return "look at indentation, quotes and brackets just before this place"


# --- nodes to typed values -------------------------------------------------------------------------


class _Field(NamedTuple):
    name: str
    kind: Any
    required: bool


@cache
def _fields(type_: type) -> dict[str, _Field]:
    """The fields of a type of the format by their keys in the file."""
    return {
        field.metadata["key"] or field.name: _Field(
            field.name,
            field.metadata["kind"],
            field.default is MISSING and field.default_factory is MISSING,
        )
        for field in fields(type_)
    }


def keys(type_: type) -> list[str]:
    """The keys that a mapping of this type may have."""
    return list(_fields(type_))


class Reader:
    """Reads nodes into typed values and gathers every problem on the way.

    A value with unreadable parts is built without them, so that the rules that do not need them can
    still be checked; such a value never leaves this module, since there is an error then.
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.unread: dict[int, Any] = {}

    def note(self, node: Node, code: str, message: str, help: str = "") -> Any:
        self.problems.append(node.problem(code, message, help))
        return UNREAD

    def read(self, kind: Any, node: Node) -> Any:
        if node.value is None:
            return UNREAD
        if isinstance(kind, Word):
            return self._word(kind, node)
        if isinstance(kind, Many):
            return self._many(kind, node)
        if isinstance(kind, Named):
            return self._named(kind, node)
        return node if kind is Raw else self._structure(kind, node)

    def _word(self, word: Word, node: Node) -> Any:
        if not isinstance(node.value, str):
            what = "a mapping" if isinstance(node.value, dict) else "a list"
            message = f"{what} stands where one value belongs: {word.name}"
            return self.note(node.anchor(), "shape", message, f"write it like {word.example}")
        if not node.value.strip():
            return self._empty(node)
        try:
            return word.read(node.value)
        except Misread as misread:
            return self.note(node, misread.code, misread.message, misread.help)

    def _empty(self, node: Node) -> Any:
        at = node.key or node
        name = f"`{at.value}`" if node.key else "this entry"
        return self.note(at, "empty", f"{name} has no value", "write one, or take the key away")

    def _many(self, kind: Many, node: Node) -> Any:
        if not isinstance(node.value, list):
            if kind.or_one:
                one = self.read(kind.kind, node)
                return one if one is UNREAD else (one,)
            if node.value == "":
                return self._empty(node)
            return self.note(node.anchor(), "shape", "a list belongs here", "put `- ` in front of each entry")
        if not node.value:
            return self._empty(node)
        values = [self.read(kind.kind, entry) for entry in node.value]
        return UNREAD if any(value is UNREAD for value in values) else tuple(values)

    def _named(self, kind: Named, node: Node) -> Any:
        if not isinstance(node.value, dict):
            if node.value == "":
                return self._empty(node)
            return self.note(node.anchor(), "shape", "a mapping belongs here, `name: value`", "give each entry a name")
        if not node.value:
            return self._empty(node)
        values = {}
        for name, entry in node.value.items():
            if entry.value == "none" and kind.kind is not Raw and isinstance(kind.kind, type):
                continue
            self._word(kind.key, entry.key or entry)
            value = self.read(kind.kind, entry)
            if value is not UNREAD:
                values[name] = value
        return MappingProxyType(values)

    def _structure(self, type_: type, node: Node) -> Any:
        values: dict[str, Any] = {}
        unread: set[str] = set()
        known = _fields(type_)
        if isinstance(node.value, dict):
            for key, entry in node.value.items():
                field = known.get(key)
                if field is None:
                    self.note(entry.key or entry, "unknown-key", f"there is no key `{key[:40]}` here", did_you_mean(key[:40], known))
                elif entry.value == "none" and not field.required:
                    continue
                elif (value := self.read(field.kind, entry)) is UNREAD:
                    unread.add(field.name)
                else:
                    values[field.name] = value
            missing = [key for key, field in known.items() if field.required and key not in node.value]
            if missing:
                self._missing(node, missing)
                unread.update(known[key].name for key in missing)
        else:
            self._empty(node) if node.value == "" else self._not_a_mapping(node, known)
            unread.update(field.name for field in known.values())
        return self._checked(self._built(type_, values, unread), node)

    def _missing(self, node: Node, missing: list[str]) -> None:
        names = " and ".join(f"`{key}`" for key in missing)
        at = node.key or node
        self.note(at, "missing-key", f"{names} {'is' if len(missing) == 1 else 'are'} missing here", f"add `{missing[0]}:`")

    def _not_a_mapping(self, node: Node, known: Iterable[str]) -> None:
        what = "a list" if isinstance(node.value, list) else "a single value"
        example = next(iter(known))
        self.note(node.anchor(), "shape", f"{what} stands where a mapping belongs", f"write keys below it, like `{example}:`")

    def _built(self, type_: type, values: dict[str, Any], unread: set[str]) -> Any:
        if not unread:
            return type_(**values)
        # A slot that is not set raises AttributeError, which ends the rules that ask for it.
        value = object.__new__(type_)
        for field in fields(type_):
            if field.name in unread:
                continue
            default = field.default if field.default_factory is MISSING else field.default_factory()
            object.__setattr__(value, field.name, values.get(field.name, default))
        self.unread[id(value)] = value, unread
        return value

    def _checked(self, value: Any, node: Node) -> Any:
        if hasattr(value, "faults"):
            try:
                for rule in value.faults():
                    self._rule(rule, node)
            except AttributeError as error:
                self._expect_unread(error)
        return value

    def _rule(self, rule: Iterable[Fault], node: Node) -> None:
        try:
            self.problems += [placed(fault, node) for fault in rule]
        except AttributeError as error:
            self._expect_unread(error)

    def _expect_unread(self, error: AttributeError) -> None:
        if error.name not in self.unread.get(id(error.obj), (None, ()))[1]:
            raise error


def _nearest(node: Node, path: Path) -> tuple[Node, bool]:
    """The node at a path below `node`, or the last one on the way to it; and whether it was there."""
    for part in path:
        if isinstance(node.value, dict) and str(part) in node.value:
            node = node.value[str(part)]
        elif isinstance(node.value, list) and str(part).isdecimal() and int(part) < len(node.value):
            node = node.value[int(part)]
        elif str(part) != "0":
            return node, False
    return node, True


def placed(fault: Fault, node: Node) -> Problem:
    """A fault of a value as a problem, at the place in its node that the fault's path names."""
    at, found = _nearest(node, fault.path)
    at = at.anchor() if found else at.key or at
    return at.problem(fault.code, fault.message, fault.help, fault.severity)


# --- what-ifs are laid on nodes --------------------------------------------------------------------


def setting(text: str) -> Setting:
    """`PATH=VALUE` of the command line, the value read as YAML; raises Refused."""
    path, equals, value = text.partition("=")
    source = Source("--set", [text], quotable=True)
    at = Node(path.strip(), source, 1, 1, max(1, len(path)))
    if not equals or not path.strip():
        raise Refused([at.problem("command-line", "this is not PATH=VALUE", "write it like charges.compute.price=1bn per month")])
    node, problems = parse(" " * (len(path) + 1) + value, source)
    source.lines = text.split("\n")
    if problems:
        raise Refused(
            Problem(p.code, p.message, p.help, p.file, p.line, p.column, p.length, text, p.severity) for p in problems
        )
    return Setting(at, node or Node("", source, 1, len(path) + 1))


def lay_on(root: Node, type_: type, settings: Iterable[Setting]) -> tuple[Node, list[Problem]]:
    """`root` with values laid over it, one after the other, and the paths that are not possible."""
    problems = []
    for path, value in settings:
        try:
            root = _laid(type_, root, str(path.value).split("."), value, path)
        except Misread as misread:
            problems.append(path.problem(misread.code, misread.message, misread.help))
    return root, problems


def _laid(kind: Any, node: Node | None, parts: list[str], value: Node, at: Node) -> Node:
    """`node` with `value` at the path; whatever is not on the way is shared with the old one."""
    if not parts:
        laid = value.with_value(value.value)
        laid.key = Node((node.key.value if node and node.key else at.value), at.source, at.line, at.column, at.length)
        return laid
    kind, entries, name = _entry(kind, node, parts)
    laid = _laid(kind, _child(entries, name), parts[1:], value, at)
    if isinstance(entries, list):
        entries = [*entries[: int(name)], laid, *entries[int(name) + 1 :]]
        if laid.value == "none":
            entries.pop(int(name))
    else:
        entries = {**entries, name: laid}
        if laid.value == "none":
            del entries[name]
    owner = node or Node(None, at.source, at.line, at.column, at.length)
    return owner.with_value(entries)


def _entry(kind: Any, node: Node | None, parts: list[str]) -> tuple[Any, Any, str]:
    """What a path's next part names: the kind of value there, the entries it stands among, its key."""
    part = parts[0]
    value = node.value if node else None
    if isinstance(kind, Many):
        return _list_entry(kind, value, part, node)
    if isinstance(kind, Named):
        entries = value if isinstance(value, dict) else {}
        if part not in entries and len(parts) > 1:
            raise Misread(f"there is no `{part}` here", did_you_mean(part, entries) if entries else "", code="unknown-name")
        return kind.kind, entries, part
    if isinstance(kind, type) and kind is not Raw:
        known = _fields(kind)
        if part not in known:
            raise Misread(f"there is no term `{part}` here", did_you_mean(part, known), code="unknown-name")
        return known[part].kind, value if isinstance(value, dict) else {}, part
    raise Misread(f"nothing can stand below this: `{part}`", "the path ends one word earlier", code="unknown-name")


def _list_entry(kind: Many, value: Any, part: str, node: Node | None) -> tuple[Any, Any, str]:
    entries = value if isinstance(value, list) else [node] if value is not None else []
    if re.fullmatch(r"0|[1-9][0-9]{0,4}", part):
        if int(part) > len(entries):
            raise Misread(f"the list has {len(entries)} entries, counted from 0", "", code="unknown-name")
        return kind.kind, entries, part
    if isinstance(value, list) or not kind.or_one:
        raise Misread(f"a list stands here, and `{part}` is no entry of it", f"write 0.{part} for the first", code="unknown-name")
    return _entry(kind.kind, node, [part])


def _misread_path(type_: type, root: Node, path: str) -> Misread | None:
    """Why a path names no term that this format could have in this file; None if it does."""
    kind: Any = type_
    node: Node | None = root
    parts = path.split(".")
    try:
        for index in range(len(parts)):
            kind, entries, name = _entry(kind, node, [*parts[index:], ""])
            node = _child(entries, name)
    except Misread as misread:
        return misread
    return None


def _child(entries: Any, name: str) -> Node | None:
    if isinstance(entries, list):
        return entries[int(name)] if int(name) < len(entries) else None
    return entries.get(name)


# --- loading ---------------------------------------------------------------------------------------


def read_root(name: str) -> tuple[Node, list[Problem]]:
    """The root mapping of a scenario or site file, and the problems of its YAML; raises Refused.

    Nothing is quoted from a file that does not name a `deal` or a `provider`: it may be any file
    that somebody had this program read.
    """
    text = read_text(name)
    source = Source(name, [], bool(re.search(r"^(deal|provider)\s*:", text, re.MULTILINE)))
    root, problems = parse(text, source)
    is_scenario = root is not None and isinstance(root.value, dict) and {"deal", "provider"} & root.value.keys()
    if root is None and problems:
        raise Refused(problems)
    if root is None or not is_scenario:
        message = "this is not a scenario: it is not a mapping with `deal`"
        raise refuse("not-a-scenario", message, "`deal: NAME` names the deal, see the README for the format", name)
    return root, problems


def load(name: str, case: str | None = None, settings: Iterable[str] = ()) -> Scenario:
    """The deal of a scenario file (`-`: standard input) with a case and then overrides laid on.

    Raises Refused with every problem of the file, of all its cases, and of the overrides.
    """
    root, problems = read_root(name)
    if "deal" not in root.value:
        raise refuse("not-a-scenario", "this is a site file, not a deal", "name one of the contracts it lists", name)
    deal, found = _read_deal(root)
    problems += found
    problems += _problems_of_cases(root, deal, set(problems))
    overrides: dict[str, str] = {}
    laid: list[Setting] = []
    for text in settings:
        try:
            one = setting(text)
        except Refused as refused:
            problems += refused.problems
        else:
            laid.append(one)
            overrides[str(one.path.value)] = text.partition("=")[2].strip()
    if case is not None and case not in getattr(deal, "cases", ()):
        known = list(getattr(deal, "cases", ()))
        help = did_you_mean(case, known) if known else "the file has no cases"
        raise Refused([*problems, Problem("unknown-name", f"there is no case `{case}` in {name}", help, "--case")])
    settled = [*_settings_of(deal.cases[case]), *laid] if case is not None else laid
    if settled and not errors(problems):
        root, problems = lay_on(root, Deal, settled)
        deal, found = _read_deal(root)
        problems += found
    if errors(problems):
        raise Refused(problems)
    return Scenario(
        deal=deal,
        case=case,
        overrides=MappingProxyType(overrides),
        changed=frozenset(str(one.path.value) for one in settled),
        warnings=tuple(problems),
        root=root,
    )


def errors(problems: Iterable[Problem]) -> bool:
    """Whether one of the problems is more than a warning."""
    return any(problem.severity == "error" for problem in problems)


def _settings_of(case: Case) -> list[Setting]:
    return [Setting(node.key or node, node) for node in case.set.values()]


def _read_deal(root: Node) -> tuple[Deal, list[Problem]]:
    reader = Reader()
    deal = reader.read(Deal, root)
    for rule in (measures.faults_of_claims(deal), _faults_of_paths(deal, root)):
        reader._rule(rule, root)
    if not errors(reader.problems):
        reader.problems += [placed(fault, root) for fault in measures.doubts(deal)]
    return deal, reader.problems


def _faults_of_paths(deal: Deal, root: Node) -> Iterator[Fault]:
    """Paths in `sources` and `assumptions` that name nothing the format has: a warning each."""
    for key in ("sources", "assumptions"):
        for path in getattr(deal, key):
            misread = _misread_path(Deal, root, path)
            if misread:
                message = f"the path {path[:80]} names no term: {misread.message}"
                yield Fault((key, path), misread.code, message, misread.help, "warning")


def _problems_of_cases(root: Node, deal: Deal, known: set[Problem]) -> list[Problem]:
    """What is wrong only when a case is laid on."""
    found: list[Problem] = []
    for case in getattr(deal, "cases", {}).values():
        if not getattr(case, "set", None):
            continue
        laid, problems = lay_on(root, Deal, _settings_of(case))
        problems += _read_deal(laid)[1]
        found += [problem for problem in problems if errors([problem]) and problem not in known]
        known.update(problems)
    return found

"""YAML text to nodes: every value keeps its text and its place.

The YAML parser gives events; the model, not YAML 1.1, decides what a scalar means, so `no`,
`12:30`, `010` and `1e9` stay the texts they are. Files come from strangers: limits are set on the
events, before anything is built, and no line is quoted from a file that is not a mapping with
`deal`, `provider` or `book` (somebody may have linked to a file of passwords).
"""

import os
import re
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from errno import EAGAIN
from functools import cached_property
from typing import Any, NamedTuple, Protocol

import yaml
from yaml import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from dealcalc.loading.problems import Problem, reason_of, refuse

MAX_BYTES = 1 << 20
MAX_DEPTH = 16
MAX_NODES = 20_000
MAX_TEXT = 2_000
MAX_PROBLEMS = 100
"""After so many problems the rest of a file is not read: each costs time, and none is new."""

ROOT_KEYS = ("deal", "provider", "book")
_UNFIT = r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]"


class Mark(Protocol):
    """A place in a text; line and column count from 0, as those of the YAML parser do."""

    @property
    def line(self) -> int:
        """The line, from 0."""

    @property
    def column(self) -> int:
        """The column, from 0."""


class Spot(NamedTuple):
    """A mark that the YAML parser did not set."""

    line: int
    column: int


@dataclass
class Source:
    """Where nodes come from. Lines are quoted only from what is known to be a scenario."""

    name: str
    text: str
    quotable: bool = False

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the text, without their ends."""
        return self.text.split("\n")

    def line(self, index: int) -> str:
        """A line, counted from 0; empty beyond the end."""
        return self.lines[index] if index < len(self.lines) else ""


class Node:
    """A value of a YAML text with its place.

    `value` is a text, a dict of nodes, a list of nodes, or None where a problem is noted already;
    `key` is the node of the key in front of it, if it has one.
    """

    __slots__ = ("end", "key", "source", "start", "value")

    def __init__(self, value: Any, source: Source, start: Mark, end: Mark) -> None:
        self.value, self.source, self.start, self.end = value, source, start, end
        self.key: Node | None = None

    @property
    def line(self) -> int:
        """The line it begins on, from 1."""
        return self.start.line + 1

    @property
    def column(self) -> int:
        """The column it begins in, from 1."""
        return self.start.column + 1

    @property
    def length(self) -> int:
        """How many characters of its first line it fills, at least one."""
        if self.end.line == self.start.line:
            return max(1, self.end.column - self.start.column)
        return max(1, len(self.source.line(self.start.line).rstrip()) - self.start.column)

    def text(self) -> str:
        """The value on one line, lists and mappings in brackets."""
        if isinstance(self.value, dict):
            return f"{{{', '.join(f'{key}: {node.text()}' for key, node in self.value.items())}}}"
        if isinstance(self.value, list):
            return f"[{', '.join(node.text() for node in self.value)}]"
        return " ".join(str(self.value).split())

    def with_value(self, value: Any) -> "Node":
        """The same place, with another value."""
        copy = Node(value, self.source, self.start, self.end)
        copy.key = self.key
        return copy

    def anchor(self) -> "Node":
        """What a caret points at: the value if it is a text, else the key in front of it."""
        has_text = isinstance(self.value, str) and self.value
        return self if has_text or not self.key else self.key

    def nearest(self, path: Iterable[str | int]) -> tuple["Node", bool]:
        """The node at a path below, or the last one on the way; and whether the path is there.

        A single value stands for a list of one, so index 0 is that value itself.
        """
        node = self
        for part in map(str, path):
            if isinstance(node.value, dict) and part in node.value:
                node = node.value[part]
            elif isinstance(node.value, list) and part.isdecimal() and int(part) < len(node.value):
                node = node.value[int(part)]
            elif part != "0":
                return node, False
        return node, True

    def at(self, path: Iterable[str | int]) -> "Node":
        """What a fault at a path below points at; where it is missing, the key above it."""
        node, found = self.nearest(path)
        return node.anchor() if found else node.key or node

    def problem(self, code: str, message: str, help: str = "", severity: str = "error") -> Problem:
        """A problem at this place."""
        quote = self.source.line(self.start.line) if self.source.quotable else ""
        place = self.source.name, self.line, self.column, self.length
        return Problem(code, message, help, *place, quote, severity)


class TooMuch(Exception):
    """A limit on untrusted input is passed: nothing more is read."""

    def __init__(self, node: Node, message: str, help: str) -> None:
        super().__init__(message)
        self.node, self.message, self.help = node, message, help

    def problem(self) -> Problem:
        """The limit as a problem, at the place where it is passed."""
        return self.node.problem("limit", self.message, self.help)


# --- files ----------------------------------------------------------------------------------------


def file_text(name: str) -> str:
    """The text of a file, or of standard input for `-`; raises Refused."""
    try:
        data = _bytes(name)
    except OSError as error:
        message = f"cannot be opened: {reason_of(error)}"
        folder = isinstance(error, IsADirectoryError)
        help = "name the files in it" if folder else "check the path and its permissions"
        raise refuse("unreadable", message, help, name) from None
    except ValueError:
        message = "cannot be opened: this is not a file name"
        raise refuse("unreadable", message, "write the path of a file", name) from None
    return _decoded(data, name)


def checked_text(text: str, name: str) -> str:
    """A text under the rules and limits of a file that is called so; raises Refused."""
    return _decoded(text.encode("utf-8", "surrogatepass"), name)


def _bytes(name: str) -> bytes:
    """What is in a file, or a little more than is allowed of it."""
    if name == "-":
        return _read(sys.stdin.buffer) if sys.stdin else b""
    with open(name, "rb", buffering=0, opener=_without_waiting) as file:
        about = os.fstat(file.fileno())
        if not stat.S_ISREG(about.st_mode):
            help = "write `-` for the file name to read standard input"
            raise refuse("unreadable", "this is not a regular file", help, name)
        # A buffer of a megabyte for every small file takes longer than reading it.
        return _read(file, min(about.st_size or MAX_BYTES, MAX_BYTES) + 1)


def _read(file: Any, size: int = MAX_BYTES + 1) -> bytes:
    """What is in a file, or a little more than is allowed of it; raises OSError.

    It is read to its end, `size` at a time: one read may give less than there is, and half a deal
    would be taken for a whole one.
    """
    data = b""
    while len(data) <= MAX_BYTES and (more := file.read(size)) != b"":
        if more is None:
            raise BlockingIOError(EAGAIN, "nothing can be read from it yet")
        data += more
    return data


def _without_waiting(name: str, flags: int) -> int:
    """A descriptor at once, also for a FIFO, whose writer may never come."""
    return os.open(name, flags | getattr(os, "O_NONBLOCK", 0))


def _decoded(data: bytes, name: str) -> str:
    if len(data) > MAX_BYTES:
        raise refuse("limit", "the file is larger than 1 MiB", "put one deal into one file", name)
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"line {line} is not UTF-8 text"
        raise refuse("unreadable", message, "save the file as UTF-8", name) from None
    if bad := unfit(text):
        line = text.count("\n", 0, bad.start()) + 1
        message = f"line {line} contains a control character, U+{ord(bad[0]):04X}"
        raise refuse("unreadable", message, "remove it", name)
    return text


def unfit(text: str) -> re.Match[str] | None:
    """The first character that has no place in a text: a control character, or half of one."""
    return re.search(_UNFIT, text)


# --- YAML events to nodes -------------------------------------------------------------------------


def parse(source: Source, text: str | None = None) -> tuple[Node | None, list[Problem]]:
    """The root node of a YAML text (None where it is empty or broken), and what is wrong with it.

    `text` is what is parsed where it is not the whole source; its places are those of the source.
    Where it is broken, the last of the problems says so, in words that quote nothing.
    """
    builder = _Builder(source, source.text if text is None else text)
    root, broken = None, []
    try:
        root = builder.document()
    except TooMuch as limit:
        broken = [limit.problem()]
    except (yaml.YAMLError, ValueError, OverflowError) as error:  # those by the slow parser
        broken = [_not_yaml(error, source)]
    return root, [node.problem(*what) for node, *what in builder.found] + broken


class _Builder:
    """Nodes from the events of one YAML document, with limits and without YAML's surprises."""

    def __init__(self, source: Source, text: str) -> None:
        self.next = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text).get_event
        self.source, self.count = source, 0
        self.found: list[tuple[Node, str, str, str]] = []

    def document(self) -> Node | None:
        """The root of the first document, and a problem if there is a second."""
        self.next()
        if isinstance(self.next(), StreamEndEvent):
            return None
        root = self.node(self.next(), 1)
        self.next()
        if not isinstance(after := self.next(), StreamEndEvent):
            at = Node(None, self.source, after.start_mark, after.end_mark)
            self.note(at, "unsupported-yaml", "a second document begins here", "one file, one deal")
        return root

    def note(self, node: Node, code: str, message: str, help: str) -> None:
        """Keep a problem; whether its line may be quoted is known in the end."""
        if len(self.found) == MAX_PROBLEMS:
            raise too_many_problems(node)
        self.found.append((node, code, message, help))

    def node(self, event: Any, depth: int) -> Node:
        """The node that begins with this event; whatever is below it is read too."""
        node = Node(None, self.source, event.start_mark, event.end_mark)
        self.count += 1
        if self.count > MAX_NODES or depth > MAX_DEPTH:
            raise self.too_much(node)
        kind = type(event)
        if kind is ScalarEvent:
            node.value = text = event.value
            if len(text) > MAX_TEXT:
                message = f"this text has more than {MAX_TEXT:,} characters"
                raise TooMuch(node, message, "shorten it")
        elif kind is MappingStartEvent:
            node.value = self.mapping(depth)
            if node.value and not event.flow_style:
                node.end = next(iter(node.value.values())).key.end  # a block begins with a key
        elif kind is SequenceStartEvent:
            node.value = list(self.items(depth))
        if kind is AliasEvent or event.anchor is not None or event.tag is not None:
            self.unsupported(node, event)
        return node

    def too_much(self, node: Node) -> TooMuch:
        """Why the file is not read beyond this node."""
        if self.count > MAX_NODES:
            message = f"the file has more than {MAX_NODES:,} values"
            return TooMuch(node, message, "split the file, or remove what is not part of the deal")
        message = f"this is nested more than {MAX_DEPTH} levels deep"
        return TooMuch(node, message, "no term is nested so deep")

    def unsupported(self, node: Node, event: Any) -> None:
        """What YAML would fill in from elsewhere, or turn into something else."""
        anchor = "tags" if event.anchor is None else "anchors"
        what = "aliases" if type(event) is AliasEvent else anchor
        self.note(node, "unsupported-yaml", f"YAML {what} are not supported", "write the value out")
        node.value = None

    def items(self, depth: int) -> Iterator[Node]:
        """The entries of a list, until it ends."""
        while type(event := self.next()) is not SequenceEndEvent:
            yield self.node(event, depth + 1)

    def mapping(self, depth: int) -> dict[str, Node]:
        """The entries of a mapping by their keys, until it ends."""
        entries: dict[str, Node] = {}
        event = self.next()
        while type(event) is not MappingEndEvent:
            key = self.node(event, depth + 1)
            name = key.value
            if depth == 1 and name in ROOT_KEYS:
                self.source.quotable = True
            value = self.node(self.next(), depth + 1)
            value.key = key
            if type(name) is str and name not in entries and name != "<<":
                entries[name] = value
            else:
                self.no_key(key, entries)
            event = self.next()
        return entries

    def no_key(self, key: Node, entries: Mapping[str, Node]) -> None:
        """Note why a node can be no key beside these; None has its problem already."""
        if key.value == "<<":
            help = "write the values out"
            self.note(key, "unsupported-yaml", "YAML merge keys are not supported", help)
        elif isinstance(key.value, str):
            first = entries[key.value].key or key
            help = f"it is already on line {first.line}; remove one of the two"
            self.note(key, "duplicate-key", f"duplicate key `{key.value[:40]}`", help)
        elif key.value is not None:
            self.note(key, "shape", "a key is a single word", "write it like `price:`")


def too_many_problems(node: Node) -> TooMuch:
    """The end of reading a file in which nothing is right."""
    message = f"there are more than {MAX_PROBLEMS} problems; the rest is not read"
    return TooMuch(node, message, "fix these first")


_IN_EITHER = (
    ("mapping values", "mapping values are not allowed in this context"),
    ("mapping keys", "mapping keys are not allowed in this context"),
    ("sequence entries", "block sequence entries are not allowed in this context"),
    ("tab character", "found a tab character that violates indentation"),
    ("cannot start any token", "found character that cannot start any token"),
    ("end of stream", "found unexpected end of stream"),
    ("escape character", "found unknown escape character"),
    ("hexa?decimal", "did not find expected hexadecimal number"),
    ("expected ',' or '(.)'", r"did not find expected ',' or '\1'"),
    ("expected ':'", "could not find expected ':'"),
    ("block end.*block collection|'-' indicator", "did not find expected '-' indicator"),
    ("block end|expected key", "did not find expected key"),
    ("node content", "did not find expected node content"),
    ("line break|chomping", "did not find expected comment or line break"),
    ("alphabetic", "did not find expected alphabetic or numeric character"),
)
"""Words of the parser written in C, or of the one in Python that stands in for it, and ours."""


def _not_yaml(error: Exception, source: Source) -> Problem:
    """The fault that the YAML parser found, the same whichever it is; the words quote nothing."""
    said = f"{getattr(error, 'problem', '')} {getattr(error, 'context', '')}"
    mark = getattr(error, "problem_mark", None) or Spot(0, 0)
    char = source.line(mark.line)[mark.column : mark.column + 1]
    said = "tab character" if char == "\t" else said
    found = ((re.search(pattern, said), ours) for pattern, ours in _IN_EITHER)
    what = next((match.expand(ours) for match, ours in found if match), "it cannot be read")
    if "end of stream" in what or "expected ','" in what:
        mark = getattr(error, "context_mark", None) or mark  # where the quote or bracket was opened
    elif "escape" in what and char != "\\":
        mark = Spot(mark.line, mark.column - 1)  # one parser stands behind the backslash
    at = Node(None, source, mark, Spot(mark.line, mark.column + 1))
    char = source.line(mark.line)[mark.column : mark.column + 1]
    return at.problem("yaml", f"invalid YAML: {what}", _yaml_help(what, char))


def _yaml_help(what: str, char: str) -> str:
    if char == "\t":
        return "indent with spaces, not with tabs"
    if "mapping values" in what:
        return "put quotes around a text that contains `: `, or fix the indentation"
    if "cannot start any token" in what:
        return "put quotes around a text that begins with this character"
    if "end of stream" in what:
        return "close the quote that is opened here"
    if "expected ','" in what:
        return "close the bracket that is opened here, and put commas between its entries"
    return "check the indentation here and just before"

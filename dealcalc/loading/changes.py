"""Changes: values laid over a file by their paths, as a case and `--set` do.

They are laid on the nodes, which are then read like any file: a what-if is a deal.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

from dealcalc.loading.nodes import Node, Source, Spot, parse, unfit
from dealcalc.loading.partial import known
from dealcalc.loading.problems import Argument, Problem, Refused
from dealcalc.loading.walk import (
    Kind,
    branches,
    entries_of,
    fields_of,
    has_fields,
    is_term,
    required,
    short_key,
)
from dealcalc.terms.charges import Charge
from dealcalc.terms.deal import Case
from dealcalc.terms.fields import Many, Named, Raw, Value
from dealcalc.terms.misread import Misread, closest, did_you_mean
from dealcalc.terms.words import Word

NOT_TERMS = {
    "cases": "choose the case by its name instead",
    "claims": "write a claim about a what-if in its case",
    "sources": "change it in the file",
    "assumptions": "change it in the file",
}
"""What a path of `--set` or of a case may not begin with, and the way out."""

MOST_PARTS = 32
"""Parts of a path: twice as many as a file has levels, since each list may have its `0`."""

FEW = 3
"""So many paths fit into a question."""
LOOKED_AT = 500
"""So many terms of a file are looked at for the one that is meant: files come from strangers."""

PAIRS_KEPT = 1 << 12
"""Answers of `overlap` that are kept: each claim of a file compares the same terms."""

AT_FAULT = "shape"
"""The code of a path that leads nowhere since there is a fault on the way, which is said there."""


class Setting(NamedTuple):
    """A value to lay over another: its path as it was written, with its place, and the value.

    `text` is the value as it was typed, for a setting of the command line.
    """

    path: Node
    value: Node
    text: str = ""


# --- paths ---------------------------------------------------------------------------------------


def parts_of(path: str) -> list[str]:
    """The parts of a path; raises Misread where there are more than lead anywhere."""
    parts = path.split(".")
    if len(parts) > MOST_PARTS:
        message = f"this path has {len(parts):,} parts; the most is {MOST_PARTS}"
        raise Misread(message, "no term is nested so deep", code="limit")
    return parts


def is_pattern(path: str) -> bool:
    """Whether a path may name several terms: `charges.*.price`, `charges.hall-*.price`."""
    return "*" in path


def _fits(pattern: str, name: str) -> bool:
    """Whether a part of a path is a name, or stands for it by one `*`, which is any text."""
    if pattern == name or not is_pattern(pattern):
        return pattern == name
    start, _, end = pattern.partition("*")
    is_long = len(name) >= len(start) + len(end)
    return is_long and name.startswith(start) and name.endswith(end)


def matches(type_: type, root: Node, path: str) -> list[list[str]]:
    """The paths, in parts, of what stands in a file and a pattern fits; a plain path is itself.

    Raises Misread where none is there.
    """
    parts = parts_of(path)
    if not is_pattern(path):
        return [parts]
    paths = list(_matches(type_, root, parts))
    if not paths:
        help = "`*` is any name that stands in the file, as in `charges.*.price`"
        raise Misread(f"no term of the file is `{path[:80]}`", help, code="unknown-name")
    return paths


def _matches(kind: Kind, node: Node, parts: list[str]) -> Iterator[list[str]]:
    part, *rest = parts
    for name in _names(kind, node, part):
        place = _place(kind, node, name)
        if place.child is not None:
            below = _matches(place.kind, place.child, rest) if rest else iter([[]])
            yield from ([name, *path] for path in below)


def _names(kind: Kind, node: Node, part: str) -> list[str]:
    """The names that a file has chosen here and that a part of a pattern fits; else the part."""
    entries = entries_of(kind, node) if isinstance(kind, Named | Many) else None
    if entries is None or not is_pattern(part) or part in entries:
        return [part]
    names = map(str, range(len(entries))) if isinstance(entries, list) else entries
    return [name for name in names if _fits(part, name)]


def leads_to(upper: str, path: str) -> bool:
    """Whether a path is another one, or stands above it, by either way to write them.

    What stands alone may be written as the first of a list: `termination.0.notice` or without `0`.
    A pattern leads to all that it fits.
    """
    above, below = upper.split("."), path.split(".")
    while above and below:
        if _fits(above[0], below[0]):
            del above[0], below[0]
        elif above[0] == "0" and not below[0].isdecimal():
            del above[0]
        elif below[0] == "0" and not above[0].isdecimal():
            del below[0]
        else:
            return False
    return not above


@lru_cache(PAIRS_KEPT)
def overlap(path: str, other: str) -> bool:
    """Whether one of two paths is the other, or stands above it."""
    return leads_to(path, other) or leads_to(other, path)


def unreplaced(reasons: Mapping[str, Value], changed: Iterable[str]) -> dict[str, Value]:
    """Assumptions or sources by path, without those about what has been replaced."""
    replaced = tuple(changed)
    return {
        path: reason
        for path, reason in reasons.items()
        if not any(leads_to(change, path) for change in replaced)
    }


def kind_at(type_: type, root: Node, path: str) -> tuple[Kind, Node | None]:
    """What a path of the format leads to: its kind, and the node if one is there; raises Misread.

    Where `3%` stands for an escalator, that is its rate, too. Of a pattern it is the first.
    """
    kind: Kind = type_
    node: Node | None = root
    for part in matches(type_, root, path)[0]:
        place = _place(kind, node, part)
        kind, node = place.kind, place.child
    while node is None or isinstance(node.value, str):
        short = short_key(kind)
        if isinstance(kind, Many) and kind.or_one and has_fields(kind.kind):
            kind = kind.kind
        elif short and short not in required(kind):
            kind = fields_of(kind)[short].kind
        else:
            break
    return kind, node


def leaves(kind: Kind, node: Node) -> Iterator[str]:
    """The paths of the terms that stand in a file; what stands without a list has no index."""
    if isinstance(kind, Many) and not isinstance(node.value, list):
        kind = kind.kind
    entries = entries_of(kind, node)
    for branch in () if entries is None else branches(kind, entries):
        if isinstance(branch.value, Node):
            if is_term(branch.kind):
                yield branch.part
            else:
                below = leaves(branch.kind, branch.value)
                yield from (f"{branch.part}.{path}" for path in below)


def _meant(type_: type, root: Node, path: str) -> str:
    """The way out where a path is only the end of one or more that are there, like `price`.

    Its last word may be mistyped, if no name at its own place is closer.
    """
    *upper, last = path.split(".")
    paths = [full.split(".") for full in islice(leaves(type_, root), LOOKED_AT)]
    paths = [full for full in paths if full[0] not in NOT_TERMS and _in_order(upper, full)]
    words = {full[-1] for full in paths}
    if last not in words:
        beside = _beside(type_, root, upper)
        last = closest(last, sorted(words | beside))
        words -= beside
    ends = [".".join(full) for full in paths if full[-1] == last and last in words]
    if len(ends) > FEW:
        return f"it is one of: {', '.join(ends[:12])}"
    return f"did you mean {' or '.join(f'`{path}`' for path in ends)}?" if ends else ""


def _beside(type_: type, root: Node, upper: list[str]) -> set[str]:
    """The names that the format, or the file, knows at a place; none where it has no such place."""
    try:
        kind, node = kind_at(type_, root, ".".join(upper)) if upper else (type_, root)
    except Misread:
        return set()
    if isinstance(kind, Named):
        return {*node.value} if node and isinstance(node.value, dict) else set()
    kind = kind.kind if isinstance(kind, Many) else kind
    return {*fields_of(kind)} if isinstance(kind, type) and kind is not Raw else set()


def _in_order(parts: Iterable[str], path: Iterable[str]) -> bool:
    """Whether the parts stand in a path, in their order."""
    rest = iter(path)
    return all(part in rest for part in parts)


def why_not_there(type_: type, root: Node, path: str) -> Misread | None:
    """Why a path names no term that this file has or could have; None if it does.

    None, too, where the file is at fault: that is said already.
    """
    kind: Kind = type_
    node: Node | None = root
    try:
        for part in parts_of(path):
            place = _place(kind, node, part)
            if place.is_open and place.child is None:
                raise place.unknown()
            kind, node = place.kind, place.child
    except Misread as misread:
        help = _meant(type_, root, path) or misread.help
        meant = Misread(misread.message, help, code=misread.code)
        return None if misread.code == AT_FAULT else meant
    return None


# --- settings ------------------------------------------------------------------------------------


def as_source(text: str | Source, argument: str = "set") -> Source:
    """`PATH=VALUE` as a source that is named like the argument, unless it is one with a name."""
    return text if isinstance(text, Source) else Source(Argument(argument), text, quotable=True)


def setting(source: Source) -> Setting:
    """`PATH=VALUE`, the value read as YAML; raises Refused."""
    text = source.text
    path, equals, value = text.partition("=")
    written = Node(path.strip(), source, Spot(0, 0), Spot(0, len(path)))
    if not equals or not path.strip():
        help = "write it like `charges.compute.price=1bn per month`"
        raise Refused([written.problem("command-line", "this is not PATH=VALUE", help)])
    if bad := unfit(text):
        char = Node(None, source, Spot(0, bad.start()), Spot(0, bad.end()))
        raise Refused(
            [char.problem("command-line", "there is a control character here", "remove it")]
        )
    node, problems = parse(source, " " * (len(path) + 1) + value)
    if problems:
        raise Refused(problems)
    return Setting(written, node or Node("", source, written.end, written.end), value.strip())


def settings_of(sources: Iterable[str | Source], problems: list[Problem]) -> Iterator[Setting]:
    """The settings of the command line, in their order; what is wrong with them is noted."""
    for source in sources:
        try:
            yield setting(as_source(source))
        except Refused as refused:
            problems += refused.problems


def settings_by(case: Case) -> list[Setting]:
    """The settings that a case lays on its file, options taken last; none that were not read."""
    laid: Mapping[str, Node] = known(case, "terms", {})
    keys = ((path, node.key, node) for path, node in laid.items() if node.key)
    return [Setting(Node(path, key.source, key.start, key.end), node) for path, key, node in keys]


def lay_on(root: Node, type_: type, settings: Iterable[Setting]) -> tuple[Node, list[Problem]]:
    """`root` with values laid over it, one after the other, and the paths that are not possible."""
    problems = []
    for change in settings:
        try:
            path = str(change.path.value)
            first = path.partition(".")[0]
            if help := NOT_TERMS.get(first):
                raise Misread(f"`{first}` is not a term of the deal", help, code="not-here")
            for parts in matches(type_, root, path):
                root = _laid(type_, root, parts, change)
        except Misread as misread:
            if misread.code != AT_FAULT:
                help = _meant(type_, root, str(change.path.value)) or misread.help
                problems.append(change.path.problem(misread.code, misread.message, help))
    return root, problems


def _laid(kind: Kind, node: Node | None, path: list[str], change: Setting) -> Node:
    """`node` with a value at a path below it; whatever is not on the way is shared with the old."""
    place, rest = _place(kind, node, path[0]), path[1:]
    child, value = place.child, change.value
    if child is None and not place.may_add(whole=not rest, value=value.value):
        raise place.unknown()
    laid = _laid(place.kind, child, rest, change) if rest else value.with_value(value.value)
    written = change.path.source, change.path.start, change.path.end
    if child is None or not rest:
        laid.key = Node(path[0], *written)
    owner = node or Node(None, *written)
    return owner.with_value(place.entries_with(laid))


# --- where a part of a path leads -----------------------------------------------------------------


class _Place(NamedTuple):
    """Where a part of a path leads: the kind of what stands there, and beside what it stands.

    `is_open` says whether the keys of the entries are chosen by the file, as names and indices are;
    `stays` whether the entries do, so that they do not go with the last of them; `says_none`
    whether `none` is said there, and more than that nothing is.
    """

    kind: Kind
    entries: Any
    key: Any
    is_open: bool
    stays: bool
    says_none: bool = False

    @property
    def child(self) -> Node | None:
        """The node there; None where there is none, or only `none`."""
        is_list = isinstance(self.entries, list)
        there = self.key < len(self.entries) if is_list else self.key in self.entries
        child: Node | None = self.entries[self.key] if there else None
        return None if child is None or child.value == "none" else child

    def may_add(self, *, whole: bool, value: Any) -> bool:
        """Whether something new may stand here.

        A name comes only as a whole, since in a longer path it is rather mistyped than new.
        """
        if self.is_open and value == "none":
            return False
        if isinstance(self.entries, list):
            return bool(self.key == len(self.entries))
        return whole or not self.is_open

    def unknown(self) -> Misread:
        """Why nothing may be added here."""
        if isinstance(self.entries, list):
            help = f"entries are numbered from 0, and it has {len(self.entries)}"
            return Misread(f"the list has no entry {self.key}", help, code="unknown-name")
        message = f"there is no `{self.key[:40]}` here"
        if not self.entries:
            # A deal without charges is at fault for that; one without options is not.
            code = AT_FAULT if self.kind is Charge else "unknown-name"
            return Misread(message, "there are none", code=code)
        return Misread(message, did_you_mean(self.key, self.entries), code="unknown-name")

    def entries_with(self, laid: Node) -> Any:
        """The entries with one of them replaced or added, or taken away by `none`."""
        gone = laid.value == "none"
        if isinstance(self.entries, list):
            before, after = self.entries[: self.key], self.entries[self.key + 1 :]
            return [*before, *([] if gone else [laid]), *after] or "none"
        entries = {**self.entries, self.key: laid}
        if gone and not self.says_none:
            del entries[self.key]
        return entries if entries or self.stays else "none"


def _place(kind: Kind, node: Node | None, part: str) -> _Place:
    """Where the next part of a path leads; raises Misread where the format has nothing there."""
    if isinstance(kind, Word) or kind is Raw:
        message = f"this is a single value, so it has no `{part[:40]}`"
        raise Misread(message, "end the path before it", code="unknown-name")
    if isinstance(kind, Many):
        return _place_in_list(kind, node, part)
    entries = entries_of(kind, node)
    if entries is None:
        message = f"this is not a mapping, so it has no `{part[:40]}`"
        raise Misread(message, "write keys below it", code=AT_FAULT)
    if isinstance(kind, Named):
        return _Place(kind.kind, entries, part, is_open=True, stays=True)
    terms = fields_of(kind)
    if part not in terms:
        message = f"unknown term `{part[:40]}`"
        raise Misread(message, did_you_mean(part, terms), code="unknown-name")
    field, stays = terms[part], bool(required(kind))
    says_none = field.none is not MISSING
    return _Place(field.kind, entries, part, is_open=False, stays=stays, says_none=says_none)


def _place_in_list(kind: Many, node: Node | None, part: str) -> _Place:
    if re.fullmatch(r"0|[1-9][0-9]{0,4}", part):
        entries = entries_of(kind, node)
        return _Place(kind.kind, entries, int(part), is_open=True, stays=False)
    if not kind.or_one or (node and isinstance(node.value, list)):
        message = f"this is a list, and `{part[:40]}` is not one of its entries"
        raise Misread(message, f"write `0.{part[:40]}` for the first entry", code="unknown-name")
    return _place(kind.kind, node, part)  # once: no list holds lists

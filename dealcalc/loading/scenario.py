"""Scenario files: a deal with a case and `--set` laid on it, or every problem with its place.

Both are laid on the nodes, which are then read like any file: a what-if is a deal.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from dealcalc.figures import figures as measures
from dealcalc.figures import prices
from dealcalc.loading.nodes import Node, Source, Spot, checked_text, parse, read_text, unfit
from dealcalc.loading.problems import Argument, Problem, Refused, refuse, safe
from dealcalc.loading.reader import Reader, Rule, entries_of, fields_of, required
from dealcalc.terms.deal import PARTIES, Case, Claim, Deal
from dealcalc.terms.fields import Many, Named, Raw
from dealcalc.terms.misread import Misread, did_you_mean
from dealcalc.terms.rules import Fault, folded
from dealcalc.terms.words import Word

NOT_TERMS = {
    "cases": "a case is chosen with `--case`",
    "claims": "a claim about a what-if stands in its case",
    "sources": "change it in the file",
    "assumptions": "change it in the file",
}
"""What a path of `--set` or of a case may not begin with, and the way out."""

AT_FAULT = "shape"
"""The code of a path that leads nowhere since there is a fault on the way, which is said there."""


Opened = tuple[Node, list[Problem]]
"""The root mapping of a file, and the problems of its YAML."""


class Setting(NamedTuple):
    """A value to lay over another: its path as it was written, with its place, and the value.

    `text` is the value as it was typed, for a setting of the command line.
    """

    path: Node
    value: Node
    text: str = ""


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class Scenario:
    """A deal as it was asked for: the file, a case laid on it, and then settings.

    `file` is the root node of the file as it stands, `root` that of the deal as it was asked for.
    """

    deal: Deal
    case: str | None = None
    settings: tuple[Setting, ...] = ()
    warnings: tuple[Problem, ...] = ()
    root: Node
    file: Node

    def __str__(self) -> str:
        """The deal, its case and every override."""
        parts = [self.deal.name]
        if self.case:
            parts.append(f"case {self.case}")
        return " · ".join([*parts, *(f"{path} = {text}" for path, text in self.overrides.items())])

    def __repr__(self) -> str:
        deal, term = self.deal, self.deal.term
        what = f"{deal.buyer} to {deal.seller}, {deal.currency}, {term.start} to {term.last}"
        return safe(f"<Scenario {self}: {what}>")

    @property
    def overrides(self) -> Mapping[str, str]:
        """The settings, by path, as they were typed."""
        return {str(one.path.value): one.text for one in self.settings}

    @property
    def what_if(self) -> Case:
        """The case that was asked for; an empty one without `--case`."""
        return self.deal.cases[self.case] if self.case else Case()

    @property
    def changed(self) -> frozenset[str]:
        """The paths that a case or settings have replaced."""
        return frozenset(self.what_if.set) | self.overrides.keys()

    def node(self, path: str) -> Node:
        """The node at a path, or the nearest one above it that is there."""
        return self.root.nearest(path.split("."))[0]

    def find(self, path: str) -> Node | None:
        """The node at a path; None where nothing is said there."""
        node, found = self.root.nearest(path.split("."))
        return node if found else None

    def text(self, path: str) -> str | None:
        """What is said at a path, on one line; None where nothing is."""
        node = self.find(path)
        return node.text() if node else None

    def word(self, path: str) -> Word | None:
        """The word that stands at a path of the format; None for a type. Raises Misread."""
        kind: Any = Deal
        node: Node | None = self.root
        for part in path.split("."):
            way = _way(kind, node, part)
            kind, node = way.kind, way.child
        return kind if isinstance(kind, Word) else None

    def assumed(self) -> dict[str, str]:
        """What the file assumes, by path, without what a case or a setting has replaced."""
        return unreplaced(self.deal.assumptions, self.changed)

    def sourced(self) -> dict[str, str]:
        """Where terms come from, by path, without what a what-if has replaced; the case too."""
        case = {f"cases.{self.case}": self.what_if.source} if self.what_if.source else {}
        return unreplaced(self.deal.sources, self.changed) | case

    def in_case(self, name: str) -> "Scenario":
        """The same file and settings, with one of its cases; raises Refused."""
        return _what_if(self, name, self.settings)

    def varied(self, terms: Mapping[str, str]) -> "Scenario":
        """The same with other terms, by path, as texts to be read like the file; raises Refused."""
        more = (setting(f"{path}={text}") for path, text in terms.items())
        return _what_if(self, self.case, (*self.settings, *more))


def unreplaced(said: Mapping[str, str], changed: Iterable[str]) -> dict[str, str]:
    """Assumptions or sources by path, without those about what has been replaced."""
    replaced = tuple(changed)
    return {
        path: text
        for path, text in said.items()
        if not any(leads_to(one, path) for one in replaced)
    }


def leads_to(one: str, path: str) -> bool:
    """Whether a path is another one, or stands above it, by either way to write them.

    What stands alone may be written as the first of a list: `termination.0.notice` or without `0`.
    """
    return _leads_to(one.split("."), path.split("."))


def overlap(one: str, other: str) -> bool:
    """Whether one of two paths is the other, or stands above it."""
    return leads_to(one, other) or leads_to(other, one)


def _leads_to(one: list[str], path: list[str]) -> bool:
    if not one:
        return True
    if not path:
        return False
    if one[0] == path[0]:
        return _leads_to(one[1:], path[1:])
    if one[0] == "0" and not path[0].isdecimal():
        return _leads_to(one[1:], path)
    return path[0] == "0" and not one[0].isdecimal() and _leads_to(one, path[1:])


# --- what-ifs are laid on nodes ------------------------------------------------------------------


def setting(text: str, option: str = "--set") -> Setting:
    """`PATH=VALUE` of the command line, the value read as YAML; raises Refused."""
    path, equals, value = text.partition("=")
    source = Source(option, text, quotable=True)
    at = Node(path.strip(), source, Spot(0, 0), Spot(0, len(path)))
    if not equals or not path.strip():
        help = "write it like `charges.compute.price=1bn per month`"
        raise Refused([at.problem("command-line", "this is not PATH=VALUE", help)])
    if bad := unfit(text):
        at = Node(None, source, Spot(0, bad.start()), Spot(0, bad.end()))
        raise Refused([at.problem("command-line", "a control character is here", "take it out")])
    node, problems = parse(source, " " * (len(path) + 1) + value)
    if problems:
        raise Refused(problems)
    return Setting(at, node or Node("", source, at.end, at.end), value.strip())


def lay_on(root: Node, type_: type, settings: Iterable[Setting]) -> tuple[Node, list[Problem]]:
    """`root` with values laid over it, one after the other, and the paths that are not possible."""
    problems = []
    for one in settings:
        path = str(one.path.value).split(".")
        try:
            if help := NOT_TERMS.get(path[0]):
                raise Misread(f"`{path[0]}` is no term of the deal", help, code="not-here")
            root = _laid(type_, root, path, one)
        except Misread as misread:
            if misread.code != AT_FAULT:
                problems.append(one.path.problem(misread.code, misread.message, misread.help))
    return root, problems


def _laid(kind: Any, node: Node | None, path: list[str], one: Setting) -> Node:
    """`node` with a value at a path below it; whatever is not on the way is shared with the old."""
    way, rest = _way(kind, node, path[0]), path[1:]
    child = way.child
    if child is None and not way.may_add(whole=not rest, value=one.value.value):
        raise way.unknown()
    laid = _laid(way.kind, child, rest, one) if rest else one.value.with_value(one.value.value)
    place = one.path.source, one.path.start, one.path.end
    if child is None or not rest:
        laid.key = Node(path[0], *place)
    owner = node or Node(None, *place)
    return owner.with_value(way.entries_with(laid))


class _Way(NamedTuple):
    """Where a part of a path leads: what kind of value stands there, among which entries.

    `open` says whether the keys of the entries are chosen by the file, as names and indices are;
    `needed` whether the entries are, so that they do not go with the last of them.
    """

    kind: Any
    entries: Any
    key: Any
    open: bool
    needed: bool

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
        if self.open and value == "none":
            return False
        if isinstance(self.entries, list):
            return bool(self.key == len(self.entries))
        return whole or not self.open

    def unknown(self) -> Misread:
        """Why nothing may be added here."""
        if isinstance(self.entries, list):
            help = f"its entries are counted from 0, and it has {len(self.entries)}"
            return Misread(f"the list has no entry {self.key}", help, code="unknown-name")
        message = f"there is no `{self.key[:40]}` here"
        if not self.entries:
            return Misread(message, "none is named here", code=AT_FAULT)
        return Misread(message, did_you_mean(self.key, self.entries), code="unknown-name")

    def entries_with(self, laid: Node) -> Any:
        """The entries with one of them replaced or added, or taken away by `none`."""
        gone = laid.value == "none"
        if isinstance(self.entries, list):
            before, after = self.entries[: self.key], self.entries[self.key + 1 :]
            return [*before, *([] if gone else [laid]), *after] or "none"
        entries = {**self.entries, self.key: laid}
        if gone:
            del entries[self.key]
        return entries if entries or self.needed else "none"


def _way(kind: Any, node: Node | None, part: str) -> _Way:
    """Where the next part of a path leads; raises Misread where the format has nothing there."""
    if isinstance(kind, Many):
        return _way_into_list(kind, node, part)
    if isinstance(kind, Word) or kind is Raw:
        message = f"nothing stands below this, so no `{part[:40]}`"
        raise Misread(message, "end the path before it", code="unknown-name")
    value = entries_of(kind, node) if node else None
    if node and not isinstance(value, dict):
        message = f"no mapping stands here, so no `{part[:40]}`"
        raise Misread(message, "write keys below it", code=AT_FAULT)
    if isinstance(kind, Named):
        return _Way(kind.kind, value or {}, part, open=True, needed=True)
    known = fields_of(kind)
    if part not in known:
        message = f"there is no term `{part[:40]}` here"
        raise Misread(message, did_you_mean(part, known), code="unknown-name")
    return _Way(known[part].kind, value or {}, part, open=False, needed=bool(required(kind)))


def _way_into_list(kind: Many, node: Node | None, part: str) -> _Way:
    value = node.value if node else None
    if re.fullmatch(r"0|[1-9][0-9]{0,4}", part):
        entries = value if isinstance(value, list) else [node] if node else []
        return _Way(kind.kind, entries, int(part), open=True, needed=False)
    if isinstance(value, list) or not kind.or_one:
        message = f"a list stands here, and `{part[:40]}` is no entry of it"
        raise Misread(message, f"write `0.{part[:40]}` for that of the first", code="unknown-name")
    return _way(kind.kind, node, part)


class Variations:
    """A scenario with other terms, again and again; what they share is read once, none is priced.

    Raises Refused where a path names no term of the deal.
    """

    def __init__(self, scenario: Scenario, paths: Iterable[str] = ()) -> None:
        self._there, self._read = scenario, Reader([], RULES)
        self._read.read(Deal, scenario.file)
        _, problems = lay_on(scenario.root, Deal, [setting(f"{one}=", "--vary") for one in paths])
        if problems:
            raise Refused(problems)

    def deal(self, terms: Mapping[str, str], cases: Iterable[str] | None = None) -> Deal:
        """The deal with other terms, by path, as texts that are read like the file; raises Refused.

        They are laid on the settings, those on the cases: by default on the one that was asked for.
        """
        there = self._there
        if cases is None:
            cases = [there.case] if there.case else []
        of_cases = [one for name in cases for one in _laid_by(there.deal.cases[name])]
        more = [setting(f"{path}={text}", "--vary") for path, text in terms.items()]
        root, problems = lay_on(there.file, Deal, [*of_cases, *there.settings, *more])
        deal: Deal = Reader(problems, RULES, self._read).read(Deal, root)
        if errors(problems):
            raise Refused(problems)
        return deal


# --- loading -------------------------------------------------------------------------------------


def load(
    name: str,
    case: str | None = None,
    settings: Iterable[str] = (),
    opened: Opened | None = None,
) -> Scenario:
    """The deal of a scenario file (`-`: standard input) with a case and then settings laid on it.

    A file that was `opened` is not read again, as standard input cannot be. Raises Refused with
    every problem of the file, of all its cases, and of the settings.
    """
    file, problems = opened or read_root(name)
    typed = tuple(settings_of(settings, problems))
    scenarios = _scenarios(file, problems)
    base = scenarios[None]
    if case is not None and case not in getattr(base.deal, "cases", [case]):
        problems.append(no_case(case, name, base.deal.cases))
    if errors(problems):
        raise Refused(problems)
    return _what_if(base, case, typed) if typed else _priced(scenarios[case])


def load_each(name: str) -> tuple[list[Scenario], list[Problem]]:
    """The deal of a file as it stands and with each of its cases, and the warnings; raises Refused.

    None is priced, so what only `prices.doubts` can say is not among the warnings.
    """
    file, problems = read_root(name)
    scenarios = _scenarios(file, problems)
    if errors(problems):
        raise Refused(problems)
    return list(scenarios.values()), problems


def read_root(name: str, text: str | None = None) -> Opened:
    """The root mapping of a scenario or site file, and the problems of its YAML; raises Refused.

    Nothing is quoted from a file that does not name a `deal` or a `provider`: it may be any file
    that somebody had this program read.
    """
    source = Source(name, read_text(name) if text is None else checked_text(text, name))
    root, problems = parse(source)
    if root is None and problems:
        raise Refused(problems if source.quotable else problems[-1:])
    if root is None or not source.quotable:
        message = "this is not a scenario: it is not a mapping with `deal`"
        raise refuse("not-a-scenario", message, "begin it with `deal: NAME`", name)
    return root, problems


def is_site(name: str) -> bool:
    """Whether a file is the seller's view of several contracts; never standard input."""
    try:
        return name != "-" and "provider" in read_root(name)[0].value
    except Refused:
        return False


def errors(problems: Iterable[Problem]) -> bool:
    """Whether one of the problems is more than a warning."""
    return any(problem.severity == "error" for problem in problems)


def settings_of(texts: Iterable[str], problems: list[Problem]) -> Iterator[Setting]:
    """The settings of the command line, in their order; what is wrong with them is noted."""
    for text in texts:
        try:
            yield setting(text)
        except Refused as refused:
            problems += refused.problems


def _laid_by(case: Case) -> list[Setting]:
    """The settings that a case lays on its file."""
    return [Setting(node.key, node) for node in getattr(case, "set", {}).values() if node.key]


def no_case(case: str, name: str, cases: Mapping[str, Case]) -> Problem:
    """What is said where a file has no case of that name."""
    help = did_you_mean(case, cases) if cases else "the file has no cases"
    return Problem(
        "unknown-name", f"there is no case `{case[:80]}` in {name}", help, Argument("case")
    )


def _scenarios(file: Node, problems: list[Problem]) -> dict[str | None, Scenario]:
    """The deal of a file as it stands (None) and with each of its cases; what is wrong is noted."""
    if "deal" not in file.value:
        message, help = "this is a site file, not a deal", "name one of the contracts it lists"
        raise refuse("not-a-scenario", message, help, file.source.name)
    reader = Reader(problems, RULES)
    deal = _deal(reader, file, file)
    warnings = tuple(problem for problem in problems if problem.severity == "warning")
    base = Scenario(deal=deal, root=file, file=file, warnings=warnings)
    cases = getattr(deal, "cases", {})
    return {None: base, **{name: _in_case(reader, base, name) for name in cases}}


def _in_case(reader: Reader, base: Scenario, name: str) -> Scenario:
    """A deal with a case laid on it; what is wrong only then is noted, and said to be."""
    settings = _laid_by(base.deal.cases[name])
    if not settings:
        return replace(base, case=name)
    before = len(reader.problems)
    known = {(problem.code, problem.place) for problem in reader.problems}
    root, found = lay_on(base.file, Deal, settings)
    deal = reader.read(Deal, root)
    found += reader.problems[before:]
    del reader.problems[before:]
    for problem in found:
        if errors([problem]) and (problem.code, problem.place) not in known:
            message = f"in the case {name}: {problem.message}"
            reader.problems.append(replace(problem, message=message))
    about_paths = (problem for problem in base.warnings if problem.code == "unknown-name")
    warnings = (*about_paths, *(problem for problem in found if problem.severity == "warning"))
    return replace(base, deal=deal, case=name, root=root, warnings=warnings)


def _what_if(there: Scenario, case: str | None, settings: tuple[Setting, ...]) -> Scenario:
    """The file of a scenario with a case and then settings laid on it; raises Refused."""
    settled = [*(_laid_by(there.deal.cases[case]) if case else ()), *settings]
    root, problems = lay_on(there.file, Deal, settled)
    deal = _deal(Reader(problems, RULES), root, there.file)
    if errors(problems):
        raise Refused(problems)
    what_if = replace(there, deal=deal, case=case, settings=settings, root=root)
    return _priced(replace(what_if, warnings=tuple(problems)))


def _deal(reader: Reader, root: Node, file: Node) -> Deal:
    """The deal of a root node, without what is unread; raises Refused after too many problems.

    Sources are about the file, also where a what-if takes away what they speak of.
    """
    deal: Deal = reader.read(Deal, root)
    if reader.problems:
        reader.problems[:] = _with_roles(reader.problems, deal, root)
    note_doubtful_paths(reader, deal, file)
    return deal


def _with_roles(problems: Iterable[Problem], deal: Deal, root: Node) -> Iterator[Problem]:
    """Problems, with the word to write where a party is called by its name."""
    cases = (("cases", name, "by") for name in getattr(deal, "cases", ()))
    rights = (("termination", index, "by") for index in range(len(PARTIES)))
    found = (root.nearest(path) for path in (*cases, *rights))
    named = {
        node.problem("choice", "").place: folded(node.value)
        for node, there in found
        if there and isinstance(node.value, str)
    }
    roles = {folded(getattr(deal, role, "")): role for role in PARTIES}
    for problem in problems:
        role = roles.get(named.get(problem.place, " ")) if problem.code == "choice" else None
        yield replace(problem, help=f"write `{role}`") if role else problem


def _priced(there: Scenario) -> Scenario:
    """A scenario with the doubts that only its price can raise; raises Refused."""
    problems = list(there.warnings)
    Reader(problems).rule(prices.doubts(there.deal), there.root, there.deal)
    if errors(problems):
        raise Refused(problems)
    return replace(there, warnings=tuple(sorted(problems, key=lambda problem: problem.place)))


# --- rules that the types cannot know ------------------------------------------------------------


def _readable(claim: Claim) -> Iterator[Fault]:
    """The rule that a claim says something which can be true or false."""
    try:
        measures.statement(claim.claim)
    except Misread as misread:
        yield Fault(("claim",), "claim", misread.message, misread.help)


RULES: Mapping[type, Rule] = {Claim: _readable}


def note_doubtful_paths(reader: Reader, value: Any, file: Node) -> None:
    """Warn of paths in `sources` and `assumptions` that name nothing the format has."""
    for key in ("sources", "assumptions"):
        for path in getattr(value, key, ()):
            misread = why_not_there(type(value), file, path)
            at = file.value[key].value[path].key
            if misread and at:
                message = f"the path {path[:80]} names no term: {misread.message}"
                reader.note(at, misread.code, message, misread.help, "warning")


def why_not_there(type_: type, root: Node, path: str) -> Misread | None:
    """Why a path names no term that this file has or could have; None if it does.

    None, too, where the file is at fault: that is said already.
    """
    kind: Any = type_
    node: Node | None = root
    try:
        for part in path.split("."):
            way = _way(kind, node, part)
            if way.open and way.child is None:
                raise way.unknown()
            kind, node = way.kind, way.child
    except Misread as misread:
        return None if misread.code == AT_FAULT else misread
    return None

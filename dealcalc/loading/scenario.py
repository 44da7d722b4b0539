"""Scenario files: a deal with a case and settings laid on it, or every problem with its place.

Nothing is priced here, and a claim is kept as the text it is: what a file says is known, what it
comes to is asked elsewhere. Whoever can read claims hands in a rule for them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from dealcalc.loading.changes import (
    Setting,
    as_source,
    kind_at,
    lay_on,
    matches,
    setting,
    settings_by,
    settings_of,
    unreplaced,
    why_not_there,
)
from dealcalc.loading.nodes import Node, Source, Spot, checked_text, file_text, parse
from dealcalc.loading.partial import known
from dealcalc.loading.problems import Argument, Problem, Refused, errors, refuse, safe
from dealcalc.loading.ranges import note_ranges
from dealcalc.loading.reader import NO_RULES, MoreRules, Reader
from dealcalc.terms.deal import GIVING, PARTIES, Case, Deal
from dealcalc.terms.misread import Misread, did_you_mean
from dealcalc.terms.options import agreed
from dealcalc.terms.rules import folded
from dealcalc.terms.words import Word

Opened = tuple[Node, list[Problem]]
"""The root mapping of a file, and the problems of its YAML."""


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class Scenario:
    """A deal as it was asked for: the file, a case laid on it, and then settings.

    In it all options are taken that the file, or the what-if, says are.

    `file` is the root node of the file as it stands, `root` that of the deal as it was asked for.
    `warnings` are those of reading: what only a price can tell is not among them.
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
        what = f"{deal.buyer} to {deal.seller}, {deal.currency}, {term.start} to {deal.last}"
        return safe(f"<Scenario {self}: {what}>")

    @property
    def overrides(self) -> Mapping[str, str]:
        """The settings, by path, as they were typed."""
        return {str(change.path.value): change.text for change in self.settings}

    @property
    def what_if(self) -> Case:
        """The case that was asked for; without `--case` only the notice that the file gives."""
        return self.deal.what_if(self.case)

    def notice_path(self, key: str = "notice") -> str:
        """Where the notice stands that is given, or its `by`, or its `right`: in a case, or not."""
        case = self.deal.cases[self.case] if self.case else Case()
        own = case.notice or getattr(case, key) is not None
        return f"cases.{self.case}.{key}" if own else key

    @property
    def changed(self) -> frozenset[str]:
        """The paths that a case or settings have replaced."""
        given = GIVING if self.deal.notice and self.notice_path() != "notice" else ()
        return frozenset((*self.what_if.terms, *given)) | self.overrides.keys()

    def node(self, path: str) -> Node:
        """The node at a path, or the nearest one above it that is there."""
        return self.root.nearest(path.split("."))[0]

    def find(self, path: str) -> Node | None:
        """The node at a path; None where nothing is said there."""
        node, found = self.root.nearest(path.split("."))
        return node if found else None

    def text(self, path: str) -> str | None:
        """What is said at a path, on one line and as values are written; None where nothing is.

        None, too, where a pattern leads to different values.
        """
        texts = set(self.texts(path))
        return texts.pop() if len(texts) == 1 else None

    def texts(self, path: str) -> list[str]:
        """The same, of everything that a pattern leads to."""
        try:
            paths = [".".join(parts) for parts in matches(Deal, self.root, path)]
            texts = [self._text(path) for path in paths]
        except Misread:
            return []
        return [text for text in texts if text is not None]

    def _text(self, path: str) -> str | None:
        kind, node = kind_at(Deal, self.root, path)
        if node and isinstance(kind, Word):
            return kind.rewritten(node.text(), self.deal.currency)
        return node.text() if node else None

    def word(self, path: str) -> Word | None:
        """The word that stands at a path of the format; None for a type. Raises Misread."""
        kind, _ = kind_at(Deal, self.root, path)
        return kind if isinstance(kind, Word) else None

    def assumed(self) -> dict[str, str]:
        """What the file assumes, by path, without what a case or a setting has replaced."""
        texts = {path: str(assumption) for path, assumption in self.deal.assumptions.items()}
        return unreplaced(texts, self.changed)

    def ranges(self) -> dict[str, tuple[str, ...]]:
        """The least and the most that assumed terms may be, by path, where the file says so."""
        bounds = {path: each.bounds for path, each in self.deal.assumptions.items() if each.bounds}
        return unreplaced(bounds, self.changed)

    def sourced(self) -> dict[str, str]:
        """Where terms come from, by path, without what a what-if has replaced; the case too."""
        case = {f"cases.{self.case}": self.what_if.source} if self.what_if.source else {}
        return unreplaced(self.deal.sources, self.changed) | case

    def in_case(self, name: str) -> "Scenario":
        """The same file and settings, with one of its cases; raises Refused."""
        return _what_if(self, name, self.settings)

    def varied(self, settings: Iterable[Setting]) -> "Scenario":
        """The same with more settings laid on it; raises Refused."""
        return _what_if(self, self.case, (*self.settings, *settings))


class Variations:
    """A scenario with other terms, again and again; what they share is read once, none is priced.

    Raises Refused where a path names no term of the deal.
    """

    def __init__(self, scenario: Scenario, paths: Iterable[str] = ()) -> None:
        self._there, self._read = scenario, Reader([])
        self._read.read(Deal, scenario.file)
        _, problems = lay_on(scenario.root, Deal, map(_unset, paths))
        if problems:
            raise Refused(problems)

    def deal(self, terms: Mapping[str, str], cases: Iterable[str] | None = None) -> Deal:
        """The deal with other terms, by path, as texts that are read like the file; raises Refused.

        They are laid on the settings, those on the cases: by default on the one that was asked for.
        """
        there = self._there
        if cases is None:
            cases = [there.case] if there.case else []
        of_cases = [change for name in cases for change in settings_by(there.deal.cases[name])]
        more = [_varied(path, text) for path, text in terms.items()]
        root, problems = lay_on(there.file, Deal, [*of_cases, *there.settings, *more])
        deal: Deal = Reader(problems, before=self._read).read(Deal, root)
        if errors(problems):
            raise Refused(problems)
        return agreed(deal)


def _unset(path: str) -> Setting:
    """A path without a value, to see whether it leads to a term."""
    source = Source(Argument("vary"), path, quotable=True)
    start, end = Spot(0, 0), Spot(0, len(path))
    return Setting(Node(path, source, start, end), Node("", source, end, end))


def _varied(path: str, text: str) -> Setting:
    return setting(as_source(f"{path}={text}", "vary"))


# --- files ---------------------------------------------------------------------------------------


def read_root(name: str, text: str | None = None) -> Opened:
    """The root mapping of a scenario or site file, and the problems of its YAML; raises Refused.

    Nothing is quoted from a file that does not name a `deal`, a `provider` or a `book`: it may be
    any file that somebody had this program read.
    """
    source = Source(name, file_text(name) if text is None else checked_text(text, name))
    root, problems = parse(source)
    if root is None and problems:
        raise Refused(problems if source.quotable else problems[-1:])
    if root is None or not source.quotable:
        message = "this is not a scenario: there is no `deal` at its top level"
        raise refuse("not-a-scenario", message, "start it with `deal: NAME`", name)
    return root, problems


def is_site(name: str) -> bool:
    """Whether a file is the seller's view of several contracts; never standard input."""
    return kind_of_file(name) == "site file"


def kind_of_file(name: str) -> str:
    """The same as `kind_of`, of a file; empty for standard input, and where it cannot be read."""
    try:
        return "" if name == "-" else kind_of(read_root(name)[0])
    except Refused:
        return ""


def kind_of(root: Node) -> str:
    """What a file is besides a deal: a site file or a book; empty for a deal."""
    if "deal" in root.value:
        return ""
    return "site file" if "provider" in root.value else "book"


# --- scenarios -----------------------------------------------------------------------------------


def read_scenario(
    name: str,
    case: str | None = None,
    settings: Iterable[str | Source] = (),
    opened: Opened | None = None,
    rules: MoreRules = NO_RULES,
) -> Scenario:
    """The deal of a scenario file (`-`: standard input) with a case and then settings laid on it.

    A file that was `opened` is not read again, as standard input cannot be. Raises Refused with
    every problem of the file, of all its cases, and of the settings.
    """
    file, problems = opened or read_root(name)
    typed = tuple(settings_of(settings, problems))
    readings = _readings(file, problems, rules)
    cases: Mapping[str, Case] | None = known(readings[None].deal, "cases", None)
    if case is not None and cases is not None and case not in cases:
        problems.append(no_case(case, name, cases))
    scenarios = _scenarios(file, problems, readings)
    return _what_if(scenarios[None], case, typed) if typed else scenarios[case]


def read_scenarios(name: str, rules: MoreRules = NO_RULES) -> list[Scenario]:
    """The deal of a file as it stands, and then with each of its cases; raises Refused."""
    file, problems = read_root(name)
    readings = _readings(file, problems, rules)
    return list(_scenarios(file, problems, readings).values())


def no_case(case: str, name: str, cases: Iterable[str]) -> Problem:
    """What is said where a file has no case of that name."""
    help = did_you_mean(case, cases) if cases else "the file has no cases"
    message = f"there is no case `{case[:80]}` in {name}"
    return Problem("unknown-name", message, help, Argument("case"))


class _Reading(NamedTuple):
    """A deal that was read, in part only where there is an error, and its root."""

    deal: Deal
    root: Node


def _readings(file: Node, problems: list[Problem], rules: MoreRules) -> dict[str | None, _Reading]:
    """The deal of a file as it stands (None) and with each of its cases; what is wrong is noted."""
    if kind := kind_of(file):
        message, help = f"this is a {kind}, not a deal", "name one of the contracts it lists"
        raise refuse("not-a-scenario", message, help, file.source.name)
    reader = Reader(problems, rules)
    base = _Reading(_deal(reader, file, file), file)
    cases: Mapping[str, Case] = known(base.deal, "cases", {})
    return {None: base, **{name: _in_case(reader, base, name, cases[name]) for name in cases}}


def _in_case(reader: Reader, base: _Reading, name: str, case: Case) -> _Reading:
    """A deal with a case laid on it; what is wrong only then is noted, and said to be."""
    settings = settings_by(case)
    if not settings:
        return base
    problems = reader.problems
    before = len(problems)
    noted = {(problem.code, problem.place) for problem in problems}
    root, new = lay_on(base.root, Deal, settings)
    deal = reader.read(Deal, root)
    new += problems[before:]
    del problems[before:]
    for problem in new:
        if (problem.code, problem.place) not in noted:
            problems.append(replace(problem, message=f"in the case {name}: {problem.message}"))
    return _Reading(deal, root)


def _scenarios(
    file: Node, problems: list[Problem], readings: Mapping[str | None, _Reading]
) -> dict[str | None, Scenario]:
    """What was read, if there is no error among the problems; raises Refused."""
    if errors(problems):
        raise Refused(problems)
    return {
        case: Scenario(deal=agreed(deal), case=case, root=root, file=file, warnings=tuple(problems))
        for case, (deal, root) in readings.items()
    }


def _what_if(there: Scenario, case: str | None, settings: tuple[Setting, ...]) -> Scenario:
    """The file of a scenario with a case and then settings laid on it; raises Refused."""
    by_case = settings_by(there.deal.cases[case]) if case else []
    root, problems = lay_on(there.file, Deal, [*by_case, *settings])
    deal = _deal(Reader(problems), root, there.file)
    if errors(problems):
        raise Refused(problems)
    changed = replace(there, deal=agreed(deal), case=case, settings=settings, root=root)
    return replace(changed, warnings=tuple(problems))


def _deal(reader: Reader, root: Node, file: Node) -> Deal:
    """The deal of a root node, in part where there is an error; raises Refused for too many.

    Sources are about the file, also where a what-if takes away what they speak of.
    """
    deal: Deal = reader.read(Deal, root)
    if reader.problems:
        reader.problems[:] = _with_roles(reader.problems, deal, root)
    note_doubtful_paths(reader, Deal, deal, file)
    note_ranges(reader, deal, file)
    return deal


def _with_roles(problems: Iterable[Problem], deal: Deal, root: Node) -> Iterator[Problem]:
    """Problems, with the word to write where a party is called by its name."""
    roles = {folded(known(deal, role, "")): role for role in PARTIES}
    given = (("by",), *(("cases", name, "by") for name in known(deal, "cases", ())))
    rights = (("termination", index, "by") for index in range(len(PARTIES)))
    charges = (("charges", name, "paid_by") for name in known(deal, "charges", ()))
    named = {}
    for path in (*given, *rights, *charges):
        node, there = root.nearest(path)
        if there and isinstance(node.value, str):
            named[node.problem("choice", "").place] = roles.get(folded(node.value))
    for problem in problems:
        role = named.get(problem.place) if problem.code == "choice" else None
        yield replace(problem, help=f"write `{role}`") if role else problem


def note_doubtful_paths(reader: Reader, type_: type, value: object, file: Node) -> None:
    """Note the paths in `sources` and `assumptions` of a value that name nothing in the file.

    That is a warning; a path too long to name anything is an error.
    """
    for key in ("sources", "assumptions"):
        for path in known(value, key, ()):
            misread = why_not_there(type_, file, path)
            node = file.value[key].value[path].key
            if misread and node:
                message = f"{path[:80]} is not the path of a term: {misread.message}"
                severity = "error" if misread.code == "limit" else "warning"
                reader.note(node, misread.code, message, misread.help, severity)

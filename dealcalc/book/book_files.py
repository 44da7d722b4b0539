"""Books as they are asked for: several files, a folder, or a book file; or every problem."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from dealcalc.book.contracts import Book, Member
from dealcalc.book.site_files import contract_named, load_site, located, no_contract
from dealcalc.core import Ended, Priced
from dealcalc.figures.claims import CLAIM_RULES
from dealcalc.figures.subject import load, priced_deal
from dealcalc.figures.warnings import warnings
from dealcalc.loading.changes import Setting, as_source, setting
from dealcalc.loading.folders import yaml_files
from dealcalc.loading.nodes import Node, Source
from dealcalc.loading.partial import known
from dealcalc.loading.problems import Problem, Refused, errors, refuse
from dealcalc.loading.reader import Reader, placed
from dealcalc.loading.scenario import (
    Opened,
    Scenario,
    kind_of,
    kind_of_file,
    no_case,
    note_doubtful_paths,
    read_root,
)
from dealcalc.terms.book import BookCase, BookTerms, Entry
from dealcalc.terms.deal import PARTIES
from dealcalc.terms.faults import Fault
from dealcalc.terms.fields import Path
from dealcalc.terms.misread import Misread
from dealcalc.terms.rights import NotPermitted
from dealcalc.terms.times import read_day


@dataclass
class Listed:
    """A contract that a book lists, and what is asked of it: a case, other terms, notice.

    `at` is the path of the entry that names it, in the book file of that root.
    """

    file: str
    name: str = ""
    case: str | None = None
    at: Path | None = None
    opened: Opened | None = None
    settings: list[Setting] = field(default_factory=list)
    notice: date | None = None

    @property
    def path(self) -> str:
        """The file, as contracts of site files have it."""
        return self.file

    def is_called(self, name: str) -> bool:
        """Whether a name on the command line is that of this contract."""
        return name in (self.name, self.file)


def load_book(
    names: Sequence[str],
    case: str | None = None,
    settings: Iterable[str | Source] = (),
    notices: Sequence[str] = (),
    by: str | None = None,
    opened: Opened | None = None,
) -> Book:
    """The contracts that are named, with a case and settings laid on them, and notice given.

    A case is one of the book file, or `CONTRACT:CASE`; settings are `CONTRACT:PATH=VALUE`, and
    notices `CONTRACT:DATE`, by a party. Raises Refused with every problem.
    """
    problems: list[Problem] = []
    root, terms = None, None
    if opened and kind_of(opened[0]) == "book":
        root, problems = opened
        terms = _terms(root, problems)
        listed = [*_entries(root, terms, problems)]
    else:
        listed = [one for name in names for one in _files(name, problems)]
    listed = _once(listed, problems)
    _name(listed)
    if errors(problems):
        raise Refused(problems)
    if not listed:
        raise refuse("contract", "there is no contract here", "name a scenario file", names[0])
    case = _ask_case(listed, terms, case)
    overrides = _ask(listed, settings, notices)
    members = [member for each in listed for member in _member(each, root, by, problems)]
    if errors(problems):
        raise Refused(problems)
    problems += [doubt for member in members for doubt in warnings(member.scenario)]
    found = tuple(sorted(problems, key=lambda problem: problem.place))
    title = terms.name if terms else _title(names)
    year_end = (terms and terms.fiscal_year_end) or _year_end(members)
    return Book(title, tuple(members), year_end, terms, case, overrides, found)


def _title(names: Sequence[str]) -> str:
    if len(names) == 1:
        return os.path.basename(os.path.normpath(names[0]))
    return f"{len(names)} files"


def _year_end(members: Sequence[Member]) -> int:
    """The month that ends the fiscal year of all contracts, if it is the same."""
    ends = {member.deal.year_end for member in members}
    return ends.pop() if len(ends) == 1 else 12


def contracts_of(name: str) -> list[str]:
    """A file; or the contracts of a book, a folder or a site file, as `FILE` or `FILE:CASE`.

    Raises Refused where one is wrong, or names no contract.
    """
    kind = kind_of_file(name)
    if not kind and not os.path.isdir(name):
        return [name]
    if kind == "site file":
        scenarios = [contract.scenario for contract in load_site(name).contracts]
    else:
        opened = read_root(name) if kind else None
        scenarios = [member.scenario for member in load_book([name], opened=opened).members]
    if not scenarios:
        raise no_contract(name)
    files = [(scenario.root.source.name, scenario.case) for scenario in scenarios]
    return [f"{file}:{case}" if case else file for file, case in files]


# --- which contracts ------------------------------------------------------------------------------


def _terms(root: Node, problems: list[Problem]) -> BookTerms:
    reader = Reader(problems, CLAIM_RULES)
    terms: BookTerms = reader.read(BookTerms, root)
    note_doubtful_paths(reader, BookTerms, terms, root)
    return terms


def _files(name: str, problems: list[Problem]) -> Iterator[Listed]:
    """A file, or the deals below a folder; other YAML there is left out."""
    if not os.path.isdir(name):
        yield Listed(name)
        return
    for file in sorted(yaml_files(name, (), problems)):
        try:
            opened = read_root(file)
        except Refused as refused:
            if refused.problems[0].code != "not-a-scenario":
                problems += refused.problems
        else:
            if not kind_of(opened[0]):
                yield Listed(file, opened=opened)


def _entries(root: Node, terms: BookTerms, problems: list[Problem]) -> Iterator[Listed]:
    """The contracts of a book file; what is wrong with an entry is noted."""
    for index, entry in enumerate(known(terms, "contracts", ())):
        at: Path = ("contracts", index)
        try:
            file = located(root, at, known(entry, "contract", ""), {})
        except Refused as refused:
            problems += refused.problems
        else:
            yield from _listed(file, entry, at, problems)


def _listed(file: str, entry: Entry, at: Path, problems: list[Problem]) -> Iterator[Listed]:
    for each in _files(file, problems):
        yield replace(each, case=known(entry, "case", None), at=at)


def _once(listed: Sequence[Listed], problems: list[Problem]) -> list[Listed]:
    """Each real file once; it is noted where one is counted under two cases."""
    by_file: dict[str, Listed] = {}
    for each in listed:
        first = by_file.setdefault(os.path.realpath(each.file), each)
        if first.case != each.case:
            cases = " and ".join(
                f"case {one.case}" if one.case else "as it is" for one in (first, each)
            )
            message = f"{each.file} is counted twice: {cases}"
            problems += refuse("contract", message, "count it once", each.file).problems
    return list(by_file.values())


def _name(listed: Sequence[Listed]) -> None:
    """Names each contract by the stem of its file, or by its path where stems collide."""
    paths = [os.path.splitext(os.path.normpath(each.file))[0] for each in listed]
    stems = Counter(os.path.basename(path) for path in paths)
    for each, path in zip(listed, paths, strict=True):
        stem = os.path.basename(path)
        each.name = stem if stems[stem] == 1 else path


# --- what is asked of them ------------------------------------------------------------------------


def _ask_case(listed: Sequence[Listed], terms: BookTerms | None, case: str | None) -> str | None:
    """Asks what a case of the book file says, or the case of one contract; raises Refused."""
    if case is None:
        return None
    if terms is None or ":" in case:
        contract, name = contract_named(listed, case, "case")
        contract.case = name
        return None
    if case not in terms.cases:
        raise Refused([no_case(case, "the book", terms.cases)])
    _ask_of_case(listed, terms.cases[case])
    return case


def _ask_of_case(listed: Sequence[Listed], case: BookCase) -> None:
    for text, node in case.set.items():
        contract, path = contract_named(listed, text, "case")
        assert node.key  # as every entry of a mapping has
        written = Node(path, node.key.source, node.key.start, node.key.end)
        contract.settings.append(Setting(written, node))
    for name, day in case.notice.items():
        contract, _ = contract_named(listed, f"{name}:", "case")
        contract.notice = day


def _ask(
    listed: Sequence[Listed], settings: Iterable[str | Source], notices: Sequence[str]
) -> Mapping[str, str]:
    """Asks what the command line does of each contract; the settings as typed. Raises Refused."""
    overrides = {}
    for source in map(as_source, settings):
        path, equals, value = source.text.partition("=")
        contract, path = contract_named(listed, path, "set")
        typed = setting(Source(source.name, f"{path}{equals}{value}", quotable=True))
        contract.settings.append(typed)
        overrides[f"{contract.name}:{path.strip()}"] = value.strip()
    for text in notices:
        contract, day = contract_named(listed, text, "notice")
        try:
            contract.notice = read_day(day)
        except Misread as misread:
            raise refuse(misread.code, misread.message, misread.help, argument="notice") from None
    return overrides


def _member(
    asked: Listed, root: Node | None, by: str | None, problems: list[Problem]
) -> Iterator[Member]:
    """The contract as it is asked for; what is wrong in its file, or with it, is noted."""
    try:
        scenario = load(asked.file, asked.case, opened=asked.opened)
        if asked.settings:
            scenario = scenario.varied(asked.settings)
        priced = priced_deal(scenario)
        yield Member(asked.name, scenario, priced, _ended(scenario, priced, asked.notice, by))
    except Refused as refused:
        if root and asked.at:
            message = f"{asked.file} cannot be counted"
            help = "fix that file; its problems are shown here"
            problems.append(placed(Fault((*asked.at, "contract"), "contract", message, help), root))
        problems += refused.problems


def _ended(scenario: Scenario, priced: Priced, notice: date | None, by: str | None) -> Ended | None:
    """The contract after the notice that is asked for, or that its case gives; raises Refused."""
    day, by = notice or scenario.what_if.notice, by or scenario.what_if.by
    if not day:
        return None
    try:
        return priced.terminate(day, by if by in PARTIES else None, scenario.what_if.right)
    except NotPermitted as error:
        name = scenario.file.source.name
        raise refuse("notice", error.message, error.help, name) from None

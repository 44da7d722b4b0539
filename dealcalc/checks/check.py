"""Many files: what is wrong with them, and whether their claims are true.

A file is read once. Its deal is priced as it stands and with each of its cases, and every claim is
put to the result it speaks of. One file is held at a time, so a folder of any size needs the same
memory but for its names.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from heapq import merge
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from dealcalc.checks.books import Measured, book_claims
from dealcalc.checks.foreign import is_foreign
from dealcalc.checks.misses import off, to_the_cent
from dealcalc.checks.status import Status
from dealcalc.core import Priced
from dealcalc.figures.assumptions import Default, assumptions, open_defaults
from dealcalc.figures.claims import Statement, out_of_term, statement
from dealcalc.figures.result import Agreed, Result
from dealcalc.figures.subject import load_each, priced_deal
from dealcalc.figures.warnings import warnings
from dealcalc.loading.changes import leads_to
from dealcalc.loading.folders import yaml_files
from dealcalc.loading.nodes import Node
from dealcalc.loading.problems import Problem, Refused, errors
from dealcalc.loading.reader import placed
from dealcalc.loading.scenario import Scenario, kind_of_file
from dealcalc.questions.rests import assumed_inputs
from dealcalc.terms.deal import Assumption, Claim, Deal
from dealcalc.terms.faults import Fault
from dealcalc.terms.fields import Path
from dealcalc.terms.misread import Misread
from dealcalc.terms.rights import NotPermitted

if TYPE_CHECKING:
    from dealcalc.terms.provider import Provider

NO_TERMS = ("deal", "fiscal_year_end", "claims", "cases", "sources", "assumptions")
"""Keys of a file that need no source: a name, statements about the deal, and the sources."""

SOURCE_DOUBTS = ("no-reason", "unknown-name")
"""Warnings about `sources` and `assumptions`, which are errors where every term must have one."""

_SAYS_NOTHING = re.compile(
    r"\W*(?:(?:todo|tbd|tba|fixme|xxx|n\W?a|none|unknown|assumed)\W*)?", re.I
)


class Tested(NamedTuple):
    """A claim put to a result: where it stands, its text, the value, and why if it is false.

    `assumed` are the paths of the assumptions that the value rests on. A claim that is not
    `is_true`, and has no problem, is expected to be false.
    """

    file: str
    line: int
    column: int
    case: str | None
    claim: str
    value: str
    problem: Problem | None = None
    assumed: tuple[str, ...] = ()
    is_true: bool = True


class Checked(NamedTuple):
    """One file: its problems in the order of their places, how many claims it makes, its status.

    So many of the true ones are `assumed`: they rest on assumptions. The claims themselves are
    there only if they were asked for. One that is `skipped` is no scenario, and was only found.
    """

    file: str
    problems: tuple[Problem, ...]
    claims: int = 0
    status: Status = Status.FINE
    tested: tuple[Tested, ...] = ()
    assumed: int = 0
    skipped: bool = False


# --- files ----------------------------------------------------------------------------------------


def check(
    paths: Iterable[str],
    *,
    strict: bool = False,
    tested: bool = False,
    exclude: Sequence[str] = (),
) -> Iterator[Checked]:
    """Every file that is named, and every .yaml and .yml below a folder that is, sorted by name.

    Hidden files and folders below a folder are left out, and those whose name, or path, is like one
    of the patterns to `exclude`; links to folders are not followed. What is found there and is
    plainly no scenario is skipped; what is named must be one. Nothing is raised: a path that cannot
    be read is a problem like any other. `strict` wants a source or an assumption for every term,
    and for every default that moves an earned amount or a last day; `tested` keeps claims that
    hold, too. A file is read when its result is asked for.
    """
    closed: list[Problem] = []
    paths = list(paths)
    names = {name for path in paths for name in yaml_files(path, exclude, closed)}
    named = frozenset(os.path.normpath(path) for path in paths)
    unread = [Checked(problem.file, (problem,), 0, Status.TROUBLE) for problem in closed]
    files = (_found(name, name in named, strict, tested) for name in sorted(names))
    for file in merge(files, sorted(unread), key=attrgetter("file")):
        # Problems of a contract are said with the site file, unless they are said with its own.
        problems = (
            problem
            for problem in file.problems
            if problem.file == file.file or problem.file not in names
        )
        yield file._replace(problems=tuple(problems)) if file.problems else file


def _found(name: str, is_named: bool, strict: bool, tested: bool) -> Checked:
    """One file; one that was not named, but found below a folder, may be none of ours."""
    file = checked(name, strict=strict, tested=tested)
    if file.status == Status.TROUBLE and not is_named and is_foreign(name):
        return Checked(name, (), skipped=True)
    return file


def checked(name: str, *, strict: bool = False, tested: bool = False) -> Checked:
    """One file, with each of its cases."""
    try:
        scenarios = load_each(name)
    except Refused as refused:
        kind = kind_of_file(name) if refused.problems[0].code == "not-a-scenario" else ""
        if kind:
            return _site(name, strict) if kind == "site file" else _book(name, strict, tested)
        return Checked(name, tuple(refused.problems), 0, Status.TROUBLE)
    file, claims = scenarios[0], list[Measured]()
    problems = [placed(fault, file.root) for fault in _reasons(file.deal)]
    for scenario in scenarios:
        try:
            problems += warnings(scenario)
        except Refused as refused:
            problems += refused.problems
        else:
            faults = _measured(scenario, priced_deal(scenario), claims)
            problems += (placed(fault, scenario.root) for fault in faults)
    broken = errors(problems)
    if strict:
        problems = [_severe(problem) for problem in problems]
        problems += _unsourced(file.root, file.deal, open_defaults(file))
    return _summed(name, problems, claims, broken=bool(broken), tested=tested)


def _summed(
    name: str, problems: list[Problem], claims: list[Measured], *, broken: bool, tested: bool
) -> Checked:
    """What was found of a file, with its claims."""
    kept = tuple(_tested(claim) for claim in claims if tested or not claim.holds)
    problems += [claim.problem for claim in kept if claim.problem]
    status = Status.TROUBLE if broken else Status.FALSE_CLAIM if errors(problems) else Status.FINE
    assumed = sum(bool(claim.assumed) for claim in claims if claim.holds)
    found = tuple(_once(problems))
    return Checked(name, found, len(claims), status, kept if tested else (), assumed)


def _book(name: str, strict: bool, tested: bool) -> Checked:
    """A book file, with each of its cases; its contracts are checked in their own files."""
    claims: list[Measured] = []
    try:
        _, problems = book_claims(name, claims)
    except Refused as refused:
        return Checked(name, tuple(refused.problems), 0, Status.TROUBLE)
    broken = errors(problems)
    if strict:
        problems = [_severe(problem) for problem in problems]
    return _summed(name, problems, claims, broken=bool(broken), tested=tested)


def _site(name: str, strict: bool) -> Checked:
    """A site file; what its contracts claim is tested where they are checked themselves."""
    from dealcalc.book.site_files import load_site

    try:
        house = load_site(name)
    except Refused as refused:
        return Checked(name, tuple(refused.problems), 0, Status.TROUBLE)
    problems = [problem for problem in house.warnings if problem.file == name]
    problems += (placed(fault, house.root) for fault in _reasons(house.provider))
    if strict:
        problems = [_severe(problem) for problem in problems]
        problems += _unsourced(house.root, house.provider)
    return Checked(
        name, tuple(_once(problems)), 0, Status.FALSE_CLAIM if errors(problems) else Status.FINE
    )


def _once(problems: Iterable[Problem]) -> list[Problem]:
    """Problems in the order of their places; what a case shares with the deal is said once."""
    different: dict[tuple[object, ...], Problem] = {}
    for problem in problems:
        different.setdefault((problem.place, problem.code, problem.message), problem)
    return sorted(different.values(), key=lambda problem: (problem.place, problem.code))


# --- claims ---------------------------------------------------------------------------------------


def _measured(scenario: Scenario, priced: Priced, claims: list[Measured]) -> Iterator[Fault]:
    """Adds the claims about a deal, or about its case, to the others; yields what hinders it."""
    case = scenario.what_if
    try:
        ended = priced.terminate(case.notice, case.by, case.right) if case.notice else None
    except NotPermitted as error:
        where = f"in the case {scenario.case}: " if scenario.case else ""
        path: Path = tuple(scenario.notice_path().split("."))
        yield Fault(path, "notice", f"{where}{error.message}", error.help)
        return
    stated_claims = case.claims if scenario.case else scenario.deal.claims
    result = Result(scenario.deal, ended, priced)
    assumed = assumptions(scenario) if stated_claims else {}
    above: Path = ("cases", scenario.case, "claims") if scenario.case else ("claims",)
    where = f"in the case {scenario.case}: " if scenario.case else ""
    where_from = scenario.root, scenario.case, scenario.deal
    for index, claim in enumerate(stated_claims):
        path = (*above, index, "claim")
        try:
            stated = statement(claim.claim, scenario.deal.currency)
            if fault := out_of_term(stated, scenario.deal):
                yield fault._replace(path=path, message=f"{where}{fault.message}")
            else:
                value = stated.measure(result)
                rests = assumed_inputs(assumed, stated.measure, result)
                claims.append(Measured(*where_from, path, claim, stated, value, rests))
        except Misread as misread:
            yield Fault(path, misread.code, misread.message, misread.help)


def _tested(measured: Measured) -> Tested:
    """What a claim came to, in words."""
    root, name, agreed, path, claim, stated, value, assumed = measured
    shown = to_the_cent(stated.measure, value, agreed)
    node, _ = root.nearest(path)
    problem = None
    if not measured.holds:
        case = f"in the case {name}, " if name else ""
        missed = "as claimed, though it is expected to be false"
        if claim.is_true:
            missed = off(stated, claim.claim, value, agreed)
        help = "; ".join(_about(agreed, stated, claim))
        message = f"{case}{stated.measure.text} is {shown}: {missed}"
        problem = node.problem("false-claim", message, help)
    place = node.source.name, node.line, node.column
    return Tested(*place, name, claim.claim, shown, problem, assumed, stated.holds(value))


def _about(agreed: Agreed, stated: Statement, claim: Claim) -> Iterator[str]:
    """What is said of a false claim besides its value."""
    if stated.measure.is_before(agreed.signed):
        yield f"the contract is not signed until {agreed.signed}"
    if claim.source:
        yield f"the source of the claim: {claim.source}"


# --- sources --------------------------------------------------------------------------------------


def _reasons(deal: "Deal | Provider") -> Iterator[Fault]:
    """Sources and assumptions that give none."""
    for key in ("sources", "assumptions"):
        for path, text in _texts(getattr(deal, key)).items():
            if _SAYS_NOTHING.fullmatch(text):
                message = f"`{text[:40]}` does not say where {path[:80]} comes from"
                help = "name the source, or say why the term is assumed"
                yield Fault((key, path), "no-reason", message, help, "warning")


def _texts(reasons: "Mapping[str, str | Assumption]") -> dict[str, str]:
    """Reasons by path, without the ranges beside them."""
    return {path: text if isinstance(text, str) else text.why for path, text in reasons.items()}


def _severe(problem: Problem) -> Problem:
    """The problem, as an error where it takes a term's source away."""
    return replace(problem, severity="error") if problem.code in SOURCE_DOUBTS else problem


def _unsourced(
    root: Node, deal: "Deal | Provider", defaults: Iterable[Default] = ()
) -> Iterator[Problem]:
    """Terms, and defaults that move the deal, that neither `sources` nor `assumptions` name.

    A path covers whatever is below it. Where nothing below a key is covered, the key is the
    problem, and not each term or default.
    """
    named = list(_unnamed(root, deal))
    for path, missing in named:
        message = f"nothing says where `{path}` comes from"
        help = "list it in `sources`, or in `assumptions` if it is not disclosed"
        yield missing.anchor().problem("no-source", message, help)
    above = [*deal.sources, *(path for path, _ in named)]
    for path, text, moves in defaults:
        if moves and not any(leads_to(other, path) for other in above):
            help = f"say it in the file, or list `{path}` in `assumptions` if it is not disclosed"
            fault = Fault(tuple(path.split(".")), "no-source", f"`{path}`: {text}", help)
            yield placed(fault, root)


def _unnamed(root: Node, deal: "Deal | Provider") -> Iterator[tuple[str, Node]]:
    """The highest nodes of terms that no path in `sources` and `assumptions` covers."""
    covered = set()
    for path, text in [*deal.sources.items(), *_texts(deal.assumptions).items()]:
        node, found = root.nearest(path.split("."))
        if found and not _SAYS_NOTHING.fullmatch(text):
            covered.add(id(node))
    for key, node in root.value.items():
        if key not in NO_TERMS:
            yield from _uncovered(node, key, covered)


def _uncovered(node: Node, path: str, covered: set[int]) -> Iterator[tuple[str, Node]]:
    """The highest nodes, at or below this one, that have nothing covered below them."""
    if not _has_covered(node, covered):
        yield path, node
    elif id(node) not in covered:
        for key, child in _children(node):
            yield from _uncovered(child, f"{path}.{key}", covered)


def _has_covered(node: Node, covered: set[int]) -> bool:
    """Whether a node, or one below it, is covered."""
    children = _children(node)
    return id(node) in covered or any(_has_covered(child, covered) for _, child in children)


def _children(node: Node) -> list[tuple[object, Node]]:
    if isinstance(node.value, dict):
        return [*node.value.items()]
    return [*enumerate(node.value)] if isinstance(node.value, list) else []

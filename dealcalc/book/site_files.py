"""Site files: a provider with all its contracts, or every problem with its place."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol, TypeVar

from dealcalc.book.sites import Contract, House
from dealcalc.core import Ended, Priced
from dealcalc.figures.subject import load, priced_deal
from dealcalc.figures.warnings import warnings
from dealcalc.loading.changes import as_source, lay_on, settings_of
from dealcalc.loading.nodes import Node, Source
from dealcalc.loading.partial import known
from dealcalc.loading.problems import Problem, Refused, errors, refuse
from dealcalc.loading.reader import Reader, placed
from dealcalc.loading.scenario import Opened, Scenario, note_doubtful_paths, read_root
from dealcalc.terms.faults import Fault
from dealcalc.terms.fields import EMPTY, Path
from dealcalc.terms.misread import did_you_mean
from dealcalc.terms.provider import Provider, Sale
from dealcalc.terms.rights import NotPermitted


class Change(NamedTuple):
    """What is asked of one contract: a case of its file, and values laid over its terms."""

    case: str | None = None
    settings: tuple[Source, ...] = ()


def load_site(
    name: str,
    settings: Iterable[str | Source] = (),
    cases: Iterable[str] = (),
    opened: Opened | None = None,
) -> House:
    """The house of a site file (`-`: standard input) with settings and contracts' cases laid on it.

    `settings` are `PATH=VALUE` of the site file, or `CONTRACT:PATH=VALUE` of a contract's; `cases`
    are `CONTRACT:NAME`, or `NAME` where there is one contract. More used and sold than there is, is
    a problem in the file and an answer in a what-if. A file that was `opened` is not read again.
    Raises Refused with every problem of the site file and of its contracts.
    """
    root, problems = opened or read_root(name)
    if "provider" not in root.value:
        help = "`provider: NAME` begins a site file, which lists contracts"
        raise refuse("not-a-scenario", "this is a deal, not a site file", help, name)
    house = _house(root, root, problems, {})
    if oversold := [placed(fault, root) for fault in house.oversold()]:
        raise Refused(oversold)
    sources, cases = [as_source(text) for text in settings], tuple(cases)
    if not sources and not cases:
        return house
    laid, problems = _laid(root, [source for source in sources if not _of_contract(source)])
    asked = _house(laid, root, problems, _asked(house, sources, cases))
    terms = (source.text.partition("=") for source in sources)
    overrides = {path.strip(): value.strip() for path, _, value in terms}
    return asked._replace(overrides=overrides, file=house)


def _laid(root: Node, sources: Iterable[Source]) -> tuple[Node, list[Problem]]:
    """The root of a site file with settings laid on it; raises Refused where one cannot be read."""
    problems: list[Problem] = []
    settings = list(settings_of(sources, problems))
    if problems:
        raise Refused(problems)
    return lay_on(root, Provider, settings)


def _house(root: Node, file: Node, problems: list[Problem], asked: Mapping[str, Change]) -> House:
    """The house of a root, that of the `file` or what was laid on it.

    Raises Refused with the problems that there are already and those found here.
    """
    reader = Reader(problems)
    provider: Provider = reader.read(Provider, root)
    note_doubtful_paths(reader, Provider, provider, file)
    contracts = _contracts(provider, root, asked, problems)
    if errors(problems):
        raise Refused(problems)
    house = House(provider, contracts, root)
    problems += [placed(fault, root) for rule in house.faults() for fault in rule]
    if errors(problems):
        raise Refused(problems)
    problems += [doubt for contract in contracts for doubt in warnings(contract.scenario)]
    return house._replace(warnings=tuple(sorted(problems, key=lambda problem: problem.place)))


# --- contracts ------------------------------------------------------------------------------------


def _contracts(
    provider: Provider, root: Node, asked: Mapping[str, Change], problems: list[Problem]
) -> tuple[Contract, ...]:
    """The contracts of all sites; what is wrong, here and in their own files, is noted."""
    contracts = []
    seen = {os.path.realpath(root.source.name): ""}
    for at, site, sale in _sales(provider):
        try:
            file = located(root, at, sale.contract, seen)
            seen[os.path.realpath(file)] = site
            contract = _contract(root, at, site, sale, file, asked.get(sale.contract, Change()))
        except Refused as refused:
            problems += refused.problems
        else:
            contracts.append(contract)
    return tuple(contracts)


def _sales(provider: Provider) -> Iterator[tuple[Path, str, Sale]]:
    """Every entry of `sold` that names a contract: its path, its site, and what it says."""
    for name, site in known(provider, "sites", EMPTY).items():
        for index, sale in enumerate(known(site, "sold", ())):
            if known(sale, "contract", None):
                yield ("sites", name, "sold", index), name, sale


def located(root: Node, at: Path, path: str, seen: Mapping[str, str]) -> str:
    """The file that an entry names, if it lies in the folder of the site file; raises Refused."""
    folder = os.path.dirname(root.source.name)
    file = os.path.join(folder, path)
    real, home = os.path.realpath(file), os.path.realpath(folder)
    help = "put the contract in the folder of this file, or in one below it"
    if real in seen:
        message = f"{path} is already at {seen[real]}" if seen[real] else "this is the file itself"
        help = "name each contract once, at the site that serves it"
    elif os.path.commonpath([real, home]) != home:
        message = f"{path} is a link to a file outside the folder of this one"
    elif not os.path.exists(file):
        message = f"there is no file {path} beside this one"
    else:
        return file
    raise Refused([placed(Fault((*at, "contract"), "contract", message, help), root)])


def _contract(root: Node, at: Path, site: str, sale: Sale, file: str, asked: Change) -> Contract:
    """A contract with its case; its own problems are shown with one at the entry that names it."""
    try:
        scenario = load(file, asked.case, asked.settings)
        case = known(sale, "case", None)
        if case and not asked.case:
            scenario = _in_case(root, at, case, scenario)
        priced = priced_deal(scenario)
        ended = _ended(scenario, priced)
    except Refused as refused:
        if all(problem.file != file for problem in refused.problems):
            raise
        count = len(refused.problems)
        message = f"{sale.contract} has {count} problem{'s' * (count > 1)} of its own"
        fault = Fault(
            (*at, "contract"), "contract", message, "fix that file; its problems are shown here"
        )
        raise Refused([placed(fault, root), *refused.problems]) from None
    return Contract(at, site, sale.contract, scenario, priced, known(sale, "capacity", None), ended)


def _in_case(root: Node, at: Path, case: str, scenario: Scenario) -> Scenario:
    """The contract with the case that the entry names; raises Refused."""
    cases = scenario.deal.cases
    if case in cases:
        return scenario.in_case(case)
    help = did_you_mean(case, cases) if cases else "the contract has no cases"
    message = f"there is no case `{case}` in {scenario.root.source.name}"
    raise Refused([placed(Fault((*at, "case"), "unknown-name", message, help), root)])


def _ended(scenario: Scenario, priced: Priced) -> Ended | None:
    """The contract after the notice that its case or its file gives; raises Refused."""
    case = scenario.what_if
    if not case.notice:
        return None
    try:
        return priced.terminate(case.notice, case.by, case.right)
    except NotPermitted as error:
        node = scenario.node(scenario.notice_path())
        raise Refused([node.problem("notice", error.message, error.help)]) from None


# --- what is asked of one contract ----------------------------------------------------------------


def no_contract(name: str = "", argument: str = "") -> Refused:
    """A refusal of a site file, or of an argument about it, since it names no contract."""
    message = "the file names no contract"
    return refuse("unknown-name", message, "add one to `sold`", name, argument=argument)


class Called(Protocol):
    """A contract that the command line can name."""

    @property
    def name(self) -> str:
        """What it is called."""

    def is_called(self, name: str) -> bool:
        """Whether a name is one of those that it has."""


One = TypeVar("One", bound=Called)


def contract_named(contracts: Sequence[One], text: str, argument: str) -> tuple[One, str]:
    """The contract that `CONTRACT:WHAT` names, and what; the only one where no name is given.

    A contract is named by its path, with or without its ending, or by the last part of that. Raises
    Refused.
    """
    name, colon, what = text.rpartition(":")
    names = [contract.name for contract in contracts]
    if not names:
        raise no_contract(argument=argument)
    if not colon and len(names) > 1:
        raise refuse(
            "unknown-name",
            f"{what}: which contract?",
            f"write {names[0]}:{what}",
            argument=argument,
        )
    found = [one for one in contracts if not colon or one.is_called(name)]
    if len(found) != 1:
        message = (
            f"several contracts are called {name}" if found else f"there is no contract {name}"
        )
        raise refuse("unknown-name", message, did_you_mean(name, names), argument=argument)
    return found[0], what


def _of_contract(source: Source) -> bool:
    """Whether a setting is `CONTRACT:PATH=VALUE`: no path of a file has a colon."""
    return ":" in source.text.partition("=")[0]


def _asked(house: House, sources: Iterable[Source], cases: Iterable[str]) -> dict[str, Change]:
    """What the command line asks of each contract, by its path; raises Refused."""
    asked: dict[str, Change] = {}
    for text in cases:
        contract, case = contract_named(house.contracts, text, "case")
        asked[contract.path] = Change(case)
    for source in filter(_of_contract, sources):
        path, _, value = source.text.partition("=")
        contract, path = contract_named(house.contracts, path, "set")
        before = asked.get(contract.path, Change())
        setting = Source(source.name, f"{path}={value}", quotable=True)
        asked[contract.path] = before._replace(settings=(*before.settings, setting))
    return asked

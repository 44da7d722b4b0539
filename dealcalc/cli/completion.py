"""What a shell offers when Tab is pressed.

Nothing here waits, prints a problem or reads more than `scenario.read_root` does; where something
is wrong, nothing is offered.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from textwrap import shorten
from typing import NamedTuple

from dealcalc.checks.status import Status
from dealcalc.cli.commands import COMMANDS, command_named
from dealcalc.cli.options import PROGRAM, Option
from dealcalc.cli.shells import Typed
from dealcalc.cli.streams import write_bytes
from dealcalc.loading.changes import NOT_TERMS
from dealcalc.loading.nodes import Node
from dealcalc.loading.problems import Refused, refuse, safe
from dealcalc.loading.scenario import is_site, read_root
from dealcalc.loading.walk import Branch, Kind, branches, entries_of, is_term, may_stand_alone
from dealcalc.terms.deal import Deal
from dealcalc.terms.fields import Many, Named
from dealcalc.terms.words import Word

SCENARIOS = (".yaml", ".yml")
WIDEST = 60
"""Characters of what an offer means: shells show one offer on a line."""

Offers = Iterable[tuple[str, str]]
"""Words that may stand at the cursor, each with what it means, or an empty text."""


class Cursor(NamedTuple):
    """What is asked at the cursor: a value of an option, begun with a word, and in which file.

    The file is the scenario or site file that the line names; empty before it does.
    """

    option: Option
    word: str
    file: str


# --- what is offered ------------------------------------------------------------------------------


def complete(shell: str, arguments: Sequence[str]) -> int:
    """Print what may stand at the cursor, a line each, as the script of a shell asks for it."""
    lines: list[str] = []
    with suppress(Exception):  # a shell that shows a traceback at the prompt helps nobody
        if shell == "bash":
            line = Typed.of(arguments[0], arguments[1])
            lines = [line.rest(word) for word, _ in offers(line.before, line.word)]
        else:
            *before, word = arguments
            lines = [f"{offer}\t{about}" for offer, about in offers(before, word)]
    with suppress(Refused):  # nor does one that says that it cannot be written to
        write_bytes("".join(f"{line}\n" for line in lines).encode())
    return Status.FINE


def offers(before: Sequence[str], word: str) -> list[tuple[str, str]]:
    """What may stand in place of the begun `word` after the words `before`, with its meaning.

    What cannot be printed on a line is left out: names come from strangers. Raises Refused where
    the file that is named cannot be read.
    """
    begun = ""
    if word.startswith("--") and "=" in word:
        flag, _, word = word.partition("=")
        begun, before = f"{flag}=", [*before, flag]
    return [
        (begun + offer, safe(shorten(about, WIDEST, placeholder=" ...")))
        for offer, about in _offers(before, word)
        if offer.startswith(word) and (begun + offer).isprintable()
    ]


def _offers(before: Sequence[str], word: str) -> Offers:
    index = next((place for place, word in enumerate(before) if not word.startswith("-")), None)
    if index is not None and before[index] not in COMMANDS:
        return ()
    options = PROGRAM if index is None else command_named(before[index]).options
    waiting, values = _read(options, before if index is None else before[index + 1 :])
    if not waiting and word.startswith("-"):
        return [(option.flags[0], option.help) for option in options if option.flags]
    if not waiting and index is None:
        return COMMANDS.items()
    option = waiting or _next_argument(options, values)
    if not option:
        return ()
    if option.choices:
        return [(choice, "") for choice in option.choices]
    file = next(iter(values.get("file") or values.get("files") or ()), "")
    known = OFFERS.get(option.name)
    return known(Cursor(option, word, file)) if known else ()


def _read(
    options: Sequence[Option], words: Iterable[str]
) -> tuple[Option | None, dict[str, list[str]]]:
    """The option that waits for its value behind the words, if one does, and the values so far."""
    by_flag = {flag: option for option in options for flag in option.flags}
    values: dict[str, list[str]] = {}
    waiting = None
    for word in words:
        flag, equals, value = word.partition("=")
        option = by_flag.get(flag)
        if waiting:
            values.setdefault(waiting.name, []).append(word)
            waiting = None
        elif option and equals:
            values.setdefault(option.name, []).append(value)
        elif option:
            waiting = None if option.is_flag else option
        elif word == "-" or not word.startswith("-"):
            argument = _next_argument(options, values)
            values.setdefault(argument.name if argument else "", []).append(word)
    return waiting, values


def _next_argument(options: Iterable[Option], values: Mapping[str, list[str]]) -> Option | None:
    arguments = (option for option in options if not option.flags)
    return next((one for one in arguments if one.repeats or one.name not in values), None)


# --- files ----------------------------------------------------------------------------------------


def _files(cursor: Cursor, endings: tuple[str, ...] = ("",)) -> Offers:
    """Files with one of these endings, and folders; hidden ones only if the word begins so."""
    folder, begun = os.path.split(cursor.word)
    shown = cursor.word[: len(cursor.word) - len(begun)]
    with os.scandir(os.path.expanduser(folder) or ".") as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.name.startswith(".") and not begun.startswith("."):
                continue
            if entry.is_dir():
                yield f"{shown}{entry.name}/", ""
            elif entry.name.endswith(endings) and entry.is_file():
                yield shown + entry.name, ""


def _scenarios(cursor: Cursor) -> Offers:
    return _files(cursor, SCENARIOS)


def _sides(cursor: Cursor) -> Offers:
    """Scenario files; and behind the name of one, `FILE:CASE`."""
    file, colon, _ = cursor.word.rpartition(":")
    if colon:
        return [(f"{file}:{name}", about) for name, about in _cases_of(_root(file))]
    return _scenarios(cursor)


# --- what stands in the file that is named --------------------------------------------------------


def _root(name: str) -> Node:
    """The root of a file; raises Refused, also for standard input: that is the terminal."""
    if name in ("", "-"):
        raise refuse("unreadable", "no file is named yet")
    return read_root(os.path.expanduser(name))[0]


def _cases(cursor: Cursor) -> Offers:
    if not _is_site(cursor.file):
        return _cases_of(_root(cursor.file))
    return [
        (f"{name}:{case}", about)
        for name, root in _contracts(cursor.file)
        for case, about in _cases_of(root)
    ]


def _cases_of(root: Node) -> Iterator[tuple[str, str]]:
    """The cases of a deal, with who reads the contract like that."""
    for name, case in _below(root, "cases").items():
        source = case.value.get("source") if isinstance(case.value, dict) else None
        yield name, source.text() if source else ""


def _options(cursor: Cursor) -> Offers:
    """The options of a deal that may be taken; of a site file, of each contract."""
    if not _is_site(cursor.file):
        return [(name, "") for name in _below(_root(cursor.file), "options")]
    return [
        (f"{contract}:{name}", "")
        for contract, root in _contracts(cursor.file)
        for name in _below(root, "options")
    ]


def _parties(cursor: Cursor) -> Offers:
    yield from (("buyer", ""), ("seller", ""))
    with suppress(Refused):
        entries = _root(cursor.file).value
        for party in ("buyer", "seller"):
            name = entries.get(party)
            if name and isinstance(name.value, str):
                yield name.value, f"the {party}"


def _below(root: Node, key: str) -> Mapping[str, Node]:
    node = root.value.get(key)
    return node.value if node and isinstance(node.value, dict) else {}


def _is_site(name: str) -> bool:
    return bool(name) and is_site(os.path.expanduser(name))


def _contracts(name: str) -> Iterator[tuple[str, Node]]:
    """The contracts of a site file that can be read, by what the command line calls them."""
    from dealcalc.book.site_files import load_site

    for contract in load_site(os.path.expanduser(name)).contracts:
        yield contract.name, contract.scenario.file


def _notices(cursor: Cursor) -> Offers:
    """Days are not offered; but a contract of a site file comes in front of one."""
    if cursor.option.metavar.startswith("CONTRACT"):
        return [(f"{name}:", "") for name, _ in _contracts(cursor.file)]
    return ()


# --- paths ----------------------------------------------------------------------------------------


def _settings(cursor: Cursor) -> Offers:
    """`PATH=VALUE`, part by part; in a site file also `CONTRACT:PATH=VALUE`."""
    if not _is_site(cursor.file):
        yield from _paths(Deal, _root(cursor.file), cursor.word, "=")
        return
    from dealcalc.terms.provider import Provider

    contract, colon, path = cursor.word.partition(":")
    if not colon:
        yield from _paths(Provider, _root(cursor.file), cursor.word, "=")
    for name, root in _contracts(cursor.file):
        if not colon:
            yield f"{name}:", "a contract"
        elif name == contract:
            terms = _paths(Deal, root, path, "=")
            yield from ((f"{name}:{offer}", about) for offer, about in terms)


def _varied(cursor: Cursor) -> Offers:
    """Terms to vary; `=` follows where values must."""
    ending = "=" if cursor.option.metavar.startswith("PATH=") else ""
    yield from _paths(Deal, _root(cursor.file), cursor.word, ending)


def _paths(type_: type, root: Node, word: str, ending: str) -> Iterator[tuple[str, str]]:
    """The next part of a path that is begun, or the values of a term that takes few.

    Offered is what stands in the file and what the format has there besides; a part that does not
    end the path has its dot.
    """
    path, equals, _ = word.partition("=")
    parts = path.split(".")
    below = {step.part: step for step in _steps(type_, root) if step.part not in NOT_TERMS}
    for part in parts if equals else parts[:-1]:
        if part not in below:
            return
        kind = below[part].kind
        below = {step.part: step for step in _steps(kind, below[part].value)}
    if equals:
        choices = kind.choices if isinstance(kind, Word) else ()
        yield from ((f"{path}={choice}", "") for choice in choices)
        return
    before = path[: len(path) - len(parts[-1])]
    for step in below.values():
        there = step.value.value if step.value else ""
        alone = may_stand_alone(step.kind) and isinstance(there, str)
        whole = is_term(step.kind) or alone
        about = step.value.text() if step.value and whole else step.title
        yield before + step.part + (ending if whole else "."), about


def _steps(kind: Kind, node: Node | None) -> Iterator[Branch]:
    """What may stand behind a path: what the file has there, and what the format has besides."""
    entries = entries_of(kind, node)
    if not isinstance(kind, Many):
        yield from branches(kind, entries or {})
    elif kind.or_one and not (node and isinstance(node.value, list)):
        yield from _steps(kind.kind, node)
    else:
        yield from branches(kind, [*entries, None])
    if isinstance(kind, Named) and entries and len(entries) > 1:
        yield Branch("*", kind.kind, next(iter(entries.values())), "each of them")


# --- figures --------------------------------------------------------------------------------------


def _figures(_: Cursor) -> Offers:
    from dealcalc.figures.figures import FIGURES

    return [(example, "") for figure in FIGURES for example in figure.examples]


def _claims(cursor: Cursor) -> Offers:
    """The claims that the file makes itself, then figures that a claim may begin with."""
    with suppress(Refused):
        claims = _root(cursor.file).value.get("claims")
        for entry in claims.value if claims and isinstance(claims.value, list) else []:
            claim = entry.value.get("claim") if isinstance(entry.value, dict) else None
            if claim:
                yield claim.text(), ""
    yield from _figures(cursor)


def _explained(cursor: Cursor) -> Offers:
    yield from ((word, "") for word in ("total", "firm", "forgone"))
    yield from ((name, "a charge") for name in _below(_root(cursor.file), "charges"))


def _codes(_: Cursor) -> Offers:
    from dealcalc.loading.problems import CODES

    yield "all", "every code"
    yield from CODES.items()


def _rights(cursor: Cursor) -> Offers:
    with suppress(Refused):
        rights = _root(cursor.file).value.get("termination")
        count = len(rights.value) if rights and isinstance(rights.value, list) else 1
        yield from ((str(index), "") for index in range(count))


OFFERS: Mapping[str, Callable[[Cursor], Offers]] = {
    "file": _scenarios,
    "files": _sides,
    "paths": _scenarios,
    "claim": _claims,
    "questions": _claims,
    "figure": _explained,
    "case": _cases,
    "set": _settings,
    "take": _options,
    "vary": _varied,
    "measure": _figures,
    "by": _parties,
    "right": _rights,
    "notice": _notices,
    "output": _files,
    "explain": _codes,
}
"""What is offered as a value, by the name of the option or argument; of others nothing is known."""

"""What a check found, in each of its forms: for people, for CI services, for programs.

A form takes files as they are checked and gives its text piece by piece, so that only `json`, whose
counts come first, holds on to anything: the problems.
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from dealcalc.checks.check import Checked, Tested
from dealcalc.checks.status import Status
from dealcalc.loading.problems import CODES, Problem, concise, fitted, full, safe

ANNOTATED = 10
"""So many errors, and so many warnings, does GitHub annotate in one step; it drops the rest."""

NAMED = 6
"""So many assumptions of a claim are named for people, the rest is counted; JSON has all."""

SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


class Tally:
    """Counts of what was checked, complete once every file has been through `counted`."""

    def __init__(self) -> None:
        self.files = self.claims = self.false = self.broken = self.unsourced = self.warnings = 0
        self.assumed = self.skipped = 0
        self.status = Status.FINE

    def counted(self, files: Iterable[Checked]) -> Iterator[Checked]:
        """The same files, without those that are skipped."""
        for file in files:
            self.skipped += file.skipped
            if file.skipped:
                continue
            self.files += 1
            self.claims += file.claims
            self.assumed += file.assumed
            self.broken += file.status == Status.TROUBLE
            for problem in file.problems:
                self.false += problem.code == "false-claim"
                self.unsourced += problem.code == "no-source"
                self.warnings += problem.severity == "warning"
            self.status = max(self.status, file.status)
            yield file

    def line(self) -> str:
        """`3 files, 12 claims: 1 false`, and whatever else there is."""
        found = [
            f"{self.false} false" if self.false else "",
            _counted(self.unsourced, "term without a source", "terms without a source"),
            _counted(self.broken, "file broken", "files broken"),
            _counted(self.warnings, "warning", "warnings"),
            _counted(self.skipped, "other YAML file skipped", "other YAML files skipped"),
        ]
        if self.status == Status.FINE:
            found.insert(0, self._held() if self.claims else "all valid")
        claims = _counted(self.claims, "claim", "claims") or "no claims"
        checked = f"{_counted(self.files, 'file', 'files')}, {claims}"
        return f"{checked}: {', '.join(one for one in found if one)}"

    def _held(self) -> str:
        """That all claims are true, and how many only if terms are as assumed."""
        rest = "rests on an assumption" if self.assumed == 1 else "rest on assumptions"
        return f"all true ({self.assumed:,} {rest}*)" if self.assumed else "all true"


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}" if count else ""


Form = Callable[..., Iterator[str]]
"""Files, their tally, whether to be verbose; for people also the columns of their screen."""


# --- for people -----------------------------------------------------------------------------------


def full_verdict(
    files: Iterable[Checked], tally: Tally, verbose: bool, room: int | None = None
) -> Iterator[str]:
    """Every problem with its source line, a caret and the way out; then the counts."""
    for file in files:
        yield from _held(file, verbose, room, "\n")
        for problem in file.problems:
            yield f"{full(problem, room)}\n\n"
    yield f"{fitted('', tally.line(), room)}\n"


def concise_verdict(
    files: Iterable[Checked], tally: Tally, verbose: bool, room: int | None = None
) -> Iterator[str]:
    """A line for every problem, but on a screen that is too narrow; then the counts."""
    for file in files:
        yield from _held(file, verbose, room)
        for problem in file.problems:
            yield f"{concise(problem, room)}\n"
    yield f"{fitted('', tally.line(), room)}\n"


def _held(file: Checked, verbose: bool, room: int | None = None, end: str = "") -> Iterator[str]:
    """A line for every claim that holds, with its value."""
    held = [claim for claim in file.tested if verbose and not claim.problem]
    for claim in held:
        case = f" in the case {claim.case}" if claim.case else ""
        place = safe(f"{claim.file}:{claim.line}:{claim.column}: ")
        truth = "true" if claim.is_true else "false, as expected"
        text = safe(f"{truth}{case}{_if(claim)}: {claim.claim} [{claim.value}]")
        yield f"{fitted(place, text, room)}\n"
    if held:
        yield end


def _if(claim: Tested) -> str:
    """On what assumptions a claim is true: `, if term.start and term.through are as assumed*`."""
    named, rest = [*claim.assumed], len(claim.assumed) - NAMED
    if not named:
        return ""
    if rest > 1:
        named[NAMED:] = [f"{rest} other terms"]
    *others, last = named
    paths = f"{', '.join(others)} and {last}" if others else last
    return f", if {paths} {'are' if others else 'is'} as assumed*"


# --- GitHub Actions -------------------------------------------------------------------------------


def github_verdict(files: Iterable[Checked], tally: Tally, verbose: bool) -> Iterator[str]:
    """Annotations, as many as GitHub keeps of a step; then plain lines, and how many those are."""
    left = {"error": ANNOTATED, "warning": ANNOTATED}
    over = 0
    for file in files:
        yield from _held(file, verbose)
        for problem in file.problems:
            if left[problem.severity]:
                left[problem.severity] -= 1
                yield _annotation(problem)
            else:
                over += 1
                yield f"{concise(problem)}\n"
    if over:
        kept = f"{ANNOTATED} errors and {ANNOTATED} warnings of a step"
        yield f"{over:,} not annotated: GitHub keeps {kept}\n"
    yield f"{tally.line()}\n"


def _annotation(problem: Problem) -> str:
    properties = {"file": _in_workspace(problem.file)} if problem.file else {}
    if problem.line:
        properties |= {"line": f"{problem.line}", "col": f"{problem.column}"}
        properties |= {"endColumn": f"{problem.column + problem.length}"}
    properties["title"] = problem.code
    said = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    # A log shows the message alone, so the place is said in it again.
    place = f"{problem.file}:{problem.line}:{problem.column}: " if problem.line else ""
    help = f"\nhelp: {safe(problem.help)}" if problem.help else ""
    text = _data(safe(place + problem.message) + help)
    return f"::{problem.severity} {said}::{text}\n"


def _in_workspace(file: str) -> str:
    """The path as the repository has it, wherever in it the command was started."""
    workspace = os.environ.get("GITHUB_WORKSPACE")
    return os.path.relpath(file, workspace) if workspace and file != "-" else file


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(safe(text)).replace(":", "%3A").replace(",", "%2C")


# --- programs -------------------------------------------------------------------------------------


def json_verdict(files: Iterable[Checked], tally: Tally, verbose: bool) -> Iterator[str]:
    """One object: the counts and a list of the problems; `held` are claims that are true."""
    problems, held = [], []
    for file in files:
        problems += [_json(_problem(problem)) for problem in file.problems]
        held += [_json(_claim(claim)) for claim in file.tested if verbose and not claim.problem]
    yield f'{{\n  "format": "dealcalc/check/1",\n  "files": {tally.files},\n'
    yield f'  "skipped": {tally.skipped},\n'
    yield f'  "claims": {tally.claims},\n  "problems": {_rows(problems)}'
    yield f',\n  "held": {_rows(held)}\n}}\n' if verbose else "\n}\n"


def _rows(rows: list[str]) -> str:
    return "[\n    " + ",\n    ".join(rows) + "\n  ]" if rows else "[]"


def _problem(problem: Problem) -> dict[str, Any]:
    keys = ("file", "line", "column", "code", "severity", "message", "help")
    return {key: getattr(problem, key) for key in keys}


def _claim(claim: Tested) -> dict[str, Any]:
    return {key: value for key, value in claim._asdict().items() if key != "problem"}


def _json(value: Any) -> str:
    """JSON in which neither a terminal nor a CI runner finds an order; what it says is the same."""
    return json.dumps(value).replace("::", ":\\u003a").replace("##", "#\\u0023")


def sarif_verdict(files: Iterable[Checked], tally: Tally, verbose: bool) -> Iterator[str]:  # noqa: ARG001
    """SARIF 2.1.0, which code scanning services read."""
    rules = [
        {"id": code, "shortDescription": {"text": text}, "help": {"text": _explained(code)}}
        for code, text in CODES.items()
    ]
    tool = {"driver": {"name": "dealcalc", "rules": rules}}
    yield f'{{"$schema": "{SARIF_SCHEMA}", "version": "2.1.0", "runs": [{{\n'
    yield f'"tool": {_json(tool)},\n"columnKind": "unicodeCodePoints",\n"results": ['
    between = "\n"
    for file in files:
        for problem in file.problems:
            yield between + _json(_result(problem))
            between = ",\n"
    yield "\n]}]}\n"


def _explained(code: str) -> str:
    return f"dealcalc check --explain {code}"


def _result(problem: Problem) -> dict[str, Any]:
    help = f" (help: {problem.help})" if problem.help else ""
    result: dict[str, Any] = {
        "ruleId": problem.code,
        "level": problem.severity,
        "message": {"text": _plain(problem.message + help)},
    }
    if problem.file:
        place: dict[str, Any] = {"artifactLocation": {"uri": _uri(problem.file)}}
        if problem.line:
            end = problem.column + problem.length
            region = {"startLine": problem.line, "startColumn": problem.column, "endColumn": end}
            place["region"] = region
        result["locations"] = [{"physicalLocation": place}]
    return result


def _plain(text: str) -> str:
    """Text in which a reader of SARIF finds no placeholder and no link."""
    return text.replace("{", "{{").replace("}", "}}").replace("](", "] (")


def _uri(file: str) -> str:
    from urllib.parse import quote

    path = Path(file)
    return path.as_uri() if path.is_absolute() else quote(os.fsencode(path.as_posix()))


def junit_verdict(files: Iterable[Checked], tally: Tally, verbose: bool) -> Iterator[str]:  # noqa: ARG001
    """JUnit's XML: a suite for each file, in it a case for its terms and one for each claim."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="dealcalc check">\n'
    for file in files:
        yield from _suite(file)
    yield "</testsuites>\n"


def _suite(file: Checked) -> Iterator[str]:
    from xml.sax.saxutils import quoteattr

    def quoted(text: str) -> str:
        return quoteattr(safe(text))

    broken, false = file.status == Status.TROUBLE, [claim for claim in file.tested if claim.problem]
    amiss = [one for one in file.problems if one.severity == "error" and one.code != "false-claim"]
    failures = len(false) + (0 if broken or not amiss else 1)
    yield f'<testsuite name={quoted(file.file)} tests="{len(file.tested) + 1}"'
    yield f' errors="{broken:d}" failures="{failures}">\n'
    yield f'  <testcase classname={quoted(file.file)} name="terms">\n'
    if amiss:
        yield _outcome("error" if broken else "failure", amiss)
    warnings = [one for one in file.problems if one.severity == "warning"]
    if warnings:
        yield _outcome("system-out", warnings)
    yield "  </testcase>\n"
    for claim in file.tested:
        name = f"{claim.case}: {claim.claim}" if claim.case else claim.claim
        yield f"  <testcase classname={quoted(file.file)} name={quoted(name)}>\n"
        if claim.problem:
            yield _outcome("failure", [claim.problem])
        yield "  </testcase>\n"
    yield "</testsuite>\n"


def _outcome(tag: str, problems: list[Problem]) -> str:
    from xml.sax.saxutils import escape, quoteattr

    first, about = problems[0], ""
    if tag != "system-out":
        about = f" type={quoteattr(first.code)} message={quoteattr(safe(first.message))}"
    text = "\n\n".join(full(problem) for problem in problems)
    return f"    <{tag}{about}>{escape(text)}\n</{tag}>\n"


FORMS: dict[str, Form] = {
    "full": full_verdict,
    "concise": concise_verdict,
    "github": github_verdict,
    "json": json_verdict,
    "junit": junit_verdict,
    "sarif": sarif_verdict,
}
FOR_PEOPLE = ("full", "concise", "github")
PAINTED = ("full", "concise")
"""Forms that may have colour: GitHub reads its annotations only as they are."""

NEEDS_TESTED = ("junit",)
"""Forms with an entry for every claim, also for those that hold."""

FORM_BY_ENDING = {".txt": "full", ".json": "json", ".xml": "junit", ".sarif": "sarif"}
"""The form of a file that is written, by its ending."""

"""`dealcalc check`."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

from dealcalc.checks.check import Checked
from dealcalc.checks.check import check as checked_files
from dealcalc.checks.pages import code_page
from dealcalc.checks.status import Status
from dealcalc.checks.verdicts import FOR_PEOPLE, FORM_BY_ENDING, FORMS, NEEDS_TESTED, PAINTED, Tally
from dealcalc.cli.commands import command
from dealcalc.cli.files import write_file
from dealcalc.cli.options import COLOR, SHOWN, VERBOSE, Option
from dealcalc.cli.screen import in_color, painted_verdict
from dealcalc.cli.streams import as_utf_8, columns, tell, write_bytes, write_text
from dealcalc.loading.problems import refuse, safe

PATHS = Option(
    metavar="PATH...",
    repeats=True,
    help="Scenario files, like deal.yaml, and folders with such files below them; - for "
    "standard input.",
)
STRICT = Option(
    ("--strict",),
    help="Every term must be named in `sources` or `assumptions`, else status 1; so must defaults "
    "that change what is earned, or a last day.",
)
EXCLUDE = Option(
    ("--exclude",),
    "PATTERN",
    repeats=True,
    help="Leave out files and folders found below a folder, by name or path, like 'drafts' or "
    "'*-draft.yaml'. Repeatable.",
    synonyms=("--ignore", "--skip"),
)
EXPLAIN = Option(
    ("--explain",),
    "CODE",
    help="What the code of a problem means, like date, with an example; `all` for every code.",
)
FORMAT = Option(
    ("--format", "-f"),
    choices=("full", "concise", "github", "json", "junit", "sarif"),
    panel=SHOWN,
    help="The form of the answer, like -f sarif; default: full, and github under GitHub Actions.",
)
OUTPUT = Option(
    ("--output", "-o"),
    "[FORM:]FILE",
    repeats=True,
    panel=SHOWN,
    help="Write to a file as well, in the form named or that of its ending: .txt, .json, .xml"
    " (JUnit), .sarif; like check.sarif or junit:results.xml. Repeatable.",
)


@command(
    options=(PATHS, STRICT, VERBOSE, EXCLUDE, EXPLAIN, FORMAT, OUTPUT, COLOR),
    about="""
    Whether files are valid and their claims true; for CI.

    Reads every .yaml and .yml, prices each deal and its cases, and tests their claims. A file that
    is named must be a scenario; other YAML that is found below a folder is skipped. Status 0: all
    true; 1: a claim is false; 2: a file is broken, or there is nothing to check.
    """,
    examples=(
        "dealcalc check deals",
        "dealcalc check --strict deals/northgate.yaml",
        "dealcalc check deals --exclude '*-draft.yaml'",
        "dealcalc check deals -o check.sarif -o junit:results.xml",
        "dealcalc check --explain false-claim",
    ),
)
def check(
    paths: list[str],
    strict: bool,
    verbose: bool,
    exclude: list[str],
    explain: str | None,
    format: str | None,
    output: list[str],
    color: str,
) -> int:
    """Show what is wrong in the files, and write it; the worst status of them."""
    if explain is not None:
        write_text(code_page(explain, columns(sys.stdout)))
        return Status.FINE
    if not paths:
        help = "`dealcalc check .` checks the current folder"
        raise refuse("command-line", "name a file or a folder", help)
    written = _written(output, paths)
    asked = format or _default()
    tested = verbose or bool({asked, *(form for form, _ in written)}.intersection(NEEDS_TESTED))
    tally = Tally()
    found = checked_files(paths, strict=strict, tested=tested, exclude=exclude)
    files = _some(tally.counted(found), tally)
    if written:
        files = list(files)  # several forms read them, one after the other
    show, room = _shown(asked, color), {"room": columns(sys.stdout)} if asked in PAINTED else {}
    for text in FORMS[asked](files, tally, verbose, **room):
        show(text)
    for form, name in written:
        write_file(name, as_utf_8("".join(FORMS[form](files, tally, verbose))))
        tell(f"wrote {safe(name)}")
    return tally.status


def _shown(form: str, color: str) -> Callable[[str], None]:
    """What writes the pieces of a form to standard output."""
    if form not in FOR_PEOPLE:
        return lambda text: write_bytes(as_utf_8(text))
    if form in PAINTED and in_color(color):
        return lambda text: write_text(painted_verdict(text))
    return write_text


def _some(files: Iterator[Checked], tally: Tally) -> Iterable[Checked]:
    """The same files; raises Refused if there are none."""
    first = next(files, None)
    if first is None:
        help = "it checks .yaml and .yml files that are not hidden"
        if tally.skipped:
            help = f"of the YAML files there ({tally.skipped:,}), none has a key of a scenario"
        raise refuse("command-line", "there are no files to check", help)
    return chain((first,), files)


def _default() -> str:
    return "github" if os.environ.get("GITHUB_ACTIONS") == "true" else "full"


def _written(outputs: Sequence[str], paths: Iterable[str]) -> list[tuple[str, str]]:
    """Forms and the files they go to; raises Refused where one would take the place of another.

    No form is YAML, so a name that `check` finds in a folder is a slip: it would end a scenario.
    """
    written = [_form_and_name(text) for text in outputs]
    seen = {_file(path) for path in paths} if written else set()
    for _, name in written:
        file = _file(name)
        if file.lower().endswith((".yaml", ".yml")):
            help = "use another ending: files that end so are read, not written"
            raise refuse("command-line", f"{name} has the name of a scenario", help, "--output")
        if file in seen and not _takes_more(file):
            help = "name another file"
            raise refuse(
                "command-line",
                f"{name} is already read or written by this command",
                help,
                "--output",
            )
        seen.add(file)
    return written


def _file(name: str) -> str:
    """The file that a name leads to, or the name, if the folder that we are in is gone."""
    try:
        return os.path.realpath(name)
    except OSError:
        return name


def _takes_more(file: str) -> bool:
    """Whether what is written twice to a file is there twice, as with a pipe or a terminal."""
    return os.path.exists(file) and not os.path.isfile(file)


def _form_and_name(text: str) -> tuple[str, str]:
    """`junit:results.xml`, or a name whose ending says the form; raises Refused."""
    form, colon, name = text.partition(":")
    if colon and name and form in FORMS:
        return form, name
    form = FORM_BY_ENDING.get(os.path.splitext(text)[1].lower(), "")
    if not form:
        help = f"use one of {', '.join(FORM_BY_ENDING)}, or write it like sarif:{text}"
        raise refuse("command-line", f"{text} does not end in a known form", help, "--output")
    return form, text

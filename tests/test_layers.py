"""The rules of the house: what may import what, and what no module may do."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from shipped import ROOT, TESTS

PACKAGE = ROOT / "dealcalc"
MODULES = sorted(PACKAGE.rglob("*.py"))

ORDER: dict[str, tuple[str, ...]] = {
    "terms": (
        *("dates", "currencies", "values", "fees", "misread", "numbers", "times", "money"),
        "shapes",
        *("words", "fields", "charges", "deal", "rights", "options"),
        *("faults", "option_rules", "right_rules", "rules", "provider", "book"),
    ),
    "earned": (),
    "leaving": (),
    "core": (),
    "loading": (
        *("problems", "nodes", "walk", "partial", "reader", "changes", "ranges"),
        *("scenario", "schema", "folders"),
    ),
    "figures": (
        "cash",
        "prices",
        "factors",
        "result",
        "figures",
        "claims",
        "subject",
        "assumptions",
        "warnings",
    ),
    "book": ("sites", "returns", "site_files", "contracts", "book_files"),
    "questions": (
        *("varied", "values", "sweep", "solve", "ambiguity", "explain", "risk", "rests", "ask"),
    ),
    "checks": ("status", "pages", "foreign", "misses", "books", "check", "verdicts"),
    "reports": (
        *("units", "report", "reasons", "named"),
        *("measured", "placement", "differences"),
        *("deal_report", "early_end", "options", "periods", "schedule", "cash_schedule"),
        *("terminate", "terminations", "backlog", "sides", "compare"),
        *("sweep", "solve", "ambiguity"),
        *("explain", "risk", "value", "book_report", "book_schedule", "book_backlog", "ask"),
        *(
            "site_report",
            "portfolio",
            "site_rows",
            "capacity",
            "site_schedule",
            "site_backlog",
            "site_notices",
        ),
    ),
    "forms": ("model", "charts", "export", "layout", "tables", "svg", "web", "workbook"),
    "api": (),
    "cli": (
        *("streams", "screen", "files", "options", "commands", "output", "progress", "asked"),
        *("schedule", "terminate", "backlog", "compare", "capacity", "sweep", "solve"),
        *("ask", "ambiguity", "explain", "risk", "value", "check", "schema", "new"),
        *("help", "shells", "program", "usage", "completion"),
    ),
    "__main__": (),
}
"""Modules and packages, and inside a package its modules: each imports only what stands before it.

The modules of a package inside a package import each other freely, and so does `__init__`.
"""


def name_of(module: Path) -> str:
    """The module or package of dealcalc, and the one inside it, that a file belongs to."""
    parts = module.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[: 1 if parts[-1] == "__init__" and len(parts) == 2 else 2])


def place(name: str) -> tuple[int, int]:
    """Where a name of `name_of` stands in the order; a package comes after what it holds."""
    package, _, inner = name.partition(".")
    within = ORDER[package]
    return [*ORDER].index(package), within.index(inner) if inner else len(within)


def tree(module: Path) -> ast.Module:
    return ast.parse(module.read_text("utf-8"), str(module))


def imports(module: Path) -> Iterator[str]:
    """What a file imports, wherever in it: `yaml`, `dealcalc.words`."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}:{node.lineno} imports relatively"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


FILES = {module.relative_to(PACKAGE).with_suffix("").as_posix(): module for module in MODULES}


def imported(module: Path) -> Iterator[str]:
    """The names, as of `name_of`, of what a file imports of ours."""
    for name in imports(module):
        parts = name.split(".")[1:] if name.startswith("dealcalc.") else []
        files = ("/".join(parts[:count]) for count in range(len(parts), 0, -1))
        paths = (path for file in files for path in (file, f"{file}/__init__") if path in FILES)
        if path := next(paths, None):
            yield name_of(FILES[path])


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_modules_above_it(module: Path) -> None:
    name = name_of(module)
    if name == "__init__":
        assert {*imported(module)} == {"api"}, "and only for those who ask for a name of it"
        return
    others = {other for other in imported(module) if other != name}
    assert [other for other in others if place(other) >= place(name)] == []


def test_every_module_has_its_place() -> None:
    names = {name_of(module) for module in MODULES} - {"__init__"}
    inside = {f"{package}.{inner}" for package, within in ORDER.items() for inner in within}
    assert names - {*ORDER} == inside


def test_a_test_file_has_the_name_of_what_it_tests() -> None:
    rooms = {room for room, inside in ORDER.items() if inside}
    tests = {path.relative_to(TESTS) for path in TESTS.rglob("test_*.py")}
    modules = {f"{room}/test_{inner}.py" for room in rooms for inner in ORDER[room]}
    unnamed = {path.as_posix() for path in tests if path.parts[0] in rooms} - modules
    assert unnamed == {*ABOUT_A_ROOM}


DOUBLE_NAMES = {
    "Python and the command line ask what a room of theirs answers": """
        Backlog Ended Schedule ambiguity ask backlog check load schedule solve sweep terminate
    """,
    "each sheet of a workbook has one, and is named with it: `summary.write`": """
        write
    """,
}
"""Public functions and classes whose name two modules define, and why."""


def test_a_public_name_means_one_thing() -> None:
    names = Counter(
        node.name
        for module in MODULES
        for node in tree(module).body
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_")
    )
    double = sorted(name for name, count in names.items() if count > 1)
    assert double == sorted(" ".join(DOUBLE_NAMES.values()).split())


ABOUT_A_ROOM = {
    "cli/test_cli.py": "what is true of every command line",
    "cli/test_docs_of_commands.py": "what every command says of itself",
    "cli/test_widths.py": "what every documented command shows fits its terminal",
}


CONTRIBUTING = (ROOT / ".github" / "CONTRIBUTING.md").read_text("utf-8")


def test_what_is_said_about_changing_it_is_there() -> None:
    said = {*re.findall("`((?:dealcalc|tests|scenarios|[.]ci)/[^` ]*)`", CONTRIBUTING)}
    assert len(said) > 40
    assert {path for path in said if not (ROOT / path).exists()} == set()


@pytest.mark.parametrize("recipe", re.findall(r"^- \*\*.*(?:\n  .*)*", CONTRIBUTING, re.MULTILINE))
def test_a_recipe_names_what_its_files_hold(recipe: str) -> None:
    files = [ROOT / path for path in re.findall(r"`([\w/]+[.](?:py|yaml|md))`", recipe)]
    text = "".join(file.read_text("utf-8") for file in files)
    names = {*re.findall("`(_?[A-Za-z_]+)`", recipe)} - {"backlog", "explain", "README"}
    assert files
    assert {name for name in names if not re.search(rf"\b{name}\b", text)} == set()


def test_there_is_no_drawer_for_the_rest() -> None:
    drawers = {"utils", "util", "helpers", "common", "misc", "tools"}
    assert not drawers & {module.stem.strip("_") for module in MODULES}
    assert not [module for module in MODULES if module.stem[-1].isdigit()]


def test_importing_dealcalc_costs_nothing() -> None:
    program = "import sys; old = {*sys.modules}; import dealcalc; print(*{*sys.modules} - old)"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert run.stdout.split() == [b"dealcalc"]


PURE = [
    *(PACKAGE / "terms" / f"{name}.py" for name in ORDER["terms"] if name != "provider"),
    PACKAGE / "core.py",
    *(
        PACKAGE / "figures" / f"{name}.py"
        for name in ("cash", "prices", "result", "figures", "claims")
    ),
]
"""What a deal pays, and nothing of where it is written or shown."""


def test_the_core_reads_no_files_and_no_clock() -> None:
    outside = {"os", "sys", "io", "pathlib", "time", "yaml", "typer", "rich", "subprocess"}
    for module in PURE:
        assert not outside & {one.partition(".")[0] for one in imports(module)}, module


@pytest.mark.parametrize("module", PURE, ids=lambda path: path.stem)
def test_a_value_never_changes(module: Path) -> None:
    classes = [node for node in ast.walk(tree(module)) if isinstance(node, ast.ClassDef)]
    decorators = [ast.unparse(one) for node in classes for one in node.decorator_list]
    dataclasses = [one for one in decorators if one.startswith("dataclass")]
    assert [one for one in dataclasses if "frozen=True" not in one] == []


def test_the_mutants_that_are_explained_are_of_this_code() -> None:
    text = (TESTS / "mutation" / "survivors.md").read_text("utf-8")
    explained = re.findall("^- `(.+?)`: `(.+?)` → `.*`$", text, re.MULTILINE)
    assert len(explained) == text.count("\n- ") > 0
    for where, line in explained:
        module = next(PACKAGE.rglob(f"{where.partition('.')[0]}.py"))
        lines = {" ".join(line.split()) for line in module.read_text("utf-8").splitlines()}
        assert line in lines, f"{where}: explain it anew, see tests/mutation/run.py"


NOT_MUTATED = {
    "currencies": "a table",
    "misread": "guesses at what was meant",
    "shapes": "patterns, which tests of the schema compare with what is read",
    "words": "names for readers that stand elsewhere",
    "fields": "what a type says of its fields",
    "faults": "what rules are made of",
    "option_rules": "comparisons, with a broken file for each",
    "right_rules": "comparisons, with tests of every mistake",
    "rules": "comparisons, with a broken file for each",
    "book": "which contracts there are, and claims about them",
    "provider": "sites, whose capacity and costs the tests of `book` work out",
}
"""Modules of `terms` whose mutants nothing tries, and why."""


def test_mutants_are_made_of_whatever_counts() -> None:
    (modules,) = (
        [key.value for key in node.value.keys if isinstance(key, ast.Constant)]
        for node in tree(TESTS / "mutation" / "run.py").body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "TESTS"
        if isinstance(node.value, ast.Dict)
    )
    counts = [*ORDER["terms"], "earned", "leaving", "core"]
    assert sorted([*modules, *NOT_MUTATED]) == sorted(counts)


def is_float(node: ast.AST) -> bool:
    """A number with a point, or `float` by name: money is exact."""
    literal = isinstance(node, ast.Constant) and isinstance(node.value, float)
    return literal or (isinstance(node, ast.Name) and node.id == "float")


def is_clock(node: ast.AST) -> bool:
    """Anything that asks what day or time it is: no figure may depend on it."""
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    return name in ("today", "now", "utcnow", "fromtimestamp", "localtime", "gmtime", "strftime")


FLOATS = {
    "checks/foreign.py": "how alike two keys are",
    "cli/progress.py": "seconds between two drawings of a bar",
    "book/returns.py": "a rate of return, which the library for it finds by trying",
}
"""Where a number with a point is no money, and what it is."""


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_money_is_exact(module: Path) -> None:
    floats = [ast.unparse(node) for node in ast.walk(tree(module)) if is_float(node)]
    assert bool(floats) == (module.relative_to(PACKAGE).as_posix() in FLOATS), floats


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_figure_depends_on_the_day(module: Path) -> None:
    assert [ast.unparse(node) for node in ast.walk(tree(module)) if is_clock(node)] == []


@pytest.mark.parametrize(
    ("banned", "program"),
    [
        (is_float, "x = 0.5"),
        (is_float, "x = float(1)"),
        (is_clock, "x = date.today()"),
        (is_clock, "x = pendulum.now()"),
        (is_clock, "from time import localtime; localtime()"),
    ],
)
def test_what_is_banned_is_found(banned: Callable[[ast.AST], bool], program: str) -> None:
    assert any(banned(node) for node in ast.walk(ast.parse(program)))


def test_pinned_output_that_differs_fails(
    pinned: Callable[[str | Path, str | bytes], None],
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    if request.config.getoption("--update"):
        pinned(tmp_path / "new.txt", "one\n")
        assert (tmp_path / "new.txt").read_bytes() == b"one\n"
        return
    (tmp_path / "old.txt").write_bytes(b"one\n")
    pinned(tmp_path / "old.txt", "one\n")
    for output in ("two\n", "one\r\n", b"\xff"):
        with pytest.raises(AssertionError):
            pinned(tmp_path / "old.txt", output)
    with pytest.raises(AssertionError, match="pytest --update"):
        pinned(tmp_path / "missing.txt", "one\n")

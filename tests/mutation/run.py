"""What the tests notice: every small fault in the arithmetic, made one at a time by cosmic-ray.

    pip install cosmic-ray==8.7.0
    python tests/mutation/run.py                                # all: well over ten minutes
    python tests/mutation/run.py fees money.read_price          # whole modules, or these functions

A mutant is one change to one operator, comparison, number or keyword, or `max` for `min` and the
like, in a copy of the tree. It is killed by the first test that fails or hangs. Only quick tests
judge, whose figures are worked by hand: what slow properties and the oracle would find besides does
not count. Each result is kept in RESULTS, so that a run that is stopped goes on where it was; what
is known of a function counts until its text changes. A mutant that survived is always tried again.

Prints the score, and each survivor that `survivors.md` does not explain; fails if there is one.
"""

import ast
import json
import os
import re
import resource
import shutil
import signal
import sys
import tempfile
from collections import Counter
from difflib import unified_diff
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import hypothesis.strategies
import jsonschema
import pendulum
import pytest
import rich
import typer
import yaml
from cosmic_ray.ast import ast_nodes, get_ast_from_path
from cosmic_ray.mutating import use_mutation
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator, operator_names
from cosmic_ray.work_item import MutationSpec
from parso.python.tree import Name

IMPORTED = hypothesis, jsonschema, pendulum, rich, typer, yaml
"""Once, before any fork."""
ROOT = Path(__file__).parents[2]
SURVIVORS = Path(__file__).with_name("survivors.md")
RESULTS = Path(os.environ.get("RESULTS", Path(tempfile.gettempdir(), "dealcalc-mutants.jsonl")))

WORKED = "tests/test_worked.py tests/test_core.py"
FROZEN = "tests/test_layers.py::test_a_value_never_changes"
READ = "tests/terms/test_words.py", f"{WORKED} {FROZEN}"
TESTS = {
    "dates": ("tests/terms/test_dates.py", f"tests/terms/test_words.py {WORKED}"),
    "values": ("tests/terms/test_words.py", f"{WORKED} tests/figures/test_prices.py {FROZEN}"),
    "fees": ("tests/terms/test_fees.py", f"{WORKED} {FROZEN}"),
    "numbers": READ,
    "times": READ,
    "money": READ,
    "charges": ("tests/terms/test_deal.py", WORKED),
    "deal": ("tests/terms/test_deal.py", WORKED),
    "rights": (WORKED,),
    "options": ("tests/terms/test_options.py", WORKED),
    "earned": (WORKED,),
    "leaving": (WORKED, "tests/test_leaving.py"),
    "core": (WORKED, FROZEN),
}
"""By module, the tests that judge its mutants, the quickest first."""
SECONDS = (12, 60)
"""After which tests hang, and the mutant is caught: ten times what they take, and more."""
MEMORY = 4 * 2**30

SWAPS = re.compile(
    "Add_Sub|Sub_Add|Mul_Div|Div_Mul|FloorDiv_Mul|Mod_FloorDiv|Pow_Mul|BitAnd_BitOr"
    "|USub_UAdd|Delete_USub|Delete_Not|Is_IsNot|IsNot_Is|Eq_NotEq|NotEq_Eq"
    "|Lt_LtE|Lt_GtE|LtE_Lt|LtE_Gt|Gt_GtE|Gt_LtE|GtE_Gt|GtE_Lt"
)
"""What stands for an operator: its opposite, and its neighbour at a bound. A test that tells plus
from minus tells it from modulo as well."""
OTHERS = {"min": "max", "max": "min", "bisect_left": "bisect_right", "bisect_right": "bisect_left"}
# In money.py, what guesses at a unit; in deal.py, what only says what there is; and what a type
# checker alone reads.
APART = re.compile(
    r"money\._unit_meant\b"
    r"|deal(?!\.(Charge\.(stretches|steps)|Escalator\.increases))|fees(\.Fee\.(multiple|explained|__str__))?$"
)
# Only the time it takes hangs on whether, and how much of it, a result is kept.
KEPT_BY = re.compile(r"@lru_cache")


class Other(Operator):
    """The other end: the later day for the earlier one, behind an equal one for before it."""

    def mutation_positions(self, node):
        if isinstance(node, Name) and node.value in OTHERS and node.get_next_leaf() == "(":
            yield node.start_pos, node.end_pos

    def mutate(self, node, _):
        node.value = OTHERS[node.value]
        return node

    @classmethod
    def examples(cls):
        return ()


OPERATORS = {name: get_operator(name) for name in operator_names()} | {"dealcalc/Other": Other}


class Function(NamedTuple):
    """The innermost definition that a line lies in, dotted, its text's hash and its first line."""

    name: str
    text: str
    first: int


class Mutant(NamedTuple):
    """One change, and the function it is made in: the key says the same wherever that moves to."""

    key: tuple[str, ...]
    where: str
    spec: MutationSpec

    @property
    def module(self) -> str:
        return self.where.partition(".")[0]


def functions(path: Path) -> dict[int, Function]:
    """The function of each line; outside of any, a line stands for itself."""
    source = path.read_text("utf-8")
    lines = source.splitlines()
    found = {
        number: Function(path.stem, digest([line]), number) for number, line in enumerate(lines, 1)
    }

    def walk(node: ast.AST, name: str) -> None:
        for child in ast.iter_child_nodes(node):
            inner = name
            if isinstance(child, ast.FunctionDef | ast.ClassDef):
                inner = f"{name}.{child.name}"
                first = min([child.lineno, *(one.lineno for one in child.decorator_list)])
                text = digest(lines[first - 1 : child.end_lineno])
                span = range(first, child.end_lineno + 1)
                found.update(dict.fromkeys(span, Function(inner, text, first)))
            walk(child, inner)

    walk(ast.parse(source), path.stem)
    return found


def digest(lines: list[str]) -> str:
    return sha256("\n".join(lines).encode()).hexdigest()[:12]


def mutants(module: str) -> list[Mutant]:
    """Every mutant of a module, in the order of its lines."""
    path = next(Path("dealcalc").rglob(f"{module}.py"))
    lines = functions(path)
    texts = path.read_text("utf-8").splitlines()
    tree = get_ast_from_path(path)
    found = []
    for name, operator in OPERATORS.items():
        swap = re.fullmatch(r"core/Replace(?:Binary|Comparison|Unary)Operator_(.+)", name)
        if operator.arguments() or (swap and not SWAPS.fullmatch(swap[1])):
            continue
        positions = (at for node in ast_nodes(tree) for at in operator().mutation_positions(node))
        before, index = None, 0
        for occurrence, (start, end) in enumerate(positions):
            index = index + 1 if start == before else 0
            before = start
            function = lines[start[0]]
            if APART.match(function.name) or KEPT_BY.match(texts[start[0] - 1]):
                continue
            place = start[0] - function.first, start[1], index
            key = function.name, function.text, name, *map(str, place)
            spec = MutationSpec(path, name, occurrence, start, end)
            found.append(Mutant(key, function.name, spec))
    return sorted(found, key=lambda mutant: (mutant.spec.start_pos, mutant.key))


def outcome(tests: str, seconds: int) -> str:
    """How the tests go in a fork of this process, which has imported all but what it judges."""
    child = os.fork()
    if not child:
        signal.alarm(seconds)
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        options = "-x", "-q", "--assert=plain", "-p", "no:cacheprovider", "-p", "no:cov"
        os._exit(pytest.main([*options, *tests.split()]))
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGALRM:
        return "timeout"
    return "killed" if status else "survived"


def judged(mutant: Mutant, suites: tuple[str, ...]) -> dict[str, str]:
    """Killed, timeout or survived; and the line that was changed, before and after."""
    spec = mutant.spec
    with use_mutation(spec.module_path, OPERATORS[spec.operator_name](), spec.occurrence) as codes:
        found = "survived"
        for tests, seconds in zip(suites, SECONDS, strict=False):
            if found == "survived":
                found = outcome(tests, seconds)
    lines = list(unified_diff(*(code.splitlines() for code in codes), n=0))[3:]
    before, after = (" ".join(line[1:] for line in lines if line[0] == sign) for sign in "-+")
    return {"outcome": found, "before": plain(before), "after": plain(after)}


def plain(line: str) -> str:
    """A line without the spaces that only its place, or cosmic-ray, has put there."""
    return re.sub(r"((?<=[(\[])|(?<=\w=)) (?=[\d-])", "", " ".join(line.split()))


def explained() -> set[tuple[str, str, str]]:
    """The survivors that `survivors.md` gives a reason for."""
    text = SURVIVORS.read_text("utf-8") if SURVIVORS.exists() else ""
    return set(re.findall(r"^- `(.+?)`: `(.+?)` → `(.*?)`$", text, re.MULTILINE))


def is_asked(where: str, asked: list[str]) -> bool:
    return any(f"{where}.".startswith(f"{one}.") for one in asked)


def copied(folder: str) -> None:
    """The tree, copied, so that no fault is ever made in the one that is worked on."""
    skipped = shutil.ignore_patterns(".git", ".venv", ".*cache", "__pycache__", "*.egg-info")
    shutil.copytree(ROOT, folder, ignore=skipped, dirs_exist_ok=True)
    os.chdir(folder)


def main(asked: list[str]) -> int:
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))  # 10**999999999 is one of the faults
    os.environ["CI"] = "1"  # the same examples every time
    sys.path.insert(0, "")
    lines = RESULTS.read_text("utf-8").splitlines() if RESULTS.exists() else []
    known = {tuple(one["mutant"]): one for one in map(json.loads, lines)}
    reasons, unexplained = explained(), []
    scores = {module: Counter() for module in TESTS}
    with tempfile.TemporaryDirectory() as folder, RESULTS.open("a", encoding="utf-8") as results:
        copied(folder)
        for module, tests in TESTS.items():
            chosen = [one for one in mutants(module) if not asked or is_asked(one.where, asked)]
            if chosen:
                passed = outcome(" ".join(tests), sum(SECONDS))
                assert passed == "survived", "the tests must pass without a mutant"
                # Two mutants of one second and one size would share their bytecode.
                sys.dont_write_bytecode = True
                os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
            for mutant in chosen:
                one = known.get(mutant.key)
                if one is None or one["outcome"] == "survived":
                    one = {"mutant": mutant.key, **judged(mutant, tests)}
                    print(json.dumps(one), file=results, flush=True)
                scores[module][one["outcome"]] += 1
                survivor = mutant.where, one["before"], plain(one["after"])
                if one["outcome"] == "survived" and survivor not in reasons:
                    unexplained.append(survivor)
                    print("- `{}`: `{}` → `{}`".format(*survivor), flush=True)
    print("\n| module | mutants | killed | timeout | survived |\n| --- | --: | --: | --: | --: |")
    for module, score in scores.items():
        figures = score.total(), score["killed"], score["timeout"], score["survived"]
        print(f"| {module} |", " | ".join(map(str, figures)), "|")
    print(f"\nsurvivors without a reason in {SURVIVORS.name}: {len(unexplained)}")
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

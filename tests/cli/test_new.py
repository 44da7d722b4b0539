"""The starter: valid as it stands and with each of its terms put in, and no term is missing."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from dealcalc.checks.check import checked
from dealcalc.cli import run
from dealcalc.cli.new import STARTER
from dealcalc.figures.figures import FIGURES
from dealcalc.figures.subject import load
from dealcalc.terms.deal import Deal
from dealcalc.terms.fields import Many, Named
from dealcalc.terms.numbers import read_amount
from dealcalc.terms.values import CAPACITY_UNITS, PERIODS_ALONE

TEXT = STARTER.read_text(encoding="utf-8")
TERM = re.compile(r"( *)#(?=[^ \n]|  )(.*)")  # a mark with no space behind it, or with two


def blocks() -> Iterator[tuple[int, int]]:
    """First line and the one after the last of each run of lines that hold commented terms."""
    lines = [*TEXT.splitlines(), ""]
    start = None
    for index, line in enumerate(lines):
        if TERM.fullmatch(line):
            start = index if start is None else start
        elif start is not None:
            yield start, index
            start = None


def with_terms(*stretches: tuple[int, int]) -> str:
    lines = TEXT.splitlines()
    for start, end in stretches:
        lines[start:end] = [TERM.sub(r"\1\2", line) for line in lines[start:end]]
    return "\n".join(lines) + "\n"


def keys(kind: Any) -> Iterator[str]:
    """Every key of the format, at any depth."""
    if isinstance(kind, Many | Named):
        yield from keys(kind.kind)
    elif isinstance(kind, type) and is_dataclass(kind):
        for field in (each for each in fields(kind) if each.metadata):
            yield field.metadata["key"] or field.name
            yield from keys(field.metadata["kind"])


def test_the_starter_is_a_scenario_whose_claims_hold_and_whose_terms_have_sources(file):
    found = checked(file(TEXT), strict=True)
    assert (found.status, found.problems, found.claims) == (0, (), 2)


def first_line(block: tuple[int, int]) -> str:
    return TEXT.splitlines()[block[0]].strip()


@pytest.mark.parametrize("block", list(blocks()), ids=first_line)
def test_it_stays_valid_with_each_commented_block(file, block):
    found = checked(file(with_terms(block)))
    # A price that ramps or escalates makes claims about money false; nothing makes the file broken.
    assert {problem.code for problem in found.problems} <= {"false-claim"}


def test_there_are_blocks_and_no_mark_is_left_when_all_are_taken(file):
    assert len(list(blocks())) >= 10
    whole = with_terms(*blocks())
    assert not [line for line in whole.splitlines() if TERM.fullmatch(line)]
    found = checked(file(whole))
    assert {problem.code for problem in found.problems} <= {"false-claim"}
    assert found.claims >= 14


def test_claims_of_the_starter_hold_once_they_are_put_in(file):
    lines = TEXT.splitlines()
    claims = [block for block in blocks() if "claim:" in lines[block[0]]]
    found = checked(file(with_terms(*claims)))
    assert (found.status, found.problems, found.claims) == (0, (), 41)


def test_every_key_of_the_format_is_in_it():
    written = set(re.findall(r"(?:^|[#{ ,-])([a-z_]+):", TEXT, re.MULTILINE))
    assert set(keys(Deal)) - written == set()


def test_every_figure_unit_and_choice_is_in_it():
    assert [figure.name for figure in FIGURES if f"claim: {figure.name} " not in TEXT] == []
    choices = (
        "30/360 whole-month actual included excluded arrears advance buyer seller either ending"
    )
    known = (*CAPACITY_UNITS, *PERIODS_ALONE, *choices.split(), "in total", "once")
    assert [word for word in known if not re.search(rf"\b{word}\b", TEXT)] == []


OTHERS = [
    "term.start=2026-05-01",
    "term.through=2029-05-31",
    "charges.compute.price=750m per quarter",
    "charges.compute.price=3bn per year",
    "charges.compute.price=8.2m per day",
    "charges.compute.price=155 per kW-month",
    "charges.compute.capacity=[300 MW, 40000 GPU]",
    "charges.compute.ramp.1.through=2026-09-30",
    "charges.compute.escalator.rate=-3%",
    "termination.by=buyer",
    "termination.by=seller",
    "termination.notice=3 months",
    "termination.lock_out=180 days",
    "termination.lock_out=2026-11-01",
    "termination.fee=500m",
    "termination.fee=25% of remaining",
    "billing.in=arrears",
    "billing.due=1 month",
    "conventions.proration=30/360",
    "conventions.proration=whole-month",
    "conventions.notice_day=included",
]


@pytest.mark.parametrize("other", OTHERS)
def test_the_other_ways_to_write_a_term_that_it_names_are_read(file, other):
    assert other.partition("=")[2] in TEXT
    assert load(file(with_terms(*blocks())), settings=[other]).overrides


@pytest.mark.parametrize("amount", ["1.25bn", "600m", "12k", "40tn", "1.25e9", "1_250_000"])
def test_the_ways_to_write_an_amount_that_it_names_are_read(amount):
    assert amount in TEXT
    assert read_amount(amount) > 0


def test_new_writes_it_and_never_over_a_file(tmp_path: Path, capfd):
    name = str(tmp_path / "deal.yaml")
    assert run(["new", name]) == 0
    assert capfd.readouterr() == ("", f"wrote {name}\n")
    assert Path(name).read_text(encoding="utf-8") == TEXT
    Path(name).write_text("mine", encoding="utf-8")
    assert run(["new", name]) == 2
    assert "the file already exists" in capfd.readouterr().err
    assert Path(name).read_text(encoding="utf-8") == "mine"


def test_new_does_not_write_through_a_dangling_link(tmp_path: Path):
    link = tmp_path / "deal.yaml"
    link.symlink_to(tmp_path / "elsewhere.yaml")
    assert run(["new", str(link)]) == 2
    assert not (tmp_path / "elsewhere.yaml").exists()


def test_new_prints_it_for_a_hyphen(capfdbinary):
    assert run(["new", "-"]) == 0
    assert capfdbinary.readouterr().out == STARTER.read_bytes()

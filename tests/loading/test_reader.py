"""Reading mappings by their types, whatever the file says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from reading import Write, places, plain, said
from shipped import SCENARIOS

from dealcalc.figures.subject import load
from dealcalc.figures.warnings import warnings
from dealcalc.loading.problems import CODES, Refused, report
from dealcalc.loading.reader import Reader
from dealcalc.loading.scenario import read_root
from dealcalc.terms import words
from dealcalc.terms.fields import key
from dealcalc.terms.rules import faults


@dataclass(frozen=True, slots=True)
class Mistaken:
    """A type whose rule has a bug: it asks for a field that no one has."""

    name: str = key(words.TEXT, "a name")


@faults.register
def _mistaken(value: Mistaken) -> Any:
    yield iter([value.nme])  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Short:
    """A type with a short form."""

    short: ClassVar[str] = "file"
    file: str = key(words.NAME, "a name")
    size: int = key(words.COUNT, "a number", 1)


@pytest.mark.parametrize(
    ("text", "value"),
    [("x", Short("x")), ("{file: x, size: 2}", Short("x", 2))],
)
def test_a_single_value_may_stand_for_a_mapping(text: str, value: Short, file: Write) -> None:
    root, problems = read_root(file(f"deal: {text}\n"))
    assert (Reader(problems).read(Short, root.value["deal"]), problems) == (value, [])


def test_a_single_value_is_read_as_the_key_it_stands_for(file: Write) -> None:
    root, problems = read_root(file("deal: a.b\n"))
    Reader(problems).read(Short, root.value["deal"])
    assert [said(problem) for problem in problems] == [
        "1 `a.b` name: a name cannot contain `.`, `:` or `=`"
    ]


def test_a_bug_in_a_rule_is_no_problem_of_the_file(file: Write) -> None:
    root, problems = read_root(file("deal: x\nname: y\n"))
    with pytest.raises(AttributeError, match="nme"):
        Reader(problems).read(Mistaken, root)


# --- whatever the file ---------------------------------------------------------------------------

NASTY = [
    *("", "none", "0", "1", "-1", "37", "2760", "2026-05", "2028-02-29", "2199-12", "9999-12-31"),
    *("1e999999", "NaN", "9" * 50, "0%", "50%", "100%", "-99%", "100.5%", "1bn per month"),
    *("5 per day", "2 per MW-hour", "2 per GPU-month", "5 in total", "5 once", "3 months"),
    *("90 days", "10000 months", "300 MW", "halls", "compute", "power", "fee", "a.b", "no"),
    *("12:30", "~", "<<", "*a", "&a x", "!!str x", "\t", '"', "'", "{", "[", "- a", "a: b"),
    *("25% of remaining", "buyer", "either", "ending", "30/360", "whole-month", "total > 40bn"),
    *("\x00", "\u202e", "\u2028", "é", "日本", "x" * 2_001, "\n", "\r", "#", ":", "::error::"),
]
KEYS = [
    *("deal", "provider", "seller", "buyer", "currency", "term", "start", "through", "months"),
    *("signed", "charges", "price", "on", "capacity", "load", "ramp", "escalator", "prepayment"),
    *("rate", "every", "first", "discount", "share", "credited", "from_month", "termination"),
    *("by", "notice", "lock_out", "lock_out_bars", "fee", "conventions", "proration", "billing"),
    *("in", "due", "claims", "claim", "source", "cases", "set", "sources", "assumptions", "x"),
]
texts = st.sampled_from(NASTY) | st.text(max_size=8)
values = st.recursive(
    texts,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(KEYS) | texts, inner, max_size=4)
    ),
    max_leaves=12,
)
paths = st.lists(st.sampled_from([*KEYS, *NASTY, "compute", "halls", "0", "1", "٣"]), max_size=5)
settings = st.lists(st.builds("{}={}".format, paths.map(".".join), texts), max_size=2)
SHIPPED = [path.read_text("utf-8") for path in sorted(SCENARIOS.glob("*.yaml"))]


@st.composite
def edited(draw: st.DrawFn) -> bytes:
    """A shipped scenario with some of its text replaced."""
    text = draw(st.sampled_from(SHIPPED))
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(texts) + text[at + draw(st.sampled_from([0, 0, 1, 5, 40])) :]
    return text.encode("utf-8", "surrogatepass")


@st.composite
def altered(draw: st.DrawFn) -> bytes:
    """A shipped scenario with some of its values replaced, taken away or added."""
    deal = plain(draw(st.sampled_from(SHIPPED)))
    for _ in range(draw(st.integers(1, 4))):
        path = draw(st.sampled_from(places(deal)))
        owner: Any = deal
        for part in path[:-1]:
            owner = owner[part]
        if isinstance(owner, dict) and draw(st.booleans()):
            del owner[path[-1]]
            owner[draw(st.sampled_from(KEYS))] = draw(values)
        else:
            owner[path[-1]] = draw(values)
    return as_yaml(deal)


def as_yaml(value: Any) -> bytes:
    return yaml.dump(value, sort_keys=False, allow_unicode=True).encode("utf-8", "surrogatepass")


made = st.dictionaries(st.sampled_from(KEYS), values).map(
    lambda some: as_yaml({"deal": "x"} | some)
)


@given(content=st.one_of(edited(), altered(), made, st.binary(max_size=200)), laid=settings)
def test_any_file_is_read_or_refused(content: bytes, laid: list[str], file: Write) -> None:
    name = file(content)
    try:
        problems = warnings(load(name, None, laid))
    except Refused as caught:
        problems = tuple(caught.problems)
        assert problems
    assert [problem.place for problem in problems] == sorted(one.place for one in problems)
    for problem in problems:
        assert problem.code in CODES
        assert problem.message
        assert problem.help
    assert all(line.isprintable() for line in report(problems).splitlines())

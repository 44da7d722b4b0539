"""What is said of scenario files when they are read, for the tests of reading."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from dealcalc.figures.subject import load
from dealcalc.figures.warnings import warnings
from dealcalc.loading.problems import Problem, Refused

Write = Callable[[str | bytes], str]
posix = pytest.mark.skipif(os.name != "posix", reason="speaks of POSIX files")

MODEL = """\
deal: Anthropic–xAI, Colossus 1
seller: xAI
buyer: Anthropic
currency: USD

term:
  start: 2026-05
  through: 2029-05

charges:
  compute:
    price: 1.25bn per month
    capacity: 300 MW
    ramp:
      - months: 2
        discount: 50%

termination:
  by: either
  notice: 90 days
"""


def refused(name: str, case: str | None = None, *settings: str) -> list[str]:
    """What is wrong with a file: line, what the caret stands under, code and message of each."""
    with pytest.raises(Refused) as caught:
        warnings(load(name, case, settings))
    return [said(problem) for problem in caught.value.problems]


def said(problem: Problem) -> str:
    start = problem.column - 1
    under = problem.quote[start : start + problem.length]
    return f"{problem.line} `{under}` {problem.code}: {problem.message}"


def with_lines(text: str, **changes: str) -> str:
    """The model with some of its lines changed: `price="price: 5 per day"`."""
    lines = text.splitlines()
    for word, line in changes.items():
        at = next(
            index for index, old in enumerate(lines) if old.lstrip("- ").startswith(f"{word}:")
        )
        indent = lines[at][: lines[at].index(word)]
        lines[at] = "\n".join(indent + part for part in line.splitlines())
    return "\n".join(lines) + "\n"


CHARGE = "charges: {halls: {price: %s}}\n"
BARE = "deal: x\nseller: a\nbuyer: b\ncurrency: EUR\nterm: {start: 2026-05, through: 2029-05}\n"


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of everything in nested mappings and lists, the whole excepted."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    below = pairs if isinstance(value, dict | list) else ()
    return [one for key, part in below for one in ((*path, key), *places(part, (*path, key)))]


def plain(text: str) -> dict[str, Any]:
    """A scenario as nested mappings, lists and texts."""
    values: dict[str, Any] = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: TID251
    return values

"""How much is tried: enough for a minute, or all of it where `LONG=1` is set, as .ci/run does."""

import os
from collections.abc import Iterable
from typing import TypeVar

import pytest

Case = TypeVar("Case")

LONG = "LONG" in os.environ
EVERY_SEED = "EVERY_SEED" in os.environ
"""Rights, options and what a seller pays, all together, meet terms in these that some questions do
not yet answer; `LONG=1` alone leaves them out, so that it says what is known to hold."""

long = pytest.mark.skipif(not LONG, reason="takes long: LONG=1 runs it too")


def some(few: int, cases: Iterable[Case]) -> list[Case]:
    """About so many of the cases, from the first on and evenly apart; all with `EVERY_SEED=1`."""
    every = list(cases)
    return every if EVERY_SEED else every[:: -(-len(every) // few)]


def how_many(few: int, many: int) -> int:
    """Random deals to try, or as many as `RANDOM_DEALS` of the environment says."""
    return int(os.environ.get("RANDOM_DEALS", many if LONG else few))

"""A progress bar on standard error, where something takes long and somebody is watching."""

import sys
from collections.abc import Iterable, Iterator
from time import monotonic
from typing import TypeVar

from dealcalc.cli.streams import tell

PATIENCE = 1
"""Seconds before a bar appears; what is shorter needs none."""
COLUMNS = 30

Item = TypeVar("Item")


def watched(items: Iterable[Item], count: int) -> Iterator[Item]:
    """The same items; with a bar on a terminal while they take longer than a second."""
    if not sys.stderr.isatty():
        yield from items
        return
    shown = monotonic()
    drawn = False
    try:
        for done, item in enumerate(items, 1):
            if monotonic() - shown > (0.1 if drawn else PATIENCE):
                shown, drawn = monotonic(), True
                _draw(done, count)
            yield item
    finally:
        if drawn:
            tell("\r\033[K", end="")


def _draw(done: int, count: int) -> None:
    bar = "#" * (COLUMNS * done // count)
    tell(f"\r[{bar:<{COLUMNS}}] {done:,} of {count:,}", end="")

"""Work on many names, shared out among processes; the results come in the order of the names."""

import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import parent_process
from threading import Thread
from typing import TypeVar

Outcome = TypeVar("Outcome")

BATCH = 32
"""Names that a process is given at a time: passing them on costs more than working on a few."""
AHEAD = 3
"""Batches of each process that are under way or done: however slowly results are read, no more."""
MOST_PROCESSES = 8


def processors() -> int:
    """The processors that this process may use, and no more than are of use to it."""
    allowed = getattr(os, "sched_getaffinity", None)
    return min(MOST_PROCESSES, len(allowed(0)) if allowed else os.cpu_count() or 1)


def worked(
    work: Callable[[str], Outcome], names: Sequence[str], processes: int
) -> Iterator[Outcome]:
    """What work gives for each name, by so many processes; both are pickled.

    Where processes cannot be had, or one of them is killed, this one goes on alone.
    """
    done = 0
    try:
        for result in _shared(work, names, processes):
            yield result
            done += 1
    except (OSError, ImportError, BrokenProcessPool):
        yield from map(work, names[done:])


def _shared(
    work: Callable[[str], Outcome], names: Sequence[str], processes: int
) -> Iterator[Outcome]:
    under_way: deque[Future[list[Outcome]]] = deque()
    with ProcessPoolExecutor(processes, initializer=_alone) as pool:
        try:
            for first in range(0, len(names), BATCH):
                under_way.append(pool.submit(_batch, work, names[first : first + BATCH]))
                if len(under_way) > AHEAD * processes:
                    yield from under_way.popleft().result()
            while under_way:
                yield from under_way.popleft().result()
        finally:  # of all of it, or because nobody reads on
            for future in under_way:
                future.cancel()


def _batch(work: Callable[[str], Outcome], names: Sequence[str]) -> list[Outcome]:
    return [work(name) for name in names]


def _alone() -> None:
    """Ctrl-C reaches every process of a terminal, and the first ends the others; or dies itself."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_ending_with_the_first, daemon=True).start()


def _ending_with_the_first() -> None:
    """Wait for the first process to end, however it does: nobody else would end this one."""
    first = parent_process()
    if first:
        first.join()
        os._exit(1)

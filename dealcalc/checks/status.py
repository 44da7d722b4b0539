"""Exit statuses: what became of a file that was checked, or of a command."""

from enum import IntEnum


class Status(IntEnum):
    """How it went; of several files, the worst one's status is that of all."""

    FINE = 0
    FALSE_CLAIM = 1
    TROUBLE = 2
    BUG = 3
    INTERRUPTED = 130
    PIPE_CLOSED = 141

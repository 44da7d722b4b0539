"""Standard output, the answer, and standard error, the talk; either may be closed, full or unread.

Python flushes both once more when it ends, and makes status 120 of it if that fails. So whatever
cannot be written is thrown away at once, and said here.
"""

import os
import sys
from errno import EBADF
from typing import Any, TextIO

from dealcalc.loading.problems import refuse

PLAIN = str.maketrans({"━": "=", "╸": "", "█": "#", "─": "-", "·": "-", "–": "-", "×": "x"})
"""What stands in for a table's own characters where the terminal cannot show them."""


def is_terminal() -> bool:
    """Whether somebody sees the answer as it is written."""
    return sys.stdout is not None and sys.stdout.isatty()


def columns(stream: TextIO | None) -> int | None:
    """How wide the screen is on which a stream is read; None where it is read on none."""
    if stream is None or not stream.isatty():
        return None
    try:
        there = os.get_terminal_size(stream.fileno()).columns
    except OSError:
        there = 0
    asked = os.environ.get("COLUMNS", "")
    return (int(asked) if asked.isdecimal() else 0) or there or 80


def write_text(text: str) -> None:
    """Write what people read, in characters that the screen can show."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        data = text.encode(encoding)
    except UnicodeEncodeError:
        data = text.translate(PLAIN).encode(encoding, "backslashreplace")
    write_bytes(data)


def as_utf_8(text: str) -> bytes:
    """A text as programs and files get it, whatever the locale."""
    return text.encode("utf-8", "backslashreplace")


def write_bytes(data: bytes) -> None:
    """Write to standard output; raises Refused if it cannot be, BrokenPipeError if nobody reads."""
    try:
        if sys.stdout is None:
            raise OSError(EBADF, "standard output is closed")
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        _drop(sys.stdout)
        message = f"the answer cannot be written: {error.strerror}"
        raise refuse("unwritable", message) from None


def tell(text: str, end: str = "\n") -> None:
    """Say something on standard error; if that cannot be written, the answer stands all the same.

    Raises BrokenPipeError if nobody reads on.
    """
    try:
        print(text, end=end, file=sys.stderr, flush=True)
    except BrokenPipeError:
        raise
    except OSError:
        _drop(sys.stderr)


def drop_both() -> None:
    """Throw away what nobody reads, and whatever is written later."""
    for stream in (sys.stdout, sys.stderr):
        _drop(stream)


def _drop(stream: Any) -> None:
    if stream is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())

"""What the tests of workers have other processes do, which must find it by its name."""

import os
from multiprocessing import parent_process
from pathlib import Path


def named(name: str) -> tuple[str, bool]:
    """A result, and whether it comes from another process."""
    return name.upper(), parent_process() is not None


def dying(last: str, name: str) -> str:
    """A result; at one name another process would die, as one does that the system kills."""
    if name == last and parent_process() is not None:
        os._exit(9)
    return name.upper()


def marked(folder: str, name: str) -> str:
    """A result; the name is left behind as a file."""
    (Path(folder) / name).touch()
    return name

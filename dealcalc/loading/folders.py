"""The files below a folder."""

import os
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch

from dealcalc.loading.problems import Problem, reason_of


def yaml_files(path: str, exclude: Sequence[str], closed: list[Problem]) -> Iterator[str]:
    """A file, or the files below a folder; folders that cannot be opened are noted."""
    if not os.path.isdir(path):
        yield path if path == "-" else os.path.normpath(path)
        return

    folders = [path]  # and no `os.walk`: before Python 3.12 it breaks down in a deep folder
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.name.startswith(".") or _is_excluded(entry.path, exclude):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
                    elif entry.name.endswith((".yaml", ".yml")) and not _is_folder(entry):
                        yield os.path.normpath(entry.path)
        except OSError as error:
            message = f"cannot be opened: {reason_of(error)}"
            closed.append(Problem("unreadable", message, "", os.path.normpath(folder)))


def _is_excluded(path: str, patterns: Sequence[str]) -> bool:
    """Whether the name of a file or folder, or its path as a whole, is like one of the patterns."""
    names = os.path.basename(path), os.path.normpath(path)
    return any(fnmatch(name, pattern) for name in names for pattern in patterns)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Whether an entry that is no folder is a link to one."""
    return entry.is_symlink() and os.path.isdir(entry.path)

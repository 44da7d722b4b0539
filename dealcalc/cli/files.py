"""Files, which are written whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EACCES

from dealcalc.loading.problems import Refused, reason_of, refuse


def write_file(name: str, data: bytes) -> None:
    """Write a file whole: a new one takes the old one's place only when it is complete.

    What is no regular file, like a named pipe, is written to as it is. Raises Refused.
    """
    try:
        target = os.path.realpath(name)
        if os.path.exists(target) and not os.path.isfile(target):
            with open(target, "wb") as file:
                file.write(data)
        else:
            _replace(target, data)
    except OSError as error:
        raise _unwritable(name, error) from None


def _replace(target: str, data: bytes) -> None:
    from tempfile import NamedTemporaryFile

    if os.path.exists(target) and not os.access(target, os.W_OK):
        raise PermissionError(EACCES, os.strerror(EACCES))
    folder = os.path.dirname(target)
    with _undisturbed(), NamedTemporaryFile(dir=folder, prefix=".dealcalc-", delete=False) as file:
        try:
            file.write(data)
            file.close()
            os.chmod(file.name, _mode(target))
            os.replace(file.name, target)
        except BaseException:
            os.unlink(file.name)
            raise


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Signals that end the program wait meanwhile, so that no file is left half written."""
    import signal

    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    ending = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ending)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _mode(target: str) -> int:
    """The mode of the file that is replaced, or of a new one."""
    if os.path.exists(target):
        return os.stat(target).st_mode & 0o7777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _unwritable(name: str, error: OSError) -> Refused:
    help = "create its folder first" if isinstance(error, FileNotFoundError) else ""
    return refuse("unwritable", f"cannot be written: {reason_of(error)}", help, name)

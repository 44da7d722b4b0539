"""What the tests share: pinned output, the model deal, and how hard hypothesis tries."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import chdir
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from effort import LONG
from hypothesis import HealthCheck, settings
from reading import MODEL
from shipped import SCENARIOS, TESTS, deals

if TYPE_CHECKING:
    from commands import Ask, Command

# What the tests start runs as it would for a stranger: buffered, and ended by Ctrl-C. A job in the
# background has that ignored, and passes it on; a handler of its own is not passed on.
for variable in ("PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"):
    os.environ.pop(variable, None)
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
if os.name == "posix" and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    signal.signal(signal.SIGHUP, lambda *_: None)

# The same examples on every run of a CI; no example fails for the time it takes.
settings.register_profile(
    "dealcalc",
    deadline=None,
    max_examples=60 if LONG else 25,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("dealcalc")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite pinned output")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """A process for every processor, but none where they would not pay, or write one file."""
    alone = config.getoption("--update") or config.args != config.getini("testpaths")
    return 0 if alone else None


@pytest.fixture
def pinned(request: pytest.FixtureRequest) -> Callable[[str | Path, str | bytes], None]:
    """Compares an output, byte for byte, with the file that pins it; a path is below tests/.

    `pytest --update` writes the file instead; whoever commits it says why it has changed.
    """

    def compare(path: str | Path, output: str | bytes) -> None:
        file = TESTS / path
        found = output.encode() if isinstance(output, str) else output
        if request.config.getoption("--update"):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(found)
        assert file.exists(), f"{path} is not there: write it with pytest --update"
        there = file.read_bytes()
        try:
            # As texts, pytest shows the lines that differ.
            assert found.decode() == there.decode()
        except UnicodeDecodeError:
            assert found == there

    return compare


@pytest.fixture
def model() -> str:
    """The model deal, without claims, cases and sources."""
    return MODEL


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str | bytes], str]:
    """Writes a scenario file and gives its name."""

    def write(content: str | bytes) -> str:
        path = tmp_path / "deal.yaml"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    return write


@pytest.fixture
def answered(capfdbinary: pytest.CaptureFixture[bytes]) -> Callable[..., str]:
    """What a command line prints in a form where all is fine, beside the shipped scenarios."""
    from dealcalc.cli import run

    def answer(words: tuple[str, ...], form: str) -> str:
        with chdir(SCENARIOS):
            status = run([*words, "-f", form])
        out, err = capfdbinary.readouterr()
        assert (status, err) == (0, b"")
        return out.decode()

    return answer


@pytest.fixture
def said(command: Command) -> Ask:
    """What the command of a module, its fixture `command`, says to a command line."""
    return command.said


@pytest.fixture
def asked(command: Command) -> Ask:
    """What it answers in JSON."""
    return command.asked


@pytest.fixture(params=deals())
def shipped(request: pytest.FixtureRequest) -> Path:
    """Each of the deals in the repository."""
    return SCENARIOS / str(request.param)

"""What the tests of reports share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from commands import Command
from random_deals import as_yaml


@pytest.fixture
def command(request: pytest.FixtureRequest, capsysbinary: pytest.CaptureFixture[bytes]) -> Command:
    """The command whose report a module tests: it has its name."""
    return Command(request.path.stem.removeprefix("test_"), capsysbinary)


@pytest.fixture
def written(file: Callable[[str], str]) -> Callable[[dict[str, Any]], str]:
    """A scenario file of these terms."""
    return lambda node: file(as_yaml(node))

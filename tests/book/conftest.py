"""What the tests of sites share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from northgate import (
    DEALS,
    written_to,
)

Node = dict[str, Any]
Write = Callable[..., str]


@pytest.fixture
def written(tmp_path: Path) -> Write:
    """A site file, with its contracts beside it."""
    return lambda node, deals=DEALS: written_to(tmp_path, node, deals)

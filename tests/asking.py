"""Command lines run in this process, for the tests of commands."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import chdir
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from dealcalc import cli

Ask = Callable[..., Any]

SCENARIOS = Path(__file__).parents[1] / "scenarios"
ANTHROPIC = str(SCENARIOS / "anthropic-xai-colossus-1.yaml")
GOOGLE = str(SCENARIOS / "google-spacex.yaml")
EVERY_TERM = str(SCENARIOS / "made-up-every-term.yaml")
SHORT = {path: Path(path).name for path in (ANTHROPIC, GOOGLE, EVERY_TERM)}


class Command:
    """A command, and what it prints."""

    def __init__(self, name: str, capture: pytest.CaptureFixture[bytes]) -> None:
        self.name, self.capture = name, capture

    def said(self, *arguments: str) -> tuple[int, str, str]:
        """The exit status, and both streams."""
        status = cli.run([self.name, *arguments])
        out, err = self.capture.readouterr()
        return status, out.decode(), err.decode()

    def asked(self, *arguments: str) -> dict[str, Any]:
        """The JSON, amounts as decimals; it succeeds, and says nothing else."""
        status, out, err = self.said(*arguments, "-f", "json")
        assert (status, err) == (0, "")
        return dict(json.loads(out, parse_float=Decimal))

    def output(self, *arguments: str) -> str:
        """What is printed where all is fine; files are named as they are beside one another."""
        with chdir(SCENARIOS):
            status, out, err = self.said(*(SHORT.get(one, one) for one in arguments))
        assert (status, err) == (0, "")
        return out

    def refusal(self, *arguments: str) -> str:
        """What is said where nothing is answered."""
        status, out, err = self.said(*arguments)
        assert (status, out) == (2, "")
        return err

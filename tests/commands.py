"""Command lines run in this process, for the tests of commands."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import chdir
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from shipped import SCENARIOS

from dealcalc import cli

Ask = Callable[..., Any]

ANTHROPIC = str(SCENARIOS / "anthropic-xai-colossus-1.yaml")
GOOGLE = str(SCENARIOS / "google-spacex.yaml")
EVERY_TERM = str(SCENARIOS / "made-up-every-term.yaml")
IREN = str(SCENARIOS / "iren-microsoft.yaml")
FROM_MAY = ("--set", "term.signed=none")
"""The model deal as if it were signed when its term starts, on 1 May 2026."""
SHORT = {path: Path(path).name for path in (ANTHROPIC, GOOGLE, EVERY_TERM)}

MODEL, SITE = Path(ANTHROPIC).name, "xai-neocloud.yaml"
DISCOUNT, PRICE = "charges.compute.ramp.0.discount=0%:100%:50%", "charges.compute.price"
ANSWERS = {
    "schedule": ("schedule", MODEL),
    "years": ("schedule", MODEL, "--period", "year"),
    "early": ("schedule", MODEL, "--case", "anthropic-leaves", "--period", "quarter"),
    "every-term": ("schedule", "made-up-every-term.yaml"),
    "cash": ("schedule", "iren-microsoft.yaml", "--basis", "cash"),
    "billed": ("schedule", "iren-microsoft.yaml", "--basis", "billed", "--set", "term.signed=none"),
    "site": ("schedule", SITE),
    "backlog": ("backlog", MODEL),
    "backlog-day": ("backlog", MODEL, "--as-of", "2027-03-15"),
    "backlog-left": ("backlog", MODEL, "--case", "anthropic-leaves"),
    "site-backlog": ("backlog", SITE),
    "compare": ("compare", MODEL),
    "pair": ("compare", MODEL, "--case", "anthropic-leaves"),
    "site-compare": ("compare", SITE),
    "capacity": ("capacity", SITE),
    "short": ("capacity", SITE, "--set", "sites.Colossus 1.own_use.1.capacity=100 MW"),
    "site-notices": ("capacity", SITE, "--every", "month"),
    "notice": ("terminate", MODEL, "--notice", "2027-03-15"),
    "last-day": ("terminate", MODEL, "--last-day", "2028-01-31"),
    "notices": ("terminate", MODEL, "--every", "month"),
    "sweep": ("sweep", MODEL, "--vary", DISCOUNT),
    "grid": ("sweep", MODEL, "--vary", DISCOUNT, "--vary", f"{PRICE}=1bn,2bn"),
    "solve": ("solve", MODEL, "total > 40bn", "--vary", "notice"),
    "ambiguity": ("ambiguity", "google-spacex.yaml"),
    "explain": ("explain", MODEL, "2027-06"),
    "risk": ("risk", MODEL, "--hazard", "2% per month"),
    "value": ("value", MODEL, "--rate", "9%"),
    "ask": ("ask", MODEL, "quarter 2026-Q3", "total > 40bn", "firm share at signing"),
}
"""A command line for every command, and for each of its forms."""

HOSTILE = [
    "<script>alert(1)</script>",
    "</title></style><img src=x onerror=alert(1)>",
    "\" onload='x' &lt; &amp;",
    "{title} {0}",
    "[bold]not bold[/bold]",
    "--> ]]> <!--",
]
"""Texts that a page, a picture or a terminal could obey."""


def numbers(text: str) -> set[str]:
    """Every number of more than one digit, a date or a share in a text."""
    return set(re.findall(r"\d[\d,.:%-]*\d%?", text))


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

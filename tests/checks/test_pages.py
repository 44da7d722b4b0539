"""The pages of codes, as a wheel carries their examples."""

from __future__ import annotations

import tomllib
from pathlib import Path
from shutil import copytree

import pytest
from conftest import TESTS

from dealcalc.checks import pages

WHEEL = tomllib.loads((TESTS.parent / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"][
    "build"
]["targets"]["wheel"]


def test_an_installed_package_has_the_examples_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a wheel has is laid out as it says itself, without any tests beside it."""
    here = pages.code_page(pages.ALL)
    for source, target in WHEEL["force-include"].items():
        copytree(TESTS.parent / source, tmp_path / target)
    monkeypatch.setattr(pages, "files", lambda name: tmp_path / name)
    assert pages.code_page(pages.ALL) == here

"""The mappings of a file: they never change, and can be looked at."""

from __future__ import annotations

from dealcalc.terms.fields import Entries


def test_entries_show_what_they_hold() -> None:
    assert f"{Entries({'halls': 24})!r}" == "{'halls': 24}"

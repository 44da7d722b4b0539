"""The folders of the repository, and the scenarios that come with it."""

from pathlib import Path

TESTS = Path(__file__).parent
ROOT = TESTS.parent
SCENARIOS = ROOT / "scenarios"


def deals() -> list[str]:
    """The names of the shipped scenarios that are deals, and not site files."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in SCENARIOS.glob("*.yaml")}
    return sorted(name for name, text in texts.items() if "\ndeal:" in f"\n{text}")

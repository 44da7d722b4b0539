"""A text that cannot be read: what is wrong with it, and the way out."""

from collections.abc import Iterable, Iterator
from itertools import accumulate


class Misread(ValueError):
    """A text that is not the word it stands for: what is wrong, the way out, and a stable code.

    A way out that can be written down as it is stands between backticks.
    """

    def __init__(self, message: str, help: str = "", *, code: str) -> None:
        super().__init__(message)
        self.message, self.help, self.code = message, help, code


def closest(text: str, known: Iterable[str]) -> str:
    """The known name that `text` is most likely meant to be, or an empty text."""
    from difflib import get_close_matches

    by_case = {name.casefold(): name for name in known}
    folded = text[:40].casefold()
    found = get_close_matches(folded, list(by_case), n=1)
    if not found and len(folded) > 2:
        found = [name for name in by_case if folded in name]
        return by_case[found[0]] if len(found) == 1 else ""
    if not found and len(folded) == 2:  # of two letters, the second may be wrong
        found = [name for name in by_case if len(name) == 2 and name[0] == folded[0]]
    return by_case[found[0]] if found else ""


def did_you_mean(text: str, known: Iterable[str]) -> str:
    """The way out for a mistyped name: the closest known one, else the first dozen of them."""
    names = list(known)
    if match := closest(text, _first(names, 2_000)):
        return f"did you mean `{match}`?"
    listed = ", ".join(name[:40] for name in names[:12])
    return f"it is one of: {listed}{', ...' if len(names) > 12 else ''}"


def _first(names: list[str], room: int) -> Iterator[str]:
    """As many names as have room: comparing takes long, and names come from strangers too."""
    for name, length in zip(names, accumulate(map(len, names)), strict=True):
        if length > room:
            return
        yield name

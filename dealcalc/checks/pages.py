"""The page of a code: what it means, a broken file, and the message for it.

The examples are those that the tests pin: a checkout has them in `tests/broken`, and a wheel
carries the same files inside the package.
"""

import re
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from textwrap import indent

from dealcalc.loading.problems import CODES, fitted, refuse
from dealcalc.terms.misread import did_you_mean

ALL = "all"
SAID = re.compile("^(error: |warning: | *= help: )(.*)$", re.MULTILINE)
EXAMPLES = {".yaml": "A file with that problem:", ".txt": "What is said about it:"}
"""What stands on a page of a code, by the endings of the files that have it."""


def code_page(code: str, room: int | None = None) -> str:
    """What is known about a code, or about all of them for `all`; raises Refused.

    On a screen of so many columns, what is said about a file is broken as it would be there.
    """
    if code == ALL:
        return "\n".join(code_page(known, room) for known in CODES)
    if code not in CODES:
        help = did_you_mean(code, CODES)
        raise refuse("command-line", f"there is no code `{code[:40]}`", help, argument="explain")
    return "\n".join(_blocks(code, room))


def _blocks(code: str, room: int | None) -> Iterator[str]:
    yield fitted(f"{code}: ", f"{CODES[code]}", room) + "\n"
    for ending, said in EXAMPLES.items():
        example = _examples() / f"{code}{ending}"
        if example.is_file():
            text = example.read_bytes().decode("utf-8", "backslashreplace")
            if room:
                text = re.sub(SAID, lambda match: _fitted(match[1], match[2], room - 4), text)
            yield f"{said}\n\n{indent(text, '    ')}"


def _fitted(head: str, text: str, room: int) -> str:
    return fitted(head, text, room, 4 if head[0].isalpha() else len(head))


def _examples() -> Traversable:
    package = files("dealcalc")
    installed = package / "broken"
    return installed if installed.is_dir() else package / ".." / "tests" / "broken"

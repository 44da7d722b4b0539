"""What every command of the README and of the help shows fits a terminal, every number whole."""

from __future__ import annotations

import json
import os
import re
import shlex
import struct
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from rich.cells import cell_len
from shipped import ROOT

from dealcalc.cli import run
from dealcalc.cli.commands import COMMANDS, command_named

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="has no pseudo-terminals")

ANY = 300
"""Columns where nothing has to give way."""
FILES = {"new", "schema"}
"""Commands that print a file, which is the same on every screen."""
PROBLEMS = [
    ["check", "tests/broken"],
    ["check", "tests/broken", "scenarios", "-f", "concise", "-v"],
]
"""What has long messages, places and source lines; where those are cut, not all numbers show."""
ELSEWHERE = {"-f", "--format", "-o", "--output"}
"""What would send an answer anywhere but to the screen; it is left out, with its value."""
NUMBER = re.compile(r"\d[\d,.:-]*\d%?|\d%?")
"""An amount, a share, a day or a month: broken, its parts are other numbers."""
PLACE = r"\S+\.yaml:\d+:\d+"
SITE = "provider: Halls\ncurrency: USD\nsites: {A: {capacity: 400 MW, sold: [deal.yaml]}}\n"


class Shown(NamedTuple):
    """What a command line left on the screen."""

    status: int
    text: str


def in_readme() -> list[list[str]]:
    """Every command line of a console block: `dealcalc` up to a pipe, a `;` or a `>`."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```console\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    lines = re.findall(r"^\$ (.*)", "".join(blocks).replace("\\\n> ", ""), re.MULTILINE)
    return [words for line in lines for words in commands(line)]


def commands(line: str) -> list[list[str]]:
    """The words of each `dealcalc` in a line of a shell."""
    lexer = shlex.shlex(line.replace("$by", "buyer"), posix=True, punctuation_chars=True)
    lexer.whitespace_split, lexer.commenters = True, ""
    parts: list[list[str]] = [[]]
    for word in lexer:
        if set(word) <= set("|;&<>"):
            parts.append([])
        else:
            parts[-1].append(word)
    return [part[part.index("dealcalc") + 1 :] for part in parts if "dealcalc" in part]


def in_help() -> list[list[str]]:
    """Every example of every command's help."""
    return [shlex.split(line)[1:] for name in COMMANDS for line in command_named(name).examples]


def on_screen(words: list[str]) -> list[str]:
    """The words without those that send the answer elsewhere."""
    after = [False, *(word in ELSEWHERE for word in words)]
    return [
        word
        for word, value in zip(words, after, strict=False)
        if not value and word not in ELSEWHERE
    ]


def lines_of(folder: Path) -> list[tuple[str, list[str]]]:
    """Every command line once, with the folder where it runs."""
    every = [(str(ROOT), words) for words in in_readme()]
    every += [(str(folder), words) for words in in_help()]
    chosen = [(where, on_screen(words)) for where, words in every if "-" not in words]
    unique = {(where, *words): (where, words) for where, words in chosen}
    return [line for line in unique.values() if line[1][0] not in FILES]


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, list[str]]]:
    """The command lines, and beside them the files that the examples name."""
    folder = tmp_path_factory.mktemp("examples")
    (folder / "deals").mkdir()
    for name in ("deal.yaml", "other.yaml", "deals/northgate.yaml"):
        assert run(["new", str(folder / name)]) == 0
    (folder / "site.yaml").write_text(SITE, encoding="utf-8")
    return lines_of(folder)


@cache
def shown(lines: str, columns: int) -> list[Shown]:
    """What each of the lines, as JSON, shows on a terminal that is so many columns wide."""
    import fcntl
    import pty
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    gone = {"COLUMNS", "LINES", "NO_COLOR", "GITHUB_ACTIONS"}
    env = {name: value for name, value in os.environ.items() if name not in gone}
    env |= {"TERM": "xterm", "DEALCALC_PAGER": "", "PYTHONUTF8": "1"}
    child = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("on_screens.py"))],
        stdin=subprocess.PIPE,
        stdout=theirs,
        stderr=subprocess.DEVNULL,
        env=env,
    )
    os.close(theirs)
    assert child.stdin
    child.stdin.write(lines.encode())
    child.stdin.close()
    text = read_all(ours)
    assert child.wait(timeout=60) == 0
    return [
        Shown(int(status), part)
        for part, status in re.findall(r"([^\x1e]*)\x1e(\d+)\x1f", without_codes(text))
    ]


def read_all(terminal: int) -> str:
    """All that is written on the other side, until it is closed."""
    data = b""
    try:
        while part := os.read(terminal, 1 << 16):
            data += part
    except OSError:  # how Linux says that the other side has closed the terminal
        pass
    os.close(terminal)
    return data.decode().replace("\r\n", "\n")


def without_codes(text: str) -> str:
    """What of a text takes room."""
    return re.sub(r"\x1b\[[\d;]*m", "", text)


def test_the_readme_and_the_help_have_many_command_lines(
    lines: list[tuple[str, list[str]]],
) -> None:
    assert {words[0] for _, words in lines} == set(COMMANDS) - FILES
    assert len(lines) > 50
    assert commands("sed 's/a/b/' x | dealcalc solve x 'total > 4' | head; dealcalc new") == [
        ["solve", "x", "total > 4"],
        ["new"],
    ]
    assert on_screen(["sweep", "x", "-f", "csv", "-v"]) == ["sweep", "x", "-v"]


@pytest.mark.parametrize("columns", [60, 80, 100, 160])
def test_no_line_is_wider_than_the_terminal(
    lines: list[tuple[str, list[str]]], columns: int
) -> None:
    answers = shown(json.dumps(lines), columns)
    assert len(answers) == len(lines)
    too_wide = [
        f"{shlex.join(words)}: {line}"
        for (_, words), answer in zip(lines, answers, strict=True)
        for line in answer.text.splitlines()
        if cell_len(line) > columns
    ]
    assert too_wide == []


@pytest.mark.parametrize("columns", [60, 80, 100])
def test_problems_fit_the_terminal_and_no_place_is_broken(columns: int) -> None:
    """A place may be longer than a line; whoever pipes them has each problem in one."""
    lines = json.dumps([(str(ROOT), words) for words in PROBLEMS])
    answers = shown(lines, columns)
    places, wide = (
        [place for answer in shown(lines, room) for place in re.findall(PLACE, answer.text)]
        for room in (columns, ANY)
    )
    assert places == wide
    assert len(places) > 150
    too_wide = [
        line
        for answer in answers
        for line in answer.text.splitlines()
        if cell_len(line) > columns and not re.fullmatch(rf"{PLACE}: \S+", line)
    ]
    assert too_wide == []


@pytest.mark.parametrize("columns", [60, 80, 100, 160])
def test_every_number_is_whole(lines: list[tuple[str, list[str]]], columns: int) -> None:
    """The numbers of a wide screen, no others: those of a first column may stand in more blocks."""
    wide, narrow = shown(json.dumps(lines), ANY), shown(json.dumps(lines), columns)
    assert [answer.status for answer in narrow] == [answer.status for answer in wide]
    amiss = [
        f"{shlex.join(words)}: {amiss}"
        for (_, words), one, other in zip(lines, wide, narrow, strict=True)
        if (amiss := difference(numbers(one), numbers(other)))
    ]
    assert amiss == []


def difference(wide: Counter[str], narrow: Counter[str]) -> str:
    """What a narrow screen lost of a wide one, and what it has that is not there."""
    lost, new = sorted(wide - narrow), sorted({*narrow} - {*wide})
    return f"lost {lost}, new {new}" if lost or new else ""


def numbers(answer: Shown) -> Counter[str]:
    """How often each number stands in an answer."""
    return Counter(NUMBER.findall(answer.text))

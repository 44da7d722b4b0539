"""What a terminal does with an answer: colour, and a pager for what is taller than the screen."""

import os
import re
import shutil
import sys
from typing import TextIO

from dealcalc.cli.streams import is_terminal

PAGER = "less -FRX"
"""Where the user has none: it ends where all fits, passes colour on, and clears nothing."""


def in_color(asked: str, stream: TextIO | None = None) -> bool:
    """Whether a stream, by default standard output, gets colour.

    `--color`, then NO_COLOR and FORCE_COLOR as their sites define them, then the stream's terminal.
    """
    if asked != "auto":
        return asked == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    stream = stream or sys.stdout
    return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"


def paged(text: str) -> bool:
    """Show a text in a pager, where somebody can scroll and it is taller than the screen.

    False if it is still to be printed. Leaving the pager before the end is no failure.
    """
    if not _can_scroll() or text.count("\n") < shutil.get_terminal_size().lines:
        return False
    import shlex
    import subprocess

    command = os.environ.get("DEALCALC_PAGER", os.environ.get("PAGER", PAGER))
    try:
        words = shlex.split(command)
    except ValueError:
        return False
    if not words or words == ["cat"] or shutil.which(words[0]) is None:
        return False
    pager = subprocess.Popen(words, stdin=subprocess.PIPE)
    try:
        pager.communicate(text.encode(sys.stdout.encoding, "backslashreplace"))
    except KeyboardInterrupt:  # which is the pager's, as in a search
        pager.wait()
    return True


def _can_scroll() -> bool:
    stdin = sys.stdin is not None and sys.stdin.isatty()
    return is_terminal() and stdin and os.environ.get("TERM") != "dumb" and not os.environ.get("CI")


# --- colour of what is text already ---------------------------------------------------------------

BOLD, RED, YELLOW = "\x1b[1m", "\x1b[1;31m", "\x1b[1;33m"
CYAN, GREEN, PLAIN = "\x1b[36m", "\x1b[1;32m", "\x1b[0m"
MORE = r"(?:\n    (?! *(?:-->|= help:|\|)).*)*"
"""The further lines of a message that was broken to the screen."""
PROBLEM = re.compile(rf"^(error|warning)(:.*{MORE})$", re.MULTILINE)
CODE = re.compile(r"\s+\[[\w-]+\]$")
PLACE = re.compile(r"^( *--> )(.*)$", re.MULTILINE)
HELP = re.compile(r"^( *= )(help:)", re.MULTILINE)
LINE = re.compile(rf"^(\S.*?):\s+(error|warning)(:.*{MORE})$", re.MULTILINE)
HELD = re.compile(r"^(.*?:\d+:\d+): (true)\b")
TALLY = re.compile(r"^[\d,]+ files?, (?:no|[\d,]+) claims?: ")
COUNTS = (
    (GREEN, re.compile(r"\ball (?:true|valid)\b")),
    (RED, re.compile(r"[\d,]+ (?:false|files? broken|terms? without a source)\b")),
    (YELLOW, re.compile(r"[\d,]+ warnings?\b")),
)
HEADING = re.compile(r"^([A-Z][^\n:]*:)", re.MULTILINE)


def painted_problems(text: str) -> str:
    """Problems with colour: what kind, its code, its place, and the way out."""
    text = PROBLEM.sub(lambda match: _kind(*match.groups()), text)
    text = PLACE.sub(rf"\1{CYAN}\2{PLAIN}", text)
    return HELP.sub(rf"\1{CYAN}\2{PLAIN}", text)


def _kind(severity: str, message: str) -> str:
    color = RED if severity == "error" else YELLOW
    message = CODE.sub(lambda code: f"{PLAIN}{color}{code[0]}", message)
    return f"{color}{severity}{PLAIN}{BOLD}{message}{PLAIN}"


def painted_verdict(text: str) -> str:
    """A piece of a verdict with colour: a problem, a claim that holds, or the counts."""
    if PROBLEM.match(text):
        return painted_problems(text)
    if TALLY.match(text):
        for color, count in COUNTS:
            text = count.sub(rf"{color}\g<0>{PLAIN}", text)
        return text
    if HELD.match(text):
        return HELD.sub(rf"{CYAN}\1{PLAIN}: {GREEN}\2{PLAIN}", text)
    return LINE.sub(lambda match: f"{CYAN}{match[1]}{PLAIN}: {_kind(*match.groups()[1:])}", text)


def painted_help(text: str) -> str:
    """A page of help with its headings in colour."""
    return HEADING.sub(rf"{GREEN}\1{PLAIN}", text)

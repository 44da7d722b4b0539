"""The shells: how bash sees a word, the scripts that ask what to offer, and where they are put.

The scripts are dealcalc's own: those that come with Typer have zsh evaluate what the program says,
and the names in a scenario file are somebody else's words.
"""

import os
import re
from pathlib import Path
from typing import NamedTuple

from dealcalc.cli.files import write_file
from dealcalc.cli.streams import tell
from dealcalc.loading.problems import reason_of, refuse, safe


class Typed(NamedTuple):
    """A line of bash up to the cursor: its whole words, the one begun, and how bash sees that one.

    bash replaces the word from its last breaking character or quote on: `kept` characters of it
    stay, and `quote` is the one that is open.
    """

    before: list[str]
    word: str
    kept: int
    quote: str

    @classmethod
    def of(cls, line: str, breaks: str) -> "Typed":
        """The words of a line; the first, which calls dealcalc, is left out."""
        words, word, kept, quote = [], None, 0, ""
        chars = iter(line)
        for char in chars:
            if char == quote:
                quote, kept = "", len(word or "")
            elif char == "\\" and quote != "'":
                after = next(chars, "")
                escapes = not quote or after in '$`"\\'
                word = (word or "") + (after if escapes else char + after)
            elif not quote and char in "'\"":
                word = word or ""
                quote, kept = char, len(word)
            elif not quote and char.isspace():
                words += [] if word is None else [word]
                word, kept = None, 0
            else:
                word = (word or "") + char
                if not quote and char in breaks:
                    kept = len(word)
        return cls(words[1:], word or "", kept, quote)

    def rest(self, offer: str) -> str:
        """The part of an offer that bash is to put in, quoted like what is typed already."""
        rest = offer[self.kept :]
        if self.quote == "'":
            return rest.replace("'", r"'\''")
        if self.quote == '"':
            return re.sub(r'([$`"\\])', r"\\\1", rest)
        home = "~/" if not self.kept and rest.startswith("~/") and self.word[:2] == "~/" else ""
        return home + re.sub(r"([^\w@%+=:,./-])", r"\\\1", rest[len(home) :])


# --- the scripts ----------------------------------------------------------------------------------

SCRIPTS = {
    "bash": """\
# dealcalc: completion for bash 4 or later
_dealcalc() {
    mapfile -t COMPREPLY < <(
        _DEALCALC_COMPLETE=bash "$1" "${COMP_LINE:0:COMP_POINT}" "$COMP_WORDBREAKS" 2>/dev/null
    )
    [[ ${COMPREPLY[0]-} != *[.=:/] ]] || compopt -o nospace
}
complete -F _dealcalc dealcalc
""",
    "zsh": """\
#compdef dealcalc
# dealcalc: completion for zsh
_dealcalc() {
    local line offer about typed=${(Q)PREFIX} home=
    local -a whole shown begun begun_shown
    [[ $PREFIX != '~/'* ]] || { compset -P '\\~/' && home='~/' }  # else its tilde would be quoted
    for line in "${(@f)$(
        _DEALCALC_COMPLETE=zsh "${(Q)words[1]}" "${(@Q)words[2,CURRENT-1]}" "$typed" 2>/dev/null
    )}"; do
        offer=${line%%$'\\t'*} about=${line#*$'\\t'}
        [[ -n $offer ]] || continue
        offer=${offer#"$home"}
        about=$offer${about:+  -- $about}
        if [[ $offer == *[.=:/] ]]; then
            begun+=("$offer") begun_shown+=("$about")
        else
            whole+=("$offer") shown+=("$about")
        fi
    done
    compadd -l -S '' -d begun_shown -a begun
    compadd -l -d shown -a whole
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i }
compdef _dealcalc dealcalc
""",
    "fish": """\
# dealcalc: completion for fish
function __dealcalc_offers
    set -l word (commandline -ct)
    set -l plain (string unescape -- $word); or set plain (string replace -r '^["\\']' '' -- $word)
    _DEALCALC_COMPLETE=fish dealcalc (commandline -opc)[2..] "$plain" 2>/dev/null
end
complete -c dealcalc -f -a '(__dealcalc_offers)'
""",
}


def install(shell: str) -> None:
    """Write the script where the shell finds it, name it in its start-up file, and say so.

    What is there already is neither changed nor said twice. Raises Refused.
    """
    settings = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    place = "fish/completions/dealcalc.fish" if shell == "fish" else f"dealcalc/completion.{shell}"
    file = settings / place
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"its folder cannot be created: {reason_of(error)}"
        raise refuse("unwritable", message, "", str(file)) from None
    write_file(str(file), SCRIPTS[shell].encode())
    tell(f"wrote {safe(str(file))}")
    if shell != "fish":
        from shlex import quote

        home = Path((shell == "zsh" and os.environ.get("ZDOTDIR")) or Path.home())
        _add_line(home / f".{shell}rc", f"source {quote(str(file))}")
    tell(f"{shell} will complete dealcalc when it next starts")


def _add_line(file: Path, line: str) -> None:
    """Add a line to a file, unless it is there; a file that is not there begins with it."""
    try:
        old = file.read_bytes() if file.exists() else b""
    except OSError as error:
        message = f"cannot be opened: {reason_of(error)}"
        raise refuse("unreadable", message, "", str(file)) from None
    if os.fsencode(line) in old.splitlines():
        return
    gap = b"" if not old or old.endswith(b"\n") else b"\n"
    write_file(str(file), old + gap + os.fsencode(line) + b"\n")
    tell(f"wrote a line to {safe(str(file))}: {safe(line)}")

"""The pages of `--help`: commands and options in panels by what they are for, examples at the end.

Plain text, the same on a terminal and in a pipe, in every locale.
"""

import inspect
import re
from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import Any

from dealcalc.cli import COMMANDS, PANELS

ASKED = "What is asked"
"""The panel of the options that name no other."""
EXAMPLES = "Examples:\n"
WIDEST = 30
"""Columns of the words that are explained, if they are not longer."""


def page() -> str:
    """The help of the program: one screen of 24 lines, 80 columns wide."""
    width = max(map(len, COMMANDS))
    lines = [
        "Usage: dealcalc COMMAND FILE [OPTIONS]    Start with: dealcalc schedule FILE",
        "",
        "What a capacity contract pays, month by month, and how much of it is firm.",
        "",
    ]
    for panel, commands in PANELS.items():
        lines.append(f"{panel}:")
        lines += [f"  {name:<{width}}  {answers}" for name, answers in commands.items()]
    lines.append("Also: COMMAND --help, --version, --install-completion bash (or zsh, fish)")
    return "\n".join(lines) + "\n"


def of_command(command: Any, context: Any, width: int) -> str:
    """The help of a command: what it answers, its options in panels, and its examples."""
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    names = [one.metavar for one in arguments]
    about = inspect.cleandoc(command.help).partition(EXAMPLES)[0].strip()
    lines = [" ".join(["Usage:", context.command_path, *names, "[OPTIONS]"]), ""]
    for paragraph in about.split("\n\n"):
        lines += [*_wrapped(paragraph, width), ""]
    if arguments:
        lines += [*_rows([(one.metavar, one.help) for one in arguments], width), ""]
    for panel, options in _panels(command, context).items():
        rows = [(_written(one), _explained(one)) for one in options]
        lines += [f"{panel}:", *_rows(rows, width), ""]
    return (
        "\n".join([*lines, "Examples:", *(f"  {example}" for example in examples(command))]) + "\n"
    )


def _wrapped(text: str, width: int) -> list[str]:
    """A text in lines, its examples never broken at their hyphens; what is indented stays so."""
    if text.startswith(" "):
        return [text]
    return wrap(text, width, break_long_words=False, break_on_hyphens=False)


def _rows(rows: Sequence[tuple[str, str]], width: int) -> Iterator[str]:
    """Words and what they mean in two columns; long words have a line of their own."""
    column = min(max(len(word) for word, _ in rows), WIDEST)
    indent = " " * (column + 4)
    for word, text in rows:
        if len(word) > column:
            yield f"  {word}"
            word = ""
        first, *more = _wrapped(text, width - len(indent))
        yield f"  {word:<{column}}  {first}"
        yield from (indent + line for line in more)


def examples(command: Any) -> list[str]:
    """The examples in a command's help, each a line for a shell, or several."""
    listed = inspect.cleandoc(command.help).partition(EXAMPLES)[2].strip()
    return [
        " \\\n      ".join(line.strip() for line in example.splitlines())
        for example in re.split(r"\n\n+", listed)
    ]


def _panels(command: Any, context: Any) -> dict[str, list[Any]]:
    """The options of a command by what they are for; those that ask something come first."""
    panels: dict[str, list[Any]] = {ASKED: []}
    for option in command.params:
        if option.param_type_name == "option":
            panels.setdefault(option.rich_help_panel or ASKED, []).append(option)
    if not panels[ASKED]:
        del panels[ASKED]
    last = next(reversed(panels), ASKED)
    panels.setdefault(last, []).append(command.get_help_option(context))
    return panels


def _written(option: Any) -> str:
    """How an option is written: `-f, --format table|csv`."""
    names = ", ".join(sorted(option.opts, key=len))
    if option.is_flag:
        return names
    return f"{names} {values(option)}"


def values(option: Any) -> str:
    """What is written behind an option: its answers, if few do, or what kind of thing it is."""
    return "|".join(option.type.choices) if hasattr(option.type, "choices") else option.metavar


def _explained(option: Any) -> str:
    """What an option does, and what holds without it."""
    default = option.default
    if option.is_flag or option.show_default is False or default in (None, []):
        return f"{'Required. ' if option.required else ''}{option.help}"
    said = ", ".join(default) if isinstance(default, list) else default
    return f"{option.help} [default: {said}]"

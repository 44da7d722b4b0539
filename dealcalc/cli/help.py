"""The pages of `--help`: commands and options in panels by what they are for, examples at the end.

Plain text, the same on a terminal and in a pipe, in every locale.
"""

from collections.abc import Iterator, Sequence
from inspect import cleandoc
from shutil import get_terminal_size
from textwrap import wrap

from dealcalc.cli.commands import COMMANDS, PANELS, Command
from dealcalc.cli.options import HELP, Option

WIDEST = 30
"""Columns of the words that are explained, if they are not longer."""
NARROWEST, BROADEST = 50, 98
"""Columns of a page, between which it is as wide as the terminal, less a margin."""


def front_page() -> str:
    """The help of the program: one screen of 24 lines, 80 columns wide."""
    width = max(map(len, COMMANDS))
    lines = [
        "Usage: dealcalc COMMAND FILE [OPTIONS]    No file yet: dealcalc new deal.yaml",
        "",
        "What a capacity contract pays, month by month, and how much of it is firm.",
        "",
    ]
    for panel, commands in PANELS.items():
        lines.append(f"{panel}:")
        lines += [f"  {name:<{width}}  {answers}" for name, answers in commands.items()]
    lines.append("Also: help COMMAND, --version, --install-completion bash (or zsh, fish)")
    return "\n".join(lines) + "\n"


def page_of(name: str, command: Command) -> str:
    """The help of a command: what it answers, its options in panels, and its examples."""
    width = max(NARROWEST, min(get_terminal_size().columns - 2, BROADEST))
    arguments = [option for option in command.options if not option.flags]
    names = (argument.metavar for argument in arguments)
    lines = [" ".join(["Usage: dealcalc", name, *names, "[OPTIONS]"]), ""]
    for paragraph in cleandoc(command.about).split("\n\n"):
        lines += [*_wrapped(paragraph, width), ""]
    if arguments:
        lines += [*_rows([(argument.metavar, argument.help) for argument in arguments], width), ""]
    for panel, options in _panels(command).items():
        rows = [(_written(option), _explained(option)) for option in options]
        lines += [f"{panel}:", *_rows(rows, width), ""]
    lines += ["Examples:", *(f"  {shown(example)}" for example in command.examples)]
    return "\n".join(lines) + "\n"


def shown(example: str) -> str:
    """A command line as it can be pasted, if it has several lines."""
    return " \\\n      ".join(example.splitlines())


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


def _panels(command: Command) -> dict[str, list[Option]]:
    """The options of a command by what they are for, those that ask something first, help last."""
    options = [option for option in command.options if option.flags and option is not HELP]
    names = dict.fromkeys([HELP.panel, *(option.panel for option in options)])
    panels = {name: [option for option in options if option.panel == name] for name in names}
    panels = {name: options for name, options in panels.items() if options} or {HELP.panel: []}
    [*panels.values()][-1].append(HELP)
    return panels


def _written(option: Option) -> str:
    """How an option is written: `-f, --format table|csv`."""
    flags = ", ".join(sorted(option.flags, key=len))
    return flags if option.is_flag else f"{flags} {option.values}"


def _explained(option: Option) -> str:
    """What an option does, and what holds without it."""
    if option.default is None:
        return f"{'Required. ' if option.required else ''}{option.help}"
    default = ", ".join(option.default) if isinstance(option.default, tuple) else option.default
    return f"{option.help} [default: {default}]"

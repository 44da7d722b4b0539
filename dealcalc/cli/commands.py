"""The commands: what there is, and what one of them is."""

from collections.abc import Callable
from importlib import import_module
from typing import Any, NamedTuple

from dealcalc.cli.options import HELP, SET, TAKE, Option

PANELS = {
    "Price a deal": {
        "schedule": "Revenue by month and year.",
        "backlog": "Earned, firm and cancellable over time.",
        "terminate": "What ending early costs, and by when notice must be given.",
        "compare": "Cases, or files, side by side by year.",
        "value": "Present value of what is earned or paid.",
    },
    "Ask the deal": {
        "ask": "Any figure, and whether a claim is true.",
        "sweep": "One or two terms varied.",
        "solve": "Which value of a term makes a claim true.",
        "ambiguity": "What the contract leaves open, in money.",
        "explain": "Where a figure comes from, down to the line of YAML.",
        "risk": "What the deal is worth if there is a chance of notice.",
    },
    "The seller's sites": {
        "capacity": "The seller's sites: own use, sold, idle, cash yield.",
    },
    "Files, also under CI": {
        "new": "A commented starter file, with every term there is.",
        "check": "Whether files are valid and their claims true; for CI.",
        "schema": "A JSON Schema of scenario files, for editors.",
    },
}
"""What can be done, and the commands for it."""

COMMANDS = {name: answers for panel in PANELS.values() for name, answers in panel.items()}
"""Every command and what it answers; each has a module of its name in this package."""


class Command(NamedTuple):
    """A command: what it is about, what it is told, command lines that work, and what it calls.

    `calls` is given a value for every option but `--help`, by its name; it returns the exit status,
    or None for 0.
    """

    about: str
    options: tuple[Option, ...]
    examples: tuple[str, ...]
    calls: Callable[..., int | None]


def command(
    options: tuple[Option, ...], about: str, examples: tuple[str, ...]
) -> Callable[[Callable[..., int | None]], Command]:
    """Makes a command of the function that it calls.

    With `--set` there is `--take`, whose values are passed on among the settings.
    """
    if SET not in options:
        return lambda calls: Command(about, (*options, HELP), examples, calls)
    place = options.index(SET) + 1

    def made(calls: Callable[..., int | None]) -> Command:
        def settled(**values: Any) -> int | None:
            takes = values.pop(TAKE.name)
            return calls(**values | {SET.name: [*values[SET.name], *takes]})

        return Command(about, (*options[:place], TAKE, *options[place:], HELP), examples, settled)

    return made


def command_named(name: str) -> Command:
    """The command of that name; only its own module is imported."""
    there: Command = getattr(import_module(f"dealcalc.cli.{name}"), name)
    return there

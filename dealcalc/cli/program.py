"""The command line as Typer reads it: only the asked command is imported, nothing exits here."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Annotated, Any

import typer

# Typer has no public name for the errors that it makes of a wrong command line.
UsageError: Any = typer.BadParameter.__bases__[0]


def status(arguments: Sequence[str], asked: str, commands: Mapping[str, str]) -> int:
    """What the asked command returns, or 0; raises UsageError.

    Typer's own `main` would make one exit status of a false claim and of a closed pipe.
    """
    program: Any = typer.main.get_command(_app(asked, commands))
    try:
        with program.make_context("dealcalc", list(arguments)) as context:
            return program.invoke(context) or 0
    except typer.Exit as end:
        return end.exit_code


def _app(asked: str, commands: Mapping[str, str]) -> typer.Typer:
    """The program with the asked command, or with a line for each where help is asked for."""
    app = typer.Typer(
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_dealcalc)
    if asked:
        app.command(asked)(getattr(import_module(f"dealcalc.cli.{asked}"), asked))
    for name, answers in commands.items() if not asked else ():
        app.command(name, help=answers)(_dealcalc)
    return app


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        print(f"dealcalc {version('dealcalc')}")
        raise typer.Exit


Version = Annotated[
    bool,
    typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit."),
]


def _dealcalc(version: Version = False) -> None:
    """What a capacity contract pays, month by month, and how much of it is firm.

    Start with: dealcalc schedule FILE

    Exit status: 0 fine, 1 a claim is false, 2 the input or the command line is wrong, 3 a bug.
    """

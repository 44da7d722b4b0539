"""The command line as Typer reads it: only the asked command is imported, nothing exits here."""

from collections.abc import Sequence
from importlib import import_module
from typing import Annotated, Any, Literal

import typer
from typer.core import TyperCommand, TyperGroup

from dealcalc.cli.streams import write_text

# Typer has no public name for the errors that it makes of a wrong command line.
UsageError: Any = typer.BadParameter.__bases__[0]


def status(arguments: Sequence[str], asked: str | None) -> int:
    """What the asked command returns, or 0; raises UsageError.

    Typer's own `main` would make one exit status of a false claim and of a closed pipe.
    """
    program = group(asked)
    try:
        with program.make_context("dealcalc", list(arguments)) as context:
            return program.invoke(context) or 0
    except typer.Exit as end:
        return end.exit_code


class Command(TyperCommand):
    """A command whose help has its options in panels and its examples at the end."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help of the command; called by Typer."""
        from dealcalc.cli import help

        write_text(help.of_command(self, ctx, formatter.width))
        raise typer.Exit


class Program(TyperGroup):
    """The program, whose help has the commands in panels, whichever of them was imported."""

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 - it's a page as it is
        """Write the help of the program; called by Typer."""
        from dealcalc.cli import help

        write_text(help.page())
        raise typer.Exit


def group(asked: str | None) -> Any:
    """The program as Typer has understood it, with the asked command alone, if there is one."""
    app = typer.Typer(
        cls=Program,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    app.callback()(_dealcalc)
    if asked:
        function = getattr(import_module(f"dealcalc.cli.{asked}"), asked)
        app.command(asked, cls=Command)(function)
    return typer.main.get_command(app)


def command(name: str) -> Any:
    """A command as Typer has understood it."""
    return group(name).commands[name]


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        write_text(f"dealcalc {version('dealcalc')}\n")
        raise typer.Exit


def _shown(shell: str | None) -> None:
    if shell:
        from dealcalc.cli import shells

        write_text(shells.script(shell))
        raise typer.Exit


def _installed(shell: str | None) -> None:
    if shell:
        from dealcalc.cli import shells

        shells.install(shell)
        raise typer.Exit


Shell = Literal["bash", "zsh", "fish"]
Version = Annotated[
    bool,
    typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit."),
]
Install = Annotated[
    Shell | None,
    typer.Option(
        "--install-completion",
        callback=_installed,
        is_eager=True,
        help="Have this shell complete commands, options, files, cases and paths, and exit.",
    ),
]
Show = Annotated[
    Shell | None,
    typer.Option(
        "--show-completion",
        callback=_shown,
        is_eager=True,
        help="Show the script that does so, for those who install it themselves, and exit.",
    ),
]


def _dealcalc(version: Version = False, install: Install = None, show: Show = None) -> None:
    """What a capacity contract pays, month by month, and how much of it is firm."""

"""The command line as Typer reads it; its parameters are made of our options."""

from collections.abc import Callable, Mapping, Sequence
from inspect import Parameter, Signature
from typing import Any, Literal

import typer

from dealcalc.cli import help, shells
from dealcalc.cli.commands import Command, command_named
from dealcalc.cli.options import (
    HELP,
    INSTALL_COMPLETION,
    PROGRAM,
    PROGRAM_HELP,
    SHOW_COMPLETION,
    VERSION,
    Option,
)
from dealcalc.cli.screen import in_color, painted_help
from dealcalc.cli.streams import write_text

# Typer has no public name for the errors that it makes of a wrong command line.
UsageError: Any = typer.BadParameter.__bases__[0]


def status(arguments: Sequence[str], name: str | None) -> int:
    """What the command of that name returns, if one is asked for, or 0; raises UsageError.

    Typer's own `main` would make one exit status of a false claim and of a closed pipe.
    """
    program = _program(name, command_named(name) if name else None)
    try:
        with program.make_context("dealcalc", list(arguments)) as context:
            return program.invoke(context) or 0
    except typer.Exit as end:
        return end.exit_code


def _program(name: str | None, command: Command | None) -> Any:
    """The program as Typer understands it, with one command or none."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.callback(add_help_option=False)(_function(PROGRAM, lambda **_: None, ENDING))
    if name and command:
        page = {HELP: lambda _: _show(help.page_of(name, command))}
        function = _function(command.options, command.calls, page)
        app.command(name, add_help_option=False)(function)
    return typer.main.get_command(app)


def _version(_: bool) -> None:
    from importlib.metadata import version

    write_text(f"dealcalc {version('dealcalc')}\n")


def _show(page: str) -> None:
    write_text(painted_help(page) if in_color("auto") else page)


ENDING: Mapping[Option, Callable[[Any], None]] = {
    VERSION: _version,
    INSTALL_COMPLETION: shells.install,
    SHOW_COMPLETION: lambda shell: write_text(shells.script(shell)),
    PROGRAM_HELP: lambda _: _show(help.front_page()),
}
"""What is done, and nothing after it, where one of the program's own options is given."""


def _function(
    options: Sequence[Option],
    calls: Callable[..., int | None],
    ending: Mapping[Option, Callable[[Any], None]],
) -> Callable[..., int | None]:
    """A function whose parameters are options; those that end the program are not passed on."""
    passed_on = [option for option in options if option not in ending]

    def function(**values: Any) -> int | None:
        return calls(**{option.name: _given(option, values[option.name]) for option in passed_on})

    parameters = [_parameter(option, ending.get(option)) for option in options]
    function.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    function.__annotations__ = {}
    return function


def _given(option: Option, value: Any) -> Any:
    """A value as the command is given it."""
    if not option.placed:
        return value
    from dealcalc.loading.nodes import Source

    return [Source(option.written, text, quotable=True) for text in value]


def _parameter(option: Option, ends: Callable[[Any], None] | None) -> Parameter:
    """An option as Typer has it; what `ends` the program comes first, and alone."""

    def end(value: Any) -> Any:
        if value and ends:
            ends(value)
            raise typer.Exit
        return value

    kind = _type(option)
    default: Any = option.default
    if option.required:
        default = ...
    elif kind in (bool, list[str]):
        default = kind() if default is None else [*default]
    least, most = option.bounds or (None, None)
    declared: Any = typer.Argument(default, metavar=option.metavar)
    if option.flags:
        declared = typer.Option(
            default,
            *option.flags,
            metavar=option.metavar or None,
            min=least,
            max=most,
            callback=end if ends else None,
            is_eager=ends is not None,
        )
    return Parameter(option.name, Parameter.KEYWORD_ONLY, default=declared, annotation=kind)


def _type(option: Option) -> Any:
    if option.is_flag:
        return bool
    if option.choices:
        return Literal[option.choices]
    return list[str] if option.repeats else int if option.bounds else str

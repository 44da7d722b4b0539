"""The command line as Typer reads it; its parameters are made of our options."""

from collections.abc import Callable, Sequence
from inspect import Parameter, Signature
from typing import Any, Literal, NoReturn

import typer

from dealcalc.cli.commands import Command, command_named
from dealcalc.cli.options import HELP, PROGRAM, TAKE, Option
from dealcalc.cli.streams import write_text

# Typer has no public name for the errors that it makes of a wrong command line.
UsageError: Any = typer.BadParameter.__bases__[0]


def status(name: str | None, words: Sequence[str]) -> int:
    """What the command of that name, or the program without one, returns for the words behind it.

    Raises UsageError. Typer's own `main` would make one exit status of a false claim and of a
    closed pipe.
    """
    command = command_named(name) if name else Command("", PROGRAM, (), _of_the_program)
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command(context_settings={"help_option_names": [*HELP.flags]})(_function(command))
    parser: Any = typer.main.get_command(app)
    parser.get_help = lambda _: _show_help(name, command)
    try:
        with parser.make_context("dealcalc", list(words)) as context:
            return parser.invoke(context) or 0
    except typer.Exit as end:
        return end.exit_code


def _show_help(name: str | None, command: Command) -> NoReturn:
    """Show a page of help in our way, before Typer does in its own."""
    from dealcalc.cli import help
    from dealcalc.cli.screen import in_color, painted_help

    page = help.page_of(name, command) if name else help.front_page()
    write_text(painted_help(page) if in_color("auto") else page)
    raise typer.Exit


def _of_the_program(
    version: bool, install_completion: str | None, show_completion: str | None
) -> None:
    from dealcalc.cli import shells

    if version:
        from importlib.metadata import version as version_of

        write_text(f"dealcalc {version_of('dealcalc')}\n")
    elif install_completion:
        shells.install(install_completion)
    elif show_completion:
        write_text(shells.SCRIPTS[show_completion])
    else:
        raise UsageError("Missing command")


def _function(command: Command) -> Callable[..., int | None]:
    """What a command calls, with its options as parameters; Typer has the help itself."""
    options = {option.name: option for option in command.options if option.name != HELP.name}

    def function(**values: Any) -> int | None:
        return command.calls(**{name: _given(options[name], values[name]) for name in values})

    parameters = [_parameter(option) for option in options.values()]
    function.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    function.__annotations__ = {}
    return function


def _given(option: Option, value: Any) -> Any:
    """A value as the command is given it."""
    if not option.placed:
        return value
    from dealcalc.loading.nodes import Source

    texts = map(_setting_of, value) if option == TAKE else value
    return [Source(option.written, text, quotable=True) for text in texts]


def _setting_of(take: str) -> str:
    """What `--set` would say: `[CONTRACT:]options.NAME.take=TIMES` for `[CONTRACT:]NAME=TIMES`."""
    asked, _, times = take.partition("=")
    contract, colon, name = asked.rpartition(":")
    return f"{contract}{colon}options.{name.strip()}.take={times.strip() or 1}"


def _parameter(option: Option) -> Parameter:
    """An option as Typer has it."""
    kind = _type(option)
    default: Any = option.default
    if option.required:
        default = ...
    elif kind in (bool, list[str]):
        default = kind() if default is None else [*default]
    declared: Any = typer.Argument(default, metavar=option.metavar)
    if option.flags:
        least, most = option.bounds or (None, None)
        metavar = option.metavar or None
        declared = typer.Option(default, *option.flags, metavar=metavar, min=least, max=most)
    return Parameter(option.name, Parameter.KEYWORD_ONLY, default=declared, annotation=kind)


def _type(option: Option) -> Any:
    if option.is_flag:
        return bool
    if option.choices:
        return Literal[option.choices]
    return list[str] if option.repeats else int if option.bounds else str

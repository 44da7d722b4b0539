"""The command line: finds the asked command, runs it, and answers with an exit status.

0: yes, fine. 1: no, a claim is false. 2: trouble, the input or the command line is wrong. 3: a bug in
dealcalc. 130: interrupted. Only the asked command's module is imported, and the garbage collector
stays off: both are what makes a command start quickly, and nothing here leaves cycles behind.
"""

import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import typer

COMMANDS = {
    "schedule": "Revenue by month and year.",
}
"""Every command and what it answers; each has a module of its name in this package."""

YES, NO, TROUBLE, BUG, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 3, 130, 141


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command that the arguments ask for, and leave with its exit status."""
    gc.disable()
    status = run(sys.argv[1:] if arguments is None else arguments)
    sys.exit(status)


def run(arguments: Sequence[str]) -> int:
    """Run a command line; every way it can end is an exit status, and never a traceback."""
    try:
        return _run(arguments)
    except BrokenPipeError:
        # What is left in the buffer would raise once more when Python closes standard output.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return PIPE_CLOSED
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - whatever it is, it is a bug and says so
        if os.environ.get("DEALCALC_DEBUG") == "1":
            raise
        print(f"error: this is a bug in dealcalc: {type(error).__name__}: {error}", file=sys.stderr)
        print(
            "DEALCALC_DEBUG=1 shows where it is; please report it with the scenario",
            file=sys.stderr,
        )
        return BUG


def _run(arguments: Sequence[str]) -> int:
    import typer

    from dealcalc.problems import Problem, Refused, report

    # Typer has no public name for the errors that it makes of a wrong command line.
    (UsageError,) = typer.BadParameter.__bases__  # noqa: N806
    try:
        status = typer.main.get_command(_app(arguments)).main(
            args=list(arguments), prog_name="dealcalc", standalone_mode=False
        )
        sys.stdout.flush()
        return status or YES
    except Refused as refused:
        problems = refused.problems
    except UsageError as error:
        problems = [Problem("command-line", error.format_message().rstrip("."), _usage_help(error))]
    except BrokenPipeError:
        raise
    except OSError as error:
        problems = [Problem("unwritable", f"the answer cannot be written: {error.strerror}")]
    print(report(problems), file=sys.stderr)
    return TROUBLE


def _usage_help(error: Any) -> str:
    command = error.ctx.command_path if getattr(error, "ctx", None) else "dealcalc"
    return f"`{command} --help` lists what can be said"


def _app(arguments: Sequence[str]) -> "typer.Typer":
    """The program with the asked command alone, or with all of them where help is asked for."""
    import typer

    app = typer.Typer(
        add_completion=False,
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_dealcalc)
    asked = next((word for word in arguments if not word.startswith("-")), None)
    for name in [asked] if asked in COMMANDS else COMMANDS:
        app.command(name)(getattr(import_module(f"dealcalc.cli.{name}"), name))
    return app


def _dealcalc() -> None:
    """What a capacity contract pays, month by month, and how much of it is firm.

    Start with: dealcalc schedule FILE
    """

"""The command line: finds the asked command, runs it, and answers with an exit status.

0: yes, fine. 1: no, a claim is false. 2: trouble, the input or the command line is wrong. 3: a bug
in dealcalc. 130: interrupted. 141: nobody reads on. Only the asked command's module is imported,
and the garbage collector stays off: both are what makes a command start quickly, and nothing here
leaves cycles behind.
"""

import gc
import os
import sys
from collections.abc import Sequence

HELP = {"-h", "--help"}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command that the arguments ask for, and leave with its exit status."""
    gc.disable()
    if getattr(sys, "stderr", None) is None:  # closed: print would write to standard output instead
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115 - it stays open, like the one it replaces
    status = run(sys.argv[1:] if arguments is None else arguments)
    gc.freeze()  # else Python would search all objects for cycles once more while it ends
    sys.exit(status)


def run(arguments: Sequence[str]) -> int:
    """Run a command line; every way it can end is an exit status, and never a traceback."""
    try:
        return _status(arguments or ["--help"])
    except BrokenPipeError:
        from dealcalc.checks.status import Status
        from dealcalc.cli import streams

        streams.drop_both()
        return Status.PIPE_CLOSED
    except KeyboardInterrupt:
        from dealcalc.checks.status import Status

        return Status.INTERRUPTED


def _status(arguments: Sequence[str]) -> int:
    from dealcalc.checks.status import Status
    from dealcalc.cli.streams import columns, tell
    from dealcalc.loading.problems import Refused, report

    try:
        return _carried_out(arguments)
    except Refused as refused:
        from dealcalc.cli.screen import in_color, painted_problems

        text = report(refused.problems, columns(sys.stderr))
        tell(painted_problems(text) if in_color("auto", sys.stderr) else text)
        return Status.TROUBLE
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, it is a bug and says so
        if _is_interruption(error):
            return Status.INTERRUPTED
        tell(_about_bug(error))
        return Status.BUG


def _is_interruption(error: BaseException | None) -> bool:
    """Whether Ctrl-C is behind an error: Python wraps what comes while it makes a class."""
    if error is None or isinstance(error, KeyboardInterrupt):
        return error is not None
    return _is_interruption(error.__cause__ or error.__context__)


def _carried_out(arguments: Sequence[str]) -> int:
    if shell := os.environ.get("_DEALCALC_COMPLETE"):  # set by the scripts of cli/shells.py
        from dealcalc.cli import completion

        return completion.complete(shell, arguments)
    from dealcalc.cli import program
    from dealcalc.loading.problems import Refused

    if arguments[0] == "help":
        arguments = [*arguments[1:2], "--help"]
    name = _asked(arguments)
    before = arguments[: arguments.index(name)] if name else arguments
    words = arguments[len(before) + 1 :]
    if name and HELP.intersection(before):
        words = ["--help"]
    elif name is None or [*before] not in ([], ["--"]):
        name, words = None, before
    try:
        return program.status(name, words)
    except program.UsageError as error:
        from dealcalc.cli import usage

        raise usage.wrong(error, name) from None
    except Refused as refused:
        from dealcalc.cli import usage

        raise usage.in_options(refused, name) from refused.__cause__


def _asked(arguments: Sequence[str]) -> str | None:
    """The name of the command that is asked for, if one is; raises Refused if it is none."""
    from dealcalc.cli.commands import COMMANDS

    name = next((word for word in arguments if not word.startswith("-")), None)
    if name is None or name in COMMANDS:
        return name
    if arguments[0].startswith("-") and arguments[0] not in ("--", *HELP):
        return None  # it is the value of an option, which Typer knows or refuses
    from dealcalc.cli import usage

    raise usage.no_such_command(arguments[arguments.index(name) :], COMMANDS)


def _about_bug(error: Exception) -> str:
    if os.environ.get("DEALCALC_DEBUG") == "1":
        from traceback import format_exception

        return "".join(format_exception(error)).rstrip("\n")
    from dealcalc.loading.problems import safe

    what = safe(f"{type(error).__name__}: {error}")
    return (
        f"error: this is a bug in dealcalc: {what}\n"
        "DEALCALC_DEBUG=1 shows where it is; please report it with the scenario"
    )

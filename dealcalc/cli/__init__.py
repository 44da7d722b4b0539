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

PANELS = {
    "Price a deal": {
        "schedule": "Revenue by month and year.",
        "backlog": "Earned, firm and cancellable over time.",
        "terminate": "What ending early costs, and by when notice must be given.",
        "compare": "Cases, or files, side by side by year.",
        "value": "Present value of what is earned or paid.",
    },
    "Ask the deal": {
        "sweep": "One or two terms varied.",
        "solve": "Which value of a term makes a claim true.",
        "ambiguity": "What the contract leaves open, in money.",
        "explain": "Where a figure comes from, down to the line of YAML.",
        "risk": "What the deal is worth if notice may come with a chance.",
    },
    "The seller's house": {
        "capacity": "The seller's sites: own use, sold, idle, return.",
    },
    "Files, also under CI": {
        "new": "A commented starter file, with every term there is.",
        "check": "Files valid, claims true; for CI.",
        "schema": "A JSON Schema of scenario files, for editors.",
    },
}
"""What can be done, and the commands for it."""

COMMANDS = {name: answers for panel in PANELS.values() for name, answers in panel.items()}
"""Every command and what it answers; each has a module of its name in this package."""

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
    from dataclasses import replace

    from dealcalc.checks.status import Status
    from dealcalc.cli.streams import tell
    from dealcalc.loading.problems import Argument, Refused, report

    try:
        return _carried_out(arguments)
    except Refused as refused:
        shown = (
            replace(problem, file=_option(problem.file))
            if isinstance(problem.file, Argument)
            else problem
            for problem in refused.problems
        )
        tell(report(sorted(shown, key=lambda problem: problem.place)))
        return Status.TROUBLE
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, it is a bug and says so
        if _is_interruption(error):
            return Status.INTERRUPTED
        tell(_about_bug(error))
        return Status.BUG


def _option(argument: str) -> str:
    """What the command line calls an argument."""
    return "CLAIM" if argument == "claim" else f"--{argument.replace('_', '-')}"


def _is_interruption(error: BaseException | None) -> bool:
    """Whether Ctrl-C is behind an error: Python wraps what comes while it makes a class."""
    if error is None or isinstance(error, KeyboardInterrupt):
        return error is not None
    return _is_interruption(error.__cause__ or error.__context__)


def _carried_out(arguments: Sequence[str]) -> int:
    if shell := os.environ.get("_DEALCALC_COMPLETE"):  # set by the scripts of cli/shells.py
        from dealcalc.cli import completion

        return completion.answer(shell, arguments)
    asked = next((word for word in arguments if not word.startswith("-")), None)
    if asked is not None and asked not in COMMANDS:
        if arguments[0].startswith("-") and arguments[0] not in ("--", *HELP):
            asked = None  # the value of an option, which Typer knows or refuses
        else:
            from dealcalc.cli import usage

            raise usage.no_such_command(arguments[arguments.index(asked) :], COMMANDS)
    if asked and HELP.intersection(arguments[: arguments.index(asked)]):
        arguments = [asked, "--help"]
    from dealcalc.cli import program

    try:
        return program.status(arguments, asked)
    except program.UsageError as error:
        from dealcalc.cli import usage

        raise usage.wrong(error, asked or "") from None


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

"""A wrong command line, said like a problem of a file: what is wrong, where, and the way out."""

import re
from collections.abc import Iterable
from typing import Any

from dealcalc.problems import Problem, Refused
from dealcalc.words import closest, did_you_mean


def no_such_command(name: str, known: Iterable[str]) -> Refused:
    """A first word that is no command; a file's name means that the command was forgotten."""
    if name.endswith((".yaml", ".yml")):
        return Refused(
            [_problem(f"{name} is no command", f"did you mean `dealcalc schedule {name}`?")]
        )
    return Refused([_problem(f"there is no command `{name}`", did_you_mean(name, known))])


def wrong(error: Any, command: str) -> Refused:
    """What Typer found wrong with the words after `dealcalc COMMAND`."""
    words = " ".join(["dealcalc", *command.split(), "--help"])
    return Refused([_wrong(error, f"`{words}` lists what can be said")])


def _wrong(error: Any, help: str) -> Problem:
    if hasattr(error, "possibilities"):
        return _no_such_option(error, help)
    if hasattr(error, "option_name"):
        needs = "needs a value" if "requires" in error.message else "takes no value"
        return _problem(f"{error.option_name} {needs}", help)
    if hasattr(error, "param"):
        return _bad_value(error, help)
    if extra := re.search(r"extra argument\(s\) \((.*)\)", error.message):
        help = "put quotes around a value with spaces in it"
        return _problem(f"there are words too many: {extra[1]}", help)
    return _problem(error.message.rstrip("."), help)


def _no_such_option(error: Any, help: str) -> Problem:
    known = error.possibilities or ()
    match = closest(error.option_name, known)
    help = f"did you mean `{match}`?" if match else help
    return _problem(f"there is no option `{error.option_name}`", help)


def _bad_value(error: Any, help: str) -> Problem:
    """A value of the wrong kind, or none where one is needed."""
    name = error.param.opts[0] if error.param.param_type_name == "option" else error.param.metavar
    if not error.message:
        return _problem(f"{name} is missing", help)
    kind, value = error.param.type, re.match(r"(['\"]?)(.*)\1 is not ", error.message)
    if value and hasattr(kind, "choices"):
        message = f"`{value[2]}` is not one of the answers here"
        return _problem(message, did_you_mean(value[2], kind.choices), name)
    if value and hasattr(kind, "min"):
        to = "on" if kind.max is None else f"to {kind.max}"
        return _problem(f"{value[2]} is not a whole number from {kind.min} {to}", help, name)
    return _problem(error.message.rstrip("."), help, name)


def _problem(message: str, help: str, option: str = "") -> Problem:
    return Problem("command-line", message, help, option)

"""A wrong command line, said like a problem of a file: what is wrong, where, and the way out."""

import re
from collections.abc import Collection, Sequence
from typing import Any

from dealcalc.cli import program
from dealcalc.cli.help import examples, values
from dealcalc.loading.problems import Problem, Refused
from dealcalc.terms.misread import closest, did_you_mean

SCENARIO = (".yaml", ".yml")


def no_such_command(words: Sequence[str], known: Collection[str]) -> Refused:
    """Words of which the first is no command; a file's name means that the command was forgotten.

    `help` is an option here, not a command.
    """
    name = words[0]
    if name.endswith(SCENARIO):
        help = f"did you mean `dealcalc schedule {name}`?"
        return Refused([_problem(f"{name} is no command", help)])
    if name == "help":
        about = [word for word in words[1:2] if word in known]
        help = f"did you mean `{' '.join(['dealcalc', *about, '--help'])}`?"
    else:
        help = did_you_mean(name, known)
    message = f"there is no command `{name}`" if name else "the name of the command is empty"
    return Refused([_problem(message, help)])


def wrong(error: Any, command: str) -> Refused:
    """What Typer found wrong with the words after `dealcalc COMMAND`."""
    words = " ".join(["dealcalc", *command.split(), "--help"])
    help = "" if command else "; the options of a command stand behind its name"
    return Refused([_wrong(error, command, f"`{words}` lists what can be said{help}")])


def _wrong(error: Any, command: str, help: str) -> Problem:
    if hasattr(error, "possibilities"):
        return _no_such_option(error, help)
    if hasattr(error, "option_name"):
        if "requires" not in error.message:
            return _problem(f"{error.option_name} takes no value", help)
        return _problem(f"{error.option_name} needs a value", _written(error.option_name, command))
    if hasattr(error, "param"):
        return _bad_value(error, help)
    if extra := re.search(r"extra argument\(s\) \((.*)\)", error.message):
        return _problem(f"there are words too many: {extra[1]}", _about_extra(extra[1]))
    return _problem(error.message.rstrip("."), help)


def _written(name: str, command: str) -> str:
    """How an option of a command, or of the program, is written with its value."""
    params = (program.command(command) if command else program.group(None)).params
    option = next(one for one in params if name in one.opts)
    return f"write it like `{name} {values(option)}`"


def _about_extra(words: str) -> str:
    if words.endswith(SCENARIO):
        return "one file is asked at a time; `dealcalc compare` sets several side by side"
    return "put quotes around a value with spaces in it"


def _no_such_option(error: Any, help: str) -> Problem:
    known = error.possibilities or ()
    match = closest(error.option_name, known)
    help = f"did you mean `{match}`?" if match else help
    return _problem(f"there is no option `{error.option_name}`", help)


def _bad_value(error: Any, help: str) -> Problem:
    """A value of the wrong kind, or none where one is needed."""
    name = error.param.opts[0] if error.param.param_type_name == "option" else error.param.metavar
    if not error.message:
        example = examples(error.ctx.command)[0]
        return _problem(f"{name.rstrip('.')} is missing", f"write it like `{example}`")
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

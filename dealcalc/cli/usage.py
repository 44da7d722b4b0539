"""A wrong command line, said like a problem of a file: what is wrong, where, and the way out."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from dealcalc.cli import help
from dealcalc.cli.commands import command_named
from dealcalc.cli.options import PROGRAM, Option
from dealcalc.loading.problems import Argument, Problem, Refused
from dealcalc.terms.misread import closest, did_you_mean

SCENARIO = (".yaml", ".yml")


def in_options(refused: Refused, name: str | None) -> Refused:
    """A refusal about arguments of a command, said of its options."""
    options = {option.name: option.written for option in _options(name)}
    return Refused(
        replace(problem, file=options[problem.file])
        if isinstance(problem.file, Argument)
        else problem
        for problem in refused.problems
    )


def no_such_command(words: Sequence[str], known: Collection[str]) -> Refused:
    """Words of which the first is no command; a file means that the command was forgotten."""
    name = words[0]
    if name.endswith(SCENARIO):
        help = f"did you mean `dealcalc schedule {name}`?"
        return Refused([_problem(f"{name} is not a command", help)])
    help = did_you_mean(name, known)
    message = f"there is no command `{name}`" if name else "the command has no name"
    return Refused([_problem(message, help)])


def wrong(error: Any, name: str | None) -> Refused:
    """What Typer found wrong with the words after `dealcalc`, or after the name of a command."""
    words = " ".join(["dealcalc", *([name] if name else []), "--help"])
    more = "" if name else "; the options of a command stand behind its name"
    return Refused([_wrong(error, name, f"`{words}` lists what there is{more}")])


def _wrong(error: Any, name: str | None, way_out: str) -> Problem:
    options = _options(name)
    if hasattr(error, "possibilities"):
        match = _meant(error.option_name, options)
        out = f"did you mean `{match}`?" if match else way_out
        return _problem(f"there is no option `{error.option_name}`", out)
    if hasattr(error, "option_name"):
        if "requires" not in error.message:
            return _problem(f"{error.option_name} takes no value", way_out)
        option = next(option for option in options if error.option_name in option.flags)
        out = f"write it like `{error.option_name} {option.values}`"
        return _problem(f"{error.option_name} needs a value", out)
    if hasattr(error, "param"):
        option = next(option for option in options if option.name == error.param.name)
        return _bad_value(error, option, name, way_out)
    if extra := re.search(r"extra argument\(s\) \((.*)\)", error.message):
        return _problem(f"unexpected argument: {extra[1]}", _about_extra(extra[1]))
    return _problem(error.message.rstrip("."), way_out)


def _meant(flag: str, options: Sequence[Option]) -> str:
    """The flag that an unknown one is likely meant to be, or an empty text."""
    for option in options:
        if flag in option.synonyms:
            return option.written
        if option.name == "format" and flag.strip("-") in option.choices:
            return f"--format {flag.strip('-')}"
    flags = {flag.strip("-"): flag for option in options for flag in option.flags}
    return flags.get(closest(flag.strip("-"), flags), "")


def _options(name: str | None) -> Sequence[Option]:
    return command_named(name).options if name else PROGRAM


def _about_extra(words: str) -> str:
    if words.endswith(SCENARIO):
        return "one file is asked at a time; `dealcalc compare` sets several side by side"
    return "put quotes around a value with spaces in it"


def _bad_value(error: Any, option: Option, name: str | None, way_out: str) -> Problem:
    """A value of the wrong kind, or none where one is needed."""
    if not error.message:
        example = help.shown(command_named(name or "").examples[0])
        return _problem(f"{option.written} is missing", f"write it like `{example}`")
    value = re.match(r"(['\"]?)(.*)\1 is not ", error.message)
    if value and option.choices:
        message = f"invalid value `{value[2]}`"
        return _problem(message, did_you_mean(value[2], option.choices), option.written)
    if value and option.bounds:
        least, most = option.bounds
        message = f"{value[2]} is not a whole number from {least} to {most}"
        return _problem(message, way_out, option.written)
    return _problem(error.message.rstrip("."), way_out, option.written)


def _problem(message: str, help: str, option: str = "") -> Problem:
    return Problem("command-line", message, help, option)

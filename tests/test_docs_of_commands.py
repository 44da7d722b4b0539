"""Every command and every option says what it is for, and shows how it is written."""

import re
import shlex
from importlib import import_module
from pathlib import Path

import pytest
import typer

from dealcalc import cli
from dealcalc.cli import COMMANDS, run
from dealcalc.cli.program import _app

FOLDER = Path(cli.__file__).parent
HELPERS = {"asked", "options", "output", "program", "progress", "usage"}


def command(name):
    """A command as Typer has understood it."""
    return typer.main.get_command(_app(name, COMMANDS)).commands[name]


def examples(name):
    """The command lines that a command's help shows."""
    return [
        shlex.split(line)
        for line in (command(name).help or "").splitlines()
        if line.strip().startswith("dealcalc ")
    ]


def options(name):
    return [param for param in command(name).params if param.param_type_name == "option"]


@pytest.fixture(params=COMMANDS)
def name(request):
    return request.param


def test_every_command_has_a_module_and_every_module_is_one():
    modules = {path.stem for path in FOLDER.glob("*.py")} - {"__init__"}
    assert modules - HELPERS == set(COMMANDS)


def test_a_command_is_a_function_of_its_name(name):
    function = getattr(import_module(f"dealcalc.cli.{name}"), name)
    assert function.__doc__


def test_its_line_in_the_list_is_short(name):
    assert len(name) + len(COMMANDS[name]) < 74, "the list of commands would wrap"
    assert re.fullmatch(r"[A-Z].*[.?]", COMMANDS[name])


def test_its_help_begins_with_a_sentence_and_shows_examples(name):
    first, *_ = command(name).help.splitlines()
    assert re.match(r"[A-Z].*[.?:,\w]$", first)
    assert examples(name)


def test_its_examples_are_of_this_command_and_can_be_read(name):
    for _, asked, *words in examples(name):
        assert asked == name
        command(name).make_context(name, list(words))


def test_every_option_says_what_it_does(name):
    for option in options(name):
        assert re.match(r"[A-Z].*[.?:)]$", option.help or ""), f"{option.opts[0]}: {option.help}"


def test_every_option_shows_how_it_is_written(name):
    """By its choices, its bounds or default, an example, or a `like ...`."""
    shown = {word.partition("=")[0] for words in examples(name) for word in words}
    for option in options(name):
        in_example = shown & set(option.opts)
        by_itself = option.is_flag or hasattr(option.type, "choices")
        assert in_example or by_itself or " like " in option.help, option.opts[0]


def test_help_is_plain_text_of_80_columns(capfd, monkeypatch, name):
    monkeypatch.setenv("COLUMNS", "80")
    assert run([name, "--help"]) == 0
    out, err = capfd.readouterr()
    assert err == ""
    assert out.isascii(), "a terminal without Unicode could not show it"
    assert max(map(len, out.splitlines())) <= 80


def test_one_word_means_the_same_everywhere():
    """An option that several commands have is spelled and explained alike."""
    explained = {}
    for name in COMMANDS:
        for option in options(name):
            explained.setdefault(option.opts[0], set()).add(tuple(option.opts))
    assert {opts: spelled for opts, spelled in explained.items() if len(spelled) > 1} == {}

"""Every command and every option says what it is for, and shows how it is written."""

import re
import shlex
import shutil
from importlib import import_module
from pathlib import Path

import pytest
from shipped import SCENARIOS

from dealcalc import cli
from dealcalc.cli import COMMANDS, PANELS, help, run
from dealcalc.cli.program import command, group

FOLDER = Path(cli.__file__).parent
HELPERS = {
    "asked",
    "completion",
    "help",
    "options",
    "output",
    "program",
    "shells",
    "progress",
    "streams",
    "usage",
}


def examples(name):
    """The command lines that a command's help shows, as a shell reads them."""
    lines = [line.replace("\\\n", "") for line in help.examples(command(name))]
    return [shlex.split(line) for line in lines]


def options(name):
    return [param for param in command(name).params if param.param_type_name == "option"]


def shown(capfd, *words):
    """What a help page says, which is status 0 and nothing on standard error."""
    assert run(words) == 0
    out, err = capfd.readouterr()
    assert err == ""
    return out


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


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with every file that an example names."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    Path("deals").mkdir()
    for copy in ("deal.yaml", "anthropic.yaml", "deals/northgate.yaml"):
        shutil.copy(SCENARIOS / "anthropic-xai-colossus-1.yaml", copy)
    shutil.copy(SCENARIOS / "google-spacex.yaml", "other.yaml")
    site = "provider: xAI\ncurrency: USD\nsites: {A: {capacity: 400 MW, sold: [anthropic.yaml]}}\n"
    Path("site.yaml").write_text(site, encoding="utf-8")


@pytest.mark.usefixtures("folder")
def test_its_examples_are_of_this_command_and_run(capfd, name):
    for dealcalc, asked, *words in examples(name):
        if words == ["deals/northgate.yaml"]:  # a file that is there is not written over
            Path(words[0]).unlink()
        assert (dealcalc, asked) == ("dealcalc", name)
        assert run([asked, *words]) == 0, capfd.readouterr().err
    assert "error" not in capfd.readouterr().err


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


@pytest.mark.parametrize("columns", [80, 100, 160])
def test_help_is_plain_text_that_fits(capfd, monkeypatch, name, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    page = shown(capfd, name, "--help")
    assert page.isascii(), "a terminal without Unicode could not show it"
    assert max(map(len, page.splitlines())) <= min(columns, 100)
    for option in options(name):
        assert re.search(rf"^  (-\w, )?{option.opts[0]}\b", page, re.MULTILINE)


def test_help_has_panels_by_task_and_examples_at_the_end(capfd, name):
    page = shown(capfd, name, "--help")
    panels = re.findall(r"^([A-Z].*):$", page, re.MULTILINE)
    order = ["What is asked", "The deal", "The output", "Examples"]
    assert panels == [panel for panel in order if panel in panels]
    assert panels[-1] == "Examples"
    assert page.startswith(f"Usage: dealcalc {name} ")


def test_what_a_panel_is_about_stands_in_it():
    panels = {
        option.opts[0]: option.rich_help_panel for name in COMMANDS for option in options(name)
    }
    assert {one for one, panel in panels.items() if panel == "The deal"} == {"--case", "--set"}
    written = {"--format", "--output", "--unit", "--color"}
    assert {one for one, panel in panels.items() if panel == "The output"} == written


def test_the_first_page_fits_a_screen_and_says_where_to_start(capfd):
    lines = shown(capfd, "--help").splitlines()
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80
    assert "Start with: dealcalc schedule FILE" in lines[0]
    for panel, commands in PANELS.items():
        under = lines[lines.index(f"{panel}:") + 1 :][: len(commands)]
        assert [line.split()[0] for line in under] == list(commands)


def test_help_of_the_program_names_its_options(capfd):
    page = shown(capfd, "--help")
    for option in group(None).params:
        assert re.match(r"[A-Z].*\.$", option.help)
    assert "--version" in page
    assert "--install-completion" in page


@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help_may_stand_in_front_of_its_command(capfd, name, flag):
    assert shown(capfd, flag, name) == shown(capfd, name, flag)


def test_one_word_means_the_same_everywhere():
    """An option that several commands have is spelled and explained alike.

    Another thing is written behind it where it asks something else: `CONTRACT:DATE`, other answers.
    """
    spelled, explained = {}, {}
    for name in COMMANDS:
        for option in options(name):
            word = option.opts[0]
            spelled.setdefault(word, set()).add(tuple(option.opts))
            what = word, help.values(option), option.nargs, option.multiple
            explained.setdefault(what, set()).add((option.help, option.rich_help_panel))
    assert {word: ways for word, ways in spelled.items() if len(ways) > 1} == {}
    assert {what: ways for what, ways in explained.items() if len(ways) > 1} == {}


def test_no_annotation_that_options_has_is_written_again():
    from dealcalc.cli import options as shared

    names = {name for name in vars(shared) if name[0].isupper() and not name.isupper()}
    again = {
        (path.stem, line.split(" = ")[0])
        for path in FOLDER.glob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if path.stem not in {"options", "completion"} and line.split(" = Annotated")[0] in names
    }
    # What these write, read or choose from is something else.
    assert again == {("check", "Form"), ("check", "Outputs"), ("new", "File")}

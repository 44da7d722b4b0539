"""Every command and every option says what it is for, and shows how it is written."""

import ast
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from shipped import ROOT, SCENARIOS, TESTS

from dealcalc import cli
from dealcalc.cli import output, run
from dealcalc.cli.commands import COMMANDS, PANELS, command_named
from dealcalc.cli.options import HELP, PROGRAM, SHELLS, TAKE, Option
from dealcalc.cli.shells import SCRIPTS

FOLDER = Path(cli.__file__).parent
HELPERS = {
    "asked",
    "commands",
    "completion",
    "files",
    "help",
    "options",
    "output",
    "program",
    "screen",
    "shells",
    "progress",
    "streams",
    "usage",
}


def examples(name):
    """The command lines that a command's help shows, as a shell reads them."""
    return [shlex.split(line) for line in command_named(name).examples]


def options(name):
    return [option for option in command_named(name).options if option.flags]


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


def test_a_command_is_given_what_its_options_say(name):
    """The function behind it takes a value for each, `--help` apart, of the type that it has."""
    tree = ast.parse((FOLDER / f"{name}.py").read_text(encoding="utf-8"))
    function = next(node for node in tree.body if getattr(node, "name", "") == name)
    taken = {one.arg: ast.unparse(one.annotation) for one in function.args.args}
    names, all_of = {one.name for one in output.OPTIONS}, command_named(name).options
    asked = {one for one in all_of if one.name in names}  # a form of its own may stand among them
    where = asked if len(asked) == len(names) else set()
    among = {HELP, TAKE}  # what is taken is passed on among the settings
    told = [one for one in command_named(name).options if one not in where | among]
    assert taken == {one.name: type_of(one) for one in told}


def type_of(option):
    """The type of an option's value, as it is written."""
    if option.is_flag:
        return "bool"
    if option.placed:
        return "Settings"
    kind = "list[str]" if option.repeats else "int" if option.bounds else "str"
    always = option.required or option.repeats or option.default is not None
    return kind if always else f"{kind} | None"


def test_its_line_in_the_list_is_short(name):
    assert len(name) + len(COMMANDS[name]) < 74, "the list of commands would wrap"
    assert re.fullmatch(r"[A-Z].*[.?]", COMMANDS[name])


def test_its_help_begins_with_a_sentence_and_shows_examples(name):
    first, *_ = command_named(name).about.strip().splitlines()
    assert re.match(r"[A-Z].*[.?:,\w]$", first)
    assert examples(name)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with every file that an example names: those that `new` writes, and their site."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    Path("deals").mkdir()
    for written in ("deal.yaml", "other.yaml", "deals/northgate.yaml"):
        assert run(["new", written]) == 0
    site = "provider: Halls\ncurrency: USD\nsites: {A: {capacity: 400 MW, sold: [deal.yaml]}}\n"
    Path("site.yaml").write_text(site, encoding="utf-8")


@pytest.mark.usefixtures("folder")
def test_its_examples_are_of_this_command_and_run(capfd, name):
    for dealcalc, asked, *words in examples(name):
        if words == ["deals/northgate.yaml"]:  # a file that is there is not written over
            Path(words[0]).unlink()
        assert (dealcalc, asked) == ("dealcalc", name)
        assert run([asked, *words]) == 0, capfd.readouterr().err
    out, err = capfd.readouterr()
    assert "error" not in err
    assert "no value is possible" not in out


def test_every_option_says_what_it_does(name):
    for option in options(name):
        assert re.match(r"[A-Z].*[.?:)]$", option.help), f"{option.name}: {option.help}"


def test_every_option_shows_how_it_is_written(name):
    """By its choices, its bounds or default, an example, or a `like ...`."""
    shown = {word.partition("=")[0] for words in examples(name) for word in words}
    for option in options(name):
        in_example = shown & {*option.flags}
        by_itself = option.is_flag or option.choices
        assert in_example or by_itself or " like " in option.help, option.name


@pytest.mark.parametrize("columns", [80, 100, 160])
def test_help_is_plain_text_that_fits(capfd, monkeypatch, name, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    page = shown(capfd, name, "--help")
    assert page.isascii(), "a terminal without Unicode could not show it"
    assert max(map(len, page.splitlines())) <= min(columns, 100)
    for option in options(name):
        assert re.search(rf"^  (-\w, )?{option.flags[0]}\b", page, re.MULTILINE)


def test_help_has_panels_by_task_and_examples_at_the_end(capfd, name):
    page = shown(capfd, name, "--help")
    panels = re.findall(r"^([A-Z].*):$", page, re.MULTILINE)
    order = ["What is asked", "The deal", "The output", "Examples"]
    assert panels == [panel for panel in order if panel in panels]
    assert panels[-1] == "Examples"
    assert page.startswith(f"Usage: dealcalc {name} ")


def test_what_a_panel_is_about_stands_in_it():
    panels = {option.written: option.panel for name in COMMANDS for option in options(name)}
    assert {one for one, panel in panels.items() if panel == "The deal"} == {
        "--case",
        "--set",
        "--take",
    }
    written = {"--format", "--output", "--unit", "--color", "--verbose", "--no-pager"}
    assert {one for one, panel in panels.items() if panel == "The output"} == written


def test_the_first_page_fits_a_screen_and_says_where_to_start(capfd):
    lines = shown(capfd, "--help").splitlines()
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80
    assert lines[0].endswith("No file yet: dealcalc new deal.yaml")
    for panel, commands in PANELS.items():
        under = lines[lines.index(f"{panel}:") + 1 :][: len(commands)]
        assert [line.split()[0] for line in under] == list(commands)


def test_help_of_the_program_names_its_options(capfd):
    page = shown(capfd, "--help")
    for option in PROGRAM:
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
            word = option.written
            spelled.setdefault(word, set()).add(option.flags)
            what = word, option.values, option.repeats
            explained.setdefault(what, set()).add((option.help, option.panel))
    assert {word: ways for word, ways in spelled.items() if len(ways) > 1} == {}
    assert {what: ways for what, ways in explained.items() if len(ways) > 1} == {}


def test_no_option_that_commands_share_is_written_again():
    from dealcalc.cli import options as shared

    written = {
        option: name for name in vars(shared) if isinstance(option := getattr(shared, name), Option)
    }
    again = {
        (name, option.name)
        for name in COMMANDS
        for option in command_named(name).options
        if option in written and option is not getattr(shared, written[option])
    }
    assert again == set()


def test_there_is_a_script_for_every_shell_that_can_be_asked_for():
    assert tuple(SCRIPTS) == SHELLS


def test_option_names_stand_in_cli_alone():
    """What is wrong is said of a parameter: who calls from Python knows no option."""
    package = FOLDER.parent
    named = {
        f"{path.relative_to(package)}: {option}"
        for path in package.rglob("*.py")
        if path.parent != FOLDER
        for option in re.findall(r'"--[a-z-]*"', path.read_text(encoding="utf-8"))
    }
    rule_of_a_table = {'forms/export.py: "---"'}
    assert named == rule_of_a_table


def test_help_needs_no_docstrings():
    """PYTHONOPTIMIZE=2 takes them away."""
    help = [sys.executable, "-OO", "-m", "dealcalc", "schedule"]
    for words, status in ((["--help"], 0), ([], 2)):
        done = subprocess.run([*help, *words], capture_output=True, check=False, timeout=60)
        assert done.returncode == status


OLD = re.compile(
    r"headline(?! against)|\bkept\b|hangs on notice|two pathways|own use is worth|seller's house"
    r"|return on invested capital|words too many|is a share of what remains: |minor unit decides"
    r"|that no value makes it true is one too|By when must nobody"
)
"""Words that had another meaning, or another word now; a README is read by people who check one."""


def test_no_old_word_is_left(capfd):
    """What people read has today's words: help, README, starter, schema, pages, pinned outputs."""
    texts = {name: shown(capfd, name, "--help") for name in COMMANDS}
    files = [ROOT / "README.md", ROOT / "dealcalc" / "starter.yaml", *SCENARIOS.glob("*.yaml")]
    files += [*SCENARIOS.glob("*.json"), *(TESTS / "broken").glob("*.txt")]
    files += [file for file in (TESTS / "contracts").rglob("*") if file.suffix in (".txt", ".json")]
    texts |= {f"{file}": file.read_text(encoding="utf-8") for file in files}
    found = {name: match[0] for name, text in texts.items() if (match := OLD.search(text))}
    assert found == {}

"""Every block of the README runs, and shows what the program really prints.

`console` blocks are run line by line as they stand; `pytest --update` writes what they print now.
The two set-up lines are run by .ci/run in a fresh clone: here they would call themselves.
"""

import doctest
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from shipped import ROOT

from dealcalc.book.site_files import load_site
from dealcalc.figures.subject import load
from dealcalc.figures.warnings import warnings

README = ROOT / "README.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(language):
    text = README.read_text(encoding="utf-8")
    return [match[2] for match in BLOCK.finditer(text) if match[1] == language]


def printed(command):
    """What a command line prints on a pipe, standard error too."""
    environment = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONUTF8": "1",
        "HOME": os.environ.get("HOME", ""),
    }
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        timeout=60,
    )
    return done.stdout.decode()


def rerun(block):
    """A console block as it would stand with what its commands print now."""
    commands = re.findall(r"^\$ (.*(?:\n> .*)*)", block, re.MULTILINE)
    return "".join(
        f"$ {command}\n{printed(command.replace(chr(10) + '> ', chr(10)))}" for command in commands
    )


@pytest.mark.parametrize("block", blocks("console"), ids=lambda block: block.split("\n")[0][2:60])
def test_console_blocks_show_what_is_printed(block, request):
    now = rerun(block)
    if request.config.getoption("--update"):
        README.write_text(README.read_text(encoding="utf-8").replace(block, now), encoding="utf-8")
    else:
        assert now == block


def test_python_blocks_show_what_is_printed(monkeypatch):
    """They are one session, which begins in the repository."""
    monkeypatch.chdir(ROOT)
    session = doctest.DocTestParser().get_doctest("\n".join(blocks("pycon")), {}, "README", None, 0)
    said = []
    result = doctest.DocTestRunner(verbose=False).run(session, out=said.append)
    assert result.attempted
    assert not result.failed, "".join(said)


@pytest.mark.parametrize("block", [block for block in blocks("yaml") if block.startswith("deal:")])
def test_scenarios_in_the_readme_are_valid(block, tmp_path):
    file = tmp_path / "deal.yaml"
    file.write_text(block, encoding="utf-8")
    assert warnings(load(str(file))) == ()


@pytest.mark.parametrize(
    "block", [block for block in blocks("yaml") if block.startswith("provider:")]
)
def test_sites_in_the_readme_are_valid(block, tmp_path):
    for shipped in (ROOT / "scenarios").glob("*.yaml"):
        shutil.copy(shipped, tmp_path)
    file = tmp_path / "site.yaml"
    file.write_text(block, encoding="utf-8")
    assert load_site(str(file)).contracts


def test_the_workflow_passes_here():
    (workflow,) = (block for block in blocks("yaml") if "jobs:" in block)
    (command,) = re.findall("- run: (dealcalc .*)", workflow)
    assert printed(f"GITHUB_ACTIONS=true {command} > /dev/null && echo passed") == "passed\n"


def test_the_hook_is_one_of_ours():
    (hooks,) = (block for block in blocks("yaml") if "hooks:" in block)
    named = re.findall("- id: (.*)", hooks)
    assert named == re.findall("- id: (.*)", (ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))


def test_the_picture_shows_what_is_printed(pinned):
    readme = README.read_text(encoding="utf-8")
    picture, command = re.search(
        r"^!\[.*\]\((.*\.svg)\)\n\nThat is `(dealcalc [^`]*)`\.", readme, re.M
    ).groups()
    pinned(ROOT / picture, printed(f"{command} -f svg"))


def test_no_block_of_commands_is_left_out():
    """Only the set-up lines are not run here."""
    assert len(blocks("sh")) == len(blocks("bash")) == 1


def test_the_quick_start_has_two_lines():
    start = README.read_text(encoding="utf-8").partition("## Quick start")[2]
    lines = BLOCK.search(start)[2].splitlines()
    assert len(lines) == 2
    assert "dealcalc schedule scenarios/anthropic-xai-colossus-1.yaml" in lines[0]
    assert lines[1].endswith("pytest")


def test_every_command_stands_in_the_readme():
    from dealcalc.cli.commands import COMMANDS

    text = README.read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"dealcalc {name}" not in text] == []

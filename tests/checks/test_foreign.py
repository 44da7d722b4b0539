"""YAML that is none of ours: skipped where it is found, refused where it is named."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from shipped import TESTS

from dealcalc import cli
from dealcalc.checks.foreign import is_foreign
from dealcalc.cli.new import STARTER

FOREIGN = {
    "mkdocs": "site_name: Northgate\nnav: [index.md]\ntheme: {name: material}\n",
    "compose": "services:\n  web: &web {image: nginx}\n  api: *web\nvolumes: {}\n",
    "workflow": "name: deals\non: [push]\njobs:\n  check: {runs-on: ubuntu-latest}\n",
    "hooks": "# hooks\nrepos:\n  - repo: local\n",
    "kubernetes": "apiVersion: v1\nkind: Pod\n---\napiVersion: v1\nkind: Service\n",
    "playbook": "- hosts: all\n  deal: below\n",
    "a tag": "!include other.yaml\n",
    "quoted": '"name": x\n"on": y\n',
    "a key of ours below": "site_name: x\nextra:\n  deal: x\n",
}
OURS = {
    "a mistake": "dael: Northgate\n",
    "a key in another case": "Deal: Northgate\n",
    "one key of ours": "site_name: x\nsellr: Example Halls\n",
    "a site": "providr: xAI\nsites: {}\n",
    "no deal at all": "seller: Example Halls\nbuyer: Example Lab\n",
    "quoted": "'deal' : x\n",
    "in brackets": "{deal: x}\n",
    "broken": "deal: x\n  seller: y\n z: [\n",
    "empty": "",
    "nothing but comments": "# to be written\n\n---\n",
}


@pytest.mark.parametrize("text", FOREIGN.values(), ids=FOREIGN)
def test_it_is_foreign(text: str, tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_text(text, encoding="utf-8")
    assert is_foreign(str(file))


@pytest.mark.parametrize("text", OURS.values(), ids=OURS)
def test_it_is_ours_or_a_mistake(text: str, tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_text(text, encoding="utf-8")
    assert not is_foreign(str(file))


def test_what_cannot_be_read_is_not_skipped(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_bytes(b"\xff\xfe")
    assert not is_foreign(str(tmp_path / "x.yaml"))
    assert not is_foreign(str(tmp_path / "gone.yaml"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A deal, its schema, and what else lies about in a repository."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    (tmp_path / "deals" / "drafts").mkdir(parents=True)
    (tmp_path / "deals" / "northgate.yaml").write_bytes(STARTER.read_bytes())
    assert cli.run(["schema", "-o", "deals/scenario.schema.json"]) == 0
    (tmp_path / "deals" / "README.md").write_text("# Our deals\n", encoding="utf-8")
    (tmp_path / "mkdocs.yml").write_text(FOREIGN["mkdocs"], encoding="utf-8")
    (tmp_path / "compose.yaml").write_text(FOREIGN["compose"], encoding="utf-8")
    return tmp_path


@pytest.mark.usefixtures("folder")
def test_below_a_folder_it_is_skipped_and_counted(capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["check", "."]) == 0
    assert capfd.readouterr().out.startswith("1 file, 2 claims: all true")
    assert cli.run(["check", "."]) == 0
    assert ", 2 other YAML files skipped\n" in capfd.readouterr().out
    assert cli.run(["check", ".", "-f", "json"]) == 0
    answer = json.loads(capfd.readouterr().out)
    assert (answer["files"], answer["skipped"], answer["problems"]) == (1, 2, [])


@pytest.mark.usefixtures("folder")
def test_a_file_that_is_named_must_be_a_scenario(capfd: pytest.CaptureFixture[str]) -> None:
    for words in (["mkdocs.yml"], ["./mkdocs.yml", "."]):
        assert cli.run(["check", *words]) == 2
        assert "[not-a-scenario]\n --> mkdocs.yml\n" in capfd.readouterr().out


def test_a_mistake_is_none_of_others(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (folder / "deals" / "typo.yaml").write_text(OURS["a mistake"], encoding="utf-8")
    assert cli.run(["check", "deals"]) == 2
    assert "[not-a-scenario]" in capfd.readouterr().out


@pytest.mark.parametrize("pattern", ["drafts", "deals/drafts", "new*", "*.yml", "deals/dr*/*"])
def test_patterns_leave_out_what_is_found(
    folder: Path, capfd: pytest.CaptureFixture[str], pattern: str
) -> None:
    (folder / "deals" / "drafts" / "new.yml").write_text("deal: not yet\n", encoding="utf-8")
    assert cli.run(["check", "deals"]) == 2
    assert cli.run(["check", "deals", "--exclude", "x", "--exclude", pattern]) == 0
    assert cli.run(["check", "deals/drafts/new.yml", "--exclude", pattern]) == 2
    capfd.readouterr()


@pytest.mark.usefixtures("folder")
def test_a_folder_of_nothing_but_others_has_nothing_to_check(
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert cli.run(["check", ".", "--exclude", "deals"]) == 2
    err = capfd.readouterr().err
    assert "there are no files to check" in err
    assert "of the YAML files there (2), none has a key of a scenario" in err


def test_the_hook_names_yaml_files_alone(folder: Path) -> None:
    """A project narrows it by `files`, which takes the place of ours: so ours is `types`."""
    hook = (TESTS.parent / ".pre-commit-hooks.yaml").read_text("utf-8")
    keys = re.findall(r"^[ -] (\w+):", hook, re.MULTILINE)
    assert "types" in keys
    assert "files" not in keys
    assert "types: [yaml]" in hook
    beside = [path for path in (folder / "deals").iterdir() if path.suffix in (".yaml", ".yml")]
    assert cli.run(["check", *map(str, beside)]) == 0

"""YAML of strangers: what of it is read, what is refused, and that no file is obeyed."""

from __future__ import annotations

import errno
import os
import socket
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from reading import BARE, CHARGE, MODEL, Write, posix, refused, with_lines

from dealcalc.figures.subject import load
from dealcalc.loading.problems import Refused, report

# --- what YAML can do and a scenario cannot ------------------------------------------------------

UNSUPPORTED = {
    "an anchor": (
        "seller: &a xAI",
        ["2 `&a xAI` unsupported-yaml: YAML anchors are not supported"],
    ),
    "an alias": ("seller: *a", ["2 `*a` unsupported-yaml: YAML aliases are not supported"]),
    "a tag": ("seller: !!str xAI", ["2 `!!str xAI` unsupported-yaml: YAML tags are not supported"]),
    "a tag of Python": (
        "seller: !!python/object/apply:os.system ['true']",
        ["2 `!!python/object/apply:os.system [` unsupported-yaml: YAML tags are not supported"],
    ),
    "a merge key": (
        "<<: {seller: xAI}\nseller: xAI",
        ["2 `<<` unsupported-yaml: YAML merge keys are not supported"],
    ),
    "a key that is a list": (
        "? [seller]\n: xAI\nseller: xAI",
        ["2 `[` shape: a key is a single word"],
    ),
    "an alias for a key": (
        "*a : xAI\nseller: xAI",
        ["2 `*a` unsupported-yaml: YAML aliases are not supported"],
    ),
    "a key twice": (
        "seller: xAI\nseller: xBI",
        ["3 `seller` duplicate-key: duplicate key `seller`"],
    ),
    "a control character in an escape": (
        'seller: "x\\x07AI"',
        ['2 `"x\\x07AI"` text: a text cannot contain control characters; this one has U+0007'],
    ),
    "a mapping in a line": (
        "seller: x: y",
        ["2 `:` yaml: invalid YAML: mapping values are not allowed in this context"],
    ),
    "a tab": (
        "seller: xAI\n\tbuyer: y",
        ["3 `\t` yaml: invalid YAML: found a tab character that violates indentation"],
    ),
    "a character that begins nothing": (
        "seller: @xAI",
        ["2 `@` yaml: invalid YAML: found character that cannot start any token"],
    ),
    "a quote that is not closed": (
        "seller: 'xAI",
        ["2 `'` yaml: invalid YAML: found unexpected end of stream"],
    ),
    "a bracket that is not closed": (
        "seller: [xAI",
        ["2 `[` yaml: invalid YAML: did not find expected ',' or ']'"],
    ),
    "a crooked indentation": (
        "seller: xAI\n terms: y",
        ["3 `:` yaml: invalid YAML: mapping values are not allowed in this context"],
    ),
    "an escape that is none": (
        'seller: "\\q"',
        ["2 `\\` yaml: invalid YAML: found unknown escape character"],
    ),
}


PARSERS = {"C": "CSafeLoader", "Python": "SafeLoader"}
"""Where there is no wheel of PyYAML, the second reads: what it says must be the same."""


@pytest.fixture(params=[parser for parser in PARSERS if hasattr(yaml, PARSERS[parser])])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml, "CSafeLoader", getattr(yaml, PARSERS[request.param]), raising=False)


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize("what", UNSUPPORTED)
def test_what_yaml_can_do(what: str, file: Write) -> None:
    line, said = UNSUPPORTED[what]
    assert refused(file(with_lines(MODEL, seller=line))) == said


def test_a_second_document(file: Write) -> None:
    assert refused(file(f"{MODEL}---\n{MODEL}")) == [
        "21 `---` unsupported-yaml: a second document begins here"
    ]


def test_problems_of_yaml_come_with_the_others(file: Write) -> None:
    text = with_lines(MODEL, seller="seller: &a xAI\nseller: x", currency="currency: Euro")
    assert refused(file(text)) == [
        "2 `&a xAI` unsupported-yaml: YAML anchors are not supported",
        "3 `seller` duplicate-key: duplicate key `seller`",
        "5 `Euro` currency: unknown currency `Euro`",
    ]


def test_what_was_found_before_the_yaml_broke_is_said_too(file: Write) -> None:
    text = with_lines(MODEL, seller="seller: &a xAI", currency="currency: 'Euro")
    assert refused(file(text)) == [
        "2 `&a xAI` unsupported-yaml: YAML anchors are not supported",
        "4 `'` yaml: invalid YAML: found unexpected end of stream",
    ]


# --- files of strangers --------------------------------------------------------------------------

SECRET = "hunter2"
LEAKS = {
    "a table of users": f"root:x:0:0:{SECRET}:/root:/bin/bash\ndaemon:x:1:1:{SECRET}:/:/sbin\n",
    "a key": f"-----BEGIN KEY-----\n{SECRET}\n-----END KEY-----\n",
    "another mapping": f"user: x\npassword: {SECRET}\n{SECRET}: 1\n",
    "a mapping twice": f"{SECRET}: 1\n{SECRET}: 2\n",
    "a mapping twice that breaks": f"{SECRET}: 1\n{SECRET}: 2\nx: '{SECRET}",
    "a mapping with tags": f"{SECRET}: !!str {SECRET}\n",
    "a broken mapping": f"password: {SECRET}: x\n",
    "a long text": f"{SECRET} " * 400,
    "a deep text": f"{SECRET}: " + "[" * 20,
    "a list": f"- {SECRET}\n- deal: {SECRET}\n",
    "a mapping that names a deal below": f"x: {{deal: {SECRET}, {SECRET}: '{SECRET}'}}\n",
    "text that only looks like one": f"deal:{SECRET}\nprovider:{SECRET}\n",
    "a settings file": f"[provider]\ndeal = {SECRET}\n",
}


@pytest.mark.parametrize("what", LEAKS)
def test_nothing_is_quoted_from_what_is_no_scenario(what: str, file: Write) -> None:
    with pytest.raises(Refused) as caught:
        load(file(LEAKS[what]))
    assert SECRET not in report(caught.value.problems)
    assert SECRET not in repr(caught.value.problems)


@posix
def test_a_link_to_a_file_of_passwords_tells_nothing(tmp_path: Path) -> None:
    link = tmp_path / "deal.yaml"
    link.symlink_to("/etc/passwd")
    with pytest.raises(Refused) as caught:
        load(str(link))
    said = report(caught.value.problems).replace(str(link), "")
    for word in Path("/etc/passwd").read_text("utf-8").replace(":", " ").split():
        assert len(word) < 4 or word not in said


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "this is not a scenario: there is no `deal` at its top level"),
        (b"# deal: x\n", "this is not a scenario: there is no `deal` at its top level"),
        (b"- deal: x\n", "this is not a scenario: there is no `deal` at its top level"),
        (b"deal\n", "this is not a scenario: there is no `deal` at its top level"),
        (b"provider: x\nsites: {}\n", "this is a site file, not a deal"),
        (b"deal: x\n\xff", "line 2 is not UTF-8 text"),
        ("deal: x".encode("utf-16"), "line 1 is not UTF-8 text"),
        ("deal: x".encode("utf-16-le"), "line 1 contains a control character, U+0000"),
        (b"deal: x\n\nseller: \x00", "line 3 contains a control character, U+0000"),
        (b"deal: x\rseller: y", "line 1 contains a control character, U+000D"),
        (b"deal: \x1b[31m", "line 1 contains a control character, U+001B"),
        ("deal: x\n\x85".encode(), "line 2 contains a control character, U+0085"),
        ("deal: \u2028x".encode(), "line 1 contains a control character, U+2028"),
        ("\ufeff\ufeffdeal: x".encode(), "line 1 contains a control character, U+FEFF"),
        (b"#" * ((1 << 20) + 1), "the file is larger than 1 MiB"),
    ],
)
def test_files_that_are_not_read(content: bytes, message: str, file: Write) -> None:
    with pytest.raises(Refused) as caught:
        load(file(content))
    (problem,) = caught.value.problems
    assert problem.message == message
    assert problem.help


def test_a_file_of_a_mebibyte_is_read(model: str, file: Write) -> None:
    text = model.encode()
    assert load(file(text + b"#" * ((1 << 20) - len(text)))).deal.buyer == "Anthropic"


def why_not(name: str) -> str:
    """Why a file is not read, whatever is in it."""
    with pytest.raises(Refused) as caught:
        load(name)
    (problem,) = caught.value.problems
    assert (problem.code, problem.file) == ("unreadable", name)
    return problem.message


def test_names_that_are_no_file(tmp_path: Path) -> None:
    missing = "cannot be opened: no such file or directory"
    assert why_not(str(tmp_path / "missing.yaml")) == missing
    assert why_not("") == missing
    assert why_not("a\x00b") == "cannot be opened: this is not a file name"


@posix
def test_names_that_are_no_regular_file(tmp_path: Path) -> None:
    fifo, plug = tmp_path / "fifo", tmp_path / "plug"
    os.mkfifo(fifo)
    assert why_not(str(fifo)) == "this is not a regular file"  # and nobody waits for a writer
    assert why_not("/dev/null") == "this is not a regular file"
    assert why_not("/dev/zero") == "this is not a regular file"
    assert why_not(str(tmp_path)) == "cannot be opened: is a directory"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(plug))
        assert why_not(str(plug)).startswith("cannot be opened: ")


@posix
@pytest.mark.skipif(os.name == "posix" and os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(model: str, file: Write) -> None:
    name = file(model)
    Path(name).chmod(0)
    assert why_not(name) == "cannot be opened: permission denied"


def test_standard_input_that_is_closed_or_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(Refused, match="this is not a scenario"):
        load("-")

    def read(_: int) -> bytes:
        raise OSError(errno.EIO, "Input/output error")

    broken = SimpleNamespace(buffer=SimpleNamespace(read=read))
    monkeypatch.setattr(sys, "stdin", broken)
    assert why_not("-") == "cannot be opened: input/output error"


@posix
def test_a_pipe_that_does_not_wait_is_never_read_as_half_a_deal(
    model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, rest = model[: model.index("termination")], model[model.index("termination") :]
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    with os.fdopen(reading, "rb") as stdin, os.fdopen(writing, "wb") as pipe:
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=stdin))
        assert why_not("-") == "cannot be opened: nothing can be read from it yet"
        pipe.write(start.encode())  # what has come so far is a deal of its own
        pipe.flush()
        assert why_not("-") == "cannot be opened: nothing can be read from it yet"
        pipe.write(start.encode() + rest.encode())
        pipe.close()
        assert load("-").deal.termination


def test_a_file_that_comes_in_pieces_is_read_whole(
    model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pieces = iter([model[:100].encode(), model[100:].encode(), b""])
    stdin = SimpleNamespace(buffer=SimpleNamespace(read=lambda _: next(pieces)))
    monkeypatch.setattr(sys, "stdin", stdin)
    assert load("-").deal.termination


def test_standard_input_without_an_end_is_not_read_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    endless = SimpleNamespace(buffer=SimpleNamespace(read=lambda size: b"#" * size))
    monkeypatch.setattr(sys, "stdin", endless)
    with pytest.raises(Refused, match="larger than 1 MiB"):
        load("-")


DEEP = "deal: x\nclaims: "
HOSTILE: dict[str, tuple[str, str]] = {
    # what: the file, what is said of it
    "deep lists": (DEEP + "[" * 500_000, "2 `[` limit: this is nested more than 16 levels deep"),
    "deep mappings": (
        DEEP + "{a: " * 100_000,
        "2 `a` limit: this is nested more than 16 levels deep",
    ),
    "deep blocks": (
        "deal: x\n" + "- " * 30_000,
        "2 `-` yaml: invalid YAML: did not find expected key",
    ),
    "many values": (
        DEEP + "[" + "1," * 20_000 + "]",
        "2 `1` limit: the file has more than 20,000 values",
    ),
    "a long text": (
        f"deal: {'x' * 2_001}",
        f"1 `{'x' * 2_001}` limit: this text has more than 2,000 characters",
    ),
    "a long key": (
        f"deal: x\n? {'x' * 500_000}\n: 1",
        f"2 `{'x' * 500_000}` limit: this text has more than 2,000 characters",
    ),
    "many keys twice": (
        "deal: x\n" + "deal: y\n" * 9_000,
        "102 `deal` limit: there are more than 100 problems; the rest is not read",
    ),
    "many anchors": (
        "deal: x\n" + "".join(f"k{n}: &a{n} x\n" for n in range(5_000)),
        "102 `&a100 x` limit: there are more than 100 problems; the rest is not read",
    ),
    "many unknown keys": (
        BARE + CHARGE % "5 per day" + "".join(f"key{n}: x\n" for n in range(9_000)),
        "107 `key100` limit: there are more than 100 problems; the rest is not read",
    ),
    "many doubtful paths": (
        BARE
        + CHARGE % "5 per day"
        + "sources:\n"
        + "".join(f"  charges.hall{n}.price: x\n" for n in range(9_000)),
        "108 `charges.hall100.price` limit: there are more than 100 problems; the rest is not read",
    ),
    "many names alike": (
        BARE
        + "charges:\n"
        + "".join(f"  {n:079}x: {{price: 5 per MWh, capacity: {n:079}y}}\n" for n in range(200)),
        "107 `{}y` limit: there are more than 100 problems; the rest is not read".format(
            f"{100:079}"
        ),
    ),
}


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_files_end_soon(what: str, file: Write) -> None:
    text, said = HOSTILE[what]
    assert said in refused(file(text))


def test_merge_keys_are_never_followed(file: Write) -> None:
    # Lists of lists of lists: a loader that follows them has 9 to the 40 entries.
    lists = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 41))
    with pytest.raises(Refused) as caught:
        load(file(f"deal: x\na0: &a0 [1]\n{lists}b: {{<<: *a40}}\n"))
    assert {problem.code for problem in caught.value.problems} == {"unsupported-yaml", "limit"}


def test_the_parser_written_in_python_will_do(model: str, file: Write, monkeypatch: Any) -> None:
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    assert load(file(model)).deal.buyer == "Anthropic"
    assert refused(file(with_lines(model, seller="seller: &a 'xAI"))) == [
        "2 `'` yaml: invalid YAML: found unexpected end of stream"
    ]
    assert refused(file(with_lines(model, seller='seller: "\\Uffffffff"'))) == [
        "1 `d` yaml: invalid YAML: it cannot be read"
    ]

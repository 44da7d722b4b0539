"""What Tab offers: words of the program, files, and what stands in the file that is named."""

import os
import re
import select
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shipped import SCENARIOS, TESTS

from dealcalc import cli
from dealcalc.cli.commands import COMMANDS, command_named
from dealcalc.cli.completion import OFFERS, offers
from dealcalc.cli.shells import SCRIPTS, Typed
from dealcalc.figures.claims import statement
from dealcalc.loading.problems import Refused

BREAKS = " \t\n\"'><=;|&(:"
"""What breaks words in bash, unless somebody has set it otherwise."""

HOSTILE = 'it\'s "two" $(touch run) `touch run` \\$(touch run) *; touch run & # ~ !x'
DEAL = f"""\
deal: Northgate
seller: Example Halls
buyer: Example Lab
currency: USD
term: {{start: 2026-01, months: 24}}
charges:
  rack: {{price: 100 per month, capacity: 3 MW, ramp: [{{months: 2, discount: 50%}}]}}
  setup fee: {{price: 5 once, on: 2026-02-01}}
termination: {{by: either, notice: 90 days}}
claims:
  - total > 2000
cases:
  leaves: {{notice: 2026-06-01, by: buyer, source: a guess}}
  two words: {{set: {{charges.rack.price: 90 per month}}}}
  {HOSTILE!r}: {{set: {{charges.rack.price: 80 per month}}}}
""".replace("  - total > 2000", '  - {claim: "total > 2000"}').replace(
    repr(HOSTILE), '"' + HOSTILE.replace("\\", "\\\\").replace('"', '\\"') + '"'
)
SITE = "provider: Halls\ncurrency: USD\nsites: {A: {capacity: 9 MW, sold: [deal.yaml]}}\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with a deal and a site, which is the current one and holds nothing else."""
    place = tmp_path / "work"
    place.mkdir()
    monkeypatch.chdir(place)
    Path("deal.yaml").write_text(DEAL, encoding="utf-8")
    Path("site.yaml").write_text(SITE, encoding="utf-8")
    return place


def offered(line):
    """The words that are offered at the end of a line, as a POSIX shell reads it."""
    *before, word = shlex.split(line + "''")[1:]
    try:
        return [offer for offer, _ in offers(before, word)]
    except Refused:
        return []


# --- what is offered ------------------------------------------------------------------------------


def test_commands_and_what_they_answer():
    assert offers([], "") == list(COMMANDS.items())
    assert offered("dealcalc s") == ["schedule", "sweep", "solve", "schema"]
    assert offered("dealcalc nope ") == []


def test_options_of_the_program_and_of_each_command():
    assert offered("dealcalc --i") == ["--install-completion"]
    assert offered("dealcalc --install-completion ") == ["bash", "zsh", "fish"]
    for name in COMMANDS:
        named = [one.flags[0] for one in command_named(name).options if one.flags]
        assert offered(f"dealcalc {name} -") == named


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("dealcalc schedule ", ["deal.yaml", "site.yaml"]),
        ("dealcalc value deal.yaml ", []),  # one file is all it takes
        ("dealcalc schedule deal.yaml -f ", ["table", "csv", "json", "md", "html", "svg", "xlsx"]),
        ("dealcalc schedule deal.yaml --format=c", ["--format=csv"]),
        ("dealcalc schedule deal.yaml --period q", ["quarter"]),
        ("dealcalc schedule --case x deal.yaml --unit ", ["auto", "1", "k", "m", "bn"]),
        ("dealcalc schedule deal.yaml --case l", ["leaves"]),
        ("dealcalc schedule deal.yaml --case=t", ["--case=two words"]),
        ("dealcalc schedule --case ", []),  # of which file?
        ("dealcalc compare deal.yaml:l", ["deal.yaml:leaves"]),
        ("dealcalc compare deal.yaml si", ["site.yaml"]),
        ("dealcalc schedule deal.yaml --set ter", ["term.", "termination."]),
        (
            "dealcalc schedule deal.yaml --set charges.",
            ["charges.rack.", "charges.setup fee.", "charges.*."],
        ),
        ("dealcalc sweep deal.yaml --vary charges.*.pri", ["charges.*.price="]),
        ("dealcalc schedule deal.yaml --set charges.rack.pre", ["charges.rack.prepayment."]),
        ("dealcalc schedule deal.yaml --set charges.rack.ramp.0", ["charges.rack.ramp.0."]),
        ("dealcalc schedule deal.yaml --set charges.rack.ramp.1", ["charges.rack.ramp.1."]),
        ("dealcalc sweep deal.yaml --vary charges.rack.ramp.1.p", ["charges.rack.ramp.1.price="]),
        ("dealcalc schedule deal.yaml --set termination.f", ["termination.fee="]),
        ("dealcalc schedule deal.yaml --set billing.in=arr", ["billing.in=arrears"]),
        ("dealcalc schedule deal.yaml --set=billing.in=ad", ["--set=billing.in=advance"]),
        ("dealcalc schedule deal.yaml --set charges.nope.", []),
        ("dealcalc schedule deal.yaml --set cases", []),  # which no setting may change
        ("dealcalc schedule deal.yaml --set charges.rack.price=", []),
        ("dealcalc sweep deal.yaml --vary no", ["notice="]),
        ("dealcalc sweep deal.yaml --vary charges.rack.pri", ["charges.rack.price="]),
        ("dealcalc solve deal.yaml --vary charges.rack.pri", ["charges.rack.price"]),
        ("dealcalc solve deal.yaml 'total '", ["total > 2000"]),
        ("dealcalc sweep deal.yaml --measure to", ["total"]),
        (
            "dealcalc sweep deal.yaml --measure 'fi'",
            [
                *("fiscal year 2027", "fiscal quarter 2027-Q1"),
                *("firm on 2026-12-31", "firm at signing"),
                *("firm share on 2026-12-31", "firm share at signing"),
                *("first exit on 2026-12-31", "first exit at signing"),
                *("firm remaining term on 2026-12-31", "firm remaining term at signing"),
            ],
        ),
        ("dealcalc backlog deal.yaml --by ", ["buyer", "seller", "Example Lab", "Example Halls"]),
        ("dealcalc explain deal.yaml ", ["total", "firm", "forgone", "rack", "setup fee"]),
        ("dealcalc check --explain fa", ["false-claim"]),
        ("dealcalc check deal.yaml s", ["site.yaml"]),
        ("dealcalc capacity site.yaml --case deal:l", ["deal:leaves"]),
        ("dealcalc schedule site.yaml --case deal:l", ["deal:leaves"]),
        ("dealcalc capacity site.yaml --notice ", ["deal:"]),
        ("dealcalc terminate deal.yaml --notice ", []),
        ("dealcalc capacity site.yaml --set si", ["sites."]),
        ("dealcalc capacity site.yaml --set d", ["deal:"]),
        ("dealcalc capacity site.yaml --set sites.A.own_u", ["sites.A.own_use."]),
        ("dealcalc capacity site.yaml --set deal:charges.rack.l", ["deal:charges.rack.load="]),
    ],
)  # fmt: skip
def test_what_may_stand_at_the_cursor(line, words):
    assert offered(line) == words


@pytest.mark.usefixtures("folder")
def test_every_offer_of_a_path_is_one_that_set_takes():
    """Whatever is reached by the parts that are offered is a path of the format."""
    from dealcalc.figures.subject import load

    there, seen = load("deal.yaml"), []
    waiting = ["charges.rack.", "term.", "conventions.", "billing."]
    while waiting:
        for word in offered(f"dealcalc schedule deal.yaml --set {waiting.pop()}"):
            if word.endswith("."):
                waiting.append(word)
            else:
                seen.append(word.removesuffix("="))
    assert {"charges.rack.prepayment.credited.from_month", "conventions.proration"} <= {*seen}
    assert all(there.word(path) for path in seen if path != "charges.rack.capacity")


@pytest.mark.usefixtures("folder")
def test_offers_say_what_they_mean():
    assert offers(["schedule", "deal.yaml", "--case"], "le") == [("leaves", "a guess")]
    path = offers(["schedule", "deal.yaml", "--set"], "charges.rack.pri")
    assert path == [("charges.rack.price=", "100 per month")]
    (added,) = offers(["schedule", "deal.yaml", "--set"], "charges.rack.lo")
    assert added == ("charges.rack.load=", "share of the hours that is paid for")


def test_files_are_scenarios_and_folders_and_hidden_ones_only_if_asked(folder):
    for name in ("notes.txt", ".secret.yaml", "b.yml"):
        Path(name).touch()
    Path("a b").mkdir()
    Path("a b/x.yaml").touch()
    assert offered("dealcalc schedule ") == ["a b/", "b.yml", "deal.yaml", "site.yaml"]
    assert offered("dealcalc schedule 'a b/'") == ["a b/x.yaml"]
    assert offered("dealcalc schedule .") == [".secret.yaml"]
    assert offered("dealcalc schedule ./b") == ["./b.yml"]
    assert offered("dealcalc schedule deal.yaml -o n") == ["notes.txt"]
    assert offered(f"dealcalc schedule {folder}/d") == [f"{folder}/deal.yaml"]


def test_home_is_looked_into_and_stays_as_it_is_written(folder, monkeypatch):
    monkeypatch.setenv("HOME", str(folder))
    assert offered("dealcalc schedule ~/d") == ["~/deal.yaml"]
    assert offered("dealcalc schedule ~/deal.yaml --case l") == ["leaves"]


def test_claims_and_figures_that_are_offered_can_be_read():
    from dealcalc.figures.figures import measure

    for figure in offered("dealcalc sweep x --measure "):
        assert measure(figure)
    model = SCENARIOS / "anthropic-xai-colossus-1.yaml"
    claims = [one for one in offered(f"dealcalc solve {model} ") if re.search("[<>=~]", one)]
    assert claims
    assert all(map(statement, claims))


UNKNOWN = {"DATE", "MM", "N", "MONTHS", "PERCENT", "CHANCE", "PATTERN"}
"""What is written behind options whose value nobody could offer."""


@pytest.mark.parametrize("name", COMMANDS)
def test_every_value_that_can_be_known_is_offered(name):
    for option in command_named(name).options:
        known = option.is_flag or option.choices or option.metavar in UNKNOWN
        assert known or option.name in OFFERS, option.name


# --- files that nobody should read ----------------------------------------------------------------


@pytest.mark.usefixtures("folder")
def test_a_name_that_cannot_be_shown_is_not_offered():
    hidden = '"hidden\\u202E": {}, "bell\\a": {}, "two\\nlines": {}, "\\e[31mred": {}'
    Path("odd.yaml").write_text(f"deal: x\ncases: {{shown: {{}}, {hidden}}}\n", encoding="utf-8")
    assert offered("dealcalc schedule odd.yaml --case ") == ["shown"]
    assert offered("dealcalc schedule deal.yaml --case ") == ["leaves", "two words", HOSTILE]


def printed(*words, shell="zsh", **options):
    """What dealcalc prints for the script of a shell, as its own process."""
    environment = {**os.environ, "_DEALCALC_COMPLETE": shell, "PYTHONPATH": str(TESTS.parent)}
    command = [sys.executable, "-m", "dealcalc", *words]
    done = subprocess.run(
        command, env=environment, capture_output=True, check=False, timeout=20, **options
    )
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout.decode()


def test_nothing_is_offered_where_something_is_wrong(folder):
    Path("broken.yaml").write_text("deal: [", encoding="utf-8")
    Path("other.yaml").write_text("cases: {secret: x}\n", encoding="utf-8")
    Path("large.yaml").write_text(DEAL + "#" * (1 << 20), encoding="utf-8")
    Path("list.yaml").write_text("deal: x\ncases: [a, b]\ncharges: 3\n", encoding="utf-8")
    Path("folder.yaml").mkdir()
    names = ["broken", "other", "large", "list", "folder", "no-such"]
    if hasattr(os, "mkfifo"):
        os.mkfifo("pipe.yaml")
        Path("zero.yaml").symlink_to("/dev/zero")
        names += ["pipe", "zero"]
    for name in names:
        assert printed("schedule", f"{name}.yaml", "--case", "") == "", name
        for option in ("--set charges.", "--by charges"):
            assert offered(f"dealcalc schedule {name}.yaml {option}") == [], (name, option)
    assert printed("schedule", "-", "--case", "", stdin=subprocess.DEVNULL) == ""
    assert "pipe.yaml" not in offered("dealcalc schedule ")
    assert printed("schedule", f"{folder}/no/such/") == ""


@pytest.mark.parametrize(
    "words", [[], [""], ["a", "b", "c"], ["--", "x"], ["\udcff"], ["--=", "="]]
)
@pytest.mark.parametrize("shell", ["bash", "1"])
def test_nothing_breaks_it(words, shell):
    assert "Traceback" not in printed(*words, shell=shell)


@pytest.mark.usefixtures("folder")
def test_a_file_that_is_half_written_still_has_its_cases():
    Path("half.yaml").write_text(
        "deal: x\ncases:\n  one: {}\n  two: {by: nobody}\nterm:\n", "utf-8"
    )
    assert offered("dealcalc schedule half.yaml --case ") == ["one", "two"]
    assert offered("dealcalc schedule half.yaml --set term.s") == ["term.start=", "term.signed="]


def test_neither_typer_nor_rich_nor_pendulum_are_waited_for():
    program_text = (
        "import sys; from dealcalc.cli.completion import offers;"
        "assert offers(['schedule', sys.argv[1], '--case'], '');"
        "print([name for name in ('typer', 'rich', 'pendulum') if name in sys.modules])"
    )
    model = str(SCENARIOS / "anthropic-xai-colossus-1.yaml")
    done = subprocess.run(
        [sys.executable, "-c", program_text, model], capture_output=True, check=True, timeout=60
    )
    assert done.stdout == b"[]\n"


# --- bash -----------------------------------------------------------------------------------------

TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"]) | st.just(" "), min_size=1
)


def quoted(text, quote):
    """A text as somebody may type it: bare, or behind a quote that is open yet."""
    if quote == "'":
        return "'" + text.replace("'", "'\\''")
    if quote == '"':
        return '"' + re.sub(r'(["\\$`])', r"\\\1", text)
    return re.sub(r"(\W)", r"\\\1", text, flags=re.ASCII)


@given(offer=TEXT, cut=st.integers(0, 20), quote=st.sampled_from(["", "'", '"']))
def test_what_bash_puts_in_is_read_back_as_the_offer(offer, cut, quote):
    typed = quoted(offer[:cut], quote)
    line = Typed.of(f"dealcalc schedule {typed}", BREAKS)
    assert (line.before, line.word, line.quote) == (["schedule"], offer[:cut], quote)
    whole = (quoted(offer[: line.kept], quote) if line.kept else quote) + line.rest(offer)
    if quote == '"':  # where shlex, unlike bash, reads \$ and \` as they stand
        whole = re.sub(r"\\([$`])", r"\1", whole)
    assert shlex.split(whole + quote, comments=False) == [offer]


@pytest.mark.parametrize(
    ("line", "word", "kept", "quote"),
    [
        ("dealcalc schedule ", "", 0, ""),
        ("dealcalc schedule de", "de", 0, ""),
        ("dealcalc schedule --set=a.b=c", "--set=a.b=c", len("--set=a.b="), ""),
        ("dealcalc schedule --set 'a=b", "a=b", 0, "'"),
        ("dealcalc schedule --set a='b c", "a=b c", len("a="), "'"),
        ("dealcalc schedule a\\ b", "a b", 0, ""),
        ("dealcalc schedule 'a b'c", "a bc", len("a b"), ""),
        ('dealcalc schedule "a\\"b\\c', 'a"b\\c', 0, '"'),
    ],
)
def test_what_bash_will_replace(line, word, kept, quote):
    assert Typed.of(line, BREAKS)[1:] == (word, kept, quote)


# --- real shells ----------------------------------------------------------------------------------


def typed_in(shell, lines, home, place):
    """The words of command lines given by keys, in a shell that starts as its user's would."""
    import pty

    child, terminal = pty.fork()
    if not child:
        os.chdir(place)
        environment = {
            "PATH": f"{home}/bin{os.pathsep}{os.environ['PATH']}",
            "TERM": "xterm",
            "LANG": "C.UTF-8",
            "HOME": home,
            "PYTHONPATH": str(TESTS.parent),
        }
        os.execvpe(shell, [shell, "-i"], environment)
    try:
        os.write(terminal, b"echo be''gun\r")
        until(terminal, rb"begun\r\n")
        for number, keys in enumerate(lines):
            # Ctrl-A and Ctrl-E: what was completed becomes the arguments of printf.
            end = f"\x01printf '<%s>' \x05; echo en''ded {number}\r"
            os.write(terminal, (keys + end).encode())
            yield until(terminal, rb"(<[^\r\n]*>)ended %d" % number)
    finally:
        os.close(terminal)
        os.waitpid(child, 0)


def until(terminal, pattern):
    """What a pattern matches in what a shell prints; nothing may take it twenty seconds."""
    read = b""
    while not (match := re.search(pattern, read)):
        assert select.select([terminal], [], [], 20)[0], read
        read += os.read(terminal, 1 << 16)
    return match[match.lastindex or 0].decode()


@pytest.fixture
def home(tmp_path, monkeypatch):
    """The home of somebody who has completion installed; dealcalc is on the path."""
    place = tmp_path / "home"
    (place / "bin").mkdir(parents=True)
    script = place / "bin" / "dealcalc"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m dealcalc "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    monkeypatch.setenv("HOME", str(place))
    for name in ("XDG_CONFIG_HOME", "ZDOTDIR"):
        monkeypatch.delenv(name, raising=False)
    for shell in SCRIPTS:
        assert cli.run(["--install-completion", shell]) == 0
    return str(place)


@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")  # pytest-xdist is
@pytest.mark.skipif(os.name != "posix", reason="shells and terminals as POSIX has them")
@pytest.mark.parametrize("shell", SCRIPTS)
def test_tab_in_a_real_shell(shell, home, folder):
    if not shutil.which(shell):
        pytest.skip(f"there is no {shell} here")
    lines = {
        "sched\tde\t--case l\t": ["schedule", "deal.yaml", "--case", "leaves"],
        "schedule deal.yaml --case it\t": ["schedule", "deal.yaml", "--case", HOSTILE],
        "schedule deal.yaml --case 'tw\t": ["schedule", "deal.yaml", "--case", "two words"],
        "schedule --set bi\t": ["schedule", "--set", "bi"],  # of which file?
        "value deal.yaml --set bi\tin=ad\t": ["value", "deal.yaml", "--set", "billing.in=advance"],
        "compare deal.yaml:l\t": ["compare", "deal.yaml:leaves"],
    }
    found = typed_in(shell, [f"dealcalc {keys}" for keys in lines], home, folder)
    for words, text in zip(lines.values(), found, strict=True):
        assert text == "".join(f"<{word}>" for word in ["dealcalc", *words])
    assert not Path("run").exists(), "a name in a file was carried out"


# --- installing -----------------------------------------------------------------------------------


def test_installing_twice_adds_one_line_and_keeps_the_rest(home, capfd):
    capfd.readouterr()
    bashrc = Path(home) / ".bashrc"
    line = f"source {home}/.config/dealcalc/completion.bash\n"
    assert bashrc.read_text(encoding="utf-8") == line
    bashrc.write_text("alias ll='ls -l'", encoding="utf-8")  # no end of line
    for _ in range(2):
        assert cli.run(["--install-completion", "bash"]) == 0
    assert bashrc.read_text(encoding="utf-8") == f"alias ll='ls -l'\n{line}"
    out, err = capfd.readouterr()
    assert out == ""
    assert err.count("wrote a line to") == 1
    assert "bash will complete dealcalc when it next starts" in err


def test_what_is_installed_is_what_is_shown(home, capfd):
    capfd.readouterr()
    places = [
        "dealcalc/completion.bash",
        "dealcalc/completion.zsh",
        "fish/completions/dealcalc.fish",
    ]
    for shell, place in zip(SCRIPTS, places, strict=True):
        assert cli.run([f"--show-completion={shell}"]) == 0
        out, err = capfd.readouterr()
        assert (Path(home) / ".config" / place).read_text(encoding="utf-8") == out
        assert err == ""


def test_a_home_that_cannot_be_written_is_said(tmp_path, monkeypatch, capfd):
    (tmp_path / ".config").touch()
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    assert cli.run(["--install-completion", "bash"]) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert "its folder cannot be created" in err
    (tmp_path / ".config").unlink()
    (tmp_path / ".bashrc").mkdir()
    assert cli.run(["--install-completion", "bash"]) == 2
    assert "cannot be opened: is a directory" in capfd.readouterr().err


def test_options_that_may_be_taken(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    hall = (
        "deal: d\nseller: s\nbuyer: b\ncurrency: USD\nterm: {start: 2026-01, years: 2}\n"
        "charges: {hall: {price: 1m per month, capacity: 3 MW}}\n"
        "options: {renewals: {years: 1}, rest: {years: 2}}\n"
    )
    Path("hall.yaml").write_text(hall, "utf-8")
    assert offered("dealcalc schedule hall.yaml --take r") == ["renewals", "rest"]
    site = "provider: s\ncurrency: USD\nsites: {A: {capacity: 9 MW, sold: [hall.yaml]}}\n"
    Path("site.yaml").write_text(site, "utf-8")
    assert offered("dealcalc capacity site.yaml --take hall:ren") == ["hall:renewals"]

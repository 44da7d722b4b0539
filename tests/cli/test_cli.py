"""What a stranger meets: words, exit statuses, screens, pipes and files of the command line."""

import json
import os
import signal
import stat
import subprocess
import sys
import threading
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from effort import some
from shipped import ROOT, SCENARIOS

from dealcalc import cli
from dealcalc.cli import run
from dealcalc.cli.commands import COMMANDS
from dealcalc.cli.options import ENDINGS

MODEL = str(SCENARIOS / "anthropic-xai-colossus-1.yaml")
MADE_UP = str(SCENARIOS / "made-up-every-term.yaml")
PROGRAM = [sys.executable, "-m", "dealcalc"]

SMALL = """\
deal: Northgate
seller: Example Halls
buyer: Example Lab
currency: USD
term: {start: 2026-01, months: 2}
charges:
  rack: {price: 100 per month}
"""

posix = pytest.mark.skipif(
    os.name != "posix", reason="pipes, terminals and devices as POSIX has them"
)


@pytest.fixture(autouse=True)
def plain(monkeypatch):
    """No colour, width or bug switch comes from the shell that runs the tests."""
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "DEALCALC_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")


@pytest.fixture
def deal(tmp_path, monkeypatch):
    """A small deal in a folder of its own, which is the current one."""
    monkeypatch.chdir(tmp_path)
    Path("deal.yaml").write_text(SMALL, encoding="utf-8")
    return "deal.yaml"


def said(capfd, *words):
    """Exit status, standard output and standard error of a command line."""
    status = run(words)
    out, err = capfd.readouterr()
    return status, out, err


def program(*words, **options):
    """The program as its own process, its output in bytes."""
    settings = {"capture_output": True, "timeout": 60, "check": False, **options}
    return subprocess.run([*PROGRAM, *words], **settings)


def environment(**changed):
    """This environment with some variables changed, or taken out where None."""
    changed = {"PYTHONPATH": str(ROOT), **changed}
    return {k: v for k, v in {**os.environ, **changed}.items() if v is not None}


# --- words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [[], ["--help"], ["-h"], ["help"], ["help", "--help"]])
def test_alone_and_with_help_it_shows_what_can_be_asked(capfd, words):
    status, out, err = said(capfd, *words)
    assert (status, err) == (0, "")
    assert "dealcalc COMMAND FILE" in out
    for name, answers in COMMANDS.items():
        assert f"{name} " in out
        assert answers[:40] in out


def test_the_version_is_that_of_the_package(capfd):
    from importlib.metadata import version

    for option in ("--version", "-V"):
        assert said(capfd, option) == (0, f"dealcalc {version('dealcalc')}\n", "")


def test_help_in_any_place_is_no_error(capfd):
    status, out, _ = said(capfd, "schedule", "no-such-file.yaml", "-h")
    assert status == 0
    assert "--set" in out


@pytest.mark.parametrize(
    ("words", "message", "help"),
    [
        (["shedule", "x"], "there is no command `shedule`", "did you mean `schedule`?"),
        (["xyzzy"], "there is no command `xyzzy`", "it is one of: schedule"),
        (
            ["deal.yaml"],
            "deal.yaml is not a command",
            "did you mean `dealcalc schedule deal.yaml`?",
        ),
        (["--"], "Missing command", "`dealcalc --help`"),
        (["--nope"], "there is no option `--nope`", "`dealcalc --help`"),
        (["--version=2"], "--version takes no value", "`dealcalc --help`"),
        (["schedule"], "FILE is missing", "write it like `dealcalc schedule deal.yaml`"),
        (["compare"], "FILE is missing", "write it like `dealcalc compare deal.yaml`"),
        (["value", "x"], "--rate is missing", "write it like `dealcalc value deal.yaml --rate 9%`"),
        ([""], "the command has no name", "it is one of: schedule"),
        (["help", "nope"], "there is no command `nope`", "it is one of: schedule"),
        (["help", "shedule"], "there is no command `shedule`", "did you mean `schedule`?"),
        (["--help", "shedule"], "there is no command `shedule`", "did you mean `schedule`?"),
        (["--", "shedule"], "there is no command `shedule`", "did you mean `schedule`?"),
        (["-f", "csv", "schedule", "x"], "there is no option `-f`", "stand behind its name"),
        (["--case", "x", "schedule", "y"], "no option `--case`", "stand behind its name"),
        (["--verbose", "schedule", "x"], "no option `--verbose`", "stand behind its name"),
        (["--version", "extra"], "unexpected argument: extra", "quotes"),
        (["ambiguity", "a.yaml", "b.yaml"], "unexpected argument: b.yaml", "`dealcalc compare`"),
        (["--install-completion"], "needs a value", "`--install-completion bash|zsh|fish`"),
        (["--install-completion", "bsh"], "invalid value `bsh`", "did you mean `bash`?"),
        (["--show-completion", "tcsh"], "invalid value `tcsh`", "it is one of: bash, zsh, fish"),
        (["schedule", "x", "-q"], "there is no option `-q`", "`dealcalc schedule --help`"),
        (["schedule", "x", "--period", "yeer"], "invalid value `yeer`", "did you mean `year`?"),
        (
            ["value", ".", "--rate", "9%"],
            "cannot be opened: is a directory",
            "name the files in it",
        ),
        (["schedule", "x", "--formt=csv"], "there is no option `--formt`", "`--format`?"),
        (["schedule", "x", "-z"], "there is no option `-z`", "`dealcalc schedule --help`"),
        (["schedule", "x", "-f", "cvs"], "invalid value `cvs`", "`csv`?"),
        (["schedule", "x", "-f", "pdf"], "invalid value `pdf`", "table, csv, json, md"),
        (["schedule", "x", "--color", "yes"], "invalid value `yes`", "auto, always, never"),
        (["schedule", "x", "--set"], "--set needs a value", "write it like `--set PATH=VALUE`"),
        (
            ["schedule", "x", "--set", "a=1", "per", "month"],
            "unexpected argument: per month",
            "quotes",
        ),
        (["schedule", "x", "--fiscal-year-end", "13"], "13 is not a whole number", "--help"),
        (
            ["schedule", "x", "--fiscal-year-end", "May"],
            "May is not a whole number from 1 to 12",
            "",
        ),
        (["schedule", "x", "--unit", "€"], "invalid value `€`", "it is one of: auto"),
    ],
)
def test_a_wrong_command_line_says_what_is_wrong_and_the_way_out(capfd, words, message, help):
    status, out, err = said(capfd, *words)
    assert (status, out) == (2, "")
    first, *_, last = err.splitlines()
    assert first.startswith("error: ")
    assert message in first
    assert last.startswith("  = help: ")
    assert help in last


def test_what_typer_says_of_other_values_is_shown_with_their_option():
    import typer

    from dealcalc.cli import usage

    error = typer.BadParameter("Odd.", param=SimpleNamespace(name="unit"))
    (problem,) = usage.wrong(error, "schedule").problems
    assert (problem.message, problem.file) == ("Odd", "--unit")
    assert problem.help == "`dealcalc schedule --help` lists what there is"


def test_a_wrong_value_names_its_option(capfd):
    assert said(capfd, "schedule", "x", "-f", "cvs")[2].splitlines()[1] == " --> --format"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["no-such.yaml"], "cannot be opened: no such file or directory"),
        (["a\0b"], r"--> a\x00b"),
        (["deal.yaml", "--case", "nobody"], "there is no case `nobody`"),
        (["deal.yaml", "--set", "charges.rack.price"], "this is not PATH=VALUE"),
        (["deal.yaml", "--set", "charges.rak.price=1 per month"], "there is no `rak` here"),
        (["deal.yaml", "-o", "deal"], "deal does not end in a known form"),
    ],
)
@pytest.mark.usefixtures("deal")
def test_wrong_input_is_status_2_and_nothing_on_standard_output(capfd, words, message):
    status, out, err = said(capfd, "schedule", *words)
    assert (status, out) == (2, "")
    assert message in err
    assert "Traceback" not in err


def test_a_site_file_is_no_deal(capfd, tmp_path):
    site = tmp_path / "site.yaml"
    site.write_text("provider: xAI\ncurrency: USD\n", encoding="utf-8")
    status, out, err = said(capfd, "terminate", str(site), "--every", "month")
    assert (status, out) == (2, "")
    assert "this is a site file, not a deal" in err


# --- bugs and interruptions -----------------------------------------------------------------------


@pytest.fixture
def bug(monkeypatch):
    """The command fails in a way that nobody has thought of."""
    from dealcalc.cli import program

    def fail(*_):
        raise ZeroDivisionError("by \x1b[31m\n::error::")

    monkeypatch.setattr(program, "status", fail)


@pytest.mark.usefixtures("bug")
def test_a_bug_is_status_3_and_two_lines(capfd):
    assert said(capfd, "schedule", MODEL) == (
        3,
        "",
        r"error: this is a bug in dealcalc: ZeroDivisionError: by \x1b[31m\n:\x3aerror:\x3a"
        "\nDEALCALC_DEBUG=1 shows where it is; please report it with the scenario\n",
    )


@pytest.mark.usefixtures("bug")
def test_a_bug_shows_where_it_is_if_asked(capfd, monkeypatch):
    monkeypatch.setenv("DEALCALC_DEBUG", "1")
    status, out, err = said(capfd, "schedule", MODEL)
    assert (status, out) == (3, "")
    assert "Traceback" in err
    assert "in fail" in err


def test_an_interruption_is_130_and_silent(capfd, monkeypatch):
    from dealcalc.reports.schedule import ScheduleReport

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(ScheduleReport, "_views", interrupt)
    assert said(capfd, "schedule", MODEL) == (130, "", "")


def test_an_interruption_that_python_wraps_is_one(capfd, monkeypatch):
    """Until Python 3.12, one that comes while a class is made is a RuntimeError."""
    from dealcalc.reports.schedule import ScheduleReport

    def interrupt(*_):
        raise RuntimeError("Error calling __set_name__") from KeyboardInterrupt()

    monkeypatch.setattr(ScheduleReport, "_views", interrupt)
    assert said(capfd, "schedule", MODEL) == (130, "", "")


@posix
def test_ctrl_c_while_waiting_for_input_is_130_and_silent():
    waiting = subprocess.Popen(
        [*PROGRAM, "schedule", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    _wait_until_it_reads(waiting)
    waiting.send_signal(signal.SIGINT)
    out, err = waiting.communicate(timeout=60)
    assert (waiting.returncode, out, err) == (130, b"", b"")


def _wait_until_it_reads(process):
    """A pipe takes 64 KiB; more than that is taken only once somebody reads."""
    process.stdin.write(b"#" * (1 << 17))
    process.stdin.flush()


# --- standard input and output --------------------------------------------------------------------


def test_a_deal_is_read_from_standard_input():
    result = program("schedule", "-", "-f", "csv", input=SMALL.encode())
    # 100 a month for January and February 2026.
    assert result.stdout.decode().splitlines() == [
        "charge,start,through,days,rate,amount,per,firm",
        "rack,2026-01-01,2026-01-31,31,100,100.00,month,100.00",
        "rack,2026-02-01,2026-02-28,28,100,100.00,month,100.00",
    ]
    assert (result.returncode, result.stderr) == (0, b"")


def test_what_is_no_scenario_on_standard_input_is_refused():
    result = program("schedule", "-", input=b"")
    assert (result.returncode, result.stdout) == (2, b"")
    assert result.stderr.startswith(b"error: ")


@posix
def test_a_named_pipe_is_refused_and_never_waited_for(capfd, tmp_path):
    os.mkfifo(tmp_path / "deal.yaml")
    status, out, err = said(capfd, "schedule", str(tmp_path / "deal.yaml"))
    assert (status, out) == (2, "")
    assert "not a regular file" in err
    assert "standard input" in err


@posix
@pytest.mark.parametrize("form", ["table", "csv", "json", "md"])
def test_a_closed_pipe_is_silent_and_has_its_own_status(form):
    reading, writing = os.pipe()
    os.close(reading)
    result = program(
        "schedule", MODEL, "-f", form, stdout=writing, capture_output=False, stderr=subprocess.PIPE
    )
    os.close(writing)
    assert (result.returncode, result.stderr) == (141, b"")


@posix
def test_problems_for_a_reader_who_left_are_no_crash():
    reading, writing = os.pipe()
    os.close(reading)
    result = program(
        "schedule", "no-such", stderr=writing, capture_output=False, stdout=subprocess.PIPE
    )
    os.close(writing)
    assert (result.returncode, result.stdout) == (141, b"")


full_disk = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")


@full_disk
@pytest.mark.parametrize(
    "words",
    [
        *(["schedule", MODEL, "-f", form] for form in ("table", "csv", "json", "md", "xlsx")),
        *(["check", MODEL, "-f", form] for form in ("full", "concise", "json", "junit", "sarif")),
        *([], ["-h"], ["schedule", "-h"], ["--version"], ["--show-completion", "bash"]),
        *(["new", "-"], ["schema"], ["check", "--explain", "all"]),
    ],
    ids=lambda words: "-".join(words[::2]),
)
def test_a_full_disk_is_trouble_and_says_so(words):
    with open("/dev/full", "wb") as full:
        result = program(*words, stdout=full, capture_output=False, stderr=subprocess.PIPE)
    assert result.returncode == 2
    assert result.stderr == (
        b"error: the answer cannot be written: No space left on device [unwritable]\n"
    )


@full_disk
@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["schedule", "no-such.yaml"], 2),
        (["schedule", "deal.yaml", "-o", "deal.csv"], 0),
        (["check", "deal.yaml", "-o", "check.json"], 0),
        (["nope"], 2),
    ],
    ids=lambda words: str(words),
)
@pytest.mark.usefixtures("deal")
def test_what_cannot_be_said_on_standard_error_changes_no_status(words, status):
    with open("/dev/full", "wb") as full:
        result = program(*words, stderr=full, capture_output=False, stdout=subprocess.PIPE)
    assert result.returncode == status


@posix
@pytest.mark.usefixtures("deal")
def test_a_file_is_written_although_standard_output_is_closed():
    command = f'exec "{sys.executable}" -m dealcalc schedule deal.yaml -o deal.csv >&-'
    result = subprocess.run(["sh", "-c", command], capture_output=True, timeout=60, check=False)
    assert (result.returncode, result.stderr) == (0, b"wrote deal.csv\n")
    assert Path("deal.csv").read_bytes().startswith(b"charge,")


@posix
def test_in_a_folder_that_is_gone_it_says_what_cannot_be_written(deal, tmp_path):
    command = f'rmdir "$PWD"; exec "{sys.executable}" -m dealcalc schedule "{tmp_path / deal}"'
    (tmp_path / "gone").mkdir()
    result = subprocess.run(
        ["sh", "-c", f"{command} -o deal.csv"],
        cwd=tmp_path / "gone",
        capture_output=True,
        timeout=60,
        check=False,
        env=environment(),
    )
    assert result.returncode == 2
    assert result.stderr.startswith(b"error: cannot be written: no such file or directory")


@posix
def test_closed_standard_output_is_trouble():
    command = f'exec "{sys.executable}" -m dealcalc schedule "{MODEL}" >&-'
    result = subprocess.run(["sh", "-c", command], capture_output=True, timeout=60, check=False)
    assert result.returncode == 2
    assert result.stderr == (
        b"error: the answer cannot be written: standard output is closed [unwritable]\n"
    )


@posix
def test_closed_standard_error_does_not_mix_talk_into_the_answer():
    command = f'exec "{sys.executable}" -m dealcalc schedule no-such.yaml 2>&-'
    result = subprocess.run(["sh", "-c", command], capture_output=True, timeout=60, check=False)
    assert (result.returncode, result.stdout) == (2, b"")


def test_python_m_dealcalc_and_the_script_are_the_same(capfd):
    status, out, _ = said(capfd, "schedule", MODEL, "-f", "csv")
    result = program("schedule", MODEL, "-f", "csv")
    assert (status, result.returncode) == (0, 0)
    assert result.stdout.decode() == out


def test_main_leaves_with_the_status(capfd, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["dealcalc", "schedule", "no-such.yaml"])
    for name in ("disable", "freeze"):
        monkeypatch.setattr(f"gc.{name}", lambda: None)
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == 2
    assert "cannot be opened" in capfd.readouterr().err


NEOCLOUD = str(SCENARIOS / "xai-neocloud.yaml")
DISCOUNT = "charges.compute.ramp.0.discount"
ASKED = (
    *(["schedule", MADE_UP, "-f", one] for one in ENDINGS.values()),
    ["terminate", MODEL, "--every", "month", "-f", "html"],
    ["terminate", MODEL, "--notice", "2027-03-15", "-f", "xlsx"],
    ["backlog", MADE_UP, "-f", "svg"],
    ["compare", MODEL, "-f", "json"],
    ["capacity", NEOCLOUD, "-f", "json"],
    ["sweep", MODEL, "--vary", f"{DISCOUNT}=0%:100%:20%", "-f", "md"],
    ["solve", MODEL, "total = 45bn", "--vary", DISCOUNT, "-f", "json"],
    ["ambiguity", MADE_UP, "-f", "json"],
    ["explain", MODEL, "total", "-f", "json"],
    ["risk", MODEL, "--hazard", "2% per month", "-f", "json"],
    ["value", MODEL, "--rate", "9%", "-f", "json"],
    *(["check", str(SCENARIOS), "-f", one] for one in ("full", "json", "junit", "sarif")),
    ["schema"],
    ["new", "-"],
    ["--help"],
)


@pytest.mark.parametrize("words", some(5, ASKED), ids=lambda words: f"{words[0]}-{words[-1]}")
def test_the_same_input_gives_the_same_bytes_everywhere(words):
    here, *elsewhere = (
        program(*words, env=environment(PYTHONUTF8="1", **changed)).stdout
        for changed in (
            {"TZ": "UTC", "PYTHONHASHSEED": "1", "LANG": "C", "LC_ALL": None},
            {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "2", "LANG": "de_DE.UTF-8"},
            {"TZ": "America/Los_Angeles", "PYTHONHASHSEED": "3", "LC_ALL": "tr_TR.UTF-8"},
        )
    )
    assert here
    assert all(there == here for there in elsewhere)


def test_programs_forms_neither_import_rich_nor_ask_for_the_version():
    program_text = (
        "import sys; from dealcalc.cli import run; run(sys.argv[1:]);"
        "print([name for name in ('rich', 'importlib.metadata') if name in sys.modules],"
        " file=sys.stderr)"
    )
    for form in ("csv", "json", "md"):
        result = subprocess.run(
            [sys.executable, "-c", program_text, "schedule", MODEL, "-f", form],
            capture_output=True,
            timeout=60,
            check=True,
        )
        assert result.stderr == b"[]\n"


# --- screens --------------------------------------------------------------------------------------


def on_terminal(columns, *words, **changed):
    """Exit status and text of a command on a terminal that is so many columns wide."""
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    env = environment(**{"TERM": "xterm", "DEALCALC_PAGER": "", **changed})
    process = subprocess.Popen(
        [*PROGRAM, *words], stdin=theirs, stdout=theirs, stderr=theirs, env=env
    )
    os.close(theirs)
    read = b""
    try:
        while part := os.read(ours, 1 << 16):
            read += part
    except OSError:  # how Linux says that the other side has closed the terminal
        pass
    os.close(ours)
    return process.wait(timeout=60), read.decode().replace("\r\n", "\n")


def numbers(text):
    """Every amount in a text that is written with its cents."""
    import re

    return re.findall(r"\d[\d,]*\.\d\d(?!\d)", text)


@posix
@pytest.mark.parametrize("scenario", [MODEL, MADE_UP])
@pytest.mark.parametrize("columns", [72, 80, 100, 160])
def test_every_cent_fits_on_a_usual_terminal(scenario, columns):
    status, text = on_terminal(columns, "schedule", scenario, NO_COLOR="1")
    assert status == 0
    assert max(map(len, text.splitlines())) <= columns
    assert "…" not in text
    assert "..." not in text
    # The same amounts as where there is any room, the months with their sums above all.
    natural = program("schedule", scenario, env=environment(PYTHONUTF8="1")).stdout.decode()
    assert sorted(numbers(text)) == sorted(numbers(natural))


@posix
@pytest.mark.parametrize("columns", ["20", "1"])
def test_a_terminal_too_narrow_for_an_amount_keeps_every_digit(columns):
    status, text = on_terminal(80, "schedule", MODEL, "--unit", "1", NO_COLOR="1", COLUMNS=columns)
    assert status == 0
    assert "15,000,000,000.00" in text
    assert "…" not in text


@posix
@pytest.mark.parametrize("columns", ["0", "-5", "wide", ""])
def test_nonsense_in_columns_leaves_the_terminal_its_own_width(columns):
    plain = on_terminal(100, "schedule", MODEL, NO_COLOR="1")
    assert on_terminal(100, "schedule", MODEL, NO_COLOR="1", COLUMNS=columns) == plain


@posix
def test_a_terminal_that_does_not_know_its_width_is_80_wide():
    _, text = on_terminal(0, "schedule", MODEL, NO_COLOR="1")
    assert max(map(len, text.splitlines())) == 80


def test_piped_the_width_is_natural_whatever_columns_says():
    natural = program("schedule", MODEL, env=environment(PYTHONUTF8="1")).stdout
    narrow = program("schedule", MODEL, env=environment(PYTHONUTF8="1", COLUMNS="20"))
    assert narrow.stdout == natural
    assert narrow.stderr == b""


@posix
@pytest.mark.parametrize(
    ("words", "changed", "colored"),
    [
        ([], {}, True),
        ([], {"NO_COLOR": "1"}, False),
        ([], {"NO_COLOR": ""}, True),  # empty means not set
        ([], {"TERM": "dumb"}, False),
        ([], {"TERM": "dumb", "FORCE_COLOR": "1"}, True),
        ([], {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        (["--color", "never"], {"FORCE_COLOR": "1"}, False),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
        (["--color", "auto"], {}, True),
        (["-f", "csv", "--color", "always"], {}, False),
        (["-f", "json"], {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colour_on_a_terminal(deal, words, changed, colored):
    _, text = on_terminal(80, "schedule", deal, *words, **changed)
    assert ("\x1b[" in text) is colored


@pytest.mark.parametrize(
    ("words", "changed", "colored"),
    [
        ([], {}, False),
        ([], {"FORCE_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": ""}, False),
        (["--color", "always"], {}, True),
    ],
)
def test_colour_in_a_pipe(deal, words, changed, colored):
    result = program("schedule", deal, *words, env=environment(PYTHONUTF8="1", **changed))
    assert (b"\x1b[" in result.stdout) is colored


ASCII = (
    {"PYTHONIOENCODING": "ascii"},
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": ":strict"},
)


@pytest.mark.parametrize("changed", ASCII)
def test_without_unicode_a_table_is_still_one(changed):
    result = program("schedule", MODEL, env=environment(**changed))
    assert (result.returncode, result.stderr) == (0, b"")
    lines = result.stdout.decode("ascii").splitlines()
    assert lines[0] == "Anthropic-xAI, Colossus 1 - USD"
    # Half of 1.25bn in May, so a bar of half the 24 columns.
    assert "2026-05        31           625.00              625.00   ============" in lines
    assert "-" * 81 in lines  # the rule is as wide as the table


@pytest.mark.parametrize("changed", ASCII)
def test_without_unicode_names_are_escaped_and_programs_forms_stay_utf_8(tmp_path, changed):
    scenario = tmp_path / "deal.yaml"
    scenario.write_text(SMALL.replace("Northgate", "北門 ✓"), encoding="utf-8")
    table = program("schedule", str(scenario), env=environment(**changed))
    assert table.stdout.startswith(rb"\u5317\u9580 \u2713 - USD")
    for form in ("json", "md"):
        result = program("schedule", str(scenario), "-f", form, env=environment(**changed))
        assert "北門 ✓" in result.stdout.decode("utf-8")


@pytest.mark.parametrize("changed", ASCII)
def test_without_unicode_help_and_problems_are_readable(changed):
    for name in COMMANDS:
        assert program(name, "-h", env=environment(**changed)).returncode == 0
    result = program("schedule", "é.yaml", env=environment(**changed))
    assert result.returncode == 2
    assert b"cannot be opened" in result.stderr


# --- somebody's text is data ----------------------------------------------------------------------

HOSTILE = "[bold]x[/] =1+1 \u202e ::error::a ##[error]b ##vso[c] *d* `e` | @team #12 <f> $g$"
ESCAPED = f"{HOSTILE} \x1b[31m\x9b1m\r\n::error::"
ESCAPES = ("\x1b", "\x9b", "\u202e", "\u2066", "::", "##[", "##vso[")


@pytest.fixture
def hostile(tmp_path):
    """A deal whose every name and text tries something."""
    name = json.dumps("##[error] [red]@x ")[1:-2] + '"'
    text = json.dumps(HOSTILE)
    path = tmp_path / "deal ::error::[bold].yaml"
    path.write_text(
        f"""\
deal: {text}
seller: {json.dumps("=S " + HOSTILE)}
buyer: {json.dumps("@B " + HOSTILE)}
currency: USD
term: {{start: 2026-01, months: 2}}
charges:
  "+1": {{price: 2 per month}}
  "-1": {{price: 3 per month}}
  "@x": {{price: 4 per month}}
  "{name}: {{price: 5 per month}}
  "**bold** | `code`": {{price: 6 per month}}
  "＝1": {{price: 7 per month}}
cases:
  "[bold]##[error]": {{set: {{"charges.-1.price": 4 per month}}, source: {text}}}
assumptions:
  "charges.@x.price": {text}
""",
        encoding="utf-8",
    )
    return str(path)


@pytest.mark.parametrize("form", ["table", "csv", "json", "md"])
def test_no_form_obeys_somebodys_text(capfd, hostile, form):
    case = ["--case", "[bold]##[error]", "--set", f"deal={json.dumps(HOSTILE)}"]
    status, out, err = said(capfd, "schedule", hostile, "-f", form, *case)
    assert (status, err) == (0, "")
    assert not [escape for escape in ESCAPES if escape in out]
    assert "error" in out


def test_no_problem_obeys_somebodys_text(capfd, hostile):
    for words in (
        [hostile, "--case", ESCAPED],
        [hostile, "--set", ESCAPED],
        [hostile, "--set", f"{ESCAPED}=1"],
        [hostile, "--set", f"charges.+1.price={ESCAPED}"],
        [hostile, f"--{ESCAPED}"],
        [hostile, "-f", ESCAPED],
        [hostile, "-o", ESCAPED],
        [hostile, ESCAPED],
        [ESCAPED],
    ):
        status, out, err = said(capfd, "schedule", *words)
        assert (status, out) == (2, "")
        assert not [escape for escape in ESCAPES if escape in err]
    assert said(capfd, ESCAPED)[0] == 2


def test_a_file_name_with_a_message_for_a_runner_is_shown_and_not_obeyed(capfd, hostile, tmp_path):
    target = str(tmp_path / "::error::\x1b[31m.csv")
    status, out, err = said(capfd, "schedule", hostile, "-o", target)
    assert (status, out) == (0, "")
    assert err.startswith("wrote ")
    assert r":\x3aerror:\x3a\x1b[31m.csv" in err
    assert Path(target).exists()


def test_text_that_is_no_unicode_is_no_crash(capfd, deal):
    odd = os.fsdecode(b"deal=x\xff") if os.name == "posix" else "deal=x"
    for form in ("table", "csv", "json", "md"):
        status, _, err = said(
            capfd, "schedule", deal, "--set", odd, "-f", form, "-o", f"x.{form}"[:6]
        )
        assert "Traceback" not in err
        assert status in (0, 2)
    assert said(capfd, "schedule", os.fsdecode(b"\xff.yaml"))[0] == 2


def test_json_gives_somebodys_text_back_as_it_was(capfd, hostile):
    _, out, _ = said(capfd, "schedule", hostile, "-f", "json")
    answer = json.loads(out, parse_float=Decimal)
    assert answer["deal"] == HOSTILE
    assert answer["seller"] == "=S " + HOSTILE


# --- files ----------------------------------------------------------------------------------------


def test_the_ending_picks_the_form_and_the_screen_says_what_was_written(capfd, deal):
    endings = ["a.csv", "b.json", "c.md", "d.txt", "E.CSV"]
    words = [word for name in endings for word in ("-o", name)]
    status, out, err = said(capfd, "schedule", deal, *words)
    assert (status, out) == (0, "")
    assert err == "".join(f"wrote {name}\n" for name in endings)
    for name, form in zip(endings, ["csv", "json", "md", "table", "csv"], strict=True):
        _, screen, _ = said(capfd, "schedule", deal, "-f", form)
        assert Path(name).read_text(encoding="utf-8") == screen


def test_with_a_form_the_screen_answers_too(capfd, deal):
    status, out, err = said(capfd, "schedule", deal, "-o", "a.csv", "-f", "md")
    assert (status, err) == (0, "wrote a.csv\n")
    assert out.startswith("## Northgate")


def test_a_file_has_no_colour_and_its_own_width(capfd, deal, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "20")
    said(capfd, "schedule", deal, "-o", "a.txt", "--color", "always")
    text = Path("a.txt").read_text(encoding="utf-8")
    assert "\x1b" not in text
    assert "━━━━━━━━━━━━━━━━━━━━━━━━" in text


def files(folder="."):
    return sorted(path.name for path in Path(folder).iterdir())


def test_no_file_is_begun_when_one_of_them_has_no_form(capfd, deal):
    status, _, err = said(capfd, "schedule", deal, "-o", "a.csv", "-o", "b.pdf")
    assert status == 2
    assert "b.pdf does not end in a known form" in err
    assert ".csv, .json, .md, .txt" in err
    assert files() == ["deal.yaml"]


def test_a_missing_folder_is_named(capfd, deal):
    status, out, err = said(capfd, "schedule", deal, "-o", "no/such/a.csv")
    assert (status, out) == (2, "")
    assert err == (
        "error: cannot be written: no such file or directory [unwritable]\n"
        " --> no/such/a.csv\n"
        "  = help: create its folder first\n"
    )


def test_a_folder_is_no_file(capfd, deal):
    Path("folder.csv").mkdir()
    status, _, err = said(capfd, "schedule", deal, "-o", "folder.csv")
    assert status == 2
    assert "cannot be written" in err
    assert "folder.csv" in err


def test_a_file_in_the_place_of_a_folder_is_said(capfd, deal):
    status, _, err = said(capfd, "schedule", deal, "-o", "deal.yaml/a.csv")
    assert status == 2
    assert "cannot be written: not a directory" in err


def test_a_folder_that_may_not_be_written_is_said(capfd, deal):
    Path("locked").mkdir(mode=0o500)
    if os.access("locked", os.W_OK):
        pytest.skip("nothing is forbidden to root")
    status, _, err = said(capfd, "schedule", deal, "-o", "locked/a.csv")
    assert status == 2
    assert "permission denied" in err


def test_a_file_that_may_not_be_written_stays(capfd, deal, monkeypatch):
    Path("a.csv").write_text("old", encoding="utf-8")
    monkeypatch.setattr(os, "access", lambda *_: False)  # what the system says of a read-only file
    status, _, err = said(capfd, "schedule", deal, "-o", "a.csv")
    assert status == 2
    assert "cannot be written: permission denied" in err
    assert Path("a.csv").read_text(encoding="utf-8") == "old"


@posix
@pytest.mark.usefixtures("deal")
def test_when_the_disk_is_full_the_old_file_stays_and_nothing_else_is_left():
    Path("a.csv").write_text("old", encoding="utf-8")
    # No file may grow: the shell's limit stands in for a full disk.
    command = f'ulimit -f 0; exec "{sys.executable}" -m dealcalc schedule deal.yaml -o a.csv'
    result = subprocess.run(
        ["sh", "-c", command],
        capture_output=True,
        timeout=60,
        check=False,
        env=environment(PYTHONDONTWRITEBYTECODE="1"),
    )
    assert result.returncode == 2
    assert b"cannot be written: file too large" in result.stderr
    assert Path("a.csv").read_text(encoding="utf-8") == "old"
    assert files() == ["a.csv", "deal.yaml"]


@posix
@pytest.mark.parametrize("ending", ["SIGINT", "SIGTERM", "SIGHUP"])
@pytest.mark.usefixtures("deal")
def test_a_signal_while_a_file_is_written_leaves_it_whole_and_nothing_beside_it(ending):
    """The signal comes where the new file is there and is about to take the old one's place."""
    program_text = f"""
import os, signal
from dealcalc.cli import main
replace = os.replace
def interrupted(*names):
    os.kill(os.getpid(), signal.{ending})
    replace(*names)
os.replace = interrupted
main(["schedule", "deal.yaml", "-o", "deal.csv"])
"""
    result = subprocess.run(
        [sys.executable, "-c", program_text], capture_output=True, timeout=60, check=False
    )
    ended = 130 if ending == "SIGINT" else -getattr(signal, ending)
    assert (result.returncode, result.stderr) == (ended, b"")
    assert Path("deal.csv").read_bytes().startswith(b"charge,")
    assert files() == ["deal.csv", "deal.yaml"]


def test_when_the_new_file_cannot_take_its_place_nothing_is_left_of_it(capfd, deal, monkeypatch):
    def refuse(*_):
        raise OSError(28, "No space left on device")

    Path("a.csv").write_text("old", encoding="utf-8")
    monkeypatch.setattr(os, "replace", refuse)
    status, out, err = said(capfd, "schedule", deal, "-o", "a.csv")
    assert (status, out) == (2, "")
    assert "cannot be written: no space left on device" in err
    assert Path("a.csv").read_text(encoding="utf-8") == "old"
    assert files() == ["a.csv", "deal.yaml"]


@posix
def test_a_link_stays_a_link_and_its_target_keeps_its_mode(capfd, deal):
    Path("real.csv").write_text("old", encoding="utf-8")
    Path("real.csv").chmod(0o640)
    Path("link.csv").symlink_to("real.csv")
    assert said(capfd, "schedule", deal, "-o", "link.csv")[0] == 0
    assert Path("link.csv").is_symlink()
    assert Path("real.csv").read_text(encoding="utf-8").startswith("charge,")
    assert stat.S_IMODE(Path("real.csv").stat().st_mode) == 0o640


@posix
def test_a_new_file_has_the_mode_that_the_umask_leaves(capfd, deal):
    before = os.umask(0o027)
    try:
        said(capfd, "schedule", deal, "-o", "a.csv")
    finally:
        os.umask(before)
    assert stat.S_IMODE(Path("a.csv").stat().st_mode) == 0o640  # 666 less 027


@posix
def test_a_named_pipe_is_written_and_not_replaced(capfd, deal):
    os.mkfifo("pipe.csv")
    read = []
    reader = threading.Thread(target=lambda: read.append(Path("pipe.csv").read_bytes()))
    reader.start()
    assert said(capfd, "schedule", deal, "-o", "pipe.csv")[0] == 0
    reader.join(timeout=60)
    assert read[0].startswith(b"charge,start,")
    assert stat.S_ISFIFO(os.stat("pipe.csv").st_mode)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_device_that_is_full_is_said(capfd, deal):
    Path("full.csv").symlink_to("/dev/full")
    status, _, err = said(capfd, "schedule", deal, "-o", "full.csv")
    assert status == 2
    assert "cannot be written: no space left on device" in err


@pytest.mark.parametrize("name", ["/dev/stdout", "-"])
def test_standard_output_is_asked_for_with_a_form_and_not_as_a_file(capfd, deal, name):
    status, out, err = said(capfd, "schedule", deal, "-o", name)
    assert (status, out) == (2, "")
    assert f"{name} does not end in a known form" in err


# --- deals at the edges ---------------------------------------------------------------------------


def answer_to(capfd, text, *words):
    """The JSON of a deal's schedule, amounts exact."""
    Path("deal.yaml").write_text(text, encoding="utf-8")
    status, out, err = said(capfd, "schedule", "deal.yaml", "-f", "json", *words)
    assert (status, err) == (0, "")
    return json.loads(out, parse_float=Decimal)


@pytest.mark.parametrize(
    ("currency", "price", "total"),
    [
        ("USD", "100.005", "200.01"),  # 100.005 is 100.01 half-up by January, 200.01 by February
        ("JPY", "100.5", "201"),  # no decimals: 100.5 is 101 by January, 201 by February
        ("KWD", "0.0005", "0.001"),  # three decimals
        ("USD", "0", "0.00"),
    ],
)
@pytest.mark.usefixtures("deal")
def test_amounts_have_the_decimals_of_their_currency(capfd, currency, price, total):
    text = SMALL.replace("USD", currency).replace("100 per", f"{price} per")
    answer = answer_to(capfd, text)
    assert str(answer["total"]) == total
    assert str(answer["years"][0]["cumulative"]) == total


@pytest.mark.usefixtures("deal")
def test_json_amounts_are_exact_however_large(capfd):
    # Two months of a cent less than 1e18, the most there can be: 2e18 less two cents.
    answer = answer_to(capfd, SMALL.replace("100 per", "999999999999999999.99 per"))
    assert answer["total"] == Decimal("1999999999999999999.98")


def test_a_deal_that_pays_nothing_is_drawn(capfd, deal):
    Path(deal).write_text(SMALL.replace("100 per", "0 per"), encoding="utf-8")
    status, out, _ = said(capfd, "schedule", deal)
    assert status == 0
    assert "Total  0.00 USD" in out
    assert "━" not in out


def test_the_largest_amounts_are_drawn_whole(capfd, deal):
    Path(deal).write_text(SMALL.replace("100 per", "1e18 per"), encoding="utf-8")
    _, out, _ = said(capfd, "schedule", deal)
    assert "2,000,000,000.00bn USD" in out  # 2 x 1e18


def test_a_unit_that_was_asked_for_is_kept(capfd):
    _, out, err = said(capfd, "schedule", MODEL, "--unit", "bn")
    assert err == ""
    assert out.splitlines()[2].startswith("Total  45.00bn USD")


# --- contracts ------------------------------------------------------------------------------------

PINNED = {"model": MODEL, "made-up": MADE_UP}


@pytest.mark.parametrize("name", PINNED)
@pytest.mark.parametrize(
    ("form", "ending"), [("csv", "csv"), ("json", "json"), ("md", "md"), ("table", "txt")]
)
def test_what_programs_and_pipes_get_is_pinned(pinned, name, form, ending):
    result = program("schedule", PINNED[name], "-f", form, env=environment(PYTHONUTF8="1"))
    assert (result.returncode, result.stderr) == (0, b"")
    pinned(f"contracts/schedule-{name}.{ending}", result.stdout)


@posix
@pytest.mark.parametrize("name", PINNED)
@pytest.mark.parametrize("columns", [80, 100, 160])
def test_what_people_see_is_pinned(pinned, name, columns):
    status, text = on_terminal(columns, "schedule", PINNED[name], NO_COLOR="1")
    assert status == 0
    pinned(f"contracts/schedule-{name}-{columns}.txt", text)


def test_the_keys_of_the_json_are_a_contract(capfd):
    _, out, _ = said(capfd, "schedule", MODEL, "-f", "json", "--period", "quarter")
    answer = json.loads(out)
    assert answer["format"] == "dealcalc/schedule/1"
    assert {name: list(answer[name][0]) for name in ("lines", "months", "quarters", "years")} == {
        "lines": ["charge", "start", "through", "days", "rate", "amount", "per", "firm"],
        "months": ["month", "days", "revenue", "cumulative", "firm"],
        "quarters": ["quarter", "revenue", "cumulative", "firm"],
        "years": ["year", "revenue", "cumulative", "firm"],
    }
    assert [key for key in answer if not isinstance(answer[key], list)] == [
        *("format", "deal", "seller", "buyer", "currency", "case", "overrides"),
        *("at_signing", "optional", "callable", "up_to", "total", "assumptions"),
    ]


def test_a_dumb_terminal_in_colour_cuts_nothing(capsysbinary, monkeypatch):
    """Rich takes a dumb terminal for one of 80 columns unless its height is said too."""
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert cli.run(["compare", str(MODEL)]) == 0
    shown = capsysbinary.readouterr().out.decode()
    assert "…" not in shown
    assert "-29,458.33" in shown


def test_a_fee_has_a_row_of_its_own(capsysbinary):
    """Three months of 1.25bn, paid on the last day."""
    fee = ["--case", "anthropic-leaves", "--set", "termination.fee=3 months"]
    assert cli.run(["schedule", str(MODEL), "--period", "year", *fee]) == 0
    rows = [line.split() for line in capsysbinary.readouterr().out.decode().splitlines()]
    assert next(row for row in rows if row[:1] == ["fee"])[-1] == "3,750.00"

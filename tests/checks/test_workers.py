"""Work shared out among processes: all of it, in order, whatever becomes of the processes."""

import os
import signal
import subprocess
import sys
import time
from functools import partial

import pytest
from jobs import dying, marked, named
from shipped import SCENARIOS, TESTS

from dealcalc.checks import workers
from dealcalc.checks.check import MANY_FILES, check
from dealcalc.checks.workers import AHEAD, BATCH, processors, worked

BROKEN = TESTS / "broken"


@pytest.mark.parametrize("count", [0, 1, BATCH, BATCH + 1, 10 * BATCH])
def test_results_come_in_the_order_of_the_names(count):
    names = [f"n{number:03}" for number in range(count)]
    assert list(worked(named, names, 2)) == [(name.upper(), True) for name in names]


@pytest.mark.parametrize("last", ["n000", "n100", "n319"])
def test_where_a_process_is_killed_this_one_goes_on(last):
    names = [f"n{number:03}" for number in range(320)]
    assert list(worked(partial(dying, last), names, 2)) == [name.upper() for name in names]


def test_where_there_are_no_processes_this_one_does_it_alone(monkeypatch):
    def none(*_, **__):
        raise OSError("no semaphores here")

    monkeypatch.setattr(workers, "ProcessPoolExecutor", none)
    assert list(worked(named, ["a", "b"], 2)) == [("A", False), ("B", False)]


def test_no_more_is_done_than_is_read_and_a_little_ahead(tmp_path):
    names = [f"n{number:05}" for number in range(100 * BATCH)]
    results = worked(partial(marked, str(tmp_path)), names, 2)
    assert next(results) == "n00000"
    time.sleep(0.5)  # in which all of it would be done
    results.close()
    assert len(list(tmp_path.iterdir())) <= (2 * AHEAD + 1) * BATCH


def test_there_is_a_processor():
    assert 1 <= processors() <= workers.MOST_PROCESSES


def test_files_are_checked_alike_by_one_process_and_by_several():
    paths = [str(BROKEN), str(SCENARIOS)]
    alone = list(check(paths, strict=True, tested=True, processes=1))
    assert len(alone) > BATCH
    assert list(check(paths, strict=True, tested=True, processes=2)) == alone


@pytest.fixture
def checking(tmp_path):
    """A check of many files that has begun, in a session of its own."""
    text = (SCENARIOS / "made-up-every-term.yaml").read_text("utf-8")
    for number in range(20 * MANY_FILES):
        (tmp_path / f"{number:05}.yaml").write_text(text, "utf-8")
    command = [sys.executable, "-m", "dealcalc", "check", str(tmp_path), "-v"]
    run = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    assert run.stdout
    run.stdout.read(1)
    return run


def nobody_is_left(run) -> bool:
    """Whether every process of the session has ended, or does within some seconds."""
    for _ in range(100):
        try:
            os.killpg(run.pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    os.killpg(run.pid, signal.SIGKILL)
    return False


def test_ctrl_c_ends_all_of_them(checking):
    os.killpg(checking.pid, signal.SIGINT)
    _, err = checking.communicate(timeout=60)
    assert (checking.returncode, err) == (130, b"")
    assert nobody_is_left(checking)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_none_outlives_the_first_that_is_killed(checking, how):
    checking.send_signal(how)
    checking.communicate(timeout=60)  # which would wait for whoever holds the pipe
    assert checking.returncode == -how
    assert nobody_is_left(checking)

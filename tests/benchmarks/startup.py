"""How long `dealcalc schedule` takes, as multiples of starting a bare Python in the same run.

    python tests/benchmarks/startup.py [ROUNDS]

Bytecode is compiled first. Each round runs the floor (`python -c pass`) and then every form on the
model scenario; a ratio is the median of the ratios of its rounds, so that a busy machine slows both
alike. It prints, and never fails: how long anything takes is no fact about the code alone.
"""

import compileall
import os
import subprocess
import sys
import sysconfig
from pathlib import Path
from statistics import median
from time import perf_counter

from speed import Row, table

ROOT = Path(__file__).parents[2]
MODEL = ROOT / "scenarios" / "anthropic-xai-colossus-1.yaml"
DEALCALC = [sys.executable, "-m", "dealcalc"]
ROUNDS = 21
BUDGETS = {"table": 12, "csv": 9.5, "json": 9.5, "md": None}
FLOOR = [sys.executable, "-c", "pass"]


def seconds(command: list[str]) -> float:
    """The time from starting a command until it has ended."""
    begun = perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, env=ENVIRONMENT, check=True)
    return perf_counter() - begun


ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
ENVIRONMENT.pop("PYTHONDONTWRITEBYTECODE", None)


def measured(rounds: int) -> list[Row]:
    """A row for each form: how many times the floor it takes."""
    for folder in (ROOT / "dealcalc", sysconfig.get_path("purelib")):
        compileall.compile_dir(folder, quiet=2)
    commands = {form: [*DEALCALC, "schedule", str(MODEL), "-f", form] for form in BUDGETS}
    for command in (FLOOR, *commands.values()):  # so that every file is in the disk's cache
        seconds(command)
    taken = [
        (seconds(FLOOR), {form: seconds(command) for form, command in commands.items()})
        for _ in range(rounds)
    ]
    return [
        Row(
            f"`schedule`, {form}",
            median(times[form] for _, times in taken),
            "starting `python -c pass`",
            median(floor for floor, _ in taken),
            median(times[form] / floor for floor, times in taken),
            f"at most {budget:g}" if budget else "",
        )
        for form, budget in BUDGETS.items()
    ]


if __name__ == "__main__":
    print(table(measured(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)))

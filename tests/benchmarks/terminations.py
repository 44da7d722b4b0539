"""How long a sweep of every day of notice takes, beside the start-up time in the same run.

    python tests/benchmarks/terminations.py [ROUNDS]

The deal runs for 15 years, with a ramp, a yearly escalator and a fee of three months: 5,388 days
on which notice shortens it, printed as CSV. The floor is `schedule -f csv` on the model deal, which
starts, reads, prices and prints little. Runs alternate, and the ratio is the median of the ratios
of neighbours, so that a busy machine slows both. Budget: under three times. Nothing fails here.
"""

import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from speed import Row, table

ROUNDS = 15
DAYS = 5_388
MODEL = Path(__file__).parents[2] / "scenarios" / "anthropic-xai-colossus-1.yaml"
COMMAND = Path(sysconfig.get_path("scripts")) / "dealcalc"

DEAL = """\
deal: Northgate, fifteen years
seller: Example Halls
buyer: Example Lab
currency: USD
term: {start: 2027-01, months: 180}
charges:
  halls:
    price: 140 per kW-month
    capacity: 24 MW
    ramp:
      - {months: 3, discount: 50%}
    escalator: {rate: 3%, every: 12 months}
termination: {by: either, notice: 90 days, fee: 3 months}
"""


def seconds(arguments: list[str]) -> tuple[float, int]:
    """How long a command takes, and how many lines it prints."""
    begun = perf_counter()
    done = subprocess.run([COMMAND, *arguments, "-f", "csv"], capture_output=True, check=True)
    return perf_counter() - begun, done.stdout.count(b"\n")


def measured(rounds: int) -> list[Row]:
    """A row: how many times the floor the sweep takes."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "fifteen.yaml"
        file.write_text(DEAL, encoding="utf-8")
        start, sweep = ["schedule", str(MODEL)], ["terminate", str(file), "--every", "day"]
        assert seconds(sweep)[1] == 1 + DAYS  # a header; and both are warm now
        seconds(start)
        pairs = [(seconds(start)[0], seconds(sweep)[0]) for _ in range(rounds)]
    return [
        Row(
            f"`terminate --every day`, {DAYS:,} days, csv",
            median(sweep for _, sweep in pairs),
            "`schedule`, csv",
            median(start for start, _ in pairs),
            median(sweep / start for start, sweep in pairs),
            "at most 3",
        )
    ]


if __name__ == "__main__":
    print(table(measured(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)))

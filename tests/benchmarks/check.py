"""How fast `dealcalc check` is, beside PyYAML's C loader alone on the same files in the same run.

    python tests/benchmarks/check.py [ROUNDS]

Writes 2,000 scenario files of 30 lines each, no two alike, into a temporary folder. `check` reads,
prices and judges them; the C loader only builds what YAML says, and is the floor. They take turns,
and a ratio is the median of those of the rounds, so that a busy machine slows both alike. Budget:
at most two and a half times the loader's time. It prints, and never fails.
"""

import gc
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

import yaml
from speed import Row, table

from dealcalc.checks.check import check

FILES, ROUNDS = 2_000, 9

FILE = """\
deal: Northgate {number}
seller: Example Halls
buyer: Example Lab
currency: USD
term: {{start: {year}-{month:02}, months: {months}}}
charges:
  compute:
    price: {price}m per month
    capacity: {megawatts} MW
    ramp:
      - months: {ramp}
        discount: {discount}%
termination:
  by: either
  notice: {notice} days
claims:
  - claim: months = {months}
    source: made up
  - claim: total > {total}m
cases:
  buyer-leaves:
    notice: {year}-12-{day:02}
    by: buyer
    claims:
      - claim: total < {contract_value}m
  no-discount:
    set: {{charges.compute.ramp.0.discount: 0%}}
sources:
  term: made up
  charges: made up
"""


def scenario(number: int) -> str:
    """A valid file whose claims hold: its amounts and dates depend on the number."""
    months, price, ramp = 24 + number % 37, 100 + number, 1 + number % 3
    return FILE.format(
        number=number,
        year=2025 + number % 5,
        month=1 + number % 9,
        months=months,
        price=price,
        megawatts=300 + number,
        ramp=ramp,
        discount=number % 100 + 1,
        notice=30 + number % 90,
        total=price * (months - ramp) - 1,
        day=1 + number % 28,
        contract_value=price * months,
    )


def seconds(work: Callable[[], None]) -> float:
    """The time that some work takes."""
    begun = perf_counter()
    work()
    return perf_counter() - begun


def load(folder: Path) -> None:
    for path in sorted(folder.iterdir()):
        yaml.load(path.read_bytes(), yaml.CSafeLoader)  # noqa: TID251 - it is the measure


def measured(rounds: int) -> list[Row]:
    """The one row, of so many rounds."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number in range(FILES):
            (folder / f"{number:04}.yaml").write_text(scenario(number), encoding="utf-8")
        assert all(len(path.read_text().splitlines()) == 30 for path in folder.iterdir())

        def judge() -> None:
            assert all(file.status == 0 for file in check([name]))

        gc.disable()  # as the command does
        judge()  # so that every file is in the disk's cache
        taken = [(seconds(judge), seconds(lambda: load(folder))) for _ in range(rounds)]
    return [
        Row(
            f"`check`, {FILES:,} files",
            median(judged for judged, _ in taken),
            "`yaml.load` with `CSafeLoader`",
            median(loaded for _, loaded in taken),
            median(judged / loaded for judged, loaded in taken),
            "at most 2.5",
        )
    ]


if __name__ == "__main__":
    print(table(measured(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)))

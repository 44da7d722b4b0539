"""What a workbook computes again: a deal as it was asked for, and the notice that was asked."""

from dataclasses import dataclass
from datetime import date

from dealcalc.loading.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Model:
    """A scenario, with what was asked of it: notice, by whom, and the month that ends its years.

    `by` is a role, buyer or seller; None is nobody in particular: whoever is out first. Without a
    day, notice is that of the case, or else on the first day on which it may be given.
    """

    scenario: Scenario
    notice: date | None = None
    by: str | None = None
    year_end: int = 12

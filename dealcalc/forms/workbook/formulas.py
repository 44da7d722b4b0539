"""Names of cells, and the formulas that sheets share: the clock, E(day) and its rounding.

They are those of `core`: E(day) is what was earned before a stretch of one rate, plus the rate x
what the clock has run since. Each charge is rounded by itself.

What limits them is that a spreadsheet counts in binary numbers of 15 to 17 digits, and dealcalc in
fractions. So E stays in minor units, where a half is a binary number; whole months are multiplied
before a part of one is added; and what is at most 1/50,000 of a minor unit short of a half is
rounded up. Where E comes that close to a half by chance, a cent stands in another month than
dealcalc puts it, or a charge's total is one cent off. By chance means with an escalator, whose
powers have ever more digits: of a few million about one month in tens of thousands, but of 95
billion one of 97 months was found to be a cent off in LibreOffice, where the last digit of a double
is a five-hundredth of a cent. Beyond 90 trillion minor units a double holds no single ones.
"""

import re
from itertools import count
from typing import NamedTuple

from dealcalc.core import TICKS
from dealcalc.terms.deal import Charge, Deal
from dealcalc.terms.values import WATTS, Price, Quantity, convert


class Named(NamedTuple):
    """A charge, and the word that stands for it in the names of cells."""

    name: str
    charge: Charge
    word: str

    def cell(self, what: str, index: int | None = None) -> str:
        """The name of one of its cells, or of a column of its stretches: `Price__compute`.

        No other name has two underscores, so a charge may be called what it likes.
        """
        return f"{what}{'' if index is None else f'_{index + 1}'}__{self.word}"


def named(deal: Deal) -> tuple[Named, ...]:
    """The charges of a deal, each with a word of its own; Excel does not tell A from a."""
    words: dict[str, str] = {}
    for name in deal.charges:
        plain = word = re.sub(r"[^A-Za-z0-9]", "_", name)
        taken = {other.casefold() for other in words.values()}
        numbers = count(2)
        while word.casefold() in taken:
            word = f"{plain}_{next(numbers)}"
        words[name] = word
    return tuple(Named(name, charge, words[name]) for name, charge in deal.charges.items())


# --- rates ----------------------------------------------------------------------------------------


def unit_of_rate(price: Price) -> str:
    """What the rate of a recurring price is counted by: a month, or a day of 24 hours."""
    return "day" if price.per in ("hour", "day") else "month"


def rate(price: Price, amount: str, owner: Named, deal: Deal, charge: Charge, load: str) -> str:
    """A recurring price in a cell as a rate for the whole capacity, which is that of `owner`."""
    text = amount
    if price.unit:
        parts = enumerate(deal.capacity(charge))
        index, part = next(one for one in parts if convert(one[1], price.unit) is not None)
        text += f"*{owner.cell('Capacity', index)}{_in_units(part, price.unit)}"
    if price.per == "hour":
        return f"{text}*24" + (f"*{load}" if charge.load is not None else "")
    months = {"quarter": "/3", "year": "/12"}
    return text + months.get(price.per, "")


def _in_units(part: Quantity, unit: str) -> str:
    """What turns watts of one size into those of another."""
    if part.unit == unit:
        return ""
    have, want = WATTS[part.unit], WATTS[unit]
    return f"*{have // want}" if have > want else f"/{want // have}"


# --- E(day) ---------------------------------------------------------------------------------------


def ticks(day: str, first: str) -> str:
    """The clock of monthly prices on a day, for a service from a first day, as core.month_clock."""
    month = f"12*YEAR({day})+MONTH({day})"
    days = f"DAY(EOMONTH({day},0))"
    return (
        f'IF(Proration="whole-month",'
        f"{TICKS}*IF({day}<{first},12*YEAR({first})+MONTH({first})-1,{month}),"
        f"{TICKS}*({month}-1)+"
        f'IF(Proration="30/360",'
        f"IF(DAY({day})>=MIN(30,{days}),{TICKS},{TICKS // 30}*DAY({day})),"
        f"{TICKS}/{days}*DAY({day})))"
    )


def moved(rate: str, clock: str, before: str, unit: str) -> str:
    """What a rate earns from one stand of its clock to another, in minor units.

    Whole months first, then the part: together they would have too many digits.
    """
    run = f"({clock}-{before})"
    return f"{rate}*Minor*INT({run}/{unit})+{rate}*Minor*MOD({run},{unit})/{unit}"


def half_up(exact: str) -> str:
    """A cell in minor units rounded half-up to whole ones.

    ROUND alone takes .4975 for a half where thirteen digits stand before the point, at least in
    LibreOffice, so what it gives is compared with what it was given.
    """
    over = f"{exact}-ROUND({exact},0)"
    return f"ROUND({exact},0)+({over}>=0.49998)-({over}<-0.50002)"

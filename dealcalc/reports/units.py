"""Amounts as people read them: in millions or billions where that is enough, or to the cent.

Prose has its amounts as `money_text` marks them; a form says them in the unit that it was asked for
with `in_unit`. Marks are control characters, which no text of a file may have.
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from dealcalc.terms.values import half_up_decimal


class Unit(NamedTuple):
    """What money is shown in: its name, behind amounts and in headings, and its power of ten."""

    name: str
    power: int
    decimals: int = 2

    def digits(self, amount: Decimal) -> str:
        """An amount with thousands marks, rounded half-up; in cents all it has."""
        if not self.power or not amount:
            return grouped(amount)
        return grouped(half_up_decimal(Fraction(amount) / 10**self.power, self.decimals))

    def read(self, amount: Decimal) -> Decimal:
        """What its digits say of an amount."""
        return Decimal(self.digits(amount).replace(",", ""))

    def says(self, amount: Decimal) -> bool:
        """Whether its digits are all of an amount."""
        exponent = amount.normalize().as_tuple().exponent
        return not self.power or -int(exponent) <= self.decimals - self.power


UNITS = {"1": Unit("", 0), "k": Unit("k", 3), "m": Unit("m", 6), "bn": Unit("bn", 9)}
WHOLE = UNITS["1"]
EXACT_BELOW = 10_000_000
"""Amounts below this are as easily read to the cent."""
IN_BILLIONS = 10_000_000_000_000
"""From here on the amounts of a table are in billions, so that they stay short."""

MOST_DECIMALS = 4
"""What takes more of them to be told apart is as easily read to the cent."""

MARKED = re.compile("\x02(=?)([^\x02\x03]*)\x03")


def grouped(amount: Decimal) -> str:
    """An amount with thousands marks, all its decimals."""
    return f"{amount:,f}"


def column_unit(amounts: Iterable[Decimal]) -> Unit:
    """The unit of a table: that in which its largest amount is easily read."""
    largest = max(map(abs, amounts), default=Decimal(0))
    if largest < EXACT_BELOW:
        return WHOLE
    return UNITS["m" if largest < IN_BILLIONS else "bn"]


def line_unit(amounts: Iterable[Decimal]) -> Unit:
    """The unit of a line of prose: that of its smallest amount, so that nothing of it is lost."""
    smallest = min(filter(None, map(abs, amounts)), default=Decimal(0))
    if smallest < EXACT_BELOW:
        return WHOLE
    return UNITS["m" if smallest < 10 ** UNITS["bn"].power else "bn"]


def telling(
    unit: Unit, amounts: Iterable[Decimal], claimed: Iterable[Decimal] = (), *, asked: bool
) -> Unit:
    """A unit with as many decimals as it takes for amounts that differ, or are not 0, to look so.

    What is `claimed` of them is said exactly, so that rounding belies no comparison. A unit that
    nobody asked for gives way to cents where those would be too many.
    """
    exact = {*claimed}
    different = {*amounts, *exact, Decimal(0)}
    while not all(map(unit.says, exact)) or len(set(map(unit.read, different))) < len(different):
        unit = unit._replace(decimals=unit.decimals + 1)
        if unit.decimals > MOST_DECIMALS and not asked:
            return WHOLE
    return unit


def money_text(amount: Decimal, currency: str, claimed: Iterable[Decimal] = ()) -> str:
    """An amount in prose, marked for `in_unit`, and what is claimed of it, which is not shown."""
    beside = "".join(f"\x02={one:f}\x03" for one in claimed)
    return f"\x02{amount:f}\x03{beside} {currency}"


def marked(text: str, currency: str) -> str:
    """A text with the amounts that it says in full marked for `in_unit`."""
    amount = rf"(?<![\w.,])\d[\d,]*(?:\.\d+)? {re.escape(currency)}\b"
    return re.sub(amount, lambda match: _marked(match[0], currency), text)


def _marked(amount: str, currency: str) -> str:
    number = amount.removesuffix(currency).replace(",", "")
    return money_text(Decimal(number.strip()), currency)


def in_unit(text: str, asked: Unit | None) -> str:
    """A line of prose with its amounts like `45.00bn`, all in one unit: the asked, or its own."""
    marks = [(mark, Decimal(amount)) for mark, amount in MARKED.findall(text)]
    if not marks:
        return text
    amounts = [amount for mark, amount in marks if not mark]
    claimed = [amount for mark, amount in marks if mark]
    unit = telling(asked or line_unit(amounts), amounts, claimed, asked=asked is not None)

    def said(match: re.Match[str]) -> str:
        amount = Decimal(match[2])
        return "" if match[1] else unit.digits(amount) + (unit.name if amount else "")

    return MARKED.sub(said, text)

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

    def digits(self, amount: Decimal) -> str:
        """An amount with thousands marks: two decimals, rounded half-up; in cents all it has."""
        if not self.power or not amount:
            return grouped(amount)
        return grouped(half_up_decimal(Fraction(amount) / 10**self.power, DECIMALS))


DECIMALS = 2
UNITS = {"1": Unit("", 0), "k": Unit("k", 3), "m": Unit("m", 6), "bn": Unit("bn", 9)}
WHOLE = UNITS["1"]
EXACT_BELOW = 10_000_000
"""Amounts below this are as easily read to the cent."""
IN_BILLIONS = 10_000_000_000_000
"""From here on the amounts of a table are in billions, so that they stay short."""

MARKED = re.compile("\x02([^\x02\x03]*)\x03")


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


def money_text(amount: Decimal, currency: str) -> str:
    """An amount in prose, marked for `in_unit`."""
    return f"\x02{amount:f}\x03 {currency}"


def in_unit(text: str, asked: Unit | None) -> str:
    """A line of prose with its amounts like `45.00bn`, all in one unit: the asked, or its own."""
    amounts = [Decimal(amount) for amount in MARKED.findall(text)]
    unit = asked or line_unit(amounts)

    def said(match: re.Match[str]) -> str:
        amount = Decimal(match[1])
        return unit.digits(amount) + (unit.name if amount else "")

    return MARKED.sub(said, text) if amounts else text

"""Pieces of formulas that sheets share, and what limits them.

A spreadsheet counts in binary numbers of 15 to 17 digits, and dealcalc in fractions. So what is
earned stays in minor units, where a half is a binary number; whole months are multiplied before a
part of one is added; and what is at most 1/50,000 of a minor unit short of a half is rounded up.
Where it comes that close to a half by chance, a cent stands in another month than dealcalc puts it,
or a charge's total is one cent off. By chance means with an escalator, whose powers have ever more
digits: of a few million about one month in tens of thousands, but of 95 billion one of 97 months
was found to be a cent off in LibreOffice, where the last digit of a double is a five-hundredth of a
cent. Beyond 90 trillion minor units a double holds no single ones.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction

from dealcalc.figures.factors import Factor

Cells = Mapping[str, str]
"""The names of the cells in which numbers of the deal stand, by their paths."""


def product(factors: Iterable[Factor], cells: Cells, spread: str = "") -> str:
    """A rate as the product of its factors, their numbers by the cells in which they stand.

    `spread` is the formula for the months of a sum that has a shape, which other cells move.
    """
    return "*".join(_factor(one, cells, spread) for one in factors)


def _factor(factor: Factor, cells: Cells, spread: str) -> str:
    if factor.spreads:
        return f"1/{spread}"
    if factor.number is None:
        return ratio(factor.value)
    text = cells[factor.number.path]
    if factor.scale != 1:
        text = f"-{text}" if factor.scale == -1 else f"{text}*{ratio(factor.scale)}"
    text = f"({factor.offset}+{text})".replace("+-", "-") if factor.offset else text
    return text if factor.power == 1 else f"{text}^{factor.power}"


def ratio(value: Fraction) -> str:
    """A number as a spreadsheet divides it, exactly as far as it can."""
    return f"{value.numerator}" + (f"/{value.denominator}" if value.denominator != 1 else "")


def times(rate: str, weight: Fraction, minor: int) -> str:
    """What a rate earns in so many months or days, in minor units, the whole ones first."""
    whole, part = divmod(weight, 1)
    terms = [f"{rate}*{minor * whole}"] if whole else []
    terms += [f"{rate}*{minor}*{ratio(part)}"] if part else []
    return "+".join(terms) or "0"


def half_up_formula(exact: str, sign: int = 1) -> str:
    """A cell in minor units rounded half-up to whole ones; with a sign of -1, one below 0.

    ROUND alone takes .4975 for a half where thirteen digits stand before the point, at least in
    LibreOffice, so what it gives is compared with what it was given.
    """
    if sign < 0:
        return f"-({half_up_formula(f'-{exact}')})"
    over = f"{exact}-ROUND({exact},0)"
    return f"ROUND({exact},0)+({over}>=0.49998)-({over}<-0.50002)"


def day(value: date) -> str:
    """A day that nothing moves."""
    return f"DATE({value.year},{value.month},{value.day})"

"""What leaving costs: each kind of fee is a type, and says all of itself that anyone asks.

What a fee is a multiple of is net: what the buyer pays, less what charges are paid by the seller.
Where that is less than nothing, leaving costs nothing.

A new kind is a class here, with its words in `words.read_fee`. What it must know of an early end is
a method of `Departure`; the type checker then names those who have to tell it: the core in numbers,
`explain` in texts, a workbook in cells.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar, Protocol, TypeVar

from dealcalc.terms.values import Span, amount_text, decimal_text, percent_text

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Departure(Protocol[T_co]):
    """An early end, as far as a fee may be a multiple of it."""

    def forgone(self) -> T_co:
        """What is no longer earned."""
        ...

    def monthly(self) -> T_co:
        """The monthly rates of the charges in service on the last day."""
        ...

    def left(self, over: Span) -> T_co:
        """The share that is left on the last day of what falls evenly over a length of time."""
        ...


@dataclass(frozen=True)
class Fee(ABC):
    """What a right costs who leaves by it: a number of the file, alone or times a `multiple`.

    Its text is that of the file. `kind` is that of the number: an "amount" of money, a "share" from
    0 to 1, or a whole "count"; `unit` says what of, unless that is money.
    """

    number: Fraction
    kind: ClassVar[str]
    unit: ClassVar[str]

    @abstractmethod
    def multiple(self, leaving: Departure[T]) -> T | None:
        """What the number is multiplied by; None where it is all."""

    @abstractmethod
    def explained(self, leaving: Departure[str]) -> str:
        """What it is made of, in words."""

    @abstractmethod
    def __str__(self) -> str: ...

    @property
    def agreed(self) -> str:
        """What was agreed, where it is not the amount that is paid."""
        return ""

    def amount(self, leaving: Departure[Fraction]) -> Fraction:
        """What is paid, exact, in units of the currency; never below 0."""
        multiple = self.multiple(leaving)
        return self.number if multiple is None else self.number * max(multiple, Fraction(0))


class FeeAmount(Fee):
    """`500m`."""

    kind, unit = "amount", ""

    def multiple(self, _: Departure[T]) -> T | None:
        """The amount is all."""
        return None

    def explained(self, _: Departure[str]) -> str:
        """500000000."""
        return decimal_text(self.number)

    def __str__(self) -> str:
        return amount_text(self.number)


class FeeMonths(Fee):
    """`3 months` of the price."""

    kind, unit = "count", "months of the price"

    def multiple(self, leaving: Departure[T]) -> T | None:
        """A month's rates."""
        return leaving.monthly()

    def explained(self, leaving: Departure[str]) -> str:
        """3 months x 1,250,000,000, the monthly rates of the last day."""
        return f"{self} x {leaving.monthly()}, the monthly rates of the last day"

    @property
    def agreed(self) -> str:
        """3 months of the rates of the last day."""
        return f"{self} of the rates of the last day"

    def __str__(self) -> str:
        return f"{Span(int(self.number), 'months')}"


class FeeShare(Fee):
    """`25% of remaining`."""

    kind, unit = "share", "of what is forgone"

    def multiple(self, leaving: Departure[T]) -> T | None:
        """What is no longer earned."""
        return leaving.forgone()

    def explained(self, leaving: Departure[str]) -> str:
        """25% of the 1,000,000.00 forgone."""
        return f"{percent_text(self.number)} of the {leaving.forgone()} forgone"

    @property
    def agreed(self) -> str:
        """25% of what is forgone."""
        return f"{percent_text(self.number)} of what is forgone"

    def __str__(self) -> str:
        return f"{percent_text(self.number)} of remaining"


@dataclass(frozen=True)
class FeeFalling(Fee):
    """`{amount: 30m, over: 120 months}`: what is left of a sum that falls evenly by day.

    It falls from the earliest start of the charges that the right ends.
    """

    over: Span
    kind, unit = "amount", ""

    def multiple(self, leaving: Departure[T]) -> T | None:
        """The share that is left."""
        return leaving.left(self.over)

    def explained(self, leaving: Departure[str]) -> str:
        """30000000 x 0.75, what is left of it on the last day."""
        number = decimal_text(self.number)
        return f"{number} x {leaving.left(self.over)}, what is left of it on the last day"

    @property
    def agreed(self) -> str:
        """What is left of 30m falling over 120 months."""
        return f"what is left of {self}"

    def __str__(self) -> str:
        return f"{amount_text(self.number)} falling over {self.over}"

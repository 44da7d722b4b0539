"""What a rate is made of: numbers of the deal, each with its place, whose product it is."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from dealcalc.core import Priced
from dealcalc.earned import Stage, spread_over
from dealcalc.terms.charges import Charge, Escalator, PriceStretch, Step
from dealcalc.terms.dates import DAY, TICKS
from dealcalc.terms.deal import Deal
from dealcalc.terms.values import (
    Price,
    Quantity,
    convert,
    decimal_text,
    half_up_decimal,
    percent_text,
)


class PlacedNumber(NamedTuple):
    """A number that stands in the deal: its path, its value, of what kind it is, and its unit.

    Kinds: amount (of money), quantity, share (0 to 1), change (of a price; -1 to 1) and count.
    """

    path: str
    value: Fraction
    kind: str
    unit: str


class Factor(NamedTuple):
    """A factor of a rate: in words, its term's path, and its value (offset + scale x number)^power.

    A factor that no number of the deal moves, like `x 24 hours`, is its scale. The one that
    `spreads` a sum with a ramp or an escalator is 1 over the months of its charge, each weighed by
    the factors that come after it.
    """

    text: str
    path: str = ""
    number: PlacedNumber | None = None
    scale: Fraction = Fraction(1)
    offset: int = 0
    power: int = 1
    spreads: bool = False

    @property
    def value(self) -> Fraction:
        """What the rate is multiplied by."""
        number = self.number.value if self.number else 1
        return (self.offset + self.scale * number) ** self.power


def weight(stage: Stage, start: date, through: date) -> Fraction:
    """How many months or days of its rate a stage counts from one day through another; 1 `once`."""
    if stage.per == "once":
        return Fraction(1)
    ticks = stage.clock(through) - stage.clock(start - DAY)
    return Fraction(ticks, TICKS if stage.per == "month" else 1)


def factors(priced: Priced, name: str, stretch: PriceStretch) -> Iterator[Factor]:
    """The factors of a charge's rate on a stretch; of a price `once`, those of its amount."""
    charge, path = priced.deal.charges[name], priced.deal.path_of(name)
    step, place = stretch.step, f"{path}.ramp.{stretch.step_index}"
    if step and step.price:
        yield from _listed(priced.deal, name, step.price, f"{place}.price")
        return
    price, renewal = charge.price_in(stretch), stretch.renewal
    where = f"options.{renewal.option}" if renewal else path
    yield from _listed(priced.deal, name, price, f"{where}.price")
    if price.per == "total":
        yield _spread(priced.deal, charge)
    if charge.escalator and stretch.increases:
        yield _growth(charge.escalator, stretch.increases, f"{path}.escalator")
    if step:
        yield _discount(step, f"{place}.discount")


def _spread(deal: Deal, charge: Charge) -> Factor:
    """The months that a sum is spread over; ramp and escalator weigh them."""
    months = spread_over(deal, charge)
    if charge.ramp or charge.escalator:
        text = f"/ {half_up_decimal(months, 6).normalize():f} weighted months"
        return Factor(text, scale=1 / months, spreads=True)
    text = f"/ {decimal_text(months)} month{'s' * (months != 1)}"
    return Factor(text, scale=1 / months)


def _listed(deal: Deal, name: str, price: Price, path: str) -> Iterator[Factor]:
    """A price, and what makes it a month's, or a day's, for the whole capacity."""
    text = f"{price}"
    unit = f"{deal.currency} {text.partition(' ')[2]}"
    yield Factor(text, path, PlacedNumber(path, price.amount, "amount", unit))
    if deal.charges[name].paid_by == "seller":
        yield Factor("x -1 (the seller pays)", f"{deal.path_of(name)}.paid_by", scale=Fraction(-1))
    if price.unit:
        yield from _capacity(deal, name, price.unit)
    if price.recurs and price.period.length != 1:
        yield _length(price)
    charge, path = deal.charges[name], f"{deal.path_of(name)}.load"
    if price.is_hourly and charge.load is not None:
        load = PlacedNumber(path, charge.load, "share", "of the hours")
        yield Factor(f"x {percent_text(charge.load)} load", path, load)


def _length(price: Price) -> Factor:
    """From a period of so many months or days to one month or day."""
    length = price.period.length
    whole = length.denominator == 1
    text = f"/ {length}" if whole else f"x {decimal_text(1 / length)} {price.per}s"
    return Factor(text, scale=1 / length)


def _capacity(deal: Deal, name: str, unit: str) -> Iterator[Factor]:
    """What a charge sells, counted in a unit; the number is that of the charge which says it."""
    charge = deal.charges[name]
    first = charge.capacity[0] if charge.capacity else None
    seller = first if isinstance(first, str) else name
    for index, part in enumerate(deal.capacity(charge)):
        scale = convert(Quantity(Fraction(1), part.unit), unit)
        if scale is not None:
            same = f"{decimal_text(scale * part.number)} {unit}"
            text = same if f"{part}" == same else f"{same} ({part})"
            place = f"{deal.path_of(seller)}.capacity.{index}"
            number = PlacedNumber(place, part.number, "quantity", part.unit)
            yield Factor(f"x {text}", f"{deal.path_of(name)}.capacity", number, scale)


def _growth(escalator: Escalator, increases: int, path: str) -> Factor:
    """What so many increases make of a price."""
    sign, size = "-" if escalator.rate < 0 else "+", percent_text(abs(escalator.rate))
    number = PlacedNumber(f"{path}.rate", escalator.rate, "change", "each time")
    return Factor(f"x (1 {sign} {size})^{increases}", path, number, offset=1, power=increases)


def _discount(step: Step, path: str) -> Factor:
    off = step.discount or Fraction(0)
    number = PlacedNumber(path, off, "share", "off the price")
    return Factor(f"x (1 - {percent_text(off)})", path, number, Fraction(-1), offset=1)


def fee_numbers(deal: Deal) -> Iterator[PlacedNumber]:
    """The numbers that the fees of a deal's rights are made of."""
    for index, right in enumerate(deal.rights):
        for k, term in enumerate(right.fee):
            fee, path = term.kind, f"termination.{index}.{right.fee_path(k)}"
            yield PlacedNumber(path, fee.number, fee.kind, fee.unit or deal.currency)

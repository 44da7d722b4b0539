"""What a site file says: the seller's sites, what they cost, and which contracts they serve.

These types are the only definition of the site file; the reader and the schema are derived from
them, as from those of `deal`. A level (nameplate, own use, capital) holds from its day on until the
next. A type with a `short` key may be written as that key's value alone.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import ClassVar

from dealcalc.terms import shapes, words
from dealcalc.terms.currencies import CURRENCIES
from dealcalc.terms.faults import Fault, Rules
from dealcalc.terms.fields import EMPTY, Many, Named, key
from dealcalc.terms.misread import Misread
from dealcalc.terms.money import read_quantity
from dealcalc.terms.rules import faults
from dealcalc.terms.values import WATTS, Price, Quantity, convert
from dealcalc.terms.words import Word

MOST_SITES = 100


def read_power(text: str) -> Fraction:
    """`300 MW` in MW; kW and GW convert."""
    megawatts = convert(read_quantity(text), "MW")
    if megawatts is None:
        help = "write it in MW, kW or GW"
        raise Misread(f"the capacity of a site is power, not {text[:40]}", help, code="capacity")
    return megawatts


def read_contract(text: str) -> str:
    """The path of a scenario file, from the folder of the site file downwards."""
    parts = words.read_free_text(text).replace("\\", "/").split("/")
    if os.path.isabs(text) or "" in parts or ".." in parts or ":" in parts[0] or text == "-":
        message = f"{text[:40]} leads out of the folder of this file"
        raise Misread(
            message,
            "put the contract in the folder of this file, or in one below it",
            code="contract",
        )
    return text


POWER = Word("power", "300 MW", read_power, shapes.SIZE_IN_WATTS)
CONTRACT = Word("scenario file beside this one", "contract.yaml", read_contract, shapes.FILE_BESIDE)


# --- what a site file says ------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Level:
    """So much capacity from a day on, until the next level. Alone, `300 MW` holds always."""

    short: ClassVar[str] = "capacity"
    start: date | None = key(
        words.FIRST_DAY,
        "from this day on; a month is its first day; default: always",
        None,
        name="from",
    )
    capacity: Fraction = key(POWER, "how much, in MW, kW or GW")


@dataclass(frozen=True, kw_only=True, slots=True)
class Capital:
    """So much capital is invested, all in all, from a day on. Alone, `12bn` from the first day."""

    short: ClassVar[str] = "capital"
    start: date | None = key(
        words.FIRST_DAY, "from this day on; default: from the first day of all", None, name="from"
    )
    capital: Fraction = key(words.AMOUNT, "invested by then, what was invested before included")


@dataclass(frozen=True, kw_only=True, slots=True)
class Cost:
    """What running a site costs: for each MW, or flat. Alone, a price is that of running MW."""

    short: ClassVar[str] = "price"
    price: Price = key(words.PRICE, "0.15m per MW-month, or flat: 20m per month")
    on: str = key(
        words.one_of("what a cost per MW is on", "running", "nameplate"),
        "own use and sold, or all there is",
        "running",
    )

    def of(self, what: str) -> Fraction:
        """The cost a month: of a MW that is `running`, of one on the `nameplate`, or `flat`."""
        if what != (self.on if self.price.unit else "flat"):
            return Fraction(0)
        return per_month(self.price)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sale:
    """A contract that is sold from a site. Alone, a path is that of one that states its MW."""

    short: ClassVar[str] = "contract"
    contract: str = key(CONTRACT, "a scenario file, in the folder of this file or below")
    case: str | None = key(words.NAME, "a case of that file, laid on it", None)
    capacity: Fraction | None = key(POWER, "assumed where the contract states none in MW", None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """A place with so much capacity, what it cost, and who uses it."""

    capacity: tuple[Level, ...] = key(Many(Level, or_one=True), "what there is; steps from days on")
    invested_capital: tuple[Capital, ...] = key(
        Many(Capital, or_one=True), "what was spent on it; steps from days on", ()
    )
    operating_cost: tuple[Cost, ...] = key(
        Many(Cost, or_one=True),
        "per MW-month of what runs, on the nameplate, or flat per month",
        (),
    )
    own_value: Price | None = key(words.PRICE, "what a MW used at home is worth to the owner", None)
    own_use: tuple[Level, ...] = key(
        Many(Level, or_one=True), "what the owner uses, from days on", ()
    )
    sold: tuple[Sale, ...] = key(Many(Sale, or_one=True), "the contracts served from here", ())


@dataclass(frozen=True, kw_only=True, slots=True)
class Provider:
    """A seller and its sites, as a site file says it."""

    name: str = key(words.TEXT, "who owns the sites", name="provider")
    currency: str = key(words.CURRENCY, "ISO 4217 code, that of every contract too")
    sites: Mapping[str, Site] = key(Named(Site, most=MOST_SITES), "what there is, by name")
    through: date | None = key(
        words.LAST_DAY, "last day shown; default: the last agreed day of any contract", None
    )
    sources: Mapping[str, str] = key(
        Named(words.TEXT, words.TEXT), "where a term comes from, by its path", EMPTY
    )
    assumptions: Mapping[str, str] = key(
        Named(words.TEXT, words.TEXT), "what nobody has disclosed, and what stands there", EMPTY
    )

    @property
    def places(self) -> int:
        """Digits of the currency's minor unit, to which booked amounts are rounded."""
        return CURRENCIES[self.currency]


def per_month(price: Price) -> Fraction:
    """An amount per month, of one MW where the price is per unit."""
    units = convert(Quantity(Fraction(1), "MW"), price.unit) if price.unit else None
    return price.amount * (1 if units is None else units) / price.period.length


# --- rules ----------------------------------------------------------------------------------------


@faults.register
def _cost(cost: Cost) -> Rules:
    """A price by the month, and by the MW where it stands on the nameplate."""
    yield _by_the_month(cost.price)
    yield _flat_is_on_nothing(cost)


def _flat_is_on_nothing(cost: Cost) -> Iterator[Fault]:
    if cost.on == "nameplate" and not cost.price.unit:
        message = "a flat cost is the same whatever runs"
        yield Fault(("on",), "not-here", message, "take `on` away, or write `per MW-month`")


@faults.register
def _site(site: Site) -> Rules:
    """Levels in order, and a value by the MW and the month."""
    for name in ("capacity", "invested_capital", "own_use"):
        yield _in_order(site, name)
    yield _capital_stays(site)
    yield _value_by_the_month(site)


def _in_order(site: Site, name: str) -> Iterator[Fault]:
    for index, (one, other) in enumerate(pairwise(getattr(site, name)), 1):
        if other.start is None:
            message = "only the first of several may go without `from`"
            yield Fault((name, index), "missing-key", message, "add `from: 2026-05`")
        elif other.start <= (one.start or date.min):
            message = f"{other.start} is not after {one.start}, from when the one before holds"
            yield Fault((name, index, "from"), "reversed-dates", message, "put them in order")


def _capital_stays(site: Site) -> Iterator[Fault]:
    for index, (one, other) in enumerate(pairwise(site.invested_capital), 1):
        if other.capital < one.capital:
            message = "less is invested than before: what was spent stays spent"
            help = "write all that is invested by that day, not what is added"
            yield Fault(("invested_capital", index), "conflict", message, help)


def _value_by_the_month(site: Site) -> Iterator[Fault]:
    if site.own_value:
        for fault in _by_the_month(site.own_value):
            yield fault._replace(path=("own_value",))
        if not site.own_value.unit:
            message = "own use is valued by the MW"
            yield Fault(("own_value",), "price", message, "write it like `1m per MW-month`")


@faults.register
def _provider(provider: Provider) -> Rules:
    """There is a site."""
    yield _sites_there(provider)


def _sites_there(provider: Provider) -> Iterator[Fault]:
    if not provider.sites:
        yield Fault(("sites",), "empty", "a provider has at least one site", "add one")


def _by_the_month(price: Price) -> Iterator[Fault]:
    by_the_month = price.recurs and price.period.clock == "month"
    if not by_the_month or (price.unit and price.unit not in WATTS):
        help = "write it like `0.15m per MW-month`"
        yield Fault(("price",), "price", "this is by the month here, and by the MW", help)

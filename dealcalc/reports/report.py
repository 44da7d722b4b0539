"""A command's answer: figures, named tables of exact values, and notes. No text layout yet.

The names of tables and columns are the keys of the JSON form and the headers of the CSV form.
Values are `Decimal` (money), `Fraction` (exact rates and shares), `date`, `int`, `str` or None. For
people, the same values stand in views, with headings and with rows that have a meaning.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any, NamedTuple

from dealcalc.loading.scenario import Scenario
from dealcalc.terms.values import half_up

RATE_DECIMALS = 6
"""Rates, ratios and capacities are shown half-up to so many decimals; money never needs them."""


class Table(NamedTuple):
    """Rows of exact values under the names that JSON and CSV use."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


class Column(NamedTuple):
    """A column for people.

    Kinds: text, prose (which may wrap), count, money, rate, share, shade (a `Shade`), and two
    pictures: bar (a share of the largest) and bands (up to three shares of one whole, one after the
    other).
    """

    heading: str
    kind: str = "text"


PICTURES = ("bar", "bands")
"""Kinds of column that only repeat in a picture what other columns say."""


class Shade(NamedTuple):
    """A cell of a grid: its value, its size among all (0 to 1), and whether the deal stands there.

    Its value says of what kind it is: a Decimal is money, a Fraction a share, an int a count.
    """

    value: Any
    size: Fraction
    is_base: bool

    @property
    def kind(self) -> str:
        """The kind of column in which the value alone would stand."""
        kinds = {Decimal: "money", Fraction: "share", int: "count"}
        return kinds.get(type(self.value), "text")


class Row(NamedTuple):
    """Cells of a view, and what the row is: plain, head (of those below it), subtotal or total."""

    cells: tuple[Any, ...]
    kind: str = "plain"


class View(NamedTuple):
    """A table for people."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


class Figure(NamedTuple):
    """One of the few figures that are the answer: a name, a value, and a remark beside it."""

    name: str
    value: Any
    remark: str = ""


class Note(NamedTuple):
    """Something that is said under the tables.

    Kinds: note, assumed, warning, and source (where a term comes from), for which only a page has
    room.
    """

    text: str
    kind: str = "note"


class Point(NamedTuple):
    """A place of a chart: what it is called, its day, and a value for each of the series."""

    name: str
    day: date
    values: tuple[Decimal | Fraction, ...]


class Chart(NamedTuple):
    """Values over time, one series upon the other, for the forms that can draw.

    Kinds: columns (of a stretch of time each) and bands (between days). Values of bands are never
    negative. The unit is a currency, or one like MW.
    """

    title: str
    kind: str
    unit: str
    series: tuple[str, ...]
    points: tuple[Point, ...]


class Report(NamedTuple):
    """What a command answers, for every writer."""

    command: str
    facts: Mapping[str, Any]
    tables: tuple[Table, ...]
    csv: str | Table
    title: str
    currency: str
    figures: tuple[Figure, ...]
    views: tuple[View, ...]
    notes: tuple[Note, ...] = ()
    after: Mapping[str, Any] = MappingProxyType({})
    charts: Callable[[], tuple[Chart, ...]] = tuple
    """Made when they are drawn: a page alone has them."""
    scenario: Scenario | None = None
    """The one deal that is answered for, where a workbook can compute the answer itself."""

    def said(self) -> tuple[Note, ...]:
        """The notes that stand under the tables in every form for people."""
        return tuple(note for note in self.notes if note.kind != "source")

    def money(self, unit: "Unit") -> str:
        """What amounts are in: `USD`, or `USD bn`."""
        return f"{self.currency} {unit.name}" if unit.power else self.currency

    def table(self, name: str) -> Table:
        """One of the tables, by name."""
        return next(table for table in self.tables if table.name == name)

    def csv_table(self) -> Table:
        """The rows of the CSV form: one of the tables, or one for that form alone."""
        return self.table(self.csv) if isinstance(self.csv, str) else self.csv


# --- values as people read them ------------------------------------------------------------------


class Unit(NamedTuple):
    """The unit money is shown in: its name, its power of ten, and its decimals (None: all)."""

    name: str
    power: int
    decimals: int | None = None


UNITS = {"1": Unit("1", 0), "k": Unit("k", 3, 2), "m": Unit("m", 6, 2), "bn": Unit("bn", 9, 3)}
WHOLE = UNITS["1"]


def grouped(amount: Decimal) -> str:
    """An amount with thousands marks, all its decimals."""
    return f"{amount:,f}"


def shown(kind: str, value: Any, unit: Unit = WHOLE) -> str:
    """A value as people read it; money in a unit."""
    if value is None:
        return ""
    if kind == "shade":
        return f"{'> ' if value.is_base else ''}{shown(value.kind, value.value, unit)}"
    if kind == "money":
        return _money(value, unit)
    if kind == "share":
        return f"{Decimal(half_up(Fraction(value) * 100, 1)).scaleb(-1)}%"
    if kind == "rate":
        return grouped(six(Fraction(value)))
    return f"{value:,}" if kind == "count" else str(value)


def _money(value: Decimal, unit: Unit) -> str:
    if unit.decimals is None:
        return grouped(value)
    scaled = Fraction(value) / 10**unit.power
    return grouped(Decimal(half_up(scaled, unit.decimals)).scaleb(-unit.decimals))


def six(value: Fraction) -> Decimal:
    """A rate, a ratio or a capacity, half-up to six decimals, without zeros at the end."""
    rounded = half_up(value, RATE_DECIMALS)
    places = RATE_DECIMALS
    while places and rounded % 10 == 0:
        rounded, places = rounded // 10, places - 1
    return Decimal(rounded).scaleb(-places)

"""What a command answers: figures, named tables of exact values, and notes. No text layout yet.

A table is defined once, by its fields: how programs call a value, what people read above it, and of
what kind it is. Its rows are named objects. JSON and CSV write the fields of tables; for people a
view arranges the same fields and rows, with rows that have a meaning and with pictures.

Values are `Decimal` (money), `Fraction` (exact rates and shares), `date`, `int`, `str` or None.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from operator import attrgetter
from typing import Any, NamedTuple

from dealcalc.reports.units import (
    WHOLE,
    Unit,
    column_unit,
    grouped,
    in_unit,
    money_text,
    telling,
)
from dealcalc.terms.values import half_up, half_up_decimal

RATE_DECIMALS = 6
"""Rates, ratios and capacities are shown half-up to so many decimals; money never needs them."""
MOST_NAMED = 3
"""Names that are listed before the rest is counted."""

# --- tables ---------------------------------------------------------------------------------------


class Field(NamedTuple):
    """A column, wherever it is shown: its name for programs, its heading for people, its kind.

    Kinds: text, prose (which may wrap), count, money, rate, share, shade (a `Shade`), and two
    pictures: bar (a share of the largest) and bands (up to three shares of one whole, one after the
    other). The value is the attribute of a row that has the field's name, unless `value` gives it.
    """

    name: str
    heading: str = ""
    kind: str = "text"
    value: Callable[[Any], Any] | None = None

    @property
    def getter(self) -> Callable[[Any], Any]:
        """What takes the value from a row."""
        return self.value or attrgetter(self.name)


PICTURES = ("bar", "bands")
"""Kinds of field that only repeat in a picture what others say."""


def fields(*columns: str) -> tuple[Field, ...]:
    """Fields by name and kind, like `fields("last_day", "fee money")`; headings say their names."""
    parts = ((name, kind or "text") for name, _, kind in (text.partition(" ") for text in columns))
    return tuple(Field(name, name.replace("_", " ").capitalize(), kind) for name, kind in parts)


def row_values(given: Sequence[Field]) -> Callable[[Any], tuple[Any, ...]]:
    """What takes the values of fields from a row.

    A row is an object, or a mapping by names: of a total or a grid, None where it says nothing.
    """
    names, getters = [field.name for field in given], [field.getter for field in given]

    def cells(row: Any) -> tuple[Any, ...]:
        if isinstance(row, dict):
            return tuple(map(row.get, names))
        return tuple([getter(row) for getter in getters])

    return cells


def only(given: Iterable[Field], *names: str) -> tuple[Field, ...]:
    """Some of the fields, in the order of their names."""
    by_name = {field.name: field for field in given}
    return tuple(by_name[name] for name in names)


def objects(given: Sequence[Field], rows: Iterable[Any]) -> list[dict[str, Any]]:
    """Rows that JSON has inside a row: their values by name."""
    names, cells = [field.name for field in given], row_values(given)
    return [dict(zip(names, cells(row), strict=True)) for row in rows]


def within(name: str, given: Iterable[Field]) -> tuple[Field, ...]:
    """Fields of an object that rows have under a name."""

    def getter(field: Field) -> Callable[[Any], Any]:
        return lambda row: field.getter(getattr(row, name))

    return tuple(field._replace(value=getter(field)) for field in given)


def bar_of(name: str, highest: Decimal | Fraction | int = 1) -> Field:
    """A picture of a named value as a share of the highest, from 0 to 1; none of one below zero."""

    def share(row: Any) -> Fraction | None:
        amount = getattr(row, name)
        if amount is None:
            return None
        return Fraction(max(amount, 0)) / Fraction(highest) if highest > 0 else Fraction(0)

    return Field(name, "", "bar", share)


class Table(NamedTuple):
    """Rows for programs, under the names of their fields."""

    name: str
    fields: tuple[Field, ...]
    rows: Sequence[Any]

    def cells(self) -> Iterator[tuple[Any, ...]]:
        """The values of each row, in the order of the fields."""
        return map(row_values(self.fields), self.rows)


class Row(NamedTuple):
    """A row of a view, and what it is: plain, head (of those below it), subtotal or total."""

    record: Any
    kind: str = "plain"


class DrawnRow(NamedTuple):
    """A row as it is drawn: the values of the fields, and the kind of row."""

    cells: tuple[Any, ...]
    kind: str


@dataclass(frozen=True)
class View:
    """A table for people: fields in their order, and rows.

    Where something is `claimed` of its amounts, they have the decimals that show whether it holds.
    """

    title: str
    fields: tuple[Field, ...]
    rows: tuple[Row, ...]
    claimed: tuple[Decimal, ...] = ()

    @cached_property
    def lines(self) -> tuple[DrawnRow, ...]:
        """The rows with their values; a bar compares plain rows alone."""
        cells = row_values(self.fields)
        others = row_values(
            [_blank(field) if field.kind == "bar" else field for field in self.fields]
        )
        return tuple(
            DrawnRow((cells if kind == "plain" else others)(record), kind)
            for record, kind in self.rows
        )

    def unit(self, asked: Unit | None) -> Unit:
        """The one unit of its money: the asked, or the one in which it is easily read."""
        unit = asked or column_unit(self._amounts())
        if not self.claimed:
            return unit
        return telling(unit, self._amounts(), self.claimed, asked=asked is not None)

    def _amounts(self) -> Iterator[Decimal]:
        for index, field in enumerate(self.fields):
            if field.kind in ("money", "shade"):
                cells = (line.cells[index] for line in self.lines)
                values = (cell.value if isinstance(cell, Shade) else cell for cell in cells)
                yield from (value for value in values if isinstance(value, Decimal))

    @property
    def is_grid_of_money(self) -> bool:
        """Whether its amounts stand in a grid, where no heading can name their unit."""
        grid = any(field.kind == "shade" for field in self.fields)
        return grid and any(True for _ in self._amounts())


def _blank(field: Field) -> Field:
    return field._replace(name="", value=lambda _: None)


def view(
    given: Iterable[Field],
    records: Iterable[Any],
    total: dict[str, Any] | None = None,
    title: str = "",
) -> View:
    """A view of plain rows, and of their total by the names of fields, if there is one."""
    rows = [*map(Row, records), *([Row(total, "total")] if total else [])]
    return View(title, tuple(given), tuple(rows))


class Shade(NamedTuple):
    """A cell of a grid: its value, its size among all (0 to 1), and whether the deal stands there.

    Its value says of what kind it is: a Decimal is money, a Fraction a share, an int a count.
    """

    value: Any
    size: Fraction
    is_base: bool

    @property
    def kind(self) -> str:
        """The kind of field in which the value alone would stand."""
        kinds = {Decimal: "money", Fraction: "share", int: "count"}
        return kinds.get(type(self.value), "text")


# --- beside the tables ----------------------------------------------------------------------------


class Figure(NamedTuple):
    """One of the few figures that are the answer: a name, a value, and a remark beside it."""

    name: str
    value: Any
    remark: str = ""

    def texts(self, currency: str, asked: Unit | None) -> tuple[str, str]:
        """Value and remark as people read them: the amounts of both in one unit."""
        value = f"{self.value}"
        if isinstance(self.value, Decimal):
            value = money_text(self.value, currency)
        value, _, remark = in_unit(f"{value}\0{self.remark}", asked).partition("\0")
        return value, remark


class Note(NamedTuple):
    """Something that is said under the tables.

    Kinds: note, detail (the same after many commands), assumed, warning, and source (where a term
    comes from), for which only a page has room. Where there is room for a line only, `short` stands
    for the text: a warning without its help, or the name of what is assumed.
    """

    text: str
    kind: str = "note"
    short: str = ""

    def said(self, asked: Unit | None) -> str:
        """Its text as people read it, its amounts in one unit."""
        return in_unit(self.text, asked)

    def in_short(self, asked: Unit | None) -> str:
        """What stands where there is room for a line only."""
        return in_unit(self.short or self.text, asked)


class ChartPoint(NamedTuple):
    """A place of a chart: what it is called, its day, and a value for each of the series.

    Without a day it stands in the order of the points alone.
    """

    name: str
    day: date | None
    values: tuple[Decimal | Fraction, ...]


class Chart(NamedTuple):
    """Values of several places, one series upon the other, for the forms that can draw.

    Kinds: columns (of a stretch of time, or of a value, each), bands (between days) and bars (by
    names, which may be long). Values of bands are never negative. The unit is a currency, or one
    like MW; with `%`, a value of 1 is the whole. `draws` are the names of the fields whose bars in
    tables would only repeat it.
    """

    title: str
    kind: str
    unit: str
    series: tuple[str, ...]
    points: tuple[ChartPoint, ...]
    draws: tuple[str, ...] = ()

    @property
    def is_drawn(self) -> bool:
        """Whether there is something to compare: a bar may stand alone, and a column may not."""
        return len(self.points) > (0 if self.kind == "bars" else 1)


def chart_of(
    title: str, kind: str, unit: str, series: Sequence[Field], rows: Iterable[Any],
    day: str = "", name: str | Callable[[Any], str] = "",
) -> Chart:  # fmt: skip
    """A chart of named values: each row stands on its `day`, and is called by it or by `name`."""
    called = name if callable(name) else attrgetter(name or day)
    points = []
    for row in rows:
        stands = getattr(row, day) if day else None
        values = tuple(field.getter(row) for field in series)
        points.append(ChartPoint(f"{called(row)}", stands, values))
    headings, names = (field.heading for field in series), (field.name for field in series)
    return Chart(title, kind, unit, tuple(headings), tuple(points), tuple(names))


# --- the whole answer -----------------------------------------------------------------------------


class Report:
    """What a command answers, for every writer; each command has a report of its own.

    A part is made when a writer first asks for it, by the method with the part's name after a `_`:
    CSV has one table, JSON has facts and tables, and only what people read has the rest.
    """

    command: str
    title: str
    currency: str
    """What amounts are in; nothing where there is no money."""
    version: int = 1
    """The number of the JSON format; a key that is renamed raises it."""
    csv: str = "rows"
    """The table that is the CSV form."""

    @property
    def holds(self) -> bool:
        """Whether no claim that is asked about is false."""
        return True

    @cached_property
    def facts(self) -> Mapping[str, Any]:
        """What JSON says before its tables."""
        return self._facts()

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """The tables of JSON."""
        return tuple(self._tables())

    @cached_property
    def after(self) -> Mapping[str, Any]:
        """What JSON says after its tables."""
        return self._after()

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """The few figures that are the answer."""
        return tuple(self._figures())

    @cached_property
    def views(self) -> tuple[View, ...]:
        """The tables for people."""
        return tuple(self._views())

    @cached_property
    def notes(self) -> tuple[Note, ...]:
        """What is said under the tables, and on pages."""
        return tuple(self._notes())

    @cached_property
    def charts(self) -> tuple[Chart, ...]:
        """What a page draws."""
        return tuple(self._charts())

    def _facts(self) -> dict[str, Any]:
        return {}

    _after = _facts

    def _tables(self) -> Iterable[Table]:
        return ()

    def _nothing(self) -> Iterable[Any]:
        return ()

    _figures = _views = _notes = _charts = _nothing

    def said(self) -> tuple[Note, ...]:
        """The notes that stand under the tables in every form for people."""
        return tuple(note for note in self.notes if note.kind != "source")

    def is_assumed(self, figure: Figure) -> bool:
        """Whether a figure rests on terms that nobody has said: a page marks it.

        Any figure may, unless a report knows of which terms it is made.
        """
        return figure.value is not None and any(note.kind == "assumed" for note in self.notes)

    def money(self, unit: Unit) -> str:
        """What amounts are in: `USD`, or `USD m`."""
        return f"{self.currency} {unit.name}".strip()

    def heading(self, field: Field, unit: Unit) -> str:
        """A heading, which names the unit of money below it."""
        names_unit = field.kind == "money" and self.money(unit)
        return f"{field.heading}, {self.money(unit)}" if names_unit else field.heading

    def view_title(self, view: View, unit: Unit) -> str:
        """The title of a view; that of a grid names the unit of its money."""
        money = self.money(unit) if view.is_grid_of_money else ""
        return ", ".join(part for part in (view.title, money) if part)

    def table(self, name: str) -> Table:
        """One of the tables, by name."""
        return next(table for table in self.tables if table.name == name)

    def csv_table(self) -> Table:
        """The rows of the CSV form: one of the tables, none made after it, or one for CSV alone."""
        return next(table for table in self._tables() if table.name == self.csv)


# --- values as people read them ------------------------------------------------------------------


def readable(kind: str, value: Any, unit: Unit = WHOLE) -> str:
    """A value as people read it; money in a unit, which the heading names."""
    if value is None:
        return ""
    if kind == "shade":
        return f"{'> ' if value.is_base else ''}{readable(value.kind, value.value, unit)}"
    if kind == "money":
        return unit.digits(value)
    if kind == "share":
        return f"{half_up_decimal(Fraction(value) * 100, 1)}%"
    if kind == "rate":
        return grouped(six(Fraction(value)))
    return f"{value:,}" if kind == "count" else in_unit(f"{value}", None)


def listed(names: Sequence[str]) -> str:
    """The first few names, and how many more there are."""
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def six(value: Fraction) -> Decimal:
    """A rate, a ratio or a capacity, half-up to six decimals, without zeros at the end."""
    digits, places = half_up(value, RATE_DECIMALS), RATE_DECIMALS
    while places and digits % 10 == 0:
        digits, places = digits // 10, places - 1
    return Decimal(f"{digits}E-{places}")

"""A command's answer: figures, named tables of exact values, and notes. No text layout yet.

The names of tables and columns are the keys of the JSON form and the headers of the CSV form.
Values are `Decimal` (money), `Fraction` (exact rates and shares), `date`, `int`, `str` or None. For
people, the same values stand in views, with headings and with rows that have a meaning.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any, NamedTuple

from dealcalc import words
from dealcalc.core import Book
from dealcalc.deal import Deal, Step
from dealcalc.measures import unit_price
from dealcalc.scenario import Scenario
from dealcalc.words import decimal_text, half_up

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


# --- what every answer about a deal says ---------------------------------------------------------


def facts(scenario: Scenario) -> dict[str, Any]:
    """Who, what, and what was laid over the file: the head of every answer about one deal."""
    deal = scenario.deal
    return {
        "deal": deal.name,
        "seller": deal.seller,
        "buyer": deal.buyer,
        "currency": deal.currency,
        "case": scenario.case,
        "overrides": dict(scenario.overrides),
    }


def title(scenario: Scenario) -> str:
    """The deal, its case and every override."""
    return str(scenario)


def charges_view(scenario: Scenario, earned: Mapping[str, Decimal]) -> View:
    """What each charge is: its service, its terms in words (`*`: assumed), and what it earns."""
    deal, assumed = scenario.deal, scenario.assumed()
    columns = (
        Column("Charge"),
        Column("Service"),
        Column("Terms, * assumed" if assumed else "Terms", "prose"),
        Column("Revenue", "money"),
    )
    rows = []
    for name, charge in deal.charges.items():
        start, through = deal.dates(charge)
        service = f"{start}" if charge.on else f"{start} to {through}"
        star = "*" if _dates_assumed(deal, name, assumed) else ""
        rows.append(
            Row((name, service + star, "; ".join(_terms(deal, name, assumed)), earned[name]))
        )
    return View("", columns, tuple(rows))


def _dates_assumed(deal: Deal, name: str, assumed: Mapping[str, str]) -> bool:
    """Whether a charge's first or last day is assumed, its own or the term's."""
    charge, ends = deal.charges[name], ("through", "months")
    start = f"charges.{name}.start" if charge.start else "term.start"
    own_end = charge.through or charge.months
    return bool(
        assumed.keys()
        & {start, *(f"charges.{name}.{key}" if own_end else f"term.{key}" for key in ends)}
    )


def _terms(deal: Deal, name: str, assumed: Mapping[str, str]) -> Iterator[str]:
    """The terms of a charge in words; `*` where one, or a part of it, is assumed."""
    charge = deal.charges[name]

    def said(text: object, *keys: object) -> str:
        path = ".".join(map(str, ("charges", name, *keys, "")))
        dotted = [f"{one}." for one in assumed]
        is_assumed = any(one.startswith(path) or path.startswith(one) for one in dotted)
        return f"{text}*" if is_assumed else str(text)

    yield said(charge.price, "price")
    for index, part in enumerate(charge.capacity):
        yield said(part if not isinstance(part, str) else f"capacity of {part}", "capacity", index)
    if charge.load is not None:
        yield said(f"load {words.percent_text(charge.load)}", "load")
    for index, step in enumerate(charge.ramp):
        yield said(_step(step), "ramp", index)
    if charge.escalator:
        rate = words.percent_text(charge.escalator.rate)
        yield said(f"{rate} every {charge.escalator.every}", "escalator")
    if charge.prepayment:
        share = words.percent_text(charge.prepayment.share)
        yield said(f"{share} prepaid on {charge.prepayment.on}", "prepayment")


def _step(step: Step) -> str:
    length = f"{words.Span(step.months, 'months')}" if step.months else f"through {step.through}"
    off = words.percent_text(step.discount or Fraction(0))
    return f"ramp {length} at " + (f"{step.price}" if step.price else f"{off} off")


def notes(scenario: Scenario, book: Book) -> Iterator[Note]:
    """Unit prices, conventions, doubts, assumptions, sources: what would otherwise be silent."""
    yield from _unit_prices(book)
    yield from _conventions(scenario.deal)
    for warning in scenario.warnings:
        yield Note(
            f"{warning.message}; {warning.help}" if warning.help else warning.message, "warning"
        )
    for path, text in scenario.assumed().items():
        yield Note(f"{path}: {text}", "assumed")
    for path, text in scenario.sourced().items():
        yield Note(f"{path}: {text}", "source")


def _unit_prices(book: Book) -> Iterator[Note]:
    prices = []
    for unit, periods in (("MW", ("month", "year")), ("GPU", ("month", "hour"))):
        for period in periods:
            price = unit_price(book, unit, period)
            if price:
                prices.append(
                    f"{grouped(Decimal(half_up(price, 2)).scaleb(-2))} per {unit}-{period}"
                )
    if prices:
        yield Note(
            f"Unit prices before ramp and escalator, {book.deal.currency}: "
            + ", ".join(prices)
            + "."
        )


def _conventions(deal: Deal) -> Iterator[Note]:
    said = "as the file says" if deal.conventions.proration else "not said in the file, assumed"
    cents = decimal_text(Fraction(1, 10**deal.places))
    yield Note(
        f"Conventions: last days are included; a part of a month counts "
        f"{_PRORATIONS[deal.proration]} ({said}); each charge is rounded half-up to {cents} "
        f"{deal.currency}."
    )


_PRORATIONS = {
    "actual": "by its actual days",
    "30/360": "by 30/360",
    "whole-month": "as a whole one from its first day of service",
}


def right_text(deal: Deal) -> str:
    """Who may leave, in words."""
    rights = []
    for right in deal.termination:
        who = "either party" if right.by == "either" else f"the {right.by}"
        rights.append(
            f"{who} may leave on {right.notice} notice".replace(
                "days notice", "days' notice"
            ).replace("months notice", "months' notice")
        )
    return "; ".join(rights) or "nobody may leave early"


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

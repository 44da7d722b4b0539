"""`dealcalc compare`: cases, or files, or both, side by side."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from operator import attrgetter
from typing import Any, NamedTuple

from dealcalc.loading.changes import leads_to
from dealcalc.reports import early_end
from dealcalc.reports.backlog import FIRM
from dealcalc.reports.deal_report import notes_of_deal, rests_on_assumed
from dealcalc.reports.differences import Stated, Terms, differing
from dealcalc.reports.periods import nothing
from dealcalc.reports.reasons import exact_reason, exit_text, firm_text, reason, reason_notes
from dealcalc.reports.report import (
    Chart,
    Field,
    Figure,
    Note,
    Report,
    Row,
    Table,
    View,
    bar_of,
    chart_of,
    fields,
    listed,
    only,
    view,
)
from dealcalc.reports.sides import LeftOut, Side

# --- the rows -------------------------------------------------------------------------------------


def _share_of(change: Decimal, base: Decimal) -> Fraction | None:
    """A change as a share of what is changed; None of nothing."""
    return Fraction(change) / Fraction(base) if base else None


class Compared(NamedTuple):
    """A side, and how much more it pays than a base; None: it is the base."""

    side: Side
    base: Side | None

    @property
    def change(self) -> Decimal | None:
        """How much more is paid in all."""
        return None if self.base is None else self.side.total - self.base.total

    @property
    def change_share(self) -> Fraction | None:
        """That as a share of what the base pays."""
        if self.base is None:
            return None
        return _share_of(self.side.total - self.base.total, self.base.total)

    @property
    def firm_share(self) -> Fraction | None:
        """What of all that is to come is firm at signing; None of nothing."""
        return self.side.signed.firm_share


SIDES = (
    Field("name", "In all", value=attrgetter("side.name")),
    Field("total", "Total", "money", attrgetter("side.total")),
    Field("firm", "Firm", "money", attrgetter("side.signed.firm")),
    Field("change", "Change", "money"),
    Field("change_share", "Change, %", "share"),
    Field("firm_share", "Share firm", "share"),
    Field("last_day", "Last day", value=attrgetter("side.last_day")),
    Field("earliest_exit", value=attrgetter("side.signed.earliest_exit")),
    Field("by", value=attrgetter("side.signed.by")),
    Field("optional", "Optional", "money", attrgetter("side.optional")),
    Field("callable", "Callable", "money", attrgetter("side.callable")),
    Field("up_to", "Up to", "money", lambda row: row.side.up_to),
    Field("deal", value=attrgetter("side.deal.name")),
    Field("file", value=attrgetter("side.scenario.root.source.name")),
    Field("case", value=attrgetter("side.scenario.case")),
    Field("source", value=attrgetter("side.scenario.what_if.source")),
    Field("firm_reason", value=lambda row: exact_reason(row.side.deal, row.side.signed)),
    Field("reason", value=lambda _: None),
)


def _without_figures(column: LeftOut) -> dict[str, Any]:
    """The row of a deal that cannot stand beside the others: the reason in place of figures."""
    case = column.file.deal.cases[column.case] if column.case else None
    return {
        "name": column.name,
        "deal": column.file.deal.name,
        "file": column.file.root.source.name,
        "case": column.case,
        "source": case.source if case else None,
        "reason": column.reason,
    }


DRAWN = (
    Field("firm_share", "Firm", value=lambda row: min(row.side.signed.firm, row.side.total)),
    Field("rest", "Not firm", value=lambda row: max(row.side.total - row.side.signed.firm, 0)),
)
"""The parts of a total: it may be less than was firm at signing."""
_name = attrgetter("side.name")


class RevenueOf(NamedTuple):
    """What a side pays in a period, and what the first one does."""

    period: int | str
    name: str
    revenue: Decimal
    base: Decimal

    @property
    def change(self) -> Decimal:
        """How much more that is."""
        return self.revenue - self.base

    @property
    def change_share(self) -> Fraction | None:
        """That as a share of what the first side pays."""
        return _share_of(self.change, self.base)


class TermOf(NamedTuple):
    """A term as a side has it."""

    path: str
    side: Side
    stated: Stated

    @property
    def label(self) -> str:
        """The side, below the path."""
        return f"  {self.side.name}"

    @property
    def shown(self) -> str:
        """What is said at the path, marked if it is assumed."""
        assumed = any(leads_to(above, self.path) for above in self.side.scenario.assumed())
        return f"{self.stated.text or 'none'}{'*' if assumed else ''}"

    @property
    def place(self) -> str:
        """The line of the side's file on which it is said, or the option that says it."""
        in_file = self.stated.file == self.side.scenario.file.source.name
        return f"line {self.stated.line}" if in_file else self.stated.file or ""


TERMS = (
    Field("path", "Term"),
    Field("name", "In", value=attrgetter("side.name")),
    Field("text", value=attrgetter("stated.text")),
    Field("line", value=attrgetter("stated.line")),
    Field("file", value=attrgetter("stated.file")),
)
LEFT_OUT = Field("name", "Not possible"), Field("reason", "Why", "prose")
SHOWN_TERMS = (
    Field("label", "Term, and its value in"),
    Field("shown", "Value, * assumed", "prose"),
    Field("place", "Where"),
)

# --- the report -----------------------------------------------------------------------------------


class CompareReport(Report):
    """The sides beside the first of them: in all, firm at signing, by year, and their terms.

    With `period` revenue is compared by year, quarter or month, and CSV has those rows.
    """

    command = "compare"

    def __init__(self, columns: Sequence[Side | LeftOut], period: str | None = None) -> None:
        self.columns, self.period = columns, period or "year"
        self.sides = sides = [column for column in columns if isinstance(column, Side)]
        self.left_out = [column for column in columns if isinstance(column, LeftOut)]
        self.base = sides[0]
        self.csv = f"{period}s" if period else "columns"
        deals = list(dict.fromkeys(side.deal.name for side in sides))
        overrides = (f"{path} = {text}" for path, text in self.base.scenario.overrides.items())
        self.title = " · ".join([listed(deals), f"{len(sides)} side by side", *overrides])
        self.currency = self.base.deal.currency

    @cached_property
    def revenue(self) -> dict[str, dict[int | str, Decimal]]:
        """What each side pays in each period, by name and period."""
        each = {side.name: side.revenue(self.period) for side in self.sides}
        periods = sorted({period for amounts in each.values() for period in amounts})
        zero = nothing(self.base.deal)
        return {
            name: {period: amounts.get(period, zero) for period in periods}
            for name, amounts in each.items()
        }

    @cached_property
    def terms(self) -> Terms:
        """The terms that differ."""
        return differing([side.scenario for side in self.sides])

    def _facts(self) -> dict[str, Any]:
        return {"currency": self.currency, "overrides": dict(self.base.scenario.overrides)}

    def _tables(self) -> Iterator[Table]:
        columns = [
            Compared(one, self.base) if isinstance(one, Side) else _without_figures(one)
            for one in self.columns
        ]
        yield Table("columns", SIDES, columns)
        revenues = (
            Field(self.period, value=attrgetter("period")),
            *fields("name", "revenue", "change", "change_share"),
        )
        yield Table(f"{self.period}s", revenues, [*self._revenues()])
        terms = [
            TermOf(path, side, stated)
            for path, each in self.terms.items()
            for side, stated in zip(self.sides, each, strict=True)
        ]
        yield Table("terms", TERMS, terms)

    def _revenues(self) -> Iterator[RevenueOf]:
        """A row for each period and side."""
        for period, base in self.revenue[self.base.name].items():
            for name, amounts in self.revenue.items():
                yield RevenueOf(period, name, amounts[period], base)

    # --- for people -------------------------------------------------------------------------------

    def _figures(self) -> Iterator[Figure]:
        """The deal that leads, then the lowest and the highest of all."""
        name = self.base.name
        firm = firm_text(self.base.deal, self.base.signed)
        yield Figure("Total", self.base.total, f"{name}, through {self.base.last_day}")
        yield Figure("Firm at signing", self.base.signed.firm, f"{name}: {firm}")
        yield from _range("total", {side.name: side.total for side in self.sides})
        firms = {side.name: side.signed.firm for side in self.sides}
        yield from _range("firm at signing", firms)

    @property
    def rows(self) -> list[Compared]:
        """The first side, and each other one beside it."""
        return [Compared(side, None if side is self.base else self.base) for side in self.sides]

    def is_assumed(self, figure: Figure) -> bool:
        """Whether an assumed term of the first deal would move the figure."""
        return rests_on_assumed(self.base.scenario, self.base.priced, figure)

    def _charts(self) -> Iterator[Chart]:
        title = "Total, and what of it is firm at signing"
        yield chart_of(title, "bars", self.currency, DRAWN, self.rows, name=_name)

    def _views(self) -> Iterator[View]:
        """A row for each side in every table, however many there are: what is summed, then when."""
        rows = self.rows
        up_to = ("up_to",) if any(row.side.up_to != row.side.total for row in rows) else ()
        names = "name", "total", "change", "change_share", *up_to, "last_day"
        yield view(only(SIDES, *names), rows)
        yield view(
            (
                Field("name", "At signing", value=attrgetter("side.name")),
                *only(SIDES, "firm", "firm_share"),
                bar_of("firm_share"),
                Field("exit", "Earliest exit", value=_exit),
            ),
            rows,
        )
        if self.left_out:
            yield view(LEFT_OUT, self.left_out)
        yield from self._grids()
        if self.terms:
            yield View("", SHOWN_TERMS, tuple(self._differing()))

    def _grids(self) -> Iterator[View]:
        """Revenue by period; and what differs from the first side, in periods where any does."""
        base = self.revenue[self.base.name]
        yield _grid("Revenue", self.revenue)
        changes = {
            name: {period: amount - base[period] for period, amount in amounts.items()}
            for name, amounts in self.revenue.items()
        }
        changed = {name: amounts for name, amounts in changes.items() if any(amounts.values())}
        periods = [period for period in base if any(each[period] for each in changed.values())]
        if changed:
            there = {name: {each: changed[name][each] for each in periods} for name in changed}
            yield _grid("Change", there)

    def _differing(self) -> Iterator[Row]:
        """Below each term, how the first side has it, and those that have it otherwise."""
        for path, stated in self.terms.items():
            yield Row({"label": path, "shown": "", "place": ""}, "head")
            for side, each in zip(self.sides, stated, strict=True):
                if side is self.base or each.value != stated[0].value:
                    yield Row(TermOf(path, side, each))

    def _notes(self) -> Iterator[Note]:
        """What is said of each side, once: without the first's name where all are of one file."""
        yield from reason_notes((side.name, reason(side.deal, side.signed)) for side in self.sides)
        yield FIRM
        for side in self.sides:
            if side.scenario.what_if.source:
                yield Note(f"{side.name}: {side.scenario.what_if.source}", "detail")
        whose: dict[Note, list[str]] = {}
        for side in self.sides:
            for note in (
                early_end.counting_note(side.deal),
                *notes_of_deal(side.scenario, side.priced),
            ):
                if note.kind == "source" and note.text.startswith("cases."):
                    continue  # it is said above, by the name of the side
                whose.setdefault(note, []).append(side.name)
        of_one_file = len({side.scenario.root.source.name for side in self.sides}) == 1
        for note, names in whose.items():
            of_first = of_one_file and names[0] == self.base.name
            of_all = of_first or len(names) == len(self.sides)
            yield note if of_all else note._replace(text=f"{listed(names)}: {note.text}")


def _range(what: str, amounts: dict[str, Decimal]) -> Iterator[Figure]:
    """The lowest amount and the highest, and whose they are; nothing where they are the same."""
    ends = {"Lowest": min(amounts.values()), "Highest": max(amounts.values())}
    for name, end in ends.items() if len(set(ends.values())) > 1 else ():
        whose = [side for side, amount in amounts.items() if amount == end]
        yield Figure(f"{name} {what}", end, listed(whose))


def _exit(row: Compared) -> str:
    return exit_text(row.side.deal, row.side.signed)


def _grid(what: str, amounts: Mapping[str, Mapping[int | str, Decimal]]) -> View:
    """A row for each side and a column for each period."""
    periods = next(iter(amounts.values()))
    columns = (Field("", what), *(Field(f"{key}", f"{key}", "money") for key in periods))
    rows = (
        {"": name, **{f"{period}": amount for period, amount in each.items()}}
        for name, each in amounts.items()
    )
    return view(columns, rows)

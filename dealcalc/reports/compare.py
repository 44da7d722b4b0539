"""`dealcalc compare`: cases, or files, or both, side by side."""

import os
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from dealcalc.loading.problems import safe
from dealcalc.loading.scenario import leads_to
from dealcalc.reports import early_end
from dealcalc.reports.backlog import FIRM
from dealcalc.reports.deal_report import notes
from dealcalc.reports.differences import Stated, Terms, differing
from dealcalc.reports.measured import share
from dealcalc.reports.periods import nothing
from dealcalc.reports.positional import FinishedReport, column, tuple_table, tuple_view
from dealcalc.reports.report import Figure, Note, Report, Row, Table, View, shown
from dealcalc.reports.sides import Side, listed


def answer(sides: Sequence[Side], period: str | None = None) -> Report:
    """The sides beside the first of them: in all, firm at signing, by year, and their terms.

    With `period` revenue is compared by year, quarter or month, and CSV has those rows.
    """
    base, by = sides[0], period or "year"
    revenue = [side.revenue(by) for side in sides]
    labels = sorted({label for of in revenue for label in of})
    values = [[of.get(label, nothing(base.deal)) for label in labels] for of in revenue]
    terms = differing([side.scenario for side in sides])
    return FinishedReport(
        command="compare",
        facts={"currency": base.deal.currency, "overrides": dict(base.scenario.overrides)},
        tables=(
            _columns(sides),
            _periods(by, sides, labels, values),
            _terms_table(sides, terms),
        ),
        csv=f"{by}s" if period else "columns",
        title=_title(sides),
        currency=base.deal.currency,
        figures=tuple(_figures(sides)),
        views=(
            _totals(sides),
            _firm(sides),
            *_in_time(by, sides, labels, values),
            *_terms_view(sides, terms),
        ),
        notes=tuple(_notes(sides)),
    )


def _title(sides: Sequence[Side]) -> str:
    deals = list(dict.fromkeys(side.deal.name for side in sides))
    overrides = (f"{path} = {text}" for path, text in sides[0].scenario.overrides.items())
    return " · ".join([listed(deals), f"{len(sides)} side by side", *overrides])


def _figures(sides: Sequence[Side]) -> Iterator[Figure]:
    base = sides[0]
    if len(sides) == 2:
        change, percent = _change(sides[1].total, base.total)
        yield Figure("Change", change, f"{_percent(percent)}{sides[1].name} against {base.name}")
    yield from _range("total", {side.name: side.total for side in sides})
    yield from _range("firm at signing", {side.name: side.signed.firm for side in sides})


def _percent(part: Fraction | None) -> str:
    return "" if part is None else f"{shown('share', part)}: "


def _range(what: str, amounts: dict[str, Decimal]) -> Iterator[Figure]:
    """The lowest amount and the highest, and whose they are."""
    ends = {"Lowest": min(amounts.values()), "Highest": max(amounts.values())}
    if len(set(ends.values())) == 1:
        yield Figure(what.capitalize(), ends["Lowest"], "the same in all")
        return
    for name, end in ends.items():
        whose = [side for side, amount in amounts.items() if amount == end]
        yield Figure(f"{name} {what}", end, listed(whose))


def _change(amount: Decimal, base: Decimal) -> tuple[Decimal, Fraction | None]:
    """How much more an amount is than another, and as a share of that."""
    change = amount - base
    return change, Fraction(change) / Fraction(base) if base else None


# --- tables for programs --------------------------------------------------------------------------


def _columns(sides: Sequence[Side]) -> Table:
    names = ("name", "total", "firm", "change", "change_share", "firm_share", "last_day")
    more = ("earliest_exit", "by", "deal", "file", "case", "source")
    rows = (
        (
            side.name,
            side.total,
            side.signed.firm,
            *_change(side.total, sides[0].total),
            share(side.signed.firm, side.signed.headline),
            side.last_day,
            side.signed.earliest_exit,
            side.signed.by,
            side.deal.name,
            side.scenario.root.source.name,
            side.scenario.case,
            side.scenario.what_if.source,
        )
        for side in sides
    )
    return tuple_table("columns", names + more, tuple(rows))


def _periods(
    by: str, sides: Sequence[Side], labels: Sequence[int | str], values: Sequence[Sequence[Decimal]]
) -> Table:
    """A row for each period and side, with the change against the first side."""
    rows = (
        (label, side.name, of[index], *_change(of[index], values[0][index]))
        for index, label in enumerate(labels)
        for side, of in zip(sides, values, strict=True)
    )
    return tuple_table(f"{by}s", (by, "name", "revenue", "change", "change_share"), tuple(rows))


def _terms_table(sides: Sequence[Side], terms: Terms) -> Table:
    rows = (
        (path, side.name, *stated[1:])
        for path, each in terms.items()
        for side, stated in zip(sides, each, strict=True)
    )
    return tuple_table("terms", ("path", "name", "text", "line", "file"), tuple(rows))


# --- views for people -----------------------------------------------------------------------------


def _totals(sides: Sequence[Side]) -> View:
    columns = (
        column("In all"),
        column("Total", "money"),
        column("Change", "money"),
        column("Change, %", "share"),
        column("Last day"),
    )
    rows = (
        Row((side.name, side.total, *_against(side, sides[0]), side.last_day)) for side in sides
    )
    return tuple_view("", columns, tuple(rows))


def _against(side: Side, base: Side) -> tuple[Decimal | None, Fraction | None]:
    """The change in all; of the first side, which all are measured by, there is none."""
    return (None, None) if side is base else _change(side.total, base.total)


def _firm(sides: Sequence[Side]) -> View:
    columns = (
        column("At signing"),
        column("Firm", "money"),
        column("Of headline", "share"),
        column("", "bar"),
        column("Earliest exit"),
    )
    rows = []
    for side in sides:
        at, part = side.signed, share(side.signed.firm, side.signed.headline)
        exit = f"{at.earliest_exit} {at.by or 'nobody'}"
        rows.append(Row((side.name, at.firm, part, part, exit)))
    return tuple_view("", columns, tuple(rows))


def _in_time(
    by: str, sides: Sequence[Side], labels: Sequence[int | str], values: Sequence[Sequence[Decimal]]
) -> Iterator[View]:
    """Revenue by period, and what of it differs from the first side; two sides in one table."""
    names = [side.name for side in sides]
    if len(sides) == 2:
        yield _pair(by, names, labels, *values)
        return
    upright = len(sides) <= len(labels)
    yield _grid("Revenue", names, labels, values, upright=upright)
    changes = {
        name: [amount - first for amount, first in zip(of, values[0], strict=True)]
        for name, of in zip(names, values, strict=True)
    }
    changed = {name: of for name, of in changes.items() if any(of)}
    if changed:
        yield _grid("Change", list(changed), labels, list(changed.values()), upright=upright)


def _pair(
    by: str,
    names: Sequence[str],
    labels: Sequence[int | str],
    first: Sequence[Decimal],
    second: Sequence[Decimal],
) -> View:
    columns = (
        column(by.capitalize()),
        *(column(safe(name), "money") for name in names),
        column("Change", "money"),
        column("Change, %", "share"),
    )
    rows = [
        Row((str(label), a, b, *_change(b, a)))
        for label, a, b in zip(labels, first, second, strict=True)
    ]
    totals = sum(first, Decimal(0)), sum(second, Decimal(0))
    return tuple_view(
        "", columns, (*rows, Row(("Total", *totals, *_change(*totals[::-1])), "total"))
    )


def _grid(
    what: str,
    names: Sequence[str],
    labels: Sequence[int | str],
    values: Sequence[Sequence[Decimal]],
    *,
    upright: bool,
) -> View:
    """A row for each side and a column for each period; upright, the other way round."""
    down, across = (labels, names) if upright else (names, labels)
    cells = zip(*values, strict=True) if upright else values
    columns = (column(what), *(column(safe(str(name)), "money") for name in across))
    rows = (Row((str(name), *of)) for name, of in zip(down, cells, strict=True))
    return tuple_view("", columns, tuple(rows))


def _terms_view(sides: Sequence[Side], terms: Terms) -> Iterator[View]:
    """The terms that differ: how the first side has each, and those that have it otherwise."""
    columns = (column("Term"), column("In"), column("Value, * assumed"), column("Stands at"))
    rows = []
    for path, (first, *each) in terms.items():
        rows.append(Row((path, sides[0].name, *_shown(sides[0], path, first))))
        for side, stated in zip(sides[1:], each, strict=True):
            if stated.value != first.value:
                rows.append(Row(("", side.name, *_shown(side, path, stated))))
    if rows:
        yield tuple_view("", columns, tuple(rows))


def _shown(side: Side, path: str, stated: Stated) -> tuple[str, str]:
    """What a side says at a path, marked if it is assumed, and where it says it."""
    assumed = any(leads_to(above, path) for above in side.scenario.assumed())
    place = f"{os.path.basename(stated.file or '')}:{stated.line}" if stated.line else ""
    return f"{stated.text or 'none'}{'*' if assumed else ''}", place


def _notes(sides: Sequence[Side]) -> Iterator[Note]:
    """What is said of each side, once: of the first without its name where all are of one file."""
    yield FIRM
    for side in sides:
        if side.scenario.what_if.source:
            yield Note(f"{side.name}: {side.scenario.what_if.source}")
    said: dict[Note, list[str]] = {}
    for side in sides:
        for note in (early_end.counting_note(side.deal), *notes(side.scenario, side.priced)):
            said.setdefault(note, []).append(side.name)
    one_file = len({side.scenario.root.source.name for side in sides}) == 1
    for note, names in said.items():
        of_all = len(names) == len(sides) or (one_file and names[0] == sides[0].name)
        yield note if of_all else note._replace(text=f"{listed(names)}: {note.text}")

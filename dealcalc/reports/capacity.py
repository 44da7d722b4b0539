"""`dealcalc capacity`: what a provider's sites use, sell and leave idle, and what they return."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import groupby
from typing import Any

from dealcalc.book.returns import (
    PATHWAYS,
    Account,
    Rate,
    capital,
    cash_flows,
    internal_rate,
    on_capital,
    pathways,
    together,
)
from dealcalc.book.sites import Contract, House, Short
from dealcalc.core import Ended
from dealcalc.reports import portfolio
from dealcalc.reports.backlog import FIRM
from dealcalc.reports.measured import booked
from dealcalc.reports.portfolio import Portfolio, tenths
from dealcalc.reports.positional import FinishedReport, column, tuple_table, tuple_view
from dealcalc.reports.report import (
    Chart,
    ChartPoint,
    Figure,
    Note,
    Report,
    Row,
    Table,
    View,
    readable,
)
from dealcalc.reports.site_report import (
    Told,
    a_year,
    at_earliest_exits,
    facts,
    notes,
    terms_view,
    title,
    told,
)
from dealcalc.terms.dates import DAY
from dealcalc.terms.values import Span, amount_text, decimal_text

MEASURED = (
    "nameplate",
    "own_use",
    "sold",
    "idle",
    "utilisation",
    "revenue",
    "operating_cost",
    "margin",
)
"""What is said of a site over some days, in this order; capacities are averages."""

CALLED = {"own_use": "Own use alone", "contracts": "Contracts alone", "both": "Both"}


# --- the answer -----------------------------------------------------------------------------------


def answer(house: House, period: str | None = None, as_of: date | None = None) -> Report:
    """Capacity and money by month and year, the two pathways, and the contracts together."""
    of, held = told(house), portfolio.portfolio(house, as_of)
    left = told(at_earliest_exits(house, held.as_of))
    rates = [internal_rate(cash_flows(house, of.accounts, index)) for index in range(len(PATHWAYS))]
    periods = ["month", *(["quarter"] if period == "quarter" else []), "year"]
    return FinishedReport(
        command="capacity",
        facts=facts(house),
        tables=(
            *(_grouped(of, name) for name in periods),
            _pathways(of, rates),
            _sites(of),
            portfolio.table(held),
            _shortages(house),
        ),
        csv=f"{period or 'month'}s",
        title=title(house),
        currency=house.provider.currency,
        figures=tuple(_figures(of, left, held)),
        views=tuple(_views(of, held, rates, period)),
        notes=(*_notes(of, rates, held), *notes(house)),
        after={
            "returns": of.returned(),
            "payback": of.paid_back(),
            "returns_at_earliest_exits": left.returned(),
            "portfolio": portfolio.facts(held),
            "warnings": [warning.message for warning in house.warnings],
        },
        charts=lambda: tuple(_charts(of)),
    )


# --- tables for programs --------------------------------------------------------------------------


def _period(period: str, row: Account) -> Any:
    if period == "year":
        return row.through.year
    quarter = f"{row.through.year}-Q{(row.through.month + 2) // 3}"
    return f"{row.through:%Y-%m}" if period == "month" else quarter


def _by_period(of: Iterable[Account], period: str) -> Iterator[tuple[Any, Account]]:
    """The rows of one site, those of a period in one."""
    for name, group in groupby(of, lambda row: _period(period, row)):
        yield name, together(group)


def _grouped(of: Told, period: str) -> Table:
    """Months, quarters or years, each site in each."""
    sites = [_by_period(of.of(site), period) for site in of.house.provider.sites]
    by_period = (row for at_once in zip(*sites, strict=True) for row in at_once)
    cells = ((name, row.site, *_cells(of, row), row.days) for name, row in by_period)
    return tuple_table(f"{period}s", (period, "site", *MEASURED, "own_value", "days"), tuple(cells))


def _cells(of: Told, row: Account) -> tuple[Any, ...]:
    """What is measured of a row, and the value of its own use."""
    capacities = row.nameplate, row.own_use, row.sold, row.idle
    amounts = row.revenue, row.operating_cost, row.margin, row.own_value
    averages = (capacity / row.days for capacity in capacities)
    return *averages, row.utilisation, *map(of.money, amounts)


def _pathways(of: Told, rates: Sequence[Rate]) -> Table:
    names = (
        "worth",
        "operating_cost",
        "margin",
        "over_all_years",
        "per_year",
        "irr",
        "irr_undefined",
    )
    cells = []
    for one, rate in zip(pathways(of.whole), rates, strict=True):
        amounts = map(of.money, (one.worth, one.cost, one.margin))
        returned = on_capital(of.house, one.margin), of.a_year(one.margin)
        cells.append((one.name, *amounts, *returned, rate.rate, rate.why or None))
    return tuple_table("pathways", ("pathway", *names), tuple(cells))


def _sites(of: Told) -> Table:
    """Each site over all days: its capital, what comes in, and when that pays it back."""
    names = ("site", "invested_capital", *MEASURED, "own_value", "per_year", "payback")
    cells = []
    for site in of.house.provider.sites:
        whole, invested = together(of.of(site)), capital(of.house, site)
        amount = booked(of.house.provider, invested) if invested else None
        returned = of.a_year(whole.margin + whole.own_value, site)
        cells.append((site, amount, *_cells(of, whole), returned, of.paid_back(site)))
    return tuple_table("sites", names, tuple(cells))


def _shortages(house: House) -> Table:
    """Each site that is short; for each contract there, the last notice that would be in time."""
    names = ("site", "first_day", "short", "contract", "frees", "last_notice")
    cells = [(*short, *way) for short in house.short() for way in _ways_out(house, short)]
    return tuple_table("shortages", names, tuple(cells))


def _ways_out(house: House, short: Short) -> list[tuple[str | None, Fraction | None, date | None]]:
    """The contracts served on that day, what each frees, and the seller's last notice in time."""
    serving = [one for one in house.at(short.site) if one.on(short.day)]
    before = short.day - DAY
    ways = [
        (one.name, one.on(short.day), one.priced.latest_notice(before, "seller")) for one in serving
    ]
    return [*ways] or [(None, None, None)]


# --- the answer first -----------------------------------------------------------------------------


def _figures(of: Told, left: Told, held: Portfolio) -> Iterator[Figure]:
    file = told(of.house.file) if of.house.file else None
    for short in of.house.short():
        yield from _short(of.house, short)
    for contract in of.house.contracts:
        if contract.ended and file:
            yield _freed(contract, contract.ended)
    yield from _returns(of, file)
    idle = f"{tenths(of.whole.idle / of.whole.days)} MW"
    more = f"; {tenths(file.whole.idle / file.whole.days)} MW in the file" if file else ""
    used = (
        f"{readable('share', of.whole.utilisation)} is used or sold" if of.whole.nameplate else ""
    )
    yield Figure("Idle", idle, f"on average; {used}{more}")
    yield from portfolio.figures(held)
    yield from _hanging(of, left)


def _short(house: House, short: Short) -> Iterator[Figure]:
    missing = f"{decimal_text(short.by)} MW"
    yield Figure("Short", missing, f"at {short.site}, from {short.day} on")
    for name, frees, last in _ways_out(house, short):
        if name is None or frees is None:
            continue
        enough = "" if frees >= short.by else ", which is not enough"
        remark = f"by the seller to {name}, frees {decimal_text(frees)} MW in time{enough}"
        yield Figure(
            "Last notice", f"{last}" if last else "none", remark if last else _too_late(name)
        )


def _too_late(name: str) -> str:
    return f"no notice by the seller ends {name} in time"


def _freed(contract: Contract, ended: Ended) -> Figure:
    """What a contract that ends early no longer takes."""
    given, (day, freed) = f"notice on {ended.notice} by {ended.by}", contract.freed
    if ended.last_day == contract.priced.last:
        return Figure(
            "Freed", "nothing", f"{given} changes nothing: the term ends on {ended.last_day}"
        )
    buyer, agreed = contract.scenario.deal.buyer, contract.priced.last
    remark = f"from {day} on, sold to {buyer} until {agreed} otherwise; {given}"
    return Figure("Freed", f"{decimal_text(freed)} MW", remark)


def _returns(of: Told, file: Told | None) -> Iterator[Figure]:
    house, invested = of.house, capital(of.house)
    if not invested:
        yield Figure("Return", "unknown", "not every site says its `invested_capital`")
        return
    was = f"; {a_year(file.both)} in the file" if file else ""
    months = Span(house.months_shown, "months")
    remark = f"on {amount_text(invested)} invested, over {months}, both pathways{was}"
    yield Figure("Return", a_year(of.both), remark)
    was = f"; {file.paid_back() or 'never'} in the file" if file else ""
    remark = f"the first month in which revenue less operating cost has paid for it{was}"
    yield Figure("Payback", of.paid_back() or "never", remark)


def _hanging(of: Told, left: Told) -> Iterator[Figure]:
    """The part of the return that notice can take away."""
    all_of_it, rest = (one.whole.margin + one.whole.own_value for one in (of, left))
    if all_of_it > 0 and of.house.contracts:
        part = readable("share", 1 - Fraction(rest, all_of_it))
        remark = f"of the return: {a_year(left.both)} if every contract ends at its earliest exit"
        yield Figure("Hangs on notice", part, remark)


# --- what people see ------------------------------------------------------------------------------


def _views(of: Told, held: Portfolio, rates: Sequence[Rate], period: str | None) -> Iterator[View]:
    yield from _pathways_views(of, rates)
    if len(of.house.provider.sites) > 1:
        yield _sites_view(of)
    yield from portfolio.views(held)
    for site in of.house.provider.sites:
        shown_rows = list(_shown(of.of(site), period))
        yield _capacity_view(site, shown_rows)
        yield _money_view(of, site, shown_rows)
    yield terms_view(of.house)


def _pathways_views(of: Told, rates: Sequence[Rate]) -> Iterator[View]:
    """The pathways side by side: the money, then the return on the capital."""
    amounts, returns = [], []
    for one, rate in zip(pathways(of.whole), rates, strict=True):
        name, kind = CALLED[one.name], "total" if one.name == "both" else "plain"
        amounts.append(Row((name, *map(of.money, (one.worth, one.cost, one.margin))), kind))
        returned = of.a_year(one.margin), on_capital(of.house, one.margin)
        returns.append(Row((name, *returned, rate.rate), kind))
    money = ("Worth", "Operating cost", "Margin")
    columns = (column("Pathway"), *(column(name, "money") for name in money))
    yield tuple_view("Two pathways", columns, tuple(amounts))
    if capital(of.house):
        columns = (
            column("Pathway"),
            *(column(name, "share") for name in ("A year", "In all", "IRR")),
        )
        yield tuple_view("Return on invested capital", columns, tuple(returns))


def _sites_view(of: Told) -> View:
    table = _sites(of)
    columns = (
        column("Site"),
        column("Invested", "money"),
        column("Margin", "money"),
        column("Return a year", "share"),
        column("Payback"),
    )
    names = ("site", "invested_capital", "margin", "per_year", "payback")
    keys = [field.name for field in table.fields]
    cells = [dict(zip(keys, row, strict=True)) for row in table.rows]
    for row in cells:
        row["payback"] = row["payback"] or ("never" if row["invested_capital"] else "")
    return tuple_view("", columns, tuple(Row(tuple(row[name] for name in names)) for row in cells))


def _shown(of: Sequence[Account], period: str | None) -> Iterator[tuple[str, Account, str]]:
    """Name, row and kind of each line for a site; months have their year below them."""
    for year, group in groupby(of, lambda row: row.through.year):
        in_year = list(group)
        if period != "year":
            for name, row in _by_period(in_year, period or "month"):
                yield f"{name}", row, "plain"
        if period in (None, "year"):
            yield f"Year {year}", together(in_year), "plain" if period else "subtotal"


def _capacity_view(site: str, of: Sequence[tuple[str, Account, str]]) -> View:
    columns = (
        column("Period"),
        *(column(f"{name}, MW", "count") for name in ("Nameplate", "Own use", "Sold", "Idle")),
        column("Utilisation", "share"),
        column("own use, sold, idle", "bands"),
    )
    lines = []
    for name, row, kind in of:
        capacities = row.nameplate, row.own_use, row.sold, row.idle
        averages = (tenths(capacity / row.days) for capacity in capacities)
        lines.append(Row((name, *averages, row.utilisation, _bands(row)), kind))
    return tuple_view(f"{site}, capacity", columns, tuple(lines))


def _charts(of: Told) -> Iterator[Chart]:
    """Own use, sold and idle by month at each site; none of a site that has too little."""
    for site in of.house.provider.sites:
        months = of.of(site)
        if all(row.idle >= 0 for row in months):
            points = (
                ChartPoint(
                    f"{row.through:%Y-%m}",
                    row.through.replace(day=1),
                    tuple(part / row.days for part in (row.own_use, row.sold, row.idle)),
                )
                for row in months
            )
            names = ("Own use", "Sold", "Idle")
            yield Chart(f"{site}, capacity by month", "columns", "MW", names, tuple(points))


def _bands(row: Account) -> tuple[Fraction, ...] | None:
    """Own use, sold and idle as shares of what there is; None where that is not enough."""
    if row.nameplate <= 0 or row.idle < 0:
        return None
    return tuple(part / row.nameplate for part in (row.own_use, row.sold, row.idle))


def _money_view(of: Told, site: str, shown_rows: Sequence[tuple[str, Account, str]]) -> View:
    columns = (
        column("Period"),
        column("Revenue", "money"),
        column("Operating cost", "money"),
        column("Margin", "money"),
    )
    lines = [
        Row((name, *map(of.money, (row.revenue, row.operating_cost, row.margin))), kind)
        for name, row, kind in shown_rows
    ]
    whole = together(of.of(site))
    total = ("Total", *map(of.money, (whole.revenue, whole.operating_cost, whole.margin)))
    return tuple_view(f"{site}, money", columns, (*lines, Row(total, "total")))


# --- what is said below ---------------------------------------------------------------------------


def _notes(of: Told, rates: Sequence[Rate], held: Portfolio) -> Iterator[Note]:
    house = of.house
    yield Note(
        f"Capacities are averages over the days of a row, from {house.first} to {house.last}, also"
        " where a contract ends earlier than agreed.",
        "detail",
    )
    yield Note(
        "The return is what own use is worth and contracts bring, less the operating cost of their"
        " MW, over the invested capital and the years shown: before depreciation, tax and"
        " financing, so no profit. What idle capacity costs, and a flat cost, burdens both only.",
        "detail",
    )
    yield Note(
        "Payback counts money only: revenue less all operating cost, own use included. IRR: the"
        " capital on its day (undated: the first), margins at each month's end, and nothing left"
        " in the end.",
        "detail",
    )
    for name, rate in zip(PATHWAYS, rates, strict=True):
        if rate.why and capital(house):
            yield Note(f"IRR of {CALLED[name].lower()}: {rate.why}.")
    for short in house.short():
        text = (
            f"{short.site} has less than is used and sold, and the return counts what is not there"
        )
        yield Note(f"{text}.", "warning")
    for name, site in house.provider.sites.items():
        if site.own_use and not site.own_value:
            yield Note(
                f"Own use at {name} counts as worth nothing: no `own_value` is said.", "warning"
            )
    if held.holdings:
        yield FIRM
        yield Note(f"Who may leave: {portfolio.rights(held)}.")

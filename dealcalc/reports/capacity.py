"""`dealcalc capacity`: what a provider's sites use, sell and leave idle, and what they yield."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import groupby
from typing import Any

from dealcalc.book.returns import (
    YIELDING,
    Account,
    Rate,
    Scope,
    capital,
    cash_flows,
    everything,
    internal_rate,
    on_capital,
    own_use_alone,
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
    EVERYTHING,
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
from dealcalc.terms.values import Span, amount_text, decimal_text, half_up_decimal

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

CALLED = {
    "own_use": "Imputed value of own use",
    "contracts": "Contracts alone",
    "all": "Everything together",
}


# --- the answer -----------------------------------------------------------------------------------


def answer(house: House, period: str | None = None, as_of: date | None = None) -> Report:
    """Capacity and money by month and year, the cash yield, and the contracts together."""
    of, held = told(house), portfolio.portfolio(house, as_of)
    left = told(at_earliest_exits(house, held.as_of))
    rates = [internal_rate(cash_flows(house, of.accounts, scope)) for scope in YIELDING]
    periods = ["month", *(["quarter"] if period == "quarter" else []), "year"]
    return FinishedReport(
        command="capacity",
        version=2,
        facts=facts(house),
        tables=(
            *(_grouped(of, name) for name in periods),
            _scopes(of, rates),
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
            "cash_yield": of.cash_yields(),
            "payback": of.paid_back(),
            "cash_yield_at_earliest_exits": left.cash_yields(),
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


def _scopes(of: Told, rates: Sequence[Rate]) -> Table:
    names = ("value", "operating_cost", "margin", "cash_yield", "multiple", "irr", "irr_undefined")
    cells: list[tuple[Any, ...]] = [(*_amounts(of, own_use_alone(of.whole)), *[None] * 4)]
    for scope, rate in zip(YIELDING, rates, strict=True):
        one = scope(of.whole)
        cells.append((*_amounts(of, one), *_yields(of, one, rate), rate.why or None))
    return tuple_table("scopes", ("scope", *names), tuple(cells))


def _amounts(of: Told, scope: Scope) -> tuple[Any, ...]:
    return scope.name, *map(of.money, (scope.value, scope.cost, scope.margin))


def _yields(of: Told, scope: Scope, rate: Rate) -> tuple[Fraction | None, ...]:
    """The cash yield a year, the multiple of the invested capital, and the internal rate."""
    return of.cash_yield(scope.margin), on_capital(of.house, scope.margin), rate.rate


def _sites(of: Told) -> Table:
    """Each site over all days: its capital, what comes in, and when that pays it back."""
    names = ("site", "invested_capital", *MEASURED, "own_value", "cash_yield", "payback")
    cells = []
    for site in of.house.provider.sites:
        whole, invested = together(of.of(site)), capital(of.house, site)
        amount = booked(of.house.provider, invested) if invested else None
        cash_yield = of.cash_yield(everything(whole).margin, site)
        cells.append((site, amount, *_cells(of, whole), cash_yield, of.paid_back(site)))
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
    yield from _yield_figures(of, file)
    idle = f"{tenths(of.whole.idle / of.whole.days)} MW"
    more = f"; {tenths(file.whole.idle / file.whole.days)} MW in the file" if file else ""
    used = (
        f"{readable('share', of.whole.utilisation)} is used or sold" if of.whole.nameplate else ""
    )
    yield Figure("Idle", idle, f"on average; {used}{more}")
    yield from portfolio.figures(held)
    yield from _at_risk(of, left)


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


def _yield_figures(of: Told, file: Told | None) -> Iterator[Figure]:
    house, invested = of.house, capital(of.house)
    if not invested:
        yield Figure("Cash yield on cost", "unknown", "not every site says its `invested_capital`")
        return
    was = f"; {a_year(file.all_yield)} in the file" if file else ""
    months = Span(house.months_shown, "months")
    remark = f"on {amount_text(invested)} invested, over {months}: {EVERYTHING}{was}"
    yield Figure("Cash yield on cost", a_year(of.all_yield), remark)
    was = f"; {file.paid_back() or 'never'} in the file" if file else ""
    remark = f"the first month in which revenue less operating cost has paid for it{was}"
    yield Figure("Payback", of.paid_back() or "never", remark)


def _at_risk(of: Told, left: Told) -> Iterator[Figure]:
    """The part of the cash yield that notice can take away."""
    all_of_it, rest = (everything(one.whole).margin for one in (of, left))
    if all_of_it > 0 and of.house.contracts:
        part = readable("share", 1 - Fraction(rest, all_of_it))
        after = f"{a_year(left.all_yield)} is left if every contract ends at its earliest exit"
        yield Figure("Yield at risk", part, f"on termination: {after}")


# --- what people see ------------------------------------------------------------------------------


def _views(of: Told, held: Portfolio, rates: Sequence[Rate], period: str | None) -> Iterator[View]:
    yield from _scope_views(of, rates)
    if len(of.house.provider.sites) > 1:
        yield _sites_view(of)
    yield from portfolio.views(held)
    for site in of.house.provider.sites:
        shown_rows = list(_shown(of.of(site), period))
        yield _capacity_view(site, shown_rows)
        yield _money_view(of, site, shown_rows)
    yield terms_view(of.house)


def _scope_views(of: Told, rates: Sequence[Rate]) -> Iterator[View]:
    """Contracts alone and everything together: the money, then the yield on the capital."""
    money = ("Value", "Operating cost", "Margin")
    columns = (column(""), *(column(name, "money") for name in money))
    rows = [_scope_row(_amounts(of, scope(of.whole))) for scope in (own_use_alone, *YIELDING)]
    yield tuple_view("Contracts and own use", columns, tuple(rows))
    if capital(of.house):
        scopes = [scope(of.whole) for scope in YIELDING]
        yields = []
        for one, rate in zip(scopes, rates, strict=True):
            cash_yield, multiple, irr = _yields(of, one, rate)
            in_all = None if multiple is None else half_up_decimal(multiple, 2)
            yields.append(_scope_row((one.name, cash_yield, in_all, irr)))
        columns = (
            column(""),
            column("Cash yield a year", "share"),
            column("Multiple of invested capital", "count"),
            column("IRR", "share"),
        )
        title = "Cash yield on cost, before depreciation and tax"
        yield tuple_view(title, columns, tuple(yields))


def _scope_row(cells: tuple[Any, ...]) -> Row:
    name, *rest = cells
    return Row((CALLED[name], *rest), "total" if name == "all" else "plain")


def _sites_view(of: Told) -> View:
    table = _sites(of)
    columns = (
        column("Site"),
        column("Invested", "money"),
        column("Margin", "money"),
        column("Cash yield a year", "share"),
        column("Payback"),
    )
    names = ("site", "invested_capital", "margin", "cash_yield", "payback")
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
        "The cash yield on cost is contract revenue and the imputed value of own use, less the"
        " operating cost of their MW, over the invested capital and the years shown: before"
        " depreciation and tax, and before financing, so it is no profit. The multiple of invested"
        " capital is the same over all years. Contracts alone bear the cost of their own MW; that"
        " of idle capacity, and a flat cost, only everything together.",
        "detail",
    )
    yield Note(
        "Payback counts money only: revenue less all operating cost, own use included. IRR: the"
        " capital on its day (undated: the first), margins at each month's end, and nothing left"
        " in the end.",
        "detail",
    )
    for scope, rate in zip(YIELDING, rates, strict=True):
        if rate.why and capital(house):
            yield Note(f"IRR of {CALLED[scope(of.whole).name].lower()}: {rate.why}.")
    for short in house.short():
        text = "has less than is used and sold, and the cash yield counts what is not there"
        yield Note(f"{short.site} {text}.", "warning")
    for name, site in house.provider.sites.items():
        if site.own_use and not site.own_value:
            yield Note(
                f"The imputed value of own use at {name} is 0: the file gives no `own_value`.",
                "warning",
            )
    if held.holdings:
        yield FIRM
        yield from portfolio.reasons(held)

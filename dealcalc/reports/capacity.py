"""`dealcalc capacity`: what a provider's sites use, sell and leave idle, and what they yield."""

from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from typing import Any

from dealcalc.book.returns import (
    YIELDING,
    Account,
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
from dealcalc.reports.portfolio import tenths
from dealcalc.reports.report import (
    Chart,
    Field,
    Figure,
    Note,
    Row,
    Table,
    View,
    chart_of,
    only,
    readable,
    view,
)
from dealcalc.reports.site_report import (
    EVERYTHING,
    Ledger,
    SiteReport,
    a_year,
    at_earliest_exits,
    ledger,
    notes_of_sites,
    terms_view,
)
from dealcalc.reports.site_rows import (
    CALLED,
    CALLED_SCOPE,
    CAPACITIES,
    DRAWN,
    MONEY,
    SCOPES,
    SHORTAGES,
    SHOWN_SITES,
    SITE_ROW,
    SITES,
    YIELDS,
    ScopeRow,
    SiteRow,
    WayOut,
    WholeSite,
    accounts_by_period,
)
from dealcalc.reports.units import money_text
from dealcalc.terms.dates import DAY
from dealcalc.terms.values import Span, decimal_text

# --- the answer -----------------------------------------------------------------------------------


class CapacityReport(SiteReport):
    """Capacity and money by month and year, the cash yield, and the contracts together."""

    command = "capacity"
    version = 2

    def __init__(self, house: House, period: str | None = None, as_of: date | None = None) -> None:
        super().__init__(house)
        self.period, self.csv = period, f"{period or 'month'}s"
        self.ledger, self.held = ledger(house), portfolio.portfolio(house, as_of)

    @cached_property
    def left(self) -> Ledger:
        """The same after every contract's earliest exit."""
        return ledger(at_earliest_exits(self.house, self.held.as_of))

    @cached_property
    def scopes(self) -> list[ScopeRow]:
        """Own use alone, contracts alone, and everything together."""
        return [
            ScopeRow(*self._amounts(own_use_alone)),
            *(ScopeRow(*self._amounts(scope), *self._yields(scope)) for scope in YIELDING),
        ]

    def _amounts(self, scope: Callable[[Account], Scope]) -> Iterator[Any]:
        part = scope(self.ledger.whole)
        yield part.name
        yield from map(self.ledger.money, (part.value, part.cost, part.margin))

    def _yields(self, scope: Callable[[Account], Scope]) -> Iterator[Any]:
        """The cash yield a year, the multiple of the invested capital, and the internal rate."""
        margin = scope(self.ledger.whole).margin
        yield self.ledger.cash_yield(margin)
        yield on_capital(self.house, margin)
        rate = internal_rate(cash_flows(self.house, self.ledger.accounts, scope))
        yield from (rate.rate, rate.why or None)

    @cached_property
    def sites(self) -> list[WholeSite]:
        """Each site over all days."""
        return [self._site(name) for name in self.house.provider.sites]

    def _site(self, name: str) -> WholeSite:
        whole, invested = together(self.ledger.of(name)), capital(self.house, name)
        amount = booked(self.house.provider, invested) if invested else None
        cash_yield = self.ledger.cash_yield(everything(whole).margin, name)
        line = SiteRow(name, whole, self.ledger)
        return WholeSite(line, amount, cash_yield, self.ledger.paid_back(name))

    # --- for programs -----------------------------------------------------------------------------

    def _tables(self) -> Iterator[Table]:
        for period in dict.fromkeys(("month", self.period or "month", "year")):
            name = Field(period, value=attrgetter("period"))
            yield Table(f"{period}s", (name, *SITE_ROW), [*self._lines(period)])
        yield Table("scopes", SCOPES, self.scopes)
        yield Table("sites", SITES, self.sites)
        yield portfolio.table(self.held)
        ways = [way for short in self.house.short() for way in _ways_out(self.house, short)]
        yield Table("shortages", SHORTAGES, ways)

    def _lines(self, period: str) -> Iterator[SiteRow]:
        """Months, quarters or years, each site in each."""
        sites = (
            accounts_by_period(self.ledger.of(site), period) for site in self.house.provider.sites
        )
        for at_once in zip(*sites, strict=True):
            yield from (SiteRow(name, account, self.ledger) for name, account in at_once)

    def _after(self) -> dict[str, Any]:
        return {
            "cash_yield": self.ledger.cash_yields(),
            "payback": self.ledger.paid_back(),
            "cash_yield_at_earliest_exits": self.left.cash_yields(),
            "portfolio": portfolio.facts(self.held),
            **super()._after(),
        }

    # --- for people -------------------------------------------------------------------------------

    def _figures(self) -> Iterator[Figure]:
        house, whole = self.house, self.ledger.whole
        file = ledger(house.file) if house.file else None
        for short in house.short():
            yield from _short(house, short)
        for contract in house.contracts:
            if contract.ended and file:
                yield _freed(contract, contract.ended)
        yield from _yield_figures(self.ledger, file)
        idle = f"{tenths(whole.idle / whole.days)} MW"
        more = f"; {tenths(file.whole.idle / file.whole.days)} MW in the file" if file else ""
        used = f"{readable('share', whole.utilisation)} is used or sold" if whole.nameplate else ""
        yield Figure("Idle", idle, f"on average; {used}{more}")
        yield from portfolio.figures(self.held)
        yield from _at_risk(self.ledger, self.left)

    def _views(self) -> Iterator[View]:
        yield from self._scope_views()
        if len(self.sites) > 1:
            yield view(SHOWN_SITES, self.sites)
        yield from portfolio.views(self.held)
        for name in self.house.provider.sites:
            rows = tuple(self._shown(name))
            yield View(f"{name}, capacity", CAPACITIES, rows)
            total = SiteRow("Total", together(self.ledger.of(name)), self.ledger)
            yield View(f"{name}, money", MONEY, (*rows, Row(total, "total")))
        yield terms_view(self.house)

    def _scope_views(self) -> Iterator[View]:
        """Contracts alone and everything together: the money, then the yield on the capital."""
        rows = [Row(line, "total" if line.scope == "all" else "plain") for line in self.scopes]
        money = only(SCOPES, "value", "operating_cost", "margin")
        yield View("Contracts and own use", (CALLED_SCOPE, *money), tuple(rows))
        if capital(self.house):
            title = "Cash yield on cost, before depreciation and tax"
            yield View(title, YIELDS, tuple(rows[1:]))

    def _shown(self, site: str) -> Iterator[Row]:
        """The lines of a site; months have their year below them."""
        for year, group in groupby(self.ledger.of(site), lambda account: account.through.year):
            in_year = list(group)
            if self.period != "year":
                for name, account in accounts_by_period(in_year, self.period or "month"):
                    yield Row(SiteRow(name, account, self.ledger))
            if self.period in (None, "year"):
                line = SiteRow(f"Year {year}", together(in_year), self.ledger)
                yield Row(line, "plain" if self.period else "subtotal")

    def _charts(self) -> Iterator[Chart]:
        """Own use, sold and idle by month at each site; none of a site that has too little."""
        for site in self.house.provider.sites:
            months = [
                SiteRow(name, account, self.ledger)
                for name, account in accounts_by_period(self.ledger.of(site), "month")
            ]
            if all(month.account.idle >= 0 for month in months):
                title = f"{site}, capacity by month"
                yield chart_of(title, "columns", "MW", DRAWN, months, "month", "period")

    def _notes(self) -> Iterator[Note]:
        house = self.house
        yield Note(
            f"Capacities are averages over the days of a row, from {house.first} to {house.last},"
            " also where a contract ends earlier than agreed.",
            "detail",
        )
        yield Note(
            "The cash yield on cost is contract revenue and the imputed value of own use, less the"
            " operating cost of their MW, over the invested capital and the years shown: before"
            " depreciation, tax and financing, so it is not a profit. The multiple of invested"
            " capital is the same over all years. Contracts alone bear the cost of their"
            " own MW; that of idle capacity, and a flat cost, only everything together.",
            "detail",
        )
        yield Note(
            "Payback counts money only: revenue less all operating cost, own use included. For the"
            " IRR, capital is spent on its day (undated capital on the first), margins come at each"
            " month's end, and nothing is left at the end.",
            "detail",
        )
        for line in self.scopes:
            if line.irr_undefined and capital(house):
                yield Note(f"IRR of {CALLED[line.scope].lower()}: {line.irr_undefined}.")
        for short in house.short():
            text = "than there is, and the cash yield counts what is not there"
            yield Note(f"More is used and sold at {short.site} {text}.", "warning")
        for name, site in house.provider.sites.items():
            if site.own_use and not site.own_value:
                yield Note(
                    f"The imputed value of own use at {name} is 0: the file gives no `own_value`.",
                    "warning",
                )
        if self.held.holdings:
            yield FIRM
            yield from portfolio.reasons(self.held)
        yield from notes_of_sites(house)
        yield from super()._notes()


# --- the answer first -----------------------------------------------------------------------------


def _ways_out(house: House, short: Short) -> list[WayOut]:
    """The contracts served on that day, what each frees, and the seller's last notice in time."""
    serving = [one for one in house.at(short.site) if one.on(short.day)]
    before = short.day - DAY
    ways = [
        WayOut(short, one.name, one.on(short.day), one.priced.latest_notice(before, "seller"))
        for one in serving
    ]
    return ways or [WayOut(short)]


def _short(house: House, short: Short) -> Iterator[Figure]:
    missing = f"{decimal_text(short.by)} MW"
    yield Figure("Short", missing, f"at {short.site}, from {short.day} on")
    for _, name, frees, last in _ways_out(house, short):
        if frees is None:
            continue
        enough = "" if frees >= short.by else ", which is not enough"
        remark = f"by the seller to {name}, frees {decimal_text(frees)} MW in time{enough}"
        too_late = f"no notice by the seller ends {name} in time"
        yield Figure("Last notice", f"{last or 'none'}", remark if last else too_late)


def _freed(contract: Contract, ended: Ended) -> Figure:
    """What a contract that ends early no longer takes."""
    given, (day, freed) = f"notice on {ended.notice} by {ended.by}", contract.freed
    if ended.last_day == contract.priced.last:
        return Figure(
            "Freed", "nothing", f"{given} changes nothing: the term ends on {ended.last_day}"
        )
    buyer, agreed = contract.scenario.deal.buyer, contract.priced.last
    remark = f"from {day} on; without notice sold to {buyer} until {agreed}; {given}"
    return Figure("Freed", f"{decimal_text(freed)} MW", remark)


def _yield_figures(ledger: Ledger, file: Ledger | None) -> Iterator[Figure]:
    house, invested = ledger.house, capital(ledger.house)
    if not invested:
        yield Figure("Cash yield on cost", "unknown", "not every site says its `invested_capital`")
        return
    was = f"; {a_year(file.all_yield)} in the file" if file else ""
    months = Span(house.months_shown, "months")
    paid = money_text(booked(house.provider, invested), house.provider.currency)
    remark = f"on {paid} invested, over {months}: {EVERYTHING}{was}"
    yield Figure("Cash yield on cost", a_year(ledger.all_yield), remark)
    was = f"; {file.paid_back() or 'never'} in the file" if file else ""
    remark = f"the first month in which revenue less operating cost has paid for it{was}"
    yield Figure("Payback", ledger.paid_back() or "never", remark)


def _at_risk(ledger: Ledger, left: Ledger) -> Iterator[Figure]:
    """The part of the cash yield that notice can take away."""
    all_of_it, rest = (everything(one.whole).margin for one in (ledger, left))
    if all_of_it > 0 and ledger.house.contracts:
        part = readable("share", 1 - Fraction(rest, all_of_it))
        after = f"{a_year(left.all_yield)} is left if every contract ends at its earliest exit"
        yield Figure("Yield at risk", part, f"on termination: {after}")

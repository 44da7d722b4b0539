"""A provider's house as it was asked for, and what every answer about one says."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from dealcalc.book.returns import (
    YIELDING,
    Account,
    accounts,
    capital,
    on_capital,
    payback,
    together,
    years,
)
from dealcalc.book.site_files import contract_named, no_contract
from dealcalc.book.sites import Contract, House
from dealcalc.earned import money
from dealcalc.loading.changes import leads_to
from dealcalc.loading.problems import refuse
from dealcalc.reports import early_end
from dealcalc.reports.measured import booked
from dealcalc.reports.named import assumed_notes, warning_note
from dealcalc.reports.report import Field, Note, Report, View, fields, readable, view
from dealcalc.terms.dates import days_in_month
from dealcalc.terms.provider import Site
from dealcalc.terms.values import amount_text, decimal_text

EVERYTHING = "everything together, before depreciation and tax"


class Ledger(NamedTuple):
    """A house with its accounts, by month and site, and all of them in one."""

    house: House
    accounts: list[Account]
    whole: Account

    def cash_yields(self) -> dict[str, Fraction | None]:
        """The cash yield on cost a year: of contracts alone, and of everything together."""
        scopes = (scope(self.whole) for scope in YIELDING)
        return {one.name: self.cash_yield(one.margin) for one in scopes}

    @property
    def all_yield(self) -> Fraction | None:
        """The cash yield on cost a year of everything together."""
        return self.cash_yields()["all"]

    def cash_yield(self, margin: int, site: str | None = None) -> Fraction | None:
        """A margin over the invested capital and the years shown; None without capital."""
        multiple = on_capital(self.house, margin, site)
        return None if multiple is None else multiple / years(self.house)

    def of(self, site: str) -> list[Account]:
        """The accounts of one site."""
        return [account for account in self.accounts if account.site == site]

    def paid_back(self, site: str | None = None) -> str | None:
        """The month in which the capital is paid back; None: never."""
        day = payback(self.house, self.of(site) if site else self.accounts, site)
        return None if day is None else f"{day:%Y-%m}"

    def idle_months(self) -> Fraction:
        """What idles, in MW-months."""
        months = ((one.idle, one.through.year, one.through.month) for one in self.accounts)
        return sum((idle / days_in_month(*month) for idle, *month in months), Fraction(0))

    def money(self, minor: int) -> Decimal:
        """An amount in the currency."""
        return money(minor, self.house.provider.places)


def ledger(house: House) -> Ledger:
    """A house with its accounts."""
    each = accounts(house)
    return Ledger(house, each, together(each))


# --- the houses that are asked about --------------------------------------------------------------


def with_notices(house: House, notices: Iterable[str], by: str | None = None) -> House:
    """The house after notices: `CONTRACT:DATE` each, or `DATE` where there is one contract.

    They replace those of the contracts' cases; `by` says who gives them. Raises Refused.
    """
    days = {}
    for text in notices:
        contract, day = contract_named(house.contracts, text, "notice")
        days[contract.path] = early_end.asked_day("notice", day)
    if not days and not by:
        return house
    if not days and not any(contract.ended for contract in house.contracts):
        message, help = "--by says who gives notice, and none is given", "add --notice DATE"
        raise refuse("command-line", message, help)
    contracts = tuple(_after(one, days.get(one.path), by) for one in house.contracts)
    return house._replace(contracts=contracts, file=house.file or house)


def _after(contract: Contract, day: date | None, by: str | None) -> Contract:
    return contract._replace(ended=early_end.asked_end(contract.scenario, contract.priced, day, by))


def at_earliest_exits(house: House, as_of: date | None) -> House:
    """The house if every contract ended as soon as it may be ended from a day on."""
    contracts = (_left(one, as_of) if as_of else one for one in house.contracts)
    return house._replace(contracts=tuple(contracts))


def _left(contract: Contract, as_of: date) -> Contract:
    """A contract after the exit that makes the rest of it cancellable, unless it ends before."""
    stands = contract.priced.backlog(max(as_of, contract.priced.deal.signed))
    for exit in contract.priced.exits(stands.as_of, stands.by):
        if exit.last_day == stands.earliest_exit and exit.last_day < contract.last_day:
            return contract._replace(ended=contract.priced.terminate(exit.notice, exit.by))
    return contract


# --- what every answer says -----------------------------------------------------------------------


class SiteReport(Report):
    """A report about a site file: whose house it is, and what is doubtful in its contracts."""

    def __init__(self, house: House) -> None:
        self.house, self.title, self.currency = house, _title(house), house.provider.currency

    def _facts(self) -> dict[str, Any]:
        """Whose house it is, and what was laid over its file and its contracts."""
        house, invested = self.house, capital(self.house)
        return {
            "provider": house.provider.name,
            "currency": self.currency,
            "overrides": dict(house.overrides),
            "cases": {one.name: one.scenario.case for one in house.contracts if one.scenario.case},
            "notices": {one.name: one.ended.notice for one in house.contracts if one.ended},
            "first_day": house.first,
            "last_day": house.last,
            "invested_capital": booked(house.provider, invested) if invested else None,
        }

    def _after(self) -> dict[str, Any]:
        return {"warnings": [warning.message for warning in self.house.warnings]}

    def _notes(self) -> Iterator[Note]:
        """Doubts, and how many terms each contract assumes."""
        for warning in self.house.warnings:
            yield warning_note(warning, self.currency, f"{warning.file}: ")
        for contract in self.house.contracts:
            if terms := contract.scenario.assumed():
                short = f"{contract.name} {len(terms)} terms"
                yield Note(f"{contract.path}: {', '.join(terms)}", "assumed", short)


def with_contracts(house: House) -> House:
    """The house, if it has contracts; else raises Refused."""
    if not house.contracts:
        file = house.root.source.name
        raise no_contract(file)
    return house


def _title(house: House) -> str:
    """The provider, and everything that is laid on its file and its contracts."""
    parts = [house.provider.name]
    for contract in house.contracts:
        if contract.scenario.case:
            parts.append(f"{contract.name}: case {contract.scenario.case}")
        if ended := contract.ended:
            parts.append(f"{contract.name}: notice on {ended.notice} by {ended.by}")
    return " · ".join([*parts, *(f"{path} = {text}" for path, text in house.overrides.items())])


def a_year(rate: Fraction | None) -> str:
    """A yield a year, in words."""
    return "unknown" if rate is None else f"{readable('share', rate)} a year"


def notes_of_sites(house: House) -> Iterator[Note]:
    """Assumptions and sources of the site file itself."""
    yield from assumed_notes(house.assumed())
    for path, text in house.sourced().items():
        yield Note(f"{path}: {text}", "source")


class TermsOfSite(NamedTuple):
    """What the file says of a site, in words."""

    site: str
    terms: str


def terms_view(house: House) -> View:
    """What the file says of each site, in words; what is assumed has a `*`."""
    assumed = house.assumed()
    rows = [
        TermsOfSite(name, "; ".join(_terms(name, site, assumed)))
        for name, site in house.provider.sites.items()
    ]
    heading = "Terms, * assumed" if assumed else "Terms"
    return view((*fields("site"), Field("terms", heading, "prose")), rows)


def _terms(name: str, site: Site, assumed: Mapping[str, str]) -> Iterator[str]:
    def in_words(text: str, *keys: object) -> str:
        path = ".".join(map(str, ("sites", name, *keys)))
        return f"{text}*" if any(leads_to(one, path) for one in assumed) else text

    for index, level in enumerate(site.capacity):
        yield in_words(f"{decimal_text(level.capacity)} MW{_from(level.start)}", "capacity", index)
    for index, paid in enumerate(site.invested_capital):
        text = f"{amount_text(paid.capital)} invested{_from(paid.start)}"
        yield in_words(text, "invested_capital", index)
    for index, cost in enumerate(site.operating_cost):
        on = " of the nameplate" if cost.on == "nameplate" else ""
        yield in_words(f"running it costs {cost.price}{on}", "operating_cost", index)
    if site.own_value:
        yield in_words(f"imputed value of own use {site.own_value}", "own_value")
    for index, level in enumerate(site.own_use):
        text = f"own use {decimal_text(level.capacity)} MW{_from(level.start)}"
        yield in_words(text, "own_use", index)
    for index, sale in enumerate(site.sold):
        path = ("sold", index, "capacity") if sale.capacity else ("sold", index)
        megawatts = f", {decimal_text(sale.capacity)} MW" if sale.capacity else ""
        yield in_words(f"sold: {sale.contract}{megawatts}", *path)


def _from(day: date | None) -> str:
    return f" from {day}" if day else ""

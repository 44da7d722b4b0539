"""The rows of `dealcalc capacity`: sites over some days, parts of what runs, and ways out."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from dealcalc.book.returns import Account, together
from dealcalc.book.sites import Short
from dealcalc.reports.portfolio import tenths
from dealcalc.reports.report import Field, fields, only, within
from dealcalc.reports.site_report import Ledger
from dealcalc.terms.values import half_up_decimal

CALLED = {
    "own_use": "Imputed value of own use",
    "contracts": "Contracts alone",
    "all": "Everything together",
}
"""What people call the scopes."""


class SiteRow(NamedTuple):
    """An account as it is shown, under the name of its days."""

    period: int | str
    account: Account
    ledger: Ledger

    @property
    def month(self) -> date:
        """The first day of its last month."""
        return self.account.through.replace(day=1)

    @property
    def parts(self) -> tuple[Fraction, ...] | None:
        """Own use, sold and idle as shares of what there is; None where that is not enough."""
        there, idle = self.account.nameplate, self.account.idle
        if there <= 0 or idle < 0:
            return None
        return tuple(part / there for part in (self.account.own_use, self.account.sold, idle))


def _average(name: str) -> Callable[[SiteRow], Fraction]:
    """A capacity in MW: the average over the days."""
    return lambda line: Fraction(getattr(line.account, name), line.account.days)


def _tenths(field: Field) -> Field:
    """A capacity as people read it."""
    return Field(
        field.name, f"{field.heading}, MW", "count", lambda line: tenths(field.getter(line))
    )


def _amount(field: Field) -> Field:
    get = attrgetter(f"account.{field.name}")
    return field._replace(value=lambda line: line.ledger.money(get(line)))


AVERAGES = tuple(
    field._replace(value=_average(field.name))
    for field in fields("nameplate", "own_use", "sold", "idle")
)
AMOUNTS = fields("revenue money", "operating_cost money", "margin money", "own_value money")
MEASURED = (
    *AVERAGES,
    *within("account", fields("utilisation share")),
    *map(_amount, AMOUNTS),
)
SITE_ROW = (*within("account", fields("site")), *MEASURED, *within("account", fields("days")))
PERIOD = Field("period", "Period")
CAPACITIES = (
    *(PERIOD, *map(_tenths, AVERAGES), *only(MEASURED, "utilisation")),
    Field("parts", "own use, sold, idle", "bands"),
)
MONEY = (PERIOD, *only(MEASURED, "revenue", "operating_cost", "margin"))
DRAWN = only(MEASURED, "own_use", "sold", "idle")


class ScopeRow(NamedTuple):
    """A part of what runs over all days, and what it yields on the capital, if it is money."""

    scope: str
    value: Decimal
    operating_cost: Decimal
    margin: Decimal
    cash_yield: Fraction | None = None
    multiple: Fraction | None = None
    irr: Fraction | None = None
    irr_undefined: str | None = None


SCOPES = (
    *fields("scope", "value money", "operating_cost money", "margin money"),
    Field("cash_yield", "Cash yield a year", "share"),
    Field("multiple"),
    Field("irr", "IRR", "share"),
    Field("irr_undefined"),
)
CALLED_SCOPE = Field("scope", value=lambda line: CALLED[line.scope])


def _in_hundredths(line: ScopeRow) -> Decimal | None:
    return None if line.multiple is None else half_up_decimal(line.multiple, 2)


YIELDS = (
    CALLED_SCOPE,
    *only(SCOPES, "cash_yield"),
    Field("multiple", "Multiple of invested capital", "count", _in_hundredths),
    *only(SCOPES, "irr"),
)


class WholeSite(NamedTuple):
    """A site over all days: its capital, what comes in, and when that pays it back."""

    line: SiteRow
    invested_capital: Decimal | None
    cash_yield: Fraction | None
    payback: str | None


SITES = (
    *within("line", only(SITE_ROW, "site")),
    Field("invested_capital", "Invested", "money"),
    *within("line", MEASURED),
    Field("cash_yield", "Cash yield a year", "share"),
    Field("payback"),
)


def _paid_back(site: WholeSite) -> str:
    return site.payback or ("never" if site.invested_capital else "")


SHOWN_SITES = (
    *only(SITES, "site", "invested_capital", "margin", "cash_yield"),
    Field("payback", "Payback", value=_paid_back),
)


class WayOut(NamedTuple):
    """A site that is short, a contract served there then, and what the seller's notice frees."""

    short: Short
    contract: str | None = None
    frees: Fraction | None = None
    last_notice: date | None = None


SHORTAGES = (
    Field("site", value=attrgetter("short.site")),
    Field("first_day", value=attrgetter("short.day")),
    Field("short", value=attrgetter("short.by")),
    *fields("contract", "frees", "last_notice"),
)


# --- periods --------------------------------------------------------------------------------------


def accounts_by_period(
    accounts: Iterable[Account], period: str
) -> Iterator[tuple[int | str, Account]]:
    """The accounts of one site, those of a period in one."""
    for name, group in groupby(accounts, lambda account: _period(period, account.through)):
        yield name, together(group)


def _period(period: str, day: date) -> int | str:
    if period == "year":
        return day.year
    return f"{day:%Y-%m}" if period == "month" else f"{day.year}-Q{(day.month + 2) // 3}"

"""What a provider's sites bring, cost, and yield on the capital invested in them.

Each stream of money at a site - the value of own use, the cost of own use, of what is sold, of the
rest - is added up exactly and rounded half-up at the end of each month; a month is the difference.
So months add up to years, and sites to the whole, to the cent. A day's part of a monthly amount is
one over the days of its month. Amounts are whole minor units; capacities are MW times days.

The cash yield on cost is a margin over all capital that is invested by the last day and the years,
before depreciation, tax and financing. Own use and contracts alone each bear the cost of their own
MW; what idle capacity costs, and what a site costs anyway, only everything together bears, which
counts own use at its imputed value too.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from math import ceil, inf, isfinite
from typing import Any, NamedTuple

from dealcalc.book.sites import House, Steps
from dealcalc.terms.dates import days_in_month
from dealcalc.terms.provider import Site, per_month
from dealcalc.terms.values import half_up


class Account(NamedTuple):
    """A site over some days: MW-days, and money in minor units.

    `rest_cost` is that of idle capacity, and what the site costs whatever runs.
    """

    site: str
    first: date
    through: date
    nameplate: Fraction
    own_use: Fraction
    sold: Fraction
    revenue: int
    own_value: int
    own_cost: int
    sold_cost: int
    rest_cost: int

    @property
    def days(self) -> int:
        """Calendar days from `first` to `through`, both included."""
        return (self.through - self.first).days + 1

    @property
    def idle(self) -> Fraction:
        """What is neither used nor sold; below zero where more is than there is."""
        return self.nameplate - self.own_use - self.sold

    @property
    def utilisation(self) -> Fraction | None:
        """The share of the nameplate that is used or sold; None where there is none."""
        return (self.own_use + self.sold) / self.nameplate if self.nameplate else None

    @property
    def operating_cost(self) -> int:
        """What running the site costs, own use included."""
        return self.own_cost + self.sold_cost + self.rest_cost

    @property
    def margin(self) -> int:
        """Revenue from contracts less operating cost."""
        return self.revenue - self.operating_cost


def together(accounts: Iterable[Account]) -> Account:
    """Accounts in one, from the first day of the first to the last day of the last."""
    all_of = list(accounts)
    sums: list[Any] = [sum(column) for column in list(zip(*all_of, strict=True))[3:]]
    return Account(all_of[0].site, all_of[0].first, all_of[-1].through, *sums)


def accounts(house: House) -> list[Account]:
    """The account of every site in every month: by month, then in the order of the file."""
    by_site = [list(site_accounts(house, name)) for name in house.provider.sites]
    return [account for month in zip(*by_site, strict=True) for account in month]


def site_accounts(house: House, name: str) -> Iterator[Account]:
    """The account of a site in every month."""
    months, levels, site = tuple(house.months()), house.levels(name), house.provider.sites[name]
    capacities = [_by_month(level, months) for level in levels]
    revenue = _differences(sum(one.earned(end) for one in house.at(name)) for _, end in months)
    days, rates = _by_month(_days_there(levels[0]), months), _rates(site)
    monthly = [
        [amount / days_in_month(end.year, end.month) for amount in _amounts(rates, *amounts)]
        for (_, end), *amounts in zip(months, *capacities, days, strict=True)
    ]
    booked = [_booked(stream, house.provider.places) for stream in zip(*monthly, strict=True)]
    for month, *values in zip(months, *capacities, revenue, *booked, strict=True):
        yield Account(name, *month, *values)


@lru_cache(256)
def _by_month(level: Steps, months: tuple[tuple[date, date], ...]) -> tuple[Fraction, ...]:
    """MW-days of each month; of many what-ifs, most levels of a site are the same."""
    return tuple(level.megawatt_days(*month) for month in months)


class _Rates(NamedTuple):
    """What is paid by the month: for own use, a running MW, a MW on the nameplate, and flat."""

    value: Fraction
    running: Fraction
    nameplate: Fraction
    flat: Fraction


def _rates(site: Site) -> _Rates:
    value = per_month(site.own_value) if site.own_value else Fraction(0)
    return _Rates(value, *(_cost(site, what) for what in ("running", "nameplate", "flat")))


def _amounts(
    rates: _Rates, nameplate: Fraction, own_use: Fraction, sold: Fraction, days: Fraction
) -> tuple[Fraction, ...]:
    """Value of own use; cost of own use, of what is sold, of the rest: times days of the month."""
    each = rates.running + rates.nameplate
    rest = (nameplate - own_use - sold) * rates.nameplate + days * rates.flat
    return own_use * rates.value, own_use * each, sold * each, rest


def _cost(site: Site, what: str) -> Fraction:
    return sum((cost.of(what) for cost in site.operating_cost), Fraction(0))


def _days_there(nameplate: Steps) -> Steps:
    """One on every day on which there is a site, and so a flat cost of it."""
    return Steps(nameplate.days, tuple(Fraction(level > 0) for level in nameplate.levels))


def _booked(amounts: Iterable[Fraction], places: int) -> Iterator[int]:
    """Exact amounts as whole minor units, which add up to the rounded sums of the exact ones."""
    total, so_far = Fraction(0), []
    for amount in amounts:
        total += amount
        so_far.append(half_up(total, places))
    return _differences(so_far)


def _differences(so_far: Iterable[int]) -> Iterator[int]:
    return (after - before for before, after in pairwise([0, *so_far]))


# --- yields on the invested capital ---------------------------------------------------------------


class Scope(NamedTuple):
    """Part or all of what runs: its revenue or imputed value, and what it costs, in minor units."""

    name: str
    value: int
    cost: int

    @property
    def margin(self) -> int:
        """What is left to pay for the capital."""
        return self.value - self.cost


def own_use_alone(account: Account) -> Scope:
    """Own use alone, at its imputed value; that is no cash, so it has no yield of its own."""
    return Scope("own_use", account.own_value, account.own_cost)


def contracts_alone(account: Account) -> Scope:
    """What is sold, and the cost of its own MW."""
    return Scope("contracts", account.revenue, account.sold_cost)


def everything(account: Account) -> Scope:
    """Contracts and own use together, with what idles and what costs anyway."""
    return Scope("all", account.own_value + account.revenue, account.operating_cost)


YIELDING = (contracts_alone, everything)
"""The scopes that have a cash yield."""


def outlays(house: House, site: str | None = None) -> list[tuple[date, Fraction]]:
    """What is invested, and when, at one site or at all; nothing if a site does not say."""
    sites = [house.provider.sites[site]] if site else list(house.provider.sites.values())
    if not all(one.invested_capital for one in sites):
        return []
    paid = []
    for one in sites:
        before = Fraction(0)
        for level in one.invested_capital:
            if (day := level.start or house.first) <= house.last:
                paid.append((day, level.capital - before))
                before = level.capital
    return sorted(paid)


def capital(house: House, site: str | None = None) -> Fraction | None:
    """All that is invested by the last day, exact; None where it is not said, or nothing."""
    return sum((amount for _, amount in outlays(house, site)), Fraction(0)) or None


def on_capital(house: House, margin: int, site: str | None = None) -> Fraction | None:
    """A margin over the invested capital, over all months shown; None without capital."""
    invested = capital(house, site)
    return Fraction(margin, 10**house.provider.places) / invested if invested else None


def years(house: House) -> Fraction:
    """The months shown, over twelve."""
    return Fraction(house.months_shown, 12)


def payback(house: House, of: Iterable[Account], site: str | None = None) -> date | None:
    """The first day of the first month whose cumulative margin reaches the capital; None: never.

    Own use brings no money, so it pays nothing back, and what it costs counts.
    """
    invested, paid_back = capital(house, site), 0
    if invested is None:
        return None
    months: dict[tuple[int, int], int] = {}
    for account in of:
        first = account.through.year, account.through.month
        months[first] = months.get(first, 0) + account.margin
    enough = ceil(invested * 10**house.provider.places)
    for month, margin in months.items():
        paid_back += margin
        if paid_back >= enough:
            return date(*month, 1)
    return None


# --- the internal rate of return ------------------------------------------------------------------


class Rate(NamedTuple):
    """A rate a year, or why there is none."""

    rate: Fraction | None
    why: str = ""


LOWEST, HIGHEST, TRIED = 1e-6, 1e6, 2400
"""Growth a year between which roots are looked for, and at how many points."""
NO_LIBRARY = "not computed: pyxirr is not installed (there is none for Windows on ARM, for example)"


def cash_flows(
    house: House, of: Iterable[Account], scope: Callable[[Account], Scope]
) -> list[tuple[date, Fraction]]:
    """The capital, out on its days, and a scope's margins, in on the last day of each month."""
    flows: dict[date, Fraction] = {}
    for day, amount in outlays(house):
        flows[day] = flows.get(day, Fraction(0)) - amount
    for account in of:
        margin = Fraction(scope(account).margin, 10**house.provider.places)
        flows[account.through] = flows.get(account.through, Fraction(0)) + margin
    return sorted((day, amount) for day, amount in flows.items() if amount)


def internal_rate(flows: list[tuple[date, Fraction]]) -> Rate:
    """The one rate at which money out and in are worth the same, days over 365; by pyxirr.

    There is none where money flows one way only, and there may be several where it turns more than
    once; then the rate says nothing and none is given.
    """
    turns = _turns(amount for _, amount in flows)
    if not turns:
        return Rate(None, "undefined: money flows one way only")
    try:
        import pyxirr
    except ImportError:
        return Rate(None, NO_LIBRARY)
    days, amounts = [day for day, _ in flows], [float(amount) for _, amount in flows]
    if turns > 1:
        roots = _roots(pyxirr, days, amounts)
        if roots != 1:
            what = "no rate" if not roots else f"{roots} rates"
            return Rate(None, f"undefined: {what} would fit: the money changes sign {turns} times")
    found = pyxirr.xirr(days, amounts)
    if found is None or not -1 < found < inf:
        return Rate(None, "undefined: no rate is found, it would be too near to -100% or too large")
    return Rate(Fraction(found))


def _turns(amounts: Iterable[Any]) -> int:
    """How often amounts change their sign; as many rates, at most, bring their sum to nothing."""
    signs = [amount > 0 for amount in amounts if amount]
    return sum(one != other for one, other in pairwise(signs))


def _roots(pyxirr: Any, days: list[date], amounts: list[float]) -> int:
    """How many rates bring the present value to nothing, as far as trying many of them can tell.

    Towards -100% the last flow outweighs all others, towards infinity the first.
    """
    growth = [LOWEST * (HIGHEST / LOWEST) ** (step / TRIED) for step in range(TRIED + 1)]
    values = [pyxirr.xnpv(rate - 1, days, amounts) for rate in growth]
    known = (value for value in values if value is not None and isfinite(value))
    return _turns([amounts[-1], *known, amounts[0]])

"""A seller's sites, worked out slowly: every site on one day after the other.

It shares no code with dealcalc; what contracts pay, and when they end, the oracle of deals says. A
site file is a mapping in which every scalar is text, its contracts stand beside it by their paths.
Only valid files are read: a mistake in one is a KeyError or worse, never a message.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any

from oracle import DAY, WATTS, Ending, Oracle, amount, days_in_month, every_day, first_day, last_day

Node = dict[str, Any]

STREAMS = ("own_value", "own_cost", "sold_cost", "rest_cost")


def megawatts(text: str) -> Fraction | None:
    """How many MW a capacity is; None where it is no power."""
    number, unit = text.split()
    return amount(number) * WATTS[unit] / WATTS["MW"] if unit in WATTS else None


def listed(said: Any) -> list[Any]:
    return said if isinstance(said, list) else [said]


def level(said: Any, day: date, what: str = "capacity") -> str | None:
    """What holds on a day of dated levels: the last that has begun; None before the first."""
    holding = None
    for one in listed(said):
        one = {what: one} if isinstance(one, str) else one
        if "from" not in one or first_day(one["from"]) <= day:
            holding = one[what]
    return holding


def monthly(price: str) -> tuple[Fraction, bool]:
    """A price by the month, and whether it is for a MW."""
    number, per = price.split(" per ")
    unit, _, period = per.rpartition("-")
    each = amount(number) / {"month": 1, "quarter": 3, "year": 12}[period]
    return (each * WATTS["MW"] / WATTS[unit], True) if unit else (each, False)


@dataclass
class Sold:
    """A contract at a site, ended or not."""

    deal: Oracle
    node: Node
    assumed: Fraction | None
    ending: Ending | None = None

    @property
    def last(self) -> date:
        return self.ending.last_day if self.ending else self.deal.through

    def megawatts(self, day: date) -> Fraction:
        """What is served on a day."""
        if day > self.last:
            return Fraction(0)
        serving = [
            name
            for name, charge in self.deal.charges.items()
            if "on" not in self.deal.laid["charges"][name] and charge.start <= day <= charge.through
        ]
        if self.assumed is not None:
            return self.assumed if serving else Fraction(0)
        return sum(map(self.stated, serving), Fraction(0))

    def stated(self, name: str) -> Fraction:
        """The MW that a charge states itself."""
        said = self.deal.laid["charges"][name].get("capacity", [])
        if said in list(self.deal.laid["charges"]):
            return Fraction(0)
        return sum((found for text in listed(said) if (found := megawatts(text))), Fraction(0))

    def brought(self, day: date) -> int:
        """What it has brought by the end of a day, in minor units, a fee included."""
        minor = 10**self.deal.decimals
        earned = self.deal.earned(min(day, self.last)) * minor
        fee = self.ending.fee * minor if self.ending and day >= self.last else 0
        return int(earned + fee)


@dataclass
class Month:
    """A site in a month: MW-days, and money in minor units."""

    nameplate: Fraction = Fraction(0)
    own_use: Fraction = Fraction(0)
    sold: Fraction = Fraction(0)
    revenue: int = 0
    money: dict[str, int] = field(default_factory=dict)
    days: int = 0

    @property
    def margin(self) -> int:
        return self.revenue - sum(self.money[name] for name in STREAMS[1:])


class SiteOracle:
    """Every answer about one site file; `notices` are days and parties by contract."""

    def __init__(
        self,
        node: Node,
        deals: dict[str, Node],
        notices: dict[str, tuple[date, str | None]] | None = None,
    ) -> None:
        self.node = node
        self.contracts: dict[str, list[Sold]] = {name: [] for name in node["sites"]}
        for name, site in node["sites"].items():
            for entry in listed(site.get("sold", [])):
                said = {"contract": entry} if isinstance(entry, str) else entry
                deal = Oracle(deals[said["contract"]])
                assumed = megawatts(said["capacity"]) if "capacity" in said else None
                sold = Sold(deal, deals[said["contract"]], assumed)
                if notice := (notices or {}).get(said["contract"]):
                    sold.ending = deal.terminate(*notice)
                self.contracts[name].append(sold)

    @property
    def all_contracts(self) -> list[Sold]:
        return [one for contracts in self.contracts.values() for one in contracts]

    @property
    def first(self) -> date:
        return min([*self.named(), *(one.deal.start for one in self.all_contracts)])

    def named(self) -> Iterator[date]:
        for site in self.node["sites"].values():
            for key in ("capacity", "own_use", "invested_capital"):
                for one in listed(site.get(key, [])):
                    if not isinstance(one, str) and "from" in one:
                        yield first_day(one["from"])

    @property
    def last(self) -> date:
        through = [last_day(self.node["through"])] if "through" in self.node else []
        return max([*through, *(one.deal.through for one in self.all_contracts)])

    def on(self, name: str, day: date) -> tuple[Fraction, Fraction, Fraction]:
        """Nameplate, own use and sold on a day, in MW."""
        site = self.node["sites"][name]
        there, own = (level(site.get(key, []), day) for key in ("capacity", "own_use"))
        sold = sum((one.megawatts(day) for one in self.contracts[name]), Fraction(0))
        return (
            megawatts(there or "0 MW") or Fraction(0),
            megawatts(own or "0 MW") or Fraction(0),
            sold,
        )

    def short(self, name: str) -> tuple[date, Fraction] | None:
        """The first day on which more is used and sold than there is, and by how much."""
        for day in every_day(self.first, max(self.last, *self.named())):
            nameplate, own, sold = self.on(name, day)
            if own + sold > nameplate:
                return day, own + sold - nameplate
        return None

    def exact(self, name: str, day: date) -> dict[str, Fraction]:
        """A day's part of the value and the costs of a site."""
        site, (nameplate, own, sold) = self.node["sites"][name], self.on(name, day)
        running = every = flat = Fraction(0)
        for said in listed(site.get("operating_cost", [])):
            cost = {"price": said} if isinstance(said, str) else said
            each, per_megawatt = monthly(cost["price"])
            if not per_megawatt:
                flat += each
            elif cost.get("on") == "nameplate":
                every += each
            else:
                running += each
        value = monthly(site["own_value"])[0] if "own_value" in site else Fraction(0)
        amounts = {
            "own_value": own * value,
            "own_cost": own * (running + every),
            "sold_cost": sold * (running + every),
            "rest_cost": (nameplate - own - sold) * every + (flat if nameplate else 0),
        }
        return {what: one / days_in_month(day) for what, one in amounts.items()}

    @cached_property
    def months(self) -> dict[tuple[str, str], Month]:
        """Every month of every site."""
        found: dict[tuple[str, str], Month] = {}
        for name in self.node["sites"]:
            so_far = dict.fromkeys(STREAMS, Fraction(0))
            booked, brought = dict.fromkeys(STREAMS, 0), 0
            for day in every_day(self.first, self.last):
                month = found.setdefault((f"{day:%Y-%m}", name), Month())
                nameplate, own, sold = self.on(name, day)
                month.nameplate += nameplate
                month.own_use += own
                month.sold += sold
                month.days += 1
                for what, one in self.exact(name, day).items():
                    so_far[what] += one
                if day == self.last or (day + DAY).month != day.month:
                    now = {what: half_up(one * 100) for what, one in so_far.items()}
                    month.money = {what: now[what] - booked[what] for what in STREAMS}
                    all_brought = sum(one.brought(day) for one in self.contracts[name])
                    month.revenue, brought, booked = all_brought - brought, all_brought, now
        return found

    def capital(self) -> Fraction:
        """All that is invested by the last day."""
        amounts = (
            level(site["invested_capital"], self.last, "capital")
            for site in self.node["sites"].values()
        )
        return sum((amount(text) for text in amounts if text), Fraction(0))

    def cash_yields(self) -> dict[str, Fraction]:
        """The cash yield on cost a year."""
        sums = {what: sum(one.money[what] for one in self.months.values()) for what in STREAMS}
        revenue = sum(one.revenue for one in self.months.values())
        own = sums["own_value"] - sums["own_cost"]
        contracts = revenue - sums["sold_cost"]
        years = Fraction(len({month for month, _ in self.months}), 12)
        margins = {
            "contracts": contracts,
            "all": own + contracts - sums["rest_cost"],
        }
        return {
            name: Fraction(margin, 100) / self.capital() / years for name, margin in margins.items()
        }

    def payback(self) -> str | None:
        """The first month by whose end the margins have reached the capital."""
        so_far = Fraction(0)
        for month in sorted({month for month, _ in self.months}):
            so_far += sum(one.margin for (of, _), one in self.months.items() if of == month)
            if so_far >= self.capital() * 100:
                return month
        return None


def half_up(value: Fraction) -> int:
    """The nearest whole number, a half away from zero."""
    rounded = (abs(value) + Fraction(1, 2)).__floor__()
    return rounded if value >= 0 else -rounded

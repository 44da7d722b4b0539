"""A site that is built in two steps, and its two contracts; and what is asked of it."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

from random_deals import as_yaml, mapping_lines
from small_deals import day, simple

from dealcalc.book.returns import (
    Account,
    on_capital,
    years,
)
from dealcalc.book.site_files import contract_named
from dealcalc.book.sites import House

Node = dict[str, Any]
Write = Callable[..., str]

# A site that is built in two steps, and its two contracts; the arithmetic is in the tests below.
ALPHA = simple(
    {"price": "1m per MW-month", "capacity": "60 MW"},
    "2027-02",
    "2027-06",
    termination={"by": "either", "notice": "30 days"},
)
BETA = simple("90m per month", "2027-04-16", "2027-06")
NORTHGATE: Node = {
    "capacity": [
        {"from": "2027-01", "capacity": "100 MW"},
        {"from": "2027-04", "capacity": "160 MW"},
    ],
    "invested_capital": "300m",
    "operating_cost": "0.1m per MW-month",
    "own_value": "0.5m per MW-month",
    "own_use": [
        {"from": "2027-01", "capacity": "40 MW"},
        {"from": "2027-05", "capacity": "20 MW"},
    ],
    "sold": ["alpha.yaml", {"contract": "beta.yaml", "capacity": "50 MW"}],
}
DEALS = {"alpha.yaml": ALPHA, "beta.yaml": BETA}


def northgate(**other: Any) -> Node:
    site = {key: value for key, value in (NORTHGATE | other).items() if value is not None}
    return {"provider": "Example Halls", "currency": "USD", "sites": {"Northgate": site}}


def written_to(folder: Path, node: Node, deals: dict[str, Node]) -> str:
    for path, deal in deals.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(as_yaml(deal), encoding="utf-8")
    file = folder / "site.yaml"
    file.write_text("".join(f"{line}\n" for line in mapping_lines(node)), encoding="utf-8")
    return str(file)


def site_text(body: str) -> str:
    return f"provider: x\ncurrency: USD\nsites:\n  A:\n{body}"


def ended(house: House, path: str, notice: str, by: str | None = None) -> House:
    contract, _ = contract_named(house.contracts, f"{path}:", "notice")
    return house.with_contract(contract._replace(ended=contract.priced.terminate(day(notice), by)))


def averages(account: Account) -> list[Fraction]:
    capacities = account.nameplate, account.own_use, account.sold, account.idle
    return [capacity / account.days for capacity in capacities]


def cash_yield(house: House, margin: int) -> Fraction:
    return (on_capital(house, margin) or Fraction(0)) / years(house)


def millions(minor: int) -> Fraction:
    return Fraction(minor, 100 * 10**6)

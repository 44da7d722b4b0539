"""A site's capacity: what is used, sold and idle, by hand and against a walk over its days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest
from effort import some
from northgate import (
    ALPHA,
    BETA,
    NORTHGATE,
    averages,
    cash_yield,
    ended,
    millions,
    northgate,
    written_to,
)
from oracle import DAY, Oracle, every_day
from random_deals import random_deal
from site_oracle import SiteOracle, Sold
from small_deals import simple

from dealcalc.book.returns import (
    YIELDING,
    accounts,
    contracts_alone,
    everything,
    own_use_alone,
    payback,
    together,
)
from dealcalc.book.site_files import load_site

Node = dict[str, Any]
Write = Callable[..., str]

# ---- worked by hand ----


def test_capacity_by_month(written: Write) -> None:
    house = load_site(written(northgate()))
    found = [averages(account) for account in accounts(house)]
    # Nameplate, own use, sold, idle. In April beta holds 50 MW on 15 days of 30: 60 + 25 = 85.
    assert found == [
        [100, 40, 0, 60],
        [100, 40, 60, 0],
        [100, 40, 60, 0],
        [160, 40, 85, 35],
        [160, 20, 110, 30],
        [160, 20, 110, 30],
    ]
    # April, used or sold: (40 + 85) / 160.
    assert accounts(house)[3].utilisation == Fraction(125, 160)


# ---- what is sold ----


def test_tranches_count_on_their_own_days_and_once(written: Write) -> None:
    deal = simple("1m per month", "2027-01", "2027-04")
    deal["charges"] = {
        "first": {"price": "1m per MW-month", "capacity": "10 MW"},
        "second": {
            "price": "1m per MW-month",
            "capacity": ["5000 kW", "9 GPU"],
            "start": "2027-03",
        },
        "energy": {"price": "50 per MWh", "capacity": "first"},
        "connection": {"price": "1m once", "on": "2027-02-01", "capacity": "99 MW"},
    }
    node = northgate(own_use=None, sold=["deal.yaml"])
    house = load_site(written(node, {"deal.yaml": deal}))
    assert [averages(one)[2] for one in accounts(house)] == [10, 10, 15, 15]
    assert house.contracts[0].peak == 15


def test_an_assumed_capacity_is_held_on_days_of_service(written: Write) -> None:
    deal = simple("1m per month", "2027-01", "2027-06")
    deal["charges"] = {
        "first": {"price": "1m per month", "through": "2027-02"},
        "second": {"price": "1m per month", "start": "2027-02-15", "through": "2027-03"},
        "third": {"price": "1m per month", "start": "2027-05"},
    }
    node = northgate(own_use=None, sold=[{"contract": "deal.yaml", "capacity": "8 MW"}])
    house = load_site(written(node, {"deal.yaml": deal}))
    assert [averages(one)[2] for one in accounts(house)] == [8, 8, 8, 0, 8, 8]


def test_a_case_of_a_contract(written: Write) -> None:
    alpha = ALPHA | {
        "cases": {
            "cheaper": {"set": {"charges.only.price": "0.5m per MW-month"}},
            "left": {"notice": "2027-03-01", "by": "buyer"},
        }
    }
    deals = {"alpha.yaml": alpha, "beta.yaml": BETA}
    entry = {"contract": "alpha.yaml", "case": "left"}
    file = written(northgate(sold=[entry, NORTHGATE["sold"][1]]), deals)
    assert load_site(file).contracts[0].last_day == date(2027, 3, 31)
    # What the command line asks replaces the case of the file.
    house = load_site(file, cases=["alpha:cheaper"])
    assert house.contracts[0].last_day == date(2027, 6, 30)
    assert millions(together(accounts(house)).revenue) == 150 + 225


def test_a_term_of_a_contract(written: Write) -> None:
    house = load_site(written(northgate()), ["alpha:charges.only.price=2m per MW-month"])
    assert millions(together(accounts(house)).revenue) == 600 + 225
    assert house.overrides == {"alpha:charges.only.price": "2m per MW-month"}


def test_a_case_may_name_the_entry_of_a_plain_path(written: Write) -> None:
    alpha = ALPHA | {"cases": {"left": {"notice": "2027-03-01"}}}
    file = written(northgate(), {"alpha.yaml": alpha, "beta.yaml": BETA})
    house = load_site(file, ["sites.Northgate.sold.0.case=left"])
    assert house.contracts[0].last_day == date(2027, 3, 31)


def test_a_longer_look(written: Write) -> None:
    house = load_site(written(northgate() | {"through": "2027-08"}))
    assert [one.idle / one.days for one in accounts(house)][-2:] == [140, 140]


# ---- against the oracle ----


def levels(rng: Random, first: date, last: date, least: int) -> list[Node]:
    """A level from the first day on, and up to two later ones, none below a least."""
    days = {first, *(first + rng.randint(0, (last - first).days) * DAY for _ in range(2))}
    return [
        {"from": f"{one}", "capacity": f"{least + rng.randint(0, 400)} MW"} for one in sorted(days)
    ]


def a_cost(rng: Random) -> str | Node:
    each = f"{rng.randint(1, 999)} per {rng.choice(['kW', 'MW'])}-{rng.choice(['month', 'year'])}"
    flat = f"{rng.randint(1, 10**7)} per {rng.choice(['month', 'quarter', 'year'])}"
    return rng.choice([each, {"price": each, "on": "nameplate"}, flat])


def a_deal(rng: Random) -> Node:
    """A deal of our years, so that the oracle has not too many days to walk."""
    while True:
        deal = random_deal(rng, "USD")
        oracle = Oracle(deal)
        if oracle.start.year >= 2023 and oracle.through.year <= 2028:
            return deal


def an_entry(path: str, deal: Node, rng: Random) -> str | Node:
    sold = Sold(Oracle(deal), deal, None)
    if any(sold.stated(name) for name in deal["charges"]):
        return path
    return {"contract": path, "capacity": f"{rng.randint(0, 99)} MW"}


def random_site(rng: Random, name: str) -> tuple[Node, dict[str, Node]]:
    """A site with up to two contracts, large enough for both and the owner."""
    deals = {f"{name}-{index}.yaml": a_deal(rng) for index in range(rng.randint(0, 2))}
    oracles = [Oracle(deal) for deal in deals.values()]
    first = min([date(2025, 3, 10), *(one.start for one in oracles)])
    last = max([first + 500 * DAY, *(one.through for one in oracles)])
    site = {
        "capacity": levels(rng, first, last, 10**7),
        "invested_capital": f"{rng.randint(1, 10**10)}",
        "operating_cost": [a_cost(rng) for _ in range(rng.randint(1, 3))],
        "own_value": f"{rng.randint(1, 10**6)} per MW-month",
        "own_use": levels(rng, first, last, 0),
    }
    entries = [an_entry(path, deal, rng) for path, deal in deals.items()]
    return site | ({"sold": entries} if entries else {}), deals


def random_provider(rng: Random) -> tuple[Node, dict[str, Node]]:
    """One site or two, and their contracts."""
    names = ("North", "South")[: rng.randint(1, 2)]
    sites = {name: random_site(rng, name) for name in names}
    node = {"provider": "Example Halls", "currency": "USD"}
    deals = {path: deal for _, own in sites.values() for path, deal in own.items()}
    if not deals:
        node["through"] = "2026-09-12"
    return node | {"sites": {name: site for name, (site, _) in sites.items()}}, deals


def a_notice(rng: Random, deals: dict[str, Node]) -> dict[str, tuple[date, str | None]]:
    """Notice on one of the contracts, often, if anybody may give it."""
    for path in rng.sample(sorted(deals), rng.randint(0, len(deals))):
        for party, days in Oracle(deals[path]).permitted.items():
            if days:
                return {path: (rng.choice(days), party)}
    return {}


SEEDS = some(9, range(25))


@pytest.mark.parametrize("seed", SEEDS)
def test_against_the_oracle(seed: int, tmp_path: Path) -> None:
    rng = Random(seed)
    node, deals = random_provider(rng)
    notices = a_notice(rng, deals)
    oracle = SiteOracle(node, deals, notices)
    house = load_site(written_to(tmp_path, node, deals))
    for path, (notice, party) in notices.items():
        house = ended(house, path, f"{notice}", party)
    found = accounts(house)
    assert [(f"{one.through:%Y-%m}", one.site) for one in found] == sorted(oracle.months)
    for one in found:
        month = oracle.months[f"{one.through:%Y-%m}", one.site]
        capacities = one.nameplate, one.own_use, one.sold, one.days, one.revenue
        assert capacities == (month.nameplate, month.own_use, month.sold, month.days, month.revenue)
        money = one.own_value, one.own_cost, one.sold_cost, one.rest_cost
        assert money == tuple(month.money.values())
        assert one.margin == month.margin
    scopes = [scope(together(found)) for scope in YIELDING]
    yields = {one.name: cash_yield(house, one.margin) for one in scopes}
    assert yields == oracle.cash_yields()
    paid_back = payback(house, found)
    assert (paid_back and f"{paid_back:%Y-%m}") == oracle.payback()


@pytest.mark.parametrize("seed", SEEDS)
def test_the_parts_are_the_whole(seed: int, tmp_path: Path) -> None:
    rng = Random(1000 + seed)
    node, deals = random_provider(rng)
    house = load_site(written_to(tmp_path, node, deals))
    whole = together(accounts(house))
    assert whole.own_use + whole.sold + whole.idle == whole.nameplate
    # The contracts' own books, and nothing else.
    assert whole.revenue == sum(Oracle(deal).contract_value for deal in deals.values()) * 100
    assert whole.margin == whole.revenue - whole.operating_cost
    own, contracts = own_use_alone(whole), contracts_alone(whole)
    assert own.margin + contracts.margin - whole.rest_cost == everything(whole).margin
    for name in node["sites"]:
        nameplate, own_use, sold = house.levels(name)
        for one in rng.choices(list(every_day(house.first, house.last)), k=20):
            assert own_use.on(one) + sold.on(one) <= nameplate.on(one)
            assert sold.on(one) == sum(contract.on(one) for contract in house.at(name))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_first_short_day(seed: int, tmp_path: Path) -> None:
    """A site that is made too small in a what-if."""
    rng = Random(2000 + seed)
    node, deals = random_provider(rng)
    file = written_to(tmp_path, node, deals)
    first = load_site(file).first
    size = rng.choice([0, 100, 200, 300, 400, 1000])
    house = load_site(file, [f"sites.North.capacity=[{{from: {first}, capacity: {size} MW}}]"])
    node["sites"]["North"]["capacity"] = [{"from": f"{first}", "capacity": f"{size} MW"}]
    expected = SiteOracle(node, deals).short("North")
    assert [(one.day, one.by) for one in house.short()] == ([expected] if expected else [])


def test_no_contract_no_revenue(written: Write) -> None:
    house = load_site(written(northgate(sold=None) | {"through": "2027-06"}, {}))
    whole = together(accounts(house))
    assert (whole.revenue, whole.sold) == (0, 0)
    # Own use costs 4 x 4m + 2 x 2m, and there is nothing to pay it with.
    assert millions(whole.margin) == -20
    assert payback(house, accounts(house)) is None

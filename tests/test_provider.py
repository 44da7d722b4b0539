"""The seller's house: what is used, sold, idle, what it returns, and site files that are wrong."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest
from deals import as_yaml, mapping_lines, random_deal
from oracle import DAY, Oracle, every_day
from site_oracle import SiteOracle, Sold
from terms import day, simple

from dealcalc.book.returns import (
    NO_LIBRARY,
    Account,
    accounts,
    capital,
    cash_flows,
    internal_rate,
    on_capital,
    pathways,
    payback,
    together,
    years,
)
from dealcalc.book.site_files import contract_named, load_site
from dealcalc.book.sites import House
from dealcalc.loading.problems import Refused

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


@pytest.fixture
def written(tmp_path: Path) -> Write:
    """A site file, with its contracts beside it."""
    return lambda node, deals=DEALS: written_to(tmp_path, node, deals)


def ended(house: House, path: str, notice: str, by: str | None = None) -> House:
    contract, _ = contract_named(house, f"{path}:", "--notice")
    return house.with_contract(contract._replace(ended=contract.priced.terminate(day(notice), by)))


def averages(account: Account) -> list[Fraction]:
    capacities = account.nameplate, account.own_use, account.sold, account.idle
    return [capacity / account.days for capacity in capacities]


def a_year(house: House, margin: int) -> Fraction:
    return (on_capital(house, margin) or Fraction(0)) / years(house)


def millions(minor: int) -> Fraction:
    return Fraction(minor, 100 * 10**6)


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


def test_money_by_month(written: Write) -> None:
    found = accounts(load_site(written(northgate())))
    # alpha 60 MW x 1m from February; beta 90m a month, half of it in April.
    assert [millions(one.revenue) for one in found] == [0, 60, 60, 105, 150, 150]
    # 0.1m x (own use + sold): 40, 100, 100, 125, 130, 130 MW.
    assert [millions(one.operating_cost) for one in found] == [4, 10, 10, Fraction("12.5"), 13, 13]
    # 0.5m x 40 MW, from May x 20 MW.
    assert [millions(one.own_value) for one in found] == [20, 20, 20, 20, 10, 10]
    assert [millions(one.margin) for one in found] == [-4, 50, 50, Fraction("92.5"), 137, 137]


def test_returns(written: Write) -> None:
    house = load_site(written(northgate()))
    own, contracts, both = pathways(together(accounts(house)))
    # Own use: worth 4 x 20 + 2 x 10 = 100, costs 4 x 4 + 2 x 2 = 20.
    assert (millions(own.worth), millions(own.cost)) == (100, 20)
    # Contracts: 5 x 60 + 225 = 525; 0.1m x (0 + 60 + 60 + 85 + 110 + 110) = 42.5.
    assert (millions(contracts.worth), millions(contracts.cost)) == (525, Fraction("42.5"))
    assert (millions(both.worth), millions(both.cost)) == (625, Fraction("62.5"))
    # Over 300m and six months, half a year: 80 / 150, 482.5 / 150, 562.5 / 150.
    assert capital(house) == 300 * 10**6
    assert years(house) == Fraction(1, 2)
    found = [a_year(house, one.margin) for one in (own, contracts, both)]
    assert found == [Fraction(80, 150), Fraction(4825, 1500), Fraction(375, 100)]
    # Over all six months, twice the capital of half a year's return: 562.5 / 300.
    assert on_capital(house, both.margin) == Fraction(1875, 1000)


def test_payback(written: Write) -> None:
    house = load_site(written(northgate()))
    # Margins so far: -4, 46, 96, 188.5, 325.5: the fifth is the first to reach 300.
    assert payback(house, accounts(house)) == date(2027, 5, 1)
    exactly = load_site(written(northgate(invested_capital="325.5m")))
    assert payback(exactly, accounts(exactly)) == date(2027, 5, 1)
    more = load_site(written(northgate(invested_capital="325_500_001")))
    assert payback(more, accounts(more)) == date(2027, 6, 1)
    # All margins are 462.5.
    never = load_site(written(northgate(invested_capital="463m")))
    assert payback(never, accounts(never)) is None


def test_idle_and_flat_costs_burden_both_only(written: Write) -> None:
    costs = [{"price": "0.1m per MW-month", "on": "nameplate"}, "2m per month"]
    house = load_site(written(northgate(operating_cost=costs)))
    own, contracts, both = pathways(together(accounts(house)))
    assert (millions(own.cost), millions(contracts.cost)) == (20, Fraction("42.5"))
    # Idle MW-months 60 + 0 + 0 + 35 + 30 + 30 = 155, times 0.1m; flat 6 x 2m; both on top of 62.5.
    assert millions(both.cost) == Fraction("62.5") + Fraction("15.5") + 12


def test_a_flat_cost_begins_and_ends_with_the_site(written: Write) -> None:
    later = [
        {"from": "2027-04-16", "capacity": "200 MW"},
        {"from": "2027-06-16", "capacity": "0 MW"},
    ]
    node = northgate(capacity=later, own_use=None, sold=None, operating_cost="2m per month")
    node |= {"through": "2027-06"}
    node["sites"]["Yard"] = {"capacity": [{"from": "2027-01", "capacity": "1 MW"}]}
    costs = [one.operating_cost for one in accounts(load_site(written(node, {})))]
    # Half of April, May, and half of June; the yard costs nothing.
    assert [millions(cost) for cost in costs[::2]] == [0, 0, 0, 1, 2, 1]
    assert set(costs[1::2]) == {0}


@pytest.mark.parametrize(
    "price",
    ["0.1m per MW-month", "100 per kW-month", "1.2m per MW-year", "100m per GW-month"],
)
def test_the_unit_of_a_cost_does_not_matter(written: Write, price: str) -> None:
    whole = together(accounts(load_site(written(northgate(operating_cost=price)))))
    assert millions(whole.operating_cost) == Fraction("62.5")


@pytest.mark.parametrize("price", ["2m per month", "6m per quarter", "24m per year"])
def test_the_period_of_a_flat_cost_does_not_matter(written: Write, price: str) -> None:
    whole = together(accounts(load_site(written(northgate(operating_cost=price)))))
    assert millions(whole.operating_cost) == 12


def test_notice_frees_capacity_and_its_revenue_is_forgone(written: Write) -> None:
    house = ended(load_site(written(northgate())), "alpha.yaml", "2027-03-01")
    found = accounts(house)
    # 30 days after 1 March is the 31st. April: 160 - 40 - 25 = 95 MW idle; then 160 - 20 - 50 = 90.
    assert [averages(one)[3] for one in found] == [60, 0, 0, 95, 90, 90]
    assert [millions(one.revenue) for one in found] == [0, 60, 60, 45, 90, 90]
    # The rows still run to the last agreed day, since the idle capacity must stay visible.
    assert found[-1].through == date(2027, 6, 30)
    alpha = house.contracts[0]
    assert alpha.freed == (date(2027, 4, 1), 60)


def test_a_fee_is_revenue_of_the_last_day(written: Write) -> None:
    alpha = ALPHA | {"termination": {"by": "either", "notice": "30 days", "fee": "7m"}}
    file = written(northgate(), {"alpha.yaml": alpha, "beta.yaml": BETA})
    leaves = ended(load_site(file), "alpha", "2027-03-01", "buyer")
    assert [millions(one.revenue) for one in accounts(leaves)] == [0, 60, 67, 45, 90, 90]
    ends = ended(load_site(file), "alpha", "2027-03-01", "seller")
    assert [millions(one.revenue) for one in accounts(ends)] == [0, 60, 53, 45, 90, 90]


def test_own_demand_comes_back(written: Write) -> None:
    levels = "[{from: 2027-01, capacity: 40 MW}, {from: 2027-05-10, capacity: 60 MW}]"
    file = written(northgate())
    house = load_site(file, [f"sites.Northgate.own_use={levels}"])
    # From 10 May 60 + 110 MW are used and sold where there are 160.
    assert [tuple(short) for short in house.short()] == [("Northgate", date(2027, 5, 10), 10)]
    assert accounts(house)[-1].idle == -10 * 30
    # Thirty days' notice by the seller: service has to end on the 9th.
    assert house.contracts[0].priced.latest_notice(date(2027, 5, 9), "seller") == date(2027, 4, 9)


def test_capital_in_steps(written: Write) -> None:
    steps = [
        {"from": "2027-01", "capital": "100m"},
        {"from": "2027-04", "capital": "300m"},
        {"from": "2028-01", "capital": "900m"},  # after the last day shown
    ]
    house = load_site(written(northgate(invested_capital=steps)))
    assert capital(house) == 300 * 10**6
    flows = cash_flows(house, accounts(house), 2)
    # Margins of both pathways: worth 20, 80, 80, 125, 160, 160 less costs 4, 10, 10, 12.5, 13, 13.
    assert [(f"{when:%m-%d}", amount / 10**6) for when, amount in flows] == [
        ("01-01", -100),
        ("01-31", 16),
        ("02-28", 70),
        ("03-31", 70),
        ("04-01", -200),
        ("04-30", Fraction("112.5")),
        ("05-31", 147),
        ("06-30", 147),
    ]


def test_the_model_deal(tmp_path: Path) -> None:
    """The model deal at a site of 300 MW, used at home for four months before."""
    from conftest import MODEL

    (tmp_path / "model.yaml").write_text(MODEL, encoding="utf-8")
    site = {
        "capacity": "300 MW",
        "invested_capital": "12bn",
        "operating_cost": "0.15m per MW-month",
        "own_value": "1m per MW-month",
        "own_use": [
            {"from": "2026-01", "capacity": "300 MW"},
            {"from": "2026-05", "capacity": "0 MW"},
        ],
        "sold": ["model.yaml"],
    }
    node = {"provider": "xAI", "currency": "USD", "sites": {"Colossus 1": site}}
    house = load_site(written_to(tmp_path, node, {}))
    own, contracts, both = pathways(together(accounts(house)))
    # 41 months. Own use: 4 x 300 x (1m - 0.15m) = 1.02bn. Contract: 45bn - 37 x 45m = 43.335bn.
    assert [one.margin for one in (own, contracts, both)] == [
        102_000_000_000,
        4_333_500_000_000,
        4_435_500_000_000,
    ]
    assert years(house) == Fraction(41, 12)
    # Margins: 4 x -45m, 2 x 580m, then 1,205m a month: 980m and nine of them are 11,825m, the tenth
    # reaches 12bn; the first of them is July 2026.
    assert payback(house, accounts(house)) == date(2027, 4, 1)


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


# ---- the internal rate of return ----


def flows(**amounts: int) -> list[tuple[date, Fraction]]:
    """Amounts on 31 January: y2027=-100."""
    return [(date(int(year[1:]), 1, 31), Fraction(one)) for year, one in amounts.items()]


def test_internal_rate() -> None:
    # 365 days: 100 grow to 110.
    found = internal_rate(flows(y2027=-100, y2028=110)).rate
    assert found is not None
    assert round(found, 9) == Fraction(1, 10)
    # Half is lost.
    found = internal_rate(flows(y2027=-100, y2028=50)).rate
    assert found is not None
    assert round(found, 9) == Fraction(-1, 2)


def test_no_internal_rate() -> None:
    for one_way in (flows(y2027=-100), flows(y2027=-100, y2028=-1), flows(y2027=5), []):
        assert internal_rate(one_way).rate is None
        assert "one way" in internal_rate(one_way).why
    # 365 days lie between each two. With growth g, -100 g^2 + 230 g - 132 is nothing at 1.1 and
    # 1.2; with 134 in place of 132 it never is: 230^2 < 4 x 100 x 134.
    two = internal_rate(flows(y2029=-100, y2030=230, y2031=-132))
    assert (two.rate, two.why[:30]) == (None, "undefined: 2 rates would do, s")
    none = internal_rate(flows(y2029=-100, y2030=230, y2031=-134))
    assert (none.rate, none.why[:30]) == (None, "undefined: no rate would do, s")


def test_money_that_turns_often_may_still_have_one_rate() -> None:
    # -100 g^3 + 60 g^2 - 1 g + 60 falls through nothing once: its slope is below zero for g >= 1/2.
    found = internal_rate(flows(y2029=-100, y2030=60, y2031=-1, y2032=60)).rate
    assert found is not None
    assert abs(-100 * (1 + found) ** 3 + 60 * (1 + found) ** 2 - (1 + found) + 60) < Fraction(1, 2)


def test_a_late_cost_makes_a_second_rate() -> None:
    # However small it is, the last flow outweighs all others as the rate goes to -100%.
    found = internal_rate(flows(y2029=-(10**9), y2030=2 * 10**9, y2031=-1))
    assert (found.rate, found.why[:18]) == (None, "undefined: 2 rates")


def test_a_rate_too_low_to_be_found() -> None:
    lost = Fraction(-(10**9))
    found = internal_rate([(date(2027, 1, 1), lost), (date(2027, 1, 2), Fraction(1))])
    assert found.rate is None
    assert "no rate is found" in found.why


def test_without_the_library_all_but_the_rate_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyxirr", None)
    assert internal_rate(flows(y2027=-100, y2028=110)) == (None, NO_LIBRARY)


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
        deal = random_deal(rng) | {"currency": "USD"}
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


SEEDS = range(25)


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
    paths = pathways(together(found))
    assert {one.name: a_year(house, one.margin) for one in paths} == oracle.returns()
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
    assert whole.revenue == sum(Oracle(deal).headline for deal in deals.values()) * 100
    assert whole.margin == whole.revenue - whole.operating_cost
    own, contracts, both = pathways(whole)
    assert own.margin + contracts.margin - whole.rest_cost == both.margin
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


# ---- site files that are wrong ----


def refused(file: str, *arguments: Any) -> list[tuple[int, str, str]]:
    """Line, code and message of every problem of a site file, in the order they are shown."""
    with pytest.raises(Refused) as refusal:
        load_site(file, *arguments)
    return [(one.line, one.code, one.message) for one in refusal.value.problems]


def site_text(body: str) -> str:
    return f"provider: x\ncurrency: USD\nsites:\n  A:\n{body}"


def wrong(folder: Path, text: str) -> list[tuple[int, str, str]]:
    (folder / "alpha.yaml").write_text(as_yaml(ALPHA), encoding="utf-8")
    (folder / "beta.yaml").write_text(as_yaml(BETA), encoding="utf-8")
    file = folder / "site.yaml"
    file.write_text(text, encoding="utf-8")
    return refused(str(file))


OVERSOLD = [
    # From 2027-02 alpha takes 60 MW: the contract begins that day.
    ("capacity: 50 MW\nsold: alpha.yaml", 6, "from 2027-02-01 on, 60 MW", "50 MW: 10 MW too many"),
    # The owner takes 20 MW more from 2027-03 on.
    (
        "capacity: 70 MW\nsold: alpha.yaml\nown_use:\n- {from: 2027-01, capacity: 10 MW}\n"
        "- {from: 2027-03-05, capacity: 30 MW}",
        9,
        "from 2027-03-05 on, 90 MW",
        "70 MW: 20 MW too many",
    ),
    # The site shrinks while alpha holds it.
    (
        "capacity:\n- {from: 2027-01, capacity: 60 MW}\n- {from: 2027-06-30, capacity: 59500 kW}\n"
        "sold: alpha.yaml",
        7,
        "from 2027-06-30 on, 60 MW",
        "59.5 MW: 0.5 MW too many",
    ),
    # From the first day named on, which is alpha's.
    ("capacity: 60 MW\nown_use: 61 MW\nsold: alpha.yaml", 7, "from 2027-02-01 on, 121 MW", "61 MW"),
]


@pytest.mark.parametrize(("body", "line", "begins", "ends"), OVERSOLD)
def test_oversold(tmp_path: Path, body: str, line: int, begins: str, ends: str) -> None:
    text = site_text("".join(f"    {one}\n" for one in body.split("\n")))
    ((at, code, message),) = wrong(tmp_path, text)
    assert (at, code) == (line, "oversold")
    assert message.startswith(begins)
    assert ends in message


def test_exactly_full_is_not_oversold(written: Write) -> None:
    # Alpha's last day and beta's first are neighbours: 60 and 50 MW never meet.
    beta = simple("90m per month", "2027-07", "2027-08")
    node = northgate(capacity="60 MW", own_use=None)
    house = load_site(written(node, {"alpha.yaml": ALPHA, "beta.yaml": beta}))
    assert list(house.short()) == []


WRONG = [
    ("sold: missing.yaml", "there is no file missing.yaml beside this one"),
    ("sold: ../site.yaml", "../site.yaml leads out of the folder of this file"),
    ("sold: /etc/passwd", "/etc/passwd leads out of the folder of this file"),
    ("sold: C:/deal.yaml", "C:/deal.yaml leads out of the folder of this file"),
    ("sold: 'x\\..\\..\\y.yaml'", "x\\..\\..\\y.yaml leads out of the folder of this file"),
    ("sold: '-'", "- leads out of the folder of this file"),
    ("sold: site.yaml", "this is this file itself"),
    ("sold: ./alpha.yaml", None),
    ("sold: [alpha.yaml, ./alpha.yaml]", "./alpha.yaml stands at A already"),
    (
        "sold: {contract: alpha.yaml, capacity: 60 MW}",
        "the contract states its capacity, 60 MW in all",
    ),
    ("sold: beta.yaml", "the contract states no capacity in MW"),
    ("sold: {contract: alpha.yaml, case: gone}", "there is no case `gone` in "),
    ("sold: {contract: alpha.yaml, cap: 3 MW}", "there is no key `cap` here"),
    ("sold: []", "`sold` has no value"),
    ("own_use: 3 GPU", "the capacity of a site is power, not 3 GPU"),
    ("own_use: 3", "3 is not a capacity"),
    ("own_value: 1m per month", "own use is valued by the MW"),
    ("own_value: 1m per GPU-month", "this is by the month here, and by the MW"),
    ("operating_cost: 1m once", "this is by the month here, and by the MW"),
    ("operating_cost: 1 per MWh", "this is by the month here, and by the MW"),
    (
        "operating_cost: {price: 1m per month, on: nameplate}",
        "a flat cost is the same whatever runs",
    ),
    ("operating_cost: {price: 1m per MW-month, on: roof}", "roof is not one of the answers here"),
    (
        "invested_capital: [{from: 2027-01, capital: 2m}, {from: 2027-02, capital: 1m}]",
        "less is invested than before: what was spent stays spent",
    ),
    ("own_use: [1 MW, 2 MW]", "only the first of several may go without `from`"),
    (
        "own_use: [{from: 2027-02, capacity: 1 MW}, {from: 2027-02-01, capacity: 2 MW}]",
        "2027-02-01 is not after 2027-02-01, from when the one before holds",
    ),
    ("colour: red", "there is no key `colour` here"),
]


@pytest.mark.parametrize(("line", "message"), WRONG)
def test_wrong_site_files(tmp_path: Path, line: str, message: str | None) -> None:
    text = (
        site_text(f"    capacity: 500 MW\n    {line}\n")
        + "  B: {capacity: {from: 2027-01, capacity: 1 MW}}\nthrough: 2028-01\n"
    )
    if message is None:
        (tmp_path / "alpha.yaml").write_text(as_yaml(ALPHA), encoding="utf-8")
        (tmp_path / "site.yaml").write_text(text, encoding="utf-8")
        assert load_site(str(tmp_path / "site.yaml")).contracts[0].name == "./alpha"
        return
    ((at, _, found),) = wrong(tmp_path, text)
    assert at == 6
    assert found.startswith(message)


def test_links_that_lead_out(tmp_path: Path) -> None:
    outside, folder = tmp_path / "outside", tmp_path / "inside"
    outside.mkdir()
    folder.mkdir()
    (outside / "out.yaml").write_text(as_yaml(ALPHA), encoding="utf-8")
    os.symlink(outside / "out.yaml", folder / "link.yaml")
    os.symlink(outside, folder / "folder")
    os.symlink("alpha.yaml", folder / "within.yaml")
    entries = "    - link.yaml\n    - folder/out.yaml\n    - within.yaml\n"
    body = f"    capacity: 500 MW\n    sold:\n{entries}"
    found = wrong(folder, site_text(body))
    message = "is a link that leads out of the folder of this file"
    assert found == [
        (7, "contract", f"link.yaml {message}"),
        (8, "contract", f"folder/out.yaml {message}"),
    ]


def test_a_contracts_own_problems_are_shown_with_the_entry(tmp_path: Path) -> None:
    broken = as_yaml(ALPHA).replace("per MW-month", "per MW-mnth").replace("buyer:", "byer:")
    (tmp_path / "broken.yaml").write_text(broken, encoding="utf-8")
    body = "    capacity: 500 GPU\n    sold:\n    - broken.yaml\n    - missing.yaml\n"
    found = wrong(tmp_path, site_text(body))
    assert [code for _, code, _ in found] == [
        "unknown-key",
        "price",
        "capacity",
        "contract",
        "contract",
    ]
    assert (7, "contract", "broken.yaml has 2 problems of its own") in found


def test_a_site_stands_in_no_other(tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text(site_text("    capacity: 1 MW\n    sold: site.yaml\n"))
    found = wrong(tmp_path, site_text("    capacity: 500 MW\n    sold: other.yaml\n"))
    assert (0, "not-a-scenario", "this is a site file, not a deal") in found
    assert (6, "contract", "other.yaml has 1 problem of its own") in found


def test_one_currency(tmp_path: Path) -> None:
    (tmp_path / "euro.yaml").write_text(as_yaml(ALPHA | {"currency": "EUR"}), encoding="utf-8")
    found = wrong(tmp_path, site_text("    capacity: 500 MW\n    sold: [alpha.yaml, euro.yaml]\n"))
    message = "this contract is in EUR, the file in USD: they cannot be added up"
    assert found == [(6, "conflict", message)]


def test_a_file_without_days(tmp_path: Path) -> None:
    found = wrong(tmp_path, site_text("    capacity: 1 MW\n"))
    assert found == [(1, "missing-key", "no contract says how long the file runs")]
    found = wrong(tmp_path, site_text("    capacity: 1 MW\n") + "through: 2027-01\n")
    assert found == [(3, "missing-key", "no day is named on which anything begins")]
    found = wrong(
        tmp_path, site_text("    capacity: 60 MW\n    sold: alpha.yaml\n") + "through: 2027-05\n"
    )
    assert found == [(7, "reversed-dates", "2027-05-31 is before 2027-06-30")]


def test_a_file_without_sites(tmp_path: Path) -> None:
    found = wrong(tmp_path, "provider: x\ncurrency: USD\nsites: {A: none}\n")
    assert (3, "empty", "a provider has at least one site") in found


def test_more_months_than_are_shown(tmp_path: Path) -> None:
    # 11 sites from 1970 through 2199: 11 x 230 x 12 months.
    hall = {"capacity": {"from": "1970-01", "capacity": "1 MW"}}
    node = northgate() | {"through": "2199-12", "sites": {f"hall-{n}": hall for n in range(11)}}
    message = "the sites run for 30,360 months in all; 30,000 are shown"
    assert refused(written_to(tmp_path, node, {})) == [(3, "limit", message)]
    del node["sites"]["hall-0"]
    assert load_site(written_to(tmp_path, node, {})).months_shown == 2760


def test_a_case_with_notice_that_may_not_be_given(tmp_path: Path) -> None:
    alpha = ALPHA | {"cases": {"late": {"notice": "2028-01-01"}}}
    (tmp_path / "late.yaml").write_text(as_yaml(alpha), encoding="utf-8")
    body = "    capacity: 500 MW\n    sold: {contract: late.yaml, case: late}\n"
    found = wrong(tmp_path, site_text(body))
    assert [code for _, code, _ in found] == ["notice", "contract"]


@pytest.mark.parametrize(
    ("settings", "cases", "message"),
    [
        ((), ("alpha:nope",), "there is no case `nope` in "),
        ((), ("nope",), "nope: of which contract?"),
        ((), ("gamma:nope",), "there is no contract gamma"),
        (("sites.Yard.capacity=3 MW",), (), "there is no `Yard` here"),
        (("sites.Northgate.capacity=3",), (), "3 is not a capacity"),
        (("alpha:charges.nope.price=3",), (), "there is no `nope` here"),
        (("gamma:charges.only.price=3",), (), "there is no contract gamma"),
        (("nonsense",), (), "this is not PATH=VALUE"),
        (("sites.Northgate.sold=none",), (), "no contract says how long the file runs"),
    ],
)
def test_what_ifs_that_are_wrong(
    written: Write, settings: tuple[str, ...], cases: tuple[str, ...], message: str
) -> None:
    ((_, _, found),) = refused(written(northgate()), settings, cases)
    assert found.startswith(message)


def test_a_deal_is_no_site_file(written: Write, tmp_path: Path) -> None:
    written(northgate())
    ((_, code, message),) = refused(str(tmp_path / "alpha.yaml"))
    assert (code, message) == ("not-a-scenario", "this is a deal, not a site file")


def test_names_of_contracts(written: Write) -> None:
    deals = {"east/one.yaml": ALPHA, "west/one.yaml": BETA}
    entries = ["east/one.yaml", {"contract": "west/one.yaml", "capacity": "50 MW"}]
    house = load_site(written(northgate(sold=entries), deals))
    for name in ("east/one.yaml", "east/one"):
        assert contract_named(house, f"{name}:x", "--case") == (house.contracts[0], "x")
    with pytest.raises(Refused, match="several contracts are called one"):
        contract_named(house, "one:x", "--case")
    alone = load_site(written(northgate(sold=entries[:1]), deals))
    assert contract_named(alone, "one:x", "--case") == (alone.contracts[0], "x")
    assert contract_named(alone, "2027-03-01", "--notice") == (alone.contracts[0], "2027-03-01")

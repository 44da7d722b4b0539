"""What a site earns, costs and yields."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from northgate import (
    ALPHA,
    BETA,
    averages,
    cash_yield,
    ended,
    millions,
    northgate,
    written_to,
)

from dealcalc.book.returns import (
    NO_LIBRARY,
    Scope,
    accounts,
    capital,
    cash_flows,
    contracts_alone,
    everything,
    internal_rate,
    on_capital,
    own_use_alone,
    payback,
    together,
    years,
)
from dealcalc.book.site_files import load_site
from dealcalc.book.sites import House

Node = dict[str, Any]
Write = Callable[..., str]


def every_scope(house: House) -> tuple[Scope, Scope, Scope]:
    whole = together(accounts(house))
    return own_use_alone(whole), contracts_alone(whole), everything(whole)


def test_money_by_month(written: Write) -> None:
    found = accounts(load_site(written(northgate())))
    # alpha 60 MW x 1m from February; beta 90m a month, half of it in April.
    assert [millions(one.revenue) for one in found] == [0, 60, 60, 105, 150, 150]
    # 0.1m x (own use + sold): 40, 100, 100, 125, 130, 130 MW.
    assert [millions(one.operating_cost) for one in found] == [4, 10, 10, Fraction("12.5"), 13, 13]
    # 0.5m x 40 MW, from May x 20 MW.
    assert [millions(one.own_value) for one in found] == [20, 20, 20, 20, 10, 10]
    assert [millions(one.margin) for one in found] == [-4, 50, 50, Fraction("92.5"), 137, 137]


def test_yields(written: Write) -> None:
    house = load_site(written(northgate()))
    own, contracts, all_of_it = every_scope(house)
    # Own use: value 4 x 20 + 2 x 10 = 100, costs 4 x 4 + 2 x 2 = 20.
    assert (millions(own.value), millions(own.cost)) == (100, 20)
    # Contracts: 5 x 60 + 225 = 525; 0.1m x (0 + 60 + 60 + 85 + 110 + 110) = 42.5.
    assert (millions(contracts.value), millions(contracts.cost)) == (525, Fraction("42.5"))
    assert (millions(all_of_it.value), millions(all_of_it.cost)) == (625, Fraction("62.5"))
    # Over 300m and six months, half a year: 80 / 150, 482.5 / 150, 562.5 / 150.
    assert capital(house) == 300 * 10**6
    assert years(house) == Fraction(1, 2)
    found = [cash_yield(house, one.margin) for one in (own, contracts, all_of_it)]
    assert found == [Fraction(80, 150), Fraction(4825, 1500), Fraction(375, 100)]
    # Over all six months, the multiple of the capital: 562.5 / 300.
    assert on_capital(house, all_of_it.margin) == Fraction(1875, 1000)


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


def test_idle_and_flat_costs_burden_only_everything_together(written: Write) -> None:
    costs = [{"price": "0.1m per MW-month", "on": "nameplate"}, "2m per month"]
    house = load_site(written(northgate(operating_cost=costs)))
    own, contracts, all_of_it = every_scope(house)
    assert (millions(own.cost), millions(contracts.cost)) == (20, Fraction("42.5"))
    # Idle MW-months 60 + 0 + 0 + 35 + 30 + 30 = 155, times 0.1m; flat 6 x 2m; both on top of 62.5.
    assert millions(all_of_it.cost) == Fraction("62.5") + Fraction("15.5") + 12


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
    # From 10 May 60 + 110 MW are used or sold, but there are 160.
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
    flows = cash_flows(house, accounts(house), everything)
    # Margins of everything together: values 20, 80, 80, 125, 160, 160 less costs 4, 10, 10, 12.5,
    # 13, 13.
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
    from reading import MODEL

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
    own, contracts, all_of_it = every_scope(house)
    # 41 months. Own use: 4 x 300 x (1m - 0.15m) = 1.02bn. Contract: 45bn - 37 x 45m = 43.335bn.
    assert [one.margin for one in (own, contracts, all_of_it)] == [
        102_000_000_000,
        4_333_500_000_000,
        4_435_500_000_000,
    ]
    assert years(house) == Fraction(41, 12)
    # Margins: 4 x -45m, 2 x 580m, then 1,205m a month: 980m and nine of them are 11,825m, the tenth
    # reaches 12bn; the first of them is July 2026.
    assert payback(house, accounts(house)) == date(2027, 4, 1)


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
    assert (two.rate, two.why[:30]) == (None, "undefined: 2 rates would fit: ")
    none = internal_rate(flows(y2029=-100, y2030=230, y2031=-134))
    assert (none.rate, none.why[:30]) == (None, "undefined: no rate would fit: ")


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

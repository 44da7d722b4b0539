"""`dealcalc capacity`: what it prints of a provider's sites, for people and for programs."""

from __future__ import annotations

import io
import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from commands import Ask
from northgate import ALPHA, BETA, DEALS, NORTHGATE, northgate, site_text, written_to
from random_deals import as_yaml
from shipped import SCENARIOS
from small_deals import simple

from dealcalc import cli
from dealcalc.book.site_files import load_site
from dealcalc.forms.tables import draw
from dealcalc.reports.capacity import CapacityReport
from dealcalc.reports.units import UNITS

Node = dict[str, Any]

NEOCLOUD = str(SCENARIOS / "xai-neocloud.yaml")
BACK = "[{from: 2027-01, capacity: 40 MW}, {from: 2027-05-10, capacity: 60 MW}]"
COMES_BACK = f"sites.Northgate.own_use={BACK}"


@pytest.fixture
def site(tmp_path: Path) -> str:
    """The site worked by hand in the tests of the seller's sites."""
    return written_to(tmp_path, northgate(), DEALS)


def column(table: list[Node], name: str) -> list[Any]:
    return [row[name] for row in table]


def words(out: str) -> str:
    """What is printed, without its layout."""
    return " ".join(out.split())


# ---- what programs read ----


def test_json(asked: Ask, site: str) -> None:
    found = asked(site)
    assert found["format"] == "dealcalc/capacity/2"
    assert (found["provider"], found["currency"]) == ("Example Halls", "USD")
    assert list(found["months"][0])[:10] == [
        *("month", "site", "nameplate", "own_use", "sold", "idle", "utilisation"),
        *("revenue", "operating_cost", "margin"),
    ]
    assert column(found["months"], "month") == [f"2027-0{month}" for month in range(1, 7)]
    # Own use is 40 MW for 120 days and 20 MW for 61: (4,800 + 1,220) / 181 = 33.2596685...
    (year,) = found["years"]
    assert (year["year"], year["own_use"], year["days"]) == (2027, Decimal("33.259669"), 181)
    # The cash yields are worked by hand in the tests of the house: 482.5 and 562.5 over 150.
    assert found["cash_yield"] == {
        "contracts": Decimal("3.216667"),
        "all": Decimal("3.75"),
    }
    assert found["payback"] == "2027-05"
    assert column(found["scopes"], "scope") == ["own_use", "contracts", "all"]
    assert column(found["scopes"], "multiple") == [
        None,
        Decimal("1.608333"),
        Decimal("1.875"),
    ]


def test_quarters(asked: Ask, said: Ask, site: str) -> None:
    assert "quarters" not in asked(site)
    found = asked(site, "--period", "quarter")["quarters"]
    assert column(found, "quarter") == ["2027-Q1", "2027-Q2"]
    # Sold: 60 MW on 59 days of 90; 85 MW on 30 days and 110 MW on 61, of 91.
    assert column(found, "sold") == [Decimal("39.333333"), Decimal("101.758242")]
    assert column(found, "revenue") == [120_000_000, 405_000_000]
    _, out, _ = said(site, "--period", "quarter", "-f", "csv")
    assert out.splitlines()[1].startswith("2027-Q1,Northgate,100,40,39.333333,20.666667,0.793333,")


def test_the_portfolio(asked: Ask, site: str) -> None:
    found = asked(site)
    alpha, beta = found["contracts"]
    # Alpha 300m of 525m, of which it has earned 60m + 60m + 15/30 x 60m when beta is signed, on
    # 16 April.
    # Notice on that day ends it on 16 May: 15/30 x 60m + 16/31 x 60m are firm.
    assert (alpha["revenue"], alpha["share"]) == (300_000_000, Decimal("0.571429"))
    assert (alpha["firm"], alpha["earliest_exit"]) == (Decimal("60967741.94"), "2027-05-16")
    # Nobody may leave beta.
    assert (beta["firm"], beta["cancellable"]) == (225_000_000, 0)
    assert found["portfolio"] == {
        "revenue": 525_000_000,
        "largest_buyer": "Anthropic",
        "largest_share": 1,
        "as_of": "2027-04-16",
        "earned": 150_000_000,
        "firm": Decimal("285967741.94"),
        "cancellable": Decimal("89032258.06"),
        "contract_value": 525_000_000,
    }
    # Worth 100 + 150 + 60.96774194 + 225, costs 20 + 6 x (3 + 16/31) + 0.1 x (25 + 50 + 50); over
    # 150.
    assert found["cash_yield_at_earliest_exits"]["all"] == Decimal("3.215806")


def test_the_largest_buyer_in_all_its_contracts(asked: Ask, tmp_path: Path) -> None:
    deals = {
        "one.yaml": ALPHA | {"buyer": "First"},
        "two.yaml": simple("200m per month", "2027-02", "2027-03") | {"buyer": "Second"},
        "three.yaml": simple("101m per month", "2027-04", "2027-04") | {"buyer": "First"},
    }
    sold = ["one.yaml"]
    sold += [{"contract": name, "capacity": "5 MW"} for name in ("two.yaml", "three.yaml")]
    found = asked(written_to(tmp_path, northgate(sold=sold, own_use=None), deals))["portfolio"]
    # 300 + 101 of 801 from the first, 400 from the second.
    assert (found["largest_buyer"], found["largest_share"]) == ("First", Decimal("0.500624"))


def test_backlog_on_another_day(asked: Ask, site: str) -> None:
    found = asked(site, "--as-of", "2027-04-30")
    # Alpha has earned 3 x 60m, and notice that day ends it on 30 May: 30/31 x 60m more are firm.
    alpha, beta = found["contracts"]
    assert (alpha["earned"], alpha["firm"]) == (180_000_000, Decimal("58064516.13"))
    assert (beta["earned"], beta["firm"]) == (45_000_000, 180_000_000)
    assert found["portfolio"]["as_of"] == "2027-04-30"


def test_the_shipped_site(asked: Ask) -> None:
    found = asked(NEOCLOUD)
    assert found["portfolio"]["revenue"] == 45_000_000_000 + 30_360_000_000 + 6_300_000_000
    # At the last signing, on 1 July 2026: 3.71bn, 5.55bn and 0.90bn. The first may end on 29
    # September: 2 x 1.25bn + 29/30 x 1.25bn; the others have not begun.
    firm = Decimal("3708333333.33") + Decimal("5550666666.67") + Decimal("895161290.32")
    assert found["portfolio"]["firm"] == firm
    assert found["portfolio"]["largest_buyer"] == "Anthropic"
    # Own use: 0.75m x (4 x 300 + 42 x 75) = 3.2625bn.
    assert found["scopes"][0]["margin"] == 3_262_500_000
    # Contracts: 81.66bn - 0.15m x (37 x 300 + 33 x 150 + 42 x 25) = 79.095bn, over 20.9bn and 4
    # years.
    assert found["cash_yield"]["contracts"] == Decimal("0.946112")
    assert found["shortages"] == []


def test_the_shipped_site_is_full_while_its_contracts_run(asked: Ask) -> None:
    idle = {row["month"]: row["idle"] for row in asked(NEOCLOUD)["months"] if row["idle"]}
    assert min(idle) == "2029-06"


@pytest.mark.parametrize(
    ("name", "forms", "arguments"),
    [
        ("capacity", "json txt", ()),
        ("capacity-quarters", "csv", ("--period", "quarter")),
        ("capacity-notice", "json txt", ("--notice", "alpha:2027-03-01", "--by", "buyer")),
        ("capacity-short", "json txt", ("--set", COMES_BACK, "--period", "year")),
        ("capacity-every", "json txt", ("--every", "month")),
    ],
)
def test_pinned(
    said: Ask, pinned: Ask, site: str, name: str, forms: str, arguments: tuple[str, ...]
) -> None:
    for form in forms.split():
        status, out, err = said(site, *arguments, "-f", "table" if form == "txt" else form)
        assert (status, err) == (0, "")
        pinned(f"contracts/{name}.{form}", out)


def test_pinned_shipped_site(said: Ask, pinned: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(SCENARIOS)  # where texts wrap depends on the length of a path
    _, out, _ = said(Path(NEOCLOUD).name, "--period", "year")
    pinned("contracts/capacity-neocloud.txt", out)


# ---- what if ----


def test_notice(asked: Ask, site: str) -> None:
    found = asked(site, "--notice", "alpha:2027-03-01")
    assert found["notices"] == {"alpha": "2027-03-01"}
    # The tests of the house work out the rows: 345m, and alpha's 60 MW idle from April on.
    assert found["portfolio"]["revenue"] == 345_000_000
    assert column(found["months"], "idle") == [60, 0, 0, 95, 90, 90]
    # 345 less 0.1 x (2 x 60 + 25 + 50 + 50) less own use's 20 is 300.5: in June, and no earlier.
    assert found["payback"] == "2027-06"


def test_what_has_ended_cannot_end_later(asked: Ask, site: str) -> None:
    # On 30 April alpha has been over for eight weeks; notice then would end it on 30 May.
    found = asked(site, "--notice", "alpha:2027-02-01", "--as-of", "2027-04-30")
    assert found["cash_yield_at_earliest_exits"] == found["cash_yield"]


def test_notice_that_changes_nothing(said: Ask, site: str) -> None:
    _, out, _ = said(site, "--notice", "alpha:2027-06-15")
    found = (
        "Freed nothing notice on 2027-06-15 by either changes nothing: the term ends on 2027-06-30"
    )
    assert found in words(out)


def test_by(asked: Ask, tmp_path: Path) -> None:
    rights = [{"by": "buyer", "notice": "30 days"}, {"by": "seller", "notice": "60 days"}]
    alpha = ALPHA | {"termination": rights, "cases": {"left": {"notice": "2027-03-01"}}}
    file = written_to(tmp_path, northgate(), {"alpha.yaml": alpha, "beta.yaml": BETA})

    def last_day(*arguments: str) -> str:
        return str(asked(file, *arguments)["contracts"][0]["last_day"])

    assert last_day("--notice", "alpha:2027-03-01") == "2027-03-31"
    assert last_day("--notice", "alpha:2027-03-01", "--by", "seller") == "2027-04-30"
    assert last_day("--case", "alpha:left") == "2027-03-31"
    assert last_day("--case", "alpha:left", "--by", "seller") == "2027-04-30"
    assert last_day("--case", "alpha:left", "--notice", "alpha:2027-04-01") == "2027-05-01"


def test_own_demand_comes_back(asked: Ask, site: str) -> None:
    found = asked(site, "--set", COMES_BACK)
    # 60 + 60 + 50 MW where there are 160. Thirty days before 9 May, the last day that is not short.
    assert found["shortages"] == [
        {
            "site": "Northgate",
            "first_day": "2027-05-10",
            "short": 10,
            "contract": "alpha",
            "frees": 60,
            "last_notice": "2027-04-09",
        },
        {
            "site": "Northgate",
            "first_day": "2027-05-10",
            "short": 10,
            "contract": "beta",
            "frees": 50,
            "last_notice": None,
        },
    ]
    assert found["months"][5]["idle"] == -10
    # With that notice nothing is short any more, with a later one it is.
    arguments = ("--set", COMES_BACK, "--by", "seller", "--notice")
    assert asked(site, *arguments, "alpha:2027-04-09")["shortages"] == []
    assert len(asked(site, *arguments, "alpha:2027-04-10")["shortages"]) == 2


def test_more_short_than_a_contract_frees(said: Ask, site: str) -> None:
    _, out, _ = said(site, "--set", COMES_BACK.replace("60 MW", "120 MW"))
    # 120 + 60 + 50 MW where there are 160.
    found = (
        "Short 70 MW at Northgate, from 2027-05-10 on Last notice 2027-04-09 by the seller to alpha"
    )
    assert f"{found}, frees 60 MW in time, which is not enough" in words(out)
    assert "Last notice none no notice by the seller ends beta in time" in words(out)


def test_a_yield_on_what_is_not_there_is_a_warning(said: Ask, site: str) -> None:
    _, out, _ = said(site, "--set", COMES_BACK)
    found = "! More is used and sold at Northgate than there is, and the cash yield counts what is"
    assert f"{found} not there." in words(out)


def test_short_before_any_contract(asked: Ask, site: str) -> None:
    (found,) = asked(site, "--set", "sites.Northgate.own_use=120 MW")["shortages"]
    assert (found["first_day"], found["short"]) == ("2027-01-01", 20)
    assert (found["contract"], found["frees"], found["last_notice"]) == (None, None, None)


def test_all_that_is_laid_on_is_said(said: Ask, site: str) -> None:
    _, out, _ = said(
        *(site, "--set", "sites.Northgate.invested_capital=1bn", "--notice", "alpha:2027-03-01"),
        *("--set", "alpha:charges.only.price=2m per MW-month"),
    )
    assert " ".join(out.split("\n\n")[0].split()) == (
        "Example Halls · alpha: notice on 2027-03-01 by either"
        " · sites.Northgate.invested_capital = 1bn"
        " · alpha:charges.only.price = 2m per MW-month · USD"
    )


# ---- every notice ----


def test_every_notice(asked: Ask, site: str) -> None:
    found = asked(site, "--every", "month")
    assert found["format"] == "dealcalc/site-notices/2"
    rows = found["rows"]
    assert column(rows, "notice") == ["2027-02-01", "2027-03-01", "2027-04-01", "2027-05-01"]
    assert column(rows, "last_day") == ["2027-03-03", "2027-03-31", "2027-05-01", "2027-05-31"]
    # Margins, with 225m - 12.5m of beta less the 20m of own use: alpha's 65.8 - 6.58 make it 251.7,
    # never 300; 120 - 12 make it 300.5 in June; 181.9 - 18.2 make it 356.2 in June, and 273.2 in
    # May; 240 - 24 make it 325.5 in May.
    assert column(rows, "payback") == [None, "2027-06", "2027-06", "2027-05"]
    assert column(rows, "falls_idle") == [60] * 4
    # Idle: 60 MW for 28/31 of March and three months; for three; for 30/31 of May and one; for one.
    assert column(rows, "megawatt_months") == [
        Decimal("234.193548"),
        180,
        Decimal("118.064516"),
        60,
    ]
    assert rows[0]["cash_yield_all"] == Decimal("2.344839")


def test_never_paid_back(said: Ask, site: str) -> None:
    _, out, _ = said(site, "--every", "month")
    found = "Never pays back 1 of 4 notices alpha: the 300.00m USD invested in Northgate, notice on"
    assert f"{found} 2027-02-01" in words(out)
    _, out, _ = said(site, "--every", "month", "--set", "sites.Northgate.invested_capital=200m")
    assert "Never pays back on no notice alpha: the 200.00m USD invested in Northgate" in words(out)


def test_every_notice_of_a_case_that_gives_one(said: Ask, tmp_path: Path) -> None:
    """What is ended already is left so."""
    alpha = ALPHA | {"cases": {"left": {"notice": "2027-03-01"}}}
    file = written_to(tmp_path, northgate(), {"alpha.yaml": alpha, "beta.yaml": BETA})
    status, out, err = said(file, "--every", "month", "--case", "alpha:left")
    assert (status, out) == (2, "")
    assert "nobody has a right to end this deal early" in err


def test_contracts_that_nobody_may_leave(said: Ask, site: str) -> None:
    _, out, _ = said(site, "--every", "month")
    assert "beta: nobody has a right to end this deal early." in out


# ---- what cannot be answered ----


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--by", "buyer"), "--by says who gives notice, and none is given"),
        (("--notice", "2027-03-01"), "2027-03-01: which contract?"),
        (("--notice", "gamma:2027-03-01"), "there is no contract gamma"),
        (("--notice", "alpha:2027-02-30"), "2027-02 has no day 30"),
        (("--notice", "alpha:2027-01-31"), "notice on 2027-01-31 comes before 2027-02-01"),
        (("--notice", "beta:2027-05-01"), "nobody has a right to end this deal early"),
        (("--notice", "alpha:2027-03-01", "--by", "Nobody"), "`Nobody` is no party to this deal"),
        (("--every", "month", "--period", "year"), "--every and --period cannot be used together"),
        (
            ("--every", "month", "--as-of", "2027-03-01"),
            "--every and --as-of cannot be used together",
        ),
        (("--as-of", "today"), "invalid date `today`"),
        (("--case", "alpha:gone"), "there is no case `gone`"),
        (("--set", "sites.Southgate.capacity=3 MW"), "there is no `Southgate` here"),
    ],
)
def test_refused(said: Ask, site: str, arguments: tuple[str, ...], message: str) -> None:
    status, out, err = said(site, *arguments)
    assert (status, out) == (2, "")
    assert err.startswith(f"error: {message}")


def test_oversold_in_the_file(said: Ask, tmp_path: Path, monkeypatch: Any) -> None:
    text = site_text("    capacity: 50 MW\n    sold: alpha.yaml\n")
    (tmp_path / "alpha.yaml").write_text(as_yaml(ALPHA), encoding="utf-8")
    (tmp_path / "site.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    status, out, err = said("site.yaml")
    assert (status, out) == (2, "")
    assert (
        err
        == """\
error: from 2027-02-01, 60 MW are used or sold, but there are only 50 MW: 10 MW too many [oversold]
 --> site.yaml:6:11
  |
6 |     sold: alpha.yaml
  |           ^^^^^^^^^^
  = help: use or sell less from that day on, or let a contract end before it
"""
    )


def test_without_capital_there_is_no_yield(asked: Ask, said: Ask, tmp_path: Path) -> None:
    node = northgate(invested_capital=None)
    file = written_to(tmp_path, node, DEALS)
    found = asked(file)
    assert set(found["cash_yield"].values()) == {None}
    assert found["payback"] is None
    _, out, _ = said(file)
    assert "not every site says its `invested_capital`" in out
    _, out, _ = said(file, "--every", "month")
    assert "Never pays back" not in out


def test_own_use_without_a_value_is_said(said: Ask, tmp_path: Path) -> None:
    _, out, _ = said(written_to(tmp_path, northgate(own_value=None), DEALS))
    assert "! The imputed value of own use at Northgate is 0: the file gives no `own_value`." in out


def test_without_the_library_the_rate_is_said_to_be_missing(
    asked: Ask, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyxirr", None)
    found = asked(site)["scopes"][2]
    assert found["irr"] is None
    assert found["irr_undefined"].startswith("not computed: pyxirr is not installed")
    assert found["cash_yield"] == Decimal("3.75")


def test_assumed_terms_are_marked(said: Ask) -> None:
    _, out, _ = said(NEOCLOUD, "--period", "year", "-v")
    assert "11.4bn invested*" in out
    assert "* assumed  sites.Colossus 1.invested_capital: not disclosed" in out
    _, out, _ = said(
        NEOCLOUD, "--period", "year", "--set", "sites.Colossus 1.invested_capital=12bn"
    )
    assert "12bn invested;" in out
    assert "sites.Colossus 1.invested_capital: not disclosed" not in out


@pytest.mark.parametrize("columns", [80, 100, 160])
def test_no_figure_is_cut(columns: int) -> None:
    drawing = draw(CapacityReport(load_site(NEOCLOUD), "year"), columns, UNITS["1"], color=False)
    assert "45,000,000,000.00" in drawing
    assert max(map(len, drawing.split("\n"))) <= columns
    assert "…" not in drawing


# ---- the portfolio in other commands ----


@pytest.fixture
def answered(capsysbinary: pytest.CaptureFixture[bytes]) -> Ask:
    """The JSON of any command; it succeeds, and says nothing else."""

    def answer(*arguments: str) -> Node:
        status = cli.run([*arguments, "-f", "json"])
        out, err = capsysbinary.readouterr()
        assert (status, err) == (0, b"")
        return json.loads(out, parse_float=Decimal)

    return answer


def test_schedule_of_a_site(answered: Ask, site: str) -> None:
    found = answered("schedule", site)
    assert (found["format"], found["provider"]) == ("dealcalc/schedule/1", "Example Halls")
    # Alpha 60m from February, beta 45m in April and 90m in May and June.
    months = [60_000_000, 60_000_000, 105_000_000, 150_000_000, 150_000_000]
    assert column(found["months"], "revenue") == months
    assert (found["total"], found["years"][0]["revenue"]) == (525_000_000, 525_000_000)
    assert {line["contract"] for line in found["lines"]} == {"alpha", "beta"}
    assert sum(line["amount"] for line in found["lines"]) == 525_000_000
    quarters = answered("schedule", site, "--period", "quarter")["quarters"]
    assert column(quarters, "revenue") == [120_000_000, 405_000_000]


def test_cash_of_a_site_is_that_of_its_contracts(answered: Ask, tmp_path: Path) -> None:
    # Alpha bills in advance, due in 30 days, and is prepaid 10% in 2026; beta in arrears, at once.
    charge = ALPHA["charges"]["only"]
    credited = {"from_month": "1", "months": "2"}
    prepaid = {"share": "10%", "on": "2026-12-15", "credited": credited}
    alpha = ALPHA | {
        "billing": {"in": "advance", "due": "30 days"},
        "charges": {"only": charge | {"prepayment": prepaid}},
    }
    deals = {"alpha.yaml": alpha, "beta.yaml": BETA}
    file = written_to(tmp_path, northgate(), deals)
    for basis, table in (("cash", "payments"), ("billed", "invoices")):
        found = answered("schedule", file, "--basis", basis)
        alone = [answered("schedule", str(tmp_path / name), "--basis", basis) for name in deals]
        months: dict[str, Decimal] = {}
        for one in (row for of in alone for row in of["months"]):
            months[one["month"]] = months.get(one["month"], Decimal(0)) + one[basis]
        assert {row["month"]: row[basis] for row in found["months"] if row[basis]} == {
            month: amount for month, amount in months.items() if amount
        }
        moved = [{"contract": "alpha", **row} for row in alone[0][table]]
        moved += [{"contract": "beta", **row} for row in alone[1][table]]
        assert found[table] == moved
        assert found["years"][-1][f"cumulative_{basis}"] == found["total"] == 525_000_000
        assert len(found["contracts"]) == 2
    # 10% of alpha's 300m, before any month of service.
    cash = answered("schedule", file, "--basis", "cash")
    assert cash["months"][0]["cash"] == 30_000_000
    assert cash["prepayments"][0]["contract"] == "alpha"


def test_a_site_on_standard_input(
    answered: Ask, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Its contracts lie in the current folder.
    monkeypatch.chdir(Path(site).parent)
    for command in ("schedule", "backlog"):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(Path(site).read_bytes())))
        assert answered(command, "-") == answered(command, site)


def test_backlog_of_a_site_by_days_and_by_party(answered: Ask, tmp_path: Path, site: str) -> None:
    weeks = answered("backlog", site, "--every", "week")["rows"]
    days = list(dict.fromkeys(row["as_of"] for row in weeks))
    assert days[:2] == ["2027-04-16", "2027-04-22"]  # beta's signing, and the seventh close
    assert days[-1] == "2027-06-30"
    on = answered("backlog", site, "--every", "day", "--as-of", "2027-06-28")["rows"]
    assert column(on, "as_of") == [f"2027-06-{day}" for day in (28, 28, 29, 29, 30, 30)]
    right = {"by": "buyer", "notice": "30 days"}
    written_to(tmp_path, northgate(), DEALS | {"alpha.yaml": ALPHA | {"termination": right}})
    # On 31 March alpha has earned 120m. By its buyer: 30 days on, through April; its seller stays.
    # Beta is signed on 16 April.
    for party, firm in (("buyer", 60_000_000), ("seller", 180_000_000)):
        found = answered("backlog", site, "--by", party, "--as-of", "2027-03-31")
        assert found["party"] == party
        alpha, beta = found["rows"]
        assert (alpha["earned"], alpha["firm"]) == (120_000_000, firm)
        assert (beta["firm"], beta["cancellable"]) == (0, 0)


def test_backlog_of_a_site(answered: Ask, site: str) -> None:
    found = answered("backlog", site)
    rows = {(row["as_of"], row["contract"]): row for row in found["rows"]}
    assert sorted({day for day, _ in rows}) == [
        *("2027-04-16", "2027-04-30", "2027-05-31", "2027-06-30"),
    ]
    # Worked for the capacity of this day above.
    assert rows["2027-04-30", "alpha"]["firm"] == Decimal("58064516.13")
    assert rows["2027-06-30", "alpha"]["earned"] == 300_000_000
    for row in rows.values():
        assert row["earned"] + row["firm"] + row["cancellable"] == row["contract_value"]
    assert {row["moment"] for row in rows.values()} == {"opening", "signing", "close"}
    assert len(answered("backlog", site, "--as-of", "2027-04-30")["rows"]) == 2


def test_an_unsigned_contract_adds_nothing(answered: Ask) -> None:
    # On 31 May 2026 only the first of three is signed.
    rows = {
        row["contract"]: row
        for row in answered("backlog", NEOCLOUD, "--as-of", "2026-05-31")["rows"]
    }
    assert rows["anthropic-xai-colossus-1"]["firm"] > 0
    for name in ("google-spacex", "reflection-spacex"):
        amounts = [rows[name][part] for part in ("earned", "firm", "cancellable", "contract_value")]
        assert (amounts, rows[name]["earliest_exit"]) == ([0] * 4, None)
    together = answered("capacity", NEOCLOUD, "--as-of", "2026-05-31")["portfolio"]
    assert together["contract_value"] == 45_000_000_000
    assert together["firm"] == rows["anthropic-xai-colossus-1"]["firm"]


def test_compare_of_a_site(answered: Ask, site: str) -> None:
    found = answered("compare", site)
    assert column(found["columns"], "name") == ["alpha", "beta"]
    assert column(found["columns"], "total") == [300_000_000, 225_000_000]


def test_compare_takes_the_case_that_stands_in_the_site(answered: Ask, tmp_path: Path) -> None:
    alpha = ALPHA | {"cases": {"left": {"notice": "2027-03-01"}}}
    sold = [{"contract": "alpha.yaml", "case": "left"}, NORTHGATE["sold"][1]]
    file = written_to(tmp_path, northgate(sold=sold), {"alpha.yaml": alpha, "beta.yaml": BETA})
    found = answered("compare", file)
    assert column(found["columns"], "total") == [120_000_000, 225_000_000]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("backlog", "--by", "Google"), "`Google` is no party to this deal"),
        (("schedule", "--case", "gone"), "gone: which contract?"),
    ],
)
def test_not_of_a_site(
    capfd: pytest.CaptureFixture[str], site: str, arguments: tuple[str, ...], message: str
) -> None:
    assert cli.run([arguments[0], site, *arguments[1:]]) == 2
    assert capfd.readouterr().err.startswith(f"error: {message}")


def test_a_site_without_contracts_has_no_schedule(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = written_to(tmp_path, northgate(sold=None) | {"through": "2027-06"}, {})
    for command in ("schedule", "backlog", "compare"):
        assert cli.run([command, file]) == 2
        assert "the file names no contract" in capfd.readouterr().err
    assert cli.run(["capacity", file]) == 0
    assert cli.run(["capacity", file, "--every", "month"]) == 2
    assert "no contract is left that notice could end" in capfd.readouterr().err
    assert cli.run(["capacity", file, "--notice", "2027-03-01"]) == 2
    assert "the file names no contract" in capfd.readouterr().err


def test_more_notices_than_are_worked_out(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    # Of 7,305 days all but the last 31: 30 days later is then the last day itself, or beyond.
    long = ALPHA | {"term": {"start": "2027-02", "months": "240"}}
    file = written_to(tmp_path, northgate(sold="alpha.yaml"), {"alpha.yaml": long})
    assert cli.run(["capacity", file, "--every", "day"]) == 2
    message = "7,274 notices over 241 months are too many to work out"
    assert capfd.readouterr().err.startswith(f"error: {message}")


def test_check_reads_site_files(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    written_to(tmp_path, northgate(), DEALS)
    assert cli.run(["check", str(tmp_path)]) == 0
    assert "3 files" in capfd.readouterr().out
    written_to(tmp_path, northgate(capacity="50 MW"), DEALS)
    assert cli.run(["check", str(tmp_path)]) == 2
    out, err = capfd.readouterr()
    assert "100 MW are used or sold, but there are only 50 MW: 50 MW too many" in out + err

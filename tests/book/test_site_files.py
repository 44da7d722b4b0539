"""Site files that are wrong."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from northgate import (
    ALPHA,
    BETA,
    northgate,
    site_text,
    written_to,
)
from random_deals import as_yaml
from small_deals import simple

from dealcalc.book.site_files import contract_named, load_site
from dealcalc.loading.problems import Refused

Node = dict[str, Any]
Write = Callable[..., str]

# ---- site files that are wrong ----


def refused(file: str, *arguments: Any) -> list[tuple[int, str, str]]:
    """Line, code and message of every problem of a site file, in the order they are shown."""
    with pytest.raises(Refused) as refusal:
        load_site(file, *arguments)
    return [(one.line, one.code, one.message) for one in refusal.value.problems]


def wrong(folder: Path, text: str) -> list[tuple[int, str, str]]:
    (folder / "alpha.yaml").write_text(as_yaml(ALPHA), encoding="utf-8")
    (folder / "beta.yaml").write_text(as_yaml(BETA), encoding="utf-8")
    file = folder / "site.yaml"
    file.write_text(text, encoding="utf-8")
    return refused(str(file))


OVERSOLD = [
    # From 2027-02 alpha takes 60 MW: the contract begins that day.
    ("capacity: 50 MW\nsold: alpha.yaml", 6, "from 2027-02-01, 60 MW", "50 MW: 10 MW too many"),
    # The owner takes 20 MW more from 2027-03 on.
    (
        "capacity: 70 MW\nsold: alpha.yaml\nown_use:\n- {from: 2027-01, capacity: 10 MW}\n"
        "- {from: 2027-03-05, capacity: 30 MW}",
        9,
        "from 2027-03-05, 90 MW",
        "70 MW: 20 MW too many",
    ),
    # The site shrinks while alpha holds it.
    (
        "capacity:\n- {from: 2027-01, capacity: 60 MW}\n- {from: 2027-06-30, capacity: 59500 kW}\n"
        "sold: alpha.yaml",
        7,
        "from 2027-06-30, 60 MW",
        "59.5 MW: 0.5 MW too many",
    ),
    # From the first day named on, which is alpha's.
    ("capacity: 60 MW\nown_use: 61 MW\nsold: alpha.yaml", 7, "from 2027-02-01, 121 MW", "61 MW"),
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
    ("sold: site.yaml", "this is the file itself"),
    ("sold: ./alpha.yaml", None),
    ("sold: [alpha.yaml, ./alpha.yaml]", "./alpha.yaml is already at A"),
    (
        "sold: {contract: alpha.yaml, capacity: 60 MW}",
        "the contract states its capacity, 60 MW in all",
    ),
    ("sold: beta.yaml", "the contract states no capacity in MW"),
    ("sold: {contract: alpha.yaml, case: gone}", "there is no case `gone` in "),
    ("sold: {contract: alpha.yaml, cap: 3 MW}", "unknown key `cap`"),
    ("sold: []", "`sold` has no value"),
    ("own_use: 3 GPU", "the capacity of a site is power, not 3 GPU"),
    ("own_use: 3", "invalid capacity `3`"),
    ("own_value: 1m per month", "own use is valued by the MW"),
    ("own_value: 1m per GPU-month", "this is by the month here, and by the MW"),
    ("operating_cost: 1m once", "this is by the month here, and by the MW"),
    ("operating_cost: 1 per MWh", "this is by the month here, and by the MW"),
    (
        "operating_cost: {price: 1m per month, on: nameplate}",
        "a flat cost is the same whatever runs",
    ),
    ("operating_cost: {price: 1m per MW-month, on: roof}", "invalid value `roof`"),
    (
        "invested_capital: [{from: 2027-01, capital: 2m}, {from: 2027-02, capital: 1m}]",
        "less is invested than before: what was spent stays spent",
    ),
    ("own_use: [1 MW, 2 MW]", "only the first of several may go without `from`"),
    (
        "own_use: [{from: 2027-02, capacity: 1 MW}, {from: 2027-02-01, capacity: 2 MW}]",
        "2027-02-01 is not after 2027-02-01, from when the one before holds",
    ),
    ("colour: red", "unknown key `colour`"),
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
    message = "is a link to a file outside the folder of this one"
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
    assert found == [(1, "missing-key", "without contracts, the file needs a last day")]
    found = wrong(tmp_path, site_text("    capacity: 1 MW\n") + "through: 2027-01\n")
    assert found == [(3, "missing-key", "nothing says when the sites begin")]
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
        ((), ("nope",), "nope: which contract?"),
        ((), ("gamma:nope",), "there is no contract gamma"),
        (("sites.Yard.capacity=3 MW",), (), "there is no `Yard` here"),
        (("sites.Northgate.capacity=3",), (), "invalid capacity `3`"),
        (("alpha:charges.nope.price=3",), (), "there is no `nope` here"),
        (("gamma:charges.only.price=3",), (), "there is no contract gamma"),
        (("nonsense",), (), "this is not PATH=VALUE"),
        (("sites.Northgate.sold=none",), (), "without contracts, the file needs a last day"),
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
        assert contract_named(house.contracts, f"{name}:x", "case") == (house.contracts[0], "x")
    with pytest.raises(Refused, match="several contracts are called one"):
        contract_named(house.contracts, "one:x", "case")
    alone = load_site(written(northgate(sold=entries[:1]), deals))
    assert contract_named(alone.contracts, "one:x", "case") == (alone.contracts[0], "x")
    assert contract_named(alone.contracts, "2027-03-01", "notice") == (
        alone.contracts[0],
        "2027-03-01",
    )

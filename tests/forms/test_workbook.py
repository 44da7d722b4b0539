"""Workbooks: sound files, stored values from the exact core, and formulas that agree with it.

LibreOffice recomputes workbooks in which inputs have been changed, and from which every stored
value has been taken; what it finds is compared with what dealcalc says of the same terms in a file.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import made_reports
import openpyxl
import pytest
from commands import ANTHROPIC, EVERY_TERM, GOOGLE, Command
from effort import long
from made_reports import MadeReport, tuple_view
from random_deals import as_yaml, random_deal
from shipped import SCENARIOS, deals

from dealcalc.core import Priced
from dealcalc.figures.subject import load
from dealcalc.forms.model import Model
from dealcalc.forms.workbook import as_xlsx, sheets
from dealcalc.loading.scenario import Scenario
from dealcalc.reports.report import Figure, Row, Shade
from dealcalc.reports.schedule import ScheduleReport
from dealcalc.reports.terminate import EarlyEndReport
from dealcalc.terms.rights import NotPermitted
from dealcalc.terms.values import PERIODS_ALONE, UNIT_PERIODS

CENT = Decimal("0.005")
TENTHS = Decimal("0.9")
REFUSED = "not on this day"


def opened(data: bytes, *, values: bool = False) -> openpyxl.Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what openpyxl does not keep is of no matter here
        return openpyxl.load_workbook(io.BytesIO(data), data_only=values)


def named(book: openpyxl.Workbook, name: str) -> Any:
    """The cell that has a name."""
    return column(book, name)[0]


def column(book: openpyxl.Workbook, name: str) -> list[Any]:
    """The cells of a column that have a name."""
    sheet, cells = place(book, name)
    found = book[sheet][cells]
    return [cell for (cell,) in found] if isinstance(found, tuple) else [found]


def place(book: openpyxl.Workbook, name: str) -> tuple[str, str]:
    sheet, _, cells = book.defined_names[name].attr_text.rpartition("!")
    return sheet.strip("'"), cells.replace("$", "")


def formulas(book: openpyxl.Workbook) -> Iterator[tuple[str, str, str]]:
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    yield sheet.title, cell.coordinate, cell.value


def day_of(value: Any) -> date:
    return value.date() if hasattr(value, "date") else date(1899, 12, 30) + timedelta(value)


def workbook_of(there: Scenario, notice: date | None = None, by: str | None = None) -> bytes:
    """The workbook of a schedule, in formulas; with a day of notice, and who gives it."""
    return as_xlsx(ScheduleReport(there), Model(there, notice, by))


# ---- stored values ----


def test_the_model_deal_as_it_is_stored() -> None:
    book = opened(workbook_of(load(ANTHROPIC), date(2027, 3, 15)), values=True)
    assert book.sheetnames[:5] == ["Summary", "Inputs", "Schedule", "Rates", "Termination"]
    assert named(book, "Total").value == 45_000_000_000
    # 2 x 0.625bn, 35 x 1.25bn
    revenue = [cell.value for cell in column(book, "Revenue")]
    assert revenue == [625_000_000] * 2 + [1_250_000_000] * 35
    assert column(book, "Months")[-1].value.date() == date(2029, 5, 1)
    assert named(book, "charges_compute_price").value == 1_250_000_000
    assert named(book, "charges_compute_ramp_0_discount").value == 0.5
    # 90 days after 15 March; 8.75bn + (5 + 13/30) x 1.25bn
    assert named(book, "Last_day").value.date() == date(2027, 6, 13)
    assert named(book, "After_notice").value == 15_541_666_666.67
    assert named(book, "By").value == "either"
    assert named(book, "Earned_share").value == pytest.approx(0.34537, abs=1e-5)


def parts_of(data: bytes, folder: str) -> list[str]:
    """The parts of a workbook in a folder, as text."""
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        names = sorted(name for name in parts.namelist() if name.startswith(folder))
        return [parts.read(name).decode() for name in names if name.endswith(".xml")]


def test_the_summary_has_firm_and_charts_of_revenue_and_backlog() -> None:
    data = workbook_of(load(ANTHROPIC))
    book = opened(data, values=True)
    rows = {row[0].value: row for row in book["Summary"].iter_rows(min_row=5)}
    # 90 days after 3 May: 29 days of May and June at half price, July and a day of August.
    # (29/31 + 1) x 0.625bn + (1 + 1/31) x 1.25bn = 2.5bn; of 44,959,677,419.35 it is 5.5605%.
    assert rows["Firm at signing"][1].value == 2_500_000_000
    assert rows["Firm share"][1].value == pytest.approx(0.055605, abs=1e-6)
    assert rows["Earliest exit"][1].value.date() == date(2026, 8, 1)
    assert opened(data)["Summary"]["B6"].value == "=Firm"
    assert rows["Firm, as written"][1].value.startswith("either party may leave from 2026-05-03")
    revenue, backlog = parts_of(data, "xl/charts/chart")
    assert "Revenue by month, USD" in revenue
    assert "Schedule!$C$5:$C$41" in revenue  # 37 months
    assert "<c:areaChart>" in backlog
    assert [f"Backlog!${letter}$4" in backlog for letter in "BCDE"] == [True] * 3 + [False]


def test_the_summary_has_an_early_end_only_where_one_was_asked_for() -> None:
    there = load(ANTHROPIC)
    asked = workbook_of(there, date(2027, 3, 15)), workbook_of(load(ANTHROPIC, "anthropic-leaves"))
    labels = [
        {cell.value for cell in opened(data)["Summary"]["A"]}
        for data in (workbook_of(there), *asked)
    ]
    assert ["Notice on" in found for found in labels] == [False, True, True]


def test_revenue_by_year_stands_under_the_headings_above() -> None:
    sheet = opened(workbook_of(load(ANTHROPIC)), values=True)["Summary"]
    heads = [cell.value for cell in sheet[4]]
    below = next(row for row in sheet.iter_rows() if row[0].value == "Revenue by year")
    assert [cell.value for cell in below[1:4]] == heads[1:4] == ["Now", "As written", "Change"]
    assert below[4].value == "Cumulative now"


def test_steps_are_folded_away() -> None:
    book = opened(workbook_of(load(ANTHROPIC), date(2027, 3, 15)))
    sheet = book["Termination"]
    steps = next(
        row[0].row for row in sheet.iter_rows() if row[0].value == "Earned by the last day"
    )
    assert all(sheet.row_dimensions[row].hidden for row in range(steps, sheet.max_row + 1))
    assert not sheet.row_dimensions[steps - 2].hidden
    for name, letters in {"Rates": "GHJK", "Backlog": "GHIJK"}.items():
        folded = book[name].column_dimensions
        assert any(folded[letter].hidden for letter in letters)


def test_firm_follows_what_it_is_made_of() -> None:
    # The formula of each step leads to the next: no value is written in between but the fee.
    book = opened(workbook_of(load(EVERY_TERM)))
    firm = named(book, "Firm").value
    assert re.fullmatch(r"=\(SUM\(K\d+:K\d+\)-SUM\(I\d+:I\d+\)\+K\d+\)/100", firm)
    values = opened(workbook_of(load(EVERY_TERM)), values=True)
    there = load(EVERY_TERM)
    stands = ScheduleReport(there).signed
    assert named(values, "Firm").value == float(stands.firm)


def test_any_answer_has_its_charts() -> None:
    data = as_xlsx(ScheduleReport(load(ANTHROPIC)))
    bars, columns = parts_of(data, "xl/charts/chart")
    assert '<c:barDir val="bar"/>' in bars
    assert '<c:barDir val="col"/>' in columns
    assert opened(data).sheetnames[-3:-1] == [
        "Contract value, and what of it",
        "Revenue by month",
    ]


def test_inputs_say_where_they_come_from() -> None:
    sheet = opened(workbook_of(load(ANTHROPIC)), values=True)["Inputs"]
    rows = {row[3].value: row for row in sheet.iter_rows(min_row=5) if row[3].value}
    price = rows["charges.compute.price"]
    assert price[2].value == "USD per month"
    assert "SpaceX S-1" in price[4].value
    assert "half price is assumed" in rows["charges.compute.ramp.0.discount"][5].value
    assert "no fee is assumed" in rows["termination.fee"][5].value


def test_inputs_of_a_what_if_say_so() -> None:
    there = load(ANTHROPIC, "nearly-45bn", ["charges.compute.price=1bn per month"])
    sheet = opened(workbook_of(there), values=True)["Inputs"]
    rows = {row[3].value: row for row in sheet.iter_rows(min_row=5) if row[3].value}
    assert rows["charges.compute.price"][4].value == "set on the command line"
    assert rows["charges.compute.ramp.0.discount"][4].value == "set by the case nearly-45bn"
    assert rows["charges.compute.ramp.0.discount"][5].value is None


LIVE = {
    "charges.halls.price": (130, "EUR per kW-month"),
    "charges.halls.capacity": (12, "MW"),
    "charges.halls.ramp.0.discount": (0.4, "off the price"),
    "charges.halls.ramp.1.price": (110, "EUR per kW-month"),
    "charges.halls.escalator.rate": (0.03, "each time"),
    "charges.power.price": (55, "EUR per MWh"),
    "charges.power.load": (0.8, "of the hours"),
    "charges.gpus.price": (2.1, "EUR per GPU-hour"),
    "charges.gpus.capacity.1": (2000, "GPU"),  # it is priced by the GPU: its 3 MW move nothing
    "charges.gpus.load": (0.7, "of the hours"),
    "charges.storage.price": (1_200_000, "EUR per MW-year"),
    "charges.storage.capacity": (500, "kW"),
    "charges.network.price": (90_000, "EUR per quarter"),
    "charges.support.price": (600_000, "EUR per year"),
    "charges.support.escalator.rate": (0.02, "each time"),
    "charges.guards.price": (2_500, "EUR per day"),
    "charges.management.price": (40_000, "EUR per month"),
    "charges.fit-out.price": (4_500_000, "EUR in total"),
    "charges.connection.price": (750_000, "EUR once"),
    "termination.0.fee": (3, "months of the price"),
    "termination.1.fee": (0.25, "of what is forgone"),
}
"""What can be changed in the workbook of the deal that has every term."""


def test_every_term_is_there_and_what_formulas_follow_is_an_input() -> None:
    there = load(EVERY_TERM)
    book = opened(workbook_of(there), values=True)
    rows = {row[3].value: row for row in book["Inputs"].iter_rows(min_row=5) if row[3].value}
    # What the file assumes and does not say has a row too.
    assert {*rows} == {*leaves(there.root, ""), "termination.0.lock_out_bars"}
    live = {path: (row[1].value, row[2].value) for path, row in rows.items() if row[2].value}
    assert live == LIVE
    yellow = {path for path, row in rows.items() if row[1].fill.fgColor.rgb == "FFFFF9DB"}
    assert yellow == {*LIVE}
    assert rows["term.months"][1].value == "36"
    assert rows["charges.power.capacity"][1].value == "halls"


def test_a_sum_with_a_shape_follows_each_number_of_it(tmp_path: Path) -> None:
    file = tmp_path / "deal.yaml"
    file.write_text(SHAPED, "utf-8")
    there = load(str(file))
    book, values = (opened(workbook_of(there), values=values) for values in (False, True))
    # `escalator: 3%` is its rate, and a cell to change
    assert named(values, "charges_lease_escalator_rate").value == pytest.approx(0.03)
    row = next(row for row in book["Rates"].iter_rows(min_row=5) if row[1].value.year == 2029)
    assert row[3].value == (
        "=charges_lease_price*1/SUMPRODUCT(Rates!$F$5:$F$8,Rates!$L$5:$L$8)"
        "*(1+charges_lease_escalator_rate)^2"
    )
    rates = list(values["Rates"].iter_rows(min_row=5, max_row=8, values_only=True))
    # three months at 60%, nine, twelve at 1.03 and twelve at 1.0609
    assert [row[5] for row in rates] == [3, 9, 12, 12]
    assert [row[11] for row in rates] == pytest.approx([0.6, 1, 1.03, 1.0609])
    # 1.8 + 9 + 12.36 + 12.7308 = 35.8908 months: 90m / 35.8908 = 2,507,606.406098...
    assert rates[1][3] == pytest.approx(2_507_606.406098)


def test_what_the_file_does_not_say_is_listed() -> None:
    sheet = opened(workbook_of(load(ANTHROPIC)), values=True)["Inputs"]
    rows = {row[3].value: row for row in sheet.iter_rows(min_row=5) if row[3].value}
    fee = rows["termination.fee"]
    assert fee[1].value == "not in the file"
    assert fee[5].value.endswith("no fee is assumed")
    assert rows["conventions.proration"][5].value == "actual, as the file does not say"


def test_who_gives_notice_is_who_was_asked() -> None:
    there = load(EVERY_TERM)
    day = date(2028, 7, 5)  # the seller is out first, on 31 December; the buyer on 4 January
    for by, given in ((None, "either"), ("buyer", "buyer"), ("seller", "seller")):
        book = opened(workbook_of(there, day, by), values=True)
        assert named(book, "Given_by").value == given
        assert named(book, "By").value == (by or "seller")
    case = opened(workbook_of(load(EVERY_TERM, "buyer-leaves")), values=True)
    assert named(case, "Given_by").value == "buyer"


def leaves(node: Any, path: str) -> Iterator[str]:
    """The paths of the terms of a file."""
    entries = node.value
    if isinstance(entries, dict):
        for key, child in entries.items():
            if path or key not in ("claims", "cases", "sources", "assumptions"):
                yield from leaves(child, f"{path}.{key}".strip("."))
    elif isinstance(entries, list):
        for index, child in enumerate(entries):
            yield from leaves(child, f"{path}.{index}")
    else:
        yield path


KNOWN = {
    *("SUM", "SUMIFS", "EDATE", "EOMONTH", "DATE", "YEAR", "MONTH", "DAY", "MIN", "MAX", "SMALL"),
    *("ROUND", "INT", "MOD", "INDEX", "MATCH", "COUNTIF", "IF", "AND", "OR", "ISNUMBER", "ISERROR"),
}
"""What both Excel and LibreOffice know, by these names, since 2007."""


def test_formulas_have_values_and_use_plain_functions(shipped: Path) -> None:
    data = workbook_of(load(str(shipped)))
    stored, used = opened(data, values=True), set()
    for sheet, cell, text in formulas(opened(data)):
        used |= set(re.findall(r"([A-Z][A-Za-z.]*)\(", text))
        value = stored[sheet][cell].value
        empty = '""' in text  # a change or a unit that is not there
        assert value is not None or empty, (sheet, cell, text)
        assert not str(value).startswith("#")
    assert used <= KNOWN


# ---- recomputed ----


class Change(NamedTuple):
    """Other terms: as settings of the command line, and as values by their paths; and a notice."""

    settings: tuple[str, ...]
    cells: dict[str, Any]
    notice: date | None = None
    by: str = "either"


class Recomputed(NamedTuple):
    """A workbook that LibreOffice has computed, and the deal that it must agree with."""

    book: openpyxl.Workbook
    deal: Scenario
    change: Change


def changes(there: Scenario) -> dict[str, Change]:
    """What is changed in the workbook of a deal: nothing, each number, and who leaves when."""
    signed, last = there.deal.signed, there.deal.term.last
    half, third = (signed + (last - signed) // part for part in (2, 3))
    settings, cells = numbers(there)
    if not there.deal.rights:
        return {"as written": Change((), {}), "numbers": Change(settings, cells)}
    found = {
        "as written": Change((), {}, half),
        "numbers": Change(settings, cells, third, "buyer"),
    }
    if len(there.deal.rights) > 1:
        later = last - (last - signed) // 5
        found["seller"] = Change(settings, cells, later, "seller")
    return found


def numbers(there: Scenario) -> tuple[tuple[str, ...], dict[str, Any]]:
    """Nine tenths of every input, as settings of the command line and as values by paths."""
    sheet = opened(workbook_of(there), values=True)["Inputs"]
    settings, cells = [], {}
    for row in sheet.iter_rows(min_row=5):
        path, unit = row[3].value, row[2].value
        if unit:
            value = round(Decimal(repr(row[1].value)) * TENTHS, 8)
            value = value if unit != "months of the price" else Decimal(row[1].value + 1)
            settings.append(f"{path}={text_of(value, unit, there.deal.currency)}")
            cells[path] = value
    return tuple(settings), cells


def text_of(value: Decimal, unit: str, currency: str) -> str:
    """A number with its unit, as it is written in a file."""
    percent = {"off the price": "", "of the hours": "", "each time": ""}
    percent["of what is forgone"] = " of remaining"
    if unit in percent:
        return f"{value * 100:f}%{percent[unit]}"
    if unit == "months of the price":
        return f"{value} months"
    return f"{value:f} {re.sub(f'^{currency} ?', '', unit)}".strip()


WRONG = "an input is wrong"
REJECTED = {
    "less than nothing": (EVERY_TERM, {"charges.halls.capacity": -1}),
    "part of a month": (EVERY_TERM, {"termination.0.fee": 0.5}),
    "more than doubled": (EVERY_TERM, {"charges.halls.escalator.rate": 1.5}),
    "a text as a price": (ANTHROPIC, {"charges.compute.price": "1.25bn"}),
    "a discount of more than all": (ANTHROPIC, {"charges.compute.ramp.0.discount": 1.5}),
}
"""Inputs that no file may have."""
NAMES = """\
deal: Northgate
seller: Northgate
buyer: Example Lab
currency: USD
term: {start: 2026-01, through: 2026-12}
charges:
  day: {price: 1m per month}
  b: {price: 2m per month}
  b_2: {price: 3m per month}
  B: {price: 4m per month}
  b__2: {price: 5m per month}
  last: {price: 6m in total}
termination: {by: either, notice: 3 months}
"""
"""Names that Excel does not tell apart; and `day`, which behind `Last` was another cell's name."""
EVERY_PERIOD = "deal: Northgate\nseller: Northgate\nbuyer: Example Lab\ncurrency: USD\n"
EVERY_PERIOD += "term: {start: 2026-01-15, months: 14}\ncharges:\n" + "".join(
    f"  {period}: {{price: 840k per {period}}}\n" for period in PERIODS_ALONE
)
EVERY_PERIOD += "".join(
    f"  MW-{period}: {{price: 84 per MW-{period}, capacity: 120 MW}}\n" for period in UNIT_PERIODS
)
SHAPED = """\
deal: Northgate
seller: Northgate
buyer: Example Lab
currency: USD
term: {start: 2027-08, years: 3}
charges:
  lease: {price: 90m in total, escalator: 3%, ramp: [{months: 3, discount: 40%}]}
  works: {price: 7m in total, ramp: [{months: 1, discount: 100%}], months: 7}
  cloud: {price: 1.111 per day, paid_by: seller}
termination: {by: buyer, notice: 90 days, fee: 3 months}
"""
"""Sums whose rates all move when one of the numbers of their shape does."""
RENEWED = """\
deal: Northgate
seller: Northgate
buyer: Example Lab
currency: USD
term: {start: 2027-08, years: 2}
charges:
  hall:
    {price: 130 per kW-month, capacity: 12 MW, escalator: 3%, ramp: [{months: 3, discount: 40%}]}
  lease: {price: 90m in total, escalator: {rate: 3%, every: 7 months}}
  power: {price: 55 per MWh, capacity: hall, load: 80%}
options:
  runs-on: {extends: [hall, lease], months: 7, times: 2, take: 1}
  dearer: {extends: power, years: 1, price: 65 per MWh, take: 1}
  annex: {adds: {annex: {price: 140 per kW-month, capacity: 3 MW, months: 9}}, take: 1}
termination: {by: buyer, notice: 90 days, fee: 25% of remaining}
"""
"""What is renewed, at its own price and at another, and what is added."""
office = pytest.mark.xdist_group("office")  # one run of LibreOffice serves all

SEEDS = (7, 49, 52, 57)
"""Of random deals whose amounts have no more digits than a spreadsheet."""


def cases(folder: Path) -> Iterator[tuple[str, str, Change]]:
    """A name, a scenario file, and a change."""
    for name in deals():
        file = str(SCENARIOS / name)
        for what, change in changes(load(file)).items():
            yield f"{name}, {what}", file, change
    text = Path(EVERY_TERM).read_text("utf-8")
    for proration in ("actual", "whole-month"):
        path = folder / f"{proration}.yaml"
        path.write_text(text.replace("proration: 30/360", f"proration: {proration}"), "utf-8")
        leaves = date(2028, 2, 11)
        yield f"counted by {proration}", str(path), Change((), {}, leaves, "buyer")
    early = date(2027, 9, 30)  # the lock-out ends on 1 October
    yield "too early", EVERY_TERM, Change((), {}, early, "buyer")
    for name, (file, cells) in REJECTED.items():
        yield name, file, Change((), cells)
    names = folder / "names.yaml"
    names.write_text(NAMES, encoding="utf-8")
    leaves = date(2026, 3, 1)
    change = Change((), {}, leaves)
    yield "names of charges like those of cells", str(names), change
    for name, text in (
        ("every period", EVERY_PERIOD),
        ("sums with a shape", SHAPED),
        ("options taken", RENEWED),
    ):
        path = folder / f"{name}.yaml"
        path.write_text(text, encoding="utf-8")
        for what, change in changes(load(str(path))).items():
            yield f"{name}, {what}", str(path), change
    for seed in SEEDS:
        path = folder / f"random-{seed}.yaml"
        node = random_deal(Random(seed))
        node.pop("options", None)  # whatever is taken later is taken at signing in a workbook
        if "termination" in node:
            node["termination"] = plainly(node["termination"])
        path.write_text(as_yaml(node), encoding="utf-8")
        there = load(str(path))
        assert ScheduleReport(there).after["total"] < 10**11
        for what, change in changes(there).items():
            yield f"random {seed}, {what}", str(path), change


def plainly(said: Any) -> Any:
    """The first of some rights, as far as a sheet follows it."""
    right = dict((said if isinstance(said, dict) else said[0]).items())
    right.pop("on", None)
    if not isinstance(right.get("fee", ""), str):
        del right["fee"]
    return right


def test_a_sheet_that_cannot_follow_the_rights_says_so() -> None:
    there = load(EVERY_TERM, "break-day")
    sheet = opened(workbook_of(there), values=True)["Termination"]
    said = [cell.value for row in sheet.iter_rows() for cell in row if cell.value]
    assert any("It cannot follow several rights" in str(text) for text in said)
    assert {"Right, from 0", date(2028, 12, 31), 4000000} <= {
        value.date() if hasattr(value, "date") else value for value in said
    }


def changed(data: bytes, change: Change) -> bytes:
    """A workbook with other inputs and without any stored value of a formula."""
    book = opened(data)
    rows = {row[3].value: row[1].coordinate for row in book["Inputs"].iter_rows(min_row=5)}
    places = {("Inputs", rows[path]): value for path, value in change.cells.items()}
    if change.notice:
        leaving = {"Notice": change.notice, "Given_by": change.by}
        places |= {place(book, name): value for name, value in leaving.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            text = old.read(part)
            if number := re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", part):
                title = book.sheetnames[int(number[1]) - 1]
                inputs = {cell: value for (sheet, cell), value in places.items() if sheet == title}
                text = typed(text.decode(), inputs).encode()
            new.writestr(part, text)
    return out.getvalue()


def typed(sheet: str, inputs: dict[str, Any]) -> str:
    sheet = re.sub("(</f>)<v>[^<]*</v>", r"\1", sheet)
    for cell, value in inputs.items():
        if isinstance(value, str):
            new = f't="inlineStr"><is><t>{value}</t></is></c>'
        else:
            number = value.toordinal() - 693594 if isinstance(value, date) else float(value)
            new = f"><v>{number!r}</v></c>"
        old = rf'(<c r="{cell}"(?: s="\d+")?)(?: t="s")?><v>[^<]*</v></c>'
        sheet, count = re.subn(old, lambda found, new=new: f"{found[1]} {new}", sheet)
        assert count == 1, cell
    return sheet


@pytest.fixture(scope="module")
def recomputed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Recomputed]:
    """Every case, recomputed by one run of LibreOffice."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("LibreOffice is not installed: nothing here can recompute a workbook")
    folder = tmp_path_factory.mktemp("office")
    bare, done = folder / "bare", folder / "done"
    bare.mkdir()
    found, files = {}, []
    for index, (name, file, change) in enumerate(cases(folder)):
        to = bare / f"{index}.xlsx"
        to.write_bytes(changed(workbook_of(load(file)), change))
        assert named(opened(to.read_bytes(), values=True), "Total").value is None
        files.append(str(to))
        found[name] = index, load(file, settings=change.settings), change
    command = [office, f"-env:UserInstallation=file://{folder}/profile", "--headless"]
    subprocess.run(
        [*command, "--convert-to", "xlsx", "--outdir", str(done), *files],
        env={**os.environ, "HOME": str(folder)},
        check=True,
        capture_output=True,
        timeout=300,
    )
    return {
        name: Recomputed(opened((done / f"{index}.xlsx").read_bytes(), values=True), deal, change)
        for name, (index, deal, change) in found.items()
    }


def followed(recomputed: dict[str, Recomputed]) -> list[tuple[str, Recomputed]]:
    return [(name, one) for name, one in recomputed.items() if name not in REJECTED]


def near(found: Any, value: Decimal) -> bool:
    return isinstance(found, int | float) and abs(Decimal(repr(found)) - value) < CENT


def test_a_workbook_takes_options_at_signing_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "deal.yaml"
    path.write_text(RENEWED, "utf-8")
    later = load(str(path), settings=["options.runs-on.taken=2028-02-01"])
    book = opened(workbook_of(later), values=True)
    assert "as if it were taken at signing" in book["Summary"]["A2"].value
    assert near(named(book, "Total").value, Priced(later.deal).schedule().total)
    assert "options" not in opened(workbook_of(load(ANTHROPIC)))["Summary"]["A2"].value


@long
@office
def test_recomputed_schedules_agree_to_the_cent(recomputed: dict[str, Recomputed]) -> None:
    for name, (book, there, _) in followed(recomputed):
        report = ScheduleReport(there)
        assert near(named(book, "Total").value, report.after["total"]), name
        months = {month.name: month for month in report.timeline.months}
        written = zip(
            *(column(book, of) for of in ("Months", "Revenue", "Cumulative")), strict=True
        )
        for month, revenue, so_far in written:
            key = f"{day_of(month.value):%Y-%m}"
            found = months.pop(key, None)
            amount = found.revenue if found else Decimal(0)
            assert near(revenue.value, amount), (name, key, revenue.value, amount)
            assert found is None or near(so_far.value, found.cumulative), (name, key)
        assert not months, name
        assert summary(book)["Check"] == "fine", name


def summary(book: openpyxl.Workbook) -> dict[Any, Any]:
    return {row[0].value: row[1].value for row in book["Summary"].iter_rows(min_row=5)}


@long
@office
def test_recomputed_years_agree_to_the_cent(recomputed: dict[str, Recomputed]) -> None:
    for name, (book, there, _) in followed(recomputed):
        found = summary(book)
        for year in ScheduleReport(there).table("years").rows:
            assert near(found[year.name], year.revenue), (name, year.name)


@long
@office
def test_recomputed_terminations_agree_to_the_cent(recomputed: dict[str, Recomputed]) -> None:
    permitted = refused = 0
    for name, (book, there, change) in followed(recomputed):
        if change.notice is None:
            continue
        by = None if change.by == "either" else change.by
        try:
            ended = Priced(there.deal).terminate(change.notice, by)
        except NotPermitted:
            refused += 1
            assert named(book, "By").value == REFUSED, name
            assert not named(book, "After_notice").value, name
            continue
        permitted += 1
        assert named(book, "By").value == ended.by, name
        assert day_of(named(book, "Last_day").value) == ended.last_day, name
        for cell, amount in (
            ("Earned", ended.earned), ("Fee_paid", ended.fee), ("After_notice", ended.total),
            ("Forgone", ended.forgone),
        ):  # fmt: skip
            assert near(named(book, cell).value, amount), (name, cell, amount)
        assert named(book, "Earned_share").value == pytest.approx(
            float(ended.earned_share), abs=1e-12
        ), name
        by_year = {row[0].value: row[1].value for row in book["Termination"].iter_rows(min_row=15)}
        report = EarlyEndReport(there, change.notice, change.by)
        for left in report.table("years").rows:
            assert near(by_year[left.year], left.revenue), (name, left.year)
    assert permitted > 10
    assert refused >= 1


@long
@office
def test_an_input_that_no_file_may_have_is_wrong(recomputed: dict[str, Recomputed]) -> None:
    for name in REJECTED:
        assert summary(recomputed[name].book)["Check"] == WRONG, name


# ---- sheets of values ----


@pytest.mark.parametrize(
    "arguments",
    [
        ("schedule", ANTHROPIC, "--basis", "cash"),
        ("schedule", str(SCENARIOS / "xai-neocloud.yaml")),
        ("terminate", ANTHROPIC, "--last-day", "2027-06-30"),
        ("terminate", ANTHROPIC, "--every", "month"),
        ("backlog", GOOGLE),
        ("capacity", str(SCENARIOS / "xai-neocloud.yaml"), "--period", "year"),
        ("compare", ANTHROPIC),
        ("sweep", ANTHROPIC, "--vary", "charges.compute.ramp.0.discount=0%:100%:25%",
         "--vary", "charges.compute.price=1bn:2bn:500m"),
        ("solve", ANTHROPIC, "total = 45bn", "--vary", "charges.compute.ramp.0.discount"),
        ("ambiguity", GOOGLE),
        ("explain", ANTHROPIC, "total"),
        ("risk", ANTHROPIC, "--hazard", "2% per month"),
        ("value", ANTHROPIC, "--rate", "9%"),
    ],
    ids=lambda arguments: " ".join(Path(one).stem for one in arguments),
)  # fmt: skip
def test_every_command_writes_a_workbook(
    arguments: tuple[str, ...], tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    to = tmp_path / "answer.xlsx"
    command, *rest = arguments
    status, out, err = Command(command, capfdbinary).said(*rest, "-o", str(to))
    assert (status, out, err) == (0, "", f"wrote {to}\n")
    book = opened(to.read_bytes())
    assert "Answer" in book.sheetnames
    for sheet in book:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
    if "Inputs" not in book.sheetnames:
        assert list(formulas(book)) == []


def test_values_have_their_kinds() -> None:
    view = tuple_view(
        "By [month]",
        (
            made_reports.column("When"),
            made_reports.column("Paid", "money"),
            made_reports.column("Of all", "share"),
            made_reports.column("Days", "count"),
            made_reports.column("", "bar"),
            made_reports.column("", "bands"),
            made_reports.column("Grid", "shade"),
        ),
        (
            Row((date(2027, 1, 1), Decimal("12.5"), Fraction(1, 3), 31, Fraction(1), None,
                 Shade(Decimal("7.25"), Fraction(1), True))),
            Row(("Total", Decimal("12.5"), None, 31, None, None, None), "total"),
        ),
    )  # fmt: skip
    report = MadeReport(
        "made-up", {}, (), "", "A title", "KWD", (Figure("Total", Decimal("12.500"), "paid"),),
        (view, replace(view, title="By [month]")),
    )  # fmt: skip
    book = opened(as_xlsx(report))
    assert book.sheetnames == ["Answer", "By month"]
    sheet = book["By month"]
    heads = [cell.value for cell in sheet[2]]
    assert heads == ["When", "Paid, KWD", "Of all", "Days", None, "Grid"]
    when, paid, share, days, _, grid = sheet[3]
    assert when.value.date() == date(2027, 1, 1)
    assert (paid.value, paid.number_format) == (12.5, "#,##0.000;-#,##0.000")  # three decimals
    assert (share.value, share.number_format) == (pytest.approx(1 / 3), "0.0%")
    assert (days.value, grid.value) == (31, 7.25)
    assert sheet["B4"].font.bold
    assert sheet.freeze_panes == "B3"
    assert book["Answer"]["B3"].value == 12.5


def test_rows_are_as_high_as_their_prose() -> None:
    sheet = opened(workbook_of(load(ANTHROPIC)))["Notes"]
    for row in range(3, sheet.max_row + 1):
        text, height = sheet.cell(row, 2).value, sheet.row_dimensions[row].height or 15
        # A line of 15 points holds at most the 110 characters of the column.
        assert height >= 15 * (len(text) // 110 + 1)
    assert max(len(sheet.cell(row, 2).value) for row in range(3, sheet.max_row + 1)) > 110


HOSTILE = ["=cmd|'/C calc'!A0", "[x]:*?/\\", "x" * 300, "@SUM(A1)", "https://example.com", "'"]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_text(text: str, model: str, tmp_path: Path) -> None:
    file = tmp_path / "deal.yaml"
    quoted = text.replace("\\", "\\\\")
    file.write_text(model.replace("Anthropic–xAI, Colossus 1", f'"{quoted}"'), encoding="utf-8")
    data = workbook_of(load(str(file)))
    title = opened(data)["Summary"]["A1"]
    assert title.data_type == "s"
    assert title.value.endswith(" · USD")
    assert text in title.value
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        sheets = [name for name in parts.namelist() if name.startswith("xl/worksheets/")]
        assert not [name for name in sheets if b"hyperlink" in parts.read(name).lower()]


@pytest.mark.parametrize("text", HOSTILE)
def test_names_of_sheets_are_cleaned(text: str) -> None:
    view = tuple_view(text, (made_reports.column("One"),), (Row((text,)),))
    report = MadeReport("made-up", {}, (), "", text, "", (Figure(text, text, text),), (view,) * 3)
    book = opened(as_xlsx(report))
    assert len(book.sheetnames) == 3
    for name in book.sheetnames:
        assert 0 < len(name) <= 31
        assert not re.search(r"[\[\]:*?/\\']", name)
    assert list(formulas(book)) == []


def test_charges_whose_names_make_the_same_word(model: str, tmp_path: Path) -> None:
    more = (
        "  Com-pute:\n    price: 1m per month\n  com pute:\n    price: 2m per month\n\ntermination"
    )
    file = tmp_path / "deal.yaml"
    file.write_text(model.replace("\ntermination", more), encoding="utf-8")
    book = opened(workbook_of(load(str(file))), values=True)
    prices = [name for name in book.defined_names if "_price" in name]
    assert sorted(named(book, name).value for name in prices) == [10**6, 2 * 10**6, 1_250_000_000]


# ---- the file ----


def test_the_same_bytes_whenever_it_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    first = workbook_of(load(EVERY_TERM))
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    assert workbook_of(load(EVERY_TERM)) == first
    with zipfile.ZipFile(io.BytesIO(first)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2000-01-01T00:00:00Z" in parts.read("docProps/core.xml")


def test_a_library_without_that_private_method_writes_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fast = workbook_of(load(EVERY_TERM))
    monkeypatch.delattr(sheets._Worksheet, "_prepare_formula")
    assert workbook_of(load(EVERY_TERM)) == fast


def test_a_pipe_gets_the_bytes_of_the_file(tmp_path: Path) -> None:
    to = tmp_path / "deal.xlsx"
    command = [sys.executable, "-m", "dealcalc", "schedule", GOOGLE]
    piped = subprocess.run([*command, "-f", "xlsx"], capture_output=True, check=True)
    subprocess.run([*command, "-o", str(to)], capture_output=True, check=True)
    assert piped.stdout == to.read_bytes()
    assert piped.stdout.startswith(b"PK")


def test_a_terminal_gets_no_bytes(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    status, out, err = Command("schedule", capfdbinary).said(GOOGLE, "-f", "xlsx")
    assert (status, out) == (2, "")
    assert "a workbook cannot be shown in a terminal" in err
    assert "-o deal.xlsx" in err

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

import openpyxl
import pytest
from commands import ANTHROPIC, EVERY_TERM, GOOGLE, Command
from effort import long
from random_deals import as_yaml, random_deal
from shipped import SCENARIOS, deals

from dealcalc.core import NotPermitted, Priced
from dealcalc.forms.workbook import as_xlsx
from dealcalc.loading.scenario import Scenario, load
from dealcalc.reports import positional
from dealcalc.reports.positional import FinishedReport, tuple_view
from dealcalc.reports.report import Figure, Row, Shade
from dealcalc.reports.schedule import ScheduleReport
from dealcalc.reports.terminate import EarlyEndReport
from dealcalc.terms.values import Price, decimal_text

CENT = Decimal("0.005")
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


def workbook_of(there: Scenario, notice: date | None = None) -> bytes:
    """The workbook of a schedule; with a day of notice, of an early end."""
    report = EarlyEndReport(there, notice) if notice else ScheduleReport(there)
    return as_xlsx(report, there)


# ---- stored values ----


def test_the_model_deal_as_it_is_stored() -> None:
    book = opened(workbook_of(load(ANTHROPIC), date(2027, 3, 15)), values=True)
    assert book.sheetnames[:5] == ["Summary", "Inputs", "Schedule", "Rates", "Termination"]
    assert named(book, "Total").value == 45_000_000_000
    # 2 x 0.625bn, 35 x 1.25bn
    revenue = [cell.value for cell in column(book, "Revenue")]
    assert revenue == [625_000_000] * 2 + [1_250_000_000] * 35
    assert column(book, "Months")[-1].value.date() == date(2029, 5, 1)
    assert named(book, "Price__compute").value == 1_250_000_000
    assert named(book, "Off_1__compute").value == 0.5
    # 90 days after 15 March; 8.75bn + (5 + 13/30) x 1.25bn
    assert named(book, "Last_day").value.date() == date(2027, 6, 13)
    assert named(book, "After_notice").value == 15_541_666_666.67
    assert named(book, "By").value == "either"
    assert named(book, "Kept").value == pytest.approx(0.34537, abs=1e-5)


def test_inputs_say_where_they_come_from() -> None:
    sheet = opened(workbook_of(load(ANTHROPIC)), values=True)["Inputs"]
    rows = {row[3].value: row for row in sheet.iter_rows(min_row=5) if row[3].value}
    price = rows["charges.compute.price"]
    assert price[2].value == "USD per month"
    assert "SpaceX S-1" in price[4].value
    assert "half price is assumed" in rows["charges.compute.ramp.0.discount"][5].value
    assert "no fee is assumed" in rows["termination.0.fee"][5].value


def test_inputs_of_a_what_if_say_so() -> None:
    there = load(ANTHROPIC, "nearly-45bn", ["charges.compute.price=1bn per month"])
    sheet = opened(workbook_of(there), values=True)["Inputs"]
    rows = {row[3].value: row for row in sheet.iter_rows(min_row=5) if row[3].value}
    assert rows["charges.compute.price"][4].value == "set on the command line"
    assert rows["charges.compute.ramp.0.discount"][4].value == "set by the case nearly-45bn"
    assert rows["charges.compute.ramp.0.discount"][5].value is None


def test_every_term_of_the_format_is_an_input() -> None:
    sheet = opened(workbook_of(load(EVERY_TERM)), values=True)["Inputs"]
    paths = {row[3].value for row in sheet.iter_rows(min_row=5)}
    there = load(EVERY_TERM)
    said = set(leaves(there.file, ""))
    alone = {"capacity.0": "capacity"}
    missing = {path for path in said if alone.get(path, path) not in paths}
    # The whole of a prepayment and of the billing stand in one row each.
    missing = {path for path in missing if ".prepayment." not in path}
    assert {path.partition(".")[0] for path in missing} <= {"billing", "deal", "seller", "buyer"}


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
    """Other terms: as settings of the command line, and as values of cells; and a notice."""

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
    """What is changed in the workbook of a deal: nothing, money, and who leaves when."""
    money, inputs = [], {}
    for name, charge in there.deal.charges.items():
        word = re.sub(r"[^A-Za-z0-9]", "_", name)
        price = charge.price
        cheaper = Price(price.amount * Fraction(937, 1000), price.per, price.unit)
        amount = decimal_text(cheaper.amount)
        money.append(f"charges.{name}.price={str(cheaper).replace(amount_of(cheaper), amount)}")
        inputs[f"Price__{word}"] = cheaper.amount
        for index, step in enumerate(charge.ramp):
            if step.discount is not None:
                money.append(f"charges.{name}.ramp.{index}.discount=37.5%")
                inputs[f"Off_{index + 1}__{word}"] = Fraction(3, 8)
    signed, last = there.deal.signed, there.deal.term.last
    half, third = (signed + (last - signed) // part for part in (2, 3))
    leaves = there.deal.termination and {"Notice": half, "Given_by": "either"}
    found = {"as written": Change((), leaves or {}, half if leaves else None)}
    leaves = leaves and {"Notice": third, "Given_by": "buyer"}
    changed = inputs | (leaves or {})
    found["money"] = Change(tuple(money), changed, third if leaves else None, "buyer")
    if len(there.deal.termination) > 1:
        later = last - (last - signed) // 5
        found["seller"] = Change((), {"Notice": later, "Given_by": "seller"}, later, "seller")
    return found


def amount_of(price: Price) -> str:
    return str(price).partition(" per ")[0].removesuffix(" in total").removesuffix(" once")


CONVENTIONS = Change(
    (
        *("conventions.proration=actual", "conventions.notice_day=excluded"),
        *("termination.0.fee=4 months", "termination.1.notice=200 days", "term.months=35"),
        *("charges.halls.ramp.1.months=5", "charges.halls.escalator.rate=4.5%"),
        *("charges.network.through=2029-05-17", "charges.gpus.load=63%"),
        *("charges.gpus.months=23", "charges.halls.capacity=13 MW"),
    ),
    {
        "Proration": "actual", "Notice_day": "excluded", "Fee_1": 4, "Length_2__halls": 5,
        "Growth__halls": Fraction(45, 1000), "Term_months": 35, "Last__network": date(2029, 5, 17),
        "Load__gpus": Fraction(63, 100), "Months__gpus": 23, "Capacity_1__halls": 13,
        "Notice_2": 200, "Notice": date(2028, 4, 1), "Given_by": "buyer",
    },
    date(2028, 4, 1),
    "buyer",
)  # fmt: skip
"""Everything else at once, of the deal that has every term."""
WRONG = "an input is wrong"
BEYOND = {
    "later": ("beyond the months", ANTHROPIC, {"Term_last": date(2029, 6, 1)}),
    "longer": ("more increases", EVERY_TERM, {"Term_months": 37}),
    "earlier": ("outside the term", EVERY_TERM, {"First__gpus": date(2026, 12, 31)}),
    "signed after the term": (WRONG, EVERY_TERM, {"Signed": date(2040, 1, 1)}),
    "an unknown word": (WRONG, EVERY_TERM, {"Proration": "weekly"}),
    "no length": (WRONG, ANTHROPIC, {"Length_1__compute": 0}),
    "a text as a price": (WRONG, ANTHROPIC, {"Price__compute": "1.25bn"}),
    "a discount of more than all": (WRONG, ANTHROPIC, {"Off_1__compute": 1.5}),
}
"""Inputs that the sheets have no rows for, or that no file may have."""
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
office = pytest.mark.xdist_group("office")  # one run of LibreOffice serves all

SEEDS = (3, 8, 21)
"""Of random deals whose amounts have no more digits than a spreadsheet."""


def cases(folder: Path) -> Iterator[tuple[str, str, Change]]:
    """A name, a scenario file, and a change."""
    for name in deals():
        file = str(SCENARIOS / name)
        for what, change in changes(load(file)).items():
            yield f"{name}, {what}", file, change
    yield "conventions", EVERY_TERM, CONVENTIONS
    early = date(2027, 9, 30)  # the lock-out ends on 1 October
    yield (
        "too early",
        EVERY_TERM,
        Change((), {"Notice": early, "Given_by": "buyer"}, early, "buyer"),
    )
    for name, (_, file, cells) in BEYOND.items():
        yield name, file, Change((), cells)
    names = folder / "names.yaml"
    names.write_text(NAMES, encoding="utf-8")
    leaves = date(2026, 3, 1)
    change = Change((), {"Notice": leaves, "Given_by": "either"}, leaves)
    yield "names of charges like those of cells", str(names), change
    for seed in SEEDS:
        path = folder / f"random-{seed}.yaml"
        path.write_text(as_yaml(random_deal(Random(seed))), encoding="utf-8")
        there = load(str(path))
        assert ScheduleReport(there).after["total"] < 10**11
        for what, change in changes(there).items():
            yield f"random {seed}, {what}", str(path), change


def changed(data: bytes, change: Change) -> bytes:
    """A workbook with other inputs and without any stored value of a formula."""
    book = opened(data)
    places = {place(book, name): value for name, value in change.cells.items()}
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
    return [(name, one) for name, one in recomputed.items() if name not in BEYOND]


def near(found: Any, value: Decimal) -> bool:
    return isinstance(found, int | float) and abs(Decimal(repr(found)) - value) < CENT


@long
@office
def test_recomputed_schedules_agree_to_the_cent(recomputed: dict[str, Recomputed]) -> None:
    for name, (book, there, _) in followed(recomputed):
        report = ScheduleReport(there)
        assert near(named(book, "Total").value, report.after["total"]), name
        months = {month.name: month for month in report.months}
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
        assert named(book, "Kept").value == pytest.approx(float(ended.kept), abs=1e-12), name
        by_year = {row[0].value: row[1].value for row in book["Termination"].iter_rows(min_row=15)}
        report = EarlyEndReport(there, change.notice, change.by)
        for left in report.table("years").rows:
            assert near(by_year[left.year], left.revenue), (name, left.year)
    assert permitted > 10
    assert refused >= 1


@long
@office
def test_what_the_sheets_cannot_follow_is_said(recomputed: dict[str, Recomputed]) -> None:
    for name, (said, *_) in BEYOND.items():
        assert summary(recomputed[name].book)["Check"] == said, name


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
            positional.column("When"),
            positional.column("Paid", "money"),
            positional.column("Of all", "share"),
            positional.column("Days", "count"),
            positional.column("", "bar"),
            positional.column("", "bands"),
            positional.column("Grid", "shade"),
        ),
        (
            Row((date(2027, 1, 1), Decimal("12.5"), Fraction(1, 3), 31, Fraction(1), None,
                 Shade(Decimal("7.25"), Fraction(1), True))),
            Row(("Total", Decimal("12.5"), None, 31, None, None, None), "total"),
        ),
    )  # fmt: skip
    report = FinishedReport(
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
    view = tuple_view(text, (positional.column("One"),), (Row((text,)),))
    report = FinishedReport(
        "made-up", {}, (), "", text, "", (Figure(text, text, text),), (view,) * 3
    )
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
    prices = [name for name in book.defined_names if name.startswith("Price__")]
    assert sorted(named(book, name).value for name in prices) == [10**6, 2 * 10**6, 1_250_000_000]


# ---- the file ----


def test_the_same_bytes_whenever_it_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    first = workbook_of(load(EVERY_TERM))
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    assert workbook_of(load(EVERY_TERM)) == first
    with zipfile.ZipFile(io.BytesIO(first)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2000-01-01T00:00:00Z" in parts.read("docProps/core.xml")


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
    assert "a workbook is no text for a terminal" in err
    assert "-o deal.xlsx" in err


def test_without_the_library_it_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> None:
    for name in [
        name for name in sys.modules if name.startswith(("xlsxwriter", "dealcalc.forms.workbook"))
    ]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    to = tmp_path / "deal.xlsx"
    status, out, err = Command("schedule", capfdbinary).said(GOOGLE, "-o", str(to))
    assert (status, out) == (2, "")
    assert "pip install 'dealcalc[xlsx]'" in err
    assert not to.exists()

"""CSV, JSON and Markdown: every value exact, every text harmless."""

import csv
import io
import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from commands import ANSWERS, numbers
from effort import some
from made_reports import MadeReport, column, tuple_table, tuple_view

from dealcalc.forms.export import as_csv, as_json, as_markdown
from dealcalc.reports.report import Figure, Note, Row
from dealcalc.reports.units import UNITS


def report(**changed):
    """A report with a value of every type."""
    given = {
        "command": "schedule",
        "facts": {"deal": "Northgate", "case": None, "overrides": {"charges.rack.price": "1bn"}},
        "tables": (
            tuple_table(
                "lines",
                ("charge", "start", "days", "rate", "amount"),
                (
                    ("rack", date(2026, 1, 1), 31, Fraction(100, 3), Decimal("1234567.80")),
                    ("setup, once", date(2026, 2, 1), 1, None, Decimal("-5")),
                ),
            ),
            tuple_table("years", ("year", "revenue"), ()),
        ),
        "csv": "lines",
        "title": "Northgate",
        "currency": "USD",
        "figures": (Figure("Total", Decimal("1234562.80"), "for two months"),),
        "views": (
            tuple_view(
                "",
                (
                    column("Month"),
                    column("Days", "count"),
                    column("Revenue", "money"),
                    column("", "bar"),
                ),
                (
                    Row(("2026-01", 1234, Decimal("1234567.80"), Fraction(1))),
                    Row(("Total", 1234, Decimal("1234562.80"), None), "total"),
                ),
            ),
        ),
        "notes": (Note("said"), Note("guessed", "assumed"), Note("odd", "warning")),
        "after": {"total": Decimal("1234562.80"), "ok": True},
    }
    return MadeReport(**(given | changed))


def test_csv_is_tidy_with_exact_numbers():
    assert as_csv(report()) == (
        "charge,start,days,rate,amount\n"
        "rack,2026-01-01,31,33.333333,1234567.80\n"  # 100/3, half-up to six decimals
        '"setup, once",2026-02-01,1,,-5\n'
    )


def test_csv_of_no_rows_is_its_header():
    assert as_csv(report(csv="years")) == "year,revenue\n"


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(1)", "'@SUM(1)"),
        (" =1", "' =1"),
        ("＝1", "'＝1"),
        ("＋1", "'＋1"),
        ("a=1", "a=1"),
        ("'=1", "'=1"),
        ("\t=1", r"'\t=1"),
        ("a\nb", r"a\nb"),
        ("::error::x", r":\x3aerror:\x3ax"),
        ("\u202ex", r"\u202ex"),
        ('say "hi"', 'say "hi"'),
        ("北門", "北門"),
    ],
)
def test_no_text_of_a_csv_is_a_formula_or_a_command(text, cell):
    given = report(tables=(tuple_table("lines", ("charge", text), ((text, Decimal("-1.50")),)),))
    header, row = csv.reader(io.StringIO(as_csv(given)))
    assert header == ["charge", cell]
    assert row == [cell, "-1.50"]  # a number may begin with a minus


def test_json_is_one_object_with_a_row_a_line_and_exact_numbers():
    assert (
        as_json(report())
        == """\
{
  "format": "dealcalc/schedule/1",
  "deal": "Northgate",
  "case": null,
  "overrides": {"charges.rack.price": "1bn"},
  "lines": [
    {"charge": "rack", "start": "2026-01-01", "days": 31, "rate": 33.333333, "amount": 1234567.80},
    {"charge": "setup, once", "start": "2026-02-01", "days": 1, "rate": null, "amount": -5}
  ],
  "years": [],
  "total": 1234562.80,
  "ok": true
}
"""
    )


def test_json_lists_and_mappings_hold_exact_numbers_too():
    given = report(
        tables=(), after={"firm": {"low": Decimal("0.10"), "days": [date(2026, 1, 1), 2]}}
    )
    assert '"firm": {"low": 0.10, "days": ["2026-01-01", 2]}' in as_json(given)


@pytest.mark.parametrize(
    "amount", ["0.00", "0.001", "-0.10", "1000000000000000000000.01", "1E+3", "1E-7", "9" * 40]
)
def test_json_amounts_are_read_back_as_they_were(amount):
    read = json.loads(as_json(report(after={"total": Decimal(amount)})), parse_float=Decimal)
    assert read["total"] == Decimal(amount)


@pytest.mark.parametrize(
    "text",
    ["plain", "北門 “x”", '"\\', "a\nb\tc", "\x00\x1b[31m\x7f\x9b1m", "\u202e\u2066", "\U000e0001",
     "::error::a:::b::::", "##[error]###[x", "\udcff"],
)  # fmt: skip
def test_json_texts_are_harmless_and_read_back_as_they_were(text):
    out = as_json(report(facts={"deal": text, "overrides": {text: text}}))
    assert json.loads(out)["deal"] == text
    assert json.loads(out)["overrides"] == {text: text}
    assert "::" not in out
    assert "##" not in out
    assert all(line.isprintable() for line in out.split("\n"))
    out.encode("utf-8")


def test_markdown_has_headings_tables_and_lists():
    assert (
        as_markdown(report(), UNITS["1"])
        == """\
## Northgate · USD

- **Total 1,234,562.80 USD** (for two months)

| Month | Days | Revenue, USD |
| --- | ---: | ---: |
| 2026-01 | 1,234 | 1,234,567.80 |
| **Total** | **1,234** | **1,234,562.80** |

- said
- **Assumed:** guessed
- **Warning:** odd
"""
    )


def test_markdown_in_a_unit_says_so_everywhere():
    lines = as_markdown(report(), UNITS["k"]).splitlines()
    assert lines[0] == "## Northgate · USD"
    assert lines[2] == "- **Total 1,234.56k USD** (for two months)"  # 1,234.5628
    assert lines[4] == "| Month | Days | Revenue, USD k |"
    assert lines[6] == "| 2026-01 | 1,234 | 1,234.57 |"  # 1,234.5678, half-up


def test_markdown_of_a_report_without_money_names_no_currency():
    given = report(currency="", figures=(Figure("Files", 12),), views=(), notes=())
    assert as_markdown(given, UNITS["1"]) == "## Northgate\n\n- **Files 12**\n"


def test_markdown_views_may_have_a_title():
    view = tuple_view("By *site*", (column("Site"),), (Row(("A",)),))
    lines = as_markdown(report(views=(view,)), UNITS["1"]).splitlines()
    assert lines[4:8] == [r"### By \*site\*", "", "| Site |", "| --- |"]


def test_a_long_table_in_markdown_opens_with_a_click():
    def lines(rows):
        view = tuple_view("Months", (column("Month"),), (Row(("2026-01",)),) * rows)
        return as_markdown(report(views=(view,), notes=()), UNITS["1"]).splitlines()[4:]

    short = ["| Month |", "| --- |", *["| 2026-01 |"] * 24]
    assert lines(24) == ["### Months", "", *short]
    # GitHub reads what stands between empty lines inside as Markdown.
    longer = ["<details><summary>25 rows</summary>", "", *short, "| 2026-01 |", "", "</details>"]
    assert lines(25) == ["### Months", "", *longer]


def test_indented_names_stay_indented_in_markdown():
    view = tuple_view(
        "", (column("Question"),), (Row(("what",), "head"), Row(("  answer",), "total"))
    )
    out = as_markdown(report(views=(view,)), UNITS["1"])
    assert "| **what** |\n| **&nbsp;&nbsp;answer** |" in out


def test_markdown_has_no_sources():
    given = report(notes=(Note("term.start: the contract", "source"), Note("said")))
    assert as_markdown(given, UNITS["1"]).endswith("\n\n- said\n")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("*b* _i_ `c` ~s~", r"\*b\* \_i\_ \`c\` \~s\~"),
        ("a | b", r"a \| b"),
        ("[x](y) <b> &amp; $z$", r"\[x\](y) \<b\> \&amp; \$z\$"),
        ("@team", "@&#8203;team"),
        ("see #12", r"see \#&#8203;12"),
        ("back\\slash", r"back\\slash"),
        ("a\nb", r"a\\nb"),
        ("::error::", r":\\x3aerror:\\x3a"),
    ],
)
def test_markdown_shows_text_as_it_is(text, shown):
    view = tuple_view("", (column("Name"),), (Row((text,)),))
    given = report(
        title=text, figures=(Figure("Name", text, text),), views=(view,), notes=(Note(text),)
    )
    out = as_markdown(given, UNITS["1"])
    assert out.count(shown) == 5  # title, figure and its remark, cell, note
    assert f"| {shown} |" in out


FLATTENED = {"notice", "last-day", "solve", "ambiguity", "explain"}
"""Answers whose CSV has what is nested, or no table, in their JSON; each is pinned."""


def csv_text(value: Any) -> str:
    """A value of JSON, read with its numbers as texts, as CSV has it."""
    return json.dumps(value) if isinstance(value, bool) else value or ""


@pytest.mark.parametrize("name", some(9, sorted(ANSWERS.keys() - FLATTENED)))
def test_csv_is_a_table_of_the_json(answered, name: str) -> None:
    rows = list(csv.DictReader(io.StringIO(answered(ANSWERS[name], "csv"))))
    answer = json.loads(answered(ANSWERS[name], "json"), parse_float=str, parse_int=str)
    tables = [
        [{key: csv_text(row.get(key)) for key in rows[0]} for row in table]
        for table in answer.values()
        if isinstance(table, list) and len(table) == len(rows) and isinstance(table[0], dict)
    ]
    assert rows in tables


@pytest.mark.parametrize("name", some(9, ANSWERS))
def test_markdown_has_every_figure_of_the_table(answered, name: str) -> None:
    table = answered((*ANSWERS[name], "-v"), "table")
    assert len(numbers(table)) > 10
    assert numbers(table) - numbers(answered(ANSWERS[name], "md")) == set()

"""Pages: every figure is there, every text stays text, and nothing is run or fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import chdir
from datetime import date
from decimal import Decimal
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path

import pytest
from commands import ANSWERS, HOSTILE, MODEL, numbers
from effort import some
from made_reports import MadeReport, column, tuple_view
from shipped import SCENARIOS

from dealcalc.cli import run
from dealcalc.forms.web import as_html
from dealcalc.reports.report import Chart, ChartPoint, Figure, Note, Report, Row, Shade, View
from dealcalc.reports.units import UNITS

VOID = {"meta", "link", "br", "img", "input"}


class Page(HTMLParser):
    """A page as a browser takes it: its elements in order, its text, and where each text stands."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs)
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert {"path", "svg"} & {*self.open, tag}, f"<{tag}/> is no empty element of HTML"
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append((self.open[-1] if self.open else "", data))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def text(self, *tags: str) -> str:
        return " ".join(
            text for tag, text in self.texts if (tag in tags if tags else tag != "style")
        )


AMOUNT = r"-?[0-9,]+\.[0-9]{2}"


def report(
    views: tuple[View, ...] = (),
    charts: tuple[Chart, ...] = (),
    figures: tuple[Figure, ...] = (),
    notes: tuple[Note, ...] = (),
    title: str = "Northgate",
    currency: str = "USD",
) -> Report:
    return MadeReport("schedule", {}, (), "", title, currency, figures, views, notes, charts=charts)


def page(given: Report, unit: str = "1") -> Page:
    return Page(as_html(given, UNITS[unit]))


# --- every command --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", some(9, ANSWERS))
def test_a_page_has_every_figure_of_the_table(answered, name: str) -> None:
    for unit in ("auto", "1"):
        words = (*ANSWERS[name], "--unit", unit)
        table = answered((*words, "-v"), "table")
        found = Page(answered(words, "html"))
        assert len(numbers(table)) > 10
        assert numbers(table) - numbers(found.text()) == set()


@pytest.mark.parametrize("name", some(4, ANSWERS))
def test_what_a_page_rounds_is_exact_where_a_mouse_rests(answered, name: str) -> None:
    exact = Page(answered((*ANSWERS[name], "--unit", "1"), "html"))
    found = Page(answered(ANSWERS[name], "html"))
    rests = {one["title"] for one in found.all("span") if "title" in one}
    amounts = {text for tag, text in exact.texts if tag == "span" and re.fullmatch(AMOUNT, text)}
    assert amounts - rests - {text for tag, text in found.texts if tag in ("span", "td")} == set()


@pytest.mark.parametrize("name", some(9, ANSWERS))
def test_a_page_is_well_formed_and_for_everybody(answered, name: str) -> None:
    text = answered(ANSWERS[name], "html")
    found = Page(text)
    ids = [attributes["id"] for _, attributes in found.elements if "id" in attributes]
    assert len(set(ids)) == len(ids)
    assert text.startswith('<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">')
    assert found.text("title") != ""
    assert len(found.all("h1")) == 1
    assert len(found.all("caption")) == len(found.all("table")) > 0
    assert {one["scope"] for one in found.all("th")} == {"col", "row"}
    for drawing in found.all("svg"):
        assert drawing.get("aria-hidden") == "true" or (
            drawing["role"] == "img" and drawing["aria-label"]
        )
    for link in found.all("a"):
        assert link["href"].removeprefix("#") in ids


ALONE = {"grid"}
"""Answers that no chart draws: a grid is a picture by itself."""


@pytest.mark.parametrize("name", some(9, ANSWERS))
def test_a_page_has_a_chart_and_no_bars_that_repeat_it(answered, name: str) -> None:
    found = Page(answered(ANSWERS[name], "html"))
    charts = found.all("figure")
    assert len(charts) > 0 or name in ALONE
    if name in ("schedule", "years", "sweep", "backlog", "backlog-day", "value"):
        assert not [one for one in found.all("td") if one["class"] in ("bar", "bands")]


@pytest.mark.parametrize(
    ("name", "first", "amount"),
    [
        ("schedule", "Total", 45),
        ("compare", "Total", 45),
        ("pair", "Total", 45),
        ("sweep", "Total", 45),
        ("value", "Present value", 39),
        ("backlog", "Firm", 2),
    ],
)
def test_the_figure_of_the_deal_itself_leads(answered, name: str, first: str, amount: int) -> None:
    out = answered(ANSWERS[name], "html")
    heading, value = re.findall(r"<dt>(.*?)</dt>\n<dd class=\"value\">(.*?)</dd>", out)[0]
    assert heading == first
    assert re.sub("<[^>]*>", "", value).startswith(f"{amount}")


@pytest.mark.parametrize("name", some(9, ANSWERS))
def test_a_page_runs_nothing_and_fetches_nothing(answered, name: str) -> None:
    found = Page(answered(ANSWERS[name], "html"))
    assert not {"script", "link", "img", "iframe", "object", "base", "form"} & {
        tag for tag, _ in found.elements
    }
    names = {name for _, attributes in found.elements for name in attributes}
    assert not {one for one in names if one.startswith("on")} | names & {"src", "srcset", "action"}
    style = found.text("style")
    assert "url(" not in style
    assert "@import" not in style
    policy = next(one for one in found.all("meta") if "http-equiv" in one)
    assert policy["content"] == "default-src 'none'; style-src 'unsafe-inline'"


def test_the_same_bytes_twice(answered) -> None:
    assert answered(ANSWERS["capacity"], "html") == answered(ANSWERS["capacity"], "html")


@pytest.mark.parametrize(
    ("name", "words"), [("schedule-model", ("schedule", MODEL)), ("backlog", ("backlog", MODEL))]
)
def test_pinned(answered, pinned, name: str, words: tuple[str, ...]) -> None:
    pinned(f"contracts/{name}.html", answered(words, "html"))


def test_a_file_takes_the_form_of_its_ending(tmp_path: Path, answered) -> None:
    printed = answered(("schedule", MODEL), "html")
    with chdir(SCENARIOS):
        assert run(["schedule", MODEL, "-o", str(tmp_path / "deal.html")]) == 0
    assert (tmp_path / "deal.html").read_text("utf-8") == printed


# --- somebody's text ------------------------------------------------------------------------------


FIRM = "Contract value, and what of it is firm at signing, USD"


def everywhere(text: str) -> Report:
    """A report with a text in every place that takes one."""
    parts = tuple(points(text, (1, 2), (3, 4)))
    charts = tuple(Chart(text, kind, text, (text, "b"), parts) for kind in ("columns", "bands"))
    view = tuple_view(
        text,
        (column(text), column(text, "prose"), column(text, "money"), column(f"{text}, b", "bands")),
        (Row((text, text, Decimal(1), (Fraction(1, 2), Fraction(1, 2)))),),
    )
    kinds = ("note", "assumed", "warning", "source")
    notes = tuple(Note(f"{text}: {text}", kind) for kind in kinds)
    return report((view,), charts, (Figure(text, text, text),), notes, text)


@pytest.mark.parametrize("text", HOSTILE)
def test_text_stays_text_in_every_place(text: str) -> None:
    found, harmless = page(everywhere(text)), page(everywhere("northgate"))
    shape = [(tag, sorted(attributes)) for tag, attributes in found.elements]
    assert shape == [(tag, sorted(attributes)) for tag, attributes in harmless.elements]
    # It stands as often as another text does, and for who cannot see the charts too.
    assert found.text().lower().count(text.lower()) == harmless.text().count("northgate") > 20
    labels = [drawing["aria-label"] for drawing in found.all("svg") if "aria-label" in drawing]
    assert len(labels) == 2
    assert all(label.startswith(f"{text}, {text}: ") for label in labels)


def points(name: str, *values: tuple[int, ...]) -> Iterator[ChartPoint]:
    """Points a month apart."""
    for month, of in enumerate(values, 1):
        yield ChartPoint(name, date(2026, month, 1), tuple(map(Decimal, of)))


def test_what_nobody_should_obey_is_shown_as_an_escape() -> None:
    text = "a\u202eb\x1b[31mc\ud800::error::"
    out = as_html(report(title=text, notes=(Note(text),)), UNITS["1"])
    assert r"a\u202eb\x1b[31mc\ud800:\x3aerror:\x3a" in Page(out).text("h1")
    assert "::error" not in out
    out.encode("utf-8")


# --- tables ---------------------------------------------------------------------------------------


def test_rows_say_what_they_are() -> None:
    rows = tuple(
        Row((f"the {kind}", Decimal("1234.50")), kind)
        for kind in ("plain", "head", "subtotal", "total")
    )
    text = as_html(
        report((tuple_view("", (column("Month"), column("Cost", "money")), rows),)), UNITS["1"]
    )
    for kind in ("plain", "head", "subtotal", "total"):
        row = f'<tr class="{kind}"><th scope="row" class="text">the {kind}</th>'
        assert f'{row}<td class="money">1,234.50</td></tr>' in text
    assert '<th scope="col" class="money">Cost <span class="unit">USD</span></th>' in text


def test_a_row_without_a_name_has_no_head() -> None:
    columns = (column("Term"), column("In"))
    text = as_html(report((tuple_view("", columns, (Row(("", "b")),)),)), UNITS["1"])
    assert '<tr class="plain"><td class="text"></td><td class="text">b</td></tr>' in text


def test_money_is_in_the_unit_asked_for() -> None:
    view = tuple_view(
        "", (column("Month"), column("Cost", "money")), (Row(("x", Decimal(1_234_567))),)
    )
    found = page(report((view,), figures=(Figure("Total", Decimal(1_234_567)),)), "k")
    assert found.text("h1") == "Northgate · USD"
    amounts = [text for text in found.text("th", "span").split() if "1,234" in text]
    assert amounts == ["1,234.57k", "1,234.57"]
    assert "USD k" in found.text("span")
    rests = [one["title"] for one in found.all("span") if "title" in one]
    assert rests == ["1,234,567", "1,234,567"]


def test_a_report_without_money_names_no_currency() -> None:
    assert page(report(currency="")).text("h1") == "Northgate"


def test_bars_and_bands_are_as_long_as_their_shares() -> None:
    bars = tuple_view(
        "", (column("a"), column("", "bar")), (Row(("x", Fraction(1, 3))), Row(("y", None)))
    )
    found = page(report((bars,)))
    # A third of a drawing a thousand wide.
    assert [one["width"] for one in found.all("rect")] == ["333.33"]
    shares = Fraction(1, 10), Fraction(1, 4), Fraction(13, 20)
    bands = tuple_view(
        "", (column("a"), column("earned, firm, cancellable", "bands")), (Row(("x", shares)),)
    )
    found = page(report((bands,)))
    drawn = [(one["class"], one["x"], one["width"]) for one in found.all("rect")]
    keys = [(name, "0", "1000") for name in ("part0", "part1", "rest")]
    assert drawn == [*keys, ("part0", "0", "100"), ("part1", "100", "250"), ("rest", "350", "650")]


def test_a_grid_is_a_map_of_its_values() -> None:
    shades = (
        Shade(Decimal(1), Fraction(0), False),
        Shade(Decimal(2), Fraction(1, 3), True),
        Shade(Decimal(4), Fraction(1), False),
    )
    columns = (column(""), *(column(name, "shade") for name in "abcd"))
    found = page(report((tuple_view("", columns, (Row(("x", *shades, None)),)),)))
    cells = [(one["class"], one.get("style")) for one in found.all("td")[1:]]
    assert cells == [
        ("shade", "--size: 0.00"),
        ("shade base", "--size: 0.33"),
        ("shade", "--size: 1.00"),
        ("shade", None),
    ]
    assert "> 2" in found.text("td")


@pytest.mark.parametrize(
    ("columns", "size"),
    [
        # 15 characters of money are 2 x 15 + 5 millimetres, 5 of a name 2 x 5 + 5.
        (4, ""),  # 155 of the 180 there are
        (5, "landscape"),
        (7, "landscape"),  # 260, with the edges 288
        (8, "323mm 226mm"),
    ],
)
def test_a_sheet_is_as_wide_as_the_widest_table(columns: int, size: str) -> None:
    row = Row(("2026x", *[Decimal(123456789012)] * columns))
    view = tuple_view("", (column("Month"), *[column("Cost", "money")] * columns), (row,))
    sizes = re.findall(r"@page \{ size: (.*); \}", as_html(report((view,)), UNITS["1"]))
    assert sizes == ([size] if size else [])


def test_an_amount_to_the_cent_is_short_on_a_narrow_screen() -> None:
    row = Row(("x", Decimal("45000000000.00")))
    view = tuple_view("", (column("Month"), column("Cost", "money")), (row,))
    text = as_html(report((view,)), UNITS["1"])
    both = '<span class="full">45,000,000,000.00</span><span class="short">45.00bn</span>'
    assert f'<td class="money">{both}</td>' in text
    assert ".short { display: none; }" in text
    assert 'class="short"' not in as_html(report((view,)), UNITS["m"])


def test_a_figure_that_rests_on_assumptions_has_a_star(answered) -> None:
    star = '<a class="star" href="#assumed" title="rests on assumptions">*</a></dd>'
    for name in ("schedule", "compare", "capacity"):
        first = answered(ANSWERS[name], "html").partition("<dd")[2].partition("</div>")[0]
        assert star in first


def test_what_a_case_rests_on_is_said_once(answered) -> None:
    found = Page(answered(ANSWERS["compare"], "html"))
    said = [text for tag, text in found.texts if tag in ("li", "b")]
    sources = [text for text in said if "from 3 May" in text and text.startswith("after-three")]
    assert len(sources) == 1
    assert not [text for text in said if "cases." in text]


def test_names_of_terms_are_code(answered) -> None:
    text = as_html(report(notes=(Note("a `b.c` d"),)), UNITS["1"])
    assert "<li>a <code>b.c</code> d</li>" in text
    for name in ("capacity", "compare"):
        found = Page(answered(ANSWERS[name], "html")).text()
        assert "`" not in found
        assert "dealcalc schedule" not in found


# --- what is said below ---------------------------------------------------------------------------


def test_warnings_notes_assumptions_and_sources_stand_at_the_end(answered) -> None:
    found = Page(answered(("schedule", MODEL), "html"))
    headings = [text for tag, text in found.texts if tag == "h2"]
    assert headings == [
        FIRM,
        "Revenue by month, USD",
        "Warnings",
        "Notes",
        "Assumptions",
        "Sources",
    ]
    assert "1 warning 8 assumptions" in " ".join(found.text("a").split())
    assert "termination.notice:" in found.text("b")
    assert 'SpaceX S-1 of 20 May 2026, as reported, "upon 90 days\' notice"' in found.text("li")


def test_what_is_replaced_has_no_source_any_more(answered) -> None:
    words = ("schedule", MODEL, "--set", "charges.compute.price=1bn per month")
    named = Page(answered((*words, "--case", "both-sites"), "html")).text("b").split()
    assert "charges.compute.price:" not in named
    assert "charges.compute.capacity:" not in named  # replaced by the case, which has its own
    assert {"termination.notice:", "cases.both-sites:"} <= {*named}


def test_only_pages_list_sources(answered) -> None:
    for form in ("table", "md"):
        assert "upon 90 days" not in answered(("schedule", MODEL), form)

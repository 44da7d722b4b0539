"""Tables on a screen: what the eye meets, and that no number is ever cut."""

import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_reports import MadeReport, column, tuple_view
from rich.cells import cell_len

from dealcalc.forms.tables import draw
from dealcalc.reports.report import Figure, Note, Row, Shade
from dealcalc.reports.units import UNITS

WIDE = "北門計算センター"
"""Eight characters, sixteen columns."""


def report(views=(), figures=(), notes=(), title="Northgate", currency="USD"):
    return MadeReport(
        "schedule", {}, (), "", title, currency, tuple(figures), tuple(views), tuple(notes)
    )


def lines(given, room=None, unit=None, *, color=False, verbose=False):
    return draw(given, room, unit, color=color, verbose=verbose).split("\n")


def months(*amounts):
    """A view like that of a schedule: money, a bar, a year below its months, a total."""
    highest = max(map(Fraction, amounts))
    rows = [
        Row(
            (
                f"2026-{i:02}",
                Decimal(amount),
                Fraction(amount) / highest,
            )
        )
        for i, amount in enumerate(amounts, 1)
    ]
    total = sum(map(Decimal, amounts))
    return tuple_view(
        "",
        (column("Month"), column("Revenue", "money"), column("", "bar")),
        (*rows, Row(("Year 2026", total, None), "subtotal"), Row(("Total", total, None), "total")),
    )


# --- what the eye meets ---------------------------------------------------------------------------


def test_the_answer_comes_first_then_tables_then_notes():
    given = report(
        [months(500, 1000)],
        [Figure("Total", Decimal("1500"), "for two months"), Figure("Files", 12)],
        [Note("said"), Note("guessed", "assumed"), Note("odd", "warning")],
    )
    assert lines(given, verbose=True) == [
        "Northgate · USD",
        "",
        "Total  1,500 USD  for two months",
        "Files         12",
        "",
        "Month       Revenue, USD",
        "─" * 51,  # 9 + 3 + 12 + 3 + 24
        "2026-01              500   ━━━━━━━━━━━━",  # half of the largest: half of 24 columns
        "2026-02            1,000   ━━━━━━━━━━━━━━━━━━━━━━━━",
        "Year 2026          1,500",
        "─" * 51,
        "Total              1,500",
        "",
        "said",
        "* assumed  guessed",
        "! warning  odd",
        "",
    ]


NOTES = (
    Note("The fee is in 2027."),
    Note("Unit prices: 1,000 per MW-month.", "detail"),
    Note("odd; look at it", "warning", "odd"),
    Note("term.start: not disclosed", "assumed", "start"),
    Note("charges.a.ramp.0.discount: half is a guess", "assumed", "ramp discount"),
)


def test_what_is_assumed_is_named_in_one_sentence_and_a_warning_is_one_line():
    assert lines(report(notes=NOTES))[3:] == [
        "The fee is in 2027.",
        "! odd",
        "* 2 assumed: start, ramp discount; -v says why",
        "",
    ]


def test_the_sentence_wraps_and_is_never_cut():
    names = [f"term {i}" for i in range(40)]
    said = lines(report(notes=[Note("why", "assumed", name) for name in names]), 60)[3:]
    assert " ".join(line.strip() for line in said).strip() == (
        f"* 40 assumed: {', '.join(names)}; -v says why"
    )
    assert max(map(cell_len, said)) <= 60


def test_verbose_says_every_note_whole():
    assert lines(report(notes=NOTES), verbose=True)[3:] == [
        "The fee is in 2027.",
        "Unit prices: 1,000 per MW-month.",
        "! warning  odd; look at it",
        "* assumed  term.start: not disclosed",
        "* assumed  charges.a.ramp.0.discount: half is a guess",
        "",
    ]


def test_what_only_repeats_is_left_to_verbose():
    given = report(notes=[NOTES[1]])
    assert lines(given)[3:] == ["-v says how this is counted", ""]


def test_a_table_has_no_sources():
    assert "contract" not in "".join(lines(report(notes=[Note("start: the contract", "source")])))


def test_a_gap_stands_between_years():
    plain, year = Row(("2026-12",)), Row(("Year 2026",), "subtotal")
    view = tuple_view("", (column("Month"),), (plain, year, plain, year))
    assert lines(report([view]))[5:10] == ["2026-12", "Year 2026", "", "2026-12", "Year 2026"]


def test_a_table_may_have_a_title_and_no_rows():
    view = tuple_view("By [site]", (column("Site"), column("Cost", "money")), ())
    assert lines(report([view]))[3:6] == ["By [site]", "Site   Cost, USD", "────────────────"]


def test_a_report_without_money_names_no_currency():
    assert lines(report(currency=""))[0] == "Northgate"


def test_colour_means_something():
    view = tuple_view("", (column("Terms", "prose"),), (Row(("1bn*",)), Row(("all",), "total")))
    given = report(
        [view, months(1)],
        [Figure("Total", Decimal(1), "x"), Figure("Total", Decimal(2), "by another reading")],
        [Note("guessed", "assumed"), Note("odd", "warning")],
    )
    text = "\n".join(lines(given, color=True, verbose=True))
    assert "\x1b[1mTotal\x1b[0m  \x1b[1m1 USD\x1b[0m  x\n" in text  # bold: answer, sums, headings
    assert "\nTotal  2 USD  by another reading\n" in text  # another reading of the same
    assert "1bn\x1b[33m*\x1b[0m" in text  # yellow: assumed
    assert "\x1b[33m* assumed  \x1b[0mguessed" in text
    assert "\x1b[1;31m! warning  \x1b[0modd" in text  # red: doubtful
    assert "\x1b[36m━━━" in text  # cyan: how much
    assert re.sub(r"\x1b\[[\d;]*m", "", text).replace(" ", "") == "\n".join(
        lines(given, verbose=True)
    ).replace(" ", "")


@pytest.mark.parametrize(
    ("share", "bar"),
    [
        (Fraction(0), ""),
        (Fraction(1, 48), "╸"),
        (Fraction(1, 2), "━" * 12),
        (Fraction(23, 48), "━" * 11 + "╸"),  # 11.5 of 24 columns
        (Fraction(1), "━" * 24),
        (None, ""),
    ],
)
def test_a_bar_is_true_to_half_a_column(share, bar):
    view = tuple_view("", (column("Month"), column("", "bar")), (Row(("2026-01", share)),))
    assert lines(report([view]))[5].split() == ["2026-01", *([bar] if bar else [])]


def test_bands_fill_what_their_sum_fills():
    shares = Fraction(1, 10), Fraction(1, 4), Fraction(13, 20)
    view = tuple_view(
        "", (column("As of"), column("a, b, c", "bands")), (Row(("x", shares)), Row(("y", None)))
    )
    heading, _, first, second, *_ = lines(report([view]))[3:]
    assert heading == "As of   ━ a  █ b  ─ c"
    # 60 columns: 6 are a tenth, 21 are 35%, all 60 are the whole.
    assert first == "x       " + "━" * 6 + "█" * 15 + "─" * 39
    assert second == "y"


def test_a_grid_is_shaded_from_its_smallest_value_to_its_largest_and_marks_the_deal_itself():
    sizes = {"1000": Fraction(0), "2000": Fraction(1, 2), "3000": Fraction(1)}
    shades = [Shade(Decimal(value), size, value == "2000") for value, size in sizes.items()]
    columns = column(""), *(column(name, "shade") for name in "abc")
    view = tuple_view("", columns, (Row(("x", *shades)), Row(("y", None, None, None))))
    given = report([view])
    assert lines(given)[6:8] == ["x   1,000   > 2,000   3,000", "y"]
    colored = lines(given, color=True)[6]
    for style, cell in (("34", "1,000"), ("1;36", "> 2,000"), ("92", "3,000")):
        assert f"\x1b[{style}m{cell}\x1b[0m" in colored


def test_a_grid_of_money_names_its_unit_above():
    shade = Shade(Decimal("45000000000.00"), Fraction(1), False)
    columns = column(""), *(column(name, "shade") for name in "abc")
    given = report([tuple_view("total: a down", columns, (Row(("x", shade, None, shade)),))])
    assert lines(given)[3:7] == [
        "total: a down, USD m",
        "            a   b           c",
        "─" * 29,  # 1 + 3 + 9 + 3 + 1 + 3 + 9
        "x   45,000.00       45,000.00",
    ]


def test_true_and_false_have_a_colour():
    view = tuple_view(
        "", (column("Claim"), column("Is")), (Row(("a", "true")), Row(("b", "false")))
    )
    text = "\n".join(lines(report([view]), color=True))
    assert "\x1b[32mtrue" in text
    assert "\x1b[1;31mfalse" in text


# --- nothing is cut -------------------------------------------------------------------------------


def test_without_a_terminal_nothing_but_running_text_wraps():
    name = "a charge with a name of many words that would not fit on any usual screen at all"
    view = tuple_view(
        "", (column("Charge"), column("Terms", "prose")), (Row((name, "; ".join(["term"] * 30))),)
    )
    out = lines(report([view], [Figure("Total", Decimal(1), "remark " * 30)]))
    assert any(line.startswith(name) for line in out)
    # "Total  1 USD  " leaves 86 of 100 columns: twelve of "remark " are 84.
    assert [line.count("remark") for line in out[2:5]] == [12, 12, 6]


def test_on_a_narrow_terminal_bars_go_first():
    given = report([months(500, 1000)])
    assert "━━━━━━" in lines(given, 33)[6]  # 9 + 3 + 12 + 3 + 6 columns
    assert "━" not in "".join(lines(given, 32))


def charges(terms):
    """A view like that of a schedule's charges."""
    kinds = ("Charge", "text"), ("Service", "text"), ("Terms", "prose"), ("Revenue", "money")
    cells = "compute", "2026-05-01 to 2029-05-31", terms, Decimal("45000000000.00")
    return tuple_view("", tuple(column(*kind) for kind in kinds), (Row(cells),))


def test_then_running_text_wraps_after_a_term():
    terms = "1.25bn per month; 300 MW; ramp 2 months at 50% off*"
    # 7, 24 and 17 columns and three gaps of 3 leave 23 of 80; no line of text fills more than 20.
    assert lines(report([charges(terms)]), 80, UNITS["1"])[3:9] == [
        f"Charge    Service                    Terms{'Revenue, USD':>35}",
        "─" * 77,
        "compute   2026-05-01 to 2029-05-31   1.25bn per month;      45,000,000,000.00",
        "                                     300 MW;",
        "                                     ramp 2 months at 50%",
        "                                     off*",
    ]


def test_then_names_wrap_between_words():
    assert lines(report([charges("1.25bn")]), 60, UNITS["1"])[5:7] == [
        "compute   2026-05-01 to   1.25bn   45,000,000,000.00",
        "          2029-05-31",
    ]


def test_then_columns_stand_in_blocks_behind_the_first():
    names = "Revenue", "Operating cost", "Margin"
    columns = column("Year"), *(column(name, "money") for name in names), column("", "bar")
    row = Row(("2026", *[Decimal("1234567.00")] * 3, Fraction(1)))
    # 4, 12 and 12 columns and two gaps of 3 are 34; a third amount would make it 49. Of the second
    # heading, with its unit 19, the first two words fit into the rest, 40 - 4 - 3 - 12 - 3 = 18.
    assert lines(report([tuple_view("", columns, (row,))]), 40)[3:] == [
        "                      Operating cost,",
        "Year   Revenue, USD               USD",
        "─" * 37,
        "2026   1,234,567.00      1,234,567.00",
        "",
        "Year    Margin, USD",
        "─" * 19,
        "2026   1,234,567.00",
        "",
    ]


def test_a_table_is_in_the_unit_in_which_its_largest_amount_is_easily_read():
    given = report([months("45000000000.00", "2459677419.35")])
    assert "Northgate · USD" in lines(given)
    assert lines(given)[3].startswith("Month       Revenue, USD m")
    assert lines(given)[6].startswith("2026-02           2,459.68")  # 2,459.67741935 half-up


def test_below_ten_million_a_table_is_exact():
    amounts = "9999999.99", "0.01"
    assert "9,999,999.99" in lines(report([months_only(amounts)]))[5]
    above = lines(report([months_only(("10000000.00", "0.01"))]))
    assert above[3:7] == [
        "Month   Revenue, USD m",
        "─" * 22,
        "a                10.00",
        "b                 0.00",
    ]


def months_only(amounts):
    rows = tuple(Row((name, Decimal(amount))) for name, amount in zip("ab", amounts, strict=True))
    return tuple_view("", (column("Month"), column("Revenue", "money")), rows)


def test_a_unit_that_is_asked_for_is_taken():
    assert "0.02" in "".join(lines(report([months(15_000_000)]), 10, UNITS["bn"]))  # 0.015 half-up
    assert "45,000,000,000.00" in "".join(lines(report([months("45000000000.00")]), 80, UNITS["1"]))


def test_a_heading_stands_above_its_unit_where_both_do_not_fit_beside_each_other():
    days = tuple_view(
        "", (column("Month"), column("Days", "count"), column("Revenue", "money")), ()
    )
    view = replace(days, rows=(Row(("2026-01-01 to 2026-12-31", 365, Decimal(1))),))
    assert lines(report([view]), 36)[3:7] == [
        "                       Revenue,",  # 13 + 3 + 4 + 3 + 8 columns
        "Month           Days        USD",
        "───────────────────────────────",
        "2026-01-01 to    365          1",
    ]


def test_wide_characters_keep_the_columns_straight():
    view = tuple_view(
        "",
        (column("Charge"), column("Revenue", "money")),
        (Row((WIDE, Decimal(1))), Row(("x", Decimal(2)))),
    )
    out = lines(report([view], title=WIDE))
    assert out[0] == f"{WIDE} · USD"
    assert {cell_len(line) for line in out[3:7]} == {16 + 3 + len("Revenue, USD")}


def test_a_word_longer_than_its_column_is_broken_where_it_shows():
    texts = "charges.compute-and-storage.ramp", "x" * 30, WIDE * 2
    view = tuple_view(
        "",
        (column("Path", "prose"), column("N" * 20, "count")),
        tuple(Row((text, 1)) for text in texts),
    )
    out = [line.split("  ")[0] for line in lines(report([view]), 43)[5:11]]
    assert out == [
        "charges.compute-and-",
        "storage.ramp",
        "x" * 20,
        "x" * 10,
        WIDE + "北門",
        "計算センター",
    ]


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
            st.text(max_size=200),
            st.decimals(-(10**20), 10**20, places=2),
        ),
        max_size=5,
    ),
    st.integers(1, 200),
)
def test_no_amount_is_ever_cut_and_no_line_longer_than_it_must_be(rows, room):
    view = tuple_view(
        "",
        (column("Charge"), column("Terms", "prose"), column("Revenue", "money"), column("", "bar")),
        tuple(Row((name, terms, amount, Fraction(1, 3))) for name, terms, amount in rows),
    )
    drawn = lines(report([view]), room, UNITS["1"])
    for _, _, amount in rows:
        assert f"{amount:,f}" in "\n".join(drawn)
    # An amount has 28 characters at the most, and its column stands behind the first.
    for line in drawn[3:]:
        assert cell_len(line) <= max(room, 60)


# --- somebody's text is data ----------------------------------------------------------------------


def test_markup_escapes_and_commands_are_shown_and_not_obeyed():
    text = "[bold]x[/] \x1b[31m ::error:: ##[error] \u202e"
    shown = r"[bold]x[/] \x1b[31m :\x3aerror:\x3a #\x23[error] \u202e"
    view = tuple_view(text, (column(text), column("Terms", "prose")), (Row((text, text)),))
    given = report([view], [Figure(text, "x", text), Figure("x", text)], [Note(text)], title=text)
    out = "\n".join(lines(given, color=True, verbose=True))
    assert out.count(shown) == 9  # title, three of the figure, title, heading and two cells, note
    assert set(re.findall("\x1b[^m]*m?", out)) == {"\x1b[1m", "\x1b[0m", "\x1b[2m"}
    assert "::" not in out

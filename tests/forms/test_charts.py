"""Charts: as many columns as months, heights and areas in proportion, by hand."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from dealcalc.figures.subject import load
from dealcalc.forms.charts import axis, chart, short
from dealcalc.reports.backlog import BacklogReport
from dealcalc.reports.report import Chart, ChartPoint
from dealcalc.reports.schedule import ScheduleReport
from dealcalc.reports.terminate import EarlyEndReport

SMALL = """\
deal: Northgate
seller: Example Halls
buyer: Example Lab
currency: USD
term: {start: 2026-01, months: 4}
charges:
  rack: {price: 100 per month, ramp: [{months: 1, discount: 75%}]}
  setup: {price: 50 once, on: 2026-03-10}
termination: {by: buyer, notice: 1 month}
"""


def over(kind: str, *values: tuple[int, ...]) -> Chart:
    """A chart of points ten days apart, one series for each value."""
    names = tuple("abc"[: len(values[0])])
    points = (
        ChartPoint(f"d{index}", date(2026, 1, 1 + 10 * index), tuple(map(Decimal, of)))
        for index, of in enumerate(values)
    )
    return Chart("Revenue", kind, "USD", names, tuple(points))


def rectangles(drawn: str) -> list[dict[str, str]]:
    """The columns of a chart, without the keys of its legend."""
    inside = drawn.partition('<div class="up"')[2]
    return [dict(re.findall(r'(\w+)="([^"]*)"', one)) for one in re.findall("<rect[^>]*>", inside)]


def numbers(of: list[dict[str, str]], name: str) -> list[Fraction]:
    return [Fraction(one[name]) for one in of]


# --- columns --------------------------------------------------------------------------------------


def test_a_small_deal_by_hand(file: Callable[[str], str]) -> None:
    # 25 in January, 100 in February, 150 in March with the setup, 100 in April: 150 is all of 1000.
    _, of = ScheduleReport(load(file(SMALL))).charts
    drawn = rectangles(chart(of))
    assert len(drawn) == 4
    assert [one["height"] for one in drawn] == ["166.67", "666.67", "1000", "666.67"]
    assert [one["y"] for one in drawn] == ["833.33", "333.33", "0", "333.33"]
    # Each stands in the middle five sixths of its quarter.
    assert [one["x"] for one in drawn] == ["20.83", "270.83", "520.83", "770.83"]
    assert {one["width"] for one in drawn} == {"208.33"}


def test_a_pointer_and_a_reader_are_told_the_figures(file: Callable[[str], str]) -> None:
    _, of = ScheduleReport(load(file(SMALL))).charts
    drawn = chart(of)
    assert "<title>2026-03, revenue: 150.00 USD</title>" in drawn
    said = "Revenue by month, USD; 2026-01 to 2026-04; at most 150.00 USD, 2026-03"
    assert f'role="img" aria-label="{said}"' in drawn


@pytest.mark.parametrize("period", [None, "month", "quarter", "year"])
def test_a_schedule_has_a_column_for_every_month_whatever_its_rows(
    file: Callable[[str], str], period: str | None
) -> None:
    _, of = ScheduleReport(load(file(SMALL)), period).charts
    assert [point.name for point in of.points] == ["2026-01", "2026-02", "2026-03", "2026-04"]


def test_what_is_forgone_stands_upon_what_is_paid(file: Callable[[str], str]) -> None:
    # Notice on 14 February ends service on 14 March: 14/31 of March's 100, and the setup.
    scenario = load(file(SMALL))
    (of,) = EarlyEndReport(scenario, date(2026, 2, 14), "buyer").charts
    paid = [point.values for point in of.points]
    assert paid == [
        (Decimal("25.00"), Decimal("0.00")),
        (Decimal("100.00"), Decimal("0.00")),
        (Decimal("95.16"), Decimal("54.84")),
        (Decimal("0.00"), Decimal("100.00")),
    ]
    drawn = rectangles(chart(of))
    assert [one["class"] for one in drawn] == ["part0", "rest"] * 4
    march, forgone = drawn[4:6]
    assert (march["y"], march["height"]) == ("365.6", "634.4")  # 95.16 of 150
    assert (forgone["y"], forgone["height"]) == ("0", "365.6")


def test_what_is_paid_back_goes_down_from_nought() -> None:
    # From -100 to 300 is all of 1000, so nought is at 750 from the top.
    drawn = chart(over("columns", (300,), (-100,)))
    up, down = rectangles(drawn)
    assert (up["y"], up["height"]) == ("0", "750")
    assert (down["y"], down["height"]) == ("750", "250")
    assert '<path class="nought" d="M0 750H1000"/>' in drawn


def test_nothing_at_all_is_a_flat_chart() -> None:
    assert [one["height"] for one in rectangles(chart(over("columns", (0,), (0,))))] == ["0", "0"]


# --- bands ----------------------------------------------------------------------------------------


def test_bands_stand_upon_each_other_from_day_to_day() -> None:
    drawn = chart(over("bands", (0, 10, 30), (20, 10, 10), (40, 0, 0)))
    shapes = re.findall(r'<path class="(part\d|rest)" d="M([^"]*)Z"><title>(.)</title>', drawn)
    # All are 40 high; there along the top, and back along what is below.
    assert shapes == [
        ("part0", "0 1000L500 500L1000 0L1000 1000L500 1000L0 1000", "a"),
        ("part1", "0 750L500 250L1000 0L1000 0L500 500L0 1000", "b"),
        ("rest", "0 0L500 0L1000 0L1000 0L500 250L0 750", "c"),
    ]


def test_days_are_as_far_apart_as_they_are() -> None:
    of = over("bands", (1,), (2,), (4,))
    last = of.points[2]._replace(day=date(2026, 2, 10))  # 10 of 40 days, then 40 of 40
    drawn = chart(of._replace(points=(*of.points[:2], last)))
    assert 'd="M0 750L250 500L1000 0L1000 1000L250 1000L0 1000Z"' in drawn


def test_a_backlog_is_drawn_where_there_is_more_than_a_day(file: Callable[[str], str]) -> None:
    scenario = load(file(SMALL))
    (of,) = BacklogReport(scenario).charts
    assert of.series == ("Earned", "Firm", "Cancellable")
    # The day before the start, then four month ends; 25 + 100 + 150 + 100 on each.
    assert [sum(point.values) for point in of.points] == [Decimal("375.00")] * 5
    (alone,) = BacklogReport(scenario, date(2026, 1, 31)).charts
    assert len(alone.points) == 1


# --- beside a chart -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("low", "high", "lines"),
    [
        (0, 45, [0, 10, 20, 30, 40]),
        (0, 5, [0, 1, 2, 3, 4, 5]),
        (0, 6, [0, 2, 4, 6]),
        (0, 26, [0, 10, 20]),
        (-30, 100, [0, 50, 100]),
        (-120, 20, [-100, -50, 0]),
        (5, 7, [0, 2, 4, 6]),
        (0, 0, [0, Fraction(1, 5), Fraction(2, 5), Fraction(3, 5), Fraction(4, 5), 1]),
        (0, Fraction(3, 100), [0, Fraction(1, 100), Fraction(1, 50), Fraction(3, 100)]),
        (0, 10**18, [0, *(n * 2 * 10**17 for n in range(1, 6))]),
    ],
)
def test_a_scale_has_a_few_round_lines_and_nought(low: int, high: int, lines: list[int]) -> None:
    assert list(axis(Fraction(low), Fraction(high)).lines) == lines


def named(of: Chart) -> list[tuple[str, str]]:
    """What stands below a chart, and how far along."""
    along = chart(of).partition('<div class="along"')[2]
    return re.findall(r'<span style="left: ([^"]*)">([^<]*)', along)


def months(count: int, first: int = 1) -> Chart:
    """Months from one of 2026 on."""
    points = (
        ChartPoint(f"m{n}", date(2026 + n // 12, n % 12 + 1, 1), (Decimal(1),))
        for n in range(first - 1, first - 1 + count)
    )
    return Chart("Revenue", "columns", "USD", ("a",), tuple(points))


def test_a_few_columns_are_named_each_in_its_middle() -> None:
    assert named(months(2)) == [("25%", "m0"), ("75%", "m1")]


def test_many_columns_are_named_by_the_first_of_each_year() -> None:
    # 24 columns: the middle of the first is 1/48, that of the thirteenth 25/48.
    assert named(months(24)) == [("2.08%", "2026"), ("52.08%", "2027")]


def test_a_year_too_short_for_its_name_has_none() -> None:
    assert [name for _, name in named(months(25, first=12))] == ["2027", "2028"]


def test_of_many_years_every_so_many_are_named() -> None:
    # 20 years, at most eight names: every third.
    assert [name for _, name in named(months(240))] == [f"{year}" for year in range(2026, 2046, 3)]


# --- bars by name ---------------------------------------------------------------------------------


def test_bars_by_name_share_one_scale_and_say_what_they_stand_for() -> None:
    # The longest is 40 of 40: 10 and 30 upon it, then 20 of 40, of which 5 are the first part.
    points = (
        ChartPoint("as agreed", None, (Decimal(10), Decimal(30))),
        ChartPoint("a reading", None, (Decimal(5), Decimal(15))),
    )
    drawn = chart(Chart("Value", "bars", "USD", ("Firm", "Rest"), points))
    bars = re.findall(r'<div class="named">.*</div>', drawn)
    assert [re.findall(r'class="(part\w+|rest)" x="(\S+)" width="(\S+)"', bar) for bar in bars] == [
        [("part0", "0", "250"), ("rest", "250", "750")],
        [("part0", "0", "125"), ("rest", "125", "375")],
    ]
    assert '<span class="name">as agreed</span>' in bars[0]
    assert '<span class="amount">40 USD, 25.0% firm</span>' in bars[0]


def test_a_bar_below_nought_goes_the_other_way() -> None:
    # From -100 to 300: nought is at a quarter.
    points = ChartPoint("up", None, (Decimal(300),)), ChartPoint("down", None, (Decimal(-100),))
    drawn = chart(Chart("Value", "bars", "USD", ("Value",), points))
    assert re.findall(r'class="part" x="(\S+)" width="(\S+)"', drawn) == [
        ("250", "750"),
        ("0", "250"),
    ]


def test_shares_are_said_in_percent() -> None:
    points = ChartPoint("low", None, (Fraction(1, 4),)), ChartPoint("high", None, (Fraction(1, 2),))
    drawn = chart(Chart("Chance", "columns", "%", ("Chance",), points))
    assert "<h2>Chance</h2>" in drawn
    assert "<title>low, chance: 25.0%</title>" in drawn
    assert re.findall(r'<span style="bottom: [^"]*">([^<]*)', drawn)[-1] == "50%"


def test_of_many_values_every_so_many_are_named() -> None:
    # 11 values, at most eight names: every second.
    points = (ChartPoint(f"{n}0%", None, (Decimal(n),)) for n in range(11))
    drawn = Chart("Total", "columns", "USD", ("Total",), tuple(points))
    assert [name for _, name in named(drawn)] == ["00%", "20%", "40%", "60%", "80%", "100%"]


def test_a_bar_may_stand_alone_and_a_column_may_not() -> None:
    point = (ChartPoint("one", None, (Decimal(1),)),)
    kinds = {kind: Chart("", kind, "USD", ("a",), point).is_drawn for kind in ("bars", "columns")}
    assert kinds == {"bars": True, "columns": False}


def test_the_amount_beside_a_bar_is_easily_read() -> None:
    amounts = {"1234567890.12": "1.23bn", "10000000": "10.00m", "9999999.99": "9,999,999.99"}
    amounts |= {"-541666666.67": "-541.67m", "999999999.99": "1,000.00m"}
    assert {text: short(Decimal(text)) for text in amounts} == amounts

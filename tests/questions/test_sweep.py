"""`dealcalc sweep`: one or two terms varied."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from random import Random

import pytest
from commands import ANTHROPIC, EVERY_TERM, GOOGLE, Ask, Command
from oracle import Oracle
from random_deals import random_deal
from small_deals import money, scenario

from dealcalc.cli import output, progress
from dealcalc.figures.figures import measure
from dealcalc.questions.sweep import sweep as swept
from dealcalc.questions.values import Vary, same, vary
from dealcalc.questions.varied import Varied

DISCOUNT = "charges.compute.ramp.0.discount"
PRICE = "charges.compute.price"


@pytest.fixture
def sweep(capsysbinary: pytest.CaptureFixture[bytes]) -> Command:
    return Command("sweep", capsysbinary)


# --- values ---------------------------------------------------------------------------------------

VALUES = {
    "percents": ("0%:100%:25%", "0% 25% 50% 75% 100%"),
    "words-behind-the-last": ("0:1:0.5%", "0% 0.5% 1%"),
    "prices": ("1bn:1.5bn:250m per month", "1bn_per_month 1.25bn_per_month 1.5bn_per_month"),
    "the-end-is-not-met": ("24:50:12", "24 36 48"),
    "months-from-the-31st": (
        "2027-01-31:2027-04-30:1 month",
        "2027-01-31 2027-02-28 2027-03-31 2027-04-30",
    ),
    "days": ("2027-01-01:2027-01-15:7 days", "2027-01-01 2027-01-08 2027-01-15"),
    "months": ("2027-11:2028-02:1 month", "2027-11 2027-12 2028-01 2028-02"),
    "spans": ("1 day:3 days:1 day", "1_day 2_days 3_days"),
    "falling-rates": ("-2%:1%:1%", "-2% -1% 0% 1%"),
    "exact-decimals": ("0.1%:0.3%:0.1%", "0.1% 0.2% 0.3%"),
    "a-list": ("30%, 50%,70%", "30% 50% 70%"),
    "a-comma-in-brackets": ("[1 MW, 5 GPU],[2 MW, 9 GPU]", "[1_MW,_5_GPU] [2_MW,_9_GPU]"),
    "a-mapping": ("{months: 2, discount: 1%, x: 1}", "{months:_2,_discount:_1%,_x:_1}"),
}


@pytest.mark.parametrize("name", VALUES)
def test_values(name: str) -> None:
    text, values = VALUES[name]
    assert vary(f"a.b={text}") == ("a.b", tuple(one.replace("_", " ") for one in values.split()))


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("1.25bn per month", "1_250m per month", True),
        ("1.25bn per month", "1.25bn per year", False),
        ("50%", "50.0%", True),
        ("90 days", "90 day", True),
        ("none", "none", True),
        ("none", "5", False),
        (None, "5", False),
    ],
)
def test_same_value(one: str | None, other: str, is_same: bool) -> None:
    assert same(one, other) is is_same


# --- one term -------------------------------------------------------------------------------------


def test_the_ramp_discount(sweep: Command) -> None:
    # 35 full months are 43.75bn, and two at what is left of the price: 30% off leaves 1.75bn.
    answer = sweep.asked(ANTHROPIC, "--vary", f"{DISCOUNT}=0%:60%:30%")
    assert answer["format"] == "dealcalc/sweep/1"
    assert answer["rows"] == [
        {DISCOUNT: "0%", "total": money("46.25e9"), "reason": None},
        {DISCOUNT: "30%", "total": money("45.5e9"), "reason": None},
        {DISCOUNT: "60%", "total": money("44.75e9"), "reason": None},
    ]


PATTERN = """\
deal: Northgate
seller: Example Halls
buyer: Example Lab
currency: EUR
term: {start: 2026-01, months: 10}
charges:
  hall-1: {price: 100 per kW-month, capacity: 1 MW}
  hall-2: {price: 120 per kW-month, capacity: 3 MW}
  power: {price: 1m per month}
"""


def test_several_terms_at_once(sweep: Command, file: Ask) -> None:
    # 10 months of 4,000 kW at each price, and of 1m; the words are those behind both prices
    found = sweep.asked(file(PATTERN), "--vary", "charges.hall-*.price=90:110:10")
    assert [(row["charges.hall-*.price"], row["total"]) for row in found["rows"]] == [
        ("90 per kW-month", money("13,600,000")),
        ("100 per kW-month", money("14,000,000")),
        ("110 per kW-month", money("14,400,000")),
    ]


def test_terms_in_other_words_need_words(sweep: Command, file: Ask) -> None:
    text = sweep.refusal(file(PATTERN), "--vary", "charges.*.price=90:110:10")
    assert "the price does not say what it is paid for" in text


def test_several_figures(sweep: Command) -> None:
    # 2026 has the two months of the ramp and six more: 2 x 0.625bn + 7.5bn, or all eight.
    measures = ("--measure", "year 2026", "--measure", "months", "--measure", "months")
    rows = sweep.asked(ANTHROPIC, "--vary", f"{DISCOUNT}=0%,50%", *measures)["rows"]
    assert [(row["year 2026"], row["months"]) for row in rows] == [
        (money("10e9"), 37),
        (money("8.75e9"), 37),
    ]


def test_the_day_of_notice(sweep: Command) -> None:
    # The case gives notice too; what is varied takes its place. 2028-11-03 + 90 days is 2029-02-01.
    arguments = ("--vary", "notice=2028-11-02,2028-11-03", "--measure", "last day")
    rows = sweep.asked(ANTHROPIC, "--case", "anthropic-leaves", *arguments)["rows"]
    assert [row["last day"] for row in rows] == ["2029-01-31", "2029-02-01"]


def test_a_case_keeps_its_notice(sweep: Command) -> None:
    # Notice on 15 March 2027 with 30 days ends on 14 April: 8.75bn + 3 x 1.25bn + 14/30 x 1.25bn.
    rows = sweep.asked(
        ANTHROPIC, "--case", "anthropic-leaves", "--vary", "termination.notice=30 days"
    )["rows"]
    assert rows[0]["total"] == money("13,083,333,333.33")


def test_by_decides_whose_notice(sweep: Command) -> None:
    # The buyer has six months and a fee, the seller 180 days; notice_day counts the day itself.
    for by, last_day in (("buyer", "2028-09-30"), ("seller", "2028-12-31")):
        notice = "2028-04-01" if by == "buyer" else "2028-07-05"
        arguments = ("--vary", f"notice={notice}", "--measure", "last day", "--by", by)
        assert sweep.asked(EVERY_TERM, *arguments)["rows"][0]["last day"] == last_day


def test_settings_lie_below_what_is_varied(sweep: Command) -> None:
    # 44 months from May 2026 end in December 2029: 2 x 0.625bn + 42 x 1.25bn.
    settings = ("--set", "term.through=2029-12", "--set", f"{DISCOUNT}=90%")
    rows = sweep.asked(ANTHROPIC, *settings, "--vary", f"{DISCOUNT}=50%")["rows"]
    assert rows[0]["total"] == money("53.75e9")


def test_impossible_points_are_rows_with_the_reason(sweep: Command) -> None:
    arguments = ("--vary", "notice=2026-12-31,2027-01-01,2029-07-01")
    rows = sweep.asked(GOOGLE, *arguments)["rows"]
    assert rows[0] == {
        "notice": "2026-12-31",
        "total": None,
        "reason": "notice on 2026-12-31 is barred by the lock-out",
    }
    assert rows[1]["total"] == money("5,550,666,666.67")  # (6 + 1/30) x 920m
    assert (
        rows[2]["reason"] == "notice on 2029-07-01 comes after the term, which ends on 2029-06-30"
    )


def test_a_month_of_notice_is_its_first_day(sweep: Command) -> None:
    rows = sweep.asked(ANTHROPIC, "--vary", "notice=2027-01:2027-03:1 month")["rows"]
    days = ("2027-01-01", "2027-02-01", "2027-03-01")
    assert [row["notice"] for row in rows] == [*days]
    # Through 1 April: 8.75bn in 2026, three months, and a thirtieth of one.
    assert rows[0]["total"] == money("12,541,666,666.67")
    one_by_one = sweep.asked(ANTHROPIC, "--vary", "notice=2027-01,2027-02-01,2027-03")["rows"]
    assert one_by_one == rows
    assert "there is no month 13" in sweep.refusal(ANTHROPIC, "--vary", "notice=2027-13")


def test_one_month_is_one_month(sweep: Command) -> None:
    arguments = ("--vary", "termination.notice=0:2:1 months", "--measure", "last day")
    rows = sweep.asked(ANTHROPIC, "--case", "anthropic-leaves", *arguments)["rows"]
    assert [row["termination.notice"] for row in rows] == ["0 months", "1 month", "2 months"]
    assert rows[1]["last day"] == "2027-04-15"


def test_a_value_that_does_not_fit_the_deal_is_a_reason(sweep: Command) -> None:
    rows = sweep.asked(ANTHROPIC, "--vary", "term.start=2026-05-01,2029-07-01")["rows"]
    assert [row["reason"] for row in rows] == [
        None,
        "the end, 2029-05-31, is before the start, 2029-07-01",
    ]


def test_a_figure_that_is_not_there_is_a_reason(sweep: Command) -> None:
    arguments = ("--vary", "charges.compute.price=1bn per month", "--measure", "price per MW-year")
    rows = sweep.asked(GOOGLE, *arguments)["rows"]
    assert rows[0]["reason"] == "no recurring charge has a capacity in MW"


def test_a_deal_beyond_all_money_is_a_reason(sweep: Command) -> None:
    rows = sweep.asked(ANTHROPIC, "--vary", f"{PRICE}=1e18 per day")["rows"]
    assert rows[0]["reason"] == "the deal pays more than 1e21 in all"


def test_a_term_that_the_file_lacks(sweep: Command) -> None:
    # Leaving on 13 June 2027 pays 15,541,666,666.67, and now a fee of one or two months' price.
    arguments = ("--case", "anthropic-leaves", "--vary", "termination.fee=1 month:2 months:1 month")
    rows = sweep.asked(ANTHROPIC, *arguments)["rows"]
    assert [row["total"] for row in rows] == [
        money("16,791,666,666.67"),
        money("18,041,666,666.67"),
    ]


@pytest.mark.parametrize("seed", range(12))
def test_every_notice_as_the_oracle_has_it(seed: int) -> None:
    node = random_deal(Random(seed))
    there, oracle = scenario(node), Oracle(node)
    for party, days in oracle.permitted.items():
        some = days[:: max(1, len(days) // 12)]
        terms = [Vary("notice", tuple(map(str, some)))]
        points = list(swept(Varied(there, ["notice"], party), terms, [measure("total")]))
        assert [point.figures[0] for point in points] == [
            Fraction(oracle.terminate(day, party).total) for day in some
        ]


# --- two terms ------------------------------------------------------------------------------------


def test_a_grid(sweep: Command) -> None:
    # 36 or 35 months' worth: 37 months less two times the discount.
    arguments = ("--vary", f"{DISCOUNT}=50%,100%", "--vary", f"{PRICE}=1bn per month,2bn per month")
    rows = sweep.asked(ANTHROPIC, *arguments)["rows"]
    assert [(row[DISCOUNT], row[PRICE], row["total"]) for row in rows] == [
        ("50%", "1bn per month", money("36e9")),
        ("50%", "2bn per month", money("72e9")),
        ("100%", "1bn per month", money("35e9")),
        ("100%", "2bn per month", money("70e9")),
    ]


def test_the_base_is_marked(sweep: Command) -> None:
    out = sweep.output(ANTHROPIC, "--vary", f"{DISCOUNT}=0%,50.0%")
    assert "> 50.0%" in out
    assert "> 0%" not in out
    grid = ("--vary", f"{DISCOUNT}=0%,50%", "--vary", f"{PRICE}=1_250m per month,1bn per month")
    out = sweep.output(ANTHROPIC, *grid)
    assert "> 45,000.00" in out
    assert out.count(" > ") == 1


def test_a_grid_is_coloured_by_size(sweep: Command) -> None:
    # The smallest value is blue (34), the largest bright green (92).
    grid = ("--vary", f"{DISCOUNT}=0%,100%", "--vary", f"{PRICE}=1bn per month,2bn per month")
    out = sweep.output(ANTHROPIC, *grid, "--color", "always")
    assert re.search("\x1b\\[34m *35,000.00", out)
    assert re.search("\x1b\\[92m *74,000.00", out)


def test_a_grid_fits_a_narrow_screen(sweep: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "columns", lambda _: 80)
    prices = f"{PRICE}=1bn:2bn:250m per month"
    arguments = ("--vary", f"{DISCOUNT}=0%,50%", "--vary", prices, "--color", "never")
    status, out, err = sweep.said(ANTHROPIC, *arguments)
    assert (status, err) == (0, "")
    assert max(len(line) for line in out.splitlines()) <= 80
    assert "74,000.00" in out
    assert out.count("month") >= 5  # above the columns, uncut


def test_a_grid_says_why_cells_are_empty(sweep: Command) -> None:
    grid = (
        "--vary",
        "notice=2026-12-31,2027-01-01",
        "--vary",
        "termination.notice=30 days,60 days",
    )
    out = sweep.output(GOOGLE, *grid)
    assert "2 of 4 points are not possible." in out
    assert "not possible: notice on 2026-12-31 is barred by the lock-out" in out


def test_two_figures_of_two_terms_are_a_list(sweep: Command) -> None:
    grid = ("--vary", f"{DISCOUNT}=0%,50%", "--vary", f"{PRICE}=1bn per month,2bn per month")
    out = sweep.output(ANTHROPIC, *grid, "--measure", "total", "--measure", "year 2027")
    assert "year 2027, USD" in out
    assert "across" not in out


# --- refusals -------------------------------------------------------------------------------------

COMMAND_LINES = {
    "no-values": (["--vary", DISCOUNT], "this is not PATH=FROM:TO:STEP"),
    "two-kinds": (["--vary", "a=1%:2 days:1%"], "not of one kind: %, days"),
    "downwards": (["--vary", "a=2:1:1"], "a sweep runs upwards"),
    "no-step": (["--vary", "a=1:2:0"], "in steps above 0"),
    "days-without-a-step": (["--vary", "notice=2027-01-01:2027-02-01:0 days"], "in steps above 0"),
    "too-many": (["--vary", "a=0:1:0.000001"], "more than 100,000 values"),
    "too-many-points": (
        ["--vary", f"{DISCOUNT}=0%:100%:0.1%", "--vary", f"{PRICE}=0:1000:1 per month"],
        "1,002,001 points are more than 100,000",
    ),
    "no-number": (["--vary", "a=x:y:z"], "x does not begin with a number"),
    "a-missing-value": (["--vary", "a=1,,2"], "a value is missing"),
    "no-such-day": (["--vary", "notice=2027-02-30:2027-03-30:1 day"], "2027-02 has no day 30"),
    "days-in-months": (["--vary", "term.through=2027-02:2027-05:1 day"], "from month to month"),
    "three-terms": (["--vary", "a=1", "--vary", "b=1", "--vary", "c=1"], "it is one or two"),
    "one-term-twice": (["--vary", "a=1", "--vary", "a=2"], "varied twice"),
    "no-such-path": (["--vary", "charges.compte.price=1bn per month"], "did you mean `compute`?"),
    "no-term": (["--vary", "cases.x=1"], "`cases` is not a term of the deal"),
    "no-figure": (["--vary", f"{DISCOUNT}=1%", "--measure", "totl"], "did you mean `total`?"),
    "nobody-leaves": (
        ["--vary", f"{DISCOUNT}=1%", "--by", "buyer"],
        "nobody gives notice in this deal",
    ),
    "nothing": ([], "--vary is missing"),
}


@pytest.mark.parametrize("name", COMMAND_LINES)
def test_a_command_line_is_refused(sweep: Command, name: str) -> None:
    arguments, message = COMMAND_LINES[name]
    assert message in sweep.refusal(ANTHROPIC, *arguments)


@pytest.mark.parametrize(
    ("values", "first"),
    [
        ("charges.compute.price=1bn:2bn:500m", "1bn per month"),
        ("charges.compute.price=1000000000,2bn", "1000000000 per month"),
        ("charges.compute.price=$1bn/month,$2bn a month", "$1bn/month"),
        (f"{DISCOUNT}=0:50:25", "0%"),
        ("termination.notice=30:90:30", "30 days"),
    ],
)
def test_values_have_the_words_of_the_one_that_stands_there(
    sweep: Command, values: str, first: str
) -> None:
    rows = sweep.asked(ANTHROPIC, "--vary", values)["rows"]
    assert rows[0][values.partition("=")[0]] == first
    assert not any(row["reason"] for row in rows)


@pytest.mark.parametrize(
    ("vary", "way"),
    [
        (f"{DISCOUNT}=150%", "the most is `100%`"),
        # one value that cannot be read is enough
        (f"{DISCOUNT}=50%,150%", "150%: 150% is outside 0% to 100%"),
        (f"{DISCOUNT}=50%,half", "invalid percentage `half`"),
        ("charges.compute.price=1bn per month,2bn per moth", "did you mean `2bn per month`?"),
        ("charges.compute.price=1bn per month,none,€2bn per month", "is in `€`"),
        ("notice=2027-01-01,soon", "notice=soon: invalid date `soon`"),
        ("termination.notice=30 days,3 fortnights", "3 fortnights"),
        ("charges.compute.price=1bn per moth,2bn per moth", "did you mean `1bn per month`?"),
        ("price=1bn:2bn:100m", "did you mean `charges.compute.price`?"),
        ("discount=0%:50%:25%", "did you mean `charges.compute.ramp.0.discount`?"),
        ("ramp.months=1:3:1", "did you mean `charges.compute.ramp.0.months`?"),
    ],
)
def test_where_a_value_cannot_be_read_the_command_line_is_wrong(
    sweep: Command, vary: str, way: str
) -> None:
    assert way in sweep.refusal(ANTHROPIC, "--vary", vary)


def test_where_no_point_is_possible(sweep: Command) -> None:
    out = sweep.output(ANTHROPIC, "--vary", "term.start=2035-01")
    assert "no value is possible" in out
    assert "1 of 1 points are not possible." in out


# --- a bar while it takes long --------------------------------------------------------------------


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def slow(clock: list[float]) -> Iterator[int]:
    for item in range(4):
        clock[0] += 0.6
        yield item


def test_a_bar_appears_after_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    # At 0.6 s there is none yet; at 1.2 s, two of four items are half of the bar.
    clock, terminal = [0.0], Terminal()
    monkeypatch.setattr(progress, "monotonic", lambda: clock[0])
    monkeypatch.setattr(sys, "stderr", terminal)
    assert list(progress.watched(slow(clock), 4)) == [0, 1, 2, 3]
    drawn = terminal.getvalue()
    assert drawn.startswith(f"\r[{'#' * 15}{' ' * 15}] 2 of 4")
    assert drawn.endswith("\r\033[K")


def test_no_bar_where_nobody_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, file = [0.0], io.StringIO()
    monkeypatch.setattr(progress, "monotonic", lambda: clock[0])
    monkeypatch.setattr(sys, "stderr", file)
    assert list(progress.watched(slow(clock), 4)) == [0, 1, 2, 3]
    assert file.getvalue() == ""


# --- forms ----------------------------------------------------------------------------------------

EXAMPLES = {
    "discount": [ANTHROPIC, "--vary", f"{DISCOUNT}=0%:100%:25%"],
    "grid": [
        *(ANTHROPIC, "--vary", f"{DISCOUNT}=0%:100%:50%"),
        *("--vary", f"{PRICE}=1bn:1.5bn:250m per month"),
    ],
    "notice": [
        *(GOOGLE, "--vary", "notice=2026-11-01:2027-03-01:1 month"),
        *("--measure", "total", "--measure", "earned share", "--measure", "last day"),
    ],
}


@pytest.mark.parametrize(("name", "form"), [*product(EXAMPLES, ("table", "json"))])
def test_output(sweep: Command, pinned: Ask, name: str, form: str) -> None:
    ending = {"table": "txt"}.get(form, form)
    pinned(f"contracts/sweep-{name}.{ending}", sweep.output(*EXAMPLES[name], "-f", form))

"""`dealcalc backlog`: earned, firm and cancellable over time, and the picture of it."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from commands import ANTHROPIC, EVERY_TERM, GOOGLE, IREN, SITE, Ask
from effort import some
from oracle import Oracle
from random_deals import random_deal
from shipped import SCENARIOS
from small_deals import MODEL, day, model, money, scenario, simple

from dealcalc.core import Priced
from dealcalc.forms import tables
from dealcalc.leaving import Exit
from dealcalc.reports.backlog import STANDINGS, BacklogReport
from dealcalc.terms.dates import DAY, month_end

Node = dict[str, Any]
Pinned = Callable[[str, str], None]

NIL = Decimal("0.00")


@pytest.fixture
def rows(asked: Ask) -> Ask:
    """The rows a command line answers with, by their day."""

    def ask(*arguments: str) -> dict[str, Node]:
        return {row["as_of"]: row for row in asked(*arguments)["rows"]}

    return ask


def standing(row: Node) -> tuple[Decimal, Decimal, Decimal]:
    return row["earned"], row["firm"], row["cancellable"]


def days_of(node: Node, **asked: Any) -> list[date]:
    return [row.as_of for row in BacklogReport(scenario(node), **asked).rows]


# --- the model deal -----------------------------------------------------------------------------


def test_model_at_signing(rows: Ask) -> None:
    # 2/31 x 0.625bn is earned when it is signed on 3 May 2026. Notice on that day ends service on
    # 1 August: (29/31 + 1) x 0.625bn + (1 + 1/31) x 1.25bn.
    assert next(iter(rows(ANTHROPIC).values())) == {
        "as_of": "2026-05-03",
        "moment": "signing",
        "earned": money("40,322,580.65"),
        "firm": money("2,500,000,000.00"),
        "cancellable": money("42,459,677,419.35"),
        "contract_value": money("45,000,000,000.00"),
        "optional": NIL,
        "callable": NIL,
        "not_begun": NIL,
        "earliest_exit": "2026-08-01",
        "by": "either",
        "fee": NIL,
    }


def test_model_after_the_first_day(rows: Ask) -> None:
    # A day of May is 0.625bn / 31, three are 60,483,870.97; notice on the same 3 May, so of the
    # 2,540,322,580.65 through 1 August the rest is firm.
    row = rows(ANTHROPIC, "--as-of", "2026-05-03")["2026-05-03"]
    assert row["moment"] == "close"
    assert standing(row)[:2] == (money("60,483,870.97"), money("2,479,838,709.68"))


def test_nothing_is_agreed_before_the_signing(rows: Ask, said: Ask) -> None:
    row = rows(GOOGLE, "--as-of", "2026-06-04")["2026-06-04"]
    amounts = ("earned", "firm", "cancellable", "contract_value", "not_begun", "fee")
    assert {row[name] for name in amounts} == {NIL}
    assert (row["earliest_exit"], row["by"]) == (None, None)
    assert "not signed until 2026-06-05" in said(GOOGLE, "--as-of", "2026-06-04")[1]
    assert rows(GOOGLE, "--as-of", "2026-06-05")["2026-06-05"]["contract_value"] == money("30.36e9")


def test_firm_for_services_not_yet_begun(rows: Ask, said: Ask) -> None:
    # 9.7bn over four tranches of five years; by June 2026 the first, a quarter, has earned a
    # quarter of a year: 2.425bn / 20 is 121.25m. The other three have not begun: 7.275bn.
    row = rows(IREN, "--as-of", "2026-06-30")["2026-06-30"]
    assert (row["firm"], row["not_begun"]) == (money("9,578,750,000.00"), money("7.275e9"))
    words = " ".join(said(IREN, "--as-of", "2026-06-30")[1].split())
    assert "of it 7.28bn USD for services not yet begun" in words


def test_signing_alone(rows: Ask) -> None:
    (first,) = rows(ANTHROPIC, "--as-of", "signing").values()
    assert first == next(iter(rows(ANTHROPIC).values()))
    assert list(rows(ANTHROPIC, "--as-of", "signing", "--every", "month")) == list(rows(ANTHROPIC))


def test_model_rows_are_the_month_ends(rows: Ask) -> None:
    days = list(rows(ANTHROPIC))
    assert len(days) == 38
    assert days[:3] == ["2026-05-03", "2026-05-31", "2026-06-30"]
    assert days[-2:] == ["2029-04-30", "2029-05-31"]


def test_model_at_a_months_end(rows: Ask) -> None:
    # Earned: 2 x 0.625bn + 9 x 1.25bn. 31 March + 90 days is 29 June: 2 x 1.25bn + 29/30 x 1.25bn.
    row = rows(ANTHROPIC)["2027-03-31"]
    assert row["earliest_exit"] == "2027-06-29"
    assert standing(row) == (
        money("12,500,000,000.00"),
        money("3,708,333,333.33"),
        money("28,791,666,666.67"),
    )


def test_model_at_the_end(rows: Ask) -> None:
    # From 2 March 2029 on, 90 days reach 31 May: nothing can be saved by leaving.
    model = rows(ANTHROPIC)
    assert standing(model["2029-03-31"]) == (money("42.5e9"), money("2.5e9"), NIL)
    assert standing(model["2029-05-31"]) == (money("45e9"), NIL, NIL)
    assert rows(ANTHROPIC, "--as-of", "2029-03-01")["2029-03-01"]["cancellable"] > 0
    assert rows(ANTHROPIC, "--as-of", "2029-03-02")["2029-03-02"]["cancellable"] == NIL


FEE = ("--set", "termination.fee=3 months")


def test_fee_is_firm_where_the_buyer_leaves(rows: Ask) -> None:
    # Earned through 15 March 2027: 8.75bn + (2 + 15/31) x 1.25bn. Through 13 June it is
    # 15,541,666,666.67, 3,686,827,956.99 more; and 3 x 1.25bn for leaving: 7,436,827,956.99.
    row = rows(ANTHROPIC, *FEE, "--by", "buyer", "--as-of", "2027-03-15")["2027-03-15"]
    assert standing(row)[:2] == (money("11,854,838,709.68"), money("7,436,827,956.99"))
    assert (row["earliest_exit"], row["by"], row["fee"]) == ("2027-06-13", "buyer", money("3.75e9"))


def test_nobody_pays_more_to_leave_than_to_stay(rows: Ask) -> None:
    # 30 November 2028 + 90 days is 28 February: 3.75bn to earn until then, and 3.75bn to leave the
    # other three months. From then on staying is cheaper. The day before, (3 + 27/28) x 1.25bn less
    # 29/30 of a month is left to earn: 44,642,857.14 could be saved.
    late = rows(ANTHROPIC, *FEE, "--by", "buyer", "--as-of", "2028-11-29", "--every", "day")
    assert late.pop("2028-11-29")["cancellable"] == money("44,642,857.14")
    assert len(late) == 183  # 30 November to 31 May
    assert {row["cancellable"] for row in late.values()} == {NIL}


def test_no_fee_is_firm_where_the_seller_would_leave(rows: Ask) -> None:
    row = rows(ANTHROPIC, *FEE)["2028-11-30"]
    assert (row["cancellable"], row["by"]) == (money("3.75e9"), "seller")
    assert (row["firm"], row["fee"]) == (money("3.75e9"), money("-3.75e9"))


@pytest.mark.parametrize(
    ("case", "firm", "exit"),
    [
        # (29/31 + 1) x 0.625bn and 1.25bn times: 4 + 1/30; 1 + 3/31; 6 + 28/31
        ("after-three-months", "6,251,344,086.02", "2026-11-01"),
        ("ending-after-three-months", "2,580,645,161.29", "2026-08-03"),
        ("180-day-lease", "9,838,709,677.41", "2027-01-28"),
    ],
)
def test_readings_of_the_model(rows: Ask, case: str, firm: str, exit: str) -> None:
    row = rows(ANTHROPIC, "--case", case)["2026-05-03"]
    assert (row["firm"], row["earliest_exit"]) == (money(firm), exit)


# --- which days ---------------------------------------------------------------------------------

LATE = simple("31 per day", "2027-03-10", "2027-04-25")


@pytest.mark.parametrize(
    ("signed", "first"),
    [("2027-01-20", "2027-01-31"), ("2027-03-10", "2027-03-31"), ("2027-03-31", "2027-03-31")],
)
def test_the_first_row_is_at_signing(signed: str, first: str) -> None:
    node = LATE | {"term": LATE["term"] | {"signed": signed}}
    assert days_of(node)[:2] == [day(signed), day(first)]


def test_a_charge_that_starts_late_does_not_delay_the_first_row() -> None:
    charges = {"only": {"price": "31 per day", "start": "2027-04-01"}}
    assert days_of(LATE | {"charges": charges})[0] == day("2027-03-10")


def test_every_steps_from_the_first_row_to_the_last_day() -> None:
    # The opening of 10 March is the close of the 9th: a week later is the close of the 16th.
    assert days_of(LATE) == [day("2027-03-10"), day("2027-03-31"), day("2027-04-25")]
    assert days_of(LATE, every="month") == days_of(LATE)
    weeks = ["03-10", "03-16", "03-23", "03-30", "04-06", "04-13", "04-20", "04-25"]
    assert days_of(LATE, every="week") == [day(f"2027-{text}") for text in weeks]
    daily = [day("2027-03-10"), *(day("2027-03-10") + n * DAY for n in range(47))]
    assert days_of(LATE, every="day") == daily


def test_no_row_stands_twice() -> None:
    # From 9 March seven weeks end on 27 April: the last day, put there, is not said again.
    node = LATE | {"term": LATE["term"] | {"through": "2027-04-27"}}
    assert days_of(node, every="week")[-2:] == [day("2027-04-20"), day("2027-04-27")]
    assert days_of(node, as_of=day("2027-04-27"), every="day") == [day("2027-04-27")]


@pytest.mark.parametrize("as_of", ["2020-02-29", "2027-04-01", "2199-12-31"])
def test_as_of_is_one_day_whenever_it_is(as_of: str) -> None:
    assert days_of(LATE, as_of=day(as_of)) == [day(as_of)]


def test_as_of_with_every_begins_on_that_day() -> None:
    through = [day("2027-04-20"), day("2027-04-25")]
    assert days_of(LATE, as_of=through[0], every="week") == through


def test_rows_of_each_step_agree(asked: Ask) -> None:
    def moment(row: Node) -> tuple[str, str]:
        return row["as_of"], row["moment"]

    daily = {moment(row): row for row in asked(EVERY_TERM, "--every", "day")["rows"]}
    for every in ("week", "month"):
        rows = asked(EVERY_TERM, "--every", every)["rows"]
        assert [daily[moment(row)] for row in rows] == rows


# --- who may leave ------------------------------------------------------------------------------


def test_where_nobody_may_leave_all_is_firm(rows: Ask, said: Ask) -> None:
    asked = (ANTHROPIC, "--set", "termination=none")
    first = rows(*asked)["2026-05-03"]
    assert standing(first) == (money("40,322,580.65"), money("44,959,677,419.35"), NIL)
    assert (first["by"], first["earliest_exit"]) == (None, "2029-05-31")
    _, out, _ = said(*asked)
    assert out.startswith("Firm at signing, 2026-05-03: 100.0% · Anthropic–xAI, Colossus 1")
    assert "nobody may leave early, so all is firm, through 2029-05-31" in " ".join(out.split())


def test_a_party_without_a_right_is_bound(rows: Ask, said: Ask) -> None:
    asked = (ANTHROPIC, "--set", "termination.by=buyer", "--by", "xAI")
    assert standing(rows(*asked)["2026-05-03"])[1:] == (money("44,959,677,419.35"), NIL)
    assert "the seller has no right to leave" in said(*asked)[1]


def test_by_takes_the_party_or_its_name(asked: Ask) -> None:
    named = asked(EVERY_TERM, "--by", "Example Lab")
    assert named == asked(EVERY_TERM, "--by", "buyer")
    assert named["party"] == "buyer"
    assert {row["by"] for row in named["rows"]} == {"buyer"}
    assert asked(EVERY_TERM)["party"] is None


# --- a case that gives notice -------------------------------------------------------------------


def test_after_notice_what_is_left_is_firm(asked: Ask) -> None:
    # Notice on 15 March 2027: the last day is 13 June. 15,541,666,666.67 less the 12.5bn earned.
    found = asked(ANTHROPIC, "--case", "anthropic-leaves")
    assert (found["notice"], found["last_day"]) == ("2027-03-15", "2027-06-13")
    rows = {row["as_of"]: row for row in found["rows"]}
    ends = money("15,541,666,666.67")
    assert standing(rows["2027-03-31"]) == (money("12.5e9"), money("3,041,666,666.67"), NIL)
    assert rows["2027-03-31"]["contract_value"] == ends
    assert (rows["2027-03-31"]["earliest_exit"], rows["2027-03-31"]["by"]) == (
        "2027-06-13",
        "buyer",
    )
    assert list(rows)[-1] == "2027-06-13"
    assert standing(rows["2027-06-13"]) == (ends, NIL, NIL)


def test_before_notice_it_is_as_agreed(asked: Ask) -> None:
    agreed, case = asked(ANTHROPIC), asked(ANTHROPIC, "--case", "anthropic-leaves")
    before = [row for row in agreed["rows"] if row["as_of"] < "2027-03-15"]
    assert len(before) == 11  # signing, and ten months' ends to 28 February 2027
    assert case["rows"][:11] == before
    (last,) = asked(ANTHROPIC, "--case", "anthropic-leaves", "--as-of", "2027-03-14")["rows"]
    assert last["contract_value"] == money("45e9")
    (first,) = asked(ANTHROPIC, "--case", "anthropic-leaves", "--as-of", "2027-03-15")["rows"]
    assert first["contract_value"] == money("15,541,666,666.67")


def test_after_notice_the_buyers_fee_is_firm(rows: Ask) -> None:
    # 85,956,908 earned through 30 September 2028, and 3 x 4,349,760 for leaving.
    late = rows(EVERY_TERM, "--case", "buyer-leaves")
    assert late["2028-04-30"]["contract_value"] == money("99,006,188.00")
    assert standing(late["2028-09-30"]) == (money("85,956,908.00"), money("13,049,280.00"), NIL)


def test_after_notice_the_sellers_fee_stands_apart(rows: Ask) -> None:
    # 99,177,652 earned through 31 December 2028; a quarter of 34,331,084 is paid by the seller.
    late = rows(EVERY_TERM, "--case", "seller-leaves")
    assert late["2028-07-31"]["contract_value"] == money("99,177,652.00")
    assert late["2028-07-31"]["fee"] == money("-8,582,771.00")
    assert standing(late["2028-12-31"]) == (money("99,177,652.00"), NIL, NIL)


def test_what_notice_does_is_said(said: Ask) -> None:
    _, out, _ = said(ANTHROPIC, "--case", "anthropic-leaves")
    text = " ".join(out.split())
    assert "Notice is given on 2027-03-15 by the buyer." in text
    assert "the contract value no longer has the 29.46bn USD forgone" in text
    _, out, _ = said(ANTHROPIC, "--set", "term.through=2027-06", "--case", "anthropic-leaves")
    assert "it changes nothing" not in out
    _, out, _ = said(ANTHROPIC, "--set", "term.through=2027-05", "--case", "anthropic-leaves")
    assert "it changes nothing, the term ends on 2027-05-31 as agreed" in " ".join(out.split())


def test_notice_that_may_not_be_given_is_refused(said: Ask) -> None:
    asked = ("--case", "anthropic-leaves", "--set", "termination.lock_out=24 months")
    status, out, err = said(ANTHROPIC, *asked)
    assert (status, out) == (2, "")
    assert "2028-05-03" in err  # 24 months from 3 May 2026


# --- any deal -----------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", some(10, range(40)))
def test_the_bands_are_the_contract_value_and_the_oracle_agrees(seed: int) -> None:
    """Every row of a random deal, for either party and each alone, against the slow computation."""
    node = random_deal(Random(seed))
    asked, slow = scenario(node), Oracle(node)
    end = slow.through
    for by in (None, "buyer", "seller"):
        rows = BacklogReport(asked, by=by).rows
        assert rows[-1].as_of == end
        assert all(row.as_of in (end, month_end(row.as_of)) for row in rows[1:])
        assert rows[0].firm == slow.at_signing(by).firm
        for row in rows[1:]:
            assert row.earned + row.firm + row.cancellable == row.contract_value == slow.total()
            assert row.cancellable >= 0
            found = slow.standing(row.as_of, by)
            assert (row.earned, row.firm) == (found.earned, found.firm)


@pytest.mark.parametrize("seed", some(10, range(30)))
def test_the_bands_are_the_contract_value_after_any_notice(seed: int) -> None:
    rng = Random(seed)
    exits: list[Exit] = []
    while not exits:
        node = random_deal(rng)
        deal = scenario(node).deal
        priced, rights = Priced(deal), range(len(deal.rights))
        exits = [exit for i in rights for exit in priced.exits(deal.signed, None, i)]
    exit = exits[0]
    ended = priced.terminate(exit.notice, exit.by, exit.right)
    given = {"notice": f"{exit.notice}", "by": exit.by, "right": f"{exit.right}"}
    asked = scenario(node | {"cases": {"leaves": given}}, "leaves")
    for row in BacklogReport(asked, every="week").rows:
        assert row.earned + row.firm + row.cancellable == row.contract_value
        if row.as_of >= exit.notice and row.moment == "close":
            assert row.contract_value == ended.earned + max(ended.fee, 0)
            assert not row.cancellable


# --- what is shown ------------------------------------------------------------------------------


def test_the_first_line_says_how_much_is_firm(said: Ask) -> None:
    # 2.5bn / (45bn - 40,322,580.65) is 5.56%; 3,686,827,956.99 / (45bn - 11,854,838,709.68) 11.12%
    assert said(ANTHROPIC)[1].startswith("Firm at signing, 2026-05-03: 5.6% · Anthropic–xAI")
    later = said(ANTHROPIC, "--as-of", "2027-03-15")[1]
    assert later.startswith("Firm on 2027-03-15: 11.1% · Anthropic–xAI")


@pytest.mark.parametrize("form", ["json", "csv", "txt"])
def test_pinned(said: Ask, pinned: Pinned, form: str) -> None:
    given = () if form == "txt" else ("-f", form)
    asked = (EVERY_TERM, "--case", "seller-leaves", *given)
    status, out, err = said(*asked)
    assert (status, err) == (0, "")
    pinned(f"contracts/backlog.{form}", out)


def test_csv_is_the_rows(asked: Ask, said: Ask) -> None:
    header, *lines = said(ANTHROPIC, "-f", "csv")[1].splitlines()
    assert header.split(",") == [field.name for field in STANDINGS]
    assert lines[0] == (
        "2026-05-03,signing,40322580.65,2500000000.00,42459677419.35,45000000000.00,"
        "0.00,0.00,0.00,2026-08-01,either,0.00"
    )
    assert len(lines) == len(asked(ANTHROPIC)["rows"])


def picture(node: Node, columns: int | None, color: bool = False, **asked: Any) -> list[str]:
    """The lines of the first view."""
    drawn = tables.draw(BacklogReport(scenario(node), **asked), columns, None, color=color)
    lines = drawn.splitlines()
    start = next(i for i, line in enumerate(lines) if "cancellable" in line and "As of" in line)
    return lines[start : lines.index("", start)]


# A quarter is earned, a quarter firm, and half may be cancelled: four months of 30 days under
# 30/360, a month's notice, at the end of the first.
QUARTERS = simple("120 per month", "2027-01-01", "2027-04-30") | {
    "conventions": {"proration": "30/360"},
    "termination": {"by": "either", "notice": "1 month"},
}


def test_the_picture_is_a_stacked_bar_for_each_row() -> None:
    # 31 January + 1 month is 28 February. 60 columns: 15 of each glyph for a quarter of the money.
    heading, _, *bars = picture(QUARTERS, 100)
    assert heading == "As of          Firm   ━ earned  █ firm  ─ cancellable"
    assert bars == [
        # Notice on 1 January ends service on 1 February: 124 of 480, 15.5 columns of 60.
        "at signing    25.8%   " + "█" * 16 + "─" * 44,
        # 120 of 360, 112 of 240, 120 of 120; at the end nothing is left to be firm.
        "2027-01-31    33.3%   " + "━" * 15 + "█" * 15 + "─" * 30,
        # 28 February + 1 month is 28 March: 28/30 of 120 is 112, 44 columns with the 240 earned.
        "2027-02-28    46.7%   " + "━" * 30 + "█" * 14 + "─" * 16,
        "2027-03-31   100.0%   " + "━" * 45 + "█" * 15,
        "2027-04-30            " + "━" * 60,
    ]


def test_the_picture_fits_the_screen() -> None:
    bars = [line.split()[-1] for line in picture(QUARTERS, 72)[2:]]
    assert {len(bar) for bar in bars} == {72 - len("2027-03-31   100.0%   ")}


def test_the_bands_differ_in_colour_too() -> None:
    january = picture(QUARTERS, 100, color=True)[3]
    assert f"\x1b[36m{'━' * 15}" in january
    assert f"\x1b[32m{'█' * 15}" in january
    assert f"\x1b[2m{'─' * 30}" in january


def test_the_bands_differ_where_only_ascii_is_shown() -> None:
    from dealcalc.cli.streams import PLAIN

    assert "━█─".translate(PLAIN) == "=#-"


def test_the_picture_stays_small() -> None:
    # 1128 days: quarters' ends, since there are 38 months. The first day and the last are there.
    shown = picture(MODEL, 100, every="day")[2:]
    days = [line[:10] for line in shown]
    assert days[:3] == ["at signing", "2026-06-30", "2026-09-30"]
    assert days[-2:] == ["2029-03-31", "2029-05-31"]
    assert len(days) == 14


def test_a_deal_that_pays_nothing_has_no_bands() -> None:
    free = simple("0 per month", "2027-01", "2027-02", termination=MODEL["termination"])
    answered = BacklogReport(scenario(free))
    assert answered.title.startswith("Firm at signing, 2027-01-01: nothing is still to come")
    assert picture(free, 100)[2:] == ["at signing", "2027-01-31", "2027-02-28"]


def test_columns_are_there_where_they_say_something(said: Ask) -> None:
    def heading(*asked: str) -> list[str]:
        lines = said(*asked)[1].splitlines()
        return next(line for line in lines if "Earned" in line and "As of" in line).split("  ")

    plain = [text.strip() for text in heading(ANTHROPIC) if text]
    assert plain == ["As of", "Earned, USD m", "Firm, USD m", "Cancellable, USD m", "Earliest exit"]
    more = [text.strip() for text in heading(EVERY_TERM, "--case", "seller-leaves") if text]
    assert more[-4:] == ["Contract value, EUR m", "Earliest exit", "By", "Fee, EUR m"]


@pytest.mark.parametrize("columns", [80, 100, 160])
def test_no_number_is_cut(columns: int) -> None:
    report = BacklogReport(scenario(model(fee="3 months")))
    drawn = tables.draw(report, columns, None, color=False)
    assert all(len(line) <= columns for line in drawn.splitlines())
    assert "2.46bn USD" in drawn  # what is firm at signing, 2,459,677,419.35
    assert "2,459.68" in drawn  # and in a column of millions


# --- what is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--as-of", "2027-02-30"), "2027-02 has no day 30"),
        (("--as-of", "1e9"), "invalid date"),
        (("--by", "Google"), "`Google` is no party to this deal"),
        (("--every", "year"), "year"),
        (("--case", "anthropic-leave"), "anthropic-leaves"),
    ],
)
def test_refused(said: Ask, arguments: tuple[str, str], words: str) -> None:
    status, out, err = said(ANTHROPIC, *arguments)
    assert (status, out) == (2, "")
    assert words in err


def test_standard_input(said: Ask, monkeypatch: pytest.MonkeyPatch, model: str) -> None:
    import io
    import sys

    class Stream:
        buffer = io.BytesIO(model.encode())

    monkeypatch.setattr(sys, "stdin", Stream())
    status, out, _ = said("-", "--as-of", "signing", "-f", "csv")
    assert status == 0
    assert ",2459677419.35," in out


def test_of_a_site_with_many_months_each_quarter_is_shown(said: Ask) -> None:
    # From July 2026, when the last is signed, to December 2029: 42 months, 14 quarters.
    _, out, _ = said(str(SCENARIOS / SITE))
    shown = re.findall(r"^(20\d\d-\d\d)-\d\d  ", out, re.MULTILINE)
    assert (
        shown
        == [f"{year}-{month}" for year in range(2026, 2030) for month in ("03", "06", "09", "12")][
            2:
        ]
    )
    _, every, _ = said(str(SCENARIOS / SITE), "--every", "month")
    assert len(re.findall(r"^20\d\d-\d\d-\d\d  ", every, re.MULTILINE)) == 42

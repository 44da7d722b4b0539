"""`dealcalc terminate`: one early end, by when notice must be given, and every day of notice."""

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from commands import ANTHROPIC, EVERY_TERM, FROM_MAY, Ask, Command
from effort import some
from oracle import Oracle
from random_deals import random_deal
from small_deals import MODEL, day, model, money, scenario, simple

from dealcalc import cli
from dealcalc.core import Priced
from dealcalc.figures.subject import load
from dealcalc.reports.terminate import ENDS
from dealcalc.reports.terminations import EarlyEndsReport, FirstExitsReport
from dealcalc.terms.dates import DAY

Node = dict[str, Any]

ASKED = (None, "buyer", "seller")


def refusal(said: Ask, *arguments: str) -> str:
    """What is said where nothing is answered."""
    status, out, err = said(*arguments)
    assert (status, out) == (2, "")
    return err


# --- one early end ------------------------------------------------------------------------------


def test_model_notice(asked: Ask) -> None:
    # 15 March + 90 days: 16 left in March, 30, 31 make 77; 13 June. 13/30 x 1.25bn is
    # 541,666,666.67. Earned: 8.75bn + 5 x 1.25bn + that.
    end = asked(ANTHROPIC, "--notice", "2027-03-15")
    assert end["format"] == "dealcalc/terminate/2"
    assert (end["notice"], end["by"], end["last_day"]) == ("2027-03-15", "either", "2027-06-13")
    assert end["earned"] == end["total"] == money("15,541,666,666.67")
    assert end["forgone"] == money("29,458,333,333.33")
    assert (end["fee"], end["full_term"]) == (0, money("45e9"))
    assert end["earned_share"] == Decimal("0.345370")  # 15,541,666,666.67 / 45bn = 0.34537037...
    june = end["months"][-1]
    assert (june["month"], june["days"], june["revenue"]) == (
        "2027-06",
        13,
        money("541,666,666.67"),
    )
    assert june["cumulative"] == end["total"]


def test_a_fee_above_what_is_forgone(command: Command, written: Callable[[Node], str]) -> None:
    # 30 days from 1 November end on 1 December: 30/31 x 100 = 96.77 are forgone. A day earlier
    # 100 are, which is no less than the fee.
    leave = {"by": "buyer", "notice": "30 days", "fee": "100"}
    file = written(simple("100 per month", "2026-01", "2026-12", termination=leave))
    note = "The fee is more than the 96.77 USD forgone: leaving then costs the buyer more than"
    assert f"{note} staying." in " ".join(command.output(file, "--notice", "2026-11-01").split())
    assert command.asked(file, "--notice", "2026-11-01")["fee"] == 100
    assert "The fee is more" not in command.output(file, "--notice", "2026-10-31")


def test_years_beside_the_full_term(asked: Ask) -> None:
    # 2027 keeps 5 x 1.25bn + 541,666,666.67 of 15bn.
    end = asked(ANTHROPIC, "--notice", "2027-03-15")
    names = ("year", "revenue", "full_term", "change")
    assert [tuple(row[name] for name in names) for row in end["years"]] == [
        (2026, money("8.75e9"), money("8.75e9"), 0),
        (2027, money("6,791,666,666.67"), money("15e9"), money("-8,208,333,333.33")),
        (2028, 0, money("15e9"), money("-15e9")),
        (2029, 0, money("6.25e9"), money("-6.25e9")),
    ]


def test_notice_on_the_first_day(asked: Ask) -> None:
    # 3 May + 90 days = 1 August: 2 x 625m + (1 + 1/31) x 1.25bn = 2,540,322,580.645...
    end = asked(ANTHROPIC, "--notice", "2026-05-03")
    assert (end["last_day"], end["earned"]) == ("2026-08-01", money("2,540,322,580.65"))


FEES = {
    # 15,541,666,666.67 and 3 x 1.25bn more, or less; a tie is the buyer's fee
    "buyer": ("buyer", "3,750,000,000", "19,291,666,666.67"),
    "seller": ("seller", "-3,750,000,000", "11,791,666,666.67"),
    "by-name": ("buyer", "3,750,000,000", "19,291,666,666.67"),
    "nobody-named": ("either", "3,750,000,000", "19,291,666,666.67"),
}
BY = {"buyer": "buyer", "seller": "seller", "by-name": "Anthropic", "nobody-named": "either"}


@pytest.mark.parametrize("who", FEES)
def test_fee_of_three_months(asked: Ask, who: str) -> None:
    by, fee, total = FEES[who]
    fee_of_three = ("--set", "termination.fee=3 months")
    end = asked(ANTHROPIC, "--notice", "2027-03-15", "--by", BY[who], *fee_of_three)
    assert (end["by"], end["fee"], end["total"]) == (by, money(fee), money(total))
    assert end["earned"] == money("15,541,666,666.67")
    assert end["years"][1]["revenue"] == money("6,791,666,666.67") + money(fee)
    assert sum(row["revenue"] for row in end["years"]) == end["total"]


def test_over_forty_billion(asked: Ask) -> None:
    # The contract must run to 1 February 2029: 40bn through January, and 1.25bn / 28.
    over = asked(ANTHROPIC, "--notice", "2028-11-03")
    assert (over["last_day"], over["total"]) == ("2029-02-01", money("40,044,642,857.14"))
    assert asked(ANTHROPIC, "--notice", "2028-11-02")["total"] == money("40e9")
    assert asked(ANTHROPIC, "--last-day", "2029-02-01")["notice"] == "2028-11-03"


def test_a_fee_before_the_first_year_of_service(asked: Ask, written: Ask) -> None:
    # Signed in 2024, service from 2026: the fee falls due on 2024-07-01, 30 days after 1 June.
    deal = simple("1m per month", "2026-01", "2026-12") | {
        "termination": {"by": "buyer", "notice": "30 days", "fee": "5m"}
    }
    deal["term"] |= {"signed": "2024-06-01"}
    end = asked(written(deal), "--notice", "2024-06-01")
    assert (end["last_day"], end["earned"], end["total"]) == ("2024-07-01", 0, money("5e6"))
    assert [(row["year"], row["revenue"], row["full_term"]) for row in end["years"]] == [
        (2024, money("5e6"), 0),
        (2025, 0, 0),
        (2026, 0, money("12e6")),
    ]


def test_the_currency_decides_the_decimals(said: Ask, written: Ask) -> None:
    # 30 of 31 days of January at 1000 yen are 967.74: 968.
    deal = simple("1000 per month", "2026-01", "2026-12") | {"currency": "JPY"}
    deal["termination"] = {"by": "buyer", "notice": "29 days"}
    status, out, _ = said(written(deal), "--notice", "2026-01-01", "-f", "json")
    assert (status, '"earned": 968,' in out, '"forgone": 11032,' in out) == (0, True, True)


def test_the_natural_end_equals_the_schedule(
    asked: Ask, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    end = asked(EVERY_TERM, "--notice", "2029-12-31")
    assert cli.run(["schedule", EVERY_TERM, "-f", "json"]) == 0
    full = json.loads(capsysbinary.readouterr().out, parse_float=Decimal)
    months = [{key: row[key] for key in row if key != "firm"} for row in full["months"]]
    assert (end["months"], end["total"]) == (months, full["total"])
    assert [row["revenue"] for row in end["years"]] == [row["revenue"] for row in full["years"]]
    assert {row["change"] for row in end["years"]} == {0}


CHANGES_NOTHING = {
    "ends-on-the-last-day": "2029-03-02",  # 29 left in March, 30, 31: 90 on 31 May
    "ends-after-the-last-day": "2029-04-15",
    "on-the-last-day": "2029-05-31",
}


@pytest.mark.parametrize("notice", CHANGES_NOTHING.values(), ids=CHANGES_NOTHING)
def test_notice_that_changes_nothing_says_so(said: Ask, asked: Ask, notice: str) -> None:
    end = asked(ANTHROPIC, "--notice", notice)
    assert (end["last_day"], end["forgone"], end["earned_share"]) == ("2029-05-31", 0, 1)
    status, out, err = said(ANTHROPIC, "--notice", notice)
    assert (status, err) == (0, "")
    assert f"Notice on {notice} changes nothing" in out


def test_the_other_party_may_leave_too(said: Ask) -> None:
    # On 2028-06-01 the buyer's six months end on 30 November, the seller's 180 days on the 27th.
    _, out, _ = said(EVERY_TERM, "--notice", "2028-06-01")
    assert "2028-11-27  notice on 2028-06-01 by the seller, Example Halls" in out
    assert "The buyer may give notice on that day too: its last day is 2028-11-30" in out


# --- cases --------------------------------------------------------------------------------------


def test_a_case_gives_notice(asked: Ask) -> None:
    end = asked(ANTHROPIC, "--case", "anthropic-leaves")
    assert (end["notice"], end["by"]) == ("2027-03-15", "buyer")
    assert end["total"] == money("15,541,666,666.67")


def test_the_command_line_replaces_the_notice_of_a_case(asked: Ask) -> None:
    case = ("--case", "anthropic-leaves")
    later = asked(ANTHROPIC, *case, "--notice", "2027-03-16")
    assert (later["notice"], later["by"], later["last_day"]) == (
        "2027-03-16",
        "buyer",
        "2027-06-14",
    )
    other = asked(ANTHROPIC, *case, "--by", "xAI")
    assert (other["notice"], other["by"]) == ("2027-03-15", "seller")
    assert asked(ANTHROPIC, *case, "--by", "either")["by"] == "either"
    assert asked(ANTHROPIC, *case, "--last-day", "2027-06-30")["by"] == "buyer"
    assert {row["by"] for row in asked(ANTHROPIC, *case, "--every", "month")["rows"]} == {"buyer"}


SAME_TERMS = {
    "one-day": ["--notice", "2027-04-01", "--by", "seller"],
    "a-last-day": ["--last-day", "2027-09-30"],
    "every-month": ["--every", "month"],
}


@pytest.mark.parametrize("question", SAME_TERMS.values(), ids=SAME_TERMS)
def test_a_case_and_set_equal_the_same_terms_in_the_file(
    asked: Ask, written: Ask, question: list[str]
) -> None:
    terms = {"termination.notice": "3 months", "termination.fee": "10% of remaining"}
    changed = model(notice="3 months", fee="10% of remaining")
    plain = asked(written(changed), *question)
    file = written(MODEL | {"cases": {"other": {"set": terms}}})
    settings = [text for path, value in terms.items() for text in ("--set", f"{path}={value}")]
    by_case = asked(file, *question, "--case", "other")
    by_set = asked(file, *question, *settings)
    assert (by_case.pop("case"), by_set.pop("overrides")) == ("other", terms)
    for one in (plain, by_case, by_set):
        one.pop("case", None)
        one.pop("overrides", None)
    assert plain == by_case == by_set


# --- the first of each party ---------------------------------------------------------------------


def test_alone_it_says_what_the_first_notice_of_each_party_does() -> None:
    # The buyer: locked out for 6 months from 2026-05-01, then 2 months to 2027-01-01, of which 8
    # months at 10m are paid. The seller: 30 days from 2026-05-01 to 05-31, a month.
    rights = [
        {"by": "buyer", "notice": "2 months", "lock_out": "6 months", "fee": "5m"},
        {"by": "seller", "notice": "30 days"},
    ]
    node = simple("10m per month", "2026-05", "2029-04") | {"termination": rights}
    ends = FirstExitsReport(scenario(node)).ends
    assert [(end.by, end.notice, end.last_day, end.earned, end.fee) for end in ends] == [
        ("seller", day("2026-05-01"), day("2026-05-31"), money("10_000_000"), money("0")),
        ("buyer", day("2026-11-01"), day("2027-01-01"), money("80_322_580.65"), money("5_000_000")),
    ]


def test_alone_in_every_form(asked: Ask, said: Ask) -> None:
    exits = asked(ANTHROPIC)
    assert exits["format"] == "dealcalc/exits/1"
    assert [(row["by"], row["last_day"]) for row in exits["rows"]] == [
        ("buyer", "2026-08-01"),
        ("seller", "2026-08-01"),
    ]
    assert [row["by"] for row in asked(ANTHROPIC, "--by", "buyer")["rows"]] == ["buyer"]
    assert "lets nobody leave early" in said(ANTHROPIC, "--set", "termination=none")[1]


# --- by when must notice be given? ----------------------------------------------------------------

LAST_DAYS = {
    # notice period, the last day asked for: the latest notice, its last day, that of the next day
    "just-that-day": ("90 days", "2027-06-13", "2027-03-15", "2027-06-13", None),
    "a-leap-day": ("90 days", "2028-02-29", "2027-12-01", "2028-02-29", None),
    "one-day": ("1 day", "2028-03-01", "2028-02-29", "2028-03-01", None),
    # 28 February + 3 months is 28 May, 1 March + 3 months is 1 June: nothing ends in between
    "no-30-february": ("3 months", "2027-05-30", "2027-02-28", "2027-05-28", "2027-06-01"),
    "no-31-february": ("3 months", "2027-05-31", "2027-02-28", "2027-05-28", "2027-06-01"),
    "after-a-leap-day": ("3 months", "2028-05-31", "2028-02-29", "2028-05-29", "2028-06-01"),
    # 28, 29 and 30 November + 3 months are all 28 February: the latest of them
    "three-days-of-notice": ("3 months", "2027-02-28", "2026-11-30", "2027-02-28", None),
    "into-a-leap-day": ("3 months", "2028-02-29", "2027-11-30", "2028-02-29", None),
    "before-a-leap-day": ("3 months", "2028-02-28", "2027-11-28", "2028-02-28", None),
    "a-month-from-its-31st": ("1 month", "2027-04-30", "2027-03-31", "2027-04-30", None),
    # 30 September + 1 month is 30 October, 1 October + 1 month is 1 November
    "no-31-september": ("1 month", "2027-10-31", "2027-09-30", "2027-10-30", "2027-11-01"),
    "a-year": ("12 months", "2028-02-29", "2027-02-28", "2028-02-28", "2028-03-01"),
    "the-day-before-the-last": ("90 days", "2029-05-30", "2029-03-01", "2029-05-30", None),
    "the-earliest": ("90 days", "2026-07-30", "2026-05-01", "2026-07-30", None),
}


@pytest.mark.parametrize("name", LAST_DAYS)
def test_by_when(asked: Ask, written: Ask, name: str) -> None:
    span, last, notice, ends, after = LAST_DAYS[name]
    end = asked(written(model(notice=span)), "--last-day", last)
    assert (end["asked_last_day"], end["notice"], end["last_day"]) == (last, notice, ends)
    assert end["next_last_day"] == after
    assert end["next_notice"] == (after and f"{day(notice) + DAY}")


def test_no_notice_ends_on_that_day(said: Ask) -> None:
    months = ("--set", "termination.notice=3 months")
    status, out, err = said(ANTHROPIC, *months, "--last-day", "2027-05-30")
    assert (status, err) == (0, "")
    text = " ".join(out.split())
    assert "Notice by 2027-02-28 no notice ends on 2027-05-30; this one ends" in text
    assert "ends on 2027-05-28, one on 2027-03-01 ends on 2027-06-01" in text


def test_the_day_of_notice_counts(asked: Ask, written: Ask) -> None:
    # The day of notice is the first of the 90: a day more time to give it.
    included = MODEL | {"conventions": {"notice_day": "included"}}
    assert asked(written(included), "--last-day", "2027-06-13")["notice"] == "2027-03-16"


def test_one_party_alone_ends_on_just_that_day(said: Ask, written: Ask) -> None:
    # 28 February + 90 days is 29 May; the seller's three months are out on the 28th.
    rights = [{"by": "buyer", "notice": "90 days"}, {"by": "seller", "notice": "3 months"}]
    file = written(MODEL | {"termination": rights})
    _, out, _ = said(file, "--last-day", "2027-05-29")
    assert "2027-02-28  to end on 2027-05-29, --by buyer; this one ends on 2027-05-28" in out
    _, out, _ = said(file, "--last-day", "2027-05-29", "--by", "buyer")
    assert "2027-02-28  the latest day of notice for service to end on 2027-05-29" in out


NO_NOTICE_NEEDED = {
    "the-last-day": ("2029-05-31", "none is needed: the term ends on 2029-05-31"),
    "a-later-day": (
        "2029-06-01",
        "none is needed: the term ends on 2029-05-31, and none makes it last to 2029-06-01",
    ),
}


@pytest.mark.parametrize("name", NO_NOTICE_NEEDED)
def test_no_notice_is_needed_for_the_natural_end(said: Ask, asked: Ask, name: str) -> None:
    last, remark = NO_NOTICE_NEEDED[name]
    status, out, err = said(ANTHROPIC, "--last-day", last)
    assert (status, err) == (0, "")
    assert remark in " ".join(out.split())
    end = asked(ANTHROPIC, "--last-day", last)
    assert (end["last_day"], end["forgone"], end["next_notice"]) == ("2029-05-31", 0, None)


def test_latest_notice_agrees_with_the_oracle() -> None:
    for seed in some(8, range(25)):
        deal = random_deal(Random(seed))
        book, oracle = Priced(scenario(deal).deal), Oracle(deal)
        length, rng = (oracle.through - oracle.signed).days, Random(seed)
        for last in (oracle.signed + rng.randint(-5, length + 40) * DAY for _ in range(5)):
            for by in ASKED:
                found = book.latest_notice(last, by)
                assert found == oracle.latest_notice(last, by), f"seed {seed}: {last} by {by}"


# --- every day of notice --------------------------------------------------------------------------

STEPS = {
    # 1 May 2026 to 1 March 2029, whose 90 days end on 30 May, a day before the term: 1,035 days
    # later; 147 weeks are 1,029 of them
    "month": (35, "2029-03-01"),
    "week": (148, "2029-02-23"),
    "day": (1036, "2029-03-01"),
}


@pytest.mark.parametrize("every", STEPS)
def test_sweep_of_the_model_deal(asked: Ask, every: str) -> None:
    count, last = STEPS[every]
    sweep = asked(ANTHROPIC, *FROM_MAY, "--every", every)
    assert sweep["format"] == "dealcalc/terminations/2"
    assert (sweep["first_notice"], sweep["last_notice"]) == ("2026-05-01", "2029-03-01")
    rows = sweep["rows"]
    assert (len(rows), rows[0]["notice"], rows[-1]["notice"]) == (count, "2026-05-01", last)
    first = rows[0]
    assert list(first) == [field.name for field in ENDS]
    assert (first["by"], first["last_day"]) == ("either", "2026-07-30")
    assert first["earned"] == first["total"] == money("2,459,677,419.35")
    assert first["forgone"] == money("42,540,322,580.65")
    assert (first["fee"], first["earned_share"]) == (0, Decimal("0.054659"))  # 2.459677... / 45


def test_months_are_counted_from_the_first_notice(asked: Ask, written: Ask) -> None:
    node = MODEL | {"term": {"start": "2027-01-31", "through": "2027-12-31"}}
    notices = [row["notice"] for row in asked(written(node), "--every", "month")["rows"]]
    assert notices[:4] == ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]


def test_a_sweep_begins_when_the_lock_out_is_over(asked: Ask) -> None:
    rows = asked(ANTHROPIC, "--case", "180-day-lease", "--every", "day")["rows"]
    # 30 October 2026 + 90 days is 28 January: 2 x 625m + (6 + 28/31) x 1.25bn
    assert (rows[0]["notice"], rows[0]["last_day"]) == ("2026-10-30", "2027-01-28")
    assert rows[0]["earned"] == money("9,879,032,258.06")


@pytest.mark.parametrize("by", ASKED)
def test_every_row_is_the_deal_ended_on_that_day(by: str | None) -> None:
    # A sweep asks E for a day; here the deal is priced again and laid out in lines to that day.
    made_up = load(EVERY_TERM)
    rows = [*EarlyEndsReport(made_up, "day", by).table("rows").cells()]
    assert len(rows) > 400
    for notice, party, last, earned, fee, total, forgone, _ in rows:
        schedule = Priced(made_up.deal).schedule(last, int(fee * 100))
        service = [line.amount for line in schedule.lines if line.charge != "fee"]
        assert (schedule.last_day, sum(service), schedule.total) == (last, earned, total)
        assert (party, earned + forgone) == (by or party, money("133,508,736.00")), notice


def test_rows_are_those_of_one_notice_after_the_other(asked: Ask) -> None:
    sweep = asked(EVERY_TERM, "--every", "month")["rows"]
    for row in sweep[::5]:
        end = asked(EVERY_TERM, "--notice", row["notice"], "--by", row["by"])
        assert {name: end[name] for name in row} == row


@pytest.mark.parametrize("by", ASKED)
def test_sweeps_agree_with_the_oracle(by: str | None) -> None:
    swept = 0
    for seed in range(40):
        deal = random_deal(Random(seed))
        oracle = Oracle(deal)
        shortening = [
            notice
            for party in oracle.permitted
            for notice in oracle.permitted[party]
            if by in (None, party) and oracle.leaving(notice, party).last_day < oracle.through
        ]
        if not shortening:
            continue
        swept += 1
        rows = [*EarlyEndsReport(scenario(deal), "day", by).table("rows").cells()]
        permitted = {
            day
            for party in oracle.permitted
            for day in oracle.permitted[party]
            if by in (None, party)
        }
        if not any("on" in right for right in oracle.rights):
            days = [day for day in sorted(permitted) if day <= max(shortening)]
            assert [row[0] for row in rows] == days, f"seed {seed}"
        for row in rows[:: len(rows) // 50 + 1]:
            end = oracle.terminate(row[0], by)
            slow = end.by, end.last_day, end.earned, end.fee, end.total, end.forgone
            assert row[1:7] == slow, f"seed {seed}: notice on {row[0]}"
    assert swept > 15


@pytest.mark.parametrize("by", ["buyer", "seller"])
def test_earlier_notice_never_earns_more(by: str) -> None:
    swept = 0
    for seed in range(100, 140):
        of = scenario(random_deal(Random(seed)))
        if Priced(of.deal).latest_notice(of.deal.term.last, by):
            earned = [end.earned for end in EarlyEndsReport(of, "day", by).ends]
            assert earned == sorted(earned), f"seed {seed}"
            swept += earned[:1] < earned[-1:]
    assert swept > 10


def test_no_notice_shortens_the_term(said: Ask, asked: Ask) -> None:
    late = ("--set", "termination.lock_out=2029-05-01", "--every", "day")
    sweep = asked(ANTHROPIC, *late)
    assert (sweep["rows"], sweep["first_notice"], sweep["last_notice"]) == ([], "2029-05-01", None)
    status, out, err = said(ANTHROPIC, *late)
    assert (status, err) == (0, "")
    assert "no notice ends service before 2029-05-31" in out


def test_the_picture_of_a_sweep_has_few_bars() -> None:
    for every, bars in (("month", 12), ("week", 12), ("day", 12)):
        picture = EarlyEndsReport(load(ANTHROPIC, None, FROM_MAY[1:]), every).views[0]
        assert [column.kind for column in picture.fields] == ["text", "text", "share", "bar"]
        # the first notice of each quarter from the second of 2026 to the first of 2029
        assert len(picture.lines) == bars
        assert all(row.cells[2] == row.cells[3] for row in picture.lines)
        assert picture.lines[0].cells[0] == day("2026-05-01")


def test_the_party_is_a_column_where_it_varies() -> None:
    headings = {
        by: [
            column.heading
            for column in EarlyEndsReport(load(EVERY_TERM), "month", by).views[1].fields
        ]
        for by in ASKED
    }
    assert headings[None] == ["Notice", "By", "Last day", "Fee", "Total", "Earned share"]
    assert (
        headings["buyer"]
        == headings["seller"]
        == ["Notice", "Last day", "Fee", "Total", "Earned share"]
    )
    free = EarlyEndsReport(load(ANTHROPIC), "month").views[1]
    assert [column.heading for column in free.fields[1:4]] == ["Last day", "Earned", "Forgone"]


# --- what is refused ------------------------------------------------------------------------------

REFUSED = {
    # the terms that are set, the question, what is said, the clause and the way out
    "before-the-start": (
        [],
        ["--notice", "2026-04-30"],
        "notice on 2026-04-30 comes before 2026-05-01",
        "  start: 2026-05",
        "the first day on which it may be given is 2026-05-01",
    ),
    "before-signing": (
        ["term.signed=2026-05-03"],
        ["--notice", "2026-05-02"],
        "notice on 2026-05-02 comes before 2026-05-03",
        "term.signed=2026-05-03",
        "the first day on which it may be given is 2026-05-03",
    ),
    "after-the-term": (
        [],
        ["--notice", "2029-06-01"],
        "notice on 2029-06-01 comes after the term",
        "  through: 2029-05",
        "may be given is 2026-05-01; the last that shortens the term is 2029-03-01",
    ),
    "locked-out": (
        ["termination.lock_out=6 months"],
        ["--notice", "2026-10-31"],
        "notice on 2026-10-31 is barred by the lock-out",
        "termination.lock_out=6 months",
        "the first day on which it may be given is 2026-11-01",
    ),
    # 3 August less 90 days is 5 May
    "locked-out-from-ending": (
        ["termination.lock_out=2026-08-03", "termination.lock_out_bars=ending"],
        ["--notice", "2026-05-04"],
        "notice on 2026-05-04 is barred by the lock-out",
        "termination.lock_out=2026-08-03",
        "the first day on which it may be given is 2026-05-05",
    ),
    "locked-out-for-good": (
        ["termination.lock_out=2029-06-01"],
        ["--every", "month"],
        "is barred by the lock-out",
        "termination.lock_out=2029-06-01",
        "the lock-out outlasts the term",
    ),
    "locked-out-for-good-by-last-day": (
        ["termination.lock_out=2029-06-01"],
        ["--last-day", "2028-01-01"],
        "is barred by the lock-out",
        "termination.lock_out=2029-06-01",
        "the lock-out outlasts the term",
    ),
    "without-the-right": (
        ["termination.by=seller"],
        ["--notice", "2027-01-01", "--by", "Anthropic"],
        "the buyer has no right to end this deal early",
        "termination.by=seller",
        "the seller has, from 2026-05-01 on",
    ),
    "too-early-a-last-day": (
        [],
        ["--last-day", "2026-07-29"],
        "no notice ends service on or before 2026-07-29",
        "  notice: 90 days",
        "the earliest last day is 2026-07-30, by notice on 2026-05-01",
    ),
    # 1 November + 90 days is 30 January
    "too-early-a-last-day-for-the-lock-out": (
        ["termination.lock_out=6 months"],
        ["--last-day", "2027-01-29"],
        "no notice ends service on or before 2027-01-29",
        "termination.lock_out=6 months",
        "the earliest last day is 2027-01-30, by notice on 2026-11-01",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_notice_is_refused_at_its_clause(said: Ask, name: str) -> None:
    terms, question, message, clause, help = REFUSED[name]
    settings = [*FROM_MAY, *(text for term in terms for text in ("--set", term))]
    err = refusal(said, ANTHROPIC, *settings, *question)
    lines = err.splitlines()
    assert message in lines[0]
    assert lines[0].endswith("[notice]")
    assert f"| {clause}" in lines[3]
    at = lines[4].index("^")
    assert clause.split("=")[-1].split(": ")[-1] == lines[3][at : at + lines[4].count("^")]
    assert help in lines[5]


def test_a_refusal_names_file_and_line(said: Ask) -> None:
    line = 1 + Path(ANTHROPIC).read_text(encoding="utf-8").splitlines().index("  start: 2026-05")
    err = refusal(said, ANTHROPIC, *FROM_MAY, "--notice", "2026-04-30")
    assert f"{ANTHROPIC}:{line}:10\n" in err


def test_the_notice_of_a_case_is_refused_at_the_clause(said: Ask, written: Ask) -> None:
    cases = {"cases": {"leaves": {"notice": "2026-06-01", "by": "buyer"}}}
    file = written(model(lock_out="3 months") | cases)
    text = Path(file).read_text(encoding="utf-8").splitlines()
    line = 1 + next(n for n, of in enumerate(text) if "lock_out" in of)
    given = 1 + next(n for n, of in enumerate(text) if "2026-06-01" in of)
    err = refusal(said, file, "--case", "leaves")
    assert f"{file}:{line}:" in err
    assert f"may be given is 2026-08-01; the case leaves gives it on line {given}" in err


def test_nobody_may_leave(said: Ask, written: Ask) -> None:
    file = written({key: value for key, value in MODEL.items() if key != "termination"})
    for question in (["--notice", "2027-01-01"], ["--last-day", "2027-01-01"], ["--every", "day"]):
        err = refusal(said, file, *question)
        assert "nobody has a right to end this deal early" in err
        assert f"--> {file}\n" in err
        assert "the deal has no `termination`" in err


COMMAND_LINES = {
    "notice-and-every": (
        ["--notice", "2027-01-01", "--every", "day"],
        "--notice and --every cannot be used together",
    ),
    "notice-and-last-day": (
        ["--notice", "2027-01-01", "--last-day", "2027-06-30"],
        "--notice and --last-day cannot be used together",
    ),
    "all-three": (
        ["--notice", "2027-01-01", "--last-day", "2027-06-30", "--every", "day"],
        "--notice and --last-day and --every cannot be used together",
    ),
    "no-day": (["--notice", "2027-02-29"], "2027-02 has no day 29"),
    "nothing-for-a-day": (["--notice", ""], "invalid date"),
    "a-month": (["--last-day", "2027-02"], "invalid date `2027-02`"),
    "seconds": (["--notice", "86400"], "invalid date `86400`"),
    "nobody": (["--notice", "2027-01-01", "--by", "anthropic"], "did you mean `Anthropic`?"),
    "nothing-for-a-party": (["--every", "day", "--by", ""], "`` is no party to this deal"),
    "every-year": (["--every", "year"], "invalid value `year`"),
}


@pytest.mark.parametrize("name", COMMAND_LINES)
def test_a_command_line_is_refused(said: Ask, name: str) -> None:
    arguments, message = COMMAND_LINES[name]
    assert message in refusal(said, ANTHROPIC, *arguments)


def test_buyer_and_seller_of_one_name(said: Ask, written: Ask) -> None:
    file = written(MODEL | {"seller": "Example", "buyer": "Example"})
    assert "Example is both the buyer and the seller" in refusal(
        said, file, "--notice", "2027-01-01", "--by", "Example"
    )


# --- forms ----------------------------------------------------------------------------------------


def test_files_are_written_and_the_screen_stays_empty(said: Ask, tmp_path: Path) -> None:
    files = [str(tmp_path / name) for name in ("days.csv", "days.json", "days.md", "days.txt")]
    outputs = [text for file in files for text in ("-o", file)]
    status, out, err = said(ANTHROPIC, "--every", "week", *outputs)
    assert (status, out) == (0, "")
    assert err.splitlines() == [f"wrote {file}" for file in files]
    assert len(Path(files[0]).read_text(encoding="utf-8").splitlines()) == 149


def test_unit_and_colour(said: Ask) -> None:
    _, out, _ = said(ANTHROPIC, "--notice", "2027-03-15", "--unit", "bn", "--color", "always")
    assert "15.54bn USD" in out
    assert "\x1b[" in out


EXAMPLES = {
    "notice": [ANTHROPIC, "--notice", "2027-03-15"],
    "last-day": [ANTHROPIC, "--set", "termination.notice=3 months", "--last-day", "2027-05-30"],
    "every": [EVERY_TERM, "--every", "month"],
}


FORMS = {"notice": "txt json csv", "last-day": "txt json", "every": "txt json"}


@pytest.mark.parametrize(
    ("name", "form"), [(name, form) for name in EXAMPLES for form in FORMS[name].split()]
)
def test_output(said: Ask, pinned: Ask, name: str, form: str) -> None:
    status, out, err = said(*EXAMPLES[name], "-f", form.replace("txt", "table"))
    assert (status, err) == (0, "")
    pinned(f"contracts/terminate-{name}.{form}", out)

"""`dealcalc ambiguity`: what the contract leaves open, in money."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import pytest
from commands import ANTHROPIC, EVERY_TERM, GOOGLE, Ask, Command
from effort import some
from oracle import Oracle
from random_deals import as_yaml, random_deal
from small_deals import MODEL, money, scenario, simple

from dealcalc.questions.ambiguity import ambiguity
from dealcalc.questions.varied import Varied

Node = dict[str, Any]


@pytest.fixture
def ask(capsysbinary: pytest.CaptureFixture[bytes]) -> Command:
    return Command("ambiguity", capsysbinary)


def question(found: Node, words: str) -> Node:
    """The one question that is about some words."""
    (one,) = (one for one in found["questions"] if words in one["question"])
    return dict(one)


def cells(one: Node) -> list[tuple[Any, ...]]:
    return [
        (row["answer"], row["total"], row["firm"], row["earliest_exit"]) for row in one["answers"]
    ]


# --- the model deal -------------------------------------------------------------------------------


def test_when_a_party_may_leave(ask: Command) -> None:
    # The claims of the file, each with its own arithmetic, say the same of firm money.
    found = ask.asked(ANTHROPIC)
    assert found["format"] == "dealcalc/ambiguity/2"
    one = question(found, "termination.lock_out")
    full = money("45e9")
    assert cells(one) == [
        ("as the file says", full, money("2,500,000,000.00"), "2026-08-01"),
        ("after-three-months", full, money("6,251,344,086.02"), "2026-11-01"),
        ("ending-after-three-months", full, money("2,580,645,161.29"), "2026-08-03"),
        ("180-day-lease", full, money("9,838,709,677.41"), "2027-01-28"),
    ]
    # 9,838,709,677.41 - 2,500,000,000.00
    assert one["spread"] == money("7,338,709,677.41")


def test_what_the_reduced_fee_is(ask: Command) -> None:
    # 45,273,730,000 - 44,750,000,000; in firm money it is as much, and two months of it.
    one = question(ask.asked(ANTHROPIC), "charges.compute.ramp")
    assert [row["total"] for row in one["answers"]] == [
        money("45e9"),
        money("44.75e9"),
        money("45,273,730,000"),
    ]
    assert one["spread"] == money("523,730,000")


def test_how_a_part_of_a_month_counts(ask: Command) -> None:
    # From 3 May to 1 August: 1.25bn less 2/31 x 0.625bn before it, and as much for 1 August; or
    # 2/30 x 0.625bn and 1.25bn / 30, as much too; or all of May before it, and all of August.
    one = question(ask.asked(ANTHROPIC), "conventions.proration")
    full, exit = money("45e9"), "2026-08-01"
    assert cells(one) == [
        ("actual", full, money("2.5e9"), exit),
        ("30/360", full, money("2.5e9"), exit),
        ("whole-month", full, money("3.125e9"), exit),
    ]
    assert one["spread"] == money("625e6")


def test_whether_the_day_of_notice_counts(ask: Command) -> None:
    one = question(ask.asked(ANTHROPIC), "conventions.notice_day")
    assert cells(one) == [
        ("excluded", money("45e9"), money("2,500,000,000.00"), "2026-08-01"),
        ("included", money("45e9"), money("2,459,677,419.35"), "2026-07-31"),
    ]


def test_the_range_is_over_all_combinations(ask: Command) -> None:
    # Least: 2 x 40% and 35 x 1.125bn in all; 0.45bn and 1.125bn through 31 July, since whole
    # months count, and that of May is earned before 3 May. Most: 2 x 761.865m and 35 x 1.25bn;
    # (1 + 28/30) x 761.865m and (6 + 28/30) x 1.25bn through 28 January, as 30/360 counts.
    found = ask.asked(ANTHROPIC)
    assert found["total"] == {"low": money("40.275e9"), "high": money("45,273,730,000")}
    assert found["firm"] == {"low": money("1.575e9"), "high": money("10,139,605,666.67")}
    assert found["earliest_exit"] == {"low": "2026-07-31", "high": "2027-01-28"}
    # 3 discounts x 2 prices x 2 capacities x 3 prorations x 2 notice days, by 5 lock-outs: none,
    # from August, or from October, each of these barring notice or an end; one is the file's fourth
    # reading.
    assert found["readings"] == 3 * 2 * 2 * 3 * 2 * 5


def test_what_is_worth_most_comes_first(ask: Command) -> None:
    spread = [one["spread"] for one in ask.asked(ANTHROPIC)["questions"]]
    assert spread == sorted(spread, reverse=True)
    assert spread[-1] == 0  # what the same money buys


# --- what is settled ------------------------------------------------------------------------------


def test_what_the_file_settles_is_not_asked(ask: Command) -> None:
    # It says both conventions; one lock-out does not say what it bars, and one case has a source.
    found = ask.asked(EVERY_TERM)
    assert [one["question"] for one in found["questions"]] == [
        "what the lock-out bars: termination.0.lock_out_bars",
        "which reading of conventions.proration",
    ]


def test_what_the_file_only_assumes_is_asked(ask: Command, file: Ask, model: str) -> None:
    right = "termination: {by: either, notice: 90 days, lock_out: 3 months}\n"
    there = model.partition("termination:")[0] + right
    paths = ("termination.lock_out_bars", "conventions.notice_day", "conventions.proration")
    assumed = "assumptions:\n" + "".join(f"  {path}: not disclosed\n" for path in paths)
    asked = [one["question"] for one in ask.asked(file(there))["questions"]]
    assert {path for path in paths for one in asked if path in one} == {*paths}
    assert [one["question"] for one in ask.asked(file(there + assumed))["questions"]] == asked


@pytest.mark.parametrize(
    ("right", "path"),
    [
        ("{by: either, notice: 90 days, lock_out: 3 months}", "termination.lock_out_bars"),
        ("[{by: either, notice: 90 days, lock_out: 3 months}]", "termination.0.lock_out_bars"),
    ],
)
def test_a_right_that_stands_alone_needs_no_index(
    ask: Command, file: Ask, model: str, right: str, path: str
) -> None:
    there = model.partition("termination:")[0] + f"termination: {right}\n"
    found = ask.asked(file(there))["questions"]
    (about,) = [one for one in found if one["question"].endswith(path)]
    assert f"below {path.rpartition('.')[0]}, " in about["answers"][0]["settle"]
    # What is said to be the path is one that is read.
    settled = ask.asked(file(there), "--set", f"{path}=notice")["questions"]
    assert len(settled) == len(found) - 1


def test_a_setting_settles(ask: Command) -> None:
    settings = ("conventions.proration=30/360", "termination.lock_out=2026-10-30")
    found = ask.asked(ANTHROPIC, *(part for one in settings for part in ("--set", one)))
    asked = " ".join(one["question"] for one in found["questions"])
    assert "proration" not in asked
    assert "termination.lock_out_bars" in asked  # which the setting opens
    assert "180-day-lease" not in str(found["questions"])


def test_a_case_is_the_reading_that_was_chosen(ask: Command) -> None:
    # 13 days of June at 30/30 of a month's thirtieths, or all of June.
    found = ask.asked(ANTHROPIC, "--case", "anthropic-leaves")
    one = question(found, "conventions.proration")
    assert [row["total"] for row in one["answers"]] == [
        money("15,541,666,666.67"),
        money("15,541,666,666.67"),
        money("16.25e9"),
    ]
    assert len(found["questions"]) == 2


def test_everything_settled(ask: Command, file: Ask) -> None:
    said = {"proration": "actual", "notice_day": "excluded"}
    name = file(as_yaml(MODEL | {"conventions": said}))
    found = ask.asked(name)
    assert (found["questions"], found["readings"]) == ([], 1)
    assert found["firm"] == {"low": money("2,459,677,419.35"), "high": money("2,459,677,419.35")}
    assert "The file settles everything" in ask.output(name)


def test_without_a_right_no_day_of_notice_is_asked(ask: Command) -> None:
    found = ask.asked(ANTHROPIC, "--set", "termination=none")
    assert "notice_day" not in str([one["question"] for one in found["questions"]])


def test_cases_without_a_source_or_with_notice_are_no_readings(ask: Command) -> None:
    found = str(ask.asked(ANTHROPIC)["questions"])
    assert "no-discount" not in found
    assert "anthropic-leaves" not in found


def test_a_case_that_answers_a_convention_stands_beside_the_word(ask: Command) -> None:
    # 1 January 2027 + 90 days, or an end on 1 January 2027 itself: 5.55bn or 2.79bn.
    found = ask.asked(GOOGLE)
    one = question(found, "lock_out_bars")
    assert [(row["answer"], row["case"]) for row in one["answers"]] == [
        ("notice", None),
        ("ending", "ending-after-2026"),
    ]
    assert one["spread"] == money("2,760,989,247.32")
    assert "ending, as ending-after-2026 reads it" in ask.output(GOOGLE)


def test_a_case_that_takes_the_right_away_is_a_reading(ask: Command, file: Ask) -> None:
    # Firm is all 33 x 920m if nobody may leave, and nothing if the buyer may on 30 days.
    text = Path(GOOGLE).read_text(encoding="utf-8").partition("\ncases:\n")[0]
    cases = """
cases:
  nobody-may-leave: {source: the buyer, set: {termination: none}}
  thirty-days: {source: the seller, set: {termination: {by: buyer, notice: 30 days}}}
"""
    found = ask.asked(file(text + cases))
    assert found["firm"] == {"low": 0, "high": money("30.36e9")}
    one = found["questions"][0]
    assert (one["question"], one["spread"]) == ("which reading of termination", money("30.36e9"))
    firm = {row["answer"]: (row["firm"], row["earliest_exit"]) for row in one["answers"]}
    assert firm["nobody-may-leave"] == (money("30.36e9"), "2029-06-30")
    assert firm["thirty-days"] == (0, "2026-07-05")
    # 3 prorations x 2 notice days x 2 lock-outs, 3 x 1 without a right, 3 x 2 without a lock-out.
    assert found["readings"] == 12 + 3 + 6


def test_a_reading_that_is_said_twice_counts_once(ask: Command, file: Ask) -> None:
    same = {"termination.notice": "90 days"}, {"termination.notice": "60 days"}
    assert ask.asked(file(as_yaml(with_cases(*same, *same))))["readings"] == 2


# --- who may leave --------------------------------------------------------------------------------


def test_silence_is_asked(ask: Command, file: Ask) -> None:
    # 90 days after 1 May is 30 July: 2 x 0.625bn + 30/31 x 1.25bn; or 29 July, or whole months.
    silent = {key: value for key, value in MODEL.items() if key != "termination"}
    found = ask.asked(file(as_yaml(silent)))
    assert found["questions"][0]["question"] == "who may leave: termination"
    assert cells(found["questions"][0]) == [
        ("none", money("45e9"), money("45e9"), "2029-05-31"),
        (
            "{by: either, notice: 90 days}",
            *(money("45e9"), money("2,459,677,419.35"), "2026-07-30"),
        ),
    ]
    assert found["firm"] == {"low": money("2,419,354,838.71"), "high": money("45e9")}
    assert found["readings"] == 3 + 3 * 2
    settle = [row["settle"] for row in found["questions"][0]["answers"]]
    for words in (text.partition(".yaml: ")[2] for text in settle):
        there = ask.asked(file(f"{as_yaml(silent)}{words}\n"))
        assert "who may leave" not in str(there["questions"])


def test_what_is_said_is_not_asked(ask: Command, file: Ask) -> None:
    assert "who may leave" not in str(ask.asked(file(as_yaml(MODEL | {"termination": "none"}))))


def test_a_case_that_answers_silence_stands_beside_the_answer(ask: Command, file: Ask) -> None:
    silent = {key: value for key, value in MODEL.items() if key != "termination"}
    right = {"by": "buyer", "notice": "1 month"}
    cases = {
        "locked": {"source": "the seller", "set": {"termination": "none"}},
        "month": {"source": "the buyer", "set": {"termination": right}},
    }
    found = ask.asked(file(as_yaml(silent | {"cases": cases})))
    said = {row["answer"]: row["case"] for row in question(found, "who may leave")["answers"]}
    assert said == {"none": "locked", "{by: either, notice: 90 days}": None}
    rival = question(found, "which reading of termination")
    assert [row["answer"] for row in rival["answers"]] == ["as the file says", "month"]


# --- the words to add -----------------------------------------------------------------------------


def test_the_words_that_settle_it(ask: Command) -> None:
    found = ask.asked(ANTHROPIC)
    settle = {row["answer"]: row["settle"] for one in found["questions"] for row in one["answers"]}
    assert (
        settle["actual"] == f"at the top level of {ANTHROPIC}: conventions: {{proration: actual}}"
    )
    assert settle["as the file says"] is None
    assert settle["180-day-lease"].startswith(f"below termination, {ANTHROPIC}:")
    assert settle["180-day-lease"].endswith(": lock_out: 2026-10-30")
    assert settle["nearly-45bn"].endswith(": discount: 60%")


def test_the_line_to_write_stands_by_itself(ask: Command) -> None:
    text = " ".join(ask.output(GOOGLE).split())
    assert (
        "write `lock_out_bars: notice` below termination, google-spacex.yaml:18; as ending, "
        in text
    )
    assert "as ending, `lock_out_bars: ending`" in text


def test_the_words_settle_it(ask: Command, file: Ask) -> None:
    # Put into the file as they are, they take the question away.
    text = as_yaml(MODEL)
    settle = question(ask.asked(file(text)), "notice_day")["answers"][1]["settle"]
    words = settle.partition(".yaml: ")[2]
    assert words == "conventions: {notice_day: included}"
    found = ask.asked(file(f"{text}{words}\n"))
    assert "notice_day" not in str(found["questions"])
    assert found["firm"]["low"] == money("2,419,354,838.71")


# --- readings that meet ---------------------------------------------------------------------------


def with_cases(*sets: Node) -> Node:
    cases = {f"reading-{i}": {"set": one, "source": "made up"} for i, one in enumerate(sets)}
    said = {"proration": "actual", "notice_day": "excluded"}
    return MODEL | {"cases": cases, "conventions": said}


def test_readings_of_the_same_term_are_one_question() -> None:
    # The first two are about the notice and the fee, the third joins them, the fourth stands alone.
    node = with_cases(
        {"termination.0.notice": "60 days"},
        {"termination.fee": "1bn"},
        {"termination.notice": "30 days", "termination.fee": "2bn"},
        {"charges.compute.price": "1bn per month"},
    )
    found = ambiguity(Varied(scenario(node)))
    cases = [[answer.case for answer in question.answers] for question in found.questions]
    assert sorted(cases, key=len) == [
        [None, "reading-3"],
        [None, "reading-0", "reading-1", "reading-2"],
    ]
    assert len(found.readings) == 8


def test_a_reading_that_is_not_possible_together_is_left_out(ask: Command, file: Ask) -> None:
    # Each is possible alone; without the charge `extra` its price cannot be read otherwise.
    node = with_cases({"charges.compute": "none"}, {"charges.extra.capacity": "compute"})
    charges = {**MODEL["charges"], "extra": {"price": "1m per month"}}
    name = file(as_yaml(node | {"charges": charges}))
    found = ask.asked(name)
    assert found["readings"] == 3
    assert found["total"] == {"low": money("37e6"), "high": money("45,037,000,000")}
    assert "1 combination is not possible" in " ".join(ask.output(name).split())


def test_many_readings_do_not_blow_up(ask: Command, file: Ask) -> None:
    # 2^20 combinations are not run; each of the 20 questions is, by itself.
    charges = {f"c{i}": {"price": "1m per month"} for i in range(20)}
    node = simple("1m per month", "2026-01", "2026-12") | {"charges": charges}
    node["cases"] = {
        f"r{i}": {"set": {f"charges.c{i}.price": "2m per month"}, "source": "made up"}
        for i in range(20)
    }
    name = file(as_yaml(node))
    found = ask.asked(name)
    # One price doubled: 240m + 12m.
    assert found["total"] == {"low": money("240e6"), "high": money("252e6")}
    assert "each question is asked by itself" in " ".join(ask.output(name).split())


def test_a_notice_that_the_case_may_not_give_is_refused(ask: Command) -> None:
    message = ask.refusal(ANTHROPIC, "--case", "anthropic-leaves", "--set", "termination=none")
    assert "the buyer has no right to end this deal early" in message


def test_a_notice_that_a_reading_bars(ask: Command, file: Ask) -> None:
    # The case gives notice inside the lock-out if that bars notice; barring an end, it does not.
    right = {
        "by": "either",
        "notice": "90 days",
        "lock_out": "2026-08-03",
        "lock_out_bars": "ending",
    }
    node = MODEL | {"termination": {k: v for k, v in right.items() if k != "lock_out_bars"}}
    node["cases"] = {"leaves": {"notice": "2026-06-01"}}
    name = file(as_yaml(node))
    assert "is barred by the lock-out" in ask.refusal(name, "--case", "leaves")
    node["termination"] = right
    assert ask.asked(file(as_yaml(node)), "--case", "leaves")["readings"] == 6


def test_a_notice_that_only_some_readings_bar(ask: Command, file: Ask) -> None:
    # Without days of notice, one on 3 August ends service on the 2nd if its day counts, which is
    # barred if the lock-out bars an end before the 3rd: that is one of four, by 3 prorations.
    right = {"by": "either", "notice": "0 days", "lock_out": "2026-08-03"}
    node = MODEL | {"termination": right, "cases": {"leaves": {"notice": "2026-08-03"}}}
    name = file(as_yaml(node))
    assert ask.asked(name, "--case", "leaves")["readings"] == 9
    assert "3 combinations are not possible" in ask.output(name, "--case", "leaves")


# --- against the oracle ---------------------------------------------------------------------------

WORDS = {
    "proration": ("actual", "30/360", "whole-month"),
    "notice_day": ("excluded", "included"),
}


def standing(node: Node) -> tuple[Fraction, Fraction, date]:
    """Total, and at signing what is firm and the earliest exit, day by day."""
    oracle = Oracle(node)
    at = oracle.at_signing()
    return Fraction(oracle.contract_value), Fraction(at.firm), at.earliest_exit


def unsettled(rng: Random) -> tuple[Node, list[Node]]:
    """A random deal that settles no convention, and its rights; no sum is spread by weight."""
    while True:
        node = random_deal(rng)
        if all("in total" not in charge["price"] for charge in node["charges"].values()):
            break
    node.pop("conventions", None)
    said = node.get("termination", [])
    rights = [said] if isinstance(said, dict) else said
    for right in rights:
        right.pop("lock_out_bars", None)
    return node, rights


def answers_to(rights: list[Node]) -> Iterator[Node]:
    """Every way to say how days count and what each lock-out bars."""
    barred = [index for index, right in enumerate(rights) if "lock_out" in right]
    notice_days = WORDS["notice_day"] if rights else ("excluded",)
    for proration, notice_day in product(WORDS["proration"], notice_days):
        for bars in product(("notice", "ending"), repeat=len(barred)):
            said = [dict(right) for right in rights]
            for index, word in zip(barred, bars, strict=True):
                said[index]["lock_out_bars"] = word
            conventions = {"proration": proration, "notice_day": notice_day}
            yield {"conventions": conventions} | ({"termination": said} if said else {})


@pytest.mark.parametrize("seed", some(7, range(20)))
def test_conventions_against_the_oracle(seed: int) -> None:
    # Where the file does not say who may leave, nobody may, or either party on 90 days' notice.
    node, rights = unsettled(Random(seed))
    expected = set()
    for said in [rights] if rights else [[], [{"by": "either", "notice": "90 days"}]]:
        expected |= {standing(node | answered) for answered in answers_to(said)}
    found = ambiguity(Varied(scenario(node)))
    assert {(one.total, one.firm, one.earliest_exit) for one in found.readings} == expected


# --- forms ----------------------------------------------------------------------------------------

EXAMPLES = {
    "model": [ANTHROPIC],
    "google": [GOOGLE],
    "case": [ANTHROPIC, "--case", "180-day-lease"],
}


@pytest.mark.parametrize(("name", "form"), [*product(EXAMPLES, ("table", "json")), ("case", "csv")])
def test_output(ask: Command, pinned: Ask, name: str, form: str) -> None:
    ending = {"table": "txt"}.get(form, form)
    pinned(f"contracts/ambiguity-{name}.{ending}", ask.output(*EXAMPLES[name], "-f", form))


def test_csv_has_a_row_for_each_answer(ask: Command) -> None:
    rows = ask.output(GOOGLE, "-f", "csv").splitlines()
    assert rows[0] == "question,spread,answer,total,firm,earliest_exit,case,settle,reason"
    assert len(rows) == 1 + 2 + 2 + 3 + 2
    assert Decimal(rows[1].split(",")[3]) == money("30.36e9")

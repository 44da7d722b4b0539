"""`dealcalc solve`: which value of a term makes a claim true."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise, product
from pathlib import Path
from random import Random
from typing import Any

import pytest
from commands import ANTHROPIC, EVERY_TERM, GOOGLE, Ask, Command
from effort import some
from oracle import Oracle
from random_deals import as_yaml, random_deal
from small_deals import money, scenario, simple

from dealcalc.cli import run
from dealcalc.figures.claims import statement
from dealcalc.loading.problems import Refused
from dealcalc.questions.solve import Search, Solution, searched
from dealcalc.questions.solve import solve as solved
from dealcalc.questions.varied import Varied

DISCOUNT = "charges.compute.ramp.0.discount"
PRICE = "charges.compute.price"


@pytest.fixture
def solve(capsysbinary: pytest.CaptureFixture[bytes]) -> Command:
    return Command("solve", capsysbinary)


# 36 prices of 1,111,083,333.333... are 39.999bn; one day of notice more is 1.25bn / 31 = 40.32m.
SENTENCES = {
    "exact": (["total = 39.999bn", PRICE], "total is 39.999bn USD", "39.999   true"),
    "above": (
        ["total > 39.999bn", PRICE],
        "here 39,999,000,000.01 USD",
        "39,999,000,000.01   true",
    ),
    "far-above": (["total > 39.999bn", "notice"], "here 40.000bn USD", "40,000.00   true"),
    # 27,016,129,032.26 of 45bn.
    "share": (["earned share >= 60%", "notice"], "here 60.035842%", "60.035842%     true"),
}  # fmt: skip


@pytest.mark.parametrize("name", SENTENCES)
def test_no_sentence_is_belied_by_rounding(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    (claim, path), sentence, row = SENTENCES[name]
    assert run(["solve", ANTHROPIC, claim, "--vary", path]) == 0
    text = capsys.readouterr().out
    assert sentence in " ".join(text.split())
    assert row in text


# --- verdicts -------------------------------------------------------------------------------------

# Two months at half price and 35 in full: the total is 46.25bn less 2.5bn times the discount.
SOLVED = {
    # (46.25 - 45) / 2.5
    "the-discount": (["total = 45bn", "--vary", DISCOUNT], "exact", "50%"),
    # (46.25bn - 44,123,456,789) / 2.5bn = 0.8506172844
    "many-digits": (["total = 44123456789", "--vary", DISCOUNT], "exact", "85.06172844%"),
    # 46.25bn - 44bn is 90% of 2.5bn, and that gives 44bn, not more.
    "the-last": (["total > 44bn", "--vary", DISCOUNT], "last", "89.999999%"),
    "the-last-with-it": (["total >= 44bn", "--vary", DISCOUNT], "last", "90%"),
    "the-first": (["total < 44bn", "--vary", DISCOUNT], "first", "90.000001%"),
    # 1% of 45bn is 450m: 45.45bn is at 32%, 44.55bn at 68%.
    "within": (["total ~ 45bn within 1%", "--vary", DISCOUNT], "first", "32%"),
    "two-free-months": (["total > 40bn", "--vary", DISCOUNT], "always", None),
    "no-such-discount": (["total > 50bn", "--vary", DISCOUNT], "never", None),
    "it-does-not-matter": (["months = 37", "--vary", DISCOUNT], "always", None),
    "notice": (["total > 40bn", "--vary", "notice"], "first", "2028-11-03"),
    "notice-exactly": (["total = 40bn", "--vary", "notice"], "exact", "2028-11-02"),
    "notice-never-exactly": (["total = 40000000001", "--vary", "notice"], "never", None),
    "the-latest-notice": (["total < 40bn", "--vary", "notice"], "last", "2028-11-01"),
    # 90 days before the last day of August 2028.
    "a-last-day": (["last day <= 2028-08-31", "--vary", "notice"], "last", "2028-06-02"),
    "notice-between": (["total > 40bn", "--vary", "notice=2028-11-10:2029-01-01"], "always", None),
    # 41 months, two of them at half price, are 50bn, and end in September 2029.
    "a-month": (["total > 50bn", "--vary", "term.through"], "first", "2029-10"),
    # The total is 36 prices, 2 x 1/2 + 35: 50.4bn / 36.
    "a-price": (["total = 50.4bn", "--vary", PRICE], "exact", "1.4bn per month"),
    # 31 + 28 + 31 + 30 days from 1 January are four months.
    "a-span": (["firm on 2026-12-31 >= 5bn", "--vary", "termination.notice"], "first", "120 days"),
    # 1.25bn x 12 / 250 MW is 60m; the capacity is a list in the file, the first of it in MW.
    "a-capacity": (
        ["price per MW-year = 60m", "--vary", "charges.compute.capacity.0"],
        "exact",
        "250 MW",
    ),
    # Each month of the ramp takes off 0.625bn: 46.25bn less three of them.
    "a-count": (["total < 45bn", "--vary", "charges.compute.ramp.0.months"], "first", "3"),
}


@pytest.mark.parametrize("name", SOLVED)
def test_the_model_deal(solve: Command, name: str) -> None:
    arguments, verdict, answer = SOLVED[name]
    found = solve.asked(ANTHROPIC, *arguments)
    assert found["format"] == "dealcalc/solve/1"
    assert (found["vary"], found["claim"]) == (arguments[2].split("=")[0], arguments[0])
    assert (found["verdict"], found["answer"]) == (verdict, answer)


def test_a_stretch_has_two_ends(solve: Command) -> None:
    found = solve.asked(ANTHROPIC, "total ~ 45bn within 1%", "--vary", DISCOUNT)
    assert (found["answer"], found["until"]) == ("32%", "68%")


STRETCHES = {
    # The file's right ends it 90 days after notice: 12 months are those that end in April 2027, the
    # 1st to the 30th, so notice from 1 to 30 January.
    "days": (["months = 12", "--vary", "notice"], "2027-01-01", "2027-01-01", "2027-01-30"),
    # The case gives notice on 15 March; 14 months end in June: notice from 3 March to 1 April.
    "its-own-day": (
        ["months = 14", "--vary", "notice", "--case", "anthropic-leaves"],
        *("2027-03-15", "2027-03-03", "2027-04-01"),
    ),
    # 15 March and so many days lie in June from the 78th to the 107th; the file has 90.
    "its-own-span": (
        ["months = 14", "--vary", "termination.notice", "--case", "anthropic-leaves"],
        *("90 days", "78 days", "107 days"),
    ),
    # To the cent, 50.000000000000001% is half price too: that is no stretch.
    "rounding": (["total = 45bn", "--vary", DISCOUNT], "50%", None, None),
    "one-day": (["total = 40bn", "--vary", "notice"], "2028-11-02", None, None),
}


@pytest.mark.parametrize("name", STRETCHES)
def test_an_equality_that_holds_on_a_stretch(solve: Command, name: str) -> None:
    arguments, answer, since, until = STRETCHES[name]
    found = solve.asked(ANTHROPIC, *arguments)
    assert (found["verdict"], found["answer"]) == ("exact", answer)
    assert (found["since"], found["until"]) == (since, until)


@pytest.mark.parametrize(
    ("own", "answer"),
    [
        ("20m", "20m"),  # as short as any that will do
        ("20.5m", "10m"),  # longer than the shortest
        ("2m", "10m"),  # not among them
    ],
)
def test_the_files_own_value_is_the_answer_if_it_is_as_short(
    solve: Command, file: Ask, own: str, answer: str
) -> None:
    # Notice on 31 January ends on 28 February: 1m and the fee are firm, but never more than the
    # 11m that staying costs. So any fee from 10m on will do, less the half cent that rounds up.
    right = {"by": "buyer", "notice": "1 month", "fee": own}
    name = file(as_yaml(simple("1m per month", "2026-01", "2026-12", termination=right)))
    arguments = ("firm on 2026-01-31 = 11m", "--vary", "termination.fee=1m:25m")
    found = solve.asked(name, *arguments)
    assert (found["verdict"], found["answer"]) == ("exact", answer)
    assert (found["since"], found["until"]) == ("9999999.995", "25m")


def test_the_figures_beside_it(solve: Command) -> None:
    # 2029-02-01 is the first day beyond 40bn: 1.25bn / 28 more.
    found = solve.asked(ANTHROPIC, "total > 40bn", "--vary", "notice")
    assert found["points"] == [
        {"value": "2026-05-03", "figure": money("2,540,322,580.65"), "holds": False},
        {"value": "2028-11-02", "figure": money("40e9"), "holds": False},
        {"value": "2028-11-03", "figure": money("40,044,642,857.14"), "holds": True},
        {"value": "2029-05-31", "figure": money("45e9"), "holds": True},
    ]


def test_months_of_notice_are_all_their_days(solve: Command) -> None:
    found = solve.asked(ANTHROPIC, "total > 40bn", "--vary", "notice=2028-10:2028-11")
    assert (found["from"], found["to"]) == ("2028-10-01", "2028-11-30")
    assert found["answer"] == "2028-11-03"


def test_who_gives_notice(solve: Command) -> None:
    found = {
        by: solve.asked(EVERY_TERM, "last day >= 2029-01-01", "--vary", "notice", "--by", by)
        for by in ("buyer", "seller")
    }
    # Six months with the day of notice as the first: 2 July 2028 to 1 January.
    assert found["buyer"]["answer"] == "2028-07-02"
    # 180 days with the day of notice as the first: 6 July and 179 days more.
    assert found["seller"]["answer"] == "2028-07-06"


def test_a_case_is_laid_on_first(solve: Command) -> None:
    found = solve.asked(
        *(ANTHROPIC, "total >= 16.25bn", "--case", "anthropic-leaves"),
        *("--vary", "termination.notice"),
    )
    # 8.75bn + 6 x 1.25bn = 16.25bn needs service through 30 June: 107 days after 15 March.
    assert (found["verdict"], found["answer"]) == ("first", "107 days")


# --- sentences ------------------------------------------------------------------------------------

SAYS = {
    "always": (["total > 40bn", "--vary", DISCOUNT], "100% still gives 43,750,000,000.00 USD"),
    "always-less": (["total < 50bn", "--vary", DISCOUNT], "0% still gives 46,250,000,000.00 USD"),
    "never": (["total > 50bn", "--vary", DISCOUNT], "even 0% gives 46,250,000,000.00 USD"),
    "never-less": (["total < 40bn", "--vary", DISCOUNT], "even 100% gives 43,750,000,000.00 USD"),
    "a-gap": (
        ["total = 40000000001", "--vary", "notice"],
        "2028-11-02 gives 40,000,000,000.00 USD and 2028-11-03 gives 40,044,642,857.14 USD",
    ),
    "a-day-earlier": (
        ["total > 40bn", "--vary", "notice"],
        "2028-11-02 gives 40,000,000,000.00 USD",
    ),
    "exact": (["total = 45bn", "--vary", DISCOUNT], "total is 45,000,000,000.00 USD"),
    "a-date": (["last day < 2026-01-01", "--vary", "notice"], "even 2026-05-03 gives 2026-08-01"),
    "a-stretch": (
        ["months = 12", "--vary", "notice"],
        "months is 12; it is so from 2027-01-01 until 2027-01-30",
    ),
    "searched": (["total > 40bn", "--vary", DISCOUNT], f"Searched: {DISCOUNT} from 0% to 100%"),
}


@pytest.mark.parametrize("name", SAYS)
def test_it_is_said(solve: Command, name: str) -> None:
    arguments, says = SAYS[name]
    assert says in " ".join(solve.output(ANTHROPIC, *arguments, "--unit", "1").split())


# --- the line for the file ------------------------------------------------------------------------


def test_the_line_to_put_into_the_file(solve: Command) -> None:
    lines = Path(ANTHROPIC).read_text(encoding="utf-8").splitlines()
    put = solve.asked(ANTHROPIC, "total = 45.25bn", "--vary", DISCOUNT)["line"]
    assert (put["text"], put["file"]) == ("discount: 40%", ANTHROPIC)
    assert "discount: 50%" in lines[put["line"] - 1]


def test_a_line_that_the_file_lacks(solve: Command) -> None:
    # 15,541,666,666.67 and a fee of 458,333,333.33 make 16bn.
    arguments = ("--case", "anthropic-leaves", "--vary", "termination.fee=0:1bn")
    found = solve.asked(ANTHROPIC, "total = 16bn", *arguments)
    assert found["answer"] == "458333333.33"
    assert found["line"]["text"] == "fee: 458333333.33"
    assert found["line"]["where"].startswith("below termination, ")


def test_a_value_of_the_command_line_is_not_in_the_file(solve: Command) -> None:
    arguments = ("--set", f"{DISCOUNT}=10%", "--vary", DISCOUNT)
    put = solve.asked(ANTHROPIC, "total = 45bn", *arguments)["line"]
    assert (put["text"], put["file"]) == ("discount: 50%", ANTHROPIC)


def test_a_notice_belongs_to_a_case(solve: Command) -> None:
    lines = Path(ANTHROPIC).read_text(encoding="utf-8").splitlines()
    arguments = (ANTHROPIC, "total > 40bn", "--vary", "notice")
    new = solve.asked(*arguments)["line"]
    assert (new["text"], new["file"]) == ("NAME: {notice: 2028-11-03}", ANTHROPIC)
    assert lines[new["line"] - 1] == "cases:"
    assert new["where"].startswith("below cases, ")
    by = solve.asked(*arguments, "--by", "seller")["line"]
    assert by["text"] == "NAME: {notice: 2028-11-03, by: seller}"
    its_own = solve.asked(*arguments, "--case", "anthropic-leaves")["line"]
    assert its_own["text"] == "notice: 2028-11-03"
    assert "notice: 2027-03-15" in lines[its_own["line"] - 1]


def test_a_case_for_a_notice_in_a_file_without_any(solve: Command, file: Ask, model: str) -> None:
    put = solve.asked(file(model), "total > 40bn", "--vary", "notice")["line"]
    assert put["text"] == "cases: {NAME: {notice: 2028-11-03}}"
    assert put["where"].startswith("at the top level of ")
    assert put.keys() == {"text", "where", "file", "line"}


# --- refusals -------------------------------------------------------------------------------------

REFUSED = {
    "no-claim": (["total", "--vary", DISCOUNT], "this is not a claim"),
    "cannot-fail": (["earned share >= 0%", "--vary", DISCOUNT], "cannot fail"),
    "no-path": (["total > 1", "--vary", "charges.compute.prise"], "did you mean `price`?"),
    "not-there": (["total > 1", "--vary", "termination.fee"], "say --vary termination.fee=FROM:TO"),
    "no-number": (["total > 1", "--vary", "currency"], "does not begin with a number"),
    "one-end": (["total > 1", "--vary", f"{DISCOUNT}=10%"], "does not begin with a number"),
    "downwards": (["total > 1", "--vary", f"{DISCOUNT}=10%:5%"], "nothing lies between"),
    "impossible": (
        ["total > 1", "--vary", f"{DISCOUNT}=0%:200%"],
        "200% is outside 0% to 100%",
    ),
    "no-MW": (["price per rack-month > 1", "--vary", DISCOUNT], "has a capacity in rack"),
    "nobody-leaves": (["total > 1", "--vary", DISCOUNT, "--by", "buyer"], "nobody gives notice"),
    "no-right": (
        ["total > 1", "--vary", "notice", "--set", "termination=none"],
        "nobody may give notice",
    ),
    "barred": (
        ["total > 1", "--vary", "notice=2026-04-01:2027-01-01"],
        "notice = 2026-04-01 is not possible",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_command_line_is_refused(solve: Command, name: str) -> None:
    arguments, message = REFUSED[name]
    assert message in solve.refusal(ANTHROPIC, *arguments)


def test_a_bound_that_is_not_possible_is_named(solve: Command) -> None:
    message = solve.refusal(ANTHROPIC, "total > 1", "--vary", f"{DISCOUNT}=0%:200%")
    assert f"{DISCOUNT} = 200% is not possible" in message
    assert f"--vary {DISCOUNT}=FROM:TO" in message


def test_a_party_without_a_right(solve: Command, file: Ask) -> None:
    node = simple(
        "1m per month", "2026-01", "2026-12", termination={"by": "buyer", "notice": "9 days"}
    )
    message = solve.refusal(file(as_yaml(node)), "total > 1", "--vary", "notice", "--by", "seller")
    assert "the seller may not give notice" in message


def test_rising_and_falling_is_refused(solve: Command, file: Ask) -> None:
    # 2026, a million a month, and 3 months' price to leave: notice on 1 December (30 days, so the
    # 31st) changes nothing and costs nothing, one on 30 November ends on the 30th with the fee.
    right = {"by": "buyer", "notice": "30 days", "fee": "3 months"}
    name = file(as_yaml(simple("1m per month", "2026-01", "2026-12", termination=right)))
    message = solve.refusal(name, "total > 13m", "--vary", "notice")
    assert "[not-monotonic]" in message
    assert "total rises until notice = 2026-11-30 and falls beyond" in message
    # On the side that it names: 10m by 31 October, so 13m and the first day of November.
    found = solve.asked(name, "total > 13m", "--vary", "notice=2026-01-01:2026-11-30")
    assert found["answer"] == "2026-10-02"  # + 30 days is 1 November


def test_values_at_the_ends_that_the_deal_cannot_have_are_left_out(
    solve: Command, file: Ask
) -> None:
    # The second charge starts in month 7, so the term must last at least until it has a day there.
    charges = {
        "a": {"price": "1m per month"},
        "b": {"price": "1m per month", "start": "2026-07"},
    }
    node: dict[str, Any] = {
        "currency": "USD",
        "term": {"start": "2026-01", "months": "12"},
        "charges": charges,
    }
    found = solve.asked(file(as_yaml(node)), "total >= 10m", "--vary", "term.months")
    assert found["from"] == "7"
    # 8 months and 2 of the second charge.
    assert (found["verdict"], found["answer"]) == ("first", "8")


def test_a_rate_has_four_decimals(solve: Command, file: Ask) -> None:
    charge = {"price": "1m per month", "escalator": {"rate": "3%", "every": "12 months"}}
    name = file(as_yaml(simple(charge, "2026-01", "2027-12")))
    # 12m + 12m x (1 + r) > 24.5m where r > 4.166666...%
    found = solve.asked(name, "total > 24.5m", "--vary", "charges.only.escalator.rate")
    assert found["answer"] == "4.1667%"


# --- against a search of every day ----------------------------------------------------------------


def found(seed: int, claim: str, by: str) -> Solution | str:
    """The answer over the notice of a party in a random deal, or the code of the refusal."""
    deal = Varied(scenario(random_deal(Random(seed))), ["notice"], by)
    try:
        asked = statement(claim)
        return solved(Search(deal, "notice", searched(deal, "notice", "", asked), asked))
    except Refused as refused:
        return refused.problems[0].code


@pytest.mark.parametrize("seed", some(10, range(60)))
def test_notice_against_every_day(seed: int) -> None:
    oracle = Oracle(random_deal(Random(seed)))
    half = oracle.contract_value / 2 + Decimal(1)
    for by, days in oracle.permitted.items():
        totals = [oracle.terminate(day, by).total for day in days]
        answer = found(seed, f"total > {half:f}", by)
        steps = [b - a for a, b in pairwise(totals)]
        if days and len(days) <= (days[-1] - days[0]).days:
            continue  # between two rights there are days on which none may be used
        if len(days) < 2:
            assert answer in ("notice", "command-line")
        elif min(steps) < 0 < max(steps):
            assert answer == "not-monotonic"
        else:
            assert isinstance(answer, Solution)
            true = [day for day, total in zip(days, totals, strict=True) if total > half]
            ends = {
                "always": len(true) == len(days),
                "never": not true,
                "first": bool(true) and true[-1] == days[-1],
                "last": bool(true) and true[0] == days[0],
            }
            assert ends[answer.verdict]
            if answer.answer:
                edge = true[0] if answer.verdict == "first" else true[-1]
                assert answer.answer.value == edge.isoformat()


# --- forms ----------------------------------------------------------------------------------------

EXAMPLES = {
    "discount": [ANTHROPIC, "total = 45bn", "--vary", DISCOUNT],
    "notice": [ANTHROPIC, "total > 40bn", "--vary", "notice"],
    "always": [ANTHROPIC, "total > 40bn", "--vary", DISCOUNT],
    "lock-out": [GOOGLE, "firm on 2026-06-04 < 4bn", "--vary", "termination.lock_out"],
}


@pytest.mark.parametrize(
    ("name", "form"), [*product(EXAMPLES, ("table", "json")), ("notice", "csv")]
)
def test_output(solve: Command, pinned: Ask, name: str, form: str) -> None:
    ending = {"table": "txt"}.get(form, form)
    pinned(f"contracts/solve-{name}.{ending}", solve.output(*EXAMPLES[name], "-f", form))


# --- several terms at once ------------------------------------------------------------------------

PATTERN = """\
deal: Northgate
seller: Example Halls
buyer: Example Lab
currency: EUR
term: {start: 2026-01, months: 10}
charges:
  hall-1: {price: 1m per month}
  hall-2: {price: 2m per month}
  power: {price: 5m per month}
"""


def test_one_value_for_several_terms(solve: Command, file: Ask) -> None:
    # 10 x (2 x p + 5m) = 90m
    asked = file(PATTERN), "total = 90m", "--vary", "charges.hall-*.price=1m:9m"
    found = solve.asked(*asked)
    assert (found["answer"], found["line"]) == ("2m per month", None)
    assert "--set 'charges.hall-*.price=2m per month'" in solve.output(*asked)


def test_terms_of_different_values_are_searched_where_it_is_said(solve: Command, file: Ask) -> None:
    text = solve.refusal(file(PATTERN), "total = 90m", "--vary", "charges.hall-*.price")
    assert "these terms have different values" in text
    assert "--vary charges.hall-*.price=FROM:TO" in text
    alike = solve.asked(
        *(file(PATTERN), "total = 90m", "--vary", "charges.hall-*.price"),
        *("--set", "charges.hall-*.price=1m per month"),
    )
    assert alike["answer"] == "2m per month"

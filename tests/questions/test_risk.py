"""`dealcalc risk`, against a walk over every month in which somebody might leave."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

import pytest
from commands import ANTHROPIC, EVERY_TERM, FROM_MAY, GOOGLE, Ask, Command
from effort import some
from oracle import Oracle, every_day
from random_deals import as_yaml, random_deal
from small_deals import MODEL, day, model, money, scenario, simple

from dealcalc.core import Priced
from dealcalc.questions.risk import DECIMALS, Distribution, cut, hazards, outcomes
from dealcalc.terms.values import half_up

Node = dict[str, Any]
Outcomes = list[tuple[Fraction, date, Decimal]]
"""Chance, last day and total of every way a deal may run."""

DAY = timedelta(days=1)


@pytest.fixture
def risk(capsysbinary: pytest.CaptureFixture[bytes]) -> Command:
    return Command("risk", capsysbinary)


# --- the slow way ---------------------------------------------------------------------------------


def notices(oracle: Oracle, party: str | None) -> list[date]:
    """In each month the first day on which notice by a party, or by anybody, shortens the deal."""
    first: dict[str, date] = {}
    for notice in every_day(oracle.signed, oracle.through):
        for one in oracle.parties(party):
            permitted = notice in oracle.permitted[one]
            if permitted and oracle.leaving(notice, one).last_day < oracle.through:
                first.setdefault(f"{notice:%Y-%m}", notice)
    # nobody pays more to leave than to stay
    return sorted(day for day in first.values() if not costs_more(oracle, day, party))


def costs_more(oracle: Oracle, notice: date, party: str | None) -> bool:
    end = oracle.terminate(notice, party)
    return end.fee > end.forgone


def choices(days: list[date], chance: Fraction) -> Iterator[tuple[Fraction, date | None]]:
    """When notice comes, if it does: month after month a coin is thrown until it falls."""
    if not days:
        yield Fraction(1), None
        return
    yield chance, days[0]
    for later, when in choices(days[1:], chance):
        yield (1 - chance) * later, when


def in_all(oracle: Oracle, chance: Fraction) -> Outcomes:
    """One coin, whoever gives notice."""
    ways: Outcomes = []
    for likely, notice in choices(notices(oracle, None), chance):
        if notice is None:
            ways.append((likely, oracle.through, oracle.contract_value))
        else:
            end = oracle.terminate(notice)
            ways.append((likely, end.last_day, end.total))
    return ways


def apart(oracle: Oracle, buyer: Fraction, seller: Fraction) -> Outcomes:
    """A coin for each party; the exit that ends earlier counts, on one day the buyer's."""
    ways: Outcomes = []
    for chance, bought in choices(notices(oracle, "buyer"), buyer):
        for other, sold in choices(notices(oracle, "seller"), seller):
            ends = [
                oracle.terminate(notice, party)
                for notice, party in ((bought, "buyer"), (sold, "seller"))
                if notice
            ]
            if ends:
                end = min(ends, key=lambda one: one.last_day)  # the first of two that tie
                ways.append((chance * other, end.last_day, end.total))
            else:
                ways.append((chance * other, oracle.through, oracle.contract_value))
    return ways


def quick(node: Node, *texts: str) -> Distribution:
    return Distribution(outcomes(Priced(scenario(node).deal), None, hazards(texts)))


def agree(found: Distribution, ways: Outcomes) -> None:
    """Every figure of the distribution is that of the ways."""
    assert sum(chance for chance, _, _ in ways) == 1
    assert sum(one.weight for one in found.outcomes) == found.certain
    assert found.expected() == sum(chance * Fraction(total) for chance, _, total in ways)
    for share in (Fraction(5, 100), Fraction(1, 2), Fraction(95, 100)):
        totals = sorted({total for chance, _, total in ways if chance})
        reached = (
            total
            for total in totals
            if sum(chance for chance, _, other in ways if other <= total) >= share
        )
        assert found.quantile(share) == Fraction(next(reached))
    for last in {last for _, last, _ in ways}:
        lasts = sum(chance for chance, other, _ in ways if other >= last)
        assert 0 <= lasts - found.serves(last) < Fraction(1, 10**DECIMALS)


def small(rng: Random) -> Node:
    """A random deal of at most four years in which somebody may leave."""
    while True:
        node = random_deal(rng)
        oracle = Oracle(node)
        if oracle.rights and (oracle.through - oracle.start).days < 1500:
            return node


@pytest.mark.parametrize("seed", some(8, range(25)))
def test_a_hazard_in_all(seed: int) -> None:
    node = small(Random(seed))
    agree(quick(node, "3.7% per month"), in_all(Oracle(node), Fraction(37, 1000)))


@pytest.mark.parametrize("seed", some(8, range(25)))
def test_one_party_leaves(seed: int) -> None:
    node = small(Random(seed))
    oracle = Oracle(node)
    for party in oracle.permitted:
        chances = {"buyer": Fraction(0), "seller": Fraction(0)} | {party: Fraction(1, 8)}
        ways = [
            (
                chance,
                *(
                    (end.last_day, end.total)
                    if (end := ended)
                    else (oracle.through, oracle.contract_value)
                ),
            )
            for chance, notice in choices(notices(oracle, party), chances[party])
            for ended in [oracle.terminate(notice, party) if notice else None]
        ]
        agree(quick(node, f"{party} 12.5% per month"), ways)


@pytest.mark.parametrize("seed", some(8, range(40)))
def test_both_parties_leave(seed: int) -> None:
    rng = Random(seed)
    node = small(rng)
    while len(Oracle(node).permitted) < 2 or len(notices(Oracle(node), None)) > 20:
        node = small(rng)
    found = quick(node, "buyer 4% per month", "seller 9% per month")
    agree(found, apart(Oracle(node), Fraction(1, 25), Fraction(9, 100)))


def test_both_leave_with_fees_and_a_lock_out() -> None:
    # The seller's notice is longer, so some notices of either end on the same day.
    rights = [
        {"by": "buyer", "notice": "1 month", "fee": "2 months", "lock_out": "3 months"},
        {"by": "seller", "notice": "3 months", "fee": "25% of remaining"},
    ]
    node = simple("1m per month", "2026-01", "2027-06", termination=rights)
    found = quick(node, "buyer 10% per month", "seller 20% per month")
    agree(found, apart(Oracle(node), Fraction(1, 10), Fraction(1, 5)))
    assert {one.by for one in found.outcomes} == {"buyer", "seller", "either", None}


# --- by hand --------------------------------------------------------------------------------------

# Ten days' notice on the first of a month: January, February and March 2026 end on the 11th.
BRIEF = simple(
    "31k per month", "2026-01", "2026-03", termination={"by": "either", "notice": "10 days"}
)


def test_three_months_by_hand() -> None:
    # Notice on 1 January: 11 days x 1,000 = 11,000. On 1 February: 31,000 + 11/28 x 31,000 =
    # 43,178.57. On 1 March: 62,000 + 11,000 = 73,000. Nobody: 93,000. With a chance of a half each:
    # 1/2, 1/4, 1/8 and 1/8.
    found = quick(BRIEF, "50% per month")
    assert [(one.total, one.chance) for one in found.outcomes] == [
        (Fraction(11000), Fraction(1, 2)),
        (Fraction(4317857, 100), Fraction(1, 4)),
        (Fraction(73000), Fraction(1, 8)),
        (Fraction(93000), Fraction(1, 8)),
    ]
    # 5,500 + 10,794.6425 + 9,125 + 11,625
    assert found.expected() == Fraction("37044.6425")
    # A half reaches P50 exactly.
    assert found.quantile(Fraction(1, 2)) == 11000
    assert found.quantile(Fraction(51, 100)) == Fraction(4317857, 100)
    assert found.serves(day("2026-01-11")) == 1
    assert found.serves(day("2026-01-12")) == Fraction(1, 2)


def test_a_year_has_its_own_hazard() -> None:
    # Notice on 1 December 2026 with 50%, on 1 January 2027 with 10% of the other half.
    node = simple(
        *("1m per month", "2026-12", "2027-02"), termination={"by": "buyer", "notice": "5 days"}
    )
    found = quick(node, "10% per month", "50% per month in 2026")
    assert sorted(one.chance for one in found.outcomes) == [
        Fraction(45, 1000),  # 1 February 2027: 0.45 x 0.1
        Fraction(5, 100),
        Fraction(405, 1000),
        Fraction(1, 2),
    ]


def test_only_one_year_has_a_hazard() -> None:
    node = simple(
        *("1m per month", "2026-12", "2027-02"), termination={"by": "buyer", "notice": "5 days"}
    )
    found = quick(node, "50% per month in 2027")
    assert [one.chance for one in found.outcomes] == [
        Fraction(1, 2),
        Fraction(1, 4),
        Fraction(1, 4),
    ]


def test_certain_notice() -> None:
    # On the first day of all: 2 x 0.625bn + 30/31 x 1.25bn.
    found = quick(MODEL, "100% per month")
    assert [(one.total, one.chance) for one in found.outcomes] == [(Fraction("2459677419.35"), 1)]


def test_no_hazard_is_the_full_term() -> None:
    assert quick(MODEL, "0% per month").expected() == 45 * 10**9


def test_a_fee_is_in_the_total() -> None:
    # The buyer surely leaves on 1 May 2026, and pays three months' price of 1.25bn for it.
    found = quick(model(fee="3 months"), "buyer 100% per month")
    assert found.expected() == Fraction("6209677419.35")


def test_two_centuries_of_two_parties() -> None:
    # Each has its chance on the first of every month from January 1970 on; five days later, still
    # in that month, service ends. The last such day is 1 December 2199: 2,760 of them.
    node = simple(
        *("1m per month", "1970-01", "2199-12"), termination={"by": "either", "notice": "5 days"}
    )
    found = quick(node, "buyer 1% per month", "seller 2% per month")
    both_stay = Fraction(99, 100) * Fraction(98, 100)
    assert found.serves(date(1970, 1, 7)) == both_stay
    assert 0 <= both_stay**2760 - found.serves(date(2199, 12, 31)) < Fraction(1, 10**DECIMALS)
    assert sum(one.weight for one in found.outcomes) == found.certain


@pytest.mark.parametrize(
    ("part", "whole", "decimals"),
    [
        (5, 1000, 2),  # a half goes away from zero, and the cut leaves it a half
        (-5, 1000, 2),
        (5 * 10**80 - 1, 10**83, 2),  # just short of a half, on either side of zero
        (1 - 5 * 10**80, 10**83, 2),
        (5 * 10**80 + 1, 10**83, 2),
        (2, 3, 6),
    ],
)
def test_what_is_cut_rounds_as_if_it_were_whole(part: int, whole: int, decimals: int) -> None:
    exact = Fraction(part, whole)
    away = Fraction(1, 2) if exact > 0 else Fraction(-1, 2)
    assert half_up(cut(part, whole), decimals) == int(exact * 10**decimals + away)


# --- the command ----------------------------------------------------------------------------------


def test_the_model_deal(risk: Command) -> None:
    # The mean of 34 notices, on the first of May 2026 to February 2029 and on 1 March, that end
    # before 31 May 2029, and of the full term; worked by the walk above in test_the_walk.
    found = risk.asked(ANTHROPIC, *FROM_MAY, "--hazard", "2% per month")
    assert found["format"] == "dealcalc/risk/1"
    assert found["expected"] == money("32,925,190,590.36")
    # 1 - 0.98^3 is 5.88%, the first beyond 5%: notice on 1 July 2026, service until 29 September.
    assert found["p5"] == money("4,958,333,333.33")  # 1.25bn + 2.9666... x 1.25bn
    # 0.98^35 = 49.3% run to the end, so half is reached one notice before it.
    assert found["p50"] == money("44,959,677,419.35")  # 30 May 2029: 45bn less 1.25bn / 31
    assert found["p95"] == money("45e9")
    # More than 40bn is what nobody ends before 1 February 2029: 31 notices, May 2026 to November
    # 2028, leave 0.98^31 = 53.4575%.
    assert found["claims"][0] == {"claim": "total > 40bn", "probability": Decimal("0.534575")}


def test_the_walk_of_the_model_deal() -> None:
    found = quick(MODEL, "2% per month")
    agree(found, in_all(Oracle(MODEL), Fraction(1, 50)))
    assert round(found.expected(), 2) == Fraction("32925190590.36")


def test_by_is_whose_hazard_it_is(risk: Command) -> None:
    by = risk.asked(EVERY_TERM, "--hazard", "2% per month", "--by", "buyer")
    named = risk.asked(EVERY_TERM, "--hazard", "buyer 2% per month")
    assert by["outcomes"] == named["outcomes"]
    assert {one["by"] for one in by["outcomes"]} == {"buyer", None}


def test_the_notice_of_a_case_is_certain(risk: Command) -> None:
    # Notice in a month from May 2026 on ends service earlier than the case does, on 13 June 2027:
    # on 1 March 2027 it ends on 30 May, on 1 April too late. So 11 notices, and 0.5^11 for none.
    arguments = ("--case", "anthropic-leaves", "--hazard", "50% per month")
    found = risk.asked(ANTHROPIC, *FROM_MAY, *arguments)
    last = found["outcomes"][-1]
    assert len(found["outcomes"]) == 12
    assert (last["notice"], last["by"]) == ("2027-03-15", "buyer")
    assert (last["last_day"], last["total"]) == ("2027-06-13", money("15,541,666,666.67"))
    assert last["probability"] == Decimal("0.000488")  # 1 / 2048
    # Claims are those of the case.
    assert [claim["claim"] for claim in found["claims"]] == [
        "last day = 2027-06-13",
        "total = 15541666666.67",
    ]
    assert found["claims"][0]["probability"] == Decimal("0.000488")
    assert "is taken as certain" in " ".join(risk.output(ANTHROPIC, *arguments).split())


def test_an_exit_that_costs_more_than_staying_is_not_taken(risk: Command) -> None:
    # A fee of three months, 3.75bn: from notice on 30 November 2028 on less is forgone than that,
    # so nobody leaves in 2029, and 45bn are sure.
    asked = "--set", "termination.fee=3 months", "--by", "buyer", "--hazard", "5% per month in 2029"
    found = risk.asked(ANTHROPIC, *asked)
    assert found["expected"] == found["p95"] == money("45e9")
    assert [outcome["notice"] for outcome in found["outcomes"]] == [None]


@pytest.mark.parametrize("seed", some(8, range(40)))
def test_no_buyer_pays_more_to_leave_than_to_stay(seed: int) -> None:
    node = small(Random(seed))
    stays = Oracle(node).contract_value
    for one in quick(node, "20% per month").outcomes:
        fee = one.result.fee
        assert fee <= 0 or one.total <= stays


def test_settings(risk: Command) -> None:
    arguments = ("--hazard", "100% per month", "--set", "termination.notice=0 days")
    found = risk.asked(ANTHROPIC, *FROM_MAY, *arguments)
    assert found["expected"] == money("20,161,290.32")  # 1 May 2026: 0.625bn / 31


def test_the_survival_of_the_model_deal(risk: Command) -> None:
    survival = risk.asked(ANTHROPIC, *FROM_MAY, "--hazard", "2% per month")["survival"]
    months = {row["month"]: row["probability"] for row in survival}
    # The first notice, of 1 May 2026, ends service on 30 July.
    assert (months["2026-06"], months["2026-07"], months["2026-08"]) == (
        1,
        Decimal("0.98"),
        Decimal("0.9604"),
    )
    assert months["2029-05"] == Decimal("0.493075")  # 0.98^35


REFUSED = {
    "no-hazard": ([], "--hazard is missing"),
    "unread": (["--hazard", "2%"], "`2%` is not a hazard"),
    "nobody": (["--hazard", "tenant 2% per month"], "is not a hazard"),
    "too-much": (["--hazard", "101% per month"], "outside 0% to 100%"),
    "twice": (
        ["--hazard", "1% per month", "--hazard", "2% per month"],
        "two hazards cover the same months",
    ),
    "mixed": (
        ["--hazard", "1% per month", "--hazard", "buyer 2% per month"],
        "cannot be combined",
    ),
    "another": (["--hazard", "seller 1% per month", "--by", "buyer"], "remove --by"),
    "no-right": (
        ["--hazard", "seller 1% per month", "--set", "termination.by=buyer"],
        "the seller has no right to end this deal early",
    ),
    "no-rights": (
        ["--hazard", "1% per month", "--set", "termination=none"],
        "nobody has a right to end this deal early",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_command_line_is_refused(risk: Command, name: str) -> None:
    arguments, message = REFUSED[name]
    assert message in risk.refusal(ANTHROPIC, *arguments)


def test_a_claim_without_its_figure_has_its_place(risk: Command, file: Ask) -> None:
    text = as_yaml({**BRIEF, "claims": [{"claim": "price per MW-month > 1"}]})
    message = risk.refusal(file(text), "--hazard", "1% per month")
    assert "no recurring charge has a capacity in MW" in message
    assert "- claim: " in message


EXAMPLES = {
    "model": [ANTHROPIC, "--hazard", "2% per month"],
    "parties": [
        GOOGLE,
        "--hazard",
        "buyer 1% per month",
        "--hazard",
        "seller 3% per month in 2028",
    ],
}


@pytest.mark.parametrize(("name", "form"), [*product(EXAMPLES, ("table", "json"))])
def test_output(risk: Command, pinned: Ask, name: str, form: str) -> None:
    ending = {"table": "txt"}.get(form, form)
    pinned(f"contracts/risk-{name}.{ending}", risk.output(*EXAMPLES[name], "-f", form))

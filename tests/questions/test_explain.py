"""`dealcalc explain`: where a figure of the schedule comes from."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import product
from math import prod
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest
from commands import ANTHROPIC, EVERY_TERM, Ask, Command
from effort import some
from hypothesis import given
from oracle import DAY, Oracle
from random_deals import as_yaml, deals, random_deal
from small_deals import day, money, scenario, simple

from dealcalc import cli
from dealcalc.core import Priced
from dealcalc.loading.changes import leads_to
from dealcalc.loading.problems import Refused
from dealcalc.loading.scenario import Scenario
from dealcalc.questions.explain import Part, fee, parts
from dealcalc.reports.explain import ExplainReport
from dealcalc.reports.schedule import ScheduleReport
from dealcalc.terms.deal import LOCK_OUT_BARS, NOTICE_DAY, PRORATION
from dealcalc.terms.values import PERIODS_ALONE
from dealcalc.terms.words import PAYER

Node = dict[str, Any]


@pytest.fixture
def explain(capsysbinary: pytest.CaptureFixture[bytes]) -> Command:
    return Command("explain", capsysbinary)


def amount(there: Scenario, text: str, year_end: int = 12) -> Decimal:
    """What is explained, which its parts add up to."""
    report = ExplainReport(there, text, year_end)
    assert sum(part.amount for part in report.parts) == report.amount
    return report.amount


# --- every number of the schedule -----------------------------------------------------------------


def same_as_the_schedule(there: Scenario, year_end: int = 12) -> None:
    """Every month, quarter, year, running sum, charge and line is explained by its parts."""
    report = ScheduleReport(there, "quarter", year_end)
    for name in ("months", "quarters", "years"):
        for period in report.table(name).rows:
            assert amount(there, f"{period.name}", year_end) == period.revenue
            assert amount(there, f"through {period.name}", year_end) == period.cumulative
    assert amount(there, "total") == report.after["total"]
    lines: dict[tuple[str, str], Decimal] = {}
    for charge, start, _, _, _, booked, *_ in report.table("lines").cells():
        key = charge, f"{start:%Y-%m}"
        lines[key] = lines.get(key, Decimal(0)) + booked
    for (charge, month), booked in lines.items():
        assert amount(there, f"{charge} {month}") == booked
    for charge in there.deal.charges:
        of = sum((booked for (name, _), booked in lines.items() if name == charge), Decimal(0))
        assert amount(there, f"{charge} total") == of


@pytest.mark.parametrize("seed", some(8, range(25)))
def test_of_a_random_deal(seed: int) -> None:
    rng = Random(seed)
    same_as_the_schedule(scenario(random_deal(rng)), rng.choice([12, 12, 6, 3]))


@pytest.mark.parametrize("seed", some(8, range(25)))
def test_of_a_random_deal_that_ends_early(seed: int) -> None:
    rng = Random(seed)
    node = random_deal(rng)
    oracle = Oracle(node)
    for party, days in oracle.permitted.items():
        if days:
            case = {"notice": rng.choice(days).isoformat(), "by": party}
            same_as_the_schedule(scenario(node | {"cases": {"ends": case}}, "ends"))


def test_of_the_shipped_scenarios(shipped: Path) -> None:
    from dealcalc.figures.subject import load

    there = load(str(shipped))
    same_as_the_schedule(there)
    for name in there.deal.cases:
        same_as_the_schedule(load(str(shipped), name))


@pytest.mark.parametrize("seed", some(10, range(40)))
def test_firm_and_forgone(seed: int) -> None:
    rng = Random(seed)
    node = random_deal(rng)
    there, oracle = scenario(node), Oracle(node)
    at = oracle.at_signing()
    assert amount(there, "firm") == at.firm
    for party, days in oracle.permitted.items():
        if days:
            notice = rng.choice(days)
            case = {"notice": notice.isoformat(), "by": party}
            left = scenario(node | {"cases": {"ends": case}}, "ends")
            assert amount(left, "forgone") == oracle.terminate(notice, party).forgone


def test_nothing_is_forgone(explain: Command, file: Ask) -> None:
    # A month's notice on 15 December would end in January; the term ends on 31 December.
    right = {"by": "buyer", "notice": "1 month"}
    cases = {"late": {"notice": "2026-12-15"}}
    name = file(
        as_yaml(simple("1m per month", "2026-01", "2026-12", termination=right, cases=cases))
    )
    found = explain.asked(name, "forgone", "--case", "late")
    assert (found["amount"], found["parts"]) == (0, [])
    assert (found["start"], found["through"]) == (None, None)
    out = explain.output(name, "forgone", "--case", "late")
    assert "notice ends nothing before the term ends, on 2026-12-31" in out
    assert "Booked" not in out


def test_nothing_is_firm(explain: Command, file: Ask) -> None:
    # Without days of notice, and its own day counted, whoever leaves is out the day before.
    right, counted = {"by": "buyer", "notice": "0 days"}, {"notice_day": "included"}
    node = simple("1m per month", "2026-01", "2026-12", termination=right, conventions=counted)
    name = file(as_yaml(node))
    found = explain.asked(name, "firm")
    assert (found["amount"], found["parts"]) == (0, [])
    assert {one["path"] for one in found["inputs"]} >= {"termination.0.notice", "term.start"}
    assert "whoever leaves at once ends service on 2025-12-31" in explain.output(name, "firm")


# --- what a part says -----------------------------------------------------------------------------


def check(part: Part, places: int) -> None:
    """Its rate is the product of its factors; the exact amount is that times the weight."""
    product = prod((factor.value for factor in part.factors), start=Fraction(1))
    if part.rate is not None:
        assert part.rate == product
        assert part.exact == part.rate * part.weight
    else:
        assert (abs(part.exact) if part.charge == "fee" else part.exact) == product
    # A booked amount is a difference of two that are each rounded by at most a half.
    assert abs(part.exact - Fraction(part.amount)) <= Fraction(1, 10**places)


@given(deals())
def test_a_rate_is_the_product_of_its_factors(node: Node) -> None:
    book, oracle = Priced(scenario(node).deal), Oracle(node)
    found = list(parts(book, book.deal.first, book.last))
    for part in found:
        check(part, book.deal.places)
        exact = oracle.earned_exact(part.through, part.charge)
        before = oracle.earned_exact(
            part.start.fromordinal(part.start.toordinal() - 1), part.charge
        )
        assert part.exact == exact - before
    assert sum(part.amount for part in found) == oracle.contract_value


@pytest.mark.parametrize("seed", some(10, range(40)))
def test_a_fee_is_the_product_of_its_factors(seed: int) -> None:
    node = random_deal(Random(seed))
    book, oracle = Priced(scenario(node).deal), Oracle(node)
    for party, days in oracle.permitted.items():
        for notice in days[:: max(1, len(days) // 5)]:
            ended = book.terminate(notice, party)
            if ended.fee:
                part = fee(book, ended.exit)
                check(part, book.deal.places)
                assert part.amount == oracle.terminate(notice, party).fee


def test_a_month_with_everything(explain: Command) -> None:
    # 130 x 12,000 kW x 1.03 in the month of the first increase; no ramp any more.
    found = explain.asked(EVERY_TERM, "halls 2028-07")
    (part,) = found["parts"]
    assert part["how"] == "130 per kW-month x 12000 kW (12 MW) x (1 + 3%)^1"
    assert (part["rate"], part["weight"], part["amount"]) == (1606800, "1", money("1606800"))
    assert {one["path"] for one in part["inputs"]} >= {
        "charges.halls.price",
        "charges.halls.capacity",
        "charges.halls.escalator",
    }


HOW = {
    "halls 2027-01": "130 per kW-month x 12000 kW (12 MW) x (1 - 40%)",
    "halls 2027-04": "110 per kW-month x 12000 kW (12 MW)",
    "power 2027-01": "55 per MWh x 12 MW x 24 hours x 80% load",
    "gpus 2027-05": "2.1 per GPU-hour x 2000 GPU x 24 hours x 70% load",
    "storage 2028-02": "1.2m per MW-year x 0.5 MW (500 kW) / 12",
    "network 2027-01": "90k per quarter / 3",
    "support 2029-01": "600k per year / 12 x (1 + 2%)^2",
    "guards 2027-01": "2.5k per day",
    "fit-out 2027-01": "4.5m in total / 18 months",
    "connection 2027-01": "750k once",
}


@pytest.mark.parametrize("figure", HOW)
def test_how_a_rate_is_made(explain: Command, figure: str) -> None:
    (part,) = explain.asked(EVERY_TERM, figure)["parts"]
    assert part["how"] == HOW[figure]


def test_how_the_rate_of_a_period_is_made() -> None:
    # 2026-04: of 84 a quarter a third, of 84 a week a seventh for each day.
    made = {"month": "", "quarter": " / 3", "year": " / 12", "week": " / 7", "day": ""}
    assert {*made} == {*PERIODS_ALONE}
    for period, divided in made.items():
        priced = Priced(scenario(simple(f"84 per {period}", "2026-04", "2026-04")).deal)
        (part,) = parts(priced, day("2026-04-01"), day("2026-04-30"))
        assert " ".join(factor.text for factor in part.factors) == f"84 per {period}{divided}"


def test_a_part_of_a_month(explain: Command) -> None:
    # 13 of June's 30 days: 541,666,666.666... is booked as .67.
    found = explain.asked(ANTHROPIC, "2027-06", "--case", "anthropic-leaves")
    assert found["format"] == "dealcalc/explain/1"
    assert found["amount"] == money("541,666,666.67")
    (part,) = found["parts"]
    assert (part["weight"], part["exact"]) == ("13/30", "1625000000/3")
    assert (part["start"], part["through"]) == ("2027-06-01", "2027-06-13")


def test_a_change_on_the_last_day_is_a_part_of_its_own(explain: Command) -> None:
    # On 1 July 2026 the ramp is over: 2 x 0.625bn, and 1.25bn / 31.
    before, after = explain.asked(ANTHROPIC, "through 2026-07-01")["parts"]
    assert (before["through"], before["amount"]) == ("2026-06-30", money("1.25e9"))
    assert (after["start"], after["through"]) == ("2026-07-01", "2026-07-01")
    assert (after["how"], after["amount"]) == ("1.25bn per month", money("40,322,580.65"))


def test_nothing_is_said_of_rounding_where_there_is_none(explain: Command) -> None:
    assert "nothing is rounded" in explain.output(ANTHROPIC, "2026-06", "-v")
    left = explain.output(ANTHROPIC, "2027-06", "--case", "anthropic-leaves", "-v")
    assert "rounded half-up" in left


def test_the_fee_of_a_case(explain: Command) -> None:
    found = explain.asked(EVERY_TERM, "2028-09", "--case", "buyer-leaves")
    part = found["parts"][-1]
    assert part["charge"] == "fee"
    assert part["how"] == "3 months x 4,349,760, the monthly rates of the last day"
    paths = {one["path"] for one in part["inputs"]}
    assert {"termination.0.fee", "termination.0.by", "charges.power.price"} < paths
    # It is no part of the month's rates: it is paid once.
    assert "charges.connection.price" not in paths


# --- what is named, and what is not ---------------------------------------------------------------

NOT_PRICED = {"deal", "seller", "buyer", "currency"}
CHOICES = {
    "by": ("buyer", "seller", "either"),
    "paid_by": PAYER.choices,
    "proration": PRORATION.choices,
    "notice_day": NOTICE_DAY.choices,
    "lock_out_bars": LOCK_OUT_BARS.choices,
}


def leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every text of a file, by the keys and indices that lead to it."""
    if isinstance(value, str):
        yield path, value
        return
    for key, below in value.items() if isinstance(value, dict) else enumerate(value):
        yield from leaves(below, (*path, str(key)))


def with_text(value: Any, path: tuple[str, ...], text: str) -> Any:
    """The same file with another text at a path."""
    if not path:
        return text
    if isinstance(value, list):
        return [
            with_text(v, path[1:], text) if f"{i}" == path[0] else v for i, v in enumerate(value)
        ]
    return value | {path[0]: with_text(value[path[0]], path[1:], text)}


def nudges(key: str, text: str) -> Iterator[str]:
    """A term a little off: a day, a unit of its number, or another of its words."""
    if key in CHOICES:
        yield from (word for word in CHOICES[key] if word != text)
    elif match := re.fullmatch(r"([0-9]{4})-([0-9]{2})(-[0-9]{2})?", text):
        year, month = int(match[1]), int(match[2])
        last = monthrange(year, month)[1] if key == "through" else 1
        stands = day(text) if match[3] else date(year, month, last)
        yield from (f"{stands + timedelta(days)}" for days in (-1, 1))
    elif match := re.search("[0-9]+", text):
        for number in (int(match[0]) - 1, int(match[0]) + 1):
            yield f"{text[: match.start()]}{max(number, 0):0{len(match[0])}}{text[match.end() :]}"


class Explained(NamedTuple):
    """A figure, exact, and the terms that it is said to rest on."""

    exact: Fraction
    paths: frozenset[str]


def explained(node: Node, case: str | None, figures: list[str]) -> dict[str, Explained]:
    """The figures of a deal that it has; none where it is no deal."""
    found = {}
    for figure in figures:
        try:
            report = ExplainReport(scenario(node, case), figure)
        except Refused:
            continue
        inputs = [*report.exit_inputs, *(one for each in report.inputs.values() for one in each)]
        exact = sum((part.exact for part in report.parts), Fraction(0))
        found[figure] = Explained(exact, frozenset(one.path for one in inputs))
    return found


def is_named(path: str, *known: Explained) -> bool:
    return any(leads_to(name, path) for one in known for name in one.paths)


def kind_of_term(path: str) -> str:
    """A path without the names and numbers that a file chooses."""
    parts = path.split(".")
    free = {1} if parts[0] in ("charges", "cases") else set[int]()
    return ".".join(
        "*" if index in free else part
        for index, part in enumerate(parts)
        if not part.isdecimal() or index in free
    )


def random_exit(rng: Random, node: Node) -> tuple[Node, str | None]:
    """A deal, mostly with a case by which somebody leaves it."""
    permitted = {party: days for party, days in Oracle(node).permitted.items() if days}
    if not permitted or rng.random() < 0.3:
        return node, None
    party = rng.choice([*permitted])
    by = {"by": party} if rng.random() < 0.6 else {}
    case = {"notice": rng.choice(permitted[party]).isoformat(), **by}
    return node | {"cases": {"ends": case}}, "ends"


LEAVES_WITH_A_FEE: Node = {
    "currency": "USD",
    "term": {"start": "2026-01", "through": "2026-12"},
    "charges": {"a": {"price": "1m per month"}, "b": {"price": "5m once", "on": "2026-06-30"}},
    "termination": {"by": "buyer", "notice": "1 month", "fee": "10% of remaining"},
    "cases": {"ends": {"notice": "2026-09-30"}},
}
"""A deal in which who leaves moves a fee, and a day moves a sum into the next month."""


LEAVES_FOR_WHAT_IS_LEFT = LEAVES_WITH_A_FEE | {
    "termination": {
        "by": "buyer",
        "notice": "1 month",
        "fee": [
            {"through": "2026-10-30", "amount": "24m", "over": "24 months"},
            {"fee": "1m"},
        ],
    }
}
"""The same for what is left of a sum, through the very day on which it ends."""


def some_deals() -> Iterator[tuple[str, Node, str | None, date]]:
    """Deals by a name, mostly with a case by which somebody leaves, and a day of each."""
    yield "a fee", LEAVES_WITH_A_FEE, "ends", day("2026-06-15")
    yield "a sum that falls", LEAVES_FOR_WHAT_IS_LEFT, "ends", day("2026-06-15")
    for seed in some(20, range(200)):
        rng = Random(seed)
        node, case = random_exit(rng, random_deal(rng))
        term = scenario(node).deal.term
        days = rng.randrange((term.last - term.start).days + 1)
        yield f"seed {seed}", node, case, term.start + days * DAY


def moves(node: Node, case: str | None, figures: list[str]) -> Iterator[tuple[str, str, bool]]:
    """Each figure that a nudge of a term moves, the term, and whether it is named."""
    before, deal = explained(node, case, figures), scenario(node).deal
    # What is forgone, and so a fee, is booked: half a minor unit for each charge, twice.
    tolerance = Fraction(len(deal.charges) + 1, 10**deal.places)
    for path, text in leaves(node):
        for nudge in nudges(path[-1], text) if path[0] not in NOT_PRICED else ():
            after = explained(with_text(node, path, nudge), case, figures)
            for figure in before.keys() & after.keys():
                if abs(before[figure].exact - after[figure].exact) > tolerance:
                    term = ".".join(path)
                    yield figure, term, is_named(term, before[figure], after[figure])


def test_what_is_not_named_moves_nothing() -> None:
    """A term that is named neither before it is nudged nor after moves no figure.

    And of each kind of term that is named, one moves a figure somewhere in the run.
    """
    named, moved = set[str](), set[str]()
    for name, node, case, some_day in some_deals():
        figures = ["total", "firm", "forgone", f"{some_day:%Y}", f"{some_day:%Y-%m}"]
        for one in explained(node, case, figures).values():
            named |= {kind_of_term(path) for path in one.paths}
        for figure, term, is_told in moves(node, case, figures):
            assert is_told, f"{name}: {term} moves {figure}, and is not named"
            moved.add(kind_of_term(term))
    assert not {path for path in named if not any(leads_to(path, term) for term in moved)}


def test_a_length_counts_from_the_start_of_the_term(explain: Command, file: Ask) -> None:
    # The charge has a start of its own; its last day is that of the term, in 12 months from May.
    charge = {"price": "1m per month", "start": "2026-06"}
    node = {"currency": "USD", "term": {"start": "2026-05", "months": "12"}}
    found = explain.asked(file(as_yaml(node | {"charges": {"a": charge}})), "total")
    paths = {one["path"] for one in found["parts"][0]["inputs"]}
    assert paths == {"charges.a.price", "charges.a.start", "term.months", "term.start"}


def test_what_sets_the_last_day(explain: Command) -> None:
    # 15 March 2027 and 90 days are 13 June.
    found = explain.asked(ANTHROPIC, "2027-06", "--case", "anthropic-leaves")
    assert {one["path"]: one["text"] for one in found["inputs"]} == {
        "cases.anthropic-leaves.notice": "2027-03-15",
        "cases.anthropic-leaves.by": "buyer",
        "termination.0.notice": "90 days",
        "termination.0.by": "either",
    }
    # By then it no longer matters that the term would end in May 2029.
    assert "term.through" not in {one["path"] for one in found["parts"][0]["inputs"]}
    # May is over before anybody leaves.
    assert explain.asked(ANTHROPIC, "2027-05", "--case", "anthropic-leaves")["inputs"] == []


def test_what_makes_it_firm(explain: Command) -> None:
    case = ("--case", "ending-after-three-months")
    paths = [one["path"] for one in explain.asked(ANTHROPIC, "firm", *case)["inputs"]]
    assert {
        "termination.0.notice",
        "termination.0.lock_out",
        "termination.0.lock_out_bars",
    } < {*paths}


def test_a_share_of_what_is_forgone_rests_on_its_terms(explain: Command, file: Ask) -> None:
    # b begins after the buyer has left: 10% of what it would have paid is in the fee.
    charges = {"a": {"price": "1m per month"}, "b": {"price": "2m per month", "start": "2026-07"}}
    right = {"by": "buyer", "notice": "1 month", "fee": "10% of remaining"}
    node = simple("1m per month", "2026-01", "2026-12", termination=right) | {"charges": charges}
    name = file(as_yaml(node | {"cases": {"left": {"notice": "2026-02-28"}}}))
    found = explain.asked(name, "2026-03", "--case", "left")
    fee = found["parts"][-1]
    # Notice on 28 February ends on 28 March: 3/31 of March and 9 months of a, 6 of b, a tenth.
    assert fee["amount"] == money("2,109,677.42")
    assert {one["path"] for one in fee["inputs"]} >= {
        *("termination.0.fee", "termination.0.by", "charges.b.price", "charges.b.start"),
        "charges.a.price",
    }


# --- the lines of the inputs ----------------------------------------------------------------------


def places(found: Node, file: str) -> dict[str, tuple[str, str]]:
    """The file of each input, and the line of it that is named."""
    lines = Path(file).read_text(encoding="utf-8").splitlines()
    return {
        one["path"]: (one["file"], lines[one["line"] - 1] if one["file"] == file else one["text"])
        for part in found["parts"]
        for one in part["inputs"]
    }


def test_inputs_have_their_lines(explain: Command) -> None:
    there = places(explain.asked(ANTHROPIC, "2026-06"), ANTHROPIC)
    for path, words in {
        "charges.compute.price": "price: 1.25bn per month",
        "charges.compute.ramp.0.discount": "discount: 50%",
        "charges.compute.ramp.0.months": "- months: 2",
        "term.start": "start: 2026-05",
        "term.through": "through: 2029-05",
    }.items():
        assert there[path][0] == ANTHROPIC
        assert words in there[path][1]


def test_the_input_of_a_case_stands_in_the_case(explain: Command) -> None:
    there = places(explain.asked(ANTHROPIC, "2026-06", "--case", "nearly-45bn"), ANTHROPIC)
    assert (
        "set: {charges.compute.ramp.0.discount: 60%}" in there["charges.compute.ramp.0.discount"][1]
    )


def test_the_input_of_a_setting_is_the_command_line(explain: Command) -> None:
    settings = ("--set", "charges.compute.ramp.0.discount=30%")
    found = explain.asked(ANTHROPIC, "2026-06", *settings)
    there = places(found, ANTHROPIC)
    assert there["charges.compute.ramp.0.discount"] == ("--set", "30%")
    assert found["amount"] == money("875e6")  # 70% of 1.25bn


def test_the_capacity_of_another_charge(explain: Command) -> None:
    there = places(explain.asked(EVERY_TERM, "power 2027-01"), EVERY_TERM)
    assert "capacity: halls" in there["charges.power.capacity"][1]
    assert "capacity: 12 MW" in there["charges.halls.capacity"][1]


# --- what can be asked for ------------------------------------------------------------------------

ASKED = {
    # 2 x 0.625bn by July; August and September are 1.25bn each
    "through-a-quarter": (["through 2026-Q3"], "5,000,000,000.00"),
    "a-quarter": (["2026-Q3"], "3,750,000,000.00"),
    "a-day": (["2026-05-01"], "20,161,290.32"),  # 0.625bn / 31
    "through-a-day": (["through 2026-05-02"], "40,322,580.65"),
    "a-fiscal-year": (["2027", "--fiscal-year-end", "6"], "15,000,000,000.00"),  # from July 2026
    "a-fiscal-quarter": (["FY2026-Q4", "--fiscal-year-end", "6"], "1,250,000,000.00"),
    "a-charge": (["compute"], "45,000,000,000.00"),
    "a-charge-so-far": (["compute through 2026"], "8,750,000,000.00"),
    "no-fee": (["fee"], "0.00"),
}


@pytest.mark.parametrize("name", ASKED)
def test_asked(explain: Command, name: str) -> None:
    arguments, found = ASKED[name]
    assert explain.asked(ANTHROPIC, *arguments)["amount"] == money(found)


def test_charges_with_names_like_others(explain: Command, file: Ask) -> None:
    charges = {
        "2026": {"price": "1m per month"},
        "a": {"price": "2m per month"},
        "a b": {"price": "4m per month"},
        "total": {"price": "8m per month"},
    }
    node = {
        "currency": "USD",
        "term": {"start": "2026-01", "through": "2027-12"},
        "charges": charges,
    }
    name = file(as_yaml(node))
    for figure, millions in {
        "2026": 12 * 15,
        "2026 total": 24,
        "2026 2026": 12,
        "a 2026-01": 2,
        "a b 2026-01": 4,
        "total": 24 * 15,
        "total total": 24 * 8,
    }.items():
        assert explain.asked(name, figure)["amount"] == millions * 10**6


REFUSED = {
    "nonsense": (["soon"], "`soon` is no figure of the schedule"),
    "empty": ([""], "`` is no figure of the schedule"),
    "no-month": (["2027-13"], "`2027-13` is no figure"),
    "before": (["2025"], "the schedule has no 2025"),
    "after": (["2030-01"], "it runs from 2026-05-01 to 2029-05-31"),
    "after-the-end": (["2028", "--case", "anthropic-leaves"], "to 2027-06-13"),
    "nothing-forgone": (["forgone"], "nobody gives notice"),
    "nothing": ([], "FIGURE is missing"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_command_line_is_refused(explain: Command, name: str) -> None:
    arguments, message = REFUSED[name]
    assert message in explain.refusal(ANTHROPIC, *arguments)


def test_a_month_before_any_service_is_nothing(explain: Command, file: Ask) -> None:
    node = simple({"price": "1m per month", "start": "2026-03"}, "2026-01", "2026-12")
    found = explain.asked(file(as_yaml(node)), "2026-02")
    assert (found["amount"], found["parts"]) == (0, [])


def test_the_status_is_that_of_all_commands() -> None:
    assert cli.run(["explain", ANTHROPIC, "total", "-f", "json"]) == 0


EXAMPLES = {
    "month": [ANTHROPIC, "2026-06"],
    "early": [EVERY_TERM, "2028-09", "--case", "buyer-leaves"],
    "setting": [ANTHROPIC, "total", "--set", "charges.compute.ramp.0.discount=30%"],
}


@pytest.mark.parametrize(
    ("name", "form"), [*product(EXAMPLES, ("table", "json")), ("month", "csv")]
)
def test_output(explain: Command, pinned: Ask, name: str, form: str) -> None:
    ending = {"table": "txt"}.get(form, form)
    pinned(f"contracts/explain-{name}.{ending}", explain.output(*EXAMPLES[name], "-f", form))


def test_a_sum_with_a_shape_names_all_of_it(explain: Command, file: Ask) -> None:
    shape = {"ramp": [{"months": "2", "discount": "50%"}], "escalator": "3%"}
    node = simple({"price": "35.72m in total"} | shape, "2026-01", "2028-12")
    found = explain.asked(file(as_yaml(node)), "2027-01")
    # 2 x 0.5 + 10 + 12 x 1.03 + 12 x 1.0609 = 36.0908 months
    (part,) = found["parts"]
    assert part["how"] == "35.72m in total / 36.0908 weighted months x (1 + 3%)^1"
    paths = {each["path"].removeprefix("charges.only.") for each in part["inputs"]}
    assert paths >= {"price", "escalator", "ramp.0.discount", "ramp.0.months", "term.through"}


def test_a_sum_of_nothing_is_spread_like_any_other() -> None:
    """37 months of 0 in total: the weight is 37, whatever the amount."""
    there = scenario(
        {
            "currency": "USD",
            "term": {"start": "2026-01", "months": "37"},
            "charges": {"c": {"price": "0 in total"}},
        }
    )
    assert [
        part.weight for part in parts(Priced(there.deal), day("2026-01-01"), day("2029-01-31"))
    ] == [37]

"""What-ifs: cases, settings and values varied, read as the file itself is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from reading import MODEL, Write, refused, with_lines
from small_deals import day

from dealcalc.figures.subject import load, load_each
from dealcalc.figures.warnings import warnings
from dealcalc.loading.changes import (
    Setting,
    as_source,
    leads_to,
    overlap,
    setting,
    unreplaced,
)
from dealcalc.loading.problems import Refused, full
from dealcalc.loading.scenario import Variations
from dealcalc.terms.deal import Billing, Conventions, FeeTerm, Right
from dealcalc.terms.fees import FeeAmount
from dealcalc.terms.values import Quantity, Span

# --- what-ifs ------------------------------------------------------------------------------------

LAID: dict[str, tuple[tuple[str, ...], Callable[[Any], Any], Any]] = {
    # what: settings on the model, what of the deal, its value
    "a term that is there": (
        ("charges.compute.price=1bn per month",),
        lambda deal: str(deal.charges["compute"].price),
        "1bn per month",
    ),
    "in their order": (
        ("charges.compute.price=1bn per month", "charges.compute.price=2bn per month"),
        lambda deal: str(deal.charges["compute"].price),
        "2bn per month",
    ),
    "a term that the file lacks": (
        ("termination.fee=500m",),
        lambda deal: deal.termination[0].fee,
        (FeeTerm(fee=FeeAmount(Fraction(500_000_000))),),
    ),
    "a term of a mapping that the file lacks": (
        ("conventions.proration=30/360", "conventions.notice_day=included"),
        lambda deal: deal.conventions,
        Conventions(proration="30/360", notice_day="included"),
    ),
    "a whole mapping": (
        ("billing={in: advance, due: 30 days}",),
        lambda deal: deal.billing,
        Billing(when="advance", due=Span(30, "days")),
    ),
    "the one right by its index": (
        ("termination.0.fee=500m",),
        lambda deal: deal.termination[0].fee,
        (FeeTerm(fee=FeeAmount(Fraction(500_000_000))),),
    ),
    "a second right": (
        ("termination.by=buyer", "termination.1={by: seller, notice: 1 month}"),
        lambda deal: [(right.by, right.notice) for right in deal.termination],
        [("buyer", Span(90, "days")), ("seller", Span(1, "months"))],
    ),
    "a step more": (
        ("charges.compute.ramp.1={months: 1, discount: 20%}",),
        lambda deal: [step.months for step in deal.charges["compute"].ramp],
        [2, 1],
    ),
    "a step more, term by term": (
        ("charges.compute.ramp.1.discount=20%", "charges.compute.ramp.1.months=1"),
        lambda deal: [step.months for step in deal.charges["compute"].ramp],
        [2, 1],
    ),
    "an entry of one capacity": (
        ("charges.compute.capacity.0=200 MW", "charges.compute.capacity.1=7 rack"),
        lambda deal: deal.charges["compute"].capacity,
        (Quantity(Fraction(200), "MW"), Quantity(Fraction(7), "rack")),
    ),
    "no step": (
        ("charges.compute.ramp.0=none",),
        lambda deal: deal.charges["compute"].ramp,
        (),
    ),
    "no ramp": (
        ("charges.compute.ramp=none",),
        lambda deal: deal.charges["compute"].ramp,
        (),
    ),
    "nobody may leave": (("termination=none",), lambda deal: deal.termination, ()),
    "nothing where nothing is": (
        ("termination.fee=none", "conventions.proration=none", "billing=none"),
        lambda deal: (deal.termination[0].fee, deal.conventions, deal.billing),
        ((), Conventions(), None),
    ),
    "there and away again": (
        ("conventions.proration=30/360", "conventions.proration=none"),
        lambda deal: deal.conventions,
        Conventions(),
    ),
    "a new charge as a whole": (
        ("charges.power for 2={price: 5 per day}",),
        lambda deal: {name: str(charge.price) for name, charge in deal.charges.items()},
        {"compute": "1.25bn per month", "power for 2": "5 per day"},
    ),
    "another charge in place of the only one": (
        ("charges.power={price: 5 per day}", "charges.compute=none"),
        lambda deal: list(deal.charges),
        ["power"],
    ),
    "none says that nobody may leave": (("termination=none",), lambda deal: deal.termination, ()),
    "a clause on the place of none": (
        ("termination=none", "termination.notice=30 days"),
        lambda deal: deal.termination,
        (Right(notice=Span(30, "days")),),
    ),
    "equals signs and quotes in a value": (
        ("seller='a = b'",),
        lambda deal: deal.seller,
        "a = b",
    ),
    "spaces around a path": (
        (" seller = b ",),
        lambda deal: deal.seller,
        "b",
    ),
}


@pytest.mark.parametrize("what", LAID)
def test_settings(what: str, model: str, file: Write) -> None:
    settings, ask, value = LAID[what]
    assert ask(load(file(model), None, settings).deal) == value


UNLAID: dict[str, tuple[tuple[str, ...], list[str]]] = {
    # what: settings on the model, what is wrong with them
    "a typo never adds a charge": (
        ("charges.compue.price=5 per day",),
        ["1 `charges.compue.price` unknown-name: there is no `compue` here"],
    ),
    "a typo takes no charge away": (
        ("charges.compue=none",),
        ["1 `charges.compue` unknown-name: there is no `compue` here"],
    ),
    "a typo in a term": (
        ("charges.compute.prise=5 per day",),
        ["1 `charges.compute.prise` unknown-name: unknown term `prise`"],
    ),
    "no such term": (
        ("volume=5",),
        ["1 `volume` unknown-name: unknown term `volume`"],
    ),
    "beyond a value": (
        ("charges.compute.price.amount=5",),
        [
            "1 `charges.compute.price.amount` unknown-name:"
            " this is a single value, so it has no `amount`"
        ],
    ),
    "beyond the end of a list": (
        ("charges.compute.ramp.2={months: 1, discount: 5%}",),
        ["1 `charges.compute.ramp.2` unknown-name: the list has no entry 2"],
    ),
    "none beyond the end of a list": (
        ("charges.compute.ramp.1=none",),
        ["1 `charges.compute.ramp.1` unknown-name: the list has no entry 1"],
    ),
    "half an entry": (
        ("charges.compute.ramp.1.discount=5%",),
        ["1 `charges.compute.ramp.1.discount` missing-key: the step has no length"],
    ),
    "a list asked for a term": (
        ("charges.compute.ramp.discount=5%",),
        [
            "1 `charges.compute.ramp.discount` unknown-name:"
            " this is a list, and `discount` is not one of its entries"
        ],
    ),
    "no number of an entry": (
        ("charges.compute.ramp.-1=none", "charges.compute.ramp.٣.months=1"),
        [
            "1 `charges.compute.ramp.-1` unknown-name:"
            " this is a list, and `-1` is not one of its entries",
            "1 `charges.compute.ramp.٣.months` unknown-name:"
            " this is a list, and `٣` is not one of its entries",
        ],
    ),
    "what must be there": (
        ("charges.compute.price=none", "seller=none"),
        [
            "1 `deal` missing-key: missing `seller`",
            "11 `compute` missing-key: missing `price`",
        ],
    ),
    "every charge": (
        ("charges.compute=none",),
        ["10 `charges` empty: `charges` has no value"],
    ),
    "a charge that says nothing": (
        ("charges.compute={}",),
        ["1 `charges.compute` missing-key: missing `price`"],
    ),
    "what is no term": (
        ("cases.a.notice=2027-01-01", "claims.0.claim=total > 5", "sources.seller=me"),
        [
            "1 `cases.a.notice` not-here: `cases` is not a term of the deal",
            "1 `claims.0.claim` not-here: `claims` is not a term of the deal",
            "1 `sources.seller` not-here: `sources` is not a term of the deal",
        ],
    ),
    "not a setting": (
        ("charges.compute.price", "=5", " =5"),
        [
            "1 ` ` command-line: this is not PATH=VALUE",
            "1 `=` command-line: this is not PATH=VALUE",
            "1 `charges.compute.price` command-line: this is not PATH=VALUE",
        ],
    ),
    "a value that cannot be read": (
        ("term.through=2028-02-30",),
        ["1 `2028-02-30` date: 2028-02 has no day 30"],
    ),
    "no value": (
        ("term.through=", "term.start= # none"),
        [
            "1 `term.start` empty: `start` has no value",
            "1 `term.through` empty: `through` has no value",
        ],
    ),
    "a value that is not YAML": (
        ("seller='x", "buyer=&a x"),
        [
            "1 `&a x` unsupported-yaml: YAML anchors are not supported",
            "1 `'` yaml: invalid YAML: found unexpected end of stream",
        ],
    ),
    "control characters and halves of characters": (
        ("seller=a\x1bb", "buyer=\udc80"),
        [
            "1 `\x1b` command-line: there is a control character here",
            "1 `\udc80` command-line: there is a control character here",
        ],
    ),
    "terms that do not go together": (
        ("term.through=2026-04", "charges.compute.start=2027-01"),
        ["1 `2026-04` reversed-dates: the end, 2026-04-30, is before the start, 2026-05-01"],
    ),
    "one wrong thing below another": (
        ("conventions=oops", "conventions.proration=actual"),
        ["1 `oops` shape: expected a mapping, found a single value"],
    ),
}


@pytest.mark.parametrize("what", UNLAID)
def test_settings_that_are_refused(what: str, model: str, file: Write) -> None:
    settings, said = UNLAID[what]
    assert sorted(refused(file(model), None, *settings)) == said


def test_a_mistyped_path_says_what_is_near(model: str, file: Write) -> None:
    with pytest.raises(Refused) as caught:
        load(file(model), None, ["charges.compue.price=5 per day"])
    assert full(caught.value.problems[0]) == (
        "error: there is no `compue` here [unknown-name]\n"
        " --> set:1:1\n"
        "  |\n"
        "1 | charges.compue.price=5 per day\n"
        "  | ^^^^^^^^^^^^^^^^^^^^\n"
        "  = help: did you mean `compute`?"
    )


CASES = (
    MODEL
    + """
claims:
  - claim: total = 45bn
cases:
  leaves:
    notice: 2027-03-15
    by: buyer
  cheap:
    set:
      charges.compute.price: 1bn per month
      charges.compute.ramp.0.discount: 0%
assumptions:
  charges.compute.ramp: nobody knows
  charges.compute.ramp.0.discount: nobody knows
  term.start: nobody knows
sources:
  charges.compute.price: the press
"""
)


def test_a_case_then_settings(file: Write) -> None:
    name = file(CASES)
    cheap = load(name, "cheap", ["charges.compute.price=2bn per month"])
    (charge,) = cheap.deal.charges.values()
    assert (str(charge.price), charge.ramp[0].discount) == ("2bn per month", 0)
    assert cheap.overrides == {"charges.compute.price": "2bn per month"}
    assert cheap.changed == {"charges.compute.price", "charges.compute.ramp.0.discount"}
    # What is assumed of the ramp as a whole still is.
    assert list(cheap.assumed()) == ["charges.compute.ramp", "term.start"]
    assert list(load(name, None, ["charges.compute.ramp=none"]).assumed()) == ["term.start"]
    assert len(load(name).assumed()) == 3


@pytest.mark.parametrize(
    ("changed", "assumed", "stays"),
    [
        ("termination.notice", "termination.0.notice", False),
        ("termination.0.notice", "termination.notice", False),
        ("termination.0", "termination.notice", False),
        ("termination", "termination.0.notice", False),
        ("termination.0.fee", "termination.notice", True),
        ("termination.0.notice", "termination", True),
        ("termination.1.notice", "termination.0.notice", True),
        ("termination.1.notice", "termination.notice", True),
        # The first of several capacities is not all of them, nor the second.
        ("charges.a.capacity.0", "charges.a.capacity", True),
        ("charges.a.capacity.0", "charges.a.capacity.1", True),
        ("charges.a.ramp.0.discount", "charges.a.ramp.0.discount", False),
        ("charges.a.ramp.0.discount", "charges.b.ramp.0.discount", True),
        ("charges.a", "charges.ab.price", True),
    ],
)
def test_an_assumption_goes_with_what_it_is_about(changed: str, assumed: str, stays: bool) -> None:
    assert bool(unreplaced({assumed: "not disclosed"}, [changed])) is stays


def test_an_override_of_a_right_clears_what_was_assumed_of_it(file: Write) -> None:
    name = file(MODEL + "assumptions: {termination.notice: not disclosed}\n")
    assert list(load(name).assumed()) == ["termination.notice"]
    assert load(name, None, ["termination.0.notice=60 days"]).assumed() == {}


LONGEST = ".".join(["0"] * 1000)
"""A path of as many parts as a text of a file has room for."""


@pytest.mark.parametrize("key", ["sources", "assumptions"])
def test_a_path_of_too_many_parts_is_refused(key: str, file: Write) -> None:
    # As a key behind a `?`, since the YAML parser bounds plain ones.
    case = "cases:\n  half: {set: {charges.compute.price: 600m per month}}\n"
    text = f"{MODEL}{case}{key}:\n  ? {LONGEST}\n  : nobody knows\n"
    message = f"{LONGEST[:80]} is not the path of a term: this path has 1,000 parts"
    assert refused(file(text)) == [f"24 `{LONGEST}` limit: {message}; the most is 32"]
    assert refused(file(text), "half") == refused(file(text))


def test_a_setting_of_too_many_parts_is_refused(file: Write) -> None:
    message = "limit: this path has 1,000 parts; the most is 32"
    assert refused(file(MODEL), None, f"{LONGEST}=1") == [f"1 `{LONGEST}` {message}"]


def test_long_paths_are_compared() -> None:
    assert leads_to(LONGEST, f"{LONGEST}.0")
    assert not leads_to(f"{LONGEST}.0", LONGEST)
    assert leads_to("a", f"a.{LONGEST}")
    assert overlap("a.b", f"a.{LONGEST}.b")


def test_a_case_that_sets_nothing(file: Write) -> None:
    leaves = load(file(CASES), "leaves")
    assert (leaves.what_if.notice, leaves.what_if.by) == (day("2027-03-15"), "buyer")
    assert leaves.deal.charges == load(file(CASES)).deal.charges
    assert leaves.changed == frozenset()


def test_a_scenario_varied(file: Write) -> None:
    cheap = load(file(CASES), "cheap", ["term.through=2030-05"])
    there = cheap.varied(settings("charges.compute.price=3bn per month", "termination.fee=5m"))
    assert str(there.deal.charges["compute"].price) == "3bn per month"
    assert there.deal.charges["compute"].ramp[0].discount == 0
    assert list(there.overrides) == ["term.through", "charges.compute.price", "termination.fee"]
    assert (there.case, there.deal.term.last) == ("cheap", day("2030-05-31"))
    other = there.in_case("leaves")
    assert (other.case, other.deal.charges["compute"].ramp[0].discount) == (
        "leaves",
        Fraction(1, 2),
    )
    assert other.overrides == there.overrides
    with pytest.raises(Refused, match="2030-02 has no day 31"):
        cheap.varied(settings("term.through=2030-02-31"))


def test_a_scenario_varied_again_and_again(file: Write) -> None:
    cheap = load(file(CASES), "cheap", ["term.through=2030-05"])
    variations = Variations(cheap, ["termination.fee"])
    fees = [variations.deal({"termination.fee": fee}) for fee in ("5m", "6m", "none")]
    assert [deal.termination[0].fee for deal in fees] == [
        (FeeTerm(fee=FeeAmount(Fraction(5_000_000))),),
        (FeeTerm(fee=FeeAmount(Fraction(6_000_000))),),
        (),
    ]
    assert {str(deal.charges["compute"].price) for deal in fees} == {"1bn per month"}
    assert {deal.term.last for deal in fees} == {day("2030-05-31")}
    plain = variations.deal({}, cases=[])
    assert str(plain.charges["compute"].price) == "1.25bn per month"
    with pytest.raises(Refused, match=r"error: invalid number `x` .*\n --> vary:1:17\n"):
        variations.deal({"termination.fee": "x"})
    with pytest.raises(Refused, match=r"error: unknown term `fees` .*\n --> vary:1:1\n"):
        Variations(cheap, ["termination.fees"])


def test_a_scenario_is_varied_just_as_if_it_were_loaded_so(shipped: Path) -> None:
    name = str(shipped)
    variations = Variations(load(name))
    for start in ("2026-01", "2026-12-15", "1970-01"):
        try:
            deal = load(name, None, [f"term.signed={start}"]).deal
        except Refused:
            with pytest.raises(Refused):
                variations.deal({"term.signed": start})
        else:
            assert replace(variations.deal({"term.signed": start}), cases={}) == replace(
                deal, cases={}
            )


def test_each_case_of_a_broken_file_is_refused(file: Write) -> None:
    with pytest.raises(Refused, match="unknown key `zzz`"):
        load_each(file(CASES + "zzz: 1\n"))


def test_nodes_of_a_scenario(file: Write) -> None:
    scenario = load(file(CASES), "cheap", ["termination.fee=5m"])
    price = scenario.node("charges.compute.price")
    assert (price.text(), price.line, price.source.name) == ("1bn per month", 30, file(CASES))
    assert scenario.node("charges.compute.load.x").line == 12  # the nearest that is there
    fee = scenario.find("termination.fee")
    assert fee
    assert (fee.text(), fee.line, fee.column, fee.source.name) == ("5m", 1, 17, "set")
    assert scenario.find("billing.due") is None
    ramp = scenario.find("charges.compute.ramp")
    assert ramp
    assert ramp.text() == "[{months: 2, discount: 0%}]"


def test_mistakes_of_cases_are_said_at_their_place(file: Write) -> None:
    text = MODEL.replace("300 MW\n", "300 MW\n    through: 2028-05\n") + (
        "cases:\n"
        "  a: {set: {charges.compute.price: 5 per dy, charges.compue.load: 5%}}\n"
        "  b: {set: {term.through: 2026-05}}\n"
        "  c: {set: {term.through: 2026-04, cases.a.by: buyer, charges.compute.ramp: }}\n"
        "  d: {set: {charges.compute.ramp.0.months: 99}, by: me}\n"
    )
    assert refused(file(text)) == [
        # Only with b laid on, and then at the charge that lies outside the term.
        "14 `2028-05` outside-term: in the case b: 2028-05-31 is outside the term,"
        " which runs from 2026-05-01 to 2026-05-31",
        "23 `5 per dy` price: in the case a: unknown price unit `per dy`",
        "23 `charges.compue.load` unknown-name: in the case a: there is no `compue` here",
        "25 `2026-04` reversed-dates: in the case c: the end, 2026-04-30,"
        " is before the start, 2026-05-01",
        "25 `cases.a.by` not-here: in the case c: `cases` is not a term of the deal",
        "25 `charges.compute.ramp` empty: in the case c: `ramp` has no value",
        "26 `me` choice: invalid value `me`",
    ]


def test_a_mistake_of_the_file_is_not_said_again_for_its_cases(file: Write) -> None:
    text = CASES.replace("90 days", "90").replace("  compute:\n", "  compute:\n    load: 5%\n")
    assert refused(file(text)) == [
        "12 `5%` not-here: `load` applies to hourly prices only",
        "21 `90` span: invalid length of time `90`",
    ]


def test_warnings_of_a_case_are_its_own(file: Write) -> None:
    text = MODEL + "cases: {long: {set: {charges.compute.ramp.0.months: 48}}}\n"
    assert "ramp-outlasts" not in {problem.code for problem in warnings(load(file(text)))}
    assert "ramp-outlasts" in {problem.code for problem in warnings(load(file(text), "long"))}


@pytest.mark.parametrize(
    ("text", "case", "help"),
    [
        (CASES, "cheep", "did you mean `cheap`?"),
        (CASES, "x", "it is one of: leaves, cheap"),
        (MODEL, "cheap", "the file has no cases"),
    ],
)
def test_a_case_that_is_not_there(text: str, case: str, help: str, file: Write) -> None:
    with pytest.raises(Refused) as caught:
        load(file(text), case)
    (problem,) = caught.value.problems
    assert (problem.code, problem.file, problem.help) == ("unknown-name", "case", help)


def test_no_case_is_missed_where_the_cases_are_unread(file: Write) -> None:
    assert refused(file(MODEL + "cases: no\n"), "cheap") == [
        "21 `no` shape: expected a mapping, `name: value`"
    ]


def settings(*texts: str) -> list[Setting]:
    return [setting(as_source(text)) for text in texts]


def test_the_last_word_of_a_path_is_looked_for_beside_a_charge_that_is_none(file: Write) -> None:
    said = refused(file(MODEL), None, "charges.x=", "prices=1")
    assert any("unknown term `prices`" in problem for problem in said)


def test_mistakes_of_file_and_settings_are_said_together(file: Write) -> None:
    text = with_lines(MODEL, currency="currency: Euro")
    assert {*refused(file(text), "x", "foo", "term.start=1")} == {
        f"0 `` unknown-name: there is no case `x` in {file(text)}",
        "1 `foo` command-line: this is not PATH=VALUE",
        "4 `Euro` currency: unknown currency `Euro`",
    }


def test_a_total_beyond_all_money_is_refused_with_and_without_a_what_if(file: Write) -> None:
    # 37 months of 1e18 for each of 300 MW: 1.1e22
    text = with_lines(MODEL, price="price: 1e18 per MW-month")
    said = ["10 `charges` amount: the deal pays more than 1e21 in all"]
    assert refused(file(text)) == said
    assert refused(file(MODEL), None, "charges.compute.price=1e18 per MW-month") == said


def test_a_source_of_a_mistyped_path_names_the_term_that_is_meant(model: str, file: Write) -> None:
    found = load(file(f"{model}sources: {{prices: the press, discounts: the press}}\n"))
    helps = [warning.help for warning in found.warnings]
    assert helps == [
        "did you mean `charges.compute.price`?",
        "did you mean `charges.compute.ramp.0.discount`?",
    ]


# --- patterns -------------------------------------------------------------------------------------

HALLS = """\
deal: Northgate
seller: Example Halls
buyer: Example Lab
currency: EUR
term: {start: 2026-01, months: 24}
charges:
  hall-1: {price: 10m per month, ramp: [{months: 1, discount: 10%}, {months: 2, discount: 20%}]}
  hall-2: {price: 12m per month, escalator: 3%}
  power: {price: 1m per month}
  a*: {price: 2m per month}
termination: {by: either, notice: 30 days}
assumptions: {charges.hall-1.price: not disclosed, charges.power.price: not disclosed}
cases:
  cheap: {set: {charges.hall-*.price: 7m per month}}
"""
PATTERNS = {
    "charges.*.price": ["hall-1", "hall-2", "power", "a*"],
    "charges.hall-*.price": ["hall-1", "hall-2"],
    "charges.*-2.price": ["hall-2"],
    "charges.*al*.price": None,  # one mark is read, so that no name takes long to compare
    "charges.a*.price": ["a*"],  # a name of the file is itself
    "charges.hall-1*1.price": None,
    "charges.z*.price": None,
}


@pytest.mark.parametrize("path", PATTERNS)
def test_a_pattern_is_every_name_that_it_fits(path: str, file: Write) -> None:
    names, name = PATTERNS[path], file(HALLS)
    if names is None:
        with pytest.raises(Refused, match="no term of the file is"):
            load(name, settings=[f"{path}=7m per month"])
        return
    charges = load(name, settings=[f"{path}=7m per month"]).deal.charges
    assert [each for each in charges if f"{charges[each].price}" == "7m per month"] == names


def test_a_pattern_stands_for_terms_of_the_file_only(file: Write) -> None:
    deal = load(file(HALLS), settings=["charges.*.escalator.rate=5%"]).deal
    assert [name for name, charge in deal.charges.items() if charge.escalator] == ["hall-2"]
    steps = load(file(HALLS), settings=["charges.*.ramp.*.discount=5%"]).deal.charges["hall-1"].ramp
    assert [step.discount for step in steps] == [Fraction(1, 20)] * 2
    alone = load(file(HALLS), settings=["termination.*.notice=9 days"]).deal
    assert alone.rights[0].notice == Span(9, "days")


def test_a_case_may_set_a_pattern_and_no_longer_assumes_what_it_sets(file: Write) -> None:
    there = load(file(HALLS), "cheap")
    prices = [f"{charge.price}" for charge in there.deal.charges.values()]
    assert prices == ["7m per month", "7m per month", "1m per month", "2m per month"]
    assert [*there.assumed()] == ["charges.power.price"]


def test_a_pattern_with_a_mistyped_term_has_its_hint(file: Write) -> None:
    with pytest.raises(Refused) as refusal:
        load(file(HALLS), settings=["charges.*.prise=7m per month"])
    assert "did you mean `price`?" in refusal.value.problems[0].help


def test_what_stands_at_a_pattern(file: Write) -> None:
    there = load(file(HALLS))
    assert there.texts("charges.hall-*.price") == ["10m per month", "12m per month"]
    assert there.text("charges.hall-*.price") is None
    assert there.text("charges.*.escalator.rate") == "3%"
    assert there.texts("charges.z*.price") == []

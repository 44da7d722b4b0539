"""Options: what is refused, with its place and the way out, and until when each may be taken."""

from __future__ import annotations

from typing import Any

import pytest
from small_deals import Node, day, scenario, simple

from dealcalc.core import Priced
from dealcalc.loading.problems import Refused
from dealcalc.terms.options import Ladder, agreed_at_signing, agreed_on, extended
from dealcalc.terms.values import Span

HALL: Node = {"price": "10 per month", "capacity": "5 MW"}


def deal(**options: Node) -> Node:
    """A hall through 2026, and fitting-out for 120 in all, with some options."""
    node = simple(HALL, "2026-01", "2026-12", options=options)
    charges = {"fit-out": {"price": "120 in total"}, "key": {"price": "1 once", "on": "2026-01-02"}}
    return node | {"charges": node["charges"] | charges}


def renewal(**terms: Any) -> Node:
    return {"extends": "only", "months": "6"} | terms


def annex(**terms: Any) -> Node:
    return {"adds": {"annex": {"price": "5 per month"} | terms}}


REFUSED: dict[str, tuple[Node, str, str]] = {
    "nothing": ({"by": "buyer"}, "the option neither adds charges", "add `months: 60`, or `adds`"),
    "both": (annex() | {"months": "6"}, "`months` does not apply to an option that adds", "remove"),
    "added often": (annex() | {"times": "2"}, "charges are added once", "remove `times`"),
    "two lengths": (renewal(years="1"), "`months` and `years` cannot be used", "remove"),
    "a sum": (renewal(price="9m in total"), "a renewal takes a price per month", "600m per month"),
    "disorder": (
        renewal(times="2", taken=["2026-05-01", "2026-04-01"]),
        "taken on 2026-04-01, after 2026-05-01",
        "put the earliest first",
    ),
    "too often": (renewal(take="2"), "taken 2 times, but it may be taken once", "raise `times`"),
    "at market": (
        renewal(price="at market", take="1"),
        "a renewal at market has no price yet",
        "--set options.more.price='600m per month'",
    ),
    "unknown": (renewal(extends="onyl"), "no charge is called `onyl`", "did you mean `only`?"),
    "named twice": (renewal(extends=["only", "only"]), "`only` is named twice", "name it once"),
    "once": (renewal(extends="key"), "what is paid once cannot be renewed", "take it from"),
    "in total": (
        renewal(extends="fit-out"),
        "a price `in total` does not say what a renewal costs",
        "add a `price`",
    ),
    "no such unit": (
        renewal(price="3 per GPU-month"),
        "the price is per GPU, but what is renewed has no capacity in GPU",
        "add it, like `300 GPU`",
    ),
    "a name that is there": (
        {"adds": {"only": {"price": "5 per month"}}},
        "a charge is called `only` already",
        "give it another name",
    ),
    "reversed": (annex(start="2027-02", through="2027-01"), "is before the start", "swap them"),
    "a step with a date": (
        annex(ramp=[{"through": "2026-03", "discount": "10%"}]),
        "`ramp` needs a `start`",
        "add `start: 2027-07`",
    ),
    "a change with a date": (
        annex(escalator={"rate": "3%", "first": "2026-07-01"}),
        "`escalator` needs a `start`",
        "add `start: 2027-07`",
    ),
    "a shape that begins at any time": (
        annex(price="60 in total", ramp=[{"months": "1", "discount": "100%"}]),
        "`ramp` needs a `start`",
        "add `start: 2027-07`",
    ),
    "begun by then": (
        annex(start="2026-06") | {"until": "2026-06-30"},
        "it may be taken until 2026-06-30, when what it adds has begun",
        "leave out `start`",
    ),
    "over before signing": (
        renewal(until="2025-11-30"),
        "it lapses on 2025-11-30, before the deal is signed on 2026-01-01",
        "correct the day, or remove the option",
    ),
    "noticed before signing": (renewal(notice="2 years"), "it lapses on 2024-12-31", "correct"),
    "begun before signing": (annex(start="2026-01"), "it lapses on 2025-12-31", "correct the day"),
    "taken before signing": (
        renewal(taken="2025-12-31"),
        "taken on 2025-12-31, before the deal is signed on 2026-01-01",
        "correct the day",
    ),
    "taken too late": (
        renewal(taken="2027-01-01"),
        "taken on 2027-01-01, but it lapses on 2026-12-31",
        "correct the day",
    ),
    "beyond all years": (
        renewal(years="100", times="2") | {"months": "none"},
        "taken in full, it leads to 2226-12-31",
        "end it by 2199",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(name: str) -> None:
    option, message, help = REFUSED[name]
    with pytest.raises(Refused) as refused:
        scenario(deal(more=option))
    problem, *others = refused.value.problems
    assert (message in problem.message, others) == (True, []), problem
    assert help in problem.help
    assert problem.line > 0


def test_no_option_extends_what_another_adds() -> None:
    with pytest.raises(Refused) as refused:
        scenario(deal(more=annex(), longer=renewal(extends="annex")))
    (problem,) = refused.value.problems
    assert problem.message == "`annex` is added by an option, so none extends it"


def test_a_charge_is_extended_by_one_party() -> None:
    with pytest.raises(Refused) as refused:
        scenario(deal(mine=renewal(), yours=renewal(by="seller")))
    (problem,) = refused.value.problems
    assert problem.message == "buyer and seller may both extend `only`"


def test_without_a_price_that_recurs_names_are_needed() -> None:
    node = simple("120 in total", "2026-01", "2026-12", options={"more": {"months": "6"}})
    with pytest.raises(Refused) as refused:
        scenario(node)
    (problem,) = refused.value.problems
    assert problem.message == "no charge has a price that recurs"


def test_what_is_added_may_sell_what_another_charge_does() -> None:
    named = annex(price="2 per MW-month", capacity="only", start="2027-01", months="3")
    assert scenario(deal(more=named)).deal.options["more"].adds["annex"].capacity == ("only",)
    with pytest.raises(Refused) as refused:
        scenario(deal(more=annex(capacity="olny", price="2 per MW-month")))
    assert refused.value.problems[0].help == "did you mean `only`?"


def test_other_mistakes_of_a_file_are_told_beside_those_of_options() -> None:
    node = deal(more=renewal(taken="2027-01-01"), other=renewal(extends="none-such"))
    with pytest.raises(Refused) as refused:
        scenario(node | {"currency": "USX"})
    told = [problem.code for problem in refused.value.problems]
    assert sorted(told) == ["currency", "unknown-name"]  # of days only once all options are sound


def test_every_charge_whose_price_recurs_is_renewed_by_default() -> None:
    there = scenario(deal(more={"months": "6"})).deal
    assert extended(there, there.options["more"]) == ("only",)


@pytest.mark.parametrize(
    ("span", "end", "latest"),
    [
        (Span(12, "months"), "2042-05-31", "2041-05-31"),
        (Span(6, "months"), "2042-06-30", "2041-12-31"),  # six months after it are 30 June
        (Span(1, "months"), "2027-03-30", "2027-02-28"),
        (Span(90, "days"), "2027-03-31", "2026-12-31"),
    ],
)
def test_the_latest_day_from_which_a_length_of_time_is_over_in_time(
    span: Span, end: str, latest: str
) -> None:
    assert span.before(day(end)) == day(latest)


def test_what_is_agreed_on_a_day_is_without_what_is_taken_later() -> None:
    options = {"more": renewal(times="2", taken=["2026-05-01", "2026-08-01"]), "new": annex()}
    there = scenario(deal(**options), settings=["options.new.taken=2026-06-15"]).deal
    ends = [
        agreed_on(there, day(each)).last.isoformat()
        for each in ("2026-04-30", "2026-05-01", "2026-08-01")
    ]
    assert ends == ["2026-12-31", "2027-06-30", "2027-12-31"]
    assert "annex" not in agreed_on(there, day("2026-06-14")).charges
    assert there.dates(there.charges["annex"]) == (day("2026-06-16"), day("2026-12-31"))
    ladder = Ladder(there)
    assert ladder.agreed_on(day("2026-08-01")) is there
    assert ladder.agreed_on(day("2026-05-01")) is ladder.agreed_on(day("2026-06-14"))


def test_a_sum_is_never_spread_over_a_31st_alone() -> None:
    """Which under 30/360 counts for nothing."""
    conventions = {"conventions": {"proration": "30/360"}}
    there = scenario(deal(more=annex(price="60 in total")) | conventions).deal
    assert Ladder(there).lapse(there.signed, "more") == day("2026-12-29")
    there = scenario(deal(more=annex(price="60 in total"))).deal
    assert Ladder(there).lapse(there.signed, "more") == day("2026-12-30")
    there = scenario(deal(more=annex(price="60 in total", months="2"))).deal
    assert Ladder(there).lapse(there.signed, "more") == day("2026-12-31")


def test_what_is_taken_can_be_had_as_if_it_were_taken_at_signing() -> None:
    options = {"more": renewal(times="2", taken="2026-05-01"), "new": annex()}
    there = scenario(deal(**options), settings=["options.new.taken=2026-06-15"]).deal
    sooner = agreed_at_signing(there)
    assert Ladder(sooner).settled == there.signed < Ladder(there).settled == day("2026-06-15")
    assert Priced(sooner).schedule().lines == Priced(there).schedule().lines
    # 120 and 120 and 1, 60 more for six months, and 2.5 + 30 of the annex
    assert Priced(sooner).at_signing().contract_value == Priced(there).full / 100
    assert Priced(sooner).optional(there.signed, "buyer") == 60_00


def test_renewals_are_counted_before_they_are_followed() -> None:
    charges = {f"c{number}": {"price": "1 per month"} for number in range(101)}
    node = simple(HALL, "2026-01", "2026-12", options={"more": {"months": "1", "times": "20"}})
    with pytest.raises(Refused) as refused:
        scenario(node | {"charges": charges})
    (problem,) = refused.value.problems
    assert problem.message == "charges may be renewed 2,020 times in all; at most 2,000"

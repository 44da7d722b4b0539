"""What holds of every deal, whatever its terms."""

from __future__ import annotations

import copy
import json
import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st
from oracle import end_of, first_day, last_day, plus_months
from random_deals import deals
from small_deals import Node, book, scenario, simple

from dealcalc.core import Ended, Priced, Schedule
from dealcalc.terms.currencies import MARK, codes_of
from dealcalc.terms.dates import DAY, days_in_month
from dealcalc.terms.rights import NotPermitted
from dealcalc.terms.values import PERIODS_ALONE

PARTIES = (None, "buyer", "seller")
PRORATIONS = ("actual", "30/360", "whole-month")

moments = st.floats(-0.2, 1.2)
"""Where in a term a day lies: 0 is the first, 1 the last."""
RIGHT = {"termination": {"by": "either", "notice": "90 days"}}
leavable = deals().map(lambda deal: RIGHT | deal)
parties = st.sampled_from(PARTIES)
days = st.dates(date(2023, 1, 1), date(2032, 12, 31))
cents = st.integers(1, 10**13).map(lambda count: f"{count // 100}.{count % 100:02}")


def only_the_buyer_pays(deal: Node) -> Node:
    """The deal in which more service never earns less."""
    charges = {name: charge | {"paid_by": "buyer"} for name, charge in deal["charges"].items()}
    return deal | {"charges": charges}


def at(book: Priced, moment: float) -> date:
    term = book.deal.term
    return term.start + int((book.last - term.start).days * moment) * DAY


def ended(book: Priced, notice: date, by: str | None) -> Any:
    """The deal after notice, or why it is not permitted."""
    try:
        return book.terminate(notice, by)
    except NotPermitted as refused:
        return refused


def by_month(schedule: Schedule) -> dict[date, Decimal]:
    return {month: sum(line.amount for line in lines) for month, lines in schedule.by_month()}


# --- any split adds up --------------------------------------------------------------------------


@given(deals(), moments)
def test_lines_add_up_to_what_is_earned(deal: Node, moment: float) -> None:
    priced = book(deal)
    end = at(priced, moment)
    schedule = priced.schedule(end)
    for name, charge in priced.charges.items():
        lines = sum(line.amount for line in schedule.lines if line.charge == name)
        assert lines * 10**priced.deal.places == charge.booked(end)
        assert all(line.start <= line.through <= end for line in schedule.lines)
    assert schedule.total * 10**priced.deal.places == priced.earned(end)
    assert sum(by_month(schedule).values()) == schedule.total


@given(deals(), moments)
def test_an_early_end_only_cuts(deal: Node, moment: float) -> None:
    priced = book(deal)
    end = at(priced, moment)
    whole = [line for line in priced.schedule().lines if line.through <= end]
    cut = [line for line in priced.schedule(end).lines if line not in whole]
    assert all(line.through == end for line in cut)
    assert len({line.charge for line in cut}) == len(cut)


@given(cents, days, st.integers(0, 1200), st.sampled_from(PRORATIONS))
def test_a_full_month_is_exactly_the_rate(
    rate: str, start: date, length: int, proration: str
) -> None:
    through = start + timedelta(length)
    conventions = {"proration": proration}
    deal = simple(f"{rate} per month", str(start), str(through), conventions=conventions)
    for line in book(deal).schedule().lines:
        if line.days == days_in_month(line.start.year, line.start.month):
            assert line.amount == Decimal(rate)


@given(
    price=cents,
    form=st.sampled_from([*(f"per {period}" for period in PERIODS_ALONE), "in total"]),
    start=days.map(lambda day: day.replace(day=1)),
    months=st.integers(1, 60),
    ramp=st.lists(st.integers(1, 12), max_size=2),
    every=st.integers(1, 24),
)
def test_prorations_agree_on_whole_months(
    price: str, form: str, start: date, months: int, ramp: list[int], every: int
) -> None:
    steps = [{"months": str(count), "discount": "33.3%"} for count in ramp]
    charge: Node = {"price": f"{price} {form}"} | ({"ramp": steps} if steps else {})
    charge |= {"escalator": {"rate": "3%", "every": f"{every} months"}}
    deal: Node = {"currency": "USD", "term": {"start": str(start), "months": str(months)}}
    deal["charges"] = {"only": charge}
    actual, *others = (
        book(deal | {"conventions": {"proration": proration}}).schedule().lines
        for proration in PRORATIONS
    )
    assert all(other == actual for other in others)


@given(deals())
def test_a_sum_adds_up_whatever_its_shape(deal: Node) -> None:
    priced = book(deal)
    for name, charge in priced.deal.charges.items():
        if charge.price.per == "total":
            own = priced.deal.own_dates(charge)[1]
            assert priced.charges[name].exact(own) == charge.price.amount * charge.sign


@given(cents, days.map(lambda day: day.replace(day=1)), st.integers(1, 60), st.integers(1, 24))
def test_a_sum_has_the_shape_of_a_price_by_the_month(
    price: str, start: date, months: int, every: int
) -> None:
    """100 a month with its ramp and escalator, summed up, is that sum with the same shape."""
    term = {"start": str(start), "months": str(months)}
    shape = {"ramp": [{"months": "2", "discount": "33.3%"}]}
    shape |= {"escalator": {"rate": "-1.5%", "every": f"{every} months"}}
    deal: Node = {"currency": "USD", "term": term, "charges": {"c": {"price": "100 per month"}}}
    deal["charges"]["c"] |= shape
    monthly = book(deal).charges["c"]
    deal["charges"]["c"] |= {"price": f"{price} in total"}
    summed = book(deal).charges["c"]
    times = summed.exact(summed.through) / monthly.exact(monthly.through)
    for stage, other in zip(summed.stages, monthly.stages, strict=True):
        assert (stage.start, stage.rate) == (other.start, other.rate * times)


@given(deals().map(only_the_buyer_pays), moments, moments)
def test_a_later_end_never_pays_less(deal: Node, one: float, other: float) -> None:
    priced = book(deal)
    earlier, later = (at(priced, moment) for moment in sorted((one, other)))
    assert priced.schedule(earlier).total <= priced.schedule(later).total


@given(deals())
def test_who_pays_turns_the_sign_of_a_charge(deal: Node) -> None:
    priced, bought = book(deal), book(only_the_buyer_pays(deal))
    for name, charge in priced.deal.charges.items():
        paid, lines = priced.schedule().lines, bought.schedule().lines
        amounts = [line.amount * charge.sign for line in paid if line.charge == name]
        assert amounts == [line.amount for line in lines if line.charge == name]


# --- notice -------------------------------------------------------------------------------------


@given(leavable, moments, parties)
def test_an_early_end_is_the_deal_ended_on_that_day(
    deal: Node, moment: float, by: str | None
) -> None:
    priced = book(deal)
    end = ended(priced, at(priced, moment), by)
    assume(isinstance(end, Ended))
    fee = int(end.fee.scaleb(priced.deal.places))
    agreed = priced.agreed_on(end.notice)
    schedule = agreed.schedule(end.last_day, fee)
    assert (schedule.last_day, schedule.total) == (end.last_day, end.total)
    assert end.earned + end.forgone == end.full_term == agreed.schedule().total
    if all(charge.paid_by == "buyer" for charge in priced.deal.charges.values()):
        assert 0 <= end.earned_share <= 1
    if end.last_day == agreed.last:
        assert (end.earned, end.fee, end.forgone) == (end.full_term, 0, 0)


@given(leavable, parties)
def test_the_natural_end_is_the_schedule(deal: Node, by: str | None) -> None:
    priced = book(deal)
    end = ended(priced, priced.last, by)
    assume(isinstance(end, Ended))
    assert (end.last_day, end.total) == (priced.last, priced.schedule().total)
    assert end.earned_share == 1


@given(leavable.map(only_the_buyer_pays), moments, moments, parties)
def test_earlier_notice_never_earns_more(
    deal: Node, one: float, other: float, by: str | None
) -> None:
    priced = book(deal)
    notices = [at(priced, moment) for moment in sorted((one, other))]
    exits = [list(priced.exits(notice, by)) for notice in notices]
    assume(all(exits))
    for earlier in exits[0]:
        for later in exits[1]:
            if (earlier.by, earlier.right) == (later.by, later.right):
                assert earlier.notice <= later.notice
                assert earlier.last_day <= later.last_day
                assert earlier.earned <= later.earned


@given(deals(), moments, parties)
def test_a_refusal_names_the_first_day_that_is_permitted(
    deal: Node, moment: float, by: str | None
) -> None:
    priced = book(deal)
    first = ended(priced, priced.deal.signed - DAY, by).first
    notice = ended(priced, at(priced, moment), by)
    if first is None:
        assert list(priced.exits(priced.deal.signed, by)) == []
        assert notice.first is None
    else:
        assert priced.terminate(first, by).notice == first
        assert ended(priced, first - DAY, by).first == first
        within = first <= at(priced, moment) <= priced.last
        if not any(right.on for right in priced.deal.rights):  # after the last it is too late
            assert isinstance(notice, Ended) == within
        assert within or not isinstance(notice, Ended)


@given(deals(), moments, parties)
def test_earned_firm_and_cancellable_are_the_contract_value(
    deal: Node, moment: float, by: str | None
) -> None:
    priced = book(deal)
    standing = priced.backlog(at(priced, moment), by)
    agreed = standing.as_of >= priced.deal.signed
    priced = priced.agreed_on(standing.as_of)
    assert standing.earned + standing.firm + standing.cancellable == standing.contract_value
    assert standing.contract_value == (priced.schedule().total if agreed else 0)
    assert standing.cancellable >= 0
    if all(charge.paid_by == "buyer" for charge in priced.deal.charges.values()):
        assert min(standing.earned, standing.firm) >= 0
        assert 0 <= standing.not_begun + standing.firm_fee <= standing.firm
    assert standing.earned == (priced.schedule(standing.as_of).total if agreed else 0)
    if by is None:
        alone = [priced.backlog(standing.as_of, party).firm for party in ("buyer", "seller")]
        assert standing.firm == min(alone)


# --- options ------------------------------------------------------------------------------------

optional = deals().filter(lambda deal: "options" in deal)
TAKEN = "taken", "take"


def untaken(deal: Node) -> Node:
    options = {
        name: {key: value for key, value in option.items() if key not in TAKEN}
        for name, option in deal["options"].items()
    }
    return deal | {"options": options}


@given(optional, moments, parties)
def test_an_option_that_is_not_taken_changes_only_what_is_optional(
    deal: Node, moment: float, by: str | None
) -> None:
    without = book({key: value for key, value in deal.items() if key != "options"})
    with_options = book(untaken(deal))
    day = at(without, moment)
    nothing = {"optional": 0, "callable": 0}
    assert with_options.schedule().lines == without.schedule().lines
    stands = with_options.backlog(day, by)
    assert replace(stands, **nothing, ways=stands.exits) == without.backlog(day, by)
    assert list(with_options.exits(day)) == list(without.exits(day))


def renewable(deal: Node, months: int, times: int) -> Node:
    """The deal with renewals of all charges that recur, each with an end of its own."""
    term = deal["term"]
    through = end_of(term, first_day(term["start"])).isoformat()
    there = {"rent": {"price": "7 per day"}} | deal["charges"]
    charges = {
        name: charge if ENDS & charge.keys() else charge | {"through": through}
        for name, charge in there.items()
    }
    extends = [
        name for name, charge in charges.items() if not charge["price"].endswith(("once", "total"))
    ]
    option = {"extends": extends, "months": str(months), "times": str(times)}
    return deal | {"charges": charges, "options": {"renewals": option}}


ENDS = {"through", "months", "years", "on"}


def written_out(deal: Node, months: int) -> Node:
    """The same without options, the end of each charge moved by so many months."""
    charges, ends = {}, []
    for name, charge in deal["charges"].items():
        if charge["price"].endswith(("once", "total")):
            charges[name] = charge
            continue
        moved = {key: charge[key] for key in charge.keys() - {"months", "years", "through"}}
        if "through" in charge:
            end = plus_months(last_day(charge["through"]) + DAY, months) - DAY
            moved["through"] = end.isoformat()
        else:
            own = int(charge.get("months", 0)) + 12 * int(charge.get("years", 0))
            moved["months"] = str(own + months)
            end = end_of(moved, first_day(charge.get("start", deal["term"]["start"])))
        charges[name], ends = moved, [*ends, end]
    term = {key: value for key, value in deal["term"].items() if key in ("start", "signed")}
    through = end_of(deal["term"], first_day(deal["term"]["start"]))
    term["through"] = max(through, *ends).isoformat()
    return {key: value for key, value in deal.items() if key != "options"} | {
        "charges": charges,
        "term": term,
    }


@given(deals(), st.integers(1, 14), st.integers(1, 3), parties)
def test_renewals_taken_at_signing_are_the_same_terms_written_out(
    deal: Node, months: int, times: int, by: str | None
) -> None:
    renewed = renewable(deal, months, times)
    assume(all(last_day_of(renewed, name) >= signed_on(deal) for name in renewed["charges"]))
    taken = Priced(scenario(renewed, settings=[f"options.renewals.take={times}"]).deal)
    written = book(written_out(renewed, months * times))
    assert taken.schedule().lines == written.schedule().lines
    assert taken.at_signing(by) == written.at_signing(by)
    assert [taken.backlog(day, by) for day in (taken.deal.signed, taken.last)] == [
        written.backlog(day, by) for day in (taken.deal.signed, taken.last)
    ]


def last_day_of(deal: Node, name: str) -> date:
    charge = deal["charges"][name]
    start = first_day(charge.get("start", deal["term"]["start"]))
    return date.max if "on" in charge else end_of(charge, start)


def signed_on(deal: Node) -> date:
    return first_day(deal["term"].get("signed", deal["term"]["start"]))


@given(optional, moments)
def test_a_renewal_changes_nothing_up_to_the_end_that_it_moves(deal: Node, moment: float) -> None:
    taken, before = book(deal), book(untaken(deal))
    for name, charge in before.charges.items():
        day = min(at(before, moment), charge.through)
        assert taken.charges[name].exact(day) == charge.exact(day)


# --- what-ifs -----------------------------------------------------------------------------------


def changes(deal: Node) -> dict[str, tuple[str, Node]]:
    """Paths of `--set`, each with a value and the deal in which it is written out."""
    price = "123.45 per month"
    changed: dict[str, tuple[str, Node]] = {}

    def laid(value: str | Node, *path: str) -> None:
        written = copy.deepcopy(deal)
        place = written
        for key in path[:-1]:
            place = place.setdefault(key, {})
        place[path[-1]] = value
        changed[".".join(path)] = value, written

    marks = re.findall(
        MARK, json.dumps([deal["charges"], deal.get("termination")], ensure_ascii=False)
    )
    if not any(map(codes_of, marks)):  # amounts that name their currency do not change it
        laid("EUR", "currency")
    laid("included", "conventions", "notice_day")
    laid({"by": "seller", "notice": "45 days", "fee": "1m"}, "termination")
    for name, charge in deal["charges"].items():
        if charge["price"].endswith(tuple(f" per {period}" for period in PERIODS_ALONE)):
            laid(price, "charges", name, "price")
            laid([{"months": "1", "discount": "50%"}], "charges", name, "ramp")
    return changed


def answers(priced: Priced) -> list[object]:
    days = [priced.deal.term.start + n * DAY for n in (-1, 0, 30, 300)]
    schedule = priced.schedule()
    standings = [priced.backlog(day, by) for day in days for by in PARTIES]
    return [schedule.lines, schedule.total, standings, [list(priced.exits(day)) for day in days]]


@given(deals(), st.randoms(use_true_random=False))
def test_set_and_case_are_the_terms_written_into_the_file(deal: Node, rng: object) -> None:
    possible = changes(deal)
    path = rng.choice(sorted(possible))  # type: ignore[attr-defined]
    value, written = possible[path]
    expected = answers(book(written))
    override = scenario(deal, settings=[f"{path}={flow(value)}"])
    assert answers(Priced(override.deal)) == expected
    case = scenario(deal | {"cases": {"other": {"set": {path: value}}}}, case="other")
    assert answers(Priced(case.deal)) == expected


def flow(value: str | Node | list[Node]) -> str:
    """A value as YAML on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    return value

"""Random valid deals, as mappings in which every scalar is text, and as scenario files.

Valid by construction: whatever the format refuses is never made, and what it only warns of is.
Words are drawn from dealcalc's own tables, so that a new one is tried the day it is added.
"""

from __future__ import annotations

import calendar
import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st

from dealcalc.terms.currencies import CURRENCIES, SIGNS
from dealcalc.terms.deal import LOCK_OUT_BARS, NOTICE_DAY, PRORATION
from dealcalc.terms.fees import Fee, FeeAmount, FeeFalling, FeeMonths, FeeShare
from dealcalc.terms.values import (
    COUNTED_UNITS,
    PERIODS,
    PERIODS_ALONE,
    SUFFIXES,
    UNIT_PERIODS,
    WATTS,
)
from dealcalc.terms.words import PARTY

Node = dict[str, Any]

DAY = timedelta(days=1)
LONGEST = 6 * 365  # days of a term: the oracle walks every one
SOME_CURRENCIES = ["USD", "USD", "EUR", "GBP", "JPY", "KRW", "KWD", "BHD", "CLF"]
assert {CURRENCIES[code] for code in SOME_CURRENCIES} == {*CURRENCIES.values()}
NAMES = ["compute", "power", "network", "support", "phase-2", "Phase 2", "no", "on"]
TITLES = ["Northgate", "Anthropic–xAI, Colossus 1", 'A "quoted" deal: #1', "- no", "1e9", "12:30"]
MULTIPLES = [suffix for suffix, power in SUFFIXES.items() if power <= 9]  # few deals pay trillions


# ---- days ----


def month_length(day: date) -> int:
    return calendar.monthrange(day.year, day.month)[1]


def months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = date(year, month + 1, 1)
    return first.replace(day=min(day.day, month_length(first)))


def a_start(rng: Random) -> date:
    """Often a day on which calendars differ: a first, a last, 29 to 31 January, a leap day."""
    year = rng.choice([1972, 2023, 2024, 2025, 2026, 2027, 2028, 2099, 2191])
    first = date(year, rng.randint(1, 12), 1)
    month_end = first.replace(day=month_length(first))
    february_end = date(year, 2, month_length(date(year, 2, 1)))
    return rng.choice(
        [
            first,
            first,
            month_end,
            date(year, 1, rng.randint(29, 31)),
            february_end,
            first.replace(day=rng.randint(2, 28)),
            first + rng.randint(0, 30) * DAY,
        ]
    )


def a_length(rng: Random) -> int:
    """Days of a term: mostly months or years, sometimes one."""
    return rng.choice(
        [
            1,
            rng.randint(1, 40),
            rng.randint(1, 400),
            rng.randint(300, 1200),
            rng.randint(300, 1200),
            rng.randint(300, LONGEST),
        ]
    )


def a_day(rng: Random, first: date, last: date) -> date:
    """A day between two, both included; sometimes either end."""
    days = (last - first).days
    return first + rng.choice([0, days, rng.randint(0, days), rng.randint(0, days)]) * DAY


def start_text(rng: Random, day: date) -> str:
    return f"{day:%Y-%m}" if day.day == 1 and rng.random() < 0.5 else day.isoformat()


def end_text(rng: Random, day: date) -> str:
    whole = day.day == month_length(day)
    return f"{day:%Y-%m}" if whole and rng.random() < 0.5 else day.isoformat()


def months_fitting(start: date, through: date) -> int:
    """The most whole months from a start that end no later than a day."""
    months = (through.year - start.year) * 12 + through.month - start.month + 1
    while months and months_later(start, months) - DAY > through:
        months -= 1
    return months


def an_end(rng: Random, start: date, latest: date) -> tuple[Node, date]:
    """`through` or `months` from a start, and the last day it means, no later than the latest."""
    most = months_fitting(start, latest)
    if most and rng.random() < 0.4:
        months = rng.choice([most, rng.randint(1, most)])
        return {"months": str(months)}, months_later(start, months) - DAY
    through = a_day(rng, start, latest)
    month_end = through.replace(day=month_length(through))
    if start <= month_end <= latest and rng.random() < 0.5:
        through = month_end
    return {"through": end_text(rng, through)}, through


def a_term(rng: Random) -> tuple[Node, date, date]:
    """A term of the length drawn, or of the whole months nearest below it."""
    start = a_start(rng)
    through = start + (a_length(rng) - 1) * DAY
    end, months = {}, months_fitting(start, through)
    if months and rng.random() < 0.4:
        end, through = {"months": str(months)}, months_later(start, months) - DAY
    elif rng.random() < 0.5:
        through = through.replace(day=month_length(through))
    return (
        {"start": start_text(rng, start)} | (end or {"through": end_text(rng, through)}),
        start,
        through,
    )


# ---- scalars ----


def an_amount(rng: Random) -> str:
    """A positive amount in one of the ways to write it; often one that does not divide well."""
    whole = rng.choice([rng.randint(1, 9), rng.randint(1, 999), rng.randint(1, 99_999)])
    fraction = rng.choice(["", "", f".{rng.randint(0, 9)}", f".{rng.randint(0, 999):03}"])
    suffix = rng.choice(["", "", "", "K", "M", *MULTIPLES])
    return rng.choice([f"{whole}{fraction}{suffix}", f"{whole:_}", f"{whole}{fraction}e3"])


def a_unit_amount(rng: Random) -> str:
    return rng.choice(["155", "2.10", "0.07", "1.9", "55", "0.333", "8364", "1.2k"])


def a_discount(rng: Random) -> str:
    return rng.choice(["50%", "33.3%", "0%", "100%", "12.5%", f"{rng.randint(1, 99)}%"])


def a_capacity(rng: Random, unit: str) -> str:
    """An amount of one unit of the dimension; watts may be said in another of theirs."""
    size = rng.choice([1, 7, 50, 300, rng.randint(1, 999)])
    if unit not in WATTS:
        return f"{size * rng.choice([1, 10, 1000])} {unit}"
    said = rng.choice([*WATTS])
    return f"{size / 10 if said == 'GW' and size < 10 else size} {said}"


def dimension_of(unit: str) -> list[str]:
    """The units that price what one of them measures."""
    return [*WATTS] if unit in WATTS else [unit]


def units_of(charge: Node) -> list[str]:
    """The units a price may be in, given the capacity a charge states itself."""
    said = charge.get("capacity", [])
    capacities = [said] if isinstance(said, str) else said
    return [unit for text in capacities for unit in dimension_of(text.split()[1])]


def a_recurring_price(rng: Random, units: list[str]) -> str:
    """A price of any form that runs; per unit where there is a capacity in the unit."""
    if not units or rng.random() < 0.4:
        period = rng.choice(["month", "month", *PERIODS_ALONE])
        return f"{an_amount(rng)} per {period}"
    unit = rng.choice(units)
    if unit in WATTS and rng.random() < 0.3:
        return f"{a_unit_amount(rng)} per {unit}h"
    return f"{a_unit_amount(rng)} per {unit}-{rng.choice(UNIT_PERIODS)}"


def is_hourly(price: str) -> bool:
    return price.endswith(("-hour", "Wh"))


# ---- charges ----


def a_ramp(
    rng: Random, units: list[str], start: date, through: date, most_off: int = 100
) -> list[Node]:
    """One to three steps, one after the other; the last may outlast the charge.

    Where not all may be off, there are discounts only: that is the ramp of a sum.
    """
    steps: list[Node] = []
    anchor, months, first = start, 0, start  # as the format counts: from the start, or a dated step
    for _ in range(rng.choice([1, 1, 2, 3])):
        if first > through:
            break
        step: Node
        if rng.random() < 0.6:
            length = rng.choice([1, 1, 2, 3, 6, 14])
            months += length
            step, end = {"months": str(length)}, months_later(anchor, months) - DAY
        else:
            step, end = an_end(rng, first, max(first, min(through, first + 200 * DAY)))
            step = {"through": end_text(rng, end)}
            anchor, months = end + DAY, 0
        if most_off < 100:
            step["discount"] = f"{rng.randint(0, most_off)}%"
        elif rng.random() < 0.6:
            step["discount"] = a_discount(rng)
        else:
            step["price"] = a_recurring_price(rng, units)
        steps.append(step)
        first = end + DAY
    return steps


def an_escalator(rng: Random, start: date, through: date) -> Node:
    every = rng.choice(["12 months", "12 months", "6 months", "3 months", "1 month", "18 months"])
    escalator = {"rate": rng.choice(["3%", "2.5%", "0.1%", "10%", "1.875%"]), "every": every}
    if start < through and rng.random() < 0.4:
        escalator["first"] = a_day(rng, start + DAY, through).isoformat()
    return escalator


def a_service(rng: Random, start: date, through: date) -> tuple[Node, date, date]:
    """A charge's own dates within the term, often none, and what they mean."""
    dates: Node = {}
    if rng.random() < 0.4:
        start = a_day(rng, start, through)
        dates["start"] = start_text(rng, start)
    if rng.random() < 0.4:
        end, through = an_end(rng, start, through)
        dates |= end
    return dates, start, through


def own_capacity(rng: Random) -> Node:
    """None, one capacity, or the same thing in two units that do not convert."""
    kind = rng.random()
    if kind < 0.35:
        return {}
    dimensions = rng.sample([[*WATTS], *([unit] for unit in rng.sample(COUNTED_UNITS, 2))], 2)
    texts = [a_capacity(rng, rng.choice(units)) for units in dimensions]
    return {"capacity": texts if kind < 0.55 else texts[0]}


def borrowed_capacity(rng: Random, charges: Node) -> tuple[Node, list[str]]:
    """Another charge's name, if one states a capacity, and the units that gives."""
    owners = [name for name, charge in charges.items() if units_of_own(charge, charges)]
    if not owners or rng.random() < 0.6:
        return {}, []
    owner = rng.choice(owners)
    return {"capacity": owner}, units_of(charges[owner])


def units_of_own(charge: Node, charges: Node) -> list[str]:
    return [] if charge.get("capacity") in list(charges) else units_of(charge)


def a_recurring_charge(rng: Random, charges: Node, dates: Node, start: date, end: date) -> Node:
    capacity, units = borrowed_capacity(rng, charges)
    if not capacity:
        capacity = own_capacity(rng)
        units = units_of(capacity)
    charge = {"price": a_recurring_price(rng, units), **capacity, **dates}
    if is_hourly(charge["price"]) and rng.random() < 0.6:
        charge["load"] = rng.choice(["85%", "72.5%", "100%", "1%"])
    if rng.random() < 0.45:
        charge["ramp"] = a_ramp(rng, units, start, end)
    if rng.random() < 0.4:
        charge["escalator"] = an_escalator(rng, start, end)
    return charge


def bears_weight(proration: str, start: date, end: date) -> bool:
    """Whether an amount can be spread over the days: under 30/360 a 31st alone weighs nothing."""
    return proration != "30/360" or start != end or start.day != 31


def a_charge(rng: Random, charges: Node, proration: str, start: date, through: date) -> Node:
    kind = rng.random()
    if kind < 0.1:
        return {
            "price": f"{an_amount(rng)} once",
            "on": a_day(rng, start, through).isoformat(),
        }
    dates, first, last = a_service(rng, start, through)
    if kind < 0.25 and bears_weight(proration, first, last):
        return a_sum(rng, dates, first, last)
    return a_recurring_charge(rng, charges, dates, first, last)


def a_sum(rng: Random, dates: Node, first: date, last: date) -> Node:
    """A price in total, even or with a shape."""
    charge = {"price": f"{an_amount(rng)} in total", **own_capacity(rng), **dates}
    if rng.random() < 0.4:
        charge["ramp"] = a_ramp(rng, [], first, last, most_off=99)
    if rng.random() < 0.4:
        charge["escalator"] = an_escalator(rng, first, last)
    return charge


def may_pay(charge: Node, charges: Node) -> bool:
    """Whether the seller may be who pays: what it pays for sells no capacity."""
    return "capacity" not in charge or charge["capacity"] in list(charges)


def some_charges(rng: Random, proration: str, start: date, through: date) -> Node:
    charges: Node = {}
    for name in rng.sample(NAMES, rng.choice([1, 1, 2, 3, 4])):
        charge = a_charge(rng, charges, proration, start, through)
        if may_pay(charge, charges) and rng.random() < 0.25:
            charge["paid_by"] = rng.choice(["seller", "seller", "buyer"])
        charges[name] = charge
    order = list(charges)
    rng.shuffle(order)  # so that a charge may name one that comes later in the file
    return {name: charges[name] for name in order}


# ---- leaving ----


def a_span(rng: Random) -> str:
    return rng.choice(["90 days", "1 day", "30 days", "180 days", "1 month", "3 months"])


def a_right(rng: Random, by: str, signed: date, through: date) -> Node:
    right: Node = {"by": by, "notice": a_span(rng)}
    if rng.random() < 0.45:
        right["lock_out"] = a_lock_out(rng, signed, through)
        if rng.random() < 0.5:
            right["lock_out_bars"] = rng.choice(LOCK_OUT_BARS.choices)
    if rng.random() < 0.5:
        right["fee"] = FEES[rng.choice(PLAIN_FEES)](rng)
    return right


FEES: dict[type[Fee], Callable[[Random], str | Node]] = {
    FeeAmount: an_amount,
    FeeMonths: lambda rng: rng.choice(["1 month", "3 months", "12 months"]),
    FeeShare: lambda rng: f"{rng.choice(['25%', '100%', '12.5%', '3%'])} of remaining",
    FeeFalling: lambda rng: {
        "amount": an_amount(rng),
        "over": rng.choice(["120 months", "6 months", "90 days", "3 years"]),
    },
}
"""A text of each kind of fee: a kind that is missing here fails when it is drawn."""
PLAIN_FEES = FeeAmount, FeeMonths, FeeShare


def more_rights(rng: Random, rights: list[Node], start: date, through: date) -> list[Node]:
    """Rights as they are; or with break days, fees by last day, or more rights of a party."""
    if rng.random() < 0.55:
        return rights
    if rng.random() < 0.4:
        by = rng.choice(["either", "buyer", "seller"])
        rights = [*rights, a_right(rng, by, start, through)]
        rng.shuffle(rights)
    return [closer(rng, right, start, through) for right in rights]


def closer(rng: Random, right: Node, start: date, through: date) -> Node:
    """A right with break days or fees by last day, or as it is."""
    days = sorted({a_day(rng, start, through) for _ in range(rng.randint(1, 3))})
    kind = rng.random()
    if kind < 0.35:
        on = [day.isoformat() for day in days]
        fees = [a_fee(rng) for _ in on] if rng.random() < 0.5 else a_fee(rng)
        return right | {"on": on} | ({"fee": fees} if rng.random() < 0.7 else {})
    if kind < 0.6:
        steps = [as_step(a_fee(rng)) | {"through": day.isoformat()} for day in days]
        return right | {"fee": [*steps, *([as_step(a_fee(rng))] if rng.random() < 0.7 else [])]}
    return right | {"fee": FEES[FeeFalling](rng)} if kind < 0.8 else right


def as_step(fee: str | Node) -> Node:
    return {"fee": fee} if isinstance(fee, str) else fee


def a_fee(rng: Random) -> str | Node:
    return FEES[rng.choice(Fee.__subclasses__())](rng)


def a_lock_out(rng: Random, signed: date, through: date) -> str:
    """A span from signing, or a date, that is over by the last day."""
    months, days = months_fitting(signed, through), (through - signed).days
    if months and rng.random() < 0.4:
        number = rng.randint(1, min(months, 12))
        if months_later(signed, number) <= through:
            return f"{number} month{'s' * (number > 1)}"
    if days and rng.random() < 0.4:
        number = rng.randint(1, days)
        return f"{number} day{'s' * (number > 1)}"
    return a_day(rng, signed, through).isoformat()


def some_rights(rng: Random, signed: date, through: date) -> Node | list[Node] | None:
    """None, one, or one for each party."""
    kind = rng.random()
    if kind < 0.15:
        return None
    if kind < 0.6:
        right = a_right(rng, rng.choice(["either", *PARTY.choices]), signed, through)
        return right if rng.random() < 0.8 else [right]
    parties = rng.sample(["buyer", "seller"], 2)
    return [a_right(rng, party, signed, through) for party in parties]


# ---- options ----


def some_options(rng: Random, deal: Node, start: date, through: date, signed: date) -> Node:
    """Often none; renewals of some charges, others to add, or both."""
    options: Node = {}
    if rng.random() < 0.3:
        options |= a_renewal(rng, deal["charges"], start, through, signed)
    if rng.random() < 0.25:
        options |= an_addition(rng, deal, through, signed)
    return options


def ends_of(charges: Node, start: date, through: date) -> dict[str, date]:
    """The last days of charges that can be renewed without a word on their price."""
    ends = {}
    for name, charge in charges.items():
        begins = date.fromisoformat(f"{charge.get('start', start.isoformat())}-01"[:10])
        if charge["price"].endswith(" once"):
            continue
        if "months" in charge:
            ends[name] = months_later(begins, int(charge["months"])) - DAY
        else:
            text = charge.get("through", through.isoformat())
            day = date.fromisoformat(f"{text}-01"[:10])
            ends[name] = day if len(text) > 7 else day.replace(day=month_length(day))
    return ends


def a_renewal(rng: Random, charges: Node, start: date, through: date, signed: date) -> Node:
    """Renewals that may be taken when the deal is signed, and sometimes some that are."""
    ends = {name: day for name, day in ends_of(charges, start, through).items() if day >= signed}
    if not ends:
        return {}
    names = rng.sample(sorted(ends), rng.randint(1, len(ends)))
    first, months = min(ends[name] for name in names), rng.choice([1, 2, 3, 6, 12, 13])
    option: Node = {"extends": names[0] if len(names) == 1 else names}
    option |= {"years": "1"} if months == 12 and rng.random() < 0.5 else {"months": str(months)}
    times = rng.choice([1, 1, 2, 3])
    if times > 1:
        option["times"] = str(times)
    if needs_price(charges, names) or rng.random() < 0.3:
        units = units_of_own(charges[names[0]], charges) if len(names) == 1 else []
        option["price"] = a_recurring_price(rng, units)
    if rng.random() < 0.3:
        option["by"] = rng.choice(["buyer", "seller"])
    if (first - signed).days > 200 and rng.random() < 0.5:
        option["notice"], first = a_span(rng), first - 200 * DAY
    if rng.random() < 0.3:
        until = a_day(rng, signed, first)
        option["until"], first = until.isoformat(), until
    if rng.random() < 0.4:
        days = sorted(a_day(rng, signed, first) for _ in range(rng.randint(1, times)))
        option["taken"] = [day.isoformat() for day in days]
    elif rng.random() < 0.2:
        option["take"] = str(rng.randint(1, times))
    return {"renewals": option}


def needs_price(charges: Node, names: list[str]) -> bool:
    return any(
        charges[name]["price"].endswith(" in total") and "escalator" not in charges[name]
        for name in names
    )


def an_addition(rng: Random, deal: Node, through: date, signed: date) -> Node:
    """A charge, or two, that an option adds: with a start of its own, or as soon as it may."""
    option: Node = {"adds": {}}
    latest = through - DAY  # on which it may be taken
    for name in rng.sample(["hall-4", "spare"], rng.choice([1, 1, 2])):
        charge, last = an_added_charge(rng, deal["charges"], through, signed)
        option["adds"][name], latest = charge, min(latest, last)
    if latest < signed:
        return {}
    if rng.random() < 0.4:
        option["by"] = rng.choice(["buyer", "seller"])
    if rng.random() < 0.3:
        latest = a_day(rng, signed, latest)
        option["until"] = latest.isoformat()
    if rng.random() < 0.5:
        option["taken"] = a_day(rng, signed, latest).isoformat()
    return {"expansion": option}


def an_added_charge(rng: Random, charges: Node, through: date, signed: date) -> tuple[Node, date]:
    """A charge, and the last day on which it may be taken; it may lie outside the term."""
    first = a_day(rng, signed + DAY, max(signed + DAY, through) + 100 * DAY)
    kind = rng.random()
    if kind < 0.15:
        return {"price": f"{an_amount(rng)} once", "on": first.isoformat()}, first - DAY
    if kind < 0.5:
        last = first + rng.randint(0, 400) * DAY
        end, last = an_end(rng, first, last)
        dates = {"start": start_text(rng, first)} | end
        return a_recurring_charge(rng, charges, dates, first, last), first - DAY
    charge: Node = {
        "price": f"{an_amount(rng)} {rng.choice(['in total', 'per month', 'per week'])}"
    }
    if rng.random() < 0.5:
        charge["escalator"] = {"rate": "2.5%", "every": "3 months"}
    if rng.random() < 0.5:
        return charge | {"months": str(rng.randint(1, 14))}, through
    return charge, through - 2 * DAY  # not on a 31st, which may weigh nothing alone


# ---- deals ----


def random_deal(rng: Random, currency: str = "") -> Node:
    """A valid deal; the same one for the same state of the generator."""
    term, start, through = a_term(rng)
    signed = start
    said = rng.random()
    if said < 0.55:  # before the start, after it, and some on that very day
        if said < 0.5:
            signed = a_day(rng, start - 200 * DAY, min(start + 200 * DAY, through))
        term["signed"] = signed.isoformat()
    proration = rng.choice(PRORATION.choices)
    conventions = {"proration": proration, "notice_day": rng.choice(NOTICE_DAY.choices)}
    for name, word in (("proration", PRORATION), ("notice_day", NOTICE_DAY)):
        if conventions[name] == word.choices[0] and rng.random() < 0.5:
            del conventions[name]
    deal: Node = {
        "deal": rng.choice(TITLES),
        "seller": "xAI",
        "buyer": "Anthropic, PBC",
        "currency": currency or rng.choice(SOME_CURRENCIES),
        "term": term,
        "charges": some_charges(rng, proration, start, through),
    }
    rights = some_rights(rng, signed, through)
    if rights:
        deal["termination"] = rights
    if rights:
        # Drawn apart, so that other terms stay what they were.
        one_or_more = [rights] if isinstance(rights, dict) else rights
        more = more_rights(Random(repr(deal)), one_or_more, max(start, signed), through)
        deal["termination"] = rights if more == one_or_more else more
    if options := some_options(Random(rng.random()), deal, start, through, signed):
        deal["options"] = options
    if conventions:
        deal["conventions"] = conventions
    return in_other_words(rng, deal) if rng.random() < 0.5 else deal


def short_deal(rng: Random) -> Node:
    """A deal of some weeks, of several charges, with rights over some of them.

    What is firm is looked for among all sets of rights, on all their days: in a longer one the
    oracle would take for ever.
    """
    start = a_start(rng)
    through = start + rng.randint(3, 40) * DAY
    signed = start + rng.randint(-5, 5) * DAY if rng.random() < 0.5 else start
    signed = min(signed, through)
    names = rng.sample(NAMES, rng.choice([2, 2, 3]))
    charges: Node = {}
    for name in names:
        charges[name] = a_charge(rng, charges, "actual", start, through)
    rights = []
    for by in rng.choice([["either"], ["either", "buyer"], ["buyer", "seller"], ["buyer"] * 3]):
        right = closer(rng, a_right(rng, by, signed, through), start, through)
        right["notice"] = rng.choice(["1 day", "7 days", "20 days", "1 month"])
        right["ends"] = rng.sample(names, rng.randint(1, len(names)))
        rights.append(right)
    return {
        "currency": rng.choice(SOME_CURRENCIES),
        "term": {
            "start": start.isoformat(),
            "through": through.isoformat(),
            "signed": signed.isoformat(),
        },
        "charges": charges,
        "termination": rights,
    }


def deals() -> st.SearchStrategy[Node]:
    """The same deals, drawn and made smaller by hypothesis."""
    build: Callable[[Random], Node] = random_deal
    return st.randoms(use_true_random=False).map(build)


# ---- in other words ----


def in_other_words(rng: Random, deal: Node) -> Node:
    """The same deal, some of its terms written in the other ways in which people write them."""
    currency = deal["currency"]
    terms = [deal["term"], *deal["charges"].values()]
    for charge in deal["charges"].values():
        terms += charge.get("ramp", [])
        if "escalator" in charge:
            charge["escalator"] = escalator_in_other_words(rng, charge["escalator"])
    for node in terms:
        if "price" in node:
            node["price"] = price_in_other_words(rng, node["price"], currency)
        if int(node.get("months", 1)) % 12 == 0:
            node["years"] = str(int(node.pop("months")) // 12)
    rights = deal.get("termination", [])
    for right in [rights] if isinstance(rights, dict) else rights:
        for key in {"notice", "lock_out", "fee"} & right.keys():
            if isinstance(right[key], str):
                right[key] = span_in_other_words(rng, right[key])
        fee = right.get("fee", "")
        if isinstance(fee, str) and re.fullmatch("[0-9._e]+[A-Za-z]*", fee):
            right["fee"] = amount_in_other_words(rng, fee, currency)
    return deal


def amount_in_other_words(rng: Random, amount: str, currency: str) -> str:
    """The amount with its currency, or as it stands."""
    signs = [sign for sign, codes in SIGNS.items() if currency in codes]
    ways = [f"{currency} {amount}", f"{amount} {currency}", *(sign + amount for sign in signs)]
    return rng.choice([amount, *ways])


def price_in_other_words(rng: Random, price: str, currency: str) -> str:
    amount, per, what = price.partition(" per ")
    if not per:
        amount, form = price.split(" ", 1)
        return f"{amount_in_other_words(rng, amount, currency)} {form}"
    amount = amount_in_other_words(rng, amount, currency)
    unit, _, name = what.rpartition("-")
    if name not in PERIODS:  # kWh
        return amount + rng.choice([" per ", "/", " / "]) + what
    link = rng.choice([" per ", " a ", "/", " / "])
    noun = rng.choice([name, *PERIODS[name].abbreviations])
    adverb = rng.choice(PERIODS[name].adverbs)
    if not unit:
        return rng.choice([f"{amount}{link}{noun}", f"{amount} {adverb}"])
    by_unit = [f"{link}{unit}{way}{noun}" for way in ("-", "/", " per ", " a ", " ")]
    turned = [f" a {noun} per {unit}", f"/{noun}/{unit}", f" {adverb} per {unit}"]
    return amount + rng.choice([*by_unit, *turned, f" per {unit} {adverb}"])


def span_in_other_words(rng: Random, text: str) -> str:
    """A number of days in weeks, of months in quarters or years, where it is one of them."""
    match = re.fullmatch("([0-9]+) (day|month)s?", text)
    if not match:
        return text
    ways = [
        f"{int(match[1]) // period.length} {name}{'s' * rng.randint(0, 1)}"
        for name, period in PERIODS.items()
        if period.clock == match[2] and int(match[1]) % period.length == 0 and period.length >= 1
    ]
    return rng.choice(ways)


def escalator_in_other_words(rng: Random, escalator: Node) -> Node | str:
    """Every 12 months is what is meant by a rate alone; another period has its word."""
    if escalator == {"rate": escalator["rate"], "every": "12 months"} and rng.random() < 0.5:
        return rng.choice([escalator["rate"], {"rate": escalator["rate"]}])
    words = {"1 month": "month", "3 months": "quarter", "12 months": "year"}
    name = words.get(escalator["every"])
    ways = [name, *PERIODS[name].adverbs] if name else []
    every = rng.choice([span_in_other_words(rng, escalator["every"]), *ways])
    return escalator | {"every": every}


# ---- as a file ----


def as_yaml(deal: Node) -> str:
    """The text of a scenario file; a deal without names is given some."""
    named = {"deal": "Northgate", "seller": "xAI", "buyer": "Anthropic", **deal}
    return "".join(f"{line}\n" for line in mapping_lines(named))


def mapping_lines(node: Node) -> list[str]:
    lines = []
    for key, value in node.items():
        if isinstance(value, str):
            lines.append(f"{scalar(key)}: {scalar(value)}")
        elif isinstance(value, dict):
            lines += [f"{scalar(key)}:", *indented(mapping_lines(value))]
        else:
            lines += [f"{scalar(key)}:", *indented(list_lines(value))]
    return lines


def list_lines(items: list[Any]) -> list[str]:
    lines = []
    for item in items:
        first, *rest = [scalar(item)] if isinstance(item, str) else mapping_lines(item)
        lines += [f"- {first}", *indented(rest)]
    return lines


def indented(lines: list[str]) -> list[str]:
    return [f"  {line}" for line in lines]


def scalar(text: str) -> str:
    """Plain where no reader of YAML could mistake it for anything but a scalar; else quoted."""
    plain = re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9 ._%/–-]*[A-Za-z0-9.%])?", text)
    return text if plain else json.dumps(text, ensure_ascii=False)

"""What a deal pays, worked out slowly: one day after the other, with nothing clever.

It shares no code with dealcalc, so that where both agree, neither copied the other's mistake. A
deal is a mapping shaped like a scenario file in which every scalar is text. Only valid deals are
read: a mistake in one is a KeyError or worse, never a message.
"""

from __future__ import annotations

import calendar
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import permutations, product
from typing import Any

Node = dict[str, Any]

DAY = timedelta(days=1)
PARTIES = ("buyer", "seller")
DECIMALS = {"USD": 2, "EUR": 2, "GBP": 2, "JPY": 0, "KRW": 0, "KWD": 3, "BHD": 3, "CLF": 4}
WATTS = {"W": 1, "kW": 10**3, "MW": 10**6, "GW": 10**9}
DAYS_OF = {"day": 1, "week": 7}
MONTHS_OF = {"month": 1, "quarter": 3, "year": 12}
PERIODS = (*MONTHS_OF, "week", "day", "hour")
SAID = {
    "month": ["monthly", "mo"],
    "quarter": ["quarterly"],
    "year": ["yearly", "annually", "annum", "yr"],
    "week": ["weekly"],
    "day": ["daily"],
    "hour": ["hourly", "hr"],
}
TIMES = {
    "": 1,
    **dict.fromkeys(["k", "thousand"], 10**3),
    **dict.fromkeys(["m", "mm", "mn", "million"], 10**6),
    **dict.fromkeys(["b", "bn", "billion"], 10**9),
    **dict.fromkeys(["tn", "trillion"], 10**12),
}

# ---- the small language ----


def amount(text: str) -> Fraction:
    """The number `1.25bn`, `1_250_000_000` or `1.25e9` says."""
    said = re.fullmatch(r"([0-9._]+(?:[eE]\+?[0-9]+)?) ?([a-zA-Z]*)", text)
    if not said:
        raise ValueError(text)
    return Fraction(said[1].replace("_", "")) * TIMES[said[2].lower()]


def percent(text: str) -> Fraction:
    """A hundredth of the number before the sign."""
    return Fraction(text.removesuffix("%")) / 100


def first_day(text: str) -> date:
    """A day; of a month, its first."""
    return date.fromisoformat(text if len(text) == 10 else f"{text}-01")


def last_day(text: str) -> date:
    """A day; of a month, its last."""
    return first_day(text) if len(text) == 10 else month_end(first_day(text))


def days_in_month(day: date) -> int:
    return calendar.monthrange(day.year, day.month)[1]


def month_end(day: date) -> date:
    return day.replace(day=days_in_month(day))


def plus_months(day: date, months: int) -> date:
    """The same day so many months later; a day that month lacks becomes its last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = date(year, month + 1, 1)
    return first.replace(day=min(day.day, days_in_month(first)))


def plus(day: date, span: str) -> date:
    """The day so many days, weeks, months or years later."""
    number, unit = span.lower().split()
    count, unit = int(number), unit.removesuffix("s")
    if unit in MONTHS_OF:
        return plus_months(day, count * MONTHS_OF[unit])
    return day + count * (7 if unit == "week" else 1) * DAY


def every_day(first: date, last: date) -> Iterator[date]:
    """Each day from the first to the last, both included."""
    while first <= last:
        yield first
        first += DAY


def months_in(terms: Node) -> int:
    return int(terms["months"]) if "months" in terms else 12 * int(terms["years"])


def end_of(terms: Node, start: date, otherwise: date | None = None) -> date:
    """The last day, included, that `through`, `months` or `years` says."""
    if "through" in terms:
        return last_day(terms["through"])
    if "months" in terms or "years" in terms:
        return plus_months(start, months_in(terms)) - DAY
    assert otherwise is not None
    return otherwise


def round_half_up(value: Fraction) -> int:
    """The nearest whole number; a half goes away from zero."""
    size = (abs(value) + Fraction(1, 2)).__floor__()
    return size if value >= 0 else -size


# ---- what a charge earns on a day ----


@dataclass(frozen=True)
class Price:
    amount: Fraction
    period: str  # month, quarter, year, week, day, hour, total or once
    unit: str  # empty where the price is not per unit


@dataclass(frozen=True)
class Rate:
    amount: Fraction
    daily: bool  # earned every day in full; otherwise a month's, earned by weight

    def times(self, factor: Fraction) -> Rate:
        return Rate(self.amount * factor, self.daily)


def read_price(text: str) -> Price:
    """What is paid, for how long, and per which unit, in the ways in which people say it."""
    for ending, period in ((" in total", "total"), (" once", "once")):
        if text.endswith(ending):
            return Price(amount(without_currency(text.removesuffix(ending))), period, "")
    for name, words in SAID.items():
        for word in words:
            text = re.sub(rf"(?<=[ /-]){word}(?=[ /]|$)", name, text)
    number, *per = re.split(
        r" ?/ ?| per | an? | (?=month|quarter|year|week|day|hour)|(?<=[A-Za-z])-", text
    )
    if per[0].removesuffix("h") in WATTS and per[0].endswith("h"):
        per = [per[0].removesuffix("h"), "hour"]
    period = next(part for part in per if part in PERIODS)
    unit = next((part for part in per if part != period), "")
    return Price(amount(without_currency(number)), period, unit)


def without_currency(text: str) -> str:
    return re.sub(r"^[A-Z]{3} |^[$€£¥₩]| [A-Z]{3}$", "", text)


def capacity(charges: dict[str, Node], name: str, unit: str) -> Fraction:
    """How much of the unit a charge sells; 1 where its price is not per unit."""
    if not unit:
        return Fraction(1)
    said = charges[name]["capacity"]
    if isinstance(said, str) and said in charges:
        return capacity(charges, said, unit)
    for text in [said] if isinstance(said, str) else said:
        number, own = text.split()
        if own == unit:
            return amount(number)
        if own in WATTS and unit in WATTS:
            return amount(number) * WATTS[own] / WATTS[unit]
    raise ValueError(f"{name} has no capacity in {unit}")


def recurring_rate(charges: dict[str, Node], name: str, text: str) -> Rate:
    """A price before escalator and ramp: per day of 24 hours, or per month."""
    price = read_price(text)
    sold = price.amount * capacity(charges, name, price.unit)
    if price.period == "hour":
        return Rate(sold * 24 * percent(charges[name].get("load", "100%")), daily=True)
    if price.period in DAYS_OF:
        return Rate(sold / DAYS_OF[price.period], daily=True)
    return Rate(sold / MONTHS_OF[price.period], daily=False)


def weight(day: date, proration: str, start: date) -> Fraction:
    """The share of its month that a day carries, for a charge in service from `start`."""
    length = days_in_month(day)
    if proration == "actual":
        return Fraction(1, length)
    if proration == "whole-month":
        return Fraction(int(day.day == 1 or day == start))
    if day.day == 31:
        return Fraction(0)
    if day.month == 2 and day.day == length:
        return Fraction(30 - (length - 1), 30)
    return Fraction(1, 30)


def ramp_ends(ramp: list[Node], start: date) -> list[date]:
    """The last day of each step; months count from the start, or from the end of a dated step."""
    ends, anchor, months = [], start, 0
    for step in ramp:
        if "through" in step:
            ends.append(last_day(step["through"]))
            anchor, months = ends[-1] + DAY, 0
        else:
            months += months_in(step)
            ends.append(plus_months(anchor, months) - DAY)
    return ends


def escalator_of(charge: Node) -> Node:
    """A rate may stand alone."""
    escalator = charge["escalator"]
    return {"rate": escalator} if isinstance(escalator, str) else escalator


def months_every(text: str) -> int:
    """How many months `18 months`, `1 year`, `year` and `yearly` are."""
    *number, unit = text.split()
    name = next(name for name, words in SAID.items() if unit.removesuffix("s") in (name, *words))
    return int(number[0] if number else 1) * MONTHS_OF[name]


def increases(charge: Node, start: date, through: date) -> list[date]:
    """The days on which the escalator lifts the price, in order."""
    if "escalator" not in charge:
        return []
    escalator = escalator_of(charge)
    every = months_every(escalator.get("every", "12 months"))
    first = escalator.get("first")
    anchor, k = (first_day(first), 0) if first else (start, 1)
    days = [plus_months(anchor, k * every)]
    while days[-1] <= through:
        k += 1
        days.append(plus_months(anchor, k * every))
    return days


def rates(charges: dict[str, Node], name: str, start: date, through: date) -> dict[date, Rate]:
    """The rate on each day of service of a recurring price."""
    price = recurring_rate(charges, name, charges[name]["price"])
    return rates_from(price, charges, name, start, through)


def rates_from(
    price: Rate, charges: dict[str, Node], name: str, start: date, through: date
) -> dict[date, Rate]:
    """The rate on each day of service that escalator and ramp make of a first one."""
    charge = charges[name]
    growth = 1 + percent(escalator_of(charge)["rate"]) if "escalator" in charge else Fraction(1)
    lifts, ramp = increases(charge, start, through), charge.get("ramp", [])
    ends = ramp_ends(ramp, start)

    @cache
    def rate(lifted: int, stepped: int) -> Rate:
        step = ramp[stepped] if stepped < len(ramp) else {}
        if "price" in step:
            return recurring_rate(charges, name, step["price"])
        return price.times(growth**lifted * (1 - percent(step.get("discount", "0%"))))

    return {
        day: rate(bisect_right(lifts, day), bisect_left(ends, day))
        for day in every_day(start, through)
    }


def payer(charge: Node) -> Fraction:
    """What the seller pays counts against what the buyer does."""
    return Fraction(-1 if charge.get("paid_by") == "seller" else 1)


class Charge:
    """One priced stream: its rate on each day of service, and what it has earned by then."""

    def __init__(self, deal: Node, name: str, start: date, through: date) -> None:
        charge = deal["charges"][name]
        self.proration = deal.get("conventions", {}).get("proration", "actual")
        self.start = first_day(charge["start"]) if "start" in charge else start
        self.base_end = end_of(charge, self.start, through)
        self.through, self.priced = self.base_end, list[tuple[date, str]]()
        self.renew(deal["term"], charge)
        self.rates: dict[date, Rate] = {}
        price = read_price(charge["price"])
        if price.period == "once":
            self.start = self.through = self.base_end = first_day(charge["on"])
            self.earned = {self.start: price.amount * payer(charge)}
            return
        if price.period == "total":
            self.rates = self.spread(price.amount, deal["charges"], name)
        else:
            self.rates = rates(deal["charges"], name, self.start, self.through)
        for first, text in self.priced:  # from there on as if it started that day, without a ramp
            node = {key: value for key, value in charge.items() if key != "ramp"} | {"price": text}
            if "escalator" in node:
                said = escalator_of(node)
                node["escalator"] = {key: said[key] for key in said if key != "first"}
            self.rates |= rates(deal["charges"] | {name: node}, name, first, self.through)
        self.rates = {day: rate.times(payer(charge)) for day, rate in self.rates.items()}
        self.earned = self.accumulated()

    def renew(self, term: Node, charge: Node) -> None:
        """Moves the end by the months of each renewal; the first of an option has its price."""
        months, last = 0, ""
        for option, length, price in charge.get("renewed", []):
            if price and option != last:
                self.priced.append((self.through + DAY, price))
            months, last = months + length, option
            if "months" in charge or "years" in charge:
                end = plus_months(self.start, months_in(charge) + months)
            elif "through" in charge or "through" in term:
                end = plus_months(self.base_end + DAY, months)
            else:
                end = plus_months(first_day(term["start"]), months_in(term) + months)
            self.through = end - DAY

    def weight(self, day: date) -> Fraction:
        return weight(day, self.proration, self.start)

    def spread(self, whole: Fraction, charges: dict[str, Node], name: str) -> dict[date, Rate]:
        """The monthly rates at which the whole is earned over all agreed days.

        A price of 1 a month with its ramp and escalator would earn so much: that many times more
        or less is each day's rate.
        """
        one = Rate(Fraction(1), daily=False)
        shape = rates_from(one, charges, name, self.start, self.through)
        agreed = {day: rate for day, rate in shape.items() if day <= self.base_end}
        earned = sum(rate.amount * self.weight(day) for day, rate in agreed.items())
        return {day: rate.times(whole / earned) for day, rate in shape.items()}

    def accumulated(self) -> dict[date, Fraction]:
        earned, sofar = {}, Fraction(0)
        for day, rate in self.rates.items():
            sofar += rate.amount if rate.daily else rate.amount * self.weight(day)
            earned[day] = sofar
        return earned

    def earned_through(self, day: date) -> Fraction:
        """E(day), exact."""
        return self.earned[min(day, self.through)] if day >= self.start else Fraction(0)

    def month_rate(self, day: date) -> Fraction:
        """What a month costs at the rate of that day; 0 when not in service, and for `once`."""
        rate = self.rates.get(day, Rate(Fraction(0), daily=False))
        return rate.amount * days_in_month(day) if rate.daily else rate.amount


# ---- options ----

Taking = tuple[date, str]
"""The day on which an option is taken, and its name."""


def takings_of(deal: Node) -> list[Taking]:
    """All that the file says is taken, by day; what a what-if takes is taken as soon as it may."""
    signed = first_day(deal["term"].get("signed", deal["term"]["start"]))
    found = []
    for name, option in deal.get("options", {}).items():
        days = [first_day(text) for text in texts(option.get("taken", []))]
        found += [(day, name) for day in days]
        found += [(max([signed, *days]), name)] * int(option.get("take", 0))
    return sorted(found, key=lambda taking: taking[0])


def texts(said: str | list[str]) -> list[str]:
    return [said] if isinstance(said, str) else said


def length_of(option: Node) -> int:
    return months_in(option)


def renewed_by(deal: Node, option: Node) -> list[str]:
    """The charges that an option renews."""
    recurring = [
        name
        for name, charge in deal["charges"].items()
        if read_price(charge["price"]).period in PERIODS
    ]
    return texts(option.get("extends", recurring))


def with_takings(deal: Node, takings: list[Taking]) -> Node:
    """The deal with what is taken written into its charges."""
    charges = dict(deal["charges"])
    for day, name in takings:
        option = deal["options"][name]
        if "adds" in option:
            for key, charge in option["adds"].items():
                dated = "start" in charge or "on" in charge
                charges[key] = charge if dated else charge | {"start": begins(deal, day)}
            continue
        for key in renewed_by(deal, option):
            renewal = name, length_of(option), option.get("price")
            before = charges[key].get("renewed", [])
            charges[key] = charges[key] | {"renewed": [*before, renewal]}
    return deal | {"charges": charges}


def begins(deal: Node, taken: date) -> str:
    """From when service is added that has no start: the term's, but never before it is taken."""
    start = first_day(deal["term"]["start"])
    signed = first_day(deal["term"].get("signed", deal["term"]["start"]))
    return max(start, taken if taken == signed else taken + DAY).isoformat()


# ---- leaving ----


class NoticeRefusedError(Exception):
    """Notice that may not be given."""

    def __init__(self, first: date | None) -> None:
        super().__init__(f"first on {first}")
        self.first = first  # the first date on which it could be given; None: never


@dataclass(frozen=True)
class Exit:
    by: str  # buyer, seller or either
    notice: date
    last_day: date
    fee: Decimal  # plus: the buyer pays; minus: the seller does
    right: int


@dataclass(frozen=True)
class Ending:
    """A deal ended early, or not so early."""

    notice: date
    by: str
    last_day: date
    earned: Decimal
    fee: Decimal
    total: Decimal
    forgone: Decimal
    full_term: Decimal
    earned_share: Fraction | None  # None where the full term pays nothing
    months: dict[str, Decimal]
    years: dict[int, Decimal]


@dataclass(frozen=True)
class Standing:
    """How much is firm at a moment of a day."""

    as_of: date
    moment: str  # close, opening, or signing: the opening of the day signed
    earned: Decimal
    firm: Decimal
    cancellable: Decimal
    contract_value: Decimal
    optional: Decimal
    callable: Decimal
    not_begun: Decimal
    earliest_exit: date | None  # None where there is no contract yet
    by: str | None  # None where nobody may give notice any more
    fee: Decimal


class Oracle:
    """Every answer about one deal: days are included, money is Decimal unless called exact."""

    def __init__(self, said: Node, takings: list[Taking] | None = None) -> None:
        self.said, self.takings = said, takings_of(said) if takings is None else takings
        self.laid = deal = with_takings(said, self.takings)
        term, conventions = deal["term"], deal.get("conventions", {})
        self.start = first_day(term["start"])
        self.term_end = self.through = end_of(term, self.start)
        self.signed = first_day(term.get("signed", term["start"]))
        self.notice_day_counts = conventions.get("notice_day", "excluded") == "included"
        self.decimals = DECIMALS[deal["currency"]]
        self.charges = {
            name: Charge(deal, name, self.start, self.through) for name in deal["charges"]
        }
        self.through = max([self.through, *(charge.through for charge in self.charges.values())])
        self.by_takings: dict[int, Oracle] = {}
        self.added: dict[tuple[date, str], Decimal] = {}
        self.booked: dict[tuple[str, date], int] = {}
        self.contract_value = self.earned(self.through)
        said = deal.get("termination", [])
        self.rights: list[Node] = [said] if isinstance(said, dict) else said
        self.openings = [
            [day for day in every_day(self.signed, self.through) if self.may_give(index, day)]
            for index in range(len(self.rights))
        ]
        self.permitted = {  # by party, with the rights that end the whole deal
            party: sorted({day for index in indices for day in self.openings[index]})
            for party in PARTIES
            if (indices := [index for index, _ in self.meant(party)])
        }

    # -- what is earned --

    def money(self, minor_units: int) -> Decimal:
        assert abs(minor_units) < 10**27, "Decimal would round sums of more than 28 digits unasked"
        return Decimal(minor_units).scaleb(-self.decimals)

    def earned_exact(self, day: date, charge: str | None = None) -> Fraction:
        """E(day) of a charge, or of all, before any rounding."""
        names = [charge] if charge else list(self.charges)
        return sum((self.charges[name].earned_through(day) for name in names), Fraction(0))

    def booked_through(self, day: date, charge: str) -> int:
        """E(day) of a charge in minor units, rounded half-up."""
        key = charge, min(day, self.through)
        if key not in self.booked:
            exact = self.charges[charge].earned_through(day)
            self.booked[key] = round_half_up(exact * 10**self.decimals)
        return self.booked[key]

    def earned(self, day: date, charge: str | None = None) -> Decimal:
        """What a charge, or all, has earned by the end of a day; each rounded by itself."""
        names = [charge] if charge else list(self.charges)
        return self.money(sum(self.booked_through(day, name) for name in names))

    def between(self, first: date, last: date, charge: str | None = None) -> Decimal:
        """What is booked from the first day to the last, both included."""
        return self.earned(last, charge) - self.earned(first - DAY, charge)

    def total(self, last: date | None = None) -> Decimal:
        """What is earned until the last day; of the full term without one."""
        return self.earned(last or self.through)

    def months(self, last: date | None = None) -> dict[str, Decimal]:
        """Revenue of every calendar month of the deal until the last day, also where it is 0."""
        last = min(last or self.through, self.through)
        months = dict[str, Decimal]()
        day = min([self.start, *(charge.start for charge in self.charges.values())])
        while day <= last:
            end = min(month_end(day), last)
            months[f"{day:%Y-%m}"] = self.between(day, end)
            day = end + DAY
        return months

    def years(self, last: date | None = None) -> dict[int, Decimal]:
        """Revenue of every calendar year of the term until the last day."""
        return by_year(self.months(last))

    # -- options --

    def agreed_on(self, day: date) -> Oracle:
        """The deal without what is taken later."""
        takings = [taking for taking in self.takings if taking[0] <= day]
        if len(takings) == len(self.takings):
            return self
        if len(takings) not in self.by_takings:
            self.by_takings[len(takings)] = Oracle(self.said, takings)
        return self.by_takings[len(takings)]

    def may_be_taken(self, name: str, day: date) -> bool:
        """Whether an option may be taken on a day, once more than it is here."""
        option = self.said["options"][name]
        if "until" in option and day > last_day(option["until"]):
            return False
        if "adds" not in option:
            end = min(self.charges[key].through for key in renewed_by(self.said, option))
            if "notice" not in option:
                return day <= end
            over = plus(day, option["notice"])
            return (over - DAY if self.notice_day_counts else over) <= end
        for charge in option["adds"].values():
            if "start" in charge or "on" in charge:
                last = first_day(charge.get("start", charge.get("on"))) - DAY
            elif "through" in charge:
                last = last_day(charge["through"]) - DAY
            else:
                last = self.term_end - (
                    DAY if "months" not in charge and "years" not in charge else 0 * DAY
                )
            if day > last or self.weighs_nothing(charge, last, day):
                return False
        return True

    def weighs_nothing(self, charge: Node, last: date, day: date) -> bool:
        """Whether a sum would be spread over a 31st alone, which does not count under 30/360."""
        dated = {"start", "on", "months", "years"} & charge.keys()
        convention = self.said.get("conventions", {}).get("proration")
        spread = charge["price"].endswith(" in total") and not dated
        return spread and convention == "30/360" and day == last and (last + DAY).day == 31

    def optional(self, day: date, by: str) -> Decimal:
        """What it adds if one party takes on a day all that it may, as often as it may."""
        if (day, by) not in self.added:
            agreed = self.agreed_on(day)
            self.added[day, by] = agreed.in_full(day, by).contract_value - agreed.contract_value
        return self.added[day, by]

    def in_full(self, day: date, by: str) -> Oracle:
        more: list[Taking] = []
        for name, option in self.said.get("options", {}).items():
            left = int(option.get("times", 1)) - [each for _, each in self.takings].count(name)
            theirs = option.get("by", "buyer") == by and option.get("price") != "at market"
            if theirs and left and self.may_be_taken(name, day):
                more += [(day, name)] * left
        return Oracle(self.said, [*self.takings, *more]) if more else self

    def months_after(self, exit: Exit) -> dict[str, Decimal]:
        """Revenue of every month in which a charge is paid for after an exit."""
        ended = self.ended_by(exit.right)
        ends = {n: exit.last_day if n in ended else self.charges[n].through for n in self.charges}
        whole = len(ended) == len(self.charges)
        months = self.months(exit.last_day if whole else None)
        for month in months:
            first = first_day(month)
            months[month] = sum(
                (
                    self.earned(min(month_end(first), ends[name]), name)
                    - self.earned(min(first - DAY, ends[name]), name)
                    for name in self.charges
                ),
                self.money(0),
            )
        return months

    # -- leaving early --

    def ended_by(self, index: int) -> list[str]:
        """The charges that a right ends."""
        named = self.rights[index].get("ends", list(self.charges))
        named = [named] if isinstance(named, str) else named
        return [name for name in self.charges if name in named]

    def last_day(self, index: int, notice: date) -> date | None:
        """The last day of service by a right; None where notice is too late for all break days."""
        end = plus(notice, self.rights[index]["notice"])
        end = end - DAY if self.notice_day_counts else end
        if "on" in self.rights[index]:
            return min((day for day in self.break_days(index) if day >= end), default=None)
        return min(end, self.through)

    def break_days(self, index: int) -> list[date]:
        said = self.rights[index]["on"]
        return [last_day(text) for text in ([said] if isinstance(said, str) else said)]

    def lock_out(self, index: int) -> date:
        """The day before which notice by a right, or the last day it leads to, is barred."""
        said = self.rights[index].get("lock_out")
        if said is None:
            return self.signed
        return plus(self.signed, said) if " " in said else first_day(said)

    def may_give(self, index: int, day: date) -> bool:
        """Whether notice may be given by a right on a day."""
        ends = self.last_day(index, day)
        if ends is None or not self.signed <= day <= self.through:
            return False
        ending = self.rights[index].get("lock_out_bars") == "ending"
        barred = ends if ending else day
        return "lock_out" not in self.rights[index] or barred >= self.lock_out(index)

    def meant(self, by: str | None, right: int | None = None) -> list[tuple[int, str]]:
        """Rights in the hands of a party: one of them, or all that end the whole deal."""
        return [
            (index, party)
            for index, party in self.uses(by)
            if index == right or (right is None and len(self.ended_by(index)) == len(self.charges))
        ]

    def uses(self, by: str | None) -> list[tuple[int, str]]:
        """Every right in the hands of each party that has it, of those asked for."""
        return [
            (index, party)
            for index, right in enumerate(self.rights)
            for party in PARTIES
            if right["by"] in (party, "either") and by in (None, party) and self.ended_by(index)
        ]

    def parties(self, by: str | None) -> list[str]:
        """Who may end the whole deal, of those asked for."""
        return [party for party in self.permitted if by in (None, party)]

    def first_notice(
        self, by: str | None = None, after: date = date.min, right: int | None = None
    ) -> date | None:
        """The first day, `after` or later, on which a party, or any, may give notice; else None."""
        found = [
            self.openings[index][at]
            for index, _ in self.meant(by, right)
            if (at := bisect_left(self.openings[index], after)) < len(self.openings[index])
        ]
        return min(found, default=None)

    def fee_for(self, index: int, last: date) -> str | Node | None:
        """What the file says that a last day costs: by break day, by step, or always the same."""
        right = self.rights[index]
        said = right.get("fee")
        if not isinstance(said, list):
            return said
        if "on" in right and len(said) > 1:
            return next(
                fee for day, fee in zip(self.break_days(index), said, strict=True) if day == last
            )
        for step in said:
            if isinstance(step, str) or "through" not in step or last <= last_day(step["through"]):
                return step if isinstance(step, str) or "amount" in step else step["fee"]
        return None

    def fee(self, index: int, last: date, counted: list[str]) -> Decimal:
        """What a right costs with a last day, for the charges that count for it; never negative."""
        said = self.fee_for(index, last)
        forgone = sum(
            (self.earned(self.through, name) - self.earned(last, name) for name in counted),
            self.money(0),
        )
        if said is None or forgone == 0:
            return self.money(0)
        if isinstance(said, dict):
            owed = amount(without_currency(said["amount"])) * self.left(index, said["over"], last)
        elif said.endswith(" of remaining"):
            owed = percent(said.removesuffix(" of remaining")) * Fraction(forgone)
        elif said.endswith(("month", "months", "quarter", "quarters", "year", "years")):
            rates = sum(self.charges[name].month_rate(last) for name in counted)
            owed = months_every(said) * Fraction(rates)
        else:
            owed = amount(without_currency(said))
        return self.money(round_half_up(max(owed, Fraction(0)) * 10**self.decimals))

    def left(self, index: int, over: str, last: date) -> Fraction:
        """The share of a sum that is left, of days that weigh as those of monthly prices do."""
        start, days = self.falling(index, over)
        return days[max(last, start - DAY)] if last < max(days) else Fraction(0)

    @cache  # noqa: B019 - an oracle lives as long as its test
    def falling(self, index: int, over: str) -> tuple[date, dict[date, Fraction]]:
        """The first day of what falls, and what is left by each of its days and the one before."""
        start = min(self.charges[name].start for name in self.ended_by(index))
        proration = next(iter(self.charges.values())).proration
        days = list(every_day(start, plus(start, over) - DAY))
        weights = [weight(day, proration, start) for day in days]
        left = whole = sum(weights, Fraction(0))
        shares = {start - DAY: Fraction(1)}
        for day, weighs in zip(days, weights, strict=True):
            left -= weighs
            shares[day] = left / whole if whole else Fraction(int(day < days[-1]))
        return start, shares

    def exit(self, index: int, party: str, notice: date) -> Exit:
        last = self.last_day(index, notice)
        assert last
        fee = self.fee(index, last, self.ended_by(index))
        return Exit(party, notice, last, fee if party == "buyer" else -fee, index)

    def leaving(self, notice: date, by: str | None = None, right: int | None = None) -> Exit:
        """Who leaves when on a notice; raises NoticeRefusedError where it may not be given."""
        exits = [
            self.exit(index, party, notice)
            for index, party in self.meant(by, right)
            if notice in self.permitted_days(index)
        ]
        if not exits:
            raise NoticeRefusedError(self.first_notice(by, right=right))
        earliest = min(exit.last_day for exit in exits)
        return either([exit for exit in exits if exit.last_day == earliest])

    @cache  # noqa: B019 - an oracle lives as long as its test
    def permitted_days(self, index: int) -> frozenset[date]:
        return frozenset(self.openings[index])

    def kept(self, exit: Exit) -> Decimal:
        """What all charges earn if some of them end with an exit."""
        ended = self.ended_by(exit.right)
        days = {name: exit.last_day if name in ended else self.through for name in self.charges}
        return sum((self.earned(day, name) for name, day in days.items()), self.money(0))

    def terminate(self, notice: date, by: str | None = None, right: int | None = None) -> Ending:
        """What a deal pays after a notice; raises NoticeRefusedError where it may not be given.

        What is taken after the notice does not count.
        """
        if self.agreed_on(notice) is not self:
            return self.agreed_on(notice).terminate(notice, by, right)
        left = self.leaving(notice, by, right)
        earned, full = self.kept(left), self.contract_value
        months = self.months_after(left)
        if left.fee:
            month = f"{left.last_day:%Y-%m}"
            months[month] = months.get(month, self.money(0)) + left.fee
        return Ending(
            notice=notice,
            by=left.by,
            last_day=left.last_day,
            earned=earned,
            fee=left.fee,
            total=earned + left.fee,
            forgone=full - earned,
            full_term=full,
            earned_share=Fraction(earned) / Fraction(full) if full else None,
            months=months,
            years=by_year(months),
        )

    def latest_notice(
        self, last: date, by: str | None = None, right: int | None = None
    ) -> date | None:
        """The latest notice that ends the service on or before a day; None where none does."""
        days = sorted({day for index, _ in self.meant(by, right) for day in self.openings[index]})
        return max((d for d in days if self.leaving(d, by, right).last_day <= last), default=None)

    # -- what is firm --

    def standing(self, as_of: date, by: str | None = None) -> Standing:
        """What is earned, firm and cancellable at the close of a day; `by` counts one party alone.

        The last day of which anything is earned by then is that day itself.
        """
        return self.standing_at(as_of, "close", as_of, by)

    def opening(self, day: date, by: str | None = None) -> Standing:
        """The same at the opening of a day: what is earned by the day before, and notice from it.

        The opening of the day on which the contract is signed is the signing.
        """
        moment = "signing" if day == self.signed else "opening"
        return self.standing_at(day, moment, day - DAY, by)

    def at_signing(self, by: str | None = None) -> Standing:
        return self.opening(self.signed, by)

    def standing_at(self, as_of: date, moment: str, served: date, by: str | None) -> Standing:
        if as_of < self.signed:  # there is no contract yet, so nothing is agreed
            nothing = self.money(0)
            return Standing(as_of, moment, *[nothing] * 7, None, None, nothing)
        if self.agreed_on(as_of) is not self:
            return self.agreed_on(as_of).standing_at(as_of, moment, served, by)
        earned = self.earned(served)
        firm, left = self.contract_value - earned, Exit("", as_of, self.through, self.money(0), 0)
        ends = dict.fromkeys(self.charges, self.through)
        uses = [use for use in self.uses(by) if self.choices(use, as_of)]
        if len({tuple(self.ended_by(index)) for index, _ in uses}) == 1:
            firm, left = self.least_of_one(uses, as_of, served)
            ends |= dict.fromkeys(self.ended_by(left.right), left.last_day)
        elif uses:
            firm, left, ends = self.least_of_sets(uses, as_of, served)
        later = [name for name, charge in self.charges.items() if charge.start > served]
        return Standing(
            as_of=as_of,
            moment=moment,
            earned=earned,
            firm=firm,
            cancellable=self.contract_value - earned - firm,
            contract_value=self.contract_value,
            optional=self.optional(as_of, "buyer"),
            callable=self.optional(as_of, "seller"),
            not_begun=sum(
                (self.between(served + DAY, ends[name], name) for name in later), self.money(0)
            ),
            earliest_exit=left.last_day,
            by=left.by or None,
            fee=left.fee,
        )

    @cache  # noqa: B019 - an oracle lives as long as its test
    def last_days(self, index: int) -> dict[date, date]:
        """Every last day that a right can lead to, in order, with its first notice."""
        found: dict[date, date] = {}
        for day in self.openings[index]:
            last = self.last_day(index, day)
            assert last
            found.setdefault(last, day)
        return found

    def choices(self, use: tuple[int, str], as_of: date) -> dict[date, date]:
        """Those of notice on a day or later."""
        index, _ = use
        at = bisect_left(self.openings[index], as_of)
        if at == len(self.openings[index]):
            return {}
        notice = self.openings[index][at]
        first = self.last_day(index, notice)
        assert first
        later = {last: day for last, day in self.last_days(index).items() if last > first}
        return {first: notice} | later

    def least_of_one(
        self, uses: list[tuple[int, str]], as_of: date, served: date
    ) -> tuple[Decimal, Exit]:
        """The least of all exits, where all rights end the same charges: a second ends nothing."""
        earned = self.earned(served)
        rest = self.contract_value - earned
        ranked = []
        for use in uses:
            for last, notice in self.choices(use, as_of).items():
                costs, fee = self.priced_exit(*use, last)
                if last < served:  # which undoes nothing
                    still = self.still(frozenset(self.ended_by(use[0])), last, served)
                    costs = earned + still + max(fee, self.money(0))
                exit = Exit(use[1], notice, last, fee, use[0])
                ranked.append(((min(costs - earned, rest), last), exit))
        least = min(rank for rank, _ in ranked)
        return least[0], either([exit for rank, exit in ranked if rank == least])

    @cache  # noqa: B019 - an oracle lives as long as its test
    def priced_exit(self, index: int, party: str, last: date) -> tuple[Decimal, Decimal]:
        """What the deal comes to with an exit, the buyer's fee too; and the fee."""
        exit = Exit(party, last, last, self.priced_fee(index, party, last), index)
        return self.kept(exit) + max(exit.fee, self.money(0)), exit.fee

    @cache  # noqa: B019 - an oracle lives as long as its test
    def priced_fee(self, index: int, party: str, last: date) -> Decimal:
        fee = self.fee(index, last, self.ended_by(index))
        return fee if party == "buyer" else -fee

    def still(self, ended: frozenset[str], last: date, served: date) -> Decimal:
        """What is still earned if some charges end on a day, and the others with the term.

        Where the day of notice counts an exit may lie before what is served, and undoes nothing.
        """
        days = {name: last if name in ended else self.through for name in self.charges}
        return sum(
            (self.earned(max(day, served), n) - self.earned(served, n) for n, day in days.items()),
            self.money(0),
        )

    def least_of_sets(
        self, uses: list[tuple[int, str]], as_of: date, served: date
    ) -> tuple[Decimal, Exit, dict[str, date]]:
        """The least over every set of rights, and every last day of each; for short deals only."""
        rest = self.contract_value - self.earned(served)
        best = None
        for size in range(1, len(uses) + 1):
            for order in permutations(uses, size):
                for lasts in product(*(self.choices(use, as_of) for use in order)):
                    if list(lasts) != sorted(lasts):
                        continue  # the same in another order comes by itself
                    ends, owed, fees = dict.fromkeys(self.charges, self.through), self.money(0), []
                    running = list(self.charges)
                    for (index, party), last in zip(order, lasts, strict=True):
                        counted = [n for n in self.ended_by(index) if n in running]
                        running = [n for n in running if n not in counted]
                        ends |= dict.fromkeys(counted, last)
                        fee = self.fee(index, last, counted)
                        owed += fee if party == "buyer" else 0
                        fees.append(fee if party == "buyer" else -fee)
                    still = sum(
                        (
                            self.earned(max(day, served), n) - self.earned(served, n)
                            for n, day in ends.items()
                        ),
                        self.money(0),
                    )
                    rank = min(still + owed, rest), lasts
                    if best is None or rank < best[0]:
                        first = order[0]
                        exit = Exit(first[1], as_of, lasts[0], sum(fees, self.money(0)), first[0])
                        best = rank, exit, ends
        assert best
        return best[0][0], best[1], best[2]


def either(exits: list[Exit]) -> Exit:
    """One exit for all that leave on the same day; the buyer's fee, if any."""
    if len(exits) == 1:
        return exits[0]
    if len({exit.by for exit in exits}) == 1:
        return min(exits, key=lambda exit: abs(exit.fee))
    buyers = min((exit for exit in exits if exit.by == "buyer"), key=lambda exit: exit.fee)
    return Exit("either", buyers.notice, buyers.last_day, buyers.fee, buyers.right)


def by_year(months: dict[str, Decimal]) -> dict[int, Decimal]:
    years: dict[int, Decimal] = {}
    for month, money in months.items():
        years[int(month[:4])] = years.get(int(month[:4]), Decimal(0)) + money
    return years

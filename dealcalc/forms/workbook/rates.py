"""The sheet of rates: when each charge's rate changes, and the stretches of one rate between.

A stretch here begins with every day on which a rate may change, so there is one for each ramp step
and each increase, also where the rate happens to stay the same or two fall on one day.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from dealcalc.core import TICKS, Earned, Priced, month_clock, monthly_rate
from dealcalc.forms.workbook.formulas import Named, half_up, moved, named, ticks, unit_of_rate
from dealcalc.forms.workbook.sheets import File, Formula, Sheet
from dealcalc.terms.dates import DAY
from dealcalc.terms.deal import Deal

COLUMNS = (
    ("Charge", "text"), ("What changes", "text"), ("On", "date"), ("Off", "percent"),
    ("Or a price of", "rate"), ("per", "after"),
    ("From", "date"), ("Through", "date"), ("Ramp step", "count"), ("Increases", "count"),
    ("Rate", "rate"), ("per", "after"), ("Clock's unit", "count"), ("Clock before", "count"),
    ("Clock at end", "count"), ("Earned before, minor units", "exact"),
    ("Earned here, minor units", "exact"), ("Check", "after"),
)  # fmt: skip
NAMES = {6: "From", 10: "Rate", 11: "Per", 12: "Unit", 13: "Clock", 15: "Before"}
"""The columns that other sheets look into, each by a name for each charge."""
OF_ALL = {6: "Starts", 7: "Ends", 17: "Checks"}
"""The columns that have a name as a whole: a formula with a name for each charge could be too long.

Excel takes 8,192 characters, 255 arguments, and 64 functions inside one another.
"""
FINE, OUTSIDE, MORE = "fine", "outside the term", "more increases"
TOP = 4
"""The first row of the table, below its heading."""
ABOUT = (
    "Left: the days on which a rate may change. Right: the stretches between them, in order of "
    "date, each with one rate for the whole capacity. What is earned by a day is what was earned "
    "before its stretch, plus the rate times what the clock has run. The clock of a rate per month "
    f"counts {TICKS:,} to a month, so that a day of any month is a whole number; that of a rate "
    "per day counts days. What an escalator makes of a price has more digits than a spreadsheet "
    "has: far beyond ten billion a cent may then stand in the month beside its own."
)


class Event(NamedTuple):
    """A day on which a rate may change: why, and what the ramp step pays that ends on the eve."""

    why: str
    day: Any
    kind: str
    off: Any = None
    instead: Any = None
    per: str | None = None


class Stretches(NamedTuple):
    """The stretches of a charge as they are written: their first days, and what E is made of."""

    charge: Named
    earned: Earned
    deal: Deal
    starts: tuple[date, ...]

    def through(self, day: date) -> date:
        """A day, or the charge's last one."""
        return min(day, self.earned.through)

    def number(self, day: date) -> int:
        """The stretch of a day, counted from 1; 0 before the service."""
        return bisect_right(self.starts, self.through(day)) if day >= self.earned.start else 0

    def unit(self, start: date) -> int:
        """How much the clock counts to a month or a day, for the stretch that begins on a day."""
        stage = self.earned.stage(start)
        return TICKS if stage and stage.per == "month" else 1

    def clock(self, day: date, unit: int) -> int:
        """The stand of a clock on a day, as the formulas have it."""
        if unit == 1:
            return day.toordinal() - date(1899, 12, 30).toordinal()
        return month_clock(self.deal.proration, self.earned.start)(day)

    def exact(self, day: date) -> Fraction:
        """E(day) in minor units, unrounded."""
        return self.earned.exact(day) * Fraction(10) ** self.deal.places


class Reading(NamedTuple):
    """What a charge has earned by a day: a cell for each step, from left to right."""

    through: Formula
    stretch: Formula
    clock: Formula
    exact: Formula
    booked: Formula


READING = (
    ("Through", "date"), ("Stretch", "count"), ("Clock", "count"),
    ("Earned by then, minor units", "exact"), ("Rounded half-up", "count"),
)  # fmt: skip


def reading(stretches: Stretches, day: str, value: date, cells: tuple[str, ...]) -> Reading:
    """The formulas for a day in a cell; `cells` are the five that they will stand in."""
    name = stretches.charge.cell
    through, stretch, clock, exact, _ = cells
    last = stretches.through(value)
    index = stretches.number(value)
    unit = stretches.unit(stretches.starts[index - 1]) if index else 1

    def of(column: str) -> str:
        return f"INDEX({name(column)},{stretch})"

    run = moved(of("Rate"), clock, of("Clock"), of("Unit"))
    return Reading(
        Formula(f"=MIN({day},{name('Last')})", last),
        Formula(f"=IF({through}<{name('First')},0,MATCH({through},{name('From')},1))", index),
        Formula(
            f"=IF({stretch}=0,0,IF({of('Unit')}=1,{through},{ticks(through, name('First'))}))",
            stretches.clock(last, unit) if index else 0,
        ),
        Formula(f"=IF({stretch}=0,0,{of('Before')}+{run})", stretches.exact(value)),
        Formula(f"={half_up(exact)}", stretches.earned.booked(value)),
    )


def stretches(priced: Priced) -> dict[str, Stretches]:
    """The stretches of each charge, by its name."""
    found = {}
    for charge in named(priced.deal):
        earned = priced.charges[charge.name]
        starts = sorted(event.day.value for event in _events(charge, earned))
        found[charge.name] = Stretches(charge, earned, priced.deal, tuple(starts))
    return found


def write(file: File, found: dict[str, Stretches]) -> None:
    """Write the sheet."""
    sheet = file.sheet("Rates")
    sheet.put(0, 0, "Rates", "text", "title")
    sheet.headings(TOP - 1, COLUMNS)
    row = TOP
    for of in found.values():
        _block(sheet, row, of)
        row += len(of.starts)
    for column, name in OF_ALL.items():
        sheet.name_rows(TOP, row - 1, column, name)
    sheet.wide(1, ABOUT, "remark", last=len(COLUMNS) - 1)
    sheet.frozen(TOP, 1)
    sheet.closed()


def _events(charge: Named, earned: Earned) -> Iterator[Event]:
    """The start, the day after each ramp step, and every increase in the charge's time."""
    one, name = charge.charge, charge.cell
    yield Event("service begins", Formula(f"={name('First')}", earned.start), "start")
    for index, (_, ends, step) in enumerate(one.steps(earned.start)):
        off = instead = per = None
        if step.price:
            instead, per = f"={name('Step', index)}", unit_of_rate(step.price)
        else:
            off = Formula(f"={name('Off', index)}", step.discount or Fraction(0))
        day = Formula(f"={name('Ends', index)}+1", ends + DAY)
        yield Event(f"ramp step {index + 1} is over", day, "ramp", off, instead, per)
    yield from _increases(charge, earned)


def _increases(charge: Named, earned: Earned) -> Iterator[Event]:
    escalator, name, k = charge.charge.escalator, charge.cell, 1
    while escalator and (day := escalator.increase(k, earned.start)) <= earned.through:
        if escalator.first:
            text = f"=EDATE({name('Change')},{k - 1}*{name('Every')})"
        else:
            text = f"=EDATE({name('First')},{k}*{name('Every')})"
        yield Event(f"increase {k}", Formula(text, day), "increase")
        k += 1


def _block(sheet: Sheet, top: int, stretches: Stretches) -> None:
    """The rows of one charge."""
    charge = stretches.charge
    events = list(_events(charge, stretches.earned))
    last = top + len(events) - 1
    for column, name in NAMES.items():
        sheet.name_rows(top, last, column, charge.cell(name))
    rows = {
        kind: [top + index + 1 for index, event in enumerate(events) if event.kind == kind]
        for kind in ("ramp", "increase")
    }
    kinds = [kind for _, kind in COLUMNS]
    for index, event in enumerate(events):
        at = top + index
        instead = event.instead and Formula(event.instead, _step_rate(stretches, index - 1))
        left = (charge.name, event.why, event.day, event.off, instead, event.per)
        right = _stretch(stretches, index, top, last, rows)
        sheet.row(at, (*left, *right), kinds, "first" if not index else "plain")


def _step_rate(stretches: Stretches, step: int) -> Fraction:
    price = stretches.charge.charge.ramp[step].price
    assert price
    return monthly_rate(price, stretches.charge.charge, stretches.deal)[0]


def _stretch(
    stretches: Stretches, index: int, top: int, last: int, rows: dict[str, list[int]]
) -> Iterator[Formula]:
    """The cells of a stretch, from left to right; rows of formulas count from 1."""
    charge, earned = stretches.charge, stretches.earned
    name, one, row = charge.cell, charge.charge, top + index + 1
    start = stretches.starts[index]
    end = min([earned.through, *(day - DAY for day in stretches.starts[index + 1 : index + 2])])
    stage, unit = earned.stage(start), stretches.unit(start)
    begins, ends, steps = start - DAY, end, [day for _, day, _ in one.steps(earned.start)]

    yield Formula(f"=SMALL($C${top + 1}:$C${last + 1},{index + 1})", start)
    following = f"MIN(G{row + 1}-1,{name('Last')})" if row <= last else name("Last")
    yield Formula(f"={following}", end)
    over = bisect_left(steps, start)
    yield Formula(*_step_in_force(row, rows["ramp"], over))
    passed = sum(1 for event in _increases(charge, earned) if event.day.value <= start)
    count = f'COUNTIF({_range("C", rows["increase"])},"<="&G{row})' if rows["increase"] else "0"
    yield Formula(f"={count}", passed)
    rate, per = _rate(charge, row, rows["ramp"])
    yield Formula(f"=IF(G{row}>{name('Last')},0,{rate})", stage.rate if stage else Fraction(0))
    yield Formula(
        f'=IF(G{row}>{name("Last")},"",{per})', stage.per if stage and stage.per != "once" else ""
    )
    yield Formula(f'=IF(L{row}="month",{TICKS},1)', unit)
    for day, cell in ((begins, f"(G{row}-1)"), (ends, f"H{row}")):
        clock = f"=IF(M{row}=1,{cell},{ticks(cell, name('First'))})"
        yield Formula(clock, stretches.clock(day, unit))
    before = stretches.exact(start - DAY)
    if one.price.per == "once":
        yield Formula(f"={name('Price')}*Minor", stretches.exact(start))
        yield Formula("=0", 0)
        yield _check(charge)
        return
    yield Formula("=0" if not index else f"=P{row - 1}+Q{row - 1}", before)
    here = stretches.exact(end) - before if end >= start else Fraction(0)
    moves = moved(f"K{row}", f"O{row}", f"N{row}", f"M{row}")
    yield Formula(f"=IF(H{row}<G{row},0,{moves})", here)
    yield _check(charge)


def _check(charge: Named) -> Formula:
    """Whether a charge lies inside the term, and has all its increases here."""
    first, last = charge.cell("First"), charge.cell("Last")
    text = f'"{FINE}"'
    if charge.charge.escalator:
        text = f'IF({charge.cell("Beyond")}<={last},"{MORE}",{text})'
    outside = f"OR({first}<Term_first,{last}>Term_last,{first}>{last})"
    return Formula(f'=IF({outside},"{OUTSIDE}",{text})', FINE)


def _step_in_force(row: int, ramp: list[int], over: int) -> tuple[str, int]:
    """The ramp step of a stretch, counted from 1; 0 without one, or when all are over."""
    if not ramp:
        return "=0", 0
    count = f'COUNTIF({_range("C", ramp)},"<="&G{row})'
    return f"=IF({count}<{len(ramp)},{count}+1,0)", over + 1 if over < len(ramp) else 0


def _rate(charge: Named, row: int, ramp: list[int]) -> tuple[str, str]:
    """The rate of a stretch, and what it is per."""
    name, price = charge.cell, charge.charge.price
    if price.per == "once":
        return "0", '""'
    if price.per == "total":
        return f"{name('Price')}*M{row}/(O{row}-N{row})", '"month"'
    growth = f"*(1+{name('Growth')})^J{row}" if charge.charge.escalator else ""
    listed, per = f"{name('Listed')}{growth}", f'"{unit_of_rate(price)}"'
    if not ramp:
        return listed, per
    off, instead, unit = (f"INDEX({_range(column, ramp)},I{row})" for column in "DEF")
    return (
        f'IF(I{row}=0,{listed},IF({unit}="",{listed}*(1-{off}),{instead}))',
        f'IF(I{row}=0,{per},IF({unit}="",{per},{unit}))',
    )


def _range(column: str, rows: list[int]) -> str:
    return f"${column}${rows[0]}:${column}${rows[-1]}"

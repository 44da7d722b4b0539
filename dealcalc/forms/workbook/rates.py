"""The sheet of rates: the stretches of one rate of each charge, and what is earned by their ends.

They are the parts of E that `explain` shows: each rate is the product of the same factors, and
counts the months or days that the core counts. Formulas follow the numbers; days stay.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import prod

from dealcalc.core import Priced
from dealcalc.earned import Earned, Stage
from dealcalc.figures.factors import PlacedNumber, weight
from dealcalc.forms.workbook.formulas import Cells, product, times
from dealcalc.forms.workbook.sheets import File, Formula
from dealcalc.questions.explain import Part, parts
from dealcalc.terms.dates import DAY, TICKS, days_in_month

COLUMNS = (
    ("Charge", "text"), ("From", "date"), ("Through", "date"), ("Rate", "rate"), ("per", "after"),
    ("Counts", "rate"), ("Earned before, minor units", "exact"),
    ("Earned by its end, minor units", "exact"), ("Rate as written", "prose"),
    ("Clock's unit", "count"), ("Clock before", "count"), ("Shape of a sum", "rate"),
)  # fmt: skip
FROM, RATE, PER, BEFORE, THROUGH, UNIT, CLOCK = "B", "D", "E", "G", "H", "J", "K"
COUNTS, SHAPE = "F", "L"
"""The columns that other sheets look into."""
TOP = 4
"""The first row of the table, below its heading."""
ABOUT = (
    "A row for each stretch of days in which a charge has one rate for its whole capacity, the "
    "product of what the sheet Inputs says. A stretch earns its rate times the months or days that "
    "it counts; a price once is earned on its day. This sheet follows amounts, capacities and "
    "percentages. It cannot follow other dates, an extra ramp step or increase, or another "
    "convention: the days and what they count are as dealcalc computed them."
)


@dataclass(frozen=True, slots=True)
class Stream:
    """A charge in the sheet: its E, its stretches, and the index of the first one's row.

    The sign is -1 of what the seller pays. The first `own` stretches are not renewed ones.
    """

    name: str
    sign: int
    earned: Earned
    parts: tuple[Part, ...]
    starts: tuple[date, ...]
    top: int
    own: int

    @property
    def minor(self) -> int:
        """Minor units in one of the currency."""
        return int(10**self.earned.places)

    def column(self, letter: str) -> str:
        """The cells of a column in the rows of the charge."""
        return self._rows(letter, len(self.parts))

    def own_column(self, letter: str) -> str:
        """Those of the stretches over which a sum is spread."""
        return self._rows(letter, self.own)

    def _rows(self, letter: str, count: int) -> str:
        return f"Rates!${letter}${self.top + 1}:${letter}${self.top + count}"

    def index(self, day: date) -> int:
        """The stretch of a day, the last one after the service; -1 before it."""
        return bisect_right(self.starts, day) - 1

    def stage(self, index: int) -> Stage:
        """The stage of the core that a stretch is a part of."""
        stage = self.earned.stage(self.parts[index].start)
        assert stage  # a stretch has days of service
        return stage

    def by(self, day: date) -> str:
        """The formula for what is earned by a day that nothing moves, in minor units."""
        index = self.index(day)
        if index < 0:
            return "0"
        row, part = self.top + index + 1, self.parts[index]
        if day >= part.through:
            return f"Rates!${THROUGH}${row}"
        run = times(f"Rates!${RATE}${row}", weight(self.stage(index), part.start, day), self.minor)
        return f"Rates!${BEFORE}${row}+{run}"

    def run(self, day: date) -> int:
        """What the clock of its stretch has run by the end of a day; 0 before the service."""
        index = self.index(day)
        if index < 0:
            return 0
        part, through = self.parts[index], min(day, self.earned.through)
        unit = TICKS if part.per == "month" else 1
        return int(weight(self.stage(index), part.start, through) * unit)

    def monthly(self, day: date) -> Fraction:
        """The rate of a day of service for its month; none of a price once, or out of service."""
        stage = self.earned.stage(day)
        if stage is None:
            return Fraction(0)
        return stage.rate * (days_in_month(day.year, day.month) if stage.per == "day" else 1)

    def exact(self, day: date) -> Fraction:
        """What is earned by a day in minor units, unrounded."""
        return self.earned.exact(day) * self.minor


def streams_of(priced: Priced) -> list[Stream]:
    """The charges of a deal, one below the other."""
    streams, top = [], TOP
    for name, earned in priced.charges.items():
        found = tuple(parts(priced, earned.start, earned.through, {name}))
        starts = tuple(part.start for part in found)
        charge = priced.deal.charges[name]
        own = sum(day <= priced.deal.own_dates(charge)[1] for day in starts)
        streams.append(Stream(name, charge.sign, earned, found, starts, top, own))
        top += len(found)
    return streams


def numbers_of(streams: Iterable[Stream]) -> dict[str, PlacedNumber]:
    """The numbers that the rates are made of, by their paths."""
    all_parts = (part for stream in streams for part in stream.parts)
    numbers = (factor.number for part in all_parts for factor in part.factors)
    return {number.path: number for number in numbers if number}


def write(file: File, streams: Iterable[Stream], cells: Cells) -> None:
    """Write the sheet."""
    sheet = file.sheet("Rates")
    sheet.put(0, 0, "Rates", "text", "title")
    sheet.headings(TOP - 1, COLUMNS)
    kinds = [kind for _, kind in COLUMNS]
    for stream in streams:
        for index in range(len(stream.parts)):
            row = stream.top + index
            sheet.row(row, _stretch(stream, index, cells), kinds, "plain" if index else "first")
    sheet.fixed(8, 60)
    sheet.folded(6, 7)
    sheet.folded(9, 11)
    sheet.wide(1, ABOUT, "remark", last=len(COLUMNS) - 1)
    sheet.frozen(TOP, 1)
    sheet.closed()


def _stretch(stream: Stream, index: int, cells: Cells) -> Iterator[object]:
    """The cells of a stretch, from left to right."""
    part, row = stream.parts[index], stream.top + index + 1
    value = part.exact if part.rate is None else part.rate
    shape = _shape(part, cells)
    spread = f"SUMPRODUCT({stream.own_column(COUNTS)},{stream.own_column(SHAPE)})" if shape else ""
    rate = Formula(f"={product(part.factors, cells, spread)}", value)
    yield from (stream.name, part.start, part.through, rate, part.per, part.weight)
    before = f"={THROUGH}{row - 1}" if index else "=0"
    yield Formula(before, stream.exact(part.start - DAY))
    run = times(f"{RATE}{row}", part.weight, stream.minor)
    yield Formula(f"={BEFORE}{row}+{run}", stream.exact(part.through))
    yield " ".join(factor.text for factor in part.factors)
    eve = part.start - DAY
    monthly = part.per == "month"
    yield TICKS if monthly else 1
    yield stream.stage(index).clock(eve) if monthly else eve
    yield shape


def _shape(part: Part, cells: Cells) -> Formula | None:
    """What a month of the stretch counts where a sum is not spread evenly."""
    places = [index for index, factor in enumerate(part.factors) if factor.spreads]
    if not places:
        return None
    factors = part.factors[places[0] + 1 :]
    text = product(factors, cells) or "1"
    return Formula(f"={text}", prod((factor.value for factor in factors), start=Fraction(1)))

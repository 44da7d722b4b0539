"""The sheet of an early end: a notice to change, each party's way out, and what is left by year."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Any, NamedTuple

from dealcalc.core import TICKS, Ended, Exit, NotPermitted, Priced, money, month_clock
from dealcalc.forms.workbook import rates
from dealcalc.forms.workbook.formulas import Cells, day, half_up
from dealcalc.forms.workbook.rates import Stream
from dealcalc.forms.workbook.schedule import Months
from dealcalc.forms.workbook.sheets import File, Formula, Sheet
from dealcalc.terms.dates import month_number
from dealcalc.terms.deal import PARTIES, Right
from dealcalc.terms.rights import ends, first_notice, last_day
from dealcalc.terms.values import Span

ABOUT = (
    "Change the day of notice, and who gives it: buyer, seller, or either, which is whoever is out "
    "first. What is earned by the last day, the fee, the total and the years below recompute. An "
    "early end moves nothing that was agreed; the fee is plus where the buyer pays it, minus where "
    "the seller does. This sheet cannot follow another notice period, lock-out, term, kind of fee "
    "or right to leave: these are as written."
)
ANSWERS = (
    ("By", "right", "By"), ("Last day", "date", "Last_day"), ("Earned", "money", "Earned"),
    ("Fee", "money", "Fee_paid"), ("Total", "money", "After_notice"),
    ("Forgone", "money", "Forgone"), ("Kept", "share", "Kept"),
)  # fmt: skip
"""What is said of an early end: its label, kind, and the name of its cell."""
PERMITTED, REFUSED = "permitted", "not on this day"
WAYS = (
    ("Notice may be given from", "date"), ("Through", "date"), ("Notice", "right"),
    ("Notice ends on", "date"), ("Last day", "date"), ("Earned", "money"), ("Forgone", "money"),
    ("Rates of the last day, for a month", "rate"), ("Fee, plus if the buyer pays", "money"),
)  # fmt: skip
"""What is said of each party's way out, a row for each."""
OPENS, THROUGH, ALLOWED, ENDS, LAST, EARNED, FORGONE, MONTHLY, FEE = range(len(WAYS))
READING = (
    ("Through", "date"), ("Stretch", "count"), ("Clock", "count"),
    ("Earned by then, minor units", "exact"), ("Rounded half-up", "count"),
    ("Rate for a month", "rate"),
)  # fmt: skip
"""How what a charge has earned by a last day is found, from left to right."""


class Notice(NamedTuple):
    """The notice as it is written: its day, who gives it, and what comes of it."""

    day: date
    by: str
    ended: Ended | None

    def values(self) -> tuple[Any, ...]:
        """The values of the answers, in their order."""
        if self.ended is None:
            return REFUSED, *[""] * (len(ANSWERS) - 1)
        return attrgetter("by", "last_day", "earned", "fee", "total", "forgone", "kept")(self.ended)


class Layout(NamedTuple):
    """The indices of the first rows of the sheet's tables."""

    years: int
    ways: int
    readings: dict[str, int]
    clock: int


def notice_of(priced: Priced, day: date | None, by: str | None) -> Notice:
    """Notice on a day by a party; without a day, on the first on which it may be given."""
    if day is None:
        exits = priced.exits(priced.deal.signed)
        day = min((exit.notice for exit in exits), default=priced.deal.signed)
    by = by if by in PARTIES else "either"
    try:
        return Notice(day, by, priced.terminate(day, by))
    except NotPermitted:
        return Notice(day, by, None)


def write(
    file: File,
    priced: Priced,
    streams: Sequence[Stream],
    months: Months,
    notice: Notice,
    cells: Cells,
) -> None:
    """Write the sheet."""
    sheet = file.sheet("Termination")
    for column, width in enumerate((34, 20, 22, 22, 22, 16)):
        sheet.fixed(column, width)
    sheet.put(0, 0, f"Ending early, {priced.deal.currency}", "text", "title")
    sheet.wide(1, ABOUT, "remark", last=5)
    sheet.put(3, 0, "Notice on")
    sheet.put(3, 1, notice.day, "date", "input")
    sheet.bounded(3, 1, "date", date(1970, 1, 1), date(2199, 12, 31))
    sheet.name_cell(3, 1, "Notice")
    sheet.put(4, 0, "Given by")
    sheet.put(4, 1, notice.by, "right", "input")
    sheet.choice(4, 1, ("either", *PARTIES))
    sheet.name_cell(4, 1, "Given_by")
    layout = _layout(priced, streams, months)
    _answers(sheet, notice, layout.ways)
    _by_year(sheet, priced, months, notice, layout.years)
    _ways(sheet, priced, streams, notice, layout, cells)
    _clock(sheet, priced.deal.proration, layout.clock)
    sheet.closed()


def _layout(priced: Priced, streams: Sequence[Stream], months: Months) -> Layout:
    years = 5 + len(ANSWERS) + 3
    ways = years + len(_years(priced, months)) + 4
    top, readings = ways + len(WAYS) + 3, {}
    for party in PARTIES:
        if priced.deal.right(party):
            readings[party] = top
            top += len(streams) + 3
    return Layout(years, ways, readings, top + 1)


# --- the answer -----------------------------------------------------------------------------------


def _answers(sheet: Sheet, notice: Notice, ways: int) -> None:
    """The party that leaves, and what its way out comes to."""

    def both(way: int) -> tuple[str, str]:
        return f"B{ways + way + 1}", f"C{ways + way + 1}"

    def chosen(way: int) -> str:
        buyer, seller = both(way)
        return f'=IF(By="{REFUSED}","",IF(By="seller",{seller},{buyer}))'

    buyer, seller = (f'{cell}="{PERMITTED}"' for cell in both(ALLOWED))
    sooner, later = both(LAST)
    earlier = f'IF({sooner}={later},"either",IF({sooner}<{later},"buyer","seller"))'
    one = f'IF({buyer},"buyer",IF({seller},"seller","{REFUSED}"))'
    alone = f'OR(AND(Given_by="buyer",{buyer}),AND(Given_by="seller",{seller}))'
    named = f'IF({alone},Given_by,"{REFUSED}")'
    texts = {
        "By": f'=IF(Given_by="either",IF(AND({buyer},{seller}),{earlier},{one}),{named})',
        "Last_day": chosen(LAST),
        "Earned": chosen(EARNED),
        "Fee_paid": chosen(FEE),
        "After_notice": f'=IF(By="{REFUSED}","",Earned+Fee_paid)',
        "Forgone": chosen(FORGONE),
        "Kept": f'=IF(By="{REFUSED}","",IF(Total=0,1,Earned/Total))',
    }
    values = notice.values()
    for row, ((label, kind, name), value) in enumerate(zip(ANSWERS, values, strict=True), start=5):
        look = "figure" if name == "After_notice" else "plain"
        sheet.put(row, 0, label, "text", look)
        sheet.put(row, 1, Formula(texts[name], value), kind, look)
        sheet.name_cell(row, 1, name)


def _years(priced: Priced, months: Months) -> range:
    """The years in which something can be paid: a fee may fall due before the first service."""
    first, last = min(months.years), max(months.years)
    signed = min(first, months.year(priced.deal.signed))
    fees = any(right.fee is not None for right in priced.deal.termination)
    return range(signed if fees else first, last + 1)


def _by_year(sheet: Sheet, priced: Priced, months: Months, notice: Notice, top: int) -> None:
    """What is left of each year: what is earned by its end or the last day, and the fee."""
    heads = ("Year", "text"), ("Revenue", "money"), ("Full term", "money"), ("Change", "money")
    sheet.headings(top - 1, heads)
    kinds = ["year", "money", "money", "money"]
    years = _years(priced, months)
    for row, year in enumerate(years, start=top):
        sheet.row(row, (year, *_year(priced, months, notice.ended, year, row + 1)), kinds, "plain")
    row, ended, full = top + len(years), notice.ended, money(priced.full, priced.deal.places)
    left = ended.total if ended else Decimal(0)
    totals = left, full, left - full if ended else Decimal(0)
    sums = (
        Formula(f"=SUM({letter}{top + 1}:{letter}{row})", value)
        for letter, value in zip("BCD", totals, strict=True)
    )
    sheet.row(row, ("Total", *sums), kinds, "total")


def _year(
    priced: Priced, months: Months, ended: Ended | None, year: int, row: int
) -> Iterator[Formula]:
    """What is left of a year, what it had, and the difference."""
    places = priced.deal.places

    def by(end: str, years: str) -> str:
        return f'IF(Last_day<={end},Earned,SUMIFS(Revenue,Years,"{years}"&A{row}))'

    begins, ends = day(months.last_day(year - 1)), day(months.last_day(year))
    within = f"AND(Last_day>{begins},Last_day<={ends})"
    earned = f"ROUND({by(ends, '<=')}-{by(begins, '<')},{places})"
    text = f'=IF(By="{REFUSED}","",{earned}+IF({within},Fee_paid,0))'
    before, after = (priced.earned(months.last_day(one)) for one in (year - 1, year))
    full = money(after - before, places)
    left: Any = _left(priced, ended, year, months) if ended else ""
    yield Formula(text, left)
    yield Formula(f"=SUMIFS(Revenue,Years,A{row})", full)
    yield Formula(f'=IF(By="{REFUSED}","",B{row}-C{row})', left - full if ended else "")


def _left(priced: Priced, ended: Ended, year: int, months: Months) -> Decimal:
    """What is paid in a year after notice."""
    last_days = (min(ended.last_day, months.last_day(one)) for one in (year - 1, year))
    before, so_far = map(priced.earned, last_days)
    fee = ended.fee if months.year(ended.last_day) == year else Decimal(0)
    return money(so_far - before, priced.deal.places) + fee


# --- each party's way out -------------------------------------------------------------------------


def _ways(
    sheet: Sheet,
    priced: Priced,
    streams: Sequence[Stream],
    notice: Notice,
    layout: Layout,
    cells: Cells,
) -> None:
    """A column for each party, then what each charge has earned by its last day."""
    top = layout.ways
    heads = ("Each party's way out", "text"), ("Buyer", "right"), ("Seller", "right")
    sheet.headings(top - 1, heads)
    for index, (label, _) in enumerate(WAYS):
        sheet.put(top + index, 0, label)
    for column, party in enumerate(PARTIES, start=1):
        right = priced.deal.right(party)
        if right is None:
            sheet.put(top + ALLOWED, column, "no right", "right")
            continue
        places = [f"{'ABC'[column]}{top + way + 1}" for way in range(len(WAYS))]
        first = layout.readings[party]
        rows = first + 1, first + len(streams)
        way = _way(priced, notice, party, right, places, rows, cells)
        for index, (cell, (_, kind)) in enumerate(zip(way, WAYS, strict=True)):
            sheet.put(top + index, column, cell, kind)
        last = last_day(priced.deal, right, notice.day)
        _readings(sheet, streams, party, f"${'ABC'[column]}${top + LAST + 1}", last, first)


def _way(
    priced: Priced,
    notice: Notice,
    party: str,
    right: Right,
    places: Sequence[str],
    rows: tuple[int, int],
    cells: Cells,
) -> Iterator[object]:
    """The cells of a party, from top to bottom; in `rows` the charges' earnings stand."""
    deal, decimals = priced.deal, priced.deal.places
    opens, exit = first_notice(deal, right, deal.signed), _allowed(priced, notice.day, party)
    last = last_day(deal, right, notice.day)
    earned = priced.earned(last)
    yield opens or "never"
    yield deal.term.last
    within = f"AND(Notice>={places[OPENS]},Notice<={places[THROUGH]})" if opens else "FALSE"
    text = f'=IF({within},"{PERMITTED}","{REFUSED}")'
    yield Formula(text, PERMITTED if exit else REFUSED)
    counted = "-1" if deal.conventions.notice_day == "included" else ""
    yield Formula(f"={_after('Notice', right.notice)}{counted}", ends(deal, right, notice.day))
    yield Formula(f"=MIN({places[THROUGH]},{places[ENDS]})", last)
    text = f"=SUM(F{rows[0]}:F{rows[1]})/{10**decimals}"
    yield Formula(text, money(earned, decimals))
    text = f"=ROUND(Total-{places[EARNED]},{decimals})"
    yield Formula(text, money(priced.full - earned, decimals))
    yield Formula(f"=SUM(G{rows[0]}:G{rows[1]})", priced.monthly(last))
    sign = "" if party == "buyer" else "-"
    number = cells.get(f"termination.{deal.termination.index(right)}.fee", "")
    fee = _fee(right, number, _Cells(places[FORGONE], places[MONTHLY]), 10**decimals)
    value = money(exit.fee, decimals) if exit else ""
    yield Formula(f'=IF({places[ALLOWED]}="{PERMITTED}",{sign}{fee},"")', value)


def _allowed(priced: Priced, day: date, party: str) -> Exit | None:
    """A party's exit by notice on a day, where it may be given on that day."""
    return next((exit for exit in priced.exits(day, party) if exit.notice == day), None)


def _after(day: str, span: Span) -> str:
    return f"EDATE({day},{span.count})" if span.unit == "months" else f"{day}+{span.count}"


class _Cells(NamedTuple):
    """The cells of an early end, for its fee."""

    forgone_cell: str
    monthly_cell: str

    def forgone(self) -> str:
        return self.forgone_cell

    def monthly(self) -> str:
        return self.monthly_cell


def _fee(right: Right, number: str, cells: _Cells, minor: int) -> str:
    """What leaving costs, by a number in a cell; nothing where nothing is forgone."""
    if right.fee is None:
        return "0"
    multiple = right.fee.multiple(cells)
    amount = f"{number}*{multiple}*{minor}" if multiple else f"{number}*{minor}"
    # What is off by an error of binary numbers only is mended before it is rounded.
    return f"IF({cells.forgone()}=0,0,ROUND(ROUND({amount},4),0)/{minor})"


# --- what is earned by any day --------------------------------------------------------------------


def _readings(
    sheet: Sheet, streams: Sequence[Stream], party: str, last: str, value: date, top: int
) -> None:
    """What each charge has earned by a party's last day, and its rate for a month then."""
    sheet.headings(top - 1, ((f"If the {party} leaves", "text"), *READING))
    kinds = ["text", *(kind for _, kind in READING)]
    for row, stream in enumerate(streams, start=top):
        sheet.row(row, (stream.name, *_reading(stream, last, value, row + 1)), kinds, "work")


def _reading(stream: Stream, last: str, value: date, row: int) -> Iterator[Formula]:
    """The steps to E of a charge on a day in a cell, as the core takes them."""
    through, index = min(value, stream.earned.through), stream.index(value)
    then, stretch, clock, exact = f"B{row}", f"C{row}", f"D{row}", f"E{row}"

    def of(column: str) -> str:
        return f"INDEX({stream.column(column)},{stretch})"

    def by_period(month: str, day: str, once: str) -> str:
        return f'IF({of(rates.PER)}="month",{month},IF({of(rates.PER)}="day",{day},{once}))'

    end = day(stream.earned.through)
    yield Formula(f"=MIN({last},{end})", through)
    found = f"MATCH({then},{stream.column(rates.FROM)},1)"
    yield Formula(f"=IF({then}<{day(stream.earned.start)},0,{found})", index + 1)
    ticks = f"INDEX(Clock,DAY({then}),DAY(EOMONTH({then},0))-27)"
    month = f"{TICKS}*(12*YEAR({then})+MONTH({then})-1)+{ticks}-{of(rates.CLOCK)}"
    run = by_period(month, f"{then}-{of(rates.CLOCK)}", "1")
    yield Formula(f"=IF({stretch}=0,0,{run})", stream.run(value))
    unit, rate = of(rates.UNIT), f"{of(rates.RATE)}*{stream.minor}"
    moved = f"{rate}*INT({clock}/{unit})+{rate}*MOD({clock},{unit})/{unit}"
    yield Formula(f"=IF({stretch}=0,0,{of(rates.BEFORE)}+{moved})", stream.exact(value))
    yield Formula(f"={half_up(exact)}", stream.earned.booked(value))
    counts = by_period("1", f"DAY(EOMONTH({last},0))", "0")
    served = f"OR({stretch}=0,{last}>{end})"
    yield Formula(f"=IF({served},0,{of(rates.RATE)}*{counts})", stream.monthly(value))


def _clock(sheet: Sheet, proration: str, top: int) -> None:
    """The core's clock, day by day, in months of 28 to 31 days."""
    ends = (date(2023, 2, 28), date(2024, 2, 29), date(2024, 4, 30), date(2024, 5, 31))
    clock = month_clock(proration, date.min)
    heads = (("Clock by the end of a day", "right"), *((f"of {end.day}", "count") for end in ends))
    sheet.headings(top - 1, heads)
    for number in range(1, 32):
        days = (end.replace(day=number) if number <= end.day else None for end in ends)
        run = (clock(day) - TICKS * month_number(day) if day else None for day in days)
        sheet.row(top + number - 1, (number, *run), ["count"] * 5, "work")
    sheet.name_cells(top, 1, top + 30, 4, "Clock")

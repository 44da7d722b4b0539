"""The sheet of an early end: a notice to change, each party's way out, and what is left by year."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Any, NamedTuple

from dealcalc.core import Ended, Priced
from dealcalc.earned import money
from dealcalc.forms.workbook import rates
from dealcalc.forms.workbook.formulas import Cells, day, half_up_formula
from dealcalc.forms.workbook.rates import Stream
from dealcalc.forms.workbook.sheets import File, Formula, Sheet
from dealcalc.reports import early_end
from dealcalc.reports.periods import Calendar, Period, by_period, months_of
from dealcalc.terms.dates import FIRST_YEAR, LAST_YEAR, TICKS, month_clock, month_number
from dealcalc.terms.deal import PARTIES, Deal
from dealcalc.terms.rights import NotPermitted, candidates, first_notice, last_day
from dealcalc.terms.values import Span

ABOUT = (
    "Change the day of notice, and who gives it: buyer, seller, or either, which is whoever is out "
    "first. What is earned by the last day, the fee, the total and the years below recompute. An "
    "early end moves nothing that was agreed; the fee is plus where the buyer pays it, minus where "
    "the seller does. This sheet cannot follow another notice period, lock-out, term, kind of fee "
    "or right to leave: these are as written."
)
FIXED = (
    "This sheet holds values. It cannot follow several rights of one party, rights that end some "
    "charges only, break days, or fees that depend on the last day: ask dealcalc again after a "
    "change of terms."
)
ANSWERS = (
    ("By", "right", "By"), ("Last day", "date", "Last_day"), ("Earned", "money", "Earned"),
    ("Fee", "money", "Fee_paid"), ("Total", "money", "After_notice"),
    ("Forgone", "money", "Forgone"), ("Earned share", "share", "Earned_share"),
)  # fmt: skip
"""What is said of an early end: its label, kind, and the name of its cell."""
PERMITTED, REFUSED = "permitted", "not on this day"
WAYS = "Notice may be given from", "Through", "On the day of notice", "Last day"
"""What is said of each party's way out, a row for each."""
STEPS = (
    ("Through", "date"), ("Stretch", "count"), ("Clock", "count"),
    ("Earned by then, minor units", "exact"), ("Rounded half-up", "count"),
    ("Rate for a month", "rate"),
)  # fmt: skip
"""How what a charge has earned by the last day is found, from left to right."""


class Notice(NamedTuple):
    """The notice as it is written: its day, who gives it, and what comes of it."""

    day: date
    by: str
    ended: Ended | None

    def values(self) -> tuple[Any, ...]:
        """The values of the answers, in their order."""
        if self.ended is None:
            return REFUSED, *[""] * (len(ANSWERS) - 1)
        return attrgetter("by", "last_day", "earned", "fee", "total", "forgone", "earned_share")(
            self.ended
        )


class Cell(NamedTuple):
    """The names of the cells that a fee may be a multiple of."""

    forgone_cell: str = "Forgone"
    monthly_cell: str = "Monthly"

    def forgone(self) -> str:
        """What is no longer earned."""
        return self.forgone_cell

    def monthly(self) -> str:
        """The monthly rates of the last day."""
        return self.monthly_cell

    def left(self, _: Span) -> str:
        """What is left of a falling sum: a sheet that has one does not follow the notice."""
        raise NotImplementedError


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
    years: Sequence[Period],
    calendar: Calendar,
    notice: Notice,
    cells: Cells,
) -> None:
    """Write the sheet."""
    sheet = file.sheet("Termination")
    if not is_live(priced.deal):
        _as_written(sheet, priced, notice)
        return
    for column, width in enumerate((34, 20, 22, 22, 22, 16)):
        sheet.fixed(column, width)
    sheet.put(0, 0, f"Ending early, {priced.deal.currency}", "text", "title")
    sheet.wide(1, ABOUT, "remark", last=5)
    _asked(sheet, notice)
    left = list(_years(priced, years, calendar, notice))
    ways = 5 + len(ANSWERS) + 3 + len(left) + 4
    _answers(sheet, priced, notice, cells, ways)
    _by_year(sheet, left, 5 + len(ANSWERS) + 3)
    _ways(sheet, priced, notice.day, ways)
    earned = ways + len(WAYS) + 3
    _earned(sheet, priced, streams, notice.ended, earned)
    clock = earned + len(streams) + 4
    _clock(sheet, priced.deal.proration, clock)
    sheet.folded_rows(earned - 1, clock + 30)
    sheet.closed()


def _as_written(sheet: Sheet, priced: Priced, notice: Notice) -> None:
    """The sheet of a deal whose rights it cannot follow: the answer, and the first use of each."""
    for column, width in enumerate((34, 20, 22, 22, 22, 22, 40)):
        sheet.fixed(column, width)
    sheet.put(0, 0, f"Ending early, {priced.deal.currency}", "text", "title")
    sheet.wide(1, FIXED, "remark", last=5)
    sheet.put(3, 0, "Notice on")
    sheet.put(3, 1, notice.day, "date")
    sheet.name_cell(3, 1, "Notice")
    for row, ((label, kind, name), value) in enumerate(
        zip(ANSWERS, notice.values(), strict=True), start=5
    ):
        sheet.put(row, 0, label)
        sheet.put(row, 1, value, kind)
        sheet.name_cell(row, 1, name)
    top = 5 + len(ANSWERS) + 2
    heads = ("Right, from 0", "By", "Notice on", "Last day", "Earned", "Fee", "Ends")
    sheet.headings(top - 1, tuple((head, "text") for head in heads))
    kinds, minor = ("count", "right", "date", "date", "money", "money", "text"), priced.deal.places
    row = top
    for index in range(len(priced.deal.rights)):
        for exit in priced.exits(priced.deal.signed, None, index):
            amounts = money(exit.earned, minor), money(exit.fee, minor)
            values = (index, exit.by, exit.notice, exit.last_day, *amounts, ", ".join(exit.ends))
            sheet.row(row, values, kinds, "plain")
            row += 1
    sheet.closed()


def _asked(sheet: Sheet, notice: Notice) -> None:
    """The two cells to change."""
    sheet.put(3, 0, "Notice on")
    sheet.put(3, 1, notice.day, "date", "input")
    sheet.bounded(3, 1, "date", date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))
    sheet.name_cell(3, 1, "Notice")
    sheet.put(4, 0, "Given by")
    sheet.put(4, 1, notice.by, "right", "input")
    sheet.choice(4, 1, ("either", *PARTIES))
    sheet.name_cell(4, 1, "Given_by")


def _if_permitted(text: str) -> str:
    return f'=IF(By="{REFUSED}","",{text})'


# --- the answer -----------------------------------------------------------------------------------


def _answers(sheet: Sheet, priced: Priced, notice: Notice, cells: Cells, ways: int) -> None:
    """Who leaves, and what comes of it; below `ways` stand each party's."""
    buyer, seller = (f'{column}{ways + 3}="{PERMITTED}"' for column in "BC")
    sooner, later = (f"{column}{ways + 4}" for column in "BC")
    earlier = f'IF({sooner}={later},"either",IF({sooner}<{later},"buyer","seller"))'
    one = f'IF({buyer},"buyer",IF({seller},"seller","{REFUSED}"))'
    alone = f'OR(AND(Given_by="buyer",{buyer}),AND(Given_by="seller",{seller}))'
    named = f'IF({alone},Given_by,"{REFUSED}")'
    fees = [_fee(priced, party, cells) for party in PARTIES]
    texts = (
        f'=IF(Given_by="either",IF(AND({buyer},{seller}),{earlier},{one}),{named})',
        _if_permitted(f'IF(By="seller",{later},{sooner})'),
        _if_permitted("Earned_minor/" + f"{10**priced.deal.places}"),
        # A fee falls due only where something is forgone.
        _if_permitted(f'IF(Forgone=0,0,IF(By="seller",-{fees[1]},{fees[0]}))'),
        _if_permitted("Earned+Fee_paid"),
        _if_permitted(f"ROUND(Total-Earned,{priced.deal.places})"),
        _if_permitted("IF(Total=0,1,Earned/Total)"),
    )
    rows = zip(ANSWERS, texts, notice.values(), strict=True)
    for row, ((label, kind, name), text, value) in enumerate(rows, start=5):
        look = "figure" if name == "After_notice" else "plain"
        sheet.put(row, 0, label, "text", look)
        sheet.put(row, 1, Formula(text, value), kind, look)
        sheet.name_cell(row, 1, name)


def is_live(deal: Deal) -> bool:
    """Whether a sheet can follow the notice: one plain right a party, over the whole deal."""
    return all(len(candidates(deal, party)) < 2 for party in PARTIES) and all(
        deal.ends_all(right)
        and not right.on
        and len(right.fee) < 2
        and not any(fee.through or fee.over for fee in right.fee)
        for right in deal.rights
    )


def _right_of(deal: Deal, party: str) -> int | None:
    return next(iter(candidates(deal, party)), None)


def _fee(priced: Priced, party: str, cells: Cells) -> str:
    """What leaving costs a party."""
    index = _right_of(priced.deal, party)
    if index is None or not priced.deal.rights[index].fee:
        return "0"
    minor, right = 10**priced.deal.places, priced.deal.rights[index]
    number = cells[f"termination.{index}.{right.fee_path(0)}"]
    multiple = right.fee[0].kind.multiple(Cell())
    amount = f"{number}*MAX(0,{multiple})*{minor}" if multiple else f"{number}*{minor}"
    # What is off by an error of binary numbers only is mended before it is rounded.
    return f"ROUND(ROUND({amount},4),0)/{minor}"


class YearLeft(NamedTuple):
    """A year, from the day after `before`: what is left of it after notice, and what it had.

    Nothing is said of what is left (None) where notice is not permitted.
    """

    year: int
    before: date
    ends: date
    left: Decimal | None
    full: Decimal


def _years(
    priced: Priced, years: Sequence[Period], calendar: Calendar, notice: Notice
) -> Iterator[YearLeft]:
    """The years in which something can be paid: a fee may fall due before the first service."""
    full = {calendar.year(year.first): year.revenue for year in years}
    left, none = full, priced.schedule().total * 0
    if notice.ended:
        months = months_of(early_end.schedule_after(priced, notice.ended))
        periods = by_period(months, "year", calendar)
        left = {calendar.year(year.first): year.revenue for year in periods}
    fees = any(right.fee for right in priced.deal.rights)
    first = min([*full, *([calendar.year(priced.deal.signed)] if fees else [])])
    for year in range(first, max(full) + 1):
        before, ends = calendar.last_day(year - 1), calendar.last_day(year)
        still = left.get(year, none) if notice.ended else None
        yield YearLeft(year, before, ends, still, full.get(year, none))


def _by_year(sheet: Sheet, years: Sequence[YearLeft], top: int) -> None:
    """What is left of each year: what is earned by its end or the last day, and the fee."""
    heads = ("Year", "text"), ("Revenue", "money"), ("Full term", "money"), ("Change", "money")
    sheet.headings(top - 1, heads)
    kinds = ["year", "money", "money", "money"]
    for row, year in enumerate(years, start=top):
        sheet.row(row, (year.year, *_year(year, row + 1)), kinds, "plain")
    row = top + len(years)
    full = sum(year.full for year in years)
    left = sum(year.left or 0 for year in years)
    change = left - full if years[0].left is not None else 0
    sums = (
        Formula(f"=SUM({letter}{top + 1}:{letter}{row})", value)
        for letter, value in zip("BCD", (left, full, change), strict=True)
    )
    sheet.row(row, ("Total", *sums), kinds, "total")


def _year(year: YearLeft, row: int) -> Iterator[Formula]:
    """What is left of a year, what it had, and the difference."""
    before, ends = day(year.before), day(year.ends)

    def by(end: str, years: str) -> str:
        return f'IF(Last_day<={end},Earned,SUMIFS(Revenue,Years,"{years}"&A{row}))'

    within = f"AND(Last_day>{before},Last_day<={ends})"
    text = f"{by(ends, '<=')}-{by(before, '<')}+IF({within},Fee_paid,0)"
    refused = year.left is None
    yield Formula(_if_permitted(text), "" if refused else year.left)
    yield Formula(f"=SUMIFS(Revenue,Years,A{row})", year.full)
    change = "" if year.left is None else year.left - year.full
    yield Formula(_if_permitted(f"B{row}-C{row}"), change)


# --- each party's way out -------------------------------------------------------------------------


def _ways(sheet: Sheet, priced: Priced, notice: date, top: int) -> None:
    """A column for each party: when it may give notice, and with which day service ends then."""
    heads = ("Each party's way out", "text"), ("Buyer", "right"), ("Seller", "right")
    sheet.headings(top - 1, heads)
    for row, label in enumerate(WAYS, start=top):
        sheet.put(row, 0, label)
    deal, term = priced.deal, priced.deal.last
    for column, party in enumerate(PARTIES, start=1):
        index, letter = _right_of(deal, party), "ABC"[column]
        right = None if index is None else deal.rights[index]
        opens = first_notice(deal, right, deal.signed) if right else None
        if right is None or opens is None:
            sheet.put(top, column, "never", "right")
            continue
        sheet.put(top, column, opens, "date")
        sheet.put(top + 1, column, term, "date")
        within = f"AND(Notice>={letter}{top + 1},Notice<={letter}{top + 2})"
        allowed = PERMITTED if opens <= notice <= term else REFUSED
        text = f'=IF({within},"{PERMITTED}","{REFUSED}")'
        sheet.put(top + 2, column, Formula(text, allowed), "right")
        counted = "-1" if deal.conventions.notice_day == "included" else ""
        text = f"=MIN({letter}{top + 2},{_after('Notice', right.notice)}{counted})"
        sheet.put(top + 3, column, Formula(text, last_day(deal, right, notice)), "date")


def _after(day: str, span: Span) -> str:
    return f"EDATE({day},{span.count})" if span.unit == "months" else f"{day}+{span.count}"


# --- what is earned by any day --------------------------------------------------------------------


def _earned(
    sheet: Sheet, priced: Priced, streams: Sequence[Stream], ended: Ended | None, top: int
) -> None:
    """What each charge has earned by the last day, and its rate for a month then."""
    sheet.headings(top - 1, (("Earned by the last day", "text"), *STEPS))
    kinds = ["text", *(kind for _, kind in STEPS)]
    for row, stream in enumerate(streams, start=top):
        sheet.row(row, (stream.name, *_steps(stream, ended, row + 1)), kinds, "work")
    row, last = top + len(streams), ended.last_day if ended else date.min
    totals = {5: priced.earned(last), 6: priced.monthly(last)}
    sheet.row(row, ("Total", *[None] * len(STEPS)), kinds, "total")
    for (column, value), name in zip(totals.items(), ("Earned_minor", "Monthly"), strict=True):
        letter = "ABCDEFG"[column]
        total = Formula(f"=SUM({letter}{top + 1}:{letter}{row})", value)
        sheet.put(row, column, total, kinds[column], "total")
        sheet.name_cell(row, column, name)


def _steps(stream: Stream, ended: Ended | None, row: int) -> Iterator[Formula]:
    """The steps to E of a charge on the last day, as the core takes them."""
    last = ended.last_day if ended else date.min
    through, stretch, clock, exact = f"B{row}", f"C{row}", f"D{row}", f"E{row}"
    ends = day(stream.earned.through)

    def of(column: str) -> str:
        return f"INDEX({stream.column(column)},{stretch})"

    def by_period(month: str, day: str, once: str) -> str:
        return f'IF({of(rates.PER)}="month",{month},IF({of(rates.PER)}="day",{day},{once}))'

    text = f'=IF(By="{REFUSED}",0,MIN(Last_day,{ends}))'
    yield Formula(text, min(last, stream.earned.through) if ended else 0)
    found = f"MATCH({through},{stream.column(rates.FROM)},1)"
    text = f"=IF({through}<{day(stream.earned.start)},0,{found})"
    yield Formula(text, stream.index(last) + 1)
    ticks = f"INDEX(Clock,DAY({through}),DAY(EOMONTH({through},0))-27)"
    month = f"{TICKS}*(12*YEAR({through})+MONTH({through})-1)+{ticks}-{of(rates.CLOCK)}"
    run = by_period(month, f"{through}-{of(rates.CLOCK)}", "1")
    yield Formula(f"=IF({stretch}=0,0,{run})", stream.run(last))
    unit, rate = of(rates.UNIT), f"{of(rates.RATE)}*{stream.minor}"
    moved = f"{rate}*INT({clock}/{unit})+{rate}*MOD({clock},{unit})/{unit}"
    yield Formula(f"=IF({stretch}=0,0,{of(rates.BEFORE)}+{moved})", stream.exact(last))
    yield Formula(f"={half_up_formula(exact, stream.sign)}", stream.earned.booked(last))
    counts = by_period("1", f"DAY(EOMONTH({through},0))", "0")
    text = f"=IF({stretch}=0,0,IF(Last_day>{ends},0,{of(rates.RATE)}*{counts}))"
    yield Formula(text, stream.monthly(last))


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

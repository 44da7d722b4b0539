"""The sheet of an early end: a notice to change, each party's way out, and what is left by year."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from operator import attrgetter
from typing import Any, NamedTuple

from dealcalc.core import Ended, Exit, NotPermitted, Priced, money
from dealcalc.forms.workbook.rates import READING, Stretches, reading
from dealcalc.forms.workbook.schedule import Months
from dealcalc.forms.workbook.sheets import File, Formula, Sheet
from dealcalc.terms.dates import DAY, add_months, days_in_month
from dealcalc.terms.deal import PARTIES, Right
from dealcalc.terms.rights import first_notice, last_day
from dealcalc.terms.values import Span

ABOUT = (
    "Change the day of notice, and who gives it: buyer, seller, or either, which is whoever is out "
    "first. What is earned by the last day, the fee, the total and the years below recompute. An "
    "early end moves nothing that was agreed; the fee is plus where the buyer pays it, minus where "
    "the seller does."
)
ANSWERS = (
    ("By", "right", "By"), ("Last day", "date", "Last_day"), ("Earned", "money", "Earned"),
    ("Fee", "money", "Fee_paid"), ("Total", "money", "After_notice"),
    ("Forgone", "money", "Forgone"), ("Kept", "share", "Kept"),
)  # fmt: skip
"""What is said of an early end: its label, kind, and the name of its cell."""
PERMITTED = "permitted"
REFUSED = "not on this day"


WAYS = (
    ("Notice may be given from", "date"), ("Through", "date"), ("Notice", "right"),
    ("Notice ends on", "date"), ("Last day", "date"), ("Earned", "money"), ("Forgone", "money"),
    ("Rates of the last day, for a month", "rate"), ("Fee, plus if the buyer pays", "money"),
)  # fmt: skip
"""What is said of each party's way out, a row for each."""
OPENS, THROUGH, ALLOWED, ENDS, LAST, EARNED, FORGONE, MONTHLY, FEE = range(len(WAYS))


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
    file: File, priced: Priced, found: dict[str, Stretches], months: Months, notice: Notice
) -> None:
    """Write the sheet."""
    deal = priced.deal
    sheet = file.sheet("Termination")
    for column, width in enumerate((30, 20, 22, 22, 22, 12)):
        sheet.fixed(column, width)
    sheet.put(0, 0, f"Ending early, {deal.currency}", "text", "title")
    sheet.wide(1, ABOUT, "remark", last=5)
    sheet.put(3, 0, "Notice on")
    sheet.put(3, 1, notice.day, "date", "input")
    sheet.bounded(3, 1, "date", date(1970, 1, 1), date(2199, 12, 31))
    sheet.name_cell(3, 1, "Notice")
    sheet.put(4, 0, "Given by")
    sheet.put(4, 1, notice.by, "right", "input")
    sheet.choice(4, 1, ("either", *PARTIES))
    sheet.name_cell(4, 1, "Given_by")

    years = 5 + len(ANSWERS) + 3
    ways = years + len(_years(priced, months)) + 4
    _ways(sheet, priced, found, notice, ways)
    _answers(sheet, notice, ways)
    _by_year(sheet, priced, months, notice, years)
    sheet.closed()


# --- the answer -----------------------------------------------------------------------------------


def _answers(sheet: Sheet, notice: Notice, ways: int) -> None:
    """The party that leaves, and what its way out comes to."""

    def of(way: int) -> tuple[str, str]:
        return f"B{ways + way + 1}", f"C{ways + way + 1}"

    def chosen(way: int) -> str:
        buyer, seller = of(way)
        return f'=IF(By="{REFUSED}","",IF(By="seller",{seller},{buyer}))'

    buyer, seller = (f'{cell}="{PERMITTED}"' for cell in of(ALLOWED))
    sooner, later = of(LAST)
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
    for index, ((label, kind, name), value) in enumerate(zip(ANSWERS, values, strict=True)):
        look = "figure" if name == "After_notice" else "plain"
        sheet.put(5 + index, 0, label, "text", look)
        sheet.put(5 + index, 1, Formula(texts[name], value), kind, look)
        sheet.name_cell(5 + index, 1, name)


def _years(priced: Priced, months: Months) -> range:
    """The years in which something can be paid: a fee may fall due before the first service."""
    first, last = min(months.years), max(months.years)
    signed = min(first, months.year(priced.deal.signed))
    fees = any(right.fee is not None for right in priced.deal.termination)
    return range(signed if fees else first, last + 1)


def _by_year(sheet: Sheet, priced: Priced, months: Months, notice: Notice, top: int) -> None:
    """What is left of each year: what is earned by its end or the last day, and the fee."""
    places, ended, fiscal = priced.deal.places, notice.ended, months.year_end
    sheet.headings(
        top - 1,
        (("Year", "text"), *((f"{name}", "money") for name in ("Revenue", "Full term", "Change"))),
    )
    years = _years(priced, months)
    grown = f"+(MONTH(Last_day)>{fiscal})" if fiscal != 12 else ""
    for index, year in enumerate(years):
        row, at = top + index, top + index + 1
        offset = years[0] - min(months.years)
        text = f"=MIN(Years){offset:+}" if offset else "=MIN(Years)"
        sheet.put(row, 0, Formula(f"=A{row}+1" if index else text, year), "year")
        end = months.last_day(year)
        day = f"DATE(A{at},{fiscal}+1,0)"
        through = f'SUMIFS(Revenue,Years,"<="&A{at})'
        so_far = f"IF(Last_day<={day},Earned,{through})"
        earlier = f'SUMIFS(Revenue,Years,"<"&A{at})'
        before = f"IF(Last_day<=DATE(A{at}-1,{fiscal}+1,0),Earned,{earlier})"
        fee = f"IF(YEAR(Last_day){grown}=A{at},Fee_paid,0)"
        text = f'=IF(By="{REFUSED}","",ROUND({so_far}-{before},{places})+{fee})'
        agreed = priced.earned(end) - priced.earned(months.last_day(year - 1))
        left: Any = _left(priced, ended, year, months) if ended else ""
        full = money(agreed, places)
        sheet.put(row, 1, Formula(text, left), "money")
        sheet.put(row, 2, Formula(f"=SUMIFS(Revenue,Years,A{at})", full), "money")
        change = f'=IF(By="{REFUSED}","",B{at}-C{at})'
        sheet.put(row, 3, Formula(change, left - full if ended else ""), "money")
    row = top + len(years)
    totals: tuple[Any, ...] = (Decimal(0), money(priced.full, places), Decimal(0))
    if ended:
        totals = ended.total, ended.full_term, ended.total - ended.full_term
    sheet.put(row, 0, "Total", "text", "total")
    for column, value in enumerate(totals, start=1):
        letter = "ABCD"[column]
        text = f"=SUM({letter}{top + 1}:{letter}{row})"
        sheet.put(row, column, Formula(text, value), "money", "total")


def _left(priced: Priced, ended: Ended, year: int, months: Months) -> Decimal:
    """What is paid in a year after notice."""
    ends = (min(ended.last_day, months.last_day(one)) for one in (year - 1, year))
    before, so_far = map(priced.earned, ends)
    fee = ended.fee if months.year(ended.last_day) == year else Decimal(0)
    return money(so_far - before, priced.deal.places) + fee


# --- each party's way out -------------------------------------------------------------------------


def _ways(
    sheet: Sheet, priced: Priced, found: dict[str, Stretches], notice: Notice, top: int
) -> None:
    """A column for each party, then what each charge has earned by its last day."""
    heads = ("Each party's way out", "text"), ("Buyer", "right"), ("Seller", "right")
    sheet.headings(top - 1, heads)
    for index, (label, _) in enumerate(WAYS):
        sheet.put(top + index, 0, label)
    start = top + len(WAYS) + 3
    for column, party in enumerate(PARTIES, start=1):
        right = priced.deal.right(party)
        if right is None:
            sheet.put(top + ALLOWED, column, "no right", "right")
            continue
        cells = tuple(f"{'ABC'[column]}{top + way + 1}" for way in range(len(WAYS)))
        way = tuple(_way(priced, notice, party, right, cells, (start + 1, start + len(found))))
        for index, (cell, (_, kind)) in enumerate(zip(way, WAYS, strict=True)):
            sheet.put(top + index, column, cell, kind)
        _earned(sheet, found, party, cells[LAST], way[LAST].value, start)
        start += len(found) + 3


def _way(
    priced: Priced,
    notice: Notice,
    party: str,
    right: Right,
    cells: tuple[str, ...],
    rows: tuple[int, int],
) -> Iterator[Formula]:
    """The cells of a party, from top to bottom; in `rows` the charges' earnings stand."""
    deal, places = priced.deal, priced.deal.places
    number = deal.termination.index(right) + 1
    opens, allowed = _opens(priced, right, number), _allowed(priced, notice.day, party)
    ends = _later(notice.day, right.notice)
    ends -= DAY if deal.conventions.notice_day == "included" else 0 * DAY
    last = last_day(deal, right, notice.day)
    earned = priced.earned(last)
    yield opens
    yield Formula("=Term_last", deal.term.last)
    within = f"AND(Notice>={cells[OPENS]},Notice<={cells[THROUGH]})"
    said = PERMITTED if allowed else REFUSED
    yield Formula(f'=IF({within},"{PERMITTED}","{REFUSED}")', said)
    after = _after("Notice", f"Notice_{number}", right.notice.unit)
    yield Formula(f'={after}-(Notice_day="included")', ends)
    yield Formula(f"=MIN({cells[THROUGH]},{cells[ENDS]})", last)
    yield Formula(f"=SUM(F{rows[0]}:F{rows[1]})/Minor", money(earned, places))
    forgone = money(priced.full - earned, places)
    yield Formula(f"=ROUND(Total-{cells[EARNED]},{places})", forgone)
    yield Formula(f"=SUM(G{rows[0]}:G{rows[1]})", priced.monthly(last))
    sign = "" if party == "buyer" else "-"
    fee = f"{sign}{_fee(right, number, cells[FORGONE], cells[MONTHLY])}"
    value = money(allowed.fee, places) if allowed else ""
    yield Formula(f'=IF({cells[ALLOWED]}="{PERMITTED}",{fee},"")', value)


def _allowed(priced: Priced, day: date, party: str) -> Exit | None:
    """A party's exit by notice on a day, where it may be given on that day."""
    return next((exit for exit in priced.exits(day, party) if exit.notice == day), None)


def _later(day: date, span: Span) -> date:
    return add_months(day, span.count) if span.unit == "months" else day + span.count * DAY


def _opens(priced: Priced, right: Right, number: int) -> Formula:
    """The first day on which a right may be used; after the term where it never may be."""
    deal, over = priced.deal, right.lock_out
    opens = first_notice(deal, right, deal.signed)
    if over is None:
        return Formula("=Signed", deal.signed)
    text = name = f"Lock_out_{number}"
    if isinstance(over, Span):
        text, over = _after("Signed", name, over.unit), _later(deal.signed, over)
    # The first notice that ends service on that day or later. Counting months back may land on the
    # end of a shorter month, a day too early.
    target = f'({text}+(Notice_day="included"))'
    back = _after(target, f"-Notice_{number}", right.notice.unit)
    if right.notice.unit == "months":
        back += f"+(EDATE({back},Notice_{number})<{target})"
    formula = f'=MAX(Signed,IF(AND(Bars_{number}="ending",{text}<=Term_last),{back},{text}))'
    return Formula(formula, opens or max(over, deal.term.last + DAY))


def _after(day: str, count: str, unit: str) -> str:
    return f"EDATE({day},{count})" if unit == "months" else f"({day}+{count})".replace("+-", "-")


class _Cells(NamedTuple):
    """The cells of an early end, for its fee."""

    forgone_cell: str
    monthly_cell: str

    def forgone(self) -> str:
        return self.forgone_cell

    def monthly(self) -> str:
        return self.monthly_cell


def _fee(right: Right, number: int, forgone: str, monthly: str) -> str:
    """What leaving costs; nothing where nothing is forgone."""
    if right.fee is None:
        return "0"
    multiple = right.fee.multiple(_Cells(forgone, monthly))
    amount = f"Fee_{number}*{multiple}*Minor" if multiple else f"Fee_{number}*Minor"
    # What is off by an error of binary numbers only is mended before it is rounded.
    return f"IF({forgone}=0,0,ROUND(ROUND({amount},4),0)/Minor)"


def _earned(
    sheet: Sheet,
    found: dict[str, Stretches],
    party: str,
    day: str,
    value: date,
    top: int,
) -> None:
    """What each charge has earned by a party's last day, and its rate for a month then."""
    heads = ((f"If the {party} leaves", "text"), *READING, ("Rate for a month", "rate"))
    sheet.headings(top - 1, heads)
    for index, of in enumerate(found.values()):
        row, at = top + index, top + index + 1
        cells = reading(of, f"${day[0]}${day[1:]}", value, tuple(f"{c}{at}" for c in "BCDEF"))
        sheet.put(row, 0, of.charge.name)
        for column, (cell, (_, kind)) in enumerate(zip(cells, READING, strict=True), start=1):
            sheet.put(row, column, cell, kind, "work")
        sheet.put(row, 6, Formula(*_monthly(of, day, value, at)), "rate", "work")


def _monthly(of: Stretches, day: str, value: date, at: int) -> tuple[str, Fraction]:
    """A charge's rate for the month of a day: a daily one times its days, none out of service."""
    name, stage = of.charge.cell, of.earned.stage(value)
    days = f'IF(INDEX({name("Per")},C{at})="day",DAY(EOMONTH({day},0)),1)'
    text = f"=IF(OR(C{at}=0,{day}>{name('Last')}),0,INDEX({name('Rate')},C{at})*{days})"
    if stage is None:
        return text, Fraction(0)
    return text, stage.rate * (days_in_month(value.year, value.month) if stage.per == "day" else 1)

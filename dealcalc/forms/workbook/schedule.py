"""The sheet of the schedule: a row for each month, from what each charge has earned by its end."""

from collections.abc import Sequence

from xlsxwriter.utility import xl_col_to_name

from dealcalc.core import Priced
from dealcalc.earned import money
from dealcalc.forms.workbook.formulas import half_up_formula
from dealcalc.forms.workbook.rates import Stream
from dealcalc.forms.workbook.sheets import CellChart, File, Formula, Sheet
from dealcalc.reports.periods import Calendar, Period
from dealcalc.terms.dates import DAY, month_end

TOP = 4
"""The first month's row; the rows above are title, remark and heading."""
ABOUT = (
    "Revenue of a month is what each charge has earned by the month's end, rounded half-up, less "
    "what it had earned, so rounded, by the end of the month before: months add up to the total to "
    "the cent, wherever they are cut. The folded columns on the right have these, charge by charge."
    " This sheet follows the sheet Rates. It cannot follow other dates: its months are those of "
    "the term as written."
)
HEADINGS = ("Month", "month"), ("Year", "year"), ("Revenue", "money"), ("Cumulative", "money")
STEPS = ("earned by then, minor units", "exact"), ("rounded half-up", "count")


def write(
    file: File,
    priced: Priced,
    streams: Sequence[Stream],
    months: Sequence[Period],
    calendar: Calendar,
) -> CellChart:
    """Write the sheet; what a chart of it draws."""
    sheet = file.sheet("Schedule")
    sheet.put(0, 0, f"Schedule, {priced.deal.currency}", "text", "title")
    each = [(stream.name, "money") for stream in streams]
    steps = [(f"{one.name}: {text}", kind) for one in streams for text, kind in STEPS]
    sheet.headings(TOP - 1, (*HEADINGS, *each, *steps))
    last, right = TOP + len(months) - 1, 3 + len(streams)
    for column, name in enumerate(("Months", "Years", "Revenue", "Cumulative")):
        sheet.name_rows(TOP, last, column, name)
    kinds = [kind for _, kind in HEADINGS]
    for row, month in enumerate(months, start=TOP):
        total = Formula(f"=SUM(E{row + 1}:{xl_col_to_name(right)}{row + 1})", month.revenue)
        so_far = Formula(f"=SUM(C${TOP + 1}:C{row + 1})", month.cumulative)
        year = calendar.year(month.first)
        sheet.row(row, (month.first, year, total, so_far), kinds, "plain")
        for index, stream in enumerate(streams):
            _earned(sheet, row, month, stream, 4 + index, right + 1 + 2 * index)
    _total(sheet, priced, streams, last + 1)
    sheet.folded(right + 1, right + 2 * len(streams))
    sheet.wide(1, ABOUT, "remark", last=max(6, right))
    sheet.printed(last + 1, max(right, 6))
    sheet.frozen(TOP, 1)
    sheet.closed()
    title = f"Revenue by month, {priced.deal.currency}"
    return CellChart(title, "column", sheet.name, (TOP, last), 0, (2,), "yyyy-mm")


def _earned(sheet: Sheet, row: int, month: Period, stream: Stream, column: int, steps: int) -> None:
    """What a charge earns in a month; on the right, what it has earned by its end."""
    end, exact, rounded = month_end(month.first), xl_col_to_name(steps), xl_col_to_name(steps + 1)
    booked = stream.earned.booked(end)
    by_then = Formula(f"={stream.by(end)}", stream.exact(end))
    sheet.put(row, steps, by_then, "exact", "work")
    to_minor = half_up_formula(f"{exact}{row + 1}", stream.sign)
    sheet.put(row, steps + 1, Formula(f"={to_minor}", booked), "count", "work")
    before = f"-{rounded}{row}" if row > TOP else ""
    amount = money(booked - stream.earned.booked(month.first - DAY), stream.earned.places)
    text = f"=({rounded}{row + 1}{before})/{stream.minor}"
    sheet.put(row, column, Formula(text, amount), "money")


def _total(sheet: Sheet, priced: Priced, streams: Sequence[Stream], row: int) -> None:
    """All months together, and of each charge."""
    earned = [stream.earned.booked(priced.last) for stream in streams]
    totals = {2: priced.full} | dict(enumerate(earned, start=4))
    sheet.row(row, ("Total", None, None, None), ["text"] * 4, "total")
    for column, minor in totals.items():
        letter = xl_col_to_name(column)
        amount = money(minor, priced.deal.places)
        total = Formula(f"=SUM({letter}{TOP + 1}:{letter}{row})", amount)
        sheet.put(row, column, total, "money", "total")
    sheet.name_cell(row, 2, "Total")

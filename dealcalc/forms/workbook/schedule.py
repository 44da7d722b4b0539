"""The sheet of the schedule: a row for each month, from what each charge has earned by its end."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from xlsxwriter.utility import xl_col_to_name

from dealcalc.core import Priced, money
from dealcalc.forms.workbook.formulas import half_up
from dealcalc.forms.workbook.rates import Stream
from dealcalc.forms.workbook.sheets import File, Formula, Sheet
from dealcalc.terms.dates import DAY, days_in_month, month_end, month_ends

TOP = 4
"""The first month's row; the rows above are title, remark and heading."""
ABOUT = (
    "Revenue of a month is what each charge has earned by the month's end, rounded half-up, less "
    "what it had earned, so rounded, by the end of the month before: months add up to the total to "
    "the cent, wherever they are cut. The folded columns on the right have these, charge by charge."
    " This sheet follows the sheet Rates. It cannot follow other dates: its months are those of "
    "the term as written."
)
STEPS = ("earned by then, minor units", "exact"), ("rounded half-up", "count")


class Months(NamedTuple):
    """The months of the sheet by their last days, its years with what they earn, and their end.

    What years earn is in minor units; they end with a month, 12 for those of the calendar.
    """

    ends: tuple[date, ...]
    years: Mapping[int, int]
    year_end: int

    def year(self, day: date) -> int:
        """The year in which the fiscal year of a day ends."""
        return day.year + (day.month > self.year_end)

    def last_day(self, year: int) -> date:
        """The last day of a year."""
        return date(year, self.year_end, days_in_month(year, self.year_end))


def months_of(priced: Priced, year_end: int) -> Months:
    """Every month from the first service to the last, as the sheet has them."""
    charges = priced.charges.values()
    first, last = min(one.start for one in charges), max(one.through for one in charges)
    months = Months(tuple(month_ends(first, month_end(last))), {}, year_end)
    years = range(months.year(first), months.year(last) + 1)
    by_end = {year: priced.earned(months.last_day(year)) for year in (years[0] - 1, *years)}
    return months._replace(years={year: by_end[year] - by_end[year - 1] for year in years})


def write(file: File, priced: Priced, streams: Sequence[Stream], months: Months) -> None:
    """Write the sheet."""
    sheet = file.sheet("Schedule")
    sheet.put(0, 0, f"Schedule, {priced.deal.currency}", "text", "title")
    columns = _Columns(priced, streams)
    sheet.headings(TOP - 1, columns.headings())
    last = TOP + len(months.ends) - 1
    for column, name in enumerate(("Months", "Years", "Revenue", "Cumulative")):
        sheet.name_rows(TOP, last, column, name)
    for row, end in enumerate(months.ends, start=TOP):
        sheet.row(row, (end.replace(day=1), months.year(end)), ("month", "year"), "plain")
        for index, stream in enumerate(streams):
            columns.steps(sheet, row, end, index, stream)
        columns.revenue(sheet, row, end)
    _total(sheet, columns, last + 1)
    sheet.folded(columns.left, columns.left + 2 * len(streams) - 1)
    sheet.wide(1, ABOUT, "remark", last=max(6, columns.left - 1))
    sheet.printed(last + 1, max(columns.left - 1, 6))
    sheet.frozen(TOP, 1)
    sheet.closed()


class _Columns:
    """What stands where in the rows of months; several charges have their own revenue as well."""

    def __init__(self, priced: Priced, streams: Sequence[Stream]) -> None:
        self.priced, self.streams, self.places = priced, streams, priced.deal.places
        self.each = list(streams) if len(streams) > 1 else []
        self.left = 4 + len(self.each)

    def headings(self) -> Iterator[tuple[str, str]]:
        """The texts and kinds of all columns."""
        yield from (("Month", "month"), ("Year", "year"))
        yield from (("Revenue", "money"), ("Cumulative", "money"))
        yield from ((stream.name, "money") for stream in self.each)
        for stream in self.streams:
            yield from ((f"{stream.name}: {text}", kind) for text, kind in STEPS)

    def steps(self, sheet: Sheet, row: int, end: date, index: int, stream: Stream) -> None:
        """What a charge has earned by a month's end, exact and rounded, and in the month."""
        exact, rounded = self.left + 2 * index, self.left + 2 * index + 1
        value = stream.exact(end)
        sheet.put(row, exact, Formula(f"={stream.by(end)}", value), "exact", "work")
        text = half_up(f"{xl_col_to_name(exact)}{row + 1}")
        booked = stream.earned.booked(end)
        sheet.put(row, rounded, Formula(f"={text}", booked), "count", "work")
        if self.each:
            before = stream.earned.booked(end.replace(day=1) - DAY)
            amount = Formula(f"={self._month(index, row)}", money(booked - before, self.places))
            sheet.put(row, 4 + index, amount, "money")

    def _month(self, index: int, row: int) -> str:
        """What a charge earns in a month."""
        rounded = xl_col_to_name(self.left + 2 * index + 1)
        before = f"-{rounded}{row}" if row > TOP else ""
        return f"({rounded}{row + 1}{before})/{10**self.places}"

    def revenue(self, sheet: Sheet, row: int, end: date) -> None:
        """What all charges earn in a month, and have earned by its end."""
        text = self._month(0, row)
        if self.each:
            text = f"SUM(E{row + 1}:{xl_col_to_name(self.left - 1)}{row + 1})"
        earned = self.priced.earned(end)
        minor = earned - self.priced.earned(end.replace(day=1) - DAY)
        sheet.put(row, 2, Formula(f"={text}", money(minor, self.places)), "money")
        so_far = Formula(f"=SUM(C${TOP + 1}:C{row + 1})", money(earned, self.places))
        sheet.put(row, 3, so_far, "money")


def _total(sheet: Sheet, columns: _Columns, row: int) -> None:
    """All months together, and of each charge."""
    priced, places = columns.priced, columns.places
    sheet.row(row, ("Total", None, None, None), ["text"] * 4, "total")
    totals = {2: priced.full}
    totals |= {4 + index: one.earned.booked(priced.last) for index, one in enumerate(columns.each)}
    for column, minor in totals.items():
        letter = xl_col_to_name(column)
        total = Formula(f"=SUM({letter}{TOP + 1}:{letter}{row})", money(minor, places))
        sheet.put(row, column, total, "money", "total")
    sheet.name_cell(row, 2, "Total")

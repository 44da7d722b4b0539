"""The sheet of the schedule: a row for each month, from what each charge has earned by its end."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from xlsxwriter.utility import xl_col_to_name

from dealcalc.core import Priced, money
from dealcalc.forms.workbook.rates import READING, Stretches, reading
from dealcalc.forms.workbook.sheets import File, Formula, Sheet
from dealcalc.terms.dates import DAY, days_in_month, month_end, month_ends

TOP = 4
"""The first month's row; the rows above are title, remark and heading."""
ABOUT = (
    "Revenue of a month is what each charge has earned by the month's end, rounded half-up, less "
    "what it had earned, so rounded, by the end of the month before: months add up to the total to "
    "the cent, wherever they are cut. Grey columns on the right lead there, charge by charge."
)


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


def write(file: File, priced: Priced, found: dict[str, Stretches], months: Months) -> None:
    """Write the sheet."""
    sheet = file.sheet("Schedule")
    sheet.put(0, 0, f"Schedule, {priced.deal.currency}", "text", "title")
    last = TOP + len(months.ends) - 1
    each = list(found.values()) if len(found) > 1 else []
    heads = [("Month", "month"), ("Year", "year"), ("Revenue", "money"), ("Cumulative", "money")]
    heads += [(of.charge.name, "money") for of in each]
    left = len(heads)
    heads += [
        (f"{of.charge.name}: {text}", kind) for of in found.values() for text, kind in READING
    ]
    sheet.headings(TOP - 1, heads)
    for column, name in enumerate(("Months", "Years", "Revenue", "Cumulative")):
        sheet.name_rows(TOP, last, column, name)
    for index in range(len(months.ends)):
        _month(sheet, priced, found, months, index, left)
    _total(sheet, priced, found, last, len(each))
    sheet.wide(1, ABOUT, "remark", last=max(3, left - 1) if each else 6)
    sheet.printed(last + 1, max(left - 1, 6))
    sheet.frozen(TOP, 1)
    sheet.closed()


def _month(
    sheet: Sheet,
    priced: Priced,
    found: dict[str, Stretches],
    months: Months,
    index: int,
    left: int,
) -> None:
    """The cells of a month; rows of formulas count from 1."""
    row, end = TOP + index, months.ends[index]
    first, at, before = end.replace(day=1), row + 1, end.replace(day=1) - DAY
    begins = "=EOMONTH(MIN(Starts),-1)+1" if not index else f"=EDATE(A{row},1)"
    sheet.put(row, 0, Formula(begins, first), "month")
    later = f"+(MONTH(A{at})>{months.year_end})" if months.year_end != 12 else ""
    sheet.put(row, 1, Formula(f"=YEAR(A{at}){later}", months.year(end)), "year")

    booked = []
    several = len(found) > 1
    for number, of in enumerate(found.values()):
        columns = range(left + 5 * number, left + 5 * number + 5)
        names = tuple(f"{xl_col_to_name(column)}{at}" for column in columns)
        cells = reading(of, f"EOMONTH($A{at},0)", end, names)
        for column, cell, (_, kind) in zip(columns, cells, READING, strict=True):
            sheet.put(row, column, cell, kind, "work")
        letter = xl_col_to_name(columns[-1])
        text = f"({letter}{at}{f'-{letter}{row}' if index else ''})/Minor"
        minor = of.earned.booked(end) - of.earned.booked(before)
        if several:
            amount = Formula(f"={text}", money(minor, priced.deal.places))
            sheet.put(row, 4 + number, amount, "money")
        booked.append((text, minor))

    revenue = money(sum(minor for _, minor in booked), priced.deal.places)
    text = f"SUM(E{at}:{xl_col_to_name(left - 1)}{at})" if several else booked[0][0]
    sheet.put(row, 2, Formula(f"={text}", revenue), "money")
    so_far = money(priced.earned(end), priced.deal.places)
    sheet.put(row, 3, Formula(f"=SUM(C${TOP + 1}:C{at})", so_far), "money")


def _total(sheet: Sheet, priced: Priced, found: dict[str, Stretches], last: int, each: int) -> None:
    row, places = last + 1, priced.deal.places
    sheet.put(row, 0, "Total", "text", "total")
    sheet.put(row, 1, None, "text", "total")
    total = Formula(f"=SUM(C{TOP + 1}:C{last + 1})", money(priced.full, places))
    sheet.put(row, 2, total, "money", "total")
    sheet.put(row, 3, None, "text", "total")
    sheet.name_cell(row, 2, "Total")
    if each:
        for number, of in enumerate(found.values()):
            letter = xl_col_to_name(4 + number)
            earned: Decimal = money(of.earned.booked(priced.last), places)
            value = Formula(f"=SUM({letter}{TOP + 1}:{letter}{last + 1})", earned)
            sheet.put(row, 4 + number, value, "money", "total")

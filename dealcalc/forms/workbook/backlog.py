"""The sheet of the backlog: what is earned, firm and cancellable over time, and firm in cells."""

from collections.abc import Sequence

from xlsxwriter.utility import xl_col_to_name

from dealcalc.core import Backlog, Priced
from dealcalc.forms.workbook.formulas import half_up_formula
from dealcalc.forms.workbook.rates import Stream
from dealcalc.forms.workbook.sheets import CellChart, File, Formula, Sheet
from dealcalc.reports.backlog import days
from dealcalc.terms.dates import DAY

ABOUT = (
    "Values as dealcalc wrote them: they do not follow the sheet Inputs. Firm is what is still "
    "paid if notice is given as soon as it may be, by the party whose leaving yields less; "
    "cancellable is the rest of what is agreed."
)
HEADINGS = (
    ("As of", "date"), ("Earned", "money"), ("Firm", "money"), ("Cancellable", "money"),
    ("Earliest exit", "date"),
)  # fmt: skip
TOP = 4
"""The row at signing; the rows above are title, remark and heading."""
STEPS = ("by signing", "rounded", "by the earliest exit", "rounded")
LEFT = 6
"""The first of the folded columns: what each charge has earned by signing, and by the exit."""


def write(file: File, priced: Priced, streams: Sequence[Stream]) -> CellChart:
    """Write the sheet; what a chart of it draws."""
    sheet = file.sheet("Backlog")
    sheet.put(0, 0, f"Backlog, {priced.deal.currency}", "text", "title")
    signed = priced.at_signing()
    later = days(signed.as_of - DAY, priced.last, "month")
    rows = [signed, *(priced.backlog(day) for day in later)]
    sheet.headings(TOP - 1, HEADINGS)
    kinds = [kind for _, kind in HEADINGS]
    for index, row in enumerate(rows, start=TOP):
        parts = row.as_of, row.earned, row.firm, row.cancellable, row.earliest_exit
        sheet.row(index, parts, kinds, "plain")
    _firm(sheet, priced, streams, signed)
    sheet.wide(1, ABOUT, "remark", last=len(HEADINGS) - 1)
    sheet.frozen(TOP, 1)
    sheet.printed(TOP + len(rows) - 1, len(HEADINGS) - 1)
    sheet.closed()
    last = TOP + len(rows) - 1
    title = f"Backlog as written, {priced.deal.currency}"
    return CellChart(title, "area", sheet.name, (TOP, last), 0, (1, 2, 3), "yyyy-mm")


def _firm(sheet: Sheet, priced: Priced, streams: Sequence[Stream], signed: Backlog) -> None:
    """Firm at signing, from what each charge earns between then and the earliest exit.

    The exit is as written, and so is what of its fee is firm.
    """
    heads = (("Earned", "text"), *((text, "exact") for text in STEPS))
    sheet.row(TOP - 1, (text for text, _ in heads), ["text"] * 5, "heading", first=LEFT)
    assert signed.earliest_exit  # for it is signed
    ends = signed.as_of - DAY, signed.earliest_exit
    for row, stream in enumerate(streams, start=TOP):
        sheet.put(row, LEFT, stream.name, "text", "work")
        for column, day in zip((LEFT + 1, LEFT + 3), ends, strict=True):
            exact = f"{xl_col_to_name(column)}{row + 1}"
            by_then = Formula(f"={stream.by(day)}", stream.exact(day))
            sheet.put(row, column, by_then, "exact", "work")
            rounded = Formula(f"={half_up_formula(exact, stream.sign)}", stream.earned.booked(day))
            sheet.put(row, column + 1, rounded, "count", "work")
    row, minor = TOP + len(streams), 10**priced.deal.places
    before, after = (
        f"SUM({letter}{TOP + 1}:{letter}{row})"
        for letter in map(xl_col_to_name, (LEFT + 2, LEFT + 4))
    )
    earned = priced.earned(signed.earliest_exit) - priced.earned(ends[0])
    fee = int(signed.firm.scaleb(priced.deal.places)) - earned
    sheet.put(row, LEFT, "Fee that is firm, as written", "text", "work")
    sheet.put(row, LEFT + 4, fee, "count", "work")
    text = f"=({after}-{before}+{xl_col_to_name(LEFT + 4)}{row + 1})/{minor}"
    sheet.put(row + 1, LEFT, "Firm at signing", "text", "total")
    sheet.put(row + 1, LEFT + 4, Formula(text, signed.firm), "money", "total")
    sheet.name_cell(row + 1, LEFT + 4, "Firm")
    sheet.name_cell(TOP, 4, "Earliest_exit")
    sheet.put(row + 2, LEFT, "Earned at signing", "text", "work")
    sheet.put(row + 2, LEFT + 4, Formula(f"={before}/{minor}", signed.earned), "money", "work")
    sheet.name_cell(row + 2, LEFT + 4, "Earned_at_signing")
    sheet.folded(LEFT, LEFT + 4)

"""The first sheet of a deal that can be recomputed: what it comes to now, and as it was written."""

from collections.abc import Sequence

from dealcalc.core import Priced, money
from dealcalc.forms.workbook.inputs import WRONG
from dealcalc.forms.workbook.sheets import File, Formula, Sheet
from dealcalc.forms.workbook.termination import ANSWERS, Notice
from dealcalc.reports.periods import Period

FINE, NO_TOTAL, WRONG_INPUT = "fine", "no total", "an input is wrong"
ABOUT = (
    "Now: recomputed from the sheet Inputs. As written: what dealcalc computed for the file, "
    "exactly. The sheets Answer and Notes hold values as written, which follow no input. Each "
    "sheet lists the changes that it cannot follow, such as an extra ramp step."
)


def write(
    file: File, priced: Priced, title: str, years: Sequence[Period], notice: Notice | None
) -> None:
    """Write the sheet."""
    deal = priced.deal
    sheet = file.sheet("Summary")
    for column, width in enumerate((26, 22, 22, 22)):
        sheet.fixed(column, width)
    sheet.wide(0, f"{title} · {deal.currency}", "title", last=5)
    sheet.wide(1, f"{deal.buyer} pays {deal.seller}. {ABOUT}", "remark", last=5)
    heads = ("", "text"), ("Now", "right"), ("As written", "right"), ("Change", "right")
    sheet.headings(3, heads)
    _compared(sheet, 4, "Total", "=Total", money(priced.full, deal.places), "money", "figure")
    row = 5
    if notice:
        row = _after_notice(sheet, notice, row)
    sheet.put(row, 0, "Check")
    text = f'IF(ISERROR(Total),"{NO_TOTAL}","{FINE}")'
    check = f'=IF(COUNTIF(Inputs_check,"{WRONG}")>0,"{WRONG_INPUT}",{text})'
    sheet.put(row, 1, Formula(check, FINE), "right")
    sheet.put(row, 2, "whether every input is a value that the deal may have", "after", "work")
    sheet.red_unless(row, 1, FINE)
    _years(sheet, years, row + 3)
    sheet.closed()


def _compared(
    sheet: Sheet, row: int, label: str, text: str, value: object, kind: str, look: str = "plain"
) -> None:
    """A figure as it is now, as it was written, and the difference of amounts."""
    sheet.put(row, 0, label, "text", look)
    sheet.put(row, 1, Formula(text, value), kind, look)
    sheet.put(row, 2, value, kind, "work")
    if kind == "money":
        nothing = "" if value == "" else 0
        sheet.put(row, 3, Formula(f'=IF(B{row + 1}="","",B{row + 1}-C{row + 1})', nothing), kind)


def _after_notice(sheet: Sheet, notice: Notice, row: int) -> int:
    """What an early end comes to, as the sheet of terminations has it; the row below."""
    sheet.put(row, 0, "After notice, see Termination", "text", "head")
    _compared(sheet, row + 1, "Notice on", "=Notice", notice.day, "date")
    pairs = zip(ANSWERS, notice.values(), strict=True)
    for index, ((label, kind, name), value) in enumerate(pairs, start=row + 2):
        _compared(sheet, index, label, f"={name}", value, kind)
    return row + 2 + len(ANSWERS)


def _years(sheet: Sheet, years: Sequence[Period], top: int) -> None:
    """Revenue by year over the full term."""
    sheet.headings(top - 1, (("Year", "text"), ("Revenue", "right"), ("Cumulative", "right")))
    for row, year in enumerate(years, start=top):
        revenue = Formula(f"=SUMIFS(Revenue,Years,A{row + 1})", year.revenue)
        cumulative = Formula(f"=SUM(B${top + 1}:B{row + 1})", year.cumulative)
        sheet.row(row, (year.name, revenue, cumulative), ("year", "money", "money"), "plain")
    row = top + len(years)
    total = Formula(f"=SUM(B{top + 1}:B{row})", years[-1].cumulative)
    sheet.row(row, ("Total", total, None), ("text", "money", "text"), "total")

"""The first sheet of a deal that can be recomputed: what it comes to now, and as it was written."""

from dealcalc.core import Priced, money
from dealcalc.forms.workbook.inputs import WRONG
from dealcalc.forms.workbook.rates import FINE, MORE, OUTSIDE
from dealcalc.forms.workbook.schedule import Months
from dealcalc.forms.workbook.sheets import File, Formula, Sheet
from dealcalc.forms.workbook.termination import ANSWERS, Notice

ROWS = "whether the inputs are a deal, and the sheets have rows for all that they ask for"
ABOUT = (
    "Now: recomputed from the sheet Inputs. As written: what dealcalc computed for the file, "
    "exactly. The sheets Answer and Notes hold values as written, which follow no input."
)


def write(
    file: File, priced: Priced, title: str, months: Months,
    notice: Notice | None,
) -> None:  # fmt: skip
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
    sheet.put(row, 1, Formula(_check(months), FINE), "right")
    sheet.put(row, 2, ROWS, "after", "work")
    sheet.red_unless(row, 1, FINE)
    _years(sheet, priced, row + 3, months)
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


def _check(months: Months) -> str:
    """Whether this is a deal, and the sheets have the months, increases and days it asks for."""
    beyond = f"MAX(Ends)>EOMONTH(INDEX(Months,{len(months.ends)}),0)"
    text = f'IF({beyond},"beyond the months","{FINE}")'
    for said in (MORE, OUTSIDE):
        text = f'IF(COUNTIF(Checks,"{said}")>0,"{said}",{text})'
    text = f'IF(ISERROR(Total),"no total",{text})'
    return f'=IF(COUNTIF(Inputs_check,"{WRONG}")>0,"an input is wrong",{text})'


def _years(sheet: Sheet, priced: Priced, top: int, months: Months) -> None:
    """Revenue by year over the full term."""
    places = priced.deal.places
    sheet.headings(top - 1, (("Year", "text"), ("Revenue", "right"), ("Cumulative", "right")))
    so_far = 0
    for index, (year, minor) in enumerate(months.years.items()):
        row, at = top + index, top + index + 1
        so_far += minor
        sheet.put(row, 0, Formula(f"=A{row}+1" if index else "=MIN(Years)", year), "year")
        revenue = Formula(f"=SUMIFS(Revenue,Years,A{at})", money(minor, places))
        sheet.put(row, 1, revenue, "money")
        cumulative = Formula(f"=SUM(B${top + 1}:B{at})", money(so_far, places))
        sheet.put(row, 2, cumulative, "money")
    row = top + len(months.years)
    sheet.put(row, 0, "Total", "text", "total")
    total = Formula(f"=SUM(B{top + 1}:B{row})", money(priced.full, places))
    sheet.put(row, 1, total, "money", "total")
    sheet.put(row, 2, None, "text", "total")

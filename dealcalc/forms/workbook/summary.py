"""The first sheet of a deal that can be recomputed: what it comes to now, and as it was written."""

from collections.abc import Sequence

from dealcalc.core import Priced
from dealcalc.earned import money
from dealcalc.forms.workbook.inputs import WRONG
from dealcalc.forms.workbook.sheets import File, Formula, Sheet
from dealcalc.forms.workbook.termination import ANSWERS, Notice
from dealcalc.reports.periods import Period
from dealcalc.reports.reasons import exact_reason

FINE, NO_TOTAL, WRONG_INPUT = "fine", "no total", "an input is wrong"
ABOUT = (
    "Now: recomputed from the sheet Inputs. As written: what dealcalc computed for the file, "
    "exactly. The sheets Backlog, Answer and Notes hold values as written, which follow no input. "
    "Each sheet lists the changes that it cannot follow, such as an extra ramp step."
)
OPTIONS = (
    " What options would still add is not in these sheets; what is taken counts in them as if it "
    "were taken at signing."
)
"""Of a deal with options."""


def write(
    file: File, priced: Priced, title: str, years: Sequence[Period], notice: Notice | None
) -> tuple[Sheet, int]:
    """Write the sheet; it, and the row below all that is on it."""
    deal = priced.deal
    sheet = file.sheet("Summary")
    for column, width in enumerate((26, 22, 22, 22, 22)):
        sheet.fixed(column, width)
    sheet.wide(0, f"{title} · {deal.currency}", "title", last=4)
    sheet.wide(
        1,
        f"{deal.buyer} pays {deal.seller}. {ABOUT}{OPTIONS if deal.options else ''}",
        "remark",
        last=4,
    )
    heads = ("", "text"), ("Now", "right"), ("As written", "right"), ("Change", "right")
    sheet.headings(3, heads)
    _compared(sheet, 4, "Total", "=Total", money(priced.full, deal.places), "money", "figure")
    row = _firm(sheet, priced, 5)
    if notice:
        row = _after_notice(sheet, notice, row)
    sheet.put(row, 0, "Check")
    text = f'IF(ISERROR(Total),"{NO_TOTAL}","{FINE}")'
    check = f'=IF(COUNTIF(Inputs_check,"{WRONG}")>0,"{WRONG_INPUT}",{text})'
    sheet.put(row, 1, Formula(check, FINE), "right")
    about = "whether every input is a value that the deal may have"
    sheet.wide(row, about, "aside", first=2, last=4)
    sheet.red_unless(row, 1, FINE)
    _years(sheet, years, row + 3)
    sheet.closed()
    return sheet, row + 3 + len(years) + 2


def _firm(sheet: Sheet, priced: Priced, row: int) -> int:
    """What is firm at signing, as the sheet of the backlog has it; the row below."""
    signed = priced.at_signing()
    _compared(sheet, row, "Firm at signing", "=Firm", signed.firm, "money", "figure")
    rest = "(Total-Earned_at_signing)"
    part = "" if signed.firm_share is None else signed.firm_share
    _compared(sheet, row + 1, "Firm share", f'=IF({rest}=0,"",Firm/{rest})', part, "share")
    _compared(sheet, row + 2, "Earliest exit", "=Earliest_exit", signed.earliest_exit, "date")
    sheet.put(row + 3, 0, "Firm, as written")
    sheet.wide(row + 3, exact_reason(priced.deal, signed), "aside", first=1, last=4)
    return row + 4


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
    """Revenue by year over the full term, under the headings of what stands above."""
    heads = "Now", "As written", "Change", "Cumulative now"
    sheet.headings(top - 1, (("Revenue by year", "text"), *((head, "right") for head in heads)))
    kinds = "year", "money", "money", "money", "money"
    for row, year in enumerate(years, start=top):
        revenue = Formula(f"=SUMIFS(Revenue,Years,A{row + 1})", year.revenue)
        change = Formula(f"=B{row + 1}-C{row + 1}", 0)
        cumulative = Formula(f"=SUM(B${top + 1}:B{row + 1})", year.cumulative)
        sheet.row(row, (year.name, revenue, year.revenue, change, cumulative), kinds, "plain")
    row = top + len(years)
    full = years[-1].cumulative
    sums = (
        Formula(f"=SUM({letter}{top + 1}:{letter}{row})", value)
        for letter, value in zip("BCD", (full, full, 0), strict=True)
    )
    sheet.row(row, ("Total", *sums, None), ("text", *kinds[1:]), "total")

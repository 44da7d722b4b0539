"""An answer as an Excel workbook; alone knows formulas.

Every answer has sheets of values. That of one deal is computed by the workbook too, as far as it
follows from amounts, capacities, percentages and the day of notice. Its formulas are made from the
stages of the core, and from the factors of each rate that `explain` shows; they are written with
the values of the exact core. See `formulas` for how they agree to the cent, and what limits that.
"""

from dealcalc.core import Priced
from dealcalc.figures.factors import fee_numbers
from dealcalc.figures.subject import priced_deal
from dealcalc.forms.model import Model
from dealcalc.forms.workbook import (
    answer,
    backlog,
    inputs,
    rates,
    schedule,
    summary,
    termination,
)
from dealcalc.forms.workbook.sheets import CHART_WIDTH, File
from dealcalc.reports.periods import Calendar, by_period, months_of
from dealcalc.reports.report import Report
from dealcalc.terms.currencies import CURRENCIES
from dealcalc.terms.options import agreed_at_signing

WRITTEN = "Values as dealcalc wrote them: they do not follow the sheet Inputs."


def as_xlsx(report: Report, model: Model | None = None) -> bytes:
    """The workbook of a report; with sheets in formulas where there is a model of its deal."""
    file = File(CURRENCIES.get(report.currency, 2))
    if model:
        _live(file, report.title, model)
    answer.write(file, report, WRITTEN if model else "")
    if not model:
        answer.charts(file, report)
    answer.notes(file, report)
    return file.bytes()


def _live(file: File, title: str, model: Model) -> None:
    """The sheets in formulas: the deal over its full term, and after notice."""
    scenario, deal = model.scenario, model.scenario.deal
    priced = priced_deal(scenario)
    if priced.ladder.settled > deal.signed:
        priced = Priced(agreed_at_signing(deal))
    calendar, months = Calendar(model.year_end), months_of(priced.schedule())
    years = list(by_period(months, "year", calendar))
    streams = rates.streams_of(priced)
    numbers = rates.numbers_of(streams)
    numbers |= {number.path: number for number in fee_numbers(deal)}
    cells = inputs.cells_of(numbers.values())
    day, by = model.notice or scenario.what_if.notice, model.by or scenario.what_if.by
    notice = termination.notice_of(priced, day, by) if deal.rights else None
    sheet, below = summary.write(file, priced, title, years, notice if day else None)
    inputs.write(file, scenario, numbers, cells)
    revenue = schedule.write(file, priced, streams, months, calendar)
    rates.write(file, streams, cells)
    if notice:
        termination.write(file, priced, streams, years, calendar, notice, cells)
    sheet.draw(below, 0, revenue)
    sheet.draw(below, 0, backlog.write(file, priced, streams), right=CHART_WIDTH)

"""An answer as an Excel workbook; alone knows formulas.

Every answer has sheets of values. That of one deal is computed by the workbook too: inputs, rates,
schedule and termination in formulas, written with the values of the exact core. See `formulas` for
how they agree to the cent, and what limits that.
"""

from datetime import date

from dealcalc.core import Priced
from dealcalc.forms.workbook import answer, inputs, rates, schedule, summary, termination
from dealcalc.forms.workbook.sheets import File
from dealcalc.loading.scenario import Scenario
from dealcalc.reports.report import Report
from dealcalc.terms.currencies import CURRENCIES

WRITTEN = "Values as dealcalc wrote them: they do not follow the sheet Inputs."


def as_xlsx(report: Report, scenario: Scenario | None = None) -> bytes:
    """The workbook of a report; with formulas where the deal is given that it can compute again."""
    file = File(CURRENCIES.get(report.currency, 2))
    if scenario:
        _live(file, report, scenario)
    answer.write(file, report, WRITTEN if scenario else "")
    answer.notes(file, report)
    return file.bytes()


def _live(file: File, report: Report, scenario: Scenario) -> None:
    """The sheets in formulas: the deal over its full term, and after notice."""
    priced = Priced(scenario.deal)
    stretches = rates.stretches(priced)
    months = schedule.months_of(priced, report.facts.get("fiscal_year_end", 12))
    notice = _notice(report, scenario, priced) if scenario.deal.termination else None
    summary.write(file, priced, report.title, months, notice)
    inputs.write(file, scenario)
    schedule.write(file, priced, stretches, months)
    rates.write(file, stretches)
    if notice:
        termination.write(file, priced, stretches, months, notice)


def _notice(report: Report, scenario: Scenario, priced: Priced) -> termination.Notice:
    """The notice that the report answers, or the case's; else the first that may be given."""
    day: date | None = report.facts.get("notice") or scenario.what_if.notice
    by: str | None = report.facts.get("by") or scenario.what_if.by
    return termination.notice_of(priced, day, by)

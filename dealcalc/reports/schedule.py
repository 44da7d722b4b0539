"""`dealcalc schedule`: revenue by month and by year."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from dealcalc.core import Backlog, Ended, Priced, Schedule
from dealcalc.loading.scenario import Scenario
from dealcalc.reports import notice
from dealcalc.reports.deals import charges_view, doubts, facts, notes, right_text, title
from dealcalc.reports.periods import (
    Calendar,
    Month,
    bar,
    chart,
    grouped_table,
    months_of,
    nothing,
    rows,
)
from dealcalc.reports.report import Column, Figure, Note, Report, Row, Table, View, shown
from dealcalc.terms.dates import DAY
from dealcalc.terms.rights import signing
from dealcalc.terms.values import Span


def answer(
    scenario: Scenario, period: str | None = None, year_end: int = 12, basis: str = "earned"
) -> Report:
    """The schedule of a deal; with a case that gives notice, through the last day of service.

    On the basis `billed` or `cash` the same money stands by the date of its invoice or its payment.
    """
    priced = Priced(scenario.deal)
    ended = notice.ended(scenario, priced)
    schedule = notice.schedule(priced, ended)
    calendar, months = Calendar(year_end), months_of(schedule)
    periods = ("month", "quarter", "year") if period == "quarter" else ("month", "year")
    report = Report(
        command="schedule",
        facts=facts(scenario) | ({"fiscal_year_end": year_end} if year_end != 12 else {}),
        tables=(_lines(schedule), *(grouped_table(name, months, calendar) for name in periods)),
        csv=f"{period}s" if period else "lines",
        title=title(scenario),
        currency=scenario.deal.currency,
        figures=tuple(_figures(scenario, priced, schedule, months, ended)),
        views=(
            period_view(schedule, months, calendar, period),
            _charges(scenario, schedule, ended),
        ),
        notes=(*notes(scenario, priced), *year_note(year_end)),
        after={
            "total": schedule.total,
            **doubts(scenario),
        },
        charts=lambda: (chart("Revenue", scenario.deal.currency, revenue=months),),
        scenario=scenario,
    )
    if basis == "earned":
        return report
    from dealcalc.figures.cash import cash
    from dealcalc.reports.cash import on_basis

    return on_basis(report, cash(priced, schedule), schedule, months, calendar, period, basis)


def _lines(schedule: Schedule) -> Table:
    columns = ("charge", "start", "through", "days", "rate", "amount", "per")
    lines = schedule.lines
    cells = (
        (line.charge, line.start, line.through, line.days, line.rate, line.amount, line.per)
        for line in lines
    )
    return Table("lines", columns, tuple(cells))


# --- what people see ----------------------------------------------------------------------------


def _figures(
    scenario: Scenario,
    priced: Priced,
    schedule: Schedule,
    months: tuple[Month, ...],
    ended: Ended | None,
) -> Iterator[Figure]:
    deal = scenario.deal
    served = sum(1 for month in months if month.days)
    first = min(deal.dates(charge)[0] for charge in deal.charges.values())
    whole = first.day == 1 and (schedule.last_day + DAY).day == 1
    service = f"{first} to {schedule.last_day}, {'' if whole else 'in '}"
    service += f"{Span(served, 'months')}" if whole else f"{served} calendar months"
    yield Figure(
        "Total",
        schedule.total,
        f"{deal.buyer} to {deal.seller}, {service if served else 'no service at all'}",
    )
    if ended:
        remark = f"notice on {ended.notice} by {ended.by}; service ends on {ended.last_day}"
        yield Figure("Forgone", ended.forgone, remark)
    else:
        yield from _firm(scenario, priced)


def _firm(scenario: Scenario, priced: Priced) -> Iterator[Figure]:
    """What is firm at signing, and by every other sourced reading of who may leave, and when."""
    signed = signing(scenario.deal)
    at = priced.backlog(signed)
    remark = f"{_of_it(at)} firm at signing, as of {signed}: {right_text(scenario.deal)}"
    yield Figure("Firm", at.firm, remark)
    for name, case in scenario.deal.cases.items():
        if case.source and not case.notice and case.set and all(map(_is_about_leaving, case.set)):
            at = Priced(scenario.in_case(name).deal).backlog(signed)
            yield Figure("Firm", at.firm, f"{_of_it(at)} by the reading {name}")


def _of_it(at: Backlog) -> str:
    return shown("share", Fraction(at.firm) / Fraction(at.headline) if at.headline else Fraction(1))


def _is_about_leaving(path: str) -> bool:
    return path.split(".")[0] == "termination" or path == "term.signed"


def _charges(scenario: Scenario, schedule: Schedule, ended: Ended | None) -> View:
    earned = {}
    for name in scenario.deal.charges:
        amounts = (line.amount for line in schedule.lines if line.charge == name)
        earned[name] = sum(amounts, nothing(schedule.deal))
    return charges_view(scenario, earned, ended)


def period_view(
    schedule: Schedule, months: tuple[Month, ...], calendar: Calendar, period: str | None
) -> View:
    """Revenue by period, and so far."""
    columns = (
        Column((period or "month").capitalize()),
        Column("Days", "count"),
        Column("Revenue", "money"),
        Column("Cumulative", "money"),
        Column("", "bar"),
    )
    listed = list(rows(months, calendar, period))
    highest = max((row.revenue for row in listed if row.kind == "plain"), default=Decimal(0))
    drawn = (
        Row((*row[:4], bar(row.revenue, highest) if row.kind == "plain" else None), row.kind)
        for row in listed
    )
    total = Row(("Total", sum(month.days for month in months), schedule.total, None, None), "total")
    return View("", columns, (*drawn, total))


def year_note(year_end: int) -> Iterator[Note]:
    """Which years these are, if they are not those of the calendar."""
    if year_end != 12:
        text = f"Fiscal years end with month {year_end:02}, and are named for the year they end in."
        yield Note(text)

"""`dealcalc value`: the present value of what is earned, or of what is paid."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate
from typing import Any, NamedTuple

from dealcalc.core import Backlog, Ended, Priced, Schedule, money
from dealcalc.figures.cash import Flow, cash, discounted, earned, present_value, rounded
from dealcalc.loading.problems import refuse
from dealcalc.loading.scenario import Scenario
from dealcalc.reports import early_end
from dealcalc.reports.cash_schedule import billing_notes
from dealcalc.reports.deal_report import doubts, facts, notes, right_text, title
from dealcalc.reports.positional import FinishedReport, column, tuple_table, tuple_view
from dealcalc.reports.report import Figure, Note, Report, Row, Table, View, grouped, shown
from dealcalc.terms.deal import Deal
from dealcalc.terms.misread import Misread
from dealcalc.terms.numbers import read_rate
from dealcalc.terms.rights import signing
from dealcalc.terms.values import percent_text

BASES = {
    "earned": "present value of what is earned",
    "cash": "present value of cash, by payment date",
}


class Worth(NamedTuple):
    """Money, and its present value, in minor units."""

    amount: int
    present_value: int


def yearly(text: str) -> Fraction:
    """The rate of `--rate`: from -99% to 100% a year; 0% is a plain sum. Raises Refused."""
    try:
        return read_rate(text)
    except Misread as misread:
        raise refuse(misread.code, misread.message, misread.help, argument="rate") from None


def answer(
    scenario: Scenario, rate: Fraction, on: date | None = None, basis: str = "earned"
) -> Report:
    """What a deal is worth on a day (default: the term's start), and what is firm at signing.

    With a case that gives notice, what it is worth through the last day of service. Raises Refused.
    """
    deal, priced = scenario.deal, Priced(scenario.deal)
    on = on or deal.term.start
    ended = early_end.ended(scenario, priced)
    days = _days(_flows(priced, early_end.schedule(priced, ended), basis), rate, on, deal.places)
    years, whole = _years(days), _together(days.values())
    worth, total = money(whole.present_value, deal.places), money(whole.amount, deal.places)
    at = priced.backlog(signing(deal))
    firm = present_value(_flows(priced, _firm(priced, at), basis), rate, on, deal.places)
    return FinishedReport(
        command="value",
        facts=facts(scenario) | {"rate": rate, "on": on, "basis": basis},
        tables=(_table("year", years, deal.places), _table("date", days, deal.places)),
        csv="years",
        title=f"{title(scenario)} · {BASES[basis]}",
        currency=deal.currency,
        figures=(
            Figure("Present value", worth, _worth_text(worth, total, rate, on)),
            Figure("Undiscounted", total, _when(basis, days, ended)),
            Figure("Firm", firm, _firm_text(deal, at)),
        ),
        views=(_view(years, whole, basis, deal.places),),
        notes=(*_conventions(deal, rate, on, basis), *notes(scenario, priced)),
        after={
            "present_value": worth,
            "total": total,
            "firm_as_of": at.as_of,
            "firm": at.firm,
            "firm_present_value": firm,
            "earliest_exit": at.earliest_exit,
            **doubts(scenario),
        },
    )


# --- what is valued -------------------------------------------------------------------------------


def _firm(priced: Priced, at: Backlog) -> Schedule:
    """What is firm at signing: service through the exit, and as much of its fee as is firm."""
    firm = int(at.firm.scaleb(priced.deal.places))
    return priced.schedule(at.earliest_exit, firm - priced.earned(at.earliest_exit))


def _flows(priced: Priced, schedule: Schedule, basis: str) -> list[Flow]:
    if basis == "earned":
        return earned(schedule)
    return [(payment.day, payment.amount) for payment in cash(priced, schedule).payments()]


def _days(flows: list[Flow], rate: Fraction, on: date, places: int) -> dict[date, Worth]:
    """Every day on which money counts; present values are differences of the rounded running one.

    So they add up to the whole, which is rounded once.
    """
    amounts: dict[date, Decimal] = {}
    for day, amount in sorted(flows):
        amounts[day] = amounts.get(day, money(0, places)) + amount
    so_far = accumulate(discounted([*amounts.items()], rate, on))
    through = [rounded(worth, places) for worth in so_far]
    minor = (int(amount.scaleb(places)) for amount in amounts.values())
    return {
        day: Worth(amount, after - before)
        for day, amount, before, after in zip(amounts, minor, [0, *through], through, strict=False)
    }


def _years(days: dict[date, Worth]) -> dict[int, Worth]:
    """Every calendar year from that of the first day to that of the last."""
    by_year: dict[int, list[Worth]] = {}
    for day, worth in days.items():
        by_year.setdefault(day.year, []).append(worth)
    years = range(min(by_year, default=0), max(by_year, default=-1) + 1)
    return {year: _together(by_year.get(year, [])) for year in years}


def _together(of: Iterable[Worth]) -> Worth:
    amounts, worths = zip(Worth(0, 0), *of, strict=True)
    return Worth(sum(amounts), sum(worths))


# --- as it is shown -------------------------------------------------------------------------------


def _table(when: str, rows: Mapping[Any, Worth], places: int) -> Table:
    """Rows by year, or by date as a spreadsheet's XNPV takes them."""
    name = {"year": "years", "date": "flows"}[when]
    cells = ((key, *(money(part, places) for part in worth)) for key, worth in rows.items())
    return tuple_table(name, (when, "amount", "present_value"), tuple(cells))


def _view(years: dict[int, Worth], whole: Worth, basis: str, places: int) -> View:
    columns = (
        column("Year"),
        column("Revenue" if basis == "earned" else "Cash", "money"),
        column("Present value", "money"),
        column("", "bar"),
    )
    highest = max((worth.present_value for worth in years.values()), default=0)
    rows = [
        Row(
            (
                f"{year}",
                *(money(part, places) for part in worth),
                _bar(worth.present_value, highest),
            )
        )
        for year, worth in years.items()
    ]
    total = Row(("Total", *(money(part, places) for part in whole), None), "total")
    return tuple_view("", columns, (*rows, total))


def _bar(amount: int, highest: int) -> Fraction:
    return Fraction(max(amount, 0)) / Fraction(highest) if highest > 0 else Fraction(0)


def _worth_text(worth: Decimal, total: Decimal, rate: Fraction, on: date) -> str:
    share = f", {shown('share', Fraction(worth) / Fraction(total))} of the sum" if total else ""
    return f"on {on}, at {percent_text(rate)} a year{share}"


def _when(basis: str, days: dict[date, Worth], ended: Ended | None) -> str:
    parts = []
    if days:
        moved = {"earned": "earned", "cash": "paid"}[basis]
        parts.append(f"{moved} from {min(days)} to {max(days)}")
    if ended:
        parts.append(f"notice on {ended.notice} by {ended.by}, last day {ended.last_day}")
    return "; ".join(parts)


def _firm_text(deal: Deal, at: Backlog) -> str:
    firm = f"{grouped(at.firm)} {deal.currency}, firm as of {at.as_of}"
    return f"present value of {firm}: {right_text(deal)}"


def _conventions(deal: Deal, rate: Fraction, on: date, basis: str) -> Iterator[Note]:
    stands = {
        "earned": "What a charge earns in a month stands on its last day of service in it.",
        "cash": "Cash stands on the day it is paid.",
    }
    yield Note(
        f"Present value: amount x (1 + {percent_text(rate)})^(-days / 365), with the calendar days "
        f"from {on}; earlier money counts at negative days. {stands[basis]}"
    )
    if basis == "cash":
        yield from billing_notes(deal, basis)

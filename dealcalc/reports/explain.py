"""`dealcalc explain`: where a figure of the schedule comes from, down to the line of YAML."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from dealcalc.core import Ended, Priced, money
from dealcalc.loading.problems import Refused, refuse
from dealcalc.loading.scenario import Scenario
from dealcalc.questions.explain import Part, fee, parts
from dealcalc.reports import early_end
from dealcalc.reports.deal_report import doubts, facts, notes, title
from dealcalc.reports.positional import FinishedReport, column, tuple_table, tuple_view
from dealcalc.reports.report import Figure, Note, Report, Row, Table, View
from dealcalc.terms.dates import DAY, add_months, month_end
from dealcalc.terms.deal import Deal
from dealcalc.terms.misread import Misread
from dealcalc.terms.rights import signing
from dealcalc.terms.values import decimal_text
from dealcalc.terms.words import read_day, read_first_day


class Asked(NamedTuple):
    """What is to be explained: a stretch of days, both included, of one charge or of all (None)."""

    name: str
    start: date
    through: date
    charge: str | None = None


class Input(NamedTuple):
    """A term that a figure rests on: its path, its text, and where it stands."""

    path: str
    text: str
    file: str
    line: int


# --- what is asked --------------------------------------------------------------------------------


def asked(deal: Deal, text: str, first: date, year_end: int = 12) -> Asked:
    """A figure of the schedule by its name: `[CHARGE] [through] PERIOD`; raises Refused.

    A period is `total`, a year `2027`, a quarter `2027-Q1`, a month `2027-01` or a day. `through`
    one is what has come together by its end, from the first day on. Years, and their quarters, end
    with a month.
    """
    text = " ".join(text.split())
    charge = _charge(deal, text, year_end)
    period = text.removeprefix(charge).strip() if charge else text
    so_far = period.startswith("through ")
    stretch = _period(period.removeprefix("through ") or "total", (first, deal.term.last), year_end)
    if stretch is None or not text:
        charges = ", ".join(deal.charges)
        help = f"ask for total, 2027, 2027-Q1, 2027-01, through 2027-01, or a charge: {charges}"
        raise refuse("command-line", f"`{text[:80]}` is no figure of the schedule", help, "FIGURE")
    start = first if so_far else stretch[0]
    return Asked(text, start, stretch[1], charge)


def _charge(deal: Deal, text: str, year_end: int) -> str | None:
    """The charge that a text begins with, the longest of them; a period alone is none."""
    if _period(text.removeprefix("through "), (deal.term.start, deal.term.last), year_end):
        return None
    named = [name for name in (*deal.charges, "fee") if f"{text} ".startswith(f"{name} ")]
    return max(named, key=len, default=None)


def _period(text: str, whole: tuple[date, date], year_end: int) -> tuple[date, date] | None:
    """The first and last day of a period, `total` the whole; None where it is none."""
    if text == "total":
        return whole
    try:
        if match := re.fullmatch(r"(?:FY)?([0-9]{4})(?:-Q([1-4]))?", text):
            first = add_months(read_first_day(f"{match[1]}-01"), year_end - 12)
            months = 3 if match[2] else 12
            start = add_months(first, 3 * (int(match[2]) - 1) if match[2] else 0)
            return start, add_months(start, months) - DAY
        if len(text) == 10:
            return read_day(text), read_day(text)
        return read_first_day(text), month_end(read_first_day(text))
    except Misread:
        return None


# --- the answer -----------------------------------------------------------------------------------


def answer(scenario: Scenario, text: str, year_end: int = 12) -> Report:
    """Every part of a figure of the schedule, its arithmetic and its inputs; raises Refused."""
    priced = Priced(scenario.deal)
    ended = early_end.ended(scenario, priced)
    what, found = _explained(scenario, priced, ended, text, year_end)
    amount = sum((part.amount for part in found), money(0, scenario.deal.places))
    no_days = what.through < what.start
    remark = f"{what.start} to {what.through}, the sum of the parts below"
    if no_days:
        remark = f"notice ends nothing sooner than the term does, on {what.through}"
    return FinishedReport(
        command="explain",
        facts=facts(scenario)
        | {"asked": what.name, "start": None if no_days else what.start}
        | {"through": None if no_days else what.through}
        | {"amount": amount},
        tables=(_table(scenario, found),),
        csv=_rows(scenario, found),
        title=title(scenario),
        currency=scenario.deal.currency,
        figures=(Figure(what.name[:1].upper() + what.name[1:], amount, remark),),
        views=() if no_days else (_view(found, amount), _inputs_view(scenario, found)),
        notes=(*(() if no_days else _notes(scenario, found, year_end)), *notes(scenario, priced)),
        after=doubts(scenario),
    )


def _explained(
    scenario: Scenario, priced: Priced, ended: Ended | None, text: str, year_end: int
) -> tuple[Asked, list[Part]]:
    """What is asked, with the days that it really has, and its parts."""
    last = ended.last_day if ended else priced.last
    if text == "forgone":
        if not ended:
            help = "choose a case that gives notice"
            raise refuse("command-line", "nothing is forgone: nobody gives notice", help, "FIGURE")
        what = Asked(text, last + DAY, priced.last)
        return what, list(parts(priced, what.start, what.through))
    if text == "firm":
        return _firm(scenario, priced)
    first = min(scenario.deal.term.start, last)  # service may end before it has begun
    what = asked(scenario.deal, text, first, year_end)
    start = max(what.start, first)
    if start > last or what.through < start:
        raise _outside(scenario, what, last)
    found = list(parts(priced, start, min(what.through, last), what.charge))
    if ended and ended.fee and what.charge in (None, "fee") and last <= what.through:
        found.append(fee(priced, ended, _notice_path(scenario)))
    return what._replace(start=start, through=min(what.through, last)), found


def _outside(scenario: Scenario, what: Asked, last: date) -> Refused:
    message = f"the schedule has no {what.name[:80]}"
    help = f"it runs from {scenario.deal.term.start} to {last}"
    return refuse("command-line", message, help, "FIGURE")


def _notice_path(scenario: Scenario) -> tuple[str, ...]:
    return (f"cases.{scenario.case}.notice",) if scenario.what_if.notice else ()


def _firm(scenario: Scenario, priced: Priced) -> tuple[Asked, list[Part]]:
    """What is firm at signing: what is earned to the earliest exit, with the buyer's fee."""
    as_of = signing(scenario.deal)
    at = priced.backlog(as_of)
    what = Asked("firm", as_of + DAY, at.earliest_exit)
    found = list(parts(priced, what.start, what.through))
    if at.fee > 0:
        # The exit is that of the first notice the party may give; nobody pays more than to stay.
        exit = next(one for one in priced.exits(as_of) if at.by in (one.by, "either"))
        left = fee(priced, priced.terminate(exit.notice, exit.by), ())
        most = at.firm - sum((part.amount for part in found), Decimal(0))
        left = left if left.amount <= most else left._replace(exact=Fraction(most), amount=most)
        found.append(left)
    return what, found


# --- for programs ---------------------------------------------------------------------------------


def _inputs(scenario: Scenario, part: Part) -> list[Input]:
    """The terms that a part rests on, with their lines; what nobody has said is not there."""
    paths = dict.fromkeys([*(factor.path for factor in part.factors if factor.path), *part.paths])
    nodes = ((path, scenario.find(path)) for path in paths)
    return [Input(path, node.text(), node.source.name, node.line) for path, node in nodes if node]


def _cells(part: Part) -> tuple[Any, ...]:
    """Everything about a part but its inputs; exact numbers as fractions, in text."""
    numbers = (f"{part.weight}", f"{part.exact}", part.amount)
    return part.charge, part.start, part.through, part.rate, part.per, *numbers, how(part)


def how(part: Part) -> str:
    """What the rate of a part is made of, in words."""
    return " ".join(factor.text for factor in part.factors)


COLUMNS = ("charge", "start", "through", "rate", "per", "weight", "exact", "amount", "how")


def _table(scenario: Scenario, found: Sequence[Part]) -> Table:
    rows = ((*_cells(part), [one._asdict() for one in _inputs(scenario, part)]) for part in found)
    return tuple_table("parts", (*COLUMNS, "inputs"), tuple(rows))


def _rows(scenario: Scenario, found: Sequence[Part]) -> Table:
    """A row for each part, its inputs by their places."""
    rows = (
        (*_cells(part), " ".join(f"{one.file}:{one.line}" for one in _inputs(scenario, part)))
        for part in found
    )
    return tuple_table("parts", (*COLUMNS, "inputs"), tuple(rows))


# --- for people -----------------------------------------------------------------------------------


def _view(found: Sequence[Part], amount: Decimal) -> View:
    """A row for each part; exact amounts where one differs from what is booked."""
    exact = _is_rounded(found)
    columns = (
        column("Charge"),
        column("Days"),
        column("Rate is made of", "prose"),
        column("Rate", "rate"),
        column("Weight"),
        *([column("Exact", "rate")] if exact else []),
        column("Booked", "money"),
    )
    rows = []
    for part in found:
        cells = (part.charge, _days(part), how(part), part.rate, _weight(part))
        rows.append(Row((*cells, *([part.exact] if exact else []), part.amount)))
    total = ("Total", "", "", None, "", *([None] if exact else []), amount)
    return tuple_view("", columns, (*rows, Row(total, "total")))


def _is_rounded(found: Sequence[Part]) -> bool:
    return any(part.exact != Fraction(part.amount) for part in found)


def _days(part: Part) -> str:
    return f"{part.start}" if part.start == part.through else f"{part.start} to {part.through}"


def _weight(part: Part) -> str:
    if part.rate is None:
        return ""
    return f"{decimal_text(part.weight)} {part.per}{'' if part.weight == 1 else 's'}"


def _inputs_view(scenario: Scenario, found: Sequence[Part]) -> View:
    """Each input once, with the line it stands on."""
    inputs = dict.fromkeys(one for part in found for one in _inputs(scenario, part))
    rows = tuple(Row((one.path, one.text, f"{one.file}:{one.line}")) for one in inputs)
    return tuple_view("", (column("Input"), column("Text", "prose"), column("Where")), rows)


def _notes(scenario: Scenario, found: Sequence[Part], year_end: int) -> Iterator[Note]:
    unit = f"{decimal_text(Fraction(1, 10**scenario.deal.places))} {scenario.deal.currency}"
    if _is_rounded(found):
        yield Note(
            "Exact is rate x weight, shown to six decimals. Booked is the difference of what is "
            "earned by the last day and by the day before the first, each rounded half-up to "
            f"{unit}: so parts add up, and one may be a unit off its exact amount."
        )
    else:
        yield Note("Each amount is exactly rate x weight: nothing is rounded.")
    if year_end != 12:
        yield Note(f"Years end with month {year_end:02}, and are named for the year they end in.")

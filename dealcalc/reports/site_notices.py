"""`dealcalc capacity --every`: what each notice leaves idle, and the cash yield then."""

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import groupby
from typing import Any, NamedTuple

from dealcalc.book.returns import capital, site_accounts, together
from dealcalc.book.sites import Contract, House
from dealcalc.core import Ended
from dealcalc.loading.problems import Refused, refuse
from dealcalc.reports import early_end
from dealcalc.reports.portfolio import tenths
from dealcalc.reports.positional import FinishedReport, column, tuple_table, tuple_view
from dealcalc.reports.report import Chart, ChartPoint, Figure, Note, Report, Row, View
from dealcalc.reports.site_report import EVERYTHING, Told, a_year, facts, notes, title, told
from dealcalc.reports.terminate import notice_days
from dealcalc.terms.values import amount_text

COLUMNS = (
    *("contract", "site", "notice", "by", "last_day", "falls_idle", "megawatt_months"),
    *("forgone", "fee", "cash_yield_contracts", "cash_yield_all", "payback", "site_payback"),
)

MOST_MONTHS = 1_000_000
"""Notices times months that are worked out: those of every day of 15 years, in about a minute."""


class Left(NamedTuple):
    """A contract after notice, and the house it leaves behind."""

    contract: Contract
    after: Told

    @property
    def ended(self) -> Ended:
        """The notice, and what it leaves."""
        assert self.contract.ended
        return self.contract.ended

    @property
    def paid_back(self) -> str | None:
        """The month in which the capital of the contract's own site is paid back; None: never."""
        return self.after.paid_back(self.contract.site)


def answer(house: House, every: str, by: str | None = None) -> Report:
    """Each contract ended on each day of notice that shortens it, the others as they are.

    The days are a month, a week or a day apart, from the first on which notice may be given. A
    contract that a case or `--notice` ends already is left so. Raises Refused where no contract may
    be ended.
    """
    swept, closed = _contracts(house, by)
    asked = [(one, list(notice_days(*days, every))) for one, days in swept]
    _not_too_many(house, sum(len(days) for _, days in asked))
    of = told(house)
    idle = of.idle_months()
    lefts = [left for one, days in asked for left in _lefts(of, one, days, by)]
    return FinishedReport(
        command="site-notices",
        version=2,
        facts={
            **facts(house),
            "every": every,
            "cash_yield": of.cash_yields(),
            "payback": of.paid_back(),
        },
        tables=(tuple_table("rows", COLUMNS, tuple(tuple(_cells(idle, left)) for left in lefts)),),
        csv="rows",
        title=title(house),
        currency=house.provider.currency,
        figures=tuple(_figures(of, lefts)),
        views=tuple(_views(lefts)),
        notes=(
            Note(
                "Each row is one contract ended by notice, the others as they are; what it held"
                " falls idle the day after its last. The cash yield on cost is that of everything"
                " together a year, before depreciation and tax, and before financing; what is paid"
                " back is the capital of the contract's site.",
                "detail",
            ),
            *closed,
            *notes(house),
        ),
        after={"warnings": [warning.message for warning in house.warnings]},
        charts=lambda: _charts(lefts),
    )


def _contracts(
    house: House, by: str | None
) -> tuple[list[tuple[Contract, tuple[date, date | None]]], list[Note]]:
    """The contracts that notice may end, with its first and last useful day; why others may not."""
    swept, closed, problems = [], [], []
    for contract in house.contracts:
        if contract.ended:
            closed.append(Note(f"{contract.name} is ended by notice on {contract.ended.notice}."))
            continue
        try:
            who = early_end.asked_party(contract.scenario, by)
            swept.append((contract, early_end.window(contract.scenario, contract.priced, who)))
        except Refused as refused:
            problems += refused.problems
            closed += [Note(f"{contract.name}: {problem.message}.") for problem in refused.problems]
    if problems and not swept:
        raise Refused(problems)
    if not swept:
        raise refuse("command-line", "no contract is left that notice could end", argument="every")
    return swept, closed


def _not_too_many(house: House, notices: int) -> None:
    """Raises Refused where the notices, each of which changes every month, take too long."""
    if notices * house.months_shown > MOST_MONTHS:
        message = f"{notices:,} notices over {house.months_shown:,} months are too many to work out"
        help = "ask for months with `--every month`, or for single days with `--notice`"
        raise refuse("limit", message, help, argument="every")


def _lefts(of: Told, contract: Contract, days: Sequence[date], by: str | None) -> Iterator[Left]:
    """A contract after each notice; only the accounts of its own site are written anew."""
    others = [account for account in of.accounts if account.site != contract.site]
    rest = [together(others)] if others else []
    who = early_end.asked_party(contract.scenario, by)
    for day in days:
        left = contract._replace(ended=contract.priced.terminate(day, who))
        house = of.house.with_contract(left)
        own = list(site_accounts(house, contract.site))
        yield Left(left, Told(house, [*others, *own], together([*rest, together(own)])))


def _cells(idle: Fraction, left: Left) -> Iterator[Any]:
    """A row; `idle` are the MW-months that idle while no notice is given."""
    contract, after, ended = left.contract, left.after, left.ended
    yield from (contract.name, contract.site, ended.notice, ended.by, ended.last_day)
    yield from (contract.freed[1], after.idle_months() - idle)
    yield from (ended.forgone, ended.fee, *after.cash_yields().values(), after.paid_back())
    yield left.paid_back


# --- what people see ------------------------------------------------------------------------------


def _figures(of: Told, lefts: Sequence[Left]) -> Iterator[Figure]:
    yield Figure(
        "Cash yield on cost",
        a_year(of.all_yield),
        f"{EVERYTHING}, if none of these notices is given",
    )
    yield Figure("Payback", of.paid_back() or "never", "the same")
    for _, group in groupby(lefts, lambda left: left.contract.name):
        yield from _never(list(group))


def _never(lefts: Sequence[Left]) -> Iterator[Figure]:
    """On which of a contract's notices the capital of its site is never paid back."""
    contract, house = lefts[0].contract, lefts[0].after.house
    if invested := capital(house, contract.site):
        days = [left for left in lefts if left.paid_back is None]
        never = f"{len(days)} of {len(lefts)} notices" if days else "on no notice"
        what = f"{contract.name}: the {amount_text(invested)} invested in {contract.site}"
        yield Figure("Never pays back", never, f"{what}{_stretches(lefts) if days else ''}")


def _stretches(lefts: Sequence[Left]) -> str:
    """The notices after which the capital is never paid back, those in a row as one."""
    texts = []
    for never, group in groupby(lefts, lambda left: left.paid_back is None):
        days = [left.ended.notice for left in group]
        if never:
            texts.append(f"{days[0]} to {days[-1]}" if len(days) > 1 else f"{days[0]}")
    return f", notice on {', '.join(texts)}"


def _charts(lefts: Sequence[Left]) -> Iterator[Chart]:
    """The cash yield by day of notice, of each contract."""
    for name, group in groupby(lefts, lambda left: left.contract.name):
        points = (
            ChartPoint(
                f"{left.ended.notice}", left.ended.notice, (left.after.all_yield or Fraction(0),)
            )
            for left in group
        )
        title = f"{name}, cash yield on cost a year by day of notice"
        yield Chart(title, "columns", "%", ("Cash yield",), tuple(points), ("cash_yield",))


def _views(lefts: Sequence[Left]) -> Iterator[View]:
    """One for each contract."""
    for name, of_one in groupby(lefts, lambda left: left.contract.name):
        columns = (
            column("Notice"),
            column("Last day"),
            column("Idle, MW", "count"),
            column("Forgone", "money"),
            column("Cash yield", "share"),
            column("Paid back"),
            column("", "bar")._replace(name="cash_yield"),
        )
        of_this = list(of_one)
        most = max((left.after.all_yield or Fraction(0) for left in of_this), default=Fraction(0))
        yield tuple_view(name, columns, tuple(_row(left, most) for left in of_this))


def _row(left: Left, most: Fraction) -> Row:
    ended, cash_yield = left.ended, left.after.all_yield
    bar = max(Fraction(0), cash_yield / most) if cash_yield and most > 0 else None
    amounts = tenths(left.contract.freed[1]), ended.forgone, cash_yield
    return Row((ended.notice, ended.last_day, *amounts, left.paid_back or "never", bar))

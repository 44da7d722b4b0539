"""`dealcalc capacity --every`: what each notice leaves idle, and the cash yield then."""

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from dealcalc.book.returns import capital, site_accounts, together
from dealcalc.book.sites import Contract, House
from dealcalc.core import Ended
from dealcalc.loading.problems import Refused, refuse
from dealcalc.reports import early_end
from dealcalc.reports.measured import booked
from dealcalc.reports.portfolio import tenths
from dealcalc.reports.report import (
    Chart,
    Field,
    Figure,
    Note,
    Table,
    View,
    bar_of,
    chart_of,
    only,
    view,
    within,
)
from dealcalc.reports.site_report import (
    EVERYTHING,
    Ledger,
    SiteReport,
    a_year,
    ledger,
    notes_of_sites,
)
from dealcalc.reports.terminate import ENDS
from dealcalc.reports.terminations import notice_days
from dealcalc.reports.units import money_text

MOST_MONTHS = 1_000_000
"""Notices times months that are worked out: those of every day of 15 years, in about a minute."""


class Left(NamedTuple):
    """A contract after notice, the house it leaves behind, and the MW-months that idle more."""

    contract: Contract
    after: Ledger
    megawatt_months: Fraction

    @property
    def ended(self) -> Ended:
        """The notice, and what it leaves."""
        assert self.contract.ended
        return self.contract.ended

    @property
    def notice(self) -> date:
        """The day of notice."""
        return self.ended.notice

    @property
    def falls_idle(self) -> Fraction:
        """The MW that the contract no longer takes."""
        return self.contract.freed[1]

    @property
    def cash_yield(self) -> Fraction | None:
        """The cash yield on cost a year of everything together."""
        return self.after.all_yield

    @property
    def paid_back(self) -> str | None:
        """The month in which the capital of the contract's own site is paid back; None: never."""
        return self.after.paid_back(self.contract.site)


COLUMNS = (
    Field("contract", value=attrgetter("contract.name")),
    Field("site", value=attrgetter("contract.site")),
    *within("ended", only(ENDS, "notice", "by", "last_day")),
    *(Field("falls_idle"), Field("megawatt_months")),
    *within("ended", only(ENDS, "forgone", "fee")),
    Field("cash_yield_contracts", value=lambda left: left.after.cash_yields()["contracts"]),
    Field("cash_yield_all", value=attrgetter("cash_yield")),
    Field("payback", value=lambda left: left.after.paid_back()),
    Field("site_payback", value=attrgetter("paid_back")),
)
CASH_YIELD = Field("cash_yield", "Cash yield", "share")
SHOWN = (
    *only(COLUMNS, "notice", "last_day"),
    Field("falls_idle", "Idle, MW", "count", lambda left: tenths(left.falls_idle)),
    *only(COLUMNS, "forgone"),
    CASH_YIELD,
    Field("paid_back", "Paid back", value=lambda left: left.paid_back or "never"),
)


class SiteNoticesReport(SiteReport):
    """Each contract ended on each day of notice that shortens it, the others as they are.

    The days are a month, a week or a day apart, from the first on which notice may be given. A
    contract that a case or `--notice` ends already is left so. Raises Refused where no contract may
    be ended.
    """

    command = "site-notices"
    version = 2

    def __init__(self, house: House, every: str, by: str | None = None) -> None:
        super().__init__(house)
        swept, self.closed = _contracts(house, by)
        asked = [(one, list(notice_days(*days, every))) for one, days in swept]
        _not_too_many(house, sum(len(days) for _, days in asked))
        self.every, self.ledger = every, ledger(house)
        self.lefts = {one.name: [*_lefts(self.ledger, one, days, by)] for one, days in asked}

    def _facts(self) -> dict[str, Any]:
        return super()._facts() | {
            "every": self.every,
            "cash_yield": self.ledger.cash_yields(),
            "payback": self.ledger.paid_back(),
        }

    def _tables(self) -> Iterator[Table]:
        yield Table("rows", COLUMNS, [left for each in self.lefts.values() for left in each])

    def _figures(self) -> Iterator[Figure]:
        remark = f"{EVERYTHING}, if none of these notices is given"
        yield Figure("Cash yield on cost", a_year(self.ledger.all_yield), remark)
        yield Figure("Payback", self.ledger.paid_back() or "never", "the same")
        for lefts in self.lefts.values():
            yield from _never(lefts)

    def _views(self) -> Iterator[View]:
        """One for each contract."""
        for name, lefts in self.lefts.items():
            most = max((left.cash_yield or Fraction(0) for left in lefts), default=Fraction(0))
            yield view((*SHOWN, bar_of("cash_yield", most)), lefts, title=name)

    def _charts(self) -> Iterator[Chart]:
        """The cash yield by day of notice, of each contract."""
        drawn = CASH_YIELD._replace(value=lambda left: left.cash_yield or Fraction(0))
        for name, lefts in self.lefts.items():
            title = f"{name}, cash yield on cost a year by day of notice"
            yield chart_of(title, "columns", "%", [drawn], lefts, "notice")

    def _notes(self) -> Iterator[Note]:
        yield Note(
            "In each row one contract is ended by notice and the others stay as they are; its"
            " capacity is idle from the day after its last. The cash yield on cost is that of"
            " everything together a year, before depreciation, tax and financing; what is paid back"
            " is the capital of the contract's site.",
            "detail",
        )
        yield from self.closed
        yield from notes_of_sites(self.house)
        yield from super()._notes()


# --- the notices ----------------------------------------------------------------------------------


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


def _lefts(
    before: Ledger, contract: Contract, days: Sequence[date], by: str | None
) -> Iterator[Left]:
    """A contract after each notice; only the accounts of its own site are written anew."""
    others = [account for account in before.accounts if account.site != contract.site]
    rest, idle = [together(others)] if others else [], before.idle_months()
    who = early_end.asked_party(contract.scenario, by)
    for day in days:
        left = contract._replace(ended=contract.priced.terminate(day, who))
        house = before.house.with_contract(left)
        own = list(site_accounts(house, contract.site))
        after = Ledger(house, [*others, *own], together([*rest, together(own)]))
        yield Left(left, after, after.idle_months() - idle)


# --- when the capital is never paid back ----------------------------------------------------------


def _never(lefts: Sequence[Left]) -> Iterator[Figure]:
    """On which of a contract's notices the capital of its site is never paid back."""
    contract, house = lefts[0].contract, lefts[0].after.house
    if invested := capital(house, contract.site):
        days = [left for left in lefts if left.paid_back is None]
        never = f"{len(days)} of {len(lefts)} notices" if days else "on no notice"
        money = money_text(booked(house.provider, invested), house.provider.currency)
        what = f"{contract.name}: the {money} invested in {contract.site}"
        yield Figure("Never pays back", never, f"{what}{_stretches(lefts) if days else ''}")


def _stretches(lefts: Sequence[Left]) -> str:
    """The notices after which the capital is never paid back, those in a row as one."""
    texts = []
    for never, group in groupby(lefts, lambda left: left.paid_back is None):
        days = [left.ended.notice for left in group]
        if never:
            texts.append(f"{days[0]} to {days[-1]}" if len(days) > 1 else f"{days[0]}")
    return f", notice on {', '.join(texts)}"

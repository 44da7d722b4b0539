"""What every report about a book says: its contracts, and where they stand, each and together."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from dealcalc.book.contracts import Book, Member, Together
from dealcalc.core import Backlog
from dealcalc.reports.backlog import STANDINGS
from dealcalc.reports.measured import booked
from dealcalc.reports.named import warning_note
from dealcalc.reports.reasons import exact_reason, exit_text, reason, reason_notes
from dealcalc.reports.report import (
    Field,
    Figure,
    Note,
    Report,
    View,
    bar_of,
    fields,
    listed,
    readable,
    view,
    within,
)
from dealcalc.reports.units import money_text

FEW = 12
"""Contracts that are shown unless more are asked for."""
FEW_REASONS = 3
"""Contracts about each of which it is said at once why its money is firm."""


class Counted(NamedTuple):
    """A contract, what it pays in all, and where it stands at the moment asked about."""

    member: Member
    total: Decimal
    share: Fraction | None
    stands: Backlog


COUNTED = (
    Field("name", "Contract", value=lambda one: one.member.name),
    Field("deal", value=lambda one: one.member.deal.name),
    Field("seller", value=lambda one: one.member.deal.seller),
    Field("buyer", value=lambda one: one.member.deal.buyer),
    Field("currency", value=lambda one: one.member.deal.currency),
    Field("signed", value=lambda one: one.member.deal.signed),
    Field("case", value=lambda one: one.member.scenario.case),
    Field("notice", value=lambda one: one.member.ended and one.member.ended.notice),
    Field("last_day", "Last day", value=lambda one: one.member.result.last_day),
    *fields("total money", "share share"),
    *within("stands", STANDINGS),
    Field("firm_reason", value=lambda one: exact_reason(one.member.deal, one.stands)),
)
"""A contract of a book, for programs."""


class Group(NamedTuple):
    """The contracts of one buyer or seller, or those that are not shown by themselves."""

    name: str
    total: Decimal
    share: Fraction | None
    firm: Decimal
    cancellable: Decimal
    exit: str = ""


GROUPS = (
    Field("name"),
    *fields("total money", "share share", "firm money", "cancellable money"),
    Field("exit", "Earliest exit"),
)


def counted_in(together: Together, day: date | None) -> list[Counted]:
    """The contracts in one currency, the largest first."""
    agreed, totals = together.agreed, [each.total for each in together.results]
    whole = sum(totals, Fraction(0))
    rows = [
        Counted(member, booked(agreed, total), total / whole if whole else None, stands)
        for member, total, stands in zip(
            together.members, totals, together.standings(day), strict=True
        )
    ]
    return sorted(rows, key=lambda one: (-one.total, one.member.name))


class BookReport(Report):
    """A report about several contracts: whose they are, and what is doubtful in them.

    `top` of them are shown by themselves (0: all), or grouped by `buyer` or `seller`.
    """

    def __init__(
        self, book: Book, day: date | None = None, top: int = FEW, group: str | None = None
    ) -> None:
        self.book, self.day, self.top, self.group = book, day, top, group
        self.parts: Mapping[str, Together] = book.by_currency
        self.currency = next(iter(self.parts)) if len(self.parts) == 1 else ""
        self.title = _title(book)

    def _facts(self) -> dict[str, Any]:
        book = self.book
        return {
            "book": book.name,
            "case": book.case,
            "overrides": dict(book.overrides),
            "cases": {one.name: one.scenario.case for one in book.members if one.scenario.case},
            "notices": {one.name: one.ended.notice for one in book.members if one.ended},
        }

    def _after(self) -> dict[str, Any]:
        return {"warnings": [warning.message for warning in self.book.warnings]}

    def _notes(self) -> Iterator[Note]:
        yield from notes_of_contracts(self.book)

    def by_contract(self) -> list[Counted]:
        """The contracts of all currencies, the largest of each first."""
        return [one for part in self.parts.values() for one in counted_in(part, self.day)]

    def contract_views(self) -> Iterator[View]:
        """What each contract pays, and what of it is firm: a table for each currency."""
        for currency, part in self.parts.items():
            rows = [*_shown(counted_in(part, self.day), self.top, self.group)]
            total = {
                "name": "Together",
                "total": booked(part.agreed, part.total),
                "share": Fraction(1),
                "firm": booked(part.agreed, part.firm(self.day)),
                "cancellable": booked(part.agreed, part.cancellable(self.day)),
            }
            name = Field("name", (self.group or "contract").capitalize())
            columns = name, *GROUPS[1:3], bar_of("share"), *GROUPS[3:]
            yield view(columns, rows, total, self._headed(currency))

    def _headed(self, currency: str) -> str:
        """Where several are shown, the currency of a table."""
        return "" if self.currency else currency

    def firm_figures(self) -> Iterator[Figure]:
        """What all contracts pay, from whom, and what of it is firm."""
        for currency, part in self.parts.items():
            count = len(part.members)
            contracts = "1 contract" if count == 1 else f"{count} contracts"
            total = money_text(booked(part.agreed, part.total), currency)
            yield Figure("Total", total, f"of {contracts}")
            yield Figure("Firm", self._firm(part), "; ".join(self._about_firm(part)))

    def _firm(self, part: Together) -> str:
        return money_text(booked(part.agreed, part.firm(self.day)), part.agreed.currency)

    def _about_firm(self, part: Together) -> Iterator[str]:
        firm, cancellable = part.firm(self.day), part.cancellable(self.day)
        when = self.moment(part)
        if firm + cancellable:
            still = readable("share", firm / (firm + cancellable))
            silent = [one.name for one in part.members if one.deal.termination is None]
            if_so = f" if nobody may leave {listed(silent)}*" if silent else ""
            yield f"{when}: {still} of what is still to come{if_so}"
        else:
            yield when
        if len(set(part.buyers)) > 1 and (largest := part.largest_firm_buyer(self.day)):
            yield f"{readable('share', largest[1])} of it from {largest[0]}"

    def moment(self, part: Together) -> str:
        """When the contracts stand so, in words."""
        return f"on {self.day}" if self.day else f"at the last signing, {part.agreed.signed}"

    def reasons(self) -> Iterator[Note]:
        """Why the money of each contract is firm, or that it is not signed yet."""
        rows = self.by_contract()
        whys = ((one.member.name, reason(one.member.deal, one.stands)) for one in rows)
        for note in reason_notes(whys):
            yield note if len(rows) <= FEW_REASONS else note._replace(kind="detail")


def notes_of_contracts(book: Book) -> Iterator[Note]:
    """Doubts, and how many terms each contract assumes; of many contracts, how many there are."""
    warned = {warning.file for warning in book.warnings}
    if len(book.warnings) > FEW:
        text = f"{len(book.warnings)} warnings about {len(warned)} contracts; each has its own"
        yield Note(text, "warning")
    else:
        for warning in book.warnings:
            members = (one for one in book.members if one.path == warning.file)
            currency = next((one.deal.currency for one in members), "")
            yield warning_note(warning, currency, f"{warning.file}: ")
    assumed = {one.name: one.scenario.assumed() for one in book.members}
    named = [name for name, terms in assumed.items() if terms]
    for name in named[:FEW]:
        short = f"{name} {len(assumed[name])} terms"
        yield Note(f"{name}: {', '.join(assumed[name])}", "assumed", short)
    if rest := named[FEW:]:
        count = sum(len(assumed[name]) for name in rest)
        text = f"{len(rest):,} more contracts {count:,} terms"
        yield Note(text, "assumed", text)


def _shown(rows: Sequence[Counted], top: int, group: str | None) -> Iterator[Group]:
    """Each contract, or group, and how many more there are."""
    groups = list(_grouped(rows, group) if group else map(_alone, rows))
    groups.sort(key=lambda one: (-one.total, one.name))
    few = groups[:top] if top else groups
    yield from few
    if rest := groups[len(few) :]:
        yield _sum(f"and {len(rest)} more", rest)


def _alone(one: Counted) -> Group:
    exit = exit_text(one.member.deal, one.stands)
    stands = one.stands
    return Group(one.member.name, one.total, one.share, stands.firm, stands.cancellable, exit)


def _grouped(rows: Iterable[Counted], group: str) -> Iterator[Group]:
    by_name: dict[str, list[Group]] = {}
    for one in rows:
        by_name.setdefault(getattr(one.member.deal, group), []).append(_alone(one))
    for name, each in by_name.items():
        yield _sum(name, each)


def _sum(name: str, groups: Sequence[Group]) -> Group:
    def added(pick: Callable[[Group], Decimal]) -> Decimal:
        return sum(map(pick, groups[1:]), pick(groups[0]))

    shares = [one.share for one in groups if one.share is not None]
    return Group(
        name,
        added(lambda one: one.total),
        sum(shares, Fraction(0)) if shares else None,
        added(lambda one: one.firm),
        added(lambda one: one.cancellable),
    )


def _title(book: Book) -> str:
    """The book, and everything that is laid on its contracts."""
    parts = [book.name, *([f"case {book.case}"] if book.case else [])]
    for member in book.members:
        if member.scenario.case:
            parts.append(f"{member.name}: case {member.scenario.case}")
        if ended := member.ended:
            parts.append(f"{member.name}: notice on {ended.notice} by {ended.by}")
    return " · ".join([*parts, *(f"{path} = {text}" for path, text in book.overrides.items())])

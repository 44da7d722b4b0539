"""A provider's contracts together: what they bring, from whom, and how much of it is firm."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from operator import attrgetter
from typing import Any, NamedTuple

from dealcalc.book.sites import Contract, House
from dealcalc.core import Backlog
from dealcalc.earned import money
from dealcalc.reports import early_end
from dealcalc.reports.backlog import BANDS, STANDINGS
from dealcalc.reports.measured import share
from dealcalc.reports.reasons import exact_reason, exit_text, reason, reason_notes
from dealcalc.reports.report import (
    Field,
    Figure,
    Note,
    Table,
    View,
    bar_of,
    fields,
    listed,
    only,
    readable,
    view,
    within,
)
from dealcalc.terms.deal import Deal
from dealcalc.terms.values import half_up_decimal

STANDS = ("earned", "firm", "cancellable", "contract_value")


class Holding(NamedTuple):
    """A contract, what it brings, and where it stands on the day asked about.

    `share` is its part of what all contracts bring; None where that is nothing.
    """

    contract: Contract
    revenue: Decimal
    share: Fraction | None
    stands: Backlog
    party: str | None

    @property
    def deal(self) -> Deal:
        """The deal of the contract."""
        return self.contract.scenario.deal

    @property
    def is_silent(self) -> bool:
        """Whether its money is firm only if nobody may leave, which its file does not say."""
        return self.deal.termination is None and self.stands.firm_share is not None

    @property
    def reason(self) -> str:
        """Why its money is firm."""
        return reason(self.deal, self.stands, self.party)


COLUMNS = (
    Field("contract", "Contract", value=attrgetter("contract.name")),
    Field("site", "Site", value=attrgetter("contract.site")),
    Field("deal", value=attrgetter("deal.name")),
    Field("buyer", value=attrgetter("deal.buyer")),
    Field("case", value=attrgetter("contract.scenario.case")),
    Field("notice", value=lambda one: one.contract.ended and one.contract.ended.notice),
    Field("capacity", value=attrgetter("contract.peak")),
    Field("start", value=attrgetter("deal.term.start")),
    Field("last_day", "Last day", value=attrgetter("contract.last_day")),
    *fields("revenue money", "share share"),
    *within("stands", only(STANDINGS, "as_of", *STANDS, "earliest_exit")),
    Field("firm_reason", value=lambda one: exact_reason(one.deal, one.stands, one.party)),
)
BRINGS = (
    *only(COLUMNS, "contract", "site"),
    Field("capacity", "MW", "count", lambda one: tenths(one.contract.peak)),
    *only(COLUMNS, "last_day", "revenue", "share"),
    bar_of("share"),
)
FIRM_PARTS = (
    *only(COLUMNS, "contract", "firm", "cancellable"),
    Field("exit", "Earliest exit", value=lambda one: exit_text(one.deal, one.stands)),
    *within("stands", [BANDS._replace(name="parts")]),  # which no chart draws by contract
)


class Portfolio(NamedTuple):
    """The contracts of a house, and where they stand at a moment of a day; None without contracts.

    `moment` is the `close` of the day, or `signing`: its opening, when the last of them is signed.
    """

    as_of: date | None
    moment: str
    holdings: tuple[Holding, ...]
    nothing: Decimal

    @property
    def revenue(self) -> Decimal:
        """What all contracts bring, fees included."""
        return sum((one.revenue for one in self.holdings), self.nothing)

    @property
    def earned(self) -> Decimal:
        """Earned of all contracts."""
        return self._all_in("earned")

    @property
    def firm(self) -> Decimal:
        """Firm of all contracts."""
        return self._all_in("firm")

    @property
    def cancellable(self) -> Decimal:
        """Cancellable of all contracts."""
        return self._all_in("cancellable")

    @property
    def not_begun(self) -> Decimal:
        """Firm for services that have not begun, of all contracts."""
        return self._all_in("not_begun")

    @property
    def firm_share(self) -> Fraction | None:
        """The share of what is still to come that is firm; None where nothing is to come."""
        rest = self.firm + self.cancellable
        return share(self.firm, rest) if rest else None

    @property
    def contract_value(self) -> Decimal:
        """The contract values of all contracts."""
        return self._all_in("contract_value")

    def _all_in(self, name: str) -> Decimal:
        return sum((getattr(holding.stands, name) for holding in self.holdings), self.nothing)

    @property
    def largest(self) -> tuple[str | None, Decimal]:
        """The buyer that brings most, in all its contracts, and how much that is."""
        by_buyer: dict[str, Decimal] = {}
        for one in self.holdings:
            buyer = one.deal.buyer
            by_buyer[buyer] = by_buyer.get(buyer, self.nothing) + one.revenue
        return max(by_buyer.items(), key=lambda item: item[1], default=(None, self.nothing))


def portfolio(house: House, as_of: date | None = None, by: str | None = None) -> Portfolio:
    """The contracts at the close of a day, by default at the opening of that of the last signing.

    A contract that is not signed by then adds nothing. `by` counts one party's right alone, in each
    contract. Raises Refused for who is none in one.
    """
    places, last = house.provider.places, house.last
    moment = "close" if as_of else "signing"
    signed = (one.priced.deal.signed for one in house.contracts)
    as_of = as_of or max(signed, default=None)
    nothing = money(0, places)
    brought = [money(one.earned(last), places) for one in house.contracts]
    whole = sum(brought, nothing)
    holdings = tuple(
        Holding(
            contract,
            revenue,
            share(revenue, whole) if whole else None,
            *_stands(contract, as_of, moment, by),
        )
        for contract, revenue in zip(house.contracts, brought, strict=True)
        if as_of
    )
    return Portfolio(as_of, moment, holdings, nothing)


def _stands(
    contract: Contract, as_of: date, moment: str, by: str | None
) -> tuple[Backlog, str | None]:
    """Where a contract stands, and the party whose right is counted."""
    party = early_end.asked_party(contract.scenario, by or "either")
    stands = contract.priced.backlog if moment == "close" else contract.priced.opening
    return stands(as_of, party, contract.ended), party


def table(of: Portfolio) -> Table:
    """One row for each contract."""
    return Table("contracts", COLUMNS, of.holdings)


def facts(of: Portfolio) -> dict[str, Any]:
    """The contracts together."""
    buyer, largest = of.largest
    return {
        "revenue": of.revenue,
        "largest_buyer": buyer,
        "largest_share": share(largest, of.revenue) if of.revenue else None,
        "as_of": of.as_of,
        **{name: getattr(of, name) for name in STANDS},
    }


def figures(of: Portfolio) -> Iterator[Figure]:
    """What all contracts bring, the largest buyer, and what is firm of it."""
    buyer, largest = of.largest
    if buyer is None:
        return
    count = len(of.holdings)
    contracts = "1 contract" if count == 1 else f"{count} contracts"
    most = f"{readable('share', share(largest, of.revenue))} from {buyer}"
    yield Figure("Revenue", of.revenue, f"of {contracts}; {most}")
    yield Figure("Firm", of.firm, "; ".join([_firm_text(of), *unsigned(of)]))


def _firm_text(of: Portfolio) -> str:
    """How much of what is to come is firm, and when; with a condition where a file is silent."""
    if of.firm_share is None:
        return moment_text(of)
    silent = [one.contract.name for one in of.holdings if one.is_silent]
    if_so = f" if nobody may leave {listed(silent)}*" if silent else ""
    return f"{readable('share', of.firm_share)} of what is to come{if_so}, {moment_text(of)}"


def moment_text(of: Portfolio) -> str:
    """When the contracts stand so, in words."""
    return f"at the last signing, {of.as_of}" if of.moment == "signing" else f"on {of.as_of}"


def unsigned(of: Portfolio) -> Iterator[str]:
    """Which contracts are not signed yet, in words."""
    for one in of.holdings:
        if not one.stands.is_signed:
            yield f"{one.contract.name}: {one.reason}"


def views(of: Portfolio) -> Iterator[View]:
    """What each contract brings, and how much of it is firm."""
    if not of.holdings:
        return
    whole = share(of.revenue, of.revenue)
    total = {"contract": "Together", "revenue": of.revenue, "share": whole}
    yield view(BRINGS, of.holdings, total)
    yield firm_view(of)


def firm_view(of: Portfolio) -> View:
    """Firm and cancellable, each contract and together."""
    total = {"contract": "Together", "firm": of.firm, "cancellable": of.cancellable}
    return view(FIRM_PARTS, of.holdings, total, _capital(moment_text(of)))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def reasons(of: Portfolio) -> Iterator[Note]:
    """Why the money of each contract is firm, or that it is not signed yet."""
    yield from reason_notes((one.contract.name, one.reason) for one in of.holdings)


def tenths(capacity: Fraction) -> Decimal:
    """MW for people, to a tenth."""
    return half_up_decimal(capacity, 1)

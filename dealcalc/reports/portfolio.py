"""A provider's contracts together: what they bring, from whom, and how much of it is firm."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from dealcalc.book.sites import Contract, House
from dealcalc.core import Backlog, money
from dealcalc.reports import early_end
from dealcalc.reports.backlog import BANDS
from dealcalc.reports.measured import share
from dealcalc.reports.positional import column, tuple_table, tuple_view
from dealcalc.reports.reasons import exact_reason, exit_text, reason, reason_notes
from dealcalc.reports.report import Figure, Note, Row, Table, View, listed, readable
from dealcalc.terms.deal import Deal
from dealcalc.terms.values import half_up_decimal

COLUMNS = (
    *("contract", "site", "deal", "buyer", "case", "notice", "capacity", "start", "last_day"),
    *(
        "revenue",
        "share",
        "as_of",
        "earned",
        "firm",
        "cancellable",
        "contract_value",
        "earliest_exit",
        "firm_reason",
    ),
)
STANDS = ("earned", "firm", "cancellable", "contract_value")


class Holding(NamedTuple):
    """A contract, what it brings, and where it stands on the day asked about."""

    contract: Contract
    revenue: Decimal
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
    holdings = tuple(
        _holding(one, money(one.earned(last), places), as_of, moment, by)
        for one in house.contracts
        if as_of
    )
    return Portfolio(as_of, moment, holdings, money(0, places))


def _holding(
    contract: Contract, revenue: Decimal, as_of: date, moment: str, by: str | None
) -> Holding:
    party = early_end.asked_party(contract.scenario, by or "either")
    stands = contract.priced.backlog if moment == "close" else contract.priced.opening
    return Holding(contract, revenue, stands(as_of, party, contract.ended), party)


def table(of: Portfolio) -> Table:
    """One row for each contract."""
    return tuple_table("contracts", COLUMNS, tuple(tuple(_cells(of, one)) for one in of.holdings))


def _cells(of: Portfolio, one: Holding) -> Iterator[Any]:
    contract, deal, stands = one.contract, one.deal, one.stands
    yield from (contract.name, contract.site, deal.name, deal.buyer, contract.scenario.case)
    yield contract.ended.notice if contract.ended else None
    yield from (contract.peak, deal.term.start, contract.last_day, one.revenue)
    yield share(one.revenue, of.revenue) if of.revenue else None
    yield of.as_of
    yield from (getattr(stands, name) for name in STANDS)
    yield stands.earliest_exit
    yield exact_reason(deal, stands, one.party)


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
    columns = (
        column("Contract"),
        column("Site"),
        column("MW", "count"),
        column("Last day"),
        column("Revenue", "money"),
        column("Share", "share"),
        column("", "bar"),
    )
    rows = [Row(tuple(_brings(of, one))) for one in of.holdings]
    whole = share(of.revenue, of.revenue)
    total = ("Together", None, None, None, of.revenue, whole, None)
    yield tuple_view("", columns, (*rows, Row(total, "total")))
    yield firm_view(of)


def _brings(of: Portfolio, one: Holding) -> Iterator[Any]:
    contract = one.contract
    part = share(one.revenue, of.revenue)
    yield from (contract.name, contract.site, tenths(contract.peak))
    yield from (f"{contract.last_day}", one.revenue, part, max(part, Fraction(0)))


def firm_view(of: Portfolio) -> View:
    """Firm and cancellable, each contract and together."""
    columns = (
        column("Contract"),
        column("Firm", "money"),
        column("Cancellable", "money"),
        column("Earliest exit"),
        column(BANDS, "bands"),
    )
    rows = []
    for one in of.holdings:
        stands = one.stands
        amounts = stands.earned, stands.firm, stands.cancellable
        whole = stands.contract_value
        bands = tuple(share(amount, whole) for amount in amounts) if whole else ()
        rows.append(Row((one.contract.name, *amounts[1:], exit_text(one.deal, stands), bands)))
    total = ("Together", of.firm, of.cancellable, None, None)
    return tuple_view(_capital(moment_text(of)), columns, (*rows, Row(total, "total")))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def reasons(of: Portfolio) -> Iterator[Note]:
    """Why the money of each contract is firm, or that it is not signed yet."""
    yield from reason_notes((one.contract.name, one.reason) for one in of.holdings)


def tenths(capacity: Fraction) -> Decimal:
    """MW for people, to a tenth."""
    return half_up_decimal(capacity, 1)

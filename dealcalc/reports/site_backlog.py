"""`dealcalc backlog` of a site file: where its contracts stand over time, each and together."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from dealcalc.book.sites import House
from dealcalc.reports import portfolio
from dealcalc.reports.backlog import AS_OF, BANDS, FIRM, PARTS, STANDINGS, backlog_chart, days
from dealcalc.reports.periods import MOST_ROWS, thinned
from dealcalc.reports.report import Chart, Field, Figure, Note, Table, View, view, within
from dealcalc.reports.site_report import SiteReport, with_contracts
from dealcalc.terms.dates import DAY


class SiteBacklogReport(SiteReport):
    """Every contract at the close of a day, or when the last is signed and month by month since.

    `by` counts one party's right alone, in each contract. Raises Refused where there is no
    contract, and where that is no party to one.
    """

    command = "backlog"
    version = 2

    def __init__(
        self, house: House, as_of: date | str | None = None, every: str | None = None,
        by: str | None = None,
    ) -> None:  # fmt: skip
        super().__init__(with_contracts(house))
        day = as_of if isinstance(as_of, date) else None
        self.every, self.by, first = every, by, portfolio.portfolio(house, day, by)
        assert first.as_of  # since there are contracts
        last = max(contract.last_day for contract in house.contracts)
        before = day or first.as_of - DAY
        later = days(before, last, every) if every or not as_of else ()
        self.held = [first, *(portfolio.portfolio(house, day, by) for day in later)]

    def _facts(self) -> dict[str, Any]:
        return super()._facts() | {"party": self.by}

    def _tables(self) -> Iterator[Table]:
        """A row for each day and contract."""
        name = Field("contract", value=lambda holding: holding.contract.name)
        holdings = (holding for each in self.held for holding in each.holdings)
        yield Table("rows", (name, *within("stands", STANDINGS)), tuple(holdings))

    def _figures(self) -> Iterator[Figure]:
        yield from portfolio.figures(self.held[0])

    def _views(self) -> Iterator[View]:
        few = [self.held[0], *thinned(self.held[1:], "as_of", -1, MOST_ROWS - 1)]
        shown = self.held if self.every else few
        yield view((AS_OF, *PARTS, BANDS), shown, title="All contracts")
        yield portfolio.firm_view(self.held[0])

    def _notes(self) -> Iterator[Note]:
        yield FIRM
        yield from portfolio.reasons(self.held[0])
        if self.by:
            yield Note(f"Only the right of {self.by} is counted.")
        yield from super()._notes()

    def _after(self) -> dict[str, Any]:
        return {"portfolio": portfolio.facts(self.held[0]), **super()._after()}

    def _charts(self) -> Iterator[Chart]:
        yield backlog_chart(self.currency, self.held)

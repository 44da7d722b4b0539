"""`dealcalc backlog` of a book: where its contracts stand, and how good that backlog is."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from dealcalc.book.contracts import Band, Book, Together, bands, remaining_terms
from dealcalc.reports.backlog import FIRM, backlog_chart
from dealcalc.reports.book_report import COUNTED, FEW, BookReport
from dealcalc.reports.measured import booked
from dealcalc.reports.report import (
    Chart,
    Field,
    Figure,
    Note,
    Table,
    View,
    readable,
    view,
)
from dealcalc.reports.units import money_text
from dealcalc.terms.misread import Misread
from dealcalc.terms.values import half_up_decimal


class Moment(NamedTuple):
    """Where all contracts of a currency stand at a moment."""

    as_of: date
    moment: str
    earned: Decimal
    firm: Decimal
    cancellable: Decimal
    contract_value: Decimal
    optional: Decimal
    not_begun: Decimal


class BookBacklogReport(BookReport):
    """Where every contract stands at the close of a day, by default when the last is signed.

    What is to come is shown by `months`: within the first so many, in those to the next, later.
    """

    command = "backlog"
    version = 2
    csv = "contracts"

    def __init__(
        self,
        book: Book,
        day: date | None = None,
        months: Sequence[int] = (12, 24),
        top: int = FEW,
        group: str | None = None,
    ) -> None:
        super().__init__(book, day, top, group)
        self.months = months
        self.moments = {name: self._moment(part) for name, part in self.parts.items()}
        self.bands = {name: bands(part, day, months) for name, part in self.parts.items()}

    def _moment(self, part: Together) -> Moment:
        standings = part.standings(self.day)
        names = "earned", "firm", "cancellable", "contract_value", "not_begun"
        nothing = booked(part.agreed, Fraction(0))
        sums = {name: sum((getattr(one, name) for one in standings), nothing) for name in names}
        day, when = (self.day, "close") if self.day else (part.agreed.signed, "signing")
        return Moment(day, when, optional=booked(part.agreed, part.optional(self.day)), **sums)

    def _tables(self) -> Iterator[Table]:
        yield Table("contracts", COUNTED, self.by_contract())

    def _after(self) -> dict[str, Any]:
        together = {name: self._facts_of(name, part) for name, part in self.parts.items()}
        return {"together": together, **super()._after()}

    def _facts_of(self, currency: str, part: Together) -> dict[str, Any]:
        left, firm_left = remaining_terms(part, self.day)
        return {
            **self.moments[currency]._asdict(),
            "bands": [self._band(part, band) for band in self.bands[currency]],
            "cover": _cover(part, self.day),
            "remaining_days": left,
            "firm_remaining_days": firm_left,
            "largest_buyer": _largest(part, self.day),
        }

    def _band(self, part: Together, band: Band) -> dict[str, Any]:
        amounts = booked(part.agreed, band.contract_value), booked(part.agreed, band.firm)
        return dict(zip(Band._fields, (band.through, *amounts), strict=True))

    def _figures(self) -> Iterator[Figure]:
        for currency, part in self.parts.items():
            yield Figure("Firm", self._firm(part), "; ".join(self._about_firm(part)))
            cover = _cover(part, self.day)
            if cover is not None:
                coming = booked(part.agreed, part.coming(self.day))
                text = f"of {money_text(coming, currency)}, what the next 12 months pay"
                yield Figure("Cover", readable("share", cover), f"firm, {text} if nobody leaves")
            value = money_text(self.moments[currency].contract_value, currency)
            largest = part.largest_buyer(self.day) if len(set(part.buyers)) > 1 else None
            remark = (
                f"{readable('share', largest[1])} of what remains from {largest[0]}"
                if largest
                else ""
            )
            yield Figure("Contract value", value, remark)

    def _views(self) -> Iterator[View]:
        for currency, part in self.parts.items():
            yield self._quality(currency, part)
        yield from self.contract_views()

    def _quality(self, currency: str, part: Together) -> View:
        """By when the contract value and firm come, and how long they last on average."""
        headings = [*_headings(self.months), "All"]
        names = [f"band-{index}" for index in range(len(headings))]
        money = (Field(name, text, "money") for name, text in zip(names, headings, strict=True))
        columns = Field("what", self.moment(part).capitalize()), *money, Field("left", "Remaining")
        rows = []
        for name, text, days in zip(
            ("contract_value", "firm"), ("if nobody leaves", "firm"),
            remaining_terms(part, self.day), strict=True,
        ):  # fmt: skip
            amounts = [getattr(band, name) for band in self.bands[currency]]
            amounts.append(sum(amounts, Fraction(0)))
            cells = dict(zip(names, (booked(part.agreed, one) for one in amounts), strict=True))
            rows.append({"what": text, **cells, "left": _days(days)})
        return view(columns, rows, title=self._headed(currency))

    def _notes(self) -> Iterator[Note]:
        yield FIRM
        yield from self.reasons()
        yield from super()._notes()

    def _charts(self) -> Iterator[Chart]:
        for currency, moment in self.moments.items():
            yield backlog_chart(currency, [moment])


def _headings(months: Sequence[int]) -> Iterator[str]:
    """`12 months`, `13 to 24`, `later`."""
    before = 0
    for count in months:
        yield f"{before + 1} to {count}" if before else f"{count} months"
        before = count
    yield "Later" if months else "To come"


def _days(days: Fraction | None) -> str:
    return "" if days is None else f"{half_up_decimal(days, 1):,f} days"


def _cover(part: Together, day: date | None) -> Fraction | None:
    try:
        return part.cover(day)
    except Misread:
        return None


def _largest(part: Together, day: date | None) -> dict[str, Any]:
    whole, firm = part.largest_buyer(day), part.largest_firm_buyer(day)
    name, share = whole or (None, None)
    firm_name, firm_share = firm or (None, None)
    return {"name": name, "share": share, "firm_name": firm_name, "firm_share": firm_share}

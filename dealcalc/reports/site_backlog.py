"""`dealcalc backlog` of a site file: where its contracts stand over time, each and together."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from operator import attrgetter

from dealcalc.book.sites import House
from dealcalc.loading.problems import refuse
from dealcalc.reports import portfolio
from dealcalc.reports.backlog import BANDS, COLUMNS, FIRM, chart, days, share
from dealcalc.reports.houses import facts, notes_of_contracts, title
from dealcalc.reports.portfolio import Portfolio
from dealcalc.reports.report import Column, Note, Report, Row, Table, View


def answer(
    house: House, as_of: date | None = None, every: str | None = None, by: str | None = None
) -> Report:
    """Every contract on a day, or before the first is signed and at each month's end since.

    `by` counts one party's right alone, in each contract. Raises Refused where there is no
    contract, and where that is no party to one.
    """
    first = portfolio.portfolio(house, as_of, by)
    if first.as_of is None:
        file = house.root.source.name
        raise refuse("unknown-name", "the file names no contract", "add one to `sold`", file)
    last = max(contract.last_day for contract in house.contracts)
    alone = as_of and not every
    on = [first.as_of] if alone else days(first.as_of, last, every)
    held = [portfolio.portfolio(house, day, by) for day in on]
    return Report(
        command="backlog",
        facts=facts(house) | {"party": by},
        tables=(Table("rows", ("contract", *COLUMNS), tuple(_cells(held))),),
        csv="rows",
        title=title(house),
        currency=house.provider.currency,
        figures=tuple(portfolio.figures(first)),
        views=(_together(held), portfolio.firm_view(first)),
        notes=(
            FIRM,
            Note(f"Who may leave: {portfolio.rights(first)}."),
            *([Note(f"The right of {by} alone is counted.")] if by else []),
            *notes_of_contracts(house),
        ),
        after={
            "portfolio": portfolio.facts(first),
            "warnings": [warning.message for warning in house.warnings],
        },
        charts=lambda: (
            chart(house.provider.currency, ((of.as_of, _amounts(of)) for of in held if of.as_of)),
        ),
    )


def _cells(held: Sequence[Portfolio]) -> Iterator[tuple[object, ...]]:
    """A row for each day and contract."""
    for of in held:
        for one in of.holdings:
            yield one.contract.name, *attrgetter(*COLUMNS)(one.stands)


def _amounts(of: Portfolio) -> tuple[Decimal, ...]:
    """The three parts of the headline."""
    return tuple(of.all_in(name) for name in ("earned", "firm", "cancellable"))


def _together(held: Sequence[Portfolio]) -> View:
    columns = (
        Column("As of"),
        *(Column(name.capitalize(), "money") for name in ("earned", "firm", "cancellable")),
        Column(BANDS, "bands"),
    )
    return View("All contracts", columns, tuple(map(_row, held)))


def _row(of: Portfolio) -> Row:
    amounts = _amounts(of)
    bands: tuple[Fraction, ...] = tuple(share(part, of.all_in("headline")) for part in amounts)
    return Row((of.as_of, *amounts, bands))

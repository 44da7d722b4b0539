"""Several contracts as one: equal to the cent to the sum of what each is asked alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest
from effort import some
from random_deals import as_yaml, random_deal
from shipped import SCENARIOS
from small_deals import MODEL, Node

import dealcalc
from dealcalc.book.book_files import load_book
from dealcalc.book.contracts import Book, bands, remaining_terms
from dealcalc.figures.figures import measure
from dealcalc.loading.scenario import read_root
from dealcalc.reports.book_backlog import BookBacklogReport
from dealcalc.reports.book_schedule import BookScheduleReport
from dealcalc.terms.misread import Misread

SPACEX = str(SCENARIOS / "spacex-book.yaml")
DAY = date(2026, 9, 30)


def spacex(**asked: Any) -> Book:
    return load_book([SPACEX], opened=read_root(SPACEX), **asked)


def book_of(folder: Path, nodes: Sequence[Node]) -> Book:
    for index, node in enumerate(nodes):
        (folder / f"deal-{index}.yaml").write_text(as_yaml(node), encoding="utf-8")
    return load_book([str(folder)])


# --- the three contracts of SpaceX, never left ----------------------------------------------------


def test_the_backlog_of_spacex_by_when_it_comes() -> None:
    # a month: 1.25bn + 0.92bn + 0.15bn = 2.32bn, all of them for 24 months from October 2026;
    # then 8 x 1.25bn through May 2029, 9 x 0.92bn through June, 15 x 0.15bn through December
    together = spacex().of_currency("")
    within, next_year, later = bands(together, DAY, [12, 24])
    assert (within.through, next_year.through, later.through) == (
        *(date(2027, 9, 30), date(2028, 9, 30), None),
    )
    assert within.contract_value == next_year.contract_value == 27_840_000_000
    assert later.contract_value == 10_000_000_000 + 8_280_000_000 + 2_250_000_000
    # 2 x 1.25bn + 29/31 of one, through 29 December; 0.92bn x (6 + 1/30); 0.15bn x (2 + 30/31)
    assert within.firm == Fraction("9665182795.70")
    assert (next_year.firm, later.firm) == (0, 0)
    assert round(together.cover(DAY) * 1000) == 347


def test_the_terms_of_spacex_are_weighted_by_what_remains() -> None:
    # through 31 May 2029, 30 June and 31 December: 974, 1,004 and 1,188 days
    value, firm = remaining_terms(spacex().of_currency(""), DAY)
    weights = 40_000, 30_360, 5_850
    days = sum(w * d for w, d in zip(weights, (974, 1004, 1188), strict=True))
    assert value == Fraction(days, sum(weights))
    # 90, 183 and 91 days of 3,669,354,838.71, 5,550,666,666.67 and 445,161,290.32
    parts = (90, "3669354838.71"), (183, "5550666666.67"), (91, "445161290.32")
    weighed = sum(days * Fraction(amount) for days, amount in parts)
    assert firm == weighed / sum(Fraction(amount) for _, amount in parts)


def test_the_largest_buyers_of_spacex() -> None:
    together = spacex().of_currency("")
    assert together.largest_buyer(DAY) == ("Anthropic", Fraction(40_000, 76_210))
    name, share = together.largest_firm_buyer(DAY) or ("", 0)
    assert (name, share) == ("Google", Fraction("5550666666.67") / Fraction("9665182795.70"))


def test_a_contract_that_is_not_signed_adds_nothing_to_where_they_stand() -> None:
    together = spacex().of_currency("")
    # only Anthropic's is signed: 30 days of May at 0.625bn a month ...
    (alone,) = (one for one in together.results if one.deal.buyer == "Anthropic")
    day = date(2026, 5, 31)
    assert together.firm(day) == alone.firm(day)
    assert together.cover(day) == alone.cover(day)
    assert together.remaining_days(day) == alone.remaining_days(day)
    # ... and revenue of periods is that of all of them
    assert together.total == 81_660_000_000


# --- random books ---------------------------------------------------------------------------------

ADDED = (
    *("total", "earned", "contract value", "fee", "forgone", "up to", "optional", "callable"),
    *("year {day:%Y}", "quarter {day:%Y}-Q2", "month {day:%Y-%m}", "fiscal year {day:%Y}"),
    *("billed in year {day:%Y}", "cash in year {day:%Y}", "earned on {day}"),
    *("run rate on {day}", "next 12 months on {day}", "firm on {day}", "cancellable on {day}"),
    *("not begun on {day}", "present value at 9% on {day}"),
)
"""The figures of several contracts that are the sums of theirs."""


@pytest.mark.parametrize("seed", some(12, range(100)))
def test_figures_of_a_random_book_are_the_sums_of_its_contracts(seed: int, tmp_path: Path) -> None:
    rng = Random(seed)
    nodes = [random_deal(rng) for _ in range(rng.randrange(1, 6))]
    book = book_of(tmp_path, nodes)
    deals = [member.deal for member in book.members]
    first, last = min(deal.term.start for deal in deals), max(deal.last for deal in deals)
    day = first + timedelta(rng.randrange((last - first).days + 1))
    for part in book.by_currency.values():
        for text in (text.format(day=day) for text in ADDED):
            figure = measure(text)
            assert figure(part) == sum(figure(one) for one in part.results), text
        assert part.last_day == max(one.last_day for one in part.results)


@pytest.mark.parametrize("seed", some(8, range(100)))
def test_a_random_book_shows_the_sums_of_what_its_contracts_show(seed: int, tmp_path: Path) -> None:
    rng = Random(seed)
    nodes = [random_deal(rng) for _ in range(rng.randrange(1, 6))]
    book = book_of(tmp_path, nodes)
    years: dict[tuple[str, int], Decimal] = {}
    for member in book.members:
        for year in dealcalc.schedule(member.scenario).years:
            key = member.deal.currency, year.year
            years[key] = years.get(key, Decimal(0)) + year.revenue
    shown = {
        (row.currency, row.record.name): row.record.revenue
        for row in BookScheduleReport(book).table("years").rows
    }
    assert {key: amount for key, amount in shown.items() if amount} == {
        key: amount for key, amount in years.items() if amount
    }
    day = book.signed + timedelta(rng.randrange(1000))
    report = BookBacklogReport(book, day)
    for currency, part in book.by_currency.items():
        moment = report.moments[currency]
        assert moment.earned + moment.firm + moment.cancellable == moment.contract_value
        alone = [dealcalc.backlog(member.scenario, day) for member in part.members]
        for name in ("earned", "firm", "cancellable", "contract_value", "not_begun"):
            assert getattr(moment, name) == sum(getattr(one, name) for one in alone)
        came = bands(part, day, [1, 12, 24])
        assert sum(band.firm for band in came) == moment.firm
        assert sum(band.contract_value for band in came) == moment.firm + moment.cancellable


# --- currencies -----------------------------------------------------------------------------------


def test_amounts_of_two_currencies_are_never_added(tmp_path: Path) -> None:
    book = book_of(tmp_path, [MODEL, MODEL | {"currency": "EUR"}, MODEL])
    assert measure("total USD")(book) == 90_000_000_000
    assert measure("total EUR")(book) == 45_000_000_000
    refused: dict[str, Callable[[Misread], bool]] = {
        "total": lambda misread: "like `total USD`" in misread.help,
        "total GBP": lambda misread: "no contract is in GBP" in misread.message,
    }
    for text, says in refused.items():
        with pytest.raises(Misread) as misread:
            measure(text)(book)
        assert says(misread.value)
    totals = BookScheduleReport(book).facts["total"]
    assert totals == {"USD": Decimal("90000000000.00"), "EUR": Decimal("45000000000.00")}

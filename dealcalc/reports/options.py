"""Rights to more: what may still be taken, and what it would add."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from dealcalc.core import Ended, Priced
from dealcalc.earned import money
from dealcalc.reports.report import Figure, Note, Table, fields, listed
from dealcalc.reports.units import money_text
from dealcalc.terms.deal import DealOption
from dealcalc.terms.values import Span

HOLDERS = {"Optional": "buyer", "Callable": "seller"}
"""What the options of each party would add is called so."""


class OpenOption(NamedTuple):
    """An option, and how often it may still be taken; `until` says by when, the next time.

    What adds charges has no `months`. What is not priced is renewed at market.
    """

    option: str
    by: str
    times: int
    months: int | None
    until: date
    priced: bool

    @property
    def text(self) -> str:
        """What it gives, and by when."""
        renewals = f", {self.times} x {Span(self.months, 'months')}," if self.months else ""
        return f"{self.option}{renewals} by {self.until}"


class OpenOptions(NamedTuple):
    """What may still be taken of a deal, and what it would add."""

    options: tuple[OpenOption, ...]
    optional: Decimal
    callable: Decimal

    def figures(self, total: Decimal, currency: str) -> Iterator[Figure]:
        """What each party's options would add to a total, if they would."""
        up_to = money_text(total + self.optional + self.callable, currency)
        for name, party in HOLDERS.items():
            theirs = [each.text for each in self.options if each.by == party and each.priced]
            if theirs:
                amount = self.optional if party == "buyer" else self.callable
                more = f"if the {party} takes {listed(theirs)}; up to {up_to} in all"
                yield Figure(name, amount, more)

    def facts(self, total: Decimal) -> dict[str, Decimal]:
        """The same for programs."""
        up_to = total + self.optional + self.callable
        return {"optional": self.optional, "callable": self.callable, "up_to": up_to}

    def tables(self) -> Iterator[Table]:
        """The options, where the deal has any."""
        if self.options:
            names = fields("option", "by", "times", "months", "until", "priced")
            yield Table("options", names, self.options)

    def notes(self) -> Iterator[Note]:
        """What is not priced."""
        for each in self.options:
            if not each.priced:
                yield Note(f"Not priced, since it is at market: {each.text}, by the {each.by}.")


def apart_note(priced: Priced, ended: Ended | None, currency: str) -> Iterator[Note]:
    """What options would add, where an answer is about what is agreed alone."""
    more = open_options(priced, ended)
    amounts = {"optional": more.optional, "callable": more.callable}
    apart = [f"{money_text(amount, currency)} {name}" for name, amount in amounts.items() if amount]
    if apart:
        yield Note(f"Options count here only once they are taken; still open: {listed(apart)}.")


def _option(name: str, option: DealOption, times: int, until: date) -> OpenOption:
    return OpenOption(name, option.by, times, option.length or None, until, option.is_priced)


def open_options(
    priced: Priced, ended: Ended | None = None, day: date | None = None
) -> OpenOptions:
    """What may still be taken on a day, by default once all is taken that ever is.

    Nothing of a deal that notice has ended.
    """
    ladder, places = priced.ladder, priced.deal.places
    if ended:
        return OpenOptions((), money(0, places), money(0, places))
    day = day or ladder.settled
    options = (
        _option(name, priced.deal.options[name], times, ladder.lapse(day, name))
        for name, times in ladder.left(day)
    )
    amounts = (money(priced.optional(day, party), places) for party in HOLDERS.values())
    return OpenOptions(tuple(options), *amounts)

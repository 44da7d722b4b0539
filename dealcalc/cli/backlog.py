"""`dealcalc backlog`."""

from collections.abc import Iterator
from datetime import date

from dealcalc.cli import asked
from dealcalc.cli.options import AS_OF, BY, CASE, EVERY, GROUP, SET, SUBJECT, TOP, Option, Settings
from dealcalc.cli.output import answers
from dealcalc.figures.subject import load
from dealcalc.loading.problems import refuse
from dealcalc.reports import early_end
from dealcalc.reports.backlog import BacklogReport
from dealcalc.reports.report import Report
from dealcalc.terms.misread import Misread
from dealcalc.terms.times import read_months

BANDS = Option(
    ("--bands",),
    "MONTHS",
    help="By when the money of a book comes, like --bands 12m,24m: within 12 months, in the next "
    "12, and later; that is the default.",
)


@answers(
    options=(SUBJECT, AS_OF, EVERY, BY, BANDS, TOP, GROUP, CASE, SET),
    about="""
    Earned, firm and cancellable over time.

    Firm is what is still paid if notice is given that day; cancellable is the rest of the contract
    value.
    The first row is at signing, the opening of the day signed; one for each month's end follows.
    --as-of shows the close of one day only, or `signing`; with --every, rows from there on. Without
    --by, the party whose leaving costs the seller more counts. Several files, a folder or a book
    are shown on one day: by when their money comes, and how much of it is firm.
    """,
    examples=(
        "dealcalc backlog deal.yaml",
        "dealcalc backlog deal.yaml --as-of 2027-03-31 --by buyer",
        "dealcalc backlog deal.yaml --every day -f csv",
        "dealcalc backlog deals --as-of 2026-12-31 --bands 12m,24m",
    ),
)
def backlog(
    files: list[str],
    as_of: str | None,
    every: str | None,
    by: str | None,
    bands: str | None,
    top: int,
    group: str | None,
    case: str | None,
    set: Settings,
) -> Report:
    """The backlog of a deal, or of all contracts of a book or a site file."""
    day = early_end.asked_moment("as_of", as_of)
    opened = asked.opened_alone(files)
    if opened is None or "book" in opened[0].value or bands:
        from dealcalc.reports.book_backlog import BookBacklogReport

        asked.only_of_deals({"--every": every, "--by": by})
        book = asked.book(files, case, set, opened=opened)
        close = day if isinstance(day, date) else None
        return BookBacklogReport(book, close, [*_months(bands or "12m,24m")], top, group)
    if "provider" in opened[0].value:
        from dealcalc.book.site_files import load_site
        from dealcalc.reports.site_backlog import SiteBacklogReport

        house = load_site(files[0], set, [case] if case else [], opened)
        return SiteBacklogReport(house, day, every, by)
    return BacklogReport(load(files[0], case, set, opened), day, every, by)


def _months(text: str) -> Iterator[int]:
    """The months of `12m,24m`, each more than the one before; raises Refused."""
    before = 0
    for part in text.split(","):
        try:
            months = read_months(part.strip().removesuffix("m").rstrip() + " months").count
        except Misread as misread:
            help = "write it like `12m,24m`"
            raise refuse("span", misread.message, help, argument="bands") from None
        if months <= before:
            message = f"{months} months are not more than {before}"
            raise refuse("span", message, "put them in order, like 12m,24m", argument="bands")
        before = months
        yield months

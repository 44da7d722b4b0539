"""`dealcalc backlog`."""

from dealcalc.cli.options import AS_OF, BY, CASE, EVERY, FILE, SET, Settings
from dealcalc.cli.output import answers
from dealcalc.figures.subject import load
from dealcalc.loading.scenario import read_root
from dealcalc.reports import early_end
from dealcalc.reports.backlog import BacklogReport
from dealcalc.reports.report import Report


@answers(
    options=(FILE, AS_OF, EVERY, BY, CASE, SET),
    about="""
    Earned, firm and cancellable over time.

    Firm is what is still paid if notice is given that day; cancellable is the rest of the contract
    value.
    The first row is at signing, the opening of the day signed; one for each month's end follows.
    --as-of shows the close of one day only, or `signing`; with --every, rows from there on. Without
    --by, the party whose leaving costs the seller more counts.
    """,
    examples=(
        "dealcalc backlog deal.yaml",
        "dealcalc backlog deal.yaml --as-of 2027-03-31 --by buyer",
        "dealcalc backlog deal.yaml --every day -f csv",
    ),
)
def backlog(
    file: str,
    as_of: str | None,
    every: str | None,
    by: str | None,
    case: str | None,
    set: Settings,
) -> Report:
    """The backlog of a deal, or of all contracts of a site file."""
    day = early_end.asked_moment("as_of", as_of)
    opened = read_root(file)
    if "provider" in opened[0].value:
        from dealcalc.book.site_files import load_site
        from dealcalc.reports.site_backlog import SiteBacklogReport

        house = load_site(file, set, [case] if case else [], opened)
        return SiteBacklogReport(house, day, every, by)
    return BacklogReport(load(file, case, set, opened), day, every, by)

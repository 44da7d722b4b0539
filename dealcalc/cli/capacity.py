"""`dealcalc capacity`."""

from dealcalc.book.site_files import load_site
from dealcalc.cli.options import AS_OF, BY, DEAL, EVERY, FILE, PERIOD, SET, Option, Settings
from dealcalc.cli.output import answers
from dealcalc.loading.problems import refuse
from dealcalc.reports import early_end
from dealcalc.reports.report import Report
from dealcalc.reports.site_report import with_notices

SITE_FILE = FILE._replace(help="A site file, like site.yaml, or - for standard input.")
CASES = Option(
    ("--case",),
    "CONTRACT:NAME",
    repeats=True,
    panel=DEAL,
    help="Lay a case of a contract over it, like google-spacex:google-leaves; NAME alone where "
    "there is one contract. Repeatable.",
)
NOTICE = Option(
    ("--notice",),
    "CONTRACT:DATE",
    repeats=True,
    help="The day on which notice is given, like google-spacex:2027-01-01; DATE alone where "
    "there is one contract. Repeatable.",
    synonyms=("--on", "--date", "--day"),
)


@answers(
    options=(SITE_FILE, CASES, NOTICE, BY, EVERY, SET, PERIOD, AS_OF),
    about="""
    The seller's sites: own use, sold and idle capacity, and the cash yield on cost.

    There is a row for each month and each year. --every shows instead what each notice that ends a
    contract early would do. Without --by, the party that can leave first gives notice; without
    --as-of, firm is as of the last signing. --set changes the site file, and
    --set CONTRACT:PATH=VALUE a contract's terms.
    """,
    examples=(
        "dealcalc capacity site.yaml --period year",
        "dealcalc capacity site.yaml --notice deal:2027-03-15 --by buyer",
        "dealcalc capacity site.yaml --set 'sites.A.own_use=90 MW'",
        "dealcalc capacity site.yaml --every month -f csv",
    ),
)
def capacity(
    file: str,
    case: list[str],
    notice: list[str],
    by: str | None,
    every: str | None,
    set: Settings,
    period: str | None,
    as_of: str | None,
) -> Report:
    """What becomes of the sites, or what each notice would do to them."""
    house = load_site(file, set, case)
    if every:
        if period or as_of:
            option = "--period" if period else "--as-of"
            message = f"--every and {option} cannot be used together"
            raise refuse("command-line", message, "use one at a time")
        from dealcalc.reports.site_notices import SiteNoticesReport

        house = with_notices(house, notice, by if notice else None)
        return SiteNoticesReport(house, every, by)
    from dealcalc.reports.capacity import CapacityReport

    day = None if as_of is None else early_end.asked_day("as_of", as_of)
    return CapacityReport(with_notices(house, notice, by), period, day)

"""`dealcalc backlog`."""

from dealcalc.cli import output
from dealcalc.cli.options import AsOf, By, Case, Color, Every, File, Form, Outputs, Settings, Unit
from dealcalc.loading.scenario import load, read_root
from dealcalc.reports import early_end
from dealcalc.reports.backlog import BacklogReport
from dealcalc.reports.report import Report


def backlog(
    file: File,
    as_of: AsOf = None,
    every: Every = None,
    by: By = None,
    case: Case = None,
    settings: Settings = [],  # noqa: B006 - Typer copies it
    form: Form = None,
    outputs: Outputs = [],  # noqa: B006
    unit: Unit = "auto",
    color: Color = "auto",
) -> None:
    """Earned, firm and cancellable over time.

    Firm is what is still paid if notice is given that day; cancellable is the rest of the headline.
    There is a row for each month's end, from signing to the last day; with --as-of, that day alone;
    with both, rows from that day on. Without --by, the party counts whose leaving leaves less.

    Examples:

      dealcalc backlog deal.yaml

      dealcalc backlog deal.yaml --as-of 2027-03-31 --by buyer

      dealcalc backlog deal.yaml --every day -f csv
    """
    day = early_end.day("as_of", as_of) if as_of else None
    opened = read_root(file)
    report: Report
    if "provider" in opened[0].value:
        from dealcalc.book.site_files import load_site
        from dealcalc.reports.site_backlog import SiteBacklogReport

        house = load_site(file, settings, [case] if case else [], opened)
        report = SiteBacklogReport(house, day, every, by)
    else:
        report = BacklogReport(load(file, case, settings, opened), day, every, by)
    output.answer(report, form, outputs, unit, color)

"""`dealcalc backlog`."""

from dealcalc.cli import output
from dealcalc.cli.options import AsOf, By, Case, Color, Every, File, Form, Outputs, Settings, Unit
from dealcalc.loading.scenario import load, read_root
from dealcalc.reports import backlog as answers
from dealcalc.reports import notice


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
    day = notice.day("as_of", as_of) if as_of else None
    opened = read_root(file)
    if "provider" in opened[0].value:
        from dealcalc.book.site_files import load_site
        from dealcalc.reports import site_backlog

        house = load_site(file, settings, [case] if case else [], opened)
        report = site_backlog.answer(house, day, every, by)
    else:
        report = answers.answer(load(file, case, settings, opened), day, every, by)
    output.answer(report, form, outputs, unit, color)

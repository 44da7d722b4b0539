"""`dealcalc value`."""

from dealcalc.cli.options import CASE, FILE, SET, Option, Settings
from dealcalc.cli.output import answers
from dealcalc.figures.subject import load
from dealcalc.reports import early_end
from dealcalc.reports.report import Report
from dealcalc.reports.value import ValueReport, yearly

RATE = Option(
    ("--rate",),
    "PERCENT",
    required=True,
    help="The yearly rate to discount at, like 9%, from -99% to 100%; 0% is a plain sum.",
    synonyms=("--discount", "--discount-rate", "--wacc"),
)
ON = Option(
    ("--on",),
    "DATE",
    help="Value what remains on this day, like 2026-01-01; default: everything, on the term's "
    "start.",
    synonyms=("--as-of", "--date", "--day", "--at"),
)
BASIS = Option(
    ("--basis",),
    choices=("earned", "cash"),
    default="earned",
    help="What is discounted: what is earned, or what is paid, like --basis cash.",
)


@answers(
    options=(FILE, RATE, ON, BASIS, CASE, SET),
    about="Present value of what is earned or paid, and of the part of it that is firm.",
    examples=(
        "dealcalc value deal.yaml --rate 9%",
        "dealcalc value deal.yaml --rate 9% --basis cash --on 2026-01-01",
        "dealcalc value deal.yaml --rate 12.5% --case buyer-leaves -f json",
    ),
)
def value(
    file: str, rate: str, on: str | None, basis: str, case: str | None, set: Settings
) -> Report:
    """What the deal is worth on a day."""
    yearly_rate = yearly(rate)
    day = None if on is None else early_end.asked_day("on", on)
    return ValueReport(load(file, case, set), yearly_rate, day, basis)

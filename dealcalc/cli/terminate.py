"""`dealcalc terminate`."""

from dealcalc.cli.options import BY, CASE, EVERY, FILE, NOTICE, SET, Option, Settings
from dealcalc.cli.output import Answered, answers
from dealcalc.figures.subject import load
from dealcalc.forms.model import Model
from dealcalc.loading.problems import refuse
from dealcalc.reports import early_end
from dealcalc.reports.terminate import EarlyEndReport, LatestNoticeReport
from dealcalc.reports.terminations import EarlyEndsReport, FirstExitsReport

RIGHT = Option(
    ("--right",),
    "N",
    help="By which right to leave, as numbered in the file's list from 0, like --right 1.",
    synonyms=("--clause",),
)
LAST_DAY = Option(
    ("--last-day",),
    "DATE",
    help="Find the latest notice that ends service on or before this day, like 2027-06-30.",
    synonyms=("--end", "--ends", "--until", "--through"),
)


@answers(
    options=(FILE, NOTICE, BY, RIGHT, LAST_DAY, EVERY, CASE, SET),
    about="""
    What ending early costs: on one notice, for a last day, or on every day of notice.

    Without options it shows what the first notice by each right does. --every shows each day on
    which notice would shorten the term, in steps from the first. Without --by, the party that can
    leave first gives notice; without --right, by a right that ends the whole deal.
    """,
    examples=(
        "dealcalc terminate deal.yaml",
        "dealcalc terminate deal.yaml --notice 2027-03-15 --by buyer",
        "dealcalc terminate deal.yaml --last-day 2027-06-30",
        "dealcalc terminate deal.yaml --every month -f csv",
        "dealcalc terminate deal.yaml --every day\n--set 'termination.fee=3 months' -o days.csv",
    ),
)
def terminate(
    file: str,
    notice: str | None,
    by: str | None,
    right: str | None,
    last_day: str | None,
    every: str | None,
    case: str | None,
    set: Settings,
) -> Answered:
    """What one notice does, or each of them, or which is in time."""
    asked = {"--notice": notice, "--last-day": last_day, "--every": every}
    one_question([option for option, value in asked.items() if value is not None])
    scenario = load(file, case, set)
    index = None if right is None else early_end.asked_index("right", right)
    if every:
        return EarlyEndsReport(scenario, every, by, index)
    if last_day is not None:
        report: EarlyEndReport = LatestNoticeReport(
            scenario, early_end.asked_day("last_day", last_day), by, index
        )
    else:
        day = None if notice is None else early_end.asked_day("notice", notice)
        if day is None and scenario.what_if.notice is None:
            return FirstExitsReport(scenario, by, index)
        report = EarlyEndReport(scenario, day, by, index)
    return report, Model(scenario, report.ended.notice, early_end.asked_party(scenario, by))


def one_question(asked: list[str]) -> None:
    """Refuse two of the options that each ask something else."""
    if len(asked) > 1:
        message = f"{' and '.join(asked)} cannot be used together"
        raise refuse("command-line", message, "use one at a time")

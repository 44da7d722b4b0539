"""Who may leave a deal, and when: notice, lock-out and last day. Dates alone, no money.

Notice takes effect on a day. The last day of service is counted from there, is paid, and is never
after the term. A lock-out bars giving notice before a day, or a last day before it.
"""

from datetime import date

from dealcalc.terms.dates import DAY
from dealcalc.terms.deal import PARTIES, Deal, Right
from dealcalc.terms.values import Span


class NotPermitted(Exception):
    """Notice that may not be given: why, the first day on which it may be, and the clause's path.

    `first` is the first day of all, also for notice that comes too late; None where there is none.
    """

    def __init__(self, message: str, first: date | None, path: str) -> None:
        super().__init__(message, first, path)  # with all of them, so that it can be pickled
        self.message, self.first, self.path = message, first, path

    def __str__(self) -> str:
        return self.message

    @property
    def help(self) -> str:
        """The way out, if there is one."""
        return f"the first day on which it may be given is {self.first}" if self.first else ""


def last_day(deal: Deal, right: Right, notice: date) -> date:
    """The last day of service, which is paid, after notice on a day; never after the term.

    The day of notice is not counted, so `90 days` ends on the 90th day after it; where the
    convention counts it, every last day is one earlier. Months are calendar months, held back to a
    month's end.
    """
    return min(ends(deal, right, notice), deal.last)


def ends(deal: Deal, right: Right, notice: date) -> date:
    """The day with which the notice itself ends, which may be after the term."""
    end = right.notice.after(notice)
    return end - DAY if deal.conventions.notice_day == "included" else end


def first_notice(deal: Deal, right: Right, day: date) -> date | None:
    """The first day from `day` on, itself included, on which a right may be used; None if never."""
    first = max(day, deal.signed, _lock_out_over(deal, right))
    return first if first <= deal.last else None


def _lock_out_over(deal: Deal, right: Right) -> date:
    """The first day on which a lock-out lets notice be given: after the term, if it outlasts it."""
    over = right.lock_out
    if over is None:
        return deal.signed
    if isinstance(over, Span):
        over = over.after(deal.signed)
    if right.lock_out_bars != "ending" or over > deal.last:
        return over
    # Notice that would end sooner is refused, not stretched.
    return _first_ending(deal, right, over)


def _first_ending(deal: Deal, right: Right, day: date) -> date:
    """The first notice, whether it may be given or not, that ends service on a day or later."""
    # Counting back may land too early, never too late: a day that its month lacks is held back to
    # the month's end.
    notice = Span(-right.notice.count, right.notice.unit).after(day)
    while ends(deal, right, notice) < day:
        notice += DAY
    return notice


def latest_notice(deal: Deal, right: Right, day: date) -> date | None:
    """The latest notice by a right that ends service on or before a day; None if none does."""
    latest = deal.last
    if day < latest:
        latest = min(latest, _first_ending(deal, right, day + DAY) - DAY)
    return latest if first_notice(deal, right, latest) == latest else None


def parties(by: str | None) -> tuple[str, ...]:
    """Who is meant by a party: both, for either or for nobody in particular."""
    return PARTIES if by in (None, "either") else (by,)


def refusal(deal: Deal, notice: date, by: str | None) -> NotPermitted:
    """Why notice may not be given on a day, and the clause that says so."""
    asked, last = set(parties(by)), deal.last
    firsts = [
        (first_notice(deal, right, deal.signed) or date.max, index)
        for index, right in enumerate(deal.rights)
        if asked & set(right.parties())
    ]
    if not firsts:
        who = "nobody has a" if asked == set(PARTIES) else f"the {by} has no"
        return NotPermitted(f"{who} right to end this deal early", None, "termination")
    opens, index = min(firsts)
    if notice > last:
        why, path = f"comes after the term, which ends on {last}", "term"
    elif opens == deal.signed:
        why, path = f"comes before {opens}, from when on it may be given", "term.signed"
    else:
        why, path = "is barred by the lock-out", f"termination.{index}.lock_out"
    return NotPermitted(f"notice on {notice} {why}", opens if opens <= last else None, path)

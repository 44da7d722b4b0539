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


def last_day(deal: Deal, right: Right, notice: date) -> date | None:
    """The last day of service, which is paid, after notice on a day; never after the term.

    The day of notice is not counted, so `90 days` ends on the 90th day after it; where the
    convention counts it, every last day is one earlier. Months are calendar months, held back to a
    month's end. Of a right with break days it is the first of them that notice is in time for; None
    where it is too late for all.
    """
    end = notice_ends(deal, right, notice)
    if right.on:
        return next((day for day in right.on if day >= end), None)
    return min(end, deal.last)


def notice_ends(deal: Deal, right: Right, notice: date) -> date:
    """The day with which the notice itself ends, which may be after the term."""
    end = right.notice.after(notice)
    return end - DAY if deal.conventions.notice_day == "included" else end


def first_notice(deal: Deal, right: Right, day: date) -> date | None:
    """The first day from `day` on, itself included, on which a right may be used; None if never."""
    first = max(day, deal.signed, _lock_out_over(deal, right))
    there = first <= deal.last and last_day(deal, right, first) is not None
    return first if there else None


def _lock_out_over(deal: Deal, right: Right) -> date:
    """The first day on which a lock-out lets notice be given: after the term, if it outlasts it."""
    over = right.lock_out
    if over is None:
        return deal.signed
    if isinstance(over, Span):
        over = over.after(deal.signed)
    if right.lock_out_bars != "ending" or over > deal.last:
        return over
    # Notice that would end sooner is refused, not stretched: of break days, the last one that is
    # barred must be missed.
    barred = [day for day in right.on if day < over]
    if right.on:
        return notice_for(deal, right, barred[-1] + DAY) if barred else deal.signed
    return notice_for(deal, right, over)


def notice_for(deal: Deal, right: Right, day: date) -> date:
    """The first notice, whether it may be given or not, that itself ends on a day or later."""
    # Counting back may land too early, never too late: a day that its month lacks is held back to
    # the month's end.
    notice = Span(-right.notice.count, right.notice.unit).after(day)
    while notice_ends(deal, right, notice) < day:
        notice += DAY
    return notice


def latest_notice(deal: Deal, right: Right, day: date) -> date | None:
    """The latest notice by a right that ends service on or before a day; None if none does."""
    latest = deal.last
    if right.on:
        on = [end for end in right.on if end <= day]
        if not on:
            return None
        day = on[-1]
    if right.on or day < latest:
        latest = min(latest, notice_for(deal, right, day + DAY) - DAY)
    return latest if first_notice(deal, right, latest) == latest else None


def last_days(deal: Deal, right: Right) -> list[date]:
    """All last days that a right can bring about, in order."""
    if right.on:
        notice = first_notice(deal, right, deal.signed)
        first = notice and last_day(deal, right, notice)
        return [day for day in right.on if first and day >= first]
    notices = (deal.signed + DAY * k for k in range((deal.last - deal.signed).days + 1))
    opens = first_notice(deal, right, deal.signed)
    days = (last_day(deal, right, notice) for notice in notices if opens and notice >= opens)
    return list(dict.fromkeys(day for day in days if day))


def parties(by: str | None) -> tuple[str, ...]:
    """Who is meant by a party: both, for either or for nobody in particular."""
    return PARTIES if by in (None, "either") else (by,)


def candidates(deal: Deal, by: str | None, index: int | None = None) -> list[int]:
    """The rights that a party may mean: the one with an index, or all that end the whole deal."""
    asked = set(parties(by))
    return [
        i
        for i, right in enumerate(deal.rights)
        if asked & set(right.parties()) and (deal.ends_all(right) if index is None else i == index)
    ]


def refusal(deal: Deal, notice: date, by: str | None, index: int | None = None) -> NotPermitted:
    """Why notice may not be given on a day, and the clause that says so."""
    asked, last = set(parties(by)), deal.last
    firsts = [
        (first_notice(deal, deal.rights[i], deal.signed) or date.max, i)
        for i in candidates(deal, by, index)
    ]
    if not firsts and index is not None:
        message = f"right {index} is not the {by}'s"
        return NotPermitted(message, None, f"termination.{index}.by")
    if not firsts:
        return _no_right(deal, asked, by)
    opens, i = min(firsts)
    if notice > last:
        why, path = f"comes after the term, which ends on {last}", "term"
    elif opens == deal.signed and notice < opens:
        why, path = f"comes before {opens}, from when on it may be given", "term.signed"
    elif notice >= opens or (deal.rights[i].on and opens == date.max):
        why = f"is too late for the last break day, {deal.rights[i].on[-1]}"
        path = f"termination.{i}.on"
    else:
        why, path = "is barred by the lock-out", f"termination.{i}.lock_out"
    return NotPermitted(f"notice on {notice} {why}", opens if opens <= last else None, path)


def _no_right(deal: Deal, asked: set[str], by: str | None) -> NotPermitted:
    """Why there is nothing that a party could give notice by."""
    nobody = asked == set(PARTIES)
    parts = [i for i, right in enumerate(deal.rights) if asked & set(right.parties())]
    if not parts:
        who = "nobody has a" if nobody else f"the {by} has no"
        return NotPermitted(f"{who} right to end this deal early", None, "termination")
    names = dict.fromkeys(name for i in parts for name in deal.ended_by(deal.rights[i]))
    who = "nobody" if nobody else f"the {by}"
    only = f"only {', '.join(names)}" if names else "only charges that are not there"
    message = f"{who} may end the whole deal, {only}" if nobody else f"{who} may end {only}"
    return NotPermitted(message, None, f"termination.{parts[0]}.ends")

"""Who may leave a deal, and when: notice, lock-out and last day. Dates alone, no money.

Notice takes effect on a day. The last day of service is counted from there, is paid, and is never
after the term. A lock-out bars giving notice before a day, or a last day before it.
"""

from datetime import date

from dealcalc.terms.dates import DAY
from dealcalc.terms.deal import Deal, Right
from dealcalc.terms.values import Span


def last_day(deal: Deal, right: Right, notice: date) -> date:
    """The last day of service, which is paid, after notice on a day; never after the term.

    The day of notice is not counted, so `90 days` ends on the 90th day after it; where the
    convention counts it, every last day is one earlier. Months are calendar months, held back to a
    month's end.
    """
    return min(ends(deal, right, notice), deal.term.last)


def ends(deal: Deal, right: Right, notice: date) -> date:
    """The day with which the notice itself ends, which may be after the term."""
    end = right.notice.after(notice)
    return end - DAY if deal.conventions.notice_day == "included" else end


def first_notice(deal: Deal, right: Right, day: date) -> date | None:
    """The first day from `day` on, itself included, on which a right may be used; None if never."""
    first = max(day, deal.signed, _lock_out_over(deal, right))
    return first if first <= deal.term.last else None


def _lock_out_over(deal: Deal, right: Right) -> date:
    """The first day on which a lock-out lets notice be given: after the term, if it outlasts it."""
    over = right.lock_out
    if over is None:
        return deal.signed
    if isinstance(over, Span):
        over = over.after(deal.signed)
    if right.lock_out_bars != "ending" or over > deal.term.last:
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
    latest = deal.term.last
    if day < latest:
        latest = min(latest, _first_ending(deal, right, day + DAY) - DAY)
    return latest if first_notice(deal, right, latest) == latest else None


def signing(deal: Deal) -> date:
    """The day before `signed` or the first service, the earlier: everything is still to come."""
    return min(deal.signed, *(deal.dates(charge)[0] for charge in deal.charges.values())) - DAY

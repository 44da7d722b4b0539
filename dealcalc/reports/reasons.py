"""Why money is firm, in one sentence: who may leave first, from when, how, and at what cost."""

from collections.abc import Iterable, Iterator
from datetime import date

from dealcalc.core import Backlog
from dealcalc.earned import money
from dealcalc.leaving import Exit
from dealcalc.reports.report import Note, listed, readable
from dealcalc.reports.units import WHOLE, in_unit, money_text
from dealcalc.terms.dates import DAY
from dealcalc.terms.deal import Deal, Right
from dealcalc.terms.rights import first_notice
from dealcalc.terms.values import half_up_decimal

SILENT = "if nobody may leave*"
"""Firm, of a file that does not say who may leave: the star is that of an assumption."""


def who(by: str) -> str:
    """Who leaves, in words."""
    return "either party" if by == "either" else f"the {by}"


def firm_share(deal: Deal, stands: Backlog) -> str:
    """How much of what is still to come is firm; with a condition where the file is silent.

    Empty where nothing is to come: the reason says why.
    """
    if stands.firm_share is None:
        return ""
    share = readable("share", stands.firm_share)
    return f"{share} {SILENT}" if deal.termination is None else share


def firm_text(deal: Deal, stands: Backlog, party: str | None = None) -> str:
    """How much is firm, how much of that is not begun, and why; or why nothing is."""
    much = ", ".join(filter(None, (firm_share(deal, stands), not_begun(deal, stands))))
    return "; ".join(filter(None, (much, reason(deal, stands, party))))


def reason_notes(reasons: Iterable[tuple[str, str]]) -> Iterator[Note]:
    """Why the money of each name is firm; those that share a reason have one note."""
    names: dict[str, list[str]] = {}
    for name, why in reasons:
        names.setdefault(why, []).append(name)
    for why, whose in names.items():
        yield Note(f"{listed(whose)}: {why}.")


def exit_text(deal: Deal, stands: Backlog) -> str:
    """The earliest exit, and whose it is; `*` where that nobody may leave is only assumed."""
    if not stands.is_signed:
        return reason(deal, stands)
    nobody = "nobody*" if deal.termination is None else "nobody"
    return f"{stands.earliest_exit} {stands.by or nobody}"


def reason(deal: Deal, stands: Backlog, party: str | None = None) -> str:
    """What makes the firm money of a deal firm at a moment: one exit, and everything about it.

    `party` is the one whose right alone was counted, if so. Amounts are of the deal's currency.
    """
    if stands.earliest_exit is None:
        return f"not signed until {deal.signed}"
    served = stands.as_of if stands.moment == "close" else stands.as_of - DAY
    if served >= stands.earliest_exit:
        return f"service ended on {stands.earliest_exit}"
    if stands.firm_share is None:
        return "nothing is still to come"
    if stands.notice and stands.by:
        return "; ".join(_exits(deal, stands))
    return f"{_nobody(deal, party)}, so all is firm, through {stands.earliest_exit}"


def exact_reason(deal: Deal, stands: Backlog, party: str | None = None) -> str:
    """The same for programs: its amounts to the cent, whatever unit people ask for."""
    return in_unit(reason(deal, stands, party), WHOLE)


def _nobody(deal: Deal, party: str | None) -> str:
    """Why nobody leaves early."""
    if deal.termination is None:
        return "the file does not say who may leave; nobody is assumed to"
    if party and not deal.has_right(party):
        return f"the {party} has no right to leave"
    if not deal.rights:
        return "nobody may leave early"
    return f"the {party} can no longer leave early" if party else "nobody can leave early any more"


def _exits(deal: Deal, stands: Backlog) -> Iterator[str]:
    """The exits that make the rest cancellable: notice, lock-out, fee, last day."""
    for exit in stands.exits:
        right = deal.rights[exit.right]
        s = "'s" if right.notice.count == 1 else "'"
        does = "leave" if len(exit.ends) == len(deal.charges) else f"end {listed(exit.ends)}"
        when = f"{_from(deal, exit, stands)}{_lock_out(deal, right, stands)}"
        notice = f"on {right.notice}{s} notice"
        yield f"{who(exit.by)} may {does} {when} {notice}{_fee(deal, exit, stands)}"
        if not right.on and exit.notice != first_notice(deal, right, stands.as_of):
            yield f"cheapest by notice on {exit.notice}"
        yield (
            f"first exit {exit.last_day}" if len(stands.exits) == 1 else f"last day {exit.last_day}"
        )


def _from(deal: Deal, exit: Exit, stands: Backlog) -> str:
    """From when on notice may be given; or until when, for a break day."""
    right = deal.rights[exit.right]
    if right.on:
        return f"by {exit.notice} for the break day {exit.last_day}"
    return f"from {first_notice(deal, right, stands.as_of)}"


def _lock_out(deal: Deal, right: Right, stands: Backlog) -> str:
    """The lock-out, where it is what notice waits for."""
    if (
        right.lock_out is None
        or right.on
        or first_notice(deal, right, stands.as_of) == stands.as_of
    ):
        return ""
    length = (
        f"until {right.lock_out}" if isinstance(right.lock_out, date) else f"of {right.lock_out}"
    )
    bars = " on the last day" if right.lock_out_bars == "ending" else ""
    return f" (lock-out {length}{bars})"


def _fee(deal: Deal, exit: Exit, stands: Backlog) -> str:
    """The fee, and how much of it is in the firm money."""
    fee = deal.rights[exit.right].fee_on(exit.last_day)
    if fee is None or not exit.fee:
        return ""
    agreed = fee.agreed or money_text(half_up_decimal(fee.number, deal.places), deal.currency)
    if exit.fee < 0:
        return f", paying {agreed}, which is not in the firm money"
    several = len(stands.exits) > 1
    part = money(exit.fee, deal.places) if several else stands.firm_fee
    return f", paying {agreed} ({money_text(part, deal.currency)} of the firm money)"


def not_begun(deal: Deal, stands: Backlog) -> str:
    """What of the firm money is for services that have not begun; empty where none is.

    So it is, too, at the opening of the day on which the last of them begins.
    """
    begins = max(deal.dates(charge)[0] for charge in deal.charges.values())
    if not stands.not_begun or begins <= stands.as_of:
        return ""
    if stands.not_begun == stands.firm:
        return "all of it for services not yet begun"
    return f"of it {money_text(stands.not_begun, deal.currency)} for services not yet begun"

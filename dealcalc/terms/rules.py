"""The faults across the fields of a contract: what may not stand together, and what is doubtful.

`faults` of a value of the format yields rules, each an iterator of faults. A rule that asks for a
field that could not be read, or that another rule found at fault, ends there: one mistake, one
message. A fault about something that is missing names the key to add. Dates are compared here,
nothing is priced.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache, singledispatch
from typing import Any

from dealcalc.terms.charges import ENDS, Charge, Credit, Prepayment, Step
from dealcalc.terms.dates import DAY, LAST_YEAR, month_clock, months_touched
from dealcalc.terms.deal import Deal, DealOption, FeeTerm, Right, Term
from dealcalc.terms.faults import Fault, Rules, below, only_one, ordered
from dealcalc.terms.misread import did_you_mean
from dealcalc.terms.option_rules import about_option, about_options, fullest
from dealcalc.terms.right_rules import about_fee, about_right, about_rights
from dealcalc.terms.values import WATTS, Quantity, Span, convert

STEP_ENDS = ("months", "years", "through")
MOST_PRICED_MONTHS = 50_000
MOST_INCREASES = 600
"""What is computed exactly, line by line, in well under a second; no contract comes near it."""


Fullest = Callable[[], Deal | None]
"""The deal with all that options could ever bring, if they are sound."""


@singledispatch
def faults(_: Any) -> Rules:
    """The rules about one value of the format; none about most types."""
    return iter(())


@faults.register
def _term(term: Term) -> Rules:
    """One end, after the start and after the signing."""
    yield only_one(term, ENDS, "the term has no end", "`through: 2029-05`")
    yield _in_order(term)
    yield _signed_in_time(term)


def _in_order(term: Term) -> Iterator[Fault]:
    yield from ordered(term.start, term.last)
    if term.last.year > LAST_YEAR:
        message = f"{Span(term.length or 0, 'months')} from {term.start} run to {term.last}"
        yield Fault((f"{term.end}",), "count", message, f"end it by {LAST_YEAR}")


def _signed_in_time(term: Term) -> Iterator[Fault]:
    if term.signed and term.signed > term.last:
        message = f"signed on {term.signed}, after the term ends on {term.last}"
        help = (
            "correct the day, or remove `signed`: the start of the term then counts as the signing"
        )
        yield Fault(("signed",), "reversed-dates", message, help)


@faults.register
def _step(step: Step) -> Rules:
    """One length, and one thing that is paid."""
    yield only_one(step, STEP_ENDS, "the step has no length", "`months: 2`")
    paid = "the step does not say what is paid"
    yield only_one(step, ("discount", "price"), paid, "`discount: 50%`")
    yield _recurs(step)


def _recurs(step: Step) -> Iterator[Fault]:
    if step.price and not step.price.recurs:
        message = "a ramp step takes a price per month, year, day or unit"
        yield Fault(("price",), "not-here", message, "write it like `600m per month`")


@faults.register
def _prepayment(prepayment: Prepayment) -> Rules:
    """One size."""
    missing = "the prepayment does not say how much is paid"
    yield only_one(prepayment, ("share", "amount"), missing, "`share: 20%`")


@faults.register
def _credit(credit: Credit) -> Rules:
    """Equal parts from a month on, or a share of the invoices."""
    missing = "how the prepayment is credited is not said"
    yield only_one(credit, ("months", "most"), missing, "`months: 12`")
    if credit.months is None:
        yield only_one(credit, ("from_month", "most"))
    else:
        missing = "in which month of service crediting begins is not said"
        yield only_one(credit, ("from_month", "most"), missing, "`from_month: 1`")


@faults.register
def _charge(charge: Charge) -> Rules:
    """One end, and only terms that mean something beside the price."""
    yield only_one(charge, ENDS)
    yield _day_for_once(charge)
    yield _nothing_beside_a_sum(charge)
    yield _discounts_off_a_sum(charge)
    yield _what_a_seller_pays(charge)
    yield _load_has_hours(charge)
    yield _units_once(charge)


def _day_for_once(charge: Charge) -> Iterator[Fault]:
    if charge.price.per != "once" and charge.on:
        help = "make the price `once`, or write `start` in place of `on`"
        yield Fault(("on",), "not-here", "`on` is only for a price `once`", help)
    elif charge.price.per == "once" and not charge.on:
        message = "a price `once` needs the day on which it is due"
        yield Fault(("on",), "missing-key", message, "add `on: 2026-05-01`")


def _nothing_beside_a_sum(charge: Charge) -> Iterator[Fault]:
    if charge.price.recurs:
        return
    is_once = charge.price.per == "once"
    form = "once" if is_once else "in total"
    for name in ("load", *(("ramp", "escalator", "start", *ENDS, "prepayment") if is_once else ())):
        if getattr(charge, name) not in (None, ()):
            message = f"`{name}` does not apply to a price `{form}`"
            yield Fault((name,), "not-here", message, f"remove `{name}`")


def _discounts_off_a_sum(charge: Charge) -> Iterator[Fault]:
    if charge.price.per != "total":
        return
    for index, step in enumerate(charge.ramp):
        if step.price:
            message = "a ramp step of a price `in total` has no price of its own"
            help = "write `discount: 50%`, or make the step a charge with its own dates and price"
            yield Fault(("ramp", index, "price"), "not-here", message, help)


def _what_a_seller_pays(charge: Charge) -> Iterator[Fault]:
    if charge.paid_by != "seller":
        return
    if charge.prepayment:
        message = "`prepayment` does not apply to a charge that the seller pays"
        yield Fault(("prepayment",), "not-here", message, "remove `prepayment`")
    for index, part in enumerate(charge.capacity):
        if isinstance(part, Quantity):
            message = "a charge that the seller pays sells no capacity"
            help = "write the name of the charge that sells it, or remove `capacity`"
            yield Fault(("capacity", index), "not-here", message, help)
            return


def _load_has_hours(charge: Charge) -> Iterator[Fault]:
    if charge.load is None or not charge.price.recurs:
        return
    if all(not price.is_hourly for _, price in charge.prices()):
        help = "remove `load`, or write a price like `2.10 per GPU-hour`"
        yield Fault(("load",), "not-here", "`load` applies to hourly prices only", help)


def _units_once(charge: Charge) -> Iterator[Fault]:
    seen: dict[str, Quantity] = {}
    for index, part in enumerate(charge.capacity):
        at = ("capacity", index)
        if isinstance(part, str):
            if len(charge.capacity) > 1:
                help = f"write `capacity: {part}`"
                yield Fault(
                    at,
                    "conflict",
                    "the name of a charge cannot be combined with other capacities",
                    help,
                )
            continue
        measure = "power" if part.unit in WATTS else part.unit
        if measure in seen:
            message = f"{part} and {seen[measure]}: a list gives one capacity in several units"
            help = "add them up, or write a charge for each"
            yield Fault(at, "conflict", message, help)
        seen[measure] = part


faults.register(FeeTerm, about_fee)
faults.register(Right, about_right)


@faults.register
def _option(option: DealOption) -> Rules:
    """What it gives, and how often it is taken."""
    yield from about_option(option)


@faults.register
def _deal(deal: Deal) -> Rules:
    """Two parties and their rights; charges inside the term, with the capacity they price."""
    yield _two_parties(deal)
    yield from about_rights(deal)
    yield _charges_there(deal)
    for name, charge in deal.charges.items():
        at = ("charges", name)
        yield below(at, _name_is_free(name))
        yield below(at, _capacity_named(deal, name, charge))
        yield below(at, _capacity_priced(deal, charge))
        yield below(at, _inside_the_term(deal, charge))
        yield below(at, _ramp_in_order(deal, charge))
        yield below(at, _first_change_in_time(deal, charge))
        yield below(at, _days_that_weigh(deal, charge))
    yield from about_options(deal)
    full = lru_cache(1)(lambda: fullest(deal))  # asked by several rules, and by some too soon
    yield _added_charges(deal, full)
    yield _months_to_price(deal, full)
    yield _increases_to_compute(deal, full)


def _added_charges(deal: Deal, fullest: Fullest) -> Iterator[Fault]:
    """What options add is like any charge, but may lie outside the term."""
    full = fullest()
    for option, charges in ((name, deal.options[name].adds) for name in deal.options):
        for name in charges if full else ():
            assert full
            at, charge = ("options", option, "adds", name), full.charges[name]
            yield from below(at, _name_is_free(name))
            yield from below(at, _capacity_named(full, name, charge))
            yield from below(at, _capacity_priced(full, charge))
            yield from below(at, ordered(*full.dates(charge)))
            yield from below(at, _ramp_in_order(full, charge))
            yield from below(at, _first_change_in_time(full, charge))
            yield from below(at, _days_that_weigh(full, charge))


def _two_parties(deal: Deal) -> Iterator[Fault]:
    if folded(deal.buyer) == folded(deal.seller):
        message = f"{deal.buyer[:40]} is both the buyer and the seller"
        help = "name the company that buys; two companies of one group have different names"
        yield Fault(("buyer",), "ambiguous-party", message, help)


def _charges_there(deal: Deal) -> Iterator[Fault]:
    if not deal.charges:
        help = "write one, with its price"
        yield Fault(("charges",), "empty", "a deal needs at least one charge", help)


def _name_is_free(name: str) -> Iterator[Fault]:
    if name == "fee":
        message = "no charge can be called `fee`: that is the line of the termination fee"
        yield Fault((), "name", message, "give it another name, such as `setup-fee`")


def _capacity_named(deal: Deal, name: str, charge: Charge) -> Iterator[Fault]:
    for index, part in enumerate(charge.capacity):
        at = ("capacity", index)
        if isinstance(part, str) and (part == name or part not in deal.charges):
            others = [other for other in deal.charges if other != name]
            help = did_you_mean(part, others) if others else "write it like `300 MW`"
            yield Fault(at, "unknown-name", f"no other charge is called `{part}`", help)
        elif isinstance(part, str) and not (_sold_by(deal, part) or _lacks_capacity(deal, part)):
            message = f"the charge `{part}` has no capacity of its own"
            yield Fault(at, "no-capacity", message, "write the capacity here, like `300 MW`")


def _capacity_priced(deal: Deal, charge: Charge) -> Iterator[Fault]:
    first = charge.capacity[0] if charge.capacity else None
    if isinstance(first, str) and not _sold_by(deal, first):
        return  # which the rule above says
    capacity = deal.capacity(charge)
    for path, price in charge.prices():
        if price.unit and all(convert(part, price.unit) is None for part in capacity):
            units = " and ".join(part.unit for part in capacity)
            there = f"the capacity is in {units}" if capacity else "there is no capacity"
            help = f"add the capacity in {price.unit}, like `300 {price.unit}`"
            yield Fault(path, "no-capacity", f"the price is per {price.unit}, but {there}", help)
            return


def _lacks_capacity(deal: Deal, name: str) -> bool:
    """Whether a charge that sells nothing is at fault for that itself."""
    charge = deal.charges[name]
    if charge.capacity:
        return charge.capacity[0] not in deal.charges
    return any(price.unit for _, price in charge.prices())


def _sold_by(deal: Deal, name: str) -> tuple[Quantity, ...]:
    """The capacity that a charge says itself."""
    parts = deal.charges[name].capacity if name in deal.charges else ()
    return tuple(part for part in parts if isinstance(part, Quantity))


def _inside_the_term(deal: Deal, charge: Charge) -> Iterator[Fault]:
    start, through = deal.dates(charge)
    begins, ends = deal.term.start, deal.term.last
    last = "through" if charge.through else "months"
    for name, day in (("start", start), (last, through)):
        if not begins <= day <= ends:
            at = ("on" if charge.on else name,)
            message = f"{day} is outside the term, which runs from {begins} to {ends}"
            help = "extend the term, or move the charge into it"
            yield Fault(at, "outside-term", message, help)
            return
    yield from ordered(start, through)


def _in_service(deal: Deal, charge: Charge) -> bool:
    """Whether a charge has days of service inside the term, as the rule above demands.

    Those of what an option adds may lie outside.
    """
    start, through = deal.dates(charge)
    if charge.added_by:
        return start <= through
    return deal.term.start <= start <= through <= deal.term.last


def _ramp_in_order(deal: Deal, charge: Charge) -> Iterator[Fault]:
    start, _ = deal.dates(charge)
    for index, (begins, ends, step) in enumerate(charge.steps(start)):
        if ends < begins:
            path = ("ramp", index, "through" if step.through else "months")
            message = f"the step ends on {ends}, before it begins on {begins}"
            help = "put the steps in order of date"
            yield Fault(path, "reversed-dates", message, help)
            return


def _first_change_in_time(deal: Deal, charge: Charge) -> Iterator[Fault]:
    start, _ = deal.dates(charge)
    first = charge.escalator.first if charge.escalator else None
    if first and first < start and _in_service(deal, charge):
        message = f"the first change is on {first}, before the charge starts on {start}"
        help = "write the price of the first day, and the first change after it"
        yield Fault(("escalator", "first"), "reversed-dates", message, help)


def _days_that_weigh(deal: Deal, charge: Charge) -> Iterator[Fault]:
    if charge.price.per != "total" or not _in_service(deal, charge):
        return
    start, through = deal.dates(charge)
    if deal.proration == "30/360" and start == through and start.day == 31:
        message = (
            f"{start}, its only day, does not count under 30/360, so no price is spread over it"
        )
        yield Fault(("price",), "no-weight", message, "use a price `once`, or another proration")
        return
    clock = month_clock(deal.proration, start)
    paid = (stretch for stretch in charge.stretches(start, through) if stretch.multiple)
    if all(clock(stretch.through) == clock(stretch.start - DAY) for stretch in paid):
        message = "the ramp takes 100% off every day that counts, so no price is spread over any"
        yield Fault(("ramp",), "no-weight", message, "shorten the ramp, or take less off")


def _months_to_price(deal: Deal, fullest: Fullest) -> Iterator[Fault]:
    deal = fullest() or deal
    months = sum(months_touched(*deal.dates(charge)) for charge in deal.charges.values())
    if months > MOST_PRICED_MONTHS:
        message = (
            f"the charges run for {months:,} months; at most {MOST_PRICED_MONTHS:,} are priced"
        )
        yield Fault(("charges",), "limit", message, "move some of them to another file")


def _increases_to_compute(deal: Deal, fullest: Fullest) -> Iterator[Fault]:
    deal, increases = fullest() or deal, 0
    for name, charge in deal.charges.items():
        if charge.escalator:
            increases += months_touched(*deal.dates(charge)) // charge.escalator.every.count
        if increases > MOST_INCREASES:
            at = ("charges", name, "escalator", "every")
            message = f"the prices change more than {MOST_INCREASES} times in all"
            yield Fault(at, "too-many-steps", message, "make them change less often")
            return


def folded(name: str) -> str:
    """A name without what does not tell one party from another: case, and runs of spaces."""
    return " ".join(name.split()).casefold()

"""The faults of options: what they may extend, add and cost, and when each may be taken.

A rule that follows the options from day to day is put only where all charges and options are sound.
"""

from collections.abc import Callable, Iterator
from typing import Any

from dealcalc.terms.charges import Charge
from dealcalc.terms.dates import LAST_YEAR
from dealcalc.terms.deal import Deal, DealOption
from dealcalc.terms.faults import Fault, Rules, below, only_one
from dealcalc.terms.fields import Path
from dealcalc.terms.misread import did_you_mean
from dealcalc.terms.options import extended, lapse, last_taking, takings, with_taken
from dealcalc.terms.values import Price, convert

# --- an option alone ------------------------------------------------------------------------------


def about_option(option: DealOption) -> Rules:
    """One thing that it gives, taken in order, and no more often than there are times."""
    yield only_one(option, ("months", "years"))
    yield _gives_one_thing(option)
    yield _price_recurs(option)
    yield _taken_in_order(option)
    yield _taken_as_often(option)
    yield _fixed_in_time(option)


def _gives_one_thing(option: DealOption) -> Iterator[Fault]:
    if not option.adds:
        if not option.length:
            message = "the option neither adds charges nor says how long it extends them"
            yield Fault(("months",), "missing-key", message, "add `months: 60`, or `adds`")
        return
    for name in ("extends", "months", "years", "notice", "price"):
        if getattr(option, name) not in (None, ()):
            message = f"`{name}` does not apply to an option that adds charges"
            yield Fault((name,), "not-here", message, f"remove `{name}`, or make it two options")
    if option.times > 1:
        message = "charges are added once"
        yield Fault(("times",), "not-here", message, "remove `times`, or make it two options")


def _price_recurs(option: DealOption) -> Iterator[Fault]:
    if isinstance(option.price, Price) and not option.price.recurs:
        message = "a renewal takes a price per month, year, day or unit"
        yield Fault(("price",), "not-here", message, "write it like `600m per month`")


def _taken_in_order(option: DealOption) -> Iterator[Fault]:
    for index, (day, later) in enumerate(zip(option.taken, option.taken[1:], strict=False)):
        if later < day:
            message = f"taken on {later}, after {day}: the days are not in order"
            yield Fault(("taken", index + 1), "reversed-dates", message, "put the earliest first")
            return


def _taken_as_often(option: DealOption) -> Iterator[Fault]:
    count = len(option.taken) + option.take
    if count > option.times:
        path: Path = ("take",) if option.take else ("taken", option.times)
        once = "once" if option.times == 1 else f"{option.times} times"
        message = f"taken {count} times, but it may be taken {once}"
        help = "take it less often" + ("" if option.adds else ", or raise `times`")
        yield Fault(path, "option", message, help)


def _taken_at_a_price(name: str, option: DealOption) -> Iterator[Fault]:
    if not option.is_priced and (option.taken or option.take):
        message = "a renewal at market has no price yet, so it cannot be taken"
        help = f"give it one: --set options.{name}.price='600m per month'"
        yield Fault(("take",) if option.take else ("taken",), "option", message, help)


# --- an option of a deal --------------------------------------------------------------------------


def about_options(deal: Deal) -> Rules:
    """Charges that can be renewed, or new ones; and each is taken while it may be."""
    for name, option in deal.options.items():
        yield below(("options", name), _renews_charges(deal, option))
        yield below(("options", name), _adds_others(deal, name, option))
        yield below(("options", name), _taken_at_a_price(name, option))
    yield _one_party_each(deal)
    yield _few_renewals(deal)
    for rule in (_may_be_taken, _taken_in_time, _ends_in_time):
        yield _if_sound(deal, rule)


def _renews_charges(deal: Deal, option: DealOption) -> Iterator[Fault]:
    for index, name in enumerate(option.extends):
        if name in option.extends[:index]:
            message = f"`{name}` is named twice"
            yield Fault(("extends", index), "conflict", message, "name it once")
        elif name not in deal.charges:
            yield Fault(("extends", index), "unknown-name", *_unknown(deal, name))
        else:
            yield from _renewable(deal, option, index, deal.charges[name])
    recurring = (charge for charge in deal.charges.values() if charge.price.recurs)
    if option.length and not option.extends and not any(recurring):
        help = "add `extends` with their names, and a `price`"
        yield Fault(("extends",), "missing-key", "no charge has a price that recurs", help)


def _unknown(deal: Deal, name: str) -> tuple[str, str]:
    """What is said of a name that is no charge's."""
    if any(name in option.adds for option in deal.options.values()):
        message = f"`{name}` is added by an option, so none extends it"
        return message, "give it its whole length where it is added"
    return f"no charge is called `{name}`", did_you_mean(name, deal.charges)


def _renewable(deal: Deal, option: DealOption, index: int, charge: Charge) -> Iterator[Fault]:
    if charge.price.per == "once":
        message = "what is paid once cannot be renewed"
        yield Fault(("extends", index), "not-here", message, "take it from the list")
    elif charge.price.per == "total" and not charge.escalator and option.price is None:
        message = "a price `in total` does not say what a renewal costs"
        yield Fault(("price",), "missing-key", message, "add a `price`, like `600k per month`")
    unit = option.price.unit if isinstance(option.price, Price) else None
    if charge.capacity and isinstance(charge.capacity[0], str):
        unit = unit if charge.capacity[0] in deal.charges else None
    if unit and all(convert(part, unit) is None for part in deal.capacity(charge)):
        message = f"the price is per {unit}, but what is renewed has no capacity in {unit}"
        yield Fault(("price",), "no-capacity", message, f"add it, like `300 {unit}`")


def _adds_others(deal: Deal, name: str, option: DealOption) -> Iterator[Fault]:
    before = [*deal.options][: [*deal.options].index(name)]
    taken = {*deal.charges, *(charge for other in before for charge in deal.options[other].adds)}
    for charge in option.adds:
        if charge in taken:
            message = f"a charge is called `{charge}` already"
            yield Fault(("adds", charge), "conflict", message, "give it another name")


def _fixed_in_time(option: DealOption) -> Iterator[Fault]:
    """What has no start of its own begins when it is taken, so nothing in it may have a date."""
    for name, charge in option.adds.items():
        if charge.start or charge.on:
            continue
        is_sum = charge.price.per == "total" and not charge.length
        dated = any(step.through or is_sum for step in charge.ramp)
        key = "ramp" if dated else "escalator"
        if dated or (charge.escalator and charge.escalator.first):
            message = f"`{key}` needs a `start`, since this charge begins when it is taken"
            yield Fault(("adds", name, "start"), "missing-key", message, "add `start: 2027-07`")


def _one_party_each(deal: Deal) -> Iterator[Fault]:
    holders: dict[str, str] = {}
    for name, option in deal.options.items():
        for charge in extended(deal, option):
            if holders.setdefault(charge, option.by) != option.by:
                message = f"buyer and seller may both extend `{charge}`"
                help = "give that right to one of them, or write a file for each"
                yield Fault(("options", name, "by"), "conflict", message, help)
                return


MOST_RENEWALS = 2_000
"""Of all charges together, each as often as it may be renewed."""


def _few_renewals(deal: Deal) -> Iterator[Fault]:
    options = deal.options.values()
    renewals = sum(option.times * len(extended(deal, option)) for option in options)
    if renewals > MOST_RENEWALS:
        message = f"charges may be renewed {renewals:,} times in all; at most {MOST_RENEWALS:,}"
        yield Fault(("options",), "limit", message, "move some of them to another file")


# --- from day to day ------------------------------------------------------------------------------


def sound(deal: Any) -> Deal | None:
    """A deal with its options and what they need; None where there are none, or one is at fault."""
    if not deal.options:
        return None
    options = deal.options.values()
    parts = [*deal.charges.values(), *(part for each in options for part in each.adds.values())]
    if not all(isinstance(part, Charge | DealOption) for part in (*options, *parts)):
        return None
    rules = [rule for option in options for rule in about_option(option)] + [_few_renewals(deal)]
    for name, option in deal.options.items():
        rules += [_renews_charges(deal, option), _adds_others(deal, name, option)]
        rules.append(_taken_at_a_price(name, option))
    if any(fault for rule in rules for fault in rule):
        return None
    return Deal(
        name="",
        seller="",
        buyer="",
        currency="USD",
        term=deal.term,
        charges=deal.charges,
        options=deal.options,
        conventions=deal.conventions,
    )


def _if_sound(deal: Deal, rule: Callable[[Deal], Iterator[Fault]]) -> Iterator[Fault]:
    if there := sound(deal):
        yield from rule(there)


def _may_be_taken(deal: Deal) -> Iterator[Fault]:
    """An option that lapses before there is a deal, or after what it adds has begun."""
    for name, option in deal.options.items():
        if option.adds and option.until and option.until > last_taking(deal, option):
            message = f"it may be taken until {option.until}, when what it adds has begun"
            help = "correct the day, or leave out `start`: service then begins the day after"
            yield Fault(("options", name, "until"), "option", message, help)
        elif (last := lapse(deal, option)) < deal.signed:
            key = "until" if option.until == last else "adds" if option.adds else "notice"
            message = f"it lapses on {last}, before the deal is signed on {deal.signed}"
            help = "correct the day, or remove the option"
            yield Fault(("options", name, key), "option", message, help)


def _taken_in_time(deal: Deal) -> Iterator[Fault]:
    count = dict.fromkeys(deal.options, 0)
    for day, name in takings(deal):
        option, index, last = deal.options[name], count[name], lapse(deal, deal.options[name])
        is_said = index < len(option.taken)
        path: Path = ("options", name, *(("taken", index) if is_said else ("take",)))
        if day < deal.signed:
            message = f"taken on {day}, before the deal is signed on {deal.signed}"
            yield Fault(path, "option", message, "correct the day")
            return
        if day > last:
            message = f"taken on {day}, but it lapses on {last}"
            yield Fault(path, "option", message, "correct the day, or until when it may be taken")
            return
        count[name] += 1
        deal = with_taken(deal, name, day)


def fullest(deal: Any) -> Deal | None:
    """A deal with all that is or ever could be taken; None where an option is at fault."""
    there = sound(deal)
    if there is None or next(_taken_in_time(there), None):
        return None
    for day, name in takings(there):
        there = with_taken(there, name, day)
    for name, option in there.options.items():
        for _ in range(option.times - len(option.days(there.signed)) if option.is_priced else 0):
            there = with_taken(there, name, there.signed)
    return there


def _ends_in_time(deal: Deal) -> Iterator[Fault]:
    full = fullest(deal)
    for name, option in deal.options.items() if full else ():
        assert full
        charges = (full.charges[charge] for charge in (*extended(deal, option), *option.adds))
        last = max(full.dates(charge)[1] for charge in charges)
        if last.year > LAST_YEAR:
            key = "adds" if option.adds else "times" if option.times > 1 else "months"
            message = f"taken in full, it leads to {last}"
            yield Fault(("options", name, key), "count", message, f"end it by {LAST_YEAR}")

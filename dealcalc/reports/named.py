"""What is doubtful and what is assumed, as notes: in full, and as short as names are."""

from collections.abc import Iterator, Mapping

from dealcalc.loading.problems import Problem
from dealcalc.reports.report import Note
from dealcalc.reports.units import marked

NAMES = {
    "billing": "payment terms",
    "billing.in": "day of invoices",
    "billing.due": "day of payment",
    "conventions.notice_day": "day of notice not counted",
    "conventions.proration": "months by actual days",
    "term.signed": "day of signing",
    "termination": "nobody may leave",
    "termination.by": "who may leave",
    "termination.fee": "early-termination fee",
    "termination.notice": "period of notice",
}
"""Terms whose keys alone would not say what they are, by their paths without numbers."""
OWNERS = ("charges", "sites")
"""What has terms of its own for each of several names."""


def assumed_notes(assumed: Mapping[str, str]) -> Iterator[Note]:
    """A note for each assumption of a file, by path."""
    paths = [path.split(".") for path in assumed]
    several = len({keys[1] for keys in paths if keys[0] in OWNERS}) > 1
    for path, text in assumed.items():
        yield Note(f"{path}: {text}", "assumed", _name(path.split("."), several=several))


def warning_note(warning: Problem, currency: str, where: str = "") -> Note:
    """A note of a warning: whole, and without its help where there is room for a line only."""
    short = marked(f"{where}{warning.message}", currency)
    help = f"; {marked(warning.help, currency)}" if warning.help else ""
    return Note(f"{short}{help}", "warning", short)


def _name(keys: list[str], *, several: bool) -> str:
    """`ramp discount` for `charges.compute.ramp.0.discount`; behind `of` where several have one."""
    if keys[0] in OWNERS and len(keys) > 2:
        _, owner, *keys = keys
        return _of_keys(keys) + (f" of {owner}" if several else "")
    plain = [key for key in keys if not key.isdigit()]
    return NAMES.get(".".join(plain)) or _of_keys(plain[1:] or plain)


def _of_keys(keys: list[str]) -> str:
    return " ".join(key.replace("_", " ") for key in keys if not key.isdigit())

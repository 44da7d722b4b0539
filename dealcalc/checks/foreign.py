"""YAML files that are none of ours: what is found below a folder need not be a scenario."""

import re

from dealcalc.loading.nodes import file_text
from dealcalc.loading.problems import Refused
from dealcalc.loading.walk import fields_of
from dealcalc.terms.book import BookTerms
from dealcalc.terms.deal import Deal
from dealcalc.terms.provider import Provider

OURS = {*fields_of(Deal), *fields_of(Provider), *fields_of(BookTerms)}
"""The top-level keys of scenario, site and book files."""
ALIKE = 0.75
"""How alike a key must be to one of ours to be a mistake for it: `dael` is, `site_name` is not."""

_KEY = re.compile(r"""^(["']?)(\w[^"'\n:]*?)\1\s*:(?=\s|$)""", re.MULTILINE)
_CONTENT = re.compile(r"^(?!\s*(?:#.*)?$|---\s*$|%)", re.MULTILINE)


def is_foreign(name: str) -> bool:
    """Whether a file is no scenario, and no mistaken one: no top-level key is near one of ours.

    It is judged by its lines, since what other programs read may be YAML that is refused here. An
    empty file is a mistake, and so is one that cannot be read.
    """
    from difflib import get_close_matches

    try:
        text = file_text(name)
    except Refused:
        return False
    keys = [key for _, key in _KEY.findall(text)]
    in_brackets = text.lstrip().startswith("{")
    near = any(get_close_matches(key.casefold(), OURS, n=1, cutoff=ALIKE) for key in keys)
    return bool(_CONTENT.search(text)) and not in_brackets and not near

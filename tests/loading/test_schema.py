"""The schema that editors use: it refuses what the reader refuses for its shape, and nothing else.

A shape is what one value, or the keys of one mapping, look like. Rules across values (an end before
its start, a price per MW without MW) and bounds (a sum beyond 1e18) are the reader's alone.
"""

import copy
import json
import re
from random import Random
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from random_deals import as_yaml, random_deal
from shipped import SCENARIOS, TESTS

from dealcalc.cli import run
from dealcalc.loading import schema
from dealcalc.loading.nodes import Node, Source, parse
from dealcalc.loading.problems import Problem
from dealcalc.loading.reader import Reader
from dealcalc.terms import provider, words
from dealcalc.terms.book import BookTerms
from dealcalc.terms.currencies import MARK, codes_of
from dealcalc.terms.deal import Deal
from dealcalc.terms.misread import Misread
from dealcalc.terms.money import in_currency
from dealcalc.terms.provider import Provider
from dealcalc.terms.words import Word

SCHEMA = json.loads(schema.text())
EDITOR = Draft7Validator(SCHEMA)
BROKEN = sorted((TESTS / "broken").glob("*.yaml"))
NAMED = vars(words) | vars(provider)
WORDS = {name: word for name, word in NAMED.items() if isinstance(word, Word)}
SITE = SCENARIOS / "xai-neocloud.yaml"


# --- what each of them says -----------------------------------------------------------------------


class ShapeReader(Reader):
    """Reads values and keys, and leaves out every rule."""

    def _check(self, value: Any, node: Any) -> None:
        pass


def reader_refuses(text: str) -> list[Problem]:
    root, problems = parse(Source("deal.yaml", text, quotable=True))
    if root is not None:
        kinds = {"provider": Provider, "book": BookTerms}
        keys = root.value if isinstance(root.value, dict) else {}
        kind = next((type_ for key, type_ in kinds.items() if key in keys), Deal)
        ShapeReader(problems).read(kind, root)
    return problems


class Editors(yaml.SafeLoader):
    """YAML as editors read it, by the core schema of YAML 1.2: `no` and 2026-05-01 are texts."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - it replaces the parent's


Editors.add_implicit_resolver("tag:yaml.org,2002:null", re.compile("(?:~|null|Null|NULL|)$"), None)
Editors.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile("(?:true|True|TRUE|false|False|FALSE)$"), None
)
Editors.add_implicit_resolver(
    "tag:yaml.org,2002:number",
    re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$"),
    None,
)
Editors.add_constructor("tag:yaml.org,2002:number", lambda _, node: number(node.value))


def number(text: str) -> int | float:
    return int(text) if re.fullmatch("[-+]?[0-9]+", text) else float(text)


def editor_refuses(text: str) -> list[str]:
    value = yaml.load(text, Editors)  # noqa: TID251 - it is what editors do
    found = EDITOR.iter_errors(value)
    return [f"{list(error.absolute_path)}: {error.message[:200]}" for error in found]


def agree(text: str) -> bool:
    """Whether both refuse a text or both take it; the failing side is shown."""
    reader, editor = reader_refuses(text), editor_refuses(text)
    assert bool(reader) == bool(editor), (reader, editor)
    return not reader


# --- the schema -----------------------------------------------------------------------------------


def test_it_is_a_schema():
    Draft7Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", sorted(path.name for path in SCENARIOS.glob("*.yaml")))
def test_it_takes_every_file_that_is_shipped(name):
    assert agree((SCENARIOS / name).read_text(encoding="utf-8"))


def test_the_shipped_schema_is_the_one_that_is_printed(pinned, capfdbinary):
    assert run(["schema"]) == 0
    pinned(SCENARIOS / "scenario.schema.json", capfdbinary.readouterr().out)


def test_every_shipped_file_tells_editors_where_it_is():
    for path in SCENARIOS.glob("*.yaml"):
        lines = path.read_text(encoding="utf-8").splitlines()
        assert "# yaml-language-server: $schema=scenario.schema.json" in lines, path.name


def test_it_is_written_to_a_file(tmp_path, capfd):
    name = tmp_path / "scenario.schema.json"
    assert run(["schema", "-o", str(name)]) == 0
    assert capfd.readouterr() == ("", f"wrote {name}\n")
    assert name.read_text(encoding="utf-8") == schema.text()


def test_every_key_is_explained():
    def described(node: dict[str, Any]) -> None:
        for key, value in node.get("properties", {}).items():
            assert value["description"], key
            described(value)
        for below in ("items", "additionalProperties"):
            if isinstance(node.get(below), dict):
                described(node[below])

    described(SCHEMA["then"])
    described(SCHEMA["else"]["then"])
    described(SCHEMA["else"]["else"])
    charge = SCHEMA["else"]["else"]["properties"]["charges"]["additionalProperties"]["properties"]
    assert charge["price"]["title"] == "price"
    assert charge["price"]["examples"] == ["1.25bn per month"]
    assert charge["price"]["description"] == "what is paid, and for what"


# --- the same as the reader -----------------------------------------------------------------------

DEAL = """\
deal: Northgate
seller: Example Halls
buyer: Example Lab
currency: USD
term: {start: 2026-05, through: 2029-05}
charges:
  compute:
    price: 1.25bn per month
    capacity: [300 MW, 220000 GPU]
    ramp:
      - {months: 2, discount: 50%}
    escalator: {rate: 3%, every: 12 months}
termination: {by: either, notice: 90 days, fee: 500m}
claims: [{claim: total > 40bn}]
cases:
  no-discount: {set: {charges.compute.ramp.0.discount: 0%}}
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("seller: Example Halls", "seler: Example Halls"),
        ("seller: Example Halls\n", ""),
        ("seller: Example Halls", "seller:"),
        ("seller: Example Halls", "seller: [Example Halls]"),
        ("currency: USD", "currency: usd"),
        ("start: 2026-05", "start: 2026-5"),
        ("start: 2026-05", "start: 2026-13"),
        ("start: 2026-05", "start: 2026-02-29"),
        ("start: 2026-05", "start: 1969-05"),
        ("price: 1.25bn per month", "price: 1.25bn"),
        ("price: 1.25bn per month", "price: 1.25bn per mouth"),
        ("price: 1.25bn per month", "price: 1,25bn per month"),
        ("price: 1.25bn per month", "price: 1.25bn per month US$"),
        ("price: 1.25bn per month", "price: 155 per MWh-month"),
        ("price: 1.25bn per month", "price: 1_250_000.5 in total"),
        ("price: 1.25bn per month", "price: none"),
        ("[300 MW, 220000 GPU]", "300"),
        ("[300 MW, 220000 GPU]", "[]"),
        ("[300 MW, 220000 GPU]", "[[300 MW]]"),
        ("discount: 50%", "discount: 100.5%"),
        ("discount: 50%", "discount: 0.5"),
        ("discount: 50%", "discount: -5%"),
        ("months: 2,", "months: 0,"),
        ("months: 2,", "months: 2.5,"),
        ("months: 2,", "months: '2761',"),
        ("months: 2,", "months: two,"),
        ("      - {months: 2, discount: 50%}", "      {months: 2, discount: 50%}"),
        ("rate: 3%", "rate: 3.00001%"),
        ("every: 12 months", "every: 360 days"),
        ("every: 12 months", "every: 0 months"),
        ("by: either", "by: both"),
        ("notice: 90 days", "notice: 3 fortnights"),
        ("notice: 90 days", "notice: 90"),
        ("fee: 500m", "fee: -500"),
        ("fee: 500m", "fee: 3 days"),
        ("fee: 500m", "fee: 101% of remaining"),
        ("compute:\n", "com.pute:\n"),
        ("claims: [{claim: total > 40bn}]", "claims: total > 40bn"),
        ("claims: [{claim: total > 40bn}]", "claims: {}"),
        ("{set: {charges.compute.ramp.0.discount: 0%}}", "{}"),
        ("{set: {charges.compute.ramp.0.discount: 0%}}", "[set]"),
    ],
)
def test_both_refuse(old, new):
    assert old in DEAL
    assert agree(DEAL)
    assert not agree(DEAL.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("seller: Example Halls", "seller: 37"),
        ("seller: Example Halls", "seller: true"),
        ("seller: Example Halls", "seller: 1e9"),
        ("through: 2029-05}", "months: 37}"),
        ("through: 2029-05}", "months: '37'}"),
        ("through: 2029-05}", "through: 2028-02-29}"),
        ("price: 1.25bn per month", "price: ' 1.25 BN  per   month '"),
        ("price: 1.25bn per month", "price: 1.25e9 per GWh"),
        ("price: 1.25bn per month", "price: $1.25bn a month"),
        ("price: 1.25bn per month", "price: USD 154/kW-month"),
        ("price: 1.25bn per month", "price: 154 USD per kW monthly"),
        ("escalator: {rate: 3%, every: 12 months}", "escalator: 3%"),
        ("every: 12 months", "every: year"),
        ("through: 2029-05}", "years: 15}"),
        ("months: 2,", "years: 1,"),
        ("notice: 90 days", "notice: 13 Weeks"),
        ("fee: 500m", "fee: $500m"),
        ("fee: 500m", "fee: 1 year"),
        ("[300 MW, 220000 GPU]", "compute-2"),
        ("[300 MW, 220000 GPU]", "300MW"),
        ("[300 MW, 220000 GPU]", "Größe 2"),
        ("fee: 500m", "fee: 500000000"),
        ("fee: 500m", "fee: 2.5e8"),
        ("fee: 500m", "fee: 25% of remaining"),
        ("fee: 500m", "fee: 3 Months"),
        ("fee: 500m", "fee: none"),
        ("fee: 500m", "lock_out: 2026-08-03"),
        ("rate: 3%", "rate: -2.5000 %"),
        ("termination: {by: either, notice: 90 days, fee: 500m}", "termination: none"),
        ("{by: either, notice: 90 days, fee: 500m}", "[{notice: 0 days}]"),
        ("cases:\n  no-discount: {set: {charges.compute.ramp.0.discount: 0%}}", "cases: none"),
        ("{set: {charges.compute.ramp.0.discount: 0%}}", "none"),
    ],
)
def test_both_take(old, new):
    assert old in DEAL
    assert agree(DEAL.replace(old, new, 1))


def test_they_agree_on_the_broken_files():
    """One file for every code; what the reader refuses for its shape, the schema does too."""
    assert BROKEN
    for path in BROKEN:
        text = path.read_bytes().decode("utf-8", "replace")
        if is_yaml(text):
            agree(text)


def is_yaml(text: str) -> bool:
    """Whether an editor gets a value to judge: one document of plain YAML, within the limits."""
    root, problems = parse(Source("deal.yaml", text, quotable=True))
    return root is not None and not problems and isinstance(root.value, dict)


@given(st.randoms(use_true_random=False))
def test_they_take_generated_deals(rng):
    assert agree(as_yaml(random_deal(rng)))


TEXTS = re.split(
    r",\s+",
    """37, 0, 2760, 2761, 1.5, -1, 1e9, 12k, 600m, 50%, 100.5%, -3%, 3.00001%, 2026-05, 2026-05-31,
    2026-06-31, 2100-02-29, 2028-02-29, 90 days, 1 month, 3 weeks, 300 MW, 2 gpu, 220000 GPU,
    1.25bn per month, 55 per MWh, 2.4bn in total, 40m once, 25% of remaining, either, buyer, USD,
    usd, none, no, 12:30, some text, x.y, a/b.yaml, ../x.yaml, /x.yaml, a//b, C:x""",
)
ODD_VALUES: list[Any] = [*TEXTS, {}, [], {"a": "b"}, ["37"], [["37"]], [{}], {"price": "40m once"}]


def places(node: Any) -> list[tuple[Any, Any]]:
    """Every mapping or list of a deal with every key or index in it."""
    keys = list(node) if isinstance(node, dict) else range(len(node))
    below = [place for key in keys if not isinstance(node[key], str) for place in places(node[key])]
    return [*((node, key) for key in keys), *below]


def changed(rng: Random, deal: dict[str, Any]) -> dict[str, Any]:
    """A deal with something taken away, renamed, or replaced by what belongs elsewhere."""
    deal = copy.deepcopy(deal)
    for _ in range(rng.choice([1, 1, 1, 2])):
        holder, key = rng.choice(places(deal))
        kind = rng.random()
        if kind < 0.2:
            del holder[key]
        elif kind < 0.3 and isinstance(holder, dict):
            holder[rng.choice(["month", "a b", "in", "set", "claims"])] = holder.pop(key)
        elif kind < 0.4 and isinstance(holder, dict):
            holder[rng.choice(["extra", "by", "through", "price"])] = rng.choice(ODD_VALUES)
        else:
            holder[key] = copy.deepcopy(rng.choice(ODD_VALUES))
    return deal


@given(st.randoms(use_true_random=False))
def test_they_agree_on_changed_deals(rng):
    deal = random_deal(rng) | {"cases": {"leaving": {"notice": "2026-01-01", "by": "buyer"}}}
    deal |= {"sources": {"term": "made up"}, "claims": [{"claim": "total > 1bn", "source": "x"}]}
    agree(as_json(changed(rng, deal)))


def plain(node: Node) -> Any:
    """A node as mappings, lists and texts."""
    if isinstance(node.value, dict):
        return {key: plain(value) for key, value in node.value.items()}
    return [plain(one) for one in node.value] if isinstance(node.value, list) else node.value


@given(st.randoms(use_true_random=False))
def test_they_agree_on_changed_sites(rng):
    root, _ = parse(Source("site.yaml", SITE.read_text(encoding="utf-8")))
    agree(as_json(changed(rng, plain(root))))


def as_json(deal: Any) -> str:
    """A deal as YAML in brackets; texts without quotes where YAML takes them for one value."""
    if isinstance(deal, dict):
        entries = (f"{json.dumps(key)}: {as_json(value)}" for key, value in deal.items())
        return "{" + ", ".join(entries) + "}"
    if isinstance(deal, list):
        return "[" + ", ".join(map(as_json, deal)) + "]"
    return deal if re.fullmatch(r"-?[A-Za-z0-9][A-Za-z0-9 .%_-]*", deal) else json.dumps(deal)


# --- word by word ---------------------------------------------------------------------------------

BOUNDS = ("it is more than 1e18", "a number has at most 40 characters", "a name has 1 to 80 plain")
"""What a pattern leaves to the reader; see above."""


def refusal(word: Word, text: str) -> str:
    try:
        bare = in_currency(text.strip(), None) if word.is_money else text.strip()
        word.read(bare)
    except Misread as misread:
        return misread.message
    return ""


def takes(word: Word, text: str) -> bool:
    if word.choices:
        return text.strip() in word.choices
    return bool(re.fullmatch(rf"\s*(?:{word.shape})\s*", text))


@pytest.mark.parametrize("name", sorted(WORDS))
def test_a_word_takes_its_own_example_and_its_pattern_fits(name):
    word = WORDS[name]
    assert takes(word, word.example)
    assert refusal(word, word.example) == ""
    assert [text for text in TEXTS if takes(word, text) != (refusal(word, text) == "")] == []


@pytest.mark.parametrize("name", sorted(name for name in WORDS if not WORDS[name].choices))
@given(data=st.data())
def test_what_a_pattern_makes_is_read(name, data):
    word = WORDS[name]
    text = data.draw(st.from_regex(word.shape, fullmatch=True))
    message = refusal(word, text)
    # No pattern that all editors know says which of the characters beyond ASCII are letters.
    is_symbol = name == "CAPACITY" and not text.strip()[:1].isascii()
    assert (
        message == ""
        or message.startswith(BOUNDS)
        or len(text) > 40
        or is_symbol
        or odd(word, text)
    )


def odd(word: Word, text: str) -> bool:
    """Whether three capitals are a currency to a pattern, and there is none of that code."""
    return word.is_money and not all(map(codes_of, re.findall(MARK, text)))


ALPHABET = "0123456789.,_-+%eEkKmMbBnNtTwWhHGPUdaysonrucpi \t"


@pytest.mark.parametrize("name", sorted(WORDS))
@given(data=st.data())
def test_what_is_read_fits_the_pattern(name, data):
    """A text of the word, or a near miss of one, that the reader takes is taken by the pattern."""
    word = WORDS[name]
    text = list(data.draw(st.sampled_from([word.example, *TEXTS, *word.choices[:3]])))
    for _ in range(data.draw(st.integers(0, 3))):
        at = data.draw(st.integers(0, len(text)))
        text[at : at + data.draw(st.integers(0, 1))] = data.draw(st.sampled_from(ALPHABET))
    joined = "".join(text)
    if refusal(word, joined) == "":
        assert takes(word, joined), joined
    elif takes(word, joined) and not odd(word, joined):
        assert refusal(word, joined).startswith(BOUNDS), joined


def test_a_leap_day_is_a_day_in_leap_years_only():
    leap = [year for year in range(1970, 2200) if takes(words.DATE, f"{year}-02-29")]
    assert leap == [year for year in range(1972, 2200, 4) if year != 2100]

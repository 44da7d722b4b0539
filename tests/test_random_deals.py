"""Random deals: written as they are, the same from the same seed, and answered by the oracle."""

from __future__ import annotations

from random import Random
from typing import Any

import yaml
from hypothesis import given, settings
from oracle import Oracle
from random_deals import as_yaml, deals, random_deal
from small_deals import MODEL

Node = dict[str, Any]

# ---- random deals ----


def test_a_file_says_what_the_deal_says() -> None:
    for seed in range(300):
        deal = random_deal(Random(seed))
        assert yaml.BaseLoader(as_yaml(deal)).get_single_data() == deal


def test_a_file_names_its_parties() -> None:
    text = as_yaml(MODEL)
    assert text.startswith("deal: Northgate\nseller: xAI\nbuyer: Anthropic\n")
    assert "      - months: 2\n        discount: 50%\n" in text


def test_the_same_seed_gives_the_same_deal() -> None:
    assert random_deal(Random(7)) == random_deal(Random(7))


@settings(max_examples=50, deadline=None)
@given(deals())
def test_the_oracle_answers_every_deal(deal: Node) -> None:
    oracle = Oracle(deal)
    assert sum(oracle.months().values()) == oracle.total()
    assert sum(oracle.years().values()) == oracle.total()
    for as_of in (oracle.start, oracle.signed, oracle.through):
        for by in (None, "buyer", "seller"):
            standing = oracle.standing(as_of, by)
            assert standing.cancellable >= 0
            if "seller" not in {charge.get("paid_by") for charge in deal["charges"].values()}:
                assert standing.firm >= 0

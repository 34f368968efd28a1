"""What training does to sentences: names change, trees stay."""

from __future__ import annotations

import itertools
import random

from hypothesis import given
from hypothesis import strategies as st

from kg.train import augment, data
from kg.train.data import Sentence

WORDS = ["Angela", "Merkel", "traf", "Putin", "in", "New", "York"]
TAGS = ["B-PER", "I-PER", "O", "B-PER", "O", "B-LOC", "I-LOC"]
SENTENCE = Sentence("x", "de", WORDS, [True] * 6 + [False], ner=TAGS)
POOL: augment.Pool = {
    ("de", "PER", 2, False): [augment.Name(("Kim", "Jong-un"), (True, True))],
    ("de", "PER", 1, False): [augment.Name(("Xi",), (True,))],
    ("de", "LOC", 2, False): [augment.Name(("Kap", "Verde"), (True, True))],
}


def test_names_are_changed_for_names_of_their_kind() -> None:
    changed = augment.swap_names(SENTENCE, POOL, {}, 1.0, random.Random(0))
    assert changed.words == ["Kim", "Jong-un", "traf", "Xi", "in", "Kap", "Verde"]
    assert changed.spaces == SENTENCE.spaces
    assert changed.ner == TAGS


@given(st.floats(0, 1), st.integers())
def test_words_that_are_no_names_stay(share: float, seed: int) -> None:
    changed = augment.swap_names(SENTENCE, POOL, {}, share, random.Random(seed))
    assert len(changed.words) == len(WORDS)
    assert [changed.words[2], changed.words[4]] == ["traf", "in"]


@given(st.lists(st.sampled_from(["O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-OTH"]), max_size=12))
def test_mentions_lie_side_by_side(tags: list[str]) -> None:
    found = sorted(data.spans(tags))
    assert all(a < b <= len(tags) for a, b, _ in found)
    assert all(first[1] <= second[0] for first, second in itertools.pairwise(found))

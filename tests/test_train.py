"""What training does to sentences: names change, trees stay."""

from __future__ import annotations

import itertools
import random

from hypothesis import given
from hypothesis import strategies as st

from kg.train import augment, data, gum
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


def rows(*lines: str) -> list[gum.Row]:
    """Make rows from "form upos head rel brackets"; heads are 1-based, 0 for the root."""
    out = []
    for line in lines:
        form, upos, head, rel, *brackets = line.split()
        misc = "Entity=" + "".join(brackets) if brackets else "_"
        out.append(gum.Row(form, upos, int(head) - 1, rel, False, misc))
    return out


def named(words: list[gum.Row]) -> list[tuple[str, str]]:
    found = gum.names(words, frozenset({"Norway"}))
    return [(" ".join(r.form for r in words[a : b + 1]), label) for a, b, label in found]


def test_a_title_is_no_part_of_a_name() -> None:
    words = rows(
        "NATO PROPN 2 compound (1-person-new-n-cf1-1,2,3,4-sgl(2-organization-new-n-cf2-1-sgl)",
        "Ambassador PROPN 3 nmod:desc",
        "Ida PROPN 5 nsubj",
        "Holm PROPN 3 flat 1)",
        "spoke VERB 0 root",
    )
    assert named(words) == [("NATO", "ORG"), ("Ida Holm", "PER")]


def test_what_lies_between_the_words_of_a_minimal_span_is_no_part_of_a_name() -> None:
    words = rows(
        "Teams NOUN 6 nsubj (1-organization-new-n-cf1-1,5-coref",
        "from ADP 3 case",
        "Norway PROPN 1 nmod (2-place-new-n-cf2-1-sgl)",
        "and CCONJ 5 cc",
        "Wales PROPN 3 conj (3-place-new-n-cf3-1-sgl)1)",
        "won VERB 0 root",
    )
    assert named(words) == [("Norway", "LOC"), ("Wales", "LOC")]


def test_a_name_goes_on_over_of_but_not_over_a_possessive() -> None:
    words = rows(
        "Norway PROPN 4 nmod:poss (1-organization-new-n-cf1-1,4,6-sgl(2-place-new-n-cf2-1-sgl)",
        "'s PART 1 case",
        "new ADJ 4 amod",
        "Ministry PROPN 7 nsubj",
        "of ADP 6 case",
        "Climate PROPN 4 nmod 1)",
        "agreed VERB 0 root",
    )
    assert named(words) == [("Norway", "LOC"), ("Ministry of Climate", "ORG")]

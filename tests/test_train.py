"""What training does to sentences: names change, trees stay."""

from __future__ import annotations

import itertools
import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.resources import model_dir
from kg.train import annotated, augment, data, gum
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


def test_names_that_readers_found_are_given_to_their_sentence() -> None:
    found = annotated.read_names()
    assert len(found) > 1900
    bare = Sentence("x", "de", ["Die", "Botschaft", "in", "Kiew"], [True] * 4)
    assert annotated.with_names([bare]) == [bare]
    assert annotated.key(["a", "b"]) != annotated.key(["a", "c"])


def test_an_arc_that_a_reader_left_open_is_unknown(tmp_path: Path) -> None:
    table = tmp_path / "arcs.tsv"
    table.write_text("sentence\tword\thead\trelation\nab\t2\t0\troot\nab\t3\t?\t?\n", "utf-8")
    assert annotated.read_arcs(table) == {"ab": {1: (0, "root"), 2: None}}


def test_every_decided_arc_has_a_head_and_a_relation() -> None:
    relations = set()
    for arcs in annotated.read_arcs().values():
        for word, arc in arcs.items():
            if arc is not None:
                assert arc[0] >= 0
                assert arc[0] != word + 1
                relations.add(arc[1])
                assert (arc[0] == 0) == (arc[1] == "root")
    labels = json.loads((model_dir() / "kg_ud" / "labels.json").read_text("utf-8"))["labels"]
    assert relations <= set(labels["rels"])


def test_names_are_read_off_brackets(tmp_path: Path) -> None:
    text = tmp_path / "written.txt"
    text.write_text(
        "# comment\n[PER Olaf Scholz] traf in [LOC Kiew] den [PART US-Präsidenten].\n", "utf-8"
    )
    (sentence,) = annotated.read_written(text)
    assert sentence.words[:4] == ["Olaf", "Scholz", "traf", "in"]
    assert data.spans(sentence.ner or []) == {(0, 2, "PER"), (4, 5, "LOC")}
    assert sentence.spaces[-2:] == [False, False]


def test_a_bracket_inside_a_word_is_named_by_line(tmp_path: Path) -> None:
    text = tmp_path / "written.txt"
    text.write_text("Alles gut.\nDie [LOC Kiew]er kamen.\n", "utf-8")
    with pytest.raises(ValueError, match=r"written.txt:2: 'Kiew'"):
        list(annotated.read_written(text))

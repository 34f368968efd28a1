"""The BenchIE scorer on small hand-made clusters."""

from __future__ import annotations

import pytest

from tests.bench.benchie import Score, equals, score

CLUSTERS = [
    [["[The] mayor", "opened", "[a] [new] bridge"], ["[The] mayor", "opened a", "bridge"]],
    [["[The] mayor", "opened [a] bridge in", "May"]],
]


@pytest.mark.parametrize(
    ("phrase", "pattern", "expected"),
    [
        ("the new bridge", "[the] [new] bridge", True),
        ("bridge", "[the] [new] bridge", True),
        ("The  Bridge", "[the] bridge", True),
        ("new", "[the] [new] bridge", False),
        ("the bridge", "the [new] bridge too", False),
        # A group is optional as a whole.
        ("bridge of the town", "bridge [of the town]", True),
        ("bridge of", "bridge [of the town]", False),
        ("a a bridge", "[a] [a] bridge", True),
        # Punctuation counts, its spacing and the style of quotation marks do not.
        ("Bern, Basel", "Bern , Basel", True),
        ("Bern Basel", "Bern , Basel", False),
        ("Bern Basel", "Bern [,] Basel", True),
        ('the "Bote"', "the `` Bote ''", True),
    ],
)
def test_optional_words(phrase: str, pattern: str, expected: bool) -> None:
    assert equals(phrase, pattern) is expected


def test_extractions_that_match_one_cluster_count_once() -> None:
    triples = [("The mayor", "opened", "a bridge"), ("mayor", "opened a", "bridge")]
    assert score(triples, CLUSTERS) == Score(hit=1, clusters=2, wrong=0)


def test_what_matches_nothing_costs_precision_once() -> None:
    wrong = ("the mayor", "opened in", "May")
    result = score([wrong, wrong, ("the mayor", "opened", "bridge")], CLUSTERS)
    assert result == Score(hit=1, clusters=2, wrong=1)
    assert (result.precision, result.recall, result.f1) == (0.5, 0.5, 0.5)


def test_all_parts_must_come_from_the_same_triple() -> None:
    assert score([("mayor", "opened a", "new bridge")], CLUSTERS).hit == 0


def test_a_sentence_without_clusters_can_only_cost() -> None:
    assert score([("a", "b", "c")], []) == Score(hit=0, clusters=0, wrong=1)
    assert score([], []).f1 == 0

"""What one part of a reading tells of another: German case and compounds, voice."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_NOUN_PHRASE_HEADS = frozenset({"NOUN", "PROPN", "PRON", "NUM", "ADJ", "X"})
_WERDEN = re.compile("wird|wirst|w[eouü]rd")


_CASE_OF = {"nsubj": "Nom", "obj": "Acc"}
_WEIGHT = 1.0
"""Natural log of how much likelier a subject's nominative and an object's accusative become."""


def one_case(
    scores: NDArray[np.float32],
    values: Sequence[str],
    heads: Sequence[int],
    rels: Sequence[str],
    upos: Sequence[str],
) -> NDArray[np.int64]:
    """Choose one case for a noun and the determiners and adjectives before it.

    Args:
        scores: (words, 1 + cases) log-probabilities; column 0 means that no case is marked.
        values: what the columns stand for ("_", "Acc", "Dat", "Gen", "Nom").
        heads: for each word the index of its head, 1-based, 0 for the root.
        rels: Universal Dependencies relations.
        upos: parts of speech.

    Returns:
        For each word the column of its case. Words without a case keep having none.
    """
    best: NDArray[np.int64] = scores.argmax(1)
    phrases: dict[int, list[int]] = {
        word: [word] for word, rel in enumerate(rels) if rel in _CASE_OF and best[word]
    }
    for word, (head, rel) in enumerate(zip(heads, rels, strict=True)):
        if rel.partition(":")[0] not in ("det", "amod") or head - 1 <= word or not best[word]:
            continue
        if upos[head - 1] in _NOUN_PHRASE_HEADS and best[head - 1]:
            phrases.setdefault(head - 1, [head - 1]).append(word)
    for words in phrases.values():
        total = scores[words, 1:].sum(0)
        if case := _CASE_OF.get(rels[words[0]]):
            total[values.index(case) - 1] += _WEIGHT
        best[words] = total.argmax() + 1
    return best


def passive_by_tree(word: str, rel: str) -> bool | None:
    """Tell whether a form of "werden" makes a passive; None for what the tree leaves open."""
    if not _WERDEN.match(word.lower()) or rel not in ("aux", "aux:pass"):
        return None
    return rel == "aux:pass"


def english_passives(
    heads: Sequence[int], rels: Sequence[str], upos: Sequence[str]
) -> dict[int, bool]:
    """Tell by the tree which words are passive participles and which can't be one.

    Takes and returns words of one sentence; ``heads`` are 1-based, 0 for the root. A word with a
    passive auxiliary or subject is passive; what is no verb ("we are finished") is not.
    """
    told = {i: False for i, tag in enumerate(upos) if tag not in ("VERB", "AUX")}
    for head, rel in zip(heads, rels, strict=True):
        if rel in ("aux:pass", "nsubj:pass", "csubj:pass") and upos[head - 1] == "VERB":
            told[head - 1] = True
    return told


def twin_of_compound(words: Sequence[str], heads: Sequence[int], rels: Sequence[str]) -> list[int]:
    """Find the first parts of hyphen compounds that the tree reads as words of their own.

    Takes one sentence; ``heads`` are 1-based. In "Saudi - Arabien" both may be subject of the
    same verb: the first is to hang on the last. Returns the indices of such first parts.
    """
    return [
        i
        for i in range(len(words) - 2)
        if words[i + 1] == "-"
        and heads[i] == heads[i + 2]
        and rels[i] == rels[i + 2] != "punct"
        and heads[i] not in (i + 1, i + 3)
    ]


def datives_before_object(
    heads: Sequence[int], rels: Sequence[str], upos: Sequence[str]
) -> list[int]:
    """Find the datives that the tree reads as the first part of a compound.

    Takes one German sentence; ``heads`` are 1-based. In "hat der Ukraine Panzer geliefert" the
    article tells that "Ukraine" is no part of "Panzer": no first part of a compound has one of
    its own in the treebanks. Returns the indices of such names before an object.
    """
    return [
        i
        for i, (head, rel) in enumerate(zip(heads, rels, strict=True))
        if rel == "compound"
        and upos[i] == "PROPN"
        and rels[head - 1] == "obj"
        and any(
            h == i + 1 and r.partition(":")[0] == "det" for h, r in zip(heads, rels, strict=True)
        )
    ]

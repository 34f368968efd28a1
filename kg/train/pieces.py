"""Choose the pieces of the vocabulary that German and English need."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable

from tokenizers import Tokenizer
from tokenizers.models import Unigram

from kg.train.e5 import E5

META = "▁"


def normalise(word: str) -> str:
    """Bring a word into the form in which the pieces were counted."""
    return unicodedata.normalize("NFKC", word).replace(" ", META)


def choose(source: E5, words: Iterable[tuple[str, int]], size: int) -> list[int]:
    """Return the ids of the pieces to keep, ascending.

    Kept are the special pieces, every single character outside the CJK and
    Hangul blocks (so that any name can at least be spelt), then the pieces most
    often used in ``words`` (pairs of word and weight), up to ``size``.
    """
    model = Unigram(list(zip(source.pieces, source.scores.tolist(), strict=True)), source.unk)
    index = {piece: i for i, piece in enumerate(source.pieces)}
    keep = {source.bos, source.eos, source.pad, source.unk}
    keep |= {
        i
        for piece, i in index.items()
        if len(piece.removeprefix(META)) <= 1 and all(ord(c) < 0x2E80 for c in piece)
    }
    counts: Counter[int] = Counter()
    for word, weight in words:
        text = normalise(word)
        # Begun by a space and glued to what precedes: both occur in running text.
        for form, share in ((META + text, 2 * weight), (text, weight)):
            for token in model.tokenize(form):
                counts[token.id] += share
    for piece, _ in sorted(counts.items(), key=lambda c: (-c[1], c[0])):
        if len(keep) >= size:
            break
        keep.add(piece)
    return sorted(keep)


def tokenizer(source: E5, kept: list[int]) -> Tokenizer:
    """Return a Unigram tokenizer over the kept pieces; ids are positions in ``kept``."""
    vocabulary = [(source.pieces[i], float(source.scores[i])) for i in kept]
    return Tokenizer(Unigram(vocabulary, kept.index(source.unk)))

"""Lemmas: what the treebanks teach, and for the rest the library simplemma."""

from __future__ import annotations

from functools import lru_cache

import simplemma

UNINFLECTED = frozenset({"PUNCT", "SYM", "X", "NUM", "SPACE", "ADP", "CCONJ", "SCONJ", "INTJ"})


class Lemmatizer:
    """Return the dictionary form of a word."""

    def __init__(self, learned: dict[str, dict[str, str]]) -> None:
        """``learned``: language -> "UPOS form" -> lemma, where simplemma says otherwise."""
        self.learned = learned

    def __call__(self, word: str, upos: str, lang: str) -> str:
        known = self.learned.get(lang, {})
        key = word if upos == "PROPN" else word.lower()
        return known.get(f"{upos} {key}") or general(word, upos, lang)


@lru_cache(maxsize=100_000)
def general(word: str, upos: str, lang: str) -> str:
    """Return simplemma's lemma, in the case that treebanks write."""
    if upos in UNINFLECTED:
        return word if upos in ("PUNCT", "SYM", "X", "NUM") else word.lower()
    if upos == "PROPN":
        # Only the German genitive is taken off names, and only where a
        # dictionary knows the bare form.
        if lang == "de" and word.endswith("s") and len(word) > 3:
            return word[:-1] if simplemma.is_known(word[:-1], lang) else word
        return word
    if upos == "NOUN" and lang == "de":
        lemma = simplemma.lemmatize(word, lang)
        return lemma[:1].upper() + lemma[1:]
    return simplemma.lemmatize(word.lower(), lang)

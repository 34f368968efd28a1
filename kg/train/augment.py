"""Names changed for other names of their kind while training."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from kg.train.data import Sentence, spans

_TABLES = {
    "leaders_persons": "PER",
    "cities": "LOC",
    "states": "LOC",
    "subdivisions": "LOC",
    "organisations": "ORG",
    "media": "ORG",
}


@dataclass(frozen=True)
class Name:
    """A name and after which of its words a space stands."""

    words: tuple[str, ...]
    spaces: tuple[bool, ...]


Pool = dict[tuple[str, str, int, bool], list[Name]]
"""Names by language, label, number of words, and whether they end in "s"."""


def name_pools(sentences: Iterable[Sentence], gazetteer: Path) -> tuple[Pool, Pool]:
    """Return the names that the sentences mention, as often as they do, and those of the tables."""
    told: Pool = {}
    for s in sentences:
        for start, end, label in sorted(spans(s.ner or [])):
            _add(told, s.lang, label, Name(tuple(s.words[start:end]), tuple(s.spaces[start:end])))
    known: Pool = {}
    for table, label in _TABLES.items():
        with (gazetteer / f"{table}.csv").open(encoding="utf-8", newline="") as handle:
            for row in csv.DictReader(handle):
                for lang in ("de", "en"):
                    words = tuple(row[f"name_{lang}"].split())
                    if not words:
                        continue
                    names = [words, words[-1:]] if label == "PER" else [words]
                    for each in names:
                        _add(known, lang, label, Name(each, (True,) * len(each)))
    return told, known


def _add(pool: Pool, lang: str, label: str, name: Name) -> None:
    key = (lang, label, len(name.words), name.words[-1].endswith("s"))
    pool.setdefault(key, []).append(name)


def swap_names(
    sentence: Sentence, told: Pool, known: Pool, share: float, rng: random.Random
) -> Sentence:
    """Change a share of the names for others of the same kind, length and ending.

    The tree stays as it is, as the number of words does (mention replacement, Dai & Adel 2020).
    """
    if sentence.ner is None or share == 0:
        return sentence
    words, spaces = list(sentence.words), list(sentence.spaces)
    for start, end, label in sorted(spans(sentence.ner)):
        if rng.random() >= share:
            continue
        key = (sentence.lang, label, end - start, words[end - 1].endswith("s"))
        names = (rng.random() < 0.4 and known.get(key)) or told.get(key)
        if names:
            name = rng.choice(names)
            words[start:end] = name.words
            spaces[start : end - 1] = name.spaces[:-1]
    return replace(sentence, words=words, spaces=spaces)

"""BenchIE: ``python -m tests.bench.benchie FILE [TRIPLES.tsv] [-v]``.

A sentence has fact clusters, each a list of triples that say the same; words in
[brackets] are optional, each bracketed group as a whole. An extraction is right
if it equals a triple of some cluster. Precision is clusters hit / (clusters hit +
extractions that match nothing), recall clusters hit / clusters. Words are compared
without regard to case, spaces and the style of quotation marks; punctuation counts.
``TRIPLES.tsv`` holds the output of another program in the format of
``kg extract --open`` and is scored instead of ours.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Triple = tuple[str, str, str]
Cluster = Sequence[Sequence[str]]

_QUOTES = re.compile(r"``|''|[\"„“”«»]")


@dataclass(frozen=True)
class Score:
    """Counts over one or more sentences."""

    hit: int = 0
    clusters: int = 0
    wrong: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(self.hit + other.hit, self.clusters + other.clusters, self.wrong + other.wrong)

    @property
    def precision(self) -> float:
        """Clusters hit among what was extracted, 0 if nothing was."""
        return self.hit / max(1, self.hit + self.wrong)

    @property
    def recall(self) -> float:
        """Clusters hit among all."""
        return self.hit / max(1, self.clusters)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.hit / max(1, self.hit + self.wrong + self.clusters)


def words(text: str) -> list[str]:
    """Return the lower-cased words and punctuation marks of a phrase.

    Brackets are the notation of the data, which has them in some sentences, too.
    """
    return re.findall(r"\w+|[^\w\s\[\]]", _QUOTES.sub('"', text).lower())


def equals(phrase: str, pattern: str) -> bool:
    """Say whether a phrase equals a pattern with optional bracketed groups."""
    found = words(phrase)
    ends = {0}
    for part in re.findall(r"\[[^\[\]]*\]|[^\[\]]+", pattern):
        group = words(part)
        matched = {e + len(group) for e in ends if found[e : e + len(group)] == group}
        ends = matched | ends if part.startswith("[") else matched
    return len(found) in ends


def matches(triple: Triple, cluster: Cluster) -> bool:
    """Say whether a triple equals one of a cluster's."""
    return any(all(map(equals, triple, gold)) for gold in cluster)


def score(triples: Iterable[Triple], clusters: Sequence[Cluster]) -> Score:
    """Score the triples of one sentence; repeated ones count once."""
    distinct = dict.fromkeys(triples)
    wrong = sum(not any(matches(t, c) for c in clusters) for t in distinct)
    hit = sum(any(matches(t, c) for t in distinct) for c in clusters)
    return Score(hit, len(clusters), wrong)


def _extracted(records: list[dict[str, Any]]) -> dict[str, list[Triple]]:
    from kg.extract.open import open_triples
    from kg.parse import load, parse
    from kg.types import Article

    articles = [Article(r["id"], r["text"], r["lang"]) for r in records]
    return {a.id: open_triples(doc) for doc, a in parse(load(), articles)}


def _read(path: str) -> dict[str, list[Triple]]:
    triples: dict[str, list[Triple]] = {}
    for line in Path(path).read_text("utf-8").splitlines():
        id_, subject, relation, object_ = line.split("\t")
        triples.setdefault(id_, []).append((subject, relation, object_))
    return triples


def main() -> None:
    """Print precision, recall and F1; with ``-v`` each sentence with its triples."""
    paths = [a for a in sys.argv[1:] if not a.startswith("-")]
    records = [json.loads(line) for line in Path(paths[0]).read_text("utf-8").splitlines()]
    triples = _read(paths[1]) if paths[1:] else _extracted(records)
    total = Score()
    for record in records:
        own, clusters = triples.get(record["id"], []), record["clusters"]
        total += score(own, clusters)
        if "-v" in sys.argv:
            print(f"\n{record['id']}  {record['text']}")
            for t in own:
                print("  +" if any(matches(t, c) for c in clusters) else "  -", " | ".join(t))
            for c in clusters:
                if not any(matches(t, c) for t in own):
                    print("  missing", " | ".join(c[0]))
    print(
        f"{len(records)} sentences, {total.clusters} clusters: {total.hit} hit, "
        f"{total.wrong} extractions wrong; "
        f"precision {total.precision:.3f}, recall {total.recall:.3f}, F1 {total.f1:.3f}"
    )


if __name__ == "__main__":
    main()

"""Precision on real German news: ``python -m tests.bench.german_news DATA [-v]``.

100 sentences of GermEval 2014 that mention two persons, places or organisations are
drawn at random. ``german_news.tsv`` holds what a person said of each statement that
they gave: sentence id, subject, relation, object, ``right`` or ``wrong``, and why. The
sentences themselves stay in the corpus. A statement that nobody has judged is listed.
"""

from __future__ import annotations

import datetime
import json
import random
import re
import sys
from collections import Counter
from pathlib import Path

from kg.pipeline import Pipeline
from kg.train.data import guess_spaces
from kg.types import Article, Statement

_VERDICTS = Path(__file__).with_name("german_news.tsv")
_STATIC = frozenset({"LOCATED"})


def main() -> None:
    """Print precision, and what is not judged yet."""
    articles = _sample(Path(sys.argv[1]) / "ner")
    verdicts: dict[tuple[str, ...], str] = {}
    for line in _VERDICTS.read_text("utf-8").splitlines()[1:]:
        *key, verdict, _ = line.split("\t")
        verdicts[tuple(key)] = verdict
    counts: Counter[str] = Counter()
    for result in Pipeline().run(articles):
        for s in result.statements:
            verdict = verdicts.get(_key(s), "unjudged")
            counts[verdict] += 1
            if verdict == "unjudged" or "-v" in sys.argv:
                print(f"{verdict}\t" + "\t".join(_key(s)))
                print(f"    {s.polarity} {s.modality} {s.attributed_mention or ''} {s.confidence}: "
                      f"{s.evidence.sentence}")  # fmt: skip
    judged = counts["right"] + counts["wrong"]
    print(f"{len(articles)} sentences, {sum(counts.values())} statements, {judged} judged, "
          f"precision {counts['right'] / max(1, judged):.2f}")  # fmt: skip


def _key(s: Statement) -> tuple[str, str, str, str]:
    marks = ("not " if s.polarity == "negative" else "") + (
        f"{s.modality} " if s.modality != "actual" else ""
    )
    return s.evidence.article, s.subject.id, marks + s.relation.id, s.object.id


def _sample(folder: Path) -> list[Article]:
    records = [
        json.loads(line)
        for part in ("dev", "test-half")
        for line in (folder / f"germeval14-{part}.jsonl").read_text("utf-8").splitlines()
    ]
    chosen = [r for r in records if len({e["text"] for e in r["entities"] if _counts(e)}) >= 2]
    return [
        Article(r["id"], _text(r["tokens"]), "de", _date(r["source"]))
        for r in random.Random(2014).sample(sorted(chosen, key=lambda r: str(r["id"])), 100)
    ]


def _date(source: str) -> datetime.date | None:
    found = re.search(r"\[(\d{4}-\d{2}-\d{2})\]", source)
    return datetime.date.fromisoformat(found.group(1)) if found else None


def _counts(entity: dict[str, str]) -> bool:
    return entity["type"] in {"PER", "ORG", "LOC", "LOCderiv"}


def _text(tokens: list[str]) -> str:
    spaces = guess_spaces(tokens)
    return "".join(t + " " * s for t, s in zip(tokens, spaces, strict=True)).strip()


if __name__ == "__main__":
    main()

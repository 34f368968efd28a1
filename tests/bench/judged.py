"""Precision on real sentences, judged by reading: ``python -m tests.bench.judged DATA [-v]``.

GermEval: every sentence of the German data of 2014, news and Wikipedia, few of them about
deeds of states. German news: ``german_news.txt``, sentences written as agencies write them,
by a language model that knew neither the rules nor the lexicon. English: the texts of the PLOVER
gold records, and re3d's reports. ``judged.tsv`` holds what a reader said of each statement
made from them: sentence id, subject, relation (with polarity and modality if they are not
plain), object, ``right`` or ``wrong``. A statement nobody has judged is listed, to be judged
and added.

The second table is the reliability of the confidence: how often statements of a range
of confidence are right.
"""

from __future__ import annotations

import datetime
import itertools
import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from kg.pipeline import Pipeline
from kg.train.data import guess_spaces
from kg.types import Article, Statement

_VERDICTS = Path(__file__).with_name("judged.tsv")
_BINS = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.01)


def main() -> None:
    """Print precision, what is not judged yet, and the reliability table."""
    data = Path(sys.argv[1])
    verdicts: dict[tuple[str, ...], str] = {}
    for line in _VERDICTS.read_text("utf-8").splitlines()[1:]:
        *key, verdict = line.split("\t")
        verdicts[tuple(key)] = verdict
    pipeline = Pipeline()
    by_bin: Counter[tuple[float, str]] = Counter()
    groups = {"GermEval": _germeval(data), "German news": _german_news(), "English": _english(data)}
    for name, articles in groups.items():
        counts: Counter[str] = Counter()
        for result in pipeline.run(articles):
            for s in result.statements:
                verdict = verdicts.get(_key(s), "unjudged")
                counts[verdict] += 1
                by_bin[max(b for b in _BINS if b <= s.confidence), verdict] += 1
                if verdict == "unjudged" or "-v" in sys.argv:
                    print("\t".join((*_key(s), verdict)))
                    print(f"    {s.attributed_mention or ''} {s.confidence}: {s.evidence.sentence}")
        judged = counts["right"] + counts["wrong"]
        print(f"{name}: {len(articles)} texts, {counts.total()} statements, {judged} judged, "
              f"precision {counts['right'] / max(1, judged):.2f}")  # fmt: skip
    print(f"\n{'confidence':14}{'judged':>8}{'right':>8}")
    for low, high in itertools.pairwise(_BINS):
        right, wrong = by_bin[low, "right"], by_bin[low, "wrong"]
        share = f"{right / (right + wrong):.2f}" if right + wrong else "-"
        print(f"{low:.1f} to {min(high, 1):.1f}{right + wrong:12}{share:>8}")


def _key(s: Statement) -> tuple[str, str, str, str]:
    marks = ("not " if s.polarity == "negative" else "") + (
        f"{s.modality} " if s.modality != "actual" else ""
    )
    return s.evidence.article, s.subject.id, marks + s.relation.id, s.object.id


def _read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _germeval(data: Path) -> list[Article]:
    records = [
        r for part in ("dev", "test-half") for r in _read(data / "ner" / f"germeval14-{part}.jsonl")
    ]
    return [Article(str(r["id"]), _text(r["tokens"]), "de", _date(r["source"])) for r in records]


def _german_news() -> list[Article]:
    lines = Path(__file__).with_name("german_news.txt").read_text("utf-8").splitlines()
    return [
        Article(f"german_news-{n}", line, "de", datetime.date(2025, 11, 1))
        for n, line in enumerate(lines, 1)
    ]


def _english(data: Path) -> list[Article]:
    plover = _read(data / "bench" / "plover_gsr_en.jsonl")
    reports = _read(data / "bench" / "re3d_en.jsonl")
    return [
        *(
            Article(r["id"], r["text"], "en", datetime.date.fromisoformat(r["date"]))
            for r in plover
        ),
        *(Article(r["id"], r["text"], "en", datetime.date(2016, 1, 1)) for r in reports),
    ]


def _date(source: str) -> datetime.date | None:
    found = re.search(r"\[(\d{4}-\d{2}-\d{2})\]", source)
    return datetime.date.fromisoformat(found.group(1)) if found else None


def _text(tokens: list[str]) -> str:
    spaces = guess_spaces(tokens)
    return "".join(t + " " * s for t, s in zip(tokens, spaces, strict=True)).strip()


if __name__ == "__main__":
    main()

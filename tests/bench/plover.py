"""PLOVER gold records: ``python -m tests.bench.plover FILE [-v]``.

A record counts as found if a statement's subject shares a word with one of the
gold sources and its object with one of the gold targets (in either direction
where the relation is symmetric or the gold lists the same actors on both
sides). Records without target are left out. The type is judged where the pair
was found. Old types are mapped: DEMAND to REQUEST, DISAPPROVE and INVESTIGATE
to ACCUSE, FIGHT to ASSAULT.
"""

from __future__ import annotations

import datetime
import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from kg.pipeline import Pipeline
from kg.types import Article, Entity, Statement

_OLD = {
    "DEMAND": "REQUEST", "DISAPPROVE": "ACCUSE", "INVESTIGATE": "ACCUSE", "FIGHT": "ASSAULT",
}  # fmt: skip
_STOP = frozenset({"the", "of", "and", "a", "an", "in", "for", "to", "s", "on"})
_STATIC = frozenset({"ROLE", "MEMBER", "LOCATED", "BORDERS"})


def words(*texts: str) -> set[str]:
    return {w for t in texts for w in re.findall(r"\w+", t.lower())} - _STOP


def _side(entity: Entity, mention: str) -> set[str]:
    return words(mention, entity.label_en)


def _pairs(statement: Statement) -> list[tuple[set[str], set[str]]]:
    subject = _side(statement.subject, statement.subject_mention)
    object_ = _side(statement.object, statement.object_mention)
    pairs = [(subject, object_)]
    return [*pairs, (object_, subject)] if statement.relation.symmetric else pairs


def is_found(statement: Statement, gold: dict[str, Any]) -> bool:
    sources = [words(a["actorText"]) for a in gold["source"]]
    targets = [words(a["actorText"]) for a in gold["target"]]
    return any(
        subject & s and object_ & t and s != t
        for subject, object_ in _pairs(statement)
        for s in sources
        for t in targets
    )


def main() -> None:
    """Print how many pairs were found and how many of them with the right type."""
    records = [json.loads(line) for line in Path(sys.argv[1]).read_text("utf-8").splitlines()]
    pipeline = Pipeline()
    articles = [
        Article(r["id"], r["text"], "en", datetime.date.fromisoformat(r["date"])) for r in records
    ]
    counts: Counter[str] = Counter()
    for result, record in zip(pipeline.run(articles), records, strict=True):
        events = [s for s in result.statements if s.relation.type not in _STATIC]
        counts["statements"] += len(events)
        for gold in record["gold"]:
            if not gold["source"] or not gold["target"]:
                continue
            wanted = _OLD.get(gold["event"], gold["event"])
            types = {s.relation.type for s in events if is_found(s, gold)}
            counts["gold"] += 1
            counts["found"] += bool(types)
            counts["typed"] += wanted in types
            if "-v" in sys.argv and wanted not in types:
                actors = [[a["actorText"] for a in gold[k]] for k in ("source", "target")]
                print(f"\n{wanted} {actors} found as {sorted(types)}\n  {record['text'][:300]}")
                for s in events:
                    print(f"  - {s.subject.label_en} {s.relation.id} {s.object.label_en}")
    found, gold_total = counts["found"], counts["gold"]
    print(f"gold pairs {gold_total}, found {found} ({found / gold_total:.2f}), "
          f"type right {counts['typed']} ({counts['typed'] / max(1, found):.2f}), "
          f"statements made {counts['statements']}")  # fmt: skip


if __name__ == "__main__":
    main()

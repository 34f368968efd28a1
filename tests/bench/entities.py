"""Figures of entity linking on real sentences: ``python -m tests.bench.entities DATA [-v]``.

``entities.tsv`` lists mentions: German persons and organisations were read in their
sentences, PLOVER's states follow its gold codes and GUM follows its Wikipedia titles, with
the odd cases read. Columns: corpus file, sentence or record id, start and end (tokens of the
corpus, end exclusive; characters in
PLOVER and re3d, which have no tokens), kind, the id of the expected entity or ``none``,
language. The sentences themselves stay in the corpora below ``DATA``. States are listed
with adjectives and people ("French", "Iraqis") and with capitals that act for them, but
not inside other names ("Medical Journal of Australia").

A mention is found and right if a mention of ours that overlaps it is of the expected
entity, stands for it (``acts_for``: a capital for its state), or, where the expected is a
state, is a body or office of it that takes the name in ("Russian army"); where it is an
organisation, an office of it ("head of NATO"). It is found
wrongly if an overlapping mention is linked to any other entity of the tables. Entities
that only the text knows (minted) are no links: where the tables lack an actor (``none``),
they are right. GUM is read by the article, with its date; GermEval by the sentence, with
the date and address of its source; PLOVER by the record, without a date; re3d by the record, with a
date in the middle of the time in which its texts were written.

The last lines give the time to look up the names of all entities in 1,000 sentences,
without parsing, and the time of all of linking.
"""

from __future__ import annotations

import csv
import datetime
import itertools
import json
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.entities import Gazetteer, find_entities, load
from kg.entities.holders import states_of
from kg.entities.match import cut, find_hits
from kg.parse import load as load_language
from kg.parse import parse
from kg.train.data import guess_spaces
from kg.types import Article, Mention

if TYPE_CHECKING:
    from spacy.tokens import Doc

_LIST = Path(__file__).with_name("entities.tsv")
_GUM = "ner/gum-news-interview.jsonl"
_PLOVER = "bench/plover_gsr_en.jsonl"
_RE3D = "bench/re3d_en.jsonl"
_GERMEVAL = ("ner/germeval14-dev.jsonl", "ner/germeval14-test-half.jsonl")
_DATE = re.compile(r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, (\w+ \d{1,2}, \d{4})")


@dataclass(frozen=True)
class Unit:
    """A text of a corpus; ``places`` are the character offsets of each sentence's tokens."""

    article: Article
    places: dict[str, list[tuple[int, int]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Expected:
    """A line of the list."""

    file: str
    sentence: str
    start: int
    end: int
    kind: str
    entity: str
    lang: str


def expected() -> list[Expected]:
    """Return the lines of the list."""
    with _LIST.open(encoding="utf-8", newline="") as handle:
        return [
            Expected(
                row["file"], row["sentence"], int(row["start"]), int(row["end"]), row["kind"],
                row["entity"], row["lang"],
            )
            for row in csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]  # fmt: skip


def units(folder: Path, file: str) -> Iterator[Unit]:
    """Yield the texts of a corpus file."""
    records: list[dict[str, Any]] = [
        json.loads(line) for line in (folder / file).read_text("utf-8").splitlines()
    ]
    if file in {_PLOVER, _RE3D}:
        for record in records:
            date = datetime.date(2016, 7, 1) if file == _RE3D else None
            article = Article(record["id"], record["text"], "en", date)
            letters = [(i, i + 1) for i in range(len(record["text"]))]
            yield Unit(article, {record["id"]: letters})
    elif file == _GUM:
        for name, part in itertools.groupby(records, lambda r: str(r["id"]).rpartition("-")[0]):
            yield _document(name, list(part))
    else:
        for record in records:
            text, places = _joined(record["tokens"], guess_spaces(record["tokens"]))
            found = re.search(r"\[(\d{4}-\d{2}-\d{2})\]", record["source"])
            date = datetime.date.fromisoformat(found.group(1)) if found else None
            yield Unit(
                Article(record["id"], text, "de", date, source=record["source"]),
                {record["id"]: places},
            )


def _document(name: str, records: list[dict[str, Any]]) -> Unit:
    text, places = "", {}
    date = None
    for record in records:
        at, spans = 0, []
        for token in record["tokens"]:
            at = record["text"].index(token, at)
            spans.append((len(text) + at, len(text) + at + len(token)))
            at += len(token)
        places[record["id"]] = spans
        text += record["text"] + "\n"
        said = _DATE.search(record["text"])
        if said and date is None:
            date = datetime.datetime.strptime(said.group(1), "%B %d, %Y").date()
    return Unit(Article(name, text, "en", date), places)


def _joined(tokens: list[str], spaces: list[bool]) -> tuple[str, list[tuple[int, int]]]:
    text, places = "", []
    for token, space in zip(tokens, spaces, strict=True):
        places.append((len(text), len(text) + len(token)))
        text += token + " " * space
    return text, places


def judge(line: Expected, near: list[Mention]) -> tuple[bool, bool, bool]:
    """Say whether our mentions that overlap a line's are right, linked at all, linked wrongly."""
    right = [m for m in near if _fits(line, m)]
    linked = [m for m in near if not m.entity.minted]
    wrong = [m for m in linked if m not in right]
    if line.entity == "none":
        return not linked, bool(linked), bool(linked)
    return bool(right), bool(linked), bool(wrong)


def _fits(line: Expected, mention: Mention) -> bool:
    ids = {mention.entity.id, mention.acts_for.id if mention.acts_for else ""}
    if line.kind == "state" and mention.kind in {"institution", "office"}:
        ids.add(mention.entity.part_of or "")
    if line.kind == "organisation" and mention.kind == "office":
        ids |= states_of(mention.entity, load())
    return line.entity in ids


def main() -> None:
    """Print the figures by kind and language; with ``-v`` each error."""
    folder = Path(sys.argv[1])
    gazetteer, nlp = load(), load_language()
    lines: dict[tuple[str, str], list[Expected]] = defaultdict(list)
    for line in expected():
        lines[line.file, line.sentence].append(line)
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    docs: list[tuple[Doc, Article]] = []
    for file in (_GUM, _PLOVER, _RE3D, *_GERMEVAL):
        chosen = [u for u in units(folder, file) if any((file, s) in lines for s in u.places)]
        for unit, parsed in zip(chosen, parse(nlp, [u.article for u in chosen]), strict=True):
            docs.append(parsed)
            _score(unit, file, parsed[0], lines, gazetteer, counts)
    print(f"{'':28}{'mentions':>10}{'right':>10}{'links':>10}{'wrong':>10}")
    totals: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for (kind, lang), row in counts.items():
        for key in ((kind, lang), (kind, "all"), ("~all", "all")):
            totals[key].update(row)
    rows = sorted(totals.items(), key=lambda r: (r[0][0], r[0][1] == "all", r[0][1]))
    for (kind, lang), row in rows:  # "~" sorts last
        right = row["right"] / max(1, row["known"])
        wrong = row["wrong"] / max(1, row["links"])
        name = f"{kind.strip('~')} {lang}" + (f" ({row['none']} none)" if row["none"] else "")
        print(f"{name:28}{row['mentions']:>10}{right:>10.1%}{row['links']:>10}{wrong:>10.1%}")
    _time(docs, gazetteer)


def _score(
    unit: Unit,
    file: str,
    doc: Doc,
    lines: dict[tuple[str, str], list[Expected]],
    gazetteer: Gazetteer,
    counts: dict[tuple[str, str], Counter[str]],
) -> None:
    mentions = find_entities(doc, unit.article, gazetteer)
    for sentence, places in unit.places.items():
        for line in lines.get((file, sentence), ()):
            start, end = places[line.start][0], places[line.end - 1][1]
            near = [
                m for m in mentions
                if doc[m.start].idx < end and start < doc[m.end - 1].idx + len(doc[m.end - 1])
            ]  # fmt: skip
            right, linked, wrong = judge(line, near)
            row = counts[line.kind, line.lang]
            row["mentions"] += 1
            row["none"] += line.entity == "none"
            row["known"] += line.entity != "none"
            row["right"] += right and line.entity != "none"
            row["links"] += linked
            row["wrong"] += wrong
            if "-v" in sys.argv and (wrong or not right):
                got = ", ".join(f"{m.entity.id} ({m.kind})" for m in near) or "nothing"
                words = unit.article.text[start:end]
                print(f"{'WRONG' if wrong else 'missed'} {sentence} {line.kind} {words!r}: "
                      f"{line.entity}, got {got}")  # fmt: skip
                around = slice(max(places[0][0], start - 150), min(places[-1][1], end + 150))
                print("    " + " ".join(unit.article.text[around].split()))


def _time(docs: list[tuple[Doc, Article]], gazetteer: Gazetteer) -> None:
    sentences = [(s.as_doc(), article) for doc, article in docs for s in doc.sents][:1000]
    for doc, article in sentences:
        doc.user_data["lang"] = article.lang
    start = time.perf_counter()
    for doc, article in sentences:
        for _ in find_hits(cut(doc, article.lang == "de"), gazetteer.names, gazetteer.persons):
            pass
    matched = time.perf_counter()
    for doc, article in sentences:
        find_entities(doc, article, gazetteer)
    linked = time.perf_counter()
    print(f"{len(sentences):,} sentences against {len(gazetteer.entities):,} entities: matching "
          f"{matched - start:.2f} s, all of linking {linked - matched:.2f} s")  # fmt: skip


if __name__ == "__main__":
    main()

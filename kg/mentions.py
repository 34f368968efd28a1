"""The record of mentions: which words were linked, minted or left, and where they stand.

The graph has only the entities that statements are about. This table has every
name that was found, so that a user sees what the tables lack and mends it.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from kg.entities import Gazetteer
from kg.entities.match import cut, find_hits
from kg.types import Article, Entity, Mention, Statement

if TYPE_CHECKING:
    from spacy.tokens import Doc

Status = Literal["linked", "minted", "left"]
FILE = "mentions.csv"
_COLUMNS = (
    *("status", "entity", "class", "label_de", "label_en", "wikidata", "part_of"),
    *("mention", "article", "start", "end", "tag", "candidates"),
)


@dataclass(frozen=True, slots=True)
class Decided:
    """Words that name an actor or a place, and what became of them.

    ``start`` and ``end`` are characters of the article. ``entity`` is None
    where the words were left; ``candidates`` then are the ids of the entities
    that the tables know by this name. ``tag`` is what the language model
    takes the words for (``PER``, ``ORG``, ``LOC``, ``MISC``), or empty.
    """

    article: str
    start: int
    end: int
    mention: str
    entity: Entity | None
    tag: str = ""
    candidates: tuple[str, ...] = ()

    @property
    def status(self) -> Status:
        """``linked`` to reference data, ``minted`` from the text, or ``left``."""
        if self.entity is None:
            return "left"
        return "minted" if self.entity.minted else "linked"


def decide(
    doc: Doc,
    article: Article,
    mentions: Iterable[Mention],
    gazetteer: Gazetteer,
    statements: Iterable[Statement],
) -> list[Decided]:
    """Return what became of the names in a parsed article, in text order.

    ``statements`` are those of the article: unnamed people ("rebels") are
    minted only where a statement is about them.
    """
    tags = {i: span.label_ for span in doc.ents for i in range(span.start, span.end)}
    found: list[Decided] = []
    taken: set[int] = set()
    known: set[str] = set()
    for mention in mentions:
        taken.update(range(mention.start, mention.end))
        known.add(mention.entity.id)
        if mention.acts_for is not None:
            known.add(mention.acts_for.id)
        span = doc[mention.start : mention.end]
        found.append(
            Decided(
                article.id, span.start_char, span.end_char, span.text, mention.entity,
                tags.get(mention.start, ""),
            )
        )  # fmt: skip
    found.extend(_left(doc, article, gazetteer, taken, tags))
    for statement in statements:
        evidence = statement.evidence
        for entity, (start, end) in (
            (statement.subject, evidence.subject),
            (statement.object, evidence.object),
        ):
            if entity.id not in known:
                found.append(Decided(article.id, start, end, article.text[start:end], entity))
    return sorted(set(found), key=_order)


def _left(
    doc: Doc, article: Article, gazetteer: Gazetteer, taken: set[int], tags: dict[int, str]
) -> Iterator[Decided]:
    """Yield what the tables or the language model take for a name and no mention covers."""
    spans: dict[tuple[int, int], set[str]] = {}
    for span in doc.ents:
        spans[span.start, span.end] = set()
    for hit in find_hits(cut(doc, article.lang == "de"), gazetteer.names, gazetteer.persons):
        # Half of the tables' names are words as well ("Mitte", "Bild"): a proper noun at least.
        if any(token.pos_ in {"PROPN", "X", ""} for token in doc[hit.start : hit.end]):
            names = {n.entity for n in hit.names if n.lang == article.lang} | {*hit.persons}
            spans.setdefault((hit.start, hit.end), set()).update(names)
    covered = set(taken)
    for (start, end), names in sorted(spans.items(), key=lambda s: (s[0][0] - s[0][1], s[0])):
        span = doc[start:end]
        if covered.isdisjoint(range(start, end)) and any(c.isalnum() for c in span.text):
            covered.update(range(start, end))
            yield Decided(
                article.id, span.start_char, span.end_char, span.text, None,
                tags.get(start, ""), tuple(sorted(names)),
            )  # fmt: skip


def write(decided: Iterable[Decided], folder: Path) -> Path:
    """Write the record as ``mentions.csv`` into a folder; return its path."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(_COLUMNS)
    for each in sorted(decided, key=_order):
        entity = each.entity or Entity("", "", "", "")
        table.writerow(
            [
                each.status, entity.id, entity.cls, entity.label_de, entity.label_en,
                entity.wikidata or "", entity.part_of or "", " ".join(each.mention.split()),
                each.article, each.start, each.end, each.tag, "|".join(each.candidates),
            ]
        )  # fmt: skip
    path = folder / FILE
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    try:
        draft.write_bytes(out.getvalue().encode("utf-8", "replace"))
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    return path


def read(path: Path) -> list[Decided]:
    """Return the record of an output folder, or in a file that `write` has written.

    Raises:
        FileNotFoundError: there is none.
        ValueError: the file is no such record; the message names the line.
    """
    file = path / FILE if path.is_dir() else path
    if not file.is_file():
        raise FileNotFoundError(f"{file}: no record of mentions here; 'kg build' writes one")
    with file.open(encoding="utf-8", newline="") as stream:
        table = csv.DictReader(stream)
        if tuple(table.fieldnames or ()) != _COLUMNS:
            raise ValueError(f"{file}:1: expected the columns {', '.join(_COLUMNS)}")
        try:
            return [_decided(row) for row in table]
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{file}:{table.line_num}: not a line of the record") from error


def _decided(row: dict[str, str]) -> Decided:
    if row["status"] not in get_args(Status):
        raise ValueError(row["status"])
    entity = None
    if row["status"] != "left":
        entity = Entity(
            row["entity"], row["label_de"], row["label_en"], row["class"],
            row["wikidata"] or None, row["part_of"] or None, row["status"] == "minted",
        )  # fmt: skip
    candidates: Sequence[str] = row["candidates"].split("|") if row["candidates"] else ()
    return Decided(
        row["article"], int(row["start"]), int(row["end"]), row["mention"], entity,
        row["tag"], tuple(candidates),
    )  # fmt: skip


def _order(each: Decided) -> tuple[str, int, int, str]:
    return each.article, each.start, each.end, each.entity.id if each.entity else ""

"""Make a statement with its evidence out of what a sentence says."""

from __future__ import annotations

from spacy.tokens import Span

from kg.extract.actor import Actor
from kg.extract.stance import Stance
from kg.statements import statement_id
from kg.types import Article, Evidence, Relation, Statement

STATIC = frozenset({"ROLE", "MEMBER", "LOCATED", "BORDERS"})


def make_statement(
    article: Article,
    sentence: Span,
    relation: Relation,
    subject: Actor,
    object_: Actor,
    cue: tuple[int, int],
    stance: Stance,
    confidence: float,
    date: str | None = None,
    place: Actor | None = None,
) -> Statement:
    """Return the statement; ``cue`` are the characters of the word that expresses it."""
    text = article.text
    start, end = _trim(text, sentence.start_char, sentence.end_char)
    evidence = Evidence(
        article.id, text[start:end], start, end,
        (subject.start, subject.end), cue, (object_.start, object_.end),
    )  # fmt: skip
    source = stance.source
    if source is not None and relation.type in STATIC and source.entity == subject.entity:
        source = None
    name = statement_id(
        evidence, subject.entity.id, relation.id, object_.entity.id,
        stance.polarity, stance.modality, source.entity.id if source else None,
    )  # fmt: skip
    return Statement(
        id=name,
        subject=subject.entity,
        relation=relation,
        object=object_.entity,
        evidence=evidence,
        subject_mention=text[subject.start : subject.end],
        object_mention=text[object_.start : object_.end],
        polarity=stance.polarity,
        modality=stance.modality,
        attributed_to=source.entity if source else None,
        attributed_mention=text[source.start : source.end] if source else None,
        date=date,
        place=place.entity if place else None,
        place_mention=text[place.start : place.end] if place else None,
        confidence=round(max(0.0, min(1.0, confidence)), 4),
    )


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Take white space off both ends of a span."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end

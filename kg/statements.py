"""What identifies a statement, and how it is written as JSON. Needs no store.

The keys of the JSON objects are the contract of ``kg extract`` and of
``kg export --format jsonl``: other programs read them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

from kg.types import Entity, Evidence, Modality, Polarity, Relation, Statement

EntityLookup = Callable[[str], Entity | None]
"""Finds an entity by its id; None when it is unknown."""

ID_LENGTH = 20


def statement_id(
    evidence: Evidence,
    subject: str,
    relation: str,
    object: str,
    polarity: Polarity = "positive",
    modality: Modality = "actual",
    attributed_to: str | None = None,
) -> str:
    """Return the identifier of a statement: 20 hexadecimal digits (80 bits of SHA-256).

    ``subject``, ``object`` and ``attributed_to`` are entity ids, ``relation``
    is a relation id. Of the evidence only article, sentence and its offsets
    count: finer spans, dates and confidence may improve without giving the
    statement another name.
    """
    parts = [
        evidence.article,
        evidence.start,
        evidence.end,
        evidence.sentence,
        subject,
        relation,
        object,
        polarity,
        modality,
        attributed_to,
    ]
    text = json.dumps(parts, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:ID_LENGTH]


def statement_to_json(
    statement: Statement, lookup: EntityLookup | None = None
) -> dict[str, object]:
    """Return the JSON object of a statement, keys in the order of the contract.

    ``lookup`` finds the entity that ``Entity.part_of`` names; without it, or
    when it knows none, the labels of ``part_of`` are null.
    """

    def entity(value: Entity | None, mention: str | None) -> dict[str, object] | None:
        return None if value is None else _entity_to_json(value, mention, lookup)

    evidence = statement.evidence
    return {
        "id": statement.id,
        "subject": entity(statement.subject, statement.subject_mention),
        "relation": _labels(statement.relation.id, statement.relation),
        "object": entity(statement.object, statement.object_mention),
        "type": statement.relation.type,
        "polarity": statement.polarity,
        "modality": statement.modality,
        "attributed_to": entity(statement.attributed_to, statement.attributed_mention),
        "date": statement.date,
        "place": entity(statement.place, statement.place_mention),
        "confidence": round_confidence(statement.confidence),
        "evidence": {
            "article": evidence.article,
            "sentence": evidence.sentence,
            "start": evidence.start,
            "end": evidence.end,
            "subject": list(evidence.subject),
            "cue": list(evidence.cue),
            "object": list(evidence.object),
        },
    }


def round_confidence(confidence: float) -> float:
    """Return the confidence with four decimals, as it is stored and written everywhere."""
    return round(float(confidence), 4)


def _entity_to_json(
    entity: Entity, mention: str | None, lookup: EntityLookup | None
) -> dict[str, object]:
    part_of = None
    if entity.part_of is not None:
        part_of = _labels(entity.part_of, lookup(entity.part_of) if lookup else None)
    return {
        **_labels(entity.id, entity),
        "class": entity.cls,
        "mention": mention,
        "wikidata": entity.wikidata,
        "part_of": part_of,
    }


def _labels(name: str, named: Entity | Relation | None) -> dict[str, object]:
    return {
        "id": name,
        "label_de": named.label_de if named else None,
        "label_en": named.label_en if named else None,
    }

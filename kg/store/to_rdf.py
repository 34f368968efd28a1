"""Articles, statements and entities as RDF triples; knows no store and no file."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import astuple
from decimal import Decimal

from rdflib import DCTERMS, PROV, RDF, RDFS, SKOS, XSD, Literal, URIRef

from kg.ontology import ART, ENT, KG, NIF, SCHEMA, ST, WD, to_iri
from kg.statements import EntityLookup, round_confidence
from kg.types import Article, Entity, Statement

Triple = tuple[URIRef, URIRef, URIRef | Literal]

DATE_TYPES = {4: XSD.gYear, 7: XSD.gYearMonth, 10: XSD.date}
"""The datatype of a date by its length (YYYY, YYYY-MM, YYYY-MM-DD)."""

_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?", re.ASCII)


def article_triples(
    article: Article, statements: Iterable[Statement], entities: dict[str, Entity]
) -> Iterator[Triple]:
    """Yield everything that one article's graph holds; it stands on its own.

    ``entities`` are the descriptions to use (`describe_entities`). Of several
    statements with one id the one with the highest confidence is kept.

    Raises:
        ValueError: a statement names another article, its sentence is not
            what the article has at these offsets, or its date is none.
    """
    iri = to_iri(ART, article.id)
    yield from _article(article, iri)
    kept = _one_per_id(statements)
    for statement in kept:
        _check_evidence(statement, article)
        yield from _statement(statement, article, iri)
    for name in sorted({n for s in kept for n in _entity_ids(s)}):
        yield from _lineage(name, entities)


def _one_per_id(statements: Iterable[Statement]) -> list[Statement]:
    best: dict[str, Statement] = {}
    for statement in sorted(statements, key=lambda s: (-s.confidence, repr(s))):
        best.setdefault(statement.id, statement)
    return [best[name] for name in sorted(best)]


def _check_evidence(statement: Statement, article: Article) -> None:
    evidence = statement.evidence
    if evidence.article != article.id:
        raise ValueError(
            f"statement {statement.id} is from article {evidence.article!r}, not {article.id!r}"
        )
    if article.text[evidence.start : evidence.end] != evidence.sentence:
        raise ValueError(
            f"article {article.id!r}: characters {evidence.start}-{evidence.end} "
            f"are not the sentence of statement {statement.id}"
        )
    for begin, end in (evidence.subject, evidence.cue, evidence.object):
        if not 0 <= begin <= end <= len(article.text):
            raise ValueError(
                f"article {article.id!r}: span {begin}-{end} of statement "
                f"{statement.id} lies outside the text"
            )


def _article(article: Article, iri: URIRef) -> Iterator[Triple]:
    yield iri, RDF.type, KG.Article
    yield iri, RDF.type, NIF.Context
    yield iri, DCTERMS.identifier, Literal(article.id)
    yield iri, DCTERMS.language, Literal(article.lang)
    if article.date is not None:
        yield iri, DCTERMS.date, Literal(article.date.isoformat(), datatype=XSD.date)
    for predicate, value in ((DCTERMS.title, article.title), (DCTERMS.source, article.source)):
        if value is not None:
            yield iri, predicate, Literal(value)
    if article.url is not None:
        # A literal: what a user gives as an address need not be a valid IRI.
        yield iri, SCHEMA.url, Literal(article.url, datatype=XSD.anyURI)
    yield iri, NIF.isString, Literal(article.text)
    yield iri, NIF.beginIndex, _integer(0)
    yield iri, NIF.endIndex, _integer(len(article.text))


def _statement(statement: Statement, article: Article, graph: URIRef) -> Iterator[Triple]:
    node = to_iri(ST, statement.id)
    subject, object_ = to_iri(ENT, statement.subject.id), to_iri(ENT, statement.object.id)
    relation = to_iri(KG, statement.relation.id)
    if statement.is_fact:
        yield subject, relation, object_
    yield node, RDF.type, KG.Statement
    yield node, RDF.subject, subject
    yield node, RDF.predicate, relation
    yield node, RDF.object, object_
    yield node, KG.type, KG[statement.relation.type]
    yield node, KG.polarity, KG[statement.polarity]
    yield node, KG.modality, KG[statement.modality]
    yield node, KG.confidence, _decimal(statement.confidence)
    for predicate, entity in (
        (KG.attributedTo, statement.attributed_to),
        (KG.place, statement.place),
    ):
        if entity is not None:
            yield node, predicate, to_iri(ENT, entity.id)
    for predicate, mention in (
        (KG.subjectMention, statement.subject_mention),
        (KG.objectMention, statement.object_mention),
        (KG.attributedMention, statement.attributed_mention),
        (KG.placeMention, statement.place_mention),
    ):
        if mention is not None:
            yield node, predicate, Literal(mention)
    if statement.date is not None:
        yield node, KG.date, _date(statement.date)
    evidence = statement.evidence
    sentence = _span_iri(graph, evidence.start, evidence.end)
    yield node, PROV.wasDerivedFrom, sentence
    yield sentence, RDF.type, KG.Evidence
    yield sentence, RDF.type, NIF.Sentence
    yield from _span(sentence, evidence.start, evidence.end, article, graph)
    for predicate, (begin, end) in (
        (KG.subjectSpan, evidence.subject),
        (KG.cueSpan, evidence.cue),
        (KG.objectSpan, evidence.object),
    ):
        phrase = _span_iri(graph, begin, end)
        yield node, predicate, phrase
        yield phrase, RDF.type, NIF.Phrase
        yield from _span(phrase, begin, end, article, graph)


def _span_iri(graph: URIRef, begin: int, end: int) -> URIRef:
    return URIRef(f"{graph}#char={begin},{end}")  # RFC 5147, the scheme that NIF prescribes


def _span(iri: URIRef, begin: int, end: int, article: Article, graph: URIRef) -> Iterator[Triple]:
    yield iri, NIF.beginIndex, _integer(begin)
    yield iri, NIF.endIndex, _integer(end)
    yield iri, NIF.anchorOf, Literal(article.text[begin:end])
    yield iri, NIF.referenceContext, graph


def _lineage(name: str, entities: dict[str, Entity]) -> Iterator[Triple]:
    """Describe an entity and what it is part of, upwards: each graph stands on its own."""
    seen: set[str] = set()
    while name in entities and name not in seen:
        seen.add(name)
        entity = entities[name]
        iri = to_iri(ENT, name)
        yield iri, RDF.type, to_iri(KG, entity.cls)
        yield iri, RDFS.label, Literal(entity.label_de, lang="de")
        yield iri, RDFS.label, Literal(entity.label_en, lang="en")
        yield iri, KG.minted, Literal("true" if entity.minted else "false", datatype=XSD.boolean)
        if entity.wikidata is not None:
            yield iri, SKOS.exactMatch, to_iri(WD, entity.wikidata)
        if entity.part_of is None:
            return
        # Reference data, hence not kg:partOf, which is what a news sentence says.
        yield iri, DCTERMS.isPartOf, to_iri(ENT, entity.part_of)
        name = entity.part_of


def describe_entities(
    statements: Iterable[Statement], lookup: EntityLookup | None = None
) -> dict[str, Entity]:
    """Return one description for each entity that the statements mention, by id.

    With ``lookup`` the entities they are part of are described as well.
    Described in several ways, the linked entity goes before the minted one.
    """
    described: dict[str, Entity] = {}
    mentioned = {
        entity
        for s in statements
        for entity in (s.subject, s.object, s.attributed_to, s.place)
        if entity is not None
    }
    for entity in sorted(mentioned, key=lambda e: (e.minted, repr(astuple(e)))):
        described.setdefault(entity.id, entity)
    pending = sorted(described)
    while lookup is not None and pending:
        parent = described[pending.pop()].part_of
        if parent is not None and parent not in described:
            found = lookup(parent)
            if found is not None:
                described[parent] = found
                pending.append(parent)
    return described


def _entity_ids(statement: Statement) -> Iterator[str]:
    for entity in (
        statement.subject,
        statement.object,
        statement.attributed_to,
        statement.place,
    ):
        if entity is not None:
            yield entity.id


def _date(value: str) -> Literal:
    try:
        if not _DATE.fullmatch(value):
            raise ValueError("wrong form")
        datetime.date.fromisoformat((value + "-01-01")[:10])
    except ValueError:
        raise ValueError(f"not a date: {value!r}; expected YYYY, YYYY-MM or YYYY-MM-DD") from None
    return Literal(value, datatype=DATE_TYPES[len(value)], normalize=False)


def _integer(value: int) -> Literal:
    # xsd:integer, though NIF says xsd:nonNegativeInteger: Oxigraph stores both as the former.
    return Literal(str(value), datatype=XSD.integer)


def _decimal(value: float) -> Literal:
    return Literal(format(Decimal(str(round_confidence(value))), "f"), datatype=XSD.decimal)

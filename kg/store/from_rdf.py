"""A stored graph back into articles and statements: the inverse of `kg.store.to_rdf`."""

from __future__ import annotations

import datetime
from collections import defaultdict
from typing import TypeVar, get_args

import pyoxigraph as ox
from rdflib import DCTERMS, PROV, RDF, RDFS, SKOS, Dataset, URIRef

from kg.ontology import KG, NIF, SCHEMA, WD, load_relations, to_local
from kg.store.dataset import ox_store
from kg.types import Article, Entity, Evidence, Modality, Polarity, Statement

_POLARITIES: dict[str, Polarity] = {value: value for value in get_args(Polarity)}
_MODALITIES: dict[str, Modality] = {value: value for value in get_args(Modality)}

ValueT = TypeVar("ValueT")


class GraphError(ValueError):
    """The graph lacks something that every graph of this package has; the message says where."""


class _Nodes:
    """The merged graph, held as subject -> predicate -> values."""

    def __init__(self, dataset: Dataset) -> None:
        values: dict[str, dict[str, list[ox.NamedNode | ox.Literal]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for quad in ox_store(dataset).quads_for_pattern(None, None, None, ox.DefaultGraph()):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(
                quad.object, (ox.NamedNode, ox.Literal)
            ):
                values[quad.subject.value][quad.predicate.value].append(quad.object)
        self._values = values

    def instances(self, cls: URIRef) -> list[str]:
        wanted = ox.NamedNode(str(cls))
        kind = str(RDF.type)
        return sorted(iri for iri, found in self._values.items() if wanted in found.get(kind, ()))

    def having(self, predicate: URIRef) -> list[str]:
        return sorted(iri for iri, found in self._values.items() if str(predicate) in found)

    def optional(self, node: str, predicate: URIRef) -> str | None:
        """Return the one value; the smallest, should other tools have added more."""
        found = self._values.get(node, {}).get(str(predicate), ())
        return min((term.value for term in found), default=None)

    def one(self, node: str, predicate: URIRef) -> str:
        value = self.optional(node, predicate)
        if value is None:
            raise GraphError(f"<{node}> has no <{predicate}>")
        return value

    def label(self, node: str, lang: str) -> str:
        found = self._values.get(node, {}).get(str(RDFS.label), ())
        labels = [t.value for t in found if isinstance(t, ox.Literal) and t.language == lang]
        # A state that only an entity's dct:isPartOf names may come without labels.
        return min(labels) if labels else to_local(node).replace("_", " ")

    def classes(self, node: str) -> list[str]:
        found = self._values.get(node, {}).get(str(RDF.type), ())
        return sorted(to_local(t.value) for t in found if t.value.startswith(KG))


def read_articles(dataset: Dataset) -> list[tuple[Article, list[Statement]]]:
    """Return the stored articles by id, each with its statements by id.

    Raises:
        GraphError: a node lacks a property that this package always writes.
    """
    nodes = _Nodes(dataset)
    relations = load_relations()
    entities: dict[str, Entity] = {}
    statements: dict[str, list[Statement]] = defaultdict(list)

    def entity(iri: str) -> Entity:
        if iri not in entities:
            entities[iri] = _entity(nodes, iri)
        return entities[iri]

    def optional_entity(node: str, predicate: URIRef) -> Entity | None:
        iri = nodes.optional(node, predicate)
        return None if iri is None else entity(iri)

    for node in nodes.instances(KG.Statement):
        relation = to_local(nodes.one(node, RDF.predicate))
        if relation not in relations:
            raise GraphError(f"<{node}>: the ontology has no relation {relation}")
        evidence = _evidence(nodes, node)
        statements[evidence.article].append(
            Statement(
                id=to_local(node),
                subject=entity(nodes.one(node, RDF.subject)),
                relation=relations[relation],
                object=entity(nodes.one(node, RDF.object)),
                evidence=evidence,
                subject_mention=nodes.one(node, KG.subjectMention),
                object_mention=nodes.one(node, KG.objectMention),
                polarity=_one_of(_POLARITIES, nodes, node, KG.polarity),
                modality=_one_of(_MODALITIES, nodes, node, KG.modality),
                attributed_to=optional_entity(node, KG.attributedTo),
                attributed_mention=nodes.optional(node, KG.attributedMention),
                date=nodes.optional(node, KG.date),
                place=optional_entity(node, KG.place),
                place_mention=nodes.optional(node, KG.placeMention),
                confidence=float(nodes.one(node, KG.confidence)),
            )
        )
    articles = [_article(nodes, iri) for iri in nodes.instances(KG.Article)]
    return [
        (article, sorted(statements[article.id], key=lambda s: s.id))
        for article in sorted(articles, key=lambda a: a.id)
    ]


def read_entities(dataset: Dataset) -> dict[str, Entity]:
    """Return every described entity by id, mentioned by a statement or only as a parent.

    Its ``get`` serves as the look-up that `kg.statements.statement_to_json` takes.
    """
    nodes = _Nodes(dataset)
    return {
        entity.id: entity for entity in (_entity(nodes, iri) for iri in nodes.having(KG.minted))
    }


def _entity(nodes: _Nodes, iri: str) -> Entity:
    wikidata = nodes.optional(iri, SKOS.exactMatch)
    part_of = nodes.optional(iri, DCTERMS.isPartOf)
    return Entity(
        id=to_local(iri),
        label_de=nodes.label(iri, "de"),
        label_en=nodes.label(iri, "en"),
        cls=next(iter(nodes.classes(iri)), "Entity"),
        wikidata=None if wikidata is None else wikidata.removeprefix(str(WD)),
        part_of=None if part_of is None else to_local(part_of),
        minted=nodes.optional(iri, KG.minted) == "true",
    )


def _article(nodes: _Nodes, iri: str) -> Article:
    date = nodes.optional(iri, DCTERMS.date)
    return Article(
        id=nodes.one(iri, DCTERMS.identifier),
        text=nodes.one(iri, NIF.isString),
        lang=nodes.one(iri, DCTERMS.language),
        date=None if date is None else datetime.date.fromisoformat(date),
        title=nodes.optional(iri, DCTERMS.title),
        source=nodes.optional(iri, DCTERMS.source),
        url=nodes.optional(iri, SCHEMA.url),
    )


def _evidence(nodes: _Nodes, statement: str) -> Evidence:
    sentence = nodes.one(statement, PROV.wasDerivedFrom)
    start, end = _span(nodes, sentence)
    return Evidence(
        article=nodes.one(nodes.one(sentence, NIF.referenceContext), DCTERMS.identifier),
        sentence=nodes.one(sentence, NIF.anchorOf),
        start=start,
        end=end,
        subject=_span(nodes, nodes.one(statement, KG.subjectSpan)),
        cue=_span(nodes, nodes.one(statement, KG.cueSpan)),
        object=_span(nodes, nodes.one(statement, KG.objectSpan)),
    )


def _span(nodes: _Nodes, node: str) -> tuple[int, int]:
    return int(nodes.one(node, NIF.beginIndex)), int(nodes.one(node, NIF.endIndex))


def _one_of(values: dict[str, ValueT], nodes: _Nodes, node: str, predicate: URIRef) -> ValueT:
    found = to_local(nodes.one(node, predicate))
    if found not in values:
        raise GraphError(f"<{node}>: {found} is not a value of <{predicate}>")
    return values[found]

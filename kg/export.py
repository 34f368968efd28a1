"""A stored graph in the formats of other tools: one function a format.

``FORMATS`` is the registry: a new format is a function from a dataset to
bytes and a line there.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from xml.etree import ElementTree

import networkx as nx
from networkx.readwrite.gexf import GEXFWriter
from rdflib import Dataset

from kg.statements import round_confidence, statement_to_json
from kg.store import read_articles, read_entities, serialize
from kg.types import Article, Entity, Statement

Exporter = Callable[[Dataset], bytes]

# What XML 1.0 can't hold, not even escaped; networkx writes it all the same.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_EDGE_COLUMNS = (
    "Source",
    "Target",
    "Id",
    "relation",
    "label_de",
    "label_en",
    "statement_type",
    "polarity",
    "modality",
    "attributed_to",
    "date",
    "place",
    "confidence",
    "article",
    "sentence",
)
_NODE_COLUMNS = ("Id", "Label", "label_de", "label_en", "class", "wikidata", "part_of", "minted")


def export(dataset: Dataset, name: str) -> bytes:
    """Return the dataset in one of the formats of `FORMATS`; the same graph, the same bytes.

    Raises:
        ValueError: no such format.
    """
    if name not in FORMATS:
        raise ValueError(f"unknown format {name!r}; there are: {', '.join(FORMATS)}")
    return FORMATS[name](dataset)


def to_jsonl(dataset: Dataset) -> bytes:
    """One statement a line, by article and statement id, with the keys of the contract."""
    lookup = read_entities(dataset).get
    lines = (
        json.dumps(statement_to_json(statement, lookup), ensure_ascii=False) + "\n"
        for _, statement in _statements(dataset)
    )
    return "".join(lines).encode()


def to_ttl(dataset: Dataset) -> bytes:
    """Turtle: the merge of all graphs, nothing lost."""
    return serialize(dataset, "ttl")


def to_trig(dataset: Dataset) -> bytes:
    """TriG: one named graph per article."""
    return serialize(dataset, "trig")


def to_nq(dataset: Dataset) -> bytes:
    """N-Quads: one named graph per article."""
    return serialize(dataset, "nq")


def to_graphml(dataset: Dataset) -> bytes:
    """GraphML for Gephi, yEd, Cytoscape: entities as nodes, every statement an edge."""
    return ("\n".join(nx.generate_graphml(_network(dataset))) + "\n").encode()


def to_gexf(dataset: Dataset) -> bytes:
    """GEXF 1.2 for Gephi: entities as nodes, every statement an edge."""
    writer = GEXFWriter(encoding="utf-8", prettyprint=True, version="1.2draft")
    writer.add_graph(_network(dataset))
    for meta in writer.xml.iter("meta"):
        meta.attrib.pop("lastmodifieddate", None)  # the day of writing: another file every day
    ElementTree.indent(writer.xml)
    body = ElementTree.tostring(writer.xml, encoding="unicode")
    return f"<?xml version='1.0' encoding='utf-8'?>\n{body}\n".encode()


def to_csv_edges(dataset: Dataset) -> bytes:
    """Edge table for Gephi, Neo4j and pandas: every statement a row."""
    rows = (
        {**_edge(s), "Source": s.subject.id, "Target": s.object.id, "Id": s.id}
        for _, s in _statements(dataset)
    )
    return _csv(_EDGE_COLUMNS, rows)


def to_csv_nodes(dataset: Dataset) -> bytes:
    """Node table for Gephi, Neo4j and pandas: every entity a row."""
    entities = read_entities(dataset)
    rows = (
        {**_node(entities[i]), "Id": i, "Label": entities[i].label_en} for i in sorted(entities)
    )
    return _csv(_NODE_COLUMNS, rows)


FORMATS: dict[str, Exporter] = {
    "jsonl": to_jsonl,
    "ttl": to_ttl,
    "trig": to_trig,
    "nq": to_nq,
    "graphml": to_graphml,
    "gexf": to_gexf,
    "csv": to_csv_edges,
    "csv-nodes": to_csv_nodes,
}


def _statements(dataset: Dataset) -> Iterator[tuple[Article, Statement]]:
    for article, statements in read_articles(dataset):
        for statement in statements:
            yield article, statement


def _network(dataset: Dataset) -> nx.MultiDiGraph:
    """Return the graph for XML formats: no None, list or date among the attributes.

    The statement id is the key of an edge, so that parallel edges survive.
    """
    graph = nx.MultiDiGraph()
    entities = read_entities(dataset)
    for name in sorted(entities):
        label = _clean(entities[name].label_en)
        graph.add_node(_clean(name), label=label, **_xml(_node(entities[name])))
    for _, s in _statements(dataset):
        graph.add_edge(
            _clean(s.subject.id),
            _clean(s.object.id),
            key=s.id,
            id=s.id,
            label=_clean(s.relation.label_en),
            **_xml(_edge(s)),
        )
    return graph


def _node(entity: Entity) -> dict[str, str | float | bool | None]:
    return {
        "label_de": entity.label_de,
        "label_en": entity.label_en,
        "class": entity.cls,
        "wikidata": entity.wikidata,
        "part_of": entity.part_of,
        "minted": entity.minted,
    }


def _edge(statement: Statement) -> dict[str, str | float | bool | None]:
    # "statement_type" and not "type", "relation" and not "source": GEXF and pyvis claim those.
    return {
        "relation": statement.relation.id,
        "label_de": statement.relation.label_de,
        "label_en": statement.relation.label_en,
        "statement_type": statement.relation.type,
        "polarity": statement.polarity,
        "modality": statement.modality,
        "attributed_to": statement.attributed_to.id if statement.attributed_to else None,
        "date": statement.date,
        "place": statement.place.id if statement.place else None,
        "confidence": round_confidence(statement.confidence),
        "article": statement.evidence.article,
        "sentence": statement.evidence.sentence,
    }


def _xml(attributes: dict[str, str | float | bool | None]) -> dict[str, str | float | bool]:
    return {
        key: _clean(value) if isinstance(value, str) else value
        for key, value in attributes.items()
        if value is not None
    }


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)


def _csv(columns: tuple[str, ...], rows: Iterator[dict[str, str | float | bool | None]]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()

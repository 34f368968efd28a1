"""Statements as an RDF dataset: build it, write it, open it, read it back.

Every article is one named graph, named by the article's IRI, with all that
comes from it: the text, the statements and their evidence, the entities, and
the plain triples of the facts. The ontology is one more named graph, so that
a file explains itself and queries can climb the relation hierarchy. The
default graph is the merge of all named graphs, each triple once: Oxigraph's
own "union" default graph repeats a triple for every graph that has it, which
falsifies counts.
"""

from __future__ import annotations

import contextlib
import itertools
import os
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
from oxrdflib import OxigraphStore
from rdflib import RDF, Dataset, Literal, URIRef

from kg.ontology import ART, ONTOLOGY_IRI, PREFIXES, default_path, to_iri
from kg.statements import EntityLookup
from kg.store.to_rdf import article_triples, describe_entities
from kg.types import Article, Statement

_TYPE = str(RDF.type)
_FORMATS = {
    ".trig": ox.RdfFormat.TRIG,
    ".nq": ox.RdfFormat.N_QUADS,
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
}


def build_dataset(
    articles: Iterable[tuple[Article, list[Statement]]], lookup: EntityLookup | None = None
) -> Dataset:
    """Return the dataset of articles with their statements, the ontology included.

    ``lookup`` (the gazetteer's) describes the states and bodies that entities
    are part of and that no statement mentions; without it such a node has no
    labels. Articles without statements are kept. The order of articles and
    statements makes no difference. Of several statements with one id the one
    with the highest confidence stays. If an entity is described in several
    ways, the linked description goes before the minted one.

    Raises:
        ValueError: two articles with one id, or a statement whose evidence
            names another article or does not match its text.
    """
    collected = sorted(articles, key=lambda pair: pair[0].id)
    for (first, _), (second, _) in itertools.pairwise(collected):
        if first.id == second.id:
            raise ValueError(f"two articles have the id {first.id!r}")
    entities = describe_entities((s for _, found in collected for s in found), lookup)
    store = ox.Store()
    store.bulk_load(
        path=str(default_path()), format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(ONTOLOGY_IRI)
    )
    for article, statements in collected:
        graph = ox.NamedNode(to_iri(ART, article.id))
        triples = article_triples(article, statements, entities)
        store.bulk_extend(ox.Quad(_node(s), _node(p), _term(o), graph) for s, p, o in triples)
    _merge_into_default(store)
    return _as_dataset(store)


def serialize(dataset: Dataset, format: str = "trig") -> bytes:
    """Return the dataset as ``trig``, ``nq``, ``ttl`` or ``nt``, UTF-8, sorted.

    The same triples give the same bytes, in whatever order they were added.
    Turtle and N-Triples hold the default graph; TriG and N-Quads the named
    graphs, and what is in none of them.
    """
    rdf_format = _FORMATS[f".{format}"]
    store = ox_store(dataset)
    default = list(store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    if rdf_format.supports_datasets:
        named = [q for q in store if not isinstance(q.graph_name, ox.DefaultGraph)]
        inside = {q.triple for q in named}
        quads = named + [q for q in default if q.triple not in inside]
    else:
        quads = default
    ordered = sorted(quads, key=_sort_key)
    items = ordered if rdf_format.supports_datasets else [q.triple for q in ordered]
    text = ox.serialize(items, format=rdf_format, prefixes=_prefixes(rdf_format))
    assert text is not None  # bytes come back when no output is given
    return _sorted_prefixes(text)


def write(dataset: Dataset, folder: Path) -> list[Path]:
    """Write ``graph.ttl`` (flat) and ``graph.trig`` (a graph per article); return their paths.

    Both are complete on disk before the first one replaces an older file, so
    a failure leaves what was stored.

    Raises:
        OSError: the folder can't be made or written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / "graph.ttl", folder / "graph.trig"]
    with contextlib.ExitStack() as stack:
        drafts = [(_draft(serialize(dataset, p.suffix[1:]), p, stack), p) for p in paths]
        for draft, path in drafts:
            os.replace(draft, path)
    return paths


def open_dataset(path: Path) -> Dataset:
    """Return the stored dataset of an output folder or of one file, kept in memory.

    A folder is read from its ``graph.trig``; a file may be TriG, N-Quads,
    Turtle or N-Triples.

    Raises:
        FileNotFoundError: there is no such folder or file.
        ValueError: the file has another format or does not parse.
    """
    file = path / "graph.trig" if path.is_dir() else path
    if not file.is_file():
        raise FileNotFoundError(f"{file}: no stored graph here; build one with 'kg build'")
    if file.suffix not in _FORMATS:
        raise ValueError(f"{file}: expected one of {', '.join(sorted(_FORMATS))}")
    store = ox.Store()
    try:
        store.bulk_load(path=str(file), format=_FORMATS[file.suffix])
    except SyntaxError as error:
        raise ValueError(f"{file}: {error}") from error
    _merge_into_default(store)
    return _as_dataset(store)


def ox_store(dataset: Dataset) -> ox.Store:
    """Return the Oxigraph store under a dataset of this package.

    Raises:
        TypeError: the dataset is kept in another store.
    """
    if not isinstance(dataset.store, OxigraphStore):
        raise TypeError("the dataset is not kept in Oxigraph; open it with kg.store.open_dataset")
    return dataset.store._inner


def _node(iri: URIRef) -> ox.NamedNode:
    return ox.NamedNode(str(iri))


def _term(term: URIRef | Literal) -> ox.NamedNode | ox.Literal:
    if isinstance(term, URIRef):
        return _node(term)
    if term.language:
        return ox.Literal(str(term), language=term.language)
    return ox.Literal(str(term), datatype=_node(term.datatype) if term.datatype else None)


def _merge_into_default(store: ox.Store) -> None:
    named = [q.triple for q in store if not isinstance(q.graph_name, ox.DefaultGraph)]
    store.bulk_extend(ox.Quad(t.subject, t.predicate, t.object) for t in named)


def _as_dataset(store: ox.Store) -> Dataset:
    dataset = Dataset(store=OxigraphStore(store=store))
    for prefix, namespace in PREFIXES.items():
        dataset.bind(prefix, namespace, override=True, replace=True)
    return dataset


def _sort_key(quad: ox.Quad) -> tuple[str, str, bool, str, str]:
    # rdf:type first, as a reader of Turtle expects.
    predicate = str(quad.predicate)
    is_type = quad.predicate.value == _TYPE
    return str(quad.graph_name), str(quad.subject), not is_type, predicate, str(quad.object)


def _prefixes(rdf_format: ox.RdfFormat) -> dict[str, str] | None:
    return PREFIXES if rdf_format in (ox.RdfFormat.TRIG, ox.RdfFormat.TURTLE) else None


def _sorted_prefixes(text: bytes) -> bytes:
    """Sort the head of a Turtle file: Oxigraph writes prefixes in no promised order."""
    lines = text.split(b"\n")
    count = next((i for i, line in enumerate(lines) if not line.startswith(b"@prefix")), 0)
    return b"\n".join(sorted(lines[:count]) + lines[count:])


def _draft(content: bytes, path: Path, stack: contextlib.ExitStack) -> Path:
    """Write the content beside its destination; removed if it never gets there."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    stack.callback(draft.unlink, missing_ok=True)
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return draft

"""``kg ontology --html``: the ontology as two pages to read, one in German, one in English.

Each page is one file: no script, and its Content Security Policy lets nothing be loaded.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, Graph, URIRef
from rdflib.term import Node

from kg.commands.ontology import Entry, entries
from kg.extract.lexicon import LANGUAGES
from kg.ontology import KG, ONTOLOGY_IRI, PREFIXES, SCHEMA, load_types, to_local
from kg.resources import ontology_dir

_TEMPLATES = Path(__file__).resolve().parent / "templates"
_MAPPINGS = (
    *(SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch),
    *(RDFS.subClassOf, RDFS.subPropertyOf, OWL.equivalentClass, OWL.equivalentProperty),
)
_NAMESPACES = {
    **{namespace: prefix for prefix, namespace in PREFIXES.items()},
    "http://semanticweb.cs.vu.nl/2009/11/sem/": "sem",
    "http://www.wikidata.org/prop/direct/": "wdt",
}


@dataclass(frozen=True, slots=True)
class Block:
    """A term as the page shows it, in one language.

    ``facts`` are pairs of a heading and links; a link is a pair of text and address.
    """

    id: str
    label: str
    definition: str
    note: str
    facts: list[tuple[str, list[tuple[str, str]]]]
    verbs: list[str]
    nouns: list[str]


def write_pages(folder: Path) -> list[Path]:
    """Write ``ontology.de.html`` and ``ontology.en.html`` into a folder; return their paths.

    Raises:
        OSError: the folder can't be made or written.
        OntologyError: the ontology is incomplete.
    """
    graph = Graph()
    for name in ("kg.ttl", "alignment.ttl"):
        graph.parse(ontology_dir() / name)
    words = json.loads((_TEMPLATES / "ontology.json").read_text(encoding="utf-8"))
    template = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    ).get_template("ontology.html.j2")  # fmt: skip
    found = entries()
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for lang in LANGUAGES:
        page = _Page(graph, lang, words[lang])
        path = folder / f"ontology.{lang}.html"
        path.write_text(template.render(page.content(found)), encoding="utf-8")
        paths.append(path)
    return paths


class _Page:
    """The ontology in one language."""

    def __init__(self, graph: Graph, lang: str, words: dict[str, str]) -> None:
        self.graph = graph
        self.lang = lang
        self.words = words

    def content(self, found: list[Entry]) -> dict[str, object]:
        """Return what the template is filled with."""
        graph = self.graph
        by_type = {
            name: [entry for entry in found if entry.relation.type == name] for name in load_types()
        }
        classes = self._instances(OWL.Class)
        properties = set(self._instances(OWL.ObjectProperty, OWL.DatatypeProperty))
        relations = {KG[e.relation.id] for e in found} | {KG[name] for name in by_type}
        return {
            "lang": self.lang,
            "other": next(lang for lang in LANGUAGES if lang != self.lang),
            "w": self.words,
            "title": self._text(ONTOLOGY_IRI, DCTERMS.title),
            "description": self._text(ONTOLOGY_IRI, DCTERMS.description),
            "iri": str(ONTOLOGY_IRI),
            "version": str(graph.value(ONTOLOGY_IRI, OWL.versionInfo) or ""),
            "license": str(graph.value(ONTOLOGY_IRI, DCTERMS.license) or ""),
            "modified": str(graph.value(ONTOLOGY_IRI, DCTERMS.modified) or ""),
            "namespace": str(KG),
            "prefix": "kg",
            "types": [
                (self._block(KG[name]), [self._block(KG[e.relation.id], e) for e in group])
                for name, group in by_type.items()
            ],
            "classes": [self._block(iri) for iri in classes],
            "properties": [self._block(iri) for iri in sorted(properties - relations)],
            "values": [
                self._block(iri) for iri in self._instances(KG.Polarity, KG.Modality)
            ],
            "counts": {"relations": len(found), "classes": len(classes)},
        }  # fmt: skip

    def _instances(self, *classes: URIRef) -> list[URIRef]:
        found = {s for cls in classes for s in self.graph.subjects(RDF.type, cls)}
        return sorted(s for s in found if isinstance(s, URIRef) and s.startswith(KG))

    def _block(self, iri: URIRef, entry: Entry | None = None) -> Block:
        graph, w = self.graph, self.words
        narrower = RDFS.subClassOf if (iri, RDF.type, OWL.Class) in graph else RDFS.subPropertyOf
        own = [o for p in (RDFS.subClassOf, RDFS.subPropertyOf) for o in graph.objects(iri, p)]
        mapped = [o for p in _MAPPINGS for o in graph.objects(iri, p) if not _is_ours(o)]
        facts = [
            (w["above"], self._links(o for o in own if _is_ours(o))),
            (w["below"], self._links(graph.subjects(narrower, iri))),
            (w["domain"], self._links(graph.objects(iri, SCHEMA.domainIncludes))),
            (w["range"], self._links(graph.objects(iri, SCHEMA.rangeIncludes))),
            (w["inverse"], self._links(graph.objects(iri, OWL.inverseOf))),
            (w["disjoint"], self._links(graph.objects(iri, OWL.disjointWith))),
            (w["mapped"], self._links(mapped)),
        ]
        if (iri, RDF.type, OWL.SymmetricProperty) in graph:
            facts.append((w["symmetric"], [(w["yes"], "")]))
        return Block(
            id=to_local(iri),
            label=self._text(iri, RDFS.label),
            definition=self._text(iri, SKOS.definition),
            note=self._text(iri, SKOS.editorialNote),
            facts=[(heading, links) for heading, links in facts if links],
            verbs=entry.verbs[self.lang] if entry else [],
            nouns=entry.nouns[self.lang] if entry else [],
        )

    def _links(self, nodes: Iterable[Node]) -> list[tuple[str, str]]:
        links = set()
        for node in nodes:
            if _is_ours(node):
                links.add((self._text(node, RDFS.label), f"#{to_local(str(node))}"))
            elif isinstance(node, URIRef):
                links.add((_short(node), str(node)))
        return sorted(links)

    def _text(self, node: Node, predicate: URIRef) -> str:
        texts = self.graph.objects(node, predicate)
        return min((str(t) for t in texts if getattr(t, "language", None) == self.lang), default="")


def _is_ours(node: Node) -> bool:
    return str(node).startswith(KG)


def _short(iri: str) -> str:
    for namespace, prefix in _NAMESPACES.items():
        if iri.startswith(namespace) and iri != namespace:
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri

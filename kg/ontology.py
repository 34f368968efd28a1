"""The ontology as the program sees it: namespaces, relations, types, classes.

Everything is read from ``ontology/kg.ttl``, which an analyst edits by hand;
the functions here check what the program relies on and name the file and the
term when it is missing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote, unquote

import pyoxigraph as ox
from rdflib import DCTERMS, OWL, PROV, RDF, RDFS, SKOS, XSD, Namespace, URIRef

from kg.resources import ontology_dir
from kg.types import Relation

KG = Namespace("https://kg.example/ontology#")
ENT = Namespace("https://kg.example/entity/")
ST = Namespace("https://kg.example/statement/")
ART = Namespace("https://kg.example/article/")
NIF = Namespace("http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#")
SCHEMA = Namespace("https://schema.org/")
WD = Namespace("http://www.wikidata.org/entity/")

ONTOLOGY_IRI = URIRef("https://kg.example/ontology")

PREFIXES: dict[str, str] = {
    "kg": str(KG),
    "ent": str(ENT),
    "st": str(ST),
    "art": str(ART),
    "wd": str(WD),
    "dct": str(DCTERMS),
    "nif": str(NIF),
    "owl": str(OWL),
    "prov": str(PROV),
    "rdf": str(RDF),
    "rdfs": str(RDFS),
    "schema": str(SCHEMA),
    "skos": str(SKOS),
    "vann": "http://purl.org/vocab/vann/",
    "xsd": str(XSD),
}
"""Prefixes of every file the package writes and of every query it reads."""

_NOT_LOCAL = re.compile(r"[^\w.~'()!$*;@:,-]|[^\x00-\x7f]")


class OntologyError(ValueError):
    """The ontology file is missing, broken or incomplete; the message names file and term."""


@dataclass(frozen=True, slots=True)
class Term:
    """A class or a statement type of the ontology; ``parents`` are local names, sorted."""

    id: str
    label_de: str
    label_en: str
    parents: tuple[str, ...] = ()


def to_iri(namespace: Namespace, local: str) -> URIRef:
    """Return the IRI of a local name; what an IRI can't hold is percent-encoded.

    Letters and digits of any script stay readable (``ent:Köln``).
    """
    if not local:
        raise ValueError(f"an empty name has no IRI in {namespace}")
    return URIRef(
        namespace
        + _NOT_LOCAL.sub(lambda m: m[0] if m[0].isalnum() else quote(m[0], safe=""), local)
    )


def to_local(iri: str) -> str:
    """Return the local name of an IRI in one of the package's namespaces (inverse of `to_iri`)."""
    for namespace in (KG, ENT, ST, ART):
        if iri.startswith(namespace):
            return unquote(iri[len(namespace) :])
    raise ValueError(f"{iri} lies in none of the namespaces of kg")


def load_relations(path: Path | None = None) -> dict[str, Relation]:
    """Return the relations by local name, sorted by name; cached.

    A relation's ``type`` is its topmost ancestor by ``rdfs:subPropertyOf``,
    ``parent`` the relation right above it, None when that is the type itself.

    Raises:
        OntologyError: no such file, not Turtle, or a relation without a
            label in both languages, with no or several parents, or whose
            ancestors do not end at a type.
    """
    return dict(_relations(path or default_path()))


def load_types(path: Path | None = None) -> dict[str, Term]:
    """Return the statement types (AGREE ... OTHER) by local name; cached."""
    return dict(_terms(path or default_path(), (KG.EventType, KG.StaticType)))


def load_classes(path: Path | None = None) -> dict[str, Term]:
    """Return the classes of entities (``kg:Entity`` and below) by local name; cached."""
    return dict(_classes(path or default_path()))


def default_path() -> Path:
    """Return the ontology file that ships with the package."""
    return ontology_dir() / "kg.ttl"


class _Triples:
    """The triples of one Turtle file, looked up by subject and predicate."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._objects: dict[tuple[str, str], list[ox.Literal | ox.NamedNode]] = defaultdict(list)
        self._instances: dict[str, list[str]] = defaultdict(list)
        # pyoxigraph and not rdflib: 40 times as fast, and every command waits for this file.
        try:
            for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
                subject, predicate, value = quad.subject, quad.predicate.value, quad.object
                if isinstance(subject, ox.NamedNode) and isinstance(
                    value, (ox.NamedNode, ox.Literal)
                ):
                    self._objects[subject.value, predicate].append(value)
                    if predicate == str(RDF.type):
                        self._instances[value.value].append(subject.value)
        except OSError as error:
            raise OntologyError(f"{path}: cannot be read ({error})") from error
        except SyntaxError as error:
            raise OntologyError(f"{path}: not valid Turtle ({error})") from error

    def instances(self, cls: URIRef) -> list[str]:
        return sorted(i for i in self._instances[str(cls)] if i.startswith(KG))

    def links(self, subject: str, predicate: URIRef) -> list[str]:
        """Return the local names of linked terms of this ontology, sorted."""
        found = (o.value for o in self._objects.get((subject, str(predicate)), ()))
        return sorted(to_local(iri) for iri in found if iri.startswith(KG))

    def is_a(self, subject: str, cls: URIRef) -> bool:
        return ox.NamedNode(cls) in self._objects.get((subject, str(RDF.type)), ())

    def labels(self, subject: str) -> tuple[str, str]:
        """Return the German and the English label."""
        found = {
            o.language: o.value
            for o in self._objects.get((subject, str(RDFS.label)), ())
            if isinstance(o, ox.Literal)
        }
        for lang in ("de", "en"):
            if not found.get(lang, "").strip():
                raise OntologyError(f"{self.path}: {to_local(subject)} has no rdfs:label @{lang}")
        return found["de"], found["en"]


@cache
def _triples(path: Path) -> _Triples:
    return _Triples(path)


@cache
def _relations(path: Path) -> dict[str, Relation]:
    triples = _triples(path)
    types = _terms(path, (KG.EventType, KG.StaticType))
    parents: dict[str, str] = {}
    for iri in triples.instances(KG.Relation):
        above = triples.links(iri, RDFS.subPropertyOf)
        if len(above) != 1:
            raise OntologyError(
                f"{path}: {to_local(iri)} needs exactly one rdfs:subPropertyOf, "
                f"a type or a relation, but has {len(above)}"
            )
        parents[to_local(iri)] = above[0]
    classes = _classes(path)
    return {
        to_local(iri): _relation(triples, iri, parents, types, classes)
        for iri in triples.instances(KG.Relation)
    }


def _relation(
    triples: _Triples,
    iri: str,
    parents: dict[str, str],
    types: dict[str, Term],
    classes: dict[str, Term],
) -> Relation:
    name = to_local(iri)
    label_de, label_en = triples.labels(iri)
    inverse = triples.links(iri, OWL.inverseOf)
    return Relation(
        id=name,
        label_de=label_de,
        label_en=label_en,
        type=_topmost(name, parents, types, triples.path),
        parent=parents[name] if parents[name] not in types else None,
        symmetric=triples.is_a(iri, OWL.SymmetricProperty),
        inverse=inverse[0] if inverse else None,
        domain=_below(triples.links(iri, SCHEMA.domainIncludes), classes),
        range=_below(triples.links(iri, SCHEMA.rangeIncludes), classes),
    )


def _below(names: list[str], classes: dict[str, Term]) -> frozenset[str]:
    """Return the classes of these names with all their subclasses."""
    found = set(names)
    while grown := {n for n, c in classes.items() if found & set(c.parents)} - found:
        found |= grown
    return frozenset(found)


def _topmost(name: str, parents: dict[str, str], types: dict[str, Term], path: Path) -> str:
    seen = [name]
    while seen[-1] in parents:
        above = parents[seen[-1]]
        if above in seen:
            raise OntologyError(f"{path}: {name} is its own ancestor: {' > '.join([*seen, above])}")
        seen.append(above)
    if seen[-1] not in types:
        raise OntologyError(
            f"{path}: {name} has no type: its ancestors end at {seen[-1]}, "
            "which is neither a kg:EventType nor a kg:StaticType"
        )
    return seen[-1]


@cache
def _terms(path: Path, kinds: tuple[URIRef, ...]) -> dict[str, Term]:
    triples = _triples(path)
    found = sorted({iri for kind in kinds for iri in triples.instances(kind)})
    return {to_local(iri): Term(to_local(iri), *triples.labels(iri)) for iri in found}


@cache
def _classes(path: Path) -> dict[str, Term]:
    triples = _triples(path)
    found = {
        to_local(iri): Term(
            to_local(iri), *triples.labels(iri), parents=tuple(triples.links(iri, RDFS.subClassOf))
        )
        for iri in triples.instances(OWL.Class)
    }

    def is_entity(name: str, seen: frozenset[str] = frozenset()) -> bool:
        return name == "Entity" or any(
            is_entity(parent, seen | {name})
            for parent in found.get(name, Term(name, "", "")).parents
            if parent not in seen
        )

    return {name: term for name, term in found.items() if is_entity(name)}

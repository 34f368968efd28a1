"""The ontology: what the program reads from it, and that it keeps its own rules."""

from __future__ import annotations

import logging
import time
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, Graph, Literal, URIRef

import kg
from kg.extract import lexicon
from kg.extract.lexicon import LANGUAGES
from kg.ontology import (
    ENT,
    KG,
    ONTOLOGY_IRI,
    OntologyError,
    load_classes,
    load_relations,
    load_types,
    to_iri,
    to_local,
)
from kg.resources import ontology_dir

PLOVER = {
    "AGREE",
    "CONSULT",
    "SUPPORT",
    "CONCEDE",
    "COOPERATE",
    "AID",
    "RETREAT",
    "REQUEST",
    "ACCUSE",
    "REJECT",
    "THREATEN",
    "PROTEST",
    "SANCTION",
    "MOBILIZE",
    "COERCE",
    "ASSAULT",
}
STATIC = {"ROLE", "MEMBER", "LOCATED", "BORDERS", "OTHER"}


@pytest.fixture(scope="module")
def graph() -> Graph:
    return Graph().parse(ontology_dir() / "kg.ttl")


def test_types_are_those_of_the_design() -> None:
    assert set(load_types()) == PLOVER | STATIC


def test_relation_has_topmost_type_and_direct_parent() -> None:
    relation = load_relations()["sendsTroopsTo"]
    assert (relation.type, relation.parent) == ("AID", "aids")
    assert (relation.label_de, relation.label_en) == ("schickt Truppen nach/an", "sends troops to")
    assert load_relations()["aids"].parent is None


def test_every_type_has_relations() -> None:
    assert {r.type for r in load_relations().values()} == PLOVER | STATIC


def test_symmetric_and_inverse() -> None:
    relations = load_relations()
    assert relations["meets"].symmetric and not relations["attacks"].symmetric
    assert relations["hosts"].inverse == "visits" and relations["visits"].inverse == "hosts"
    for relation in relations.values():
        if relation.inverse:
            assert relations[relation.inverse].inverse == relation.id


def test_labels_are_unambiguous() -> None:
    for attribute in ("label_de", "label_en"):
        labels = [getattr(r, attribute) for r in load_relations().values()]
        assert len(labels) == len(set(labels))


def test_classes_know_their_parents() -> None:
    classes = load_classes()
    assert classes["State"].parents == ("Agent", "Place")
    assert "Statement" not in classes and "AID" not in classes


def test_every_term_is_documented_in_both_languages(graph: Graph) -> None:
    terms = {s for s in graph.subjects() if isinstance(s, URIRef) and s.startswith(KG)}
    assert len(terms) > 150
    for term in sorted(terms):
        for predicate in (RDFS.label, SKOS.definition):
            langs = [o.language for o in graph.objects(term, predicate) if isinstance(o, Literal)]
            assert sorted(map(str, langs)) == ["de", "en"], (term, predicate)
        assert (term, RDFS.isDefinedBy, ONTOLOGY_IRI) in graph
        assert list(graph.objects(term, RDF.type)), term


def test_nothing_points_to_an_undeclared_term(graph: Graph) -> None:
    declared = set(graph.subjects(RDF.type))
    for part in (graph, Graph().parse(ontology_dir() / "alignment.ttl")):
        used = {t for triple in part for t in triple if isinstance(t, URIRef) and t.startswith(KG)}
        assert {t for t in used if t != URIRef(KG)} <= declared


def test_version_is_that_of_the_package(graph: Graph) -> None:
    assert str(graph.value(ONTOLOGY_IRI, OWL.versionInfo)) == kg.__version__
    assert str(graph.value(ONTOLOGY_IRI, OWL.versionIRI)) == f"{ONTOLOGY_IRI}/{kg.__version__}"
    assert graph.value(ONTOLOGY_IRI, DCTERMS.license)
    assert graph.value(ONTOLOGY_IRI, DCTERMS.creator)


@pytest.mark.parametrize("name", ["kg.ttl", "alignment.ttl", "shapes.ttl"])
def test_files_load_everywhere_without_warning(
    name: str, caplog: pytest.LogCaptureFixture, recwarn: pytest.WarningsRecorder
) -> None:
    path = ontology_dir() / name
    with caplog.at_level(logging.WARNING):
        triples = len(Graph().parse(path))
        store = ox.Store()
        store.load(path=str(path), format=ox.RdfFormat.TURTLE)
    assert len(store) == triples > 0
    assert not caplog.records, caplog.text
    # rdflib warns of itself when it parses; that is no word on the file.
    assert [w for w in recwarn if w.category is not DeprecationWarning] == []


def test_pyshacl_takes_shapes_and_ontology_without_warning(
    graph: Graph, caplog: pytest.LogCaptureFixture
) -> None:
    pyshacl = pytest.importorskip("pyshacl")
    shapes = Graph().parse(ontology_dir() / "shapes.ttl")
    with caplog.at_level(logging.WARNING):
        conforms, _, report = pyshacl.validate(graph, shacl_graph=shapes, meta_shacl=True)
    assert conforms, report
    assert not caplog.records, caplog.text


def test_shapes_speak_of_declared_terms_only(graph: Graph) -> None:
    shapes = Graph().parse(ontology_dir() / "shapes.ttl")
    used = {t for triple in shapes for t in triple if isinstance(t, URIRef) and t.startswith(KG)}
    assert used <= set(graph.subjects(RDF.type))


def test_a_relation_without_words_says_why(graph: Graph) -> None:
    for lang in LANGUAGES:
        found = lexicon.load(lang).frames.values()
        expressed = {frame.relation for frames in found for frame in frames}
        for name, relation in load_relations().items():
            notes = [
                note.language
                for term in (KG[name], KG[relation.type])
                for note in graph.objects(term, SKOS.editorialNote)
                if isinstance(note, Literal)
            ]
            assert name in expressed or lang in notes, (lang, name)


@pytest.mark.parametrize(
    ("extra", "contradictions"),
    [("", 0), ("kg:x a kg:Person , kg:City .", 1)],
)
def test_reasoner_finds_contradictions_only_where_they_are(extra: str, contradictions: int) -> None:
    owlrl = pytest.importorskip("owlrl")
    closure = Graph()
    for name in ("kg.ttl", "alignment.ttl"):
        closure.parse(ontology_dir() / name)
    closure.parse(data=f"PREFIX kg: <{KG}> {extra}", format="turtle")
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(closure)
    errors = URIRef("http://www.daml.org/2002/03/agents/agent-ont#error")
    assert len(list(closure.subject_objects(errors))) == contradictions


def test_reasoner_finds_no_contradiction_in_a_graph_with_its_ontology() -> None:
    owlrl = pytest.importorskip("owlrl")
    import graph_samples as samples

    from kg.store import build_dataset, serialize

    dataset = build_dataset([(samples.GERMAN, samples.german())], samples.REFERENCE.get)
    closure = Graph().parse(data=serialize(dataset, "nt"), format="nt")
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(closure)
    errors = URIRef("http://www.daml.org/2002/03/agents/agent-ont#error")
    assert list(closure.subject_objects(errors)) == []
    # Entailed, not written: who sends troops aids.
    assert (ENT.North_Korea, KG.aids, ENT.Kursk_Oblast) in closure


def test_loading_is_quick() -> None:
    began = time.perf_counter()
    load_relations(ontology_dir() / "." / "kg.ttl")
    assert time.perf_counter() - began < 0.3


HEAD = """@prefix kg: <https://kg.example/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
kg:AID a kg:EventType ; rdfs:label "hilft"@de , "aids"@en .
"""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('kg:x a kg:Relation ; rdfs:label "x"@de , "x"@en .', "x needs exactly one rdfs:subProp"),
        ('kg:x a kg:Relation ; rdfs:subPropertyOf kg:AID ; rdfs:label "x"@en .', "label @de"),
        ('kg:x a kg:Relation ; rdfs:subPropertyOf kg:y ; rdfs:label "x"@en,"x"@de .', "no type"),
        (
            'kg:x a kg:Relation ; rdfs:subPropertyOf kg:y ; rdfs:label "x"@en,"x"@de .'
            'kg:y a kg:Relation ; rdfs:subPropertyOf kg:x ; rdfs:label "y"@en,"y"@de .',
            "its own ancestor",
        ),
        ("kg:x a kg:Relation ; ", "not valid Turtle"),
    ],
)
def test_errors_name_file_and_term(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "mine.ttl"
    path.write_text(HEAD + text, encoding="utf-8")
    with pytest.raises(OntologyError, match=message) as error:
        load_relations(path)
    assert str(path) in str(error.value)


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(OntologyError, match=r"none\.ttl"):
        load_relations(tmp_path / "none.ttl")


@pytest.mark.parametrize("name", ["North_Korea", "Köln", "a b/c#d?e%f", "Côte_d'Ivoire", "金正恩"])
def test_local_names_survive_as_iris(name: str) -> None:
    iri = to_iri(ENT, name)
    assert to_local(iri) == name
    assert not set(" #?") & set(iri.removeprefix(ENT))

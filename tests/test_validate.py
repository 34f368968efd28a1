"""`kg validate`: what it says of graphs that keep the shapes and of graphs that do not."""

from __future__ import annotations

import sys
from pathlib import Path

import graph_samples as samples
import pytest
from rdflib import RDF, RDFS, SKOS, Graph, Literal, URIRef

from kg.cli import NOTHING, OK, main
from kg.commands.validate import validate
from kg.ontology import ENT, KG, NIF
from kg.store import build_dataset, write

pytest.importorskip("pyshacl")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("graph")
    write(build_dataset(samples.corpus(), samples.REFERENCE.get), folder)
    return folder


def spoilt(folder: Path, target: Path, *changes: tuple[str, tuple]) -> Path:
    graph = Graph().parse(folder / "graph.ttl")
    for verb, triple in changes:
        getattr(graph, verb)(triple)
    path = target / "spoilt.ttl"
    graph.serialize(path)
    return path


def statement(folder: Path, relation: str) -> URIRef:
    graph = Graph().parse(folder / "graph.ttl")
    found = sorted(s for s in graph.subjects(RDF.predicate, KG[relation]))
    assert isinstance(found[0], URIRef)
    return found[0]


def test_a_graph_just_built_conforms(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", str(folder)]) == OK
    assert (
        capsys.readouterr().out == f"{folder} conforms to the shapes (4 articles, 10 statements)\n"
    )
    assert validate(folder / "graph.ttl").conforms


def test_an_empty_graph_conforms(tmp_path: Path) -> None:
    write(build_dataset([]), tmp_path)
    assert validate(tmp_path).conforms


def test_a_graph_without_the_ontology_is_held_against_ours(folder: Path, tmp_path: Path) -> None:
    graph = Graph().parse(folder / "graph.ttl")
    for subject in set(graph.subjects()):
        if str(subject).startswith((str(KG), "https://kg.example/ontology")):
            graph.remove((subject, None, None))
    graph.serialize(tmp_path / "bare.nt", format="nt", encoding="utf-8")
    assert validate(tmp_path / "bare.nt").conforms


def test_a_spoilt_graph_ends_with_status_one(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = spoilt(folder, tmp_path, ("remove", (None, KG.polarity, None)))
    assert main(["validate", str(path)]) == NOTHING
    lines = capsys.readouterr().out.splitlines()
    assert "does not conform" in " ".join(lines)
    assert "1. kg:polarity is missing (shape:Statement, 10 times)" in lines
    assert "   ... and 5 more" in lines
    assert max(map(len, lines[2:])) <= 80


GERMANY = ENT.Germany


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (
            [("add", (GERMANY, KG.attacks, ENT.Ukraine))],
            ["A plain triple stands without a fact that states it (shape:Graph)",
             "ent:Germany (Germany): kg:attacks ent:Ukraine"],
        ),
        (
            [("remove", (GERMANY, KG.supports, ENT.Ukraine))],
            ["A fact (positive, actual, nobody's claim) has no plain triple (shape:Graph)",
             "(Germany – supports – Ukraine; art:en%2F1%20ü)"],
        ),
        ([("remove", (GERMANY, RDF.type, None))], ["The entity has no class", "ent:Germany"]),
        (
            [("add", (GERMANY, RDFS.label, Literal("Allemagne", lang="fr")))],
            ["rdfs:label is in none of the languages \"de\", \"en\" (shape:IsEntity)",
             'ent:Germany (Germany): "Allemagne"'],
        ),
        (
            [("set", (GERMANY, SKOS.exactMatch, URIRef("http://x.example/1")))],
            ["skos:exactMatch does not have the form"],
        ),
        ([("set", (URIRef("https://kg.example/article/en-2#char=0,7"), NIF.endIndex, Literal(3)))],
         ["The offsets do not lead to these words", "en-2#char=0,7 (Germany)"]),
    ],
)  # fmt: skip
def test_faults_are_told_in_words(
    folder: Path, tmp_path: Path, changes: list, says: list[str]
) -> None:
    verdict = validate(spoilt(folder, tmp_path, *changes))
    text = " ".join(verdict.text.split())
    assert not verdict.conforms
    for words in says:
        assert words in text


@pytest.mark.parametrize(
    ("predicate", "value", "says"),
    [
        (KG.confidence, Literal("1.5"), "kg:confidence is no xsd:decimal"),
        (KG.modality, KG.sure, "kg:modality is none of kg:actual, kg:planned"),
        (KG.date, Literal("gestern"), "kg:date is of none of the allowed types"),
        (RDF.predicate, KG.likes, "rdf:predicate leads to something that is no kg:Relation"),
    ],
)
def test_wrong_values_are_told_in_words(
    folder: Path, tmp_path: Path, predicate: URIRef, value: URIRef | Literal, says: str
) -> None:
    node = statement(folder, "warns")
    text = validate(spoilt(folder, tmp_path, ("set", (node, predicate, value)))).text
    assert says in " ".join(text.split())
    assert str(node).rpartition("/")[2] in text


def test_the_report_is_the_same_each_time(folder: Path, tmp_path: Path) -> None:
    changes = [("remove", (None, KG.polarity, None)), ("remove", (None, NIF.endIndex, None))]
    path = spoilt(folder, tmp_path, *changes)
    assert validate(path).text == validate(path).text


def test_no_graph_and_no_pyshacl_are_told(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    assert main(["validate", str(tmp_path)]) == NOTHING
    assert "build one with 'kg build'" in capsys.readouterr().err
    monkeypatch.setitem(sys.modules, "pyshacl", None)
    assert main(["validate", str(folder)]) == NOTHING
    assert "pip install 'kg-news[validate]'" in capsys.readouterr().err

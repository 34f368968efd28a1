"""Exports: other tools read them back, and find everything."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import graph_samples as samples
import networkx as nx
import pytest
from rdflib import Dataset, Graph

from kg.export import FORMATS, export
from kg.statements import statement_to_json
from kg.store import build_dataset, serialize
from kg.store.from_rdf import read_articles


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return build_dataset(samples.corpus(), samples.REFERENCE.get)


def hostile() -> Dataset:
    """Return a graph with control characters, markup and parallel edges."""
    entity = replace(samples.VILLAGER, id="A\x01<b>", label_en='"A" & \x0b\ufffe<b>,\n=1+1')
    statement = replace(samples.german()[0], subject=entity)
    other = replace(statement, id="0" * 20, polarity="negative")
    return build_dataset([(samples.GERMAN, [statement, other])], samples.REFERENCE.get)


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_same_graph_same_bytes(name: str) -> None:
    one = build_dataset(samples.corpus(), samples.REFERENCE.get)
    two = build_dataset(samples.corpus()[::-1], samples.REFERENCE.get)
    assert export(one, name) == export(two, name) != b""


def test_unknown_format_lists_the_known_ones(dataset: Dataset) -> None:
    with pytest.raises(ValueError, match="there are: jsonl, ttl"):
        export(dataset, "xlsx")


def test_jsonl_is_what_extraction_writes(dataset: Dataset) -> None:
    lines = export(dataset, "jsonl").decode().splitlines()
    extracted = [
        statement_to_json(s, samples.REFERENCE.get)
        for _, found in sorted(samples.corpus(), key=lambda pair: pair[0].id)
        for s in sorted(found, key=lambda s: s.id)
    ]
    assert [json.loads(line) for line in lines] == extracted


def test_jsonl_keeps_one_statement_a_line() -> None:
    lines = export(hostile(), "jsonl").split(b"\n")
    assert len(lines) == 3 and lines[-1] == b""


@pytest.mark.parametrize("name", ["nq", "trig"])
def test_quads_have_a_graph_per_article(dataset: Dataset, name: str) -> None:
    back = Dataset()
    back.parse(data=export(dataset, name).decode(), format={"nq": "nquads"}.get(name, name))
    graphs = {str(g) for *_, g in back.quads()}
    assert len(graphs) == 5  # four articles and the ontology


def test_turtle_is_the_merged_graph(dataset: Dataset) -> None:
    merged = Graph().parse(data=export(dataset, "ttl").decode(), format="turtle")
    assert len(merged) == len(list(dataset.default_graph))
    assert export(dataset, "ttl") == serialize(dataset, "ttl")


@pytest.mark.parametrize("make", [lambda: build_dataset(samples.corpus()), hostile])
@pytest.mark.parametrize("name", ["graphml", "gexf"])
def test_network_files_open_with_every_edge(name: str, make: object) -> None:
    data = make()  # type: ignore[operator]
    text = export(data, name)
    if name == "graphml":
        graph = nx.parse_graphml(text.decode(), force_multigraph=True)
    else:
        graph = nx.read_gexf(io.BytesIO(text))
    statements = [s for _, found in read_articles(data) for s in found]
    assert graph.is_directed() and graph.number_of_edges() == len(statements)
    found = {d["id"]: d for *_, d in graph.edges(data=True)}
    for statement in statements:
        edge = found[statement.id]
        assert edge["relation"] == statement.relation.id
        assert edge["statement_type"] == statement.relation.type
        assert edge["confidence"] == pytest.approx(statement.confidence, abs=1e-4)
        assert "None" not in edge.values()


def test_gexf_has_no_date_of_writing(dataset: Dataset) -> None:
    assert b"lastmodified" not in export(dataset, "gexf")


def test_csv_tables_fit_together(dataset: Dataset) -> None:
    edges = list(csv.DictReader(io.StringIO(export(dataset, "csv").decode())))
    nodes = list(csv.DictReader(io.StringIO(export(dataset, "csv-nodes").decode())))
    ids = {row["Id"] for row in nodes}
    assert len(edges) == 10 and {r["Source"] for r in edges} | {r["Target"] for r in edges} <= ids
    attack = next(row for row in edges if row["attributed_to"])
    assert (attack["attributed_to"], attack["date"], attack["place"]) == (
        "Ukraine",
        "2024",
        "Kursk_Oblast",
    )
    assert attack["sentence"] == samples.german()[2].evidence.sentence

"""Statements to RDF, to files, and back again."""

from __future__ import annotations

import datetime
import json
from dataclasses import replace
from pathlib import Path

import graph_samples as samples
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import DCTERMS, RDF, Dataset, Graph, Literal, URIRef

from kg.ontology import ART, ENT, KG, NIF, ST, load_classes, load_relations, to_iri
from kg.resources import ontology_dir
from kg.statements import round_confidence, statement_id, statement_to_json
from kg.store import build_dataset, open_dataset, serialize, write
from kg.store.from_rdf import GraphError, read_articles, read_entities
from kg.types import Article, Entity, Evidence, Statement


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return build_dataset(samples.corpus(), samples.REFERENCE.get)


def by_id(pairs: list[tuple[Article, list[Statement]]]) -> list[tuple[Article, list[Statement]]]:
    ordered = sorted(pairs, key=lambda pair: pair[0].id)
    return [(a, sorted(found, key=lambda s: s.id)) for a, found in ordered]


# -- which triples stand in the graph


def test_facts_have_a_plain_triple(dataset: Dataset) -> None:
    assert (ENT.North_Korea, KG.sendsTroopsTo, ENT.Kursk_Oblast) in dataset.default_graph


@pytest.mark.parametrize(
    ("subject", "relation", "object"),
    [
        ("Sergey_Lavrov", "visits", "North_Korea"),  # planned
        ("Russian_Armed_Forces", "attacks", "Ukraine"),  # claimed by Ukraine
        ("Germany", "suppliesArmsTo", "Russia"),  # denied
    ],
)
def test_plans_claims_and_negations_have_none(
    dataset: Dataset, subject: str, relation: str, object: str
) -> None:
    graph = dataset.default_graph
    assert (ENT[subject], KG[relation], ENT[object]) not in graph
    nodes = set(graph.subjects(RDF.subject, ENT[subject]))
    assert nodes & set(graph.subjects(RDF.predicate, KG[relation]))


def test_fact_of_two_articles_is_one_triple_in_the_merged_graph(dataset: Dataset) -> None:
    triple = (ENT.North_Korea, KG.sendsTroopsTo, ENT.Kursk_Oblast)
    assert len(list(dataset.default_graph.triples(triple))) == 1
    graphs = {g for *_, g in dataset.quads((*triple, None))}
    assert {to_iri(ART, "de-1"), to_iri(ART, "en/1 ü")} <= graphs


def test_offsets_index_the_stored_text(dataset: Dataset) -> None:
    graph = dataset.default_graph
    spans = list(graph.subject_objects(NIF.anchorOf))
    assert spans
    for node, words in spans:
        text = graph.value(graph.value(node, NIF.referenceContext), NIF.isString)
        begin, end = graph.value(node, NIF.beginIndex), graph.value(node, NIF.endIndex)
        assert str(text)[int(str(begin)) : int(str(end))] == str(words)


def test_institution_rolls_up_to_its_state_through_bodies_nobody_mentions(dataset: Dataset) -> None:
    graph = dataset.default_graph
    ministry = graph.value(ENT.Russian_Armed_Forces, DCTERMS.isPartOf)
    assert ministry == ENT.Ministry_of_Defence_of_Russia
    assert graph.value(ministry, DCTERMS.isPartOf) == ENT.Russia
    assert read_entities(dataset)["Ministry_of_Defence_of_Russia"] == samples.MINISTRY


def test_article_without_statements_is_kept(dataset: Dataset) -> None:
    assert (to_iri(ART, "zz-empty"), RDF.type, KG.Article) in dataset.default_graph


def test_every_property_used_is_declared(dataset: Dataset) -> None:
    ontology = Graph().parse(ontology_dir() / "kg.ttl")
    known = ("http://www.w3.org/", "http://purl.org/", str(NIF), "https://schema.org/")
    for predicate in sorted(set(dataset.default_graph.predicates())):
        if predicate.startswith(KG):
            assert (predicate, RDF.type, None) in ontology, predicate
        else:
            assert str(predicate).startswith(known), predicate


def test_graph_conforms_to_the_shapes(dataset: Dataset) -> None:
    pyshacl = pytest.importorskip("pyshacl")
    graph = Graph().parse(data=serialize(dataset, "ttl"), format="turtle")
    shapes = Graph().parse(ontology_dir() / "shapes.ttl")
    conforms, _, report = pyshacl.validate(graph, shacl_graph=shapes, meta_shacl=True)
    assert conforms, report


@pytest.mark.parametrize(
    ("remove", "add"),
    [
        ((ENT.North_Korea, KG.sendsTroopsTo, ENT.Kursk_Oblast), None),
        (None, (ENT.Germany, KG.attacks, ENT.Ukraine)),
        ((None, NIF.endIndex, None), None),
        ((None, KG.polarity, None), None),
        ((ENT.Russia, RDF.type, None), None),
        (None, (to_iri(ART, "de-1"), NIF.isString, Literal("another text"))),
    ],
)
def test_shapes_notice_a_spoilt_graph(
    dataset: Dataset, remove: tuple | None, add: tuple | None
) -> None:
    pyshacl = pytest.importorskip("pyshacl")
    graph = Graph().parse(data=serialize(dataset, "ttl"), format="turtle")
    if remove:
        graph.remove(remove)
    if add:
        graph.add(add)
    shapes = Graph().parse(ontology_dir() / "shapes.ttl")
    conforms, *_ = pyshacl.validate(graph, shacl_graph=shapes)
    assert not conforms


# -- identifiers


def test_statement_id_is_stable() -> None:
    evidence = Evidence("a", "Satz.", 0, 5, (0, 1), (1, 2), (2, 3))
    assert statement_id(evidence, "X", "aids", "Y") == "515ee4ece84435ee4b4f"
    assert statement_id(replace(evidence, cue=(3, 4)), "X", "aids", "Y") == statement_id(
        evidence, "X", "aids", "Y"
    )


def test_statement_id_tells_statements_apart() -> None:
    evidence = Evidence("a", "Satz.", 0, 5, (0, 1), (1, 2), (2, 3))
    ids = [
        statement_id(evidence, "X", "aids", "Y"),
        statement_id(evidence, "Y", "aids", "X"),
        statement_id(evidence, "X", "aids", "Y", "negative"),
        statement_id(evidence, "X", "aids", "Y", "positive", "planned"),
        statement_id(evidence, "X", "aids", "Y", "positive", "actual", "Z"),
        statement_id(replace(evidence, article="b"), "X", "aids", "Y"),
        statement_id(replace(evidence, start=1, end=6), "X", "aids", "Y"),
        statement_id(evidence, "Xai", "ds", "Y"),
    ]
    assert len(set(ids)) == len(ids)


# -- input that must not pass


def test_sentence_that_is_not_in_the_text_is_refused() -> None:
    statement = samples.german()[0]
    wrong = replace(statement, evidence=replace(statement.evidence, start=1))
    with pytest.raises(ValueError, match="are not the sentence"):
        build_dataset([(samples.GERMAN, [wrong])])


def test_statement_of_another_article_is_refused() -> None:
    with pytest.raises(ValueError, match="is from article"):
        build_dataset([(samples.ENGLISH, samples.german())])


@pytest.mark.parametrize("date", ["2024-13", "2024-02-30", "24", "gestern", "2024-1-1", "٢٠٢٤"])
def test_date_that_is_none_is_refused(date: str) -> None:
    with pytest.raises(ValueError, match="not a date"):
        build_dataset([(samples.GERMAN, [replace(samples.german()[0], date=date)])])


def test_two_articles_with_one_id_are_refused() -> None:
    with pytest.raises(ValueError, match="two articles have the id 'de-1'"):
        build_dataset([(samples.GERMAN, []), (samples.GERMAN, [])])


def test_same_statement_twice_keeps_the_surer_one() -> None:
    statement = samples.german()[0]
    sure = replace(statement, confidence=0.95, date="2023")
    found = read_articles(build_dataset([(samples.GERMAN, [statement, sure])]))[0][1]
    assert [(s.date, s.confidence) for s in found] == [("2023", 0.95)]


def test_linked_description_goes_before_minted() -> None:
    minted = Entity("North_Korea", "Nordkorea!", "North Korea!", "Agent", minted=True)
    statements = samples.german()[:2]
    statements[1] = replace(statements[1], object=minted)
    entities = read_entities(build_dataset([(samples.GERMAN, statements)]))
    assert entities["North_Korea"] == samples.NORTH_KOREA


# -- files


def test_files_are_the_same_bytes_whatever_the_order(tmp_path: Path) -> None:
    pairs = samples.corpus()
    one = write(build_dataset(pairs, samples.REFERENCE.get), tmp_path / "one")
    turned = [(a, found[::-1]) for a, found in pairs[::-1]]
    two = write(build_dataset(turned, samples.REFERENCE.get), tmp_path / "two")
    assert [p.name for p in one] == ["graph.ttl", "graph.trig"]
    assert [p.read_bytes() for p in one] == [p.read_bytes() for p in two]


def test_written_again_after_opening_it_is_the_same(tmp_path: Path, dataset: Dataset) -> None:
    first = [p.read_bytes() for p in write(dataset, tmp_path / "a")]
    again = write(open_dataset(tmp_path / "a"), tmp_path / "b")
    assert first == [p.read_bytes() for p in again]


def test_rdflib_reads_both_files(tmp_path: Path, dataset: Dataset) -> None:
    flat, graphs = write(dataset, tmp_path)
    merged = set(Graph().parse(flat))
    named = Dataset()
    named.parse(graphs, format="trig")
    assert len(merged) == len({q[:3] for q in named.quads()}) > 1000


def test_flat_turtle_loses_nothing(tmp_path: Path, dataset: Dataset) -> None:
    flat, _ = write(dataset, tmp_path)
    assert read_articles(open_dataset(flat)) == read_articles(dataset)


def test_failure_leaves_what_was_stored(
    tmp_path: Path, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = write(dataset, tmp_path)
    before = [p.read_bytes() for p in paths]
    calls = []

    def full(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 2:
            raise OSError("disk full")

    monkeypatch.setattr("kg.store.dataset.os.fsync", full)
    with pytest.raises(OSError, match="disk full"):
        write(build_dataset([(samples.EMPTY, [])]), tmp_path)
    assert [p.read_bytes() for p in paths] == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["graph.trig", "graph.ttl"]


def test_nothing_stored_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no stored graph"):
        open_dataset(tmp_path)


def test_broken_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "graph.trig"
    path.write_text("<a> <b> .", encoding="utf-8")
    with pytest.raises(ValueError, match=r"graph\.trig"):
        open_dataset(path)


def test_missing_property_is_named(dataset: Dataset) -> None:
    spoilt = build_dataset(samples.corpus())
    spoilt.default_graph.remove((None, RDF.object, None))
    with pytest.raises(GraphError, match="has no"):
        read_articles(spoilt)


# -- there and back


WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
IDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
CLASSES = sorted(load_classes())
RELATIONS = sorted(load_relations())
DATES = st.dates(datetime.date(1000, 1, 1)).map(str)


@st.composite
def pools(draw: st.DrawFn) -> list[Entity]:
    names = draw(st.lists(IDS, min_size=1, max_size=4, unique=True))
    return [
        Entity(
            name,
            draw(WORDS),
            draw(WORDS),
            draw(st.sampled_from(CLASSES)),
            draw(st.none() | st.integers(1, 10**8).map(lambda n: f"Q{n}")),
            draw(st.none() | st.sampled_from(names)),
            draw(st.booleans()),
        )
        for name in names
    ]


@st.composite
def article_with_statements(
    draw: st.DrawFn, name: str, pool: list[Entity]
) -> tuple[Article, list[Statement]]:
    text = draw(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60))
    article = Article(
        name,
        text,
        draw(st.sampled_from(["de", "en"])),
        draw(st.none() | st.dates(datetime.date(1000, 1, 1))),
        draw(st.none() | WORDS),
        draw(st.none() | WORDS),
        draw(st.none() | WORDS),
    )
    entities = st.sampled_from(pool)

    def span(low: int, high: int) -> tuple[int, int]:
        begin = draw(st.integers(low, high))
        return begin, draw(st.integers(begin, high))

    found: dict[str, Statement] = {}
    for _ in range(draw(st.integers(0, 3))):
        start, end = span(0, len(text))
        spans = [span(start, end) for _ in range(3)]
        evidence = Evidence(name, text[start:end], start, end, *spans)
        date = draw(st.none() | DATES)
        statement = Statement(
            "",
            draw(entities),
            load_relations()[draw(st.sampled_from(RELATIONS))],
            draw(entities),
            evidence,
            draw(WORDS),
            draw(WORDS),
            draw(st.sampled_from(["positive", "negative"])),
            draw(st.sampled_from(["actual", "planned", "possible", "demanded"])),
            draw(st.none() | entities),
            draw(st.none() | WORDS),
            date and date[: draw(st.sampled_from([4, 7, 10]))],
            draw(st.none() | entities),
            draw(st.none() | WORDS),
            draw(st.floats(0, 1)),
        )
        source = statement.attributed_to
        name_ = statement_id(
            evidence,
            statement.subject.id,
            statement.relation.id,
            statement.object.id,
            statement.polarity,
            statement.modality,
            source.id if source else None,
        )
        found[name_] = replace(statement, id=name_)
    return article, list(found.values())


@st.composite
def corpora(draw: st.DrawFn) -> list[tuple[Article, list[Statement]]]:
    pool = draw(pools())
    names = draw(st.lists(IDS, min_size=1, max_size=3, unique=True))
    return [draw(article_with_statements(name, pool)) for name in names]


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(corpora())
def test_round_trip_through_the_file(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[Article, list[Statement]]]
) -> None:
    folder = tmp_path_factory.mktemp("graph")
    flat, graphs = write(build_dataset(pairs), folder)
    for path in (flat, graphs):
        back = read_articles(open_dataset(path))
        assert back == by_id(pairs)
        confidences = [[s.confidence for s in found] for _, found in back]
        assert confidences == [
            [round_confidence(s.confidence) for s in found] for _, found in by_id(pairs)
        ]


# -- the JSON contract

STATEMENT_KEYS = [
    "id",
    "subject",
    "relation",
    "object",
    "type",
    "polarity",
    "modality",
    "attributed_to",
    "date",
    "place",
    "confidence",
    "evidence",
]
EVIDENCE_KEYS = ["article", "sentence", "start", "end", "subject", "cue", "object"]


def test_json_has_the_keys_of_the_contract() -> None:
    found = statement_to_json(samples.german()[2], samples.REFERENCE.get)
    assert list(found) == STATEMENT_KEYS
    assert found["subject"] == {
        "id": "Russian_Armed_Forces",
        "label_de": "Russische Streitkräfte",
        "label_en": "Russian Armed Forces",
        "class": "ArmedForces",
        "mention": "Die russische Armee",
        "wikidata": None,
        "part_of": {
            "id": "Ministry_of_Defence_of_Russia",
            "label_de": "Verteidigungsministerium Russlands",
            "label_en": "Ministry of Defence of Russia",
        },
    }
    assert found["relation"] == {"id": "attacks", "label_de": "greift an", "label_en": "attacks"}
    evidence = found["evidence"]
    assert isinstance(evidence, dict)
    assert list(evidence) == EVIDENCE_KEYS
    assert evidence["cue"] == [120, 126]
    assert samples.GERMAN.text[120:126] == "greift"
    assert json.loads(json.dumps(found)) == found


def test_json_says_null_for_what_is_absent() -> None:
    found = statement_to_json(samples.english()[0])
    assert found["attributed_to"] is None and found["date"] is None and found["place"] is None
    assert found["object"]["part_of"] == {"id": "Russia", "label_de": None, "label_en": None}  # type: ignore[index]


def test_statement_iri_is_its_id(dataset: Dataset) -> None:
    node = URIRef(ST + samples.german()[0].id)
    assert (node, RDF.type, KG.Statement) in dataset.default_graph

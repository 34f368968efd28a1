"""Queries: free ones, named ones, what is refused, and how results look."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import graph_samples as samples
import pytest
from rdflib import Dataset, Literal
from rdflib.plugins.sparql import prepareQuery

from kg.ontology import ENT, KG
from kg.query import QueryError, QueryResult, run_query
from kg.query.named import named_queries, run_named
from kg.query.results import to_csv, to_json, to_table
from kg.store import build_dataset


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return build_dataset(samples.corpus(), samples.REFERENCE.get)


def local(result: QueryResult) -> list[tuple[str, ...]]:
    """Return the rows with IRIs cut to their last part."""
    return [tuple("" if t is None else str(t).rpartition("/")[2] for t in r) for r in result.rows]


def named(dataset: Dataset, name: str, **arguments: str) -> list[tuple[str, ...]]:
    return local(run_named(dataset, named_queries()[name], arguments))


# -- free queries


def test_plain_query_returns_facts_only(dataset: Dataset) -> None:
    result = run_query(dataset, "SELECT ?who { ?who ?p ent:Ukraine . ?p a kg:Relation }")
    assert local(result) == [("Germany",), ("Russia",)]


def test_counts_are_not_multiplied_by_articles(dataset: Dataset) -> None:
    result = run_query(dataset, "SELECT (COUNT(*) AS ?n) { ?a kg:sendsTroopsTo ?b }")
    assert local(result) == [("1",)]


def test_articles_are_named_graphs(dataset: Dataset) -> None:
    sparql = "SELECT ?g { GRAPH ?g { ?a kg:sendsTroopsTo ?b } }"
    assert local(run_query(dataset, sparql)) == [("de-1",), ("en%2F1%20ü",)]


def test_parent_relation_finds_children(dataset: Dataset) -> None:
    sparql = "SELECT ?a ?b { ?p rdfs:subPropertyOf* kg:AID . ?a ?p ?b }"
    assert local(run_query(dataset, sparql)) == [("North_Korea", "Kursk_Oblast")]


def test_roll_up_to_the_state(dataset: Dataset) -> None:
    sparql = "SELECT ?part { ?part dct:isPartOf+ ent:Russia }"
    parts = [row[0] for row in local(run_query(dataset, sparql))]
    assert parts == ["Kursk_Oblast", "Ministry_of_Defence_of_Russia", "Russian_Armed_Forces"]


def test_ask_and_construct(dataset: Dataset) -> None:
    assert run_query(dataset, "ASK { ent:Germany kg:supports ent:Ukraine }").boolean is True
    assert run_query(dataset, "ASK { ent:Germany kg:attacks ent:Ukraine }").boolean is False
    made = run_query(dataset, "CONSTRUCT { ?b kg:x ?a } WHERE { ?a kg:supports ?b }")
    assert made.columns == ("subject", "predicate", "object")
    assert made.rows == ((ENT.Ukraine, KG.x, ENT.Germany),)


def test_unordered_rows_come_sorted(dataset: Dataset) -> None:
    rows = local(run_query(dataset, "SELECT ?s { ?s a kg:State }"))
    assert rows == sorted(rows)


# -- what is refused


@pytest.mark.parametrize(
    "sparql",
    [
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { ?s ?p ?o OPTIONAL { service silent <http://127.0.0.1:9/> { ?s ?p ?o } } }",
        "SELECT * { ?s ?p ?o { SELECT * { SERVICE ?x { ?s ?p ?o } } } }",
        "SELECT * { ?s ?p ?o FILTER NOT EXISTS { SERVICE ?x { ?s ?p ?o } } }",
        "SELECT * { \\u0053ERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    ],
)
def test_service_is_refused(dataset: Dataset, sparql: str) -> None:
    with pytest.raises(QueryError, match="SERVICE is not allowed"):
        run_query(dataset, sparql)


@pytest.mark.parametrize("clause", ["FROM <file:///etc/passwd>", "from named <http://x.example/>"])
def test_from_is_refused(dataset: Dataset, clause: str) -> None:
    with pytest.raises(QueryError, match="FROM"):
        run_query(dataset, f"SELECT * {clause} {{ ?s ?p ?o }}")


def test_the_words_service_and_from_are_no_crime(dataset: Dataset) -> None:
    sparql = '# from service\nSELECT ?from { ?from kg:subjectMention "service FROM <file:x>" }'
    assert run_query(dataset, sparql).rows == ()


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { ent:a kg:aids ent:b }",
        "DELETE WHERE { ?s ?p ?o }",
        "LOAD <file:///etc/passwd>",
        "CLEAR ALL",
        "DROP DEFAULT",
    ],
)
def test_update_is_refused(dataset: Dataset, update: str) -> None:
    size = len(list(dataset.default_graph))
    with pytest.raises(QueryError, match="update"):
        run_query(
            dataset,
            "PREFIX ent: <https://kg.example/entity/>\n"
            "PREFIX kg: <https://kg.example/ontology#>\n" + update,
        )
    assert len(list(dataset.default_graph)) == size


@pytest.mark.parametrize(
    ("sparql", "message"),
    [
        ("SELECT ?s {\n  ?s ?p }\n", "line 2"),
        ("SELECT ?s\n{ ?s nope:x ?o }", "line 2: unknown prefix"),
        ("SELECT ?s\nFROM <x> {\n", "line"),
        ("SELEKT", "line 1: unexpected end after 'SELEKT'"),
        ("", "line 1: the query is empty"),
        ("SELECT ?a (COUNT(?b) AS ?n) { ?a ?b ?c }", "neither bound nor grouped"),
    ],
)
def test_syntax_error_tells_the_line(dataset: Dataset, sparql: str, message: str) -> None:
    with pytest.raises(QueryError, match=message):
        run_query(dataset, sparql)


def test_dataset_in_another_store_is_refused() -> None:
    with pytest.raises(TypeError, match="Oxigraph"):
        run_query(Dataset(), "ASK {}")


# -- named queries


def test_library_is_documented() -> None:
    queries = named_queries()
    assert len(queries) >= 8
    for query in queries.values():
        assert query.title_en.endswith("?") and query.title_de.endswith("?")
        assert query.description.endswith(".")


@pytest.mark.parametrize("name", sorted(named_queries()))
def test_named_query_runs_free_and_filled(dataset: Dataset, name: str) -> None:
    query = named_queries()[name]
    examples = {
        "entity": "Nordkorea",
        "relation": "AID",
        "class": "Person",
        "article": "de-1",
        "date": "2024-01-01",
        "number": "2",
        "text": "x",
    }
    filled = {p.name: examples[p.kind] for p in query.parameters}
    run_named(dataset, query, filled)
    if all(p.default is not None for p in query.parameters):
        found = run_named(dataset, query, {}).rows
        assert found or name == "contradictions"  # these articles agree
    for parameter in query.parameters:
        assert f"?{parameter.name}" in query.sparql


@pytest.mark.parametrize("name", sorted(named_queries()))
def test_named_query_stands_on_its_own(name: str) -> None:
    prepareQuery(named_queries()[name].sparql, initNs={"kg": "urn:wrong:"})
    declared = [line for line in named_queries()[name].sparql.splitlines() if "PREFIX" in line]
    assert declared


def test_who_supports_whom(dataset: Dataset) -> None:
    assert named(dataset, "who-supports-whom") == [
        ("North_Korea", "ontology#sendsTroopsTo", "Kursk_Oblast", "2", "2"),
        ("Germany", "ontology#supports", "Ukraine", "1", "1"),
    ]
    assert named(dataset, "who-supports-whom", who="Deutschland") == [
        ("ontology#supports", "Ukraine", "1", "1")
    ]


def test_who_threatens_whom(dataset: Dataset) -> None:
    rows = named(dataset, "who-threatens-whom")
    assert rows == [("Sergey_Lavrov", "ontology#warns", "Germany", "1", "1")]


def test_who_sanctions_and_attacks_whom_leave_claims_out(dataset: Dataset) -> None:
    sanctions = ("Germany", "ontology#sanctions", "Russia", "1", "1")
    attack = ("Russia", "ontology#attacks", "Ukraine", "1", "1")
    assert named(dataset, "who-sanctions-whom") == [sanctions]
    assert named(dataset, "who-attacks-whom") == [attack]


@pytest.mark.parametrize(
    "entity",
    ["Lawrow", "Sergej Lawrow", "sergey lavrov", "Sergey_Lavrov", "ent:Sergey_Lavrov",
     "https://kg.example/entity/Sergey_Lavrov"],
)  # fmt: skip
def test_entity_in_any_writing(dataset: Dataset, entity: str) -> None:
    if entity == "Lawrow":
        with pytest.raises(QueryError, match="did you mean Sergej Lawrow"):
            named(dataset, "statements-about", entity=entity)
        return
    rows = named(dataset, "statements-about", entity=entity)
    assert [row[1] for row in rows] == [
        f"ontology#{r}" for r in ("visits", "foreignMinisterOf", "warns")
    ]


def test_claims_by_source(dataset: Dataset) -> None:
    (row,) = named(dataset, "claims-by-source")
    assert row[:4] == ("Ukraine", "Russian_Armed_Forces", "ontology#attacks", "Ukraine")
    assert named(dataset, "claims-by-source", source="Deutschland") == []


def test_between_counts_an_army_for_its_state(dataset: Dataset) -> None:
    rows = named(dataset, "between", a="Ukraine", b="Russland")
    assert [row[:3] for row in rows] == [
        ("Russian_Armed_Forces", "ontology#attacks", "Ukraine"),
        ("Russia", "ontology#attacks", "Ukraine"),
    ]
    assert named(dataset, "between", a="Russland", b="Ukraine") == rows


def test_office_holders(dataset: Dataset) -> None:
    expected = (
        "Sergey_Lavrov",
        "ontology#foreignMinisterOf",
        "Russia",
        "2024-11-09",
        "2024-11-09",
        "1",
    )
    assert named(dataset, "office-holders") == [expected]
    assert named(dataset, "office-holders", body="Germany") == []


def test_events_at_place(dataset: Dataset) -> None:
    rows = named(dataset, "events-at-place", place="Russland")
    assert [row[2] for row in rows] == [
        f"ontology#{r}"
        for r in ("sendsTroopsTo", "attacks", "suppliesArmsTo", "sendsTroopsTo", "sanctions")
    ]


def test_statements_of_article_are_in_text_order(dataset: Dataset) -> None:
    rows = named(dataset, "statements-of-article", article="de-1")
    assert [row[1] for row in rows] == [
        f"ontology#{r}" for r in ("sendsTroopsTo", "visits", "attacks", "suppliesArmsTo")
    ]
    assert len(named(dataset, "statements-of-article", article="en/1 ü")) == 4


def test_most_connected(dataset: Dataset) -> None:
    assert named(dataset, "most-connected")[0][:3] == ("ontology#State", "Germany", "3")
    assert named(dataset, "most-connected", **{"class": "Person"}) == [("Sergey_Lavrov", "2", "2")]


def test_corroboration(dataset: Dataset) -> None:
    first = named(dataset, "corroboration")[0]
    assert first == ("North_Korea", "ontology#sendsTroopsTo", "Kursk_Oblast", "2", "2", "0")
    claim = named(dataset, "corroboration", subject="Russian_Armed_Forces")
    assert claim == [("ontology#attacks", "Ukraine", "1", "0", "1")]


def test_relations_under_a_parent(dataset: Dataset) -> None:
    for parent in ("AID", "aids", "hilft"):
        rows = named(dataset, "relations", under=parent)
        assert rows == [("ontology#sendsTroopsTo", "2"), ("ontology#suppliesArmsTo", "1")]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "needs the parameter 'entity'"),
        ({"entity": "Atlantis"}, "the graph has no entity 'Atlantis'"),
        ({"entity": "Russia", "x": "y"}, "has no parameter 'x'; it has: entity"),
        ({"entity": "x> } DROP ALL #"}, "the graph has no entity"),
        ({"entity": "http://x/> } #"}, "the graph has no entity"),
    ],
)
def test_wrong_arguments(dataset: Dataset, arguments: dict[str, str], message: str) -> None:
    with pytest.raises(QueryError, match=message):
        run_named(dataset, named_queries()["statements-about"], arguments)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# title: x\n# titel: x\nASK {}", "description"),
        ("# title: x\n# titel: x\n# description: x\n# param: a = b", ":4: expected '# param"),
        ("# title: x\n# titel: x\n# description: x\n# param: a (zoo) = b — c", "kinds entity"),
    ],
)
def test_broken_head_is_named(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "mine.rq").write_text(text, encoding="utf-8")
    with pytest.raises(QueryError, match=message) as error:
        named_queries(tmp_path)
    assert "mine.rq" in str(error.value)


def test_date_and_number_arguments(dataset: Dataset, tmp_path: Path) -> None:
    (tmp_path / "since.rq").write_text(
        "# title: x\n# titel: x\n# description: x\n# param: day (date) = 2024-11-09 — day\n"
        "SELECT ?article ?day { ?article dct:date ?day }",
        encoding="utf-8",
    )
    query = named_queries(tmp_path)["since"]
    assert len(run_named(dataset, query, {}).rows) == 1
    with pytest.raises(QueryError, match="not a date"):
        run_named(dataset, query, {"day": "gestern"})


# -- results


def test_table_shows_labels_and_keeps_the_width(dataset: Dataset) -> None:
    result = run_named(dataset, named_queries()["who-supports-whom"], {}, lang="de")
    lines = to_table(result).splitlines()
    assert lines[1].split()[:4] == ["Nordkorea", "schickt", "Truppen", "nach/an"]
    assert max(map(len, lines)) <= 80


def test_wide_result_becomes_blocks(dataset: Dataset) -> None:
    result = run_named(dataset, named_queries()["statements-about"], {"entity": "Russia"})
    lines = to_table(result).splitlines()
    assert max(map(len, lines)) <= 80
    assert "subject" in lines[0]


def test_table_cuts_long_cells_and_disarms_control_characters() -> None:
    result = QueryResult(
        ("a", "b"), ((Literal("x\x1b[31m\ny" * 30), Literal("[bold]z")),), None, {}
    )
    text = to_table(result)
    assert "\x1b" not in text and len(text.splitlines()) == 2
    assert "…" in text and "[bold]z" in text and max(map(len, text.splitlines())) == 80


def test_csv_and_json_have_iris(dataset: Dataset) -> None:
    result = run_query(
        dataset, 'SELECT ?a ?l ?none { ?a kg:supports ?b . ?a rdfs:label ?l FILTER(lang(?l)="de") }'
    )
    assert list(csv.reader(io.StringIO(to_csv(result)))) == [
        ["a", "l", "none"],
        [str(ENT.Germany), "Deutschland", ""],
    ]
    found = json.loads(to_json(result))
    assert found["head"] == {"vars": ["a", "l", "none"]}
    assert found["results"]["bindings"] == [
        {
            "a": {"type": "uri", "value": str(ENT.Germany)},
            "l": {"type": "literal", "value": "Deutschland", "xml:lang": "de"},
        }
    ]


def test_yes_and_no(dataset: Dataset) -> None:
    result = run_query(dataset, "ASK {}")
    assert to_table(result) == "yes\n"
    assert to_csv(result) == "boolean\ntrue\n"
    assert json.loads(to_json(result)) == {"head": {}, "boolean": True}
    assert to_table(run_query(dataset, "SELECT ?x { ?x a kg:Nothing }")) == "no rows\n"

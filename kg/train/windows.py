"""Sentences as rows of numbers: labels, windows of consecutive sentences, batches."""

from __future__ import annotations

import dataclasses
import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from kg.parse.decode import NAME_LANGUAGES
from kg.train import augment, data, pieces
from kg.train.settings import Settings

IGNORE = -100
NONE = "_"


@dataclasses.dataclass(frozen=True)
class Labels:
    """The label sets, in the order of the logits."""

    upos: list[str]
    feats: dict[str, list[str]]
    ner: list[str]
    rels: list[str]

    def to_json(self) -> dict[str, Any]:
        return dataclasses.asdict(self)


def collect_labels(sentences: list[data.Sentence]) -> Labels:
    """Read the label sets off the data; rare relation subtypes are folded into their type."""
    upos: Counter[str] = Counter()
    rels: Counter[str] = Counter()
    values: dict[str, set[str]] = {}
    ner: set[str] = set()
    for s in sentences:
        upos.update(s.upos or [])
        rels.update(r for r in s.rels or [] if r)
        ner.update(s.ner or [])
        for feats in s.feats or []:
            for name, value in feats.items():
                values.setdefault(name, set()).add(value)
    kept = {r for r, n in rels.items() if ":" not in r or n >= 20}
    return Labels(
        sorted(upos),
        {name: [NONE, *sorted(v)] for name, v in sorted(values.items())},
        ["O", *sorted(ner - {"O"})],
        sorted(kept | {r.partition(":")[0] for r in rels}),
    )


@dataclasses.dataclass
class Window:
    """Consecutive sentences, encoded. Label rows follow the words."""

    piece_ids: list[int]
    word_of_piece: list[int]
    upos: list[int]
    feats: list[list[int]]
    heads: list[int]
    rels: list[int]
    ner: list[int]
    starts: list[int]
    sentence: list[int]
    lang: str

    def __len__(self) -> int:
        return len(self.upos)


class Encoder:
    """Turns sentences into windows of numbers."""

    def __init__(self, tokenizer: Tokenizer, labels: Labels, marked: dict[str, set[str]]) -> None:
        self.tokenizer = tokenizer
        self.labels = labels
        self.marked = marked
        vocabulary = tokenizer.get_vocab()
        self.bos, self.eos, self.unk = (vocabulary[t] for t in ("<s>", "</s>", "<unk>"))
        self.cache: dict[str, list[int]] = {}
        self.upos = {u: i for i, u in enumerate(labels.upos)}
        self.rels = {r: i for i, r in enumerate(labels.rels)}
        self.ner = {n: i for i, n in enumerate(labels.ner)}
        self.feats = {
            name: {v: i for i, v in enumerate(values)} for name, values in labels.feats.items()
        }

    def pieces(self, word: str, after_space: bool) -> list[int]:
        """Return the ids of the pieces of one word, at most 16, at least one."""
        key = (pieces.META if after_space else "") + pieces.normalise(word)
        if key not in self.cache:
            ids = [t.id for t in self.tokenizer.model.tokenize(key)] if key else []
            self.cache[key] = ids[:16] or [self.unk]
        return self.cache[key]

    def window(self, sentences: list[data.Sentence]) -> Window:
        ids: list[int] = [self.bos]
        owner = [-1]
        w = Window(ids, owner, [], [], [], [], [], [], [], sentences[0].lang)
        after_space = True
        for number, s in enumerate(sentences):
            offset = len(w.upos)
            known = self.marked.get(s.source, set())
            for i, word in enumerate(s.words):
                for piece in self.pieces(word, after_space):
                    ids.append(piece)
                    owner.append(offset + i)
                after_space = s.spaces[i] or i == len(s.words) - 1
                w.starts.append(int(i == 0))
                w.sentence.append(number)
                w.ner.append(self.ner[s.ner[i]] if s.ner else IGNORE)
                if s.heads is None:
                    w.upos.append(IGNORE)
                    w.feats.append([IGNORE] * len(self.feats))
                    w.heads.append(IGNORE)
                    w.rels.append(IGNORE)
                    continue
                assert s.upos and s.feats and s.rels
                w.upos.append(self.upos[s.upos[i]])
                w.feats.append(
                    [
                        values.get(s.feats[i].get(name, NONE), IGNORE) if name in known else IGNORE
                        for name, values in self.feats.items()
                    ]
                )
                head = s.heads[i]
                if head == data.UNKNOWN:
                    w.heads.append(IGNORE)
                    w.rels.append(IGNORE)
                    continue
                w.heads.append(0 if head == 0 else offset + head)
                rel = s.rels[i]
                w.rels.append(self.rels.get(rel, self.rels.get(rel.partition(":")[0], IGNORE)))
        ids.append(self.eos)
        owner.append(-1)
        return w


def windows(
    sentences: list[data.Sentence], settings: Settings, rng: random.Random
) -> list[list[data.Sentence]]:
    """Cut a corpus into windows of consecutive sentences, some of one, most of several.

    Half of the windows may run on into the next document, whose first sentence nothing announces.
    """
    out: list[list[data.Sentence]] = []
    current: list[data.Sentence] = []
    limit = 0
    runs_on = False
    for s in sentences:
        words = sum(len(x.words) for x in current)
        fits = (
            current
            and current[-1].source == s.source
            and (runs_on or current[-1].document == s.document)
            and words + len(s.words) <= limit
        )
        if not fits:
            if current:
                out.append(current)
            current = []
            limit = 0 if rng.random() < 0.2 else rng.randint(20, settings.window_words)
            runs_on = rng.random() < 0.5
        current.append(s)
    if current:
        out.append(current)
    return out


def epoch(
    train: list[data.Sentence],
    encoder: Encoder,
    settings: Settings,
    pools: tuple[augment.Pool, augment.Pool],
    rng: random.Random,
) -> Iterator[list[Window]]:
    """Yield the batches of one epoch; sources are repeated as the settings say."""
    chosen: list[Window] = []
    by_source: dict[str, list[data.Sentence]] = {}
    for s in train:
        by_source.setdefault(s.source, []).append(s)
    for source, sentences in by_source.items():
        times = settings.repeat.get(source, 1.0)
        while times > 0:
            fresh = [augment.swap_names(s, *pools, settings.name_swap, rng) for s in sentences]
            cut = [encoder.window(w) for w in windows(fresh, settings, rng)]
            cut = [w for w in cut if len(w.piece_ids) <= 500]
            if times < 1:
                cut = rng.sample(cut, round(len(cut) * times))
            chosen += cut
            times -= 1
    rng.shuffle(chosen)
    batches: list[list[Window]] = []
    # Sorting inside chunks keeps padding small and the order still random.
    for at in range(0, len(chosen), 400):
        chunk = sorted(chosen[at : at + 400], key=len)
        batch: list[Window] = []
        for w in chunk:
            if batch and len(w) * (len(batch) + 1) > settings.batch_words:
                batches.append(batch)
                batch = []
            batch.append(w)
        if batch:
            batches.append(batch)
    rng.shuffle(batches)
    yield from batches


def blur(batch: list[Window], share: float, unknown: int, rng: random.Random) -> None:
    """Make a share of the words unknown, so that the trees do not lean on rare words."""
    for w in batch:
        gone = {i for i in range(len(w)) if rng.random() < share}
        w.piece_ids = [
            unknown if owner in gone else piece
            for piece, owner in zip(w.piece_ids, w.word_of_piece, strict=True)
        ]


def tensors(batch: list[Window], device: torch.device) -> dict[str, Tensor]:
    """Pad a batch into tensors."""
    n_pieces = max(len(w.piece_ids) for w in batch)
    n_words = max(len(w) for w in batch)
    ids = np.ones((len(batch), n_pieces), np.int64)
    pool = np.zeros((len(batch), n_words, n_pieces), np.float32)
    mask = np.full((len(batch), 1, 1, n_pieces), -1e4, np.float32)
    rows: dict[str, np.ndarray] = {
        name: np.full((len(batch), n_words), IGNORE, np.int64)
        for name in ("upos", "heads", "rels", "ner", "starts")
    }
    sentence = np.full((len(batch), n_words), -1, np.int64)
    n_feats = len(batch[0].feats[0])
    feats = np.full((len(batch), n_words, n_feats), IGNORE, np.int64)
    lang = np.array(
        [NAME_LANGUAGES.index(w.lang) if w.lang in NAME_LANGUAGES else 0 for w in batch]
    )
    for b, w in enumerate(batch):
        ids[b, : len(w.piece_ids)] = w.piece_ids
        mask[b, :, :, : len(w.piece_ids)] = 0
        owner = np.array(w.word_of_piece)
        at = np.nonzero(owner >= 0)[0]
        pool[b, owner[at], at] = 1
        for name, row in rows.items():
            row[b, : len(w)] = getattr(w, name)
        sentence[b, : len(w)] = w.sentence
        feats[b, : len(w)] = w.feats
    pool /= np.maximum(pool.sum(-1, keepdims=True), 1)
    arrays = {
        "ids": ids,
        "pool": pool,
        "mask": mask,
        "sentence": sentence,
        "feats": feats,
        "lang": lang,
    }
    arrays |= rows
    return {k: torch.from_numpy(v).to(device) for k, v in arrays.items()}

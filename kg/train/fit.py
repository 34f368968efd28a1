"""The training loop: windows of sentences, joint loss, checkpoints, averaging."""

from __future__ import annotations

import dataclasses
import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional as F

from kg.parse.decode import NAME_LANGUAGES
from kg.train import augment, data, e5, pieces
from kg.train.network import Network, Sizes

IGNORE = -100
NONE = "_"


@dataclasses.dataclass(frozen=True)
class Settings:
    """What a training run is told; read from ``config.json``."""

    layers: int
    pieces: int
    steps: int
    batch_words: int
    window_words: int
    warmup: int
    encoder_rate: float
    head_rate: float
    label_smoothing: float
    average_from: float
    seed: int
    repeat: dict[str, float]
    word_dropout: float = 0.0
    name_swap: float = 0.0
    silver_from: float = 0.9
    round_from: float = 1.0
    bfloat16: bool = True


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
        rels.update(s.rels or [])
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


def own_names(logits: Tensor, lang: Tensor) -> Tensor:
    """Pick each text's language: (texts, words, languages * tags) -> (texts, words, tags)."""
    parted = logits.view(*logits.shape[:2], len(NAME_LANGUAGES), -1)
    return parted[torch.arange(len(lang), device=lang.device), :, lang]


def loss_of(network: Network, labels: Labels, batch: dict[str, Tensor], smooth: float) -> Tensor:
    """Return the joint loss of a batch, averaged a word."""
    words = network.encode(network.embed(batch["ids"]), batch["pool"], batch["mask"])
    upos, feats, ner, starts = network.tags(words)

    def entropy(logits: Tensor, gold: Tensor, smoothing: float = 0.0) -> Tensor:
        flat = gold.reshape(-1)
        if not bool((flat != IGNORE).any()):
            return logits.sum() * 0
        return F.cross_entropy(
            logits.float().reshape(-1, logits.shape[-1]), flat,
            ignore_index=IGNORE, label_smoothing=smoothing,
        )  # fmt: skip

    names = own_names(ner, batch["lang"])
    total = entropy(upos, batch["upos"], smooth) + entropy(names, batch["ner"])
    total = total + entropy(starts, batch["starts"])
    at = 0
    for i, values in enumerate(labels.feats.values()):
        total = total + entropy(feats[..., at : at + len(values)], batch["feats"][..., i])
        at += len(values)

    gold = batch["heads"]
    rows = (gold != IGNORE).nonzero(as_tuple=True)
    if len(rows[0]) == 0:
        return total
    arc, dependent, head = network.trees(words)
    sentence = batch["sentence"]
    allowed = sentence[:, :, None] == sentence[:, None, :]
    allowed = torch.cat([torch.ones_like(allowed[:, :, :1]), allowed], 2)
    arc = arc.float().masked_fill(~allowed, -1e4)
    total = total + F.cross_entropy(arc[rows], gold[rows])
    scores = network.relations(dependent[rows], head[rows[0], gold[rows]])
    return total + entropy(scores, batch["rels"][rows], smooth)


@torch.no_grad()
def evaluate(
    network: Network, labels: Labels, encoder: Encoder, sentences: list[data.Sentence]
) -> dict[str, float]:
    """Score on gold sentences: UPOS, UAS, LAS (no subtypes, with punctuation), in per cent."""
    network.eval()
    right: Counter[str] = Counter()
    device = network.root.device
    ordered = sorted(sentences, key=lambda s: len(s.words))
    for at in range(0, len(ordered), 32):
        part = ordered[at : at + 32]
        batch = tensors([encoder.window([s]) for s in part], device)
        words = network.encode(network.embed(batch["ids"]), batch["pool"], batch["mask"])
        upos = network.tags(words)[0].argmax(-1)
        ner = own_names(network.tags(words)[2], batch["lang"]).argmax(-1)
        arc, dependent, head = network.trees(words)
        padding = batch["sentence"] < 0
        arc[:, :, 1:].masked_fill_(padding[:, None, :], -1e4)
        best = arc.argmax(-1)
        rows = (~padding).nonzero(as_tuple=True)
        rel = network.relations(dependent[rows], head[rows[0], best[rows]]).argmax(-1)
        grid = torch.zeros_like(best)
        grid[rows] = rel
        for b, s in enumerate(part):
            n = len(s.words)
            right["words"] += n
            if s.ner:
                gold_spans = data.spans(s.ner)
                found = data.spans([labels.ner[i] for i in ner[b, :n].tolist()])
                right["gold"] += len(gold_spans)
                right["found"] += len(found)
                right["both"] += len(gold_spans & found)
            if not (s.heads and s.rels and s.upos):
                continue
            heads = best[b, :n].tolist()
            names = [labels.rels[i].partition(":")[0] for i in grid[b, :n].tolist()]
            gold = [r.partition(":")[0] for r in s.rels]
            right["upos"] += sum(
                labels.upos[i] == u for i, u in zip(upos[b, :n].tolist(), s.upos, strict=True)
            )
            right["uas"] += sum(h == g for h, g in zip(heads, s.heads, strict=True))
            right["las"] += sum(
                h == g and r == q for h, g, r, q in zip(heads, s.heads, names, gold, strict=True)
            )
    network.train()
    if right["gold"]:
        return {"F1": 200 * right["both"] / max(1, right["gold"] + right["found"])}
    return {k: 100 * right[k] / right["words"] for k in ("upos", "uas", "las")}


def build(
    corpus: data.Corpus, settings: Settings, extra_words: dict[str, int]
) -> tuple[Network, Labels, Encoder, list[int]]:
    """Set up vocabulary, labels and network from the data and the pretrained encoder."""
    source = e5.load()
    counts: Counter[str] = Counter()
    for s in corpus.train:
        counts.update({w: 5 * n for w, n in Counter(s.words).items()})
    counts.update(extra_words)
    kept = pieces.choose(source, sorted(counts.items()), settings.pieces)
    labels = collect_labels(corpus.train)
    encoder = Encoder(pieces.tokenizer(source, kept), labels, data.marked_features(corpus.train))
    torch.manual_seed(settings.seed)
    sizes = Sizes(
        settings.layers, len(kept), len(labels.upos),
        tuple(len(v) for v in labels.feats.values()), len(labels.ner), len(labels.rels),
    )  # fmt: skip
    return Network(sizes, source, kept), labels, encoder, kept


def train(
    corpus: data.Corpus,
    settings: Settings,
    folder: Path,
    extra_words: dict[str, int],
    pools: tuple[augment.Pool, augment.Pool],
    stop: bool = False,
    start_from: Path | None = None,
) -> tuple[Network, Labels, Encoder, list[int]]:
    """Train or resume; ``folder`` holds ``checkpoint.pt`` and ``log.jsonl``.

    With ``stop`` the last checkpoint is taken as it is. A new run takes its first
    weights from the checkpoint ``start_from`` if one is named. Returns the network
    with averaged weights.
    """
    folder.mkdir(parents=True, exist_ok=True)
    network, labels, encoder, kept = build(corpus, settings, extra_words)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    network.to(device)
    encoder_names = ("encoder.", "norm.", "position")
    named = [(n, p) for n, p in network.named_parameters() if n != "embedding.weight"]
    body = [p for n, p in named if n.startswith(encoder_names)]
    rest = [p for n, p in named if not n.startswith(encoder_names)]
    optimizer = torch.optim.AdamW(
        [
            {"params": body, "lr": settings.encoder_rate, "weight_decay": 0.01},
            {"params": rest, "lr": settings.head_rate, "weight_decay": 0.01},
        ],
        betas=(0.9, 0.98),
    )
    sparse = torch.optim.SparseAdam([network.embedding.weight], lr=settings.encoder_rate)

    def rate(step: int) -> float:
        if step < settings.warmup:
            return (step + 1) / settings.warmup
        return max(0.0, (settings.steps - step) / (settings.steps - settings.warmup))

    schedules = [torch.optim.lr_scheduler.LambdaLR(o, rate) for o in (optimizer, sparse)]
    average: dict[str, Tensor] = {}
    averaged = 0
    step = 0
    number = 0
    checkpoint = folder / "checkpoint.pt"
    if checkpoint.exists():
        state = torch.load(checkpoint, map_location=device, weights_only=True)
        network.load_state_dict(state["network"])
        optimizer.load_state_dict(state["optimizer"])
        sparse.load_state_dict(state["sparse"])
        for schedule, saved in zip(schedules, state["schedules"], strict=True):
            schedule.load_state_dict(saved)
        average, averaged = state["average"], state["averaged"]
        step, number = state["step"], state["epoch"]
    elif start_from is not None:
        state = torch.load(start_from, map_location=device, weights_only=True)
        if state["labels"] != labels.to_json():
            raise ValueError(f"{start_from}: trained with other labels")
        network.continue_from(state["average"] or state["network"], state["kept"], kept)

    def save() -> None:
        temporary = checkpoint.with_suffix(".tmp")
        torch.save(
            {
                "network": network.state_dict(),
                "optimizer": optimizer.state_dict(),
                "sparse": sparse.state_dict(),
                "schedules": [s.state_dict() for s in schedules],
                "average": average,
                "averaged": averaged,
                "step": step,
                "epoch": number,
                "labels": labels.to_json(),
                "kept": kept,
            },
            temporary,
        )
        temporary.replace(checkpoint)

    def log(**record: Any) -> None:
        with (folder / "log.jsonl").open("a", encoding="utf-8") as handle:
            handle.write(json.dumps(record) + "\n")
        print(json.dumps(record), flush=True)

    network.train()
    running = 0.0
    began = time.monotonic()
    seen = 0
    while step < settings.steps and not stop:
        rng = random.Random(settings.seed * 1000 + number)
        for batch in epoch(corpus.train, encoder, settings, pools, rng):
            network.compute_rounded(step >= settings.round_from * settings.steps)
            blur(batch, settings.word_dropout, encoder.unk, rng)
            inputs = tensors(batch, device)
            with torch.autocast(device.type, torch.bfloat16, enabled=settings.bfloat16):
                loss = loss_of(network, labels, inputs, settings.label_smoothing)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(body + rest, 5.0)
            for each in (optimizer, sparse):
                each.step()
                each.zero_grad(set_to_none=True)
            for schedule in schedules:
                schedule.step()
            running += float(loss)
            seen += sum(len(w) for w in batch)
            step += 1
            if step >= settings.average_from * settings.steps and step % 10 == 0:
                averaged += 1
                with torch.no_grad():
                    for name, value in network.state_dict().items():
                        if name not in average:
                            average[name] = value.clone()
                        else:
                            average[name] += (value - average[name]) / averaged
            if step % 50 == 0:
                took = time.monotonic() - began
                log(step=step, epoch=number, loss=running / 50, words_per_s=round(seen / took))
                running = 0.0
            if step % 500 == 0 or step == settings.steps:
                save()
                scores = {
                    name: {
                        k: round(v, 2)
                        for k, v in evaluate(network, labels, encoder, part[:400]).items()
                    }
                    for name, part in corpus.held_out.items()
                }
                log(step=step, scores=scores)
                began, seen = time.monotonic(), 0
            if step >= settings.steps:
                break
        number += 1
    network.compute_rounded(False)
    if average:
        network.load_state_dict(average)
    return network, labels, encoder, kept

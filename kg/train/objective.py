"""The joint loss, and scores on held-out sentences while training."""

from __future__ import annotations

from collections import Counter

import torch
from torch import Tensor
from torch.nn import functional as F

from kg.parse.decode import NAME_LANGUAGES
from kg.train import data
from kg.train.network import Network
from kg.train.windows import IGNORE, Encoder, Labels, tensors


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
        upos, _, names_scores, _ = network.tags(words)
        upos, ner = upos.argmax(-1), own_names(names_scores, batch["lang"]).argmax(-1)
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

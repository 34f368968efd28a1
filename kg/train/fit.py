"""The training loop: set up, steps, checkpoints, averaging."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from kg.train import augment, data, e5, pieces
from kg.train.network import Network, Sizes
from kg.train.objective import evaluate, loss_of
from kg.train.settings import Settings
from kg.train.windows import Encoder, Labels, blur, collect_labels, epoch, tensors


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
        settings.dropout,
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
            running += float(loss.detach())
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

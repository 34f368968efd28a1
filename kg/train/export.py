"""Write a trained network as the packaged model: int8 ONNX, embeddings, tokenizer, labels."""

from __future__ import annotations

import gzip
import json
import tempfile
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from kg.parse.lemma import general
from kg.train.data import Sentence
from kg.train.fit import Encoder, Labels
from kg.train.network import Network

OUTPUTS = ["upos", "feats", "ner", "start", "arc", "dependent", "head"]


class _Inference(nn.Module):
    """The network as the run time calls it: one window, embedded pieces in, logits out."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, embedded: Tensor, pool: Tensor) -> tuple[Tensor, ...]:
        words = self.network.encode(embedded, pool, None)
        arc, dependent, head = self.network.trees(words)
        return *self.network.tags(words), arc, dependent, head


def write(
    network: Network,
    labels: Labels,
    encoder: Encoder,
    kept: list[int],
    sentences: list[Sentence],
    folder: Path,
) -> None:
    """Write the model files into ``folder``; ``sentences`` teach the lemmas.

    Weights of the matrix products are int8 with one scale a column, one bit
    kept free (``reduce_range``) so that processors without VNNI compute the
    same integers. The embedding is int8 with one scale a piece.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic

    folder.mkdir(parents=True, exist_ok=True)
    network = network.cpu().float().eval()
    example = (torch.randn(1, 12, network.position.shape[1]), torch.full((1, 7, 12), 1 / 12))
    with tempfile.TemporaryDirectory() as temporary, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        plain = Path(temporary) / "plain.onnx"
        torch.onnx.export(
            _Inference(network), example, str(plain), dynamo=False, opset_version=17,
            input_names=["embedded", "pool"], output_names=OUTPUTS,
            dynamic_axes={
                "embedded": {1: "pieces"}, "pool": {1: "words", 2: "pieces"},
                **{name: {1: "words"} for name in OUTPUTS},
            },
        )  # fmt: skip
        quantize_dynamic(
            plain, folder / "encoder.onnx", per_channel=True, reduce_range=True,
            weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul", "Gemm"],
            extra_options={"MatMulConstBOnly": True},
        )  # fmt: skip
    embedding = network.embedding.weight.detach().numpy()
    scale = np.maximum(np.abs(embedding).max(1, keepdims=True), 1e-8) / 127
    np.save(folder / "embedding.npy", np.round(embedding / scale).astype(np.int8))
    np.savez(
        folder / "weights.npz",
        embedding_scale=scale.astype(np.float32),
        bilinear=network.bilinear.detach().numpy().astype(np.float16),
    )
    encoder.tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    lemmas = json.dumps(learn_lemmas(sentences), ensure_ascii=False, sort_keys=True)
    (folder / "lemmas.json.gz").write_bytes(gzip.compress(lemmas.encode("utf-8"), mtime=0))
    meta: dict[str, Any] = {
        "format": 1,
        "layers": network.sizes.layers,
        "pieces": len(kept),
        "max_pieces": network.position.shape[0],
        "labels": labels.to_json(),
    }
    (folder / "meta.json").write_text(
        json.dumps(meta, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8"
    )


def learn_lemmas(sentences: list[Sentence]) -> dict[str, dict[str, str]]:
    """Return by language what the treebanks say of a word where simplemma says otherwise."""
    seen: dict[tuple[str, str, str], Counter[str]] = {}
    for s in sentences:
        if s.lemmas is None or s.upos is None or s.lang not in ("de", "en"):
            continue
        for word, upos, lemma in zip(s.words, s.upos, s.lemmas, strict=True):
            key = (s.lang, upos, word if upos == "PROPN" else word.lower())
            seen.setdefault(key, Counter())[lemma] += 1
    learned: dict[str, dict[str, str]] = {"de": {}, "en": {}}
    for (lang, upos, word), lemmas in sorted(seen.items()):
        best = min(lemmas.items(), key=lambda entry: (-entry[1], entry[0]))[0]
        if best not in ("", "_") and best != general(word, upos, lang):
            learned[lang][f"{upos} {word}"] = best
    return learned

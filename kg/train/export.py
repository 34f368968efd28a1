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
from kg.train.network import Network
from kg.train.windows import Encoder, Labels

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


class _Relations(nn.Module):
    """Scores of relations for pairs of vectors, all of a window in one call."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        relations, width, _ = network.bilinear.shape
        flat = network.bilinear.detach().permute(1, 0, 2).reshape(width, relations * width)
        self.weight = nn.Parameter(flat.contiguous())
        self.relations = relations

    def forward(self, dependent: Tensor, head: Tensor) -> Tensor:
        ones = torch.ones_like(dependent[:, :1])
        left = torch.cat([dependent, ones], 1) @ self.weight
        right = torch.cat([head, ones], 1).unsqueeze(2)
        return (left.view(-1, self.relations, right.shape[1]) @ right).squeeze(2)


def _write_onnx(
    module: nn.Module, example: tuple[Tensor, ...], target: Path, inputs: list[str],
    outputs: list[str], axes: dict[str, dict[int, str]],
) -> None:  # fmt: skip
    """Export a module with int8 weights, one scale a column.

    One bit is kept free (``reduce_range``) so that processors without VNNI
    compute the same integers.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with tempfile.TemporaryDirectory() as temporary, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        plain = Path(temporary) / "plain.onnx"
        torch.onnx.export(
            module, example, str(plain), dynamo=False, opset_version=17,
            input_names=inputs, output_names=outputs, dynamic_axes=axes,
        )  # fmt: skip
        quantize_dynamic(
            plain, target, per_channel=True, reduce_range=True,
            weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul", "Gemm"],
            extra_options={"MatMulConstBOnly": True},
        )  # fmt: skip


def write(
    network: Network,
    labels: Labels,
    encoder: Encoder,
    kept: list[int],
    sentences: list[Sentence],
    folder: Path,
) -> None:
    """Write the model into ``folder`` as spaCy lays it out; ``sentences`` teach the lemmas.

    The embedding is int8 with one scale a piece.
    """
    _write_spacy_files(folder)
    folder = folder / "kg_ud"
    network = network.cpu().float().eval()
    _write_onnx(
        _Inference(network),
        (torch.randn(1, 12, network.position.shape[1]), torch.full((1, 7, 12), 1 / 12)),
        folder / "encoder.onnx",
        ["embedded", "pool"],
        OUTPUTS,
        {
            "embedded": {1: "pieces"}, "pool": {1: "words", 2: "pieces"},
            **{name: {1: "words"} for name in OUTPUTS},
        },
    )  # fmt: skip
    pair = torch.randn(7, network.sizes.rel)
    _write_onnx(
        _Relations(network), (pair, pair), folder / "relations.onnx",
        ["dependent", "head"], ["relation"],
        {name: {0: "words"} for name in ("dependent", "head", "relation")},
    )  # fmt: skip
    embedding = network.embedding.weight.detach().numpy()
    scale = np.maximum(np.abs(embedding).max(1, keepdims=True), 1e-8) / 127
    np.save(folder / "embedding.npy", np.round(embedding / scale).astype(np.int8))
    np.save(folder / "embedding_scale.npy", scale.astype(np.float32))
    encoder.tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    lemmas = json.dumps(learn_lemmas(sentences), ensure_ascii=False, sort_keys=True)
    (folder / "lemmas.json.gz").write_bytes(gzip.compress(lemmas.encode("utf-8"), mtime=0))
    labels_and_sizes = {
        "format": 3,
        "layers": network.sizes.layers,
        "pieces": len(kept),
        "max_pieces": network.position.shape[0],
        "labels": labels.to_json(),
    }
    _write_json(labels_and_sizes, folder / "labels.json")


def _write_spacy_files(folder: Path) -> None:
    """Write what ``spacy.load`` wants to find in a folder: config.cfg and meta.json."""
    import spacy

    (folder / "kg_ud").mkdir(parents=True, exist_ok=True)
    import kg.parse.tokenizer

    settings = {"nlp": {"tokenizer": {"@tokenizers": "kg.bilingual.v1"}}}
    config = spacy.blank("xx", config=settings).config.copy()
    config["nlp"]["pipeline"] = ["kg_ud"]
    config["components"] = {"kg_ud": {"factory": "kg_ud", "threads": 0}}
    config.to_disk(folder / "config.cfg")
    meta = {
        "lang": "xx",
        "name": "kg_news",
        "version": kg.__version__,
        "spacy_version": f">={spacy.about.__version__.rpartition('.')[0]},<4.0",
        "description": "German and English: Universal Dependencies, lemmas, entity names",
        "license": "CC BY-SA 4.0",
        "pipeline": ["kg_ud"],
    }
    _write_json(meta, folder / "meta.json")


def _write_json(content: dict[str, Any], path: Path) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    path.write_text(text + "\n", "utf-8")


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
        if lang == "de" and upos == "VERB" and not best.endswith("n"):
            continue  # a slip: every German infinitive ends so
        if best not in ("", "_") and best != general(word, upos, lang):
            learned[lang][f"{upos} {word}"] = best
    return learned

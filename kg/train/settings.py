"""What a training run is told."""

from __future__ import annotations

import dataclasses


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
    dropout: float = 0.2
    word_dropout: float = 0.0
    name_swap: float = 0.0
    silver_from: float = 0.9
    round_from: float = 1.0
    bfloat16: bool = True

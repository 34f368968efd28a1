"""Installed as the top-level package ``kg_news``, so that ``spacy.load("kg_news")`` works."""

from __future__ import annotations

from typing import Any

from spacy.language import Language
from spacy.util import load_model_from_path

from kg.resources import model_dir


def load(**overrides: Any) -> Language:
    """Return the German and English pipeline; ``overrides`` as in ``spacy.load``."""
    return load_model_from_path(model_dir(), **overrides)

"""Where the data that ships with the package lies.

In a wheel ``ontology/`` is installed as ``kg/ontology_data``; in a checkout it
stands beside the package, where an analyst finds and edits it.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def ontology_dir() -> Path:
    """Return the folder with the ontology, entity tables, lexicon and queries."""
    installed = _PACKAGE / "ontology_data"
    return installed if installed.is_dir() else _PACKAGE.parent / "ontology"


def model_dir() -> Path:
    """Return the folder with the packaged language model."""
    return _PACKAGE / "parse" / "model"

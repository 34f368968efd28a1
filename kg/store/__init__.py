"""Statements as RDF: build a dataset, write it, open it, read it back."""

from kg.store.dataset import build_dataset, open_dataset, ox_store, serialize, write
from kg.store.from_rdf import GraphError, read_articles, read_entities

__all__ = [
    "GraphError",
    "build_dataset",
    "open_dataset",
    "ox_store",
    "read_articles",
    "read_entities",
    "serialize",
    "write",
]

"""The interactive page: a graph to explore, each edge with the sentences behind it."""

from kg.view.page import write_html

__all__ = ["write_html"]

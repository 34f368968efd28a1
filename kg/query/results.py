"""Query results as text: a table for the terminal, CSV, SPARQL JSON."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable

from rdflib import BNode, Literal, URIRef
from rdflib.term import Node
from rich.cells import cell_len, set_cell_size

from kg.ontology import PREFIXES
from kg.query.run import QueryResult

_MIN_COLUMN = 12
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


def to_table(result: QueryResult, width: int = 80) -> str:
    """Return the result as lines of at most ``width`` columns, long cells cut with an ellipsis.

    IRIs show as their label, or shortened by a prefix. A result with more
    columns than fit side by side shows one value a line, a block per row.
    """
    if result.boolean is not None:
        return "yes\n" if result.boolean else "no\n"
    if not result.rows:
        return "no rows\n"
    cells = [[_readable(term, result) for term in row] for row in result.rows]
    if len(result.columns) * (_MIN_COLUMN + 1) > width:
        return _blocks(result.columns, cells, width)
    widths = _widths([list(result.columns), *cells], width)
    return "".join(
        "  ".join(_fit(c, w) for c, w in zip(row, widths, strict=True)).rstrip() + "\n"
        for row in [list(result.columns), *cells]
    )


def to_csv(result: QueryResult) -> str:
    """Return the result as SPARQL CSV: a head line, IRIs and literals as plain text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    if result.boolean is not None:
        writer.writerows([["boolean"], [str(result.boolean).lower()]])
    else:
        writer.writerow(result.columns)
        writer.writerows(["" if t is None else str(t) for t in row] for row in result.rows)
    return out.getvalue()


def to_json(result: QueryResult) -> str:
    """Return the result in the W3C format "SPARQL 1.1 Query Results JSON"."""
    data: dict[str, object]
    if result.boolean is not None:
        data = {"head": {}, "boolean": result.boolean}
    else:
        bindings = [
            {name: _json(t) for name, t in zip(result.columns, row, strict=True) if t is not None}
            for row in result.rows
        ]
        data = {"head": {"vars": list(result.columns)}, "results": {"bindings": bindings}}
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _readable(term: Node | None, result: QueryResult) -> str:
    if term is None:
        return ""
    text = result.labels.get(str(term)) if isinstance(term, URIRef) else None
    if text is None:
        text = _shorten(term) if isinstance(term, URIRef) else str(term)
    # A text from the net must not steer the terminal.
    return _UNPRINTABLE.sub(" ", text)


def _shorten(iri: str) -> str:
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and iri != namespace:
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


def _blocks(columns: tuple[str, ...], rows: Iterable[list[str]], width: int) -> str:
    margin = max(len(column) for column in columns) + 2
    lines = []
    for row in rows:
        for column, cell in zip(columns, row, strict=True):
            if cell:
                lines.append(f"{column:<{margin}}{_cut(cell, width - margin)}")
        lines.append("")
    return "\n".join(lines)


def _widths(rows: list[list[str]], total: int) -> list[int]:
    """Return column widths that fit into ``total``: the widest column gives way first."""
    widths = [max(cell_len(cell) for cell in column) for column in zip(*rows, strict=True)]
    while sum(widths) + 2 * (len(widths) - 1) > total:
        widths[widths.index(max(widths))] -= 1
    return widths


def _fit(text: str, width: int) -> str:
    return set_cell_size(_cut(text, width), width)


def _cut(text: str, width: int) -> str:
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, width - 1).rstrip() + "…"


def _json(term: Node) -> dict[str, str]:
    if isinstance(term, URIRef):
        return {"type": "uri", "value": str(term)}
    if isinstance(term, BNode):
        return {"type": "bnode", "value": str(term)}
    found = {"type": "literal", "value": str(term)}
    if isinstance(term, Literal) and term.language:
        found["xml:lang"] = term.language
    elif isinstance(term, Literal) and term.datatype:
        found["datatype"] = str(term.datatype)
    return found

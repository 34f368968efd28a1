"""SPARQL over a stored graph.

Queries only read. Oxigraph's query interface takes no update; ``SERVICE``,
which would open a connection, is refused, and so are ``FROM`` and ``FROM
NAMED``, which Oxigraph ignores when rdflib calls it: a silently wrong answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyparsing
from rdflib import RDFS, Dataset, Graph, URIRef, Variable
from rdflib.plugins.sparql.parser import parseQuery, parseUpdate
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.query import Result
from rdflib.term import Identifier, Node

from kg.ontology import PREFIXES
from kg.store.dataset import ox_store

_ORDERED = re.compile(r"\border\s+by\b", re.IGNORECASE)
_SUSPICIOUS = re.compile(r"service|from|\\u", re.IGNORECASE)
_POSITION = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


class QueryError(ValueError):
    """The query can't be run; the message says what is wrong and, if known, in which line."""


@dataclass(frozen=True, slots=True)
class QueryResult:
    """Rows of terms by column; None where a row leaves a variable free.

    An ASK has ``boolean`` and no columns; a CONSTRUCT or DESCRIBE has the
    columns subject, predicate, object. ``labels`` has the label of each IRI
    in the rows that has one, in the language asked for.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Node | None, ...], ...]
    boolean: bool | None
    labels: Mapping[str, str]


def run_query(
    dataset: Dataset,
    sparql: str,
    bindings: Mapping[str, Identifier] | None = None,
    lang: str = "en",
) -> QueryResult:
    """Run one SPARQL query and return its result; nothing is written or fetched.

    ``bindings`` fill variables of the SELECT line by name. The prefixes of
    the package need not be declared. Rows of a query without ORDER BY are
    sorted, for Oxigraph promises no order.

    Raises:
        QueryError: syntax error (with line), update, SERVICE, FROM, or a
            binding for a variable that the query does not select.
        TypeError: the dataset is not kept in Oxigraph.
    """
    ox_store(dataset)  # rdflib's own evaluator would read files and the net for FROM
    _refuse_outside(sparql)
    names = {Variable(name): value for name, value in (bindings or {}).items()}
    try:
        result = dataset.query(sparql, initNs=PREFIXES, initBindings=names)  # type: ignore[arg-type]
        columns, rows = _table(result)
    except SyntaxError as error:
        raise QueryError(_explain(sparql, error)) from None
    except (RuntimeError, OSError, ValueError) as error:
        raise QueryError(f"the query failed: {error}") from error
    if not _ORDERED.search(sparql):
        rows.sort(key=lambda row: [(term is not None, str(term or "")) for term in row])
    boolean = bool(result.askAnswer) if result.type == "ASK" else None
    return QueryResult(columns, tuple(rows), boolean, _labels(dataset, rows, lang))


def _refuse_outside(sparql: str) -> None:
    """Refuse SERVICE and FROM by the syntax tree, not by their letters in a string or name."""
    if not _SUSPICIOUS.search(sparql):
        return
    try:
        tree = parseQuery(sparql)
    except pyparsing.ParseBaseException as error:
        message = f"syntax error in line {error.lineno}, column {error.column}"
        raise QueryError(f"{message}\n{_pointer(sparql, error.lineno, error.column)}") from None
    for node in _walk(tree):
        if node.name == "ServiceGraphPattern":
            raise QueryError("SERVICE is not allowed: queries open no connection")
        if node.name == "DatasetClause":
            raise QueryError(
                "FROM and FROM NAMED are not allowed: ask one article by GRAPH art:ID { ... }"
            )


def _walk(node: object) -> Iterator[CompValue]:
    if isinstance(node, CompValue):
        yield node
        for value in node.values():
            yield from _walk(value)
    elif isinstance(node, (list, tuple, pyparsing.ParseResults)):
        for value in node:
            yield from _walk(value)


def _explain(sparql: str, error: SyntaxError) -> str:
    if _is_update(sparql):
        return "this is an update; the stored graph is only read here"
    found = _POSITION.search(str(error))
    if found is None:
        return f"SPARQL syntax error: {error}"
    offset = _offset(sparql, int(found[1]), int(found[2]))
    rest = sparql[offset:]
    token = re.match(r"\w+|\S", rest)
    if "Prefix not found" in found[3]:
        reason = "unknown prefix"
    elif "variable that is unbound" in found[3]:
        reason = "SELECT names a variable that is neither bound nor grouped"
    else:
        words = sparql.split()
        end = f"unexpected end after {words[-1]!r}" if words else "the query is empty"
        reason = f"unexpected {token[0]!r}" if token else end
    line = sparql.count("\n", 0, offset) + 1
    column = offset - sparql.rfind("\n", 0, offset)
    return f"SPARQL syntax error in line {line}: {reason}\n{_pointer(sparql, line, column)}"


def _offset(sparql: str, line: int, column: int) -> int:
    """Return where the parser stopped; at the end of the last word if that is all there was."""
    lines = sparql.splitlines(keepends=True)
    offset = min(sum(map(len, lines[: line - 1])) + column - 1, len(sparql))
    return offset if sparql[offset:].strip() else len(sparql.rstrip())


def _is_update(sparql: str) -> bool:
    try:
        return bool(parseUpdate(sparql).request)
    except pyparsing.ParseBaseException:
        return False


def _pointer(sparql: str, line: int, column: int) -> str:
    lines = sparql.splitlines() or [""]
    text = lines[min(line, len(lines)) - 1]
    return f"  {text}\n  {' ' * (column - 1)}^"


def _table(
    result: Result,
) -> tuple[tuple[str, ...], list[tuple[Node | None, ...]]]:
    if result.type == "SELECT":
        columns = tuple(str(name) for name in result.vars or ())
        rows: list[tuple[Node | None, ...]] = [
            tuple(row.get(Variable(name)) for name in columns) for row in result.bindings
        ]
        return columns, rows
    if result.type == "ASK":
        return (), []
    triples = result.graph if result.graph is not None else Graph()
    return ("subject", "predicate", "object"), [tuple(triple) for triple in triples]


def _labels(dataset: Dataset, rows: list[tuple[Node | None, ...]], lang: str) -> dict[str, str]:
    graph = dataset.default_graph
    labels: dict[str, str] = {}
    for iri in sorted({term for row in rows for term in row if isinstance(term, URIRef)}):
        found = [o for o in graph.objects(iri, RDFS.label) if getattr(o, "language", None) == lang]
        if found:
            labels[str(iri)] = str(min(found, key=str))
    return labels

"""The library of named queries in ``ontology/queries``.

A named query is a file ``NAME.rq`` with a head of comments::

    # title: Who supports whom?
    # titel: Wer unterstützt wen?
    # description: Facts only, with the number of sentences.
    # param: who (entity) = * — the actor; any when left out

A parameter is a variable of the query of the kind entity, relation, class,
article, date, number or text. What stands after ``=`` is the default: ``*``
leaves the variable free, nothing makes the parameter required. The SELECT
line must name the variable, because Oxigraph binds only what is selected.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rdflib import OWL, RDF, RDFS, XSD, Dataset, Graph, Literal, Namespace, URIRef
from rdflib.term import Identifier

from kg.ontology import ART, ENT, KG, PREFIXES, to_iri, to_local
from kg.query.run import QueryError, QueryResult, run_query
from kg.resources import ontology_dir

_NAMESPACES: dict[str, Namespace] = {"entity": ENT, "relation": KG, "class": KG, "article": ART}
_CLASSES: dict[str, URIRef] = {
    "relation": OWL.ObjectProperty,
    "class": OWL.Class,
    "article": KG.Article,
}
_DATATYPES: dict[str, URIRef] = {"date": XSD.date, "number": XSD.integer, "text": XSD.string}
_HEAD = re.compile(r"#\s*(title|titel|description|param):\s*(.*?)\s*$")
_PARAMETER = re.compile(r"(\w+)\s*\((\w+)\)\s*=\s*(.*?)\s*—\s*(.+)")
_IRI = re.compile(r"\w+://[^\x00-\x20<>\"{}|^`\\]+")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A variable that the user fills; ``default`` is None if it must be given, "*" if free."""

    name: str
    kind: str
    default: str | None
    meaning: str


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A query of the library: its text, titles in both languages and parameters."""

    name: str
    title_en: str
    title_de: str
    description: str
    parameters: tuple[Parameter, ...]
    sparql: str


def named_queries(folder: Path | None = None) -> dict[str, NamedQuery]:
    """Return the named queries by name, sorted.

    Raises:
        QueryError: a file lacks a title, a description or has a broken parameter line.
    """
    files = sorted((folder or ontology_dir() / "queries").glob("*.rq"))
    return {file.stem: _read_named(file) for file in files}


def run_named(
    dataset: Dataset, query: NamedQuery, arguments: Mapping[str, str], lang: str = "en"
) -> QueryResult:
    """Run a named query; columns of the filled parameters are left out of the result.

    An entity, relation or class is given by its label in German or English,
    by its local id, as ``prefix:name`` or as an IRI; an article by its id.

    Raises:
        QueryError: unknown, missing or unresolvable argument, with what would fit.
    """
    known = {parameter.name for parameter in query.parameters}
    for name in arguments:
        if name not in known:
            has = ", ".join(sorted(known)) or "none"
            raise QueryError(f"{query.name} has no parameter {name!r}; it has: {has}")
    bindings: dict[str, Identifier] = {}
    for parameter in query.parameters:
        value = arguments.get(parameter.name, parameter.default)
        if value is None:
            raise QueryError(
                f"{query.name} needs the parameter {parameter.name!r} ({parameter.meaning})"
            )
        if value != "*":
            bindings[parameter.name] = _resolve(dataset, parameter, value)
    result = run_query(dataset, query.sparql, bindings, lang)
    shown = [i for i, column in enumerate(result.columns) if column not in bindings]
    return QueryResult(
        tuple(result.columns[i] for i in shown),
        tuple(tuple(row[i] for i in shown) for row in result.rows),
        result.boolean,
        result.labels,
    )


def _read_named(file: Path) -> NamedQuery:
    sparql = file.read_text(encoding="utf-8")
    head: dict[str, str] = {}
    parameters: list[Parameter] = []
    for number, line in enumerate(sparql.splitlines(), start=1):
        found = _HEAD.match(line)
        if found is None:
            continue
        if found[1] != "param":
            head[found[1]] = found[2]
            continue
        parts = _PARAMETER.fullmatch(found[2])
        if parts is None or parts[2] not in {*_NAMESPACES, *_DATATYPES}:
            raise QueryError(
                f"{file}:{number}: expected '# param: name (kind) = default — meaning' with one "
                f"of the kinds {', '.join([*_NAMESPACES, *_DATATYPES])}"
            )
        parameters.append(Parameter(parts[1], parts[2], parts[3] or None, parts[4]))
    for key in ("title", "titel", "description"):
        if not head.get(key):
            raise QueryError(f"{file}: no line '# {key}: ...' at its head")
    return NamedQuery(
        name=file.stem,
        title_en=head["title"],
        title_de=head["titel"],
        description=head["description"],
        parameters=tuple(parameters),
        sparql=sparql,
    )


def _resolve(dataset: Dataset, parameter: Parameter, value: str) -> Identifier:
    if parameter.kind in _DATATYPES:
        return _literal(parameter, value)
    if _IRI.fullmatch(value):
        return URIRef(value)
    prefix, _, local = value.partition(":")
    if local and prefix in PREFIXES:
        return to_iri(Namespace(PREFIXES[prefix]), local)
    names = _names(dataset.default_graph, parameter.kind)
    found = {node for node in names if to_local(node) == value} or {
        node
        for node, known in names.items()
        if value.casefold() in {name.casefold() for name in known}
    }
    if len(found) == 1:
        return found.pop()
    if found:
        ids = ", ".join(sorted(map(to_local, found)))
        raise QueryError(f"{parameter.name}: {value!r} may be one of {ids}; give the id")
    candidates = sorted({name for known in names.values() for name in known})
    close = difflib.get_close_matches(value, candidates, n=3)
    hint = f"; did you mean {', '.join(close)}?" if close else ""
    raise QueryError(f"{parameter.name}: the graph has no {parameter.kind} {value!r}{hint}")


def _names(graph: Graph, kind: str) -> dict[URIRef, set[str]]:
    """Return the nodes of a kind with the names they may be called by: id and labels."""
    found: dict[URIRef, set[str]] = {}
    if kind in _CLASSES:
        for node in graph.subjects(RDF.type, _CLASSES[kind]):
            if isinstance(node, URIRef) and node.startswith(_NAMESPACES[kind]):
                found[node] = {to_local(node)}
    for node, label in graph.subject_objects(RDFS.label):
        if (
            isinstance(node, URIRef)
            and (kind == "entity" or node in found)
            and node.startswith(_NAMESPACES[kind])
        ):
            found.setdefault(node, {to_local(node)}).add(str(label))
    return found


def _literal(parameter: Parameter, value: str) -> Literal:
    literal = Literal(value, datatype=_DATATYPES[parameter.kind])
    if literal.ill_typed:
        raise QueryError(f"{parameter.name}: not a {parameter.kind}: {value!r}")
    return literal

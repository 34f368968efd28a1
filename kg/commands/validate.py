"""``kg validate``: hold a stored graph against the shapes, and say in words what is wrong."""

from __future__ import annotations

import textwrap
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from rdflib import DCTERMS, OWL, RDF, RDFS, SH, XSD, Graph, Literal, URIRef
from rdflib.term import Node

from kg.ontology import KG, NIF, ONTOLOGY_IRI, PREFIXES, default_path
from kg.resources import ontology_dir
from kg.store import open_dataset, serialize

_SHAPES = "https://kg.example/shapes#"
_EXAMPLES = 5
_SENTENCES = {
    "MinCount": "{path} is missing",
    "MaxCount": "{path} stands more than once",
    "In": "{path} is none of {in}",
    "Datatype": "{path} is no {datatype}",
    "Class": "{path} leads to something that is no {class}",
    "NodeKind": "{path} is of the wrong kind of node",
    "Or": "{path} is of none of the allowed types",
    "MinInclusive": "{path} is less than {minInclusive}",
    "MaxInclusive": "{path} is greater than {maxInclusive}",
    "MinLength": "{path} is empty",
    "Pattern": "{path} does not have the form {pattern}",
    "UniqueLang": "{path} stands twice in one language",
    "LanguageIn": "{path} is in none of the languages {languageIn}",
    "LessThanOrEquals": "{path} is greater than {lessThanOrEquals}",
}


class _Kind(NamedTuple):
    """A kind of fault: what is wrong, by which shape."""

    words: str
    shape: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a graph conforms, and the report in words."""

    conforms: bool
    text: str


def validate(path: Path, width: int = 80) -> Verdict:
    """Hold an output folder or a graph file against ``ontology/shapes.ttl``.

    Raises:
        FileNotFoundError: there is no stored graph.
        ValueError: it is not RDF, or pySHACL is not installed.
    """
    try:
        import pyshacl
    except ImportError as error:
        raise ValueError(
            "validating needs pySHACL, which is not installed: pip install 'kg-news[validate]'"
        ) from error
    dataset = open_dataset(path)
    graph = Graph().parse(data=serialize(dataset, "nt"), format="nt")
    if (ONTOLOGY_IRI, RDF.type, OWL.Ontology) not in graph:
        graph.parse(default_path())  # the shapes ask for classes and the relation hierarchy
    shapes = Graph().parse(ontology_dir() / "shapes.ttl")
    _, results, _ = pyshacl.validate(graph, shacl_graph=shapes)
    if not isinstance(results, Graph):
        raise ValueError(f"{path}: the graph could not be validated: {results}")
    faults = _faults(results, graph, shapes)
    counts = ", ".join(
        f"{len(set(graph.subjects(RDF.type, cls))):,} {words}"
        for cls, words in ((KG.Article, "articles"), (KG.Statement, "statements"))
    )
    if not faults:
        return Verdict(True, f"{path} conforms to the shapes ({counts})\n")
    number = sum(map(len, faults.values()))
    lines = [f"{path} does not conform: {number} faults of {len(faults)} kinds ({counts})", ""]
    ordered = sorted(faults.items(), key=lambda item: (-len(item[1]), item[0]))
    for place, (kind, nodes) in enumerate(ordered, start=1):
        often = "" if len(nodes) == 1 else f", {len(nodes)} times"
        lines += _wrapped(f"{place}. {kind.words} ({kind.shape}{often})", "   ", width)
        for node in nodes[:_EXAMPLES]:
            lines += ["   " + line for line in _wrapped(f"- {node}", "  ", width - 3)]
        if len(nodes) > _EXAMPLES:
            lines.append(f"   ... and {len(nodes) - _EXAMPLES} more")
        lines.append("")
    return Verdict(False, "\n".join(lines))


def _faults(results: Graph, graph: Graph, shapes: Graph) -> dict[_Kind, list[str]]:
    """Return the nodes at fault, described and sorted, by kind of fault."""
    found: dict[_Kind, set[str]] = defaultdict(set)
    for result in results.subjects(RDF.type, SH.ValidationResult):
        component = _name(results.value(result, SH.sourceConstraintComponent))
        component = component.rpartition("#")[2].rpartition(":")[2]
        component = component.removesuffix("ConstraintComponent")
        if component == "Node":
            continue  # its details are results as well, and say what is missing there
        source = results.value(result, SH.sourceShape)
        focus, value = results.value(result, SH.focusNode), results.value(result, SH.value)
        if focus == ONTOLOGY_IRI and value is not None:
            focus, value = value, None  # asked of the whole graph: the value is the node at fault
        # What a message says after a colon is of this node alone.
        words, _, detail = _words(result, component, results, shapes).partition(": ")
        kind = _Kind(words, _shape(source, shapes))
        detail = " ".join(_name(word) for word in detail.split())
        if value is not None and value != focus:
            detail = _name(value)
        at = _describe(focus, graph) + (f": {detail}" if detail else "")
        found[kind].add(at)
    return {kind: sorted(nodes) for kind, nodes in found.items()}


def _words(result: Node, component: str, results: Graph, shapes: Graph) -> str:
    source = results.value(result, SH.sourceShape)
    message = str(results.value(result, SH.resultMessage) or component)
    own = source is not None and (source, SH.message, None) in shapes
    path = results.value(result, SH.resultPath)
    if own or component not in _SENTENCES or not isinstance(path, URIRef):
        return message.rstrip(".")
    facts = {"path": _name(path)}
    for predicate, value in shapes.predicate_objects(source):
        facts[str(predicate).rpartition("#")[2]] = _list(value, shapes)
    try:
        return _SENTENCES[component].format(**{**facts, "path": _name(path)})
    except KeyError:
        return message.rstrip(".")


def _list(value: Node, shapes: Graph) -> str:
    items = list(shapes.items(value)) if (value, RDF.first, None) in shapes else [value]
    return ", ".join(_name(item) for item in items)


def _shape(source: Node | None, shapes: Graph) -> str:
    """Return the name of the shape that a constraint stands in."""
    while source is not None and not isinstance(source, URIRef):
        source = next(iter(shapes.subjects(SH.property, source)), None)
    return "shape:" + str(source).removeprefix(_SHAPES) if source is not None else "shape"


def _describe(node: Node | None, graph: Graph) -> str:
    """Return a node as a reader finds it: short IRI and what it says."""
    shown = _name(node)
    ends = [graph.value(node, p) for p in (RDF.subject, RDF.predicate, RDF.object)]
    if any(end is not None for end in ends):
        words = " – ".join(_label(end, graph) for end in ends)
        evidence = graph.value(node, URIRef("http://www.w3.org/ns/prov#wasDerivedFrom"))
        article = graph.value(evidence, NIF.referenceContext) if evidence is not None else None
        return f"{shown} ({words}" + (f"; {_name(article)})" if article is not None else ")")
    anchor = graph.value(node, NIF.anchorOf)
    label = anchor if anchor is not None else graph.value(node, DCTERMS.title)
    if label is None:
        label = next(iter(sorted(graph.objects(node, RDFS.label), key=_english)), None)
    words = " ".join(str(label).split()) if label is not None else ""
    return f"{shown} ({words})" if words else shown


def _label(node: Node | None, graph: Graph) -> str:
    labels = sorted(graph.objects(node, RDFS.label), key=_english) if node is not None else []
    return str(labels[0]) if labels else _name(node) if node is not None else "?"


def _english(label: Node) -> tuple[bool, str]:
    return getattr(label, "language", None) != "en", str(label)


def _name(term: Node | str | None) -> str:
    if isinstance(term, Literal):
        text = " ".join(str(term).split())
        if term.datatype not in (None, XSD.string):
            return text
        return f'"{text[:60]}' + ('..."' if len(text) > 60 else '"')
    for prefix, namespace in (*PREFIXES.items(), ("sh", str(SH)), ("shape", _SHAPES)):
        if str(term).startswith(namespace):
            return f"{prefix}:{str(term)[len(namespace) :]}"
    return str(term)


def _wrapped(text: str, indent: str, width: int) -> list[str]:
    return textwrap.wrap(
        text, width, subsequent_indent=indent, break_long_words=True, break_on_hyphens=False
    )

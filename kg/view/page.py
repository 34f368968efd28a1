"""Statements -> one HTML page to explore, each line with the sentences behind it.

The page is self-contained: data, styles and scripts are inlined, its Content
Security Policy lets nothing be loaded or sent, and only the scripts written
here may run. Whatever a text contains travels as JSON in a data block and
reaches the page as text, never as markup.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import networkx as nx
import pyvis
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from pyvis.network import Network

from kg.ontology import Term, load_classes, load_types
from kg.types import Article, Entity, Evidence, Statement
from kg.view.layout import arrange

_TEMPLATES = Path(__file__).resolve().parent / "templates"
_VIS = Path(pyvis.__file__).resolve().parent / "templates" / "lib" / "vis-9.1.2"

_Key = tuple[str, str, str, str, str]  # subject, object, relation, kind, polarity

_DASHES: dict[str, bool | list[int]] = {"fact": False, "plan": [9, 6], "claim": [2, 5]}

_OPTIONS: dict[str, Any] = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False, "randomSeed": 0},
    "interaction": {
        "hover": True,
        "keyboard": {"enabled": True, "bindToWindow": False},
        "selectConnectedEdges": False,
        "zoomSpeed": 0.6,
    },
    "nodes": {"borderWidth": 1.5, "borderWidthSelected": 3},
    "edges": {
        "arrows": {"to": {"scaleFactor": 0.55}},
        "arrowStrikethrough": False,
        "hoverWidth": 0.8,
        "selectionWidth": 1.2,
    },
}


def write_html(
    articles: Sequence[Article],
    statements: Sequence[Statement],
    path: Path,
    title: str = "Knowledge graph",
) -> None:
    """Write the statements to ``path`` as a self-contained page in German and English.

    ``articles`` give the evidence its title, date, source and address; one that
    is missing is shown by its id. ``title`` is the heading, plain text. The
    bytes depend on the arguments alone, not on their order.

    Raises OSError if ``path`` cannot be written.
    """
    ordered = [s for _, s in sorted({s.id: s for s in statements}.items())]
    graph = _graph(ordered)
    nodes, edges, _, _, _, options = _network(graph).get_network_data()
    view = json.loads((_TEMPLATES / "view.json").read_text(encoding="utf-8"))
    data = {
        "nodes": nodes,
        "edges": edges,
        "options": json.loads(options),
        "words": view["words"],
        "classes": _classes({n["group"] for n in nodes}, view["looks"]),
        "types": _types({e["type"] for e in edges}, view["types"]),
        **_evidence(graph, articles, ordered),
    }
    # A lone surrogate has no UTF-8 form; it can only come from a broken input file.
    path.write_bytes(_page(title, data).encode("utf-8", "replace"))


def _edge_key(statement: Statement) -> _Key:
    """Return subject, object, relation, kind and polarity: what one line stands for.

    Statements corroborate each other only where all five agree: a denial is
    drawn beside what it denies, not counted for it.
    """
    ends = [statement.subject.id, statement.object.id]
    if statement.relation.symmetric:
        ends.sort()
    if statement.attributed_to is not None:
        kind = "claim"
    else:
        kind = "fact" if statement.modality == "actual" else "plan"
    return ends[0], ends[1], statement.relation.id, kind, statement.polarity


def _graph(statements: Sequence[Statement]) -> nx.MultiDiGraph:
    """Return entities as nodes (attribute ``entity``), statements bundled into edges."""
    bundles: dict[_Key, list[Statement]] = {}
    entities: dict[str, Entity] = {}
    mentions: Counter[str] = Counter()
    for statement in statements:
        bundles.setdefault(_edge_key(statement), []).append(statement)
        for entity in (statement.subject, statement.object):
            entities.setdefault(entity.id, entity)
        mentions.update({statement.subject.id, statement.object.id})
    graph = nx.MultiDiGraph()
    for name in sorted(entities):
        graph.add_node(name, entity=entities[name], count=mentions[name])
    for key in sorted(bundles):
        subject, object_, _, kind, polarity = key
        graph.add_edge(
            subject, object_, key=key, kind=kind, polarity=polarity, statements=bundles[key]
        )
    return graph


def _network(graph: nx.MultiDiGraph) -> Network:
    """Return the graph as a pyvis network with positions; ids are row numbers."""
    network = Network(directed=True)
    network.options = _OPTIONS
    number = {name: i for i, name in enumerate(graph)}
    labels = {name: graph.nodes[name]["entity"] for name in graph}
    labels |= {e.id: e for s in _statements(graph) for e in (s.attributed_to, s.place) if e}
    sizes = {
        name: _box(attributes["entity"], attributes["count"])
        for name, attributes in graph.nodes(data=True)
    }
    positions = arrange(sizes, graph.edges())
    for name, attributes in graph.nodes(data=True):
        entity: Entity = attributes["entity"]
        x, y = positions[name]
        network.add_node(
            number[name],
            label=entity.label_en,
            group=entity.cls,
            x=x,
            y=y,
            size=_size(attributes["count"]),
            count=attributes["count"],
            de=entity.label_de,
            en=entity.label_en,
            wikidata=entity.wikidata,
            part_of=_part_of(entity, labels, number),
            minted=entity.minted,
        )
    bends = _bends(graph)
    for i, (subject, object_, key, attributes) in enumerate(graph.edges(keys=True, data=True)):
        bundle, kind = attributes["statements"], attributes["kind"]
        relation = bundle[0].relation
        network.add_edge(
            number[subject],
            number[object_],
            id=i,
            relation=relation.id,
            type=relation.type,
            kind=kind,
            negative=attributes["polarity"] == "negative",
            count=len(bundle),
            arrows="" if relation.symmetric else "to",
            dashes=_DASHES[kind],
            width=round(min(1.3 + 0.9 * math.log2(len(bundle)), 5.0), 2),
            **bends[key],
        )
    return network


def _statements(graph: nx.MultiDiGraph) -> Iterable[Statement]:
    for _, _, bundle in graph.edges(data="statements"):
        yield from bundle


def _part_of(
    entity: Entity, known: dict[str, Entity], number: dict[str, int]
) -> dict[str, Any] | None:
    if entity.part_of is None:
        return None
    whole = known.get(entity.part_of)
    if whole is None:
        name = entity.part_of.replace("_", " ")
        return {"node": None, "de": name, "en": name}
    return _reference(whole, number)


def _reference(entity: Entity, number: dict[str, int]) -> dict[str, Any]:
    return {"node": number.get(entity.id), "de": entity.label_de, "en": entity.label_en}


def _size(count: int) -> float:
    """Return the radius of a node in pixels: its area grows with the statements."""
    return round(min(7 + 3.2 * math.sqrt(count), 34.0), 1)


def _box(entity: Entity, count: int) -> tuple[float, float]:
    """Return width and height in pixels of a node with its label below."""
    letters = min(max(len(entity.label_de), len(entity.label_en)), 26)
    return max(2 * _size(count), 7.0 * letters) + 14, 2 * _size(count) + 26


def _bends(graph: nx.MultiDiGraph) -> dict[_Key, dict[str, Any]]:
    """Return for each edge the curve that keeps it apart from its parallels."""
    pairs: dict[tuple[str, ...], list[_Key]] = {}
    for key in (key for _, _, key in graph.edges(keys=True)):
        pairs.setdefault(tuple(sorted(key[:2])), []).append(key)
    bends: dict[_Key, dict[str, Any]] = {}
    for (low, high), keys in pairs.items():
        step = min(0.2, 1.1 / len(keys))
        for rank, key in enumerate(sorted(keys)):
            # curvedCW seen from one end is curvedCCW seen from the other
            offset = (rank - (len(keys) - 1) / 2) * step * (1 if key[0] == low else -1)
            if low == high:
                bends[key] = {"selfReference": {"size": 18 + 9 * rank, "angle": math.pi / 4}}
            elif abs(offset) < 1e-9:
                bends[key] = {"smooth": False}
            else:
                curve = "curvedCW" if offset > 0 else "curvedCCW"
                roundness = round(abs(offset), 3)
                bends[key] = {"smooth": {"enabled": True, "type": curve, "roundness": roundness}}
    return bends


def _evidence(
    graph: nx.MultiDiGraph, articles: Sequence[Article], statements: Sequence[Statement]
) -> dict[str, Any]:
    """Return the tables that the page's panel reads: statements, articles, relations."""
    number = {name: i for i, name in enumerate(graph)}
    edge_of = {
        s.id: i for i, (_, _, bundle) in enumerate(graph.edges(data="statements")) for s in bundle
    }
    known = {a.id: a for a in articles}
    cited = sorted({s.evidence.article for s in statements})
    row = {name: i for i, name in enumerate(cited)}
    relations = {s.relation.id: s.relation for s in statements}
    return {
        "statements": [_row(s, edge_of[s.id], row, number) for s in statements],
        "articles": [_article(name, known.get(name)) for name in cited],
        "article_count": len(known.keys() | row.keys()),
        "relations": {
            name: {"de": relations[name].label_de, "en": relations[name].label_en}
            for name in sorted(relations)
        },
    }


def _row(
    statement: Statement, edge: int, article: dict[str, int], number: dict[str, int]
) -> dict[str, Any]:
    source, place = statement.attributed_to, statement.place
    return {
        "edge": edge,
        "subject": number[statement.subject.id],
        "object": number[statement.object.id],
        "sentence": _segments(statement.evidence),
        "article": article[statement.evidence.article],
        "polarity": statement.polarity,
        "modality": statement.modality,
        "said_by": _reference(source, number) if source else None,
        "date": statement.date,
        "place": _reference(place, number) if place else None,
        "confidence": round(statement.confidence, 3),
    }


def _article(name: str, article: Article | None) -> dict[str, str | None]:
    if article is None:
        return {"title": name, "source": None, "url": None, "date": None}
    return {
        "title": article.title or name,
        "source": article.source,
        "url": article.url,
        "date": article.date.isoformat() if article.date else None,
    }


def _segments(evidence: Evidence) -> list[list[str]]:
    """Return the sentence in pieces ``[text, roles]``; roles is some of ``"sco"``.

    Cut here and not in the page, because JavaScript counts UTF-16 units where
    the offsets count characters. A span outside of the sentence marks nothing.
    """
    text = evidence.sentence
    roles = {"s": evidence.subject, "c": evidence.cue, "o": evidence.object}
    spans = {
        role: (max(start - evidence.start, 0), min(end - evidence.start, len(text)))
        for role, (start, end) in roles.items()
    }
    cuts = sorted({0, len(text), *(c for s in spans.values() if s[0] < s[1] for c in s)})
    return [
        [text[a:b], "".join(r for r, (start, end) in spans.items() if start <= a and b <= end)]
        for a, b in pairwise(cuts)
    ]


def _classes(used: set[str], looks: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """Return label, shape and colour of each class, in the order of the legend.

    A class without a look of its own takes that of the nearest class above it.
    """
    known = load_classes()

    def look(name: str) -> str:
        level = [name]
        while level:
            for candidate in level:
                if candidate in looks:
                    return candidate
            level = [p for c in level if c in known for p in known[c].parents]
        return "Entity"

    rank = {name: i for i, name in enumerate(looks)}
    return {
        name: {**_label(known.get(name), name), **looks[look(name)]}
        for name in sorted(used, key=lambda n: (rank[look(n)], n))
    }


def _types(used: set[str], nouns: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """Return a noun for each type; the ontology has only the words of a property for it."""
    known = load_types()
    return {name: nouns.get(name) or _label(known.get(name), name) for name in sorted(used)}


def _label(term: Term | None, name: str) -> dict[str, str]:
    return {"de": term.label_de, "en": term.label_en} if term else {"de": name, "en": name}


def _page(title: str, data: dict[str, Any]) -> str:
    """Return the page: our template with style, scripts and data inlined."""
    style = _text(_TEMPLATES / "graph.css")
    scripts = [_text(_VIS / "vis-network.min.js")]
    scripts += [_text(_TEMPLATES / name) for name in ("canvas.js", "panel.js", "page.js")]
    policy = (
        "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; "
        f"script-src {' '.join(map(_digest, scripts))}; style-src {_digest(style)}; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined
    )
    return environment.get_template("graph.html.j2").render(
        title=title,
        policy=Markup(policy),  # nosec: hashes and fixed words only
        style=Markup(style),
        scripts=[Markup(script) for script in scripts],
        data=Markup(_json(data)),
    )


def _text(path: Path) -> str:
    """Return a file with the line ends that an HTML parser makes of it: the hash needs them."""
    return path.read_text(encoding="utf-8")


def _digest(text: str) -> str:
    code = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{code}'"


def _json(data: dict[str, Any]) -> str:
    """Return JSON that can stand in a script element: no ``<``, ``>``, ``&``, U+2028, U+2029."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text

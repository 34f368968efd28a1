"""A user's own entities: the Turtle file and what it says.

The vocabulary is that of the graph that ``kg build`` writes; see
``ontology/entities/README.md``. `kg.entities.override` follows it.
"""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS

from kg.entities.gazetteer import Gazetteer
from kg.ontology import ENT, KG, WD, load_classes, to_local

LANGUAGES = ("de", "en")
_Value = ox.NamedNode | ox.BlankNode | ox.Literal


class OwnError(ValueError):
    """The user's file of entities is wrong; the message names file, line and subject."""


@dataclass(slots=True)
class Own:
    """What the file says of one entity.

    ``id`` is its local name, or the name of a blank node for "whatever is
    called so". ``names`` are pairs of language and words, labels included.
    """

    id: str
    cls: str | None = None
    labels: dict[str, str] = field(default_factory=dict)
    names: list[tuple[str, str]] = field(default_factory=list)
    part_of: str | None = None
    wikidata: str | None = None
    same_as: str | None = None
    different: list[str] = field(default_factory=list)
    nameless: bool = False


def read_own(path: Path) -> list[Own]:
    """Return the descriptions in a file, by id.

    Raises:
        OSError: the file can't be read.
        OwnError: it is not Turtle, or a description is incomplete in itself.
    """
    text = path.read_bytes()
    values: dict[ox.NamedNode | ox.BlankNode, dict[str, list[_Value]]] = defaultdict(
        lambda: defaultdict(list)
    )
    try:
        for quad in ox.parse(text, format=ox.RdfFormat.TURTLE, base_iri=path.absolute().as_uri()):
            if isinstance(quad.object, ox.Triple) or isinstance(quad.subject, ox.Triple):
                continue
            values[quad.subject][quad.predicate.value].append(quad.object)
    except SyntaxError as error:
        reason = str(error.msg).partition(": ")[2] or error.msg
        raise OwnError(f"{path}:{error.lineno}: not valid Turtle: {reason}") from None
    source = _Source(path, text.decode("utf-8", "replace").splitlines())
    found = (_own(subject, values[subject], source) for subject in sorted(values, key=str))
    return sorted((own for own in found if own is not None), key=lambda o: (o.nameless, o.id))


@dataclass(frozen=True, slots=True)
class _Source:
    """The file's lines, to say where a fault is: the parser gives no lines of triples."""

    path: Path
    lines: list[str]

    def fault(self, name: str, message: str) -> OwnError:
        word = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
        line = next((i for i, text in enumerate(self.lines, 1) if word.search(text)), None)
        return OwnError(f"{self.path}:{line}: {message}" if line else f"{self.path}: {message}")


def _own(
    subject: ox.NamedNode | ox.BlankNode, values: dict[str, list[_Value]], source: _Source
) -> Own | None:
    """Return the description of one subject; None if the file speaks of something else."""
    nameless = isinstance(subject, ox.BlankNode)
    classes = [v.value for v in values[str(RDF.type)] if not isinstance(v, ox.Literal)]
    ours = sorted(iri for iri in classes if iri.startswith(KG))
    says = [iri for iri in (str(OWL.sameAs), str(OWL.differentFrom)) if values[iri]]
    if not nameless and not subject.value.startswith(ENT):
        if says or any(to_local(iri) in load_classes() for iri in ours):
            name = re.split(r"[/#]", subject.value)[-1]
            raise source.fault(name, f"<{subject.value}> is no entity: its IRI must begin {ENT}")
        return None
    id = subject.value if nameless else to_local(subject.value)
    own = Own(id, nameless=nameless)
    _read_names(own, values)
    where = id
    if nameless:
        where = own.names[0][1] if own.names else "[]"
    shown = f"the node {where!r}" if nameless else f"ent:{id}"
    for cls in ours:
        if to_local(cls) not in load_classes():
            raise source.fault(
                to_local(cls), f"{shown} has the unknown class kg:{to_local(cls)}{_hint(cls)}"
            )
    if len(ours) > 1:
        names = ", ".join(f"kg:{to_local(c)}" for c in ours)
        raise source.fault(where, f"{shown} has several classes ({names}); give one")
    own.cls = to_local(ours[0]) if ours else None
    parents = values[str(DCTERMS.isPartOf)] or values[str(KG.partOf)]
    own.part_of = next(iter(_ids(parents, "part of", shown, where, source)), None)
    same = _ids(values[str(OWL.sameAs)], "the same as", shown, where, source)
    own.different = _ids(values[str(OWL.differentFrom)], "different from", shown, where, source)
    for what, number in (("is part of", len(parents)), ("is the same as", len(same))):
        if number > 1:
            raise source.fault(where, f"{shown} {what} several entities; give one")
    own.same_as = same[0] if same else None
    for value in values[str(SKOS.exactMatch)]:
        if not value.value.startswith(WD):
            raise source.fault(where, f"{shown}: skos:exactMatch must be an item of {WD}")
        own.wikidata = value.value.removeprefix(WD)
    if nameless and not (own.names and own.different):
        raise source.fault(where, "a node without an IRI needs rdfs:label and owl:differentFrom")
    if own == Own(id, nameless=nameless):
        raise source.fault(
            where, f"nothing said of {shown} is understood; see ontology/entities/README.md"
        )
    return own


def _read_names(own: Own, values: dict[str, list[_Value]]) -> None:
    for predicate in (RDFS.label, SKOS.prefLabel, SKOS.altLabel):
        literals = sorted((v for v in values[str(predicate)] if isinstance(v, ox.Literal)), key=str)
        for literal in literals:
            words = " ".join(literal.value.split())
            tag = (literal.language or "").partition("-")[0].lower()
            # Without a language a name counts for both; those of a third one are not read.
            for lang in LANGUAGES if not tag else {tag} & set(LANGUAGES):
                if words and (lang, words) not in own.names:
                    own.names.append((lang, words))
                if words and predicate != SKOS.altLabel:
                    own.labels.setdefault(lang, words)


def _ids(values: list[_Value], relation: str, shown: str, where: str, source: _Source) -> list[str]:
    for value in values:
        if not isinstance(value, ox.NamedNode) or not value.value.startswith(ENT):
            advice = "; for Wikidata use skos:exactMatch" if value.value.startswith(WD) else ""
            raise source.fault(where, f"{shown}: {relation} {value}, which is no entity{advice}")
    return sorted({to_local(value.value) for value in values})


def _hint(cls: str) -> str:
    close = difflib.get_close_matches(to_local(cls), sorted(load_classes()), n=1)
    return f"; did you mean kg:{close[0]}?" if close else f"; known are {_classes()}"


def _classes() -> str:
    return ", ".join(f"kg:{name}" for name in sorted(load_classes()))


def check(owns: list[Own], gazetteer: Gazetteer, path: Path) -> None:
    """Check what the descriptions say of each other and of the tables."""
    source = _Source(path, path.read_text("utf-8", "replace").splitlines())
    own = {o.id: o for o in owns}
    known = gazetteer.entities.keys() | {o.id for o in owns if o.cls}
    for each in owns:
        if each.nameless or each.same_as:
            continue
        if each.id not in gazetteer.entities:
            if each.cls is None:
                raise source.fault(
                    each.id,
                    f"ent:{each.id} needs a class, for no table has it: one of {_classes()}",
                )
            if not each.labels:
                raise source.fault(each.id, f"ent:{each.id} has no rdfs:label")
        if each.part_of is not None and each.part_of not in known:
            raise source.fault(
                each.part_of,
                f"ent:{each.id} is part of ent:{each.part_of}, which neither the tables "
                "nor this file describe",
            )
    for each in owns:
        if each.same_as is not None and not target_of(each.id, own):
            raise source.fault(each.id, f"ent:{each.id}: owl:sameAs runs in a circle")
        if each.same_as is not None and target_of(each.id, own) not in known:
            raise source.fault(
                each.same_as,
                f"ent:{each.id} is the same as ent:{each.same_as}, which neither the tables "
                "nor this file describe",
            )
        for other in each.different:
            close = () if other in known else difflib.get_close_matches(other, known, 1, 0.9)
            if close:
                raise source.fault(other, f"there is no ent:{other}; did you mean ent:{close[0]}?")
            if other == each.id or (each.same_as == other):
                raise source.fault(each.id, f"ent:{each.id} can't be different from itself")
            if not each.names and not (other in own and own[other].names):
                raise source.fault(
                    each.id,
                    f"ent:{each.id} is different from ent:{other}: say by a label in this file "
                    "which words must be kept apart",
                )


def target_of(id: str, own: dict[str, Own]) -> str:
    """Follow owl:sameAs to its end; the empty string where it runs in a circle."""
    seen = {id}
    while id in own and (following := own[id].same_as) is not None:
        if following in seen:
            return ""
        seen.add(following)
        id = following
    return id

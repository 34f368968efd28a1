"""A user's own entities put into the tables: added, renamed, merged, kept apart."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

from kg.entities.gazetteer import Gazetteer, Name, Trie, build, insert, variants
from kg.entities.own import LANGUAGES, Own, check, read_own, target_of
from kg.entities.text import german_adjective, german_name, person_key, pieces
from kg.resources import ontology_dir
from kg.types import Entity, MentionKind


def load_with(path: Path, folder: Path | None = None) -> Gazetteer:
    """Return the tables in ``folder`` (default: those that ship with kg) with the user's file.

    Raises:
        OSError: the file can't be read.
        OwnError: it is not Turtle, or says what can't be followed.
    """
    owns = read_own(path)
    gazetteer = build(folder or ontology_dir() / "entities")
    check(owns, gazetteer, path)
    _apply(owns, gazetteer)
    return gazetteer


def _apply(owns: list[Own], gazetteer: Gazetteer) -> None:
    own = {o.id: o for o in owns}
    for each in owns:
        if not each.nameless and each.same_as is None:
            _describe(each, gazetteer)
    for each in owns:
        if each.same_as is not None:
            gazetteer.same_as[each.id] = target_of(each.id, own)
    if gazetteer.same_as.keys() & gazetteer.entities.keys():
        _merge(gazetteer)
    mine = {o.id for o in owns} | set(gazetteer.same_as.values())
    for each in owns:
        for lang, name in each.names if not each.nameless else ():
            _claim(name, lang, gazetteer.same_as.get(each.id, each.id), gazetteer, mine)
    for each in owns:
        for other in each.different:
            theirs = own[other].names if other in own else []
            _bar(each.names, theirs, gazetteer.same_as.get(other, other), gazetteer)
            _bar(theirs, each.names, gazetteer.same_as.get(each.id, each.id), gazetteer)


def _describe(own: Own, gazetteer: Gazetteer) -> None:
    """Put the entity into the tables, or change what they say of it."""
    old = gazetteer.entities.get(own.id)
    if old is None and own.cls is None:
        return
    either = next((own.labels[lang] for lang in LANGUAGES if lang in own.labels), own.id)
    gazetteer.entities[own.id] = Entity(
        id=own.id,
        label_de=own.labels.get("de", old.label_de if old else either),
        label_en=own.labels.get("en", old.label_en if old else either),
        cls=own.cls or (old.cls if old else "Entity"),
        wikidata=own.wikidata or (old.wikidata if old else None),
        part_of=own.part_of or (old.part_of if old else None),
    )


def _claim(name: str, lang: str, id: str, gazetteer: Gazetteer, mine: set[str]) -> None:
    """Let a name lead to the user's entity, and to none of the tables any more."""
    if "(" in name:  # "Georgien (Staat)" is a label to read, no words of a text
        return
    person = gazetteer.entities[id].cls == "Person"
    # German names and nouns have a capital letter.
    kind: MentionKind = "adjective" if lang == "de" and name[0].islower() else "name"
    for form in variants(name):
        for key in _keys(form, lang, kind):
            end = _node(gazetteer.names, key) or {}
            if "" in end:
                end[""] = [n for n in end[""] if n.lang != lang or n.entity in mine]
            if not person or len(key) == 1:
                insert(gazetteer.names, key, Name(id, lang, kind))
        full = person_key(form)
        end = _node(gazetteer.persons, full) or {}
        if "" in end:
            end[""] = [p for p in end[""] if p in mine]
        if person and len(full) > 1:
            insert(gazetteer.persons, full, id)
    if kind == "adjective":
        gazetteer.adjective_de.setdefault(id, name)


def _keys(form: str, lang: str, kind: MentionKind) -> list[list[str]]:
    if kind == "adjective":
        return [german_adjective(form), german_adjective(form[0].upper() + form[1:])]
    return [german_name(form) if lang == "de" else pieces(form)]


def _node(trie: Trie, key: list[str]) -> Trie | None:
    node: Trie | None = trie
    for piece in key:
        node = node.get(piece) if node is not None else None
    return node


def _bar(
    names: list[tuple[str, str]], but: list[tuple[str, str]], id: str, gazetteer: Gazetteer
) -> None:
    for lang, name in (n for n in names if n not in but):
        gazetteer.barred.add((lang, " ".join(person_key(name)), id))


def _merge(gazetteer: Gazetteer) -> None:
    """Write the id that stays wherever the tables have one that goes."""
    same = {old: new for old, new in gazetteer.same_as.items() if old in gazetteer.entities}

    def renamed(value: Name | str) -> Name | str:
        if isinstance(value, str):
            return same.get(value, value)
        return value._replace(entity=same.get(value.entity, value.entity))

    for old in sorted(same):
        del gazetteer.entities[old]
    for entity in list(gazetteer.entities.values()):
        if entity.part_of in same:
            part_of = same[entity.part_of]
            moved = dataclasses.replace(entity, part_of=None if part_of == entity.id else part_of)
            gazetteer.entities[entity.id] = moved
    for ids in (*_ends(gazetteer.names), *_ends(gazetteer.persons)):
        ids[:] = dict.fromkeys(renamed(v) for v in ids)
    for known in (*gazetteer.bases.values(), *gazetteer.by_surname.values()):
        known[:] = dict.fromkeys(same.get(i, i) for i in known)
    gazetteer.acts_for = {
        same.get(i, i): same.get(state, state) for i, state in gazetteer.acts_for.items()
    }
    gazetteer.bodies = {
        (same.get(state, state), kind): same.get(body, body)
        for (state, kind), body in gazetteer.bodies.items()
    }
    gazetteer.offices = [
        dataclasses.replace(
            office,
            states=frozenset(same.get(state, state) for state in office.states),
            implies=same.get(office.implies, office.implies),
            body=same.get(office.body, office.body),
        )
        for office in gazetteer.offices
    ]
    terms, terms_of = gazetteer.terms, gazetteer.terms_of
    gazetteer.terms, gazetteer.terms_of = {}, {}
    for (state, role), held in terms.items():
        for term in held:
            term = dataclasses.replace(term, person=same.get(term.person, term.person))
            state = same.get(state, state)
            gazetteer.terms.setdefault((state, role), []).append(term)
    for person, rows in terms_of.items():
        person = same.get(person, person)
        for state, role, term in rows:
            term = dataclasses.replace(term, person=person)
            gazetteer.terms_of.setdefault(person, []).append((same.get(state, state), role, term))


def _ends(trie: Trie) -> Iterator[list[Name | str]]:
    """Yield the lists of values at the ends of all keys."""
    stack = [trie]
    while stack:
        for piece, below in stack.pop().items():
            if piece == "":
                yield below
            else:
                stack.append(below)

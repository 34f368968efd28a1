"""The reference tables in memory: entities, their names in a trie, terms of office."""

from __future__ import annotations

import csv
import functools
import gc
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, NamedTuple

from kg.entities.text import (
    demonym_forms,
    fold,
    german_adjective,
    german_name,
    is_monarch,
    person_key,
    pieces,
)
from kg.resources import ontology_dir
from kg.types import Entity, MentionKind

Row = dict[str, str]
Guard = Literal["", "context", "place", "strict"]
# A trie of pieces: the key "" holds the names that end there.
Trie = dict[str, Any]


class Name(NamedTuple):
    """One way to name an entity. ``lang`` is "de", "en" or "" for both.

    ``guard`` says what a text must show before the name counts: ``""``
    nothing, ``"place"`` a place preposition or a LOC entity, ``"context"``
    something else of the same state in the document, ``"strict"`` a named
    entity of the right kind on exactly these words.
    """

    entity: str
    lang: str = ""
    kind: MentionKind = "name"
    guard: Guard = ""


@dataclass(frozen=True, slots=True)
class Term:
    """A term of office. Dates are as given: ``2019``, ``2021-04``, ``2021-04-30`` or empty.

    ``sure_until`` is the day up to which an open or guessed end is known to
    lie ahead ("9999" when the source is current, the start when unknown).
    """

    person: str
    title: str
    start: str
    end: str
    guessed_end: bool
    sure_until: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of institution that every state may have, with its nouns."""

    id: str
    cls: str
    label_de: str
    label_en: str


@dataclass(frozen=True, slots=True)
class Office:
    """An office of a state: ``id`` (``president``) and ``role`` (``head_of_state``).

    ``states`` restricts it to some states or bodies, ``titles`` is a pattern
    that the title of a term must contain, ``implies`` the state that its nouns
    name by themselves ("Bundeskanzler"), or empty. ``body`` has the terms
    where the words name a greater one ("EU-Kommissionspräsident").
    """

    id: str
    role: str
    states: frozenset[str]
    label_de: str
    label_en: str
    titles: str
    implies: str
    body: str = ""


@dataclass(slots=True)
class Gazetteer:
    """Everything that the tables know. Built by :func:`load`; treat as read-only."""

    entities: dict[str, Entity] = field(default_factory=dict)
    acts_for: dict[str, str] = field(default_factory=dict)
    size: dict[str, int] = field(default_factory=dict)
    names: Trie = field(default_factory=dict)
    persons: Trie = field(default_factory=dict)
    bases: dict[str, list[str]] = field(default_factory=dict)
    family_first: set[str] = field(default_factory=set)
    by_sound: dict[str, list[str]] = field(default_factory=dict)
    by_tail: dict[str, list[str]] = field(default_factory=dict)
    by_surname: dict[str, list[str]] = field(default_factory=dict)
    given_names: set[str] = field(default_factory=set)
    genders: dict[str, str] = field(default_factory=dict)
    terms: dict[tuple[str, str], list[Term]] = field(default_factory=dict)
    terms_of: dict[str, list[tuple[str, str, Term]]] = field(default_factory=dict)
    adjective_de: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, Kind] = field(default_factory=dict)
    kind_nouns: dict[str, Trie] = field(default_factory=dict)
    bodies: dict[tuple[str, str], str] = field(default_factory=dict)
    offices: list[Office] = field(default_factory=list)
    office_nouns: dict[str, Trie] = field(default_factory=dict)
    place_words: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    context_words: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    first_parts: dict[tuple[str, str], str] = field(default_factory=dict)
    iso: dict[str, str] = field(default_factory=dict)
    # From a user's own file (kg.entities.own): ids that stand for another entity, and
    # what must not be linked, as (language, key of the name, id).
    same_as: dict[str, str] = field(default_factory=dict)
    barred: set[tuple[str, str, str]] = field(default_factory=set)

    def entity(self, id: str) -> Entity:
        """Return the entity with this id. Raises KeyError when the tables have none."""
        return self.entities[id]

    def state_of(self, entity: Entity | None) -> Entity | None:
        """Return the state that an entity is or belongs to, or None."""
        seen = 0
        while entity is not None and entity.cls != "State" and seen < 5:
            entity = self.entities.get(entity.part_of or "")
            seen += 1
        return entity

    def bars(self, id: str, words: str, lang: str) -> bool:
        """Return whether the user forbids that these words of a text lead to the entity."""
        if not self.barred:
            return False
        key = " ".join(person_key(words))
        forms = [key, key.removesuffix("s")] if lang == "de" else [key]
        return any((lang, form, id) in self.barred for form in forms)


def insert(trie: Trie, key: list[str], value: object) -> None:
    """Put ``value`` under the pieces ``key``, once."""
    for piece in key:
        trie = trie.setdefault(piece, {})
    values = trie.setdefault("", [])
    if value not in values:
        values.append(value)


def rows(path: Path) -> Iterator[Row]:
    """Yield the rows of a table; nothing when the file is missing."""
    if path.exists():
        with path.open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)


def load(folder: Path | None = None) -> Gazetteer:
    """Return the gazetteer in ``folder`` (default: the tables that ship with kg).

    The result is cached and shared: do not change it.
    """
    return _shared(folder or ontology_dir() / "entities")


@functools.lru_cache(maxsize=4)
def _shared(folder: Path) -> Gazetteer:
    return build(folder)


def build(folder: Path) -> Gazetteer:
    """Return a gazetteer of one's own from the tables in ``folder``."""
    collecting = gc.isenabled()
    gc.disable()  # nothing that loading makes is garbage; the collector doubles the time
    try:
        return _build(folder)
    finally:
        if collecting:
            gc.enable()


def _build(folder: Path) -> Gazetteer:
    gazetteer = Gazetteer()
    guards = {
        (r["lang"], r["name"]): "" if r["guard"] == "free" else r["guard"]
        for r in rows(folder / "guarded_names.csv")
    }
    for table in (
        *("states", "organisations", "institutions", "regions", "armed_groups"),
        *("media", "additions", "subdivisions", "cities"),
    ):
        for row in rows(folder / f"{table}.csv"):
            _add_entity(gazetteer, table, row, guards)
    _add_persons(gazetteer, folder)
    _add_genders(gazetteer, folder)
    _add_kinds(gazetteer, folder)
    _add_offices(gazetteer, folder)
    for row in rows(folder / "place_words.csv"):
        gazetteer.place_words.setdefault((row["lang"], row["position"]), set()).add(row["word"])
    for row in rows(folder / "context_words.csv"):
        gazetteer.context_words.setdefault((row["lang"], row["use"]), set()).add(row["word"])
    for row in rows(folder / "first_parts.csv"):
        gazetteer.first_parts[row["lang"], row["form"]] = row["state"]
    return gazetteer


def _make_entity(gazetteer: Gazetteer, row: Row, cls: str) -> Entity:
    entity = Entity(
        id=row["id"],
        label_de=row["label_de"],
        label_en=row["label_en"],
        cls=cls,
        wikidata=row["wikidata"] or None,
        part_of=row["part_of"] or None,
        gender=row.get("gender") or None,
    )
    gazetteer.entities[entity.id] = entity
    return entity


def _default_guard(table: str, name: str, label: str) -> Guard:
    """Return how careful to be with a name of this table when nobody said it.

    Abbreviations mean many things; so does the bare name of a body whose
    label needs a bracket ("National Assembly (France)").
    """
    if table in {"states", "regions", "additions"}:
        return ""
    if table == "media":
        return "" if " " in name or len(name) > 4 else "strict"
    if len(name) <= 2:
        return "strict"
    if (name.isupper() and len(name) <= 5) or label.startswith(f"{name} ("):
        return "context"
    return ""


def _add_entity(
    gazetteer: Gazetteer, table: str, row: Row, guards: dict[tuple[str, str], str]
) -> None:
    entity = _make_entity(gazetteer, row, row["cls"])
    if row.get("acts_for"):
        gazetteer.acts_for[entity.id] = row["acts_for"]
    if row.get("size"):
        gazetteer.size[entity.id] = int(row["size"])
    own_guard = row.get("guard", "")
    for lang in ("de", "en"):
        label = row[f"label_{lang}"]
        for name in dict.fromkeys([label, *row[f"names_{lang}"].split("|")]):
            # "russische Armee": adjective and noun are joined by kg.entities.derive.
            if not name or "(" in name or (lang == "de" and name[0].islower() and " " in name):
                continue
            for form in variants(name, table):
                fallback = own_guard or _default_guard(table, name, label)
                guard = guards.get((lang, name), fallback)
                if own_guard == "strict":
                    guard = "strict"
                value = Name(entity.id, lang, "name", guard)  # type: ignore[arg-type]
                key = german_name(form) if lang == "de" else pieces(form)
                insert(gazetteer.names, key, value)
    for base in filter(None, (row.get("bases") or "").split("|")):
        gazetteer.bases.setdefault(base, []).append(entity.id)
    for adjective in filter(None, (row.get("adjectives_de") or "").split("|")):
        if table == "cities":
            insert(gazetteer.names, [adjective], Name(entity.id, "de", "adjective"))
    if table == "states" or (table == "additions" and entity.cls == "State"):
        _add_state_words(gazetteer, entity, row)


def variants(name: str, table: str = "") -> Iterator[str]:
    """Yield a name and its spellings: no diacritics, Nato for NATO, no full stop, ss for ß."""
    yield name
    if name.startswith("the ") or name.startswith("The "):
        yield name[4:]
    if name.startswith(("Al-", "Al ")) and table in {"armed_groups", "media"}:
        yield "a" + name[1:]
    if name.startswith(("La ", "Le ", "El ")) and table == "media":
        yield name[0].lower() + name[1:]
    if name.endswith(" Party"):
        yield name[:-5] + "party"
    if not name.isascii():
        if table in {"cities", "subdivisions", "media", "regions"} and any(
            c not in "äöüÄÖÜßé" for c in name if not c.isascii()
        ):
            yield fold(name)
        if "ß" in name:
            yield name.replace("ß", "ss")
    if table == "organisations" and name.isupper() and name.isalpha() and len(name) >= 4:
        yield name.capitalize()
    if name.endswith(".") and name.count(".") > 1:
        yield name[:-1]


def _add_state_words(gazetteer: Gazetteer, state: Entity, row: Row) -> None:
    adjectives = [a for a in row["adjectives_de"].split("|") if a]
    declined = [a for a in adjectives if a[-1:].islower() and not a.endswith("er")]
    if declined:
        gazetteer.adjective_de[state.id] = declined[0]
    for adjective in adjectives:
        value = Name(state.id, "de", "adjective")
        if adjective in declined:
            for first in (adjective, adjective[0].upper() + adjective[1:]):
                insert(gazetteer.names, german_adjective(first), value)
        else:
            insert(gazetteer.names, pieces(adjective), value)
    for adjective in filter(None, row["adjectives_en"].split("|")):
        insert(gazetteer.names, pieces(adjective), Name(state.id, "en", "adjective"))
    for demonym in filter(None, row["demonyms_de"].split("|")):
        if demonym in adjectives or demonym in {row["label_de"]}:
            continue
        for form in demonym_forms(demonym):
            insert(gazetteer.names, pieces(form), Name(state.id, "de", "demonym"))
    plain_adjectives = set(row["adjectives_en"].split("|"))
    for demonym in filter(None, row["demonyms_en"].split("|")):
        if demonym not in plain_adjectives:
            insert(gazetteer.names, pieces(demonym), Name(state.id, "en", "demonym"))


def _both(folder: Path, table: str) -> Iterator[Row]:
    """Yield the rows of a compiled table and those added to it by hand."""
    yield from rows(folder / f"{table}.csv")
    yield from rows(folder / f"{table}_added.csv")


def _add_persons(gazetteer: Gazetteer, folder: Path) -> None:
    for row in _both(folder, "persons"):
        person = _make_entity(gazetteer, row, "Person")
        if row["family_first"]:
            gazetteer.family_first.add(person.id)
        for name in dict.fromkeys([row["label_de"], row["label_en"], *row["names"].split("|")]):
            key = person_key(name)
            if len(key) == 1 and name == name.title():  # "Lula": known by it as by a family name
                known = gazetteer.by_surname.setdefault(key[0], [])
                known += [person.id] if person.id not in known else []
            if len(key) < 2:
                continue
            insert(gazetteer.persons, key, person.id)
            short = [key[0], *(p for p in key[1:-1] if len(p) > 1), key[-1]]
            if short != key and len(short) > 1:
                insert(gazetteer.persons, short, person.id)
            if len(key) == 2 and person.part_of in {"Japan", "Hungary"}:
                insert(gazetteer.persons, key[::-1], person.id)
            first = row["family_first"] or is_monarch(row["label_en"])
            if first and "-" in name.partition(" ")[0]:  # nobody calls Hans-Adam II "Hans"
                continue
            surname = key[0] if first else key[-1]
            if not first and name == row["label_en"]:
                gazetteer.given_names.add(key[0])
            known = gazetteer.by_surname.setdefault(surname, [])
            if person.id not in known:
                known.append(person.id)
    for row in _both(folder, "terms"):
        as_of, end = row["as_of"], row["end"]
        sure = "9999" if not as_of or as_of >= "2025" else as_of
        guessed = row["end_src"] == "inferred_from_successor"
        term = Term(row["person"], row["title"], row["start"], end, guessed, sure)
        gazetteer.terms.setdefault((row["state"], row["role"]), []).append(term)
        gazetteer.terms_of.setdefault(row["person"], []).append((row["state"], row["role"], term))


def _add_genders(gazetteer: Gazetteer, folder: Path) -> None:
    """Read off the tables which given names only women or only men have; fill gaps with them."""
    seen: dict[str, set[str]] = {}
    for row in rows(folder / "given_names.csv"):
        seen.setdefault(person_key(row["name"])[0], set()).add(row["gender"])
    given = {
        e.id: person_key(e.label_en)[0]
        for e in gazetteer.entities.values()
        if e.cls == "Person" and e.id not in gazetteer.family_first
    }
    for id, name in given.items():
        if gender := gazetteer.entities[id].gender:
            seen.setdefault(name, set()).add(gender)
    gazetteer.genders = {name: min(found) for name, found in seen.items() if len(found) == 1}
    for id, name in given.items():
        person = gazetteer.entities[id]
        if not person.gender and name in gazetteer.genders:
            gazetteer.entities[id] = replace(person, gender=gazetteer.genders[name])


def _add_kinds(gazetteer: Gazetteer, folder: Path) -> None:
    for row in rows(folder / "institution_kinds.csv"):
        kind = Kind(row["kind"], row["cls"], row["label_de"], row["label_en"])
        gazetteer.kinds[kind.id] = kind
        for lang in ("de", "en"):
            trie = gazetteer.kind_nouns.setdefault(lang, {})
            for noun in row[f"nouns_{lang}"].split("|"):
                insert(trie, [p.lower() if lang == "en" else p for p in pieces(noun)], kind.id)
    generic = [
        (r["kind"], lang, noun.lower())
        for r in rows(folder / "institution_kinds.csv")
        for lang in ("de", "en")
        for noun in r[f"nouns_{lang}"].split("|")
    ]
    nouns = {(kind, lang, noun) for kind, lang, noun in generic}
    # A concrete body stands for its kind when it goes by the plain words:
    # "russische Armee", "Russian army", "US-Armee", "Ministry of Defence of Russia".
    for row in rows(folder / "institutions.csv"):
        key = (row["part_of"], row["kind"])
        if not row["part_of"] or key in gazetteer.bodies or row["kind"] not in gazetteer.kinds:
            continue
        for lang in ("de", "en"):
            for name in (row[f"label_{lang}"], *row[f"names_{lang}"].split("|")):
                first, _, rest = name.replace("US-", "US ").partition(" ")
                head = name.partition(" of ")[0] if " of " in name else ""
                if ((row["kind"], lang, rest.lower()) in nouns and first[:1].isalpha()) or (
                    head and (row["kind"], lang, head.lower()) in nouns
                ):
                    gazetteer.bodies[key] = row["id"]


def _add_offices(gazetteer: Gazetteer, folder: Path) -> None:
    iso = gazetteer.iso
    iso.update({r["iso2"]: r["id"] for r in rows(folder / "states.csv") if r["iso2"]})
    for row in rows(folder / "offices.csv"):
        states = frozenset(iso.get(s, s) for s in row["states"].split("|") if s)
        office = Office(
            row["office"],
            row["role"],
            states,
            row["label_de"],
            row["label_en"],
            row["titles"],
            iso.get(row["implies"], row["implies"]),
            row["body"],
        )
        gazetteer.offices.append(office)
        index = len(gazetteer.offices) - 1
        for lang in ("de", "en"):
            trie = gazetteer.office_nouns.setdefault(lang, {})
            for noun in filter(None, row[f"nouns_{lang}"].split("|")):
                insert(trie, [p.lower() if lang == "en" else p for p in pieces(noun)], index)

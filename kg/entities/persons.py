"""Persons: full names of the tables, family names after them, current office holders."""

from __future__ import annotations

from collections.abc import Iterable

from spacy.tokens import Span

from kg.entities.context import Context
from kg.entities.gazetteer import Gazetteer
from kg.entities.holders import (
    PARTICLES,
    TOP_ROLES,
    before_particles,
    current_holder,
    governs,
    holders_together,
    in_office,
    states_of,
)
from kg.entities.match import Hit, match_words
from kg.entities.text import is_monarch, person_key, sound_key
from kg.types import Entity, Mention


def resolve_person(hit: Hit, context: Context) -> Mention | None:
    """Return the mention of a person named in full; namesakes are told apart by state and date."""
    label = context.label_of(hit.start, hit.end)
    if label in {"LOC", "ORG"} or _inside_longer_name(hit, context):
        return None
    person, certainty = _among(hit.persons, context)
    if person is None:
        return None
    return Mention(hit.start, hit.end, person, certainty=certainty)


def _inside_longer_name(hit: Hit, context: Context) -> bool:
    """Return whether the name goes on to the right in a PER entity ("Michael Müller-Schmidt")."""
    span = context.entity_at.get(hit.end - 1)
    if span is None or span.label_ != "PER":
        return False
    # A tagger may take the genitive or a full stop with it ("Rishi Sunak's", "Elisabeth II.").
    rest = [t for t in context.doc[hit.end : span.end] if t.text not in {"'s", "’s"}]
    return any(t.text[0].isalnum() for t in rest)


def _among(ids: Iterable[str], context: Context) -> tuple[Entity | None, float]:
    gazetteer = context.gazetteer
    persons = [gazetteer.entities[i] for i in ids]
    if len(persons) == 1:
        return persons[0], 1.0
    here = [p for p in persons if states_of(p, gazetteer) & set(context.evidence)]
    if len(here) == 1:
        return here[0], 0.9
    pool = here or persons
    serving = [p for p in pool if in_office(p.id, context)]
    if len(serving) == 1:
        return serving[0], 0.8
    return None, 0.0


def surnames(entity: Entity, words: list[str], gazetteer: Gazetteer) -> set[str]:
    """Return the keys by which a person named in full is called afterwards.

    ``words`` is the full name as the text has it. Korean, Chinese and
    Vietnamese names have the family name first; monarchs have none.
    """
    key = [k for w in words for k in person_key(w)]
    if len(key) < 2:
        return set()
    if is_monarch(entity.label_en):
        return set(person_key(entity.label_en)[:1])
    if entity.id in gazetteer.family_first:
        return {key[0]}
    return {key[-1]}


def sounding_mentions(mentions: list[Mention], context: Context) -> list[Mention]:
    """Add persons whose PER entity is another spelling or the last words of a full name.

    Only when the key of sounds fits exactly one person and the text names a
    state where that person held an office; for the last words ("Hoop
    Scheffer") the person must hold a top office at the time.
    """
    taken = {i for m in mentions for i in range(m.start, m.end)}
    out = list(mentions)
    for span in context.doc.ents:
        if span.label_ != "PER" or any(i in taken for i in range(span.start, span.end)):
            continue
        start = span.start
        while start < span.end and _only_office_words(span.start, start + 1, context):
            start += 1
        name = context.doc[start : span.end].text
        if span.end - start < 2:
            continue
        spellings = [name, name[:-1]] if context.lang == "de" and name.endswith("s") else [name]
        for spelling in spellings:
            near = _near(_sounds(context.gazetteer).get(sound_key(spelling, context.lang)), context)
            if not near:
                tail = _tails(context.gazetteer).get(" ".join(person_key(spelling)))
                near = [p for p in _near(tail, context) if in_office(p.id, context, TOP_ROLES)]
            if len(near) == 1:
                out.append(Mention(start, span.end, near[0], certainty=0.8))
                break
    return sorted(out, key=lambda m: m.start)


def _near(ids: Iterable[str] | None, context: Context) -> list[Entity]:
    """Return the persons who held an office of a state or body that the text names."""
    persons = [context.gazetteer.entities[i] for i in ids or ()]
    here = set(context.evidence)
    return [p for p in persons if states_of(p, context.gazetteer) & here]


def _tails(gazetteer: Gazetteer) -> dict[str, list[str]]:
    """Return persons by family names of several words; built on first use."""
    if not gazetteer.by_tail:
        for entity in gazetteer.entities.values():
            key = person_key(entity.label_en) if entity.cls == "Person" else []
            if entity.id in gazetteer.family_first or is_monarch(entity.label_en):
                continue
            for start in range(1, len(key) - 1):
                if key[start] not in gazetteer.given_names | PARTICLES:
                    known = gazetteer.by_tail.setdefault(" ".join(key[start:]), [])
                    known.append(entity.id)
    return gazetteer.by_tail


def _sounds(gazetteer: Gazetteer) -> dict[str, list[str]]:
    """Return persons by key of sounds; built on first use, most texts need none."""
    if not gazetteer.by_sound:
        for entity in gazetteer.entities.values():
            if entity.cls == "Person":
                keys = {sound_key(entity.label_en, "en"), sound_key(entity.label_de, "de")}
                for key in sorted(keys):
                    gazetteer.by_sound.setdefault(key, []).append(entity.id)
    return gazetteer.by_sound


def surname_mentions(mentions: list[Mention], context: Context) -> list[Mention]:
    """Add mentions of persons by family name alone.

    The family name must belong to exactly one person named in full in the
    text (by the tables or by a PER entity), or to one holder of a top office
    whom the context shows (`kg.entities.holders`).
    """
    doc, gazetteer = context.doc, context.gazetteer
    taken = {i for m in mentions for i in range(m.start, m.end)}
    by_name: dict[str, dict[str, Entity]] = {}
    for m in mentions:
        if m.entity.cls == "Person":
            words = [t.text for t in doc[m.start : m.end]]
            for form in _with_genitive(surnames(m.entity, words, gazetteer), words, m, gazetteer):
                by_name.setdefault(form, {})[m.entity.id] = m.entity
    spans = [span for span in doc.ents if _merged(span, by_name, context)]
    merged = {i for span in spans for i in range(span.start, span.end)}
    unknown = _unknown_full_names(mentions, merged, context)
    out = list(mentions)
    open_names: dict[int, str] = {}

    def add(i: int, person: Entity, certainty: float) -> None:
        start = _with_particles(i, person, taken, context)
        out.append(Mention(start, i + 1, person, certainty=certainty))
        taken.update(range(start, i + 1))

    for i, token in enumerate(doc):
        if i in taken or not token.text[:1].isupper() or len(token.text) < 2:
            continue
        span = None if i in merged else context.entity_at.get(i)
        if span is not None and (span.label_ != "PER" or span.end - span.start > 1):
            name = max(span.start, before_particles(i, context))
            if not governs(i, context) and not _only_office_words(span.start, name, context):
                continue
        if i not in merged and _next_to_a_name(i, taken, context):
            continue
        for key in _keys(token.text, context.lang):
            named = by_name.get(key, {})
            if key in unknown:
                break
            if len(named) == 1:
                entity = next(iter(named.values()))
                if not _confusable(token.text, context) or span is not None:
                    add(i, entity, 0.95)
                break
            if named:
                break
            holder, certainty = current_holder(key, i, context)
            if holder is not None:
                add(i, holder, certainty)
                break
            if span is not None:
                open_names.setdefault(i, key)
    for i, person in holders_together(open_names, out, context).items():
        add(i, person, 0.6)
    return sorted(out, key=lambda m: m.start)


def _with_particles(i: int, entity: Entity, taken: set[int], context: Context) -> int:
    """Return where a family name with particles begins ("Von der Leyen", "Al-Jubeir")."""
    words = f"{entity.label_de} {entity.label_en}".lower().replace("-", " ").split()
    particles = PARTICLES & set(words)
    doc = context.doc
    while i and i - 1 not in taken:
        hyphen = i > 1 and doc[i - 1].text == "-" and i - 2 not in taken
        back = 2 if hyphen else 1
        if doc[i - back].lower_ not in particles:
            break
        i -= back
    return i


def _with_genitive(
    keys: set[str], words: list[str], mention: Mention, gazetteer: Gazetteer
) -> set[str]:
    """Take the genitive s off where the table spells the name without it."""
    out = set(keys)
    labels = {*person_key(mention.entity.label_de), *person_key(mention.entity.label_en)}
    for key in keys:
        if key.endswith("s") and key not in labels and key[:-1] in labels:
            out = {key[:-1]}
    return out


def _keys(word: str, lang: str) -> list[str]:
    key = person_key(word)
    while len(key) > 1 and key[0] in PARTICLES:  # "Al-Jubeir"
        key = key[1:]
    if len(key) != 1:
        return []
    if lang == "de" and key[0].endswith("s") and len(key[0]) > 3:
        return [key[0], key[0][:-1]]
    return key


def _confusable(word: str, context: Context) -> bool:
    """Return whether the word may be something else than a family name here."""
    return word.lower() in PARTICLES or (context.lang == "en" and word in {"May", "Will", "Bush"})


def _next_to_a_name(i: int, taken: set[int], context: Context) -> bool:
    """Return whether another capitalised word makes it a longer, unknown name."""
    span = context.entity_at.get(i)
    return span is not None and span.label_ == "PER" and span.end > i + 1


def _only_office_words(start: int, end: int, context: Context) -> bool:
    trie = context.gazetteer.office_nouns[context.lang]
    i = start
    while i < end:
        stop, values = match_words(context.pieces, i, trie)
        if not values:
            return False
        i = stop
    return True


def _merged(span: Span, by_name: dict[str, dict[str, Entity]], context: Context) -> bool:
    """Return whether a PER entity is family names of several persons ("Kim Lawrow ...")."""
    if span.label_ != "PER" or len(span) < 2:
        return False
    found: list[str] = []
    for token in span:
        forms = [by_name[k] for k in _keys(token.text, context.lang) if k in by_name]
        if not forms or len(forms[0]) != 1:
            return False
        found.extend(forms[0])
    return len(set(found)) == len(span)


def _unknown_full_names(mentions: list[Mention], merged: set[int], context: Context) -> set[str]:
    """Return family names of persons whom the text names in full and no table knows."""
    known = {i for m in mentions for i in range(m.start, m.end)} | merged
    out = set()
    for span in context.doc.ents:
        if span.label_ == "PER" and before_particles(span.end - 1, context) > span.start:
            if not any(i in known for i in range(span.start, span.end)):
                if not _only_office_words(span.start, span.end - 1, context):
                    out.update(person_key(context.doc[span.end - 1].text)[-1:])
    return out

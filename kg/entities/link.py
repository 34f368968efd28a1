"""From the names found in a text to mentions: decide, derive, mint.

The order of work: find hits, keep the readings that the context allows,
prefer the longest, let a longer named entity of the parser win over a
shorter name inside it, then institutions and offices of states, then family
names of persons named in full, then entities that only the text knows.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable

from spacy.tokens import Doc, Span

from kg.entities.context import (
    Context,
    blocked_by_entity,
    in_place_position,
    looks_like_name_part,
    open_reading,
    owns_an_office,
)
from kg.entities.derive import institution_mentions
from kg.entities.gazetteer import Gazetteer, Name
from kg.entities.match import Hit, cut, find_hits, match_words
from kg.entities.mint import mint
from kg.entities.offices import office_mentions
from kg.entities.pairs import pair_mentions
from kg.entities.persons import resolve_person, sounding_mentions, surname_mentions
from kg.entities.text import fold
from kg.types import Article, Entity, Mention

_CLASS_ORDER = {
    "State": 0,
    "InternationalOrganisation": 1,
    "Institution": 1,
    "ArmedForces": 1,
    "Territory": 2,
    "Organisation": 3,
    "Party": 3,
    "ArmedGroup": 3,
    "Media": 3,
    "Region": 4,
    "Sea": 4,
    "Place": 4,
    "Thing": 5,
    "City": 6,
    "Subdivision": 7,
}


# Their states are better known than a town of the same name elsewhere ("Virginia").
_FEDERATIONS = {"United_States", "Germany", "India", "Australia", "Brazil", "Mexico", "Canada"}
_LARGE = 100_000
"""Inhabitants of a city that a text may name without telling what it is."""
# What shows of which states and bodies a text speaks.
_TELLING = {"State", "Territory", "City", "Institution", "InternationalOrganisation"}
# "US-Dollar", "US-Open": a currency, a tournament.
_NO_ATTRIBUTE_OF = {"Dollar", "Dollars", "Dollarn", "Open"}


def find_entities(doc: Doc, article: Article, gazetteer: Gazetteer) -> list[Mention]:
    """Return the mentions of actors and places in a text.

    ``doc`` needs tokens only; parts of speech, dependencies and named
    entities (PER, LOC, ORG, MISC) are used where they are set. The language
    is ``doc.user_data["lang"]`` or else that of the article. Mentions do not
    overlap and are sorted by ``start``.
    """
    context = make_context(doc, article, gazetteer)
    hits = _unbarred(find_hits(context.pieces, gazetteer.names, gazetteer.persons), context)
    context.evidence.update(_evidence(hits, context))
    context.spelled_out.update(
        n.entity for hit in hits for n in hit.names if not n.guard and hit.pieces > 1
    )
    mentions = pair_mentions(_select(hits, context), context)
    mentions = _name_regions(mentions, context)
    mentions = institution_mentions(mentions, context)
    mentions = sounding_mentions(mentions, context)
    mentions = surname_mentions(mentions, context)
    mentions = mint(_as_the_user_says(mentions, context), context)
    mentions = office_mentions(mentions, context)
    return sorted(_as_the_user_says(mentions, context), key=lambda m: m.start)


def make_context(doc: Doc, article: Article, gazetteer: Gazetteer) -> Context:
    """Return what the steps of linking share about one text."""
    lang = doc.user_data.get("lang") or article.lang
    entity_at: dict[int, Span] = {i: span for span in doc.ents for i in range(span.start, span.end)}
    return Context(
        doc=doc,
        article=article,
        gazetteer=gazetteer,
        lang=lang,
        pieces=cut(doc, lang == "de"),
        entity_at=entity_at,
    )


def _unbarred(hits: Iterable[Hit], context: Context) -> list[Hit]:
    """Return the hits without the readings that the user's own file forbids."""
    if not context.gazetteer.barred:
        return list(hits)
    out: list[Hit] = []
    for hit in hits:
        words = context.doc[hit.start : hit.end].text

        def barred(id: str, words: str = words) -> bool:
            return context.gazetteer.bars(id, words, context.lang)

        names = tuple(n for n in hit.names if not barred(n.entity))
        persons = tuple(p for p in hit.persons if not barred(p))
        if names or persons:
            out.append(dataclasses.replace(hit, names=names, persons=persons))
    return out


def _as_the_user_says(mentions: list[Mention], context: Context) -> list[Mention]:
    """Follow the user's same-as and different-from where no name of the tables decided."""
    gazetteer = context.gazetteer
    if not (gazetteer.same_as or gazetteer.barred):
        return mentions
    out: list[Mention] = []
    for mention in mentions:
        if mention.entity.id in gazetteer.same_as:
            entity = gazetteer.entities[gazetteer.same_as[mention.entity.id]]
            mention = dataclasses.replace(mention, entity=entity)
        words = context.doc[mention.start : mention.end].text
        if not gazetteer.bars(mention.entity.id, words, context.lang):
            out.append(mention)
    return out


def _evidence(hits: Iterable[Hit], context: Context) -> Counter[str]:
    """Count the states that the text names in an unmistakable way."""
    gazetteer = context.gazetteer
    out: Counter[str] = Counter()
    covered: set[int] = set()
    for hit in sorted(hits, key=lambda h: h.rank):
        if hit.start in covered:
            continue
        covered.update(range(hit.start, hit.end))
        names = [n for n in hit.names if n.lang == context.lang]
        states: set[str] = set()
        for name in names:
            entity = gazetteer.entities[name.entity]
            if name.guard or entity.cls not in _TELLING:
                continue
            if entity.cls == "City" and entity.id not in gazetteer.acts_for:
                continue
            state = gazetteer.state_of(entity)
            states.add(state.id if state else entity.id)
        for person in hit.persons:
            part_of = gazetteer.entities[person].part_of
            if part_of and len(hit.persons) == 1:
                states.add(part_of)
        if len(states) == 1:
            out.update(states)
    return out


def _select(hits: list[Hit], context: Context) -> list[Mention]:
    """Return mentions for the longest hits that the context allows."""
    taken: set[int] = set()
    out: list[Mention] = []
    candidates: list[tuple[Hit, Mention]] = []
    for hit in hits:
        mention = _read(hit, context)
        if mention is not None:
            candidates.append((hit, mention))
    spans = [m for _, m in candidates]
    for hit, mention in sorted(candidates, key=lambda pair: pair[0].rank):
        span = range(mention.start, mention.end)
        if any(i in taken for i in span) or blocked_by_entity(hit, spans, context):
            continue
        taken.update(span)
        out.append(mention)
    return sorted(out, key=lambda m: m.start)


def _read(hit: Hit, context: Context) -> Mention | None:
    """Return the mention that a hit makes in this context, or None."""
    if hit.persons:
        return resolve_person(hit, context)
    readings = [n for n in hit.names if n.lang == context.lang]
    certainty = 1.0
    if not readings:
        readings = [n for n in hit.names if open_reading(n, hit, context)]
        certainty = 0.9
    readings = [n for n in readings if _allowed(n, hit, context)]
    if not readings:
        return None
    name, sure = _choose(readings, hit, context)
    if name is None:
        return None
    entity = context.gazetteer.entities[name.entity]
    kind = name.kind
    if hit.rest:
        if entity.cls in {"City", "Subdivision"} and entity.id not in context.gazetteer.acts_for:
            return None
        if entity.cls in {"Media", "Person", "Region", "Sea"} or hit.rest in _NO_ATTRIBUTE_OF:
            return None
        kind = "adjective"
    elif context.lang == "en" and kind == "name" and entity.cls == "State":
        kind = "adjective" if _attributive(hit, context) else "name"
    elif entity.cls in {"Institution", "ArmedForces"} and hit.end - hit.start > 1:
        nouns = context.gazetteer.kind_nouns[context.lang]
        if match_words(context.pieces, hit.start + 1, nouns)[0] == hit.end:
            kind = "institution"
    acts = context.gazetteer.acts_for.get(entity.id)
    return Mention(
        start=hit.start,
        end=hit.end,
        entity=entity,
        kind=kind,
        acts_for=context.gazetteer.entities[acts] if acts else None,
        certainty=round(certainty * sure, 2),
    )


def _attributive(hit: Hit, context: Context) -> bool:
    """Return whether an English name stands before a noun like an adjective ("US troops")."""
    doc = context.doc
    token = doc[hit.end - 1]
    if token.dep_ in {"compound", "nmod", "amod"} and token.head.i > token.i:
        after = doc[hit.end].text if hit.end < len(doc) else ""
        return after not in {"'s", "’s"}
    return hit.end < len(doc) and doc[hit.end].text == "-"


def _allowed(name: Name, hit: Hit, context: Context) -> bool:
    """Return whether the context shows what this reading of a hit asks for."""
    entity = context.gazetteer.entities[name.entity]
    label = context.label_of(hit.start, hit.end)
    if name.kind == "adjective":
        return _adjective_allowed(entity, hit, context)
    if name.kind == "demonym":
        if any(n.kind == "adjective" for n in hit.names) and _before_noun(hit, context):
            return False  # "Deutsche Bahn", not "die Deutschen"
        return label != "PER" and not looks_like_name_part(hit, context)
    place = entity.cls in {"City", "Subdivision", "Territory", "State", "Region", "Place", "Sea"}
    if entity.cls in {"City", "Subdivision"} and label == "PER":
        # A tagger takes many a capital that acts for a person; the tables know better,
        # unless the text has such a family name.
        capital = entity.id in context.gazetteer.acts_for and not name.guard
        known = not hit.rest and (capital or _is_city_of_the_text(entity, hit, context))
        return known and not _is_family_name(hit, context)
    guard = name.guard
    if not guard:
        return not (entity.cls == "City" and looks_like_name_part(hit, context))
    if label == "PER":
        # "Jordan demanded that Israel ...": no text brings in a person by a bare family name.
        return guard == "context" and entity.cls == "State" and _is_bare_state(hit, context)
    if guard == "strict":
        if context.lang == "de" and hit.rest:
            return False
        if entity.cls == "Media" and context.quoted(hit.start, hit.end):
            return True
        return label == ("LOC" if place else "ORG") or context.announced(hit.start, entity.cls)
    if guard == "place":
        if hit.rest:
            return False
        return label == "LOC" or in_place_position(hit, context)
    state = context.gazetteer.state_of(entity)
    if state is not None and context.evidence[state.id]:
        return True
    if entity.id in context.spelled_out or owns_an_office(hit, context):
        return True
    return place and entity.cls != "City" and (label == "LOC" or in_place_position(hit, context))


def _is_bare_state(hit: Hit, context: Context) -> bool:
    """Return whether a word taken for a person acts beside a place and is no one's family name."""
    span = context.entity_at[hit.start]
    if len(span) != hit.end - hit.start:
        return False
    after = context.doc[hit.end] if hit.end < len(context.doc) else None
    acts = after is not None and after.pos_ in {"VERB", "AUX"}
    sentence = context.doc[hit.start].sent if context.sentenced else ()
    beside = acts and any(t.ent_type_ == "LOC" for t in sentence)
    return beside and not _is_family_name(hit, context)


def _is_city_of_the_text(entity: Entity, hit: Hit, context: Context) -> bool:
    """Return whether a word taken for a person is a large city of a state that the text names.

    Nobody in the tables may bear that name.
    """
    gazetteer = context.gazetteer
    word = fold(context.doc[hit.start].text).lower()
    return (
        len(context.entity_at[hit.start]) == hit.end - hit.start
        and gazetteer.size.get(entity.id, 0) >= _LARGE
        and entity.part_of in context.evidence
        and word not in gazetteer.by_surname
        and word not in gazetteer.given_names
    )


def _is_family_name(hit: Hit, context: Context) -> bool:
    """Return whether a longer person's name in the text has the word in it."""
    word = context.doc[hit.end - 1].text
    return any(
        span.label_ == "PER"
        and len(span) > 1
        and (span.start, span.end) != (hit.start, hit.end)
        and word in {t.text for t in span}
        for span in context.doc.ents
    )


def _before_noun(hit: Hit, context: Context) -> bool:
    return hit.end < len(context.doc) and context.doc[hit.end].text[:1].isupper()


def _adjective_allowed(entity: Entity, hit: Hit, context: Context) -> bool:
    """Return whether an adjective is one of the state and no part of a name."""
    doc = context.doc
    token = doc[hit.start]
    after = doc[hit.end] if hit.end < len(doc) else None
    if context.lang == "de":
        if token.text[0].islower():
            return True
        if entity.cls == "City" or token.text.endswith(("Schweizer", "Hongkonger")):
            return after is not None and after.text[0].isalpha() and context.noun_ahead(hit.end)
        if token.pos_ == "NOUN":
            return False
        starts = context.starts_sentence(hit.start)
        words = doc[hit.start : hit.end].text
        return starts or "-" in words or not (after is not None and after.text[:1].isupper())
    before = doc[hit.start - 1].lower_ if hit.start else ""
    language = {"in", "into", "speak", "speaks", "spoke", "speaking", "fluent", "learn", "from"}
    closed = after is None or not after.text[0].isalpha() or after.lower_ in {"and", "or", "to"}
    if before in language and closed and hit.end - hit.start == 1 and token.text.isalpha():
        return token.text in {"US", "UK"}
    return True


def _choose(readings: list[Name], hit: Hit, context: Context) -> tuple[Name | None, float]:
    """Return the best reading and how sure it is, or None when it can't be decided."""
    by_entity = {n.entity: n for n in reversed(readings)}
    if len(by_entity) == 1:
        return next(iter(by_entity.values())), 1.0
    gazetteer = context.gazetteer

    parts = [gazetteer.entities[n] for n in by_entity]
    homes = {e.part_of for e in parts if e.cls == "Subdivision"} & _FEDERATIONS

    def order(name: Name) -> tuple[int, int, str]:
        entity = gazetteer.entities[name.entity]
        capital = 0 if entity.id in gazetteer.acts_for else 1
        small = gazetteer.size.get(entity.id, 0) < (500_000 if capital else 150_000)
        if entity.cls == "City" and homes and small and entity.part_of not in homes:
            return (8, capital, name.kind)
        return (_CLASS_ORDER.get(entity.cls, 9), capital, name.kind)

    ranked = sorted(by_entity.values(), key=lambda n: (*order(n), n.entity))
    best = [n for n in ranked if order(n)[:2] == order(ranked[0])[:2]]
    if any(n.guard == "context" for n in ranked):  # Georgia: state or US state
        supported = [n for n in ranked if _supported(n, context)]
        states = [n for n in ranked if gazetteer.entities[n.entity].cls == "State"]
        if len(states) == 1 and owns_an_office(hit, context):  # "Niger's ambassador"
            supported = states
        return (supported[0], 0.9) if len(supported) == 1 else (None, 0.0)
    if len(best) == 1:
        return best[0], 0.95
    supported = [n for n in best if _supported(n, context)]
    if len(supported) == 1:
        return supported[0], 0.9
    pool = supported or best
    sizes = sorted(((gazetteer.size.get(n.entity, 0), n.entity) for n in pool), reverse=True)
    if sizes[0][0] > 5 * sizes[1][0] > 0 or (sizes[0][0] > 500_000 and not sizes[1][0]):
        return by_entity[sizes[0][1]], 0.8
    return None, 0.0


def _supported(name: Name, context: Context) -> bool:
    """Return whether the text names the state of this reading otherwise."""
    entity = context.gazetteer.entities[name.entity]
    state = context.gazetteer.state_of(entity)
    return bool(state and context.evidence[state.id])


def _name_regions(mentions: list[Mention], context: Context) -> list[Mention]:
    """Turn "Region Kursk", "Kursk region" and later "Kursk" into the subdivision."""
    doc, gazetteer = context.doc, context.gazetteer
    before = gazetteer.place_words.get((context.lang, "before"), set())
    after = gazetteer.place_words.get((context.lang, "after"), set())
    before_of = gazetteer.place_words.get((context.lang, "before_of"), set())
    taken = {i: m for m in mentions for i in range(m.start, m.end)}
    found: dict[str, Entity] = {}
    out = list(mentions)
    for i in range(len(doc)):
        base = doc[i].text
        ids = gazetteer.bases.get(base) or (
            gazetteer.bases.get(base[:-1]) if context.lang == "de" and base.endswith("s") else None
        )
        if not ids:
            continue
        start, end = i, i + 1
        if i and (doc[i - 1].text in before or doc[i - 1].text.endswith("region")):
            start = i - 1
        elif i > 1 and doc[i - 1].lower_ == "of" and doc[i - 2].lower_ in before_of:
            start = i - 2
        elif end < len(doc) and doc[end].text in after:
            end += 1
        else:
            continue
        entity = _pick_region(ids, context)
        if entity is None:
            continue
        overlapped = {id(taken[j]) for j in range(start, end) if j in taken}
        if any(id(m) in overlapped and (m.start < start or m.end > end) for m in out):
            continue
        out = [m for m in out if id(m) not in overlapped]
        mention = Mention(start, end, entity)
        out.append(mention)
        taken.update(dict.fromkeys(range(start, end), mention))
        found[base] = entity
    for k, mention in enumerate(out):
        words = doc[mention.start : mention.end].text
        region = found.get(words) or found.get(words.removesuffix("s"))
        if region and mention.entity.cls == "City" and mention.entity.part_of == region.part_of:
            out[k] = dataclasses.replace(mention, entity=region, acts_for=None, certainty=0.9)
    return sorted(out, key=lambda m: m.start)


def _pick_region(ids: list[str], context: Context) -> Entity | None:
    entities = [context.gazetteer.entities[i] for i in dict.fromkeys(ids)]
    if len(entities) == 1:
        return entities[0]
    named = [e for e in entities if e.part_of and context.evidence[e.part_of]]
    return named[0] if len(named) == 1 else None

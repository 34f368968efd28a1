"""Entities that no table knows: minted from the named entities of the text."""

from __future__ import annotations

from dataclasses import replace

from spacy.tokens import Span

from kg.entities.context import Context
from kg.entities.match import match_words
from kg.entities.persons import surnames
from kg.entities.text import fold, person_key, slug
from kg.types import Entity, Mention, starting_in

_LONGEST = 20
"""Words of a state's name, at most."""
_CLASSES = {"PER": "Person", "ORG": "Organisation", "LOC": "Place"}
_PARTICLES = {"von", "van", "de", "al", "el", "bin", "der", "zu", "di", "da", "del", "la", "le"}
_NO_PART_OF_A_PERSON = {"and", "und", "of", "who", ",", "from", "aus", "in", "the"}
_LEADING = {
    *("der", "die", "das", "den", "dem", "des", "the", "herr", "herrn", "frau", "mr", "mr."),
    *("professor", "coach", "mayor", "senator", "sen.", "governor", "gov.", "rep.", "judge"),
    *("general", "gen.", "colonel", "captain", "bürgermeister", "general", "professor", "prof"),
    *(
        "mrs",
        "mrs.",
        "ms",
        "ms.",
        "dr.",
        "dr",
        "prof.",
        "sir",
        "a",
        "an",
        "ein",
        "eine",
        "president",
    ),
}


def mint(mentions: list[Mention], context: Context) -> list[Mention]:
    """Add mentions for PER, ORG and LOC entities that no mention covers.

    A full name (two words or more) gets the same id in every document; a
    single word gets an id of its article. A person named by family name
    alone is the one person of that name whom the text names in full.
    """
    taken = {i for m in mentions for i in range(m.start, m.end)}
    texts = {span.text for span in context.doc.ents}
    spans = []
    for span in context.doc.ents:
        if span.label_ not in _CLASSES:
            continue
        start = span.start
        while span.label_ == "PER" and start < span.end and start in taken:
            start += 1  # "Russian President ..."
        if start == span.end or any(i in taken for i in range(start, span.end)):
            continue
        if _common_noun(span, context):
            continue
        trimmed = _trim(context.doc[start : span.end], span.label_, context)
        if trimmed is not None:
            spans.append((trimmed[0], trimmed[1], span.label_))
    out = list(mentions)
    full: dict[str, dict[str, Entity]] = {}
    for start, end, label in sorted(spans, key=lambda s: (-(s[1] - s[0]) > -2, s[0])):
        words = [t.text for t in context.doc[start:end]]
        entity = None
        if label == "PER" and end - start == 1:
            entity = _by_family_name(words[0], full, context.lang)
        if entity is None:
            entity = _make(_name(start, end, texts, context), label, context)
            if label in {"PER", "ORG"}:
                entity = replace(entity, part_of=_country(start, mentions, context))
        if label == "PER" and end - start > 1:
            for key in surnames(entity, words, context.gazetteer):
                full.setdefault(key, {})[entity.id] = entity
        out.append(Mention(start, end, entity, certainty=0.6 if end - start > 1 else 0.5))
    return sorted(out, key=lambda m: m.start)


def _country(start: int, mentions: list[Mention], context: Context) -> str | None:
    """Return the state that stands before a name: "the Belgian lawmaker Jan Verhoeven"."""
    i = start - 1
    while i >= 0 and start - i <= 5 and context.doc[i].pos_ in {"NOUN", "PROPN", "ADJ", "PUNCT"}:
        if context.doc[i].is_punct and context.doc[i].text != "-":
            return None
        for mention in mentions[starting_in(mentions, i - _LONGEST, i + 1)]:
            if mention.end == i + 1 and mention.entity.cls == "State" and i < start - 1:
                nouns = [t for t in context.doc[i + 1 : start] if t.pos_ in {"NOUN", "PROPN"}]
                return mention.entity.id if mention.kind == "adjective" and nouns else None
        i -= 1
    return None


def _common_noun(span: Span, context: Context) -> bool:
    """Return whether an entity is no name: no proper noun in it, or half of an office noun."""
    tagged = all(t.pos_ for t in span)
    if tagged and not any(t.pos_ in {"PROPN", "X"} for t in span) and span.label_ != "PER":
        return True
    offices = context.gazetteer.office_nouns[context.lang]
    return match_words(context.pieces, span.start, offices)[0] > span.end


def _by_family_name(word: str, full: dict[str, dict[str, Entity]], lang: str) -> Entity | None:
    keys = person_key(word)
    if len(keys) != 1:
        return None
    forms = [keys[0]]
    if lang == "de" and keys[0].endswith("s"):
        forms.append(keys[0][:-1])
    for form in forms:
        named = full.get(form, {})
        if len(named) == 1:
            return next(iter(named.values()))
    return None


def _trim(span: Span, label: str, context: Context) -> tuple[int, int] | None:
    """Return the span without titles and office nouns, or None when nothing is left."""
    start, end = span.start, span.end
    offices = context.gazetteer.office_nouns[context.lang]
    while start < end:
        stop, values = match_words(context.pieces, start, offices)
        if values and label == "PER" and stop <= end:
            start = stop
        elif (
            context.doc[start].lower_ in _LEADING
            or not context.doc[start].text[0].isalnum()
            or (context.doc[start].text.islower() and context.doc[start].text not in _PARTICLES)
        ):
            start += 1
        else:
            break
    while end > start and not context.doc[end - 1].text[-1].isalnum():
        if context.doc[end - 1].text[-1] == ".":
            break
        end -= 1
    if end > start and context.doc[end - 1].text in {"'s", "’s"}:
        end -= 1
    while end > start and context.doc[end - 1].pos_ == "ADP" and context.doc[end - 1].is_lower:
        end -= 1  # "Red Crescent in"
    words = [t.text for t in context.doc[start:end]]
    if not any(len(w) > 1 and w[0].isupper() for w in words):
        return None
    if label == "PER" and (len(words) > 6 or _NO_PART_OF_A_PERSON & set(words)):
        return None
    return (start, end) if len(words) <= 10 else None


def _name(start: int, end: int, texts: set[str], context: Context) -> str:
    """Return the name as minted: a German genitive s goes when the bare form occurs too."""
    name = context.doc[start:end].text
    if context.lang == "de" and name.endswith("s") and len(name) > 3:
        bare = name[:-1]
        if bare in texts or any(t.text == bare.split()[-1] for t in context.doc):
            return bare
    return " ".join(name.split()).replace(" - ", "-")


def _make(name: str, label: str, context: Context) -> Entity:
    cls = _CLASSES[label]
    id = slug(f"{cls} {fold(name)}")
    if len(name.split()) < 2 and cls == "Person":
        id = f"{id}_{slug(context.article.id)}"
    while id in context.gazetteer.entities:
        id += "_"
    given = person_key(name)[:1] if cls == "Person" and " " in name else []
    gender = context.gazetteer.genders.get(given[0]) if given else None
    return Entity(id=id, label_de=name, label_en=name, cls=cls, minted=True, gender=gender)

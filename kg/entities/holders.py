"""Which office holder a bare family name means.

"Fischer" may be anybody. The name counts only where the text, the sentence or
the publisher shows it: a title before it, a state or body of the person's
elsewhere in the text, colleagues in the same sentence, a word of politics in
the paper of that country, words that only a head of government takes
("the Clinton administration").
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from spacy.tokens import Span

from kg.entities.context import Context
from kg.entities.gazetteer import Gazetteer
from kg.entities.match import match_rest, match_words
from kg.entities.terms import has_begun, holds
from kg.entities.text import pieces
from kg.types import Entity, Mention

HEADS = {"head_of_state", "head_of_government"}
TOP_ROLES = HEADS | {
    *("foreign_minister", "defence_minister"),
    *("secretary_general", "head_of_body", "high_representative"),
}
PARTICLES = {"von", "der", "van", "de", "den", "di", "da", "bin", "al", "el", "del", "la", "zu"}
_GOVERNMENTS = {"regime", "government", "administration", "cabinet", "presidency"}
_GOVERNMENT_OF = {
    *("Regierung", "Administration", "Präsidentschaft", "Kabinett", "Ära", "Amtsantritt"),
    *("Regierungszeit", "Amtszeit"),
}
_TAKES_OFFICE = re.compile(r"(came|comes|come) (in)?to (office|power)|(took|takes|take) office")
# "Secretary Kerry": a member of a cabinet.
_SECRETARY = {"foreign_minister", "defence_minister", "finance_minister", "interior_minister"}
# Endings of addresses that say nothing of a country: everybody may have one.
_ANYBODYS = {"ac", "ag", "ai", "cc", "co", "fm", "gg", "im", "io", "is", "ly", "me", "sh", "to"}
_ANYBODYS |= {"tk", "tv", "vc", "ws"}
_ADDRESS = re.compile(r"[\w-]\.([a-z]{2})(?![\w.-])")


def states_of(person: Entity, gazetteer: Gazetteer) -> set[str]:
    """Return the states and bodies that a person held an office of or belongs to."""
    out = {state for state, _, _ in gazetteer.terms_of.get(person.id, ())}
    # The president of the Commission is one of the Union.
    out.update(s for o in gazetteer.offices if o.body and o.body in out for s in o.states)
    return out | ({person.part_of} if person.part_of else set())


def in_office(person: str, context: Context, roles: set[str] | None = None) -> bool:
    """Return whether a person held an office, or one of ``roles``, on the article's date."""
    return bool(_roles(person, context) & roles if roles else _roles(person, context))


def _roles(person: str, context: Context) -> set[str]:
    """Return the roles that a person had on the article's date; without a date, ever."""
    date = context.article.date
    terms = context.gazetteer.terms_of.get(person, ())
    return {role for _, role, term in terms if date is None or holds(term, date) > 0}


def before_particles(i: int, context: Context) -> int:
    """Return where a family name that ends before token ``i`` begins ("von der Leyen")."""
    while i and (context.doc[i - 1].lower_ in PARTICLES or context.doc[i - 1].text == "-"):
        i -= 1
    return i


def governs(i: int, context: Context) -> bool:
    """Return whether words make the name that of a head ("the Assad regime", "Ära Merkel")."""
    doc = context.doc
    if context.label_of(i, i + 1) not in {"ORG", "MISC", "PER"}:
        return False
    end = i + 2 if i + 1 < len(doc) and doc[i + 1].text in {"'s", "’s"} else i + 1
    if context.lang == "de":
        return i > 0 and doc[i - 1].text in _GOVERNMENT_OF
    if end < len(doc) and doc[end].lower_ in _GOVERNMENTS:
        return True
    return bool(_TAKES_OFFICE.match(doc[end : end + 3].text.lower()))


def current_holder(key: str, i: int, context: Context) -> tuple[Entity | None, float]:
    """Return the one holder of a top office with this family name, if the context fits.

    Heads of state and government need no context where the date is known and
    the name is rare: "Selenskyj" in 2025 is the president, unless the
    text says otherwise.
    """
    gazetteer = context.gazetteer
    ids = gazetteer.by_surname.get(key, ())
    if not ids or (len(key) < 3 and key != "xi"):
        return None, 0.0
    if governs(i, context) and (heads := _heads(ids, context)):
        return heads[0] if len(heads) == 1 else None, 0.7
    home = _home(i, context)
    person = _serving(ids, home, context)
    if person is None:
        return None, 0.0
    title = _office_before(i, context)
    if title:
        return (person, 0.75) if _roles(person.id, context) & title else (None, 0.0)
    span = context.entity_at.get(i)
    if span is None:
        return None, 0.0
    states = states_of(person, gazetteer)
    if span.label_ != "PER" and not _speaks(span, context):
        # Taggers take many a bare family name for a body: a head of a state named here.
        head = span.label_ == "ORG" and len(span) == 1 and in_office(person.id, context, HEADS)
        return (person, 0.6) if head and states & set(context.evidence) else (None, 0.0)
    if states & set(context.evidence):
        return person, 0.75
    if states & home:
        return person, 0.6
    # "Brown" and "Klaus" may be anybody.
    if _rare(key, ids, gazetteer) and context.article.date is not None:
        if in_office(person.id, context, HEADS):
            return person, 0.6
    return None, 0.0


def _speaks(span: Span, context: Context) -> bool:
    """Return whether a single name opens a headline as its speaker: "Selenskyj: ..."."""
    doc = context.doc
    opens = span.start == _sentence(span.start, context)[0]
    return len(span) == 1 and opens and span.end < len(doc) and doc[span.end].text == ":"


def _rare(key: str, ids: Iterable[str], gazetteer: Gazetteer) -> bool:
    return len(list(ids)) <= 2 and key not in gazetteer.given_names


def _serving(ids: Iterable[str], home: set[str], context: Context) -> Entity | None:
    """Return the one of several namesakes who has a top office now, and one of a state named."""
    gazetteer = context.gazetteer
    serving = [gazetteer.entities[p] for p in ids if in_office(p, context, TOP_ROLES)]
    for here in (set(context.evidence), home):
        if len(serving) > 1:
            near = [p for p in serving if states_of(p, gazetteer) & here]
            serving = near or serving
    return serving[0] if len(serving) == 1 else None


def _heads(ids: Iterable[str], context: Context) -> list[Entity]:
    """Return the namesakes who head a state now, else those who headed one named in the text."""
    gazetteer, date = context.gazetteer, context.article.date
    heads = [
        gazetteer.entities[p]
        for p in ids
        if any(
            role in HEADS and has_begun(term, date)
            for _, role, term in gazetteer.terms_of.get(p, ())
        )
    ]
    now = [p for p in heads if in_office(p.id, context, HEADS)] if date else []
    return now or [p for p in heads if states_of(p, gazetteer) & set(context.evidence)]


def holders_together(
    names: dict[int, str], mentions: list[Mention], context: Context
) -> dict[int, Entity]:
    """Return who is meant by names that stand together: "Rice ..., sagte De Gucht".

    ``names`` are keys of bare family names by token. Each must belong to one
    holder of a top office, hardly to anybody else, and every other person of
    the sentence must be known; two of them must be colleagues: have the same
    role in different states.
    """
    gazetteer = context.gazetteer
    if context.article.date is None or not names:
        return {}
    known = {
        i: m.entity for m in mentions if m.entity.cls == "Person" for i in range(m.start, m.end)
    }
    bare: dict[int, dict[int, Entity]] = defaultdict(dict)
    for i, key in names.items():
        ids = gazetteer.by_surname.get(key, ())
        person = _serving(ids, set(), context) if _rare(key, ids, gazetteer) else None
        if person is not None and context.entity_at[i].label_ == "PER":
            bare[_sentence(i, context)[0]][i] = person
    out: dict[int, Entity] = {}
    for first, here in bare.items():
        start, end = _sentence(first, context)
        spans = [s for s in context.doc.ents if s.label_ == "PER" and start <= s.start < end]
        named = {i: known[i] for i in range(start, end) if i in known}
        if all(any(i in named or i in here for i in range(s.start, s.end)) for s in spans):
            everybody = [*named.values(), *here.values()]
            sure = {p.id for p in named.values()} | {
                p.id for i, p in here.items() if len(gazetteer.by_surname[names[i]]) == 1
            }
            for i, person in here.items():
                mates = [p for p in everybody if _colleagues(p, person, context)]
                if mates and (person.id in sure or any(p.id in sure for p in mates)):
                    out[i] = person
    return out


def _colleagues(one: Entity, other: Entity, context: Context) -> bool:
    """Return whether two persons have the same role, in different states."""
    same = _roles(one.id, context) & _roles(other.id, context) & TOP_ROLES
    gazetteer = context.gazetteer
    return bool(same) and not states_of(one, gazetteer) & states_of(other, gazetteer)


def _sentence(i: int, context: Context) -> tuple[int, int]:
    doc = context.doc
    if not context.sentenced:
        return 0, len(doc)
    return doc[i].sent.start, doc[i].sent.end


def _home(i: int, context: Context) -> set[str]:
    """Return the publisher's country where the sentence speaks of politics: "Fischer" there
    is the country's own minister."""
    start, end = _sentence(i, context)
    stems = context.gazetteer.context_words.get((context.lang, "politics"), set())
    words = [t.lower_ for t in context.doc[start:end]]
    return _publishers_country(context) if any(s in w for w in words for s in stems) else set()


def _publishers_country(context: Context) -> set[str]:
    """Return the country of the article's publisher, by its address or name, if it is known."""
    gazetteer, article = context.gazetteer, context.article
    out: set[str] = set()
    for text in filter(None, (article.url, article.source)):
        for ending in _ADDRESS.findall(text.lower()):
            state = gazetteer.iso.get({"uk": "GB"}.get(ending, ending.upper()))
            out.update({state} if state and ending not in _ANYBODYS else ())
        node = gazetteer.names
        for piece in pieces(text):
            node = node.get(piece, {})
        for name in node.get("", ()):
            entity = gazetteer.entities[name.entity]
            out.update({entity.part_of} if entity.cls == "Media" and entity.part_of else ())
    return out if len(out) == 1 else set()


def _office_before(i: int, context: Context) -> set[str]:
    """Return the roles that the word before token ``i`` names ("Präsident Putin")."""
    gazetteer, lang = context.gazetteer, context.lang
    trie = gazetteer.office_nouns[lang]
    i = before_particles(i, context)
    for back in (1, 2, 3):
        if i - back < 0:
            break
        end, values = match_words(context.pieces, i - back, trie)
        if values and end == i:
            return {gazetteer.offices[v].role for v in values if isinstance(v, int)}
    word = context.doc[i - 1].text if i else ""
    if lang == "en" and word == "Secretary":
        return _SECRETARY
    if "-" in word:
        values = match_rest(word.partition("-")[2], trie, lang == "de")
        return {gazetteer.offices[v].role for v in values if isinstance(v, int)}
    return set()

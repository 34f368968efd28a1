"""Offices: who holds which office of which state, as the words of a text say it."""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Doc, Token

from kg.entities.context import Context, hyphenated
from kg.entities.derive import acting_state, english_of, german_of
from kg.entities.gazetteer import Gazetteer, Office
from kg.entities.match import cut, match_rest, match_words
from kg.entities.office_context import (
    OfficeNoun,
    giving,
    is_among,
    is_predicated,
    may_stand_between,
    person_of,
)
from kg.entities.terms import holder, holds
from kg.entities.text import slug
from kg.types import Article, Entity, Mention, starting_in

# Offices that one person at a time holds, so that "the president of X" names somebody.
_OF_BODIES = {"secretary_general", "head_of_body", "high_representative", "spokesperson"}
_OF_BODIES_OF_STATES = {"spokesperson"}
_OWNERS = {"State", "Territory", "InternationalOrganisation", "Organisation", "ArmedGroup", "Party"}
UNIQUE_ROLES = {
    *("head_of_state", "head_of_government", "foreign_minister", "defence_minister"),
    *("finance_minister", "interior_minister", "crown_prince", "secretary_general"),
    *("head_of_body", "high_representative"),
}
_INDEFINITE = {
    *("ein", "eine", "einem", "einen", "einer", "kein", "keine", "a", "an", "any", "every", "no"),
    *("jeder", "jeden", "viele", "mehrere", "zwei", "zweier", "two", "both", "former", "ex"),
    *("ehemalige", "ehemaligen", "ehemaliger", "frühere", "früheren", "früherer", "new"),
    *("nächste", "nächsten", "nächster", "künftige", "künftigen", "next", "future", "then"),
    *("damalige", "damaligen", "damaliger", "erste", "ersten", "first", "last", "letzte"),
}
# "zum Präsidenten gewählt", "Amt des Präsidenten": the office, not who holds it.
_BECOMING = {"zum", "zur", "als", "as", "become", "became", "becoming", "elected", "for", "be"}
_OFFICE_ITSELF = {
    *("wahl", "amt", "kandidat", "kandidatin", "posten", "nachfolger", "nachfolgerin", "als"),
    *("election", "office", "candidate", "post", "successor", "as", "wahl"),
}
_COMPOUND_FIRST = {"Ex", "Alt", "Interims", "Übergangs", "Noch", "Vize"}
_COLLEAGUE = {
    "de": {
        *("Kollege", "Kollegen", "Kollegin", "Amtskollege", "Amtskollegen", "Amtskollegin"),
        *("Gegenpart", "Pendant"),
    },
    "en": {"counterpart", "colleague", "opposite"},
}
_OWN = {"seinem", "seinen", "sein", "seiner", "seine", "ihrem", "ihren", "ihr", "ihrer", "ihre"}
_OWN |= {"his", "her"}

_REACH = 100
"""Words between an office and whom it is said of, at most."""


@dataclass(frozen=True, slots=True)
class OfficePhrase:
    """Words that say that somebody holds an office.

    ``person`` is an index into the mentions, or None when nobody is named.
    ``start`` and ``end`` are the tokens of the office noun (the cue).
    ``former`` is set for "ehemalige", "former"; ``named`` is False when the
    state stands in the tables only and not in the text.
    """

    person: int | None
    office: Office
    state: Entity
    start: int
    end: int
    former: bool = False
    named: bool = True

    @property
    def role(self) -> str:
        """The role: ``head_of_state``, ``foreign_minister``, ..."""
        return self.office.role


def find_offices(
    doc: Doc, mentions: list[Mention], gazetteer: Gazetteer, article: Article | None = None
) -> list[OfficePhrase]:
    """Return the office phrases of a text whose state is known, sorted by position.

    ``mentions`` are those of :func:`kg.entities.find_entities` for the same
    ``doc``. "seiner nordkoreanischen Kollegin" has the role of the person
    named before in the sentence, if that is known from the text or, on the
    date of ``article``, from the tables.
    """
    lang = doc.user_data.get("lang") or (article.lang if article else "de")
    context = Context(
        doc, article or Article("", "", lang), gazetteer, lang, cut(doc, lang == "de")
    )
    return phrases(mentions, context)


def phrases(mentions: list[Mention], context: Context) -> list[OfficePhrase]:
    """Return the office phrases of a text (see :func:`find_offices`)."""
    out: list[OfficePhrase] = []
    roles: dict[str, Office] = {}
    for noun in _nouns(mentions, context):
        reach = starting_in(mentions, noun.start - _REACH, noun.end + _REACH)
        near = mentions[reach]
        person = person_of(noun, near, context)
        if person is not None:
            person += reach.start
        owner = _owner(noun, near, context)
        if owner is None and person is None:
            owner = _state_of_givers(noun, near, out, context)
        named = owner is not None
        if noun.colleague:
            office = _colleague_office(noun, near, roles, context)
            if office is None or owner is None:
                continue
        else:
            choice = _office(noun, owner, context)
            if choice is None:
                continue
            office = choice
            if office.implies and (owner is None or owner.cls == "Party"):
                owner, named = context.gazetteer.entities[office.implies], True
        if owner is None and person is not None:
            owner = _state_by_table(mentions[person].entity, office, context)
        if owner is None or _is_another(noun, office, near, context):
            continue
        if office.role not in _OF_BODIES_OF_STATES and owner.cls not in _OWNERS:
            owner = context.gazetteer.state_of(owner)
            if owner is None:
                continue
        if person is not None and _belongs_elsewhere(mentions[person].entity, owner, context):
            if mentions[person].start == noun.end:
                continue
            person = None
        if person is not None:
            roles[mentions[person].entity.id] = office
        former = noun.former or _former(noun, office, near, context)
        out.append(OfficePhrase(person, office, owner, noun.start, noun.end, former, named))
    return out


def office_mentions(mentions: list[Mention], context: Context) -> list[Mention]:
    """Add mentions of office holders who are not named: "der US-Präsident".

    The holder on the date of the article where that is known, else the
    office itself. The words of the state become part of the mention.
    """
    out = list(mentions)
    for phrase in phrases(mentions, context):
        if phrase.person is not None or phrase.former or not phrase.named:
            continue
        if phrase.role not in UNIQUE_ROLES or _indefinite(phrase, mentions, context):
            continue
        start, end = _extent(phrase, mentions)
        if _goes_on(end, context):
            continue
        entity, certainty = _holder_or_office(phrase, context)
        out = [m for m in out if m.end <= start or m.start >= end]
        out.append(Mention(start, end, entity, "office", certainty=certainty))
    return sorted(out, key=lambda m: m.start)


def _holder_or_office(phrase: OfficePhrase, context: Context) -> tuple[Entity, float]:
    date = context.article.date
    if date is not None:
        person, sure = holder(context.gazetteer, phrase.state.id, phrase.office, date)
        if person is not None and _may_be(person, phrase, context):
            return person, round(0.85 * sure, 2)
    return office_entity(phrase.office, phrase.state), 0.8


def _may_be(person: Entity, phrase: OfficePhrase, context: Context) -> bool:
    """Return whether a German title fits the holder's gender: "die Kanzlerin" is no man."""
    if context.lang != "de" or person.gender is None:
        return True
    gender = context.doc[phrase.end - 1].morph.get("Gender", [])
    return gender != [{"female": "Masc", "male": "Fem"}[person.gender]]


def office_entity(office: Office, state: Entity) -> Entity:
    """Return the office of a state as an entity: ``Prime_Minister_of_Canada``."""
    label_en = office.label_en.format(the=english_of(state), name=state.label_en)
    label_de = office.label_de.replace("von {name}", f"von {german_of(state)}")
    label_de = label_de.format(name=state.label_de)
    return Entity(slug(label_en), label_de, label_en, "Office", None, state.id)


def _nouns(mentions: list[Mention], context: Context) -> list[OfficeNoun]:
    doc, lang = context.doc, context.lang
    compounds = {m.start for m in mentions if m.end == m.start + 1 and m.kind == "adjective"}
    trie = context.gazetteer.office_nouns[lang]
    out: list[OfficeNoun] = []
    i = 0
    while i < len(doc):
        stop, values = match_words(context.pieces, i, trie)
        text = doc[i].text
        if values:
            out.append(OfficeNoun(i, stop, tuple(v for v in values if isinstance(v, int))))
        elif lang == "de" and "-" in text:
            former = text.startswith(("Ex-", "Alt-"))
            known = i in compounds or text.partition("-")[0] in _COMPOUND_FIRST
            rest = text.partition("-")[2]
            values = match_rest(rest, trie, True) or match_rest(rest.rpartition("-")[2], trie, True)
            if values and known:
                offices = tuple(v for v in values if isinstance(v, int))
                out.append(OfficeNoun(i, i + 1, offices, former=former))
            stop = i + 1
        elif text in _COLLEAGUE[lang]:
            out.append(OfficeNoun(i, i + 1, (), colleague=True))
            stop = i + 1
        i = max(stop, i + 1)
    return out


def _owner(noun: OfficeNoun, mentions: list[Mention], context: Context) -> Entity | None:
    """Return the state or body whose office a noun names, by the words around it."""
    doc, lang = context.doc, context.lang
    for m in mentions:
        if m.start == noun.start and m.end >= noun.end and m.kind == "adjective":
            return _owner_entity(m, context)  # US-Präsident
        if m.start < noun.start < m.end < noun.end:
            return _owner_entity(m, context)  # "European Commission president"
    if hyphenated(noun.start, context):  # "Nato-Generalsekretär", cut at the hyphen
        for m in mentions:
            if m.end == noun.start - 1 and m.kind in {"adjective", "name"}:
                return _owner_entity(m, context)
    left = noun.start
    while left > 0 and may_stand_between(doc[left - 1], context) and noun.start - left < 3:
        left -= 1
    for m in mentions:
        if m.end in {left, noun.start} and m.kind in {"adjective", "name", "institution"}:
            if m.kind == "name" and not _attribute(m, context):
                continue
            if m.kind == "adjective" and doc[noun.start].text.startswith("Sprecher"):
                return None  # "deutscher Sprecher von ...": a German, not Germany's
            return _owner_entity(m, context)
        possessive = doc[m.end].text in {"'s", "’s"} if m.end < len(doc) else False
        if lang == "en" and possessive and m.end + 1 in {left, noun.start}:
            return _owner_entity(m, context)
    right = noun.end
    roles = {context.gazetteer.offices[i].role for i in noun.offices}
    of = {"der", "des", "von", "of"} | ({"for"} if "spokesperson" in roles else set())
    if right < len(doc) and doc[right].lower_ in of:
        right += 1
        if right < len(doc) and doc[right].lower_ in {"der", "den", "dem", "the"}:
            right += 1
    elif lang == "en":
        return None
    for m in mentions:
        if m.start == right and m.kind in {"name", "institution"}:
            if right > noun.end or _attribute(m, context):
                return _owner_entity(m, context)
    return None


def _attribute(m: Mention, context: Context) -> bool:
    """Return whether a name can be an attribute: German genitive, English noun before noun."""
    if context.lang == "en":
        return m.entity.cls not in {"Person", "City"}
    word = context.doc[m.end - 1].text
    return word.endswith(("s", "'", "’")) and word not in {m.entity.label_de, m.entity.label_en}


def _owner_entity(m: Mention, context: Context) -> Entity | None:
    state = acting_state(m, context.gazetteer)
    if state is not None:
        return state
    if m.entity.cls in _OWNERS:
        return m.entity
    if m.entity.cls in {"Institution", "ArmedForces"}:
        # Of a state's own body only spokespersons are known by the body.
        known = m.acts_for is None and context.gazetteer.state_of(m.entity) is not None
        return m.entity if known else m.acts_for
    return None


def _state_of_givers(
    noun: OfficeNoun, mentions: list[Mention], found: list[OfficePhrase], context: Context
) -> Entity | None:
    """Return the state whose parliament or president gives an office in this clause."""
    spans = giving(noun, mentions, context)
    states: dict[str, Entity] = {}
    for span in spans:
        for m in mentions:
            inside = span.start <= m.start < span.end
            owns = m.end < len(context.doc) and context.doc[m.end].text in {"'s", "’s"}
            owns = owns and m.entity.cls == "State"  # "Nepal's Sushila Karki"
            if inside and (owns or m.entity.cls == "Institution" or m.kind == "institution"):
                state = context.gazetteer.state_of(m.entity)
                if state is not None:
                    states[state.id] = state
        for phrase in found:
            inside = span.start <= phrase.start < span.end and phrase.person is not None
            if inside and phrase.named and not phrase.former and phrase.state.cls == "State":
                states[phrase.state.id] = phrase.state
    return next(iter(states.values())) if len(states) == 1 else None


def _office(noun: OfficeNoun, owner: Entity | None, context: Context) -> Office | None:
    """Return the office that a noun names for this owner; the more special one first."""
    offices = [context.gazetteer.offices[i] for i in noun.offices]
    if owner is not None and owner.cls == "Party":
        offices = [o for o in offices if o.role in _OF_BODIES or o.implies]
    elif owner is not None and owner.cls in {"Institution", "ArmedForces"}:
        offices = [o for o in offices if o.role in _OF_BODIES_OF_STATES]
    elif owner is not None and owner.cls not in {"State", "Territory"}:
        offices = [o for o in offices if o.role in _OF_BODIES]
    if owner is None or owner.cls == "Party":
        implied = [o for o in offices if o.implies]
        return implied[0] if implied else (offices[0] if offices else None)
    special = [o for o in offices if owner.id in o.states and not o.implies]
    general = [o for o in offices if not o.states]
    implied = [o for o in offices if owner.id in o.states]
    for group in (special, implied, general):
        if group:
            return group[0]
    return None


def _colleague_office(
    noun: OfficeNoun, mentions: list[Mention], roles: dict[str, Office], context: Context
) -> Office | None:
    """Return the office of the person whose colleague is named ("his Chinese counterpart")."""
    doc = context.doc
    lead = [doc[i].lower_ for i in range(max(0, noun.start - 4), noun.start)]
    if not _OWN & set(lead):
        return None
    sentence = doc[noun.start].sent.start if context.sentenced else 0
    for m in reversed(mentions):
        if m.entity.cls == "Person" and sentence <= m.start < noun.start:
            return roles.get(m.entity.id) or _office_by_table(m.entity, context)
    return None


def _office_by_table(person: Entity, context: Context) -> Office | None:
    """Return the one office that a person held on the article's date."""
    date = context.article.date
    if date is None:
        return None
    terms = context.gazetteer.terms_of.get(person.id, ())
    live = {(state, role) for state, role, term in terms if holds(term, date) > 0}
    roles = {role for _, role in live}
    if {"head_of_state", "head_of_government"} == roles:
        roles = {"head_of_state"}
    if len(roles) != 1:
        return None
    role = roles.pop()
    fitting = [o for o in context.gazetteer.offices if o.role == role and not o.states]
    return fitting[0] if fitting else None


def _state_by_table(person: Entity, office: Office, context: Context) -> Entity | None:
    """Return the one state where a person held this role on the article's date."""
    date = context.article.date
    if date is None:
        return None
    terms = context.gazetteer.terms_of.get(person.id, ())
    same = {office.role}
    if same & {"head_of_state", "head_of_government"}:
        same = {"head_of_state", "head_of_government"}
    states = {s for s, role, t in terms if role in same and holds(t, date) > 0}
    return context.gazetteer.entities[states.pop()] if len(states) == 1 else None


def _belongs_elsewhere(person: Entity, owner: Entity, context: Context) -> bool:
    """Return whether the tables know a person as one of another state.

    "Merz, der französische Präsident und Starmer" are three.
    """
    home = context.gazetteer.entities.get(person.part_of or "")
    return home is not None and home.cls == "State" == owner.cls and home.id != owner.id


def _lead(noun: OfficeNoun, mentions: list[Mention], context: Context) -> list[Token]:
    """Return the words that stand before an office noun and its state, and those between."""
    doc, left = context.doc, noun.start
    while left > 0 and may_stand_between(doc[left - 1], context):
        left -= 1
    ends = {left, left - 1} if left and doc[left - 1].text in {"'s", "’s", "-", "'"} else {left}
    first = min([left, *(m.start for m in mentions if m.end in ends)])
    root = doc[noun.start : noun.end].root
    return [
        t for t in doc[max(0, first - 2) : noun.start]
        # "ernannte X zum Präsidenten", but "der selbst ernannte Präsident"
        if t.pos_ != "VERB" or root.is_ancestor(t) or t.dep_ == "amod"
    ]  # fmt: skip


def _is_another(
    noun: OfficeNoun, office: Office, mentions: list[Mention], context: Context
) -> bool:
    """Return whether the words make it another office: the deputy's, a special envoy's."""
    lead = _lead(noun, mentions, context)
    if any(is_among(t, "other_office", context) for t in lead):
        return True
    deputies = office.role in {"deputy_head", "minister", "spokesperson", "member_of_parliament"}
    return not deputies and any(is_among(t, "deputy", context) for t in lead)


def _former(noun: OfficeNoun, office: Office, mentions: list[Mention], context: Context) -> bool:
    """Return whether the words say that somebody had the office, or not yet or not rightly."""
    doc = context.doc
    lead = [t for t in _lead(noun, mentions, context) if is_among(t, "out_of_office", context)]
    if office.role == "head_of_body":
        lead = [t for t in lead if not t.text.startswith("geschäftsf")]  # managing director
    before = doc[noun.start - 1].lower_ if noun.start else ""
    if before == "first" or (before.startswith("erste") and len(before) < 7):
        return True  # "Hungary's first president, Árpád Göncz": long ago
    # "president-elect"
    behind = {doc[i].lower_ for i in range(noun.end, min(len(doc), noun.end + 2))}
    if context.parsed:
        above = list(doc[noun.start : noun.end].root.ancestors)[:2]
        if any(t.pos_ == "NOUN" and is_among(t, "end_of_term", context) for t in above):
            return True  # "nach dem Sturz des syrischen Machthabers"
    return bool(lead or behind & {"elect", "designate", "-elect"})


def _extent(phrase: OfficePhrase, mentions: list[Mention]) -> tuple[int, int]:
    """Return the tokens of the state and the office noun together."""
    start, end = phrase.start, phrase.end
    for m in mentions:
        across = m.start < phrase.start < m.end < phrase.end
        near = m.end <= phrase.start and phrase.start - m.end <= 2
        if (near or across) and m.kind != "office":
            named = m.acts_for or m.entity
            if named.id == phrase.state.id:
                start = m.start
        if phrase.end <= m.start <= phrase.end + 2 and m.entity.id == phrase.state.id:
            end = m.end
    return (start, phrase.end) if start < phrase.start else (start, end)


def _goes_on(end: int, context: Context) -> bool:
    """Return whether the words are the first part of another noun ("UN chief inspector")."""
    doc = context.doc
    if context.lang != "en" or end >= len(doc):
        return False
    return doc[end].pos_ == "NOUN" or doc[end].lower_ == "of"


def _indefinite(phrase: OfficePhrase, mentions: list[Mention], context: Context) -> bool:
    if is_predicated(phrase.start, phrase.end, mentions, context):
        return True
    start, _ = _extent(phrase, mentions)
    before = [context.doc[i].lower_ for i in range(max(0, start - 2), start)]
    if before[-1:] and before[-1] in _INDEFINITE | _BECOMING:
        return True
    if len(before) > 1 and before[0] in _OFFICE_ITSELF:
        return True
    noun = context.doc[phrase.start]
    if "Plur" in noun.morph.get("Number", []):
        return True
    return context.lang == "en" and noun.text.endswith("s") and phrase.end == phrase.start + 1

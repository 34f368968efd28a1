"""Institutions that every state has: armies, ministries, parliaments, governments.

"die russische Armee", "Israels Armee", "Armee der Ukraine", "US-Armee",
"Verteidigungsministerium in Moskau", "Russian Foreign Ministry": the concrete
body where the tables have one, else an entity derived from kind and state.
"""

from __future__ import annotations

from kg.entities.context import Context, hyphenated
from kg.entities.gazetteer import Gazetteer
from kg.entities.match import match_rest, match_words
from kg.entities.pairs import in_pair
from kg.entities.text import slug
from kg.types import Entity, Mention

_THE = (
    *("United ", "Netherlands", "Philippines", "Bahamas", "Gambia", "Maldives", "Comoros"),
    *("Democratic Republic", "Republic of", "Dominican Republic", "Central African", "Czech Rep"),
    *("Seychelles", "Solomon", "Marshall", "Faroe", "Falkland", "Cook Islands", "European "),
    *("World ", "International ", "Organization ", "African Union", "Arab League"),
)
_GERMAN_ARTICLE = {
    **dict.fromkeys(("Schweiz", "Türkei", "Ukraine", "Slowakei", "Mongolei"), "der"),
    **dict.fromkeys(("Elfenbeinküste", "Republik Kongo", "Demokratische Republik Kongo"), "der"),
    **dict.fromkeys(("Niederlande", "Philippinen", "Malediven", "Seychellen", "Komoren"), "den"),
}
_GERMAN_DATIVE = {
    "Vereinigte Staaten": "den Vereinigten Staaten",
    "Vereinigte Arabische Emirate": "den Vereinigten Arabischen Emiraten",
    "Vereinigtes Königreich": "dem Vereinigten Königreich",
    "Demokratische Republik Kongo": "der Demokratischen Republik Kongo",
    "Europäische Union": "der Europäischen Union",
    "Vereinte Nationen": "den Vereinten Nationen",
    "Zentralafrikanische Republik": "der Zentralafrikanischen Republik",
    "Dominikanische Republik": "der Dominikanischen Republik",
    "Iran": "dem Iran",
    "Irak": "dem Irak",
    "Libanon": "dem Libanon",
    "Jemen": "dem Jemen",
    "Sudan": "dem Sudan",
    "Südsudan": "dem Südsudan",
    "Kosovo": "dem Kosovo",
    "Vatikanstadt": "der Vatikanstadt",
}
# Bodies that sit in the capital, so that "in Kiew" names their state.
_IN_CAPITAL = ("ministry_", "government", "parliament", "presidency", "general_staff", "supreme_")
_EN_BETWEEN = {"own", "national", "armed", "regular"}


def acting_state(mention: Mention, gazetteer: Gazetteer) -> Entity | None:
    """Return the state that a mention names or stands for, or None."""
    entity = mention.acts_for or mention.entity
    if entity.cls in {"State", "Territory"} and not (
        mention.entity.cls == "City" and mention.kind == "name"
    ):
        return entity
    return None


def english_of(state: Entity) -> str:
    """Return the English name with the article it takes: ``the United States``."""
    name = state.label_en
    return f"the {name}" if name.startswith(_THE) else name


def german_of(state: Entity) -> str:
    """Return the German name as it stands after "von": ``der Ukraine``."""
    name = state.label_de
    if name in _GERMAN_DATIVE:
        return _GERMAN_DATIVE[name]
    article = _GERMAN_ARTICLE.get(name)
    return f"{article} {name}" if article else name


def institution(gazetteer: Gazetteer, kind_id: str, state: Entity) -> Entity:
    """Return the body of this kind of a state: from the tables or derived.

    Raises KeyError for a kind that ``institution_kinds.csv`` does not have.
    """
    body = gazetteer.bodies.get((state.id, kind_id))
    if body:
        return gazetteer.entities[body]
    kind = gazetteer.kinds[kind_id]
    label_en = kind.label_en.format(the=english_of(state), name=state.label_en)
    adjective = gazetteer.adjective_de.get(state.id)
    if adjective:
        capital = adjective[0].upper() + adjective[1:]
        label_de = kind.label_de.format(Adj=capital, name=state.label_de)
    else:
        noun = kind.label_de.partition(" ")[2]
        label_de = f"{noun} ({state.label_de})"
    return Entity(slug(label_en), label_de, label_en, kind.cls, None, state.id)


def institution_mentions(mentions: list[Mention], context: Context) -> list[Mention]:
    """Replace "russische" by "russische Armee" and the like, where the noun names a body."""
    mentions = _noun_first(mentions, context)
    out: list[Mention] = []
    end = 0
    for m in mentions:
        if m.start < end:  # swallowed by the institution before
            continue
        widened = _noun_after(m, mentions, context)
        out.append(widened)
        end = widened.end
    return out


def _noun_after(m: Mention, mentions: list[Mention], context: Context) -> Mention:
    gazetteer, doc, lang = context.gazetteer, context.doc, context.lang
    state = acting_state(m, gazetteer)
    nouns = gazetteer.kind_nouns[lang]
    if state is None or m.kind in {"demonym", "institution", "office"}:
        return m
    if m.entity.cls in {"Institution"} or in_pair(m, mentions, context):
        return m
    word = doc[m.end - 1].text
    if lang == "de" and m.end - m.start == 1 and "-" in word and m.kind == "adjective":
        kinds = match_rest(word.partition("-")[2], nouns, True)
        if kinds:
            return Mention(
                m.start, m.end, institution(gazetteer, str(kinds[0]), state), "institution"
            )
    j = m.end
    if lang == "en":
        if j < len(doc) and doc[j].text in {"'s", "’s", "'", "’"}:
            j += 1
    elif hyphenated(j + 1, context) and doc[m.end - 1].text.isupper():
        j += 1  # "US-Justizministerium"; "Mali-Einheiten" are troops in Mali
    elif m.kind == "name" and not _genitive(m, context):
        return m
    j = _skip_adjectives(j, context)
    stop, kinds = match_words(context.pieces, j, nouns)
    if not kinds or any(o.start < stop and o.end > m.end and o is not m for o in mentions):
        return m
    if lang == "en" and stop < len(doc) and doc[stop].text == "-":
        return m
    body = institution(gazetteer, str(kinds[0]), state)
    return Mention(m.start, stop, body, "institution", certainty=m.certainty)


def _genitive(m: Mention, context: Context) -> bool:
    """Return whether a German name is a genitive by its form ("Israels")."""
    word = context.doc[m.end - 1].text
    labels = {m.entity.label_de.split()[-1], m.entity.label_en.split()[-1]}
    return word.endswith(("s", "'", "’")) and word not in labels


def _skip_adjectives(j: int, context: Context) -> int:
    doc = context.doc
    steps = 0
    while j < len(doc) and steps < 2:
        token = doc[j]
        if context.lang == "en":
            if (
                token.lower_ not in _EN_BETWEEN
                or match_words(context.pieces, j, context.gazetteer.kind_nouns["en"])[1]
            ):
                break
        elif (
            not (token.text[0].islower() and token.text.endswith(("en", "e", "er", "es", "em")))
            or token.pos_ not in {"", "ADJ"}
            or token.text in {"der", "die", "eine", "ihre", "seine"}
        ):
            break
        j, steps = j + 1, steps + 1
    return j


def _noun_first(mentions: list[Mention], context: Context) -> list[Mention]:
    """Join a noun with the state right of it: "Armee der Ukraine", "Regierung in Kiew"."""
    doc, gazetteer, lang = context.doc, context.gazetteer, context.lang
    starts = {m.start: m for m in mentions}
    ends = {m.end for m in mentions}
    taken = {i for m in mentions for i in range(m.start, m.end)}
    out: list[Mention] = []
    used: set[int] = set()
    i = 0
    while i < len(doc):
        stop, kinds = match_words(context.pieces, i, gazetteer.kind_nouns[lang])
        if not kinds or i in taken:
            i += 1
            continue
        left = doc[i - 1].text if i else ""
        if i in ends or (left in {"'s", "’s"} and i - 1 in ends) or left == "-":
            i = stop
            continue
        found = _state_right(stop, str(kinds[0]), starts, context)
        if found is not None:
            m, state = found
            body = institution(gazetteer, str(kinds[0]), state)
            out.append(Mention(i, m.end, body, "institution", certainty=m.certainty))
            used.add(m.start)
        i = stop
    return sorted([*(m for m in mentions if m.start not in used), *out], key=lambda m: m.start)


def _state_right(
    j: int, kind: str, starts: dict[int, Mention], context: Context
) -> tuple[Mention, Entity] | None:
    doc, lang = context.doc, context.lang
    first = doc[j].lower_ if j < len(doc) else ""
    k = j
    if lang == "de":
        if first in {"der", "des", "von"}:
            k = j + 1
            if k < len(doc) and doc[k].lower_ in {"der", "den", "dem"}:
                k += 1
        elif first == "in":
            k = j + 1
        elif j not in starts or not _genitive(starts[j], context):
            return None
    else:
        if first not in {"of", "in"}:
            return None
        k = j + 1
        if k < len(doc) and doc[k].lower_ == "the":
            k += 1
    m = starts.get(k)
    if m is None or m.kind != "name":
        return None
    if first == "in":
        if m.entity.cls == "City" and m.acts_for is not None and kind.startswith(_IN_CAPITAL):
            return (m, m.acts_for) if m.acts_for.cls == "State" else None
        return None
    state = acting_state(m, context.gazetteer)
    return (m, state) if state is not None else None

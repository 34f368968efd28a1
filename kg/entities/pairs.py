"""Two states in one word: "deutsch-polnische Beziehungen", "Franco-German summit".

The first part is no word of its own: an adjective without ending ("deutsch-") or a form
that only such words have ("Franco-", "Sino-"; ``first_parts.csv``). Where the word tells
somebody's descent ("Irish-American", "Deutsch-Amerikaner") or a camp ("pro-russisch"),
neither part names an actor.
"""

from __future__ import annotations

from kg.entities.context import Context, hyphenated
from kg.entities.text import ADJECTIVE_MARK
from kg.types import Entity, Mention

_STATES = {"State", "Territory"}
# Where people keep the name of the country that their family came from.
_OF_IMMIGRANTS = {"United_States", "Canada", "Australia"}


def pair_mentions(mentions: list[Mention], context: Context) -> list[Mention]:
    """Add the first parts of such adjectives; take out what tells of descent or of a camp."""
    ends = {m.end: m for m in mentions}
    added: list[Mention] = []
    dropped: set[int] = set()
    # From the right: "deutsch-französisch-polnische" has two first parts.
    for m in sorted(mentions, key=lambda m: -m.start):
        if m.kind not in {"adjective", "demonym"} or m.entity.cls not in _STATES:
            continue
        i = m.start
        while hyphenated(i, context):
            before = ends.get(i - 1)
            first = before.entity if before is not None else _first_part(i - 2, context)
            if _tells_descent(m, before, first, context):
                dropped.update({m.start, *({before.start} if before is not None else ())})
                break
            if before is not None or first is None:
                break
            added.append(Mention(i - 2, i - 1, first, "adjective", certainty=0.95))
            i -= 2
    kept = [m for m in mentions if m.start not in dropped]
    return sorted([*kept, *added], key=lambda m: m.start)


def in_pair(mention: Mention, mentions: list[Mention], context: Context) -> bool:
    """Return whether a mention is the second state of one word, so that a body is no one's."""
    if not hyphenated(mention.start, context):
        return False
    return any(m.end == mention.start - 1 and m.kind == "adjective" for m in mentions)


def _first_part(i: int, context: Context) -> Entity | None:
    """Return the state that the word before a hyphen names in part, or None."""
    gazetteer, word = context.gazetteer, context.doc[i].text
    form = word.lower() if context.lang == "de" else word
    state = gazetteer.first_parts.get((context.lang, form))
    if state:
        return gazetteer.entities[state]
    if context.lang != "de":
        return None
    names = gazetteer.names.get(word.lower() + ADJECTIVE_MARK, {}).get("", ())
    states = [gazetteer.entities[n.entity] for n in names if n.kind == "adjective"]
    return states[0] if len(states) == 1 and states[0].cls in _STATES else None


def _tells_descent(
    second: Mention, before: Mention | None, first: Entity | None, context: Context
) -> bool:
    """Return whether the two words tell where somebody comes from, or whose side he is on."""
    doc = context.doc
    word = doc[second.start - 2].text
    form = word.lower() if context.lang == "de" else word
    if context.gazetteer.first_parts.get((context.lang, form)) == "":
        return not _is_name(second, context)  # "pro-russisch", "Afro-American", no "pro-EU"
    if before is not None and before.kind not in {"adjective", "demonym"}:
        return False  # "US-Russian talks"
    if second.kind == "demonym":
        return True
    immigrant = context.lang == "en" and second.entity.id in _OF_IMMIGRANTS
    if first is None:
        return immigrant and word[:1].isupper()  # "African-American"
    noun = _noun(second.end, context)
    if noun is None:
        return immigrant
    if _ends_like(noun, "between", context):
        return False
    after = context.entity_at.get(noun + 1)
    named = after is not None and after.label_ == "PER"
    return named or _ends_like(noun, "person", context) or (immigrant and before is not None)


def _ends_like(noun: int, use: str, context: Context) -> bool:
    """Return whether a noun, or the last part of a compound, is a word of ``context_words.csv``."""
    word = context.doc[noun].lower_
    words = context.gazetteer.context_words.get((context.lang, use), set())
    if context.lang == "en":
        return word in words or (word.endswith("s") and word[:-1] in words)
    return any(word.endswith(w.lower()) for w in words)


def _is_name(mention: Mention, context: Context) -> bool:
    """Return whether the word is a name of the state as well as its adjective ("US")."""
    words = context.doc[mention.start : mention.end].text
    return words in {mention.entity.label_de, mention.entity.label_en} or words.isupper()


def _noun(i: int, context: Context) -> int | None:
    """Return the last of the nouns that follow, perhaps after adjectives ("trade talks")."""
    doc, found = context.doc, None
    while i < len(doc) and doc[i].pos_ in {"ADJ", "NOUN", ""} and doc[i].text[:1].isalpha():
        found = i
        if context.lang == "en" and not doc[i].pos_:  # untagged: the next word must do
            break
        if context.lang == "de" and doc[i].text[:1].isupper():
            break
        i += 1
    return found

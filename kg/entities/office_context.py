"""What the words around the noun of an office say: who is meant, since when, by whose will."""

from __future__ import annotations

import re
from dataclasses import dataclass

from spacy.tokens import Span, Token

from kg.entities.context import Context
from kg.types import Mention

_BECOMING = {"zum", "zur", "als", "as"}
_STATED = {"nsubj", "nsubj:pass", "obl:agent"}
_STATES = {"werden", "bleiben", "sein", "become", "remain", "be"}
_NAMING = {"appos", "flat", "nmod:desc", "flat:name"}
_ENDING = re.compile(r"e[mnrs]?$")
_ORDINAL = re.compile(r"^\d+(st|nd|rd|th)$")


@dataclass(frozen=True, slots=True)
class OfficeNoun:
    """An office noun at tokens ``start`` to ``end``; ``owner`` if in the same compound."""

    start: int
    end: int
    offices: tuple[int, ...]
    colleague: bool = False
    former: bool = False


def root_of(start: int, end: int, context: Context) -> Token:
    """Return the word that heads the tokens ``start`` to ``end``."""
    return context.doc[start:end].root


def is_among(token: Token, use: str, context: Context) -> bool:
    """Return whether a word, in any German ending, is in ``context_words.csv`` for ``use``."""
    words = context.gazetteer.context_words.get((context.lang, use), set())
    word = token.lower_
    return word in words or (context.lang == "de" and _ENDING.sub("", word) in words)


def may_stand_between(token: Token, context: Context) -> bool:
    """Return whether a word between a state and an office leaves the office what it is."""
    if context.lang == "de" and not token.text[0].islower():
        return False
    return (
        is_among(token, "in_office", context)
        or is_among(token, "out_of_office", context)
        or is_among(token, "deputy", context)
        or token.text == "-"
        or bool(_ORDINAL.match(token.text))
    )


def is_predicated(start: int, end: int, mentions: list[Mention], context: Context) -> bool:
    """Return whether an office is said of somebody: "is", "became", "als", "zum", in apposition.

    It then stands for the office and not for whoever holds it.
    """
    doc = context.doc
    if not context.parsed:
        return False
    root = root_of(start, end, context)
    if root.dep_ == "xcomp" or any(c.dep_ == "cop" for t in doc[start:end] for c in t.children):
        return True
    if any(c.dep_ in {"case", "cc", "mark"} and c.lower_ in _BECOMING for c in root.children):
        return True
    if _names_predicate(root, mentions):
        return True
    if root.dep_ == "obj" and any(
        m.entity.cls == "Person" and m.end in {root.left_edge.i, start}
        and doc[m.start].dep_ in {"obj", "compound"}
        for m in mentions
    ):  # fmt: skip
        return True  # "appointed Pedro Sánchez prime minister"
    if root.dep_ == "appos" and root.head.i < start:
        return any(
            m.start <= root.head.i < m.end and m.entity.cls == "Person" and m.kind != "office"
            for m in mentions
        ) and ends_phrase(root.right_edge.i + 1, context)
    return False


def _names_predicate(root: Token, mentions: list[Mention]) -> bool:
    """Return whether a name is said of the office: "Neuer Präsident ist Karol Nawrocki"."""
    if root.dep_ != "nsubj":
        return False
    named = [root.head]
    if root.head.lemma_.lower() in _STATES:
        named += [c for c in root.head.children if c.dep_ in {"xcomp", "nsubj"} and c != root]
    return any(m.start <= t.i < m.end and m.entity.cls == "Person" for t in named for m in mentions)


def ends_phrase(i: int, context: Context) -> bool:
    """Return whether an apposition ends before token ``i``, and no list goes on there.

    "Merz, the French president, and Starmer" are three.
    """
    doc = context.doc
    if i >= len(doc) or doc[i].is_space:
        return True
    if not doc[i].is_punct or doc[i].text == "-":
        return False
    after = doc[i + 1].lower_ if i + 1 < len(doc) else ""
    return not (doc[i].text == "," and after in {"und", "and", "sowie", "or", "oder"})


def person_of(noun: OfficeNoun, mentions: list[Mention], context: Context) -> int | None:
    """Return the index of the person right after the noun, or before it in apposition."""
    doc = context.doc
    for index, m in enumerate(mentions):
        if m.entity.cls != "Person" or m.kind == "office":
            continue
        if m.start == noun.end or (m.start == noun.end + 1 and doc[noun.end].text in {",", '"'}):
            if m.start == noun.end or _appositive(m, noun, context):
                return index
    right = _phrase_end(noun, mentions, context)
    for index, m in enumerate(mentions):
        if m.entity.cls == "Person" and m.kind != "office":
            if m.start == right and right > noun.end:
                return index  # Präsident der Ukraine Wolodymyr Selenskyj
            if m.start == right + 1 and doc[right].text == "," and _appositive(m, noun, context):
                return index
    before = _person_before(noun, mentions, context)
    if before is not None or not context.parsed:
        return before
    return _by_tree(noun, mentions, context)


def _person_before(noun: OfficeNoun, mentions: list[Mention], context: Context) -> int | None:
    doc, left = context.doc, noun.start
    while left > 0 and noun.start - left < 6:
        token = doc[left - 1]
        if token.text == ",":
            for index, m in enumerate(mentions):
                if m.end == left - 1 and m.entity.cls == "Person" and m.kind != "office":
                    return index if _closed(noun, mentions, context) else None
            return None
        known = any(m.start <= left - 1 < m.end and m.entity.cls != "Person" for m in mentions)
        if not known and token.lower_ not in {"the", "der", "die", "'s", "’s", "seit", "a"}:
            if not may_stand_between(token, context):
                return None
        left -= 1
    return None


def _by_tree(noun: OfficeNoun, mentions: list[Mention], context: Context) -> int | None:
    """Return the person that apposition ties to an office over other words.

    "Der georgische Botschafter in Wien, Lewan Beridse, ..."; "Mark Rutte, who ..., ".
    """
    doc, root = context.doc, root_of(noun.start, noun.end, context)
    for index, m in enumerate(mentions):
        if m.entity.cls != "Person" or m.kind == "office":
            continue
        tops = [t for t in doc[m.start : m.end] if not m.start <= t.head.i < m.end]
        if m.end <= noun.start and root.dep_ == "appos" and m.start <= root.head.i < m.end:
            if doc[m.end].text == "," and ends_phrase(root.right_edge.i + 1, context):
                return index
        if m.start <= noun.end or not any(t.head == root and t.dep_ in _NAMING for t in tops):
            continue
        gap = doc[noun.end : m.start]
        others = any(o.entity.cls == "Person" and noun.end <= o.start < m.start for o in mentions)
        inside = all(root.is_ancestor(t) for t in gap) and gap[-1].text == ","
        if inside and not others and _appositive(m, noun, context):
            return index if ends_phrase(m.end, context) else None
    return None


def _phrase_end(noun: OfficeNoun, mentions: list[Mention], context: Context) -> int:
    doc, end = context.doc, noun.end
    if end < len(doc) and doc[end].lower_ in {"der", "des", "von", "of"}:
        end += 1
        if end < len(doc) and doc[end].lower_ in {"der", "den", "the"}:
            end += 1
    for m in mentions:
        if m.start == end and m.entity.cls != "Person":
            return m.end
    return noun.end


def _closed(noun: OfficeNoun, mentions: list[Mention], context: Context) -> bool:
    """Return whether the apposition ends after the office: comma, full stop, verb of saying."""
    doc = context.doc
    end = _phrase_end(noun, mentions, context)
    if end >= len(doc):
        return True
    token = doc[end]
    if token.is_punct:
        return ends_phrase(end, context)
    return doc[noun.start].dep_ == "appos"


def _appositive(m: Mention, noun: OfficeNoun, context: Context) -> bool:
    token, head = context.doc[m.start], context.doc[noun.end - 1]
    if context.doc[m.start - 1].text == "," and head.dep_ == "nmod" and head.head.pos_ == "NOUN":
        cases = {c.lower_ for c in head.children if c.dep_ == "case"} - {"'s", "’s"}
        if not cases or cases & {"to", "of", "for", "von"}:
            return False  # "an adviser to Iran's supreme leader, NAME": NAME may be either
    return token.dep_ == "appos" and token.head in {head, root_of(noun.start, noun.end, context)}


def verb_of(root: Token) -> Token | None:
    """Return the verb that says an office of somebody: "elected him president"."""
    at = root.head
    while at.dep_.startswith(("flat", "appos", "nmod")) and at.pos_ not in {"VERB", "AUX"}:
        at = at.head
    return at if at.pos_ == "VERB" and at != root else None


def giving(noun: OfficeNoun, mentions: list[Mention], context: Context) -> list[Span]:
    """Return the phrases of those who give somebody an office or get it, as spans of words.

    In "Das ukrainische Parlament wählte X zur Ministerpräsidentin" they tell the state.
    """
    doc = context.doc
    if not is_predicated(noun.start, noun.end, mentions, context):
        return []
    verb = verb_of(root_of(noun.start, noun.end, context))
    out: list[Span] = []
    for child in verb.children if verb is not None else ():
        if child.dep_ in _STATED and child.pos_ in {"NOUN", "PROPN"}:
            clauses = {t.i for c in child.subtree if c.dep_.startswith("acl") for t in c.subtree}
            words = [t.i for t in child.subtree if t.i not in clauses]
            if not words[0] <= noun.start <= words[-1]:
                out.append(doc[words[0] : words[-1] + 1])
    return out

"""Words that take a clause back: negation, conditions."""

from __future__ import annotations

import re

from spacy.tokens import Token

from kg.extract import coordination, tree

_NOT = {
    "de": {"nicht", "nie", "niemals", "nimmer", "keinesfalls", "keineswegs", "weder"},
    "en": {"not", "n't", "never", "neither", "nor", "n’t"},
}
_NO = {"de": {"kein", "keinerlei"}, "en": {"no", "neither"}}
_DENIES_NOTHING = re.compile(
    r"(nur|only|bloß|just|erst|zuletzt|umsonst|least|zum ersten mal|for the first time)\b", re.I
)
"""What after "not" says that it is so all the same."""
_LESS = {"de": {"weniger"}, "en": {"less", "fewer"}}
_IF = frozenset({"if", "unless", "wenn", "falls", "sofern"})
_INVERTED = frozenset(
    {"had", "should", "were", "hätte", "hätten", "wäre", "wären", "sollte", "sollten"}
)
_INSTEAD = frozenset({"instead", "rather", "far", "statt", "anstatt", "anstelle"})
_NEVER = {
    "en": {"point", "way", "circumstance", "circumstances", "time", "account", "means"},
    "de": {"fall", "weise", "zeitpunkt", "umstand", "umständen"},
}
"""Nouns that with "no" or "kein" deny the whole clause: "at no point", "auf keinen Fall"."""
NOBODY = frozenset({"nobody", "none", "noone", "niemand", "keiner", "keine"})
_NEITHER = frozenset({"weder", "neither", "nor"})


def is_negated(predicate: Token, arguments: list[Token], lang: str) -> bool:
    """Say whether a predicate is denied by its own words or those of its arguments."""
    for child in predicate.children:
        if child.lower_ in _NOT[lang] and tree.base(child) in {"advmod", "cc", "neg"}:
            following = child.doc[child.i + 1 : child.i + 5].text
            if not _DENIES_NOTHING.match(following) and not _is_elliptical(child):
                return True
        if child.lower_ == "longer" and any(c.lower_ == "no" for c in child.children):
            return True
    marks = {m.lower_ for m in tree.children(predicate, "mark", "case", "advmod", "cc")}
    if marks & {"ohne", "without"} or (
        marks & _INSTEAD and tree.base(predicate) in {"advcl", "obl", "xcomp"}
    ):
        return True
    if any(s.lower_ in NOBODY for s in tree.children(predicate, "nsubj")):
        return True
    for child in predicate.children:
        if child.lemma_.lower() in _NEVER[lang] and any(_is_no(c, lang) for c in child.children):
            return True
    for word in [predicate, *arguments]:
        for child in word.children:
            relation = tree.base(child)
            # "weder A noch B" is read in many ways, but the words are sure.
            if child.lower_ in _NEITHER or (child.lower_ == "noch" and relation == "cc"):
                return True
            if relation in {"det", "advmod", "cc"} and _is_no(child, lang):
                return True
    return False


def is_lessened(predicate: Token, arguments: list[Token], lang: str) -> bool:
    """Say whether less is done than before, or fewer do it: "kauft weniger Öl".

    "Fewer than 100 soldiers" are some.
    """
    for word in [predicate, *arguments]:
        for child in word.children:
            if child.lower_ in _LESS[lang] and tree.base(child) in {"det", "amod", "advmod"}:
                following = child.nbor().lower_ if child.i + 1 < len(child.doc) else ""
                if following not in {"than", "als"}:
                    return True
    return False


def _is_elliptical(negation: Token) -> bool:
    """Say whether "nicht" denies another phrase: "..., Österreich nicht", "nicht X, sondern Y"."""
    doc = negation.doc
    if negation.lower_ not in {"nicht", "not"} or negation.i == 0:
        return False
    after = doc[negation.i + 1] if negation.i + 1 < len(doc) else negation
    if after.pos_ in {"PROPN", "NOUN", "DET", "ADP"} and coordination.has_contrast(negation):
        return True
    before = doc[negation.i - 1]
    phrase = doc[max(0, before.left_edge.i - 1) : before.i]
    return (
        after.is_punct and before.pos_ in {"PROPN", "NOUN"} and any(t.text == "," for t in phrase)
    )


def _is_no(word: Token, lang: str) -> bool:
    """Say whether a word is "no", "kein" or a form of it."""
    return word.lemma_.lower() in _NO[lang] or word.lower_.startswith("kein")


def is_conditional(predicate: Token) -> bool:
    """Say whether a clause depends on a condition: "if ...", "unless ...", "should ..."."""
    return any(
        is_inverted_condition(clause) or any(m.lower_ in _IF for m in clause.children)
        for clause in tree.children(predicate, "advcl")
    )


def is_awaited(clause: Token) -> bool:
    """Say whether a clause names what is waited for: "When X withdraws, Y will ..."."""
    marks = {m.lower_ for m in tree.children(clause, "mark", "advmod")}
    if not marks & {"when", "once", "until", "sobald", "wenn"} or tree.base(clause) != "advcl":
        return False
    if "when" in marks and tree.is_present(clause):
        return True  # "When X visits Y, it is usually to ..."
    above = {c.lower_ for c in tree.children(clause.head, "aux")}
    return bool(above & {"will", "'ll", "wird", "werden", "shall"})


def is_inverted_condition(clause: Token) -> bool:
    """Say whether a clause is a condition without "if": "Had X known, ..."."""
    first = min(clause.subtree, key=lambda t: t.i)
    return first.head in (clause, first) and first.lower_ in _INVERTED

"""Coordination: what belongs together, and what only looks as if it did."""

from __future__ import annotations

from spacy.tokens import Token

from kg.extract import tree
from kg.extract.tree import NOMINAL, VERBAL, base, feature, preposition

_AND = frozenset(
    {"und", "and", "oder", "or", "sowie", "&", "nor", "noch", "bzw", "bzw.", "/", "but", "sondern",
     "aber", "plus", "then", "sowohl", "wie", "as", "-", "–", "auch", "beziehungsweise"}
)  # fmt: skip
_NOT = frozenset({"not", "n't", "n’t"})


def conjuncts(token: Token) -> list[Token]:
    """Return a token and the tokens coordinated with it ("A, B und C"), in text order.

    What is coordinated with a name counts for the title before it as well:
    "President Putin and Chancellor Merz".
    """
    out = [token]
    for child in token.children:
        if child.dep_.startswith("conj"):
            if is_contrasted(child) and any(c.lower_ in _NOT for c in token.head.children):
                continue  # "did not bomb Lebanon but Syria"
            if child.pos_ in VERBAL or token.pos_ in VERBAL or is_coordinated(token, child):
                out.extend(conjuncts(child))
        elif base(child) in {"flat", "appos"} and child.i > token.i and child.pos_ == "PROPN":
            if not any(c.is_punct for c in token.doc[token.i : child.i]):
                out.extend(t for t in conjuncts(child) if t != child)
        elif base(child) == "compound" and child.i < token.i:
            # "US-Präsident Joe Biden und ...": the name is hung on "US".
            for name in tree.children(child, "appos", "flat"):
                if name.i == token.i + 1:
                    out.extend(t for t in conjuncts(name) if t != name)
    if len(out) > 1:
        # "Belarus, not Russia", "nicht Polen, sondern Ungarn"
        kept = [t for t in out if not is_ruled_out(t)]
        out = kept or out
    return sorted(out, key=lambda t: t.i)


def children(token: Token, *relations: str) -> list[Token]:
    """Return the children by relation, each with what is coordinated with it."""
    return [t for child in tree.children(token, *relations) for t in conjuncts(child)]


def is_ruled_out(token: Token) -> bool:
    """Say whether "not" stands with one of several: "nicht Polen, sondern Ungarn"."""
    if any(c.lower_ in {"not", "nicht"} for c in token.children):
        return True
    first = token.left_edge.i
    if first == 0 or token.doc[first - 1].lower_ not in {"not", "nicht"}:
        return False
    return has_contrast(token.doc[first - 1])


def is_contrasted(token: Token) -> bool:
    """Say whether a noun is what is so instead: "..., sondern Ungarn"."""
    words = {c.lower_ for c in tree.children(token, "cc")}
    return token.pos_ in NOMINAL and bool(words & {"sondern", "but"})


def has_contrast(negation: Token) -> bool:
    """Say whether "not" is followed by what is so instead: "nicht ..., sondern ..."."""
    word = {"not": "but", "nicht": "sondern"}.get(negation.lower_)
    return any(t.lower_ == word for t in negation.doc[negation.i : negation.sent.end])


def is_coordinated(first: Token, second: Token) -> bool:
    """Tell coordination from gapping and from the subject of the next clause.

    "unterstützt Aserbaidschan, Armenien dagegen der Iran" names no two objects, nor does
    "Germany's support for Israel and Russia's for Iran".
    """
    if is_next_subject(second) or _is_gapped(first, second):
        return False
    for other in tree.children(first, "conj"):
        if any(
            c.i == other.i + 1 and c.ent_iob_ == "B" for c in tree.children(other, "appos", "flat")
        ):
            return False  # "unterstützen die Ukraine, Ungarn und die Slowakei Russland"
    last = max([c for c in first.subtree if c.dep_.startswith("conj")], key=lambda t: t.i)
    if not any(t.lower_ in _AND for t in first.doc[first.i : last.i]):
        return False
    own, theirs = preposition(first), preposition(second)
    if own and theirs and own != theirs:
        return False
    possessive = [any(c.lower_ in {"'s", "’s"} for c in t.children) for t in (first, second)]
    return possessive != [False, True] or first.dep_ == "nmod:poss"


def _is_gapped(first: Token, second: Token) -> bool:
    """Say whether an English "conjunct" has a noun phrase of its own behind it.

    "France recognised Palestine and Germany Israel", "freed 20 hostages and Israel 200 prisoners"
    """
    doc = first.doc
    if doc.user_data.get("lang") != "en" or first.dep_ != "obj" or second.pos_ != "PROPN":
        return False
    name = [second, *tree.children(second, "flat", "compound")]
    end = max(t.i for t in name) + 1
    if end >= len(doc) or (doc[end].ent_type_ == "" and doc[end].pos_ == "PROPN"):
        return False
    objects = tree.children(first.head, "obj")
    behind = [o for o in [*objects, *first.children] if o.i > end - 1 and o != second]
    return doc[end].pos_ in {"DET", "PROPN", "NUM", "ADV"} and any(
        o.pos_ in NOMINAL and base(o) in {"obj", "conj"} and doc[end] in o.subtree for o in behind
    )


def is_next_subject(noun: Token) -> bool:
    """Say whether a "conjunct" begins the next clause: "bombed Iraq and Syria protested"."""
    after = noun.doc[noun.right_edge.i + 1] if noun.right_edge.i + 1 < len(noun.doc) else noun
    # An adjective with an object is a verb that the tagger missed.
    verbal = after.pos_ in VERBAL or (after.pos_ == "ADJ" and tree.children(after, "obj"))
    if not verbal or not noun.dep_.startswith("conj"):
        return False
    verb = after.head if base(after) in {"aux", "cop"} else after
    loose = verb.dep_ == "xcomp" and tree.children(verb, "obj") and not tree.children(verb, "mark")
    if not (verb.dep_.startswith("conj") or loose) or not verb.head.is_ancestor(noun):
        return False
    if loose:
        return True  # "invaded Ukraine and Poland armed itself"
    return not tree.children(verb, "nsubj", "cc") and feature(after, "VerbForm") in {"Fin", ""}

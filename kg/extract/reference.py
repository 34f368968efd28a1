"""What a pronoun can mean: agreement with a noun and with an entity."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from kg.extract import coordination, tree
from kg.extract.lexicon import Lexicon
from kg.extract.predicates import verb_effect
from kg.types import Entity

PERSONS = frozenset({"er", "he", "ihn", "ihm", "him", "she", "her"})
"""Pronouns that mean one person where nothing else is said."""
PERSONAL = PERSONS | {"es", "sie", "it", "they", "them"}
POSSESSIVES = frozenset({"his", "her", "its", "their"})


def speakers(pronoun: Token, lexicon: Lexicon) -> Iterator[Token]:
    """Yield the subjects of the verbs of saying above a pronoun's clause, innermost first."""
    at = tree.clause_of(pronoun)
    while at.head != at:
        above = at.head
        if tree.base(at) == "ccomp" and above.pos_ in tree.VERBAL:
            if verb_effect(above, lexicon) in {"says", "denies"}:
                for subject in tree.children(above, "nsubj"):
                    if len(coordination.conjuncts(subject)) == 1:
                        yield subject
        if tree.base(at) not in {"ccomp", "xcomp", "conj"}:
            return
        at = above


def agree(pronoun: Token, noun: Token) -> bool:
    """Say whether number and gender of a pronoun can be those of a noun."""
    number, gender = tree.feature(noun, "Number"), tree.feature(noun, "Gender")
    word = pronoun.lower_
    if word in {"they", "them", "their"}:
        return number == "Plur"
    if word in {"it", "its"}:
        # "The United States said it would ..."
        return number != "Plur" or noun.pos_ == "PROPN"
    if word in {"he", "him", "his", "she", "her"}:
        return number != "Plur"
    if word.startswith("ihr") or word == "sie":
        return number == "Plur" or gender == "Fem"
    if word == "er":
        return number != "Plur" and gender in {"Masc", ""}
    if word == "es":
        return number != "Plur" and gender in {"Neut", ""}
    return number != "Plur" and gender in {"Masc", "Neut", ""}


def fits(pronoun: Token, entity: Entity) -> bool:
    """Say whether an English pronoun can mean an entity of this class."""
    if pronoun.lower_ in {"he", "him", "his", "she", "her"}:
        return entity.cls == "Person"
    return not (pronoun.lower_ in {"it", "its"} and entity.cls == "Person")

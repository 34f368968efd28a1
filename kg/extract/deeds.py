"""What a sentence says of a deed that a noun names: "an attack is off the table"."""

from __future__ import annotations

from spacy.tokens import Token

from kg.extract import tree
from kg.extract.lexicon import Effect, Lexicon

_INDEFINITE = frozenset({"a", "an", "any", "every", "another"})
_BACKGROUND = frozenset(
    {"wegen", "trotz", "seit", "aufgrund", "infolge", "angesichts", "since", "because of",
     "despite", "amid", "following"}
)  # fmt: skip
"""Prepositions whose noun is a fact, whatever becomes of the clause around them."""
_AFTER = frozenset({"nach", "after"})
_ABOUT = frozenset({"über", "about", "over"})
_IRREALIS = frozenset({"would", "'d", "würde", "würden", "wäre", "wären"})
_BE = frozenset({"sein", "bleiben", "be", "remain"})


def phrase_effect(noun: Token, above: Token, lexicon: Lexicon) -> Effect | None:
    """Return what a set phrase makes of a noun: "is off the table", "liegt in weiter Ferne"."""
    words = tree.children(above, "obl", "nmod", "xcomp", "obj", "advcl", "advmod")
    if tree.base(noun) == "nsubj":
        words = [above, *words]
    for word in words:
        if word != noun and word.pos_ in {"NOUN", "ADV", "ADJ", "PROPN"}:
            phrase = f"{tree.preposition(word)} {word.lemma_.lower()}".strip()
            if found := lexicon.operators.get((phrase, "I")):
                return found
    return None


def effect_with(noun: Token, above: Token, lexicon: Lexicon) -> Effect | None:
    """Return what a word makes of the noun after its preposition: "tritt ein für", "Streit über".

    The word alone may mean something else: "setzt Soldaten ein".
    """
    name = tree.preposition(noun)
    if not name:
        return None
    if above.pos_ in tree.VERBAL:
        lemma = tree.verb_lemma(above, lexicon.verbs)
        if found := lexicon.operators.get((f"{lemma} {name}", "V")):
            return found
        # "hat kein Interesse an Gesprächen": the phrase is hung on the verb.
        for thing in tree.children(above, "obj"):
            if found := lexicon.operators.get((f"{thing.lemma_.lower()} {name}", "N")):
                return found
        return None
    return lexicon.operators.get((f"{above.lemma_.lower()} {name}", "N"))


def is_indefinite(noun: Token) -> bool:
    """Say whether a noun has the indefinite article: "an attack", "ein Angriff"."""
    return any(
        d.lower_ in _INDEFINITE or d.lower_.startswith("ein") for d in tree.children(noun, "det")
    )


def is_imagined(noun: Token, above: Token) -> bool:
    """Say whether a deed is only spoken about: "An attack on Poland is a nightmare"."""
    forms = [above, *tree.children(above, "cop", "aux")]
    if tree.base(noun) != "nsubj" or not is_indefinite(noun):
        return False
    if not tree.children(above, "cop") and above.lemma_.lower() not in _BE:
        return False
    return is_irreal(above) or any(tree.is_present(t) for t in forms)


def is_irreal(clause: Token) -> bool:
    """Say whether a clause stands in the conditional: "an attack would trigger Article 5"."""
    return any(t.lower_ in _IRREALIS for t in [clause, *tree.children(clause, "aux", "cop")])


def is_presupposed(noun: Token, lexicon: Lexicon) -> bool:
    """Say whether a deed is a fact whatever is willed or said of it.

    "After the attack on X, Y will send tanks", "Trump wants to end the war against X": what is
    to come is something else. A deed with "a" may be still to come as well.
    """
    if noun.pos_ not in tree.NOMINAL or is_indefinite(noun):
        return False
    blow = lexicon.is_a(noun.lemma_, lexicon.words("attack"))
    if tree.base(noun) in {"nsubj", "obj"} and blow:
        lemma = tree.verb_lemma(noun.head, lexicon.verbs | lexicon.words("lasting"))
        return lemma in lexicon.words("lasting")
    name = tree.preposition(noun)
    if blow and name in _ABOUT:
        return True  # "Streit über den Krieg"
    return tree.base(noun) == "obl" and (name in _BACKGROUND or (blow and name in _AFTER))


def is_told(predicate: Token, lexicon: Lexicon) -> bool:
    """Say whether it happens in a story or a game: "In the war game, X invaded Y"."""
    fiction = lexicon.words("fiction")
    for child in tree.children(predicate, "obl"):
        names = [f"{c.lemma_} {child.lemma_}" for c in tree.children(child, "compound")]
        of = any(tree.preposition(c) in {"of", "von"} for c in tree.children(child, "nmod"))
        if tree.preposition(child) == "in" and not of:  # not "in a series of raids"
            if any(lexicon.is_a(name, fiction) for name in [child.lemma_, *names]):
                return True
    return False


def is_told_of(clause: Token, lexicon: Lexicon) -> bool:
    """Say whether a clause tells what is in a story, a drill, or a text that was not adopted.

    "An exercise based on an invasion of X", "vetoed a resolution in which Y condemns X".
    """
    noun = clause.head
    if tree.base(clause) == "advcl" and clause.i and tree.feature(clause, "VerbForm") == "Part":
        before = clause.doc[clause.i - 1]
        return before.pos_ == "NOUN" and lexicon.is_a(before.lemma_, lexicon.words("fiction"))
    if tree.base(clause) != "acl" or noun.pos_ != "NOUN" or clause.i < noun.i:
        return False
    if clause.dep_ != "acl:relcl":
        return lexicon.is_a(noun.lemma_, lexicon.words("fiction"))
    inside = [t for t in tree.children(clause, "obl") if t.pos_ == "PRON"]
    text = lexicon.is_a(noun.lemma_, lexicon.words("utterances"))
    uttered = lexicon.is_a(noun.head.lemma_, lexicon.words("uttering"))
    return bool(inside) and text and not uttered

"""Which German noun phrase is subject, object and dative: articles are surer than the parser.

German word order is free ("Den Präsidenten empfing der Kanzler", "Der Regierung half der
Iran"), so a small parser often confuses the roles. Articles rule many readings out.
"""

from __future__ import annotations

import re
from itertools import product

from spacy.tokens import Token

from kg.extract import tree

_NEEDS = {"subj": "Nom", "obj": "Acc", "dat": "Dat"}
_ALL = frozenset({"Nom", "Acc", "Dat"})
_PRONOUNS = {
    "er": {"Nom"}, "ich": {"Nom"}, "wir": {"Nom"}, "wer": {"Nom"}, "ihn": {"Acc"}, "wen": {"Acc"},
    "ihm": {"Dat"}, "ihnen": {"Dat"}, "wem": {"Dat"}, "sie": {"Nom", "Acc"}, "es": {"Nom", "Acc"},
}  # fmt: skip
_FEMININE = re.compile(r"(ung|heit|keit|schaft|ion|tät|ie|ik|enz|anz|ei)$")
_MASCULINE_NAMES = frozenset(
    {"balkan", "donbass", "gazastreifen", "irak", "iran", "jemen", "kaukasus", "kongo", "kosovo",
     "kreml", "libanon", "niger", "oman", "sudan", "südsudan", "tschad", "vatikan"}
)  # fmt: skip
"""Names with "der"."""
_PLURAL_NAMES = frozenset({"usa", "emirate", "niederlande", "philippinen", "staaten", "malediven"})
_TIME = re.compile(r"(tag|nacht|abend|morgen|mittag|woche|monat|jahr)s?$")
_RECEIVING = frozenset({"bekommen", "kriegen", "erhalten"})
_INSTEAD = frozenset({"statt", "anstatt", "außer", "anstelle"})
_NO_ARGUMENTS = frozenset({"sich", "einander"})


def roles(verb: Token, passive: bool, feminine: frozenset[str]) -> dict[int, str]:
    """Return the roles of the noun phrases around a verb that its tree has wrong.

    Args:
        verb: the verb.
        passive: whether it stands in the passive.
        feminine: names that have the article "die" ("ukraine").

    Returns:
        By token index ``subj``, ``obj`` or ``dat`` for every bare noun phrase of the verb, and
        datives that hang on a neighbour; empty where the tree may stand.
    """
    strays = [s for c in verb.children for s in _stray_datives(c, feminine)]
    told = {s.i: "dat" for s in strays[:1]}
    phrases = [c for c in verb.children if _is_bare(c)]
    phrases += [n for c in verb.children for n in _stray_names(c)]
    own = {c.i: _own_role(c) for c in phrases}
    if passive or not 1 <= len(phrases) <= 3:
        return told
    finite = _needs_subject(verb) and not any(
        c.dep_ == "nsubj" and c not in phrases and not is_replaced(c) for c in verb.children
    )
    objects = [c for c in phrases if own[c.i] == "obj"]
    objects = objects if len(objects) == 2 else [verb]
    number = _number(verb)
    wrong = [c for c in phrases if own[c.i] == "subj" and _disagrees(c, number, feminine)]
    if len(set(own.values())) == len(own) and ("subj" in own.values() or not finite):
        if not wrong and all(own[c.i] and _NEEDS[own[c.i]] in _cases(c, feminine) for c in phrases):
            return told
    best: tuple[float, dict[int, str]] | None = None
    for choice in product(_NEEDS, repeat=len(phrases)):
        if len(set(choice)) < len(choice) or ("dat" in choice and told):
            continue
        if any(_NEEDS[r] not in _cases(c, feminine) for c, r in zip(phrases, choice, strict=True)):
            continue
        score = 0.0 if "subj" in choice or not finite else -3.0
        for phrase, role in zip(phrases, choice, strict=True):
            score += 1.5 * (own[phrase.i] == role)
            # Of two objects the first is the dative: "hat Polen Panzer verkauft".
            score += 1.25 * (role == "dat" and own[phrase.i] == "obj" and phrase == objects[0])
            score += tree.feature(phrase, "Case") == _NEEDS[role]
        if "subj" in choice:
            acting = phrases[choice.index("subj")]
            score += 0.5 * (acting == phrases[0]) - 6.0 * _disagrees(acting, number, feminine)
        if best is None or score > best[0]:
            best = score, {c.i: r for c, r in zip(phrases, choice, strict=True)}
    return told if best is None else {**told, **best[1]}


def is_replaced(noun: Token) -> bool:
    """Say whether somebody else is meant: "Statt Russland verurteilte X Israel"."""
    first = noun.left_edge
    words = {first.lower_}
    if first.i > noun.sent.start:
        words.add(noun.doc[first.i - 1].lower_)
    return bool(words & _INSTEAD) and not tree.is_infinite(noun.head)


def _is_bare(child: Token) -> bool:
    if tree.base(child) not in {"nsubj", "obj", "iobj"} and child.dep_ not in {"obl:arg", "obl"}:
        return False
    if child.dep_ == "obl" and (_TIME.search(child.lower_) or child.pos_ not in {"NOUN", "PROPN"}):
        return False
    first = child.left_edge
    before = child.doc[first.i - 1] if first.i else first
    if is_replaced(child) or {before.lower_, first.lower_} & {"ende", "anfang", "mitte"}:
        return False
    return (
        child.pos_ in tree.NOMINAL
        and child.lower_ not in _NO_ARGUMENTS
        and not tree.preposition(child)
        and tree.antecedent(child) is None
        and not any(c.lower_ == "als" for c in child.children)
    )


def _number(verb: Token) -> str:
    finite = [t for t in tree.verb_forms(verb) if tree.feature(t, "VerbForm") == "Fin"]
    number = tree.feature(finite[0], "Number") if finite else ""
    # The tagger errs; every third person of the plural ends in -n, or is "sind".
    if number == "Plur" and not finite[0].lower_.endswith(("n", "sind")):
        return "Sing"
    return number


def _disagrees(phrase: Token, number: str, feminine: frozenset[str]) -> bool:
    """Say whether a phrase cannot be the subject of a verb in the singular or plural.

    A plural noun, or name with "die", is none of a singular verb; a lone name that is surely
    in the singular is none of a plural verb.
    """
    plural = _is_plural(phrase, feminine)
    named = phrase.lower_ in _PLURAL_NAMES
    article = any(c.lower_ == "die" for c in tree.children(phrase, "det"))
    if number == "Plur":
        several = {"conj", "cc", "appos", "nummod", "punct", "flat", "nmod"}
        if phrase.pos_ != "PROPN" or plural or named or phrase.lower_.endswith("s"):
            return False
        if article and phrase.lower_ not in feminine:
            return False
        return not any(tree.base(t) in several for t in phrase.subtree if t != phrase)
    counted = bool(tree.children(phrase, "nummod"))
    if number != "Sing":
        return False
    return (plural and (phrase.pos_ == "NOUN" or counted)) or ((plural or named) and article)


def _is_plural(phrase: Token, feminine: frozenset[str]) -> bool:
    """Say whether a phrase is in the plural; "die Ukraine", "der Jemen" are not, however tagged."""
    one = phrase.lower_ in feminine or phrase.lower_ in _MASCULINE_NAMES
    return not one and tree.feature(phrase, "Number") == "Plur"


def _stray_names(holder: Token) -> list[Token]:
    """Return names hung on the place or time before them: "trifft in Paris Macron"."""
    if tree.base(holder) != "obl":
        return []
    return [
        c
        for c in tree.children(holder, "flat", "appos")
        if c.ent_iob_ == "B"
        and c.i > holder.i
        and ((holder.ent_type_ and holder.ent_type_ != c.ent_type_) or _TIME.search(holder.lower_))
    ]


def _own_role(child: Token) -> str:
    if tree.base(child) in {"flat", "appos"} or child.dep_ == "obl":
        return ""
    if tree.base(child) == "nsubj":
        return "subj"
    if tree.base(child) == "obj" and tree.feature(child, "Case") != "Dat":
        return "obj"
    return "dat"


def _cases(phrase: Token, feminine: frozenset[str]) -> frozenset[str]:
    """Return the cases that the form of a phrase allows."""
    if phrase.pos_ == "PRON":
        return frozenset(_PRONOUNS.get(phrase.lower_, _ALL))
    # "den Präsidenten Erdogan" is one, whatever the ending.
    person = any(c.ent_type_ == "PER" and c.i > phrase.i for c in tree.children(phrase, "appos"))
    plural = _is_plural(phrase, feminine) and not person
    gender = tree.feature(phrase, "Gender")
    if phrase.lower_ in feminine or (phrase.pos_ == "NOUN" and _FEMININE.search(phrase.lower_)):
        gender = "Fem"
    names = {c.i for c in tree.children(phrase, "compound") if c.lower_ in feminine}
    for child in tree.children(phrase, "det"):
        if child.i + 1 in names:
            continue  # "der Ukraine Panzer": the article is the name's
        word = child.lower_
        if word.endswith("em"):
            return frozenset({"Dat"})
        if word == "den" or (word.endswith("en") and word not in {"beiden", "vielen"}):
            # The dative plural of nouns ends in -n: "den Staaten", but "seinen Botschafter".
            if phrase.pos_ == "PROPN" and (plural or phrase.lower_ in _PLURAL_NAMES):
                return frozenset({"Dat"})
            return frozenset({"Dat"} if plural and phrase.lower_[-1] in "ns" else {"Acc"})
        if word in {"der", "dieser", "jener", "jeder"}:
            # No subject or object in the plural has "der", and no neuter: there the tagger errs.
            return {"Fem": frozenset({"Dat"}), "Masc": frozenset({"Nom"})}.get(
                gender, frozenset({"Nom", "Dat"})
            )
        if word in {"einer", "keiner", "seiner", "ihrer", "unserer"}:
            return frozenset({"Dat"})
        if word in {"die", "das", "ein", "eine", "diese", "dieses", "kein", "keine"}:
            return frozenset({"Nom", "Acc"})
    return _ALL


def _needs_subject(verb: Token) -> bool:
    """Say whether a verb must have a subject of its own: a finite one that borrows none."""
    if tree.base(verb) in {"conj", "xcomp", "acl", "amod"} or tree.children(verb, "csubj", "expl"):
        return False
    forms = tree.verb_forms(verb)
    if any(tree.feature(t, "Mood") == "Imp" for t in forms):
        return False
    marks = {m.lower_ for m in tree.children(verb, "mark")}
    return "zu" not in marks and any(tree.feature(t, "VerbForm") == "Fin" for t in forms)


def _stray_datives(holder: Token, feminine: frozenset[str]) -> list[Token]:
    """Return datives that hang on a neighbour: "liefert der Ukraine Munition".

    A genitive with an article follows its noun, and names of states and days have none.
    """
    if tree.base(holder) not in {"nsubj", "obj", "obl"}:
        return []
    # "hat der Ukraine Panzer geliefert", read as Ukraine tanks: no object begins with "der".
    articles = {d.i for d in tree.children(holder, "det") if d.lower_ == "der"}
    joined = [
        c
        for c in tree.children(holder, "compound")
        if tree.base(holder) == "obj" and c.lower_ in feminine and c.i - 1 in articles
    ]
    return joined + [
        c
        for c in tree.children(holder, "nmod")
        if (c.i < holder.i or holder.pos_ == "PROPN")
        and not tree.preposition(c)
        and "Dat" in _cases(c, feminine)
        and tree.children(c, "det")
    ]


def receiver(verb: Token) -> dict[str, list[Token]]:
    """Return dative and agent of a passive with "bekommen": "X bekommt von Y Panzer geliefert"."""
    for helper in tree.children(verb, "aux", "aux:pass"):
        if helper.lemma_ not in _RECEIVING or tree.feature(verb, "VerbForm") != "Part":
            continue
        near = [*verb.children, *helper.children]
        subjects = [c for c in near if tree.base(c) == "nsubj"]
        givers = [c for c in near if tree.base(c) == "obl" and tree.preposition(c) == "von"]
        if subjects:
            givers = [g for g in givers if g.ent_type_ or g.pos_ == "PROPN"]
            return {"dat": subjects, "subj": givers}
    return {}

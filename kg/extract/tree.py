"""Reading a Universal Dependencies tree: clauses, voice, tense, prepositions."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from spacy.tokens import Token

from kg.parse.lemma import SEPARABLE, infinitive

NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM", "X", "DET", "SYM"})
VERBAL = frozenset({"VERB", "AUX"})
CLAUSAL = frozenset(
    {"ROOT", "root", "ccomp", "xcomp", "advcl", "acl", "parataxis", "conj", "csubj", "dep"}
)

_NO_PREPOSITION = frozenset({"'s", "’s", "'", "weder", "sowohl", "neither", "either", "both"})
_PASSIVE_HELPERS = frozenset({"werden", "be", "get", "bekommen", "sein"})
_CONTRACTED = {
    "zum": "zu", "zur": "zu", "im": "in", "ins": "in", "am": "an", "ans": "an", "vom": "von",
    "beim": "bei", "aufs": "auf", "fürs": "für", "durchs": "durch", "ums": "um", "übers": "über",
}  # fmt: skip
_COMPLEX = frozenset(
    {"according to", "because of", "instead of", "out of", "due to", "ahead of", "along with",
     "together with", "as for"}
)  # fmt: skip
_PREFIXED = re.compile(rf"^({SEPARABLE.replace(' ', '|')})zu(\w+)$")


def base(token: Token) -> str:
    """Return the relation of a token to its head, without subtype."""
    if token.dep_ == "dep" and token.pos_ == "ADJ" and token.i + 1 == token.head.i:
        return "amod"  # One treebank leaves adjectives unnamed: "Polnische Landwirte".
    return token.dep_.partition(":")[0]


def children(token: Token, *relations: str) -> list[Token]:
    """Return the children by relation; a relation without subtype matches all its subtypes."""
    return [c for c in token.children if c.dep_ in relations or base(c) in relations]


def is_before_its_clause(token: Token) -> bool:
    """Say whether an English noun stands before the words that begin the clause it is hung in.

    In "accused the US of violating ...", "the US" is no object of "violating", and in "attacked
    Israel and Jordan shot down drones" Israel none of "shot", whatever the parser says.
    """
    clause = token.head
    if token.i > clause.i or token.dep_ != "obj" or token.doc.user_data.get("lang") != "en":
        return False
    if clause.dep_ == "xcomp" and clause.head.i < token.i and token.pos_ in {"NOUN", "PROPN"}:
        return True
    return any(token.i < m.i < clause.i for m in children(clause, "mark"))


def feature(token: Token, name: str) -> str:
    """Return the value of a morphological feature, "" if there is none."""
    values = token.morph.get(name, [])
    return values[0] if values else ""


def preposition(token: Token) -> str:
    """Return the preposition of a noun phrase in its basic form, "" if there is none.

    The parts of a complex preposition are joined: "according to".
    """
    cases = [c for c in token.children if base(c) == "case" and c.lower_ not in _NO_PREPOSITION]
    if len(cases) == 1 and (is_up_to(cases[0]) or is_particle(cases[0])):
        return ""
    if not cases:
        stray = _stray_preposition(token)
        if stray is None:
            return ""
        cases = [stray]
    first = min(cases, key=lambda c: c.i)
    words = [first, *(c for c in first.children if base(c) == "fixed")]
    words += [c for c in cases if c.i == first.i + 1 and f"{first.lower_} {c.lower_}" in _COMPLEX]
    text = " ".join(w.lower_ for w in sorted(words, key=lambda c: c.i))
    return _CONTRACTED.get(text, text)


def with_fixed(word: Token) -> str:
    """Return a conjunction with the words that belong to it: "as if"."""
    words = sorted([word, *children(word, "fixed")], key=lambda t: t.i)
    return " ".join(t.lower_ for t in words)


def is_to_be(predicate: Token) -> Token | None:
    """Return the "be" of an English verb with "is to", "was due to": what is planned."""
    if predicate.doc.user_data.get("lang") != "en":
        return None
    marks = [m for m in children(predicate, "mark") if m.lower_ in {"to", "due"}]
    verbs = [a for a in children(predicate, "aux", "cop") if a.lemma_ == "be"]
    return next((v for v in verbs if any(0 < m.i - v.i <= 3 for m in marks)), None)


_STRONG_PAST = re.compile(
    r"(bat|trat|hielt|riet|bot|stritt|litt|schritt|ritt|tat|galt|glitt|hatte|konnte|wollte)$"
)


def verb_forms(verb: Token) -> list[Token]:
    """Return a verb and its auxiliaries."""
    return [verb, *children(verb, "aux")]


def is_past(verb: Token) -> bool:
    """Say whether a verb tells what is over: in the past tense or with "have", "haben"."""
    helpers = children(verb, "aux")
    if any(t.lemma_.lower() in {"have", "haben"} for t in helpers):
        return True
    return any(feature(t, "Tense") == "Past" and not is_present(t) for t in verb_forms(verb))


def is_present(verb: Token) -> bool:
    """Say whether a finite verb form is the present tense.

    German forms tell it better than the tagger: "besucht", but "besuchte", "trat".
    """
    if verb.doc.user_data.get("lang") != "de":
        return feature(verb, "Tense") == "Pres"
    word = verb.lower_
    if feature(verb, "VerbForm") != "Fin" or _STRONG_PAST.search(word):
        return False
    plural = word.endswith("n") and verb.lemma_.lower().endswith(word)
    return plural or (word.endswith("t") and not word.endswith("tet")) or word in {"ist", "wird"}


def is_particle(word: Token) -> bool:
    """Say whether an English "preposition" belongs to the verb: "handed over howitzers"."""
    verb = word.doc[word.i - 1] if word.i else word
    return (
        word.doc.user_data.get("lang") == "en"
        and word.lower_ in {"over", "off", "out", "down", "back"}
        and word.head.dep_ == "obj"
        and word.head.head == verb
    )


def is_up_to(word: Token) -> bool:
    """Say whether a word is of "up to 16 advisers", which is a quantity, not a direction."""
    doc = word.doc
    at = word.i - 1 if word.lower_ == "to" else word.i
    if at < 0 or at + 2 >= len(doc) or doc[at].lower_ != "up" or doc[at + 1].lower_ != "to":
        return False
    return doc[at + 2].pos_ == "NUM" or doc[at + 2].like_num


def _stray_preposition(noun: Token) -> Token | None:
    """Return the preposition before the article of a noun that hangs inside the noun's modifier.

    "in die an die Ukraine grenzende Region": an article follows its own
    preposition, so "in" is the region's whatever the parser says.
    """
    if noun.doc.user_data.get("lang") != "de":
        # "from neighboring Lebanon": "from" is hung on the participle.
        near = [g for c in children(noun, "amod") for g in c.lefts if g.i == c.i - 1]
        return next((g for g in near if g.pos_ == "ADP"), None)
    for child in noun.lefts:
        if base(child) == "det" and child.i > 0:
            before = noun.doc[child.i - 1]
            if before.pos_ == "ADP" and base(before) == "case" and noun.is_ancestor(before):
                return before
    return None


def is_passive(verb: Token) -> bool:
    """Say whether a verb stands in the passive, with or without auxiliary."""
    helpers = {c.lemma_.lower() for c in children(verb, "aux")}
    if helpers & {"haben", "have"} and not helpers & _PASSIVE_HELPERS:
        return False
    if any(c.dep_.endswith(":pass") for c in verb.children):
        return True
    if feature(verb, "Voice") == "Pass":
        # The tagger errs with "confirmed", "said"; a plain subject is the better witness.
        return not any(c.dep_ == "nsubj" for c in verb.children)
    return is_participle_modifier(verb) and not is_active_participle(verb)


def is_participle_modifier(token: Token) -> bool:
    """Say whether a token is a participle that modifies a noun."""
    if token.dep_ not in {"acl", "amod"} or children(token, "nsubj"):
        return False
    return feature(token, "VerbForm") in {"Part", "Ger"} or token.pos_ in {"VERB", "ADJ"}


def is_infinite(verb: Token) -> bool:
    """Say whether a verb is an infinitive with "zu"/"to" or an English form in -ing."""
    if feature(verb, "VerbForm") in {"Inf", "Ger"} or "to" in {
        m.lower_ for m in children(verb, "mark")
    }:
        return True
    if verb.doc.user_data.get("lang") != "en":
        return False
    forms = [verb, *children(verb, "aux")[:1]]  # "having supplied"
    return any(t.lower_.endswith("ing") and t.lower_ != "being" for t in forms[-1:])


def is_mandative(verb: Token) -> bool:
    """Say whether an English verb stands in the subjunctive of demands: "that Israel withdraw"."""
    if verb.doc.user_data.get("lang") != "en":
        return False
    helpers = children(verb, "aux", "aux:pass", "cop")
    if [h.lower_ for h in helpers] == ["be"]:
        return True  # "that the hostages be released"
    one = any(
        feature(s, "Number") == "Sing" and not children(s, "conj")
        for s in children(verb, "nsubj")
        if s.pos_ != "PRON" or s.lower_ in {"he", "she", "it"}
    )
    return (
        one
        and not helpers
        and feature(verb, "Tense") != "Past"
        and verb.lower_ == verb.lemma_.lower()
    )


def is_active_participle(token: Token) -> bool:
    """Say whether a participle is of the kind "angreifend", "attacking"."""
    lang = token.doc.user_data.get("lang")
    if lang == "de":
        return bool(re.search(r"end(e[nmrs]?)?$", token.lower_))
    return token.lower_.endswith("ing")


def verb_lemma(verb: Token, known: Collection[str]) -> str:
    """Return the dictionary form of a verb with its particle ("warf ... vor" -> "vorwerfen").

    ``known`` are the verbs of the lexicon; it decides between the readings of
    a form whose lemma is not certain.
    """
    particles = [c.lower_ for c in sorted(children(verb, "compound"), key=lambda c: c.i)
                 if c.dep_ == "compound:prt" and not is_up_to(c)]  # fmt: skip
    german = verb.doc.user_data.get("lang") == "de"
    if not german and not particles:
        # "turned the offer down": a particle is often read as an adverb.
        for child in verb.children:
            phrasal = f"{verb.lemma_.lower()} {child.lower_}"
            if base(child) in {"advmod", "case", "xcomp"} and child.i > verb.i and phrasal in known:
                return phrasal
        # "handed over 700 prisoners": "over" is often hung on the number.
        after = verb.doc[verb.i + 1] if verb.i + 1 < len(verb.doc) else verb
        phrasal = f"{verb.lemma_.lower()} {after.lower_}"
        if phrasal in known and (is_particle(after) or after.head.pos_ == "NUM"):
            return phrasal
    for lemma in _lemma_candidates(verb, german):
        lemma = _with_particle(lemma, particles, german)
        if lemma in known:
            return lemma
    return _with_particle(verb.lemma_.lower(), particles, german)


def _with_particle(lemma: str, particles: list[str], german: bool) -> str:
    if not particles:
        return lemma
    return particles[0] + lemma if german else f"{lemma} {particles[0]}"


def _lemma_candidates(verb: Token, german: bool) -> Iterator[str]:
    lemma, form = verb.lemma_.lower(), verb.lower_
    yield lemma
    if not german:
        if match := re.match(r"(\w+?)(ing|ed)$", form):
            stem = match[1]
            yield from (stem, stem + "e", stem[:-1] if stem[-1:] == stem[-2:-1] else stem)
        return
    for word in (lemma, form):
        if match := _PREFIXED.match(word):
            yield match[1] + match[2]
    stem = re.sub(r"e[nmrs]?$", "", form) if verb.dep_ == "amod" else form
    if stem.endswith("end"):
        yield stem[:-1]
    if found := infinitive(stem):
        yield found
    yield form  # simplemma takes "abberufen" for a form of "abrufen"


def is_subjunctive(verb: Token) -> bool:
    """Say whether a German verb form is Konjunktiv I, the mood of reported speech.

    In the third person its form is the infinitive less "n" ("er liefere"),
    which no indicative shares.
    """
    if verb.lower_ in {"sei", "seien"}:
        return True
    if verb.pos_ not in VERBAL or feature(verb, "VerbForm") in {"Inf", "Part"}:
        return False
    subjects = children(verb, "nsubj") or children(verb.head, "nsubj")
    if any(s.lower_ == "ich" for s in subjects):
        return False
    return verb.lower_ == verb.lemma_.lower()[:-1] and verb.lower_.endswith("e")


def is_reflexive(verb: Token) -> bool:
    """Say whether a verb has a reflexive or reciprocal pronoun as its own."""
    return any(
        c.lower_ in {"sich", "themselves", "itself"} or c.dep_ == "expl:pv" for c in verb.children
    )


def reciprocal_slots(verb: Token) -> frozenset[str]:
    """Return the slots in which those who act stand for each other, none for most verbs.

    "einander" and "each other" are objects, "miteinander" and "with each other" fill "mit", "with".
    """
    for word in verb.children:
        if base(word) not in {"obj", "iobj", "obl", "advmod"}:
            continue
        other = word.lower_ == "other" and any(c.lower_ == "each" for c in word.children)
        if other or {"each other", "one another", "other each", "einander"} & {with_fixed(word)}:
            name = preposition(word)
            return frozenset({name}) if name else frozenset({"obj", "dat"})
        if word.lower_.endswith("einander"):
            return frozenset({word.lower_.removesuffix("einander")})
    return frozenset()


def antecedent(pronoun: Token) -> Token | None:
    """Return the noun that a relative pronoun stands for, or None."""
    if feature(pronoun, "PronType") not in {"Rel", "Int,Rel"} and pronoun.lower_ not in {
        "der", "die", "das", "dem", "den", "deren", "dessen", "denen", "who", "which", "that",
        "whom", "whose", "welche", "welcher", "welches",
    }:  # fmt: skip
        return None
    if pronoun.pos_ not in {"PRON", "DET"}:
        return None
    for ancestor in pronoun.ancestors:
        if ancestor.dep_.startswith("acl") or ancestor.dep_ == "advcl:relcl":
            return _described(ancestor.head, pronoun) if ancestor.head.i < pronoun.i else None
        if ancestor.dep_ == "advcl" and (children(pronoun, "case") or base(pronoun) == "nmod"):
            # "to join BRICS, of which Russia is a member", hung on "join"
            before = ancestor.left_edge.i - 1
            while before > pronoun.sent.start and pronoun.doc[before].is_punct:
                before -= 1
            noun = pronoun.doc[before]
            return noun if noun.pos_ in {"NOUN", "PROPN"} and noun.i < pronoun.i else None
        if ancestor.pos_ in VERBAL and not ancestor.dep_.startswith(("conj", "xcomp", "ccomp")):
            return None
    return None


def _described(noun: Token, pronoun: Token) -> Token:
    """Return what a relative clause describes: never a name that no comma parts from it.

    "resolutions of the Security Council which Russia supported" are resolutions.
    """
    english = noun.doc.user_data.get("lang") == "en"
    if english and noun.pos_ == "PROPN" and base(noun) == "nmod" and preposition(noun):
        if not any(t.text == "," for t in noun.doc[noun.i : pronoun.i]):
            return noun.head
    return noun


def clause_of(token: Token) -> Token:
    """Return the verb, or other predicate, of the clause that holds a token."""
    at = token
    while at.head != at:
        if at.pos_ in VERBAL and base(at) not in {"aux", "cop"}:
            return at
        if base(at) in CLAUSAL - {"conj", "dep", "acl"} and at != token:
            return at
        at = at.head
    return at


def phrase(token: Token) -> tuple[int, int]:
    """Return the characters of a noun phrase without its clauses and prepositional phrases."""
    words = [token, *children(token, "amod", "det", "compound", "flat", "nummod")]
    start = min(words, key=lambda t: t.i)
    end = max(words, key=lambda t: t.i)
    return start.idx, end.idx + len(end)

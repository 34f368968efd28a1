"""What pronouns and definite nouns mean: "er", "its", "the country", "beide Seiten"."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from kg.extract import coordination, tree
from kg.extract.lexicon import Lexicon
from kg.extract.predicates import verb_effect
from kg.types import Entity, Mention

PERSONAL = frozenset(
    {"er", "he", "ihn", "ihm", "him", "she", "her", "es", "sie", "it", "they", "them", "ihr"}
)
SAME = {
    "he": {"he", "him", "his"}, "she": {"she", "her"}, "it": {"it", "its"},
    "er": {"er", "ihn", "ihm"}, "sie": {"sie", "ihr"},
}  # fmt: skip
"""Pronouns that may mean the same as a subject that is a pronoun."""
POSSESSIVES = frozenset({"his", "her", "its", "their"})
_PERSON = frozenset({"Person"})
_STATE = frozenset({"State"})
_BODY = frozenset(
    {"Organisation", "InternationalOrganisation", "ArmedGroup", "Party", "Institution"}
)
_ACTING = _STATE | _BODY | {"ArmedForces", "Media", "Group"}
_MEANT_BY = {
    "means_state": _STATE,
    "means_city": frozenset({"City"}),
    "means_region": frozenset({"Region", "Subdivision", "Territory", "Place"}),
    "means_island": frozenset({"Region", "Subdivision", "Territory", "Place", "State"}),
    "means_body": _BODY,
    "means_person": _PERSON,
}
_SEVERAL_OF = {"means_state": _STATE, "means_leader": _PERSON, "means_side": frozenset[str]()}
_BARE = frozenset({"State", "City", "Region", "Subdivision", "Territory", "Place"})
"""Classes whose names are neuter where they have no article."""
_NAMED_BY_NOUNS = _PERSON | _BODY | {"Office", "ArmedForces", "Media"}
_DEFINITE = frozenset({"der", "die", "das", "den", "dem", "the"})
_ARGUMENTS = frozenset({"nsubj", "obj", "iobj"})
_TITLED = frozenset({"appos", "flat", "flat:name", "compound", "nmod:desc"})
_BOTH = dict.fromkeys(("beide", "beiden", "beider", "zwei", "both", "two"), 2)
_BOTH |= {"drei": 3, "three": 3, "vier": 4, "four": 4, "fünf": 5, "five": 5}


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


@dataclass(frozen=True)
class Sought:
    """What words that name nobody can mean: "she", "the country", "both sides".

    ``classes`` are those of the ontology, empty for any; ``gender`` is ``Fem``, ``Masc``,
    ``Neut`` or empty. With ``topic`` the subject of the sentence before is meant where
    several would do, with ``strict`` nobody else. ``number`` is how many are meant: 1, 2, or 0
    for more than one.
    """

    classes: frozenset[str] = frozenset()
    gender: str = ""
    topic: bool = False
    strict: bool = False
    number: int = 1


def sought(token: Token, lexicon: Lexicon) -> Sought | None:
    """Return what a pronoun, or a definite noun such as "the country", asks for; None if nothing.

    The nouns are the word lists ``means_...`` of the lexicon.
    """
    if token.pos_ == "PRON":
        return _sought_by_pronoun(token)
    if token.pos_ not in {"NOUN", "PROPN"} or tree.children(
        token, "nmod", "appos", "acl", "flat", "compound"
    ):
        return None
    before = {c.lower_ for c in tree.children(token, "det", "amod", "nummod")}
    if counted := [_BOTH[w] for w in before if w in _BOTH]:
        for name, classes in _SEVERAL_OF.items():
            if lexicon.is_a(token.lemma_, lexicon.words(name)):
                return Sought(classes, number=counted[0])
        return None
    if before & _DEFINITE and len(before) == 1:
        for name, classes in _MEANT_BY.items():
            if token.lemma_.lower() in lexicon.words(name):
                return Sought(classes, topic=True)
    return None


def _sought_by_pronoun(token: Token) -> Sought | None:
    word, relation = token.lower_, tree.base(token)
    if relation not in {"nsubj", "obj", "iobj", "obl", "expl"}:
        return None
    if word in {"he", "him"}:
        return Sought(_PERSON, "Masc")
    if word in {"she", "her"}:
        return Sought(_PERSON, "Fem")
    if word in {"er", "ihn"}:
        return Sought(gender="Masc")
    if word == "ihm":
        return Sought(_PERSON, gender="Masc")
    if token.dep_ == "nsubj" and word in {"it", "es"}:
        # What is done to it is as often something said before.
        return Sought(_ACTING, "Neut" if word == "es" else "", topic=True, strict=True)
    if word == "they" and relation == "nsubj":
        return Sought(number=0)
    if word == "sie":
        if token.text == "Sie" and not token.is_sent_start:
            return None  # a form of address
        number = {tree.feature(v, "Number") for v in tree.verb_forms(token.head)} - {""}
        if relation != "nsubj":
            number = {tree.feature(token, "Number")}
        if number == {"Sing"}:
            return Sought(gender="Fem")
        return Sought(number=0) if relation == "nsubj" and number == {"Plur"} else None
    if word == "ihr" and tree.feature(token, "Case") == "Dat":
        return Sought(gender="Fem")
    return None


def entity(mention: Mention, wanted: Sought) -> Entity:
    """Return what a mention stands for where this is sought: Kiew is a city, or Ukraine acting."""
    place = bool(wanted.classes & _BARE) and wanted.classes != _STATE
    return mention.entity if place else mention.acts_for or mention.entity


def scope(token: Token) -> range:
    """Return the tokens that may name whom a token means: its sentence up to it, and the last."""
    start: int = token.sent.start
    return range(token.doc[start - 1].sent.start if start > 0 else 0, token.sent.end)


def antecedents(
    token: Token,
    wanted: Sought,
    mentions: Sequence[Mention],
    unresolved: Collection[int],
    lexicon: Lexicon,
) -> list[tuple[Mention, float]]:
    """Return whom a pronoun or a definite noun means, and how sure (0..1); nobody if in doubt.

    That is who alone fits among those whom its sentence named before, outside its own
    clause, or else among those of the sentence before. Who acts in the same clause is not meant.
    Unnamed people and bodies ("a spokesman for X", "the bishop") may be meant as well, and whom
    an earlier pronoun means that could not be resolved.

    Args:
        token: the pronoun or noun.
        wanted: what it asks for.
        mentions: those in its scope, resolved pronouns among them.
        unresolved: indices of pronouns that nobody is known for.
        lexicon: that of the language.
    """
    clause, sentence = tree.clause_of(token), token.sent
    inside = {t.i for t in sentence if tree.clause_of(t) == clause}
    if tree.base(clause) == "acl":  # "Iraq, which the country attacked"
        inside |= {t.i for t in coordination.conjuncts(clause.head)}

    def key(mention: Mention) -> str:
        return entity(mention, wanted).id

    taken = {
        (m.acts_for or m.entity).id
        for m in mentions
        if m.start in inside and not m.start <= token.i < m.end
    }
    earlier = [m for m in mentions if sentence.start <= m.start < token.i and m.start not in inside]
    before: list[Mention] = []
    own = [t for t in sentence if t.i < token.i and t.i not in inside]
    last: list[Token] = []
    if sentence.start > 0:
        last = list(token.doc[sentence.start - 1].sent)
        before = [m for m in mentions if last[0].i <= m.start <= last[-1].i]
    for group, words in ((earlier, own), (before, last)):
        if wanted.number == 1 and (
            _strangers(words, wanted, mentions, lexicon)
            or any(t.i in unresolved and sought(t, lexicon) == wanted for t in words)
        ):
            return []
        fitting = [m for m in group if key(m) not in taken and _fits(wanted, m, token.doc)]
        if wanted.number != 1:
            if pair := _together(wanted, fitting, token.doc):
                return pair
        elif wanted.classes == _STATE and any(_is_of_another(m, fitting) for m in group):
            return []
        elif len({key(m) for m in fitting}) == 1 and not wanted.strict:
            return [(fitting[-1], 0.7)]
        elif fitting and wanted.topic:
            subjects = [m for m in fitting if _is_topic(_head(m, token.doc))]
            others = [_head(m, token.doc) for m in fitting if m not in subjects]
            if not wanted.strict and any(tree.base(t) in _ARGUMENTS for t in others):
                return []  # "Russia attacked Ukraine. The country ..."
            return [(subjects[0], 0.55)] if len(subjects) == 1 else []
        if fitting:
            return []
    return []


def _strangers(
    words: list[Token], wanted: Sought, mentions: Sequence[Mention], lexicon: Lexicon
) -> bool:
    """Say whether words speak of somebody unnamed who may be meant as well."""
    people = not wanted.classes or "Person" in wanted.classes
    bodies = not wanted.classes or bool(wanted.classes & _BODY)
    names = (["actor_people", "actor_citizens", "actor_groups", "persons"] if people else []) + (
        ["actor_bodies"] if bodies else []
    )
    if not names or wanted.strict:
        return False  # the subject is meant, which the caller knows
    for word in words:
        if word.pos_ != "NOUN" or tree.feature(word, "Number") == "Plur":
            continue
        gender = tree.feature(word, "Gender")
        if wanted.gender and gender and gender != wanted.gender:
            continue
        forms = (word.lemma_, word.text)  # "Vorsitzende" has no lemma of its own
        if not any(lexicon.is_a(f, lexicon.words(n)) for n in names for f in forms):
            continue
        if not _bears_name(word, mentions):
            return True
    return False


def _bears_name(noun: Token, mentions: Sequence[Mention]) -> bool:
    """Say whether a noun is part of a mention, or a title of one: "President X", "X, the chief"."""
    near = {noun.i, *(t.i for t in tree.children(noun, *_TITLED))}
    if noun.dep_ in _TITLED:
        near.add(noun.head.i)
    return any(
        m.start <= i < m.end and m.entity.cls in _NAMED_BY_NOUNS for m in mentions for i in near
    )


def places(
    adverb: Token, lexicon: Lexicon, mentions: Sequence[Mention]
) -> list[tuple[Mention, float]]:
    """Return where "there", "dort" is: the one place that the sentence before names."""
    if adverb.lower_ not in lexicon.words("means_there"):
        return []
    found = antecedents(adverb, Sought(_BARE), mentions, (), lexicon)
    return [(m, factor) for m, factor in found if m.kind == "name"]


def _together(wanted: Sought, group: list[Mention], doc: Doc) -> list[tuple[Mention, float]]:
    """Return those who are meant by "they", "both": who is named together, or the only two."""
    by_head = {_head(m, doc).i: m for m in group}
    for i in by_head:
        joined = coordination.conjuncts(doc[i])
        named = [by_head[t.i] for t in joined if t.i in by_head]
        all_named = len(joined) > 1 and len(named) == len(joined) and _is_topic(doc[i])
        if all_named and wanted.number in {0, len(named)}:
            return [(m, 0.7) for m in named]
        if wanted.number == 0 and len(joined) == 1 and _is_topic(doc[i]):
            if tree.feature(doc[i], "Number") == "Plur" and doc[i].pos_ == "PROPN":
                return [(by_head[i], 0.7)]  # "Die USA ... Sie"
    different = {entity(m, wanted).id: m for m in group}
    if wanted.number == 2 and wanted.classes and len(different) == 2:
        one, other = (_head(m, doc) for m in different.values())
        if _is_topic(one) and _is_partner(other):
            return [(m, 0.6) for m in different.values()]
    return []


def _is_of_another(mention: Mention, states: list[Mention]) -> bool:
    """Say whether a mention is of an office or body of a state that is not among ``states``."""
    home = mention.entity.part_of
    told = mention.kind in {"office", "institution"} and home is not None
    return told and home not in {(m.acts_for or m.entity).id for m in states}


def _is_topic(noun: Token) -> bool:
    """Say whether a noun is the subject of the main clause."""
    return tree.base(noun) == "nsubj" and noun.head == noun.sent.root


def _head(mention: Mention, doc: Doc) -> Token:
    """Return the word of a mention that the others hang on; of a person, past the titles."""
    inside = range(mention.start, mention.end)
    words = doc[mention.start : mention.end]
    head: Token = next((t for t in words if t.head.i not in inside), words[0])
    if mention.entity.cls == "Person":
        while head.dep_ in _TITLED and head.head.pos_ in {"NOUN", "PROPN"}:
            head = head.head
    return head


def _is_partner(noun: Token) -> bool:
    """Say whether somebody is an object or a companion: "met X", "after talks with X"."""
    named = tree.preposition(noun) in {"mit", "with"} and tree.base(noun) in {"obl", "nmod"}
    return named or tree.base(noun) in {"obj", "iobj"}


def _fits(wanted: Sought, mention: Mention, doc: Doc) -> bool:
    meant = entity(mention, wanted)
    cls = "Person" if meant.cls == "Office" else meant.cls
    if wanted.classes and cls not in wanted.classes:
        return False
    if not wanted.gender:
        return mention.kind != "adjective" or wanted.classes == _STATE
    if cls == "Person":
        told = "" if mention.kind == "name" else tree.feature(_head(mention, doc), "Gender")
        known = {"female": "Fem", "male": "Masc"}.get(meant.gender or "", told)
        return wanted.gender == known if known else wanted.gender != "Neut"
    head = _head(mention, doc)
    # An article says more than a name: "die Hamas".
    articles = tree.children(head, "det")
    if mention.kind == "adjective" or tree.base(head) == "compound":
        return False
    if not articles and {meant.cls, mention.entity.cls} & _BARE:
        return wanted.gender == "Neut"  # "Italien"
    words = [*articles, head]
    gender = next((g for w in words if (g := tree.feature(w, "Gender"))), "")
    return gender == wanted.gender

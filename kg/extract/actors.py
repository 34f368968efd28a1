"""From a noun phrase to the entity that it stands for in a statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from kg.entities import OfficePhrase
from kg.entities.text import slug
from kg.extract import tree
from kg.extract.lexicon import Lexicon
from kg.extract.predicates import core
from kg.types import Entity, Mention

_NAME_RELATIONS = ("flat", "appos", "compound", "nmod:desc")
_PLACE_PREPOSITIONS = frozenset(
    {"in", "nach", "aus", "bei", "über", "into", "at", "near", "across", "inside", "outside"}
)  # fmt: skip


@dataclass(frozen=True)
class Actor:
    """An entity in the place of an argument, with the words that name it.

    ``start`` and ``end`` are characters of the text. ``certainty`` (0..1) is
    that of the link times that of the way from phrase to entity.
    """

    entity: Entity
    token: Token
    start: int
    end: int
    certainty: float


class Actors:
    """The mentions of one document, looked up by noun phrase."""

    def __init__(
        self,
        doc: Doc,
        mentions: Sequence[Mention],
        offices: Sequence[OfficePhrase],
        lexicon: Lexicon,
        article: str,
    ) -> None:
        self.doc = doc
        self.article = article
        self.lexicon = lexicon
        self.mentions = list(mentions)
        self.at = {i: m for m in mentions for i in range(m.start, m.end)}
        # "US-Außenminister Antony Blinken" is Blinken, whichever word heads the phrase.
        self.holders = {
            i: mentions[o.person]
            for o in offices
            if o.person is not None
            for i in range(o.start, o.end)
        }
        self.people = lexicon.words("actor_people")
        self.places = lexicon.words("actor_places")
        self.deeds = lexicon.words("actor_deeds")
        self.things = lexicon.words("actor_things")

    def of(self, token: Token, place: bool = False, deeds: bool = False) -> Actor | None:
        """Return the entity that the phrase headed by ``token`` stands for.

        With ``place`` a city remains a city; otherwise a capital that acts is
        its state. With ``deeds`` a deed stands for its doer: who rejects
        "Washington's proposal" rejects Washington. None where the text does
        not say, or not surely.
        """
        token = core(token, self.lexicon)
        mention = self.holders.get(token.i) or self._named(token)
        if mention is not None:
            if mention.kind == "demonym" and self._some_people(token):
                return None
            # "die deutsche Firma": an adjective is not what its noun stands for.
            if mention.kind == "adjective" and tree.base(token) == "amod":
                return self._actor(mention, token, place, 0.95)
            if mention.kind != "adjective" or token.pos_ in {"PROPN", "X"}:
                return self._actor(mention, token, place, 1.0)
        if tree.feature(token, "Poss") == "Yes" or token.lower_ in _POSSESSIVES:
            return self._possessive(token)
        if token.pos_ == "PRON":
            return self._pronoun(token, place)
        return self._unnamed(token, deeds)

    def group(self, token: Token) -> Actor | None:
        """Mint an unnamed source as the text calls it ("officials", "ein Sprecher")."""
        if token.pos_ != "NOUN" or not self.lexicon.is_a(token.lemma_, self.people):
            return None
        start, end = tree.phrase(token)
        words = self.doc.text[start:end]
        entity = Entity(
            f"Group_{slug(words)}_{slug(self.article)}", words, words, "Group", minted=True
        )
        return Actor(entity, token, start, end, 0.8)

    def _some_people(self, token: Token) -> bool:
        """Say whether a demonym names people, not their state: "ein Belgier", "many Greeks"."""
        counted = tree.children(token, "nummod") or any(
            self.lexicon.is_a(c.lemma_, self.lexicon.words("quantity"))
            for c in tree.children(token, "det", "amod")
        )
        return bool(counted) or tree.feature(token, "Number") == "Sing"

    def _named(self, token: Token) -> Mention | None:
        """Return the mention at a token or, for "Machthaber Kim Jong Un", beside it."""
        mention = self.at.get(token.i)
        if mention is not None and mention.kind != "adjective":
            return mention
        named = [
            (c.dep_ == "appos", c.i, self.at[c.i])
            for c in [*tree.children(token, *_NAME_RELATIONS), *_bare_names(token)]
            if c.i in self.at and self.at[c.i].kind in {"name", "institution"}
            and not (tree.base(c) == "compound" and c.i < token.i)
        ]  # fmt: skip
        if named:
            beside = min(named, key=lambda n: n[:2])[2]
            person = beside.entity.cls == "Person"
            if person or mention is None or beside.start > token.i:
                return beside
        return mention

    def _actor(self, mention: Mention, token: Token, place: bool, factor: float) -> Actor:
        entity = mention.entity
        if mention.acts_for is not None and not place:
            entity = mention.acts_for
        first, last = self.doc[mention.start], self.doc[mention.end - 1]
        return Actor(entity, token, first.idx, last.idx + len(last), mention.certainty * factor)

    def _unnamed(self, token: Token, deeds: bool) -> Actor | None:
        """Lead "nordkoreanische Soldaten", "Israels Regierung" to the actor named in the phrase."""
        lemma = token.lemma_
        person = self.lexicon.is_a(lemma, self.people)
        if not (
            person
            or self.lexicon.is_a(lemma, self.things)
            or self.lexicon.is_a(lemma, self.places)
            or (deeds and self.lexicon.is_a(lemma, self.deeds))
        ):
            return None
        for child in token.children:
            relation = tree.base(child)
            name = tree.preposition(child)
            of = (
                relation in {"amod", "compound", "det"}
                or child.dep_ == "nmod:poss"
                or (relation == "nmod" and (not name or name in {"von", "of", "aus", "from"}))
            )
            if not of:
                continue
            mention = self.at.get(child.i)
            if mention is None:
                continue
            if mention.kind == "name" and mention.entity.cls == "Person":
                continue
            actor = self._actor(mention, token, False, 0.9 if person else 0.8)
            start = min(actor.start, token.idx)
            end = max(actor.end, token.idx + len(token))
            return Actor(actor.entity, token, start, end, actor.certainty)
        return None

    def _possessive(self, token: Token) -> Actor | None:
        """Resolve "seinem", "its" to the subject of its clause, if it agrees."""
        clause = tree.clause_of(token)
        for subject in tree.children(clause, "nsubj"):
            if token in subject.subtree or len(tree.conjuncts(subject)) > 1:
                return None
            if subject.pos_ == "PRON":
                return None
            number, gender = tree.feature(subject, "Number"), tree.feature(subject, "Gender")
            word = token.lower_
            if word.startswith("sein") and (number == "Plur" or gender == "Fem"):
                return None
            if word.startswith("ihr") and number == "Sing" and gender in {"Masc", "Neut"}:
                return None
            if word == "their" and number != "Plur":
                return None
            actor = self.of(subject)
            if actor is None or (
                (word in {"his", "her"}) != (actor.entity.cls == "Person")
                and (word in {"his", "her", "its"})
            ):
                return None
            return Actor(actor.entity, token, actor.start, actor.end, 0.9 * actor.certainty)
        return None

    def _pronoun(self, token: Token, place: bool) -> Actor | None:
        """Resolve a third-person pronoun to the one person who can be meant, or to nobody.

        The candidate is the only person named in the sentence before (or
        earlier in this one, outside the pronoun's own clause).
        """
        if place or token.lower_ not in {"er", "he", "ihn", "ihm", "him", "she", "her"}:
            return None
        if base := tree.base(token):
            if base not in {"nsubj", "obj", "iobj", "obl"}:
                return None
        sentence = token.sent
        clause = tree.clause_of(token)
        own = {t.i for t in clause.subtree}
        here = [m for m in self.mentions if sentence.start <= m.start < token.i]
        earlier = [m for m in here if m.start not in own]
        people = {m.entity.id: m for m in earlier if m.entity.cls == "Person"}
        if not people and sentence.start > 0:
            before = self.doc[sentence.start - 1].sent
            people = {
                m.entity.id: m
                for m in self.mentions
                if before.start <= m.start < before.end and m.entity.cls == "Person"
            }
        if len(people) != 1:
            return None
        (mention,) = people.values()
        return Actor(mention.entity, token, token.idx, token.idx + len(token), 0.7)

    def place_of(self, predicate: Token, taken: set[str]) -> Actor | None:
        """Return where something happened: a place in the predicate's own clause."""
        for child in sorted(predicate.children, key=lambda t: t.i):
            if tree.base(child) not in {"obl", "nmod"}:
                continue
            if tree.preposition(child) not in {"in", "bei", "an", "auf", "at", "near", "on"}:
                continue
            actor = self.of(child, place=True)
            if actor is not None and actor.entity.id not in taken and is_place(actor.entity):
                return actor
        return None


_POSSESSIVES = frozenset({"his", "her", "its", "their"})


def _bare_names(token: Token) -> list[Token]:
    """Return the names that follow a noun without preposition: "Grenzregion Kursk"."""
    return [
        c for c in tree.children(token, "nmod")
        if c.i == token.i + 1 and c.pos_ == "PROPN" and not tree.preposition(c)
        and tree.feature(c, "Case") != "Gen"
    ]  # fmt: skip


PLACES = frozenset({"City", "Region", "Subdivision", "Sea", "Territory", "Place"})


def is_place(entity: Entity) -> bool:
    """Say whether an entity can be where something happens."""
    return entity.cls in PLACES or entity.cls == "State"


def names_a_place(slot: str) -> bool:
    """Say whether what stands in a slot is meant as a place: "in Pjöngjang"."""
    return slot in _PLACE_PREPOSITIONS

"""From a noun phrase to the entity that it stands for in a statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from spacy.tokens import Doc, Span, Token

from kg.entities import OfficePhrase
from kg.extract import coordination, reference, tree
from kg.extract.actor import Actor, is_place
from kg.extract.groups import Groups, modifiers
from kg.extract.lexicon import Lexicon
from kg.extract.predicates import core
from kg.types import Mention, starting_in

_NAME_RELATIONS = ("flat", "appos", "compound", "nmod:desc")
_BODIES = frozenset({"ArmedGroup", "Organisation", "Party", "ArmedForces"})


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
        self.mentions = sorted(mentions, key=lambda m: m.start)
        self.at = {i: m for m in mentions for i in range(m.start, m.end)}
        # What the pronouns of the sentences read so far mean; None where that is open.
        self.pronouns: dict[int, Actor | None] = {}
        # "US-Außenminister Antony Blinken" is Blinken, whichever word heads the phrase.
        self.holders = {
            i: mentions[o.person]
            for o in offices
            if o.person is not None
            for i in range(o.start, o.end)
        }
        self.people = lexicon.words("actor_people")
        self.groups = Groups(doc, self.at, lexicon, article)
        self.citizens = lexicon.words("actor_citizens")
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
        return next(iter(self.all_of(token, place, deeds)), None)

    def all_of(
        self, token: Token, place: bool = False, deeds: bool = False, acting: bool = False
    ) -> list[Actor]:
        """Return every entity that a phrase stands for ("Hungarian and Romanian officials").

        With ``acting`` citizens stand for themselves: what French farmers do, France does not.
        """
        token = core(token, self.lexicon)
        if any(tree.preposition(c) in {"except", "außer"} for c in tree.children(token, "nmod")):
            return []  # "all members except Hungary"
        mention = self.holders.get(token.i) or self._named(token)
        if mention is not None and self._is_dateline(mention):
            return []
        if mention is not None and mention.entity.minted and (meant := self._meant(token)):
            return meant  # "das Emirat", taken for a name
        if mention is not None:
            if mention.kind == "demonym" and (
                self.groups.is_some(token) or self.groups.is_ethnic(token)
            ):
                people = self.groups.counted(mention, token)
                return [people] if people is not None else []
            # "die deutsche Firma": an adjective is not what its noun stands for.
            if mention.kind == "adjective" and tree.base(token) == "amod":
                return [self._actor(mention, token, place, 0.95)]
            if mention.kind == "adjective" and any(
                d.lower_ in {"a", "an", "ein", "eine"} for d in tree.children(token, "det")
            ):
                return []  # "a Syrian" is not Syria
            if mention.kind != "adjective" or token.pos_ in {"PROPN", "X"}:
                return [self._actor(mention, token, place, 1.0)]
        if tree.feature(token, "Poss") == "Yes" or (
            token.lower_ in reference.POSSESSIVES and tree.base(token) not in {"obj", "obl", "iobj"}
        ):
            actor = self._possessive(token)
        elif token.pos_ == "PRON":
            return [] if place else self._pronoun(token)
        elif meant := self._meant(token):
            return meant
        elif token.pos_ in {"NOUN", "PROPN"} and self.groups.is_opposed(token):
            actor = self._their_body(token) or self.groups.minted(token)
        elif self.lexicon.is_a(token.lemma_, self.citizens) and (
            acting or not self.lexicon.is_a(token.lemma_, self.people)
        ):
            return self._citizens(token)
        else:
            return self._unnamed(token, deeds)
        return [actor] if actor is not None else []

    def _their_body(self, token: Token) -> Actor | None:
        """Return the body whose fighters these are: "Hezbollah guerrillas"."""
        for child in tree.children(token, "compound", "nmod"):
            mention = self.at.get(child.i)
            if mention is not None and mention.entity.cls in _BODIES and mention.kind == "name":
                return self._led(mention, token, 0.9)
        return None

    def _citizens(self, token: Token) -> list[Actor]:
        """Return the people of a state, or the body that activists speak for."""
        if not self.groups.may_be_citizens(token):
            return []
        if people := self.groups.citizens_of(token):
            return people
        # "activists of the Fatah Party" speak for it.
        theirs = [a for a in self._unnamed(token, False) if not is_place(a.entity)]
        at_home = self.groups.home(token) is not None
        return theirs or ([self.groups.minted(token)] if at_home else [])

    def _is_dateline(self, mention: Mention) -> bool:
        """Say whether a place only tells where a report was written: "Berlin - Der ..."."""
        start, end = mention.start, mention.end
        if not self.doc[start].is_sent_start or end >= len(self.doc):
            return False
        return self.doc[end].text in {"-", "–", "—"} and bool(self.doc[end - 1].whitespace_)

    def _named(self, token: Token) -> Mention | None:
        """Return the mention at a token or, for "Machthaber Kim Jong Un", beside it."""
        mention = self.at.get(token.i)
        if mention is not None and mention.kind != "adjective":
            return mention
        if self.lexicon.is_a(token.lemma_, self.lexicon.words("bearings")):
            return mention  # "in Richtung Japan" is not Japan
        named = [
            (c.dep_ == "appos", c.i, self.at[c.i])
            for c in [*tree.children(token, *_NAME_RELATIONS), *_bare_names(token)]
            if c.i in self.at and self.at[c.i].kind in {"name", "institution"}
            and not (tree.base(c) == "compound" and c.i < token.i)
        ]  # fmt: skip
        after = self.at.get(token.i + 1)
        if after is not None and after.entity.cls == "Person" and after.kind == "name":
            if token.pos_ == "NOUN" and self.doc[token.i + 1].head in token.subtree:
                # "US-Präsident Barack Obama": the name is often hung on "US".
                named.append((True, token.i + 1, after))
        if mention is None and after is not None and not named:
            following = self.doc[token.i + 1]
            if following.head == token and token.i and self.doc[token.i - 1].text == "-":
                return after  # "war-torn Mozambique"
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

    def _unnamed(self, token: Token, deeds: bool) -> list[Actor]:
        """Lead "nordkoreanische Soldaten", "Israels Regierung" to the actors in the phrase."""
        lemma = token.lemma_
        person = self.lexicon.is_a(lemma, self.people)
        body = self.lexicon.is_a(lemma, self.lexicon.words("actor_bodies"))
        # "authorities in Guinea" are Guinea's; "targets in Jericho" are hit in Jericho.
        local = self.lexicon.is_a(lemma, self.lexicon.words("actor_local"))
        if not (
            person
            or body
            or self.lexicon.is_a(lemma, self.things)
            or self.lexicon.is_a(lemma, self.places)
            or self._is_deed(token, deeds)
        ):
            return []
        # "Albanian rebel-held territory" is not Albania's, "the rebel region of X" is X.
        opposed = any(self.groups.is_group_word(m) for m in modifiers(token))
        done_by = [
            agent
            for clause in (tree.children(token, "acl") if self._is_deed(token, deeds) else [])
            for agent in tree.children(clause, "obl:agent")
        ]
        for agent in done_by:
            # "crimes committed by Croat forces"
            if actors := self.all_of(agent, acting=True):
                return [replace(a, certainty=0.9 * a.certainty) for a in actors]
        for child in token.children:
            relation = tree.base(child)
            if opposed and relation != "nmod":
                continue
            if relation == "compound" and child.i not in self.at:
                # "US Predator drones"
                child = next((c for c in tree.children(child, "compound") if c.i in self.at), child)
            name = tree.preposition(child)
            of = (
                relation in {"amod", "compound", "det"}
                or child.dep_ == "nmod:poss"
                or (
                    relation == "nmod"
                    and (not name or name in {"von", "of", "aus", "from"})
                    # "die von Ruanda unterstützte Gruppe" is not Ruanda's.
                    and (child.i > token.i or not name)
                )
                or (relation == "nmod" and deeds and name in {"by", "durch"})
                or (
                    relation == "nmod"
                    and name in {"for", "für"}
                    and self.lexicon.is_a(lemma, self.lexicon.words("actor_for"))
                )
                or (relation == "nmod" and name == "in" and local)
            )
            if not of:
                continue
            found = [
                self.at[t.i]
                for t in coordination.conjuncts(child)
                if t.i in self.at
                # The president's adviser is not the president; his proposal is his.
                and (deeds or self.at[t.i].entity.cls != "Person")
            ]
            if body:
                # "the Taliban faction", but not "the German party".
                found = [m for m in found if m.kind == "name" and not is_place(m.entity)]
            if found and child.i in self.at:
                factor = 0.9 if person else 0.8
                # "the leadership in Beijing" is China's, "the police in Berlin" is Berlin's.
                rules = self.lexicon.is_a(lemma, self.lexicon.words("rulers"))
                return [self._led(m, token, factor, name == "in" and not rules) for m in found]
            if relation == "nmod" and child.pos_ == "NOUN" and name != "in":
                # "positions of the Palestinian security forces", "crimes by Croatian extremists"
                theirs = deeds or name == "for"
                inner = self.all_of(child, acting=True) if theirs else self._unnamed(child, False)
                if inner:
                    return [replace(a, certainty=0.9 * a.certainty) for a in inner]
        return []

    def _is_deed(self, token: Token, deeds: bool) -> bool:
        return deeds and self.lexicon.is_a(token.lemma_, self.deeds)

    def _led(self, mention: Mention, token: Token, factor: float, place: bool = False) -> Actor:
        actor = self._actor(mention, token, place, factor)
        start = min(actor.start, token.idx)
        end = max(actor.end, token.idx + len(token))
        return Actor(actor.entity, token, start, end, actor.certainty)

    def _possessive(self, token: Token) -> Actor | None:
        """Resolve "seinem", "its" to the subject of its clause, if it agrees."""
        clause = tree.clause_of(token)
        while not tree.children(clause, "nsubj") and tree.base(clause) in {
            "advcl",
            "xcomp",
            "conj",
        }:
            clause = clause.head  # "blocked a road to press their demands"
        for subject in tree.children(clause, "nsubj"):
            if token in subject.subtree or len(coordination.conjuncts(subject)) > 1:
                return None
            return self._same(token, subject, 0.9)
        return None

    def _pronoun(self, token: Token) -> list[Actor]:
        """Resolve a third-person pronoun to whom alone it can mean, or to nobody.

        In reported speech that is the speaker ("Syria says it is willing ..."),
        else somebody of the sentences before.
        """
        if token.lower_ == "man":
            return self._those_in_a_capital(token)
        if token.lower_ not in reference.PERSONAL:
            return []
        if (known := self.pronouns.get(token.i)) is not None:
            return [known]
        for speaker in reference.speakers(token, self.lexicon):
            actor = self._same(token, speaker, 0.85)
            return [actor] if actor is not None else []
        return self._meant(token)

    def _those_in_a_capital(self, token: Token) -> list[Actor]:
        """Return the state whose government "man" is: "In Tokio verurteilte man ..."."""
        for child in tree.children(tree.clause_of(token), "obl"):
            mention = self.at.get(child.i)
            if mention is not None and mention.acts_for is not None:
                if tree.preposition(child) == "in" and tree.base(token) == "nsubj":
                    return [self._actor(mention, child, False, 0.8)]
        return []

    def _meant(self, token: Token) -> list[Actor]:
        """Return whom a pronoun or "the country", "both sides" means in the sentences before."""
        wanted = reference.sought(token, self.lexicon)
        if wanted is None:
            return []
        first = token if token.pos_ == "PRON" else token.left_edge
        end = token.idx + len(token)
        scope = reference.scope(token)
        named = self.mentions[starting_in(self.mentions, scope.start, scope.stop)]
        named += [
            # Each pronoun on the way makes it a little less sure, not less by all that one is.
            Mention(i, i + 1, a.entity, certainty=min(1.0, 0.9 * a.certainty / 0.7))
            for i in scope
            if (a := self.pronouns.get(i)) is not None
        ]
        open_ = {i for i in scope if i in self.pronouns and self.pronouns[i] is None}
        return [
            Actor(reference.entity(m, wanted), token, first.idx, end, factor * m.certainty)
            for m, factor in reference.antecedents(token, wanted, named, open_, self.lexicon)
        ]

    def follow(self, sentence: Span) -> None:
        """Resolve the pronouns of a sentence, in text order, for those that come after."""
        for token in sentence:
            wanted = reference.sought(token, self.lexicon) if token.pos_ == "PRON" else None
            if wanted is not None and wanted.number == 1:
                found = self._pronoun(token)
                self.pronouns[token.i] = found[0] if found else None

    def _same(self, pronoun: Token, noun: Token, factor: float) -> Actor | None:
        """Return the actor of ``noun`` in the words of ``pronoun``, if the two agree."""
        if noun.pos_ == "PRON":
            alike = pronoun.lower_ in reference.SAME.get(noun.lower_, ())
            if not alike:
                return None
        elif not reference.agree(pronoun, noun):
            return None
        actor = self.of(noun)
        if actor is None or not reference.fits(pronoun, actor.entity):
            return None
        end = pronoun.idx + len(pronoun)
        return Actor(actor.entity, pronoun, pronoun.idx, end, factor * actor.certainty)

    def place_of(self, predicate: Token, taken: set[str]) -> Actor | None:
        """Return where something happened: a place in the predicate's own clause.

        "Bei Gesprächen in Antalya einigten sich ...": it was where the talks were.
        """
        own = sorted(predicate.children, key=lambda t: t.i)
        meetings = self.lexicon.words("talks") | self.lexicon.words("meeting")
        held = [
            c for o in own
            if tree.base(o) == "obl" and tree.preposition(o) in {"bei", "auf", "at", "during"}
            and self.lexicon.is_a(o.lemma_, meetings)
            for c in tree.children(o, "nmod")
        ]  # fmt: skip
        for child in [*own, *held]:
            if tree.base(child) not in {"obl", "nmod"}:
                continue
            if tree.preposition(child) not in {"in", "bei", "an", "auf", "at", "near", "on"}:
                continue
            actor = self.of(child, place=True)
            if actor is not None and actor.entity.id not in taken and is_place(actor.entity):
                return actor
        scope = reference.scope(predicate)
        named = self.mentions[starting_in(self.mentions, scope.start, scope.stop)]
        for child in tree.children(predicate, "advmod"):
            for mention, factor in reference.places(child, self.lexicon, named):
                if mention.entity.id not in taken:
                    end = child.idx + len(child)
                    return Actor(mention.entity, child, child.idx, end, factor)
        return None


def _bare_names(token: Token) -> list[Token]:
    """Return the names that follow a noun without preposition: "Grenzregion Kursk"."""
    return [
        c for c in tree.children(token, "nmod")
        if c.i == token.i + 1 and c.pos_ == "PROPN" and not tree.preposition(c)
        and tree.feature(c, "Case") != "Gen"
    ]  # fmt: skip

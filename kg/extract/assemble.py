"""Assemble statements: predicates, arguments, stance, date and place of each sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, permutations

from spacy.tokens import Doc, Span, Token

from kg.entities import OfficePhrase
from kg.extract import appointments, coordination, predicates, static, time, tree
from kg.extract import lexicon as lexica
from kg.extract.actor import PLACES, Actor, is_place, names_a_place
from kg.extract.actors import Actors
from kg.extract.factuality import Factuality
from kg.extract.lexicon import Frame, Lexicon
from kg.extract.make import STATIC, make_statement
from kg.extract.negation import is_conditional
from kg.extract.predicates import Predicate
from kg.extract.stance import Stance
from kg.types import Article, Mention, Relation, Statement

CERTAINTY = {"V": 0.9, "A": 0.85, "N": 0.75}
"""How often a frame of each part of speech is right, before anything else is known."""
LEAST_CONFIDENCE = 0.15
"""Below this a statement is more likely a misreading than a fact and is not made."""
_SILENT_CLASSES = ("sport", "markets", "weather", "arts")
_SCORE = re.compile(r"(?<![\d:.,–-])\d[:–-]\d(?![\d:.,%–-])")
"""The result of a match: "2:1", "4-1"."""
_PLACE_TYPES = frozenset({"ASSAULT", "MOBILIZE", "RETREAT", "LOCATED"})
_THREATS = {"ASSAULT": "threatensToAttack", "SANCTION": "threatensSanctionsAgainst"}
"""What a threat to do something of a type is, if not just a threat; the deed is not done."""
_PROMISES = {
    "AID": "pledgesAidTo", "SUPPORT": "promisesSupportTo", "CONSULT": "plansTalksWith",
    "COOPERATE": "plansCooperationWith", "RETREAT": "offersConcessionTo",
    "PROTEST": "threatens",
}  # fmt: skip
"""What an announced deed of a type is, as PLOVER counts it: the deed is not done, the word is."""
_REFUSABLE = frozenset(
    {"AGREE", "CONSULT", "SUPPORT", "COOPERATE", "AID", "CONCEDE", "RETREAT", "MOBILIZE"}
)
"""What is done for or with the other: who refuses to do it refuses the other."""
_CUTS = frozenset({"cutsAidTo", "reducesTiesWith", "breaksTiesWith"})
_AGAINST_DEEDS = frozenset({"ACCUSE", "AGREE", "COERCE", "CONCEDE", "SUPPORT", "REJECT", "PROTEST"})
_DEMANDS = frozenset({"REQUEST", "ACCUSE", "REJECT"})
_IN_OWN_LAND = frozenset({"ASSAULT", "COERCE", "MOBILIZE", "RETREAT"})
_OCCASIONS = frozenset(
    {"nach", "bei", "während", "in", "aus", "anlässlich", "after", "during", "following", "at"}
)
"""Prepositions under which the subject of a clause takes part in what the noun names."""
_OF_WAR = frozenset({"agreesCeasefireWith", "ceasesFireWith", "threatensToAttack"})
_TO_PLACES = frozenset({"sendsTroopsTo", "occupies", "annexes", "blockades"})


class Extractor:
    """Reads the statements of one document."""

    def __init__(
        self,
        doc: Doc,
        article: Article,
        mentions: Sequence[Mention],
        offices: Sequence[OfficePhrase],
        relations: dict[str, Relation],
    ) -> None:
        self.doc = doc
        self.article = article
        self.relations = relations
        self.lexicon: Lexicon = lexica.load(article.lang)
        self.silent = frozenset(w for c in _SILENT_CLASSES for w in self.lexicon.words(c))
        self.offices = offices
        # Who holds an office of a known state is known, in a table or not.
        self.known = {mentions[o.person].entity.id for o in offices if o.person is not None}
        self.actors = Actors(doc, mentions, offices, self.lexicon, article.id)
        self.factuality = Factuality(self.actors, self.lexicon)
        self.mentions = mentions
        self.arc_probability: list[float] = doc.user_data.get("arc_probability") or [1.0] * len(doc)

    def statements(self) -> Iterator[Statement]:
        """Yield the statements of the document in text order, each once."""
        for sentence in self.doc.sents:
            seen: dict[str, Statement] = {}
            silent = self._is_silent(sentence)
            self.actors.follow(sentence)
            found = [] if silent else [*self._events(sentence), *self._static(sentence)]
            for statement in found:
                known = seen.get(statement.id)
                if known is None or known.confidence < statement.confidence:
                    seen[statement.id] = statement
            yield from sorted(seen.values(), key=lambda s: (s.evidence.cue, s.id))
            self.factuality.speech.note_speaker(sentence)

    def _is_silent(self, sentence: Span) -> bool:
        """Say whether a sentence is about sport, markets, the weather or the arts."""
        return bool(_SCORE.search(sentence.text)) or any(
            self.lexicon.is_a(token.lemma_, self.silent)
            for token in sentence
            if token.pos_ in {"NOUN", "PROPN"}
        )

    def _events(self, sentence: Span) -> Iterator[Statement]:
        for predicate, frames in predicates.find(sentence, self.lexicon):
            for frame in frames:
                if not predicates.matches(predicate, frame, self.lexicon):
                    continue
                found = list(self._of_frame(sentence, predicate, frame))
                if found:
                    yield from found
                    break
            else:
                yield from self._turned(sentence, predicate, frames)

    def _turned(
        self, sentence: Span, predicate: Predicate, frames: list[Frame]
    ) -> Iterator[Statement]:
        """Read a German sentence whose object stands first, if its frame knows the object."""
        turned = predicates.turned(predicate)
        for frame in frames if turned is not None else ():
            known = any(slot == "obj" for slot, _ in frame.conditions)
            if turned and known and predicates.matches(turned, frame, self.lexicon):
                yield from self._of_frame(sentence, turned, frame)
                return

    def _of_frame(self, sentence: Span, predicate: Predicate, frame: Frame) -> Iterator[Statement]:
        relation = self.relations[frame.relation]
        if relation.type == "ASSAULT" or relation.id in _OF_WAR:
            if predicates.is_figurative(predicate, self.lexicon):
                return
        subjects, _ = self._fill(predicate, frame, relation, True)
        claimed, arguments = predicate.token, self._argument_tokens(predicate, frame)
        if "light" in predicate.slots:
            # What the light verb claims is what counts: "did not launch an attack".
            claimed, arguments = predicate.token.head, [*arguments, predicate.token]
        if not subjects and predicate.pos == "V" and relation.type == "ASSAULT":
            subjects = self._by_blow(predicate)
        if not subjects and predicate.pos == "N":
            subjects = self._lent(predicate)
            if not subjects and (
                relation.symmetric
                or self.lexicon.is_a(predicate.lemma, self.lexicon.words("manner"))
            ):
                subjects = self._participants(predicate)
        if "each" in frame.object and not any(s in predicate.slots for s in frame.object[:-1]):
            pairs = list(combinations(subjects, 2))
            slot = "each"
        else:
            objects, slot = self._fill(predicate, frame, relation, False)
            if not objects and relation.type == "ASSAULT" and "obj" in frame.object:
                objects = self._scene(predicate)
            pairs = [(s, o) for s in subjects for o in objects]
            if (
                not objects
                and predicate.slots.get("reciprocal")
                and tree.reciprocal_slots(predicate.token) & {*frame.object}
            ):
                # "India and Pakistan accused each other"
                both = combinations if relation.symmetric else permutations
                pairs, slot = list(both(subjects, 2)), "each"
        if all(s.entity.id == o.entity.id for s, o in pairs) and "light" in predicate.slots:
            # "sped up the withdrawal of some forces from Panama": whose, the verb tells.
            pairs = [(s, o) for s in self._lent(predicate) for _, o in pairs]
        if relation.symmetric and relation.type != "BORDERS":
            # "the Gulf war" has the Gulf for no party.
            pairs = [(s, o) for s, o in pairs if not {s.entity.cls, o.entity.cls} & PLACES]
        if not pairs:
            return
        stance = self.factuality.of(claimed, arguments)
        if relation.type in STATIC and _is_in_passing(predicate, subjects):
            stance = Stance()
        if stance.says_nothing or (relation.type in STATIC and self._is_over(claimed)):
            return
        if stance.threatened and relation.type in STATIC:
            stance = stance.with_modality("planned")
        elif stance.threatened:
            # "threatened to end its aid" is a threat as well.
            kind = "" if relation.id in _CUTS else relation.type
            relation = self.relations[_THREATS.get(kind, "threatens")]
            stance = replace(stance, polarity="positive")
        if stance.modality == "possible" and is_conditional(claimed):
            after = any(c.i > claimed.i for c in tree.children(claimed, "advcl"))
            threat = relation.type == "THREATEN" and after and not tree.children(claimed, "aux")
            if stance.threatened or threat:
                # A threat on a condition is made all the same.
                stance = replace(stance, modality="actual")
        today = self.article.date
        if stance.modality == "actual" and predicate.pos == "V":
            if time.is_scheduled(sentence, predicate.token, today):
                stance = stance.with_modality("planned")
        if relation.id == "attacks" and predicate.pos == "V":
            if all(a.entity.cls == "Person" for pair in pairs for a in pair):
                # "Macron attacked Le Pen over ...": with words.
                relation = self.relations["criticizes"]
        if predicate.pos == "N" and relation.type == "REQUEST" and stance.modality == "demanded":
            stance = replace(stance, modality="actual")  # who insists on a demand makes it
        if stance.aim and relation.type == "PROTEST":
            # "shunned work to protest": that is the protest.
            stance = replace(stance, modality="actual")
        protests = []
        if relation.type in _DEMANDS:
            # "went on strike to demand the resignation of X": a protest against X.
            above = predicates.protest_above(claimed, self.lexicon)
            if above is not None:
                against = self.relations["protestsAgainst"]
                protests.append((against, self.factuality.of(above, [])))
        due = time.of(sentence, predicate.token, today, stance)
        if due is None and claimed != predicate.token:
            due = time.of(sentence, claimed, today, stance)  # "launched an attack on Monday"
        for subject, object_ in pairs:
            if not self._plausible(subject, object_, relation, predicate, slot):
                continue
            claims = [(relation, stance), *self._also(relation, stance, object_), *protests]
            for what, how in claims:
                # When the deed is due is not when it was announced.
                date = due if what == relation else None
                found = self._statement(
                    sentence, predicate, what, subject, object_, how, slot, date
                )
                if found.confidence >= LEAST_CONFIDENCE:
                    yield found

    def _also(
        self, relation: Relation, stance: Stance, object_: Actor
    ) -> Iterator[tuple[Relation, Stance]]:
        """Yield what is said along with a deed: its promise or threat, its refusal."""
        announced = stance.modality == "planned" and stance.polarity == "positive"
        if announced and not stance.aim:
            name = _PROMISES.get(relation.type, "") if relation.id != "mediatesBetween" else ""
            if relation.id == "sanctions":
                name = "threatensSanctionsAgainst"
            promise = self.relations.get(name)
            if promise is not None and object_.entity.cls in promise.range:
                yield promise, replace(stance, modality="actual")
        if stance.refused and stance.polarity == "negative" and relation.type in _REFUSABLE:
            refusal = self.relations["refuses"]
            if object_.entity.cls in refusal.range:
                yield refusal, stance.negated()

    def _scene(self, predicate: Predicate) -> list[Actor]:
        """Return the place that was hit: "struck targets in Damascus"."""
        local = self.lexicon.words("actor_local")
        hit = [t for t in predicate.slots.get("obj", ()) if self.lexicon.is_a(t.lemma_, local)]
        for noun in [*hit, predicate.token] if hit else ():
            if (place := self.actors.place_of(noun, set())) is not None:
                return [place]
        return []

    def _lent(self, predicate: Predicate) -> list[Actor]:
        """Return who does what a noun names by way of its verb: "launched", "announced"."""
        tokens = predicate.slots.get("light") or predicate.slots.get("planner", [])
        actors = (self.actors.all_of(t, acting=True) for t in tokens)
        return [a for each in actors for a in each]

    def _participants(self, predicate: Predicate) -> list[Actor]:
        """Return whose meeting it was: "sagte Lawrow nach einem Treffen mit ..."."""
        noun = predicate.token
        if tree.base(noun) != "obl" or tree.preposition(noun) not in _OCCASIONS:
            return []
        clause = tree.clause_of(noun)
        subjects = coordination.children(clause, "nsubj")
        return [a for t in subjects for a in self.actors.all_of(t, acting=True)]

    def _argument_tokens(self, predicate: Predicate, frame: Frame) -> list[Token]:
        slots = ["subj", "obj", "dat", "light", *sorted(frame.slots - {"comp", "compobj", "gen"})]
        return [t for slot in slots for t in predicate.slots.get(slot, ())]

    def _fill(
        self, predicate: Predicate, frame: Frame, relation: Relation, subject: bool
    ) -> tuple[list[Actor], str]:
        """Return the entities in the frame's first slot that holds any, and that slot."""
        slots = frame.subject if subject else frame.object
        for slot in slots:
            place = (subject and relation.id == "capitalOf") or (
                not subject
                # "recalled its ambassador from Budapest": from Hungary.
                and "City" in relation.range
                and (
                    relation.type in _PLACE_TYPES
                    or (names_a_place(slot) and relation.type != "CONSULT")
                    or relation.id in _TO_PLACES
                )
            )
            actors: list[Actor] = []
            deeds = not subject and relation.type in _AGAINST_DEEDS
            tokens = predicate.slots.get(slot, ())
            if not tokens and slot == "dat" and predicate.pos == "V" and "obj" not in frame.slots:
                # "half der Armee": dative and accusative are often confused.
                tokens = predicate.slots.get("obj", ())
            elif (
                slot == "obj"
                and predicate.pos == "V"
                and "dat" not in frame.slots
                and relation.type in {"ACCUSE", "SANCTION"}
            ):
                # "accused China of firing water cannon": and the other way round.
                tokens = [*tokens, *predicate.slots.get("dat", ())]
            for token in tokens:
                # "Israeli strikes killed ...": who strikes kills.
                blow = subject and relation.type == "ASSAULT" and self._is_blow(token)
                for actor in self.actors.all_of(token, place, deeds or blow, subject):
                    if actor.entity.id not in {a.entity.id for a in actors}:
                        actors.append(actor)
            if actors:
                return actors, slot
            if tokens and slot in {"against", "on", "gegen", "auf"}:
                break  # "strikes against ISIL in Syria" are no strikes on Syria.
        return [], ""

    def _titled(self, actor: Actor) -> bool:
        """Say whether a title shows that a lone word names a person: "President Reagan"."""
        titles = self.lexicon.words("titles")
        name = next((m for m in self.mentions if m.entity.id == actor.entity.id), None)
        if name is None or name.start == 0:
            return False
        return self.lexicon.is_a(self.doc[name.start - 1].lemma_, titles)

    def _by_blow(self, predicate: Predicate) -> list[Actor]:
        """Return whose strike it was: "were killed in an Israeli air strike"."""
        slots = ("bei", "in", "durch", "during", "by", "from")
        blows = [t for s in slots for t in predicate.slots.get(s, ()) if self._is_blow(t)]
        found = [a for t in blows for a in self.actors.all_of(t, False, True, True)]
        return [replace(a, certainty=0.85 * a.certainty) for a in found]

    def _is_blow(self, token: Token) -> bool:
        blows = self.lexicon.words("attack") | self.lexicon.words("munitions")
        return self.lexicon.is_a(token.lemma_, blows)

    def _is_over(self, noun: Token) -> bool:
        """Say whether a noun tells what was: "was a member", "the former capital"."""
        past = any(c.lower_ in {"was", "were", "war", "waren"} for c in tree.children(noun, "cop"))
        former = self.lexicon.words("former")
        return past or any(a.lemma_.lower() in former for a in tree.children(noun, "amod"))

    def _plausible(
        self,
        subject: Actor,
        object_: Actor,
        relation: Relation,
        predicate: Predicate,
        slot: str,
    ) -> bool:
        """Rule out what no sentence means: a city that attacks, a state against itself."""
        if subject.entity.id == object_.entity.id:
            return False
        strange = [
            e for e in (subject.entity, object_.entity)
            if e.minted and e.id not in self.known | self.actors.groups.told
            and (not e.part_of or e.cls == "Organisation")
        ]  # fmt: skip
        if len(strange) == 2 or any(
            a.entity.cls == "Person" and " " not in a.entity.label_en and not self._titled(a)
            for a in (subject, object_)
            if a.entity in strange
        ):
            # Two names that no table knows are hardly ever international affairs, and a
            # lone word taken for a person is as often a place.
            return False
        if slot == "auf" and relation.id == "meets" and object_.entity.cls == "State":
            return False  # "Deutschland trifft auf Luxemburg": a match
        if relation.id == "visits" and object_.entity.cls == "Person" and is_place(subject.entity):
            return False  # "Die Mongolei besuchte Putin": the other way round
        if (
            relation.id == "hosts"
            and object_.entity.cls == "State"
            and object_.token.pos_ == "PROPN"
        ):
            return False  # States host delegations; teams host teams.
        if subject.entity.cls not in relation.domain or object_.entity.cls not in relation.range:
            return False
        if relation.id == "capitalOf":
            return object_.entity.id == subject.entity.part_of
        if object_.entity.id == subject.entity.part_of:
            return subject.entity.cls == "ArmedGroup" and relation.type == "ASSAULT"
        if subject.entity.id == object_.entity.part_of:
            if object_.entity.cls != "Group":
                return is_place(object_.entity) and relation.type in _IN_OWN_LAND
        return predicate.token.i not in {subject.token.i, object_.token.i} or predicate.pos == "N"

    def _statement(
        self,
        sentence: Span,
        predicate: Predicate,
        relation: Relation,
        subject: Actor,
        object_: Actor,
        stance: Stance,
        slot: str,
        date: str | None,
    ) -> Statement:
        arcs = [self.arc_probability[t.i] for t in (predicate.token, subject.token, object_.token)]
        confidence = CERTAINTY[predicate.pos] * subject.certainty * object_.certainty
        confidence *= stance.certainty * min(arcs) ** 0.5
        if slot in predicate.borrowed or "subj" in predicate.borrowed:
            confidence *= 0.9
        if stance.reported and stance.source is None:
            # Somebody says so, the text leaves open who.
            stance = stance.with_modality("possible")
        cue = (predicate.token.idx, predicate.token.idx + len(predicate.token))
        return make_statement(
            self.article, sentence, relation, subject, object_, cue, stance, confidence,
            date,
            self.actors.place_of(predicate.token, {subject.entity.id, object_.entity.id}),
        )  # fmt: skip

    def _static(self, sentence: Span) -> Iterator[Statement]:
        yield from static.roles(sentence, self.article, self.mentions, self.offices, self.relations)
        yield from static.located(
            sentence, self.article, self.mentions, self.relations["locatedIn"]
        )
        yield from appointments.statements(
            sentence, self.article, self.mentions, self.offices, self.relations,
            self.actors, self.factuality,
        )  # fmt: skip


def _is_in_passing(predicate: Predicate, subjects: list[Actor]) -> bool:
    """Say whether an apposition tells it, which holds whatever the clause claims.

    "Russia denied attacking Kyiv, the capital of Ukraine"
    """
    noun = predicate.token
    if predicate.pos != "N" or tree.children(noun, "cop"):
        return False
    return tree.base(noun) == "appos" or any(
        s.token.head == noun and tree.base(s.token) in {"appos", "flat"} for s in subjects
    )

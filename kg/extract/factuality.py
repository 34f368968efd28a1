"""Does the sentence say that it is so? Polarity, modality and source of a predicate.

The three dimensions are those of FactBank (Saurí & Pustejovsky 2009). They
are read on the way from the predicate up to the root of its sentence.
"""

from __future__ import annotations

from dataclasses import replace

from spacy.tokens import Token

from kg.extract import deeds, tree
from kg.extract.actor import Actor
from kg.extract.actors import Actors
from kg.extract.lexicon import Effect, Lexicon
from kg.extract.negation import (
    NOBODY,
    is_awaited,
    is_conditional,
    is_inverted_condition,
    is_lessened,
    is_negated,
)
from kg.extract.predicates import is_announcement
from kg.extract.speech import Speech
from kg.extract.stance import Stance

_CIRCUMSTANCES = frozenset(
    {"nach", "seit", "wegen", "bei", "während", "aufgrund", "infolge", "trotz", "angesichts", "in",
     "after", "since", "because of", "during", "despite", "following", "amid", "at"}
)  # fmt: skip
_PRESUPPOSING = frozenset(
    {"nachdem", "weil", "da", "als", "während", "obwohl", "seit", "seitdem", "obgleich", "indem",
     "after", "because", "since", "as", "while", "although", "though", "when", "where"}
)  # fmt: skip
_MODAL = frozenset({"planned", "possible", "demanded", "threatened", "negative", "refused"})


class Factuality:
    """Reads stances in one document."""

    def __init__(self, actors: Actors, lexicon: Lexicon) -> None:
        self.actors = actors
        self.lexicon = lexicon
        self.lang = lexicon.lang
        self.speech = Speech(actors, lexicon)

    def of(self, predicate: Token, arguments: list[Token]) -> Stance:
        """Return the stance of the sentence towards a predicate."""
        stance = self._own(predicate, arguments)
        if self._frames_speech(predicate):
            return stance
        at = predicate
        presupposed = False
        while at.head != at and not stance.says_nothing:
            if is_awaited(at) or deeds.is_told_of(at, self.lexicon):
                return replace(stance, says_nothing=True)
            presupposed = (
                presupposed or self._is_presupposed(at) or deeds.is_presupposed(at, self.lexicon)
            )
            above = self._step(stance, at, at.head, at == predicate)
            if presupposed:
                # "urged them to leave after X had attacked Y": what is urged is the leaving.
                above = replace(stance, source=above.source, reported=above.reported)
            stance = above
            at = at.head
        if at.sent.text.rstrip(" \n\"'“”»)").endswith("?"):
            stance = replace(stance, says_nothing=True)
        if not stance.reported and not stance.says_nothing:
            stance = self.speech.parenthesis(stance, predicate)
        if not stance.reported:
            stance = self.speech.headline(stance, predicate)
        if not stance.reported and self.speech.is_indirect(at):
            stance = replace(stance, source=self.speech.speaker, reported=True)
        if not stance.reported:
            stance = self.speech.quotation(stance, predicate)
        if not stance.reported and (stance.unreal or self.speech.is_indirect(predicate)):
            stance = stance.with_modality("possible")
        return stance

    def _own(self, predicate: Token, arguments: list[Token]) -> Stance:
        """Read negation, auxiliaries, conjunctions and sources of one clause."""
        stance = Stance()
        if is_negated(predicate, arguments, self.lang) != self._is_cleft(predicate):
            stance = stance.negated()
        auxiliaries = tree.children(predicate, "aux", "cop")
        if (
            not auxiliaries
            and predicate.dep_.startswith("conj")
            and tree.feature(predicate, "VerbForm") in {"Inf", "Part"}
        ):
            auxiliaries = tree.children(predicate.head, "aux")
        for auxiliary in auxiliaries:
            stance = self._auxiliary(stance, auxiliary, predicate)
        for mark in tree.children(predicate, "mark"):
            effect = self.lexicon.operators.get((tree.with_fixed(mark), "M"))
            stance = self._apply(stance, effect, None) if effect else stance
        doubts = tree.children(predicate, "advmod", "amod")
        # "vermeintlich ukrainische Drohnen"
        named = [c for a in arguments for c in tree.children(a, "amod")]
        doubts += [c for adjective in named for c in tree.children(adjective, "advmod")]
        for word in doubts:
            effect = self.lexicon.operators.get((word.lower_, "A")) or self.speech.effect(word)
            if effect in ("possible", "planned"):
                stance = stance.with_modality(effect)
            elif effect == "negative" and tree.base(word) == "amod":
                stance = stance.negated()  # "der vereitelte Anschlag"
            elif effect == "none" and tree.base(word) == "advmod":
                stance = replace(stance, says_nothing=True)  # "almost attacked", "kaum noch"
        if is_lessened(predicate, arguments, self.lang) or deeds.is_told(predicate, self.lexicon):
            stance = replace(stance, says_nothing=True)
        if (be := tree.is_to_be(predicate)) is not None:
            # "was to meet": and perhaps did not.
            past = tree.feature(be, "Tense") == "Past"
            stance = stance.with_modality("possible" if past else "planned")
        if tree.feature(predicate, "Mood") == "Imp" or self._is_counterfactual(predicate):
            stance = replace(stance, says_nothing=True)
        if is_conditional(predicate):
            # What is done on a condition is neither done nor promised.
            stance = stance.with_modality("possible")
        return self.speech.of_clause(stance, predicate)

    def _is_cleft(self, predicate: Token) -> bool:
        """Say whether a cleft denies it: "it was not X that attacked Y"."""
        above = predicate.head
        return (
            predicate.dep_ == "acl:relcl"
            and bool(tree.children(above, "cop"))
            and any(s.lower_ in {"it", "es"} for s in tree.children(above, "nsubj", "expl"))
            and any(c.lower_ in {"not", "n't", "nicht"} for c in above.children)
        )

    def _is_counterfactual(self, predicate: Token) -> bool:
        """Say whether it did not happen: "would have joined", "wäre beigetreten", "Had X ..."."""
        words = {c.lower_ for c in tree.children(predicate, "aux")}
        if words & {"would", "'d"} and words & {"have", "'ve"}:
            return True
        if self.lang == "de" and words & {"hätte", "hätten", "wäre", "wären"}:
            # Konjunktiv II of the past; after a verb of saying it reports.
            above = predicate.head
            effect_of = self.speech.effect
            below = tree.base(predicate) in {"ccomp", "parataxis", "xcomp"}
            reported = below and effect_of(above)
            said = any(effect_of(c) == "says" for c in tree.children(predicate, "parataxis"))
            main = tree.base(predicate) in {"ROOT", "root", "advcl", "conj"}
            return main and not reported and not said
        return tree.base(predicate) == "advcl" and is_inverted_condition(predicate)

    def _auxiliary(self, stance: Stance, auxiliary: Token, predicate: Token) -> Stance:
        lemma = auxiliary.lemma_.lower()
        effect = self.lexicon.operators.get((auxiliary.lower_, "AUX")) or (
            self.lexicon.operators.get((lemma, "AUX"))
        )
        if effect:
            return self._apply(stance, effect, None)
        if self.lang == "de" and lemma == "werden":
            infinitive = tree.feature(predicate, "VerbForm") == "Inf" or (
                predicate.lower_.endswith("n") and not tree.is_passive(predicate)
                and not predicate.lower_.startswith("ge")
            )  # fmt: skip
            if auxiliary.dep_ == "aux" and infinitive:
                return stance.with_modality("planned")
        if self.lang == "de" and auxiliary.lower_ in {"hätte", "hätten", "wäre", "wären"}:
            return replace(stance, unreal=True)
        return stance

    def _apply(self, stance: Stance, effect: Effect, source: Actor | None) -> Stance:
        match effect:
            case "negative":
                return stance.negated()
            case "refused":
                return replace(stance.negated(), refused=True)
            case "planned" | "possible" | "demanded":
                return stance.with_modality(effect)
            case "threatened":
                return replace(stance, threatened=True)
            case "says":
                return self.speech.attribute(stance, source)
            case "denies":
                return self.speech.attribute(stance, source).negated()
            case "none":
                return replace(stance, says_nothing=True)
            case _:
                return stance

    def _step(self, stance: Stance, at: Token, above: Token, direct: bool) -> Stance:
        """Carry a stance one word up the tree; ``direct`` if ``at`` is the predicate itself."""
        relation = tree.base(at)
        marks = {m.lower_ for m in tree.children(at, "mark")}
        if at.dep_ == "acl:relcl" and marks & {"that", "dass", "daß"} and above.head != above:
            if self.speech.effect(above) is None:
                # "told reporters that ..." read as a relative clause of the reporters.
                above, relation = above.head, "ccomp"
        elif tree.base(at) == "acl" and marks & {"of", "from"} and above.head.pos_ in tree.VERBAL:
            # "accused its guards of ramming ...": what the guards are accused of.
            above, relation = above.head, "ccomp"
        elif relation == "advcl" and (
            _is_content(at)
            or "that" in marks
            or any(m.lower_ == "that" for m in above.lefts if m.i < at.left_edge.i)
        ):
            relation = "ccomp"  # "That X did so is denied by Y."
        effect = self.speech.effect(above)
        infinite = tree.is_infinite(at)
        if relation == "advcl" and effect == "negative" and marks & {"to", "um"}:
            if tree.children(above, "obj"):
                effect = None  # "dropped its tax to restart talks": what for, not what.
        if relation in {"ccomp", "xcomp", "csubj", "acl"} or (
            relation == "advcl" and infinite and effect is not None
        ):
            if relation == "acl" and (
                (tree.is_participle_modifier(at) and "to" not in marks) or at.dep_ == "acl:relcl"
            ):
                told = effect is not None and marks & {"that", "dass", "daß"}
                imagined = effect == "none" and above.pos_ == "NOUN"
                if imagined:
                    return replace(stance, says_nothing=True)  # "ein Szenario, in dem ..."
                if not _is_content(at) and not told:
                    return stance
            if "against" in {m.lower_ for m in tree.children(at, "mark", "case")}:
                return replace(stance, says_nothing=True)  # "warned Russia against attacking"
            if above.lemma_ == "warnen" and infinite:
                return replace(stance, says_nothing=True)  # "warnte Katar, ... zu finanzieren"
            if any(
                s.lower_ in NOBODY or (self.speech.effect(s) and is_negated(s, [], self.lang))
                for s in tree.children(above, "nsubj")
            ):
                # "nobody believes that ...", "no proof has emerged that ..."
                return replace(stance, says_nothing=True)
            if above.pos_ == "NOUN" and any(
                is_negated(t, [], self.lang) for t in (above, above.head)
            ):
                # "There is no evidence that ...", "has not shown proof that ..."
                return replace(stance, says_nothing=True)
            if (
                effect == "says"
                and infinite
                and "to" in marks
                and tree.children(above, "obj", "iobj")
            ):
                effect = "demanded"  # "told Israel to withdraw"
            if effect in {"says", "planned"} and tree.is_mandative(at):
                effect = "demanded"  # "insisted that Israel withdraw"
            if effect is None:
                factor = 0.9 if relation == "xcomp" else 0.6
                stance = replace(stance, certainty=stance.certainty * factor)
                if relation == "xcomp" and at.lower_.endswith("ing") and self.lang == "en":
                    # "debated sending troops": only what the lexicon vouches for is done.
                    stance = stance.with_modality("possible")
                if above.pos_ in {"NOUN", "ADV", "PRON"} and marks & {"that", "dass", "daß", "ob"}:
                    # "no evidence that ...": a noun with a clause vouches for nothing.
                    stance = stance.with_modality("possible")
            else:
                stance = self._apply(stance, effect, self.speech.subject_of(above))
            if is_negated(above, [], self.lang):
                if effect in ("says", "denies", "fact"):
                    return replace(stance, says_nothing=True)
                stance = _taken_back(stance, effect)
            if above.lemma_ in {"have", "be"} and any(c.lower_ == "yet" for c in above.children):
                stance = stance.negated()  # "has yet to recognise Israel"
            return self._governor(stance, above)
        if relation == "parataxis":
            if effect == "says":
                return self.speech.attribute(stance, self.speech.subject_of(above))
            return stance
        if (
            relation in {"advcl", "obl"}
            and "against" in {m.lower_ for m in tree.children(at, "mark", "case")}
            and at.pos_ in tree.VERBAL
        ):
            return replace(stance, says_nothing=True)
        if relation == "advcl" and marks & {"to", "um"}:
            return self.speech.of_clause(replace(stance.with_modality("planned"), aim=True), above)
        if relation in {"obj", "obl", "nsubj", "nmod", "iobj"}:
            return self._governor(self._of_noun(stance, at, above, direct), above)
        if relation in {"conj", "advcl"}:
            return self.speech.of_clause(stance, above)
        return stance

    def _of_noun(self, stance: Stance, at: Token, above: Token, direct: bool) -> Stance:
        """Add what the word on which a noun hangs says of what the noun names."""
        relation, effect = tree.base(at), self.speech.effect(above)
        silent = replace(stance, says_nothing=True)
        with_it = deeds.effect_with(at, above, self.lexicon)
        if with_it == "none" or deeds.phrase_effect(at, above, self.lexicon) == "none":
            return silent  # "is off the table", "ist gegen einen Abzug"
        judging = above.pos_ in tree.VERBAL and self.lexicon.is_a(
            above.lemma_, self.lexicon.words("judging")
        )
        if effect in _MODAL and self._governs(at) and not judging:
            with_it = with_it or effect
        if with_it is not None:
            if with_it == "refused" and at.dep_ == "nsubj:pass":
                return silent  # "An attack was ruled out."
            named = [above, *(tree.children(above, "obj") if with_it != effect else [])]
            denied = any(is_negated(t, [], self.lang) for t in named)
            if denied and with_it == "possible":
                # "no doubt about the support", but "no interest in a war"
                doubts = self.lexicon.words("doubts")
                return stance if any(self.lexicon.is_a(t.lemma_, doubts) for t in named) else silent
            stance = self._apply(stance, with_it, None)
            if denied:
                stance = _taken_back(stance, with_it)  # Sanctions not lifted are in force.
        elif (
            direct
            and tree.preposition(at) in {"against", "gegen"}
            and self.lexicon.is_a(above.lemma_, self.lexicon.words("deciding"))
        ):
            return silent  # "voted against Sweden's accession"
        elif relation == "obj" and is_announcement(above, self.lexicon):
            stance = stance.with_modality("planned")
        elif effect in {"says", "denies"} and direct and self._governs(at):
            stance = self._apply(stance, effect, self.speech.subject_of(above))
        elif relation in {"obj", "nsubj"} and judging:
            stance = self._judged(stance, above, effect)
        elif effect == "none" and relation in {"obj", "nmod"}:
            return silent  # "simulated an attack"
        elif effect == "denies" and self.speech.effect(at) == "says" and stance.reported:
            # "dementierte Berichte, wonach ..."
            stance = self._apply(stance, effect, self.speech.subject_of(above))
        elif relation == "nsubj" and direct:
            planned = stance.modality == "planned" and effect == "negative"
            if planned or self._came_to_nothing(at, above, effect):
                return silent
            judged = self._judged(stance, above, effect)
            if judged == stance and effect is None and deeds.is_imagined(at, above):
                return silent  # "An attack on Poland is a nightmare."
            stance = judged
        if deeds.is_irreal(above) and not stance.reported:
            stance = stance.with_modality("possible")  # "would trigger Article 5"
        return stance

    def _judged(self, stance: Stance, above: Token, effect: Effect | None) -> Stance:
        """Add what is said of a subject that names a deed: "an attack is unlikely", "droht"."""
        if effect == "threatened":
            return stance.with_modality("possible")
        words = [above, *tree.children(above, "xcomp", "obl", "advcl", "advmod", "obj")]
        for word in words:
            # "gilt als ausgeschlossen"
            held = word.pos_ == "VERB" and {"als", "für", "as"} & {c.lower_ for c in word.children}
            if not held and word.pos_ not in {"ADJ", "ADV"}:
                continue
            if (found := self.speech.effect(word)) is not None:
                if found in ("negative", "refused", "none"):
                    return replace(stance, says_nothing=True)
                return self._apply(stance, found, None) if found in _MODAL else stance
        return stance

    def _came_to_nothing(self, noun: Token, verb: Token, effect: Effect | None) -> bool:
        """Say whether what a subject names did not happen: "did not take place", "failed".

        Talks that failed were held all the same.
        """
        if is_negated(verb, [], self.lang):
            return True
        held = self.lexicon.words("talks") | self.lexicon.words("meeting")
        return effect in ("negative", "refused") and not self.lexicon.is_a(noun.lemma_, held)

    def _frames_speech(self, noun: Token) -> bool:
        """Say whether a noun tells when somebody spoke: "sagte X nach einem Treffen mit Y"."""
        return (
            tree.base(noun) == "obl"
            and not self._governs(noun)
            and self.speech.effect(noun.head) == "says"
        )

    def _is_presupposed(self, clause: Token) -> bool:
        """Say whether a clause holds whatever becomes of the one above it."""
        if _is_content(clause):
            return False
        if clause.dep_ == "acl:relcl":
            if self.speech.effect(clause.head) == "none":
                return False  # "ein Szenario, in dem ..."
            return not any(m.lower_ in {"that", "dass"} for m in tree.children(clause, "mark"))
        marks = {m.lower_ for m in tree.children(clause, "mark", "advmod")}
        if tree.base(clause) == "ccomp":
            return bool(marks & {"nachdem", "weil", "obwohl", "obgleich", "after", "because"})
        return tree.base(clause) == "advcl" and bool(marks & _PRESUPPOSING)

    def _governs(self, at: Token) -> bool:
        """Say whether a noun is a complement of the word above it, not a circumstance."""
        if tree.base(at) == "nsubj":
            return at.dep_ == "nsubj:pass"
        name = tree.preposition(at)
        if name == "nach" and tree.base(at) == "nmod" and self.speech.effect(at.head) == "demanded":
            return True  # "die Forderung nach einem Abzug"
        return name not in _CIRCUMSTANCES

    def _governor(self, stance: Stance, above: Token) -> Stance:
        """Add what the auxiliaries and sources of a governing clause say."""
        for auxiliary in tree.children(above, "aux"):
            stance = self._auxiliary(stance, auxiliary, above)
        for mark in tree.children(above, "mark"):
            if effect := self.lexicon.operators.get((tree.with_fixed(mark), "M")):
                stance = self._apply(stance, effect, None)
        return self.speech.of_clause(stance, above)


def _taken_back(stance: Stance, effect: Effect | None) -> Stance:
    """Return the stance if the governing word is itself denied."""
    if effect == "threatened":
        return replace(stance, says_nothing=True)  # "hat nie gedroht, ..."
    if effect == "refused":  # "has not ruled out sending troops"
        return replace(stance.negated(), refused=False).with_modality("possible")
    return stance.negated()


def _is_content(clause: Token) -> bool:
    """Say whether a clause on a noun is what the noun reports: "Berichte, wonach ..."."""
    return any(c.lower_ in {"wonach", "demzufolge", "denenzufolge"} for c in clause.children)

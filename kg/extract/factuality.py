"""Does the sentence say that it is so? Polarity, modality and source of a predicate.

The three dimensions are those of FactBank (Saurí & Pustejovsky 2009). They
are read on the way from the predicate up to the root of its sentence.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from spacy.tokens import Span, Token

from kg.extract import quotes, tree
from kg.extract.actors import Actor, Actors
from kg.extract.lexicon import Effect, Lexicon
from kg.extract.negation import (
    NOBODY,
    is_awaited,
    is_conditional,
    is_inverted_condition,
    is_negated,
)
from kg.extract.predicates import is_announcement, verb_effect
from kg.types import Modality, Polarity

_CIRCUMSTANCES = frozenset(
    {"nach", "seit", "wegen", "bei", "während", "aufgrund", "infolge", "trotz", "angesichts", "in",
     "after", "since", "because of", "during", "despite", "following", "amid", "at"}
)  # fmt: skip
_PRESUPPOSING = frozenset(
    {"nachdem", "weil", "da", "als", "während", "obwohl", "seit", "seitdem", "obgleich", "indem",
     "after", "because", "since", "as", "while", "although", "though", "when", "where"}
)  # fmt: skip
_MODAL = frozenset({"planned", "possible", "demanded", "threatened", "negative", "refused"})
_STRENGTH = {"actual": 0, "planned": 1, "possible": 2, "demanded": 3}


@dataclass(frozen=True)
class Stance:
    """What a sentence claims of a predicate.

    ``source`` is who says so; ``reported`` is True if somebody says so,
    known or not. ``certainty`` (0..1) falls with each governing word whose
    effect the lexicon does not know. ``says_nothing`` marks questions,
    conditions and commands. ``unreal`` marks Konjunktiv II, which is irrealis
    unless it is reported speech; ``threatened`` what somebody threatens to do and
    ``refused`` what somebody refuses to do. ``aim`` marks what something else is done
    for: it is planned, but nobody has announced it.
    """

    polarity: Polarity = "positive"
    modality: Modality = "actual"
    source: Actor | None = None
    reported: bool = False
    certainty: float = 1.0
    says_nothing: bool = False
    unreal: bool = False
    threatened: bool = False
    refused: bool = False
    aim: bool = False

    def with_modality(self, modality: Modality) -> Stance:
        """Return the stance with the stronger of two modalities."""
        if _STRENGTH[modality] > _STRENGTH[self.modality]:
            return replace(self, modality=modality)
        return self

    def negated(self) -> Stance:
        """Return the stance with the other polarity."""
        other: Polarity = "positive" if self.polarity == "negative" else "negative"
        return replace(self, polarity=other)


class Factuality:
    """Reads stances in one document; remembers who spoke last."""

    def __init__(self, actors: Actors, lexicon: Lexicon) -> None:
        self.actors = actors
        self.lexicon = lexicon
        self.lang = lexicon.lang
        self.views = lexicon.words("views")
        self.speaker: Actor | None = None
        self.quotes = quotes.find(actors.doc.text)

    def of(self, predicate: Token, arguments: list[Token]) -> Stance:
        """Return the stance of the sentence towards a predicate."""
        stance = self._own(predicate, arguments)
        if self._frames_speech(predicate):
            return stance
        at = predicate
        presupposed = False
        while at.head != at and not stance.says_nothing:
            if is_awaited(at):
                return replace(stance, says_nothing=True)
            presupposed = presupposed or self._is_presupposed(at)
            above = self._step(stance, at, at.head, at == predicate)
            if presupposed:
                # "urged them to leave after X had attacked Y": what is urged is the leaving.
                above = replace(stance, source=above.source, reported=above.reported)
            stance = above
            at = at.head
        if at.sent.text.rstrip(" \n\"'“”»)").endswith("?"):
            stance = replace(stance, says_nothing=True)
        if not stance.reported and not stance.says_nothing:
            stance = self._parenthesis(stance, predicate)
        if not stance.reported:
            stance = self._headed(stance, predicate)
        if not stance.reported and self._indirect_speech(at):
            stance = replace(stance, source=self.speaker, reported=True)
        if not stance.reported:
            stance = self._quoted(stance, predicate)
        if not stance.reported and (stance.unreal or self._indirect_speech(predicate)):
            stance = stance.with_modality("possible")
        return stance

    def note_speaker(self, sentence: Span) -> None:
        """Remember who is quoted in a sentence, for indirect speech in the next one."""
        if self._indirect_speech(sentence.root):
            return
        for token in sentence:
            if self._effect(token) in {"says", "denies"}:
                speaker = self._subject(token)
                if speaker is not None:
                    self.speaker = speaker
                    return
        if not any(q.start < sentence.end_char < q.end for q in self.quotes):
            self.speaker = None

    def _own(self, predicate: Token, arguments: list[Token]) -> Stance:
        """Read negation, auxiliaries, conjunctions and sources of one clause."""
        stance = Stance()
        if is_negated(predicate, arguments, self.lang):
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
            effect = self.lexicon.operators.get((word.lower_, "A")) or self._effect(word)
            if effect in ("possible", "planned"):
                stance = stance.with_modality(effect)
        if (be := tree.is_to_be(predicate)) is not None:
            # "was to meet": and perhaps did not.
            past = tree.feature(be, "Tense") == "Past"
            stance = stance.with_modality("possible" if past else "planned")
        if tree.feature(predicate, "Mood") == "Imp" or self._is_counterfactual(predicate):
            stance = replace(stance, says_nothing=True)
        if is_conditional(predicate):
            # What is done on a condition is neither done nor promised.
            stance = stance.with_modality("possible")
        return self._sources(stance, predicate)

    def _is_counterfactual(self, predicate: Token) -> bool:
        """Say whether it did not happen: "would have joined", "wäre beigetreten", "Had X ..."."""
        words = {c.lower_ for c in tree.children(predicate, "aux")}
        if words & {"would", "'d"} and words & {"have", "'ve"}:
            return True
        if self.lang == "de" and words & {"hätte", "hätten", "wäre", "wären"}:
            # Konjunktiv II of the past; after a verb of saying it reports.
            above = predicate.head
            reported = tree.base(predicate) in {"ccomp", "parataxis", "xcomp"} and self._effect(
                above
            )
            said = any(self._effect(c) == "says" for c in tree.children(predicate, "parataxis"))
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
                return self._attribute(stance, source)
            case "denies":
                return self._attribute(stance, source).negated()
            case "none":
                return replace(stance, says_nothing=True)
            case _:
                return stance

    @staticmethod
    def _attribute(stance: Stance, source: Actor | None) -> Stance:
        if stance.source is not None:
            # The innermost speaker is the source; the outer ones carry it.
            return stance
        return replace(stance, source=source, reported=True)

    def _sources(self, stance: Stance, clause: Token) -> Stance:
        """Read sources that stand in the clause: "laut X", "wie X mitteilte", "..., sagte X"."""
        for child in clause.children:
            relation = tree.base(child)
            if relation in {"obl", "nmod", "advmod"}:
                name = tree.preposition(child)
                if self.lexicon.operators.get((name, "P")) == "says":
                    stance = self._attribute(stance, self.actors.of(child))
                elif name in {"in", "bei", "during", "at"} and self._effect(child) == "none":
                    stance = replace(stance, says_nothing=True)  # "In dem Planspiel ..."
                elif name == "in" and self.lexicon.is_a(child.lemma_, self.views):
                    stance = self._attribute(stance, self._owner(child))
                elif name in {"nach", "according to"} and self._effect(child) == "says":
                    own = any(c.lemma_.lower() in {"eigen", "own"} for c in child.children)
                    # "nach eigenen Angaben": who acts says so.
                    source = self._subject(clause) if own else self._owner(child)
                    stance = self._attribute(stance, source)
            elif relation in {"parataxis", "advcl"} and self._effect(child) == "says":
                marks = {m.lower_ for m in tree.children(child, "mark", "advmod")}
                if relation == "parataxis" or marks & {"wie", "as", "so"}:
                    stance = self._attribute(stance, self._subject(child))
        return stance

    def _step(self, stance: Stance, at: Token, above: Token, direct: bool) -> Stance:
        """Carry a stance one word up the tree; ``direct`` if ``at`` is the predicate itself."""
        relation = tree.base(at)
        marks = {m.lower_ for m in tree.children(at, "mark")}
        if at.dep_ == "acl:relcl" and marks & {"that", "dass", "daß"} and above.head != above:
            if self._effect(above) is None:
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
        effect = self._effect(above)
        infinite = tree.is_infinite(at)
        if relation == "advcl" and effect == "negative" and "to" in marks:
            if tree.children(above, "obj"):
                effect = None  # "dropped its tax to restart talks": what for, not what.
        if relation in {"ccomp", "xcomp", "csubj", "acl"} or (
            relation == "advcl" and infinite and effect is not None
        ):
            if relation == "acl" and (
                (tree.is_participle_modifier(at) and "to" not in marks) or at.dep_ == "acl:relcl"
            ):
                told = effect is not None and marks & {"that", "dass", "daß"}
                if not _is_content(at) and not told:
                    return stance
            if "against" in {m.lower_ for m in tree.children(at, "mark", "case")}:
                return replace(stance, says_nothing=True)  # "warned Russia against attacking"
            if above.lemma_ == "warnen" and infinite:
                return replace(stance, says_nothing=True)  # "warnte Katar, ... zu finanzieren"
            if any(s.lower_ in NOBODY for s in tree.children(above, "nsubj")):
                return replace(stance, says_nothing=True)  # "nobody believes that ..."
            if above.pos_ == "NOUN" and any(
                is_negated(t, [], self.lang) for t in (above, above.head)
            ):
                # "There is no evidence that ...", "has not shown proof that ..."
                return replace(stance, says_nothing=True)
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
                stance = self._apply(stance, effect, self._subject(above))
            if is_negated(above, [], self.lang):
                if effect in ("says", "denies", "fact"):
                    return replace(stance, says_nothing=True)
                stance = stance.negated()
                if effect == "refused":  # "has not ruled out sending troops"
                    stance = replace(stance, refused=False).with_modality("possible")
            if above.lemma_ in {"have", "be"} and any(c.lower_ == "yet" for c in above.children):
                stance = stance.negated()  # "has yet to recognise Israel"
            return self._governor(stance, above)
        if relation == "parataxis":
            if effect == "says":
                return self._attribute(stance, self._subject(above))
            return stance
        if (
            relation in {"advcl", "obl"}
            and "against" in {m.lower_ for m in tree.children(at, "mark", "case")}
            and at.pos_ in tree.VERBAL
        ):
            return replace(stance, says_nothing=True)
        if relation == "advcl" and "to" in marks:
            return self._sources(replace(stance.with_modality("planned"), aim=True), above)
        if relation in {"obj", "obl", "nsubj", "nmod", "iobj"}:
            if effect in _MODAL and self._governs(at):
                stance = self._apply(stance, effect, None)
                if is_negated(above, [], self.lang):
                    stance = stance.negated()  # Sanctions not lifted are in force.
                    if effect == "refused":
                        stance = replace(stance, refused=False).with_modality("possible")
            elif (
                direct
                and tree.preposition(at) in {"against", "gegen"}
                and self.lexicon.is_a(above.lemma_, self.lexicon.words("deciding"))
            ):
                return replace(stance, says_nothing=True)  # "voted against Sweden's accession"
            elif relation == "obj" and is_announcement(above, self.lexicon):
                stance = stance.with_modality("planned")
            elif effect in {"says", "denies"} and direct and self._governs(at):
                stance = self._apply(stance, effect, self._subject(above))
            elif relation in {"obj", "nsubj"} and self.lexicon.is_a(
                above.lemma_, self.lexicon.words("judging")
            ):
                stance = self._judged(stance, above, effect)
            elif effect == "none" and relation == "obj":
                return replace(stance, says_nothing=True)  # "simulated an attack"
            elif effect == "denies" and self._effect(at) == "says" and stance.reported:
                # "dementierte Berichte, wonach ..."
                stance = self._apply(stance, effect, self._subject(above))
            elif relation == "nsubj" and direct:
                planned = stance.modality == "planned" and effect == "negative"
                if planned or self._came_to_nothing(at, above, effect):
                    return replace(stance, says_nothing=True)
                stance = self._judged(stance, above, effect)
            return self._governor(stance, above)
        if relation in {"conj", "advcl"}:
            return self._sources(stance, above)
        return stance

    def _judged(self, stance: Stance, above: Token, effect: Effect | None) -> Stance:
        """Add what is said of a subject that names a deed: "an attack is unlikely", "droht"."""
        if effect == "threatened":
            return stance.with_modality("possible")
        words = [above, *tree.children(above, "xcomp", "obl", "advcl", "advmod", "obj")]
        for word in words:
            if word.pos_ in {"ADJ", "ADV"} and (found := self._effect(word)) is not None:
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
            and self._effect(noun.head) == "says"
        )

    @staticmethod
    def _is_presupposed(clause: Token) -> bool:
        """Say whether a clause holds whatever becomes of the one above it."""
        if _is_content(clause):
            return False
        if clause.dep_ == "acl:relcl":
            return not any(m.lower_ in {"that", "dass"} for m in tree.children(clause, "mark"))
        marks = {m.lower_ for m in tree.children(clause, "mark", "advmod")}
        if tree.base(clause) == "ccomp":
            return bool(marks & {"nachdem", "weil", "obwohl", "obgleich", "after", "because"})
        return tree.base(clause) == "advcl" and bool(marks & _PRESUPPOSING)

    def _governs(self, at: Token) -> bool:
        """Say whether a noun is a complement of the word above it, not a circumstance."""
        if tree.base(at) == "nsubj":
            return at.dep_ == "nsubj:pass"
        return tree.preposition(at) not in _CIRCUMSTANCES

    def _governor(self, stance: Stance, above: Token) -> Stance:
        """Add what the auxiliaries and sources of a governing clause say."""
        for auxiliary in tree.children(above, "aux"):
            stance = self._auxiliary(stance, auxiliary, above)
        for mark in tree.children(above, "mark"):
            if effect := self.lexicon.operators.get((tree.with_fixed(mark), "M")):
                stance = self._apply(stance, effect, None)
        return self._sources(stance, above)

    def _parenthesis(self, stance: Stance, predicate: Token) -> Stance:
        """Read a report that is put in or after a clause: "..., Baku claimed;"."""
        for verb in predicate.sent:
            if self._effect(verb) != "says":
                continue
            if verb.i < predicate.i and (
                verb.is_ancestor(predicate) or predicate.doc[verb.i + 1].text != ","
            ):
                continue
            if tree.children(verb, "obj", "ccomp", "xcomp", "csubj", "cop"):
                continue
            subjects = tree.children(verb, "nsubj")
            if not subjects or (predicate in verb.subtree and predicate != verb.head):
                continue
            first = min(verb.i, subjects[0].left_edge.i)
            if first > 0 and predicate.doc[first - 1].text in {",", "”", '"', "“", "«"}:
                between = predicate.doc[min(predicate.i, first) : max(predicate.i, first)].text
                if ";" not in between:
                    return self._attribute(stance, self._subject(verb))
        return stance

    def _headed(self, stance: Stance, predicate: Token) -> Stance:
        """Read the speaker of a headline: "Selenskyj: Russland hat ..."."""
        sentence = predicate.sent
        for mention in self.actors.mentions:
            if not sentence.start <= mention.start < predicate.i or mention.end >= predicate.i:
                continue
            before = predicate.doc[sentence.start : mention.start]
            known = not mention.entity.minted or mention.entity.cls == "Person"
            if (
                known
                and predicate.doc[mention.end].text == ":"
                and not any(t.pos_ in tree.VERBAL or t.text == ":" for t in before)
            ):
                return self._attribute(stance, self.actors.of(predicate.doc[mention.end - 1]))
        return stance

    def _quoted(self, stance: Stance, predicate: Token) -> Stance:
        """Attribute what stands in quotation marks to who is quoted; a title says nothing.

        The speaker is the subject of a verb of saying in the sentence in which
        the quotation begins or ends, outside of it. A few quoted words inside
        a clause ("heroic") are no quotation of that clause.
        """
        quote = next((q for q in self.quotes if predicate.idx in q), None)
        if quote is None or len(predicate.doc.text[quote.start : quote.end].split()) < 3:
            return stance
        sentences = [
            s for s in predicate.doc.sents
            if s.start_char <= quote.end + 1 and quote.start - 1 <= s.end_char
        ]  # fmt: skip
        for verb in (t for s in sentences for t in s if t.idx not in quote):
            if self._effect(verb) == "says":
                return self._attribute(stance, self._subject(verb))
        if self.speaker is not None and len(sentences[0].text) <= quote.end - quote.start + 3:
            # A quotation that is a sentence of its own goes on with the speaker before it.
            return self._attribute(stance, self.speaker)
        return replace(stance, says_nothing=True)

    def _effect(self, token: Token) -> Effect | None:
        if token.pos_ in tree.VERBAL:
            return verb_effect(token, self.lexicon)
        pos = "A" if token.pos_ in {"ADJ", "ADV"} else "N"
        return self.lexicon.operators.get((token.lemma_.lower(), pos))

    def _subject(self, verb: Token) -> Actor | None:
        """Return who says what a verb of saying introduces."""
        if verb.pos_ not in tree.VERBAL:
            return self._owner(verb)
        agents = "obl:agent" if tree.is_passive(verb) else "nsubj"
        for subject in tree.children(verb, agents):
            if subject.lower_ in {"es", "it"}:
                break
            subject = tree.antecedent(subject) or subject
            return self.actors.of(subject) or self.actors.group(subject)
        if verb.dep_.startswith("conj") or tree.base(verb) == "xcomp":
            return self._subject(verb.head) if verb.head.pos_ in tree.VERBAL else None
        # "hieß es in einer Erklärung des Außenministeriums"; the phrase may hang
        # on the clause that is reported.
        near = [verb, *tree.children(verb, "ccomp")]
        for child in (c for v in near for c in tree.children(v, "obl", "nmod") if c.i > verb.i):
            if tree.preposition(child) in {"in", "aus", "from", "von"}:
                return self._owner(child)
        return None

    def _owner(self, noun: Token) -> Actor | None:
        """Return whose statement a noun is: "nach Angaben des Ministeriums"."""
        for child in noun.children:
            if tree.base(child) in {"nmod", "amod", "det", "compound"}:
                actor = self.actors.of(child)
                if actor is not None:
                    return actor
        return self.actors.of(noun)

    def _indirect_speech(self, root: Token) -> bool:
        """Say whether a main clause stands in Konjunktiv I ("Nordkorea habe ...")."""
        if self.lang != "de":
            return False
        finite = [root, *tree.children(root, "aux", "cop")]
        return any(tree.is_subjunctive(t) for t in finite)


def _is_content(clause: Token) -> bool:
    """Say whether a clause on a noun is what the noun reports: "Berichte, wonach ..."."""
    return any(c.lower_ in {"wonach", "demzufolge", "denenzufolge"} for c in clause.children)

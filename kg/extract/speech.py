"""Who says so: verbs of saying, quotations, headlines, indirect speech."""

from __future__ import annotations

from dataclasses import replace

from spacy.tokens import Span, Token

from kg.entities.text import adjective_stem
from kg.extract import quotes, tree
from kg.extract.actor import Actor
from kg.extract.actors import Actors
from kg.extract.lexicon import Effect, Lexicon
from kg.extract.predicates import verb_effect
from kg.extract.stance import Stance
from kg.types import starting_in


class Speech:
    """Finds the sources of one document; remembers who spoke last."""

    def __init__(self, actors: Actors, lexicon: Lexicon) -> None:
        self.actors = actors
        self.lexicon = lexicon
        self.lang = lexicon.lang
        self.speaker: Actor | None = None
        self.text = actors.groups.text
        self.quotes = quotes.find(self.text)
        # Asking the Doc for them goes through all its words.
        self.sentences = list(actors.doc.sents)
        viewpoints = lexicon.words("viewpoints")
        self.views = {"in": lexicon.words("views") | viewpoints}
        self.views |= dict.fromkeys(("from", "aus"), viewpoints)

    @staticmethod
    def attribute(stance: Stance, source: Actor | None) -> Stance:
        """Return the stance as somebody's claim; ``source`` None: nobody knows whose."""
        if stance.source is not None:
            # The innermost speaker is the source; the outer ones carry it.
            return stance
        return replace(stance, source=source, reported=True)

    def of_clause(self, stance: Stance, clause: Token) -> Stance:
        """Read sources that stand in the clause: "laut X", "wie X mitteilte", "..., sagte X"."""
        for child in clause.children:
            relation = tree.base(child)
            if relation in {"obl", "nmod", "advmod"}:
                name = tree.preposition(child)
                if self.lexicon.operators.get((name, "P")) == "says":
                    stance = self.attribute(stance, self.actors.of(child))
                elif name in {"in", "bei", "during", "at"} and self.effect(child) == "none":
                    stance = replace(stance, says_nothing=True)  # "In dem Planspiel ..."
                elif self.is_view(child, name):
                    stance = self.attribute(stance, self.owner(child))
                elif name in {"nach", "according to"} and self.effect(child) == "says":
                    own = any(c.lemma_.lower() in {"eigen", "own"} for c in child.children)
                    # "nach eigenen Angaben": who acts says so.
                    source = self.subject_of(clause) if own else self.owner(child)
                    stance = self.attribute(stance, source)
            elif relation in {"parataxis", "advcl"} and self.effect(child) == "says":
                marks = {m.lower_ for m in tree.children(child, "mark", "advmod")}
                # "..., the ministry reported four dead": that is what it reported.
                whole = tree.children(child, "obj", "ccomp", "xcomp", "cop")
                if (relation == "parataxis" and not whole) or marks & {"wie", "as", "so"}:
                    stance = self.attribute(stance, self.subject_of(child))
        return stance

    def parenthesis(self, stance: Stance, predicate: Token) -> Stance:
        """Read a report that is put in or after a clause: "..., Baku claimed;"."""
        for verb in predicate.sent:
            if self.effect(verb) != "says":
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
                    return self.attribute(stance, self.subject_of(verb))
        return stance

    def headline(self, stance: Stance, predicate: Token) -> Stance:
        """Read the speaker of a headline: "Selenskyj: Russland hat ...".

        Two names with "and" are a headline's theme: "Kim und Lawrow: Sie haben ...".
        """
        sentence = predicate.sent
        mentions = self.actors.mentions
        for mention in mentions[starting_in(mentions, sentence.start, predicate.i)]:
            if mention.end >= predicate.i:
                continue
            before = predicate.doc[sentence.start : mention.start]
            known = not mention.entity.minted or mention.entity.cls == "Person"
            if (
                known
                and predicate.doc[mention.end].text == ":"
                and not any(t.pos_ in tree.VERBAL | {"CCONJ"} or t.text == ":" for t in before)
            ):
                return self.attribute(stance, self.actors.of(predicate.doc[mention.end - 1]))
        return stance

    def quotation(self, stance: Stance, predicate: Token) -> Stance:
        """Attribute what stands in quotation marks to who is quoted; a title says nothing.

        The speaker is the subject of a verb of saying in the sentence in which
        the quotation begins or ends, outside of it. A few quoted words inside
        a clause ("heroic") are no quotation of that clause.
        """
        quote = next((q for q in self.quotes if predicate.idx in q), None)
        if quote is None or len(self.text[quote.start : quote.end].split()) < 3:
            return stance
        sentences = [
            s for s in self.sentences
            if s.start_char <= quote.end + 1 and quote.start - 1 <= s.end_char
        ]  # fmt: skip
        for verb in (t for s in sentences for t in s if t.idx not in quote):
            if self.effect(verb) == "says":
                return self.attribute(stance, self.subject_of(verb))
        if self.speaker is not None and len(sentences[0].text) <= quote.end - quote.start + 3:
            # A quotation that is a sentence of its own goes on with the speaker before it.
            return self.attribute(stance, self.speaker)
        return replace(stance, says_nothing=True)

    def effect(self, token: Token) -> Effect | None:
        """Return what a word makes of the clause that it governs, None for most words."""
        if token.pos_ in tree.VERBAL:
            return verb_effect(token, self.lexicon)
        pos = "A" if token.pos_ in {"ADJ", "ADV"} else "N"
        words = [token.lemma_.lower(), token.lower_]
        stem = adjective_stem(token.lower_) if self.lang == "de" and token.pos_ == "ADJ" else None
        if stem is not None and stem.endswith(("t", "n")):
            words.append(stem)  # a participle's lemma is its verb
        found = (self.lexicon.operators.get((word, pos)) for word in words)
        return next((effect for effect in found if effect), None)

    def subject_of(self, verb: Token) -> Actor | None:
        """Return who says what a verb of saying introduces."""
        if verb.pos_ not in tree.VERBAL:
            return self.owner(verb)
        agents = "obl:agent" if tree.is_passive(verb) else "nsubj"
        for subject in tree.children(verb, agents):
            if subject.lower_ in {"es", "it"}:
                break
            subject = tree.antecedent(subject) or subject
            return self.actors.of(subject) or self.actors.groups.named(subject)
        if verb.dep_.startswith("conj") or tree.base(verb) == "xcomp":
            return self.subject_of(verb.head) if verb.head.pos_ in tree.VERBAL else None
        # "hieß es in einer Erklärung des Außenministeriums"; the phrase may hang
        # on the clause that is reported.
        near = [verb, *tree.children(verb, "ccomp")]
        for child in (c for v in near for c in tree.children(v, "obl", "nmod") if c.i > verb.i):
            if tree.preposition(child) in {"in", "aus", "from", "von"}:
                return self.owner(child)
        return None

    def is_view(self, noun: Token, preposition: str) -> bool:
        """Say whether a noun is how somebody sees it: "in X's telling", "aus Moskauer Sicht"."""
        known = self.views.get(preposition)
        if known is None:
            return False
        words = [noun, *(c for c in tree.children(noun, "nmod") if tree.preposition(c) == "of")]
        return any(self.lexicon.is_a(w, known) for t in words for w in (t.lemma_, t.lower_))

    def owner(self, noun: Token) -> Actor | None:
        """Return whose statement a noun is: "nach Angaben des Ministeriums"."""
        for child in noun.children:
            if tree.base(child) in {"nmod", "amod", "det", "compound"}:
                actor = self.actors.of(child)
                if actor is not None:
                    return actor
        return self.actors.of(noun)

    def is_indirect(self, root: Token) -> bool:
        """Say whether a main clause stands in Konjunktiv I ("Nordkorea habe ...")."""
        if self.lang != "de":
            return False
        finite = [root, *tree.children(root, "aux", "cop")]
        return any(tree.is_subjunctive(t) for t in finite)

    def note_speaker(self, sentence: Span) -> None:
        """Remember who is quoted in a sentence, for indirect speech in the next one."""
        if self.is_indirect(sentence.root):
            return
        for token in sentence:
            if self.effect(token) in {"says", "denies"}:
                speaker = self.subject_of(token)
                if speaker is not None:
                    self.speaker = speaker
                    return
        root = sentence.root
        lemma = tree.verb_lemma(root, self.lexicon.words("speaking"))
        if root.pos_ == "VERB" and lemma in self.lexicon.words("speaking"):
            if not tree.is_passive(root) and (speaker := self.subject_of(root)) is not None:
                self.speaker = speaker
                return
        if not any(q.start < sentence.end_char < q.end for q in self.quotes):
            self.speaker = None

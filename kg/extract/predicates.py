"""Predicates and their arguments: verbs, nouns and adjectives that the lexicon knows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from spacy.tokens import Span, Token

from kg.extract import german, tree
from kg.extract.lexicon import ANY, EMPTY, SLOTS, Effect, Frame, Lexicon

_AGENT = {"de": {"von", "durch"}, "en": {"by"}}
_POSSESSIVE = {"de": {"von", "durch", "seitens"}, "en": {"of", "by"}}


@dataclass(frozen=True)
class Predicate:
    """A word that may express a relation, with what fills its slots.

    ``slots`` maps a slot of the lexicon to the heads of the phrases in it,
    coordination expanded. ``first`` is the first part of a compound noun.
    ``borrowed`` names slots that another word of the sentence lends (shared
    subjects, controlled infinitives): less certain than the word's own.
    """

    token: Token
    pos: str
    lemma: str
    slots: dict[str, list[Token]] = field(default_factory=dict)
    reflexive: bool = False
    first: str = ""
    borrowed: frozenset[str] = frozenset()


def find(sentence: Span, lexicon: Lexicon) -> Iterator[tuple[Predicate, list[Frame]]]:
    """Yield the predicates of a sentence with the frames that the lexicon has for them."""
    for token in sentence:
        verbal = token.pos_ == "VERB" or (
            token.pos_ in {"ADJ", "NOUN"} and tree.feature(token, "VerbForm") in {"Part", "Ger"}
        )
        if lexicon.lang == "de" and token.pos_ == "NOUN" and token.text.islower():
            # No German noun is written small: the tagger took a verb for one.
            verbal = bool(tree.children(token, "nsubj", "obj"))
        if verbal or (token.pos_ == "ADJ" and tree.is_participle_modifier(token)):
            lemma = tree.verb_lemma(token, lexicon.verbs)
            frames = lexicon.frames_of(lemma, "V")
            if frames:
                yield _verb(token, lemma, lexicon), frames
                continue
        if token.pos_ in {"NOUN", "PROPN"}:
            frames = lexicon.frames_of(token.lemma_, "N") or lexicon.frames_of(token.text, "N")
            if frames and not _is_figurative(noun := _noun(token, lexicon), lexicon):
                yield noun, frames
        elif token.pos_ in {"ADJ", "ADV", "VERB"}:
            frames = lexicon.frames_of(token.lemma_, "A")
            if frames:
                yield _adjective(token), frames


def _is_figurative(noun: Predicate, lexicon: Lexicon) -> bool:
    """Say whether a deed is meant figuratively: "price war", "Wortgefecht", "war of words"."""
    words = lexicon.words("figurative")
    if any(t.lemma_.lower() in words for t in noun.slots.get("of", ())):
        return True
    return any(noun.first.startswith(w) for w in words)


def matches(predicate: Predicate, frame: Frame, lexicon: Lexicon) -> bool:
    """Say whether all conditions of a frame hold."""
    if predicate.pos == "V" and predicate.reflexive != frame.reflexive:
        # "traf sich mit" is not "traf"; a missing "sich" is not forgiven either.
        return False
    for slot, words in frame.conditions:
        if words == ANY:
            if not predicate.slots.get(slot):
                return False
        elif words == EMPTY:
            if predicate.slots.get(slot):
                return False
        elif slot == "first":
            if not any(predicate.first.startswith(w) for w in words):
                return False
        elif not any(_counts_as(t, words, lexicon) for t in predicate.slots.get(slot, ())):
            return False
    return True


def _counts_as(token: Token, words: frozenset[str], lexicon: Lexicon) -> bool:
    """Say whether a noun is among ``words``, or the first part of "Patriot-Systeme" is."""
    noun = core(token, lexicon)
    parts = [noun, *(c for c in tree.children(noun, "compound") if lexicon.lang == "de")]
    return any(lexicon.is_a(part.lemma_, words) for part in parts)


def verb_effect(verb: Token, lexicon: Lexicon) -> Effect | None:
    """Return what a verb makes of the clause that it governs, None if the lexicon has no word."""
    return lexicon.operators.get((tree.verb_lemma(verb, lexicon.verbs), "V"))


def protest_above(token: Token, lexicon: Lexicon) -> Token | None:
    """Return the verb of protest whose aim or manner a predicate is: "marched to demand ..."."""
    at = token
    while tree.base(at) in {"obj", "advcl", "xcomp", "acl", "obl", "nmod"} and at.head != at:
        at = at.head
        if at.pos_ == "NOUN" and lexicon.is_a(at.lemma_, lexicon.words("protests")):
            return at.head if at.head.pos_ in tree.VERBAL else at
        if at.pos_ not in tree.VERBAL:
            continue
        predicate = _verb(at, tree.verb_lemma(at, lexicon.verbs), lexicon)
        for frame in lexicon.frames_of(predicate.lemma, "V"):
            if frame.relation == "protestsAgainst" and matches(predicate, frame, lexicon):
                return at
    return None


def is_announcement(verb: Token, lexicon: Lexicon) -> bool:
    """Say whether what stands as the verb's object is announced: "announced a withdrawal"."""
    return lexicon.is_a(verb.lemma_, lexicon.words("announcing"))


def core(token: Token, lexicon: Lexicon) -> Token:
    """Return the noun that a quantity counts: "most of its sanctions" -> "sanctions"."""
    if lexicon.is_a(token.lemma_, lexicon.words("partitive")):
        for child in tree.children(token, "nmod", "obl", "appos"):
            if child.i > token.i and tree.preposition(child) in {"", "of", "von", "an"}:
                return child
    return token


def _verb(verb: Token, lemma: str, lexicon: Lexicon) -> Predicate:
    lang = lexicon.lang
    passive = tree.is_passive(verb)
    slots = _own_slots(verb, passive, lang, lexicon.words("feminine"))
    if deeds := _deeds(slots, lexicon):
        slots["deed"] = deeds
    borrowed: set[str] = set()
    subject = "obj" if passive else "subj"
    if subject not in slots:
        lent = _lent_subject(verb, lexicon)
        if lent:
            slots[subject] = lent
            borrowed.add(subject)
    if "obj" not in slots and not passive and verb.dep_.startswith("conj"):
        # "attacked and captured the town": the object hangs on the first verb
        # but stands behind the second.
        shared = [o for o in tree.children(verb.head, "obj") if o.i > verb.i]
        if shared:
            slots["obj"] = [t for o in shared for t in tree.conjuncts(o)]
            borrowed.add("obj")
    holders = slots.get("obj", []) + [
        t for key in list(slots) for t in slots[key] if key not in SLOTS
    ]
    # A prepositional argument is often attached to the noun before it, or to that noun's
    # noun: "ten tonnes of aid for Romania".
    for holder in holders + [c for h in holders for c in tree.children(h, "nmod")]:
        for child in tree.children(holder, "nmod"):
            if name := tree.preposition(child):
                if holder in slots.get(name, ()):
                    continue  # "gegen Sanktionen gegen Israel"
                if name not in slots:
                    borrowed.add(name)
                lent = [t for t in tree.conjuncts(child) if t not in slots.get(name, [])]
                slots[name] = slots.get(name, []) + lent
    if slots.get("subj") == [verb.head] and tree.base(verb.head) == "obj":
        said = lexicon.is_a(verb.head.lemma_, lexicon.words("utterances")) and lexicon.is_a(
            verb.head.head.lemma_, lexicon.words("uttering")
        )
        if said or lexicon.is_a(verb.head.lemma_, lexicon.words("protests")):
            # "staged a rally demanding ...": those who rally demand.
            slots["subj"] = [
                t for s in tree.children(verb.head.head, "nsubj") for t in tree.conjuncts(s)
            ]
            borrowed.add("subj")
    slots = {key: _relative(tokens, verb) for key, tokens in slots.items()}
    slots["each"] = slots.get("subj", [])
    if tree.is_reciprocal(verb):
        slots["reciprocal"] = [verb]
    return Predicate(verb, "V", lemma, slots, tree.is_reflexive(verb), "", frozenset(borrowed))


def _own_slots(
    verb: Token, passive: bool, lang: str, feminine: frozenset[str]
) -> dict[str, list[Token]]:
    slots: dict[str, list[Token]] = {}

    def fill(slot: str, token: Token) -> None:
        slots.setdefault(slot, []).extend(tree.conjuncts(token))

    roles = german.roles(verb, passive, feminine) if lang == "de" else {}
    for index, role in roles.items():
        fill(role, verb.doc[index])
    for child in verb.children:
        relation = tree.base(child)
        if tree.is_before_mark(child) or child.i in roles or _is_aside(child):
            continue
        if relation in {"nsubj", "obj"} and any(
            c.lower_ in {"als", "unlike", "like", "than"}
            for c in tree.children(child, "case", "mark")
        ):
            continue  # "Anders als Deutschland erkannte Spanien ... an"
        if relation == "nsubj":
            fill("obj" if passive else "subj", child)
        elif relation == "obj" and (name := tree.preposition(child)):
            fill(name, child)
        elif relation == "obj":
            if child.lower_ in {"sich", "einander"}:
                continue
            dative = lang == "de" and tree.feature(child, "Case") == "Dat"
            fill("dat" if dative else "obj", child)
        elif relation == "iobj":
            fill("dat", child)
        elif relation in {"obl", "nmod"}:
            name = tree.preposition(child)
            if child.dep_ == "obl:agent" or (passive and name in _AGENT[lang]):
                fill("subj", child)
            elif name:
                fill(name, child)
            elif lang == "en" and any(tree.is_up_to(c) for c in child.children):
                fill("obj", child)
            elif child.dep_ == "obl:arg" or tree.feature(child, "Case") == "Dat":
                fill("dat", child)
            elif tree.is_participle_modifier(verb) and passive:
                fill("subj", child)
        elif relation == "compound" and tree.is_participle_modifier(verb) and passive:
            # "US-backed": the first part of the compound is the agent.
            if child.dep_ != "compound:prt":
                fill("subj", child)
        elif relation in {"xcomp", "ccomp"} or (relation == "parataxis" and child.i < verb.i):
            _fill_clause(child, slots)
        if relation in {"advcl", "xcomp", "ccomp"}:
            for outer in child.children:
                if tree.is_before_mark(outer) and outer.i > verb.i:
                    fill("obj", outer)
    if passive and "subj" not in slots and tree.is_participle_modifier(verb):
        # "die von Ruanda unterstützte Gruppe": the agent hangs on the noun.
        for child in tree.children(verb.head, "nmod"):
            if child.i < verb.i and tree.preposition(child) in _AGENT[lang]:
                fill("subj", child)
    objects = tree.children(verb, "obj")
    gapped = len(objects) == 2 and any(
        c.dep_.startswith("conj") and not tree.is_coordinated(objects[0], c)
        for c in objects[0].children
    )
    if gapped and lang == "en":
        slots["obj"] = tree.conjuncts(objects[0])
    else:
        _part_objects(verb, slots)
    if lang == "en" and "dat" in slots and "obj" not in slots and not passive:
        # "urged Xi to ..." is often read as an indirect object.
        slots["obj"] = slots["dat"]
    if tree.is_participle_modifier(verb):
        key = "obj" if passive else "subj"
        slots.setdefault(key, [verb.head])
    return slots


def _is_aside(noun: Token) -> bool:
    """Say whether a noun names who speaks, not who acts: "so Erdogan", "Selenskyj: ..."."""
    if tree.base(noun) != "nsubj":
        return False
    last = noun.right_edge.i
    if last + 1 < len(noun.doc) and noun.doc[last + 1].text == ":":
        return True
    return any(c.lower_ == "so" and c.i < noun.i for c in tree.children(noun, "advmod"))


def _fill_clause(clause: Token, slots: dict[str, list[Token]]) -> None:
    """Fill ``comp`` with a clause and its subjects, and what else a condition asks of it."""
    # What shall be done to somebody is not demanded of them.
    subjects = [s for s in tree.children(clause, "nsubj") if s.dep_ != "nsubj:pass"]
    slots.setdefault("comp", []).extend([clause, *(t for s in subjects for t in tree.conjuncts(s))])
    objects = tree.children(clause, "obj", "iobj")
    objects += [
        c for c in tree.children(clause, "obl") if tree.preposition(c) in {"to", "with", "mit"}
    ]
    slots.setdefault("compobj", []).extend(t for o in objects for t in tree.conjuncts(o))
    if tree.is_infinite(clause):
        slots.setdefault("inf", []).append(clause)
    helpers = tree.children(clause, "aux")
    if clause.pos_ == "AUX" or not any(h.lemma_ in {"have", "haben", "be"} for h in helpers):
        # "must have known" says what is likely, not what is demanded.
        slots.setdefault("modal", []).extend(helpers)


def _deeds(slots: dict[str, list[Token]], lexicon: Lexicon) -> list[Token]:
    """Return who is to do what is demanded: "the withdrawal of X", "Xs Rücktritt"."""
    names = _POSSESSIVE[lexicon.lang]
    yields = lexicon.words("yields") | lexicon.words("ousters") | lexicon.words("entries")
    nouns = [t for s in ("obj", "for", "nach", "auf") for t in slots.get(s, ())]
    return [
        t
        for noun in nouns
        if lexicon.is_a(noun.lemma_, yields)
        for child in tree.children(noun, "nmod", "amod", "det", "compound")
        if not (name := tree.preposition(child)) or name in names
        for t in tree.conjuncts(child)
    ]


def _part_objects(verb: Token, slots: dict[str, list[Token]]) -> None:
    """Of two objects, or in German two subjects, that a verb should not have, one is the dative."""
    objects = [o for o in tree.children(verb, "obj") if not tree.preposition(o)]
    if "dat" not in slots and len(objects) > 1:
        first, second = sorted(objects, key=lambda t: t.i)[:2]
        if first.lower_ not in {"sich", "es"} and second.lower_ not in {"sich", "es"}:
            slots["dat"], slots["obj"] = tree.conjuncts(first), tree.conjuncts(second)
    subjects = tree.children(verb, "nsubj")
    if "dat" not in slots and len(subjects) > 1 and "subj" in slots:
        dative = [s for s in subjects if tree.feature(s, "Case") == "Dat"]
        if len(dative) == 1:
            slots["dat"] = tree.conjuncts(dative[0])
            slots["subj"] = [t for s in subjects if s != dative[0] for t in tree.conjuncts(s)]


def _lent_subject(verb: Token, lexicon: Lexicon) -> list[Token]:
    """Find the subject that a verb without one shares with the verb above it."""
    above = verb.head
    relation = tree.base(verb)
    before = verb.doc[verb.i - 1] if verb.i > verb.sent.start else verb
    if relation == "conj" and before.dep_.startswith("conj") and tree.is_next_subject(before):
        return [before]
    if before.pos_ == "PROPN" and verb.lower_.endswith("ing") and relation in {"acl", "advcl"}:
        if before.dep_ not in {"nsubj", "nsubj:pass"} and lexicon.lang == "en":
            return [before]  # "its veto on Sweden joining NATO"
    if relation == "acl" and tree.children(above, "cop") and tree.is_infinite(verb):
        # "Turkey was the first country to recognise Israel."
        return [t for s in tree.children(above, "nsubj") for t in tree.conjuncts(s)]
    if above == verb or relation not in {"conj", "xcomp", "advcl", "ccomp", "dep"}:
        return []
    if relation == "advcl" and tree.feature(verb, "VerbForm") not in {"Inf", "Ger", "Part"}:
        return []
    objects = [
        t
        for t in tree.children(above, "obj", "iobj", "obl:arg")
        if t.pos_ in tree.NOMINAL and t.lower_ not in {"sich", "einander", "es"}
    ] + [t for t in verb.children if tree.is_before_mark(t)]
    marks = {m.lower_ for m in tree.children(verb, "mark", "case")}
    effect = verb_effect(above, lexicon)
    demands = effect == "demanded"
    if effect == "refused":
        objects = []  # Who refuses is to do it, whatever the parser took for an object.
    complement = relation in {"xcomp", "ccomp"} or (demands and "to" in marks)
    if (
        objects
        and not tree.is_reflexive(above)
        and (complement or marks & {"of", "from", "into", "for"})
    ):
        # "forderte Moskau auf, ... zu ...", "accused X of arming Y": the object is to act.
        subjects = objects[:1]
    elif complement and demands and (addressed := _addressed(above)):
        subjects = addressed
    elif complement and demands and lexicon.lang == "de":
        return []  # "Die Opposition verlangt, Lieferungen zu stoppen": others are to do it.
    else:
        subjects = tree.children(above, "nsubj")
        if len(subjects) > 1 and lexicon.lang == "de":
            roles = german.roles(above, tree.is_passive(above), lexicon.words("feminine"))
            subjects = [s for s in subjects if roles.get(s.i, "subj") == "subj"]
        if not subjects and above.pos_ == "ADJ":
            # "Syria says it is willing to ...": read like "it is hard to ...".
            subjects = tree.children(above, "expl")
        if not subjects and tree.is_participle_modifier(above) and relation == "conj":
            return [above.head]
    if subjects:
        return [t for s in subjects for t in tree.conjuncts(s)]
    return _lent_subject(above, lexicon) if above.pos_ in tree.VERBAL else []


def _addressed(verb: Token) -> list[Token]:
    """Return of whom something is demanded: "verlangte von Russland, ... zu ..."."""
    return [
        c for c in tree.children(verb, "obl")
        if tree.preposition(c) in {"von", "an", "of", "on", "to"}
    ]  # fmt: skip


def _relative(tokens: list[Token], verb: Token) -> list[Token]:
    """Put the antecedent in the place of a relative pronoun."""
    out: list[Token] = []
    for token in tokens:
        found = tree.antecedent(token)
        if found is not None and found != verb:
            out.extend([found] if found.dep_.startswith("conj") else tree.conjuncts(found))
        else:
            out.append(token)
    return out


def _noun(noun: Token, lexicon: Lexicon) -> Predicate:
    slots: dict[str, list[Token]] = {}
    lang = lexicon.lang
    first = ""
    for child in noun.children:
        relation = tree.base(child)
        if relation in {"nmod", "obl"}:
            name = tree.preposition(child)
            slot = "gen" if not name or name in _POSSESSIVE[lang] else name
            slots.setdefault(slot, []).extend(tree.conjuncts(child))
            if name and slot == "gen":
                slots.setdefault(name, []).extend(tree.conjuncts(child))
        elif relation in {"amod", "det", "compound"} or (
            relation == "dep" and child.i < noun.i and child.pos_ == "PROPN"
        ):
            slots.setdefault("gen", []).extend(tree.conjuncts(child))
            if relation == "compound":
                first = first or child.lemma_.lower()
        elif relation == "nsubj":
            slots.setdefault("subj", []).extend(tree.conjuncts(child))
        elif relation == "cop":
            # "China ist der Verbündete ...": the subject hangs on the copula.
            for subject in tree.children(child, "nsubj"):
                slots.setdefault("subj", []).extend(tree.conjuncts(subject))
        elif relation in {"acl", "ccomp"} and tree.antecedent(child) is None:
            if child.dep_ != "acl:relcl" and tree.children(child, "mark"):
                _fill_clause(child, slots)
    if "subj" not in slots:
        slots["subj"] = _bearer(noun)
    for holder in slots.get("gen", ()):
        # "suspension of links with Serbia": what the noun's noun is about.
        for child in holder.children:
            name = tree.preposition(child)
            if tree.base(child) == "nmod" and name and name not in slots:
                slots[name] = tree.conjuncts(child)
    verb = noun.head
    if tree.base(noun) == "obj" and lexicon.is_a(verb.lemma_, lexicon.words("light")):
        lender = _verb(verb, verb.lemma_, lexicon)
        slots["light"] = lender.slots.get("subj", [])
        for name, tokens in lender.slots.items():
            if name not in SLOTS and name not in slots and name not in lender.borrowed:
                slots[name] = tokens
    elif tree.base(noun) == "obj" and (
        verb_effect(verb, lexicon) in {"planned", "threatened"} or is_announcement(verb, lexicon)
    ):
        # "announced the suspension of links with X": who announces is to do it.
        subjects = tree.children(verb, "nsubj")
        slots["planner"] = [t for s in subjects for t in tree.conjuncts(s)]
    word = noun.lemma_.lower()
    if lang == "de" and (word, "N") not in lexicon.frames:
        first = word.removesuffix(lexicon.compound_head(word))
    slots["each"] = slots.get("zwischen", slots.get("between", slots.get("gen", [])))
    slots = {key: _relative(tokens, noun) for key, tokens in slots.items()}
    return Predicate(noun, "N", noun.lemma_, slots, first=first)


def _bearer(noun: Token) -> list[Token]:
    """Return of whom a predicate noun is said: "X, der Verbündete ...", "X ist einer der ..."."""
    if noun.dep_ == "appos":
        return [noun.head]
    beside = noun.doc[noun.i + 1] if noun.i + 1 < len(noun.doc) else noun
    if beside.pos_ == "PROPN" and beside.head == noun.head and beside.dep_ == noun.dep_ == "nsubj":
        return [beside]  # "Moscow's ally Serbia abstained"
    one = noun.head
    if noun.dep_ == "nmod" and one.lower_ in {"einer", "eine", "eines", "one"}:
        return [t for s in tree.children(one, "nsubj") for t in tree.conjuncts(s)]
    return []


def _adjective(adjective: Token) -> Predicate:
    slots: dict[str, list[Token]] = {}
    for child in adjective.children:
        relation = tree.base(child)
        if relation == "nsubj":
            slots.setdefault("subj", []).extend(tree.conjuncts(child))
        elif relation in {"obl", "nmod"}:
            name = tree.preposition(child) or "dat"
            slots.setdefault(name, []).extend(tree.conjuncts(child))
    if adjective.dep_ == "amod":
        slots.setdefault("subj", [adjective.head])
    slots["each"] = slots.get("subj", [])
    slots = {key: _relative(tokens, adjective) for key, tokens in slots.items()}
    return Predicate(adjective, "A", adjective.lemma_, slots)

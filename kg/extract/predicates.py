"""Predicates and their arguments: verbs, nouns and adjectives that the lexicon knows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from spacy.tokens import Span, Token

from kg.extract import arguments, coordination, german, tree
from kg.extract.lexicon import ANY, EMPTY, SLOTS, Effect, Frame, Lexicon


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
            if frames:
                yield _noun(token, lexicon), frames
        elif token.pos_ in {"ADJ", "ADV", "VERB"}:
            frames = lexicon.frames_of(token.lemma_, "A")
            if frames:
                yield _adjective(token), frames


def is_figurative(predicate: Predicate, lexicon: Lexicon) -> bool:
    """Say whether nobody is hurt: "price war", "Wortgefecht", "carmakers attacked Germany"."""
    nouns = [predicate.token]
    if predicate.pos == "V":
        nouns = [t for slot in ("obj", "in") for t in predicate.slots.get(slot, ())]
        firms = lexicon.words("firms")
        if any(lexicon.is_a(t.lemma_, firms) for t in predicate.slots.get("subj", ())):
            return True
    words, fights = lexicon.words("figurative"), lexicon.words("fights")
    for noun in nouns:
        if not lexicon.is_a(noun.lemma_, fights):
            continue
        near = tree.children(noun, "amod", "compound")
        near += [
            c for c in tree.children(noun, "nmod") if tree.preposition(c) in {"of", "for", "um"}
        ]
        if any(t.lemma_.lower() in words for t in near):
            return True
        if lexicon.lang == "de" and any(noun.lemma_.lower().startswith(w) for w in words):
            return True
    return False


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
            if predicate.slots.get(slot) or (slot == "first" and predicate.first):
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
    joined = [f"{part.lemma_}-{noun.lemma_}" for part in parts[1:]]  # "U-Boot"
    return any(lexicon.is_a(w, words) for w in [*(part.lemma_ for part in parts), *joined])


def turned(predicate: Predicate) -> Predicate | None:
    """Return a German verb with subject and object exchanged: "Klage erhob Polen"."""
    subjects, objects = predicate.slots.get("subj"), predicate.slots.get("obj")
    if predicate.pos != "V" or not subjects or not objects or tree.is_passive(predicate.token):
        return None
    if predicate.token.doc.user_data.get("lang") != "de" or subjects[0].i > objects[0].i:
        return None
    slots = {**predicate.slots, "subj": objects, "obj": subjects, "each": objects}
    return replace(predicate, slots=slots, borrowed=predicate.borrowed | {"subj"})


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
    passive = tree.is_passive(verb)
    slots = arguments.own_slots(verb, passive, lexicon)
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
            slots["obj"] = [t for o in shared for t in coordination.conjuncts(o)]
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
                if name == "gegen" and holder in slots.get("wegen", ()):
                    continue  # "ermittelt wegen Verbrechen gegen Zivilisten"
                if name not in slots:
                    borrowed.add(name)
                lent = [t for t in coordination.conjuncts(child) if t not in slots.get(name, [])]
                slots[name] = slots.get(name, []) + lent
    if slots.get("subj") == [verb.head] and tree.base(verb.head) == "obj":
        said = lexicon.is_a(verb.head.lemma_, lexicon.words("utterances")) and lexicon.is_a(
            verb.head.head.lemma_, lexicon.words("uttering")
        )
        if said or lexicon.is_a(verb.head.lemma_, lexicon.words("protests")):
            # "staged a rally demanding ...": those who rally demand.
            slots["subj"] = coordination.children(verb.head.head, "nsubj")
            borrowed.add("subj")
    slots = {key: _relative(tokens, verb) for key, tokens in slots.items()}
    slots["each"] = slots.get("subj", [])
    if tree.reciprocal_slots(verb):
        slots["reciprocal"] = [verb]
    return Predicate(verb, "V", lemma, slots, tree.is_reflexive(verb), "", frozenset(borrowed))


def _lent_subject(verb: Token, lexicon: Lexicon) -> list[Token]:
    """Find the subject that a verb without one shares with the verb above it."""
    above = verb.head
    relation = tree.base(verb)
    before = verb.doc[verb.i - 1] if verb.i > verb.sent.start else verb
    if (
        relation == "conj"
        and before.dep_.startswith("conj")
        and coordination.is_next_subject(before)
    ):
        return [before]
    if before.pos_ == "PROPN" and verb.lower_.endswith("ing") and relation in {"acl", "advcl"}:
        if (
            before.dep_ not in {"nsubj", "nsubj:pass"}
            and lexicon.lang == "en"
            and tree.preposition(before) in {"", "on", "of", "about", "over"}
            and not before.lower_.endswith("day")
        ):
            return [before]  # "its veto on Sweden joining NATO"
    if relation == "acl" and tree.children(above, "cop") and tree.is_infinite(verb):
        # "Turkey was the first country to recognise Israel."
        return coordination.children(above, "nsubj")
    if above == verb or relation not in {"conj", "xcomp", "advcl", "ccomp", "dep"}:
        return []
    if relation == "advcl" and tree.feature(verb, "VerbForm") not in {"Inf", "Ger", "Part"}:
        return []
    objects = [
        t
        for t in tree.children(above, "obj", "iobj", "obl:arg")
        if t.pos_ in tree.NOMINAL and t.lower_ not in {"sich", "einander", "es"}
    ] + [t for t in verb.children if tree.is_before_its_clause(t)]
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
    elif objects and "after" in marks and lexicon.is_a(above.lemma_, lexicon.words("reactions")):
        return []  # "The UN condemned Israel after attacking Qatar": the object may be meant.
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
        return [t for s in subjects for t in coordination.conjuncts(s)]
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
            out.extend([found] if found.dep_.startswith("conj") else coordination.conjuncts(found))
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
            slot = "gen" if not name or name in arguments.POSSESSIVE[lang] else name
            slots.setdefault(slot, []).extend(coordination.conjuncts(child))
            if name and slot == "gen":
                slots.setdefault(name, []).extend(coordination.conjuncts(child))
        elif relation in {"amod", "det", "compound"} or (
            relation == "dep" and child.i < noun.i and child.pos_ == "PROPN"
        ):
            slots.setdefault("gen", []).extend(coordination.conjuncts(child))
            if relation == "compound":
                first = first or child.lemma_.lower()
        elif relation == "nsubj":
            slots.setdefault("subj", []).extend(coordination.conjuncts(child))
        elif relation == "cop":
            # "China ist der Verbündete ...": the subject hangs on the copula.
            for subject in tree.children(child, "nsubj"):
                slots.setdefault("subj", []).extend(coordination.conjuncts(subject))
        elif relation in {"acl", "ccomp"} and tree.antecedent(child) is None:
            if child.dep_ != "acl:relcl" and tree.children(child, "mark"):
                arguments.fill_clause(child, slots)
    if "subj" not in slots:
        slots["subj"] = _bearer(noun, lexicon)
    for holder in slots.get("gen", ()):
        # "suspension of links with Serbia": what the noun's noun is about.
        for child in holder.children:
            name = tree.preposition(child)
            if tree.base(child) == "nmod" and name and name not in slots:
                slots[name] = coordination.conjuncts(child)
    verb = noun.head
    lemma = tree.verb_lemma(verb, lexicon.words("light"))  # "step up", "carry out"
    judged = lexicon.is_a(lemma, lexicon.words("judging")) and any(
        {"für", "als"} & {c.lower_ for c in t.children} for t in verb.children
    )  # "hält einen Angriff für ausgeschlossen" holds none
    if tree.base(noun) == "obj" and not judged and lexicon.is_a(lemma, lexicon.words("light")):
        lender = _verb(verb, lemma, lexicon)
        slots["light"] = lender.slots.get("subj", [])
        for name, tokens in lender.slots.items():
            # "issued a reminder that ...": the clause may hang on the verb.
            lends = name in {"comp", "modal"} or name not in SLOTS
            if lends and name not in slots and name not in lender.borrowed:
                slots[name] = tokens
    elif (
        tree.base(noun) == "obj"
        and (
            verb_effect(verb, lexicon) in {"planned", "threatened"}
            or is_announcement(verb, lexicon)
        )
    ) or (
        # "hopes for a meeting with X"
        tree.base(noun) == "obl"
        and tree.preposition(noun) in {"for", "auf"}
        and verb_effect(verb, lexicon) == "possible"
    ):
        # "announced the suspension of links with X": who announces is to do it.
        subjects = tree.children(verb, "nsubj")
        slots["planner"] = [t for s in subjects for t in coordination.conjuncts(s)]
    word = noun.lemma_.lower()
    if lang == "de" and (word, "N") not in lexicon.frames:
        first = word.removesuffix(lexicon.compound_head(word))
    slots["each"] = slots.get("zwischen", slots.get("between", slots.get("gen", [])))
    slots = {key: _relative(tokens, noun) for key, tokens in slots.items()}
    return Predicate(noun, "N", noun.lemma_, slots, first=first)


def _bearer(noun: Token, lexicon: Lexicon) -> list[Token]:
    """Return of whom a predicate noun is said: "X, der Verbündete ...", "X ist einer der ..."."""
    if noun.dep_ == "appos":
        return [noun.head]
    beside = noun.doc[noun.i + 1] if noun.i + 1 < len(noun.doc) else noun
    if beside.pos_ == "PROPN" and beside.head == noun.head and beside.dep_ == noun.dep_ == "nsubj":
        return [beside]  # "Moscow's ally Serbia abstained"
    if lexicon.is_a(noun.lemma_, lexicon.words("bearers")):
        # "the Kazakh capital Astana", "EU-Mitglied Ungarn"
        named = [c for c in tree.children(noun, "appos", "flat") if c.pos_ == "PROPN"]
        if named and named[0].i == noun.i + 1:
            names = coordination.conjuncts(named[0])
            # "erkennen 140 Mitgliedstaaten Palästina an": one name is not several states.
            return names if len(names) > 1 or tree.feature(noun, "Number") != "Plur" else []
    one = noun.head
    if noun.dep_ == "nmod" and one.lower_ in {"einer", "eine", "eines", "one"}:
        return coordination.children(one, "nsubj")
    return []


def _adjective(adjective: Token) -> Predicate:
    slots: dict[str, list[Token]] = {}
    for child in adjective.children:
        relation = tree.base(child)
        if relation == "nsubj":
            slots.setdefault("subj", []).extend(coordination.conjuncts(child))
        elif relation in {"obl", "nmod"}:
            name = tree.preposition(child) or "dat"
            slots.setdefault(name, []).extend(coordination.conjuncts(child))
    if adjective.dep_ == "amod":
        slots.setdefault("subj", [adjective.head])
    slots["each"] = slots.get("subj", [])
    slots = {key: _relative(tokens, adjective) for key, tokens in slots.items()}
    return Predicate(adjective, "A", adjective.lemma_, slots)

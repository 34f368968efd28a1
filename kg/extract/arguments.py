"""The arguments of a verb: what fills its slots by its own tree."""

from __future__ import annotations

from spacy.tokens import Token

from kg.extract import coordination, german, tree
from kg.extract.lexicon import Lexicon

_AGENT = {"de": {"von", "durch"}, "en": {"by"}}
POSSESSIVE = {"de": {"von", "durch", "seitens"}, "en": {"of", "by"}}


def own_slots(verb: Token, passive: bool, lexicon: Lexicon) -> dict[str, list[Token]]:
    """Return what fills the slots of a verb, coordination expanded."""
    lang = lexicon.lang
    slots: dict[str, list[Token]] = {}

    def fill(slot: str, token: Token) -> None:
        found = coordination.conjuncts(token)
        if found == [token] and coordination.is_ruled_out(token):
            # "hat nicht X angerufen, sondern Y": Y is hung on the verb.
            found = [c for c in tree.children(verb, "conj") if coordination.is_contrasted(c)]
        slots.setdefault(slot, []).extend(found)

    roles = german.roles(verb, passive, lexicon.words("feminine")) if lang == "de" else {}
    for index, role in roles.items():
        fill(role, verb.doc[index])
    for child in verb.children:
        relation = tree.base(child)
        if tree.is_before_its_clause(child) or child.i in roles or _is_aside(child):
            continue
        if relation in {"nsubj", "obj"} and any(
            c.lower_ in {"als", "unlike", "like", "than"}
            for c in tree.children(child, "case", "mark")
        ):
            continue  # "Anders als Deutschland erkannte Spanien ... an"
        if relation in {"nsubj", "obj"} and lang == "de" and german.is_replaced(child):
            continue
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
            elif (
                child.dep_ == "obl:arg"
                or tree.feature(child, "Case") == "Dat"
                or (lang == "en" and _stands_before_object(child, verb))
            ):
                fill("dat", child)
            elif tree.is_participle_modifier(verb) and passive:
                fill("subj", child)
        elif relation == "compound" and tree.is_participle_modifier(verb) and passive:
            # "US-backed": the first part of the compound is the agent.
            if child.dep_ != "compound:prt":
                fill("subj", child)
        elif relation in {"xcomp", "ccomp"} or (relation == "parataxis" and child.i < verb.i):
            fill_clause(child, slots)
        if relation in {"advcl", "xcomp", "ccomp"}:
            for outer in child.children:
                if tree.is_before_its_clause(outer) and outer.i > verb.i:
                    fill("obj", outer)
    for thing in tree.children(verb, "obj", "nsubj"):
        # "stufte X als Terrororganisation ein": "als" is read as a conjunction.
        for other in tree.children(thing, "conj"):
            if any(c.lower_ == "als" for c in tree.children(other, "cc")):
                slots.setdefault("als", []).append(other)
    if passive and "subj" not in slots and not tree.is_participle_modifier(verb):
        # "has been financed and armed by Iran": the agent hangs on the last of the verbs.
        agents = [
            agent
            for other in tree.children(verb, "conj")
            if other.i == verb.i + 2 and not tree.children(other, "nsubj", "aux")
            for agent in coordination.children(other, "obl:agent")
        ]
        if agents:
            slots["subj"] = agents
    if passive and "subj" not in slots and lang == "en":
        # "recognised as a state by Norway": the agent is hung on the noun before it.
        for noun in tree.children(verb, "obl"):
            for child in tree.children(noun, "nmod"):
                if tree.preposition(child) == "by" and child.i > noun.i:
                    fill("subj", child)
    if passive and "subj" not in slots and tree.is_participle_modifier(verb):
        # "die von Ruanda unterstützte Gruppe": the agent hangs on the noun.
        for child in tree.children(verb.head, "nmod"):
            if child.i < verb.i and tree.preposition(child) in _AGENT[lang]:
                fill("subj", child)
    if lang == "de" and (receiver := german.receiver(verb)):
        slots.update(
            {
                name: [t for n in nouns for t in coordination.conjuncts(n)]
                for name, nouns in receiver.items()
            }
        )
    objects = tree.children(verb, "obj")
    gapped = len(objects) == 2 and any(
        c.dep_.startswith("conj") and not coordination.is_coordinated(objects[0], c)
        for c in objects[0].children
    )
    if gapped and lang == "en":
        slots["obj"] = coordination.conjuncts(objects[0])
    elif not roles:
        _part_objects(verb, slots)
    if lang == "en" and "dat" in slots and "obj" not in slots and not passive:
        # "urged Xi to ..." is often read as an indirect object.
        slots["obj"] = slots["dat"]
    if tree.is_participle_modifier(verb):
        key = "obj" if passive else "subj"
        slots.setdefault(key, [verb.head])
    if deeds := _demanded_of(slots, lexicon):
        slots["deed"] = deeds
    return slots


def _stands_before_object(name: Token, verb: Token) -> bool:
    """Say whether a name can be a dative: "gave the Ivory Coast 5 million dollars"."""
    things = tree.children(verb, "obj")
    return bool(name.ent_type_) and any(verb.i < name.i < thing.i for thing in things)


def _is_aside(noun: Token) -> bool:
    """Say whether a noun names who speaks, not who acts: "so Erdogan", "Selenskyj: ..."."""
    if tree.base(noun) != "nsubj":
        return False
    last = noun.right_edge.i
    if last + 1 < len(noun.doc) and noun.doc[last + 1].text == ":":
        return True
    return any(c.lower_ == "so" and c.i < noun.i for c in tree.children(noun, "advmod"))


def fill_clause(clause: Token, slots: dict[str, list[Token]]) -> None:
    """Fill ``comp`` with a clause and its subjects, and what else a condition asks of it."""
    # What shall be done to somebody is not demanded of them.
    subjects = [s for s in tree.children(clause, "nsubj") if s.dep_ != "nsubj:pass"]
    slots.setdefault("comp", []).extend(
        [clause, *(t for s in subjects for t in coordination.conjuncts(s))]
    )
    objects = tree.children(clause, "obj", "iobj")
    objects += [
        c for c in tree.children(clause, "obl") if tree.preposition(c) in {"to", "with", "mit"}
    ]
    slots.setdefault("compobj", []).extend(t for o in objects for t in coordination.conjuncts(o))
    helpers = tree.children(clause, "aux")
    finite = any(tree.feature(h, "VerbForm") == "Fin" for h in helpers)
    # "told X that it would keep ..." asks nothing
    if tree.is_mandative(clause) or (tree.is_infinite(clause) and not finite):
        slots.setdefault("inf", []).append(clause)
    if clause.pos_ == "AUX" or not any(h.lemma_ in {"have", "haben", "be"} for h in helpers):
        # "must have known" says what is likely, not what is demanded.
        slots.setdefault("modal", []).extend(helpers)


def _demanded_of(slots: dict[str, list[Token]], lexicon: Lexicon) -> list[Token]:
    """Return who is to do what is demanded: "the withdrawal of X", "Xs Rücktritt"."""
    names = POSSESSIVE[lexicon.lang]
    yields = lexicon.words("yields") | lexicon.words("ousters") | lexicon.words("entries")
    nouns = [t for s in ("obj", "for", "nach", "auf") for t in slots.get(s, ())]
    return [
        t
        for noun in nouns
        if lexicon.is_a(noun.lemma_, yields)
        for child in tree.children(noun, "nmod", "amod", "det", "compound")
        if not (name := tree.preposition(child)) or name in names
        for t in coordination.conjuncts(child)
    ]


def _part_objects(verb: Token, slots: dict[str, list[Token]]) -> None:
    """Of two objects, or in German two subjects, that a verb should not have, one is the dative."""
    objects = [o for o in tree.children(verb, "obj") if not tree.preposition(o)]
    if "dat" not in slots and len(objects) > 1:
        first, second = sorted(objects, key=lambda t: t.i)[:2]
        if first.lower_ not in {"sich", "es"} and second.lower_ not in {"sich", "es"}:
            slots["dat"], slots["obj"] = (
                coordination.conjuncts(first),
                coordination.conjuncts(second),
            )
    subjects = tree.children(verb, "nsubj")
    if "dat" not in slots and len(subjects) > 1 and "subj" in slots:
        dative = [s for s in subjects if tree.feature(s, "Case") == "Dat"]
        if len(dative) == 1:
            slots["dat"] = coordination.conjuncts(dative[0])
            slots["subj"] = [
                t for s in subjects if s != dative[0] for t in coordination.conjuncts(s)
            ]

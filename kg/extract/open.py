"""Open triples: who does what, in the words of the sentence, whatever the topic.

One triple for each argument of each clause, with coordination spread out and
relative pronouns replaced by what they stand for. English puts prepositions and
the arguments between into the relation ("died in | 1915"); German keeps the
preposition with its phrase, since "im" cannot be parted from its article, and
arguments grow from left to right ("starb | im Oktober", "starb | im Oktober an
einem Herzinfarkt").
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from spacy.tokens import Doc, Span, Token

from kg.extract import coordination, tree
from kg.extract.phrases import (
    NEGATIONS,
    REFLEXIVES,
    attached,
    case,
    in_order,
    is_clause,
    is_finite,
    is_relative,
    join,
    members,
    phrase,
    spread,
    verb_group,
    without_clauses,
)

Triple = tuple[str, str, str]
"""Subject, relation and object phrase; none is empty or holds a tab or line break."""

_Pair = tuple[list[Token], list[Token]]
_NEVER_HEADS = frozenset(
    {"amod", "aux", "case", "cc", "compound", "cop", "det", "fixed", "flat", "mark", "punct"}
)
_DUMMIES = frozenset({"es", "it", "there"})
# Adverbs that tie a German clause to another and are no part of what it says.
_CONNECTORS = frozenset(
    {"aber", "als", "auch", "so", "sowohl", "wenn", "wie", "wo", "wobei", "wodurch", "womit"}
)
_DEPTH = 3
"""Complements and prepositional phrases that are followed downwards."""


def open_triples(text: Doc | Span) -> list[Triple]:
    """Return the open triples of a parsed text in order, each once per sentence.

    A clause without subject or without anything but its verb gives none.

    Args:
        text: sentences, heads and relations in Universal Dependencies;
            ``user_data["lang"]`` of its Doc is "de" or "en".
    """
    doc = text if isinstance(text, Doc) else text.doc
    arguments = _german if doc.user_data.get("lang") == "de" else _english
    out: dict[tuple[int, Triple], None] = {}
    for token in text:
        if not _heads_clause(token):
            continue
        subjects = [join(words) for subject in _subjects(token) for words in _whole(subject)]
        if not subjects:
            continue
        pairs = [
            (join(relation), join(words))
            for relation, object_ in arguments(token)
            if not any(map(is_relative, relation))
            for words in spread(object_)
        ]
        for subject, (relation, object_) in product(subjects, pairs):
            if subject and relation and object_:
                out[token.sent.start, (subject, relation, object_)] = None
    return [triple for _, triple in out]


def _whole(subject: Token) -> list[list[Token]]:
    """Return the phrases of a subject, none if it leans on another: "whose allies"."""
    words = phrase(subject)
    return [] if any(map(is_relative, words)) else spread(words)


def _heads_clause(token: Token) -> bool:
    if tree.base(token) in _NEVER_HEADS:
        return False
    return is_clause(token) or bool(tree.children(token, "nsubj"))


def _subjects(verb: Token, depth: int = 0) -> list[Token]:
    """Return of whom a clause speaks; a clause without subject borrows one from above."""
    own = tree.children(verb, "nsubj")
    if own:
        found = tree.antecedent(own[0])
        if found is not None:
            return [found]
        if len(own) > 1 and own[1].i == own[0].i + 1:
            own = own[1:]  # title and name, taken for two subjects
        bare = own[0].lower_ in {"der", "die"}  # "die seien bedroht" names nobody
        return [] if bare or is_relative(own[0]) else members(own[0])
    dummy = [c for c in tree.children(verb, "expl") if c.lower_ in _DUMMIES]
    if dummy or depth > _DEPTH:
        return dummy[:1]
    relation, above = tree.base(verb), verb.head
    if relation == "acl":
        return [] if verb.dep_ == "acl:relcl" else [above]
    if relation == "conj":
        participle = tree.base(above) == "acl" and above.dep_ != "acl:relcl"
        return [above.head] if participle else _subjects(above, depth + 1)
    if relation in {"xcomp", "advcl", "ccomp"} and not _has_tense(verb):
        objects = [
            c for c in tree.children(above, "obj", "iobj")
            if c.lower_ not in REFLEXIVES | _DUMMIES and relation == "xcomp"
        ]  # fmt: skip
        return members(objects[0]) if objects else _subjects(above, depth + 1)
    return []


def _has_tense(verb: Token) -> bool:
    return any(is_finite(t) for t in [verb, *tree.children(verb, "aux", "cop")])


def _is_told_above(verb: Token) -> bool:
    """Say whether the clause above tells an infinitive or gerund: "helped to raise | funds"."""
    top = verb
    while tree.base(top) == "conj" and not tree.children(top, "nsubj"):
        top = top.head
    if tree.children(top, "nsubj") or _has_tense(top):
        return False
    return tree.base(top) == "xcomp" or (tree.base(top) in {"advcl", "acl"} and bool(_joints(top)))


def _english(verb: Token) -> Iterator[_Pair]:
    """Yield relation and object of each argument of an English clause.

    Prepositions and the arguments before go into the relation: "sent troops to".
    """
    if _is_told_above(verb):
        return
    group = verb_group(verb)
    if tree.children(verb, "cop") and verb.pos_ != "VERB":
        group += case(verb)
        for member in coordination.conjuncts(verb):
            if member == verb or not is_clause(member):
                if member.pos_ != "ADJ" or not tree.children(member, "obl", "xcomp", "ccomp"):
                    yield group, phrase(member)  # never "is | able"
                yield from _english_chain(member, [*group, *phrase(member, False)])
        group += phrase(verb, False)
    yield from _english_arguments(verb, group)


def _joints(verb: Token) -> list[Token]:
    """Return what ties an infinitive or gerund to the verb above: "to", "in order to", "by"."""
    return [t for c in tree.children(verb, "mark", "case") for t in c.subtree]


def _english_arguments(verb: Token, group: list[Token], depth: int = 0) -> Iterator[_Pair]:
    copular = bool(tree.children(verb, "cop")) and verb.pos_ != "VERB"
    receivers = [t for c in tree.children(verb, "iobj") for t in phrase(c, False)]
    start = group + receivers
    own = [o for o in tree.children(verb, "obj") if o.lower_ not in REFLEXIVES]
    objects = members(own[0]) if own else _bare_antecedent(verb)
    states = [c for c in tree.children(verb, "xcomp") if c.pos_ == "ADJ"] if objects else []
    result = [t for c in states if c.i > objects[0].i for t in phrase(c)]
    for object_ in objects:
        yield start, phrase(object_) + result  # "keep | them moist"
        if verb.is_ancestor(object_):
            yield from _english_chain(object_, [*start, *phrase(object_, False)])
    full = [*start, *(_with_of(objects[0]) if objects else [])]
    for argument in tree.children(verb, "obl", *(() if copular else ("nmod",))):
        for member in members(argument):
            relation = full + case(member)
            yield relation, phrase(member)
            if verb.is_ancestor(member):
                yield from _english_chain(member, [*relation, *phrase(member, False)])
    for clause in tree.children(verb, "ccomp"):
        yield full, in_order(clause.subtree)
    if depth < _DEPTH:
        for first in tree.children(verb, "xcomp"):
            if result and first.pos_ == "ADJ":
                continue
            before = full if objects and objects[0].i < first.i else start
            for complement in coordination.conjuncts(first):
                mark = tree.children(complement, "mark") or tree.children(first, "mark")
                yield from _english_complement(complement, before, mark, depth)
        for clause in tree.children(verb, "advcl"):
            joints = [] if tree.children(clause, "nsubj") else _joints(clause)
            for each in coordination.conjuncts(clause) if joints else ():
                joined = full + in_order([*joints, *verb_group(each)])
                yield from _english_arguments(each, joined, depth + 1)
    if not tree.children(verb, "obj", "obl", "nmod", "xcomp", "ccomp") and not copular:
        for adverb in tree.children(verb, "advmod"):
            if adverb.lower_ not in NEGATIONS and adverb.i > verb.i:
                yield start, list(adverb.subtree)


def _bare_antecedent(verb: Token) -> list[Token]:
    """Return the object of a relative clause without pronoun: "the bridge they built"."""
    if verb.dep_ != "acl:relcl" or not tree.children(verb, "nsubj"):
        return []
    if tree.children(verb, "cop", "xcomp", "ccomp") or any(map(is_relative, verb.subtree)):
        return []
    return [verb.head]


def _with_of(noun: Token) -> list[Token]:
    """Return a phrase with its "of": "thousands of soldiers"."""
    of = [b for b in attached(noun) if any(c.lower_ == "of" for c in case(b))]
    return phrase(noun, False) + [t for b in of for t in case(b) + phrase(b)]


def _english_complement(
    complement: Token, before: list[Token], mark: list[Token], depth: int
) -> Iterator[_Pair]:
    if not is_clause(complement):
        # "became | a judge", "keep them | moist"
        yield before + case(complement), phrase(complement)
        joined = [*before, *case(complement), *phrase(complement, False)]
        yield from _english_chain(complement, joined)
        return
    infinitive = in_order([*mark, *verb_group(complement)])
    pairs = list(_english_arguments(complement, before + infinitive, depth + 1))
    if tree.children(complement, "cop"):
        pairs.append((before + infinitive, phrase(complement)))
    yield from pairs or [(before, infinitive)]


def _english_chain(noun: Token, relation: list[Token], depth: int = 0) -> Iterator[_Pair]:
    """Yield a triple for each prepositional phrase below a noun: "made a speech in | Chicago"."""
    for argument in attached(noun):
        for member in members(argument):
            joined = relation + case(member)
            yield joined, phrase(member)
            if depth < _DEPTH - 1:
                longer = [*joined, *phrase(member, False)]
                yield from _english_chain(member, longer, depth + 1)
    for clause in tree.children(noun, "acl"):
        # "efforts to gain | control"
        joints = _joints(clause)
        if joints and not _has_tense(clause) and depth < _DEPTH:
            joined = relation + in_order([*joints, *verb_group(clause)])
            yield from _english_arguments(clause, joined, _DEPTH)


def _german(verb: Token) -> Iterator[_Pair]:
    """Yield relation and object of each argument of a German clause.

    What stands between verb and argument goes into the object phrase; an object
    is also told alone. A phrase before the finite verb comes last: "traf Xi | Am
    Montag".
    """
    if tree.base(verb) in {"xcomp", "advcl"} and not _has_tense(verb):
        return  # told with the clause above: "versuchte | ihn zu treffen"
    if verb.dep_ == "acl" and any(m.lower_ == "zu" for m in tree.children(verb, "mark")):
        return  # nobody acts in "die Notwendigkeit, sie zu verstehen"
    group = verb_group(verb)
    nominal = verb not in group
    arguments = [c for c in verb.children if _is_argument(c, nominal)]
    adverbs = [
        c
        for c in tree.children(verb, "advmod")
        if c.lower_ not in NEGATIONS | _CONNECTORS and not is_relative(c)
    ]
    if nominal:
        arguments.append(verb)
    first = _field_start(verb, group)
    inner = in_order(a for a in [*arguments, *adverbs] if a.i >= first)
    objects = [t for a in inner if tree.base(a) == "obj" for t in _with_case(a, False)]
    for argument in in_order(arguments):
        before = [
            t for other in inner if other.i < argument.i and other != verb
            for t in (_with_case(other) if other in arguments else without_clauses(other))
        ]  # fmt: skip
        direct = tree.base(argument) == "obj" or argument == verb
        for words in _growing(argument, direct):
            if argument not in inner:
                yield group + objects, words
                continue
            if direct or not _precedes_object(argument, inner):
                yield group, before + words
            if before and direct:
                yield group, words
    if not arguments and not tree.children(verb, "ccomp", "xcomp"):
        for adverb in adverbs:
            if adverb in inner:
                yield group, without_clauses(adverb)
    yield from _german_clauses(verb, group, [a for a in inner if a in arguments])


def _german_clauses(verb: Token, group: list[Token], arguments: list[Token]) -> Iterator[_Pair]:
    said = [t for a in arguments for t in _with_case(a)]
    for clause in tree.children(verb, "ccomp", "xcomp"):
        if tree.base(clause) == "ccomp" or is_clause(clause):
            yield group, [*said, *in_order(clause.subtree)]
    for clause in tree.children(verb, "advcl"):
        if "um" in {m.lower_ for m in tree.children(clause, "mark")}:
            yield group + said, in_order(clause.subtree)


def _precedes_object(argument: Token, others: list[Token]) -> bool:
    """Say whether an oblique stands before the object, which is told with it."""
    objects = [o.i for o in others if tree.base(o) == "obj"]
    return bool(objects) and argument.i < objects[0]


def _is_argument(token: Token, nominal: bool) -> bool:
    relation = tree.base(token)
    if token.lower_ in REFLEXIVES or (is_relative(token) and case(token)):
        return False  # "in der" would need another form with its antecedent
    if relation == "xcomp":
        return not is_clause(token)  # "wurde | Richter"
    return relation in {"obj", "iobj", "obl"} or (relation == "nmod" and not nominal)


def _field_start(verb: Token, group: list[Token]) -> int:
    """Return where arguments begin: behind the finite verb of a main clause, else anywhere."""
    top = verb
    while tree.base(top) == "conj":
        top = top.head
    finite = next((t for t in group if is_finite(t)), None)
    if finite is None or finite.i > verb.i or top.dep_ == "acl:relcl":
        return -1
    return -1 if tree.children(verb, "mark") else finite.i


def _growing(argument: Token, direct: bool) -> Iterator[list[Token]]:
    """Yield the phrases that fill an argument's place, from short to long.

    An object is told without and with the prepositional phrases behind it, an
    oblique only with them: "im Vergleich" alone says little.
    """
    for member in members(argument):
        start = _with_case(member, False)
        if direct:
            yield start
        for behind in attached(member):
            for other in members(behind):
                yield [*start, *_with_case(other)]
            start += _with_case(behind)
        if not attached(member):
            yield _with_case(member)


def _with_case(noun: Token, attachments: bool = True) -> list[Token]:
    return in_order([*case(noun), *phrase(noun, attachments)])

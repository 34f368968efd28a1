"""Words of phrases and verb groups for the open triples, in the order in which they are written."""

from __future__ import annotations

from collections.abc import Iterable

from spacy.tokens import Span, Token

from kg.extract import coordination, tree

NEGATIONS = frozenset({"nicht", "nie", "niemals", "not", "n't", "n’t", "never"})
REFLEXIVES = frozenset({"sich", "einander", "themselves", "itself", "himself", "herself"})
_POSSESSIVES = frozenset({"'s", "’s", "'", "’"})
_QUOTES = frozenset({'"', "``", "''", "„", "“", "”", "«", "»", "`", "'", "‚", "‘", "’"})
_OPENING = frozenset({"``", "„", "«", "`", "‚"})
_LOOSE = frozenset({",", "(", "-", "--", "–", "—", ":"})
# Children of a noun that are no part of its phrase: they are joined to it, or clauses.
_OUTSIDE = frozenset(
    {"acl", "advcl", "aux", "case", "cc", "ccomp", "conj", "cop", "csubj", "discourse",
     "dislocated", "expl", "iobj", "list", "mark", "nsubj", "obj", "orphan", "parataxis",
     "punct", "vocative", "xcomp"}
)  # fmt: skip


def join(tokens: Iterable[Token]) -> str:
    """Return words as one line of text, in the given order, as they are written.

    A punctuation mark is kept where the words on both its sides are, quotation
    marks where all that they quote begins and ends with such words.

    Args:
        tokens: words of one sentence; punctuation marks among them are ignored.
    """
    words = [t for t in dict.fromkeys(tokens) if t.pos_ != "PUNCT" and not t.is_space]
    if not words:
        return ""
    doc = words[0].doc
    kept = _punctuation(words)
    spans: list[Token] = []
    for word in words:
        first, last = word.i, word.i + 1
        while first - 1 in kept:
            first -= 1
        while last in kept:
            last += 1
        spans += doc[first:last]
    ordered = list(dict.fromkeys(spans))
    text = ""
    for token, following in zip(ordered, [*ordered[1:], None], strict=True):
        text += token.text
        if following is not None and (token.whitespace_ or following.i != token.i + 1):
            text += " "
    return " ".join(text.split())


def _punctuation(words: list[Token]) -> set[int]:
    there = {t.i for t in words}
    sentence = words[0].sent
    kept = {
        m.i for m in sentence
        if m.pos_ == "PUNCT" and m.text not in _QUOTES
        and m.i - 1 in there and m.i + 1 in there
    }  # fmt: skip
    opened: list[int] = []
    for run in _quotation_marks(sentence):
        if not opened or sentence.doc[run[0]].text in _OPENING:
            opened = run
            continue
        if opened[-1] + 1 in there and run[0] - 1 in there:
            kept.update(opened, run)
        opened = []
    return kept


def _quotation_marks(sentence: Span) -> list[list[int]]:
    """Return the quotation marks of a sentence; two in a row, as "``", are one."""
    runs: list[list[int]] = []
    for token in sentence:
        if token.pos_ == "PUNCT" and token.text in _QUOTES:
            if runs and runs[-1][-1] == token.i - 1:
                runs[-1].append(token.i)
            else:
                runs.append([token.i])
    return runs


def case(token: Token) -> list[Token]:
    """Return the prepositions of a phrase, "as" and "als" included.

    Conjuncts and appositions share those of what they belong to.
    """
    own = [
        c for c in token.children
        if (tree.base(c) == "case" and c.text not in _POSSESSIVES)
        or (_is_as(c) and tree.base(c) in {"cc", "mark", "advmod"})
    ]  # fmt: skip
    if not own and tree.base(token) in {"conj", "appos"} and not is_clause(token.head):
        return case(token.head)
    return in_order(t for c in own for t in c.subtree)


def _is_as(token: Token) -> bool:
    return token.i < token.head.i and token.lower_ in {"als", "wie", "as"}


def is_clause(token: Token) -> bool:
    """Say whether a token is the predicate of a clause."""
    return token.pos_ in tree.VERBAL or bool(tree.children(token, "cop"))


def in_order(tokens: Iterable[Token]) -> list[Token]:
    """Return distinct tokens in text order."""
    return sorted(set(tokens), key=lambda t: t.i)


def phrase(noun: Token, attachments: bool = True) -> list[Token]:
    """Return the words of a phrase without its preposition, in text order.

    Coordinated phrases, loose appositions and clauses are left out: they have
    triples of their own.

    Args:
        noun: head of the phrase.
        attachments: False leaves out the prepositional phrases that hang on it.
    """
    out = [noun]
    if tree.base(noun) == "nsubj":
        # Title and name, or parts of a name, taken for two subjects.
        beside = [s for s in tree.children(noun.head, "nsubj") if s.i == noun.i - 1]
        out += [t for s in beside for t in phrase(s, attachments)]
    for child in noun.children:
        relation = tree.base(child)
        if relation in _OUTSIDE or _is_as(child) or is_loose(child):
            continue
        if relation in {"nmod", "obl"} and not attachments and case(child):
            continue
        if relation == "obl" and (child.i < noun.i or is_clause(noun)):
            continue
        if relation == "advmod" and (
            is_clause(noun) and (noun.pos_ != "ADJ" or child.lower_ in NEGATIONS)
        ):
            continue
        out += without_clauses(child)
    return in_order(out)


def without_clauses(top: Token) -> list[Token]:
    """Return the words below a token less the clauses that follow what they describe."""

    def inside(token: Token) -> bool:
        while token != top.head:
            relation = tree.base(token)
            if relation in {"advcl", "ccomp"} or (
                relation in {"acl", "parataxis"} and token.i > token.head.i
            ):
                return True
            if token == top:
                break
            token = token.head
        return False

    return [t for t in top.subtree if not inside(t)]


def attached(noun: Token) -> list[Token]:
    """Return the heads of the prepositional phrases behind a noun, in text order."""
    return [
        c for c in tree.children(noun, "nmod", "obl")
        if c.i > noun.i and case(c) and not (is_clause(noun) and tree.base(c) == "obl")
    ]  # fmt: skip


def is_loose(token: Token) -> bool:
    """Say whether a token is an apposition that a comma, bracket or dash sets off."""
    if tree.base(token) != "appos":
        return False
    between = token.doc[min(token.i, token.head.i) + 1 : max(token.i, token.head.i)]
    return any(t.text in _LOOSE for t in between)


def members(token: Token) -> list[Token]:
    """Return the phrases that fill one place: coordinated ones and loose appositions.

    A relative pronoun gives way to what it stands for.
    """
    if is_relative(token):
        found = tree.antecedent(token)
        return [] if found is None else [found]
    out: list[Token] = []
    for noun in coordination.conjuncts(token):
        if (noun != token and is_clause(noun)) or noun.text.endswith("-"):
            continue  # "Raketen-" of "Raketen- und Drohnenangriffe" says nothing alone
        out.append(noun)
        for child in noun.children:
            aside = child.i > 0 and any(t.text == "(" for t in child.doc[noun.i : child.i])
            if is_loose(child) and not aside and child.pos_ in {"NOUN", "PROPN"}:
                out += coordination.conjuncts(child)
    return out


def is_relative(token: Token) -> bool:
    """Say whether a token is a relative or interrogative word."""
    types = set(token.morph.get("PronType", []))
    if "Dem" in types:
        # German "der", "die", "das": a relative pronoun only inside such a clause.
        return "Rel" in types and any(tree.base(a) == "acl" for a in token.ancestors)
    return bool(types & {"Rel", "Int"}) or (
        token.pos_ == "PRON" and token.lower_ in {"who", "which", "whom"}
    )


def spread(words: list[Token]) -> list[list[Token]]:
    """Return a phrase once for each of its first coordinated adjectives.

    "direct and indirect taxes" are "direct taxes" and "indirect taxes".
    """
    for word in words:
        adjectives = [a for a in coordination.conjuncts(word) if a in words]
        if tree.base(word) == "amod" and len(adjectives) > 1:
            if any(a.pos_ != "ADJ" for a in adjectives):
                continue
            joined = {t for a in adjectives for t in a.subtree}
            own = [_own_words(a) for a in adjectives]
            return [[t for t in words if t not in joined or t in mine] for mine in own]
    return [words]


def _own_words(conjunct: Token) -> list[Token]:
    """Return the words below a token without what is coordinated with it."""
    return [conjunct] + [
        t
        for c in conjunct.children
        if tree.base(c) not in {"conj", "cc", "punct"}
        for t in c.subtree
    ]


def is_finite(token: Token) -> bool:
    """Say whether a verb form is finite."""
    return tree.feature(token, "VerbForm") == "Fin"


def verb_group(verb: Token) -> list[Token]:
    """Return auxiliaries, copula, verb, particle, negation and reflexive pronoun.

    English keeps the order of the sentence. German is put into the order of a
    main clause, finite verb first, particle last: "(dass sie sich) gemeldet
    haben" becomes "haben sich gemeldet".
    """
    copula, auxiliaries = tree.children(verb, "cop"), _auxiliaries(verb)
    core = [*copula, *auxiliaries]
    if not copula or verb.pos_ == "VERB" or _governs(verb):
        core.append(verb)
    negation = [
        t
        for c in verb.children
        if tree.base(c) == "advmod" and c.lower_ in NEGATIONS
        for t in c.subtree  # "nicht mehr"
    ]
    reflexive = [
        c for c in verb.children
        if c.lower_ in REFLEXIVES and tree.base(c) in {"obj", "iobj", "expl", "obl"}
    ]  # fmt: skip
    particle = [c for c in verb.children if c.dep_ == "compound:prt"]
    if verb.doc.user_data.get("lang") != "de":
        # "re-elected" is three words of the treebanks.
        before = list(verb.doc[max(0, verb.i - 2) : verb.i])
        hyphenated = verb in core and "".join(t.text_with_ws for t in before[1:]) == "-"
        prefix = before[:1] if hyphenated and not before[0].whitespace_ else []
        to = [m for m in tree.children(verb, "mark") if m.lower_ == "to" and m.i > core[0].i]
        return in_order([*core, *negation, *reflexive, *particle, *prefix, *to])
    finite = ([t for t in core if is_finite(t)] or in_order([*auxiliaries, *copula])[-1:])[:1]
    finite = finite or core
    mark = [m for m in tree.children(verb, "mark") if m.lower_ == "zu" and verb in core]
    rest = in_order([t for t in core if t not in finite] + mark)
    if finite == [verb]:
        return [*finite, *reflexive, *negation, *rest, *particle]
    return [*finite, *reflexive, *negation, *in_order([*rest, *particle])]


def _governs(adjective: Token) -> bool:
    """Say whether a German adjective or participle takes arguments: "ist bekannt | als"."""
    return (
        adjective.pos_ == "ADJ"
        and adjective.doc.user_data.get("lang") == "de"
        and bool(tree.children(adjective, "obl", "obj", "ccomp", "xcomp"))
    )


def _auxiliaries(verb: Token) -> list[Token]:
    """Return the auxiliaries of a verb and those that a coordinated verb lends it."""
    own = tree.children(verb, "aux")
    if any(map(is_finite, [verb, *own, *tree.children(verb, "cop")])):
        return own
    if tree.base(verb) == "conj" and is_clause(verb.head):
        lent = [a for a in _auxiliaries(verb.head) if a.i < verb.i]
        return own + [a for a in lent if is_finite(a) or not own]
    for other in tree.children(verb, "conj"):
        # German verb-final clauses: "mobilisiert und zurückgerufen wurden".
        if not own and not tree.children(other, "nsubj") and not is_finite(other):
            return [c for c in tree.children(other, "aux") if c.i > other.i]
    return own

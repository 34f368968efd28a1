"""Who takes, holds or loses an office, where a clause says it of somebody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from spacy.tokens import Span, Token

from kg.entities import OfficePhrase
from kg.extract import static, time, tree
from kg.extract.actors import Actors
from kg.extract.factuality import Factuality
from kg.extract.lexicon import Lexicon
from kg.extract.make import make_statement
from kg.extract.stance import Stance
from kg.types import Article, Mention, Relation, Statement, starting_in

Change = Literal["taken", "kept", "awaited", "lost"]
CERTAINTY = 0.9
_FUTURE = frozenset({"will", "'ll", "’ll", "shall", "wird", "werden"})
_AS = frozenset({"als", "as", "zum", "zur", "zu"})
_SELF = frozenset({"sich", "himself", "herself", "themselves", "myself"})
_COPULAS = frozenset({"be", "sein", "werden"})
_GIVERS: tuple[tuple[str, Change], ...] = (
    ("office_given", "taken"), ("office_awaited", "awaited"), ("office_withdrawn", "lost"),
)  # fmt: skip
_HOLDERS: tuple[tuple[str, Change], ...] = (
    ("office_taken", "taken"), ("office_kept", "kept"), ("office_left", "lost"),
)  # fmt: skip


@dataclass(frozen=True)
class Appointment:
    """What a clause says of a person and an office: ``predicate`` is the word that says it."""

    office: OfficePhrase
    predicate: Token
    person: Token
    change: Change


def statements(
    sentence: Span,
    article: Article,
    mentions: Sequence[Mention],
    offices: Sequence[OfficePhrase],
    relations: dict[str, Relation],
    actors: Actors,
    factuality: Factuality,
) -> Iterator[Statement]:
    """Yield what the clauses of a sentence say of persons and their offices."""
    for found in find(sentence, offices, actors.lexicon):
        person = actors.of(tree.antecedent(found.person) or found.person)
        stance = _stance(found, sentence, article, factuality)
        if stance is None or person is None or person.entity.cls != "Person":
            continue
        if person.entity.minted and " " not in person.entity.label_en:
            continue  # A lone unknown word is too often no name.
        owner = static.owner_of(found.office, sentence, mentions)
        # When somebody was seen in office is not when it began.
        date = time.of(sentence, found.predicate, article.date, stance)
        if found.change == "awaited":
            if _is_long_ago(date, article):
                stance = replace(stance, modality="actual")  # The term has begun since.
            else:
                date = None
        yield make_statement(
            article, sentence, relations[static.role_relation(found.office, relations)],
            person, owner,
            static.characters(sentence.doc, found.office.start, found.office.end), stance,
            CERTAINTY * person.certainty * owner.certainty * stance.certainty,
            None if found.change == "kept" else date,
        )  # fmt: skip


def _is_long_ago(date: str | None, article: Article) -> bool:
    """Say whether something was more than a year before the article."""
    if date is None or article.date is None:
        return False
    return int(date[:4]) < article.date.year - 1


def _stance(
    found: Appointment, sentence: Span, article: Article, factuality: Factuality
) -> Stance | None:
    """Return what a sentence claims of an office, None if it settles nothing.

    Who is elected is to hold it, who has lost it does not. Wishes, chances and
    what was refused are left out.
    """
    verb = found.predicate
    content = any(m.lower_ in {"that", "dass"} for m in tree.children(verb, "mark"))
    if tree.base(verb) == "xcomp" or (
        tree.base(verb) == "acl" and (content or verb.dep_ != "acl:relcl")
    ):
        return None
    if tree.base(verb) == "advcl" and tree.is_infinite(verb):
        return None
    stance = factuality.of(verb, [found.person])
    if stance.says_nothing or (stance.reported and stance.source is None):
        return None
    if stance.modality == "actual" and time.is_scheduled(sentence, verb, article.date):
        stance = stance.with_modality("planned")
    settled = stance.modality == "actual" and stance.polarity == "positive"
    match found.change:
        case "awaited":
            return stance.with_modality("planned") if settled else None
        case "lost":
            return stance.negated() if settled else None
    if stance.modality == "planned":
        told = {a.lower_ for a in tree.children(verb, "aux")} & _FUTURE
        return stance if told or time.is_scheduled(sentence, verb, article.date) else None
    return stance if stance.modality == "actual" else None


def find(
    sentence: Span, offices: Sequence[OfficePhrase], lexicon: Lexicon
) -> Iterator[Appointment]:
    """Yield the offices of a sentence that a clause says somebody has, gets or loses.

    Those in apposition are none of them: "Mark Rutte, Nato-Generalsekretär".
    """
    for office in offices[starting_in(offices, sentence.start, sentence.end)]:
        if office.person is None and office.named and not office.former:
            words = sentence.doc[office.start : office.end]
            found = _copula(words) or _by_verb(words.root, lexicon)
            if found is not None:
                predicate, person, change = found
                yield Appointment(office, predicate, person, change)


def _copula(words: Span) -> tuple[Token, Token, Change] | None:
    """Find "X is president", "Neuer Präsident ist X"; what was is no longer."""
    root = words.root
    copulas = [c for t in words for c in _to_be(t)]
    predicate, subjects = root, tree.children(root, "nsubj")
    if not copulas and tree.base(root) == "nsubj" and root.head.pos_ == "PROPN":
        copulas, predicate, subjects = _to_be(root.head), root.head, [root.head]
    if not copulas or _elected_again(root) is not None:
        return None
    subjects = subjects or tree.children(copulas[0], "nsubj")
    if len(subjects) != 1:
        return None
    if copulas[0].lemma_.lower() == "werden":
        past = copulas[0].lower_ in {"wurde", "wurden", "geworden"}
        return predicate, subjects[0], "taken" if past else "awaited"
    present = copulas[0].lower_ in {"is", "are", "am", "'s", "’s", "ist", "sind", "sei", "seien"}
    perfect = any(a.lower_ in {"has", "have", "'s", "’s"} for a in tree.children(root, "aux"))
    since = any(t.lower_ == "since" for t in root.subtree)
    return (predicate, subjects[0], "kept") if present or (perfect and since) else None


def _to_be(token: Token) -> list[Token]:
    return [c for c in tree.children(token, "cop") if c.lemma_.lower() in _COPULAS]


def _elected_again(root: Token) -> Token | None:
    """Return the participle of "was re-elected president", whose hyphen confuses the tree."""
    for word in root.doc[max(root.sent.start, root.i - 5) : root.i]:
        if word.lower_ in {"elected", "appointed"} and word.i > 2:
            if root.doc[word.i - 1].text == "-" and root.doc[word.i - 2].lower_ == "re":
                return word
    return None


def _by_verb(root: Token, lexicon: Lexicon) -> tuple[Token, Token, Change] | None:
    phrase = root
    if tree.base(root) == "nmod" and lexicon.is_a(root.head.lemma_, lexicon.words("offices")):
        phrase = root.head  # "übernahm das Amt des Präsidenten"
    again = _elected_again(root)
    if again is not None:
        subjects = tree.children(again, "nsubj") or tree.children(root, "nsubj")
        return (again, subjects[0], "taken") if len(subjects) == 1 else None
    verb = _governor(phrase)
    if verb is None:
        return None
    said = {c.lower_ for c in tree.children(root, "case", "cc", "mark")} & _AS
    words = _readings(verb, lexicon)
    if phrase != root:
        if tree.base(phrase) != "obj":
            return None
    elif not said and tree.base(root) not in {"xcomp", "obj", "nsubj"}:
        return None
    if any(c.lower_ in _SELF for c in verb.children):
        return None  # "declared himself president"
    if said & {"as", "als"} and phrase.i < verb.i and not _follows_a_name(phrase, verb):
        return None  # "As president of Brazil, Lula appointed ...": whoever appoints
    for name, change in _GIVERS:
        if words & lexicon.words(name):
            person = _patient(verb, root)
            return (verb, person, change) if person is not None else None
    passive = any(c.dep_ == "aux:pass" for c in verb.children)
    if passive or (not said and phrase == root and tree.base(root) == "obj"):
        return None
    for name, change in _HOLDERS:
        if words & lexicon.words(name) and (change != "kept" or tree.is_present(verb)):
            subject = _subject(verb, root)
            if verb.lower_ in {"wird", "werden"}:
                change = "awaited"  # "Mark Rutte wird Generalsekretär": nobody says when
            return (verb, subject, change) if subject is not None else None
    return None


def _follows_a_name(phrase: Token, verb: Token) -> bool:
    """Say whether a subject stands before "als Präsidentin" of a clause: "X wurde als ..."."""
    return any(s.i < phrase.i for s in tree.children(verb, "nsubj"))


def _governor(phrase: Token) -> Token | None:
    """Return the verb that a phrase of an office completes."""
    at = phrase.head
    while tree.base(at) in {"flat", "appos", "nmod", "conj"} and at.pos_ in {"PROPN", "NOUN"}:
        at = at.head  # "als Präsidentin" is often coordinated with the name
    if at.pos_ in {"PROPN", "NOUN"} and tree.base(at) in {"nsubj", "obj"}:
        at = at.head
    return at if at.pos_ in {"VERB", "AUX"} and at != phrase else None


def _readings(verb: Token, lexicon: Lexicon) -> set[str]:
    """Return the forms under which the lexicon may have a verb: "swear in", "take office"."""
    known = frozenset[str]().union(*(lexicon.words(name) for name, _ in (*_GIVERS, *_HOLDERS)))
    lemma = tree.verb_lemma(verb, known)
    plain = verb.lemma_.lower()
    after = verb.doc[verb.i + 1].lower_ if verb.i + 1 < len(verb.doc) else ""
    objects = {o.lemma_.lower() for o in tree.children(verb, "obj")}
    with_object = {f"{o} {lemma}" if lexicon.lang == "de" else f"{plain} {o}" for o in objects}
    return {lemma, f"{plain} {after}", *with_object}


def _patient(verb: Token, root: Token) -> Token | None:
    """Return who is given or stripped of an office."""
    if tree.is_passive(verb):
        found = [s for s in tree.children(verb, "nsubj") if s != root]
    elif tree.is_participle_modifier(verb):
        return None
    else:
        found = [o for o in tree.children(verb, "obj", "iobj") if o != root and o.i < root.i]
        names = [o for o in found if o.pos_ == "PROPN"]
        found = names[-1:] or found
        if not found:  # "elected Isaac Herzog president": the name hung on the office
            found = [c for c in tree.children(root, "compound") if c.ent_type_ == "PER"]
        if not found:
            # German word order leaves subject and object to the sense: the nearer one gets it.
            subjects = [s for s in tree.children(verb, "nsubj") if s != root]
            found = subjects[-1:] if len(subjects) == 2 else []
    return found[0] if len(found) == 1 else None


def _subject(verb: Token, root: Token) -> Token | None:
    if tree.base(root) == "nsubj":  # "Neuer Premierminister wird X"
        others = [x for x in tree.children(verb, "xcomp", "nsubj") if x != root]
        return others[0] if len(others) == 1 and others[0].pos_ == "PROPN" else None
    subjects = [s for s in tree.children(verb, "nsubj") if s != root]
    subjects = subjects or [s for s in tree.children(root, "nsubj") if s != root]
    if not subjects and verb.dep_.startswith("conj"):
        subjects = tree.children(verb.head, "nsubj")
    return subjects[0] if len(subjects) == 1 else None

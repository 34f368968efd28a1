"""What a phrase says in passing: who holds which office, which place lies where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from spacy.tokens import Doc, Span

from kg.entities import OfficePhrase
from kg.extract import tree
from kg.extract.actor import Actor, is_place
from kg.extract.make import make_statement
from kg.extract.stance import Stance
from kg.types import Article, Entity, Mention, Relation, Statement, starting_in

CERTAINTY = 0.95
_NEAR = 60
"""How many tokens back "the country" may have been named."""


def roles(
    sentence: Span,
    article: Article,
    mentions: Sequence[Mention],
    offices: Sequence[OfficePhrase],
    relations: dict[str, Relation],
) -> Iterator[Statement]:
    """Yield the offices that a sentence names together with state and holder."""
    for office in offices[starting_in(offices, sentence.start, sentence.end)]:
        if office.person is None or office.former or not office.named:
            continue
        mention = mentions[office.person]
        if mention.entity.minted and " " not in mention.entity.label_en:
            continue  # A lone unknown word beside an office is too often no name.
        yield make_statement(
            article, sentence, relations[role_relation(office, relations)],
            _actor(sentence.doc, mention.entity, mention.start, mention.end, mention.certainty),
            owner_of(office, sentence, mentions),
            characters(sentence.doc, office.start, office.end), Stance(),
            CERTAINTY * mention.certainty,
        )  # fmt: skip


def owner_of(office: OfficePhrase, sentence: Span, mentions: Sequence[Mention]) -> Actor:
    """Return the state or body of an office in the words of the sentence that name it."""
    doc = sentence.doc
    inside = mentions[starting_in(mentions, sentence.start, sentence.end)]
    state = office.state.id
    named = [
        m for m in inside
        if state == m.entity.id
        or (m.acts_for is not None and state == m.acts_for.id and m.entity.cls != "City")
    ]  # fmt: skip
    named = named or [
        m for m in inside if m.entity.part_of == state and m.entity.cls == "Institution"
    ]
    if not named:  # "Bundeskanzler": the office names its state
        return _actor(doc, office.state, office.start, office.end, 1.0)
    m = min(named, key=lambda m: (abs(m.start - office.start), m.start))
    return _actor(doc, office.state, m.start, m.end, m.certainty)


def role_relation(office: OfficePhrase, relations: dict[str, Relation]) -> str:
    """Return the relation of an office: ``foreign_minister`` -> ``foreignMinisterOf``."""
    for name in (office.office.id, office.role):
        head, *rest = name.split("_")
        relation = head + "".join(word.capitalize() for word in rest) + "Of"
        if relation in relations:
            return relation
    return "holdsOfficeIn"


def located(
    sentence: Span, article: Article, mentions: Sequence[Mention], relation: Relation
) -> Iterator[Statement]:
    """Yield "the Russian region of Kursk", "Wonsan an der Ostküste des Landes"."""
    inside = mentions[starting_in(mentions, sentence.start, sentence.end)]
    for mention in inside:
        place = mention.entity
        if not is_place(place) or place.cls == "State" or place.part_of is None:
            continue
        here = _actor(sentence.doc, place, mention.start, mention.end, mention.certainty)
        for state in [*_state_beside(mention, sentence.doc, inside),
                      *_country_behind(mention, sentence.doc, mentions)]:  # fmt: skip
            yield make_statement(
                article, sentence, relation, here, state, (state.start, state.end), Stance(),
                CERTAINTY * here.certainty * state.certainty,
            )  # fmt: skip


def _state_beside(mention: Mention, doc: Doc, mentions: Sequence[Mention]) -> Iterator[Actor]:
    """Find words on a place that name its state; the tables must agree."""
    at = {i: m for m in mentions for i in range(m.start, m.end)}
    inside = set(range(mention.start, mention.end))
    heads = inside | {doc[i].head.i for i in inside}
    for i in sorted({c.i for h in heads for c in doc[h].children} - inside):
        state = at.get(i)
        if state is None or state.entity.id != mention.entity.part_of:
            continue
        relation = tree.base(doc[i])
        before = mention.start - 2 <= i < mention.start and relation == "amod"
        if before or (relation in {"nmod", "appos"} and i > mention.start):
            yield _actor(doc, state.entity, state.start, state.end, state.certainty)


def _country_behind(mention: Mention, doc: Doc, mentions: Sequence[Mention]) -> Iterator[Actor]:
    """Find "an der Ostküste des Landes" behind a place whose country was just named."""
    for token in doc[mention.end : min(len(doc), mention.end + 7)]:
        if token.is_punct or token.sent != doc[mention.start].sent:
            return
        if token.lower_ in {"landes", "country"} and doc[token.i - 1].lower_ in {"des", "the"}:
            for m in mentions[starting_in(mentions, mention.start - _NEAR + 1, token.i)]:
                if m.entity.id == mention.entity.part_of:
                    yield _actor(doc, m.entity, token.i - 1, token.i + 1, 0.85)
                    return
            return


def _actor(doc: Doc, entity: Entity, start: int, end: int, certainty: float) -> Actor:
    first, last = characters(doc, start, end)
    return Actor(entity, doc[start], first, last, certainty)


def characters(doc: Doc, start: int, end: int) -> tuple[int, int]:
    """Return the characters of the tokens ``start`` to ``end``."""
    last = doc[end - 1]
    return doc[start].idx, last.idx + len(last)

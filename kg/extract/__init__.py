"""From parsed sentences to statements: who did what to whom, and who says so."""

from __future__ import annotations

from spacy.tokens import Doc

from kg.entities import Gazetteer, find_offices
from kg.extract.assemble import Extractor
from kg.extract.lexicon import LexiconError
from kg.types import Article, Mention, Relation, Statement

__all__ = ["LexiconError", "extract"]


def extract(
    doc: Doc,
    article: Article,
    mentions: list[Mention],
    gazetteer: Gazetteer,
    relations: dict[str, Relation],
) -> list[Statement]:
    """Return the statements of a parsed article, in text order.

    Args:
        doc: the article in Universal Dependencies, as ``kg.parse`` gives it.
        article: the article; ``doc.text`` must be its text.
        mentions: the actors and places in it, as ``kg.entities.find_entities`` gives them.
        gazetteer: the reference tables that they are linked to.
        relations: the relations of the ontology by local name.
    """
    offices = find_offices(doc, mentions, gazetteer, article)
    return list(Extractor(doc, article, mentions, offices, relations).statements())

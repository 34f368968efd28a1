"""The steps in a row: parsed, linked, extracted, article by article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.entities import Gazetteer
from kg.entities import load as load_gazetteer
from kg.extract import extract
from kg.ontology import load_relations
from kg.parse import load as load_language
from kg.parse import parse
from kg.types import Article, Statement

if TYPE_CHECKING:
    from spacy.language import Language


@dataclass(frozen=True)
class Result:
    """What became of one article; ``sentences`` counts those that were read."""

    article: Article
    statements: list[Statement]
    sentences: int


class Pipeline:
    """Everything that is loaded once and serves all articles."""

    def __init__(self, model: str | None = None) -> None:
        """Load language model, reference tables and ontology.

        Args:
            model: another spaCy pipeline that yields Universal Dependencies.

        Raises:
            OSError: the model is not installed.
        """
        self.nlp: Language = load_language(model)
        self.gazetteer: Gazetteer = load_gazetteer()
        self.relations = load_relations()

    def run(self, articles: Iterable[Article]) -> Iterator[Result]:
        """Yield a result for each article, in order, as soon as it is there."""
        for doc, article in parse(self.nlp, articles):
            statements = extract(doc, article, self.gazetteer, self.relations)
            yield Result(article, statements, sum(1 for _ in doc.sents))

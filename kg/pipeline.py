"""The steps in a row: parsed, linked, extracted, article by article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kg.entities import Gazetteer, load_with
from kg.entities import load as load_gazetteer
from kg.extract import extract
from kg.mentions import Decided, decide
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
    mentions: list[Decided]


class Pipeline:
    """Everything that is loaded once and serves all articles."""

    def __init__(self, model: str | None = None, entities: Path | None = None) -> None:
        """Load language model, reference tables and ontology.

        Args:
            model: another spaCy pipeline that yields Universal Dependencies.
            entities: the user's own entities (Turtle), which override the tables.

        Raises:
            OSError: the model is not installed, or there is no such file of entities.
            kg.entities.OwnError: the file of entities is wrong.
        """
        self.gazetteer: Gazetteer = load_with(entities) if entities else load_gazetteer()
        self.nlp: Language = load_language(model)
        self.relations = load_relations()

    def run(self, articles: Iterable[Article]) -> Iterator[Result]:
        """Yield a result for each article, in order, as soon as it is there."""
        for doc, article in parse(self.nlp, articles):
            statements = extract(doc, article, self.gazetteer, self.relations)
            # Linked once more for the record: 3 % of the time that parsing takes.
            mentions = decide(doc, article, self.gazetteer, statements)
            yield Result(article, statements, sum(1 for _ in doc.sents), mentions)

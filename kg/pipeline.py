"""The steps in a row: parsed, linked, extracted, article by article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kg.entities import Gazetteer, find_entities, load_with
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

    def run(self, articles: Iterable[Article], record: bool = False) -> Iterator[Result]:
        """Yield a result for each article, in order, as soon as it is there.

        With ``record`` it says what became of each name in the text.
        """
        for doc, article in parse(self.nlp, articles):
            mentions = find_entities(doc, article, self.gazetteer)
            statements = extract(doc, article, mentions, self.gazetteer, self.relations)
            decided = decide(doc, article, mentions, self.gazetteer, statements) if record else []
            yield Result(article, statements, sum(1 for _ in doc.sents), decided)

"""Text to Universal Dependencies: words, tags, features, lemmas, trees, entity names.

``load`` gives a spaCy pipeline. Any other pipeline that yields Universal
Dependencies can take its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from kg.types import Article

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc


@lru_cache(maxsize=4)
def load(model: str | Path | None = None, threads: int = 0) -> Language:
    """Return the language pipeline.

    Args:
        model: name or path of another spaCy pipeline that yields Universal
            Dependencies; None for the packaged German and English one.
        threads: worker threads of the packaged pipeline; 0 for one a core.

    Raises:
        OSError: the named pipeline is not installed.
    """
    import spacy

    if model is not None:
        return spacy.load(model)
    from kg.parse import component, tokenizer  # noqa: F401  (registers the factories)

    nlp = spacy.blank("xx", config={"nlp": {"tokenizer": {"@tokenizers": "kg.bilingual.v1"}}})
    nlp.add_pipe("kg_ud", config={"threads": threads})
    return nlp


def parse(nlp: Language, articles: Iterable[Article]) -> Iterator[tuple[Doc, Article]]:
    """Parse articles in order; ``doc.text`` is ``article.text`` character by character."""

    def docs() -> Iterator[tuple[Doc, Article]]:
        for article in articles:
            yield make_doc(nlp, article.text, article.lang), article

    yield from nlp.pipe(docs(), as_tuples=True, batch_size=16)


def make_doc(nlp: Language, text: str, lang: str) -> Doc:
    """Tokenise a text of a known language."""
    from kg.parse.tokenizer import BilingualTokenizer

    if isinstance(nlp.tokenizer, BilingualTokenizer):
        return nlp.tokenizer.tokenise(text, lang)
    doc = nlp.make_doc(text)
    doc.user_data["lang"] = lang
    return doc

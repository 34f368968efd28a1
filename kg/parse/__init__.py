"""Text to Universal Dependencies: words, tags, features, lemmas, trees, entity names.

``load`` gives a spaCy pipeline. Any other pipeline that yields Universal
Dependencies can take its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from kg.resources import model_dir
from kg.types import Article

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc


@lru_cache(maxsize=4)
def load(model: str | Path | None = None, threads: int = 0) -> Language:
    """Return the language pipeline.

    Args:
        model: name or path of another spaCy pipeline that yields Universal
            Dependencies, or ``stanza:LANG`` where stanza and spacy-stanza are
            installed; None for the packaged German and English one.
        threads: worker threads of the packaged pipeline; 0 for one a core.

    Raises:
        OSError: the named pipeline is not installed.
        ValueError: it does not yield Universal Dependencies.
    """
    import spacy

    if model is None:
        from kg.parse import component, tokenizer  # noqa: F401  (registers the factories)

        config = {"components": {"kg_ud": {"threads": threads}}}
        nlp = spacy.load(model_dir(), config=config)
        # spaCy's limit guards parsers whose memory grows with the text; ours reads windows.
        nlp.max_length = 100_000_000
        return nlp
    if str(model).startswith("stanza:"):
        return _stanza(str(model).partition(":")[2])
    nlp = spacy.load(model)
    strange = {"sb", "oa", "dobj", "nsubjpass"} & set(nlp.pipe_labels.get("parser", ()))
    if strange:
        raise ValueError(
            f"the pipeline {model} does not yield Universal Dependencies: it has the "
            f"relation {min(strange)!r}"
        )
    return nlp


def _stanza(lang: str) -> Language:
    try:
        import spacy_stanza
    except ImportError as error:
        raise OSError(
            "stanza:... needs the packages stanza and spacy-stanza, which are not installed"
        ) from error
    # Nothing is fetched: the user has downloaded the models beforehand.
    nlp: Language = spacy_stanza.load_pipeline(lang, download_method=None)
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

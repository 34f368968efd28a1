"""One tokenizer for both languages: spaCy's German or English rules, by the text's language."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc
from spacy.util import (
    compile_infix_regex,
    compile_prefix_regex,
    compile_suffix_regex,
    get_lang_class,
    registry,
)
from spacy.vocab import Vocab

from kg.language import detect_language

LANGUAGES = ("de", "en")

HYPHEN = r"(?<=[^\W\d_])-(?=[^\W\d_])"
"""The German treebanks split "US-Präsident" into three words; spaCy's rules do not."""

_LETTER = r"[^\W\d_]"
FULL_STOP = (
    rf"(?:(?<=\d\d\d)|(?<={_LETTER}\d)|(?<={_LETTER}\d\d)|(?<={_LETTER}-\d)|(?<={_LETTER}-\d\d))\."
)
"""After "2022" and "M23" a full stop ends the sentence; "24." is an ordinal."""


class BilingualTokenizer:
    """Split text by the rules of its language, which is detected where it is not told."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab
        self.rules: dict[str, Callable[[str], Doc]] = {}
        for lang in LANGUAGES:
            rules = get_lang_class(lang).Defaults
            suffixes = [*(rules.suffixes or ()), *([FULL_STOP] if lang == "de" else ())]
            infixes = [*(rules.infixes or ()), *([HYPHEN] if lang == "de" else ())]
            self.rules[lang] = Tokenizer(
                vocab,
                rules=rules.tokenizer_exceptions,
                prefix_search=compile_prefix_regex(rules.prefixes or ()).search,
                suffix_search=compile_suffix_regex(suffixes).search,
                infix_finditer=compile_infix_regex(infixes).finditer,
                token_match=rules.token_match,
                url_match=rules.url_match,
            )

    def __call__(self, text: str) -> Doc:
        return self.tokenise(text, detect_language(text) or "en")

    def tokenise(self, text: str, lang: str) -> Doc:
        """Split ``text`` by the rules of ``lang`` ("de" or "en")."""
        doc = self.rules[lang](text)
        doc.user_data["lang"] = lang
        return doc

    def to_bytes(self, **_: Any) -> bytes:
        """Nothing to keep: the rules come with spaCy."""
        return b""

    def from_bytes(self, _: bytes, **__: Any) -> BilingualTokenizer:
        return self

    def to_disk(self, path: str | Path, **_: Any) -> None:
        """Nothing to keep: the rules come with spaCy."""

    def from_disk(self, path: str | Path, **_: Any) -> BilingualTokenizer:
        return self


@registry.tokenizers("kg.bilingual.v1")
def create() -> Callable[[Language], BilingualTokenizer]:
    """Return a factory for the tokenizer, as spaCy's configuration wants it."""

    def make(nlp: Language) -> BilingualTokenizer:
        return BilingualTokenizer(nlp.vocab)

    return make

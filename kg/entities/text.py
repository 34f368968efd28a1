"""Words as the gazetteer compares them: pieces, keys, slugs and inflection.

A *piece* is a run of word characters or one other visible character. Names
and texts are cut into pieces alike, so that a match does not depend on how a
tokenizer treats hyphens, full stops and apostrophes (``US-amerikanische``,
``U.S.``, ``Jong-un``, ``Laos'``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

PIECE = re.compile(r"\w+|[^\w\s]")
_SAME_CHARACTER = str.maketrans("’‘ʼ`´‐‑–—", "'''''----")
_ASCII = str.maketrans(
    {"ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "æ": "ae"}
    | {"Æ": "Ae", "œ": "oe", "Œ": "Oe", "ð": "d", "þ": "th", "Þ": "Th", "ə": "a", "Ə": "A"}
)
_ADJECTIVE_ENDINGS = ("e", "en", "er", "es", "em")
# After these a German name goes on with an attribute in a case of its own,
# so that adjective endings left of them change and those right of them don't.
_GERMAN_LINKS = {
    *("von", "der", "des", "den", "dem", "die", "das", "für", "und", "in", "im", "zur", "zum"),
    *("vom", "gegen", "zwischen", "mit", "ohne", "auf", "über", "an", "am", "bei", "de", "du"),
}
ADJECTIVE_MARK = "~"


def plain(text: str) -> str:
    """Return ``text`` composed (NFC) and with one kind of apostrophe and hyphen."""
    return unicodedata.normalize("NFC", text).translate(_SAME_CHARACTER)


def pieces(text: str) -> list[str]:
    """Cut ``text`` into pieces: ``"Kim Jong-un"`` -> ``["Kim", "Jong", "-", "un"]``."""
    return PIECE.findall(plain(text))


def fold(text: str) -> str:
    """Return ``text`` without diacritics: ``"Wŏnsan"`` -> ``"Wonsan"``."""
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFD", text.translate(_ASCII))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def is_monarch(name: str) -> bool:
    """Return whether a person goes by a first name ("Elizabeth II", "Beatrix of the ...")."""
    return bool(re.search(r" [IVX]+\b| of ", name)) and "Baron" not in name


def person_key(text: str) -> list[str]:
    """Return the pieces of a person's name, folded, lower case, letters only.

    ``Kim Jong-un``, ``Kim Jong Un`` and ``Kim Jong-Un`` have one key.
    """
    return [p.lower() for p in PIECE.findall(fold(plain(text))) if p[0].isalnum()]


_SOUNDS: dict[str, tuple[tuple[str, str], ...]] = {
    "de": (
        *(("dsch", "j"), ("tsch", "c"), ("sch", "S"), ("ch", "h"), ("kh", "h"), ("z", "ts")),
        *(("w", "v"), ("ph", "f"), ("x", "ks"), ("j", "i"), ("y", "i"), ("q", "k")),
    ),
    "en": (
        *(("shch", "Sc"), ("tch", "c"), ("zh", "S"), ("sh", "S"), ("ch", "c"), ("kh", "h")),
        *(("z", "s"), ("w", "v"), ("ph", "f"), ("x", "ks"), ("y", "i"), ("q", "k"), ("ck", "k")),
    ),
}


def sound_key(name: str, lang: str) -> str:
    """Return a key that spellings of one foreign name share across languages.

    ``sound_key("Tschernyschenko", "de") == sound_key("Chernyshenko", "en")``:
    letters to sounds by the spelling rules of the language, doubled letters
    once, vowels inside a word dropped.
    """
    words = []
    for word in person_key(name):
        for letters, sound in _SOUNDS[lang]:
            word = word.replace(letters, sound)
        word = re.sub(r"(.)\1+", r"\1", word)
        words.append(word[:1].replace("e", "i") + re.sub(r"[aeiouh]", "", word[1:]))
    return " ".join(words)


def slug(label: str) -> str:
    """Return an IRI-safe local name: ASCII letters, digits, ``_``, ``-``.

    Diacritics are dropped (``Türkiye`` -> ``Turkiye``), apostrophes and
    brackets too, other characters become ``_``.
    """
    text = fold(plain(label)).replace("'", "").replace(".", "").replace("&", "and")
    return re.sub(r"[^A-Za-z0-9-]+", "_", text).strip("_-") or "unnamed"


def adjective_stem(piece: str) -> str | None:
    """Return ``piece`` without a German adjective ending, or None if it has none."""
    for ending in ("en", "er", "es", "em", "e"):
        if piece.endswith(ending) and len(piece) > len(ending) + 2:
            return piece[: -len(ending)]
    return None


def german_name(name: str) -> list[str]:
    """Return the pieces of a German name with its inflected adjectives marked.

    ``"Vereinigte Arabische Emirate"`` -> ``["Vereinigt~", "Arabisch~",
    "Emirate"]``: a piece with the mark stands for every adjective ending.
    """
    words = name.split()
    if len(words) == 1:
        return pieces(name)
    out: list[str] = []
    open_for_adjectives = True
    for i, word in enumerate(words):
        parts = pieces(word)
        if word in _GERMAN_LINKS:
            open_for_adjectives = False
        last = i + 1 == len(words)
        followed = not last and words[i + 1] not in _GERMAN_LINKS and words[i + 1][0].isalpha()
        stem = adjective_stem(parts[-1]) if parts else None
        if open_for_adjectives and followed and stem:
            parts[-1] = stem + ADJECTIVE_MARK
        out.extend(parts)
    return out


def german_adjective(base: str) -> list[str]:
    """Return the pieces of an adjective in its base form, all endings allowed."""
    parts = pieces(base)
    parts[-1] += ADJECTIVE_MARK
    return parts


def demonym_forms(word: str) -> list[str]:
    """Return the German forms of a demonym: ``Russe`` -> Russe, Russen; plural, genitive.

    Feminine ``-in`` gives ``-innen``; other words get dative and genitive
    endings. Names of people declined like adjectives (``Deutscher``) are
    listed in the table in each form.
    """
    if word.endswith("in"):
        return [word, word + "nen"]
    if word.endswith("e"):
        return [word, word + "n"]
    if word.endswith(("er", "el")):
        return [word, word + "n", word + "s"]
    return [word]


def keys_of(piece: str, german: bool) -> Iterator[tuple[str, bool]]:
    """Yield the keys under which ``piece`` may stand in the gazetteer.

    Each key comes with a flag: True when a German genitive ending was taken
    off ("Russlands", "Hauses").
    """
    yield piece, False
    if not german:
        return
    stem = adjective_stem(piece)
    if stem:
        yield stem + ADJECTIVE_MARK, False
    if len(piece) > 3 and piece.endswith("s"):
        yield piece[:-1], True
        if piece.endswith("es") and len(piece) > 5:
            yield piece[:-2], True

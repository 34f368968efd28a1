"""Lemmas: what the treebanks teach, and for the rest the library simplemma."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import simplemma

_LONG_VOWEL = re.compile(
    r"(äu|eu|ei|ai|ie|gr[oö]|st[oö]|bl[oö]|fl[oö]|kl[oö]|\bscho|\bso|f[uü]|gr[uü]|sü|b[uü]"
    r"|m[aä]|sp[aä]|str[aä]|fr[aä]|gef[aä]|s[aä]|g[aä]|\ba)?ß",
    re.IGNORECASE,
)
_SWISS = re.compile("(ei|ie|äu|eu)ss(?!ag)")
_PARTICIPLE_OF_IEREN = re.compile(r"(\w{2,}ier)(t|te|ten|end)")
_ENDINGS = ("eten", "ete", "est", "ten", "end", "et", "te", "st", "t", "e")
SEPARABLE = (
    "auseinander zusammen entgegen hinein hervor herunter heraus herbei hinaus hinter nieder "
    "bereit voraus vorbei wieder weiter zurück durch gegen gleich preis statt unter über inne "
    "fehl fest fort frei heim teil aus auf bei dar ein her hin los mit nach vor weg ab an um zu"
)
"""Prefixes that leave a verb, the longer before the shorter."""
_VERB_PREFIXES = f"{SEPARABLE} wider miss emp ent ver zer be er".split()

UNINFLECTED = frozenset({"PUNCT", "SYM", "X", "NUM", "SPACE", "ADP", "CCONJ", "SCONJ", "INTJ"})


class Lemmatizer:
    """Return the dictionary form of a word."""

    def __init__(self, learned: dict[str, dict[str, str]]) -> None:
        """``learned``: language -> "UPOS form" -> lemma, where simplemma says otherwise."""
        self.learned = learned

    def __call__(self, word: str, upos: str, lang: str) -> str:
        known = self.learned.get(lang, {})
        key = word if upos == "PROPN" else word.lower()
        lemma = known.get(f"{upos} {key}") or general(word, upos, lang)
        # GSD and simplemma give "Fluß" also for "Flusses".
        return modern_spelling(lemma) if "ß" in lemma and "ß" not in word else lemma


@lru_cache(maxsize=100_000)
def general(word: str, upos: str, lang: str) -> str:
    """Return simplemma's lemma, in the case that treebanks write."""
    if upos in UNINFLECTED:
        return word if upos in ("PUNCT", "SYM", "X", "NUM") else word.lower()
    if upos == "PROPN":
        # Only the German genitive is taken off names, and only where a
        # dictionary knows the bare form.
        if lang == "de" and word.endswith("s") and len(word) > 3:
            return word[:-1] if simplemma.is_known(word[:-1], lang) else word
        return word
    if upos == "NOUN" and lang == "de":
        lemma = simplemma.lemmatize(word, lang)
        return lemma[:1].upper() + lemma[1:]
    form = word.lower()
    if upos == "VERB" and lang == "de":
        form = modern_spelling(form)
        return infinitive(form) or simplemma.lemmatize(form, lang)
    return simplemma.lemmatize(form, lang)


@lru_cache(maxsize=100_000)
def infinitive(form: str) -> str | None:
    """Return the infinitive of a German verb form in small letters, or None.

    simplemma takes "entfernt" for an adjective and does not know "zurückgebracht". What is
    returned is a verb that it knows, or such a verb with a prefix, or a form in -en as it stands.
    """
    if len(form) < 2:
        return None
    lemma = _lemma(form)
    if lemma.endswith("n") and lemma.islower() and simplemma.is_known(form, "de"):
        return lemma if lemma != form else _of_strong_participle(form) or lemma
    bare = form[2:] if form.startswith("ge") and len(form) > 5 else ""
    if bare.endswith("t") and (verb := infinitive(bare)):
        return verb
    for ending in _ENDINGS:
        stem = form.removesuffix(ending)
        for verb in (stem + "en", stem + "n") if stem != form else ():
            if verb.endswith(("en", "eln", "ern")) and _is_infinitive(verb):
                return verb
    if bare and (verb := infinitive(bare)):
        return verb
    if match := _PARTICIPLE_OF_IEREN.fullmatch(form):
        return match[1] + "en"
    for prefix, rest in _without_prefix(form):
        if verb := infinitive(rest):
            return prefix + verb
    return form if form.endswith("en") else None


def _of_strong_participle(form: str) -> str | None:
    # "beschossen" has no "ge"; simplemma gives it as it stands, but knows "schossen". Of an
    # infinitive it knows the present participle.
    if simplemma.is_known(form + "d", "de"):
        return None
    for prefix, rest in _without_prefix(form):
        verb = _lemma(rest)
        if verb != rest and verb.islower() and verb.endswith("en") and len(verb) <= len(rest) + 1:
            return prefix + verb
    return None


def _without_prefix(form: str) -> Iterator[tuple[str, str]]:
    for prefix in _VERB_PREFIXES:
        rest = form.removeprefix(prefix)
        if rest != form and len(rest) > 2:
            yield prefix, rest


def _lemma(form: str) -> str:
    # simplemma gives some verbs as the Swiss spell them: "beschoss" is "beschiessen".
    return _SWISS.sub(r"\1ß", simplemma.lemmatize(form, "de"))


def _is_infinitive(word: str) -> bool:
    return simplemma.is_known(word, "de") and simplemma.lemmatize(word, "de") == word


def modern_spelling(lemma: str) -> str:
    """Write ß after short vowels as ss, as has been right since 1996 ("Fluß" -> "Fluss")."""
    return _LONG_VOWEL.sub(lambda found: found[0] if found[1] else "ss", lemma)

"""Find in a parsed text every name that the gazetteer knows, by pieces.

The cost depends on the length of the text alone: at each token the trie is
walked as far as the words carry.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from spacy.tokens import Doc

from kg.entities.gazetteer import Name, Trie
from kg.entities.text import PIECE, fold, keys_of, plain

_ARTICLES = frozenset({"the", "der", "die", "das", "den", "dem", "des"})
_POSSESSIVES = {"'s", "'", "'S"}


@dataclass(slots=True)
class Pieces:
    """The pieces of a text and the token that each belongs to."""

    words: list[str]
    tokens: list[int]
    first: list[int]  # index of the first piece of each token
    german: bool

    def rest(self, index: int) -> str:
        """Return what is left of the token right of piece ``index``."""
        end = self.first[self.tokens[index] + 1]
        return "".join(self.words[index + 1 : end])


@dataclass(frozen=True, slots=True)
class Hit:
    """Tokens ``start`` to ``end`` (exclusive) that spell names of the gazetteer.

    ``names`` are the readings, ``persons`` ids of persons with this full
    name. ``rest`` is the second part of a hyphen compound ("Präsident" in
    "US-Präsident"); ``genitive`` tells a German genitive ("Russlands");
    ``pieces`` counts the pieces matched.
    """

    start: int
    end: int
    names: tuple[Name, ...]
    persons: tuple[str, ...]
    genitive: bool
    rest: str
    pieces: int

    @property
    def rank(self) -> tuple[int, int, int]:
        """Sort key: longer before shorter, whole tokens before parts of compounds."""
        return (-self.pieces, 1 if self.rest else 0, self.start)


def cut(doc: Doc, german: bool) -> Pieces:
    """Cut the tokens of ``doc`` into pieces."""
    words: list[str] = []
    tokens: list[int] = []
    first: list[int] = []
    for token in doc:
        first.append(len(words))
        parts = [token.text] if token.text.isalnum() else PIECE.findall(plain(token.text))
        words.extend(parts)
        tokens.extend([token.i] * len(parts))
    first.append(len(words))
    return Pieces(words, tokens, first, german)


def find_hits(text: Pieces, names: Trie, persons: Trie) -> Iterator[Hit]:
    """Yield all hits in a text, overlapping ones too, in order of their start."""
    for token in range(len(text.first) - 1):
        start = text.first[token]
        if start == text.first[token + 1]:
            continue
        yield from _hits_at(text, token, start, names)
        if text.words[start][0].isupper():
            yield from _person_hits(text, token, start, persons)


def _keys(word: str, german: bool, inside: bool) -> Iterator[tuple[str, bool]]:
    yield from keys_of(word, german)
    if german and inside and len(word) > 5 and word.endswith("en"):
        yield word[:-1], True  # dative plural: "Emiraten"
    if len(word) > 3 and word.isupper():
        yield from keys_of(word.capitalize(), german)


def _hits_at(text: Pieces, token: int, start: int, names: Trie) -> Iterator[Hit]:
    stack: list[tuple[Trie, int, bool]] = [(names, start, False)]
    found: dict[tuple[int, str], Hit] = {}
    size = len(text.words)
    while stack:
        node, i, genitive = stack.pop()
        if i >= size:
            continue
        for key, stripped in _keys(text.words[i], text.german, i > start):
            child = node.get(key)
            if child is None:
                continue
            values = child.get("")
            rest = text.rest(i) if values else ""
            last = text.tokens[i]
            compound = rest.startswith("-") and len(rest) > 2 and last == token
            if values and (not rest or rest in _POSSESSIVES or compound):
                hit_rest = rest[1:] if compound else ""
                is_genitive = genitive or stripped or rest in _POSSESSIVES
                # An article counts nothing: "the West Bank" holds no "the West".
                count = i + 1 - start - (fold(text.words[start]).lower() in _ARTICLES)
                hit = Hit(token, last + 1, tuple(values), (), is_genitive, hit_rest, count)
                old = found.get((hit.end, hit_rest))
                # "Laos" is a name in full before it is a genitive of "Lao".
                if old is None or (old.genitive and not hit.genitive):
                    found[hit.end, hit_rest] = hit
                elif old.genitive == hit.genitive:  # "Deutschen": adjective and demonym
                    found[hit.end, hit_rest] = replace(old, names=old.names + hit.names)
            if not stripped or i + 1 < size:
                stack.append((child, i + 1, genitive or stripped))
    yield from found.values()


def _person_hits(text: Pieces, token: int, start: int, persons: Trie) -> Iterator[Hit]:
    node: Trie | None = persons
    i, size = start, len(text.words)
    best: Hit | None = None
    count = 0
    while node is not None and i < size:
        word = text.words[i]
        if not word[0].isalnum():
            initial = word == "." and len(text.words[i - 1]) == 1
            if count and (word in "-'" or initial):
                i += 1
                continue
            break
        key = fold(word).lower()
        child = node.get(key)
        rest = text.rest(i)
        ends = not rest or rest in _POSSESSIVES or rest == "."  # "Elisabeth II."
        if ends and text.german and key.endswith("s"):
            stripped = node.get(key[:-1])
            if stripped and stripped.get(""):
                ids = tuple(stripped[""])
                best = Hit(token, text.tokens[i] + 1, (), ids, True, "", count + 1)
        count += 1
        if child is not None and ends and child.get(""):
            ids = tuple(child[""])
            best = Hit(token, text.tokens[i] + 1, (), ids, bool(rest), "", count)
        node = child
        i += 1
    if best:
        yield best


def match_words(text: Pieces, token: int, trie: Trie) -> tuple[int, list[object]]:
    """Return the end (token, exclusive) and values of the longest noun phrase at ``token``.

    Used for the nouns of institutions and offices; English ones match in any
    case. Returns ``(token, [])`` when nothing matches.
    """
    if token + 1 >= len(text.first) or text.first[token] == text.first[token + 1]:
        return token, []
    i, node = text.first[token], trie
    best: tuple[int, list[object]] = (token, [])
    while i < len(text.words):
        word = text.words[i] if text.german else text.words[i].lower()
        child = node.get(word)
        if child is None:
            break
        if child.get("") and not text.rest(i):
            best = (text.tokens[i] + 1, child[""])
        node, i = child, i + 1
    return best


def match_rest(rest: str, trie: Trie, german: bool) -> list[object]:
    """Return the values of the noun that is the second part of a compound."""
    node = trie
    for word in PIECE.findall(rest):
        child = node.get(word if german else word.lower())
        if child is None:
            return []
        node = child
    return list(node.get("", []))

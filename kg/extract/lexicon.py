"""The lexicon: which words express which relation, and where their arguments stand.

Three tab-separated tables a language lie in ``ontology/lexicon``; their
README explains each column. A wrong line raises :class:`LexiconError` with
file and line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from kg.resources import ontology_dir

LANGUAGES = ("de", "en")
PARTS_OF_SPEECH = {"V", "N", "A"}
SLOTS = {
    "subj", "obj", "dat", "gen", "each", "comp", "compobj", "inf", "modal", "first", "deed",
    "light",
}  # fmt: skip
ANY = frozenset({"*"})
"""The condition that a slot is filled, with whatever."""
EMPTY = frozenset({"-"})
"""The condition that a slot is empty."""
OPERATOR_POS = {"V", "AUX", "N", "A", "P", "M", "I"}

Effect = Literal[
    "negative", "refused", "planned", "possible", "demanded", "threatened", "says", "denies",
    "none", "fact",
]  # fmt: skip
EFFECTS = frozenset(get_args(Effect))


class LexiconError(ValueError):
    """A line of the lexicon that can't be read; the message names file and line."""


@dataclass(frozen=True)
class Frame:
    """One line of ``frames``: a word with its relation and argument slots.

    A slot is a name of ``SLOTS`` or a preposition.
    ``conditions`` maps a slot to the words (lower case) one of which must
    fill it, :data:`ANY` any word at all, :data:`EMPTY` none.
    """

    lemma: str
    pos: str
    relation: str
    subject: tuple[str, ...]
    object: tuple[str, ...]
    conditions: tuple[tuple[str, frozenset[str]], ...] = ()
    reflexive: bool = False

    @property
    def slots(self) -> set[str]:
        """Every slot that the frame reads."""
        return {*self.subject, *self.object, *(slot for slot, _ in self.conditions)}


@dataclass(frozen=True)
class Lexicon:
    """The tables of one language."""

    lang: str
    frames: dict[tuple[str, str], list[Frame]] = field(default_factory=dict)
    operators: dict[tuple[str, str], Effect] = field(default_factory=dict)
    classes: dict[str, frozenset[str]] = field(default_factory=dict)
    verbs: frozenset[str] = frozenset()

    def words(self, name: str) -> frozenset[str]:
        """Return a word list of ``classes``, empty if there is none."""
        return self.classes.get(name, frozenset())

    def frames_of(self, lemma: str, pos: str) -> list[Frame]:
        """Return the frames of a lemma; a German noun is also found by its last part."""
        found = self.frames.get((lemma.lower(), pos), [])
        if found or pos != "N" or self.lang != "de":
            return found
        return self.frames.get((self.compound_head(lemma), pos), [])

    def compound_head(self, lemma: str) -> str:
        """Return the longest known noun that ends a German compound, or ""."""
        word = lemma.lower()
        for cut in range(2, len(word) - 3):
            if (word[cut:], "N") in self.frames:
                return word[cut:]
        return ""

    def is_a(self, lemma: str, words: frozenset[str]) -> bool:
        """Say whether a word, or the last part of a German compound, is among ``words``."""
        word = lemma.lower()
        if word in words:
            return True
        if self.lang != "de":
            return False
        return any(word.endswith(w) and len(w) > 3 and len(word) > len(w) + 1 for w in words)


@cache
def load(lang: str, folder: Path | None = None, relations: frozenset[str] | None = None) -> Lexicon:
    """Read the tables of a language.

    Args:
        lang: "de" or "en".
        folder: where the tables lie; None for the packaged ones.
        relations: names that the relation column may hold; None: any.

    Raises:
        LexiconError: a line is wrong, or a file is missing.
    """
    folder = folder or ontology_dir() / "lexicon"
    classes: dict[str, frozenset[str]] = {}
    for where, row in _rows(folder / f"classes.{lang}.tsv", ["class", "words"]):
        words = frozenset(w.strip().lower() for w in row[1].split(",") if w.strip())
        if not words:
            raise LexiconError(f"{where}: class {row[0]!r} has no words")
        classes[row[0]] = classes.get(row[0], frozenset()) | words
    frames: dict[tuple[str, str], list[Frame]] = {}
    columns = ["lemma", "pos", "relation", "subject", "object", "condition"]
    for where, row in _rows(folder / f"frames.{lang}.tsv", columns):
        frame = _frame(where, row, classes)
        if relations is not None and frame.relation not in relations:
            raise LexiconError(f"{where}: unknown relation {frame.relation!r}")
        frames.setdefault((frame.lemma.lower(), frame.pos), []).append(frame)
    operators: dict[tuple[str, str], Effect] = {}
    for where, row in _rows(folder / f"operators.{lang}.tsv", ["lemma", "pos", "effect"]):
        if row[1] not in OPERATOR_POS:
            raise LexiconError(f"{where}: unknown part of speech {row[1]!r}")
        if row[2] not in EFFECTS:
            raise LexiconError(f"{where}: unknown effect {row[2]!r}")
        operators[row[0].lower(), row[1]] = row[2]  # type: ignore[assignment]
    verbs = frozenset(w for w, pos in [*frames, *operators] if pos == "V")
    if lang == "de":
        # "eintreten für"; in English the second word may be the particle of "call off".
        verbs |= {w.split()[0] for w in verbs}
    return Lexicon(lang, frames, operators, classes, verbs)


def _rows(path: Path, columns: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield ``(file:line, cells)`` of a table; empty lines and comments are passed over."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError as error:
        raise LexiconError(f"{path}: {error.strerror}") from error
    header = True
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        cells = [c.strip() for c in line.split("\t")]
        where = f"{path}:{number}"
        if header:
            if cells != columns:
                raise LexiconError(f"{where}: expected the columns {', '.join(columns)}")
            header = False
            continue
        if len(cells) > len(columns):
            raise LexiconError(f"{where}: {len(cells)} columns, expected {len(columns)}")
        cells += [""] * (len(columns) - len(cells))
        yield where, cells


def _frame(where: str, row: list[str], classes: dict[str, frozenset[str]]) -> Frame:
    lemma, pos, relation, subject, object_, condition = row
    if not lemma or pos not in PARTS_OF_SPEECH:
        raise LexiconError(f"{where}: expected a lemma and one of V, N, A")
    if not relation or not subject or not object_:
        raise LexiconError(f"{where}: relation, subject and object must be given")
    conditions = []
    for part in filter(None, (p.strip() for p in condition.split(";"))):
        slot, equals, words = part.partition("=")
        if not equals or not words:
            raise LexiconError(f"{where}: condition {part!r} is not slot=words")
        allowed: set[str] = set()
        for word in words.split("|"):
            if word.startswith("@"):
                if word[1:] not in classes:
                    raise LexiconError(f"{where}: unknown class {word!r}")
                allowed |= classes[word[1:]]
            else:
                allowed.add(word.lower())
        conditions.append((_slot(where, slot), frozenset(allowed)))
    reflexive = lemma.startswith("sich ")
    return Frame(
        lemma.removeprefix("sich "),
        pos,
        relation,
        tuple(_slot(where, s) for s in subject.split("|")),
        tuple(_slot(where, s) for s in object_.split("|")),
        tuple(conditions),
        reflexive,
    )


def _slot(where: str, name: str) -> str:
    name = name.strip()
    if name in SLOTS or re.fullmatch(r"[a-zäöüß]+( [a-z]+)?", name):
        return name
    raise LexiconError(f"{where}: {name!r} is no slot")

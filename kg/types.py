"""The words of the house: what the steps of the pipeline hand to each other.

Offsets are counted in Unicode characters (Python string indices) of
``Article.text``, start inclusive, end exclusive.
"""

from __future__ import annotations

import datetime
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

Polarity = Literal["positive", "negative"]
Modality = Literal["actual", "planned", "possible", "demanded"]
MentionKind = Literal["name", "adjective", "demonym", "institution", "office"]


@dataclass(frozen=True, slots=True)
class Article:
    """One news text as it was read.

    ``text`` is stored unchanged: every offset in the graph points into it.
    ``lang`` is ``"de"`` or ``"en"``; ``date`` is the day of publication, to
    which words such as "yesterday" are resolved.
    """

    id: str
    text: str
    lang: str
    date: datetime.date | None = None
    title: str | None = None
    source: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """An actor or a place: a node of the graph.

    ``id`` is the local name below the entity namespace (``North_Korea``),
    ``cls`` the local name of a class of the ontology (``State``, ``Person``),
    ``wikidata`` a Wikidata item id (``Q423``) or None, ``part_of`` the
    ``id`` of the state or body that the entity belongs to, or None.
    ``minted`` is True for an entity that no reference table knows and that
    exists only because a text names it. ``gender`` is ``female`` or ``male``
    where a table says so of a person or of the given name, else None.
    """

    id: str
    label_de: str
    label_en: str
    cls: str
    wikidata: str | None = None
    part_of: str | None = None
    minted: bool = False
    gender: str | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """Words of a parsed text that name an entity.

    ``start`` and ``end`` are token indices in the spaCy ``Doc`` (end
    exclusive). ``acts_for`` is the state that a capital or a seat of
    government stands for when it acts ("Pyongyang denied ..."); as a place
    the mention remains ``entity``. ``certainty`` (0..1) says how sure the
    link is.
    """

    start: int
    end: int
    entity: Entity
    kind: MentionKind = "name"
    acts_for: Entity | None = None
    certainty: float = 1.0


class _Placed(Protocol):
    @property
    def start(self) -> int: ...


def starting_in(items: Sequence[_Placed], start: int, end: int) -> slice:
    """Return where those that begin at the tokens ``start`` to ``end`` stand in sorted items."""
    low = bisect_left(items, start, key=lambda item: item.start)
    return slice(low, bisect_left(items, end, lo=low, key=lambda item: item.start))


@dataclass(frozen=True, slots=True)
class Relation:
    """A property of the ontology: ``id`` is its local name (``sendsTroopsTo``).

    ``type`` is the PLOVER event type or static type above it, ``parent`` the
    local name of the next more general relation, or None. ``domain`` and
    ``range`` are the classes that its subjects and objects may have,
    subclasses included.
    """

    id: str
    label_de: str
    label_en: str
    type: str
    parent: str | None = None
    symmetric: bool = False
    inverse: str | None = None
    domain: frozenset[str] = frozenset()
    range: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a statement stands: character spans ``(start, end)`` in the article."""

    article: str
    sentence: str
    start: int
    end: int
    subject: tuple[int, int]
    cue: tuple[int, int]
    object: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Statement:
    """One relation between two entities, as one sentence says it.

    ``subject_mention`` and ``object_mention`` are the words of the text.
    ``attributed_to`` is the entity that says so when it is not the article's
    own voice. ``date`` is ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD`` or None.
    ``confidence`` is between 0 and 1; higher means more often right.
    """

    id: str
    subject: Entity
    relation: Relation
    object: Entity
    evidence: Evidence
    subject_mention: str
    object_mention: str
    polarity: Polarity = "positive"
    modality: Modality = "actual"
    attributed_to: Entity | None = None
    attributed_mention: str | None = None
    date: str | None = None
    place: Entity | None = None
    place_mention: str | None = None
    confidence: float = field(default=0.5, compare=False)

    @property
    def is_fact(self) -> bool:
        """Whether the plain triple may stand in the graph (design, section 2)."""
        return (
            self.polarity == "positive" and self.modality == "actual" and self.attributed_to is None
        )

"""An entity in the place of an argument."""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Token

from kg.types import Entity

_PLACE_PREPOSITIONS = frozenset(
    {"in", "nach", "aus", "bei", "über", "into", "at", "near", "across", "inside", "outside"}
)  # fmt: skip


@dataclass(frozen=True)
class Actor:
    """An entity in the place of an argument, with the words that name it.

    ``start`` and ``end`` are characters of the text. ``certainty`` (0..1) is
    that of the link times that of the way from phrase to entity.
    """

    entity: Entity
    token: Token
    start: int
    end: int
    certainty: float


PLACES = frozenset({"City", "Region", "Subdivision", "Sea", "Territory", "Place"})


def is_place(entity: Entity) -> bool:
    """Say whether an entity can be where something happens."""
    return entity.cls in PLACES or entity.cls == "State"


def names_a_place(slot: str) -> bool:
    """Say whether what stands in a slot is meant as a place: "in Pjöngjang"."""
    return slot in _PLACE_PREPOSITIONS

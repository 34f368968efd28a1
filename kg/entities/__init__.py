"""Actors and places: the reference tables and the mentions of their entities in texts."""

from kg.entities.derive import institution
from kg.entities.gazetteer import Gazetteer, Office, load
from kg.entities.link import find_entities
from kg.entities.offices import OfficePhrase, find_offices, office_entity
from kg.entities.override import load_with
from kg.entities.own import OwnError
from kg.entities.terms import office_holder

__all__ = [
    "Gazetteer",
    "Office",
    "OfficePhrase",
    "OwnError",
    "find_entities",
    "find_offices",
    "institution",
    "load",
    "load_with",
    "office_entity",
    "office_holder",
]

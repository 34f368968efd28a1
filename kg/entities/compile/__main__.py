"""Compile reference tables into ``ontology/entities``.

Usage: ``python -m kg.entities.compile PATH_TO_GAZETTEER [TARGET]``

The gazetteer is a folder of CSV tables (states, metonyms, leaders,
leaders_persons, organisations, institutions, media, subdivisions, cities,
regions_seas, armed_groups). Only facts are taken over: names, identifiers,
dates. Share-alike rows are left out, and so are persons whose label is no name; the
script says which. ``corrections.csv`` in the target mends
what the sources have wrong; the other hand-kept tables there
(``additions.csv``, ``persons_added.csv``, ``terms_added.csv``, ``offices.csv``,
``institution_kinds.csv``, ``guarded_names.csv``, ``place_words.csv``, ``context_words.csv``,
``first_parts.csv``, ``given_names.csv``) are never written by this script. The output is sorted
and depends on nothing but the input.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from kg.entities.compile import actors, places
from kg.entities.compile.base import Compiler, write
from kg.entities.compile.people import compile_persons
from kg.entities.text import fold, pieces
from kg.resources import ontology_dir

COMMON = ["id", "cls", "label_de", "label_en", "wikidata", "part_of", "names_de", "names_en"]

STATES = [
    *COMMON,
    *("adjectives_de", "demonyms_de", "adjectives_en", "demonyms_en", "iso2"),
]

PLACES = [*COMMON, "acts_for", "kind", "guard", "size", "adjectives_de"]

PERSONS = ["id", "label_de", "label_en", "wikidata", "part_of", "names", "family_first", "gender"]

TERMS = ["state", "role", "title", "person", "start", "end", "end_src", "as_of"]


def main(arguments: Sequence[str]) -> int:
    """Compile the tables and print how many rows each got."""
    if not arguments:
        print(__doc__)
        return 2
    target = Path(arguments[1]) if len(arguments) > 1 else ontology_dir() / "entities"
    c = Compiler(Path(arguments[0]), target)
    states = actors.compile_states(c)
    orgs: dict[str, str] = {}
    organisations = actors.compile_organisations(c, orgs)
    institutions = actors.compile_institutions(c, states, orgs)
    regions = places.compile_regions(c, states)
    people, terms, left_out = compile_persons(c, states)
    name_parts = {p.lower() for r in people for p in pieces(fold(r["label_en"]))}
    cities = places.compile_cities(c, states, name_parts)
    subdivisions = places.compile_subdivisions(c, states, regions)
    media = actors.compile_media(c, states)
    groups = actors.compile_groups(c, states)
    for name, fields, rows in (
        ("states", STATES, states.values()),
        ("organisations", [*COMMON, "kind"], organisations),
        ("institutions", [*COMMON, "acts_for", "kind"], institutions),
        ("regions", [*COMMON, "kind", "bases"], regions),
        ("subdivisions", [*COMMON, "kind", "guard", "bases"], subdivisions),
        ("cities", PLACES, cities),
        ("media", [*COMMON, "kind"], media),
        ("armed_groups", [*COMMON, "kind"], groups),
        ("persons", PERSONS, people),
        ("terms", TERMS, terms),
    ):
        table = list(rows)
        write(target / f"{name}.csv", fields, table)
        print(f"{name:14}{len(table):7,}")
    for person, why in left_out:
        print(f"left out: {person}: {why}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

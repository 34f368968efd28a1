"""Regions, seas, subdivisions and cities."""

from __future__ import annotations

import re

from kg.entities.compile.base import Compiler, Row, latin, names, part_of, split
from kg.entities.text import fold

PLACE_CLASSES = {
    "sea": "Sea",
    "ocean": "Sea",
    "strait": "Sea",
    "territory": "Territory",
    "region": "Region",
    "continent": "Region",
    "concept": "Region",
}

# Small places are carried only where the news of war and diplomacy name them.
SMALL_PLACES_OF = {"UA", "RU", "IL", "PS", "SY", "IQ", "IR", "LB", "YE", "SD", "AZ", "AM", "GE"}

SEAT_KINDS = {"capital", "seat", "government_seat", "interim_seat"}

MIN_POPULATION = 100_000

FIRST_LEVEL_DROPPED = {
    *("Municipality", "Parish", "Local council", "Rural municipality", "Urban municipality"),
    *("London borough", "Metropolitan district", "Unitary authority", "Council area"),
    *("District municipality", "Two-tier county", "City corporation", "Ward", "Quarter"),
    *("Town council", "Administrative atoll", "City with county rights", "City municipality"),
    *("Special municipality", "Popularate", "Commune", "Island council", "Town"),
}

OBLAST_STATES = {"RU", "UA", "BY", "KZ", "KG"}

_TYPE_WORDS_EN = re.compile(
    r"\s+(Oblast|Krai|Region|Province|Governorate|District|County|Prefecture|State|Department"
    r"|Voivodeship|Autonomous Region|Okrug|Republic)$"
)

_TYPE_WORDS_DE = re.compile(
    r"^(Oblast|Region|Gouvernement|Provinz|Bezirk|Gebiet|Departamento|Präfektur|Republik"
    r"|Autonome Republik|Woiwodschaft|Kanton|Distrikt|Departement)\s+"
)


def city_adjective(city: str) -> str:
    """Return the German adjective of a city (``Moskau`` -> ``Moskauer``) or nothing."""
    irregular = {"Tokio": "Tokioter", "Bagdad": "Bagdader", "Athen": "Athener", "Rom": ""}
    if city in irregular:
        return irregular[city]
    if not city.isalpha() or city[-1] in "aeiouyé":
        return ""
    if city.endswith(("stadt", "er")):
        return ""
    return city + "er"


def compile_regions(c: Compiler, states: dict[str, Row]) -> list[Row]:
    """Return regions, seas, straits, islands and sites."""
    known = {n for s in states.values() for n in split(s["label_en"])}
    out = []
    for r in c.table("regions_seas"):
        if r["name_en"] in known:
            continue
        row = {
            "cls": PLACE_CLASSES.get(r["kind"], "Place"),
            "kind": r["kind"],
            "label_de": r["name_de"],
            "label_en": r["name_en"],
            "wikidata": r["qid"],
            "part_of": part_of(states, r["countries"]),
            "names_de": "|".join(names(r["name_de"], r["aliases_de"])),
            "names_en": "|".join(names(r["name_en"], r["aliases_en"])),
        }
        if c.correct("regions", r["id"], row):
            row["id"] = c.give_id(r["id"], row["label_en"], "region")
            out.append(row)
    return out


def compile_subdivisions(c: Compiler, states: dict[str, Row], regions: list[Row]) -> list[Row]:
    """Return first-level subdivisions; names without the word for their type too."""
    known: dict[tuple[str, str], Row] = {}
    for region in regions:
        for name in split(region["label_en"], region["names_en"]):
            known[(region["part_of"], name.lower())] = region
    out = []
    for r in c.table("subdivisions"):
        if r["type"] in FIRST_LEVEL_DROPPED or r["country"] not in states or not r["name_en"]:
            continue
        if r["parent"] and r["country"] not in {"GB", "FR", "IT", "ES"}:
            continue
        if re.search(r"\d", r["name_en"]) or not latin(r["name_en"]):
            continue
        if "city" in r["type"].lower() or r["name_en"] == states[r["country"]]["capital_en"]:
            continue
        base_en = _TYPE_WORDS_EN.sub("", r["name_en"])
        base_de = _TYPE_WORDS_DE.sub("", r["name_de"] or r["name_en"])
        label_en, label_de = r["name_en"], r["name_de"] or r["name_en"]
        if r["country"] in OBLAST_STATES and r["type"] in {"Administrative region", "Region"}:
            label_en = f"{base_en} Oblast"
        owner = states[r["country"]]["id"]
        twin = known.get((owner, label_en.lower()))
        row = {
            "cls": "Subdivision",
            "kind": r["type"].lower(),
            "label_de": label_de,
            "label_en": label_en,
            "part_of": owner,
            "names_de": "|".join(names(label_de, r["aliases_de"])),
            "names_en": "|".join(names(label_en, r["aliases_en"])),
            "bases": "|".join(split(base_de, base_en)),
            "guard": "place",
        }
        if not c.correct("subdivisions", r["code"], row):
            continue
        if twin:
            if twin["kind"] == "region":
                twin["cls"] = "Subdivision"
            twin["bases"] = row["bases"]
            continue
        row["id"] = c.give_id(r["code"], label_en, owner.replace("_", " "))
        out.append(row)
    return out


def compile_cities(c: Compiler, states: dict[str, Row], given_names: set[str]) -> list[Row]:
    """Return capitals and cities; a capital acts for its state."""
    out = []
    capitals = {
        (code, n)
        for code, s in states.items()
        for n in split(f"{s['capital_de']}|{s['capital_en']}".replace("/", "|"))
    }
    seats = {
        (r["state"], r["term"])
        for r in c.table("metonyms")
        if r["state"] in states and r["kind"] in SEAT_KINDS
    }
    rows = sorted(c.table("cities"), key=lambda r: -int(r["population"] or 0))
    acting: set[tuple[str, str]] = set()
    taken = {
        (r["country"], n) for r in rows for n in split(r["name_en"], r["name_de"], r["aliases"])
    }
    for r in rows:
        size = int(r["population"] or 0)
        if r["country"] not in states or not latin(r["name_en"]):
            continue
        state = states[r["country"]]
        all_names = split(r["name_en"], r["name_de"], r["aliases"])
        acts = any((r["country"], n) in capitals | seats for n in all_names)
        if not (acts or r["capital"] or size >= MIN_POPULATION or r["country"] in SMALL_PLACES_OF):
            continue
        acts = acts and (r["country"], r["name_en"]) not in acting
        folded = [fold(n) for n in all_names if not n.isascii()]
        labels = {state["label_en"], state["label_de"]}
        # "Eriwan": a name of the capital that no city of the country goes by yet.
        added = [
            n
            for code, n in sorted(capitals)
            if acts and r["capital"] and code == r["country"]
            if n not in labels and (code, n) not in taken
        ]
        all_names += added
        risky = bool({fold(n).lower() for n in all_names} & given_names)
        korean = r["country"] == "KP"
        label_en = fold(r["name_en"]) if korean else r["name_en"]
        label_de = r["name_de"] or label_en
        if korean and any(ord(ch) > 255 for ch in label_de):  # ŏ, ŭ: not written in news
            label_de = fold(label_de)
        row = {
            "cls": "City",
            "label_de": label_de,
            "label_en": label_en,
            "wikidata": "" if r["name_en"] == "Minhang" else r["qid"],
            "part_of": state["id"],
            "names_de": "|".join(names("", r["name_de"], r["name_en"], r["aliases"], *added)),
            "names_en": "|".join(names("", "|".join(all_names), "|".join(folded))),
            "acts_for": state["id"] if acts else "",
            "guard": "" if r["capital"] else ("strict" if risky and size < 1_000_000 else "place"),
            "size": str(size),
        }
        if acts:
            forms = [city_adjective(n) for n in split(row["names_de"]) if n.isalpha()]
            row["adjectives_de"] = "|".join(sorted({f for f in forms if f}))
        if c.correct("cities", r["geonameid"], row):
            if acts:
                acting.add((r["country"], r["name_en"]))
            row["id"] = c.give_id(r["geonameid"], label_en, "city", state["id"].replace("_", " "))
            out.append(row)
    return out

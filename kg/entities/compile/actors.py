"""States, organisations, institutions, media and armed groups."""

from __future__ import annotations

import re

from kg.entities.compile.base import Compiler, Row, latin, names, part_of, slashes, split

ORGANISATION_CLASSES = {
    **dict.fromkeys(("igo", "alliance", "un_agency", "un_body", "eu_body", "igo_body"), ""),
    **dict.fromkeys(("court", "bank", "forum", "mission"), ""),
}


def compile_states(c: Compiler) -> dict[str, Row]:
    """Return states and territories by source code (``RU``)."""
    out: dict[str, Row] = {}
    for r in c.table("states"):
        cls = "State" if r["status"] in {"un_member", "un_observer"} else "Territory"
        if r["id"] in {"TW", "XK"}:
            cls = "State"
        row = {
            "cls": cls,
            "label_de": r["name_de"].replace("’", "'"),
            "label_en": r["name_en"]
            .replace("’", "'")
            .replace("St. ", "Saint ")
            .replace("&", "and"),
            "wikidata": r["qid"],
            "part_of": r["parent"],
            "names_de": "|".join(names(r["name_de"], r["official_de"], r["aliases_de"])),
            "names_en": "|".join(names(r["name_en"], r["official_en"], r["aliases_en"])),
            "adjectives_de": "|".join(slashes(r["adj_de"])),
            "demonyms_de": "|".join(
                split(*(r[k].replace("/", "|") for k in r if k.startswith("demonym") and "de" in k))
            ),
            "adjectives_en": "|".join(a for a in slashes(r["adj_en"]) if a[0].isupper()),
            "demonyms_en": "|".join(slashes(r["demonym_pl_en"] + "/" + r["demonym_en"])),
            "iso2": r["iso2"],
            "capital_en": r["capital_en"],
            "capital_de": r["capital_de"],
        }
        if c.correct("states", r["id"], row):
            row["id"] = c.give_id(r["id"], row["label_en"])
            out[r["id"]] = row
    for row in out.values():
        row["part_of"] = out[row["part_of"]]["id"] if row["part_of"] in out else ""
    return out


def compile_organisations(c: Compiler, by_qid: dict[str, str]) -> list[Row]:
    """Return international organisations, courts, banks, think tanks, companies."""
    out = []
    for r in c.table("organisations"):
        if r["kind"] == "treaty":
            cls = "Thing"
        elif r["kind"] in ORGANISATION_CLASSES:
            cls = "InternationalOrganisation"
        else:
            cls = "Organisation"
        row = {
            "cls": cls,
            "kind": r["kind"],
            "label_de": r["name_de"],
            "label_en": r["name_en"],
            "wikidata": r["qid"],
            "names_de": "|".join(names(r["name_de"], r["abbr"], r["aliases_de"])),
            "names_en": "|".join(names(r["name_en"], r["abbr"], r["aliases_en"])),
        }
        if c.correct("organisations", r["id"], row):
            row["id"] = c.give_id(r["id"], row["label_en"])
            by_qid[r["id"]] = row["id"]
            out.append(row)
    return out


def compile_institutions(c: Compiler, states: dict[str, Row], orgs: dict[str, str]) -> list[Row]:
    """Return ministries, armed forces, services, parliaments and seats of government."""
    classes = {"armed_forces": "ArmedForces", "party": "Party", "org": "Organisation"}
    seats = {"government_seat", "government"}
    acting = {(r["term"]): r for r in c.table("metonyms") if r["kind"] in seats}
    out = []
    for r in c.table("institutions"):
        owner = states[r["country"]]["id"] if r["country"] in states else orgs.get(r["country"], "")
        row = {
            "cls": classes.get(r["kind"], "Institution"),
            "kind": r["kind"],
            "label_de": r["name_de"],
            "label_en": r["name_en"],
            "part_of": owner,
            "names_de": "|".join(names(r["name_de"], r["aliases_de"])),
            "names_en": "|".join(names(r["name_en"], r["aliases_en"])),
            "acts_for": owner if r["kind"] == "government_seat" else "",
        }
        if c.correct("institutions", f"{r['country']}:{r['name_en']}", row):
            row["id"] = c.give_id(row["label_en"], row["label_en"], r["country"])
            out.append(row)
    known = {n for row in out for n in split(row["label_de"], row["label_en"])}
    known |= {n for row in out for n in split(row["names_de"], row["names_en"])}
    by_term: dict[str, Row] = {}
    for term, r in sorted(acting.items()):
        if r["kind"] != "government_seat" or r["state"] not in states or term in known:
            continue
        if any(term in (s["capital_de"], s["capital_en"]) for s in states.values()):
            continue
        owner = states[r["state"]]["id"]
        row = by_term.setdefault(
            term,
            {"cls": "Institution", "kind": "government_seat", "label_de": term, "label_en": term}
            | {"part_of": owner, "acts_for": owner, "names_de": "", "names_en": ""},
        )
    taken = {r["term"] for r in c.table("metonyms") if r["kind"] == "capital"}
    cities = {r["name_en"] for r in c.table("cities")} | {r["name_de"] for r in c.table("cities")}
    for term, row in by_term.items():
        if term in taken or term in cities:
            continue
        row["id"] = c.give_id(term, row["label_en"])
        out.append(row)
    return out


def compile_media(c: Compiler, states: dict[str, Row]) -> list[Row]:
    """Return news agencies, broadcasters and papers."""
    out = []
    for r in c.table("media"):
        row = {
            "cls": "Media",
            "kind": r["kind"],
            "label_de": re.sub(r"\s*\(.*\)", "", r["name_de"]),
            "label_en": r["name_en"],
            "wikidata": r["qid"],
            "part_of": part_of(states, r["country"]),
            "names_de": "|".join(names(r["name_de"], r["aliases"])),
            "names_en": "|".join(names(r["name_en"], r["aliases"])),
        }
        if c.correct("media", r["name_en"], row):
            row["id"] = c.give_id(r["name_en"], row["label_en"], "media")
            out.append(row)
    return out


def compile_groups(c: Compiler, states: dict[str, Row]) -> list[Row]:
    """Return armed groups: the curated ones, and UCDP's by their full names only."""
    by_name = {n: s["id"] for s in states.values() for n in split(s["label_en"], s["names_en"])}
    out: list[Row] = []
    seen: set[str] = set()
    rows = c.table("armed_groups")
    for r in sorted(rows, key=lambda r: r["source"] != "curated"):
        curated = r["source"] == "curated"
        if not curated:
            full = r["full_name"] or r["name_en"]
            if r["kind"] != "nonstate_formal" or len(full.split()) < 3 or not latin(full):
                continue
            if "(" in full or full.lower() in seen:
                continue
            label, aliases = full, ""
        else:
            label, aliases = r["name_en"], r["aliases_en"]
        codes = split(r["countries"])
        owner = part_of(states, r["countries"])
        if not owner and len(codes) == 1:
            owner = by_name.get(re.sub(r"\s*\(.*\)", "", codes[0]), "")
        row = {
            "cls": "ArmedGroup",
            "kind": r["kind"] if curated else "",
            "label_de": r["name_de"] if curated and r["name_de"] else label,
            "label_en": label,
            "wikidata": r["qid"],
            "part_of": owner,
            "names_de": "|".join(names(r["name_de"], r["aliases_de"])) if curated else "",
            "names_en": "|".join(names(label, aliases)),
        }
        if c.correct("armed_groups", r["name_en"], row):
            seen.update(n.lower() for n in split(label, aliases))
            row["id"] = c.give_id(label, row["label_en"], "group", r["ucdp_actor_id"])
            out.append(row)
    return out

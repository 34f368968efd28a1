"""Office holders: whose label is a name, what they are called, when they held which office."""

from __future__ import annotations

import re

from kg.entities.compile.base import Compiler, Row, latin, names, split

FAMILY_NAME_FIRST = {"KP", "KR", "CN", "TW", "VN", "HK", "MO", "KH"}
_APOSTROPHES = str.maketrans("ʻʼʹ’‘", "'''''")
# Sources put such words into the column of names.
_NO_NAMES = re.compile(
    r"\b(administration|government|minister|president|secretary|chief|ambassador|speaker|"
    r"commander|chairman|director|office|unknown|unnamed|vacant|nobody|n/a)\b",
    re.I,
)
_TITLE = re.compile(
    r"^(also spelled|(former )?(senator|representative)|national security advisor|"
    r"gov\.|governor|gen\.|capt\.) +",
    re.I,
)
_ELSEWHERE = re.compile(r"Falkland|Gibraltar|Isle of Man|Jersey|Guernsey|Bermuda|Equipment")


def fault(label: str) -> str:
    """Return why a label can't be a person's name, or the empty string."""
    if any(c.isdigit() for c in label):
        return "digits"
    if not latin(label):
        return "no capital letter, or letters of another script"
    if re.search(r"[()\[\]{}<>:;/|_=@#*?!]", label):
        return "brackets or signs"
    if re.search(r"^[\s,.'-]|[\s,-]$|,\s*,|\s-\s|\s\s", label):
        return "an empty part"
    if _NO_NAMES.search(label):
        return "words that are no name"
    return "a word in capitals" if len(label) > 3 and label.isupper() else ""


def clean(label: str) -> str:
    """Return a label with one kind of apostrophe, plain hyphens and no bracketed addition."""
    text = re.sub(r"\s*[(\[].*?[)\]]", "", label.translate(_APOSTROPHES))
    return " ".join(text.replace(" - ", "-").split())


def variants(*cells: str) -> list[str]:
    """Return the names in cells without titles; bare family names below titles are left out."""
    out = []
    for name in names(*(c.translate(_APOSTROPHES) for c in cells)):
        bare = _TITLE.sub("", name.replace('"', "").replace(" - ", "-"))
        if not _NO_NAMES.search(bare) and (bare == name or " " in bare):
            out.append(bare)
    return list(dict.fromkeys(out))


def compile_persons(
    c: Compiler, states: dict[str, Row]
) -> tuple[list[Row], list[Row], list[tuple[str, str]]]:
    """Return office holders, their terms of office, and who was left out and why."""
    people: list[Row] = []
    left_out: list[tuple[str, str]] = []
    ids: dict[str, str] = {}
    for r in c.table("leaders_persons"):
        if not r["name_en"]:
            continue
        country = split(r["countries"])
        home = country[-1] if country else ""
        row = {
            "label_de": clean(r["name_de"] or r["name_en"]),
            "label_en": clean(r["name_en"]),
            "wikidata": r["qid"],
            "part_of": states[home]["id"] if home in states and len(country) == 1 else "",
            "names": "|".join(variants(r["name_en"], r["name_de"], r["variants"])),
            "family_first": "1" if set(country) & FAMILY_NAME_FIRST else "",
            "gender": r["gender"],
        }
        if not c.correct("persons", r["id"], row):
            continue
        if why := fault(row["label_en"]) or fault(row["label_de"]):
            left_out.append((f"{r['id']} {row['label_en']}", why))
            continue
        row["id"] = c.give_id(r["id"], row["label_en"], "person", home, r["first_year"])
        ids[r["id"]] = row["id"]
        ids.setdefault(f"{home}:{r['name_en']}", row["id"])
        people.append(row)
    return people, _terms(c, states, ids), left_out


def _terms(c: Compiler, states: dict[str, Row], ids: dict[str, str]) -> list[Row]:
    out = []
    for r in c.table("leaders"):
        if "SA" in r["licence"] or r["country"] not in states:
            continue
        person = ids.get(r["qid"]) or ids.get(f"{r['country']}:{r['name_en']}")
        if person and not _ELSEWHERE.search(r["position_en"]):
            out.append(
                {"state": states[r["country"]]["id"], "role": r["role"], "title": r["position_en"]}
                | {"person": person, "start": r["start"], "end": r["end"]}
                | {"end_src": r["end_src"], "as_of": r["as_of"][:10]}
            )
    return out

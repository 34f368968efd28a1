"""What all compiled tables share: cells, names, ids and corrections."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from kg.entities.text import slug

Row = dict[str, str]


def read(path: Path) -> list[Row]:
    """Return the rows of a CSV table; surplus cells are dropped."""
    with path.open(encoding="utf-8", newline="") as file:
        return [{k: (v or "").strip() for k, v in r.items() if k} for r in csv.DictReader(file)]


def write(path: Path, fields: Sequence[str], rows: Iterable[Row]) -> None:
    """Write a CSV table sorted by its fields."""
    ordered = sorted(rows, key=lambda r: tuple(r.get(f, "") for f in fields))
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, fields, extrasaction="ignore", lineterminator="\n")
        out.writeheader()
        out.writerows(ordered)


def split(*cells: str) -> list[str]:
    """Return the distinct values of ``|`` (or ``/``)-separated cells, in order."""
    out: dict[str, None] = {}
    for cell in cells:
        for value in cell.split("|"):
            if value.strip():
                out[" ".join(value.split())] = None
    return list(out)


def slashes(cell: str) -> list[str]:
    """Return the values of a cell such as ``Israeli/Israeler``."""
    return split(cell.replace("/", "|"))


def names(label: str, *cells: str) -> list[str]:
    """Return all names in Latin letters; bracketed additions are taken off."""
    out = [re.sub(r"\s*[\(\[].*?[\)\]]", "", n).strip() for n in split(label, *cells)]
    return [n for n in dict.fromkeys(out) if n and latin(n)]


def latin(name: str) -> bool:
    """Return whether a name is written in Latin letters and is no lower-case word."""
    return any(c.isalpha() and c.isupper() for c in name) and all(
        ord(c) < 0x250 or 0x1E00 <= ord(c) < 0x2070 for c in name
    )


class Compiler:
    """The tables read, the corrections, and the ids given so far."""

    def __init__(self, source: Path, target: Path) -> None:
        self.source = source
        self.target = target
        self.ids: dict[str, str] = {}
        self.corrections: dict[tuple[str, str], list[Row]] = {}
        for row in read(target / "corrections.csv"):
            self.corrections.setdefault((row["table"], row["key"]), []).append(row)

    def correct(self, table: str, key: str, row: Row) -> bool:
        """Apply the corrections for one row in place; return False to leave it out."""
        for c in self.corrections.get((table, key), ()):
            if c["op"] == "remove":
                return False
            values = row.get(c["field"], "").split("|")
            if c["op"] == "set":
                row[c["field"]] = c["value"]
            elif c["op"] == "add" and c["value"] not in values:
                row[c["field"]] = "|".join(v for v in [*values, c["value"]] if v)
            elif c["op"] == "drop":
                row[c["field"]] = "|".join(v for v in values if v != c["value"])
        return True

    def give_id(self, key: str, label: str, *more: str) -> str:
        """Return a new id: the slug of the label, lengthened by ``more`` until it is free."""
        candidate = slug(label)
        for addition in (*more, key):
            if candidate not in self.ids:
                break
            candidate = slug(f"{label} {addition}")
        if candidate in self.ids:
            raise ValueError(f"two entities would be called {candidate}")
        self.ids[candidate] = key
        return candidate

    def table(self, name: str) -> list[Row]:
        """Return the rows of a source table."""
        return read(self.source / f"{name}.csv")


def part_of(states: dict[str, Row], codes: str) -> str:
    """Return the id of the state when exactly one code is given."""
    given = split(codes)
    return states[given[0]]["id"] if len(given) == 1 and given[0] in states else ""

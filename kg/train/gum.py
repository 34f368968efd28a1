"""Entity names from the mentions of GUM.

GUM marks every mention of an entity, pronouns and whole noun phrases too
("US President Barack Obama, who ..."). A name is what its minimal span covers:
proper nouns without article, title, possessive or what follows a comma. States
count as places even where GUM sees the government or the team.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_TYPES = {"person": "PER", "organization": "ORG", "place": "LOC"}
_TITLES = frozenset(
    {"Mr.", "Mrs.", "Ms.", "Dr.", "Mr", "Mrs", "Ms", "Dr", "Prof.", "Professor", "President",
     "Vice", "Prime", "Minister", "Secretary", "Chancellor", "Senator", "Sen.", "Representative",
     "Rep.", "Congressman", "Congresswoman", "Governor", "Gov.", "Mayor", "Ambassador", "General",
     "Gen.", "Colonel", "Major", "Captain", "Capt.", "Lieutenant", "Lt.", "Sergeant", "Sgt.",
     "Detective", "Officer", "Judge", "Justice", "Chief", "Chairman", "Director", "King", "Queen",
     "Prince", "Princess", "Sir", "Lord", "Lady", "Pope", "Saint", "Father", "Sister", "Brother"}
)  # fmt: skip
_BRACKET = re.compile(r"\([^()]+\)?|[^()]+\)")


@dataclass(frozen=True)
class Row:
    """A word as far as names need it."""

    form: str
    upos: str
    plural: bool
    misc: str


def names(rows: list[Row], states: frozenset[str]) -> list[tuple[int, int, str]]:
    """Return the names ``(first, last, label)`` of a sentence, none inside another.

    Args:
        rows: the words of the sentence; ``misc`` holds GUM's ``Entity=`` brackets.
        states: names of states, which count as places.
    """
    found = [n for m in _mentions(rows) if (n := _name(rows, *m, states)) is not None]
    found.sort(key=lambda n: n[0] - n[1])
    taken: set[int] = set()
    out = []
    for first, last, label in found:
        if not taken & set(range(first, last + 1)):
            taken |= set(range(first, last + 1))
            out.append((first, last, label))
    return sorted(out)


def _mentions(rows: list[Row]) -> list[tuple[int, int, list[str]]]:
    """Return first word, last word and the fields of each mention that ends in its sentence."""
    out: list[tuple[int, int, list[str]]] = []
    open_: list[tuple[int, list[str]]] = []
    for i, row in enumerate(rows):
        entity = re.search(r"Entity=([^|]*)", row.misc)
        for bracket in _BRACKET.findall(entity.group(1)) if entity else ():
            if bracket.startswith("("):
                open_.append((i, bracket.strip("()").split("-")))
                if bracket.endswith(")"):
                    out.append((open_[-1][0], i, open_.pop()[1]))
                continue
            group = bracket[:-1]
            at = next((k for k in reversed(range(len(open_))) if open_[k][1][0] == group), None)
            if at is not None:
                first, fields = open_.pop(at)
                out.append((first, i, fields))
    return out


def _name(
    rows: list[Row], first: int, last: int, fields: list[str], states: frozenset[str]
) -> tuple[int, int, str] | None:
    # group, type, information status, salience, centering, minimal span, link, identity
    if len(fields) < 6 or fields[1] == "time" or not re.fullmatch(r"\d+(,\d+)*", fields[5]):
        return None
    label = _TYPES.get(fields[1], "OTH")
    core = [i for k in fields[5].split(",") if first <= (i := first + int(k) - 1) <= last]
    if label == "PER":
        while core and (rows[core[0]].upos != "PROPN" or rows[core[0]].form in _TITLES):
            core.pop(0)
        if core and (rows[core[0]].plural or rows[first].upos == "DET"):
            return None  # "Americans", "a Christian"
    elif core and not rows[core[0]].form[0].isupper() and not rows[core[0]].form[0].isdigit():
        return None  # "the shore of Lake Erie"
    if not any(rows[i].upos == "PROPN" for i in core):
        return None
    start, end = core[0], core[-1]
    for i in range(start, end + 1):
        if rows[i].form in (",", ";", "("):
            end = i - 1
            break
    while label != "PER" and start > first and rows[start - 1].form[0].isupper():
        if rows[start - 1].upos not in ("PROPN", "ADJ", "VERB", "NOUN"):
            break
        start -= 1
    if rows[end].form in ("'s", "’s", "'"):
        end -= 1
    if end < start:
        return None
    if " ".join(r.form for r in rows[start : end + 1]) in states:
        label = "LOC"
    return start, end, label

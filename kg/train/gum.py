"""Entity names from the mentions of GUM.

GUM marks every mention of an entity, pronouns and whole noun phrases too
("US President Barack Obama, who ..."). A mention has a name if its head is a
proper noun. The name of a person is the head and the names that hang flat on
it, so without title and office; another name is the part of the mention's
minimal span around the head that possessives, commas and brackets leave
together. States count as places even where GUM sees the government or the team.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_TYPES = {"person": "PER", "organization": "ORG", "place": "LOC"}
_BREAKS = frozenset({",", ";", "(", ")", "'s", "’s", "'"})
_INSIDE = frozenset({"-", "al", "bin", "de", "van", "von", "'", '"'})
_TITLES = frozenset(
    {"President", "Minister", "Secretary", "Chancellor", "Senator", "Governor", "Mayor", "General",
     "Chairman", "Director", "King", "Queen", "Prince", "Princess", "Pope", "Republican",
     "Democrat", "Sheriff"}
)  # fmt: skip
_LINKS = frozenset({"of", "the", "for", "and", "&", "-", "–"})
_BRACKET = re.compile(r"\([^()]+\)?|[^()]+\)")


@dataclass(frozen=True)
class Row:
    """A word as far as names need it; ``head`` is the index of its head, -1 for the root."""

    form: str
    upos: str
    head: int
    rel: str
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
    core = {i for k in fields[5].split(",") if (i := first + int(k) - 1) <= last}
    heads = [i for i in sorted(core) if rows[i].head not in range(first, last + 1)]
    head = heads[0] if heads else -1
    commas = [i for i in range(first, head) if rows[i].form == ","]
    if label == "LOC" and commas and min(core) < commas[0]:  # "Clearwater, Florida"
        head = max(i for i in core if i < commas[0])
    if label == "PER" and heads and rows[head].upos != "PROPN":  # "captain Harry Kane"
        named = [i for i in sorted(core) if rows[i].head == head and rows[i].upos == "PROPN"]
        head = next((i for i in named if rows[i].rel in ("appos", "flat", "nmod:desc")), -1)
    if head < 0 or rows[head].upos != "PROPN":
        return None
    if label == "PER":
        if rows[head].plural or rows[first].upos == "DET":
            return None  # "Americans", "a Christian"
        start, end = _person(rows, first, head, last)
        if start == end and rows[head].form in _TITLES:
            return None
    else:
        start, end = _institution(rows, first, head, last, core)
    if " ".join(r.form for r in rows[start : end + 1]) in states:
        label = "LOC"
    return start, end, label


def _person(rows: list[Row], first: int, head: int, last: int) -> tuple[int, int]:
    """Return the span of a given name at ``head`` and the names after it, hyphens bridged."""
    start = end = head
    while start - 2 >= first and rows[start - 1].form == "-" and rows[start - 2].upos == "PROPN":
        start -= 2
    before = rows[start - 1] if start > first else None
    alone = not any(r.head == head and r.rel == "flat" for r in rows[head : last + 1])
    if before is not None and alone and before.head == head and before.upos == "PROPN":
        if before.rel in ("compound", "flat"):
            start -= 1  # a family name as the head
    for i in range(head + 1, last + 1):
        if rows[i].upos == "PROPN" and rows[i].rel != "appos":
            end = i
        elif rows[i].form not in _INSIDE:
            break
    return start, end


def _institution(
    rows: list[Row], first: int, head: int, last: int, core: set[int]
) -> tuple[int, int]:
    """Return the part of the minimal span around ``head`` that makes one name."""

    def joins(i: int) -> bool:
        return i in core and rows[i].form not in _BREAKS

    start = end = head
    while start > first and (joins(start - 1) or rows[start - 1].form[0].isupper()):
        if start - 1 not in core and rows[start - 1].upos not in ("PROPN", "ADJ", "VERB", "NOUN"):
            break
        start -= 1
    while start < head and not rows[start].form[0].isupper() and not rows[start].form[0].isdigit():
        start += 1  # "the shore of Lake Erie"
    at = end + 1
    while at <= last and (joins(at) or rows[at].form in _LINKS):
        if rows[at].form[0].isupper() or rows[at].form[0].isdigit():
            end = at
        at += 1
    return start, end

"""Date expressions, resolved against the day of the article."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from spacy.tokens import Span, Token

from kg.extract import tree
from kg.extract.stance import Stance

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januar jänner january jan", "februar february feb", "märz march mar", "april apr",
            "mai may", "juni june jun", "juli july jul", "august aug", "september sept sep",
            "oktober october okt oct", "november nov", "dezember december dez dec",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "montag monday", "dienstag tuesday", "mittwoch wednesday", "donnerstag thursday",
            "freitag friday", "samstag sonnabend saturday", "sonntag sunday",
        )
    )
    for name in names.split()
}  # fmt: skip
_DAYS = {
    "heute": 0, "today": 0, "gestern": -1, "yesterday": -1, "vorgestern": -2, "morgen": 1,
    "tomorrow": 1, "übermorgen": 2,
}  # fmt: skip
_NUMBERS = {
    "ein": 1, "einem": 1, "einer": 1, "a": 1, "an": 1, "one": 1, "zwei": 2, "two": 2, "drei": 3,
    "three": 3, "vier": 4, "four": 4, "fünf": 5, "five": 5, "sechs": 6, "six": 6, "sieben": 7,
    "seven": 7, "acht": 8, "eight": 8, "neun": 9, "nine": 9, "zehn": 10, "ten": 10,
}  # fmt: skip
_UNITS = {
    "tag": "day", "tagen": "day", "day": "day", "days": "day", "woche": "week", "wochen": "week",
    "week": "week", "weeks": "week", "monat": "month", "monaten": "month", "month": "month",
    "months": "month", "jahr": "year", "jahren": "year", "year": "year", "years": "year",
}  # fmt: skip

_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_WEEKDAY = "|".join(sorted(_WEEKDAYS, key=len, reverse=True))
_NUMBER = "|".join(sorted(_NUMBERS, key=len, reverse=True))
_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
_PATTERNS = [
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("iso", r"\b(?P<y>(?:19|20)\d\d)-(?P<m>\d\d)-(?P<d>\d\d)\b"),
        ("numeric", r"\b(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>(?:19|20)\d\d)\b"),
        ("day", rf"\b(?P<d>\d{{1,2}})\.?\s+(?P<M>{_MONTH})\b\.?(?:\s+(?P<y>(?:19|20)\d\d)\b)?"),
        ("day", rf"\b(?P<M>{_MONTH})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b"
                r"(?:,?\s+(?P<y>(?:19|20)\d\d)\b)?"),
        ("month", rf"\b(?P<M>{_MONTH})\s+(?P<y>(?:19|20)\d\d)\b"),
        ("month", rf"\b(?:im|in|seit|since|until|bis|early|late|mid|anfang|mitte|ende)\s+"
                  rf"(?P<M>{_MONTH})\b(?!\s+\d)"),
        ("weekday", r"\b(?:(?P<which>kommenden?|nächsten?|next|vergangenen?|vorigen?|letzten?|last)"
                    rf"\s+)?(?P<w>{_WEEKDAY})(?:abend|morgen|nachmittag|mittag|vormittag|nacht)?"
                    r"s?\b"),
        ("relative", r"\b(?P<r>" + "|".join(_DAYS) + r")\b"),
        ("ago", rf"\bvor\s+(?P<n>\d+|{_NUMBER})\s+(?P<u>{_UNIT})\b"),
        ("ago", rf"\b(?P<n>\d+|{_NUMBER})\s+(?P<u>{_UNIT})\s+ago\b"),
        ("year", r"\b(?:im\s+jahre?|in\s+the\s+year|in)\s+(?P<y>(?:19|20)\d\d)\b"),
        ("bare year", r"(?<![\d.,-])\b(?P<y>(?:19|20)\d\d)\b(?![\d.,-]*\d)"),
    )
]  # fmt: skip
_ADVERBIAL = frozenset({"obl", "advmod", "nmod"})
_SPANNING = frozenset({"seit", "since", "until", "bis", "till", "by", "before", "vor", "after"})


@dataclass(frozen=True)
class Time:
    """A date expression: character span in the article, ISO value, and its head token."""

    start: int
    end: int
    value: str
    head: Token


def find(sentence: Span, today: datetime.date | None, future: bool = False) -> list[Time]:
    """Return the date expressions of a sentence that can be resolved.

    Args:
        sentence: a parsed sentence.
        today: the day of the article; without it only full dates are resolved.
        future: whether "on Saturday" means the Saturday to come.

    Values are ``YYYY-MM-DD``, ``YYYY-MM`` or ``YYYY``. Beginnings and ends of
    a stretch of time ("since May") are no dates of an event and left out.
    """
    out: list[Time] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(sentence.text):
            start, end = sentence.start_char + match.start(), sentence.start_char + match.end()
            if any(t.start < end and start < t.end for t in out):
                continue
            span = sentence.doc.char_span(start, end, alignment_mode="expand")
            if span is None:
                continue
            value = _resolve(kind, match, today, future)
            before = span[0].nbor(-1).lower_ if span.start > sentence.start else ""
            spanning = (span[0].lower_ in _SPANNING and kind != "ago") or before in _SPANNING
            if kind == "bare year" and not _is_time(span.root):
                continue
            if kind == "relative" and span.root.lower_ == "morgen" and span.root.pos_ == "NOUN":
                continue
            # A stretch of time still covers its words, or "seit 2014" would be the year 2014.
            out.append(Time(start, end, "" if spanning or value is None else value, span.root))
    return sorted((t for t in out if t.value), key=lambda t: t.start)


def of(sentence: Span, predicate: Token, today: datetime.date | None, stance: Stance) -> str | None:
    """Return when a sentence says that what a predicate names was or will be."""
    future = stance.modality in {"planned", "demanded"} or (
        stance.modality == "possible" and not tree.is_past(predicate)
    )
    for found in find(sentence, today, future):
        at = found.head
        while at.head != at and tree.base(at) not in _ADVERBIAL | {"appos"}:
            at = at.head
        holder = at.head
        while tree.base(holder) in _ADVERBIAL and holder.pos_ in {"NUM", "PROPN"}:
            holder = holder.head
        if holder == predicate or (
            predicate.dep_.startswith(("conj", "xcomp"))
            and holder == predicate.head
            and (found.start < predicate.idx) != predicate.dep_.startswith("xcomp")
        ):
            return found.value
    return None


def is_scheduled(sentence: Span, verb: Token, today: datetime.date | None) -> bool:
    """Say whether a present tense means the future: "Putin besucht im Dezember Indien"."""
    forms = [*tree.verb_forms(verb), *tree.children(verb, "cop")]
    if today is None or not any(tree.is_present(t) for t in forms):
        return False
    if any(t.lemma_ in {"have", "haben", "sein"} and tree.base(t) == "aux" for t in forms[1:]):
        return False
    due = of(sentence, verb, today, Stance(modality="planned"))
    return due is not None and due > today.isoformat()[: len(due)]


def _is_time(token: Token) -> bool:
    return token.dep_.partition(":")[0] in {"obl", "advmod", "nmod"} and token.head.pos_ in {
        "VERB", "AUX", "NOUN", "ADJ",
    }  # fmt: skip


def _resolve(
    kind: str, match: re.Match[str], today: datetime.date | None, future: bool
) -> str | None:
    found = match.groupdict()
    year = int(found["y"]) if found.get("y") else None
    month = _MONTHS[found["M"].lower()] if found.get("M") else int(found.get("m") or 0)
    if kind in {"year", "bare year"}:
        return str(year)
    if kind in {"iso", "numeric", "day"}:
        day = int(found["d"])
        if year is None:
            year = _nearest_year(month, day, today, future)
        try:
            return datetime.date(year or 0, month, day).isoformat()
        except ValueError:
            return None
    if kind == "month":
        year = year or _nearest_year(month, 1, today, future)
        return f"{year}-{month:02}" if year else None
    if today is None:
        return None
    if kind == "relative":
        return (today + datetime.timedelta(days=_DAYS[found["r"].lower()])).isoformat()
    if kind == "weekday":
        return _weekday(_WEEKDAYS[found["w"].lower()], found.get("which"), today, future)
    return _ago(found["n"].lower(), _UNITS[found["u"].lower()], today)


def _nearest_year(month: int, day: int, today: datetime.date | None, future: bool) -> int | None:
    """Return the year of the last (or next) such day, seen from the article."""
    if today is None:
        return None
    if future:
        return today.year if (month, day) >= (today.month, today.day) else today.year + 1
    return today.year if (month, day) <= (today.month, today.day) else today.year - 1


def _weekday(number: int, which: str | None, today: datetime.date, future: bool) -> str:
    which = (which or "").lower()
    if future or which.startswith(("kommend", "nächst", "next")):
        ahead = (number - today.weekday()) % 7
        return (today + datetime.timedelta(days=ahead or 7)).isoformat()
    back = (today.weekday() - number) % 7
    if which and back == 0:
        back = 7
    return (today - datetime.timedelta(days=back)).isoformat()


def _ago(number: str, unit: str, today: datetime.date) -> str:
    count = _NUMBERS.get(number) or int(number)
    if unit == "day":
        return (today - datetime.timedelta(days=count)).isoformat()
    if unit == "week":
        return (today - datetime.timedelta(weeks=count)).isoformat()
    if unit == "month":
        months = today.year * 12 + today.month - 1 - count
        return f"{months // 12}-{months % 12 + 1:02}"
    return str(today.year - count)

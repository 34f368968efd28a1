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
_SMALL = (
    ("ein einem einer one a an", 1), ("zwei two", 2), ("drei three", 3), ("vier four", 4),
    ("fünf five", 5), ("sechs six", 6), ("sieben seven", 7), ("acht eight", 8), ("neun nine", 9),
    ("zehn ten", 10), ("elf eleven", 11), ("zwölf twelve", 12), ("dreizehn thirteen", 13),
    ("vierzehn fourteen", 14), ("fünfzehn fifteen", 15), ("sechzehn sixteen", 16),
    ("siebzehn seventeen", 17), ("achtzehn eighteen", 18), ("neunzehn nineteen", 19),
)  # fmt: skip
_TENS = (
    ("zwanzig twenty", 20), ("dreißig thirty", 30), ("vierzig forty", 40), ("fünfzig fifty", 50),
    ("sechzig sixty", 60), ("siebzig seventy", 70), ("achtzig eighty", 80), ("neunzig ninety", 90),
    ("hundert", 100),
)  # fmt: skip
_NUMBERS = {word: n for words, n in (*_SMALL, *_TENS) for word in words.split()}
_NUMBERS |= {
    joined: tens + unit
    for tens_words, tens in _TENS[:-1]
    for unit_words, unit in _SMALL[:9]
    for joined in (
        f"{unit_words.split()[0]}und{tens_words.split()[0]}",
        f"{tens_words.split()[1]}-{unit_words.split()[3 if unit == 1 else 1]}",
    )
}
_UNITS = {
    "tag": "day", "tagen": "day", "day": "day", "days": "day", "woche": "week", "wochen": "week",
    "week": "week", "weeks": "week", "monat": "month", "monaten": "month", "month": "month",
    "months": "month", "jahr": "year", "jahren": "year", "year": "year", "years": "year",
}  # fmt: skip

_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_MONTH_NAME = "|".join(sorted(map(str.capitalize, _MONTHS), key=len, reverse=True))
_WEEKDAY = "|".join(sorted(_WEEKDAYS, key=len, reverse=True))
_NUMBER = "|".join(sorted(_NUMBERS, key=len, reverse=True))
_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
_NEXT = ("kommend", "nächst", "next")
_LATER = frozenset({"noch", "later"})
_LAST = ("vergangen", "letzt", "vorig", "last")
_PERIOD = "jahr(?:e?s)?|monat(?:e?s)?|woche|year|month|week"
_SOME = "|".join(
    (
        *("vergangene[nrms]?", "letzte[nrms]?", "vorige[nrms]?", "kommende[nrms]?"),
        *("nächste[nrms]?", "diese[nrms]?", "laufende[nrms]?", "last", "next", "this"),
    )
)
_OF_YEAR = rf"(?:\s+(?:of\s+|des\s+)?(?P<rel>{_SOME})\s+(?:jahres|year)\b)?"
_OF_WEEK = rf"(?:\s+(?:of\s+|der\s+)?(?P<rel>{_SOME})\s+(?:woche|week)\b)?"
_PATTERNS = [
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("iso", r"\b(?P<y>(?:19|20)\d\d)-(?P<m>\d\d)-(?P<d>\d\d)\b"),
        ("numeric", r"\b(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>(?:19|20)\d\d)\b"),
        ("day", rf"\b(?P<d>\d{{1,2}})\.?\s+(?P<M>{_MONTH})\b\.?(?:\s+(?P<y>(?:19|20)\d\d)\b)?"
                + _OF_YEAR),
        ("day", rf"\b(?P<M>{_MONTH})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b"
                r"(?:,?\s+(?P<y>(?:19|20)\d\d)\b)?" + _OF_YEAR),
        ("month", rf"\b(?P<M>{_MONTH})\s+(?P<y>(?:19|20)\d\d)\b"),
        ("month", rf"\b(?:im|in|seit|since|until|bis|early|late|mid|anfang|mitte|ende)\s+"
                  rf"(?P<M>{_MONTH})\b(?!\s+\d)" + _OF_YEAR),
        ("weekday", rf"\b(?:nacht|night)\s+(?:zum|auf|to)\s+(?P<w>{_WEEKDAY})\b"),
        ("weekday", r"\b(?:(?P<which>kommenden?|nächsten?|next|vergangenen?|vorigen?|letzten?|last)"
                    rf"\s+)?(?P<w>{_WEEKDAY})(?:abend|morgen|nachmittag|mittag|vormittag|nacht)?"
                    r"s?\b" + _OF_WEEK),
        # "the last year" is a stretch of time
        ("period", rf"(?<!\bthe\s)\b(?P<which>{_SOME})\s+(?P<p>{_PERIOD})\b"),
        ("month", rf"\b(?P<which>{_SOME})\s+(?P<M>(?-i:{_MONTH_NAME}))\b(?!\s+\d)"),
        ("anniversary", rf"\bheute\s+vor\s+(?P<n>\d+|{_NUMBER})\s+jahren\b"),
        ("anniversary", rf"\b(?P<n>\d+|{_NUMBER})\s+years\s+ago\s+today\b"),
        ("overnight", r"\bovernight\b|\b(?:vergangenen?|letzten?)\s+nacht\b|\blast\s+night\b"),
        ("relative", r"\b(?P<r>" + "|".join(_DAYS) + r")\b"),
        ("ago", rf"\bvor\s+(?P<n>\d+|{_NUMBER})\s+(?P<u>{_UNIT})\b"),
        ("ago", rf"\b(?P<n>\d+|{_NUMBER})\s+(?P<u>{_UNIT})\s+ago\b"),
        ("year", r"\b(?:im\s+jahre?|in\s+the\s+year|in)\s+(?P<y>(?:19|20)\d\d)\b"),
        ("bare year", r"(?<![\d.,-])\b(?P<y>(?:19|20)\d\d)\b(?![\d.,-]*\d)"),
    )
]  # fmt: skip
_ADVERBIAL = frozenset({"obl", "advmod", "nmod"})
_SPANNING = frozenset(
    {"seit", "since", "until", "bis", "till", "by", "before", "vor", "after", "nach"}
)
_ROUNDED = frozenset(
    {"than", "over", "about", "around", "nearly", "almost", "some", "roughly", "well", "least"}
)
"""Words before "20 years ago" that leave the year open."""
_PARTS = frozenset(
    {"nacht", "abend", "morgen", "anfang", "mitte", "ende", "beginn", "laufe", "lauf", "frühjahr",
     "frühling", "sommer", "herbst", "winter", "hour", "hours", "morning", "evening", "night",
     "afternoon", "beginning", "start", "end", "middle", "course", "spring", "summer", "autumn",
     "fall", "stunde", "stunden"}
)  # fmt: skip
"""Nouns of a part of what is dated behind them: "im Sommer 2014", "the early hours of Monday"."""


@dataclass(frozen=True)
class Time:
    """A date expression: character span in the article, ISO value, and its head token.

    ``ahead`` is set where the words themselves look forward ("next week"); their
    value is empty where no day, month or year holds them.
    """

    start: int
    end: int
    value: str
    head: Token
    ahead: bool = False


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
            spanning = spanning or _is_bounded(span.root) or (kind == "ago" and before in _ROUNDED)
            if kind == "bare year" and not _is_time(span.root):
                continue
            if kind == "relative" and span.root.lower_ == "morgen" and span.root.pos_ == "NOUN":
                continue
            # A stretch of time still covers its words, or "seit 2014" would be the year 2014.
            earlier = sentence.doc[max(sentence.start, span.start - 2) : span.start]
            later = any(t.lower_ in _LATER for t in earlier)  # "noch in dieser Woche"
            ahead = not spanning and (later or _looks_ahead(match.groupdict()))
            out.append(Time(start, end, "" if spanning else value or "", span.root, ahead))
    return sorted((t for t in out if t.value or t.ahead), key=lambda t: t.start)


def of(sentence: Span, predicate: Token, today: datetime.date | None, stance: Stance) -> str | None:
    """Return when a sentence says that what a predicate names was or will be."""
    future = stance.modality in {"planned", "demanded"} or (
        stance.modality == "possible" and not tree.is_past(predicate)
    )
    found = _said_of(sentence, predicate, today, future)
    return found.value or None if found is not None else None


def is_scheduled(sentence: Span, verb: Token, today: datetime.date | None) -> bool:
    """Say whether a present tense means the future: "Putin besucht im Dezember Indien"."""
    forms = [*tree.verb_forms(verb), *tree.children(verb, "cop")]
    if today is None or not any(tree.is_present(t) for t in forms):
        return False
    if any(t.lemma_ in {"have", "haben", "sein"} and tree.base(t) == "aux" for t in forms[1:]):
        return False
    found = _said_of(sentence, verb, today, True)
    return found is not None and (
        found.ahead or found.value > today.isoformat()[: len(found.value)]
    )


def _said_of(
    sentence: Span, predicate: Token, today: datetime.date | None, future: bool
) -> Time | None:
    """Return the date expression that belongs to a predicate."""
    for found in find(sentence, today, future):
        at = found.head
        while at.head != at and tree.base(at) not in _ADVERBIAL | {"appos"}:
            at = at.head
        holder = at.head
        while tree.base(holder) in _ADVERBIAL and (
            holder.pos_ in {"NUM", "PROPN"} or holder.lemma_.lower() in _PARTS
        ):
            holder = holder.head
        if holder == predicate or (
            predicate.dep_.startswith(("conj", "xcomp"))
            and holder == predicate.head
            and (found.start < predicate.idx) != predicate.dep_.startswith("xcomp")
        ):
            return found
    return None


def _is_bounded(token: Token) -> bool:
    """Say whether a preposition makes a date a beginning or an end: "seit dem Frühjahr 2015"."""
    above = [token]
    while above[-1].head.lemma_.lower() in _PARTS and above[-1].head != above[-1]:
        above.append(above[-1].head)
    return any(c.lower_ in _SPANNING for t in above[1:] for c in tree.children(t, "case"))


def _looks_ahead(found: dict[str, str | None]) -> bool:
    which = (found.get("which") or "").lower()
    return which.startswith(_NEXT) or (found.get("r") or "").lower() in {
        "morgen", "tomorrow", "übermorgen",
    }  # fmt: skip


def _is_time(token: Token) -> bool:
    if token.dep_ == "nummod" and token.head.lemma_.lower() in _PARTS:
        return True  # "Anfang 2022", "im Herbst 2020"
    return token.dep_.partition(":")[0] in {"obl", "advmod", "nmod"} and token.head.pos_ in {
        "VERB", "AUX", "NOUN", "ADJ",
    }  # fmt: skip


def _resolve(
    kind: str, match: re.Match[str], today: datetime.date | None, future: bool
) -> str | None:
    found = match.groupdict()
    year = int(found["y"]) if found.get("y") else None
    month = _MONTHS[found["M"].lower()] if found.get("M") else int(found.get("m") or 0)
    step = _step(found.get("rel") or "")
    if kind in {"year", "bare year"}:
        return str(year)
    if found.get("rel") and today is not None and kind in {"day", "month"}:
        year = year or today.year + step
    if found.get("rel") and today is not None and kind == "weekday":
        monday = today + datetime.timedelta(weeks=step, days=-today.weekday())
        return (monday + datetime.timedelta(days=_WEEKDAYS[found["w"].lower()])).isoformat()
    if kind in {"iso", "numeric", "day"}:
        day = int(found["d"])
        if year is None:
            year = _nearest_year(month, day, today, future)
        try:
            return datetime.date(year or 0, month, day).isoformat()
        except ValueError:
            return None
    if kind == "month":
        ahead = (found.get("which") or "").lower().startswith(_NEXT)
        year = year or _nearest_year(month, 1, today, future or ahead)
        return f"{year}-{month:02}" if year else None
    if today is None:
        return None
    if kind == "relative":
        return (today + datetime.timedelta(days=_DAYS[found["r"].lower()])).isoformat()
    if kind == "overnight":
        return today.isoformat()
    if kind == "anniversary":
        count = _NUMBERS.get(found["n"].lower()) or int(found["n"])
        leap = (today.month, today.day) == (2, 29)
        return f"{today.year - count}-{today:%m}" if leap else f"{today.year - count}-{today:%m-%d}"
    if kind == "period":
        return _period(found["which"].lower(), found["p"].lower(), today)
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
    if future or which.startswith(_NEXT):
        ahead = (number - today.weekday()) % 7
        return (today + datetime.timedelta(days=ahead or 7)).isoformat()
    back = (today.weekday() - number) % 7
    if which and back == 0:
        back = 7
    return (today - datetime.timedelta(days=back)).isoformat()


def _step(which: str) -> int:
    """Return how many periods "last", "this", "next" lie from now."""
    word = which.lower()
    return 1 if word.startswith(_NEXT) else -1 if word.startswith(_LAST) else 0


def _period(which: str, unit: str, today: datetime.date) -> str | None:
    """Return "last month" as a month; a week as the month that it lies in, if it is one."""
    step = _step(which)
    if unit.startswith(("jahr", "year")):
        return str(today.year + step)
    if unit.startswith("mon"):
        months = today.year * 12 + today.month - 1 + step
        return f"{months // 12}-{months % 12 + 1:02}"
    monday = today + datetime.timedelta(weeks=step, days=-today.weekday())
    month = f"{monday:%Y-%m}"
    return month if f"{monday + datetime.timedelta(days=6):%Y-%m}" == month else None


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

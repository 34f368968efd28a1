"""Terms of office and dates: who held an office on a day, and how sure that is."""

from __future__ import annotations

import datetime
import re

from kg.entities.gazetteer import Gazetteer, Office, Term
from kg.types import Entity


def _earliest(text: str) -> str:
    return (text + "-01-01")[:10] if len(text) == 4 else (text + "-01")[:10]


def _latest(text: str) -> str:
    return (text + "-12-31")[:10] if len(text) == 4 else (text + "-31")[:10]


def holds(term: Term, date: datetime.date) -> float:
    """Return how sure it is (0..1) that a term covers a day.

    0 when it does not, or when nobody knows: an open end was last confirmed
    before the day. A guessed end or a date known to the year only lowers the
    value. The last day of a term counts for the successor.
    """
    day = date.isoformat()
    if not term.start or day < _earliest(term.start):
        return 0.0
    sure = 1.0 if day >= _latest(term.start) or len(term.start) == 10 else 0.6
    if term.end:
        if day >= _latest(term.end) or (len(term.end) == 10 and day >= term.end):
            return 0.0
        if day >= _earliest(term.end):
            sure = min(sure, 0.6)
        return min(sure, 0.7) if term.guessed_end and day > term.sure_until else sure
    return sure if day <= _latest(term.sure_until) else 0.0


def has_begun(term: Term, date: datetime.date | None) -> bool:
    """Return whether a term began on a day or before, perhaps to end before it."""
    return bool(term.start) and (date is None or _earliest(term.start) <= date.isoformat())


def holder(
    gazetteer: Gazetteer, state: str, office: Office, date: datetime.date
) -> tuple[Entity | None, float]:
    """Return who held an office of a state on a day, and how sure that is (0..1).

    None when no term covers the day or several persons do and neither the
    title nor the later start decides.
    """
    rows = gazetteer.terms.get((office.body or state, office.role), [])
    live = [(t, sure) for t in rows if (sure := holds(t, date)) > 0]
    if office.titles:
        pattern = re.compile(office.titles, re.I)
        titled = [(t, s) for t, s in live if pattern.search(t.title) and not _deputy(t, office)]
        if not titled and office.role in {"head_of_state", "head_of_government"}:
            # The president may be head of government in the tables, and the reverse.
            other = {"head_of_state": "head_of_government"}.get(office.role, "head_of_state")
            rows = gazetteer.terms.get((state, other), [])
            titled = [
                (t, s)
                for t in rows
                if (s := holds(t, date)) > 0 and pattern.search(t.title) and not _deputy(t, office)
            ]
        live = titled
    persons = {t.person for t, _ in live}
    if not persons:
        return None, 0.0
    if len(persons) > 1:
        starts = sorted((t.start, t.person, s) for t, s in live)
        last, previous = starts[-1], [s for s in starts if s[1] != starts[-1][1]][-1]
        open_ended = {t.person for t, _ in live if not t.end or t.guessed_end}
        if previous[1] in open_ended and last[0] > previous[0] and len(last[0]) >= 4:
            return gazetteer.entities[last[1]], round(min(last[2], 0.6), 2)
        return None, 0.0
    best = max(s for _, s in live)
    return gazetteer.entities[persons.pop()], round(best, 2)


def _deputy(term: Term, office: Office) -> bool:
    """Return whether a title names a deputy although the office is none."""
    words = ("vice", "deputy", "acting deputy", "shadow", "associate", "junior", "state minister")
    return not office.id.startswith(("vice", "deputy")) and term.title.lower().startswith(words)


def office_holder(
    gazetteer: Gazetteer, country_id: str, role: str, date: datetime.date
) -> Entity | None:
    """Return who held a role (``head_of_state``, ``foreign_minister``) on a day, or None.

    ``country_id`` is the id of the state (``North_Korea``). None stands for
    "unknown" as well as for "several".
    """
    for office in offices_of(gazetteer, country_id, role):
        person, _ = holder(gazetteer, country_id, office, date)
        if person is not None:
            return person
    anyone = Office("", role, frozenset(), "", "", "", "")
    return holder(gazetteer, country_id, anyone, date)[0]


def offices_of(gazetteer: Gazetteer, country_id: str, role: str) -> list[Office]:
    """Return the offices with this role in a state, the more specific first."""
    offices = [o for o in gazetteer.offices if o.role == role]
    fitting = [o for o in offices if not o.states or country_id in o.states]
    return sorted(fitting, key=lambda o: not o.states)

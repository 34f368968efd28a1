"""The test sentences in ``tests/extraction`` and how statements are judged by them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kg.pipeline import Pipeline
from kg.read import parse_date, read_text
from kg.types import Statement

FOLDER = Path(__file__).parent / "extraction"
DEFAULTS: dict[str, Any] = {"polarity": "positive", "modality": "actual", "attributed_to": None}


@dataclass(frozen=True)
class Case:
    """One sentence with what must and what must not come out of it."""

    id: str
    category: str
    text: str
    lang: str
    date: str | None
    expected: list[dict[str, Any]]
    forbidden: list[dict[str, Any]]


def cases() -> Iterator[Case]:
    """Yield all cases, file by file."""
    for path in sorted(FOLDER.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            record = json.loads(line)
            yield Case(
                record["id"], path.stem, record["text"], record["lang"], record.get("date"),
                record.get("expected", []), record.get("forbidden", []),
            )  # fmt: skip


@cache
def pipeline() -> Pipeline:
    """Return the pipeline, loaded once."""
    return Pipeline()


def statements_of(case: Case) -> list[Statement]:
    """Run the extraction on a case."""
    date = parse_date(case.date) if case.date else None
    (result,) = pipeline().run([read_text(case.text, case.lang, date, case.id)])
    return result.statements


def describe(statement: Statement) -> dict[str, Any]:
    """Return the fields of a statement that cases speak of."""
    source, place = statement.attributed_to, statement.place
    return {
        "subject": statement.subject.label_en,
        "relation": statement.relation.id,
        "object": statement.object.label_en,
        "polarity": statement.polarity,
        "modality": statement.modality,
        "attributed_to": source.label_en if source else None,
        "date": statement.date,
        "place": place.label_en if place else None,
    }


def _fits(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, list):
        return any(_fits(value, w) for w in wanted)
    return value is not None if wanted == "*" else bool(value == wanted)


def is_expected(found: dict[str, Any], wanted: dict[str, Any], symmetric: bool) -> bool:
    """Say whether a statement is the expected one."""
    wanted = {**DEFAULTS, **wanted}
    turned = {**found, "subject": found["object"], "object": found["subject"]}
    readings = [found, turned] if symmetric else [found]
    return any(all(_fits(r[key], value) for key, value in wanted.items()) for r in readings)


def is_forbidden(found: dict[str, Any], pattern: dict[str, Any]) -> bool:
    """Say whether a statement matches a forbidden pattern."""
    pattern = dict(pattern)
    if pattern.pop("asserted", False):
        pattern = {**pattern, **DEFAULTS}
    return all((value is None and key not in DEFAULTS) or _fits(found[key], value)
               for key, value in pattern.items())  # fmt: skip


def judge(case: Case, statements: list[Statement]) -> tuple[list[Any], list[Any]]:
    """Return the expected statements that are missing and the forbidden ones that came."""
    found = [(describe(s), s.relation.symmetric) for s in statements]
    missing = [w for w in case.expected if not any(is_expected(f, w, y) for f, y in found)]
    wrong = [f for f, _ in found if any(is_forbidden(f, p) for p in case.forbidden)]
    return missing, wrong

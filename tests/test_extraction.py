"""The test sentences of ``tests/extraction``, one by one."""

from __future__ import annotations

from pathlib import Path

import pytest
from extraction_cases import Case, cases, describe, judge, pipeline, statements_of

from kg.read import read_text

KNOWN = Path(__file__).parent / "extraction" / "known_failures.txt"
"""Sentences that fail today: ids, one a line. The list should only ever shrink."""


def _known() -> set[str]:
    return {line.strip() for line in KNOWN.read_text("utf-8").splitlines() if line.strip()}


def _parameters() -> list[object]:
    known = _known()
    mark = pytest.mark.xfail(reason="listed in known_failures.txt", strict=False)
    return [pytest.param(c, id=c.id, marks=[mark] if c.id in known else []) for c in cases()]


@pytest.mark.parametrize("case", _parameters())
def test_sentence(case: Case) -> None:
    missing, wrong = judge(case, statements_of(case))
    assert not wrong, f"forbidden: {wrong}"
    assert not missing, f"missing: {missing}"


def test_offsets_point_at_the_words() -> None:
    for case in cases():
        for statement in statements_of(case):
            evidence = statement.evidence
            assert case.text[evidence.start : evidence.end] == evidence.sentence
            for start, end in (evidence.subject, evidence.cue, evidence.object):
                assert 0 <= start < end <= len(case.text)
            assert case.text[slice(*evidence.subject)] == statement.subject_mention
            assert 0 <= statement.confidence <= 1, describe(statement)


def test_known_failures_are_sentences() -> None:
    assert _known() <= {case.id for case in cases()}


@pytest.mark.parametrize(
    ("text", "lang", "name", "country"),
    [
        ("Norwegian diplomat Kari Solheim visited Sudan.", "en", "Kari Solheim", "Norway"),
        ("Norwegian aid group Nordhjelp supports Sudan.", "en", "Nordhjelp", "Norway"),
        ("Der belgische Abgeordnete Jan Maas besuchte Ungarn.", "de", "Jan Maas", "Belgium"),
    ],
)  # fmt: skip
def test_an_unknown_name_has_the_country_that_the_text_gives(
    text: str, lang: str, name: str, country: str
) -> None:
    (result,) = pipeline().run([read_text(text, lang, None, "a")])
    statement = next(s for s in result.statements if s.relation.type != "ROLE")
    assert (statement.subject.label_en, statement.subject.part_of) == (name, country)

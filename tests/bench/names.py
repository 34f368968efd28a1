"""Which names the language model misses: ``python -m tests.bench.names``.

Every state of the reference tables, and up to ten office holders of each, stand as
subject in one plain sentence in German and in English. A name counts as found if the
model marks exactly these words as a place or a person. This shows bias, not accuracy:
real sentences give more context, and the tables find known names without the model.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict

from kg.parse import load, make_doc
from kg.resources import ontology_dir

_SENTENCES = {
    "de": "Am Montag hat {} den Vorschlag abgelehnt.",
    "en": "On Monday {} rejected the proposal.",
}


def main() -> None:
    """Print the share found, and the states and the countries of persons missed most."""
    folder = ontology_dir() / "entities"
    states = {row["id"]: row for row in _rows(folder / "states.csv") if row["cls"] == "State"}
    persons: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in _rows(folder / "persons.csv"):
        words = row["label_en"].split()
        if row["part_of"] in states and len(words) > 1 and row["label_en"][0].isascii():
            persons[row["part_of"]].append(row)
    people = [row for of in sorted(persons) for row in persons[of][:10]]
    for lang in ("de", "en"):
        missed = [r["id"] for r in states.values() if not _found(r[f"label_{lang}"], lang, "LOC")]
        share = 1 - len(missed) / len(states)
        print(f"{lang}: {share:.1%} of {len(states)} states; not {', '.join(sorted(missed))}")
        gone = Counter(r["part_of"] for r in people if not _found(r["label_en"], lang, "PER"))
        share = 1 - gone.total() / len(people)
        worst = ", ".join(f"{of} {n}" for of, n in gone.most_common(12))
        print(f"{lang}: {share:.1%} of {len(people)} office holders; most missed: {worst}")


def _rows(path: object) -> list[dict[str, str]]:
    with open(str(path), encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def _found(name: str, lang: str, label: str) -> bool:
    sentence = _SENTENCES[lang].format(name)
    doc = load()(make_doc(load(), sentence, lang))
    return any(e.text == name and e.label_ == label for e in doc.ents)


if __name__ == "__main__":
    main()

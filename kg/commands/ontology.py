"""``kg ontology``: the relations as a table, with words that express them."""

from __future__ import annotations

import csv
import difflib
import io
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.extract.lexicon import LANGUAGES, SLOTS, Frame, load
from kg.ontology import Term, load_relations, load_types
from kg.types import Relation


@dataclass(frozen=True, slots=True)
class Entry:
    """A relation with the verbs, and the nouns and adjectives, that express it, by language."""

    relation: Relation
    verbs: dict[str, list[str]]
    nouns: dict[str, list[str]]

    def example(self, lang: str) -> str:
        """Return the verb (else noun) most like the label; nothing where the lexicon has none."""
        label = self.relation.label_de if lang == "de" else self.relation.label_en
        likeness = difflib.SequenceMatcher(b=label, autojunk=False)

        def score(word: str) -> float:
            likeness.set_seq1(word)
            return -likeness.ratio()

        return min(self.verbs[lang] or self.nouns[lang], key=score, default="")


def entries(ontology: Path | None = None) -> list[Entry]:
    """Return all relations by type, each after the relation above it.

    Raises:
        OntologyError: the ontology can't be read.
        LexiconError: a table of the lexicon is wrong.
    """
    relations = load_relations(ontology)
    verbs = {lang: _words(lang, "V") for lang in LANGUAGES}
    nouns = {lang: _words(lang, "NA") for lang in LANGUAGES}
    below: dict[str | None, list[Relation]] = defaultdict(list)
    for relation in relations.values():
        below[relation.parent].append(relation)

    def walk(parent: str | None, type: str) -> Iterator[Relation]:
        for relation in below[parent]:
            if relation.type == type:
                yield relation
                yield from walk(relation.id, type)

    return [
        Entry(
            relation,
            {lang: verbs[lang].get(relation.id, []) for lang in LANGUAGES},
            {lang: nouns[lang].get(relation.id, []) for lang in LANGUAGES},
        )
        for type in load_types(ontology)
        for relation in walk(None, type)
    ]


def _words(lang: str, parts_of_speech: str) -> dict[str, list[str]]:
    """Return the words that express each relation, in the order of the table."""
    found: dict[str, list[str]] = defaultdict(list)
    for frames in load(lang, relations=frozenset(load_relations())).frames.values():
        for frame in frames:
            word = _word(frame)
            if frame.pos in parts_of_speech and word not in found[frame.relation]:
                found[frame.relation].append(word)
    return found


def _word(frame: Frame) -> str:
    """Return a word as a dictionary has it: "call on", "schicken … nach" with a condition."""
    slot = frame.object[0] if "subj" in frame.subject else ""
    preposition = "" if slot in SLOTS or frame.pos != "V" else slot
    sich = "sich" if frame.reflexive else ""
    rest = "…" if frame.conditions and frame.pos == "V" else ""
    return " ".join(filter(None, (sich, frame.lemma, rest, preposition)))


def report(format: str = "table", lang: str = "en", width: int = 80) -> str:
    """Return the relations as ``table`` (labels in ``lang``), ``csv`` or ``json``."""
    found = entries()
    if format == "table":
        return _table(found, load_types(), lang, width)
    records = [_record(entry) for entry in found]
    if format == "json":
        return json.dumps(records, ensure_ascii=False, indent=1) + "\n"
    out = io.StringIO()
    table = csv.DictWriter(out, list(records[0]), lineterminator="\n")
    table.writeheader()
    for record in records:
        table.writerow({k: "|".join(v) if isinstance(v, list) else v for k, v in record.items()})
    return out.getvalue()


def _record(entry: Entry) -> dict[str, object]:
    relation = entry.relation
    return {
        "type": relation.type,
        "relation": relation.id,
        "label_de": relation.label_de,
        "label_en": relation.label_en,
        "parent": relation.parent,
        "symmetric": relation.symmetric,
        "inverse": relation.inverse,
        "example_de": entry.example("de") or None,
        "example_en": entry.example("en") or None,
        "verbs_de": entry.verbs["de"],
        "verbs_en": entry.verbs["en"],
        "nouns_de": entry.nouns["de"],
        "nouns_en": entry.nouns["en"],
    }


def _table(found: list[Entry], types: dict[str, Term], lang: str, width: int) -> str:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    out = io.StringIO()
    console = Console(file=out, width=width, color_system=None)
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), width=width)
    table.add_column("type, relation", no_wrap=True)
    table.add_column("gelesen" if lang == "de" else "read as", ratio=22)
    for each in LANGUAGES:
        table.add_column(each, ratio=14)
    depth: dict[str | None, int] = {None: 1}
    last = ""
    for entry in found:
        relation = entry.relation
        if relation.type != last:
            last = relation.type
            label = types[last].label_de if lang == "de" else types[last].label_en
            if table.row_count:
                table.add_row("", "", "", "")
            table.add_row(last, label, "", "")
        depth[relation.id] = depth[relation.parent] + 1
        label = relation.label_de if lang == "de" else relation.label_en
        table.add_row(
            " " * depth[relation.parent] + relation.id,
            label,
            entry.example("de"),
            entry.example("en"),
        )
    console.print(table)
    return "\n".join(line.rstrip() for line in out.getvalue().strip("\n").splitlines()) + "\n"

"""What was written and decided by reading for German, where gold labels are few.

The texts of ``arcs.tsv`` (arcs that parsers were not sure of) and ``names.tsv`` (all names of a
sentence) stay where they come from: a sentence is known by a hash of its words. ``written.txt`` has
invented sentences with marked names, one a line.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from spacy.vocab import Vocab

from kg.parse.tokenizer import BilingualTokenizer
from kg.train.data import Sentence, bio

FOLDER = Path(__file__).with_name("annotations")

Arc = tuple[int, str] | None
"""Head (1-based, 0 for the root) and relation of a word; None if the reader could not tell."""


def key(words: Iterable[str]) -> str:
    """Return ten hexadecimal digits by which a sentence is known."""
    return hashlib.sha1(" ".join(words).encode()).hexdigest()[:10]


def read_arcs(path: Path = FOLDER / "arcs.tsv") -> dict[str, dict[int, Arc]]:
    """Return the decided arcs of each sentence, by the index of the word from 0."""
    out: dict[str, dict[int, Arc]] = {}
    for row in _rows(path):
        arc = None if row["head"] == "?" else (int(row["head"]), row["relation"])
        out.setdefault(row["sentence"], {})[int(row["word"]) - 1] = arc
    return out


def read_names(path: Path = FOLDER / "names.tsv") -> dict[str, list[tuple[int, int, str]]]:
    """Return the names of each sentence: first and last word from 0, and label."""
    out: dict[str, list[tuple[int, int, str]]] = {}
    for row in _rows(path):
        names = out.setdefault(row["sentence"], [])
        for name in row["names"].split("; ") if row["names"] else []:
            label, _, span = name.partition(" ")
            first, _, last = span.partition("-")
            names.append((int(first) - 1, int(last) - 1, label))
    return out


def with_names(sentences: Iterable[Sentence]) -> list[Sentence]:
    """Give sentences that have no gold names those that readers found."""
    names = read_names()
    out = []
    for s in sentences:
        if s.ner is None and (found := names.get(key(s.words))) is not None:
            s = replace(s, ner=bio(len(s.words), found))
        out.append(s)
    return out


def read_written(path: Path = FOLDER / "written.txt") -> Iterator[Sentence]:
    """Yield sentences from lines like "In [LOC Kiew] fiel Schnee."; "#" begins a comment.

    Raises:
        ValueError: a name does not begin and end with a word; names file and line.
    """
    tokenizer = BilingualTokenizer(Vocab())
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if line.startswith("#") or not line.strip():
            continue
        text = ""
        marked: list[tuple[int, int, str]] = []
        for plain, label, name in re.findall(r"([^\[]*)(?:\[([A-Z]+) ([^\]]+)\])?", line.strip()):
            text += plain
            if label:
                marked.append((len(text), len(text) + len(name), label))
                text += name
        doc = tokenizer.tokenise(text, "de")
        spans = [doc.char_span(start, end) for start, end, _ in marked]
        names = []
        for span, (start, end, label) in zip(spans, marked, strict=True):
            if span is None:
                raise ValueError(f"{path}:{number}: {text[start:end]!r} is not made of whole words")
            names.append((span.start, span.end - 1, label))
        words = [t.text for t in doc]
        yield Sentence(
            "written", "de", words, [bool(t.whitespace_) for t in doc], ner=bio(len(words), names)
        )


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        yield from csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE)

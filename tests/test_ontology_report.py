"""`kg ontology`: the table of relations and the pages in German and English."""

from __future__ import annotations

import csv
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from kg.cli import OK, main
from kg.commands.ontology import entries, report
from kg.commands.ontology_page import write_pages
from kg.ontology import load_classes, load_relations, load_types


def test_table_has_every_relation_below_its_parent() -> None:
    lines = report().splitlines()
    assert max(map(len, lines)) <= 80
    shown = [line.split()[0] for line in lines if line.strip()]
    assert set(load_relations()) | set(load_types()) <= set(shown)
    for entry in entries():
        above = entry.relation.parent or entry.relation.type
        assert shown.index(above) < shown.index(entry.relation.id)


@pytest.mark.parametrize(
    ("relation", "german", "english"),
    [
        ("attacks", "angreifen", "attack"),
        ("sendsTroopsTo", "schicken … nach", "send … to"),
        ("supports", "unterstützen", "support"),
        ("holdsOfficeIn", "", ""),
    ],
)
def test_the_example_is_the_plainest_verb(relation: str, german: str, english: str) -> None:
    entry = next(e for e in entries() if e.relation.id == relation)
    assert entry.example("en") == english
    assert entry.example("de").startswith(german.partition(" ")[0])
    assert bool(entry.example("de")) == bool(german)


def test_labels_come_in_the_language_asked_for() -> None:
    assert "schickt Truppen" in report(lang="de") and "schickt Truppen" not in report(lang="en")
    assert "sends troops to" in report(lang="en")


def test_csv_and_json_have_both_languages() -> None:
    records = json.loads(report("json"))
    rows = list(csv.DictReader(io.StringIO(report("csv"))))
    assert [r["relation"] for r in records] == [r["relation"] for r in rows]
    assert len(records) == len(load_relations())
    troops = next(r for r in records if r["relation"] == "sendsTroopsTo")
    assert (troops["type"], troops["parent"]) == ("AID", "aids")
    assert (troops["label_de"], troops["label_en"]) == (
        "schickt Truppen nach/an", "sends troops to",
    )  # fmt: skip


def test_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ontology", "--lang", "de"]) == OK
    assert "gelesen" in capsys.readouterr().out
    assert main(["ontology", "--html", str(tmp_path / "new")]) == OK
    paths = [tmp_path / "new" / f"ontology.{lang}.html" for lang in ("de", "en")]
    assert capsys.readouterr().out.splitlines() == [str(p) for p in paths]
    assert all(p.is_file() for p in paths)


class _Reader(HTMLParser):
    """Collects what a page refers to, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.lang = ""
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags.add(tag)
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "a":
            self.links.append(found["href"])
        elif "href" in found or "src" in found:
            self.loaded.append(found.get("href", "") + found.get("src", ""))
        if tag == "html":
            self.lang = found["lang"]

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, _Reader]:
    readers = {}
    for path in write_pages(tmp_path_factory.mktemp("pages")):
        reader = _Reader()
        reader.feed(path.read_text("utf-8"))
        readers[path.name.split(".")[1]] = reader
    return readers


@pytest.mark.parametrize("lang", ["de", "en"])
def test_pages_load_nothing_and_run_nothing(pages: dict[str, _Reader], lang: str) -> None:
    page = pages[lang]
    assert page.lang == lang
    assert "script" not in page.tags and "img" not in page.tags
    assert page.loaded == ["data:,"]


@pytest.mark.parametrize("lang", ["de", "en"])
def test_pages_have_every_term_once_and_no_dead_link(pages: dict[str, _Reader], lang: str) -> None:
    page = pages[lang]
    assert len(page.ids) == len(set(page.ids))
    assert {*load_relations(), *load_types(), *load_classes()} <= set(page.ids)
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    other = {"de": "en", "en": "de"}[lang]
    assert f"ontology.{other}.html" in page.links
    assert all(link.startswith(("#", "ontology.", "http")) for link in page.links)


def test_each_page_keeps_to_its_language(pages: dict[str, _Reader]) -> None:
    for lang, own, foreign in (
        ("de", ("Nordkorea", "schickt Truppen", "Wendet", "Verben"), "sends troops to"),
        ("en", ("sends troops to", "verbs"), "schickt Truppen"),
    ):
        text = pages[lang].text
        assert foreign not in text
        assert any(word in text for word in own)
    assert not re.search(r"built-in|None|\{\{|object at", pages["de"].text + pages["en"].text)


def test_pages_are_the_same_each_time(tmp_path: Path) -> None:
    first = [p.read_bytes() for p in write_pages(tmp_path / "a")]
    assert first == [p.read_bytes() for p in write_pages(tmp_path / "b")]

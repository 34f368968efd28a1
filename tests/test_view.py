"""The page: what stands in the file."""

from __future__ import annotations

import dataclasses
import json
import random
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from kg.ontology import load_classes
from kg.types import Article, Entity, Evidence, Statement
from kg.view import write_html
from kg.view.page import _segments
from tests.view_sample import ENTITIES, HOSTILE, RELATIONS, hostile, large, sample, statement


class _Page(HTMLParser):
    """Collects the scripts, the metas and the title of a page as a browser would find them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.title = ""
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = tag
        if tag == "script":
            self.scripts.append((dict(attrs), ""))

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            attributes, text = self.scripts[-1]
            self.scripts[-1] = attributes, text + data
        elif self._inside == "title":
            self.title += data

    @property
    def data(self) -> dict[str, Any]:
        [text] = [t for attributes, t in self.scripts if attributes.get("id") == "graph-data"]
        result: dict[str, Any] = json.loads(text)
        return result


def _write(
    folder: Path, articles: list[Article], statements: list[Statement], title: str = "News"
) -> tuple[bytes, _Page]:
    path = folder / "graph.html"
    write_html(articles, statements, path, title)
    return path.read_bytes(), _Page(path.read_text(encoding="utf-8"))


def test_the_same_bytes_whatever_the_order(tmp_path: Path) -> None:
    articles, statements = sample()
    first, _ = _write(tmp_path, articles, statements)
    random.Random(1).shuffle(statements)
    again, _ = _write(tmp_path, articles[::-1], [*statements, *statements[:5]])
    assert first == again


def test_the_same_bytes_for_a_large_graph(tmp_path: Path) -> None:
    articles, statements = large(nodes=160)
    first, _ = _write(tmp_path, articles, statements)
    again, _ = _write(tmp_path, articles, statements[::-1])
    assert first == again


def test_nothing_is_loaded_from_elsewhere(tmp_path: Path) -> None:
    _, page = _write(tmp_path, *sample())
    for tag, attributes in page.tags:
        assert "src" not in attributes, tag
        assert not (attributes.get("href") or "data:").startswith("http"), tag
    [policy] = [a["content"] for t, a in page.tags if t == "meta" and "http-equiv" in a]
    assert policy is not None
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "http" not in policy


@pytest.mark.parametrize("nasty", HOSTILE)
def test_hostile_text_stays_text(tmp_path: Path, nasty: str) -> None:
    _, plain = _write(tmp_path, *sample())
    raw, page = _write(tmp_path, *hostile(nasty), title=nasty)
    assert [t for t, _ in page.tags] == [t for t, _ in plain.tags]
    assert page.title.strip() == nasty.strip()
    assert page.data["nodes"][0]["de"] == nasty
    assert page.data["articles"][0]["title"] == nasty
    assert "\u2028" not in raw.decode().split('id="graph-data">')[1].split("</script>")[0]


def test_a_lone_surrogate_does_not_stop_the_page(tmp_path: Path) -> None:
    _, page = _write(tmp_path, *hostile("a\ud800b"))
    assert page.data["nodes"][0]["de"] == "a?b"


def test_statements_that_agree_share_a_line(tmp_path: Path) -> None:
    _, page = _write(tmp_path, *sample())
    nodes = [n["en"] for n in page.data["nodes"]]

    def lines(subject: str, relation: str, object_: str) -> list[dict[str, Any]]:
        return [
            e
            for e in page.data["edges"]
            if (nodes[e["from"]], e["relation"], nodes[e["to"]]) == (subject, relation, object_)
        ]

    [not_delivered, delivered] = lines("Germany", "suppliesArmsTo", "Ukraine")
    assert (delivered["count"], delivered["negative"], delivered["dashes"]) == (2, False, False)
    assert (not_delivered["count"], not_delivered["negative"]) == (1, True)
    assert delivered["smooth"] != not_delivered["smooth"]
    claims = lines("North Korea", "suppliesArmsTo", "Russia")
    assert [(e["kind"], e["negative"]) for e in claims] == [
        ("claim", True),
        ("claim", False),
        ("fact", False),
    ]
    [met] = lines("Kim Jong Un", "meets", "Vladimir Putin")
    assert (met["count"], met["arrows"]) == (2, "")
    assert not lines("Vladimir Putin", "meets", "Kim Jong Un")


def test_parallel_lines_bend_to_different_places(tmp_path: Path) -> None:
    _, page = _write(tmp_path, *sample())
    nodes = [n["id"] for n in page.data["nodes"]]
    assert nodes == list(range(len(nodes)))
    seen = set()
    for edge in page.data["edges"]:
        smooth, ends = edge["smooth"], sorted((edge["from"], edge["to"]))
        bend = 0.0
        if smooth:
            bend = smooth["roundness"] * (1 if smooth["type"] == "curvedCW" else -1)
            bend *= 1 if edge["from"] == ends[0] else -1
        assert (*ends, bend) not in seen
        seen.add((*ends, bend))


def test_labels_in_the_sample_do_not_overlap(tmp_path: Path) -> None:
    _, page = _write(tmp_path, *sample())
    spots = [(n["x"], n["y"]) for n in page.data["nodes"]]
    for i, (x, y) in enumerate(spots):
        for other_x, other_y in spots[:i]:
            assert abs(x - other_x) > 30 or abs(y - other_y) > 30


def test_a_sentence_is_cut_at_characters_not_utf16_units() -> None:
    text = "🙂 Kim met Putin."
    evidence = Evidence("a", text, 50, 50 + len(text), (52, 55), (56, 59), (60, 65))
    assert _segments(evidence) == [
        ["🙂 ", ""], ["Kim", "s"], [" ", ""], ["met", "c"], [" ", ""], ["Putin", "o"], [".", ""],
    ]  # fmt: skip


def test_spans_may_overlap_or_lie_in_another_sentence() -> None:
    text = "Waffenlieferungen halfen."
    evidence = Evidence("a", text, 10, 10 + len(text), (0, 4), (10, 27), (10, 16))
    assert _segments(evidence) == [["Waffen", "co"], ["lieferungen", "c"], [" halfen.", ""]]


def test_words_of_the_ontology_name_the_classes(tmp_path: Path) -> None:
    _, page = _write(tmp_path, *sample())
    for name, shown in page.data["classes"].items():
        term = load_classes()[name]
        assert (shown["de"], shown["en"]) == (term.label_de, term.label_en)


def test_every_class_of_the_ontology_and_an_unknown_one_has_a_look(tmp_path: Path) -> None:
    odd = [
        Entity(f"e{i}", name, name, name)
        for i, name in enumerate([*load_classes(), "Spaceship", "__proto__"])
    ]
    relation = RELATIONS["borders"]
    statements = [
        statement(i, "a0", entity, relation, ENTITIES["Russia"], "[x] {y} <z>")
        for i, entity in enumerate(odd)
    ]
    _, page = _write(tmp_path, [], statements)
    assert page.data["classes"]["Spaceship"]["shape"] == "hexagon"
    assert all(look["colour"] for look in page.data["classes"].values())


def test_the_part_of_an_unknown_whole_is_named_by_its_id(tmp_path: Path) -> None:
    _, statements = sample()
    part = dataclasses.replace(ENTITIES["Kursk"], part_of="Central_District")
    changed = dataclasses.replace(statements[0], object=part)
    _, page = _write(tmp_path, [], [changed])
    assert page.data["nodes"][0]["part_of"] == {
        "node": None, "de": "Central District", "en": "Central District",
    }  # fmt: skip


def test_an_entity_related_to_itself_and_an_empty_graph(tmp_path: Path) -> None:
    loop = statement(
        0, "a0", ENTITIES["Russia"], RELATIONS["attacks"], ENTITIES["Russia"], "[x] {y} <z>"
    )
    _, page = _write(tmp_path, [], [loop])
    assert page.data["edges"][0]["selfReference"]["size"] > 0
    _, page = _write(tmp_path, [], [])
    assert page.data["nodes"] == []
    assert "Keine Aussagen gefunden" in json.dumps(page.data["words"])


def test_an_article_without_title_is_named_by_its_id(tmp_path: Path) -> None:
    _, statements = sample()
    _, page = _write(tmp_path, [], statements[:1])
    assert page.data["articles"] == [{"title": "a0", "source": None, "url": None, "date": None}]

"""The record of mentions and `kg entities`: what was linked, minted and left."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import graph_samples as samples
import pytest
from test_entities import DAY, parse

from kg.cli import NOTHING, OK, main
from kg.commands.entities import report
from kg.entities import find_entities, load
from kg.mentions import Decided, decide, read, write
from kg.types import Article

TEXT = (
    "Russische Truppen griffen Kiew an. Georgia [bold] schwieg. Die Pfeifenwerke Unbekannt "
    "und Georgia lieferten an Russland. Rebellen griffen Kiew an."
)
TAGS = "LOC:Kiew|ORG:Pfeifenwerke Unbekannt|LOC:Russland|MISC:Rebellen"


@pytest.fixture
def decided() -> list[Decided]:
    doc = parse(TEXT, "de", TAGS)
    article = Article("a1", TEXT, "de", DAY)
    return decide(doc, article, find_entities(doc, article, load()), load(), [])


@pytest.fixture
def folder(tmp_path: Path, decided: list[Decided]) -> Path:
    write(decided, tmp_path)
    return tmp_path


def test_every_name_is_linked_minted_or_left(decided: list[Decided]) -> None:
    found = {(d.status, d.mention, d.entity.id if d.entity else None) for d in decided}
    assert ("linked", "Kiew", "Kyiv") in found and ("linked", "Russland", "Russia") in found
    assert ("minted", "Pfeifenwerke Unbekannt", "Organisation_Pfeifenwerke_Unbekannt") in found
    assert ("left", "Rebellen", None) in found
    for each in decided:
        assert TEXT[each.start : each.end] == each.mention
    assert [d.start for d in decided] == sorted(d.start for d in decided)


def test_what_the_tables_know_and_cannot_decide_is_left_with_candidates() -> None:
    text = "Jordan spoke."
    doc, article = parse(text, "en"), Article("a", text, "en", DAY)
    (left,) = decide(doc, article, find_entities(doc, article, load()), load(), [])
    assert (left.status, left.candidates) == ("left", ("Jordan",))


def test_unnamed_people_of_statements_are_recorded() -> None:
    statement = samples.german()[0]
    article = samples.GERMAN
    doc = parse("nichts", "de")
    found = decide(doc, article, find_entities(doc, article, load()), load(), [statement])
    assert [(d.mention, d.entity) for d in found] == [
        ("Pjöngjang", samples.NORTH_KOREA),
        ("Region Kursk", samples.KURSK),
    ]


def test_the_record_is_read_as_it_was_written(folder: Path, decided: list[Decided]) -> None:
    assert read(folder) == decided
    before = (folder / "mentions.csv").read_bytes()
    write(reversed(decided), folder)
    assert (folder / "mentions.csv").read_bytes() == before


def test_table_has_three_parts_of_eighty_columns(folder: Path) -> None:
    text = report(folder)
    heads = ("linked to reference data", "known from the text only", "left")
    places = [text.index(head) for head in heads]
    assert places == sorted(places)
    assert max(map(len, text.splitlines())) <= 80
    line = next(line for line in text.splitlines() if "Kyiv" in line)
    assert line.split() == ["Kyiv", "City", "2", "Kiew", "a1"]
    assert "Kyiv" not in report(folder, status="left")


def test_an_id_is_shown_in_full(tmp_path: Path) -> None:
    long = samples.VILLAGER.__class__("Person_" + "x" * 60, "x", "x", "Person", minted=True)
    write([Decided("a", 0, 1, "[red]x", long)], tmp_path)
    text = report(tmp_path)
    assert text.replace("\n", "").replace(" ", "").count("x") >= 61
    assert "[red]x" in text


def test_long_parts_are_cut_and_say_so(folder: Path) -> None:
    assert "more (--limit 0 shows all)" in report(folder, limit=1)
    assert "more" not in report(folder, limit=0)


def test_csv_and_json_are_complete(folder: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(report(folder, "csv", limit=1))))
    records = json.loads(report(folder, "json", limit=1))
    assert [r["status"] for r in rows] == [r["status"] for r in records]
    kyiv = next(r for r in records if r["id"] == "Kyiv")
    assert (kyiv["count"], kyiv["mentions"], kyiv["articles"]) == (2, {"Kiew": 2}, ["a1"])
    row = next(r for r in rows if r["id"] == "Kyiv")
    assert (row["count"], row["mentions"], row["wikidata"]) == ("2", "Kiew", "Q1899")


def test_command_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["entities", str(folder), "--status", "minted", "--format", "json"]) == OK
    assert len(json.loads(capsys.readouterr().out)) == 1
    assert main(["entities", str(folder / "none")]) == NOTHING
    assert "'kg build' writes one" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["a,b\n", "status,x\n"])
def test_another_file_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "mentions.csv").write_text(text, "utf-8")
    with pytest.raises(ValueError, match=r"mentions\.csv:1: expected the columns"):
        read(tmp_path)


def test_a_broken_line_is_named(folder: Path) -> None:
    with (folder / "mentions.csv").open("a", encoding="utf-8") as file:
        file.write("linked,X\n")
    with pytest.raises(ValueError, match=r"mentions\.csv:\d+: not a line"):
        read(folder)


def test_nothing_found_is_said(tmp_path: Path) -> None:
    write([], tmp_path)
    assert report(tmp_path) == "nothing was found\n"

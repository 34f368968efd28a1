"""The command line as a user meets it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kg.cli import NOTHING, OK, SKIPPED, USAGE, main

ARTICLE = """---
title: Lieferung
date: 2024-03-05
lang: de
source: Test
url: https://news.example/1
---
Deutschland hat der Ukraine am Montag Panzer geliefert. Der russische Außenminister Sergej
Lawrow kritisierte Berlin.
"""
KEYS = [
    "id", "subject", "relation", "object", "type", "polarity", "modality", "attributed_to",
    "date", "place", "confidence", "evidence",
]  # fmt: skip


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "in" / "artikel.txt"
    path.parent.mkdir()
    path.write_text(ARTICLE, "utf-8")
    return path


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("graph")
    source = folder / "artikel.txt"
    source.write_text(ARTICLE, "utf-8")
    assert main(["build", str(source), "-o", str(folder / "out")]) == OK
    return folder / "out"


def test_build_writes_four_files(graph: Path) -> None:
    assert sorted(p.name for p in graph.iterdir()) == [
        "graph.html", "graph.trig", "graph.ttl", "mentions.csv",
    ]  # fmt: skip


def test_build_is_the_same_to_the_byte(graph: Path, article: Path, tmp_path: Path) -> None:
    out = tmp_path / "again"
    script = [sys.executable, "-m", "kg", "build", str(article), "-o", str(out)]
    # Another process, folder and hash seed.
    done = subprocess.run(
        script, cwd=tmp_path, capture_output=True, check=False,
        env={**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": str(Path(__file__).parents[1])},
    )  # fmt: skip
    assert done.returncode == OK, done.stderr.decode()
    for path in graph.iterdir():
        assert (out / path.name).read_bytes() == path.read_bytes(), path.name


def test_build_prints_summary_and_paths(article: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = article.parent.parent / "out"
    assert main(["build", str(article), "-o", str(out)]) == OK
    printed = capsys.readouterr().out
    assert "statements" in printed and "entities linked" in printed
    assert str(out / "graph.html") in printed
    assert max(len(line) for line in printed.splitlines() if str(out) not in line) <= 80
    assert "\x1b[" not in printed


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("missing.txt", None, "missing.txt"),
        ("empty.txt", b"", "empty.txt"),
        ("binary.txt", b"\x00\x01\x02\xff" * 50, "binary.txt"),
        ("latin1.txt", "Die Türkei verhandelt mit Ägypten.".encode("latin-1"), "latin1.txt"),
        ("french.txt", ("La France a condamné cette attaque lundi. " * 5).encode(), "french.txt"),
        ("front.txt", b"---\ntitle: A\ndate: 2024-01-01\nDer Text beginnt.", "front.txt"),
        ("date.txt", ARTICLE.replace("2024-03-05", "gestern").encode(), "date.txt"),
    ],
)
def test_bad_input_is_named_and_the_rest_is_built(
    article: Path, name: str, content: bytes | None, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = article.parent / name
    if content is not None:
        bad.write_bytes(content)
    out = article.parent.parent / "out"
    assert main(["build", str(bad), str(article), "-o", str(out)]) == SKIPPED
    messages = [m for m in capsys.readouterr().err.splitlines() if m.startswith("kg: ")]
    assert len(messages) == 1 and says in messages[0]
    assert (out / "graph.ttl").exists()
    assert main(["build", str(bad), "-o", str(article.parent.parent / "none")]) == NOTHING
    assert not (article.parent.parent / "none").exists()


def test_extract_keeps_the_contract(article: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["extract", str(article)]) == OK
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert records
    for record in records:
        assert list(record) == KEYS
        assert list(record["subject"]) == [
            "id", "label_de", "label_en", "class", "mention", "wikidata", "part_of",
        ]  # fmt: skip
        assert list(record["relation"]) == ["id", "label_de", "label_en"]
        assert list(record["evidence"]) == [
            "article", "sentence", "start", "end", "subject", "cue", "object",
        ]  # fmt: skip
        assert record["evidence"]["article"] == "artikel"
    supply = next(r for r in records if r["relation"]["id"] == "suppliesArmsTo")
    assert (supply["subject"]["wikidata"], supply["object"]["wikidata"]) == ("Q183", "Q212")
    assert supply["date"] == "2024-03-04"


def test_extract_reads_a_single_text(capsys: pytest.CaptureFixture[str]) -> None:
    text = "Iran attacked Israel on Saturday."
    assert main(["extract", "--text", text, "--lang", "en", "--date", "2024-04-14"]) == OK
    (record,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (record["type"], record["date"]) == ("ASSAULT", "2024-04-13")
    assert text[slice(*record["evidence"]["subject"])] == "Iran"


def test_extract_reads_json_lines_from_standard_input(tmp_path: Path) -> None:
    lines = '{"id": "a", "text": "Russia attacked Ukraine.", "lang": "en"}\nbroken\n'
    done = subprocess.run(
        [sys.executable, "-m", "kg", "extract", "-"], input=lines.encode(), capture_output=True,
        check=False, env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
    )  # fmt: skip
    assert done.returncode == SKIPPED
    assert json.loads(done.stdout)["evidence"]["article"] == "a"
    assert b":2:" in done.stderr


def test_query_free_and_named(graph: Path, capsys: pytest.CaptureFixture[str]) -> None:
    query = "SELECT ?s WHERE { ?s kg:suppliesArmsTo ent:Ukraine }"
    assert main(["query", str(graph), query]) == OK
    assert "Germany" in capsys.readouterr().out
    assert main(["query", str(graph), query, "--format", "json"]) == OK
    bindings = json.loads(capsys.readouterr().out)["results"]["bindings"]
    assert bindings[0]["s"]["value"].endswith("/entity/Germany")
    assert main(["query", str(graph), "--name", "statements-about", "-p", "entity=Ukraine",
                 "--format", "csv"]) == OK  # fmt: skip
    assert "," in capsys.readouterr().out


def test_wrong_queries_say_why(graph: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["query", str(graph), "SELECT ?s WHERE { ?s "]) == NOTHING
    assert main(["query", str(graph), "--name", "nonsense"]) == NOTHING
    assert main(["query", str(graph / "nowhere"), "ASK { ?s ?p ?o }"]) == NOTHING
    errors = capsys.readouterr().err
    assert "who-supports-whom" in errors and "nowhere" in errors
    with pytest.raises(SystemExit) as wrong:
        main(["query", "--format", "xml"])
    assert wrong.value.code == USAGE


@pytest.mark.parametrize("name", ["jsonl", "ttl", "trig", "nq", "graphml", "gexf", "csv"])
def test_export(graph: Path, tmp_path: Path, name: str) -> None:
    path = tmp_path / f"graph.{name}"
    assert main(["export", str(graph), "--format", name, "-o", str(path)]) == OK
    assert path.stat().st_size > 100


def test_export_jsonl_equals_extract(
    graph: Path, article: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["extract", str(article)]) == OK
    extracted = sorted(capsys.readouterr().out.splitlines())
    assert main(["export", str(graph), "--format", "jsonl"]) == OK
    assert sorted(capsys.readouterr().out.splitlines()) == extracted


def test_view_redraws_the_same_page(graph: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    assert main(["view", str(graph), "-o", str(page)]) == OK
    assert page.read_bytes() == (graph / "graph.html").read_bytes()


def test_parse_writes_conllu(article: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["parse", str(article)]) == OK
    assert capsys.readouterr().out.startswith("# newdoc id = artikel\n# text = Deutschland hat")


def test_own_entities_override_the_tables(
    article: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = tmp_path / "my.ttl"
    kg = "https://kg.example/"
    head = f"@prefix ent: <{kg}entity/> . @prefix kg: <{kg}ontology#> ."
    label = '<http://www.w3.org/2000/01/rdf-schema#label> "Deutschland"@de'
    mine.write_text(f"{head}\nent:Deutschland_AG a kg:Organisation ; {label} .", "utf-8")
    assert main(["extract", str(article), "--entities", str(mine)]) == OK
    assert '"id": "Deutschland_AG"' in capsys.readouterr().out
    mine.write_text(f"{head}\nent:X a kg:Organization .", "utf-8")
    assert main(["build", str(article), "-o", str(tmp_path / "o"), "--entities", str(mine)]) == 1
    error = capsys.readouterr().err
    assert f"{mine}:2: ent:X has the unknown class kg:Organization; did you mean" in error
    assert not (tmp_path / "o").exists()

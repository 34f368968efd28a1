"""Reading: what is read, under which id, and one clear line for what is not."""

from __future__ import annotations

import datetime
import io
import json
import os
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.language import detect_language
from kg.read import Problem, parse_date, read, read_text
from kg.types import Article

GERMAN = "Die Bundesregierung hat am Mittwoch neue Hilfen für die Ukraine beschlossen.\n"
ENGLISH = "The government agreed on Wednesday to send further aid to the country.\n"
FRENCH = "Le gouvernement a décidé mercredi d'envoyer une aide supplémentaire au pays.\n"
CORPUS = Path(__file__).resolve().parent.parent / "corpus"


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def article(*paths: Path | str, **options: str) -> Article:
    (item,) = read(paths, **options)  # type: ignore[arg-type]
    assert isinstance(item, Article), str(item)
    return item


def problem(*paths: Path | str) -> Problem:
    (item,) = read(paths)
    assert isinstance(item, Problem), item
    assert "\n" not in str(item)
    return item


# --- what is read


def test_front_matter_fills_the_article(tmp_path: Path) -> None:
    path = write(
        tmp_path / "treffen.txt",
        "---\ntitle: Nato: Neue Soldaten\ndate: 2024-06-19\nlang: de\nsource: dpa\n"
        "url: https://example.org/a#b\nnote: unused\n---\nErster Absatz,\numbrochen.\n\nZweiter.\n",
    )
    assert article(path) == Article(
        id="treffen",
        text="Erster Absatz,\numbrochen.\n\nZweiter.\n",
        lang="de",
        date=datetime.date(2024, 6, 19),
        title="Nato: Neue Soldaten",
        source="dpa",
        url="https://example.org/a#b",
    )


@pytest.mark.parametrize(("text", "lang"), [(GERMAN, "de"), (ENGLISH, "en")])
def test_plain_text_has_its_language_detected_and_no_date(
    tmp_path: Path, text: str, lang: str
) -> None:
    read_back = article(write(tmp_path / "a.txt", text))
    assert (read_back.text, read_back.lang, read_back.date) == (text, lang, None)


def test_markdown_front_matter_of_other_programs_is_passed_over(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.md",
        f'---\n# comment\ntags:\n  - krieg\n- frieden\nTitle: "Ein \\"Titel\\""\n\n---\n{GERMAN}',
    )
    assert article(path).title == 'Ein "Titel"'


def test_options_hold_only_where_the_article_states_nothing(tmp_path: Path) -> None:
    stated = write(tmp_path / "a.txt", f"---\nlang: de-AT\ndate: 2024-01-02\n---\n{GERMAN}")
    bare = write(tmp_path / "b.txt", FRENCH)
    day = datetime.date(2020, 1, 1)
    first, second = read([stated, bare], lang="en", date=day)
    assert isinstance(first, Article) and isinstance(second, Article)
    assert (first.lang, first.date) == ("de", datetime.date(2024, 1, 2))
    assert (second.lang, second.date) == ("en", day)


def test_text_files_are_normalised_and_not_stripped(tmp_path: Path) -> None:
    decomposed = unicodedata.normalize("NFD", "Türkei")
    path = write(tmp_path / "a.txt", f"\ufeff---\r\nlang: de\r\n---\r\n\r\n{decomposed} \r\rEnde")
    assert article(path).text == "\nTürkei \n\nEnde"


def test_json_lines_text_is_kept_character_by_character(tmp_path: Path) -> None:
    text = "\ufeffTu\u0308rkei\r\n \r" + GERMAN
    path = write(tmp_path / "a.jsonl", json.dumps({"id": "x y/ü", "text": text, "lang": "de"}))
    read_back = article(path)
    assert (read_back.text, read_back.id) == (text, "x y/ü")


def test_a_bad_json_line_leaves_the_others(tmp_path: Path) -> None:
    good = json.dumps({"text": GERMAN, "id": 7, "date": None, "title": ""}).encode()
    bad: list[tuple[bytes, str]] = [
        (b'{"text": ', "not JSON"),
        (b"[]", "not a JSON object"),
        (b"{}", 'no "text"'),
        (b'{"text": 3}', '"text" must be a string'),
        (b'{"text": "  "}', "no text"),
        (b'{"text": "M\xfcnchen"}', "0xFC"),
        (b'{"text": "a \\ud800 b"}', "surrogate"),
        (b'{"text": "a", "lang": "xx"}', "lang is 'xx'"),
        (b'{"text": "a", "lang": 1}', "'lang' must be a string"),
        (b'{"text": "a", "title": "\\u0000"}', "'title'"),
        (b'{"text": "a", "id": "a\\tb"}', "'id'"),
        (b'{"text": "a", "date": "gestern"}', "'gestern' is no date"),
        (b"[" * 100_000, "not JSON"),
    ]
    path = write(tmp_path / "a.jsonl", b"\n".join([*(line for line, _ in bad), b"", good]))
    *problems, last = read([path])
    assert isinstance(last, Article) and last.id == "7" and last.title is None
    for number, ((_, message), item) in enumerate(zip(bad, problems, strict=True), start=1):
        assert str(item).startswith(f"{path}:{number}: ")
        assert message in str(item)


def test_standard_input_is_json_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    record = json.dumps({"text": GERMAN}).encode()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(record + b"\n{\n")))
    first, second = read(["-"])
    assert isinstance(first, Article) and first.text == GERMAN
    assert isinstance(second, Problem) and str(second).startswith("<stdin>:2: not JSON")


def test_a_pipe_without_suffix_may_be_json_lines_or_text(tmp_path: Path) -> None:
    assert article(write(tmp_path / "63", json.dumps({"text": GERMAN, "id": "a"}))).id == "a"
    assert article(write(tmp_path / "64", GERMAN)).id == "64"


def test_folders_are_read_recursively_and_in_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a.md", "z/c.txt", "d/e.TXT"):
        write(tmp_path / name, GERMAN)
    for name in (".hidden.txt", ".git/x.txt", "README.md", "z/readme.txt", "page.html"):
        write(tmp_path / name, GERMAN)
    (tmp_path / "z" / "loop").symlink_to(tmp_path)
    assert [item.id for item in read([tmp_path]) if isinstance(item, Article)] == [
        "a", "b", "e", "c",
    ]  # fmt: skip


def test_reading_is_lazy(tmp_path: Path) -> None:
    good = write(tmp_path / "a.txt", GERMAN)
    later = tmp_path / "b.txt"
    items = read([good, later])
    assert isinstance(next(items), Article)
    write(later, ENGLISH)
    assert isinstance(next(items), Article)


# --- identity


def test_id_does_not_depend_on_the_place_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "2024-06-19 Besuch in Pjöngjang?.de.txt"
    here = write(tmp_path / "here" / name, GERMAN)
    there = write(tmp_path / "there" / unicodedata.normalize("NFD", name), GERMAN)
    monkeypatch.chdir(here.parent)
    ids = {article(here).id, article(there).id, article(name).id}
    assert ids == {"2024-06-19_Besuch_in_Pjöngjang_.de"}


def test_json_lines_without_id_get_one_from_the_text(tmp_path: Path) -> None:
    lines = [json.dumps({"text": text}) for text in (GERMAN, ENGLISH)]
    forward = [i.id for i in read([write(tmp_path / "a.jsonl", "\n".join(lines))])]  # type: ignore[union-attr]
    backward = [i.id for i in read([write(tmp_path / "b.jsonl", "\n".join(lines[::-1]))])]  # type: ignore[union-attr]
    assert forward == backward[::-1] and len(set(forward)) == 2


def test_the_same_article_twice_is_read_once(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", GERMAN)
    copy = write(tmp_path / "copy" / "a.txt", GERMAN)
    assert article(tmp_path, path, copy).id == "a"


def test_another_article_under_the_same_name_is_a_problem(tmp_path: Path) -> None:
    path = write(tmp_path / "1" / "a.txt", GERMAN)
    other = write(tmp_path / "2" / "a.txt", ENGLISH)
    named = write(tmp_path / "3" / "a.txt", f"---\nid: b\n---\n{ENGLISH}")
    first, clash, third = read([path, other, named])
    assert isinstance(first, Article) and isinstance(third, Article)
    assert str(clash).startswith(f"{other}: another article has the id 'a' already ({path})")


# --- what can't be read: one clear line each

BROKEN: list[tuple[str, str | bytes, int | None, str]] = [
    ("empty.txt", b"", None, "the file is empty"),
    ("blank.txt", b"\xef\xbb\xbf \r\n", None, "the file is empty"),
    ("empty.jsonl", b"\n\n", None, "the file is empty"),
    ("binary.txt", b"\x89PNG\r\n\x1a\n\x00\x00", None, "a binary file"),
    ("paper.txt", b"%PDF-1.7\n", None, "a binary file"),
    ("utf16.txt", GERMAN.encode("utf-16"), None, "UTF-16"),
    ("latin.txt", ("Erste Zeile\r\n" + GERMAN).encode("latin-1"), 2, "byte 0xFC (byte 50 of"),
    ("french.txt", FRENCH, None, "looks like language 'fr'"),
    ("figures.txt", "12 345\n", None, "the language can't be told"),
    ("open.txt", "---\ntitle: a\n", 1, "no line '---' ends it"),
    (
        "prose.txt",
        "---\ntitle: a\nund so weiter\n---\n",
        3,
        "a line 'key: value' or '---' expected",
    ),
    ("list.txt", "---\n- a\n---\n", 2, "a line 'key: value'"),
    ("folded.txt", "---\ntitle: >\n  a\n---\n", 3, "'title' must stand on one line"),
    ("twice.txt", "---\ndate: 2024-01-01\ndate: 2024-01-02\n---\n", 3, "states 'date' twice"),
    ("bare.txt", "---\nlang: de\n---\n\n", None, "no text"),
    ("month.txt", f"---\nlang: de\ndate: 2024-13-45\n---\n{GERMAN}", 3, "'2024-13-45' is no date"),
    ("gestern.txt", f"---\ndate: gestern\n---\n{GERMAN}", 2, "'gestern' is no date"),
    ("lang.txt", f"---\ntitle: a\nlang: fr\n---\n{FRENCH}", 3, "lang is 'fr'"),
    ("page.html", "<p>", None, "unknown format .html"),
]


@pytest.mark.parametrize(("name", "content", "line", "message"), BROKEN, ids=[b[0] for b in BROKEN])
def test_broken_file_is_one_clear_line(
    tmp_path: Path, name: str, content: str | bytes, line: int | None, message: str
) -> None:
    path = write(tmp_path / name, content)
    found = problem(path)
    assert (found.path, found.line) == (str(path), line)
    assert message in found.message
    where = str(path) if line is None else f"{path}:{line}"
    assert str(found) == f"{where}: {found.message}"


def test_the_rest_of_a_folder_is_read(tmp_path: Path) -> None:
    for name, content, _, _ in BROKEN:
        write(tmp_path / name, content)
    write(tmp_path / "good.txt", GERMAN)
    items = list(read([tmp_path / "missing.txt", tmp_path]))
    assert [item.id for item in items if isinstance(item, Article)] == ["good"]
    # page.html is no article, so a folder passes over it; missing.txt takes its place
    assert len(items) - 1 == len(BROKEN)


def test_missing_file() -> None:
    assert str(problem("no/such.txt")) == "no/such.txt: no such file or folder"
    assert "no such file" in str(problem("no/such.html"))
    assert str(problem("a\0b.txt")).startswith("a\\x00b.txt: ")
    assert "too long" in str(problem("x" * 5000)).lower()


def test_dangling_link_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to(tmp_path / "gone.txt")
    assert problem(tmp_path).message == "no such file or folder"


def test_folder_without_articles(tmp_path: Path) -> None:
    write(tmp_path / "README.md", GERMAN)
    assert "no articles" in str(problem(tmp_path))


def test_no_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = write(tmp_path / "secret.txt", GERMAN)

    def refuse(*args: object, **kwargs: object) -> None:
        raise PermissionError(13, "Permission denied")  # root may read everything: pretend

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", refuse)
        assert str(problem(secret)) == f"{secret}: no permission to read it"
    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", refuse)
        assert str(problem(tmp_path)) == f"{tmp_path}: no permission to read it"


def test_a_problem_is_one_harmless_line() -> None:
    assert str(Problem("a\nb\udcff.txt", 3, "x\x1b[31m")) == "a\\nb\\udcff.txt:3: x\\x1b[31m"


def test_unknown_lang_option() -> None:
    with pytest.raises(ValueError, match="'fr'"):
        next(read([], lang="fr"))


# --- dates, languages, single texts


@pytest.mark.parametrize(
    "value",
    ["2024-06-19", " 2024-06-19 ", "2024-06-19T10:00:00Z", "2024-06-19 23:59",
     "2024-06-19T10:00:00.123+02:00"],
)  # fmt: skip
def test_real_dates(value: str) -> None:
    assert parse_date(value) == datetime.date(2024, 6, 19)


@pytest.mark.parametrize(
    "value",
    ["2024-13-45", "2023-02-29", "gestern", "19.06.2024", "20240619", "2024-W25-3", "2024-6-19",
     "2024-06-19T", "2024-06-19T25:00", "2024-06-19x", "0000-01-01", "٢٠٢٤-06-19", ""],
)  # fmt: skip
def test_no_dates(value: str) -> None:
    with pytest.raises(ValueError, match="is no date"):
        parse_date(value)


@given(st.dates())
def test_every_date_is_read_back(date: datetime.date) -> None:
    assert parse_date(date.isoformat()) == date


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Putin trifft Kim.", "de"),
        ("Putin meets Kim.", "en"),
        ("Lawrow besucht Nordkorea.", "de"),
        ("Russia attacked Ukraine.", "en"),
        ("Moskau droht Kiew.", "de"),
        ("Die USA verhängen Sanktionen gegen den Iran.", "de"),
        ("MERZ EMPFÄNGT MACRON IN BERLIN", "de"),
        ("La Russie a attaqué l'Ukraine.", "fr"),
        ("Rusland heeft Oekraïne aangevallen.", "nl"),
        ("Россия напала на Украину.", "ru"),
        ("", None),
        ("24.02.2022 - 17:30", None),
    ],
)
def test_language_of_a_short_sentence(text: str, lang: str | None) -> None:
    assert detect_language(text) == lang


def test_read_text() -> None:
    day = datetime.date(2024, 6, 19)
    assert read_text(" Putin trifft Kim.\r\n", date=day) == Article(
        id="text", text=" Putin trifft Kim.\r\n", lang="de", date=day
    )
    assert read_text(FRENCH, lang="en", id="x").id == "x"
    for text, message in ((FRENCH, "'fr'"), (" ", "no text"), ("a\0", "NUL")):
        with pytest.raises(ValueError, match=message):
            read_text(text)


# --- round trips

STORABLE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
TEXT = STORABLE.filter(str.strip)
VALUE = st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), min_size=1).map(
    lambda value: unicodedata.normalize("NFC", " ".join(value.split())) or "x"
)


@given(
    text=st.text(st.characters(exclude_categories=["Cc", "Cs"]) | st.sampled_from("\n\t")).filter(
        str.strip
    ),
    title=VALUE,
    source=VALUE,
    date=st.dates(),
    lang=st.sampled_from(["de", "en"]),
)
def test_front_matter_round_trip(
    tmp_path_factory: pytest.TempPathFactory,
    text: str,
    title: str,
    source: str,
    date: datetime.date,
    lang: str,
) -> None:
    text = unicodedata.normalize("NFC", text)
    quoted = title.replace("\\", "\\\\").replace('"', '\\"')
    content = f'---\ntitle: "{quoted}"\nsource: "{source}"\ndate: {date}\nlang: {lang}\n---\n{text}'
    path = write(tmp_path_factory.getbasetemp() / "round.txt", content)
    expected_source = re.sub(r"\\([\\\"])", r"\1", source)
    assert article(path) == Article("round", text, lang, date, title, expected_source)


@given(
    st.dictionaries(
        VALUE, st.tuples(TEXT, VALUE, st.dates(), st.sampled_from(["de", "en"])), min_size=1
    )
)
def test_json_lines_round_trip(
    tmp_path_factory: pytest.TempPathFactory,
    records: dict[str, tuple[str, str, datetime.date, str]],
) -> None:
    articles = [
        Article(id, text, lang, date, title=value, source=value, url=value)
        for id, (text, value, date, lang) in records.items()
    ]
    lines = [
        json.dumps(
            {
                "id": a.id, "text": a.text, "lang": a.lang, "date": str(a.date),
                "title": a.title, "source": a.source, "url": a.url,
            },
            ensure_ascii=number % 2 == 0,
        )
        for number, a in enumerate(articles)
    ]  # fmt: skip
    path = write(tmp_path_factory.getbasetemp() / "round.jsonl", "\r\n".join(lines))
    assert list(read([path])) == articles


# --- the sample corpus


def test_corpus_is_read_without_a_problem() -> None:
    items = list(read([CORPUS]))
    assert [str(item) for item in items if isinstance(item, Problem)] == []
    languages = [item.lang for item in items if isinstance(item, Article)]
    assert languages.count("de") >= 8 and languages.count("en") >= 6


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.txt")), ids=lambda path: path.stem)
def test_corpus_article(path: Path) -> None:
    read_back = article(path)
    assert read_back.date is not None and 2022 <= read_back.date.year <= 2025
    assert path.name.startswith(f"{read_back.date}-")
    assert path.name.endswith(f".{read_back.lang}.txt")
    assert detect_language(read_back.text) == read_back.lang
    assert 150 <= len(read_back.text.split()) <= 350
    assert read_back.title and read_back.source == "kg sample corpus"
    note = "\nnote: Written for this project from public facts; not a news agency text.\n"
    assert note in path.read_text(encoding="utf-8")
    assert not re.search(r'["„“”»«]', read_back.text), "nobody is quoted word for word"

"""Read news articles from files: the first step of the way of an article.

Three formats are read, all in UTF-8:

* ``.txt`` and ``.md``: one article a file, with optional front matter, a block
  of ``key: value`` lines between two lines ``---`` at the very top. The keys
  ``id``, ``title``, ``date``, ``lang``, ``source`` and ``url`` are used, others
  are ignored.
* ``.jsonl`` and ``.ndjson``: JSON Lines, one object a line with the same keys
  and ``text``; only ``text`` is required.
* ``-``: JSON Lines from standard input.

**Text.** Offsets index :attr:`Article.text` exactly. The text of a JSON Lines
record is kept character by character, since whoever wrote it counts in his own
string. The text of a text file is what follows the front matter, without byte
order mark, with line ends turned to ``\\n`` and in Unicode NFC (decomposed
umlauts, as macOS writes them, would match no lexicon); nothing is stripped.

**Identity.** An article's id is the ``id`` it states, else the file name
without folder and last suffix, so that it does not depend on where the file
lies; JSON Lines without id get one from a hash of the text. An article that
turns up twice in one pass is yielded once; another article under an id already
taken is a :class:`Problem`, because the two would overwrite each other's
statements. Across passes, a later article replaces the earlier one of its id.

**Problems.** Whatever can't be read is yielded as a :class:`Problem` in its
place, and reading goes on. An article whose date or language is wrong is left
out: a guess there would put wrong dates on its statements.
"""

from __future__ import annotations

import codecs
import datetime
import hashlib
import json
import os
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.language import LANGUAGES, detect_language
from kg.types import Article

_TEXT_SUFFIXES = frozenset({".txt", ".md"})
_JSONL_SUFFIXES = frozenset({".jsonl", ".ndjson"})
_FIELDS = ("id", "title", "date", "lang", "source", "url")
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ](.+))?", re.ASCII)
_KEY_VALUE = re.compile(r"([A-Za-z_][\w.-]*)[ \t]*:(.*)")
_LANGUAGE_TAG = re.compile(r"(de|en)(?:[-_].*)?", re.IGNORECASE)
_CONTROL_BYTES = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
# NUL breaks XML and C libraries down the line; a lone surrogate can't be written as UTF-8.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_UTF16_32_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be read.

    ``path`` is the file as it was named, ``line`` the line (from 1) or None
    where the whole file is meant. ``str(problem)`` is one line,
    ``FILE:LINE: message``, free of control characters.
    """

    path: str
    line: int | None
    message: str

    def __str__(self) -> str:
        where = self.path if self.line is None else f"{self.path}:{self.line}"
        return _one_line(f"{where}: {self.message}")


class _Unreadable(Exception):
    """A fault found while reading: in a line (from 1), in a field, or in the whole file."""

    def __init__(self, message: str, line: int | None = None, key: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.key = key


def read(
    paths: Iterable[Path | str],
    lang: str | None = None,
    date: datetime.date | None = None,
) -> Iterator[Article | Problem]:
    """Yield the articles below ``paths`` in one lazy pass, problems in their place.

    A path is a file, a folder or ``-`` (JSON Lines from standard input).
    Folders are read recursively in the order of their names; hidden files,
    README files and files of other formats in them are passed over.

    ``lang`` (``"de"`` or ``"en"``) and ``date`` hold for the articles that
    state none of their own; without ``lang`` the language is detected.

    Raises:
        ValueError: if ``lang`` is another language (at the first ``next``).
    """
    if lang is not None and lang not in LANGUAGES:
        raise ValueError(f"lang must be one of {', '.join(LANGUAGES)}, not {lang!r}")
    taken: dict[str, tuple[bytes, str]] = {}
    for path in paths:
        for item in _read_path(path, lang, date):
            if isinstance(item, Problem):
                yield item
                continue
            article, file, line = item
            digest = hashlib.blake2b(repr(article).encode(), digest_size=8).digest()
            known = taken.get(article.id)
            if known is None:
                taken[article.id] = (digest, file)
                yield article
            elif known[0] != digest:
                yield Problem(
                    file,
                    line,
                    f"another article has the id {article.id!r} already ({known[1]});"
                    " rename the file or state another id",
                )


def read_text(
    text: str,
    lang: str | None = None,
    date: datetime.date | None = None,
    id: str = "text",
) -> Article:
    """Return ``text``, character by character, as an article.

    Raises:
        ValueError: if the text is empty or can't be stored, or if its language
            is neither German nor English or can't be told.
    """
    try:
        return Article(id=id, text=_storable(text), lang=_language(lang, text, None), date=date)
    except _Unreadable as fault:
        raise ValueError(fault.message) from None


def parse_date(value: str) -> datetime.date:
    """Return the day of an ISO date, ``2024-06-19`` or ``2024-06-19T10:00:00Z``.

    The day is taken as written, without turning it into another time zone.

    Raises:
        ValueError: if ``value`` is no such date, or a day that does not exist.
    """
    match = _DATE.fullmatch(value.strip())
    try:
        if match is None:
            raise ValueError
        day, time = match.groups()
        if time is not None:
            datetime.time.fromisoformat(time.replace("Z", "+00:00"))
        return datetime.date.fromisoformat(day)
    except ValueError:
        raise ValueError(f"{value!r} is no date of the form YYYY-MM-DD") from None


# --- files and folders


_Found = tuple[Article, str, int | None]


def _read_path(
    path: Path | str, lang: str | None, date: datetime.date | None
) -> Iterator[_Found | Problem]:
    if str(path) == "-":
        yield from _read_json_lines(sys.stdin.buffer, "<stdin>", lang, date)
        return
    path = Path(path)
    try:
        is_folder = path.is_dir()
    except OSError as error:
        yield Problem(str(path), None, _reason(error))
        return
    if not is_folder:
        yield from _read_file(path, lang, date)
        return
    anything = False
    for item in _files_below(path):
        anything = True
        if isinstance(item, Problem):
            yield item
        else:
            yield from _read_file(item, lang, date)
    if not anything:
        yield Problem(str(path), None, "no articles (.txt, .md or .jsonl) in this folder")


def _files_below(folder: Path) -> Iterator[Path | Problem]:
    """Yield the article files below a folder: its own first, then each subfolder."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield Problem(str(folder), None, _reason(error))
        return
    entries = [entry for entry in entries if not entry.name.startswith(".")]
    for entry in entries:
        path = folder / entry.name
        suffix = path.suffix.lower()
        if suffix not in _TEXT_SUFFIXES | _JSONL_SUFFIXES or path.stem.lower() == "readme":
            continue
        # is_file follows links; a dangling one is named rather than passed over,
        # and a pipe, which would block, is left alone.
        if entry.is_file() or (entry.is_symlink() and not path.exists()):
            yield path
    for entry in entries:
        # Links to folders are not followed: they can run in circles.
        if entry.is_dir(follow_symlinks=False):
            yield from _files_below(folder / entry.name)


def _read_file(
    path: Path, lang: str | None, date: datetime.date | None
) -> Iterator[_Found | Problem]:
    name = str(path)
    suffix = path.suffix.lower()
    try:
        with path.open("rb") as stream:
            if suffix in _JSONL_SUFFIXES:
                yield from _read_json_lines(stream, name, lang, date)
            elif suffix in _TEXT_SUFFIXES:
                yield _read_text_file(stream.read(), path, lang, date), name, None
            elif suffix:
                raise _Unreadable(f"unknown format {suffix}; .txt, .md and .jsonl are read")
            else:
                data = stream.read()  # no suffix, as of a pipe: /dev/fd/63
                if data.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"{"):
                    yield from _read_json_lines(data.splitlines(True), name, lang, date)
                else:
                    yield _read_text_file(data, path, lang, date), name, None
    except _Unreadable as fault:
        yield Problem(name, fault.line, fault.message)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the file name
        yield Problem(name, None, _reason(error))


def _reason(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "no such file or folder"
    if isinstance(error, PermissionError):
        return "no permission to read it"
    return getattr(error, "strerror", None) or str(error)


# --- formats


def _read_json_lines(
    lines: Iterable[bytes], name: str, lang: str | None, date: datetime.date | None
) -> Iterator[_Found | Problem]:
    anything = False
    for number, raw in enumerate(lines, start=1):
        if not raw.strip():
            continue
        anything = True
        try:
            record = _json_object(_decode(raw))
            text = record.get("text")
            if not isinstance(text, str):
                raise _Unreadable('"text" must be a string' if "text" in record else 'no "text"')
            text_hash = hashlib.sha256(_storable(text).encode()).hexdigest()
            yield _article(record, text, f"text-{text_hash[:16]}", lang, date), name, number
        except _Unreadable as fault:
            yield Problem(name, number, fault.message)
    if not anything:
        yield Problem(name, None, "the file is empty")


def _json_object(line: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise _Unreadable(f"not JSON: {error.msg} at column {error.colno}") from None
    except (ValueError, RecursionError) as error:
        raise _Unreadable(f"not JSON: {error}") from None
    if not isinstance(record, dict):
        raise _Unreadable("not a JSON object")
    return record


def _read_text_file(
    data: bytes, path: Path, lang: str | None, date: datetime.date | None
) -> Article:
    if not data.removeprefix(codecs.BOM_UTF8).strip():
        raise _Unreadable("the file is empty")
    content = _decode(data).replace("\r\n", "\n").replace("\r", "\n")
    fields, lines, body = _split_front_matter(unicodedata.normalize("NFC", content))
    stem = unicodedata.normalize("NFC", path.stem)
    try:
        return _article(fields, body, re.sub(r"[^\w.~-]", "_", stem), lang, date)
    except _Unreadable as fault:
        raise _Unreadable(fault.message, lines.get(fault.key or "")) from None


def _decode(data: bytes) -> str:
    if data.startswith(_UTF16_32_MARKS):
        raise _Unreadable("wrong encoding: UTF-16 or UTF-32; save it as UTF-8")
    if data.startswith(b"%PDF-") or _CONTROL_BYTES.search(data):
        raise _Unreadable("a binary file, not text")
    try:
        return data.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        before = error.object[: error.start]
        line = len(re.findall(rb"\r\n|\r|\n", before)) + 1
        column = len(re.split(rb"[\r\n]", before)[-1]) + 1
        raise _Unreadable(
            f"wrong encoding: byte 0x{error.object[error.start]:02X} (byte {column} of the line)"
            " is not UTF-8, perhaps Latin-1 or Windows-1252; save it as UTF-8",
            line,
        ) from None


def _split_front_matter(content: str) -> tuple[dict[str, str], dict[str, int], str]:
    """Return the fields, the line of each field, and the text after the front matter.

    Not YAML: in ``title: Nato: Neue Soldaten`` YAML stops at the second colon,
    and headlines are full of them. Lists and nested values are passed over
    under keys that are not ours.
    """
    lines = content.split("\n")
    fields: dict[str, str] = {}
    where: dict[str, int] = {}
    if lines[0].rstrip() != "---":
        return fields, where, content
    key = None
    for number, line in enumerate(lines[1:], start=2):
        if line.rstrip() == "---":
            return fields, where, "\n".join(lines[number:])
        if not line.strip() or line.startswith("#"):
            continue
        match = _KEY_VALUE.fullmatch(line)
        if match is not None:
            key = match[1].lower()
            if key in fields:
                raise _Unreadable(f"front matter states {key!r} twice", number)
            fields[key], where[key] = _unquote(match[2].strip()), number
        elif key is None or not line.startswith((" ", "\t", "- ")):
            raise _Unreadable("broken front matter: a line 'key: value' or '---' expected", number)
        elif key in _FIELDS:
            raise _Unreadable(f"broken front matter: {key!r} must stand on one line", number)
    raise _Unreadable("broken front matter: no line '---' ends it", 1)


def _unquote(value: str) -> str:
    if len(value) >= 2 and value[0] == value[-1] == '"':
        return re.sub(r"\\([\\\"])", r"\1", value[1:-1])
    if len(value) >= 2 and value[0] == value[-1] == "'":
        return value[1:-1].replace("''", "'")
    return value


# --- fields


def _article(
    fields: Mapping[str, Any],
    text: str,
    default_id: str,
    lang: str | None,
    date: datetime.date | None,
) -> Article:
    values = {key: _field(fields, key) for key in _FIELDS}
    stated = values["date"]
    if stated is not None:
        try:
            date = parse_date(stated)
        except ValueError as error:
            raise _Unreadable(str(error), key="date") from None
    return Article(
        id=values["id"] or default_id,
        text=_storable(text),
        lang=_language(values["lang"], text, lang),
        date=date,
        title=values["title"],
        source=values["source"],
        url=values["url"],
    )


def _field(fields: Mapping[str, Any], key: str) -> str | None:
    value = fields.get(key)
    if key == "id" and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if value is None:
        return None
    if not isinstance(value, str):
        raise _Unreadable(f"{key!r} must be a string", key=key)
    if _UNSTORABLE.search(value):
        raise _Unreadable(f"{key!r} holds a character that can't be stored", key=key)
    if key == "id":
        # Kept as given, for whoever gave it looks statements up by it.
        if value != _one_line(value):
            raise _Unreadable("'id' holds a control character", key=key)
        return value or None
    return " ".join(value.split()) or None


def _storable(text: str) -> str:
    if not text.strip():
        raise _Unreadable("no text")
    if _UNSTORABLE.search(text):
        raise _Unreadable("the text holds a NUL or half a surrogate pair")
    return text


def _language(stated: str | None, text: str, default: str | None) -> str:
    if stated is not None:
        match = _LANGUAGE_TAG.fullmatch(stated)
        if match is None:
            raise _Unreadable(f"lang is {stated!r}; de and en are read", key="lang")
        return match[1].lower()
    if default is not None:
        return default
    found = detect_language(text)
    if found is None:
        raise _Unreadable("the language can't be told; state lang: de or lang: en")
    if found not in LANGUAGES:
        raise _Unreadable(f"looks like language {found!r}; de and en are read (or state lang)")
    return found


def _one_line(text: str) -> str:
    """Escape what would break a line of output, move a cursor or fail to encode."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in text
    )

"""The command line: ``kg build``, ``query``, ``entities`` and the other commands."""

from __future__ import annotations

import argparse
import datetime
import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from kg import __version__
from kg.read import Problem, parse_date, read, read_text
from kg.types import Article

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from kg.pipeline import Result

OK, NOTHING, USAGE, SKIPPED = 0, 1, 2, 3
_STATUS = """\
exit status:
  0  everything was done
  1  nothing could be done
  2  the command line is wrong
  3  done, but some input was skipped (each is named on standard error)
"""


class Failure(Exception):
    """Ends the program with a message and status 1."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that can't show a letter gets a stand-in, never a traceback.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except BrokenPipeError:
        # The reader has seen enough ("| head"); nothing more can be written.
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
        return OK
    except (Failure, OSError, ValueError) as error:
        print(f"kg: {error}", file=sys.stderr)
        return NOTHING
    except KeyboardInterrupt:
        print("kg: interrupted", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="kg",
        description="Turn German and English news into a knowledge graph that can be trusted.",
        epilog=_STATUS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"kg {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    def command(name: str, help: str) -> argparse.ArgumentParser:
        return commands.add_parser(
            name, help=help, description=help[0].upper() + help[1:] + ".", epilog=_STATUS,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )  # fmt: skip

    build = command("build", "read articles and write graph.ttl, .trig, .html and mentions.csv")
    _reading(build)
    _own_entities(build)
    build.add_argument("-o", "--output", type=Path, default=Path("output"), metavar="FOLDER")
    build.add_argument("--title", default="Knowledge graph", help="heading of the page")
    build.set_defaults(run=_build)

    extract = command("extract", "write the statements of articles as JSON Lines")
    _reading(extract, text=True)
    _own_entities(extract)
    extract.add_argument(
        "--open", action="store_true",
        help="write open triples instead: id, subject, relation and object phrase, tab-separated",
    )  # fmt: skip
    extract.set_defaults(run=_extract)

    parse = command("parse", "write the syntax of articles as CoNLL-U")
    _reading(parse, text=True)
    parse.set_defaults(run=_parse)

    query = command("query", "run a SPARQL query on a graph")
    query.add_argument("graph", type=Path, nargs="?", help="output folder or graph file")
    query.add_argument("sparql", nargs="?", help="the query")
    query.add_argument("-f", "--file", type=Path, metavar="FILE.rq", help="query from a file")
    query.add_argument("-n", "--name", help="a named query, see --list")
    query.add_argument(
        "-p", "--parameter", action="append", default=[], metavar="NAME=VALUE",
        help="parameter of a named query",
    )  # fmt: skip
    query.add_argument("--list", action="store_true", help="list the named queries")
    query.add_argument("--format", choices=("table", "csv", "json"), default="table")
    query.add_argument("--lang", choices=("de", "en"), default="en", help="language of the labels")
    query.set_defaults(run=_query)

    export = command("export", "write a graph for other tools")
    export.add_argument("graph", type=Path, help="output folder or graph file")
    export.add_argument("--format", default="ttl", help="jsonl, ttl, trig, nq, graphml, gexf, ...")
    export.add_argument("-o", "--output", type=Path, metavar="FILE", help="else standard output")
    export.set_defaults(run=_export)

    entities = command("entities", "list what was linked, minted and left")
    entities.add_argument("folder", type=Path, help="output folder of kg build")
    entities.add_argument("--format", choices=("table", "csv", "json"), default="table")
    entities.add_argument("--status", choices=("linked", "minted", "left"), help="only these")
    entities.add_argument(
        "--limit", type=int, default=40, metavar="N", help="rows of each part of the table; 0: all"
    )
    entities.set_defaults(run=_entities)

    validate = command(
        "validate", "hold a graph against the shapes; status 1 if it does not conform"
    )
    validate.add_argument("graph", type=Path, help="output folder or graph file")
    validate.set_defaults(run=_validate)

    ontology = command("ontology", "show the relations and the words that express them")
    ontology.add_argument("--format", choices=("table", "csv", "json"), default="table")
    ontology.add_argument("--lang", choices=("de", "en"), default="en", help="of the labels")
    ontology.add_argument(
        "--html", type=Path, metavar="FOLDER", help="write pages in German and English instead"
    )
    ontology.set_defaults(run=_ontology)

    view = command("view", "draw a graph as an interactive page")
    view.add_argument("graph", type=Path, help="output folder or graph file")
    view.add_argument("-o", "--output", type=Path, metavar="FILE", help="else graph.html")
    view.add_argument("--title", default="Knowledge graph", help="heading of the page")
    view.set_defaults(run=_view)
    return parser


def _reading(parser: argparse.ArgumentParser, text: bool = False) -> None:
    parser.add_argument(
        "paths", nargs="*" if text else "+", metavar="PATH",
        help="text files, JSON Lines or folders; - is JSON Lines on standard input",
    )  # fmt: skip
    if text:
        parser.add_argument("--text", help="a single text instead of files")
    parser.add_argument("--lang", choices=("de", "en"), help="language where none is stated")
    parser.add_argument("--date", type=_date, help="day of publication where none is stated")
    parser.add_argument("--model", help="another spaCy pipeline that yields Universal Dependencies")


def _own_entities(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--entities", type=Path, metavar="FILE.ttl",
        help="your own entities, names, same-as and not-same-as; they override the tables",
    )  # fmt: skip


def _date(value: str) -> datetime.date:
    try:
        return parse_date(value)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


class _Input:
    """Articles from the command line; problems are printed and counted on the way."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.skipped = 0
        self.articles = 0

    def __iter__(self) -> Iterator[Article]:
        options = self.options
        text = getattr(options, "text", None)
        if text is not None:
            if options.paths:
                raise Failure("give either --text or files, not both")
            self.articles = 1
            yield read_text(text, options.lang, options.date)
            return
        if not options.paths:
            raise Failure("name a file, a folder or - for standard input, or give --text")
        for found in read(options.paths, options.lang, options.date):
            if isinstance(found, Problem):
                self.skipped += 1
                print(f"kg: {found}", file=sys.stderr)
            else:
                self.articles += 1
                yield found

    def status(self) -> int:
        """Return the exit status that says what became of the input."""
        if not self.articles:
            return NOTHING
        return SKIPPED if self.skipped else OK


def _progress(results: Iterable[Result], total: int) -> Iterator[Result]:
    from tqdm import tqdm

    yield from tqdm(
        results, total=total, unit="article", disable=None, file=sys.stderr, leave=False
    )


def _build(options: argparse.Namespace) -> int:
    began = time.perf_counter()
    source = _Input(options)
    articles = list(source)
    if not articles:
        raise Failure("no article could be read; nothing was written")
    from kg import mentions, store
    from kg.pipeline import Pipeline
    from kg.view import write_html

    pipeline = Pipeline(options.model, options.entities)
    results = list(_progress(pipeline.run(articles, record=True), len(articles)))
    pairs = [(r.article, r.statements) for r in results]
    dataset = store.build_dataset(pairs, pipeline.gazetteer.entities.get)
    paths = store.write(dataset, options.output)
    paths.append(mentions.write((m for r in results for m in r.mentions), options.output))
    page = options.output / "graph.html"
    write_html([a for a, _ in pairs], [s for _, each in pairs for s in each], page, options.title)
    _summary(results, source.skipped, time.perf_counter() - began)
    for path in (page, *paths):
        print(path)
    return source.status()


def _summary(results: Sequence[Result], skipped: int, seconds: float) -> None:
    from rich.console import Console
    from rich.table import Table

    statements = [s for r in results for s in r.statements]
    entities = {e.id: e for s in statements for e in (s.subject, s.object)}
    minted = sum(e.minted for e in entities.values())
    table = Table(show_header=False)
    table.add_column(style="bold")
    table.add_column(justify="right")
    rows = [
        ("articles", len(results)),
        ("articles skipped", skipped),
        ("sentences", sum(r.sentences for r in results)),
        ("statements", len(statements)),
        ("  of these plain facts", sum(s.is_fact for s in statements)),
        ("entities linked to reference data", len(entities) - minted),
        ("entities known from the text only", minted),
    ]
    for label, number in rows:
        table.add_row(label, f"{number:,}")
    table.add_row("seconds", f"{seconds:.1f}")
    Console(width=80 if not sys.stdout.isatty() else None).print(table)


def _extract(options: argparse.Namespace) -> int:
    if options.open:
        from kg.extract.open import open_triples

        def triples(doc: Doc, article: Article) -> Iterator[str]:
            for triple in open_triples(doc):
                yield "\t".join((article.id, *triple))

        return _write_parsed(options, triples)
    source = _Input(options)
    articles = _begun(source)
    if articles is None:
        return source.status()
    from kg.pipeline import Pipeline
    from kg.statements import statement_to_json

    pipeline = Pipeline(options.model, options.entities)
    lookup = pipeline.gazetteer.entities.get
    for result in pipeline.run(articles):
        for statement in result.statements:
            _write_line(json.dumps(statement_to_json(statement, lookup), ensure_ascii=False))
    return source.status()


def _parse(options: argparse.Namespace) -> int:
    from kg.parse.conllu import to_conllu

    return _write_parsed(options, lambda doc, article: [to_conllu(doc, article.id)])


def _write_parsed(
    options: argparse.Namespace, lines: Callable[[Doc, Article], Iterable[str]]
) -> int:
    """Write what ``lines`` makes of each parsed article."""
    source = _Input(options)
    articles = _begun(source)
    if articles is None:
        return source.status()
    from kg.parse import load, parse

    for doc, article in parse(load(options.model), articles):
        for line in lines(doc, article):
            _write_line(line)
    return source.status()


def _begun(source: _Input) -> Iterator[Article] | None:
    """Return the articles, the first of them read; None if there is none.

    The input is looked at before the model is loaded: a typing error in a
    path should not cost a second.
    """
    articles = iter(source)
    first = next(articles, None)
    return None if first is None else chain([first], articles)


def _write_line(line: str, stream: TextIO | None = None) -> None:
    # UTF-8 whatever the locale says: other programs read this.
    out = stream or sys.stdout
    if hasattr(out, "buffer"):
        out.buffer.write(line.encode("utf-8") + b"\n")
    else:
        out.write(line + "\n")


def _query(options: argparse.Namespace) -> int:
    from kg.commands.query import run

    _write_line(run(options).rstrip("\n"))
    return OK


def _export(options: argparse.Namespace) -> int:
    from kg.export import export
    from kg.store import open_dataset

    content = export(open_dataset(options.graph), options.format)
    if options.output is None:
        sys.stdout.buffer.write(content)
    else:
        options.output.write_bytes(content)
        print(options.output)
    return OK


def _entities(options: argparse.Namespace) -> int:
    from kg.commands.entities import report

    text = report(options.folder, options.format, options.status, max(options.limit, 0))
    _write_line(text.rstrip("\n"))
    return OK


def _validate(options: argparse.Namespace) -> int:
    from kg.commands.validate import validate

    verdict = validate(options.graph)
    _write_line(verdict.text.rstrip("\n"))
    return OK if verdict.conforms else NOTHING


def _ontology(options: argparse.Namespace) -> int:
    if options.html is not None:
        from kg.commands.ontology_page import write_pages

        for path in write_pages(options.html):
            print(path)
        return OK
    from kg.commands.ontology import report

    _write_line(report(options.format, options.lang).rstrip("\n"))
    return OK


def _view(options: argparse.Namespace) -> int:
    from kg.store import open_dataset, read_articles
    from kg.view import write_html

    pairs = read_articles(open_dataset(options.graph))
    folder = options.graph if options.graph.is_dir() else options.graph.parent
    path = options.output or folder / "graph.html"
    write_html([a for a, _ in pairs], [s for _, each in pairs for s in each], path, options.title)
    print(path)
    return OK

"""``kg query``: a free query or one of the library, as table, CSV or JSON."""

from __future__ import annotations

import argparse

from kg.query import NamedQuery, named_queries, run_named, run_query, to_csv, to_json, to_table
from kg.store import open_dataset


def run(options: argparse.Namespace) -> str:
    """Return what the command line asks for.

    Raises:
        ValueError: the command line or the query is wrong.
        OSError: a file can't be read.
    """
    named = named_queries()
    if options.list:
        return "\n".join(_described(each, options.lang) for each in named.values())
    if options.graph is None:
        raise ValueError("name an output folder or a graph file")
    given = [options.sparql, options.file, options.name]
    if sum(g is not None for g in given) != 1:
        raise ValueError("give one of: a query, -f FILE.rq, --name NAME")
    dataset = open_dataset(options.graph)
    if options.name is not None:
        if options.name not in named:
            raise ValueError(f"no query is named {options.name!r}; there are: {', '.join(named)}")
        pairs = [p.partition("=") for p in options.parameter]
        result = run_named(
            dataset, named[options.name], {name: value for name, _, value in pairs}, options.lang
        )
    else:
        sparql = options.sparql or options.file.read_text("utf-8")
        result = run_query(dataset, sparql, lang=options.lang)
    write = {"table": to_table, "csv": to_csv, "json": to_json}[options.format]
    return write(result)


def _described(query: NamedQuery, lang: str) -> str:
    lines = [query.name, f"    {query.title_en if lang == 'en' else query.title_de}"]
    for parameter in query.parameters:
        default = "" if parameter.default is None else f" (default: {parameter.default})"
        lines.append(f"    -p {parameter.name}=...  {parameter.meaning}{default}")
    return "\n".join(lines)

"""SPARQL over a stored graph: free and named queries, results as table, CSV or JSON."""

from kg.query.named import NamedQuery, named_queries, run_named
from kg.query.results import to_csv, to_json, to_table
from kg.query.run import QueryError, QueryResult, run_query

__all__ = [
    "NamedQuery",
    "QueryError",
    "QueryResult",
    "named_queries",
    "run_named",
    "run_query",
    "to_csv",
    "to_json",
    "to_table",
]

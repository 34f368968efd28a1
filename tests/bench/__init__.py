"""Benchmarks: figures on data sets that are not part of the repository."""

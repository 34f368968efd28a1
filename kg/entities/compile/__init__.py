"""Compile reference tables into ``ontology/entities`` (``python -m kg.entities.compile``)."""

"""Turn German and English news into a knowledge graph that can be trusted.

The way of an article through the package, one module a step::

    read -> parse -> entities -> extract -> store -> query / export / view
"""

__version__ = "0.1.0"

"""Retrieval: which offers' words are closest to a need's."""

from matching.engine.retrieval.asked import Asked, all_asked
from matching.engine.retrieval.index import Hit, Query, TextIndex, build, queries, query, search, search_all
from matching.engine.retrieval.names import Names, Node

__all__ = [
    "Asked",
    "Hit",
    "Names",
    "Node",
    "Query",
    "TextIndex",
    "all_asked",
    "build",
    "queries",
    "query",
    "search",
    "search_all",
]

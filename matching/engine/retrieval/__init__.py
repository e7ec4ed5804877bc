"""Retrieval: which offers' words are closest to a need's."""

from matching.engine.retrieval.index import Hit, Query, TextIndex, build, query, search, search_all
from matching.engine.retrieval.names import Names, Node

__all__ = ["Hit", "Names", "Node", "Query", "TextIndex", "build", "query", "search", "search_all"]

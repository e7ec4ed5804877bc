"""Compiled loops of retrieval.

Arrays are flat; ``x_at`` holds where the entries of each row of ``x`` begin, one more than there are rows.
Loops that take ``first`` and ``last`` do a part of the whole, so that several threads can share it.
"""

from matching.engine.retrieval.kernels.asking import rarest_first, weigh
from matching.engine.retrieval.kernels.lists import BLOCK, count_cells, fill_blocks
from matching.engine.retrieval.kernels.naming import likeness, told_nodes, uses
from matching.engine.retrieval.kernels.numbering import FREE, move_words, number_fields
from matching.engine.retrieval.kernels.profiles import norm, pivot
from matching.engine.retrieval.kernels.searching import search

__all__ = [
    "BLOCK",
    "FREE",
    "count_cells",
    "fill_blocks",
    "likeness",
    "move_words",
    "norm",
    "number_fields",
    "pivot",
    "rarest_first",
    "search",
    "told_nodes",
    "uses",
    "weigh",
]

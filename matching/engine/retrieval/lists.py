"""Postings laid out by block and, inside it, by token, so that a block is searched without the others."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.engine.retrieval import kernels
from matching.engine.retrieval.parts import in_parts, parts

LISTS = ("cells_at", "cell_block", "cell_top", "cell_at", "cell_size", "places", "values", "order")

_PART = 8
"""Blocks that are worth a thread."""


def block_lists(
    at: NDArray[np.int64],
    tokens: NDArray[np.uint32],
    values: NDArray[np.uint16],
    order: NDArray[np.uint32],
    vocabulary: int,
) -> dict[str, NDArray[Any]]:
    """The arrays of ``LISTS``; ``order`` holds the document at each place.

    A cell is what one block holds of one token. ``cells_at`` tells where those of each token begin; the next
    four arrays tell of each cell its block, its largest impact, where its postings begin and how many there
    are; ``places`` and ``values`` of each posting its place inside the block and its impact.
    """
    blocks = -(-order.size // kernels.BLOCK)

    def count(first: int, last: int) -> NDArray[np.int64]:
        counts: NDArray[np.int64] = kernels.count_cells(first, last, at, tokens, order, vocabulary)
        return counts

    counts = np.cumsum(np.array(in_parts(count, blocks, _PART)), axis=0)
    cells_at = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts[-1])])
    cells = int(cells_at[-1])
    lists = (
        np.empty(cells, np.uint32),
        np.zeros(cells, np.uint16),
        np.empty(cells, np.uint32),
        np.zeros(cells, np.uint16),
        np.empty(tokens.size, np.uint16),
        np.empty(tokens.size, np.uint16),
    )
    begins = [first for first, _ in parts(blocks, _PART)]
    free = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.diff(at)[order])])

    def fill(first: int, last: int) -> None:
        part = begins.index(first)
        own = cells_at[:-1] + counts[part - 1] if part else cells_at[:-1]
        kernels.fill_blocks(first, last, at, tokens, values, order, own, free[first * kernels.BLOCK], lists)

    in_parts(fill, blocks, _PART)
    return dict(zip(LISTS, (cells_at, *lists, order), strict=True))

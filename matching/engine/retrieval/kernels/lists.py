"""Compiled loops that lay out postings by block; a cell is what one block holds of one token."""

from __future__ import annotations

import numpy as np
from numba import njit

BLOCK = 2048


@njit(cache=True, nogil=True)
def count_cells(first, last, at, tokens, order, vocabulary):
    """In how many of these blocks each token occurs."""
    seen = np.full(vocabulary, -1, np.int32)
    counts = np.zeros(vocabulary, np.int64)
    for place in range(first * BLOCK, min(last * BLOCK, order.size)):
        block = np.int32(place // BLOCK)
        for entry in range(at[order[place]], at[order[place] + 1]):
            token = tokens[entry]
            if seen[token] != block:
                seen[token] = block
                counts[token] += 1
    return counts


@njit(cache=True, nogil=True)
def fill_blocks(first, last, at, tokens, values, order, cells, free, lists):
    """Lay out the postings of these blocks by block and, inside it, by token.

    ``order`` holds the document at each place, ``cells`` the next cell of each token, ``free`` the first
    free posting. ``lists`` are, for each cell, its block, its largest impact (zeros), where its postings
    begin and how many there are (zeros); and for each posting its place inside the block and its impact.
    """
    cell_block, cell_top, cell_at, cell_size, places, found = lists
    # The cell of each token in the block at hand; of other blocks' tokens, the last one before.
    current = cells - 1
    held = np.empty(cells.size, np.uint32)
    sizes = np.zeros(cells.size, np.uint32)
    for block in range(first, last):
        begin, end = block * BLOCK, min((block + 1) * BLOCK, order.size)
        kinds = 0
        for place in range(begin, end):
            for entry in range(at[order[place]], at[order[place] + 1]):
                token = tokens[entry]
                if sizes[token] == 0:
                    held[kinds] = token
                    kinds += 1
                sizes[token] += np.uint32(1)
        for kind in range(kinds):
            token = held[kind]
            current[token] += 1
            cell_block[current[token]] = block
            cell_at[current[token]] = free
            free += sizes[token]
            sizes[token] = 0
        for place in range(begin, end):
            for entry in range(at[order[place]], at[order[place] + 1]):
                cell = current[tokens[entry]]
                posting = cell_at[cell] + cell_size[cell]
                places[posting] = place - begin
                found[posting] = values[entry]
                cell_size[cell] += np.uint16(1)
                cell_top[cell] = max(cell_top[cell], values[entry])

"""Compiled loops of the text index: document-at-a-time blocks with block-max pruning.

Documents stand in blocks of ``BLOCK``; each token knows, for every block that it occurs in, its largest
impact there. A block whose largest possible score can't reach the k-th best is never opened, and one that
is opened is left as soon as what its frequent tokens could still add is too little. Both cuts are safe:
the result is the exact top k. After Mallia, Suel, Tonellotto, "Faster Learned Sparse Retrieval with
Block-Max Pruning" (SIGIR 2024), and MaxScore of Turtle and Flood (1995) inside a block.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from matching.engine.retrieval.kernels.lists import BLOCK

_LONG_LIST = 256
_LOW = 0xFFFFFFFF


@njit(cache=True, nogil=True)
def _lower_root(heap, size, key):
    """Put ``key`` in the place of the heap's smallest."""
    at = 0
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        if child + 1 < size and heap[child + 1] < heap[child]:
            child += 1
        if heap[child] >= key:
            break
        heap[at] = heap[child]
        at = child
    heap[at] = key


@njit(cache=True, nogil=True)
def _push(heap, size, key):
    at = size
    while at > 0 and heap[(at - 1) >> 1] > key:
        heap[at] = heap[(at - 1) >> 1]
        at = (at - 1) >> 1
    heap[at] = key


@njit(cache=True, nogil=True)
def _find_cells(block, terms, cursors, cells_at, cell_block):
    """Move each term's cursor to its cell of this block, or to the first one behind it."""
    for term in range(terms.size):
        cursor, end = cursors[term], cells_at[terms[term] + 1]
        while cursor < end and cell_block[cursor] < block:
            cursor += 1
        cursors[term] = cursor


@njit(cache=True, nogil=True)
def _score_block(block, terms, weights, cursors, cells_at, lists, scores, left, bar):
    """Sum the impacts of one block into ``scores``; False where none can reach ``bar``.

    ``left`` is what all terms together can add at most.
    """
    cell_block, cell_top, cell_at, cell_size, places, values = lists
    scores[:] = 0
    since = np.int64(0)
    for term in range(terms.size):
        cell = cursors[term]
        if cell >= cells_at[terms[term] + 1] or cell_block[cell] != block:
            continue
        if left < bar and since >= _LONG_LIST:
            since = np.int64(0)
            best = np.uint32(0)
            for place in range(scores.size):
                best = max(best, scores[place])
            if np.int64(best) + left < bar:
                return False
        weight = np.uint32(weights[term])
        begin = np.int64(cell_at[cell])
        end = begin + np.int64(cell_size[cell])
        for posting in range(begin, end):
            scores[places[posting]] += np.uint32(values[posting]) * weight
        since += end - begin
        left -= np.int64(cell_top[cell]) * np.int64(weights[term])
    return True


@njit(cache=True, nogil=True)
def _collect(block, order, scores, heap, size):
    """Put the block's best documents on the heap of keys: score above, complement of document below."""
    bar = heap[0] >> 32 if size == heap.size else np.int64(1)
    for place in range(min(BLOCK, order.size - block * BLOCK)):
        if scores[place] < bar:
            continue
        document = np.int64(order[block * BLOCK + place])
        key = np.int64(scores[place]) << 32 | (np.int64(_LOW) - document)
        if size < heap.size:
            _push(heap, size, key)
            size += 1
        elif key > heap[0]:
            _lower_root(heap, size, key)
        if size == heap.size:
            bar = heap[0] >> 32
    return size


@njit(cache=True, nogil=True)
def _most_of_blocks(terms, weights, cells_at, cell_block, cell_top, most):
    """What the terms can add up to at most in each block; returns the most promising block."""
    most[:] = 0
    for term in range(terms.size):
        weight = np.uint32(weights[term])
        for cell in range(cells_at[terms[term]], cells_at[terms[term] + 1]):
            most[cell_block[cell]] += np.uint32(cell_top[cell]) * weight
    best = 0
    for block in range(most.size):
        if most[block] > most[best]:
            best = block
    return best


@njit(cache=True, nogil=True)
def search(
    query_at,
    query_terms,
    query_weights,
    cells_at,
    cell_block,
    cell_top,
    cell_at,
    cell_size,
    places,
    values,
    order,
    limit,
):
    """The ``limit`` best documents of each query, best first, equal ones by document.

    A query's terms should stand rarest first. Every query first opens its most promising block, for a bar
    that is high from the start; then block after block is held against all queries, so that its lists stay
    in the processor's cache. Returns (queries, limit) documents, -1 where there are no more, and scores.
    """
    queries = query_at.size - 1
    blocks = max(1, (order.size + BLOCK - 1) // BLOCK)
    lists = (cell_block, cell_top, cell_at, cell_size, places, values)
    most = np.zeros((queries, blocks), np.uint32)
    first = np.zeros(queries, np.int64)
    cursors = np.empty(query_terms.size, np.int64)
    heaps = np.empty((queries, limit), np.int64)
    sizes = np.zeros(queries, np.int64)
    scores = np.zeros(BLOCK, np.uint32)
    for query in range(queries):
        span = slice(query_at[query], query_at[query + 1])
        terms, weights = query_terms[span], query_weights[span]
        first[query] = _most_of_blocks(terms, weights, cells_at, cell_block, cell_top, most[query])
    for turn in range(2):
        for query in range(queries):
            for entry in range(query_at[query], query_at[query + 1]):
                cursors[entry] = cells_at[query_terms[entry]]
        for block in range(blocks):
            for query in range(queries):
                bar = heaps[query, 0] >> 32 if sizes[query] == limit else np.int64(1)
                left = np.int64(most[query, block])
                if left < bar or (first[query] == block) != (turn == 0):
                    continue
                span = slice(query_at[query], query_at[query + 1])
                terms, weights = query_terms[span], query_weights[span]
                _find_cells(block, terms, cursors[span], cells_at, cell_block)
                if _score_block(block, terms, weights, cursors[span], cells_at, lists, scores, left, bar):
                    sizes[query] = _collect(block, order, scores, heaps[query], sizes[query])
    found = np.full((queries, limit), -1, np.int64)
    points = np.zeros((queries, limit), np.int64)
    for query in range(queries):
        keys = np.sort(heaps[query, : sizes[query]])[::-1]
        for rank in range(keys.size):
            found[query, rank] = np.int64(_LOW) - (keys[rank] & np.int64(_LOW))
            points[query, rank] = keys[rank] >> 32
    return found, points

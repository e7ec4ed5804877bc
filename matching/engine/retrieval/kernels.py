"""Compiled loops of the text index: document-at-a-time blocks with block-max pruning.

Documents stand in blocks of ``BLOCK``; each token knows, for every block that it occurs in, its largest
impact there. A block whose largest possible score can't reach the k-th best is never opened, and one that
is opened is left as soon as what its frequent tokens could still add is too little. Both cuts are safe:
the result is the exact top k. After Mallia, Suel, Tonellotto, "Faster Learned Sparse Retrieval with
Block-Max Pruning" (SIGIR 2024), and MaxScore of Turtle and Flood (1995) inside a block.

Arrays are flat; ``x_at`` holds where the entries of each row of ``x`` begin, one more than there are rows.
"""

from __future__ import annotations

import numpy as np
from numba import njit

BLOCK = 2048
_LONG_LIST = 256
FREE = 0xFFFFFFFF
_LOW = 0xFFFFFFFF
_LINE_END = 10
_FNV_BASIS = np.uint64(0xCBF29CE484222325)
_FNV_PRIME = np.uint64(0x100000001B3)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@njit(cache=True, nogil=True)
def number_words(text, hashes, numbers, known, found, begins):
    """Number the words of a text, each ended by a line end.

    Fills the words' numbers and where each new one begins; returns how many are new.
    """
    mask = np.uint64(hashes.size - 1)
    word, first, begin = 0, known, 0
    key = _FNV_BASIS
    for at in range(text.size):
        if text[at] != _LINE_END:
            key = (key ^ np.uint64(text[at])) * _FNV_PRIME
            continue
        key ^= key >> np.uint64(29)
        slot = (key * _GOLDEN >> np.uint64(20)) & mask
        while numbers[slot] != FREE and hashes[slot] != key:
            slot = (slot + np.uint64(1)) & mask
        if numbers[slot] == FREE:
            hashes[slot] = key
            numbers[slot] = known
            begins[known - first] = begin
            known += 1
        found[word] = numbers[slot]
        word += 1
        begin = at + 1
        key = _FNV_BASIS
    return known - first


@njit(cache=True, nogil=True)
def move_words(hashes, numbers, to_hashes, to_numbers):
    """Put all words of one table of hashes into a larger one."""
    mask = np.uint64(to_hashes.size - 1)
    for old in range(hashes.size):
        if numbers[old] == FREE:
            continue
        slot = (hashes[old] * _GOLDEN >> np.uint64(20)) & mask
        while to_numbers[slot] != FREE:
            slot = (slot + np.uint64(1)) & mask
        to_hashes[slot] = hashes[old]
        to_numbers[slot] = numbers[old]


@njit(cache=True, nogil=True)
def merge_profiles(at, tokens, weights, vocabulary):
    """Distinct tokens of each document with their summed weights, and how many documents hold each.

    Shapes: ``at`` (documents + 1,), ``tokens`` and ``weights`` (entries,). Returns at, tokens, weights, df.
    """
    sums = np.zeros(vocabulary, np.uint32)
    held = np.empty(tokens.size, np.uint32)
    sizes = np.empty(tokens.size, np.uint16)
    held_at = np.zeros(at.size, np.int64)
    holders = np.zeros(vocabulary, np.int64)
    end = 0
    for document in range(at.size - 1):
        begin = end
        for entry in range(at[document], at[document + 1]):
            token = tokens[entry]
            if sums[token] == 0:
                held[end] = token
                end += 1
                holders[token] += 1
            sums[token] += np.uint32(weights[entry])
        for entry in range(begin, end):
            sizes[entry] = min(sums[held[entry]], np.uint32(65_535))
            sums[held[entry]] = 0
        held_at[document + 1] = end
    return held_at, held[:end].copy(), sizes[:end].copy(), holders


@njit(cache=True, nogil=True)
def saturate(at, tokens, weights, gains, unit, k1):
    """Gain of each entry, saturated by its frequency, and the Euclidean norm of each document."""
    found = np.empty(tokens.size, np.float64)
    norms = np.zeros(at.size - 1, np.float64)
    for document in range(at.size - 1):
        squares = 0.0
        for entry in range(at[document], at[document + 1]):
            frequency = weights[entry] / unit
            value = gains[tokens[entry]] * frequency * (k1 + 1.0) / (frequency + k1)
            found[entry] = value
            squares += value * value
        norms[document] = np.sqrt(squares)
    return found, norms


@njit(cache=True, nogil=True)
def pivot(at, gains, norms, mean, b, scale):
    """Gains divided by the pivoted norm of their document, as integers of ``1 / scale``."""
    found = np.empty(gains.size, np.uint16)
    for document in range(at.size - 1):
        divisor = (1.0 - b + b * norms[document] / mean) / scale
        for entry in range(at[document], at[document + 1]):
            found[entry] = np.uint16(min(gains[entry] / divisor + 0.5, 65_535.0))
    return found


@njit(cache=True, nogil=True)
def topics(at, tokens, values, holders, least, most):
    """The two strongest tokens of each document among those that ``least`` to ``most`` documents hold."""
    first = np.zeros(at.size - 1, np.int64)
    second = np.zeros(at.size - 1, np.int64)
    for document in range(at.size - 1):
        best, next_best = np.int64(0), np.int64(0)
        for entry in range(at[document], at[document + 1]):
            token = np.int64(tokens[entry])
            if least <= holders[token] <= most:
                key = np.int64(values[entry]) << 32 | (token + 1)
                if key > best:
                    best, next_best = key, best
                elif key > next_best:
                    next_best = key
        first[document], second[document] = best & np.int64(_LOW), next_best & np.int64(_LOW)
    return first, second


@njit(cache=True, nogil=True)
def block_lists(at, tokens, values, order, vocabulary):
    """Postings by block and, inside it, by token; a cell is what one block holds of one token.

    ``order`` holds the document at each place. Returns cells_at (tokens + 1,), and for each cell its block,
    its largest impact, where its postings begin and how many there are; and for each posting its place
    inside the block and its impact.
    """
    cells_at = _cell_counts(at, tokens, order, vocabulary)
    cells = cells_at[vocabulary]
    cell_block = np.empty(cells, np.uint32)
    cell_top = np.zeros(cells, np.uint16)
    cell_at = np.empty(cells, np.uint32)
    cell_size = np.zeros(cells, np.uint16)
    places = np.empty(tokens.size, np.uint16)
    found = np.empty(tokens.size, np.uint16)
    # The cell of each token in the block at hand; of other blocks' tokens, the last one before.
    current = cells_at[:-1] - 1
    held = np.empty(vocabulary, np.uint32)
    sizes = np.zeros(vocabulary, np.uint32)
    free = np.uint32(0)
    for begin in range(0, order.size, BLOCK):
        kinds = 0
        end = min(begin + BLOCK, order.size)
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
            cell_block[current[token]] = begin // BLOCK
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
    return cells_at, cell_block, cell_top, cell_at, cell_size, places, found


@njit(cache=True, nogil=True)
def _cell_counts(at, tokens, order, vocabulary):
    """Where the cells of each token begin."""
    last = np.full(vocabulary, -1, np.int32)
    counts = np.zeros(vocabulary + 1, np.int64)
    for place in range(order.size):
        block = np.int32(place // BLOCK)
        for entry in range(at[order[place]], at[order[place] + 1]):
            token = tokens[entry]
            if last[token] != block:
                last[token] = block
                counts[token + 1] += 1
    for token in range(vocabulary):
        counts[token + 1] += counts[token]
    return counts


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


@njit(cache=True, nogil=True)
def likeness(asked, asked_weight, positions, name_at, names, weights):
    """Shared weight of two names over the weight of both, in basis points, for each position (-1: none).

    ``asked`` holds the words' numbers in ascending order, as every row of ``names`` does.
    """
    found = np.zeros(positions.size, np.int64)
    for rank in range(positions.size):
        if positions[rank] < 0:
            continue
        shared, whole, word = np.int64(0), np.int64(asked_weight), 0
        for entry in range(name_at[positions[rank]], name_at[positions[rank] + 1]):
            whole += weights[names[entry]]
            while word < asked.size and asked[word] < names[entry]:
                word += 1
            if word < asked.size and asked[word] == names[entry]:
                shared += weights[names[entry]]
        found[rank] = 2 * shared * 10_000 // max(whole, np.int64(1))
    return found


@njit(cache=True, nogil=True)
def uses(name_at, names, filed, words, nodes):
    """How often names that hold a word are filed under a node: at, node, times per word, and all uses."""
    totals = np.zeros(words, np.int64)
    for position in range(name_at.size - 1):
        if filed[position] >= 0:
            for entry in range(name_at[position], name_at[position + 1]):
                totals[names[entry]] += 1
    free = np.zeros(words + 1, np.int64)
    for word in range(words):
        free[word + 1] = free[word] + totals[word]
    at = free.copy()
    filed_by_word = np.empty(at[words], np.int32)
    for position in range(name_at.size - 1):
        if filed[position] >= 0:
            for entry in range(name_at[position], name_at[position + 1]):
                filed_by_word[free[names[entry]]] = filed[position]
                free[names[entry]] += 1
    counts = np.zeros(nodes, np.int32)
    uses_at = np.zeros(words + 1, np.int64)
    use_node = np.empty(filed_by_word.size, np.int32)
    use_times = np.empty(filed_by_word.size, np.int32)
    end = 0
    for word in range(words):
        begin = end
        for entry in range(at[word], at[word + 1]):
            node = filed_by_word[entry]
            if counts[node] == 0:
                use_node[end] = node
                end += 1
            counts[node] += 1
        for use in range(begin, end):
            use_times[use] = counts[use_node[use]]
            counts[use_node[use]] = 0
        uses_at[word + 1] = end
    return uses_at, use_node[:end].copy(), use_times[:end].copy(), totals


@njit(cache=True, nogil=True)
def told_nodes(name_at, names, weights, unknown, uses_at, use_node, use_times, totals, nodes, share, lead):
    """The node that each name's words are filed under, -1 where that is not clear.

    ``unknown`` is the weight of words that no offer uses, per name; ``share`` and ``lead`` are percents.
    """
    votes = np.zeros(nodes, np.int64)
    found = np.full(name_at.size - 1, -1, np.int32)
    touched = np.empty(nodes, np.int32)
    for position in range(name_at.size - 1):
        whole, held = np.int64(unknown[position]), 0
        for entry in range(name_at[position], name_at[position + 1]):
            word = names[entry]
            whole += weights[word]
            for use in range(uses_at[word], uses_at[word + 1]):
                node = use_node[use]
                if votes[node] == 0:
                    touched[held] = node
                    held += 1
                votes[node] += np.int64(weights[word]) * use_times[use] * 1_000 // totals[word] + 1
        first, second, best = np.int64(0), np.int64(0), -1
        for at in range(held):
            node = touched[at]
            if votes[node] > first or (votes[node] == first and node < best):
                first, second, best = votes[node], first, node
            elif votes[node] > second:
                second = votes[node]
            votes[node] = 0
        if best >= 0 and first * 100 >= whole * 1_000 * share and first * 100 >= second * lead:
            found[position] = best
    return found

"""Compiled loops of names: how alike they are, and the node that their words are filed under."""

from __future__ import annotations

import numpy as np
from numba import njit


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

"""Compiled loops over whole documents: their distinct tokens, impacts and topics."""

from __future__ import annotations

import numpy as np
from numba import njit

_LOW = 0xFFFFFFFF


@njit(cache=True, nogil=True)
def merge_fields(lengths, tokens, units, sums, holders):
    """Distinct tokens of each document with their summed units; counts into ``holders`` who holds each.

    A document is as many fields, one after another, as ``units`` has entries: what a token counts in each.
    ``lengths`` are those of all fields, ``sums`` zeros for all tokens. Returns sizes, tokens, weights.
    """
    documents = lengths.size // units.size
    held = np.empty(tokens.size, np.uint32)
    weights = np.empty(tokens.size, np.uint16)
    sizes = np.empty(documents, np.int64)
    entry = end = 0
    for document in range(documents):
        begin = end
        for field in range(units.size):
            for _ in range(lengths[document * units.size + field]):
                token = tokens[entry]
                entry += 1
                if sums[token] == 0:
                    held[end] = token
                    end += 1
                    holders[token] += 1
                sums[token] += units[field]
        for at in range(begin, end):
            weights[at] = min(sums[held[at]], np.uint32(65_535))
            sums[held[at]] = 0
        sizes[document] = end - begin
    return sizes, held[:end].copy(), weights[:end].copy()


@njit(cache=True, nogil=True)
def _saturated(gain, weight, unit, k1):
    frequency = weight / unit
    return gain * frequency * (k1 + 1.0) / (frequency + k1)


@njit(cache=True, nogil=True)
def norm(first, last, at, tokens, weights, gains, unit, k1, norms):
    """Euclidean norm, of these documents, of the gains of their tokens, saturated by their frequency."""
    for document in range(first, last):
        squares = 0.0
        for entry in range(at[document], at[document + 1]):
            value = _saturated(gains[tokens[entry]], weights[entry], unit, k1)
            squares += value * value
        norms[document] = np.sqrt(squares)


@njit(cache=True, nogil=True)
def pivot(
    first, last, at, tokens, weights, gains, unit, k1, norms, pivots, topical, values, strong, next_strong
):
    """Saturated gains divided by the pivoted norm of their document, as integers of ``1 / scale``.

    ``pivots`` are mean norm, b and scale. Of the tokens that are ``topical`` it also tells the two
    strongest of each document, plus one; 0 for none.
    """
    mean, b, scale = pivots
    for document in range(first, last):
        divisor = (1.0 - b + b * norms[document] / mean) / scale
        best, next_best = np.int64(0), np.int64(0)
        for entry in range(at[document], at[document + 1]):
            gain = _saturated(gains[tokens[entry]], weights[entry], unit, k1)
            value = np.uint16(min(gain / divisor + 0.5, 65_535.0))
            values[entry] = value
            token = np.int64(tokens[entry])
            if topical[token]:
                key = np.int64(value) << 32 | (token + 1)
                if key > best:
                    best, next_best = key, best
                elif key > next_best:
                    next_best = key
        strong[document], next_strong[document] = best & np.int64(_LOW), next_best & np.int64(_LOW)

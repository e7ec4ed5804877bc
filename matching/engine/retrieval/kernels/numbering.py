"""Compiled loops that number words."""

from __future__ import annotations

import numpy as np
from numba import njit

from matching.engine.retrieval.kernels.profiles import merge_fields

FREE = 0xFFFFFFFF
_LINE_END = 10
_FNV_BASIS = np.uint64(0xCBF29CE484222325)
_FNV_PRIME = np.uint64(0x100000001B3)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@njit(cache=True, nogil=True)
def number_fields(text, lengths, units, hashes, numbers, known, sums, holders):
    """Number the words of fields, and merge those of each document.

    Returns what ``merge_fields`` does, the text of the words that are new, and how many are known now.
    """
    total = lengths.sum()
    tokens = np.empty(total, np.uint32)
    begins, ends = np.empty(total, np.int64), np.empty(total, np.int64)
    new = number_words(text, hashes, numbers, known, tokens, begins, ends)
    sizes, held, weights = merge_fields(lengths, tokens, units, sums, holders)
    return sizes, held, weights, copy_words(text, begins[:new], ends[:new]), known + new


@njit(cache=True, nogil=True)
def number_words(text, hashes, numbers, known, found, begins, ends):
    """Number the words of a text in UTF-16, each ended by a line end.

    Fills the words' numbers and where each new one begins and ends; returns how many are new.
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
            begins[known - first], ends[known - first] = begin, at
            known += 1
        found[word] = numbers[slot]
        word += 1
        begin = at + 1
        key = _FNV_BASIS
    return known - first


@njit(cache=True, nogil=True)
def copy_words(text, begins, ends):
    """The words that begin and end there, one after another, with the line end of each."""
    size = 0
    for word in range(begins.size):
        size += ends[word] + 1 - begins[word]
    found = np.empty(size, np.uint16)
    free = 0
    for word in range(begins.size):
        for at in range(begins[word], ends[word] + 1):
            found[free] = text[at]
            free += 1
    return found


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

"""Compiled loops that number words."""

from __future__ import annotations

import numpy as np
from numba import njit

FREE = 0xFFFFFFFF
_LINE_END = 10
_FNV_BASIS = np.uint64(0xCBF29CE484222325)
_FNV_PRIME = np.uint64(0x100000001B3)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


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

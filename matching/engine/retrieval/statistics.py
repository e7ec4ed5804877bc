"""How telling each token is in a collection of documents.

A line's words are weighed against the collection that its list was indexed with, so that a pair's score
depends on nothing else: a changed line is compared under the same statistics as all others were.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.engine.text import CJK

POWER = 1.2
PART = "~"
"""Begins a token that is a part of a Latin run."""

_CHARACTER, _RUN, _WORD, _PART_OF_RUN = 2.5, 2.0, 1.0, 0.5
"""Single characters are what pairs of characters hold in common where they differ; runs name models."""
_EXACT = 65_536
_FIRST_CJK = CJK[0]


@dataclass(frozen=True, slots=True)
class Statistics:
    """Inverse document frequency and gain of each token, and the mean norm of the documents.

    ``idfs`` and ``gains`` follow the numbers of ``vocabulary``; ``rarest`` is the idf of an unseen token.
    """

    vocabulary: Mapping[str, int]
    idfs: NDArray[np.float64]
    gains: NDArray[np.float64]
    rarest: float
    mean_norm: float

    def idf(self, token: str) -> float:
        """``ln(1 + (N - n + ½) / (n + ½))``; a token that no document holds counts as held by one."""
        number = self.vocabulary.get(token)
        return self.rarest if number is None else float(self.idfs[number])

    def of(self, tokens: Sequence[str]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Idfs of these tokens, -1 for those that nobody holds, and gains, 0 for the empty token."""
        known = map(self.vocabulary.get, tokens, repeat(-1))
        numbers = np.fromiter(known, np.int64, len(tokens))
        gains = np.append(self.gains, 0.0)[numbers]
        rarest = _raised(self.rarest)
        for unknown in np.flatnonzero(numbers < 0).tolist():
            gains[unknown] = _factor(tokens[unknown]) * rarest if tokens[unknown] else 0.0
        return np.append(self.idfs, -1.0)[numbers], gains

    def columns(self) -> dict[str, NDArray[Any]]:
        """The arrays to store; the vocabulary is stored beside them."""
        return {
            "idfs": self.idfs,
            "gains": self.gains,
            "whole": np.array([self.rarest, self.mean_norm]),
        }


def counted(
    vocabulary: Mapping[str, int], holders: NDArray[np.int64], documents: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Idf and gain of each token, and the idf of an unseen one."""
    times, of_token = np.unique(holders, return_inverse=True)
    idfs = [_idf(documents, held) for held in times.tolist()]
    factors = np.fromiter(map(_factor, vocabulary), np.float64, len(vocabulary))
    raised = np.array([_raised(idf) for idf in idfs], np.float64)
    return (
        np.array(idfs, np.float64)[of_token],
        factors * raised[of_token],
        _idf(documents, min(1, documents)),
    )


def opened(vocabulary: Mapping[str, int], columns: Mapping[str, NDArray[Any]]) -> Statistics:
    """The statistics of stored columns."""
    rarest, mean_norm = columns["whole"].tolist()
    return Statistics(vocabulary, columns["idfs"], columns["gains"], rarest, mean_norm)


def _idf(documents: int, holders: int) -> float:
    return math.log(1 + (documents - holders + 0.5) / (holders + 0.5))


def _raised(idf: float) -> float:
    """Rounded, so that the last bit of a logarithm changes nothing."""
    return round(math.pow(idf, POWER) * _EXACT) / _EXACT


def _factor(token: str) -> float:
    if token[0] < _FIRST_CJK:
        return _PART_OF_RUN if token[0] == PART else _RUN
    return _CHARACTER if len(token) == 1 else _WORD

"""How telling each token is in a collection of documents.

A line's words are weighed against the collection that its list was indexed with, so that a pair's score
depends on nothing else: a changed line is compared under the same statistics as all others were.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
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
    idfs: list[float]
    gains: list[float]
    rarest: float
    mean_norm: float

    def idf(self, token: str) -> float:
        """``ln(1 + (N - n + ½) / (n + ½))``; a token that no document holds counts as held by one."""
        number = self.vocabulary.get(token)
        return self.rarest if number is None else self.idfs[number]

    def gain(self, token: str) -> float:
        """Strength of a token: its idf raised, by the kind of token."""
        number = self.vocabulary.get(token)
        return _factor(token) * _raised(self.rarest) if number is None else self.gains[number]

    def norm(self, tokens: Iterable[str]) -> float:
        """Euclidean norm of a text that holds each of these tokens once."""
        return math.sqrt(sum(self.gain(token) ** 2 for token in tokens))

    def columns(self) -> dict[str, NDArray[Any]]:
        """The arrays to store; the vocabulary is stored beside them."""
        return {
            "idfs": np.array(self.idfs),
            "gains": np.array(self.gains),
            "whole": np.array([self.rarest, self.mean_norm]),
        }


def counted(
    vocabulary: Mapping[str, int], holders: NDArray[np.int64], documents: int
) -> tuple[list[float], list[float], float]:
    """Idf and gain of each token, and the idf of an unseen one."""
    known = {times: _idf(documents, times) for times in np.unique(holders).tolist()}
    raised = {times: _raised(idf) for times, idf in known.items()}
    held = holders.tolist()
    gains = [_factor(token) * raised[times] for token, times in zip(vocabulary, held, strict=True)]
    return [known[times] for times in held], gains, _idf(documents, min(1, documents))


def opened(vocabulary: Mapping[str, int], columns: Mapping[str, NDArray[Any]]) -> Statistics:
    """The statistics of stored columns."""
    rarest, mean_norm = columns["whole"].tolist()
    return Statistics(vocabulary, columns["idfs"].tolist(), columns["gains"].tolist(), rarest, mean_norm)


def _idf(documents: int, holders: int) -> float:
    return math.log(1 + (documents - holders + 0.5) / (holders + 0.5))


def _raised(idf: float) -> float:
    """Rounded, so that the last bit of a logarithm changes nothing."""
    return round(math.pow(idf, POWER) * _EXACT) / _EXACT


def _factor(token: str) -> float:
    if token[0] < _FIRST_CJK:
        return _PART_OF_RUN if token[0] == PART else _RUN
    return _CHARACTER if len(token) == 1 else _WORD

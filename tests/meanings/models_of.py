"""A model for tests: it knows what a few words are about, and how often it was asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from matching.engine.retrieval.meanings import compact

ABOUT = {"水泵": (1.0, 0.0), "抽水机": (0.9, 0.1), "木门": (0.0, 1.0)}


@dataclass
class Topics:
    """Words of one topic have nearly one direction; unknown ones are about nothing in particular."""

    name: str = "topics"
    encoded: list[tuple[bool, str]] = field(default_factory=list)

    def encode(self, texts: Sequence[str], *, asked: bool) -> list[bytes]:
        """See ``matching.meanings.encoders.Encoder``."""
        self.encoded += [(asked, text) for text in texts]
        return [compact(ABOUT.get(text.split()[0], (1.0, 1.0))) for text in texts]

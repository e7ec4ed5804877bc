"""Vectors of texts, kept in a file between measurements: a text is encoded once."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from matching.meanings.encoders import Encoder
from matching.meanings.texts import Text

FILE = Path(__file__).resolve().parent.parent / "build" / "vectors.sqlite"
_BATCH = 256


def known(encoder: Encoder, texts: Sequence[Text], file: Path | None = None) -> dict[Text, bytes]:
    """The vectors of all texts; those that the file does not hold are encoded and added to it."""
    file = file or FILE
    file.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(file)) as store:
        store.execute("CREATE TABLE IF NOT EXISTS vectors (model, asked, words, vector)")
        store.execute("CREATE UNIQUE INDEX IF NOT EXISTS once ON vectors (model, asked, words)")
        rows = store.execute("SELECT asked, words, vector FROM vectors WHERE model = ?", (encoder.name,))
        held = {Text(bool(asked), words): vector for asked, words, vector in rows}
        missing = sorted(set(texts) - held.keys(), key=lambda text: (text.asked, len(text.words), text.words))
        for asked in (False, True):
            of_side = [text for text in missing if text.asked == asked]
            for first in range(0, len(of_side), _BATCH):
                batch = of_side[first : first + _BATCH]
                vectors = encoder.encode([text.words for text in batch], asked=asked)
                new = dict(zip(batch, vectors, strict=True))
                store.executemany(
                    "INSERT INTO vectors VALUES (?, ?, ?, ?)",
                    [(encoder.name, asked, text.words, vector) for text, vector in new.items()],
                )
                store.commit()
                held |= new
    return {text: held[text] for text in texts}

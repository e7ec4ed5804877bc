"""What others would rank with: BM25 (bm25s), character TF-IDF (scikit-learn) and pg_trgm (PostgreSQL).

Each gets the same texts as the product. Confirmed pairs become further documents of their supply, the
best of which counts, which is the simplest way to remember them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
import psycopg
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from benchmarks.folders import Folder, Line
from benchmarks.metrics import DEEP_CUT
from chainmatch.embedded.errors import EmbeddedError
from chainmatch.embedded.services import ThrowAway
from matching.engine.text import CJK, normalise

Rankings = dict[str, list[str]]

_PIECES = re.compile(f"[{CJK}]+|(?:(?![{CJK}])[^\\W_])+")
_CJK = re.compile(f"[{CJK}]")
_GRAM = 3
_NEEDED = ("bm25s", "sparse_dot_topn")


@dataclass(frozen=True, slots=True)
class Texts:
    """What is compared: ``owners[i]`` is the position of the supply that document i speaks of."""

    queries: tuple[str, ...]
    documents: tuple[str, ...]
    owners: NDArray[np.int64]
    chinese: bool

    @property
    def deep(self) -> int:
        """Documents to look for: a supply may fill several places, of which the best one counts."""
        extra = len(self.owners) - len(np.unique(self.owners))
        return DEEP_CUT + min(extra, DEEP_CUT)


Ranker = Callable[[Folder, Texts], Rankings]


def texts(folder: Folder, *, bodies: bool, confirmed: bool) -> Texts:
    """The texts of a folder; ``bodies`` joins the demands' bodies to their titles."""
    documents = [_joined(line, bodies=True) for line in folder.supplies]
    owners = list(range(len(documents)))
    if confirmed:
        for at, supply in enumerate(folder.supplies):
            known = folder.confirmed.get(supply.key, ())
            documents.extend(normalise(text) for text in known)
            owners.extend([at] * len(known))
    return Texts(
        queries=tuple(_joined(line, bodies=bodies) for line in folder.demands),
        documents=tuple(documents),
        owners=np.array(owners, dtype=np.int64),
        chinese=any(map(_CJK.search, documents)),
    )


def installed() -> bool:
    """Whether this environment has the libraries to compare with; the demo's has not."""
    return all(find_spec(name) is not None for name in _NEEDED)


def bm25(folder: Folder, given: Texts) -> Rankings:
    """BM25 as bm25s computes it by default, over CJK uni- and bigrams, or character 3-grams of English."""
    import bm25s  # may be missing, see ``installed``

    index = bm25s.BM25()
    index.index([_grams(text, given) for text in given.documents], show_progress=False)
    rankings = {}
    for demand, query in zip(folder.demands, given.queries, strict=True):
        best = np.zeros(len(folder.supplies), dtype=np.float64)
        np.maximum.at(best, given.owners, index.get_scores(_grams(query, given)))
        order = np.argsort(-best, kind="stable")[:DEEP_CUT]
        rankings[demand.key] = [folder.supplies[at].key for at in order.tolist() if best[at] > 0]
    return rankings


def tfidf(folder: Folder, given: Texts) -> Rankings:
    """Cosine of TF-IDF over characters: 1 to 3 of them in Chinese, 3 to 5 in English."""
    from sparse_dot_topn import sp_matmul_topn  # may be missing, see ``installed``

    sizes = (1, 3) if given.chinese else (3, 5)
    vectors = TfidfVectorizer(analyzer="char", ngram_range=sizes, sublinear_tf=True, dtype=np.float32)
    documents = vectors.fit_transform(given.documents)
    asked = vectors.transform(given.queries)
    nearest = sp_matmul_topn(asked, documents.T.tocsr(), top_n=given.deep, sort=True)
    rows = np.split(nearest.indices, nearest.indptr[1:-1])
    return {
        demand.key: _owned(folder, given.owners[row].tolist())
        for demand, row in zip(folder.demands, rows, strict=True)
    }


@contextmanager
def postgres() -> Iterator[psycopg.Connection[tuple[object, ...]] | None]:
    """A connection to a PostgreSQL of our own that has pg_trgm; None where it can't be had."""
    own = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    try:
        running = ThrowAway.start(own)
    except EmbeddedError:
        yield None
        return
    try:
        with psycopg.connect(running.services.owner_url, autocommit=True) as connection:
            connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            yield connection
    finally:
        running.stop()


def trigrams(folder: Folder, given: Texts, connection: psycopg.Connection[tuple[object, ...]]) -> Rankings:
    """Similarity of PostgreSQL's pg_trgm, nearest first through its own index."""
    connection.execute("DROP TABLE IF EXISTS documents")
    connection.execute("CREATE TEMP TABLE documents (owner integer, text text)")
    with connection.cursor().copy("COPY documents FROM STDIN") as rows:
        for owner, text in zip(given.owners.tolist(), given.documents, strict=True):
            rows.write_row((owner, text.replace("\0", " ")))
    connection.execute("CREATE INDEX ON documents USING gist (text gist_trgm_ops (siglen=64))")
    connection.execute("ANALYZE documents")
    # What shares no trigram at all is not found; ordering those by nothing would take most of the time.
    connection.execute("SET pg_trgm.similarity_threshold = 0.001")
    rankings = {}
    for demand, query in zip(folder.demands, given.queries, strict=True):
        nearest = connection.execute(
            "SELECT owner FROM documents WHERE text %% %(query)s"
            " ORDER BY text <-> %(query)s, owner LIMIT %(deep)s",
            {"query": query.replace("\0", " "), "deep": given.deep},
        )
        rankings[demand.key] = _owned(folder, (int(str(row[0])) for row in nearest))
    return rankings


def _owned(folder: Folder, owners: Iterable[int]) -> list[str]:
    return [folder.supplies[owner].key for owner in dict.fromkeys(owners)][:DEEP_CUT]


def _joined(line: Line, *, bodies: bool) -> str:
    title = normalise(line.title)
    return f"{title} {normalise(line.body)}".strip() if bodies else title


def _grams(text: str, given: Texts) -> list[str]:
    found: list[str] = []
    for piece in _PIECES.findall(text):
        if _CJK.match(piece):
            found.extend(piece)
            found.extend(piece[at : at + 2] for at in range(len(piece) - 1))
        elif given.chinese:
            found.append(piece)
    return found if given.chinese else _windows(text)


def _windows(text: str) -> list[str]:
    return [text[at : at + _GRAM] for at in range(len(text) - _GRAM + 1)]

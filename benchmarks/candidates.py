"""Index and candidates, ours and those of three search libraries, on the same token lists and threads.

Every engine gets the tokens of each line as a list of words, builds its index from them and finds the
``LIMIT`` best lines for every query; what it computes of the words besides is its own affair. Each runs in
a process of its own, after a small run that compiles and loads what it needs.
"""

from __future__ import annotations

import gc
import multiprocessing
import pickle
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.lines import NO_GLOSSARY, texts
from matching.engine.retrieval import kernels, postings
from matching.engine.text import index_glossary, tokens
from matching.engine.types import Need, Offer

LIMIT = 50
THREADS = 2
_WARM = 300
_TURN = 2_500
_WRITER_BYTES = 1_000_000_000

Words = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of one engine and the memory that it needed beside the token lists, in MB."""

    engine: str
    index: float
    retrieve: float
    megabytes: int

    @property
    def seconds(self) -> float:
        """Index and retrieval together."""
        return self.index + self.retrieve


@dataclass(frozen=True, slots=True)
class Work:
    """Token lists of the needs and of the offers."""

    needs: Words
    offers: Words


def tokenise(needs: Sequence[Need], offers: Sequence[Offer]) -> Work:
    """Every line's words as the product's tokeniser finds them."""
    words = index_glossary(NO_GLOSSARY)
    return Work(
        [tokens(text, words) for text in texts(needs)], [tokens(text, words) for text in texts(offers)]
    )


def timings(work: Work, names: Sequence[str] = ()) -> Iterator[Timing]:
    """Ours first, then the libraries; or those of these names."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "words"
        with file.open("wb") as stored:
            pickle.dump(work, stored, pickle.HIGHEST_PROTOCOL)
        for name in names or ENGINES:
            yield _apart(name, file)


def found_share(work: Work, sample: int = 200) -> float:
    """Share of the exact best lines, by a full scan with the same scores, that our search finds."""
    index = postings.build((words, ()) for words in work.offers)
    step = max(1, len(work.needs) // sample)
    terms = index.terms([(words, (), "") for words in work.needs[::step]])
    documents, _scores = index.search(terms, LIMIT)
    hits = total = 0
    for found, asked in zip(documents, terms, strict=True):
        exact = _exhaustive(index, asked)
        hits += len(set(found.tolist()) & set(exact.tolist()))
        total += exact.size
    return hits / max(1, total)


def _exhaustive(index: postings.Postings, asked: postings.Terms) -> NDArray[np.int64]:
    arrays = index.arrays
    scores = np.zeros(index.size, np.int64)
    for term, weight in zip(asked.ids.tolist(), asked.weights.tolist(), strict=True):
        cells = slice(int(arrays["cells_at"][term]), int(arrays["cells_at"][term + 1]))
        for cell in range(cells.start, cells.stop):
            begin = int(arrays["cell_at"][cell])
            held = slice(begin, begin + int(arrays["cell_size"][cell]))
            first = int(arrays["cell_block"][cell]) * kernels.BLOCK
            places = first + arrays["places"][held].astype(np.int64)
            scores[places] += arrays["values"][held].astype(np.int64) * weight
    documents = arrays["order"].astype(np.int64)
    best = np.lexsort((documents, -scores))[:LIMIT]
    return np.asarray(documents[best][scores[best] > 0])


def _apart(name: str, file: Path) -> Timing:
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_timed, args=(name, file, sender))
    process.start()
    sender.close()
    try:
        timing: Timing = receiver.recv()
    finally:
        process.join()
    return timing


def _timed(name: str, file: Path, sender: Any) -> None:
    with file.open("rb") as stored:
        work: Work = pickle.load(stored)
    engine = ENGINES[name]
    engine(Work(work.needs[:_WARM], work.offers[:_WARM]))()
    # Millions of words live all the while; the collector need not look through them again and again.
    gc.collect()
    gc.freeze()
    before = fresh_peak()
    begin = time.perf_counter()
    retrieve = engine(work)
    indexed = time.perf_counter()
    retrieve()
    end = time.perf_counter()
    sender.send(Timing(name, indexed - begin, end - indexed, (peak() - before) // 1024))


def fresh_peak() -> int:
    """Let the process's peak memory begin anew at what it holds now, in KB (Linux: proc(5), clear_refs)."""
    Path("/proc/self/clear_refs").write_text("5")
    return peak()


def peak() -> int:
    """The process's peak memory, in KB."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])


def _ours(work: Work) -> Callable[[], object]:
    index = postings.build((words, ()) for words in work.offers)

    def part(first: int) -> object:
        mine = work.needs[first::THREADS]
        # In turns, so that one thread reads words while the other searches.
        return [
            index.search(index.terms([(words, (), "") for words in mine[begin : begin + _TURN]]), LIMIT)
            for begin in range(0, len(mine), _TURN)
        ]

    return lambda: _in_threads(part)


def _in_threads(part: Callable[[int], object]) -> list[object]:
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(part, range(THREADS)))


def _bm25s(work: Work) -> Callable[[], object]:
    import bm25s

    index = bm25s.BM25(backend="numba")
    index.index([list(words) for words in work.offers], show_progress=False)
    index.activate_numba_scorer()
    needs = [list(words) for words in work.needs]
    limit = min(LIMIT, len(work.offers))
    return lambda: index.retrieve(needs, k=limit, n_threads=THREADS, show_progress=False)


def _tantivy(work: Work) -> Callable[[], object]:
    import tantivy

    schema = tantivy.SchemaBuilder()
    schema.add_text_field("words", tokenizer_name="whitespace", index_option="freq")
    index = tantivy.Index(schema.build())
    writer = index.writer(_WRITER_BYTES, THREADS)
    for words in work.offers:
        writer.add_document(tantivy.Document(words=" ".join(words)))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher, schema_of = index.searcher(), index.schema

    def part(first: int) -> object:
        for words in work.needs[first::THREADS]:
            terms = [
                (tantivy.Occur.Should, tantivy.Query.term_query(schema_of, "words", word))
                for word in dict.fromkeys(words)
            ]
            searcher.search(tantivy.Query.boolean_query(terms), LIMIT, count=False)
        return None

    return lambda: _in_threads(part)


def _sparse_dot_topn(work: Work) -> Callable[[], object]:
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sparse_dot_topn import sp_matmul_topn

    vectorizer = TfidfVectorizer(analyzer=lambda words: words, dtype=np.float32)
    offers = csr_matrix(vectorizer.fit_transform(work.offers).T)

    def retrieve() -> object:
        needs = vectorizer.transform(work.needs)
        return sp_matmul_topn(needs, offers, top_n=LIMIT, sort=True, n_threads=THREADS)

    return retrieve


Engine = Callable[[Work], Callable[[], object]]
ENGINES: dict[str, Engine] = {
    "chainmatch": _ours,
    "bm25s": _bm25s,
    "tantivy": _tantivy,
    "sparse_dot_topn": _sparse_dot_topn,
}


def postings_touched(work: Work) -> int:
    """Postings that a scan of every query's lists reads."""
    counts: dict[str, int] = {}
    for word in chain.from_iterable(map(set, work.offers)):
        counts[word] = counts.get(word, 0) + 1
    return sum(counts.get(word, 0) for words in work.needs for word in set(words))

"""Compile the kernels once, so that nobody who waits for an answer waits for a compiler.

``python -m matching.engine.retrieval.warm`` does it where a program is installed; numba keeps the code on
disk (NUMBA_CACHE_DIR, which the settings name; else beside the source), for this kind of processor.
"""

from __future__ import annotations

from matching.engine.retrieval.columns import pack, unpack
from matching.engine.retrieval.index import build, columns, opened, query, search
from matching.engine.text import GlossaryIndex
from matching.engine.types import Need, Offer


def warm() -> None:
    """Build a small index and search it as it was built and as it is opened again, which can't be written."""
    glossary = GlossaryIndex()
    offers = [Offer(str(at), "", "", ("up", "part"), f"轴承 {at} XY-2000", "钢") for at in range(3)]
    built = build(offers, glossary)
    build(offers, glossary, beside=built)
    stored = unpack(memoryview(b"".join(pack(columns(built)))))
    need = Need("", "", "", ("up", "part"), "轴承 XY-2000")
    for index in (built, opened(stored)):
        search(query(need, index, glossary), index, 2)


if __name__ == "__main__":
    warm()

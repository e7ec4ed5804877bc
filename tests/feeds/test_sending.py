"""An attempt ends in time, reads little, and trusts only who the certificate names."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from matching.feeds.sending import MOST_BYTES, WHOLE_SECONDS, Answer, post
from matching.feeds.targets import parse
from tests.feeds.receivers import Receiver, answer, running

NAME = "hooks.example.com"


def _post(receiver: Receiver, seconds: float = WHOLE_SECONDS) -> Answer:
    target = parse(receiver.url, ports=(), listed=(receiver.origin,))
    return post(target, b"{}", {"webhook-id": "m"}, seconds=seconds)


def test_of_a_long_answer_the_first_bytes_are_read() -> None:
    with running(answer(200, "x" * 100_000)) as receiver:
        assert _post(receiver).body == "x" * MOST_BYTES


def test_an_answer_that_is_no_text_is_kept_as_text() -> None:
    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 500 x\r\nContent-Length: 5\r\n\r\n\x00a\xff\x1bb")

    with running(reply) as receiver:
        said = _post(receiver)
    assert (said.status, said.body) == (500, "a\ufffdb")


def test_who_speaks_no_http_is_told_as_broken() -> None:
    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"SSH-2.0\r\n")

    with running(reply) as receiver:
        assert _post(receiver).error == "broken"


def test_nobody_listening_is_told_as_refused() -> None:
    with running() as receiver:
        pass
    assert _post(receiver).error == "refused"


@pytest.mark.parametrize("drip", [b"", b"HTTP/1.1 200 OK\r\nX: "])
def test_who_answers_nothing_or_drop_by_drop_is_cut_off(drip: bytes) -> None:
    over = threading.Event()

    def reply(handler: BaseHTTPRequestHandler) -> None:
        try:
            handler.wfile.write(drip)
            while drip and not over.wait(0.05):
                handler.wfile.write(b"a")
            over.wait(10)
        except OSError:
            pass

    with running(reply) as receiver:
        said = _post(receiver, seconds=0.4)
        over.set()
    assert (said.status, said.error) == (None, "timeout")


class Authority:
    """A certificate authority and a server's certificate for ``NAME``."""

    def __init__(self, folder: Path) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
        now = datetime.now(UTC)
        built = (
            x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .sign(key, hashes.SHA256())
        )
        form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        (folder / "key.pem").write_bytes(key.private_bytes(*form))
        (folder / "cert.pem").write_bytes(built.public_bytes(serialization.Encoding.PEM))
        self.server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.server.load_cert_chain(folder / "cert.pem", folder / "key.pem")
        self.client = ssl.create_default_context(cafile=str(folder / "cert.pem"))


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def secure(authority: Authority) -> Iterator[Receiver]:
    with running(tls=authority.server) as receiver:
        yield receiver


def _by_name(receiver: Receiver, name: str, tls: ssl.SSLContext) -> Answer:
    origin = f"https://{name}:{receiver.port}"
    target = parse(f"{origin}/hook", ports=(), listed=(origin,))
    return post(target, b"{}", {}, resolver=lambda *_: ["127.0.0.1"], tls=tls)


def test_the_certificate_is_verified_against_the_name_not_the_address(
    secure: Receiver, authority: Authority
) -> None:
    said = _by_name(secure, NAME, authority.client)
    assert (said.status, said.error) == (200, "")
    assert secure.requests[0].headers["host"] == f"{NAME}:{secure.port}"


def test_another_name_or_an_unknown_authority_is_refused(secure: Receiver, authority: Authority) -> None:
    assert _by_name(secure, "other.example.com", authority.client).error == "tls"
    assert _by_name(secure, NAME, ssl.create_default_context()).error == "tls"
    assert secure.requests == []

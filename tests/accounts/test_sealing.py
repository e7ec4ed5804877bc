"""Sealed values and files open where they were sealed, with a data key, and nowhere else."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts import keyring
from accounts.keyring import Undecryptable
from accounts.sealing import files, keys
from accounts.sealing.files import CHUNK, SealedFileSystemStorage, SealedReader, sealed
from accounts.sealing.models import DataKey
from tests.accounts.test_keyring import NEW, OLD

SIZES = st.sampled_from([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 7])


@pytest.fixture
def afresh() -> Any:
    """A process that has read no data key yet."""
    keys.forget()
    yield
    keys.forget()


@given(st.binary(max_size=40), st.binary(max_size=40))
def test_a_value_opens_in_its_context_alone(plain: bytes, context: bytes) -> None:
    token = keys.seal(plain, context)
    assert keys.unseal(token, context) == plain
    assert keys.seal(plain, context) == token != keys.seal(plain, context + b"!")
    for wrong, place in (
        (token, context + b"!"),
        (token[:-1], context),
        (token[:2], context),
        (b"", context),
    ):
        with pytest.raises(Undecryptable):
            keys.unseal(wrong, place)


def _stored(plain: bytes, name: str = "a") -> bytes:
    return b"".join(sealed(io.BytesIO(plain), name))


@settings(max_examples=25)
@given(SIZES, st.data())
def test_a_file_is_read_from_any_place(size: int, data: st.DataObject) -> None:
    plain = bytes(at % 251 for at in range(size))
    reader = io.BufferedReader(SealedReader(io.BytesIO(_stored(plain)), "a"), CHUNK)
    assert reader.read() == plain
    at = data.draw(st.integers(0, size + 5))
    assert reader.seek(at) == at
    assert reader.read(CHUNK + 3) == plain[at : at + CHUNK + 3]
    assert reader.seek(0, io.SEEK_END) == size


def _damages(stored: bytes) -> dict[str, bytes]:
    head, body = stored[: files._HEAD], stored[files._HEAD :]
    size = CHUNK + files._TAG
    chunks = [body[at : at + size] for at in range(0, len(body), size)]
    return {
        "cut short": head + b"".join(chunks[:-1]),
        "cut within a chunk": stored[:-1],
        "without any chunk": head,
        "in another order": head + b"".join([chunks[1], chunks[0], *chunks[2:]]),
        "changed": stored[:-1] + bytes([stored[-1] ^ 1]),
        "of two files": _stored(b"x" * 3 * CHUNK)[: files._HEAD] + body,
    }


def test_a_file_that_was_tampered_with_does_not_open() -> None:
    stored = _stored(bytes(2 * CHUNK + 5))
    for what, damaged in {**_damages(stored), "under another name": stored}.items():
        reader = SealedReader(io.BytesIO(damaged), "b" if "name" in what else "a")
        with pytest.raises(Undecryptable):
            io.BufferedReader(reader, CHUNK).read()


def test_a_storage_keeps_nothing_in_plain_but_what_lay_there_before(tmp_path: Path) -> None:
    storage = SealedFileSystemStorage(location=tmp_path)
    name = storage.save("lists/a.csv", ContentFile(b"price,8173.4192"))
    other = storage.save("lists/a.csv", ContentFile(b"price,9444.8123"))
    assert not any(b"price" in path.read_bytes() for path in tmp_path.rglob("*.csv"))
    assert [storage.open(one).read() for one in (name, other)] == [b"price,8173.4192", b"price,9444.8123"]
    (tmp_path / "old.csv").write_bytes(b"price,1")
    assert storage.open("old.csv").read() == b"price,1"
    # The two change places.
    first, second = tmp_path / name, tmp_path / other
    held = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(held)
    with pytest.raises(Undecryptable):
        storage.open(name).read()


@pytest.mark.django_db
def test_changing_keys_rewrites_the_data_key_alone(afresh: Any) -> None:
    with override_settings(FIELD_KEYS=[OLD]):
        keys.ensure()
        keys.ensure()
        token, digest = keys.seal(b"31.5", b"here"), keys.keyed_digest(b"what a line says")
    with override_settings(FIELD_KEYS=[NEW, OLD]):
        keys.forget()
        written = keys.seal(b"7", b"meanwhile")
        call_command("rotate_keys", stdout=io.StringIO())
    assert DataKey.objects.count() == 1
    with override_settings(FIELD_KEYS=[NEW]):
        keys.forget()
        assert (keys.unseal(token, b"here"), keys.unseal(written, b"meanwhile")) == (b"31.5", b"7")
        assert (keys.seal(b"31.5", b"here"), keys.keyed_digest(b"what a line says")) == (token, digest)
    with override_settings(FIELD_KEYS=[OLD]):
        keys.forget()
        with pytest.raises(Undecryptable):
            keys.unseal(token, b"here")


@pytest.mark.django_db
def test_a_newer_data_key_seals_and_the_older_ones_still_open(afresh: Any) -> None:
    with override_settings(FIELD_KEYS=[OLD]):
        keys.ensure()
        token, digest = keys.seal(b"31.5", b"here"), keys.keyed_digest(b"x")
        DataKey.objects.create(number=2, secret=base64.b64encode(bytes(64)).decode())
        keys.forget()
        assert (keys.unseal(token, b"here"), keys.keyed_digest(b"x")) == (b"31.5", digest)
        assert keys.seal(b"31.5", b"here")[:2] == b"\0\2"


@pytest.mark.django_db
def test_without_a_data_key_the_operator_is_told(afresh: Any) -> None:
    with override_settings(FIELD_KEYS=[OLD]):
        with pytest.raises(ImproperlyConfigured, match=r"manage\.py migrate"):
            keys.seal(b"1", b"")
        with pytest.raises(Undecryptable, match="accounts_datakey"):
            keys.unseal(b"\0\1" + bytes(17), b"")
    with override_settings(MODE="production", FIELD_KEYS=[]), pytest.raises(ImproperlyConfigured):
        keys.ensure()
    assert {"demo", "test"} == keyring.KEYLESS_MODES

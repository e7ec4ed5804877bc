"""Every wrong start is told in words that say what to do."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from chainmatch.demo import checks


@pytest.mark.parametrize(("text", "port"), [("8000", 8000), ("1", 1), (" 65535 ", 65535)])
def test_a_port_is_read(text: str, port: int) -> None:
    assert checks.parse_port(text) == port


@pytest.mark.parametrize("text", ["", " ", "abc", "0", "65536", "-1", "80.0"])
def test_a_wrong_port_is_refused_by_name(text: str) -> None:
    with pytest.raises(checks.StartError, match=r"PORT"):
        checks.parse_port(text)


def test_an_empty_data_folder_is_refused() -> None:
    with pytest.raises(checks.StartError, match=r"DATA is empty.*make demo DATA="):
        checks.parse_data(" ")


def test_a_busy_port_is_named_and_a_free_one_offered() -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        with pytest.raises(checks.StartError, match=rf"Port {port} .* is busy.*make demo PORT=\d+"):
            checks.check_host_and_port("127.0.0.1", port)


@pytest.mark.parametrize("host", ["", "no such host"])
def test_a_wrong_host_is_refused_by_name(host: str) -> None:
    with pytest.raises(checks.StartError, match=r"HOST"):
        checks.check_host_and_port(host, 8000)


def test_a_data_folder_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(checks.StartError, match=r"DATA=.*can't be created"):
        checks.make_data_folder(tmp_path / "file" / "data")


def test_a_nearly_full_disk_is_told_with_both_figures() -> None:
    message = checks.space_problem(104_000_000, Path("/data"))
    assert "104 MB free" in message
    assert "500 MB needed" in message


def test_enough_space_is_no_problem() -> None:
    assert checks.space_problem(checks.FREE_BYTES_NEEDED, Path("/data")) == ""


@pytest.mark.parametrize(
    ("host", "hosts", "address"),
    [
        ("127.0.0.1", "127.0.0.1,localhost", "http://127.0.0.1:8000/"),
        ("10.0.0.5", "127.0.0.1,localhost,10.0.0.5", "http://10.0.0.5:8000/"),
        ("0.0.0.0", "*", "http://127.0.0.1:8000/"),
        ("::1", "127.0.0.1,localhost,::1", "http://[::1]:8000/"),
    ],
)
def test_host_names_follow_the_listening_address(host: str, hosts: str, address: str) -> None:
    assert (checks.allowed_hosts(host), checks.address(host, 8000)) == (hosts, address)

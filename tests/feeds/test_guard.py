"""No webhook reaches what only this machine can reach (RELIABILITY 30); each guard has its control."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from ipaddress import IPv4Address, IPv6Address
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.feeds import sending
from matching.feeds.addresses import is_public, may_reach
from matching.feeds.sending import Answer, post
from matching.feeds.targets import BadTarget, Target, parse
from tests.feeds.hostile import ADDRESSES, LITERAL, LOCAL, PUBLIC, RESOLVED
from tests.feeds.receivers import Receiver, answer, running

PORTS = (443, 8443)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with running() as one:
        yield one


@pytest.fixture
def reached(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Addresses that a connection was tried to; none succeeds."""
    tried: list[str] = []

    def connect(address: tuple[str, int], *_: Any) -> Any:
        tried.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr("socket.create_connection", connect)
    return tried


def _send(url: str, listed: tuple[str, ...] = (), **options: Any) -> Answer | str:
    try:
        target = parse(url, ports=PORTS, listed=listed)
    except BadTarget as bad:
        return str(bad)
    return post(target, b"{}", {}, **options)


def test_there_are_enough_hostile_addresses() -> None:
    assert len(ADDRESSES) + len(RESOLVED) > 80


@pytest.mark.parametrize("url", ADDRESSES)
def test_a_hostile_address_is_never_connected_to(url: str, reached: list[str]) -> None:
    said = _send(url)
    assert isinstance(said, str) or said.error in {"private", "unresolved"}
    assert reached == []


@pytest.mark.parametrize("host", RESOLVED)
def test_a_name_that_leads_inside_is_never_connected_to(host: str, reached: list[str]) -> None:
    said = _send(f"https://{host}/", resolver=lambda name, _port: RESOLVED[name])
    assert isinstance(said, Answer)
    assert said.error == ("unresolved" if not RESOLVED[host] else "private")
    assert reached == []


@pytest.mark.parametrize("host", [host for host in LITERAL if host.isascii() and "%" not in host])
def test_the_check_of_addresses_holds_without_that_of_names(host: str, reached: list[str]) -> None:
    said = post(Target("https", host.strip("[]"), 443, "/", listed=False), b"", {})
    assert said.error in {"private", "unresolved"}
    assert reached == []


def test_without_the_guard_the_same_addresses_are_connected_to(
    reached: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "may_reach", lambda *_args, **_named: True)
    for host in ("127.1", "2130706433", "0x7f.0.0.1", "0177.0.0.1", "::ffff:127.0.0.1", "169.254.169.254"):
        post(Target("https", host, 443, "/", listed=False), b"", {})
    for host in RESOLVED:
        _send(f"https://{host}/", resolver=lambda name, _port: RESOLVED[name])
    assert reached[:4] == [LOCAL] * 4
    assert "169.254.169.254" in reached
    assert len(reached) == 6 + len(RESOLVED) - 1


def test_a_name_is_resolved_once_so_a_second_answer_comes_too_late(reached: list[str]) -> None:
    answers = [[PUBLIC], [LOCAL]]
    said = _send("https://rebinding.example.com/", resolver=lambda *_: answers.pop(0))
    assert isinstance(said, Answer)
    assert reached == [PUBLIC]
    assert answers == [[LOCAL]]


def test_a_redirect_is_an_answer_and_nothing_to_follow(receiver: Receiver) -> None:
    moved = answer(302, Location=f"http://127.0.0.1:{receiver.port}/inside")
    with running(moved) as hop:
        said = _send(hop.url, (hop.origin,))
    assert isinstance(said, Answer)
    assert (said.status, said.taken, receiver.requests) == (302, False, [])


def test_a_proxy_of_the_environment_sees_nothing(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    with running() as proxy:
        for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY"):
            monkeypatch.setenv(name, proxy.origin)
        said = _send(receiver.url, (receiver.origin,))
        assert isinstance(said, Answer)
        assert said.taken
    assert (len(receiver.requests), proxy.requests) == (1, [])


def test_a_listed_origin_may_be_private_and_plain(receiver: Receiver) -> None:
    said = _send(receiver.url, (receiver.origin,))
    assert isinstance(said, Answer)
    assert (said.status, said.body, said.error) == (200, "ok", "")
    assert receiver.requests[0].headers["host"] == f"127.0.0.1:{receiver.port}"


@pytest.mark.parametrize("other", ["http://127.0.0.1:1/", "https://127.0.0.1/", "http://localhost/"])
def test_listing_one_origin_opens_no_other(receiver: Receiver, other: str, reached: list[str]) -> None:
    said = _send(other, (receiver.origin,))
    assert isinstance(said, str) or said.error == "private"
    assert reached == []


@pytest.mark.parametrize(
    "address", ["169.254.169.254", "fe80::1", "100.100.100.200", "224.0.0.1", "fd00:ec2::254"]
)
def test_what_hands_out_credentials_is_closed_to_listed_hosts_too(address: str) -> None:
    assert not may_reach(address, listed=True)


@given(st.ip_addresses(v=4))
def test_no_private_ipv4_address_passes_in_any_dress(address: IPv4Address) -> None:
    number = int(address)
    dressed = [
        IPv6Address(number),
        IPv6Address((0xFFFF << 32) | number),
        IPv6Address((0x64FF9B << 96) | number),
        IPv6Address((0x2002 << 112) | (number << 80)),
    ]
    assert [is_public(one) for one in dressed] == [False] * 4
    if not address.is_global or address.is_multicast:
        assert not is_public(address)


@given(st.ip_addresses(v=6))
def test_no_address_that_python_calls_local_passes(address: IPv6Address) -> None:
    if not address.is_global or address.is_multicast:
        assert not is_public(address)


def test_hosts_of_the_internet_pass() -> None:
    for address in (PUBLIC, "8.8.8.8", "223.5.5.5", "2606:4700::1111", "2400:3200::1", "240e:1::1"):
        assert may_reach(address, listed=False), address


def test_an_address_that_is_well_formed_is_taken_apart() -> None:
    target = parse("https://ERP.Example.com.:8443/a/b?c=1", ports=PORTS, listed=())
    assert target == Target("https", "erp.example.com", 8443, "/a/b?c=1", listed=False)
    assert target.authority == "erp.example.com:8443"
    assert parse("https://[2606:4700::1111]", ports=PORTS, listed=()).authority == "[2606:4700::1111]"


@given(st.text(max_size=60))
def test_any_text_is_taken_apart_or_refused(text: str) -> None:
    for url in (text, f"https://{text}", f"https://example.com/{text}"):
        try:
            target = parse(url, ports=PORTS, listed=())
        except BadTarget:
            continue
        assert target.scheme == "https"
        assert target.port in PORTS


def test_the_receiver_may_ask_for_a_pause() -> None:
    with running(answer(429, Retry_After="120")) as busy:
        said = _send(busy.url, (busy.origin,))
    assert isinstance(said, Answer)
    assert (said.status, said.retry_after) == (429, timedelta(seconds=120))

"""Two worlds that differ in a rival's hidden price alone look the same to a firm (RELIABILITY 22 and 23).

The price decides one thing: whether an offer is acceptable under a buyer's ceiling. Both prices are, so what
is declared (matches, bands, quantities) is the same. An answer that is the same in both worlds tells nothing
about the price, whatever is computed from it; so a firm that asks a thousand times estimates it no better
than from what is published.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from matching.lists.models import DemandLine, SupplyLine
from matching.review.queries import firms
from tests.api.story import API, Story
from tests.disclosure.crawling import as_text, crawl, firm
from tests.disclosure.rivals import match_and_publish, same_for_all, tell_rivals, undone
from tests.torture import times

pytestmark = pytest.mark.django_db
PRICES = (Decimal("7555.3391"), Decimal("3127.6041"))
ROUNDS = times(5, 1_000)
LOW, HIGH = Decimal(0), Decimal(10_000)
DOORS = ("/my-matches/", "/overview/", "/notices/", "my_matches", "home")


@pytest.fixture
def story() -> Story:
    """The rivals before they are matched."""
    return tell_rivals()


def _reprice_rival(story: Story, price: Decimal) -> None:
    lines = SupplyLine.objects.filter(organisation=firm(story, "other_member"))
    lines.update(price_low=price, price_high=price + 1)


def _in_both(story: Story, look: Callable[[], Any], prices: Sequence[Decimal] = PRICES) -> list[Any]:
    """What ``look`` sees where the rival's price is this one, and that one."""
    seen = []
    for price in prices:
        with undone():
            _reprice_rival(story, price)
            match_and_publish(story)
            seen.append(look())
    return seen


def _answers(story: Story, part: str, **asked: Any) -> dict[str, str]:
    return {answer.door: same_for_all(answer.text) for answer in crawl(story, part, **asked)}


def _different(worlds: Sequence[dict[str, str]]) -> set[str]:
    one, other = worlds
    assert one.keys() == other.keys()
    return {door for door in one if one[door] != other[door]}


@pytest.mark.parametrize("part", ("member", "leader", "other_leader")[: times(1, 3)])
def test_a_rivals_price_changes_no_byte(story: Story, part: str) -> None:
    worlds = _in_both(story, lambda: _answers(story, part))
    assert _different(worlds) == set()


def test_the_office_does_see_the_difference(story: Story) -> None:
    doors = ("/supply-lines/", "/matching-lists/{list}/", "/chains/")
    worlds = _in_both(story, lambda: _answers(story, "office", only=doors))
    assert _different(worlds) == {"/supply-lines/", "/matching-lists/{list}/"}


def test_a_price_that_is_let_out_is_found(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = firms._party

    def leaky(line: Any, *args: Any, **options: Any) -> Any:
        party = honest(line, *args, **options)
        return replace(party, product=f"{party.product} {getattr(line, 'price_low', '')}")

    monkeypatch.setattr(firms, "_party", leaky)
    worlds = _in_both(story, lambda: _answers(story, "leader", only=("/my-matches/", "/chains/")))
    assert _different(worlds) == {"/my-matches/"}


@dataclass(frozen=True)
class Attack:
    """What a firm that re-prices again and again got to read, and where it takes the rival's price to be."""

    read: tuple[str, ...]
    estimate: Decimal


def _attack(story: Story, part: str, rounds: int) -> Attack:
    """Binary search: price one's own line, read everything, and go down where anything reads otherwise."""
    person = story.people[part]
    assert person is not None
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    line, address, named = _own_line(story, part)
    low, high, read = LOW, HIGH, []
    for _ in range(rounds):
        price = ((low + high) / 2).quantize(Decimal("0.0001"))
        body = dict.fromkeys(named, str(price))
        saved = client.patch(address, body, content_type="application/json")
        assert saved.status_code == 200, saved.content
        texts = [_look(client, door) for door in DOORS]
        read.append(same_for_all("\n".join(texts)).replace(str(price), "OWN"))
        low, high = (price, high) if read[-1] == read[0] else (low, price)
    assert type(line).objects.get(pk=line.pk).title == line.title
    return Attack(tuple(read), (low + high) / 2)


def _own_line(story: Story, part: str) -> tuple[Any, str, tuple[str, ...]]:
    if part == "leader":
        demand = DemandLine.objects.get(pk=story.names["run_demand"])
        return demand, f"{API}/demand-lines/{demand.pk}/", ("price_ceiling",)
    supply = SupplyLine.objects.filter(organisation=firm(story, part), state="verified").order_by("key")[0]
    return supply, f"{API}/supply-lines/{supply.pk}/", ("price_low", "price_high")


def _look(client: Client, door: str) -> str:
    response = client.get(f"{API}{door}" if door.startswith("/") else reverse(door))
    assert response.status_code == 200, door
    return as_text(response)


@pytest.mark.parametrize("part", ("member", "leader")[: times(1, 2)])
def test_pricing_a_thousand_times_tells_nothing(story: Story, part: str) -> None:
    one, other = _in_both(story, lambda: _attack(story, part, ROUNDS))
    assert one == other


def test_the_attack_finds_a_price_that_leaks_by_order(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    honest, (own, _address, _named) = firms._party, _own_line(story, "member")

    def leaky(line: Any, *args: Any, **options: Any) -> Any:
        own.refresh_from_db()
        rival = SupplyLine.objects.filter(organisation=firm(story, "other_member"))[0]
        party = honest(line, *args, **options)
        return replace(party, product="second" if own.price_low > rival.price_low else "first")

    monkeypatch.setattr(firms, "_party", leaky)
    found = _in_both(story, lambda: _attack(story, "member", 12), [Decimal("7555.3391")])
    assert abs(found[0].estimate - Decimal("7555.3391")) < 10

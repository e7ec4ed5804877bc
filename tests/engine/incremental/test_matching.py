from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings

from matching.engine.incremental import Changes, MatchedWhole, rematch
from matching.engine.retrieval.meanings import compact
from matching.engine.types import Policy
from matching.engine.wire import encode
from tests.engine.incremental.listing import Lists, changes_of, held, in_full, lists_of, policies
from tests.engine.values_of import need, offer

POLICY = Policy()


def _lists(count: int = 4) -> Lists:
    titles = ("矿用圆环链条", "单晶硅片", "防爆电机", "轴承钢")
    return Lists(
        {f"D{at}": need(f"D{at}", title=titles[at % 4], node=()) for at in range(count)},
        {f"S{at}": offer(f"S{at}", title=titles[at % 4], node=()) for at in range(count)},
    )


@settings(max_examples=100)
@given(lists_of(), changes_of(), policies)
def test_the_same_as_in_full(lists: Lists, changes: Changes, policy: Policy) -> None:
    full = held(lists, policy)
    assert encode(full.rematched(changes)) == encode(in_full(full.base, lists.after(changes)))


@settings(max_examples=60)
@given(lists_of(), policies)
def test_nothing_changed_matches_nothing_again(lists: Lists, policy: Policy) -> None:
    full = held(lists, policy)
    assert rematch(full.base, Changes()).results == ()
    assert full.rematched(Changes()) == full.results


def test_only_needs_that_an_offer_reaches_are_matched_again() -> None:
    lists = _lists()
    full = held(lists, replace(POLICY, candidates=1))
    dearer = replace(lists.offers["S0"], price_low=Decimal(1_000_000))
    found = rematch(full.base, Changes(offers=(dearer,)))
    assert [result.need for result in found.results] == ["D0"]


def test_a_removed_offer_makes_room_for_the_next() -> None:
    lists = _lists()
    second = offer("S9", title="圆环链条", node=())
    full = held(Lists(lists.needs, lists.offers | {"S9": second}), replace(POLICY, candidates=1))
    (result, *_) = full.rematched(Changes(offers_gone=frozenset({"S0"})))
    (match,) = result.matches
    assert (match.offer, match.position) == ("S9", 3)


def test_own_words_stand_before_what_was_confirmed_for_another() -> None:
    bare = {"node": (), "properties": (), "description": ""}
    confirmed = offer("S1", title="锰钢连接件", aliases=("接链环",), **bare)
    own = offer("S2", **(bare | {"title": "接链环", "description": "锰钢连接件"}))
    wanted = need(title="接链环", node=(), requirements=())
    full = held(Lists({"D1": wanted}, {"S1": confirmed}), replace(POLICY, candidates=1))
    (result,) = full.rematched(Changes(offers=(own,)))
    assert [match.offer for match in result.matches] == ["S2"]


def test_a_word_that_no_offer_knew_finds_the_first_that_has_it() -> None:
    asked = Changes(needs=(need("D9", title="石墨坩埚", node=(), requirements=()),))
    assert held(_lists(), POLICY).rematched(asked)[-1].matches == ()
    wanted = held(_lists().after(asked), POLICY)
    found = wanted.rematched(Changes(offers=(offer("S9", title="石墨坩埚", node=()),)))
    assert [match.offer for match in found[-1].matches] == ["S9"]


def test_two_changes_of_one_offer_are_refused() -> None:
    with pytest.raises(ValueError, match="share a key"):
        rematch(held(_lists(), POLICY).base, Changes(offers=(offer("S1"), offer("S1"))))


def test_lines_with_meanings_are_refused() -> None:
    lists, meaning = _lists(), compact([1.0, 2.0])
    changed = replace(lists.offers["S0"], meanings=(meaning,))
    rematch(held(lists, POLICY).base, Changes(offers=(changed,)))
    meant = Lists(lists.needs | {"D0": replace(lists.needs["D0"], meaning=meaning)}, lists.offers)
    with pytest.raises(MatchedWhole):
        rematch(held(meant, POLICY).base, Changes(offers=(changed,)))

"""An office tells what it knows from its own records, and revokes what is wrong."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from django.utils.translation import override

from accounts.roles import Role
from matching.errors import Conflict, Forbidden, Invalid
from matching.lists.models import SupplyLine
from matching.lists.states import LineState
from matching.memory.models import Confirmation, Source
from matching.memory.queries import aliases_of
from matching.memory.services import Outcome, PastPair, remember, remember_history, remember_pair, revoke
from matching.memory.states import ConfirmationState
from tests import factories, world

pytestmark = pytest.mark.django_db


def _line(here: world.World, **values: Any) -> SupplyLine:
    return factories.make_supply(here.member, here.chain, state=LineState.VERIFIED, **values)


def _pair(line: SupplyLine, text: str = "太阳能薄片", **values: Any) -> PastPair:
    return PastPair(text=text, uscc=line.organisation.uscc or "", line=line.key, **values)


def test_what_the_office_tells_becomes_an_alias() -> None:
    here = world.build()
    line = _line(here)
    told = remember(actor=here.office, pair=_pair(line, " 太阳能薄片 ", confirmed_on="2024-03-01"))
    assert aliases_of(here.chain.pk, "product") == {line.pk: ("太阳能薄片",)}
    stored = Confirmation.objects.get(pk=told.pk)
    assert (stored.source, stored.confirmed_on, stored.confirmed_by) == (
        Source.OFFICE,
        date(2024, 3, 1),
        here.office,
    )
    assert (stored.product, stored.demand) == (line.title, None)


def test_the_product_of_that_time_may_be_told() -> None:
    here = world.build()
    line = _line(here)
    remember(actor=here.office, pair=_pair(line, product="旧产品"))
    assert aliases_of(here.chain.pk, "product") == {}
    SupplyLine.objects.update(title="旧产品")
    assert aliases_of(here.chain.pk, "product") == {line.pk: ("太阳能薄片",)}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"text": "  "}, "text"),
        ({"text": "长" * 301}, "text"),
        ({"text": "a\0b"}, "text"),
        ({"product": "长" * 201}, "product"),
        ({"line": "absent"}, "line"),
        ({"uscc": "a\0b"}, "line"),
        ({"confirmed_on": (timezone.localdate() + timedelta(days=2)).isoformat()}, "confirmed_on"),
        ({"confirmed_on": "2024-02-30"}, "confirmed_on"),
        ({"confirmed_on": "去年"}, "confirmed_on"),
    ],
)
def test_each_row_is_judged_for_itself(values: dict[str, Any], field: str) -> None:
    here = world.build()
    line = _line(here)
    good = _pair(line)
    bad = PastPair(**{"text": good.text, "uscc": good.uscc, "line": good.line, **values})
    told = remember_history(actor=here.office, pairs=[bad, good])
    assert [one.outcome for one in told] == [Outcome.REFUSED, Outcome.REMEMBERED]
    assert told[0].field == field
    assert told[0].problem != ""
    with pytest.raises(Invalid) as refused:
        remember(actor=here.office, pair=bad)
    assert set(refused.value.fields) == {field}


def test_telling_the_same_again_changes_nothing() -> None:
    here = world.build()
    line = _line(here)
    pairs = [_pair(line), _pair(line, "太阳能  薄片"), _pair(line, "另一个")]
    told = remember_history(actor=here.office, pairs=pairs)
    assert [one.outcome for one in told] == [Outcome.REMEMBERED, Outcome.KNOWN, Outcome.REMEMBERED]
    again = remember_history(actor=here.office, pairs=pairs)
    assert [one.outcome for one in again] == [Outcome.KNOWN] * 3
    assert Confirmation.objects.count() == 2
    with pytest.raises(Conflict) as refused:
        remember(actor=here.office, pair=pairs[0])
    assert refused.value.code == "remembered_already"


def test_a_dry_run_tells_the_same_and_writes_nothing() -> None:
    here = world.build()
    line = _line(here)
    pairs = [_pair(line), _pair(line), PastPair("x", "y", "z")]
    dry = remember_history(actor=here.office, pairs=pairs, dry_run=True)
    assert not Confirmation.objects.exists()
    wet = remember_history(actor=here.office, pairs=pairs)
    assert [one.outcome for one in dry] == [one.outcome for one in wet]


def test_an_import_never_brings_back_what_was_revoked() -> None:
    here = world.build()
    line = _line(here)
    known = remember(actor=here.office, pair=_pair(line))
    revoke(actor=here.office, confirmation_id=known.pk, reason="并非同一产品")
    [told] = remember_history(actor=here.office, pairs=[_pair(line)])
    assert told.outcome == Outcome.REVOKED
    assert aliases_of(here.chain.pk, "product") == {}
    remember(actor=here.office, pair=_pair(line))
    assert aliases_of(here.chain.pk, "product") == {line.pk: ("太阳能薄片",)}


def test_revoking_ends_the_same_words_from_whatever_source() -> None:
    here = world.build()
    line, other = _line(here), _line(here)
    known = remember(actor=here.office, pair=_pair(line))
    demand = factories.make_demand(here.leader, here.chain)
    remember_pair(actor=here.member, demand=demand, supply=line, text="太阳能 薄片", product=line.title)
    remember(actor=here.office, pair=_pair(line, "另一个"))
    remember(actor=here.office, pair=_pair(other))
    done = revoke(actor=here.office, confirmation_id=known.pk, reason="并非同一产品")
    assert (done.state, done.ended_by, done.ended_reason) == (
        ConfirmationState.REVOKED,
        here.office,
        "并非同一产品",
    )
    assert aliases_of(here.chain.pk, "product") == {line.pk: ("另一个",), other.pk: ("太阳能薄片",)}
    with pytest.raises(Conflict) as refused:
        revoke(actor=here.office, confirmation_id=known.pk, reason="并非同一产品")
    assert refused.value.code == "illegal_transition"


@pytest.mark.parametrize("reason", ["", "  ", "长" * 501, "a\0b"])
def test_revoking_asks_for_a_reason(reason: str) -> None:
    here = world.build()
    known = remember(actor=here.office, pair=_pair(_line(here)))
    with pytest.raises(Invalid) as refused:
        revoke(actor=here.office, confirmation_id=known.pk, reason=reason)
    assert set(refused.value.fields) == {"reason"}
    known.refresh_from_db()
    assert known.state == ConfirmationState.STANDING


def test_only_the_chain_s_office_tells_and_revokes() -> None:
    here = world.build()
    line = _line(here)
    known = remember(actor=here.office, pair=_pair(line))
    stranger = factories.make_user(Role.CHAIN_OFFICE, chains=("nev",))
    [told] = remember_history(actor=stranger, pairs=[_pair(line)])
    with override("en"):
        [absent] = remember_history(actor=stranger, pairs=[PastPair("太阳能薄片", "x", "y")])
        [foreign] = remember_history(actor=stranger, pairs=[_pair(line)])
    assert (told.outcome, foreign) == (Outcome.REFUSED, absent)
    for person in (here.department, here.leader, here.member):
        with pytest.raises(Forbidden):
            remember(actor=person, pair=_pair(line, "新"))
        with pytest.raises(Forbidden):
            revoke(actor=person, confirmation_id=known.pk, reason="理由")
    with pytest.raises(Forbidden):
        revoke(actor=stranger, confirmation_id=known.pk, reason="理由")


def test_a_line_that_was_never_handed_in_does_not_exist_for_the_office() -> None:
    here = world.build()
    line = factories.make_supply(here.member, here.chain)
    [told] = remember_history(actor=here.office, pairs=[_pair(line)])
    assert told.outcome == Outcome.REFUSED


def test_an_office_of_all_chains_tells_of_all_of_them() -> None:
    here = world.build()
    line = _line(here)
    everywhere = factories.make_user(Role.CHAIN_OFFICE)
    assert remember(actor=everywhere, pair=_pair(line)).chain_id == here.chain.pk


def test_the_memory_is_for_chain_wide_offices_alone() -> None:
    here = world.build()
    remember(actor=here.office, pair=_pair(_line(here)))
    seen = {
        part: Confirmation.objects.visible_to(person).count()
        for part, person in {
            "office": here.office,
            "department": here.department,
            "city": factories.make_user(Role.CITY_TASK_FORCE, chains=(here.chain.pk,), regions=("1401",)),
            "regional office": factories.make_user(Role.CHAIN_OFFICE, regions=("1401",)),
            "other office": factories.make_user(Role.CHAIN_OFFICE, chains=("nev",)),
            "leader": here.leader,
            "member": here.member,
        }.items()
    }
    assert seen == {
        "office": 1,
        "department": 1,
        "city": 0,
        "regional office": 0,
        "other office": 0,
        "leader": 0,
        "member": 0,
    }


@pytest.mark.django_db(transaction=True)
def test_of_two_who_tell_the_same_at_once_one_remembers() -> None:
    here = world.build()
    line = _line(here)

    def tell(number: int) -> str:
        try:
            [told] = remember_history(actor=here.office, pairs=[_pair(line)])
            return told.outcome
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(tell, range(4)))
    assert outcomes == [Outcome.KNOWN] * 3 + [Outcome.REMEMBERED]
    assert Confirmation.objects.count() == 1

"""A backup is whole with the keys and says nothing without them (RELIABILITY 15)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.db import connection
from django.test import override_settings

from accounts.keyring import Undecryptable
from accounts.sealing import keys
from matching.lists.models import SupplyLine
from matching.lists.states import LineState
from matching.runs.models import FrozenLine, MatchingList, MatchingRun
from matching.runs.queries.frozen import offer_of
from matching.runs.services import publish
from matching.runs.services.freezing import _hash
from tests import factories, world
from tests.accounts.test_keyring import NEW, OLD

pytestmark = pytest.mark.django_db
Dump = dict[str, bytes]


@pytest.fixture
def run() -> Iterator[MatchingRun]:
    """A published run of lines with secrets, under a data key."""
    keys.forget()
    with override_settings(FIELD_KEYS=[OLD]):
        keys.ensure()
        here = world.build()
        secret = {"price_low": Decimal("8173.4192"), "free_capacity": Decimal("654321.9371")}
        factories.make_supply(here.member, here.chain, state=LineState.VERIFIED)
        SupplyLine.objects.update(**secret)
        found = world.finished_run(here, supplies=0)
        publish(actor=here.office, run_id=found.pk)
        yield found
    keys.forget()


def _dump() -> Dump:
    """Every table as text, as a backup holds it."""
    held: Dump = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        for (name,) in cursor.fetchall():
            with cursor.copy(f'COPY "{name}" TO STDOUT') as out:
                held[name] = b"".join(bytes(piece) for piece in out)
    return held


def _restore(dump: Dump) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name in dump:
            cursor.execute(f'ALTER TABLE "{name}" DISABLE TRIGGER USER')
        cursor.execute("TRUNCATE " + ", ".join(f'"{name}"' for name in dump))
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for name, rows in dump.items():
            with cursor.copy(f'COPY "{name}" FROM STDIN') as into:
                into.write(rows)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name in dump:
            cursor.execute(f'ALTER TABLE "{name}" ENABLE TRIGGER USER')
    keys.forget()


def _told(run: MatchingRun) -> tuple[str, str, str, list[Decimal | None]]:
    """Hashes made anew of what stands there, and the offers' prices."""
    again = MatchingRun.objects.select_related("policy", "round").get(pk=run.pk)
    _hash(again)
    offers = [offer_of(line) for line in FrozenLine.objects.filter(run=run, side="offer")]
    return (
        again.input_hash,
        again.index_hash,
        MatchingList.objects.get(run=run).content_hash,
        [offer.price_low for offer in offers],
    )


def test_what_is_restored_is_what_was_saved(run: MatchingRun) -> None:
    before, dump = _told(run), _dump()
    assert (before[0], before[3]) == (run.input_hash, [Decimal("8173.4192")])
    assert not any(b"8173.41" in rows or b"654321.9" in rows for rows in dump.values())
    SupplyLine.objects.update(price_low=1)
    FrozenLine.objects.update(title="别的")
    _restore(dump)
    assert _told(run) == before
    assert _dump() == dump


def test_a_backup_without_its_keys_tells_no_price(run: MatchingRun) -> None:
    _restore(_dump())
    with override_settings(FIELD_KEYS=[NEW]), pytest.raises(Undecryptable):
        _told(run)
    with override_settings(FIELD_KEYS=[NEW]), pytest.raises(Undecryptable):
        str(SupplyLine.objects.get().price_low)


def test_a_price_that_changed_in_the_backup_changes_the_hash(run: MatchingRun) -> None:
    before = _told(run)
    line = FrozenLine.objects.get(run=run, side="offer")
    prices = SupplyLine._meta.get_field("price_low")
    line.sealed[2] = prices.seal(Decimal("8173.4193"), line.line_id)
    line.save()
    assert _told(run)[:2] != before[:2]

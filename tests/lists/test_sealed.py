"""Prices and capacities stand sealed in the database, each for its own line and column."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import FieldError
from django.db import DataError, connection
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from accounts.audit.models import AuditEntry
from accounts.keyring import Undecryptable
from accounts.sealing import keys
from accounts.sealing.models import DataKey
from matching.lists.models import SupplyLine
from matching.lists.services.content import fingerprint
from matching.lists.states import LineState
from tests import factories, world
from tests.accounts.test_keyring import NEW, OLD

pytestmark = pytest.mark.django_db
PRICES: Any = SupplyLine._meta.get_field("price_low")
NUMBERS = st.decimals(
    min_value=Decimal("-99999999999999.9999"), max_value=Decimal("99999999999999.9999"), places=4
)


def _row(line: SupplyLine) -> dict[str, bytes]:
    columns = ("free_capacity", "committed", "price_low", "price_high")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)} FROM matching_supplyline WHERE id = %s", [line.pk])
        return dict(zip(columns, cursor.fetchone(), strict=True))


def _copy(line: SupplyLine, column: str, token: bytes) -> SupplyLine:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE matching_supplyline SET {column} = %s WHERE id = %s", [token, line.pk])
    return SupplyLine.objects.get(pk=line.pk)


@pytest.fixture
def lines() -> list[SupplyLine]:
    """Two lines at the same price."""
    here = world.build()
    values: dict[str, Any] = {
        "state": LineState.VERIFIED,
        "price_low": Decimal("8173.4192"),
        "free_capacity": Decimal(5),
    }
    return [factories.make_supply(here.member, here.chain, key=key, **values) for key in "AB"]


@given(NUMBERS)
def test_numbers_come_back_as_they_were_and_are_equally_long(number: Decimal) -> None:
    token = PRICES.seal(number, "row")
    assert PRICES.open(token, "row") == number
    assert PRICES.open(token, "row").as_tuple().exponent == -4
    assert len(token) == len(PRICES.seal(0, "row"))


def test_numbers_that_the_column_can_not_hold_are_refused() -> None:
    for number in (Decimal("1e14"), Decimal("-1e14")):
        with pytest.raises(DataError):
            PRICES.seal(number, "row")
    assert PRICES.open(PRICES.seal("0.00005", "row"), "row") == Decimal("0.0001")
    assert PRICES.seal(None, "row") is None


def test_equal_prices_look_different_and_an_unchanged_one_stays_as_it_is(lines: list[SupplyLine]) -> None:
    one, other = map(_row, lines)
    assert one["price_low"] != other["price_low"]
    assert b"8173" not in one["price_low"]
    SupplyLine.objects.get(pk=lines[0].pk).save()
    assert _row(lines[0]) == one
    changed = AuditEntry.objects.filter(table="matching_supplyline", action="update").order_by("-id")[0]
    assert set(changed.after or {}) == {"updated_at"}


def test_a_value_of_another_line_or_column_does_not_open(lines: list[SupplyLine]) -> None:
    one, other = lines
    for column, token in (("price_low", _row(other)["price_low"]), ("price_high", _row(one)["price_low"])):
        moved = _copy(one, column, token)
        with pytest.raises(Undecryptable):
            getattr(moved, column)
    back = _copy(one, "price_low", PRICES.seal(Decimal(3), one.pk))
    assert back.price_low == 3
    copied = SupplyLine.objects.get(pk=other.pk)
    copied.pk, copied.key = None, "C"
    copied._state.adding = True
    with pytest.raises(Undecryptable):
        copied.save()


def test_the_database_can_not_be_asked_for_a_price(lines: list[SupplyLine]) -> None:
    for lookup in ("price_low", "price_low__gt", "price_low__in"):
        with pytest.raises(FieldError):
            SupplyLine.objects.filter(**{lookup: [1] if lookup.endswith("in") else 1})
    assert SupplyLine.objects.filter(price_low__isnull=False, price_high__isnull=True).count() == 2
    with pytest.raises(FieldError):
        SupplyLine._base_manager.update(price_low=1)


def test_many_rows_are_updated_each_for_itself(lines: list[SupplyLine]) -> None:
    assert SupplyLine.objects.filter(key="A").update(price_low=Decimal("2.5"), unit="吨") == 1
    told = [(line.price_low, line.unit == "吨") for line in SupplyLine.objects.order_by("key")]
    assert told == [(Decimal("2.5"), True), (Decimal("8173.4192"), False)]
    assert SupplyLine.objects.update(price_low=None) == 2


def test_prices_can_not_be_tried_out_against_the_fingerprint() -> None:
    told = fingerprint({"price": Decimal("12.0")})
    assert told == fingerprint({"price": Decimal(12)}) != fingerprint({"price": Decimal(13)})
    with override_settings(SECRET_KEY="of another server" * 3):
        assert fingerprint({"price": Decimal(12)}) != told


def test_lines_are_read_after_the_keys_were_changed_while_others_write(lines: list[SupplyLine]) -> None:
    keys.forget()
    try:
        with override_settings(FIELD_KEYS=[OLD]):
            keys.ensure()
            lines[0].price_low = Decimal(11)
            lines[0].save()
        with override_settings(FIELD_KEYS=[NEW, OLD]):
            key = DataKey.objects.get()
            key.save()
            lines[1].price_low = Decimal(12)
            lines[1].save()
            keys.forget()
        with override_settings(FIELD_KEYS=[NEW]):
            assert [line.price_low for line in SupplyLine.objects.order_by("key")] == [11, 12]
        with override_settings(FIELD_KEYS=[OLD]):
            keys.forget()
            with pytest.raises(Undecryptable):
                str(SupplyLine.objects.get(key="A").price_low)
    finally:
        keys.forget()

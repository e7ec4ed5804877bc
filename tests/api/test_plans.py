"""Objects are shown by a plan of their serializer's fields; the bytes are the framework's own."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.serializers import ModelSerializer

from matching.http import plans
from matching.lists.api.serializers import CertificateSerializer, PropertySerializer, RequirementSerializer
from matching.lists.models import Certificate, Property, Requirement
from matching.lists.states import LineState
from tests import factories
from tests.api.story import API, Story

LISTS = ("demand-lines/", "supply-lines/", "rounds/", "agreements/", "my-matches/", "meetings/")
texts = st.text(max_size=20)
numbers = st.none() | st.decimals(-(10**9), 10**9, places=6)
rows = st.one_of(
    st.builds(
        Requirement,
        parameter=texts,
        operator=st.sampled_from(["at_least", "between", "", "another"]),
        low=numbers,
        high=numbers,
        values=st.lists(texts, max_size=3),
        hard=st.booleans(),
    ),
    st.builds(Property, parameter=texts, low=numbers, tolerance=numbers, values=st.lists(texts, max_size=3)),
    st.builds(Certificate, name=texts, number=texts, expires=st.none() | st.dates()),
)
SERIALIZERS: dict[type[Any], type[Any]] = {
    Requirement: RequirementSerializer,
    Property: PropertySerializer,
    Certificate: CertificateSerializer,
}


@given(row=rows)
def test_a_row_is_shown_as_its_fields_show_it(row: Any) -> None:
    serializer = SERIALIZERS[type(row)]()
    assert list(serializer.to_representation(row).items()) == list(
        ModelSerializer.to_representation(serializer, row).items()
    )


def test_what_was_remembered_is_no_other_value() -> None:
    serializer = CertificateSerializer()
    shown = [
        serializer.to_representation(Certificate(name="A", expires=day))
        for day in (dt.date(2030, 1, 1), None, dt.date(2030, 1, 2), dt.date(2030, 1, 1))
    ]
    assert [one["expires"] for one in shown] == ["2030-01-01", None, "2030-01-02", "2030-01-01"]


def _shown(story: Story) -> dict[tuple[str, str], bytes]:
    return {
        (part, path): story.client(part).get(f"{API}/{path}").content
        for part in ("office", "leader", "member")
        for path in LISTS
    }


@pytest.mark.django_db
def test_lists_have_the_same_bytes_without_plans(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    here = story.world
    factories.make_demand(
        here.leader, here.chain, key="plain", requirements=({"parameter": "厚度", "low": Decimal("1.50")},)
    )
    factories.make_supply(
        here.member, here.chain, state=LineState.VERIFIED, properties=({"parameter": "厚度", "low": 1},),
        certificates=({"name": "A"}, {"name": "B", "expires": dt.date(2031, 2, 3)}),
    )  # fmt: skip
    planned = _shown(story)
    assert any(b'"1.5"' in body for body in planned.values())

    monkeypatch.setattr(plans.Planned, "to_representation", ModelSerializer.to_representation)
    assert _shown(story) == planned

    def upper(self: Any, row: Any) -> Any:
        shown = ModelSerializer.to_representation(self, row)
        return {name: "?" if name == "title" else value for name, value in shown.items()}

    monkeypatch.setattr(plans.Planned, "to_representation", upper)
    assert _shown(story) != planned, "negative control"

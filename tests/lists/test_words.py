"""A search finds lines by product, number and firm, with and without small letters."""

from __future__ import annotations

import pytest
from django.db.models import Q

from accounts.roles import OrganisationKind
from matching.lists.models import SupplyLine
from matching.lists.queries import with_words, with_words_among_many
from tests import factories, world

pytestmark = pytest.mark.django_db
TITLES = ("304 不锈钢板", "不锈钢带", "轴承 SKF 6205", "轴承钢 GCr15", "Ｇ型轴承", "100% 涤纶_布", "轴\\承")


@pytest.mark.parametrize(
    "text",
    [
        "轴",
        "轴承",
        "不锈钢板",
        "不锈钢带",
        "gcr15",
        "GCR",
        "skf 6205",
        "Ｇ型",
        "ｇ型",
        "%",
        "_",
        "轴\\",
        "s-3",
        "S-3",
        "焦炭",
        "煤机",
    ],
)
def test_both_ways_find_what_holds_the_text(text: str) -> None:
    here = world.build()
    other = factories.make_firm(OrganisationKind.MEMBER_FIRM, "太原煤机 GCR 厂")
    for place, title in enumerate(TITLES):
        line = factories.make_supply(here.member, here.chain, title=title, key=f"S-{place}")
        if place % 2:
            SupplyLine.objects.filter(pk=line.pk).update(organisation=other)
    lines = SupplyLine.objects.order_by("key")
    expected = lines.filter(
        Q(title__icontains=text) | Q(key__icontains=text) | Q(organisation__name__icontains=text)
    )
    assert list(with_words(lines, text)) == list(expected)
    assert list(with_words_among_many(lines, text)) == list(expected)
    own = lines.filter(organisation=other)
    assert list(with_words_among_many(own, text)) == list(expected.filter(organisation=other))

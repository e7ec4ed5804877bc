"""A firm ticks the languages that its people speak, by name."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from matching.meetings.languages import code_of, name_of
from matching.meetings.models import Presence
from tests import factories, world


def test_languages_have_names_in_the_language_of_the_page() -> None:
    with override("zh-hans"):
        assert [name_of(code) for code in ("en", "ja", "yue")] == ["英语", "日语", "yue"]
    with override("en"):
        assert name_of("ja") == "Japanese"
    assert [code_of(word) for word in ("日语", "japanese", "ja", "粤语")] == ["ja", "ja", "ja", "粤语"]


@pytest.fixture
def here(db: None) -> world.World:
    """A chain with its people."""
    return world.build()


def test_a_firm_ticks_languages_and_keeps_one_that_is_not_listed(here: world.World, client: Client) -> None:
    firm = factories.firm_of(here.leader)
    Presence.objects.create(organisation=firm, languages=["zh", "yue"])
    client.force_login(here.leader)
    page = client.get(reverse("availability")).content.decode()
    assert page.count('name="languages"') == 15
    sent = {"about": "presence", "languages": ["zh", "yue", "en"]}
    assert client.post(reverse("availability"), sent).status_code == 303
    assert sorted(Presence.objects.get(organisation=firm).languages) == ["en", "yue", "zh"]
    assert client.post(reverse("availability"), {"about": "presence"}).status_code == 422

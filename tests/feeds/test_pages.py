"""The pages of webhooks: a secret is shown once, firms are offered what they can see."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from matching.feeds.models import WebhookEndpoint
from matching.feeds.sources import SOURCES
from tests import world


@pytest.fixture
def here(db: None) -> world.World:
    return world.build()


def test_a_secret_is_shown_in_one_answer_that_nobody_keeps(here: world.World) -> None:
    client = Client()
    client.force_login(here.leader)
    form = {"url": "https://erp.example.com/hook", "events": ["round.changed"], "description": "ERP"}
    made = client.post(reverse("webhook_create"), form)
    first = WebhookEndpoint.objects.get()
    assert str(first.secret) in made.content.decode()
    assert "no-store" in made["Cache-Control"]
    page = reverse("webhook_detail", args=[first.pk])
    assert "whsec_" not in client.get(page).content.decode()
    rotated = client.post(reverse("webhook_rotate", args=[first.pk])).content.decode()
    second = str(WebhookEndpoint.objects.get().secret)
    assert re.findall(r"whsec_[\w+/=]+", rotated) == [second]
    assert second != first.secret


def test_firms_are_offered_what_firms_can_see(here: world.World) -> None:
    offered = {}
    for name, person in (("firm", here.leader), ("office", here.office)):
        client = Client()
        client.force_login(person)
        page = client.get(reverse("webhook_create")).content.decode()
        offered[name] = {source.name for source in SOURCES if f'value="{source.event}"' in page}
    of_offices = {"run", "matching_list", "policy", "policy_proposal", "supervision_order"}
    assert offered["office"] - offered["firm"] == of_offices
    assert offered["office"] == {source.name for source in SOURCES}

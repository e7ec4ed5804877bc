"""Sessions, oneself; addresses that lead nowhere."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from tests.api.story import API, Story, client_of


def test_a_session_signs_in_and_writes_only_with_its_csrf_token(story: Story) -> None:
    person = story.people["leader"]
    assert person is not None
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(pk=person.pk), "accounts.security.backend.Backend")
    assert client.get(f"{API}/me/").status_code == 200
    refused = client.patch(f"{API}/me/", {"language": "en"}, content_type="application/json")
    assert refused.status_code == 403


def test_the_language_is_remembered(story: Story) -> None:
    client = story.client("head")
    assert client.patch(f"{API}/me/", {"language": "tlh"}).status_code == 400
    assert client.patch(f"{API}/me/", {"language": "en"}).json()["language"] == "en"


@pytest.mark.parametrize("path", ["/api/v1/nothing/", "/api/v1/demand-lines/a/b/c/", "/api/v2/"])
def test_an_address_that_leads_nowhere_answers_a_problem(path: str) -> None:
    response = client_of(None).get(path)
    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"
    document = response.json()
    assert document["type"].endswith("/api/problems/not_found/")
    (error,) = document["errors"]
    meaning = error.pop("meaning")
    assert error == {"field": None, "pointer": None, "code": "not_found", "detail": "Not found."}
    assert meaning["en"].startswith("The address leads to nothing")
    assert meaning["zh"].startswith("该地址没有您可查看的内容")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("delete", "/demand-lines/{draft_demand}/", 405), ("put", "/rounds/", 405), ("post", "/runs/", 415)],
)
def test_methods_and_media_types_that_are_not_offered(
    story: Story, method: str, path: str, status: int
) -> None:
    options = {"data": "a=b", "content_type": "application/x-www-form-urlencoded"} if status == 415 else {}
    response = getattr(story.client("office"), method)(API + path.format(**story.names), **options)
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"


def test_the_glossary_is_edited_by_the_chains_office(story: Story) -> None:
    office, address = story.client("office"), f"{API}/glossary/"
    one_word = office.post(address, {"kind": "synonym", "chain": "photovoltaic", "words": ["硅片", "硅片"]})
    assert one_word.json()["errors"][0]["field"] == "words"
    for_all = {"kind": "synonym", "chain": None, "words": ["螺栓", "螺杆"]}
    assert office.post(address, for_all).status_code == 403
    twice = {"kind": "synonym", "chain": "photovoltaic", "words": ["硅片", "单晶硅片"]}
    assert office.post(address, twice).status_code == 400

"""Problem documents: each says which request it belongs to, and where in the body each fault is."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from matching.http.codes import MEANINGS
from matching.http.problems import pointer_to
from tests.api.matrix import DEMAND, NDJSON
from tests.api.story import API, Story

LINES = f"{API}/demand-lines/"
MINE = "erp-2026-11-22.000001"


def _errors(response: Any) -> dict[str | None, tuple[str | None, str]]:
    assert response.headers["Content-Type"] == "application/problem+json"
    return {error["field"]: (error["pointer"], error["code"]) for error in response.json()["errors"]}


def test_the_request_is_named_by_its_own_id_or_by_ours(story: Story) -> None:
    client = story.client("leader")
    named = client.get(f"{LINES}absent/", headers={"x-request-id": MINE})
    assert (named.json()["instance"], named.headers["X-Request-ID"]) == (
        f"urn:chainmatch:request:{MINE}",
        MINE,
    )
    other = client.get(f"{LINES}absent/", headers={"x-request-id": "no spaces, please"})
    assert other.json()["instance"] == f"urn:chainmatch:request:{other.headers['X-Request-ID']}"
    nowhere = client.get("/api/v1/nowhere/")
    assert nowhere.json()["instance"].endswith(nowhere.headers["X-Request-ID"])


def test_each_fault_of_a_body_is_pointed_at(story: Story) -> None:
    body = {
        **DEMAND,
        "quantity": "lots",
        "deliver_until": "soon",
        "confidential": "perhaps",
        "arose_from": "x",
        "colour/red~": 1,
        "requirements": [{"parameter": "x", "low": "thick"}, 3],
    }
    assert _errors(story.client("leader").post(LINES, body, format="json")) == {
        "quantity": ("#/quantity", "invalid_number"),
        "deliver_until": ("#/deliver_until", "invalid_date"),
        "confidential": ("#/confidential", "invalid_boolean"),
        "arose_from": ("#/arose_from", "invalid_id"),
        "colour/red~": ("#/colour~1red~0", "unknown_field"),
        "requirements.0.low": ("#/requirements/0/low", "invalid_number"),
        "requirements.1": ("#/requirements/1", "not_a_dict"),
    }
    assert _errors(story.client("leader").post(LINES, [1], format="json")) == {None: (None, "not_a_dict")}


def test_what_the_rules_refuse_has_codes_of_its_own(story: Story) -> None:
    body = {
        **DEMAND,
        "deliver_from": "2027-02-01",
        "deliver_until": "2027-01-01",
        "requirements": [
            {"parameter": "x", "low": "3", "high": "2"},
            {"parameter": "y", "operator": "at_least"},
        ],
    }
    client = story.client("leader")
    assert _errors(client.post(LINES, body, format="json")) == {
        "deliver_until": ("#/deliver_until", "ends_before_begin"),
        "requirements.0.high": ("#/requirements/0/high", "ends_before_begin"),
        "requirements.1.low": ("#/requirements/1/low", "required"),
    }
    nowhere = client.post(LINES, {**DEMAND, "node": "nowhere"}, format="json")
    assert _errors(nowhere) == {"node": ("#/node", "does_not_exist")}


def test_faults_in_the_address_or_in_a_header_have_no_pointer(story: Story) -> None:
    client = story.client("leader")
    assert _errors(client.get(f"{LINES}?round=x&valid_until_after=soon")) == {
        "round": (None, "invalid_id"),
        "valid_until_after": (None, "invalid_date"),
    }
    bulk = client.post(f"{LINES}bulk/?mode=some", b"", content_type=NDJSON)
    assert _errors(bulk) == {"mode": (None, "invalid_choice")}
    keyed = client.post(LINES, DEMAND, format="json", headers={"idempotency-key": "ä"})
    assert _errors(keyed) == {"Idempotency-Key": (None, "invalid_idempotency_key")}


def test_pointers_are_escaped() -> None:
    assert pointer_to(["a/b", "c~d", "颜色", "0"]) == "#/a~1b/c~0d/%E9%A2%9C%E8%89%B2/0"


def test_details_are_in_the_language_asked_for_and_meanings_in_both(story: Story) -> None:
    told = [
        story.client("leader").post(
            LINES, {**DEMAND, "quantity": "lots"}, format="json", headers={"accept-language": language}
        )
        for language in ("en", "zh-hans")
    ]
    english, chinese = (response.json()["errors"][0] for response in told)
    assert english["detail"] != chinese["detail"]
    assert (english["code"], english["meaning"]) == (chinese["code"], chinese["meaning"])
    with translation.override("en"):
        assert english["meaning"]["en"] == str(MEANINGS["invalid_number"])


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["oauth2_provider:token", "oauth2_provider:revoke-token"])
def test_a_client_is_asked_for_by_the_scheme_that_it_signs_in_with(name: str) -> None:
    refused = Client().post(reverse(name), {"grant_type": "client_credentials", "token": "x"})
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"].startswith("Basic ")


@pytest.mark.parametrize(
    ("path", "column"), [("/matching-lists/{list}/export/", "band"), ("/runs/{run}/gaps/export/", "type")]
)
def test_json_exports_have_codes_beside_words(story: Story, path: str, column: str) -> None:
    english, chinese = (
        json.loads(
            b"".join(
                story.client("office").get(
                    API + path.format(**story.names), headers={"accept-language": language}
                )
            )
        )
        for language in ("en", "zh-hans")
    )
    codes = [row[f"{column}_code"] for row in english]
    assert codes == [row[f"{column}_code"] for row in chinese] != []
    assert [row[column] for row in english] != [row[column] for row in chinese]

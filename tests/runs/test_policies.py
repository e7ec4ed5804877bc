"""Versions of the rules: adopted by the chain's office, numbered, unchangeable, used by the next run."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from matching.engine.policies import Fault, faults, same
from matching.engine.types import ConditionKind, Policy
from matching.errors import Conflict, Forbidden, Invalid
from matching.lists.states import LineState
from matching.runs.models import PolicyVersion
from matching.runs.queries import policy_of, rules_of
from matching.runs.services import (
    adopt_proposal,
    adopt_rules,
    current_policy,
    reject_proposal,
    restore_version,
    start_run,
)
from matching.runs.states import ProposalState
from tests import factories, world
from tests.api.story import API, client_of

pytestmark = pytest.mark.django_db
RULES = Policy(weights=(("text", 1), ("delivery", 3)), gates=(ConditionKind.DELIVERY,), max_suppliers=2)


def _adopt(here: world.World, rules: Policy = RULES, actor: User | None = None) -> PolicyVersion:
    return adopt_rules(
        actor=actor or here.office, chain_id=here.chain.pk, kind="product", rules=rules, note="试行"
    )


def test_the_next_run_uses_what_was_adopted_and_earlier_ones_keep_theirs() -> None:
    here = world.build()
    first = world.finished_run(here)
    version = _adopt(here)
    factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED)
    second = start_run(actor=here.office, round_id=here.round.pk)
    assert (first.policy.number, second.policy) == (1, version)
    assert policy_of(first) == Policy()
    assert policy_of(second) == replace(RULES, version=2)
    assert (version.number, version.note, version.adopted_by) == (2, "试行", here.office)


def test_only_the_chains_office_sets_rules() -> None:
    here = world.build()
    proposal = factories.make_proposal(here.chain)
    for person in (here.department, here.leader, here.member):
        with pytest.raises(Forbidden):
            _adopt(here, actor=person)
        with pytest.raises(Forbidden):
            adopt_proposal(actor=person, proposal_id=proposal.pk)
        with pytest.raises(Forbidden):
            reject_proposal(actor=person, proposal_id=proposal.pk)
        with pytest.raises(Forbidden):
            restore_version(actor=person, version_id=proposal.base_id)
    assert PolicyVersion.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("weights", {"weights": (("luck", 1),)}),
        ("weights", {"weights": (("text", -1), ("node", 2))}),
        ("weights", {"weights": (("text", 1001),)}),
        ("weights", {"weights": (("text", 0),)}),
        ("weights", {"weights": ()}),
        ("bands", {"bands": (5_000, 6_000, 0)}),
        ("bands", {"bands": (10_001, 6_000, 0)}),
        ("grade_bonus", {"grade_bonus": (("小巨人", 10_001),)}),
        ("allocation_bonus", {"allocation_bonus": (("local", -1),)}),
        ("home_regions", {"home_regions": ("太原",)}),
        ("home_regions", {"home_regions": ("140",)}),
        ("minimum_text", {"minimum_text": -1}),
        ("minimum_score", {"minimum_score": 10_001}),
        ("candidates", {"candidates": 0}),
        ("max_suppliers", {"max_suppliers": 0}),
        ("near_misses", {"near_misses": 1001}),
    ],
)
def test_rules_that_can_not_be_used_are_refused(field: str, changes: dict[str, Any]) -> None:
    here = world.build()
    with pytest.raises(Invalid) as refused:
        _adopt(here, replace(Policy(), **changes))
    assert list(refused.value.fields) == [field]
    assert PolicyVersion.objects.count() == 0


def test_the_current_rules_are_not_adopted_again() -> None:
    here = world.build()
    version = _adopt(here)
    with pytest.raises(Conflict) as refused:
        _adopt(here, rules_of(version))
    assert refused.value.code == "rules_unchanged"
    assert PolicyVersion.objects.count() == 2


def test_going_back_makes_a_new_version() -> None:
    here = world.build()
    first = current_policy(chain_id=here.chain.pk, kind="product")
    _adopt(here)
    back = restore_version(actor=here.office, version_id=first.pk, note="恢复")
    assert (back.number, back.note) == (3, "恢复")
    assert replace(rules_of(back), version=1) == rules_of(first)
    assert current_policy(chain_id=here.chain.pk, kind="product") == back


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_refuses_to_change_a_version(change: str) -> None:
    here = world.build()
    versions = PolicyVersion.objects.filter(pk=_adopt(here).pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        versions.update(note="x") if change == "update" else versions.delete()
    assert versions.get().note == "试行"


def test_a_proposal_is_adopted_once_by_name() -> None:
    here = world.build()
    proposal = factories.make_proposal(here.chain, weight=30)
    adopted = adopt_proposal(actor=here.office, proposal_id=proposal.pk, note="采纳建议")
    assert adopted.version is not None
    assert (adopted.state, adopted.decided_by, adopted.version.number) == ("adopted", here.office, 2)
    assert adopted.decided_at is not None
    assert (adopted.version.adopted_by, adopted.version.note) == (here.office, "采纳建议")
    assert rules_of(adopted.version) == replace(
        Policy(), version=2, weights=(("text", 30), *Policy().weights[1:])
    )
    for verb in (adopt_proposal, reject_proposal):
        with pytest.raises(Conflict):
            verb(actor=here.office, proposal_id=proposal.pk)


def test_a_proposal_for_rules_that_count_no_more_is_out_of_date() -> None:
    here = world.build()
    proposal = factories.make_proposal(here.chain)
    _adopt(here)
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.SUPERSEDED
    with pytest.raises(Conflict):
        adopt_proposal(actor=here.office, proposal_id=proposal.pk)
    assert current_policy(chain_id=here.chain.pk, kind="product").number == 2


def test_the_api_changes_only_what_is_sent() -> None:
    here = world.build()
    client = client_of(here.office)
    sent = {
        "chain": here.chain.pk,
        "weights": {"delivery": 7, "text": 3, "node": 0},
        "bands": {"A": 8_000},
        "gates": ["price"],
        "allocation_bonus": {"local": 500},
        "home_regions": ["14"],
        "note": "交期优先",
    }
    answer = client.post(f"{API}/policies/", sent)
    version = PolicyVersion.objects.get(number=2)
    assert answer.status_code == 201, answer.json()
    assert rules_of(version) == replace(
        Policy(),
        version=2,
        weights=(("text", 3), ("delivery", 7)),
        bands=(8_000, 6_000, 0),
        gates=(ConditionKind.PRICE,),
        allocation_bonus=(("local", 500),),
        home_regions=("14",),
    )
    shown = client.get(f"{API}/policies/{version.pk}/").json()
    assert (shown["in_force"], shown["note"], shown["rules"]["weights"]) == (
        True,
        "交期优先",
        {"text": 3, "delivery": 7},
    )
    first = PolicyVersion.objects.get(number=1)
    assert client.get(f"{API}/policies/{first.pk}/").json()["in_force"] is False
    differences = client.get(f"{API}/policies/{version.pk}/differences/").json()
    assert {"field": "bands", "name": "A", "before": 7_500, "after": 8_000} in differences
    assert {"field": "gates", "name": "certificate", "before": 1, "after": None} in differences
    assert {"field": "weights", "name": "delivery", "before": 5, "after": 7} in differences
    backwards = client.get(f"{API}/policies/{first.pk}/differences/?against=2").json()
    assert {"field": "bands", "name": "A", "before": 8_000, "after": 7_500} in backwards
    assert client.get(f"{API}/policies/{first.pk}/differences/").json() == []
    assert client.get(f"{API}/policies/{first.pk}/differences/?against=9").status_code == 404
    assert client.get(f"{API}/policies/{first.pk}/differences/?against=x").status_code == 400


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"weights": {"luck": 1}}, "weights"),
        ({"bands": {"D": 1}}, "bands"),
        ({"gates": ["luck"]}, "gates.0"),
        ({"candidates": 0}, "candidates"),
        ({"kind": "luck"}, "kind"),
    ],
)
def test_the_api_says_what_is_wrong(sent: dict[str, Any], field: str) -> None:
    here = world.build()
    answer = client_of(here.office).post(f"{API}/policies/", {"chain": here.chain.pk, **sent})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)


def _browser(person: User) -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(person)
    return client


def test_the_form_writes_the_next_version() -> None:
    here = world.build()
    address = reverse("policy_create", args=[here.chain.pk])
    answer = _browser(here.office).post(address, factories.rules_form(band_A="80.5"))
    version = PolicyVersion.objects.get(number=2)
    assert answer.headers["Location"] == reverse("policy_detail", args=[version.pk])
    weights = tuple((name, 50 if name == "delivery" else was) for name, was in Policy().weights)
    assert rules_of(version) == replace(Policy(), version=2, weights=weights, bands=(8_050, 6_000, 0))
    page = _browser(here.office).get(reverse("policy_detail", args=[version.pk])).content.decode()
    assert "交期优先" in page
    assert "What differs" in page


def test_the_form_starts_from_the_version_that_is_asked_for() -> None:
    here = world.build()
    _adopt(here)
    address = reverse("policy_create", args=[here.chain.pk])
    browser = _browser(here.office)
    forms = [browser.get(f"{address}{query}").context["form"] for query in ("", "?from=1")]
    assert [form.initial["max_suppliers"] for form in forms] == [2, 5]
    assert [form.initial["weight_node"] for form in forms] == [0, 15]


@pytest.mark.parametrize(
    ("changed", "status"),
    [({"weight_text": "-1"}, 422), ({"band_A": "50"}, 422), ({"weight_delivery": "5"}, 409)],
)
def test_the_form_says_what_is_wrong(changed: dict[str, str], status: int) -> None:
    here = world.build()
    address = reverse("policy_create", args=[here.chain.pk])
    answer = _browser(here.office).post(address, factories.rules_form(**changed))
    assert (answer.status_code, PolicyVersion.objects.filter(number=2).count()) == (status, 0)
    assert any(answer.context["form"].errors.values())


def test_the_office_decides_on_a_proposal_on_its_page() -> None:
    here = world.build()
    proposal = factories.make_proposal(here.chain)
    page = reverse("proposal_detail", args=[proposal.pk])
    decide = reverse("proposal_decide", args=[proposal.pk])
    browser = _browser(here.office)
    assert decide in browser.get(page).content.decode()
    assert decide not in _browser(here.department).get(page).content.decode()
    assert browser.post(decide, {"action": "luck"}).status_code == 404
    browser.post(decide, {"action": "reject", "note": "样本太偏"})
    proposal.refresh_from_db()
    assert (proposal.state, proposal.reason, proposal.decided_by) == ("rejected", "样本太偏", here.office)
    shown = browser.get(page).content.decode()
    assert "样本太偏" in shown
    assert decide not in shown


def test_a_proposal_is_work_for_its_office() -> None:
    here = world.build()
    factories.make_proposal(here.chain)
    told = "Rules learnt from decisions are proposed"
    shown = {
        person: told in _browser(person).get("/").content.decode() for person in (here.office, here.member)
    }
    assert shown == {here.office: True, here.member: False}


def test_going_back_on_the_page() -> None:
    here = world.build()
    first = current_policy(chain_id=here.chain.pk, kind="product")
    _adopt(here)
    browser = _browser(here.office)
    browser.post(reverse("policy_restore", args=[first.pk]))
    assert replace(rules_of(PolicyVersion.objects.get(number=3)), version=1) == Policy()
    listed = browser.get(reverse("policy_list")).content.decode()
    assert listed.count("in force") == 1


def test_the_least_score_lies_where_a_match_can_reach_it() -> None:
    assert faults(replace(Policy(), minimum_score=Policy().bands[0])) == {}
    assert faults(replace(Policy(), minimum_score=Policy().bands[0] + 1)) == {
        "minimum_score": Fault.ABOVE_BANDS
    }


def test_terms_in_another_order_and_weights_of_nothing_are_no_new_rules() -> None:
    usual = Policy()
    shuffled = replace(
        usual, weights=(*reversed(usual.weights), ("unused", 0)), gates=tuple(reversed(usual.gates))
    )
    assert same(usual, shuffled)
    assert not same(usual, replace(usual, near_misses=usual.near_misses + 1))

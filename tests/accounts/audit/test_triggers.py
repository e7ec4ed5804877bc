"""Every write leaves one entry, whichever way it goes in; a write that is taken back leaves none."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db import connection, transaction
from django.db.models import F

from accounts.audit.context import acting
from accounts.audit.install import BODIES, install, missing, rewritten
from accounts.audit.models import AuditEntry
from accounts.audit.verifying import verify
from accounts.audit.watching import watched, watched_apps
from accounts.models import Organisation
from accounts.roles import OrganisationKind, Role
from accounts.security.oidc import bind
from matching.chains.models import Chain, Region
from matching.copying import copy_in, copy_over
from tests import factories

pytestmark = pytest.mark.django_db


def entries(**wanted: Any) -> list[AuditEntry]:
    """Entries in the order in which they were written."""
    return list(AuditEntry.objects.filter(**wanted).order_by("id"))


def test_every_model_is_audited_or_exempt_with_a_reason() -> None:
    tables = {one.table for one in watched()}
    for app in ("accounts", "matching"):
        exempt = watched_apps()[app].exempt
        names = {model.__name__ for model in apps.get_app_config(app).get_models()}
        assert set(exempt) <= names
        assert all(len(reason) > 20 for reason in exempt.values())
        left = {
            model.__name__
            for model in apps.get_app_config(app).get_models(include_auto_created=True)
            if model._meta.db_table not in tables
        }
        assert left == set(exempt)
    assert missing() == []


def test_a_table_without_its_trigger_is_found() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE matching_round DISABLE TRIGGER audit_update")
        cursor.execute("DROP TRIGGER audit_insert ON matching_chain")
    assert missing() == ["matching_chain", "matching_round"]
    install()
    assert missing() == []


def test_a_function_that_was_made_to_tell_nothing_is_found() -> None:
    assert (sorted(BODIES), rewritten()) == (["accounts_audit_seal", "accounts_audit_write"], [])
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION accounts_audit_write() RETURNS trigger LANGUAGE plpgsql "
            "AS 'BEGIN RETURN NULL; END'"
        )
    factories.make_chain("pv")
    assert entries(table="matching_chain") == []
    assert verify().problems == ["function accounts_audit_write is not this release's"]
    install()
    assert rewritten() == []


def test_insert_update_and_delete_are_told_with_who_and_how() -> None:
    with acting(actor_id=7, via="token", credential="ab12", request_id="request-1"):
        chain = Chain.objects.create(code="pv", name_zh="光伏", name_en="PV")
        Chain.objects.filter(pk="pv").update(name_en="Photovoltaics")
        chain.delete()
    inserted, updated, deleted = entries(table="matching_chain")
    whole = {"code": "pv", "name_zh": "光伏", "name_en": "PV", "position": 0}
    assert (inserted.action, inserted.before, inserted.after) == ("insert", None, whole)
    assert (updated.action, updated.before, updated.after) == (
        "update",
        {"name_en": "PV"},
        {"name_en": "Photovoltaics"},
    )
    assert (deleted.action, deleted.before) == ("delete", whole | {"name_en": "Photovoltaics"})
    for entry in (inserted, updated, deleted):
        assert (entry.object_id, entry.actor, entry.via) == ("pv", 7, "token")
        assert (entry.credential, entry.request_id) == ("ab12", "request-1")


def test_an_update_that_changes_nothing_leaves_no_entry() -> None:
    factories.make_chain()
    before = AuditEntry.objects.count()
    Chain.objects.update(name_en=F("name_en"))
    assert AuditEntry.objects.count() == before


def test_a_changed_key_is_a_row_that_went_and_one_that_came() -> None:
    Region.objects.create(code="14", name="山西省", level="province")
    Region.objects.filter(pk="14").update(code="15")
    last = [(one.action, one.object_id) for one in entries(table="matching_region")]
    assert sorted(last[1:]) == [("delete", "14"), ("insert", "15")]


def test_secrets_and_personal_data_read_as_stars() -> None:
    user = factories.make_user(Role.MEMBER_FIRM)
    user.set_password("another horse battery")
    user.phone, user.is_staff = "13912345678", True
    user.save()
    made, changed = entries(table="accounts_user", object_id=str(user.pk))
    assert made.after is not None
    assert (made.after["password"], made.after["username"], made.after["is_staff"]) == ("***", "***", False)
    assert changed.after == {"password": "***", "phone": "***", "is_staff": True}
    assert changed.before == {"password": "***", "phone": "***", "is_staff": False}


def test_ways_in_and_rights_that_libraries_keep_are_told() -> None:
    person = factories.make_user(Role.CHAIN_OFFICE)
    bind(user=person, subject="subject-1")
    (bound,) = entries(table=SocialAccount._meta.db_table)
    assert (bound.after or {})["user_id"] == person.pk
    assert "subject-1" not in str(bound.after)
    group = Group.objects.create(name="helpers")
    right = Permission.objects.get(codename="change_user")
    group.permissions.add(right)
    (given,) = entries(table="auth_group_permissions")
    assert ((given.after or {})["group_id"], (given.after or {})["permission_id"]) == (group.pk, right.pk)
    person.groups.add(group)
    assert len(entries(table="accounts_user_groups")) == 1


def test_rows_that_are_copied_in_are_told_one_by_one() -> None:
    firms = [
        Organisation(
            kind=OrganisationKind.MEMBER_FIRM, name=f"厂{n}", region="14", uscc=factories.credit_code(n)
        )
        for n in range(900, 903)
    ]
    with acting(actor_id=5, via="session"):
        copy_in(Organisation, firms[:2])
        firms[0].name = "新厂"
        copy_over(Organisation, firms, ["name"])
    told = [(one.action, one.object_id, one.actor) for one in entries(table="accounts_organisation")]
    assert sorted(told) == sorted(
        [("insert", str(firm.pk), 5) for firm in firms] + [("update", str(firms[0].pk), 5)]
    )


def test_who_acts_is_told_again_after_a_savepoint_was_taken_back() -> None:
    with acting(actor_id=5):
        try:
            with transaction.atomic():
                factories.make_chain("lost")
                raise ValueError
        except ValueError:
            pass
        factories.make_chain("kept")
    assert {(one.object_id, one.actor) for one in entries(table="matching_chain")} == {("kept", 5)}


def test_one_persons_name_is_not_left_to_the_next() -> None:
    with acting(actor_id=5):
        factories.make_chain("first")
    factories.make_chain("second")
    with acting(actor_id=6):
        factories.make_chain("third")
    told = [(one.object_id, one.actor) for one in entries(table="matching_chain")]
    assert told == [("first", 5), ("second", None), ("third", 6)]


@pytest.mark.django_db(transaction=True)
def test_writes_outside_of_a_transaction_are_told_too() -> None:
    with acting(actor_id=5, via="command"), connection.cursor() as cursor:
        cursor.execute("INSERT INTO matching_region VALUES ('14', '山西省', 'province', NULL)")
    with transaction.atomic():
        Region.objects.create(code="15", name="内蒙古自治区", level="province")
    with acting(actor_id=6):
        Region.objects.create(code="16", name="某省", level="province")
    told = [(one.object_id, one.actor, one.via) for one in entries(table="matching_region")]
    assert told == [("14", 5, "command"), ("15", None, ""), ("16", 6, "")]

"""Encrypted values: what stands in the database, and keys that change in the middle of work."""

from __future__ import annotations

import io
from typing import Any, ClassVar

import pytest
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.core.management import call_command
from django.db import connection, models
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from accounts import keyring, rotation
from accounts.fields import EncryptedTextField
from accounts.roles import Role
from tests import factories

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


class Vault(models.Model):
    """A model of this test alone."""

    word = EncryptedTextField(null=True)

    objects: ClassVar[models.Manager[Vault]] = models.Manager()

    class Meta:
        app_label = "vault_of_a_test"

    def __str__(self) -> str:
        return str(self.pk)


@pytest.fixture
def vault(db: None) -> None:
    with connection.schema_editor() as editor:
        editor.create_model(Vault)


def _stored() -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT word FROM {Vault._meta.db_table} ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


@given(st.text())
def test_what_is_encrypted_opens_again_and_never_looks_the_same(text: str) -> None:
    first, second = keyring.encrypt(text), keyring.encrypt(text)
    assert first != second
    assert keyring.decrypt(first) == keyring.decrypt(second) == text


def test_a_changed_token_and_a_foreign_key_open_nothing() -> None:
    token = keyring.encrypt("31.5")
    for wrong in (token[:-3] + "AA=", "31.5", ""):
        with pytest.raises(keyring.Undecryptable):
            keyring.decrypt(wrong)
    with override_settings(FIELD_KEYS=[NEW]), pytest.raises(keyring.Undecryptable):
        keyring.decrypt(token)


def test_production_never_derives_a_key() -> None:
    with override_settings(MODE="production", FIELD_KEYS=[]):
        with pytest.raises(ImproperlyConfigured, match="CHAINMATCH_FIELD_KEYS"):
            keyring.encrypt("x")
        assert [problem.id for problem in keyring.check_keys()] == ["accounts.E001"]
    with override_settings(FIELD_KEYS=["short"]):
        assert [problem.id for problem in keyring.check_keys()] == ["accounts.E002"]
    with override_settings(FIELD_KEYS=[NEW]):
        assert keyring.check_keys() == []


def test_the_database_never_sees_the_word(vault: None) -> None:
    Vault.objects.bulk_create([Vault(word="天机"), Vault(word=None), Vault(word="")])
    assert [row.word for row in Vault.objects.order_by("pk")] == ["天机", None, ""]
    assert "天机" not in str(_stored())
    assert Vault.objects.filter(word__isnull=True).count() == 1
    for lookup in ("word", "word__contains", "word__gt"):
        with pytest.raises(FieldError):
            Vault.objects.filter(**{lookup: "天机"})


def test_keys_change_in_the_middle_of_work(vault: None, monkeypatch: pytest.MonkeyPatch) -> None:
    words = [f"word {number}" for number in range(7)]
    with override_settings(FIELD_KEYS=[OLD]):
        Vault.objects.bulk_create(Vault(word=word) for word in words)
        Vault.objects.create(word=None)
    with override_settings(FIELD_KEYS=[NEW, OLD]):
        assert rotation._rotate_batch(Vault, "word", None, 3)  # then the process is killed
        assert [row.word for row in Vault.objects.order_by("pk")] == [*words, None]
        Vault.objects.create(word="written meanwhile")
        assert rotation.rotate_column(Vault, "word", batch=2) == 4
        assert rotation.rotate_column(Vault, "word", batch=2) == 0
    with override_settings(FIELD_KEYS=[NEW]):
        assert [row.word for row in Vault.objects.order_by("pk")] == [*words, None, "written meanwhile"]


def test_a_row_whose_key_is_gone_is_named(vault: None) -> None:
    with override_settings(FIELD_KEYS=[OLD]):
        lost = Vault.objects.create(word="x")
    with override_settings(FIELD_KEYS=[NEW]), pytest.raises(keyring.Undecryptable, match=f"Vault {lost.pk}"):
        rotation.rotate_column(Vault, "word")


@pytest.mark.django_db
def test_second_factors_survive_a_change_of_keys() -> None:
    person = factories.make_user(Role.CHAIN_OFFICE)
    with override_settings(FIELD_KEYS=[OLD]):
        data = {"secret": keyring.encrypt("JBSWY3DPEHPK3PXP"), "name": "phone", "used": 3}
        factor = Authenticator.objects.create(user=person, type="totp", data=data)
        # What people call their keys is theirs, also where it looks like one of ours.
        named = Authenticator.objects.create(user=person, type="webauthn", data={"name": "gAAAAphone"})
    with override_settings(FIELD_KEYS=[NEW, OLD]):
        call_command("rotate_keys", stdout=io.StringIO())
    factor.refresh_from_db()
    named.refresh_from_db()
    assert named.data == {"name": "gAAAAphone"}
    with override_settings(FIELD_KEYS=[NEW]):
        assert keyring.decrypt(factor.data["secret"]) == "JBSWY3DPEHPK3PXP"
    assert (factor.data["name"], factor.data["used"]) == ("phone", 3)

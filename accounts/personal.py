"""What is kept about one person: told to that person, erased when it asks (个人信息保护法 §§ 44–47).

Every reference to a person is found by its foreign key, so that a new model is told without being named here.
What rooms keep under other names they erase themselves (``settings.PERSONAL_ERASERS``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.audit.models import AuditEntry
from accounts.classes import FieldClass, declared
from accounts.credentials.models import PersonalToken
from accounts.models import User
from accounts.roles import ADMINISTRATORS
from accounts.security.models import Session, SignInFailures, UsedPassword

MOST_ENTRIES = 10_000
"""Newest entries of the audit that an export names; the rest is counted."""
_TOLD_BESIDE = frozenset({"action", "state", "kind"})
_WAYS_IN = (Session, SignInFailures, UsedPassword, PersonalToken)


def told(person: User) -> dict[str, Any]:
    """Everything about the person, as plain values: account, roles, what points to it, what it did.

    Of rows that belong to the programme (a decision, a line's event) it is told that and when the person did
    them; their content is the firms'.
    """
    entries = AuditEntry.objects.filter(actor=person.pk).order_by("-id")
    done = entries.values("at", "action", "table", "object_id", "via", "request_id")[:MOST_ENTRIES]
    return {
        "made_at": timezone.now(),
        "account": {
            "id": person.public_id,
            **{
                name: getattr(person, name)
                for name in ("username", "name", "email", "phone", "language", "date_joined", "last_login")
            },
        },
        "roles": [
            {
                "organisation": held.organisation.name,
                "role": held.role,
                **{name: getattr(held, name) for name in ("chains", "regions", "is_active", "created_at")},
            }
            for held in person.memberships.select_related("organisation")
        ],
        "records": {f"{model._meta.label}.{name}": rows for model, name, rows in _records(person)},
        "audit": {"entries": entries.count(), "newest": list(done)},
    }


def may_erase(person: User) -> bool:
    """Not who looks after the installation: another administrator ends such an account first."""
    return not (person.is_staff or person.is_superuser or person.holding(*ADMINISTRATORS))


@transaction.atomic
def erase(person: User) -> None:
    """Make the account nobody's: name, e-mail, phone and every way in are gone, for good.

    The row stays with its number, as the author of what it did; audit, decisions and published records
    keep that number, which then names nobody. Side effects: sessions, tokens and second factors end;
    memberships end; rooms erase theirs.
    """
    User.objects.select_for_update().get(pk=person.pk)
    for eraser in settings.PERSONAL_ERASERS:
        import_string(eraser)(person)
    for model, field in _references():
        if model in _WAYS_IN or not declared(model):
            model._base_manager.filter(**{field.name: person}).delete()
    person.memberships.update(is_active=False)
    person.username, person.is_active = f"erased-{person.pk}", False
    person.name = person.email = person.phone = ""
    person.is_staff = person.is_superuser = False
    person.last_login = None
    person.set_unusable_password()
    person.save()


def _references() -> Iterator[tuple[type[models.Model], models.Field[Any, Any]]]:
    """Every column of every table that names a person."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            if field.related_model is User:
                yield model, field


def _records(person: User) -> Iterator[tuple[type[models.Model], str, list[dict[str, Any]]]]:
    for model, field in _references():
        classes = declared(model)
        shown = [
            column.attname
            for column in model._meta.concrete_fields
            if column.primary_key
            or classes.get(column.name) == FieldClass.PERSONAL
            or (column.name in classes and _tells_what_or_when(column))
        ]
        # Ids are random: what has a time is told in its order.
        order = (
            ("created_at", "pk") if "created_at" in {each.name for each in model._meta.fields} else ("pk",)
        )
        rows = list(model._base_manager.filter(**{field.name: person}).order_by(*order).values(*shown))
        if rows and classes:
            yield model, field.name, rows


def _tells_what_or_when(column: models.Field[Any, Any]) -> bool:
    return isinstance(column, models.DateField) or column.name in _TOLD_BESIDE

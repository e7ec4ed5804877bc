"""Every stored token brought under the newest key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.models.functions import Cast

from accounts import keyring
from accounts.fields import EncryptedTextField

BATCH = 500
SECOND_FACTORS = "mfa.Authenticator"
"""Its ``data`` holds seeds that ``accounts.security.mfa`` encrypted; it is not ours to give it a field."""
_SEEDS = ("secret", "seed")
"""Under which names: of authenticator apps and of recovery codes. What else stands there people may name."""


def encrypted_columns() -> Iterator[tuple[type[models.Model], str]]:
    """Every model's encrypted fields."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, EncryptedTextField):
                yield model, field.attname


def rotate_column(model: type[models.Model], name: str, *, batch: int = BATCH) -> int:
    """Encrypt a column's old tokens anew; the number of rows that changed.

    One transaction a batch under row locks: killed in the middle, it begins again and passes over what is
    done. Raises ``keyring.Undecryptable`` naming the row whose key is missing.
    """
    changed, last = 0, None
    while rows := _rotate_batch(model, name, last, batch):
        changed += sum(renewed for _, renewed in rows)
        last = rows[-1][0]
    return changed


@transaction.atomic
def _rotate_batch(model: type[models.Model], name: str, after: Any, batch: int) -> list[tuple[Any, bool]]:
    rows = model._base_manager.filter(**{f"{name}__isnull": False}).order_by("pk")
    if after is not None:
        rows = rows.filter(pk__gt=after)
    token = Cast(name, output_field=models.TextField())
    locked = rows.select_for_update(no_key=True, of=("self",)).annotate(_token=token)
    return [
        (pk, _renew(model, name, pk, stored)) for pk, stored in locked.values_list("pk", "_token")[:batch]
    ]


def _renew(model: type[models.Model], name: str, pk: Any, stored: str) -> bool:
    try:
        token = keyring.renew(stored)
    except keyring.Undecryptable as lost:
        raise keyring.Undecryptable(f"{model._meta.label} {pk}: {lost}") from lost
    if token is None:
        return False
    model._base_manager.filter(pk=pk).update(**{name: models.Value(token, output_field=models.TextField())})
    return True


def rotate_second_factors() -> int:
    """Encrypt the seeds of second factors anew; how many rows changed. Raises ``keyring.Undecryptable``."""
    changed = 0
    model = apps.get_model(SECOND_FACTORS)
    for pk in model._base_manager.order_by("pk").values_list("pk", flat=True).iterator():
        with transaction.atomic():
            factor = model._base_manager.select_for_update(no_key=True).filter(pk=pk).first()
            data = _renewed(factor.data) if factor else {}
            if factor is not None and data != factor.data:
                model._base_manager.filter(pk=pk).update(data=data)
                changed += 1
    return changed


def _renewed(data: dict[str, Any]) -> dict[str, Any]:
    """The same with its seeds under the newest key."""
    seeds = {name: data[name] for name in _SEEDS if name in data}
    return {**data, **{name: keyring.renew(token) or token for name, token in seeds.items()}}

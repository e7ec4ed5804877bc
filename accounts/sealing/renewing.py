"""Everything that is sealed brought under the newest data key, while the service runs.

Batches of rows under their locks, one transaction each: killed in the middle, it begins again and passes
over what is done. Values stay what they are, and so do hashes, which are over plain values; the oldest data
key is kept for these (``keys.keyed_digest``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.utils.module_loading import import_string

from accounts.audit.context import acting
from accounts.audit.models import AuditEntry
from accounts.keyring import Undecryptable
from accounts.rotation import rotate_column
from accounts.sealing.fields import sealed_fields
from accounts.sealing.models import DataKey

BATCH = 500
_ACTING: Any = {"via": "command", "credential": "reseal"}


@dataclass(frozen=True, slots=True)
class Column:
    """A sealed column of rows ``where``; ``renewed`` takes what is stored and the attributes in ``row``."""

    model: type[models.Model]
    name: str
    row: tuple[str, ...]
    renewed: Callable[..., Any]
    where: models.Q | None = None

    @property
    def rows(self) -> models.QuerySet[Any]:
        """Rows that hold something sealed."""
        return self.model._base_manager.filter(self.where or models.Q(), **{f"{self.name}__isnull": False})

    def __str__(self) -> str:
        return f"{self.model._meta.label}.{self.name}"


_copies: list[tuple[str, str, tuple[str, ...], Callable[..., Any], models.Q | None]] = []
_made_again: dict[str, str] = {}


def renew_also(
    model: str, name: str, row: tuple[str, ...], renewed: Callable[..., Any], where: models.Q | None = None
) -> None:
    """Renew a column that holds copies of sealed values; called when the app is loaded."""
    _copies.append((model, name, row, renewed, where))


def drop_also(what: str, outdated: str) -> None:
    """Drop what is made again where it is missing; the function named ``outdated`` does, and counts."""
    _made_again[what] = outdated


def sealed_columns() -> Iterator[Column]:
    """Every column of the database that holds sealed values."""
    for model in apps.get_models():
        for name, field in sealed_fields(model).items():
            yield Column(model, name, field.bound_to, field.renewed)
    for label, name, row, renewed, where in _copies:
        yield Column(apps.get_model(label), name, row, renewed, where)


def is_renewal(entry: AuditEntry) -> bool:
    """Whether nothing changed but the key that a value stands under."""
    return (entry.via, entry.credential) == (_ACTING["via"], _ACTING["credential"])


def renew_keys() -> int:
    """Bring the data keys under the first of ``FIELD_KEYS``; how many were under another one.

    Raises ``Undecryptable``.
    """
    with acting(**_ACTING):
        return rotate_column(DataKey, "secret")


def renew_column(column: Column, *, batch: int = BATCH) -> int:
    """Seal a column's older values anew; the number of rows that changed.

    Side effects: an entry of the audit for each row of an audited table; integrators are told of nothing.
    Raises ``Undecryptable`` naming the row that does not open.
    """
    changed, last = 0, None
    with acting(**_ACTING):
        while rows := _renew_batch(column, last, batch):
            changed += sum(is_changed for _pk, is_changed in rows)
            last = rows[-1][0]
    return changed


@transaction.atomic
def _renew_batch(column: Column, after: Any, batch: int) -> list[tuple[Any, bool]]:
    rows = column.rows.order_by("pk")
    if after is not None:
        rows = rows.filter(pk__gt=after)
    names = list(dict.fromkeys(("pk", column.name, *column.row)))
    found = []
    for values in rows.select_for_update(no_key=True, of=("self",)).values_list(*names)[:batch]:
        held: dict[str, Any] = dict(zip(names, values, strict=True))
        stored = held[column.name]
        try:
            renewed = column.renewed(stored, *(held[name] for name in column.row))
        except Undecryptable as lost:
            raise Undecryptable(f"{column} {held['pk']}: {lost}") from lost
        is_changed = renewed != stored
        if is_changed:
            column.model._base_manager.filter(pk=held["pk"]).update(**{column.name: renewed})
        found.append((held["pk"], is_changed))
    return found


def renew_files() -> int:
    """Seal the files that rows name anew; how many were under an older key or in plain.

    Nothing to do where the storage is another one than ``SealedFileSystemStorage``.
    """
    renew: Callable[[str], bool] | None = getattr(default_storage, "renew", None)
    return 0 if renew is None else sum(renew(name) for name in _file_names())


def _file_names() -> Iterator[str]:
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.FileField):
                rows = model._base_manager.exclude(**{field.attname: ""})
                yield from rows.values_list(field.attname, flat=True).iterator()


def drop_outdated() -> Iterator[tuple[str, int]]:
    """What was dropped because it held values under an older data key, by its name, and how many of each."""
    for what, outdated in _made_again.items():
        yield what, import_string(outdated)()

"""Model fields whose values stand sealed in the database, each bound to its column and its row."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, TypeVar

import msgspec
from django.core.exceptions import FieldError
from django.db import DataError, models, transaction
from django.db.models.query_utils import DeferredAttribute

from accounts.sealing import keys

M = TypeVar("M", bound=models.Model)


class Sealed(bytes):
    """A value as it stands in the database."""


class _Opening(DeferredAttribute):
    """Opens a value when it is first asked for: pages that don't show it don't pay for it."""

    field: SealedField

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        held = instance.__dict__
        name = self.field.attname
        value = held[name] if name in held else super().__get__(instance, cls)
        if isinstance(value, Sealed):
            held[_kept(name)] = value
            held[name] = value = self.field.opened(instance, value)
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


def _kept(name: str) -> str:
    return f"_{name}_as_stored"


class SealedField(models.Field[Any, Any]):
    """Plain in Python, sealed in the database, where it can't be searched, sorted or compared.

    ``bound_to`` names the attributes that tell the row: what is copied into another row does not open there.
    A value is sealed when its row is saved; an unchanged one keeps its bytes. Rows of ``values()`` are
    ``Sealed`` and opened by ``open``. Renaming the model or the column would need all values sealed anew.
    """

    descriptor_class = _Opening

    def __init__(self, *args: Any, bound_to: Sequence[str] = ("pk",), **options: Any) -> None:
        self.bound_to = tuple(bound_to)
        super().__init__(*args, **options)

    def deconstruct(self) -> Any:
        """With what it is bound to."""
        name, path, args, options = super().deconstruct()
        return name, path, args, {**options, "bound_to": self.bound_to}

    def get_internal_type(self) -> str:
        """Bytes, whatever they mean."""
        return "BinaryField"

    def encoded(self, value: Any) -> bytes | None:
        """The bytes of a value; None is stored as NULL."""
        raise NotImplementedError

    def decoded(self, plain: bytes) -> Any:
        """The value of ``encoded`` bytes."""
        raise NotImplementedError

    def open(self, sealed: bytes | None, *row: Any) -> Any:
        """The value of a row that was read without its model; ``row`` is what ``bound_to`` names.

        Raises ``keyring.Undecryptable``.
        """
        return None if sealed is None else self.decoded(keys.unseal(sealed, self._context(row)))

    def seal(self, value: Any, *row: Any) -> Sealed | None:
        """What to store of a value in a row that is written without its model; ``row`` as for ``open``."""
        plain = self.encoded(value)
        return None if plain is None else Sealed(keys.seal(plain, self._context(row)))

    def renewed(self, sealed: bytes, *row: Any) -> bytes:
        """The same under the newest data key, unchanged where it stands under that. Raises as ``open``."""
        return Sealed(keys.renewed(sealed, self._context(row)))

    def opened(self, instance: models.Model, sealed: bytes) -> Any:
        """The value of a model's row. Raises ``keyring.Undecryptable``."""
        return self.open(sealed, *self._row(instance))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """What to store for this row. Raises ``keyring.Undecryptable`` for what was read from another one."""
        held = model_instance.__dict__.get(self.attname)
        if isinstance(held, Sealed):
            if add:
                self.opened(model_instance, held)
            return held
        value, row = getattr(model_instance, self.attname), self._row(model_instance)
        stored = model_instance.__dict__.get(_kept(self.attname))
        # Under an older key the same value would be sealed otherwise, and count as changed.
        if stored is not None and not add and self.encoded(value) == self.encoded(self.open(stored, *row)):
            return stored
        return self.seal(value, *row)

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        """Know the column that values are bound to."""
        super().contribute_to_class(cls, name, private_only)
        self.before = f"{cls._meta.label_lower}.{self.attname}\0".encode()

    def _row(self, instance: models.Model) -> list[Any]:
        return [getattr(instance, name) for name in self.bound_to]

    def _context(self, row: Sequence[Any]) -> bytes:
        return self.before + _bound(row)

    def from_db_value(self, value: bytes | None, _expression: object, _connection: object) -> Any:
        """Still sealed: here nobody knows the row."""
        return None if value is None else Sealed(value)

    def get_prep_value(self, value: Any) -> Any:
        """Only what ``pre_save`` has sealed can be stored. Raises ``FieldError`` for a plain value."""
        if value is None or isinstance(value, Sealed) or hasattr(value, "resolve_expression"):
            return value
        raise FieldError(f"{self.model._meta.label}.{self.name} is sealed row by row: save its rows")

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """As ``get_prep_value``."""
        return self.get_prep_value(value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """As ``get_prep_value``."""
        return self.get_prep_value(value)

    def get_lookup(self, lookup_name: str) -> Any:
        """Only ``isnull`` means something of sealed values."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None


class SealedDecimalField(SealedField, models.DecimalField[Any, Any]):
    """A number of at most 18 digits; all are equally long in the database, so that none tells its size."""

    def encoded(self, value: Any) -> bytes | None:
        """The number in units of its last place, rounded. Raises ``DataError`` for one that is too large."""
        number = self.to_python(value)
        if number is None:
            return None
        whole = number.scaleb(self.decimal_places).to_integral_value(ROUND_HALF_UP)
        if not abs(whole) < 10**self.max_digits:
            raise DataError(f"{self.name} has more than {self.max_digits} digits")
        return int(whole).to_bytes(8, "big", signed=True)

    def decoded(self, plain: bytes) -> Decimal:
        """The number with all its places."""
        return Decimal(int.from_bytes(plain, "big", signed=True)).scaleb(-self.decimal_places)


class SealedTextField(SealedField, models.TextField[Any, Any]):
    """Text; its length can be told from the outside."""

    def encoded(self, value: Any) -> bytes | None:
        """UTF-8."""
        return None if value is None else str(value).encode()

    def decoded(self, plain: bytes) -> str:
        """The text."""
        return plain.decode()


class SealedJSONField(SealedField):
    """What ``msgspec`` writes as JSON. The default stands as NULL: rows with something else can be found."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{**options, "null": True, "editable": False})

    def encoded(self, value: Any) -> bytes | None:
        """Compact JSON; None for the default."""
        if value == self.get_default():
            return None
        return msgspec.json.encode(value)

    def decoded(self, plain: bytes) -> Any:
        """The value."""
        return msgspec.json.decode(plain)

    def from_db_value(self, value: bytes | None, expression: object, connection: object) -> Any:
        """The default, or what is still sealed."""
        return self.get_default() if value is None else super().from_db_value(value, expression, connection)


def open_row(
    fields: Sequence[SealedField], sealed: Iterable[bytes | memoryview | None], *row: Any
) -> list[Any]:
    """Several values of one row at once; as ``SealedField.open`` of each, in the order of the fields."""
    bound = _bound(row)
    found = keys.unseal_all(sealed, [field.before + bound for field in fields])
    pairs = zip(fields, found, strict=True)
    return [None if plain is None else field.decoded(plain) for field, plain in pairs]


def seal_row(fields: Sequence[SealedField], values: Iterable[Any], *row: Any) -> list[bytes | None]:
    """What to store of several values of one row; as ``SealedField.seal`` of each."""
    bound = _bound(row)
    plain = [field.encoded(value) for field, value in zip(fields, values, strict=True)]
    return keys.seal_all(plain, [field.before + bound for field in fields])


def _bound(row: Sequence[Any]) -> bytes:
    return b"\0".join(part.bytes if isinstance(part, uuid.UUID) else str(part).encode() for part in row)


def sealed_fields(model: type[models.Model]) -> dict[str, SealedField]:
    """A model's sealed columns by name."""
    found = (field for field in model._meta.concrete_fields if isinstance(field, SealedField))
    return {field.attname: field for field in found}


class RowByRow(models.QuerySet[M]):
    """Querysets whose ``update`` takes sealed columns as well."""

    def update(self, **values: Any) -> int:
        """As Django's; with a sealed column each row is locked and written for itself, in one transaction."""
        if not _plain_values(self.model, values):
            return super().update(**values)
        with transaction.atomic():
            rows = list(self.select_for_update(no_key=True, of=("self",)))
            for row in rows:
                for name, value in values.items():
                    setattr(row, name, value)
                row.save(update_fields=list(values))
        return len(rows)

    update.alters_data = True  # type: ignore[attr-defined]


def _plain_values(model: type[models.Model], values: Mapping[str, Any]) -> bool:
    sealed = sealed_fields(model)
    plain = (name for name, value in values.items() if value is not None and not isinstance(value, Sealed))
    return any(name in sealed for name in plain)

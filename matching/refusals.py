"""What the database refuses, said as the programme's own refusals."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import DatabaseError, DataError, IntegrityError
from django.utils.translation import gettext as _

from matching.errors import Conflict, Refusal

_TAKEN = (psycopg.errors.UniqueViolation, psycopg.errors.ExclusionViolation)


def refusal_of(error: BaseException) -> Refusal | None:
    """The refusal that a database error amounts to; None where the fault is ours."""
    if isinstance(error, IntegrityError) and isinstance(error.__cause__, _TAKEN):
        return Conflict(_("Somebody else was faster; please read the object again."), code="taken")
    if isinstance(error, DataError):
        return Refusal(_("A value can't be stored."), code="invalid")
    return None


@contextmanager
def database_refusals() -> Iterator[None]:
    """Raises ``Refusal`` for what the database refuses of a request. Stands outside the transaction."""
    try:
        yield
    except DatabaseError as error:
        refusal = refusal_of(error)
        if refusal is None:
            raise
        raise refusal from error

"""Health of the parts, for load balancers and containers."""

from __future__ import annotations

from celery import current_app
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from accounts.keyring import Undecryptable
from accounts.sealing.keys import newest


def health(request: HttpRequest) -> JsonResponse:
    """200 while the database answers and can be read; a silent broker is told but the portal goes on."""
    parts = {"database": _database(), "broker": _broker(), "keys": _keys()}
    return JsonResponse(parts, status=200 if parts["database"] == parts["keys"] == "ok" else 503)


def _database() -> str:
    try:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return type(error).__name__
    return "ok"


def _keys() -> str:
    try:
        newest()
    except (Undecryptable, ImproperlyConfigured, DatabaseError) as error:
        return type(error).__name__
    return "ok"


def _broker() -> str:
    try:
        with current_app.connection_for_write(connect_timeout=2) as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except (OSError, OperationalError, RedisError) as error:
        return type(error).__name__
    return "ok"

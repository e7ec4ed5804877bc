"""Health of the parts, for load balancers and containers."""

from __future__ import annotations

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from redis.exceptions import RedisError


def health(request: HttpRequest) -> JsonResponse:
    """200 while the database answers; a silent broker is told but the portal goes on."""
    parts = {"database": _database(), "broker": _broker()}
    return JsonResponse(parts, status=200 if parts["database"] == "ok" else 503)


def _database() -> str:
    try:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return type(error).__name__
    return "ok"


def _broker() -> str:
    try:
        cache.get("health")
    except RedisError as error:
        return type(error).__name__
    return "ok"

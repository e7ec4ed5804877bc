"""Which tables are audited: all of our apps, unless a reason is given, and a few of others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.apps import apps
from django.db import models

from accounts.classes import secret_columns

OTHERS = {
    "account.EmailAddress": "id",
    "mfa.Authenticator": "id",
    "oauth2_provider.AccessToken": "id",
    "socialaccount.SocialAccount": "id",
    "auth.Group": "id",
    "auth.Group_permissions": "id",
}
"""Models of libraries that hold ways in or rights, and the column that names a row and opens nothing."""
PLAIN = frozenset(
    "id user_id type verified primary expiry expires created created_at provider date_joined name group_id "
    "permission_id".split()
)
"""All that is told of them."""


@dataclass(frozen=True)
class Watching:
    """What an app says of its tables.

    ``exempt``: model → why nobody needs to know of its writes. ``unwatched``: model → columns that machinery
    keeps writing and that are left out. ``shown``: model → columns that are told although they are secret.
    """

    exempt: Mapping[str, str] = field(default_factory=dict)
    unwatched: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    shown: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


_apps: dict[str, Watching] = {}


def watch_app(app: str, watching: Watching) -> None:
    """Audit an app's tables; called when it is loaded."""
    _apps[app] = watching


def watched_apps() -> Mapping[str, Watching]:
    """What each app says of its tables."""
    return _apps


@dataclass(frozen=True, slots=True)
class Watched:
    """One audited table."""

    table: str
    key: str
    hidden: tuple[str, ...]
    unwatched: tuple[str, ...]


def watched() -> Iterator[Watched]:
    """Every audited table, tables between two models included."""
    for app, watching in _apps.items():
        for model in apps.get_app_config(app).get_models(include_auto_created=True):
            if model.__name__ not in watching.exempt and model._meta.managed and not model._meta.proxy:
                yield _ours(model, watching)
    for label, key in OTHERS.items():
        if label.split(".")[0] in apps.app_configs:
            yield _theirs(apps.get_model(label), key)


def _ours(model: type[models.Model], watching: Watching) -> Watched:
    name = model.__name__
    secret = frozenset() if model._meta.auto_created else secret_columns(model)
    hidden = secret - set(watching.shown.get(name, ())) - {_key(model)}
    return Watched(
        model._meta.db_table, _key(model), tuple(sorted(hidden)), tuple(watching.unwatched.get(name, ()))
    )


def _theirs(model: type[models.Model], key: str) -> Watched:
    hidden = {str(column.column) for column in model._meta.concrete_fields} - PLAIN - {key}
    return Watched(model._meta.db_table, key, tuple(sorted(hidden)), ())


def _key(model: type[models.Model]) -> str:
    return str(model._meta.pk.column)

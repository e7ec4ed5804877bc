"""What a credential of the API may be limited to, and which scope each operation needs.

A scope never widens what its person may do: it is asked beside the person's own rights, and only where the
request came with a token. The table of resources is ``settings.API_SCOPES``, because the rooms that it names
are not known here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import SAFE_METHODS


class Scope(models.TextChoices):
    """One thing that a token may be good for."""

    LINES_READ = "lines:read", _("Read demand and supply lists, uploads and attachments")
    LINES_WRITE = "lines:write", _("Change demand and supply lists, hand them in, upload files")
    MATCHES_READ = "matches:read", _("Read runs, matches, gaps, reviews and matching lists")
    MATCHES_WRITE = "matches:write", _("Start runs, publish lists, decide on matches")
    MEETINGS_READ = "meetings:read", _("Read signing meetings, appointments and agreements")
    MEETINGS_WRITE = "meetings:write", _("Arrange meetings, move appointments, record agreements")
    PROGRAMME_READ = "programme:read", _("Read chains, regions, rounds, the glossary and figures")
    PROGRAMME_WRITE = "programme:write", _("Change rounds and the glossary")
    EXPORTS_READ = "exports:read", _("Download exports of published lists")
    WEBHOOKS = "webhooks", _("Read the feed of changes and manage webhooks")
    ACCOUNT = "account", _("One's own account, organisations and notices")
    AUDIT_READ = "audit:read", _("Search the audit")
    PEOPLE_READ = "people:read", _("Read people, their roles and the roles asked for")
    PEOPLE_WRITE = "people:write", _("Invite people, ask for, grant and end roles, enter organisations")
    CREDENTIALS = "credentials", _("Make and revoke tokens and applications")


OF_APPLICATIONS = tuple(
    scope for scope in Scope if scope not in (Scope.CREDENTIALS, Scope.PEOPLE_READ, Scope.PEOPLE_WRITE)
)
"""An application that could make credentials, or invite people, would outlive its own revocation."""


def needed(basename: str, action: str, method: str) -> Scope | None:
    """The scope of an operation; None where nobody declared one, which fails the build.

    ``settings.API_SCOPES`` names for ``basename`` or ``basename.action`` a scope, or the part before the
    colon where reading and writing differ.
    """
    table: dict[str, str] = settings.API_SCOPES
    declared = table.get(f"{basename}.{action}", table.get(basename))
    if declared is None:
        return None
    if declared in Scope:
        return Scope(declared)
    return Scope(f"{declared}:{'read' if method in SAFE_METHODS else 'write'}")


def of_view(view: Any, method: str) -> Scope | None:
    """The scope that a view's operation needs; None where nobody declared one."""
    return needed(getattr(view, "basename", ""), getattr(view, "action", "") or "", method)


def in_order(scopes: Iterable[str]) -> list[str]:
    """Scopes as they are declared, each once."""
    wanted = set(scopes)
    return [scope.value for scope in Scope if scope in wanted]

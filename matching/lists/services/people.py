"""Who is told about a line."""

from __future__ import annotations

from accounts.models import Organisation, User
from matching.lists.models import (
    DemandLine,
    SupplyLine,
)

PARENT = {DemandLine: "demand", SupplyLine: "supply"}


def people_of(organisation: Organisation) -> list[User]:
    """Active people who act for a firm."""
    return list(
        User.objects.filter(
            is_active=True, memberships__organisation=organisation, memberships__is_active=True
        ).distinct()
    )


def link_to(line: DemandLine | SupplyLine) -> str:
    """Portal path of a line."""
    return f"/lists/{PARENT[type(line)]}/{line.pk}/"

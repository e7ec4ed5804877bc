"""How pages write how far a role reaches."""

from __future__ import annotations

from django import template

from accounts.models import Membership
from matching.people.models import RoleRequest
from matching.people.queries import Reach

register = template.Library()


@register.filter
def reach_of(reach: Reach, row: Membership | RoleRequest) -> str:
    """Chains and cities of an office's role; empty for other roles."""
    return reach.of(row)

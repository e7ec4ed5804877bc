"""Named predicates over a person's roles; pages, API and tasks ask these and nothing else.

A membership reaches the chains and the regions that it names. A role is *chain-wide* where its regions
hold ``*``: only then it sees results of a whole chain (runs, lists, reviews, meetings, counts) and runs the
chain's programme. The same role limited to regions sees lines of the firms there, a chain office there
verifies them, and it sees nothing that was computed over the whole chain.
"""

from __future__ import annotations

import uuid

from accounts.models import Membership, User
from accounts.roles import EVERYWHERE, OrganisationKind, Role

CHAIN_ROLES = (Role.CHIEF_CHAIN_HEAD, Role.CHAIN_HEAD, Role.LEAD_DEPARTMENT, Role.CHAIN_OFFICE)
"""Roles that are chain-wide unless they are limited to regions."""


def office_for_chain(user: User, chain: str) -> bool:
    """Runs the programme of that chain in every region (链长办专班)."""
    return any(membership.reaches_chain(chain) for membership in chain_wide(user, Role.CHAIN_OFFICE))


def office_for_firms(user: User, *, chain: str, region: str) -> bool:
    """Is the chain's office for firms of that region, whether or not it is chain-wide."""
    return any(
        membership.reaches_chain(chain) and membership.reaches_region(region)
        for membership in user.holding(Role.CHAIN_OFFICE)
    )


def department_for_chain(user: User, chain: str) -> bool:
    """Leads that chain's work (责任部门) or runs its programme, in every region."""
    return any(
        membership.reaches_chain(chain)
        for membership in chain_wide(user, Role.LEAD_DEPARTMENT, Role.CHAIN_OFFICE)
    )


def task_force_for(user: User, *, chain: str, region: str) -> bool:
    """Looks after the firms of that city (市级专班)."""
    return any(
        membership.reaches_chain(chain) and membership.reaches_region(region)
        for membership in user.holding(Role.CITY_TASK_FORCE)
    )


def watches_chain(user: User, chain: str) -> bool:
    """Any office whose scope has that chain and every region."""
    return any(membership.reaches_chain(chain) for membership in chain_wide(user))


def chain_wide(user: User, *roles: Role) -> list[Membership]:
    """Memberships in ``roles`` (absent: every one of ``CHAIN_ROLES``) that reach every region."""
    held = user.holding(*(roles or CHAIN_ROLES))
    return [membership for membership in held if EVERYWHERE in membership.regions]


def chains_of(memberships: list[Membership]) -> list[str]:
    """Chain codes that any of the memberships reaches; may hold ``*``."""
    return sorted({chain for membership in memberships for chain in membership.chains})


def leader_firm_of(user: User, organisation_id: uuid.UUID) -> bool:
    """Acts for that leader firm."""
    return any(firm.pk == organisation_id for firm in user.firms(OrganisationKind.LEADER_FIRM))


def member_firm_of(user: User, organisation_id: uuid.UUID) -> bool:
    """Acts for that member firm."""
    return any(firm.pk == organisation_id for firm in user.firms(OrganisationKind.MEMBER_FIRM))

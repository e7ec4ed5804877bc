"""What the access table means, written down a second time: the tests' own reading of roles and scopes."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from accounts.models import Membership, User
from accounts.permits import Anybody, Permit, Scope
from accounts.roles import FIRMS


@dataclass(frozen=True)
class Facts:
    """Where an object is and whose. For roles in ``closed_to`` the conditions in words do not hold."""

    chain: str | None = None
    region: str | None = None
    firms: frozenset[uuid.UUID] = field(default_factory=frozenset)
    person: int | None = None
    closed_to: frozenset[str] = frozenset()


def holds(row: Permit, person: User | None, facts: Facts | None) -> bool:
    """Whether one row lets the person do it; without ``facts``: with any object at all."""
    if row.role == Anybody.VISITOR:
        return True
    if person is None:
        return False
    if row.role == Anybody.SIGNED_IN:
        return _everybody(row, person, facts)
    return any(_within(row, held, facts) for held in _held(person) if row.role == _role(held))


def allowed(rows: Iterable[Permit], action: str, person: User | None, facts: Facts | None) -> bool:
    """Whether any row does."""
    return any(holds(row, person, facts) for row in rows if row.action == action)


def _held(person: User) -> list[Membership]:
    return [held for held in person.active_memberships if held.is_active]


def _role(held: Membership) -> str:
    kind = held.organisation.kind
    return kind if held.role in FIRMS and kind != "office" else held.role


def _everybody(row: Permit, person: User, facts: Facts | None) -> bool:
    if facts is None or row.scope == Scope.ALL:
        return True
    if row.scope == Scope.SELF:
        return facts.person == person.pk
    return bool(facts.firms & {held.organisation_id for held in _held(person)})


def _within(row: Permit, held: Membership, facts: Facts | None) -> bool:
    everywhere = "*" in held.regions
    if facts is None:
        return row.scope != Scope.WHOLE_CHAIN or everywhere
    if row.when and row.role in facts.closed_to:
        return False
    chain = facts.chain is not None and bool({"*", facts.chain} & set(held.chains))
    city = facts.region is not None and any(
        prefix == "*" or facts.region[: len(prefix)] == prefix for prefix in held.regions
    )
    return {
        Scope.ALL: True,
        Scope.SELF: facts.person == held.user_id,
        Scope.FIRM: held.organisation_id in facts.firms,
        Scope.CHAIN: chain,
        Scope.WHOLE_CHAIN: chain and everywhere,
        Scope.CITY: chain and city,
        Scope.REGION: city,
    }[row.scope]
